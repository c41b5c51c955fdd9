//! Runs planned queries: every passage found in its rank, and counts of facet values.

use super::plan::Plan;
use super::{Count, Sort};
use crate::error::Result;
use crate::extract::Kind;
use crate::index::{Base, Facet, Index};
use std::collections::BTreeMap;
use std::sync::Arc;
use tantivy::collector::{Collector, DocSetCollector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Bm25StatisticsProvider, Query};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, Term};

/// What share of its document's score a passage is given.
const DOCUMENT: f32 = 1.2;

/// What a passage counts that has the kind of value the question asks for.
const ANSWERS: f32 = 1.3;

/// Up to so many passages are put in order at once; of more, only as many as are asked for.
const SORT_ALL: usize = 20_000;

/// A passage found.
#[derive(Debug, Clone, Copy)]
pub struct Ranked {
    pub score: f32,
    /// What it is sorted by, the highest first: its score, day of publication or amount.
    pub key: f64,
    /// Place among the passages of the index.
    pub order: u64,
    /// Place of its document.
    pub document: u64,
    pub likeness: u64,
    pub address: DocAddress,
}

/// Statistics in which only passages, or only documents, are counted.
pub(super) struct Statistics<'a> {
    pub(super) searcher: &'a Searcher,
    pub(super) count: u64,
}

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::total_num_tokens(self.searcher, field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.count.max(1))
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
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

/// Every passage found, in no order; see [`in_order`].
pub fn rank(index: &Index, plan: &Plan, sort: Sort) -> Result<Vec<Ranked>> {
    let searcher = &index.searcher;
    let pooled = |count| Pooled {
        of: Statistics { searcher, count },
        frequencies: &plan.frequencies,
        flat: index.fields.text,
    };
    let mut documents = Vec::new();
    if let Some(query) = &plan.documents {
        let statistics = pooled(index.head.documents);
        documents = searcher
            .search_with_statistics_provider(query, &ByDocument { bases: index.bases() }, &statistics)
            .map_err(|e| index.damaged(e))?;
    }
    let statistics = pooled(index.head.passages);
    let currency = plan.currency.clone().unwrap_or_else(|| "USD".to_string());
    let by = ByRank {
        bases: index.bases(),
        documents: Arc::new(documents),
        sort,
        currency,
        preferred: plan.preferred,
    };
    searcher.search_with_statistics_provider(&plan.passages, &by, &statistics).map_err(|e| index.damaged(e))
}

/// Puts the first `wanted` in order, or all: best first, equal ones in the order of the index.
pub fn in_order(found: &mut [Ranked], wanted: Option<usize>) {
    let order = |a: &Ranked, b: &Ranked| {
        b.key.total_cmp(&a.key).then(b.score.total_cmp(&a.score)).then(a.order.cmp(&b.order))
    };
    let n = wanted.unwrap_or(usize::MAX);
    if found.len() > SORT_ALL && n < found.len() / 2 && n > 0 {
        found.select_nth_unstable_by(n - 1, order);
        if let Some(first) = found.get_mut(..n) {
            first.sort_unstable_by(order);
        }
    } else {
        found.sort_unstable_by(order);
    }
}

/// The scores of documents, by their place.
struct ByDocument {
    bases: Arc<Vec<Base>>,
}

struct DocumentScores {
    base: Base,
    order: Column<u64>,
    scores: Vec<f32>,
}

impl Collector for ByDocument {
    type Fruit = Vec<f32>;
    type Child = DocumentScores;

    fn for_segment(&self, ord: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<DocumentScores> {
        let base = self.bases.get(ord as usize).copied().unwrap_or_default();
        Ok(DocumentScores { base, order: segment.fast_fields().u64("record_order")?, scores: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<f32>>) -> tantivy::Result<Vec<f32>> {
        let mut merged: Vec<f32> = vec![0.0; fruits.iter().map(Vec::len).max().unwrap_or(0)];
        for fruit in fruits {
            for (held, one) in merged.iter_mut().zip(fruit) {
                *held = held.max(one);
            }
        }
        Ok(merged)
    }
}

impl SegmentCollector for DocumentScores {
    type Fruit = Vec<f32>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let order = self.order.first(doc).map(|o| self.base.documents + o);
        let Some(order) = order.and_then(|o| usize::try_from(o).ok()) else { return };
        if order >= self.scores.len() {
            self.scores.resize(order + 1, 0.0);
        }
        if let Some(held) = self.scores.get_mut(order) {
            *held = score;
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.scores
    }
}

/// Passages with their scores and those of their documents.
struct ByRank {
    bases: Arc<Vec<Base>>,
    documents: Arc<Vec<f32>>,
    sort: Sort,
    /// Of the amounts to sort by.
    currency: String,
    preferred: Option<Kind>,
}

struct PassageScores {
    segment: SegmentOrdinal,
    base: Base,
    order: Column<u64>,
    document: Column<u64>,
    weight: Column<u64>,
    likeness: Column<u64>,
    key: Key,
    /// Has a value where the passage has what the question asks for.
    preferred: Option<Preferred>,
    documents: Arc<Vec<f32>>,
    found: Vec<Ranked>,
}

/// A column that has a value where a passage has a mention of a kind.
enum Preferred {
    Amount(Column<f64>),
    Date(Column<i64>),
}

impl Preferred {
    fn has(&self, doc: DocId) -> bool {
        match self {
            Preferred::Amount(column) => column.first(doc).is_some(),
            Preferred::Date(column) => column.first(doc).is_some(),
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
            Key::Amount { high, currencies, wanted } => {
                let mut best = f64::MIN;
                for (n, amount) in high.values_for_doc(doc).enumerate() {
                    let currency = currencies.as_ref().and_then(|c| c.ords().values_for_doc(doc).nth(n));
                    if currency == Some(*wanted) {
                        best = best.max(amount);
                    }
                }
                best
            }
        }
    }
}

impl Collector for ByRank {
    type Fruit = Vec<Ranked>;
    type Child = PassageScores;

    fn for_segment(&self, ord: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<PassageScores> {
        let columns = segment.fast_fields();
        let key = match self.sort {
            Sort::Relevance => Key::Score,
            Sort::Place => Key::Place,
            Sort::Date => Key::Day(columns.i64("published_end")?),
            Sort::Amount => {
                let currencies = columns.str(Facet::Currency.name())?;
                let wanted = match &currencies {
                    Some(column) => column.dictionary().term_ord(self.currency.as_bytes())?,
                    None => None,
                };
                let high = columns.f64("amount_high")?;
                Key::Amount { high, currencies, wanted: wanted.unwrap_or(u64::MAX) }
            }
        };
        Ok(PassageScores {
            segment: ord,
            base: self.bases.get(ord as usize).copied().unwrap_or_default(),
            order: columns.u64("order")?,
            document: columns.u64("document_order")?,
            weight: columns.u64("weight")?,
            likeness: columns.u64("likeness")?,
            key,
            preferred: match self.preferred {
                Some(Kind::Amount) => Some(Preferred::Amount(columns.f64("amount_low")?)),
                Some(Kind::Date) => Some(Preferred::Date(columns.i64("date_start")?)),
                _ => None,
            },
            documents: self.documents.clone(),
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        Ok(fruits.concat())
    }
}

impl SegmentCollector for PassageScores {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let (Some(order), Some(document)) = (self.order.first(doc), self.document.first(doc)) else { return };
        let weight = self.weight.first(doc).unwrap_or(100) as f32 / 100.0;
        let (order, document) = (self.base.passages + order, self.base.documents + document);
        let of_document =
            usize::try_from(document).ok().and_then(|d| self.documents.get(d)).copied().unwrap_or(0.0);
        let answers = self.preferred.as_ref().is_some_and(|p| p.has(doc));
        let weight = if answers { weight * ANSWERS } else { weight };
        let score = score * weight + DOCUMENT * of_document;
        self.found.push(Ranked {
            score,
            key: self.key.of(doc, score, order),
            order,
            document,
            likeness: self.likeness.first(doc).unwrap_or(0),
            address: DocAddress::new(self.segment, doc),
        });
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}

/// The passages a query finds, not scored, in no order.
pub fn addresses(index: &Index, query: &dyn Query) -> Result<Vec<DocAddress>> {
    let found = index.searcher.search(query, &DocSetCollector).map_err(|e| index.damaged(e))?;
    Ok(found.into_iter().collect())
}

/// How many of the passages have each value of a facet: the most frequent first, a value of the
/// level below behind the one above it.
pub fn count(index: &Index, passages: impl Iterator<Item = DocAddress>, facet: Facet) -> Result<Vec<Count>> {
    let damaged = |e: &dyn std::fmt::Display| index.damaged(e);
    let mut columns: Vec<(Option<StrColumn>, Vec<u64>)> = Vec::new();
    for segment in index.searcher.segment_readers() {
        let column = segment.fast_fields().str(facet.name()).map_err(|e| damaged(&e))?;
        let terms = column.as_ref().map_or(0, |c| c.num_terms());
        columns.push((column, vec![0; terms]));
    }
    // Values of the passage at hand, to count each once.
    let mut seen: Vec<u64> = Vec::new();
    for address in passages {
        let Some((Some(column), counts)) = columns.get_mut(address.segment_ord as usize) else { continue };
        seen.clear();
        for value in column.ords().values_for_doc(address.doc_id) {
            if !seen.contains(&value)
                && let Some(n) = usize::try_from(value).ok().and_then(|v| counts.get_mut(v))
            {
                seen.push(value);
                *n += 1;
            }
        }
    }
    let mut named: BTreeMap<String, u64> = BTreeMap::new();
    for (column, counts) in &columns {
        let Some(column) = column else { continue };
        for (ord, n) in (0_u64..).zip(counts).filter(|(_, n)| **n > 0) {
            let mut value = String::new();
            if column.ord_to_str(ord, &mut value).map_err(|e| damaged(&e))? {
                *named.entry(value).or_default() += n;
            }
        }
    }
    let above = |value: &str| match facet.has_levels() {
        true => value.split_once('/').and_then(|(above, _)| named.get_key_value(above)),
        false => None,
    };
    let mut counts: Vec<(u64, String, Count)> = Vec::with_capacity(named.len());
    for (value, passages) in &named {
        let above = above(value);
        let count = Count {
            value: value.clone(),
            passages: *passages,
            chosen: false,
            above: above.map(|(name, _)| name.clone()),
        };
        let (first, n) = above.unwrap_or((value, passages));
        counts.push((*n, first.clone(), count));
    }
    counts.sort_by(|(n, first, a), (m, second, b)| {
        m.cmp(n)
            .then_with(|| first.cmp(second))
            .then_with(|| a.above.is_some().cmp(&b.above.is_some()))
            .then_with(|| b.passages.cmp(&a.passages))
            .then_with(|| a.value.cmp(&b.value))
    });
    Ok(counts.into_iter().map(|(.., count)| count).collect())
}
