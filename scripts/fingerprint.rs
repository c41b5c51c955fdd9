//! Build script: a hash of everything that decides what an index holds, as `PAYDIRT_RULES`.
//!
//! Reader, structure, rules with their data files, and the index's own code. An index made by
//! other code than the program has is told apart by it.

use std::path::{Path, PathBuf};

const DECIDES: [&str; 6] =
    ["src/document.rs", "src/corpus", "src/read", "src/structure", "src/extract", "src/index"];

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(path) else {
        found.push(path.to_path_buf());
        return;
    };
    for entry in entries.flatten() {
        files(&entry.path(), found);
    }
}

fn main() {
    let mut found = Vec::new();
    for place in DECIDES {
        println!("cargo:rerun-if-changed={place}");
        files(Path::new(place), &mut found);
    }
    found.sort();
    // FNV-1a, 64 bits: to tell versions apart, not to keep secrets.
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for path in found {
        let name = path.to_string_lossy().replace('\\', "/");
        // Line ends may differ between checkouts.
        let bytes = std::fs::read(&path).unwrap_or_default().into_iter().filter(|b| *b != b'\r');
        for byte in name.bytes().chain([0]).chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    println!("cargo:rustc-env=PAYDIRT_RULES={hash:016x}");
}
