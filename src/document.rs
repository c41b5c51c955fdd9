//! The spine: a source, and the one text made of it, with its pages, paragraphs and sentences.
//!
//! A [`Document`]'s text is final once made; everything later (mentions, claims, hits) is a
//! [`Span`] into it. Positions on the page are kept while the text is made. This module holds
//! data and look-ups only: it reads nothing and decides nothing.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes of a document's text, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Span { start, end }
    }

    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The text under this span; empty where it does not fit.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

/// The formats paydirt reads, recognised by content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Pdf,
    Html,
    Docx,
    Markdown,
    Text,
}

/// A file of the corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// As it was given or found: relative to the corpus where there is one, `/` between folders.
    pub path: String,
    /// Of the bytes, in lower-case hex.
    pub sha256: String,
    pub format: Format,
    /// Length of the file in bytes.
    pub bytes: u64,
}

/// What is known of a document as a publication. Unknown fields are `None`, never guessed from a
/// file's date.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// The symbol (`S/2022/132`) or else a slug of the file's name.
    pub id: String,
    pub title: Option<String>,
    pub publisher: Option<String>,
    /// ISO 8601, as precise as known: `2022-03-01`, `2022-03` or `2022`.
    pub published: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// A UN document symbol, where there is one.
    pub symbol: Option<String>,
    /// Where it was published on the web.
    pub address: Option<String>,
    /// Addresses its text links to, where the format has links that are not printed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
}

/// Which reader gave a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reader {
    /// The primary reader of PDF.
    Hayro,
    /// The second, independent reader of PDF.
    PdfExtract,
    /// Optical character recognition of the page's image.
    Ocr,
    /// The reader of a format without glyphs (HTML, DOCX, Markdown, text).
    Flow,
}

impl Reader {
    /// The name of a reader that did not go without saying: the second one, or OCR.
    pub fn to_be_told(self) -> Option<&'static str> {
        match self {
            Reader::Hayro | Reader::Flow => None,
            Reader::PdfExtract => Some("pdf-extract"),
            Reader::Ocr => Some("OCR"),
        }
    }
}

/// A rectangle in PDF points, origin at the top left of the page as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Rect {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

/// One page of the source file. Formats without pages have one page, number 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// 1-based place in the file.
    pub number: u32,
    /// As printed on the page (`14/27`, `xii`), else the PDF's own page label.
    pub label: Option<String>,
    /// In points; 0 where there are no pages.
    pub width: f32,
    pub height: f32,
    pub reader: Reader,
    /// Why the page could not be read, or `None` where it was.
    pub unread: Option<String>,
}

/// A stretch of the text that stands on one line of one page, with the place of each character.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub span: Span,
    /// 1-based.
    pub page: u32,
    pub y0: f32,
    pub y1: f32,
    /// Left and right edge of each character of the span, in order; as many pairs as characters, or
    /// none where the page has no places.
    pub edges: Vec<(f32, f32)>,
}

/// What part of a document a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParagraphKind {
    Heading,
    Body,
    ListItem,
    Footnote,
    /// One row of a table; its cells are in [`Paragraph::row`].
    TableRow,
    Caption,
    /// A line of a table of contents.
    Contents,
    Code,
}

/// A paragraph, heading, footnote or table row. Paragraphs tile the document's text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Paragraph {
    /// With the white space that follows it, up to the next paragraph.
    pub span: Span,
    pub kind: ParagraphKind,
    /// The printed number: `106`, `(a)`; of a footnote its mark, `34`.
    pub number: Option<String>,
    /// Depth of a heading, 1 for the highest; 0 for other kinds.
    pub level: u8,
    /// Index into [`Document::paragraphs`] of the heading it stands under.
    pub heading: Option<usize>,
    /// The annex it stands in (`Annex 39`), where the document has annexes.
    pub annex: Option<String>,
    pub row: Option<Row>,
    /// Indices into [`Document::sentences`], half-open; sentences tile the paragraph.
    pub sentences: (usize, usize),
}

impl Paragraph {
    /// The contract's `paragraph` field: `106`, `fn 34`, `table 2 row 5`.
    pub fn locator(&self) -> Option<String> {
        if let Some(row) = &self.row {
            return Some(format!("table {} row {}", row.table + 1, row.row + 1));
        }
        let number = self.number.as_deref()?;
        Some(match self.kind {
            ParagraphKind::Footnote => format!("fn {number}"),
            _ => number.to_string(),
        })
    }
}

/// The cells of a table row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Index into [`Document::tables`].
    pub table: usize,
    /// 0-based among the table's body rows as printed; head rows are counted too.
    pub row: usize,
    pub is_head: bool,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Inside the row's paragraph; empty for an empty cell.
    pub span: Span,
    /// 0-based column it begins in.
    pub column: usize,
    /// How many columns it spans, 1 at least.
    pub columns: usize,
}

/// What holds for a whole table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// `Table 2. Thefts in 2023`, a span of the text.
    pub caption: Option<Span>,
    /// A line that gives the unit of the cells: "Millions of United States dollars".
    pub unit: Option<Span>,
    /// The head of each column, spans of the text; several where heads are stacked.
    pub heads: Vec<Vec<Span>>,
}

/// A footnote mark taken out of the running text, so that it cannot join a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteMark {
    /// Byte of the text the mark stood before.
    pub at: usize,
    pub mark: String,
    /// Index of the footnote's paragraph, where it was found.
    pub note: Option<usize>,
}

/// Text taken out of the reading order and kept: running heads, page numbers, job numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Furniture {
    pub page: u32,
    pub text: String,
    pub place: Rect,
    pub why: FurnitureKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FurnitureKind {
    RunningHead,
    RunningFoot,
    PageNumber,
    JobNumber,
    BarCode,
    /// Drawn to be unseen and not the text layer of a scan.
    Invisible,
}

/// A figure on which the two readers of a page do not agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// The word as the reader of the page gave it.
    pub span: Span,
    /// What the other reader gave at that place.
    pub other: String,
}

/// A word read by optical character recognition, with how sure the engine was of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    pub page: u32,
    pub place: Rect,
    /// 0 to 100.
    pub confidence: u8,
}

/// Something the user should know of a source that could be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Warning {
    pub page: Option<u32>,
    pub what: String,
}

/// A source as one text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub source: Source,
    pub meta: Meta,
    /// Paragraphs end in `\n`, sentences and lines are joined by one space, cells by ` | `.
    pub text: String,
    pub pages: Vec<Page>,
    /// In the order of the text; empty for formats without pages. Of a page without places a line is
    /// a paragraph or cell.
    pub lines: Vec<Line>,
    pub paragraphs: Vec<Paragraph>,
    pub sentences: Vec<Span>,
    pub tables: Vec<Table>,
    pub marks: Vec<NoteMark>,
    pub furniture: Vec<Furniture>,
    pub disputes: Vec<Dispute>,
    /// The words of pages read by OCR, in the engine's order; empty where there are none.
    #[serde(default)]
    pub recognised: Vec<Recognised>,
    pub warnings: Vec<Warning>,
}

impl Document {
    /// The 1-based page a byte of the text stands on: that of the last line that begins at or
    /// before it.
    pub fn page_at(&self, byte: usize) -> u32 {
        let after = self.lines.partition_point(|line| line.span.start <= byte);
        match after.checked_sub(1).and_then(|i| self.lines.get(i)).or(self.lines.first()) {
            Some(line) => line.page,
            None => 1,
        }
    }

    /// The pages that another reader gave than the usual one, with its name.
    pub fn read_by(&self) -> Vec<(u32, &'static str)> {
        let read = self.pages.iter().filter(|page| page.unread.is_none());
        read.filter_map(|page| Some((page.number, page.reader.to_be_told()?))).collect()
    }

    /// The page of that number.
    pub fn page(&self, number: u32) -> Option<&Page> {
        let i = self.pages.binary_search_by_key(&number, |page| page.number).ok()?;
        self.pages.get(i)
    }

    /// Index of the paragraph a byte of the text stands in.
    pub fn paragraph_at(&self, byte: usize) -> Option<usize> {
        let after = self.paragraphs.partition_point(|p| p.span.start <= byte);
        after.checked_sub(1)
    }

    /// The sentence a byte of the text stands in.
    pub fn sentence_at(&self, byte: usize) -> Option<Span> {
        let after = self.sentences.partition_point(|s| s.start <= byte);
        after.checked_sub(1).and_then(|i| self.sentences.get(i)).copied()
    }

    /// The places of a span on its pages, one rectangle a line, with the page of each; empty for
    /// formats without positions.
    pub fn boxes(&self, span: Span) -> Vec<(u32, Rect)> {
        let first = self.lines.partition_point(|line| line.span.end <= span.start);
        let mut boxes = Vec::new();
        for line in self.lines.iter().skip(first) {
            if line.span.start >= span.end {
                break;
            }
            let mut place: Option<Rect> = None;
            for ((byte, _), &(x0, x1)) in line.span.of(&self.text).char_indices().zip(&line.edges) {
                let byte = line.span.start + byte;
                if byte >= span.start && byte < span.end {
                    let r = place.get_or_insert(Rect { x0, y0: line.y0, x1, y1: line.y1 });
                    r.x0 = r.x0.min(x0);
                    r.x1 = r.x1.max(x1);
                }
            }
            boxes.extend(place.map(|r| (line.page, r)));
        }
        boxes
    }

    /// How sure the OCR engine was of the least sure word of a span, 0 to 100; `None` where the
    /// span is printed text.
    pub fn confidence(&self, span: Span) -> Option<u8> {
        if self.recognised.is_empty() {
            return None;
        }
        let boxes = self.boxes(span);
        let is_in = |word: &Recognised| {
            let middle = (word.place.y0 + word.place.y1) / 2.0;
            boxes.iter().any(|(page, r)| {
                let shared = r.x1.min(word.place.x1) - r.x0.max(word.place.x0);
                *page == word.page && (r.y0..=r.y1).contains(&middle) && shared > 0.5
            })
        };
        self.recognised.iter().filter(|word| is_in(word)).map(|word| word.confidence).min()
    }
}
