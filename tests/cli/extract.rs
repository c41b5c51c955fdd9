//! `paydirt extract` as scripts use it.

use super::Sandbox;

#[test]
fn rows_are_the_same_bytes_for_any_number_of_jobs() {
    let sandbox = Sandbox::in_a_new_folder();
    for i in 0..40 {
        let text = format!("In May 20{:02} thieves took more than ${} million from KuCoin.\n", i % 25, i + 1)
            .repeat(1 + i % 7);
        sandbox.write(&format!("in/{i:02}.txt"), text);
    }
    let one = sandbox.run(&["extract", "in", "--jobs", "1"]);
    let many = sandbox.run(&["extract", "in", "--jobs", "5"]);
    assert_eq!(one.status, 0, "{}", one.stderr);
    assert_eq!(one.stdout, many.stdout);
}

#[test]
fn a_file_of_results_appears_whole_or_not_at_all() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("a.txt", "It cost $5 million in 2021.\n");
    let run = sandbox.run(&["extract", "a.txt", "--format", "csv", "-o", "rows.csv"]);
    assert_eq!((run.status, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let rows = std::fs::read_to_string(sandbox.path().join("rows.csv")).unwrap();
    assert!(rows.starts_with("schema,source,sha256,document_id"));
    let run = sandbox.run(&["extract", "a.txt", "-o", "no/such/rows.jsonl"]);
    assert_eq!(run.status, 2);
    assert_eq!(
        run.stderr,
        "paydirt: cannot write: no/such/rows.jsonl: No such file or directory (os error 2)\n  \
         hint: name a file in a folder that exists and can be written\n"
    );
}

#[test]
fn a_closed_pipe_is_no_error() {
    let sandbox = Sandbox::in_a_new_folder();
    sandbox.write("a.txt", "It cost $5 million in 2021.\n\n".repeat(20_000));
    let program = env!("CARGO_BIN_EXE_paydirt");
    let script = format!("'{program}' extract a.txt | head -n 1 >/dev/null; echo ${{PIPESTATUS[0]}}");
    let output = sandbox.command(&[]).get_current_dir().map(|dir| {
        std::process::Command::new("bash").args(["-c", &script]).current_dir(dir).output().unwrap()
    });
    let output = output.unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "0");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("rror"), "{output:?}");
}

#[test]
fn what_was_turned_down_is_listed_with_its_reason() {
    let sandbox = Sandbox::in_a_new_folder();
    // The last character is changed, so the checksum does not match.
    sandbox.write("a.txt", "The coins went to the wallet 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb.\n");
    let found = sandbox.run(&["extract", "a.txt", "--kind", "wallet"]);
    assert_eq!((found.status, found.stdout.as_str()), (0, ""), "{}", found.stderr);
    let run = sandbox.run(&["extract", "a.txt", "--rejected"]);
    let row: serde_json::Value = serde_json::from_str(run.stdout.lines().next().unwrap()).unwrap();
    assert_eq!(row["schema"], "paydirt.rejected/1");
    assert_eq!(row["surface"], "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb");
    assert!(row["why"].as_str().unwrap().contains("checksum"), "{row}");
}
