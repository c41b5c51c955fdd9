//! The same work through what a user would take instead, in one run: reading and indexing a folder of
//! PDFs, then finding a phrase in it.
//!
//! `scripts/bench-peers [FOLDER]` installs what is missing and runs this; `cargo bench --bench peers [--
//! FOLDER]` takes what is there. FOLDER defaults to `../shared/data/reports`, else `corpus/`. Every
//! build is the better of two, every question the median of twenty, each in processes of their own.
//!
//! The others do less: `pdftotext` and `rg` have text without places, Recoll and SQLite find whole
//! files or paragraphs, and none of the three knows figures. The Python libraries do, on a sample of
//! the pages, one process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops at what it did not expect"
)]

mod measured;
mod reports;

use measured::{Took, run};
use rusqlite::{Connection, params};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

const QUESTION: &str = "virtual assets";
const ROUNDS: usize = 2;
/// One file in so many is read by the Python libraries.
const PYTHON_ONE_IN: usize = 12;
/// They have so long for it, in seconds.
const PYTHON_AT_MOST: &str = "240";

fn is_there(program: &str) -> bool {
    let found =
        Command::new("sh").arg("-c").arg(format!("command -v {program}")).stdout(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

fn quiet(command: &mut Command) -> &mut Command {
    command.stdout(Stdio::null()).stderr(Stdio::null())
}

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(script);
    command
}

/// The quickest of some runs, each after `before`.
fn best(mut before: impl FnMut(), mut command: impl FnMut() -> Command) -> Took {
    let runs = (0..ROUNDS).map(|_| {
        before();
        run(quiet(&mut command()))
    });
    runs.min_by(|a, b| a.seconds.total_cmp(&b.seconds)).unwrap()
}

/// Milliseconds from the start of a process to its end, the median of twenty.
fn answers(mut command: impl FnMut() -> Command) -> f64 {
    let mut took: Vec<f64> = (0..20)
        .map(|_| {
            let begun = Instant::now();
            let ended = quiet(&mut command()).stdin(Stdio::null()).status().unwrap();
            assert!(ended.code().is_some_and(|code| code < 2), "{:?}", command());
            begun.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    took.sort_by(f64::total_cmp);
    took[took.len() / 2]
}

fn told(what: &str, took: Took, ours: Took) {
    println!(
        "{what:44} {:8.1} s {:8.1} s cpu {:6.0} MiB   {:5.2} x",
        took.seconds,
        took.cpu,
        took.memory,
        took.seconds / ours.seconds
    );
}

fn main() {
    let reports = reports::folder().canonicalize().unwrap();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    let _ = fs::remove_dir_all(&place);
    fs::create_dir_all(&place).unwrap();
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let mut pdfs: Vec<PathBuf> = fs::read_dir(&reports).unwrap().map(|e| e.unwrap().path()).collect();
    pdfs.retain(|path| path.extension().is_some_and(|e| e == "pdf"));
    pdfs.sort();
    println!("{} PDFs in {}, {jobs} processors; ratios are to paydirt's time", pdfs.len(), reports.display());

    let index = place.join("index");
    let fresh = |path: PathBuf| move || drop(fs::remove_dir_all(&path));
    let paydirt = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_paydirt"));
        command.args(args).arg("--index").arg(&index);
        command
    };
    let ours = best(fresh(index.clone()), || {
        let mut command = paydirt(&["build", "--ocr", "never"]);
        command.arg(&reports);
        command
    });
    told("paydirt build", ours, ours);
    let found = answers(|| paydirt(&["search", &format!("\"{QUESTION}\""), "--limit", "10"]));
    let mut questions = vec![("paydirt search".to_string(), found)];

    let texts = place.join("texts");
    if is_there("pdftotext") {
        // One process a file, as many at once as there are processors.
        let script = format!(
            "find {} -name '*.pdf' -print0 | xargs -0 -P {jobs} -I F sh -c 'pdftotext \"F\" \"{}/$(basename \"F\" .pdf).txt\" || true'",
            reports.display(),
            texts.display()
        );
        let again = || {
            let _ = fs::remove_dir_all(&texts);
            fs::create_dir_all(&texts).unwrap();
        };
        told("pdftotext", best(again, || shell(&script)), ours);
        if is_there("rg") {
            let rg = || {
                let mut command = Command::new("rg");
                command.args(["-i", QUESTION]).arg(&texts);
                command
            };
            questions.push(("rg over its texts".to_string(), answers(rg)));
        }
        let database = place.join("fts5.db");
        let begun = Instant::now();
        let paragraphs = fts5(&database, &texts);
        println!(
            "SQLite FTS5 of its texts, {paragraphs} paragraphs: {:26.1} s more",
            begun.elapsed().as_secs_f64()
        );
        if is_there("sqlite3") {
            let sql = format!(
                "SELECT text FROM passages WHERE passages MATCH '\"{QUESTION}\"' ORDER BY rank LIMIT 10"
            );
            let ask = || {
                let mut command = Command::new("sqlite3");
                command.arg(&database).arg(&sql);
                command
            };
            questions.push(("sqlite3, FTS5".to_string(), answers(ask)));
        }
    }

    if is_there("recollindex") {
        let settings = place.join("recoll");
        let again = || {
            let _ = fs::remove_dir_all(&settings);
            fs::create_dir_all(&settings).unwrap();
            fs::write(settings.join("recoll.conf"), format!("topdirs = {}\npdfocr = 0\n", reports.display()))
                .unwrap();
        };
        let recoll = || {
            let mut command = Command::new("recollindex");
            command.arg("-c").arg(&settings);
            command
        };
        told("recollindex", best(again, recoll), ours);
        let ask = || {
            let mut command = Command::new("recollq");
            command.arg("-c").arg(&settings).args(["-n", "10", &format!("\"{QUESTION}\"")]);
            command
        };
        questions.push(("recollq".to_string(), answers(ask)));
    }

    if let Some(python) = std::env::var_os("PAYDIRT_PYTHON") {
        let sample: Vec<&PathBuf> = pdfs.iter().step_by(PYTHON_ONE_IN).collect();
        let part = place.join("sample");
        fs::create_dir_all(&part).unwrap();
        for pdf in &sample {
            fs::copy(pdf, part.join(pdf.file_name().unwrap())).unwrap();
        }
        println!("\n{} of the PDFs, one process and one thread each:", sample.len());
        let ours = best(fresh(place.join("sample-index")), || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_paydirt"));
            command
                .args(["build", "--ocr", "never", "--jobs", "1", "--index"])
                .arg(place.join("sample-index"))
                .arg(&part);
            command
        });
        told("paydirt build --jobs 1", ours, ours);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/peers.py");
        for way in ["pymupdf", "pdfminer", "quantulum3", "dateparser", "iocsearcher"] {
            let mut command = Command::new(&python);
            command.arg(&script).arg(way).arg(&part).arg(PYTHON_AT_MOST);
            let took = run(command.stderr(Stdio::null()));
            told(&format!("Python: {way}"), took, ours);
        }
    }

    println!("\nfrom the start of a process to its answer, milliseconds");
    for (what, took) in questions {
        println!("{what:44} {took:8.1}   {:5.2} x", took / found);
    }
}

fn fts5(file: &Path, texts: &Path) -> usize {
    let mut connection = Connection::open(file).unwrap();
    connection
        .execute_batch("CREATE VIRTUAL TABLE passages USING fts5(text, report UNINDEXED, tokenize = 'porter unicode61');")
        .unwrap();
    let all = connection.transaction().unwrap();
    let mut count = 0;
    {
        let mut insert = all.prepare("INSERT INTO passages VALUES (?1, ?2)").unwrap();
        for entry in fs::read_dir(texts).unwrap() {
            let path = entry.unwrap().path();
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            for paragraph in text.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
                insert.execute(params![paragraph, path.file_name().unwrap().to_string_lossy()]).unwrap();
                count += 1;
            }
        }
    }
    all.execute("INSERT INTO passages(passages) VALUES ('optimize')", []).unwrap();
    all.commit().unwrap();
    count
}
