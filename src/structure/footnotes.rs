//! Footnotes: the rows at the foot of a page or column that are notes, split note by note.
//!
//! They stand under a short rule, drawn or of underscores, or in small type that begins with a
//! mark. A note may go on from the page before: what stands before the first mark is its rest.

use crate::read::Ruling;
use crate::structure::columns::Rows;
use crate::structure::lines::marks_in;
use crate::structure::words::{Segment, Stand};

/// One note: its mark as printed, none where it goes on from the page before.
#[derive(Debug)]
pub(super) struct Note {
    pub mark: Option<String>,
    pub rows: Rows,
}

/// Marks that stand raised in the text of a page, behind other words.
pub(super) type Raised = std::collections::BTreeSet<String>;

pub(super) fn raised(rows: &Rows) -> Raised {
    let words = rows.iter().flat_map(|row| row.iter().flat_map(|s| &s.words).skip(1));
    words
        .filter(|word| word.stand == Stand::Raised)
        .flat_map(|word| marks_in(&word.text()).unwrap_or_default())
        .collect()
}

/// Whether a row is a rule of underscores.
pub(super) fn is_underscores(row: &[Segment]) -> bool {
    let mut count = 0;
    for c in row.iter().flat_map(|s| &s.words).flat_map(|w| &w.chars) {
        if !matches!(c.c, '_' | '\u{2014}' | '\u{2015}' | '\u{2500}') {
            return false;
        }
        count += 1;
    }
    count >= 5
}

fn row_size(row: &[Segment]) -> f32 {
    row.iter().max_by_key(|s| s.chars()).map_or(0.0, |s| s.size)
}

/// Whether a row begins as a numbered paragraph of the text does.
fn is_numbered(row: &[Segment], raised: &Raised) -> bool {
    let words: Vec<_> = row.iter().flat_map(|s| &s.words).take(2).collect();
    let [first, second] = words.as_slice() else { return false };
    let text = first.text();
    let number = text.strip_suffix('.').filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    number.is_some_and(|n| !raised.contains(n)) && second.wide_before
}

/// The mark a row begins with, and how many words it takes: a raised word, or small figures or a
/// symbol apart from the text.
fn leading_mark(row: &[Segment], raised: &Raised) -> Option<(String, usize, bool)> {
    let words: Vec<_> = row.iter().flat_map(|s| &s.words).collect();
    let first = words.first()?;
    let text = first.text();
    if first.stand == Stand::Raised {
        return marks_in(&text).and_then(|m| (m.len() == 1).then(|| (m.concat(), 1, true)));
    }
    // A raised figure of Unicode's own.
    let plain: Option<String> = text
        .chars()
        .map(|c| match c {
            '\u{b9}' => Some('1'),
            '\u{b2}' => Some('2'),
            '\u{b3}' => Some('3'),
            '\u{2070}' => Some('0'),
            '\u{2074}'..='\u{2079}' => char::from_digit(c as u32 - 0x2070, 10),
            _ => None,
        })
        .collect();
    if let Some(plain) = plain.filter(|p| !p.is_empty()) {
        return Some((plain, 1, true));
    }
    if words.len() < 2 {
        return None;
    }
    // `17.` is a note where a raised 17 stands in the page's text.
    if let Some(number) = text.strip_suffix('.').filter(|number| raised.contains(*number)) {
        return Some((number.to_string(), 1, true));
    }
    let digits = text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    let symbol = text.chars().all(|c| matches!(c, '*' | '\u{2020}' | '\u{2021}' | '\u{a7}'));
    (digits || symbol).then_some((text, 1, symbol))
}

/// Splits the notes off the rows of a region. `body` is the document's usual size of type, `raised`
/// the marks in the text of the page.
pub(super) fn split(
    mut rows: Rows,
    rulings: &[Ruling],
    body: f32,
    raised: &Raised,
) -> (Rows, Vec<Note>, Vec<Segment>) {
    let Some(from) = start(&rows, rulings, body, raised) else { return (rows, Vec::new(), Vec::new()) };
    let mut below = rows.split_off(from.min(rows.len()));
    let mut rules = Vec::new();
    if below.first().is_some_and(|r| is_underscores(r)) {
        rules = below.remove(0);
    }
    (rows, notes(below, raised), rules)
}

/// The row notes begin at (a rule of underscores counts as theirs).
fn start(rows: &Rows, rulings: &[Ruling], body: f32, raised: &Raised) -> Option<usize> {
    let left = rows.iter().flatten().map(|s| s.x0).fold(f32::MAX, f32::min);
    let right = rows.iter().flatten().map(|s| s.x1).fold(f32::MIN, f32::max);
    let are_notes = |from: usize, surely: bool| {
        let Some(below) = rows.get(from..).filter(|b| !b.is_empty()) else { return false };
        let small = below.iter().filter(|r| row_size(r) < 0.96 * body).count();
        let no_table = below.iter().flatten().all(|s| s.table.is_none());
        let mark = below.iter().take(12).any(|r| leading_mark(r, raised).is_some());
        let first = below.first().and_then(|r| leading_mark(r, raised));
        no_table
            && below.iter().all(|r| row_size(r) <= 1.03 * body)
            && (small * 10 >= below.len() * 8 && mark
                || surely && first.is_some() && small * 2 >= below.len() * usize::from(below.len() > 8))
            && below.iter().skip(1).all(|r| !is_numbered(r, raised))
    };
    for (i, row) in rows.iter().enumerate() {
        if is_underscores(row)
            && row.iter().map(|s| s.x1 - s.x0).sum::<f32>() < 0.6 * (right - left).max(200.0)
            && are_notes(i + 1, true)
        {
            return Some(i);
        }
    }
    let mut found: Option<usize> = None;
    for rule in rulings.iter().filter(|r| r.horizontal) {
        let p = rule.place;
        let long = p.x1 - p.x0;
        if !(25.0..=260.0).contains(&long)
            || (p.x0 - left).abs() > 24.0
            || long > 0.75 * (right - left).max(120.0)
        {
            continue;
        }
        let from = rows.partition_point(|r| r.first().is_some_and(|s| s.base < p.y0 + 0.1 * s.size));
        // The rule stands between two rows, not under a word of one.
        let under = rows
            .get(from.wrapping_sub(1))
            .and_then(|r| r.first())
            .is_some_and(|s| p.y0 - s.base < 0.3 * s.size);
        if !under && from < rows.len() && are_notes(from, true) && found.is_none_or(|f| from < f) {
            found = Some(from);
        }
    }
    if found.is_some() {
        return found;
    }
    // No rule: small type to the foot of the region, that begins with a mark.
    let small = rows
        .iter()
        .rev()
        .take_while(|r| row_size(r) < 0.92 * body && r.iter().all(|s| s.table.is_none()))
        .count();
    let first = rows.len() - small;
    if small == 0 || first == 0 {
        return None;
    }
    (first..rows.len()).find(|&i| {
        rows.get(i).is_some_and(|r| leading_mark(r, raised).is_some_and(|(_, _, surely)| surely))
            && are_notes(i, true)
    })
}

fn notes(below: Rows, raised: &Raised) -> Vec<Note> {
    let mut found: Vec<Note> = Vec::new();
    let mut last: Option<u32> = None;
    let left = below.iter().flatten().map(|s| s.x0).fold(f32::MAX, f32::min);
    for mut row in below {
        let mark = leading_mark(&row, raised).filter(|(mark, _, surely)| {
            let number: Option<u32> = mark.parse().ok();
            let near = row.first().is_some_and(|s| s.x0 < left + 40.0);
            match (number, last) {
                (Some(n), Some(l)) => near && n > l && (*surely || n <= l + 3),
                (Some(_), None) => near,
                (None, _) => near && *surely,
            }
        });
        match mark {
            Some((mark, ..)) => {
                if let Ok(number) = mark.parse() {
                    last = Some(number);
                }
                found.push(Note { mark: Some(mark), rows: vec![std::mem::take(&mut row)] });
            }
            None => match found.last_mut() {
                Some(note) => note.rows.push(row),
                None => found.push(Note { mark: None, rows: vec![row] }),
            },
        }
    }
    found
}

/// The marks of notes that rows of a page may begin: what raised words are judged by.
pub(super) fn marks_at_line_starts(rows: &Rows) -> std::collections::BTreeSet<String> {
    let none = Raised::new();
    rows.iter()
        .filter_map(|r| leading_mark(r, &none))
        .filter(|(_, _, surely)| *surely)
        .map(|(m, _, _)| m)
        .collect()
}
