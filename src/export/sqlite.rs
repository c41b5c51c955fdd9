//! Rows to a SQLite database that Datasette serves as it is: a table for each kind of row, keys from
//! mentions and hits to their document, indexes on what is asked for, full text of sentences and
//! passages, and two tables that tell what everything means.
//!
//! The file is written by SQLite itself, so it cannot be piped. Days are text, `2021-03-31`; sums
//! are decimal text, and the view `amounts` has them as numbers too.

use super::columns::{Holds, Rows};
use super::{About, Row, at, text};
use crate::error::{Error, ErrorKind, Result};
use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, ToSql, params_from_iter};
use serde_json::Value as Json;
use std::path::Path;

/// Kinds of rows that stand for a file of the corpus, which the others point to.
const KEYED: &str = "documents";

/// What is indexed, by table; a column that a table lacks is passed over.
const INDEXED: &[&str] = &[
    "source",
    "kind",
    "value_currency",
    "value_start",
    "value_name",
    "value_address",
    "page",
    "document_id",
    "document_publisher",
];

/// What can be searched by words, by table.
const WORDS: &[(&str, &str)] = &[("mentions", "surface, sentence"), ("hits", "text, heading")];

/// The mentions of one kind with what only they have.
const VIEWS: &str = "
CREATE VIEW amounts AS SELECT rowid AS mention, source, document_id, document_published, page, paragraph, surface,
  value_currency AS currency, value_low AS low, value_high AS high, value_hedge AS hedge,
  CAST(value_low AS REAL) AS low_number, CAST(value_high AS REAL) AS high_number, sentence
  FROM mentions WHERE kind = 'amount';
CREATE VIEW dates AS SELECT rowid AS mention, source, document_id, document_published, page, paragraph, surface,
  value_start AS start, value_end AS \"end\", value_precision AS precision, value_approx AS approx, sentence
  FROM mentions WHERE kind = 'date';
CREATE VIEW exchanges AS SELECT rowid AS mention, source, document_id, document_published, page, paragraph, surface,
  value_name AS name, value_kind AS service, sentence
  FROM mentions WHERE kind = 'exchange';
CREATE VIEW wallets AS SELECT rowid AS mention, source, document_id, document_published, page, paragraph, surface,
  value_chain AS chain, value_address AS address, value_form AS form, value_checked AS checked, sentence
  FROM mentions WHERE kind = 'wallet';
";

pub(super) struct Writer {
    database: Connection,
    /// The one that rows go to is the last.
    tables: Vec<&'static Rows>,
    /// Rows of the last table that are not written yet: a statement is made ready for many.
    waiting: Vec<Json>,
}

/// Rows that are written by one statement made ready.
const TOGETHER: usize = 500;

impl Writer {
    /// A database in a file that is there and empty.
    pub fn new(path: &Path, about: About) -> Result<Self> {
        let database = Connection::open(path).map_err(told)?;
        // A file that is not whole is thrown away, so nothing of it need be safe before the end.
        database
            .execute_batch(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;
                 PRAGMA page_size = 4096; PRAGMA user_version = 1;
                 BEGIN;
                 CREATE TABLE paydirt_about (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
                 CREATE TABLE paydirt_columns (
                   \"table\" TEXT, \"column\" TEXT, type TEXT, meaning TEXT, PRIMARY KEY (\"table\", \"column\")
                 ) WITHOUT ROWID;",
            )
            .map_err(told)?;
        for (name, value) in about {
            database.execute("INSERT INTO paydirt_about VALUES (?1, ?2)", (name, value)).map_err(told)?;
        }
        Ok(Writer { database, tables: Vec::new(), waiting: Vec::new() })
    }

    fn flush(&mut self) -> Result<()> {
        let Some(rows) = self.tables.last().filter(|_| !self.waiting.is_empty()) else { return Ok(()) };
        let mut insert = self.database.prepare(&insert(rows)).map_err(told)?;
        for row in self.waiting.drain(..) {
            let fields = rows.columns.iter().map(|c| Field(at(&row, c.path)));
            insert.execute(params_from_iter(fields)).map_err(told)?;
        }
        Ok(())
    }

    fn create(&mut self, rows: &'static Rows) -> Result<()> {
        let keyed = self.tables.iter().any(|t| t.name == KEYED);
        self.database.execute_batch(&create(rows, keyed)).map_err(told)?;
        for column in rows.columns {
            let row = (rows.name, column.name(), sort(column.holds), column.about);
            self.database
                .execute("INSERT INTO paydirt_columns VALUES (?1, ?2, ?3, ?4)", row)
                .map_err(told)?;
        }
        self.tables.push(rows);
        Ok(())
    }
}

impl super::Writer for Writer {
    fn row(&mut self, rows: &'static Rows, row: &Row) -> Result<()> {
        self.table(rows)?;
        self.waiting.push(row.json());
        if self.waiting.len() >= TOGETHER { self.flush() } else { Ok(()) }
    }

    fn table(&mut self, rows: &'static Rows) -> Result<()> {
        if self.tables.last() == Some(&rows) {
            return Ok(());
        }
        self.flush()?;
        match self.tables.iter().position(|t| *t == rows) {
            Some(at) => {
                let table = self.tables.remove(at);
                self.tables.push(table);
                Ok(())
            }
            None => self.create(rows),
        }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        self.flush()?;
        for rows in &self.tables {
            self.database.execute_batch(&indexes(rows)).map_err(told)?;
        }
        self.database.execute_batch("COMMIT").map_err(told)?;
        self.database.close().map_err(|(_, e)| told(e))
    }
}

/// The table of a kind of row; `keyed` where the file has the documents.
pub(super) fn create(rows: &Rows, keyed: bool) -> String {
    let columns: Vec<String> = rows
        .columns
        .iter()
        .map(|column| {
            let key = match column.path {
                "source" if rows.name == KEYED => " PRIMARY KEY",
                "source" if keyed => " REFERENCES documents(source)",
                _ => "",
            };
            format!("  {} {}{key}", column.name(), sort(column.holds))
        })
        .collect();
    format!("CREATE TABLE {} (\n{}\n);\n", rows.name, columns.join(",\n"))
}

/// What is made of a table once it is full.
pub(super) fn indexes(rows: &Rows) -> String {
    let mut made = String::new();
    let names: Vec<String> = rows.columns.iter().map(|c| c.name()).collect();
    for column in INDEXED.iter().filter(|c| names.iter().any(|n| n == *c)) {
        if rows.name != KEYED || *column != "source" {
            made += &format!("CREATE INDEX {0}_{column} ON {0} ({column});\n", rows.name);
        }
    }
    for (_, columns) in WORDS.iter().filter(|(table, _)| *table == rows.name) {
        made += &format!(
            "CREATE VIRTUAL TABLE {0}_fts USING fts5({columns}, content='{0}');\n\
             INSERT INTO {0}_fts({0}_fts) VALUES ('rebuild');\n",
            rows.name
        );
    }
    if rows.name == "mentions" {
        made += VIEWS.trim_start();
    }
    made
}

fn insert(rows: &Rows) -> String {
    let places: Vec<String> = (1..=rows.columns.len()).map(|n| format!("?{n}")).collect();
    format!("INSERT INTO {} VALUES ({})", rows.name, places.join(", "))
}

fn sort(holds: Holds) -> &'static str {
    match holds {
        Holds::Text | Holds::Json | Holds::Day => "TEXT",
        Holds::Whole | Holds::YesNo => "INTEGER",
        Holds::Real => "REAL",
    }
}

/// A field as SQLite keeps it: yes and no as 1 and 0, nested values as JSON.
struct Field<'a>(Option<&'a Json>);

impl ToSql for Field<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let number = |n: &serde_json::Number| n.as_i64().map(Sql::Integer).or(n.as_f64().map(Sql::Real));
        let owned = match self.0 {
            None => Sql::Null,
            Some(Json::Bool(yes)) => Sql::Integer(i64::from(*yes)),
            Some(Json::Number(n)) => number(n).unwrap_or(Sql::Null),
            Some(Json::String(text)) => return Ok(ToSqlOutput::from(text.as_str())),
            nested => Sql::Text(text(nested)),
        };
        Ok(ToSqlOutput::Owned(owned))
    }
}

fn told(error: rusqlite::Error) -> Error {
    Error::new(ErrorKind::Output, "cannot write the database").because(error)
}
