//! Points to days: the first and last day of what is named, by the conventions the rules state.

use super::grammar::{Part, Point, Shape};
use crate::extract::{DateRange, Precision};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// Which of two figures is the day in `05/03/2014`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
}

fn date(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn months(year: i16, first: u8, last: u8) -> Option<(Date, Date)> {
    Some((date(year, first, 1)?, date(year, last, 1)?.last_of_month()))
}

/// The days a point names in `year`; `None` where the calendar has no such day. `year` stands in
/// for the point's own.
pub fn days(point: &Point, year: i16, order: Order) -> Option<DateRange> {
    let (span, precision, mut approx) = whole(point, year, order)?;
    let (start, end) = span;
    let Some(part) = point.part else {
        return Some(DateRange { start, end, precision, approx, order_unknown: false });
    };
    approx = true;
    let month = |first: u8, last: u8| months(year, first, last);
    let within =
        |first: i16, last: i16| Some((date(start.year() + first, 1, 1)?, date(start.year() + last, 12, 31)?));
    // Thirds of a year by months, of a month by days, of a decade by years.
    let ((start, end), precision) = match (precision, part) {
        (Precision::Year, Part::Early) => (month(1, 4)?, Precision::Span),
        (Precision::Year, Part::Mid) => (month(5, 8)?, Precision::Span),
        (Precision::Year, Part::Late) => (month(9, 12)?, Precision::Span),
        (Precision::Year, Part::EarlyToMid) => (month(1, 8)?, Precision::Span),
        (Precision::Year, Part::MidToLate) => (month(5, 12)?, Precision::Span),
        (Precision::Year, Part::FirstHalf) => (month(1, 6)?, Precision::Half),
        (Precision::Year, Part::SecondHalf) => (month(7, 12)?, Precision::Half),
        (Precision::Year | Precision::Span, Part::Beginning)
            if end.year() > start.year() || precision == Precision::Year =>
        {
            ((start, start.last_of_month()), Precision::Month)
        }
        (Precision::Year | Precision::Span, Part::End)
            if end.year() > start.year() || precision == Precision::Year =>
        {
            ((end.first_of_month(), end), Precision::Month)
        }
        (Precision::Year, Part::YearEnd) => ((end, end), Precision::Day),
        (Precision::Month, Part::Early) => {
            ((start, date(start.year(), start.month() as u8, 10)?), Precision::Span)
        }
        (Precision::Month, Part::Mid) => {
            let (y, m) = (start.year(), start.month() as u8);
            ((date(y, m, 11)?, date(y, m, 20)?), Precision::Span)
        }
        (Precision::Month, Part::Late) => {
            ((date(start.year(), start.month() as u8, 21)?, end), Precision::Span)
        }
        (Precision::Month, Part::FirstHalf) => {
            ((start, date(start.year(), start.month() as u8, 15)?), Precision::Span)
        }
        (Precision::Month, Part::SecondHalf) => {
            ((date(start.year(), start.month() as u8, 16)?, end), Precision::Span)
        }
        (Precision::Month, Part::Beginning) => ((start, start), Precision::Day),
        (Precision::Month, Part::End) => ((end, end), Precision::Day),
        (Precision::Quarter | Precision::Half, Part::Beginning | Part::Early) => {
            ((start, start.last_of_month()), Precision::Month)
        }
        (Precision::Quarter | Precision::Half, Part::End | Part::Late) => {
            ((end.first_of_month(), end), Precision::Month)
        }
        (Precision::Decade, Part::Early | Part::Beginning) => (within(0, 3)?, Precision::Span),
        (Precision::Decade, Part::Mid) => (within(4, 6)?, Precision::Span),
        (Precision::Decade, Part::Late | Part::End) => (within(7, 9)?, Precision::Span),
        _ => return None,
    };
    Some(DateRange { start, end, precision, approx, order_unknown: false })
}

/// What the shape names as a whole, with its unit, and whether its ends are conventional.
fn whole(point: &Point, year: i16, order: Order) -> Option<((Date, Date), Precision, bool)> {
    let day = |month, day| date(year, month, day).map(|d| ((d, d), Precision::Day, false));
    Some(match point.shape {
        Shape::Year => (months(year, 1, 12)?, Precision::Year, false),
        Shape::Years { last } => ((date(year, 1, 1)?, date(last, 12, 31)?), Precision::Span, false),
        Shape::Decade => ((date(year, 1, 1)?, date(year + 9, 12, 31)?), Precision::Decade, false),
        Shape::Quarter(n @ 1..=4) => (months(year, n * 3 - 2, n * 3)?, Precision::Quarter, false),
        Shape::Half(n @ 1..=2) => (months(year, n * 6 - 5, n * 6)?, Precision::Half, false),
        // Northern seasons by whole months; a winter runs into the next year.
        Shape::Season(4) => {
            ((date(year, 12, 1)?, date(year + 1, 2, 1)?.last_of_month()), Precision::Span, true)
        }
        Shape::Season(n @ 1..=3) => (months(year, n * 3, n * 3 + 2)?, Precision::Span, true),
        Shape::Month(month) => (months(year, month, month)?, Precision::Month, false),
        Shape::Day { month, day: d } => return day(month, d),
        Shape::Figures { a, b } => {
            return match order {
                Order::DayFirst => day(b, a).or_else(|| day(a, b)),
                Order::MonthFirst => day(a, b).or_else(|| day(b, a)),
            };
        }
        Shape::Months { count: n @ 1..=12, last } => {
            let span = if last { months(year, 13 - n, 12)? } else { months(year, 1, n)? };
            let precision = match n {
                1 => Precision::Month,
                3 => Precision::Quarter,
                6 => Precision::Half,
                12 => Precision::Year,
                _ => Precision::Span,
            };
            (span, precision, false)
        }
        Shape::Days { count, last, month } => {
            let (from, to) = months(year, month, month)?;
            let more = i64::from(count.checked_sub(1)?);
            let span = if last {
                (to.checked_sub(more.days()).ok()?, to)
            } else {
                (from, from.checked_add(more.days()).ok()?)
            };
            if span.0 < from || span.1 > to {
                return None;
            }
            (span, if count == 1 { Precision::Day } else { Precision::Span }, false)
        }
        Shape::Weeks { nth, count, last, month } => {
            (weeks(year, nth, count, last, month)?, Precision::Span, true)
        }
        Shape::WeekdayOf { nth, last, weekday, month } => {
            let day = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
            let nth = i8::try_from(nth).ok()?;
            let found =
                date(year, month, 1)?.nth_weekday_of_month(if last { -nth } else { nth }, day).ok()?;
            ((found, found), Precision::Day, false)
        }
        _ => return None,
    })
}

/// Whole weeks from Monday. Those of a year are numbered as ISO 8601 does; the last ones are the
/// last that end within the year or month; the first of a month begins on its first day.
fn weeks(year: i16, nth: u8, count: u8, last: bool, month: Option<u8>) -> Option<(Date, Date)> {
    let (from, to) = match month {
        Some(month) => months(year, month, month)?,
        None => months(year, 1, 12)?,
    };
    let days = 7 * i64::from(count) - 1;
    let back = 7 * (i64::from(nth) - 1);
    if last {
        let sunday = to.checked_sub(i64::from(to.weekday().to_sunday_zero_offset()).days()).ok()?;
        let end = sunday.checked_sub(back.days()).ok()?;
        let start = end.checked_sub(days.days()).ok()?;
        return (start >= from || month.is_none()).then_some((start, end));
    }
    let first = match month {
        Some(_) => from,
        None => {
            let fourth = date(year, 1, 4)?;
            fourth.checked_sub(i64::from(fourth.weekday().to_monday_zero_offset()).days()).ok()?
        }
    };
    let start = first.checked_add(back.days()).ok()?;
    let end = start.checked_add(days.days()).ok()?;
    (month.is_none() || start <= to).then_some((start, if month.is_some() { end.min(to) } else { end }))
}

/// The unit of a range from `first` to `last`: a span, unless it is one whole month or year.
pub fn join(first: &DateRange, last: &DateRange) -> Option<DateRange> {
    (first.start <= last.end && first.start <= last.start && first.end <= last.end).then_some(DateRange {
        start: first.start,
        end: last.end,
        precision: Precision::Span,
        approx: first.approx || last.approx,
        order_unknown: first.order_unknown || last.order_unknown,
    })
}
