//! The claim as it is asked, read by the same stages as the sources: its figure, what else it
//! counts, its terms, periods, names, measures and who it says says so.

use super::Question;
use super::passage::Prepared;
use super::terms::{Sense, Term, Weights, terms};
use crate::claims::{self, Claim, Figure, FigureKind, counts, vocabulary};
use crate::document::{Document, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::{self, DateRange, Kind, Value};
use crate::search::candidates::Word;
use crate::structure;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A claim understood.
pub struct Asked {
    pub text: String,
    pub figure: Figure,
    /// As the claim prints it.
    pub printed: String,
    /// Its own claim, with the slots its sentence fills.
    pub claim: Claim,
    /// Terms with how much each tells.
    pub terms: Vec<(Term, f64)>,
    /// Periods of what happened.
    pub periods: Vec<DateRange>,
    /// Periods in which somebody said so.
    pub said_in: Vec<DateRange>,
    /// It says that its period is all there is: `in 2019 alone`.
    pub whole: bool,
    /// Its other sums of money.
    pub sums: Vec<Figure>,
    /// There is nothing but the figure.
    pub bare: bool,
    /// Where the claim has several figures of one kind, the keys of the terms that stand with this one.
    pub beside: Option<BTreeSet<String>>,
}

/// Reads a question.
///
/// # Errors
/// `Usage` where there is no figure in it.
pub fn read(question: &Question, weights: &Weights<'_>) -> Result<Asked> {
    let text = question.claim.split_whitespace().collect::<Vec<_>>().join(" ");
    // The whole is one sentence: what its second half leaves out its first half says.
    let mut document = structure::plain(&text);
    document.sentences = vec![Span::new(0, document.text.len())];
    for paragraph in &mut document.paragraphs {
        paragraph.sentences = (0, 1);
    }
    let findings = extract::extract(&document, &Kind::ALL);
    let all = claims::claims(&document, &findings);
    let wanted = question.figure.as_deref().map(str::trim).filter(|f| !f.is_empty());
    let claim = chosen(&all, &document, wanted).or_else(|| {
        let date = findings.mentions.iter().find_map(|m| match &m.value {
            Value::Date(d) if wanted.is_none_or(|w| m.span.of(&document.text).contains(w)) => {
                Some((m.span, d))
            }
            _ => None,
        });
        date.map(|(span, d)| dated(span, d, document.text.len()))
    });
    let claim = claim.or_else(|| {
        let mut bare = counts::bare(wanted.unwrap_or(&text));
        // `From four in 2020 to seven in 2021`
        let year = |f: &Figure| (Decimal::from(1990)..Decimal::from(2100)).contains(&f.low);
        if !bare.iter().all(year) {
            bare.retain(|f| !year(f));
        }
        let figure = bare.pop()?;
        let whole = Span::new(0, document.text.len());
        Some(Claim { figure, ..plain_claim(whole, whole) })
    });
    let Some(claim) = claim else {
        return Err(Error::new(ErrorKind::Usage, "there is no figure in the claim")
            .at(format!("{text:?}"))
            .hint("paydirt verify 'hackers stole more than $50 million in 2021'"));
    };
    let names: Vec<(Span, String)> = findings
        .mentions
        .iter()
        .filter_map(|m| match &m.value {
            Value::Exchange(x) => Some((m.span, x.name.clone())),
            _ => None,
        })
        .collect();
    let mut left_out: Vec<Span> =
        findings.mentions.iter().filter(|m| !matches!(m.value, Value::Exchange(_))).map(|m| m.span).collect();
    left_out.push(claim.span);
    if claim.figure.kind == FigureKind::Count {
        // What is counted is what the claim is about.
        left_out.pop();
    }
    let mut weighed: Vec<(Term, f64)> = Vec::new();
    for term in terms(&document.text, &names, &left_out, &weights.stems) {
        if !weighed.iter().any(|(t, _)| t.key == term.key) {
            let weight = weights.of(&term)?;
            weighed.push((term, weight));
        }
    }
    let (mut periods, mut said_in) = (Vec::new(), Vec::new());
    for slot in &claim.periods {
        let Some(span) = slot.span else { continue };
        match is_saying(&document.text, span) {
            true => said_in.push(slot.value.clone()),
            false => periods.push(softened(&document.text, span, &slot.value)),
        }
    }
    let printed = wanted.map_or_else(|| claim.span.of(&document.text).to_string(), str::to_string);
    let list: Vec<Span> = all.iter().filter(|c| c.figure.kind == claim.figure.kind).map(|c| c.span).collect();
    let beside = list.iter().position(|s| *s == claim.span).filter(|_| list.len() > 1).map(|own| {
        let part = part_of(&document.text, &list, own, Span::new(0, document.text.len()));
        weighed.iter().filter(|(t, _)| part.contains(t.span)).map(|(t, _)| t.key.clone()).collect()
    });
    let bare = weighed.iter().all(|(t, _)| t.sense == Sense::Source) && claim.periods.is_empty();
    Ok(Asked {
        figure: claim.figure.clone(),
        printed,
        terms: weighed,
        periods,
        said_in,
        whole: is_whole(&text),
        sums: all
            .iter()
            .filter(|c| c.figure.kind == FigureKind::Amount && c.span != claim.span)
            .map(|c| c.figure.clone())
            .collect(),
        bare,
        beside,
        text,
        claim,
    })
}

/// Words for a stretch at the end of a month or year, and its days.
const LAST: [(&str, i32); 6] = [
    ("last days of", 12),
    ("final days of", 12),
    ("closing days of", 12),
    ("last weeks of", 45),
    ("final weeks of", 45),
    ("closing weeks of", 45),
];

/// A period, roughly where only its last days or weeks are meant.
fn softened(text: &str, span: Span, period: &DateRange) -> DateRange {
    let from = text.floor_char_boundary(span.start.saturating_sub(20));
    let led = text.get(from..span.end).unwrap_or("").to_lowercase();
    let Some((_, days)) = LAST.iter().find(|(words, _)| led.contains(words)) else { return period.clone() };
    let Ok(start) = period.end.checked_sub(jiff::Span::new().days(*days)) else { return period.clone() };
    DateRange { start, approx: true, precision: extract::Precision::Span, ..period.clone() }
}

/// Whether a claim says that its period is all there is: `in 2019 alone`, `over the whole of 2019`.
fn is_whole(claim: &str) -> bool {
    let lower = claim.to_lowercase();
    let year = |word: &str| lower.split(word).nth(1).map(str::trim_start).unwrap_or("").starts_with("20");
    ["whole of", "all of", "entire year", "full year", "throughout"].iter().any(|w| year(w))
        || ["whole year", "entire year", "full year"].iter().any(|w| lower.contains(w))
        || lower.match_indices(" alone").any(|(at, _)| {
            lower.get(..at).is_some_and(|b| {
                b.ends_with(|c: char| c.is_ascii_digit()) || b.ends_with("half") || b.ends_with("quarter")
            })
        })
}

/// Words after which the name of what a figure is of follows it: `58 per cent for ether`.
const LEADS: [&str; 8] = ["from", "at", "for", "to", "against", "of", "in", "by"];

/// The stretch of a sentence that belongs to one of its figures: up to it from the figure before, or
/// from it to the next where a name follows it.
pub fn part_of(text: &str, list: &[Span], own: usize, sentence: Span) -> Span {
    let edge = |i: Option<usize>| i.and_then(|i| list.get(i));
    let from = edge(own.checked_sub(1)).map_or(sentence.start, |s| s.end);
    let Some(here) = list.get(own) else { return sentence };
    let to = edge(Some(own + 1)).map_or(sentence.end, |s| s.start);
    let after = text.get(here.end..to.max(here.end)).unwrap_or("");
    let mut words = after.split_whitespace();
    let led = words.by_ref().take(3).any(|w| LEADS.contains(&w));
    let named = led && words.next().is_some_and(|w| w.starts_with(char::is_uppercase));
    match named {
        true => Span::new(here.end, to.max(here.end)),
        false => Span::new(from.min(here.end), here.end),
    }
}

/// The claim of the wanted figure: that which its words hold; else the first amount, share, count.
fn chosen(all: &[Claim], document: &Document, wanted: Option<&str>) -> Option<Claim> {
    if let Some(wanted) = wanted
        && let Some(at) = place_of(&document.text, wanted)
    {
        let span = Span::new(at, at + wanted.len());
        let inside: Vec<&Claim> = all.iter().filter(|c| c.span.overlaps(span)).collect();
        let money = inside.iter().find(|c| c.figure.kind == FigureKind::Amount);
        let mut claim = (*money.or(inside.last())?).clone();
        // `From seven in 2020 to eleven in 2021` is of both years.
        for other in inside.iter().filter(|c| c.figure.kind == claim.figure.kind) {
            for period in &other.periods {
                if !claim.periods.contains(period) {
                    claim.periods.push(period.clone());
                }
            }
        }
        return Some(claim);
    }
    let order = [FigureKind::Amount, FigureKind::Share, FigureKind::Count];
    order.iter().find_map(|kind| all.iter().find(|c| c.figure.kind == *kind)).cloned()
}

/// Where the wanted figure stands in the claim: as a whole, else as a part of something longer (the `20` of 2021).
fn place_of(text: &str, wanted: &str) -> Option<usize> {
    let (lower, wanted) = (text.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    let places = || lower.match_indices(&wanted).map(|(at, _)| at);
    places()
        .find(|at| vocabulary::is_whole(text, Span::new(*at, at + wanted.len())))
        .or_else(|| places().next())
}

fn plain_claim(span: Span, sentence: Span) -> Claim {
    Claim {
        span,
        sentence,
        figure: Figure {
            kind: FigureKind::Count,
            unit: String::new(),
            low: Decimal::ZERO,
            high: Decimal::ZERO,
            hedge: extract::Hedge::Exact,
        },
        actions: Vec::new(),
        actors: Vec::new(),
        victims: Vec::new(),
        counts: Vec::new(),
        places: Vec::new(),
        periods: Vec::new(),
        attribution: Vec::new(),
    }
}

/// A date as what is asserted; its first and last day are numbers of eight digits.
pub fn dated(span: Span, date: &DateRange, end: usize) -> Claim {
    let mut claim = plain_claim(span, Span::new(0, end));
    claim.figure.kind = FigureKind::Date;
    let number = |d: jiff::civil::Date| {
        Decimal::from(i32::from(d.year()) * 10_000 + i32::from(d.month()) * 100 + i32::from(d.day()))
    };
    claim.figure.low = number(date.start);
    claim.figure.high = number(date.end);
    claim
}

/// The day of such a number.
pub fn day_of(number: Decimal) -> Option<jiff::civil::Date> {
    let number = number.to_i32()?;
    let part = |n: i32| i8::try_from(n % 100).ok();
    jiff::civil::Date::new(i16::try_from(number / 10_000).ok()?, part(number / 100)?, part(number)?).ok()
}

/// Words of saying that a date may follow or lead.
const SAYING: [&str; 28] = [
    "said",
    "says",
    "reported",
    "reports",
    "warned",
    "warns",
    "announced",
    "told",
    "wrote",
    "stated",
    "published",
    "estimated",
    "calculated",
    "disclosed",
    "revealed",
    "noted",
    "counted",
    "report",
    "reckoned",
    "concluded",
    "claimed",
    "found",
    "panel in",
    "experts in",
    "advisory",
    "charged",
    "put the",
    "assessed",
];

/// Whether a date is when somebody said so: `warned in May 2022`, `In 2019, UN experts reported`.
pub fn is_saying(text: &str, date: Span) -> bool {
    let words = |text: &str| text.to_lowercase();
    let before = text.get(..date.start).unwrap_or("").trim_end();
    // `By the summer of 2019` is when it was known, not when it happened.
    let by = before.to_lowercase();
    if by.ends_with(" by") || by == "by" || by.ends_with("by the") || by.ends_with("as of") {
        return true;
    }
    let clause = before.rsplit([',', ';', ':']).next().unwrap_or("");
    let near: Vec<&str> = clause.split_whitespace().rev().take(6).collect();
    let near = words(&near.into_iter().rev().collect::<Vec<_>>().join(" "));
    // `Stole an estimated $1.7 billion in 2022` says when it was stolen.
    let near = near.replace("an estimated", "").replace("reports of", "");
    // What is reported to somebody, or was reported, happened then.
    if ["reported to", "were reported", "was reported", "losses reported"].iter().any(|w| near.contains(w)) {
        return false;
    }
    let has = |text: &str| SAYING.iter().any(|s| format!(" {text} ").contains(&format!(" {s} ")));
    // Saying, and nothing said yet between it and the date.
    if has(&near) && !near.contains(" that ") {
        return true;
    }
    let after = text.get(date.end..).unwrap_or("");
    let leads = before.split_whitespace().count() <= 1 && after.starts_with(',');
    let next: Vec<&str> = after.trim_start_matches(',').split_whitespace().take(6).collect();
    leads && has(&words(&next.join(" ")))
}

impl Asked {
    /// Makes a name of the word the claim begins with where the passages write it like one: at the
    /// beginning of a sentence every word has a capital.
    pub fn name_from(&mut self, passages: &[Rc<Prepared>], weights: &Weights<'_>) -> Result<()> {
        let capital =
            |t: &Term| t.sense == Sense::Word && t.span.of(&self.text).starts_with(char::is_uppercase);
        let Some(at) = self.terms.iter().position(|(t, _)| capital(t)) else { return Ok(()) };
        let Some((term, weight)) = self.terms.get_mut(at) else { return Ok(()) };
        let written = |sense: Sense| {
            let all = passages.iter().flat_map(|p| p.terms.iter());
            all.filter(|t| t.key == term.key && t.sense == sense).count()
        };
        if written(Sense::Name) >= written(Sense::Word).max(2) {
            term.sense = Sense::Name;
            *weight = weights.rare(term)?;
        }
        Ok(())
    }

    /// What is searched for.
    ///
    /// # Errors
    /// `Index` where it is damaged.
    pub fn words(&self, weights: &Weights<'_>) -> Result<Vec<Word>> {
        let mut words = Vec::new();
        for (term, _) in &self.terms {
            let mut word = weights.word(term)?;
            if term.sense == Sense::Source {
                word.weight = 0.3;
            }
            words.push(word);
        }
        // Years and small counts stand in the passages as words.
        for period in self.periods.iter().chain(&self.said_in) {
            let years: Vec<String> =
                [period.start, period.end].iter().map(|d| d.year().to_string()).collect();
            words.push(Word { stems: years, weight: 0.5 });
        }
        for count in self.claim.counts.iter().map(|c| c.value.low).filter(|c| *c >= Decimal::from(20)) {
            words.push(Word { stems: vec![count.normalize().to_string()], weight: 1.0 });
        }
        if self.figure.kind != FigureKind::Amount {
            let low = match self.figure.kind {
                FigureKind::Date => (self.figure.low / Decimal::from(10_000)).trunc(),
                _ => self.figure.low,
            };
            words.push(Word { stems: vec![low.normalize().to_string()], weight: 1.0 });
        }
        Ok(words)
    }

    pub fn digits(&self) -> Vec<String> {
        match self.figure.kind {
            FigureKind::Date => Vec::new(),
            _ => self.figure.digits(),
        }
    }

    /// Classes of measure: attempted, demanded, an average.
    pub fn measures(&self) -> impl Iterator<Item = &str> {
        self.terms.iter().filter_map(|(t, _)| t.entry).filter(|e| e.measure).map(|e| e.name)
    }
}
