//! Other engines over the same texts: SQLite FTS5 and Recoll.

use super::{Shape, corpus, timed};
use rusqlite::{Connection, params};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

/// An engine that answers some of the shapes.
pub trait Engine {
    fn name(&self) -> &'static str;
    /// Median and 99th percentile in milliseconds; `None` for a shape it does not know.
    fn time(&mut self, shape: &Shape) -> Option<(f64, f64)>;
}

/// The engines at hand, each with an index of the reports in the folder.
pub fn all(folder: &Path, reports: u64) -> Vec<Box<dyn Engine>> {
    let mut all: Vec<Box<dyn Engine>> = vec![Box::new(Fts5::of(&folder.join("fts5.db"), reports))];
    if let Some(recoll) = Recoll::of(&folder.join("recoll"), reports) {
        all.push(Box::new(recoll));
    }
    all
}

/// Paragraphs of the text of a report.
fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|p| !p.is_empty())
}

struct Fts5 {
    connection: Connection,
}

impl Fts5 {
    fn of(file: &Path, reports: u64) -> Self {
        let mut connection = Connection::open(file).unwrap();
        let held: Option<i64> = connection
            .query_row("SELECT reports FROM held", [], |row| row.get(0))
            .ok()
            .filter(|n| *n == reports as i64);
        if held.is_none() {
            let begun = Instant::now();
            connection
                .execute_batch(
                    "DROP TABLE IF EXISTS held; DROP TABLE IF EXISTS passages;
                     CREATE VIRTUAL TABLE passages USING fts5(text, report UNINDEXED, tokenize = 'porter unicode61');",
                )
                .unwrap();
            let all = connection.transaction().unwrap();
            {
                let mut insert = all.prepare("INSERT INTO passages VALUES (?1, ?2)").unwrap();
                for number in 0..reports {
                    for paragraph in paragraphs(&corpus::text(number)) {
                        insert.execute(params![paragraph, number as i64]).unwrap();
                    }
                }
            }
            all.execute("INSERT INTO passages(passages) VALUES ('optimize')", []).unwrap();
            all.execute("CREATE TABLE held AS SELECT ?1 AS reports", [reports as i64]).unwrap();
            all.commit().unwrap();
            println!("SQLite FTS5: built in {:.0} s", begun.elapsed().as_secs_f64());
        }
        println!("SQLite FTS5: {} MiB", std::fs::metadata(file).unwrap().len() >> 20);
        Fts5 { connection }
    }
}

impl Engine for Fts5 {
    fn name(&self) -> &'static str {
        "SQLite FTS5"
    }

    fn time(&mut self, shape: &Shape) -> Option<(f64, f64)> {
        let queries: Vec<String> = match shape.name {
            "word" | "phrase" | "wallet" => {
                shape.questions.iter().map(|q| format!("\"{}\"", q.text.trim_matches('"'))).collect()
            }
            "prefix" => {
                shape.questions.iter().map(|q| format!("\"{}\" *", q.text.trim_end_matches('*'))).collect()
            }
            _ => return None,
        };
        let sql = "SELECT text, bm25(passages) FROM passages WHERE passages MATCH ?1 ORDER BY rank LIMIT 10";
        let mut best = self.connection.prepare(sql).unwrap();
        // paydirt tells how many were found, so they are counted here as well.
        let mut total =
            self.connection.prepare("SELECT count(*) FROM passages WHERE passages MATCH ?1").unwrap();
        Some(timed(&queries, |query| {
            let texts = best.query_map([query], |row| row.get::<_, String>(0)).unwrap();
            texts.for_each(|text| drop(std::hint::black_box(text.unwrap())));
            std::hint::black_box(total.query_row([query], |row| row.get::<_, i64>(0)).unwrap());
        }))
    }
}

/// Recoll finds whole files, so its answers are coarser; its times hold the start of a process, so
/// what a query takes that finds nothing is told beside them.
struct Recoll {
    settings: std::path::PathBuf,
}

impl Recoll {
    fn of(folder: &Path, reports: u64) -> Option<Self> {
        let quiet = |command: &mut Command| {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().ok()
        };
        quiet(Command::new("recollindex").arg("-h"))?;
        let (files, settings, held) = (folder.join("files"), folder.join("settings"), folder.join("held"));
        if std::fs::read_to_string(&held).ok() != Some(reports.to_string()) {
            let _ = std::fs::remove_dir_all(folder);
            std::fs::create_dir_all(&files).unwrap();
            std::fs::create_dir_all(&settings).unwrap();
            for number in 0..reports {
                std::fs::write(files.join(format!("report-{number:06}.txt")), corpus::text(number)).unwrap();
            }
            std::fs::write(settings.join("recoll.conf"), format!("topdirs = {}\n", files.display())).unwrap();
            let begun = Instant::now();
            quiet(Command::new("recollindex").arg("-c").arg(&settings))?;
            println!("Recoll: built in {:.0} s", begun.elapsed().as_secs_f64());
            std::fs::write(&held, reports.to_string()).unwrap();
        }
        println!("Recoll: {} MiB", super::size(&settings.join("xapiandb")) >> 20);
        let recoll = Recoll { settings };
        let (start, _) = timed(&[(); 20], |()| recoll.ask("qqqqqqqq"));
        println!("Recoll: {start:.2} ms for a process that finds nothing");
        Some(recoll)
    }

    fn ask(&self, query: &str) {
        let mut command = Command::new("recollq");
        command.arg("-c").arg(&self.settings).args(["-n", "10", query]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().unwrap();
    }
}

impl Engine for Recoll {
    fn name(&self) -> &'static str {
        "Recoll"
    }

    fn time(&mut self, shape: &Shape) -> Option<(f64, f64)> {
        if !matches!(shape.name, "word" | "phrase" | "wallet" | "prefix") {
            return None;
        }
        Some(timed(&shape.questions, |question| self.ask(&question.text)))
    }
}
