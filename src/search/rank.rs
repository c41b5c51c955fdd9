//! Runs planned queries: every passage found in its rank, and counts of facet values.

use super::Count;
use super::plan::Plan;
use crate::error::Result;
use crate::index::{Facet, Index};
use std::collections::BTreeMap;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::query::{Bm25StatisticsProvider, Query};
use tantivy::schema::Field;
use tantivy::{DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader, Term};

/// What share of its document's score a passage is given.
const DOCUMENT: f32 = 1.2;

/// A passage found.
#[derive(Debug, Clone, Copy)]
pub struct Ranked {
    pub score: f32,
    /// Place among the passages of the index.
    pub order: u64,
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

/// Every passage found, best first, equal ones in the order of the index.
pub fn rank(index: &Index, plan: &Plan) -> Result<Vec<Ranked>> {
    let searcher = &index.searcher;
    let mut documents = BTreeMap::new();
    if let Some(query) = &plan.documents {
        let statistics = Statistics { searcher, count: index.head.documents };
        documents = searcher
            .search_with_statistics_provider(query, &ByDocument, &statistics)
            .map_err(|e| index.damaged(e))?;
    }
    let statistics = Statistics { searcher, count: index.head.passages };
    let mut found = searcher
        .search_with_statistics_provider(&plan.passages, &ByRank { documents }, &statistics)
        .map_err(|e| index.damaged(e))?;
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.order.cmp(&b.order)));
    Ok(found)
}

/// The score of each document, by its place.
struct ByDocument;

struct DocumentScores {
    order: Column<u64>,
    scores: BTreeMap<u64, f32>,
}

impl Collector for ByDocument {
    type Fruit = BTreeMap<u64, f32>;
    type Child = DocumentScores;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<DocumentScores> {
        Ok(DocumentScores { order: segment.fast_fields().u64("document_order")?, scores: BTreeMap::new() })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<BTreeMap<u64, f32>>) -> tantivy::Result<BTreeMap<u64, f32>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for DocumentScores {
    type Fruit = BTreeMap<u64, f32>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if let Some(order) = self.order.first(doc) {
            self.scores.insert(order, score);
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.scores
    }
}

/// Passages with their scores and those of their documents.
struct ByRank {
    documents: BTreeMap<u64, f32>,
}

struct PassageScores {
    segment: SegmentOrdinal,
    order: Column<u64>,
    document: Column<u64>,
    weight: Column<u64>,
    documents: BTreeMap<u64, f32>,
    found: Vec<Ranked>,
}

impl Collector for ByRank {
    type Fruit = Vec<Ranked>;
    type Child = PassageScores;

    fn for_segment(&self, ord: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<PassageScores> {
        let columns = segment.fast_fields();
        Ok(PassageScores {
            segment: ord,
            order: columns.u64("order")?,
            document: columns.u64("document_order")?,
            weight: columns.u64("weight")?,
            documents: self.documents.clone(),
            found: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, fruits: Vec<Vec<Ranked>>) -> tantivy::Result<Vec<Ranked>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for PassageScores {
    type Fruit = Vec<Ranked>;

    fn collect(&mut self, doc: DocId, score: Score) {
        let Some(order) = self.order.first(doc) else { return };
        let weight = self.weight.first(doc).unwrap_or(100) as f32 / 100.0;
        let document = self.document.first(doc).and_then(|d| self.documents.get(&d)).copied().unwrap_or(0.0);
        let score = score * weight + DOCUMENT * document;
        self.found.push(Ranked { score, order, address: DocAddress::new(self.segment, doc) });
    }

    fn harvest(self) -> Self::Fruit {
        self.found
    }
}

/// How many of the passages a query finds have each value of a facet, the most frequent first.
pub fn count(index: &Index, query: &dyn Query, facet: Facet) -> Result<Vec<Count>> {
    let counts = index.searcher.search(query, &ByValue { facet }).map_err(|e| index.damaged(e))?;
    let mut counts: Vec<Count> =
        counts.into_iter().map(|(value, passages)| Count { value, passages, chosen: false }).collect();
    counts.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.value.cmp(&b.value)));
    Ok(counts)
}

struct ByValue {
    facet: Facet,
}

struct ValueCounts {
    column: Option<StrColumn>,
    counts: BTreeMap<u64, u64>,
    /// Values of the passage at hand, to count each once.
    seen: Vec<u64>,
}

impl Collector for ByValue {
    type Fruit = BTreeMap<String, u64>;
    type Child = ValueCounts;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<ValueCounts> {
        let column = segment.fast_fields().str(self.facet.name())?;
        Ok(ValueCounts { column, counts: BTreeMap::new(), seen: Vec::new() })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<BTreeMap<String, u64>>) -> tantivy::Result<Self::Fruit> {
        let mut merged = BTreeMap::new();
        for (value, n) in fruits.into_iter().flatten() {
            *merged.entry(value).or_default() += n;
        }
        Ok(merged)
    }
}

impl SegmentCollector for ValueCounts {
    type Fruit = BTreeMap<String, u64>;

    fn collect(&mut self, doc: DocId, _: Score) {
        let Some(column) = &self.column else { return };
        self.seen.clear();
        for value in column.ords().values_for_doc(doc) {
            if !self.seen.contains(&value) {
                self.seen.push(value);
                *self.counts.entry(value).or_default() += 1;
            }
        }
    }

    fn harvest(self) -> Self::Fruit {
        let Some(column) = &self.column else { return BTreeMap::new() };
        let mut named = BTreeMap::new();
        for (ord, n) in self.counts {
            let mut value = String::new();
            if column.ord_to_str(ord, &mut value).unwrap_or(false) {
                named.insert(value, n);
            }
        }
        named
    }
}
