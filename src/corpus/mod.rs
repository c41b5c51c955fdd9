//! Which files there are, what they are, and what became of each.
//!
//! Walks folders, recognises formats by content, reads the manifest beside the files, keeps the
//! account. It never changes a corpus and reads no text out of a source: that is [`crate::read`]'s.

mod account;
mod day;
mod editions;
mod load;
mod manifest;
mod recognise;
mod stamp;
mod walk;

pub use account::{Account, Accounted, Counts};
pub use day::{iso_date, written_date};
pub use editions::{Member, Work, edition, works};
pub use load::{Loaded, SIZE_LIMIT, load, load_known, original, sha256_hex, size_in_words};
pub use manifest::{MANIFEST_NAMES, Manifest, language_code};
pub use recognise::{is_clear_markdown, recognise};
pub use stamp::{Stamp, Stamped};
pub use walk::{Found, Walk, walk, walk_corpus};

use serde::{Deserialize, Serialize};

/// What a manifest says of one file. Every field but the file's name may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entry {
    /// Path relative to the manifest, `/` between folders.
    pub file: String,
    pub title: Option<String>,
    pub publisher: Option<String>,
    /// ISO 8601, as precise as known.
    pub published: Option<String>,
    pub symbol: Option<String>,
    pub language: Option<String>,
    /// Where it was published.
    pub address: Option<String>,
    pub sha256: Option<String>,
}

/// What became of a source; every source has one outcome, and the counts add up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "outcome")]
pub enum Outcome {
    /// Every page was read.
    Read,
    /// Some pages were read; the others with the reason of each.
    InPart { unread: Vec<(u32, String)> },
    /// Not for paydirt: an unknown format, an empty file.
    Skipped { why: String },
    /// It should have been read and could not.
    Failed { why: String },
}
