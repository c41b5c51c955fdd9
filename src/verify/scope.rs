//! How well what a source's claim is about fits what is asked: shared terms weighed by how much
//! each tells and by how near they stand, and the slots one by one.

use super::Comparison;
use super::asked::Asked;
use super::figure::{Agreement, compare};
use super::passage::{Nearness, Prepared};
use super::terms::Sense;
use crate::claims::vocabulary::{self, related};
use crate::claims::{Claim, Figure, FigureKind, How};
use crate::extract::{DateRange, Precision};
use std::collections::BTreeSet;

/// A source's claim measured against the one asked.
#[derive(Debug, Clone)]
pub struct Fit {
    pub agreement: Agreement,
    /// What share of the claim's meaning the passage has, 0 to 1.
    pub coverage: f64,
    /// The same of the sentence alone.
    pub local: f64,
    /// Names of the claim the passage does not have.
    pub missing: Vec<String>,
    /// Names of the claim that stand in the sentence or row.
    pub named: usize,
    pub period: Comparison,
    pub count: Comparison,
    pub victim: Comparison,
    pub actor: Comparison,
    pub attribution: Comparison,
    pub measure: Comparison,
}

impl Fit {
    /// Slots other than the figure that differ, by name.
    pub fn differing(&self) -> Vec<&'static str> {
        [
            ("period", self.period),
            ("count", self.count),
            ("victim", self.victim),
            ("actor", self.actor),
            ("attribution", self.attribution),
            ("measure", self.measure),
        ]
        .into_iter()
        .filter(|(_, c)| *c == Comparison::Differs)
        .map(|(name, _)| name)
        .collect()
    }

    /// By which evidence is put in order.
    pub fn score(&self) -> f64 {
        let carries = if self.agreement.carries() { 0.5 } else { 0.0 };
        let same = [self.period, self.count, self.victim].iter().filter(|c| **c == Comparison::Same).count();
        self.coverage + 0.3 * self.local + carries + 0.1 * (same + self.named.min(3)) as f64
            - 0.15 * self.differing().len() as f64
            - 0.3 * self.missing.len() as f64
    }
}

/// Measures one claim of a passage.
pub fn fit(asked: &Asked, passage: &Prepared, claim: &Claim) -> Fit {
    let sentence = passage.sentence(claim);
    let whole = passage.whole();
    let near = |key: &str| {
        if sentence.contains(key) {
            Some(Nearness::Sentence)
        } else if whole.contains(key) {
            Some(Nearness::Passage)
        } else if passage.above.contains(key) {
            Some(Nearness::Above)
        } else if passage.title.contains(key) {
            Some(Nearness::Title)
        } else {
            None
        }
    };
    let (mut all, mut here, mut local) = (0.0, 0.0, 0.0);
    let (mut missing, mut named) = (Vec::new(), 0);
    for (term, weight) in &asked.terms {
        all += weight;
        let kin = term.entry.filter(|e| !e.kin.is_empty()).and_then(|e| near(&format!("%{}", e.kin)));
        let found = near(&term.key).or(kin).or_else(|| part(term.key.as_str(), term.sense, &near));
        let worth = match found {
            Some(Nearness::Sentence) => 1.0,
            Some(Nearness::Passage) => 0.8,
            Some(Nearness::Above) => 0.7,
            Some(Nearness::Title) => 0.5,
            None => 0.0,
        };
        here += weight * worth;
        if found == Some(Nearness::Sentence) {
            local += weight;
        }
        if term.sense == Sense::Name || (term.sense == Sense::Actor && term.key != "@North Korea") {
            match found {
                Some(Nearness::Sentence) => named += 1,
                Some(_) => {}
                None => missing.push(term.key.trim_start_matches(['#', '@']).to_string()),
            }
        }
    }
    let share = |x: f64| if all > 0.0 { x / all } else { 1.0 };
    Fit {
        agreement: compare(&asked.figure, &claim.figure),
        coverage: share(here),
        local: share(local),
        missing,
        named,
        period: period(asked, passage, claim),
        count: count(asked, claim),
        victim: victim(asked, claim),
        actor: actor(asked, claim),
        attribution: attribution(asked, claim, &whole),
        measure: measure(asked, passage, claim),
    }
}

/// A name that belongs to another is found by it: Lazarus by North Korea, at less.
fn part(key: &str, sense: Sense, near: &dyn Fn(&str) -> Option<Nearness>) -> Option<Nearness> {
    if !matches!(sense, Sense::Source | Sense::Place) {
        return None;
    }
    let entry = vocabulary::entry(key.strip_prefix('@')?)?;
    let found = entry.within.iter().find_map(|whole| near(&format!("@{whole}")));
    found.map(|_| Nearness::Title)
}

fn period(asked: &Asked, passage: &Prepared, claim: &Claim) -> Comparison {
    let Some(wanted) = asked.periods.first() else { return Comparison::Absent };
    if claim.figure.kind == FigureKind::Date {
        return Comparison::Absent;
    }
    let fits = |p: &DateRange| asked.periods.iter().any(|w| same_period(w, p));
    if claim.periods.is_empty() {
        // A figure without a period is of no day after its publication.
        let published = passage.document.meta.published.as_deref().and_then(crate::index::values::period);
        return match published {
            Some((_, end)) if wanted.start > end => Comparison::Differs,
            _ => Comparison::Absent,
        };
    }
    if claim.periods.iter().any(|p| fits(&p.value)) {
        return Comparison::Same;
    }
    // What is inherited from afar proves nothing by being different.
    match claim.periods.first().map(|p| p.how) {
        Some(How::Said | How::Sentence | How::Table) => Comparison::Differs,
        _ => Comparison::Absent,
    }
}

/// Days by which the ends of two stretches may differ.
const SLACK: i32 = 45;

/// Whether a source's period can be the claim's.
pub fn same_period(wanted: &DateRange, found: &DateRange) -> bool {
    let days =
        |a: jiff::civil::Date, b: jiff::civil::Date| a.since(b).map_or(i32::MAX, |s| s.get_days().abs());
    let apart = found.end < wanted.start || found.start > wanted.end;
    if apart {
        // `late 2023` and other soft borders.
        let gap = days(found.end, wanted.start).min(days(wanted.end, found.start));
        return (wanted.approx || found.approx) && gap <= SLACK;
    }
    let within = |inner: &DateRange, outer: &DateRange| inner.start >= outer.start && inner.end <= outer.end;
    let stretch = |p: &DateRange| p.precision == Precision::Span;
    if stretch(wanted) && stretch(found) {
        return days(wanted.start, found.start) <= SLACK && days(wanted.end, found.end) <= SLACK;
    }
    if stretch(found) && !wanted.approx {
        // A stretch of several years is not one of them.
        return within(found, wanted)
            || days(wanted.start, found.start) + days(wanted.end, found.end) <= 2 * SLACK;
    }
    if stretch(wanted) {
        return within(found, wanted) && days(found.start, found.end) * 2 >= days(wanted.start, wanted.end);
    }
    within(found, wanted) || within(wanted, found) || wanted.approx || found.approx
}

/// Whether two counts are of the same thing: the last word of their names, or its class.
fn same_thing(a: &Figure, b: &Figure) -> bool {
    let heads = |f: &Figure| -> BTreeSet<String> {
        let mut found: BTreeSet<String> =
            vocabulary::find(&f.unit).into_iter().map(|v| v.entry.name.to_string()).collect();
        found.extend(
            f.unit.split_whitespace().filter(|w| w.len() > 3).map(|w| w.trim_end_matches('s').to_string()),
        );
        found
    };
    !heads(a).is_disjoint(&heads(b))
}

fn count(asked: &Asked, claim: &Claim) -> Comparison {
    let mut result = Comparison::Absent;
    for wanted in asked.claim.counts.iter().map(|c| &c.value) {
        let alike: Vec<Agreement> = claim
            .counts
            .iter()
            .map(|c| &c.value)
            .filter(|f| same_thing(f, wanted))
            .map(|f| compare(wanted, f))
            .collect();
        if alike.iter().any(|a| a.carries()) {
            if result == Comparison::Absent {
                result = Comparison::Same;
            }
        } else if !alike.is_empty() {
            result = Comparison::Differs;
        }
    }
    result
}

fn victim(asked: &Asked, claim: &Claim) -> Comparison {
    let wanted = &asked.claim.victims;
    let found: Vec<&str> =
        claim.victims.iter().filter(|v| v.how == How::Said).map(|v| v.value.as_str()).collect();
    if !wanted.is_empty() && !found.is_empty() {
        return match wanted.iter().any(|w| found.contains(&w.value.as_str())) {
            true => Comparison::Same,
            false => Comparison::Differs,
        };
    }
    let said = |places: &[crate::claims::Slot<String>]| -> Vec<String> {
        places
            .iter()
            .filter(|p| p.how == How::Said || p.how == How::Sentence)
            .map(|p| p.value.clone())
            .collect()
    };
    let (wanted, found) = (said(&asked.claim.places), said(&claim.places));
    if wanted.is_empty() || found.is_empty() {
        return Comparison::Absent;
    }
    match wanted.iter().any(|w| found.iter().any(|f| related(w, f))) {
        true => Comparison::Same,
        // Who says so is named by places too.
        false if asked.claim.attribution.iter().any(|a| wanted.contains(&a.value)) => Comparison::Absent,
        false => Comparison::Differs,
    }
}

fn actor(asked: &Asked, claim: &Claim) -> Comparison {
    let wanted = &asked.claim.actors;
    if wanted.is_empty() || claim.actors.is_empty() {
        return Comparison::Absent;
    }
    match wanted.iter().any(|w| claim.actors.iter().any(|f| related(&w.value, &f.value))) {
        true => Comparison::Same,
        false => Comparison::Differs,
    }
}

fn attribution(asked: &Asked, claim: &Claim, whole: &BTreeSet<String>) -> Comparison {
    let wanted: Vec<&str> = asked
        .claim
        .attribution
        .iter()
        .filter(|a| a.span.is_some())
        .map(|a| a.value.as_str())
        .filter(|a| *a != "United Nations" && *a != "press")
        .collect();
    if wanted.is_empty() || claim.attribution.is_empty() {
        return Comparison::Absent;
    }
    let told = |name: &str| {
        claim.attribution.iter().any(|f| related(name, &f.value)) || whole.contains(&format!("@{name}"))
    };
    match wanted.iter().any(|w| told(w)) {
        true => Comparison::Same,
        false => Comparison::Differs,
    }
}

/// Measures that make another figure of a figure.
const TELLING: [&str; 7] = ["attempt", "average", "demand", "launder", "potential", "recover", "reward"];

fn measure(asked: &Asked, passage: &Prepared, claim: &Claim) -> Comparison {
    let wanted: BTreeSet<&str> = asked.measures().filter(|m| TELLING.contains(m)).collect();
    let found: BTreeSet<&str> =
        claim.actions.iter().map(|a| a.value.as_str()).filter(|m| TELLING.contains(m)).collect();
    let sentence = passage.inside(claim.sentence).of(&passage.record.text);
    if rates_differ(&asked.text, sentence) {
        return Comparison::Differs;
    }
    let one_sided = |class: &str| wanted.contains(class) != found.contains(class);
    match one_sided("attempt") && !wanted.contains("potential") && !found.contains("potential") {
        true => Comparison::Differs,
        false => Comparison::Absent,
    }
}

/// Per year against per case.
fn rates_differ(claim: &str, source: &str) -> bool {
    let rate = |text: &str| {
        let text = format!(" {} ", text.to_lowercase());
        let any = |words: &[&str]| words.iter().any(|w| text.contains(w));
        (
            any(&[" per year", " a year", " annually", " yearly", " annual ", " each year", " every year"]),
            any(&[
                " per attack",
                " each attack",
                " per incident",
                " per case",
                " an attack ",
                " per breach",
                " per victim",
                " every attack",
                " single attack",
            ]) || (text.contains(" each ") && text.contains("attack")),
        )
    };
    matches!((rate(claim), rate(source)), ((true, false), (false, true)) | ((false, true), (true, false)))
}
