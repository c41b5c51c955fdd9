//! What is printed on the pages to one text: words, lines, reading order, paragraphs, sentences,
//! footnotes, tables; running heads taken out and kept as furniture.
//!
//! It finds no figures and knows nothing of amounts or names. What it puts into
//! [`Document::text`] is final.

mod blocks;
mod columns;
mod draft;
mod footnotes;
mod furniture;
pub mod layout;
mod lines;
mod numbers;
mod pages;
mod paragraphs;
mod publication;
mod row_rules;
mod sentences;
mod sheets;
mod tables;
mod words;

pub use sentences::sentences;

use crate::corpus::Entry;
use crate::document::{Cell, Document, Meta, Paragraph, ParagraphKind, Row, Source, Span, Table};
use crate::document::{Format, Page, Reader, Recognised, Rect};
use crate::read::{Body, Glyph, PageRead, Reading};

/// Makes the document of a source from what was read of it and what the manifest says.
pub fn structure(source: Source, entry: Option<&Entry>, reading: Reading) -> Document {
    let mut document = empty(source);
    let hints = reading.hints;
    document.warnings = reading.warnings;
    let mut draft = draft::Draft::default();
    for page in &reading.pages {
        document.pages.push(Page {
            number: page.number,
            label: page.label.clone(),
            width: page.width,
            height: page.height,
            reader: page.reader,
            unread: page.unread.clone(),
        });
    }
    document.recognised =
        reading.pages.iter().filter(|p| p.reader == Reader::Ocr).flat_map(recognised).collect();
    pages::add(&reading.pages, &mut document.pages, &mut draft);
    let is_paged = reading.pages.len() > 1;
    for page in reading.pages {
        if let Body::Blocks(blocks) = page.body {
            let first = draft.pieces.len();
            blocks::add(blocks, &mut draft);
            if is_paged {
                draft.stand_on(page.number, first);
            }
        }
    }
    draft::compose(draft, &mut document);
    document.meta = publication::publication(entry, &hints, &document);
    document
}

/// The words of a page read by OCR.
fn recognised(page: &PageRead) -> Vec<Recognised> {
    let Body::Glyphs { glyphs, .. } = &page.body else { return Vec::new() };
    let words = glyphs.split(|glyph| glyph.c.is_whitespace()).flat_map(|line| {
        // Without a space between them, lines are told by their baseline.
        line.chunk_by(|a, b| a.baseline == b.baseline && a.confidence == b.confidence)
    });
    let word = |glyphs: &[Glyph]| {
        let first = glyphs.first()?;
        let start = Rect { x0: first.x0, y0: first.y0, x1: first.x1, y1: first.y1 };
        let place = glyphs.iter().fold(start, |r, glyph| Rect {
            x0: r.x0.min(glyph.x0),
            y0: r.y0.min(glyph.y0),
            x1: r.x1.max(glyph.x1),
            y1: r.y1.max(glyph.y1),
        });
        let confidence = glyphs.iter().map(|glyph| glyph.confidence).min()?;
        Some(Recognised { page: page.number, place, confidence })
    };
    words.filter_map(word).collect()
}

fn empty(source: Source) -> Document {
    Document {
        source,
        meta: Meta::default(),
        text: String::new(),
        pages: Vec::new(),
        lines: Vec::new(),
        paragraphs: Vec::new(),
        sentences: Vec::new(),
        tables: Vec::new(),
        marks: Vec::new(),
        furniture: Vec::new(),
        disputes: Vec::new(),
        recognised: Vec::new(),
        warnings: Vec::new(),
    }
}

/// A document of a text at hand: a case, a sentence to explain, a query.
///
/// Byte for byte as long as the text given: a line break inside a paragraph becomes one space,
/// blank lines end a paragraph. Lines that begin with `|` are rows of a table, the first its head,
/// the line before them its caption.
pub fn plain(text: &str) -> Document {
    let mut document = empty(Source {
        path: String::new(),
        sha256: String::new(),
        format: Format::Text,
        bytes: text.len() as u64,
    });
    document.text = text.to_string();
    document.pages.push(Page {
        number: 1,
        label: None,
        width: 0.0,
        height: 0.0,
        reader: Reader::Flow,
        unread: None,
    });
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Block, Inline, Style};

    /// A document of one page of blocks.
    fn of_blocks(blocks: Vec<Block>) -> Document {
        let source = plain("").source;
        let reading = Reading { pages: vec![PageRead::of_blocks(blocks)], ..Reading::default() };
        structure(source, None, reading)
    }

    #[test]
    fn blocks_become_paragraphs_under_their_headings() {
        let heading = |level, text: &str| Block::Heading { level, text: Inline::plain(text) };
        let body = |text: &str| Block::Paragraph { number: None, text: Inline::plain(text) };
        let document = of_blocks(vec![
            heading(1, "Findings"),
            body("12. The first. The second."),
            heading(1, "Annex 3: Letters"),
            heading(2, "One"),
            body("It said so."),
        ]);
        assert_eq!(
            document.text,
            "Findings\n\n12. The first. The second.\n\nAnnex 3: Letters\n\nOne\n\nIt said so.\n"
        );
        let p = &document.paragraphs;
        assert_eq!((p[1].number.as_deref(), p[1].heading), (Some("12"), Some(0)));
        assert_eq!(p[1].sentences, (1, 3));
        assert_eq!((p[3].heading, p[4].heading), (Some(2), Some(3)));
        assert_eq!(p[4].annex.as_deref(), Some("Annex 3"));
    }

    #[test]
    fn marks_are_tied_to_their_notes() {
        let text = Inline { text: "Some $320 were paid.".to_string(), marks: vec![(9, "1".to_string())] };
        let document = of_blocks(vec![
            Block::Paragraph { number: None, text },
            Block::Footnote { mark: "1".to_string(), text: Inline::plain("Records of the bank.") },
        ]);
        assert_eq!(document.marks.len(), 1);
        assert_eq!((document.marks[0].at, document.marks[0].note), (9, Some(1)));
    }

    #[test]
    fn cells_of_a_row_are_spans_of_its_text() {
        let cell = |text: &str| (Inline::plain(text), 1);
        let document = of_blocks(vec![Block::Table {
            caption: Some("Table 1. Thefts".to_string()),
            unit: Some("Millions of United States dollars".to_string()),
            heads: 1,
            rows: vec![
                vec![cell("Name"), cell("Loss")],
                vec![cell("A"), cell("")],
                vec![cell("B"), cell("2.5")],
            ],
        }]);
        let last = document.paragraphs.last().unwrap();
        assert_eq!(last.span.of(&document.text), "B | 2.5\n");
        let cells: Vec<&str> =
            last.row.iter().flat_map(|r| &r.cells).map(|c| c.span.of(&document.text)).collect();
        assert_eq!(cells, ["B", "2.5"]);
        let table = &document.tables[0];
        assert_eq!(table.unit.unwrap().of(&document.text), "Millions of United States dollars");
        assert_eq!(table.heads[1][0].of(&document.text), "Loss");
        assert_eq!(last.locator().as_deref(), Some("table 1 row 3"));
    }

    #[test]
    fn what_was_recognised_keeps_how_sure_the_engine_was() {
        let mut glyphs = Vec::new();
        let mut x = 72.0;
        for (word, confidence) in [("Paid", 96), ("$320", 41), ("million.", 88)] {
            for c in word.chars().chain([' ']) {
                let at = Glyph {
                    c,
                    x0: x,
                    x1: x + 6.0,
                    y0: 90.0,
                    y1: 102.0,
                    baseline: 100.0,
                    size: 12.0,
                    angle: 0,
                    font: 0,
                    style: Style::default(),
                    confidence,
                };
                glyphs.push(at);
                x += 6.0;
            }
        }
        let page = PageRead {
            reader: Reader::Ocr,
            width: 612.0,
            height: 792.0,
            body: Body::Glyphs { glyphs, rulings: vec![], images: vec![], disputes: vec![] },
            ..PageRead::of_blocks(vec![])
        };
        let reading = Reading { pages: vec![page], ..Reading::default() };
        let document = structure(plain("").source, None, reading);
        assert_eq!(document.text.trim(), "Paid $320 million.");
        let of = |from, to| document.confidence(Span::new(from, to));
        assert_eq!((of(0, 4), of(5, 17), of(10, 17)), (Some(96), Some(41), Some(88)));
        assert_eq!(plain("Paid $320 million.").confidence(Span::new(0, 4)), None);
    }

    #[test]
    fn a_plain_text_keeps_its_bytes() {
        let text = "One\nline.\n\nThefts\n| a | b |\n| 1 | 2 |";
        let document = plain(text);
        assert_eq!(document.text, text.replacen('\n', " ", 1));
        assert_eq!(document.tables[0].heads[1][0].of(text), "b");
    }
}
