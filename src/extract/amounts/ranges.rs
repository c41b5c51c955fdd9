//! The other end of a range whose currency or magnitude is printed once, and changes from one sum to
//! another, which are two.

use super::joining::repeated;
use super::markers::{closes, follows_unit};
use super::numbers::{Figure, back_spaces, figure_at, figure_before, first, is_dash, last, skip_spaces};
use super::page::Page;
use super::{Draft, SHARED, Unit, hedges};
use crate::extract::Hedge;
use rust_decimal::Decimal;

/// The other end of a range, or a second amount where a change is told.
pub(super) enum Half<T> {
    Range(T, usize),
    Change(Box<Draft>),
}

/// The lower end with the magnitude of the upper, where that keeps the order.
pub(super) fn shared_low(draft: &Draft, high: Decimal, magnitude: Option<Decimal>) -> Decimal {
    if draft.magnitude.is_some() {
        return draft.low;
    }
    match magnitude.and_then(|m| draft.low.checked_mul(m)) {
        Some(low) if low < high => low,
        _ => draft.low,
    }
}

/// The end of a connector (a dash, "to", "and") that begins here, and whether it is "and".
pub(super) fn connector(text: &str, at: usize) -> Option<(usize, Joint)> {
    let spaced = skip_spaces(text, at, 2);
    let mut end = spaced;
    let mut dashes = 0;
    while let Some(c) = first(text, end).filter(|c| is_dash(*c) || *c == '~') {
        end += c.len_utf8();
        dashes += 1;
        if dashes > 2 {
            return None;
        }
    }
    if dashes > 0 {
        let after = skip_spaces(text, end, 2);
        let open = spaced > at || after > end;
        return Some((after, if open { Joint::SpacedDash } else { Joint::Dash }));
    }
    if spaced == at {
        return None;
    }
    for (word, joint) in [
        ("to ", Joint::To),
        ("and ", Joint::And),
        ("or ", Joint::Or),
        ("TO ", Joint::To),
        ("AND ", Joint::And),
    ] {
        if text[spaced..].starts_with(word) {
            return Some((skip_spaces(text, spaced + word.len() - 1, 2), joint));
        }
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joint {
    Dash,
    SpacedDash,
    To,
    And,
    Or,
}

/// The number after a range's connector that has no currency of its own: `$1.5-2 billion`.
pub(super) fn upper_half(
    page: &Page<'_>,
    draft: &Draft,
    figure: &Figure,
    floor: usize,
) -> Option<Half<(Decimal, Option<Decimal>)>> {
    let text = page.text;
    if !draft.leads {
        return None;
    }
    let (at, joint) = connector(text, draft.end)?;
    if joint == Joint::Or {
        return None;
    }
    let between = hedges::word_before(text, draft.start, floor).is_some_and(|w| bare(w.word) == "between");
    if joint == Joint::And && !between_before(text, draft, floor) && !between {
        return None;
    }
    let second = figure_at(text, at, page.grouping(at)).ok()?;
    if second.in_words && second.magnitude.is_none() {
        return None;
    }
    if closes(text, &second).is_err() || (second.looks_like_year() && !figure.looks_like_year()) {
        return None;
    }
    let mut end = second.end;
    if let Some((exact, after)) = repeated(page, draft.unit, end) {
        if exact != draft.unit && !matches!((exact, draft.unit), (Unit::Fiat(_), Unit::Fiat(_))) {
            return None;
        }
        end = after;
    } else if follows_unit(text, second.end) {
        return None;
    }
    let rest = text.get(skip_spaces(text, second.end, 2)..)?;
    if rest.starts_with('%') || rest.starts_with("per cent") || rest.starts_with("percent") {
        return None;
    }
    // Without a magnitude the number may count something else: "paid $5 to 10 people".
    if second.magnitude.is_none() {
        if figure.magnitude.is_some() || joint == Joint::SpacedDash {
            return None;
        }
        let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
        let function = word.is_empty()
            || matches!(
                word.as_str(),
                "per"
                    | "a"
                    | "an"
                    | "each"
                    | "for"
                    | "in"
                    | "on"
                    | "at"
                    | "by"
                    | "and"
                    | "or"
                    | "from"
                    | "to"
                    | "with"
                    | "depending"
                    | "as"
                    | "was"
                    | "were"
                    | "is"
                    | "are"
                    | "range"
                    | "every"
                    | "of"
                    | "apiece"
                    | "daily"
                    | "monthly"
                    | "weekly"
                    | "annually"
                    | "yearly"
                    | "would"
                    | "will"
                    | "may"
                    | "can"
                    | "but"
                    | "which"
                    | "that"
                    | "when"
                    | "if"
                    | "worth"
            );
        if joint != Joint::Dash && !function {
            return None;
        }
    }
    let low = shared_low(draft, second.value, second.magnitude);
    if low >= second.value || draft.low < Decimal::ZERO {
        return None;
    }
    let whole = figure.magnitude.is_some() || second.magnitude.is_none();
    if page.tells_change(draft.start, end, floor, joint == Joint::To && whole) {
        let mut later = Draft {
            start: second.start,
            end,
            core: (second.start, end),
            number: (second.start, second.end),
            low: second.value,
            high: second.value,
            rule: &SHARED,
            magnitude: second.magnitude,
            inherited: Some(text[draft.core.0..draft.core.1].to_string()),
            tied_to: None,
            hedge: Hedge::Exact,
            ..draft.clone()
        };
        later.grouped = second.grouped;
        return Some(Half::Change(Box::new(later)));
    }
    Some(Half::Range((second.value, second.magnitude), end))
}

fn between_before(text: &str, draft: &Draft, floor: usize) -> bool {
    let start = hedges::before(text, draft.start, floor).map_or(draft.start, |h| h.1);
    hedges::word_before(text, start, floor).is_some_and(|w| bare(w.word) == "between")
}

pub(super) fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The number before a range's connector whose currency follows the upper end: `3 to 5 million euros`.
pub(super) fn lower_half(
    page: &Page<'_>,
    draft: &Draft,
    figure: &Figure,
    floor: usize,
) -> Option<Half<Decimal>> {
    let text = page.text;
    if draft.leads {
        return None;
    }
    let at = figure.start;
    let spaced = back_spaces(text, at, 2);
    let (end, joint) = if let Some(c) = last(text, spaced).filter(|c| is_dash(*c) && *c != '\u{2014}') {
        let mut from = spaced - c.len_utf8();
        if let Some(second) = last(text, from).filter(|c| is_dash(*c)) {
            from -= second.len_utf8();
        }
        (back_spaces(text, from, 1), if spaced == at { Joint::Dash } else { Joint::SpacedDash })
    } else {
        let word = hedges::word_before(text, at, floor)?;
        let joint = match word.word {
            "to" | "TO" => Joint::To,
            "and" | "AND" => Joint::And,
            "or" => Joint::Or,
            _ => return None,
        };
        (back_spaces(text, word.start, 2), joint)
    };
    let lower = figure_before(text, end, floor, page.grouping(at)).ok()?;
    if lower.looks_like_year()
        && !(figure.looks_like_year() || figure.digits == 4 && figure.magnitude.is_none())
    {
        return None;
    }
    let start = hedges::before(text, lower.start, floor).map_or(lower.start, |h| h.1);
    let word = hedges::word_before(text, start, floor).map(|w| bare(w.word));
    if joint == Joint::And && word.as_deref() != Some("between") {
        return None;
    }
    // "Articles 5 to 7 million": the lower end must be of the same order.
    let shares =
        |l: Decimal, m: Option<Decimal>| m.and_then(|m| l.checked_mul(m)).filter(|s| *s < figure.value);
    let low = match (lower.magnitude, figure.magnitude) {
        (None, Some(_)) if !lower.grouped => shares(lower.value, figure.magnitude)?,
        _ => lower.value,
    };
    if low >= figure.value
        || (joint == Joint::Or && (lower.in_words != figure.in_words || low * Decimal::TEN < figure.value))
    {
        return None;
    }
    if joint == Joint::SpacedDash && figure.magnitude.is_none() && !figure.grouped && !lower.grouped {
        return None;
    }
    let whole = lower.magnitude.is_some() || figure.magnitude.is_none();
    if page.tells_change(lower.start, draft.end, floor, joint == Joint::To && whole) {
        return Some(Half::Change(Box::new(Draft {
            start: lower.start,
            end: lower.end,
            core: (lower.start, lower.end),
            number: (lower.start, lower.end),
            low,
            high: low,
            hedge: Hedge::Exact,
            rule: &SHARED,
            magnitude: lower.magnitude.or(figure.magnitude),
            inherited: Some(text[draft.core.0..draft.core.1].to_string()),
            ..draft.clone()
        })));
    }
    Some(Half::Range(low, lower.start))
}

/// Where "from" or "between" before a range begins.
pub(super) fn range_word(text: &str, at: usize, floor: usize) -> Option<usize> {
    let inner = hedges::before(text, at, floor).map_or(at, |h| h.1);
    for place in [inner, at] {
        if let Some(w) = hedges::word_before(text, place, floor) {
            let lead = w.word.len() - w.word.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
            if matches!(bare(w.word).as_str(), "from" | "between") && w.word.ends_with(char::is_alphabetic) {
                return Some(w.start + lead);
            }
        }
    }
    None
}
