//! The word lists of claims: names with their aliases, and words of actions and measures.
//!
//! A form is whole words, any case, with straight or curly apostrophes; the longest form at a place
//! wins. Both lists are looked up in one pass over the text.

use crate::document::Span;
use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static NAMES: &str = include_str!("names.tsv");
static WORDS: &str = include_str!("words.tsv");

/// What a form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// A group, person or state that acts.
    Actor,
    /// Who publishes or tells figures.
    Source,
    /// A country, region or city.
    Place,
    /// A class of words; see [`Entry::measure`].
    Word,
}

/// A row of the lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The canonical name or the class: `North Korea`, `steal`.
    pub name: &'static str,
    pub sort: Sort,
    /// Names it belongs to, the nearest first: of Lazarus Group North Korea.
    pub within: Vec<&'static str>,
    /// Of whom all that a source publishes is: of a panel of experts on a country that country.
    pub about: &'static str,
    /// Words of this class tell what a figure measures: attempted, demanded, an average.
    pub measure: bool,
    /// Words of this class tell what sort of crime a figure is of: ransom, phishing.
    pub topic: bool,
    /// Words of this class tell of what sort a victim is: a bank, a hospital.
    pub victim: bool,
    /// Classes of the same kin stand for each other: theft, attack and loss; empty for none.
    pub kin: &'static str,
    pub forms: Vec<&'static str>,
}

/// A form found in a text.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    pub span: Span,
    pub entry: &'static Entry,
}

struct Lists {
    entries: Vec<Entry>,
    /// Of each form, its entry.
    of_form: Vec<usize>,
    forms: AhoCorasick,
    names: BTreeMap<String, usize>,
}

static LISTS: LazyLock<Option<Lists>> = LazyLock::new(build);

fn build() -> Option<Lists> {
    let rows = |text: &'static str| {
        text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).skip(1).map(|l| l.split('\t'))
    };
    let forms_of = |text: &'static str| -> Vec<&'static str> {
        text.split(';').map(str::trim).filter(|f| !f.is_empty()).collect()
    };
    let mut entries = Vec::new();
    for mut row in rows(NAMES) {
        let mut cell = || row.next().unwrap_or("");
        let (name, sort, within, forms, about) = (cell(), cell(), cell(), cell(), cell());
        let sort = match sort {
            "actor" => Sort::Actor,
            "source" => Sort::Source,
            _ => Sort::Place,
        };
        let mut all = vec![name];
        all.extend(forms_of(forms));
        entries.push(Entry {
            name,
            sort,
            within: forms_of(within),
            about,
            measure: false,
            topic: false,
            victim: false,
            kin: "",
            forms: all,
        });
    }
    for mut row in rows(WORDS) {
        let mut cell = || row.next().unwrap_or("");
        let (name, measure, kin, forms) = (cell(), cell(), cell(), cell());
        entries.push(Entry {
            name,
            sort: Sort::Word,
            within: Vec::new(),
            about: "",
            measure: measure == "measure",
            topic: measure == "topic",
            victim: measure == "victim",
            kin,
            forms: forms_of(forms),
        });
    }
    let (mut patterns, mut of_form) = (Vec::new(), Vec::new());
    for (i, entry) in entries.iter().enumerate() {
        for form in &entry.forms {
            patterns.push(form.to_lowercase());
            of_form.push(i);
        }
    }
    let forms = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .ascii_case_insensitive(true)
        .build(&patterns)
        .ok()?;
    let names = entries.iter().enumerate().map(|(i, e)| (e.name.to_string(), i)).collect();
    Some(Lists { entries, of_form, forms, names })
}

/// Whether what stands at a place is no part of a longer word; quotes of any form end one.
pub fn is_whole(text: &str, at: Span) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (before, after) = (text.get(..at.start).unwrap_or(""), text.get(at.end..).unwrap_or(""));
    !word(before.chars().next_back()) && !word(after.chars().next())
}

/// Every form in a text, whole words only, from the left, longest first.
pub fn find(text: &str) -> Vec<Found> {
    let Some(lists) = LISTS.as_ref() else { return Vec::new() };
    let mut found = Vec::new();
    let mut at = 0;
    while at <= text.len()
        && let Some(hit) = lists.forms.find(aho_corasick::Input::new(text).range(at..))
    {
        let (start, end) = (hit.start(), hit.end());
        if !is_whole(text, Span::new(start, end)) {
            // A shorter form may still be whole: go on behind this word's first character.
            at = start + text.get(start..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8);
            continue;
        }
        if let Some(entry) = lists.of_form.get(hit.pattern().as_usize()).and_then(|i| lists.entries.get(*i)) {
            found.push(Found { span: Span::new(start, end), entry });
        }
        at = end;
    }
    found
}

/// The entry of a canonical name.
pub fn entry(name: &str) -> Option<&'static Entry> {
    let lists = LISTS.as_ref()?;
    lists.names.get(name).and_then(|i| lists.entries.get(*i))
}

/// Whether two names are one, or one belongs to the other.
pub fn related(a: &str, b: &str) -> bool {
    a == b || belongs(a, b) || belongs(b, a)
}

/// Whether a name belongs to another, over any number of steps.
pub fn belongs(name: &str, whole: &str) -> bool {
    let mut left: Vec<&str> = entry(name).map(|e| e.within.clone()).unwrap_or_default();
    // Each name is looked at once, so a list that goes in circles ends.
    let mut seen: Vec<&str> = Vec::new();
    while let Some(next) = left.pop() {
        if next == whole {
            return true;
        }
        if !seen.contains(&next) {
            seen.push(next);
            left.extend(entry(next).map(|e| e.within.clone()).unwrap_or_default());
        }
    }
    false
}
