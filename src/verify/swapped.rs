//! What a claim puts in the place of what a passage says: other victims, another place, a whole of which a
//! share is, what was not done, one for all of them.
//!
//! The figure and most of the words agree here, so only the word that was swapped tells. The words that
//! raise these questions are `cues.tsv` and the classes marked `victim` in `words.tsv`, the cases
//! `verdicts.cases.md`. Whose figure it is among several of a sentence is [`super::carried`]'s.

use super::asked::Asked;
use super::carried::{Sentence, cues};
use super::passage::{Prepared, keys};
use super::terms::{Sense, Term};
use crate::claims::vocabulary::related;
use crate::claims::{Claim, FigureKind};
use crate::document::Span;
use rust_decimal::Decimal;

/// Classes of those to whom things happen without saying of what sort they are.
const ANY_VICTIM: [&str; 3] = ["business", "person", "website"];

/// Whether the claim's victims are of a sort that the passage does not speak of, while its sentence speaks of others:
/// banks for exchanges, hospitals for firms.
pub fn is_other_victim(asked: &Asked, passage: &Prepared, sentence: &Sentence<'_>) -> bool {
    let sort = |t: &Term| t.entry.filter(|e| e.victim);
    let wanted: Vec<&Term> = asked.terms.iter().map(|(t, _)| t).filter(|t| sort(t).is_some()).collect();
    let known = |t: &&Term| {
        passage.terms.iter().any(|p| p.key == t.key)
            || passage.above.contains(&t.key)
            || passage.title.contains(&t.key)
    };
    let other = |t: &Term| {
        t.entry.is_some_and(|e| e.victim || ANY_VICTIM.contains(&e.name))
            && !asked.terms.iter().any(|(a, _)| a.key == t.key)
    };
    !wanted.is_empty() && !wanted.iter().any(known) && sentence.terms.iter().any(|(t, _)| other(t))
}

/// Whether the claim says so of a place that the sentence does not name, while it names another.
pub fn is_other_place(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let place = |t: &Term| t.sense == Sense::Place;
    let name = |t: &Term| t.key.trim_start_matches('@').to_string();
    let tells = |t: &Term| asked.claim.attribution.iter().any(|a| related(&a.value, &name(t)));
    let foreign = |t: &Term| {
        place(t)
            && !asked.terms.iter().any(|(a, _)| a.key == t.key || (place(a) && related(&name(a), &name(t))))
    };
    let missing = |t: &Term| {
        let there = |p: &Term| keys(p).contains(&t.key) || (place(p) && related(&name(p), &name(t)));
        place(t) && !tells(t) && !sentence.terms.iter().any(|(p, _)| there(p))
    };
    asked.terms.iter().any(|(t, _)| missing(t)) && sentence.terms.iter().any(|(t, _)| foreign(t))
}

/// Bytes around a sum in which it is said that it was not paid.
const UNDONE: usize = 45;

/// Whether the passage says that what the claim has paid was not.
pub fn is_undone(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let figure = sentence.figure;
    let near = |cue: &Span| cue.end + UNDONE >= figure.start && cue.start <= figure.end + UNDONE;
    let denies = |text: &str| {
        let lower = text.to_lowercase();
        !cues(text, "undone").is_empty()
            || ["n't", "not ", "never", "refus", "unpaid", "without"].iter().any(|w| lower.contains(w))
    };
    asked.measures().any(|m| m == "pay")
        && !denies(&asked.text)
        && cues(sentence.text, "undone").iter().any(near)
}

/// Words with which a claim speaks of all of them.
const ALL: [&str; 7] =
    ["all told", "in all", "altogether", "together", "in total", "combined", "between them"];

/// Whether the sentence says of one what the claim says of several.
pub fn is_one_of_them(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let lead = sentence.text.trim_start();
    let from = sentence.text.len() - lead.len();
    let one = cues(sentence.text, "single").iter().any(|cue| cue.start == from);
    let lower = asked.text.to_lowercase();
    let many = asked.claim.counts.iter().any(|c| c.value.low >= Decimal::TWO)
        || ALL.iter().any(|w| lower.contains(w));
    one && many && cues(&asked.text, "single").is_empty()
}

/// Words of what a share is a part of, at most.
const OF_WORDS: usize = 7;

/// Where the words stand of which a share is a part: behind its `of`, up to what ends their name.
fn whole_of(text: &str, share: Span) -> Option<Span> {
    let after = text.get(share.end..)?;
    let lead = after.trim_start();
    let rest = lead.strip_prefix("of ")?;
    let from = share.end + (after.len() - rest.len());
    let ends = [
        "is", "are", "was", "were", "has", "have", "had", "in", "by", "comes", "come", "came", "will",
        "that", "who", "said", "say",
    ];
    let mut end = from;
    for word in rest.split_inclusive(' ').take(OF_WORDS) {
        let plain = word.trim().trim_end_matches([',', ';', '.', ':']);
        if ends.contains(&plain) {
            break;
        }
        end += word.len();
        if plain.len() < word.trim().len() {
            break;
        }
    }
    (end > from).then_some(Span::new(from, end))
}

/// Whether claim and passage have a share of two wholes: of the income, of the weapons programme.
pub fn is_other_whole(asked: &Asked, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    if claim.figure.kind != FigureKind::Share {
        return false;
    }
    let (Some(wanted), Some(found)) =
        (whole_of(&asked.text, asked.claim.span), whole_of(sentence.text, sentence.figure))
    else {
        return false;
    };
    let tells = |t: &Term| matches!(t.sense, Sense::Name | Sense::Class | Sense::Word);
    let ours: Vec<&Term> =
        asked.terms.iter().map(|(t, _)| t).filter(|t| wanted.contains(t.span) && tells(t)).collect();
    let theirs: Vec<&Term> =
        sentence.terms.iter().filter(|(t, at)| found.contains(*at) && tells(t)).map(|(t, _)| *t).collect();
    let shared = |t: &&Term| sentence.terms.iter().any(|(s, _)| keys(s).contains(&t.key));
    !ours.is_empty()
        && !theirs.is_empty()
        && !ours.iter().any(shared)
        && !theirs.iter().any(|s| asked.terms.iter().any(|(a, _)| a.key == s.key))
}

/// Whether the claim says so of all and the sentence of those it has just spoken of: `Of these, ... 95% of the total`.
pub fn is_of_those(asked: &Asked, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    let after = asked.text.get(asked.claim.span.end..).unwrap_or("").trim_start().to_lowercase();
    let lead = sentence.text.trim_start().to_lowercase();
    claim.figure.kind == FigureKind::Share
        && (after.starts_with("of all") || after.starts_with("of every"))
        && ["of these", "of those", "of them"].iter().any(|w| lead.starts_with(w))
}
