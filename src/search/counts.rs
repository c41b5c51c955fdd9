//! How many of the passages found have each value of a facet.

use super::Count;
use super::columns::{All, BLOCK};
use super::plan::Plan;
use super::rank::Passages;
use crate::error::Result;
use crate::index::{Facet, Index};
use std::collections::BTreeMap;
use tantivy::DocId;
use tantivy::columnar::StrColumn;

impl Passages {
    /// How many of them have each value of a facet: the most frequent first, a value of the level
    /// below behind the one above it. Choices of the facet itself do not count.
    ///
    /// # Errors
    /// `Index` where it is damaged.
    pub fn count(&self, index: &Index, plan: &Plan, facet: Facet) -> Result<Vec<Count>> {
        let own = plan.chosen.iter().position(|(f, _)| *f == facet);
        let named = self.named(index, facet, own).map_err(|e| index.damaged(e))?;
        Ok(sorted(facet, &named))
    }

    /// The values of a facet that they have, those beside them left out.
    ///
    /// # Errors
    /// `Index` where it is damaged.
    pub fn values(&self, index: &Index, facet: Facet) -> Result<Vec<String>> {
        let named = self.named(index, facet, None).map_err(|e| index.damaged(e))?;
        Ok(named.into_keys().collect())
    }

    fn named(
        &self,
        index: &Index,
        facet: Facet,
        own: Option<usize>,
    ) -> tantivy::Result<BTreeMap<String, u64>> {
        let mut named: BTreeMap<String, u64> = BTreeMap::new();
        for (segment, part) in index.searcher.segment_readers().iter().zip(&self.parts) {
            if self.all {
                // Only passages have values, so the terms tell how many have each.
                let inverted = segment.inverted_index(index.fields.facet(facet))?;
                let mut terms = inverted.terms().stream()?;
                while terms.advance() {
                    add(&mut named, terms.key(), u64::from(terms.value().doc_freq));
                }
                continue;
            }
            let Some(column) = segment.fast_fields().str(facet.name())? else { continue };
            let beside = own.and_then(|n| part.beside.get(n)).map_or(&[][..], Vec::as_slice);
            let counts = counts(&column, [part.docs.as_slice(), beside]);
            let (held, counts): (Vec<u64>, Vec<u64>) =
                (0_u64..).zip(counts).filter(|(_, count)| *count > 0).unzip();
            let mut counts = counts.into_iter();
            column.dictionary().sorted_ords_to_term_cb(&held, |value| {
                add(&mut named, value, counts.next().unwrap_or(0));
            })?;
        }
        Ok(named)
    }
}

fn add(named: &mut BTreeMap<String, u64>, value: &[u8], count: u64) {
    let value = String::from_utf8_lossy(value);
    match named.get_mut(value.as_ref()) {
        Some(held) => *held += count,
        None => drop(named.insert(value.into_owned(), count)),
    }
}

/// In how many of the passages each value of a segment stands, by its place among them.
fn counts(column: &StrColumn, found: [&[DocId]; 2]) -> Vec<u64> {
    let mut counts: Vec<u64> = vec![0; column.num_terms()];
    // The passage each value was last met in, to count it once in each.
    let mut last: Vec<DocId> = vec![DocId::MAX; counts.len()];
    let mut all = All::default();
    for docs in found.into_iter().flat_map(|docs| docs.chunks(BLOCK)) {
        for (doc, value) in all.read(column.ords(), docs) {
            let Ok(value) = usize::try_from(value) else { continue };
            if let (Some(count), Some(last)) = (counts.get_mut(value), last.get_mut(value))
                && *last != doc
            {
                *last = doc;
                *count += 1;
            }
        }
    }
    counts
}

/// Counts of values in the order they are shown in.
fn sorted(facet: Facet, named: &BTreeMap<String, u64>) -> Vec<Count> {
    let above = |value: &str| match facet.has_levels() {
        true => value.split_once('/').and_then(|(above, _)| named.get_key_value(above)),
        false => None,
    };
    let mut counts: Vec<(u64, String, Count)> = Vec::with_capacity(named.len());
    for (value, passages) in named {
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
    counts.into_iter().map(|(.., count)| count).collect()
}
