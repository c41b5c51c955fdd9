//! The figures of an index made ready for comparing: who was hit, which names their sentence has, what
//! was done; and the blocks in which figures of one thing can meet.

use super::super::event::{Placed, kins, said};
use super::super::terms::{Sense, Weights, terms};
use crate::claims::{Figure, FigureKind, vocabulary};
use crate::document::{ParagraphKind, Span};
use crate::error::Result;
use crate::extract::{Precision, Value};
use crate::index::Index;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// How much a name must tell to join two figures by itself: one that stands in one passage of 150.
const TELLING: f64 = 6.0;

/// A figure with what can join it to another.
#[derive(Debug, Clone)]
pub struct Told {
    pub placed: Placed,
    /// Exchanges and services that it is of, by their usual names.
    pub victims: BTreeSet<String>,
    /// Rare names of its sentence.
    pub names: BTreeSet<String>,
    /// Rare names of its passage, in other sentences too.
    pub around: BTreeSet<String>,
    /// Places its sentence names.
    pub places: BTreeSet<String>,
    /// What was done, with what a table's caption and heads say of all its rows.
    pub kins: BTreeSet<&'static str>,
    /// No other figure of its kind and unit stands in its sentence, but parts of it.
    pub is_alone: bool,
}

impl Told {
    /// The same without what its sentence says of a measure.
    pub fn without(&self, measure: &str) -> Told {
        let mut other = self.clone();
        other.placed.claim.actions.retain(|a| a.value != measure);
        other
    }

    pub fn without_period(&self) -> Told {
        let mut other = self.clone();
        other.placed.claim.periods.clear();
        other
    }

    pub fn without_victims(&self) -> Told {
        let mut other = self.clone();
        other.victims.clear();
        other.placed.claim.victims.clear();
        other
    }
}

/// Every figure of the index of these kinds, by day of publication.
pub fn all(index: &Index, weights: &Weights<'_>, kinds: &[FigureKind]) -> Result<Vec<Told>> {
    let mut found = Vec::new();
    for order in 0..index.head.documents {
        let Some(document) = index.document(order)? else { continue };
        let document = Rc::new(document);
        for passage in index.each_passage_of(order)? {
            let passage = passage?;
            let is_text = !matches!(passage.kind, ParagraphKind::Contents | ParagraphKind::Code);
            let wanted = |f: &Figure| kinds.is_empty() || kinds.contains(&f.kind);
            if !is_text || !passage.claims.iter().any(|c| is_asserted(&c.figure) && wanted(&c.figure)) {
                continue;
            }
            let passage = Rc::new(passage);
            for placed in Placed::of(&passage, &document) {
                if is_asserted(&placed.claim.figure)
                    && wanted(&placed.claim.figure)
                    && placed.period().is_some()
                {
                    let told = told(placed, weights)?;
                    // Nothing was lost: of whom must be known.
                    if !told.placed.claim.figure.unit.is_empty() || !told.victims.is_empty() {
                        found.push(told);
                    }
                }
            }
        }
    }
    found.sort_by_key(|t| super::key(&t.placed));
    Ok(found)
}

/// Money and that there was none, shares, and things that are counted.
fn is_asserted(figure: &Figure) -> bool {
    figure.kind != FigureKind::Date
}

fn told(placed: Placed, weights: &Weights<'_>) -> Result<Told> {
    let (passage, claim) = (Rc::clone(&placed.passage), &placed.claim);
    let base = passage.span.start;
    let inside = |s: Span| Span::new(s.start.saturating_sub(base), s.end.saturating_sub(base));
    let sentence = inside(claim.sentence);
    let mut left_out: Vec<Span> = Vec::new();
    for mention in passage.mentions(&placed.document)? {
        if !matches!(mention.value, Value::Exchange(_)) {
            left_out.push(inside(Span::new(mention.span.start, mention.span.end)));
        }
    }
    let (mut names, mut around, mut places) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for term in terms(&passage.text, &[], &left_out, &weights.stems) {
        let is_here = sentence.contains(term.span);
        match term.sense {
            Sense::Name if weights.of(&term)? >= TELLING => {
                if is_here {
                    names.insert(term.key.clone());
                }
                around.insert(term.key);
            }
            Sense::Place if is_here => {
                places.insert(term.key.trim_start_matches('@').to_string());
            }
            _ => {}
        }
    }
    let mut done = kins(claim);
    if placed.is_row() {
        let above = format!("{}\n{}", passage.table.as_deref().unwrap_or(""), passage.headings.join("\n"));
        done.extend(
            vocabulary::find(&above).into_iter().filter(|f| !f.entry.kin.is_empty()).map(|f| f.entry.kin),
        );
    }
    let is_alone = is_alone(&placed);
    let victims = said(&claim.victims).into_iter().map(str::to_string).collect();
    Ok(Told { victims, names, around, places, kins: done, is_alone, placed })
}

/// Words behind which parts of a sum follow.
const PARTS: [&str; 7] =
    ["including", "of which", "comprising", "consisting of", "made up of", "namely", "composed of"];

/// Whether a figure is the only one of its kind and unit in its sentence, or those behind it are its
/// parts: smaller, and in brackets, behind a word that says so, or further on in the row of one event.
fn is_alone(placed: &Placed) -> bool {
    let (claim, figure) = (&placed.claim, &placed.claim.figure);
    let is_other = |c: &&crate::claims::Claim| {
        c.sentence == claim.sentence
            && c.span != claim.span
            && c.figure.kind == figure.kind
            && c.figure.unit == figure.unit
    };
    placed.passage.claims.iter().filter(is_other).all(|other| {
        let is_behind = other.span.start >= claim.span.end && other.figure.high <= figure.low;
        let between = placed.text(Span::new(claim.span.end, other.span.start.max(claim.span.end)));
        let brackets = between.matches('(').count() > between.matches(')').count();
        let lower = between.to_lowercase();
        is_behind && (placed.is_row() || brackets || PARTS.iter().any(|p| lower.contains(p)))
    })
}

/// Money of a day or month, by unit and month, the smallest sum first: where one case is told twice its
/// sums lie near each other.
pub fn by_month(all: &[Told]) -> BTreeMap<(&str, i16, i8), Vec<usize>> {
    let mut found: BTreeMap<(&str, i16, i8), Vec<usize>> = BTreeMap::new();
    for (i, told) in all.iter().enumerate() {
        let figure = &told.placed.claim.figure;
        let fine = |p: &&crate::extract::DateRange| matches!(p.precision, Precision::Day | Precision::Month);
        if let Some(period) = told.placed.period().filter(fine)
            && figure.kind == FigureKind::Amount
            && !figure.unit.is_empty()
            && told.is_alone
        {
            found.entry((&figure.unit, period.start.year(), period.start.month())).or_default().push(i);
        }
    }
    for members in found.values_mut() {
        members.sort_by_key(|i| all.get(*i).map(|t| t.placed.claim.figure.low));
    }
    found
}

/// The figures that a name or an actor, and a year, are common to; in the order of their names.
pub fn blocks(all: &[Told]) -> BTreeMap<String, Vec<usize>> {
    let mut blocks: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (i, told) in all.iter().enumerate() {
        let Some(period) = told.placed.period() else { continue };
        let kind = told.placed.claim.figure.kind as u8;
        let mut years = BTreeSet::from([period.start.year(), period.end.year()]);
        // Soft ends and days that time zones move.
        years.extend(period.start.yesterday().ok().map(|d| d.year()));
        let mut names: Vec<String> = told.victims.iter().map(|v| format!("1 {v}")).collect();
        if told.victims.is_empty() {
            names.extend(told.names.iter().map(|n| format!("2 {n}")));
            names.extend(told.placed.claim.actors.iter().map(|a| format!("3 {}", a.value)));
        }
        for name in names {
            for year in &years {
                blocks.entry(format!("{name} {year} {kind}")).or_default().push(i);
            }
        }
    }
    blocks.retain(|_, members| {
        let documents: BTreeSet<u64> = members.iter().map(|i| all[*i].placed.document.order).collect();
        documents.len() > 1
    });
    blocks
}
