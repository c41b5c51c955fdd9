//! A passage made ready for comparing: its claims with the terms of their sentences, of the whole
//! passage and of what stands above it.

use super::terms::{Term, Weights, terms};
use crate::claims::{Claim, vocabulary};
use crate::document::Span;
use crate::error::Result;
use crate::extract::Value;
use crate::extract::row::{Ends, MentionRow};
use crate::index::record::{DocumentRecord, PassageRecord};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How near a term stands to a claim of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    Sentence,
    Passage,
    Above,
    Title,
}

pub struct Prepared {
    pub record: PassageRecord,
    pub document: Rc<DocumentRecord>,
    pub mentions: Vec<MentionRow>,
    /// Terms with their spans in bytes of the passage's text.
    pub terms: Vec<Term>,
    pub above: BTreeSet<String>,
    pub title: BTreeSet<String>,
}

impl Prepared {
    pub fn new(record: PassageRecord, document: Rc<DocumentRecord>, weights: &Weights<'_>) -> Result<Self> {
        let mentions = record.mentions(&document)?;
        let base = record.span.start;
        let inside = |ends: Ends| Span::new(ends.start.saturating_sub(base), ends.end.saturating_sub(base));
        let names: Vec<(Span, String)> = mentions
            .iter()
            .filter_map(|m| match &m.value {
                Value::Exchange(x) => Some((inside(m.span), x.name.clone())),
                _ => None,
            })
            .collect();
        let left_out: Vec<Span> = mentions
            .iter()
            .filter(|m| matches!(m.value, Value::Date(_) | Value::Wallet(_)))
            .map(|m| inside(m.span))
            .collect();
        let own = terms(&record.text, &names, &left_out, &weights.stems);
        let keys = |text: &str| -> BTreeSet<String> {
            terms(text, &[], &[], &weights.stems).into_iter().flat_map(|t| keys(&t)).collect()
        };
        let mut heads = record.headings.join("\n");
        for more in [&record.table, &record.annex].into_iter().flatten() {
            heads.push('\n');
            heads.push_str(more);
        }
        let above = keys(&heads);
        let mut title = keys(&format!(
            "{}\n{}",
            document.meta.title.as_deref().unwrap_or(""),
            document.meta.publisher.as_deref().unwrap_or("")
        ));
        let about = |key: &String| {
            let entry = vocabulary::entry(key.strip_prefix('@')?)?;
            (!entry.about.is_empty()).then(|| format!("@{}", entry.about))
        };
        let abouts: Vec<String> = title.iter().filter_map(about).collect();
        title.extend(abouts);
        Ok(Prepared { terms: own, above, title, mentions, record, document })
    }

    /// A stretch of the document's text, in bytes of the passage's.
    pub fn inside(&self, span: Span) -> Span {
        let base = self.record.span.start;
        let end = self.record.text.len();
        Span::new(span.start.saturating_sub(base).min(end), span.end.saturating_sub(base).min(end))
    }

    /// The keys of the terms of a claim's sentence.
    pub fn sentence(&self, claim: &Claim) -> BTreeSet<String> {
        let span = self.inside(claim.sentence);
        self.terms.iter().filter(|t| span.contains(t.span)).flat_map(keys).collect()
    }

    pub fn whole(&self) -> BTreeSet<String> {
        self.terms.iter().flat_map(keys).collect()
    }

    /// A sentence as it is quoted.
    pub fn quote(&self, sentence: Span) -> String {
        let text = self.inside(sentence).of(&self.record.text);
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.record.is_row() {
            true => format!("| {folded} |"),
            false => folded,
        }
    }
}

/// The keys a term is found by: its own, its kin's and those it belongs to.
pub fn keys(term: &Term) -> Vec<String> {
    let mut keys = vec![term.key.clone()];
    if let Some(entry) = term.entry {
        if !entry.kin.is_empty() {
            keys.push(format!("%{}", entry.kin));
        }
        let mut left = entry.within.clone();
        while let Some(whole) = left.pop() {
            let key = format!("@{whole}");
            if !keys.contains(&key) {
                left.extend(vocabulary::entry(whole).map(|e| e.within.clone()).unwrap_or_default());
                keys.push(key);
            }
        }
    }
    keys
}
