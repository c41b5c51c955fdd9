//! Where a figure comes from: every claim of the index that carries it, in groups of one scope, by
//! day of publication, joined where one document rests on another, and how many independent sources
//! are left when echoes are folded.
//!
//! Joins are found in [`edges`]; [`draw`] makes pictures of them. A body that is named and has no
//! document in the index is an origin nobody has seen: all that cite it are one source.

pub mod draw;
mod edges;

use super::asked;
use super::event::{Placed, kinship};
use super::figure::{Agreement, compare};
use super::terms::Weights;
use super::why::period_shown;
use super::{Coverage, Question, Verifier};
use crate::claims::{Figure, FigureKind};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{DocumentRow, Ends};
use crate::index::Index;
use crate::search::candidates::{self, candidates};
use crate::search::locate::{Part, locate, locator};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// The `schema` field of a lineage row.
pub const SCHEMA: &str = "paydirt.lineage/1";

/// What must speak for two claims being of one scope.
const ONE_SCOPE: u32 = 3;

/// One figure in one scope, with the documents that carry it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lineage {
    pub schema: String,
    /// As it was asked.
    pub figure: String,
    /// What it is of, in words: actor, victims, period.
    pub scope: String,
    /// By day of publication; those without a day last.
    pub documents: Vec<Carrier>,
    pub edges: Vec<Edge>,
    /// What is left when echoes are folded, each with the documents that rest on it.
    pub origins: Vec<Origin>,
    pub independent: usize,
    pub coverage: Coverage,
}

/// A document that carries the figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Carrier {
    pub source: String,
    pub sha256: String,
    pub document: DocumentRow,
    /// Of the first claim in it.
    pub page: u32,
    pub paragraph: Option<String>,
    /// What `paydirt show` takes.
    pub locator: String,
    pub printed: String,
    pub hedge: String,
    pub period: Option<String>,
    /// Bodies its passages name.
    pub attribution: Vec<String>,
    pub quote: String,
    /// How many claims of the document carry the figure.
    pub claims: usize,
    pub boxes: Option<Vec<[f32; 4]>>,
    /// Bytes of the document's text the figure stands at.
    pub span: Ends,
}

/// One document resting on an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// Index into [`Lineage::documents`] of the earlier.
    pub from: usize,
    pub to: usize,
    /// `cites`, `names`, `links`, `reuses`, `same publisher`.
    pub reason: String,
    /// The name, symbol, address or words that show it.
    pub by: String,
    /// What changed on the way: hedge, period, attribution.
    pub changes: Vec<String>,
}

/// An independent source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub name: String,
    /// It has no document here that carries the figure; others name it.
    pub unseen: bool,
    /// Indices into [`Lineage::documents`].
    pub documents: Vec<usize>,
}

/// The lineage of a figure or of the figure at a locator, a row for each scope it stands in, the
/// one with most documents first.
///
/// # Errors
/// `Usage` where the text has no figure and names no place, or the place has no figure.
pub fn lineage(index: &Index, text: &str) -> Result<Vec<Lineage>> {
    let verifier = Verifier::new(index)?;
    let (figure, printed, own) = wanted(index, &verifier.weights, text)?;
    let mut carriers = carriers(index, &verifier, &figure)?;
    carriers.sort_by_key(key);
    let mut groups: Vec<Vec<Placed>> = Vec::new();
    for placed in carriers {
        let fits = |group: &Vec<Placed>| {
            let kin: Vec<Option<bool>> = group.iter().map(|other| is_one_scope(other, &placed)).collect();
            kin.iter().all(Option::is_some) && kin.into_iter().flatten().any(|is_one| is_one)
        };
        match groups.iter_mut().find(|group| fits(group)) {
            Some(group) => group.push(placed),
            None => groups.push(vec![placed]),
        }
    }
    if let Some(order) = own {
        groups.retain(|group| group.iter().any(|p| p.passage.order == order));
    }
    let mut rows = Vec::new();
    let mut texts = edges::Texts::of(index);
    for group in &groups {
        rows.push(row(&mut texts, group, &printed, verifier.coverage())?);
    }
    rows.sort_by_key(|row: &Lineage| std::cmp::Reverse(row.documents.len()));
    Ok(rows)
}

/// Whether two claims that carry the figure are of one scope; `None` where something speaks against it.
fn is_one_scope(a: &Placed, b: &Placed) -> Option<bool> {
    let mut worth = kinship(a, b)?;
    // What everybody writes joins no two scopes.
    if a.shares(b).is_some() && edges::reused(a, b).is_none() {
        worth = worth.saturating_sub(2);
    }
    // A number that is the other's only when rounded is more often another's.
    let (x, y) = (&a.claim.figure, &b.claim.figure);
    let wanted = if (x.low, x.high) == (y.low, y.high) { ONE_SCOPE } else { ONE_SCOPE + 1 };
    Some(worth >= wanted)
}

/// Documents without a day of publication come last.
pub(super) fn key(placed: &Placed) -> (bool, Option<String>, u64, usize) {
    let day = placed.document.meta.published.clone();
    (day.is_none(), day, placed.document.order, placed.claim.span.start)
}

/// The figure asked for, as it was printed, and the passage it was named by.
fn wanted(index: &Index, weights: &Weights<'_>, text: &str) -> Result<(Figure, String, Option<u64>)> {
    let place = match locate(index, text) {
        Ok(located) if located.part != Part::Whole => Ok(located),
        Ok(_) => Err(Error::new(ErrorKind::Usage, "this names a document and no place in it")
            .at(text)
            .hint("paydirt lineage 'S/2022/132 para 106'")),
        Err(e) => Err(e),
    };
    let question = Question { id: None, claim: text.to_string(), figure: None };
    match place {
        Ok(located) => {
            let claims = located
                .passages
                .iter()
                .flat_map(|p| Placed::of(&Rc::new(p.clone()), &Rc::new(located.document.clone())));
            let all: Vec<Placed> = claims.collect();
            let amount = all
                .iter()
                .find(|p| p.claim.figure.kind == FigureKind::Amount && !p.claim.figure.unit.is_empty());
            let found = amount.or(all.first());
            let found = found
                .ok_or_else(|| Error::new(ErrorKind::Usage, "there is no figure at this place").at(text))?;
            Ok((found.claim.figure.clone(), found.printed(), Some(found.passage.order)))
        }
        Err(no_place) => match asked::read(&question, weights) {
            Ok(asked) => Ok((asked.figure, asked.printed, None)),
            Err(_) => Err(no_place),
        },
    }
}

/// Every claim of the index that carries the figure.
fn carriers(index: &Index, verifier: &Verifier<'_>, figure: &Figure) -> Result<Vec<Placed>> {
    let all = usize::try_from(index.head.passages).unwrap_or(usize::MAX).max(1);
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for candidate in candidates(index, &[], &figure.digits(), all)? {
        let Some(passage) = candidates::read(index, &candidate)? else { continue };
        if !seen.insert(passage.order) {
            continue;
        }
        let Some(document) = verifier.document(passage.document)? else { continue };
        let carries = |p: &Placed| {
            let agreement = compare(figure, &p.claim.figure);
            let close = matches!(agreement, Agreement::Same | Agreement::Rounds | Agreement::HedgeShift);
            close && (p.claim.figure.unit == figure.unit || figure.kind != FigureKind::Amount)
        };
        found.extend(Placed::of(&Rc::new(passage), &document).into_iter().filter(carries));
    }
    Ok(found)
}

fn row(
    texts: &mut edges::Texts<'_>,
    group: &[Placed],
    printed: &str,
    coverage: &Coverage,
) -> Result<Lineage> {
    let mut by_document: Vec<Vec<&Placed>> = Vec::new();
    for placed in group {
        match by_document.iter_mut().find(|d| d[0].document.order == placed.document.order) {
            Some(list) => list.push(placed),
            None => by_document.push(vec![placed]),
        }
    }
    let mut documents = Vec::new();
    for list in &by_document {
        documents.push(carrier(list)?);
    }
    let edges = edges::edges(texts, &by_document, &documents)?;
    let origins = origins(&by_document, &documents, &edges);
    Ok(Lineage {
        schema: SCHEMA.to_string(),
        figure: printed.to_string(),
        scope: scope(group),
        documents,
        edges,
        independent: origins.len(),
        origins,
        coverage: coverage.clone(),
    })
}

/// The claim of a document that says most of what it is of.
fn fullest<'a>(list: &[&'a Placed]) -> Option<&'a Placed> {
    let told = |p: &Placed| {
        let c = &p.claim;
        usize::from(!p.is_row())
            + usize::from(p.period().is_some())
            + usize::from(!c.counts.is_empty())
            + usize::from(!c.actors.is_empty())
    };
    let mut best: Option<&'a Placed> = None;
    for placed in list {
        if best.is_none_or(|b| told(placed) > told(b)) {
            best = Some(placed);
        }
    }
    best
}

pub(super) fn carrier(list: &[&Placed]) -> Result<Carrier> {
    let Some(placed) = fullest(list) else {
        return Err(Error::new(ErrorKind::Index, "a document carries no claim"));
    };
    let document = &placed.document;
    let mut attribution: Vec<String> = Vec::new();
    for name in list.iter().flat_map(|p| p.sources().iter().copied()) {
        if !attribution.iter().any(|known| known == name) {
            attribution.push(name.to_string());
        }
    }
    Ok(Carrier {
        source: document.source.path.clone(),
        sha256: document.source.sha256.clone(),
        document: document.row(),
        page: placed.passage.page,
        paragraph: placed.passage.paragraph.clone(),
        locator: locator(document, &placed.passage),
        printed: placed.printed(),
        hedge: placed.claim.figure.hedge.name().to_string(),
        period: placed.period().map(period_shown),
        attribution,
        quote: placed.quote(),
        claims: list.len(),
        boxes: placed.boxes()?,
        span: Ends { start: placed.claim.span.start, end: placed.claim.span.end },
    })
}

/// What the group is of, from the claims that say it.
pub(super) fn scope(group: &[Placed]) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut add = |part: Option<String>| {
        if let Some(part) = part.filter(|p| !parts.contains(p)) {
            parts.push(part);
        }
    };
    add(group.iter().flat_map(|p| &p.claim.actors).map(|s| s.value.clone()).next());
    let victims = group.iter().flat_map(|p| super::event::said(&p.claim.victims)).next();
    add(victims.map(str::to_string));
    add(group.iter().filter_map(Placed::period).map(period_shown).next());
    match parts.is_empty() {
        true => "no actor, victim or period told".to_string(),
        false => parts.join(", "),
    }
}

/// Follows every document to where it rests.
fn origins(by_document: &[Vec<&Placed>], documents: &[Carrier], edges: &[Edge]) -> Vec<Origin> {
    let mut found: BTreeMap<(usize, String), Origin> = BTreeMap::new();
    for at in 0..documents.len() {
        for root in roots(at, edges) {
            let Some(list) = by_document.get(root) else { continue };
            let (name, unseen) = match edges::unseen(list) {
                // An account may come out before what it is of.
                Some(name) => match by_document
                    .iter()
                    .filter_map(|l| l.first())
                    .find(|p| edges::bodies(&p.document).contains(name))
                {
                    Some(own) => (edges::name(&own.document).to_string(), false),
                    None => (name.to_string(), true),
                },
                None => (list.first().map_or("", |p| edges::name(&p.document)).to_string(), false),
            };
            // In the order in which their first documents were published.
            let place = found.values().find(|o| o.name == name && o.unseen == unseen);
            let first = place.and_then(|o| o.documents.first().copied()).unwrap_or(at);
            let origin =
                found.entry((first, name.clone())).or_insert(Origin { name, unseen, documents: Vec::new() });
            if !origin.documents.contains(&at) {
                origin.documents.push(at);
            }
        }
    }
    found.into_values().collect()
}

/// The documents without an earlier one that a document rests on, over any number of steps.
fn roots(at: usize, edges: &[Edge]) -> BTreeSet<usize> {
    let (mut left, mut seen, mut found) = (vec![at], BTreeSet::new(), BTreeSet::new());
    while let Some(here) = left.pop() {
        if !seen.insert(here) {
            continue;
        }
        let before: Vec<usize> = edges.iter().filter(|e| e.to == here).map(|e| e.from).collect();
        if before.is_empty() {
            found.insert(here);
        }
        left.extend(before);
    }
    found
}

impl Lineage {
    /// `1 independent source, 3 documents`
    pub fn in_words(&self) -> String {
        let many = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        format!(
            "{}, {}",
            many(self.independent, "independent source"),
            many(self.documents.len(), "document")
        )
    }
}
