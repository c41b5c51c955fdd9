//! The fields of the index. A tantivy document is a passage, or the record of a document; see
//! [`super::layout`] for how they lie.
//!
//! Numeric columns of amounts and dates stand side by side: the n-th low, high, currency and hedge
//! of a passage are those of its n-th amount, so a question about one amount is answered by one.
//! Terms (`size`, the years and months of `date`) answer most of such a question, and narrow the rest
//! to few passages before the columns are asked.
//!
//! Values of a facet in two levels are paths, and the level above is a value of its own: `2021`,
//! `2021/03`; `USD`, `USD/10M-100M`; `mixer`, `mixer/Tornado Cash`.

use tantivy::IndexSettings;
use tantivy::schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions};
use tantivy::store::{Compressor, ZstdCompressor};

/// Values that can be counted and chosen, one column each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    Publisher,
    Document,
    Year,
    Kind,
    Exchange,
    Currency,
    Chain,
    Amount,
    Language,
    /// Years and months of dates mentioned.
    Date,
}

impl Facet {
    pub const ALL: [Facet; 10] = [
        Facet::Publisher,
        Facet::Document,
        Facet::Year,
        Facet::Kind,
        Facet::Exchange,
        Facet::Currency,
        Facet::Chain,
        Facet::Amount,
        Facet::Language,
        Facet::Date,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Facet::Publisher => "publisher",
            Facet::Document => "document",
            Facet::Year => "year",
            Facet::Kind => "kind",
            Facet::Exchange => "exchange",
            Facet::Currency => "currency",
            Facet::Chain => "chain",
            Facet::Amount => "amount",
            Facet::Language => "language",
            Facet::Date => "date",
        }
    }

    /// Whether its values have a level above them.
    pub fn has_levels(self) -> bool {
        matches!(self, Facet::Date | Facet::Amount | Facet::Exchange)
    }

    pub fn of_name(name: &str) -> Option<Facet> {
        Facet::ALL.into_iter().find(|f| f.name() == name)
    }
}

/// Every field, by what it holds.
#[derive(Debug, Clone)]
pub struct Fields {
    /// Whether it is a passage or the record of a document.
    pub what: Field,
    /// Stems of the passage.
    pub text: Field,
    /// Literals of the passage.
    pub exact: Field,
    /// Stems of the document's title.
    pub title: Field,
    /// Stems of the headings it stands under.
    pub heading: Field,
    /// Of a table row: stems of the table's caption, unit and heads.
    pub table: Field,
    /// Kind of paragraph.
    pub part: Field,
    /// How much a passage of its kind counts, in hundredths.
    pub weight: Field,
    /// First and last page of the passage.
    pub page: Field,
    pub page_end: Field,
    /// Locator of the paragraph, folded.
    pub paragraph: Field,
    /// Symbol and id of the document, folded.
    pub symbol: Field,
    /// Wallet addresses in full, in lower case.
    pub address: Field,
    /// Publication date, first and last day, as days since 1970-01-01.
    pub published_start: Field,
    pub published_end: Field,
    /// Leading digits of every claimed figure, whatever its size and unit.
    pub digits: Field,
    pub amount_low: Field,
    pub amount_high: Field,
    pub amount_hedge: Field,
    /// Steps of size an amount touches, with and without its currency: `USD/64`, `/64`.
    pub size: Field,
    /// Hedges of its amounts.
    pub hedge: Field,
    /// The passage's likeness; near copies differ in few bits.
    pub likeness: Field,
    pub date_start: Field,
    pub date_end: Field,
    /// Years that dates longer than a quarter touch: those are no values of months.
    pub long: Field,
    facets: [Field; Facet::ALL.len()],
    /// The stored passage, packed.
    pub passage: Field,
    /// Of a document's record: how many words the document has.
    pub length: Field,
    /// Of a document's record: every name it can be asked for by, folded.
    pub name: Field,
    /// The stored record of a document, JSON.
    pub record: Field,
}

impl Fields {
    pub fn facet(&self, facet: Facet) -> Field {
        self.facets[facet as usize]
    }
}

/// Values of `amount_hedge`, a number for each hedge.
pub fn hedge_number(hedge: crate::extract::Hedge) -> u64 {
    crate::extract::Hedge::ALL.iter().position(|h| *h == hedge).unwrap_or(0) as u64
}

/// Bytes of stored records that are compressed together: more take less room, fewer are read sooner.
const BLOCK: usize = 128 << 10;
/// How hard they are compressed; they are read as fast at any level.
const LEVEL: i32 = 9;

/// How tantivy keeps it.
pub(super) fn settings() -> IndexSettings {
    IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(LEVEL) }),
        docstore_blocksize: BLOCK,
        docstore_compress_dedicated_thread: false,
        ..Default::default()
    }
}

pub fn schema() -> (Schema, Fields) {
    let mut b = Schema::builder();
    let indexed = |tokens, record, lengths| {
        let indexing = TextFieldIndexing::default().set_tokenizer(tokens).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing.set_fieldnorms(lengths))
    };
    // Tokens are made by `tokens` and come with spaces between them, which is all tantivy has to know.
    let words = indexed("whitespace", IndexRecordOption::WithFreqsAndPositions, true);
    let term = indexed("raw", IndexRecordOption::Basic, false);
    let facet = |b: &mut tantivy::schema::SchemaBuilder, facet: Facet| {
        b.add_text_field(facet.name(), term.clone().set_fast("raw"))
    };
    let fields = Fields {
        what: b.add_text_field("what", term.clone()),
        text: b.add_text_field("text", words.clone()),
        exact: b.add_text_field("exact", words.clone()),
        title: b.add_text_field("title", words.clone()),
        heading: b.add_text_field("heading", words.clone()),
        table: b.add_text_field("table", words),
        part: b.add_text_field("part", term.clone()),
        weight: b.add_u64_field("weight", FAST),
        page: b.add_u64_field("page", FAST),
        page_end: b.add_u64_field("page_end", FAST),
        paragraph: b.add_text_field("paragraph", term.clone()),
        symbol: b.add_text_field("symbol", term.clone()),
        address: b.add_text_field("address", term.clone()),
        published_start: b.add_i64_field("published_start", FAST),
        published_end: b.add_i64_field("published_end", FAST),
        digits: b.add_text_field("digits", term.clone()),
        amount_low: b.add_f64_field("amount_low", FAST),
        amount_high: b.add_f64_field("amount_high", FAST),
        amount_hedge: b.add_u64_field("amount_hedge", FAST),
        size: b.add_text_field("size", term.clone()),
        hedge: b.add_text_field("hedge", term.clone()),
        likeness: b.add_u64_field("likeness", FAST),
        date_start: b.add_i64_field("date_start", FAST),
        date_end: b.add_i64_field("date_end", FAST),
        long: b.add_text_field("long", term.clone()),
        facets: Facet::ALL.map(|f| facet(&mut b, f)),
        passage: b.add_bytes_field("passage", STORED),
        length: b.add_u64_field("length", FAST),
        name: b.add_text_field("name", term),
        record: b.add_text_field("record", STORED),
    };
    (b.build(), fields)
}
