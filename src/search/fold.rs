//! Near copies among the passages found: each is folded into the first of them in rank.

use super::rank::{Ranked, in_order};
use crate::index::likeness::{BANDS, alike, band};
use std::collections::BTreeMap;

/// A passage to show.
#[derive(Debug, Clone)]
pub struct Shown {
    pub ranked: Ranked,
    /// Near copies of it, in the order of the index.
    pub copies: Vec<Ranked>,
}

/// Up to so many passages to show are compared one by one.
const FEW: usize = 64;

/// The first `wanted` passages to show, or all, in order.
pub fn shown(found: &mut [Ranked], wanted: Option<usize>, fold: bool) -> Vec<Shown> {
    let alone = |ranked: &Ranked| Shown { ranked: *ranked, copies: Vec::new() };
    let n = wanted.unwrap_or(usize::MAX);
    if !fold {
        in_order(found, wanted);
        return found.iter().take(n).map(alone).collect();
    }
    // Some of the first may be copies of others; where too many are, all are put in order.
    let mut sure = n.saturating_mul(4).saturating_add(1000);
    in_order(found, Some(sure));
    let mut first = firsts(found, n, sure);
    if first.len() < n && sure < found.len() {
        sure = usize::MAX;
        in_order(found, None);
        first = firsts(found, n, sure);
    }
    let mut shown: Vec<Shown> = first.iter().filter_map(|at| found.get(*at)).map(alone).collect();
    let mut places = Bands::default();
    for (place, one) in shown.iter().enumerate() {
        places.add(one.ranked.likeness, place);
    }
    let few = shown.len() <= FEW;
    for passage in found.iter() {
        let place = match few {
            true => shown.iter().position(|s| alike(s.ranked.likeness, passage.likeness)),
            false => places.find(passage.likeness, |p| shown.get(p).map(|s| s.ranked.likeness)),
        };
        if let Some(one) = place.and_then(|p| shown.get_mut(p))
            && one.ranked.order != passage.order
        {
            one.copies.push(*passage);
        }
    }
    for one in &mut shown {
        one.copies.sort_by_key(|c| c.order);
    }
    shown
}

/// The places of the first `n` passages that are no copy of one before them, among the first
/// `sure`.
fn firsts(found: &[Ranked], n: usize, sure: usize) -> Vec<usize> {
    let mut bands = Bands::default();
    let mut first = Vec::new();
    for (at, passage) in found.iter().enumerate().take(sure) {
        if first.len() >= n {
            break;
        }
        if bands.find(passage.likeness, |p| found.get(p).map(|r| r.likeness)).is_none() {
            bands.add(passage.likeness, at);
            first.push(at);
        }
    }
    first
}

/// Places of passages by the bands of their likeness.
#[derive(Default)]
struct Bands {
    places: BTreeMap<(u32, u64), Vec<usize>>,
}

impl Bands {
    fn add(&mut self, likeness: u64, place: usize) {
        for i in 0..BANDS {
            self.places.entry((i, band(likeness, i))).or_default().push(place);
        }
    }

    /// The first place that is alike.
    fn find(&self, likeness: u64, at: impl Fn(usize) -> Option<u64>) -> Option<usize> {
        let places = (0..BANDS).filter_map(|i| self.places.get(&(i, band(likeness, i)))).flatten();
        places.filter(|p| at(**p).is_some_and(|l| alike(l, likeness))).min().copied()
    }
}
