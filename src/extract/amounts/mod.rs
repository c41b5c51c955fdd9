//! Sums of money in fiat currencies and crypto-assets.
//!
//! One automaton over all currency spellings proposes places; beside each the number is read, and
//! functions decide what it is: which dollar, range or change, hedge, code or prose. Text without
//! currency spellings costs one pass of the automaton. What a table's head or caption says of its
//! cells is read in [`tables`]. Percentages, counts, weights and dates are not looked for.

mod changes;
mod coins;
mod hedges;
mod joining;
mod lookalikes;
mod markers;
mod money;
mod numbers;
mod page;
mod ranges;
mod tables;
#[cfg(test)]
mod vectors;

use self::coins::{coin_name, coin_symbol, satoshi, ticker};
use self::joining::settle;
use self::markers::{code, minor, symbol, unit_word};
use self::money::{MONEY, Marker};
use self::numbers::{Figure, Unread, back_spaces, first, last, skip_spaces};
use self::page::Page;
use super::{Amount, Extractor, Findings, Hedge, Kind, Rule, Value};
use crate::document::{Document, Span};
use rust_decimal::Decimal;

pub(super) static SYMBOL_FIRST: Rule = crate::rule!(
    name: "amount-symbol-first",
    finds: "a currency sign or abbreviation before the figure",
    leaves_out: "variables of scripts ($1 = ...), hex bytes ($ 5B), signs with no figure",
    example: "US$50 million",
    source: "UN Editorial Manual: currencies",
);
pub(super) static SYMBOL_LAST: Rule = crate::rule!(
    name: "amount-symbol-last",
    finds: "a currency sign or abbreviation after the figure",
    leaves_out: "signs that belong to the next figure",
    example: "1.234.567,89 €",
    source: "European Union interinstitutional style guide, 7.3.3",
);
pub(super) static CODE_FIRST: Rule = crate::rule!(
    name: "amount-code-first",
    finds: "an ISO 4217 code before the figure",
    leaves_out: "codes that are other acronyms too (SDG 16, AMD 64, PHP 7.4) without grouped thousands or a magnitude",
    example: "EUR 1.2bn",
    source: "ISO 4217",
);
pub(super) static CODE_LAST: Rule = crate::rule!(
    name: "amount-code-last",
    finds: "an ISO 4217 code after the figure",
    leaves_out: "the year of constant prices (2015 USD)",
    example: "16 million USD",
    source: "ISO 4217",
);
pub(super) static WORD_FIRST: Rule = crate::rule!(
    name: "amount-word-first",
    finds: "a currency's name before the figure",
    leaves_out: "names followed by a plain integer, except those always printed so (rupees 500)",
    example: "naira 5,000",
    source: "how Nigerian, Indian and Malaysian papers print sums",
);
pub(super) static WORD_LAST: Rule = crate::rule!(
    name: "amount-word-last",
    finds: "a figure and a currency's name",
    leaves_out: "pounds of weight, the verb won, euro area, dollar accounts, unit names shared by countries where the document names none",
    example: "123.5 billion Libyan dinars",
    source: "UNTERM currency names",
);
pub(super) static NUMBER_WORDS: Rule = crate::rule!(
    name: "amount-number-words",
    finds: "a sum whose number is written out",
    leaves_out: "vague sums (millions of dollars, several hundred euros)",
    example: "two and a half billion dollars",
    source: "English number words",
);
pub(super) static MINOR: Rule = crate::rule!(
    name: "amount-minor-unit",
    finds: "cents, pence and other minor units, given in the major unit",
    leaves_out: "per cent",
    example: "93 cents",
    source: "ISO 4217 minor units",
);
pub(super) static TWO_PARTS: Rule = crate::rule!(
    name: "amount-two-parts",
    finds: "major and minor units of one sum",
    leaves_out: "a second number without its unit",
    example: "thirteen dollars and forty-five cents",
    source: "English usage",
);
pub(super) static COIN: Rule = crate::rule!(
    name: "amount-coin",
    finds: "a sum in a crypto-asset, by ticker, sign or name",
    leaves_out: "tickers that are words (NEAR, LINK, TON, SOL) away from crypto-assets, counts of addresses, wallets, transactions",
    example: "173,600 ether",
    source: "tickers as the large exchanges list them",
);
pub(super) static RANGE: Rule = crate::rule!(
    name: "amount-range",
    finds: "two ends of one range, with what they share",
    leaves_out: "a change from one sum to another, which is two amounts",
    example: "$1.5-2 billion",
    source: "labelling guidelines: a change is two figures, a range is one",
);
pub(super) static SHARED: Rule = crate::rule!(
    name: "amount-shared",
    finds: "a sum whose magnitude or currency is printed with its neighbour only",
    leaves_out: "neighbours of another order of size",
    example: "$8 and $9 million",
    source: "English usage",
);
pub(super) static TABLE_UNIT: Rule = crate::rule!(
    name: "amount-table-unit",
    finds: "a number in a table's cell whose unit stands in the head, caption or unit line",
    leaves_out: "columns of years, counts, shares and notes, and tables that name no currency",
    example: "12.5 under \"Millions of United States dollars\"",
    source: "UN Editorial Manual: tables",
);

/// The extractor of amounts.
pub static EXTRACTOR: Extractor = Extractor {
    name: "amounts",
    kind: Kind::Amount,
    rules: &[
        &SYMBOL_FIRST,
        &SYMBOL_LAST,
        &CODE_FIRST,
        &CODE_LAST,
        &WORD_FIRST,
        &WORD_LAST,
        &NUMBER_WORDS,
        &MINOR,
        &TWO_PARTS,
        &COIN,
        &RANGE,
        &SHARED,
        &TABLE_UNIT,
    ],
    cases: include_str!("../amounts.cases.md"),
    find,
};

/// Whose unit a figure is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Fiat(usize),
    Coin(&'static str),
}

impl Unit {
    fn code(self) -> &'static str {
        match self {
            Unit::Fiat(i) => MONEY.code(i),
            Unit::Coin(coin) => coin,
        }
    }
}

/// A mention being made.
#[derive(Debug, Clone)]
struct Draft {
    /// With the hedge and the range word.
    start: usize,
    end: usize,
    /// Currency and figure alone.
    core: (usize, usize),
    /// The number alone.
    number: (usize, usize),
    low: Decimal,
    high: Decimal,
    unit: Unit,
    hedge: Hedge,
    rule: &'static Rule,
    /// Of the higher end.
    magnitude: Option<Decimal>,
    grouped: bool,
    decimals: usize,
    inherited: Option<String>,
    tied_to: Option<Span>,
    /// The currency stands before the number.
    leads: bool,
}

/// A figure with its currency, before its surroundings are read.
struct Proposal {
    start: usize,
    end: usize,
    figure: Figure,
    unit: Unit,
    rule: &'static Rule,
    inherited: Option<String>,
    leads: bool,
    negative: bool,
}

/// Why a place with a figure is no amount; `None` where nothing stood there at all.
type Refusal = Option<(Span, &'static Rule, &'static str)>;

fn find(document: &Document, findings: &mut Findings) {
    let Some(automaton) = MONEY.automaton.as_ref() else { return };
    let text = document.text.as_str();
    let page = Page::new(document);
    let mut drafts: Vec<Draft> = Vec::new();
    let mut taken = 0;
    for found in automaton.find_iter(text) {
        if found.start() < taken {
            continue;
        }
        let Some(marker) = MONEY.markers.get(found.pattern().as_usize()) else { continue };
        match propose(&page, marker, found.start(), found.end(), taken) {
            Ok(proposal) => {
                let before = drafts.len();
                settle(&page, &mut drafts, proposal, taken);
                if drafts.len() >= before {
                    taken = drafts.last().map_or(taken, |d| d.end);
                }
            }
            Err(Some((span, rule, why))) => findings.reject(rule, Kind::Amount, span, why),
            Err(None) => {}
        }
    }
    tables::read(&page, &mut drafts);
    drafts.sort_by_key(|d| d.start);
    for draft in drafts {
        let span = Span::new(draft.start, draft.end);
        findings.mentions.push(super::Mention {
            span,
            rule: draft.rule.name.to_string(),
            value: Value::Amount(Amount {
                currency: draft.unit.code().to_string(),
                low: draft.low.normalize(),
                high: draft.high.normalize(),
                hedge: draft.hedge,
            }),
            inherited: draft.inherited,
            tied_to: draft.tied_to,
        });
    }
}

fn refuse(start: usize, end: usize, rule: &'static Rule, why: &'static str) -> Refusal {
    Some((Span::new(start, end), rule, why))
}

fn unread(start: usize, end: usize, rule: &'static Rule, why: Unread) -> Refusal {
    match why {
        Unread::Nothing => None,
        Unread::TooLong => refuse(start, end, rule, "the number is larger than any sum"),
        Unread::Malformed => refuse(start, end, rule, "the digits and signs are in no order of a number"),
    }
}

/// Whether the spelling stands by itself, or against a number.
fn bounded(text: &str, start: usize, end: usize) -> bool {
    let spelling = &text[start..end];
    let opens_with_letter = spelling.chars().next().is_some_and(char::is_alphabetic);
    let closes_with_letter = spelling.chars().next_back().is_some_and(char::is_alphabetic);
    let left = !opens_with_letter
        || match last(text, start) {
            Some(c) if c.is_ascii_digit() => true,
            Some('_' | '@' | '#' | '\\') => false,
            Some(c) if c.is_alphabetic() => glued_magnitude(text, start),
            _ => true,
        };
    let right = !closes_with_letter
        || match first(text, end) {
            Some(c) if c.is_ascii_digit() => true,
            Some('_' | '@') => false,
            Some(c) => !c.is_alphabetic(),
            None => true,
        };
    left && right
}

/// `25mUSD`, `5bnEUR`: letters of a magnitude between digits and the spelling.
fn glued_magnitude(text: &str, at: usize) -> bool {
    let head = &text[..at];
    let letters = head.chars().rev().take(4).take_while(|c| c.is_ascii_alphabetic()).count();
    let from = at - letters;
    letters > 0
        && letters <= 3
        && last(text, from).is_some_and(|c| c.is_ascii_digit())
        && matches!(
            text[from..at].to_ascii_lowercase().as_str(),
            "k" | "m" | "b" | "mn" | "bn" | "tn" | "mln" | "mio"
        )
}

fn propose(
    page: &Page<'_>,
    marker: &Marker,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    let (mut start, mut marker) = (start, *marker);
    if !bounded(text, start, end) {
        // `USA$5`: the letters are not the sign's; the sign alone may be.
        let bare = text[start..end].chars().next_back().filter(|c| matches!(c, '$' | '\u{a3}' | '\u{a5}'));
        let (Some(sign), Some(i)) = (bare, bare.and_then(|c| MONEY.spellings.get(c.to_string().as_str())))
        else {
            return Err(None);
        };
        start = end - sign.len_utf8();
        marker = *MONEY.markers.get(*i).ok_or(None)?;
    }
    match marker {
        Marker::Symbol { currency, care } => symbol(page, currency, care, start, end, floor),
        Marker::Code { currency, care, millions } => code(page, currency, care, millions, start, end, floor),
        Marker::Unit { word } => unit_word(page, word, start, end, floor),
        Marker::Minor { currency } => minor(page, currency, start, end, floor),
        Marker::Ticker { coin, care } => ticker(page, coin, care, start, end, floor),
        Marker::CoinSymbol { coin } => coin_symbol(page, coin, start, end, floor),
        Marker::CoinName { coin, care, singular } => coin_name(page, coin, care, singular, start, end, floor),
        Marker::Satoshi => satoshi(page, start, end, floor),
    }
}
