//! The story: bytes of a source to its document and mentions, in one short function without I/O.

use crate::corpus::Entry;
use crate::document::{Document, Source};
use crate::error::Result;
use crate::extract::{self, Findings, Kind};
use crate::{read, structure};

/// Everything paydirt knows of one source.
#[derive(Debug, Clone, PartialEq)]
pub struct Mined {
    pub document: Document,
    pub findings: Findings,
}

/// Reads, structures and extracts one source.
///
/// # Errors
/// `Input` when nothing of the source can be read.
pub fn mine(
    source: Source,
    entry: Option<&Entry>,
    bytes: &[u8],
    options: &read::Options,
    kinds: &[Kind],
) -> Result<Mined> {
    let reading = read::read(bytes, source.format, options)?;
    let document = structure::structure(source, entry, reading);
    let findings = extract::extract(&document, kinds);
    Ok(Mined { document, findings })
}
