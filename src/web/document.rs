//! The document page: the picture of a page with the passage and every mention boxed, its text
//! beside it, the hits of a query in the document, and how to cite what is boxed.

use super::asked::Asked;
use super::html::{Frame, Refusal, frame};
use super::marked::{Marks, anchor, marked, title, value};
use super::state::{App, Opened};
use super::{cite, search};
use crate::document::{Format, Page, ParagraphKind, Span};
use crate::extract::row::{Ends, MentionRow};
use crate::index::Facet;
use crate::index::record::{MarkRecord, PassageRecord};
use crate::search::Hit;
use axum::extract::{Path, Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// Hits of a query listed in one document.
const MOST_HITS: usize = 500;
/// Documents looked at for the next one with a hit.
const MOST_DOCUMENTS: usize = 1_000;

/// The address of a hit: its page, opened at the boxed passage, with the question.
pub(super) fn address(asked: &Asked, hit: &Hit) -> String {
    let from = asked.starting(0);
    let path = format!("/document/{}/page/{}", hit.sha256, hit.page);
    let at = format!("at={}-{}", hit.span.start, hit.span.end);
    match from.pairs() {
        pairs if pairs.is_empty() => format!("{path}?{at}#at"),
        pairs => format!("{path}?{pairs}&{at}#at"),
    }
}

/// The address of a page opened at a stretch of the text, without a question.
pub(super) fn opened_at(sha256: &str, page: u32, at: Ends) -> String {
    format!("/document/{sha256}/page/{page}?at={}-{}#at", at.start, at.end)
}

/// Where the evidence card of a stretch of the text is.
pub(super) fn card_of(sha256: &str, start: usize, end: usize) -> String {
    format!("/api/v1/documents/{sha256}/card?at={start}-{end}")
}

/// `106` as `para 106`; the others name themselves.
pub(super) fn place_name(paragraph: &str) -> String {
    match paragraph.starts_with("fn ") || paragraph.starts_with("table ") {
        true => paragraph.to_string(),
        false => format!("para {paragraph}"),
    }
}

/// A document without a page is opened at its first.
pub(super) async fn first(Path(sha256): Path<String>, uri: axum::http::Uri) -> Response {
    if !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Refusal::missing("there is no such document", "the corpus page lists them all")
            .into_response();
    }
    let query = uri.query().map(|q| format!("?{q}")).unwrap_or_default();
    Redirect::to(&format!("/document/{sha256}/page/1{query}")).into_response()
}

/// The passage asked for, in bytes of the document's text.
pub(super) fn at(pairs: &[(String, String)]) -> Option<Span> {
    let (start, end) = pairs.iter().find(|(name, _)| name == "at")?.1.split_once('-')?;
    let (start, end) = (start.parse().ok()?, end.parse().ok()?);
    (start < end).then(|| Span::new(start, end))
}

/// What the page shows.
struct View<'a> {
    app: &'a App,
    asked: &'a Asked,
    opened: &'a Opened,
    page: &'a Page,
    at: Option<Span>,
    /// Of the page, with the stretch of each that stands on it.
    passages: Vec<(&'a PassageRecord, Span)>,
    mentions: Vec<MentionRow>,
    /// The query's hits in this document, in the order of the text.
    hits: Vec<Hit>,
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path((sha256, number)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let opened = app.opened(&sha256)?;
        let page = page_of(&opened, &number)?;
        let asked = Asked::of(&pairs)?.starting(0);
        let passages = passages_on(&opened, page);
        let mut mentions = Vec::new();
        for (passage, span) in &passages {
            let rows = passage.mentions(&opened.record)?;
            mentions.extend(rows.into_iter().filter(|m| m.page == page.number && m.span.start < span.end));
        }
        // A query that is not understood is no reason not to show the page.
        let hits = in_document(app, &asked, &opened).unwrap_or_default();
        let view =
            View { app, asked: &asked, opened: &opened, page, at: at(&pairs), passages, mentions, hits };
        let name = format!("{}, page {}", opened.name(), page.number);
        let content = view.markup()?;
        Ok(frame(&Frame { title: &name, here: "", asked: Some(&asked) }, &content))
    })
    .await
}

/// The page by its number.
pub(super) fn page_of<'a>(opened: &'a Opened, number: &str) -> Result<&'a Page, Refusal> {
    let pages = &opened.record.pages;
    let none = || {
        Refusal::missing(
            &format!("the document has no page {number}"),
            &format!("it has pages 1 to {}", pages.len()),
        )
    };
    let wanted: u32 = number.parse().map_err(|_| none())?;
    pages.iter().find(|p| p.number == wanted).ok_or_else(none)
}

/// The passages of a page, each with what of it stands there.
pub(super) fn passages_on<'a>(opened: &'a Opened, page: &Page) -> Vec<(&'a PassageRecord, Span)> {
    let place = opened.record.pages.iter().position(|p| p.number == page.number);
    let spans = place.and_then(|i| opened.record.page_spans.get(i)).map(Vec::as_slice).unwrap_or_default();
    let mut found = Vec::new();
    for span in spans {
        let first = opened.passages.partition_point(|p| p.span.end <= span.start);
        for passage in opened.passages.iter().skip(first).take_while(|p| p.span.start < span.end) {
            let inside = Span::new(passage.span.start.max(span.start), passage.span.end.min(span.end));
            found.push((passage, inside));
        }
    }
    found
}

/// The hits of a question in one document, in the order of the text.
fn in_document(app: &App, asked: &Asked, opened: &Opened) -> Result<Vec<Hit>, Refusal> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut narrowed = asked.clone();
    narrowed.chosen.insert(Facet::Document, vec![opened.name().to_string()]);
    let found = narrowed.search(&app.index, &[])?;
    let mut hits = search::hits(&found, 0, MOST_HITS)?;
    hits.retain(|hit| hit.sha256 == opened.record.source.sha256);
    hits.sort_by_key(|hit| hit.span.start);
    Ok(hits)
}

/// The first hit of the document after this one, or before it, among those with hits.
fn in_neighbour(app: &App, asked: &Asked, opened: &Opened, is_next: bool) -> Option<Hit> {
    if asked.is_empty() {
        return None;
    }
    let found = asked.search(&app.index, &[Facet::Document]).ok()?;
    let names: Vec<&str> =
        found.facets.first()?.1.iter().take(MOST_DOCUMENTS).map(|count| count.value.as_str()).collect();
    let here = names.iter().position(|name| *name == opened.name())?;
    let there = if is_next { here.checked_add(1)? } else { here.checked_sub(1)? };
    let other = app.index.documents_named(names.get(there)?).ok()?.into_iter().next()?;
    let other = app.opened(&other.source.sha256).ok()?;
    let hits = in_document(app, asked, &other).ok()?;
    if is_next { hits.into_iter().next() } else { hits.into_iter().next_back() }
}

impl View<'_> {
    fn to_page(&self, number: u32) -> String {
        self.asked.at(&format!("/document/{}/page/{number}", self.opened.record.source.sha256))
    }

    fn markup(&self) -> Result<Markup, Refusal> {
        let record = &self.opened.record;
        let meta = &record.meta;
        let count = record.pages.len();
        let has_picture = record.source.format == Format::Pdf && self.app.has_corpus();
        Ok(html! {
            div class="document" {
                header class="title" {
                    @if !self.asked.is_empty() { p { a id="up" href=(self.asked.at("/")) { "← results" } } }
                    h1 { (meta.title.as_deref().unwrap_or(self.opened.name())) }
                    p class="from" {
                        span class="id" { (meta.id) }
                        @if let Some(publisher) = &meta.publisher { " · " (publisher) }
                        @if let Some(published) = &meta.published { " · " time { (published) } }
                        " · page " (self.page.number) " of " (count)
                        @if let Some(label) = self.page.label.as_ref().filter(|l| **l != self.page.number.to_string()) { " (printed " (label) ")" }
                        @if self.app.has_corpus() { " · " a href={"/api/v1/documents/" (record.source.sha256) "/source"} download { "original" } }
                    }
                    @if let Some(work) = self.app.work_of(&record.source.path) {
                        p class="from" { "Editions and copies: " (super::corpus::members(work, Some(&record.source.path))) }
                    }
                    (self.steps())
                }
                @if count > 1 { (self.strip()) }
                @if let Some(why) = &self.page.unread {
                    div class="notice warn" role="status" { h2 { "This page could not be read" } p { (why) ". What stands on it is in no answer; look at the picture." } }
                }
                div class={"sheets" @if !has_picture { " alone" }} {
                    @if has_picture { (self.picture()) }
                    section class="words" aria-label="Text of the page" {
                        (self.text())
                        (self.furniture())
                    }
                    aside class="about" aria-label="About the page" {
                        (self.hit_list())
                        (self.mention_list())
                        (self.citation())
                    }
                }
            }
        })
    }

    /// Previous and next page and hit.
    fn steps(&self) -> Markup {
        let pages = &self.opened.record.pages;
        let here = pages.iter().position(|p| p.number == self.page.number).unwrap_or(0);
        let before = here.checked_sub(1).and_then(|i| pages.get(i));
        let after = pages.get(here + 1);
        // Where no passage is opened, the hits are those before and after the page.
        let place = self.at.map_or_else(|| self.passages.first().map_or(0, |(_, s)| s.start), |at| at.start);
        let previous = self.hits.iter().rev().find(|h| h.span.start < place).cloned();
        let next = self
            .hits
            .iter()
            .find(|h| if self.at.is_some() { h.span.start > place } else { h.span.start >= place })
            .cloned();
        let (previous, was_other) = match previous {
            Some(hit) => (Some(hit), false),
            None => (in_neighbour(self.app, self.asked, self.opened, false), true),
        };
        let (next, is_other) = match next {
            Some(hit) => (Some(hit), false),
            None => (in_neighbour(self.app, self.asked, self.opened, true), true),
        };
        let other = |hit: &Hit, is_other: bool| {
            if is_other { format!(" in {}", hit.document.id) } else { String::new() }
        };
        html! {
            nav class="steps" aria-label="Steps" {
                form class="find" method="get" action=(format!("/document/{}/page/{}", self.opened.record.source.sha256, self.page.number)) role="search" {
                    label class="unseen" for="q" { "Find in this document" }
                    input id="q" type="search" name="q" value=(self.asked.query) placeholder="find in this document" autocomplete="off";
                    button { "Find" }
                }
                @if let Some(hit) = &previous { a id="previous-hit" rel="prev" href=(address(self.asked, hit)) { "← previous hit" (other(hit, was_other)) } }
                @if let Some(hit) = &next { a id="next-hit" rel="next" href=(address(self.asked, hit)) { "next hit" (other(hit, is_other)) " →" } }
                span class="gap" {}
                @if let Some(page) = before { a id="previous-page" href=(self.to_page(page.number)) { "page " (page.number) } }
                @if let Some(page) = after { a id="next-page" href=(self.to_page(page.number)) { "page " (page.number) } }
            }
        }
    }

    /// Every page, those with hits and those unread told apart.
    fn strip(&self) -> Markup {
        html! {
            nav class="strip" aria-label="Pages" {
                @for page in &self.opened.record.pages {
                    @let hits = self.hits.iter().filter(|h| h.page == page.number).count();
                    @let class = match (page.unread.is_some(), hits > 0) { (true, _) => "unread", (_, true) => "has", _ => "" };
                    @let what = match (page.unread.is_some(), hits) {
                        (true, _) => ", unread".to_string(),
                        (_, 0) => String::new(),
                        (_, n) => format!(", {n} hits"),
                    };
                    a href=(self.to_page(page.number)) class=(class) aria-label={"page " (page.number) (what)}
                        aria-current=[(page.number == self.page.number).then_some("page")] { (page.number) }
                }
            }
        }
    }

    fn picture(&self) -> Markup {
        let (width, height) = (self.page.width, self.page.height);
        let base = format!(
            "/api/v1/documents/{}/pages/{}/image",
            self.opened.record.source.sha256, self.page.number
        );
        html! {
            // It stays in sight beside a text that is longer; its own inside can be moved, by keys too.
            div class="pane" tabindex="0" role="region" aria-label="Picture of the page" { figure class="picture" {
                img src={(base) "?width=900"} srcset={(base) "?width=900 900w, " (base) "?width=1400 1400w"}
                    sizes="(max-width: 50rem) 95vw, 42vw" width=(width.round()) height=(height.round())
                    alt={"Picture of page " (self.page.number) "; its text stands beside it"};
                svg viewBox={"0 0 " (width) " " (height)} class="boxes shown" aria-hidden="true" {
                    @for (x, y, w, h) in self.passage_boxes() {
                        rect class="passage" x=(x) y=(y) width=(w) height=(h) rx="2" {}
                    }
                    @for mention in &self.mentions {
                        @for [x0, y0, x1, y1] in mention.boxes.iter().flatten() {
                            a href={"#" (anchor(mention))} tabindex="-1" {
                                title { (mention.surface) " – " (title(mention)) }
                                rect class={"box " (mention.kind.name())} data-mention=(anchor(mention))
                                    x=(x0) y=(y0) width=(x1 - x0) height=(y1 - y0) {}
                            }
                        }
                    }
                }
            } }
        }
    }

    /// Places of the passage that is opened, as x, y, width, height in points.
    fn passage_boxes(&self) -> Vec<(f32, f32, f32, f32)> {
        let Some(at) = self.at else { return Vec::new() };
        self.passages
            .iter()
            .filter(|(passage, _)| passage.span.overlaps(at))
            .flat_map(|(passage, _)| &passage.lines)
            .filter(|(_, _, page, _)| *page == self.page.number)
            .map(|(_, _, _, place)| {
                let [x0, y0, x1, y1] = place.map(|tenths| tenths as f32 / 10.0);
                (x0 - 2.0, y0 - 1.0, x1 - x0 + 4.0, y1 - y0 + 2.0)
            })
            .collect()
    }

    fn text(&self) -> Markup {
        html! {
            @if self.passages.is_empty() && self.page.unread.is_none() { p class="quiet" { "There is no text on this page." } }
            @for (i, (passage, span)) in self.passages.iter().enumerate() {
                @let is_at = self.at.is_some_and(|at| at.overlaps(passage.span));
                // Only one place of a page can be the one it is opened at.
                @let is_first = is_at && !self.passages.iter().take(i).any(|(p, _)| self.at.is_some_and(|at| at.overlaps(p.span)));
                @let note = (passage.kind == ParagraphKind::Footnote).then_some(passage.paragraph.as_deref()).flatten();
                @let class = format!("passage {}{}", kind(passage.kind), if is_at { " at" } else { "" });
                div class=(class) id=[is_first.then_some("at")] {
                    @match note.map(|note| note.trim_start_matches("fn ")) {
                        Some(number) => { (self.note_number(number, passage)) " " (self.passage_text(passage, after_number(passage, *span, number))) }
                        None => { (self.passage_text(passage, *span)) }
                    }
                }
            }
        }
    }

    fn passage_text(&self, passage: &PassageRecord, span: Span) -> Markup {
        let inside = |start: usize, end: usize| {
            (start < span.end && end > span.start)
                .then(|| (start.max(span.start) - span.start, end.min(span.end) - span.start))
        };
        let text = passage
            .text
            .get(span.start - passage.span.start..span.end - passage.span.start)
            .unwrap_or_default();
        let found = self
            .hits
            .iter()
            .flat_map(|hit| hit.highlights.iter().map(|h| (hit.span.start + h.start, hit.span.start + h.end)))
            .filter_map(|(start, end)| inside(start, end))
            .collect();
        let mentions =
            self.mentions.iter().filter_map(|m| Some((inside(m.span.start, m.span.end)?, m))).collect();
        let text = text.trim_end();
        let notes = self
            .opened
            .record
            .marks
            .iter()
            .filter(|mark| span.start <= mark.at && mark.at <= span.start + text.len())
            .map(|mark| (mark.at - span.start, self.note_mark(mark)))
            .collect();
        let marks = Marks { mentions, found, notes, anchors: true };
        html! { (marked(text, &marks)) }
    }

    /// The address of a byte of the text that has an id, on its page.
    fn to_id(&self, byte: usize, id: &str) -> Option<String> {
        let page = self.opened.record.page_at(byte)?;
        Some(if page == self.page.number { format!("#{id}") } else { format!("{}#{id}", self.to_page(page)) })
    }

    /// A footnote mark in the text, as a link to its note.
    fn note_mark(&self, mark: &MarkRecord) -> Markup {
        let to = mark.note.and_then(|start| self.to_id(start, &format!("n{start}")));
        html! {
            sup class="note-mark" {
                @match to {
                    Some(to) => { a id={"r" (mark.at)} href=(to) aria-label={"footnote " (mark.mark)} { (mark.mark) } }
                    None => { (mark.mark) }
                }
            }
        }
    }

    /// The number of a note, as a link back to its mark.
    fn note_number(&self, number: &str, passage: &PassageRecord) -> Markup {
        let mark = self.opened.record.marks.iter().find(|mark| mark.note == Some(passage.span.start));
        let back = mark.and_then(|mark| self.to_id(mark.at, &format!("r{}", mark.at)));
        html! {
            @match back {
                Some(back) => { a class="number" id={"n" (passage.span.start)} href=(back) aria-label={"footnote " (number) ", back to the text"} { (number) } }
                None => { span class="number" { (number) } }
            }
        }
    }

    /// Running heads and page numbers, which are no part of the text.
    fn furniture(&self) -> Markup {
        let of_page: Vec<&str> = self
            .opened
            .record
            .furniture
            .iter()
            .filter(|f| f.page == self.page.number)
            .map(|f| f.text.as_str())
            .collect();
        html! {
            @if !of_page.is_empty() {
                details class="furniture" {
                    summary { "Taken out of the text" }
                    ul { @for text in of_page { li { (text) } } }
                }
            }
        }
    }

    fn hit_list(&self) -> Markup {
        html! {
            @if !self.asked.is_empty() {
                section class="in-document" {
                    h2 { (self.hits.len()) @if self.hits.len() == MOST_HITS { " or more" }
                        @if self.hits.len() == 1 { " hit" } @else { " hits" } " in this document" }
                    ol {
                        @for hit in &self.hits {
                            @let is_here = self.at.is_some_and(|at| at.start == hit.span.start);
                            li { a href=(address(self.asked, hit)) aria-current=[is_here.then_some("true")] {
                                span class="page" { "p " (hit.page) } " " (snippet(hit)) } }
                        }
                    }
                    @if self.hits.is_empty() { p class="quiet" { "Nothing of " q { (self.asked.query) } " stands here." } }
                }
            }
        }
    }

    fn mention_list(&self) -> Markup {
        html! {
            section class="mentions" {
                h2 { (self.mentions.len()) @if self.mentions.len() == 1 { " mention" } @else { " mentions" } " on this page" }
                @if self.mentions.is_empty() { p class="quiet" { "No amounts, dates, names or addresses." } }
                ul {
                    @for mention in &self.mentions {
                        li {
                            a href={"#" (anchor(mention))} class={"m " (mention.kind.name())} { (mention.surface) }
                            " " span class="value" { (value(mention)) }
                            @if let Some(other) = &mention.disputed_digits { " " span class="warn" { "the second reader has " (other) } }
                            @if mention.reader == crate::document::Reader::Ocr { " " span class="warn" { "read by OCR" } }
                        }
                    }
                }
            }
        }
    }

    fn citation(&self) -> Markup {
        let at = self.at.or_else(|| self.passages.first().map(|(p, _)| p.span));
        let Some(passage) = at.and_then(|at| self.passages.iter().find(|(p, _)| p.span.overlaps(at))) else {
            return html! {};
        };
        html! {
            section class="citation" {
                h2 { @if self.at.is_some() { "Cite this passage" } @else { "Cite this page" } }
                @for (i, form) in cite::Form::ALL.into_iter().enumerate() {
                    @let id = format!("cite-{}", form.name());
                    details open[i == 0] {
                        summary { (form.title()) }
                        pre id=(id) tabindex="0" { (cite::cite(self.opened, passage.0, form)) }
                        button type="button" class="copy" data-copy=(id) hidden { "Copy" }
                    }
                }
                @let at = self.at.unwrap_or(passage.0.span);
                p class="onward" { a href=(card_of(&self.opened.record.source.sha256, at.start, at.end)) download { "Evidence card" } ": one file to hand on" }
            }
        }
    }
}

/// A stretch of a note without its number, where that is printed at its beginning.
fn after_number(passage: &PassageRecord, span: Span, number: &str) -> Span {
    let text = passage.text.get(span.start - passage.span.start..).unwrap_or_default();
    let Some(rest) = text.strip_prefix(number) else { return span };
    let rest = rest.trim_start_matches(['.', ')', ' ']);
    Span::new((span.start + text.len() - rest.len()).min(span.end), span.end)
}

/// What the query found in a hit, with some words round it.
fn snippet(hit: &Hit) -> Markup {
    const ROUND: usize = 40;
    let first = hit.highlights.first().map_or((0, 0), |h| (h.start, h.end));
    let start = hit.text.floor_char_boundary(first.0.saturating_sub(ROUND));
    let end = hit.text.ceil_char_boundary((first.1 + ROUND).min(hit.text.len()));
    let found = hit
        .highlights
        .iter()
        .filter(|h| h.start >= start && h.end <= end)
        .map(|h| (h.start - start, h.end - start))
        .collect();
    let text = hit.text.get(start..end).unwrap_or_default();
    html! { @if start > 0 { "…" } (marked(text, &Marks { found, ..Marks::default() })) @if end < hit.text.len() { "…" } }
}

fn kind(kind: ParagraphKind) -> &'static str {
    match kind {
        ParagraphKind::Heading => "heading",
        ParagraphKind::Body => "body",
        ParagraphKind::ListItem => "item",
        ParagraphKind::Footnote => "footnote",
        ParagraphKind::TableRow => "row",
        ParagraphKind::Caption => "caption",
        ParagraphKind::Contents => "contents",
        ParagraphKind::Code => "code",
    }
}
