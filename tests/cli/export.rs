//! `paydirt export`, and the formats of rows that `search` and `extract` share with it.

use super::Sandbox;

const NOTICE: &str = "\
Notice on the theft of virtual assets

1. The panel was told on 25 October 2021 that thieves took nearly $81 million from KuCoin.

2. The ether went to 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 within a day.
";

fn notices() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("corpus/notice.txt", NOTICE);
    sandbox.write("corpus/other.txt", "Another notice\n\nThe bridge lost 5,000,000 dollars in May 2022.\n");
    sandbox.write("corpus/empty.txt", "");
    let built = sandbox.run(&["build", "--jobs", "2"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    sandbox
}

fn column(csv_text: &str, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(csv_text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|n| n == name).unwrap();
    reader.records().map(|r| r.unwrap().get(at).unwrap().to_string()).collect()
}

#[test]
fn every_mention_comes_in_the_order_of_the_documents_in_every_format() {
    let sandbox = notices();
    let extracted = sandbox.run(&["extract", "corpus"]);
    let rows = sandbox.run(&["export", "mentions"]);
    assert_eq!((rows.status, rows.stderr.as_str()), (0, "6 mentions\n"));
    let kinds = |text: &str| -> Vec<String> {
        let row = |line| serde_json::from_str::<serde_json::Value>(line).unwrap();
        text.lines().map(|l| format!("{} {}", row(l)["kind"], row(l)["surface"])).collect()
    };
    assert_eq!(kinds(&rows.stdout), kinds(&extracted.stdout));
    let csv = sandbox.run(&["export", "mentions", "--format", "csv"]);
    assert_eq!(column(&csv.stdout, "kind").len(), 6);
    let wallets = sandbox.run(&["export", "mentions", "--kind", "wallet", "--format", "csv"]);
    assert_eq!(column(&wallets.stdout, "value_address"), ["0x098B716B8Aaf21512996dC57EB0615e2383E2f96"]);
    let asked = sandbox.run(&["export", "mentions", "bridge", "--kind", "amount", "--format", "table"]);
    assert!(asked.stdout.lines().nth(1).unwrap().ends_with("USD 5000000 exact"), "{}", asked.stdout);
    assert!(asked.stderr.starts_with("read as: bridge"), "{}", asked.stderr);
    for format in ["parquet", "sqlite"] {
        let file = |n: u8| format!("{n}.{format}");
        for n in [1, 2] {
            let run = sandbox.run(&["export", "mentions", "--format", format, "-o", &file(n)]);
            assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
            assert_eq!(run.stderr, format!("6 mentions in {n}.{format}\n"));
        }
        let bytes = |n: u8| std::fs::read(sandbox.path().join(file(n))).unwrap();
        assert_eq!(bytes(1), bytes(2), "{format}");
    }
}

#[test]
fn every_source_is_a_document_row_also_one_that_was_skipped() {
    let sandbox = notices();
    let run = sandbox.run(&["export", "documents", "--format", "csv"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, "3 documents\n"));
    assert_eq!(column(&run.stdout, "source"), ["empty.txt", "notice.txt", "other.txt"]);
    assert_eq!(column(&run.stdout, "status"), ["skipped", "read", "read"]);
    assert_eq!(column(&run.stdout, "mentions_all"), ["0", "4", "2"]);
    let refused = sandbox.run(&["export", "documents", "bridge"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("documents are written whole"), "{}", refused.stderr);
}

#[test]
fn hits_have_no_cap_and_search_gives_the_same_rows() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("corpus/long.txt", "A theft is told of here.\n\n".repeat(300));
    assert_eq!(sandbox.run(&["build"]).status, 0);
    let exported = sandbox.run(&["export", "hits", "theft", "--format", "csv"]);
    assert_eq!(column(&exported.stdout, "locator").len(), 300);
    let searched = sandbox.run(&["search", "theft", "--format", "csv", "--limit", "0"]);
    assert_eq!(exported.stdout, searched.stdout);
    let pages = sandbox.run(&["search", "theft", "--sort", "place", "--format", "csv", "--limit", "0"]);
    let starts: Vec<u64> = column(&pages.stdout, "span_start").iter().map(|n| n.parse().unwrap()).collect();
    assert!(starts.is_sorted(), "{starts:?}");
    let none = sandbox.run(&["export", "hits", "nothingofthekind"]);
    assert_eq!((none.status, none.stdout.as_str()), (1, ""));
}

#[test]
fn every_field_of_a_hit_has_a_column() {
    let sandbox = notices();
    let run = sandbox.run(&["search", "theft", "-C", "1", "--fold", "--format", "jsonl"]);
    let hit: serde_json::Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
    let heads =
        sandbox.run(&["search", "theft", "--format", "csv"]).stdout.lines().next().unwrap().to_string();
    let heads: Vec<&str> = heads.split(',').collect();
    for (name, field) in hit.as_object().unwrap() {
        let inner = match field {
            serde_json::Value::Object(inner) if !heads.contains(&name.as_str()) => {
                inner.keys().map(|k| format!("{name}_{k}")).collect()
            }
            _ => vec![name.clone()],
        };
        for name in inner {
            assert!(heads.contains(&name.as_str()), "{name} has no column; help: add it to HITS");
        }
    }
}

#[test]
fn a_database_cannot_be_piped_and_counts_have_no_columns() {
    let sandbox = notices();
    let run = sandbox.run(&["export", "mentions", "--format", "sqlite"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stderr,
        "paydirt: cannot write sqlite here: it needs a file of its own\n  \
         hint: name a file: --format sqlite --output rows.sqlite\n"
    );
    let run = sandbox.run(&["export", "mentions", "--format", "sqlite", "-o", "no/such/rows.db"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("name a file in a folder that exists"), "{}", run.stderr);
    let run = sandbox.run(&["search", "theft", "--facets", "--format", "csv"]);
    assert_eq!(run.status, 2);
    assert!(run.stderr.contains("counts of facets have no columns"), "{}", run.stderr);
}

#[test]
fn a_failed_export_leaves_the_file_before_it_and_nothing_half() {
    let sandbox = notices();
    sandbox.write("rows.db", "what was here before");
    let run = sandbox.run(&["export", "hits", "amount:plenty", "--format", "sqlite", "-o", "rows.db"]);
    assert_eq!(run.status, 2, "{}", run.stderr);
    assert_eq!(std::fs::read_to_string(sandbox.path().join("rows.db")).unwrap(), "what was here before");
    let left = std::fs::read_dir(sandbox.path()).unwrap().map(|e| e.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with(".paydirt-")));
}

#[test]
fn queries_from_a_pipe_are_told_by_their_content_and_answered_as_rows() {
    let sandbox = notices();
    let asked = "{\"query\":\"bridge\",\"id\":\"b\"}\n{\"query\":\"amount:plenty\",\"id\":\"p\"}\n{\"query\":\"nosuchword\",\"id\":\"n\"}\n";
    sandbox.write("asked", asked);
    let run = sandbox.run(&["search", "--queries", "asked", "--format", "csv"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert_eq!(column(&run.stdout, "query_id"), ["b", "p", "n"]);
    assert_eq!(column(&run.stdout, "hits"), ["", "", "0"]);
    assert!(column(&run.stdout, "error")[1].contains("`plenty` is no amount"));
}

/// A corpus of more rows than a pipe holds.
fn many_rows() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    let text: String = (0..1500)
        .map(|n| format!("In May {}, thieves took ${n},000 from KuCoin.\n\n", 1990 + n % 30))
        .collect();
    sandbox.write("corpus/many.txt", text);
    assert_eq!(sandbox.run(&["build"]).status, 0);
    sandbox
}

#[test]
fn a_reader_that_has_enough_ends_an_export_without_a_word() {
    use std::io::{BufRead, BufReader};
    let sandbox = many_rows();
    for format in ["jsonl", "csv", "table", "parquet", "stix", "ftm"] {
        let mut command = sandbox.command(&["export", "mentions", "--format", format]);
        let mut child = command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = Vec::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_until(b'\n', &mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        // What fits into the pipe as a whole is written before its reader goes.
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.is_empty() || told.contains(" mentions\n"), "{format}: {told}");
        assert!(output.status.code().is_some_and(|status| status < 2), "{format}: {:?}", output.status);
        assert!(!first.is_empty(), "{format}");
    }
}

#[cfg(unix)]
#[test]
fn an_export_that_is_interrupted_says_so_and_ends() {
    let sandbox = many_rows();
    let mut command = sandbox.command(&["export", "mentions"]);
    let mut child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    // It has begun when there is a byte, and waits once the pipe is full.
    let mut pipe = child.stdout.take().unwrap();
    std::io::Read::read_exact(&mut pipe, &mut [0]).unwrap();
    let id = child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut pipe, &mut rest).unwrap();
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.contains("stopped"), "{told}");
    assert!(rest.lines().count() < 3000, "it went on to the end");
}
