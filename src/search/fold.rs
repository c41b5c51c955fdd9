//! Near copies among the passages found: each is folded into the first of them in rank.

use super::rank::{Ranked, in_order};
use crate::index::likeness::{SLOTS, alike, slots};

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

/// Places of passages by the bands of their likeness: a list for each value of each band.
struct Bands {
    /// Of each list the entry it begins with, from 1; 0 where it is empty.
    heads: Vec<u32>,
    /// A place, and the entry that follows in its list.
    entries: Vec<(usize, u32)>,
}

impl Default for Bands {
    fn default() -> Self {
        Bands { heads: vec![0; SLOTS], entries: Vec::new() }
    }
}

impl Bands {
    fn add(&mut self, likeness: u64, place: usize) {
        for slot in slots(likeness) {
            let Some(head) = self.heads.get_mut(slot) else { continue };
            self.entries.push((place, *head));
            *head = u32::try_from(self.entries.len()).unwrap_or(0);
        }
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
