//! How fast an index of a million passages answers, and how large it is.
//!
//! `cargo bench --bench scale [-- FOLDER [PASSAGES]]` builds the index of synthetic reports in FOLDER
//! (default `target/scale`; kept, and built anew only where the program has changed), then asks ten
//! shapes of query on one thread, warm: each a hundred different queries, of which the first ten
//! hits are read. SQLite FTS5 and, where it is installed, Recoll have the same texts and are asked the
//! shapes they know, in the same run.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops at what it did not expect"
)]

mod corpus;
mod others;

use corpus::{Numbers, PARAGRAPHS};
use paydirt::corpus::{Outcome, sha256_hex};
use paydirt::index::{Facet, Index, Writer};
use paydirt::mine;
use paydirt::search::{Filters, Options, Sort, search};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Queries of a shape.
const QUERIES: usize = 100;

/// One question, as paydirt is asked it.
#[derive(Debug, Clone, Default)]
pub struct Question {
    text: String,
    filters: Filters,
    facets: Vec<Facet>,
    sort: Sort,
}

impl Question {
    fn of(text: impl Into<String>) -> Self {
        Question { text: text.into(), ..Default::default() }
    }
}

/// Questions of one kind.
#[derive(Debug)]
pub struct Shape {
    name: &'static str,
    questions: Vec<Question>,
}

/// Median and 99th percentile.
fn percentiles(mut took: Vec<Duration>) -> (f64, f64) {
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share).round() as usize].as_secs_f64() * 1e3;
    (at(0.5), at(0.99))
}

/// Each question once to warm up, then each with its time.
pub fn timed<T>(questions: &[T], mut ask: impl FnMut(&T)) -> (f64, f64) {
    questions.iter().for_each(&mut ask);
    percentiles(
        questions
            .iter()
            .map(|question| {
                let begun = Instant::now();
                ask(question);
                begun.elapsed()
            })
            .collect(),
    )
}

fn build(folder: &Path, reports: u64) -> Index {
    let kept = Index::open(folder).ok().filter(|index| index.head.documents == reports);
    if let Some(index) = kept {
        println!("index kept: {} passages", index.head.passages);
        return index;
    }
    let begun = Instant::now();
    let mut writer = Writer::create(folder).unwrap();
    let keys: Vec<String> = (0..reports).map(|n| sha256_hex(&n.to_le_bytes())).collect();
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    mine::in_order(
        (0..reports).collect(),
        jobs,
        |n| (n, corpus::report(n)),
        |(n, mined)| {
            writer.add(&mined.document, &mined.findings, &mined.claims, &Outcome::Read)?;
            writer.end_run(Some(keys[n as usize].clone()))
        },
    )
    .unwrap();
    let summary = writer.finish().unwrap();
    println!(
        "built {} documents, {} passages, {} mentions in {:.0} s",
        summary.documents,
        summary.passages,
        summary.mentions,
        begun.elapsed().as_secs_f64()
    );
    Index::open(folder).unwrap()
}

fn size(folder: &Path) -> u64 {
    std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| if e.path().is_dir() { size(&e.path()) } else { e.metadata().unwrap().len() })
        .sum()
}

/// Bytes of an index by what they hold: the endings of tantivy's files, and the lists beside them.
fn sizes(folder: &Path, by_ending: &mut BTreeMap<String, u64>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sizes(&path, by_ending);
        } else {
            let ending = path.extension().map_or("other".to_string(), |e| e.to_string_lossy().into_owned());
            *by_ending.entry(ending).or_default() += entry.metadata().unwrap().len();
        }
    }
}

/// A word with a letter that is not its own.
fn misspelt(word: &str) -> String {
    let at = word.len() / 2;
    format!("{}x{}", &word[..at], &word[at + 1..])
}

/// Two words that stand next to each other in a report.
fn pair(numbers: &mut Numbers, reports: u64) -> String {
    let text = corpus::text(numbers.below(reports));
    let words: Vec<&str> = text.split_whitespace().collect();
    loop {
        let at = numbers.below(words.len() as u64 - 1) as usize;
        let pair = &words[at..at + 2];
        if pair.iter().all(|w| w.len() > 2 && w.bytes().all(|b| b.is_ascii_lowercase())) {
            return pair.join(" ");
        }
    }
}

fn shapes(reports: u64) -> Vec<Shape> {
    let mut numbers = Numbers::of(7);
    let mut shape = |name, make: &mut dyn FnMut(&mut Numbers, usize) -> Question| Shape {
        name,
        questions: (0..QUERIES).map(|n| make(&mut numbers, n)).collect(),
    };
    let chosen = |facet: Facet, values: Vec<String>, filters: &mut Filters| {
        filters.chosen.insert(facet, values);
    };
    vec![
        shape("word", &mut |numbers, _| Question::of(corpus::noun(numbers))),
        shape("phrase", &mut |numbers, _| Question::of(format!("\"{}\"", pair(numbers, reports)))),
        shape("amount range", &mut |numbers, _| {
            let low = corpus::sum(numbers).round();
            Question::of(format!("amount:USD {low}..{}", low * 1.5))
        }),
        shape("date overlap + facet", &mut |numbers, _| {
            let (year, month) = (2012 + numbers.below(13), 1 + numbers.below(12));
            let mut question = Question::of(format!("date:{year}-{month:02}..{}-06", year + 1));
            question.facets = vec![Facet::Exchange];
            question
        }),
        shape("prefix", &mut |numbers, _| {
            let word = corpus::noun(numbers);
            Question::of(format!("{}*", &word[..word.len().min(4)]))
        }),
        shape("fuzzy", &mut |numbers, _| Question::of(format!("{}~", misspelt(corpus::noun(numbers))))),
        shape("wallet", &mut |numbers, _| Question::of(corpus::wallet(numbers))),
        shape("3 facets selected", &mut |numbers, _| {
            let mut question = Question::of(corpus::noun(numbers));
            chosen(Facet::Publisher, vec![corpus::publisher(numbers).to_string()], &mut question.filters);
            let year = 2012 + numbers.below(13);
            chosen(Facet::Year, vec![year.to_string(), (year + 1).to_string()], &mut question.filters);
            chosen(Facet::Kind, vec!["amount".to_string()], &mut question.filters);
            question.facets = vec![Facet::Publisher, Facet::Year, Facet::Kind];
            question
        }),
        shape("sort by amount", &mut |numbers, _| {
            let mut question = Question::of(corpus::noun(numbers));
            question.sort = Sort::Amount;
            question
        }),
        shape("facet listing", &mut |_, n| Question {
            facets: vec![Facet::ALL[n % Facet::ALL.len()]],
            ..Default::default()
        }),
    ]
}

/// Asks as `paydirt search` does, and reads ten hits.
fn ask(index: &Index, question: &Question) -> usize {
    let options = Options {
        facets: question.facets.clone(),
        sort: question.sort,
        fold: true,
        wanted: Some(10),
        ..Options::default()
    };
    let found = search(index, &question.text, &question.filters, &options).unwrap();
    found.hits(Some(10)).for_each(|hit| drop(std::hint::black_box(hit.unwrap())));
    found.total()
}

/// Resident memory at most, in MiB, where the system tells it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        status.lines().find_map(|l| l.strip_prefix("VmHWM:")).and_then(|l| l.trim().strip_suffix(" kB"));
    peak.and_then(|kib| kib.trim().parse::<u64>().ok())
        .map_or("?".to_string(), |kib| format!("{} MiB", kib / 1024))
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with('-'));
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/scale");
    let folder: PathBuf = args.next().map_or(default, PathBuf::from);
    let passages: u64 = args.next().map_or(1_000_000, |n| n.parse().unwrap());
    let reports = (passages / PARAGRAPHS as u64).max(1);
    std::fs::create_dir_all(&folder).unwrap();
    // Recoll takes no relative paths.
    let folder = folder.canonicalize().unwrap();
    let index = build(&folder.join("index"), reports);
    println!("most memory so far: {}", memory());
    let text: u64 = (0..reports).map(|n| corpus::text(n).len() as u64).sum();
    let bytes = size(&folder.join("index"));
    println!("{} MiB of text, index of {} MiB: {:.2} x", text >> 20, bytes >> 20, bytes as f64 / text as f64);
    let mut by_ending = BTreeMap::new();
    sizes(&folder.join("index"), &mut by_ending);
    for (ending, bytes) in by_ending {
        println!("  {ending:10} {:.3} x", bytes as f64 / text as f64);
    }

    let shapes = shapes(reports);
    let mut others = others::all(&folder, reports);
    println!("\n{:22} {:>10} {:>10} {:>10}", "milliseconds", "median", "p99", "passages");
    for shape in &shapes {
        let mut found: Vec<usize> = shape.questions.iter().map(|q| ask(&index, q)).collect();
        found.sort_unstable();
        let (median, p99) = timed(&shape.questions, |q| {
            std::hint::black_box(ask(&index, q));
        });
        println!("{:22} {median:10.2} {p99:10.2} {:10}", shape.name, found[found.len() / 2]);
        for other in &mut others {
            if let Some((theirs, theirs_p99)) = other.time(shape) {
                println!("  {:20} {theirs:10.2} {theirs_p99:10.2}   {:.1} x", other.name(), theirs / median);
            }
        }
    }
    println!("most memory: {}", memory());
}
