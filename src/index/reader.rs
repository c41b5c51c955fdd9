//! An index that is there: opened, checked, and its stored records read.

use super::head::{Head, rebuild};
use super::record::{AccountRow, DocumentRecord, PassageRecord};
use super::schema::{Facet, Fields, schema};
use super::tokens::folded;
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::{IndexRecordOption, Value as _};
use tantivy::{DocAddress, ReloadPolicy, Searcher, TantivyDocument, Term};

/// An index opened for reading. It stays as it was when opened, also while another is built.
pub struct Index {
    folder: PathBuf,
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
        let mut tries = 0;
        loop {
            let head = Head::read(folder)?;
            let (wanted, fields) = schema();
            let place = folder.join(&head.data).join("passages");
            let opened = tantivy::Index::open_in_dir(&place).and_then(|index| {
                let reader: tantivy::IndexReader =
                    index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
                Ok((index.schema(), reader.searcher()))
            });
            match opened {
                Ok((found, searcher)) if found == wanted => {
                    return Ok(Index { folder: folder.to_path_buf(), head, fields, searcher });
                }
                // A build that ended between reading the head and opening took the data away.
                Err(_) if tries < 3 && Head::read(folder)?.data != head.data => tries += 1,
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
        let term = Term::from_field_u64(self.fields.record_order, order);
        let Some(address) = self.matching(term)?.pop_first() else { return Ok(None) };
        self.stored(address, self.fields.record)
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
            found.extend(self.stored::<DocumentRecord>(address, self.fields.record)?);
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
        let term = Term::from_field_u64(self.fields.document, document);
        let mut found = Vec::new();
        for address in self.matching(term)? {
            found.extend(self.stored::<PassageRecord>(address, self.fields.passage)?);
        }
        found.sort_by_key(|p| p.order);
        Ok(found)
    }

    pub(crate) fn passage(&self, address: DocAddress) -> Result<Option<PassageRecord>> {
        self.stored(address, self.fields.passage)
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

fn damaged(folder: &Path, cause: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Index, "the index is damaged")
        .at(folder.display())
        .because(cause)
        .hint(rebuild(folder))
}
