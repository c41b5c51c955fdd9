//! Rows through every format, and back where a reader is at hand.

use super::*;
use crate::extract::row::{self, MentionRow};
use crate::extract::{Amount, Findings, Hedge, Kind, Rule, Value};

const RULE: Rule = crate::rule!(
    name: "amount-test", finds: "a test", leaves_out: "", example: "$1", source: "this test"
);

fn mention() -> MentionRow {
    let document = crate::structure::plain("The firm lost \"$5 million\", about half.\n");
    let mut findings = Findings::default();
    let value =
        Amount { currency: "USD".into(), low: 5_000_000.into(), high: 5_000_000.into(), hedge: Hedge::Exact };
    findings.mention(&RULE, crate::document::Span::new(15, 25), Value::Amount(value));
    let mut row = row::rows(&document, &findings.mentions).remove(0);
    row.boxes = Some(vec![[72.1, 100.0, 110.4, 112.3]]);
    row
}

fn written(format: Format, rows: &'static Rows, given: &[Row]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = writer(format, rows, Vec::new(), Place::Stream(&mut bytes)).unwrap();
    for row in given {
        writer.row(rows, row).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

#[test]
fn every_field_of_a_row_has_a_column_and_quotes_survive_csv() {
    let row = mention();
    let text = format!("{}{}", head(Format::Csv, &MENTIONS), line(Format::Csv, &MENTIONS, &row));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let record = reader.records().next().unwrap().unwrap();
    let get = |name: &str| record.get(names.iter().position(|n| n == name).unwrap()).unwrap();
    assert_eq!(get("value_low"), "5000000");
    assert_eq!(get("sentence"), "The firm lost \"$5 million\", about half.");
    assert_eq!(get("span_start"), "15");
    assert_eq!(get("boxes"), "[[72.1,100.0,110.4,112.3]]", "numbers are printed as the row prints them");
    let mut paths = Vec::new();
    leaves(&serde_json::to_value(&row).unwrap(), "", &mut paths);
    for path in paths {
        assert!(MENTIONS.column(&path).is_some(), "{path} has no column; help: add it to MENTIONS");
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
    let row = mention();
    let line = line(Format::Jsonl, &MENTIONS, &row);
    assert_eq!(line.matches('\n').count(), 1);
    assert_eq!(serde_json::from_str::<MentionRow>(&line).unwrap(), row);
    assert_eq!(row.kind, Kind::Amount);
}

#[test]
fn columns_are_named_once_and_those_shown_exist() {
    for rows in [&MENTIONS, &REJECTED, &HITS, &ANSWERS, &CONFLICTS, &DOCUMENTS] {
        let mut names: Vec<String> = rows.columns.iter().map(Column::name).collect();
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all, "{}", rows.name);
        for path in rows.shown.iter().filter(|p| **p != "value") {
            assert!(rows.column(path).is_some(), "{path} of {} has no column", rows.name);
        }
        assert!(rows.columns.iter().all(|c| !c.about.is_empty()));
    }
}

#[test]
fn a_table_is_side_by_side_cuts_nothing_and_cannot_steer_a_terminal() {
    let mut odd = mention();
    odd.surface = format!("\u{1b}[31mred\u{7} {}", "long ".repeat(30));
    let rows = [Row::of(&mention()).unwrap(), Row::of(&odd).unwrap()];
    let text = String::from_utf8(written(Format::Table, &MENTIONS, &rows)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert!(lines[1].contains("amount") && lines[1].ends_with("USD 5000000 exact"), "{text}");
    assert_eq!(lines[0].find("surface"), lines[1].find("$5 million"));
    assert_eq!(lines[2].matches("long").count(), 30);
    assert!(!text.contains('\u{1b}') && !text.contains('\u{7}'));
}

#[test]
fn parquet_holds_typed_columns_and_a_row_that_does_not_fit_is_an_error() {
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    let given = [Row::of(&mention()).unwrap()];
    let bytes = written(Format::Parquet, &MENTIONS, &given);
    assert_eq!(bytes, written(Format::Parquet, &MENTIONS, &given), "the same bytes for the same rows");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.parquet");
    std::fs::write(&path, bytes).unwrap();
    let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
    let row = reader.get_row_iter(None).unwrap().next().unwrap().unwrap().to_string();
    assert!(row.contains("span_start: 15") && row.contains("value_low: \"5000000\""), "{row}");
    let wrong = Row(r#"{"page":"one"}"#.to_string());
    let mut bytes = Vec::new();
    let mut writer = writer(Format::Parquet, &MENTIONS, Vec::new(), Place::Stream(&mut bytes)).unwrap();
    let error = writer.row(&MENTIONS, &wrong).unwrap_err();
    assert_eq!(error.place.as_deref(), Some("page"));
}

#[test]
fn a_database_has_its_tables_keys_and_words() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, "").unwrap();
        let about = vec![("schema", MENTIONS.schema.to_string())];
        let mut writer = writer(Format::Sqlite, &MENTIONS, about, Place::File(&path)).unwrap();
        writer.table(&DOCUMENTS).unwrap();
        let source = serde_json::json!({ "source": mention().source, "status": "read" });
        writer.row(&DOCUMENTS, &Row::of(&source).unwrap()).unwrap();
        writer.row(&MENTIONS, &Row::of(&mention()).unwrap()).unwrap();
        writer.finish().unwrap();
        path
    };
    let path = make("one.db");
    assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(make("two.db")).unwrap());
    let database = rusqlite::Connection::open(&path).unwrap();
    let ask = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(ask("PRAGMA integrity_check"), "ok");
    assert_eq!(ask("SELECT surface FROM amounts WHERE low_number >= 1e6"), "$5 million");
    assert_eq!(ask("SELECT m.surface FROM mentions m JOIN documents d USING (source)"), "$5 million");
    assert_eq!(
        ask("SELECT surface FROM mentions WHERE rowid IN (SELECT rowid FROM mentions_fts('half'))"),
        "$5 million"
    );
    assert_eq!(ask("SELECT value FROM paydirt_about WHERE name = 'schema'"), MENTIONS.schema);
    let described: i64 =
        database.query_row("SELECT count(*) FROM paydirt_columns", [], |row| row.get(0)).unwrap();
    assert_eq!(described as usize, MENTIONS.columns.len() + DOCUMENTS.columns.len());
}

#[test]
fn a_reader_that_has_gone_is_told_apart_from_a_full_disk() {
    struct Gone(std::io::ErrorKind);
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    for format in [Format::Jsonl, Format::Csv, Format::Table, Format::Parquet] {
        for (cause, kind) in [
            (std::io::ErrorKind::BrokenPipe, ErrorKind::ClosedPipe),
            (std::io::ErrorKind::StorageFull, ErrorKind::Output),
        ] {
            let mut sink = Gone(cause);
            let ended = writer(format, &MENTIONS, Vec::new(), Place::Stream(&mut sink)).and_then(|mut w| {
                w.row(&MENTIONS, &Row::of(&mention())?)?;
                w.finish()
            });
            assert_eq!(ended.unwrap_err().kind, kind, "{format:?}");
        }
    }
}

/// A mention of a wallet, as a row has it.
fn wallet(address: &str, start: usize) -> Row {
    let row = serde_json::json!({
        "source": "a/notice.pdf", "sha256": "ab".repeat(32), "kind": "wallet", "page": 14, "page_label": "14/27",
        "paragraph": "106", "sentence": "The ether went there.", "span": { "start": start, "end": start + 42 },
        "document": { "id": "S/2022/132", "title": "Notice", "publisher": "A panel", "published": "2022-03", "language": "en" },
        "value": { "chain": "ethereum", "address": address, "form": "address", "checked": true },
    });
    Row::of(&row).unwrap()
}

#[test]
fn a_bundle_names_each_wallet_once_and_every_reference_leads_somewhere() {
    let given = [wallet("0xA", 10), wallet("0xA", 90), wallet("0xB", 200), Row::of(&mention()).unwrap()];
    let bytes = written(Format::Stix, &MENTIONS, &given);
    assert_eq!(bytes, written(Format::Stix, &MENTIONS, &given), "there is no clock in it");
    let bundle: Json = serde_json::from_slice(&bytes).unwrap();
    let objects = bundle["objects"].as_array().unwrap();
    let of = |sort: &str| objects.iter().filter(|o| o["type"] == sort).collect::<Vec<_>>();
    assert_eq!((of("cryptocurrency-wallet").len(), of("note").len(), of("report").len()), (2, 3, 1));
    assert_eq!(of("note")[0]["abstract"], "ethereum address, page 14 (printed 14/27), paragraph 106");
    assert_eq!(of("report")[0]["published"], "2022-03-01T00:00:00.000Z");
    assert_eq!(of("report")[0]["labels"][0], "publication-date-in-part");
    let ids: Vec<&Json> = objects.iter().map(|o| &o["id"]).collect();
    for object in objects {
        for reference in object["object_refs"].as_array().into_iter().flatten() {
            assert!(ids.contains(&reference), "{reference} is not in the bundle");
        }
    }
    let none: Json = serde_json::from_slice(&written(Format::Stix, &MENTIONS, &[])).unwrap();
    assert_eq!(none["objects"].as_array().unwrap().len(), 3, "the definitions and their author");
}

#[test]
fn entities_stand_once_and_what_has_no_form_is_counted() {
    let long = "8".repeat(95);
    let given = [wallet("0xA", 10), wallet("0xA", 90), wallet(&long, 200), Row::of(&mention()).unwrap()];
    let mut bytes = Vec::new();
    let mut writer = writer(Format::Ftm, &MENTIONS, Vec::new(), Place::Stream(&mut bytes)).unwrap();
    given.iter().for_each(|row| writer.row(&MENTIONS, row).unwrap());
    assert_eq!(writer.left_out(), 1);
    writer.finish().unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let entities: Vec<Json> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let of = |schema: &str| entities.iter().filter(|e| e["schema"] == schema).collect::<Vec<_>>();
    assert_eq!((of("Document").len(), of("CryptoWallet").len(), of("Documentation").len()), (1, 2, 3));
    assert_eq!(of("Document")[0]["properties"]["language"][0], "eng");
    assert_eq!(of("CryptoWallet")[0]["properties"]["publicKey"][0], "0xA");
    assert_eq!(of("CryptoWallet")[1]["properties"]["name"][0], long, "too long for an identifier");
}

#[test]
fn a_schema_tells_of_every_column_and_sql_can_be_run() {
    for rows in [&MENTIONS, &HITS, &DOCUMENTS] {
        for format in [Format::Csv, Format::Parquet, Format::Sqlite] {
            let text = schema(format, rows);
            for column in rows.columns {
                assert!(
                    text.contains(&column.name()),
                    "{} of {} is not in {format:?}",
                    column.path,
                    rows.name
                );
            }
        }
        rusqlite::Connection::open_in_memory().unwrap().execute_batch(&schema(Format::Sqlite, rows)).unwrap();
        let json: Json = serde_json::from_str(&schema(Format::Jsonl, rows)).unwrap();
        assert_eq!(json["properties"]["document"]["properties"]["title"]["type"][0], "string");
    }
}
