//! FollowTheMoney entities, a JSON object a line, as OpenAleph imports them.
//!
//! - `Document`: a source, with its title, publisher and date, and whether it could be read;
//! - `CryptoWallet`: an address; `Documentation`: that a document names it, with page and sentence;
//! - `Mention`: a name of an exchange or service in a document, once a document.
//!
//! Amounts, dates and transactions are left out: a `Payment` needs a payer and a beneficiary, which a
//! mention does not tell. Identifiers are made of what is named, so an import may be repeated.

use super::columns::Rows;
use super::{Row, failed, place};
use crate::error::Result;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use std::io::Write;
use uuid::Uuid;

/// FollowTheMoney takes no longer identifier; an address that is longer (of Monero) is a name.
const LONGEST: usize = 64;

/// What `--schema` prints.
pub(super) const HOLDS: &str = "\
FollowTheMoney entities, one a line
  Document       fileName, title, publisher, publishedAt, language, notes (path and sha256), processingStatus
  CryptoWallet   publicKey and cryptoAddress (the address; a longer one than 64 is its name), blockchain, proof (a document that names it)
  Documentation  document, entity (the wallet), role (page and paragraph), summary (the sentence)
  Mention        document, name of an exchange or service in it, detectedSchema where it is a business
Amounts, dates and transactions are left out: a Payment needs a payer and a beneficiary.
";

pub(super) struct Writer<'a> {
    sink: &'a mut (dyn Write + Send),
    /// Identifiers written.
    written: BTreeSet<Uuid>,
    left_out: u64,
}

impl<'a> Writer<'a> {
    pub fn new(sink: &'a mut (dyn Write + Send)) -> Self {
        Writer { sink, written: BTreeSet::new(), left_out: 0 }
    }

    /// Writes an entity once; a property without a value is left out.
    fn put(&mut self, schema: &str, id: Uuid, properties: &[(&str, &str)]) -> Result<()> {
        if !self.written.insert(id) {
            return Ok(());
        }
        let held = properties.iter().filter(|(_, value)| !value.is_empty());
        let held: Map<String, Json> = held.map(|(name, value)| (name.to_string(), json!([value]))).collect();
        let entity = json!({ "id": id.to_string(), "schema": schema, "properties": held });
        writeln!(self.sink, "{entity}").map_err(|e| failed(&e))
    }

    /// The document of a row of any kind.
    fn document(&mut self, row: &Json) -> Result<Uuid> {
        let (source, sha256) = (string(row, "source"), string(row, "sha256"));
        let id = id("document", if sha256.is_empty() { source } else { sha256 });
        let of = |name: &str| row.get("document").map_or("", |document| string(document, name));
        let name = source.rsplit('/').next().unwrap_or(source);
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let status = match string(row, "status") {
            "" => "",
            "read" | "in-part" => "success",
            _ => "failure",
        };
        let about = if sha256.is_empty() { source.to_string() } else { format!("{source}, sha256 {sha256}") };
        self.put(
            "Document",
            id,
            &[
                ("fileName", name),
                ("title", of("title")),
                ("publisher", of("publisher")),
                ("publishedAt", of("published")),
                ("date", of("published")),
                ("language", &three_letters(of("language"))),
                ("extension", extension),
                ("notes", &about),
                ("processingStatus", status),
                ("processingError", string(row, "why")),
            ],
        )?;
        Ok(id)
    }

    fn mention(&mut self, row: &Json) -> Result<()> {
        let value = row.get("value").unwrap_or(&Json::Null);
        let (kind, form) = (string(row, "kind"), string(value, "form"));
        match kind {
            "exchange" => {
                let document = self.document(row)?;
                let name = string(value, "name");
                // A bridge or a protocol may be no legal entity.
                let schema =
                    if ["exchange", "payment"].contains(&string(value, "kind")) { "LegalEntity" } else { "" };
                let id = id("mention", &format!("{document} {name}"));
                self.put(
                    "Mention",
                    id,
                    &[("document", &document.to_string()), ("name", name), ("detectedSchema", schema)],
                )
            }
            "wallet" if form == "address" => {
                let document = self.document(row)?;
                let (chain, address) = (string(value, "chain"), string(value, "address"));
                let wallet = id("wallet", &format!("{chain} {address}"));
                let (key, name) = if address.len() > LONGEST { ("", address) } else { (address, "") };
                let held = [
                    ("publicKey", key),
                    ("cryptoAddress", key),
                    ("name", name),
                    ("blockchain", chain),
                    ("proof", &document.to_string()),
                ];
                self.put("CryptoWallet", wallet, &held)?;
                let start = row.pointer("/span/start").and_then(Json::as_u64).unwrap_or_default();
                let named = id("documentation", &format!("{document} {wallet} {start}"));
                let held = [
                    ("document", &*document.to_string()),
                    ("entity", &wallet.to_string()),
                    ("role", &format!("named on {}", place(row))),
                    ("summary", string(row, "sentence")),
                ];
                self.put("Documentation", named, &held)
            }
            _ => {
                self.left_out += 1;
                Ok(())
            }
        }
    }
}

impl super::Writer for Writer<'_> {
    fn row(&mut self, rows: &'static Rows, row: &Row) -> Result<()> {
        let row = row.json();
        match rows.name {
            "mentions" => self.mention(&row),
            "documents" => self.document(&row).map(drop),
            _ => {
                let mentions = row.get("mentions").and_then(Json::as_array).map(Vec::as_slice);
                mentions.unwrap_or_default().iter().try_for_each(|mention| self.mention(mention))
            }
        }
    }

    fn left_out(&self) -> u64 {
        self.left_out
    }

    fn finish(self: Box<Self>) -> Result<()> {
        self.sink.flush().map_err(|e| failed(&e))
    }
}

fn id(sort: &str, name: &str) -> Uuid {
    let own = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:paydirt:ftm");
    Uuid::new_v5(&own, format!("{sort} {name}").as_bytes())
}

/// FollowTheMoney names languages by ISO 639-3.
fn three_letters(code: &str) -> String {
    crate::index::language::Language::of_code(code)
        .map_or_else(String::new, |l| l.three_letters().to_string())
}

fn string<'r>(json: &'r Json, name: &str) -> &'r str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}
