//! Words that say the same in the reports of this field, each group under one key: a vendor is a
//! supplier, an e-mail a message.
//!
//! The groups are `synonyms.tsv`, a row each; a user adds a word or a row. Any form of a word counts, as
//! stems are compared. Names, actions and measures with their aliases are `crate::claims::vocabulary`'s.

use crate::index::language::Language;
use crate::index::tokens::Stems;
use std::collections::BTreeMap;
use std::sync::LazyLock;

struct Groups {
    english: Stems,
    /// Of a stem, its group's key.
    keys: BTreeMap<String, &'static str>,
    /// Of a key, the stems of its group.
    stems: BTreeMap<&'static str, Vec<String>>,
}

static GROUPS: LazyLock<Groups> = LazyLock::new(|| {
    let english = Stems::new(Language::ENGLISH);
    let (mut keys, mut stems) = (BTreeMap::new(), BTreeMap::<&'static str, Vec<String>>::new());
    for row in rows() {
        let Some(key) = row.first().copied() else { continue };
        for word in &row {
            for token in english.of(word) {
                stems.entry(key).or_default().push(token.text.clone());
                keys.insert(token.text, key);
            }
        }
    }
    Groups { english, keys, stems }
});

/// The groups in the order of the file.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    include_str!("synonyms.tsv").lines().skip(1).map(|row| row.split(';').collect())
}

/// The key of a stem's group, `~alert` for `warn`.
pub fn key(stem: &str) -> Option<String> {
    GROUPS.keys.get(stem).map(|key| format!("~{key}"))
}

/// The key of the group of a word that is not stemmed yet, the last part of one with a hyphen: `e-mails`.
pub fn key_of(word: &str) -> Option<String> {
    key(&GROUPS.english.of(word).last()?.text)
}

/// The stems of a group by its key; none where it is no key.
pub fn stems(key: &str) -> Vec<String> {
    key.strip_prefix('~').and_then(|key| GROUPS.stems.get(key)).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn groups_stand_in_order_and_no_word_in_two() {
        let english = Stems::new(Language::ENGLISH);
        let rows: Vec<Vec<&str>> = rows().collect();
        let firsts: Vec<&str> = rows.iter().filter_map(|row| row.first().copied()).collect();
        assert!(firsts.is_sorted(), "help: sort the rows of synonyms.tsv by their first word");
        let mut seen = BTreeSet::new();
        for row in &rows {
            assert!(row.is_sorted() && row.len() > 1, "help: sort the words of {row:?}, two at least");
            let stems: BTreeSet<String> =
                row.iter().flat_map(|w| english.of(w)).map(|token| token.text).collect();
            for stem in stems {
                assert!(
                    seen.insert(stem.clone()),
                    "help: {stem} stands in two rows of synonyms.tsv: {row:?}"
                );
            }
        }
    }

    #[test]
    fn any_form_of_a_word_has_the_key_of_its_group() {
        let english = Stems::new(Language::ENGLISH);
        let key_of = |word: &str| english.of(word).first().and_then(|token| key(&token.text));
        assert_eq!(key_of("vendors"), key_of("supplier"));
        assert!(key_of("vendor").is_some() && key_of("panel").is_none());
        assert!(stems(&key_of("vendor").unwrap_or_default()).len() >= 2);
    }
}
