//! The qualifiers printed before and after a figure, and which of them only look like one.

use super::numbers::{first, is_space, last, skip_spaces};
use crate::extract::Hedge;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words of the longest phrase.
const LONGEST: usize = 5;

struct Phrases {
    before: HashMap<&'static str, Hedge>,
    after: Vec<(&'static str, Hedge)>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases { before: HashMap::new(), after: Vec::new() };
    for row in include_str!("../hedges.tsv").lines().skip(1) {
        let mut cells = row.split('\t');
        let (Some(phrase), Some(name), Some(side)) = (cells.next(), cells.next(), cells.next()) else {
            continue;
        };
        let Some(hedge) = Hedge::ALL.into_iter().find(|h| h.name() == name) else { continue };
        if side == "before" {
            phrases.before.insert(phrase, hedge);
        } else {
            phrases.after.push((phrase, hedge));
        }
    }
    phrases.after.sort_by_key(|(p, _)| std::cmp::Reverse(p.len()));
    phrases
});

/// Words that may stand between the qualifier and the figure without changing it.
const FILLERS: &[&str] = &[
    "another",
    "an additional",
    "a further",
    "additional",
    "a total of",
    "a combined",
    "a combined total of",
    "an aggregate of",
    "an aggregate",
    "the equivalent of",
    "an equivalent of",
    "an extra",
    "a staggering",
    "a whopping",
    "a cumulative",
    "total of",
    "a sum of",
    "the sum of",
];

/// A word and the place it begins at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'a> {
    pub word: &'a str,
    pub start: usize,
}

/// The word that ends at `at` or at the spaces before it, within the line or cell.
pub(super) fn word_before(text: &str, at: usize, floor: usize) -> Option<Before<'_>> {
    let head = text.get(floor..at)?;
    let trimmed = head.trim_end_matches(is_space);
    let window = trimmed.char_indices().rev().take(40).find(|&(_, c)| is_space(c) || c == '\n' || c == '|');
    let from = match window {
        Some((i, c)) => i + c.len_utf8(),
        None if trimmed.chars().rev().nth(40).is_none() => 0,
        None => return None,
    };
    let word = &trimmed[from..];
    (!word.is_empty()).then_some(Before { word, start: floor + from })
}

/// The hedge whose phrase ends right before `at`, and where the phrase begins.
pub(super) fn before(text: &str, at: usize, floor: usize) -> Option<(Hedge, usize)> {
    let (hedge, start) = once(text, at, floor)?;
    // "up to approximately": the bound decides.
    if let Some((outer, outer_start)) = once(text, start, floor) {
        let decided = if hedge == Hedge::About { outer } else { hedge };
        return Some((decided, outer_start));
    }
    Some((hedge, start))
}

fn once(text: &str, at: usize, floor: usize) -> Option<(Hedge, usize)> {
    let mut at = at;
    if let Some(c) = text.get(floor..at)?.trim_end_matches(is_space).chars().next_back()
        && !c.is_alphanumeric()
        && let Some(&hedge) = PHRASES.before.get(c.to_string().as_str())
    {
        let start = floor + text[floor..at].trim_end_matches(is_space).len() - c.len_utf8();
        let earlier = last(text, start).filter(|_| start > floor);
        // `->`, `=>`, `<br>` and a quoted line are no comparison.
        let pointed = matches!(c, '<' | '>')
            && (start + 1 != at || earlier.is_some_and(|e| !is_space(e) && !matches!(e, '(' | '[')));
        return (!pointed).then_some((hedge, start));
    }
    let mut words: Vec<Before<'_>> = Vec::with_capacity(LONGEST);
    let (mut filled, mut closed) = (false, false);
    'outer: loop {
        words.clear();
        let mut from = at;
        while words.len() < LONGEST && !closed {
            let Some(mut next) = word_before(text, from, floor) else { break };
            // An opening bracket or quote ends the search.
            let bare =
                next.word.trim_start_matches(['(', '[', '\u{201c}', '"', '\u{2018}', '\'', '\u{2014}', '*']);
            let opened = bare.len() != next.word.len();
            next.start += next.word.len() - bare.len();
            next.word = bare;
            if bare.is_empty() {
                break;
            }
            words.push(next);
            from = next.start;
            if opened {
                break;
            }
        }
        for n in (1..=words.len()).rev() {
            let phrase = phrase(&words[..n]);
            let Some(start) = words.get(n - 1).map(|w| w.start) else { continue };
            if let Some(&hedge) = PHRASES.before.get(phrase.as_str()) {
                let governed = words.get(n).map(|w| w.word);
                return stands(&phrase, hedge, governed).then_some((hedge, start));
            }
            if !filled && FILLERS.contains(&phrase.as_str()) {
                at = start;
                filled = true;
                closed = false;
                continue 'outer;
            }
        }
        return None;
    }
}

fn phrase(words: &[Before<'_>]) -> String {
    let mut phrase = String::new();
    for word in words.iter().rev() {
        if !phrase.is_empty() {
            phrase.push(' ');
        }
        phrase.push_str(&word.word.to_lowercase());
    }
    phrase
}

/// Whether the phrase qualifies the figure and not what stands before the phrase.
fn stands(phrase: &str, hedge: Hedge, before: Option<&str>) -> bool {
    let Some(before) = before.map(str::to_lowercase) else { return true };
    // "8 per cent more than $5": a comparison with an exact figure.
    if matches!(hedge, Hedge::Over | Hedge::Under)
        && (before.ends_with('%')
            || matches!(
                before.as_str(),
                "cent"
                    | "percent"
                    | "times"
                    | "points"
                    | "point"
                    | "million"
                    | "billion"
                    | "trillion"
                    | "dollars"
                    | "euros"
                    | "twice"
                    | "half"
            )
            || before.bytes().all(|b| b.is_ascii_digit()))
    {
        return false;
    }
    match phrase {
        "over" => !matches!(
            before.as_str(),
            "dispute"
                | "disputes"
                | "disputed"
                | "fight"
                | "battle"
                | "row"
                | "concern"
                | "concerns"
                | "control"
                | "lawsuit"
                | "lawsuits"
                | "disagreement"
                | "quarrel"
                | "war"
                | "clash"
                | "argument"
                | "talks"
                | "negotiations"
                | "deadlock"
                | "standoff"
                | "all"
                | "hand"
                | "hands"
                | "handed"
                | "handing"
                | "signed"
        ),
        "about" => !matches!(
            before.as_str(),
            "talk"
                | "talks"
                | "talked"
                | "talking"
                | "information"
                | "question"
                | "questions"
                | "concern"
                | "concerns"
                | "asked"
                | "asks"
                | "inquired"
                | "enquired"
                | "complained"
                | "worried"
                | "worry"
                | "doubts"
                | "brought"
        ),
        "above" | "below" => before != "the",
        "beyond" | "near" => before != "the",
        _ => true,
    }
}

/// The hedge whose phrase follows `at`, and where the phrase ends.
pub(super) fn after(text: &str, at: usize) -> Option<(Hedge, usize)> {
    if first(text, at) == Some('+') {
        return (!first(text, at + 1).is_some_and(char::is_alphanumeric)).then_some((Hedge::Over, at + 1));
    }
    let from = skip_spaces(text, at, 2);
    if from == at {
        return None;
    }
    let rest = text.get(from..)?;
    for (phrase, hedge) in &PHRASES.after {
        let Some(said) = rest.get(..phrase.len()).filter(|s| s.eq_ignore_ascii_case(phrase)) else {
            continue;
        };
        let end = from + said.len();
        let next = first(text, end);
        if next.is_some_and(|c| c.is_alphanumeric() || is_dash_like(c)) {
            continue;
        }
        let follows = text.get(skip_spaces(text, end, 2)..).unwrap_or("");
        let closes = follows
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '$' | '\u{20ac}' | '\u{a3}'));
        let ok = if phrase.starts_with("or ") {
            !follows.starts_with("than ") && !follows.starts_with("less")
        } else {
            closes
        };
        if ok {
            return Some((*hedge, end));
        }
    }
    None
}

fn is_dash_like(c: char) -> bool {
    matches!(c, '-' | '\'' | '\u{2019}')
}
