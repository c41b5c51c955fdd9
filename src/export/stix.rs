//! Wallets and the reports that name them, as one STIX 2.1 bundle.
//!
//! STIX has no object for a wallet: `cryptocurrency-wallet` here is that of the extension most in
//! use (muchdogesec/stix2extensions), to which the chain is added by an extension of our own. A
//! `report` holds its `file` and its wallets; a `note` for each mention of a wallet has the place
//! and the sentence. Amounts, dates, exchanges and transactions have no form here and are left out.
//!
//! There is no clock: an object is as old as its report, to the first day of what is known of the
//! date, and 1970-01-01 stands for an unknown one. Identifiers are made of what is named, so the same
//! wallet has the same one in every bundle.

use super::columns::Rows;
use super::{Row, failed};
use crate::corpus::sha256_hex;
use crate::error::Result;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use uuid::{Uuid, uuid};

/// The namespace STIX 2.1 gives for identifiers of observables.
const OBSERVABLES: Uuid = uuid!("00abedb4-aa42-466c-9c01-fed23315a9b7");
/// The definition of `cryptocurrency-wallet`, and who published it.
const WALLET: &str = "extension-definition--be78509e-6958-51b1-8b26-d17ee0eba2d7";
const WALLET_BY: &str = "identity--9779a2db-f98c-5f4b-8d08-8ee04e02dbb5";
const WALLET_SCHEMA: &str = "https://raw.githubusercontent.com/muchdogesec/stix2extensions/main/automodel_generated/schemas/scos/cryptocurrency-wallet.json";
/// What our own extension of a wallet holds.
const CHAIN_SCHEMA: &str = "Properties of a cryptocurrency-wallet: chain (string), the blockchain by its \
    common name in lower case; checked (boolean), whether a checksum in the address was verified.";
/// What `--schema` prints.
pub(super) const HOLDS: &str = "\
A STIX 2.1 bundle of
  cryptocurrency-wallet  an address: value; the extension has its chain and whether a checksum was verified
  note                   a mention of it: abstract names chain, page and paragraph, content is the sentence
  report                 a document: name, published, object_refs to its file, wallets and notes
  file                   the source: name and SHA-256
  identity               the publisher of a report
  extension-definition   of the wallet (muchdogesec/stix2extensions) and of its chain (paydirt)
created and modified are the day the report was published; a label tells where less than the day is known,
and 1970-01-01 stands for an unknown date. Amounts, dates, exchanges and transactions are left out.
";
/// A date that is not known.
const UNKNOWN: &str = "1970-01-01T00:00:00.000Z";

pub(super) struct Writer<'a> {
    sink: &'a mut (dyn Write + Send),
    /// The names behind the sorts of what is written once: wallets, notes, files, identities.
    written: BTreeSet<Uuid>,
    /// Reports by the sha256 of their file, written at the end with all they name.
    reports: BTreeMap<String, Report>,
    begun: bool,
    /// The hash of the identifiers written: the bundle's own is made of it.
    sum: String,
    left_out: u64,
}

struct Report {
    object: Json,
    refs: BTreeSet<(Sort, Uuid)>,
}

/// What a report refers to, in the order of the names of the sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Wallet,
    File,
    Note,
}

impl Sort {
    fn name(self) -> &'static str {
        match self {
            Sort::Wallet => "cryptocurrency-wallet",
            Sort::File => "file",
            Sort::Note => "note",
        }
    }
}

/// The identifier of an object without its sort. There may be millions, and this is short.
fn own_name(object: &Json) -> Uuid {
    let id = string(object, "id");
    // Every identifier here is made of a sort and a UUID.
    id.rsplit_once("--").and_then(|(_, name)| name.parse().ok()).unwrap_or_default()
}

/// What a row says of its document.
struct Document<'r> {
    row: &'r Json,
}

impl<'a> Writer<'a> {
    pub fn new(sink: &'a mut (dyn Write + Send)) -> Result<Self> {
        let mut writer = Writer {
            sink,
            written: BTreeSet::new(),
            reports: BTreeMap::new(),
            begun: false,
            sum: String::new(),
            left_out: 0,
        };
        let own = json!({
            "type": "identity", "spec_version": "2.1", "id": own_identity(), "created": UNKNOWN, "modified": UNKNOWN,
            "name": "paydirt", "identity_class": "system",
        });
        writer.put(&own)?;
        // As it is published, but for its markings, which point to objects of their own.
        writer.put(&definition(
            WALLET,
            WALLET_BY,
            "2020-01-01T00:00:00.000Z",
            "CryptocurrencyWallet",
            WALLET_SCHEMA,
            "new-sco",
        ))?;
        let mut chain = definition(
            &chain_extension(),
            &own_identity(),
            UNKNOWN,
            "Chain of a wallet",
            CHAIN_SCHEMA,
            "property-extension",
        );
        if let Some(fields) = chain.as_object_mut() {
            let about = "The blockchain that the address of a cryptocurrency-wallet is of.";
            fields.insert("description".to_string(), json!(about));
        }
        writer.put(&chain)?;
        Ok(writer)
    }

    /// Writes an object once.
    fn put(&mut self, object: &Json) -> Result<()> {
        let id = string(object, "id").to_string();
        self.sum = sha256_hex(format!("{}{id}", self.sum).as_bytes());
        let before = if self.begun { "," } else { "{\"type\":\"bundle\",\"objects\":[" };
        self.begun = true;
        write!(self.sink, "{before}\n{object}").map_err(|e| failed(&e))
    }

    fn put_once(&mut self, object: &Json) -> Result<()> {
        match self.written.insert(own_name(object)) {
            true => self.put(object),
            false => Ok(()),
        }
    }

    /// The report of a document: its file and publisher are written now, itself at the end.
    fn report(&mut self, document: &Document<'_>) -> Result<&mut Report> {
        let key = document.text("sha256").to_string();
        if !self.reports.contains_key(&key) {
            let file = document.file();
            self.put_once(&file)?;
            let publisher = document.publisher();
            if let Some(publisher) = &publisher {
                self.put_once(publisher)?;
            }
            let object = document.report(publisher.as_ref());
            let refs = BTreeSet::from([(Sort::File, own_name(&file))]);
            self.reports.insert(key.clone(), Report { object, refs });
        }
        Ok(self.reports.entry(key).or_insert_with(|| Report { object: Json::Null, refs: BTreeSet::new() }))
    }

    fn mention(&mut self, row: &Json) -> Result<()> {
        let value = row.get("value").unwrap_or(&Json::Null);
        if string(value, "form") != "address" {
            self.left_out += 1;
            return Ok(());
        }
        let wallet = wallet(value);
        self.put_once(&wallet)?;
        let document = Document { row };
        let note = note(row, value, string(&wallet, "id"), &document);
        let named = [(Sort::Wallet, own_name(&wallet)), (Sort::Note, own_name(&note))];
        self.report(&document)?.refs.extend(named);
        self.put_once(&note)
    }
}

impl super::Writer for Writer<'_> {
    fn row(&mut self, rows: &'static Rows, row: &Row) -> Result<()> {
        let row = row.json();
        match rows.name {
            "mentions" => self.mention(&row),
            "documents" if row.get("document").is_some_and(Json::is_object) => {
                self.report(&Document { row: &row }).map(drop)
            }
            "documents" => {
                self.left_out += 1;
                Ok(())
            }
            _ => {
                let mentions = row.get("mentions").and_then(Json::as_array).map(Vec::as_slice);
                mentions.unwrap_or_default().iter().try_for_each(|mention| self.mention(mention))
            }
        }
    }

    fn left_out(&self) -> u64 {
        self.left_out
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        for (_, Report { mut object, refs }) in std::mem::take(&mut self.reports) {
            if let Some(fields) = object.as_object_mut() {
                let refs: Vec<String> =
                    refs.iter().map(|(sort, id)| format!("{}--{id}", sort.name())).collect();
                fields.insert("object_refs".to_string(), json!(refs));
            }
            self.put(&object)?;
        }
        let id = Uuid::new_v5(&own(), self.sum.as_bytes());
        writeln!(self.sink, "\n],\"id\":\"bundle--{id}\"}}").map_err(|e| failed(&e))?;
        self.sink.flush().map_err(|e| failed(&e))
    }
}

impl Document<'_> {
    fn text(&self, name: &str) -> &str {
        string(self.row, name)
    }

    fn of(&self, name: &str) -> &str {
        self.row.get("document").map_or("", |document| string(document, name))
    }

    /// The first moment of what is known of its date.
    fn published(&self) -> String {
        let date = self.of("published");
        let first = match date.len() {
            4 => format!("{date}-01-01"),
            7 => format!("{date}-01"),
            _ => date.get(..10).unwrap_or_default().to_string(),
        };
        match first.parse::<jiff::civil::Date>() {
            Ok(day) => format!("{day}T00:00:00.000Z"),
            Err(_) => UNKNOWN.to_string(),
        }
    }

    fn file(&self) -> Json {
        let (name, hash) = (self.text("source").rsplit('/').next().unwrap_or_default(), self.text("sha256"));
        let made_of = json!({ "hashes": { "SHA-256": hash }, "name": name });
        json!({
            "type": "file", "spec_version": "2.1", "id": observable("file", &made_of),
            "hashes": { "SHA-256": hash }, "name": name,
        })
    }

    fn publisher(&self) -> Option<Json> {
        let name = self.of("publisher");
        (!name.is_empty()).then(|| {
            json!({
                "type": "identity", "spec_version": "2.1", "id": named("identity", name),
                "created": UNKNOWN, "modified": UNKNOWN, "name": name, "identity_class": "organization",
            })
        })
    }

    fn id(&self) -> String {
        named("report", self.text("sha256"))
    }

    fn report(&self, publisher: Option<&Json>) -> Json {
        let title =
            [self.of("title"), self.of("id"), self.text("source")].into_iter().find(|t| !t.is_empty());
        let date = self.published();
        let mut external = json!({ "source_name": "paydirt", "description": self.text("source") });
        if let (id, Some(fields)) = (self.of("id"), external.as_object_mut())
            && !id.is_empty()
        {
            fields.insert("external_id".to_string(), json!(id));
        }
        let mut report = json!({
            "type": "report", "spec_version": "2.1", "id": self.id(), "created": date, "modified": date,
            "name": title.unwrap_or_default(), "report_types": ["threat-report"], "published": date,
            "external_references": [external],
        });
        if let Some(fields) = report.as_object_mut() {
            if let Some(publisher) = publisher {
                fields.insert("created_by_ref".to_string(), json!(string(publisher, "id")));
            }
            if self.of("language").len() == 2 {
                fields.insert("lang".to_string(), json!(self.of("language")));
            }
            if self.of("published").len() < 10 {
                let known =
                    if date == UNKNOWN { "publication-date-unknown" } else { "publication-date-in-part" };
                fields.insert("labels".to_string(), json!([known]));
            }
        }
        report
    }
}

fn wallet(value: &Json) -> Json {
    let address = string(value, "address");
    let chain = json!({
        "extension_type": "property-extension", "chain": string(value, "chain"),
        "checked": value.get("checked").and_then(Json::as_bool).unwrap_or_default(),
    });
    json!({
        "type": "cryptocurrency-wallet", "spec_version": "2.1",
        "id": observable("cryptocurrency-wallet", &json!({ "value": address })), "value": address,
        "extensions": { WALLET: { "extension_type": "new-sco" }, chain_extension(): chain },
    })
}

/// Where a wallet is named, and the sentence.
fn note(row: &Json, value: &Json, wallet: &str, document: &Document<'_>) -> Json {
    let place = super::place(row);
    let start = row.pointer("/span/start").and_then(Json::as_u64).unwrap_or_default();
    let made_of = format!("{} {start} {}", document.text("sha256"), string(value, "address"));
    let date = document.published();
    json!({
        "type": "note", "spec_version": "2.1", "id": named("note", &made_of), "created_by_ref": own_identity(),
        "created": date, "modified": date,
        "abstract": format!("{} address, {place}", string(value, "chain")),
        "content": string(row, "sentence"), "object_refs": [wallet, document.id()],
    })
}

fn definition(id: &str, by: &str, date: &str, name: &str, schema: &str, sort: &str) -> Json {
    json!({
        "type": "extension-definition", "spec_version": "2.1", "id": id, "created_by_ref": by, "created": date,
        "modified": date, "name": name, "schema": schema, "version": "1.0", "extension_types": [sort],
    })
}

/// The namespace of what is named by paydirt.
fn own() -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:paydirt:stix")
}

fn named(sort: &str, name: &str) -> String {
    format!("{sort}--{}", Uuid::new_v5(&own(), format!("{sort} {name}").as_bytes()))
}

fn own_identity() -> String {
    named("identity", "paydirt itself")
}

fn chain_extension() -> String {
    named("extension-definition", "chain of a wallet")
}

/// The identifier of an observable, from the properties that the specification makes it of.
fn observable(sort: &str, made_of: &Json) -> String {
    format!("{sort}--{}", Uuid::new_v5(&OBSERVABLES, made_of.to_string().as_bytes()))
}

fn string<'r>(json: &'r Json, name: &str) -> &'r str {
    json.get(name).and_then(Json::as_str).unwrap_or_default()
}
