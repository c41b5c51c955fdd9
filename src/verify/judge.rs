//! The verdict, in the order the contract gives: what agrees, what the corpus has of its own for
//! the same scope, what stands in a neighbouring one.

use super::asked::{Asked, dated, day_of};
use super::carried::{Objection, cues};
use super::figure::{Agreement, compare, is_near};
use super::passage::Prepared;
use super::scope::{Fit, fit};
use super::terms::Sense;
use super::windows::{Window, days_apart, is_moment, same_period};
use super::{Answer, Comparison, Coverage};
use crate::claims::{Claim, Figure, FigureKind, How};
use crate::document::Span;
use crate::extract::{Precision, Value};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
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

/// Strength a figure that agrees needs to be of the same thing; figures of many digits seldom
/// agree by chance.
const SAME_THING: f64 = 0.48;
/// The same where no slot of it differs from the claim's: a sentence put in other words shares few of
/// them.
const NOTHING_DIFFERS: f64 = 0.2;
/// What each other document that carries the figure adds to that, and the most it comes to.
const ELSEWHERE: (f64, f64) = (0.03, 0.3);
const PER_DIGIT: f64 = 0.05;
/// Strength a figure that differs needs to be of the same scope.
const SAME_SCOPE: f64 = 0.72;
/// The same where the digits are the claim's and only scale or unit slipped.
const SLIPPED: f64 = 0.45;
/// The same where two digits of the claim's changed places.
const TRANSPOSED: f64 = 0.42;
/// Share of the claim's meaning in the sentence, and strength, of a figure of the claim's own scope
/// where nothing carries the claim's figure.
const OWN_FIGURE: (f64, f64) = (0.35, 0.45);
/// Share of a claim without a name in the sentence, for its figure to be of the claim's own scope.
const UNNAMED: f64 = 0.42;
/// The same of by how much something rose or fell in the claim's period.
const GREW: f64 = 0.6;
/// Smaller numbers are of many things.
const SMALL_COUNT: i64 = 20;
/// How many times more or less a figure may be to stand against another without a name that
/// joins them: a total and a single case do not.
const APART: i64 = 20;

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
    // A row gives its day in two cells.
    for claim in passage.record.claims.iter().filter(|_| passage.record.is_row()).take(1) {
        for period in claim.periods.iter().take(1) {
            let mut claim = dated(period.span.unwrap_or(claim.span), &period.value, 0);
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
    let carriers: BTreeSet<u64> =
        bearings.iter().filter(|b| b.fit.agreement.carries()).map(|b| b.passage.record.document).collect();
    let agreeing: Vec<Bearing> =
        bearings.iter().filter(|b| agrees(asked, b, carriers.len())).cloned().collect();
    let mut same: Vec<Bearing> = agreeing.iter().filter(|b| is_same(asked, b)).cloned().collect();
    // What only looks like the claim's gives way to what is told of it, though something differs there.
    let nearest =
        agreeing.iter().filter(|b| !is_same(asked, b)).map(|b| b.fit.strength()).fold(0.0, f64::max);
    let far = |b: &Bearing| match b.fit.agreement {
        Agreement::HedgeShift => LOOK_ALIKE_HEDGED,
        _ => LOOK_ALIKE,
    };
    // What has the claim's name or day is no look-alike.
    let own = |f: &Fit| f.named > 0 || f.period == Comparison::Same;
    same.retain(|b| own(&b.fit) || b.fit.strength() + far(b) >= nearest);
    let lower = asked.text.to_lowercase();
    let adds = ADDING.iter().any(|w| lower.contains(w));
    let contradicts = |b: &&Bearing| {
        // What the claim itself gives beside its figure does not speak against it.
        let beside = asked.sums.iter().any(|s| compare(s, &b.claim.figure).carries())
            || asked.claim.counts.iter().any(|c| compare(&c.value, &b.claim.figure) == Agreement::Same);
        if beside && !same.is_empty() {
            return false;
        }
        // Without a name that joins them two sums far from each other are of two cases.
        let apart = asked.figure.kind == FigureKind::Amount
            && is_far_by(asked.figure.low, b.claim.figure.low, FAR_UNNAMED)
            && b.fit.named == 0
            && b.fit.count != Comparison::Same;
        if apart && !same.is_empty() && !is_other_total(asked, b) {
            return false;
        }
        // Of a sum the parts are less.
        if adds && b.claim.figure.low < asked.figure.low && !same.is_empty() {
            return false;
        }
        (against(asked, b, same.is_empty())
            && (same.is_empty() || (b.fit.is_one_window() && !is_of_a_sort(b))))
            || same.first().is_some_and(|s| is_rival(asked, s, b))
    };
    let mut other: Vec<Bearing> = bearings.iter().filter(contradicts).cloned().collect();
    // Two figures of one sentence are of two things; one that only rounds to the claim's, where another
    // source has it to the digit, is not the claim's.
    let exact = same.iter().any(|b| b.fit.agreement == Agreement::Same && b.fit.named > 0);
    // A document does not dispute itself: its other figures are of other parts.
    if let Some(best) = same.first() {
        let document = best.passage.record.document;
        other.retain(|o| o.passage.record.document != document || o.fit.local > best.fit.local);
    }
    other.retain(|o| {
        !same.iter().filter(|a| !exact || a.fit.agreement != Agreement::Rounds).any(|a| {
            a.passage.record.document == o.passage.record.document && a.claim.sentence == o.claim.sentence
        })
    });
    let dated =
        |best: &Bearing| other_date(asked, best, bearings).or_else(|| other_month(asked, best, bearings));
    if let Some(other) = same.first().and_then(dated) {
        same.insert(1, other.clone());
        return Judgement { answer: Answer::Disputed, evidence: same };
    }
    if let Some(best) = same.first() {
        let agreed = matches!(best.fit.agreement, Agreement::Same | Agreement::Rounds);
        // Of claims without a day and a name there are as many figures as there are cases.
        let pinned = |o: &&Bearing| {
            o.fit.named > 0
                || is_near_figure(asked, best, o)
                || !asked.periods.is_empty()
                || o.fit.count == Comparison::Same
                || asked.figure.kind != FigureKind::Amount
        };
        // A figure of no day gives way to one of the claim's own day.
        let undated = !asked.periods.is_empty() && best.fit.period != Comparison::Same;
        let own_day = |o: &&Bearing| o.fit.period == Comparison::Same && o.fit.local + 0.1 >= best.fit.local;
        let lacking = !best.fit.missing.is_empty()
            && other.iter().any(|o| o.fit.missing.is_empty() && o.fit.named > best.fit.named);
        if lacking {
            return conflict(other.clone(), agreeing.clone());
        }
        if undated && best.fit.named == 0 && other.iter().any(|o| own_day(&o)) {
            return conflict(other.clone(), agreeing.clone());
        }
        let weak = best.fit.strength() < WEAK && best.fit.named == 0;
        let nearer =
            |o: &&Bearing| o.fit.strength() >= best.fit.strength() + NEARER && o.fit.local > best.fit.local;
        let slip = |o: &Bearing| is_slip(&asked.figure, &o.claim.figure) && against(asked, o, true);
        if let Some(own) =
            bearings.iter().filter(|o| weak && (is_own_figure(asked, o) || slip(o))).find(|o| nearer(o))
        {
            return conflict(vec![own.clone()], agreeing.clone());
        }
        let loose = best.fit.named == 0 && best.fit.local < 0.3;
        let better = other.iter().find(|o| loose && o.fit.local >= best.fit.local + 0.3 && pinned(o));
        if better.is_some() {
            return conflict(other.clone(), agreeing.clone());
        }
        // Two figures of one paragraph that tells a case are its parts.
        let elsewhere = |o: &&Bearing| o.passage.record.document != best.passage.record.document;
        // Of two windows neither of which the claim names each has its own figure.
        let one_time = |o: &&Bearing| !asked.periods.is_empty() || !are_apart(best, o);
        let rival = other.iter().filter(pinned).filter(elsewhere).filter(one_time).find(|o| {
            is_unnamed_case(asked, best, o)
                || is_other_total(asked, o)
                || is_near_figure(asked, best, o)
                || o.fit.local + 0.05 >= best.fit.local.min(0.9)
                || o.fit.named > 0
                || o.fit.count == Comparison::Same
        });
        if let (true, Some(rival)) = (agreed, rival) {
            let mut evidence = same.clone();
            evidence.insert(1, rival.clone());
            return Judgement { answer: Answer::Disputed, evidence };
        }
        return Judgement { answer: best_of(&mut same), evidence: same };
    }
    if let Some((agreement, parts)) = sum(asked, bearings) {
        return Judgement { answer: answer_of(agreement), evidence: parts };
    }
    if let Some(own) = other.iter().find(|o| o.fit.agreement == Agreement::Differs && o.fit.named > 0)
        && let Some(unnamed) = bearings.iter().find(|b| has_unnamed(asked, own, b))
    {
        let evidence = vec![unnamed.clone(), own.clone()];
        return Judgement { answer: Answer::Disputed, evidence };
    }
    // Other figures of a sentence about others are not of the claim's scope either.
    let elsewhere = |a: &Bearing| {
        let others = [Objection::OtherVictim, Objection::OtherPlace];
        a.fit.objections.iter().any(|o| others.contains(o))
    };
    other.retain(|o| {
        let beside = |a: &&Bearing| {
            a.passage.record.document == o.passage.record.document && a.claim.sentence == o.claim.sentence
        };
        !agreeing.iter().filter(beside).any(elsewhere)
    });
    let nearest = agreeing.first().map_or(0.0, |a| a.fit.local);
    if other.first().is_some_and(|o| o.fit.local + 0.05 >= nearest) {
        return conflict(other, agreeing);
    }
    let own: Vec<Bearing> =
        bearings.iter().filter(|b| is_own_figure(asked, b) || is_own_date(asked, b)).cloned().collect();
    // The figure for the name that is asked goes before the same figure for another.
    let named = own.iter().any(|o| {
        agreeing.first().is_some_and(|a| {
            !a.fit.missing.is_empty() && o.fit.named > a.fit.named && o.fit.local >= a.fit.local
        })
    });
    if !agreeing.is_empty() && !named {
        return Judgement { answer: Answer::ScopeShift, evidence: agreeing };
    }
    if !own.is_empty() {
        return conflict(own, agreeing);
    }
    Judgement { answer: Answer::NotFound, evidence: Vec::new() }
}

/// The best agreement among what is as near as the first, which is put first.
fn best_of(same: &mut [Bearing]) -> Answer {
    let Some(first) = same.first() else { return Answer::NotFound };
    let (near, local) = (first.fit.strength() - 0.1, first.fit.local - 0.1);
    // A source that names what is asked for and has the very figure goes before one that rounds to it.
    let named = first.fit.named;
    let equal = same.iter().position(|b| {
        b.fit.agreement == Agreement::Same
            && (b.fit.strength() >= near && b.fit.local >= local || (named > 0 && b.fit.named >= named))
    });
    if let Some(at) = equal {
        same[..=at].rotate_right(1);
    }
    same.first().map_or(Answer::NotFound, |b| answer_of(b.fit.agreement))
}

/// Words with which a claim adds figures up.
const ADDING: [&str; 15] = [
    "add up",
    "adds up",
    "together",
    "in all",
    "combined",
    "both",
    "total",
    "sum of",
    "altogether",
    "in sum",
    "between them",
    "all told",
    "twice",
    "added up",
    "adding up",
];

/// Two figures of one source that make the claim's when the claim says it adds them, and how well.
fn sum(asked: &Asked, bearings: &[Bearing]) -> Option<(Agreement, Vec<Bearing>)> {
    let lower = asked.text.to_lowercase();
    // `Two raids in September and November`
    let two = asked.periods.len() > 1 && asked.claim.counts.iter().any(|c| c.value.low == Decimal::TWO);
    if !two && !ADDING.iter().any(|w| lower.contains(w)) {
        return None;
    }
    let parts: Vec<&Bearing> = bearings
        .iter()
        .filter(|b| b.fit.named > 0 || (b.fit.missing.is_empty() && b.fit.strength() >= SAME_THING))
        .filter(|b| b.claim.figure.unit == asked.figure.unit && b.claim.figure.low < asked.figure.low)
        .take(40)
        .collect();
    let mut best: Option<(Agreement, Vec<Bearing>)> = None;
    for (i, a) in parts.iter().enumerate() {
        for b in parts.iter().skip(i + 1) {
            let Some(low) = a.claim.figure.low.checked_add(b.claim.figure.low) else { continue };
            let Some(high) = a.claim.figure.high.checked_add(b.claim.figure.high) else { continue };
            let added = Figure { low, high, ..a.claim.figure.clone() };
            let agreement = match low == asked.figure.low {
                true => Agreement::Same,
                false => compare(&asked.figure, &added),
            };
            // Many pairs add up to about anything: a rounded sum is of two figures of a name asked for.
            let named = a.fit.named > 0
                && b.fit.named > 0
                && a.passage.record.document == b.passage.record.document
                && a.claim.span != b.claim.span;
            // Each of the claim's names is of one of the two.
            let whole = a.fit.missing.iter().all(|m| !b.fit.missing.contains(m));
            let found = whole && (agreement == Agreement::Same || (agreement.carries() && named));
            if found && best.as_ref().is_none_or(|(is, _)| agreement < *is) {
                best = Some((agreement, vec![(*a).clone(), (*b).clone()]));
            }
        }
    }
    best
}

/// The corpus's own figure first, what carries the claim's behind it.
fn conflict(mut own: Vec<Bearing>, agreeing: Vec<Bearing>) -> Judgement {
    let at = own.len().min(2);
    own.splice(at..at, agreeing);
    Judgement { answer: Answer::Conflict, evidence: own }
}

/// Whether a source's claim has the figure and is about the same thing, in this scope or a near one. A figure that
/// few documents carry needs fewer shared words.
fn agrees(asked: &Asked, bearing: &Bearing, carriers: usize) -> bool {
    let fit = &bearing.fit;
    let too_few = fit.missing.len() * 2 > fit.anchors && fit.missing.len() > fit.named;
    let other_case = is_of_another(asked, bearing) || is_of_its_day(asked, bearing);
    // Of what differs in most there is many a thing that has the same number.
    let apart = fit.named == 0 && fit.differing().len() >= APART_SLOTS;
    if !fit.agreement.carries() || (too_few && !other_case) || fit.crossed || apart {
        return false;
    }
    let other_measure = asked.figure.kind == FigureKind::Count
        && fit.measure == Comparison::Differs
        && fit.objections.is_empty();
    if other_measure && (is_small_count(asked) || fit.coverage < 0.55) {
        return false;
    }
    let digits = asked.figure.digits().first().map_or(0, String::len).clamp(1, 4) as f64 - 1.0;
    // What differs by one word is told of all the same.
    let questioned = |slot: &str| fit.objections.iter().any(|o| o.slot() == slot);
    let enough = match fit.differing().iter().all(|slot| questioned(slot)) && !is_small_count(asked) {
        true => {
            let (each, most) = ELSEWHERE;
            // A number of two digits is rounded to by many.
            let digits = asked.figure.digits().first().map_or(0, String::len);
            let exact = fit.agreement == Agreement::Same || digits >= TELLING_DIGITS;
            let least = if exact { NOTHING_DIFFERS } else { most };
            (least + each * carriers.saturating_sub(1) as f64).min(most)
        }
        false => SAME_THING,
    };
    fit.strength() + digits * PER_DIGIT >= enough
}

/// Slots that may differ short of making it another thing.
const APART_SLOTS: usize = 3;
/// Strength by which a figure that agrees may be behind another that does.
const LOOK_ALIKE: f64 = 0.18;
/// The same under another hedge.
const LOOK_ALIKE_HEDGED: f64 = 0.4;
/// Strength below which a figure that agrees gives way to one that differs, and by how much that has to be nearer.
const WEAK: f64 = 0.32;
const NEARER: f64 = 0.2;

/// Share of the claim's words in the sentence, or in all of the passage, below which a figure that
/// agrees is not taken for the claim's whatever its slots.
const SHARED: (f64, f64) = (0.2, 0.5);

/// Significant digits with which a figure seldom agrees by chance.
const TELLING_DIGITS: usize = 3;

/// Whether a figure that agrees is the claim's: nothing differs, hardly a name of the claim is missing,
/// and not the figure alone is shared, unless its digits tell.
fn is_same(asked: &Asked, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let (local, coverage) = SHARED;
    let digits = |f: &Figure| f.digits().first().map_or(0, String::len);
    let telling = digits(&asked.figure).max(digits(&bearing.claim.figure)) >= TELLING_DIGITS;
    // A sentence that has the figure under another hedge is told of anyway.
    let supports = fit.agreement != Agreement::HedgeShift;
    // The one it happened to is named: what else the claim calls it by need not be.
    let victim = fit.named > 0 && fit.victim == Comparison::Same;
    fit.differing().is_empty()
        && (!supports || fit.missing.len() * 3 <= fit.named || victim)
        && (!supports || telling || fit.local >= local || fit.coverage >= coverage || fit.anchors > 0)
}

/// Share of a claim without its one missing name that a passage must have to tell the claim's case
/// under another name.
const RENAMED: f64 = 0.5;
/// The same where the passage has no other name or place of the claim.
const RENAMED_ALONE: f64 = 0.65;

/// Whether a passage tells the claim's case, but of somebody else: the one name the claim has and the
/// passage lacks is an actor where another is named, or stands over words that are all there.
fn is_of_another(asked: &Asked, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let [missing] = fit.missing.as_slice() else { return false };
    if fit.actor == Comparison::Differs {
        return fit.strength() >= SAME_THING;
    }
    let weight = |test: &dyn Fn(&str) -> bool| -> f64 {
        asked.terms.iter().filter(|(t, _)| test(&t.key)).map(|(_, w)| w).sum()
    };
    let all = weight(&|_| true);
    let rest = weight(&|key| key.trim_start_matches(['#', '@']) != missing);
    let share = if rest > 0.0 { fit.coverage * all / rest } else { 0.0 };
    fit.other_name && share >= (if fit.anchors > 0 { RENAMED } else { RENAMED_ALONE })
}

/// Whether a passage is of the claim's place and of its very month or day, and has its very figure: what name it
/// lacks is how the claim calls the case.
fn is_of_its_day(asked: &Asked, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    fit.agreement == Agreement::Same
        && fit.period == Comparison::Same
        && fit.window == Window::One
        && asked.periods.first().is_some_and(is_moment)
        && fit.anchors > 0
        && fit.lost_places == 0
}

fn is_small_count(asked: &Asked) -> bool {
    asked.figure.kind == FigureKind::Count && asked.figure.low < Decimal::from(SMALL_COUNT)
}

/// Times one figure may be another for two documents to mean one case that one of them does not name.
const NEAR: (i64, i64) = (3, 2);

/// Whether another document has the claim's very figure for a case of its month that it does not name,
/// where the one that names the case has a figure near it.
fn has_unnamed(asked: &Asked, own: &Bearing, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let victims: Vec<&str> = asked.claim.victims.iter().map(|v| v.value.as_str()).collect();
    fit.agreement == Agreement::Same
        && !victims.is_empty()
        && fit.missing.iter().all(|m| victims.contains(&m.as_str()))
        && fit.is_one_scope()
        && is_case_of_month(asked, own, bearing)
}

/// Whether another document tells of a case of the claim's very month, without a name, with a figure
/// near the claim's but not it.
fn is_unnamed_case(asked: &Asked, agreeing: &Bearing, bearing: &Bearing) -> bool {
    agreeing.fit.named > 0
        && bearing.fit.agreement == Agreement::Differs
        && bearing.fit.is_one_scope()
        && is_case_of_month(asked, agreeing, bearing)
}

/// Whether a bearing of another document is of a case without a name, of the claim's month, with a
/// figure near that of the document that names it.
fn is_case_of_month(asked: &Asked, naming: &Bearing, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let (a, b) = (naming.claim.figure.low, bearing.claim.figure.low);
    let (times, of) = NEAR;
    let near = a.max(b) * Decimal::from(of) <= a.min(b) * Decimal::from(times);
    let short = |p: &crate::extract::DateRange| p.end.since(p.start).is_ok_and(|s| s.get_days() <= 31);
    asked.figure.kind == FigureKind::Amount
        && bearing.claim.figure.unit == asked.figure.unit
        && near
        && bearing.claim.victims.is_empty()
        && !asked.claim.victims.is_empty()
        && fit.period == Comparison::Same
        && asked.periods.first().is_some_and(short)
        && bearing.claim.periods.first().is_some_and(|p| p.how == How::Said && short(&p.value))
        && bearing.passage.record.document != naming.passage.record.document
}

/// Whether another document's passage on the very service the claim names has a figure in the same
/// coin or currency near the claim's but not it, though its sentence leaves out the name.
fn is_near_figure(asked: &Asked, agreeing: &Bearing, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    asked.figure.kind == FigureKind::Amount
        && fit.agreement == Agreement::Differs
        && bearing.claim.figure.unit == asked.figure.unit
        && is_near(asked.figure.low, bearing.claim.figure.low)
        && asked.terms.iter().any(|(t, _)| t.key.starts_with('#'))
        && fit.missing.is_empty()
        && fit.anchors > 0
        && fit.is_one_scope()
        && bearing.passage.record.document != agreeing.passage.record.document
}

/// Times one sum may be another without a name in common, to dispute it.
const FAR_UNNAMED: i64 = 3;

/// Share of a claim without a name that another document's sum has to have, to be of the same total.
const SAME_TOTAL: f64 = 0.85;

/// The same of what a text reckons for a year.
const RECKONED: f64 = 0.2;
/// What a sum of a year may be of beside what was taken.
const OTHER_DEEDS: [&str; 8] =
    ["export", "launder", "recover", "reward", "demand", "average", "complaint", "launch"];
/// The same of a sum that is not three times as much or as little.
const NEAR_TOTAL: f64 = 0.55;

/// Whether another document gives another sum for the same total of the same period: all that an actor
/// stole in a year.
fn is_other_total(asked: &Asked, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let plain = |senses: &[Sense]| asked.terms.iter().all(|(t, _)| !senses.contains(&t.sense));
    let far = is_far_by(asked.figure.low, bearing.claim.figure.low, FAR_UNNAMED);
    // What a text reckons for a year needs few words to be a total: `for 2022 the Panel sets two estimates`.
    let sentence = bearing.passage.inside(bearing.claim.sentence).of(&bearing.passage.record.text);
    let other = |deed: &str| bearing.claim.actions.iter().any(|a| a.value == deed);
    let reckoned = !far
        && plain(&[Sense::Name, Sense::Place])
        && asked.claim.victims.is_empty()
        && asked.claim.counts.is_empty()
        && !cues(sentence, "reckoned").is_empty()
        && !OTHER_DEEDS.iter().any(|d| other(d))
        && asked
            .terms
            .iter()
            .any(|(t, _)| t.entry.is_some_and(|e| e.kin == "loss" || e.name == "cryptocurrency"))
        && bearing.claim.periods.first().is_some_and(|p| p.how == How::Said)
        && !fit.nobody
        && fit.coverage >= RECKONED;
    let total = reckoned || plain(&[Sense::Name, Sense::Word, Sense::Place]);
    let year = |p: &crate::extract::DateRange| p.precision == Precision::Year;
    total
        && asked.figure.kind == FigureKind::Amount
        && !asked.claim.actors.is_empty()
        && asked.periods.first().is_some_and(year)
        && bearing.claim.periods.first().is_some_and(|p| year(&p.value))
        && fit.period == Comparison::Same
        && (reckoned || fit.coverage >= if far { SAME_TOTAL } else { NEAR_TOTAL })
        && bearing.claim.victims.is_empty()
        && fit.is_one_scope()
}

/// Days by which two dates of one event are apart at most.
const NEAR_DATES: i32 = 40;

/// Another document's date for the event whose date agrees: of the same precision, near, and told of
/// the same name, with the claim's other sums where it has any.
fn other_date<'b>(asked: &Asked, best: &Bearing, bearings: &'b [Bearing]) -> Option<&'b Bearing> {
    // A day and a day, or a month and a month.
    let month = Decimal::from(31);
    let one_sort = |a: &Figure, b: &Figure| {
        let (a, b) = (a.high - a.low, b.high - b.low);
        a.is_zero() == b.is_zero() && a < month && b < month
    };
    let day = |f: &Figure| day_of(f.low);
    (asked.figure.kind == FigureKind::Date).then_some(())?;
    bearings.iter().filter(|b| b.passage.record.document != best.passage.record.document).find(|b| {
        let fit = &b.fit;
        // Of one first sighting two days may be months apart.
        let near = || {
            let apart = days_apart(day(&b.claim.figure)?, day(&asked.figure)?);
            Some(apart <= NEAR_DATES || (is_first_seen(asked, best) && is_first_seen(asked, b)))
        };
        let sums = |s: &Figure| {
            b.passage
                .record
                .claims
                .iter()
                .any(|c| b.claim.sentence.contains(c.span) && compare(s, &c.figure) == Agreement::Same)
        };
        fit.agreement == Agreement::Differs
            && fit.named > 0
            && fit.missing.is_empty()
            && fit.is_one_scope()
            && one_sort(&b.claim.figure, &asked.figure)
            && near() == Some(true)
            && asked.sums.iter().all(sums)
    })
}

/// Whether claim and passage tell when something was first seen.
fn is_first_seen(asked: &Asked, bearing: &Bearing) -> bool {
    let record = &bearing.passage.record;
    let heads = record.table.as_deref().unwrap_or("");
    let sentence = bearing.passage.inside(bearing.claim.sentence).of(&record.text);
    [sentence, heads].iter().any(|text| !cues(text, "appear").is_empty())
        && !cues(&asked.text, "appear").is_empty()
}

/// Whether a date is another for what the claim dates: the first sighting of the one it names.
fn is_own_date(asked: &Asked, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let span = |f: &Figure| f.high - f.low;
    let month = Decimal::from(31);
    asked.figure.kind == FigureKind::Date
        && fit.agreement == Agreement::Differs
        && fit.named > 0
        && fit.missing.is_empty()
        && fit.is_one_scope()
        && span(&asked.figure) < month
        && span(&bearing.claim.figure) < month
        && is_first_seen(asked, bearing)
}

/// Another document's month for the case whose sum agrees: the same sum of the same name, near in time. Of two days
/// the later is often that of the news.
fn other_month<'b>(asked: &Asked, best: &Bearing, bearings: &'b [Bearing]) -> Option<&'b Bearing> {
    let month = |b: &Bearing| {
        let said = b.claim.periods.first().filter(|p| p.how == How::Said)?;
        (said.value.precision == Precision::Month).then_some(said.value.start)
    };
    let own = month(best).filter(|_| asked.figure.kind == FigureKind::Amount)?;
    let fits = |f: &Fit| f.agreement == Agreement::Same && f.named > 0 && f.missing.is_empty();
    if best.fit.period != Comparison::Same || !fits(&best.fit) || !asked.periods.iter().all(is_moment) {
        return None;
    }
    bearings.iter().filter(|b| b.passage.record.document != best.passage.record.document).find(|b| {
        fits(&b.fit)
            && b.fit.differing() == ["period"]
            && b.claim.figure.unit == best.claim.figure.unit
            && month(b).is_some_and(|start| days_apart(start, own) <= NEAR_DATES)
    })
}

/// Whether another document names the claim's own case with another figure than the one that agrees.
fn is_rival(asked: &Asked, agreeing: &Bearing, bearing: &Bearing) -> bool {
    let counted = asked.figure.kind == FigureKind::Count;
    let far = counted && is_far(asked.figure.low, bearing.claim.figure.low);
    if far || !bearing.fit.is_one_window() || bearing.fit.aside || is_of_a_sort(bearing) {
        return false;
    }
    if is_unnamed_case(asked, agreeing, bearing) || is_near_figure(asked, agreeing, bearing) {
        return true;
    }
    (is_own_figure(asked, bearing) && bearing.fit.named > 0 || is_other_total(asked, bearing))
        && bearing.fit.agreement == Agreement::Differs
        && bearing.passage.record.document != agreeing.passage.record.document
        && bearing.claim.figure.unit == agreeing.claim.figure.unit
}

/// Whether two figures are of periods that cannot be one.
fn are_apart(a: &Bearing, b: &Bearing) -> bool {
    let period = |b: &Bearing| b.claim.periods.first().map(|p| p.value.clone());
    match (period(a), period(b)) {
        (Some(a), Some(b)) => !same_period(&a, &b) && !same_period(&b, &a),
        _ => false,
    }
}

/// Whether a figure is of one sort of crime where the claim is of none, and not of its very number of cases.
fn is_of_a_sort(bearing: &Bearing) -> bool {
    bearing.fit.of_a_sort && bearing.fit.count != Comparison::Same && bearing.fit.named == 0
}

/// What is done with money after it was taken: of each there is another sum.
const DEEDS: [&str; 3] = ["launder", "recover", "reward"];

/// Whether the claim tells of a deed that the source's claim does not tell of.
fn is_of_other_deed(asked: &Asked, bearing: &Bearing) -> bool {
    let told = |deed: &str| bearing.claim.actions.iter().any(|a| a.value == deed);
    asked.measures().any(|m| DEEDS.contains(&m) && !told(m))
}

/// Whether a source's claim, where none has the figure asked for, gives the one there is for its scope.
fn is_own_figure(asked: &Asked, bearing: &Bearing) -> bool {
    let fit = &bearing.fit;
    let (local, strength) = OWN_FIGURE;
    matches!(fit.agreement, Agreement::Differs | Agreement::Scale | Agreement::Unit)
        && asked.figure.kind != FigureKind::Date
        && !fit.crossed
        && !fit.off_topic
        && !fit.aside
        && (!fit.nobody || fit.victim == Comparison::Same)
        && !is_of_other_deed(asked, bearing)
        && fit.missing.is_empty()
        && fit.lost_places == 0
        && fit.is_one_scope()
        && fit.local >= (if fit.named > 0 { local } else { UNNAMED })
        && fit.strength() >= strength
}

/// Whether a source's claim is of the same scope with another figure; `alone` where none has the claim's, and a slip of
/// the pen is likely.
fn against(asked: &Asked, bearing: &Bearing, alone: bool) -> bool {
    let fit = &bearing.fit;
    let slipped = matches!(fit.agreement, Agreement::Scale | Agreement::Unit);
    if !(slipped || fit.agreement == Agreement::Differs) || asked.figure.kind == FigureKind::Date {
        return false;
    }
    let slip = is_slip(&asked.figure, &bearing.claim.figure) && fit.missing.len() < fit.named;
    let lacking =
        fit.missing.len() > fit.named || (!fit.missing.is_empty() && fit.period != Comparison::Same && !slip);
    let nobody = fit.nobody && fit.victim != Comparison::Same;
    if nobody || lacking || fit.crossed || fit.off_topic || fit.lost_places > 1 || !fit.is_one_scope() {
        return false;
    }
    if slipped {
        return fit.strength() >= SLIPPED;
    }
    if alone && is_slip(&asked.figure, &bearing.claim.figure) && fit.strength() >= TRANSPOSED {
        return true;
    }
    if fit.aside {
        return false;
    }
    let (a, b) = (asked.figure.low, bearing.claim.figure.low);
    let far = is_far(a, b);
    let joined = (fit.named > 0 && fit.local >= 0.4)
        || (!far && fit.local >= 0.7)
        || (fit.count == Comparison::Same && fit.coverage >= 0.5);
    let one_event = fit.victim == Comparison::Same && fit.named > 0 && fit.period == Comparison::Same;
    let tallied = fit.count == Comparison::Same && fit.coverage >= 0.25 && !far;
    if (one_event && fit.strength() >= 0.5) || tallied {
        return true;
    }
    if asked.figure.kind == FigureKind::Amount && !fit.is_one_window() {
        return false;
    }
    // By how much something rose is told of few things in one period.
    if asked.figure.kind == FigureKind::Share
        && fit.change
        && fit.period == Comparison::Same
        && fit.strength() >= GREW
    {
        return true;
    }
    let dated = match asked.periods.is_empty() {
        true => fit.named > 0 || asked.figure.kind != FigureKind::Amount || fit.coverage >= 0.9,
        false => fit.period == Comparison::Same,
    };
    let counted =
        asked.figure.kind == FigureKind::Count && !far && fit.local >= 0.45 && !asked.periods.is_empty();
    let joined = joined || counted;
    joined && dated && fit.strength() >= SAME_SCOPE
}

/// Whether a number is another with a slip of the pen: two neighbouring digits changed places (94 for 49), one of
/// three or more is another (117 for 177), or the point moved by one (3 for 30).
fn is_slip(a: &Figure, b: &Figure) -> bool {
    let digits = |f: &Figure| -> Vec<char> {
        f.low.normalize().to_string().chars().filter(char::is_ascii_digit).collect()
    };
    let (x, y) = (digits(a), digits(b));
    let apart: Vec<usize> = (0..x.len()).filter(|i| x.get(*i) != y.get(*i)).collect();
    let swapped = |i: usize| x.get(i) == y.get(i + 1) && x.get(i + 1) == y.get(i);
    let moved = a.low * Decimal::TEN == b.low || b.low * Decimal::TEN == a.low;
    let told = significant(&x) >= 3;
    (moved && !a.low.is_zero())
        || x.len() == y.len()
            && match apart.as_slice() {
                [_] => told,
                [i, j] => *j == i + 1 && swapped(*i),
                _ => false,
            }
}

/// Digits without the zeros behind them.
fn significant(digits: &[char]) -> usize {
    digits.iter().rposition(|d| *d != '0').map_or(0, |last| last + 1)
}

/// Whether two figures are too far apart to be of one case.
fn is_far(a: Decimal, b: Decimal) -> bool {
    is_far_by(a, b, APART)
}

/// Whether one of two figures is more than so many times the other.
fn is_far_by(a: Decimal, b: Decimal, times: i64) -> bool {
    a.max(b) > a.min(b) * Decimal::from(times) && !a.is_zero() && !b.is_zero()
}

fn answer_of(agreement: Agreement) -> Answer {
    match agreement {
        Agreement::Same => Answer::Supported,
        Agreement::Rounds => Answer::Rounded,
        _ => Answer::HedgeShift,
    }
}
