//! Maps of codes to Unicode (`ToUnicode`) that say one plain thing of each code, as nearly all
//! programs write them.
//!
//! Strict on purpose: whatever two readers might take differently is no plain map, and is left to
//! them. Written for the second reading, so it shares nothing with the reader of the first.

use hayro_interpret::hayro_cmap::BfString;

/// Codes a map may have: those of two bytes.
const MOST_CODES: usize = 1 << 16;

/// Codes in their order with what each reads; `None` where the map is not plain.
pub(super) fn plain(map: &[u8]) -> Option<Vec<(u32, BfString)>> {
    let mut tokens = Tokens { bytes: map, at: 0 };
    let mut operands = Vec::new();
    let mut said = Vec::new();
    while let Some(token) = tokens.next()? {
        match token {
            Token::Operator(operator) => {
                match operator {
                    b"endbfchar" => characters(&operands, &mut said)?,
                    b"endbfrange" => ranges(&operands, &mut said)?,
                    operator if !HARMLESS.contains(&operator) => return None,
                    _ => {}
                }
                operands.clear();
            }
            operand => operands.push(operand),
        }
    }
    said.sort_by_key(|(code, _)| *code);
    let says_two_things = |pair: &[(u32, BfString)]| match pair {
        [(code, text), (next, other)] => code == next && text != other,
        _ => false,
    };
    if said.windows(2).any(says_two_things) {
        return None;
    }
    said.dedup_by_key(|(code, _)| *code);
    Some(said)
}

/// Operators that say nothing of a code.
const HARMLESS: [&[u8]; 18] = [
    b"findresource",
    b"begin",
    b"end",
    b"dict",
    b"dup",
    b"def",
    b"pop",
    b"begincmap",
    b"endcmap",
    b"begincodespacerange",
    b"endcodespacerange",
    b"beginbfchar",
    b"beginbfrange",
    b"currentdict",
    b"defineresource",
    b"CMapName",
    b"true",
    b"false",
];

#[derive(Debug, Clone, PartialEq)]
enum Token<'a> {
    Hex(Vec<u8>),
    ArrayStart,
    ArrayEnd,
    /// A name, a number, a text, a bracket of a dictionary.
    Other,
    Operator(&'a [u8]),
}

struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    /// The next token, none at the end; `None` where something else stands there.
    fn next(&mut self) -> Option<Option<Token<'a>>> {
        loop {
            let rest = self.bytes.get(self.at..)?;
            let Some(&byte) = rest.first() else { return Some(None) };
            let (token, length) = match byte {
                0 | b'\t' | b'\n' | 12 | b'\r' | b' ' => {
                    self.at += 1;
                    continue;
                }
                b'%' => {
                    self.at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len());
                    continue;
                }
                b'<' if rest.starts_with(b"<<") => (Token::Other, 2),
                b'>' if rest.starts_with(b">>") => (Token::Other, 2),
                b'<' => {
                    let end = rest.iter().position(|&b| b == b'>')?;
                    (Token::Hex(hexadecimal(rest.get(1..end)?)?), end + 1)
                }
                b'(' => {
                    let end = rest.iter().position(|&b| b == b')')?;
                    if rest.get(1..end)?.iter().any(|b| matches!(b, b'(' | b'\\')) {
                        return None;
                    }
                    (Token::Other, end + 1)
                }
                b'[' => (Token::ArrayStart, 1),
                b']' => (Token::ArrayEnd, 1),
                b'/' => (Token::Other, 1 + word(rest.get(1..)?).len()),
                _ => match word(rest) {
                    [] => return None,
                    word if word.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'-' | b'+')) => {
                        (Token::Other, word.len())
                    }
                    word => (Token::Operator(word), word.len()),
                },
            };
            self.at += length;
            return Some(Some(token));
        }
    }
}

/// The regular characters at the start.
fn word(bytes: &[u8]) -> &[u8] {
    let is_regular = |&b: &u8| b > b' ' && !b"()<>[]{}/%".contains(&b);
    let end = bytes.iter().position(|b| !is_regular(b)).unwrap_or(bytes.len());
    bytes.get(..end).unwrap_or_default()
}

fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let mut values = Vec::with_capacity(digits.len());
    for &digit in digits.iter().filter(|digit| !digit.is_ascii_whitespace()) {
        values.push(char::from(digit).to_digit(16)? as u8);
    }
    let (pairs, []) = values.as_chunks::<2>() else { return None };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

/// `<code> <text>`, again and again.
fn characters(operands: &[Token<'_>], said: &mut Vec<(u32, BfString)>) -> Option<()> {
    let (pairs, []) = operands.as_chunks::<2>() else { return None };
    for pair in pairs {
        let [Token::Hex(code), Token::Hex(text)] = pair else { return None };
        say(code_of(code)?, text, said)?;
    }
    Some(())
}

/// `<first> <last> <text>` or `<first> <last> [<text> ...]`, again and again.
fn ranges(operands: &[Token<'_>], said: &mut Vec<(u32, BfString)>) -> Option<()> {
    let mut operands = operands.iter();
    while let Some(first) = operands.next() {
        let (Token::Hex(first), Token::Hex(last)) = (first, operands.next()?) else { return None };
        let (first, last) = (code_of(first)?, code_of(last)?);
        if last < first {
            return None;
        }
        match operands.next()? {
            Token::Hex(text) => {
                let &[high, low] = text.as_slice() else { return None };
                // Which bytes are counted up is not the same everywhere.
                if (first & 0xff) + (last - first) > 0xff || u32::from(low) + (last - first) > 0xff {
                    return None;
                }
                for (code, low) in (first..=last).zip(low..=u8::MAX) {
                    say(code, &[high, low], said)?;
                }
            }
            Token::ArrayStart => {
                for code in first..=last {
                    let Token::Hex(text) = operands.next()? else { return None };
                    say(code, text, said)?;
                }
                if operands.next() != Some(&Token::ArrayEnd) {
                    return None;
                }
            }
            _ => return None,
        }
    }
    Some(())
}

/// A code of one or two bytes.
fn code_of(bytes: &[u8]) -> Option<u32> {
    match *bytes {
        [low] => Some(low.into()),
        [high, low] => Some(u16::from_be_bytes([high, low]).into()),
        _ => None,
    }
}

/// Notes what a code reads, in UTF-16.
fn say(code: u32, text: &[u8], said: &mut Vec<(u32, BfString)>) -> Option<()> {
    if said.len() >= MOST_CODES {
        return None;
    }
    let (units, []) = text.as_chunks::<2>() else { return None };
    let mut letters = char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit)));
    let first = letters.next()?.ok()?;
    let text = match letters.next() {
        None => BfString::Char(first),
        Some(second) => {
            let mut text = String::from_iter([first, second.ok()?]);
            for letter in letters {
                text.push(letter.ok()?);
            }
            BfString::String(text)
        }
    };
    said.push((code, text));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "%!PS\n/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << \
                        /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def /CMapName /A-H def 1 \
                        begincodespacerange <0000> <ffff> endcodespacerange ";

    fn told(body: &str) -> Option<String> {
        let said = plain(
            format!("{HEAD}{body} endcmap CMapName currentdict /CMap defineresource pop end end").as_bytes(),
        )?;
        let told = |(code, text): &(u32, BfString)| match text {
            BfString::Char(c) => format!("{code}:{c}"),
            BfString::String(text) => format!("{code}:{text}"),
        };
        Some(said.iter().map(told).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn plain_maps_are_read() {
        assert_eq!(told("2 beginbfchar <0014><0031> <0003> <0020> endbfchar").as_deref(), Some("3:  20:1"));
        assert_eq!(
            told("2 beginbfrange <13> <15> <0030> <41> <42> [<00660069> <d835dfce>] endbfrange").as_deref(),
            Some("19:0 20:1 21:2 65:fi 66:\u{1d7ce}")
        );
        let twice = "1 beginbfchar <01> <0041> endbfchar 1 beginbfrange <01> <02> <0041> endbfrange";
        assert_eq!(told(twice).as_deref(), Some("1:A 2:B"));
    }

    #[test]
    fn what_can_be_taken_in_two_ways_is_not_plain() {
        for body in [
            "2 beginbfchar <33> <0033> <33> <0038> endbfchar",
            "1 beginbfrange <30> <39> <0030> endbfrange 1 beginbfchar <33> <0038> endbfchar",
            "1 beginbfrange <39> <30> <0030> endbfrange",
            "1 beginbfrange <00f0> <0110> <0030> endbfrange",
            "1 beginbfrange <30> <39> <00fa> endbfrange",
            "1 beginbfrange <30> <32> [<0030> <0031>] endbfrange",
            "1 beginbfrange <30> <31> [<0030> <0031> <0032>] endbfrange",
            "1 beginbfchar <33> <33> endbfchar",
            "1 beginbfchar <33> <d800> endbfchar",
            "1 beginbfchar <33> <003> endbfchar",
            "1 beginbfchar <33> endbfchar",
            "1 beginbfchar <33> /three endbfchar",
            "1 beginbfchar <000033> <0033> endbfchar",
            "1 begincidchar <33> 7 endcidchar",
            "/Other usecmap",
            "{ 1 }",
            "<33",
            ">",
        ] {
            assert_eq!(told(body), None, "{body}");
        }
    }
}
