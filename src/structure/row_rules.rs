//! Frames of tables that are ruled between their rows only: lines across of one length, the columns
//! told by what the rows leave free.
//!
//! What stands between two such lines is one row, however many lines its cells have. Tables that
//! rule only their head and their end are left to [`super::tables`]'s unruled ones.

use crate::structure::columns::Rows;
use crate::structure::paragraphs::is_caption;
use crate::structure::tables::{Frame, Stroke, is_figure};
use crate::structure::words::{Segment, Word};

/// Ends of lines nearer than this are the same, in points.
const NEAR: f32 = 3.0;
/// Room between words of one cell, in em of the type.
const WORD_GAP: f32 = 0.5;
/// Kinds of lines across beyond which a page is a drawing.
const MOST_KINDS: usize = 100;

/// What stands between two lines.
#[derive(Debug)]
struct Band<'a> {
    y0: f32,
    y1: f32,
    lines: Vec<Vec<&'a Segment>>,
    /// Something reaches over the ends of the lines.
    sticks_out: bool,
}

impl<'a> Band<'a> {
    fn of(rows: &'a Rows, stroke: Stroke, y0: f32, y1: f32) -> Band<'a> {
        let mut band = Band { y0, y1, lines: Vec::new(), sticks_out: false };
        for row in rows {
            let within: Vec<&Segment> = row
                .iter()
                .filter(|s| {
                    let y = middle(s);
                    y > y0 && y < y1 && s.x1 > stroke.from && s.x0 < stroke.to
                })
                .collect();
            band.sticks_out |= within.iter().any(|s| {
                s.table.is_some() || s.x0 < stroke.from - 2.0 * NEAR || s.x1 > stroke.to + 2.0 * NEAR
            });
            if !within.is_empty() {
                band.lines.push(within);
            }
        }
        band
    }

    fn segments(&self) -> impl Iterator<Item = &'a Segment> {
        self.lines.iter().flatten().copied()
    }

    /// Two of its segments stand beside each other, and its lines close under each other.
    fn has_cells(&self) -> bool {
        let apart = self.lines.windows(2).any(|pair| match (pair[0].first(), pair[1].first()) {
            (Some(a), Some(b)) => b.base - a.base > 1.6 * a.size.max(b.size),
            _ => false,
        });
        !self.sticks_out
            && !apart
            && self
                .segments()
                .map(|s| s.x1)
                .min_by(f32::total_cmp)
                .is_some_and(|least| self.segments().any(|s| s.x0 > least))
    }

    /// Lines in each column.
    fn depths(&self, xs: &[f32]) -> Vec<usize> {
        xs.windows(2)
            .map(|x| {
                let stands = |s: &Segment| {
                    s.words.iter().map(|w| (w.x0 + w.x1) / 2.0).any(|mid| mid > x[0] && mid <= x[1])
                };
                self.lines.iter().filter(|line| line.iter().any(|s| stands(s))).count()
            })
            .collect()
    }

    /// Some column has figures on several lines.
    fn has_figures_in_lines(&self, xs: &[f32]) -> bool {
        xs.windows(2).any(|x| {
            let figures = self.lines.iter().filter(|line| {
                let words = line.iter().flat_map(|s| &s.words).filter(|w| {
                    let mid = (w.x0 + w.x1) / 2.0;
                    mid > x[0] && mid <= x[1]
                });
                is_figure(&words.map(Word::text).collect::<Vec<_>>().join(" "))
            });
            figures.count() >= 2
        })
    }
}

/// Where a segment's letters have their middle.
fn middle(segment: &Segment) -> f32 {
    segment.base - 0.3 * segment.size
}

/// Frames of the tables whose rows these lines divide.
pub(super) fn frames(rows: &Rows, across: &[Stroke]) -> Vec<Frame> {
    let mut kinds: Vec<Vec<Stroke>> = Vec::new();
    for stroke in across {
        let known = kinds.iter().position(|kind| {
            (kind[0].from - stroke.from).abs() <= NEAR && (kind[0].to - stroke.to).abs() <= NEAR
        });
        match known {
            Some(k) => kinds[k].push(*stroke),
            None if kinds.len() >= MOST_KINDS => return Vec::new(),
            None => kinds.push(vec![*stroke]),
        }
    }
    let mut found: Vec<Frame> = Vec::new();
    for mut kind in kinds {
        kind.sort_by(|a, b| a.at.total_cmp(&b.at));
        kind.dedup_by(|b, a| b.at - a.at <= NEAR);
        let Some(&stroke) = kind.first() else { continue };
        let bands: Vec<Band<'_>> =
            kind.windows(2).map(|pair| Band::of(rows, stroke, pair[0].at, pair[1].at)).collect();
        // A line of text alone between two of the table's rows is a heading inside it, where its
        // room is that of a row.
        let mut heights: Vec<f32> = bands.iter().filter(|b| b.has_cells()).map(|b| b.y1 - b.y0).collect();
        heights.sort_by(f32::total_cmp);
        let usual = heights.get(heights.len() / 2).copied().unwrap_or(0.0);
        let belongs = |band: &Band<'_>| {
            band.has_cells()
                || !band.sticks_out && band.lines.len() == 1 && band.y1 - band.y0 <= 1.5 * usual
                || band.lines.is_empty() && band.y1 - band.y0 <= 0.5 * usual
        };
        for run in bands.chunk_by(|a, b| belongs(a) && belongs(b)) {
            let first = run.iter().position(Band::has_cells);
            let last = run.iter().rposition(Band::has_cells);
            if let (Some(first), Some(last)) = (first, last)
                && let Some(run) = run.get(first..=last)
            {
                found.extend(frame(rows, stroke, run));
            }
        }
    }
    found
}

fn frame(rows: &Rows, stroke: Stroke, run: &[Band<'_>]) -> Option<Frame> {
    let (first, last) = (run.first()?, run.last()?);
    let xs = columns(run.iter().flat_map(|b| &b.lines), stroke)?;
    let above = beyond(rows, stroke, first.y0, &xs, -1.0);
    let below = beyond(rows, stroke, last.y1, &xs, 1.0);
    // Totals between lines at the end of a table without lines are not a table of their own.
    let ends = [(above.unwrap_or(first.y0), -1.0), (below.unwrap_or(last.y1), 1.0)];
    if ends.iter().any(|&(from, way)| goes_on(rows, stroke, from, &xs, way)) {
        return None;
    }
    let extra = [above.map(|y| (y, first.y0)), below.map(|y| (last.y1, y))];
    let [head, tail] = extra.map(|ends| ends.map(|(y0, y1)| Band::of(rows, stroke, y0, y1)));
    let bands: Vec<&Band<'_>> = head.iter().chain(run).chain(&tail).filter(|b| !b.lines.is_empty()).collect();
    let mut xs = columns(bands.iter().flat_map(|b| &b.lines), stroke)?;
    // A head set left over figures set right makes a column that no other row fills.
    let mut at = 1;
    while at + 1 < xs.len() {
        let around = &xs[at - 1..=at + 1];
        let filled = |side: usize| bands.iter().filter(|b| b.depths(around)[side] > 0).count();
        let beside = bands.iter().any(|band| {
            band.depths(around).iter().all(|d| *d > 0) && !band.lines.iter().any(|line| spans(line, xs[at]))
        });
        if beside || filled(0).min(filled(1)) > 1 {
            at += 1;
        } else {
            xs.remove(at);
        }
    }
    if xs.len() < 3 {
        return None;
    }
    // Each band one row: some cell of it has a single line, and most have.
    let least: Vec<usize> =
        bands.iter().map(|b| b.depths(&xs).into_iter().filter(|d| *d > 0).min().unwrap_or(0)).collect();
    let single = least.iter().filter(|d| **d == 1).count();
    let full =
        bands.iter().filter(|b| b.depths(&xs).iter().filter(|d| **d > 0).count() * 2 >= xs.len() - 1).count();
    // Figures under each other are rows the table does not rule.
    let unruled =
        bands.iter().zip(&least).skip(1).any(|(band, least)| *least >= 2 && band.has_figures_in_lines(&xs));
    let is_table = bands.len() >= 3
        && !unruled
        && least.iter().all(|d| *d <= 3)
        && single * 10 >= bands.len() * 6
        && full * 10 >= bands.len() * 6
        && bands.iter().filter(|b| b.has_cells()).count() >= 3;
    if !is_table {
        return None;
    }
    let columns = xs.len() - 1;
    let mut ys: Vec<f32> = Vec::new();
    let mut left: Vec<Vec<bool>> = Vec::new();
    for (i, band) in bands.iter().enumerate() {
        let spans: Vec<Vec<bool>> = band
            .lines
            .iter()
            .map(|line| (0..columns).map(|c| c == 0 || !spans(line, xs[c])).collect())
            .collect();
        // Heads over several columns stand over the heads of these.
        let over = spans.iter().take_while(|l| l.contains(&false)).count();
        let split = (i == 0 && over > 0).then(|| band.lines.get(over)).flatten();
        let all =
            |lines: &[Vec<bool>]| -> Vec<bool> { (0..columns).map(|c| lines.iter().all(|l| l[c])).collect() };
        ys.push(band.y0);
        match split.and_then(|line| line.first()) {
            Some(lower) => {
                ys.push(lower.base - 0.9 * lower.size);
                left.push(all(spans.get(..over).unwrap_or(&[])));
                left.push(all(spans.get(over..).unwrap_or(&[])));
            }
            None => left.push(all(&spans)),
        }
    }
    ys.push(bands.last()?.y1);
    if ys.windows(2).any(|y| y[0] >= y[1]) {
        return None;
    }
    let above = vec![vec![true; columns]; left.len()];
    Some(Frame { xs, ys, left, above })
}

/// Borders of the columns: outer ends, and the middle of what the lines leave free.
fn columns<'a>(lines: impl Iterator<Item = &'a Vec<&'a Segment>>, stroke: Stroke) -> Option<Vec<f32>> {
    let lines: Vec<&Vec<&Segment>> = lines.collect();
    let reach = 2.0 * NEAR;
    let wide = (stroke.to - stroke.from + 2.0 * reach).clamp(0.0, 20_000.0).ceil() as usize + 1;
    let at = |x: f32| ((x - stroke.from + reach).max(0.0) as usize).min(wide - 1);
    let mut count = vec![0usize; wide];
    for segment in lines.iter().copied().flatten() {
        for words in segment.words.chunk_by(|a, b| b.x0 - a.x1 < WORD_GAP * segment.size) {
            let (Some(first), Some(last)) = (words.first(), words.last()) else { continue };
            let from = at(first.x0);
            for n in &mut count[from..=at(last.x1).max(from)] {
                *n += 1;
            }
        }
    }
    // A heading may stand over several columns.
    let allowed = lines.len() / 8;
    let mut xs = vec![stroke.from - reach];
    let mut last: Option<usize> = None;
    for (i, _) in count.iter().enumerate().filter(|(_, n)| **n > allowed) {
        if let Some(l) = last
            && i - l >= 4
        {
            xs.push(stroke.from - reach + (l + i) as f32 / 2.0);
        }
        last = Some(i);
    }
    xs.push(stroke.to + reach);
    (3..=40).contains(&xs.len()).then_some(xs)
}

/// Whether the line's words go on over a border of columns.
fn spans(line: &[&Segment], x: f32) -> bool {
    line.iter().filter(|s| s.x0 < x && s.x1 > x).any(|segment| {
        let before = segment.words.iter().map(|w| w.x1).filter(|x1| *x1 <= x).fold(f32::MIN, f32::max);
        let after = segment.words.iter().map(|w| w.x0).filter(|x0| *x0 >= x).fold(f32::MAX, f32::min);
        segment.words.iter().any(|w| w.x0 < x && w.x1 > x) || after - before < WORD_GAP * segment.size
    })
}

/// Rows beyond a height, the nearest first, with how far each is away. `way` is -1 upwards, 1
/// downwards.
fn away(rows: &Rows, stroke: Stroke, from: f32, way: f32) -> Vec<(f32, Vec<&Segment>)> {
    let mut near: Vec<(f32, Vec<&Segment>)> = Vec::new();
    for row in rows {
        let on: Vec<&Segment> = row
            .iter()
            .filter(|s| s.x1 > stroke.from && s.x0 < stroke.to && (middle(s) - from) * way > 0.0)
            .collect();
        if let Some(first) = on.first() {
            near.push(((middle(first) - from) * way, on));
        }
    }
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    near.truncate(8);
    near
}

fn size_of(line: &[&Segment]) -> f32 {
    line.iter().map(|s| s.size).fold(1.0, f32::max)
}

/// Whether a line stands within the table's width and in its columns.
fn keeps(line: &[&Segment], stroke: Stroke, xs: &[f32]) -> bool {
    line.iter().all(|s| {
        s.table.is_none()
            && s.x0 >= stroke.from - 2.0 * NEAR
            && s.x1 <= stroke.to + 2.0 * NEAR
            && xs.iter().skip(1).rev().skip(1).all(|x| !spans(&[*s], *x))
    })
}

/// Whether rows of several cells in the same columns go on beyond a table's end, at once or after
/// one line that is no such row.
fn goes_on(rows: &Rows, stroke: Stroke, from: f32, xs: &[f32], way: f32) -> bool {
    let mut last = 0.0;
    for (away, line) in away(rows, stroke, from, way).iter().take(2) {
        if away - last > 2.4 * size_of(line) {
            return false;
        }
        if line.len() >= 2 && keeps(line, stroke, xs) {
            return true;
        }
        // The caption of this table, after the end of another.
        let text = line.iter().map(|s| s.text()).collect::<Vec<_>>().join(" ");
        if is_caption(&text) {
            return false;
        }
        last = *away;
    }
    false
}

/// Where the row beyond the outermost line of a table ends, if there is one: lines of several cells
/// that keep to the columns, close by.
fn beyond(rows: &Rows, stroke: Stroke, from: f32, xs: &[f32], way: f32) -> Option<f32> {
    let mut end: Option<(f32, f32)> = None;
    for (away, line) in away(rows, stroke, from, way).iter().take(4) {
        let size = size_of(line);
        let joins = match end {
            None => line.len() >= 2 && *away <= 1.6 * size,
            Some((last, _)) => away - last <= 1.3 * size,
        };
        if !joins || !keeps(line, stroke, xs) {
            break;
        }
        end = Some((*away, size));
    }
    end.map(|(away, size)| from + way * (away + 0.6 * size))
}
