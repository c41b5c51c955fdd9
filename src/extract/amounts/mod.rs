//! Sums of money in fiat currencies and crypto-assets.
//!
//! One automaton over all currency spellings proposes places; beside each the number is read, and
//! functions decide what it is: which dollar, range or change, hedge, code or prose. Text without
//! currency spellings costs one pass of the automaton. What a table's head or caption says of its
//! cells is read in [`tables`]. Percentages, counts, weights and dates are not looked for.

mod hedges;
mod money;
mod numbers;
mod page;
mod tables;
#[cfg(test)]
mod vectors;

use self::money::{Care, MONEY, Marker};
use self::numbers::{
    Figure, Unread, back_spaces, figure_at, figure_before, first, is_dash, is_space, last, skip_spaces,
};
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
    let (mut start, mut marker) = (start, marker.clone());
    if !bounded(text, start, end) {
        // `USA$5`: the letters are not the sign's; the sign alone may be.
        let bare = text[start..end].chars().next_back().filter(|c| matches!(c, '$' | '\u{a3}' | '\u{a5}'));
        let (Some(sign), Some(i)) = (bare, bare.and_then(|c| MONEY.spellings.get(c.to_string().as_str())))
        else {
            return Err(None);
        };
        start = end - sign.len_utf8();
        marker = MONEY.markers.get(*i).ok_or(None)?.clone();
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

/// The figure right after a currency, with the signs that may stand between.
fn figure_after(page: &Page<'_>, at: usize, signed: bool) -> Result<(Figure, bool), Unread> {
    let text = page.text;
    let mut from = skip_spaces(text, at, 2);
    let mut negative = false;
    if let Some(c @ ('-' | '\u{2212}')) = first(text, from)
        && from == at
        && signed
    {
        let next = from + c.len_utf8();
        if first(text, next).is_some_and(|d| d.is_ascii_digit()) {
            negative = true;
            from = next;
        }
    }
    // Words count only with a magnitude: "US$ one million".
    let spelled = first(text, from).is_some_and(char::is_alphabetic);
    let mut figure = figure_at(text, from, page.grouping(from))?;
    if spelled && figure.magnitude.is_none() {
        return Err(Unread::Nothing);
    }
    if figure.comma_decimal
        && figure.magnitude.is_none()
        && figure.decimals == 1
        && page.grouping(from) == numbers::Grouping::Comma
    {
        // `$5,3 of which`: a footnote mark or a list, not a decimal.
        figure = whole_part(text, figure);
    }
    Ok((figure, negative))
}

/// The figure without what follows its decimal comma.
fn whole_part(text: &str, figure: Figure) -> Figure {
    let comma = text[figure.start..figure.end].find(',').map(|i| figure.start + i);
    match comma {
        Some(end) => Figure { end, decimals: 0, comma_decimal: false, value: figure.value.trunc(), ..figure },
        None => figure,
    }
}

/// What may not follow a figure that belongs to a currency before it.
fn closes(text: &str, figure: &Figure) -> Result<(), &'static str> {
    let full_word = figure.magnitude.is_some();
    match first(text, figure.end) {
        Some('%') => return Err("it is a percentage"),
        Some(c) if c.is_alphabetic() && !follows_currency(text, figure.end) => {
            return Err("letters are glued to the number");
        }
        Some(c) if c.is_ascii_digit() && !full_word => {
            // A footnote mark after grouped thousands is at most two digits.
            let run = text[figure.end..].bytes().take(4).take_while(u8::is_ascii_digit).count();
            if !figure.grouped || run > 2 {
                return Err("digits run on");
            }
        }
        Some('.' | ',') if !full_word => {
            let next = figure.end + 1;
            let run = text[next..].bytes().take(5).take_while(u8::is_ascii_digit).count();
            if run > 2 && first(text, figure.end) == Some('.') {
                return Err("the digits and signs are in no order of a number");
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whether a currency's code or name is glued here: `$250USD`.
fn follows_currency(text: &str, at: usize) -> bool {
    let n = text[at..].bytes().take(8).take_while(u8::is_ascii_alphabetic).count();
    text.get(at..at + n).is_some_and(|w| MONEY.spellings.contains_key(w))
}

/// Whether the figure looks like a sum by itself.
fn enough(page: &Page<'_>, care: Care, figure: &Figure, currency: Option<usize>, at: usize) -> bool {
    let strict = figure.grouped || figure.magnitude.is_some();
    match care {
        Care::None => true,
        Care::Figure => {
            strict
                || figure.decimals == 2
                || (figure.value >= Decimal::ONE_HUNDRED && !figure.looks_like_year())
        }
        Care::Context => page.speaks_of_coins(at),
        Care::Strict if currency.is_some() => strict,
        Care::Strict => (strict || figure.decimals > 0) && page.speaks_of_coins(at),
        Care::Named => strict && currency.is_some_and(|c| page.names(c)),
    }
}

fn symbol(
    page: &Page<'_>,
    currency: usize,
    care: Care,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    let letters = text[start..end].chars().next().is_some_and(char::is_alphabetic);
    let after = figure_after(page, end, true);
    let before = suffix_figure(page, start, floor, true);
    let glued_after = first(text, end).is_some_and(|c| c.is_ascii_digit());
    let takes_before = match (&after, &before) {
        (Ok(_), Ok(b)) if !glued_after => {
            // `10 € 20` is read by what is closer; a dollar sign leads.
            b.end == start || (!matches!(text.as_bytes().get(end - 1), Some(b'$')) && !b.looks_like_year())
        }
        (Err(_), Ok(_)) => true,
        _ => false,
    };
    let (unit, mut inherited) = page.sign(currency, start, end);
    if takes_before && let Ok(figure) = before {
        let span = (figure.start, end);
        // `20 $ millions` and `(in 2024 $)` name a unit, not a sum.
        if figure.looks_like_year() && figure.end != start {
            return Err(refuse(span.0, span.1, &SYMBOL_LAST, "the number is a year"));
        }
        if letters && first(text, end).is_some_and(char::is_alphanumeric) {
            return Err(None);
        }
        if text.as_bytes().get(end - 1) == Some(&b'$') {
            let slight = !letters && figure.end != start && !figure.grouped && figure.magnitude.is_none();
            if slight || last(text, figure.start) == Some('$') {
                return Err(None);
            }
            // `C$` shares, `100$var`.
            if first(text, end).is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '(')) {
                return Err(None);
            }
        }
        if !enough(page, care, &figure, unit_currency(unit), start) {
            return Err(refuse(
                span.0,
                span.1,
                &SYMBOL_LAST,
                "the figure is too slight for an abbreviation with other meanings",
            ));
        }
        let negative = negative_before(page, figure.start);
        let mut figure = figure;
        dot_groups(unit, &mut figure);
        if figure.rests_on_page {
            inherited.get_or_insert_with(grouping_note);
        }
        return Ok(Proposal {
            start: figure.start,
            end,
            figure,
            unit,
            rule: &SYMBOL_LAST,
            inherited,
            leads: false,
            negative,
        });
    }
    let (mut figure, negative) = match after {
        Ok(found) => found,
        Err(why) => return Err(unread(start, end, &SYMBOL_FIRST, why)),
    };
    let span = (start, figure.end);
    closes(text, &figure).map_err(|why| refuse(span.0, span.1, &SYMBOL_FIRST, why))?;
    if !enough(page, care, &figure, unit_currency(unit), start) {
        return Err(refuse(
            span.0,
            span.1,
            &SYMBOL_FIRST,
            "the figure is too slight for an abbreviation with other meanings",
        ));
    }
    if text.as_bytes().get(end - 1) == Some(&b'$')
        && let Some(why) = script(page, start, end, &figure)
    {
        return Err(refuse(span.0, span.1, &SYMBOL_FIRST, why));
    }
    dot_groups(unit, &mut figure);
    if figure.rests_on_page {
        inherited.get_or_insert_with(grouping_note);
    }
    let negative = negative || negative_before(page, start);
    let end = figure.end;
    Ok(Proposal { start, end, figure, unit, rule: &SYMBOL_FIRST, inherited, leads: true, negative })
}

fn grouping_note() -> String {
    "the page's other numbers group by full stops".to_string()
}

fn unit_currency(unit: Unit) -> Option<usize> {
    match unit {
        Unit::Fiat(i) => Some(i),
        Unit::Coin(_) => None,
    }
}

/// `Rp 169.000`: currencies whose sums have no use for three decimals and are grouped by stops.
fn dot_groups(unit: Unit, figure: &mut Figure) {
    if figure.dot_three
        && figure.magnitude.is_none()
        && matches!(
            unit.code(),
            "IDR" | "VND" | "COP" | "CLP" | "PYG" | "HUF" | "ISK" | "ARS" | "BRL" | "TRY" | "UYU" | "CRC"
        )
        && let Some(value) = figure.value.checked_mul(Decimal::ONE_THOUSAND)
    {
        figure.value = value;
        figure.grouped = true;
        figure.decimals = 0;
        figure.dot_three = false;
    }
}

/// Why a dollar sign with a figure belongs to a script, a rule or a hex dump.
fn script(page: &Page<'_>, start: usize, end: usize, figure: &Figure) -> Option<&'static str> {
    let text = page.text;
    let plain = figure.magnitude.is_none() && !figure.grouped && figure.decimals == 0;
    let follows = text.get(figure.end..).unwrap_or("");
    if end != figure.start
        && figure.magnitude.is_some()
        && text.get(figure.start..figure.end).is_some_and(|f| f.len() == 2 && f.ends_with('B'))
    {
        return Some("a byte of a disassembly");
    }
    if !plain {
        return None;
    }
    if page.is_code(start) {
        return Some("a variable in code");
    }
    if figure.digits <= 2 && last(text, start).is_some_and(|c| matches!(c, '{' | '\\' | '$')) {
        return Some("a variable in code");
    }
    // Noise of an encoding or a template: `B$7`, `=$7$`.
    if end == start + 1
        && (follows.starts_with('$')
            || last(text, start)
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '=' | '&' | '_' | '^' | '`')))
    {
        return Some("signs of a code run on around it");
    }
    let next = follows.trim_start_matches(is_space);
    if next.starts_with("= ") || next.starts_with("=\"") || next.starts_with("={") || next.starts_with("==") {
        return Some("a variable that is given a value");
    }
    // `$1 $2`: parameters of a script.
    if figure.digits == 1 && figure.end == end + 1 {
        let sibling = |s: &str| {
            let mut chars = s.chars();
            chars.next() == Some('$')
                && chars.next().is_some_and(|c| c.is_ascii_digit() || c == '{')
                && !chars.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        };
        let earlier = text.get(..start).unwrap_or("").trim_end_matches(is_space);
        let quoted = last(text, start) == Some('"') && first(text, figure.end) == Some('"');
        if sibling(next) && next.len() < follows.len()
            || earlier.len() < start
                && earlier.ends_with(|c: char| c.is_ascii_digit())
                && earlier.get(..earlier.len() - 1).is_some_and(|e| e.ends_with('$'))
            || quoted
        {
            return Some("a parameter of a script");
        }
    }
    None
}

/// `-$5`, `(-15 €`: a minus sign glued to the sum, not a list's dash and not a range's.
fn negative_before(page: &Page<'_>, at: usize) -> bool {
    let text = page.text;
    let Some(c @ ('-' | '\u{2212}')) = last(text, at) else { return false };
    let from = at - c.len_utf8();
    match last(text, from) {
        Some(before) if before == '\n' || before == '|' => false,
        Some(before) if is_space(before) => {
            // "5 -$6" and a bullet at the line's start are none.
            last(text, back_spaces(text, from, 2))
                .is_some_and(|b| b.is_alphabetic() || matches!(b, ',' | ':' | '(' | '='))
        }
        Some('(' | '[' | '~') => true,
        None => false,
        Some(_) => false,
    }
}

/// The figure that ends before a currency, and may be joined to it by a space, a dash or "of".
fn suffix_figure(page: &Page<'_>, at: usize, floor: usize, sign: bool) -> Result<Figure, Unread> {
    let text = page.text;
    let spaced = back_spaces(text, at, 2);
    let mut end = spaced;
    if !sign && spaced == at && last(text, at).is_some_and(|c| is_dash(c) && c != '\u{2014}') {
        end = at - last(text, at).map_or(0, char::len_utf8);
    }
    // `25.5 mil. USD`
    let abbreviated = last(text, end) == Some('.') && end < at;
    let short = if abbreviated { end - 1 } else { end };
    // A superscript mark between number and unit.
    let mut marked = short;
    while let Some(c) =
        last(text, marked).filter(|c| matches!(c, '\u{b9}' | '\u{b2}' | '\u{b3}' | '\u{2070}'..='\u{2079}'))
    {
        marked -= c.len_utf8();
    }
    let grouping = page.grouping(at);
    let figure = figure_before(text, marked, floor, grouping);
    match figure {
        // `2024 Millions of dollars`: two heads of a table in a row.
        Ok(f) if f.heads_run_together(text) => Err(Unread::Nothing),
        Ok(f) if abbreviated && f.magnitude.is_none() => Err(Unread::Nothing),
        Ok(f) => Ok(f),
        // `d’euros` has no space.
        Err(why) if sign || end == at && !matches!(last(text, at), Some('\'' | '\u{2019}')) => Err(why),
        Err(why) => {
            // `2 millions of euros`, `6 millones de dólares`
            let of = hedges::word_before(text, at, floor)
                .filter(|w| matches!(w.word, "of" | "de" | "d'" | "d\u{2019}" | "in"))
                .ok_or(why)?;
            let end = back_spaces(text, of.start, 2);
            figure_before(text, end, floor, grouping)
                .ok()
                .filter(|f| {
                    !f.heads_run_together(text)
                        && f.magnitude.is_some()
                        && (!f.in_words || of.word != "of" || f.value != Decimal::ZERO)
                })
                .ok_or(why)
        }
    }
}

fn code(
    page: &Page<'_>,
    currency: usize,
    care: Care,
    millions: bool,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    if matches!(last(text, start), Some('/' | '-' | '.'))
        && last(text, start - 1).is_some_and(char::is_alphanumeric)
        && !last(text, start - 1).is_some_and(|c| c.is_ascii_digit())
    {
        return Err(None);
    }
    let times = if millions { Decimal::from(1_000_000) } else { Decimal::ONE };
    // `USD $5`, `EUR €5`
    let mut after_at = end;
    let next = skip_spaces(text, end, 1);
    if let Some(c) = first(text, next)
        && let Some(Marker::Symbol { currency: sign, .. }) =
            MONEY.spellings.get(c.to_string().as_str()).and_then(|i| MONEY.markers.get(*i))
        && family(*sign, currency)
    {
        after_at = next + c.len_utf8();
    }
    let after = figure_after(page, after_at, after_at != end);
    let before = suffix_figure(page, start, floor, false);
    let before = match before {
        // `5,000 (USD)`
        Err(_) if last(text, start) == Some('(') && first(text, end) == Some(')') => {
            suffix_figure(page, start - 1, floor, false)
        }
        other => other,
    };
    let glued_digits = first(text, end).is_some_and(|c| c.is_ascii_digit());
    let use_after = match (&after, &before) {
        (Ok(_), Err(_)) => true,
        (Ok((a, _)), Ok(b)) => {
            // Between two numbers: what is glued, then what is no year, then what leads elsewhere.
            let strong = |f: &Figure| f.magnitude.is_some() || f.grouped || f.decimals > 0;
            if b.end == start {
                false
            } else if glued_digits || after_at != end || b.looks_like_year() {
                true
            } else if strong(a) != strong(b) {
                strong(a)
            } else {
                // `50 USD 40 EUR`, `3 GBP 1 pence`: the next number has a unit of its own.
                !follows_unit(text, a.end)
            }
        }
        _ => false,
    };
    if use_after {
        let (mut figure, negative) = match after {
            Ok(found) => found,
            Err(why) => return Err(unread(start, end, &CODE_FIRST, why)),
        };
        let span = (start, figure.end);
        closes(text, &figure).map_err(|why| refuse(span.0, span.1, &CODE_FIRST, why))?;
        if glued_digits
            && !last(text, start).is_none_or(|c| {
                is_space(c)
                    || is_dash(c)
                    || matches!(
                        c,
                        '(' | '['
                            | '"'
                            | '\u{201c}'
                            | '\u{2018}'
                            | '\''
                            | '\n'
                            | '|'
                            | '/'
                            | '~'
                            | '>'
                            | '<'
                            | ':'
                    )
            })
        {
            return Err(refuse(span.0, span.1, &CODE_FIRST, "the code stands inside an identifier"));
        }
        if !enough(page, care, &figure, Some(currency), start) {
            return Err(refuse(
                span.0,
                span.1,
                &CODE_FIRST,
                "the letters mean other things and the figure is no clear sum",
            ));
        }
        dot_groups(Unit::Fiat(currency), &mut figure);
        figure.value = figure.value.checked_mul(times).ok_or(None)?;
        let inherited = figure.rests_on_page.then(grouping_note);
        let negative = negative || negative_before(page, start);
        let end = figure.end;
        return Ok(Proposal {
            start,
            end,
            figure,
            unit: Unit::Fiat(currency),
            rule: &CODE_FIRST,
            inherited,
            leads: true,
            negative,
        });
    }
    let mut figure = match before {
        Ok(figure) => figure,
        Err(why) => return Err(unread(start, end, &CODE_LAST, why)),
    };
    // `75 USD million`
    let mut end = end;
    if figure.magnitude.is_none()
        && let Some((times, after)) = loose_magnitude(text, end)
    {
        figure.value = figure.value.checked_mul(times).ok_or(None)?;
        figure.magnitude = Some(times);
        end = after;
    }
    if text[..start].ends_with('(') && text[end..].starts_with(')') {
        end += 1;
    }
    let span = (figure.start, end);
    if constant_prices(page, &figure, floor) {
        return Err(refuse(span.0, span.1, &CODE_LAST, "the number is the year of constant prices"));
    }
    if !enough(page, care, &figure, Some(currency), start) {
        return Err(refuse(
            span.0,
            span.1,
            &CODE_LAST,
            "the letters mean other things and the figure is no clear sum",
        ));
    }
    if matches!(first(text, end), Some('/'))
        && text[end + 1..].chars().next().is_some_and(|c| c.is_ascii_uppercase())
    {
        return Err(refuse(span.0, span.1, &CODE_LAST, "a trading pair"));
    }
    dot_groups(Unit::Fiat(currency), &mut figure);
    figure.value = figure.value.checked_mul(times).ok_or(None)?;
    let negative = negative_before(page, figure.start);
    let inherited = figure.rests_on_page.then(grouping_note);
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit: Unit::Fiat(currency),
        rule: &CODE_LAST,
        inherited,
        leads: false,
        negative,
    })
}

/// A magnitude word after a currency: `75 USD million`.
fn loose_magnitude(text: &str, at: usize) -> Option<(Decimal, usize)> {
    let from = skip_spaces(text, at, 2);
    let word: String = text.get(from..)?.chars().take(9).take_while(char::is_ascii_alphabetic).collect();
    let times = match word.to_ascii_lowercase().as_str() {
        "thousand" => 1_000u64,
        "million" => 1_000_000,
        "billion" => 1_000_000_000,
        "trillion" => 1_000_000_000_000,
        _ => return None,
    };
    (from > at).then_some((Decimal::from(times), from + word.len()))
}

/// "in constant 2015 dollars", "2010 USD".
fn constant_prices(page: &Page<'_>, figure: &Figure, floor: usize) -> bool {
    if !figure.looks_like_year() {
        return false;
    }
    let before = hedges::word_before(page.text, figure.start, floor);
    before.is_none_or(|w| {
        matches!(
            w.word.trim_start_matches('(').to_lowercase().as_str(),
            "in" | "en"
                | "constant"
                | "real"
                | "current"
                | "of"
                | "at"
                | "at-constant"
                | "fiscal"
                | "since"
                | "by"
                | "to"
                | "from"
                | "and"
                | "year"
                | "during"
                | "until"
                | "january"
                | "february"
                | "march"
                | "april"
                | "may"
                | "june"
                | "july"
                | "august"
                | "september"
                | "october"
                | "november"
                | "december"
        )
    })
}

/// Whether a currency's unit follows a number that was read as another's.
fn follows_unit(text: &str, at: usize) -> bool {
    let from = skip_spaces(text, at, 2);
    let n = text.get(from..).map_or(0, |r| r.bytes().take(10).take_while(u8::is_ascii_alphabetic).count());
    text.get(from..from + n).is_some_and(|w| {
        matches!(
            MONEY.spellings.get(w).and_then(|i| MONEY.markers.get(*i)),
            Some(
                Marker::Code { .. }
                    | Marker::Unit { .. }
                    | Marker::Minor { .. }
                    | Marker::Ticker { .. }
                    | Marker::CoinName { .. }
            )
        )
    })
}

/// Whether two currencies share a unit's name, so that one can make the other's sign exact.
fn family(sign: usize, other: usize) -> bool {
    let (Some(a), Some(b)) = (MONEY.currencies.get(sign), MONEY.currencies.get(other)) else { return false };
    sign == other
        || a.units.iter().any(|w| b.units.contains(w))
        || (a.code == "USD" && b.units.contains(&"peso"))
        || (a.code == "JPY" && b.code == "CNY")
}

/// Words of money before a figure always printed so.
const LEADING_WORDS: &[&str] =
    &["ringgit", "naira", "rupees", "rupee", "rupiah", "taka", "shillings", "renminbi", "rmb"];

fn unit_word(
    page: &Page<'_>,
    word: usize,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    let Some(unit) = MONEY.units.get(word) else { return Err(None) };
    let (of, from) = page.adjective(unit, start);
    let before = suffix_figure(page, from, floor, false);
    let figure = match before {
        Ok(figure) => figure,
        Err(why) => {
            let after = word_first(page, unit, from, end, floor);
            return after.ok_or_else(|| unread(start, end, &WORD_LAST, why));
        }
    };
    let rule = if figure.in_words { &NUMBER_WORDS } else { &WORD_LAST };
    let span = (figure.start, end);
    let no = |why| Err(refuse(span.0, span.1, rule, why));
    if constant_prices(page, &figure, floor) {
        return no("the number is the year of constant prices");
    }
    if figure.in_words && figure.value == Decimal::ZERO {
        return Err(None);
    }
    if let Some(why) = page.false_friend(unit, &figure, start, end, of.is_some()) {
        return no(why);
    }
    let mut end = end;
    let (currency, mut inherited) = match of.map(|of| (of, end)).or_else(|| page.adjective_after(unit, end)) {
        Some((currency, after)) => {
            end = after;
            (currency, None)
        }
        None => match page.unit_of(word, unit, start) {
            Some(found) => found,
            None => return no("the unit is several countries' and the document does not say whose"),
        },
    };
    if unit.word.starts_with("pound") && text[end..].starts_with(" sterling") {
        end += " sterling".len();
    }
    if matches!(unit.word.as_str(), "cfa" | "fcfa")
        && let Some(francs) =
            [" francs", " franc", " Francs", " Franc"].iter().find(|f| text[end..].starts_with(**f))
    {
        end += francs.len();
    }
    if figure.rests_on_page {
        inherited.get_or_insert_with(grouping_note);
    }
    let negative = negative_before(page, figure.start);
    let mut figure = figure;
    dot_groups(Unit::Fiat(currency), &mut figure);
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit: Unit::Fiat(currency),
        rule,
        inherited,
        leads: false,
        negative,
    })
}

fn word_first(
    page: &Page<'_>,
    unit: &money::UnitWord,
    from: usize,
    end: usize,
    floor: usize,
) -> Option<Proposal> {
    let text = page.text;
    let (figure, negative) = figure_after(page, end, false).ok()?;
    if figure.in_words || first(text, end).is_some_and(|c| !is_space(c)) || from < floor {
        return None;
    }
    closes(text, &figure).ok()?;
    let clear = LEADING_WORDS.contains(&unit.word.as_str());
    let strong = figure.magnitude.is_some() || figure.grouped || figure.decimals == 2;
    // "won 5,000 votes", "the euro 2020", "sterling 3,000 troops": names only, and strong figures.
    let named = !unit.of.iter().all(|u| u.1)
        && !matches!(
            unit.word.as_str(),
            "won" | "sterling" | "pound" | "pounds" | "quid" | "bucks" | "crown" | "crowns" | "sum" | "sums"
        );
    if !(named && (strong || clear && !figure.looks_like_year())) || follows_unit(text, figure.end) {
        return None;
    }
    // A sentence's object, not a sum: "paid in dollars 3 million people".
    let next = text.get(skip_spaces(text, figure.end, 1)..)?;
    if next.starts_with("people")
        || next.starts_with("per cent")
        || next.starts_with("times")
        || next.starts_with('%')
    {
        return None;
    }
    let (of, _) = page.adjective(unit, end - unit_len(text, end));
    let word = MONEY.units.iter().position(|u| std::ptr::eq(u, unit))?;
    let (currency, inherited) = match of {
        Some(c) => (c, None),
        None => page.unit_of(word, unit, from)?,
    };
    let stop = figure.end;
    Some(Proposal {
        start: from,
        end: stop,
        figure,
        unit: Unit::Fiat(currency),
        rule: &WORD_FIRST,
        inherited,
        leads: true,
        negative,
    })
}

fn unit_len(text: &str, end: usize) -> usize {
    text[..end]
        .chars()
        .rev()
        .take(24)
        .take_while(|c| c.is_alphabetic() || matches!(c, '\'' | '\u{2019}'))
        .map(char::len_utf8)
        .sum()
}

fn minor(
    page: &Page<'_>,
    currency: usize,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    let mut from = start;
    let mut currency = currency;
    // "50 US cents", "20 euro cents"
    let word = hedges::word_before(text, start, floor);
    if let Some(w) = word {
        let lower = w.word.to_lowercase();
        if let Some(of) = MONEY.adjectives.get(lower.as_str()).and_then(|l| l.first()) {
            (currency, from) = (*of, w.start);
        } else if lower == "euro" {
            (currency, from) = (MONEY.named("EUR").unwrap_or(currency), w.start);
        }
    }
    if text[start..end].starts_with("Sen") {
        return Err(None);
    }
    let mut figure = suffix_figure(page, from, floor, text[start..end].starts_with('\u{a2}'))
        .map_err(|why| unread(start, end, &MINOR, why))?;
    let digits = MONEY.currencies.get(currency).map_or(2, |c| c.digits).max(2);
    figure.value = figure.value.checked_mul(Decimal::new(1, digits)).ok_or(None)?;
    let (unit, inherited) = if currency == MONEY.named("USD").unwrap_or(usize::MAX) {
        page.sign(currency, start, end)
    } else {
        (Unit::Fiat(currency), None)
    };
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit,
        rule: &MINOR,
        inherited,
        leads: false,
        negative: false,
    })
}

fn coin_symbol(
    page: &Page<'_>,
    coin: &'static str,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    if let Ok((figure, negative)) = figure_after(page, end, true) {
        closes(text, &figure).map_err(|why| refuse(start, figure.end, &COIN, why))?;
        let stop = figure.end;
        return Ok(Proposal {
            start,
            end: stop,
            figure,
            unit: Unit::Coin(coin),
            rule: &COIN,
            inherited: None,
            leads: true,
            negative,
        });
    }
    let figure = suffix_figure(page, start, floor, true).map_err(|why| unread(start, end, &COIN, why))?;
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit: Unit::Coin(coin),
        rule: &COIN,
        inherited: None,
        leads: false,
        negative: false,
    })
}

fn ticker(
    page: &Page<'_>,
    coin: &'static str,
    care: Care,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    if first(text, end).is_some_and(|c| matches!(c, '/' | '_'))
        && text[end + 1..].chars().next().is_some_and(char::is_alphanumeric)
        || last(text, start).is_some_and(|c| matches!(c, '/' | '.' | '-'))
            && last(text, start - 1).is_some_and(char::is_alphabetic)
    {
        return Err(None);
    }
    let before = suffix_figure(page, start, floor, false);
    let (figure, leads, negative) = match before {
        Ok(figure) => (figure, false, false),
        Err(why) => {
            let (figure, negative) =
                figure_after(page, end, false).map_err(|_| unread(start, end, &COIN, why))?;
            if closes(text, &figure).is_err() || figure.in_words || follows_unit(text, figure.end) {
                return Err(None);
            }
            let strong = figure.grouped || figure.magnitude.is_some() || figure.decimals > 0;
            // `ETH 2.0` is a network, `BTC 2021` a year.
            if care != Care::None
                || figure.looks_like_year()
                || (coin == "ETH" && matches!(&text[figure.start..figure.end], "2.0" | "2" | "1.0" | "1.x"))
                || !(strong || figure.value >= Decimal::TEN)
            {
                return Err(refuse(start, figure.end, &COIN, "a ticker before a plain number"));
            }
            (figure, true, negative)
        }
    };
    let span = (figure.start.min(start), figure.end.max(end));
    if !leads {
        if first(text, end).is_some_and(|c| c.is_ascii_digit()) {
            return Err(None);
        }
        if page.counts_things(end, &figure, true) {
            return Err(refuse(span.0, span.1, &COIN, "a count of things, not of coins"));
        }
        if figure.looks_like_year() && page.dated(&figure, floor) {
            return Err(refuse(span.0, span.1, &COIN, "the number is a year"));
        }
    }
    if !enough(page, care, &figure, None, start) {
        return Err(refuse(
            span.0,
            span.1,
            &COIN,
            "the ticker is a word and nothing near speaks of crypto-assets",
        ));
    }
    Ok(Proposal {
        start: span.0,
        end: span.1,
        figure,
        unit: Unit::Coin(coin),
        rule: &COIN,
        inherited: None,
        leads,
        negative,
    })
}

fn coin_name(
    page: &Page<'_>,
    coin: &'static str,
    care: Care,
    singular: bool,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let figure = suffix_figure(page, start, floor, false).map_err(|why| unread(start, end, &COIN, why))?;
    let span = (figure.start, end);
    if page.counts_things(end, &figure, singular) {
        return Err(refuse(span.0, span.1, &COIN, "a count of things, not of coins"));
    }
    if figure.looks_like_year() && page.dated(&figure, floor) {
        return Err(refuse(span.0, span.1, &COIN, "the number is a year"));
    }
    if !enough(page, care, &figure, None, start) {
        return Err(refuse(
            span.0,
            span.1,
            &COIN,
            "the name is a word and nothing near speaks of crypto-assets",
        ));
    }
    let rule = if figure.in_words { &NUMBER_WORDS } else { &COIN };
    Ok(Proposal {
        start: span.0,
        end,
        figure,
        unit: Unit::Coin(coin),
        rule,
        inherited: None,
        leads: false,
        negative: false,
    })
}

fn satoshi(page: &Page<'_>, start: usize, end: usize, floor: usize) -> Result<Proposal, Refusal> {
    let mut figure =
        suffix_figure(page, start, floor, false).map_err(|why| unread(start, end, &COIN, why))?;
    figure.value = figure.value.checked_mul(Decimal::new(1, 8)).ok_or(None)?;
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit: Unit::Coin("BTC"),
        rule: &COIN,
        inherited: None,
        leads: false,
        negative: false,
    })
}

/// Reads what surrounds a proposal (currency repeated, cents, range, hedge, neighbour) and adds it.
fn settle(page: &Page<'_>, drafts: &mut Vec<Draft>, proposal: Proposal, floor: usize) {
    let text = page.text;
    let Proposal { start, mut end, figure, mut unit, mut rule, mut inherited, leads, negative } = proposal;
    let number = (figure.start, figure.end);
    let mut value = if negative { -figure.value } else { figure.value };
    let sign = if negative && !leads { last(text, start).map_or(0, char::len_utf8) } else { 0 };
    let mut start = start - sign;
    if negative
        && leads
        && matches!(last(text, start), Some('-' | '\u{2212}'))
        && negative_before(page, start)
    {
        start -= last(text, start).map_or(0, char::len_utf8);
    }
    // `$7.3 million (USD)`, `$100 CAD`, `US$170 million dollars`
    let bracketed = text.get(skip_spaces(text, end, 2)..).is_some_and(|r| r.starts_with('('));
    if (leads || bracketed)
        && let Some((exact, after)) = repeated(page, unit, end)
    {
        if exact != unit {
            inherited = None;
        }
        unit = exact;
        end = after;
    }
    // Twenty dollars and 43 cents.
    if figure.magnitude.is_none()
        && figure.decimals == 0
        && let Unit::Fiat(currency) = unit
        && let Some((part, after)) = minor_part(page, currency, end)
        && let Some(sum) = value.checked_add(part)
    {
        value = sum;
        end = after;
        rule = &TWO_PARTS;
    }
    let mut draft = Draft {
        start,
        end,
        core: (start, end),
        number,
        low: value,
        high: value,
        unit,
        hedge: if figure.plus { Hedge::Over } else { Hedge::Exact },
        rule: if figure.in_words && rule.name == WORD_LAST.name { &NUMBER_WORDS } else { rule },
        magnitude: figure.magnitude,
        grouped: figure.grouped,
        decimals: figure.decimals,
        inherited,
        tied_to: None,
        leads,
    };
    let first_half = lower_half(page, &draft, &figure, floor);
    match first_half {
        Some(Half::Range(low, from)) => {
            draft.low = low;
            draft.start = from;
            draft.core.0 = from;
            draft.rule = &RANGE;
            draft.start = range_word(text, draft.start, floor).unwrap_or(draft.start);
        }
        Some(Half::Change(mut earlier)) => {
            qualify(text, &mut earlier, floor);
            let floor = earlier.end;
            drafts.push(*earlier);
            qualify(text, &mut draft, floor);
            drafts.push(draft);
            return;
        }
        None => {}
    }
    if draft.low == draft.high {
        match upper_half(page, &draft, &figure, floor) {
            Some(Half::Range(high, to)) => {
                // The lower end takes the magnitude of the upper where it has none.
                draft.low = shared_low(&draft, high.0, high.1);
                draft.high = high.0;
                draft.magnitude = high.1;
                draft.end = to;
                draft.core.1 = to;
                draft.rule = &RANGE;
                draft.start = range_word(text, draft.start, floor).unwrap_or(draft.start);
            }
            Some(Half::Change(later)) => {
                if let Some(m) = later.magnitude
                    && draft.magnitude.is_none()
                {
                    let low = shared_low(&draft, later.high, Some(m));
                    if low != draft.low {
                        (draft.low, draft.high) = (low, low);
                        draft.rule = &SHARED;
                        draft.inherited = Some(text[later.number.0..later.number.1].to_string());
                    }
                }
                qualify(text, &mut draft, floor);
                drafts.push(draft);
                drafts.push(*later);
                return;
            }
            None => {}
        }
    }
    qualify(text, &mut draft, floor);
    join(page, drafts, draft);
}

/// The other end of a range, or a second amount where a change is told.
enum Half<T> {
    Range(T, usize),
    Change(Box<Draft>),
}

/// The lower end with the magnitude of the upper, where that keeps the order.
fn shared_low(draft: &Draft, high: Decimal, magnitude: Option<Decimal>) -> Decimal {
    if draft.magnitude.is_some() {
        return draft.low;
    }
    match magnitude.and_then(|m| draft.low.checked_mul(m)) {
        Some(low) if low < high => low,
        _ => draft.low,
    }
}

/// The end of a connector (a dash, "to", "and") that begins here, and whether it is "and".
fn connector(text: &str, at: usize) -> Option<(usize, Joint)> {
    let spaced = skip_spaces(text, at, 2);
    let mut end = spaced;
    let mut dashes = 0;
    while let Some(c) = first(text, end).filter(|c| is_dash(*c) || *c == '~') {
        end += c.len_utf8();
        dashes += 1;
        if dashes > 2 {
            return None;
        }
    }
    if dashes > 0 {
        let after = skip_spaces(text, end, 2);
        let open = spaced > at || after > end;
        return Some((after, if open { Joint::SpacedDash } else { Joint::Dash }));
    }
    if spaced == at {
        return None;
    }
    for (word, joint) in [
        ("to ", Joint::To),
        ("and ", Joint::And),
        ("or ", Joint::Or),
        ("TO ", Joint::To),
        ("AND ", Joint::And),
    ] {
        if text[spaced..].starts_with(word) {
            return Some((skip_spaces(text, spaced + word.len() - 1, 2), joint));
        }
    }
    None
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    Dash,
    SpacedDash,
    To,
    And,
    Or,
}

/// The number after a range's connector that has no currency of its own: `$1.5-2 billion`.
fn upper_half(
    page: &Page<'_>,
    draft: &Draft,
    figure: &Figure,
    floor: usize,
) -> Option<Half<(Decimal, Option<Decimal>)>> {
    let text = page.text;
    if !draft.leads {
        return None;
    }
    let (at, joint) = connector(text, draft.end)?;
    if joint == Joint::Or {
        return None;
    }
    let between = hedges::word_before(text, draft.start, floor).is_some_and(|w| bare(w.word) == "between");
    if joint == Joint::And && !between_before(text, draft, floor) && !between {
        return None;
    }
    let second = figure_at(text, at, page.grouping(at)).ok()?;
    if second.in_words && second.magnitude.is_none() {
        return None;
    }
    if closes(text, &second).is_err() || (second.looks_like_year() && !figure.looks_like_year()) {
        return None;
    }
    let mut end = second.end;
    if let Some((exact, after)) = repeated(page, draft.unit, end) {
        if exact != draft.unit && !matches!((exact, draft.unit), (Unit::Fiat(_), Unit::Fiat(_))) {
            return None;
        }
        end = after;
    } else if follows_unit(text, second.end) {
        return None;
    }
    let rest = text.get(skip_spaces(text, second.end, 2)..)?;
    if rest.starts_with('%') || rest.starts_with("per cent") || rest.starts_with("percent") {
        return None;
    }
    // Without a magnitude the number may count something else: "paid $5 to 10 people".
    if second.magnitude.is_none() {
        if figure.magnitude.is_some() || joint == Joint::SpacedDash {
            return None;
        }
        let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
        let function = word.is_empty()
            || matches!(
                word.as_str(),
                "per"
                    | "a"
                    | "an"
                    | "each"
                    | "for"
                    | "in"
                    | "on"
                    | "at"
                    | "by"
                    | "and"
                    | "or"
                    | "from"
                    | "to"
                    | "with"
                    | "depending"
                    | "as"
                    | "was"
                    | "were"
                    | "is"
                    | "are"
                    | "range"
                    | "every"
                    | "of"
                    | "apiece"
                    | "daily"
                    | "monthly"
                    | "weekly"
                    | "annually"
                    | "yearly"
                    | "would"
                    | "will"
                    | "may"
                    | "can"
                    | "but"
                    | "which"
                    | "that"
                    | "when"
                    | "if"
                    | "worth"
            );
        if joint != Joint::Dash && !function {
            return None;
        }
    }
    let low = shared_low(draft, second.value, second.magnitude);
    if low >= second.value || draft.low < Decimal::ZERO {
        return None;
    }
    let whole = figure.magnitude.is_some() || second.magnitude.is_none();
    if page.tells_change(draft.start, end, floor, joint == Joint::To && whole) {
        let mut later = Draft {
            start: second.start,
            end,
            core: (second.start, end),
            number: (second.start, second.end),
            low: second.value,
            high: second.value,
            rule: &SHARED,
            magnitude: second.magnitude,
            inherited: Some(text[draft.core.0..draft.core.1].to_string()),
            tied_to: None,
            hedge: Hedge::Exact,
            ..draft.clone()
        };
        later.grouped = second.grouped;
        return Some(Half::Change(Box::new(later)));
    }
    Some(Half::Range((second.value, second.magnitude), end))
}

fn between_before(text: &str, draft: &Draft, floor: usize) -> bool {
    let start = hedges::before(text, draft.start, floor).map_or(draft.start, |h| h.1);
    hedges::word_before(text, start, floor).is_some_and(|w| bare(w.word) == "between")
}

fn bare(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

/// The number before a range's connector whose currency follows the upper end: `3 to 5 million euros`.
fn lower_half(page: &Page<'_>, draft: &Draft, figure: &Figure, floor: usize) -> Option<Half<Decimal>> {
    let text = page.text;
    if draft.leads {
        return None;
    }
    let at = figure.start;
    let spaced = back_spaces(text, at, 2);
    let (end, joint) = if let Some(c) = last(text, spaced).filter(|c| is_dash(*c) && *c != '\u{2014}') {
        let mut from = spaced - c.len_utf8();
        if let Some(second) = last(text, from).filter(|c| is_dash(*c)) {
            from -= second.len_utf8();
        }
        (back_spaces(text, from, 1), if spaced == at { Joint::Dash } else { Joint::SpacedDash })
    } else {
        let word = hedges::word_before(text, at, floor)?;
        let joint = match word.word {
            "to" | "TO" => Joint::To,
            "and" | "AND" => Joint::And,
            "or" => Joint::Or,
            _ => return None,
        };
        (back_spaces(text, word.start, 2), joint)
    };
    let lower = figure_before(text, end, floor, page.grouping(at)).ok()?;
    if lower.looks_like_year()
        && !(figure.looks_like_year() || figure.digits == 4 && figure.magnitude.is_none())
    {
        return None;
    }
    let start = hedges::before(text, lower.start, floor).map_or(lower.start, |h| h.1);
    let word = hedges::word_before(text, start, floor).map(|w| bare(w.word));
    if joint == Joint::And && word.as_deref() != Some("between") {
        return None;
    }
    // "Articles 5 to 7 million": the lower end must be of the same order.
    let shares =
        |l: Decimal, m: Option<Decimal>| m.and_then(|m| l.checked_mul(m)).filter(|s| *s < figure.value);
    let low = match (lower.magnitude, figure.magnitude) {
        (None, Some(_)) if !lower.grouped => shares(lower.value, figure.magnitude)?,
        _ => lower.value,
    };
    if low >= figure.value
        || (joint == Joint::Or && (lower.in_words != figure.in_words || low * Decimal::TEN < figure.value))
    {
        return None;
    }
    if joint == Joint::SpacedDash && figure.magnitude.is_none() && !figure.grouped && !lower.grouped {
        return None;
    }
    let whole = lower.magnitude.is_some() || figure.magnitude.is_none();
    if page.tells_change(lower.start, draft.end, floor, joint == Joint::To && whole) {
        return Some(Half::Change(Box::new(Draft {
            start: lower.start,
            end: lower.end,
            core: (lower.start, lower.end),
            number: (lower.start, lower.end),
            low,
            high: low,
            hedge: Hedge::Exact,
            rule: &SHARED,
            magnitude: lower.magnitude.or(figure.magnitude),
            inherited: Some(text[draft.core.0..draft.core.1].to_string()),
            ..draft.clone()
        })));
    }
    Some(Half::Range(low, lower.start))
}

/// Where "from" or "between" before a range begins.
fn range_word(text: &str, at: usize, floor: usize) -> Option<usize> {
    let inner = hedges::before(text, at, floor).map_or(at, |h| h.1);
    for place in [inner, at] {
        if let Some(w) = hedges::word_before(text, place, floor) {
            let lead = w.word.len() - w.word.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
            if matches!(bare(w.word).as_str(), "from" | "between") && w.word.ends_with(char::is_alphabetic) {
                return Some(w.start + lead);
            }
        }
    }
    None
}

/// Puts the hedge into the draft.
fn qualify(text: &str, draft: &mut Draft, floor: usize) {
    // In a range the hedge may stand before "between" or after it.
    if draft.start < draft.core.0
        && let Some((hedge, from)) = hedges::before(text, draft.core.0, draft.start)
        && from >= draft.start
    {
        draft.hedge = hedge;
    }
    if let Some((hedge, from)) = hedges::before(text, draft.start, floor) {
        if draft.hedge == Hedge::Exact || draft.start == draft.core.0 {
            draft.hedge = hedge;
        }
        draft.start = from;
    }
    if let Some((hedge, to)) = hedges::after(text, draft.end) {
        draft.end = to;
        if matches!(draft.hedge, Hedge::Exact | Hedge::About) {
            draft.hedge = hedge;
        }
    }
}

/// The same currency said again after the figure, and where that ends.
fn repeated(page: &Page<'_>, unit: Unit, end: usize) -> Option<(Unit, usize)> {
    let text = page.text;
    let Unit::Fiat(currency) = unit else { return None };
    let spaced = skip_spaces(text, end, 2);
    let bracket = first(text, spaced).filter(|c| matches!(c, '(' | '['));
    let from = spaced + bracket.map_or(0, char::len_utf8);
    let letters =
        text.get(from..)?.bytes().take(8).take_while(|b| b.is_ascii_alphabetic() || *b == b'$').count();
    let word = text.get(from..from + letters)?;
    let mut found = None;
    match MONEY.spellings.get(word).and_then(|i| MONEY.markers.get(*i)) {
        Some(Marker::Code { currency: said, millions: false, .. }) if family(currency, *said) => {
            found = Some((*said, from + letters));
        }
        Some(Marker::Symbol { currency: said, .. }) if bracket.is_some() && family(currency, *said) => {
            found = Some((*said, from + letters));
        }
        _ => {}
    }
    if found.is_none() && bracket.is_none() && spaced > end {
        found = page.unit_phrase(spaced).filter(|(said, _)| family(currency, *said));
    }
    let (said, mut after) = found?;
    // `$5 USD 3 million`: the code leads the next figure.
    if bracket.is_none() && first(text, after).is_some_and(char::is_alphanumeric) {
        return None;
    }
    if bracket.is_none()
        && figure_after(page, after, false).is_ok_and(|f| !f.0.in_words)
        && MONEY
            .spellings
            .get(&text[from..after])
            .is_some_and(|i| matches!(MONEY.markers.get(*i), Some(Marker::Code { .. })))
    {
        return None;
    }
    if let Some(open) = bracket {
        let close = if open == '(' { ')' } else { ']' };
        if first(text, after) != Some(close) {
            return None;
        }
        after += 1;
    }
    // A bare sign takes the exact currency; an exact sign keeps its own.
    let bare_sign = matches!(unit.code(), "USD" | "JPY" | "GBP" | "INR");
    let exact = if bare_sign || said == currency { said } else { currency };
    Some((Unit::Fiat(exact), after))
}

/// "and 43 cents" after a whole sum.
fn minor_part(page: &Page<'_>, currency: usize, end: usize) -> Option<(Decimal, usize)> {
    let text = page.text;
    let mut at = skip_spaces(text, end, 2);
    if at == end {
        return None;
    }
    if text[at..].starts_with("and ") {
        at = skip_spaces(text, at + 3, 2);
    }
    let part = figure_at(text, at, numbers::Grouping::Comma).ok()?;
    if part.value >= Decimal::ONE_HUNDRED || part.decimals > 0 || part.magnitude.is_some() {
        return None;
    }
    let from = skip_spaces(text, part.end, 1);
    let n = text
        .get(from..)?
        .chars()
        .take(12)
        .take_while(|c| c.is_alphabetic() || *c == '\u{a2}')
        .map(char::len_utf8)
        .sum::<usize>();
    let word = text.get(from..from + n)?;
    let minor =
        matches!(MONEY.spellings.get(word).and_then(|i| MONEY.markers.get(*i)), Some(Marker::Minor { .. }))
            || (word == "c" && from == part.end);
    let digits = MONEY.currencies.get(currency).map_or(2, |c| c.digits);
    (minor && digits > 0).then(|| (part.value * Decimal::new(1, 2), from + n))
}

/// Adds a draft, joining it with the one before where both are ends of one range, share a
/// magnitude, or give one sum in two currencies.
fn join(page: &Page<'_>, drafts: &mut Vec<Draft>, mut draft: Draft) {
    let text = page.text;
    let earlier_end = drafts.len().checked_sub(2).and_then(|i| drafts.get(i)).map_or(0, |d| d.end);
    let Some(before) = drafts.last_mut() else {
        drafts.push(draft);
        return;
    };
    let gap = text.get(before.end..draft.start).unwrap_or("\n");
    let same = before.unit == draft.unit;
    let single = before.low == before.high && draft.low == draft.high;
    if same && single && gap.len() <= 12 {
        let floor = earlier_end;
        let joint = connector(text, before.end).filter(|(at, _)| *at == draft.start).map(|c| c.1);
        let from = word_is(text, before.start, floor, "from");
        let between = word_is(text, before.start, floor, "between");
        let ranged = match joint {
            Some(Joint::Dash | Joint::To) => true,
            Some(Joint::SpacedDash) => before.magnitude == draft.magnitude || before.magnitude.is_none(),
            Some(Joint::And) => between,
            _ => false,
        };
        if ranged {
            let low = shared_low(before, draft.high, draft.magnitude);
            let whole = before.magnitude.is_some() || draft.magnitude.is_none();
            let change = low >= draft.high
                || page.tells_change(before.start, draft.end, floor, joint == Some(Joint::To) && whole);
            if !change && before.low >= Decimal::ZERO {
                let start = if from || between {
                    range_word(text, before.start, floor).unwrap_or(before.start)
                } else {
                    before.start
                };
                before.low = low;
                before.high = draft.high;
                before.end = draft.end;
                before.core.1 = draft.core.1;
                before.magnitude = draft.magnitude;
                before.start = start;
                before.rule = &RANGE;
                if before.hedge == Hedge::Exact {
                    before.hedge = draft.hedge;
                }
                if start < before.core.0 && (from || between) {
                    let mut again = before.clone();
                    if let Some((hedge, at)) = hedges::before(text, start, floor) {
                        again.start = at;
                        again.hedge = if before.hedge == Hedge::Exact { hedge } else { before.hedge };
                        *before = again;
                    }
                }
                return;
            }
        }
        let joined = matches!(joint, Some(Joint::And | Joint::Or | Joint::To | Joint::Dash))
            || matches!(gap.trim(), ", and" | ", or" | "&" | "/");
        if joined {
            share_magnitude(text, drafts, &draft);
        }
    } else if !same && single {
        let tie = page::ties(gap, text.get(draft.end..).unwrap_or(""));
        if tie {
            draft.tied_to = Some(Span::new(before.start, before.end));
        }
    }
    drafts.push(draft);
}

fn word_is(text: &str, at: usize, floor: usize, wanted: &str) -> bool {
    hedges::word_before(text, at, floor).is_some_and(|w| bare(w.word) == wanted)
}

/// "$8 and $9 million", "$8, $9 and $10 million": the earlier sums take the last one's magnitude.
fn share_magnitude(text: &str, drafts: &mut [Draft], last: &Draft) {
    let Some(magnitude) = last.magnitude else { return };
    let mut next_start = last.start;
    let mut first_step = true;
    for draft in drafts.iter_mut().rev() {
        let gap = text.get(draft.end..next_start).unwrap_or("\n");
        if !first_step && gap.trim() != "," {
            break;
        }
        let near = draft.low.checked_mul(magnitude).filter(|low| {
            let (a, b) = (*low, last.high);
            a > Decimal::ZERO && b > Decimal::ZERO && b / a <= Decimal::from(20) && a / b <= Decimal::from(20)
        });
        let Some(low) = near else { break };
        if draft.magnitude.is_some()
            || draft.grouped
            || draft.low != draft.high
            || draft.unit != last.unit
            || draft.decimals == 2 && draft.low < Decimal::ONE
        {
            break;
        }
        (draft.low, draft.high) = (low, low);
        draft.magnitude = Some(magnitude);
        draft.rule = &SHARED;
        draft.inherited = Some(text[last.number.0..last.number.1].to_string());
        next_start = draft.start;
        first_step = false;
    }
}
