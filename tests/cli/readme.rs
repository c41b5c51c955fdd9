//! The README's transcripts are what the program prints.
//!
//! Every ```` ```console ```` block is run line by line in a folder that holds the sample corpus;
//! what follows a `$ ` line must be its output. `UPDATE_README=1 cargo test --test cli readme` writes
//! the output into the README instead.

use super::Sandbox;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// Splits a block into its commands with the output printed after each.
fn commands(block: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            found.push((command.to_string(), String::new()));
        } else if let Some((_, output)) = found.last_mut() {
            output.push_str(line);
            output.push('\n');
        }
    }
    found
}

/// Runs a command as typed in the README, stdout and stderr together; times are not compared.
fn run(sandbox: &Sandbox, command: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_paydirt")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .args(["-c", &format!("exec 2>&1; {command}")])
        .current_dir(sandbox.path())
        .env_clear()
        .env("PATH", path)
        .env("GOLD", Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gold"))
        .output()
        .unwrap();
    let time = regex::Regex::new(r"in [0-9.]+ s \(\d+ pages/s\)").unwrap();
    let size = regex::Regex::new(r"mentions, [0-9.]+ [KM]iB").unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let text = time.replace_all(&text, "in 1.0 s (50 pages/s)");
    let text = size.replace_all(&text, "mentions, 1 MiB");
    text.lines().map(str::trim_end).fold(String::new(), |all, line| all + line + "\n")
}

/// Without what moves with every edit of a rule: lines of source files, the format, the fingerprint.
fn steady(text: &str) -> String {
    let moving = regex::Regex::new(r"\.rs:\d+|index format \d+|rules [0-9a-f]{16}").unwrap();
    moving.replace_all(text.trim_end(), "").into_owned()
}

#[test]
fn the_transcripts_in_the_readme_are_what_the_program_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let sandbox = Sandbox::in_a_new_folder();
    let corpus = sandbox.path().join("corpus");
    std::fs::create_dir(&corpus).unwrap();
    for item in std::fs::read_dir(root.join("corpus")).unwrap() {
        let path = item.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, corpus.join(path.file_name().unwrap())).unwrap();
        }
    }
    let (mut now, mut rest, mut wrong) = (String::new(), readme.as_str(), String::new());
    while let Some(at) = rest.find("```console\n") {
        let (before, block) = rest.split_at(at + "```console\n".len());
        let end = block.find("```").expect("a block that opens must close");
        now.push_str(before);
        for (command, told) in commands(&block[..end]) {
            let output = run(&sandbox, &command);
            if steady(&output) != steady(&told) {
                let _ = writeln!(wrong, "$ {command}\n--- README\n{told}--- now\n{output}");
            }
            let _ = writeln!(now, "$ {command}\n{}", output.trim_end());
        }
        rest = &block[end..];
    }
    now.push_str(rest);
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(root.join("README.md"), now).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{wrong}\nhelp: UPDATE_README=1 cargo test --test cli readme");
}

#[test]
fn the_scorecard_that_serve_shows_is_what_eval_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(env!("CARGO_BIN_EXE_paydirt"))
        .args(["eval", "--gold", "tests/gold", "--sources", "corpus", "--ocr", "never", "--json"])
        .current_dir(root)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let now = String::from_utf8(output.stdout).unwrap();
    let kept = root.join("src/web/assets/scorecard.json");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(kept, now).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(kept).unwrap();
    assert!(kept == now, "help: UPDATE_README=1 cargo test --test cli readme");
}
