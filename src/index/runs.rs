//! What a build knows of the one before it: the runs of sources, each with where its passages lie,
//! by which what has not changed is taken over.

use super::record::AccountRow;
use super::sum;
use crate::corpus::Stamped;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Error};
use std::ops::Range;
use std::path::Path;

/// In the folder of data.
pub(super) const RUNS: &str = "runs.jsonl";
pub(super) const SEGMENTS: &str = "segments.jsonl";
pub(super) const ACCOUNT: &str = "account.jsonl";
pub(super) const PASSAGES: &str = "passages";
/// How the files of the corpus were found.
pub(super) const FILES: &str = "files.jsonl";

/// A stretch of the corpus that is taken over as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Of the sources and rules it was made of; a run without a key is never taken over.
    pub key: Option<String>,
    /// Lines of the account.
    pub sources: usize,
    pub documents: u64,
    pub passages: u64,
    pub mentions: u64,
    /// ISO 639-1.
    pub languages: Vec<String>,
    /// Words by the field they are indexed in.
    pub words: BTreeMap<String, u64>,
}

/// A segment: the passages of some runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Segment {
    /// As tantivy's `meta.json` has it; none where no source gave a document.
    pub entry: Option<serde_json::Value>,
    /// Passages and records of documents in it.
    pub docs: u64,
    pub runs: usize,
    /// Sums of its files, by name.
    pub files: BTreeMap<String, String>,
}

impl Segment {
    /// The id as its files are named.
    pub fn id(&self) -> Option<String> {
        Some(self.entry.as_ref()?.get("segment_id")?.as_str()?.replace('-', ""))
    }

    /// Whether a folder has its files, each with its sum.
    pub fn is_whole(&self, folder: &Path) -> bool {
        self.files.iter().all(|(name, sum)| sum::of_file(&folder.join(name)).is_ok_and(|s| s == *sum))
    }

    /// Gives a folder its files from another.
    pub fn take_over(&self, from: &Path, to: &Path) -> io::Result<()> {
        for name in self.files.keys() {
            // A second name for the same bytes; a copy where the file system has no such thing.
            if fs::hard_link(from.join(name), to.join(name)).is_err() {
                fs::copy(from.join(name), to.join(name))?;
            }
        }
        Ok(())
    }
}

/// A run of the data before, with its lines of the account and where it lies.
#[derive(Debug, Clone)]
pub(super) struct Before {
    pub run: Run,
    pub lines: Vec<String>,
    /// Place of its segment.
    pub segment: usize,
    /// Its passages and records there.
    pub docs: Range<u32>,
}

impl Before {
    pub fn rows(&self) -> Option<Vec<AccountRow>> {
        self.lines.iter().map(|line| serde_json::from_str(line).ok()).collect()
    }
}

/// The rows of a file, in order.
fn read<T: serde::de::DeserializeOwned>(path: &Path) -> io::Result<Vec<T>> {
    let text = fs::read_to_string(path)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(Error::other)).collect()
}

/// The segments of a folder of data, in order.
pub(super) fn segments(data: &Path) -> io::Result<Vec<Segment>> {
    read(&data.join(SEGMENTS))
}

/// How the files of the corpus were found when a folder of data was made.
pub(super) fn stamps(data: &Path) -> io::Result<Vec<Stamped>> {
    read(&data.join(FILES))
}

/// The segments of a folder of data, and its runs by key.
///
/// # Errors
/// Where anything is amiss; nothing can be taken over then.
pub(super) fn before(data: &Path) -> io::Result<(Vec<Segment>, BTreeMap<String, Before>)> {
    let segments = segments(data)?;
    let account = fs::read_to_string(data.join(ACCOUNT))?;
    let mut lines = account.lines().map(str::to_string);
    let mut runs = read::<Run>(&data.join(RUNS))?.into_iter();
    let mut found = BTreeMap::new();
    for (segment, held) in segments.iter().enumerate() {
        let mut from = 0;
        for run in runs.by_ref().take(held.runs) {
            let size = u32::try_from(run.passages + run.documents).map_err(Error::other)?;
            let lines: Vec<String> = lines.by_ref().take(run.sources).collect();
            let docs = from..from + size;
            from += size;
            if let Some(key) = run.key.clone().filter(|_| lines.len() == run.sources) {
                found.insert(key, Before { run, lines, segment, docs });
            }
        }
        if u64::from(from) != held.docs {
            return Err(Error::other("the runs of a segment are not what is in it"));
        }
    }
    Ok((segments, found))
}
