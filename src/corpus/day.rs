//! Days of publication as metadata and title pages write them.

use regex::Regex;
use std::sync::LazyLock;

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

/// A date as precise as told, checked by the calendar: `2022-03-01`, `2022-03` or `2022`; a time
/// after the day is left out, `/` may stand for `-`.
pub fn iso_date(text: &str) -> Option<String> {
    let text = text.trim();
    let day = text.get(..10).unwrap_or(text);
    if text.len() > 10 && !text.get(10..).is_some_and(|rest| rest.starts_with(['T', 't', ' '])) {
        return None;
    }
    let day = day.replace('/', "-");
    let parts: Vec<&str> = day.split('-').collect();
    let digits = |part: &str, n: usize| part.len() == n && part.bytes().all(|b| b.is_ascii_digit());
    let known = match parts.as_slice() {
        [y] => digits(y, 4),
        [y, m] => digits(y, 4) && digits(m, 2) && format!("{day}-01").parse::<jiff::civil::Date>().is_ok(),
        [y, m, d] => digits(y, 4) && digits(m, 2) && digits(d, 2) && day.parse::<jiff::civil::Date>().is_ok(),
        _ => false,
    };
    known.then_some(day)
}

/// The first date written out in English in a text, in ISO 8601: `7 March 2024`, `March 7, 2024`,
/// `Mar. 2024`. With `days_only` months alone do not count.
pub fn written_date(text: &str, days_only: bool) -> Option<String> {
    #[allow(clippy::expect_used, reason = "a pattern of our own, compiled by every test")]
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        let month = "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
        Regex::new(&format!(
            r"(?i)\b(?:(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{month}\.?,?[\s-]+(\d{{4}})|{month}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})|{month}\.?,?\s+(\d{{4}}))\b"
        ))
        .expect("pattern")
    });
    let month = |name: &str| {
        let name = name.to_lowercase();
        MONTHS.iter().position(|month| month.starts_with(name.get(..3).unwrap_or("?"))).map(|i| i + 1)
    };
    for found in WRITTEN.captures_iter(text) {
        let part = |i: usize| found.get(i).map_or("", |m| m.as_str());
        let (y, m, d) = match (found.get(1), found.get(4)) {
            (Some(_), _) => (part(3), part(2), part(1)),
            (_, Some(_)) => (part(6), part(4), part(5)),
            _ if days_only => continue,
            _ => (part(8), part(7), ""),
        };
        let Some(m) = month(m) else { continue };
        let told = if d.is_empty() { format!("{y}-{m:02}") } else { format!("{y}-{m:02}-{d:0>2}") };
        if (1900..2100).contains(&y.parse::<u32>().unwrap_or(0))
            && let Some(told) = iso_date(&told)
        {
            return Some(told);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_checked_by_the_calendar() {
        assert_eq!(iso_date("2022").as_deref(), Some("2022"));
        assert_eq!(iso_date(" 2022/03/01 ").as_deref(), Some("2022-03-01"));
        assert_eq!(iso_date("2022-03-01T10:00:00Z").as_deref(), Some("2022-03-01"));
        for wrong in ["", "22", "2022-13", "2022-02-30", "2022-3-1", "March 2022", "2022-03-01x", "２０２２"]
        {
            assert_eq!(iso_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_written_out_are_read() {
        for (text, date) in [
            ("Distr.: General 7 March 2031", Some("2031-03-07")),
            ("Published on Sept. 3rd, 2029 by", Some("2029-09-03")),
            ("June 2030", Some("2030-06")),
            ("31 June 2030", None),
            ("may 2030 be better", Some("2030-05")),
            ("in 2030", None),
        ] {
            assert_eq!(written_date(text, false).as_deref(), date, "{text}");
        }
        assert_eq!(written_date("June 2030, 1 July 2031", true).as_deref(), Some("2031-07-01"));
    }
}
