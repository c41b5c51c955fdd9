//! A file of queries: lines, CSV or JSONL; and the rows that answer them.

use paydirt::error::{Error, ErrorKind, Result};
use paydirt::search::Hit;
use serde_json::{Map, Value, json};
use std::path::Path;

/// A query of a file.
#[derive(Debug)]
pub struct Asked {
    /// As the file has it, else the number of the line it begins on.
    id: Value,
    /// As it was given, or why there is none.
    pub query: Result<String>,
}

/// Reads a file of queries: `.csv` and `.tsv` with a head row that names `query` and perhaps `id`;
/// `.jsonl`, `.ndjson` and `.json` with an object or a string a line; `.txt` with a query a line,
/// where blank lines and those that begin with `#` are passed over. What has another name, as a
/// pipe has, is told by its first line.
///
/// # Errors
/// `Input` where the file cannot be read or has no column of queries.
pub fn read(file: &Path) -> Result<Vec<Asked>> {
    let cannot = |cause: String| {
        Error::new(ErrorKind::Input, "cannot read the queries").at(file.display()).because(cause)
    };
    let text = match file.as_os_str() == "-" {
        true => std::io::read_to_string(std::io::stdin()),
        false => std::fs::read_to_string(file),
    };
    let text = text.map_err(|e| cannot(e.to_string()).hint("it must be a file of UTF-8 text"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let ending = file.extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let ending = match ending.as_str() {
        "csv" | "tsv" | "jsonl" | "ndjson" | "json" | "txt" => ending.as_str(),
        _ => kind_of(text),
    };
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    Ok(match ending {
        "csv" => table(text, b',', &cannot)?,
        "tsv" => table(text, b'\t', &cannot)?,
        "jsonl" | "ndjson" | "json" => lines.map(|(n, line)| of_json(n + 1, line)).collect(),
        _ => lines
            .filter(|(_, line)| !line.trim_start().starts_with('#'))
            .map(|(n, line)| Asked { id: json!(n + 1), query: Ok(line.trim().to_string()) })
            .collect(),
    })
}

/// The ending that a text of queries would have, by its first line: an object is JSON, and a list of
/// names of which one is `query` heads a table. A phrase in quotes is a query and no JSON.
fn kind_of(text: &str) -> &'static str {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let heads = |delimiter: char| {
        let names: Vec<&str> = first.split(delimiter).map(|name| name.trim().trim_matches('"')).collect();
        names.len() > 1 && names.iter().any(|name| name.eq_ignore_ascii_case("query"))
    };
    match () {
        () if serde_json::from_str::<Map<String, Value>>(first).is_ok() => "jsonl",
        () if heads('\t') => "tsv",
        () if heads(',') => "csv",
        () => "txt",
    }
}

fn of_json(number: usize, line: &str) -> Asked {
    let wrong = |cause: String| {
        Error::new(ErrorKind::Usage, "this line holds no query")
            .because(cause)
            .hint("a line is {\"query\": \"...\", \"id\": \"...\"} or a string")
    };
    let (id, query) = match serde_json::from_str::<Value>(line) {
        Ok(Value::String(query)) => (None, Ok(query)),
        Ok(Value::Object(fields)) => {
            let query = fields.get("query").and_then(Value::as_str).map(str::to_string);
            (fields.get("id").cloned(), query.ok_or_else(|| wrong("it has no field `query`".to_string())))
        }
        Ok(_) => (None, Err(wrong("it is neither an object nor a string".to_string()))),
        Err(error) => (None, Err(wrong(error.to_string()))),
    };
    Asked { id: id.unwrap_or_else(|| json!(number)), query }
}

fn table(text: &str, delimiter: u8, cannot: &dyn Fn(String) -> Error) -> Result<Vec<Asked>> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|e| cannot(e.to_string()))?.clone();
    let column = |name: &str| heads.iter().position(|h| h.trim().eq_ignore_ascii_case(name));
    let Some(query) = column("query") else {
        return Err(cannot("no column is called `query`".to_string())
            .hint("the first row names the columns: query, and id where queries have one"));
    };
    let id = column("id");
    let mut asked = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| cannot(e.to_string()))?;
        let number = record.position().map_or(0, csv::Position::line);
        let field = |column: Option<usize>| column.and_then(|c| record.get(c)).map(str::trim);
        asked.push(Asked {
            id: field(id).filter(|t| !t.is_empty()).map_or_else(|| json!(number), |t| json!(t)),
            query: Ok(field(Some(query)).unwrap_or("").to_string()),
        });
    }
    Ok(asked)
}

impl Asked {
    fn query(&self) -> &str {
        self.query.as_deref().unwrap_or("")
    }

    /// The query as a heading.
    pub fn name(&self) -> String {
        match &self.id {
            Value::String(id) => format!("{id}: {}", self.query()),
            id => format!("{id}: {}", self.query()),
        }
    }

    /// A hit with the query's id.
    ///
    /// # Errors
    /// `Output` where it cannot be written.
    pub fn hit(&self, hit: &Hit) -> Result<Map<String, Value>> {
        let failed = |e| Error::new(ErrorKind::Output, "cannot write a row").because(e);
        match serde_json::to_value(hit).map_err(failed)? {
            Value::Object(mut fields) => {
                fields.insert("query_id".into(), self.id.clone());
                Ok(fields)
            }
            _ => Ok(Map::new()),
        }
    }

    /// The row of a query that found nothing.
    pub fn nothing(&self, read_as: &str) -> Value {
        json!({
            "schema": "paydirt.query/1", "query_id": self.id, "query": self.query(), "read_as": read_as, "hits": 0,
        })
    }

    /// The row of a query that could not be read.
    pub fn refused(&self, error: &Error) -> Value {
        json!({
            "schema": "paydirt.query/1", "query_id": self.id, "query": self.query(), "error": error.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(name: &str, text: &str) -> Vec<(String, String)> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        read(&file)
            .unwrap()
            .into_iter()
            .map(|a| (a.id.to_string(), a.query.unwrap_or_else(|e| e.in_one_line())))
            .collect()
    }

    #[test]
    fn queries_are_read_from_lines_tables_and_json() {
        let of = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
        };
        assert_eq!(
            asked("q.txt", "one two\n\n# no\n\"three\"\n"),
            of(&[("1", "one two"), ("4", "\"three\"")])
        );
        assert_eq!(
            asked("q.csv", "id,query\na,\"one, \"\"two\"\"\"\n,three\n"),
            of(&[("\"a\"", "one, \"two\""), ("3", "three")])
        );
        let json = asked("q.jsonl", "{\"query\":\"one\",\"id\":7}\n\"two\"\n{\"q\":1}\n");
        assert_eq!(json[..2], of(&[("7", "one"), ("2", "two")])[..]);
        assert!(json[2].1.contains("no field `query`"), "{json:?}");
    }

    #[test]
    fn what_has_no_ending_is_told_by_its_first_line() {
        let queries = |text: &str| asked("pipe", text).into_iter().map(|(_, q)| q).collect::<Vec<_>>();
        assert_eq!(queries("{\"query\": \"one\"}\n\"two\"\n"), ["one", "two"]);
        assert_eq!(queries("\nid,query\n1,one\n"), ["one"]);
        assert_eq!(queries("query\tid\none, two\t1\n"), ["one, two"]);
        assert_eq!(
            queries("\"virtual assets\"\nquery\n{braces\n"),
            ["\"virtual assets\"", "query", "{braces"]
        );
    }
}
