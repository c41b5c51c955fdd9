//! A proposal with what surrounds it: the currency said again, cents, a range's other end, hedges,
//! and the neighbour it shares a range, a magnitude or a sum with.

use super::markers::{family, figure_after, negative_before};
use super::money::{MONEY, Marker};
use super::numbers::{self, figure_at, first, last, skip_spaces};
use super::page::{self, Page};
use super::ranges::{Half, Joint, bare, connector, lower_half, range_word, shared_low, upper_half};
use super::{Draft, NUMBER_WORDS, Proposal, RANGE, SHARED, TWO_PARTS, Unit, WORD_LAST, hedges};
use crate::document::Span;
use crate::extract::Hedge;
use rust_decimal::Decimal;

/// Reads what surrounds a proposal (currency repeated, cents, range, hedge, neighbour) and adds it.
pub(super) fn settle(page: &Page<'_>, drafts: &mut Vec<Draft>, proposal: Proposal, floor: usize) {
    let text = page.text;
    let Proposal { start, mut end, figure, mut unit, mut rule, mut inherited, leads, negative } = proposal;
    let number = (figure.start, figure.end);
    let mut value = if negative { -figure.value } else { figure.value };
    let sign = if negative && !leads { last(text, start).map_or(0, char::len_utf8) } else { 0 };
    let mut start = start - sign;
    if negative
        && leads
        && matches!(last(text, start), Some('-' | '\u{2212}'))
        && negative_before(page, start)
    {
        start -= last(text, start).map_or(0, char::len_utf8);
    }
    // `$7.3 million (USD)`, `$100 CAD`, `US$170 million dollars`
    let bracketed = text.get(skip_spaces(text, end, 2)..).is_some_and(|r| r.starts_with('('));
    if (leads || bracketed)
        && let Some((exact, after)) = repeated(page, unit, end)
    {
        if exact != unit {
            inherited = None;
        }
        unit = exact;
        end = after;
    }
    // Twenty dollars and 43 cents.
    if figure.magnitude.is_none()
        && figure.decimals == 0
        && let Unit::Fiat(currency) = unit
        && let Some((part, after)) = minor_part(page, currency, end)
        && let Some(sum) = value.checked_add(part)
    {
        value = sum;
        end = after;
        rule = &TWO_PARTS;
    }
    let mut draft = Draft {
        start,
        end,
        core: (start, end),
        number,
        low: value,
        high: value,
        unit,
        hedge: if figure.plus { Hedge::Over } else { Hedge::Exact },
        rule: if figure.in_words && rule.name == WORD_LAST.name { &NUMBER_WORDS } else { rule },
        magnitude: figure.magnitude,
        grouped: figure.grouped,
        decimals: figure.decimals,
        inherited,
        tied_to: None,
        leads,
    };
    let first_half = lower_half(page, &draft, &figure, floor);
    match first_half {
        Some(Half::Range(low, from)) => {
            draft.low = low;
            draft.start = from;
            draft.core.0 = from;
            draft.rule = &RANGE;
            draft.start = range_word(text, draft.start, floor).unwrap_or(draft.start);
        }
        Some(Half::Change(mut earlier)) => {
            qualify(text, &mut earlier, floor);
            let floor = earlier.end;
            drafts.push(*earlier);
            qualify(text, &mut draft, floor);
            drafts.push(draft);
            return;
        }
        None => {}
    }
    if draft.low == draft.high {
        match upper_half(page, &draft, &figure, floor) {
            Some(Half::Range(high, to)) => {
                // The lower end takes the magnitude of the upper where it has none.
                draft.low = shared_low(&draft, high.0, high.1);
                draft.high = high.0;
                draft.magnitude = high.1;
                draft.end = to;
                draft.core.1 = to;
                draft.rule = &RANGE;
                draft.start = range_word(text, draft.start, floor).unwrap_or(draft.start);
            }
            Some(Half::Change(later)) => {
                if let Some(m) = later.magnitude
                    && draft.magnitude.is_none()
                {
                    let low = shared_low(&draft, later.high, Some(m));
                    if low != draft.low {
                        (draft.low, draft.high) = (low, low);
                        draft.rule = &SHARED;
                        draft.inherited = Some(text[later.number.0..later.number.1].to_string());
                    }
                }
                qualify(text, &mut draft, floor);
                drafts.push(draft);
                drafts.push(*later);
                return;
            }
            None => {}
        }
    }
    qualify(text, &mut draft, floor);
    join(page, drafts, draft);
}

/// Puts the hedge into the draft.
fn qualify(text: &str, draft: &mut Draft, floor: usize) {
    // In a range the hedge may stand before "between" or after it.
    if draft.start < draft.core.0
        && let Some((hedge, from)) = hedges::before(text, draft.core.0, draft.start)
        && from >= draft.start
    {
        draft.hedge = hedge;
    }
    if let Some((hedge, from)) = hedges::before(text, draft.start, floor) {
        if draft.hedge == Hedge::Exact || draft.start == draft.core.0 {
            draft.hedge = hedge;
        }
        draft.start = from;
    }
    if let Some((hedge, to)) = hedges::after(text, draft.end) {
        draft.end = to;
        if matches!(draft.hedge, Hedge::Exact | Hedge::About) {
            draft.hedge = hedge;
        }
    }
}

/// The same currency said again after the figure, and where that ends.
pub(super) fn repeated(page: &Page<'_>, unit: Unit, end: usize) -> Option<(Unit, usize)> {
    let text = page.text;
    let Unit::Fiat(currency) = unit else { return None };
    let spaced = skip_spaces(text, end, 2);
    let bracket = first(text, spaced).filter(|c| matches!(c, '(' | '['));
    let from = spaced + bracket.map_or(0, char::len_utf8);
    let letters =
        text.get(from..)?.bytes().take(8).take_while(|b| b.is_ascii_alphabetic() || *b == b'$').count();
    let word = text.get(from..from + letters)?;
    let mut found = None;
    match MONEY.spellings.get(word).and_then(|i| MONEY.markers.get(*i)) {
        Some(Marker::Code { currency: said, millions: false, .. }) if family(currency, *said) => {
            found = Some((*said, from + letters));
        }
        Some(Marker::Symbol { currency: said, .. }) if bracket.is_some() && family(currency, *said) => {
            found = Some((*said, from + letters));
        }
        _ => {}
    }
    if found.is_none() && bracket.is_none() && spaced > end {
        found = page.unit_phrase(spaced).filter(|(said, _)| family(currency, *said));
    }
    let (said, mut after) = found?;
    // `$5 USD 3 million`: the code leads the next figure.
    if bracket.is_none() && first(text, after).is_some_and(char::is_alphanumeric) {
        return None;
    }
    if bracket.is_none()
        && figure_after(page, after, false).is_ok_and(|f| !f.0.in_words)
        && MONEY
            .spellings
            .get(&text[from..after])
            .is_some_and(|i| matches!(MONEY.markers.get(*i), Some(Marker::Code { .. })))
    {
        return None;
    }
    if let Some(open) = bracket {
        let close = if open == '(' { ')' } else { ']' };
        if first(text, after) != Some(close) {
            return None;
        }
        after += 1;
    }
    // A bare sign takes the exact currency; an exact sign keeps its own.
    let bare_sign = matches!(unit.code(), "USD" | "JPY" | "GBP" | "INR");
    let exact = if bare_sign || said == currency { said } else { currency };
    Some((Unit::Fiat(exact), after))
}

/// "and 43 cents" after a whole sum.
fn minor_part(page: &Page<'_>, currency: usize, end: usize) -> Option<(Decimal, usize)> {
    let text = page.text;
    let mut at = skip_spaces(text, end, 2);
    if at == end {
        return None;
    }
    if text[at..].starts_with("and ") {
        at = skip_spaces(text, at + 3, 2);
    }
    let part = figure_at(text, at, numbers::Grouping::Comma).ok()?;
    if part.value >= Decimal::ONE_HUNDRED || part.decimals > 0 || part.magnitude.is_some() {
        return None;
    }
    let from = skip_spaces(text, part.end, 1);
    let n = text
        .get(from..)?
        .chars()
        .take(12)
        .take_while(|c| c.is_alphabetic() || *c == '\u{a2}')
        .map(char::len_utf8)
        .sum::<usize>();
    let word = text.get(from..from + n)?;
    let minor =
        matches!(MONEY.spellings.get(word).and_then(|i| MONEY.markers.get(*i)), Some(Marker::Minor { .. }))
            || (word == "c" && from == part.end);
    let digits = MONEY.currencies.get(currency).map_or(2, |c| c.digits);
    (minor && digits > 0).then(|| (part.value * Decimal::new(1, 2), from + n))
}

/// Adds a draft, joining it with the one before where both are ends of one range, share a
/// magnitude, or give one sum in two currencies.
fn join(page: &Page<'_>, drafts: &mut Vec<Draft>, mut draft: Draft) {
    let text = page.text;
    let earlier_end = drafts.len().checked_sub(2).and_then(|i| drafts.get(i)).map_or(0, |d| d.end);
    let Some(before) = drafts.last_mut() else {
        drafts.push(draft);
        return;
    };
    let gap = text.get(before.end..draft.start).unwrap_or("\n");
    let same = before.unit == draft.unit;
    let single = before.low == before.high && draft.low == draft.high;
    if same && single && gap.len() <= 12 {
        let floor = earlier_end;
        let joint = connector(text, before.end).filter(|(at, _)| *at == draft.start).map(|c| c.1);
        let from = word_is(text, before.start, floor, "from");
        let between = word_is(text, before.start, floor, "between");
        let ranged = match joint {
            Some(Joint::Dash | Joint::To) => true,
            Some(Joint::SpacedDash) => before.magnitude == draft.magnitude || before.magnitude.is_none(),
            Some(Joint::And) => between,
            _ => false,
        };
        if ranged {
            let low = shared_low(before, draft.high, draft.magnitude);
            let whole = before.magnitude.is_some() || draft.magnitude.is_none();
            let change = low >= draft.high
                || page.tells_change(before.start, draft.end, floor, joint == Some(Joint::To) && whole);
            if !change && before.low >= Decimal::ZERO {
                let start = if from || between {
                    range_word(text, before.start, floor).unwrap_or(before.start)
                } else {
                    before.start
                };
                before.low = low;
                before.high = draft.high;
                before.end = draft.end;
                before.core.1 = draft.core.1;
                before.magnitude = draft.magnitude;
                before.start = start;
                before.rule = &RANGE;
                if before.hedge == Hedge::Exact {
                    before.hedge = draft.hedge;
                }
                if start < before.core.0 && (from || between) {
                    let mut again = before.clone();
                    if let Some((hedge, at)) = hedges::before(text, start, floor) {
                        again.start = at;
                        again.hedge = if before.hedge == Hedge::Exact { hedge } else { before.hedge };
                        *before = again;
                    }
                }
                return;
            }
        }
        let joined = matches!(joint, Some(Joint::And | Joint::Or | Joint::To | Joint::Dash))
            || matches!(gap.trim(), ", and" | ", or" | "&" | "/");
        if joined {
            share_magnitude(text, drafts, &draft);
        }
    } else if !same && single {
        let tie = page::ties(gap, text.get(draft.end..).unwrap_or(""));
        if tie {
            draft.tied_to = Some(Span::new(before.start, before.end));
        }
    }
    drafts.push(draft);
}

fn word_is(text: &str, at: usize, floor: usize, wanted: &str) -> bool {
    hedges::word_before(text, at, floor).is_some_and(|w| bare(w.word) == wanted)
}

/// "$8 and $9 million", "$8, $9 and $10 million": the earlier sums take the last one's magnitude.
fn share_magnitude(text: &str, drafts: &mut [Draft], last: &Draft) {
    let Some(magnitude) = last.magnitude else { return };
    let mut next_start = last.start;
    let mut first_step = true;
    for draft in drafts.iter_mut().rev() {
        let gap = text.get(draft.end..next_start).unwrap_or("\n");
        if !first_step && gap.trim() != "," {
            break;
        }
        let near = draft.low.checked_mul(magnitude).filter(|low| {
            let (a, b) = (*low, last.high);
            a > Decimal::ZERO && b > Decimal::ZERO && b / a <= Decimal::from(20) && a / b <= Decimal::from(20)
        });
        let Some(low) = near else { break };
        if draft.magnitude.is_some()
            || draft.grouped
            || draft.low != draft.high
            || draft.unit != last.unit
            || draft.decimals == 2 && draft.low < Decimal::ONE
        {
            break;
        }
        (draft.low, draft.high) = (low, low);
        draft.magnitude = Some(magnitude);
        draft.rule = &SHARED;
        draft.inherited = Some(text[last.number.0..last.number.1].to_string());
        next_start = draft.start;
        first_step = false;
    }
}
