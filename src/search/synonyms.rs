//! Other names for the same thing, from `synonyms.tsv`.
//!
//! Only whole forms are exchanged (`North Korea` for `DPRK`, never `North` alone), only in lists
//! of words: a quoted phrase stays literal. Every use is told with the results and can be switched
//! off.

use super::query::{Leaf, Test};
use crate::index::language::Language;
use crate::index::tokens::Stems;
use std::sync::LazyLock;

static DATA: &str = include_str!("synonyms.tsv");

/// A form as it is written, and its stems.
type Form = (String, Vec<String>);

/// The forms of one thing each.
static SETS: LazyLock<Vec<Vec<Form>>> = LazyLock::new(|| {
    let stems = Stems::new(Language::ENGLISH);
    DATA.lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').map(|form| (form.trim().to_string(), of(&stems, form))).collect())
        .collect()
});

fn of(stems: &Stems, text: &str) -> Vec<String> {
    stems.of(text).into_iter().map(|t| t.text).collect()
}

/// Words of a query that have other names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Of the leaves, half-open.
    pub from: usize,
    pub to: usize,
    pub others: Vec<String>,
}

/// The exchanges a list of words allows, from the left, longest first.
pub fn found_in(leaves: &[Leaf]) -> Vec<Exchange> {
    let stems = Stems::new(Language::ENGLISH);
    let words: Vec<Vec<String>> = leaves
        .iter()
        .map(|leaf| match &leaf.test {
            Test::Word(word) => of(&stems, word),
            _ => Vec::new(),
        })
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let mut best: Option<Exchange> = None;
        for set in SETS.iter() {
            for (form, wanted) in set {
                for to in at + 1..=words.len().min(at + 8) {
                    let run = words.get(at..to).unwrap_or(&[]);
                    if run.iter().any(Vec::is_empty) || !run.iter().flatten().eq(wanted.iter()) {
                        continue;
                    }
                    if best.as_ref().is_none_or(|b| b.to < to) {
                        let others =
                            set.iter().filter(|(f, s)| f != form && s != wanted).map(|(f, _)| f.clone());
                        best = Some(Exchange { from: at, to, others: others.collect() });
                    }
                }
            }
        }
        match best {
            Some(exchange) => {
                at = exchange.to;
                found.push(exchange);
            }
            None => at += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query::{Query, parse};

    fn others(text: &str) -> Vec<String> {
        match parse(text).unwrap() {
            Query::Ranked(leaves) => found_in(&leaves).into_iter().flat_map(|e| e.others).collect(),
            Query::Leaf(leaf) => found_in(&[leaf]).into_iter().flat_map(|e| e.others).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn whole_forms_are_exchanged_in_any_inflection() {
        assert!(others("thefts by North Koreans").contains(&"DPRK".to_string()));
        assert!(others("cryptocurrencies").contains(&"virtual asset".to_string()));
        assert!(others("north wind").is_empty());
        assert!(others("\"North Korea\"").is_empty());
    }

    #[test]
    fn every_line_has_several_forms_and_no_form_stands_twice() {
        let mut all = std::collections::BTreeSet::new();
        for set in SETS.iter() {
            assert!(set.len() > 1, "{set:?}");
            for (form, stems) in set {
                assert!(!stems.is_empty());
                assert!(all.insert(form.to_lowercase()), "{form} stands twice");
            }
        }
    }
}
