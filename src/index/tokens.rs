//! Text to the tokens that are indexed, and query text to the same.
//!
//! Two schemes, each with its own field:
//!
//! - **stems** (`text`): what a reader takes for words, case folded, stemmed in the language of the
//!   passage, accents dropped afterwards. Figures are one token without their thousands separators
//!   (`50,000,000` is `50000000`), initials are joined (`U.S.` is `us`), Chinese and Japanese are
//!   pairs of characters.
//! - **literals** (`exact`): a run of letters and digits is a token, every other printed sign is a
//!   token of its own, white space is none. So `S/2022/132` is the phrase `s` `/` `2022` `/` `132`,
//!   `$81 million` is `$` `81` `million`, and any string that begins and ends at a border of runs
//!   is found as a phrase of its tokens, also where the print has a space more or less. Case is
//!   folded, dashes of all widths are `-`, apostrophes of all shapes are `'` between letters.
//!   Quotation marks are left out, so a phrase is found with or without the quotes round a word in
//!   it. Chinese and Japanese are one character a token.
//!
//! No token is dropped for its length: addresses and hashes are words like others.

use super::language::Language;
use rust_stemmers::Stemmer;
use rustc_hash::FxBuildHasher;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A token and the bytes of the text it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// A run of the same sort of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// Letters, digits and marks of scripts that put spaces between words.
    Word,
    /// One character of a script that puts none.
    Ideograph,
    /// A printed sign.
    Sign,
}

/// A stretch of the text with its sort.
#[derive(Debug, Clone, Copy)]
struct Piece {
    sort: Sort,
    start: usize,
    end: usize,
}

fn is_ideograph(c: char) -> bool {
    matches!(c as u32,
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF
        | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF
        // Thai, Lao, Myanmar, Khmer
        | 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF)
}

/// Characters that print nothing and may stand inside a word.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{640}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn is_quotation(c: char) -> bool {
    matches!(
        c,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
            | '‹'
            | '›'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '\''
            | '`'
            | '´'
            | '「'
            | '」'
            | '『'
            | '』'
            | '＂'
            | '＇'
    )
}

/// A sign in the shape it is indexed in: one dash, one apostrophe.
fn plain_sign(c: char) -> char {
    match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '‘' | '’' | '‛' | '´' | '`' | '＇' => '\'',
        '\u{2044}' | '\u{2215}' | '\u{ff0f}' => '/',
        '＄' => '$',
        c => c,
    }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut found: Vec<Piece> = Vec::new();
    let mut open: Option<Piece> = None;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if is_unseen(c) {
            continue; // a run goes on behind it
        }
        if is_word(c) && !is_ideograph(c) {
            match &mut open {
                Some(piece) => piece.end = end,
                None => open = Some(Piece { sort: Sort::Word, start, end }),
            }
            continue;
        }
        found.extend(open.take());
        if is_ideograph(c) {
            found.push(Piece { sort: Sort::Ideograph, start, end });
        } else if !c.is_whitespace() && !c.is_control() {
            found.push(Piece { sort: Sort::Sign, start, end });
        }
    }
    found.extend(open);
    found
}

/// Compatibility forms (ligatures, full-width digits) resolved, case folded.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Some signs stand for words with a space between them; a token has none.
    let printed = text.chars().filter(|c| !is_unseen(*c)).nfkc().flat_map(char::to_lowercase);
    printed.filter(|c| !c.is_whitespace()).collect()
}

/// The text with accents and vowel points taken off.
fn without_marks(text: &str) -> String {
    if text.is_ascii() {
        return text.to_string();
    }
    text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()
}

/// A name, id or value as it is compared: case folded, white space folded.
pub fn folded(text: &str) -> String {
    text.split_whitespace().map(fold).collect::<Vec<_>>().join(" ")
}

/// The literal tokens of a text, in order; the place in the list is the position.
pub fn literals(text: &str) -> Vec<Token> {
    let pieces = pieces(text);
    let mut tokens = Vec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        let printed = text.get(piece.start..piece.end).unwrap_or("");
        let token = match piece.sort {
            Sort::Word | Sort::Ideograph => fold(printed),
            Sort::Sign => {
                let Some(sign) = printed.chars().next() else { continue };
                let touches = |a: Option<&Piece>, b: Option<&Piece>| {
                    matches!((a, b),
                    (Some(a), Some(b)) if a.end == b.start)
                };
                let inside = touches(i.checked_sub(1).and_then(|k| pieces.get(k)), Some(piece))
                    && touches(Some(piece), pieces.get(i + 1))
                    && [i.wrapping_sub(1), i + 1]
                        .iter()
                        .all(|k| pieces.get(*k).is_some_and(|p| p.sort == Sort::Word));
                let sign = match plain_sign(sign) {
                    '\'' if inside => '\'',
                    _ if is_quotation(sign) => continue,
                    sign => sign,
                };
                sign.to_string()
            }
        };
        if !token.is_empty() {
            tokens.push(Token { text: token, start: piece.start, end: piece.end });
        }
    }
    tokens
}

/// Words as a reader takes them: figures and initials whole, apostrophes inside, ideographs one by
/// one.
fn words(text: &str) -> Vec<(Token, Sort)> {
    let pieces = pieces(text);
    let sign = |i: usize| -> Option<char> {
        let piece = pieces.get(i).filter(|p| p.sort == Sort::Sign)?;
        text.get(piece.start..piece.end)?.chars().next().map(plain_sign)
    };
    let word = |i: usize| -> Option<&str> {
        let piece = pieces.get(i).filter(|p| p.sort == Sort::Word)?;
        text.get(piece.start..piece.end)
    };
    let touches = |i: usize| match (pieces.get(i), pieces.get(i + 1)) {
        (Some(a), Some(b)) => a.end == b.start,
        _ => false,
    };
    let digits = |w: &str| w.bytes().all(|b| b.is_ascii_digit());
    let initial = |w: &str| w.chars().count() == 1 && w.chars().all(char::is_alphabetic);
    let mut found = Vec::new();
    let mut i = 0;
    while let Some(piece) = pieces.get(i) {
        let printed = text.get(piece.start..piece.end).unwrap_or("");
        match piece.sort {
            Sort::Sign => {}
            Sort::Ideograph => found
                .push((Token { text: fold(printed), start: piece.start, end: piece.end }, Sort::Ideograph)),
            Sort::Word => {
                let mut token = Token { text: fold(printed), start: piece.start, end: piece.end };
                // 50,000,000 and 1.5; U.S.; panel's
                while let (Some(sign), Some(next)) = (sign(i + 1), word(i + 2)) {
                    if !touches(i) || !touches(i + 1) {
                        break;
                    }
                    let before = word(i).unwrap_or("");
                    match sign {
                        ',' if digits(before) && digits(next) && next.len() == 3 => {}
                        '.' if digits(before) && digits(next) => token.text.push('.'),
                        '.' if initial(before) && initial(next) => {}
                        '\'' => token.text.push('\''),
                        _ => break,
                    }
                    token.text.push_str(&fold(next));
                    i += 2;
                    token.end = pieces.get(i).map_or(token.end, |p| p.end);
                }
                found.push((token, Sort::Word));
            }
        }
        i += 1;
    }
    found
}

/// Makes stems in one language.
pub struct Stems {
    language: Language,
    stemmer: Option<Stemmer>,
}

impl std::fmt::Debug for Stems {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Stems").field(&self.language).finish()
    }
}

impl Stems {
    pub fn new(language: Language) -> Self {
        Stems { language, stemmer: language.stemmer() }
    }

    /// The stem of a folded word.
    fn stem(&self, word: &str) -> String {
        let Some(stemmer) = &self.stemmer else { return without_marks(word) };
        // Only words are stemmed: an address or a hash has digits in it.
        if word.chars().any(|c| c.is_ascii_digit()) {
            return word.to_string();
        }
        // Vowel points are no part of an Arabic word, accents none of an English one.
        let word = match self.language.code() {
            "ar" | "en" => without_marks(word),
            _ => word.to_string(),
        };
        without_marks(&stemmer.stem(&word))
    }

    /// The stemmed tokens of a text, in order; the place in the list is the position.
    pub fn of(&self, text: &str) -> Vec<Token> {
        self.by(text, |word| self.stem(word))
    }

    /// As [`Stems::of`], with the stems of words had from `stem`.
    fn by(&self, text: &str, mut stem: impl FnMut(&str) -> String) -> Vec<Token> {
        let words = words(text);
        let mut tokens = Vec::with_capacity(words.len());
        for (i, (word, sort)) in words.iter().enumerate() {
            if *sort == Sort::Ideograph {
                let joined = |k: Option<usize>| {
                    k.and_then(|k| words.get(k)).filter(|(_, s)| *s == Sort::Ideograph).map(|(w, _)| w)
                };
                let next = joined(Some(i + 1)).filter(|w| w.start == word.end);
                let before = joined(i.checked_sub(1)).filter(|w| w.end == word.start);
                match (next, before) {
                    (Some(next), _) => tokens.push(Token {
                        text: format!("{}{}", word.text, next.text),
                        start: word.start,
                        end: next.end,
                    }),
                    (None, Some(_)) => {} // the last of a run stands in the pair before
                    (None, None) => tokens.push(word.clone()),
                }
                continue;
            }
            // French and Italian elide articles: l'attaque is attaque.
            let mut text = word.text.as_str();
            if matches!(self.language.code(), "fr" | "it")
                && let Some((article, noun)) = text.split_once('\'')
                && article.chars().count() <= 4
                && !noun.is_empty()
            {
                text = noun;
            }
            let mut stem = stem(text);
            stem.retain(|c| c != '\'');
            if !stem.is_empty() {
                tokens.push(Token { text: stem, start: word.start, end: word.end });
            }
        }
        tokens
    }
}

/// Stems in one language that remembers those it made: the words of reports come again and again.
#[derive(Debug)]
pub struct Remembered {
    stems: Stems,
    known: HashMap<String, String, FxBuildHasher>,
}

impl Remembered {
    /// Words remembered, of some dozen bytes; beyond, all are forgotten.
    const MOST: usize = 1 << 17;

    pub fn new(language: Language) -> Self {
        Remembered { stems: Stems::new(language), known: HashMap::default() }
    }

    /// As [`Stems::of`].
    pub fn of(&mut self, text: &str) -> Vec<Token> {
        let Remembered { stems, known } = self;
        if known.len() > Self::MOST {
            known.clear();
        }
        stems.by(text, |word| match known.get(word) {
            Some(stem) => stem.clone(),
            None => {
                let stem = stems.stem(word);
                known.insert(word.to_string(), stem.clone());
                stem
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn literal(text: &str) -> String {
        literals(text).into_iter().map(|t| t.text).collect::<Vec<_>>().join(" ")
    }

    fn stems(code: &str, text: &str) -> String {
        let stems = Stems::new(Language::of_code(code).unwrap());
        stems.of(text).into_iter().map(|t| t.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn literals_keep_every_printed_sign() {
        assert_eq!(literal("S/2022/132, para. 106"), "s / 2022 / 132 , para . 106");
        assert_eq!(literal("US$81 million."), "us$81 million .".replace("us$81", "us $ 81"));
        assert_eq!(literal("2021/10/25"), "2021 / 10 / 25");
        assert_eq!(literal("CVE\u{2011}2021\u{2013}1234"), "cve - 2021 - 1234");
        assert_eq!(
            literal("the Panel\u{2019}s \u{201c}virtual assets\u{201d}"),
            "the panel ' s virtual assets"
        );
        assert_eq!(literal("'quoted' \u{2018}so\u{2019}"), "quoted so");
    }

    #[test]
    fn long_tokens_are_kept_whole() {
        let hash = "0x".to_string() + &"ab12".repeat(16);
        assert_eq!(literal(&hash), hash);
        assert_eq!(stems("en", &hash), hash);
    }

    #[test]
    fn stems_join_figures_and_initials() {
        assert_eq!(stems("en", "50,000,000 dollars and 1.5 million."), "50000000 dollar and 1.5 million");
        assert_eq!(stems("en", "the U.S. Treasury's attackers"), "the us treasuri attack");
        assert_eq!(stems("en", "2021,22"), "2021 22");
    }

    #[test]
    fn stems_follow_the_language() {
        assert_eq!(stems("fr", "l\u{2019}attaque, les attaques"), "attaqu le attaqu");
        assert_eq!(stems("ru", "кибератаки кибератака"), "кибератак кибератак");
        assert_eq!(stems("zh", "虚拟资产"), "虚拟 拟资 资产");
        assert!(!stems("ar", "الأصول الافتراضية").is_empty());
    }

    #[test]
    fn ideographs_are_found_alone_and_in_runs() {
        assert_eq!(literal("在2021年"), "在 2021 年");
        assert_eq!(stems("zh", "在2021年"), "在 2021 年");
    }

    proptest! {
        #[test]
        fn tokens_stand_in_order_on_character_borders(text in "\\PC{0,60}") {
            for code in ["en", "fr", "ar", "ru", "zh", "tr", "nl", "ta", "fi"] {
                let stems = Stems::new(Language::of_code(code).unwrap());
                let mut remembered = Remembered::new(Language::of_code(code).unwrap());
                for _ in 0..2 {
                    prop_assert_eq!(remembered.of(&text), stems.of(&text));
                }
                for tokens in [literals(&text), stems.of(&text)] {
                    let mut at = 0;
                    for t in tokens {
                        prop_assert!(t.start >= at && t.start < t.end);
                        prop_assert!(text.get(t.start..t.end).is_some());
                        prop_assert!(!t.text.is_empty() && !t.text.contains(char::is_whitespace));
                        at = t.start;
                    }
                }
            }
        }

        #[test]
        fn no_stemmer_panics_on_a_word_of_its_script(
            word in "[a-zà-ÿа-яёα-ωا-يஅ-ஹğışçöü']{1,14}"
        ) {
            for (code, ..) in [("ar",), ("da",), ("de",), ("el",), ("en",), ("es",), ("fi",), ("fr",), ("hu",),
                ("it",), ("nl",), ("no",), ("pt",), ("ro",), ("ru",), ("sv",), ("ta",), ("tr",)] {
                Stems::new(Language::of_code(code).unwrap()).of(&word);
            }
        }
    }
}
