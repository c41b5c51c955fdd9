//! The sum a file of the index is known by: whether it is as it was written.
//!
//! Against accidents of disks and programs, and quick enough to be asked of every file in every build;
//! who wants to falsify an index can write its sums as well. Sources are known by their sha256.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// CRC-32 of a file, in hex, read bit by bit.
///
/// # Errors
/// Where it cannot be read.
pub(super) fn of_file(path: &Path) -> io::Result<String> {
    let mut sum = crc32fast::Hasher::new();
    let mut file = File::open(path)?;
    let mut bytes = vec![0; 1 << 16];
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(format!("{:08x}", sum.finalize())),
            n => sum.update(bytes.get(..n).unwrap_or_default()),
        }
    }
}

/// The same of bytes.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    format!("{:08x}", crc32fast::hash(bytes))
}
