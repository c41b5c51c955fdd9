//! Near copies among the passages found: each is folded into the first of them in rank.

use super::Sort;
use super::columns::{BLOCK, Firsts};
use super::plan::Plan;
use super::rank::{Passages, Ranked};
use crate::error::Result;
use crate::index::Index;
use crate::index::likeness::{SLOTS, alike, slots};
use tantivy::columnar::Column;

/// A passage to show.
#[derive(Debug, Clone)]
pub struct Shown {
    pub ranked: Ranked,
    /// Places among all passages of its near copies, in order.
    pub copies: Vec<u64>,
}

/// The first `wanted` passages to show, or all, in order, not folded.
///
/// # Errors
/// `Index` where it is damaged.
pub fn unfolded(
    index: &Index,
    plan: &Plan,
    passages: &Passages,
    sort: Sort,
    wanted: Option<usize>,
) -> Result<Vec<Shown>> {
    let best = passages.best(index, plan, sort, wanted)?;
    Ok(best.into_iter().map(|ranked| Shown { ranked, copies: Vec::new() }).collect())
}

/// The first `wanted` passages to show, or all, in order, each with its near copies.
///
/// # Errors
/// `Index` where it is damaged.
pub fn folded(
    index: &Index,
    plan: &Plan,
    passages: &Passages,
    sort: Sort,
    wanted: Option<usize>,
) -> Result<Vec<Shown>> {
    let likeness = Likeness::of(index)?;
    // Some of the first may be copies of others; where too many are, all are put in order.
    let n = wanted.unwrap_or(usize::MAX);
    let sure = n.saturating_mul(4).saturating_add(1000);
    let mut best = passages.best(index, plan, sort, Some(sure))?;
    let mut first = likeness.firsts(index, &best, n);
    if first.len() < n && sure < passages.total() {
        best = passages.best(index, plan, sort, None)?;
        first = likeness.firsts(index, &best, n);
    }
    let mut places = Bands::default();
    for (place, (_, likeness)) in first.iter().enumerate() {
        places.add(*likeness, place);
    }
    let mut shown: Vec<Shown> =
        first.iter().map(|(ranked, _)| Shown { ranked: *ranked, copies: Vec::new() }).collect();
    let mut likenesses = Firsts::default();
    for ((segment, part), column) in (0..).zip(&passages.parts).zip(&likeness.columns) {
        let mut walk = index.layout().walk(segment);
        for docs in part.docs.chunks(BLOCK) {
            for (&doc, its) in docs.iter().zip(likenesses.read(column, docs)) {
                let its = its.unwrap_or(0);
                if !places.has_any(its) {
                    continue;
                }
                let Some(place) = places.find(its, |p| first.get(p).map(|(_, l)| *l)) else { continue };
                if let Some(one) = shown.get_mut(place) {
                    let order = walk.order(doc);
                    if one.ranked.order != order {
                        one.copies.push(order);
                    }
                }
            }
        }
    }
    Ok(shown)
}

/// The likeness of every passage, by segment.
struct Likeness {
    columns: Vec<Column<u64>>,
}

impl Likeness {
    fn of(index: &Index) -> Result<Self> {
        let columns = index.searcher.segment_readers().iter().map(|s| s.fast_fields().u64("likeness"));
        let columns = columns.collect::<tantivy::Result<_>>().map_err(|e| index.damaged(e))?;
        Ok(Likeness { columns })
    }

    fn at(&self, index: &Index, order: u64) -> u64 {
        let address = index.layout().passage(order);
        let column = address.and_then(|a| Some((self.columns.get(a.segment_ord as usize)?, a.doc_id)));
        column.and_then(|(column, doc)| column.first(doc)).unwrap_or(0)
    }

    /// The first `n` passages that are no copy of one before them, each with its likeness.
    fn firsts(&self, index: &Index, best: &[Ranked], n: usize) -> Vec<(Ranked, u64)> {
        let mut bands = Bands::default();
        let mut first: Vec<(Ranked, u64)> = Vec::new();
        for ranked in best {
            if first.len() >= n {
                break;
            }
            let its = self.at(index, ranked.order);
            if bands.find(its, |p| first.get(p).map(|(_, l)| *l)).is_none() {
                bands.add(its, first.len());
                first.push((*ranked, its));
            }
        }
        first
    }
}

/// Places of passages by the bands of their likeness: a list for each value of each band.
struct Bands {
    /// Of each list the entry it begins with, from 1; 0 where it is empty.
    heads: Vec<u32>,
    /// A place, and the entry that follows in its list.
    entries: Vec<(usize, u32)>,
    /// A bit for each list that is not empty: few bytes, and asked for every passage.
    held: Vec<u64>,
}

impl Default for Bands {
    fn default() -> Self {
        Bands { heads: vec![0; SLOTS], entries: Vec::new(), held: vec![0; SLOTS.div_ceil(64)] }
    }
}

impl Bands {
    fn add(&mut self, likeness: u64, place: usize) {
        for slot in slots(likeness) {
            let Some(head) = self.heads.get_mut(slot) else { continue };
            self.entries.push((place, *head));
            *head = u32::try_from(self.entries.len()).unwrap_or(0);
            if let Some(bits) = self.held.get_mut(slot / 64) {
                *bits |= 1 << (slot % 64);
            }
        }
    }

    /// Whether a place shares a band, as every one that is alike does.
    fn has_any(&self, likeness: u64) -> bool {
        slots(likeness).fold(0, |any, slot| any | self.held.get(slot / 64).map_or(0, |b| b >> (slot % 64)))
            & 1
            == 1
    }

    /// The first place that is alike.
    fn find(&self, likeness: u64, at: impl Fn(usize) -> Option<u64>) -> Option<usize> {
        let mut first = None;
        for slot in slots(likeness) {
            let mut next = self.heads.get(slot).copied().unwrap_or(0);
            while let Some(&(place, after)) = (next as usize).checked_sub(1).and_then(|i| self.entries.get(i))
            {
                if first.is_none_or(|f| place < f) && at(place).is_some_and(|l| alike(l, likeness)) {
                    first = Some(place);
                }
                next = after;
            }
        }
        first
    }
}
