//! An index that is there: opened, checked, and its stored records read.

use super::head::{Head, rebuild};
use super::layout::Layout;
use super::packed::unpack;
use super::record::{AccountRow, DocumentRecord, PassageRecord};
use super::schema::{Facet, Fields, schema};
use super::stored::Stored;
use super::tokens::folded;
use crate::corpus::{self, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::MentionRow;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, ReloadPolicy, Searcher, TantivyDocument, Term};

/// Blocks of stored records kept at hand, of each segment.
const BLOCKS: usize = 16;

/// An index opened for reading. It stays as it was when opened, also while another is built.
pub struct Index {
    folder: PathBuf,
    layout: Layout,
    pub head: Head,
    pub(crate) fields: Fields,
    pub(crate) searcher: Searcher,
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
            let opened = Stored::open(&place).and_then(tantivy::Index::open).and_then(|index| {
                let reader: tantivy::IndexReader = index
                    .reader_builder()
                    .reload_policy(ReloadPolicy::Manual)
                    .doc_store_cache_num_blocks(BLOCKS)
                    .try_into()?;
                Ok((index.schema(), reader.searcher()))
            });
            match opened {
                Ok((found, searcher)) if found == wanted => {
                    let layout = Layout::of(&searcher, fields.what).map_err(|e| damaged(folder, e))?;
                    return Ok(Index { folder: folder.to_path_buf(), layout, head, fields, searcher });
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
        let Some(address) = self.layout.record(order) else { return Ok(None) };
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
        let (segment, docs) = self.layout.passages_of(document).unwrap_or_default();
        Ok(docs.filter_map(move |doc| self.passage(DocAddress::new(segment, doc)).transpose()))
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

    /// The passage of that place among all.
    ///
    /// # Errors
    /// `Index` where it cannot be read.
    pub(crate) fn passage_at(&self, order: u64) -> Result<Option<PassageRecord>> {
        self.layout.passage(order).map_or(Ok(None), |address| self.passage(address))
    }

    pub(crate) fn passage(&self, address: DocAddress) -> Result<Option<PassageRecord>> {
        let doc = self.stored(address)?;
        let Some(bytes) = doc.get_first(self.fields.passage).and_then(|v| v.as_bytes()) else {
            return Ok(None);
        };
        let (order, document) = (self.layout.order(address), self.layout.document(address));
        unpack(bytes, order, document).map(Some).map_err(|e| self.damaged(e))
    }

    fn record(&self, address: DocAddress) -> Result<Option<DocumentRecord>> {
        let doc = self.stored(address)?;
        let Some(text) = doc.get_first(self.fields.record).and_then(|v| v.as_str()) else { return Ok(None) };
        let mut record: DocumentRecord = serde_json::from_str(text).map_err(|e| self.damaged(e))?;
        record.order = self.layout.document(address);
        Ok(Some(record))
    }

    /// Where documents and passages lie.
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
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

    fn stored(&self, address: DocAddress) -> Result<TantivyDocument> {
        self.searcher.doc(address).map_err(|e| self.damaged(e))
    }

    pub(crate) fn damaged(&self, cause: impl std::fmt::Display) -> Error {
        damaged(&self.folder, cause)
    }
}

fn damaged(folder: &Path, cause: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Index, "the index is damaged")
        .at(folder.display())
        .because(cause)
        .hint(rebuild(folder))
}
