//! The words of a text that tell what it is about, each under one key for all its names, and how
//! much each tells (rare words tell more).

use super::synonyms;
use crate::claims::counts::{bytes, in_words};
use crate::claims::vocabulary::{self, Entry, Sort};
use crate::document::Span;
use crate::error::Result;
use crate::extract::exchanges;
use crate::index::Index;
use crate::index::language::Language;
use crate::index::tokens::Stems;
use crate::search::candidates::{Word, frequency};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// What a term is of, which decides how much it binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sense {
    /// An exchange or service by its usual name, or a word written like a name.
    Name,
    Actor,
    Place,
    Source,
    /// A class of `words.tsv`.
    Class,
    Word,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// A stem, or `@` with the name of a list's entry, `#` with an exchange's usual name, `~` with that of a
    /// group of synonyms.
    pub key: String,
    pub sense: Sense,
    pub span: Span,
    pub entry: Option<&'static Entry>,
}

/// Words that tell nothing of what a figure is about.
const EMPTY: &[&str] = &[
    "a",
    "about",
    "above",
    "after",
    "all",
    "alone",
    "along",
    "also",
    "am",
    "amid",
    "among",
    "an",
    "and",
    "any",
    "are",
    "around",
    "as",
    "at",
    "back",
    "be",
    "because",
    "been",
    "before",
    "being",
    "between",
    "both",
    "but",
    "by",
    "can",
    "class",
    "close",
    "could",
    "did",
    "do",
    "does",
    "down",
    "during",
    "each",
    "early",
    "end",
    "enough",
    "ever",
    "every",
    "few",
    "for",
    "from",
    "get",
    "go",
    "going",
    "got",
    "had",
    "has",
    "have",
    "he",
    "her",
    "him",
    "his",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "itself",
    "just",
    "largely",
    "last",
    "late",
    "later",
    "least",
    "less",
    "like",
    "low",
    "made",
    "many",
    "may",
    "me",
    "might",
    "more",
    "most",
    "much",
    "must",
    "nearly",
    "no",
    "not",
    "of",
    "off",
    "on",
    "once",
    "only",
    "or",
    "other",
    "our",
    "out",
    "over",
    "own",
    "past",
    "per",
    "quite",
    "rather",
    "roughly",
    "same",
    "she",
    "should",
    "since",
    "so",
    "some",
    "such",
    "than",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "under",
    "until",
    "up",
    "was",
    "we",
    "well",
    "went",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "would",
    "year",
    "years",
    "yet",
    "you",
    "your",
    "worth",
    "value",
    "valued",
    "total",
    "totalling",
    "totaling",
    "almost",
    "approximately",
    "million",
    "billion",
    "thousand",
    "dollar",
    "dollars",
    "usd",
    "estimated",
    "according",
    "said",
    "says",
    "say",
    "told",
    "reported",
    "reports",
    "report",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "christmas",
    "easter",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "hundred",
    "dozen",
    "put",
    "puts",
    "set",
    "came",
    "come",
    "stood",
    "figure",
    "sum",
    "amount",
    "number",
    "half",
    "first",
    "second",
    "third",
    "fewer",
    "topped",
    "exceeded",
    "part",
    "using",
    "used",
    "use",
    "going",
    "against",
    "itself",
    // Without the name of a country a quarter of the sky is nobody's name.
    "north",
    "south",
    "east",
    "west",
    "percent",
    "cent",
    "m",
    "bn",
    "mln",
    "s",
];

/// How many passages hold each term, so how much it tells.
pub struct Weights<'a> {
    index: &'a Index,
    pub stems: Stems,
    known: RefCell<BTreeMap<String, f64>>,
}

impl<'a> Weights<'a> {
    pub fn new(index: &'a Index) -> Self {
        Weights { index, stems: Stems::new(Language::ENGLISH), known: RefCell::default() }
    }

    /// The stems that stand for a term, for the search.
    fn stems_of(&self, term: &Term) -> Vec<String> {
        let forms: Vec<&str> = match term.entry {
            Some(entry) => entry.forms.clone(),
            None if term.sense == Sense::Name => {
                let name = term.key.trim_start_matches('#');
                // A service is found by its other and its former names too.
                let others = if term.key.starts_with('#') { exchanges::spellings(name) } else { Vec::new() };
                [vec![name], others].concat()
            }
            None if term.key.starts_with('~') => return synonyms::stems(&term.key),
            None => return vec![term.key.clone()],
        };
        let mut stems = Vec::new();
        for form in forms {
            let tokens = self.stems.of(form);
            // Of a name of several words the rarest finds it.
            let rarest = tokens.into_iter().min_by_key(|t| frequency(self.index, &t.text).unwrap_or(0));
            if let Some(token) = rarest
                && !stems.contains(&token.text)
            {
                stems.push(token.text);
            }
        }
        stems
    }

    /// How much a term tells: the logarithm of how rare it is, up to about 8.
    pub fn of(&self, term: &Term) -> Result<f64> {
        if let Some(weight) = self.known.borrow().get(&term.key) {
            return Ok(*weight);
        }
        let weight = self.rare(term)?;
        self.known.borrow_mut().insert(term.key.clone(), weight);
        Ok(weight)
    }

    /// The same, not kept: a word may be a name in one claim and none in another.
    pub fn rare(&self, term: &Term) -> Result<f64> {
        let mut in_passages = 0;
        for stem in self.stems_of(term) {
            in_passages += frequency(self.index, &stem)?;
        }
        let all = self.index.head.passages.max(1) as f64;
        let rare = (all / (1.0 + in_passages as f64)).max(1.0).ln();
        // In a corpus of a few passages every word would tell nothing.
        Ok((rare + 1.0)
            * match term.sense {
                Sense::Name => 1.0,
                Sense::Actor | Sense::Place => 0.8,
                Sense::Word => 0.5,
                Sense::Class => 0.8,
                Sense::Source => 0.3,
            })
    }

    /// A term as the search takes it.
    pub fn word(&self, term: &Term) -> Result<Word> {
        let stems = self.stems_of(term);
        let weight = if term.sense == Sense::Name { 1.5 } else { 1.0 };
        Ok(Word { stems, weight })
    }
}

/// The terms of a text. `names` are exchanges found in it; what stands in `left_out` (figures,
/// dates) is no term.
pub fn terms(text: &str, names: &[(Span, String)], left_out: &[Span], stems: &Stems) -> Vec<Term> {
    let mut found: Vec<Term> = names
        .iter()
        .map(|(span, name)| Term { key: format!("#{name}"), sense: Sense::Name, span: *span, entry: None })
        .collect();
    let free = |found: &[Term], span: Span| {
        !left_out.iter().any(|s| s.overlaps(span)) && !found.iter().any(|t| t.span.overlaps(span))
    };
    for hit in vocabulary::find(text) {
        if !free(&found, hit.span) || (hit.entry.sort == Sort::Word && is_compound(text, hit.span)) {
            continue;
        }
        let sense = match hit.entry.sort {
            Sort::Actor => Sense::Actor,
            Sort::Place => Sense::Place,
            Sort::Source => Sense::Source,
            Sort::Word => Sense::Class,
        };
        let key = format!("@{}", hit.entry.name);
        found.push(Term { key, sense, span: hit.span, entry: Some(hit.entry) });
    }
    for token in stems.of(text) {
        let span = Span::new(token.start, token.end);
        let word = span.of(text);
        let lower = word.to_lowercase();
        let plain = lower.trim_end_matches("'s").trim_end_matches("’s");
        if !free(&found, span)
            || EMPTY.contains(&plain)
            || in_words(plain).is_some_and(|n| n > 0)
            || bytes(word).is_some()
            || word.starts_with(|c: char| c.is_ascii_digit())
            || plain.chars().count() < 2
        {
            continue;
        }
        let group = synonyms::key(&token.text);
        let (key, sense) = match (group, is_name(text, span)) {
            (Some(group), named) if !named || is_plural(word) => (group, Sense::Word),
            (_, true) => (token.text, Sense::Name),
            (_, false) => (token.text, Sense::Word),
        };
        found.push(Term { key, sense, span, entry: None });
    }
    found.sort_by_key(|t| t.span);
    found
}

/// Initials in the plural, which name nobody: `PCs`.
fn is_plural(word: &str) -> bool {
    word.strip_suffix('s').is_some_and(|w| w.len() > 1 && w.bytes().all(|b| b.is_ascii_uppercase()))
}

/// A word that is a part of a name of two: the `Crypto` of `Crypto-Loot`.
fn is_compound(text: &str, span: Span) -> bool {
    let capital = |text: &str| text.starts_with(|c: char| c.is_ascii_uppercase());
    let (before, after) = (text.get(..span.start).unwrap_or(""), text.get(span.end..).unwrap_or(""));
    let own = capital(span.of(text));
    let follows = after.strip_prefix('-').is_some_and(capital);
    let last =
        before.strip_suffix('-').map(|b| b.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or(""));
    own && (follows || last.is_some_and(capital))
}

/// A capital inside a sentence, or one inside a word (`H0lyGh0st`, `UwU`).
fn is_name(text: &str, span: Span) -> bool {
    let word = span.of(text);
    let mut chars = word.chars();
    let first = chars.next().is_some_and(char::is_uppercase);
    let inside = chars.clone().any(char::is_uppercase) || (first && chars.any(|c| c.is_ascii_digit()));
    let before = text.get(..span.start).unwrap_or("").trim_end();
    let begins = before.is_empty() || before.ends_with(['.', ':', '?', '!', '|', '“', '"', '(']);
    inside || (first && !begins)
}
