//! A document while it is made: pieces in reading order, each with its text, the lines it stands
//! on and the footnote marks that stood in it; and the last step, that sets them to one text.
//!
//! Nothing is decided here but what follows from the order: which heading a piece stands under,
//! which note a mark means.

use crate::document::{
    Cell, Dispute, Document, Furniture, Line, NoteMark, Paragraph, ParagraphKind, Rect, Row, Span, Table,
};
use crate::read::ReadDispute;
use crate::structure::sentences::{of_bounded_length, sentences};

/// A text with the lines and marks that belong to it; bytes count from its own start.
#[derive(Debug, Clone, Default)]
pub(super) struct Stretch {
    pub text: String,
    pub lines: Vec<Line>,
    pub marks: Vec<(usize, String)>,
}

impl Stretch {
    /// Adds another after `joint`.
    pub fn append(&mut self, joint: &str, other: Stretch) {
        self.text.push_str(joint);
        let by = self.text.len();
        self.text.push_str(&other.text);
        self.lines.extend(other.lines.into_iter().map(|mut line| {
            line.span = Span::new(line.span.start + by, line.span.end + by);
            line
        }));
        self.marks.extend(other.marks.into_iter().map(|(at, mark)| (at + by, mark)));
    }

    /// Takes the last character off text and place.
    pub fn pop(&mut self) {
        let Some(last) = self.text.pop() else { return };
        let end = self.text.len();
        while let Some(line) = self.lines.last_mut() {
            if line.span.end <= end {
                break;
            }
            debug_assert!(line.span.end == end + last.len_utf8());
            line.span.end = end;
            line.edges.pop();
            if line.edges.is_empty() {
                self.lines.pop();
            }
        }
        for (at, _) in &mut self.marks {
            *at = (*at).min(end);
        }
    }

    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A paragraph to be.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub kind: ParagraphKind,
    pub number: Option<String>,
    pub level: u8,
    pub body: Content,
}

#[derive(Debug, Clone)]
pub(super) enum Content {
    Text(Stretch),
    Row { table: usize, is_head: bool, cells: Vec<CellDraft> },
}

#[derive(Debug, Clone, Default)]
pub(super) struct CellDraft {
    pub text: Stretch,
    pub column: usize,
    pub columns: usize,
}

/// Caption and unit of a table: indices of the pieces that are them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TableDraft {
    pub caption: Option<usize>,
    pub unit: Option<usize>,
    /// The unit stands inside the piece, at these bytes of it.
    pub unit_part: Option<(usize, usize)>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub pieces: Vec<Piece>,
    pub tables: Vec<TableDraft>,
    pub furniture: Vec<Furniture>,
    /// With the page they stand on.
    pub disputes: Vec<(u32, ReadDispute)>,
}

impl Piece {
    pub fn text(kind: ParagraphKind, text: Stretch) -> Self {
        Piece { kind, number: None, level: 0, body: Content::Text(text) }
    }
}

impl Draft {
    /// Says that the pieces from `first` on stand on a page that has no places.
    pub fn stand_on(&mut self, page: u32, first: usize) {
        for piece in self.pieces.iter_mut().skip(first) {
            let stretches: Vec<&mut Stretch> = match &mut piece.body {
                Content::Text(text) => vec![text],
                Content::Row { cells, .. } => cells.iter_mut().map(|cell| &mut cell.text).collect(),
            };
            for stretch in stretches.into_iter().filter(|s| !s.text.is_empty() && s.lines.is_empty()) {
                let span = Span::new(0, stretch.text.len());
                stretch.lines.push(Line { span, page, y0: 0.0, y1: 0.0, edges: Vec::new() });
            }
        }
    }
}

/// Where a heading opens an annex: `Annex 39`, `Annex II`, `Appendix A`, `Enclosure`.
fn annex_name(heading: &str) -> Option<String> {
    let mut words = heading.split_whitespace();
    let first = words.next()?.trim_end_matches([':', '.']);
    if !["annex", "appendix", "enclosure", "annexe"].contains(&first.to_lowercase().as_str()) {
        return None;
    }
    let number = words.next().map(|w| w.trim_end_matches([':', '.', '*', ',', '-', '\u{2013}', '\u{2014}']));
    let is_number = number.is_some_and(|w| {
        !w.is_empty()
            && w.chars().count() <= 7
            && (w.starts_with(|c: char| c.is_ascii_digit())
                || w.chars().all(|c| "IVXLCivxlc".contains(c))
                || w.chars().filter(|c| c.is_alphabetic()).count() == 1)
    });
    match number {
        Some(number) if is_number => Some(format!("{first} {number}")),
        None => Some(first.to_string()),
        Some(_) => (heading.chars().count() < 60).then(|| first.to_string()),
    }
}

/// Sets the pieces to the document's one text.
pub(super) fn compose(draft: Draft, document: &mut Document) {
    let Draft { pieces, tables, furniture, disputes } = draft;
    document.furniture.extend(furniture);
    document.tables = vec![Table::default(); tables.len()];
    let mut rows_of = vec![0usize; tables.len()];
    let mut text = String::new();
    // Headings that are open, by level.
    let mut open: Vec<(u8, usize)> = Vec::new();
    let mut annex: Option<String> = None;
    let mut printed: Vec<Span> = Vec::with_capacity(pieces.len());
    let count = pieces.len();
    let kinds: Vec<ParagraphKind> = pieces.iter().map(|p| p.kind).collect();
    for (i, piece) in pieces.into_iter().enumerate() {
        let start = text.len();
        let row = match piece.body {
            Content::Text(stretch) => {
                set(stretch, &mut text, document);
                None
            }
            Content::Row { table, is_head, cells } => {
                let mut set_cells: Vec<Cell> = Vec::with_capacity(cells.len());
                for (k, cell) in cells.into_iter().enumerate() {
                    if k > 0 {
                        text.push_str(" | ");
                    }
                    let from = text.len();
                    set(cell.text, &mut text, document);
                    let span = Span::new(from, text.len());
                    set_cells.push(Cell { span, column: cell.column, columns: cell.columns.max(1) });
                }
                let number = rows_of.get(table).copied().unwrap_or(0);
                if let Some(n) = rows_of.get_mut(table) {
                    *n += 1;
                }
                if is_head && let Some(t) = document.tables.get_mut(table) {
                    for cell in set_cells.iter().filter(|c| !c.span.is_empty()) {
                        for column in cell.column..cell.column + cell.columns {
                            if t.heads.len() <= column {
                                t.heads.resize(column + 1, Vec::new());
                            }
                            t.heads[column].push(cell.span);
                        }
                    }
                }
                Some(Row { table, row: number, is_head, cells: set_cells })
            }
        };
        printed.push(Span::new(start, text.len()));
        let in_table = |k: ParagraphKind| k == ParagraphKind::TableRow || k == ParagraphKind::Contents;
        if i + 1 < count {
            let close = in_table(piece.kind) && kinds.get(i + 1) == Some(&piece.kind);
            text.push_str(if close { "\n" } else { "\n\n" });
        } else {
            text.push('\n');
        }
        let span = Span::new(start, text.len());
        let mut heading = open.last().map(|&(_, at)| at);
        if piece.kind == ParagraphKind::Heading {
            while open.last().is_some_and(|&(level, _)| level >= piece.level) {
                open.pop();
            }
            heading = open.last().map(|&(_, at)| at);
            open.push((piece.level, document.paragraphs.len()));
            if let Some(name) = annex_name(span.of(&text)) {
                annex = Some(name);
            }
        }
        let first = document.sentences.len();
        if row.is_some() || piece.kind == ParagraphKind::Contents || piece.kind == ParagraphKind::Code {
            document.sentences.extend(of_bounded_length(&text, span));
        } else {
            document.sentences.extend(sentences(&text, span));
        }
        document.paragraphs.push(Paragraph {
            span,
            kind: piece.kind,
            number: piece.number,
            level: piece.level,
            heading,
            annex: annex.clone(),
            row,
            sentences: (first, document.sentences.len()),
        });
    }
    document.text = text;
    for (table, draft) in document.tables.iter_mut().zip(tables) {
        table.caption = draft.caption.and_then(|i| printed.get(i)).copied();
        table.unit = draft.unit.and_then(|i| printed.get(i)).map(|span| match draft.unit_part {
            Some((from, to)) if span.start + to <= span.end => Span::new(span.start + from, span.start + to),
            _ => *span,
        });
    }
    tie_marks(document);
    place_disputes(&disputes, document);
}

fn set(stretch: Stretch, text: &mut String, document: &mut Document) {
    let by = text.len();
    text.push_str(&stretch.text);
    document.lines.extend(stretch.lines.into_iter().map(|mut line| {
        line.span = Span::new(line.span.start + by, line.span.end + by);
        line
    }));
    document.marks.extend(stretch.marks.into_iter().map(|(at, mark)| NoteMark {
        at: at + by,
        mark,
        note: None,
    }));
}

/// Ties each mark to its note: the first note of that number after the mark and before the number
/// begins anew, else the last one before it.
fn tie_marks(document: &mut Document) {
    let notes: Vec<(usize, usize, &str)> = document
        .paragraphs
        .iter()
        .enumerate()
        .filter(|(_, p)| p.kind == ParagraphKind::Footnote)
        .filter_map(|(i, p)| Some((p.span.start, i, p.number.as_deref()?)))
        .collect();
    let mut by_mark: std::collections::BTreeMap<&str, Vec<(usize, usize)>> =
        std::collections::BTreeMap::new();
    for &(start, i, number) in &notes {
        by_mark.entry(number).or_default().push((start, i));
    }
    for mark in &mut document.marks {
        let Some(of_number) = by_mark.get(mark.mark.as_str()) else { continue };
        let after = of_number.partition_point(|&(start, _)| start < mark.at);
        mark.note = of_number.get(after).or(of_number.last()).map(|&(_, i)| i);
    }
}

/// Finds the words two readers disagree on by their place.
fn place_disputes(disputes: &[(u32, ReadDispute)], document: &mut Document) {
    for (page, dispute) in disputes {
        if let Some(span) = word_at(document, *page, dispute.place) {
            document.disputes.push(Dispute { span, other: dispute.second.clone() });
        }
    }
    document.disputes.sort_by_key(|d| d.span);
    document.disputes.dedup();
}

fn word_at(document: &Document, page: u32, place: Rect) -> Option<Span> {
    let mut found: Option<Span> = None;
    for line in document.lines.iter().filter(|l| l.page == page) {
        let middle = (place.y0 + place.y1) / 2.0;
        if middle < line.y0 || middle > line.y1 {
            continue;
        }
        for ((at, c), &(x0, x1)) in line.span.of(&document.text).char_indices().zip(&line.edges) {
            let x = (x0 + x1) / 2.0;
            if x >= place.x0 && x <= place.x1 {
                let from = line.span.start + at;
                let to = from + c.len_utf8();
                let span = found.get_or_insert(Span::new(from, to));
                *span = Span::new(span.start.min(from), span.end.max(to));
            }
        }
        if found.is_some() {
            break;
        }
    }
    found.map(|span| {
        let body = span.of(&document.text);
        let lead = body.len() - body.trim_start().len();
        Span::new(span.start + lead, (span.start + body.trim_end().len()).max(span.start + lead))
    })
}
