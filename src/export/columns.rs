//! What each kind of row holds: its columns, in one order for every format, with what they mean.
//!
//! A column is named by its path in the JSON row; flat formats join the names by `_`.

/// What a column holds. Any field may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    Text,
    /// A whole number of at most 64 bits.
    Whole,
    Real,
    YesNo,
    /// A day of the calendar, `2021-03-31`.
    Day,
    /// A list or an object, as JSON where the format has no nested values.
    Json,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Names from the row inwards, joined by a point.
    pub path: &'static str,
    pub holds: Holds,
    /// What stands in it, as a clause.
    pub about: &'static str,
}

impl Column {
    /// The name in flat formats.
    pub fn name(&self) -> String {
        self.path.replace('.', "_")
    }
}

/// A kind of row.
#[derive(Debug, PartialEq, Eq)]
pub struct Rows {
    /// Of the table that holds them.
    pub name: &'static str,
    /// Name and version of the shape of a row. A column may be added under the same version; one
    /// that is taken out or means something else raises it.
    pub schema: &'static str,
    /// What one row is.
    pub about: &'static str,
    pub columns: &'static [Column],
    /// Paths of the columns that a table for people shows; the last may be long.
    pub shown: &'static [&'static str],
}

impl Rows {
    pub fn column(&self, path: &str) -> Option<&'static Column> {
        self.columns.iter().find(|c| c.path == path)
    }
}

const fn column(path: &'static str, holds: Holds, about: &'static str) -> Column {
    Column { path, holds, about }
}

const SCHEMA: Column = column("schema", Holds::Text, "name and version of the shape of the row");
const SOURCE: Column = column("source", Holds::Text, "path of the file, relative to the corpus");
const SHA256: Column = column("sha256", Holds::Text, "of the file's bytes, in hex");
const ID: Column = column("document.id", Holds::Text, "symbol or short name of the publication");
const TITLE: Column = column("document.title", Holds::Text, "title of the publication");
const PUBLISHER: Column = column("document.publisher", Holds::Text, "who published it");
const PUBLISHED: Column =
    column("document.published", Holds::Text, "ISO 8601 date as precise as known: a year, a month or a day");
const LANGUAGE: Column = column("document.language", Holds::Text, "ISO 639-1 code of its main language");
const PAGE: Column = column("page", Holds::Whole, "page of the file, from 1");
const PAGE_LABEL: Column = column("page_label", Holds::Text, "the page number that is printed");
const PARAGRAPH: Column =
    column("paragraph", Holds::Text, "printed number of the paragraph; `fn 34`, `table 2 row 5`");
const KIND: Column = column("kind", Holds::Text, "amount, date, exchange or wallet");
const SURFACE: Column = column("surface", Holds::Text, "as printed, white space folded");
const SENTENCE: Column =
    column("sentence", Holds::Text, "the sentence or table row it stands in, white space folded");
const SPAN_START: Column = column("span.start", Holds::Whole, "first byte in the document's text");
const SPAN_END: Column = column("span.end", Holds::Whole, "byte after the last");
const RULE: Column = column("rule", Holds::Text, "the rule that decided; `paydirt explain RULE` shows it");

/// Mentions: a figure or name in a document, with its place and value.
pub static MENTIONS: Rows = Rows {
    name: "mentions",
    schema: "paydirt.mention/1",
    about: "a figure or name as a document prints it, with its place and what it was read as",
    columns: &[
        SCHEMA,
        SOURCE,
        SHA256,
        ID,
        TITLE,
        PUBLISHER,
        PUBLISHED,
        LANGUAGE,
        PAGE,
        PAGE_LABEL,
        column("reader", Holds::Text, "what read the page: pdf, ocr, flow"),
        PARAGRAPH,
        KIND,
        SURFACE,
        SENTENCE,
        SPAN_START,
        SPAN_END,
        column("chars.start", Holds::Whole, "first Unicode character in the document's text"),
        column("chars.end", Holds::Whole, "character after the last"),
        column(
            "boxes",
            Holds::Json,
            "[[x0, y0, x1, y1], ...] in points from the page's top left, one a line",
        ),
        RULE,
        column("value.currency", Holds::Text, "amount: ISO 4217 code or ticker of the coin"),
        column("value.low", Holds::Text, "amount: least sum in whole units, a decimal number"),
        column("value.high", Holds::Text, "amount: greatest sum in whole units, a decimal number"),
        column("value.hedge", Holds::Text, "amount: exact, about, nearly, over, at_least, at_most, under"),
        column("value.start", Holds::Day, "date: first day"),
        column("value.end", Holds::Day, "date: last day, inclusive"),
        column("value.precision", Holds::Text, "date: day, month, quarter, half, year, decade, span"),
        column("value.approx", Holds::YesNo, "date: its ends are conventional, as of early 2021"),
        column("value.order_unknown", Holds::YesNo, "date: day and month could be the other way round"),
        column("value.name", Holds::Text, "exchange: its canonical name"),
        column("value.kind", Holds::Text, "exchange: exchange, defi, bridge, mixer, wallet, payment"),
        column("value.chain", Holds::Text, "wallet: bitcoin, ethereum, tron, ..."),
        column("value.address", Holds::Text, "wallet: as the chain's own tools print it"),
        column("value.form", Holds::Text, "wallet: address or transaction"),
        column("value.checked", Holds::YesNo, "wallet: a checksum was verified"),
        column("value.defanged", Holds::YesNo, "wallet: it was printed with signs that make it inert"),
        column("value.healed", Holds::YesNo, "wallet: it was printed broken over lines"),
        column("inherited", Holds::Text, "what the value rests on besides its own words"),
        column(
            "tied_to.start",
            Holds::Whole,
            "first byte of the mention that gives the same sum in other money",
        ),
        column("tied_to.end", Holds::Whole, "byte after the last"),
        column(
            "disputed_digits",
            Holds::Text,
            "what the second reader of the page gave, where digits differ",
        ),
        column("confidence", Holds::Whole, "of OCR, 0 to 100, for the least sure word"),
    ],
    shown: &["document.id", "page", "paragraph", "kind", "surface", "value"],
};

/// Look-alikes that were turned down.
pub static REJECTED: Rows = Rows {
    name: "rejected",
    schema: "paydirt.rejected/1",
    about: "what looked like a mention and was turned down",
    columns: &[
        SCHEMA,
        SOURCE,
        SHA256,
        PAGE,
        PARAGRAPH,
        KIND,
        SURFACE,
        SENTENCE,
        SPAN_START,
        SPAN_END,
        RULE,
        column("why", Holds::Text, "why it is no mention"),
    ],
    shown: &["source", "page", "kind", "surface", "why"],
};

/// Passages that answer a query.
pub static HITS: Rows = Rows {
    name: "hits",
    schema: "paydirt.hit/1",
    about: "a passage that answers the query",
    columns: &[
        SCHEMA,
        column("query", Holds::Text, "the query as it was given"),
        column("score", Holds::Real, "how well it answers; comparable within one query"),
        SOURCE,
        SHA256,
        ID,
        TITLE,
        PUBLISHER,
        PUBLISHED,
        LANGUAGE,
        PAGE,
        PAGE_LABEL,
        PARAGRAPH,
        column("annex", Holds::Text, "the annex it stands in"),
        column(
            "heading",
            Holds::Text,
            "the heading it stands under; of a table row its table's caption and heads",
        ),
        column("locator", Holds::Text, "what `paydirt show` takes"),
        column("text", Holds::Text, "the passage"),
        SPAN_START,
        SPAN_END,
        column("highlights", Holds::Json, "[{start, end, kind}, ...] in bytes of the text"),
        column("mentions", Holds::Json, "the mentions in it, as rows of paydirt.mention/1"),
        column("target", Holds::Json, "W3C Web Annotation target: the source's sha256, quote and position"),
        column("copies", Holds::Json, "[{source, locator, page}, ...]: near copies folded into it"),
        column("context", Holds::Json, "{before, after}: the passages round it, where they were asked for"),
    ],
    shown: &["score", "document.id", "page", "paragraph", "text"],
};

/// Passages that answer the queries of a file, and the queries that nothing answers.
pub static ANSWERS: Rows = Rows {
    name: "answers",
    schema: "paydirt.hit/1",
    about: "a passage that answers a query of the file, or a query that found nothing or could not be read",
    columns: &ANSWER_COLUMNS,
    shown: &["query_id", "score", "document.id", "page", "paragraph", "error", "text"],
};

/// Those of a hit, and what is told of a query without hits.
static ANSWER_COLUMNS: [Column; HITS.columns.len() + 4] = {
    let mut all = [SCHEMA; HITS.columns.len() + 4];
    all[0] = column("query_id", Holds::Text, "of the query in the file, else its line");
    all[1] = column("error", Holds::Text, "why the query could not be read");
    all[2] = column("read_as", Holds::Text, "of a query without hits: how it was read");
    all[3] = column("hits", Holds::Whole, "of a query without hits: 0");
    let mut at = 0;
    while at < HITS.columns.len() {
        all[at + 4] = HITS.columns[at];
        at += 1;
    }
    all
};

/// Figures that documents do not agree on.
pub static CONFLICTS: Rows = Rows {
    name: "conflicts",
    schema: "paydirt.conflict/1",
    about: "an event or scope that different documents give different figures for",
    columns: &[
        SCHEMA,
        column("kind", Holds::Text, "of the figures: amount, count or share"),
        column("scope", Holds::Text, "what they are of: actor, victims, period"),
        column("joined_by", Holds::Text, "what makes them figures of one thing"),
        column("causes", Holds::Json, "likely causes of the difference, as a list of names"),
        column(
            "figures",
            Holds::Json,
            "[{printed, figure, cause, why, documents}, ...]: that of most documents first, the others with why they \
             may differ; documents have source, sha256, page, paragraph, locator, quote and boxes",
        ),
        column("coverage.pages_read", Holds::Whole, "pages of the corpus that were read"),
        column("coverage.pages_unread", Holds::Whole, "pages that were not"),
        column("coverage.unread", Holds::Json, "sources with unread pages"),
    ],
    shown: &["kind", "scope", "causes"],
};

/// Sources of the corpus, with what became of each.
pub static DOCUMENTS: Rows = Rows {
    name: "documents",
    schema: "paydirt.document/1",
    about: "a file of the corpus, with what became of it",
    columns: &[
        SCHEMA,
        SOURCE,
        SHA256,
        column("bytes", Holds::Whole, "size of the file"),
        ID,
        TITLE,
        PUBLISHER,
        PUBLISHED,
        LANGUAGE,
        column("status", Holds::Text, "read, in-part, skipped or failed"),
        column("why", Holds::Text, "why it was not read, or not whole"),
        column("pages", Holds::Whole, "pages of the file"),
        column("pages_read", Holds::Whole, "pages that were read"),
        column("pages_unread", Holds::Whole, "pages that were not"),
        column("unread", Holds::Json, "[[page, why], ...] of the pages that were not"),
        column("passages", Holds::Whole, "passages of its text in the index"),
        column("mentions.all", Holds::Whole, "mentions found in it"),
        column("mentions.amount", Holds::Whole, "amounts among them"),
        column("mentions.date", Holds::Whole, "dates among them"),
        column("mentions.exchange", Holds::Whole, "names of exchanges and services among them"),
        column("mentions.wallet", Holds::Whole, "wallet addresses and transactions among them"),
        column("warnings", Holds::Json, "[{page, what}, ...]: what should be known of how it was read"),
        column(
            "read_by",
            Holds::Json,
            "[[page, reader], ...] of pages another reader gave than the usual one",
        ),
    ],
    shown: &[
        "source",
        "status",
        "pages",
        "pages_unread",
        "mentions.all",
        "document.published",
        "document.title",
        "why",
    ],
};
