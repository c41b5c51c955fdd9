//! Bytes of a text format to characters.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A text with how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    /// Line breaks are `\n`; control characters that print nothing are gone, form feeds and tabs
    /// stay.
    pub text: String,
    /// What the user should know: the encoding was guessed, bytes made no character.
    pub warning: Option<String>,
}

/// Decodes by the mark at the start, else as `told` (a label as in HTML), else as UTF-8 where the
/// bytes are, else by what is likely.
pub(super) fn decode(bytes: &[u8], told: Option<&str>) -> Decoded {
    let (encoding, guessed) = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => (encoding, false),
        None => {
            let told = told.and_then(|label| Encoding::for_label(label.as_bytes()));
            match told {
                // A page read as UTF-16 to find its label is not UTF-16.
                Some(encoding) if encoding != UTF_16LE && encoding != UTF_16BE => {
                    if std::str::from_utf8(bytes).is_ok() { (UTF_8, false) } else { (encoding, false) }
                }
                _ => guess(bytes),
            }
        }
    };
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    let warning = match (damaged, guessed) {
        (true, _) => {
            Some(format!("some bytes are no characters in {}; they show as \u{fffd}", encoding.name()))
        }
        (false, true) => Some(format!("read as {}, which is a guess", encoding.name())),
        (false, false) => None,
    };
    Decoded { text: tidy(&text), warning }
}

fn guess(bytes: &[u8]) -> (&'static Encoding, bool) {
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        return (UTF_8, false);
    }
    let head = bytes.get(..65536).unwrap_or(bytes);
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 5 > head.len() && even * 10 < odd {
        return (UTF_16LE, false);
    }
    if even * 5 > head.len() && odd * 10 < even {
        return (UTF_16BE, false);
    }
    // UTF-8 with a few bad bytes is more likely than another encoding with so many good sequences.
    let lossy = String::from_utf8_lossy(head);
    let bad = lossy.matches('\u{fffd}').count();
    let good = lossy.chars().filter(|&c| !c.is_ascii() && c != '\u{fffd}').count();
    if good > bad * 4 {
        return (UTF_8, true);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    (detector.guess(None, Utf8Detection::Allow), true)
}

fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' => {
                if characters.peek() != Some(&'\n') {
                    tidy.push('\n');
                }
            }
            '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}' => tidy.push('\n'),
            '\n' | '\t' | '\u{c}' => tidy.push(c),
            '\u{feff}' => {}
            c if c.is_control() => {}
            c => tidy.push(c),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes, None).text
    }

    #[test]
    fn encodings_are_told_by_mark_content_and_likelihood() {
        assert_eq!(text("\u{feff}5 Mio. €\r\nx\ry".as_bytes()), "5 Mio. €\nx\ny");
        for utf16 in ["\u{feff}", ""] {
            let utf16 = format!("{utf16}A loss of €5 million.");
            let little: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = utf16.encode_utf16().flat_map(u16::to_be_bytes).collect();
            assert_eq!(text(&little), "A loss of €5 million.");
            assert_eq!(text(&big), "A loss of €5 million.");
        }
        let western = decode(b"The thieves took \x80 5 million, \x93all of it\x94, in Z\xfcrich.", None);
        assert_eq!(western.text, "The thieves took € 5 million, “all of it”, in Zürich.");
        assert_eq!(western.warning.as_deref(), Some("read as windows-1252, which is a guess"));
        let cyrillic =
            b"\xcf\xee\xf5\xe8\xf9\xe5\xed\xee \xef\xff\xf2\xfc \xec\xe8\xeb\xeb\xe8\xee\xed\xee\xe2";
        assert_eq!(text(cyrillic), "Похищено пять миллионов");
        assert_eq!(decode(cyrillic, Some("windows-1251")).warning, None);
    }

    #[test]
    fn one_bad_byte_does_not_turn_utf8_into_something_else() {
        let mut bytes = "“Zürich” — €5 million, naïve café".as_bytes().to_vec();
        bytes.push(0xff);
        let decoded = decode(&bytes, None);
        assert!(decoded.text.starts_with("“Zürich” — €5"), "{}", decoded.text);
        assert!(decoded.warning.is_some());
    }
}
