//! `paydirt check`: an article's figures in their order, in every form, and the exit status.

use super::Sandbox;
use std::io::Write;
use std::process::Stdio;

const PANEL: &str = "Title: Final report of the Panel of Experts, S/2019/900
Symbol: S/2019/900
Publisher: United Nations Security Council, Panel of Experts
Date of publication: 2019-08-30

---

21. One Member State told the Panel that hackers of the DPRK had taken more than $50 million from at least three cryptocurrency exchanges from 2016 to mid-2018.

23. Bithumb lost $31.5 million in June 2018.
";

const ARTICLE: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Coins &amp; thieves</title>
<meta property=\"article:published_time\" content=\"2018-06-28T06:30:00Z\"></head><body><article>
<h1>Coins &amp; thieves</h1>
<p>The exchange Bithumb was robbed on June 20. It lost $31.5 million.</p>
<p>North Korean hackers took $50 million from at least three crypto exchanges in 2017 and 2018, a member state says.</p>
<p>On page 3 stands &lt;script&gt;alert(\"$9 million\")&lt;/script&gt; of the 2nd report.</p>
</article></body></html>";

fn indexed() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("reports/panel.txt", PANEL);
    sandbox.write("reports/article.html", ARTICLE);
    assert_eq!(sandbox.run(&["build", "reports"]).status, 0);
    sandbox
}

#[test]
fn an_article_is_checked_in_its_order_and_is_no_evidence_for_itself() {
    let sandbox = indexed();
    let run = sandbox.run(&["check", "reports/article.html"]);
    assert_eq!((run.stderr.as_str(), run.status), ("", 1));
    assert_eq!(
        run.stdout,
        "\
1. $31.5 million  supported  (page 1)
   in: It lost $31.5 million.
   taken: victim Bithumb (sentence)
   taken: period 2018-06-20 (sentence)
   S/2019/900 has $31.5 million.
   S/2019/900 para 23, page 1  (2019-08-30, panel.txt)
     23. Bithumb lost $31.5 million in June 2018.

2. $50 million  scope_shift  (page 1)
   in: North Korean hackers took $50 million from at least three crypto exchanges in 2017 and 2018,
       a member state says.
   S/2019/900 has more than $50 million where the claim has $50 million; period: 2016-01-01 to
   2018-08-31, not 2017-01-01 to 2018-12-31.
   S/2019/900 para 21, page 1  (2019-08-30, panel.txt)
     21. One Member State told the Panel that hackers of the DPRK had taken more than $50 million
     from at least three cryptocurrency exchanges from 2016 to mid-2018.

3. at least three crypto exchanges  scope_shift  (page 1)
   in: North Korean hackers took $50 million from at least three crypto exchanges in 2017 and 2018,
       a member state says.
   S/2019/900 has at least three cryptocurrency exchanges; period: 2016-01-01 to 2018-08-31, not
   2017-01-01 to 2018-12-31.
   S/2019/900 para 21, page 1  (2019-08-30, panel.txt)
     21. One Member State told the Panel that hackers of the DPRK had taken more than $50 million
     from at least three cryptocurrency exchanges from 2016 to mid-2018.

4. $9 million  not_found  (page 1)
   in: On page 3 stands <script>alert(\"$9 million\")</script> of the 2nd report.
   No passage has $9 million for this, and none has another figure for it; 2 of 2 pages read.

4 checked, 1 supported; 2 of 2 pages read
"
    );
}

#[test]
fn rows_carry_the_contract_and_the_place_in_the_article() {
    let sandbox = indexed();
    let run = sandbox.run(&["check", "reports/article.html", "--format", "jsonl"]);
    assert_eq!(run.status, 1);
    let rows: Vec<serde_json::Value> =
        run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 4);
    let mut before = 0;
    for row in &rows {
        assert_eq!(row["schema"], "paydirt.verdict/1");
        assert_eq!((row["page"].as_u64(), row["paragraph"].is_null()), (Some(1), true));
        assert!(row["span"]["start"].as_u64() > Some(before), "in the article's order");
        before = row["span"]["start"].as_u64().unwrap();
        for evidence in row["evidence"].as_array().unwrap() {
            assert_ne!(evidence["source"], "article.html");
        }
    }
}

#[test]
fn the_report_is_one_file_without_script_or_address_and_everything_is_escaped() {
    let sandbox = indexed();
    let page = sandbox.run(&["check", "reports/article.html", "--format", "html"]).stdout;
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("Coins &amp; thieves") && page.contains("&lt;script&gt;alert("), "{page}");
    for foreign in ["<script", "<link", "src=", "http://", "https://", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign} in {page}");
    }
    for number in 1..=4 {
        assert!(
            page.contains(&format!("href=\"#f{number}\"")) && page.contains(&format!("id=\"f{number}\""))
        );
    }
    assert!(page.contains("@media print"));
}

#[test]
fn the_report_shows_where_the_best_evidence_stands_unless_the_source_has_changed() {
    let sandbox = Sandbox::in_a_new_folder();
    let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    sandbox.write("corpus/panel.pdf", std::fs::read(corpus.join("chainalysis-2022.pdf")).unwrap());
    assert_eq!(sandbox.run(&["build", "corpus", "--ocr", "never"]).status, 0);
    sandbox.write("draft.txt", "In 2021 North Korea extracted nearly $400 million in digital assets.\n");
    let check = || sandbox.run(&["check", "draft.txt", "--format", "html"]);
    let run = check();
    assert_eq!((run.stderr.as_str(), run.status), ("", 0));
    assert_eq!(run.stdout.matches("<img src=\"data:image/png;base64,").count(), 1);
    let mut bytes = std::fs::read(corpus.join("chainalysis-2022.pdf")).unwrap();
    bytes.push(b'\n');
    sandbox.write("corpus/panel.pdf", bytes);
    let run = check();
    assert!(run.stderr.contains("no picture of panel.pdf: the source has changed"), "{}", run.stderr);
    assert!(!run.stdout.contains("<img"));
}

#[test]
fn text_of_standard_input_is_checked_and_agreement_exits_zero() {
    let sandbox = indexed();
    let check = |text: &str| {
        let mut command = sandbox.command(&["check", "-"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (String::from_utf8(output.stdout).unwrap(), output.status.code())
    };
    let (text, status) = check("Bithumb lost $31.5 million in June 2018.\n");
    assert!(text.ends_with("1 checked, 1 supported; 2 of 2 pages read\n"), "{text}");
    assert_eq!(status, Some(0));
    assert_eq!(check("Nothing is asserted here.\n").1, Some(0));
    let missing = sandbox.run(&["check", "nowhere.html"]);
    assert_eq!(missing.status, 2);
    assert!(missing.stderr.contains("nowhere.html"), "{}", missing.stderr);
}

#[test]
fn every_figure_of_a_long_article_is_checked() {
    let sandbox = indexed();
    let text = "Bithumb lost $31.5 million in June 2018.\n\n".repeat(300);
    sandbox.write("long.txt", text);
    let run = sandbox.run(&["check", "long.txt", "--format", "jsonl"]);
    assert_eq!((run.stdout.lines().count(), run.status), (300, 0));
}
