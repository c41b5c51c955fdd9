//! Amounts in table cells whose unit stands in the head of the column, the unit line or the
//! caption, and figures of charts under a line that gives their unit.
//!
//! A number is taken only where the table names a currency for it: columns and rows that say
//! otherwise (per cent, number of posts, years) are left alone, and so is the column of labels.

use super::hedges;
use super::money::{Care, MONEY, Marker};
use super::numbers::{Figure, figure_at, first, is_space};
use super::page::{Page, fold};
use super::{Draft, RANGE, TABLE_UNIT, Unit};
use crate::document::{Cell, ParagraphKind, Span};
use crate::extract::Hedge;
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

/// What a head, caption or unit line says its numbers are in.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    unit: Unit,
    times: Decimal,
    /// The words, as printed.
    words: String,
}

static MAGNITUDE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)(?-u:\b)(thousand|million|billion|trillion)s?(?-u:\b)|(['’]\s?000s?(?-u:\b)|(?-u:\b)000s(?-u:\b))|(?-u:\b)(mn|mln|bn|m)(?-u:\b)")
        .ok()
});
static OTHER_THINGS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?i)%|(?-u:\b)per\s?cents?(?-u:\b)|(?-u:\b)percentages?(?-u:\b)|(?-u:\b)share(?-u:\b)|(?-u:\b)ratio(?-u:\b)|(?-u:\b)rates?(?-u:\b)|(?-u:\b)numbers?(?-u:\b)|(?-u:\b)nos?(?-u:\b)\.?|(?-u:\b)counts?(?-u:\b)|(?-u:\b)persons?(?-u:\b)|(?-u:\b)personnel(?-u:\b)|(?-u:\b)people(?-u:\b)|(?-u:\b)staff(?-u:\b)|(?-u:\b)posts?(?-u:\b)|(?-u:\b)positions?(?-u:\b)|(?-u:\b)years?(?-u:\b)|(?-u:\b)dates?(?-u:\b)|(?-u:\b)days?(?-u:\b)|(?-u:\b)months?(?-u:\b)|(?-u:\b)quarters?(?-u:\b)|(?-u:\b)tonn?e?s?(?-u:\b)|(?-u:\b)tons(?-u:\b)|(?-u:\b)kg(?-u:\b)|(?-u:\b)quantit|(?-u:\b)volumes?(?-u:\b)|(?-u:\b)users?(?-u:\b)|(?-u:\b)victims?(?-u:\b)|(?-u:\b)incidents?(?-u:\b)|(?-u:\b)cases?(?-u:\b)|(?-u:\b)ranks?(?-u:\b)|(?-u:\b)ids?(?-u:\b)|(?-u:\b)ref(?:erence)?s?(?-u:\b)|(?-u:\b)pages?(?-u:\b)|(?-u:\b)notes?(?-u:\b)|(?-u:\b)annex(?:es)?(?-u:\b)|(?-u:\b)paragraphs?(?-u:\b)|(?-u:\b)index(?-u:\b)|(?-u:\b)codes?(?-u:\b)|(?-u:\b)age(?-u:\b)|(?-u:\b)km(?-u:\b)|(?-u:\b)population(?-u:\b)|(?-u:\b)headcount(?-u:\b)|(?-u:\b)distance(?-u:\b)|(?-u:\b)hours?(?-u:\b)|(?-u:\b)vessels?(?-u:\b)|(?-u:\b)countries(?-u:\b)|(?-u:\b)barrels?(?-u:\b)|(?-u:\b)lit(?:re|er)s?(?-u:\b)|(?-u:\b)weight(?-u:\b)|(?-u:\b)size(?-u:\b)|(?-u:\b)serial(?-u:\b)|(?-u:\b)items?(?-u:\b)",
    )
    .ok()
});

pub(super) fn read(page: &Page<'_>, drafts: &mut Vec<Draft>) {
    let document = page.document;
    let units: Vec<Option<Said>> = document
        .tables
        .iter()
        .map(|table| {
            let unit = table.unit.and_then(|span| said(page, span, true));
            unit.or_else(|| table.caption.and_then(|span| said(page, span, false)))
        })
        .collect();
    let mut columns: Vec<Vec<Option<Column>>> = Vec::with_capacity(document.tables.len());
    for (table, unit) in document.tables.iter().zip(&units) {
        columns.push(table.heads.iter().map(|heads| column(page, heads, unit.as_ref())).collect());
    }
    if columns.iter().flatten().any(Option::is_some) || units.iter().any(Option::is_some) {
        let shapes = shapes(page);
        let mut found = Vec::new();
        for paragraph in &document.paragraphs {
            let Some(row) = &paragraph.row else { continue };
            if row.is_head || counts_row(page, row.cells.first(), row.cells.len()) {
                continue;
            }
            for cell in &row.cells {
                let head = columns.get(row.table).and_then(|c| c.get(cell.column));
                let own = head.and_then(Option::as_ref);
                let said = match (own, head) {
                    (Some(Column::Money(said)), _) => said.clone(),
                    (Some(Column::Other), _) => continue,
                    // The column of labels, and columns the heads do not reach.
                    (None, _) if cell.column == 0 => continue,
                    (None, _) => match units.get(row.table).and_then(Option::as_ref) {
                        Some(said) => said.clone(),
                        None => continue,
                    },
                };
                let years = shapes.get(row.table).is_some_and(|s| s.no_years(cell.column));
                if let Some(draft) = cell_amount(page, cell.span, &said, years, drafts) {
                    found.push(draft);
                }
            }
        }
        drafts.extend(found);
    }
    charts(page, drafts);
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq)]
enum Column {
    Money(Said),
    Other,
}

fn column(page: &Page<'_>, heads: &[Span], table: Option<&Said>) -> Option<Column> {
    let mut other = false;
    for span in heads.iter().rev() {
        if let Some(mut said) = said(page, *span, true) {
            // "US$" under a caption of thousands.
            if said.times == Decimal::ONE
                && let Some(table) = table.filter(|t| t.unit == said.unit)
            {
                said = table.clone();
            }
            return Some(Column::Money(said));
        }
        other |= OTHER_THINGS.as_ref().is_some_and(|r| r.is_match(span.of(page.text)));
    }
    other.then_some(Column::Other)
}

/// The currency and magnitude that a line gives as a unit, not as part of a sum.
fn said(page: &Page<'_>, span: Span, short: bool) -> Option<Said> {
    let text = span.of(page.text);
    if text.len() > 400 {
        return None;
    }
    let automaton = MONEY.automaton.as_ref()?;
    for found in automaton.find_iter(text) {
        let (start, end) = (span.start + found.start(), span.start + found.end());
        if !super::bounded(page.text, start, end) {
            continue;
        }
        let marker = MONEY.markers.get(found.pattern().as_usize())?;
        let near_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let before = super::back_spaces(page.text, start, 2);
        let after = super::skip_spaces(page.text, end, 2);
        if near_digit(first(page.text, after)) && after < span.end && after - end < 2 {
            continue;
        }
        let unit = match marker {
            Marker::Symbol { currency, care: Care::None } => page.sign(*currency, start, end).0,
            Marker::Code { currency, care, .. }
                if matches!(care, Care::None | Care::Figure) || enclosed(page.text, start, end) =>
            {
                Unit::Fiat(*currency)
            }
            Marker::Ticker { coin, care: Care::None } => Unit::Coin(coin),
            Marker::Ticker { coin, .. } if enclosed(page.text, start, end) => Unit::Coin(coin),
            Marker::Unit { word } => {
                let unit = MONEY.units.get(*word)?;
                let (of, from) = page.adjective(unit, start);
                let whole = from.max(span.start);
                let said_as_unit = enclosed(page.text, whole, end)
                    || led(page.text, whole, span.start)
                    || whole == span.start && end == span.end;
                if unit.singular
                    && !matches!(
                        unit.word.as_str(),
                        "yen" | "won" | "yuan" | "renminbi" | "naira" | "baht" | "rand"
                    )
                    || !said_as_unit
                {
                    continue;
                }
                Unit::Fiat(match of {
                    Some(currency) => currency,
                    None => page.unit_of(*word, unit, start)?.0,
                })
            }
            _ => continue,
        };
        // A caption that only mentions money is no unit.
        if !short && !enclosed(page.text, start, end) && !led(page.text, before, span.start) {
            let phrase = led_by_magnitude(page.text, start, span.start);
            if !phrase {
                continue;
            }
        }
        return Some(Said { unit, times: magnitude_of(text), words: fold(text) });
    }
    None
}

/// `(US$)`, `[in thousands of dollars]`: an open bracket before it that closes after it.
fn enclosed(text: &str, start: usize, end: usize) -> bool {
    let open = text[..start].chars().rev().take(60).find(|c| matches!(c, '(' | ')' | '[' | ']' | '\n' | '|'));
    let close = text[end..].chars().take(60).find(|c| matches!(c, '(' | ')' | '[' | ']' | '\n' | '|'));
    matches!(open, Some('(' | '[')) && matches!(close, Some(')' | ']'))
}

/// "in dollars", "millions of dollars"
fn led(text: &str, at: usize, floor: usize) -> bool {
    hedges::word_before(text, at, floor).is_some_and(|w| {
        matches!(
            w.word.trim_start_matches(['(', ',']).to_lowercase().as_str(),
            "in" | "of" | "us" | "thousand" | "million" | "billion" | "thousands" | "millions" | "billions"
        )
    })
}

fn led_by_magnitude(text: &str, at: usize, floor: usize) -> bool {
    text.get(floor..at).is_some_and(|head| {
        let tail: String = head.chars().rev().take(48).collect::<Vec<_>>().into_iter().rev().collect();
        let lower = tail.to_lowercase();
        lower.contains("millions of")
            || lower.contains("thousands of")
            || lower.contains("billions of")
            || lower.contains("in thousand")
            || lower.contains("in million")
    })
}

fn magnitude_of(text: &str) -> Decimal {
    let Some(found) = MAGNITUDE.as_ref().and_then(|r| r.captures(text)) else { return Decimal::ONE };
    let power = match (
        found.get(1).map(|m| m.as_str().to_lowercase()),
        found.get(3).map(|m| m.as_str().to_lowercase()),
    ) {
        (Some(word), _) => match word.as_str() {
            "thousand" => 3,
            "million" => 6,
            "billion" => 9,
            _ => 12,
        },
        (None, Some(short)) => {
            if short == "bn" {
                9
            } else {
                6
            }
        }
        (None, None) => 3,
    };
    Decimal::from(10u64.pow(power))
}

/// Whether the row's label says that its numbers count something.
fn counts_row(page: &Page<'_>, label: Option<&Cell>, cells: usize) -> bool {
    let Some(label) = label.filter(|l| l.column == 0 && cells > 1) else { return false };
    let text = label.span.of(page.text).to_lowercase();
    text.contains("per cent")
        || text.contains("percent")
        || text.contains('%')
        || text.starts_with("number of")
        || text.starts_with("no. of")
        || text.contains("(number)")
        || text.ends_with(" ratio")
        || text.starts_with("year")
}

/// How the numbers of a table look.
struct Shape {
    /// Numbers of four digits and more are grouped.
    groups: bool,
    /// By column: numbers, and those that look like years.
    columns: Vec<(usize, usize)>,
}

impl Shape {
    /// Whether what looks like a year in this column is one.
    fn no_years(&self, column: usize) -> bool {
        self.groups || self.columns.get(column).is_some_and(|(all, years)| years * 2 > *all)
    }
}

fn shapes(page: &Page<'_>) -> Vec<Shape> {
    let mut shapes: Vec<Shape> =
        page.document.tables.iter().map(|_| Shape { groups: false, columns: Vec::new() }).collect();
    for row in page.document.paragraphs.iter().filter_map(|p| p.row.as_ref()).filter(|r| !r.is_head) {
        let Some(shape) = shapes.get_mut(row.table) else { continue };
        for cell in &row.cells {
            let Some((figure, _)) = whole_number(page, cell.span) else { continue };
            shape.groups |= figure.grouped;
            if shape.columns.len() <= cell.column {
                shape.columns.resize(cell.column + 1, (0, 0));
            }
            if let Some(column) = shape.columns.get_mut(cell.column) {
                column.0 += 1;
                column.1 += usize::from(figure.looks_like_year());
            }
        }
    }
    shapes
}

/// The number that fills a cell, and whether brackets or a sign make it negative.
fn whole_number(page: &Page<'_>, span: Span) -> Option<(Figure, bool)> {
    let text = page.text;
    let cell = span.of(text);
    if cell.is_empty() || cell.len() > 40 {
        return None;
    }
    let (mut start, mut end) = (span.start, span.end);
    let mut negative = false;
    if cell.starts_with('(') && cell.ends_with(')') || cell.starts_with('[') && cell.ends_with(']') {
        negative = true;
        (start, end) = (start + 1, end - 1);
    }
    if let Some(c @ ('-' | '\u{2212}' | '\u{2013}')) = first(text, start) {
        negative = true;
        start += c.len_utf8();
    }
    start = super::skip_spaces(text, start, 2);
    if !first(text, start).is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    let figure = figure_at(text, start, page.grouping(start)).ok()?;
    // One letter or sign of a table note may follow.
    let rest = text.get(figure.end..end)?.trim();
    let noted = rest.is_empty()
        || rest == "*"
        || rest == "**"
        || rest.len() == 1 && rest.chars().all(|c| c.is_ascii_lowercase())
        || rest.chars().all(|c| matches!(c, '\u{b9}' | '\u{b2}' | '\u{b3}' | '†' | '‡'));
    noted.then_some((figure, negative))
}

/// The amount of a cell under a unit. A sum with a currency of its own takes the magnitude only.
fn cell_amount(page: &Page<'_>, span: Span, said: &Said, years: bool, drafts: &mut [Draft]) -> Option<Draft> {
    let text = page.text;
    if span.is_empty() {
        return None;
    }
    // Brackets of accounts: `($5.6)` and `$(5.6)` in a table are below zero.
    // Drafts are in the order of the text.
    let first = drafts.partition_point(|d| d.end <= span.start);
    if let Some(draft) = drafts.get_mut(first).filter(|d| d.start < span.end) {
        let cell = span.of(text);
        let whole = draft.end - draft.start + 2 >= cell.len();
        if whole
            && cell.starts_with('(')
            && cell.ends_with(')')
            && draft.low > Decimal::ZERO
            && draft.low == draft.high
        {
            (draft.low, draft.high) = (-draft.low, -draft.high);
            (draft.start, draft.end) = (span.start, span.end);
            draft.inherited = Some(said.words.clone());
        }
        if whole && draft.unit == said.unit && draft.rule.name != RANGE.name {
            scale(draft, said);
        }
        return None;
    }
    let (figure, negative) = whole_number(page, span)?;
    if figure.in_words || (years && figure.looks_like_year()) {
        return None;
    }
    let times = if figure.magnitude.is_some() { Decimal::ONE } else { said.times };
    let value = figure.value.checked_mul(times)?;
    let value = if negative { -value } else { value };
    let end = if negative { span.end } else { figure.end };
    Some(Draft {
        start: if negative { span.start } else { figure.start },
        end,
        core: (figure.start, figure.end),
        number: (figure.start, figure.end),
        low: value,
        high: value,
        unit: said.unit,
        hedge: if figure.plus { Hedge::Over } else { Hedge::Exact },
        rule: &TABLE_UNIT,
        magnitude: Some(times),
        grouped: figure.grouped,
        decimals: figure.decimals,
        inherited: Some(said.words.clone()),
        tied_to: None,
        leads: false,
    })
}

/// `$200` under "millions of dollars".
fn scale(draft: &mut Draft, said: &Said) {
    if draft.magnitude.is_some() || said.times == Decimal::ONE || draft.low.abs() >= Decimal::from(1_000_000)
    {
        return;
    }
    if let (Some(low), Some(high)) = (draft.low.checked_mul(said.times), draft.high.checked_mul(said.times)) {
        (draft.low, draft.high) = (low, high);
        draft.magnitude = Some(said.times);
        draft.inherited = Some(said.words.clone());
    }
}

/// Labels of a chart: lines of bare figures under a line that gives the unit.
fn charts(page: &Page<'_>, drafts: &mut [Draft]) {
    const REACH: usize = 60;
    let document = page.document;
    for draft in drafts.iter_mut() {
        if draft.magnitude.is_some() || draft.low != draft.high || !draft.leads {
            continue;
        }
        let Some(at) = document.paragraph_at(draft.start) else { continue };
        let Some(paragraph) =
            document.paragraphs.get(at).filter(|p| p.row.is_none() && p.kind != ParagraphKind::TableRow)
        else {
            continue;
        };
        if !bare_figures(paragraph.span.of(page.text)) {
            continue;
        }
        let number = document.page_at(draft.start);
        let unit = document
            .paragraphs
            .get(at.saturating_sub(REACH)..=at)
            .into_iter()
            .flatten()
            .rev()
            .take_while(|p| document.page_at(p.span.start) == number)
            .find_map(|p| {
                let line = Span::new(p.span.start, p.span.start + p.span.of(page.text).trim_end().len());
                (line.len() <= 160)
                    .then(|| said(page, line, false))
                    .flatten()
                    .filter(|s| s.times > Decimal::ONE)
            });
        if let Some(said) = unit.filter(|s| s.unit == draft.unit) {
            scale(draft, &said);
        }
    }
}

/// Whether a paragraph holds figures and hardly a word.
fn bare_figures(text: &str) -> bool {
    // A longer paragraph is prose, or a table that was not seen as one.
    if text.len() > 400 {
        return false;
    }
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits > 0
        && letters <= digits
        && text.split(is_space).filter(|w| w.chars().filter(|c| c.is_alphabetic()).count() > 3).count() <= 2
}
