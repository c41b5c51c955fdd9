//! The verdict, in the order the contract gives: what agrees, what the corpus has of its own for
//! the same scope, what stands in a neighbouring one.

use super::asked::{Asked, dated};
use super::figure::Agreement;
use super::passage::Prepared;
use super::scope::{Fit, fit};
use super::{Answer, Comparison, Coverage};
use crate::claims::{Claim, FigureKind};
use crate::document::Span;
use crate::extract::Value;
use std::rc::Rc;

/// One source's claim that bears on what is asked.
#[derive(Clone)]
pub struct Bearing {
    pub passage: Rc<Prepared>,
    pub claim: Claim,
    pub fit: Fit,
}

/// The verdict with what it rests on.
pub struct Judgement {
    pub answer: Answer,
    /// Best first.
    pub evidence: Vec<Bearing>,
}

/// Coverage a figure that agrees needs to be of the same thing.
const SAME_THING: f64 = 0.42;
/// Coverage a figure that differs needs to be of the same scope.
const SAME_SCOPE: f64 = 0.58;
/// The same where the digits are the claim's and only scale or unit slipped.
const SLIPPED: f64 = 0.40;

/// Decides.
pub fn judge(asked: &Asked, passages: &[Rc<Prepared>], coverage: &Coverage) -> Judgement {
    let bearings = bearings(asked, passages);
    let mut judgement = decide(asked, &bearings);
    if judgement.answer == Answer::NotFound && coverage.pages_unread > 0 {
        judgement.answer = Answer::CannotSay;
    }
    judgement
}

/// Every claim of the passages of a comparable kind, best first.
fn bearings(asked: &Asked, passages: &[Rc<Prepared>]) -> Vec<Bearing> {
    let mut found = Vec::new();
    for passage in passages {
        let dates: Vec<Claim> = match asked.figure.kind {
            FigureKind::Date => dates(passage),
            _ => Vec::new(),
        };
        for claim in passage.record.claims.iter().chain(&dates) {
            let fit = fit(asked, passage, claim);
            if fit.agreement != Agreement::Other {
                found.push(Bearing { passage: Rc::clone(passage), claim: claim.clone(), fit });
            }
        }
    }
    found.sort_by(|a, b| {
        b.fit.score().total_cmp(&a.fit.score()).then(a.passage.record.order.cmp(&b.passage.record.order))
    });
    found
}

/// The dates of a passage as what is asserted.
fn dates(passage: &Prepared) -> Vec<Claim> {
    let mut found = Vec::new();
    for mention in &passage.mentions {
        if let Value::Date(date) = &mention.value {
            let mut claim = dated(Span::new(mention.span.start, mention.span.end), date, 0);
            claim.sentence = passage.record.span;
            found.push(claim);
        }
    }
    found
}

fn decide(asked: &Asked, bearings: &[Bearing]) -> Judgement {
    let pick = |test: &dyn Fn(&Fit) -> bool| -> Vec<Bearing> {
        bearings.iter().filter(|b| test(&b.fit)).cloned().collect()
    };
    if asked.bare {
        let carried = pick(&|f| f.agreement == Agreement::Same);
        let carried = if carried.is_empty() { pick(&|f| f.agreement.carries()) } else { carried };
        return match carried.first().map(|b| b.fit.agreement) {
            Some(agreement) => Judgement { answer: answer_of(agreement), evidence: carried },
            None => Judgement { answer: Answer::NotFound, evidence: Vec::new() },
        };
    }
    let about = |f: &Fit| f.missing.is_empty() && f.coverage >= SAME_THING;
    let agreeing = pick(&|f| f.agreement.carries() && about(f));
    let same: Vec<Bearing> = agreeing.iter().filter(|b| b.fit.differing().is_empty()).cloned().collect();
    let other = pick(&|f| {
        let enough = match f.agreement {
            Agreement::Scale | Agreement::Unit => SLIPPED,
            Agreement::Differs => SAME_SCOPE,
            _ => return false,
        };
        let at_odds = f.differing().iter().any(|slot| *slot != "attribution");
        f.missing.is_empty()
            && f.coverage >= enough
            && !at_odds
            && (asked.periods.is_empty() || f.period == Comparison::Same || f.agreement != Agreement::Differs)
    });
    if let Some(best) = same.first() {
        let mut evidence = same.clone();
        if !other.is_empty() && other.iter().any(|o| o.fit.coverage + 0.1 >= best.fit.coverage) {
            evidence.insert(1, other[0].clone());
            return Judgement { answer: Answer::Disputed, evidence };
        }
        return Judgement { answer: answer_of(best.fit.agreement), evidence };
    }
    if !other.is_empty() {
        let mut evidence = other;
        evidence.extend(agreeing);
        return Judgement { answer: Answer::Conflict, evidence };
    }
    if !agreeing.is_empty() {
        return Judgement { answer: Answer::ScopeShift, evidence: agreeing };
    }
    Judgement { answer: Answer::NotFound, evidence: Vec::new() }
}

fn answer_of(agreement: Agreement) -> Answer {
    match agreement {
        Agreement::Same => Answer::Supported,
        Agreement::Rounds => Answer::Rounded,
        _ => Answer::HedgeShift,
    }
}
