//! Which documents are one work: copies of one file, and editions told from their symbols
//! (`S/2025/71` and `S/2025/71/Rev.1`). Nothing is dropped for it: all of them are searched.
//!
//! Addenda and corrigenda are works of their own, as they do not replace what they belong to.

use serde::Serialize;
use std::collections::BTreeMap;

/// A document as it is told apart here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Member {
    /// The number of the revision; 0 for the first edition.
    pub edition: u32,
    pub id: String,
    pub source: String,
    pub sha256: String,
}

/// A work with more than one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Work {
    /// The symbol without its revision.
    pub work: String,
    /// From the first edition on; copies of one file stand together, in the order of their names.
    pub documents: Vec<Member>,
}

/// The works among documents that have more than one, in the order of their symbols.
///
/// Each document is given by id, source and sha256.
pub fn works<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str, &'a str)>) -> Vec<Work> {
    let mut by_work: BTreeMap<String, Vec<Member>> = BTreeMap::new();
    let mut by_file: BTreeMap<String, String> = BTreeMap::new();
    let mut documents: Vec<_> = documents.into_iter().collect();
    documents.sort_by_key(|(_, source, _)| *source);
    for (id, source, sha256) in documents {
        let (work, edition) = edition(id);
        // Copies without a symbol have ids of their own names.
        let work = by_file.entry(sha256.to_string()).or_insert_with(|| work.to_string()).clone();
        let (id, source, sha256) = (id.to_string(), source.to_string(), sha256.to_string());
        by_work.entry(work).or_default().push(Member { edition, id, source, sha256 });
    }
    let several = by_work.into_iter().filter(|(_, documents)| documents.len() > 1);
    several
        .map(|(work, mut documents)| {
            documents.sort();
            Work { work, documents }
        })
        .collect()
}

/// A symbol without its revision, and the number of that.
pub fn edition(symbol: &str) -> (&str, u32) {
    let (work, last) = symbol.rsplit_once('/').unwrap_or((symbol, ""));
    let number = last.get(..4).filter(|head| head.eq_ignore_ascii_case("rev.")).and(last.get(4..));
    match number.and_then(|digits| digits.parse().ok()) {
        Some(number) => (work, number),
        None => (symbol, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_is_an_edition_and_an_addendum_is_a_work_of_its_own() {
        assert_eq!(edition("S/2025/71/Rev.1"), ("S/2025/71", 1));
        assert_eq!(edition("A/60/640/rev.12"), ("A/60/640", 12));
        for other in
            ["S/2025/71", "S/2025/71/Add.1", "S/2025/71/Corr.1", "S/2025/71/Rev.", "report-rev.1", "é/éé"]
        {
            assert_eq!(edition(other), (other, 0));
        }
    }

    #[test]
    fn editions_and_copies_are_one_work() {
        let found = works([
            ("S/2025/71/Rev.1", "b.pdf", "22"),
            ("S/2025/71", "a.pdf", "11"),
            ("S/2025/72", "c.pdf", "33"),
            ("notes", "notes.txt", "44"),
            ("notes-copy", "old/notes.txt", "44"),
        ]);
        let told: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|w| (w.work.as_str(), w.documents.iter().map(|d| d.source.as_str()).collect()))
            .collect();
        assert_eq!(
            told,
            [("S/2025/71", vec!["a.pdf", "b.pdf"]), ("notes", vec!["notes.txt", "old/notes.txt"])]
        );
    }
}
