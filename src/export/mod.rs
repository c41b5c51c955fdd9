//! Rows to the formats people take away: JSON Lines and CSV.
//!
//! Every format has the same columns in the same order, from one list; nested names are joined by
//! `_`. Nothing is capped, and nothing is held back until the end: a row goes out as it comes.

use serde::Serialize;
use serde_json::Value as Json;

/// A format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Jsonl,
    Csv,
}

/// The columns of a mention row in every flat format, by their path in the JSON row.
///
/// A path that leads nowhere in a row is an empty field; lists and other nested values are
/// written as JSON.
pub const MENTION_COLUMNS: &[&str] = &[
    "schema",
    "source",
    "sha256",
    "document.id",
    "document.title",
    "document.publisher",
    "document.published",
    "document.language",
    "page",
    "page_label",
    "reader",
    "paragraph",
    "kind",
    "surface",
    "sentence",
    "span.start",
    "span.end",
    "chars.start",
    "chars.end",
    "boxes",
    "rule",
    "value.currency",
    "value.low",
    "value.high",
    "value.hedge",
    "value.start",
    "value.end",
    "value.precision",
    "value.approx",
    "value.order_unknown",
    "value.name",
    "value.kind",
    "value.chain",
    "value.address",
    "value.form",
    "value.checked",
    "value.defanged",
    "value.healed",
    "inherited",
    "tied_to.start",
    "tied_to.end",
    "disputed_digits",
    "confidence",
];

/// The columns of a row of a look-alike that was turned down.
pub const REJECTED_COLUMNS: &[&str] = &[
    "schema",
    "source",
    "sha256",
    "page",
    "paragraph",
    "kind",
    "surface",
    "sentence",
    "span.start",
    "span.end",
    "rule",
    "why",
];

/// What stands before the first row: the column heads of a flat format.
pub fn head(format: Format, columns: &[&str]) -> String {
    match format {
        Format::Jsonl => String::new(),
        Format::Csv => csv_line(columns.iter().map(|path| path.replace('.', "_"))),
    }
}

/// One row as a line of the format, its line break included.
pub fn line(format: Format, columns: &[&str], row: &impl Serialize) -> String {
    match format {
        Format::Jsonl => {
            // A row holds strings, numbers and lists only, which always have a JSON form.
            let mut line = serde_json::to_string(row).unwrap_or_default();
            line.push('\n');
            line
        }
        Format::Csv => {
            let json = serde_json::to_value(row).unwrap_or(Json::Null);
            csv_line(columns.iter().map(|path| field(&json, path)))
        }
    }
}

/// The text of the field a dotted path leads to.
fn field(json: &Json, path: &str) -> String {
    let mut at = json;
    for name in path.split('.') {
        match at.get(name) {
            Some(inner) => at = inner,
            None => return String::new(),
        }
    }
    match at {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn csv_line(fields: impl Iterator<Item = String>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and every record has the same length.
    drop(writer.write_record(fields));
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::row::{self, MentionRow};
    use crate::extract::{Amount, Findings, Hedge, Kind, Rule, Value};

    const RULE: Rule = crate::rule!(
        name: "amount-test", finds: "a test", leaves_out: "", example: "$1", source: "this test"
    );

    fn rows() -> Vec<MentionRow> {
        let document = crate::structure::plain("The firm lost \"$5 million\", about half.\n");
        let mut findings = Findings::default();
        let value = Amount {
            currency: "USD".into(),
            low: 5_000_000.into(),
            high: 5_000_000.into(),
            hedge: Hedge::Exact,
        };
        findings.mention(&RULE, crate::document::Span::new(15, 25), Value::Amount(value));
        row::rows(&document, &findings.mentions)
    }

    #[test]
    fn every_field_of_a_row_has_a_column_and_quotes_survive_csv() {
        let row = &rows()[0];
        let (head, row_line) = (head(Format::Csv, MENTION_COLUMNS), line(Format::Csv, MENTION_COLUMNS, row));
        let mut reader = csv::Reader::from_reader(format!("{head}{row_line}").into_bytes().leak() as &[u8]);
        let names = reader.headers().unwrap().clone();
        let record = reader.records().next().unwrap().unwrap();
        let get = |name: &str| record.get(names.iter().position(|n| n == name).unwrap()).unwrap();
        assert_eq!(get("value_low"), "5000000");
        assert_eq!(get("sentence"), "The firm lost \"$5 million\", about half.");
        assert_eq!(get("span_start"), "15");
        let mut paths = Vec::new();
        leaves(&serde_json::to_value(row).unwrap(), "", &mut paths);
        for path in paths {
            assert!(
                MENTION_COLUMNS.contains(&path.as_str()),
                "{path} has no column; help: add it to MENTION_COLUMNS"
            );
        }
    }

    fn leaves(json: &Json, path: &str, found: &mut Vec<String>) {
        match json {
            Json::Object(fields) => {
                for (name, inner) in fields {
                    leaves(inner, format!("{path}.{name}").trim_start_matches('.'), found);
                }
            }
            _ => found.push(path.to_string()),
        }
    }

    #[test]
    fn a_json_line_is_one_line_that_reads_back_as_the_same_row() {
        let row = &rows()[0];
        let line = line(Format::Jsonl, MENTION_COLUMNS, row);
        assert_eq!(line.matches('\n').count(), 1);
        assert_eq!(&serde_json::from_str::<MentionRow>(&line).unwrap(), row);
        assert_eq!(row.kind, Kind::Amount);
    }
}
