//! Query text to hits and facet counts.
//!
//! [`query`] reads the text, `plan` makes tantivy's queries of it, `rank` runs them, and a
//! [`Hit`] is what the contract prints. Nothing of a query is dropped: it is read back with the
//! results, and what is not understood is an error with its place. There is no cap on results.
//!
//! Ranking: BM25 of the passage, with the headings above it counting less, and a share of the whole
//! document's BM25 (title and text) and of how much of the question it holds, so that of two like
//! passages the one from the report on the matter comes first. Equal scores stand in the order of
//! the corpus.

pub mod candidates;
pub mod card;
mod columns;
mod counts;
mod documents;
mod fold;
mod highlight;
pub mod locate;
mod narrowed;
mod plan;
pub mod query;
mod rank;
mod synonyms;
pub mod target;
pub mod values;

use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{DocumentRow, Ends, MentionRow};
use crate::index::record::{DocumentRecord, PassageRecord};
use crate::index::{Facet, Index};
use serde::Serialize;
use std::collections::BTreeMap;

/// The `schema` field of a hit row.
pub const SCHEMA: &str = "paydirt.hit/1";
/// The `schema` field of a row of a document's hits.
pub const GROUP_SCHEMA: &str = "paydirt.group/1";

/// Facet values chosen beside the query: any of the values of one facet, and so for every facet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    pub chosen: BTreeMap<Facet, Vec<String>>,
}

/// What hits are put in order by; equal ones stand by relevance, then in the order of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    Relevance,
    /// The document's publication, the latest first.
    Date,
    /// The largest amount in the passage, of the currency asked for, else of US dollars.
    Amount,
    /// The place in the corpus, the first first.
    Place,
}

/// How to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Facets to count.
    pub facets: Vec<Facet>,
    /// Whether other names for the same thing are searched as well.
    pub synonyms: bool,
    pub sort: Sort,
    /// Whether near copies of a passage are folded into the first of them.
    pub fold: bool,
    /// How many hits will be asked for at most (offset and all); `None` for any number. A small
    /// one spares putting the rest in order.
    pub wanted: Option<usize>,
    /// Passages before and after each hit to give with it.
    pub context: usize,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            facets: Vec::new(),
            synonyms: true,
            sort: Sort::Relevance,
            fold: false,
            wanted: None,
            context: 0,
        }
    }
}

/// A value of a facet with the number of passages that have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// As it is chosen: `2021/03`, `USD/10M-100M`, `Europol`.
    pub value: String,
    pub passages: u64,
    /// It is one of those chosen.
    pub chosen: bool,
    /// The value above it, where the facet has levels: `2021` of `2021/03`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub above: Option<String>,
}

/// What a query found. Hits are read from the index one by one, as many as there are.
pub struct Found<'a> {
    index: &'a Index,
    query: String,
    /// The passages to show, each with its near copies; in order, at least as many as wanted.
    shown: Vec<fold::Shown>,
    total: usize,
    context: usize,
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
            .field("total", &self.total)
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
    /// Bytes of `text`, with what stands there: a `word`, a `phrase`, a kind of mention.
    pub highlights: Vec<Highlight>,
    /// Bytes of the document's text that `text` stands at.
    pub span: Ends,
    pub mentions: Vec<MentionRow>,
    /// Where it stands, for [`target::resolve`] and W3C Web Annotations.
    pub target: target::Target,
    /// Near copies of the passage that were found too and are folded into it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub copies: Vec<Copied>,
    /// The passages round it, where they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
}

/// A stretch to mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Highlight {
    pub start: usize,
    pub end: usize,
    pub kind: &'static str,
}

/// A near copy of a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    pub source: String,
    pub locator: String,
    pub page: u32,
}

/// Texts before and after a hit, in the order of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    pub before: Vec<String>,
    pub after: Vec<String>,
}

/// The hits of one document, in the order of their rank.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    pub schema: String,
    pub query: String,
    pub source: String,
    pub sha256: String,
    pub document: DocumentRow,
    /// Passages of it that were found; `hits` has the first of them.
    pub passages: usize,
    pub hits: Vec<Hit>,
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
    let passages = rank::find(index, &plan, &options.facets)?;
    let mut facets = Vec::new();
    for facet in &options.facets {
        let mut counts = passages.count(index, &plan, *facet)?;
        if let Some(wanted) = filters.chosen.get(facet) {
            // A chosen value is one the passages found have.
            let held = passages.values(index, *facet)?;
            for count in &mut counts {
                count.chosen = held.contains(&count.value)
                    && wanted.iter().any(|w| plan::names_value(*facet, w, &count.value));
            }
        }
        facets.push((*facet, counts));
    }
    let total = passages.total();
    let show = if options.fold { fold::folded } else { fold::unfolded };
    let shown = show(index, &plan, &passages, options.sort, options.wanted)?;
    let mut read_as = query.map_or("every passage".to_string(), |q| q.to_string());
    for (facet, values) in &filters.chosen {
        read_as += &format!("; {} {}", facet.name(), values.join(" or "));
    }
    read_as += match options.sort {
        Sort::Relevance => "",
        Sort::Date => "; the latest published first",
        Sort::Amount => "; the largest amount first",
        Sort::Place => "; in the order of the corpus",
    };
    if options.sort == Sort::Amount && plan.currency.is_none() {
        read_as += " (in USD)";
    }
    Ok(Found {
        index,
        query: text.to_string(),
        shown,
        total,
        context: options.context,
        marks: plan.marks,
        read_as,
        notes: plan.notes,
        facets,
    })
}

impl Found<'_> {
    /// How many passages were found, near copies included.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The first hits, all of them for `None`, in order.
    pub fn hits(&self, limit: Option<usize>) -> impl Iterator<Item = Result<Hit>> + '_ {
        self.page(0, limit)
    }

    /// Hits from an offset on, at most `limit`.
    pub fn page(&self, offset: usize, limit: Option<usize>) -> impl Iterator<Item = Result<Hit>> + '_ {
        let mut at_hand: Option<DocumentRecord> = None;
        let shown = self.shown.iter().skip(offset).take(limit.unwrap_or(usize::MAX));
        shown.map(move |shown| {
            let passage = self.passage(shown.ranked.order)?;
            if at_hand.as_ref().is_none_or(|d| d.order != passage.document) {
                at_hand = self.index.document(passage.document)?;
            }
            let document = at_hand.as_ref().ok_or_else(|| self.gone())?;
            self.hit(&passage, document, shown)
        })
    }

    /// Documents in the order of their best passage, from an offset on, each with its first
    /// `each` hits. Needs [`Options::wanted`] of `None` to see every document.
    pub fn groups(
        &self,
        offset: usize,
        limit: Option<usize>,
        each: usize,
    ) -> impl Iterator<Item = Result<Group>> + '_ {
        let mut places: BTreeMap<u64, usize> = BTreeMap::new();
        let mut groups: Vec<(u64, Vec<&fold::Shown>)> = Vec::new();
        for shown in &self.shown {
            let document = self.document_of(shown);
            let place = *places.entry(document).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((_, members)) => members.push(shown),
                None => groups.push((document, vec![shown])),
            }
        }
        groups.into_iter().skip(offset).take(limit.unwrap_or(usize::MAX)).map(move |(order, members)| {
            let document = self.index.document(order)?.ok_or_else(|| self.gone())?;
            let hits = members.iter().take(each).map(|shown| {
                let passage = self.passage(shown.ranked.order)?;
                self.hit(&passage, &document, shown)
            });
            Ok(Group {
                schema: GROUP_SCHEMA.to_string(),
                query: self.query.clone(),
                source: document.source.path.clone(),
                sha256: document.source.sha256.clone(),
                document: document.row(),
                passages: members.len(),
                hits: hits.collect::<Result<_>>()?,
            })
        })
    }

    /// How many documents the passages at hand are of.
    pub fn documents(&self) -> usize {
        self.shown.iter().map(|s| self.document_of(s)).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// The place of the document of a passage.
    fn document_of(&self, shown: &fold::Shown) -> u64 {
        let layout = self.index.layout();
        layout.passage(shown.ranked.order).map_or(0, |address| layout.document(address))
    }

    /// How many passages are shown after folding.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    fn gone(&self) -> Error {
        Error::new(ErrorKind::Index, "the index is damaged").because("a passage is missing")
    }

    /// The passage of that place among all.
    fn passage(&self, order: u64) -> Result<PassageRecord> {
        self.index.passage_at(order)?.ok_or_else(|| self.gone())
    }

    fn hit(&self, passage: &PassageRecord, document: &DocumentRecord, shown: &fold::Shown) -> Result<Hit> {
        let mentions = passage.mentions(document)?;
        let highlights = highlight::highlights(passage, &mentions, &self.marks);
        let (text, lead) = passage.printed();
        let start = passage.span.start + lead;
        let around = target::Neighbours::of(self.index, passage);
        let context = match self.context {
            0 => None,
            n => Some(around.context(n)?),
        };
        let mut copies = Vec::with_capacity(shown.copies.len());
        for copy in &shown.copies {
            let passage = self.passage(*copy)?;
            let document = self.index.document(passage.document)?.ok_or_else(|| self.gone())?;
            copies.push(Copied {
                locator: locate::locator(&document, &passage),
                source: document.source.path,
                page: passage.page,
            });
        }
        Ok(Hit {
            schema: SCHEMA.to_string(),
            query: self.query.clone(),
            // Four places are more than a rank needs, and the same on every machine.
            score: (f64::from(shown.ranked.score) * 1e4).round() / 1e4,
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
            highlights: highlights
                .iter()
                .map(|(s, kind)| Highlight { start: s.start, end: s.end, kind })
                .collect(),
            span: Ends { start, end: start + text.len() },
            target: around.target(document)?,
            mentions,
            copies,
            context,
        })
    }
}

#[cfg(test)]
mod tests;
