//! The words of a query in whole documents: BM25 of each document, made of what its passages hold, and
//! how much of what is asked for stands in it at all.
//!
//! The index has no postings of documents. How often a word stands in one is the sum over its
//! passages, and their places say whose they are.

use crate::index::{DOCUMENT, Index};
use std::collections::BTreeMap;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TERMINATED, Term, postings::Postings};

/// BM25's parameters; reports differ so much in length that it counts almost in full.
const K1: f32 = 1.2;
const B: f32 = 0.9;
/// What the other ways to say the same add to the best.
const TIE: f32 = 0.1;
/// What a document gains that has all that is asked for, in rarity; one that has a part of it gains the
/// square of that part. A report of one word of a question, however often, is not on the question.
const COVERED: f32 = 3.0;

/// One thing that is asked for, by any of its names.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    pub weight: f32,
    pub names: Vec<Name>,
}

/// A name of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    pub weight: f32,
    /// Its stems in each of the languages; all of them must stand in the document.
    pub ways: Vec<Vec<String>>,
}

/// How often a stem stands in documents, by their place, in order.
type Counts = Vec<(usize, f32)>;

/// The scores of documents, by their place; empty where nothing is asked of them.
///
/// # Errors
/// tantivy's.
pub fn scores(index: &Index, units: &[Unit]) -> tantivy::Result<Vec<f32>> {
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let count = usize::try_from(index.head.documents).unwrap_or(0);
    let lengths = lengths(index, count)?;
    let words = index.head.words.get(DOCUMENT).copied().unwrap_or(0);
    let average = (words as f32 / count.max(1) as f32).max(1.0);
    let mut counts: BTreeMap<&str, Counts> = BTreeMap::new();
    for stem in units.iter().flat_map(|u| &u.names).flat_map(|n| &n.ways).flatten() {
        if !counts.contains_key(stem.as_str()) {
            counts.insert(stem, stands_in(index, stem)?);
        }
    }
    let rarity = |frequency: usize| {
        let (frequency, count) = (frequency as f32, count as f32);
        (1.0 + (count - frequency + 0.5) / (frequency + 0.5)).ln()
    };
    let mut scores = vec![0.0; count];
    // The rarity of all that is asked for, and of what of it stands in each document.
    let (mut asked, mut covered) = (0.0, vec![0.0_f32; count]);
    for unit in units {
        // One thing by any of its names is as frequent as all of them; a name stands where the
        // rarest of its words does, at most.
        let stands = |way: &Vec<String>| way.iter().map(|s| counts.get(s.as_str()).map_or(0, Vec::len)).min();
        let of_name = |name: &Name| name.ways.iter().filter_map(stands).max().unwrap_or(0);
        let stands_by_any = unit.names.iter().map(of_name).sum::<usize>().min(count);
        let pooled = (unit.names.len() > 1).then_some(stands_by_any);
        let (mut best, mut all) = (vec![0.0_f32; count], vec![0.0_f32; count]);
        for name in &unit.names {
            for way in &name.ways {
                let (mut sum, mut met) = (vec![0.0_f32; count], vec![0_usize; count]);
                for stem in way {
                    let Some(found) = counts.get(stem.as_str()) else { continue };
                    let rarity = rarity(pooled.unwrap_or(found.len()));
                    for (document, times) in found {
                        let length = lengths.get(*document).copied().unwrap_or(average);
                        let damped = times + K1 * (1.0 - B + B * length / average);
                        if let (Some(sum), Some(met)) = (sum.get_mut(*document), met.get_mut(*document)) {
                            *sum += rarity * (K1 + 1.0) * times / damped;
                            *met += 1;
                        }
                    }
                }
                for (((sum, met), best), all) in sum.iter().zip(&met).zip(&mut best).zip(&mut all) {
                    if *met == way.len() && *met > 0 {
                        let score = name.weight * sum / way.len() as f32;
                        *best = best.max(score);
                        *all += score;
                    }
                }
            }
        }
        let its = unit.weight * rarity(stands_by_any);
        asked += its;
        for (((score, covered), best), all) in scores.iter_mut().zip(&mut covered).zip(best).zip(all) {
            *score += unit.weight * (best + TIE * (all - best));
            *covered += if best > 0.0 { its } else { 0.0 };
        }
    }
    if asked > 0.0 {
        for (score, covered) in scores.iter_mut().zip(covered) {
            *score += COVERED * covered * covered / asked;
        }
    }
    Ok(scores)
}

/// The lengths of documents in words, by their place.
fn lengths(index: &Index, count: usize) -> tantivy::Result<Vec<f32>> {
    let mut lengths = Vec::with_capacity(count);
    for (n, segment) in (0..).zip(index.searcher.segment_readers()) {
        let column = segment.fast_fields().u64("length")?;
        let records = index.layout().records(n);
        lengths.extend(records.iter().map(|doc| column.first(*doc).unwrap_or(0) as f32));
    }
    Ok(lengths)
}

/// How often a stem stands in title and text of documents.
fn stands_in(index: &Index, stem: &str) -> tantivy::Result<Counts> {
    let mut counts: Counts = Vec::new();
    for (n, segment) in (0..).zip(index.searcher.segment_readers()) {
        let first = counts.len();
        for (field, is_title) in [(index.fields.text, false), (index.fields.title, true)] {
            let term = Term::from_field_text(field, stem);
            let found = segment.inverted_index(field)?.read_postings(&term, IndexRecordOption::WithFreqs)?;
            let Some(mut postings) = found else { continue };
            let mut walk = index.layout().walk(n);
            let mut before = None;
            while postings.doc() != TERMINATED {
                let document = usize::try_from(walk.document(postings.doc())).unwrap_or(usize::MAX);
                let times = postings.term_freq() as f32;
                // Every passage has the title, which stands in the document once.
                if before != Some(document) {
                    counts.push((document, times));
                } else if !is_title && let Some((_, all)) = counts.last_mut() {
                    *all += times;
                }
                before = Some(document);
                postings.advance();
            }
        }
        // Text and title of a document are added up.
        let Some(of_segment) = counts.get_mut(first..) else { continue };
        of_segment.sort_by_key(|(document, _)| *document);
        let mut kept = first;
        for at in first + 1..counts.len() {
            let Some(&(document, times)) = counts.get(at) else { break };
            match counts.get_mut(kept) {
                Some((same, all)) if *same == document => *all += times,
                _ => {
                    kept += 1;
                    if let Some(place) = counts.get_mut(kept) {
                        *place = (document, times);
                    }
                }
            }
        }
        counts.truncate(if first < counts.len() { kept + 1 } else { first });
    }
    Ok(counts)
}
