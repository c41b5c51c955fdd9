//! Dates: days, months, quarters, halves, years, decades, seasons and ranges of them, as reports
//! print them.
//!
//! [`tokens`] splits a paragraph or cell, [`grammar`] proposes what its tokens say, [`context`]
//! turns down what only looks like a date, [`resolve`] takes open years from the document and
//! [`calendar`] gives the days. It is no parser of durations, times of day, holidays or recurring
//! dates.

mod calendar;
mod columns;
mod context;
mod grammar;
mod resolve;
#[cfg(test)]
mod tests;
mod tokens;

use super::{Extractor, Findings, Kind, Mention, Rule, Value};
use crate::document::{Document, ParagraphKind, Span};
use crate::rule;
use context::{Place, Verdict};
use grammar::{Expression, Grammar, Shape, Style, Year};
use resolve::{Answer, Item};
use tokens::{Tok, Token, Word};

static DAY: Rule = rule!(
    name: "date-day-month-year",
    finds: "a day by its number, month's name and year, in any order people write",
    leaves_out: "the time of day; days the calendar does not have",
    example: "the 3rd of May 2021; Friday, January 13, 2023; 05-Jan-2018",
    source: "English usage; month names of six languages in dates/words.tsv",
);
static ISO: Rule = rule!(
    name: "date-iso",
    finds: "figures with the year first: a day or a month",
    leaves_out: "years followed by a running number (2023-0417), parts of file names and addresses",
    example: "2021-08-15T13:45:00Z; 2014/05/03; 2015年06月02日; 2014-10",
    source: "ISO 8601",
);
static NUMERIC: Rule = rule!(
    name: "date-numeric",
    finds: "figures with the year last; day and month are told apart by the document's other dates, else marked order-unknown",
    leaves_out: "numbers of papers (OC.12/2024), versions, fractions",
    example: "26/09/2020; 22.07.2023; 7/18/2013; 03/2021",
    source: "usage",
);
static MONTH: Rule = rule!(
    name: "date-month-year",
    finds: "a month and its year",
    leaves_out: "month names that are verbs or names of people and firms",
    example: "March of 2012; Sept 2019; Dec-2018",
    source: "usage",
);
static YEAR: Rule = rule!(
    name: "date-year",
    finds: "a year by its four figures, or in words after a word of time",
    leaves_out: "years in symbols, resolution numbers, product names, addresses, references; amounts and counts; numbers in a table's column of counts",
    example: "in 2021; the 2024 budget; (2023: $2.7 million); in nineteen ninety-nine",
    source: "usage",
);
static RANGE: Rule = rule!(
    name: "date-range",
    finds: "two ends of a period, parts shared between them filled in; one up to the day of publication",
    leaves_out: "a change from one date to another, which is two dates; lists, which are as many as they name",
    example: "4-5 February 2016; from 15 March to 2 April 2024; between 2020 and mid-2021; 2014-2016; from 2021 to date",
    source: "usage",
);
static QUARTER: Rule = rule!(
    name: "date-quarter",
    finds: "a quarter of a calendar year",
    leaves_out: "",
    example: "the first quarter of 2021; Q1 2021; 3Q21",
    source: "usage",
);
static HALF: Rule = rule!(
    name: "date-half",
    finds: "a half of a calendar year",
    leaves_out: "",
    example: "first half of 2019; H1 2019; the latter half of 2020",
    source: "usage",
);
static DECADE: Rule = rule!(
    name: "date-decade",
    finds: "ten years by the first of them",
    leaves_out: "decades of two figures (the nineties, the '90s)",
    example: "the 2010s",
    source: "usage",
);
static SEASON: Rule = rule!(
    name: "date-season",
    finds: "a season and its year: whole months of the northern half, approximate; a winter runs into the next year",
    leaves_out: "seasons without a year",
    example: "summer 2022; winter 2020/21",
    source: "meteorological seasons",
);
static PART: Rule = rule!(
    name: "date-part-of-year",
    finds: "early, mid, late, beginning, end of a year, month, quarter or decade: thirds of it, its first or last month or day, approximate",
    leaves_out: "",
    example: "early 2021; mid-March 2023; the end of 2024; late 1990s",
    source: "usage",
);
static COUNTED: Rule = rule!(
    name: "date-counted",
    finds: "months, weeks and days counted from the beginning or end of a year or month; weeks of a year as ISO 8601 numbers them",
    leaves_out: "durations that are not placed in time",
    example: "the first nine months of 2021; last week of September 2014; the third Tuesday of June 2020",
    source: "ISO 8601 for weeks",
);
static FISCAL: Rule = rule!(
    name: "date-fiscal",
    finds: "a fiscal, financial or budget year, read as the calendar year or years it is named after",
    leaves_out: "the months it really runs, which differ by country",
    example: "FY2023; fiscal year 2014; financial year 2021/22; the 2024/25 budget",
    source: "usage",
);
static INHERITED: Rule = rule!(
    name: "date-inherited-year",
    finds: "a day, month or quarter whose year, or month, stands in the same list, before it in the paragraph, or follows from the publication date",
    leaves_out: "those whose year nothing tells",
    example: "2 October and 3 November 2022",
    source: "usage",
);
static RELATIVE: Rule = rule!(
    name: "date-relative",
    finds: "a year, month or period named by its place before or after another one",
    leaves_out: "those that rest on nothing known",
    example: "last year; the previous month; the end of the year; the past five years; the reporting period",
    source: "usage",
);

/// Finds dates.
pub static EXTRACTOR: Extractor = Extractor {
    name: "dates",
    kind: Kind::Date,
    rules: &[
        &DAY, &ISO, &NUMERIC, &MONTH, &YEAR, &RANGE, &QUARTER, &HALF, &DECADE, &SEASON, &PART, &COUNTED,
        &FISCAL, &INHERITED, &RELATIVE,
    ],
    cases: include_str!("../dates.cases.md"),
    find,
};

fn find(document: &Document, findings: &mut Findings) {
    let counts = columns::counts(document);
    let dated = resolve::is_published_to_the_month(document);
    let mut scan =
        Scan { document, tokens: Vec::new(), items: Vec::new(), segment: 0, counts, dated, findings };
    for paragraph in &document.paragraphs {
        let code = paragraph.kind == ParagraphKind::Code;
        match &paragraph.row {
            Some(row) => {
                for cell in &row.cells {
                    scan.segment(cell.span, code, true);
                }
            }
            None => scan.segment(paragraph.span, code, false),
        }
    }
    let mut items = scan.items;
    resolve::resolve(document, &mut items);
    for item in items {
        let span = item.expression.span;
        match item.answer {
            Answer::Value { value, inherited } => {
                let rule = rule_of(&item.expression);
                findings.mentions.push(Mention {
                    span,
                    rule: rule.name.to_string(),
                    value: Value::Date(value),
                    inherited,
                    tied_to: None,
                });
            }
            Answer::Not(why) => findings.reject(rule_of(&item.expression), Kind::Date, span, why),
            Answer::Open => {}
        }
    }
}

/// One pass over a document's paragraphs and cells.
struct Scan<'a, 'f> {
    document: &'a Document,
    tokens: Vec<Token>,
    items: Vec<Item>,
    /// Counts the segments.
    segment: usize,
    /// Where cells begin that look like years and are counts.
    counts: Vec<usize>,
    /// The document's month of publication is known.
    dated: bool,
    findings: &'f mut Findings,
}

impl Scan<'_, '_> {
    fn segment(&mut self, span: Span, code: bool, in_table: bool) {
        let text = self.document.text.as_str();
        self.segment += 1;
        if !tokens::tokenize(text, span.start, span.end.min(text.len()), &mut self.tokens) {
            return;
        }
        let grammar = Grammar { text, tokens: &self.tokens };
        let place = Place { text, segment: span, code };
        let mut turned_down: Option<Span> = None;
        let mut i = 0;
        while i < self.tokens.len() {
            if matches!(grammar.tok(i), Tok::Other | Tok::P(_)) {
                i += 1;
                continue;
            }
            let single = grammar.expression(i);
            if single.as_ref().is_none_or(|(e, _)| e.last.is_none())
                && let Some((days, next)) = grammar.day_list(i)
                && days.iter().all(|day| place.decide(day) == Verdict::Date)
            {
                for expression in days {
                    let (segment, weak, answer) = (self.segment, false, Answer::Open);
                    self.items.push(Item { expression, segment, in_table, weak, answer });
                }
                i = next.max(i + 1);
                continue;
            }
            let Some((expression, next)) = single else {
                i += 1;
                continue;
            };
            let mut verdict = place.decide(&expression);
            if let (Verdict::Date, Some(before)) = (verdict, turned_down)
                && is_year(&expression)
                && goes_on(text, before, expression.span)
            {
                verdict = Verdict::Not("it goes on a list of what are no dates");
            }
            if in_table && is_year(&expression) && self.counts.binary_search(&span.start).is_ok() {
                verdict = Verdict::Not("the numbers of its column are counts");
            }
            match verdict {
                Verdict::Date => {
                    let expression = if self.dated { expression } else { without_present(expression) };
                    let (first, second) = split_change(&grammar, i, expression);
                    for expression in [Some(first), second].into_iter().flatten() {
                        let weak = is_lone_month(&expression) && !introduced(&grammar, i);
                        self.items.push(Item {
                            expression,
                            segment: self.segment,
                            in_table,
                            weak,
                            answer: Answer::Open,
                        });
                    }
                }
                Verdict::Not(why) => {
                    turned_down = Some(expression.span);
                    self.findings.reject(rule_of(&expression), Kind::Date, expression.span, why);
                }
                Verdict::Nothing => {
                    i += 1;
                    continue;
                }
            }
            i = next.max(i + 1);
        }
    }
}

fn is_year(expression: &Expression) -> bool {
    expression.last.is_none() && expression.first.shape == Shape::Year && expression.first.part.is_none()
}

/// `Office 2007, 2010 and 2013`: what stands between two members of a list.
fn goes_on(text: &str, before: Span, here: Span) -> bool {
    let Some(between) = text.get(before.end..here.start) else { return false };
    between.len() <= 6 && matches!(between.trim(), "," | "/" | "and" | ", and" | "or" | "&" | ", or")
}

/// "moved from 2027 to 2028" is two dates, a range is one.
fn split_change(grammar: &Grammar<'_>, i: usize, expression: Expression) -> (Expression, Option<Expression>) {
    const CHANGES: &[&str] = &[
        "moved",
        "moving",
        "shifted",
        "postponed",
        "deferred",
        "delayed",
        "revised",
        "changed",
        "rescheduled",
        "pushed",
        "advanced",
        "forward",
        "back",
    ];
    if let (Some(last), Tok::W(Word::From)) = (expression.last, grammar.tok(i)) {
        let start = expression.span.start;
        let before = grammar.text.get(..start).unwrap_or("").trim_end();
        let word = before.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("");
        if CHANGES.contains(&word) {
            let one = |p: grammar::Point| Expression { span: p.span, first: p, last: None, ..expression };
            return (one(expression.first), Some(one(last)));
        }
    }
    (expression, None)
}

/// "from 2021 to date" is 2021 where nobody knows when it was written.
fn without_present(expression: Expression) -> Expression {
    match expression.last {
        Some(last) if last.shape == Shape::Present => {
            Expression { span: expression.first.span, last: None, ..expression }
        }
        _ => expression,
    }
}

fn is_lone_month(expression: &Expression) -> bool {
    let first = &expression.first;
    expression.last.is_none()
        && first.part.is_none()
        && matches!(first.shape, Shape::Month(_) | Shape::Quarter(_))
        && first.year == Year::Open
}

/// A word before a month's name that makes it a time: "in March".
fn introduced(grammar: &Grammar<'_>, i: usize) -> bool {
    let Some(before) = i.checked_sub(1) else { return false };
    match grammar.tok(before) {
        Tok::W(Word::In | Word::From | Word::Until | Word::To | Word::Through | Word::Between) => true,
        Tok::Other => {
            let word = grammar.word_text(before).rsplit(char::is_whitespace).next().unwrap_or("");
            matches!(word.to_ascii_lowercase().as_str(), "since" | "by" | "during" | "before" | "after")
        }
        _ => false,
    }
}

/// The rule an expression belongs to.
fn rule_of(expression: &Expression) -> &'static Rule {
    let first = &expression.first;
    let relative = |p: &grammar::Point| matches!(p.year, Year::Relative(_));
    if expression.last.is_some_and(|p| p.shape == Shape::Present) {
        return &RANGE;
    }
    if relative(first)
        || matches!(first.shape, Shape::RelativeMonth(_) | Shape::Back { .. } | Shape::ReportingPeriod)
    {
        return &RELATIVE;
    }
    if first.style == Style::Listed {
        return &INHERITED;
    }
    if first.year == Year::Open && !matches!(expression.last, Some(p) if p.year != Year::Open) {
        return &INHERITED;
    }
    if expression.last.is_some() {
        return &RANGE;
    }
    if first.style == Style::Fiscal {
        return &FISCAL;
    }
    if first.part.is_some() {
        return &PART;
    }
    match (first.shape, first.style) {
        (_, Style::Iso) => &ISO,
        (_, Style::Figures) => &NUMERIC,
        (Shape::Year, _) => &YEAR,
        (Shape::Years { last }, _) if first.year == Year::Known(last - 1) => &FISCAL,
        (Shape::Years { .. }, _) => &RANGE,
        (Shape::Decade, _) => &DECADE,
        (Shape::Quarter(_), _) => &QUARTER,
        (Shape::Half(_), _) => &HALF,
        (Shape::Season(_), _) => &SEASON,
        (Shape::Month(_), _) => &MONTH,
        (Shape::Day { .. } | Shape::Figures { .. }, _) => &DAY,
        _ => &COUNTED,
    }
}
