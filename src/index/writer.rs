//! Builds an index: documents in their order, in runs, then the head.

use super::entry::Entries;
use super::head::{FORMAT, Head, fingerprint, reader_fingerprint};
use super::passages::passages;
use super::record::{AccountRow, DocumentRecord, marks, page_spans};
use super::runs::{self, ACCOUNT, FILES, PASSAGES, RUNS, Run, SEGMENTS, Segment};
use super::schema::{schema, settings};
use super::segments::{Current, Group, META, ends_group};
use super::sum;
use crate::claims::Claim;
use crate::corpus::{Outcome, Stamped};
use crate::document::{Document, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::Findings;
use crate::extract::row::{self, DocumentRow};
use crate::read::Options;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};
use tantivy::TantivyDocument;

/// Builds the data of one index, beside the data that is current until [`Writer::finish`].
///
/// Dropping it without `finish` leaves the index as it was. Memory is bounded: the heap of
/// postings (64 MiB), the document at hand, and what putting a group of passages together takes.
pub struct Writer {
    folder: PathBuf,
    /// Name of the folder of this build's data.
    data: String,
    /// The data that is current.
    current: Current,
    /// How the files of the corpus were found by the build before, by source.
    files_before: BTreeMap<String, Stamped>,
    /// And by this one.
    files: Vec<Stamped>,
    group: Group,
    failed: bool,
    entries: Entries,
    account: BufWriter<File>,
    /// Of the run at hand.
    run: Run,
    lines: Vec<String>,
    /// Those ended.
    runs: Vec<Run>,
    segments: Vec<Segment>,
    /// How the sources were read, for who reads them again.
    options: Options,
    /// The folder of the sources, where one is told.
    corpus: Option<PathBuf>,
    finished: bool,
    /// Held until the writer is dropped.
    _lock: File,
}

/// What a finished build put into the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    pub documents: u64,
    pub passages: u64,
    pub mentions: u64,
    /// Size of the data on disk.
    pub bytes: u64,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("folder", &self.folder)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

/// An error of writing to the index, told with what to do about it.
pub(super) fn write_error(folder: &Path, error: impl std::fmt::Display) -> Error {
    let cause = error.to_string();
    let told = Error::new(ErrorKind::Output, "cannot write the index").at(folder.display());
    let hint =
        if cause.contains("No space left") || cause.contains("os error 28") || cause.contains("storage full")
        {
            "the disk is full: free some space, or choose another place with --index DIR"
        } else if cause.contains("denied") || cause.contains("Read-only") || cause.contains("os error 30") {
            "choose a folder you may write to with --index DIR"
        } else if cause.contains("File too large") || cause.contains("os error 27") {
            "files may not grow that large here: choose another place with --index DIR"
        } else {
            return told.because(cause);
        };
    told.because(cause).hint(hint)
}

impl Writer {
    /// Begins a build in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// `Output` where the folder cannot be written to, `Index` while another build holds it.
    pub fn create(folder: &Path) -> Result<Writer> {
        fs::create_dir_all(folder).map_err(|e| {
            let e = if e.kind() == Io::AlreadyExists {
                "a file of that name is in the way".to_string()
            } else {
                e.to_string()
            };
            write_error(folder, e)
        })?;
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(folder.join(".lock"))
            .map_err(|e| write_error(folder, e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::new(ErrorKind::Index, "another build is writing this index")
                    .at(folder.display())
                    .hint("wait for it to end, or build elsewhere with --index DIR"));
            }
            Err(TryLockError::Error(e)) => return Err(write_error(folder, e)),
        }
        let current = match Head::read_any(folder) {
            Ok(head) => head.and_then(|h| Some(h.get("data")?.as_str()?.to_string())),
            Err(_) => None, // a damaged head is replaced
        };
        // What builds that were cut off left behind is taken away; the current data stays.
        let mut last = 0;
        for name in data_folders(folder).map_err(|e| write_error(folder, e))? {
            last = last.max(number_of(&name).unwrap_or(0));
            if Some(&name) != current.as_ref() {
                fs::remove_dir_all(folder.join(&name)).map_err(|e| write_error(folder, e))?;
            }
        }
        // An index of another version or of other rules is built anew.
        let (current, files_before) = Head::read(folder)
            .map(|head| (Current::of(&folder.join(&head.data)), files_of(&head, folder)))
            .unwrap_or_default();
        let data = format!("data-{}", last + 1);
        let place = folder.join(&data);
        let (schema, fields) = schema();
        let passages = place.join(PASSAGES);
        fs::create_dir_all(&passages).map_err(|e| write_error(folder, e))?;
        let account = File::create(place.join(ACCOUNT)).map_err(|e| write_error(folder, e))?;
        let index = tantivy::Index::builder().schema(schema).settings(settings());
        index.create_in_dir(&passages).map_err(|e| write_error(folder, e))?;
        Ok(Writer {
            folder: folder.to_path_buf(),
            data,
            current,
            files_before,
            files: Vec::new(),
            group: Group::new(&place),
            failed: false,
            entries: Entries::new(fields),
            account: BufWriter::new(account),
            run: Run::default(),
            lines: Vec::new(),
            runs: Vec::new(),
            segments: Vec::new(),
            options: Options::default(),
            corpus: None,
            finished: false,
            _lock: lock,
        })
    }

    /// Notes how the sources are read.
    pub fn note_options(&mut self, options: Options) {
        self.options = options;
    }

    /// Notes the folder the sources are in.
    pub fn note_corpus(&mut self, folder: &Path) {
        self.corpus = Some(folder.to_path_buf());
    }

    /// How the files were found by the build before, where it had the same rules, by source.
    pub fn files_before(&self) -> &BTreeMap<String, Stamped> {
        &self.files_before
    }

    /// Notes how the files of the corpus were found, for the next build.
    pub fn note_files(&mut self, files: Vec<Stamped>) {
        self.files = files;
    }

    /// What the index that is current says of the sources of a run, where it has that run and it
    /// is whole.
    pub fn known(&self, key: &str) -> Option<Vec<AccountRow>> {
        self.current.run(key)?.rows()
    }

    /// Takes over a run that is [`Writer::known`].
    ///
    /// # Errors
    /// `Output` where the index cannot be written.
    pub fn take_over(&mut self, key: &str) -> Result<()> {
        self.end_run(None)?;
        let failed = |e: &dyn std::fmt::Display| write_error(&self.folder, e);
        let Some(before) = self.current.run(key) else {
            return Err(failed(&"a run of the index before is gone"));
        };
        self.group.take_over(before).map_err(|e| failed(&e))?;
        for line in &before.lines {
            writeln!(self.account, "{line}").map_err(|e| failed(&e))?;
        }
        let run = before.run.clone();
        self.ended(run)
    }

    /// Ends a run: the sources added since the last one ended. Without a key no later build takes
    /// it over.
    ///
    /// # Errors
    /// `Output` where the index cannot be written.
    pub fn end_run(&mut self, key: Option<String>) -> Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        for line in self.lines.drain(..) {
            writeln!(self.account, "{line}").map_err(|e| write_error(&self.folder, e))?;
        }
        let mut run = std::mem::take(&mut self.run);
        run.key = key;
        let languages = std::mem::take(&mut self.entries.languages);
        run.languages = languages.iter().map(|l| l.code().to_string()).collect();
        let words = std::mem::take(&mut self.entries.words);
        run.words = words.into_iter().map(|(field, n)| (field.to_string(), n)).collect();
        self.ended(run)
    }

    /// Takes note of a run that has ended, and ends its group where it is the last of it.
    fn ended(&mut self, run: Run) -> Result<()> {
        self.group.runs += 1;
        self.group.passages += run.passages;
        let is_last = ends_group(run.key.as_deref(), self.group.passages);
        self.runs.push(run);
        if is_last { self.end_group() } else { Ok(()) }
    }

    fn end_group(&mut self) -> Result<()> {
        let segment = self.group.end(&self.current).map_err(|e| write_error(&self.folder, e))?;
        self.segments.push(segment);
        Ok(())
    }

    /// Adds a source that gave a document, with what became of its pages. Sources are added in the
    /// order they have in the corpus; hits of equal rank come in that order.
    ///
    /// # Errors
    /// `Output` where the index cannot be written.
    pub fn add(
        &mut self,
        document: &Document,
        findings: &Findings,
        claims: &[Claim],
        outcome: &Outcome,
    ) -> Result<()> {
        let rows = row::rows(document, &findings.mentions);
        let keep: Vec<Span> = findings.mentions.iter().map(|m| m.span).collect();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for row in &rows {
            *counts.entry(row.kind.name().to_string()).or_default() += 1;
        }
        let mut entering = self.entries.begin(document);
        let (mut next_mention, mut next_claim, mut added) = (0, 0, 0);
        for passage in passages(document, &keep) {
            let Some(paragraph) = document.paragraphs.get(passage.paragraph) else { continue };
            let end = passage.span.end;
            let first = next_mention;
            next_mention +=
                rows.get(first..).unwrap_or(&[]).iter().take_while(|r| r.span.start < end).count();
            let first_claim = next_claim;
            next_claim +=
                claims.get(first_claim..).unwrap_or(&[]).iter().take_while(|c| c.span.start < end).count();
            let entry = self.entries.passage(
                &mut entering,
                passage,
                paragraph,
                rows.get(first..next_mention).unwrap_or(&[]),
                claims.get(first_claim..next_claim).unwrap_or(&[]),
            )?;
            self.put(entry)?;
            added += 1;
        }
        let entry = self.entries.record(entering, |language| DocumentRecord {
            order: 0,
            source: document.source.clone(),
            meta: document.meta.clone(),
            pages: document.pages.clone(),
            page_spans: page_spans(document),
            furniture: document.furniture.clone(),
            marks: marks(document),
            warnings: document.warnings.clone(),
            language: language.code().to_string(),
            passages: added,
            text_bytes: document.text.len() as u64,
        })?;
        self.put(entry)?;

        let pages_read = document.pages.iter().filter(|p| p.unread.is_none()).count() as u64;
        self.account(&AccountRow {
            source: document.source.path.clone(),
            outcome: outcome.clone(),
            sha256: Some(document.source.sha256.clone()),
            bytes: Some(document.source.bytes),
            document: Some(DocumentRow::of(document)),
            pages: document.pages.len() as u64,
            pages_read,
            passages: added,
            mentions: counts,
            warnings: document.warnings.clone(),
            read_by: document.read_by().into_iter().map(|(page, by)| (page, by.to_string())).collect(),
        })?;
        self.run.documents += 1;
        self.run.passages += added;
        self.run.mentions += next_mention as u64;
        Ok(())
    }

    /// Adds a source that gave no document: skipped or failed. `path` is relative to the corpus.
    ///
    /// # Errors
    /// `Output` where the index cannot be written.
    pub fn add_without_document(&mut self, path: &str, outcome: &Outcome) -> Result<()> {
        self.account(&AccountRow {
            source: path.to_string(),
            outcome: outcome.clone(),
            sha256: None,
            bytes: None,
            document: None,
            pages: 0,
            pages_read: 0,
            passages: 0,
            mentions: BTreeMap::new(),
            warnings: Vec::new(),
            read_by: Vec::new(),
        })
    }

    /// Writes what is left and makes this build the current one.
    ///
    /// # Errors
    /// `Output` where the index cannot be written; the index before it then stays current.
    pub fn finish(mut self) -> Result<Summary> {
        self.end_run(None)?;
        if self.group.runs > 0 {
            self.end_group()?;
        }
        let place = self.folder.join(&self.data);
        let failed = |e: &dyn std::fmt::Display| write_error(&self.folder, e);
        self.account.flush().map_err(|e| failed(&e))?;
        self.account.get_ref().sync_all().map_err(|e| failed(&e))?;
        self.write_lists(&place).map_err(|e| failed(&e))?;
        let mut sums = BTreeMap::new();
        let meta = format!("{PASSAGES}/{META}");
        for name in [ACCOUNT, RUNS, SEGMENTS, FILES, meta.as_str()].map(str::to_string) {
            let sum = sum::of_file(&place.join(&name)).map_err(|e| failed(&e))?;
            sums.insert(name, sum);
        }
        let sum = |of: fn(&Run) -> u64| self.runs.iter().map(of).sum::<u64>();
        let languages: BTreeSet<&String> = self.runs.iter().flat_map(|r| &r.languages).collect();
        let mut words: BTreeMap<String, u64> = BTreeMap::new();
        for (field, n) in self.runs.iter().flat_map(|run| &run.words) {
            *words.entry(field.clone()).or_default() += n;
        }
        let head = Head {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_string(),
            fingerprint: fingerprint(),
            reader: reader_fingerprint().to_string(),
            options: self.options.clone(),
            corpus: self.corpus.as_ref().map(|folder| folder.to_string_lossy().into_owned()),
            data: self.data.clone(),
            languages: languages.into_iter().cloned().collect(),
            documents: sum(|r| r.documents),
            passages: sum(|r| r.passages),
            mentions: sum(|r| r.mentions),
            words,
            sums,
            sum: String::new(),
        };
        head.write(&self.folder).map_err(|e| failed(&e))?;
        self.finished = true;
        for name in data_folders(&self.folder).unwrap_or_default() {
            if name != self.data {
                // Left for the next build where it cannot be removed now.
                let _ = fs::remove_dir_all(self.folder.join(name));
            }
        }
        Ok(Summary {
            documents: head.documents,
            passages: head.passages,
            mentions: head.mentions,
            bytes: size(&place),
        })
    }

    /// Writes the runs, the segments, how the files were found, and tantivy's list of the segments, in order.
    fn write_lists(&self, place: &Path) -> std::io::Result<()> {
        write_rows(&place.join(RUNS), &self.runs)?;
        write_rows(&place.join(SEGMENTS), &self.segments)?;
        write_rows(&place.join(FILES), &self.files)?;
        let path = place.join(PASSAGES).join(META);
        let mut meta: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        if let Some(segments) = meta.get_mut("segments") {
            *segments = self.segments.iter().filter_map(|s| s.entry.clone()).collect();
        }
        let mut file = File::create(&path)?;
        serde_json::to_writer_pretty(&mut file, &meta)?;
        file.sync_all()
    }

    fn put(&mut self, entry: TantivyDocument) -> Result<()> {
        if self.failed {
            return Err(write_error(&self.folder, "the build had failed before"));
        }
        self.group.add(entry).map_err(|e| {
            self.failed = true;
            write_error(&self.folder, e)
        })
    }

    fn account(&mut self, row: &AccountRow) -> Result<()> {
        self.run.sources += 1;
        self.lines.push(serde_json::to_string(row).map_err(|e| write_error(&self.folder, e))?);
        Ok(())
    }
}

/// How the files were found for an index, by source; nothing where the list is not as it was written.
fn files_of(head: &Head, folder: &Path) -> BTreeMap<String, Stamped> {
    let data = folder.join(&head.data);
    let is_whole = sum::of_file(&data.join(FILES)).is_ok_and(|sum| head.sums.get(FILES) == Some(&sum));
    let files = if is_whole { runs::stamps(&data).unwrap_or_default() } else { Vec::new() };
    files.into_iter().map(|file| (file.source.clone(), file)).collect()
}

fn write_rows<T: serde::Serialize>(path: &Path, rows: &[T]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for row in rows {
        serde_json::to_writer(&mut file, row)?;
        file.write_all(b"\n")?;
    }
    file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            let _ = fs::remove_dir_all(self.folder.join(&self.data));
        }
    }
}

fn number_of(data: &str) -> Option<u64> {
    data.strip_prefix("data-")?.parse().ok()
}

/// Folders of data in an index, in the order of their names.
fn data_folders(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if number_of(&name).is_some() {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn size(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let mut total = 0;
    for entry in entries.flatten() {
        total += match entry.metadata() {
            Ok(m) if m.is_dir() => size(&entry.path()),
            Ok(m) => m.len(),
            Err(_) => 0,
        };
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Index;
    use crate::structure;

    fn document(path: &str, text: &str) -> Document {
        let mut document = structure::plain(text);
        document.source.path = path.to_string();
        document.source.sha256 = format!("{:064x}", path.len());
        document.meta.id = path.rsplit_once('.').map_or(path, |(stem, _)| stem).to_uppercase();
        document
    }

    fn build(folder: &Path, texts: &[(&str, &str)]) -> Summary {
        let mut writer = Writer::create(folder).unwrap();
        for (path, text) in texts {
            writer.add(&document(path, text), &Findings::default(), &[], &Outcome::Read).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn what_is_written_is_read_back_whole() {
        let folder = tempfile::tempdir().unwrap();
        let text = "First paragraph.\n\nSecond one, with more to it.\n";
        let summary = build(folder.path(), &[("a.txt", text), ("b.txt", "Third.")]);
        assert_eq!((summary.documents, summary.passages), (2, 3));
        let index = Index::open(folder.path()).unwrap();
        let a = index.document(0).unwrap().unwrap();
        assert_eq!(a.source.path, "a.txt");
        let whole: String = index.passages_of(0).unwrap().iter().map(|p| p.text.as_str()).collect();
        assert_eq!(whole, document("a.txt", text).text);
        assert_eq!(index.documents_named("B.TXT").unwrap().len(), 1);
        assert_eq!(index.account().unwrap().len(), 2);
    }

    #[test]
    fn a_build_that_is_given_up_leaves_the_index_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &[("a.txt", "Old text.")]);
        let mut writer = Writer::create(folder.path()).unwrap();
        writer.add(&document("b.txt", "New text."), &Findings::default(), &[], &Outcome::Read).unwrap();
        drop(writer);
        let index = Index::open(folder.path()).unwrap();
        assert_eq!(index.document(0).unwrap().unwrap().source.path, "a.txt");
        assert_eq!(data_folders(folder.path()).unwrap().len(), 1);
    }

    #[test]
    fn a_new_build_takes_the_place_of_the_old_and_of_what_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        build(folder.path(), &[("a.txt", "Old text.")]);
        fs::create_dir(folder.path().join("data-7")).unwrap();
        let old = Index::open(folder.path()).unwrap();
        build(folder.path(), &[("b.txt", "New text.")]);
        assert_eq!(Index::open(folder.path()).unwrap().document(0).unwrap().unwrap().source.path, "b.txt");
        assert_eq!(old.document(0).unwrap().unwrap().source.path, "a.txt", "an open index stays as it was");
        assert_eq!(data_folders(folder.path()).unwrap(), ["data-8"]);
    }

    #[test]
    fn two_builds_at_once_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let writer = Writer::create(folder.path()).unwrap();
        let error = Writer::create(folder.path()).unwrap_err();
        assert!(error.to_string().starts_with("another build is writing this index: "), "{error}");
        drop(writer);
        Writer::create(folder.path()).unwrap();
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("index");
        fs::write(&place, "").unwrap();
        let error = Writer::create(&place).unwrap_err().to_string();
        assert!(error.starts_with("cannot write the index: ") && error.contains("in the way"), "{error}");
    }
}
