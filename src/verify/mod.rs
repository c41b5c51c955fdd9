//! A figure, a phrase or a sentence to a verdict: which passages carry the figure, whether it
//! means the same there, and what the corpus says instead.
//!
//! The claim's text is read by the same stages as the sources ([`asked`]); [`crate::search`] gives
//! the passages that may bear on it; [`scope`] measures how well what each of their claims is about
//! fits, [`windows`] their periods, [`rates`] for what stretch they are told, [`listed`] which of a sentence's figures is
//! meant, [`carried`] and [`swapped`] what keeps it from being the claim's; [`figure`] compares the figures; [`judge`]
//! decides, in the order of the contract, and
//! [`why`] says it in a sentence; [`article`] does so for every figure of a whole text, [`lineage`] tells where a figure
//! comes from, [`conflicts`] where the corpus does not agree with itself. Nothing here knows a claim, a document or an event.

pub mod article;
mod asked;
mod carried;
pub mod conflicts;
mod event;
mod figure;
mod initials;
mod judge;
pub mod lineage;
mod listed;
mod passage;
pub mod questions;
mod rates;
mod scope;
mod swapped;
mod synonyms;
mod terms;
mod why;
mod windows;

use crate::error::Result;
use crate::extract::row::DocumentRow;
use crate::index::Index;
use crate::index::record::DocumentRecord;
use crate::search::candidates::{self, candidates};
use passage::Prepared;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

pub use figure::Agreement;

/// The `schema` field of a verdict row.
pub const SCHEMA: &str = "paydirt.verdict/1";

/// How many passages are looked at for the words, and how many for the digits.
const CANDIDATES: usize = 48;
/// Passages kept read while a batch runs.
const KEPT: usize = 20_000;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub id: Option<String>,
    /// A sentence, a phrase or a bare figure.
    pub claim: String,
    /// Which of the claim's figures is meant, as it is printed there.
    pub figure: Option<String>,
}

/// The answer in a word, as the contract lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Supported,
    Rounded,
    HedgeShift,
    ScopeShift,
    Conflict,
    Disputed,
    NotFound,
    CannotSay,
}

impl Answer {
    pub fn name(self) -> &'static str {
        match self {
            Answer::Supported => "supported",
            Answer::Rounded => "rounded",
            Answer::HedgeShift => "hedge_shift",
            Answer::ScopeShift => "scope_shift",
            Answer::Conflict => "conflict",
            Answer::Disputed => "disputed",
            Answer::NotFound => "not_found",
            Answer::CannotSay => "cannot_say",
        }
    }

    /// Whether the corpus agrees with the claim.
    pub fn agrees(self) -> bool {
        matches!(self, Answer::Supported | Answer::Rounded)
    }
}

/// How one slot of the claim compares with the evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    Same,
    Rounds,
    HedgeShift,
    Differs,
    Absent,
}

impl Comparison {
    pub fn name(self) -> &'static str {
        match self {
            Comparison::Same => "same",
            Comparison::Rounds => "rounds",
            Comparison::HedgeShift => "hedge_shift",
            Comparison::Differs => "differs",
            Comparison::Absent => "absent",
        }
    }
}

/// The slots of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slots {
    pub amount: Comparison,
    pub period: Comparison,
    pub count: Comparison,
    pub victim: Comparison,
    pub actor: Comparison,
    pub attribution: Comparison,
    /// What was counted: attempted or stolen, per year or per attack.
    pub measure: Comparison,
}

/// One slot in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    pub slot: String,
    /// As the claim has it.
    pub claimed: Option<String>,
    /// As the first evidence has it.
    pub found: Option<String>,
    pub comparison: Comparison,
}

/// A passage that bears on the claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub source: String,
    pub sha256: String,
    pub document: DocumentRow,
    /// 1-based page of the file.
    pub page: u32,
    pub paragraph: Option<String>,
    /// What `paydirt show` takes.
    pub locator: String,
    /// The sentence, white space folded; a table row between its bars.
    pub quote: String,
    /// What this passage says to the claim, as a clause.
    pub why: String,
    /// `[x0, y0, x1, y1]` in points of the figure; null where there are none.
    pub boxes: Option<Vec<[f32; 4]>>,
    /// Bytes of the document's text the figure stands at.
    pub span: crate::extract::row::Ends,
}

/// How much of the corpus the answer rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub pages_read: u64,
    pub pages_unread: u64,
    /// Sources with unread pages, and those that could not be read at all.
    pub unread: Vec<String>,
}

/// The contract's row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub schema: String,
    pub id: Option<String>,
    pub claim: String,
    /// The figure that was checked, as the claim prints it.
    pub figure: Option<String>,
    pub verdict: Answer,
    pub slots: Slots,
    pub compared: Vec<Compared>,
    /// Best first.
    pub evidence: Vec<Evidence>,
    pub coverage: Coverage,
    pub why: String,
    /// The first evidence by day of publication that carries the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Evidence>,
}

/// Checks claims against one index; keeps what it read from one to the next.
pub struct Verifier<'a> {
    index: &'a Index,
    coverage: Coverage,
    documents: RefCell<BTreeMap<u64, Rc<DocumentRecord>>>,
    passages: RefCell<BTreeMap<(u32, u32), Rc<Prepared>>>,
    weights: terms::Weights<'a>,
}

impl std::fmt::Debug for Verifier<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").field("coverage", &self.coverage).finish_non_exhaustive()
    }
}

/// Checks one claim.
///
/// # Errors
/// `Usage` where it has no figure, `Index` where the index is damaged.
pub fn verify(index: &Index, question: &Question) -> Result<Verdict> {
    Verifier::new(index)?.verify(question)
}

impl<'a> Verifier<'a> {
    /// # Errors
    /// `Index` where its account cannot be read.
    pub fn new(index: &'a Index) -> Result<Self> {
        let mut coverage = Coverage::default();
        for row in index.account()? {
            coverage.pages_read += row.pages_read;
            coverage.pages_unread += row.pages - row.pages_read;
            if row.pages > row.pages_read || matches!(row.outcome, crate::corpus::Outcome::Failed { .. }) {
                coverage.unread.push(row.source.clone());
            }
        }
        Ok(Verifier {
            index,
            coverage,
            documents: RefCell::default(),
            passages: RefCell::default(),
            weights: terms::Weights::new(index),
        })
    }

    /// Checks one claim.
    ///
    /// # Errors
    /// `Usage` where it has no figure, `Index` where the index is damaged.
    pub fn verify(&self, question: &Question) -> Result<Verdict> {
        let mut asked = asked::read(question, &self.weights)?;
        let passages = self.passages(&asked)?;
        asked.name_from(&passages, &self.weights)?;
        let verdict = judge::judge(&asked, &passages, &self.coverage);
        Ok(verdict.row(question, &asked, &self.coverage))
    }

    /// How much of the corpus its answers rest on.
    pub fn coverage(&self) -> &Coverage {
        &self.coverage
    }

    /// The row of a claim that could not be read, or has no figure.
    pub fn unread(&self, id: Option<String>, claim: &str, why: &str) -> Verdict {
        Verdict {
            schema: SCHEMA.to_string(),
            id,
            claim: claim.to_string(),
            figure: None,
            verdict: Answer::CannotSay,
            slots: why::ABSENT,
            compared: Vec::new(),
            evidence: Vec::new(),
            coverage: self.coverage.clone(),
            why: why.to_string(),
            first: None,
        }
    }

    /// The passages that may bear on a claim, best first.
    fn passages(&self, asked: &asked::Asked) -> Result<Vec<Rc<Prepared>>> {
        let found = candidates(self.index, &asked.words(&self.weights)?, &asked.digits(), CANDIDATES)?;
        let mut passages = Vec::with_capacity(found.len());
        for candidate in &found {
            if let Some(kept) = self.passages.borrow().get(&candidate.key()) {
                passages.push(Rc::clone(kept));
                continue;
            }
            let Some(record) = candidates::read(self.index, candidate)? else { continue };
            let Some(document) = self.document(record.document)? else { continue };
            let prepared = Rc::new(Prepared::new(record, document, &self.weights)?);
            let mut kept = self.passages.borrow_mut();
            if kept.len() >= KEPT {
                kept.clear();
            }
            kept.insert(candidate.key(), Rc::clone(&prepared));
            passages.push(prepared);
        }
        let mut seen = BTreeSet::new();
        passages.retain(|p| seen.insert(p.record.order));
        Ok(passages)
    }

    fn document(&self, order: u64) -> Result<Option<Rc<DocumentRecord>>> {
        if let Some(kept) = self.documents.borrow().get(&order) {
            return Ok(Some(Rc::clone(kept)));
        }
        let Some(record) = self.index.document(order)? else { return Ok(None) };
        let record = Rc::new(record);
        self.documents.borrow_mut().insert(order, Rc::clone(&record));
        Ok(Some(record))
    }
}

#[cfg(test)]
mod tests;
