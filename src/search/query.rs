//! The query language: text to a [`Query`], and a query shown back.
//!
//! ```text
//! stolen virtual assets        any of the words, passages with more and rarer ones first
//! "virtual assets"             the exact phrase, signs and figures included; curly quotes as well
//! "theft exchange"~5           the words of the phrase with at most five others among them
//! launder*  exchnge~           words that begin so; words one letter off (~2 for two)
//! +KuCoin -Upbit               must stand in the passage, must not
//! A AND B  A OR B  NOT A  ( )  upper case; OR binds loosest
//! amount:>=100M  amount:USD 40M..60M  date:2020-01..2021-06  exchange:KuCoin  symbol:S/2022/132
//! ```
//!
//! Words that name an amount, a day, an exchange or an address are also found in other spellings.
//! Whatever is not understood is an error with its place: nothing is dropped.

use super::values::{AmountTest, DateTest, amount_test, date_test, page_range};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::{self, Hedge, Kind, Value, Wallet};
use crate::index::tokens::literals;
use crate::structure;
use std::fmt;

/// Bytes of the query text.
pub type Place = (usize, usize);

/// A query as it was understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Any of these; passages with more of them, and with rarer ones, come first.
    Ranked(Vec<Leaf>),
    Leaf(Leaf),
    All(Vec<Query>),
    Any(Vec<Query>),
    Not(Box<Query>),
}

/// The smallest question: one test of a passage, and where it stands in the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    pub test: Test,
    pub place: Place,
}

/// What a passage is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// A word in any of its forms; several stems (`cyber-attack`) stand next to each other.
    Word(String),
    /// Literally so, or a value that this text is read as.
    Literal {
        text: String,
        values: Vec<Value>,
    },
    /// Words of the phrase in order with at most `slop` others among them.
    Near {
        text: String,
        slop: u32,
    },
    Prefix(String),
    Fuzzy {
        word: String,
        distance: u8,
    },
    Amount(AmountTest),
    /// Overlaps a date that is mentioned.
    Date(DateTest),
    /// Overlaps the date of publication.
    Published(DateTest),
    Page(u64, u64),
    Paragraph(String),
    Title(String),
    Heading(String),
    Publisher(String),
    /// Id, symbol or file name of the document; `true` for a prefix.
    Document(String, bool),
    Kind(Kind),
    /// A kind of paragraph: `table`, `footnote`.
    Part(String),
    Exchange(String),
    Currency(String),
    Chain(String),
    /// Full address or how it begins.
    Wallet(String),
    Hedge(Hedge),
    Language(String),
}

/// The fields a query may name, with an example of each.
pub const FIELDS: &[(&str, &str)] = &[
    ("amount", "amount:>=100M, amount:USD 40M..60M"),
    ("chain", "chain:bitcoin"),
    ("currency", "currency:USD"),
    ("date", "date:2020-01..2021-06"),
    ("document", "document:S/2022/132"),
    ("exchange", "exchange:KuCoin"),
    ("has", "has:amount, has:table, has:footnote"),
    ("heading", "heading:cyberattacks"),
    ("hedge", "hedge:at_least"),
    ("kind", "kind:wallet"),
    ("language", "language:fr"),
    ("page", "page:14, page:10..20"),
    ("paragraph", "paragraph:106, paragraph:\"fn 34\""),
    ("published", "published:2022"),
    ("publisher", "publisher:\"Security Council\""),
    ("symbol", "symbol:S/2022/132, symbol:S/2022*"),
    ("title", "title:\"final report\""),
    ("wallet", "wallet:0x098B"),
];

/// Words that scale the figure before them.
const SCALES: [&str; 6] = ["hundred", "thousand", "million", "billion", "trillion", "bn"];

/// Kinds of paragraph `has:` may name.
const PARTS: [&str; 5] = ["table", "footnote", "heading", "caption", "list-item"];

/// Reads a query.
///
/// # Errors
/// `Usage` with the place of what is not understood and a hint.
pub fn parse(text: &str) -> Result<Query> {
    let tokens = Lexer { text, at: 0 }.tokens()?;
    if tokens.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "the query is empty")
            .hint("type words to search for, as in `paydirt search stolen virtual assets`"));
    }
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    let query = parser.any()?;
    if let Some(token) = parser.peek() {
        return Err(refuse(text, token.place, "this bracket closes nothing", "take it away, or quote it"));
    }
    Ok(query)
}

/// An error that shows the query with the place marked.
pub fn refuse(text: &str, place: Place, why: impl fmt::Display, hint: impl Into<String>) -> Error {
    let line: String =
        text.chars().map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c }).collect();
    let before = text.get(..place.0).unwrap_or("").chars().count();
    let width = text.get(place.0..place.1).unwrap_or("").chars().count().max(1);
    Error::new(ErrorKind::Usage, "cannot read the query")
        .because(format!("{why}\n  {line}\n  {}{}", " ".repeat(before), "^".repeat(width)))
        .hint(hint)
}

#[derive(Debug, Clone, PartialEq)]
enum Sort {
    Open,
    Close,
    And,
    Or,
    Not,
    /// `-` before a word.
    Minus,
    /// `+` before a word.
    Plus,
    /// A bare word, ranked.
    Bare(String),
    /// Something that must hold.
    Test(Test),
}

#[derive(Debug, Clone)]
struct Token {
    sort: Sort,
    place: Place,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

fn closing(open: char) -> Option<&'static [char]> {
    Some(match open {
        '"' | '“' | '”' | '„' | '‟' | '＂' => &['"', '“', '”', '‟', '＂'],
        '«' => &['»'],
        '»' => &['«', '»'],
        '「' => &['」'],
        _ => return None,
    })
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn tokens(mut self) -> Result<Vec<Token>> {
        let mut found = Vec::new();
        while let Some(c) = self.next() {
            let start = self.at;
            if c.is_whitespace() || c.is_control() {
                self.at += c.len_utf8();
            } else if c == '(' || c == ')' {
                self.at += 1;
                found.push(Token {
                    sort: if c == '(' { Sort::Open } else { Sort::Close },
                    place: (start, self.at),
                });
            } else if closing(c).is_some() {
                let (text, place) = self.quoted()?;
                let sort = Sort::Test(self.phrase(text, place)?);
                found.push(Token { sort, place: (start, self.at) });
            } else if (c == '-' || c == '+') && self.rest().chars().nth(1).is_some_and(|n| !n.is_whitespace())
            {
                self.at += 1;
                found.push(Token {
                    sort: if c == '-' { Sort::Minus } else { Sort::Plus },
                    place: (start, self.at),
                });
            } else if let Some(sort) = self.bare()? {
                found.push(Token { sort, place: (start, self.at) });
            }
        }
        Ok(found)
    }

    /// A quoted string; the lexer stands on its opening mark.
    fn quoted(&mut self) -> Result<(String, Place)> {
        let start = self.at;
        let Some(ends) = self.next().and_then(closing) else { return Ok((String::new(), (start, start))) };
        let open = self.next().map_or(1, char::len_utf8);
        let body = self.text.get(start + open..).unwrap_or("");
        let Some(length) = body.find(ends) else {
            return Err(refuse(
                self.text,
                (start, start + open),
                "the phrase that opens here is not closed",
                "close it with the same quotation mark",
            ));
        };
        let text = body.get(..length).unwrap_or("").to_string();
        let close = body.get(length..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
        self.at = start + open + length + close;
        Ok((text, (start, self.at)))
    }

    /// The test of a quoted phrase, with the `~n` that may follow it.
    fn phrase(&mut self, text: String, place: Place) -> Result<Test> {
        if literals(&text).is_empty() {
            return Err(refuse(
                self.text,
                place,
                "there is nothing to search for between these quotation marks",
                "put words, figures or signs between them",
            ));
        }
        if self.next() == Some('~') {
            let digits: String = self.rest().chars().skip(1).take_while(char::is_ascii_digit).collect();
            let end = self.at + 1 + digits.len();
            let Ok(slop @ 1..=100) = digits.parse::<u32>() else {
                return Err(refuse(
                    self.text,
                    (place.0, end),
                    "`~` after a phrase needs a distance from 1 to 100",
                    "\"theft exchange\"~5 finds the two words with at most five others among them",
                ));
            };
            self.at = end;
            self.ends_here()?;
            return Ok(Test::Near { text, slop });
        }
        if self.next() == Some('*') {
            return Err(refuse(
                self.text,
                (self.at, self.at + 1),
                "`*` is not supported after a phrase",
                "put it at the end of one word, outside quotation marks",
            ));
        }
        let values = values_of(&text, true);
        Ok(Test::Literal { text, values })
    }

    /// Refuses what is glued to the end of a phrase's distance.
    fn ends_here(&self) -> Result<()> {
        match self.next() {
            Some(c) if !c.is_whitespace() && c != ')' => Err(refuse(
                self.text,
                (self.at, self.at + c.len_utf8()),
                format!("`{c}` is not understood here"),
                "put a space before it",
            )),
            _ => Ok(()),
        }
    }

    /// A word, an operator or a field with its value; `None` for punctuation that stands alone.
    fn bare(&mut self) -> Result<Option<Sort>> {
        let start = self.at;
        let length = self
            .rest()
            .char_indices()
            .find(|(_, c)| c.is_whitespace() || *c == '(' || *c == ')' || closing(*c).is_some())
            .map_or(self.rest().len(), |(i, _)| i);
        let word = self.rest().get(..length).unwrap_or("").to_string();
        // NEAR/5 is an operator elsewhere.
        let operator = if word.starts_with("NEAR/") { "NEAR" } else { word.as_str() };
        match operator {
            "AND" | "OR" | "NOT" | "&&" | "||" | "NEAR" => {
                self.at += length;
                return match word.as_str() {
                    "AND" => Ok(Some(Sort::And)),
                    "OR" => Ok(Some(Sort::Or)),
                    "NOT" => Ok(Some(Sort::Not)),
                    other => Err(refuse(
                        self.text,
                        (start, self.at),
                        format!("`{other}` is not an operator here"),
                        match other {
                            "&&" => "write AND",
                            "||" => "write OR",
                            _ => "write \"one two\"~5 for words that stand near each other",
                        },
                    )),
                };
            }
            _ => {}
        }
        if let Some((name, value)) = word.split_once(':')
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
            && !value.starts_with("//")
        {
            let lower = name.to_ascii_lowercase();
            let quoted_follows =
                self.rest().get(length..).and_then(|r| r.chars().next()).and_then(closing).is_some();
            if FIELDS.iter().any(|(f, _)| *f == lower) {
                self.at = start + name.len() + 1;
                return self.field(&lower, start).map(Some);
            }
            if !value.is_empty() || quoted_follows {
                let names: Vec<&str> = FIELDS.iter().map(|(f, _)| *f).collect();
                return Err(refuse(
                    self.text,
                    (start, start + name.len() + 1),
                    format!("there is no field `{name}`"),
                    format!(
                        "fields are {}; to search for it literally, quote it: \"{word}\"",
                        names.join(", ")
                    ),
                ));
            }
        }
        self.at += length;
        let place = (start, self.at);
        // Sentence punctuation round a word is not part of it.
        let trimmed = word.trim_end_matches([',', ';', ':', '!', '…']);
        let trimmed = match trimmed.strip_suffix(['?', '.']) {
            Some(t) if !t.ends_with('.') && !is_initials(trimmed) && !t.is_empty() => t,
            _ => trimmed,
        };
        let trimmed = trimmed.trim_end_matches(',');
        if let Some((i, sign)) = trimmed
            .char_indices()
            .find(|(_, c)| matches!(c, '[' | ']' | '{' | '}' | '^' | '\\' | '|' | '<' | '>' | '?'))
        {
            return Err(refuse(
                self.text,
                (start + i, start + i + sign.len_utf8()),
                format!("`{sign}` is not supported outside quotation marks"),
                match sign {
                    '?' => {
                        "there are no wildcards for one letter; word* finds words that begin so, word~ words one letter off"
                    }
                    '<' | '>' => "compare values with a field, as in amount:>=100M or date:>2020",
                    _ => "quote the text to search for it literally",
                },
            ));
        }
        if let Some(stem) = trimmed.strip_suffix('*') {
            if stem.contains('*') || literals(stem).is_empty() {
                return Err(self.star(start, trimmed));
            }
            return Ok(Some(Sort::Test(Test::Prefix(stem.to_string()))));
        }
        if trimmed.contains('*') {
            return Err(self.star(start, trimmed));
        }
        if let Some((stem, distance)) = trimmed.rsplit_once('~')
            && !stem.is_empty()
        {
            let distance = match distance {
                "" | "1" => 1,
                "2" => 2,
                _ => {
                    return Err(refuse(
                        self.text,
                        (start + stem.len(), place.1),
                        "`~` after a word takes 1 or 2, the number of letters that may differ",
                        "word~ or word~2",
                    ));
                }
            };
            if literals(stem).len() != 1 {
                return Err(refuse(self.text, place, "`~` works on one word", "take the signs out of it"));
            }
            return Ok(Some(Sort::Test(Test::Fuzzy { word: stem.to_string(), distance })));
        }
        if literals(trimmed).is_empty()
            || trimmed
                .chars()
                .all(|c| matches!(c, '-' | '–' | '—' | '&' | '/' | '.' | ',' | ';' | ':' | '!' | '+'))
        {
            return Ok(None); // punctuation between words
        }
        Ok(Some(Sort::Bare(trimmed.to_string())))
    }

    fn star(&self, start: usize, word: &str) -> Error {
        let i = word.find('*').unwrap_or(0);
        refuse(
            self.text,
            (start + i, start + i + 1),
            "`*` is supported at the end of a word only",
            "word* finds words that begin so; to search for the sign itself, quote it",
        )
    }

    /// The value of a field; the lexer stands behind the colon.
    fn field(&mut self, name: &str, start: usize) -> Result<Sort> {
        let example = FIELDS.iter().find(|(f, _)| *f == name).map_or("", |(_, e)| *e);
        let value_start = self.at;
        let quoted = self.next().and_then(closing).is_some();
        let value = if quoted {
            self.quoted()?.0
        } else if name == "amount" {
            // An amount may hold spaces: USD 40M..60M, $50 million.
            let length = super::values::amount_length(self.rest());
            let value = self.rest().get(..length).unwrap_or("").to_string();
            self.at += length;
            value + &self.word()
        } else {
            self.word()
        };
        let place = (start, self.at.max(value_start));
        let wrong = |why: String| refuse(self.text, place, why, format!("for example {example}"));
        let value = value.trim();
        if value.is_empty() {
            return Err(wrong(format!("`{name}:` has no value")));
        }
        let date = || {
            date_test(value).ok_or_else(|| {
                wrong(format!(
                    "`{value}` is no date: days, months and years are written 2021-03-05, 2021-03, 2021"
                ))
            })
        };
        let one_of = |names: &[&str]| wrong(format!("`{value}` is not one of {}", names.join(", ")));
        let test = match name {
            "amount" => {
                Test::Amount(amount_test(value).ok_or_else(|| wrong(format!("`{value}` is no amount")))?)
            }
            "date" => Test::Date(date()?),
            "published" => Test::Published(date()?),
            "page" => {
                let (from, to) =
                    page_range(value).ok_or_else(|| wrong(format!("`{value}` is no page number")))?;
                Test::Page(from, to)
            }
            "paragraph" => Test::Paragraph(value.to_string()),
            "title" => Test::Title(value.to_string()),
            "heading" => Test::Heading(value.to_string()),
            "publisher" => Test::Publisher(value.to_string()),
            "document" | "symbol" => match value.strip_suffix('*') {
                Some(prefix) => Test::Document(prefix.to_string(), true),
                None => Test::Document(value.to_string(), false),
            },
            "kind" | "has" => {
                let lower = value.to_lowercase();
                let singular = lower.strip_suffix('s').unwrap_or(&lower);
                if let Some(kind) = Kind::ALL.into_iter().find(|k| k.name() == singular) {
                    Test::Kind(kind)
                } else if let Some(part) = PARTS.iter().find(|p| **p == singular).filter(|_| name == "has") {
                    Test::Part(part.to_string())
                } else {
                    let mut names: Vec<&str> = Kind::ALL.iter().map(|k| k.name()).collect();
                    if name == "has" {
                        names.extend(PARTS);
                    }
                    return Err(one_of(&names));
                }
            }
            "exchange" => Test::Exchange(value.to_string()),
            "currency" => Test::Currency(value.to_uppercase()),
            "chain" => Test::Chain(value.to_lowercase()),
            "wallet" => Test::Wallet(value.trim_end_matches('*').to_string()),
            "hedge" => {
                let wanted = value.to_lowercase().replace(['-', ' '], "_");
                match Hedge::ALL.into_iter().find(|h| h.name() == wanted) {
                    Some(hedge) => Test::Hedge(hedge),
                    None => return Err(one_of(&Hedge::ALL.map(Hedge::name))),
                }
            }
            "language" => Test::Language(value.to_lowercase()),
            _ => return Err(wrong(format!("there is no field `{name}`"))),
        };
        Ok(Sort::Test(test))
    }

    /// What stands up to the next space or bracket.
    fn word(&mut self) -> String {
        let rest = self.rest();
        let length = rest.find(|c: char| c.is_whitespace() || c == ')' || c == '(').unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or("").to_string();
        self.at += length;
        word
    }
}

fn is_initials(word: &str) -> bool {
    let mut letters = 0;
    for part in word.trim_end_matches('.').split('.') {
        if part.chars().count() != 1 || !part.chars().all(char::is_alphabetic) {
            return false;
        }
        letters += 1;
    }
    letters > 1
}

/// The values a text is read as by the extractors. With `whole`, only where one covers all of it.
fn values_of(text: &str, whole: bool) -> Vec<Value> {
    let document = structure::plain(text);
    let trimmed = text.trim();
    extract::extract(&document, &Kind::ALL)
        .mentions
        .into_iter()
        .filter(|m| !whole || m.span.of(text).trim() == trimmed)
        .map(|m| m.value)
        .collect()
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, sort: &Sort) -> Option<Place> {
        let token = self.peek().filter(|t| t.sort == *sort)?;
        let place = token.place;
        self.at += 1;
        Some(place)
    }

    fn end(&self) -> Place {
        (self.text.len(), self.text.len())
    }

    /// `all OR all ...`
    fn any(&mut self) -> Result<Query> {
        self.depth += 1;
        if self.depth > 50 {
            return Err(refuse(
                self.text,
                self.peek().map_or(self.end(), |t| t.place),
                "brackets are nested too deep",
                "use fewer",
            ));
        }
        let mut parts = vec![self.all()?];
        while let Some(place) = self.take(&Sort::Or) {
            if self.peek().is_none_or(|t| matches!(t.sort, Sort::Or | Sort::And | Sort::Close)) {
                return Err(refuse(
                    self.text,
                    place,
                    "OR has nothing behind it",
                    "write what else may stand, as in Upbit OR KuCoin",
                ));
            }
            parts.push(self.all()?);
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Query::Any(parts) })
    }

    /// What stands side by side: bare words are ranked, all else must hold.
    fn all(&mut self) -> Result<Query> {
        let mut required: Vec<Query> = Vec::new();
        let mut bare: Vec<(String, Place)> = Vec::new();
        let mut joined = false; // AND stands before
        let mut any_part = false;
        while let Some(token) = self.peek().cloned() {
            match token.sort {
                Sort::Close | Sort::Or => {
                    if !any_part {
                        let what = if token.sort == Sort::Or {
                            "OR has nothing before it"
                        } else {
                            "there is nothing between these brackets"
                        };
                        return Err(refuse(self.text, token.place, what, "write what to search for there"));
                    }
                    break;
                }
                Sort::And => {
                    self.at += 1;
                    let follows =
                        self.peek().is_some_and(|t| !matches!(t.sort, Sort::And | Sort::Or | Sort::Close));
                    if !any_part || !follows {
                        let side = if any_part { "behind" } else { "before" };
                        return Err(refuse(
                            self.text,
                            token.place,
                            format!("AND has nothing {side} it"),
                            "write a word on both sides, or and in lower case for the word",
                        ));
                    }
                    // The word before AND is required as well.
                    if let Some((word, place)) = bare.pop() {
                        required.push(Query::Leaf(bare_leaf(&word, place)));
                    }
                    joined = true;
                    continue;
                }
                Sort::Bare(word) => {
                    self.at += 1;
                    if joined {
                        required.push(Query::Leaf(bare_leaf(&word, token.place)));
                    } else {
                        bare.push((word, token.place));
                    }
                }
                Sort::Not | Sort::Minus => {
                    self.at += 1;
                    let inner = self.operand(token.place)?;
                    required.push(Query::Not(Box::new(inner)));
                }
                Sort::Plus => {
                    self.at += 1;
                    required.push(self.operand(token.place)?);
                }
                Sort::Open | Sort::Test(_) => required.push(self.operand(token.place)?),
            }
            any_part = true;
            joined = false;
        }
        if !any_part {
            return Err(refuse(
                self.text,
                self.end(),
                "something to search for is missing here",
                "write a word",
            ));
        }
        if !bare.is_empty() {
            required.insert(0, ranked(self.text, &bare));
        }
        Ok(if required.len() == 1 { required.swap_remove(0) } else { Query::All(required) })
    }

    /// One word, phrase, field or bracket, after an operator or alone.
    fn operand(&mut self, before: Place) -> Result<Query> {
        let Some(token) = self.peek().cloned() else {
            return Err(refuse(
                self.text,
                before,
                "there is nothing behind this",
                "write a word, a phrase or a field",
            ));
        };
        self.at += 1;
        match token.sort {
            Sort::Bare(word) => Ok(Query::Leaf(bare_leaf(&word, token.place))),
            Sort::Test(test) => Ok(Query::Leaf(Leaf { test, place: token.place })),
            Sort::Open => {
                let inner = self.any()?;
                if self.take(&Sort::Close).is_none() {
                    return Err(refuse(
                        self.text,
                        token.place,
                        "the bracket that opens here is not closed",
                        "close it with )",
                    ));
                }
                Ok(inner)
            }
            _ => Err(refuse(
                self.text,
                token.place,
                "a word, a phrase or a field is expected here",
                "quote the word to search for it",
            )),
        }
    }
}

/// The test of one bare word.
fn bare_leaf(word: &str, place: Place) -> Leaf {
    let plain =
        word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '\u{2011}') || is_mark(c));
    let test = if plain || is_initials(word) || word.chars().all(char::is_alphanumeric) && word.len() < 20 {
        let values: Vec<Value> =
            values_of(word, true).into_iter().filter(|v| matches!(v, Value::Exchange(_))).collect();
        if values.is_empty() {
            Test::Word(word.to_string())
        } else {
            Test::Literal { text: word.to_string(), values }
        }
    } else {
        Test::Literal { text: word.to_string(), values: literal_values(word) }
    };
    Leaf { test, place }
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Values of a bare word with signs in it; an address is looked for in its own field too, also
/// where no rule knows it.
fn literal_values(word: &str) -> Vec<Value> {
    let mut values = values_of(word, true);
    let is_long_run = word.len() >= 20 && word.chars().all(|c| c.is_ascii_alphanumeric());
    if is_long_run && !values.iter().any(|v| matches!(v, Value::Wallet(_))) {
        values.push(Value::Wallet(Wallet {
            chain: String::new(),
            address: word.to_string(),
            form: extract::WalletForm::Address,
            checked: false,
            defanged: false,
            healed: false,
        }));
    }
    values
}

/// A run of bare words: those that together name an amount, a day or an exchange become one test.
fn ranked(text: &str, bare: &[(String, Place)]) -> Query {
    let (Some(first), Some(last)) = (bare.first(), bare.last()) else { return Query::Ranked(Vec::new()) };
    // Words that stand apart (an operator or a field between them) are not read together: what is
    // between them is blanked out.
    let whole = (first.1.0, last.1.1);
    let mut run: Vec<u8> = vec![b' '; whole.1 - whole.0];
    for (_, place) in bare {
        if let (Some(to), Some(from)) =
            (run.get_mut(place.0 - whole.0..place.1 - whole.0), text.as_bytes().get(place.0..place.1))
        {
            to.copy_from_slice(from);
        }
    }
    let run = String::from_utf8(run).unwrap_or_default();
    let document = structure::plain(&run);
    let findings = extract::extract(&document, &Kind::ALL);
    let mut leaves = Vec::new();
    let mut next = 0;
    for mention in findings.mentions {
        let several = match &mention.value {
            Value::Amount(_) | Value::Wallet(_) | Value::Exchange(_) => true,
            // A year or a month is better searched as a word; a day has many spellings.
            Value::Date(d) => d.start == d.end,
        };
        let place = (whole.0 + mention.span.start, whole.0 + mention.span.end);
        let from = bare.iter().position(|(_, p)| p.0 == place.0).filter(|i| *i >= next);
        let to = bare.iter().position(|(w, p)| p.0 + w.len() == place.1 || p.1 == place.1);
        let (true, Some(from), Some(to)) = (several, from, to) else { continue };
        if to < from {
            continue;
        }
        leaves.extend(bare.iter().take(from).skip(next).map(|(w, p)| bare_leaf(w, *p)));
        let printed = text.get(place.0..place.1).unwrap_or("").to_string();
        leaves.push(Leaf { test: Test::Literal { text: printed, values: vec![mention.value] }, place });
        next = to + 1;
    }
    leaves.extend(bare.iter().skip(next).map(|(w, p)| bare_leaf(w, *p)));
    let mut leaves = with_scales(text, leaves);
    if leaves.len() == 1 {
        return Query::Leaf(leaves.swap_remove(0));
    }
    Query::Ranked(leaves)
}

/// A figure and the scale word behind it (`$81 million`) are one test where no rule read them as
/// an amount.
fn with_scales(text: &str, leaves: Vec<Leaf>) -> Vec<Leaf> {
    let is_scale = |test: &Test| matches!(test, Test::Word(w) if SCALES.contains(&w.to_lowercase().as_str()));
    let is_figure = |test: &Test| match test {
        Test::Word(w) => w.bytes().all(|b| b.is_ascii_digit()),
        Test::Literal { text, values } => values.is_empty() && text.ends_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    let mut joined: Vec<Leaf> = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        match joined.last_mut() {
            Some(figure) if is_scale(&leaf.test) && is_figure(&figure.test) => {
                let place = (figure.place.0, leaf.place.1);
                let printed = text.get(place.0..place.1).unwrap_or("").to_string();
                *figure = Leaf { test: Test::Literal { text: printed, values: Vec::new() }, place };
            }
            _ => joined.push(leaf),
        }
    }
    joined
}

impl Query {
    /// Every test that a passage is asked to pass, those under NOT left out.
    pub fn positive(&self) -> Vec<&Leaf> {
        match self {
            Query::Leaf(leaf) => vec![leaf],
            Query::Ranked(leaves) => leaves.iter().collect(),
            Query::All(parts) | Query::Any(parts) => parts.iter().flat_map(Query::positive).collect(),
            Query::Not(_) => Vec::new(),
        }
    }
}

impl fmt::Display for Query {
    /// The query read back in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Query], between: &str| {
            for (i, part) in parts.iter().enumerate() {
                if i > 0 {
                    f.write_str(between)?;
                }
                match part {
                    Query::All(_) | Query::Any(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Query::Leaf(leaf) => leaf.test.fmt(f),
            Query::Ranked(leaves) => {
                let words: Vec<String> = leaves.iter().map(|l| l.test.to_string()).collect();
                write!(f, "any of {}", words.join(", "))
            }
            Query::All(parts) => list(f, parts, "; and "),
            Query::Any(parts) => list(f, parts, "; or "),
            Query::Not(part) => match part.as_ref() {
                Query::Leaf(_) => write!(f, "not {part}"),
                _ => write!(f, "not ({part})"),
            },
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Test::Word(word) => write!(f, "{word}"),
            Test::Literal { text, values } => {
                write!(f, "\"{text}\"")?;
                for value in values {
                    match value {
                        Value::Wallet(w) if w.chain.is_empty() => write!(f, " or an address that is so")?,
                        // The short form of a service begins with what it is.
                        Value::Exchange(service) => write!(f, " or the {service}")?,
                        Value::Amount(_) => {
                            write!(f, " or amount {value}, also hedged so that it may be")?;
                        }
                        value => write!(f, " or {} {value}", value.kind())?,
                    }
                }
                Ok(())
            }
            Test::Near { text, slop } => write!(f, "\"{text}\" with at most {slop} other words among them"),
            Test::Prefix(word) => write!(f, "words that begin with {word}"),
            Test::Fuzzy { word, distance } => {
                write!(f, "words {distance} letter{} off {word}", if *distance == 1 { "" } else { "s" })
            }
            Test::Amount(test) => write!(f, "an amount {test}"),
            Test::Date(test) => write!(f, "a date mentioned {test}"),
            Test::Published(test) => write!(f, "published {test}"),
            Test::Page(from, to) if from == to => write!(f, "on page {from}"),
            Test::Page(from, to) => write!(f, "on pages {from} to {to}"),
            Test::Paragraph(n) => write!(f, "in paragraph {n}"),
            Test::Title(t) => write!(f, "title has \"{t}\""),
            Test::Heading(t) => write!(f, "heading has \"{t}\""),
            Test::Publisher(p) => write!(f, "publisher \"{p}\""),
            Test::Document(d, false) => write!(f, "document {d}"),
            Test::Document(d, true) => write!(f, "documents that begin with {d}"),
            Test::Kind(k) => {
                write!(f, "has {} {k}", if matches!(k, Kind::Amount | Kind::Exchange) { "an" } else { "a" })
            }
            Test::Part(p) => write!(f, "in a {p}"),
            Test::Exchange(e) => write!(f, "exchange {e}"),
            Test::Currency(c) => write!(f, "currency {c}"),
            Test::Chain(c) => write!(f, "chain {c}"),
            Test::Wallet(w) => write!(f, "an address that begins with {w}"),
            Test::Hedge(h) => write!(f, "an amount with the hedge {}", h.name()),
            Test::Language(l) => write!(f, "in language {l}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        parse(text).unwrap_or_else(|e| panic!("{text}: {e}")).to_string()
    }

    fn error(text: &str) -> String {
        match parse(text) {
            Ok(query) => panic!("{text} was read as {query}"),
            Err(e) => e.to_string(),
        }
    }

    #[test]
    fn words_are_ranked_and_all_else_must_hold() {
        assert_eq!(read("stolen assets"), "any of stolen, assets");
        assert_eq!(read("stolen \"virtual assets\""), "stolen; and \"virtual assets\"");
        assert_eq!(read("stolen -laundered has:amount"), "stolen; and not laundered; and has an amount");
        assert_eq!(read("theft AND bank"), "theft; and bank");
        assert_eq!(read("(theft OR heist) NOT bank"), "(theft; or heist); and not bank");
        assert_eq!(read("theft OR heist bank"), "theft; or any of heist, bank");
        assert_eq!(read("what was stolen, and by whom?"), "any of what, was, stolen, and, by, whom");
    }

    #[test]
    fn curly_and_straight_quotes_are_the_same() {
        for query in [
            "\"virtual assets\"",
            "\u{201c}virtual assets\u{201d}",
            "\u{201e}virtual assets\u{201c}",
            "\u{ab}virtual assets\u{bb}",
        ] {
            assert_eq!(read(query), "\"virtual assets\"");
        }
    }

    #[test]
    fn figures_symbols_and_hashes_are_literal() {
        assert_eq!(read("S/2022/132"), "\"S/2022/132\"");
        assert!(read("2021/10/25").starts_with("\"2021/10/25\""));
        assert!(read("$50").starts_with("\"$50\""));
        assert_eq!(read("CVE-2021-1234."), "\"CVE-2021-1234\"");
        assert_eq!(read("U.S."), "U.S.");
        assert_eq!(read("cyber-attack"), "cyber-attack");
    }

    #[test]
    fn fields_take_values() {
        assert_eq!(read("amount:>=100M"), "an amount of at least 100000000");
        assert_eq!(read("amount:USD 40M..60M theft"), "theft; and an amount of USD 40000000 to 60000000");
        assert_eq!(read("date:2020-01..2021-06"), "a date mentioned 2020-01-01 to 2021-06-30");
        assert_eq!(read("symbol:S/2022*"), "documents that begin with S/2022");
        assert_eq!(
            read("hedge:at-least page:3..4"),
            "an amount with the hedge at_least; and on pages 3 to 4"
        );
        assert_eq!(read("https://example.org/a"), "\"https://example.org/a\"");
    }

    #[test]
    fn what_is_not_supported_is_refused_with_its_place() {
        assert_eq!(
            error("KuCoin foo:bar"),
            "cannot read the query: there is no field `foo`\n  KuCoin foo:bar\n         ^^^^\n  hint: fields are amount, chain, \
             currency, date, document, exchange, has, heading, hedge, kind, language, page, paragraph, published, \
             publisher, symbol, title, wallet; to search for it literally, quote it: \"foo:bar\""
        );
        for (query, why) in [
            ("", "the query is empty"),
            ("   ", "the query is empty"),
            ("wo*d", "at the end of a word only"),
            ("*word", "at the end of a word only"),
            ("*", "at the end of a word only"),
            ("w?rd", "`?` is not supported"),
            ("[2020 TO 2021]", "`[` is not supported"),
            ("a^2", "`^` is not supported"),
            ("\"open", "is not closed"),
            ("\"\"", "nothing to search for"),
            ("(open", "is not closed"),
            ("close)", "closes nothing"),
            ("()", "nothing between these brackets"),
            ("a AND", "AND has nothing behind it"),
            ("OR a", "OR has nothing before it"),
            ("a OR", "OR has nothing behind it"),
            ("NOT", "nothing behind this"),
            ("a && b", "`&&` is not an operator"),
            ("a NEAR/5 b", "is not an operator"),
            ("amount:lots", "`lots` is no amount"),
            ("date:spring", "`spring` is no date"),
            ("kind:money", "`money` is not one of amount, date, exchange, wallet"),
            ("page:x", "`x` is no page number"),
            ("amount:", "has no value"),
            ("word~9", "takes 1 or 2"),
            ("\"a b\"~", "needs a distance"),
            ("\"a b\"*", "not supported after a phrase"),
        ] {
            assert!(error(query).contains(why), "{query}: {}", error(query));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,40}") {
            match parse(&text) {
                Ok(query) => prop_assert!(!query.to_string().is_empty()),
                Err(e) => prop_assert!(!e.to_string().is_empty()),
            }
        }

        #[test]
        fn any_mix_of_signs_is_read_or_refused(text in "(a|\"|\\(|\\)|:|AND|OR|NOT|-|\\+|~|\\*| |amount:|date:|1|M|\\.\\.){0,20}") {
            drop(parse(&text).map(|q| q.to_string()));
        }
    }
}
