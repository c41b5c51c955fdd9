//! Whether an index is on the disk as it was written: every file against its sum, every byte
//! against what refers to it.

use super::head::{self, Head};
use super::runs::{self, PASSAGES};
use super::store;
use super::sum;
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What the files of an index came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// Bytes on the disk, and those that the index refers to.
    pub bytes: u64,
    pub referenced: u64,
    /// What is amiss, a line each.
    pub amiss: Vec<String>,
}

/// Files that hold no data: locks and lists tantivy keeps for itself.
fn is_of_no_matter(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file == ".lock" || file == ".managed.json" || (file.starts_with(".tantivy") && file.ends_with(".lock"))
}

/// Checks the files of an index, damaged or not.
///
/// # Errors
/// `Index` where there is none, or one of another version.
pub fn files(folder: &Path) -> Result<Files> {
    let head = Head::read(folder)?;
    let data = folder.join(&head.data);
    let mut sums: BTreeMap<String, String> =
        head.sums.iter().map(|(name, sum)| (format!("{}/{name}", head.data), sum.clone())).collect();
    for segment in runs::segments(&data).unwrap_or_default() {
        let name = |name| format!("{}/{PASSAGES}/{name}", head.data);
        sums.extend(segment.files.into_iter().map(|(file, sum)| (name(file), sum)));
    }
    let mut found = Files::default();
    let damaged = store::damaged(folder);
    let mut on_disk = Vec::new();
    list(folder, "", &mut on_disk)
        .map_err(|e| Error::new(ErrorKind::Index, "cannot read the index").at(folder.display()).because(e))?;
    for (name, bytes) in on_disk {
        found.bytes += bytes;
        let is_reading = name.strip_prefix(store::FOLDER).is_some_and(|rest| rest.starts_with('/'));
        if let Some(sum) = sums.remove(&name) {
            found.referenced += bytes;
            match sum::of_file(&folder.join(&name)) {
                Ok(found) if found == sum => {}
                Ok(_) => found.amiss.push(format!("{name}: not as it was written")),
                Err(e) => found.amiss.push(format!("{name}: cannot be read: {e}")),
            }
        } else if is_reading && damaged.contains(&name) {
            found.amiss.push(format!("{name}: not as it was written"));
        } else if is_reading || name == head::FILE || is_of_no_matter(&name) {
            found.referenced += bytes;
        } else {
            found.amiss.push(format!("{name}: nothing refers to it"));
        }
    }
    found.amiss.extend(sums.into_keys().map(|name| format!("{name}: it is gone")));
    found.amiss.sort();
    Ok(found)
}

fn list(folder: &Path, below: &str, found: &mut Vec<(String, u64)>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        let about = entry.metadata()?;
        if about.is_dir() {
            list(&entry.path(), &format!("{name}/"), found)?;
        } else {
            found.push((name, about.len()));
        }
    }
    Ok(())
}
