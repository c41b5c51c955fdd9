//! How numbers are printed: numerals with their grouping and decimals, number words, magnitudes.
//!
//! A [`Figure`] is read forward from a place or backward from an end; both see one line of prose
//! and stop at a line break or a cell's end. What the number counts is not decided here.

use rust_decimal::Decimal;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Digits beyond which nothing is a sum of money.
const LONGEST_NUMERAL: usize = 27;
/// Words of one number: "three hundred and forty-five thousand six hundred and seventy-eight".
const LONGEST_FIGURE: usize = 16;

/// How the page groups its digits, told by its unambiguous numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouping {
    /// `1,234.5`, also where the page does not say.
    Comma,
    /// `1.234,5`
    Dot,
}

/// A number as printed, before anything of a currency is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub start: usize,
    pub end: usize,
    pub value: Decimal,
    /// What the number words multiply by; `None` where there are none.
    pub magnitude: Option<Decimal>,
    /// Thousands are set apart.
    pub grouped: bool,
    /// Printed decimals, 0 for none.
    pub decimals: usize,
    /// Digits before the decimal sign; 0 for number words.
    pub digits: usize,
    /// No digit is printed.
    pub in_words: bool,
    /// `50+ million`, `50m+`.
    pub plus: bool,
    /// What the reading rests on that is not printed in it.
    pub rests_on_page: bool,
    /// `1,5`: right only where a magnitude or a unit follows.
    pub comma_decimal: bool,
    /// `1.234`: a group in some currencies.
    pub dot_three: bool,
}

impl Figure {
    /// `2021`: four digits that are more often a year than a sum.
    pub fn looks_like_year(&self) -> bool {
        !self.grouped
            && self.decimals == 0
            && self.digits == 4
            && self.magnitude.is_none()
            && self.value >= Decimal::from(1900)
            && self.value < Decimal::from(2100)
    }

    /// `2024 Millions`: a year and the unit of a table, not a number of millions.
    pub fn heads_run_together(&self, text: &str) -> bool {
        let Some(magnitude) = self.magnitude else { return false };
        let printed = text.get(self.start..self.end).unwrap_or("");
        let years =
            self.value >= magnitude * Decimal::from(1900) && self.value < magnitude * Decimal::from(2100);
        self.digits == 4 && !self.grouped && self.decimals == 0 && years && printed.ends_with('s')
    }
}

/// Why digits were no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// Nothing like a number stands there.
    Nothing,
    /// More digits than a sum of money has.
    TooLong,
    /// `1.2.3`, `10,20,30`: digits and signs in no order of a number.
    Malformed,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Word {
    Ones(u32),
    Tens(u32),
    Hundred,
    Power(u32),
    A,
    And,
    Of,
    Half,
    Quarter,
    Quarters,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum MagnitudeKind {
    Word,
    Short,
    Letter,
}

static MAGNITUDES: LazyLock<HashMap<&'static str, (u32, MagnitudeKind)>> = LazyLock::new(|| {
    include_str!("../magnitudes.tsv")
        .lines()
        .skip(1)
        .filter_map(|row| {
            let mut cells = row.split('\t');
            let (word, power, kind) = (cells.next()?, cells.next()?, cells.next()?);
            let kind = match kind {
                "word" => MagnitudeKind::Word,
                "short" => MagnitudeKind::Short,
                _ => MagnitudeKind::Letter,
            };
            Some((word, (power.parse().ok()?, kind)))
        })
        .collect()
});

static WORDS: LazyLock<HashMap<&'static str, Word>> = LazyLock::new(|| {
    const ONES: [&str; 20] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let mut words: HashMap<&str, Word> = HashMap::new();
    words.extend(ONES.iter().zip(0..).map(|(w, n)| (*w, Word::Ones(n))));
    words.extend(TENS.iter().zip(2..).map(|(w, n)| (*w, Word::Tens(n * 10))));
    words.extend([
        ("hundred", Word::Hundred),
        ("a", Word::A),
        ("an", Word::A),
        ("and", Word::And),
        ("of", Word::Of),
        ("half", Word::Half),
        ("quarter", Word::Quarter),
        ("quarters", Word::Quarters),
    ]);
    for (word, &(power, kind)) in MAGNITUDES.iter() {
        if kind == MagnitudeKind::Word && power > 2 {
            words.insert(word, Word::Power(power));
        }
    }
    words
});

/// Spaces that may stand inside a number or between it and its unit.
pub(super) fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\u{a0}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\u{200a}' | '\u{2006}' | '\u{2005}'
    )
}

/// Hyphens and dashes of every length.
pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2212}' | '\u{ad}')
}

fn is_superscript(c: char) -> bool {
    matches!(c, '\u{b9}' | '\u{b2}' | '\u{b3}' | '\u{2070}'..='\u{2079}')
}

pub(super) fn first(text: &str, at: usize) -> Option<char> {
    text.get(at..)?.chars().next()
}

pub(super) fn last(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}

/// The place after at most `most` spaces.
pub(super) fn skip_spaces(text: &str, mut at: usize, most: usize) -> usize {
    for _ in 0..most {
        match first(text, at) {
            Some(c) if is_space(c) => at += c.len_utf8(),
            _ => break,
        }
    }
    at
}

/// The place before at most `most` spaces.
pub(super) fn back_spaces(text: &str, mut at: usize, most: usize) -> usize {
    for _ in 0..most {
        match last(text, at) {
            Some(c) if is_space(c) => at -= c.len_utf8(),
            _ => break,
        }
    }
    at
}

fn digits_at(text: &str, at: usize) -> usize {
    text.as_bytes()
        .get(at..)
        .map_or(0, |rest| rest.iter().take(64).take_while(|b| b.is_ascii_digit()).count())
}

fn letters_at(text: &str, at: usize) -> usize {
    text.get(at..).map_or(0, |rest| {
        rest.char_indices()
            .take(14)
            .find(|(_, c)| !c.is_alphabetic())
            .map_or_else(|| rest.chars().take(14).map(char::len_utf8).sum(), |(i, _)| i)
    })
}

/// The numeral that begins at a digit, or at a full stop before one.
fn numeral(text: &str, at: usize, grouping: Grouping) -> Result<Figure, Unread> {
    let bytes = text.as_bytes();
    let lead = digits_at(text, at);
    let mut figure = Figure {
        start: at,
        end: at + lead,
        value: Decimal::ZERO,
        magnitude: None,
        grouped: false,
        decimals: 0,
        digits: lead,
        in_words: false,
        plus: false,
        rests_on_page: false,
        comma_decimal: false,
        dot_three: false,
    };
    if lead == 0 {
        let after = digits_at(text, at + 1);
        if bytes.get(at) != Some(&b'.') || after == 0 || after > LONGEST_NUMERAL {
            return Err(Unread::Nothing);
        }
        figure.end = at + 1 + after;
        figure.decimals = after;
        return read(text, figure, after);
    }
    if lead > LONGEST_NUMERAL {
        return Err(Unread::TooLong);
    }
    // The signs that follow and the digits after each.
    let mut parts: Vec<(char, usize, usize)> = Vec::new();
    let mut end = at + lead;
    while let Some(sign) = first(text, end) {
        let from = end + sign.len_utf8();
        let run = digits_at(text, from);
        let joins = match sign {
            ',' | '.' => run > 0,
            '\'' | '\u{2019}' => run == 3,
            // A space groups only whole groups of three.
            c if is_space(c) => {
                run == 3 && lead <= 3 && !text[at..].starts_with('0') && parts.iter().all(|p| is_space(p.0))
            }
            _ => false,
        };
        if !joins || parts.len() > 9 {
            break;
        }
        if run > LONGEST_NUMERAL {
            return Err(Unread::TooLong);
        }
        parts.push((sign, from, run));
        end = from + run;
    }
    let same_group = |a: char, b: char| a == b || (is_space(a) && is_space(b));
    let zero_lead = text[at..].starts_with('0');
    let may_lead = lead <= 3 && !zero_lead;
    let (groups, decimals) = match parts.as_slice() {
        [] => (0, 0),
        [(sign, _, run)] => match sign {
            ',' if *run == 3 && zero_lead && lead == 1 => (0, 3),
            ',' if *run == 3 && may_lead && grouping == Grouping::Dot => {
                figure.rests_on_page = true;
                (0, 3)
            }
            ',' if *run == 3 && may_lead => (1, 0),
            ',' if *run <= 2 => {
                figure.comma_decimal = true;
                figure.rests_on_page = false;
                (0, *run)
            }
            ',' if zero_lead && lead == 1 => (0, *run),
            // A footnote mark at full size: `25,0003`.
            ',' if (4..=5).contains(run) && may_lead => (1, 0),
            ',' => return Err(Unread::Malformed),
            '.' if *run == 3 && may_lead && grouping == Grouping::Dot => {
                figure.rests_on_page = true;
                (1, 0)
            }
            '.' => {
                figure.dot_three = *run == 3 && may_lead;
                (0, *run)
            }
            _ if may_lead => (1, 0),
            _ => return Err(Unread::Malformed),
        },
        [head @ .., (sign, _, run)] => {
            let group = head[0].0;
            let uniform = may_lead && head.iter().all(|p| same_group(p.0, group));
            let threes = head.iter().all(|p| p.2 == 3);
            let twos = |parts: &[(char, usize, usize)]| parts.iter().all(|p| p.0 == ',' && p.2 == 2);
            // `12,34,567`
            let lakhs = lead <= 2 && twos(head) && (*sign, *run) == (',', 3);
            let lakhs_before = lead <= 2
                && head
                    .split_last()
                    .is_some_and(|(l, rest)| !rest.is_empty() && twos(rest) && (l.0, l.2) == (',', 3));
            // The last group may carry a footnote mark.
            let marked = *run == 3 || (4..=5).contains(run) && group != ' ';
            if lakhs || uniform && same_group(*sign, group) && threes && marked {
                (head.len() + 1, 0)
            } else if matches!(sign, '.' | ',')
                && !same_group(*sign, group)
                && (uniform && threes || lakhs_before)
            {
                (head.len(), *run)
            } else if *sign == ',' && *run <= 2 && uniform && threes {
                // `1,000,3`: a footnote mark after a comma.
                (head.len(), 0)
            } else {
                return Err(Unread::Malformed);
            }
        }
    };
    let mut used = groups + usize::from(decimals > 0);
    used = used.min(parts.len());
    figure.grouped = groups > 0;
    figure.decimals = decimals;
    if let Some(&(_, from, run)) = used.checked_sub(1).and_then(|i| parts.get(i)) {
        // Of a group with a footnote mark only three digits are the number's.
        let kept = if decimals == 0 && run > 3 { 3 } else { run };
        figure.end = from + kept;
    }
    figure.digits = lead + 3 * groups;
    if used < parts.len() {
        figure.end = parts.get(used).map_or(figure.end, |p| p.1 - p.0.len_utf8());
    }
    read(text, figure, decimals)
}

/// Puts the digits of a numeral together.
fn read(text: &str, mut figure: Figure, decimals: usize) -> Result<Figure, Unread> {
    let mut digits: String = text[figure.start..figure.end].chars().filter(char::is_ascii_digit).collect();
    if digits.len() > LONGEST_NUMERAL {
        return Err(Unread::TooLong);
    }
    if decimals > 0 && decimals <= digits.len() {
        digits.insert(digits.len() - decimals, '.');
        if digits.starts_with('.') {
            digits.insert(0, '0');
        }
    }
    figure.value = digits.parse().map_err(|_| Unread::TooLong)?;
    Ok(figure)
}

/// A magnitude that may follow a numeral, its end, and whether it is a full word.
fn magnitude(text: &str, at: usize, spaced: bool) -> Option<(Decimal, usize, bool)> {
    let n = letters_at(text, at);
    let word = text.get(at..at + n)?;
    if n == 0 || n > 12 {
        return None;
    }
    let lower = word.to_lowercase();
    let (power, kind) = *MAGNITUDES.get(lower.as_str())?;
    let mut end = at + n;
    let mut power = power;
    if lower == "mil" {
        // Spanish thousand: `3 mil millones`.
        let next = skip_spaces(text, end, 1);
        let m = letters_at(text, next);
        if text.get(next..next + m).is_some_and(|w| w.eq_ignore_ascii_case("millones")) {
            power = 9;
            end = next + m;
        }
    }
    let after = first(text, end);
    let closed = match kind {
        // A footnote mark may be glued to a word, never to a letter.
        MagnitudeKind::Word => {
            !after.is_some_and(|c| c.is_alphabetic() || c == '_') && word_digits(text, end) <= 3
        }
        _ => !after.is_some_and(|c| c.is_alphanumeric() || c == '_') || follows_code(text, end),
    };
    if !closed {
        return None;
    }
    let allowed = match (kind, spaced) {
        (MagnitudeKind::Letter, true) => matches!(word, "m" | "M" | "K" | "k" | "B"),
        (MagnitudeKind::Letter, false) => word != "t",
        (MagnitudeKind::Short, true) => lower != "mm" && lower != "mill" || word == "MM",
        _ => true,
    };
    // `5 m/s`, `3 m²`
    if spaced && kind == MagnitudeKind::Letter && after.is_some_and(|c| c == '/' || is_superscript(c)) {
        return None;
    }
    allowed.then_some((Decimal::from(10u64.pow(power)), end, kind == MagnitudeKind::Word))
}

fn word_digits(text: &str, at: usize) -> usize {
    digits_at(text, at)
}

/// `25mUSD`: an upper-case code may be glued to the letter.
fn follows_code(text: &str, at: usize) -> bool {
    let n = text.get(at..).map_or(0, |r| r.bytes().take(6).take_while(u8::is_ascii_uppercase).count());
    (3..=5).contains(&n) && !first(text, at + n).is_some_and(char::is_alphanumeric)
}

/// The number that begins here: digits or words, with its magnitude.
pub(super) fn figure_at(text: &str, at: usize, grouping: Grouping) -> Result<Figure, Unread> {
    match first(text, at) {
        Some(c) if c.is_ascii_digit() || c == '.' => digits_figure(text, at, grouping),
        Some('\u{bd}' | '\u{bc}' | '\u{be}') => fraction_figure(text, at),
        Some(c) if c.is_alphabetic() => words_figure(text, at).ok_or(Unread::Nothing),
        _ => Err(Unread::Nothing),
    }
}

fn vulgar(c: char) -> Option<Decimal> {
    match c {
        '\u{bd}' => Some(Decimal::new(5, 1)),
        '\u{bc}' => Some(Decimal::new(25, 2)),
        '\u{be}' => Some(Decimal::new(75, 2)),
        _ => None,
    }
}

fn fraction_figure(text: &str, at: usize) -> Result<Figure, Unread> {
    let c = first(text, at).ok_or(Unread::Nothing)?;
    let value = vulgar(c).ok_or(Unread::Nothing)?;
    let end = at + c.len_utf8();
    let (m, end, _) = magnitude(text, skip_spaces(text, end, 1), true).ok_or(Unread::Nothing)?;
    Ok(Figure {
        start: at,
        end,
        value: value * m,
        magnitude: Some(m),
        grouped: false,
        decimals: 2,
        digits: 1,
        in_words: false,
        plus: false,
        rests_on_page: false,
        comma_decimal: false,
        dot_three: false,
    })
}

fn digits_figure(text: &str, at: usize, grouping: Grouping) -> Result<Figure, Unread> {
    let mut figure = numeral(text, at, grouping)?;
    let mut end = figure.end;
    if let Some(c) = first(text, skip_spaces(text, end, 1))
        && let Some(part) = vulgar(c)
        && figure.decimals == 0
    {
        figure.value = figure.value.checked_add(part).ok_or(Unread::TooLong)?;
        figure.decimals = 2;
        end = skip_spaces(text, end, 1) + c.len_utf8();
        figure.end = end;
    }
    // `70+M`, `$50+ million`
    if first(text, end) == Some('+') {
        figure.plus = true;
        end += 1;
        figure.end = end;
    }
    // `2.35² billion`: a footnote mark inside.
    let mut marked = end;
    while let Some(c) = first(text, marked).filter(|&c| is_superscript(c) || c == '*') {
        marked += c.len_utf8();
    }
    // The same at full size, `2.35 2 billion`: only after decimals, and only before a full word.
    if figure.decimals > 0 {
        let from = skip_spaces(text, end, 1);
        let run = digits_at(text, from);
        let after = skip_spaces(text, from + run, 1);
        if from > end
            && (1..=2).contains(&run)
            && after > from + run
            && magnitude(text, after, true).is_some_and(|m| m.2)
        {
            marked = from + run;
        }
    }
    let mut times: Option<Decimal> = None;
    let mut from = marked;
    for _ in 0..3 {
        let spaced = skip_spaces(text, from, 2);
        let next = if spaced == from && first(text, from).is_some_and(is_dash) && times.is_none() {
            // `100-million-dollar`
            from + first(text, from).map_or(0, char::len_utf8)
        } else {
            spaced
        };
        let Some((m, after, full)) = magnitude(text, next, next > from) else { break };
        // A second magnitude is a full word: `5 hundred million`, `2 lakh crore`.
        if times.is_some() && !full {
            break;
        }
        if next > from && next != spaced && !full {
            break;
        }
        times = Some(times.unwrap_or(Decimal::ONE).checked_mul(m).ok_or(Unread::TooLong)?);
        from = after;
        figure.end = after;
        if !full {
            break;
        }
    }
    if let Some(m) = times {
        figure.value = figure.value.checked_mul(m).ok_or(Unread::TooLong)?;
        figure.magnitude = Some(m);
        if first(text, figure.end) == Some('+') {
            figure.plus = true;
            figure.end += 1;
        }
    }
    Ok(figure)
}

/// `two and a half billion`, `half a million`, `one hundred and twenty thousand`.
fn words_figure(text: &str, at: usize) -> Option<Figure> {
    let mut words: Vec<(Word, usize)> = Vec::new();
    let mut from = at;
    while words.len() < LONGEST_FIGURE {
        let n = letters_at(text, from);
        let Some(word) = text.get(from..from + n).filter(|w| !w.is_empty() && w.len() <= 12) else { break };
        let lower = word.to_lowercase();
        let Some(&read) = WORDS.get(lower.as_str()) else { break };
        // "An" and "A" begin sentences; a number in capitals all over is rare but real.
        let end = from + n;
        if first(text, end).is_some_and(|c| c == '_' || c.is_alphanumeric()) && digits_at(text, end) > 3 {
            break;
        }
        words.push((read, end));
        let next = skip_spaces(text, end, 2);
        let next = if next == end && first(text, end).is_some_and(is_dash) {
            end + first(text, end).map_or(0, char::len_utf8)
        } else {
            next
        };
        if next == end {
            break;
        }
        from = next;
    }
    let (value, times, used) = number_words(&words)?;
    let end = words.get(used.checked_sub(1)?)?.1;
    Some(Figure {
        start: at,
        end,
        value,
        magnitude: times,
        grouped: false,
        decimals: 0,
        digits: 0,
        in_words: true,
        plus: false,
        rests_on_page: false,
        comma_decimal: false,
        dot_three: false,
    })
}

/// The longest number at the start of the words: value, last magnitude, how many words it took.
fn number_words(words: &[(Word, usize)]) -> Option<(Decimal, Option<Decimal>, usize)> {
    let word = |i: usize| words.get(i).map(|w| w.0);
    let power = |p: u32| Decimal::from(10u64.pow(p));
    // Half a million, half million, a quarter of a million, three quarters of a billion.
    let mut i = 0;
    let a = word(i) == Some(Word::A);
    i += usize::from(a);
    let part = match (word(i), word(i + 1)) {
        (Some(Word::Half), _) => Some((Decimal::new(5, 1), i + 1)),
        (Some(Word::Quarter), _) => Some((Decimal::new(25, 2), i + 1)),
        (Some(Word::Ones(3)), Some(Word::Quarters)) => Some((Decimal::new(75, 2), i + 2)),
        _ => None,
    };
    if let Some((share, mut at)) = part {
        at += usize::from(word(at) == Some(Word::Of));
        at += usize::from(word(at) == Some(Word::A));
        return match word(at) {
            Some(Word::Power(p)) => Some((share * power(p), Some(power(p)), at + 1)),
            Some(Word::Hundred) => match word(at + 1) {
                Some(Word::Power(p)) => Some((share * power(p + 2), Some(power(p)), at + 2)),
                _ => None,
            },
            _ => None,
        };
    }
    let (mut total, mut group) = (Decimal::ZERO, Decimal::ZERO);
    let mut times: Option<Decimal> = None;
    let (mut used, mut at) = (0, 0);
    let mut last: Option<Word> = None;
    let mut smallest: Option<Decimal> = None;
    while let Some(next) = word(at) {
        match next {
            Word::A if at == 0 && matches!(word(1), Some(Word::Hundred | Word::Power(_))) => {
                group = Decimal::ONE
            }
            Word::Ones(n)
                if matches!(last, None | Some(Word::Hundred | Word::Power(_) | Word::And))
                    || (matches!(last, Some(Word::Tens(_))) && (1..10).contains(&n)) =>
            {
                group += Decimal::from(n);
                used = at + 1;
            }
            Word::Tens(n) if matches!(last, None | Some(Word::Hundred | Word::Power(_) | Word::And)) => {
                group += Decimal::from(n);
                used = at + 1;
            }
            Word::Hundred if group > Decimal::ZERO && group < Decimal::from(100) => {
                group *= Decimal::from(100);
                used = at + 1;
            }
            Word::Power(p) => {
                let m = power(p);
                if group > Decimal::ZERO {
                    // A larger power after a smaller one multiplies all that went before.
                    if smallest.is_some_and(|s| m > s) {
                        total = (total + group).checked_mul(m)?;
                    } else {
                        total = total.checked_add(group.checked_mul(m)?)?;
                    }
                } else if total > Decimal::ZERO && matches!(last, Some(Word::Power(_))) {
                    total = total.checked_mul(m)?;
                } else {
                    break;
                }
                group = Decimal::ZERO;
                smallest = Some(m);
                times = Some(m);
                used = at + 1;
            }
            Word::And => {
                // Two and a half billion; a million and a half.
                if word(at + 1) == Some(Word::A)
                    && let Some(share @ (Word::Half | Word::Quarter)) = word(at + 2)
                {
                    let share = if share == Word::Half { Decimal::new(5, 1) } else { Decimal::new(25, 2) };
                    if matches!(last, Some(Word::Power(_))) && group == Decimal::ZERO {
                        return Some((total.checked_add(share.checked_mul(times?)?)?, times, at + 3));
                    }
                    if let Some(Word::Power(p)) = word(at + 3)
                        && total == Decimal::ZERO
                        && group > Decimal::ZERO
                    {
                        return Some(((group + share).checked_mul(power(p))?, Some(power(p)), at + 4));
                    }
                    break;
                }
                if !matches!(last, Some(Word::Hundred | Word::Power(_)))
                    || !matches!(word(at + 1), Some(Word::Ones(_) | Word::Tens(_)))
                {
                    break;
                }
            }
            _ => break,
        }
        last = Some(next);
        at += 1;
    }
    let value = total.checked_add(group)?;
    (used > 0).then_some((value, times, used))
}

/// The number that ends here, beginning at or after `floor`.
pub(super) fn figure_before(
    text: &str,
    end: usize,
    floor: usize,
    grouping: Grouping,
) -> Result<Figure, Unread> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = end;
    let mut unread = Unread::Nothing;
    for step in 0..LONGEST_FIGURE {
        let stop = if step == 0 {
            at
        } else {
            let spaced = back_spaces(text, at, 2);
            if spaced == at { back_dash(text, at) } else { spaced }
        };
        if stop <= floor || (step > 0 && stop == at) {
            break;
        }
        let chunk = chunk_before(text, stop, floor);
        if chunk == stop {
            break;
        }
        let word = &text[chunk..stop];
        if word.bytes().any(|b| b.is_ascii_digit()) || word.chars().any(|c| vulgar(c).is_some()) {
            let Some(first_digit) = word.find(|c: char| c.is_ascii_digit() || vulgar(c).is_some()) else {
                break;
            };
            let mut from = chunk + first_digit;
            if first_digit > 0
                && !word[..first_digit].chars().all(|c| matches!(c, '.' | ',' | '\'' | '\u{2019}'))
            {
                break;
            }
            if word[..first_digit].ends_with('.') && first_digit == 1 {
                from = chunk;
            }
            if !opens(text, from) {
                break;
            }
            starts.push(from);
            at = from;
            // Groups set apart by spaces, and the integer before a fraction or a mark.
            continue;
        }
        let lower = word.to_lowercase();
        if !WORDS.contains_key(lower.as_str()) && !MAGNITUDES.contains_key(lower.as_str()) {
            break;
        }
        at = chunk;
        starts.push(chunk);
    }
    for &start in starts.iter().rev() {
        match figure_at(text, start, grouping) {
            Ok(figure) if figure.end == end => return Ok(figure),
            Err(Unread::Nothing) | Ok(_) => {}
            Err(why) => unread = why,
        }
    }
    Err(unread)
}

fn back_dash(text: &str, at: usize) -> usize {
    match last(text, at) {
        Some(c) if is_dash(c) => at - c.len_utf8(),
        _ => at,
    }
}

/// Start of the run of letters or of digits and their signs that ends here.
fn chunk_before(text: &str, end: usize, floor: usize) -> usize {
    let Some(head) = text.get(floor..end) else { return end };
    let mut at = end;
    for c in head.chars().rev().take(48) {
        if c.is_alphanumeric()
            || matches!(c, '.' | ',' | '\'' | '\u{2019}' | '+')
            || vulgar(c).is_some()
            || is_superscript(c)
        {
            at -= c.len_utf8();
        } else {
            break;
        }
    }
    // A run that is too long is no number; signs before it belong to what stands before.
    at
}

/// Whether a number may begin here: not inside a word, a date, an address or a decimal.
pub(super) fn opens(text: &str, at: usize) -> bool {
    let Some(before) = last(text, at) else { return true };
    if before.is_alphanumeric() || matches!(before, '_' | '#' | '@' | '\\' | '%' | '=' | '&') {
        return false;
    }
    if matches!(before, '/' | ':' | '.' | ',') {
        let earlier = last(text, at - before.len_utf8());
        return !earlier.is_some_and(|c| c.is_alphanumeric());
    }
    if is_dash(before) && before != '\u{2014}' {
        let earlier = last(text, at - before.len_utf8());
        return !earlier.is_some_and(char::is_alphabetic);
    }
    true
}
