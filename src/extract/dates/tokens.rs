//! The text of a segment as tokens a date can be made of: numbers, month names, the small words
//! between them. All other words are one token, [`Tok::Other`], that ends an expression.
//!
//! It decides nothing. Only what stands around an anchor (a digit, a month's name, "year") becomes
//! tokens, out to the first other word on either side; the rest of the text is passed over.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// A word that joins or shapes dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    From,
    Between,
    To,
    Through,
    Until,
    And,
    Or,
    Of,
    In,
    The,
    Early,
    Mid,
    Late,
    End,
    Beginning,
    Half,
    Latter,
    Last,
    Next,
    This,
    That,
    Same,
    Previous,
    Following,
    Current,
    Past,
    Reporting,
    Period,
    Year,
    Quarter,
    Month,
    Week,
    Day,
    Fiscal,
    Calendar,
    Part,
    Under,
    Review,
    Up,
    Hundred,
    Thousand,
    /// The day of writing: `to date`, `until now`.
    Present,
}

/// How a month's name is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    Full,
    Short,
    /// Not English: a day must stand before it, or it is in lower case as its language wants.
    Foreign,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tok {
    Num {
        value: u32,
        digits: u8,
    },
    /// `3rd`, `third`; `figures` where it is printed in digits.
    Nth {
        n: u8,
        figures: bool,
    },
    /// A number in words: one to twenty, and the tens.
    Count(u8),
    Month {
        n: u8,
        spelling: Spelling,
        capital: bool,
    },
    Weekday {
        n: u8,
        full: bool,
    },
    Season {
        n: u8,
        capital: bool,
        fall: bool,
    },
    /// `Q1`, `1Q`.
    Q(u8),
    /// `H1`, `1H`.
    H(u8),
    /// `1990s`.
    Decade(u16),
    /// `FY`, and `CY` as calendar year.
    Fy {
        fiscal: bool,
    },
    W(Word),
    /// A mark: dashes as `-`, the em dash as itself, quotes as `'`; others as they are.
    P(char),
    Other,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    pub tok: Tok,
    /// White space stands before it.
    pub space: bool,
}

/// Whether a date may begin or hang on this token; a segment without any is done.
pub fn is_anchor(tok: Tok) -> bool {
    match tok {
        Tok::Other | Tok::P(_) | Tok::Weekday { .. } | Tok::Nth { figures: false, .. } => false,
        // A year in words: "nineteen ninety", "twenty twenty-one".
        Tok::Count(n) => matches!(n, 18..=20),
        Tok::W(w) => matches!(w, Word::Year | Word::Month | Word::Period | Word::Quarter | Word::Thousand),
        _ => true,
    }
}

#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

type Map = HashMap<&'static [u8], Tok, BuildHasherDefault<WordHasher>>;

struct Vocabulary {
    words: Map,
    /// For each first byte and second letter, bit n set where a word of n bytes begins so; of the
    /// first byte alone where the second is no ASCII letter.
    lengths: [[u32; 27]; 256],
    /// For each first byte and second letter, a bit for the third letter of the words that are
    /// anchors; of the first byte alone where one of the others is no ASCII letter.
    openings: [[u32; 27]; 256],
}

/// Place of a word's byte in [`Vocabulary::lengths`] and [`Vocabulary::openings`].
#[inline]
fn letter(word: &[u8], at: usize) -> usize {
    match word.get(at) {
        Some(b) if b.is_ascii_alphabetic() => usize::from(b.to_ascii_lowercase() - b'a'),
        _ => 26,
    }
}

const LONGEST: usize = 24;

static SMALL_WORDS: &[(&str, Word)] = &[
    ("from", Word::From),
    ("between", Word::Between),
    ("to", Word::To),
    ("through", Word::Through),
    ("thru", Word::Through),
    ("until", Word::Until),
    ("till", Word::Until),
    ("and", Word::And),
    ("or", Word::Or),
    ("of", Word::Of),
    ("de", Word::Of),
    ("del", Word::Of),
    ("in", Word::In),
    ("the", Word::The),
    ("early", Word::Early),
    ("mid", Word::Mid),
    ("middle", Word::Mid),
    ("late", Word::Late),
    ("end", Word::End),
    ("close", Word::End),
    ("beginning", Word::Beginning),
    ("start", Word::Beginning),
    ("half", Word::Half),
    ("latter", Word::Latter),
    ("last", Word::Last),
    ("final", Word::Last),
    ("next", Word::Next),
    ("this", Word::This),
    ("that", Word::That),
    ("same", Word::Same),
    ("previous", Word::Previous),
    ("preceding", Word::Previous),
    ("prior", Word::Previous),
    ("following", Word::Following),
    ("current", Word::Current),
    ("past", Word::Past),
    ("reporting", Word::Reporting),
    ("period", Word::Period),
    ("year", Word::Year),
    ("years", Word::Year),
    ("quarter", Word::Quarter),
    ("quarters", Word::Quarter),
    ("month", Word::Month),
    ("months", Word::Month),
    ("week", Word::Week),
    ("weeks", Word::Week),
    ("day", Word::Day),
    ("days", Word::Day),
    ("fiscal", Word::Fiscal),
    ("financial", Word::Fiscal),
    ("budget", Word::Fiscal),
    ("calendar", Word::Calendar),
    ("part", Word::Part),
    ("under", Word::Under),
    ("review", Word::Review),
    ("up", Word::Up),
    ("hundred", Word::Hundred),
    ("thousand", Word::Thousand),
    ("date", Word::Present),
    ("present", Word::Present),
    ("now", Word::Present),
    ("today", Word::Present),
];

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut words = Map::default();
    for &(word, w) in SMALL_WORDS {
        words.insert(word.as_bytes(), Tok::W(w));
    }
    words.insert(b"q", Tok::Other);
    words.insert(b"fy", Tok::Fy { fiscal: true });
    words.insert(b"cy", Tok::Fy { fiscal: false });
    for row in include_str!("words.tsv").lines().skip(1) {
        let mut fields = row.split('\t');
        let (Some(role), Some(Ok(n)), Some(word), Some(language)) =
            (fields.next(), fields.next().map(str::parse::<u8>), fields.next(), fields.next())
        else {
            continue;
        };
        let spelling = match (role, language) {
            ("month-short", _) => Spelling::Short,
            (_, "en") => Spelling::Full,
            _ => Spelling::Foreign,
        };
        let tok = match role {
            "month" | "month-short" => Tok::Month { n, spelling, capital: false },
            "weekday" => Tok::Weekday { n, full: word.ends_with("day") },
            "season" => Tok::Season { n, capital: false, fall: word == "fall" },
            "ordinal" => Tok::Nth { n, figures: false },
            "number" => Tok::Count(n),
            _ => continue,
        };
        words.entry(word.as_bytes()).or_insert(tok);
    }
    let mut lengths = [[0_u32; 27]; 256];
    let mut openings = [[0_u32; 27]; 256];
    for (word, tok) in &words {
        if let (Some(&first), true) = (word.first(), word.len() < 32) {
            let row = &mut lengths[usize::from(first)];
            row[letter(word, 1)] |= 1 << word.len();
            row[26] |= 1 << word.len();
            if is_anchor(*tok) {
                openings[usize::from(first)][letter(word, 1)] |= 1 << letter(word, 2);
            }
        }
    }
    Vocabulary { words, lengths, openings }
});

impl Vocabulary {
    /// The token of a word; `Other` for all that dates are not made of.
    #[inline]
    fn look_up(&self, word: &str) -> Tok {
        let bytes = word.as_bytes();
        let Some(&first) = bytes.first() else { return Tok::Other };
        if bytes.len() > LONGEST {
            return Tok::Other;
        }
        if first.is_ascii() {
            let lower = first.to_ascii_lowercase();
            if self.lengths[usize::from(lower)][letter(bytes, 1)] & (1 << bytes.len()) == 0 {
                return Tok::Other;
            }
        }
        let mut buffer = [0_u8; LONGEST];
        let folded: &[u8] = if word.is_ascii() {
            for (to, from) in buffer.iter_mut().zip(bytes) {
                *to = from.to_ascii_lowercase();
            }
            &buffer[..bytes.len()]
        } else {
            let mut at = 0;
            for c in word.chars().flat_map(char::to_lowercase) {
                let mut one = [0; 4];
                let one = c.encode_utf8(&mut one).as_bytes();
                if at + one.len() > LONGEST {
                    return Tok::Other;
                }
                buffer[at..at + one.len()].copy_from_slice(one);
                at += one.len();
            }
            &buffer[..at]
        };
        let Some(&tok) = self.words.get(folded) else { return Tok::Other };
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        match tok {
            Tok::Month { n, spelling, .. } => Tok::Month { n, spelling, capital },
            Tok::Season { n, fall, .. } => Tok::Season { n, fall, capital },
            // SAT, SUN and the like are names more often than days.
            Tok::Weekday { full: false, .. } if !capital => Tok::Other,
            tok => tok,
        }
    }

    /// Whether a word that begins like this may be an anchor.
    #[inline]
    fn may_be_anchor(&self, word: &[u8]) -> bool {
        let Some(first) = word.first() else { return false };
        let row = &self.openings[usize::from(first.to_ascii_lowercase())];
        row[letter(word, 1)] & (1 << letter(word, 2)) != 0
    }

    /// The start of the next run of letters and digits that is an anchor, mixes the two, or is a
    /// number by which a date can be told.
    fn next_anchor(&self, text: &str, mut i: usize, end: usize) -> Option<usize> {
        let bytes = text.as_bytes().get(..end)?;
        // The run of letters that byte `i` goes on.
        let mut run: Option<usize> = None;
        while let Some(&b) = bytes.get(i) {
            match if b < 128 { CLASS[usize::from(b)] } else { HIGH } {
                0 | 1 => {
                    run = None;
                    i += 1;
                    continue;
                }
                3 => match run {
                    Some(start) => return Some(start),
                    None => {
                        let digits = bytes.get(i..)?.iter().take_while(|b| b.is_ascii_digit()).count();
                        if leads_number(bytes, i, digits) {
                            return Some(i);
                        }
                        i += digits;
                        continue;
                    }
                },
                HIGH => {
                    let c = text.get(i..).and_then(|t| t.chars().next())?;
                    let mark = matches!(c, '\u{2010}'..='\u{206f}') || c == '\u{a0}';
                    if mark || !in_word(c) {
                        run = None;
                        i += c.len_utf8();
                        continue;
                    }
                    if run.is_none() && self.is_anchor_at(text, bytes, i) {
                        return Some(i);
                    }
                    run = run.or(Some(i));
                    i += c.len_utf8();
                }
                _ => {
                    if run.is_none() && self.is_anchor_at(text, bytes, i) {
                        return Some(i);
                    }
                    run = run.or(Some(i));
                    i += 1;
                }
            }
            // Most bytes are the letters a word goes on with.
            i += bytes.get(i..)?.iter().take_while(|b| **b < 128 && CLASS[usize::from(**b)] == 2).count();
        }
        None
    }

    fn is_anchor_at(&self, text: &str, bytes: &[u8], at: usize) -> bool {
        bytes.get(at..).is_some_and(|word| self.may_be_anchor(word)) && {
            let chunk = text.get(at..chunk_end(text, at, bytes.len())).unwrap_or("");
            is_anchor(self.look_up(chunk))
        }
    }

    /// Where the words and marks that may belong to the anchor at `at` begin: the first other word
    /// before it, or `floor`.
    fn lead(&self, text: &str, at: usize, floor: usize) -> usize {
        let mut at = at;
        loop {
            let before = text.get(floor..at).unwrap_or("");
            let word_ends = before.trim_end_matches(|c| !in_word(c));
            if word_ends.is_empty() {
                return floor;
            }
            let rest = word_ends.trim_end_matches(in_word);
            at = floor + rest.len();
            let word = word_ends.get(rest.len()..).unwrap_or("");
            let figures = word.bytes().all(|b| b.is_ascii_digit()) && number(word) != Tok::Other;
            if !figures && self.look_up(word) == Tok::Other {
                return at;
            }
        }
    }
}

/// Whether a date can be told by the number of so many digits at `at`: one of four figures, one that
/// goes on with a letter, one before a slash or after an apostrophe. A day by its number hangs on its
/// month's name or year.
fn leads_number(bytes: &[u8], at: usize, digits: usize) -> bool {
    let after = bytes.get(at + digits).copied();
    match after {
        Some(b) if b >= 128 || matches!(CLASS[usize::from(b)], 2 | 4) => true,
        _ => match digits {
            4 => matches!(bytes.get(at), Some(b'1' | b'2')),
            1 | 2 => {
                after == Some(b'/')
                    || bytes.get(..at).is_some_and(|t| t.ends_with(b"'") || t.ends_with("’".as_bytes()))
            }
            _ => false,
        },
    }
}

/// Class of a byte outside ASCII.
const HIGH: u8 = 9;

/// Class of an ASCII byte: 0 a mark, 1 white space, 2 a letter, 3 a digit, 4 an underscore.
const CLASS: [u8; 128] = {
    let mut class = [0; 128];
    let mut i = 0;
    while i < 128 {
        let b = i as u8;
        class[i] = if b.is_ascii_digit() {
            3
        } else if b.is_ascii_alphabetic() {
            2
        } else if b == b'_' {
            4
        } else if b.is_ascii_whitespace() || b == 0x0b {
            1
        } else {
            0
        };
        i += 1;
    }
    class
};

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')
}

/// CJK marks of year, month and day.
fn is_cjk_unit(c: char) -> bool {
    matches!(c, '年' | '月' | '日')
}

/// Splits `text[start..end]` into tokens, appended to `tokens` after it was cleared: what stands
/// around each anchor, between one other word on either side. Answers whether any is an anchor.
pub fn tokenize(text: &str, start: usize, end: usize, tokens: &mut Vec<Token>) -> bool {
    tokens.clear();
    let vocabulary = &*VOCABULARY;
    let mut anchor = false;
    let mut at = start;
    while let Some(next) = vocabulary.next_anchor(text, at, end) {
        let from = vocabulary.lead(text, next, at);
        let (to, found) = stretch(vocabulary, text, from, next, end, tokens);
        anchor |= found;
        at = to.max(next + 1);
    }
    anchor
}

/// Tokens from `start` to the first other word at or after `anchor`: where they end, and whether
/// any of them is an anchor.
fn stretch(
    vocabulary: &Vocabulary,
    text: &str,
    start: usize,
    anchor: usize,
    end: usize,
    tokens: &mut Vec<Token>,
) -> (usize, bool) {
    let bytes = text.as_bytes();
    let (past, mut anchor) = (anchor, false);
    let mut space = text.get(..start).is_some_and(|t| t.ends_with(is_space));
    let mut i = start;
    let char_at = |i: usize| text.get(i..).and_then(|t| t.chars().next());
    while i < end {
        let Some(&b) = bytes.get(i) else { break };
        let class = if b < 128 { CLASS[usize::from(b)] } else { HIGH };
        let from = i;
        let tok = match class {
            1 => {
                space = true;
                i += 1;
                continue;
            }
            0 => {
                i += 1;
                Tok::P(match b {
                    b'`' => '\'',
                    b => char::from(b),
                })
            }
            HIGH => {
                let Some(c) = char_at(i) else { break };
                if is_space(c) {
                    space = true;
                    i += c.len_utf8();
                    continue;
                }
                // Dashes, quotes and bullets need no look into the tables of Unicode.
                let mark = matches!(c, '\u{2010}'..='\u{206f}');
                if !mark && c.is_alphabetic() && !is_cjk_unit(c) {
                    i = chunk_end(text, i, end);
                    let chunk = text.get(from..i).unwrap_or("");
                    if chunk.bytes().any(|b| b.is_ascii_digit() || b == b'_') {
                        Tok::Other
                    } else {
                        vocabulary.look_up(chunk)
                    }
                } else {
                    i += c.len_utf8();
                    Tok::P(match c {
                        '\u{2010}'..='\u{2013}' | '\u{2212}' => '-',
                        '\u{2014}' | '\u{2015}' => '—',
                        '\u{2018}' | '\u{2019}' => '\'',
                        c => c,
                    })
                }
            }
            _ => {
                // A run of letters, or of digits, or a mixed one.
                let mut mixed = class == 4;
                while i < end && bytes.get(i).is_some_and(|&b| b < 128 && CLASS[usize::from(b)] == class) {
                    i += 1;
                }
                let simple = i;
                if i < end
                    && let Some(&b) = bytes.get(i)
                    && (b >= 128 || CLASS[usize::from(b)] >= 2)
                {
                    i = chunk_end(text, i, end);
                    mixed |= i > simple;
                }
                let chunk = text.get(from..i).unwrap_or("");
                if !mixed {
                    if class == 3 { number(chunk) } else { vocabulary.look_up(chunk) }
                } else if chunk.is_ascii() {
                    let before = tokens.len();
                    glued(vocabulary, chunk, from, space, tokens);
                    if let Some(new) = tokens.get(before..) {
                        anchor |= new.iter().any(|t| is_anchor(t.tok));
                        if from >= past && new.last().is_some_and(|t| t.tok == Tok::Other) {
                            break;
                        }
                    }
                    space = false;
                    continue;
                } else if class == 2 && !chunk.bytes().any(|b| b.is_ascii_digit() || b == b'_') {
                    vocabulary.look_up(chunk)
                } else {
                    Tok::Other
                }
            }
        };
        anchor |= is_anchor(tok);
        tokens.push(Token { start: from, end: i, tok, space });
        if tok == Tok::Other && from >= past {
            break;
        }
        space = false;
    }
    (i, anchor)
}

fn in_word(c: char) -> bool {
    c == '_' || c.is_ascii_digit() || (c.is_alphabetic() && !is_cjk_unit(c))
}

/// End of the run of letters, digits and underscores that goes on at `i`.
fn chunk_end(text: &str, mut i: usize, end: usize) -> usize {
    let Some(rest) = text.get(i..end) else { return i };
    for c in rest.chars() {
        if !in_word(c) {
            break;
        }
        i += c.len_utf8();
    }
    i
}

fn number(digits: &str) -> Tok {
    match digits.parse::<u32>() {
        Ok(value) if digits.len() <= 8 => Tok::Num { value, digits: digits.len() as u8 },
        _ => Tok::Other,
    }
}

/// Tokens of a run that mixes letters and digits: `3rd`, `1990s`, `Q3`, `3Q21`, `2016H2`, `FY23`,
/// `14april`, `Dec31`, the `15T13` of an ISO time; `Other` for the rest.
fn glued(vocabulary: &Vocabulary, chunk: &str, at: usize, space: bool, tokens: &mut Vec<Token>) {
    let bytes = chunk.as_bytes();
    let run = |from: usize, digit: bool| {
        bytes.iter().skip(from).take_while(|b| b.is_ascii_digit() == digit && **b != b'_').count() + from
    };
    let other = [Some((0, chunk.len(), Tok::Other)), None, None];
    let starts_with_digits = bytes.first().is_some_and(u8::is_ascii_digit);
    let first = run(0, starts_with_digits);
    let second = run(first, !starts_with_digits);
    let third = run(second, starts_with_digits);
    let piece = |from: usize, to: usize| chunk.get(from..to).unwrap_or("");
    let (a, b, c) = (piece(0, first), piece(first, second), piece(second, third));
    let value = |digits: &str| digits.parse::<u32>().ok();
    let year_like = |digits: &str| matches!(digits.len(), 2 | 4);
    let found = if starts_with_digits {
        let lower = b.to_ascii_lowercase();
        let month = vocabulary.look_up(b);
        match (value(a), lower.as_str()) {
            (Some(n @ 1..=31), "st" | "nd" | "rd" | "th") if third == chunk.len() && c.is_empty() => {
                [Some((0, second, Tok::Nth { n: n as u8, figures: true })), None, None]
            }
            (Some(n), "s") if a.len() == 4 && n % 10 == 0 && second == chunk.len() => {
                [Some((0, second, Tok::Decade(n as u16))), None, None]
            }
            (Some(n @ 1..=4), "q")
                if a.len() == 1 && third == chunk.len() && (c.is_empty() || year_like(c)) =>
            {
                [
                    Some((0, second, Tok::Q(n as u8))),
                    (!c.is_empty()).then(|| (second, third, number(c))),
                    None,
                ]
            }
            (Some(n @ 1..=2), "h") if a.len() == 1 && third == chunk.len() && year_like(c) => {
                [Some((0, second, Tok::H(n as u8))), Some((second, third, number(c))), None]
            }
            (Some(_), "q") if a.len() == 4 && third == chunk.len() => match value(c) {
                Some(n @ 1..=4) if c.len() == 1 => {
                    [Some((0, first, number(a))), Some((first, third, Tok::Q(n as u8))), None]
                }
                _ => other,
            },
            (Some(_), "h") if a.len() == 4 && third == chunk.len() => match value(c) {
                Some(n @ 1..=2) if c.len() == 1 => {
                    [Some((0, first, number(a))), Some((first, third, Tok::H(n as u8))), None]
                }
                _ => other,
            },
            // 2024a: a year with the letter of a note.
            (Some(1900..=2100), _)
                if a.len() == 4
                    && b.len() == 1
                    && third == chunk.len()
                    && c.is_empty()
                    && matches!(b, "a" | "b" | "c" | "d") =>
            {
                [Some((0, first, number(a))), Some((first, second, Tok::Other)), None]
            }
            (Some(1..=31), "t") if a.len() <= 2 && c.len() >= 2 => {
                [Some((0, first, number(a))), Some((first, chunk.len(), Tok::Other)), None]
            }
            (Some(1..=31), _)
                if a.len() <= 2
                    && matches!(month, Tok::Month { .. })
                    && third == chunk.len()
                    && (c.is_empty() || c.len() == 4) =>
            {
                [
                    Some((0, first, number(a))),
                    Some((first, second, month)),
                    (!c.is_empty()).then(|| (second, third, number(c))),
                ]
            }
            _ => other,
        }
    } else if second == chunk.len() {
        let lower = a.to_ascii_lowercase();
        let word = vocabulary.look_up(a);
        match (lower.as_str(), value(b)) {
            ("q", Some(n @ 1..=4)) if b.len() == 1 => [Some((0, second, Tok::Q(n as u8))), None, None],
            ("h", Some(n @ 1..=2)) if b.len() == 1 => [Some((0, second, Tok::H(n as u8))), None, None],
            ("fy" | "cy", Some(_)) if year_like(b) => {
                [Some((0, first, word)), Some((first, second, number(b))), None]
            }
            (_, Some(_)) if matches!(word, Tok::Month { .. }) && matches!(b.len(), 1 | 2 | 4) => {
                [Some((0, first, word)), Some((first, second, number(b))), None]
            }
            _ => other,
        }
    } else {
        other
    };
    for (i, (from, to, tok)) in found.into_iter().flatten().enumerate() {
        tokens.push(Token { start: at + from, end: at + to, tok, space: space && i == 0 });
    }
}
