//! The account of an index as rows: a file of the corpus with what became of it.

use super::DOCUMENTS;
use crate::corpus::Outcome;
use crate::document::Warning;
use crate::error::Result;
use crate::extract::row::DocumentRow;
use crate::index::Index;
use crate::index::record::AccountRow;
use serde::Serialize;
use std::collections::BTreeMap;

/// A file of the corpus, as `paydirt.document/1`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DocumentStatus {
    schema: &'static str,
    source: String,
    sha256: Option<String>,
    bytes: Option<u64>,
    /// Null where nothing was read.
    document: Option<DocumentRow>,
    status: &'static str,
    why: Option<String>,
    pages: u64,
    pages_read: u64,
    pages_unread: u64,
    unread: Vec<(u32, String)>,
    passages: u64,
    /// By kind, and `all`.
    mentions: BTreeMap<String, u64>,
    warnings: Vec<Warning>,
    read_by: Vec<(u32, String)>,
}

/// Every source of an index, in the order of the corpus.
///
/// # Errors
/// `Index` where the account cannot be read.
pub fn documents(index: &Index) -> Result<impl Iterator<Item = DocumentStatus>> {
    Ok(index.account()?.into_iter().map(DocumentStatus::of))
}

impl DocumentStatus {
    fn of(row: AccountRow) -> Self {
        let (status, why, unread) = match row.outcome {
            Outcome::Read => ("read", None, Vec::new()),
            Outcome::InPart { unread } => {
                let why = unread.first().map(|(_, why)| why.clone());
                ("in-part", why, unread)
            }
            Outcome::Skipped { why } => ("skipped", Some(why), Vec::new()),
            Outcome::Failed { why } => ("failed", Some(why), Vec::new()),
        };
        let mut mentions = row.mentions;
        mentions.insert("all".to_string(), mentions.values().sum());
        DocumentStatus {
            schema: DOCUMENTS.schema,
            source: row.source,
            sha256: row.sha256,
            bytes: row.bytes,
            document: row.document,
            status,
            why,
            pages: row.pages,
            pages_read: row.pages_read,
            pages_unread: row.pages.saturating_sub(row.pages_read),
            unread,
            passages: row.passages,
            mentions,
            warnings: row.warnings,
            read_by: row.read_by,
        }
    }
}
