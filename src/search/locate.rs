//! Locators: the words that name a page or a paragraph, and what stands there.
//!
//! ```text
//! S/2022/132 para 106       FILE p 14       S/2022/132 fn 34       ID table 2 row 5       ID
//! ```

use crate::document::{FurnitureKind, Span};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::index::record::{DocumentRecord, PassageRecord};
use crate::index::tokens::folded;
use crate::search::plan::near;
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Whole,
    Page(String),
    /// A locator as rows have it: `106`, `fn 34`, `table 2 row 5`.
    Paragraph(String),
    /// Every row of a table.
    Table(String),
    Annex(String),
    /// What a target names.
    Passages,
}

/// What a locator names.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    pub document: DocumentRecord,
    pub part: Part,
    /// In the order of the text.
    pub passages: Vec<PassageRecord>,
    /// The stretches of the document's text asked for; of a page not whole passages.
    pub spans: Vec<Span>,
    /// Of a page: running heads, page and job numbers, which are not part of the text.
    pub furniture: Vec<(FurnitureKind, String)>,
}

static PLACES: LazyLock<Vec<(&str, Regex)>> = LazyLock::new(|| {
    [
        ("page", r"(?i)^(.*?)[\s,]+(?:pages?|pp?)\.?\s*([0-9ivxlcdm]+(?:/[0-9]+)?)$"),
        ("note", r"(?i)^(.*?)[\s,]+(?:fn|footnote|note|n)\.?\s*([0-9a-z*†‡]+)$"),
        ("row", r"(?i)^(.*?)[\s,]+table\s*([0-9]+)[\s,]+row\s*([0-9]+)$"),
        ("table", r"(?i)^(.*?)[\s,]+table\s*([0-9]+)$"),
        ("annex", r"(?i)^(.*?)[\s,]+annex\s+([0-9a-z.]+)$"),
        ("paragraph", r"(?i)^(.*?)[\s,]+(?:paragraphs?|paras?|¶)\.?\s*([0-9a-z().]+(?:\s*\([a-z0-9]+\))?)$"),
    ]
    .into_iter()
    .filter_map(|(name, pattern)| Some((name, Regex::new(pattern).ok()?)))
    .collect()
});

/// The document's name and the part a locator asks for.
pub fn parse(text: &str) -> (String, Part) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (name, pattern) in PLACES.iter() {
        let Some(found) = pattern.captures(&text) else { continue };
        let get = |i: usize| found.get(i).map_or("", |m| m.as_str()).to_string();
        let part = match *name {
            "page" => Part::Page(get(2)),
            "note" => Part::Paragraph(format!("fn {}", get(2))),
            "row" => Part::Paragraph(format!("table {} row {}", get(2), get(3))),
            "table" => Part::Table(get(2)),
            "annex" => Part::Annex(get(2)),
            _ => Part::Paragraph(get(2)),
        };
        return (get(1), part);
    }
    (text, Part::Whole)
}

/// How `paydirt show` is asked for a passage.
pub fn locator(document: &DocumentRecord, passage: &PassageRecord) -> String {
    let name = match document.meta.id.is_empty() {
        true => &document.source.path,
        false => &document.meta.id,
    };
    match &passage.paragraph {
        Some(p) if p.starts_with("fn ") || p.starts_with("table ") => format!("{name} {p}"),
        Some(p) => format!("{name} para {p}"),
        None => format!("{name} p {}", passage.page),
    }
}

/// Finds what a locator names.
///
/// # Errors
/// `Usage` where no document or no such part of it is there, with what is near.
pub fn locate(index: &Index, text: &str) -> Result<Located> {
    if text.trim().is_empty() {
        return Err(Error::new(ErrorKind::Usage, "there is no locator")
            .hint("name a document and a place in it, as in `paydirt show S/2022/132 para 106`"));
    }
    // A file's name may look like a place, so the whole text is tried as a name first.
    let whole = index.documents_named(text)?;
    let (name, part, mut documents) = match whole.is_empty() {
        false => (text.to_string(), Part::Whole, whole),
        true => {
            let (name, part) = parse(text);
            let documents = index.documents_named(&name)?;
            (name, part, documents)
        }
    };
    if documents.is_empty() {
        return Err(no_document(index, &name)?);
    }
    if documents.len() > 1 {
        let paths: Vec<&str> = documents.iter().map(|d| d.source.path.as_str()).collect();
        return Err(Error::new(ErrorKind::Usage, format!("{} documents are called {name}", documents.len()))
            .because(paths.join(", "))
            .hint("name the file instead"));
    }
    let document = documents.swap_remove(0);
    let all = index.passages_of(document.order)?;
    match &part {
        Part::Whole => {
            let spans = all.iter().map(|p| p.span).collect();
            Ok(Located { document, part, passages: all, spans, furniture: Vec::new() })
        }
        Part::Passages => Err(missing(&document, "such place", "a target names passages, not a locator")),
        Part::Page(number) => page(document, all, number),
        Part::Paragraph(wanted) => paragraphs(document, all, wanted),
        Part::Table(number) => {
            let begin = format!("table {number} row ");
            let passages: Vec<_> = all
                .iter()
                .filter(|p| p.paragraph.as_ref().is_some_and(|l| l.starts_with(&begin)))
                .cloned()
                .collect();
            if passages.is_empty() {
                let tables: BTreeSet<u64> = all
                    .iter()
                    .filter_map(|p| {
                        p.paragraph.as_ref()?.strip_prefix("table ")?.split(' ').next()?.parse().ok()
                    })
                    .collect();
                return Err(missing(&document, &format!("table {number}"), &held("tables", &tables)));
            }
            let spans = passages.iter().map(|p| p.span).collect();
            Ok(Located { document, part, passages, spans, furniture: Vec::new() })
        }
        Part::Annex(number) => {
            let wanted = folded(&format!("annex {number}"));
            let passages: Vec<_> = all
                .iter()
                .filter(|p| p.annex.as_ref().is_some_and(|a| folded(a) == wanted))
                .cloned()
                .collect();
            if passages.is_empty() {
                let annexes: BTreeSet<String> = all.iter().filter_map(|p| p.annex.clone()).collect();
                let held = match annexes.is_empty() {
                    true => "it has no annexes".to_string(),
                    false => format!("it has {}", annexes.into_iter().collect::<Vec<_>>().join(", ")),
                };
                return Err(missing(&document, &format!("annex {number}"), &held));
            }
            let spans = passages.iter().map(|p| p.span).collect();
            Ok(Located { document, part, passages, spans, furniture: Vec::new() })
        }
    }
}

impl Located {
    /// Takes in `n` passages before and after.
    ///
    /// # Errors
    /// `Index` where they cannot be read.
    pub fn widen(&mut self, index: &Index, n: usize) -> Result<()> {
        let (Some(first), Some(last)) = (self.passages.first(), self.passages.last()) else { return Ok(()) };
        if n == 0 || self.part == Part::Whole {
            return Ok(());
        }
        let (first, last) = (first.order, last.order);
        let n = n as u64;
        let all = index.passages_of(self.document.order)?;
        let before: Vec<_> =
            all.iter().filter(|p| p.order < first && p.order + n >= first).cloned().collect();
        let after: Vec<_> = all.into_iter().filter(|p| p.order > last && p.order <= last + n).collect();
        self.spans.splice(0..0, before.iter().map(|p| p.span));
        self.spans.extend(after.iter().map(|p| p.span));
        self.passages.splice(0..0, before);
        self.passages.extend(after);
        Ok(())
    }
}

fn name_of(document: &DocumentRecord) -> &str {
    if document.meta.id.is_empty() { &document.source.path } else { &document.meta.id }
}

fn missing(document: &DocumentRecord, what: &str, held: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("no {what} in {}: {held}", name_of(document)))
}

fn held(what: &str, numbers: &BTreeSet<u64>) -> String {
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) if first == last => {
            format!("it has {what} {first} only").replace("s ", " ")
        }
        (Some(first), Some(last)) => format!("it has {what} {first} to {last}"),
        _ => format!("it has no numbered {what}"),
    }
}

fn no_document(index: &Index, name: &str) -> Result<Error> {
    let names = index.document_names()?;
    // Hashes are names too, and near to nothing.
    let names: BTreeSet<String> =
        names.into_iter().filter(|n| n.len() != 64 || !n.bytes().all(|b| b.is_ascii_hexdigit())).collect();
    let near = near(&names, &folded(name));
    let error = Error::new(ErrorKind::Usage, format!("no document called {name} in the index"))
        .at(index.folder().display());
    Ok(match near.is_empty() {
        true => error.hint("`paydirt status --documents` lists them"),
        false => error.hint(format!("there is {}", near.join(", "))),
    })
}

fn page(document: DocumentRecord, all: Vec<PassageRecord>, wanted: &str) -> Result<Located> {
    // The number in the file, else the printed label.
    let by_number = wanted.parse::<u32>().ok();
    let label = folded(wanted);
    let is_labelled = |p: &crate::document::Page| {
        p.label
            .as_ref()
            .is_some_and(|l| folded(l) == label || folded(l).split('/').next() == Some(label.as_str()))
    };
    let at = document
        .pages
        .iter()
        .position(|p| Some(p.number) == by_number)
        .or_else(|| document.pages.iter().position(is_labelled));
    let Some((at, page)) = at.and_then(|i| Some((i, document.pages.get(i)?))) else {
        let n = document.pages.len();
        let held = if n == 1 { "it has one page".to_string() } else { format!("it has {n} pages") };
        return Err(missing(&document, &format!("page {wanted}"), &held));
    };
    let number = page.number;
    let spans = document.page_spans.get(at).cloned().unwrap_or_default();
    let passages = all.into_iter().filter(|p| spans.iter().any(|s| s.overlaps(p.span))).collect();
    let furniture =
        document.furniture.iter().filter(|f| f.page == number).map(|f| (f.why, f.text.clone())).collect();
    Ok(Located { document, part: Part::Page(number.to_string()), passages, spans, furniture })
}

fn paragraphs(document: DocumentRecord, all: Vec<PassageRecord>, wanted: &str) -> Result<Located> {
    let plain = |locator: &str| folded(locator).trim_end_matches('.').replace(' ', "");
    let wanted = wanted.trim_end_matches('.');
    let matches = |p: &&PassageRecord| p.paragraph.as_ref().is_some_and(|l| plain(l) == plain(wanted));
    let passages: Vec<PassageRecord> = all.iter().filter(matches).cloned().collect();
    if passages.is_empty() {
        let (what, sort) = match wanted.strip_prefix("fn ") {
            Some(n) => (format!("footnote {n}"), "footnotes"),
            None if wanted.starts_with("table ") => (wanted.to_string(), "rows"),
            None => (format!("paragraph {wanted}"), "paragraphs"),
        };
        if sort == "rows" {
            let begin = wanted.split(" row").next().unwrap_or("").to_string() + " row ";
            let rows: BTreeSet<u64> =
                all.iter().filter_map(|p| p.paragraph.as_ref()?.strip_prefix(&begin)?.parse().ok()).collect();
            let table = begin.trim_end_matches(" row ");
            let held = if rows.is_empty() { format!("there is no {table}") } else { held("rows", &rows) };
            return Err(missing(&document, &what, &held));
        }
        let numbers: BTreeSet<u64> = all
            .iter()
            .filter_map(|p| {
                let locator = p.paragraph.as_ref()?;
                match (sort, locator.strip_prefix("fn ")) {
                    ("footnotes", Some(n)) => n.parse().ok(),
                    ("paragraphs", None) => locator.parse().ok(),
                    _ => None,
                }
            })
            .collect();
        return Err(missing(&document, &what, &held(sort, &numbers)));
    }
    let spans = passages.iter().map(|p| p.span).collect();
    Ok(Located {
        document,
        part: Part::Paragraph(wanted.to_string()),
        passages,
        spans,
        furniture: Vec::new(),
    })
}

impl Located {
    /// The text asked for, stretch by stretch in order.
    pub fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for span in &self.spans {
            let mut text = String::new();
            for passage in &self.passages {
                let start = span.start.max(passage.span.start);
                let end = span.end.min(passage.span.end);
                if start < end {
                    let inside = start - passage.span.start..end - passage.span.start;
                    text.push_str(passage.text.get(inside).unwrap_or(""));
                }
            }
            texts.push(text);
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locators_are_read_as_people_write_them() {
        for (text, name, part) in [
            ("S/2022/132 para 106", "S/2022/132", Part::Paragraph("106".into())),
            ("S/2022/132, para. 106", "S/2022/132", Part::Paragraph("106".into())),
            ("S/2022/132 paragraph 106", "S/2022/132", Part::Paragraph("106".into())),
            ("report.pdf p 14", "report.pdf", Part::Page("14".into())),
            ("my report.pdf, page xii", "my report.pdf", Part::Page("xii".into())),
            ("a p. 7/27", "a", Part::Page("7/27".into())),
            ("S/2022/132 fn 34", "S/2022/132", Part::Paragraph("fn 34".into())),
            ("S/2022/132 footnote 34", "S/2022/132", Part::Paragraph("fn 34".into())),
            ("x table 2 row 5", "x", Part::Paragraph("table 2 row 5".into())),
            ("x table 2", "x", Part::Table("2".into())),
            ("x annex 39", "x", Part::Annex("39".into())),
            ("S/2022/132", "S/2022/132", Part::Whole),
        ] {
            assert_eq!(parse(text), (name.to_string(), part), "{text}");
        }
    }
}
