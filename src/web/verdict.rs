//! The verify page: a claim to its verdict with slots, evidence and lineage. What a verdict is is
//! [`crate::verify`]'s to say.

use super::api::{ApiRefusal, row};
use super::html::{Frame, Refusal, frame, told};
use super::lineage;
use super::pictures::AROUND;
use super::state::App;
use crate::error::ErrorKind;
use crate::verify::{Answer, Evidence, Question, Verdict, verify};
use axum::extract::{Query, State};
use axum::response::{Html, Response};
use maud::{Markup, html};
use std::sync::Arc;

const LONGEST_CLAIM: usize = 2_000;
/// Of the page shown from left to right, in points.
const STRIP: f32 = 460.0;
/// And beside the figure at least.
const BESIDE: f32 = 24.0;
/// Evidence shown with a verdict; the rest is unfolded.
const SHOWN: usize = 6;

type Pairs = Query<Vec<(String, String)>>;

/// A claim from an address or a form; `None` where there is none.
fn question(pairs: &[(String, String)]) -> Result<Option<Question>, Refusal> {
    let get = |name: &str| {
        pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim().to_string()).filter(|v| !v.is_empty())
    };
    let Some(claim) = get("claim") else { return Ok(None) };
    if claim.len() > LONGEST_CLAIM {
        return Err(Refusal::new(
            400,
            "the claim is too long",
            "2,000 bytes are taken; check a longer text as an article",
        ));
    }
    Ok(Some(Question { id: None, claim, figure: get("figure") }))
}

/// The verify page; its address holds the claim.
pub(super) async fn page(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let question = question(&pairs)?;
        let shown = match &question {
            None => html! {},
            Some(question) => match verify(&app.index, question) {
                Ok(verdict) => {
                    let lineage = lineage::of_verdict(app, &verdict)?;
                    html! {
                        (one(app, &verdict))
                        @if let Some(lineage) = &lineage { (lineage::section(lineage, 0, true)) }
                    }
                }
                Err(error) if error.kind == ErrorKind::Usage => told(&error),
                Err(error) => return Err(error.into()),
            },
        };
        let content = html! {
            div class="verify" {
                h1 { "Verify a figure" }
                form class="claim-form" method="get" action="/verify" {
                    label for="claim" { "A sentence, a phrase or a figure, as it was claimed" }
                    textarea id="claim" name="claim" required maxlength=(LONGEST_CLAIM) placeholder="In 2021, at least $400 million was stolen in seven attacks." {
                        (question.as_ref().map_or("", |q| q.claim.as_str()))
                    }
                    label for="figure" { "Which figure of it is meant, where it has several" }
                    div class="row" {
                        input id="figure" type="text" name="figure" value=(question.as_ref().and_then(|q| q.figure.as_deref()).unwrap_or(""));
                        button { "Verify" }
                        a href="/check" { "or check a whole article" }
                    }
                }
                (shown)
                @if let Some(question) = &question {
                    @let pairs = pairs_of(question);
                    p class="export" { "As rows: " a href={"/api/v1/verify?" (pairs)} { "the verdict" }
                        " · " a href={"/api/v1/lineage?" (pairs)} { "the lineage" } " · " a href={"/api/v1/lineage.svg?" (pairs)} { "its picture" } }
                }
            }
        };
        Ok(frame(&Frame { title: "Verify", here: "/verify", asked: None }, &content))
    })
    .await
}

fn pairs_of(question: &Question) -> String {
    let mut pairs = format!("claim={}", super::asked::encoded(&question.claim));
    if let Some(figure) = &question.figure {
        pairs += &format!("&figure={}", super::asked::encoded(figure));
    }
    pairs
}

/// The verdict on the claim of an address; `None` where there is none.
pub(super) fn asked(app: &App, pairs: &[(String, String)]) -> Result<Option<Verdict>, Refusal> {
    let Some(question) = question(pairs)? else { return Ok(None) };
    Ok(Some(verify(&app.index, &question)?))
}

/// A claim's verdict as a row.
pub(super) async fn verdict(
    State(app): State<Arc<App>>,
    Query(pairs): Pairs,
) -> Result<Response, ApiRefusal> {
    let verdict = app
        .work(move |app| {
            asked(app, &pairs)?
                .ok_or_else(|| Refusal::new(400, "`claim` is missing", "a sentence, a phrase or a figure"))
        })
        .await?;
    Ok(row(&verdict))
}

/// In words.
pub(super) fn word(answer: Answer) -> &'static str {
    match answer {
        Answer::Supported => "supported",
        Answer::Rounded => "rounded",
        Answer::HedgeShift => "hedge shifted",
        Answer::ScopeShift => "scope shifted",
        Answer::Conflict => "in conflict",
        Answer::Disputed => "disputed",
        Answer::NotFound => "not found",
        Answer::CannotSay => "cannot say",
    }
}

fn one(app: &App, verdict: &Verdict) -> Markup {
    html! {
        article class="verdict" data-verdict=(verdict.verdict.name()) {
            header {
                span class={"answer " (verdict.verdict.name())} { (word(verdict.verdict)) }
                @if let Some(figure) = &verdict.figure { strong { (figure) } }
            }
            blockquote { (verdict.claim) }
            p { (verdict.why) }
            (slots(verdict))
            (cards(app, verdict, SHOWN))
            (coverage(verdict))
        }
    }
}

/// The first passages as cards, the others to be unfolded.
pub(super) fn cards(app: &App, verdict: &Verdict, shown: usize) -> Markup {
    let (first, rest) = verdict.evidence.split_at(shown.min(verdict.evidence.len()));
    html! {
        @for evidence in first { (card(app, evidence)) }
        @if !rest.is_empty() {
            details class="rest" {
                summary { (rest.len()) " more" @if rest.len() == 1 { " passage" } @else { " passages" } }
                @for evidence in rest { (card(app, evidence)) }
            }
        }
    }
}

pub(super) fn coverage(verdict: &Verdict) -> Markup {
    html! {
        p class="coverage" { "Rests on " (verdict.coverage.pages_read) " pages read; " (verdict.coverage.pages_unread)
            " were not: see the " a href="/corpus?only=unread" { "corpus" } "." }
    }
}

/// The slots side by side; nothing where none was compared.
pub(super) fn slots(verdict: &Verdict) -> Markup {
    html! {
        @if !verdict.compared.is_empty() {
            table class="slots" {
                caption class="unseen" { "How the claim and the evidence compare" }
                thead { tr { th scope="col" { "Slot" } th scope="col" { "Claimed" } th scope="col" { "In the reports" } th scope="col" { "Comparison" } } }
                tbody { @for compared in &verdict.compared {
                    tr {
                        th scope="row" { (compared.slot) }
                        td { (compared.claimed.as_deref().unwrap_or("–")) }
                        td { (compared.found.as_deref().unwrap_or("–")) }
                        td class=(compared.comparison.name()) { (compared.comparison.name().replace('_', " ")) }
                    }
                } }
            }
        }
    }
}

/// A passage with the figure boxed on its page.
fn card(app: &App, evidence: &Evidence) -> Markup {
    let to = super::document::opened_at(&evidence.sha256, evidence.page, evidence.span);
    let boxes = evidence.boxes.as_deref().filter(|b| !b.is_empty() && app.has_corpus());
    let page = boxes.and_then(|_| {
        let record = app.opened(&evidence.sha256).ok()?;
        let page = record.record.pages.iter().find(|p| p.number == evidence.page)?;
        (page.width > 0.0).then_some((page.width, page.height))
    });
    html! {
        section class="card" {
            div {
                p class="from" {
                    a href=(to) { strong { (evidence.document.title.as_deref().unwrap_or(&evidence.source)) } ", page " (evidence.page)
                        @if let Some(paragraph) = &evidence.paragraph { ", " (super::document::place_name(paragraph)) } }
                    @if let Some(publisher) = &evidence.document.publisher { " · " (publisher) }
                    @if let Some(published) = &evidence.document.published { " · " time { (published) } }
                }
                blockquote { (evidence.quote) }
                p class="quiet" { (evidence.why) " · " a href=(super::document::card_of(&evidence.sha256, evidence.span.start, evidence.span.end)) download { "card" } }
            }
            @if let (Some((width, height)), Some(boxes)) = (page, boxes) {
                // The part of the page round the figure, as wide as a column of text.
                @let left = boxes.iter().map(|b| b[0]).fold(width, f32::min);
                @let right = boxes.iter().map(|b| b[2]).fold(0.0, f32::max);
                @let shown = width.min(STRIP);
                // The middle of the page, unless the figure stands further out.
                @let middle = (width - shown) / 2.0;
                @let begin = middle.min(left - BESIDE).max(right + BESIDE - shown).clamp(0.0, width - shown).round();
                @let top = boxes.iter().map(|b| b[1]).fold(height, f32::min);
                @let bottom = boxes.iter().map(|b| b[3]).fold(0.0, f32::max);
                a class="strip-of-page" href=(to) tabindex="-1" aria-hidden="true" {
                    svg class="cut shown" viewBox={(begin) " " ((top - AROUND).round()) " " (shown) " " ((bottom - top + 2.0 * AROUND).round())} {
                        image href={"/api/v1/documents/" (evidence.sha256) "/pages/" (evidence.page) "/image?width=900"}
                            width=(width) height=(height) {}
                        @for [x0, y0, x1, y1] in boxes { rect class="box amount now" x=(x0) y=(y0) width=(x1 - x0) height=(y1 - y0) {} }
                    }
                }
            }
        }
    }
}
