//! The operators of a content stream with their operands, as far as text is followed: numbers,
//! names and strings. Dictionaries and the data of inline pictures are passed over.
//!
//! Written for the second reading, so it shares nothing with the interpreter of the first.

/// An operand; names and strings are ranges of [`Content::bytes_of`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operand {
    Number(f64),
    Name(usize, usize),
    Text(usize, usize),
}

/// Operands an operator may have; an array's count one by one.
const MOST_OPERANDS: usize = 100_000;

pub(super) struct Content<'a> {
    bytes: &'a [u8],
    at: usize,
    operands: Vec<Operand>,
    /// Names and strings of the operands, escapes resolved.
    texts: Vec<u8>,
}

impl<'a> Content<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Content { bytes, at: 0, operands: Vec::new(), texts: Vec::new() }
    }

    /// The operands of the operator given last.
    pub(super) fn operands(&self) -> &[Operand] {
        &self.operands
    }

    /// The number an operand is, 0 where it is none.
    pub(super) fn number(&self, index: usize) -> f64 {
        match self.operands.get(index) {
            Some(Operand::Number(value)) => *value,
            _ => 0.0,
        }
    }

    /// The name an operand is.
    pub(super) fn name(&self, index: usize) -> Option<&[u8]> {
        match self.operands.get(index) {
            Some(&Operand::Name(start, end)) => self.texts.get(start..end),
            _ => None,
        }
    }

    /// The bytes of a string operand.
    pub(super) fn bytes_of(&self, operand: Operand) -> &[u8] {
        match operand {
            Operand::Text(start, end) => self.texts.get(start..end).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The next operator; its operands are [`Content::operands`] until it is called again.
    pub(super) fn next(&mut self) -> Option<&'a [u8]> {
        self.operands.clear();
        self.texts.clear();
        loop {
            let &byte = self.bytes.get(self.at)?;
            match byte {
                b'%' => self.skip(|byte| !matches!(byte, b'\n' | b'\r')),
                b'/' => {
                    self.at += 1;
                    let operand = self.read_name();
                    self.push(operand);
                }
                b'(' => {
                    let operand = self.literal();
                    self.push(operand);
                }
                b'<' if self.bytes.get(self.at + 1) == Some(&b'<') => self.dictionary(),
                b'<' => {
                    let operand = self.hexadecimal();
                    self.push(operand);
                }
                b'+' | b'-' | b'.' | b'0'..=b'9' => {
                    let operand = self.read_number();
                    self.push(operand);
                }
                byte if is_regular(byte) => {
                    let start = self.at;
                    self.skip(is_regular);
                    let operator = self.bytes.get(start..self.at)?;
                    if operator == b"ID" {
                        self.picture_data();
                        self.operands.clear();
                        continue;
                    }
                    return Some(operator);
                }
                // White space, and the brackets of arrays: their elements are operands.
                _ => self.at += 1,
            }
        }
    }

    fn push(&mut self, operand: Operand) {
        if self.operands.len() < MOST_OPERANDS {
            self.operands.push(operand);
        }
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += rest.iter().position(|&byte| !wanted(byte)).unwrap_or(rest.len());
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn read_number(&mut self) -> Operand {
        let mut is_negative = false;
        while let Some(sign @ (b'+' | b'-')) = self.bytes.get(self.at) {
            is_negative |= *sign == b'-';
            self.at += 1;
        }
        let mut value = 0.0;
        let mut unit = 1.0;
        let mut is_behind_point = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'0'..=b'9' => {
                    value = value * 10.0 + f64::from(byte - b'0');
                    if is_behind_point {
                        unit *= 10.0;
                    }
                }
                b'.' if !is_behind_point => is_behind_point = true,
                // Some writers leave a stray sign in a number; what follows it does not count.
                b'-' | b'.' => {}
                _ => break,
            }
            self.at += 1;
        }
        let value = value / unit;
        Operand::Number(if is_negative { -value } else { value })
    }

    fn read_name(&mut self) -> Operand {
        let start = self.texts.len();
        while let Some(&byte) = self.bytes.get(self.at).filter(|byte| is_regular(**byte)) {
            self.at += 1;
            let escaped = (byte == b'#').then(|| self.bytes.get(self.at..self.at + 2)).flatten();
            match escaped.and_then(|pair| Some((hex(*pair.first()?)?, hex(*pair.get(1)?)?))) {
                Some((high, low)) => {
                    self.at += 2;
                    self.texts.push(high << 4 | low);
                }
                None => self.texts.push(byte),
            }
        }
        Operand::Name(start, self.texts.len())
    }

    fn literal(&mut self) -> Operand {
        let start = self.texts.len();
        let mut depth = 0;
        while let Some(byte) = self.take() {
            match byte {
                b'(' => {
                    depth += 1;
                    if depth > 1 {
                        self.texts.push(byte);
                    }
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                    self.texts.push(byte);
                }
                b'\\' => self.escape(),
                b'\r' => {
                    if self.bytes.get(self.at) == Some(&b'\n') {
                        self.at += 1;
                    }
                    self.texts.push(b'\n');
                }
                byte => self.texts.push(byte),
            }
        }
        Operand::Text(start, self.texts.len())
    }

    fn escape(&mut self) {
        let Some(byte) = self.take() else { return };
        let read = match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(&digit @ b'0'..=b'7') = self.bytes.get(self.at) else { break };
                    value = value * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                (value & 0xff) as u8
            }
            // A line break behind the stroke is none.
            b'\r' => {
                if self.bytes.get(self.at) == Some(&b'\n') {
                    self.at += 1;
                }
                return;
            }
            b'\n' => return,
            byte => byte,
        };
        self.texts.push(read);
    }

    fn hexadecimal(&mut self) -> Operand {
        let start = self.texts.len();
        self.at += 1;
        let mut half = None;
        while let Some(byte) = self.take() {
            if byte == b'>' {
                break;
            }
            let Some(value) = hex(byte) else { continue };
            match half.take() {
                None => half = Some(value),
                Some(high) => self.texts.push(high << 4 | value),
            }
        }
        self.texts.extend(half.map(|high| high << 4));
        Operand::Text(start, self.texts.len())
    }

    /// Passes over a dictionary; brackets in its strings do not count.
    fn dictionary(&mut self) {
        let texts = self.texts.len();
        let mut depth = 0;
        while let Some(&byte) = self.bytes.get(self.at) {
            let pair = self.bytes.get(self.at..self.at + 2).unwrap_or_default();
            match byte {
                b'<' if pair == b"<<" => {
                    depth += 1;
                    self.at += 2;
                }
                b'>' if pair == b">>" => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        break;
                    }
                }
                b'(' => drop(self.literal()),
                _ => self.at += 1,
            }
        }
        self.texts.truncate(texts);
    }

    /// Passes over the data of an inline picture: up to an `EI` that stands alone.
    fn picture_data(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_end = |window: &[u8]| match window {
            [before, b'E', b'I', after] => before.is_ascii_whitespace() && after.is_ascii_whitespace(),
            _ => false,
        };
        self.at += match rest.windows(4).position(is_end) {
            Some(end) => end + 3,
            None => rest.len(),
        };
    }
}

fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b'\t'
            | b'\n'
            | 12
            | b'\r'
            | b' '
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'/'
            | b'%'
    )
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Operators with their operands, as text.
    fn told(content: &[u8]) -> Vec<String> {
        let mut content = Content::new(content);
        let mut told = Vec::new();
        while let Some(operator) = content.next() {
            let operands = content.operands().iter().map(|&operand| match operand {
                Operand::Number(value) => value.to_string(),
                Operand::Name(start, end) => {
                    format!("/{}", String::from_utf8_lossy(&content.texts[start..end]))
                }
                Operand::Text(..) => format!("({})", content.bytes_of(operand).escape_ascii()),
            });
            let mut words: Vec<String> = operands.collect();
            words.push(String::from_utf8_lossy(operator).into_owned());
            told.push(words.join(" "));
        }
        told
    }

    #[test]
    fn operators_come_with_their_operands() {
        assert_eq!(
            told(b"q 1 0 0 -1.5 .25 +7 cm/F1 11.04 Tf[(a)-20<4142 4>]TJ % (no)\nT*(x)'"),
            ["q", "1 0 0 -1.5 0.25 7 cm", "/F1 11.04 Tf", "(a) -20 (AB@) TJ", "T*", "(x) '"]
        );
    }

    #[test]
    fn escapes_in_strings_and_names_are_resolved() {
        assert_eq!(told(br"(a\(b\)\\ \101\7z (in) \q) Tj"), [r"(a(b)\\ A\x07z (in) q) Tj"]);
        assert_eq!(told(b"(one\\\ntwo\r\nthree) Tj"), [r"(onetwo\nthree) Tj"]);
        assert_eq!(told(b"/A#20B 1 Tf"), ["/A B 1 Tf"]);
    }

    #[test]
    fn dictionaries_and_pictures_are_passed_over() {
        assert_eq!(
            told(b"/Span <</ActualText (>>x) /B <</C [1]>> >> BDC (y) Tj EMC"),
            ["/Span BDC", "(y) Tj", "EMC"]
        );
        assert_eq!(told(b"BI /W 1 ID \x00(E EIx EI Q (z) Tj"), ["BI", "Q", "(z) Tj"]);
    }

    #[test]
    fn what_is_cut_off_ends() {
        for cut in [&b"(never closed"[..], b"<41", b"<< /A (", b"ID xx", b"/", b"1 2", b"\\", b"BT ("] {
            assert!(told(cut).len() <= 1, "{}", cut.escape_ascii());
        }
    }
}
