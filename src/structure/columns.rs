//! Reading order: which rows of a page stand beside each other as columns of prose, and in which
//! order the parts are read.
//!
//! A gutter is a stretch of x that several rows leave free and no row of a band crosses. What
//! stands beside each other in short cells is left together: that is for [`super::tables`].

use crate::structure::words::Segment;

pub(super) type Rows = Vec<Vec<Segment>>;

/// Splits rows into regions in reading order; each is read row by row.
pub(super) fn regions(rows: Rows) -> Vec<Rows> {
    let mut found = Vec::new();
    split(rows, 0, &mut found);
    found
}

fn split(rows: Rows, depth: usize, found: &mut Vec<Rows>) {
    if rows.is_empty() {
        return;
    }
    if depth < 6 && rows.len() >= 3 {
        let gutters = gutters(&rows);
        for &x in &gutters {
            let mut bands = bands(&rows, x);
            for &other in gutters.iter().filter(|other| **other != x) {
                leave_to(&rows, &mut bands, x, other);
            }
            if bands.iter().any(|b| b.2) {
                let mut rest = rows.into_iter();
                for (from, to, is_columns) in bands {
                    let part: Rows = rest.by_ref().take(to - from).collect();
                    if is_columns {
                        let (left, right) = cut(part, x);
                        split(left, depth + 1, found);
                        split(right, depth + 1, found);
                    } else {
                        split(part, depth + 1, found);
                    }
                }
                return;
            }
        }
    }
    found.push(rows);
}

/// Positions most rows leave free between two of their segments, best first.
fn gutters(rows: &Rows) -> Vec<f32> {
    let left = rows.iter().flatten().map(|s| s.x0).fold(f32::MAX, f32::min).max(-10_000.0);
    let right = rows.iter().flatten().map(|s| s.x1).fold(f32::MIN, f32::max).min(10_000.0);
    if left >= right {
        return Vec::new();
    }
    let wide = (right - left).ceil() as usize + 2;
    let mut change = vec![0i32; wide + 1];
    let at = |x: f32| ((x - left).max(0.0) as usize).min(wide);
    for (i, row) in rows.iter().enumerate() {
        // Columns of other leading stand between the lines: near rows are looked at as one.
        let mut near: Vec<(f32, f32)> = row.iter().map(|s| (s.x0, s.x1)).collect();
        if let Some(first) = row.first() {
            for other in rows.iter().skip(i + 1).take(3) {
                if other.first().is_none_or(|s| s.base - first.base > 0.7 * first.size) {
                    break;
                }
                near.extend(other.iter().map(|s| (s.x0, s.x1)));
            }
        }
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        for pair in near.windows(2) {
            let [a, b] = pair else { continue };
            if b.0 - a.1 >= 6.0 {
                change[at(a.1 + 1.0)] += 1;
                change[at(b.0)] -= 1;
            }
        }
    }
    let mut count = 0;
    let counts: Vec<i32> = change
        .iter()
        .map(|d| {
            count += d;
            count
        })
        .collect();
    let mut free = vec![true; counts.len()];
    let mut found = Vec::new();
    for _ in 0..4 {
        let best = counts.iter().zip(&free).filter(|(_, f)| **f).map(|(c, _)| *c).max().unwrap_or(0);
        if best < 3 {
            break;
        }
        // The widest stretch that has the best count.
        let (mut from, mut length) = (0, 0);
        let mut i = 0;
        while i < counts.len() {
            let start = i;
            while i < counts.len() && counts[i] == best && free[i] {
                i += 1;
            }
            if i - start > length {
                (from, length) = (start, i - start);
            }
            i += 1;
        }
        found.push(left + from as f32 + length as f32 / 2.0);
        let reach = 12;
        for f in &mut free[from.saturating_sub(reach)..(from + length + reach).min(counts.len())] {
            *f = false;
        }
    }
    found
}

fn crosses(row: &[Segment], x: f32) -> bool {
    row.iter().any(|s| s.x0 < x - 0.5 && s.x1 > x + 0.5)
}

/// Runs of rows that cross the gutter or do not, and whether these are columns.
fn bands(rows: &Rows, x: f32) -> Vec<(usize, usize, bool)> {
    let mut found: Vec<(usize, usize, bool)> = Vec::new();
    let mut from = 0;
    while from < rows.len() {
        let crossing = crosses(&rows[from], x);
        let mut to = from + 1;
        while to < rows.len() && crosses(&rows[to], x) == crossing {
            to += 1;
        }
        let is_columns = !crossing && rows.get(from..to).is_some_and(|band| are_columns(band, x));
        match found.last_mut() {
            Some(last) if !last.2 && !is_columns => last.1 = to,
            _ => found.push((from, to, is_columns)),
        }
        from = to;
    }
    found
}

/// Gives the first rows of columns to columns of another gutter that begin above and end in them,
/// where these rows stand on one side only: a side bar's last lines are none of the columns below.
fn leave_to(rows: &Rows, bands: &mut [(usize, usize, bool)], x: f32, other: f32) {
    let others = self::bands(rows, other);
    for k in 1..bands.len() {
        let (from, to, is_columns) = bands[k];
        let above = others.iter().find(|b| b.2 && b.0 < from && from < b.1 && b.1 < to);
        let Some(&(_, end, _)) = above.filter(|_| is_columns && !bands[k - 1].2) else { continue };
        let sides =
            |right: bool| rows.get(from..end).unwrap_or(&[]).iter().flatten().any(|s| (s.x0 >= x) == right);
        let both = sides(false) && sides(true);
        if !both && rows.get(end..to).is_some_and(|rest| are_columns(rest, x)) {
            bands[k - 1].1 = end;
            bands[k].0 = end;
        }
    }
}

/// What stands on one side of a gutter.
#[derive(Debug, Default)]
struct Side {
    lines: usize,
    chars: usize,
    words: usize,
    /// Width of the widest line, and the sum of all.
    widest: f32,
    widths: f32,
    digits: usize,
    /// Baselines of its lines with their row.
    bases: Vec<(usize, f32)>,
}

impl Side {
    fn of(band: &[Vec<Segment>], on: impl Fn(&Segment) -> bool) -> Side {
        let mut side = Side::default();
        for (i, row) in band.iter().enumerate() {
            let mut ends: Option<(f32, f32)> = None;
            for segment in row.iter().filter(|s| on(s)) {
                let (x0, x1) = ends.unwrap_or((segment.x0, segment.x1));
                ends = Some((x0.min(segment.x0), x1.max(segment.x1)));
                side.chars += segment.chars();
                side.words += segment.words.iter().filter(|w| w.space_before).count() + 1;
                side.digits +=
                    segment.words.iter().flat_map(|w| &w.chars).filter(|c| c.c.is_ascii_digit()).count();
                if side.bases.last().is_none_or(|b| b.0 != i) {
                    side.bases.push((i, segment.base));
                }
            }
            if let Some((x0, x1)) = ends {
                side.lines += 1;
                side.widest = side.widest.max(x1 - x0);
                side.widths += x1 - x0;
            }
        }
        side
    }

    /// Lines as of running text: several words each, mostly filled.
    fn is_prose(&self) -> bool {
        self.lines >= 3
            && self.chars >= 17 * self.lines
            && self.words * 2 >= 5 * self.lines
            && self.widths >= 0.55 * self.widest * self.lines as f32
            && self.digits * 3 < self.chars
    }

    /// Rows before which it leaves more room than between its lines.
    fn starts(&self) -> Vec<usize> {
        let mut gaps: Vec<f32> = self.bases.windows(2).map(|w| w[1].1 - w[0].1).collect();
        if gaps.is_empty() {
            return Vec::new();
        }
        let middle = gaps.len() / 2;
        let (_, usual, _) = gaps.select_nth_unstable_by(middle / 2, f32::total_cmp);
        let usual = *usual;
        self.bases.windows(2).filter(|w| w[1].1 - w[0].1 > 1.3 * usual).map(|w| w[1].0).collect()
    }
}

fn are_columns(band: &[Vec<Segment>], x: f32) -> bool {
    let left = Side::of(band, |s| s.x0 < x);
    let right = Side::of(band, |s| s.x0 >= x);
    if left.lines < 3 || right.lines < 3 {
        return false;
    }
    let both =
        left.bases.iter().filter(|(row, _)| right.bases.binary_search_by_key(row, |b| b.0).is_ok()).count();
    let shared = both as f32 / left.lines.min(right.lines) as f32;
    match (left.is_prose(), right.is_prose()) {
        (true, true) => {
            // Cells of prose side by side begin together, again and again.
            let (a, b) = (left.starts(), right.starts());
            let together = a.iter().filter(|row| b.binary_search(row).is_ok()).count();
            !(together >= 2
                && together * 10 >= 7 * a.len().min(b.len())
                && shared > 0.9
                && a.len().abs_diff(b.len()) <= 2)
        }
        // A side bar or a picture's words beside prose, on lines of their own.
        (true, false) | (false, true) => shared < 0.5 && left.lines.min(right.lines) >= 4,
        (false, false) => false,
    }
}

fn cut(rows: Rows, x: f32) -> (Rows, Rows) {
    let (mut left, mut right) = (Rows::new(), Rows::new());
    for row in rows {
        let (l, r): (Vec<Segment>, Vec<Segment>) = row.into_iter().partition(|s| s.x0 < x);
        if !l.is_empty() {
            left.push(l);
        }
        if !r.is_empty() {
            right.push(r);
        }
    }
    (left, right)
}
