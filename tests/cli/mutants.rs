//! Damaged files: copies of samples with bytes changed, cut out, doubled and mixed. None is lost from the
//! account, none makes a fault, none hangs.
//!
//! `PAYDIRT_MUTANTS=5000 cargo test --release --test cli mutants -- --nocapture` makes so many, then
//! also of the PDFs in `../shared/data`, and tells what became of them.

use super::Sandbox;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// In the gate.
const MUTANTS: usize = 50;
/// Mutants that one run of the program reads.
const AT_ONCE: usize = 50;
/// Larger samples are left out, so that many mutants are read in a while.
const LARGEST: u64 = 400 << 10;

/// xorshift, so that every run makes the same mutants.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % most.max(1)
    }

    fn range(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length);
        start..(start + 1 + self.below(longest)).min(length)
    }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut inside: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
    inside.sort();
    found.extend(inside.into_iter().filter(|path| {
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        ["pdf", "docx", "html", "md"].contains(&ending)
            && path.metadata().is_ok_and(|about| about.len() <= LARGEST)
    }));
}

/// What PDFs are made of, put where it does not belong.
const WORDS: [&str; 22] = [
    "endstream",
    "endobj",
    "stream\r\n",
    "xref",
    "trailer",
    "startxref",
    "/Length -1",
    "/Length 99999999",
    "/Kids [1 0 R 2 0 R]",
    "/Count 2147483648",
    "1 0 R",
    "<<",
    ">>",
    "[",
    "]",
    "(",
    "/Filter /FlateDecode",
    "/Filter [/ASCIIHexDecode /LZWDecode]",
    "/W [1 9 9]",
    "/Prev 0",
    "/Type /ObjStm",
    "-0000000000.1e99",
];

/// One change.
fn change(bytes: &mut Vec<u8>, other: &[u8], numbers: &mut Numbers) {
    let length = bytes.len();
    if length == 0 {
        return;
    }
    match numbers.below(9) {
        0 => {
            let at = numbers.below(length);
            bytes[at] ^= 1 << numbers.below(8);
        }
        1 => {
            let random = numbers.below(256) as u8;
            bytes[numbers.range(length, 16)].fill(random);
        }
        2 => drop(bytes.drain(numbers.range(length, 2000))),
        3 => {
            let part = bytes[numbers.range(length, 2000)].to_vec();
            let at = numbers.below(length);
            bytes.splice(at..at, part);
        }
        4 => {
            let part = other[numbers.range(other.len(), 4000)].to_vec();
            let at = numbers.range(length, 4000);
            bytes.splice(at, part);
        }
        5 => {
            let word = WORDS[numbers.below(WORDS.len())];
            let at = numbers.range(length, word.len());
            bytes.splice(at, word.bytes());
        }
        6 => {
            // A number becomes another one.
            let from = numbers.below(length);
            if let Some(at) = bytes[from..].iter().position(u8::is_ascii_digit).map(|i| from + i) {
                bytes[at] = b'0' + numbers.below(10) as u8;
            }
        }
        7 => bytes.truncate(length - numbers.below(length / 2 + 1)),
        _ => {
            let (a, b) = (numbers.range(length, 500), numbers.below(length));
            let part: Vec<u8> = bytes.drain(a).collect();
            let at = b.min(bytes.len());
            bytes.splice(at..at, part);
        }
    }
}

#[test]
fn no_mutant_is_lost_or_makes_a_fault() {
    let asked = std::env::var("PAYDIRT_MUTANTS").ok().and_then(|n| n.parse().ok());
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut samples = Vec::new();
    files(&here.join("corpus"), &mut samples);
    files(&here.join("tests/documents"), &mut samples);
    if asked.is_some() {
        files(&here.join("../shared/data/edge-cases"), &mut samples);
        files(&here.join("../shared/data/reports"), &mut samples);
    }
    let samples: Vec<(String, Vec<u8>)> = samples
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    let mutants: usize = asked.unwrap_or(MUTANTS);
    let mut numbers = Numbers(0x5eed_5eed_5eed_5eed);
    let (mut outcomes, mut reasons) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    let mut longest = Duration::ZERO;
    let mut made = 0;
    while made < mutants {
        let sandbox = Sandbox::in_a_new_folder();
        let batch = AT_ONCE.min(mutants - made);
        for n in made..made + batch {
            let (name, bytes) = &samples[(n * 7 + numbers.below(3)) % samples.len()];
            let (_, other) = &samples[numbers.below(samples.len())];
            let mut bytes = bytes.clone();
            for _ in 0..1 + numbers.below(4) {
                change(&mut bytes, other, &mut numbers);
            }
            sandbox.write(&format!("corpus/{n:05}-{name}"), bytes);
        }
        made += batch;
        let begun = Instant::now();
        let built = sandbox.run(&["build", "--ocr", "never", "--reader", "both"]);
        longest = longest.max(begun.elapsed());
        let talk = format!("{}{}", built.stdout, built.stderr);
        let kept = || {
            // The mutants of this batch are kept to be looked at.
            let to = here.join("target/mutants");
            let _ = std::fs::create_dir_all(&to);
            for entry in std::fs::read_dir(sandbox.path().join("corpus")).unwrap().flatten() {
                std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
            }
            format!("up to mutant {made}, kept in {}:\n{talk}", to.display())
        };
        assert!(!talk.contains("a fault in paydirt") && !talk.contains("panicked"), "{}", kept());
        assert_eq!(built.status, 0, "{}", kept());
        let rows = sandbox.run(&["export", "documents"]).stdout;
        let rows: Vec<serde_json::Value> = rows.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(rows.len(), batch, "{}", kept());
        for row in rows {
            *outcomes.entry(row["status"].as_str().unwrap().to_string()).or_default() += 1;
            let why = row["why"].as_str().unwrap_or("").split(": ").last().unwrap_or("").to_string();
            if row["status"] == "failed" {
                *reasons.entry(why).or_default() += 1;
            }
        }
    }
    println!(
        "{mutants} mutants of {} samples: {outcomes:?}; the slowest {AT_ONCE} took {longest:?}",
        samples.len()
    );
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    reasons.iter().take(25).for_each(|(why, n)| println!("{n:6}  {why}"));
}
