//! Values of mentions as the index keeps them: days as numbers, amounts as steps of size.

use crate::extract::Amount;
use jiff::Span;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::LazyLock;

/// Days since 1970-01-01.
pub fn day(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// The day of that number.
pub fn of_day(days: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(Span::new().try_days(days).ok()?).ok()
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

/// Where the steps of size begin: 0, then each leading digit of each decade from 10 on.
static STEPS: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let begins = DECADES.iter().skip(1).flat_map(|(_, from)| (1..10_u8).map(move |d| f64::from(d) * from));
    [0.0].into_iter().chain(begins).collect()
});

/// The step of the largest numbers.
pub const LAST_STEP: usize = (DECADES.len() - 1) * 9;

/// The step of size a number falls into.
pub fn step(number: f64) -> usize {
    STEPS.partition_point(|begin| *begin <= number).saturating_sub(1)
}

/// Where a step begins and where the next one does; the last has no end.
pub fn step_ends(step: usize) -> (f64, f64) {
    let begin = |step: usize| STEPS.get(step).copied();
    (begin(step).unwrap_or(f64::MAX), begin(step + 1).unwrap_or(f64::INFINITY))
}

/// The term of a step, of one currency or of any.
pub fn size_term(currency: Option<&str>, step: usize) -> String {
    format!("{}/{step}", currency.unwrap_or(""))
}

/// Every term an amount is found by.
pub fn size_terms(amount: &Amount) -> Vec<String> {
    let steps = step(number(amount.low))..=step(number(amount.high));
    let of = |currency| move |d| size_term(currency, d);
    steps.clone().map(of(None)).chain(steps.map(of(Some(amount.currency.as_str())))).collect()
}

/// A date of more days than these is long: its months are no values of the date facet.
const QUARTER: i64 = 92;

/// The value of a month.
pub fn month_path(month: Date) -> String {
    format!("{:04}/{:02}", month.year(), month.month())
}

/// Every month of a period, by its first day.
pub fn months(start: Date, end: Date) -> impl Iterator<Item = Date> {
    let next = |month: &Date| month.last_of_month().tomorrow().ok();
    std::iter::successors(Some(start.first_of_month()), next).take_while(move |month| *month <= end)
}

/// The years that a long date touches; none for another.
pub fn long_years(start: Date, end: Date) -> Vec<String> {
    if day(end) - day(start) > QUARTER { years(start, end) } else { Vec::new() }
}

/// Longest span of which every year is a value; a longer one has its two ends.
const YEARS: i16 = 1000;

fn years(start: Date, end: Date) -> Vec<String> {
    match end.year() - start.year() {
        0..=YEARS => (start.year()..=end.year()).map(|y| format!("{y:04}")).collect(),
        _ => [start, end].map(|d| format!("{:04}", d.year())).to_vec(),
    }
}

/// Values of the date facet a date falls under: years, and months where it is no longer than a
/// quarter.
pub fn date_paths(start: Date, end: Date) -> Vec<String> {
    let mut paths = years(start, end);
    if day(end) - day(start) <= QUARTER {
        paths.extend(months(start, end).map(month_path));
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
        for days in [-719_528, -1, 0, 11_017, 2_932_896] {
            assert_eq!(of_day(days).map(day), Some(days));
        }
        assert_eq!(of_day(i64::MAX), None);
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

    #[test]
    fn every_number_falls_into_the_step_it_lies_in() {
        for number in [0.0, 9.99, 10.0, 29.9, 30.0, 5e7, 5.9999e7, 9e13, 1e15, f64::MAX] {
            let (begin, end) = step_ends(step(number));
            assert!(begin <= number && number < end, "{number}: {begin} to {end}");
        }
        assert_eq!(step_ends(step(5.5e7)), (5e7, 6e7));
        assert_eq!(step(f64::MAX), LAST_STEP);
        let amount = |low: i64, high: i64| Amount {
            currency: "USD".into(),
            low: low.into(),
            high: high.into(),
            hedge: Hedge::Exact,
        };
        assert_eq!(size_terms(&amount(15, 31)), ["/1", "/2", "/3", "USD/1", "USD/2", "USD/3"]);
    }

    #[test]
    fn a_date_is_found_by_its_months_unless_it_is_long() {
        let date = |y, m, d| Date::constant(y, m, d);
        let (new_year, later) = (date(2020, 12, 30), date(2021, 1, 2));
        assert_eq!(date_paths(new_year, later), ["2020", "2021", "2020/12", "2021/01"]);
        assert!(long_years(new_year, later).is_empty());
        let (first, last) = (date(2020, 7, 1), date(2021, 12, 31));
        assert_eq!(date_paths(first, last), ["2020", "2021"]);
        assert_eq!(long_years(first, last), ["2020", "2021"]);
    }
}
