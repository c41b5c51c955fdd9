//! An evidence card as a page that stands on its own: the words marked, where they stand, the
//! source's fingerprint, and the page drawn with the figure boxed.

use super::api::ApiRefusal;
use super::document::at;
use super::html::Refusal;
use super::pictures::in_turn;
use super::report::page;
use super::state::App;
use crate::search::card::{self, Card, Quoted};
use crate::search::locate::{Located, Part};
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// Of the page on a card, in pixels.
const WIDTH: u32 = 1200;
/// A stretch may be so many bytes longer than the figure in it: claims count the words round it.
const SLACK: usize = 24;

/// The card of a stretch of a document's text, as `paydirt card` makes it, to be saved. Where the
/// stretch is one figure, that one is boxed.
pub(super) async fn of_place(
    State(app): State<Arc<App>>,
    Path(sha256): Path<String>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, ApiRefusal> {
    let made = app
        .work(move |app| {
            let opened = app.opened(&sha256)?;
            let span = at(&pairs).ok_or_else(|| {
                Refusal::new(400, "`at` is missing", "name the bytes of the text: at=1024-1100")
            })?;
            let passages: Vec<_> =
                opened.passages.iter().filter(|p| p.span.overlaps(span)).cloned().collect();
            let mut figure = None;
            for passage in &passages {
                let mut mentions = passage.mentions(&opened.record)?.into_iter();
                let is_it = mentions.find(|m| m.span.start < span.end && span.start < m.span.end);
                let is_one = is_it.filter(|m| m.span.end - m.span.start + SLACK > span.len());
                figure = figure.or(is_one.map(|m| m.surface));
            }
            if passages.is_empty() {
                return Err(Refusal::missing(
                    "there is no passage at this place",
                    "hits and mentions have their place in `span`",
                ));
            }
            let located = Located {
                document: opened.record.clone(),
                part: Part::Passages,
                passages,
                spans: vec![span],
                furniture: Vec::new(),
            };
            let made = card::card(&app.index, &located, figure.as_deref(), 1)?;
            let bytes = app.source(&opened.record).ok();
            let drawn = |request| bytes.as_ref().and_then(|bytes| in_turn(app, bytes, &request));
            let (strip, whole) = (made.strip(WIDTH).and_then(drawn), made.whole_page(WIDTH).and_then(drawn));
            Ok(card(&made, strip.as_deref(), whole.as_deref()))
        })
        .await?;
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"paydirt-card.html\""),
    ];
    Ok((headers, made).into_response())
}

/// A PNG as an address that holds it.
pub(super) fn inside(png: &[u8]) -> String {
    format!("data:image/png;base64,{}", data_encoding::BASE64.encode(png))
}

/// The card in one file. `strip` is the part of the page round the passage, `whole` the page; both
/// PNG, and neither where the source has no pages to draw.
pub fn card(card: &Card, strip: Option<&[u8]>, whole: Option<&[u8]>) -> String {
    let figures: Vec<&str> = card.figures.iter().map(|m| m.surface.as_str()).collect();
    let alt = match figures.is_empty() {
        true => format!("The passage on page {} of {}", card.page, card.source),
        false => format!("{} boxed on page {} of {}", figures.join(", "), card.page, card.source),
    };
    let content = html! {
        header {
            h1 { (card.locator) }
            p { (card.publication()) }
            p class="from" { (card.place_in_words()) }
        }
        section aria-labelledby="words" {
            h2 id="words" { "What it says" }
            @if !card.headings.is_empty() { p class="quiet" { (card.headings.join(" / ")) } }
            @for text in &card.context.before { p class="quiet" { (text) } }
            blockquote { @for quoted in &card.passages { (marked(quoted)) } }
            @for text in &card.context.after { p class="quiet" { (text) } }
        }
        @if let Some(png) = strip {
            section aria-labelledby="page" {
                h2 id="page" { "As it is printed" }
                img src=(inside(png)) alt=(alt);
                @if let Some(png) = whole {
                    details { summary { "The whole page" } img src=(inside(png)) alt={"The whole of page " (card.page)}; }
                }
            }
        }
        section aria-labelledby="where" {
            h2 id="where" { "Where it stands" }
            table { tbody {
                @if let Some(symbol) = &card.symbol { (row("Symbol", symbol)) }
                (row("File", &card.source))
                tr { th scope="row" { "sha256 of the file" } td { code { (card.sha256) } } }
                (row("Page", &card.place_in_words()))
                @if let Some(address) = &card.address { (row("Published at", address)) }
                @for figure in &card.figures {
                    tr { th scope="row" { (figure.surface) } td { (figure.kind) " " (super::marked::value(figure)) } }
                }
            } }
        }
        footer { p class="quiet" { "Made by paydirt " (env!("CARGO_PKG_VERSION")) ". Check it: paydirt show " (card.locator) } }
    };
    page(&card.locator, card.document.language.as_deref().unwrap_or("en"), &content)
}

fn row(name: &str, value: &str) -> Markup {
    html! { tr { th scope="row" { (name) } td { (value) } } }
}

/// A passage with its figures marked.
fn marked(quoted: &Quoted) -> Markup {
    let mut at = 0;
    let mut pieces: Vec<(&str, bool)> = Vec::new();
    for mark in &quoted.marks {
        let (Some(before), Some(inside)) =
            (quoted.text.get(at..mark.start), quoted.text.get(mark.start..mark.end))
        else {
            continue;
        };
        pieces.push((before, false));
        pieces.push((inside, true));
        at = mark.end;
    }
    pieces.push((quoted.text.get(at..).unwrap_or(""), false));
    html! {
        @if let Some(table) = &quoted.table { p class="quiet" { (table) } }
        p { @for (text, is_marked) in pieces { @if is_marked { mark { (text) } } @else { (text) } } }
    }
}
