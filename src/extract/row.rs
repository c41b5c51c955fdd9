//! A mention as the contract prints it: one row, the same fields in every format.

use super::{Kind, Mention, Rejected, Value};
use crate::document::{Document, Reader};
use serde::{Deserialize, Serialize};

/// The `schema` field of a mention row.
pub const SCHEMA: &str = "paydirt.mention/1";

/// One mention with all that is needed to find and check it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MentionRow {
    pub schema: String,
    pub source: String,
    pub sha256: String,
    pub document: DocumentRow,
    /// 1-based page of the file.
    pub page: u32,
    /// As printed.
    pub page_label: Option<String>,
    /// Which reader gave the page; a figure read by `ocr` should be looked at.
    pub reader: Reader,
    /// `106`, `fn 34`, `table 2 row 5`.
    pub paragraph: Option<String>,
    pub kind: Kind,
    /// As printed, white space folded.
    pub surface: String,
    /// The sentence or table row it stands in, white space folded.
    pub sentence: String,
    /// Bytes of the document's text.
    pub span: Ends,
    /// The same in Unicode characters.
    pub chars: Ends,
    /// `[x0, y0, x1, y1]` in points, one a line; null where there are none.
    pub boxes: Option<Vec<[f32; 4]>>,
    pub rule: String,
    pub value: Value,
    /// What the value rests on besides its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inherited: Option<String>,
    /// Bytes of the mention that gives the same sum in other money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tied_to: Option<Ends>,
    /// What the second reader of the page gave, where its digits differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disputed_digits: Option<String>,
    /// How sure the OCR engine was of the least sure word of the surface, 0 to 100; none where the
    /// text is printed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
}

/// The publication a row stands in; unknown fields are null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRow {
    pub id: String,
    pub title: Option<String>,
    pub publisher: Option<String>,
    pub published: Option<String>,
    pub language: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    pub start: usize,
    pub end: usize,
}

impl DocumentRow {
    pub fn of(document: &Document) -> Self {
        let meta = &document.meta;
        DocumentRow {
            id: meta.id.clone(),
            title: meta.title.clone(),
            publisher: meta.publisher.clone(),
            published: meta.published.clone(),
            language: meta.language.clone(),
        }
    }
}

/// The rows of a document's mentions, which must be in the order of the text.
pub fn rows(document: &Document, mentions: &[Mention]) -> Vec<MentionRow> {
    let publication = DocumentRow::of(document);
    // Mentions come in order, so characters are counted once over the text.
    let (mut byte, mut chars) = (0, 0);
    let mut rows = Vec::with_capacity(mentions.len());
    for mention in mentions {
        let span = mention.span;
        chars += document.text.get(byte..span.start).map_or(0, |s| s.chars().count());
        byte = span.start;
        let surface = span.of(&document.text);
        let page = document.page_at(span.start);
        let boxes: Vec<[f32; 4]> = document
            .boxes(span)
            .into_iter()
            .filter(|(on, _)| *on == page)
            .map(|(_, r)| [r.x0, r.y0, r.x1, r.y1].map(|v| (v * 10.0).round() / 10.0))
            .collect();
        let sentence = document.sentence_at(span.start).map_or("", |s| s.of(&document.text));
        rows.push(MentionRow {
            schema: SCHEMA.to_string(),
            source: document.source.path.clone(),
            sha256: document.source.sha256.clone(),
            document: publication.clone(),
            page,
            page_label: document.page(page).and_then(|p| p.label.clone()),
            reader: document.page(page).map_or(Reader::Flow, |p| p.reader),
            paragraph: paragraph_at(document, span.start),
            kind: mention.value.kind(),
            surface: fold(surface),
            sentence: fold(sentence),
            span: Ends { start: span.start, end: span.end },
            chars: Ends { start: chars, end: chars + surface.chars().count() },
            boxes: (!boxes.is_empty()).then_some(boxes),
            rule: mention.rule.clone(),
            value: mention.value.clone(),
            inherited: mention.inherited.clone(),
            tied_to: mention.tied_to.map(|s| Ends { start: s.start, end: s.end }),
            disputed_digits: document
                .disputes
                .iter()
                .find(|d| d.span.overlaps(span))
                .map(|d| d.other.clone()),
            confidence: document.confidence(span),
        });
    }
    rows
}

/// The `schema` field of a row of a look-alike.
pub const REJECTED_SCHEMA: &str = "paydirt.rejected/1";

/// A look-alike that was turned down, with the reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RejectedRow {
    pub schema: String,
    pub source: String,
    pub sha256: String,
    /// 1-based page of the file.
    pub page: u32,
    pub paragraph: Option<String>,
    pub kind: Kind,
    pub surface: String,
    pub sentence: String,
    /// Bytes of the document's text.
    pub span: Ends,
    pub rule: String,
    /// Why it is no mention, as a clause.
    pub why: String,
}

/// The rows of what was turned down in a document.
pub fn rejected_rows(document: &Document, rejected: &[Rejected]) -> Vec<RejectedRow> {
    let row = |r: &Rejected| RejectedRow {
        schema: REJECTED_SCHEMA.to_string(),
        source: document.source.path.clone(),
        sha256: document.source.sha256.clone(),
        page: document.page_at(r.span.start),
        paragraph: paragraph_at(document, r.span.start),
        kind: r.kind,
        surface: fold(r.span.of(&document.text)),
        sentence: fold(document.sentence_at(r.span.start).map_or("", |s| s.of(&document.text))),
        span: Ends { start: r.span.start, end: r.span.end },
        rule: r.rule.clone(),
        why: r.why.clone(),
    };
    rejected.iter().map(row).collect()
}

fn paragraph_at(document: &Document, byte: usize) -> Option<String> {
    document.paragraph_at(byte).and_then(|i| document.paragraphs.get(i))?.locator()
}

/// White space folded to single spaces.
pub fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
