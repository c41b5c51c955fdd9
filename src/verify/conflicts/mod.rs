//! Where the corpus does not agree with itself: one event or scope that different documents give
//! different figures for, with the likely cause.
//!
//! [`told`] makes every figure of the index ready for comparing, [`joined`] says whether two of them
//! are of one thing, [`cause`] why they may differ. What is compared is put into groups by what names
//! it (who was hit, when; who did it, when), so no figure meets all others. A figure is left out rather
//! than guessed at: one that shares its sentence with others of its kind is compared with nothing, unless
//! those are its parts, and a document that has both figures contradicts nobody. Where one of two texts
//! leaves out who was hit, sums near each other in one month are taken for one case.

mod cause;
mod joined;
mod told;

pub use cause::Cause;

use super::event::Placed;
use super::figure::{compare, is_near};
use super::lineage::{Carrier, carrier, key, scope};
use super::terms::Weights;
use super::{Coverage, Verifier};
use crate::claims::{Figure, FigureKind};
use crate::error::Result;
use crate::index::Index;
use crate::search::{self, Filters};
use joined::Joined;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use told::Told;

/// The `schema` field of a conflict row.
pub const SCHEMA: &str = "paydirt.conflict/1";

/// One event or scope with the figures that different documents give for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    pub schema: String,
    pub kind: FigureKind,
    /// What the figures are of, in words: actor, victims, period.
    pub scope: String,
    /// What makes them figures of one thing, in words.
    pub joined_by: String,
    /// Of the figures from the second on, in the order of the list of causes, each once.
    pub causes: Vec<Cause>,
    /// The one that most documents have first, then by day of publication.
    pub figures: Vec<Stated>,
    pub coverage: Coverage,
}

/// One of the figures, with the documents that give it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stated {
    /// As the first of its documents prints it.
    pub printed: String,
    pub figure: Figure,
    /// Why it may differ from the first figure; `None` of the first itself.
    pub cause: Option<Cause>,
    /// The same in words.
    pub why: Option<String>,
    /// By day of publication; those without a day last.
    pub documents: Vec<Carrier>,
}

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only conflicts with a passage that answers this query, as `paydirt search` takes it.
    pub query: String,
    /// Only of these kinds of figure; empty for every kind.
    pub kinds: Vec<FigureKind>,
    /// Only with one of these causes; empty for every cause that is no rounding.
    pub causes: Vec<Cause>,
    /// Also figures that can both be right: rounded, or hedged so that the other fits.
    pub rounded: bool,
}

impl Options {
    fn wants(&self, cause: Cause) -> bool {
        match self.causes.is_empty() {
            true => self.rounded || !cause.can_both_be_right(),
            false => self.causes.contains(&cause),
        }
    }
}

/// Every conflict of the index, the one with most documents first.
///
/// # Errors
/// `Usage` where the query is not understood, `Index` where the index is damaged.
pub fn conflicts(index: &Index, options: &Options) -> Result<Vec<Conflict>> {
    let within = match options.query.trim().is_empty() {
        true => None,
        false => Some(answering(index, &options.query)?),
    };
    let coverage = Verifier::new(index)?.coverage().clone();
    let all = told::all(index, &Weights::new(index), &options.kinds)?;
    let mut taken: BTreeSet<BTreeSet<usize>> = BTreeSet::new();
    let mut rows: Vec<(Conflict, Key)> = Vec::new();
    let mut found_all: Vec<(Vec<Side>, Joined)> = Vec::new();
    for (_, members) in told::blocks(&all) {
        let groups = groups(&all, &members);
        let within_group = groups
            .iter()
            .filter_map(|group| Some((disagreement(&all, &members, group, options)?, group.by.clone()?)));
        found_all.extend(within_group);
        for (at, one) in groups.iter().enumerate() {
            for other in groups.iter().skip(at + 1) {
                found_all.extend(neighbours(&all, &members, one, other, options));
            }
        }
    }
    found_all.extend(near_sums(&all, options));
    for (found, by) in found_all {
        let ids: BTreeSet<usize> = found.iter().flat_map(|s| s.members.iter().copied()).collect();
        let is_wanted = within.as_ref().is_none_or(|w| ids.iter().any(|i| w.contains(&place(&all[*i]))));
        let is_known = taken.iter().any(|t| ids.is_subset(t));
        if is_wanted && !is_known {
            rows.push((row(&all, &found, &by, &coverage)?, first(&all, &ids)));
            taken.insert(ids);
        }
    }
    rows.sort_by(|(a, x), (b, y)| documents(b).cmp(&documents(a)).then(x.cmp(y)));
    Ok(rows.into_iter().map(|(row, _)| row).collect())
}

/// By which rows of as many documents are put in order.
type Key = (bool, Option<String>, u64, usize);

fn first(all: &[Told], ids: &BTreeSet<usize>) -> Key {
    ids.iter().map(|i| key(&all[*i].placed)).min().unwrap_or_default()
}

fn documents(row: &Conflict) -> usize {
    let names = row.figures.iter().flat_map(|f| &f.documents).map(|d| &d.source);
    names.collect::<BTreeSet<_>>().len()
}

/// The passages that answer a query: source and first byte of each.
fn answering(index: &Index, query: &str) -> Result<BTreeSet<(String, usize)>> {
    let found = search::search(index, query, &Filters::default(), &search::Options::default())?;
    found.hits(None).map(|hit| hit.map(|h| (h.source, h.span.start))).collect()
}

fn place(told: &Told) -> (String, usize) {
    let passage = &told.placed.passage;
    (told.placed.document.source.path.clone(), passage.span.start + passage.printed().1)
}

/// Figures of one thing: no two of a group speak against each other, each is joined with one.
struct Group {
    members: Vec<usize>,
    by: Option<Joined>,
}

fn groups(all: &[Told], members: &[usize]) -> Vec<Group> {
    let mut found: Vec<Group> = Vec::new();
    for &i in members.iter().filter(|i| all[**i].is_alone) {
        let mut place = None;
        for (at, group) in found.iter().enumerate() {
            let ties: Vec<Option<Joined>> =
                group.members.iter().map(|j| joined::joined(&all[*j], &all[i])).collect();
            if ties.iter().all(Option::is_some)
                && let Some(tie) = ties.into_iter().flatten().find(Joined::is_enough)
            {
                place = Some((at, tie));
                break;
            }
        }
        match place {
            Some((at, tie)) => {
                if let Some(group) = found.get_mut(at) {
                    let document = |i: usize| all.get(i).map(|t| t.placed.document.order);
                    let is_across = group.members.iter().any(|j| document(*j) != document(i));
                    group.members.push(i);
                    if is_across {
                        group.by.get_or_insert(tie);
                    }
                }
            }
            None => found.push(Group { members: vec![i], by: None }),
        }
    }
    found
}

/// One figure of a group with who gives it.
struct Side {
    members: Vec<usize>,
    cause: Option<(Cause, String)>,
}

/// The figures of a group where they differ; the most frequent first.
fn disagreement(all: &[Told], block: &[usize], group: &Group, options: &Options) -> Option<Vec<Side>> {
    let mut sides: Vec<Side> = Vec::new();
    for &i in &group.members {
        let figure = &all[i].placed.claim.figure;
        let same = |side: &&mut Side| {
            side.members.first().is_some_and(|j| cause::is_one(&all[*j].placed.claim.figure, figure))
        };
        match sides.iter_mut().find(same) {
            Some(side) => side.members.push(i),
            None => sides.push(Side { members: vec![i], cause: None }),
        }
    }
    // Figures have the order of their first documents, so of equally frequent ones the first leads.
    let count = |side: &Side| {
        side.members.iter().map(|i| &all[*i].placed.document.source.sha256).collect::<BTreeSet<_>>().len()
    };
    sides.sort_by_key(|side| std::cmp::Reverse(count(side)));
    let mut rest = sides.into_iter();
    let base = rest.next()?;
    let mut kept = vec![];
    for mut side in rest {
        side.members.retain(|i| !has_both(all, block, *i, &base));
        let against = base.members.iter().find(|i| !has_both(all, block, **i, &side));
        let (Some(&one), Some(&other)) = (against, side.members.first()) else { continue };
        let Some(cause) = cause::cause(&all[one], &all[other]) else { continue };
        if options.wants(cause.0) {
            side.cause = Some(cause);
            kept.push(side);
        }
    }
    if kept.is_empty() {
        return None;
    }
    kept.insert(0, base);
    Some(kept)
}

/// Whether the document of a figure has the other side's too: then it contradicts nobody.
fn has_both(all: &[Told], block: &[usize], i: usize, other: &Side) -> bool {
    let Some(figure) = other.members.first().map(|j| &all[*j].placed.claim.figure) else { return false };
    let document = all[i].placed.document.order;
    let own = &all[i].placed.claim.figure;
    let here = block.iter().map(|j| &all[*j].placed).filter(|p| p.document.order == document);
    let mut here = here.filter(|p| !cause::is_one(&p.claim.figure, own));
    here.any(|p| compare(figure, &p.claim.figure).carries() || compare(&p.claim.figure, figure).carries())
}

/// Two figures as the sides of a conflict, unless the document of one has the other too.
fn pair(all: &[Told], block: &[usize], i: usize, j: usize, cause: (Cause, String)) -> Option<(Side, Side)> {
    let base = Side { members: vec![i], cause: None };
    let side = Side { members: vec![j], cause: Some(cause) };
    (!has_both(all, block, i, &side) && !has_both(all, block, j, &base)).then_some((base, side))
}

/// Sums near each other of one month, of which one leaves out who was hit.
fn near_sums(all: &[Told], options: &Options) -> Vec<(Vec<Side>, Joined)> {
    let mut found = Vec::new();
    for members in told::by_month(all).values() {
        for (at, &i) in members.iter().enumerate() {
            let low = |i: usize| all[i].placed.claim.figure.low;
            for &j in members.iter().skip(at + 1).take_while(|j| is_near(low(i), low(**j))) {
                let (i, j) = (i.min(j), i.max(j));
                if all[i].placed.document.source.sha256 == all[j].placed.document.source.sha256 {
                    continue;
                }
                let Some(by) = joined::near(&all[i], &all[j]) else { continue };
                let Some(cause) = cause::cause(&all[i], &all[j]).filter(|c| options.wants(c.0)) else {
                    continue;
                };
                if let Some((base, side)) = pair(all, members, i, j, cause) {
                    add_pair(all, &mut found, base, side, by);
                }
            }
        }
    }
    found
}

/// Adds a pair, to one there where that has the same first figure and another that prints the same.
fn add_pair(all: &[Told], found: &mut Vec<(Vec<Side>, Joined)>, base: Side, side: Side, by: Joined) {
    let figure = |side: &Side| side.members.first().map(|i| &all[*i].placed.claim.figure);
    let is_one = |x: &Side, y: &Side| figure(x).zip(figure(y)).is_some_and(|(x, y)| cause::is_one(x, y));
    for (sides, _) in found.iter_mut() {
        if let [first, second] = sides.as_mut_slice()
            && first.members == base.members
            && is_one(second, &side)
        {
            second.members.extend(side.members);
            return;
        }
    }
    found.push((vec![base, side], by));
}

/// Figures of two groups that one slot alone keeps apart.
fn neighbours(
    all: &[Told],
    block: &[usize],
    one: &Group,
    other: &Group,
    options: &Options,
) -> Option<(Vec<Side>, Joined)> {
    let pairs = one.members.iter().flat_map(|i| other.members.iter().map(move |j| (*i, *j)));
    for (i, j) in pairs {
        let (x, y) = (&all[i].placed, &all[j].placed);
        if x.document.source.sha256 == y.document.source.sha256
            || compare(&x.claim.figure, &y.claim.figure).carries()
            || compare(&y.claim.figure, &x.claim.figure).carries()
        {
            continue;
        }
        let Some((cause, why, tie)) = joined::apart(&all[i], &all[j]).filter(|a| options.wants(a.0)) else {
            continue;
        };
        if let Some((base, side)) = pair(all, block, i, j, (cause, why)) {
            return Some((vec![base, side], tie));
        }
    }
    None
}

fn row(all: &[Told], sides: &[Side], by: &Joined, coverage: &Coverage) -> Result<Conflict> {
    let mut figures = Vec::new();
    for side in sides {
        let mut placed: Vec<&Placed> = side.members.iter().map(|i| &all[*i].placed).collect();
        placed.sort_by_key(|p| key(p));
        let mut by_document: BTreeMap<usize, Vec<&Placed>> = BTreeMap::new();
        let mut orders: Vec<u64> = Vec::new();
        for p in &placed {
            let at = orders.iter().position(|o| *o == p.document.order).unwrap_or_else(|| {
                orders.push(p.document.order);
                orders.len() - 1
            });
            by_document.entry(at).or_default().push(p);
        }
        let Some(first) = placed.first() else { continue };
        figures.push(Stated {
            printed: first.printed(),
            figure: first.claim.figure.clone(),
            cause: side.cause.as_ref().map(|c| c.0),
            why: side.cause.as_ref().map(|c| c.1.clone()),
            documents: by_document.values().map(|list| carrier(list)).collect::<Result<_>>()?,
        });
    }
    let causes: BTreeSet<Cause> = figures.iter().filter_map(|f| f.cause).collect();
    let members: Vec<Placed> =
        sides.iter().flat_map(|s| &s.members).map(|i| all[*i].placed.clone()).collect();
    Ok(Conflict {
        schema: SCHEMA.to_string(),
        kind: figures.first().map_or(FigureKind::Amount, |f| f.figure.kind),
        scope: scope(&members),
        joined_by: by.to_string(),
        causes: causes.into_iter().collect(),
        figures,
        coverage: coverage.clone(),
    })
}

#[cfg(test)]
mod tests;
