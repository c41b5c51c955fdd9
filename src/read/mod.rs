//! Bytes of a source to what is printed on it: glyphs with their place (PDF) or blocks (formats
//! that carry their own structure).
//!
//! Reading makes no text and drops nothing: which glyphs form a word, a line, a paragraph, a
//! footnote or a running head is [`crate::structure`]'s to say. The PDF crates have their home in
//! `read/pdf` and their types stay there.

pub(crate) mod confine;
mod decode;
mod docx;
mod html;
mod markdown;
mod ocr;
mod packed;
mod pdf;
mod text;
pub mod worker;

use crate::document::{Format, Reader, Rect, Warning};
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// What a reader gave of one source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Every page of the file in order, the unread ones too.
    pub pages: Vec<PageRead>,
    /// What the file says of itself.
    pub hints: Hints,
    pub warnings: Vec<Warning>,
}

/// A page as drawn, on white.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    /// In pixels.
    pub width: u32,
    pub height: u32,
    /// Pixels for each point.
    pub scale: f32,
    /// Row by row: red, green, blue, 255.
    pub pixels: Vec<u8>,
}

/// Draws a page of a PDF, 1-based, `width` pixels wide, or smaller where the picture would have more
/// than `most_pixels`.
///
/// # Errors
/// `Input` where the file cannot be opened or drawn, `Usage` where it has no such page.
pub fn draw(bytes: &[u8], page: u32, width: u32, most_pixels: f32) -> Result<Raster> {
    pdf::draw(bytes, page, width, most_pixels)
}

/// What a file says of itself as a publication (PDF metadata, HTML meta tags, DOCX properties);
/// the manifest and the first page may know better.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hints {
    pub title: Option<String>,
    pub author: Option<String>,
    pub publisher: Option<String>,
    /// ISO 8601, as precise as told. Of a PDF the creation date only where nothing else is known.
    pub published: Option<String>,
    pub language: Option<String>,
    pub address: Option<String>,
    /// Addresses its text links to, each once, in its order.
    pub links: Vec<String>,
}

/// One page as read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PageRead {
    /// 1-based.
    pub number: u32,
    /// The file's own page label, not what is printed.
    pub label: Option<String>,
    /// In points, as shown (rotation applied).
    pub width: f32,
    pub height: f32,
    pub reader: Reader,
    /// Why the page is unread: a picture without text, a damaged stream, time or memory used up.
    pub unread: Option<String>,
    pub body: Body,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Body {
    /// In the order the file draws them.
    Glyphs {
        #[serde(with = "packed")]
        glyphs: Vec<Glyph>,
        rulings: Vec<Ruling>,
        /// Places of pictures.
        images: Vec<Rect>,
        /// Where the second reader gave other digits.
        disputes: Vec<ReadDispute>,
    },
    Blocks(Vec<Block>),
}

/// One character of Unicode with its place in points, origin at the top left of the page as
/// shown. A ligature is several glyphs that share its width.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Glyph {
    /// U+FFFD where the font does not say which character it is.
    pub c: char,
    /// For upright text left and right edge (by the advance width); for turned text of the box.
    pub x0: f32,
    pub x1: f32,
    /// Top and bottom of the em box around the baseline, not of the ink.
    pub y0: f32,
    pub y1: f32,
    /// y of the baseline for upright text; x of it for text turned by 90 or 270 degrees.
    pub baseline: f32,
    /// Font size in points as shown.
    pub size: f32,
    /// Clockwise degrees the text is turned by, 0 to 359.
    pub angle: u16,
    /// Fonts of a page are numbered as they appear.
    pub font: u16,
    pub style: Style,
    /// 100 for printed text; what the OCR engine says otherwise.
    pub confidence: u8,
}

/// How a glyph is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Style {
    pub bold: bool,
    pub italic: bool,
    pub fixed_width: bool,
    /// Text-rendering mode 3, or white on white: the text layer of a scan, or junk.
    pub invisible: bool,
}

/// A thin drawn line or the edge of a filled box, horizontal or vertical.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ruling {
    pub place: Rect,
    pub horizontal: bool,
}

/// The second reader's digits where they differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadDispute {
    pub place: Rect,
    /// The word as the page's reader gave it.
    pub first: String,
    /// As the other reader gave it.
    pub second: String,
}

/// A piece of text with the footnote marks that stood in it taken out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inline {
    pub text: String,
    /// Byte of `text` the mark stood before, and the mark.
    pub marks: Vec<(usize, String)>,
}

/// A block of a format that carries its own structure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Heading {
        level: u8,
        text: Inline,
    },
    /// `number` is the printed paragraph number where the format keeps it apart from the text.
    Paragraph {
        number: Option<String>,
        text: Inline,
    },
    ListItem {
        number: Option<String>,
        text: Inline,
    },
    Footnote {
        mark: String,
        text: Inline,
    },
    /// Cells by row; `heads` rows at the top are head rows. A cell's `usize` is its column span.
    Table {
        caption: Option<String>,
        unit: Option<String>,
        heads: usize,
        rows: Vec<Vec<(Inline, usize)>>,
    },
    Code {
        text: String,
    },
}

/// What is known of a file before its pages are read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub pages: usize,
    pub hints: Hints,
    pub warnings: Vec<Warning>,
}

/// A step of reading, told as soon as it is done so that nothing is lost with what fails later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Event {
    Opened(Head),
    /// A page, or a better reading of one told before.
    Page(Box<PageRead>),
    /// The second reader is about to be asked about the digits of this page.
    Comparing(u32),
    Compared(u32, Vec<ReadDispute>),
    /// OCR is about to be tried on this page.
    Recognising(u32),
    Warned(Warning),
}

/// How to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    pub pdf: PdfReaders,
    pub ocr: Ocr,
}

/// Which readers of PDF to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PdfReaders {
    Hayro,
    PdfExtract,
    /// hayro's reading, digits compared with pdf-extract's, which also takes over where it fails.
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ocr {
    /// Pages without text, where `tesseract` is installed.
    Auto,
    Never,
    Always,
}

impl Default for Options {
    fn default() -> Self {
        Options { pdf: PdfReaders::Both, ocr: Ocr::Auto }
    }
}

impl Inline {
    /// Text without footnote marks.
    pub fn plain(text: impl Into<String>) -> Self {
        Inline { text: text.into(), marks: Vec::new() }
    }
}

impl Reading {
    /// Takes in a step of reading.
    fn take(&mut self, event: Event) {
        match event {
            Event::Opened(head) => {
                self.hints = head.hints;
                self.warnings.extend(head.warnings);
            }
            Event::Page(page) => {
                // Pages come in order, so that one told before is looked for only where it may be.
                let is_later = self.pages.last().is_none_or(|last| last.number < page.number);
                let known = if is_later {
                    None
                } else {
                    self.pages.iter_mut().rev().find(|p| p.number == page.number)
                };
                match known {
                    Some(known) => *known = *page,
                    None => self.pages.push(*page),
                }
            }
            Event::Compared(number, found) => {
                let page = self.pages.iter_mut().rev().find(|p| p.number == number);
                if let Some(Body::Glyphs { disputes, .. }) = page.map(|page| &mut page.body) {
                    *disputes = found;
                }
            }
            Event::Comparing(_) | Event::Recognising(_) => {}
            Event::Warned(warning) => self.warnings.push(warning),
        }
    }
}

impl PageRead {
    fn has_glyphs(&self) -> bool {
        matches!(&self.body, Body::Glyphs { glyphs, .. } if !glyphs.is_empty())
    }

    /// A page of a PDF of which nothing is known but why it could not be read.
    pub(crate) fn unread_pdf(number: u32, why: &str) -> Self {
        PageRead {
            number,
            label: None,
            width: 0.0,
            height: 0.0,
            reader: Reader::Hayro,
            unread: Some(why.to_string()),
            body: Body::Glyphs {
                glyphs: Vec::new(),
                rulings: Vec::new(),
                images: Vec::new(),
                disputes: Vec::new(),
            },
        }
    }

    /// The one page of a format without pages.
    pub fn of_blocks(blocks: Vec<Block>) -> Self {
        PageRead {
            number: 1,
            label: None,
            width: 0.0,
            height: 0.0,
            reader: Reader::Flow,
            unread: None,
            body: Body::Blocks(blocks),
        }
    }
}

/// Reads a source of a known format.
///
/// # Errors
/// `Input` when nothing at all can be read; pages that fail alone are in the reading with the
/// reason.
pub fn read(bytes: &[u8], format: Format, options: &Options) -> Result<Reading> {
    match format {
        Format::Pdf => {
            let mut reading = Reading::default();
            read_pages(bytes, options, 0..usize::MAX, &mut |event| reading.take(event))?;
            Ok(reading)
        }
        Format::Text => Ok(text::read(bytes)),
        Format::Markdown => Ok(markdown::read(bytes)),
        Format::Html => Ok(html::read(bytes)),
        Format::Docx => docx::read(bytes),
    }
}

/// Whether the first row of a table that does not say so names its columns: words in every cell,
/// figures only below.
fn names_columns(rows: &[Vec<(Inline, usize)>]) -> bool {
    let has_digit = |(cell, _): &(Inline, usize)| cell.text.contains(|c: char| c.is_ascii_digit());
    let Some((first, below)) = rows.split_first() else { return false };
    first.iter().all(|cell| !cell.0.text.is_empty() && !has_digit(cell))
        && below.iter().flatten().any(has_digit)
}

/// A block as one line, for tests: kind, number, text with `{mark}` where marks stood.
#[cfg(test)]
fn outline_of(block: &Block) -> String {
    let marked = |inline: &Inline| {
        let mut text = inline.text.clone();
        for (at, mark) in inline.marks.iter().rev() {
            text.insert_str(*at, &format!("{{{mark}}}"));
        }
        text
    };
    let numbered =
        |number: &Option<String>| number.as_ref().map_or(String::new(), |number| format!("{number} "));
    match block {
        Block::Heading { level, text } => format!("h{level} {}", marked(text)),
        Block::Paragraph { number, text } => format!("p {}{}", numbered(number), marked(text)),
        Block::ListItem { number, text } => format!("li {}{}", numbered(number), marked(text)),
        Block::Footnote { mark, text } => format!("fn {mark} {}", marked(text)),
        Block::Code { text } => format!("code {text}"),
        Block::Table { caption, heads, rows, .. } => {
            let cell = |(text, wide): &(Inline, usize)| {
                if *wide > 1 { format!("{}+{wide}", marked(text)) } else { marked(text) }
            };
            let rows: Vec<String> =
                rows.iter().map(|row| row.iter().map(cell).collect::<Vec<_>>().join("|")).collect();
            let caption = caption.as_ref().map_or(String::new(), |caption| format!("{caption} "));
            format!("table {caption}heads {heads}: {}", rows.join(" ; "))
        }
    }
}

/// Reads some pages of a PDF, 0-based, and tells each step as soon as it is done.
pub(crate) fn read_pages(
    bytes: &[u8],
    options: &Options,
    pages: Range<usize>,
    tell: &mut (dyn FnMut(Event) + Send),
) -> Result<()> {
    pdf::read(bytes, options, pages, tell)
}
