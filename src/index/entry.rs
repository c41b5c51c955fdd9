//! A passage and a document's record to what tantivy indexes of them: terms, columns and what is
//! stored.

use super::language::{self, Language};
use super::layout::{PASSAGE, RECORD};
use super::likeness;
use super::packed::{pack, pack_mention};
use super::passages::{Passage, headings, table_words};
use super::record::{DocumentRecord, LinePlace, PassageRecord};
use super::schema::{Facet, Fields, hedge_number};
use super::tokens::{Remembered, Token, folded, literals};
use super::values;
use crate::claims::Claim;
use crate::document::{Document, Paragraph, ParagraphKind, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{DocumentRow, MentionRow};
use crate::extract::{Kind, Value};
use std::collections::{BTreeMap, BTreeSet};
use tantivy::TantivyDocument;
use tantivy::schema::Field;

/// What the words of whole documents are counted under.
pub(crate) const DOCUMENT: &str = "document";

/// Makes the entries of documents, and counts the words in them.
pub(super) struct Entries {
    fields: Fields,
    stems: BTreeMap<Language, Remembered>,
    /// Languages of the passages since they were last asked for.
    pub languages: BTreeSet<Language>,
    /// Words by field since they were last asked for.
    pub words: BTreeMap<&'static str, u64>,
}

/// A document on its way into the index, passage by passage.
pub(super) struct Entering<'a> {
    document: &'a Document,
    main: Language,
    publication: DocumentRow,
    title: Words,
    /// What stands above the passage before, mostly also above the next.
    above: Repeated,
    table: Repeated,
    symbols: BTreeSet<String>,
    /// Words of the title and of all passages so far.
    length: u64,
    /// Bytes and characters before the passage at hand, and its first line.
    bytes: usize,
    chars: usize,
    line: usize,
}

impl Entries {
    pub fn new(fields: Fields) -> Self {
        Entries { fields, stems: BTreeMap::new(), languages: BTreeSet::new(), words: BTreeMap::new() }
    }

    fn stems(&mut self, language: Language) -> &mut Remembered {
        self.languages.insert(language);
        self.stems.entry(language).or_insert_with(|| Remembered::new(language))
    }

    /// Begins a document.
    pub fn begin<'a>(&mut self, document: &'a Document) -> Entering<'a> {
        let main = language::of_document(document);
        let publication = DocumentRow::of(document);
        let title = Words::of(&self.stems(main).of(document.meta.title.as_deref().unwrap_or_default()));
        let symbols =
            [Some(&publication.id), document.meta.symbol.as_ref()].into_iter().flatten().map(|s| folded(s));
        Entering {
            document,
            main,
            symbols: symbols.collect(),
            publication,
            length: title.count,
            title,
            above: Repeated::default(),
            table: Repeated::default(),
            bytes: 0,
            chars: 0,
            line: 0,
        }
    }

    /// A passage with the mentions and claims that begin in it.
    ///
    /// # Errors
    /// `Output` where it has no stored form.
    pub fn passage(
        &mut self,
        entering: &mut Entering<'_>,
        passage: Passage,
        paragraph: &Paragraph,
        rows: &[MentionRow],
        claims: &[Claim],
    ) -> Result<TantivyDocument> {
        let document = entering.document;
        let text = passage.span.of(&document.text);
        let language = language::of_passage(text, entering.main);
        entering.chars +=
            document.text.get(entering.bytes..passage.span.start).map_or(0, |t| t.chars().count());
        entering.bytes = passage.span.start;
        let page = document.page_at(passage.span.start);
        let page_end = document.page_at(passage.span.end.saturating_sub(1).max(passage.span.start));
        let headings = headings(document, paragraph);
        let table = table_words(document, paragraph);
        let mut record = PassageRecord {
            order: 0,
            document: 0,
            span: passage.span,
            chars: entering.chars,
            kind: paragraph.kind,
            page,
            page_label: document.page(page).and_then(|p| p.label.clone()),
            paragraph: paragraph.locator(),
            annex: paragraph.annex.clone(),
            headings: headings.iter().map(|h| h.to_string()).collect(),
            table: table.clone(),
            language: language.code().to_string(),
            text: text.to_string(),
            lines: line_places(document, passage.span, &mut entering.line),
            mentions: Vec::new(),
            claims: claims.to_vec(),
        };
        let sentence = |row: &MentionRow| document.sentence_at(row.span.start);
        record.mentions = rows.iter().map(|row| pack_mention(row, sentence(row), &record)).collect();

        let stems = self.stems(language);
        let words = Words::of(&stems.of(text));
        entering.above.hold(language, &headings.join("\n"), stems);
        entering.table.hold(language, table.as_deref().unwrap_or(""), stems);
        let literals = literals(text);
        entering.length += words.count;
        let f = self.fields.clone();
        let mut doc = TantivyDocument::default();
        doc.add_text(f.what, PASSAGE);
        self.add_words(&mut doc, f.text, "text", &words);
        self.add_words(&mut doc, f.exact, "exact", &Words::of(&literals));
        self.add_words(&mut doc, f.title, "title", &entering.title);
        self.add_words(&mut doc, f.heading, "heading", &entering.above.words);
        self.add_words(&mut doc, f.table, "table", &entering.table.words);
        doc.add_text(f.part, part_name(paragraph.kind));
        doc.add_u64(f.weight, weight(paragraph.kind));
        doc.add_u64(f.page, u64::from(page));
        doc.add_u64(f.page_end, u64::from(page_end.max(page)));
        if let Some(locator) = &record.paragraph {
            doc.add_text(f.paragraph, folded(locator));
        }
        for symbol in &entering.symbols {
            doc.add_text(f.symbol, symbol);
        }
        doc.add_text(f.symbol, path_term(&document.source.path));
        add_publication(&mut doc, &f, &entering.publication, language);
        add_values(&mut doc, &f, rows);
        let digits: BTreeSet<String> = claims.iter().flat_map(|c| c.figure.digits()).collect();
        for key in &digits {
            doc.add_text(f.digits, key);
        }
        doc.add_u64(f.likeness, likeness::of_tokens(&literals));
        doc.add_bytes(f.passage, &pack(&record).map_err(no_form)?);
        Ok(doc)
    }

    /// The record of a document whose passages were all made.
    ///
    /// # Errors
    /// `Output` where it has no stored form.
    pub fn record(
        &mut self,
        entering: Entering<'_>,
        record: impl FnOnce(Language) -> DocumentRecord,
    ) -> Result<TantivyDocument> {
        let f = self.fields.clone();
        let mut doc = TantivyDocument::default();
        doc.add_text(f.what, RECORD);
        for name in names(entering.document) {
            doc.add_text(f.name, name);
        }
        *self.words.entry(DOCUMENT).or_default() += entering.length;
        doc.add_u64(f.length, entering.length);
        // So that these columns have a value for everything, which makes them quick.
        for column in [f.weight, f.page, f.page_end, f.likeness] {
            doc.add_u64(column, 0);
        }
        let record = record(entering.main);
        doc.add_text(f.record, serde_json::to_string(&record).map_err(no_form)?);
        Ok(doc)
    }

    fn add_words(&mut self, doc: &mut TantivyDocument, field: Field, name: &'static str, tokens: &Words) {
        if tokens.count > 0 {
            *self.words.entry(name).or_default() += tokens.count;
            doc.add_text(field, &tokens.spaced);
        }
    }
}

/// Tokens as tantivy takes them: with spaces between, which no token holds.
#[derive(Debug, Default)]
struct Words {
    spaced: String,
    count: u64,
}

impl Words {
    fn of(tokens: &[Token]) -> Words {
        let mut spaced = String::with_capacity(tokens.iter().map(|t| t.text.len() + 1).sum());
        for token in tokens {
            if !spaced.is_empty() {
                spaced.push(' ');
            }
            spaced.push_str(&token.text);
        }
        Words { spaced, count: tokens.len() as u64 }
    }
}

/// Words of a text that may be the same for the next passage.
#[derive(Debug, Default)]
struct Repeated {
    language: Option<Language>,
    text: String,
    words: Words,
}

impl Repeated {
    fn hold(&mut self, language: Language, text: &str, stems: &mut Remembered) {
        if self.language != Some(language) || self.text != text {
            let words = Words::of(&stems.of(text));
            *self = Repeated { language: Some(language), text: text.to_string(), words };
        }
    }
}

fn no_form(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Output, "a passage cannot be stored").because(error)
}

/// What is known of the publication.
fn add_publication(doc: &mut TantivyDocument, f: &Fields, publication: &DocumentRow, language: Language) {
    doc.add_text(f.facet(Facet::Document), &publication.id);
    doc.add_text(f.facet(Facet::Language), language.code());
    if let Some(publisher) = &publication.publisher {
        doc.add_text(f.facet(Facet::Publisher), publisher);
    }
    if let Some((from, to)) = publication.published.as_deref().and_then(values::period) {
        doc.add_text(f.facet(Facet::Year), format!("{:04}", from.year()));
        doc.add_i64(f.published_start, values::day(from));
        doc.add_i64(f.published_end, values::day(to));
    }
}

/// The values of the mentions.
fn add_values(doc: &mut TantivyDocument, f: &Fields, rows: &[MentionRow]) {
    let kinds: BTreeSet<Kind> = rows.iter().map(|r| r.kind).collect();
    for kind in kinds {
        doc.add_text(f.facet(Facet::Kind), kind.name());
    }
    // Each term once: a passage has a value or has it not.
    let mut terms: BTreeSet<(Field, String)> = BTreeSet::new();
    for row in rows {
        match &row.value {
            Value::Amount(v) => {
                // One for each amount, as the columns beside it have.
                doc.add_text(f.facet(Facet::Currency), &v.currency);
                terms.extend([v.currency.clone(), values::bucket(v)].map(|a| (f.facet(Facet::Amount), a)));
                doc.add_f64(f.amount_low, values::number(v.low));
                doc.add_f64(f.amount_high, values::number(v.high));
                doc.add_u64(f.amount_hedge, hedge_number(v.hedge));
                terms.extend(values::size_terms(v).into_iter().map(|term| (f.size, term)));
                terms.insert((f.hedge, v.hedge.name().to_string()));
            }
            Value::Date(v) => {
                doc.add_i64(f.date_start, values::day(v.start));
                doc.add_i64(f.date_end, values::day(v.end));
                let paths = values::date_paths(v.start, v.end);
                terms.extend(paths.into_iter().map(|path| (f.facet(Facet::Date), path)));
                terms.extend(values::long_years(v.start, v.end).into_iter().map(|year| (f.long, year)));
            }
            Value::Exchange(v) => {
                let name = format!("{}/{}", v.kind.name(), v.name);
                terms.extend([v.kind.name().to_string(), name].map(|v| (f.facet(Facet::Exchange), v)));
            }
            Value::Wallet(v) => {
                terms.insert((f.facet(Facet::Chain), v.chain.clone()));
                terms.insert((f.address, v.address.to_lowercase()));
            }
        }
    }
    for (field, term) in terms {
        doc.add_text(field, term);
    }
}

/// The name a kind of paragraph is searched by.
pub fn part_name(kind: ParagraphKind) -> &'static str {
    match kind {
        ParagraphKind::Heading => "heading",
        ParagraphKind::Body => "body",
        ParagraphKind::ListItem => "list-item",
        ParagraphKind::Footnote => "footnote",
        ParagraphKind::TableRow => "table",
        ParagraphKind::Caption => "caption",
        ParagraphKind::Contents => "contents",
        ParagraphKind::Code => "code",
    }
}

/// How much a passage counts in ranking, in hundredths: a heading names a matter, a table of
/// contents only points to it.
fn weight(kind: ParagraphKind) -> u64 {
    match kind {
        ParagraphKind::Heading => 70,
        ParagraphKind::Contents => 40,
        _ => 100,
    }
}

/// What the passages of the document of that path have among their symbols; no symbol is like it.
pub fn path_term(path: &str) -> String {
    format!("/{path}")
}

/// Every name a document can be asked for by, folded.
fn names(document: &Document) -> BTreeSet<String> {
    let source = &document.source;
    let file = source.path.rsplit('/').next().unwrap_or("");
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    [
        document.meta.id.as_str(),
        document.meta.symbol.as_deref().unwrap_or(""),
        source.path.as_str(),
        file,
        stem,
        source.sha256.as_str(),
    ]
    .into_iter()
    .map(folded)
    .filter(|name| !name.is_empty())
    .collect()
}

/// The lines of a passage that have a place. Passages come in order, so `next` only moves on.
fn line_places(document: &Document, span: Span, next: &mut usize) -> Vec<LinePlace> {
    while document.lines.get(*next).is_some_and(|l| l.span.end <= span.start) {
        *next += 1;
    }
    let tenths = |v: f32| (v * 10.0).round() as i32;
    let lines = document.lines.iter().skip(*next).take_while(|l| l.span.start < span.end);
    lines
        .filter(|l| !l.edges.is_empty())
        .map(|l| {
            let left = l.edges.iter().map(|e| e.0).fold(f32::MAX, f32::min);
            let right = l.edges.iter().map(|e| e.1).fold(f32::MIN, f32::max);
            (l.span.start, l.span.end, l.page, [left, l.y0, right, l.y1].map(tenths))
        })
        .collect()
}
