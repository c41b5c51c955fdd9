//! What an index stores, as rows: the account of each source, the record of each document, the
//! record of each passage.

use super::packed::PackedMention;
use crate::claims::Claim;
use crate::corpus::Outcome;
use crate::document::{Document, Furniture, Meta, NoteMark, Page, ParagraphKind, Source, Span, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{DocumentRow, Ends, MentionRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A line of `account.jsonl`: one source and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AccountRow {
    /// Path relative to the corpus.
    pub source: String,
    #[serde(flatten)]
    pub outcome: Outcome,
    pub sha256: Option<String>,
    pub bytes: Option<u64>,
    pub document: Option<DocumentRow>,
    /// Pages of the file and how many of them were read.
    pub pages: u64,
    pub pages_read: u64,
    pub passages: u64,
    /// Mentions by kind.
    pub mentions: BTreeMap<String, u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Pages another reader gave than the usual one, with its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub read_by: Vec<(u32, String)>,
}

/// A document without its text, which its passages hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Place among the documents of the index, from 0.
    pub order: u64,
    pub source: Source,
    pub meta: Meta,
    pub pages: Vec<Page>,
    /// The stretches of the text on each page, in the order of [`DocumentRecord::pages`].
    pub page_spans: Vec<Vec<Span>>,
    pub furniture: Vec<Furniture>,
    /// Footnote marks, which are no part of the text, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<MarkRecord>,
    pub warnings: Vec<Warning>,
    /// ISO 639-1 code of the main language.
    pub language: String,
    pub passages: u64,
    pub text_bytes: u64,
}

impl DocumentRecord {
    /// The 1-based page a byte of the text stands on.
    pub fn page_at(&self, byte: usize) -> Option<u32> {
        let holds = |spans: &Vec<Span>| spans.iter().any(|s| (s.start..s.end).contains(&byte));
        let place = self.page_spans.iter().position(holds)?;
        self.pages.get(place).map(|page| page.number)
    }

    pub fn row(&self) -> DocumentRow {
        DocumentRow {
            id: self.meta.id.clone(),
            title: self.meta.title.clone(),
            publisher: self.meta.publisher.clone(),
            published: self.meta.published.clone(),
            language: self.meta.language.clone(),
        }
    }
}

/// Where a footnote mark stood, and its note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkRecord {
    /// Byte of the document's text it stood before.
    pub at: usize,
    pub mark: String,
    /// Byte its note begins at, where it was found.
    pub note: Option<usize>,
}

/// The footnote marks of a document with where their notes begin.
pub fn marks(document: &Document) -> Vec<MarkRecord> {
    let start = |note: usize| document.paragraphs.get(note).map(|p| p.span.start);
    let record = |m: &NoteMark| MarkRecord { at: m.at, mark: m.mark.clone(), note: m.note.and_then(start) };
    document.marks.iter().map(record).collect()
}

/// The stretches of a document's text on each of its pages.
pub fn page_spans(document: &Document) -> Vec<Vec<Span>> {
    let mut spans: Vec<Vec<Span>> = vec![Vec::new(); document.pages.len()];
    let place = |page: u32| document.pages.binary_search_by_key(&page, |p| p.number).ok();
    let end = document.text.len();
    if document.lines.is_empty() {
        if let Some(first) = spans.first_mut().filter(|_| end > 0) {
            first.push(Span::new(0, end));
        }
        return spans;
    }
    // A line holds the white space after it up to the next line, so the stretches tile the text.
    let starts = document.lines.iter().map(|l| l.span.start).skip(1).chain([end]);
    let mut from = 0;
    for (line, next) in document.lines.iter().zip(starts) {
        let Some(on) = place(line.page).and_then(|i| spans.get_mut(i)) else { continue };
        match on.last_mut() {
            Some(last) if last.end == from => last.end = next.max(from),
            _ => on.push(Span::new(from, next.max(from))),
        }
        from = next.max(from);
    }
    spans
}

/// A line of a passage: bytes of the document's text, page, and its place in tenths of a point
/// (`x0 y0 x1 y1`).
pub type LinePlace = (usize, usize, u32, [i32; 4]);

/// A passage as the index holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct PassageRecord {
    /// Place among the passages of the index, from 0.
    pub order: u64,
    /// Place of its document among the documents.
    pub document: u64,
    /// Bytes of the document's text; passages tile it.
    pub span: Span,
    /// Characters of the document's text before it.
    pub chars: usize,
    pub kind: ParagraphKind,
    /// Page it begins on.
    pub page: u32,
    pub page_label: Option<String>,
    /// The contract's locator: `106`, `fn 34`, `table 2 row 5`.
    pub paragraph: Option<String>,
    pub annex: Option<String>,
    /// Of the headings it stands under, the highest first.
    pub headings: Vec<String>,
    /// Of a table row: caption, unit and heads of its table.
    pub table: Option<String>,
    /// ISO 639-1.
    pub language: String,
    /// Whole, with the white space that ends it.
    pub text: String,
    pub lines: Vec<LinePlace>,
    /// As they are stored; [`PassageRecord::mentions`] has them as rows.
    pub mentions: Vec<PackedMention>,
    /// What is asserted in it; spans are bytes of the document's text.
    pub claims: Vec<Claim>,
}

impl PassageRecord {
    /// Whether it is a row of a table.
    pub fn is_row(&self) -> bool {
        self.paragraph.as_deref().is_some_and(|p| p.starts_with("table "))
    }

    /// The mentions in it, as the contract prints them.
    ///
    /// # Errors
    /// `Index` where the stored rows are damaged.
    pub fn mentions(&self, document: &DocumentRecord) -> Result<Vec<MentionRow>> {
        let row = document.row();
        let (source, sha256) = (&document.source.path, &document.source.sha256);
        self.mentions
            .iter()
            .map(|mention| mention.row(self, source, sha256, &row))
            .collect::<std::result::Result<_, _>>()
            .map_err(|e| Error::new(ErrorKind::Index, "the index is damaged").because(e))
    }

    /// The text without the white space round it, and how many bytes stand before it.
    pub fn printed(&self) -> (&str, usize) {
        let start = self.text.len() - self.text.trim_start().len();
        (self.text.trim(), start)
    }

    /// A stretch of the document's text in bytes of the printed text, where it lies inside.
    pub fn within(&self, ends: Ends) -> Option<Span> {
        let (printed, lead) = self.printed();
        let base = self.span.start + lead;
        let start = ends.start.max(base).checked_sub(base)?;
        let end = ends.end.checked_sub(base)?.min(printed.len());
        (start < end && printed.get(start..end).is_some()).then(|| Span::new(start, end))
    }
}
