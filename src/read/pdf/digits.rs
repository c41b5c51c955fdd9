//! Where the two readers of a page do not agree on a digit.
//!
//! Both draw the same page, so a glyph of one is compared with the glyph of the other at the same
//! place. A reader that saw nothing there has no say, and neither has one whose glyphs around that
//! place are other glyphs altogether: then the place is wrong, not the digit.

use crate::document::Rect;
use crate::read::{Glyph, ReadDispute};

/// Glyphs this many points apart, of their size, stand at the same place.
const SAME_PLACE: f32 = 0.25;
/// Glyphs around a difference that must be read alike for it to count; twice as many are asked on
/// each side, and three in four must agree.
const NEIGHBOURS: usize = 3;
/// More on one page is a font read in another encoding, told once.
const MOST_DISPUTES: usize = 200;

/// Whether the page carries something worth a second opinion: an amount, a percentage, a year, an
/// address. Heads and feet do not count.
pub(super) fn worth_comparing(glyphs: &[Glyph], height: f32) -> bool {
    let mut word = Word::default();
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        let is_inside = glyph.y0 > 0.07 * height && glyph.y1 < 0.93 * height;
        let is_apart = last.is_none_or(|last| follows(last, glyph) == Next::Apart);
        if is_apart || glyph.c == ' ' || !is_inside {
            if word.is_figure() {
                return true;
            }
            word = Word::default();
        }
        if is_inside && glyph.c != ' ' {
            word.push(glyph.c);
        }
        last = Some(glyph);
    }
    word.is_figure()
}

/// What the decision needs to know of a word.
#[derive(Default)]
struct Word {
    digits: usize,
    letters: usize,
    has_sign: bool,
    has_point: bool,
}

impl Word {
    fn push(&mut self, c: char) {
        match c {
            '0'..='9' => self.digits += 1,
            '.' | ',' => self.has_point |= self.digits > 0,
            '%' | '$' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' => self.has_sign = true,
            c if c.is_alphabetic() => self.letters += 1,
            _ => {}
        }
    }

    fn is_figure(&self) -> bool {
        let is_amount = self.digits >= 1 && (self.has_sign || (self.has_point && self.digits >= 2));
        let is_year = self.digits >= 4;
        let is_address = self.digits >= 2 && self.digits + self.letters >= 20;
        is_amount || is_year || is_address
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Of the same word.
    Joined,
    Apart,
}

fn follows(last: &Glyph, glyph: &Glyph) -> Next {
    let size = last.size.max(glyph.size).max(1.0);
    let along = match glyph.angle {
        90 => glyph.y0 - last.y1,
        270 => last.y0 - glyph.y1,
        _ => glyph.x0 - last.x1,
    };
    let is_beside = (last.baseline - glyph.baseline).abs() < 0.6 * size && last.angle == glyph.angle;
    if is_beside && (-0.5 * size..0.2 * size).contains(&along) { Next::Joined } else { Next::Apart }
}

/// The words of the first reading in which the second has another digit.
pub(super) fn disputes(first: &[Glyph], second: &[Glyph]) -> Vec<ReadDispute> {
    let first: Vec<&Glyph> = first.iter().filter(|glyph| !glyph.c.is_whitespace()).collect();
    let second: Vec<&Glyph> = second.iter().filter(|glyph| !glyph.c.is_whitespace()).collect();
    let places = Places::of(&second);
    // Both mostly draw in the same order: what comes next in the second is tried before its place
    // is searched.
    let mut next = 0;
    let mut differing = Vec::new();
    for (i, glyph) in first.iter().enumerate() {
        if second.get(next).is_some_and(|other| other.c == glyph.c && is_at(glyph, other)) {
            next += 1;
            continue;
        }
        let (match_, is_same) = places.at(glyph, &second);
        if let Some(j) = match_ {
            next = j + 1;
            if !is_same && second.get(j).is_some_and(|other| is_dispute(glyph.c, other.c)) {
                differing.push(i);
            }
        }
    }
    if differing.is_empty() {
        return Vec::new();
    }
    let other: Vec<Option<usize>> = first.iter().map(|glyph| places.at(glyph, &second).0).collect();
    let mut found: Vec<ReadDispute> = Vec::new();
    let mut done = 0;
    for i in differing {
        if i < done || !is_anchored(i, &first, &second, &other) {
            continue;
        }
        let (from, to) = word_around(i, &first);
        let span = first.get(from..to).unwrap_or_default();
        let second_word: String = (from..to)
            .filter_map(|k| match other.get(k)? {
                Some(j) => second.get(*j).map(|glyph| glyph.c),
                None => first.get(k).map(|glyph| glyph.c),
            })
            .collect();
        let first_word: String = span.iter().map(|glyph| glyph.c).collect();
        done = to;
        if let Some(place) = bounds(span)
            && first_word != second_word
            && !occurs_near(&first_word, other.get(i).copied().flatten(), &second)
            && found.len() < MOST_DISPUTES
        {
            found.push(ReadDispute { place, first: first_word, second: second_word });
        }
    }
    found
}

/// Whether the second reader drew the word too, a little beside where the first did: it has other
/// widths for some fonts.
fn occurs_near(word: &str, at: Option<usize>, second: &[&Glyph]) -> bool {
    let Some(at) = at else { return false };
    let reach = word.chars().count() + 8;
    let nearby = second.get(at.saturating_sub(reach)..(at + reach).min(second.len())).unwrap_or_default();
    let nearby: String = nearby.iter().map(|glyph| plain(glyph.c)).collect();
    let word: String = word.trim_matches(|c: char| !c.is_alphanumeric()).chars().map(plain).collect();
    nearby.contains(&word)
}

/// Whether one of the two is a digit and the other something else that can be meant.
fn is_dispute(first: char, second: char) -> bool {
    let is_known = |c: char| c != char::REPLACEMENT_CHARACTER && !('\u{e000}'..='\u{f8ff}').contains(&c);
    first.is_alphanumeric()
        && first != second
        && (first.is_ascii_digit() || second.is_ascii_digit())
        && is_known(first)
        && is_known(second)
        && plain(first) != plain(second)
}

/// The digit a raised, lowered or full-width digit is.
fn plain(c: char) -> char {
    match c {
        '\u{b9}' => '1',
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{2070}' | '\u{2074}'..='\u{2079}' => digit(c as u32 - 0x2070),
        '\u{2080}'..='\u{2089}' => digit(c as u32 - 0x2080),
        '\u{ff10}'..='\u{ff19}' => digit(c as u32 - 0xff10),
        c => c,
    }
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Whether the glyphs on both sides of a difference are read alike, so that the two readings are
/// known to be of the same word.
fn is_anchored(i: usize, first: &[&Glyph], second: &[&Glyph], other: &[Option<usize>]) -> bool {
    // Of one word, both readers draw what stands before and after it in the same order.
    let Some(j) = other.get(i).copied().flatten() else { return false };
    let beside = [(i.checked_sub(1), j.checked_sub(1)), (i.checked_add(1), j.checked_add(1))];
    let beside =
        beside.map(|(i, j)| i.and_then(|i| other.get(i).copied().flatten()).map(|seen| Some(seen) == j));
    if beside.contains(&Some(false)) || !beside.contains(&Some(true)) {
        return false;
    }
    let agrees = |k: usize| -> Option<bool> {
        let (a, j) = (first.get(k)?, (*other.get(k)?)?);
        Some(second.get(j)?.c == a.c)
    };
    let reach = NEIGHBOURS * 6;
    let before = (i.saturating_sub(reach)..i).rev().filter_map(agrees).take(NEIGHBOURS * 2);
    let after = (i + 1..(i + 1 + reach).min(first.len())).filter_map(agrees).take(NEIGHBOURS * 2);
    let seen: Vec<bool> = before.chain(after).collect();
    let same = seen.iter().filter(|&&same| same).count();
    same >= NEIGHBOURS && same * 4 >= seen.len() * 3
}

fn word_around(i: usize, glyphs: &[&Glyph]) -> (usize, usize) {
    let joined = |a: usize, b: usize| match (glyphs.get(a), glyphs.get(b)) {
        (Some(a), Some(b)) => follows(a, b) == Next::Joined,
        _ => false,
    };
    let mut from = i;
    while from > 0 && joined(from - 1, from) {
        from -= 1;
    }
    let mut to = i + 1;
    while joined(to - 1, to) {
        to += 1;
    }
    (from, to)
}

fn bounds(glyphs: &[&Glyph]) -> Option<Rect> {
    let first = glyphs.first()?;
    let start = Rect { x0: first.x0, y0: first.y0, x1: first.x1, y1: first.y1 };
    Some(glyphs.iter().fold(start, |r, glyph| Rect {
        x0: r.x0.min(glyph.x0),
        y0: r.y0.min(glyph.y0),
        x1: r.x1.max(glyph.x1),
        y1: r.y1.max(glyph.y1),
    }))
}

/// Glyphs by the square of the page they stand in.
struct Places {
    columns: usize,
    rows: usize,
    /// Where the glyphs of each square begin, row by row, and their end.
    starts: Vec<usize>,
    glyphs: Vec<usize>,
}

const SQUARE: f32 = 8.0;
/// Squares along one side; what stands beyond shares the last.
const MOST_SQUARES: usize = 512;

impl Places {
    fn of(glyphs: &[&Glyph]) -> Self {
        let squares: Vec<(usize, usize)> = glyphs.iter().map(|glyph| square(glyph)).collect();
        let columns = squares.iter().map(|square| square.0 + 1).max().unwrap_or(0);
        let rows = squares.iter().map(|square| square.1 + 1).max().unwrap_or(0);
        let mut starts = vec![0; columns * rows + 1];
        for (column, row) in &squares {
            if let Some(count) = starts.get_mut(row * columns + column + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut free = starts.clone();
        let mut placed = vec![0; glyphs.len()];
        for (i, (column, row)) in squares.iter().enumerate() {
            if let Some(free) = free.get_mut(row * columns + column)
                && let Some(place) = placed.get_mut(*free)
            {
                *place = i;
                *free += 1;
            }
        }
        Places { columns, rows, starts, glyphs: placed }
    }

    /// The nearest glyph at the same place, and whether any there is the same character.
    fn at(&self, glyph: &Glyph, of: &[&Glyph]) -> (Option<usize>, bool) {
        let (column, row) = square(glyph);
        let mut nearest: Option<(f32, usize)> = None;
        let mut is_same = false;
        for column in column.saturating_sub(1)..(column + 2).min(self.columns) {
            for row in row.saturating_sub(1)..(row + 2).min(self.rows) {
                let square = row * self.columns + column;
                let bounds = (self.starts.get(square), self.starts.get(square + 1));
                let (Some(&start), Some(&end)) = bounds else { continue };
                for &j in self.glyphs.get(start..end).unwrap_or_default() {
                    let Some(other) = of.get(j).filter(|other| is_at(glyph, other)) else { continue };
                    is_same |= other.c == glyph.c;
                    let distance = distance(glyph, other);
                    if nearest.is_none_or(|(best, _)| distance < best) {
                        nearest = Some((distance, j));
                    }
                }
            }
        }
        (nearest.map(|(_, j)| j), is_same)
    }
}

/// Whether a glyph of the other reader stands where this one does.
fn is_at(glyph: &Glyph, other: &Glyph) -> bool {
    let reach = (SAME_PLACE * glyph.size.max(4.0)).min(SQUARE);
    let (ax, ay) = middle(glyph);
    let (bx, by) = middle(other);
    (ax - bx).abs() <= reach && (ay - by).abs() <= reach
}

fn distance(glyph: &Glyph, other: &Glyph) -> f32 {
    let (ax, ay) = middle(glyph);
    let (bx, by) = middle(other);
    (ax - bx).abs() + (ay - by).abs()
}

fn middle(glyph: &Glyph) -> (f32, f32) {
    ((glyph.x0 + glyph.x1) / 2.0, (glyph.y0 + glyph.y1) / 2.0)
}

fn square(glyph: &Glyph) -> (usize, usize) {
    let (x, y) = middle(glyph);
    let of = |value: f32| ((value / SQUARE).max(0.0) as usize).min(MOST_SQUARES - 1);
    (of(x), of(y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Style;

    fn line(text: &str, y: f32) -> Vec<Glyph> {
        text.chars()
            .enumerate()
            .map(|(i, c)| Glyph {
                c,
                x0: 50.0 + 6.0 * i as f32,
                x1: 56.0 + 6.0 * i as f32,
                y0: y - 9.6,
                y1: y + 2.4,
                baseline: y,
                size: 12.0,
                angle: 0,
                font: 0,
                style: Style::default(),
                confidence: 100,
            })
            .collect()
    }

    fn words(first: &[Glyph], second: &[Glyph]) -> Vec<(String, String)> {
        disputes(first, second).into_iter().map(|d| (d.first, d.second)).collect()
    }

    #[test]
    fn another_digit_at_the_same_place_is_a_dispute() {
        let first = line("worth $281 million in", 100.0);
        let second = line("worth $231 million in", 100.3);
        assert_eq!(words(&first, &second), [("$281".to_string(), "$231".to_string())]);
    }

    #[test]
    fn a_letter_read_for_a_digit_is_a_dispute() {
        let first = line("the sum of 100 bitcoin", 100.0);
        let second = line("the sum of l00 bitcoin", 100.0);
        assert_eq!(words(&first, &second), [("100".to_string(), "l00".to_string())]);
    }

    #[test]
    fn a_word_drawn_a_little_beside_is_no_dispute() {
        let first = line("worth 2110 dollars in", 100.0);
        let mut second = line("worth 2110 dollars in", 100.0);
        for glyph in second.iter_mut().skip(7).take(2) {
            glyph.x0 += 6.0;
            glyph.x1 += 6.0;
        }
        assert_eq!(words(&first, &second), []);
    }

    #[test]
    fn what_one_reader_did_not_see_is_no_dispute() {
        let first = line("worth $281 million in", 100.0);
        assert_eq!(words(&first, &[]), []);
        assert_eq!(words(&first, &line("worth", 100.0)), []);
        let unknown = line("worth $2\u{fffd}1 million in", 100.0);
        assert_eq!(words(&first, &unknown), []);
    }

    #[test]
    fn other_text_at_the_place_is_no_dispute() {
        let first = line("worth $281 million in", 100.0);
        let second = line("Annex 39 of the report", 100.0);
        assert_eq!(words(&first, &second), []);
    }

    #[test]
    fn overprinted_and_raised_digits_are_no_dispute() {
        let first = line("worth $281 million in", 100.0);
        let twice: Vec<Glyph> =
            line("worth $231 million in", 100.0).into_iter().chain(first.clone()).collect();
        assert_eq!(words(&first, &twice), []);
        let raised = line("worth $28\u{b9} million in", 100.0);
        assert_eq!(words(&first, &raised), []);
    }

    #[test]
    fn pages_with_figures_are_compared_and_others_not() {
        let worth = |text: &str| worth_comparing(&line(text, 400.0), 800.0);
        assert!(worth("stole $5 from"));
        assert!(worth("on 3 May 2019"));
        assert!(worth("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"));
        assert!(!worth("see paragraph 45 above"));
        assert!(!worth_comparing(&line("S/2019/171", 30.0), 800.0));
    }
}
