//! Rows for people: the columns that matter most, side by side.
//!
//! Widths are taken from the first rows and kept, so that a row goes out as it comes. Nothing is cut:
//! a longer field moves the rest of its line.

use super::columns::Rows;
use super::{Row, at, failed, text};
use crate::error::Result;
use crate::extract::Value;
use serde_json::Value as Json;
use std::io::Write;

/// Rows that widths are taken from.
const FIRST: usize = 200;
/// A column is never made wider than so many characters for a field.
const WIDEST: usize = 44;

pub(super) struct Writer<'a> {
    rows: &'static Rows,
    sink: &'a mut (dyn Write + Send),
    /// Until the widths are known.
    first: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl<'a> Writer<'a> {
    pub fn new(rows: &'static Rows, sink: &'a mut (dyn Write + Send)) -> Self {
        let heads = rows.shown.iter().map(|path| heading(path)).collect();
        Writer { rows, sink, first: vec![heads], widths: Vec::new() }
    }

    fn begin(&mut self) -> Result<()> {
        let width = |column: usize| {
            let fields = self.first.iter().filter_map(|line| line.get(column));
            fields.map(|f| f.chars().count().min(WIDEST)).max().unwrap_or(0)
        };
        self.widths = (0..self.rows.shown.len()).map(width).collect();
        for line in std::mem::take(&mut self.first) {
            self.print(&line)?;
        }
        Ok(())
    }

    fn print(&mut self, line: &[String]) -> Result<()> {
        let mut printed = String::new();
        for (field, width) in line.iter().zip(&self.widths) {
            printed.push_str(&format!("{field:width$}  "));
        }
        writeln!(self.sink, "{}", printed.trim_end()).map_err(|e| failed(&e))
    }
}

impl super::Writer for Writer<'_> {
    fn row(&mut self, rows: &'static Rows, row: &Row) -> Result<()> {
        let json = row.json();
        let line: Vec<String> = rows.shown.iter().map(|path| shown(&json, path)).collect();
        if !self.widths.is_empty() {
            return self.print(&line);
        }
        self.first.push(line);
        if self.first.len() > FIRST { self.begin() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        if self.widths.is_empty() && self.first.len() > 1 {
            self.begin()?;
        }
        self.sink.flush().map_err(|e| failed(&e))
    }
}

/// `document.published` as `published`, `mentions.all` as `mentions`.
fn heading(path: &str) -> String {
    match path.split_once('.') {
        Some((outer, "all")) => outer.to_string(),
        Some((_, inner)) => inner.to_string(),
        None => path.replace('_', " "),
    }
}

/// A field on one line, without characters that would steer a terminal.
fn shown(json: &Json, path: &str) -> String {
    let field = match (path, at(json, path)) {
        ("value", Some(value)) => match serde_json::from_value::<Value>(value.clone()) {
            Ok(value) => value.to_string(),
            Err(_) => value.to_string(),
        },
        (_, field) => text(field),
    };
    let printable =
        |c: char| !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words = field.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().map(|c| if printable(c) { c } else { ' ' }).collect()
}
