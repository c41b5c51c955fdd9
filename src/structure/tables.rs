//! Tables: from ruled lines, and from columns that several rows share.
//!
//! It is careful by design: a table read as lines keeps its rows in order, prose cut into cells
//! breaks phrases and figures. Caption and unit are found later, in the text around.

use crate::document::Rect;
use crate::read::Ruling;
use crate::structure::columns::Rows;
use crate::structure::lines::{Setting, TextLine, set_words};
use crate::structure::row_rules;
use crate::structure::words::{Segment, Word};

/// A table as rows of cells of lines.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub rows: Vec<GridRow>,
}

#[derive(Debug)]
pub(super) struct GridRow {
    pub is_head: bool,
    pub cells: Vec<GridCell>,
}

#[derive(Debug, Default)]
pub(super) struct GridCell {
    pub column: usize,
    pub columns: usize,
    pub lines: Vec<TextLine>,
}

/// Rulings beyond which a page is a drawing.
const MOST_RULINGS: usize = 3000;
/// Lines nearer than this are one, in points.
const NEAR: f32 = 2.5;

/// A ruled grid before its words are put in.
#[derive(Debug)]
pub(super) struct Frame {
    pub xs: Vec<f32>,
    pub ys: Vec<f32>,
    /// Whether a line stands left of the cell (row, column), and above it.
    pub left: Vec<Vec<bool>>,
    pub above: Vec<Vec<bool>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    /// Place across, and ends along.
    pub at: f32,
    pub from: f32,
    pub to: f32,
}

/// Lines in one direction, those that touch end to end made one.
fn strokes(rulings: &[Ruling], horizontal: bool, least: f32) -> Vec<Stroke> {
    let mut found: Vec<Stroke> = rulings
        .iter()
        .filter(|r| r.horizontal == horizontal)
        .map(|r| {
            let p = r.place;
            if horizontal {
                Stroke { at: (p.y0 + p.y1) / 2.0, from: p.x0, to: p.x1 }
            } else {
                Stroke { at: (p.x0 + p.x1) / 2.0, from: p.y0, to: p.y1 }
            }
        })
        .filter(|s| s.at.is_finite() && s.from.is_finite() && s.to.is_finite())
        .collect();
    found.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    // Same place across: within half a point of the group's first.
    let mut groups: Vec<Vec<Stroke>> = Vec::new();
    for stroke in found {
        match groups.last_mut() {
            Some(group) if stroke.at - group[0].at <= 1.0 => group.push(stroke),
            _ => groups.push(vec![stroke]),
        }
    }
    let mut merged = Vec::new();
    for mut group in groups {
        group.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut open: Option<Stroke> = None;
        for stroke in group {
            match &mut open {
                Some(o) if stroke.from - o.to <= NEAR => o.to = o.to.max(stroke.to),
                _ => merged.extend(open.replace(stroke)),
            }
        }
        merged.extend(open);
    }
    merged.retain(|s| s.to - s.from >= least);
    merged
}

fn distinct(mut values: Vec<f32>) -> Vec<f32> {
    values.sort_by(f32::total_cmp);
    let mut found: Vec<f32> = Vec::new();
    for v in values {
        if found.last().is_none_or(|l| v - l > 3.0) {
            found.push(v);
        }
    }
    found
}

fn frames(rulings: &[Ruling]) -> Vec<Frame> {
    if rulings.len() < 4 {
        return Vec::new();
    }
    let least = if rulings.len() > MOST_RULINGS / 2 { 18.0 } else { 6.0 };
    let across = strokes(rulings, true, least);
    let down = strokes(rulings, false, least);
    if across.len() < 2 || down.is_empty() || across.len() + down.len() > MOST_RULINGS {
        return Vec::new();
    }
    // Which lines touch: groups by union.
    let mut of: Vec<usize> = (0..across.len() + down.len()).collect();
    fn root(of: &mut [usize], mut i: usize) -> usize {
        while of[i] != i {
            of[i] = of[of[i]];
            i = of[i];
        }
        i
    }
    for (d, v) in down.iter().enumerate() {
        let first = across.partition_point(|h| h.at < v.from - NEAR);
        for (k, h) in across.iter().enumerate().skip(first) {
            if h.at > v.to + NEAR {
                break;
            }
            if h.from - NEAR <= v.at && v.at <= h.to + NEAR {
                let (a, b) = (root(&mut of, k), root(&mut of, across.len() + d));
                of[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Stroke>, Vec<Stroke>)> =
        std::collections::BTreeMap::new();
    for (k, h) in across.iter().enumerate() {
        groups.entry(root(&mut of, k)).or_default().0.push(*h);
    }
    for (d, v) in down.iter().enumerate() {
        groups.entry(root(&mut of, across.len() + d)).or_default().1.push(*v);
    }
    groups.into_values().filter_map(|(h, v)| frame(&h, &v)).collect()
}

fn frame(across: &[Stroke], down: &[Stroke]) -> Option<Frame> {
    if across.len() < 2 || down.is_empty() {
        return None;
    }
    let low = |s: &[Stroke]| s.iter().map(|s| s.from).fold(f32::MAX, f32::min);
    let high = |s: &[Stroke]| s.iter().map(|s| s.to).fold(f32::MIN, f32::max);
    let mut xs: Vec<f32> = down.iter().map(|s| s.at).collect();
    let mut ys: Vec<f32> = across.iter().map(|s| s.at).collect();
    // Tables without outer lines: the lines across tell where they end.
    let (x0, x1, y0, y1) = (low(across), high(across), low(down), high(down));
    xs.extend(xs.iter().all(|x| x - x0 > 10.0).then_some(x0));
    xs.extend(xs.iter().all(|x| x1 - x > 10.0).then_some(x1));
    ys.extend(ys.iter().all(|y| y - y0 > 6.0).then_some(y0));
    ys.extend(ys.iter().all(|y| y1 - y > 6.0).then_some(y1));
    let (xs, ys) = (distinct(xs), distinct(ys));
    if xs.len() < 3 || ys.len() < 2 || xs.len() > 60 || ys.len() > 400 {
        return None;
    }
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    let mut left = vec![vec![false; columns]; rows];
    let mut above = vec![vec![false; columns]; rows];
    // How much of each cell's side is drawn.
    let mut drawn = vec![vec![0.0f32; columns]; rows];
    for s in down {
        let Some(c) = xs.iter().position(|x| (x - s.at).abs() <= 3.0) else { continue };
        for r in 0..rows {
            let part = s.to.min(ys[r + 1]) - s.from.max(ys[r]);
            if c < columns && part > 0.0 {
                drawn[r][c] += part;
            }
        }
    }
    for r in 0..rows {
        for c in 0..columns {
            left[r][c] = c == 0 || drawn[r][c] >= 0.5 * (ys[r + 1] - ys[r]);
            drawn[r][c] = 0.0;
        }
    }
    for s in across {
        let Some(r) = ys.iter().position(|y| (y - s.at).abs() <= 3.0) else { continue };
        for c in 0..columns {
            let part = s.to.min(xs[c + 1]) - s.from.max(xs[c]);
            if r < rows && part > 0.0 {
                drawn[r][c] += part;
            }
        }
    }
    for r in 0..rows {
        for c in 0..columns {
            above[r][c] = r == 0 || drawn[r][c] >= 0.5 * (xs[c + 1] - xs[c]);
        }
    }
    Some(Frame { xs, ys, left, above })
}

impl Frame {
    /// The cell a point is in, with merged cells as the one at their top left.
    fn cell(&self, x: f32, y: f32) -> Option<(usize, usize)> {
        let c = self.xs.partition_point(|v| *v <= x).checked_sub(1)?;
        let r = self.ys.partition_point(|v| *v <= y).checked_sub(1)?;
        (c + 1 < self.xs.len() && r + 1 < self.ys.len()).then(|| self.owner(r, c))
    }

    fn owner(&self, mut r: usize, mut c: usize) -> (usize, usize) {
        while !self.above[r][c] {
            r -= 1;
        }
        while !self.left[r][c] {
            c -= 1;
        }
        while !self.above[r][c] {
            r -= 1;
        }
        (r, c)
    }

    fn span(&self, r: usize, c: usize) -> usize {
        let mut end = c + 1;
        while self.left[r].get(end) == Some(&false) {
            end += 1;
        }
        end - c
    }
}

/// Finds ruled tables among the rows; their words are taken out and a segment that stands for the
/// table is put in. Set with the page's setting.
pub(super) fn ruled(rows: &mut Rows, rulings: &[Ruling], setting: &Setting<'_>) -> Vec<Grid> {
    let mut grids = Vec::new();
    take_framed(frames(rulings), rows, setting, &mut grids);
    if rulings.len() <= MOST_RULINGS {
        let across = strokes(rulings, true, 60.0);
        take_framed(row_rules::frames(rows, &across), rows, setting, &mut grids);
    }
    grids
}

fn take_framed(frames: Vec<Frame>, rows: &mut Rows, setting: &Setting<'_>, grids: &mut Vec<Grid>) {
    for frame in frames {
        let (Some(&x0), Some(&x1), Some(&y0), Some(&y1)) =
            (frame.xs.first(), frame.xs.last(), frame.ys.first(), frame.ys.last())
        else {
            continue;
        };
        let place = Rect { x0, y0, x1, y1 };
        let Some(cells) = fill(&frame, rows, place) else { continue };
        let grid = of_cells(&frame, cells, setting);
        let table = grids.len();
        grids.push(grid);
        take_out(rows, &frame, place, table);
    }
}

/// The words of each cell by row of text, or `None` where the lines frame no table.
type Cells = Vec<Vec<Vec<(f32, Vec<Word>)>>>;

fn inside(place: Rect, segment: &Segment) -> bool {
    let y = segment.base - 0.3 * segment.size;
    y > place.y0 && y < place.y1
}

fn fill(frame: &Frame, rows: &Rows, place: Rect) -> Option<Cells> {
    let columns = frame.xs.len() - 1;
    let mut cells: Cells = vec![vec![Vec::new(); columns]; frame.ys.len() - 1];
    for segment in rows.iter().flatten().filter(|s| inside(place, s)) {
        let y = segment.base - 0.3 * segment.size;
        for word in &segment.words {
            let Some((r, c)) = frame.cell((word.x0 + word.x1) / 2.0, y) else { continue };
            let lines = &mut cells[r][c];
            match lines.last_mut() {
                Some((base, words)) if (*base - segment.base).abs() < 0.01 => words.push(word.clone()),
                _ => lines.push((segment.base, vec![word.clone()])),
            }
        }
    }
    let chars = |lines: &Vec<(f32, Vec<Word>)>| -> usize {
        lines.iter().flat_map(|(_, w)| w).map(|w| w.chars.len()).sum()
    };
    let of_row = |row: &Vec<Vec<(f32, Vec<Word>)>>| row.iter().filter(|c| !c.is_empty()).count();
    let full_rows = cells.iter().filter(|row| of_row(row) >= 2).count();
    let longest = cells.iter().flatten().map(chars).max().unwrap_or(0);
    let filled = cells.iter().flatten().filter(|c| !c.is_empty()).count();
    let lines_deep = cells.iter().flatten().map(Vec::len).max().unwrap_or(0);
    let is_table = full_rows >= 2 || (full_rows == 1 && filled >= 3 && lines_deep >= 2);
    // Page frames and boxes of prose hold text, not cells.
    if !is_table || longest > 2500 || (longest > 1200 && filled < 6) {
        return None;
    }
    Some(cells)
}

pub(super) fn is_figure(text: &str) -> bool {
    let magnitude = ["million", "billion", "thousand", "per cent"];
    let text = &magnitude.iter().fold(text.to_string(), |t, word| t.replace(word, ""));
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let bare = text.trim();
    let capitals = letters <= 3 && text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    (digits > 0 && letters <= 4 && (digits >= letters || capitals))
        || matches!(
            bare,
            "-" | "\u{2013}" | "\u{2014}" | "\u{2026}" | ".." | "..." | "n/a" | "N/A" | "nil" | "Nil"
        )
}

fn words_text(words: &[Word]) -> String {
    words.iter().map(Word::text).collect::<Vec<_>>().join(" ")
}

fn of_cells(frame: &Frame, cells: Cells, setting: &Setting<'_>) -> Grid {
    let mut grid = Grid::default();
    let columns = frame.xs.len() - 1;
    for (r, row) in cells.into_iter().enumerate() {
        if row.iter().all(Vec::is_empty) {
            continue;
        }
        let starts: Vec<usize> = (0..columns).filter(|&c| frame.left[r][c]).collect();
        let spans: Vec<(usize, usize)> = starts.iter().map(|&c| (c, frame.span(r, c))).collect();
        // Rows the table does not rule: lines on shared baselines with figures.
        let mut bases: Vec<f32> = row.iter().flatten().map(|(b, _)| *b).collect();
        bases.sort_by(f32::total_cmp);
        bases.dedup_by(|a, b| (*a - *b).abs() < 2.0);
        let on = |b: f32| row.iter().filter(|c| c.iter().any(|(x, _)| (x - b).abs() < 2.0)).count();
        let shared = bases.iter().filter(|b| on(**b) >= 2).count();
        let figures =
            row.iter().flat_map(|c| c.iter()).filter(|(_, words)| is_figure(&words_text(words))).count();
        let unruled = bases.len() >= 3 && shared * 4 >= bases.len() * 3 && figures >= shared;
        let parts: Vec<(f32, f32)> = if unruled {
            bases.iter().map(|b| (b - 2.0, b + 2.0)).collect()
        } else {
            vec![(f32::MIN, f32::MAX)]
        };
        for (from, to) in parts {
            let cells: Vec<GridCell> = spans
                .iter()
                .map(|&(column, columns)| GridCell {
                    column,
                    columns,
                    lines: (column..column + columns)
                        .flat_map(|c| row[c].iter())
                        .filter(|(b, _)| *b >= from && *b <= to)
                        .map(|(base, words)| {
                            let mut line = set_words(&words.iter().collect::<Vec<_>>(), setting);
                            line.base = *base;
                            line
                        })
                        .filter(|line| !line.text.is_blank())
                        .collect(),
                })
                .collect();
            if cells.iter().any(|c| !c.lines.is_empty()) {
                grid.rows.push(GridRow { is_head: false, cells });
            }
        }
    }
    mark_heads(&mut grid);
    grid
}

fn cell_text(cell: &GridCell) -> String {
    cell.lines.iter().map(|l| l.text.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Whether a text is a year or a span of years, as heads of columns are.
fn is_year(text: &str) -> bool {
    let bare = text.trim();
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    (digits == 4 || digits == 8 || digits == 6)
        && bare.get(..4).and_then(|y| y.parse::<u32>().ok()).is_some_and(|y| (1900..2100).contains(&y))
        && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '\u{2013}' | '/' | ' '))
}

/// Rows at the top without figures are heads, where figures follow or the first row stands out.
fn mark_heads(grid: &mut Grid) {
    let has_figures = |row: &GridRow| {
        row.cells.iter().skip(1).map(cell_text).any(|t| !t.is_empty() && is_figure(&t) && !is_year(&t))
    };
    let first = grid.rows.iter().take(6).position(has_figures);
    let heads = match first {
        Some(n) => n.min(4),
        None => {
            let top = grid.rows.first();
            let long = top.is_some_and(|r| r.cells.iter().any(|c| cell_text(c).chars().count() > 60));
            let full = top.is_some_and(|r| r.cells.iter().filter(|c| !c.lines.is_empty()).count() >= 2);
            usize::from(full && !long && grid.rows.len() >= 2)
        }
    };
    let full = |row: &GridRow| row.cells.iter().filter(|c| !c.lines.is_empty()).count() >= 2;
    for (i, row) in grid.rows.iter_mut().enumerate() {
        row.is_head = i < heads && (full(row) || i + 1 < heads || heads == 1);
    }
}

/// Takes the words of the table out of the rows and puts one segment that stands for it.
fn take_out(rows: &mut Rows, frame: &Frame, place: Rect, table: usize) {
    for row in rows.iter_mut() {
        let mut kept = Vec::with_capacity(row.len());
        for mut segment in row.drain(..) {
            if segment.table.is_none() && inside(place, &segment) {
                let y = segment.base - 0.3 * segment.size;
                segment.words.retain(|w| frame.cell((w.x0 + w.x1) / 2.0, y).is_none());
                if segment.words.is_empty() {
                    continue;
                }
                segment.x0 = segment.words.iter().map(|w| w.x0).fold(f32::MAX, f32::min);
                segment.x1 = segment.words.iter().map(|w| w.x1).fold(f32::MIN, f32::max);
            }
            kept.push(segment);
        }
        *row = kept;
    }
    rows.retain(|row| !row.is_empty());
    let base = place.y0 + 1.0;
    let stands =
        Segment { words: Vec::new(), x0: place.x0, x1: place.x1, base, size: 1.0, table: Some(table) };
    let at = rows.partition_point(|row| row.first().is_some_and(|s| s.base < base));
    rows.insert(at, vec![stands]);
}

/// A stretch of a region: rows of prose, or a table without rules.
#[derive(Debug)]
pub(super) enum Part {
    Rows(Rows),
    Table(Grid),
}

/// Segments of a row as cells: a number before a text belongs to it.
fn cells_of(row: &[Segment]) -> Vec<(f32, f32)> {
    let mut cells: Vec<(f32, f32)> = Vec::new();
    let mut number = false;
    for (i, segment) in row.iter().enumerate() {
        let joins = number && i == 1;
        match cells.last_mut() {
            Some(last) if joins => last.1 = segment.x1,
            _ => cells.push((segment.x0, segment.x1)),
        }
        if i == 0 {
            let text = format!("{} x", segment.text());
            number = segment.words.len() <= 2
                && crate::structure::numbers::paragraph_number(&text)
                    .is_some_and(|n| n.printed + 2 >= text.len());
        }
    }
    cells
}

fn is_contents(row: &[Segment]) -> bool {
    let text = row.iter().map(Segment::text).collect::<Vec<_>>().join(" ");
    crate::structure::paragraphs::is_contents_line(&text)
}

/// Finds unruled tables in the rows of a region.
pub(super) fn unruled(rows: Rows, setting: &Setting<'_>) -> Vec<Part> {
    let counts: Vec<usize> =
        rows.iter()
            .map(|row| {
                if row.iter().any(|s| s.table.is_some()) || is_contents(row) {
                    0
                } else {
                    cells_of(row).len()
                }
            })
            .collect();
    let mut parts: Vec<Part> = Vec::new();
    let mut plain: Rows = Vec::new();
    let mut rows: Vec<Option<Vec<Segment>>> = rows.into_iter().map(Some).collect();
    let mut i = 0;
    while i < rows.len() {
        if counts[i] >= 2 {
            // As far as rows of several cells go on, with at most two between that are not.
            let (mut end, mut other) = (i + 1, 0);
            let mut at = i + 1;
            while at < rows.len() && other <= 2 {
                let near = match (&rows[at - 1], &rows[at]) {
                    (Some(a), Some(b)) => match (a.first(), b.first()) {
                        (Some(a), Some(b)) => b.base - a.base < 3.6 * a.size.max(b.size),
                        _ => false,
                    },
                    _ => false,
                };
                if !near || counts[at] == 0 {
                    break;
                }
                if counts[at] >= 2 {
                    end = at + 1;
                    other = 0;
                } else {
                    other += 1;
                }
                at += 1;
            }
            let candidate: Rows = rows[i..end].iter_mut().filter_map(Option::take).collect();
            match of_rows(&candidate, setting) {
                Some(grid) => {
                    if !plain.is_empty() {
                        parts.push(Part::Rows(std::mem::take(&mut plain)));
                    }
                    parts.push(Part::Table(grid));
                }
                None => plain.extend(candidate),
            }
            i = end;
            continue;
        }
        plain.extend(rows[i].take());
        i += 1;
    }
    if !plain.is_empty() {
        parts.push(Part::Rows(plain));
    }
    parts
}

/// Ends of the columns that rows of several cells share.
fn shared_columns(rows: &Rows) -> Vec<(f32, f32)> {
    let several: Vec<Vec<(f32, f32)>> =
        rows.iter().map(|r| cells_of(r)).filter(|cells| cells.len() >= 2).collect();
    let left = several.iter().flatten().map(|c| c.0).fold(f32::MAX, f32::min).max(-10_000.0);
    let right = several.iter().flatten().map(|c| c.1).fold(f32::MIN, f32::max).min(10_000.0);
    if left >= right {
        return Vec::new();
    }
    let wide = (right - left).ceil() as usize + 2;
    let mut change = vec![0i32; wide + 1];
    let at = |x: f32| ((x - left).max(0.0) as usize).min(wide);
    for &(x0, x1) in several.iter().flatten() {
        change[at(x0)] += 1;
        change[at(x1) + 1 - usize::from(at(x1) >= wide)] -= 1;
    }
    // Heads may span columns: a tenth of the rows may cross a gutter.
    let allowed = several.len() as i32 / 10;
    let mut columns = Vec::new();
    let (mut count, mut open) = (0, None);
    for (i, d) in change.iter().enumerate() {
        count += d;
        match (count > allowed, open) {
            (true, None) => open = Some(i),
            (false, Some(from)) => {
                columns.push((left + from as f32, left + i as f32));
                open = None;
            }
            _ => {}
        }
    }
    columns
}

/// First and last column the words stand over.
type Over = (usize, usize, Vec<Word>);

fn of_rows(rows: &Rows, setting: &Setting<'_>) -> Option<Grid> {
    let several = rows.iter().filter(|r| cells_of(r).len() >= 2).count();
    if several < 3 || several * 2 < rows.len() {
        return None;
    }
    let columns = shared_columns(rows);
    if columns.len() < 2 || columns.len() > 40 {
        return None;
    }
    // Each segment to the columns it stands over.
    let over = |x0: f32, x1: f32| {
        let from = columns.iter().position(|c| x0 < c.1).unwrap_or(columns.len() - 1);
        let to = columns.iter().rposition(|c| x1 > c.0).unwrap_or(from).max(from);
        (from, to)
    };
    let mut made: Vec<(f32, f32, Vec<Over>)> = Vec::new();
    for row in rows {
        let mut cells: Vec<Over> = Vec::new();
        for segment in row {
            let (from, to) = over(segment.x0, segment.x1);
            match cells.last_mut() {
                Some(last) if last.1 >= from => {
                    last.1 = last.1.max(to);
                    last.2.extend(segment.words.iter().cloned());
                }
                _ => cells.push((from, to, segment.words.clone())),
            }
        }
        let (base, size) = row.first().map_or((0.0, 1.0), |s| (s.base, s.size));
        made.push((base, size, cells));
    }
    // Columns of figures, or many short cells.
    let mut figures = vec![0usize; columns.len()];
    let mut filled = vec![0usize; columns.len()];
    let mut chars = 0;
    for (from, to, words) in made.iter().flat_map(|(_, _, cells)| cells) {
        let text = words_text(words);
        chars += text.chars().count();
        if from == to {
            filled[*from] += 1;
            figures[*from] += usize::from(is_figure(&text));
        }
    }
    let numeric = figures
        .iter()
        .zip(&filled)
        .skip(1)
        .filter(|(f, n)| **n >= 3.max(several / 3) && **f * 10 >= **n * 6)
        .count();
    let count: usize = filled.iter().sum();
    let short = columns.len() >= 3
        && several * 3 >= rows.len() * 2
        && several >= 4
        && chars <= 22 * count.max(1)
        && filled.iter().all(|n| *n * 3 >= several);
    if numeric == 0 && !short {
        return None;
    }
    // Lines that go on with the cells above join them.
    let mut gaps: Vec<f32> = made.windows(2).map(|w| (w[1].0 - w[0].0) / w[0].1.max(1.0)).collect();
    gaps.sort_by(f32::total_cmp);
    let usual = gaps.get(gaps.len() * 2 / 3).copied().unwrap_or(1.2);
    let mut grid = Grid::default();
    let mut last_base = f32::MIN;
    let mut last_figures = false;
    let mut in_head = true;
    for (base, size, cells) in made {
        let set = |words: &Vec<Word>| {
            let mut line = set_words(&words.iter().collect::<Vec<_>>(), setting);
            line.base = base;
            line
        };
        let has_figures = cells.iter().any(|(f, _, w)| *f > 0 && is_figure(&words_text(w)));
        let gap = (base - last_base) / size.max(1.0);
        let goes_on = !has_figures
            && gap <= 1.35
            && cells.len() < columns.len()
            && grid.rows.last().is_some_and(|above| {
                cells.iter().all(|(from, to, words)| {
                    let lower =
                        words.first().and_then(|w| w.chars.first()).is_some_and(|c| !c.c.is_uppercase());
                    above.cells.iter().any(|c| {
                        c.column == *from
                            && c.column + c.columns > *to
                            && !c.lines.is_empty()
                            && (lower || gap < 0.9 * usual)
                    })
                })
            });
        // Heads over several lines, not all on the same baselines.
        in_head &= !has_figures;
        let goes_on = goes_on
            || in_head
                && gap <= 1.3
                && grid.rows.last().is_some_and(|above| {
                    cells.iter().all(|(from, to, _)| {
                        above.cells.iter().any(|c| c.column == *from && c.column + c.columns == to + 1)
                    })
                });
        // A label over two lines with its figures on the second.
        let follows_label = has_figures
            && !last_figures
            && gap <= 1.35
            && cells.first().is_some_and(|(from, _, words)| {
                *from == 0 && words.first().and_then(|w| w.chars.first()).is_some_and(|c| c.c.is_lowercase())
            })
            && grid.rows.last().is_some_and(|above| {
                above.cells.iter().filter(|c| !c.lines.is_empty()).all(|c| c.column == 0 && c.columns == 1)
            });
        if (goes_on || follows_label)
            && let Some(above) = grid.rows.last_mut()
        {
            for (from, to, words) in &cells {
                match above.cells.iter_mut().find(|c| c.column == *from && !c.lines.is_empty()) {
                    Some(cell) => cell.lines.push(set(words)),
                    None => {
                        above.cells.retain(|c| c.column != *from);
                        above.cells.push(GridCell {
                            column: *from,
                            columns: to - from + 1,
                            lines: vec![set(words)],
                        });
                    }
                }
            }
            above.cells.sort_by_key(|c| c.column);
        } else {
            let mut row = GridRow { is_head: false, cells: Vec::new() };
            let mut next = 0;
            for (from, to, words) in &cells {
                row.cells.extend((next..*from).map(|column| GridCell {
                    column,
                    columns: 1,
                    lines: Vec::new(),
                }));
                row.cells.push(GridCell { column: *from, columns: to - from + 1, lines: vec![set(words)] });
                next = to + 1;
            }
            row.cells.extend((next..columns.len()).map(|column| GridCell {
                column,
                columns: 1,
                lines: Vec::new(),
            }));
            grid.rows.push(row);
        }
        last_base = base;
        last_figures = has_figures;
    }
    mark_heads(&mut grid);
    Some(grid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_told_from_words() {
        for text in ["12", "$1,200.5", "(34)", "\u{2013}", "12 %", "USD 5"] {
            assert!(is_figure(text), "{text}");
        }
        for text in ["Total", "Phase 2 of the plan", "", "see note"] {
            assert!(!is_figure(text), "{text}");
        }
        assert!(
            is_year("2024")
                && is_year("2024-2025")
                && is_year("2024/25")
                && !is_year("3024")
                && !is_year("20245")
        );
    }
}
