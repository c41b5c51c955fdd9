//! A file of claims to questions: JSON Lines or CSV with `claim`, and where given `id` and
//! `figure`. A row that cannot be read is kept in its place.

use super::Question;
use crate::error::{Error, ErrorKind, Result};
use serde_json::Value;

/// A row of the file: the question, or its id where it had one and why it is none.
pub type Row = std::result::Result<Question, (Option<String>, String)>;

/// The rows of a file, in order. JSON Lines where the first sign is `{`, else CSV with a head.
///
/// # Errors
/// `Input` where a CSV has no column `claim`.
pub fn questions(text: &str) -> Result<Vec<Row>> {
    match text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        true => Ok(text.lines().filter(|l| !l.trim().is_empty()).map(json).collect()),
        false => csv(text),
    }
}

fn json(line: &str) -> Row {
    let value: Value = serde_json::from_str(line.trim_start_matches('\u{feff}'))
        .map_err(|e| (None, format!("the row is no JSON: {e}")))?;
    let field = |name: &str| match value.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let id = field("id");
    match field("claim").filter(|c| !c.trim().is_empty()) {
        Some(claim) => Ok(Question { id, claim, figure: field("figure") }),
        None => Err((id, "the row has no claim".to_string())),
    }
}

fn csv(text: &str) -> Result<Vec<Row>> {
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let bad = |e: csv::Error| Error::new(ErrorKind::Input, "cannot read the claims").because(e);
    let heads: Vec<String> = reader.headers().map_err(bad)?.iter().map(|h| h.trim().to_lowercase()).collect();
    let column = |name: &str| heads.iter().position(|h| h == name);
    let Some(claim) = column("claim") else {
        return Err(Error::new(ErrorKind::Input, "there is no column `claim`").hint(
            "the file needs a head with claim, and may have id and figure; or JSON Lines with these fields",
        ));
    };
    let (id, figure) = (column("id"), column("figure"));
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                rows.push(Err((None, format!("the row cannot be read: {e}"))));
                continue;
            }
        };
        let cell = |at: Option<usize>| {
            at.and_then(|i| record.get(i)).map(str::trim).filter(|t| !t.is_empty()).map(str::to_string)
        };
        rows.push(match cell(Some(claim)) {
            Some(claim) => Ok(Question { id: cell(id), claim, figure: cell(figure) }),
            None => Err((cell(id), "the row has no claim".to_string())),
        });
    }
    Ok(rows)
}
