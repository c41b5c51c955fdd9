//! The verify page and the page that checks an article: a claim, a text or a file to verdicts with
//! their slots and evidence. What a verdict is is [`crate::verify`]'s to say.

use super::api::{ApiRefusal, row};
use super::html::{Frame, Refusal, frame, told};
use super::state::App;
use crate::corpus::{recognise, sha256_hex};
use crate::document::{Format, Source};
use crate::error::{Error, ErrorKind};
use crate::extract::Kind;
use crate::mine::mine_reading;
use crate::read::{self, Ocr};
use crate::verify::article::{Checked, asserted};
use crate::verify::{Answer, Evidence, Question, Verdict, Verifier, verify};
use axum::extract::{FromRequest, Multipart, Query, Request, State};
use axum::http::header;
use axum::response::{Html, Response};
use maud::{Markup, html};
use std::sync::Arc;

/// Of an article or its file.
pub(super) const MOST_BYTES: usize = 16 << 20;
const LONGEST_CLAIM: usize = 2_000;
/// Figures of an article that are held against the index.
const MOST_FIGURES: usize = 80;
/// Of the page shown above and below a figure, in points.
const AROUND: f32 = 42.0;
/// Evidence shown with a verdict.
const SHOWN: usize = 4;

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
                Ok(verdict) => one(app, &verdict, SHOWN * 2),
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
                    p class="export" { "As a row: " a href=(format!("/api/v1/verify?{}", pairs_of(question))) { "JSON" } }
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

/// A claim's verdict as a row.
pub(super) async fn verdict(
    State(app): State<Arc<App>>,
    Query(pairs): Pairs,
) -> Result<Response, ApiRefusal> {
    let verdict = app
        .work(move |app| {
            let question = question(&pairs)?
                .ok_or_else(|| Refusal::new(400, "`claim` is missing", "a sentence, a phrase or a figure"))?;
            Ok(verify(&app.index, &question)?)
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

fn one(app: &App, verdict: &Verdict, shown: usize) -> Markup {
    html! {
        article class="verdict" data-verdict=(verdict.verdict.name()) {
            header {
                span class={"answer " (verdict.verdict.name())} { (word(verdict.verdict)) }
                @if let Some(figure) = &verdict.figure { strong { (figure) } }
            }
            blockquote { (verdict.claim) }
            p { (verdict.why) }
            (slots(verdict))
            @for evidence in verdict.evidence.iter().take(shown) { (card(app, evidence)) }
            @if verdict.evidence.len() > shown { p class="quiet" { "and " (verdict.evidence.len() - shown) " more passages, all of them in the row" } }
            p class="coverage" { "Rests on " (verdict.coverage.pages_read) " pages read; " (verdict.coverage.pages_unread) " were not: see the " a href="/corpus?only=unread" { "corpus" } "." }
        }
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
    let to = format!(
        "/document/{}/page/{}?at={}-{}#at",
        evidence.sha256, evidence.page, evidence.span.start, evidence.span.end
    );
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
                p class="quiet" { (evidence.why) }
            }
            @if let (Some((width, height)), Some(boxes)) = (page, boxes) {
                // The strip of the page round the figure.
                @let top = boxes.iter().map(|b| b[1]).fold(height, f32::min);
                @let bottom = boxes.iter().map(|b| b[3]).fold(0.0, f32::max);
                a class="strip-of-page" href=(to) tabindex="-1" aria-hidden="true" {
                    svg class="cut shown" viewBox={"0 " ((top - AROUND).round()) " " (width) " " ((bottom - top + 2.0 * AROUND).round())} {
                        image href={"/api/v1/documents/" (evidence.sha256) "/pages/" (evidence.page) "/image?width=900"}
                            width=(width) height=(height) {}
                        @for [x0, y0, x1, y1] in boxes { rect class="box amount now" x=(x0) y=(y0) width=(x1 - x0) height=(y1 - y0) {} }
                    }
                }
            }
        }
    }
}

/// The page that takes an article.
pub(super) async fn empty() -> Html<String> {
    frame(&Frame { title: "Check an article", here: "/check", asked: None }, &article_form())
}

fn article_form() -> Markup {
    html! {
        h1 { "Check an article" }
        p class="quiet" { "Every figure in it is held against the reports. The text stays on this machine and is not kept." }
        form class="claim-form" method="post" action="/check" enctype="multipart/form-data" {
            label for="text" { "Paste its text" }
            textarea id="text" name="text" rows="10" {}
            label for="file" { "or choose a file: HTML, PDF, DOCX, Markdown or text, 16 MiB at most" }
            div class="row" { input id="file" type="file" name="file" accept=".html,.htm,.pdf,.txt,.md,.docx"; button { "Check" } }
        }
    }
}

/// An article as it came: bytes and what it is called.
struct Article {
    name: String,
    bytes: Vec<u8>,
    /// Pasted, so plain text whatever it looks like.
    is_pasted: bool,
}

async fn article(request: Request) -> Result<Article, Refusal> {
    let unread = |e: &dyn std::fmt::Display| {
        let error = Error::new(ErrorKind::Usage, "the article cannot be taken").because(e);
        Refusal::of(
            400,
            error.hint("send it as a form with `text` or `file`, or as text/plain; 16 MiB at most"),
        )
    };
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
    let mut article = Article { name: "pasted text".to_string(), bytes: Vec::new(), is_pasted: true };
    if kind.starts_with("multipart/form-data") {
        let mut form = Multipart::from_request(request, &()).await.map_err(|e| unread(&e))?;
        while let Some(field) = form.next_field().await.map_err(|e| unread(&e))? {
            let is_file = field.name() == Some("file");
            let name = field.file_name().unwrap_or("file").to_string();
            let bytes = field.bytes().await.map_err(|e| unread(&e))?;
            if !bytes.iter().all(u8::is_ascii_whitespace) && (is_file || article.bytes.is_empty()) {
                article.name = if is_file { name } else { article.name };
                article.is_pasted = !is_file;
                article.bytes = bytes.to_vec();
            }
        }
    } else if kind.starts_with("text/plain") {
        article.bytes =
            axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|e| unread(&e))?.to_vec();
    } else {
        return Err(unread(&format!("its type is {kind:?}")));
    }
    match article.bytes.is_empty() {
        true => Err(Refusal::new(
            400,
            "there is no text and no file",
            "paste the article's text, or choose its file",
        )),
        false => Ok(article),
    }
}

/// Reads an article as `build` reads a source, in a process of its own, and holds every figure that
/// asserts something against the index.
fn checked(app: &App, article: &Article) -> Result<Vec<Checked>, Refusal> {
    let Article { name, bytes, is_pasted } = article;
    let format = match is_pasted {
        true => Format::Text,
        false => recognise(bytes, name).map_err(|why| {
            Refusal::of(422, Error::new(ErrorKind::Input, "the file cannot be read").because(why))
        })?,
    };
    let options = read::Options { ocr: Ocr::Never, ..read::Options::default() };
    let reading = app.readers.read(bytes, format, &options)?;
    let source = Source { path: name.clone(), sha256: sha256_hex(bytes), format, bytes: bytes.len() as u64 };
    let mined = mine_reading(source, None, reading, &Kind::ALL);
    let verifier = Verifier::new(&app.index)?;
    let mut checked = Vec::new();
    for claim in asserted(&mined.document, &mined.claims).into_iter().take(MOST_FIGURES) {
        checked.push(verifier.check(&mined.document, claim)?);
    }
    Ok(checked)
}

pub(super) async fn check(State(app): State<Arc<App>>, request: Request) -> Result<Html<String>, Refusal> {
    let article = article(request).await?;
    app.work(move |app| {
        let verdicts = checked(app, &article)?;
        let agreeing = verdicts.iter().filter(|v| v.verdict.verdict.agrees()).count();
        let content = html! {
            div class="verify" {
                h1 { (article.name) }
                p { (verdicts.len()) " figures, " (agreeing) " of them supported."
                    @if verdicts.len() == MOST_FIGURES { " Only the first " (MOST_FIGURES) " are checked." } }
                @if verdicts.is_empty() { div class="notice" { h2 { "There are no figures in it" } p { "Amounts, shares and counts are what is checked: " code { "$400 million" } ", " code { "at least seven attacks" } "." } } }
                @for checked in &verdicts { (one(app, &checked.verdict, SHOWN)) }
                (article_form())
            }
        };
        Ok(frame(&Frame { title: "Check an article", here: "/check", asked: None }, &content))
    })
    .await
}

#[derive(serde::Serialize)]
struct CheckedRows {
    schema: &'static str,
    verdicts: Vec<Checked>,
}

/// The verdicts on an article as rows.
pub(super) async fn check_rows(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response, ApiRefusal> {
    let article = article(request).await?;
    let verdicts = app.work(move |app| checked(app, &article)).await?;
    Ok(row(&CheckedRows { schema: "paydirt.check/1", verdicts }))
}
