//! A file to its bytes and fingerprint, bounded in size.

use super::recognise::{other_kind, recognise};
use super::stamp::{Stamp, Stamped};
use super::walk::Found;
use crate::document::Source;
use crate::error::{Error, ErrorKind, Result};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Larger files are not read: 1 GiB.
pub const SIZE_LIMIT: u64 = 1 << 30;

/// As much as tells a format by its first bytes.
const HEAD: u64 = 64 * 1024;

/// What became of opening a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loaded {
    Source {
        source: Source,
        bytes: Vec<u8>,
    },
    /// Not for paydirt, and why.
    Skipped(String),
    /// It should have been read and could not be.
    Failed(String),
}

/// Loads a file of at most `limit` bytes and says which format it has. Never holds more than
/// `limit` bytes, and never more than the first 64 KiB of a file that is not read.
pub fn load(found: &Found, limit: u64) -> Loaded {
    load_known(found, limit, None)
}

/// As [`load`]; where the file is known and its stamp is still the one it had, it is not hashed again.
pub fn load_known(found: &Found, limit: u64, known: Option<&Stamped>) -> Loaded {
    match try_load(found, limit, known) {
        Ok(loaded) => loaded,
        Err(why) => Loaded::Failed(format!("cannot read: {why}")),
    }
}

/// The bytes of a source as they were when it was read: of the same file in the folder of the corpus,
/// with the same fingerprint. The path may come from an index; one that leads out of the folder is
/// refused.
///
/// # Errors
/// `Input` with why the source is not at hand, or that it has changed.
pub fn original(folder: &Path, source: &Source) -> Result<Vec<u8>> {
    let gone = |why: &str| {
        Error::new(ErrorKind::Input, "the source is not at hand")
            .at(folder.join(&source.path).display())
            .because(why)
    };
    let folder = folder.canonicalize().map_err(|_| gone("there is no such folder"))?;
    let path = folder.join(&source.path).canonicalize().map_err(|_| gone("it is not in the corpus"))?;
    if !path.starts_with(&folder) {
        return Err(gone("its path leads out of the corpus"));
    }
    match load(&Found { path, source: source.path.clone() }, SIZE_LIMIT) {
        Loaded::Source { source: now, bytes } if now.sha256 == source.sha256 => Ok(bytes),
        Loaded::Source { source: now, .. } => {
            Err(Error::new(ErrorKind::Input, "the source has changed since it was indexed")
                .at(folder.join(&source.path).display())
                .because(format!("the index has sha256 {}, the file {}", source.sha256, now.sha256)))
        }
        Loaded::Skipped(why) | Loaded::Failed(why) => Err(gone(&why)),
    }
}

fn try_load(found: &Found, limit: u64, known: Option<&Stamped>) -> std::io::Result<Loaded> {
    // Asked before opening: opening a pipe would wait for a writer.
    let about = std::fs::metadata(&found.path)?;
    if !about.is_file() {
        return Ok(Loaded::Skipped("not a file".to_string()));
    }
    let length = about.len();
    let mut file = File::open(&found.path)?;
    let mut bytes = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(Loaded::Skipped("empty file".to_string()));
    }
    if let Some(kind) = other_kind(&bytes) {
        return Ok(Loaded::Skipped(kind.to_string()));
    }
    if length <= limit {
        bytes.reserve_exact(usize::try_from(length.saturating_sub(HEAD)).unwrap_or(0));
        let rest = limit.saturating_sub(bytes.len() as u64).saturating_add(1);
        file.take(rest).read_to_end(&mut bytes)?;
    }
    // The second condition: it grew while it was read.
    if length > limit || bytes.len() as u64 > limit {
        let size = size_in_words(length.max(bytes.len() as u64));
        return Ok(Loaded::Failed(format!("too large: {size}, the limit is {}", size_in_words(limit))));
    }
    // Asked after reading: what was read is what was hashed.
    let known = known.filter(|known| Stamp::of(&found.path).as_ref() == Some(&known.stamp));
    let what = match known {
        Some(known) => Ok((known.format, known.sha256.clone())),
        None => recognise(&bytes, &found.source).map(|format| (format, sha256_hex(&bytes))),
    };
    Ok(match what {
        Ok((format, sha256)) => {
            let source = Source { path: found.source.clone(), sha256, format, bytes: bytes.len() as u64 };
            Loaded::Source { source, bytes }
        }
        Err(why) => Loaded::Skipped(why),
    })
}

/// The fingerprint of bytes in lower-case hex, 64 digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// `3.4 MiB`, `812 bytes`.
pub fn size_in_words(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if bytes < 1024 {
        return format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" });
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = UNITS[0];
    for next in &UNITS[1..] {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        unit = next;
    }
    let told = format!("{size:.1}");
    format!("{} {unit}", told.strip_suffix(".0").unwrap_or(&told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Format;
    use std::io::Write;

    fn loaded(name: &str, bytes: &[u8], limit: u64) -> Loaded {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        File::create(&path).unwrap().write_all(bytes).unwrap();
        load(&Found { path, source: name.to_string() }, limit)
    }

    #[test]
    fn a_text_is_loaded_with_its_fingerprint() {
        let Loaded::Source { source, bytes } = loaded("note.txt", b"abc", SIZE_LIMIT) else { panic!() };
        assert_eq!(source.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!((source.format, source.bytes, bytes.as_slice()), (Format::Text, 3, &b"abc"[..]));
    }

    #[test]
    fn what_is_not_read_has_a_reason() {
        assert_eq!(loaded("a.pdf", b"", 10), Loaded::Skipped("empty file".to_string()));
        assert_eq!(
            loaded("a.txt", b"eleven byte", 10),
            Loaded::Failed("too large: 11 bytes, the limit is 10 bytes".to_string())
        );
        assert_eq!(loaded("a.txt", b"ten bytes.", 10).clone(), loaded("a.txt", b"ten bytes.", 11));
        let missing = Found { path: "no/such/file".into(), source: "file".to_string() };
        assert!(matches!(load(&missing, 10), Loaded::Failed(why) if why.starts_with("cannot read: ")));
    }

    #[test]
    fn a_file_of_two_gigabytes_is_told_by_its_size_and_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("big.pdf");
        File::create(&path).unwrap().set_len(2 << 30).unwrap();
        assert_eq!(
            load(&Found { path, source: "big.pdf".to_string() }, SIZE_LIMIT),
            Loaded::Failed("too large: 2 GiB, the limit is 1 GiB".to_string())
        );
    }

    #[test]
    fn a_source_is_had_again_only_as_it_was_and_only_from_its_folder() {
        let dir = tempfile::tempdir().unwrap();
        let corpus = dir.path().join("corpus");
        std::fs::create_dir(&corpus).unwrap();
        std::fs::write(corpus.join("a.txt"), "ten apples").unwrap();
        std::fs::write(dir.path().join("b.txt"), "ten apples").unwrap();
        let source = |path: &str| Source {
            path: path.to_string(),
            sha256: sha256_hex(b"ten apples"),
            format: Format::Text,
            bytes: 10,
        };
        assert_eq!(original(&corpus, &source("a.txt")).unwrap(), b"ten apples");
        let why = |path: &str| original(&corpus, &source(path)).unwrap_err().to_string();
        assert!(why("../b.txt").contains("leads out of the corpus"));
        assert!(why("c.txt").contains("not in the corpus"));
        std::fs::write(corpus.join("a.txt"), "ten pears.").unwrap();
        assert!(why("a.txt").starts_with("the source has changed since it was indexed"));
    }

    #[cfg(unix)]
    #[test]
    fn a_known_file_is_hashed_again_only_where_its_stamp_is_another() {
        // Written long before the test runs.
        let found = |name: &str| Found {
            path: Path::new(env!("CARGO_MANIFEST_DIR")).join(name),
            source: name.to_string(),
        };
        let readme = found("README.md");
        let stamp = Stamp::of(&readme.path).unwrap();
        // Had it been hashed, its sum would not be this one.
        let sha256 = "of before".to_string();
        let known = Stamped { source: "README.md".to_string(), stamp, sha256, format: Format::Markdown };
        let sum = |found: &Found| match load_known(found, SIZE_LIMIT, Some(&known)) {
            Loaded::Source { source, bytes } => {
                (source.sha256 == "of before", source.sha256 == sha256_hex(&bytes))
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(sum(&readme), (true, false));
        assert_eq!(sum(&found("CHANGELOG.md")), (false, true));
    }

    #[test]
    fn sizes_are_told_in_words() {
        assert_eq!(size_in_words(1), "1 byte");
        assert_eq!(size_in_words(1023), "1023 bytes");
        assert_eq!(size_in_words(1536), "1.5 KiB");
        assert_eq!(size_in_words(5 << 40), "5 TiB");
    }
}
