//! Values of mentions as the index keeps them: days as numbers, amounts as decades.

use crate::extract::Amount;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Days since 1970-01-01.
pub fn day(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The first and last day of `2022`, `2022-03` or `2022-03-01`; a time after it is left out.
pub fn period(iso: &str) -> Option<(Date, Date)> {
    let iso = iso.trim().split(['T', ' ']).next()?;
    let mut parts = iso.split('-');
    let year_text = parts.next().filter(|y| y.len() == 4)?;
    let year: i16 = year_text.parse().ok()?;
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| !text.is_empty() && text.len() <= 2);
    let Some(month) = parts.next() else {
        return Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?));
    };
    let first = Date::new(year, number(month)?, 1).ok()?;
    let Some(day) = parts.next() else { return Some((first, first.last_of_month())) };
    if parts.next().is_some() {
        return None;
    }
    let date = Date::new(year, number(month)?, number(day)?).ok()?;
    Some((date, date))
}

/// An amount as a number to compare by. Decimals of up to 15 digits keep their order and their
/// equality; two that differ further behind are taken for equal.
pub fn number(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or(f64::MAX)
}

/// Decades of size, named in whole units: `10M-100M`.
pub const DECADES: [(&str, f64); 14] = [
    ("under 10", 0.0),
    ("10-100", 1e1),
    ("100-1k", 1e2),
    ("1k-10k", 1e3),
    ("10k-100k", 1e4),
    ("100k-1M", 1e5),
    ("1M-10M", 1e6),
    ("10M-100M", 1e7),
    ("100M-1B", 1e8),
    ("1B-10B", 1e9),
    ("10B-100B", 1e10),
    ("100B-1T", 1e11),
    ("1T-10T", 1e12),
    ("10T and more", 1e13),
];

/// The decade a number falls into, as an index into [`DECADES`].
pub fn decade(number: f64) -> usize {
    DECADES.iter().rposition(|(_, from)| number >= *from).unwrap_or(0)
}

/// The bucket of an amount, by its lower end: `USD/10M-100M`.
pub fn bucket(amount: &Amount) -> String {
    let name = DECADES.get(decade(number(amount.low))).map_or("", |(name, _)| name);
    format!("{}/{name}", amount.currency)
}

/// The term of a decade, of one currency or of any.
pub fn size_term(currency: Option<&str>, decade: usize) -> String {
    format!("{}/{decade}", currency.unwrap_or(""))
}

/// Every term an amount is found by.
pub fn size_terms(amount: &Amount) -> Vec<String> {
    let (low, high) = (decade(number(amount.low)), decade(number(amount.high)));
    let of = |currency| move |d| size_term(currency, d);
    (low..=high).map(of(None)).chain((low..=high).map(of(Some(amount.currency.as_str())))).collect()
}

/// Longest span of which every year is a value; a longer one has its two ends.
const YEARS: i16 = 1000;

/// Values of the date facet a date falls under: years, and months where it is no longer than a
/// quarter.
pub fn date_paths(start: Date, end: Date) -> Vec<String> {
    let mut paths: Vec<String> = match end.year() - start.year() {
        0..=YEARS => (start.year()..=end.year()).map(|y| format!("{y:04}")).collect(),
        _ => [start, end].map(|d| format!("{:04}", d.year())).to_vec(),
    };
    if day(end) - day(start) <= 92 {
        let mut at = start.first_of_month();
        while at <= end {
            paths.push(format!("{:04}/{:02}", at.year(), at.month()));
            let Ok(next) = at.last_of_month().tomorrow() else { break };
            at = next;
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Hedge;

    #[test]
    fn periods_are_as_precise_as_they_are_given() {
        let shown = |iso| period(iso).map(|(a, b)| format!("{a}..{b}"));
        assert_eq!(shown("2024-02").as_deref(), Some("2024-02-01..2024-02-29"));
        assert_eq!(shown("2022").as_deref(), Some("2022-01-01..2022-12-31"));
        assert_eq!(shown("2022-03-01T10:00:00Z").as_deref(), Some("2022-03-01..2022-03-01"));
        for wrong in ["", "22", "2022-13", "2022-02-30", "2022-1-1-1", "2022-", "spring"] {
            assert_eq!(shown(wrong), None, "{wrong}");
        }
        assert_eq!(day(Date::constant(1969, 12, 31)), -1);
        assert_eq!(day(Date::constant(2000, 3, 1)), 11017);
    }

    #[test]
    fn an_amount_falls_in_the_decade_of_its_lower_end() {
        let of = |low: i64| {
            let low = Decimal::from(low);
            bucket(&Amount { currency: "USD".into(), low, high: low, hedge: Hedge::Exact })
        };
        assert_eq!(of(9), "USD/under 10");
        assert_eq!(of(10_000_000), "USD/10M-100M");
        assert_eq!(of(99_999_999), "USD/10M-100M");
        assert_eq!(of(100_000_000), "USD/100M-1B");
    }
}
