//! Printed numbers of paragraphs, headings and list items, told from figures by how they stand.

/// A number at the start of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number<'a> {
    /// As cited: `106`, `(a)`, `12.3`; empty for a bullet.
    pub label: &'a str,
    /// What was printed, without the white space that follows.
    pub printed: usize,
    pub kind: NumberKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKind {
    /// `106.`
    Plain,
    /// `12.3`, `4.1.2`
    Dotted,
    /// `(a)`, `(iv)`, `(12)`, `a)`
    Bracketed,
    /// `A.`, `IV.`
    Lettered,
    Bullet,
}

const BULLETS: &[char] = &[
    '\u{2022}', '\u{25aa}', '\u{25cf}', '\u{25cb}', '\u{25e6}', '\u{2023}', '\u{2043}', '\u{f0b7}',
    '\u{f0a7}', '\u{25a0}', '\u{25a1}', '\u{27a2}', '\u{2713}', '\u{f0d8}', '\u{f0fc}', '\u{25ba}',
    '\u{25b8}', '\u{b7}',
];

/// The printed number a paragraph begins with.
pub(super) fn paragraph_number(text: &str) -> Option<Number<'_>> {
    let first = text.chars().next()?;
    if BULLETS.contains(&first) {
        return Some(Number { label: "", printed: first.len_utf8(), kind: NumberKind::Bullet });
    }
    let word_end = text.find(char::is_whitespace).unwrap_or(text.len());
    let word = text.get(..word_end)?;
    if matches!(word, "-" | "\u{2013}" | "\u{2014}" | "*" | "o") {
        return (text.len() > word_end + 1).then_some(Number {
            label: "",
            printed: word_end,
            kind: NumberKind::Bullet,
        });
    }
    if let Some(inner) = word.strip_prefix('(').and_then(|w| w.strip_suffix(')')) {
        return is_item(inner).then_some(Number {
            label: word,
            printed: word_end,
            kind: NumberKind::Bracketed,
        });
    }
    if let Some(inner) = word.strip_suffix(')') {
        return is_item(inner).then_some(Number {
            label: word,
            printed: word_end,
            kind: NumberKind::Bracketed,
        });
    }
    if text.len() <= word_end {
        return None;
    }
    if let Some(inner) = word.strip_suffix('.') {
        let digits = !inner.is_empty() && inner.bytes().all(|b| b.is_ascii_digit());
        if digits && inner.len() <= 4 {
            return Some(Number { label: inner, printed: word_end, kind: NumberKind::Plain });
        }
        if is_dotted(inner) {
            return Some(Number { label: inner, printed: word_end, kind: NumberKind::Dotted });
        }
        let one_letter = inner.len() == 1 && inner.bytes().all(|b| b.is_ascii_alphabetic());
        if one_letter || is_roman(inner) {
            return Some(Number { label: inner, printed: word_end, kind: NumberKind::Lettered });
        }
    }
    None
}

/// The number of a heading: also `12.3 Title` without a stop after it.
pub(super) fn heading_number(text: &str) -> Option<&str> {
    if let Some(number) = paragraph_number(text).filter(|n| n.kind != NumberKind::Bullet) {
        return Some(number.label);
    }
    let word = text.split_whitespace().next()?;
    (is_dotted(word) && text.len() > word.len()).then_some(word)
}

/// `12.3`, `4.1.2`: parts of one or two digits, no leading zero.
fn is_dotted(word: &str) -> bool {
    let mut parts = 0;
    for part in word.split('.') {
        if part.is_empty()
            || part.len() > 2
            || part.starts_with('0')
            || !part.bytes().all(|b| b.is_ascii_digit())
        {
            return false;
        }
        parts += 1;
    }
    parts >= 2
}

/// `a`, `iv`, `12`, `bb`: what stands in the brackets of a list.
fn is_item(inner: &str) -> bool {
    let digits = inner.bytes().all(|b| b.is_ascii_digit()) && inner.len() <= 3;
    let letters = inner.len() <= 2 && inner.bytes().all(|b| b.is_ascii_alphabetic());
    !inner.is_empty() && (digits || (letters && (inner.len() == 1 || same_letters(inner))) || is_roman(inner))
}

fn same_letters(word: &str) -> bool {
    let mut bytes = word.bytes();
    let first = bytes.next();
    bytes.all(|b| Some(b) == first)
}

fn is_roman(word: &str) -> bool {
    !word.is_empty()
        && word.len() <= 6
        && (word.chars().all(|c| "ivxl".contains(c)) || word.chars().all(|c| "IVXL".contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_paragraphs_are_read() {
        for (text, label) in [
            ("106. The Panel", "106"),
            ("(a) The first", "(a)"),
            ("(iv) The fourth", "(iv)"),
            ("12.3. Scope", "12.3"),
            ("a) one", "a)"),
            ("IV. Findings", "IV"),
            ("\u{2022} item", ""),
        ] {
            assert_eq!(paragraph_number(text).map(|n| n.label), Some(label), "{text}");
        }
    }

    #[test]
    fn figures_and_words_are_no_numbers() {
        for text in [
            "12.3 million",
            "(see above) it",
            "2024 was",
            "3.50 dollars",
            "No. 5",
            "(USD) it",
            "",
            "mix. The",
        ] {
            assert_eq!(paragraph_number(text), None, "{text}");
        }
    }
}
