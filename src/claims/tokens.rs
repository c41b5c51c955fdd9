//! A sentence to the figures, words and signs that counts are read from.
//!
//! A pattern says what they are. It is slow on text with letters and signs beyond ASCII, which most
//! sentences have a few of, so plain text and common signs are cut by hand, to the same tokens.

use crate::document::Span;
use regex::Regex;
use std::sync::LazyLock;

static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"\d{1,3}(?:[ \u{a0}\u{2009}\u{202f}]\d{3})+\b|\d[\d,]*(?:\.\d+)?(?:\s?%)?|\p{L}[\p{L}\p{M}'’-]*|[^\s\p{L}\d]").ok()
});

/// `14,000`, `1 200`, `40 %`, `dollars`, `(`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub span: Span,
}

/// The tokens of a text that stands at byte `base`.
pub fn tokens(text: &str, base: usize) -> Vec<Token<'_>> {
    by_hand(text, base).unwrap_or_else(|| by_pattern(text, base))
}

fn by_pattern(text: &str, base: usize) -> Vec<Token<'_>> {
    let Some(pattern) = TOKEN.as_ref() else { return Vec::new() };
    let token = |found: regex::Match<'_>| Span::new(base + found.start(), base + found.end());
    pattern.find_iter(text).map(|m| Token { text: m.as_str(), span: token(m) }).collect()
}

/// `None` where a letter or sign stands that is not told by hand.
fn by_hand(text: &str, base: usize) -> Option<Vec<Token<'_>>> {
    // Usual words have five letters.
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut at = 0;
    while let Some(kind) = kind_at(text, at)? {
        let end = match kind {
            Kind::Space(width) => {
                at += width;
                continue;
            }
            Kind::Digit => number_end(text, at)?,
            Kind::Letter => word_end(text, at)?,
            Kind::Sign(width) => at + width,
        };
        found.push(Token { text: text.get(at..end)?, span: Span::new(base + at, base + end) });
        at = end;
    }
    Some(found)
}

/// Spaces and signs with their width in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Space(usize),
    Digit,
    Letter,
    Sign(usize),
}

/// What stands at a byte, nothing at the end; `None` where that is not told by hand.
fn kind_at(text: &str, at: usize) -> Option<Option<Kind>> {
    let Some(&byte) = text.as_bytes().get(at) else { return Some(None) };
    Some(Some(match byte {
        b'0'..=b'9' => Kind::Digit,
        b'a'..=b'z' | b'A'..=b'Z' => Kind::Letter,
        b' ' | b'\t'..=b'\r' => Kind::Space(1),
        0..0x80 => Kind::Sign(1),
        _ => match text.get(at..)?.chars().next()? {
            c if c.is_whitespace() => Kind::Space(c.len_utf8()),
            c if is_sign(c) => Kind::Sign(c.len_utf8()),
            c if is_letter(c) => Kind::Letter,
            _ => return None,
        },
    }))
}

/// Common signs beyond ASCII, which are no part of a word.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '\u{a1}'..='\u{a9}'
            | '\u{ab}'..='\u{b4}'
            | '\u{b6}'..='\u{b9}'
            | '\u{bb}'..='\u{bf}'
            | '\u{d7}'
            | '\u{f7}'
            | '\u{2010}'..='\u{2027}'
            | '\u{2030}'..='\u{203e}'
            | '\u{20a0}'..='\u{20bf}'
    )
}

/// Letters of the Latin alphabet beyond ASCII, of two bytes each.
fn is_letter(c: char) -> bool {
    matches!(c, '\u{c0}'..='\u{24f}') && !is_sign(c)
}

fn word_end(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let rest = text.as_bytes().get(at..)?;
        let letters = rest.iter().position(|b| !(b.is_ascii_alphabetic() || matches!(b, b'\'' | b'-')));
        at += letters.unwrap_or(rest.len());
        match kind_at(text, at)? {
            Some(Kind::Letter) => at += 2,
            Some(Kind::Sign(3)) if text.get(at..)?.starts_with('’') => at += 3,
            _ => return Some(at),
        }
    }
}

fn number_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let digits = |at: usize| {
        bytes.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let first = digits(from);
    if first <= 3
        && let Some(end) = grouped_end(text, from + first)?
    {
        return Some(end);
    }
    let rest = bytes.get(from..)?;
    let mut at = from + rest.iter().position(|b| !(b.is_ascii_digit() || *b == b',')).unwrap_or(rest.len());
    if bytes.get(at) == Some(&b'.') {
        kind_at(text, at + 1)?;
        let behind = digits(at + 1);
        if behind > 0 {
            at += 1 + behind;
        }
    }
    let space = match kind_at(text, at)? {
        Some(Kind::Space(width)) => width,
        _ => 0,
    };
    Some(if bytes.get(at + space) == Some(&b'%') { at + space + 1 } else { at })
}

/// The end of a number whose thousands are set apart by spaces, `1 200 000`, behind its first digits;
/// nothing where it is no such number.
fn grouped_end(text: &str, from: usize) -> Option<Option<usize>> {
    let (mut before, mut last, mut at) = (None, None, from);
    loop {
        let rest = text.get(at..)?;
        let space = [' ', '\u{a0}', '\u{2009}', '\u{202f}'].into_iter().find(|c| rest.starts_with(*c));
        let Some(start) = space.map(|space| at + space.len_utf8()) else { break };
        kind_at(text, start)?;
        if !text.as_bytes().get(start..start + 3).is_some_and(|group| group.iter().all(u8::is_ascii_digit)) {
            break;
        }
        at = start + 3;
        before = last.replace(at);
    }
    // It ends where a word would; one group less does, being before a space.
    let goes_on = match kind_at(text, at)? {
        Some(Kind::Digit | Kind::Letter) => true,
        _ => text.as_bytes().get(at) == Some(&b'_'),
    };
    Some(if goes_on { before } else { last })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sentence_is_cut_to_figures_words_and_signs() {
        let text = "It’s 1 200 000 (40 %) of $2,500.75, 3 1234 and 12 345x.";
        let cut: Vec<&str> = tokens(text, 0).iter().map(|token| token.text).collect();
        assert_eq!(cut.join("|"), "It’s|1 200 000|(|40 %|)|of|$|2,500.75|,|3|1234|and|12|345|x|.");
        assert!(by_hand(text, 0).is_some());
        assert!(by_hand("a caf\u{e9} of \u{141}\u{f3}d\u{17a}", 0).is_some_and(|cut| cut.len() == 4));
        assert_eq!(by_hand("\u{434}\u{430}", 0), None);
    }

    proptest! {
        #[test]
        fn what_is_cut_by_hand_is_cut_as_the_pattern_says(
            parts in prop::collection::vec(
                prop_oneof![
                    4 => "[0-9]{1,4}",
                    2 => "[a-zA-Z]{1,4}",
                    4 => "[ .,%'_$-]",
                    2 => prop::sample::select(vec![
                        "\u{a0}", "\u{2009}", "\u{202f}", "\u{2019}", "\u{2013}", "\u{20ac}", "\u{b2}", "\u{bd}",
                        "\u{2028}", "\u{85}", "\u{b}", "\u{1c}",
                    ]).prop_map(str::to_string),
                    1 => prop::sample::select(vec!["\u{e9}", "\u{301}", "\u{661}", "\u{203f}", "\u{fffd}"])
                        .prop_map(str::to_string),
                ],
                0..12,
            ),
        ) {
            let text = parts.concat();
            if let Some(cut) = by_hand(&text, 7) {
                prop_assert_eq!(cut, by_pattern(&text, 7));
            }
        }
    }

    #[test]
    fn common_signs_are_no_part_of_a_word_or_a_figure_and_letters_are_letters() {
        let word = Regex::new(r"[\p{L}\p{M}\d\w\s]").unwrap();
        let letter = Regex::new(r"\p{L}").unwrap();
        for c in '\u{80}'..='\u{2fff}' {
            assert!(!(is_sign(c) && word.is_match(&c.to_string())), "{c:?}");
            assert!(!is_letter(c) || c.len_utf8() == 2 && letter.is_match(&c.to_string()), "{c:?}");
        }
    }
}
