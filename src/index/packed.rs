//! A passage to the bytes that an index stores, and back.
//!
//! What can be made again is not stored: the text stands once, mentions and claims are places in it,
//! figures and days are numbers. What a mention's row says beyond that (a sentence that goes beyond
//! the passage, another page) is stored where it differs. Packing loses nothing: what is unpacked is
//! equal to what was packed.

use super::record::{LinePlace, PassageRecord};
use super::values::{day, of_day};
use crate::claims::{Claim, Figure, FigureKind, How, Slot};
use crate::document::{ParagraphKind, Reader, Span};
use crate::extract::row::{DocumentRow, Ends, MentionRow, SCHEMA, fold};
use crate::extract::{Amount, DateRange, Exchange, Hedge, Precision, ServiceKind, Value, Wallet, WalletForm};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why bytes are no passage: they were written by another program, or are damaged.
#[derive(Debug)]
pub struct Unreadable(String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a passage cannot be read: {}", self.0)
    }
}

impl From<postcard::Error> for Unreadable {
    fn from(error: postcard::Error) -> Self {
        Unreadable(error.to_string())
    }
}

/// A stretch of the document's text: bytes from the passage's first to its own, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Place(i64, usize);

impl Place {
    fn of(start: usize, end: usize, base: usize) -> Place {
        Place(start as i64 - base as i64, end.saturating_sub(start))
    }

    fn span(self, base: usize) -> Span {
        let start = usize::try_from(base as i64 + self.0).unwrap_or(0);
        Span::new(start, start + self.1)
    }

    fn ends(self, base: usize) -> Ends {
        let Span { start, end } = self.span(base);
        Ends { start, end }
    }
}

/// A passage as it is stored. Places in the index are no part of it: they follow from where it lies.
#[derive(Serialize, Deserialize)]
struct Packed {
    start: usize,
    chars: usize,
    kind: ParagraphKind,
    page: u32,
    page_label: Option<String>,
    paragraph: Option<String>,
    annex: Option<String>,
    headings: Vec<String>,
    table: Option<String>,
    language: String,
    text: String,
    /// Place, pages after the passage's, box.
    lines: Vec<(Place, u32, [i32; 4])>,
    mentions: Vec<PackedMention>,
    claims: Vec<PackedClaim>,
}

/// A mention without what its passage or its document says already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PackedMention {
    place: Place,
    reader: Reader,
    rule: String,
    value: PackedValue,
    sentence: Sentence,
    /// Tenths of a point.
    boxes: Option<Vec<[i32; 4]>>,
    inherited: Option<String>,
    tied_to: Option<Place>,
    disputed_digits: Option<String>,
    confidence: Option<u8>,
    /// What is printed and its characters, where that is not what stands at its place.
    printed: Option<(String, usize)>,
    /// Where it stands, where not as its passage.
    elsewhere: Option<(u32, Option<String>, Option<String>)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Sentence {
    /// In the passage.
    Here(Place),
    /// Not whole in it.
    Text(String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum PackedValue {
    Amount { currency: String, low: String, high: Option<String>, hedge: Hedge },
    Date(PackedDate),
    Exchange { name: String, kind: ServiceKind },
    Wallet { chain: String, address: String, form: WalletForm, checked: bool, defanged: bool, healed: bool },
}

/// First day since 1970-01-01, days to the last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PackedDate {
    start: i64,
    days: i64,
    precision: Precision,
    approx: bool,
    order_unknown: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PackedFigure {
    kind: FigureKind,
    unit: String,
    low: String,
    high: Option<String>,
    hedge: Hedge,
}

type PackedSlots<T> = Vec<(T, Option<Place>, How)>;

/// The figure of a claim: that of a mention of the passage, by its place among them, or another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Asserted {
    Mentioned(usize),
    Own(Place, PackedFigure),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PackedClaim {
    figure: Asserted,
    sentence: Place,
    actions: PackedSlots<String>,
    actors: PackedSlots<String>,
    victims: PackedSlots<String>,
    counts: PackedSlots<PackedFigure>,
    places: PackedSlots<String>,
    periods: PackedSlots<PackedDate>,
    attribution: PackedSlots<String>,
}

impl PackedDate {
    fn of(date: &DateRange) -> Self {
        let start = day(date.start);
        PackedDate {
            start,
            days: day(date.end) - start,
            precision: date.precision,
            approx: date.approx,
            order_unknown: date.order_unknown,
        }
    }

    fn date(self) -> Result<DateRange, Unreadable> {
        let of = |days| of_day(days).ok_or_else(|| Unreadable(format!("{days} is no day")));
        Ok(DateRange {
            start: of(self.start)?,
            end: of(self.start.saturating_add(self.days))?,
            precision: self.precision,
            approx: self.approx,
            order_unknown: self.order_unknown,
        })
    }
}

/// The least and, where it is another, the greatest of a figure, as decimals.
fn ends_of(low: Decimal, high: Decimal) -> (String, Option<String>) {
    let (low, high) = (low.to_string(), high.to_string());
    let other = (low != high).then_some(high);
    (low, other)
}

fn decimals(low: &str, high: Option<&str>) -> Result<(Decimal, Decimal), Unreadable> {
    let of = |text: &str| text.parse().map_err(|e| Unreadable(format!("{text} is no number: {e}")));
    let low = of(low)?;
    Ok((low, high.map(of).transpose()?.unwrap_or(low)))
}

impl PackedFigure {
    fn of(figure: &Figure) -> Self {
        let (low, high) = ends_of(figure.low, figure.high);
        PackedFigure { kind: figure.kind, unit: figure.unit.clone(), low, high, hedge: figure.hedge }
    }

    fn figure(self) -> Result<Figure, Unreadable> {
        let (low, high) = decimals(&self.low, self.high.as_deref())?;
        Ok(Figure { kind: self.kind, unit: self.unit, low, high, hedge: self.hedge })
    }
}

impl PackedValue {
    fn of(value: &Value) -> Self {
        match value {
            Value::Amount(v) => {
                let (low, high) = ends_of(v.low, v.high);
                PackedValue::Amount { currency: v.currency.clone(), low, high, hedge: v.hedge }
            }
            Value::Date(v) => PackedValue::Date(PackedDate::of(v)),
            Value::Exchange(v) => PackedValue::Exchange { name: v.name.clone(), kind: v.kind },
            Value::Wallet(v) => PackedValue::Wallet {
                chain: v.chain.clone(),
                address: v.address.clone(),
                form: v.form,
                checked: v.checked,
                defanged: v.defanged,
                healed: v.healed,
            },
        }
    }

    fn value(self) -> Result<Value, Unreadable> {
        Ok(match self {
            PackedValue::Amount { currency, low, high, hedge } => {
                let (low, high) = decimals(&low, high.as_deref())?;
                Value::Amount(Amount { currency, low, high, hedge })
            }
            PackedValue::Date(date) => Value::Date(date.date()?),
            PackedValue::Exchange { name, kind } => Value::Exchange(Exchange { name, kind }),
            PackedValue::Wallet { chain, address, form, checked, defanged, healed } => {
                Value::Wallet(Wallet { chain, address, form, checked, defanged, healed })
            }
        })
    }
}

fn pack_slots<T, P>(slots: &[Slot<T>], base: usize, value: impl Fn(&T) -> P) -> PackedSlots<P> {
    let place = |span: Option<Span>| span.map(|s| Place::of(s.start, s.end, base));
    slots.iter().map(|s| (value(&s.value), place(s.span), s.how)).collect()
}

fn slots<T, P>(
    packed: PackedSlots<P>,
    base: usize,
    value: impl Fn(P) -> Result<T, Unreadable>,
) -> Result<Vec<Slot<T>>, Unreadable> {
    let slot = |(v, place, how): (P, Option<Place>, How)| {
        Ok(Slot { value: value(v)?, span: place.map(|p| p.span(base)), how })
    };
    packed.into_iter().map(slot).collect()
}

impl PackedClaim {
    fn of(claim: &Claim, mentions: &[PackedMention], base: usize) -> Self {
        let place = |span: Span| Place::of(span.start, span.end, base);
        let words = |slots: &[Slot<String>]| pack_slots(slots, base, String::clone);
        let (at, figure) = (place(claim.span), PackedFigure::of(&claim.figure));
        let mentioned = mentions.iter().position(|m| m.place == at && m.figure().as_ref() == Some(&figure));
        PackedClaim {
            figure: mentioned.map_or_else(|| Asserted::Own(at, figure), Asserted::Mentioned),
            sentence: place(claim.sentence),
            actions: words(&claim.actions),
            actors: words(&claim.actors),
            victims: words(&claim.victims),
            counts: pack_slots(&claim.counts, base, PackedFigure::of),
            places: words(&claim.places),
            periods: pack_slots(&claim.periods, base, PackedDate::of),
            attribution: words(&claim.attribution),
        }
    }

    fn claim(self, mentions: &[PackedMention], base: usize) -> Result<Claim, Unreadable> {
        let words = |packed| slots(packed, base, Ok);
        let (place, figure) = match self.figure {
            Asserted::Own(place, figure) => (place, figure),
            Asserted::Mentioned(n) => mentions
                .get(n)
                .and_then(|m| Some((m.place, m.figure()?)))
                .ok_or_else(|| Unreadable(format!("there is no figure {n}")))?,
        };
        Ok(Claim {
            span: place.span(base),
            sentence: self.sentence.span(base),
            figure: figure.figure()?,
            actions: words(self.actions)?,
            actors: words(self.actors)?,
            victims: words(self.victims)?,
            counts: slots(self.counts, base, PackedFigure::figure)?,
            places: words(self.places)?,
            periods: slots(self.periods, base, PackedDate::date)?,
            attribution: words(self.attribution)?,
        })
    }
}

/// A mention's row as its passage stores it; `sentence` is where its sentence stands. The mention
/// stands in the passage as a whole.
pub fn pack_mention(row: &MentionRow, sentence: Option<Span>, passage: &PassageRecord) -> PackedMention {
    let base = passage.span.start;
    let here = sentence.filter(|s| passage.span.contains(*s)).filter(|s| {
        let text = Place::of(s.start, s.end, base).span(0).of(&passage.text);
        fold(text) == row.sentence
    });
    let tenths = |r: &[f32; 4]| r.map(|v| (v * 10.0).round() as i32);
    let place = Place::of(row.span.start, row.span.end, base);
    let printed = place.span(0).of(&passage.text);
    let chars = row.chars.end.saturating_sub(row.chars.start);
    let stands = fold(printed) == row.surface && printed.chars().count() == chars;
    let as_passage = row.page == passage.page
        && row.page_label == passage.page_label
        && row.paragraph == passage.paragraph;
    PackedMention {
        place,
        reader: row.reader,
        rule: row.rule.clone(),
        value: PackedValue::of(&row.value),
        sentence: match here {
            Some(s) => Sentence::Here(Place::of(s.start, s.end, base)),
            None => Sentence::Text(row.sentence.clone()),
        },
        boxes: row.boxes.as_ref().map(|boxes| boxes.iter().map(tenths).collect()),
        inherited: row.inherited.clone(),
        tied_to: row.tied_to.map(|ends| Place::of(ends.start, ends.end, base)),
        disputed_digits: row.disputed_digits.clone(),
        confidence: row.confidence,
        printed: (!stands).then(|| (row.surface.clone(), chars)),
        elsewhere: (!as_passage).then(|| (row.page, row.page_label.clone(), row.paragraph.clone())),
    }
}

impl PackedMention {
    /// What a claim of it asserts, where it is an amount.
    fn figure(&self) -> Option<PackedFigure> {
        let PackedValue::Amount { currency, low, high, hedge } = &self.value else { return None };
        Some(PackedFigure {
            kind: FigureKind::Amount,
            unit: currency.clone(),
            low: low.clone(),
            high: high.clone(),
            hedge: *hedge,
        })
    }

    /// The row, in a passage of a source and publication.
    ///
    /// # Errors
    /// Where it is not as it was packed.
    pub fn row(
        &self,
        passage: &PassageRecord,
        source: &str,
        sha256: &str,
        document: &DocumentRow,
    ) -> Result<MentionRow, Unreadable> {
        let base = passage.span.start;
        let value = self.value.clone().value()?;
        let (surface, chars) = self.printed.clone().unwrap_or_else(|| {
            let printed = self.place.span(0).of(&passage.text);
            (fold(printed), printed.chars().count())
        });
        let before = passage.text.get(..self.place.span(0).start).unwrap_or("");
        let first = passage.chars + before.chars().count();
        let (page, page_label, paragraph) = self
            .elsewhere
            .clone()
            .unwrap_or_else(|| (passage.page, passage.page_label.clone(), passage.paragraph.clone()));
        let points = |r: &[i32; 4]| r.map(|v| v as f32 / 10.0);
        Ok(MentionRow {
            schema: SCHEMA.to_string(),
            source: source.to_string(),
            sha256: sha256.to_string(),
            document: document.clone(),
            page,
            page_label,
            reader: self.reader,
            paragraph,
            kind: value.kind(),
            surface,
            sentence: match &self.sentence {
                Sentence::Here(place) => fold(place.span(0).of(&passage.text)),
                Sentence::Text(text) => text.clone(),
            },
            span: self.place.ends(base),
            chars: Ends { start: first, end: first + chars },
            boxes: self.boxes.as_ref().map(|boxes| boxes.iter().map(points).collect()),
            rule: self.rule.clone(),
            value,
            inherited: self.inherited.clone(),
            tied_to: self.tied_to.map(|place| place.ends(base)),
            disputed_digits: self.disputed_digits.clone(),
            confidence: self.confidence,
        })
    }
}

/// The bytes of a passage.
///
/// # Errors
/// None that is expected: everything in it has a form.
pub fn pack(record: &PassageRecord) -> Result<Vec<u8>, Unreadable> {
    let base = record.span.start;
    let lines = record.lines.iter().map(|(start, end, page, place)| {
        (Place::of(*start, *end, base), page.saturating_sub(record.page), *place)
    });
    let packed = Packed {
        start: base,
        chars: record.chars,
        kind: record.kind,
        page: record.page,
        page_label: record.page_label.clone(),
        paragraph: record.paragraph.clone(),
        annex: record.annex.clone(),
        headings: record.headings.clone(),
        table: record.table.clone(),
        language: record.language.clone(),
        text: record.text.clone(),
        lines: lines.collect(),
        mentions: record.mentions.clone(),
        claims: record.claims.iter().map(|c| PackedClaim::of(c, &record.mentions, base)).collect(),
    };
    Ok(postcard::to_stdvec(&packed)?)
}

/// The passage of the bytes; `order` and `document` are its places in the index.
///
/// # Errors
/// Where they are not as they were packed.
pub fn unpack(bytes: &[u8], order: u64, document: u64) -> Result<PassageRecord, Unreadable> {
    let packed: Packed = postcard::from_bytes(bytes)?;
    let base = packed.start;
    let claims =
        packed.claims.into_iter().map(|c| c.claim(&packed.mentions, base)).collect::<Result<_, _>>()?;
    let line = |(place, pages, at): (Place, u32, [i32; 4])| -> LinePlace {
        let span = place.span(base);
        (span.start, span.end, packed.page + pages, at)
    };
    Ok(PassageRecord {
        order,
        document,
        span: Span::new(base, base + packed.text.len()),
        chars: packed.chars,
        kind: packed.kind,
        page: packed.page,
        page_label: packed.page_label,
        paragraph: packed.paragraph,
        annex: packed.annex,
        headings: packed.headings,
        table: packed.table,
        language: packed.language,
        text: packed.text,
        lines: packed.lines.into_iter().map(line).collect(),
        mentions: packed.mentions,
        claims,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::claims;
    use crate::extract::{Kind, extract, row};
    use crate::structure;

    #[test]
    fn a_packed_passage_is_unpacked_as_it_was() {
        let text = "In early 2021 the Slate Finch group stole more than US$ 1,250,000.50 (EUR 1 million to \
            1.2 million) from KuCoin, a Member State said; 3 of 40 wallets, one of them \
            1NEDqZPvTWRaoho48qXuLLsrYomMXPABfD, were frozen on 03/05/2022. No losses were reported.\n";
        let mut document = structure::plain(text);
        document.source.path = "a.txt".into();
        let findings = extract(&document, &Kind::ALL);
        let claims = claims(&document, &findings);
        let rows = row::rows(&document, &findings.mentions);
        assert!(rows.len() >= 4 && !claims.is_empty(), "{} mentions, {} claims", rows.len(), claims.len());
        let mut record = PassageRecord {
            order: 7,
            document: 3,
            span: Span::new(0, text.len()),
            chars: 0,
            kind: ParagraphKind::Body,
            page: 1,
            page_label: None,
            paragraph: None,
            annex: Some("Annex 2".into()),
            headings: vec!["A".into(), "B".into()],
            table: None,
            language: "en".into(),
            text: text.into(),
            lines: vec![(0, 40, 1, [100, 200, -5, 7]), (40, text.len(), 2, [0, 0, 0, 0])],
            mentions: Vec::new(),
            claims,
        };
        let sentence = |row: &MentionRow| document.sentence_at(row.span.start);
        record.mentions = rows.iter().map(|r| pack_mention(r, sentence(r), &record)).collect();
        let unpacked = unpack(&pack(&record).unwrap(), 7, 3).unwrap();
        assert_eq!(unpacked, record);
        let source = &document.source;
        for (packed, row) in unpacked.mentions.iter().zip(&rows) {
            assert_eq!(&packed.row(&unpacked, &source.path, &source.sha256, &row.document).unwrap(), row);
        }
        let bytes = pack(&record).unwrap();
        for cut in 0..bytes.len() {
            assert!(unpack(&bytes[..cut], 7, 3).is_err(), "cut at {cut}");
        }
    }
}
