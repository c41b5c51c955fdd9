//! A judgement as the contract's row: slots side by side, evidence quoted, and one sentence why.

use super::asked::Asked;
use super::figure::Agreement;
use super::judge::{Bearing, Judgement};
use super::{Answer, Compared, Comparison, Coverage, Evidence, Question, SCHEMA, Slots, Verdict};
use crate::claims::{Claim, FigureKind};
use crate::extract::row::Ends;
use crate::search::locate::locator;

/// Evidence rows shown at most.
const SHOWN: usize = 8;

impl Judgement {
    /// The evidence published first that carries the figure.
    fn first(&self) -> Option<&Bearing> {
        let day = |b: &Bearing| b.passage.document.meta.published.clone();
        self.evidence.iter().filter(|b| b.fit.agreement.carries() && day(b).is_some()).min_by_key(|b| day(b))
    }

    pub fn row(&self, question: &Question, asked: &Asked, coverage: &Coverage) -> Verdict {
        let first = self.evidence.first();
        let slots = first.map_or(ABSENT, |b| slots(asked, b));
        let mut evidence: Vec<Evidence> = Vec::new();
        for bearing in &self.evidence {
            let row = evidence_row(asked, bearing);
            if !evidence.iter().any(|e| e.source == row.source && e.quote == row.quote) {
                evidence.push(row);
            }
            if evidence.len() == SHOWN {
                break;
            }
        }
        Verdict {
            schema: SCHEMA.to_string(),
            id: question.id.clone(),
            claim: question.claim.clone(),
            figure: Some(asked.printed.clone()),
            verdict: self.answer,
            slots,
            compared: first.map(|b| compared(asked, b, &slots)).unwrap_or_default(),
            evidence,
            coverage: coverage.clone(),
            why: why(asked, self, coverage),
            first: self.first().map(|b| evidence_row(asked, b)),
        }
    }
}

pub const ABSENT: Slots = Slots {
    amount: Comparison::Absent,
    period: Comparison::Absent,
    count: Comparison::Absent,
    victim: Comparison::Absent,
    actor: Comparison::Absent,
    attribution: Comparison::Absent,
    measure: Comparison::Absent,
};

fn slots(asked: &Asked, bearing: &Bearing) -> Slots {
    let fit = &bearing.fit;
    let figure = match fit.agreement {
        Agreement::Same => Comparison::Same,
        Agreement::Rounds => Comparison::Rounds,
        Agreement::HedgeShift => Comparison::HedgeShift,
        Agreement::Scale | Agreement::Unit | Agreement::Differs => Comparison::Differs,
        Agreement::Other => Comparison::Absent,
    };
    let counted = asked.figure.kind == FigureKind::Count;
    Slots {
        amount: if counted { Comparison::Absent } else { figure },
        count: if counted { figure } else { fit.count },
        period: fit.period,
        victim: fit.victim,
        actor: fit.actor,
        attribution: fit.attribution,
        measure: fit.measure,
    }
}

fn shown(claim: &Claim, slot: &str, figure: &str) -> Option<String> {
    let names = |slots: &[crate::claims::Slot<String>]| -> Option<String> {
        let list: Vec<&str> = slots.iter().map(|s| s.value.as_str()).collect();
        (!list.is_empty()).then(|| list.join(", "))
    };
    match slot {
        "figure" => Some(figure.to_string()),
        "period" => claim.periods.first().map(|p| period_shown(&p.value)),
        "count" => {
            let list: Vec<String> = claim
                .counts
                .iter()
                .map(|c| format!("{} {}", c.value.low.normalize(), c.value.unit))
                .collect();
            (!list.is_empty()).then(|| list.join(", "))
        }
        "victim" => names(&claim.victims).or_else(|| names(&claim.places)),
        "actor" => names(&claim.actors),
        "attribution" => names(&claim.attribution),
        _ => names(&claim.actions),
    }
}

pub fn period_shown(period: &crate::extract::DateRange) -> String {
    match period.start == period.end {
        true => period.start.to_string(),
        false => format!("{} to {}", period.start, period.end),
    }
}

fn compared(asked: &Asked, bearing: &Bearing, slots: &Slots) -> Vec<Compared> {
    let printed = bearing.passage.inside(bearing.claim.span).of(&bearing.passage.record.text);
    let figure = if asked.figure.kind == FigureKind::Count { slots.count } else { slots.amount };
    let count = if asked.figure.kind == FigureKind::Count { Comparison::Absent } else { slots.count };
    [
        ("figure", figure),
        ("period", slots.period),
        ("count", count),
        ("victim", slots.victim),
        ("actor", slots.actor),
        ("attribution", slots.attribution),
        ("measure", slots.measure),
    ]
    .into_iter()
    .map(|(slot, comparison)| Compared {
        slot: slot.to_string(),
        claimed: shown(&asked.claim, slot, &asked.printed),
        found: shown(&bearing.claim, slot, printed),
        comparison,
    })
    .collect()
}

fn evidence_row(asked: &Asked, bearing: &Bearing) -> Evidence {
    let (passage, claim) = (&bearing.passage, &bearing.claim);
    let document = &passage.document;
    let boxes = passage
        .mentions
        .iter()
        .find(|m| m.span.start < claim.span.end && claim.span.start < m.span.end)
        .and_then(|m| m.boxes.clone());
    Evidence {
        source: document.source.path.clone(),
        sha256: document.source.sha256.clone(),
        document: document.row(),
        page: passage.record.page,
        paragraph: passage.record.paragraph.clone(),
        locator: locator(document, &passage.record),
        quote: passage.quote(claim.sentence),
        why: clause(asked, bearing),
        boxes,
        span: Ends { start: claim.span.start, end: claim.span.end },
    }
}

/// What one passage says to the claim.
fn clause(asked: &Asked, bearing: &Bearing) -> String {
    let printed = bearing.passage.inside(bearing.claim.span).of(&bearing.passage.record.text).trim();
    let claimed = &asked.printed;
    let figure = match bearing.fit.agreement {
        Agreement::Same => format!("has {printed}"),
        Agreement::Rounds => format!("has {printed}, which rounds to {claimed}"),
        Agreement::HedgeShift => format!("has {printed} where the claim has {claimed}"),
        Agreement::Scale => format!("has {printed}, not {claimed}: a slip of scale"),
        Agreement::Unit => {
            format!(
                "has {printed}, not {claimed}: the number is of {}, not of {}",
                bearing.claim.figure.unit, asked.figure.unit
            )
        }
        Agreement::Differs | Agreement::Other => format!("has {printed}, not {claimed}"),
    };
    let mut clause = figure;
    let objections = &bearing.fit.objections;
    objections.iter().for_each(|o| clause += &format!("; {}", o.why()));
    for slot in bearing.fit.differing().into_iter().filter(|s| !objections.iter().any(|o| o.slot() == *s)) {
        let claimed = match (slot, asked.periods.first()) {
            ("period", Some(period)) => Some(period_shown(period)),
            _ => shown(&asked.claim, slot, ""),
        };
        clause += &match (shown(&bearing.claim, slot, ""), claimed) {
            (Some(found), Some(claimed)) if found != claimed => format!("; {slot}: {found}, not {claimed}"),
            _ => format!("; another {slot}"),
        };
    }
    clause
}

fn why(asked: &Asked, judgement: &Judgement, coverage: &Coverage) -> String {
    let read = coverage.pages_read;
    let all = coverage.pages_read + coverage.pages_unread;
    let Some(first) = judgement.evidence.first() else {
        return match judgement.answer {
            Answer::CannotSay => format!(
                "No passage read has {} for this, but {} of {all} pages are unread: {}.",
                asked.printed,
                coverage.pages_unread,
                coverage.unread.join(", ")
            ),
            _ => format!(
                "No passage has {} for this, and none has another figure for it; {read} of {all} pages read.",
                asked.printed
            ),
        };
    };
    let source = &first.passage.document.meta.id;
    let clause_of = |b: &Bearing| clause(asked, b);
    match judgement.answer {
        Answer::Disputed => {
            // Another figure, else the same of another month.
            let other = judgement.evidence.iter().find(|b| !b.fit.agreement.carries());
            let other = other.or(judgement.evidence.get(1));
            match other {
                Some(other) => format!(
                    "{source} {}, but {} {}.",
                    clause_of(first),
                    other.passage.document.meta.id,
                    clause_of(other)
                ),
                None => format!("{source} {}.", clause_of(first)),
            }
        }
        _ => format!("{source} {}.", clause_of(first)),
    }
}
