//! A corpus in runs of sources: what is indexed together, and taken over together where nothing in
//! it has changed.
//!
//! Where a run ends is said by the sources themselves, so a source added, changed or taken away
//! changes the run it stands in and no other.

use std::ops::Range;

/// One source in so many ends a run.
const ONE_IN: u32 = 16;
/// A run ends after so many at the latest.
const AT_MOST: usize = 64;

/// The runs of a corpus, from the keys of its sources in order: sha256 in hex, each of all that
/// decides what becomes of a source.
pub fn runs(keys: &[String]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (i, key) in keys.iter().enumerate() {
        let number = key.get(..8).and_then(|hex| u32::from_str_radix(hex, 16).ok()).unwrap_or(0);
        if number % ONE_IN == 0 || i + 1 - start == AT_MOST || i + 1 == keys.len() {
            found.push(start..i + 1);
            start = i + 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::sha256_hex;
    use std::collections::BTreeSet;

    fn keys(names: impl Iterator<Item = u32>) -> Vec<String> {
        names.map(|n| sha256_hex(&n.to_le_bytes())).collect()
    }

    #[test]
    fn a_source_more_changes_one_run() {
        let all = keys(0..1000);
        let contents = |keys: &[String]| -> BTreeSet<Vec<String>> {
            runs(keys).into_iter().map(|r| keys[r].to_vec()).collect()
        };
        let whole = contents(&all);
        assert!((30..130).contains(&whole.len()), "{}", whole.len());
        assert_eq!(whole.iter().map(Vec::len).sum::<usize>(), all.len());
        for gone in [0, 17, 500, 999] {
            let mut fewer = all.clone();
            fewer.remove(gone);
            let changed = contents(&fewer).difference(&whole).count();
            assert!(changed <= 2, "without {gone}: {changed} runs are new");
        }
    }

    #[test]
    fn an_empty_corpus_has_no_run() {
        assert!(runs(&[]).is_empty());
        assert_eq!(runs(&keys(0..1)).len(), 1);
    }
}
