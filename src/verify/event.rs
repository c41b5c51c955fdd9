//! Two claims of the sources side by side: whether they can be of one event or scope, and what
//! speaks for it. Asked are actor, action, victims, period, counts and the words themselves.

use super::scope::same_thing;
use super::windows::same_period;
use crate::claims::vocabulary::{self, related};
use crate::claims::{Claim, How, Slot};
use crate::document::Span;
use crate::error::Result;
use crate::extract::DateRange;
use crate::index::record::{DocumentRecord, PassageRecord};
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A claim with the passage it stands in.
#[derive(Debug, Clone)]
pub struct Placed {
    pub claim: Claim,
    pub passage: Rc<PassageRecord>,
    pub document: Rc<DocumentRecord>,
    /// Worked out once, as claims are held against many others.
    words: OnceCell<Vec<String>>,
    /// Of the passage, for all its claims.
    sources: Rc<OnceCell<Vec<&'static str>>>,
}

impl Placed {
    /// The claims of a passage.
    pub fn of(passage: &Rc<PassageRecord>, document: &Rc<DocumentRecord>) -> Vec<Placed> {
        let sources = Rc::default();
        let placed = |claim: &Claim| Placed {
            claim: claim.clone(),
            passage: Rc::clone(passage),
            document: Rc::clone(document),
            words: OnceCell::new(),
            sources: Rc::clone(&sources),
        };
        passage.claims.iter().map(placed).collect()
    }

    /// A stretch of the document's text, white space folded.
    pub fn text(&self, span: Span) -> String {
        let base = self.passage.span.start;
        let inside = self.passage.text.get(span.start.saturating_sub(base)..span.end.saturating_sub(base));
        inside.unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn printed(&self) -> String {
        self.text(self.claim.span)
    }

    pub fn quote(&self) -> String {
        let text = self.text(self.claim.sentence);
        match self.is_row() {
            true => format!("| {text} |"),
            false => text,
        }
    }

    pub fn is_row(&self) -> bool {
        self.passage.is_row()
    }

    /// Places of the figure on its page, as the mention there has them.
    pub fn boxes(&self) -> Result<Option<Vec<[f32; 4]>>> {
        let span = self.claim.span;
        let rows = self.passage.mentions(&self.document)?;
        let here = rows.into_iter().find(|m| m.span.start < span.end && span.start < m.span.end);
        Ok(here.and_then(|m| m.boxes))
    }

    /// The period of the figure, unless it is only had from afar.
    pub fn period(&self) -> Option<&DateRange> {
        let near = |p: &&Slot<DateRange>| matches!(p.how, How::Said | How::Sentence | How::Table);
        self.claim.periods.iter().find(near).map(|p| &p.value)
    }

    /// The bodies its passage names, by their usual names.
    pub fn sources(&self) -> &[&'static str] {
        self.sources.get_or_init(|| {
            let mut found: Vec<&'static str> = Vec::new();
            for hit in vocabulary::find(&self.passage.text) {
                if hit.entry.sort == vocabulary::Sort::Source && !found.contains(&hit.entry.name) {
                    found.push(hit.entry.name);
                }
            }
            found
        })
    }

    /// The words its sentence shares with another's, where they are too many to be chance.
    pub fn shares(&self, other: &Placed) -> Option<String> {
        shared_words(self.words(), other.words())
    }

    /// The words of its sentence as they are compared.
    fn words(&self) -> &[String] {
        self.words.get_or_init(|| words(&self.quote()))
    }
}

/// Classes of a claim that make another measure of a figure.
const MEASURES: [&str; 9] =
    ["attempt", "average", "demand", "export", "launder", "pay", "potential", "recover", "reward"];

/// The measures a claim's sentence speaks of.
pub fn measures(claim: &Claim) -> BTreeSet<&str> {
    claim.actions.iter().map(|a| a.value.as_str()).filter(|a| MEASURES.contains(a)).collect()
}

/// Classes and kins of what was done.
pub fn kins(claim: &Claim) -> BTreeSet<&'static str> {
    let entries = claim.actions.iter().filter_map(|a| vocabulary::entry(&a.value));
    entries.map(|e| if e.kin.is_empty() { e.name } else { e.kin }).collect()
}

pub fn said(slots: &[Slot<String>]) -> BTreeSet<&str> {
    let near = |s: &&Slot<String>| matches!(s.how, How::Said | How::Sentence);
    slots.iter().filter(near).map(|s| s.value.as_str()).collect()
}

/// What speaks for two claims being of one scope, or `None` where something speaks against it.
pub fn kinship(a: &Placed, b: &Placed) -> Option<u32> {
    let mut worth = 0;
    let (ours, theirs) = (said(&a.claim.victims), said(&b.claim.victims));
    if !ours.is_empty() && !theirs.is_empty() {
        if ours.is_disjoint(&theirs) {
            return None;
        }
        worth += 2;
    }
    match (a.period(), b.period()) {
        (Some(x), Some(y)) if !same_period(x, y) && !same_period(y, x) => return None,
        (Some(_), Some(_)) => worth += 1,
        _ => {}
    }
    if !a.claim.actors.is_empty() && !b.claim.actors.is_empty() {
        let one = |x: &Slot<String>| b.claim.actors.iter().any(|y| related(&x.value, &y.value));
        if !a.claim.actors.iter().any(one) {
            return None;
        }
        worth += 1;
    }
    if measures(&a.claim) != measures(&b.claim) {
        return None;
    }
    worth += u32::from(!kins(&a.claim).is_disjoint(&kins(&b.claim)));
    for x in &a.claim.counts {
        for y in b.claim.counts.iter().filter(|y| same_thing(&x.value, &y.value)) {
            match x.value.low == y.value.low {
                true => worth += 2,
                false => return None,
            }
        }
    }
    if a.shares(b).is_some() {
        worth += 2;
    }
    worth += u32::from(a.sources().iter().any(|s| b.sources().contains(s)));
    worth += u32::from(a.document.order == b.document.order);
    Some(worth)
}

/// Words in a row that two texts share for one to be taken from the other.
const REUSED: usize = 6;

/// Words as they are compared: lower case, without signs and quotes.
pub fn words(text: &str) -> Vec<String> {
    let strip = |w: &str| w.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    text.split_whitespace().map(strip).filter(|w| !w.is_empty()).collect()
}

/// The longest run of words that two texts share, where it is long enough to be no chance.
pub fn shared(a: &str, b: &str) -> Option<String> {
    shared_words(&words(a), &words(b))
}

fn shared_words(a: &[String], b: &[String]) -> Option<String> {
    let mut best: &[String] = &[];
    for start in 0..a.len() {
        for other in 0..b.len() {
            let run = a.iter().skip(start).zip(b.iter().skip(other)).take_while(|(x, y)| x == y).count();
            if run > best.len() {
                best = a.get(start..start + run).unwrap_or_default();
            }
        }
    }
    (best.len() >= REUSED).then(|| best.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_words_is_shared_whatever_the_quotes_and_a_short_one_is_not() {
        let a = "\u{201c}They took nearly $400 million, in digital\u{201d} assets.";
        let b = "they took nearly $400 million in digital coins";
        assert_eq!(shared(a, b).as_deref(), Some("they took nearly 400 million in digital"));
        assert_eq!(shared("took nearly 400 million in all", "nearly 400 million in sum"), None);
    }
}
