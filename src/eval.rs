//! The scorecard: mention rows against hand labels, page by page.
//!
//! A label says what is printed on a page; a row agrees when its value does. Precision, recall and
//! F1 are counted per class: amounts, dates (finer than a year), years (whole years), exchanges,
//! wallets. It reads no sources: the faces bring the rows.

use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::MentionRow;
use crate::extract::{Amount, DateRange, Exchange, Hedge, Kind, Value, Wallet};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// One hand-made label: what stands on a page.
#[derive(Debug, Clone, Deserialize)]
pub struct Label {
    pub kind: Kind,
    pub surface: String,
    /// A sound tool could go either way: counted neither when found nor when missed.
    #[serde(default)]
    optional: bool,
    /// Stands only in a picture: optional too.
    #[serde(default)]
    lost: bool,
    /// The ends are conventional: years are compared alone.
    #[serde(default)]
    approx: bool,
    currency: Option<String>,
    low: Option<serde_json::Number>,
    high: Option<serde_json::Number>,
    #[serde(default)]
    hedge: Option<Hedge>,
    start: Option<String>,
    end: Option<String>,
    name: Option<String>,
    chain: Option<String>,
    address: Option<String>,
}

/// The labels of the pages of one folder: by file name and 1-based page.
pub type Labels = BTreeMap<(String, u32), Vec<Label>>;

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    Amount,
    /// Days, months, quarters and spans that are not whole years.
    Date,
    Year,
    Exchange,
    Wallet,
}

/// Counts of one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub right: u32,
    pub missed: u32,
    pub false_finds: u32,
}

/// A label that was missed, or a row that no label asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Miss {
    pub class: Class,
    pub file: String,
    pub page: u32,
    pub surface: String,
    /// `true` for a false find, with the value read.
    pub false_find: bool,
    pub read_as: Option<String>,
}

/// How well rows agree with labels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scorecard {
    pub pages: u32,
    pub counts: BTreeMap<Class, Count>,
    /// Of the amounts that agree, those whose hedge agrees too.
    pub hedges_right: u32,
    pub misses: Vec<Miss>,
}

/// Reads every `FILE.pNNN.jsonl` of a folder.
///
/// # Errors
/// `Input` when the folder cannot be read, holds no labels, or a label does not parse.
pub fn labels(folder: &Path) -> Result<Labels> {
    let cannot = |path: &Path, why: &dyn std::fmt::Display| {
        Error::new(ErrorKind::Input, "cannot read the labels").at(path.display()).because(why)
    };
    let mut found = Labels::new();
    for item in std::fs::read_dir(folder).map_err(|e| cannot(folder, &e))? {
        let path = item.map_err(|e| cannot(folder, &e))?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let page = name.strip_suffix(".jsonl").and_then(|stem| stem.rsplit_once(".p"));
        let Some((file, Ok(page))) = page.map(|(file, page)| (file, page.parse::<u32>())) else { continue };
        let text = std::fs::read_to_string(&path).map_err(|e| cannot(&path, &e))?;
        let mut rows = Vec::new();
        for (i, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let label: Label =
                serde_json::from_str(line).map_err(|e| cannot(&path, &format!("line {}: {e}", i + 1)))?;
            rows.push(label);
        }
        // The strict labels take their rows first.
        rows.sort_by_key(|label| label.approx);
        found.insert((file.to_string(), page), rows);
    }
    if found.is_empty() {
        return Err(Error::new(ErrorKind::Input, "there are no labels here")
            .at(folder.display())
            .hint("name a folder with files called REPORT.pdf.p007.jsonl, one a page"));
    }
    Ok(found)
}

/// Scores rows against labels; rows on pages without labels are left aside.
pub fn score(labels: &Labels, rows: &[MentionRow]) -> Scorecard {
    let mut on_page: BTreeMap<(String, u32), Vec<&MentionRow>> = BTreeMap::new();
    for row in rows {
        let file = row.source.rsplit('/').next().unwrap_or(&row.source).to_string();
        on_page.entry((file, row.page)).or_default().push(row);
    }
    let mut card = Scorecard { pages: labels.len() as u32, ..Scorecard::default() };
    for (key @ (file, page), labels) in labels {
        let mut rest = on_page.remove(key).unwrap_or_default();
        for optional in [false, true] {
            for label in labels.iter().filter(|l| (l.optional || l.lost) == optional) {
                let Some(class) = label.class() else { continue };
                match rest.iter().position(|row| label.agrees(&row.value)) {
                    Some(at) => {
                        let row = rest.remove(at);
                        if !optional {
                            card.counts.entry(class).or_default().right += 1;
                            if let Value::Amount(amount) = &row.value {
                                let hedge = label.hedge.unwrap_or(Hedge::Exact);
                                card.hedges_right += u32::from(amount.hedge == hedge);
                            }
                        }
                    }
                    None if optional => {}
                    None => {
                        card.counts.entry(class).or_default().missed += 1;
                        card.misses.push(Miss {
                            class,
                            file: file.clone(),
                            page: *page,
                            surface: label.surface.clone(),
                            false_find: false,
                            read_as: None,
                        });
                    }
                }
            }
        }
        for row in rest {
            let class = class_of(&row.value);
            card.counts.entry(class).or_default().false_finds += 1;
            card.misses.push(Miss {
                class,
                file: file.clone(),
                page: *page,
                surface: row.surface.clone(),
                false_find: true,
                read_as: Some(row.value.to_string()),
            });
        }
    }
    card
}

impl Label {
    fn class(&self) -> Option<Class> {
        Some(match self.kind {
            Kind::Amount => Class::Amount,
            Kind::Date => span_class(self.start.as_deref()?, self.end.as_deref()?),
            Kind::Exchange => Class::Exchange,
            Kind::Wallet => Class::Wallet,
        })
    }

    fn agrees(&self, value: &Value) -> bool {
        match value {
            Value::Amount(amount) => self.agrees_amount(amount),
            Value::Date(date) => self.agrees_date(date),
            Value::Exchange(Exchange { name, .. }) => {
                self.kind == Kind::Exchange && self.name.as_deref().is_some_and(|n| bare(n) == bare(name))
            }
            Value::Wallet(Wallet { chain, address, .. }) => {
                self.kind == Kind::Wallet
                    && self.chain.as_ref() == Some(chain)
                    && self.address.as_ref() == Some(address)
            }
        }
    }

    fn agrees_amount(&self, amount: &Amount) -> bool {
        let close = |wanted: &Option<serde_json::Number>, got: Decimal| {
            let Some(wanted) = wanted.as_ref().and_then(decimal) else { return false };
            let size = wanted.abs().max(got.abs());
            (wanted - got).abs() <= size * Decimal::new(1, 3)
        };
        self.kind == Kind::Amount
            && self.currency.as_ref() == Some(&amount.currency)
            && close(&self.low, amount.low)
            && close(&self.high, amount.high)
    }

    fn agrees_date(&self, date: &DateRange) -> bool {
        let (Some(start), Some(end)) = (self.start.as_deref(), self.end.as_deref()) else { return false };
        let same = |wanted: &str, got: jiff::civil::Date| {
            let got = got.to_string();
            if self.approx { wanted.get(..4) == got.get(..4) } else { wanted == got }
        };
        self.kind == Kind::Date && same(start, date.start) && same(end, date.end)
    }
}

fn decimal(number: &serde_json::Number) -> Option<Decimal> {
    let text = number.to_string();
    Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()
}

fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == '_').flat_map(char::to_lowercase).collect()
}

fn span_class(start: &str, end: &str) -> Class {
    if start.ends_with("-01-01") && end.ends_with("-12-31") { Class::Year } else { Class::Date }
}

fn class_of(value: &Value) -> Class {
    match value {
        Value::Amount(_) => Class::Amount,
        Value::Date(date) => span_class(&date.start.to_string(), &date.end.to_string()),
        Value::Exchange(_) => Class::Exchange,
        Value::Wallet(_) => Class::Wallet,
    }
}

impl Class {
    pub const ALL: [Class; 5] = [Class::Amount, Class::Date, Class::Year, Class::Exchange, Class::Wallet];

    pub fn name(self) -> &'static str {
        match self {
            Class::Amount => "amount",
            Class::Date => "date",
            Class::Year => "year",
            Class::Exchange => "exchange",
            Class::Wallet => "wallet",
        }
    }
}

impl Count {
    /// Share of the rows that a label asks for; 0 where there are none.
    pub fn precision(self) -> f64 {
        share(self.right, self.right + self.false_finds)
    }

    /// Share of the labels that a row answers.
    pub fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    /// The harmonic mean of precision and recall.
    pub fn f1(self) -> f64 {
        share(2 * self.right, 2 * self.right + self.missed + self.false_finds)
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 { 0.0 } else { f64::from(part) / f64::from(whole) }
}

impl Scorecard {
    /// The card as lines of text, with up to so many misses and false finds per class.
    pub fn text(&self, most_misses: usize) -> String {
        let mut text = format!("{} labelled pages\n", self.pages);
        for class in Class::ALL {
            let Some(count) = self.counts.get(&class) else { continue };
            // Writing to a string does not fail.
            let _ = write!(
                text,
                "{:9} labels {:4}  precision {:.3}  recall {:.3}  f1 {:.3}",
                class.name(),
                count.right + count.missed,
                count.precision(),
                count.recall(),
                count.f1()
            );
            if class == Class::Amount && count.right > 0 {
                let _ = write!(text, "  hedge {:.3}", share(self.hedges_right, count.right));
            }
            text.push('\n');
        }
        for class in Class::ALL {
            for false_find in [false, true] {
                let of = self.misses.iter().filter(|m| m.class == class && m.false_find == false_find);
                for miss in of.take(most_misses) {
                    let what = if false_find { "false" } else { "missed" };
                    let _ = write!(
                        text,
                        "  {what} {}: {} p {}: {}",
                        class.name(),
                        miss.file,
                        miss.page,
                        miss.surface
                    );
                    if let Some(value) = &miss.read_as {
                        let _ = write!(text, "  read as {value}");
                    }
                    text.push('\n');
                }
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;
    use crate::extract::{Mention, row};

    fn label(line: &str) -> Label {
        serde_json::from_str(line).unwrap()
    }

    fn rows(values: &[Value]) -> Vec<MentionRow> {
        let mut document = crate::structure::plain("ten letters and more");
        document.source.path = "in/a.pdf".into();
        let mentions: Vec<Mention> = values
            .iter()
            .enumerate()
            .map(|(i, value)| Mention {
                span: Span::new(i, i + 1),
                rule: "test".into(),
                value: value.clone(),
                inherited: None,
                tied_to: None,
            })
            .collect();
        row::rows(&document, &mentions)
    }

    fn dollars(low: i64, hedge: Hedge) -> Value {
        Value::Amount(Amount { currency: "USD".into(), low: low.into(), high: low.into(), hedge })
    }

    #[test]
    fn a_label_answers_one_row_optional_ones_count_for_nobody_and_the_rest_is_false() {
        let mut labels = Labels::new();
        labels.insert(
            ("a.pdf".into(), 1),
            vec![
                label(
                    r#"{"kind":"amount","surface":"$5","currency":"USD","low":5,"high":5,"hedge":"exact"}"#,
                ),
                label(
                    r#"{"kind":"amount","surface":"$6","currency":"USD","low":6,"high":6,"optional":true}"#,
                ),
                label(r#"{"kind":"amount","surface":"$7","currency":"USD","low":7,"high":7}"#),
            ],
        );
        let found = rows(&[dollars(5, Hedge::Over), dollars(5, Hedge::Exact), dollars(6, Hedge::Exact)]);
        let card = score(&labels, &found);
        assert_eq!(card.counts[&Class::Amount], Count { right: 1, missed: 1, false_finds: 1 });
        assert_eq!(card.hedges_right, 0);
        assert!(card.text(5).contains("missed amount: a.pdf p 1: $7"));
    }

    #[test]
    fn whole_years_are_years_and_approximate_dates_compare_by_year() {
        let year = label(r#"{"kind":"date","surface":"2021","start":"2021-01-01","end":"2021-12-31"}"#);
        assert_eq!(year.class(), Some(Class::Year));
        let early = label(
            r#"{"kind":"date","surface":"early 2021","start":"2021-01-01","end":"2021-04-30","approx":true}"#,
        );
        let value = DateRange {
            start: jiff::civil::date(2021, 1, 1),
            end: jiff::civil::date(2021, 3, 31),
            precision: crate::extract::Precision::Span,
            approx: true,
            order_unknown: false,
        };
        assert!(early.agrees_date(&value));
        assert!(!year.agrees_date(&value));
    }
}
