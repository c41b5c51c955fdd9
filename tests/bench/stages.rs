//! How fast the stages are, on real reports, as ratios within one run.
//!
//! `cargo bench --bench stages [-- FOLDER] [--only=STAGE]`: FOLDER holds PDFs and defaults to
//! `../shared/data/reports`, else `corpus/`; STAGE is `structure`, `extractors`, `claims` or `index`, for a
//! profiler. Each figure is the best of three rounds on one thread. `pdftotext` (poppler) reads the
//! same files in the same run where it is installed, one process a file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at what it did not expect")]

mod reports;

use paydirt::claims::{Claim, claims};
use paydirt::corpus::{self, Loaded, Outcome};
use paydirt::document::{Document, Source};
use paydirt::extract::{self, EXTRACTORS, Findings, Kind};
use paydirt::index::Writer;
use paydirt::read::{self, Ocr, Options, PdfReaders, Reading};
use paydirt::structure;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const ROUNDS: usize = 3;

fn best(mut work: impl FnMut()) -> Duration {
    (0..ROUNDS)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed()
        })
        .min()
        .unwrap()
}

fn sources(folder: &Path) -> Vec<(PathBuf, Source, Vec<u8>)> {
    let mut found = Vec::new();
    for file in corpus::walk_corpus(folder).unwrap().files {
        if let Loaded::Source { source, bytes } = corpus::load(&file, corpus::SIZE_LIMIT)
            && source.format == paydirt::document::Format::Pdf
        {
            found.push((file.path, source, bytes));
        }
    }
    found
}

fn read_all(sources: &[(PathBuf, Source, Vec<u8>)], pdf: PdfReaders) -> Vec<(Source, Reading)> {
    let options = Options { pdf, ocr: Ocr::Never };
    sources
        .iter()
        .filter_map(|(_, source, bytes)| {
            Some((source.clone(), read::read(bytes, source.format, &options).ok()?))
        })
        .collect()
}

fn main() {
    let folder = reports::folder();
    let sources = sources(&folder);
    let readings = read_all(&sources, PdfReaders::Hayro);
    let pages: usize = readings.iter().map(|(_, reading)| reading.pages.len()).sum();
    println!("{} PDFs, {pages} pages, in {}; best of {ROUNDS}, one thread", sources.len(), folder.display());

    let only = std::env::args().find_map(|arg| arg.strip_prefix("--only=").map(str::to_string));
    if let Some(stage) = only {
        return match stage.as_str() {
            "structure" => drop(structure_again(&readings)),
            "extractors" => drop(extractors(&structured(readings))),
            "claims" => drop(claims_of(&mined(&structured(readings)))),
            "index" => drop(index(&mined(&structured(readings)))),
            other => println!("there is no stage {other:?}"),
        };
    }
    let told = |what: &str, took: Duration| {
        println!("{what:34} {:8.2} s {:9.0} pages/s", took.as_secs_f64(), pages as f64 / took.as_secs_f64());
        took.as_secs_f64()
    };
    let hayro = told("read: hayro", best(|| drop(read_all(&sources, PdfReaders::Hayro))));
    let both = told("read: both, digits compared", best(|| drop(read_all(&sources, PdfReaders::Both))));
    let shaped = structure_again(&readings).as_secs_f64();
    println!("cross-check costs {:.2} x of reading", both / hayro);
    if let Some(took) = pdftotext(&sources) {
        let theirs = told("pdftotext, one process a file", took);
        println!("reading and structure against pdftotext: {:.2} x its time", (hayro + shaped) / theirs);
    }

    let documents = structured(readings);
    let extracted = extractors(&documents);
    let mined = mined(&documents);
    let claimed = claims_of(&mined);
    let indexed = index(&mined);
    let mining = (extracted + claimed + indexed).as_secs_f64();
    let all = both + shaped + mining;
    println!("the extractors are {:.1} % of all stages together", 100.0 * extracted.as_secs_f64() / all);
    println!("extraction, claims and index are {:.1} % of all stages together", 100.0 * mining / all);
}

fn structured(readings: Vec<(Source, Reading)>) -> Vec<Document> {
    readings.into_iter().map(|(source, reading)| structure::structure(source, None, reading)).collect()
}

fn structure_again(readings: &[(Source, Reading)]) -> Duration {
    let took = best(|| {
        for (source, reading) in readings {
            std::hint::black_box(structure::structure(source.clone(), None, reading.clone()));
        }
    });
    println!("{:34} {:8.2} s", "structure", took.as_secs_f64());
    took
}

type Mined<'d> = (&'d Document, Findings, Vec<Claim>);

fn mined(documents: &[Document]) -> Vec<Mined<'_>> {
    let mine = |document| {
        let findings = extract::extract(document, &Kind::ALL);
        let claims = claims(document, &findings);
        (document, findings, claims)
    };
    documents.iter().map(mine).collect()
}

fn claims_of(mined: &[Mined<'_>]) -> Duration {
    let took = best(|| {
        for (document, findings, _) in mined {
            std::hint::black_box(claims(document, findings));
        }
    });
    println!("{:34} {:8.1} MB/s", "claims", mega(mined) / took.as_secs_f64());
    took
}

fn index(mined: &[Mined<'_>]) -> Duration {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/stages");
    let took = best(|| {
        let _ = std::fs::remove_dir_all(&place);
        let mut writer = Writer::create(&place).unwrap();
        for (n, (document, findings, claims)) in mined.iter().enumerate() {
            writer.add(document, findings, claims, &Outcome::Read).unwrap();
            // As many as a run has on the average.
            if n % 16 == 15 {
                writer.end_run(None).unwrap();
            }
        }
        writer.finish().unwrap();
    });
    println!("{:34} {:8.1} MB/s", "index", mega(mined) / took.as_secs_f64());
    took
}

fn mega(mined: &[Mined<'_>]) -> f64 {
    mined.iter().map(|(document, ..)| document.text.len()).sum::<usize>() as f64 / 1e6
}

/// Each extractor and all together: the time of all.
fn extractors(documents: &[Document]) -> Duration {
    let bytes: usize = documents.iter().map(|d| d.text.len()).sum();
    let mega = bytes as f64 / 1e6;
    println!("\nextractors on {mega:.1} MB of text");
    for extractor in EXTRACTORS {
        let took = best(|| {
            for document in documents {
                let mut findings = Findings::default();
                (extractor.find)(document, &mut findings);
                std::hint::black_box(findings);
            }
        });
        println!("{:34} {:8.1} MB/s", extractor.name, mega / took.as_secs_f64());
    }
    let extracted = best(|| {
        for document in documents {
            std::hint::black_box(extract::extract(document, &Kind::ALL));
        }
    });
    println!("{:34} {:8.1} MB/s", "all together", mega / extracted.as_secs_f64());
    extracted
}

/// The time poppler takes over the same files; `None` where it is not installed.
fn pdftotext(sources: &[(PathBuf, Source, Vec<u8>)]) -> Option<Duration> {
    let run = |path: &Path| {
        Command::new("pdftotext").arg(path).arg("-").stdout(Stdio::null()).stderr(Stdio::null()).status()
    };
    run(Path::new("/dev/null")).ok()?;
    Some(best(|| {
        for (path, _, _) in sources {
            run(path).unwrap();
        }
    }))
}
