//! A page as it was read, for a person to see where the reader went wrong: its paragraphs with
//! kind and number, tables, notes, marks and furniture; and the place of each as JSON.

use crate::document::{Document, FurnitureKind, Paragraph, ParagraphKind, Reader, Rect, Span};
use serde::Serialize;
use std::fmt::Write;

/// A piece of a page with its place, as `--boxes` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacedBlock {
    /// `body`, `heading`, `table-row`, ..., or the furniture's kind.
    pub kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    pub text: String,
    /// How sure the OCR engine was of its least sure word, 0 to 100; none where it is printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// `[x0, y0, x1, y1]` in points, one a line.
    pub boxes: Vec<[f32; 4]>,
}

/// One page, as `--boxes` prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacedPage {
    pub page: u32,
    pub label: Option<String>,
    pub width: f32,
    pub height: f32,
    pub reader: Reader,
    pub unread: Option<String>,
    pub blocks: Vec<PlacedBlock>,
}

/// The part of each paragraph that stands on a page, in the order of the text.
fn parts(document: &Document, page: u32) -> Vec<(&Paragraph, Vec<Span>)> {
    let mut found: Vec<(&Paragraph, Vec<Span>)> = Vec::new();
    if document.lines.is_empty() {
        if document.pages.iter().any(|p| p.number == page) {
            found.extend(document.paragraphs.iter().map(|p| (p, vec![p.span])));
        }
        return found;
    }
    for line in document.lines.iter().filter(|l| l.page == page) {
        let Some(i) = document.paragraph_at(line.span.start) else { continue };
        let Some(paragraph) = document.paragraphs.get(i) else { continue };
        match found.last_mut() {
            Some((last, lines)) if last.span == paragraph.span => lines.push(line.span),
            _ => found.push((paragraph, vec![line.span])),
        }
    }
    found
}

fn kind_name(kind: ParagraphKind) -> &'static str {
    match kind {
        ParagraphKind::Heading => "heading",
        ParagraphKind::Body => "body",
        ParagraphKind::ListItem => "list-item",
        ParagraphKind::Footnote => "footnote",
        ParagraphKind::TableRow => "table-row",
        ParagraphKind::Caption => "caption",
        ParagraphKind::Contents => "contents",
        ParagraphKind::Code => "code",
    }
}

fn furniture_name(kind: FurnitureKind) -> &'static str {
    match kind {
        FurnitureKind::RunningHead => "running-head",
        FurnitureKind::RunningFoot => "running-foot",
        FurnitureKind::PageNumber => "page-number",
        FurnitureKind::JobNumber => "job-number",
        FurnitureKind::BarCode => "bar-code",
        FurnitureKind::Invisible => "invisible",
    }
}

/// The text of a paragraph between its first and last line on a page, on one line.
fn shown(document: &Document, lines: &[Span]) -> String {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return String::new() };
    let text = document.text.get(first.start..last.end).unwrap_or("");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prints a page as it was read. A page the document does not have gives an empty text.
///
/// ```text
/// page 3 (3/12), 595 x 842 points
/// heading 1        I. Findings
/// body 12          12. The account held $2.35 billion.
///                  mark 4 after "$2.35"
/// table 1 row 2    Total | 30
/// footnote 4       4 See annex 2.
/// [page-number]    3/12
/// ```
pub fn describe(document: &Document, page: u32) -> String {
    let mut out = String::new();
    let Some(this) = document.page(page) else { return out };
    let label = this.label.as_ref().map(|l| format!(" ({l})")).unwrap_or_default();
    // Writing to a text cannot fail.
    let _ = writeln!(out, "page {page}{label}, {:.0} x {:.0} points", this.width, this.height);
    // The first reader of PDF, and formats without glyphs, go without saying.
    if let Some(reader) = this.reader.to_be_told() {
        let _ = writeln!(out, "read by {reader}");
    }
    if let Some(why) = &this.unread {
        let _ = writeln!(out, "unread: {why}");
    }
    let mut line = |name: &str, text: &str| {
        let _ = writeln!(out, "{name:<16} {text}");
    };
    let mut table = None;
    for (paragraph, lines) in parts(document, page) {
        if let Some(row) = &paragraph.row
            && table != Some(row.table)
        {
            table = Some(row.table);
            let of = document.tables.get(row.table);
            let caption = of.and_then(|t| t.caption).map_or("", |s| s.of(&document.text));
            let unit = of.and_then(|t| t.unit).map_or("", |s| s.of(&document.text));
            if !caption.is_empty() || !unit.is_empty() {
                line(&format!("table {}", row.table + 1), &format!("caption \"{caption}\", unit \"{unit}\""));
            }
        }
        let name = match paragraph.kind {
            ParagraphKind::TableRow => {
                let head = if paragraph.row.as_ref().is_some_and(|r| r.is_head) { " head" } else { "" };
                format!("{}{head}", paragraph.locator().unwrap_or_default())
            }
            ParagraphKind::Heading => format!("heading {}", paragraph.level),
            kind => format!("{} {}", kind_name(kind), paragraph.number.as_deref().unwrap_or("")),
        };
        line(&name, &shown(document, &lines));
        let (Some(first), Some(last)) = (lines.first(), lines.last()) else { continue };
        for mark in document.marks.iter().filter(|m| m.at > first.start && m.at <= last.end) {
            let before = document.text.get(first.start..mark.at).unwrap_or("");
            let word = before.split_whitespace().next_back().unwrap_or("");
            line("", &format!("mark {} after \"{word}\"", mark.mark));
        }
    }
    for furniture in document.furniture.iter().filter(|f| f.page == page) {
        line(&format!("[{}]", furniture_name(furniture.why)), &furniture.text);
    }
    out
}

/// The blocks of a page with their places; `None` where the document has no such page.
pub fn boxes(document: &Document, page: u32) -> Option<PlacedPage> {
    let this = document.page(page)?;
    let array = |r: Rect| [r.x0, r.y0, r.x1, r.y1].map(|v| (v * 10.0).round() / 10.0);
    let mut blocks: Vec<PlacedBlock> = parts(document, page)
        .into_iter()
        .map(|(paragraph, lines)| PlacedBlock {
            kind: kind_name(paragraph.kind).to_string(),
            locator: paragraph.locator(),
            text: shown(document, &lines),
            confidence: lines.iter().filter_map(|span| document.confidence(*span)).min(),
            boxes: lines
                .iter()
                .flat_map(|span| document.boxes(*span))
                .filter(|(on, _)| *on == page)
                .map(|(_, r)| array(r))
                .collect(),
        })
        .collect();
    blocks.extend(document.furniture.iter().filter(|f| f.page == page).map(|f| PlacedBlock {
        kind: furniture_name(f.why).to_string(),
        locator: None,
        text: f.text.clone(),
        confidence: None,
        boxes: vec![array(f.place)],
    }));
    Some(PlacedPage {
        page,
        label: this.label.clone(),
        width: this.width,
        height: this.height,
        reader: this.reader,
        unread: this.unread.clone(),
        blocks,
    })
}
