//! Whether the cost of a build grows as its work, and what one document more costs.
//!
//! `cargo bench --bench linear [-- FOLDER [SIZES]]` makes copies of the PDFs of FOLDER (default
//! `../shared/data/reports`, else `corpus/`) with other figures in them, builds 1, 2, 4 and 8 times the
//! corpus (or SIZES, such as `1,2`) from nothing, each in a process of its own, and tells processor
//! time and memory against those of the first. Then it adds one document at a time to the largest.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark stops at what it did not expect"
)]

mod measured;
mod reports;

use lopdf::content::Content;
use lopdf::{Document, Object};
use measured::{Took, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Documents added one by one.
const MORE: usize = 5;

/// Every digit of a text another one.
fn shifted(text: &mut [u8], by: u8) {
    if text.iter().all(|b| (b' '..0x7f).contains(b)) {
        for digit in text.iter_mut().filter(|b| b.is_ascii_digit()) {
            *digit = b'0' + (*digit - b'0' + by) % 10;
        }
    }
}

/// A copy of a PDF whose printed figures are other ones, where its fonts have plain encodings.
/// The first copy goes the same way with its figures as they are.
fn copied(bytes: &[u8], by: u8) -> Option<Vec<u8>> {
    let mut document = Document::load_mem(bytes).ok().filter(|d| !d.is_encrypted())?;
    for (_, page) in document.get_pages() {
        let Ok(mut content) = document.get_page_content(page).and_then(|c| Content::decode(&c)) else {
            continue;
        };
        for operand in content.operations.iter_mut().flat_map(|o| &mut o.operands) {
            match operand {
                Object::String(text, _) => shifted(text, by),
                Object::Array(parts) => parts.iter_mut().for_each(|part| {
                    if let Object::String(text, _) = part {
                        shifted(text, by);
                    }
                }),
                _ => {}
            }
        }
        document.change_page_content(page, content.encode().ok()?).ok()?;
    }
    let trailer = document.new_object_id();
    // No two copies are the same file, also where no figure could be changed.
    document.objects.insert(trailer, Object::Integer(i64::from(by)));
    document.compress();
    let mut copy = Vec::new();
    document.save_to(&mut copy).ok()?;
    Some(copy)
}

fn copy(originals: &[PathBuf], to: &Path, by: u8) -> usize {
    fs::create_dir_all(to).unwrap();
    let mut other = 0;
    for path in originals {
        let bytes = fs::read(path).unwrap();
        let copy = std::panic::catch_unwind(|| copied(&bytes, by)).ok().flatten();
        other += usize::from(copy.is_none());
        let copy = copy.unwrap_or_else(|| [bytes.as_slice(), format!("\n% {by}\n").as_bytes()].concat());
        fs::write(to.join(path.file_name().unwrap()), copy).unwrap();
    }
    other
}

fn build(corpus: &Path, index: &Path) -> Took {
    let mut command = Command::new(env!("CARGO_BIN_EXE_paydirt"));
    command.arg("build").arg(corpus).arg("--index").arg(index).args(["--ocr", "never"]);
    run(command.stdout(Stdio::null()).stderr(Stdio::null()))
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with('-'));
    let from = reports::folder();
    args.next();
    let sizes: Vec<u8> =
        args.next().as_deref().unwrap_or("1,2,4,8").split(',').map(|n| n.parse().unwrap()).collect();
    let mut originals: Vec<PathBuf> = fs::read_dir(&from).unwrap().map(|e| e.unwrap().path()).collect();
    originals.retain(|path| path.extension().is_some_and(|e| e == "pdf"));
    originals.sort();
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/linear");
    let _ = fs::remove_dir_all(&place);
    let corpus = place.join("corpus");
    println!("{} PDFs of {}", originals.len(), from.display());
    println!("{:>5} {:>10} {:>10} {:>12} {:>10} {:>8}", "size", "s", "cpu s", "cpu / size", "MiB", "memory");
    let (mut copies, mut first, mut index) = (0, None, place.clone());
    std::panic::set_hook(Box::new(|_| ()));
    for size in sizes {
        for by in copies..size {
            let other = copy(&originals, &corpus.join(format!("copy-{by}")), by);
            if other > 0 && by == 0 {
                println!("{other} of them are copied as they are");
            }
        }
        copies = size;
        index = place.join(format!("index-{size}"));
        let took = build(&corpus, &index);
        let (one, least): (Took, f64) = *first.get_or_insert((took, f64::from(size)));
        let growth = took.cpu / one.cpu / (f64::from(size) / least);
        println!(
            "{size:>4}x {:>10.1} {:>10.1} {growth:>12.3} {:>10.0} {:>8.2}",
            took.seconds,
            took.cpu,
            took.memory,
            took.memory / one.memory
        );
    }
    // One document more; those of a middle size, as most are.
    let mut by_size: Vec<(u64, &PathBuf)> =
        originals.iter().map(|path| (fs::metadata(path).unwrap().len(), path)).collect();
    by_size.sort();
    // Files that changed a moment ago are hashed again, as it should be; these have settled.
    std::thread::sleep(std::time::Duration::from_secs(5));
    build(&corpus, &index);
    for n in 0..MORE.min(by_size.len()) {
        let (_, path) = by_size[(n + 1) * by_size.len() / (MORE + 2)];
        let bytes = copied(&fs::read(path).unwrap(), 9).unwrap_or_else(|| fs::read(path).unwrap());
        // In another folder each time, so that another run changes.
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        fs::write(corpus.join(format!("copy-{}/more-{name}", n as u8 % copies)), bytes).unwrap();
        let took = build(&corpus, &index);
        println!("one document more: {:.2} s, {:.2} s cpu  ({name})", took.seconds, took.cpu);
    }
    let took = build(&corpus, &index);
    println!("nothing more: {:.2} s, {:.2} s cpu", took.seconds, took.cpu);
}
