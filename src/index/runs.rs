//! What a build knows of the one before it: the runs of sources, each with its segment of
//! passages, by which what has not changed is taken over.
//!
//! Places in a segment are counted from its run's beginning, so a run that is taken over stays as
//! it is wherever it stands; readers add the places of the runs before it.

use super::record::AccountRow;
use crate::corpus::sha256_hex;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Error};
use std::path::Path;

/// In the folder of data.
pub(super) const FILE: &str = "runs.jsonl";
pub(super) const ACCOUNT: &str = "account.jsonl";
pub(super) const PASSAGES: &str = "passages";

/// A stretch of the corpus whose passages lie in one segment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Of the sources and rules it was made of; a run without a key is never taken over.
    pub key: Option<String>,
    /// As tantivy's `meta.json` has it; none where no source gave a document.
    pub segment: Option<serde_json::Value>,
    /// Lines of the account.
    pub sources: usize,
    pub documents: u64,
    pub passages: u64,
    pub mentions: u64,
    /// ISO 639-1.
    pub languages: Vec<String>,
    /// sha256 of the segment's files, by name.
    pub files: BTreeMap<String, String>,
}

impl Run {
    /// The segment's id as its files are named.
    pub(super) fn segment_id(&self) -> Option<String> {
        Some(self.segment.as_ref()?.get("segment_id")?.as_str()?.replace('-', ""))
    }
}

/// A run with its lines of the account.
#[derive(Debug, Clone)]
pub(super) struct Before {
    pub run: Run,
    pub lines: Vec<String>,
}

impl Before {
    pub fn rows(&self) -> Option<Vec<AccountRow>> {
        self.lines.iter().map(|line| serde_json::from_str(line).ok()).collect()
    }
}

/// The runs of a folder of data, in order.
pub(super) fn read(data: &Path) -> io::Result<Vec<Run>> {
    let text = fs::read_to_string(data.join(FILE))?;
    text.lines().map(|line| serde_json::from_str(line).map_err(Error::other)).collect()
}

/// The runs that can be taken over, by key; none where anything is amiss.
pub(super) fn before(data: &Path) -> BTreeMap<String, Before> {
    let (Ok(runs), Ok(account)) = (read(data), fs::read_to_string(data.join(ACCOUNT))) else {
        return BTreeMap::new();
    };
    let mut lines = account.lines().map(str::to_string);
    let mut found = BTreeMap::new();
    for run in runs {
        let lines: Vec<String> = lines.by_ref().take(run.sources).collect();
        if let Some(key) = run.key.clone().filter(|_| lines.len() == run.sources) {
            found.insert(key, Before { run, lines });
        }
    }
    found
}

/// Whether a folder has the files of a run, each with its sum.
pub(super) fn is_whole(run: &Run, folder: &Path) -> bool {
    run.files.iter().all(|(name, sum)| fs::read(folder.join(name)).is_ok_and(|b| sha256_hex(&b) == *sum))
}

/// Gives a folder the files of a run from another.
pub(super) fn take_over(run: &Run, from: &Path, to: &Path) -> io::Result<()> {
    for name in run.files.keys() {
        // A second name for the same bytes; a copy where the file system has no such thing.
        if fs::hard_link(from.join(name), to.join(name)).is_err() {
            fs::copy(from.join(name), to.join(name))?;
        }
    }
    Ok(())
}
