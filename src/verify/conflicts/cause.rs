//! Why two figures of one thing may differ, told from the two passages alone.

use super::super::event::words;
use super::super::figure::{Agreement, compare};
use super::told::Told;
use crate::claims::{Figure, FigureKind, Interval};
use crate::corpus::edition;
use crate::extract::Hedge;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The likely cause of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The same number of another money or coin.
    Currency,
    /// The same digits a thousand or a million times apart.
    Scale,
    /// Two digits changed places.
    Typo,
    /// One was attempted, demanded, laundered, and the other was not.
    Measure,
    /// The periods overlap and are not the same.
    Window,
    /// One thing worth another sum on another day: both give it in another unit too, and that is the
    /// same.
    Valuation,
    /// The later document is another edition, or of the same publisher.
    Revision,
    /// The hedges leave no number that both allow.
    Hedge,
    /// Nothing in the passages tells why.
    Unexplained,
    /// Both can be right: one is rounded, or its hedge allows the other.
    Rounding,
}

impl Cause {
    pub const ALL: [Cause; 10] = [
        Cause::Currency,
        Cause::Scale,
        Cause::Typo,
        Cause::Measure,
        Cause::Window,
        Cause::Valuation,
        Cause::Revision,
        Cause::Hedge,
        Cause::Unexplained,
        Cause::Rounding,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Cause::Currency => "currency",
            Cause::Scale => "scale",
            Cause::Typo => "typo",
            Cause::Measure => "measure",
            Cause::Window => "window",
            Cause::Valuation => "valuation",
            Cause::Revision => "revision",
            Cause::Hedge => "hedge",
            Cause::Unexplained => "unexplained",
            Cause::Rounding => "rounding",
        }
    }

    pub fn can_both_be_right(self) -> bool {
        self == Cause::Rounding
    }
}

/// Whether two figures are one as it is printed: the same number under the same sort of hedge.
pub fn is_one(a: &Figure, b: &Figure) -> bool {
    a.unit_of_comparison() == b.unit_of_comparison()
        && a.low == b.low
        && a.high == b.high
        && (a.hedge == b.hedge || compare(a, b) == Agreement::Same)
}

trait Compared {
    fn unit_of_comparison(&self) -> &str;
}

impl Compared for Figure {
    /// What is counted goes by many names.
    fn unit_of_comparison(&self) -> &str {
        match self.kind {
            FigureKind::Count => "",
            _ => &self.unit,
        }
    }
}

/// The cause with its words, or `None` where there is nothing to compare.
pub fn cause(a: &Told, b: &Told) -> Option<(Cause, String)> {
    let (x, y) = (&a.placed.claim.figure, &b.placed.claim.figure);
    let (there, back) = (compare(x, y), compare(y, x));
    let said = |cause: Cause, why: String| Some((cause, why));
    if there == Agreement::Other {
        return None;
    }
    if there == Agreement::Unit {
        return said(Cause::Currency, format!("the same number of {} and of {}", x.unit, y.unit));
    }
    if there == Agreement::Scale {
        return said(Cause::Scale, "the same digits a thousand or a million times apart".to_string());
    }
    // What is said to be about a sum allows what rounds to it, and no more, when sums are compared.
    let hedged = [x.hedge, y.hedge].iter().any(|h| !matches!(h, Hedge::Exact | Hedge::About));
    let meet = meet(&x.interval(), &y.interval());
    let rounds = |a: Agreement| a.carries();
    if rounds(there) || rounds(back) {
        let shifted = there == Agreement::HedgeShift && back == Agreement::HedgeShift;
        return match shifted && !meet {
            true => said(Cause::Hedge, "the same number, and the hedges allow none in common".to_string()),
            false => said(Cause::Rounding, "one can be the other rounded".to_string()),
        };
    }
    if hedged && meet {
        return said(Cause::Rounding, "the hedge of one allows the other".to_string());
    }
    if let Some(why) = valued(a, b) {
        return said(Cause::Valuation, why);
    }
    if let Some(why) = slipped(x, y) {
        return said(Cause::Typo, why);
    }
    if let Some(why) = revised(a, b) {
        return said(Cause::Revision, why);
    }
    said(Cause::Unexplained, "nothing in the passages tells why".to_string())
}

fn meet(a: &Interval, b: &Interval) -> bool {
    let below = |to: Option<Decimal>, from: Option<Decimal>| match (to, from) {
        (Some(to), Some(from)) => to < from || (to == from && !(a.closed && b.closed)),
        _ => false,
    };
    !below(a.to, b.from) && !below(b.to, a.from)
}

/// What both give in another unit.
fn valued(a: &Told, b: &Told) -> Option<String> {
    let x = &a.placed.claim.figure;
    if x.kind != FigureKind::Amount {
        return None;
    }
    let others = |t: &Told| -> Vec<Figure> {
        let here = &t.placed.claim;
        let claims = t.placed.passage.claims.iter().filter(|c| c.sentence == here.sentence);
        let amounts = claims.map(|c| &c.figure).filter(|f| f.kind == FigureKind::Amount);
        amounts.filter(|f| !f.unit.is_empty() && f.unit != x.unit).cloned().collect()
    };
    let theirs = others(b);
    let both = others(a).into_iter().find(|f| theirs.iter().any(|g| g.unit == f.unit && g.low == f.low));
    both.map(|f| {
        format!("both give {} {} too, valued on another day or by another price", f.low.normalize(), f.unit)
    })
}

/// Significant digits that a slip of the hand makes of others.
fn slipped(a: &Figure, b: &Figure) -> Option<String> {
    let digits = |f: &Figure| -> Vec<char> {
        let text = f.low.normalize().to_string();
        let text: String = text.chars().filter(char::is_ascii_digit).collect();
        text.trim_start_matches('0').trim_end_matches('0').chars().collect()
    };
    let (x, y) = (digits(a), digits(b));
    if x.len().min(y.len()) < 3 || a.low != a.high || b.low != b.high {
        return None;
    }
    let differing: Vec<usize> = (0..x.len().min(y.len())).filter(|i| x[*i] != y[*i]).collect();
    let shown = |d: &[char]| d.iter().collect::<String>();
    if x.len() == y.len()
        && let [i, j] = differing[..]
        && x[i] == y[j]
        && x[j] == y[i]
    {
        return Some(format!("two digits have changed places: {} and {}", shown(&x), shown(&y)));
    }
    None
}

/// A later edition, or a later document of the same publisher.
fn revised(a: &Told, b: &Told) -> Option<String> {
    let (first, second) = match super::key(&a.placed) <= super::key(&b.placed) {
        true => (&a.placed.document, &b.placed.document),
        false => (&b.placed.document, &a.placed.document),
    };
    let ((work, old), (other, new)) = (edition(&first.meta.id), edition(&second.meta.id));
    if work == other && old != new {
        return Some(format!("{} and {} are editions of one work", first.meta.id, second.meta.id));
    }
    let publisher = first.meta.publisher.as_deref()?;
    let same = second.meta.publisher.as_deref().is_some_and(|p| words(p) == words(publisher));
    let later = second.meta.published > first.meta.published;
    (same && later).then(|| format!("{} is later and of the same publisher", second.meta.id))
}
