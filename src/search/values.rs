//! Values in a query: amounts and dates as they are typed, and whether a mention passes.

use crate::extract::{self, Amount, DateRange, Hedge, Kind, Value};
use crate::index::values::{number, period};
use crate::structure;
use jiff::civil::Date;
use regex::Regex;
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

/// A range of amounts, in whole units. A printed figure passes where it overlaps; its hedge does
/// not widen it.
#[derive(Debug, Clone, PartialEq)]
pub struct AmountTest {
    /// `None` for any currency.
    pub currency: Option<String>,
    pub from: Option<(Decimal, Bound)>,
    pub to: Option<(Decimal, Bound)>,
}

/// Whether the end of a range belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    With,
    Without,
}

/// A period of days, both ends inclusive; an end may be open.
#[derive(Debug, Clone, PartialEq)]
pub struct DateTest {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

static AMOUNT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = r"\d[\d,]*(?:\.\d+)?";
    let unit = r"(?:k|thousand|mio|mn|mil|million|millions|m|bn|bln|billion|billions|b|tn|trillion|t)\b";
    let money = r"(?:US\$|[$€£¥₩₿]|[A-Za-z]{2,6})";
    Regex::new(&format!(
        r"(?i)^(?:(?P<c1>{money})\s?)?(?P<op>>=|<=|>|<|=|≥|≤)?\s?(?:(?P<c2>{money})\s?)?(?:(?P<a>{number})(?:\s?(?P<ua>{unit}))?)?(?P<dots>\.\.|…|\s?to\s)?(?:\s?(?:US\$|[$€£¥])?(?P<b>{number})(?:\s?(?P<ub>{unit}))?)?(?:\s?(?P<c3>{money}|dollars|euros|pounds))?$"
    ))
    .ok()
});

/// Bytes at the start of `rest` that are an amount with spaces in it.
pub fn amount_length(rest: &str) -> usize {
    // The longest start that ends at a space and reads as an amount.
    let ends: Vec<usize> = rest
        .char_indices()
        .filter(|(_, c)| c.is_whitespace() || *c == ')')
        .map(|(i, _)| i)
        .chain([rest.len()])
        .take(5)
        .collect();
    let reads = |end: &&usize| rest.get(..**end).is_some_and(|t| amount_test(t).is_some());
    ends.iter().rev().find(reads).copied().unwrap_or(0)
}

fn currency(text: &str) -> Option<String> {
    Some(match text.to_uppercase().as_str() {
        "$" | "US$" | "DOLLARS" | "DOLLAR" => "USD".to_string(),
        "€" | "EUROS" | "EURO" => "EUR".to_string(),
        "£" | "POUNDS" => "GBP".to_string(),
        "¥" | "YEN" => "JPY".to_string(),
        "₩" | "WON" => "KRW".to_string(),
        "₿" | "BITCOIN" | "BITCOINS" => "BTC".to_string(),
        code if (2..=6).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphabetic()) => {
            code.to_string()
        }
        _ => return None,
    })
}

fn times(unit: &str) -> Option<Decimal> {
    Some(Decimal::from(match unit.to_lowercase().as_str() {
        "" => 1_i64,
        "k" | "thousand" => 1_000,
        "m" | "mn" | "mio" | "mil" | "million" | "millions" => 1_000_000,
        "b" | "bn" | "bln" | "billion" | "billions" => 1_000_000_000,
        "t" | "tn" | "trillion" => 1_000_000_000_000,
        _ => return None,
    }))
}

/// Whether the end of a range belongs to it.
pub fn is_with(end: &(Decimal, Bound)) -> bool {
    end.1 == Bound::With
}

/// An amount as hedged figures may mean it: `over $40 million` may be $50 million.
#[derive(Debug, Clone, PartialEq)]
pub struct MayBe {
    pub currency: String,
    low: f64,
    high: f64,
}

impl MayBe {
    /// How far a hedge reaches: a figure said to be over or under another is seldom further off,
    /// and one said to be about another is within a tenth.
    const ONE_SIDE: f64 = 1.25;
    const BOTH_SIDES: f64 = 1.1;

    pub fn of(amount: &Amount) -> Self {
        MayBe { currency: amount.currency.clone(), low: number(amount.low), high: number(amount.high) }
    }

    /// The lowest and the highest figure that may mean it.
    pub fn reach(&self) -> (f64, f64) {
        (self.low / Self::ONE_SIDE, self.high * Self::ONE_SIDE)
    }

    /// Whether a figure with that hedge may mean it. One that is it already passes as well.
    pub fn passes(&self, low: f64, high: f64, hedge: Hedge) -> bool {
        let (below, above) = match hedge {
            Hedge::Exact => (1.0, 1.0),
            Hedge::About => (Self::BOTH_SIDES, Self::BOTH_SIDES),
            Hedge::Nearly | Hedge::Under | Hedge::AtMost => (Self::ONE_SIDE, 1.0),
            Hedge::Over | Hedge::AtLeast => (1.0, Self::ONE_SIDE),
        };
        low / below <= self.high && high * above >= self.low
    }
}

/// Reads `>=100M`, `USD 40M..60M`, `$50 million`, `..1bn EUR`.
pub fn amount_test(text: &str) -> Option<AmountTest> {
    let found = AMOUNT.as_ref()?.captures(text.trim())?;
    let get = |name| found.name(name).map(|m| m.as_str());
    let money: Vec<String> =
        ["c1", "c2", "c3"].into_iter().filter_map(get).map(currency).collect::<Option<_>>()?;
    if money.len() > 1 && money.iter().any(|m| Some(m) != money.first()) {
        return None;
    }
    let value = |number: Option<&str>, unit: Option<&str>| -> Option<Option<Decimal>> {
        let Some(number) = number else { return Some(None) };
        let number = Decimal::from_str(&number.replace(',', "")).ok()?;
        Some(Some(number.checked_mul(times(unit.unwrap_or(""))?)?.normalize()))
    };
    let dots = get("dots").is_some();
    // 40..60M: the unit stands for both.
    let low_unit = get("ua").or(if dots { get("ub") } else { None });
    let (a, b) = (value(get("a"), low_unit)?, value(get("b"), get("ub"))?);
    let test = |from, to| Some(AmountTest { currency: money.first().cloned(), from, to });
    match (get("op"), a, dots, b) {
        (None, a, true, b) if a.is_some() || b.is_some() => {
            if a.zip(b).is_some_and(|(a, b)| a > b) {
                return None;
            }
            test(a.map(|a| (a, Bound::With)), b.map(|b| (b, Bound::With)))
        }
        (None | Some("="), Some(a), false, None) => test(Some((a, Bound::With)), Some((a, Bound::With))),
        (Some(">=" | "≥"), Some(a), false, None) => test(Some((a, Bound::With)), None),
        (Some(">"), Some(a), false, None) => test(Some((a, Bound::Without)), None),
        (Some("<=" | "≤"), Some(a), false, None) => test(None, Some((a, Bound::With))),
        (Some("<"), Some(a), false, None) => test(None, Some((a, Bound::Without))),
        _ => None,
    }
}

/// Reads `2021`, `2021-03`, `2021-03-05`, `2020..2021-06`, `>=2021`, or a date in words.
pub fn date_test(text: &str) -> Option<DateTest> {
    let text = text.trim();
    for (op, after, with) in [
        (">=", true, true),
        ("≥", true, true),
        ("<=", false, true),
        ("≤", false, true),
        (">", true, false),
        ("<", false, false),
        ("=", true, true),
    ] {
        if let Some(rest) = text.strip_prefix(op) {
            let (from, to) = days(rest)?;
            return Some(match (op, after, with) {
                ("=", ..) => DateTest { from: Some(from), to: Some(to) },
                (_, true, true) => DateTest { from: Some(from), to: None },
                (_, true, false) => DateTest { from: Some(to.tomorrow().ok()?), to: None },
                (_, false, true) => DateTest { from: None, to: Some(to) },
                (_, false, false) => DateTest { from: None, to: Some(from.yesterday().ok()?) },
            });
        }
    }
    if let Some((from, to)) = text.split_once("..") {
        let open = |side: &str| side.trim().is_empty();
        let from = if open(from) { None } else { Some(days(from)?.0) };
        let to = if open(to) { None } else { Some(days(to)?.1) };
        if from.is_none() && to.is_none() || from.zip(to).is_some_and(|(a, b)| a > b) {
            return None;
        }
        return Some(DateTest { from, to });
    }
    let (from, to) = days(text)?;
    Some(DateTest { from: Some(from), to: Some(to) })
}

fn days(text: &str) -> Option<(Date, Date)> {
    let text = text.trim();
    if let Some(period) = period(&text.replace('/', "-")) {
        return Some(period);
    }
    let document = structure::plain(text);
    let findings = extract::extract(&document, &[Kind::Date]);
    match findings.mentions.as_slice() {
        [one] if one.span.of(text).trim() == text => match &one.value {
            Value::Date(d) => Some((d.start, d.end)),
            _ => None,
        },
        _ => None,
    }
}

/// Reads `14` and `10..20`.
pub fn page_range(text: &str) -> Option<(u64, u64)> {
    let page = |text: &str| text.trim().parse::<u64>().ok().filter(|n| *n > 0);
    match text.split_once("..").or_else(|| text.split_once('-')) {
        Some((from, to)) => Some((page(from)?, page(to)?)).filter(|(a, b)| a <= b),
        None => page(text).map(|n| (n, n)),
    }
}

impl AmountTest {
    /// The one value, in its currency.
    pub fn of(amount: &Amount) -> Self {
        AmountTest {
            currency: Some(amount.currency.clone()),
            from: Some((amount.low, Bound::With)),
            to: Some((amount.high, Bound::With)),
        }
    }

    /// Whether a figure overlaps the range; `low` and `high` are its ends.
    pub fn passes(&self, low: f64, high: f64) -> bool {
        let above = self.from.is_none_or(|(from, bound)| match bound {
            Bound::With => high >= number(from),
            Bound::Without => high > number(from),
        });
        let below = self.to.is_none_or(|(to, bound)| match bound {
            Bound::With => low <= number(to),
            Bound::Without => low < number(to),
        });
        above && below
    }

    pub fn passes_amount(&self, amount: &Amount) -> bool {
        self.currency.as_ref().is_none_or(|c| *c == amount.currency)
            && self.passes(number(amount.low), number(amount.high))
    }
}

impl DateTest {
    pub fn of(range: &DateRange) -> Self {
        DateTest { from: Some(range.start), to: Some(range.end) }
    }

    pub fn passes(&self, start: Date, end: Date) -> bool {
        self.from.is_none_or(|from| end >= from) && self.to.is_none_or(|to| start <= to)
    }
}

impl fmt::Display for AmountTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let money = self.currency.as_ref().map(|c| format!("{c} ")).unwrap_or_default();
        let end = |(value, _): &(Decimal, Bound)| value.to_string();
        match (&self.from, &self.to) {
            (Some(a), Some(b)) if a == b => write!(f, "of {money}{}", end(a)),
            (Some(a), Some(b)) => write!(f, "of {money}{} to {}", end(a), end(b)),
            (Some(a @ (_, Bound::With)), None) => write!(f, "of at least {money}{}", end(a)),
            (Some(a), None) => write!(f, "over {money}{}", end(a)),
            (None, Some(b @ (_, Bound::With))) => write!(f, "of at most {money}{}", end(b)),
            (None, Some(b)) => write!(f, "under {money}{}", end(b)),
            (None, None) => write!(f, "in {money}"),
        }
    }
}

impl fmt::Display for DateTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (Some(a), Some(b)) if a == b => write!(f, "{a}"),
            (Some(a), Some(b)) => write!(f, "{a} to {b}"),
            (Some(a), None) => write!(f, "from {a} on"),
            (None, Some(b)) => write!(f, "up to {b}"),
            (None, None) => write!(f, "at any time"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> String {
        amount_test(text).map_or("no".to_string(), |t| t.to_string())
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, wanted) in [
            (">=100M", "of at least 100000000"),
            (">$1.5bn", "over USD 1500000000"),
            ("USD 40M..60M", "of USD 40000000 to 60000000"),
            ("40..60M", "of 40000000 to 60000000"),
            ("$50 million", "of USD 50000000"),
            ("50,000,000 USD", "of USD 50000000"),
            ("..1bn EUR", "of at most EUR 1000000000"),
            ("5000 BTC", "of BTC 5000"),
            ("USD>=5k", "of at least USD 5000"),
            ("60M..40M", "no"),
            ("lots", "no"),
            ("$5 EUR", "no"),
            ("99999999999999999999999999T", "no"),
            ("..", "no"),
            (">=", "no"),
        ] {
            assert_eq!(amount(text), wanted, "{text}");
        }
        assert_eq!(amount_length("USD 40M..60M theft"), "USD 40M..60M".len());
        assert_eq!(amount_length("$50 million stolen in 2021"), "$50 million".len());
        assert_eq!(amount_length("lots"), 0);
    }

    #[test]
    fn the_ends_of_a_range_count_as_they_are_written() {
        let test = |t: &str| amount_test(t).unwrap();
        assert!(test(">=100M").passes(1e8, 1e8) && !test(">100M").passes(1e8, 1e8));
        assert!(test(">100M").passes(1e8, 1.1e8), "a printed range passes by its higher end");
        assert!(test("40M..60M").passes(6e7, 7e7) && !test("40M..60M").passes(6.1e7, 7e7));
    }

    #[test]
    fn dates_are_periods() {
        let date = |t: &str| date_test(t).map_or("no".to_string(), |t| t.to_string());
        for (text, wanted) in [
            ("2021", "2021-01-01 to 2021-12-31"),
            ("2021/10/25", "2021-10-25"),
            ("2020-01..2021-06", "2020-01-01 to 2021-06-30"),
            (">2020", "from 2021-01-01 on"),
            ("<2020-03", "up to 2020-02-29"),
            ("2020..", "from 2020-01-01 on"),
            ("..", "no"),
            ("2021..2020", "no"),
            ("2021-13", "no"),
        ] {
            assert_eq!(date(text), wanted, "{text}");
        }
        assert_eq!(page_range("10..20"), Some((10, 20)));
        assert_eq!(page_range("0"), None);
    }
}
