//! Whether a place that reads as a date is one: what touches it, which words stand before and
//! after it. Answers with the reason where it is not.

use super::grammar::{Expression, Shape, Style, Year};
use crate::document::Span;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A program or list that carries a year or number in its name.
    Product,
    /// A word whose number is no year: `page 2015`.
    Reference,
    /// What is counted: `2019 cases`.
    Unit,
}

static LOOKALIKES: LazyLock<HashMap<&'static str, Role>> = LazyLock::new(|| {
    include_str!("lookalikes.tsv")
        .lines()
        .skip(1)
        .filter_map(|row| {
            let mut fields = row.split('\t');
            let role = match fields.next()? {
                "product" => Role::Product,
                "reference" => Role::Reference,
                _ => Role::Unit,
            };
            Some((fields.next()?, role))
        })
        .collect()
});

fn role(word: &str) -> Option<Role> {
    LOOKALIKES
        .get(word)
        .or_else(|| LOOKALIKES.get(word.to_lowercase().as_str()).filter(|r| **r != Role::Product))
        .copied()
}

/// Words of time, after which four figures are a year rather than a count, and one far from now too.
const CUES: &[&str] = &["in", "since", "during", "until", "till", "before", "after", "early", "late", "year"];

fn is_among(word: &str, lists: [&[&str]; 2]) -> bool {
    let lower = word.to_ascii_lowercase();
    lists.into_iter().flatten().any(|w| *w == lower)
}

/// Words after which four figures are a year rather than a count.
fn is_strong_cue(word: &str) -> bool {
    is_among(word, [CUES, &["throughout", "the", "years", "mid"]])
}

/// Words that lead to a year far from now.
fn leads_to_any_year(word: &str) -> bool {
    is_among(word, [CUES, &["by", "from", "to", "circa"]])
}

/// The place of an expression in its segment (paragraph or cell).
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub text: &'a str,
    pub segment: Span,
    /// Program code, a listing, a dump.
    pub code: bool,
}

/// Why an expression is no date, or what is to be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Date,
    /// A look-alike worth naming, with the reason.
    Not(&'static str),
    /// Nothing anybody would take for a date.
    Nothing,
}

/// The word before a place: letters only, with what stands between.
#[derive(Debug, Clone, Copy)]
struct Neighbour<'a> {
    word: &'a str,
    between: &'a str,
}

/// How far a look around goes, in bytes.
const REACH: usize = 160;

impl<'a> Place<'a> {
    fn before(&self, at: usize) -> &'a str {
        let mut from = at.saturating_sub(REACH).max(self.segment.start);
        while from < at && !self.text.is_char_boundary(from) {
            from += 1;
        }
        self.text.get(from..at).unwrap_or("")
    }

    fn after(&self, at: usize) -> &'a str {
        let mut to = (at + REACH).min(self.segment.end);
        while to > at && !self.text.is_char_boundary(to) {
            to -= 1;
        }
        self.text.get(at..to).unwrap_or("")
    }

    fn word_before(&self, at: usize) -> Neighbour<'a> {
        let before = self.before(at);
        let trimmed =
            before.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '$' && c != '€' && c != '£');
        let word = trimmed.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        Neighbour { word, between: before.get(trimmed.len()..).unwrap_or("") }
    }

    fn word_after(&self, at: usize) -> Neighbour<'a> {
        let after = self.after(at);
        let trimmed = after.trim_start_matches(|c: char| !c.is_alphanumeric());
        let word = trimmed.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        Neighbour { word, between: after.get(..after.len() - trimmed.len()).unwrap_or("") }
    }

    /// Decides on an expression.
    pub fn decide(&self, expression: &Expression) -> Verdict {
        let span = expression.span;
        let bare = is_bare(expression);
        let figures = bare || matches!(expression.first.style, Style::Iso | Style::Figures);
        if self.code && (bare || matches!(expression.first.year, Year::Open)) {
            return Verdict::Nothing;
        }
        if let Some(why) = self.touched(span, bare, figures) {
            return Verdict::Not(why);
        }
        if self.in_address(span) {
            return Verdict::Not("it is part of an address or a file name");
        }
        let before = self.word_before(span.start);
        let spaced = !before.between.is_empty()
            && before.between.trim_matches(['.', ' ', '\u{a0}', ':', '#', '°']).is_empty();
        if figures && spaced && role(before.word) == Some(Role::Reference) {
            return Verdict::Not("it is a number in a reference");
        }
        if matches!(expression.first.style, Style::Figures | Style::Iso)
            && matches!(expression.first.shape, Shape::Month(_))
            && expression.last.is_none()
            && self.is_numbered_paper(before)
        {
            return Verdict::Not("it is the number of a paper");
        }
        if expression.first.style == Style::Spelt {
            return self.spelt(expression, before);
        }
        if bare {
            return self.bare(expression, before);
        }
        Verdict::Date
    }

    /// A year in words: after a word of time, and not before what it could count.
    fn spelt(&self, expression: &Expression, before: Neighbour<'_>) -> Verdict {
        let span = expression.span;
        let led = before.between.chars().all(char::is_whitespace)
            && (leads_to_any_year(before.word) || matches!(before.word, "of" | "and"));
        let after = self.word_after(span.end);
        let counts = after.between.chars().all(char::is_whitespace)
            && after.word.starts_with(char::is_lowercase)
            && !before.word.eq_ignore_ascii_case("year")
            && !matches!(
                after.word,
                "it" | "he"
                    | "she"
                    | "we"
                    | "they"
                    | "there"
                    | "its"
                    | "this"
                    | "an"
                    | "and"
                    | "or"
                    | "to"
                    | "the"
                    | "a"
                    | "in"
                    | "on"
                    | "by"
                    | "was"
                    | "were"
                    | "is"
                    | "has"
                    | "had"
                    | "when"
                    | "as"
                    | "at"
                    | "from"
                    | "until"
                    | "with"
                    | "that"
                    | "which"
                    | "after"
                    | "before"
            );
        match (led, counts) {
            (true, false) => Verdict::Date,
            (true, true) => Verdict::Not("it counts something"),
            (false, _) => Verdict::Nothing,
        }
    }

    /// `OC.12/2024`, `Law 3/2015`, `Ref 2021/03`: a month in figures right after a name.
    fn is_numbered_paper(&self, before: Neighbour<'_>) -> bool {
        let name = before.word.chars().any(char::is_uppercase)
            && !self.before(self.segment.end).is_empty()
            && before.between.trim().is_empty();
        name && !matches!(before.word, "In" | "Since" | "By" | "From" | "Until" | "On" | "Date" | "Period")
    }

    /// What touches the span so that it is part of something longer.
    fn touched(&self, span: Span, bare: bool, figures: bool) -> Option<&'static str> {
        let before = self.before(span.start);
        let after = self.after(span.end);
        let mut back = before.chars().rev();
        let (p, pp) = (back.next(), back.next());
        let mut forth = after.chars();
        let (n, nn) = (forth.next(), forth.next());
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let some = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
        let longer = "it is part of a longer name or number";
        match p {
            Some(c) if c.is_alphanumeric() && !matches!(c, '年' | '月' | '日') => return Some(longer),
            Some('-') if digit(pp) && figures => return Some(longer),
            Some('-' | '\u{ad}' | '\u{2010}' | '\u{2011}' | '\u{2013}') if letter(pp) && figures => {
                let word = self.word_before(span.start).word.to_ascii_lowercase();
                let prefix = matches!(
                    word.as_str(),
                    "mid" | "pre" | "post" | "end" | "early" | "late" | "since" | "year"
                );
                let joined = prefix || (p == Some('\u{2013}') && bare);
                if !joined {
                    return Some(longer);
                }
            }
            Some('-') if letter(pp) && n == Some('-') => return Some(longer),
            Some('/') if some(pp) => return Some(longer),
            Some('.') if pp.is_some_and(char::is_alphanumeric) && figures => return Some(longer),
            Some(',') if digit(pp) && figures => return Some(longer),
            Some(':') if (digit(pp) || pp == Some(':')) && bare => return Some(longer),
            Some('\\' | '@' | '#' | '&' | '%' | '_' | '?') if figures => return Some(longer),
            Some('+' | '=') if figures && some(pp) => return Some(longer),
            Some('$' | '€' | '£' | '¥' | '₽' | '₹') if figures => return Some("it is an amount"),
            _ => {}
        }
        match n {
            Some('a'..='d') if bare && !nn.is_some_and(|c| c.is_alphanumeric() || c == '_') => {}
            Some(c) if c.is_alphanumeric() && !(c == 'T' && digit(nn)) => return Some(longer),
            Some('_' | '\\' | '@' | '=') => return Some(longer),
            Some('%' | '°' | '€' | '£' | '×') if bare => return Some("it counts something"),
            Some('.') if nn.is_some_and(char::is_alphanumeric) && figures && !self.note_mark(after) => {
                return Some(longer);
            }
            Some('-' | '\u{2011}') if digit(nn) && figures => return Some(longer),
            Some('-') if bare && nn.is_some_and(char::is_uppercase) && !after.starts_with("-Present") => {
                return Some(longer);
            }
            Some('-') if figures && !bare && letter(nn) => return Some(longer),
            Some('/') if some(nn) && (figures || letter(nn)) => return Some(longer),
            Some(':') if bare && nn.is_some_and(char::is_alphanumeric) => return Some(longer),
            Some(':') if nn == Some(':') && figures => return Some(longer),
            Some('&' | '?' | '#' | '+') if nn.is_some_and(char::is_alphanumeric) && figures => {
                return Some(longer);
            }
            _ => {}
        }
        None
    }

    /// `2021.47 The`: a full stop and the mark of a footnote; `2021.The`: a lost space.
    fn note_mark(&self, after: &str) -> bool {
        let rest = after.trim_start_matches('.');
        let mark = rest.bytes().take_while(u8::is_ascii_digit).count();
        let rest = rest.get(mark..).unwrap_or("");
        let blank = rest.starts_with(char::is_whitespace);
        let mut next = rest.trim_start().chars();
        match (mark, next.next(), next.next()) {
            (0, Some(a), Some(b)) => !blank && a.is_uppercase() && b.is_lowercase(),
            (1..=3, None, _) => true,
            (1..=3, Some(a), _) => blank && !a.is_lowercase(),
            _ => false,
        }
    }

    /// Inside a web address, a path, an e-mail address.
    fn in_address(&self, span: Span) -> bool {
        let before = self.before(span.start);
        let after = self.after(span.end);
        let head = before.rsplit(char::is_whitespace).next().unwrap_or("");
        let tail = after.split(char::is_whitespace).next().unwrap_or("");
        if head.len() + tail.len() < 3 {
            return false;
        }
        ["://", "www.", "\\"].iter().any(|mark| head.contains(mark) || tail.contains(mark))
            || tail.contains('@')
            || (head.contains('@') && !head.ends_with(['(', ',']))
    }

    /// A year by its figures alone, or two of them: the commonest look-alike.
    fn bare(&self, expression: &Expression, before: Neighbour<'a>) -> Verdict {
        let span = expression.span;
        let Year::Known(year) = expression.first.year else { return Verdict::Nothing };
        let range = expression.last.is_some() || matches!(expression.first.shape, Shape::Years { .. });
        let after = self.word_after(span.end);
        let close = |between: &str| between.chars().all(char::is_whitespace) && !between.is_empty();
        let near = close(before.between);
        let next_near = close(after.between);
        let opener =
            is_strong_cue(self.text.get(span.start..expression.first.span.start).unwrap_or("").trim());
        let strong = opener || (near && is_strong_cue(before.word));
        let plausible = (1900..=2100).contains(&year);

        let led_to = near && leads_to_any_year(before.word);
        if !(plausible || led_to || range) {
            return Verdict::Nothing;
        }
        if !plausible && (range || self.after(span.end).trim_start().starts_with('(')) {
            return Verdict::Nothing;
        }
        if before.word.ends_with(['$', '€', '£']) || (near && is_currency_code(before.word)) {
            return Verdict::Not("it is an amount");
        }
        let product_gap = |between: &str| {
            !between.is_empty() && between.chars().all(|c| c.is_whitespace() || matches!(c, '/' | ',' | '-'))
        };
        if product_gap(before.between)
            && LOOKALIKES.get(before.word) == Some(&Role::Product)
            && self.is_product(before, span, range)
        {
            return Verdict::Not("it is part of a product's name");
        }
        if near && before.word == "Agenda" || (next_near && after.word == "Agenda") {
            return Verdict::Not("it is part of a name");
        }
        // "the 2000 companies" counts them, "the 2015 cases" dates them.
        let round = year == 2000 && near && before.word.eq_ignore_ascii_case("the");
        if next_near && role(after.word) == Some(Role::Unit) && (!strong || round) {
            return Verdict::Not("it counts something");
        }
        if next_near
            && matches!(
                before.word,
                "some"
                    | "nearly"
                    | "over"
                    | "than"
                    | "approximately"
                    | "about"
                    | "around"
                    | "least"
                    | "only"
                    | "total"
                    | "another"
                    | "additional"
                    | "all"
                    | "these"
                    | "those"
            )
            && after.word.chars().all(char::is_lowercase)
            && after.word.ends_with('s')
            && after.word.len() > 3
        {
            return Verdict::Not("it counts something");
        }
        if self.is_copyright(span) {
            return Verdict::Not("it is a copyright notice");
        }
        // 1970 (2011): the number of a resolution and its year.
        if let Some(bracketed) = bracketed_year(self.after(span.end))
            && !strong
            && (is_citing(self.before(span.start)) || security_council_fits(i32::from(year), bracketed))
        {
            return Verdict::Not("it is the number of a resolution");
        }
        if self.cites_resolution(span, year) {
            return Verdict::Not("it is the year of a resolution's number");
        }
        if self.in_dump(span) {
            return Verdict::Not("it stands in a dump of figures");
        }
        Verdict::Date
    }

    /// Whether a word that can name a product does so: `Microsoft Office 2010`, `in Word 2007`; not
    /// `General Accounting Office 2001`, `Strategic Outlook 2024-2028`.
    fn is_product(&self, before: Neighbour<'_>, span: Span, range: bool) -> bool {
        if matches!(
            before.word,
            "Windows" | "Win" | "XP" | "Vista" | "NT" | "SharePoint" | "PowerPoint" | "RSA"
        ) {
            return true;
        }
        if range {
            return false;
        }
        let name = span.start - before.between.len() - before.word.len();
        let maker = self.word_before(name);
        let capital = maker.word.starts_with(char::is_uppercase) && maker.between.trim().is_empty();
        !capital
            || matches!(
                maker.word,
                "Microsoft"
                    | "MS"
                    | "Windows"
                    | "Visual"
                    | "SQL"
                    | "Small"
                    | "Business"
                    | "Web"
                    | "Adobe"
                    | "Norton"
                    | "The"
                    | "Global"
                    | "Of"
                    | "In"
            )
    }

    /// `© 2015`, `Copyright 2014-2015`, `(c) 2013`.
    fn is_copyright(&self, span: Span) -> bool {
        let before = self.before(span.start).trim_end();
        before.ends_with('©')
            || before.ends_with("(c)")
            || before.ends_with("(C)")
            || before
                .get(before.len().saturating_sub(9)..)
                .is_some_and(|w| w.eq_ignore_ascii_case("copyright"))
    }

    /// A year in brackets after a whole number that is a resolution's: the word stands before, or
    /// the Security Council had reached that number that year.
    fn cites_resolution(&self, span: Span, year: i16) -> bool {
        let Some(before) = self.before(span.start).strip_suffix('(') else { return false };
        if !self.after(span.end).starts_with(')') {
            return false;
        }
        let before = before.trim_end();
        let number = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let digits = before.get(number..).unwrap_or("");
        let lead = before.get(..number).unwrap_or("");
        let Ok(number) = digits.parse::<i32>() else { return false };
        if digits.len() > 4 || lead.ends_with([',', '.', '$', '€', '£', '/']) {
            return false;
        }
        is_citing(lead) || security_council_fits(number, year)
    }

    /// Among bytes or words in hexadecimal figures.
    fn in_dump(&self, span: Span) -> bool {
        let hex = |word: &str| {
            matches!(word.len(), 2 | 4 | 8)
                && word.bytes().all(|b| b.is_ascii_hexdigit())
                && word.bytes().any(|b| b.is_ascii_digit())
                && word.bytes().any(|b| b.is_ascii_alphabetic())
        };
        let before = self.before(span.start);
        let after = self.after(span.end);
        let head = before.split_whitespace().rev().take(2);
        let tail = after.split_whitespace().take(2);
        head.chain(tail).any(hex)
    }
}

/// An expression of years by their figures only.
fn is_bare(expression: &Expression) -> bool {
    let bare = |shape: Shape| matches!(shape, Shape::Year | Shape::Years { .. });
    let first = &expression.first;
    bare(first.shape)
        && first.part.is_none()
        && first.style == Style::Words
        && matches!(first.year, Year::Known(_))
        && expression
            .last
            .is_none_or(|p| bare(p.shape) && p.part.is_none() && matches!(p.year, Year::Known(_)))
}

fn is_currency_code(word: &str) -> bool {
    matches!(
        word,
        "USD"
            | "EUR"
            | "GBP"
            | "JPY"
            | "CNY"
            | "RMB"
            | "CHF"
            | "KRW"
            | "BTC"
            | "ETH"
            | "US$"
            | "AUD"
            | "CAD"
            | "INR"
            | "RUB"
            | "XAF"
            | "SDG"
            | "Rs"
    )
}

/// The year in brackets that a text begins with.
fn bracketed_year(after: &str) -> Option<i16> {
    let inside = after.trim_start().strip_prefix('(')?;
    let year = inside.get(..4)?;
    let whole = year.bytes().all(|b| b.is_ascii_digit()) && inside.get(4..5) == Some(")");
    year.parse().ok().filter(|y| whole && (1900..2100).contains(y))
}

/// Whether a text cites resolutions, decisions or laws by number.
fn is_citing(text: &str) -> bool {
    let lower = text.to_lowercase();
    ["resol", "résol", "decision", "décision", "decisión", " act ", "law ", "regulation", "№"]
        .iter()
        .any(|word| lower.contains(word))
}

/// Whether the Security Council's resolutions had reached `number` in `year`, give or take: the
/// number of the last one of some years, from the Council's own list.
fn security_council_fits(number: i32, year: i16) -> bool {
    const LAST: &[(i16, i32)] = &[
        (1945, 0),
        (1960, 160),
        (1970, 291),
        (1980, 484),
        (1990, 683),
        (1995, 1035),
        (2000, 1334),
        (2005, 1651),
        (2010, 1966),
        (2015, 2259),
        (2020, 2560),
        (2025, 2815),
        (2040, 3600),
    ];
    let Some(pair) = LAST
        .windows(2)
        .find(|w| w.first().is_some_and(|a| a.0 < year) && w.get(1).is_some_and(|b| year <= b.0))
    else {
        return false;
    };
    let &[(y0, n0), (y1, n1)] = pair else { return false };
    let at = |y: i16| n0 + (n1 - n0) * i32::from(y - y0) / i32::from(y1 - y0);
    number > at(year - 1) - 45 && number <= at(year) + 45
}
