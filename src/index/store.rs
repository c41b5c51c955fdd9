//! Readings kept beside the index, so that a source is read once: by a later build, by one that
//! goes on after it was stopped, by one with other rules.
//!
//! A reading is kept by the source's sha256, the options of reading and the fingerprint of the
//! reader; what is not as it was written is not there. Failures are kept too. Findings are not
//! kept here: an index holds them.

use super::head::reader_fingerprint;
use super::sum;
use crate::corpus::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::read::{Options, Reading};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Of the folder of readings in an index.
pub const FOLDER: &str = "readings";

/// Bytes of the sum before what is kept: 8 hex digits.
const SUM: usize = 8;

/// Readings kept in the folder of an index.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    /// Names of the readings asked for; the others are let go.
    used: Mutex<BTreeSet<String>>,
    before: AtomicUsize,
    now: AtomicUsize,
}

/// Which sources are read although a reading is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anew {
    Never,
    /// Those that could not be read whole.
    Failed,
    All,
}

#[derive(Serialize, Deserialize)]
enum Kept<'a> {
    Read(Cow<'a, Reading>),
    /// Nothing could be read: what, cause, hint.
    Failed(String, Option<String>, Option<String>),
}

impl Kept<'_> {
    fn is_whole(&self) -> bool {
        matches!(self, Kept::Read(r) if r.warnings.is_empty() && r.pages.iter().all(|p| p.unread.is_none()))
    }
}

impl Store {
    /// The readings of an index; its folder is made where it is missing.
    ///
    /// # Errors
    /// `Output` where the folder cannot be made.
    pub fn of(index: &Path) -> Result<Store> {
        let folder = index.join(FOLDER);
        fs::create_dir_all(&folder).map_err(|e| super::writer::write_error(index, e))?;
        let (before, now) = Default::default();
        Ok(Store { folder, used: Mutex::default(), before, now })
    }

    /// The reading of a source, kept or else read now and kept.
    ///
    /// # Errors
    /// What reading answers. That a reading cannot be kept is no error here: the next build reads
    /// the source again.
    pub fn reading(
        &self,
        sha256: &str,
        options: &Options,
        anew: Anew,
        read: impl FnOnce() -> Result<Reading>,
    ) -> Result<Reading> {
        let name = self.name(sha256, options);
        let kept = match anew {
            Anew::All => None,
            Anew::Failed => self.kept(&name).filter(Kept::is_whole),
            Anew::Never => self.kept(&name),
        };
        if let Some(kept) = kept {
            self.before.fetch_add(1, Ordering::Relaxed);
            return match kept {
                Kept::Read(reading) => Ok(reading.into_owned()),
                Kept::Failed(what, cause, hint) => {
                    Err(Error { cause, hint, ..Error::new(ErrorKind::Input, what) })
                }
            };
        }
        self.now.fetch_add(1, Ordering::Relaxed);
        let read = read();
        let kept = match &read {
            Ok(reading) => Kept::Read(Cow::Borrowed(reading)),
            Err(e) if e.kind == ErrorKind::Input => {
                Kept::Failed(e.what.clone(), e.cause.clone(), e.hint.clone())
            }
            // The run failed and not the source.
            Err(_) => return read,
        };
        drop(self.keep(&name, &kept));
        read
    }

    /// How many sources were asked for that had been read before, and how many were read now.
    pub fn counts(&self) -> (usize, usize) {
        (self.before.load(Ordering::Relaxed), self.now.load(Ordering::Relaxed))
    }

    /// Takes note that a reading is of use, so that [`Store::tidy`] leaves it.
    pub fn hold(&self, sha256: &str, options: &Options) {
        self.name(sha256, options);
    }

    fn name(&self, sha256: &str, options: &Options) -> String {
        let how = format!("{options:?} {}", reader_fingerprint());
        let name = format!("{sha256}-{}", sha256_hex(how.as_bytes()).get(..8).unwrap_or_default());
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone());
        name
    }

    /// Removes what was not asked for since the store was opened.
    pub fn tidy(&self) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if !used.contains(entry.file_name().to_string_lossy().as_ref()) {
                // Left for the next build where it cannot be removed now.
                drop(fs::remove_file(entry.path()));
            }
        }
    }

    fn kept(&self, name: &str) -> Option<Kept<'static>> {
        let bytes = fs::read(self.folder.join(name)).ok()?;
        whole(&bytes).and_then(|packed| {
            let (length, packed) = packed.split_first_chunk::<8>()?;
            let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
            let mut plain = vec![0; length];
            let filled = lz4_flex::block::decompress_into(packed, &mut plain).ok()?;
            postcard::from_bytes(plain.get(..filled)?).ok()
        })
    }

    fn keep(&self, name: &str, kept: &Kept<'_>) -> std::io::Result<()> {
        let plain = postcard::to_stdvec(kept).map_err(std::io::Error::other)?;
        let mut packed = (plain.len() as u64).to_le_bytes().to_vec();
        let start = packed.len();
        packed.resize(start + lz4_flex::block::get_maximum_output_size(plain.len()), 0);
        let space = packed.get_mut(start..).unwrap_or_default();
        let filled = lz4_flex::block::compress_into(&plain, space).map_err(std::io::Error::other)?;
        packed.truncate(start + filled);
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(sum::of_bytes(&packed).as_bytes())?;
        file.write_all(&packed)?;
        file.persist(self.folder.join(name)).map_err(|e| e.error)?;
        Ok(())
    }
}

/// What a kept file holds after its sum, where that is right.
fn whole(bytes: &[u8]) -> Option<&[u8]> {
    let (sum, packed) = bytes.split_at_checked(SUM)?;
    (sum::of_bytes(packed).as_bytes() == sum).then_some(packed)
}

/// Names of kept readings that are not as they were written.
pub(super) fn damaged(index: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(index.join(FOLDER)).into_iter().flatten().flatten() {
        if !fs::read(entry.path()).is_ok_and(|bytes| whole(&bytes).is_some()) {
            found.push(format!("{FOLDER}/{}", entry.file_name().to_string_lossy()));
        }
    }
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Block, Inline, PageRead};

    fn reading(text: &str) -> Reading {
        let block = Block::Paragraph { number: None, text: Inline::plain(text) };
        Reading { pages: vec![PageRead::of_blocks(vec![block])], ..Reading::default() }
    }

    #[test]
    fn a_source_is_read_once_and_again_where_the_kept_reading_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::of(folder.path()).unwrap();
        let options = Options::default();
        let read = || Ok(reading("Some text."));
        let never = || panic!("it was read before");
        let first = store.reading("ab", &options, Anew::Never, read).unwrap();
        assert_eq!(store.reading("ab", &options, Anew::Never, never).unwrap(), first);
        assert!(damaged(folder.path()).is_empty());
        let path = folder.path().join(FOLDER).join(store.name("ab", &options));
        let whole = fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x20;
            fs::write(&path, &bytes).unwrap();
            assert!(store.kept(&store.name("ab", &options)).is_none(), "byte {at}");
        }
        assert_eq!(damaged(folder.path()).len(), 1);
        assert_eq!(store.reading("ab", &options, Anew::Never, || Ok(reading("x"))).unwrap(), reading("x"));
        store.tidy();
        assert!(path.is_file());
        Store::of(folder.path()).unwrap().tidy();
        assert!(!path.is_file());
    }

    #[test]
    fn a_failure_of_the_source_is_kept_and_one_of_the_run_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::of(folder.path()).unwrap();
        let options = Options::default();
        let locked = || Err(Error::new(ErrorKind::Input, "locked").because("a password"));
        let first = store.reading("ab", &options, Anew::Never, locked).unwrap_err();
        let again = store.reading("ab", &options, Anew::Never, || panic!("it was tried before")).unwrap_err();
        assert_eq!(first, again);
        let run = || Err(Error::new(ErrorKind::Usage, "no process"));
        store.reading("cd", &options, Anew::Never, run).unwrap_err();
        assert!(store.reading("cd", &options, Anew::Never, || Ok(Reading::default())).is_ok());
    }
}
