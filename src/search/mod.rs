//! Query text to hits and facet counts.
//!
//! [`query`] reads the text, `plan` makes tantivy's queries of it, `rank` runs them, and a
//! [`Hit`] is what the contract prints. Nothing of a query is dropped: it is read back with the
//! results, and what is not understood is an error with its place. There is no cap on results.
//!
//! Ranking: BM25 of the passage, with the title and headings above it counting less, and a share
//! of the whole document's BM25, so that of two like passages the one from the report on the
//! matter comes first. Equal scores stand in the order of the corpus.

pub mod candidates;
mod highlight;
pub mod locate;
mod plan;
pub mod query;
mod rank;
mod synonyms;
pub mod values;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{DocumentRow, Ends, MentionRow};
use crate::index::record::{DocumentRecord, PassageRecord};
use crate::index::{Facet, Index};
use serde::Serialize;
use std::collections::BTreeMap;

/// The `schema` field of a hit row.
pub const SCHEMA: &str = "paydirt.hit/1";

/// Facet values chosen beside the query: any of the values of one facet, and so for every facet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    pub chosen: BTreeMap<Facet, Vec<String>>,
}

/// How to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Facets to count.
    pub facets: Vec<Facet>,
    /// Whether other names for the same thing are searched as well.
    pub synonyms: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { facets: Vec::new(), synonyms: true }
    }
}

/// A value of a facet with the number of passages that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    pub value: String,
    pub passages: u64,
    /// It is one of those chosen.
    pub chosen: bool,
}

/// What a query found. Hits are read from the index one by one, as many as there are.
pub struct Found<'a> {
    index: &'a Index,
    query: String,
    ranked: Vec<rank::Ranked>,
    marks: Vec<highlight::Mark>,
    /// The query in words, as it was understood.
    pub read_as: String,
    /// What else the user should know: other names searched, values the index has not.
    pub notes: Vec<String>,
    /// Values with their counts, the most frequent first. The counts of a facet hold under the
    /// query and the values chosen of the other facets.
    pub facets: Vec<(Facet, Vec<Count>)>,
}

impl std::fmt::Debug for Found<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Found")
            .field("read_as", &self.read_as)
            .field("total", &self.ranked.len())
            .finish_non_exhaustive()
    }
}

/// One passage found, as the contract prints it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    pub schema: String,
    /// The query as it was given.
    pub query: String,
    pub score: f64,
    pub source: String,
    pub sha256: String,
    pub document: DocumentRow,
    /// 1-based page of the file it begins on.
    pub page: u32,
    /// As printed.
    pub page_label: Option<String>,
    /// `106`, `fn 34`, `table 2 row 5`.
    pub paragraph: Option<String>,
    pub annex: Option<String>,
    /// The heading it stands under, of a table row the table's caption and heads.
    pub heading: Option<String>,
    /// What `paydirt show` takes.
    pub locator: String,
    pub text: String,
    /// Bytes of `text`.
    pub highlights: Vec<Ends>,
    /// Bytes of the document's text that `text` stands at.
    pub span: Ends,
    pub mentions: Vec<MentionRow>,
}

/// Searches an index. An empty text asks for every passage the filters leave.
///
/// # Errors
/// `Usage` where the query is not understood, `Index` where the index is damaged.
pub fn search<'a>(index: &'a Index, text: &str, filters: &Filters, options: &Options) -> Result<Found<'a>> {
    let query = match text.trim().is_empty() {
        true => None,
        false => Some(query::parse(text)?),
    };
    let plan = plan::plan(index, query.as_ref(), filters, options.synonyms)?;
    let ranked = rank::rank(index, &plan)?;
    let mut facets = Vec::new();
    for facet in &options.facets {
        let chosen = filters.chosen.contains_key(facet);
        let under = plan.without.iter().find(|(f, _)| f == facet).map_or(&plan.passages, |(_, q)| q);
        let mut counts = rank::count(index, under.as_ref(), *facet)?;
        if chosen {
            // A chosen value is one the passages found have.
            let held = rank::count(index, plan.passages.as_ref(), *facet)?;
            let wanted = filters.chosen.get(facet).map(Vec::as_slice).unwrap_or(&[]);
            for count in &mut counts {
                count.chosen = held.iter().any(|h| h.value == count.value)
                    && wanted.iter().any(|w| plan::names_value(w, &count.value));
            }
        }
        facets.push((*facet, counts));
    }
    let mut read_as = query.map_or("every passage".to_string(), |q| q.to_string());
    for (facet, values) in &filters.chosen {
        read_as += &format!("; {} {}", facet.name(), values.join(" or "));
    }
    Ok(Found {
        index,
        query: text.to_string(),
        ranked,
        marks: plan.marks,
        read_as,
        notes: plan.notes,
        facets,
    })
}

impl Found<'_> {
    /// How many passages were found.
    pub fn total(&self) -> usize {
        self.ranked.len()
    }

    /// The first hits, all of them for `None`, best first.
    pub fn hits(&self, limit: Option<usize>) -> impl Iterator<Item = Result<Hit>> + '_ {
        let mut at_hand: Option<DocumentRecord> = None;
        self.ranked.iter().take(limit.unwrap_or(usize::MAX)).map(move |ranked| {
            let gone =
                || Error::new(ErrorKind::Index, "the index is damaged").because("a passage is missing");
            let passage = self.index.passage(ranked.address)?.ok_or_else(gone)?;
            if at_hand.as_ref().is_none_or(|d| d.order != passage.document) {
                at_hand = self.index.document(passage.document)?;
            }
            let document = at_hand.as_ref().ok_or_else(gone)?;
            self.hit(&passage, document, ranked.score)
        })
    }

    fn hit(&self, passage: &PassageRecord, document: &DocumentRecord, score: f32) -> Result<Hit> {
        let mentions = passage.mentions(document)?;
        let highlights = highlight::highlights(passage, &mentions, &self.marks)?;
        let (text, lead) = passage.printed();
        let start = passage.span.start + lead;
        Ok(Hit {
            schema: SCHEMA.to_string(),
            query: self.query.clone(),
            // Four places are more than a rank needs, and the same on every machine.
            score: (f64::from(score) * 1e4).round() / 1e4,
            source: document.source.path.clone(),
            sha256: document.source.sha256.clone(),
            document: document.row(),
            page: passage.page,
            page_label: passage.page_label.clone(),
            paragraph: passage.paragraph.clone(),
            annex: passage.annex.clone(),
            heading: passage.table.clone().or_else(|| passage.headings.last().cloned()),
            locator: locate::locator(document, passage),
            text: text.to_string(),
            highlights: highlights.iter().map(|s| Ends { start: s.start, end: s.end }).collect(),
            span: Ends { start, end: start + text.len() },
            mentions,
        })
    }
}

#[cfg(test)]
mod tests;
