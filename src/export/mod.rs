//! Rows to the formats people take away, a file per format.
//!
//! Every kind of row has one list of columns ([`Rows`]), and every format has those columns in that
//! order. Nothing is capped, and rows go out as they come: what is held in memory does not grow with
//! their number. The same rows give the same bytes.

mod account;
mod columns;
mod ftm;
mod parquet;
mod schema;
mod sqlite;
mod stix;
mod table;

pub use account::{DocumentStatus, documents};
pub use columns::{ANSWERS, CONFLICTS, Column, DOCUMENTS, HITS, Holds, MENTIONS, REJECTED, Rows};
pub use schema::schema;

use crate::error::{Error, ErrorKind, Result};
use serde::Serialize;
use serde_json::Value as Json;
use std::io::Write;
use std::path::Path;

/// A format of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A JSON object a line.
    Jsonl,
    /// With a head of column names.
    Csv,
    /// Columns for people, side by side.
    Table,
    Parquet,
    Sqlite,
    /// Wallets and reports as a STIX 2.1 bundle.
    Stix,
    /// Entities of FollowTheMoney, a line each.
    Ftm,
}

impl Format {
    /// Whether a terminal cannot show it.
    pub fn is_binary(self) -> bool {
        matches!(self, Format::Parquet | Format::Sqlite)
    }

    /// Whether it is written to a file of its own and cannot be piped.
    pub fn needs_a_file(self) -> bool {
        self == Format::Sqlite
    }

    /// Whether one file holds rows of several kinds.
    pub fn holds_several(self) -> bool {
        self == Format::Sqlite
    }

    pub fn name(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Table => "table",
            Format::Parquet => "parquet",
            Format::Sqlite => "sqlite",
            Format::Stix => "stix",
            Format::Ftm => "ftm",
        }
    }
}

/// What a file says of itself, where its format has a place for it: names and values.
pub type About = Vec<(&'static str, String)>;

/// Takes rows one by one.
pub trait Writer {
    /// One more row, of the kind of the writer or, in a format that holds several, of any.
    ///
    /// # Errors
    /// `Output` where it cannot be written, `ClosedPipe` where the reader has gone.
    fn row(&mut self, rows: &'static Rows, row: &Row) -> Result<()>;

    /// Says that there are rows of a kind, even if none follows: a table without rows is a table.
    ///
    /// # Errors
    /// As [`Writer::row`].
    fn table(&mut self, _: &'static Rows) -> Result<()> {
        Ok(())
    }

    /// How many rows or mentions have no form in the format.
    fn left_out(&self) -> u64 {
        0
    }

    /// Writes what stands at the end. Without it the output is not whole.
    ///
    /// # Errors
    /// As [`Writer::row`].
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Where rows go.
#[allow(missing_debug_implementations, reason = "a stream has nothing to show")]
pub enum Place<'a> {
    /// As they come.
    Stream(&'a mut (dyn Write + Send)),
    /// A file that is there and empty, for a format that [`Format::needs_a_file`].
    File(&'a Path),
}

/// A writer of rows.
///
/// # Errors
/// `Output` where the head cannot be written, `Usage` where the format cannot go there.
pub fn writer<'a>(
    format: Format,
    rows: &'static Rows,
    about: About,
    place: Place<'a>,
) -> Result<Box<dyn Writer + 'a>> {
    match (format, place) {
        (Format::Sqlite, Place::File(path)) => Ok(Box::new(sqlite::Writer::new(path, about)?)),
        (Format::Sqlite, Place::Stream(_)) | (_, Place::File(_)) => {
            Err(Error::new(ErrorKind::Usage, format!("{} cannot be written there", format.name()))
                .hint("name a file with --output FILE"))
        }
        (Format::Parquet, Place::Stream(sink)) => Ok(Box::new(parquet::Writer::new(rows, about, sink)?)),
        (Format::Stix, Place::Stream(sink)) => Ok(Box::new(stix::Writer::new(sink)?)),
        (Format::Ftm, Place::Stream(sink)) => Ok(Box::new(ftm::Writer::new(sink))),
        (Format::Table, Place::Stream(sink)) => Ok(Box::new(table::Writer::new(rows, sink))),
        (Format::Jsonl | Format::Csv, Place::Stream(sink)) => {
            sink.write_all(head(format, rows).as_bytes()).map_err(|e| failed(&e))?;
            Ok(Box::new(Lines { format, sink }))
        }
    }
}

/// A row on its way: its JSON text, from which every format takes its fields.
///
/// Numbers are kept as the row prints them: a `f32` of 72.1 stays 72.1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(String);

impl Row {
    /// # Errors
    /// `Output` where a value has no JSON form.
    pub fn of(row: &impl Serialize) -> Result<Row> {
        let failed = |e| Error::new(ErrorKind::Output, "cannot write a row").because(e);
        serde_json::to_string(row).map(Row).map_err(failed)
    }

    /// On one line.
    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn json(&self) -> Json {
        // It was made of a value that has a JSON form.
        serde_json::from_str(&self.0).unwrap_or(Json::Null)
    }
}

/// JSON Lines and CSV.
struct Lines<'a> {
    format: Format,
    sink: &'a mut (dyn Write + Send),
}

impl Writer for Lines<'_> {
    fn row(&mut self, rows: &'static Rows, row: &Row) -> Result<()> {
        self.sink.write_all(line_of(self.format, rows, row).as_bytes()).map_err(|e| failed(&e))
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.sink.flush().map_err(|e| failed(&e))
    }
}

/// What stands before the first line: the column heads of CSV.
pub fn head(format: Format, rows: &Rows) -> String {
    match format {
        Format::Csv => csv_line(rows.columns.iter().map(Column::name)),
        _ => String::new(),
    }
}

/// One row as a line of CSV, or of JSON Lines for any other format, its line break included.
pub fn line(format: Format, rows: &Rows, row: &impl Serialize) -> String {
    // A row holds strings, numbers and lists only, which always have a JSON form.
    Row::of(row).map(|row| line_of(format, rows, &row)).unwrap_or_default()
}

fn line_of(format: Format, rows: &Rows, row: &Row) -> String {
    match format {
        Format::Csv => {
            let json = row.json();
            csv_line(rows.columns.iter().map(|c| text(at(&json, c.path))))
        }
        _ => format!("{}\n", row.text()),
    }
}

/// What a dotted path leads to; nothing where it is null or missing.
fn at<'a>(json: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(json, |at, name| at.get(name)).filter(|found| !found.is_null())
}

/// A field as text; lists and other nested values as JSON.
fn text(field: Option<&Json>) -> String {
    match field {
        None => String::new(),
        Some(Json::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// `page 14 (printed 14/27), paragraph 106` of a row.
fn place(row: &Json) -> String {
    let mut place = format!("page {}", text(at(row, "page")));
    if let Some(label) = at(row, "page_label") {
        place += &format!(" (printed {})", text(Some(label)));
    }
    if let Some(paragraph) = at(row, "paragraph") {
        place += &format!(", paragraph {}", text(Some(paragraph)));
    }
    place
}

fn csv_line(fields: impl Iterator<Item = String>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail, and every record has the same length.
    drop(writer.write_record(fields));
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn failed(error: &std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::BrokenPipe => {
            Error::new(ErrorKind::ClosedPipe, "the reader of the output has gone")
        }
        _ => Error::new(ErrorKind::Output, "cannot write the rows").because(error),
    }
}

#[cfg(test)]
mod tests;
