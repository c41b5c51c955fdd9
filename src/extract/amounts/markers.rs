//! What each kind of marker (a sign, a code, a unit's name) makes of the numbers beside it.

use super::money::{self, Care, MONEY, Marker};
use super::numbers::{
    self, Figure, Unread, back_spaces, figure_at, figure_before, first, is_dash, is_space, last, skip_spaces,
};
use super::page::{self, Page};
use super::{
    CODE_FIRST, CODE_LAST, MINOR, NUMBER_WORDS, Proposal, Refusal, SYMBOL_FIRST, SYMBOL_LAST, Unit,
    WORD_FIRST, WORD_LAST, hedges, refuse, unread,
};
use rust_decimal::Decimal;

/// The figure right after a currency, with the signs that may stand between.
pub(super) fn figure_after(page: &Page<'_>, at: usize, signed: bool) -> Result<(Figure, bool), Unread> {
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
pub(super) fn closes(text: &str, figure: &Figure) -> Result<(), &'static str> {
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
pub(super) fn enough(
    page: &Page<'_>,
    care: Care,
    figure: &Figure,
    currency: Option<usize>,
    at: usize,
) -> bool {
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

pub(super) fn symbol(
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
pub(super) fn negative_before(page: &Page<'_>, at: usize) -> bool {
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
pub(super) fn suffix_figure(page: &Page<'_>, at: usize, floor: usize, sign: bool) -> Result<Figure, Unread> {
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

pub(super) fn code(
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
        let word = w.word.trim_start_matches('(').to_lowercase();
        page::is_month(&word)
            || matches!(
                word.as_str(),
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
            )
    })
}

/// Whether a currency's unit follows a number that was read as another's.
pub(super) fn follows_unit(text: &str, at: usize) -> bool {
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
pub(super) fn family(sign: usize, other: usize) -> bool {
    let (Some(a), Some(b)) = (MONEY.currencies.get(sign), MONEY.currencies.get(other)) else { return false };
    sign == other
        || a.units.iter().any(|w| b.units.contains(w))
        || (a.code == "USD" && b.units.contains(&"peso"))
        || (a.code == "JPY" && b.code == "CNY")
}

/// Words of money before a figure always printed so.
const LEADING_WORDS: &[&str] =
    &["ringgit", "naira", "rupees", "rupee", "rupiah", "taka", "shillings", "renminbi", "rmb"];

pub(super) fn unit_word(
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

pub(super) fn minor(
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
