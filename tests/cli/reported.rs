//! What users of other tools reported as broken, asked of paydirt: a test for each report, named
//! after its thread. The corpus is ours and small; one index of it serves all.
//!
//! | test | thread |
//! |---|---|
//! | `aleph_2956_...` | <https://github.com/alephdata/aleph/issues/2956> |
//! | `documentcloud_181_...` | <https://github.com/MuckRock/documentcloud/issues/181> |
//! | `documentcloud_180_...` | <https://github.com/MuckRock/documentcloud/issues/180> |
//! | `documentcloud_442_...` | <https://github.com/documentcloud/documentcloud/issues/442> |
//! | `python_documentcloud_38_...` | <https://github.com/MuckRock/python-documentcloud/issues/38> |
//! | `aleph_2270_...` | <https://github.com/alephdata/aleph/issues/2270> |
//! | `alaveteli_5394_...` | <https://github.com/mysociety/alaveteli/issues/5394> |
//! | `aleph_2888_...` | <https://github.com/alephdata/aleph/issues/2888> |
//! | `aleph_1968_...` | <https://github.com/alephdata/aleph/issues/1968> |
//! | `aleph_3954_...` | <https://github.com/alephdata/aleph/issues/3954> |
//! | `aleph_3001_...` | <https://github.com/alephdata/aleph/issues/3001> |
//! | `opencti_5129_...` | <https://github.com/OpenCTI-Platform/opencti/issues/5129> |
//! | `opencti_10576_...` | <https://github.com/OpenCTI-Platform/opencti/issues/10576> |
//! | `opencti_11209_...` | <https://github.com/OpenCTI-Platform/opencti/issues/11209> |
//! | `datashare_618_...` | <https://github.com/ICIJ/datashare/issues/618> |
//! | `datashare_docs_...` | <https://github.com/ICIJ/datashare-docs>, pages on quotes and on batch search |
//! | `meilisearch_5887_...` | <https://github.com/meilisearch/meilisearch/issues/5887> |
//! | `docling_4009_...` | <https://github.com/docling-project/docling/issues/4009> |
//! | `docling_3419_...` | <https://github.com/docling-project/docling/issues/3419> |
//! | `aleph_2043_...` | <https://github.com/alephdata/aleph/issues/2043> |
//! | `fscrawler_599_...` | <https://github.com/dadoonet/fscrawler/issues/599> |
//! | `llama_index_11449_...` | <https://github.com/run-llama/llama_index/issues/11449> |
//! | `corenlp_349_...` | <https://github.com/stanfordnlp/CoreNLP/issues/349> |
//! | `corenlp_485_...` | <https://github.com/stanfordnlp/CoreNLP/issues/485> |
//! | `corenlp_1330_...` | <https://github.com/stanfordnlp/CoreNLP/issues/1330> |
//! | `spacy_4354_...` | <https://github.com/explosion/spaCy/issues/4354> |
//! | `iris_web_63_...` | <https://github.com/dfir-iris/iris-web/issues/63> |
//! | `aleph_246_...` | <https://github.com/alephdata/aleph/issues/246> |
//! | `uwazi_5404_...` | <https://github.com/huridocs/uwazi/issues/5404> |
//! | `datashare_1847_...` | <https://github.com/ICIJ/datashare/issues/1847> |
//! | `datashare_156_...` | <https://github.com/ICIJ/datashare/issues/156> |
//! | `ripgrep_2785_...` | <https://github.com/BurntSushi/ripgrep/issues/2785> |
//! | `paperless_13568_...` | <https://github.com/paperless-ngx/paperless-ngx/issues/13568> |
//! | `paperless_14072_...` | <https://github.com/paperless-ngx/paperless-ngx/pull/14072> |
//! | `paperless_13673_...` | <https://github.com/paperless-ngx/paperless-ngx/issues/13673> |
//! | `paperless_13679_...` | <https://github.com/paperless-ngx/paperless-ngx/issues/13679> |
//! | `hypothesis_7571_...` | <https://github.com/hypothesis/client/issues/7571> |

use super::{Run, Sandbox};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const LONG: &str = "\
Notes on the Heron affair

1. The panel met on 2021/10/25 in Velmar, and spoke of coal.

2. The thieves took stolen funds to Velmar. It cost them $50 in fees.

3. The funds had been stolen, said the \u{201c}keeper of the keys\u{201d}, who kept T3_report.

4. The class was Mathematics 6. It had 48151623 pupils, see S/2025/482.

5. A tumbler was named on the fifth line, and nowhere else.

6. The keeper lost the keys; the lost keeper paid \u{20ac}1000 and 4 cents or 4$ for them.

7. Losses ran from $1.2 million to $23.5 million, and to \u{20ac}3 bln with those of 7 mil dollars.

8. It went to 0x098B716B8Aaf21512996dC57EB06\n15e2383E2f96 that night.
";

const NOTED: &str = "<html><head><title>Noted</title></head><body>\
    <p>The ransom was $320<sup>1</sup>, nobody paid it.</p><p><sup>1</sup> So the firm.</p></body></html>";

const COPY: &str = "The wardens of the archive at Sollum found that the ledger of the broker had been altered by \
    hand in at least three places before it was given to the auditors, who signed it without a question.\n";

/// Paragraphs of the long file, more than other tools give out.
const MANY: usize = 10_050;

static BUILT: LazyLock<Sandbox> = LazyLock::new(|| {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("corpus/long.txt", LONG);
    sandbox.write("corpus/noted.html", NOTED);
    sandbox.write("corpus/copy-a.txt", COPY);
    sandbox.write("corpus/copy-b.txt", COPY);
    sandbox.write("corpus/broken.pdf", "%PDF-1.7\nthis is no PDF\n");
    sandbox.write("corpus/nothing.txt", "");
    let many: String = (1..=MANY).map(|n| format!("Grain store {n} stands.\n\n")).collect();
    sandbox.write("corpus/stores.txt", many + "The zephyr stands last.\n");
    let built = sandbox.run(&["build", "--ocr", "never"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    sandbox
});

/// A report of seven pages, indexed by itself.
static PAGES: LazyLock<Sandbox> = LazyLock::new(|| {
    let sandbox = Sandbox::in_a_new_folder();
    let report = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/panel-2024.pdf");
    sandbox.write("corpus/panel-2024.pdf", std::fs::read(report).unwrap());
    let built = sandbox.run(&["build", "--ocr", "never"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    sandbox
});

/// The hits of a query in the report of seven pages.
fn on_pages(query: &str) -> Vec<Value> {
    rows(&PAGES.run(&["search", query, "--format", "jsonl", "--limit", "0"]))
}

fn run(args: &[&str]) -> Run {
    BUILT.run(args)
}

fn rows(run: &Run) -> Vec<Value> {
    run.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The hits of a query.
fn hits(query: &str) -> Vec<Value> {
    let run = run(&["search", query, "--format", "jsonl", "--limit", "0"]);
    assert!(run.status < 2, "{query}: {}", run.stderr);
    rows(&run)
}

fn paragraphs(query: &str) -> Vec<String> {
    hits(query).iter().map(|hit| hit["paragraph"].as_str().unwrap_or("").to_string()).collect()
}

fn marked(hit: &Value) -> Vec<String> {
    let text = hit["text"].as_str().unwrap();
    let at = |mark: &Value, end: &str| mark[end].as_u64().unwrap() as usize;
    hit["highlights"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mark| text[at(mark, "start")..at(mark, "end")].to_string())
        .collect()
}

/// What is extracted from a text of its own: surface and value.
fn amounts(text: &str) -> Vec<(String, Value)> {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("a.txt", text);
    let run = sandbox.run(&["extract", "a.txt", "--kind", "amount"]);
    rows(&run)
        .iter()
        .map(|row| (row["surface"].as_str().unwrap().to_string(), row["value"].clone()))
        .collect()
}

#[test]
fn aleph_2956_a_hit_tells_its_page_of_a_long_file() {
    let hits = on_pages("Terraport");
    assert_eq!((hits.len(), &hits[0]["page"]), (1, &Value::from(6)), "{hits:?}");
}

#[test]
fn documentcloud_181_the_place_of_a_hit_leads_to_its_page_and_not_to_the_first() {
    let locator = on_pages("Terraport")[0]["locator"].as_str().unwrap().to_string();
    let words: Vec<&str> = locator.split(' ').collect();
    let shown = PAGES.run(&[&["show"], &words[..]].concat());
    assert!(shown.stdout.contains("page 6 of 7") && shown.stdout.contains("Terraport"), "{}", shown.stdout);
}

#[test]
fn documentcloud_180_what_was_searched_is_marked_in_the_passage() {
    assert_eq!(marked(&hits("tumbler")[0]), ["tumbler"]);
}

#[test]
fn documentcloud_442_the_list_of_hits_names_the_pages() {
    let shown = PAGES.run(&["search", "Terraport"]);
    assert!(shown.stdout.contains("page 6 (printed 6/7)"), "{}", shown.stdout);
}

#[test]
fn python_documentcloud_38_every_hit_has_a_reference_that_resolves() {
    let hits = hits("keeper");
    assert_eq!(hits.len(), 2);
    for hit in hits {
        let shown = run(&["show", &hit["target"].to_string()]);
        assert_eq!(shown.status, 0, "{}", shown.stderr);
        assert!(shown.stdout.contains("keeper"), "{}", shown.stdout);
    }
}

#[test]
fn aleph_2270_every_page_that_matches_is_listed() {
    let pages: BTreeSet<u64> = on_pages("mixers").iter().map(|hit| hit["page"].as_u64().unwrap()).collect();
    assert_eq!(pages, BTreeSet::from([2, 4]));
}

#[test]
fn alaveteli_5394_words_of_a_phrase_are_not_marked_apart_from_it() {
    let hits = hits("\"the lost keeper\"");
    assert_eq!(marked(&hits[0]), ["the lost keeper"], "the paragraph has keeper and lost once more each");
}

#[test]
fn aleph_2888_exact_search_is_exact() {
    assert_eq!(paragraphs("\"stolen funds\""), ["2"]);
    assert!(hits("\"steal funds\"").is_empty());
}

#[test]
fn aleph_1968_a_date_with_slashes_is_found() {
    assert_eq!(paragraphs("2021/10/25"), ["1"]);
}

#[test]
fn aleph_3954_digits_are_found() {
    assert_eq!(paragraphs("48151623"), ["4"]);
}

#[test]
fn aleph_3001_a_phrase_does_not_match_single_words_of_it() {
    assert!(hits("\"keeper of coal\"").is_empty());
    assert_eq!(hits("keeper of coal").len(), 3);
}

#[test]
fn opencti_5129_quotes_are_not_ignored() {
    assert_eq!((hits("\"funds had been\"").len(), hits("funds had been").len()), (1, 2));
}

#[test]
fn opencti_10576_special_characters_are_answered_or_refused_with_a_reason() {
    for query in [
        "$50",
        "T3_report",
        "\u{20ac}1000",
        "4$",
        "keys;",
        "#",
        "a&b",
        "%",
        "@",
        "\\",
        "{",
        "<>",
        "^",
        "|",
        "!",
    ] {
        let run = run(&["search", query, "--format", "jsonl"]);
        match run.status {
            0 | 1 => assert!(run.stderr.contains("read as: "), "{query}: {}", run.stderr),
            2 => assert!(run.stderr.contains("hint: "), "{query}: {}", run.stderr),
            status => panic!("{query} ended with {status}: {}", run.stderr),
        }
    }
    assert_eq!(paragraphs("$50")[0], "2");
    assert_eq!(paragraphs("T3_report"), ["3"]);
}

#[test]
fn opencti_11209_figures_in_the_text_are_values() {
    assert_eq!(paragraphs("amount:USD 20M..30M"), ["7"]);
    assert_eq!(paragraphs("+panel date:2021-10"), ["1"]);
}

#[test]
fn datashare_618_a_slash_is_no_syntax() {
    assert_eq!(paragraphs("S/2025/482"), ["4"]);
    assert!(hits("S/2025/483").is_empty());
}

#[test]
fn datashare_docs_curly_quotes_are_quotes() {
    let query = "\u{201c}keeper of the keys\u{201d}";
    assert_eq!(paragraphs(query), ["3"]);
    assert_eq!(hits(query), {
        let mut straight = hits("\"keeper of the keys\"");
        straight.iter_mut().for_each(|hit| hit["query"] = query.into());
        straight
    });
}

#[test]
fn datashare_docs_a_query_with_an_error_does_not_stop_the_others() {
    let file = BUILT.write("wrong.csv", "query\ntumbler\n(open\n48151623\n");
    let rows = rows(&run(&["search", "--queries", file.to_str().unwrap(), "--format", "jsonl"]));
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert_eq!(rows[0]["paragraph"], "5");
    assert!(rows[1]["error"].is_string() && rows[1]["query"] == "(open", "{}", rows[1]);
    assert_eq!(rows[2]["paragraph"], "4");
}

#[test]
fn datashare_docs_a_comma_in_a_cell_does_not_make_a_phrase() {
    let file = BUILT.write("comma.csv", "query\n\"keys, keeper\"\n");
    let found = rows(&run(&["search", "--queries", file.to_str().unwrap(), "--format", "jsonl"]));
    let paragraphs: BTreeSet<&str> = found.iter().filter_map(|h| h["paragraph"].as_str()).collect();
    assert_eq!(paragraphs, BTreeSet::from(["3", "6"]));
}

#[test]
fn datashare_1847_a_phrase_of_a_list_stays_a_phrase() {
    let file = BUILT.write("phrase.txt", "\"stolen funds\"\n");
    let found = rows(&run(&["search", "--queries", file.to_str().unwrap(), "--format", "jsonl"]));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["paragraph"], "2");
}

#[test]
fn meilisearch_5887_a_phrase_that_ends_in_a_number_is_found_before_a_full_stop() {
    assert_eq!(paragraphs("\"Mathematics 6\""), ["4"]);
    assert_eq!(paragraphs("\"Mathematics 6.\""), ["4"]);
}

fn outcomes() -> (String, Value) {
    let told = run(&["status"]);
    let json = run(&["status", "--format", "json"]);
    (told.stdout, serde_json::from_str(&json.stdout).unwrap())
}

#[test]
fn docling_4009_a_file_that_cannot_be_read_is_a_failure_and_no_empty_page() {
    let (told, status) = outcomes();
    assert_eq!(status["sources"]["failed"], 1, "{status}");
    assert!(told.contains("broken.pdf: "), "{told}");
    assert!(hits("document:broken.pdf").is_empty());
}

#[test]
fn docling_3419_a_file_of_no_bytes_is_not_counted_as_read() {
    let (told, status) = outcomes();
    assert_eq!((&status["sources"]["total"], &status["sources"]["read"]), (&7.into(), &5.into()), "{status}");
    assert!(told.contains("nothing.txt"), "{told}");
}

#[test]
fn aleph_2043_a_strict_build_fails_where_a_file_was_not_taken_in() {
    let again = run(&["build", "--ocr", "never", "--strict", "--index", "strict"]);
    assert_eq!(again.status, 2, "{}", again.stderr);
    assert!(again.stdout.contains("broken.pdf") || again.stderr.contains("broken.pdf"), "{}", again.stderr);
}

#[test]
fn fscrawler_599_text_behind_the_first_100_000_characters_is_found() {
    let hits = hits("zephyr");
    assert_eq!(hits.len(), 1);
    assert!(hits[0]["span"]["start"].as_u64().unwrap() > 100_000, "{}", hits[0]["span"]);
}

#[test]
fn llama_index_11449_a_note_mark_behind_a_figure_is_no_digit_of_it() {
    let hits = hits("amount:320");
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0]["mentions"][0]["value"]["low"], "320");
    assert!(self::hits("amount:3201").is_empty());
}

#[test]
fn corenlp_349_euro_stays_euro() {
    let value = &amounts("They paid \u{20ac}1000 for it.\n")[0].1;
    assert_eq!((&value["currency"], &value["low"]), (&"EUR".into(), &"1000".into()));
}

#[test]
fn corenlp_485_bln_and_mil_scale_their_figure() {
    let lows: Vec<Value> =
        amounts("It lost \u{20ac}3 bln, then 7 mil dollars.\n").iter().map(|a| a.1["low"].clone()).collect();
    assert_eq!(lows, ["3000000000", "7000000"]);
}

#[test]
fn corenlp_1330_two_sums_next_to_each_other_are_not_one() {
    let lows: Vec<String> = amounts("It costs 4 cents or 4$ there.\n")
        .iter()
        .map(|a| a.1["low"].as_str().unwrap().to_string())
        .collect();
    assert_eq!(lows, ["0.04", "4"]);
}

#[test]
fn spacy_4354_both_ends_of_a_range_are_kept() {
    let found = amounts("Losses ran from $1.2 million to $23.5 million.\n");
    let ends: BTreeSet<&str> =
        found.iter().flat_map(|a| [&a.1["low"], &a.1["high"]]).map(|v| v.as_str().unwrap()).collect();
    assert_eq!(ends, BTreeSet::from(["1200000", "23500000"]));
}

#[test]
fn iris_web_63_an_address_over_two_lines_is_found_by_typing_it() {
    assert_eq!(paragraphs("0x098B716B8Aaf21512996dC57EB0615e2383E2f96"), ["8"]);
}

#[test]
fn aleph_246_more_than_ten_thousand_hits_are_all_given() {
    let run = run(&["search", "\"grain store\"", "--format", "jsonl", "--limit", "0"]);
    assert_eq!(run.stdout.lines().count(), MANY);
}

#[test]
fn uwazi_5404_every_row_names_its_source_and_place() {
    for hit in hits("document:long.txt") {
        for field in ["source", "sha256", "locator"] {
            assert!(hit[field].as_str().is_some_and(|v| !v.is_empty()), "{field}: {hit}");
        }
    }
}

#[test]
fn datashare_156_copies_of_a_passage_are_named() {
    let found = rows(&run(&["search", "wardens", "--format", "jsonl", "--fold"]));
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&found[0]["source"], &found[0]["copies"][0]["source"]),
        (&"copy-a.txt".into(), &"copy-b.txt".into())
    );
}

#[test]
fn ripgrep_2785_offsets_are_given_in_bytes_and_in_characters() {
    let sandbox = Sandbox::in_a_new_folder();
    let text = "\u{201c}\u{e9}t\u{e9}\u{201d} cost $81 million.\n";
    sandbox.write("a.txt", text);
    let row = &rows(&sandbox.run(&["extract", "a.txt", "--kind", "amount"]))[0];
    let at = |field: &str, end: &str| row[field][end].as_u64().unwrap() as usize;
    assert_eq!(&text[at("span", "start")..at("span", "end")], "$81 million");
    let by_characters: String =
        text.chars().skip(at("chars", "start")).take(at("chars", "end") - at("chars", "start")).collect();
    assert_eq!(by_characters, "$81 million");
}

#[test]
fn paperless_13568_a_bracket_is_literal_or_an_error_that_says_where() {
    for query in ["[", "[2021]", "keys]"] {
        let run = run(&["search", query]);
        assert!(
            run.status < 2 && run.stderr.contains("read as: ")
                || run.stderr.contains("cannot read the query"),
            "{query}: {}",
            run.stderr
        );
    }
}

#[test]
fn paperless_14072_a_wildcard_is_not_dropped() {
    assert_eq!(paragraphs("tumb*"), ["5"]);
    for query in ["*umbler", "tum?ler", "t*r"] {
        let run = run(&["search", query]);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{query}: {}", run.stderr);
        assert!(run.stderr.contains("hint: "), "{query}: {}", run.stderr);
    }
}

#[test]
fn paperless_13673_a_beginning_that_ten_thousand_words_have_is_found_whole() {
    assert_eq!(hits("gr*").len(), MANY);
    assert_eq!(hits("1*").iter().filter(|h| h["source"] == "stores.txt").count(), 1162);
}

#[test]
fn paperless_13679_builds_leave_nothing_unreferenced_behind() {
    let sandbox = Sandbox::in_a_new_folder();
    for n in 0..6 {
        sandbox.write(&format!("corpus/{}.txt", n % 3), format!("Text number {n} of the store.\n"));
        assert_eq!(sandbox.run(&["build"]).status, 0);
    }
    let data: Vec<_> = std::fs::read_dir(sandbox.path().join("index"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.file_name().unwrap().to_string_lossy().starts_with("data-"))
        .collect();
    assert_eq!(data.len(), 1, "{data:?}");
    let meta = std::fs::read_to_string(data[0].join("passages/meta.json")).unwrap();
    let meta: Value = serde_json::from_str(&meta).unwrap();
    let listed: BTreeSet<String> = meta["segments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["segment_id"].as_str().unwrap().replace('-', ""))
        .collect();
    for entry in std::fs::read_dir(data[0].join("passages")).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if name != "meta.json" && !name.starts_with('.') {
            assert!(listed.contains(name.split('.').next().unwrap()), "{name} is of no segment");
        }
    }
}

#[test]
fn hypothesis_7571_a_citation_does_not_move_to_a_passage_that_looks_alike() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("corpus/a.txt", "1. The keeper lost the keys.\n\n2. The keeper lost the lamp.\n");
    assert_eq!(sandbox.run(&["build"]).status, 0);
    let found = rows(&sandbox.run(&["search", "keys", "--format", "jsonl"]));
    let target = found[0]["target"].to_string();
    sandbox.write("corpus/a.txt", "1. The keeper lost the lamp.\n\n2. The keeper lost the keys.\n");
    assert_eq!(sandbox.run(&["build"]).status, 0);
    let shown = sandbox.run(&["show", &target]);
    assert_eq!((shown.status, shown.stdout.as_str()), (2, ""), "{}", shown.stderr);
}
