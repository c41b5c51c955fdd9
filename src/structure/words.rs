//! Glyphs to words, and words to the rows they stand in.
//!
//! A space is a gap, measured against the font's and the row's own gaps; a drawn space counts only
//! where there is room for it. Small raised glyphs are kept apart as words of their own, so that a
//! footnote mark cannot join a figure. Which rows form a column or a table is not decided here.

use crate::read::{Glyph, Style};
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, HashMap};

/// A character and the glyph it was read from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Char {
    pub c: char,
    /// Index of its glyph on the page.
    pub glyph: u32,
}

/// How a word stands on its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    OnLine,
    Raised,
    Lowered,
}

/// Characters without a space between them.
#[derive(Debug, Clone)]
pub(super) struct Word {
    pub chars: Vec<Char>,
    pub x0: f32,
    pub x1: f32,
    pub size: f32,
    pub style: Style,
    pub stand: Stand,
    /// There is a space between it and the word before it on the row.
    pub space_before: bool,
    /// It begins after a gap that may be a column's.
    pub wide_before: bool,
}

impl Word {
    pub fn text(&self) -> String {
        self.chars.iter().map(|c| c.c).collect()
    }
}

/// Words on one baseline with no wide gap between them.
#[derive(Debug, Clone)]
pub(super) struct Segment {
    pub words: Vec<Word>,
    pub x0: f32,
    pub x1: f32,
    pub base: f32,
    /// Of most of its characters.
    pub size: f32,
    /// It stands for a table of the page that has been taken out of the rows.
    pub table: Option<usize>,
}

impl Segment {
    /// The characters with single spaces between words.
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(self.chars() + self.words.len());
        for (i, word) in self.words.iter().enumerate() {
            if i > 0 && word.space_before {
                text.push(' ');
            }
            text.extend(word.chars.iter().map(|c| c.c));
        }
        text
    }

    pub fn chars(&self) -> usize {
        self.words.iter().map(|w| w.chars.len()).sum()
    }
}

/// A glyph placed in the frame, before it is part of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub c: char,
    pub glyph: u32,
    pub x0: f32,
    pub x1: f32,
    pub base: f32,
    pub size: f32,
    pub font: u16,
    pub style: Style,
}

/// What takes room and prints nothing.
pub(super) fn is_blank(c: char) -> bool {
    if c.is_ascii() {
        return c <= ' ' || c == '\u{7f}';
    }
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}')
}

/// The one character a glyph's character is read as. Figures are never changed.
fn read_as(c: char) -> char {
    match c {
        '\u{ad}' | '\u{2010}' | '\u{2011}' => '-',
        c => c,
    }
}

/// Characters of typography that are several of text.
fn parts(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{fb00}' => "ff",
        '\u{fb01}' => "fi",
        '\u{fb02}' => "fl",
        '\u{fb03}' => "ffi",
        '\u{fb04}' => "ffl",
        '\u{fb05}' | '\u{fb06}' => "st",
        _ => return None,
    })
}

/// Whether a glyph is drawn again at the place where the same character stands already (fake bold,
/// shadows).
#[derive(Debug)]
pub(super) struct Seen {
    /// The last place of a character in each cell of the page.
    cells: HashMap<u64, u32, FxBuildHasher>,
    /// Every place, with the one before it in its cell.
    places: Vec<(f32, f32, u32)>,
}

impl Seen {
    const NONE: u32 = u32::MAX;

    fn with_capacity(glyphs: usize) -> Seen {
        Seen {
            cells: HashMap::with_capacity_and_hasher(glyphs, FxBuildHasher),
            places: Vec::with_capacity(glyphs),
        }
    }

    fn again(&mut self, glyph: &Glyph) -> bool {
        if is_blank(glyph.c) {
            return false;
        }
        let near = (0.12 * glyph.size).clamp(0.2, 4.0);
        let (x, y) = (glyph.x0, glyph.y1);
        let (left, right) = (cell(x - near), cell(x + near));
        let (top, bottom) = (cell(y - near), cell(y + near));
        let home = (cell(x), cell(y));
        for cx in [left, right].into_iter().take(if left == right { 1 } else { 2 }) {
            for cy in [top, bottom].into_iter().take(if top == bottom { 1 } else { 2 }) {
                if (cx, cy) != home
                    && let Some(&last) = self.cells.get(&key(glyph.c, cx, cy))
                    && stands_at(&self.places, last, x, y, near)
                {
                    return true;
                }
            }
        }
        let last = self.cells.entry(key(glyph.c, home.0, home.1)).or_insert(Seen::NONE);
        // Of large type, the square in the middle may be none of those at the ends of its reach.
        let is_end = [left, right].contains(&home.0) && [top, bottom].contains(&home.1);
        if is_end && stands_at(&self.places, *last, x, y, near) {
            return true;
        }
        let here = u32::try_from(self.places.len()).unwrap_or(Seen::NONE);
        self.places.push((x, y, *last));
        *last = here;
        false
    }
}

/// The square of the page, 4 points wide, a coordinate lies in.
fn cell(v: f32) -> i32 {
    let v = v / 4.0;
    // The largest whole number not above it, without a call of a library.
    let whole = v as i32;
    whole.saturating_sub(i32::from(v < whole as f32))
}

/// A character in a square. Squares millions of points away may share a key: places are compared.
fn key(c: char, x: i32, y: i32) -> u64 {
    u64::from(c) << 42 | (x as u64 & 0x1f_ffff) << 21 | (y as u64 & 0x1f_ffff)
}

/// Whether a place of a chain of places of one character is near.
fn stands_at(places: &[(f32, f32, u32)], mut last: u32, x: f32, y: f32, near: f32) -> bool {
    while let Some(&(sx, sy, before)) = places.get(last as usize) {
        if (sx - x).abs() <= near && (sy - y).abs() <= near {
            return true;
        }
        last = before;
    }
    false
}

/// The glyphs of one frame in the order drawn: doubles folded, ligatures taken apart, blanks kept
/// as they are.
pub(super) fn place(
    glyphs: &[Glyph],
    of_frame: impl Iterator<Item = u32>,
    to_frame: impl Fn(&Glyph) -> (f32, f32, f32),
) -> Vec<Placed> {
    let mut seen = Seen::with_capacity(glyphs.len());
    let mut placed: Vec<Placed> = Vec::with_capacity(glyphs.len());
    for index in of_frame {
        let Some(glyph) = glyphs.get(index as usize) else { continue };
        if seen.again(glyph) {
            continue;
        }
        let (x0, x1, base) = to_frame(glyph);
        let size = if glyph.size.is_finite() && glyph.size > 0.1 { glyph.size } else { 1.0 };
        if !(x0.is_finite() && x1.is_finite() && base.is_finite()) {
            continue;
        }
        let one = Placed {
            c: read_as(glyph.c),
            glyph: index,
            x0: x0.min(x1),
            x1: x0.max(x1),
            base,
            size,
            font: glyph.font,
            style: glyph.style,
        };
        match parts(glyph.c) {
            Some(parts) => {
                let wide = (one.x1 - one.x0) / parts.len() as f32;
                placed.extend(parts.chars().enumerate().map(|(i, c)| {
                    let x0 = one.x0 + wide * i as f32;
                    Placed { c, x0, x1: x0 + wide, ..one }
                }));
            }
            None => placed.push(one),
        }
    }
    placed
}

/// Glyphs that follow each other as drawn, on one baseline, closely.
#[derive(Debug)]
struct Run {
    /// Range of the placed glyphs.
    from: usize,
    to: usize,
    x0: f32,
    x1: f32,
    base: f32,
    size: f32,
    /// A space was drawn before it on its baseline.
    drawn_space: bool,
    stand: Stand,
}

/// Room between glyphs as a font sets them, in em.
#[derive(Debug, Clone, Copy)]
struct Spacing {
    /// Between letters of a word.
    letters: f32,
    /// Where a space is drawn; `None` where the font draws none.
    drawn: Option<f32>,
}

fn median(values: &mut [f32]) -> Option<f32> {
    if values.is_empty() {
        return None;
    }
    let middle = values.len() / 2;
    let (_, m, _) = values.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*m)
}

fn runs(placed: &[Placed]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(placed.len() / 4);
    let mut open = false;
    let mut spaced = false;
    for (i, p) in placed.iter().enumerate() {
        if is_blank(p.c) {
            spaced = true;
            open = false;
            continue;
        }
        if open && let Some(run) = runs.last_mut() {
            let gap = p.x0 - run.x1;
            let same = (p.base - run.base).abs() <= 0.02 * p.size + 0.05
                && (p.size - run.size).abs() <= 0.04 * run.size
                && gap < 0.12 * p.size
                && gap > -0.4 * p.size;
            if same {
                run.to = i + 1;
                run.x1 = run.x1.max(p.x1);
                continue;
            }
        }
        runs.push(Run {
            from: i,
            to: i + 1,
            x0: p.x0,
            x1: p.x1,
            base: p.base,
            size: p.size,
            drawn_space: spaced,
            stand: Stand::OnLine,
        });
        open = true;
        spaced = false;
    }
    runs
}

/// The usual gaps of each font, from runs drawn one after the other.
fn spacings(placed: &[Placed], runs: &[Run]) -> BTreeMap<u16, Spacing> {
    let mut letters: BTreeMap<u16, Vec<f32>> = BTreeMap::new();
    let mut drawn: BTreeMap<u16, Vec<f32>> = BTreeMap::new();
    let mut before: Option<&Run> = None;
    for run in runs {
        let Some(glyphs) = placed.get(run.from..run.to) else { continue };
        let Some(first) = glyphs.first() else { continue };
        let gaps = letters.entry(first.font).or_default();
        gaps.extend(
            glyphs
                .windows(2)
                .filter(|w| w[0].c.is_alphanumeric() && w[1].c.is_alphanumeric())
                .map(|w| (w[1].x0 - w[0].x1) / run.size),
        );
        if let Some(b) = before.filter(|b| (b.base - run.base).abs() < 0.05 * run.size) {
            let gap = (run.x0 - b.x1) / run.size;
            if gap > -0.5 && gap < 1.5 {
                if run.drawn_space {
                    drawn.entry(first.font).or_default().push(gap);
                } else {
                    gaps.push(gap);
                }
            }
        }
        before = Some(run);
    }
    letters
        .into_iter()
        .map(|(font, mut gaps)| {
            let drawn = drawn.get_mut(&font).filter(|d| d.len() >= 3).and_then(|d| median(d));
            (font, Spacing { letters: median(&mut gaps).unwrap_or(0.0).clamp(-0.1, 0.3), drawn })
        })
        .collect()
}

/// Sorts placed glyphs into rows by baseline, and each row into segments of words, from left to
/// right. Rows come from top to bottom.
pub(super) fn rows(placed: &[Placed]) -> Vec<Vec<Segment>> {
    let mut runs = runs(placed);
    let spacings = spacings(placed, &runs);
    let of_rows = cluster(&mut runs);
    of_rows
        .into_iter()
        .flat_map(|mut row| {
            row.sort_by(|&a, &b| runs[a].x0.total_cmp(&runs[b].x0).then(a.cmp(&b)));
            layers(&runs, row)
        })
        .map(|row| segments(placed, &runs, &row, &spacings))
        .filter(|row| !row.is_empty())
        .collect()
}

/// Runs of a row that lie over each other are lines of their own.
fn layers(runs: &[Run], row: Vec<usize>) -> Vec<Vec<usize>> {
    let mut layers: Vec<(f32, Vec<usize>)> = Vec::new();
    let all = row.len();
    for i in row {
        let run = &runs[i];
        let slack = 0.6 * run.size + 0.5;
        let count = layers.len();
        // Beyond some layers it is a picture made of letters: all in the last.
        let free =
            layers.iter().position(|(end, _)| *end - run.x0 <= slack).or((count >= 8).then(|| count - 1));
        match free.and_then(|k| layers.get_mut(k)) {
            Some((end, of)) => {
                *end = end.max(run.x1);
                of.push(i);
            }
            None => {
                // Most rows are one line.
                let mut of = Vec::with_capacity(if layers.is_empty() { all } else { 0 });
                of.push(i);
                layers.push((run.x1, of));
            }
        }
    }
    layers.into_iter().map(|(_, of)| of).collect()
}

/// Indices of the runs of each row, top to bottom; small raised or lowered runs are put with the
/// row they belong to.
fn cluster(runs: &mut [Run]) -> Vec<Vec<usize>> {
    struct Group {
        base: f32,
        size: f32,
        weight: f32,
        runs: Vec<usize>,
    }
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by(|&a, &b| runs[a].base.total_cmp(&runs[b].base).then(a.cmp(&b)));
    let mut groups: Vec<Group> = Vec::new();
    for i in order {
        let run = &runs[i];
        let weight = (run.x1 - run.x0).max(0.1);
        // Text of another size may share nearly the same baseline: the last groups are looked at.
        let found = groups.iter_mut().rev().take(4).find(|g| {
            let ratio = g.size.max(run.size) / g.size.min(run.size);
            (g.base - run.base).abs() <= if ratio < 1.2 { 0.22 } else { 0.1 } * g.size.min(run.size)
        });
        match found {
            Some(g) => {
                g.base = (g.base * g.weight + run.base * weight) / (g.weight + weight);
                g.size = (g.size * g.weight + run.size * weight) / (g.weight + weight);
                g.weight += weight;
                g.runs.push(i);
            }
            None => groups.push(Group { base: run.base, size: run.size, weight, runs: vec![i] }),
        }
    }
    // Small runs beside a word of a larger row, above or below its baseline.
    for group in &mut groups {
        group.runs.sort_by(|&a, &b| runs[a].x0.total_cmp(&runs[b].x0).then(a.cmp(&b)));
    }
    let mut moves: Vec<(usize, usize, usize, Stand)> = Vec::new();
    for (g, group) in groups.iter().enumerate() {
        for &i in &group.runs {
            let run = &runs[i];
            if run.to - run.from > 12 {
                continue;
            }
            let mut best: Option<(f32, usize, Stand)> = None;
            let near = (g + 1..groups.len()).take(4).chain((0..g).rev().take(4));
            for other in near {
                let host = &groups[other];
                if host.size < 1.15 * run.size {
                    continue;
                }
                let rise = (host.base - run.base) / host.size;
                let stand = if (0.1..=0.75).contains(&rise) {
                    Stand::Raised
                } else if (-0.45..=-0.04).contains(&rise) {
                    Stand::Lowered
                } else {
                    continue;
                };
                // The host's run that ends nearest before it, or begins nearest after it.
                let at = host.runs.partition_point(|&k| runs[k].x0 < run.x0);
                let before = host.runs[..at].iter().rev().take(3).map(|&k| run.x0 - runs[k].x1);
                let after = host.runs[at..].iter().take(1).map(|&k| runs[k].x0 - run.x1);
                let gap = before.chain(after).map(f32::abs).fold(f32::MAX, f32::min);
                // Touching another small run that has been moved counts through the host's reach.
                if gap <= 0.9 * host.size && best.is_none_or(|(b, _, _)| gap < b) {
                    best = Some((gap, other, stand));
                }
            }
            if let Some((_, host, stand)) = best {
                moves.push((g, i, host, stand));
            }
        }
    }
    for (from, run, host, stand) in moves {
        runs[run].stand = stand;
        groups[from].runs.retain(|&k| k != run);
        groups[host].runs.push(run);
    }
    groups.retain(|g| !g.runs.is_empty());
    groups.sort_by(|a, b| a.base.total_cmp(&b.base));
    groups.into_iter().map(|g| g.runs).collect()
}

/// Characters there is room for before a word grows, and words before a line does.
const LONG_WORD: usize = 16;
const LONG_LINE: usize = 16;

/// A row whose letters stand apart, each drawn or moved alone: `S U M M A R Y`.
fn is_letterspaced(placed: &[Placed], runs: &[Run], row: &[usize]) -> bool {
    let letters = row.iter().filter(|&&r| {
        runs[r].to - runs[r].from == 1 && placed.get(runs[r].from).is_some_and(|p| p.c.is_alphabetic())
    });
    row.len() >= 5 && letters.count() * 10 >= row.len() * 8
}

fn segments(
    placed: &[Placed],
    runs: &[Run],
    row: &[usize],
    spacings: &BTreeMap<u16, Spacing>,
) -> Vec<Segment> {
    let apart = is_letterspaced(placed, runs, row);
    // The row's own usual gap, for tracked headings and tight lines.
    let mut gaps: Vec<f32> = Vec::with_capacity(row.iter().map(|&r| runs[r].to - runs[r].from).sum());
    let mut last: Option<&Placed> = None;
    for &r in row.iter().filter(|&&r| runs[r].stand == Stand::OnLine) {
        for p in placed.get(runs[r].from..runs[r].to).unwrap_or(&[]) {
            // Dots of leaders stand apart; they say nothing of letters.
            if let Some(l) = last.filter(|l| l.c.is_alphanumeric() && p.c.is_alphanumeric()) {
                gaps.push((p.x0 - l.x1) / p.size);
            }
            last = Some(p);
        }
    }
    let own = (gaps.len() >= 6).then(|| median(&mut gaps)).flatten();

    let mut found: Vec<Segment> = Vec::new();
    let mut words: Vec<Word> = Vec::with_capacity(LONG_LINE);
    let mut before: Option<(Placed, usize)> = None;
    let mut of_font: Option<(u16, Spacing)> = None;
    for &r in row {
        let run = &runs[r];
        for (k, p) in placed.get(run.from..run.to).unwrap_or(&[]).iter().enumerate() {
            let char = Char { c: p.c, glyph: p.glyph };
            let (mut space, mut wide, mut joins) = (false, false, false);
            if let Some((b, br)) = before {
                let em = p.size.max(b.size);
                let gap = (p.x0 - b.x1) / em;
                let spacing = match of_font {
                    Some((font, spacing)) if font == p.font => spacing,
                    _ => spacings.get(&p.font).copied().unwrap_or(Spacing { letters: 0.0, drawn: None }),
                };
                of_font = Some((p.font, spacing));
                let mut letters = own.unwrap_or(spacing.letters).clamp(-0.1, 0.3);
                if apart {
                    letters = own.unwrap_or(0.3).clamp(0.0, 0.8);
                }
                let drawn = k == 0 && run.drawn_space && !apart;
                let least = match spacing.drawn {
                    // Widths that leave no room at drawn spaces cannot be trusted: the space can.
                    Some(d) if drawn && d < 0.08 => f32::MIN,
                    Some(d) if drawn => letters + (0.3 * (d - letters)).clamp(0.04, 0.1),
                    None if drawn => 0.05,
                    _ if apart => letters * 1.6,
                    _ => letters + 0.16,
                };
                space = gap > least;
                wide = gap > 0.8 + letters.max(0.0) * 2.0;
                joins = !space && k > 0 && br == r;
                if !joins && !space {
                    let other = &runs[br];
                    joins = other.stand == run.stand
                        && (p.size - b.size).abs() < 0.15 * em
                        && p.style.bold == b.style.bold;
                }
            }
            before = Some((*p, r));
            if joins && let Some(word) = words.last_mut() {
                word.x1 = word.x1.max(p.x1);
                word.chars.push(char);
                continue;
            }
            if wide && !words.is_empty() {
                found.extend(segment(std::mem::take(&mut words)));
            }
            let mut chars = Vec::with_capacity((run.to - run.from - k).min(LONG_WORD));
            chars.push(char);
            words.push(Word {
                chars,
                x0: p.x0,
                x1: p.x1,
                size: p.size,
                style: p.style,
                stand: run.stand,
                space_before: space,
                wide_before: wide,
            });
        }
    }
    found.extend(segment(words));
    // The baseline is that of the words on the line, kept by the runs.
    let mut bases: Vec<f32> =
        row.iter().filter(|&&r| runs[r].stand == Stand::OnLine).map(|&r| runs[r].base).collect();
    let fallback = row.first().map_or(0.0, |&r| runs[r].base);
    let base = median(&mut bases).unwrap_or(fallback);
    for s in &mut found {
        s.base = base;
    }
    found
}

fn segment(words: Vec<Word>) -> Option<Segment> {
    let x0 = words.iter().map(|w| w.x0).fold(f32::MAX, f32::min);
    let x1 = words.iter().map(|w| w.x1).fold(f32::MIN, f32::max);
    let mut sizes: Vec<f32> = words
        .iter()
        .filter(|w| w.stand == Stand::OnLine)
        .flat_map(|w| std::iter::repeat_n(w.size, w.chars.len()))
        .collect();
    if sizes.is_empty() {
        sizes = words.iter().map(|w| w.size).collect();
    }
    let size = median(&mut sizes)?;
    Some(Segment { words, x0, x1, base: 0.0, size, table: None })
}
