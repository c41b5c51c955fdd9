//! What a request asks of the search, and the address that asks it: the address holds the whole
//! state, so every view can be linked to.

use super::html::Refusal;
use crate::index::{Facet, Index};
use crate::search::{self, Filters, Found, Options, Sort};
use std::collections::BTreeMap;

/// Hits on a page where nothing else is asked, and at most.
const HITS: usize = 20;
pub(super) const MOST_HITS: usize = 200;
/// Documents on a page, and the hits shown of each.
const DOCUMENTS: usize = 10;
const EACH: usize = 3;
/// Longer queries are refused, in bytes.
const LONGEST_QUERY: usize = 2_000;
/// Values chosen of all facets together.
const MOST_CHOSEN: usize = 100;

/// Orders of hits by their names.
pub(super) const SORTS: &[(&str, Sort)] =
    &[("relevance", Sort::Relevance), ("date", Sort::Date), ("amount", Sort::Amount)];

/// What hits stand under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// Each by itself, in its rank.
    Passage,
    /// Their documents, in the rank of the best of each.
    Document,
}

pub(super) const BYS: [(&str, By); 2] = [("document", By::Document), ("passage", By::Passage)];
/// Near copies folded into the first of them, or shown apart.
pub(super) const COPIES: [(&str, bool); 2] = [("folded", true), ("apart", false)];

/// How what was found is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    pub by: By,
    pub fold: bool,
}

/// A question to the index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub query: String,
    pub chosen: BTreeMap<Facet, Vec<String>>,
    /// A range of days mentioned, as a query has it: `2019..2021-06`.
    pub dates: Option<String>,
    /// The first hit or document shown, from 0.
    pub from: usize,
    /// Hits or documents shown; 0 for the usual number.
    pub limit: usize,
    /// Hits shown of each document; 0 for the usual number.
    pub each: usize,
    /// As it was asked for; pages and calls differ in what they do else.
    pub by: Option<By>,
    /// Whether near copies are folded, the same.
    pub fold: Option<bool>,
    pub sort: Sort,
    /// Without other names for the same thing.
    pub literal: bool,
}

impl Asked {
    /// Reads the pairs of an address; names that are not the search's are passed over.
    pub fn of(pairs: &[(String, String)]) -> Result<Asked, Refusal> {
        let mut asked = Asked::default();
        for (name, value) in pairs {
            let value = value.trim();
            match name.as_str() {
                "q" => asked.query = value.to_string(),
                "dates" => asked.dates = Some(value.to_string()).filter(|v| !v.is_empty()),
                "from" => asked.from = number(name, value)?,
                "limit" => asked.limit = number(name, value)?,
                "each" => asked.each = number(name, value)?,
                "by" => asked.by = named(&BYS, value, "hits are given by document or by passage")?,
                "copies" => asked.fold = named(&COPIES, value, "near copies are folded or apart")?,
                "sort" => {
                    let known = SORTS.iter().find(|(name, _)| *name == value || value.is_empty());
                    let names = "relevance, date or amount";
                    asked.sort = known.ok_or_else(|| Refusal::new(400, "there is no such order", names))?.1;
                }
                "literal" => asked.literal = matches!(value, "1" | "true" | "on"),
                _ => {
                    let Some(facet) = facet_named(name) else { continue };
                    let values = asked.chosen.entry(facet).or_default();
                    if !value.is_empty() && !values.iter().any(|v| v == value) {
                        values.push(value.to_string());
                    }
                }
            }
        }
        asked.chosen.retain(|_, values| !values.is_empty());
        if asked.query.len() > LONGEST_QUERY {
            return Err(Refusal::new(400, "the query is too long", "2,000 bytes are taken at most"));
        }
        if asked.chosen.values().map(Vec::len).sum::<usize>() > MOST_CHOSEN {
            return Err(Refusal::new(400, "too many values are chosen", "100 are taken at most"));
        }
        if asked.limit.max(asked.each) > MOST_HITS {
            let hint = "200 are given at once; /api/v1/search.jsonl gives all of them";
            return Err(Refusal::new(400, "too many hits at once", hint));
        }
        Ok(asked)
    }

    pub fn is_empty(&self) -> bool {
        self.query.is_empty() && self.chosen.is_empty() && self.dates.is_none()
    }

    /// How many hits or documents are shown at once.
    pub fn shown(&self, by: By) -> usize {
        match (self.limit, by) {
            (0, By::Passage) => HITS,
            (0, By::Document) => DOCUMENTS,
            (limit, _) => limit,
        }
    }

    /// How many hits of each document.
    pub fn each(&self) -> usize {
        if self.each == 0 { EACH } else { self.each }
    }

    /// The layout asked for, or else the one given.
    pub fn view(&self, by: By, fold: bool) -> View {
        View { by: self.by.unwrap_or(by), fold: self.fold.unwrap_or(fold) }
    }

    /// The same question laid out by documents or passages, from the first on.
    pub fn by(&self, by: By) -> Asked {
        Asked { by: Some(by), from: 0, limit: 0, each: 0, ..self.clone() }
    }

    pub fn has(&self, facet: Facet, value: &str) -> bool {
        self.chosen.get(&facet).is_some_and(|values| values.iter().any(|v| v == value))
    }

    /// Chosen where it was not, and the other way round; from the first hit on.
    pub fn toggled(&self, facet: Facet, value: &str) -> Asked {
        let mut asked = Asked { from: 0, ..self.clone() };
        let values = asked.chosen.entry(facet).or_default();
        match values.iter().position(|v| v == value) {
            Some(at) => drop(values.remove(at)),
            None => values.push(value.to_string()),
        }
        asked.chosen.retain(|_, values| !values.is_empty());
        asked
    }

    /// Within one document, passage by passage.
    pub fn within(&self, document: &str) -> Asked {
        let mut asked = self.by(By::Passage);
        asked.chosen.insert(Facet::Document, vec![document.to_string()]);
        asked
    }

    /// Without what it is filtered by.
    pub fn unfiltered(&self) -> Asked {
        Asked { chosen: BTreeMap::new(), dates: None, from: 0, ..self.clone() }
    }

    pub fn with_dates(&self, dates: Option<String>) -> Asked {
        Asked { dates, from: 0, ..self.clone() }
    }

    pub fn starting(&self, from: usize) -> Asked {
        Asked { from, ..self.clone() }
    }

    /// The part of an address after `?`, the same for the same question.
    pub fn pairs(&self) -> String {
        let mut text = String::new();
        let mut push = |name: &str, value: &str| {
            let joint = if text.is_empty() { "" } else { "&" };
            text += &format!("{joint}{name}={}", encoded(value));
        };
        if !self.query.is_empty() {
            push("q", &self.query);
        }
        for (facet, values) in &self.chosen {
            for value in values {
                push(facet.name(), value);
            }
        }
        if let Some(dates) = &self.dates {
            push("dates", dates);
        }
        if let Some((name, _)) = SORTS.iter().find(|(_, s)| *s == self.sort && *s != Sort::Relevance) {
            push("sort", name);
        }
        if self.literal {
            push("literal", "1");
        }
        if let Some((name, _)) = BYS.iter().find(|(_, by)| Some(*by) == self.by) {
            push("by", name);
        }
        if let Some((name, _)) = COPIES.iter().find(|(_, fold)| Some(*fold) == self.fold) {
            push("copies", name);
        }
        if self.limit != 0 {
            push("limit", &self.limit.to_string());
        }
        if self.each != 0 {
            push("each", &self.each.to_string());
        }
        if self.from != 0 {
            push("from", &self.from.to_string());
        }
        text
    }

    /// The address of a path with this question.
    pub fn at(&self, path: &str) -> String {
        match self.pairs() {
            pairs if pairs.is_empty() => path.to_string(),
            pairs => format!("{path}?{pairs}"),
        }
    }

    /// Asks the index for every passage, one by one.
    ///
    /// # Errors
    /// Where the query or a range is not understood.
    pub fn search<'a>(&self, index: &'a Index, facets: &[Facet]) -> Result<Found<'a>, Refusal> {
        self.ask(index, facets, false, None)
    }

    /// Asks the index for what is shown in a layout.
    ///
    /// # Errors
    /// As [`Asked::search`].
    pub fn search_as<'a>(
        &self,
        index: &'a Index,
        facets: &[Facet],
        view: View,
    ) -> Result<Found<'a>, Refusal> {
        // How many documents there are, or passages without their copies, is known only of all.
        let wanted = (view.by == By::Passage && !view.fold).then(|| self.from + self.shown(view.by));
        self.ask(index, facets, view.fold, wanted)
    }

    fn ask<'a>(
        &self,
        index: &'a Index,
        facets: &[Facet],
        fold: bool,
        wanted: Option<usize>,
    ) -> Result<Found<'a>, Refusal> {
        let text = self.text()?;
        let filters = Filters { chosen: self.chosen.clone() };
        let facets = facets.to_vec();
        let options =
            Options { facets, synonyms: !self.literal, sort: self.sort, fold, wanted, ..Options::default() };
        Ok(search::search(index, &text, &filters, &options)?)
    }

    /// The query with the range of days as one text.
    fn text(&self) -> Result<String, Refusal> {
        let Some(dates) = &self.dates else { return Ok(self.query.clone()) };
        let is_plain = dates.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
        if !is_plain {
            return Err(Refusal::new(400, "the dates are not understood", "for example dates=2019..2021-06"));
        }
        if self.query.is_empty() {
            return Ok(format!("date:{dates}"));
        }
        // By itself first, so that an error shows what was typed.
        search::query::parse(&self.query)?;
        Ok(format!("({}) AND date:{dates}", self.query))
    }
}

fn number(name: &str, value: &str) -> Result<usize, Refusal> {
    let read = if value.is_empty() { Some(0) } else { value.parse().ok().filter(|n| *n <= 100_000_000) };
    read.ok_or_else(|| Refusal::new(400, &format!("`{name}` must be a number"), "for example 20"))
}

/// The value of that name; `None` where none is given.
fn named<T: Copy>(known: &[(&str, T)], value: &str, hint: &str) -> Result<Option<T>, Refusal> {
    if value.is_empty() {
        return Ok(None);
    }
    let found = known.iter().find(|(name, _)| *name == value);
    found.map(|(_, v)| Some(*v)).ok_or_else(|| Refusal::new(400, &format!("there is no `{value}`"), hint))
}

pub(super) fn facet_named(name: &str) -> Option<Facet> {
    Facet::ALL.into_iter().find(|facet| facet.name() == name)
}

/// Percent-encoded for the value of a query or a part of a path.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Result<Asked, Refusal> {
        let pairs: Vec<_> = pairs.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect();
        Asked::of(&pairs)
    }

    #[test]
    fn an_address_holds_the_whole_question() {
        let one = asked(&[
            ("q", "\"$400 million\" & more"),
            ("publisher", "A & B"),
            ("publisher", "Ç"),
            ("from", "40"),
            ("dates", "2019..2020"),
            ("other", "x"),
        ])
        .unwrap();
        let text = one.pairs();
        assert_eq!(
            text,
            "q=%22%24400+million%22+%26+more&publisher=A+%26+B&publisher=%C3%87&dates=2019..2020&from=40"
        );
        let publisher = facet_named("publisher").unwrap();
        assert_eq!(one.toggled(publisher, "Ç").toggled(publisher, "Ç"), one.starting(0));
    }

    #[test]
    fn what_is_too_much_is_refused() {
        for pairs in [("q", "x".repeat(3000)), ("limit", "5000".into()), ("from", "-1".into())] {
            assert!(asked(&[(pairs.0, &pairs.1)]).is_err(), "{pairs:?}");
        }
    }
}
