//! A claim's period beside a source's: whether it can be the same, and whether the two are one window.
//!
//! Two windows that overlap without being one have totals of their own: neither adds to the other nor
//! speaks against it ([`Window`]). Which of a sentence's dates are a figure's own is decided here too.

use super::Comparison;
use super::asked::Asked;
use super::passage::Prepared;
use super::scope::{TELLING, is_route};
use crate::claims::{Claim, FigureKind, How, Slot};
use crate::document::Span;
use crate::extract::{DateRange, Precision};
use jiff::civil::Date;

/// How two periods lie to each other that can be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// The same stretch, or a day in its own month; also where one of the two is not told.
    One,
    /// A day or month in a longer stretch: one event, or a part of a total.
    Within,
    /// Stretches that share days and are not the same.
    Overlap,
}

/// The claim's period beside that of a source's claim.
pub fn period(asked: &Asked, passage: &Prepared, claim: &Claim) -> (Comparison, Window) {
    let Some(wanted) = asked.periods.first() else {
        // What was known by a day is not of a day after it.
        let after = |s: &DateRange| {
            claim.periods.first().is_some_and(|p| p.how == How::Said && p.value.start > s.end)
        };
        let known = claim.figure.kind != FigureKind::Date && asked.said_in.first().is_some_and(after);
        return (if known { Comparison::Differs } else { Comparison::Absent }, Window::One);
    };
    if claim.figure.kind == FigureKind::Date {
        return (Comparison::Absent, Window::One);
    }
    if claim.periods.is_empty() {
        // A figure without a period is of no day after its publication, and one to date is of no
        // stretch before it.
        let published = passage.document.meta.published.as_deref().and_then(crate::index::values::period);
        let sentence = passage.inside(claim.sentence).of(&passage.record.text).to_lowercase();
        let to_date = ["to date", "so far", "until now"].iter().any(|w| sentence.contains(w));
        let comparison = match published {
            Some((_, end)) if wanted.start > end => Comparison::Differs,
            _ if is_of_titled_year(wanted, passage) => Comparison::Differs,
            _ if to_date => Comparison::Differs,
            _ => Comparison::Absent,
        };
        return (comparison, Window::One);
    }
    let mut found = own_periods(asked, passage, claim);
    found.extend(hull(&found));
    // Of a year and a part of it the part is meant.
    let holds = |a: &DateRange, b: &DateRange| a != b && a.start <= b.start && a.end >= b.end;
    let mut asks = asked.periods.clone();
    asks.retain(|a| !asked.periods.iter().any(|b| holds(a, b)));
    asks.extend(hull(&asks));
    let same = |w: &DateRange, p: &DateRange| match asked.whole {
        true => ends_apart(w, p) <= SLACK.min(days_apart(w.start, w.end) / 5 + 2),
        false => same_period(w, p),
    };
    let pairs = asks.iter().flat_map(|w| found.iter().map(move |p| (w, p)));
    if let Some(window) = pairs.filter(|(w, p)| same(w, p)).map(|(w, p)| window(w, p)).min() {
        return (Comparison::Same, window);
    }
    // What is inherited from afar proves nothing by being different, nor what an earlier sentence says
    // where the document is of the claim's period.
    let how = claim.periods.first().map(|p| p.how);
    let title = passage.document.meta.title.as_deref().unwrap_or("");
    let year = wanted.start.year();
    let sentence = passage.inside(claim.sentence).of(&passage.record.text).to_lowercase();
    let since = how == Some(How::Sentence)
        && ["since its", "since then", "since that"].iter().any(|w| sentence.contains(w));
    let titled = how == Some(How::Sentence) && year == wanted.end.year() && title.contains(&year.to_string());
    if since || titled {
        return (Comparison::Absent, Window::One);
    }
    match how {
        Some(How::Said | How::Sentence | How::Table) => (Comparison::Differs, Window::Overlap),
        _ => (Comparison::Absent, Window::One),
    }
}

/// Whether a document's title is of other years than the claim's, and its passage does not name that: the
/// figures of a yearly report are of its year.
fn is_of_titled_year(wanted: &DateRange, passage: &Prepared) -> bool {
    let meta = &passage.document.meta;
    let told =
        meta.published.as_deref().and_then(crate::index::values::period).map(|(start, _)| start.year());
    let years = |text: &str| -> Vec<i16> {
        text.split(|c: char| !c.is_ascii_digit())
            .filter(|w| w.len() == 4)
            .filter_map(|w| w.parse().ok())
            .filter(|y| (1990..2100).contains(y))
            .collect()
    };
    let titled = years(meta.title.as_deref().unwrap_or(""));
    let year = wanted.start.year();
    year == wanted.end.year()
        && !titled.is_empty()
        && titled.iter().all(|y| *y != year && Some(*y) != told)
        && !years(&passage.record.text).contains(&year)
}

/// Days by which the ends of one window may differ where they are not soft.
const SHARP: i32 = 16;

/// How two periods that can be the same lie to each other.
fn window(a: &DateRange, b: &DateRange) -> Window {
    let slack = if a.approx || b.approx { SLACK } else { SHARP };
    let is_one = days_apart(a.start, b.start) <= slack && days_apart(a.end, b.end) <= slack;
    match (is_moment(a), is_moment(b)) {
        _ if is_one => Window::One,
        (true, true) => Window::One,
        (false, false) => Window::Overlap,
        _ => Window::Within,
    }
}

/// Whether a period dates an event, finely or roughly: a day, a month, `late in 2023`.
pub fn is_moment(period: &DateRange) -> bool {
    match period.precision {
        Precision::Day | Precision::Month => true,
        Precision::Span => period.approx && days_apart(period.start, period.end) <= SOFT,
        _ => false,
    }
}

/// Bytes between a figure and a date that stands beside it, and between dates of one list.
const BESIDE: usize = 38;
const LISTED: usize = 12;

/// Of the dates of a sentence those that are the figure's: of what was done with it where the claim
/// asks for that (laundered in March), else the list of dates beside it, else all.
fn own_periods(asked: &Asked, passage: &Prepared, claim: &Claim) -> Vec<DateRange> {
    // A date on which somebody said so is none of these where there is another.
    let sentence = passage.inside(claim.sentence);
    let text = sentence.of(&passage.record.text);
    let told = |span: Span| {
        let at = passage.inside(span);
        let inside = at.start >= sentence.start && at.end <= sentence.end;
        inside && is_publishing(text.get(..at.start - sentence.start).unwrap_or(""))
    };
    let mut periods: Vec<&Slot<DateRange>> =
        claim.periods.iter().filter(|p| p.how != How::Said || !p.span.is_some_and(told)).collect();
    if periods.is_empty() {
        periods = claim.periods.iter().collect();
    }
    let all: Vec<DateRange> = periods.iter().map(|p| p.value.clone()).collect();
    let mut said: Vec<(Span, DateRange)> = periods
        .iter()
        .filter(|p| p.how == How::Said)
        .filter_map(|p| p.span.map(|s| (s, p.value.clone())))
        .collect();
    if said.len() < 2 {
        return all;
    }
    let apart = |a: Span, b: Span| {
        if a.start >= b.end { a.start - b.end } else { b.start.saturating_sub(a.end) }
    };
    let moved = asked.claim.victims.iter().any(|v| v.span.is_some_and(|s| is_route(&asked.text, s)));
    let done = claim.actions.iter().find(|a| {
        TELLING.contains(&a.value.as_str())
            && a.value != "attempt"
            && (asked.measures().any(|m| m == a.value) || (moved && a.value == "launder"))
    });
    if let Some(at) = done.and_then(|d| d.span) {
        return said.iter().min_by_key(|(s, _)| apart(*s, at)).map(|(_, d)| vec![d.clone()]).unwrap_or(all);
    }
    if said.first().is_none_or(|(s, _)| apart(*s, claim.span) > BESIDE) {
        return all;
    }
    let mut chain = vec![said.remove(0)];
    while let Some(next) = said.iter().position(|(s, _)| chain.iter().any(|(c, _)| apart(*s, *c) <= LISTED)) {
        chain.push(said.remove(next));
    }
    chain.into_iter().map(|(_, d)| d).collect()
}

/// Whether a date that follows is when something was published: `had published in`.
fn is_publishing(before: &str) -> bool {
    let mut words = before.split_whitespace().rev();
    let led = words.next().is_some_and(|w| matches!(w, "in" | "on"));
    led && words.next().is_some_and(|w| {
        matches!(w, "published" | "released" | "said" | "announced" | "warned" | "disclosed" | "wrote")
    })
}

/// Years listed one by one as the stretch they make: 2015, 2016 and 2017.
fn hull(periods: &[DateRange]) -> Option<DateRange> {
    let first = periods.iter().min_by_key(|p| p.start)?;
    let last = periods.iter().max_by_key(|p| p.end)?;
    (periods.len() > 1).then_some(DateRange {
        start: first.start,
        end: last.end,
        precision: Precision::Span,
        approx: first.approx || last.approx,
        order_unknown: false,
    })
}

/// Days by which the ends of two stretches may differ.
const SLACK: i32 = 45;
/// The same where they are told roughly.
const SOFT_SLACK: i32 = 65;

/// Days a stretch may have that tells of a day roughly: the half of a year.
const SOFT: i32 = 190;

/// Days between two days.
pub fn days_apart(a: Date, b: Date) -> i32 {
    // Of two of them the sum is still a number.
    a.since(b).map_or(i32::MAX / 2, |s| s.get_days().abs())
}

/// Days between the ends of two stretches, together.
fn ends_apart(a: &DateRange, b: &DateRange) -> i32 {
    days_apart(a.start, b.start) + days_apart(a.end, b.end)
}

/// Whether a source's period can be the claim's.
pub fn same_period(wanted: &DateRange, found: &DateRange) -> bool {
    let apart = found.end < wanted.start || found.start > wanted.end;
    if apart {
        // `late 2023` and other soft borders.
        let gap = days_apart(found.end, wanted.start).min(days_apart(wanted.end, found.start));
        // The beginning of a year is never in the year before it.
        let year = |p: &DateRange| p.precision == Precision::Year;
        let soft = (wanted.approx && !year(found)) || (found.approx && !year(wanted));
        return soft && gap <= SLACK;
    }
    let within = |inner: &DateRange, outer: &DateRange| inner.start >= outer.start && inner.end <= outer.end;
    // Of a half or a quarter there is another total than of its year.
    let part = |p: &DateRange| matches!(p.precision, Precision::Half | Precision::Quarter);
    if part(wanted) && found.precision == Precision::Year {
        return false;
    }
    let stretch = |p: &DateRange| p.precision == Precision::Span;
    if stretch(wanted) && stretch(found) {
        // `mid-2016` is a day one does not know.
        let slack = if wanted.approx || found.approx { SOFT_SLACK } else { SLACK };
        return days_apart(wanted.start, found.start) <= slack && days_apart(wanted.end, found.end) <= slack;
    }
    if stretch(found) && found.approx && within(wanted, found) && days_apart(found.start, found.end) <= SOFT {
        // `late in 2023` is a day one does not know, and no stretch of which there is a total.
        return true;
    }
    if stretch(found) && !wanted.approx {
        // A stretch of several years is not one of them.
        return within(found, wanted) || ends_apart(wanted, found) <= 2 * SLACK;
    }
    if stretch(wanted) {
        let length = days_apart(wanted.start, wanted.end);
        return within(found, wanted) && (length <= 130 || days_apart(found.start, found.end) * 2 >= length);
    }
    within(found, wanted) || within(wanted, found) || wanted.approx || found.approx
}
