//! Mentions to claims: what one sentence or table row asserts about one figure: how much, of what,
//! by whom, from whom, when, where, how often, and according to whom.
//!
//! A figure is an amount of money, a share, a count of things or a nil ("no losses were
//! reported"). Hedges are intervals ([`Figure::interval`]). A slot the sentence leaves out is
//! inherited from the paragraph's earlier sentences, the headings above, the table's head or the
//! document, and says so ([`How`]). Claims are not compared here: that is [`crate::verify`]'s.
//!
//! Names with their aliases are `names.tsv`, words of actions and measures `words.tsv`; a user
//! adds a row to either. The cases are `claims.cases.md`, run by `tests/cases.rs`.

pub mod ages;
mod cells;
pub mod counts;
mod slots;
mod tokens;
pub mod vocabulary;

use crate::document::{Document, Span};
use crate::extract::{Amount, DateRange, Findings, Hedge, Value};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is asserted about one figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Claim {
    /// The figure with its hedge, in bytes of the document's text.
    pub span: Span,
    /// The sentence or table row it stands in.
    pub sentence: Span,
    pub figure: Figure,
    /// What was done with it, by the classes of `words.tsv`: `steal`, `attempt`, `demand`, ...
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Slot<String>>,
    /// Who did it, by the names of `names.tsv`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actors: Vec<Slot<String>>,
    /// Exchanges and services by their usual names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub victims: Vec<Slot<String>>,
    /// Other figures of the sentence that count things: victims, attacks, complaints.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Slot<Figure>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<Slot<String>>,
    /// Every period it could be of, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub periods: Vec<Slot<DateRange>>,
    /// Who says so: the chain from the sentence outwards, the document's publisher last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<Slot<String>>,
}

/// A value with the place it was had from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Slot<T> {
    pub value: T,
    /// In bytes of the document's text; `None` where it stands in what is known of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
    pub how: How,
}

/// How a slot was had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The sentence or row says it.
    Said,
    /// From an earlier sentence of the paragraph.
    Sentence,
    /// From a heading above.
    Heading,
    /// From the head, caption or unit line of the table.
    Table,
    /// From what is known of the document: publisher, title, day of publication.
    Document,
}

/// What sort of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FigureKind {
    Amount,
    Count,
    Share,
    /// A year or day that is itself what is asserted.
    Date,
}

/// A quantity with its unit and hedge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub kind: FigureKind,
    /// Of an amount its currency or coin, empty for a nil; of a share `percent`; of a count the
    /// words of what is counted (`foreign policy experts`), empty for an item of a list.
    pub unit: String,
    #[serde(with = "rust_decimal::serde::str")]
    pub low: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub high: Decimal,
    pub hedge: Hedge,
}

/// What a hedged figure allows, as it is said: `more than 50` is everything above 50.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    pub from: Option<Decimal>,
    pub to: Option<Decimal>,
    /// Whether the ends themselves are allowed.
    pub closed: bool,
}

impl Figure {
    pub fn of(amount: &Amount) -> Figure {
        Figure {
            kind: FigureKind::Amount,
            unit: amount.currency.clone(),
            low: amount.low,
            high: amount.high,
            hedge: amount.hedge,
        }
    }

    /// What a figure is found by whatever its size and unit: its leading digits, whole and rounded
    /// to three and to two, without zeros behind them: of 246,212,432 `246212432`, `246` and `25`.
    pub fn digits(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for value in [self.low, self.high] {
            let whole: String = value.normalize().to_string().chars().filter(char::is_ascii_digit).collect();
            let whole = whole.trim_matches('0').to_string();
            for places in [usize::MAX, 3, 2] {
                let key = rounded(&whole, places);
                if !key.is_empty() && !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// The hedge as an interval. `about` allows a twentieth to either side, `nearly` a tenth below.
    pub fn interval(&self) -> Interval {
        let part = |value: Decimal, hundredths: i64| value * Decimal::new(hundredths, 2);
        let (from, to, closed) = match self.hedge {
            Hedge::Exact => (Some(self.low), Some(self.high), true),
            Hedge::About => (Some(part(self.low, 95)), Some(part(self.high, 105)), true),
            Hedge::Nearly => (Some(part(self.low, 90)), Some(self.high), false),
            Hedge::Over => (Some(self.low), None, false),
            Hedge::AtLeast => (Some(self.low), None, true),
            Hedge::AtMost => (None, Some(self.high), true),
            Hedge::Under => (None, Some(self.high), false),
        };
        Interval { from, to, closed }
    }
}

/// Digits rounded to so many places, without zeros behind them.
fn rounded(digits: &str, places: usize) -> String {
    let Some(next) = digits.as_bytes().get(places) else { return digits.to_string() };
    let mut kept: Vec<u8> = digits.as_bytes().iter().take(places).copied().collect();
    if *next >= b'5' {
        let mut at = kept.len();
        while let Some(i) = at.checked_sub(1) {
            at = i;
            match kept.get_mut(i) {
                Some(nine @ b'9') => *nine = b'0',
                Some(digit) => {
                    *digit += 1;
                    break;
                }
                None => break,
            }
            if i == 0 {
                kept.insert(0, b'1');
            }
        }
    }
    String::from_utf8_lossy(&kept).trim_end_matches('0').to_string()
}

impl Interval {
    pub fn holds(&self, value: Decimal) -> bool {
        let above = self.from.is_none_or(|from| value > from || (self.closed && value == from));
        let below = self.to.is_none_or(|to| value < to || (self.closed && value == to));
        above && below
    }
}

impl<T> Slot<T> {
    pub fn said(value: T, span: Span) -> Self {
        Slot { value, span: Some(span), how: How::Said }
    }
}

/// Every claim of a document, in the order of the text.
pub fn claims(document: &Document, findings: &Findings) -> Vec<Claim> {
    let mut figures: Vec<(Span, Figure)> = Vec::new();
    for mention in &findings.mentions {
        if let Value::Amount(amount) = &mention.value {
            figures.push((mention.span, Figure::of(amount)));
        }
    }
    figures.extend(cells::amounts(document, &figures));
    let taken: Vec<Span> =
        findings.mentions.iter().map(|m| m.span).chain(figures.iter().map(|f| f.0)).collect();
    let counted = counts::counts(document, &taken);
    let more: Vec<Span> = taken.iter().copied().chain(counted.iter().map(|c| c.0)).collect();
    figures.extend(counted);
    figures.extend(cells::counts(document, &more));
    figures.sort_by_key(|(span, _)| *span);
    slots::fill(document, findings, &figures)
}

impl fmt::Display for Figure {
    /// `amount USD 50000000 over`, `count 3 at_least exchanges`, `share 40 exact percent`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, high) = (self.low.normalize(), self.high.normalize());
        let number = if low == high { low.to_string() } else { format!("{low}..{high}") };
        match self.kind {
            FigureKind::Amount if self.unit.is_empty() => f.write_str("nil"),
            FigureKind::Amount => write!(f, "amount {} {number} {}", self.unit, self.hedge.name()),
            FigureKind::Count if self.unit.is_empty() => write!(f, "count {number} {}", self.hedge.name()),
            FigureKind::Count => write!(f, "count {number} {} {}", self.hedge.name(), self.unit),
            FigureKind::Share => write!(f, "share {number} {}", self.hedge.name()),
            FigureKind::Date => write!(f, "date {number}"),
        }
    }
}

impl fmt::Display for Claim {
    /// The figure and the slots that are filled, each with how it was had unless it is said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.figure)?;
        let list = |name: &str, slots: &[Slot<String>]| -> String {
            let shown: Vec<String> = slots
                .iter()
                .map(|s| match s.how {
                    How::Said => s.value.clone(),
                    how => format!("{} ({})", s.value, how.name()),
                })
                .collect();
            if shown.is_empty() { String::new() } else { format!("; {name} {}", shown.join(", ")) }
        };
        f.write_str(&list("actor", &self.actors))?;
        f.write_str(&list("victim", &self.victims))?;
        f.write_str(&list("place", &self.places))?;
        for period in self.periods.iter().take(1) {
            write!(f, "; {}", period.value)?;
            if period.how != How::Said {
                write!(f, " ({})", period.how.name())?;
            }
        }
        f.write_str(&list("by", &self.attribution))
    }
}

impl How {
    pub fn name(self) -> &'static str {
        match self {
            How::Said => "said",
            How::Sentence => "sentence",
            How::Heading => "heading",
            How::Table => "table",
            How::Document => "document",
        }
    }
}
