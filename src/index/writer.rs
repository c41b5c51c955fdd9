//! Builds an index: documents in their order, in runs of a segment each, then the head.

use super::head::{FORMAT, Head, fingerprint, reader_fingerprint};
use super::language::{self, Language};
use super::likeness;
use super::passages::{headings, passages, table_words};
use super::record::{AccountRow, DocumentRecord, LinePlace, PassageRecord, marks, page_spans, shortened};
use super::runs::{self, ACCOUNT, Before, PASSAGES, Run};
use super::schema::{Facet, Fields, hedge_number, schema};
use super::tokens::{Stems, Token, folded, literals};
use super::values;
use crate::claims::Claim;
use crate::corpus::{Outcome, sha256_hex};
use crate::document::{Document, ParagraphKind, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{self, DocumentRow};
use crate::extract::{Findings, Kind, Value};
use crate::read::Options;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{BufWriter, ErrorKind as Io, Write};
use std::path::{Path, PathBuf};
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::Field;
use tantivy::tokenizer::{PreTokenizedString, Token as TantivyToken};
use tantivy::{IndexWriter, TantivyDocument};

/// Bytes of postings held in memory before they are written out.
const HEAP: usize = 64 << 20;
/// tantivy's list of segments.
const META: &str = "meta.json";
/// Where the segment of the run at hand is made, in the folder of data.
const RUN: &str = "run";

/// Builds the data of one index, beside the data that is current until [`Writer::finish`].
///
/// Dropping it without `finish` leaves the index as it was. Memory is bounded: the heap of
/// postings (64 MiB) and the document at hand.
pub struct Writer {
    folder: PathBuf,
    /// Name of the folder of this build's data.
    data: String,
    /// The data that is current, and its runs, by key.
    current: Option<PathBuf>,
    before: BTreeMap<String, Before>,
    /// Of the run at hand, once it has a document.
    tantivy: Option<IndexWriter>,
    failed: bool,
    fields: Fields,
    account: BufWriter<File>,
    stems: BTreeMap<Language, Stems>,
    /// Of the run at hand.
    documents: u64,
    passages: u64,
    mentions: u64,
    lines: Vec<String>,
    languages: BTreeSet<Language>,
    /// Those ended.
    runs: Vec<Run>,
    /// How the sources were read, for who reads them again.
    options: Options,
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
        let current = Head::read(folder).ok().map(|head| folder.join(head.data));
        let before = current.as_deref().map(runs::before).unwrap_or_default();
        let data = format!("data-{}", last + 1);
        let place = folder.join(&data);
        let (schema, fields) = schema();
        let passages = place.join(PASSAGES);
        fs::create_dir_all(&passages).map_err(|e| write_error(folder, e))?;
        let account = File::create(place.join(ACCOUNT)).map_err(|e| write_error(folder, e))?;
        tantivy::Index::create_in_dir(&passages, schema).map_err(|e| write_error(folder, e))?;
        Ok(Writer {
            folder: folder.to_path_buf(),
            data,
            current,
            before,
            tantivy: None,
            failed: false,
            fields,
            account: BufWriter::new(account),
            stems: BTreeMap::new(),
            documents: 0,
            passages: 0,
            mentions: 0,
            lines: Vec::new(),
            languages: BTreeSet::new(),
            runs: Vec::new(),
            options: Options::default(),
            finished: false,
            _lock: lock,
        })
    }

    /// Notes how the sources are read.
    pub fn note_options(&mut self, options: Options) {
        self.options = options;
    }

    /// What the index that is current says of the sources of a run, where it has that run and it
    /// is whole.
    pub fn known(&self, key: &str) -> Option<Vec<AccountRow>> {
        let before = self.before.get(key)?;
        let place = self.current.as_ref()?.join(PASSAGES);
        runs::is_whole(&before.run, &place).then(|| before.rows())?
    }

    /// Takes over a run that is [`Writer::known`].
    ///
    /// # Errors
    /// `Output` where the index cannot be written.
    pub fn take_over(&mut self, key: &str) -> Result<()> {
        self.end_run(None)?;
        let failed = |e: &dyn std::fmt::Display| write_error(&self.folder, e);
        let (Some(before), Some(current)) = (self.before.get(key), &self.current) else {
            return Err(failed(&"a run of the index before is gone"));
        };
        let to = self.folder.join(&self.data).join(PASSAGES);
        runs::take_over(&before.run, &current.join(PASSAGES), &to).map_err(|e| failed(&e))?;
        for line in &before.lines {
            writeln!(self.account, "{line}").map_err(|e| failed(&e))?;
        }
        self.runs.push(before.run.clone());
        Ok(())
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
        let failed = |e: &dyn std::fmt::Display| write_error(&self.folder, e);
        let (segment, files) = match self.tantivy.take() {
            Some(tantivy) => self.segment(tantivy).map_err(|e| failed(&e))?,
            None => (None, BTreeMap::new()),
        };
        for line in &self.lines {
            writeln!(self.account, "{line}").map_err(|e| failed(&e))?;
        }
        self.runs.push(Run {
            key,
            segment,
            sources: self.lines.len(),
            documents: self.documents,
            passages: self.passages,
            mentions: self.mentions,
            languages: self.languages.iter().map(|l| l.code().to_string()).collect(),
            files,
        });
        (self.documents, self.passages, self.mentions) = (0, 0, 0);
        self.lines.clear();
        self.languages.clear();
        Ok(())
    }

    /// Makes one segment of the run at hand: passages lie in their order, and nothing
    /// unreferenced is left on the disk. Gives its entry and the sums of its files.
    fn segment(
        &self,
        mut tantivy: IndexWriter,
    ) -> tantivy::Result<(Option<serde_json::Value>, BTreeMap<String, String>)> {
        tantivy.commit()?;
        let segments = segments_in_order(tantivy.index(), &self.fields)?;
        if segments.len() > 1 {
            tantivy.merge(&segments).wait()?;
        }
        tantivy.garbage_collect_files().wait()?;
        tantivy.wait_merging_threads()?;
        let data = self.folder.join(&self.data);
        let run = data.join(RUN);
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&run)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == META {
                continue;
            }
            files.insert(name.clone(), sha256_hex(&fs::read(entry.path())?));
            fs::rename(entry.path(), data.join(PASSAGES).join(name))?;
        }
        let meta: serde_json::Value =
            serde_json::from_slice(&fs::read(run.join(META))?).map_err(std::io::Error::other)?;
        fs::remove_dir_all(&run)?;
        Ok((meta.pointer("/segments/0").cloned(), files))
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
        let main = language::of_document(document);
        let rows = row::rows(document, &findings.mentions);
        let keep: Vec<Span> = findings.mentions.iter().map(|m| m.span).collect();
        let publication = DocumentRow::of(document);
        let title = document.meta.title.clone().unwrap_or_default();
        let title_tokens = self.stems(main).of(&title);
        let mut whole: Vec<Token> = title_tokens.clone();
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        let mut next_mention = 0;
        let mut next_claim = 0;
        let mut next_line = 0;
        let (mut bytes, mut chars) = (0, 0);
        let first = self.passages;
        for passage in passages(document, &keep) {
            let Some(paragraph) = document.paragraphs.get(passage.paragraph) else { continue };
            let text = passage.span.of(&document.text);
            let language = language::of_passage(text, main);
            chars += document.text.get(bytes..passage.span.start).map_or(0, |t| t.chars().count());
            bytes = passage.span.start;
            let found = next_mention;
            while findings.mentions.get(next_mention).is_some_and(|m| m.span.start < passage.span.end) {
                next_mention += 1;
            }
            let rows = rows.get(found..next_mention).unwrap_or(&[]);
            for row in rows {
                *counts.entry(row.kind.name().to_string()).or_default() += 1;
            }
            let from = next_claim;
            while claims.get(next_claim).is_some_and(|c| c.span.start < passage.span.end) {
                next_claim += 1;
            }
            let claims = claims.get(from..next_claim).unwrap_or(&[]);
            let page = document.page_at(passage.span.start);
            let page_end = document.page_at(passage.span.end.saturating_sub(1).max(passage.span.start));
            let headings = headings(document, paragraph);
            let table = table_words(document, paragraph);
            let record = PassageRecord {
                order: self.passages,
                document: self.documents,
                span: passage.span,
                chars,
                kind: paragraph.kind,
                page,
                page_label: document.page(page).and_then(|p| p.label.clone()),
                paragraph: paragraph.locator(),
                annex: paragraph.annex.clone(),
                headings: headings.iter().map(|h| h.to_string()).collect(),
                table: table.clone(),
                language: language.code().to_string(),
                text: text.to_string(),
                lines: line_places(document, passage.span, &mut next_line),
                mentions: rows.iter().map(shortened).collect::<Result<_>>()?,
                claims: claims.to_vec(),
            };

            let stems = self.stems(language).of(text);
            let above = self.stems(language).of(&headings.join("\n"));
            let table = self.stems(language).of(table.as_deref().unwrap_or(""));
            whole.extend(stems.iter().cloned());
            let f = &self.fields;
            let mut doc = TantivyDocument::default();
            doc.add_text(f.what, "passage");
            doc.add_u64(f.document, self.documents);
            doc.add_u64(f.order, self.passages);
            add_tokens(&mut doc, f.text, stems);
            add_tokens(&mut doc, f.exact, literals(text));
            add_tokens(&mut doc, f.title, title_tokens.clone());
            add_tokens(&mut doc, f.heading, above);
            add_tokens(&mut doc, f.table, table);
            doc.add_text(f.part, part_name(paragraph.kind));
            doc.add_u64(f.weight, weight(paragraph.kind));
            doc.add_u64(f.page, u64::from(page));
            doc.add_u64(f.page_end, u64::from(page_end.max(page)));
            if let Some(locator) = &record.paragraph {
                doc.add_text(f.paragraph, folded(locator));
            }
            let symbols: BTreeSet<String> = [Some(&publication.id), document.meta.symbol.as_ref()]
                .into_iter()
                .flatten()
                .map(|s| folded(s))
                .collect();
            for symbol in &symbols {
                doc.add_text(f.symbol, symbol);
            }
            doc.add_text(f.symbol, path_term(&document.source.path));
            doc.add_text(f.facet(Facet::Document), &publication.id);
            doc.add_text(f.facet(Facet::Language), language.code());
            if let Some(publisher) = &publication.publisher {
                doc.add_text(f.facet(Facet::Publisher), publisher);
            }
            if let Some((from, to)) = publication.published.as_deref().and_then(values::period) {
                doc.add_text(f.facet(Facet::Year), format!("{:04}", from.year()));
                doc.add_i64(f.published_start, values::day(from));
                doc.add_i64(f.published_end, values::day(to));
            }
            let kinds: BTreeSet<Kind> = rows.iter().map(|r| r.kind).collect();
            for kind in kinds {
                doc.add_text(f.facet(Facet::Kind), kind.name());
            }
            for row in rows {
                match &row.value {
                    Value::Amount(v) => {
                        doc.add_text(f.facet(Facet::Currency), &v.currency);
                        doc.add_text(f.facet(Facet::Amount), &v.currency);
                        doc.add_text(f.facet(Facet::Amount), values::bucket(v));
                        doc.add_f64(f.amount_low, values::number(v.low));
                        doc.add_f64(f.amount_high, values::number(v.high));
                        doc.add_u64(f.amount_hedge, hedge_number(v.hedge));
                        for term in values::size_terms(v) {
                            doc.add_text(f.size, term);
                        }
                        doc.add_text(f.hedge, v.hedge.name());
                    }
                    Value::Date(v) => {
                        doc.add_i64(f.date_start, values::day(v.start));
                        doc.add_i64(f.date_end, values::day(v.end));
                        for path in values::date_paths(v.start, v.end) {
                            doc.add_text(f.facet(Facet::Date), path);
                        }
                    }
                    Value::Exchange(v) => {
                        doc.add_text(f.facet(Facet::Exchange), v.kind.name());
                        doc.add_text(f.facet(Facet::Exchange), format!("{}/{}", v.kind.name(), v.name));
                    }
                    Value::Wallet(v) => {
                        doc.add_text(f.facet(Facet::Chain), &v.chain);
                        doc.add_text(f.address, &v.address);
                        let lower = v.address.to_lowercase();
                        if lower != v.address {
                            doc.add_text(f.address, &lower);
                        }
                    }
                }
            }
            let digits: BTreeSet<String> = claims.iter().flat_map(|c| c.figure.digits()).collect();
            for key in &digits {
                doc.add_text(f.digits, key);
            }
            doc.add_u64(f.likeness, likeness::of(text));
            doc.add_text(f.passage, self.json(&record)?);
            self.put(doc)?;
            self.passages += 1;
        }

        let meta = &document.meta;
        let record = DocumentRecord {
            order: self.documents,
            source: document.source.clone(),
            meta: meta.clone(),
            pages: document.pages.clone(),
            page_spans: page_spans(document),
            furniture: document.furniture.clone(),
            marks: marks(document),
            warnings: document.warnings.clone(),
            language: main.code().to_string(),
            passages: self.passages - first,
            text_bytes: document.text.len() as u64,
        };
        let mut doc = TantivyDocument::default();
        doc.add_u64(self.fields.record_order, self.documents);
        for name in names(document) {
            doc.add_text(self.fields.name, name);
        }
        add_tokens(&mut doc, self.fields.whole, whole);
        doc.add_text(self.fields.record, self.json(&record)?);
        self.put(doc)?;

        let pages_read = document.pages.iter().filter(|p| p.unread.is_none()).count() as u64;
        self.account(&AccountRow {
            source: document.source.path.clone(),
            outcome: outcome.clone(),
            sha256: Some(document.source.sha256.clone()),
            bytes: Some(document.source.bytes),
            document: Some(publication),
            pages: document.pages.len() as u64,
            pages_read,
            passages: self.passages - first,
            mentions: counts,
            warnings: document.warnings.clone(),
            read_by: document.read_by().into_iter().map(|(page, by)| (page, by.to_string())).collect(),
        })?;
        self.documents += 1;
        self.mentions += next_mention as u64;
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
        let place = self.folder.join(&self.data);
        let failed = |e: &dyn std::fmt::Display| write_error(&self.folder, e);
        self.account.flush().map_err(|e| failed(&e))?;
        self.account.get_ref().sync_all().map_err(|e| failed(&e))?;
        self.write_runs(&place).map_err(|e| failed(&e))?;
        let mut sums = BTreeMap::new();
        for name in [ACCOUNT.to_string(), runs::FILE.to_string(), format!("{PASSAGES}/{META}")] {
            let bytes = fs::read(place.join(&name)).map_err(|e| failed(&e))?;
            sums.insert(name, sha256_hex(&bytes));
        }
        let sum = |of: fn(&Run) -> u64| self.runs.iter().map(of).sum::<u64>();
        let languages: BTreeSet<&String> = self.runs.iter().flat_map(|r| &r.languages).collect();
        let head = Head {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_string(),
            fingerprint: fingerprint(),
            reader: reader_fingerprint().to_string(),
            options: self.options.clone(),
            data: self.data.clone(),
            languages: languages.into_iter().cloned().collect(),
            documents: sum(|r| r.documents),
            passages: sum(|r| r.passages),
            mentions: sum(|r| r.mentions),
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

    /// Writes the runs, and tantivy's list of their segments, in order.
    fn write_runs(&self, place: &Path) -> std::io::Result<()> {
        let mut file = BufWriter::new(File::create(place.join(runs::FILE))?);
        for run in &self.runs {
            serde_json::to_writer(&mut file, run)?;
            file.write_all(b"\n")?;
        }
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
        let path = place.join(PASSAGES).join(META);
        let mut meta: serde_json::Value = serde_json::from_slice(&fs::read(&path)?)?;
        if let Some(segments) = meta.get_mut("segments") {
            *segments = self.runs.iter().filter_map(|r| r.segment.clone()).collect();
        }
        let mut file = File::create(&path)?;
        serde_json::to_writer_pretty(&mut file, &meta)?;
        file.sync_all()
    }

    fn stems(&mut self, language: Language) -> &Stems {
        self.languages.insert(language);
        self.stems.entry(language).or_insert_with(|| Stems::new(language))
    }

    fn json(&self, record: &impl serde::Serialize) -> Result<String> {
        serde_json::to_string(record).map_err(|e| write_error(&self.folder, e))
    }

    fn put(&mut self, doc: TantivyDocument) -> Result<()> {
        let failed = |e: &dyn std::fmt::Display| write_error(&self.folder, e);
        if self.failed {
            return Err(failed(&"the build had failed before"));
        }
        let tantivy = match &mut self.tantivy {
            Some(tantivy) => tantivy,
            none => {
                let place = self.folder.join(&self.data).join(RUN);
                none.insert(begin(&place).map_err(|e| failed(&e))?)
            }
        };
        if let Err(error) = tantivy.add_document(doc) {
            // The indexing thread has ended; committing tells why.
            let cause = match tantivy.commit() {
                Err(cause) => cause.to_string(),
                Ok(_) => error.to_string(),
            };
            self.tantivy = None;
            self.failed = true;
            return Err(write_error(&self.folder, cause));
        }
        Ok(())
    }

    fn account(&mut self, row: &AccountRow) -> Result<()> {
        self.lines.push(self.json(row)?);
        Ok(())
    }
}

/// Begins a segment in a folder of its own.
fn begin(place: &Path) -> tantivy::Result<IndexWriter> {
    fs::create_dir_all(place)?;
    let index = tantivy::Index::create_in_dir(place, schema().0)?;
    // One thread, so that passages lie in the order they are given in.
    let tantivy: IndexWriter = index.writer_with_num_threads(1, HEAP)?;
    tantivy.set_merge_policy(Box::new(NoMergePolicy));
    Ok(tantivy)
}

impl Drop for Writer {
    fn drop(&mut self) {
        if !self.finished {
            self.tantivy = None; // ends its threads before their files go
            let _ = fs::remove_dir_all(self.folder.join(&self.data));
        }
    }
}

/// The name a kind of paragraph is searched by.
pub fn part_name(kind: ParagraphKind) -> &'static str {
    match kind {
        ParagraphKind::Heading => "heading",
        ParagraphKind::Body => "body",
        ParagraphKind::ListItem => "list-item",
        ParagraphKind::Footnote => "footnote",
        ParagraphKind::TableRow => "table",
        ParagraphKind::Caption => "caption",
        ParagraphKind::Contents => "contents",
        ParagraphKind::Code => "code",
    }
}

/// How much a passage counts in ranking, in hundredths: a heading names a matter, a table of
/// contents only points to it.
fn weight(kind: ParagraphKind) -> u64 {
    match kind {
        ParagraphKind::Heading => 70,
        ParagraphKind::Contents => 40,
        _ => 100,
    }
}

/// What the passages of the document of that path have among their symbols; no symbol is like it.
pub fn path_term(path: &str) -> String {
    format!("/{path}")
}

/// Every name a document can be asked for by, folded.
fn names(document: &Document) -> BTreeSet<String> {
    let source = &document.source;
    let file = source.path.rsplit('/').next().unwrap_or("");
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    [
        document.meta.id.as_str(),
        document.meta.symbol.as_deref().unwrap_or(""),
        source.path.as_str(),
        file,
        stem,
        source.sha256.as_str(),
    ]
    .into_iter()
    .map(folded)
    .filter(|name| !name.is_empty())
    .collect()
}

/// The lines of a passage with their places. Passages come in order, so `next` only moves on.
fn line_places(document: &Document, span: Span, next: &mut usize) -> Vec<LinePlace> {
    while document.lines.get(*next).is_some_and(|l| l.span.end <= span.start) {
        *next += 1;
    }
    let tenths = |v: f32| (v * 10.0).round() as i32;
    let lines = document.lines.iter().skip(*next).take_while(|l| l.span.start < span.end);
    lines
        .map(|l| {
            let left = l.edges.iter().map(|e| e.0).fold(f32::MAX, f32::min);
            let right = l.edges.iter().map(|e| e.1).fold(f32::MIN, f32::max);
            let (left, right) = if l.edges.is_empty() { (0.0, 0.0) } else { (left, right) };
            (l.span.start, l.span.end, l.page, [left, l.y0, right, l.y1].map(tenths))
        })
        .collect()
}

fn add_tokens(doc: &mut TantivyDocument, field: Field, tokens: Vec<Token>) {
    if tokens.is_empty() {
        return;
    }
    let tokens = tokens
        .into_iter()
        .enumerate()
        .map(|(position, t)| TantivyToken {
            offset_from: t.start,
            offset_to: t.end,
            position,
            text: t.text,
            position_length: 1,
        })
        .collect();
    doc.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
}

/// The segments in the order their passages were given.
fn segments_in_order(
    index: &tantivy::Index,
    fields: &Fields,
) -> tantivy::Result<Vec<tantivy::index::SegmentId>> {
    let reader = index.reader_builder().reload_policy(tantivy::ReloadPolicy::Manual).try_into()?;
    let searcher = reader.searcher();
    // A segment begins with a passage or, where a document has none, with its record.
    let name = searcher.schema().get_field_name(fields.document);
    let of_record = searcher.schema().get_field_name(fields.record_order);
    let mut found = Vec::new();
    for segment in searcher.segment_readers() {
        let documents = segment.fast_fields().u64(name)?;
        let records = segment.fast_fields().u64(of_record)?;
        let place = |doc| documents.first(doc).or_else(|| records.first(doc));
        let orders = segment.fast_fields().u64(searcher.schema().get_field_name(fields.order))?;
        let last = segment.max_doc().saturating_sub(1);
        // A document's record follows its passages, so a segment's last order is the highest.
        let order = orders.values_for_doc(last).next().unwrap_or(u64::MAX);
        found.push((place(0), place(last), order, segment.segment_id()));
    }
    found.sort_by_key(|(first, last, order, _)| (*first, *last, *order));
    Ok(found.into_iter().map(|(.., id)| id).collect())
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
