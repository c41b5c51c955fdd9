//! What changed between two indexes, and which documents are one work.

use super::Sandbox;
use super::pdf::{AS_CODED, EIGHT_FOR_THREE, page_in_font};
use std::fs;

fn corpus() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    for n in 1..=5 {
        sandbox.write(
            &format!("corpus/report-{n}.txt"),
            format!("1. The group stole ${n} million.\n\n2. Report {n}.\n"),
        );
    }
    sandbox
}

fn build(sandbox: &Sandbox, index: &str) {
    let built = sandbox.run(&["build", "--index", index]);
    assert_eq!(built.status, 0, "{}", built.stderr);
}

#[test]
fn what_changed_between_two_builds_is_named_with_its_cause() {
    let sandbox = corpus();
    build(&sandbox, "old");
    let corpus = sandbox.path().join("corpus");
    fs::remove_file(corpus.join("report-1.txt")).unwrap();
    fs::rename(corpus.join("report-2.txt"), corpus.join("renamed.txt")).unwrap();
    sandbox.write("corpus/report-3.txt", "1. The group stole $30 million.\n\n2. Report 3.\n");
    sandbox.write("corpus/manifest.tsv", "file\ttitle\nreport-4.txt\tFour\n");
    sandbox.write("corpus/report-6.txt", "1. The group stole $6 million.\n");
    build(&sandbox, "new");
    let diff = sandbox.run(&["diff", "old", "new"]);
    assert_eq!(diff.status, 1, "{}", diff.stderr);
    assert_eq!(
        diff.stdout,
        "renamed.txt: renamed (source): the same file was called report-2.txt\n\
         report-1.txt: removed (source): it is no longer in the corpus\n  mentions: 1\n\
         report-3.txt: changed (source): the file has changed\n  \
         - p 1 amount: \"$3 million\" is USD 3000000 exact (amount-symbol-first)\n  \
         + p 1 amount: \"$30 million\" is USD 30000000 exact (amount-symbol-first)\n\
         report-4.txt: changed (manifest): its title, publisher, date or symbol is another one\n\
         report-6.txt: added (source): it is new in the corpus\n  mentions: 1\n\
         6 sources compared, 5 differ: 1 by manifest, 4 by source\n"
    );
    let rows = sandbox.run(&["diff", "old", "new", "--format", "jsonl"]);
    assert_eq!(rows.status, 1);
    let rows: Vec<serde_json::Value> =
        rows.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.iter().filter(|row| row["of"] == "source").count(), 5);
    let gained = |row: &&serde_json::Value| row["of"] == "mention" && row["before"].is_null();
    assert_eq!(rows.iter().filter(gained).count(), 2, "of the file that changed and of the new one");
}

#[test]
fn a_file_that_another_reader_reads_otherwise_is_told_with_the_reader_as_its_cause() {
    let sandbox = corpus();
    let otherwise = page_in_font(&format!("{EIGHT_FOR_THREE} {AS_CODED}"), "");
    sandbox.write("corpus/disputed.pdf", otherwise);
    let read_by = |reader: &str| {
        let built = sandbox.run(&["build", "--index", reader, "--reader", reader, "--ocr", "never"]);
        assert_eq!(built.status, 0, "{}", built.stderr);
    };
    read_by("hayro");
    read_by("pdf-extract");
    let told = |why: &str| {
        let diff = sandbox.run(&["diff", "hayro", "pdf-extract"]);
        assert_eq!(diff.status, 1, "{}", diff.stderr);
        assert_eq!(
            diff.stdout,
            format!(
                "disputed.pdf: changed (reader): {why}\n  \
                 ~ p 1 amount: \"$831 million\" is USD 831000000 exact (amount-symbol-first), was USD 881000000 \
                 exact (amount-symbol-first)\n6 sources compared, 1 differ: 1 by reader\n"
            )
        );
    };
    told("the same file was read with other options");
    // As if the older index were of an older version of the reader.
    let (old, new) = (sandbox.path().join("hayro"), sandbox.path().join("pdf-extract"));
    let head = |index: &std::path::Path| -> serde_json::Value {
        serde_json::from_slice(&fs::read(index.join("paydirt-index.json")).unwrap()).unwrap()
    };
    let mut older = head(&old);
    older["options"] = head(&new)["options"].clone();
    older["reader"] = "of another paydirt".into();
    fs::write(old.join("paydirt-index.json"), older.to_string()).unwrap();
    told("the same file was read by another version of the reader");
}

#[test]
fn the_same_corpus_in_another_place_gives_the_same_index() {
    let sandbox = corpus();
    build(&sandbox, "one");
    fs::rename(sandbox.path().join("corpus"), sandbox.path().join("elsewhere")).unwrap();
    let built = sandbox.run(&["build", "elsewhere", "--index", "two", "--jobs", "1"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    let diff = sandbox.run(&["diff", "one", "two"]);
    assert_eq!((diff.status, diff.stdout.as_str()), (0, "5 sources compared, 0 differ\n"));
}

#[test]
fn an_index_of_other_rules_is_compared_although_it_is_not_searched() {
    let sandbox = corpus();
    build(&sandbox, "old");
    build(&sandbox, "new");
    let head = sandbox.path().join("old/paydirt-index.json");
    let mut json: serde_json::Value = serde_json::from_str(&fs::read_to_string(&head).unwrap()).unwrap();
    json["fingerprint"] = "of another paydirt".into();
    fs::write(&head, json.to_string()).unwrap();
    assert_eq!(sandbox.run(&["search", "stole", "--index", "old"]).status, 2);
    assert_eq!(sandbox.run(&["diff", "old", "new"]).status, 0);
    json["format"] = 1.into();
    fs::write(&head, json.to_string()).unwrap();
    let diff = sandbox.run(&["diff", "old", "new"]);
    assert_eq!(diff.status, 2);
    assert!(diff.stderr.contains("format 1"), "{}", diff.stderr);
}

#[test]
fn editions_and_copies_of_a_work_are_told_and_both_are_searched() {
    let sandbox = Sandbox::in_a_new_folder();
    let text =
        |symbol: &str, sum: u32| format!("{symbol}\n\n# A report\n\n1. The group stole ${sum} million.\n");
    sandbox.write("corpus/first.md", text("S/2025/71", 40));
    sandbox.write("corpus/second.md", text("S/2025/71/Rev.1", 44));
    sandbox.write("corpus/copy.md", text("S/2025/71", 40));
    assert_eq!(sandbox.run(&["build"]).status, 0);
    let status = sandbox.run(&["status"]).stdout;
    assert!(
        status.contains(
            "editions and copies:\n  S/2025/71: S/2025/71 (copy.md), S/2025/71 (first.md), S/2025/71/Rev.1 (second.md)\n"
        ),
        "{status}"
    );
    let shown = sandbox.run(&["show", "second.md", "p", "1"]).stdout;
    assert!(shown.contains("(an earlier edition: S/2025/71, first.md)"), "{shown}");
    let shown = sandbox.run(&["show", "first.md", "p", "1"]).stdout;
    assert!(shown.contains("(a later edition: S/2025/71/Rev.1, second.md)"), "{shown}");
    assert!(shown.contains("(the same file: S/2025/71, copy.md)"), "{shown}");
    for sum in ["\"$40 million\"", "\"$44 million\""] {
        assert_eq!(sandbox.run(&["search", sum]).status, 0, "{sum}");
    }
}
