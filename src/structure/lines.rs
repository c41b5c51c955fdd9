//! The words of a row to a line of text: spaces, exponents, and footnote marks taken out.
//!
//! A raised word is a mark, an exponent or part of the text (`1st`); its place beside a unit, its
//! form and the notes of the page decide. What is printed at full size is left as it is.

use crate::document::{Line, Span};
use crate::read::Glyph;
use crate::structure::draft::Stretch;
use crate::structure::words::{Segment, Stand, Word};
use std::collections::BTreeSet;

/// A line of text with what the paragraph it becomes part of is judged by.
#[derive(Debug, Clone)]
pub(super) struct TextLine {
    pub text: Stretch,
    pub x0: f32,
    pub x1: f32,
    pub base: f32,
    pub size: f32,
    pub bold: bool,
    pub fixed: bool,
    /// Its first word is followed by a wide gap, as paragraph numbers are.
    pub gap_after_first: bool,
    /// Where the text after such a first word begins.
    pub hang: f32,
    pub first_word: f32,
}

/// Where lines are set: the page's glyphs, and which footnotes it has.
#[derive(Debug)]
pub(super) struct Setting<'a> {
    pub page: u32,
    pub glyphs: &'a [Glyph],
    pub notes: &'a BTreeSet<String>,
}

/// What a raised word is.
enum Raised {
    Mark(Vec<String>),
    Exponent(String),
    Text,
}

const SYMBOLS: &[char] = &['*', '\u{2020}', '\u{2021}', '\u{a7}', '\u{b6}', '\u{2217}', '#'];

/// The marks a raised word holds: `12`, `1, 2`, `[3]`, `12-14`, `*`, `a`.
pub(super) fn marks_in(raised: &str) -> Option<Vec<String>> {
    let bare =
        raised.trim().trim_matches(|c: char| matches!(c, '[' | ']' | '(' | ')' | '.' | ',' | ';' | ' '));
    if bare.is_empty() {
        return None;
    }
    let mut marks = Vec::new();
    for part in bare.split([',', ' ', ';', '\u{2013}', '-']).filter(|p| !p.is_empty()) {
        let digits = part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit());
        let symbols = part.chars().count() <= 4 && part.chars().all(|c| SYMBOLS.contains(&c));
        let letter = part.len() == 1 && part.bytes().all(|b| b.is_ascii_lowercase());
        if !(digits || symbols || letter) {
            return None;
        }
        marks.push(part.to_string());
    }
    (!marks.is_empty()).then_some(marks)
}

/// Unicode's superscript digits as digits.
fn plain_digit(c: char) -> Option<char> {
    Some(match c {
        '\u{2070}' => '0',
        '\u{b9}' => '1',
        '\u{b2}' => '2',
        '\u{b3}' => '3',
        '\u{2074}'..='\u{2079}' => char::from_digit(c as u32 - 0x2070, 10)?,
        _ => return None,
    })
}

fn superscript(c: char) -> char {
    match c {
        '0' => '\u{2070}',
        '1' => '\u{b9}',
        '2' => '\u{b2}',
        '3' => '\u{b3}',
        '4'..='9' => char::from_u32(0x2070 + (c as u32 - '0' as u32)).unwrap_or(c),
        '-' | '\u{2212}' | '\u{2013}' => '\u{207b}',
        '+' => '\u{207a}',
        c => c,
    }
}

const UNITS: &[&str] = &["m", "km", "cm", "mm", "dm", "ft", "in", "mi", "yd", "s", "hm", "nm", "\u{b5}m"];

/// What a raised word after `before` is.
fn judge(raised: &str, before: &str, notes: &BTreeSet<String>, next: Option<char>) -> Raised {
    let bare = raised.trim();
    let power = bare.strip_prefix(['-', '\u{2212}', '\u{2013}', '+']);
    if power.is_some_and(|p| !p.is_empty() && p.len() <= 3 && p.bytes().all(|b| b.is_ascii_digit()))
        && before.ends_with(|c: char| c.is_alphanumeric())
    {
        return Raised::Exponent(bare.chars().map(superscript).collect());
    }
    let Some(marks) = marks_in(bare) else { return Raised::Text };
    let word_start =
        before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '/' | '[')).map_or(0, |i| i + 1);
    let word = before.get(word_start..).unwrap_or("");
    let is_digits = bare.bytes().all(|b| b.is_ascii_digit());
    let is_note = marks.iter().any(|m| notes.contains(m));
    if is_digits {
        let letters = word.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','));
        let unit = UNITS.contains(&letters) && (bare == "2" || bare == "3");
        let of_figure = word.len() > letters.len()
            || before.get(..word_start).is_some_and(|b| {
                b.trim_end().ends_with(|c: char| c.is_ascii_digit() || c == '/')
                    || b.ends_with('/')
                    || b.trim_end().ends_with("square")
                    || b.trim_end().ends_with("cubic")
                    || ["million", "thousand", "hundred", "billion", "per", "in"]
                        .iter()
                        .any(|w| b.trim_end().ends_with(w))
                    || b.ends_with('(')
            });
        if unit && (of_figure || !is_note) {
            return Raised::Exponent(bare.chars().map(superscript).collect());
        }
        let times = before
            .get(..before.len() - word.len())
            .map(str::trim_end)
            .is_some_and(|b| b.ends_with(['\u{d7}', 'x', '\u{b7}', '*']));
        let power_of_ten = word == "10" && (times || !is_note)
            || ["\u{d7}10", "x10", "*10", "\u{b7}10"].iter().any(|end| word.ends_with(end));
        if power_of_ten && bare.len() <= 2 {
            return Raised::Exponent(bare.chars().map(superscript).collect());
        }
        // `x²`, `R²`: a variable, where no note has that number.
        if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && bare.len() == 1 && !is_note {
            return Raised::Exponent(bare.chars().map(superscript).collect());
        }
        // `CO₂` set with figures of their own.
        if ["CO", "H", "SO", "NO", "CH", "PM"].contains(&word) && !is_note {
            return Raised::Text;
        }
        return Raised::Mark(marks);
    }
    if bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_lowercase()) {
        // A raised letter inside a word belongs to it.
        let glued = next.is_some_and(char::is_alphabetic);
        return if glued || (bare == "o" && word.ends_with(['N', 'n'])) {
            Raised::Text
        } else {
            Raised::Mark(marks)
        };
    }
    Raised::Mark(marks)
}

/// Builds the text of a line a character at a time.
struct Setter<'s> {
    setting: &'s Setting<'s>,
    text: String,
    edges: Vec<(f32, f32)>,
    marks: Vec<(usize, String)>,
    y: Option<(f32, f32)>,
    space: bool,
}

impl Setter<'_> {
    fn push(&mut self, c: char, glyph: u32) {
        let (x0, x1) = match self.setting.glyphs.get(glyph as usize) {
            Some(g) => {
                let (y0, y1) = self.y.unwrap_or((g.y0, g.y1));
                self.y = Some((y0.min(g.y0), y1.max(g.y1)));
                (g.x0, g.x1)
            }
            None => (0.0, 0.0),
        };
        if self.space {
            self.space = false;
            if !self.text.is_empty() && !self.text.ends_with(' ') {
                let from = self.edges.last().map_or(x0, |e| e.1);
                self.text.push(' ');
                self.edges.push((from.min(x0), from.max(x0).min(from.min(x0) + 200.0)));
            }
        }
        self.text.push(c);
        self.edges.push((x0, x1));
    }
}

/// Sets words to a line.
pub(super) fn set(segments: &[Segment], setting: &Setting<'_>) -> TextLine {
    let words: Vec<&Word> = segments.iter().flat_map(|s| &s.words).collect();
    let mut line = set_words(&words, setting);
    if let Some(first) = segments.first() {
        line.base = first.base;
    }
    line
}

pub(super) fn set_words(words: &[&Word], setting: &Setting<'_>) -> TextLine {
    if is_right_to_left(words) {
        let logical = logical_order(words);
        return set_in_order(&logical.iter().collect::<Vec<_>>(), setting);
    }
    set_in_order(words, setting)
}

/// Letters of scripts written from right to left.
fn is_from_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
        && !matches!(c, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

fn is_right_to_left(words: &[&Word]) -> bool {
    let letters = || words.iter().flat_map(|w| &w.chars).filter(|c| c.c.is_alphabetic());
    let from_right = letters().filter(|c| is_from_right(c.c)).count();
    from_right > 0 && 2 * from_right >= letters().count()
}

/// Words in the order they are read, of a line read from right to left: figures and words of other
/// scripts keep their own order.
fn logical_order(words: &[&Word]) -> Vec<Word> {
    let from_right: Vec<bool> = words
        .iter()
        .map(|w| w.chars.iter().any(|c| is_from_right(c.c)) || !w.chars.iter().any(|c| c.c.is_alphanumeric()))
        .collect();
    let mut order: Vec<usize> = Vec::with_capacity(words.len());
    let mut end = words.len();
    while end > 0 {
        let mut start = end - 1;
        if !from_right[start] {
            while start > 0 && !from_right[start - 1] {
                start -= 1;
            }
        }
        order.extend(start..end);
        end = start;
    }
    let mut logical: Vec<Word> = Vec::with_capacity(words.len());
    let mut before: Option<usize> = None;
    for i in order {
        let mut word = words[i].clone();
        word.space_before = match before {
            Some(b) if b.abs_diff(i) == 1 => words[b.max(i)].space_before,
            Some(_) => true,
            None => false,
        };
        word.wide_before = false;
        if from_right[i] {
            word.chars.reverse();
            // Figures inside keep their order.
            let mut at = 0;
            while at < word.chars.len() {
                let run = word.chars[at..].iter().take_while(|c| c.c.is_ascii_alphanumeric()).count();
                word.chars[at..at + run].reverse();
                at += run.max(1);
            }
        }
        before = Some(i);
        logical.push(word);
    }
    logical
}

fn set_in_order(words: &[&Word], setting: &Setting<'_>) -> TextLine {
    let room = words.iter().map(|word| word.chars.len() + 1).sum();
    let (text, edges) = (String::with_capacity(room), Vec::with_capacity(room));
    let mut setter = Setter { setting, text, edges, marks: Vec::new(), y: None, space: false };
    let mut i = 0;
    while i < words.len() {
        let word = words[i];
        setter.space |= i > 0 && word.space_before;
        if word.stand == Stand::Raised {
            // Raised words that follow each other are judged together: `1`, `,`, `2`.
            let mut end = i + 1;
            while words.get(end).is_some_and(|w| {
                w.stand == Stand::Raised && !w.wide_before && (w.x0 - words[end - 1].x1) < 0.6 * w.size
            }) {
                end += 1;
            }
            let group = &words[i..end];
            let raised: String = group.iter().map(|w| w.text()).collect::<Vec<_>>().join("");
            let next = words.get(end).filter(|w| !w.space_before).and_then(|w| w.chars.first()).map(|c| c.c);
            raised_text(&raised, group, next, &mut setter);
            i = end;
            continue;
        }
        let mut chars = word.chars.iter().enumerate();
        while let Some((k, char)) = chars.next() {
            if plain_digit(char.c).is_some() {
                let run: Vec<_> = word.chars[k..].iter().take_while(|c| plain_digit(c.c).is_some()).collect();
                let digits: String = run.iter().filter_map(|c| plain_digit(c.c)).collect();
                let next = word.chars.get(k + run.len()).map(|c| c.c);
                match judge(&digits, &setter.text, setting.notes, next) {
                    Raised::Mark(marks) if !setter.text.is_empty() => {
                        let at = setter.text.len();
                        setter.marks.extend(marks.into_iter().map(|m| (at, m)));
                    }
                    _ => run.iter().for_each(|c| setter.push(c.c, c.glyph)),
                }
                for _ in 1..run.len() {
                    chars.next();
                }
                continue;
            }
            setter.push(char.c, char.glyph);
        }
        i += 1;
    }
    let Setter { text, edges, mut marks, y, .. } = setter;
    // A mark before the space that follows it, not after.
    let len = text.len();
    for (at, _) in &mut marks {
        *at = (*at).min(len);
    }
    let (y0, y1) = y.unwrap_or_default();
    let lines = if text.is_empty() {
        Vec::new()
    } else {
        vec![Line { span: Span::new(0, len), page: setting.page, y0, y1, edges }]
    };
    let on_line: Vec<&&Word> = words.iter().filter(|w| w.stand == Stand::OnLine).collect();
    let count: usize = words.iter().map(|w| w.chars.len()).sum();
    let styled = |has: fn(&Word) -> bool| {
        2 * words.iter().filter(|w| has(w)).map(|w| w.chars.len()).sum::<usize>() > count
    };
    let first = words.first();
    // Style decides over the whole line: bold is bold to its end.
    let bold = on_line.iter().all(|w| w.style.bold || w.chars.iter().all(|c| !c.c.is_alphanumeric()))
        && on_line.iter().any(|w| w.style.bold);
    let fixed = styled(|w| w.style.fixed_width);
    let size = {
        let mut by: Vec<(f32, usize)> = on_line.iter().map(|w| (w.size, w.chars.len())).collect();
        by.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = by.iter().map(|b| b.1).sum::<usize>() / 2;
        let mut sum = 0;
        by.iter()
            .find(|b| {
                sum += b.1;
                sum > half
            })
            .map_or(first.map_or(1.0, |w| w.size), |b| b.0)
    };
    TextLine {
        text: Stretch { text, lines, marks },
        x0: words.iter().map(|w| w.x0).fold(f32::MAX, f32::min),
        x1: words.iter().map(|w| w.x1).fold(f32::MIN, f32::max),
        base: 0.0,
        size,
        bold,
        fixed,
        gap_after_first: words.get(1).is_some_and(|w| w.wide_before),
        hang: words.get(1).map_or(0.0, |w| w.x0),
        first_word: first.map_or(0.0, |w| w.x1 - w.x0),
    }
}

fn raised_text(raised: &str, group: &[&Word], next: Option<char>, setter: &mut Setter<'_>) {
    let chars = || group.iter().flat_map(|w| &w.chars);
    let fresh = setter.text.is_empty();
    match judge(raised, &setter.text, setter.setting.notes, next) {
        Raised::Mark(marks) if !fresh => {
            // The space before a mark is the space after it; before a full stop there is none.
            let at = setter.text.len();
            setter.marks.extend(marks.into_iter().map(|m| (at, m)));
            if next.is_some_and(|c| matches!(c, '.' | ',' | ';' | ':' | ')' | '?' | '!')) {
                setter.space = false;
            }
        }
        Raised::Exponent(text) => {
            setter.space = false;
            for (c, char) in text.chars().zip(chars()) {
                setter.push(c, char.glyph);
            }
        }
        Raised::Mark(_) | Raised::Text => {
            for (k, word) in group.iter().enumerate() {
                setter.space |= k > 0 && word.space_before;
                for char in &word.chars {
                    setter.push(char.c, char.glyph);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raised: &str, before: &str, notes: &[&str]) -> String {
        let notes = notes.iter().map(|n| (*n).to_string()).collect();
        match judge(raised, before, &notes, None) {
            Raised::Mark(marks) => format!("mark {}", marks.join(" ")),
            Raised::Exponent(text) => text,
            Raised::Text => "text".to_string(),
        }
    }

    #[test]
    fn marks_are_told_from_exponents_and_text() {
        assert_eq!(read("1", "paid $320", &["1"]), "mark 1");
        assert_eq!(read("2", "worth $2.35", &[]), "mark 2");
        assert_eq!(read("90", "the attack", &[]), "mark 90");
        assert_eq!(read("1,2", "the attack", &[]), "mark 1 2");
        assert_eq!(read("2", "an area of 15 m", &["2"]), "\u{b2}");
        assert_eq!(read("2", "$17.5/m", &["2"]), "\u{b2}");
        assert_eq!(read("6", "5 \u{d7} 10", &["6"]), "\u{2076}");
        assert_eq!(read("-3", "10", &[]), "\u{207b}\u{b3}");
        assert_eq!(read("st", "the 1", &[]), "text");
        assert_eq!(read("10", "in 10", &["10"]), "mark 10");
    }
}
