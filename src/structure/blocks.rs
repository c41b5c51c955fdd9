//! Formats that carry their own structure (HTML, DOCX, Markdown, text): blocks to pieces.
//!
//! It adds what the format leaves unsaid (a number that is part of the text, a heading's caption)
//! and trusts the rest.

use crate::document::ParagraphKind;
use crate::read::{Block, Inline};
use crate::structure::draft::{CellDraft, Content, Draft, Piece, Stretch, TableDraft};
use crate::structure::numbers;

/// The text of an inline with its marks; line breaks and tabs become spaces.
fn stretch(inline: Inline) -> Stretch {
    let text: String =
        inline.text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
    let len = text.len();
    let marks = inline.marks.into_iter().filter(|(at, _)| *at <= len && text.is_char_boundary(*at)).collect();
    trim(Stretch { text, lines: Vec::new(), marks })
}

fn trim(mut stretch: Stretch) -> Stretch {
    let lead = stretch.text.len() - stretch.text.trim_start().len();
    stretch.text.drain(..lead);
    stretch.text.truncate(stretch.text.trim_end().len());
    let len = stretch.text.len();
    for (at, _) in &mut stretch.marks {
        *at = at.saturating_sub(lead).min(len);
    }
    stretch
}

/// Adds the blocks of a page to the draft.
pub(super) fn add(blocks: Vec<Block>, draft: &mut Draft) {
    for block in blocks {
        match block {
            Block::Heading { level, text } => {
                let text = stretch(text);
                if text.is_blank() {
                    continue;
                }
                let number = numbers::heading_number(&text.text).map(str::to_string);
                draft.pieces.push(Piece {
                    kind: ParagraphKind::Heading,
                    number,
                    level: level.max(1),
                    body: Content::Text(text),
                });
            }
            Block::Paragraph { number, text } => paragraph(ParagraphKind::Body, number, text, draft),
            Block::ListItem { number, text } => paragraph(ParagraphKind::ListItem, number, text, draft),
            Block::Footnote { mark, text } => {
                let text = stretch(text);
                draft.pieces.push(Piece {
                    kind: ParagraphKind::Footnote,
                    number: Some(mark),
                    level: 0,
                    body: Content::Text(text),
                });
            }
            Block::Table { caption, unit, heads, rows } => table(caption, unit, heads, rows, draft),
            Block::Code { text } => {
                if !text.trim().is_empty() {
                    let text = Stretch { text: text.trim_end().to_string(), ..Stretch::default() };
                    draft.pieces.push(Piece::text(ParagraphKind::Code, text));
                }
            }
        }
    }
}

fn paragraph(kind: ParagraphKind, number: Option<String>, text: Inline, draft: &mut Draft) {
    let mut text = stretch(text);
    if text.is_blank() {
        return;
    }
    let number = match number {
        // The format keeps the number apart; in print it stands before the text.
        Some(number) if !number.trim().is_empty() => {
            let bare = number.trim().trim_end_matches('.').to_string();
            if !text.text.starts_with(number.trim()) {
                let mut whole = Stretch { text: format!("{} ", number.trim()), ..Stretch::default() };
                whole.append("", text);
                text = whole;
            }
            Some(bare)
        }
        _ => numbers::paragraph_number(&text.text).map(|n| n.label.to_string()),
    };
    draft.pieces.push(Piece { kind, number, level: 0, body: Content::Text(text) });
}

fn table(
    caption: Option<String>,
    unit: Option<String>,
    heads: usize,
    rows: Vec<Vec<(Inline, usize)>>,
    draft: &mut Draft,
) {
    let mut made = TableDraft::default();
    for (line, slot) in [(caption, &mut made.caption), (unit, &mut made.unit)] {
        if let Some(line) = line.filter(|l| !l.trim().is_empty()) {
            *slot = Some(draft.pieces.len());
            draft.pieces.push(Piece::text(ParagraphKind::Caption, stretch(Inline::plain(line))));
        }
    }
    let table = draft.tables.len();
    draft.tables.push(made);
    for (i, row) in rows.into_iter().enumerate() {
        let mut column = 0;
        let cells: Vec<CellDraft> = row
            .into_iter()
            .map(|(text, columns)| {
                let cell = CellDraft { text: stretch(text), column, columns: columns.max(1) };
                column += columns.max(1);
                cell
            })
            .collect();
        if cells.iter().all(|c| c.text.is_blank()) {
            continue;
        }
        draft.pieces.push(Piece {
            kind: ParagraphKind::TableRow,
            number: None,
            level: 0,
            body: Content::Row { table, is_head: i < heads, cells },
        });
    }
}
