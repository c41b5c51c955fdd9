//! Passages that may bear on a claim: by its words, each with its other names, and by the digits
//! of its figure. What they are worth is not decided here.

use super::rank::Statistics;
use crate::error::Result;
use crate::index::Index;
use crate::index::record::PassageRecord;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, Query as Asked, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, Term};

/// What a word counts in the heading, the table's heads and the title, beside the passage itself.
const ABOVE: f32 = 0.4;

/// A word of a claim: stems that stand for the same, and how much it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    pub stems: Vec<String>,
    pub weight: f32,
}

/// A passage found, not read yet.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    pub score: f32,
    address: DocAddress,
}

impl Candidate {
    /// The same for the same passage of one index.
    pub fn key(&self) -> (u32, u32) {
        (self.address.segment_ord, self.address.doc_id)
    }
}

/// The passages that answer best to the words, and those that carry the digits.
///
/// # Errors
/// `Index` where it is damaged.
pub fn candidates(index: &Index, words: &[Word], digits: &[String], limit: usize) -> Result<Vec<Candidate>> {
    let mut any: Vec<(Occur, Box<dyn Asked>)> = Vec::new();
    for word in words {
        any.push((Occur::Should, Box::new(BoostQuery::new(word_query(index, word), word.weight))));
    }
    let mut found =
        top(index, &BooleanQuery::new(any.iter().map(|(o, q)| (*o, q.box_clone())).collect()), limit)?;
    if !digits.is_empty() {
        let carry = digits.iter().map(|key| {
            let query =
                TermQuery::new(Term::from_field_text(index.fields.digits, key), IndexRecordOption::Basic);
            (Occur::Should, Box::new(query) as Box<dyn Asked>)
        });
        let carry: Box<dyn Asked> = Box::new(BooleanQuery::new(carry.collect()));
        any.push((Occur::Must, carry));
        for more in top(index, &BooleanQuery::new(any), limit)? {
            if !found.iter().any(|f| f.address == more.address) {
                found.push(more);
            }
        }
    }
    Ok(found)
}

fn word_query(index: &Index, word: &Word) -> Box<dyn Asked> {
    let f = &index.fields;
    let mut ways: Vec<Box<dyn Asked>> = Vec::new();
    for stem in &word.stems {
        let in_field = |field: Field| -> Box<dyn Asked> {
            Box::new(TermQuery::new(Term::from_field_text(field, stem), IndexRecordOption::WithFreqs))
        };
        ways.push(in_field(f.text));
        for field in [f.heading, f.table, f.title] {
            ways.push(Box::new(BoostQuery::new(in_field(field), ABOVE)));
        }
    }
    Box::new(DisjunctionMaxQuery::with_tie_breaker(ways, 0.1))
}

fn top(index: &Index, query: &dyn Asked, limit: usize) -> Result<Vec<Candidate>> {
    let statistics = Statistics { index, count: index.head.passages };
    let found = index
        .searcher
        .search_with_statistics_provider(query, &TopDocs::with_limit(limit).order_by_score(), &statistics)
        .map_err(|e| index.damaged(e))?;
    Ok(found.into_iter().map(|(score, address)| Candidate { score, address }).collect())
}

/// Reads a candidate.
///
/// # Errors
/// `Index` where it is damaged.
pub fn read(index: &Index, candidate: &Candidate) -> Result<Option<PassageRecord>> {
    index.passage(candidate.address)
}

/// In how many passages a stem stands.
///
/// # Errors
/// `Index` where it is damaged.
pub fn frequency(index: &Index, stem: &str) -> Result<u64> {
    let term = Term::from_field_text(index.fields.text, stem);
    index.searcher.doc_freq(&term).map_err(|e| index.damaged(e))
}
