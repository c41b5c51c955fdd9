//! A document to its mentions: amounts, dates, exchange names, wallet addresses.
//!
//! Each extractor is two files, `x.rs` and `x.cases.md`, and one entry in [`EXTRACTORS`]. The
//! pattern proposes, a function decides; what it turns down is kept as a [`Rejected`] look-alike.
//! Extractors see one document and nothing else, and do not import each other.

pub mod amounts;
pub mod dates;
pub mod exchanges;
pub mod row;
mod spellings;
pub mod wallets;

use crate::document::{Document, Span};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a mention is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Amount,
    Date,
    Exchange,
    Wallet,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Amount, Kind::Date, Kind::Exchange, Kind::Wallet];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Amount => "amount",
            Kind::Date => "date",
            Kind::Exchange => "exchange",
            Kind::Wallet => "wallet",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A span of a document that names a value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    pub span: Span,
    /// Name of the [`Rule`] that found it.
    pub rule: String,
    pub value: Value,
    /// What the value rests on that does not stand in the span: a table's unit, the publication
    /// date, the paragraph's last full date.
    pub inherited: Option<String>,
    /// Another mention's span that gives the same sum in other money (`173,600 ETH ($600 million)`).
    pub tied_to: Option<Span>,
}

/// A normal value, by kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Amount(Amount),
    Date(DateRange),
    Exchange(Exchange),
    Wallet(Wallet),
}

impl Value {
    pub fn kind(&self) -> Kind {
        match self {
            Value::Amount(_) => Kind::Amount,
            Value::Date(_) => Kind::Date,
            Value::Exchange(_) => Kind::Exchange,
            Value::Wallet(_) => Kind::Wallet,
        }
    }
}

/// A sum of money in whole units (not millions). `low == high` unless a range is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// ISO 4217 code or the coin's usual ticker.
    pub currency: String,
    #[serde(with = "rust_decimal::serde::str")]
    pub low: Decimal,
    #[serde(with = "rust_decimal::serde::str")]
    pub high: Decimal,
    pub hedge: Hedge,
}

/// The qualifier printed with a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hedge {
    Exact,
    About,
    Nearly,
    Over,
    AtLeast,
    AtMost,
    Under,
}

/// A period of whole days, both ends inclusive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    pub start: Date,
    pub end: Date,
    pub precision: Precision,
    /// `early 2021`, `circa 2015`: the ends are conventional.
    pub approx: bool,
    /// Day and month could stand the other way round (`05/03/2014`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub order_unknown: bool,
}

/// The unit a date is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    Day,
    Month,
    Quarter,
    Half,
    Year,
    Decade,
    Span,
}

/// A crypto-asset platform or service by its usual name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    pub name: String,
    pub kind: ServiceKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServiceKind {
    Exchange,
    Defi,
    Bridge,
    Mixer,
    Wallet,
    Payment,
}

/// A crypto-asset address or transaction hash in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wallet {
    /// `bitcoin`, `ethereum`, `tron`, ...
    pub chain: String,
    /// As the chain's own tools print it.
    pub address: String,
    pub form: WalletForm,
    /// A checksum was verified.
    pub checked: bool,
    /// Rewritten from a defanged form.
    pub defanged: bool,
    /// Rewritten from a form broken over lines.
    pub healed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WalletForm {
    Address,
    Transaction,
}

/// Something that looked like a mention and is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    pub span: Span,
    pub kind: Kind,
    /// Name of the rule that considered it.
    pub rule: String,
    /// Why it was turned down, as a clause: "the checksum does not match".
    pub why: String,
}

/// What the extractors found in a document, in the order of the text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Findings {
    pub mentions: Vec<Mention>,
    pub rejected: Vec<Rejected>,
}

impl Findings {
    /// Adds a mention that rests on its own span alone.
    pub fn mention(&mut self, rule: &Rule, span: Span, value: Value) {
        self.mentions.push(Mention {
            span,
            rule: rule.name.to_string(),
            value,
            inherited: None,
            tied_to: None,
        });
    }

    /// Records a look-alike with the reason it was turned down.
    pub fn reject(&mut self, rule: &Rule, kind: Kind, span: Span, why: impl Into<String>) {
        self.rejected.push(Rejected { span, kind, rule: rule.name.to_string(), why: why.into() });
    }
}

/// A named rule of an extractor, with what a reader of its results may want to know.
/// Made by [`crate::rule!`], which adds the place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// `amount-symbol`: unique over all extractors, the kind first.
    pub name: &'static str,
    /// What it finds, in a phrase.
    pub finds: &'static str,
    /// What it leaves out on purpose.
    pub leaves_out: &'static str,
    pub example: &'static str,
    /// The standard or convention it follows.
    pub source: &'static str,
    pub file: &'static str,
    pub line: u32,
}

/// Declares a [`Rule`] and notes where it stands.
#[macro_export]
macro_rules! rule {
    (name: $name:expr, finds: $finds:expr, leaves_out: $leaves_out:expr, example: $example:expr, source: $source:expr $(,)?) => {
        $crate::extract::Rule {
            name: $name,
            finds: $finds,
            leaves_out: $leaves_out,
            example: $example,
            source: $source,
            file: file!(),
            line: line!(),
        }
    };
}

/// One extractor: its rules, its cases, its function.
#[derive(Debug)]
pub struct Extractor {
    /// Name of its files: `amounts` is `amounts.rs` and `amounts.cases.md`.
    pub name: &'static str,
    pub kind: Kind,
    pub rules: &'static [&'static Rule],
    /// The text of its cases file.
    pub cases: &'static str,
    /// Adds what it finds in the document. Mentions of one extractor never overlap, and never cross
    /// a paragraph or a table cell.
    pub find: fn(&Document, &mut Findings),
}

/// Every extractor, in the order their kinds are listed.
pub static EXTRACTORS: &[&Extractor] =
    &[&amounts::EXTRACTOR, &dates::EXTRACTOR, &exchanges::EXTRACTOR, &wallets::EXTRACTOR];

/// Runs every extractor of the kinds asked for and puts the findings in the order of the text.
pub fn extract(document: &Document, kinds: &[Kind]) -> Findings {
    let mut findings = Findings::default();
    for extractor in EXTRACTORS.iter().filter(|x| kinds.contains(&x.kind)) {
        (extractor.find)(document, &mut findings);
    }
    findings.mentions.sort_by_key(|m| (m.span, m.value.kind()));
    findings.rejected.sort_by_key(|r| (r.span, r.kind));
    findings
}

/// The last bytes of a text, from a character's start.
fn tail(text: &str, bytes: usize) -> &str {
    let mut from = text.len().saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    text.get(from..).unwrap_or("")
}

/// The first bytes of a text, to a character's end.
fn head(text: &str, bytes: usize) -> &str {
    let mut to = text.len().min(bytes);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(..to).unwrap_or("")
}

impl fmt::Display for Value {
    /// The short form that case files and `explain` show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Amount(v) => v.fmt(f),
            Value::Date(v) => v.fmt(f),
            Value::Exchange(v) => v.fmt(f),
            Value::Wallet(v) => v.fmt(f),
        }
    }
}

impl fmt::Display for Amount {
    /// `USD 50000000 over`, `USD 1500000000..2000000000 exact`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.low)?;
        if self.high != self.low {
            write!(f, "..{}", self.high)?;
        }
        write!(f, " {}", self.hedge.name())
    }
}

impl fmt::Display for DateRange {
    /// `2020-01-01..2021-08-31 span approx`, `2021-03-05 day`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.start)?;
        if self.end != self.start {
            write!(f, "..{}", self.end)?;
        }
        write!(f, " {}", self.precision.name())?;
        if self.approx {
            f.write_str(" approx")?;
        }
        if self.order_unknown {
            f.write_str(" order-unknown")?;
        }
        Ok(())
    }
}

impl fmt::Display for Exchange {
    /// `exchange KuCoin`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.name)
    }
}

impl fmt::Display for Wallet {
    /// `bitcoin 1NED...`, `ethereum 0x... transaction unchecked defanged healed`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.chain, self.address)?;
        if self.form == WalletForm::Transaction {
            f.write_str(" transaction")?;
        }
        for (word, said) in
            [("unchecked", !self.checked), ("defanged", self.defanged), ("healed", self.healed)]
        {
            if said {
                write!(f, " {word}")?;
            }
        }
        Ok(())
    }
}

impl Hedge {
    pub const ALL: [Hedge; 7] =
        [Hedge::Exact, Hedge::About, Hedge::Nearly, Hedge::Over, Hedge::AtLeast, Hedge::AtMost, Hedge::Under];

    pub fn name(self) -> &'static str {
        match self {
            Hedge::Exact => "exact",
            Hedge::About => "about",
            Hedge::Nearly => "nearly",
            Hedge::Over => "over",
            Hedge::AtLeast => "at_least",
            Hedge::AtMost => "at_most",
            Hedge::Under => "under",
        }
    }
}

impl Precision {
    pub fn name(self) -> &'static str {
        match self {
            Precision::Day => "day",
            Precision::Month => "month",
            Precision::Quarter => "quarter",
            Precision::Half => "half",
            Precision::Year => "year",
            Precision::Decade => "decade",
            Precision::Span => "span",
        }
    }
}

impl ServiceKind {
    pub const ALL: [ServiceKind; 6] = [
        ServiceKind::Exchange,
        ServiceKind::Defi,
        ServiceKind::Bridge,
        ServiceKind::Mixer,
        ServiceKind::Wallet,
        ServiceKind::Payment,
    ];

    pub fn name(self) -> &'static str {
        match self {
            ServiceKind::Exchange => "exchange",
            ServiceKind::Defi => "defi",
            ServiceKind::Bridge => "bridge",
            ServiceKind::Mixer => "mixer",
            ServiceKind::Wallet => "wallet",
            ServiceKind::Payment => "payment",
        }
    }
}
