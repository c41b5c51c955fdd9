//! Where documents and passages lie in the segments.
//!
//! Segments stand in the order of the corpus, and in each the passages of a document stand in the
//! order of its text with the document's record behind them. So the places of the records say all:
//! which passages are whose, and which place each has among all.

use std::ops::Range;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocId, DocSet, Searcher, TERMINATED, Term};

/// What the term of a record is in the field that tells records from passages.
pub(super) const RECORD: &str = "record";
pub(super) const PASSAGE: &str = "passage";

/// One segment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Part {
    /// Documents and passages in the segments before.
    documents: u64,
    passages: u64,
    /// Where the records of its documents lie, in order.
    records: Vec<DocId>,
    /// Passages and records in it.
    size: DocId,
}

/// Where everything lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    parts: Vec<Part>,
}

impl Layout {
    /// Of the segments of a searcher.
    pub(super) fn of(searcher: &Searcher, what: Field) -> tantivy::Result<Layout> {
        let term = Term::from_field_text(what, RECORD);
        let mut parts = Vec::new();
        let (mut documents, mut passages) = (0, 0);
        for segment in searcher.segment_readers() {
            let mut records = Vec::new();
            let inverted = segment.inverted_index(what)?;
            if let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic)? {
                while postings.doc() != TERMINATED {
                    records.push(postings.doc());
                    postings.advance();
                }
            }
            let size = segment.max_doc();
            let held = records.len() as u64;
            parts.push(Part { documents, passages, records, size });
            documents += held;
            passages += u64::from(size).saturating_sub(held);
        }
        Ok(Layout { parts })
    }

    /// The place among the documents of the one whose passage or record lies there.
    pub fn document(&self, address: DocAddress) -> u64 {
        self.walk(address.segment_ord).document(address.doc_id)
    }

    /// The place among the passages of the one that lies there.
    pub fn order(&self, address: DocAddress) -> u64 {
        self.walk(address.segment_ord).order(address.doc_id)
    }

    /// Where the passage of that place lies.
    pub fn passage(&self, order: u64) -> Option<DocAddress> {
        let segment = self.parts.partition_point(|p| p.passages <= order).checked_sub(1)?;
        let part = self.parts.get(segment)?;
        let inside = order - part.passages;
        // Before a record at `r` stand `r` less the records before it.
        let (mut low, mut high) = (0, part.records.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let before = part.records.get(middle).map_or(0, |r| u64::from(*r) - middle as u64);
            if before <= inside { low = middle + 1 } else { high = middle }
        }
        let doc = DocId::try_from(inside + low as u64).ok().filter(|doc| *doc < part.size)?;
        Some(DocAddress::new(segment as u32, doc))
    }

    /// Where the record of the document of that place lies.
    pub fn record(&self, document: u64) -> Option<DocAddress> {
        let (segment, inside) = self.of_document(document)?;
        let doc = *self.parts.get(segment)?.records.get(inside)?;
        Some(DocAddress::new(segment as u32, doc))
    }

    /// Where the passages of the document of that place lie: the segment, and there.
    pub fn passages_of(&self, document: u64) -> Option<(u32, Range<DocId>)> {
        let (segment, inside) = self.of_document(document)?;
        let records = &self.parts.get(segment)?.records;
        let end = *records.get(inside)?;
        let start = inside.checked_sub(1).and_then(|i| records.get(i)).map_or(0, |r| r + 1);
        Some((segment as u32, start..end))
    }

    fn of_document(&self, document: u64) -> Option<(usize, usize)> {
        let segment = self.parts.partition_point(|p| p.documents <= document).checked_sub(1)?;
        let inside = usize::try_from(document - self.parts.get(segment)?.documents).ok()?;
        Some((segment, inside))
    }

    /// Where the records of a segment lie, in the order of the documents.
    pub fn records(&self, segment: u32) -> &[DocId] {
        self.parts.get(segment as usize).map_or(&[], |part| &part.records)
    }

    /// Where the passages of a segment lie, in order.
    pub fn passages(&self, segment: u32) -> impl Iterator<Item = DocId> + '_ {
        let begins = [0].into_iter().chain(self.records(segment).iter().map(|r| r + 1));
        begins.zip(self.records(segment)).flat_map(|(from, to)| from..*to)
    }

    /// A walk through a segment.
    pub fn walk(&self, segment: u32) -> Walk<'_> {
        Walk { part: self.parts.get(segment as usize), at: 0, begin: 0, end: 0 }
    }
}

/// A walk through a segment: looking further on in the document it stands in is quick.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    part: Option<&'a Part>,
    /// Records before the place last looked at.
    at: usize,
    /// Where the places begin and end that have as many before them; none before the first look.
    begin: DocId,
    end: DocId,
}

impl Walk<'_> {
    fn records_before(&mut self, doc: DocId) -> usize {
        if self.begin <= doc && doc < self.end {
            return self.at;
        }
        let Some(part) = self.part else { return 0 };
        self.at = part.records.partition_point(|r| *r < doc);
        self.begin = self.at.checked_sub(1).and_then(|i| part.records.get(i)).map_or(0, |r| r + 1);
        self.end = part.records.get(self.at).map_or(DocId::MAX, |r| r + 1);
        self.at
    }

    pub fn document(&mut self, doc: DocId) -> u64 {
        self.part.map_or(0, |p| p.documents) + self.records_before(doc) as u64
    }

    pub fn order(&mut self, doc: DocId) -> u64 {
        let before = self.records_before(doc) as u64;
        self.part.map_or(0, |p| p.passages) + u64::from(doc) - before.min(u64::from(doc))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_from_where_the_records_lie() {
        // Documents of 2, 0 and 1 passages, then one of 3 in a segment of its own.
        let layout = Layout {
            parts: vec![
                Part { documents: 0, passages: 0, records: vec![2, 3, 5], size: 6 },
                Part { documents: 3, passages: 3, records: vec![3], size: 4 },
            ],
        };
        let passages = [(0, 0, 0), (0, 1, 0), (0, 4, 2), (1, 0, 3), (1, 1, 3), (1, 2, 3)];
        for (order, (segment, doc, document)) in passages.into_iter().enumerate() {
            let address = DocAddress::new(segment, doc);
            assert_eq!(layout.passage(order as u64), Some(address));
            assert_eq!((layout.order(address), layout.document(address)), (order as u64, document));
        }
        assert_eq!(layout.passage(6), None);
        let of: Vec<_> = (0..5).map(|d| layout.passages_of(d)).collect();
        assert_eq!(of, [Some((0, 0..2)), Some((0, 3..3)), Some((0, 4..5)), Some((1, 0..3)), None]);
        assert_eq!(layout.record(1), Some(DocAddress::new(0, 3)));
        assert_eq!(layout.passages(0).collect::<Vec<_>>(), [0, 1, 4]);
        let mut walk = layout.walk(0);
        let walked: Vec<u64> = [4, 0, 1, 4, 5].into_iter().map(|doc| walk.document(doc)).collect();
        assert_eq!(walked, [2, 0, 0, 2, 2]);
    }
}
