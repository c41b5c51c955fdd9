//! Figures that are no money: counts of things (`at least seven attacks`, `more than 14,000
//! withdrawals`), shares (`Forty percent`) and nils (`No losses reported`).

use super::tokens::{Token, tokens};
use super::{Figure, FigureKind, ages, vocabulary};
use crate::document::{Document, Span};
use crate::extract::Hedge;
use regex::Regex;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

/// The hedges extractors read, by their phrase; only those that stand before a figure.
static HEDGES: LazyLock<BTreeMap<&'static str, Hedge>> = LazyLock::new(|| {
    let rows = include_str!("../extract/hedges.tsv").lines().skip(1);
    rows.filter_map(|line| {
        let mut cells = line.split('\t');
        let (phrase, hedge, side) = (cells.next()?, cells.next()?, cells.next()?);
        let hedge = Hedge::ALL.into_iter().find(|h| h.name() == hedge)?;
        (side != "after").then_some((phrase, hedge))
    })
    .collect()
});

const SMALL: [&str; 21] = [
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
    "twenty",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

static NIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:no (?:reported )?(?:loss(?:es)?|funds?|money|assets?|sums?)\b(?: (?:were|was|had been))?",
        r"(?: (?:lost|stolen|reported|taken|incurred))?",
        r"|(?:lost|stole|took|netted) nothing|nothing (?:was |had been )?(?:lost|stolen|taken)",
        r"|without (?:any )?loss(?:es)?)"
    ))
    .ok()
});

/// Words a counted thing is not made of, where its name ends.
const STOPS: [&str; 62] = [
    "of",
    "in",
    "on",
    "at",
    "by",
    "to",
    "for",
    "from",
    "with",
    "and",
    "or",
    "the",
    "a",
    "an",
    "that",
    "which",
    "who",
    "were",
    "was",
    "are",
    "is",
    "had",
    "has",
    "have",
    "been",
    "be",
    "it",
    "its",
    "their",
    "they",
    "as",
    "between",
    "during",
    "since",
    "until",
    "after",
    "before",
    "into",
    "out",
    "across",
    "over",
    "under",
    "against",
    "linked",
    "attributed",
    "than",
    "this",
    "these",
    "those",
    "originating",
    "would",
    "could",
    "can",
    "may",
    "whose",
    "when",
    "where",
    "while",
    "but",
    "per",
    "about",
    "worth",
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words after which a figure is a number of a thing, not a number of things.
const LABELS: [&str; 26] = [
    "annex",
    "table",
    "figure",
    "paragraph",
    "para",
    "page",
    "chapter",
    "section",
    "article",
    "resolution",
    "no",
    "number",
    "version",
    "step",
    "part",
    "appendix",
    "footnote",
    "windows",
    "port",
    "cve",
    "server",
    "office",
    "rule",
    "bureau",
    "phase",
    "fig",
];

/// Tokens between `the number of` and its figure at most.
const FAR: usize = 60;

/// Counts, shares and nils outside what is taken already.
pub fn counts(document: &Document, taken: &[Span]) -> Vec<(Span, Figure)> {
    let mut found = Vec::new();
    let mut taken: Vec<Span> = taken.to_vec();
    taken.sort();
    for sentence in &document.sentences {
        let text = sentence.of(&document.text);
        let first = taken.partition_point(|t| t.end <= sentence.start);
        let mut here: Vec<Span> =
            taken.iter().skip(first).take_while(|t| t.start < sentence.end).copied().collect();
        let years = |at: Span| Span::new(sentence.start + at.start, sentence.start + at.end);
        here.extend(ages::all(text).map(|(_, at)| years(at)));
        in_sentence(text, sentence.start, &here, &mut found);
        nils(text, sentence.start, &mut found);
    }
    found
}

/// Whether a text has what every nil has: `no`, `nothing` or `without`.
fn may_have_nils(text: &str) -> bool {
    let bytes = text.as_bytes();
    let stands = |at: usize, word: &[u8]| {
        bytes.get(at..at + word.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(word))
    };
    memchr::memchr2_iter(b'n', b'N', bytes).any(|at| stands(at, b"no ") || stands(at, b"nothing"))
        || memchr::memchr2_iter(b'w', b'W', bytes).any(|at| stands(at, b"without "))
}

fn nils(text: &str, base: usize, found: &mut Vec<(Span, Figure)>) {
    let Some(nil) = NIL.as_ref().filter(|_| may_have_nils(text)) else { return };
    for hit in nil.find_iter(text) {
        let figure = Figure {
            kind: FigureKind::Amount,
            unit: String::new(),
            low: Decimal::ZERO,
            high: Decimal::ZERO,
            hedge: Hedge::Exact,
        };
        found.push((Span::new(base + hit.start(), base + hit.end()), figure));
    }
}

fn in_sentence(text: &str, base: usize, taken: &[Span], found: &mut Vec<(Span, Figure)>) {
    let tokens = tokens(text, base);
    let mut at = 0;
    while at < tokens.len() {
        let Some((value, next, share)) = number(&tokens, at) else {
            at += 1;
            continue;
        };
        let span = |from: usize, to: usize| Span::new(tokens[from].span.start, tokens[to - 1].span.end);
        let whole = span(at, next);
        let data = tokens.get(next).and_then(|t| bytes(t.text)).filter(|_| !share);
        let is_free = !taken.iter().any(|t| t.overlaps(whole));
        if let Some(each) = data
            && is_free
        {
            // `4 TB`, `70GB`: of one unit, so that a slip of scale is seen.
            let (hedge, from, end) = hedge(&tokens, at, next, next + 1);
            if let Some(value) = value.checked_mul(each) {
                let figure = Figure {
                    kind: FigureKind::Count,
                    unit: BYTES.to_string(),
                    low: value,
                    high: value,
                    hedge,
                };
                found.push((span(from, end), figure));
            }
        } else if is_free && !is_label(&tokens, at, next) {
            let (mut unit, end, share) = unit(&tokens, at, next, share);
            if !share && (vocabulary::find(&unit).is_empty() || is_led(&tokens, at)) {
                // `Of these, 42 were launched`, `over 290 of which`: of what was counted before.
                let before = || found.iter().rev().find(|(_, f)| f.kind == FigureKind::Count);
                match whole_of(&tokens, at, next) {
                    Some(Whole::Named(name)) => unit = name,
                    Some(Whole::Counted) => unit = before().map_or(unit, |(_, f)| f.unit.clone()),
                    None => {}
                }
            }
            // `One Member State` names and does not count; `12 September` is a day.
            let counts = value != Decimal::ONE && !MONTHS.iter().any(|m| unit.starts_with(m));
            // Of what a list counts its sentence need not say.
            if (!unit.is_empty() || is_listed(&tokens, at, next)) && (share || counts) {
                let (hedge, from, end) = hedge(&tokens, at, next, end);
                let kind = if share { FigureKind::Share } else { FigureKind::Count };
                found.push((span(from, end), Figure { kind, unit, low: value, high: value, hedge }));
            }
        }
        at = next.max(at + 1);
    }
}

/// What data is counted in.
const BYTES: &str = "bytes";

/// How many bytes a unit of data is, in short or in full; `KB` and not `kb` as a short word of other things.
pub fn bytes(unit: &str) -> Option<Decimal> {
    let power = match unit {
        "KB" | "kB" => 1,
        "MB" => 2,
        "GB" | "gb" | "Gb" => 3,
        "TB" | "tb" | "Tb" => 4,
        "PB" => 5,
        _ => match unit.to_lowercase().trim_end_matches('s') {
            "kilobyte" => 1,
            "megabyte" => 2,
            "gigabyte" => 3,
            "terabyte" => 4,
            "petabyte" => 5,
            _ => return None,
        },
    };
    Some((0..power).fold(Decimal::ONE, |all, _| all * Decimal::ONE_THOUSAND))
}

/// What a number is a part of.
enum Whole {
    /// `Of the missiles it fired in 2022, forty-two went up`
    Named(String),
    /// `Of these, 42`, `290 of which`, `of which two`
    Counted,
}

/// Semicolons that make a list of a sentence.
const LISTED: usize = 3;

/// Whether a number is an item's of a list, `Financial Services 89; Information Technology 74;`: behind a name,
/// before the next item.
fn is_listed(tokens: &[Token<'_>], at: usize, next: usize) -> bool {
    let ends = tokens.get(next).is_none_or(|t| matches!(t.text, ";" | "."))
        || (is_word(tokens, next, "followed") && is_word(tokens, next + 1, "by"));
    let named = at
        .checked_sub(1)
        .and_then(|i| tokens.get(i))
        .is_some_and(|t| t.text.starts_with(char::is_uppercase) || t.text.eq_ignore_ascii_case("with"));
    ends && named && tokens.iter().filter(|t| t.text == ";").count() >= LISTED
}

/// Tokens between `of the` that a sentence begins with and a number that is a part of it.
const PART_OF: usize = 14;

/// Whether a number stands behind `of which`.
fn is_led(tokens: &[Token<'_>], at: usize) -> bool {
    let refers = |i: usize| is_word(tokens, i, "which") || is_word(tokens, i, "whom");
    at.checked_sub(2).is_some_and(|of| is_word(tokens, of, "of") && refers(of + 1))
}

/// The whole of which a number that does not say what it counts is a part.
fn whole_of(tokens: &[Token<'_>], at: usize, next: usize) -> Option<Whole> {
    let back = ["which", "whom", "them", "these", "those"];
    let refers =
        |i: usize| tokens.get(i).is_some_and(|t| back.iter().any(|b| t.text.eq_ignore_ascii_case(b)));
    if is_led(tokens, at) || (is_word(tokens, next, "of") && refers(next + 1)) {
        return Some(Whole::Counted);
    }
    if !is_word(tokens, 0, "of") || at > PART_OF {
        return None;
    }
    if refers(1) {
        return Some(Whole::Counted);
    }
    if !is_word(tokens, 1, "the") {
        return None;
    }
    // `Of the 73 missiles it fired`
    let from = number(tokens, 2).map_or(2, |(_, after, _)| after + or_more(tokens, after));
    let ends = |t: &Token<'_>| {
        t.text == ","
            || STOPS.contains(&t.text.to_lowercase().as_str())
            || !t.text.starts_with(char::is_alphabetic)
    };
    let name: Vec<&str> = tokens.get(from..at)?.iter().take_while(|t| !ends(t)).map(|t| t.text).collect();
    (!name.is_empty()).then(|| Whole::Named(name.join(" ").to_lowercase()))
}

/// Whether a number may begin with a token: a figure, the name of a number, of a part or of several.
fn may_begin(token: &str) -> bool {
    let is_name = |name: &&str| name.len() == token.len() && name.eq_ignore_ascii_case(token);
    match token.as_bytes().first() {
        Some(first) if first.is_ascii_alphabetic() => {
            token.contains('-')
                || SMALL.iter().chain(&TENS).chain(&["half", "dozen", "a"]).any(is_name)
                || !token.is_ascii()
        }
        Some(first) => first.is_ascii_digit() || !first.is_ascii(),
        None => false,
    }
}

/// A number at a token, the token after it, and whether a per cent sign is part of it.
fn number(tokens: &[Token<'_>], at: usize) -> Option<(Decimal, usize, bool)> {
    let token = tokens.get(at).filter(|token| may_begin(token.text))?;
    if let Some(share) = fraction(tokens, at) {
        return Some(share);
    }
    let (mut value, mut next, share) = if token.text.starts_with(|c: char| c.is_ascii_digit()) {
        let share = token.text.ends_with('%');
        let digits = token
            .text
            .trim_end_matches(['%', ' ', ','])
            .replace([',', ' ', '\u{a0}', '\u{2009}', '\u{202f}'], "");
        (Decimal::from_str(&digits).ok()?, at + 1, share)
    } else {
        let lower = token.text.to_lowercase();
        let value = match lower.split_once('-') {
            Some((tens, ones)) => {
                in_words(tens).filter(|n| *n >= 20)? + in_words(ones).filter(|n| *n < 10)?
            }
            None if lower == "dozen" => 12,
            // `half a dozen`
            None if lower == "half" && is_word(tokens, at + 1, "a") && is_word(tokens, at + 2, "dozen") => {
                return Some((Decimal::from(6), at + 3, false));
            }
            // `half a million`
            None if lower == "half" && is_word(tokens, at + 1, "a") => {
                let size = size(tokens.get(at + 2)?.text).filter(|size| *size >= 1_000)?;
                return Some((Decimal::from(size / 2), at + 3, false));
            }
            // `a thousand`: the size that follows is the number.
            None if lower == "a" && tokens.get(at + 1).is_some_and(|t| size(t.text).is_some()) => 1,
            None => in_words(&lower)?,
        };
        (Decimal::from(value), at + 1, false)
    };
    while let Some(size) = tokens.get(next).and_then(|t| size(t.text)) {
        value = value.checked_mul(Decimal::from(size))?;
        next += 1;
    }
    Some((value, next, share))
}

/// The number that one word in lower case is: `seven` 7, `forty` 40.
pub fn in_words(word: &str) -> Option<i64> {
    let at = |list: &[&str], factor: i64| {
        let n = list.iter().position(|w| !w.is_empty() && *w == word)?;
        Some(i64::try_from(n).ok()? * factor)
    };
    at(&SMALL, 1).or_else(|| at(&TENS, 10))
}

fn is_word(tokens: &[Token<'_>], at: usize, word: &str) -> bool {
    tokens.get(at).is_some_and(|t| t.text.eq_ignore_ascii_case(word))
}

/// Parts of a whole by their names, the first of them halves.
const PARTS: [&str; 9] =
    ["half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

/// Tokens before a part in which it is said by how much something changed.
const BY: usize = 3;

/// Tokens between `one` and `in three` at most.
const BETWEEN: usize = 3;

/// So many of so many: `two in three`, `one attack in five`; the two numbers and the token after them.
fn out_of(tokens: &[Token<'_>], at: usize) -> Option<(usize, usize, usize)> {
    let small = |i: usize| {
        let word = tokens.get(i)?.text.to_lowercase();
        SMALL.iter().position(|s| *s == word).filter(|n| (1..=10).contains(n))
    };
    let count = small(at)?;
    let name = |i: usize| tokens.get(i).is_some_and(|t| t.text.starts_with(char::is_lowercase));
    let reach = if count == 1 { BETWEEN } else { 0 };
    let into = (at + 1..=at + 1 + reach).find(|i| is_word(tokens, *i, "in"))?;
    let times = ["days", "weeks", "months", "years", "hours", "minutes"];
    let of_time = times.iter().any(|t| is_word(tokens, into + 2, t));
    let parts = small(into + 1).filter(|parts| *parts > count)?;
    ((at + 1..into).all(name) && !of_time).then_some((count, parts, into + 2))
}

/// A share in words: `half of`, `a fifth of`, `two-thirds`, `four fifths`, `one in five`. One part needs
/// its "of" (`a third attack` is none), several are told by their plural.
fn fraction(tokens: &[Token<'_>], at: usize) -> Option<(Decimal, usize, bool)> {
    let lower = tokens.get(at)?.text.to_lowercase();
    let small = |word: &str| SMALL.iter().position(|s| *s == word).filter(|n| (1..=10).contains(n));
    let share = |of: usize, parts: usize, next: usize| {
        let value = Decimal::from(of * 100) / Decimal::from(parts);
        (of < parts).then(|| (value.round_dp(1).normalize(), next, true))
    };
    if lower == "half" {
        return is_word(tokens, at + 1, "of").then(|| share(1, 2, at + 1)).flatten();
    }
    if let Some(found) = out_of(tokens, at) {
        return share(found.0, found.1, found.2);
    }
    let (count, part, next) = match lower.split_once('-') {
        Some((count, part)) => (small(count)?, part.to_string(), at + 1),
        None if lower == "a" => (1, tokens.get(at + 1)?.text.to_lowercase(), at + 2),
        None => (small(&lower)?, tokens.get(at + 1)?.text.to_lowercase(), at + 2),
    };
    let (name, several) = part.strip_suffix('s').map_or((part.as_str(), false), |p| (p, true));
    let parts = PARTS.iter().position(|p| *p == name)? + 2;
    // `rose by at least a quarter`
    let by = (at.saturating_sub(BY)..at).any(|i| is_word(tokens, i, "by"));
    let told = if count > 1 { several } else { !several && (by || is_word(tokens, next, "of")) };
    let year = tokens.get(next + 1).is_some_and(|t| t.text.starts_with(|c: char| c.is_ascii_digit()));
    // `a quarter of 2021` is a time.
    (told && !(name == "quarter" && year)).then(|| share(count, parts, next)).flatten()
}

fn size(word: &str) -> Option<i64> {
    match word.to_lowercase().as_str() {
        "hundred" => Some(100),
        "dozen" => Some(12),
        "thousand" => Some(1_000),
        "million" | "m" => Some(1_000_000),
        "billion" | "bn" => Some(1_000_000_000),
        _ => None,
    }
}

/// A figure glued to signs (`S/2022/132`, `2.0-beta`, `[36]`) or the number of a thing.
fn is_label(tokens: &[Token<'_>], at: usize, next: usize) -> bool {
    let glued = |a: Option<&Token<'_>>, b: Option<&Token<'_>>| match (a, b) {
        (Some(a), Some(b)) => a.span.end == b.span.start,
        _ => false,
    };
    let before = at.checked_sub(1).and_then(|i| tokens.get(i));
    let after = tokens.get(next);
    let sign = |t: Option<&Token<'_>>, signs: &str| t.is_some_and(|t| signs.contains(t.text));
    let glued_before = glued(before, tokens.get(at)) && !sign(before, "(\"'“‘~+—–-");
    let glued_after = glued(tokens.get(next - 1), after) && !sign(after, ".,;:)\"'”’%+—–-");
    let named = before.is_some_and(|t| LABELS.contains(&t.text.to_lowercase().trim_end_matches('.')));
    glued_before || glued_after || named
}

/// What is counted: the words after the figure up to one that ends a name; else those of `the
/// number of ...` before it.
fn unit(tokens: &[Token<'_>], at: usize, next: usize, share: bool) -> (String, usize, bool) {
    let word = |i: usize| tokens.get(i).map(|t| t.text.to_lowercase()).unwrap_or_default();
    let cent = match word(next).as_str() {
        "percent" | "pct" | "%" => Some(next + 1),
        "per" if word(next + 1) == "cent" => Some(next + 2),
        _ => None,
    };
    if let Some(end) = cent {
        return ("percent".to_string(), end, true);
    }
    if share {
        return ("percent".to_string(), next, true);
    }
    let mut from = next + or_more(tokens, next);
    if word(from) == "of" && ["the", "their", "its", "these"].contains(&word(from + 1).as_str()) {
        from += 2;
        // `13 of the 28 victims`
        if let Some((_, after, false)) = number(tokens, from) {
            from = after + or_more(tokens, after);
        }
    }
    let mut to = from;
    while to < from + 6 {
        let Some(token) = tokens.get(to) else { break };
        let lower = token.text.to_lowercase();
        // `IT workers` are no "it"; `bank and brokerage accounts` are accounts.
        let joins = lower == "and"
            && to > from
            && tokens.get(to - 1).is_some_and(|t| !t.text.ends_with('s'))
            && tokens.get(to + 1).is_some_and(|t| t.text.starts_with(char::is_lowercase));
        // `ballistic missiles launched` are missiles.
        let done = to > from
            && tokens.get(to - 1).is_some_and(|t| t.text.ends_with('s'))
            && (lower.ends_with("ed") || lower.ends_with("ing") || DONE.contains(&lower.as_str()));
        let followed = lower == "followed" && is_word(tokens, to + 1, "by");
        let stop = (STOPS.contains(&lower.as_str()) && token.text != "IT" && !joins) || done || followed;
        if !token.text.starts_with(char::is_alphabetic) || stop {
            break;
        }
        to += 1;
    }
    let words = |from: usize, to: usize| {
        tokens
            .get(from..to)
            .unwrap_or(&[])
            .iter()
            .map(|t| t.text)
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase()
    };
    if to > from {
        let follows = from == next || or_more(tokens, next) > 0;
        return (words(from, to), if follows { to } else { next }, false);
    }
    let number_of =
        (at.saturating_sub(FAR).max(1)..at).rev().find(|i| word(*i) == "of" && word(i - 1) == "number");
    if let Some(of) = number_of {
        let end = (of + 1..at).find(|i| STOPS.contains(&word(*i).as_str()) || word(*i) == "rose");
        return (words(of + 1, end.unwrap_or(at).min(of + 6)), next, false);
    }
    (String::new(), next, false)
}

/// Tokens of an `or more` that stands between a number and what it counts.
fn or_more(tokens: &[Token<'_>], at: usize) -> usize {
    let more = ["more", "fewer", "less", "so"].iter().any(|w| is_word(tokens, at + 1, w));
    if is_word(tokens, at, "or") && more { 2 } else { 0 }
}

/// What was done with things, where it ends their name: `missiles fired`.
const DONE: [&str; 12] =
    ["stolen", "hit", "sent", "taken", "lost", "paid", "made", "sold", "shot", "struck", "seen", "found"];

/// The hedge around a figure whose number ends before `next`, the token it begins at and the one after it.
fn hedge(tokens: &[Token<'_>], at: usize, next: usize, end: usize) -> (Hedge, usize, usize) {
    for length in (1..=4).rev() {
        let Some(from) = at.checked_sub(length) else { continue };
        let words: Vec<String> =
            tokens.get(from..at).unwrap_or(&[]).iter().map(|t| t.text.to_lowercase()).collect();
        if let Some(hedge) = HEDGES.get(words.join(" ").as_str()) {
            return (*hedge, from, end);
        }
    }
    let or = if is_word(tokens, next, "or") { next } else { end };
    if is_word(tokens, or, "or") {
        let hedge = match tokens.get(or + 1).map_or("", |t| t.text) {
            "more" => Hedge::AtLeast,
            "fewer" | "less" => Hedge::AtMost,
            "so" => Hedge::About,
            _ => return (Hedge::Exact, at, end),
        };
        return (hedge, at, end.max(or + 2));
    }
    (Hedge::Exact, at, end)
}

/// The figure a text is by itself, such as a claim's `892` or `from four to seven`.
pub fn bare(text: &str) -> Vec<Figure> {
    let tokens = tokens(text, 0);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match number(&tokens, at) {
            Some((value, next, share)) => {
                let (unit, end, share) = unit(&tokens, at, next, share);
                let kind = if share { FigureKind::Share } else { FigureKind::Count };
                let hedge = hedge(&tokens, at, next, end).0;
                found.push(Figure { kind, unit, low: value, high: value, hedge });
                at = next;
            }
            None => at += 1,
        }
    }
    found
}
