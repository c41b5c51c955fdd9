//! The same files give the same bytes: twice, on one thread and on several, in another folder, with
//! another language and time zone, and built in steps.

use super::{Run, Sandbox};
use std::path::Path;

/// The ways, with what stands in the environment.
const WAYS: [(&str, &[(&str, &str)]); 3] = [
    ("1", &[]),
    ("2", &[("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8"), ("TZ", "Asia/Kathmandu")]),
    ("5", &[("LC_ALL", "C"), ("LANG", "de_DE"), ("LC_NUMERIC", "de_DE"), ("TZ", "America/St_Johns")]),
];

fn run(sandbox: &Sandbox, args: &[&str], environment: &[(&str, &str)]) -> Run {
    let mut command = sandbox.command(args);
    command.envs(environment.iter().copied());
    let output = command.output().unwrap();
    let run = Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code().unwrap_or(-1),
    };
    assert!(run.status < 2, "{args:?}: {}", run.stderr);
    run
}

/// The sample corpus, without what was fetched into it.
fn sample(sandbox: &Sandbox, wanted: impl Fn(&str) -> bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_file() && wanted(&name) {
            sandbox.write(&format!("corpus/{name}"), std::fs::read(&path).unwrap());
        }
    }
}

/// Everything a script may take from an index, and what `extract` gives without one.
fn rows(sandbox: &Sandbox, jobs: &str, environment: &[(&str, &str)]) -> Vec<(String, String)> {
    let asked: [&[&str]; 10] = [
        &["extract", "corpus/panel-2024.pdf", "corpus/digest-2019.txt", "--ocr", "never", "--jobs", jobs],
        &["export", "mentions"],
        &["export", "mentions", "--format", "csv"],
        &["export", "documents"],
        &["export", "hits", "theft OR million"],
        &["search", "theft", "--limit", "0", "--format", "jsonl"],
        &["search", "amount:>1M", "--sort", "amount", "--facets", "--limit", "0"],
        &["lineage", "$400 million"],
        &["verify", "Hackers extracted $400 million in 2021", "--format", "jsonl"],
        &["status", "--documents"],
    ];
    let mut all: Vec<(String, String)> = Vec::new();
    for args in asked {
        all.push((args.join(" ").replace(jobs, "N"), run(sandbox, args, environment).stdout));
    }
    all
}

fn hold(rows: &[(String, String)], to: &[(String, String)], how: &str) {
    for ((args, row), (_, first)) in rows.iter().zip(to) {
        assert!(!first.is_empty(), "paydirt {args} gives nothing");
        let differ = row.lines().zip(first.lines()).find(|(a, b)| a != b);
        assert!(row == first, "paydirt {args} differs {how}: {differ:?}");
    }
}

#[test]
fn rows_are_the_same_bytes_in_every_way_to_make_them() {
    let mut first: Option<Vec<(String, String)>> = None;
    for (jobs, environment) in WAYS {
        let sandbox = Sandbox::in_a_new_folder();
        sample(&sandbox, |_| true);
        run(&sandbox, &["build", "--ocr", "never", "--jobs", jobs], environment);
        let rows = rows(&sandbox, jobs, environment);
        hold(&rows, first.get_or_insert_with(|| rows.clone()), &format!("with {jobs} jobs, {environment:?}"));
    }
    // In steps, each on top of the one before.
    let sandbox = Sandbox::in_a_new_folder();
    let steps: [fn(&str) -> bool; 3] =
        [|name| name.starts_with('b'), |name| !name.contains("2024"), |_| true];
    for wanted in steps {
        sample(&sandbox, wanted);
        run(&sandbox, &["build", "--ocr", "never"], &[]);
    }
    hold(&rows(&sandbox, "2", &[]), &first.unwrap(), "built in steps");
}
