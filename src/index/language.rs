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
    if is_english(text) {
        return Some(Language::ENGLISH);
    }
    if !has_words(text) {
        return None;
    }
    let info = whatlang::detect(text)?;
    let code = info.lang().code();
    let known = LANGUAGES.iter().find(|(_, c, _)| *c == code).map(|(c, ..)| Language(c))?;
    info.is_reliable().then_some(known)
}

/// Whether a text that is mostly ASCII has words enough to tell its language by: a list of addresses or
/// hashes has not. Other scripts may put no spaces between words.
fn has_words(text: &str) -> bool {
    const ENOUGH: usize = 12;
    let is_other = text.bytes().filter(|b| !b.is_ascii()).take(text.len() / 4 + 1).count() > text.len() / 4;
    let signs = |c: char| !c.is_alphanumeric();
    let is_word =
        |w: &&str| w.len() > 1 && w.chars().all(|c| c.is_alphabetic() || c == '\'' || c == '\u{2019}');
    is_other
        || text.split_whitespace().map(|w| w.trim_matches(signs)).filter(is_word).nth(ENOUGH - 1).is_some()
}

/// Words that English sentences are held together by and that are no words of other languages, or
/// rare ones.
const ENGLISH_WORDS: &[&str] = &[
    "and", "are", "by", "for", "from", "has", "have", "in", "is", "it", "its", "of", "on", "that", "the",
    "their", "this", "to", "was", "were", "which", "with",
];

/// Whether a text is English beyond doubt, which most passages are and which is told much sooner
/// than by their trigrams: of its first words more than a quarter hold English sentences together.
fn is_english(text: &str) -> bool {
    let (words, held, different) = held_by(text, ENGLISH_WORDS);
    words >= 20 && held * 4 > words && different >= 4
}

/// How many first words a text has, how many of them are among some words, in their order, and how many
/// of those words.
fn held_by(text: &str, some: &[&str]) -> (usize, usize, u32) {
    const FIRST: usize = 60;
    let (mut words, mut held, mut different) = (0, 0, 0_u32);
    for word in text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(FIRST) {
        words += 1;
        if let Ok(which) = some.binary_search(&word) {
            held += 1;
            different |= 1 << which;
        }
    }
    (words, held, different.count_ones())
}

/// Of those, the words that hardly any other language writes.
const ENGLISH_ALONE: &[&str] =
    &["and", "by", "from", "that", "the", "their", "this", "were", "which", "with"];

/// Whether a text of an English document may be taken for English without asking further: a citation or
/// a list of names has few of the words, and trigrams say little of it.
fn is_rather_english(text: &str) -> bool {
    let (words, held, different) = held_by(text, ENGLISH_ALONE);
    held * 12 > words && different >= 2
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

/// Scripts of which a language here is the usual one, by ranges of characters. A script that several
/// languages write (Latin, Cyrillic, Arabic) tells a family only; the first is taken where the
/// document's own language is none of them.
const SCRIPTS: &[(&[std::ops::RangeInclusive<char>], &[&str])] = &[
    (&['\u{370}'..='\u{3ff}', '\u{1f00}'..='\u{1fff}'], &["el"]),
    (&['\u{400}'..='\u{52f}'], &["ru", "uk", "bg"]),
    (&['\u{590}'..='\u{5ff}'], &["he"]),
    (
        &['\u{600}'..='\u{6ff}', '\u{750}'..='\u{77f}', '\u{fb50}'..='\u{fdff}', '\u{fe70}'..='\u{fefe}'],
        &["ar", "fa"],
    ),
    (&['\u{900}'..='\u{97f}'], &["hi"]),
    (&['\u{b80}'..='\u{bff}'], &["ta"]),
    (&['\u{e00}'..='\u{e7f}'], &["th"]),
    (&['\u{3040}'..='\u{30ff}', '\u{31f0}'..='\u{31ff}', '\u{ff66}'..='\u{ff9f}'], &["ja"]),
    (&['\u{1100}'..='\u{11ff}', '\u{ac00}'..='\u{d7af}'], &["ko"]),
    (&['\u{3400}'..='\u{4dbf}', '\u{4e00}'..='\u{9fff}'], &["zh", "ja"]),
];

/// The language that the script of most of the letters tells, in a document of that main language;
/// `None` for the Latin script, which tells none.
fn by_script(text: &str, main: Language) -> Option<Language> {
    let mut letters = vec![0_usize; SCRIPTS.len()];
    let mut all = 0;
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        all += 1;
        if !c.is_ascii()
            && let Some(i) = SCRIPTS.iter().position(|(ranges, _)| ranges.iter().any(|r| r.contains(&c)))
            && let Some(n) = letters.get_mut(i)
        {
            *n += 1;
        }
    }
    // Characters beside kana are Japanese.
    let place = |code: &str| SCRIPTS.iter().position(|(_, codes)| codes.first() == Some(&code));
    if let (Some(kana), Some(shared)) = (place("ja"), place("zh"))
        && letters.get(kana).is_some_and(|n| *n > 0)
    {
        let moved = letters.get_mut(shared).map(std::mem::take).unwrap_or(0);
        if let Some(n) = letters.get_mut(kana) {
            *n += moved;
        }
    }
    let most = letters.iter().position(|n| n * 2 > all)?;
    let (_, codes) = SCRIPTS.get(most)?;
    match codes.contains(&main.code()) {
        true => Some(main),
        false => codes.first().and_then(|code| Language::of_code(code)),
    }
}

/// The language of a passage in a document of that main language: a long one tells it by its words,
/// a short one by its script at most.
pub fn of_passage(text: &str, main: Language) -> Language {
    if main == Language::ENGLISH && is_rather_english(text) {
        return main;
    }
    detect(text).or_else(|| by_script(text, main)).unwrap_or(main)
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
        let hashes = "0x7f268357a8c2552623316e2562d90e642bb538e5 ".repeat(6);
        assert!(!has_words(&hashes) && has_words(french) && has_words(&"虚拟资产".repeat(20)));
    }

    #[test]
    fn english_is_told_by_its_small_words_and_nothing_else_is() {
        let english = "The Panel found that the theft of virtual assets from an exchange in Asia was carried out \
            by the group that it had named in its report of the year before, and that a part of the proceeds of \
            this theft went to a service which is known for its want of controls.";
        assert!(is_english(english));
        let dutch = "Het panel stelde vast dat de diefstal in Azië was gepleegd door de groep die in het verslag \
            was genoemd, en dat de opbrengst van deze diefstal via een dienst is gegaan die bekend is in het land.";
        assert!(!is_english(dutch) && !is_rather_english(dutch));
        assert!(!is_english(
            "Bank of the West, Wells Fargo, Chase, Citi, Barclays, Lloyds, HSBC, Santander, \
            BNP, ING, UBS, Nomura, Mizuho, Mitsui, Daiwa, Sumitomo, Aozora, Shinsei, Resona, Norinchukin"
        ));
        let italian = "Il gruppo di esperti ha constatato che i fondi in valuta virtuale sono stati riciclati in \
            Asia per conto del gruppo, e che in seguito una parte di essi fu bloccata in un conto on line.";
        assert!(!is_english(italian) && !is_rather_english(italian));
        let cited = "Ibid., annex 12; see also Blockchain Intelligence Quarterly, vol. 3, available at \
            example.org/reports/quarterly, and Meridian Analytics, Cross-chain laundering by the numbers.";
        assert!(!is_english(cited) && is_rather_english(cited));
    }

    #[test]
    fn a_short_passage_tells_its_language_by_its_script() {
        let of = |text: &str, main: &str| of_passage(text, Language::of_code(main).unwrap()).code();
        assert_eq!(of("虚拟资产", "en"), "zh");
        assert_eq!(of("暗号資産の盗難", "en"), "ja");
        assert_eq!(of("Кража криптовалюты", "en"), "ru");
        assert_eq!(of("Кража криптовалюты", "uk"), "uk", "the document's own language writes it too");
        assert_eq!(of("سرقة الأصول الافتراضية", "en"), "ar");
        assert_eq!(of("The exchange KuCoin (库币)", "en"), "en", "most of it is Latin");
        assert_eq!(of("Vol d'actifs", "fr"), "fr");
        assert_eq!(of("2021: $50", "ru"), "ru", "there are no letters");
    }
}
