//! Whether two figures are of one thing: what joins them, or nothing where something speaks against
//! it. A wrong join makes a conflict of two truths, so where it is not told it is not guessed.

use super::super::event::{kinship, measures};
use super::super::figure::{Agreement, compare};
use super::super::scope::same_thing;
use super::super::why::period_shown;
use super::super::windows::days_apart;
use super::Cause;
use super::told::Told;
use crate::claims::FigureKind;
use crate::claims::vocabulary::related;
use crate::extract::{DateRange, Precision};
use std::fmt;

/// What joins two figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Who was hit, where both say so.
    victims: Vec<String>,
    /// Rare names that both sentences have.
    names: Vec<String>,
    places: Vec<String>,
    /// Who did it and who says so, by both.
    told: Vec<String>,
    /// The words one took from the other.
    words: Option<String>,
    period: String,
    /// Both say what was done, and it is of one kin.
    is_one_act: bool,
    /// How much else speaks for it, as [`kinship`] counts.
    worth: u32,
}

/// Names that join by themselves; of one alone there may be several events.
const NAMES: usize = 2;
/// What must speak for a total of one actor in one period.
const TOTAL: u32 = 5;
/// The same where the periods only overlap.
const OVERLAPPING: u32 = 4;

/// What joins two figures, or `None` where something speaks against it.
pub fn joined(a: &Told, b: &Told) -> Option<Joined> {
    if !is_one_period(a.placed.period()?, b.placed.period()?) {
        return None;
    }
    ties(a, b)
}

/// What joins two figures whatever their periods.
fn ties(a: &Told, b: &Told) -> Option<Joined> {
    let (x, y) = (&a.placed.claim, &b.placed.claim);
    // Of another unit is another figure, unless the number is the same.
    if matches!(compare(&x.figure, &y.figure), Agreement::Other) {
        return None;
    }
    if x.figure.kind == FigureKind::Count && !same_thing(&x.figure, &y.figure) {
        return None;
    }
    // Two figures of one sentence are two things, though their numbers be the same.
    if a.placed.document.order == b.placed.document.order && x.sentence == y.sentence {
        return None;
    }
    if a.victims.is_empty() != b.victims.is_empty() {
        return None;
    }
    let is_one_act = !a.kins.is_disjoint(&b.kins);
    if !is_one_act && !a.kins.is_empty() && !b.kins.is_empty() {
        return None;
    }
    if !a.places.is_empty() && !b.places.is_empty() && a.places.is_disjoint(&b.places) {
        return None;
    }
    let worth = kinship(&a.placed, &b.placed)?;
    let both = |x: &std::collections::BTreeSet<String>, y: &std::collections::BTreeSet<String>| {
        x.intersection(y).cloned().collect::<Vec<_>>()
    };
    Some(Joined {
        victims: both(&a.victims, &b.victims),
        names: both(&a.names, &b.names),
        places: both(&a.places, &b.places),
        told: told(a, b),
        words: a.placed.shares(&b.placed),
        period: a.placed.period().map(period_shown).unwrap_or_default(),
        is_one_act,
        worth,
    })
}

/// What joins two sums near each other, of a day or month, of which one leaves out who was hit: the
/// other's name stands elsewhere in its passage, or it names nobody and says that the same was done.
pub fn near(a: &Told, b: &Told) -> Option<Joined> {
    if !is_one_period(a.placed.period()?, b.placed.period()?) {
        return None;
    }
    let called = |t: &Told| t.names.iter().chain(&t.victims).map(|n| n.to_lowercase()).collect::<Vec<_>>();
    let (ours, theirs) = (called(a), called(b));
    let told_by_b = ours.iter().filter(|n| b.around.contains(*n));
    let told_by_a = theirs.iter().filter(|n| a.around.contains(*n));
    let common: Vec<String> = told_by_b.chain(told_by_a).cloned().collect();
    let is_unnamed = |t: &Told| t.victims.is_empty() && t.names.is_empty();
    let one_act = !a.kins.is_disjoint(&b.kins);
    if common.is_empty() && !(one_act && (is_unnamed(a) != is_unnamed(b))) {
        return None;
    }
    // Who was hit may be left out by one.
    let mut tie = match a.victims.is_empty() || b.victims.is_empty() {
        true => ties(&a.without_victims(), &b.without_victims()),
        false => ties(a, b),
    }?;
    tie.victims = a.victims.union(&b.victims).cloned().collect();
    tie.names.extend(common);
    tie.names.sort();
    tie.names.dedup();
    Some(tie)
}

/// Measures that are set against what happened: of other sums a part may be laundered or got back.
const COMPARED: [&str; 3] = ["attempt", "demand", "potential"];

/// Actors of which one is or belongs to the other's, and bodies that both passages name.
fn told(a: &Told, b: &Told) -> Vec<String> {
    let theirs = &b.placed.claim.actors;
    let actors = a.placed.claim.actors.iter().filter(|x| theirs.iter().any(|y| related(&x.value, &y.value)));
    let mut found: Vec<String> = actors.map(|x| x.value.clone()).collect();
    let sources = b.placed.sources();
    found.extend(a.placed.sources().iter().filter(|s| sources.contains(s)).map(|s| s.to_string()));
    found.dedup();
    found
}

/// Why two figures are of one thing all but for one slot, which tells them apart: another measure, or
/// a period that only overlaps.
pub fn apart(a: &Told, b: &Told) -> Option<(Cause, String, Joined)> {
    let (from, to) = (a.placed.period()?, b.placed.period()?);
    if super::cause::cause(a, b).is_none_or(|(cause, _)| cause.can_both_be_right()) {
        return None;
    }
    let (ours, theirs) = (measures(&a.placed.claim), measures(&b.placed.claim));
    let other: Vec<&str> = ours.symmetric_difference(&theirs).copied().collect();
    match other[..] {
        [measure] if COMPARED.contains(&measure) && is_one_period(from, to) => {
            let tie = ties(&a.without(measure), &b.without(measure)).filter(Joined::is_named)?;
            let (with, plain) = if ours.contains(measure) { (a, b) } else { (b, a) };
            let why = format!(
                "{} is of a sentence with “{measure}”, {} is not",
                with.placed.printed(),
                plain.placed.printed()
            );
            Some((Cause::Measure, why, tie))
        }
        [] if !is_one_period(from, to) && overlap_mostly(from, to) => {
            let tie = ties(&a.without_period(), &b.without_period());
            let tie = tie.filter(|t| t.victims.is_empty() && t.worth >= OVERLAPPING)?;
            let why = format!(
                "{} is of {}, {} of {}",
                a.placed.printed(),
                period_shown(from),
                b.placed.printed(),
                period_shown(to)
            );
            Some((Cause::Window, why, tie))
        }
        _ => None,
    }
}

/// Whether two periods share more than half of each: a total of many years is not set against one year.
fn overlap_mostly(a: &DateRange, b: &DateRange) -> bool {
    let days =
        |from: jiff::civil::Date, to: jiff::civil::Date| to.since(from).map_or(0, |s| s.get_days() + 1);
    let shared = days(a.start.max(b.start), a.end.min(b.end));
    shared * 2 > days(a.start, a.end) && shared * 2 > days(b.start, b.end)
}

/// Days by which the ends of one stretch may differ.
const SLACK: i32 = 16;

/// Whether two periods are one: the same stretch, or a day or month inside the other's month or year.
fn is_one_period(a: &DateRange, b: &DateRange) -> bool {
    let same = days_apart(a.start, b.start) <= SLACK && days_apart(a.end, b.end) <= SLACK;
    let within = |x: &DateRange, y: &DateRange| x.start >= y.start && x.end <= y.end;
    let fine = |p: &DateRange| matches!(p.precision, Precision::Day | Precision::Month);
    same || (fine(a) && fine(b) && (within(a, b) || within(b, a)))
}

impl Joined {
    /// Whether it is enough to set the figures against each other.
    pub fn is_enough(&self) -> bool {
        self.is_named() || (self.is_one_act && self.worth >= TOTAL)
    }

    /// Who was hit is named; by names alone votes on two drafts and wars of two years are one.
    fn is_named(&self) -> bool {
        !self.victims.is_empty() || (self.is_one_act && self.names.len() >= NAMES)
    }
}

impl fmt::Display for Joined {
    /// `Bithumb; 2018-06-01 to 2018-06-30`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.victims.iter().cloned());
        if self.victims.is_empty() {
            parts.extend(self.names.iter().cloned());
        }
        if parts.is_empty() {
            parts.extend(self.told.iter().cloned());
        }
        parts.extend(self.places.iter().cloned());
        parts.extend(Some(self.period.clone()).filter(|p| !p.is_empty()));
        parts.extend(self.words.iter().map(|w| format!("the words “{w}”")));
        f.write_str(&parts.join("; "))
    }
}
