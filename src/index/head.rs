//! The head of an index: which format and which rules made it, and which data is current.

use crate::corpus::sha256_hex;
use crate::error::{Error, ErrorKind, Result};
use crate::read::Options;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind as Io, Write};
use std::path::{Path, PathBuf};

/// Of the folder's layout and the schema; raised when an older index can no longer be read.
pub const FORMAT: u32 = 7;

pub(super) const FILE: &str = "paydirt-index.json";

/// What `paydirt-index.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Layout and schema.
    pub format: u32,
    /// The paydirt that built it.
    pub version: String,
    /// Of the version, the rules and their data: an index of other rules holds other mentions.
    pub fingerprint: String,
    /// Of the reader alone.
    #[serde(default)]
    pub reader: String,
    /// How the sources were read.
    #[serde(default)]
    pub options: Options,
    /// The folder of the sources, as it was given to the build.
    #[serde(default)]
    pub corpus: Option<String>,
    /// Folder of the current data.
    pub data: String,
    /// ISO 639-1 codes of the passages' languages, in order.
    pub languages: Vec<String>,
    pub documents: u64,
    pub passages: u64,
    pub mentions: u64,
    /// Words by the field they are indexed in.
    #[serde(default)]
    pub words: BTreeMap<String, u64>,
    /// Sums of the files of the data that no segment has the sum of, by name.
    #[serde(default)]
    pub sums: BTreeMap<String, String>,
    /// sha256 of all the above; set by [`Head::write`].
    #[serde(default)]
    pub sum: String,
}

/// The fingerprint of this program's reader and rules: a hash of their code and data, which
/// `scripts/fingerprint.rs` makes when paydirt is compiled.
pub fn fingerprint() -> String {
    env!("PAYDIRT_RULES").to_string()
}

/// The fingerprint of this program's reader alone: what it read is right under any rules.
pub fn reader_fingerprint() -> &'static str {
    env!("PAYDIRT_READER")
}

/// How to make an index in that folder anew.
pub fn rebuild(folder: &Path) -> String {
    if folder == Path::new("index") {
        "make it anew with `paydirt build`".to_string()
    } else {
        format!("make it anew with `paydirt build --index {}`", folder.display())
    }
}

fn other(folder: &Path, cause: String) -> Error {
    Error::new(ErrorKind::Index, "the index is of another version")
        .at(folder.display())
        .because(cause)
        .hint(rebuild(folder))
}

fn damaged(folder: &Path, cause: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Index, "the index is damaged")
        .at(folder.join(FILE).display())
        .because(cause)
        .hint(rebuild(folder))
}

impl Head {
    /// The folder of the sources, as far as the index knows: the one it was built from, which may be
    /// gone; `corpus` where no build told.
    pub fn sources(&self) -> PathBuf {
        PathBuf::from(self.corpus.as_deref().unwrap_or("corpus"))
    }

    /// Reads the head of an index, whatever its format; `None` where the folder holds none.
    pub fn read_any(folder: &Path) -> Result<Option<serde_json::Value>> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if matches!(e.kind(), Io::NotFound | Io::NotADirectory) => return Ok(None),
            Err(e) => {
                return Err(Error::new(ErrorKind::Index, "cannot read the index")
                    .at(path.display())
                    .because(e));
            }
        };
        match serde_json::from_str(&text) {
            Ok(value) => Ok(Some(value)),
            Err(e) => Err(damaged(folder, e)),
        }
    }

    /// Reads and checks the head of an index.
    ///
    /// # Errors
    /// `Index` where there is none, or one of another format or of other rules.
    pub fn read(folder: &Path) -> Result<Head> {
        let head = Self::read_of_any_rules(folder)?;
        let other = |cause: String| other(folder, cause);
        if head.version != env!("CARGO_PKG_VERSION") {
            return Err(other(format!(
                "paydirt {} built it, this is paydirt {}",
                head.version,
                env!("CARGO_PKG_VERSION")
            )));
        }
        if head.fingerprint != fingerprint() {
            return Err(other("it was built with other rules than this paydirt has".to_string()));
        }
        if head.sum != head.own_sum() {
            return Err(damaged(folder, "its head is not as it was written"));
        }
        Ok(head)
    }

    /// Reads the head of an index of this format, whatever rules made it.
    ///
    /// # Errors
    /// `Index` where there is no index, or one of another format.
    pub fn read_of_any_rules(folder: &Path) -> Result<Head> {
        let Some(value) = Self::read_any(folder)? else {
            let what = if folder.is_dir() { "no index in this folder" } else { "no index: no such folder" };
            return Err(Error::new(ErrorKind::Index, what)
                .at(folder.display())
                .hint(rebuild(folder).replace("make it anew", "make one")));
        };
        let format = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or(0);
        if format != u64::from(FORMAT) {
            let cause = format!("it has format {format}, this paydirt reads format {FORMAT}");
            return Err(other(folder, cause));
        }
        serde_json::from_value(value).map_err(|e| damaged(folder, e))
    }

    /// sha256 of what it says.
    fn own_sum(&self) -> String {
        let without = Head { sum: String::new(), ..self.clone() };
        // Strings, numbers and a map with names for keys always have a JSON form.
        sha256_hex(&serde_json::to_vec(&without).unwrap_or_default())
    }

    /// Replaces the head in one step: a reader sees the old one or the new one.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        let head = Head { sum: self.own_sum(), ..self.clone() };
        serde_json::to_writer_pretty(&mut file, &head)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(folder.join(FILE)).map_err(|e| e.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_an_index_is_told_with_the_command_to_type() {
        let folder = tempfile::tempdir().unwrap();
        let error = Head::read(&folder.path().join("nowhere")).unwrap_err().to_string();
        assert!(error.starts_with("no index: no such folder: "), "{error}");
        assert!(error.contains("paydirt build --index "), "{error}");
    }

    #[test]
    fn an_index_of_another_format_or_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut head = Head {
            format: FORMAT,
            version: "0.0.1".into(),
            fingerprint: fingerprint(),
            reader: reader_fingerprint().into(),
            options: Options::default(),
            corpus: Some("reports".into()),
            data: "data-1".into(),
            languages: vec![],
            documents: 0,
            passages: 0,
            mentions: 0,
            words: BTreeMap::new(),
            sums: BTreeMap::new(),
            sum: String::new(),
        };
        head.write(folder.path()).unwrap();
        let error = Head::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("paydirt 0.0.1 built it"), "{error}");
        head.version = env!("CARGO_PKG_VERSION").into();
        head.fingerprint = "0".into();
        head.write(folder.path()).unwrap();
        assert!(Head::read(folder.path()).unwrap_err().to_string().contains("other rules"));
        head.fingerprint = fingerprint();
        head.write(folder.path()).unwrap();
        Head::read(folder.path()).unwrap();
        let changed = fs::read_to_string(folder.path().join(FILE)).unwrap().replace(": 0,", ": 1,");
        fs::write(folder.path().join(FILE), changed).unwrap();
        assert!(Head::read(folder.path()).unwrap_err().to_string().contains("not as it was written"));
        fs::write(folder.path().join(FILE), "{\"format\": 99}").unwrap();
        assert!(Head::read(folder.path()).unwrap_err().to_string().contains("format 99"));
    }
}
