//! The language of a passage, and the stemmer that goes with it.
//!
//! Every algorithm of rust-stemmers is here; a language without one is indexed as it is written.

use crate::document::Document;
use rust_stemmers::{Algorithm, Stemmer};
use std::collections::BTreeMap;
use std::fmt;

/// Below this many characters a text is too short to tell its language by.
const ENOUGH_CHARACTERS: usize = 160;

/// A language as ISO 639-1 names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language(&'static str);

/// Code, whatlang's ISO 639-3 code, stemmer. Languages without a stemmer are told apart so that
/// they are not stemmed as another.
const LANGUAGES: &[(&str, &str, Option<Algorithm>)] = &[
    ("ar", "ara", Some(Algorithm::Arabic)),
    ("bg", "bul", None),
    ("cs", "ces", None),
    ("da", "dan", Some(Algorithm::Danish)),
    ("de", "deu", Some(Algorithm::German)),
    ("el", "ell", Some(Algorithm::Greek)),
    ("en", "eng", Some(Algorithm::English)),
    ("es", "spa", Some(Algorithm::Spanish)),
    ("fa", "pes", None),
    ("fi", "fin", Some(Algorithm::Finnish)),
    ("fr", "fra", Some(Algorithm::French)),
    ("he", "heb", None),
    ("hi", "hin", None),
    ("hu", "hun", Some(Algorithm::Hungarian)),
    ("it", "ita", Some(Algorithm::Italian)),
    ("ja", "jpn", None),
    ("ko", "kor", None),
    ("nl", "nld", Some(Algorithm::Dutch)),
    ("no", "nob", Some(Algorithm::Norwegian)),
    ("pl", "pol", None),
    ("pt", "por", Some(Algorithm::Portuguese)),
    ("ro", "ron", Some(Algorithm::Romanian)),
    ("ru", "rus", Some(Algorithm::Russian)),
    ("sv", "swe", Some(Algorithm::Swedish)),
    ("ta", "tam", Some(Algorithm::Tamil)),
    ("th", "tha", None),
    ("tr", "tur", Some(Algorithm::Turkish)),
    ("uk", "ukr", None),
    ("vi", "vie", None),
    ("zh", "cmn", None),
];

impl Language {
    pub const ENGLISH: Language = Language("en");

    /// The ISO 639-3 code, of the whole language where whatlang tells a part of it.
    pub fn three_letters(self) -> &'static str {
        match LANGUAGES.iter().find(|(c, ..)| *c == self.0).map_or("", |(_, three, _)| *three) {
            "cmn" => "zho",
            "nob" => "nor",
            "pes" => "fas",
            three => three,
        }
    }

    /// From an ISO 639-1 code, with or without a region (`en-GB`).
    pub fn of_code(code: &str) -> Option<Language> {
        let base = code.split(['-', '_']).next().unwrap_or("").to_ascii_lowercase();
        let base = if base == "nb" || base == "nn" { "no" } else { base.as_str() };
        LANGUAGES.iter().find(|(c, ..)| *c == base).map(|(c, ..)| Language(c))
    }

    pub fn code(self) -> &'static str {
        self.0
    }

    fn algorithm(self) -> Option<Algorithm> {
        LANGUAGES.iter().find(|(c, ..)| *c == self.0).and_then(|(.., a)| *a)
    }

    /// The stemmer, for languages that have one.
    pub fn stemmer(self) -> Option<Stemmer> {
        self.algorithm().map(Stemmer::create)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The language of a text, where it is long enough to be sure of it.
fn detect(text: &str) -> Option<Language> {
    if text.chars().take(ENOUGH_CHARACTERS).count() < ENOUGH_CHARACTERS {
        return None;
    }
    let info = whatlang::detect(text)?;
    let code = info.lang().code();
    let known = LANGUAGES.iter().find(|(_, c, _)| *c == code).map(|(c, ..)| Language(c))?;
    info.is_reliable().then_some(known)
}

/// The main language of a document: what it says of itself, else that of most of its text, else
/// English.
pub fn of_document(document: &Document) -> Language {
    if let Some(said) = document.meta.language.as_deref().and_then(Language::of_code) {
        return said;
    }
    let mut bytes: BTreeMap<Language, usize> = BTreeMap::new();
    for paragraph in &document.paragraphs {
        let text = paragraph.span.of(&document.text);
        if let Some(language) = detect(text) {
            *bytes.entry(language).or_default() += text.len();
        }
    }
    let most = bytes.iter().max_by_key(|(language, n)| (**n, std::cmp::Reverse(**language)));
    most.map_or(Language::ENGLISH, |(language, _)| *language)
}

/// The language of a passage in a document of that main language.
pub fn of_passage(text: &str, main: Language) -> Language {
    detect(text).unwrap_or(main)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stemmer_is_reached_by_a_code() {
        assert_eq!(LANGUAGES.iter().filter(|(.., a)| a.is_some()).count(), 18);
        assert_eq!(Language::of_code("en-GB"), Some(Language::ENGLISH));
        assert_eq!(Language::of_code("tlh"), None);
    }

    #[test]
    fn a_long_passage_tells_its_language_and_a_short_one_takes_the_documents() {
        let french = "Le Groupe d'experts a constaté que des pirates informatiques avaient dérobé des \
            actifs virtuels à plusieurs plateformes d'échange, et que les fonds avaient ensuite été \
            blanchis par l'intermédiaire de services de mixage.";
        assert_eq!(of_passage(french, Language::ENGLISH).code(), "fr");
        assert_eq!(of_passage("Pirates.", Language::ENGLISH), Language::ENGLISH);
    }
}
