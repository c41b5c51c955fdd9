//! What changed between two indexes, source by source, and why: another file, another reading of the
//! same file, other rules, or another entry in the manifest.
//!
//! The older index may have been made by other rules than this program has, as long as its format can
//! be read. Documents are compared one at a time, so memory does not grow with the indexes.

use super::reader::Index;
use super::record::{AccountRow, DocumentRecord};
use crate::error::Result;
use crate::extract::row::MentionRow;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a source differs; the first that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The file is another one, or is in one of the indexes only.
    Source,
    /// The same bytes gave another text.
    Reader,
    /// The same text gave other mentions.
    Rule,
    /// The same file is described otherwise by the manifest, or by what is known of it.
    Manifest,
}

/// What became of a source from the first index to the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Change {
    Added,
    Removed,
    /// The same bytes under another name.
    Renamed {
        from: String,
    },
    Changed,
}

/// A source that differs, with its mentions that do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    pub source: String,
    #[serde(flatten)]
    pub change: Change,
    pub because: Because,
    /// In words.
    pub why: String,
    /// In the second index only, in the order of the text.
    pub gained: Vec<MentionRow>,
    /// In the first index only.
    pub lost: Vec<MentionRow>,
    /// At the same place with another value: before, after.
    pub revalued: Vec<(MentionRow, MentionRow)>,
}

/// Compares two indexes and hands over each source that differs, in the order of their names.
/// Returns how many sources were compared.
///
/// # Errors
/// `Index` where one of them is damaged; what `take` answers.
pub fn differences(
    before: &Index,
    after: &Index,
    mut take: impl FnMut(Difference) -> Result<()>,
) -> Result<usize> {
    let mut old = by_source(before.account()?);
    let new = by_source(after.account()?);
    let renamed = renamed(&old, &new);
    for from in renamed.values() {
        old.remove(from);
    }
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    for name in &names {
        let found = match (old.get(*name), new.get(*name), renamed.get(*name)) {
            (_, Some(row), Some(from)) => Some(Difference {
                change: Change::Renamed { from: from.clone() },
                why: format!("the same file was called {from}"),
                ..whole(row)
            }),
            (None, Some(row), None) => Some(Difference { gained: mentions(after, name)?, ..whole(row) }),
            (Some(row), None, _) => Some(Difference {
                change: Change::Removed,
                why: "it is no longer in the corpus".to_string(),
                lost: mentions(before, name)?,
                ..whole(row)
            }),
            (Some(row), Some(now), _) => compare(before, after, row, now)?,
            (None, None, _) => None,
        };
        found.map_or(Ok(()), &mut take)?;
    }
    Ok(names.len())
}

fn by_source(rows: Vec<AccountRow>) -> BTreeMap<String, AccountRow> {
    rows.into_iter().map(|row| (row.source.clone(), row)).collect()
}

/// New names of files that are gone under their old name, by the new name. Of several copies the
/// first in the order of names is taken.
fn renamed(
    old: &BTreeMap<String, AccountRow>,
    new: &BTreeMap<String, AccountRow>,
) -> BTreeMap<String, String> {
    let mut gone: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (name, row) in old.iter().rev().filter(|(name, _)| !new.contains_key(*name)) {
        if let Some(sha256) = &row.sha256 {
            gone.entry(sha256).or_default().push(name);
        }
    }
    let mut found = BTreeMap::new();
    for (name, row) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        if let Some(from) = row.sha256.as_deref().and_then(|sha256| gone.get_mut(sha256)?.pop()) {
            found.insert(name.clone(), from.clone());
        }
    }
    found
}

/// A source that was added, to be changed where it was not.
fn whole(row: &AccountRow) -> Difference {
    Difference {
        source: row.source.clone(),
        change: Change::Added,
        because: Because::Source,
        why: "it is new in the corpus".to_string(),
        gained: Vec::new(),
        lost: Vec::new(),
        revalued: Vec::new(),
    }
}

fn compare(before: &Index, after: &Index, old: &AccountRow, new: &AccountRow) -> Result<Option<Difference>> {
    let (mut lost, mut gained) = (mentions(before, &old.source)?, mentions(after, &new.source)?);
    strike_out_same(&mut lost, &mut gained);
    let revalued = pair(&mut lost, &mut gained);
    let (because, why) = if old.sha256 != new.sha256 {
        (Because::Source, "the file has changed".to_string())
    } else if old.outcome != new.outcome || text(before, &old.source)? != text(after, &new.source)? {
        (Because::Reader, read_otherwise(before, after))
    } else if !(lost.is_empty() && gained.is_empty() && revalued.is_empty()) {
        (Because::Rule, "the same text was mined by other rules".to_string())
    } else if old.document != new.document {
        (Because::Manifest, "its title, publisher, date or symbol is another one".to_string())
    } else {
        return Ok(None);
    };
    Ok(Some(Difference { change: Change::Changed, because, why, gained, lost, revalued, ..whole(new) }))
}

fn read_otherwise(before: &Index, after: &Index) -> String {
    let (old, new) = (&before.head, &after.head);
    if old.options != new.options {
        "the same file was read with other options".to_string()
    } else if old.reader != new.reader {
        "the same file was read by another version of the reader".to_string()
    } else {
        "the same file gave another text".to_string()
    }
}

fn document(index: &Index, source: &str) -> Result<Option<DocumentRecord>> {
    Ok(index.documents_named(source)?.into_iter().find(|d| d.source.path == source))
}

fn mentions(index: &Index, source: &str) -> Result<Vec<MentionRow>> {
    match document(index, source)? {
        Some(record) => index.mentions_of(&record),
        None => Ok(Vec::new()),
    }
}

fn text(index: &Index, source: &str) -> Result<String> {
    let mut text = String::new();
    if let Some(record) = document(index, source)? {
        for passage in index.passages_of(record.order)? {
            text.push_str(&passage.text);
        }
    }
    Ok(text)
}

/// What a mention says and where, but for the bytes before it: a text that grew in front of a mention
/// has not changed it.
fn says(row: &MentionRow) -> String {
    format!("{} {} {} {} {:?}", row.page, row.kind, row.value, row.surface, row.tied_to.is_some())
}

/// Takes out of both lists what is in both, as often as it is in both.
fn strike_out_same(lost: &mut Vec<MentionRow>, gained: &mut Vec<MentionRow>) {
    let mut there: BTreeMap<String, usize> = BTreeMap::new();
    for row in lost.iter() {
        *there.entry(says(row)).or_default() += 1;
    }
    let mut both: BTreeMap<String, usize> = BTreeMap::new();
    gained.retain(|row| {
        let said = says(row);
        let is_there = there.get_mut(&said).filter(|count| **count > 0).map(|count| *count -= 1).is_some();
        if is_there {
            *both.entry(said).or_default() += 1;
        }
        !is_there
    });
    lost.retain(|row| {
        both.get_mut(&says(row)).filter(|count| **count > 0).map(|count| *count -= 1).is_none()
    });
}

/// Takes out of both lists the mentions that stand at one place, or have one surface on one page, and
/// have another value.
fn pair(lost: &mut Vec<MentionRow>, gained: &mut Vec<MentionRow>) -> Vec<(MentionRow, MentionRow)> {
    let mut pairs = Vec::new();
    lost.retain(|old| {
        let is_it = |new: &MentionRow| {
            new.kind == old.kind
                && new.page == old.page
                && (new.span == old.span || new.surface == old.surface && new.sentence == old.sentence)
        };
        match gained.iter().position(is_it) {
            Some(i) => pairs.push((old.clone(), gained.remove(i))),
            None => return true,
        }
        false
    });
    pairs
}
