//! `paydirt search`, `show` and `status` as a researcher uses them.

use super::Sandbox;

const NOTICE: &str = "\
Notice on the theft of virtual assets

1. The panel was told on 2021/10/25 that thieves took $81 million, see S/2025/482, from a bank.

2. The ether went to 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 within a day.

3. The bitcoin was sent to bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4 and to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa.

4. The transaction 4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b moved the first coins.

5. The firm called it \u{201c}the largest theft of the year\u{201d} and named CVE-2021-44228 as the way in.
";

fn notice() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("corpus/notice.txt", NOTICE);
    sandbox.write("corpus/other.txt", "2. Nothing of the kind is told here, and no sum of money either.\n");
    let built = sandbox.run(&["build", "--jobs", "2"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    sandbox
}

#[test]
fn addresses_hashes_symbols_figures_and_quoted_phrases_are_found_by_typing_them() {
    let sandbox = notice();
    for (query, paragraph) in [
        ("0x098B716B8Aaf21512996dC57EB0615e2383E2f96", "2"),
        ("0x098b716b8aaf21512996dc57eb0615e2383e2f96", "2"),
        ("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "3"),
        ("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "3"),
        ("4a5e1e4baab89f3a32518a88c31bc87f618f76673e2cc77ab2127b7afdeda33b", "4"),
        ("S/2025/482", "1"),
        ("$81 million", "1"),
        ("\"$81 million\"", "1"),
        ("US$81m", "1"),
        ("2021/10/25", "1"),
        ("\u{201c}the largest theft of the year\u{201d}", "5"),
        ("\"the largest theft of the year\"", "5"),
        ("CVE-2021-44228", "5"),
    ] {
        let run = sandbox.run(&["search", query, "--format", "jsonl"]);
        assert_eq!(run.status, 0, "{query}: {}", run.stderr);
        let first: serde_json::Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
        assert_eq!(first["schema"], "paydirt.hit/1");
        assert_eq!(first["paragraph"], paragraph, "{query}: {}", run.stdout);
        assert_eq!(first["source"], "notice.txt", "{query}");
        let text = first["text"].as_str().unwrap();
        let marks = first["highlights"].as_array().unwrap();
        assert!(!marks.is_empty(), "{query} is not marked");
        for mark in marks {
            let (start, end) = (mark["start"].as_u64().unwrap(), mark["end"].as_u64().unwrap());
            assert!(text.get(start as usize..end as usize).is_some_and(|t| !t.is_empty()), "{query}");
        }
    }
}

#[test]
fn what_is_not_there_is_not_found_and_what_is_not_understood_is_an_error() {
    let sandbox = notice();
    let run = sandbox.run(&["search", "\"no such phrase\""]);
    assert_eq!((run.status, run.stdout.as_str()), (1, "no passage\n"), "{}", run.stderr);
    let one_digit_off = sandbox.run(&["search", "wallet:1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb"]);
    assert_eq!(one_digit_off.status, 1, "{}", one_digit_off.stdout);
    for query in ["nosuchfield:x", "amount:lots", "(theft", "date:yesterdayish"] {
        let run = sandbox.run(&["search", query]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{query}: {}", run.stderr);
        assert!(run.stderr.contains("hint: "), "{query}: {}", run.stderr);
    }
}

#[test]
fn a_paragraph_is_shown_whole_and_a_wrong_one_is_told() {
    let sandbox = notice();
    let run = sandbox.run(&["show", "notice.txt", "para", "2"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("2. The ether went to 0x098B716B8Aaf21512996dC57EB0615e2383E2f96"),
        "{}",
        run.stdout
    );
    let run = sandbox.run(&["show", "notice.txt", "para", "1060"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""));
    assert!(run.stderr.contains("1060") && run.stderr.contains("1 to 5"), "{}", run.stderr);
}

#[test]
fn a_page_of_a_file_is_shown_as_it_was_read() {
    let sandbox = notice();
    let run = sandbox.run(&["show", "corpus/notice.txt", "p", "1", "--layout"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("body 2"), "{}", run.stdout);
    let run = sandbox.run(&["show", "corpus/notice.txt", "p", "1", "--boxes"]);
    let page: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(page["page"], 1);
    let run = sandbox.run(&["show", "corpus/notice.txt", "p", "9", "--layout"]);
    assert_eq!(run.status, 2);
    assert_eq!(run.stderr, "paydirt: there is no page 9: corpus/notice.txt\n  hint: it has pages 1 to 1\n");
}

#[test]
fn the_account_of_the_index_adds_up() {
    let sandbox = notice();
    let run = sandbox.run(&["status", "--format", "json"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let status: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(status["sources"]["total"], 2);
    assert_eq!(status["sources"]["read"], 2);
    assert_eq!(status["mentions"]["wallet"], 4);
}

#[test]
fn two_builds_of_a_corpus_answer_with_the_same_bytes() {
    let sandbox = notice();
    let ask = |index: &str| {
        sandbox.run(&["search", "theft coins bank", "--format", "jsonl", "--limit", "0", "--index", index])
    };
    assert_eq!(sandbox.run(&["build", "--index", "again", "--jobs", "1"]).status, 0);
    let (first, second) = (ask("index"), ask("again"));
    assert_eq!(first.status, 0, "{}", first.stderr);
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn a_citation_is_resolved_and_fails_closed_when_the_source_has_changed() {
    let sandbox = notice();
    let found = sandbox.run(&["search", "CVE-2021-44228", "--format", "jsonl"]);
    let row: serde_json::Value = serde_json::from_str(found.stdout.lines().next().unwrap()).unwrap();
    let target = row["target"].to_string();
    assert_eq!(row["target"]["selector"][0]["type"], "TextQuoteSelector");
    let run = sandbox.run(&["show", &target, "--corpus", "corpus"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(run.stdout.contains("named CVE-2021-44228 as the way in."), "{}", run.stdout);
    let again = sandbox.run(&["show", "notice.txt", "para", "5", "--target"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again.stdout).unwrap(), row["target"]);
    let wider = sandbox.run(&["show", "notice.txt", "para", "2", "--context", "1"]);
    assert!(wider.stdout.contains("$81 million") && wider.stdout.contains("bitcoin"), "{}", wider.stdout);

    sandbox.write("corpus/notice.txt", NOTICE.replace("the way in", "the way out"));
    let run = sandbox.run(&["show", &target, "--corpus", "corpus"]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("has changed since it was cited"), "{}", run.stderr);
    assert_eq!(sandbox.run(&["build"]).status, 0);
    let run = sandbox.run(&["show", &target]);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{}", run.stderr);
    assert!(run.stderr.contains("sha256") && run.stderr.contains("hint: "), "{}", run.stderr);
}

#[test]
fn a_file_of_queries_runs_whole_though_one_of_them_is_wrong() {
    let sandbox = notice();
    sandbox.write("queries.csv", "id,query\na,S/2025/482\nb,nosuchfield:x\nc,\"\"\"no such phrase\"\"\"\n");
    let run = sandbox.run(&["search", "--queries", "queries.csv", "--format", "jsonl"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let rows: Vec<serde_json::Value> = run.stdout.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let ids: Vec<&str> = rows.iter().map(|r| r["query_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c"], "{}", run.stdout);
    assert_eq!(rows[0]["schema"], "paydirt.hit/1");
    assert!(rows[1]["error"].as_str().unwrap().contains("there is no field `nosuchfield`"));
    assert_eq!(rows[2]["hits"], 0);
}

#[test]
fn facets_have_levels_and_take_several_values() {
    let sandbox = notice();
    let run = sandbox.run(&["search", "--facets", "date"]);
    assert!(run.stdout.contains("2021\n") && run.stdout.contains("  2021/10\n"), "{}", run.stdout);
    let run = sandbox.run(&["search", "--date", "2021-10", "--amount", "USD/10M-100M", "--format", "jsonl"]);
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
    let run = sandbox.run(&["search", "--chain", "ethereum", "--chain", "bitcoin", "--facets", "chain"]);
    assert!(run.stdout.contains("* 2  bitcoin") && run.stdout.contains("* 1  ethereum"), "{}", run.stdout);
}

#[test]
fn settings_are_defaults_and_a_wrong_one_is_an_error() {
    let sandbox = notice();
    sandbox.write("settings.toml", "index = \"elsewhere\"\n");
    let run = sandbox.run(&["--config", "settings.toml", "search", "coins"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("elsewhere"), "{}", run.stderr);
    let run = sandbox.run(&["--config", "settings.toml", "search", "coins", "--index", "index"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    sandbox.write("settings.toml", "indx = 1\n");
    let run = sandbox.run(&["--config", "settings.toml", "status"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("there is no setting `indx`"), "{}", run.stderr);
}

#[test]
fn completions_and_manual_are_written() {
    let sandbox = Sandbox::in_a_new_folder();
    for shell in ["bash", "zsh", "fish"] {
        let run = sandbox.run(&["completions", shell]);
        assert!(run.status == 0 && run.stdout.contains("--facets"), "{shell}: {}", run.stderr);
    }
    assert_eq!(sandbox.run(&["man", "manual"]).status, 0);
    let page = std::fs::read_to_string(sandbox.path().join("manual/paydirt-search.1")).unwrap();
    assert!(page.contains("no\\-synonyms"), "{page}");
}

#[test]
fn a_text_with_page_breaks_is_found_on_the_page_it_stands_on() {
    let sandbox = Sandbox::in_a_new_folder();
    let text = "The first page tells of a bridge.\n\u{c}The second tells of the theft.\n\u{c}\u{c}The fourth of a mixer.\n";
    sandbox.write("corpus/pages.txt", text);
    assert_eq!(sandbox.run(&["build"]).status, 0);
    for (word, page) in [("bridge", 1), ("theft", 2), ("mixer", 4)] {
        let run = sandbox.run(&["search", word, "--format", "jsonl"]);
        let row: serde_json::Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
        assert_eq!(row["page"], page, "{word}");
    }
    assert!(sandbox.run(&["show", "pages p 2"]).stdout.contains("The second tells of the theft."));
    assert_eq!(sandbox.run(&["search", "theft page:1"]).status, 1);
}

#[test]
fn a_beginning_behind_other_words_finds_all_that_begin_so_and_no_room_is_made_for_more() {
    // Found by scripts/fuzz: room was made for every number of words, and the program was aborted.
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write(
        "corpus/a.txt",
        "They wrote co-operate.\n\nThey wrote co-operation.\n\nThey wrote co-opted.\n",
    );
    assert_eq!(sandbox.run(&["build"]).status, 0);
    for (query, found) in [("co-oper*", 2), ("co-op*", 3), ("co-x*", 0), ("s/oftw*", 0)] {
        let run = sandbox.run(&["search", query, "--format", "jsonl"]);
        assert_eq!(
            (run.stdout.lines().count(), run.status),
            (found, i32::from(found == 0)),
            "{query}: {}",
            run.stderr
        );
    }
}
