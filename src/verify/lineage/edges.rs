//! Which document rests on which: one cites the publisher of another, names its symbol or title,
//! links to it or uses its words. Only earlier documents are rested on.

use super::super::event::{Placed, shared, words};
use super::{Carrier, Edge};
use crate::claims::vocabulary::{self, Sort};
use crate::document::ParagraphKind;
use crate::error::Result;
use crate::index::Index;
use crate::index::record::DocumentRecord;
use std::collections::{BTreeMap, BTreeSet};

/// Words of a title that name a document by themselves.
const TELLING_TITLE: usize = 5;

/// How a document is called.
pub fn name(document: &DocumentRecord) -> &str {
    if document.meta.id.is_empty() { &document.source.path } else { &document.meta.id }
}

/// Whole texts of documents, read and folded when one is first asked for.
#[derive(Debug)]
pub struct Texts<'a> {
    index: &'a Index,
    kept: BTreeMap<u64, String>,
}

impl<'a> Texts<'a> {
    pub fn of(index: &'a Index) -> Self {
        Texts { index, kept: BTreeMap::new() }
    }

    fn of_document(&mut self, order: u64) -> Result<&str> {
        if let std::collections::btree_map::Entry::Vacant(free) = self.kept.entry(order) {
            let passages = self.index.passages_of(order)?;
            let text: String =
                passages.into_iter().filter(|p| p.kind != ParagraphKind::Contents).map(|p| p.text).collect();
            free.insert(folded(&text));
        }
        Ok(self.kept.get(&order).map_or("", String::as_str))
    }
}

/// Every edge between the documents, which are in the order of their days.
///
/// # Errors
/// `Index` where the text of a document cannot be read.
pub fn edges(texts: &mut Texts<'_>, by_document: &[Vec<&Placed>], carriers: &[Carrier]) -> Result<Vec<Edge>> {
    let mut found = Vec::new();
    for (to, list) in by_document.iter().enumerate() {
        for (from, earlier) in by_document.iter().enumerate().take(to) {
            let Some(first) = earlier.first() else { continue };
            if let Some((reason, by)) = reason(list, texts, earlier, &first.document)? {
                let changes = carriers.get(from).zip(carriers.get(to)).map(|(a, b)| changes(a, b));
                let changes = changes.unwrap_or_default();
                found.push(Edge { from, to, reason: reason.to_string(), by, changes });
            }
        }
    }
    Ok(found)
}

/// Lower case, quotes straight, white space single.
fn folded(text: &str) -> String {
    let straight = text.replace(['\u{2018}', '\u{2019}'], "'").replace(['\u{201c}', '\u{201d}'], "\"");
    straight.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn reason(
    later: &[&Placed],
    texts: &mut Texts<'_>,
    earlier: &[&Placed],
    document: &DocumentRecord,
) -> Result<Option<(&'static str, String)>> {
    let Some(last) = later.first() else { return Ok(None) };
    let bodies = bodies(document);
    let own = self::bodies(&last.document);
    let cited = later
        .iter()
        .flat_map(|p| p.sources().iter().copied())
        .find(|s| bodies.contains(s) && !own.contains(s));
    if let Some(body) = cited {
        return Ok(Some(("cites", body.to_string())));
    }
    // A report does not name another by the symbol it bears itself; an account of it, which may bear it
    // too, names the report.
    let borne = last.document.meta.symbol.as_deref();
    let is_account = is_of_the_un(&bodies) && !is_of_the_un(&own);
    let symbol = document.meta.symbol.as_deref().filter(|s| borne != Some(*s) || is_account);
    let whole = texts.of_document(last.document.order)?;
    if let Some(symbol) = symbol.filter(|s| stands_in(&folded(s), whole)) {
        return Ok(Some(("names", symbol.to_string())));
    }
    if let Some(address) = linked(&last.document.meta.links, whole, document) {
        return Ok(Some(("links", address)));
    }
    let title = document.meta.title.as_deref().filter(|t| words(t).len() >= TELLING_TITLE);
    if let Some(title) = title.filter(|t| stands_in(&folded(t), whole)) {
        return Ok(Some(("names", title.to_string())));
    }
    let reused = later.iter().find_map(|a| earlier.iter().find_map(|b| reused(b, a)));
    if let Some(words) = reused {
        return Ok(Some(("reuses", words)));
    }
    let publisher = document.meta.publisher.as_deref();
    let same = publisher.filter(|p| last.document.meta.publisher.as_deref() == Some(*p));
    Ok(same.map(|publisher| ("same publisher", publisher.to_string())))
}

/// Whether the body that gives symbols is among the publishers.
fn is_of_the_un(bodies: &BTreeSet<&'static str>) -> bool {
    bodies.iter().any(|body| vocabulary::related(body, "United Nations"))
}

/// Words in a row that are taken from another text whatever they say.
const LONG_RUN: usize = 12;

/// The words one claim's sentence takes from the other's: with the figure in them, or too many to be
/// what everybody writes.
pub fn reused(earlier: &Placed, later: &Placed) -> Option<String> {
    let quote = |p: &Placed| p.quote().replace(['-', '\u{2010}', '\u{2011}'], " ");
    let run = shared(&quote(earlier), &quote(later))?;
    let figure = words(&later.printed().replace('-', " "));
    let own = figure.iter().filter(|w| w.starts_with(|c: char| c.is_ascii_digit()));
    let has_figure = own.clone().next().is_some() && own.into_iter().all(|w| run.split(' ').any(|r| r == w));
    (has_figure || run.split(' ').count() >= LONG_RUN).then_some(run)
}

/// The address by which a text or its links lead to a document: its own, or one that ends in its symbol.
fn linked(links: &[String], whole: &str, document: &DocumentRecord) -> Option<String> {
    let meta = &document.meta;
    if let Some(address) = meta.address.as_deref().filter(|a| is_printed(bare(&folded(a)), whole)) {
        return Some(address.to_string());
    }
    let own = meta.address.as_deref().map(folded);
    let symbol = meta.symbol.as_deref().map(|s| format!("/{}", folded(s)));
    let leads = |link: &&String| {
        let link = folded(link);
        let to = bare(&link);
        own.as_deref().is_some_and(|own| bare(own) == to)
            || symbol.as_deref().is_some_and(|s| to.ends_with(s))
    };
    links.iter().find(leads).cloned()
}

/// Whether an address stands in a text, and no longer one that begins so.
fn is_printed(address: &str, text: &str) -> bool {
    text.match_indices(address).any(|(at, _)| {
        let before = text.get(..at).unwrap_or("");
        let before = before.strip_suffix("www.").unwrap_or(before);
        let after = text.get(at + address.len()..).unwrap_or("");
        let after = after.strip_prefix('/').unwrap_or(after).trim_start_matches('.');
        !before.ends_with(|c: char| c.is_alphanumeric() || "-_.".contains(c))
            && !after.starts_with(|c: char| c.is_alphanumeric() || "-_?=%&#~".contains(c))
    })
}

/// An address without what does not tell it from others: scheme, `www.`, the last slash.
fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/')
}

/// Whether a name stands in a text as a whole: `S/2025/7` does not in `S/2025/71`.
fn stands_in(name: &str, text: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '/');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|t| t.chars().next());
        !is_word(before) && !is_word(after)
    })
}

/// Bodies that a document's publisher is known by.
pub fn bodies(document: &DocumentRecord) -> BTreeSet<&'static str> {
    let publisher = document.meta.publisher.as_deref().unwrap_or("");
    vocabulary::find(publisher)
        .into_iter()
        .filter(|f| f.entry.sort == Sort::Source)
        .map(|f| f.entry.name)
        .collect()
}

/// The body a document without an earlier one rests on: named in the figure's own sentence, and not
/// its own publisher.
pub fn unseen(list: &[&Placed]) -> Option<&'static str> {
    let own = list.first().map(|p| bodies(&p.document)).unwrap_or_default();
    let is_own = |name: &str| own.iter().any(|o| vocabulary::related(o, name));
    list.iter().find_map(|placed| {
        let sentence = placed.quote();
        let named = vocabulary::find(&sentence).into_iter().filter(|f| f.entry.sort == Sort::Source);
        named.map(|f| f.entry.name).find(|n| !is_own(n))
    })
}

/// What changed from one document to the other.
fn changes(from: &Carrier, to: &Carrier) -> Vec<String> {
    let mut found = Vec::new();
    if from.hedge != to.hedge {
        found.push(format!("hedge: {} became {}", from.printed, to.printed));
    }
    if from.period != to.period {
        let shown = |p: &Option<String>| p.clone().unwrap_or_else(|| "none".to_string());
        found.push(format!("period: {} became {}", shown(&from.period), shown(&to.period)));
    }
    if from.attribution != to.attribution {
        let shown = |names: &[String]| match names.is_empty() {
            true => "none".to_string(),
            false => names.join(", "),
        };
        found.push(format!("attribution: {} became {}", shown(&from.attribution), shown(&to.attribution)));
    }
    found
}
