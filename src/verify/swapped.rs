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

/// Words before a name that tell its part: what something came from, who did it.
const ROLES: [&str; 2] = ["from", "by"];

/// Whether claim and sentence give the same part to two places or names: crude `from Iran`, crude `from Saudi Arabia`.
pub fn is_other_role(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let led = |text: &str, at: Span, role: &str| {
        let before = text.get(..at.start).unwrap_or("").trim_end();
        let before = before.strip_suffix("the").map_or(before, str::trim_end).to_lowercase();
        before.ends_with(&format!(" {role}"))
    };
    let name = |t: &Term| t.key.trim_start_matches(['@', '#']).to_string();
    ROLES.iter().any(|role| {
        let ours: Vec<&Term> = asked
            .terms
            .iter()
            .map(|(t, _)| t)
            .filter(|t| t.sense == Sense::Place && led(&asked.text, t.span, role))
            .collect();
        let theirs: Vec<&Term> = sentence
            .terms
            .iter()
            .filter(|(t, at)| t.sense == Sense::Place && led(sentence.text, *at, role))
            .map(|(t, _)| *t)
            .collect();
        !ours.is_empty()
            && !theirs.is_empty()
            && !ours.iter().any(|o| theirs.iter().any(|t| related(&name(o), &name(t))))
    })
}

/// Ends of words that tell how something is and not of what sort.
const ADJECTIVES: [&str; 13] =
    ["ed", "ous", "al", "ive", "ful", "ing", "able", "ible", "ic", "ent", "ant", "ish", "less"];

/// Whether the claim counts things of a sort that the passage does not speak of, and the sentence things of another:
/// dairy cooperatives for grain cooperatives.
pub fn is_other_sort(asked: &Asked, passage: &Prepared, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    let small = asked.figure.low < Decimal::ONE_HUNDRED;
    if !small || asked.figure.kind != FigureKind::Count || claim.figure.kind != FigureKind::Count {
        return false;
    }
    // `Biotech` is biotechnology.
    let kindred = |a: &str, b: &str| a.starts_with(b) || b.starts_with(a);
    let modifiers = |unit: &str| -> Vec<String> {
        let words: Vec<&str> = unit.split_whitespace().collect();
        let head = words.iter().position(|w| w.ends_with('s')).unwrap_or(words.len().saturating_sub(1));
        words
            .into_iter()
            .take(head)
            .filter(|w| w.len() > 3 && !ADJECTIVES.iter().any(|end| w.ends_with(end)))
            .map(str::to_string)
            .collect()
    };
    let ours: Vec<&Term> = asked
        .terms
        .iter()
        .map(|(t, _)| t)
        .filter(|t| matches!(t.sense, Sense::Word | Sense::Class))
        .filter(|t| modifiers(&asked.figure.unit).contains(&t.span.of(&asked.text).to_lowercase()))
        .collect();
    let theirs = modifiers(&claim.figure.unit);
    let known = |t: &&Term| {
        passage.terms.iter().any(|p| keys(p).contains(&t.key))
            || passage.above.contains(&t.key)
            || passage.title.contains(&t.key)
    };
    let asks = |word: &String| {
        sentence
            .terms
            .iter()
            .filter(|(_, at)| at.of(sentence.text).eq_ignore_ascii_case(word))
            .any(|(t, _)| asked.terms.iter().any(|(a, _)| keys(t).contains(&a.key)))
    };
    let one = |t: &&Term| theirs.iter().any(|w| kindred(w, &t.span.of(&asked.text).to_lowercase()));
    !ours.is_empty()
        && !theirs.is_empty()
        && !ours.iter().any(known)
        && !ours.iter().any(one)
        && !theirs.iter().any(asks)
}

/// Words that a sentence begins with that tells another case.
const ANOTHER: [&str; 6] = ["another", "separate", "different", "second", "also", "other"];

/// Whether a sentence that does not say of whom it tells, `The actors obtained $175,000 from the victim`, stands before
/// another case, and it is that of which the claim tells.
pub fn is_of_case_before(asked: &Asked, passage: &Prepared, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    let text = &passage.record.text;
    let own = passage.inside(claim.sentence);
    let weight = |span: Span| -> f64 {
        let has = |key: &str| {
            passage.terms.iter().filter(|t| span.contains(t.span)).any(|t| keys(t).iter().any(|k| k == key))
        };
        let tells = |t: &Term| matches!(t.sense, Sense::Name | Sense::Word | Sense::Class | Sense::Place);
        asked.terms.iter().filter(|(t, _)| tells(t) && has(&t.key)).map(|(_, w)| w).sum()
    };
    let after = text.get(own.end..).unwrap_or("");
    let mut at = own.end;
    let mut best: Option<(f64, Span)> = None;
    for part in after.split_inclusive(". ") {
        let span = Span::new(at, at + part.len());
        at += part.len();
        let lower = part.trim_start().trim_start_matches(['-', '*', ' ']).to_lowercase();
        let lead: Vec<&str> = lower.split_whitespace().take(5).collect();
        let dated = ["in", "on", "during", "between", "from"].iter().any(|w| lead.first() == Some(w))
            && passage.mentions.iter().any(|m| {
                let start = m.span.start.saturating_sub(passage.record.span.start);
                (span.start..span.start + 60).contains(&start)
            });
        let begins = dated || lead.iter().any(|w| ANOTHER.contains(w));
        if begins && best.is_none_or(|(b, _)| weight(span) > b) {
            best = Some((weight(span), span));
        }
    }
    let Some((case, _)) = best else { return false };
    let before = text.get(..own.start).unwrap_or("").trim_end();
    let from = before.rfind(". ").map_or(0, |i| i + 2);
    let previous = weight(Span::new(from, own.start.max(from)));
    sentence.terms.iter().all(|(t, _)| t.sense != Sense::Name)
        && case > 0.0
        && case >= 1.5 * weight(own)
        && case > previous
}

/// Bytes around a sum in which it is said that it was not paid.
const UNDONE: usize = 14;

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
    // Of those asked is of whom the rest is said.
    if rest.starts_with("those") || rest.starts_with("them") || rest.starts_with("respondents") {
        return None;
    }
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
