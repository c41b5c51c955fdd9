//! A transcript of each of the eight verdicts on the sample corpus: `tests/cli/verdicts.txt`.
//!
//! `UPDATE_VERDICTS=1 cargo test --test cli verdicts` writes what the program prints into it instead:
//! then read it again.

use super::Sandbox;
use std::fmt::Write as _;
use std::path::Path;

/// The sample corpus without the files whose names begin so, and its index.
fn build(sandbox: &Sandbox, index: &str, without: &[&str]) {
    for item in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")).unwrap() {
        let path = item.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_file() && !without.iter().any(|w| name.starts_with(w)) {
            sandbox.write(&format!("{index}-corpus/{name}"), std::fs::read(&path).unwrap());
        }
    }
    let built = sandbox.run(&["build", &format!("{index}-corpus"), "--ocr", "never", "--index", index]);
    assert_eq!(built.status, 0, "{}", built.stderr);
}

#[test]
fn each_of_the_eight_verdicts_reads_as_its_transcript() {
    let sandbox = Sandbox::in_a_new_folder();
    // The article restates what the reports say; the addendum has a page that nobody read.
    build(&sandbox, "index", &["harbour-post"]);
    build(&sandbox, "whole", &["harbour-post", "panel-2022-add1"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/verdicts.txt");
    let told = std::fs::read_to_string(&path).unwrap();
    let mut now = String::new();
    let mut verdicts = std::collections::BTreeSet::new();
    for line in told.lines().filter(|line| line.starts_with("$ ")) {
        let words: Vec<&str> = line.trim_start_matches("$ paydirt ").splitn(3, '\'').collect();
        let [command, claim, more] = words[..] else { panic!("{line} is no claim in quotes") };
        let mut args: Vec<&str> = command.split_whitespace().collect();
        args.push(claim);
        args.extend(more.split_whitespace());
        let run = sandbox.run(&args);
        assert_eq!(run.stderr, "", "{line}");
        let verdict = run.stdout.lines().nth(2).unwrap_or("").split(' ').next().unwrap_or("").to_string();
        verdicts.insert(verdict);
        let _ = write!(now, "{line}\n{}[exit status {}]\n\n", run.stdout, run.status);
    }
    if std::env::var_os("UPDATE_VERDICTS").is_some() {
        std::fs::write(path, now).unwrap();
        return;
    }
    assert_eq!(now, told, "help: UPDATE_VERDICTS=1 cargo test --test cli verdicts, and read what changed");
    assert_eq!(verdicts.len(), 8, "{verdicts:?}");
}
