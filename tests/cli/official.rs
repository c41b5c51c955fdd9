//! Exports held to the official reader or validator of their format, where it is installed:
//! `python3 -m venv target/validators && target/validators/bin/pip install -r tests/export/requirements.txt`

use super::Sandbox;
use std::path::Path;
use std::process::Command;

/// The sample corpus as an index, or nothing where the validators are not installed.
fn sample() -> Option<Sandbox> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("target/validators/bin/python").exists() {
        println!("skipped: no validators in target/validators; .ci/run installs them");
        return None;
    }
    let sandbox = Sandbox::in_a_new_folder();
    let corpus = root.join("corpus");
    let built = sandbox.run(&["build", corpus.to_str().unwrap(), "--ocr", "never"]);
    assert_eq!(built.status, 0, "{}", built.stderr);
    Some(sandbox)
}

/// Exports and validates; gives how many there are.
fn checked(sandbox: &Sandbox, what: &str, format: &str) -> usize {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = format!("{what}.{format}");
    let run = sandbox.run(&["export", what, "--format", format, "--output", &file]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let schema = sandbox.run(&["export", what, "--format", format, "--schema"]);
    let schema = sandbox.write(&format!("{file}.schema"), &schema.stdout);
    let mut python = Command::new(root.join("target/validators/bin/python"));
    python.arg(root.join("tests/export/validate.py")).arg(format).arg(sandbox.path().join(&file));
    if format == "jsonl" {
        python.arg(schema);
    }
    let output = python.env("HOME", sandbox.path()).output().unwrap();
    assert!(output.status.success(), "{what} {format}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

#[test]
fn exports_are_what_the_official_readers_take() {
    let Some(sandbox) = sample() else { return };
    let mentions = checked(&sandbox, "mentions", "jsonl");
    assert!(mentions > 500, "{mentions}");
    assert_eq!(checked(&sandbox, "mentions", "parquet"), mentions);
    assert_eq!(checked(&sandbox, "mentions", "sqlite"), mentions);
    assert_eq!(checked(&sandbox, "documents", "jsonl"), 10);
    assert!(checked(&sandbox, "hits", "jsonl") > 300);
}

#[test]
fn wallets_and_reports_are_valid_stix_and_followthemoney() {
    let Some(sandbox) = sample() else { return };
    for format in ["stix", "ftm"] {
        let all = checked(&sandbox, "mentions", format);
        assert!(all > 50, "{format}: {all}");
        assert_eq!(checked(&sandbox, "hits", format), all, "{format}: hits of everything hold every mention");
        assert!(checked(&sandbox, "documents", format) >= 10);
    }
}
