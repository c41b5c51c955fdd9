//! Columns of tables that hold counts: a number in one that looks like a year is none.

use crate::document::Document;
use std::collections::BTreeMap;

/// Numbers of a column that must bear out that it counts.
const ENOUGH: usize = 4;

/// Where the cells begin that look like years and stand in the middle of a column of other numbers,
/// in order. A column's first and last numbers may be the years of a chart's axis.
pub fn counts(document: &Document) -> Vec<usize> {
    let mut columns: BTreeMap<(usize, usize), Vec<(usize, bool)>> = BTreeMap::new();
    for row in document.paragraphs.iter().filter_map(|p| p.row.as_ref()).filter(|r| !r.is_head) {
        for cell in &row.cells {
            let text = cell.span.of(&document.text);
            if is_number(text) {
                columns.entry((row.table, cell.column)).or_default().push((cell.span.start, is_year(text)));
            }
        }
    }
    let mut found: Vec<usize> = columns.into_values().flat_map(|cells| among(&cells)).collect();
    found.sort_unstable();
    found
}

fn among(cells: &[(usize, bool)]) -> Vec<usize> {
    let years = cells.iter().filter(|c| c.1).count();
    if cells.len() - years < ENOUGH || years * 4 > cells.len() {
        return Vec::new();
    }
    let inner = cells.get(1..cells.len() - 1).unwrap_or_default();
    inner.iter().filter(|c| c.1).map(|c| c.0).collect()
}

fn is_number(text: &str) -> bool {
    (1..=16).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.' | b' '))
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(|year: u16| (1900..=2100).contains(&year))
}
