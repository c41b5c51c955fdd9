//! What the file system says of a file, by which one that was hashed before and has not changed since
//! is known without reading it again.
//!
//! Any change of a file's bytes, size, owner or times sets its time of change, which no program can
//! set to another value, as it can the time of writing. A file that changed a moment ago has no stamp:
//! it may change again within the same tick of that clock. Nor has any file where the system tells
//! no such time. What a stamp cannot see is a disk whose bytes rot; `paydirt audit` reads them all.

use crate::document::Format;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What the file system says of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    bytes: u64,
    /// Seconds and nanoseconds since 1970.
    changed: (i64, i64),
    /// Device and number of the file on it.
    file: (u64, u64),
}

/// A file of a corpus as it was when it was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    /// Relative to the corpus.
    pub source: String,
    pub stamp: Stamp,
    pub sha256: String,
    pub format: Format,
}

impl Stamp {
    /// The stamp of a file that has not changed in the last seconds.
    #[cfg(unix)]
    pub fn of(path: &Path) -> Option<Stamp> {
        use std::os::unix::fs::MetadataExt;
        /// In seconds; coarser than the clock of any file system in use.
        const SETTLED_AFTER: i64 = 3;
        let about = std::fs::metadata(path).ok()?;
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        let stamp = Stamp {
            bytes: about.len(),
            changed: (about.ctime(), about.ctime_nsec()),
            file: (about.dev(), about.ino()),
        };
        let is_settled = stamp.changed.0.checked_add(SETTLED_AFTER)? < i64::try_from(now.as_secs()).ok()?;
        is_settled.then_some(stamp)
    }

    #[cfg(not(unix))]
    pub fn of(_: &Path) -> Option<Stamp> {
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_changed_a_moment_ago_has_no_stamp() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::fs::write(&path, "text").unwrap();
        assert_eq!(Stamp::of(&path), None);
        // Its time of writing is the user's to set, its time of change is not.
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        assert_eq!(Stamp::of(&path), None);
    }
}
