//! `paydirt lineage`: the sample corpus's $400 million in every form, and echoes of what nobody has seen.

use super::Sandbox;
use std::path::Path;

/// The article, the panel's report and the firm's paper of the sample corpus.
fn sample() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for name in ["harbour-post-2022.html", "panel-2022.pdf", "chainalysis-2022.pdf", "manifest.tsv"] {
        sandbox.write(&format!("reports/{name}"), std::fs::read(corpus.join(name)).unwrap());
    }
    let built = sandbox.run(&["build", "reports", "--ocr", "never"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    sandbox
}

#[test]
fn the_400_million_of_the_article_comes_through_the_panel_from_one_source() {
    let sandbox = sample();
    let run = sandbox.run(&["lineage", "$400 million"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", 0));
    assert!(
        run.stdout.contains("1 independent source, 3 documents\n  2022-01-13  chainalysis-2022 p 1"),
        "{}",
        run.stdout
    );
    let rows = sandbox.run(&["lineage", "$400 million", "--format", "jsonl"]).stdout;
    let row: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!((row["schema"].as_str(), row["independent"].as_u64()), (Some("paydirt.lineage/1"), Some(1)));
    let edges: Vec<String> = row["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            format!(
                "{}-{} {} {}",
                e["from"],
                e["to"],
                e["reason"].as_str().unwrap(),
                e["by"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(edges, ["0-1 cites Chainalysis", "0-2 cites Chainalysis", "1-2 names S/2099/101"]);
    assert_eq!(row["origins"][0]["documents"], serde_json::json!([0, 1, 2]));
    let placed = sandbox.run(&["lineage", "S/2099/101", "para", "(b)"]).stdout;
    assert!(placed.contains("1 independent source, 3 documents"), "{placed}");
    let svg = sandbox.run(&["lineage", "$400 million", "--format", "svg"]).stdout;
    assert!(svg.starts_with("<svg xmlns=") && svg.contains("<title id=\"lineage-t\">$400 million"), "{svg}");
    assert_eq!(svg.matches("class=\"arrow\"").count(), 3);
    assert!(svg.contains("47 days later") && svg.contains("34 days later"), "{svg}");
    assert!(!svg.contains("href"), "nothing is fetched");
    let dot = sandbox.run(&["lineage", "$400 million", "--format", "dot"]).stdout;
    assert!(dot.contains("  d1 -> d2 [label=\"names S/2099/101\"];\n"), "{dot}");
}

#[test]
fn documents_that_cite_one_body_nobody_has_seen_are_one_source() {
    let sandbox = Sandbox::in_a_new_folder();
    let account = |day: &str, who: &str, text: &str| {
        format!("Title: An account of {who}\nPublisher: {who}\nDate of publication: {day}\n\n---\n\n{text}\n")
    };
    let first =
        "According to Elliptic, North Korean hackers stole <$70 million> from CoinEx in September 2023.";
    sandbox.write("reports/a.txt", account("2023-10-01", "The Gull", first));
    let second = "Elliptic puts at about $70 million what North Korea stole from CoinEx in September 2023.";
    sandbox.write("reports/b.txt", account("2023-11-01", "The Tern", second));
    let third = "In September 2023 North Korean thieves took $70 million from CoinEx.";
    sandbox.write("reports/c.txt", account("2023-12-01", "The Wren", third));
    let other = "Ransoms of $70 million were demanded of Kaseya in July 2021.";
    sandbox.write("reports/d.txt", account("2021-12-01", "The Rook", other));
    assert_eq!(sandbox.run(&["build", "reports"]).status, 0);
    let run = sandbox.run(&["lineage", "$70 million"]);
    assert!(run.stdout.contains("2 independent sources, 3 documents"), "{}", run.stdout);
    assert!(run.stdout.contains("names Elliptic, of which no document here carries it"), "{}", run.stdout);
    assert!(run.stdout.contains("1 independent source, 1 document\n"), "{}", run.stdout);
    let svg = sandbox.run(&["lineage", "$70 million", "--format", "svg"]).stdout;
    assert!(!svg.contains("<$70"), "{svg}");
    assert!(svg.contains("class=\"unseen\"") && svg.contains(">Elliptic<"), "{svg}");
    let dot = sandbox.run(&["lineage", "$70 million", "--format", "dot"]).stdout;
    assert!(dot.contains("[label=\"Elliptic\", style=dashed]"), "{dot}");
}

#[test]
fn what_has_no_figure_and_names_no_place_is_refused() {
    let sandbox = sample();
    let run = sandbox.run(&["lineage", "nothing at all"]);
    assert_eq!(run.status, 2);
    assert_eq!(sandbox.run(&["lineage", "$123,456,789"]).status, 1);
}

/// Two documents, built together, and the edge between them as `reason by`; empty where there is none.
fn edge(first: (&str, &str), second: (&str, &str), figure: &str) -> String {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write(&format!("reports/{}", first.0), first.1);
    sandbox.write(&format!("reports/{}", second.0), second.1);
    assert_eq!(sandbox.run(&["build", "reports"]).status, 0);
    let rows = sandbox.run(&["lineage", figure, "--format", "jsonl"]).stdout;
    let row: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!(row["documents"].as_array().unwrap().len(), 2, "{rows}");
    let edges = row["edges"].as_array().unwrap();
    let told =
        |e: &serde_json::Value| format!("{} {}", e["reason"].as_str().unwrap(), e["by"].as_str().unwrap());
    edges.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn text(title: &str, publisher: &str, day: &str, more: &str, said: &str) -> String {
    format!("Title: {title}\nPublisher: {publisher}\nDate of publication: {day}\n{more}\n---\n\n{said}\n")
}

const FIRST: &str = "North Korean hackers stole $70 million from CoinEx in September 2023.";
const SECOND: &str = "In September 2023 thieves of North Korea took $70 million off CoinEx";

#[test]
fn a_later_document_rests_on_one_whose_address_it_links_to() {
    let address = "Source: https://gull.example/coinex-theft/\n";
    let first = text("Coins gone", "The Gull", "2023-10-01", address, FIRST);
    let page = |href: &str, inside: &str| {
        format!(
            "<html lang=en><head><title>x</title><meta property='article:published_time' content='2023-11-02'>\
             <meta property='og:site_name' content='The Tern'></head><body>{}<article><h1>A theft looked at again</h1>\
             <p>{SECOND}, as <a href='{inside}'>was told</a> before.</p></article></body></html>",
            if href.is_empty() { String::new() } else { format!("<nav><a href='{href}'>Menu</a></nav>") }
        )
    };
    // The link is not printed; scheme and last slash do not tell addresses apart.
    let linked = page("", "http://www.gull.example/coinex-theft#top");
    assert_eq!(
        edge(("a.txt", &first), ("b.html", &linked), "$70 million"),
        "links http://www.gull.example/coinex-theft"
    );
    // Another page of the same site, a menu.
    for other in
        [page("", "https://gull.example/coinex-theft-2"), page("https://gull.example/coinex-theft", "/own")]
    {
        assert_eq!(edge(("a.txt", &first), ("b.html", &other), "$70 million"), "");
    }
    let printed = text(
        "Again",
        "The Tern",
        "2023-11-02",
        "",
        &format!("{SECOND} (https://gull.example/coinex-theft)."),
    );
    assert_eq!(
        edge(("a.txt", &first), ("b.txt", &printed), "$70 million"),
        "links https://gull.example/coinex-theft/"
    );
}

#[test]
fn a_later_document_rests_on_one_whose_words_it_uses() {
    let first = text("Coins gone", "The Gull", "2023-10-01", "", FIRST);
    let reused =
        "All agree: “hackers stole $70 million from CoinEx in September 2023”. North Korea is blamed.";
    let reused = text("Again", "The Tern", "2023-11-02", "", reused);
    assert_eq!(
        edge(("a.txt", &first), ("b.txt", &reused), "$70 million"),
        "reuses hackers stole 70 million from coinex in september 2023"
    );
    let own = text("Again", "The Tern", "2023-11-02", "", &format!("{SECOND}."));
    assert_eq!(edge(("a.txt", &first), ("b.txt", &own), "$70 million"), "");
}

#[test]
fn a_later_document_rests_on_one_whose_title_it_names_whole() {
    let first = text("Seven thefts of coins and what became of them", "The Gull", "2023-10-01", "", FIRST);
    let naming =
        |title: &str| text("Again", "The Tern", "2023-11-02", "", &format!("{SECOND}, says “{title}”."));
    let named = naming("Seven Thefts of Coins and What Became of Them");
    assert_eq!(
        edge(("a.txt", &first), ("b.txt", &named), "$70 million"),
        "names Seven thefts of coins and what became of them"
    );
    // Part of a title, and a title that could be anything.
    assert_eq!(edge(("a.txt", &first), ("b.txt", &naming("Seven thefts of coins")), "$70 million"), "");
    let short = text("Coins gone", "The Gull", "2023-10-01", "", FIRST);
    assert_eq!(edge(("a.txt", &short), ("b.txt", &naming("Coins gone")), "$70 million"), "");
}

#[test]
fn an_account_that_bears_a_reports_symbol_rests_on_the_report_and_never_the_other_way_round() {
    let symbol = "Symbol: S/2099/77\n";
    let panel = "United Nations Security Council, Panel of Experts";
    let report =
        |day: &str| text("Final report, S/2099/77", panel, day, symbol, &format!("{FIRST} See S/2099/77."));
    let account = |day: &str| {
        let said = format!("{SECOND}, says S/2099/77.");
        text("Press account of the final report, S/2099/77", "The Tern", day, symbol, &said)
    };
    let (early, late) = ("2023-10-01", "2023-11-02");
    assert_eq!(edge(("a.txt", &report(early)), ("b.txt", &account(late)), "$70 million"), "names S/2099/77");
    assert_eq!(edge(("a.txt", &account(early)), ("b.txt", &report(late)), "$70 million"), "");
}
