//! From expressions to values: the order of day and month in figures, and the years and months
//! that are not printed and have to be taken from the document.
//!
//! What is taken over is named with the value. Where nothing sure is known there is no value but a
//! reason.

use super::calendar::{self, Order};
use super::grammar::{Expression, Point, Relative, Shape, Style, Year};
use crate::document::Document;
use crate::extract::{DateRange, Precision};
use jiff::ToSpan;
use jiff::civil::Date;
use std::collections::BTreeSet;

/// An expression found in a segment, with what is known of its value.
#[derive(Debug, Clone)]
pub struct Item {
    pub expression: Expression,
    /// Counts the segments (paragraphs, cells) of the document.
    pub segment: usize,
    pub in_table: bool,
    /// It is a date only as a member of a list or range that is one: a month's name alone.
    pub weak: bool,
    pub answer: Answer,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Open,
    Value { value: DateRange, inherited: Option<String> },
    Not(String),
}

impl Item {
    pub fn value(&self) -> Option<&DateRange> {
        match &self.answer {
            Answer::Value { value, .. } => Some(value),
            _ => None,
        }
    }

    fn is_absolute(&self) -> bool {
        let known = |p: &Point| {
            matches!(p.year, Year::Known(_))
                && !matches!(p.shape, Shape::RelativeMonth(_) | Shape::Back { .. } | Shape::ReportingPeriod)
        };
        known(&self.expression.first) && self.expression.last.as_ref().is_none_or(known)
    }
}

/// The publication date, as precise as known.
#[derive(Debug, Clone, Copy)]
struct Published {
    /// The last day it can have been.
    until: Date,
    month_known: bool,
}

fn published(document: &Document) -> Option<Published> {
    let text = document.meta.published.as_deref()?;
    if let Some(Ok(day)) = text.get(..10).map(str::parse::<Date>) {
        return Some(Published { until: day, month_known: true });
    }
    let year: i16 = text.get(..4)?.parse().ok()?;
    match text.get(5..7).and_then(|m| m.parse::<i8>().ok()) {
        Some(month) => {
            Some(Published { until: Date::new(year, month, 1).ok()?.last_of_month(), month_known: true })
        }
        None => Some(Published { until: Date::new(year, 12, 31).ok()?, month_known: false }),
    }
}

/// Whether the document's day of publication is known to the month.
pub fn is_published_to_the_month(document: &Document) -> bool {
    published(document).is_some_and(|p| p.month_known)
}

/// Gives every item its answer.
pub fn resolve(document: &Document, items: &mut [Item]) {
    let (order, order_known) = order(document, items);
    for i in 0..items.len() {
        let listed = listed_with(document, items, i);
        let Some(item) = items.get_mut(i).filter(|item| item.is_absolute()) else { continue };
        item.answer = match value(&item.expression, None, order) {
            Some(mut value) => {
                value.order_unknown = !order_known && has_open_order(&item.expression);
                Answer::Value { value, inherited: listed }
            }
            None => Answer::Not("the calendar has no such day".to_string()),
        };
    }
    budget_years(document, items);
    // A list takes its year from its last member: "2 October, 19 October and 3 November 2022".
    for i in (0..items.len()).rev() {
        let (Some(item), Some(next)) = (items.get(i), items.get(i + 1)) else { continue };
        if item.answer != Answer::Open || !joined(document, item, next) || !same_kind(item, next) {
            continue;
        }
        let Some(by) = next.value().map(|v| v.start) else { continue };
        let found = before_or_at(&item.expression, by, order);
        let from = inherited_from(document, next);
        if let (Some(value), Some(item)) = (found, items.get_mut(i)) {
            item.answer = Answer::Value { value, inherited: Some(from) };
        }
    }
    let published = published(document);
    let period = reporting_period(document, items);
    let years = PageYears::of(items, published);
    // The last date before in the same segment that has a value.
    let mut anchor: Option<usize> = None;
    for i in 0..items.len() {
        let (earlier, rest) = items.split_at_mut(i);
        let Some((item, _)) = rest.split_first_mut() else { continue };
        let before = anchor.and_then(|at| earlier.get(at)).filter(|before| before.segment == item.segment);
        if item.answer == Answer::Open {
            item.answer = take_over(document, item, before, published, period.as_ref(), &years, order);
        }
        let rests_on_others =
            matches!(item.expression.first.shape, Shape::Back { .. } | Shape::ReportingPeriod);
        if item.value().is_some() && !rests_on_others {
            anchor = Some(i);
        }
    }
}

/// What a day alone takes its month and year from: the last day of its list.
fn listed_with(document: &Document, items: &[Item], i: usize) -> Option<String> {
    let style = |item: &Item| item.expression.first.style;
    items.get(i).filter(|item| style(item) == Style::Listed)?;
    let last = items.iter().skip(i).find(|item| style(item) != Style::Listed)?;
    Some(format!("the month of \"{}\"", last.expression.span.of(&document.text)))
}

/// The value of an expression, with `year` for a year that is open.
fn value(expression: &Expression, year: Option<i16>, order: Order) -> Option<DateRange> {
    let year_of = |p: &Point| match p.year {
        Year::Known(y) => Some(y),
        _ => year,
    };
    let (first, last) = (expression.first, expression.last);
    let from = calendar::days(&first, year_of(&first)?, order);
    let Some(last) = last else { return from };
    let to = calendar::days(&last, year_of(&last)?, order)?;
    if let Some(found) = from.as_ref().and_then(|from| calendar::join(from, &to)) {
        return Some(found);
    }
    if expression.year_shared || first.year == Year::Open {
        // "from December to March 2025" begins in the year before.
        let from = calendar::days(&first, year_of(&last)? - 1, order)?;
        return calendar::join(&from, &to);
    }
    if expression.year_lent {
        let to = calendar::days(&last, year_of(&first)? + 1, order)?;
        return calendar::join(&from?, &to);
    }
    None
}

/// The latest reading of an open expression that begins at or before `by`.
fn before_or_at(expression: &Expression, by: Date, order: Order) -> Option<DateRange> {
    let this = value(expression, Some(by.year()), order);
    if let Some(v) = &this
        && v.start <= by
    {
        return this;
    }
    value(expression, Some(by.year() - 1), order).filter(|v| v.start <= by)
}

/// The reading of an open expression that begins nearest to `to`.
fn nearest(expression: &Expression, to: Date, order: Order) -> Option<DateRange> {
    (-1..=1)
        .filter_map(|d| value(expression, Some(to.year() + d), order))
        .min_by_key(|v| (v.start.duration_since(to).as_hours().abs(), v.start))
}

/// Budget years that the page says run "from 1 July to 30 June" begin and end there.
fn budget_years(document: &Document, items: &mut [Item]) {
    let years = |item: &Item| {
        matches!(item.expression.first.shape, Shape::Years { .. }) && item.expression.last.is_none()
    };
    if !items.iter().any(years) {
        return;
    }
    let mut pages: Vec<u32> = document
        .text
        .match_indices("1 July")
        .filter(|(at, said)| {
            let rest = document.text.get(at + said.len()..).unwrap_or("");
            let rest: String = rest.chars().take(24).collect();
            rest.contains("30 June")
        })
        .map(|(at, _)| document.page_at(at))
        .collect();
    pages.dedup();
    for item in items.iter_mut().filter(|item| years(item)) {
        if !pages.contains(&document.page_at(item.expression.span.start)) {
            continue;
        }
        if let Answer::Value { value, inherited } = &mut item.answer
            && let (Ok(start), Ok(end)) =
                (Date::new(value.start.year(), 7, 1), Date::new(value.end.year(), 6, 30))
            && value.end.year() == value.start.year() + 1
        {
            (value.start, value.end) = (start, end);
            *inherited = Some("the budget year from 1 July to 30 June".to_string());
        }
    }
}

/// Two items that follow each other in one list.
fn joined(document: &Document, item: &Item, next: &Item) -> bool {
    if item.segment != next.segment {
        return false;
    }
    let Some(between) = document.text.get(item.expression.span.end..next.expression.span.start) else {
        return false;
    };
    between.len() < 24
        && !between.is_empty()
        && between
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '(' | ')'))
            .filter(|w| !w.is_empty())
            .all(|w| matches!(w, "and" | "or" | "&" | "on" | "in" | "the" | "to" | "then" | "again"))
}

fn unit(expression: &Expression) -> u8 {
    match expression.first.shape {
        Shape::Day { .. } => 1,
        Shape::Month(_) => 2,
        Shape::Quarter(_) => 3,
        Shape::Half(_) => 4,
        _ => 0,
    }
}

/// Lists hold members of one kind: days, months, quarters.
fn same_kind(item: &Item, next: &Item) -> bool {
    let (a, b) = (unit(&item.expression), unit(&next.expression));
    a == b && a > 0
}

fn inherited_from(document: &Document, item: &Item) -> String {
    if let Answer::Value { inherited: Some(from), .. } = &item.answer
        && from.starts_with("the year of")
    {
        return from.clone();
    }
    let surface = item.expression.span.of(&document.text).split_whitespace().collect::<Vec<_>>().join(" ");
    format!("the year of \"{surface}\"")
}

fn has_open_order(expression: &Expression) -> bool {
    let open = |p: &Point| matches!(p.shape, Shape::Figures { .. });
    open(&expression.first) || expression.last.as_ref().is_some_and(open)
}

/// Which figure is the day where the figures do not tell, and whether the document's other dates
/// decide it. Else the way the document writes its dates in words is the better guess.
fn order(document: &Document, items: &[Item]) -> (Order, bool) {
    let (mut day_first, mut month_first) = (0_u32, 0_u32);
    let (mut words_day_first, mut words_month_first) = (0_u32, 0_u32);
    let mut open = false;
    for point in items.iter().flat_map(|item| [Some(item.expression.first), item.expression.last]).flatten() {
        if matches!(point.shape, Shape::Figures { .. }) {
            open = true;
        }
        let Shape::Day { day, month } = point.shape else { continue };
        if point.style == Style::Figures && day == month {
            continue;
        }
        let surface = point.span.of(&document.text);
        let figures = surface.bytes().take_while(u8::is_ascii_digit).count();
        let leads = surface.get(..figures).and_then(|f| f.parse::<u8>().ok()) == Some(day);
        match (point.style, leads) {
            (Style::Figures, true) if surface.contains('.') => words_day_first += 1,
            (Style::Figures, true) => day_first += 1,
            (Style::Figures, false) => month_first += 1,
            (Style::Words, true) => words_day_first += 1,
            (Style::Words, false) if figures == 0 => words_month_first += 1,
            _ => {}
        }
    }
    if !open {
        return (Order::MonthFirst, true);
    }
    match (day_first > 0, month_first > 0) {
        (true, false) => (Order::DayFirst, true),
        (false, true) => (Order::MonthFirst, true),
        _ if words_day_first > words_month_first => (Order::DayFirst, false),
        _ => (Order::MonthFirst, false),
    }
}

/// The period a report says it covers, and where it says so.
struct Period {
    value: DateRange,
    surface: String,
    at: usize,
}

/// The period a report says it covers: the first range printed next to those words.
fn reporting_period(document: &Document, items: &[Item]) -> Option<Period> {
    let to_the_day = |item: &&Item| {
        item.expression.last.is_some()
            && item.is_absolute()
            && matches!(item.expression.first.shape, Shape::Day { .. } | Shape::Month(_))
    };
    items.iter().filter(to_the_day).find_map(|item| {
        let start = item.expression.span.start;
        let sentence = document.sentence_at(start)?;
        let before =
            around(&document.text, start.saturating_sub(REACH).max(sentence.start), start).to_lowercase();
        let near = around(&before, before.len().saturating_sub(60), before.len());
        let says = near.contains("period") && (before.contains("cover") || before.contains("report"));
        says.then(|| {
            let value = item.value()?.clone();
            Some(Period { value, surface: item.expression.span.of(&document.text).to_string(), at: start })
        })
        .flatten()
    })
}

/// The years printed in dates on each page: what bears out a year taken from the publication date.
/// A document of one page needs no bearing out.
struct PageYears {
    /// Where a date begins, its first and its last year; in the order of the text.
    printed: Vec<(usize, i16, i16)>,
    /// Month, day and year of the days that are printed in full.
    days: BTreeSet<(u8, u8, i16)>,
    published: Option<Published>,
}

impl PageYears {
    fn of(items: &[Item], published: Option<Published>) -> Self {
        let years =
            |item: &Item| item.value().map(|v| (item.expression.span.start, v.start.year(), v.end.year()));
        let day = |item: &Item| match (item.expression.first.shape, item.expression.first.year) {
            (Shape::Day { month, day }, Year::Known(year)) => Some((month, day, year)),
            _ => None,
        };
        PageYears {
            printed: items.iter().filter_map(years).collect(),
            days: items.iter().filter_map(day).collect(),
            published,
        }
    }

    /// Whether a date on the item's page names the year.
    fn bear_out(&self, document: &Document, item: &Item, year: i16) -> bool {
        if document.pages.len() <= 1 {
            return self.published.is_some_and(|p| [p.until.year(), p.until.year() - 1].contains(&year));
        }
        let at = item.expression.span.start;
        let page = document.page_at(at);
        let here = self.printed.partition_point(|p| p.0 < at);
        let same = |p: &&(usize, i16, i16)| document.page_at(p.0) == page;
        let (before, after) = self.printed.split_at(here);
        let named = |p: &(usize, i16, i16)| p.1 == year || p.2 == year;
        before.iter().rev().take_while(same).any(named) || after.iter().take_while(same).any(named)
    }
}

/// The answer for an item whose year, or more, is not printed.
fn take_over(
    document: &Document,
    item: &Item,
    anchor: Option<&Item>,
    published: Option<Published>,
    period: Option<&Period>,
    years: &PageYears,
    order: Order,
) -> Answer {
    let expression = &item.expression;
    let first = expression.first;
    let not = |why: &str| Answer::Not(why.to_string());
    let by_publication = || document.meta.published.as_deref().map(|p| format!("the publication date {p}"));
    if expression.last.is_some_and(|p| p.shape == Shape::Present) {
        let begun = value(&Expression { last: None, ..*expression }, None, order);
        return match (begun, published.filter(|p| p.month_known)) {
            (Some(from), Some(p)) if from.start <= p.until => Answer::Value {
                value: DateRange { end: p.until, precision: Precision::Span, ..from },
                inherited: by_publication(),
            },
            _ => not("the publication date is not known to the month, or lies before it"),
        };
    }
    if let Shape::ReportingPeriod = first.shape {
        return match period {
            Some(period)
                if document.sentence_at(period.at) == document.sentence_at(expression.span.start) =>
            {
                not("its days are printed beside it")
            }
            Some(Period { value, surface, .. }) => Answer::Value {
                value: value.clone(),
                inherited: Some(format!("the reporting period \"{surface}\"")),
            },
            None => not("the document does not say which period it reports on"),
        };
    }
    if let Shape::Back { months } = first.shape {
        if months > 12 {
            return not("it names a rough stretch of time");
        }
        let Some(p) = published.filter(|p| p.month_known) else {
            return not("the publication date is not known to the month");
        };
        let Ok(start) = p.until.checked_sub(i32::from(months).months()) else {
            return not("it is out of range");
        };
        let value =
            DateRange { start, end: p.until, precision: Precision::Span, approx: true, order_unknown: false };
        return Answer::Value { value, inherited: by_publication() };
    }
    let relative = match (first.shape, first.year) {
        (Shape::RelativeMonth(r), _) | (_, Year::Relative(r)) => Some(r),
        _ => None,
    };
    if let Some(relative) = relative {
        let month = matches!(first.shape, Shape::RelativeMonth(_));
        let (seen_from, from) = match relative {
            Relative::Last | Relative::This | Relative::Next => match published {
                Some(p) if p.month_known || !month => (p.until, by_publication()),
                _ => return not("the publication date is not known"),
            },
            Relative::Same | Relative::Previous | Relative::Following => {
                match anchor.and_then(|a| Some((a, a.value()?))) {
                    Some((a, v)) if !month || v.precision <= Precision::Month => {
                        let surface = a.expression.span.of(&document.text);
                        (v.end, Some(format!("\"{surface}\" before it")))
                    }
                    _ => return not("no date before it in the paragraph tells which one"),
                }
            }
        };
        let step = match relative {
            Relative::Last | Relative::Previous => -1,
            Relative::This | Relative::Same => 0,
            Relative::Next | Relative::Following => 1,
        };
        let found = if month {
            seen_from.first_of_month().checked_add(step.months()).ok().and_then(|d| {
                let mut point = first;
                point.shape = Shape::Month(u8::try_from(d.month()).ok()?);
                calendar::days(&point, d.year(), order)
            })
        } else {
            let mut shown = *expression;
            for point in [Some(&mut shown.first), shown.last.as_mut()].into_iter().flatten() {
                if matches!(point.year, Year::Relative(_)) {
                    point.year = Year::Known(seen_from.year() + i16::try_from(step).unwrap_or(0));
                }
            }
            value(&shown, None, order)
        };
        return match found {
            Some(value) => Answer::Value { value, inherited: from },
            None => not("it names no day of the calendar"),
        };
    }
    if item.weak {
        return not("a month's name alone");
    }
    // A day, month or quarter without its year: the date before it in the paragraph and the day of
    // publication are the two witnesses.
    let by_anchor = anchor.and_then(|a| {
        let v = a.value()?;
        let whole_years = v.start.day_of_year() == 1 && v.end.month() == 12 && v.end.day() == 31;
        let found = if whole_years {
            value(expression, Some(v.end.year()), order)
        } else {
            nearest(expression, v.start, order)
        };
        Some((found?, a, whole_years))
    });
    let until = published.filter(|p| p.month_known && !item.in_table).map(|p| p.until);
    let by_publication_date = until.and_then(|until| before_or_at(expression, until, order));
    match (by_anchor, by_publication_date) {
        (Some((value, a, _)), Some(seen)) if value == seen => {
            Answer::Value { value, inherited: Some(inherited_from(document, a)) }
        }
        (Some((value, ..)), Some(seen)) => match by_period(document, item, period, years, order) {
            Some(answer) => answer,
            None => Answer::Not(format!("its year can be {} or {}", value.start.year(), seen.start.year())),
        },
        (Some((value, a, whole_years)), None) => {
            // A year may be part of a name; "In 2013" is not.
            let before = document.text.get(..a.expression.span.start).unwrap_or("").trim_end();
            if whole_years && !(before.ends_with("In") || before.ends_with(" in")) {
                return not("no date before it in the paragraph tells its year");
            }
            Answer::Value { value, inherited: Some(inherited_from(document, a)) }
        }
        (None, Some(seen)) => {
            let soon = until.and_then(|u| u.checked_add(45.days()).ok());
            let next = value(expression, Some(seen.start.year() + 1), order);
            if next.is_some_and(|n| soon.is_some_and(|soon| n.start <= soon)) || looks_ahead(document, item) {
                return by_period(document, item, period, years, order)
                    .unwrap_or_else(|| not("it can lie before or after the publication date"));
            }
            if !years.bear_out(document, item, seen.start.year()) {
                return not("only the publication date tells its year, no date on the page does");
            }
            Answer::Value { value: seen, inherited: by_publication() }
        }
        (None, None) => not("no year is printed, and none near it or on the document tells which"),
    }
}

/// The reading of an open expression that lies in the period the document reports on, where only one
/// does and a date on the page names its year.
fn by_period(
    document: &Document,
    item: &Item,
    period: Option<&Period>,
    years: &PageYears,
    order: Order,
) -> Option<Answer> {
    let Period { value: whole, surface, .. } = period?;
    // "the 7 October attacks": the day is known by a year of its own.
    let known = |p: &(u8, u8, i16)| matches!(item.expression.first.shape, Shape::Day { month, day } if (month, day) == (p.0, p.1) && p.2 != whole.end.year());
    if years.days.iter().any(known) {
        return None;
    }
    let mut inside = (whole.start.year()..=whole.end.year())
        .filter_map(|year| value(&item.expression, Some(year), order))
        .filter(|v| whole.start <= v.start && v.end <= whole.end);
    let value = inside.next().filter(|v| years.bear_out(document, item, v.start.year()))?;
    inside
        .next()
        .is_none()
        .then(|| Answer::Value { value, inherited: Some(format!("the reporting period \"{surface}\"")) })
}

/// How far a look around a date goes, in bytes.
const REACH: usize = 300;

/// The text between two bytes, moved inward to whole characters.
fn around(text: &str, mut from: usize, mut to: usize) -> &str {
    to = to.min(text.len());
    while from < to && !text.is_char_boundary(from) {
        from += 1;
    }
    while to > from && !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to).unwrap_or("")
}

/// Whether the sentence speaks of what is to come.
fn looks_ahead(document: &Document, item: &Item) -> bool {
    let span = item.expression.span;
    let Some(sentence) = document.sentence_at(span.start) else { return false };
    let sentence = around(
        &document.text,
        span.start.saturating_sub(REACH).max(sentence.start),
        (span.end + REACH).min(sentence.end),
    );
    sentence.as_bytes().split(|b| !b.is_ascii_alphabetic()).any(|word| {
        matches!(
            word,
            b"will"
                | b"expected"
                | b"projected"
                | b"planned"
                | b"scheduled"
                | b"forecast"
                | b"due"
                | b"upcoming"
                | b"would"
        )
    })
}
