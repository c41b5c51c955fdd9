//! The pages of glyphs of a source to the pieces of its document: one page at a time to blocks in
//! reading order, then over all pages.

use crate::document::{FurnitureKind, Page};
use crate::read::{Body, PageRead};
use crate::structure::columns::{self, Rows};
use crate::structure::draft::Draft;
use crate::structure::lines::{self, Setting, TextLine};
use crate::structure::paragraphs::{self, Block, Prose, Usual, Vocabulary};
use crate::structure::sheets::Sheet;
use crate::structure::tables::{self, Grid, Part};
use crate::structure::words::Segment;
use crate::structure::{footnotes, furniture};

/// Adds the pages of glyphs to the draft, and printed page numbers to the pages.
pub(super) fn add(read: &[PageRead], pages: &mut [Page], draft: &mut Draft) {
    let mut sheets: Vec<Sheet<'_>> = Vec::new();
    for page in read {
        if let Body::Glyphs { glyphs, rulings, disputes, .. } = &page.body {
            sheets.push(Sheet::of(page, glyphs, rulings));
            draft.disputes.extend(disputes.iter().map(|d| (page.number, d.clone())));
        }
    }
    if sheets.is_empty() {
        return;
    }
    furniture::take(&mut sheets);
    let size = usual_size(&sheets);
    let blocks: Vec<Vec<Block>> = sheets.iter_mut().map(|sheet| blocks(sheet, size)).collect();
    for sheet in &mut sheets {
        if let (Some(label), Some(page)) =
            (sheet.label.take(), pages.iter_mut().find(|p| p.number == sheet.number))
        {
            page.label = Some(label);
        }
        draft.furniture.append(&mut sheet.furniture);
    }
    let usual = Usual { size, words: vocabulary(&blocks) };
    paragraphs::assemble(blocks, &usual, draft);
}

/// The size of type most of the document is set in.
fn usual_size(sheets: &[Sheet<'_>]) -> f32 {
    let mut sizes: std::collections::BTreeMap<i32, usize> = std::collections::BTreeMap::new();
    for segment in sheets.iter().flat_map(|s| &s.rows).flatten() {
        *sizes.entry((segment.size * 4.0).round() as i32).or_default() += segment.chars();
    }
    // The larger of two equals, so that the order of equals cannot matter.
    sizes.into_iter().max_by_key(|&(size, chars)| (chars, size)).map_or(10.0, |(size, _)| size as f32 / 4.0)
}

/// One page's blocks in reading order, its notes last.
fn blocks(sheet: &mut Sheet<'_>, size: f32) -> Vec<Block> {
    let mut rows = std::mem::take(&mut sheet.rows);
    let aside = std::mem::take(&mut sheet.aside);
    let notes = footnotes::marks_at_line_starts(&rows);
    let raised = footnotes::raised(&rows);
    let setting = Setting { page: sheet.number, glyphs: sheet.glyphs, notes: &notes };
    let mut grids: Vec<Option<Grid>> =
        tables::ruled(&mut rows, &sheet.rulings, &setting).into_iter().map(Some).collect();
    let mut found = Vec::new();
    let mut notes_found = Vec::new();
    let mut rules: Vec<Segment> = Vec::new();
    for region in columns::regions(rows) {
        let (region, notes, rule) = footnotes::split(region, &sheet.rulings, size, &raised);
        rules.extend(rule);
        for part in tables::unruled(region, &setting) {
            match part {
                Part::Table(grid) => found.push(Block::Table(grid)),
                Part::Rows(rows) => prose(rows, &mut grids, &setting, &mut found),
            }
        }
        for note in notes {
            let lines = note.rows.iter().map(|row| lines::set(row, &setting)).collect();
            notes_found.push(Block::Note { mark: note.mark, lines });
        }
    }
    for row in aside {
        let line = lines::set(&row, &setting);
        let (left, right) = (line.x0, line.x1);
        found.push(Block::Prose(Prose { lines: vec![line], contents: false, alone: true, left, right }));
    }
    found.append(&mut notes_found);
    sheet.put_away(rules, FurnitureKind::RunningFoot);
    found
}

fn prose(rows: Rows, grids: &mut [Option<Grid>], setting: &Setting<'_>, found: &mut Vec<Block>) {
    let mut open: Vec<TextLine> = Vec::new();
    let flush = |open: &mut Vec<TextLine>, found: &mut Vec<Block>| {
        found.extend(paragraphs::split(std::mem::take(open)).into_iter().map(Block::Prose));
    };
    for row in rows {
        let (stands, words): (Vec<Segment>, Vec<Segment>) = row.into_iter().partition(|s| s.table.is_some());
        for table in stands.iter().filter_map(|s| s.table) {
            flush(&mut open, found);
            found.extend(grids.get_mut(table).and_then(Option::take).map(Block::Table));
        }
        if !words.is_empty() {
            let line = lines::set(&words, setting);
            if !line.text.is_blank() {
                open.push(line);
            }
        }
    }
    flush(&mut open, found);
}

/// The words of all lines, and how the document breaks words.
fn vocabulary(pages: &[Vec<Block>]) -> Vocabulary {
    let mut words = Vocabulary::default();
    let groups: Vec<&[TextLine]> = pages
        .iter()
        .flatten()
        .flat_map(|block| -> Vec<&[TextLine]> {
            match block {
                Block::Prose(prose) => vec![&prose.lines],
                Block::Note { lines, .. } => vec![lines],
                Block::Table(grid) => {
                    grid.rows.iter().flat_map(|r| &r.cells).map(|c| c.lines.as_slice()).collect()
                }
            }
        })
        .collect();
    for line in groups.iter().flat_map(|g| g.iter()) {
        words.add(&line.text.text);
    }
    for pair in groups.iter().flat_map(|g| g.windows(2)) {
        if let [line, next] = pair {
            words.learn(&line.text.text, &next.text.text);
        }
    }
    words
}
