//! Runs planned queries: the passages found, and the best of them in their rank.
//!
//! A query runs once over each segment. Of every passage found only its place and score are kept;
//! what it is sorted by is asked of the columns, and only the best are put in order. Where values of
//! facets are chosen and those facets counted, passages that only one of the choices leaves out are
//! kept beside, for the counts of that facet.

use super::columns::{BLOCK, Firsts};
use super::plan::Plan;
use super::{Sort, documents};
use crate::error::Result;
use crate::extract::Kind;
use crate::index::values::{LAST_STEP, size_term};
use crate::index::{Facet, Index};
use std::collections::BTreeMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Bm25StatisticsProvider, BooleanQuery, EnableScoring, Occur, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{BitSet, DocId, DocSet, SegmentReader, TERMINATED, Term};

/// How much more than its own score that of its document counts for a passage. This and the constants of
/// [`documents`] and of the plan were chosen over the public and three blind sets of judged queries together;
/// the mean nDCG@10 hardly changes between 2 and 4.
const DOCUMENT: f32 = 3.0;

/// What a passage counts that has the kind of value the question asks for.
const ANSWERS: f32 = 1.3;

/// A passage found, in its rank.
#[derive(Debug, Clone, Copy)]
pub struct Ranked {
    /// What it is sorted by, the highest first: its score, day of publication or amount.
    pub key: f64,
    pub score: f32,
    /// Place among the passages of the index.
    pub order: u64,
}

/// The passages found in one segment, in the order of the text.
#[derive(Debug, Default)]
pub struct Part {
    pub docs: Vec<DocId>,
    /// Empty where the query scores nothing.
    scores: Vec<f32>,
    /// Passages that only the choice of that facet leaves out, by the place of the choice.
    pub beside: Vec<Vec<DocId>>,
}

/// Every passage found.
pub struct Passages {
    /// By segment.
    pub parts: Vec<Part>,
    /// The scores of documents, by their place; empty where the query has no words.
    documents: Vec<f32>,
    /// Whether they are all the passages of the index.
    pub all: bool,
}

/// Statistics in which only passages are counted.
pub(super) struct Statistics<'a> {
    pub(super) index: &'a Index,
    pub(super) count: u64,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        // What tantivy has is an estimate where a segment was put together of parts of others.
        let searcher = &self.index.searcher;
        match self.index.head.words.get(searcher.schema().get_field_name(field)) {
            Some(words) => Ok(*words),
            None => Bm25StatisticsProvider::total_num_tokens(searcher, field),
        }
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.count.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.index.searcher.doc_freq(term)
    }
}

/// The same, where the names of one thing are as frequent as the thing, and the length of a passage
/// counts less than BM25 has it: a long paragraph of a report says as much as a short one.
struct Pooled<'a> {
    of: Statistics<'a>,
    frequencies: &'a BTreeMap<Term, u64>,
    /// The field whose lengths count less.
    flat: Field,
}

/// Passages are taken to be so many times as long on average as they are: in effect a `b` of 0.5
/// and a `k1` of 0.6.
const FLAT: u64 = 3;

impl Bm25StatisticsProvider for Pooled<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let tokens = self.of.total_num_tokens(field)?;
        Ok(if field == self.flat { tokens.saturating_mul(FLAT) } else { tokens })
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        self.of.total_num_docs()
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        match self.frequencies.get(term) {
            // A word cannot stand in more passages than there are.
            Some(n) => Ok((*n).min(self.total_num_docs()?)),
            None => self.of.doc_freq(term),
        }
    }
}

/// Finds the passages of a plan. `counted` are the facets whose values will be counted.
///
/// # Errors
/// `Index` where it is damaged.
pub fn find(index: &Index, plan: &Plan, counted: &[Facet]) -> Result<Passages> {
    run(index, plan, counted).map_err(|e| index.damaged(e))
}

fn run(index: &Index, plan: &Plan, counted: &[Facet]) -> tantivy::Result<Passages> {
    let searcher = &index.searcher;
    if plan.all && plan.chosen.is_empty() {
        let part = |segment| Part { docs: index.layout().passages(segment).collect(), ..Part::default() };
        let parts = (0..).take(searcher.segment_readers().len()).map(part).collect();
        return Ok(Passages { parts, documents: Vec::new(), all: true });
    }
    let documents = documents::scores(index, &plan.documents)?;
    let statistics = Pooled {
        of: Statistics { index, count: index.head.passages },
        frequencies: &plan.frequencies,
        flat: index.fields.text,
    };
    let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
    // A choice that is counted is tested passage by passage, any other is part of the query.
    let is_beside = |facet: &Facet| counted.contains(facet);
    let mut chosen: Vec<Box<dyn Weight>> = Vec::new();
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, plan.passages.box_clone())];
    let some_beside = plan.chosen.iter().any(|(facet, _)| is_beside(facet));
    for (_, query) in &plan.chosen {
        match some_beside {
            true => chosen.push(query.weight(EnableScoring::disabled_from_searcher(searcher))?),
            false => clauses.push((Occur::Must, query.box_clone())),
        }
    }
    let query =
        if clauses.len() == 1 { plan.passages.box_clone() } else { Box::new(BooleanQuery::new(clauses)) };
    let weight = query.weight(scoring)?;
    let mut parts = Vec::with_capacity(searcher.segment_readers().len());
    for segment in searcher.segment_readers() {
        let tests = chosen.iter().map(|w| bits(w.as_ref(), segment)).collect::<tantivy::Result<Vec<_>>>()?;
        parts.push(part(weight.as_ref(), segment, &tests, plan.scored)?);
    }
    Ok(Passages { parts, documents, all: false })
}

/// The passages of a segment that a query finds.
fn bits(weight: &dyn Weight, segment: &SegmentReader) -> tantivy::Result<BitSet> {
    let mut found = BitSet::with_max_value(segment.max_doc());
    weight.for_each_no_score(segment, &mut |docs| {
        for doc in docs {
            found.insert(*doc);
        }
    })?;
    Ok(found)
}

fn part(
    weight: &dyn Weight,
    segment: &SegmentReader,
    tests: &[BitSet],
    is_scored: bool,
) -> tantivy::Result<Part> {
    let mut part = Part { beside: vec![Vec::new(); tests.len()], ..Part::default() };
    match (tests.is_empty(), is_scored) {
        (true, false) => {
            weight.for_each_no_score(segment, &mut |docs| part.docs.extend_from_slice(docs))?;
        }
        (true, true) => {
            weight.for_each(segment, &mut |doc, score| {
                part.docs.push(doc);
                part.scores.push(score);
            })?;
        }
        (false, false) => {
            weight.for_each_no_score(segment, &mut |docs| {
                for doc in docs {
                    part.take(*doc, tests);
                }
            })?;
        }
        (false, true) => {
            let mut scorer = weight.scorer(segment, 1.0)?;
            let mut doc = scorer.doc();
            while doc != TERMINATED {
                if part.take(doc, tests) {
                    part.scores.push(scorer.score());
                }
                doc = scorer.advance();
            }
        }
    }
    Ok(part)
}

impl Part {
    /// Takes a passage that passes all tests, and keeps one that fails a single one beside. Answers
    /// whether it passes.
    fn take(&mut self, doc: DocId, tests: &[BitSet]) -> bool {
        let mut failed = tests.iter().enumerate().filter(|(_, test)| !test.contains(doc)).map(|(n, _)| n);
        match (failed.next(), failed.next()) {
            (None, _) => {
                self.docs.push(doc);
                return true;
            }
            (Some(only), None) => {
                if let Some(beside) = self.beside.get_mut(only) {
                    beside.push(doc);
                }
            }
            _ => {}
        }
        false
    }

    /// Those of some of its passages.
    fn only(&self, docs: Vec<DocId>) -> Part {
        let score = |doc: &DocId| self.docs.binary_search(doc).ok().and_then(|at| self.scores.get(at));
        let scores = if self.scores.is_empty() {
            Vec::new()
        } else {
            docs.iter().map(|doc| score(doc).copied().unwrap_or(0.0)).collect()
        };
        Part { docs, scores, beside: Vec::new() }
    }
}

/// The columns that score and sort the passages of a segment.
struct Columns {
    weight: Column<u64>,
    key: Key,
    /// Has a value where the passage has what the question asks for.
    preferred: Option<Preferred>,
}

/// A column that has a value where a passage has a mention of a kind.
enum Preferred {
    Amount(Column<f64>),
    Date(Column<i64>),
}

impl Preferred {
    fn has(&self, doc: DocId) -> bool {
        match self {
            Preferred::Amount(column) => column.index.has_value(doc),
            Preferred::Date(column) => column.index.has_value(doc),
        }
    }
}

/// The columns of what passages are sorted by.
enum Key {
    Score,
    Day(Column<i64>),
    Amount { high: Column<f64>, currencies: Option<StrColumn>, wanted: u64 },
    Place,
}

impl Key {
    /// Of a passage with its score and its place in the index.
    fn of(&self, doc: DocId, score: f32, order: u64) -> f64 {
        match self {
            Key::Score => f64::from(score),
            Key::Place => -(order as f64),
            Key::Day(day) => day.first(doc).map_or(f64::MIN, |d| d as f64),
            Key::Amount { high, currencies: Some(currencies), wanted } => {
                let amounts = high.values_for_doc(doc).zip(currencies.ords().values_for_doc(doc));
                let of_it = amounts.filter(|(_, currency)| currency == wanted);
                of_it.map(|(amount, _)| amount).fold(f64::MIN, f64::max)
            }
            Key::Amount { .. } => f64::MIN,
        }
    }
}

/// The currency whose amounts are put in order.
fn currency(plan: &Plan) -> &str {
    plan.currency.as_deref().unwrap_or("USD")
}

impl Columns {
    fn of(segment: &SegmentReader, plan: &Plan, sort: Sort) -> tantivy::Result<Columns> {
        let columns = segment.fast_fields();
        let key = match sort {
            Sort::Relevance => Key::Score,
            Sort::Place => Key::Place,
            Sort::Date => Key::Day(columns.i64("published_end")?),
            Sort::Amount => {
                let currencies = columns.str(Facet::Currency.name())?;
                let wanted = match &currencies {
                    Some(column) => column.dictionary().term_ord(currency(plan).as_bytes())?,
                    None => None,
                };
                let high = columns.f64("amount_high")?;
                Key::Amount { high, currencies, wanted: wanted.unwrap_or(u64::MAX) }
            }
        };
        let preferred = match plan.preferred {
            Some(Kind::Amount) => Some(Preferred::Amount(columns.f64("amount_low")?)),
            Some(Kind::Date) => Some(Preferred::Date(columns.i64("date_start")?)),
            _ => None,
        };
        Ok(Columns { weight: columns.u64("weight")?, key, preferred })
    }
}

impl Passages {
    pub fn total(&self) -> usize {
        self.parts.iter().map(|p| p.docs.len()).sum()
    }

    /// The first `wanted` passages in order, or all: best first, equal ones in the order of the
    /// index.
    ///
    /// # Errors
    /// `Index` where it is damaged.
    pub fn best(&self, index: &Index, plan: &Plan, sort: Sort, wanted: Option<usize>) -> Result<Vec<Ranked>> {
        let wanted = wanted.unwrap_or(usize::MAX);
        let is_scored = self.parts.iter().any(|part| !part.scores.is_empty());
        let in_order = matches!(sort, Sort::Relevance | Sort::Place) && !is_scored;
        let mut largest = Vec::new();
        if sort == Sort::Amount && wanted < self.total() {
            largest = self.largest(index, plan, wanted).map_err(|e| index.damaged(e))?;
        }
        let parts = if largest.is_empty() { &self.parts } else { &largest };
        let mut best = Best { wanted, held: Vec::new(), least: None };
        let mut weights = Firsts::default();
        for ((n, segment), part) in (0..).zip(index.searcher.segment_readers()).zip(parts) {
            if in_order && best.held.len() >= wanted {
                break;
            }
            let columns = Columns::of(segment, plan, sort).map_err(|e| index.damaged(e))?;
            let mut walk = index.layout().walk(n);
            if !is_scored {
                let docs = if in_order { wanted - best.held.len() } else { usize::MAX };
                for &doc in part.docs.iter().take(docs) {
                    let order = walk.order(doc);
                    best.take(Ranked { score: 0.0, key: columns.key.of(doc, 0.0, order), order });
                }
                continue;
            }
            for (docs, scores) in part.docs.chunks(BLOCK).zip(part.scores.chunks(BLOCK)) {
                let weights = weights.read(&columns.weight, docs);
                for ((&doc, &score), weight) in docs.iter().zip(scores).zip(weights) {
                    let mut score = score;
                    if !self.documents.is_empty() || score > 0.0 {
                        let place = usize::try_from(walk.document(doc)).ok();
                        let of_document = place.and_then(|p| self.documents.get(p)).copied().unwrap_or(0.0);
                        let weight = weight.unwrap_or(100) as f32 / 100.0;
                        let answers = columns.preferred.as_ref().is_some_and(|p| p.has(doc));
                        let weight = if answers { weight * ANSWERS } else { weight };
                        score = score * weight + DOCUMENT * of_document;
                    }
                    let order = walk.order(doc);
                    best.take(Ranked { score, key: columns.key.of(doc, score, order), order });
                }
            }
        }
        Ok(best.in_order())
    }

    /// The passages with the largest amounts, by their steps of size: `wanted` of them at least, and with
    /// one every one that has a larger. None where there are not as many with an amount.
    fn largest(&self, index: &Index, plan: &Plan, wanted: usize) -> tantivy::Result<Vec<Part>> {
        let segments = index.searcher.segment_readers();
        let mut left = Vec::with_capacity(segments.len());
        for (segment, part) in segments.iter().zip(&self.parts) {
            let mut found = BitSet::with_max_value(segment.max_doc());
            for doc in &part.docs {
                found.insert(*doc);
            }
            left.push((segment.inverted_index(index.fields.size)?, found, Vec::new()));
        }
        let mut count = 0;
        for step in (0..=LAST_STEP).rev() {
            let term = Term::from_field_text(index.fields.size, &size_term(Some(currency(plan)), step));
            for (inverted, found, docs) in &mut left {
                let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? else {
                    continue;
                };
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if found.contains(doc) {
                        found.remove(doc);
                        docs.push(doc);
                        count += 1;
                    }
                    doc = postings.advance();
                }
            }
            if count >= wanted {
                let parts = left.into_iter().zip(&self.parts).map(|((.., mut docs), part)| {
                    docs.sort_unstable();
                    part.only(docs)
                });
                return Ok(parts.collect());
            }
        }
        Ok(Vec::new())
    }
}

/// The best of the passages seen so far.
struct Best {
    wanted: usize,
    /// Up to twice as many as are wanted, in no order.
    held: Vec<Ranked>,
    /// The last of the best when they were last put in order: what comes behind it is not taken.
    least: Option<Ranked>,
}

fn in_rank(a: &Ranked, b: &Ranked) -> std::cmp::Ordering {
    b.key.total_cmp(&a.key).then(b.score.total_cmp(&a.score)).then(a.order.cmp(&b.order))
}

impl Best {
    fn take(&mut self, ranked: Ranked) {
        if self.least.is_some_and(|least| in_rank(&least, &ranked).is_lt()) || self.wanted == 0 {
            return;
        }
        self.held.push(ranked);
        if self.held.len() >= self.wanted.saturating_mul(2) {
            let (_, least, _) = self.held.select_nth_unstable_by(self.wanted - 1, in_rank);
            self.least = Some(*least);
            self.held.truncate(self.wanted);
        }
    }

    fn in_order(mut self) -> Vec<Ranked> {
        self.held.sort_unstable_by(in_rank);
        self.held.truncate(self.wanted);
        self.held
    }
}
