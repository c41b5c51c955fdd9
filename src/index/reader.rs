//! An index that is there: opened, checked, and its stored records read.

use super::head::{Head, rebuild};
use super::record::{AccountRow, DocumentRecord, PassageRecord};
use super::runs;
use super::schema::{Facet, Fields, schema};
use super::tokens::folded;
use crate::corpus::{self, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::MentionRow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, DocSet, ReloadPolicy, Searcher, TERMINATED, TantivyDocument, Term};

/// An index opened for reading. It stays as it was when opened, also while another is built.
pub struct Index {
    folder: PathBuf,
    /// Of each segment, in tantivy's order.
    bases: Arc<Vec<Base>>,
    pub head: Head,
    pub(crate) fields: Fields,
    pub(crate) searcher: Searcher,
}

/// What stands before a segment: places in it are counted from these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Base {
    pub documents: u64,
    pub passages: u64,
    /// Documents in it.
    held: u64,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index")
            .field("folder", &self.folder)
            .field("head", &self.head)
            .finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index of a folder.
    ///
    /// # Errors
    /// `Index` where there is none, where it is damaged, or where another version or other rules
    /// made it; with the command to type.
    pub fn open(folder: &Path) -> Result<Index> {
        Self::open_with(folder, Head::read)
    }

    /// Opens an index of this format, whatever rules made it: what it holds may be other than this
    /// program would find.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn open_of_any_rules(folder: &Path) -> Result<Index> {
        Self::open_with(folder, Head::read_of_any_rules)
    }

    fn open_with(folder: &Path, read: fn(&Path) -> Result<Head>) -> Result<Index> {
        let mut tries = 0;
        loop {
            let head = read(folder)?;
            let (wanted, fields) = schema();
            let place = folder.join(&head.data).join("passages");
            let opened = tantivy::Index::open_in_dir(&place).and_then(|index| {
                let reader: tantivy::IndexReader =
                    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
                Ok((index.schema(), reader.searcher()))
            });
            match opened {
                Ok((found, searcher)) if found == wanted => {
                    let bases = bases(&folder.join(&head.data), &searcher).map_err(|e| damaged(folder, e))?;
                    let folder = folder.to_path_buf();
                    return Ok(Index { folder, bases: Arc::new(bases), head, fields, searcher });
                }
                // A build that ended between reading the head and opening took the data away.
                Err(_) if tries < 3 && read(folder)?.data != head.data => tries += 1,
                Ok(_) => return Err(damaged(folder, "its fields are not those of this paydirt")),
                Err(e) => return Err(damaged(folder, e)),
            }
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The account: every source of the corpus in order, with what became of it.
    ///
    /// # Errors
    /// `Index` where it cannot be read.
    pub fn account(&self) -> Result<Vec<AccountRow>> {
        let path = self.folder.join(&self.head.data).join("account.jsonl");
        let file = File::open(&path).map_err(|e| damaged(&self.folder, e))?;
        let mut rows = Vec::new();
        for line in BufReader::new(file).lines() {
            let line = line.map_err(|e| damaged(&self.folder, e))?;
            rows.push(serde_json::from_str(&line).map_err(|e| damaged(&self.folder, e))?);
        }
        Ok(rows)
    }

    /// The record of the document of that place among all.
    ///
    /// # Errors
    /// `Index` where it cannot be read.
    pub fn document(&self, order: u64) -> Result<Option<DocumentRecord>> {
        let Some(address) = self.of_document(self.fields.record_order, order)?.pop() else { return Ok(None) };
        self.record(address)
    }

    /// The documents that go by a name: id, symbol, path, file name with or without its ending,
    /// sha256. In their order.
    ///
    /// # Errors
    /// `Index` where they cannot be read.
    pub fn documents_named(&self, name: &str) -> Result<Vec<DocumentRecord>> {
        let term = Term::from_field_text(self.fields.name, &folded(name));
        let addresses: BTreeSet<DocAddress> = self.matching(term)?.into_iter().collect();
        let mut found = Vec::new();
        for address in addresses {
            found.extend(self.record(address)?);
        }
        found.sort_by_key(|d| d.order);
        Ok(found)
    }

    /// Every name documents go by, folded, in order.
    ///
    /// # Errors
    /// `Index` where they cannot be read.
    pub fn document_names(&self) -> Result<BTreeSet<String>> {
        self.terms(self.fields.name)
    }

    /// Every value of a facet, in order.
    ///
    /// # Errors
    /// `Index` where they cannot be read.
    pub fn facet_values(&self, facet: Facet) -> Result<BTreeSet<String>> {
        self.terms(self.fields.facet(facet))
    }

    /// The passages of a document, in order.
    ///
    /// # Errors
    /// `Index` where they cannot be read.
    pub fn passages_of(&self, document: u64) -> Result<Vec<PassageRecord>> {
        self.each_passage_of(document)?.collect()
    }

    /// The passages of a document, in order, read one by one.
    ///
    /// # Errors
    /// `Index` where they cannot be found, and of each where it cannot be read.
    pub fn each_passage_of(&self, document: u64) -> Result<impl Iterator<Item = Result<PassageRecord>>> {
        // One segment has them, in the order they were written in.
        let addresses = self.of_document(self.fields.document, document)?;
        Ok(addresses.into_iter().filter_map(|address| self.passage(address).transpose()))
    }

    /// The works of which there is more than one document: copies and editions.
    ///
    /// # Errors
    /// As [`Index::account`].
    pub fn works(&self) -> Result<Vec<Work>> {
        let rows = self.account()?;
        Ok(corpus::works(rows.iter().filter_map(|row| {
            Some((row.document.as_ref()?.id.as_str(), row.source.as_str(), row.sha256.as_deref()?))
        })))
    }

    /// The mentions of a document as rows, in the order of the text.
    ///
    /// # Errors
    /// `Index` where it is damaged.
    pub fn mentions_of(&self, document: &DocumentRecord) -> Result<Vec<MentionRow>> {
        let mut found = Vec::new();
        for passage in self.passages_of(document.order)? {
            found.extend(passage.mentions(document)?);
        }
        Ok(found)
    }

    pub(crate) fn passage(&self, address: DocAddress) -> Result<Option<PassageRecord>> {
        let base = self.base(address.segment_ord);
        let passage: Option<PassageRecord> = self.stored(address, self.fields.passage)?;
        Ok(passage.map(|mut passage| {
            passage.order += base.passages;
            passage.document += base.documents;
            passage
        }))
    }

    fn record(&self, address: DocAddress) -> Result<Option<DocumentRecord>> {
        let base = self.base(address.segment_ord);
        let record: Option<DocumentRecord> = self.stored(address, self.fields.record)?;
        Ok(record.map(|mut record| {
            record.order += base.documents;
            record
        }))
    }

    /// What stands before each segment, in tantivy's order.
    pub(crate) fn bases(&self) -> Arc<Vec<Base>> {
        Arc::clone(&self.bases)
    }

    fn base(&self, segment: u32) -> Base {
        self.bases.get(segment as usize).copied().unwrap_or_default()
    }

    /// Where a field has the place of a document, in order.
    fn of_document(&self, field: tantivy::schema::Field, order: u64) -> Result<Vec<DocAddress>> {
        let held = |b: &Base| b.documents <= order && order < b.documents + b.held;
        let Some(segment) = self.bases.iter().position(held) else { return Ok(Vec::new()) };
        let segment = segment as u32;
        let term = Term::from_field_u64(field, order - self.base(segment).documents);
        let postings = self
            .searcher
            .segment_reader(segment)
            .inverted_index(field)
            .and_then(|inverted| Ok(inverted.read_postings(&term, IndexRecordOption::Basic)?))
            .map_err(|e| self.damaged(e))?;
        let mut found = Vec::new();
        let Some(mut postings) = postings else { return Ok(found) };
        while postings.doc() != TERMINATED {
            found.push(DocAddress::new(segment, postings.doc()));
            postings.advance();
        }
        Ok(found)
    }

    fn matching(&self, term: Term) -> Result<BTreeSet<DocAddress>> {
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        let found = self.searcher.search(&query, &DocSetCollector).map_err(|e| self.damaged(e))?;
        Ok(found.into_iter().collect())
    }

    fn terms(&self, field: tantivy::schema::Field) -> Result<BTreeSet<String>> {
        let mut found = BTreeSet::new();
        for segment in self.searcher.segment_readers() {
            let inverted = segment.inverted_index(field).map_err(|e| self.damaged(e))?;
            let mut terms = inverted.terms().stream().map_err(|e| self.damaged(e))?;
            while terms.advance() {
                found.insert(String::from_utf8_lossy(terms.key()).into_owned());
            }
        }
        Ok(found)
    }

    fn stored<T: serde::de::DeserializeOwned>(
        &self,
        address: DocAddress,
        field: tantivy::schema::Field,
    ) -> Result<Option<T>> {
        let doc: TantivyDocument = self.searcher.doc(address).map_err(|e| self.damaged(e))?;
        let Some(text) = doc.get_first(field).and_then(|v| v.as_str()) else { return Ok(None) };
        serde_json::from_str(text).map(Some).map_err(|e| self.damaged(e))
    }

    pub(crate) fn damaged(&self, cause: impl std::fmt::Display) -> Error {
        damaged(&self.folder, cause)
    }
}

/// The bases of a searcher's segments, from the runs.
fn bases(data: &Path, searcher: &Searcher) -> std::io::Result<Vec<Base>> {
    let mut by_segment = BTreeMap::new();
    let mut base = Base::default();
    for run in runs::read(data)? {
        base.held = run.documents;
        by_segment.extend(run.segment_id().map(|id| (id, base)));
        base.documents += run.documents;
        base.passages += run.passages;
    }
    let of = |segment: &tantivy::SegmentReader| {
        let base = by_segment.get(&segment.segment_id().uuid_string()).copied();
        base.ok_or_else(|| std::io::Error::other("a segment is in no run"))
    };
    searcher.segment_readers().iter().map(of).collect()
}

fn damaged(folder: &Path, cause: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Index, "the index is damaged")
        .at(folder.display())
        .because(cause)
        .hint(rebuild(folder))
}
