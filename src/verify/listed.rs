//! Which of several figures of one sentence what the claim is about stands with: names, sorts of crime, the
//! items of a list, the second of two prices.

use super::asked::{Asked, part_of};
use super::passage::Prepared;
use super::scope::topic;
use super::terms::{Sense, Term};
use crate::claims::Claim;
use crate::document::Span;
use std::collections::BTreeSet;

/// Whether the names asked for stand at another figure of a sentence that lists several.
pub fn crossed(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let list: Vec<&Claim> = passage
        .record
        .claims
        .iter()
        .filter(|c| c.sentence == claim.sentence && c.figure.kind == claim.figure.kind)
        .collect();
    if list.len() < 2 || passage.record.is_row() {
        return false;
    }
    if is_of_other_topic(asked, passage, claim, &list)
        || is_other_item(asked, passage, claim, &list)
        || is_whole(asked, passage, claim, &list)
    {
        return true;
    }
    if asked.beside.is_none() && is_alternative(asked, passage, claim, &list) {
        return true;
    }
    let all: BTreeSet<&str> = asked
        .terms
        .iter()
        .filter(|(t, _)| matches!(t.sense, Sense::Name | Sense::Word))
        .map(|(t, _)| t.key.as_str())
        .collect();
    // Of a claim with several figures only the names beside the one that is asked for.
    let wanted: BTreeSet<&str> = match &asked.beside {
        Some(beside) => all.into_iter().filter(|k| beside.contains(*k)).collect(),
        None if list.len() < 3 => return false,
        None => all,
    };
    let spans: Vec<Span> = list.iter().map(|c| passage.inside(c.span)).collect();
    let names = |i: usize| -> BTreeSet<&str> {
        let segment = match asked.beside.is_some() {
            true => part_of(&passage.record.text, &spans, i, passage.inside(claim.sentence)),
            false => {
                let from =
                    i.checked_sub(1).and_then(|b| list.get(b)).map_or(claim.sentence.start, |b| b.span.end);
                let to = list.get(i).map_or(claim.sentence.end, |c| c.span.end);
                passage.inside(Span::new(from.min(to), to))
            }
        };
        let inside = passage.terms.iter().filter(|t| {
            let begins = t.span.start == passage.inside(claim.sentence).start
                && t.span.of(&passage.record.text).starts_with(char::is_uppercase);
            (t.sense == Sense::Name || ((asked.beside.is_some() || begins) && t.sense == Sense::Word))
                && segment.contains(t.span)
        });
        inside.map(|t| t.key.as_str()).collect()
    };
    let Some(own) = list.iter().position(|c| c.span == claim.span) else { return false };
    let here = names(own);
    !here.is_empty()
        && here.is_disjoint(&wanted)
        && (0..list.len()).any(|i| i != own && !names(i).is_disjoint(&wanted))
}

/// Whether of the sorts of crime in a sentence the one nearest to its figure is not the claim's, which is nearest to
/// another figure: `a compromise costs $154,000, compared to $640 for ransomware`.
fn is_of_other_topic(asked: &Asked, passage: &Prepared, claim: &Claim, list: &[&Claim]) -> bool {
    let wanted: BTreeSet<&str> = asked.terms.iter().filter_map(|(t, _)| topic(t)).collect();
    let sentence = passage.inside(claim.sentence);
    let topics: Vec<(&str, Span)> = passage
        .terms
        .iter()
        .filter(|t| sentence.contains(t.span))
        .filter_map(|t| topic(t).map(|name| (name, t.span)))
        .collect();
    let nearest = |figure: Span| {
        let figure = passage.inside(figure);
        let apart = |at: &Span| match at.start >= figure.end {
            true => at.start - figure.end,
            false => figure.start.saturating_sub(at.end),
        };
        topics.iter().min_by_key(|(_, at)| apart(at)).map(|(name, _)| *name)
    };
    let Some(own) = nearest(claim.span).filter(|_| wanted.len() == 1) else { return false };
    !wanted.contains(own)
        && list
            .iter()
            .filter(|c| c.span != claim.span)
            .filter_map(|c| nearest(c.span))
            .any(|t| wanted.contains(t))
}

/// Whether of items between semicolons, `$150 lite version; $200 pro version`, another than the figure's has more of
/// the claim's words.
fn is_other_item(asked: &Asked, passage: &Prepared, claim: &Claim, list: &[&Claim]) -> bool {
    let text = &passage.record.text;
    let sentence = passage.inside(claim.sentence);
    let spans: Vec<Span> = list.iter().map(|c| passage.inside(c.span)).collect();
    let between = |pair: &[Span]| match pair {
        [a, b] => text.get(a.end..b.start).unwrap_or("").contains(';'),
        _ => false,
    };
    if !spans.windows(2).all(between) {
        return false;
    }
    let shared = |figure: &Span| {
        let from = text.get(sentence.start..figure.start).and_then(|t| t.rfind([';', ':', '(']));
        let from = from.map_or(sentence.start, |at| sentence.start + at + 1);
        let to = text.get(figure.end..sentence.end).and_then(|t| t.find(';'));
        let item = Span::new(from, to.map_or(sentence.end, |at| figure.end + at));
        let words = passage.terms.iter().filter(|t| item.contains(t.span));
        words.filter(|t| asked.terms.iter().any(|(a, _)| a.key == t.key)).count()
    };
    let Some(own) = spans.iter().find(|s| **s == passage.inside(claim.span)) else { return false };
    spans.iter().any(|other| other != own && shared(other) > shared(own))
}

/// What stands between a part and its whole.
const OF_WHOLE: [&str; 6] = ["of", "of the", "out of", "out of the", "of its", "of their"];

/// Whether a figure is the whole of which another is the part that the claim tells of: of `froze $380 million of the
/// $462 million lost` the second was not frozen.
fn is_whole(asked: &Asked, passage: &Prepared, claim: &Claim, list: &[&Claim]) -> bool {
    let own = passage.inside(claim.span);
    let sentence = passage.inside(claim.sentence);
    let text = &passage.record.text;
    let Some(part) = list.iter().map(|c| passage.inside(c.span)).rfind(|s| s.end <= own.start) else {
        return false;
    };
    let between = text.get(part.end..own.start).unwrap_or("").trim().to_ascii_lowercase();
    let done = |t: &Term| t.entry.is_some_and(|e| e.measure || e.name == "steal");
    OF_WHOLE.contains(&between.as_str())
        && asked.terms.iter().any(|(t, _)| {
            let places: Vec<Span> = passage
                .terms
                .iter()
                .filter(|p| p.key == t.key && sentence.contains(p.span))
                .map(|p| p.span)
                .collect();
            done(t) && !places.is_empty() && places.iter().all(|at| at.end <= part.start)
        })
}

/// Whether a figure is the second of two, `for $100 or rebuilt with a new domain for $20`, and what makes it so
/// is not in the claim.
fn is_alternative(asked: &Asked, passage: &Prepared, claim: &Claim, list: &[&Claim]) -> bool {
    let [first, second] = list else { return false };
    let (first, second) = (passage.inside(first.span), passage.inside(second.span));
    let from = first.end.min(second.start);
    let between = Span::new(from, second.start).of(&passage.record.text);
    let or = format!(" {between}").rfind(" or ");
    let (Some(or), true) = (or, passage.inside(claim.span) == second) else { return false };
    let between = Span::new(from + or, second.start);
    let own: Vec<&Term> = passage
        .terms
        .iter()
        .filter(|t| matches!(t.sense, Sense::Name | Sense::Word) && between.contains(t.span))
        .collect();
    own.len() >= 2 && !own.iter().any(|t| asked.terms.iter().any(|(a, _)| a.key == t.key))
}
