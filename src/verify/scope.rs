//! How well what a source's claim is about fits what is asked: shared terms weighed by how much
//! each tells and by how near they stand, and the slots one by one.

use super::Comparison;
use super::asked::Asked;
use super::carried::{Objection, cues, is_nobody_named, objections};
use super::figure::{Agreement, compare};
use super::initials;
use super::listed::crossed;
use super::passage::{Nearness, Prepared};
use super::rates::{rate, rates_differ};
use super::synonyms;
use super::terms::{Sense, Term};
use super::windows::{Window, period};
use crate::claims::ages;
use crate::claims::vocabulary::{self, related};
use crate::claims::{Claim, Figure, FigureKind, How, Slot};
use crate::document::Span;
use crate::extract::exchanges;
use rust_decimal::Decimal;
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
    /// Names and places of the claim the passage has, wherever.
    pub anchors: usize,
    /// Places of the claim the passage does not have.
    pub lost_places: usize,
    /// The document is of the year in which the claim says it was told.
    pub told_then: bool,
    /// In a list of figures the name asked for stands with another one.
    pub crossed: bool,
    /// A table row of a victim the claim does not name.
    pub unasked: bool,
    /// The claim is of a sort of crime that the passage and what stands above it do not name.
    pub off_topic: bool,
    pub period: Comparison,
    pub window: Window,
    pub count: Comparison,
    pub victim: Comparison,
    pub actor: Comparison,
    pub attribution: Comparison,
    pub measure: Comparison,
    /// The passage has a name that the claim does not have.
    pub other_name: bool,
    /// Its figure is an average, a rate or a demand where the claim is not, or the reverse: it speaks against nothing.
    pub aside: bool,
    /// The claim blames somebody whom neither passage nor document names.
    pub nobody: bool,
    /// It says by how much something rose or fell.
    pub change: bool,
    /// Its passage is of one sort of crime, the claim of none: a part of the claim's total.
    pub of_a_sort: bool,
    /// What keeps a figure that agrees from being the claim's.
    pub objections: Vec<Objection>,
    /// Both are of one age group.
    pub of_age: bool,
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

    /// Whether its figure may be set against the claim's: of windows that only overlap each has its own.
    pub fn is_one_window(&self) -> bool {
        match self.window {
            Window::One => true,
            Window::Within => self.named > 0 || self.victim == Comparison::Same,
            Window::Overlap => false,
        }
    }

    /// Whether nothing but who says so differs.
    pub fn is_one_scope(&self) -> bool {
        self.differing().iter().all(|slot| *slot == "attribution")
    }

    /// How much speaks for the same thing: the words, and slots that agree.
    pub fn strength(&self) -> f64 {
        let same = |c: Comparison, worth: f64| if c == Comparison::Same { worth } else { 0.0 };
        self.coverage
            + same(self.period, 0.12)
            + same(self.count, 0.15)
            + if self.named > 0 { 0.1 } else { 0.0 }
            + if self.told_then { 0.08 } else { 0.0 }
            + if self.of_age { OF_AGE } else { 0.0 }
            - 0.12 * self.lost_places as f64
            - if self.unasked { 0.25 } else { 0.0 }
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

/// What it speaks for two figures to be of one age group.
const OF_AGE: f64 = 0.3;

/// Whether a claim is a passage's own sentence, word for word.
fn is_verbatim(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let text = passage.inside(claim.sentence).of(&passage.record.text);
    text.split_whitespace().eq(asked.text.split_whitespace())
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
    let (mut missing, mut named, mut anchors, mut lost_places) = (Vec::new(), 0, 0, 0_usize);
    for (term, weight) in &asked.terms {
        all += weight;
        let kin = term.entry.filter(|e| !e.kin.is_empty()).and_then(|e| near(&format!("%{}", e.kin)));
        let found = near(&term.key)
            .or(kin)
            .or_else(|| part(term.key.as_str(), term.sense, &near))
            .or_else(|| as_written(&term.key, passage, claim))
            .or_else(|| in_name(term, asked, passage, claim));
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
        lost_places += usize::from(found.is_none() && term.sense == Sense::Place);
        let named_actor = term.sense == Sense::Actor && term.key != "@North Korea";
        let anchor = named_actor || matches!(term.sense, Sense::Name | Sense::Place);
        anchors += usize::from(found.is_some() && anchor);
        if term.sense == Sense::Name || named_actor {
            match found {
                Some(Nearness::Sentence) => named += 1,
                Some(_) => {}
                None if initials::stands_in(&passage.record.text, &asked.text, term, &asked.terms) => {
                    named += 1;
                    here += weight * 0.8;
                }
                None => missing.push(term.key.trim_start_matches(['#', '@']).to_string()),
            }
        }
    }
    without_aliases(asked, &mut missing);
    let share = |x: f64| if all > 0.0 { x / all } else { 1.0 };
    let names: Vec<&str> =
        asked.terms.iter().filter(|(t, _)| t.sense == Sense::Name).map(|(t, _)| t.key.as_str()).collect();
    let span = passage.inside(claim.sentence);
    let other_name = passage.terms.iter().any(|t| {
        t.sense == Sense::Name
            && span.contains(t.span)
            && t.span.end <= passage.inside(claim.span).start
            && !asked.terms.iter().any(|(a, _)| a.key == t.key)
            && is_proper(t.span.of(&passage.record.text))
    });
    let other_written = passage
        .terms
        .iter()
        .any(|t| t.sense == Sense::Name && !asked.terms.iter().any(|(a, _)| a.key == t.key));
    let replaced = !names.is_empty()
        && !names.iter().any(|n| sentence.contains(*n))
        && other_name
        && !passage.record.is_row();
    // Whose sentence it is, is told of whatever sort of crime the claim calls it.
    let off_topic = is_off_topic(asked, passage) && !(named > 0 && missing.is_empty())
        || is_of_other_sort(asked, passage, claim);
    let victim_is = match victim(asked, passage, claim, &whole) {
        Comparison::Absent if replaced => Comparison::Differs,
        v => v,
    };
    let agreement = compare(&asked.figure, &claim.figure);
    let (period, window) = period(asked, passage, claim);
    let mut fit = Fit {
        agreement,
        coverage: share(here),
        local: share(local),
        missing,
        named,
        anchors,
        lost_places,
        told_then: told_then(asked, passage),
        crossed: crossed(asked, passage, claim),
        unasked: named == 0 && claim.victims.iter().any(|v| v.how == How::Said) && passage.record.is_row(),
        off_topic,
        period,
        window,
        count: count(asked, claim),
        victim: victim_is,
        actor: actor(asked, claim),
        attribution: attribution(asked, passage, claim, &whole),
        measure: measure(asked, passage, claim, (off_topic, share(local))),
        aside: is_aside(asked, passage, claim),
        of_a_sort: asked.terms.iter().all(|(t, _)| topic(t).is_none()) && names_a_sort(passage),
        nobody: is_nobody_named(asked, passage, claim),
        change: grows(passage, claim),
        objections: Vec::new(),
        other_name: other_written,
        of_age: is_of_age(asked, passage, claim),
    };
    // A source's own sentence says what it says.
    if agreement.carries() && fit.local > 0.99 && is_verbatim(asked, passage, claim) {
        fit.crossed = false;
        fit.missing.clear();
        for slot in [
            &mut fit.period,
            &mut fit.count,
            &mut fit.victim,
            &mut fit.actor,
            &mut fit.attribution,
            &mut fit.measure,
        ] {
            *slot = Comparison::Same;
        }
        return fit;
    }
    if agreement.carries() {
        fit.objections = objections(asked, passage, claim, named);
        for objection in &fit.objections {
            let slot = match objection.slot() {
                "actor" => &mut fit.actor,
                "victim" => &mut fit.victim,
                "attribution" => &mut fit.attribution,
                _ => &mut fit.measure,
            };
            *slot = Comparison::Differs;
        }
    }
    fit
}

/// Where a service stands in a passage by a name that alone does not tell it from a word: `Nomad` in a table.
fn as_written(key: &str, passage: &Prepared, claim: &Claim) -> Option<Nearness> {
    let name = key.strip_prefix('#')?;
    let text = &passage.record.text;
    let row = passage.record.is_row();
    let written = |form: &str| {
        let same = |at: &str| if row { at.eq_ignore_ascii_case(form) } else { at == form };
        let places =
            passage.terms.iter().map(|t| t.span.start).chain(passage.mentions.iter().map(|m| m.span.start));
        places
            .map(|start| Span::new(start, start + form.len()))
            .filter(|at| text.get(at.start..at.end).is_some_and(same) && vocabulary::is_whole(text, *at))
            .min_by_key(|at| !passage.inside(claim.sentence).contains(*at))
    };
    let found = std::iter::once(name).chain(exchanges::spellings(name)).find_map(written)?;
    match passage.inside(claim.sentence).contains(found) {
        true => Some(Nearness::Sentence),
        false => Some(Nearness::Passage),
    }
}

/// Where a name stands as a part of a service's: `M2` in M2 Exchange.
fn in_name(term: &Term, asked: &Asked, passage: &Prepared, claim: &Claim) -> Option<Nearness> {
    let word = term.span.of(&asked.text);
    if term.sense != Sense::Name || term.key.starts_with('#') {
        return None;
    }
    let part = |name: &str| name.split_whitespace().any(|w| w.eq_ignore_ascii_case(word));
    let services = passage.terms.iter().filter(|t| t.key.starts_with('#'));
    let found = services.filter(|t| part(t.span.of(&passage.record.text)));
    found.map(|t| passage.inside(claim.sentence).contains(t.span)).max().map(|here| match here {
        true => Nearness::Sentence,
        false => Nearness::Passage,
    })
}

/// Bytes between two names of one thing: `PYSA, also known as Mespinoza`.
const ALIAS: usize = 24;

/// Leaves out of what is missing the second names of what is there: of `PYSA, alias Mespinoza` one is enough.
fn without_aliases(asked: &Asked, missing: &mut Vec<String>) {
    let key = |t: &Term| t.key.trim_start_matches(['#', '@']).to_string();
    let mut names: Vec<&Term> = asked
        .terms
        .iter()
        .map(|(t, _)| t)
        .filter(|t| matches!(t.sense, Sense::Name | Sense::Actor))
        .collect();
    names.sort_by_key(|t| t.span);
    for pair in names.windows(2) {
        let [a, b] = pair else { continue };
        let between = asked.text.get(a.span.end..b.span.start).unwrap_or("");
        if between.len() > ALIAS || cues(between, "alias").is_empty() {
            continue;
        }
        let gone = |t: &Term| missing.contains(&key(t));
        match (gone(a), gone(b)) {
            (true, false) => missing.retain(|m| *m != key(a)),
            (false, true) => missing.retain(|m| *m != key(b)),
            _ => {}
        }
    }
}

/// A word with a capital inside: `CryptoLocker`.
pub fn is_proper(word: &str) -> bool {
    let inner = word.chars().skip(1);
    inner.clone().any(char::is_uppercase) && inner.into_iter().any(char::is_lowercase)
}

fn told_then(asked: &Asked, passage: &Prepared) -> bool {
    let published = passage.document.meta.published.as_deref().and_then(crate::index::values::period);
    published.is_some_and(|(start, end)| asked.said_in.iter().any(|s| s.start <= end && start <= s.end))
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

/// What stands for a class where things are counted: thefts are attacks, and so are attempts at them.
fn sort_of(entry: &vocabulary::Entry) -> &'static str {
    match entry.name {
        "attempt" => "loss",
        name if entry.kin.is_empty() => name,
        _ => entry.kin,
    }
}

/// Sorts of things that happen so many times.
const EVENTS: [&str; 4] = ["complaint", "launch", "loss", "phishing"];

/// Whether two counts are of the same thing: the last word of their names, or its class.
pub fn same_thing(a: &Figure, b: &Figure) -> bool {
    // `customers' names` are names.
    let owned = |f: &Figure| {
        let name = f.unit.rsplit(['\'', '’']).next().unwrap_or("").trim();
        let name = name.strip_prefix("s ").unwrap_or(name);
        Figure { unit: if name.len() > 1 { name.to_string() } else { f.unit.clone() }, ..f.clone() }
    };
    let (a, b) = (&owned(a), &owned(b));
    let heads = |f: &Figure| -> BTreeSet<String> {
        let mut found: BTreeSet<String> =
            vocabulary::find(&f.unit).into_iter().map(|v| sort_of(v.entry).to_string()).collect();
        found.extend(
            f.unit.split_whitespace().filter(|w| w.len() > 3).map(|w| w.trim_end_matches('s').to_string()),
        );
        if found.contains("tonne") {
            found.insert("ton".to_string());
        }
        found.extend(f.unit.split_whitespace().filter_map(synonyms::key_of));
        found
    };
    // `Infections` are of `infected machines`.
    let kindred = |a: &String, b: &String| {
        let shared = a.chars().zip(b.chars()).take_while(|(x, y)| x == y).count();
        a == b || shared >= KINDRED
    };
    // What a name ends with is what is counted: missile launches are no missiles.
    let last = |f: &Figure| {
        let word = f.unit.split_whitespace().next_back()?;
        vocabulary::find(word).first().map(|v| sort_of(v.entry))
    };
    // `Attacked 350 times` counts attacks.
    let times = |f: &Figure| f.unit.split_whitespace().next() == Some("times");
    let happens = |f: &Figure| last(f).is_some_and(|l| EVENTS.contains(&l));
    if (times(a) && happens(b)) || (times(b) && happens(a)) {
        return true;
    }
    let others = matches!((last(a), last(b)), (Some(a), Some(b)) if a != b);
    let (ours, theirs) = (heads(a), heads(b));
    !others && ours.iter().any(|x| theirs.iter().any(|y| kindred(x, y)))
}

/// Letters that two words of one stem share.
const KINDRED: usize = 6;

/// Bytes after a count in which the name of what it counts may end.
const NAME_ENDS: usize = 90;

/// Whether what is asked for stands in the words right after a count, behind a bracket or a longer
/// name: `19,369 Business Email Compromise (BEC) complaints`.
fn goes_on_to(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let text = &passage.record.text;
    let from = passage.inside(claim.span).end;
    let to = (from + NAME_ENDS).min(passage.inside(claim.sentence).end).max(from);
    let after = text.get(from..text.floor_char_boundary(to)).unwrap_or("");
    let after = after.split([',', ';', '.', ':', '|']).next().unwrap_or("");
    let ends = |w: &&str| {
        !["of", "with", "by", "from", "in", "for", "to", "and", "on", "that"].contains(w)
            && !w.starts_with(|c: char| c.is_ascii_digit())
    };
    let after = after.split_whitespace().take_while(ends).collect::<Vec<_>>().join(" ");
    same_thing(&asked.figure, &Figure { unit: after.to_lowercase(), ..claim.figure.clone() })
}

fn count(asked: &Asked, claim: &Claim) -> Comparison {
    let mut result = Comparison::Absent;
    for wanted in asked.claim.counts.iter().map(|c| &c.value) {
        // A number of three digits and more is seldom the same by chance, whatever it is called.
        let digits = wanted.digits().first().map_or(0, String::len);
        if digits >= 3 && claim.counts.iter().any(|c| c.value.low == wanted.low) {
            result = Comparison::Same;
            continue;
        }
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

/// Bytes between a word of moving and the service something is moved through.
const ROUTE: usize = 50;

/// Whether a service is where the money went and not whose it was: `sent to wallets in Uniswap`.
pub fn is_route(text: &str, at: Span) -> bool {
    let from = text.floor_char_boundary(at.start.saturating_sub(ROUTE));
    let before = text.get(from..at.start).unwrap_or("");
    let before = before.rsplit(['.', ';', ',']).next().unwrap_or("");
    !cues(before, "route").is_empty()
}

/// Whether claim and figure are of one age group.
fn is_of_age(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let sentence = passage.inside(claim.sentence).of(&passage.record.text);
    let figure = claim.span.start.saturating_sub(claim.sentence.start);
    let wanted = ages::find(&asked.text).map(|(ages, _)| ages);
    wanted.is_some() && wanted == ages::at(sentence, figure)
}

fn victim(asked: &Asked, passage: &Prepared, claim: &Claim, whole: &BTreeSet<String>) -> Comparison {
    let sentence = passage.inside(claim.sentence).of(&passage.record.text);
    let age = |text: &str| ages::find(text).map(|(ages, _)| ages);
    let figure = claim.span.start.saturating_sub(claim.sentence.start);
    match (age(&asked.text), ages::at(sentence, figure)) {
        // An earlier sentence may have named the group.
        (Some(wanted), None) if age(&passage.record.text) == Some(wanted) => {}
        (wanted, found) if wanted != found => return Comparison::Differs,
        _ => {}
    }
    let wanted = &asked.claim.victims;
    let found: Vec<&str> = claim
        .victims
        .iter()
        .filter(|v| {
            v.how == How::Said && !v.span.is_some_and(|s| is_route(&passage.record.text, passage.inside(s)))
        })
        .map(|v| v.value.as_str())
        .collect();
    if !wanted.is_empty() && !found.is_empty() {
        return match wanted.iter().any(|w| found.contains(&w.value.as_str())) {
            true => Comparison::Same,
            false => Comparison::Differs,
        };
    }
    // The passage speaks of another service, and of the one asked for nowhere.
    let elsewhere = claim.victims.iter().any(|v| v.how == How::Sentence)
        && wanted.iter().all(|w| !whole.contains(&format!("#{}", w.value)));
    if !wanted.is_empty() && elsewhere {
        return Comparison::Differs;
    }
    let said = |places: &[Slot<String>]| -> Vec<String> {
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

/// A government that is not named, as `names.tsv` calls it.
const MEMBER_STATE: &str = "Member State";

fn attribution(asked: &Asked, passage: &Prepared, claim: &Claim, whole: &BTreeSet<String>) -> Comparison {
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
    let sentence = passage.inside(claim.sentence).of(&passage.record.text).to_lowercase();
    let denied = ["not from the report", "not by the panel", "not from the panel", "not the report"];
    if denied.iter().any(|d| sentence.contains(d)) {
        return Comparison::Differs;
    }
    // What a document publishes it says, whomever it has it from.
    let publishes =
        |name: &str| claim.attribution.iter().any(|f| f.how == How::Document && related(name, &f.value));
    let own = own_sources(passage, claim);
    // What a Member State told is not what a firm did, though one report passes on both.
    let informed = claim.attribution.iter().any(|f| f.span.is_some() && !publishes(&f.value));
    let by_state = wanted.contains(&MEMBER_STATE);
    if informed && by_state && !claim.attribution.iter().any(|f| related(MEMBER_STATE, &f.value)) {
        return Comparison::Differs;
    }
    if !own.is_empty() && !wanted.iter().any(|w| publishes(w)) {
        return match wanted.iter().any(|w| own.iter().any(|o| related(w, o))) {
            true => Comparison::Same,
            false => Comparison::Differs,
        };
    }
    let told = |name: &str| {
        claim.attribution.iter().any(|f| related(name, &f.value)) || whole.contains(&format!("@{name}"))
    };
    match wanted.iter().any(|w| told(w)) {
        true => Comparison::Same,
        false => Comparison::Differs,
    }
}

/// Bytes behind a figure in which it is said according to whom it is.
const SOURCE: usize = 24;

/// Who says so of one of several figures of a sentence: `$630 million according to the Republic of Korea, and
/// $1 billion according to a firm`.
fn own_sources(passage: &Prepared, claim: &Claim) -> Vec<&'static str> {
    let others = |c: &&Claim| c.sentence == claim.sentence && c.figure.kind == claim.figure.kind;
    if passage.record.claims.iter().filter(others).count() < 2 {
        return Vec::new();
    }
    let text = &passage.record.text;
    let (from, end) = (passage.inside(claim.span).end, passage.inside(claim.sentence).end);
    let after = text.get(from..end.max(from)).unwrap_or("");
    let after = after.split([',', ';']).next().unwrap_or("");
    match after.find("according to").filter(|at| *at <= SOURCE) {
        Some(at) => vocabulary::find(after.get(at..).unwrap_or(""))
            .into_iter()
            .filter(|f| f.entry.sort != vocabulary::Sort::Word)
            .map(|f| f.entry.name)
            .collect(),
        None => Vec::new(),
    }
}

/// Measures that make another figure of a figure.
pub const TELLING: [&str; 8] =
    ["attempt", "average", "demand", "launder", "pay", "potential", "recover", "reward"];

/// Share of the claim's words in a sentence in which a count under another name is still the claim's.
const RENAMED: f64 = 0.3;
/// The same of a count below a hundred, which is often of something else.
const RENAMED_SMALL: f64 = 0.5;

/// Whether a count is the claim's though the claim calls what is counted by a word that the sentence has for no
/// other number: mails for messages, machines for computers.
fn is_renamed(asked: &Asked, passage: &Prepared, claim: &Claim, local: f64) -> bool {
    let others =
        || passage.record.claims.iter().filter(|c| c.sentence == claim.sentence && c.span != claim.span);
    let named = |f: &Figure| f.kind == FigureKind::Count && !f.unit.is_empty();
    let taken = others().any(|c| named(&c.figure) && same_thing(&asked.figure, &c.figure));
    let sorts = |f: &Figure| -> BTreeSet<&str> {
        vocabulary::find(&f.unit).into_iter().map(|v| sort_of(v.entry)).collect()
    };
    let (ours, theirs) = (sorts(&asked.figure), sorts(&claim.figure));
    // Workers, hackers and victims are people.
    let people = ["person", "employee", "hacker"];
    let person = |sorts: &BTreeSet<&str>| sorts.iter().any(|s| people.contains(s));
    let one = person(&ours) && person(&theirs) && ours.is_disjoint(&theirs);
    let apart = !ours.is_empty() && !theirs.is_empty() && !one;
    let enough = match asked.figure.low < Decimal::ONE_HUNDRED {
        true => RENAMED_SMALL,
        false => RENAMED,
    };
    compare(&asked.figure, &claim.figure).carries() && !taken && !apart && local >= enough
}

/// `fits` is whether the claim is of a sort of crime that the passage does not name, and the share of its words in the
/// sentence.
fn measure(asked: &Asked, passage: &Prepared, claim: &Claim, fits: (bool, f64)) -> Comparison {
    let (off_topic, local) = fits;
    let wanted: BTreeSet<&str> = asked.measures().filter(|m| TELLING.contains(m)).collect();
    let found: BTreeSet<&str> =
        claim.actions.iter().map(|a| a.value.as_str()).filter(|m| TELLING.contains(m)).collect();
    let sentence = passage.inside(claim.sentence).of(&passage.record.text);
    let named = |f: &Figure| f.kind == FigureKind::Count && !f.unit.is_empty();
    let counted = named(&asked.figure) && named(&claim.figure);
    if counted
        && compare(&asked.figure, &claim.figure) != Agreement::Unit
        && !same_thing(&asked.figure, &claim.figure)
        && !goes_on_to(asked, passage, claim)
        && !is_renamed(asked, passage, claim, local)
    {
        return Comparison::Differs;
    }
    if rates_differ(asked, passage, claim, sentence) || (off_topic && names_a_topic(passage)) {
        return Comparison::Differs;
    }
    let whole = Span::new(0, asked.text.len());
    if claim.figure.kind == FigureKind::Share {
        let wanted = is_change(&asked.text, asked.claim.span, whole);
        // A word of change the list does not have makes no part of a change.
        let part = || is_part(&asked.text, asked.claim.span);
        if wanted != grows(passage, claim) && (wanted || part()) {
            return Comparison::Differs;
        }
    }
    // Of two sums of a sentence each has its own verb: demanded 74, received 43.9.
    if let (Some(wanted), Some(found)) = (own_verb(&asked.claim), own_verb(claim))
        && wanted != found
        && claim.figure.kind == FigureKind::Amount
    {
        return Comparison::Differs;
    }
    // Both say the same of this very figure, whatever is said of another beside it.
    let nearest = |claim: &Claim| {
        let apart = |s: Span| match s.start >= claim.span.end {
            true => s.start - claim.span.end,
            false => claim.span.start.saturating_sub(s.end),
        };
        let telling = claim.actions.iter().filter(|a| TELLING.contains(&a.value.as_str()));
        let near = telling.filter_map(|a| a.span.map(|s| (apart(s), a.value.clone())));
        near.filter(|(apart, _)| *apart <= VERB).min().map(|(_, name)| name)
    };
    if nearest(&asked.claim).is_some_and(|n| n != "attempt" && nearest(claim).as_ref() == Some(&n)) {
        return Comparison::Absent;
    }
    // What was demanded was not had either.
    let tried = |classes: &BTreeSet<&str>| classes.contains("attempt") || classes.contains("demand");
    let one_sided = match wanted.contains("attempt") || found.contains("attempt") {
        true => tried(&wanted) != tried(&found),
        false => false,
    };
    match one_sided && !wanted.contains("potential") && !found.contains("potential") {
        true => Comparison::Differs,
        false => Comparison::Absent,
    }
}

/// Whether a source's share is by how much something rose or fell.
fn grows(passage: &Prepared, claim: &Claim) -> bool {
    let (own, whole) = (passage.inside(claim.span), passage.inside(claim.sentence));
    let figure = Span::new(own.start.max(whole.start), own.end.max(whole.start));
    claim.figure.kind == FigureKind::Share && is_change(&passage.record.text, figure, whole)
}

/// Bytes around a share in which a word of change stands.
const CHANGED: (usize, usize) = (45, 28);

/// Whether a share is by how much something rose or fell, and not a part of a whole.
fn is_change(text: &str, share: Span, sentence: Span) -> bool {
    let (before, after) = CHANGED;
    let from =
        text.floor_char_boundary(share.start.saturating_sub(before)).max(sentence.start.min(share.start));
    let to = text.floor_char_boundary((share.end + after).min(sentence.end)).max(share.end);
    let clause = |t: &'_ str, last: bool| -> String {
        let mut parts = t.split([',', ';', ':', '.']);
        (if last { parts.next_back() } else { parts.next() }).unwrap_or("").to_string()
    };
    let lead = clause(text.get(from..share.start).unwrap_or(""), true);
    let next = clause(text.get(share.end..to).unwrap_or(""), false);
    !cues(&lead, "change").is_empty() || !cues(&next, "growth").is_empty()
}

/// Whether a share is a part of a whole: `40 per cent of its programmes`, `accounts for 40 per cent`.
fn is_part(text: &str, share: Span) -> bool {
    let before = text.get(..share.start).unwrap_or("").trim_end().to_lowercase();
    let after = text.get(share.end..).unwrap_or("").trim_start();
    let leads = ["for", "made up", "makes up", "make up", "behind", "controls", "is", "are", "were", "was"];
    after.starts_with("of ") || leads.iter().any(|w| before.ends_with(&format!(" {w}")))
}

/// Bytes before a figure in which its verb stands.
const VERB: usize = 60;

/// The verb of money asked or paid that stands last before a figure.
fn own_verb(claim: &Claim) -> Option<&str> {
    let mut before = claim.actions.iter().filter(|a| {
        let near = a.span.is_some_and(|s| s.end <= claim.span.start && claim.span.start - s.end <= VERB);
        near && ["demand", "pay", "earn"].contains(&a.value.as_str())
    });
    // What is earned was paid.
    before.next_back().map(|a| if a.value == "earn" { "pay" } else { a.value.as_str() })
}

/// The sort of crime a term names.
pub fn topic(term: &Term) -> Option<&'static str> {
    term.entry.filter(|e| e.topic).map(|e| e.name)
}

/// Whether the claim is of a sort of crime that the passage, its headings and its title do not name.
fn is_off_topic(asked: &Asked, passage: &Prepared) -> bool {
    let mut wanted = asked.terms.iter().filter_map(|(t, _)| topic(t)).peekable();
    let named = |name: &str| {
        let key = format!("@{name}");
        passage.terms.iter().any(|t| topic(t) == Some(name))
            || passage.above.contains(&key)
            || passage.title.contains(&key)
    };
    wanted.peek().is_some() && !wanted.any(named)
}

/// Whether a sentence names sorts of crime, and none of them is the claim's.
fn is_of_other_sort(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let wanted: Vec<&str> = asked.terms.iter().filter_map(|(t, _)| topic(t)).collect();
    let span = passage.inside(claim.sentence);
    let mut own = passage.terms.iter().filter(|t| span.contains(t.span)).filter_map(topic).peekable();
    !wanted.is_empty() && own.peek().is_some() && !own.any(|t| wanted.contains(&t))
}

/// Whether a sentence speaks of an average, a rate or a demand where the claim does not, or the reverse.
fn is_aside(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let sentence = passage.inside(claim.sentence).of(&passage.record.text);
    let average = |claim: &Claim| claim.actions.iter().any(|a| a.value == "average");
    let asks = |m: &str| asked.measures().any(|a| a == m);
    let reward = |claim: &Claim| claim.actions.iter().any(|a| a.value == "reward");
    average(claim) != average(&asked.claim)
        || reward(claim) != reward(&asked.claim)
        || rate(sentence).0.is_empty() != rate(&asked.text).0.is_empty()
        || (own_verb(claim) == Some("demand") && !asks("demand") && !asks("pay"))
}

/// Whether a passage, its headings or its title name any sort of crime.
fn names_a_topic(passage: &Prepared) -> bool {
    names_a_sort(passage) || passage.title.iter().any(|k| is_topic(k))
}

fn is_topic(key: &str) -> bool {
    key.strip_prefix('@').and_then(vocabulary::entry).is_some_and(|e| e.topic)
}

/// The same of the passage and its headings alone.
fn names_a_sort(passage: &Prepared) -> bool {
    passage.terms.iter().any(|t| topic(t).is_some()) || passage.above.iter().any(|k| is_topic(k))
}
