//! For what stretch of time a figure is told: a year, a month, each case. Of `a year` and `a month` two
//! sums are two figures; which period a sum is of is [`super::windows`]'s.

use super::asked::Asked;
use super::passage::Prepared;
use super::windows::days_apart;
use crate::claims::{Claim, FigureKind, How};
use crate::document::Span;
use crate::extract::Precision;
use std::collections::BTreeSet;

/// Whether a text says so much of every case: `each attack costs`, and not `each year`.
fn is_each(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| match pair {
        ["each" | "every", next] => {
            let next = next.trim_matches(|c: char| !c.is_alphanumeric());
            !["year", "month", "week", "day", "hour", "quarter", "time", "other", "of", "one"].contains(&next)
        }
        _ => false,
    })
}

/// Stretches of time for which a sum is told, by their nouns and adjectives.
const TIMES: [(&str, &str, &str); 4] = [
    ("year", "annual", "annually"),
    ("month", "monthly", "monthly"),
    ("week", "weekly", "weekly"),
    ("day", "daily", "daily"),
];

/// The stretches for which a text tells a sum, `a year`, `monthly`, and whether it tells one of each case.
pub fn rate(text: &str) -> (BTreeSet<&'static str>, bool) {
    let words: Vec<String> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect();
    let pair =
        |lead: &str, noun: &str| words.windows(2).any(|w| matches!(w, [a, b] if a == lead && b == noun));
    // `Half a year` and `in a year` are stretches, `a year earlier` is a day.
    let before = ["half", "in", "within", "over", "after", "of", "than", "for", "and"];
    let behind = ["ago", "earlier", "later", "before", "after", "and", "old"];
    let every = |noun: &str| {
        let at = words.windows(2).position(|w| matches!(w, [a, b] if a == "a" && b == noun));
        at.is_some_and(|at| {
            let leads =
                at.checked_sub(1).and_then(|i| words.get(i)).is_some_and(|w| before.contains(&w.as_str()));
            !leads && !words.get(at + 2).is_some_and(|w| behind.contains(&w.as_str()))
        })
    };
    let each = |noun: &str| every(noun) || ["per", "each", "every"].iter().any(|lead| pair(lead, noun));
    let average = |noun: &str| {
        words
            .windows(3)
            .any(|w| matches!(w, [a, b, c] if (a == "an" || a == "the") && b == "average" && c == noun))
    };
    let times = TIMES.iter().filter(|(noun, adjective, adverb)| {
        each(noun)
            || average(noun)
            || words.iter().any(|w| w == adverb || w == adjective)
            || (*noun == "year" && words.iter().any(|w| w == "yearly"))
    });
    let cases = ["attack", "incident", "case", "breach", "victim"];
    let per_case = cases.iter().any(|c| pair("per", c) || pair("each", c))
        || pair("an", "attack")
        || pair("every", "attack")
        || pair("single", "attack")
        || is_each(&text.to_lowercase());
    (times.map(|(noun, ..)| *noun).collect(), per_case)
}

/// Bytes behind a figure in which its own stretch is told: `14,000 hours a year`.
const OWN_RATE: usize = 28;

/// The stretch of time that stands right behind a figure.
fn own_rate(text: &str, figure: Span) -> BTreeSet<&'static str> {
    let after = text.get(figure.end..).unwrap_or("");
    let near = after.get(..after.floor_char_boundary(after.len().min(OWN_RATE))).unwrap_or("");
    rate(&format!("{}{}", figure.of(text), near.split([',', ';', '.']).next().unwrap_or(""))).0
}

/// Per year against per case, or against the sum of a stretch that is no year.
pub fn rates_differ(asked: &Asked, passage: &Prepared, claim: &Claim, sentence: &str) -> bool {
    let own = own_rate(&asked.text, asked.claim.span);
    let theirs = own_rate(&passage.record.text, passage.inside(claim.span));
    if !own.is_empty() && !theirs.is_empty() {
        return own.is_disjoint(&theirs);
    }
    // `$100 a month` for a price that is told of no stretch.
    let silent = rate(&passage.record.text).0.is_empty() && !passage.record.is_row();
    if !own.is_empty() && silent && claim.periods.is_empty() && claim.figure.kind == FigureKind::Amount {
        return true;
    }
    let ((wanted, case), (found, of_case)) = (rate(&asked.text), rate(sentence));
    if !wanted.is_empty() && !found.is_empty() && wanted.is_disjoint(&found) {
        return true;
    }
    match ((!wanted.is_empty(), case), (!found.is_empty(), of_case)) {
        ((true, false), (false, true)) | ((false, true), (true, false)) => true,
        ((true, _), (false, false)) => {
            let stretch = claim.periods.first().filter(|p| p.how == How::Said).map(|p| &p.value);
            stretch.is_some_and(|p| {
                p.precision == Precision::Span && !(330..=400).contains(&days_apart(p.end, p.start))
            })
        }
        _ => false,
    }
}
