//! What stands in a file of rows, in the format's own terms: JSON Schema, Parquet's, SQL, or a list of
//! columns.

use super::columns::{Column, DOCUMENTS, Holds, Rows};
use super::{Format, ftm, parquet, sqlite, stix};
use serde_json::{Map, Value as Json, json};

/// The schema of rows of a kind in a format, as text with its last line break.
pub fn schema(format: Format, rows: &Rows) -> String {
    match format {
        Format::Jsonl => format!("{:#}\n", json_schema(rows)),
        Format::Csv | Format::Table => columns(rows),
        Format::Parquet => {
            let mut bytes = Vec::new();
            if let Ok(schema) = parquet::schema(rows) {
                ::parquet::schema::printer::print_schema(&mut bytes, &schema);
            }
            String::from_utf8_lossy(&bytes).into_owned()
        }
        Format::Sqlite => {
            let documents =
                if rows == &DOCUMENTS { String::new() } else { sqlite::create(&DOCUMENTS, false) };
            let indexes = if rows == &DOCUMENTS { String::new() } else { sqlite::indexes(&DOCUMENTS) };
            format!("{documents}{}{indexes}{}", sqlite::create(rows, true), sqlite::indexes(rows))
        }
        Format::Stix => stix::HOLDS.to_string(),
        Format::Ftm => ftm::HOLDS.to_string(),
    }
}

/// Name, what it holds, meaning.
fn columns(rows: &Rows) -> String {
    let mut text = format!("{}: {}\n", rows.schema, rows.about);
    for column in rows.columns {
        text += &format!("{:20}  {:9}  {}\n", column.name(), named(column.holds), column.about);
    }
    text
}

fn named(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "text",
        Holds::Whole => "whole",
        Holds::Real => "number",
        Holds::YesNo => "true/false",
        Holds::Day => "day",
        Holds::Json => "JSON",
    }
}

fn json_schema(rows: &Rows) -> Json {
    let mut properties = Map::new();
    for column in rows.columns {
        put(&mut properties, column.path, field(column, rows));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": rows.schema, "description": rows.about,
        "type": "object", "required": ["schema"], "properties": properties,
    })
}

/// Puts a field at its path; objects on the way are made.
fn put(properties: &mut Map<String, Json>, path: &str, field: Json) {
    let Some((outer, inner)) = path.split_once('.') else {
        properties.insert(path.to_string(), field);
        return;
    };
    let object =
        properties.entry(outer).or_insert_with(|| json!({ "type": ["object", "null"], "properties": {} }));
    if let Some(properties) = object.get_mut("properties").and_then(Json::as_object_mut) {
        put(properties, inner, field);
    }
}

fn field(column: &Column, rows: &Rows) -> Json {
    let about = column.about;
    match column.holds {
        Holds::Text if column.path == "schema" => json!({ "const": rows.schema, "description": about }),
        Holds::Text => json!({ "type": ["string", "null"], "description": about }),
        Holds::Whole => json!({ "type": ["integer", "null"], "description": about }),
        Holds::Real => json!({ "type": ["number", "null"], "description": about }),
        Holds::YesNo => json!({ "type": ["boolean", "null"], "description": about }),
        Holds::Day => json!({ "type": ["string", "null"], "format": "date", "description": about }),
        Holds::Json => json!({ "type": ["array", "object", "null"], "description": about }),
    }
}
