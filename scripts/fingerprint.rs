//! Build script: hashes of what decides what an index holds.
//!
//! `PAYDIRT_RULES` is of reader, structure, rules with their data files, and the index's own code:
//! an index made by other code than the program has is told apart by it. `PAYDIRT_READER` is of
//! the reader alone, with the versions of the libraries it stands on: readings are kept by it.

use std::path::{Path, PathBuf};

const RULES: [&str; 7] =
    ["src/document.rs", "src/corpus", "src/read", "src/structure", "src/extract", "src/claims", "src/index"];
const READER: [&str; 3] = ["src/document.rs", "src/read", "Cargo.lock"];

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        found.push(path.to_path_buf());
        return;
    };
    for entry in entries.flatten() {
        files(&entry.path(), found);
    }
}

/// FNV-1a, 64 bits: to tell versions apart, not to keep secrets.
fn hash(places: &[&str]) -> u64 {
    let mut found = Vec::new();
    for place in places {
        println!("cargo:rerun-if-changed={place}");
        files(Path::new(place), &mut found);
    }
    found.sort();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for path in found {
        let name = path.to_string_lossy().replace('\\', "/");
        // Line ends may differ between checkouts.
        let bytes = std::fs::read(&path).unwrap_or_default().into_iter().filter(|b| *b != b'\r');
        for byte in name.bytes().chain([0]).chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

fn main() {
    println!("cargo:rustc-env=PAYDIRT_RULES={:016x}", hash(&RULES));
    println!("cargo:rustc-env=PAYDIRT_READER={:016x}", hash(&READER));
}
