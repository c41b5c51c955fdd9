//! Builds on top of builds: what is done again, and that it makes no difference to what is found.

use super::{Run, Sandbox};
use std::fs;

const WORDS: [&str; 4] = ["stole $20 million from Upbit", "on 3 March 2022", "through Tornado Cash", "theft"];

/// Ten reports of a few paragraphs.
fn corpus() -> Sandbox {
    let sandbox = Sandbox::in_a_new_folder();
    for n in 0..10 {
        write(&sandbox, &format!("report-{n}.txt"), n);
    }
    sandbox
}

fn write(sandbox: &Sandbox, name: &str, n: usize) {
    let mut text = String::new();
    for (i, words) in WORDS.iter().enumerate().take(1 + n % WORDS.len()) {
        text += &format!("{}. The group {words}, says report {n}.\n\n", i + 1);
    }
    sandbox.write(&format!("corpus/{name}"), text);
}

fn build(sandbox: &Sandbox, more: &[&str]) -> Run {
    let built = sandbox.run(&[&["build"], more].concat());
    assert_eq!(built.status, 0, "{}", built.stderr);
    built
}

/// Everything a user can ask of an index.
fn answers(sandbox: &Sandbox, index: &str) -> Vec<String> {
    let mut all = Vec::new();
    for query in ["theft", "report", "million", "amount:>1m", "Upbit OR \"Tornado Cash\""] {
        all.push(sandbox.run(&["search", query, "--format", "jsonl", "--index", index]).stdout);
    }
    let status = sandbox.run(&["status", "--documents", "--index", index]).stdout;
    all.push(status.lines().skip(1).collect::<Vec<_>>().join("\n"));
    all
}

/// Holds the index to one made from nothing.
fn as_from_scratch(sandbox: &Sandbox) {
    build(sandbox, &["--index", "fresh"]);
    assert_eq!(answers(sandbox, "index"), answers(sandbox, "fresh"));
    assert!(answers(sandbox, "index")[0].contains("theft"));
    fs::remove_dir_all(sandbox.path().join("fresh")).unwrap();
}

#[test]
fn a_build_does_again_only_what_has_changed_and_finds_the_same() {
    let sandbox = corpus();
    build(&sandbox, &[]);
    let again = build(&sandbox, &[]);
    assert!(again.stderr.contains("10 sources as they were, 0 read before, 0 read now"), "{}", again.stderr);
    as_from_scratch(&sandbox);

    // One more in the middle is one read.
    write(&sandbox, "report-4b.txt", 11);
    let more = build(&sandbox, &[]).stderr;
    assert!(more.contains("\n10 sources as they were, 0 read before, 1 read now"), "{more}");
    assert!(more.starts_with("1 documents, "), "one is mined: {more}");
    as_from_scratch(&sandbox);

    // Renamed and copied files are known by what is in them.
    let corpus = sandbox.path().join("corpus");
    fs::rename(corpus.join("report-3.txt"), corpus.join("zz.txt")).unwrap();
    fs::copy(corpus.join("report-7.txt"), corpus.join("copy.txt")).unwrap();
    assert!(build(&sandbox, &[]).stderr.contains(" 0 read now"));
    as_from_scratch(&sandbox);

    fs::remove_file(corpus.join("report-0.txt")).unwrap();
    assert!(build(&sandbox, &[]).stderr.contains(" 0 read now"));
    as_from_scratch(&sandbox);

    // A manifest changes the record of a document and not its reading.
    sandbox.write("corpus/manifest.tsv", "file\ttitle\nreport-5.txt\tThe theft of the year\n");
    assert!(build(&sandbox, &[]).stderr.contains(" 0 read now"));
    as_from_scratch(&sandbox);
}

#[test]
fn stages_are_done_again_where_that_is_asked() {
    let sandbox = corpus();
    sandbox.write("corpus/broken.pdf", "%PDF-1.4\nnothing in it\n");
    build(&sandbox, &[]);
    let extract = build(&sandbox, &["--from-stage", "extract"]);
    assert!(
        extract.stderr.contains("0 sources as they were, 11 read before, 0 read now"),
        "{}",
        extract.stderr
    );
    let failed = build(&sandbox, &["--rerun", "failed"]);
    assert!(failed.stderr.contains(" 1 read now"), "{}", failed.stderr);
    let read = build(&sandbox, &["--from-stage", "read"]);
    assert!(!read.stderr.contains("read before,") || read.stderr.contains(" 11 read now"), "{}", read.stderr);
    as_from_scratch(&sandbox);
}

#[test]
fn audit_names_what_differs_and_a_build_repairs_it() {
    let sandbox = corpus();
    build(&sandbox, &[]);
    let audit = sandbox.run(&["audit"]);
    assert_eq!(audit.status, 0, "{}", audit.stdout);
    assert!(
        audit.stdout.contains("10 sources and ") && audit.stdout.contains(" 0 differ"),
        "{}",
        audit.stdout
    );
    let mut files = Vec::new();
    let mut folders = vec![sandbox.path().join("index")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                folders.push(path);
            } else if !name.starts_with('.') && !name.starts_with("paydirt-index") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(files.len() > 15, "{files:?}");
    // One byte of one file at a time.
    for (i, path) in files.iter().enumerate().step_by(3) {
        let whole = fs::read(path).unwrap();
        let mut bytes = whole.clone();
        let at = (i * 7919) % bytes.len();
        bytes[at] ^= 1;
        fs::remove_file(path).unwrap();
        fs::write(path, &bytes).unwrap();
        let audit = sandbox.run(&["audit", "--files"]);
        let name = path.file_name().unwrap().to_string_lossy();
        assert_eq!(audit.status, 1, "{name}: {}", audit.stdout);
        assert!(audit.stdout.contains(name.as_ref()), "{name}: {}", audit.stdout);
        fs::write(path, &whole).unwrap();
    }
    // Repaired by a build.
    let segment = files.iter().find(|p| p.extension().is_some_and(|e| e == "store")).unwrap();
    fs::remove_file(segment).unwrap();
    fs::write(segment, "damaged").unwrap();
    assert_eq!(sandbox.run(&["audit"]).status, 1);
    build(&sandbox, &[]);
    assert_eq!(sandbox.run(&["audit"]).status, 0);
    as_from_scratch(&sandbox);
    // A source that says something else now.
    write(&sandbox, "report-2.txt", 7);
    let audit = sandbox.run(&["audit"]);
    assert_eq!(audit.status, 1);
    assert!(audit.stdout.contains("report-2.txt: the file has changed"), "{}", audit.stdout);
}

#[test]
fn a_change_that_keeps_size_and_time_of_writing_is_seen() {
    let sandbox = corpus();
    // Files that were written a moment ago are hashed by every build; these have settled.
    std::thread::sleep(std::time::Duration::from_millis(4100));
    build(&sandbox, &[]);
    assert!(build(&sandbox, &[]).stderr.contains("10 sources as they were"));
    let path = sandbox.path().join("corpus/report-4.txt");
    let (text, written) = (fs::read_to_string(&path).unwrap(), path.metadata().unwrap().modified().unwrap());
    fs::write(&path, text.replace("stole $20 million", "stole $30 million")).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(written).unwrap();
    let changed = build(&sandbox, &[]).stderr;
    assert!(changed.contains("\n9 sources as they were, 0 read before, 1 read now"), "{changed}");
    as_from_scratch(&sandbox);
    assert!(build(&sandbox, &["--rehash"]).stderr.contains("10 sources as they were"));
    // A damaged list of stamps is not believed, and told.
    let data = fs::read_dir(sandbox.path().join("index")).unwrap().map(|e| e.unwrap().path());
    let list = data.map(|folder| folder.join("files.jsonl")).find(|list| list.is_file()).unwrap();
    let damaged = fs::read_to_string(&list).unwrap().replace("report-3.txt", "report-5.txt");
    fs::write(&list, damaged).unwrap();
    let audit = sandbox.run(&["audit", "--files"]);
    assert!(audit.status == 1 && audit.stdout.contains("files.jsonl"), "{}", audit.stdout);
    assert!(build(&sandbox, &[]).stderr.contains("10 sources as they were"));
}
