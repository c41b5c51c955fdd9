//! What became of each source, and the sum of it.

use super::Outcome;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// One source in the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounted {
    pub source: String,
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Pages of the file, as far as they could be counted.
    pub pages: u32,
    /// Pages another reader gave than the usual one, by its name: `OCR`, `pdf-extract`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub read_by: BTreeMap<String, Vec<u32>>,
}

/// The account of a run: one line for every source there was.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    sources: Vec<Accounted>,
}

/// The sums of an account; `read + in_part + skipped + failed == sources` and
/// `pages_read + pages_unread == pages`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub sources: usize,
    pub read: usize,
    pub in_part: usize,
    pub skipped: usize,
    pub failed: usize,
    pub pages: u64,
    pub pages_read: u64,
    pub pages_unread: u64,
}

impl Outcome {
    /// The outcome of a source whose pages are known, from the unread ones with their reasons.
    pub fn of_pages(pages: u32, unread: Vec<(u32, String)>) -> Self {
        if unread.is_empty() {
            return Outcome::Read;
        }
        if unread.len() as u64 >= u64::from(pages) {
            let reasons = reasons(&unread);
            let why = match reasons.as_slice() {
                [(why, _)] => format!("no page could be read: {why}"),
                _ => format!("no page could be read: {}", join_reasons(&reasons)),
            };
            return Outcome::Failed { why };
        }
        Outcome::InPart { unread }
    }

    /// The unread pages of a source read in part by the reasons, in order of the first page of each.
    pub fn unread(&self) -> Vec<(&str, Vec<u32>)> {
        match self {
            Outcome::InPart { unread } => reasons(unread),
            _ => Vec::new(),
        }
    }
}

impl Account {
    pub fn new() -> Self {
        Account::default()
    }

    /// Enters a source. One that is entered again (a file replaced) keeps its later outcome only.
    pub fn enter(&mut self, source: impl Into<String>, outcome: Outcome, pages: u32) {
        let entered = Accounted { source: source.into(), outcome, pages, read_by: BTreeMap::new() };
        match self.sources.binary_search_by(|known| known.source.cmp(&entered.source)) {
            Ok(i) => {
                if let Some(place) = self.sources.get_mut(i) {
                    *place = entered;
                }
            }
            Err(i) => self.sources.insert(i, entered),
        }
    }

    /// Notes pages of a source entered before that another reader gave than the usual one.
    pub fn note_readers<'a>(&mut self, source: &str, pages: impl Iterator<Item = (u32, &'a str)>) {
        let Ok(i) = self.sources.binary_search_by(|known| known.source.as_str().cmp(source)) else { return };
        let Some(entered) = self.sources.get_mut(i) else { return };
        for (page, reader) in pages {
            entered.read_by.entry(reader.to_string()).or_default().push(page);
        }
    }

    /// In byte order of their names, whatever order they were entered in.
    pub fn sources(&self) -> &[Accounted] {
        &self.sources
    }

    pub fn counts(&self) -> Counts {
        let mut counts = Counts { sources: self.sources.len(), ..Counts::default() };
        for entered in &self.sources {
            let pages = u64::from(entered.pages);
            let unread = match &entered.outcome {
                Outcome::Read => {
                    counts.read += 1;
                    0
                }
                Outcome::InPart { unread } => {
                    counts.in_part += 1;
                    (unread.len() as u64).min(pages)
                }
                Outcome::Skipped { .. } => {
                    counts.skipped += 1;
                    pages
                }
                Outcome::Failed { .. } => {
                    counts.failed += 1;
                    pages
                }
            };
            counts.pages += pages;
            counts.pages_unread += unread;
            counts.pages_read += pages - unread;
        }
        counts
    }

    /// Whether something that should have been read was not; `--strict` turns it into a failure.
    pub fn is_whole(&self) -> bool {
        let counts = self.counts();
        counts.in_part == 0 && counts.failed == 0
    }

    /// The lines of the sources that were not read whole, under what became of them, after the
    /// line of sums.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.counts().to_string()];
        let heads = [("read in part", 0), ("skipped", 1), ("failed", 2)];
        for (head, which) in heads {
            let mut under = Vec::new();
            for entered in &self.sources {
                let (kind, what) = match &entered.outcome {
                    Outcome::Read => continue,
                    Outcome::InPart { unread } => {
                        let reasons = join_reasons(&reasons(unread));
                        let pages = if entered.pages == 1 { "page" } else { "pages" };
                        (0, format!("{} of {} {pages} unread: {reasons}", unread.len(), entered.pages))
                    }
                    Outcome::Skipped { why } => (1, why.clone()),
                    Outcome::Failed { why } => (2, why.clone()),
                };
                if kind == which {
                    under.push(format!("  {}: {what}", one_line(&entered.source)));
                }
            }
            if !under.is_empty() {
                lines.push(format!("{head}:"));
                lines.append(&mut under);
            }
        }
        let readers: BTreeSet<&String> =
            self.sources.iter().flat_map(|entered| entered.read_by.keys()).collect();
        for reader in readers {
            lines.push(format!("read by {reader}:"));
            lines.extend(self.sources.iter().filter_map(|entered| {
                let pages = page_ranges(entered.read_by.get(reader)?);
                Some(format!("  {}: p {pages}", one_line(&entered.source)))
            }));
        }
        lines
    }
}

impl fmt::Display for Counts {
    /// `12 sources: 9 read, 1 in part, 1 skipped, 1 failed; 203 of 210 pages read, 7 unread`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.sources == 1 { "" } else { "s" };
        write!(
            f,
            "{} source{s}: {} read, {} in part, {} skipped, {} failed; {} of {} page{} read",
            self.sources,
            self.read,
            self.in_part,
            self.skipped,
            self.failed,
            self.pages_read,
            self.pages,
            if self.pages == 1 { "" } else { "s" },
        )?;
        if self.pages_unread > 0 {
            write!(f, ", {} unread", self.pages_unread)?;
        }
        Ok(())
    }
}

impl fmt::Display for Account {
    /// [`Account::lines`], each ended by a line break.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.lines() {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// The reasons in order of the first page of each, with their pages.
fn reasons(unread: &[(u32, String)]) -> Vec<(&str, Vec<u32>)> {
    let mut by_why: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (page, why) in unread {
        by_why.entry(why).or_default().push(*page);
    }
    let mut reasons: Vec<(&str, Vec<u32>)> = by_why.into_iter().collect();
    for (_, pages) in &mut reasons {
        pages.sort_unstable();
        pages.dedup();
    }
    reasons.sort_by_key(|(why, pages)| (pages.first().copied(), *why));
    reasons
}

/// `p 3, 7-9 a picture without text; p 12 damaged`
fn join_reasons(reasons: &[(&str, Vec<u32>)]) -> String {
    let told: Vec<String> =
        reasons.iter().map(|(why, pages)| format!("p {} {}", page_ranges(pages), one_line(why))).collect();
    told.join("; ")
}

/// `3, 7-9` for sorted page numbers.
fn page_ranges(pages: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &page in pages {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(page) => *last = page,
            _ => ranges.push((page, page)),
        }
    }
    let told: Vec<String> = ranges
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    told.join(", ")
}

/// A name with line breaks or control characters must not forge lines of the account.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_account_names_what_was_not_read_and_why() {
        let mut account = Account::new();
        account.enter("z.pdf", Outcome::Failed { why: "locked with a password".to_string() }, 0);
        account.enter("a.pdf", Outcome::Read, 12);
        let picture = "a picture without text".to_string();
        let unread =
            vec![(9, picture.clone()), (7, picture.clone()), (8, picture), (2, "damaged".to_string())];
        account.enter("m.pdf", Outcome::of_pages(27, unread), 27);
        account.enter("logo\n.png", Outcome::Skipped { why: "a PNG image".to_string() }, 0);
        assert_eq!(
            account.to_string(),
            "4 sources: 1 read, 1 in part, 1 skipped, 1 failed; 35 of 39 pages read, 4 unread\n\
             read in part:\n  m.pdf: 4 of 27 pages unread: p 2 damaged; p 7-9 a picture without text\n\
             skipped:\n  logo\u{fffd}.png: a PNG image\n\
             failed:\n  z.pdf: locked with a password\n"
        );
        assert!(!account.is_whole());
        account.note_readers("m.pdf", [(1, "OCR"), (3, "OCR"), (4, "OCR"), (6, "pdf-extract")].into_iter());
        account.note_readers("none.pdf", [(1, "OCR")].into_iter());
        let told = account.to_string();
        assert!(
            told.ends_with("read by OCR:\n  m.pdf: p 1, 3-4\nread by pdf-extract:\n  m.pdf: p 6\n"),
            "{told}"
        );
    }

    #[test]
    fn a_file_of_which_no_page_was_read_has_failed() {
        let unread = vec![(1, "a picture without text".to_string())];
        assert_eq!(
            Outcome::of_pages(1, unread),
            Outcome::Failed { why: "no page could be read: a picture without text".to_string() }
        );
        assert_eq!(Outcome::of_pages(0, Vec::new()), Outcome::Read);
    }

    proptest! {
        #[test]
        fn counts_add_up(entries in proptest::collection::vec((0u8..4, 0u32..9, 0u32..12, "[a-c]{1,3}"), 0..30)) {
            let mut account = Account::new();
            for (kind, pages, unread, source) in entries {
                let why = "why".to_string();
                account.enter(source, match kind {
                    0 => Outcome::Read,
                    1 => Outcome::InPart { unread: (0..unread).map(|n| (n, why.clone())).collect() },
                    2 => Outcome::Skipped { why },
                    _ => Outcome::Failed { why },
                }, pages);
            }
            let c = account.counts();
            prop_assert_eq!(c.read + c.in_part + c.skipped + c.failed, c.sources);
            prop_assert_eq!(c.sources, account.sources().len());
            prop_assert_eq!(c.pages_read + c.pages_unread, c.pages);
        }
    }
}
