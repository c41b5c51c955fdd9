//! What the document says around a figure: which dollar, which dinar, how digits are grouped,
//! whether crypto-assets are spoken of, whether a sum changed.
//!
//! Each answer is found once, when it is first asked for.

use super::Unit;
use super::hedges::word_before;
use super::money::{MONEY, UnitWord};
use super::numbers::{Grouping, first, is_space, last, skip_spaces};
use crate::document::{Document, ParagraphKind, Span};
use memchr::memmem;
use regex::Regex;
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::LazyLock;

pub(super) struct Page<'a> {
    pub text: &'a str,
    pub document: &'a Document,
    groupings: RefCell<BTreeMap<u32, Grouping>>,
    /// Whether any number of the document groups by full stops.
    dotted: OnceCell<bool>,
    dollar: OnceCell<Option<(usize, String)>>,
    named: RefCell<BTreeMap<usize, bool>>,
    /// By unit word: places where the document says whose it is.
    said: RefCell<BTreeMap<usize, Vec<Said>>>,
    coins: RefCell<BTreeMap<usize, bool>>,
    /// Whether the document speaks of yuan more than of yen, `None` where of neither.
    yuan: OnceCell<Option<bool>>,
    /// Whether it speaks of Central Africa more than of West Africa.
    cfa: OnceCell<bool>,
}

/// A place where the document says whose a unit is: start, end, currency.
type Said = (usize, usize, usize);

// Where a text holds anything but ASCII, a Unicode `\b` takes the regex off its fast path: those below
// are of ASCII.
static DOT_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?-u:\b)(?:[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(?:\.[0-9]{3}){2,}|[0-9]+,[0-9]{1,2}\s?(?:€|EUR(?-u:\b)|%))",
    )
    .ok()
});
static COMMA_NUMBER: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?-u:\b)|[0-9]+\.[0-9]{1,2}(?-u:\b))").ok()
});
static DECLARED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)\b(?:all|amounts?|figures?|values?|sums?|prices?|references?|dollars?|currency|unless)\b[^.\n|]{0,70}?\b(?:in|are|is|to|as|means?|refers? to|denotes?|stands? for)\s+(?:the\s+)?(canadian|australian|new zealand|singapore|hong kong|us|u\.s\.|united states|jamaican|namibian?|taiwan|new taiwan|fijian?|barbados|bahamian|liberian|guyanese|trinidad and tobago|east caribbean)\s+dollars?\b",
    )
    .ok()
});
static COIN_WORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i:(?-u:\b)(?:crypto|bitcoin|ethereum|ether(?-u:\b)|blockchain|token|stablecoin|altcoin|coins?(?-u:\b)|defi(?-u:\b)|wallet|virtual (?:asset|currenc)|digital (?:asset|currenc)|on-chain|satoshi|airdrop|staking|smart contract|exchange hack|hot wallet|bridge exploit|mining pool|nft))|(?-u:\b)(?:BTC|ETH|USDT|USDC|XMR|BNB|XRP|TRX|LTC)(?-u:\b)",
    )
    .ok()
});
static TIE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)^\s*(?:(?:,|\(|\[|=|≈|/|\u{2013}|\u{2014}|or|i\.e\.,?|then|at the time|at that time|currently|now|today|which (?:is|was)|being|a value of|the equivalent of|an equivalent of|equivalent(?: to)?|equal to|worth|valued at|the sum of|in value|of value|that is|about)\s*)+$",
    )
    .ok()
});

/// Bytes of the longest clause that declares a dollar.
const DECLARATION: usize = 400;

/// Whether "in the Canadian" or the like stands before the "dollar" of this place: what must be true
/// for [`DECLARED`] to match there, at a small part of its price.
fn declares(text: &str, at: usize) -> bool {
    const LAST_WORDS: &[&str] = &[
        "canadian",
        "australian",
        "zealand",
        "singapore",
        "kong",
        "us",
        "u.s.",
        "states",
        "jamaican",
        "namibia",
        "namibian",
        "taiwan",
        "fiji",
        "fijian",
        "barbados",
        "bahamian",
        "liberian",
        "guyanese",
        "tobago",
        "caribbean",
    ];
    const LINKS: &[&str] = &["in", "are", "is", "to", "as", "mean", "means", "denote", "denotes", "for"];
    let Some(head) = text.get(..at).filter(|h| h.ends_with(char::is_whitespace)) else { return false };
    let tail = |word: &str, wanted: &str| {
        word.len()
            .checked_sub(wanted.len())
            .and_then(|from| word.get(from..))
            .is_some_and(|end| end.eq_ignore_ascii_case(wanted))
    };
    let mut words = head.split_whitespace().rev();
    words.next().is_some_and(|w| LAST_WORDS.iter().any(|l| tail(w, l)))
        && words.take(4).any(|w| LINKS.iter().any(|l| tail(w, l)))
}

impl<'a> Page<'a> {
    pub fn new(document: &'a Document) -> Self {
        Page {
            text: document.text.as_str(),
            document,
            groupings: RefCell::default(),
            dotted: OnceCell::new(),
            dollar: OnceCell::new(),
            named: RefCell::default(),
            said: RefCell::default(),
            coins: RefCell::default(),
            yuan: OnceCell::new(),
            cfa: OnceCell::new(),
        }
    }

    /// How numbers are grouped on the page of this place.
    pub fn grouping(&self, at: usize) -> Grouping {
        let dotted = *self.dotted.get_or_init(|| DOT_NUMBER.as_ref().is_some_and(|r| r.is_match(self.text)));
        if !dotted {
            return Grouping::Comma;
        }
        let number = self.document.page_at(at);
        if let Some(found) = self.groupings.borrow().get(&number) {
            return *found;
        }
        let span = self.page_span(number);
        let (dots, commas) = count_groupings(span.of(self.text));
        let grouping = if dots > commas { Grouping::Dot } else { Grouping::Comma };
        self.groupings.borrow_mut().insert(number, grouping);
        grouping
    }

    fn page_span(&self, number: u32) -> Span {
        let lines = &self.document.lines;
        let first = lines.partition_point(|l| l.page < number);
        let after = lines.partition_point(|l| l.page <= number);
        match (lines.get(first), after.checked_sub(1).and_then(|i| lines.get(i))) {
            (Some(a), Some(b)) if a.span.start <= b.span.end => Span::new(a.span.start, b.span.end),
            _ => Span::new(0, self.text.len()),
        }
    }

    /// The paragraph of a place, or the line where the document knows of none.
    fn paragraph(&self, at: usize) -> Span {
        self.document
            .paragraph_at(at)
            .and_then(|i| self.document.paragraphs.get(i))
            .map_or(Span::new(0, self.text.len()), |p| p.span)
    }

    pub fn is_code(&self, at: usize) -> bool {
        self.document
            .paragraph_at(at)
            .and_then(|i| self.document.paragraphs.get(i))
            .is_some_and(|p| p.kind == ParagraphKind::Code)
    }

    /// What a sign means on this page, and what that rests on.
    pub fn sign(&self, currency: usize, start: usize, end: usize) -> (Unit, Option<String>) {
        let usual = (Unit::Fiat(currency), None);
        match self.text.get(start..end) {
            Some("$" | "\u{a2}" | "\u{ff04}" | "\u{fe69}")
            | Some("cent" | "cents" | "Cent" | "Cents" | "CENTS") => {
                match self.dollar.get_or_init(|| self.declared_dollar()) {
                    Some((other, said)) if *other != currency => (Unit::Fiat(*other), Some(said.clone())),
                    _ => usual,
                }
            }
            Some("\u{a5}" | "\u{ffe5}") => {
                let near = self.around(Span::new(start, end), 300);
                let yuan = speaks_of_yuan(near.of(self.text))
                    .or_else(|| *self.yuan.get_or_init(|| speaks_of_yuan(self.text)));
                if yuan == Some(true)
                    && let Some(currency) = MONEY.named("CNY")
                {
                    return (Unit::Fiat(currency), Some("the text speaks of yuan".to_string()));
                }
                usual
            }
            _ => usual,
        }
    }

    fn declared_dollar(&self) -> Option<(usize, String)> {
        let bytes = self.text.as_bytes();
        let found = memmem::find_iter(bytes, "ollar")
            .chain(memmem::find_iter(bytes, "OLLAR"))
            .filter_map(|at| at.checked_sub(1))
            .filter(|at| self.text.is_char_boundary(*at))
            .filter(|at| declares(self.text, *at))
            .find_map(|at| {
                // The clause is short: only what stands right before is searched.
                let mut from = at.saturating_sub(DECLARATION);
                while !self.text.is_char_boundary(from) {
                    from -= 1;
                }
                let plural = self.text.get(at + 6..).is_some_and(|r| r.starts_with(['s', 'S']));
                let head = self.text.get(..at + 6 + usize::from(plural))?;
                if first(self.text, head.len()).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    return None;
                }
                DECLARED.as_ref()?.captures_at(head, from)
            })?;
        let adjective = found.get(1)?.as_str().to_lowercase();
        let unit = MONEY.units.iter().find(|u| u.word == "dollar")?;
        let currency =
            MONEY.adjectives.get(&adjective)?.iter().find(|c| unit.of.iter().any(|u| u.0 == **c))?;
        Some((*currency, fold(found.get(0)?.as_str())))
    }

    /// Whose unit the words before it say it is, and where they begin.
    pub fn adjective(&self, unit: &UnitWord, start: usize) -> (Option<usize>, usize) {
        let mut best = (None, start);
        let mut at = start;
        let mut phrase = String::new();
        for _ in 0..5 {
            let joined = last(self.text, at) == Some('-');
            let end = if joined { at - 1 } else { at };
            let Some(word) = word_before(self.text, end, 0) else { break };
            // Only a space or hyphen may stand between.
            if !joined && word.start + word.word.len() == at {
                break;
            }
            let lead =
                word.word.len() - word.word.trim_start_matches(['(', '[', '\u{201c}', '"', '\'']).len();
            let bare = &word.word[lead..];
            if bare.is_empty() || bare.chars().any(|c| c.is_ascii_digit()) {
                break;
            }
            phrase = if phrase.is_empty() {
                bare.to_lowercase()
            } else {
                format!("{} {phrase}", bare.to_lowercase())
            };
            at = word.start + lead;
            let whose = MONEY
                .adjectives
                .get(phrase.as_str())
                .and_then(|l| l.iter().find(|c| unit.of.iter().any(|u| u.0 == **c)));
            if let Some(currency) = whose {
                // "us" is the pronoun but before "dollars".
                best = (Some(*currency), at);
            }
            if lead > 0 || bare.ends_with(',') || phrase.len() > 40 {
                break;
            }
        }
        best
    }

    /// Whose unit the word after it says it is, as Spanish and French put it, and where that ends:
    /// `dólares canadienses`, `francs suisses`.
    pub fn adjective_after(&self, unit: &UnitWord, end: usize) -> Option<(usize, usize)> {
        let from = skip_spaces(self.text, end, 1);
        let rest = self.text.get(from..).filter(|r| from > end && r.starts_with(char::is_lowercase))?;
        let n = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        let word = rest.get(..n).filter(|w| w.len() >= 5)?;
        let of = MONEY.adjectives.get(word)?;
        Some((*of.iter().find(|c| unit.of.iter().any(|u| u.0 == **c))?, from + n))
    }

    /// The currency of a unit's name alone, and what that rests on.
    pub fn unit_of(&self, word: usize, unit: &UnitWord, at: usize) -> Option<(usize, Option<String>)> {
        let free: Vec<usize> = unit.of.iter().filter(|u| !u.1).map(|u| u.0).collect();
        if free.is_empty() {
            return None;
        }
        if let [only] = free.as_slice() {
            return Some((*only, None));
        }
        if unit.word.starts_with("dollar") {
            return match self.dollar.get_or_init(|| self.declared_dollar()) {
                Some((other, said)) => Some((*other, Some(said.clone()))),
                None => unit.usual.map(|u| (u, None)),
            };
        }
        if unit.word == "cfa" {
            return self.cfa();
        }
        if unit.word == "won" {
            return self.won(at).or_else(|| unit.usual.map(|u| (u, None)));
        }
        self.say(word, unit);
        let said = self.said.borrow();
        let said = said.get(&word).map_or(&[][..], Vec::as_slice);
        let after = said.partition_point(|s| s.0 < at);
        let earlier = after.checked_sub(1).and_then(|i| said.get(i)).or_else(|| said.first());
        if let Some(&(from, to, currency)) = earlier {
            let note = Some(fold(self.text.get(from..to).unwrap_or("")));
            return Some((currency, note.filter(|_| unit.usual != Some(currency))));
        }
        unit.usual.map(|u| (u, None))
    }

    /// West or Central African, by the countries the document speaks of; West where it tells
    /// neither.
    fn cfa(&self) -> Option<(usize, Option<String>)> {
        const CENTRAL: &[&str] =
            &["Central African", "Cameroon", "Chad", "Gabon", "Equatorial Guinea", "Bangui"];
        const WEST: &[&str] = &[
            "Mali",
            "Burkina Faso",
            "Niger",
            "Senegal",
            "Ivoire",
            "Togo",
            "Benin",
            "Guinea-Bissau",
            "West Africa",
        ];
        let central = *self.cfa.get_or_init(|| {
            let count =
                |names: &[&str]| names.iter().map(|n| self.text.matches(n).take(50).count()).sum::<usize>();
            count(CENTRAL) > count(WEST)
        });
        let currency = MONEY.named(if central { "XAF" } else { "XOF" })?;
        let note = if central {
            "the document speaks of Central Africa"
        } else {
            "the document does not speak of Central Africa more"
        };
        Some((currency, Some(note.to_string())))
    }

    /// "8,000 won in Pyongyang": the North's money where the words right after say so.
    fn won(&self, at: usize) -> Option<(usize, Option<String>)> {
        let north = MONEY.named("KPW")?;
        let rest = self.text.get(at..)?;
        let near: String =
            rest.chars().take(48).take_while(|c| !matches!(c, '.' | ',' | ';' | '\n')).collect();
        ["in Pyongyang", "in North Korea", "in the Democratic People", "in the DPRK"]
            .iter()
            .find(|place| near.contains(**place))
            .map(|place| (north, Some((*place).to_string())))
    }

    fn say(&self, word: usize, unit: &UnitWord) {
        if self.said.borrow().contains_key(&word) {
            return;
        }
        let stem = unit.word.trim_end_matches('s');
        let mut found = Vec::new();
        for (at, hit) in self.text.match_indices(stem).take(20_000) {
            if !last(self.text, at).is_some_and(|c| is_space(c) || c == '-') {
                continue;
            }
            if let (Some(currency), from) = self.adjective(unit, at) {
                let plural = usize::from(self.text[at + hit.len()..].starts_with('s'));
                found.push((from, at + hit.len() + plural, currency));
            }
        }
        self.said.borrow_mut().insert(word, found);
    }

    /// "United States dollars" beginning here: the currency and where the words end.
    pub fn unit_phrase(&self, at: usize) -> Option<(usize, usize)> {
        let mut from = at;
        for _ in 0..4 {
            let rest = self.text.get(from..)?;
            let n: usize = rest
                .chars()
                .take(24)
                .take_while(|c| c.is_alphabetic() || *c == '.')
                .map(char::len_utf8)
                .sum();
            let word = rest.get(..n).filter(|w| !w.is_empty())?;
            if let Some(super::Marker::Unit { word: unit }) =
                MONEY.spellings.get(word).and_then(|i| MONEY.markers.get(*i))
            {
                let unit_word = MONEY.units.get(*unit)?;
                let (of, begins) = self.adjective(unit_word, from);
                return match of {
                    Some(currency) if begins == at => Some((currency, from + n)),
                    None if from == at => Some((unit_word.usual?, from + n)),
                    _ => None,
                };
            }
            let next = skip_spaces(self.text, from + n, 2);
            if next == from + n {
                return None;
            }
            from = next;
        }
        None
    }

    /// Whether the document names a currency, by its country or its unit.
    pub fn names(&self, currency: usize) -> bool {
        if let Some(known) = self.named.borrow().get(&currency) {
            return *known;
        }
        let said = MONEY.currencies.get(currency).is_some_and(|c| {
            c.of.iter().any(|of| of.len() > 2 && self.text.contains(of))
                || c.units.iter().any(|u| u.len() > 3 && self.text.contains(u))
        });
        self.named.borrow_mut().insert(currency, said);
        said
    }

    /// Whether the paragraph speaks of crypto-assets.
    pub fn speaks_of_coins(&self, at: usize) -> bool {
        let span = self.paragraph(at);
        if let Some(known) = self.coins.borrow().get(&span.start) {
            return *known;
        }
        // A row of a table is short: its table is what it is about.
        let row = self
            .document
            .paragraph_at(at)
            .and_then(|i| self.document.paragraphs.get(i))
            .is_some_and(|p| p.kind == ParagraphKind::TableRow);
        let wide = if row { self.around(span, 2000) } else { span };
        let said = COIN_WORDS.as_ref().is_some_and(|r| r.is_match(wide.of(self.text)));
        self.coins.borrow_mut().insert(span.start, said);
        said
    }

    fn around(&self, span: Span, by: usize) -> Span {
        let mut start = span.start.saturating_sub(by);
        let mut end = (span.end + by).min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(start, end)
    }
}

/// An English month's name in lower case.
pub(super) fn is_month(word: &str) -> bool {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    MONTHS.contains(&word)
}

/// Whether the words between two sums say that the second is the first in other money.
pub(super) fn ties(gap: &str, after: &str) -> bool {
    if gap.len() > 60 || gap.trim().is_empty() || gap.contains(['\n', '|']) {
        return false;
    }
    if !TIE.as_ref().is_some_and(|r| r.is_match(gap)) {
        return false;
    }
    let trimmed = gap.trim();
    let bracketed = trimmed.starts_with(['(', '[']);
    if trimmed == "," {
        return false;
    }
    // A bracket that holds more than the one sum may hold something else.
    !bracketed || after.chars().take(80).any(|c| matches!(c, ')' | ']'))
}

fn count_groupings(text: &str) -> (usize, usize) {
    let count = |r: &LazyLock<Option<Regex>>| r.as_ref().map_or(0, |r| r.find_iter(text).take(500).count());
    let dots = count(&DOT_NUMBER);
    if dots == 0 { (0, 1) } else { (dots, count(&COMMA_NUMBER)) }
}

fn speaks_of_yuan(text: &str) -> Option<bool> {
    let count = |words: &[&str]| words.iter().map(|w| text.matches(w).take(100).count()).sum::<usize>();
    let yen = count(&["yen", "JPY", "Japan"]);
    let yuan = count(&["yuan", "renminbi", "RMB", "CNY", "Chinese"]);
    (yen + yuan > 0).then_some(yuan > yen)
}

pub(super) fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
