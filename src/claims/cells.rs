//! Table cells that are amounts because their column's head says so: `70m` under `amount (USD)`,
//! `308` under `millions of US dollars`; and the day a row gives in two cells (`2023`,
//! `12 September`).

use super::counts::bare;
use super::{Figure, FigureKind};
use crate::document::{Cell, Document, Paragraph, Span, Table};
use crate::extract::{DateRange, Hedge, Precision};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::str::FromStr;

/// Words of a head that make its column one of money.
const MONEY: [&str; 9] = ["amount", "value", "usd", "dollar", "$", "loss", "sum", "stolen", "proceeds"];

/// Figures in cells that no extractor took; `taken` is in the order of the text.
pub fn amounts(document: &Document, taken: &[(Span, Figure)]) -> Vec<(Span, Figure)> {
    let mut found = Vec::new();
    for paragraph in &document.paragraphs {
        let Some(row) = paragraph.row.as_ref().filter(|r| !r.is_head) else { continue };
        let Some(table) = document.tables.get(row.table) else { continue };
        for cell in &row.cells {
            let at = taken.partition_point(|(span, _)| span.end <= cell.span.start);
            if cell.span.is_empty() || taken.get(at).is_some_and(|(span, _)| span.overlaps(cell.span)) {
                continue;
            }
            let head = head(document, table, cell);
            if !MONEY.iter().any(|word| head.contains(word)) {
                continue;
            }
            let unit = table.unit.map_or("", |s| s.of(&document.text)).to_lowercase();
            found.extend(money(document, cell, &format!("{head} {unit}")).map(|f| (cell.span, f)));
        }
    }
    found
}

/// Words of a head that make its column one of counts.
const COUNTED: [&str; 12] = [
    "attack",
    "incident",
    "victim",
    "case",
    "complaint",
    "launch",
    "missile",
    "target",
    "infection",
    "barrel",
    "tonne",
    "arrest",
];

/// Counts in cells that say no more than how many, under a head that says of what: `142` and `Over 40` under
/// `attack claims`. `taken` is in the order of the text.
pub fn counts(document: &Document, taken: &[Span]) -> Vec<(Span, Figure)> {
    let mut found = Vec::new();
    for paragraph in &document.paragraphs {
        let Some(row) = paragraph.row.as_ref().filter(|r| !r.is_head) else { continue };
        let Some(table) = document.tables.get(row.table) else { continue };
        for cell in &row.cells {
            if cell.span.is_empty() || taken.iter().any(|span| span.overlaps(cell.span)) {
                continue;
            }
            let head = head(document, table, cell);
            if COUNTED.iter().any(|word| head.contains(word))
                && let Some(mut figure) = alone(cell.span.of(&document.text))
            {
                for (word, size) in [("million", 1_000_000), ("thousand", 1_000)] {
                    if head.contains(word) {
                        figure.low = figure.low.saturating_mul(Decimal::from(size));
                        figure.high = figure.low;
                    }
                }
                figure.unit = head;
                found.push((cell.span, figure));
            }
        }
    }
    found
}

/// The one number of a cell with its hedge.
fn alone(text: &str) -> Option<Figure> {
    let text = text.trim();
    let numbers = text.split_whitespace().filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).count();
    let last = text.split_whitespace().next_back()?;
    let plain = last.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.');
    let mut figures = bare(text);
    let figure = figures.pop().filter(|f| figures.is_empty() && f.kind == FigureKind::Count)?;
    (numbers == 1 && plain).then_some(figure)
}

fn head(document: &Document, table: &Table, cell: &Cell) -> String {
    let stack = table.heads.get(cell.column).map(Vec::as_slice).unwrap_or(&[]);
    stack.iter().map(|s| s.of(&document.text)).collect::<Vec<_>>().join(" ").to_lowercase()
}

/// `~10m`, `7m+`, `7 million (m)`, `272,000`, `36.09` with what the head says of unit and size.
fn money(document: &Document, cell: &Cell, head: &str) -> Option<Figure> {
    let text = cell.span.of(&document.text).trim();
    let mut hedge = Hedge::Exact;
    let mut rest = text.trim_end_matches("(m)").trim();
    if let Some(about) = rest.strip_prefix('~') {
        (hedge, rest) = (Hedge::About, about);
    }
    if let Some(over) = rest.strip_suffix('+') {
        (hedge, rest) = (Hedge::AtLeast, over);
    }
    let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.')).unwrap_or(rest.len());
    let (number, word) = rest.split_at_checked(digits)?;
    let number = Decimal::from_str(&number.replace(',', "")).ok()?;
    let said = match word.trim().to_lowercase().as_str() {
        "" => None,
        "m" | "mln" | "mn" | "million" => Some(1_000_000),
        "k" | "thousand" => Some(1_000),
        "b" | "bn" | "billion" => Some(1_000_000_000),
        _ => return None,
    };
    let size = said.unwrap_or(if head.contains("billion") {
        1_000_000_000
    } else if head.contains("million") || head.contains("mln") {
        1_000_000
    } else if head.contains("thousand") {
        1_000
    } else {
        1
    });
    let unit = ["eur", "gbp", "jpy", "krw", "btc", "eth"].into_iter().find(|code| head.contains(code));
    let value = number.checked_mul(Decimal::from(size))?;
    let unit = unit.unwrap_or("usd").to_uppercase();
    Some(Figure { kind: FigureKind::Amount, unit, low: value, high: value, hedge })
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day or month of a row whose year stands in a cell of its own.
pub fn day_of_row(document: &Document, paragraph: &Paragraph) -> Option<(DateRange, Span)> {
    let row = paragraph.row.as_ref()?;
    let texts = || row.cells.iter().map(|c| (c.span.of(&document.text).trim(), c.span));
    let year = texts().find_map(|(t, _)| {
        let year: i16 = t.parse().ok()?;
        (t.len() == 4 && (1990..=2100).contains(&year)).then_some(year)
    })?;
    texts().find_map(|(text, span)| {
        let mut words = text.split_whitespace();
        let (first, second) = (words.next()?, words.next());
        if words.next().is_some() {
            return None;
        }
        let month = |word: &str| {
            let lower = word.to_lowercase();
            let at = MONTHS.iter().position(|m| lower.starts_with(m))?;
            i8::try_from(at + 1).ok()
        };
        let day = |word: &str| word.parse::<i8>().ok();
        let (day, month) = match second {
            None => (None, month(first)?),
            Some(second) => match (day(first), month(second), month(first), day(second)) {
                (Some(d), Some(m), _, _) | (_, _, Some(m), Some(d)) => (Some(d), m),
                _ => return None,
            },
        };
        let start = Date::new(year, month, day.unwrap_or(1)).ok()?;
        let end = if day.is_some() { start } else { start.last_of_month() };
        let precision = if day.is_some() { Precision::Day } else { Precision::Month };
        Some((DateRange { start, end, precision, approx: false, order_unknown: false }, span))
    })
}
