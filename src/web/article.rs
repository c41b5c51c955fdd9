//! The page that checks an article: pasted or as a file, read as `build` reads a source, and every
//! figure that asserts something held against the index, as `paydirt check` does it.
//!
//! What was read is kept in memory under the fingerprint of its bytes, a few articles long, so that
//! the page and its exports have addresses. Nothing of it is written down.

use super::api::{ApiRefusal, LINES};
use super::html::{Frame, Refusal, frame};
use super::state::App;
use super::stream::streamed;
use super::verdict::{cards, coverage, slots, word};
use super::{pictures, report};
use crate::claims::Claim;
use crate::corpus::{recognise, sha256_hex};
use crate::document::{Document, Format, Source};
use crate::error::{Error, ErrorKind};
use crate::export;
use crate::extract::Kind;
use crate::mine::mine_reading;
use crate::read::{self, worker::Limits};
use crate::verify::article::{Checked, asserted};
use crate::verify::{Evidence, Verifier};
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header;
use axum::response::{Html, Redirect, Response};
use lru::LruCache;
use maud::{Markup, html};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Of an article or its file.
pub(super) const MOST_BYTES: usize = 16 << 20;
/// What reading an article may use up, well under the time a request has.
pub(super) const READING: Limits = Limits {
    memory: 1024,
    step: Duration::from_secs(15),
    file: Duration::from_secs(40),
    page: Duration::ZERO,
    ..Limits::USUAL
};
/// Articles kept, and bytes of their texts.
const KEPT: usize = 8;
const KEPT_BYTES: usize = 8 << 20;
/// A page is shown after so long, also where figures are left; the next look goes on.
const PATIENCE: Duration = Duration::from_secs(8);
/// Evidence shown with a figure; the rest is unfolded.
const SHOWN: usize = 2;

/// An article that was read, with the verdicts there are by now.
pub(super) struct Article {
    document: Document,
    /// Of its figures that assert something, in its order.
    figures: Vec<(Claim, OnceLock<Checked>)>,
}

impl Article {
    /// The verdict on one figure, found once.
    fn checked(&self, number: usize, verifier: &Verifier<'_>) -> Result<Option<&Checked>, Refusal> {
        let Some((claim, known)) = self.figures.get(number) else { return Ok(None) };
        if known.get().is_none() {
            // Another request may have been quicker; both found the same.
            drop(known.set(verifier.check(&self.document, claim)?));
        }
        Ok(known.get())
    }

    /// The verdicts on all of them.
    fn all(&self, verifier: &Verifier<'_>) -> Result<Vec<Checked>, Refusal> {
        let mut all = Vec::with_capacity(self.figures.len());
        for number in 0..self.figures.len() {
            all.extend(self.checked(number, verifier)?.cloned());
        }
        Ok(all)
    }
}

/// The articles checked last.
pub(super) struct Shelf(Mutex<LruCache<String, Arc<Article>>>);

impl Default for Shelf {
    fn default() -> Self {
        Shelf(Mutex::new(LruCache::unbounded()))
    }
}

impl Shelf {
    fn get(&self, id: &str) -> Option<Arc<Article>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    fn put(&self, id: String, article: Arc<Article>) {
        let mut shelf = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.put(id, article);
        let bytes = |shelf: &LruCache<String, Arc<Article>>| {
            shelf.iter().map(|(_, article)| article.document.text.len()).sum::<usize>()
        };
        while shelf.len() > 1 && (shelf.len() > KEPT || bytes(&shelf) > KEPT_BYTES) {
            shelf.pop_lru();
        }
    }
}

/// An article as it came: bytes and what it is called.
struct Sent {
    name: String,
    bytes: Vec<u8>,
    /// Plain text whatever it looks like.
    is_pasted: bool,
}

async fn sent(request: Request) -> Result<Sent, Refusal> {
    let unread = |e: &dyn std::fmt::Display| {
        let error = Error::new(ErrorKind::Usage, "the article cannot be taken").because(e);
        Refusal::of(
            400,
            error.hint("send it as a form with `text` or `file`, or as text/plain; 16 MiB at most"),
        )
    };
    let kind =
        request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_string();
    let mut sent = Sent { name: "pasted text".to_string(), bytes: Vec::new(), is_pasted: true };
    if kind.starts_with("multipart/form-data") {
        let mut form = Multipart::from_request(request, &()).await.map_err(|e| unread(&e))?;
        while let Some(field) = form.next_field().await.map_err(|e| unread(&e))? {
            let is_file = field.name() == Some("file");
            let name = field.file_name().unwrap_or("file").to_string();
            let bytes = field.bytes().await.map_err(|e| unread(&e))?;
            if !bytes.iter().all(u8::is_ascii_whitespace) && (is_file || sent.bytes.is_empty()) {
                sent.name = if is_file { name } else { sent.name };
                sent.is_pasted = !is_file;
                sent.bytes = bytes.to_vec();
            }
        }
    } else if kind.starts_with("text/plain") {
        sent.bytes =
            axum::body::to_bytes(request.into_body(), MOST_BYTES).await.map_err(|e| unread(&e))?.to_vec();
    } else {
        return Err(unread(&format!("its type is {kind:?}")));
    }
    match sent.bytes.is_empty() {
        true => Err(Refusal::new(
            400,
            "there is no text and no file",
            "paste the article's text, or choose its file",
        )),
        false => Ok(sent),
    }
}

/// Reads an article as `build` reads a source, in a process of its own, and keeps it: its id.
fn shelved(app: &App, sent: Sent) -> Result<String, Refusal> {
    let Sent { name, bytes, is_pasted } = sent;
    let format = match is_pasted {
        true => Format::Text,
        false => recognise(&bytes, &name).map_err(|why| {
            Refusal::of(422, Error::new(ErrorKind::Input, "the file cannot be read").because(why))
        })?,
    };
    let id = sha256_hex(&bytes);
    let reading = app.readers.read(&bytes, format, &read::Options::default())?;
    let source = Source { path: name, sha256: id.clone(), format, bytes: bytes.len() as u64 };
    let mined = mine_reading(source, None, reading, &Kind::ALL);
    let figures = asserted(&mined.document, &mined.claims).into_iter();
    let figures = figures.map(|claim| (claim.clone(), OnceLock::new())).collect();
    app.articles.put(id.clone(), Arc::new(Article { document: mined.document, figures }));
    Ok(id)
}

fn kept(app: &App, id: &str) -> Result<Arc<Article>, Refusal> {
    app.articles.get(id).ok_or_else(|| {
        Refusal::missing(
            "this article is no longer kept",
            "the last few are, until the server ends; check it again",
        )
    })
}

/// The page that takes an article.
pub(super) async fn empty() -> Html<String> {
    frame(
        &Frame { title: "Check an article", here: "/check", asked: None },
        &html! { div class="verify" { h1 { "Check an article" } (form()) } },
    )
}

fn form() -> Markup {
    html! {
        p class="quiet" { "Every figure in it is held against the reports. The text stays in this machine's memory until the server ends or eight others were checked; it is not written down." }
        form class="claim-form" method="post" action="/check" enctype="multipart/form-data" {
            label for="text" { "Paste its text" }
            textarea id="text" name="text" rows="10" {}
            label for="file" { "or choose a file: HTML, PDF, DOCX, Markdown or text, 16 MiB at most" }
            div class="row" { input id="file" type="file" name="file" accept=".html,.htm,.pdf,.txt,.md,.docx"; button { "Check" } }
        }
    }
}

/// Takes an article and leads to its page.
pub(super) async fn take(State(app): State<Arc<App>>, request: Request) -> Result<Redirect, Refusal> {
    let sent = sent(request).await?;
    let id = app.work(move |app| shelved(app, sent)).await?;
    Ok(Redirect::to(&format!("/check/{id}")))
}

/// The verdicts on a kept article.
pub(super) async fn page(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let article = kept(app, &id)?;
        let verifier = Verifier::new(&app.index)?;
        let begun = Instant::now();
        let mut figures = Vec::new();
        for number in 0..article.figures.len() {
            if begun.elapsed() > PATIENCE
                && article.figures.get(number).is_some_and(|(_, f)| f.get().is_none())
            {
                break;
            }
            figures.extend(article.checked(number, &verifier)?.cloned());
        }
        let content = checked(app, &id, &article, &figures);
        Ok(frame(&Frame { title: "Check an article", here: "/check", asked: None }, &content))
    })
    .await
}

fn checked(app: &App, id: &str, article: &Article, figures: &[Checked]) -> Markup {
    let document = &article.document;
    let left = article.figures.len() - figures.len();
    let agreeing = figures.iter().filter(|f| f.verdict.verdict.agrees()).count();
    html! {
        div class="verify checked" {
            h1 { (document.meta.title.as_deref().unwrap_or(&document.source.path)) }
            p class="from" { (document.source.path)
                @if let Some(publisher) = &document.meta.publisher { " · " (publisher) }
                @if let Some(day) = &document.meta.published { " · " time { (day) } } }
            p { strong { (figures.len()) @if figures.len() == 1 { " figure, " } @else { " figures, " } (agreeing) " supported" } }
            (report::tally(figures))
            @for page in document.pages.iter().filter(|p| p.unread.is_some()) {
                p class="warn" { "Page " (page.number) " of the article could not be read: " (page.unread.as_deref().unwrap_or_default()) }
            }
            p class="export" { "The report: "
                a href={"/api/v1/checks/" (id) "/report.html"} download { "one HTML file" } " · "
                a href={"/api/v1/checks/" (id) "/verdicts.jsonl"} download { "JSON Lines" } }
            @if left > 0 {
                div class="notice" role="status" { h2 { (left) " figures are not checked yet" }
                    p { a href={"/check/" (id)} { "Go on" } ": those below are kept. The report above has all of them, and takes as long as it takes." } }
            }
            @if article.figures.is_empty() { div class="notice" { h2 { "There are no figures in it" } p { "Amounts, shares and counts are what is checked: " code { "$400 million" } ", " code { "at least seven attacks" } "." } } }
            div class="two-columns" {
                section class="article" aria-labelledby="the-article" tabindex="0" {
                    h2 id="the-article" { "The article" }
                    @for paragraph in &document.paragraphs { (report::in_text(document, paragraph, figures)) }
                }
                section class="figures-of" aria-labelledby="its-figures" {
                    h2 id="its-figures" { "Its figures" }
                    @for (i, checked) in figures.iter().enumerate() { (figure(app, i + 1, checked)) }
                }
            }
            details class="again" { summary { "Check another article" } (form()) }
        }
    }
}

fn figure(app: &App, number: usize, checked: &Checked) -> Markup {
    let verdict = &checked.verdict;
    let name = verdict.figure.as_deref().unwrap_or("");
    html! {
        article class="verdict" id={"f" (number)} data-verdict=(verdict.verdict.name()) aria-labelledby={"h" (number)} {
            header {
                h3 id={"h" (number)} { (number) ". " (name) }
                span class={"answer " (verdict.verdict.name())} { (word(verdict.verdict)) }
                a class="back" href={"#t" (number)} { "in the article" }
            }
            blockquote { (verdict.claim) }
            p { (verdict.why) }
            @for slot in &checked.inherited { p class="quiet" { (slot.slot) " " (slot.value) ", " (report::had(slot.how)) } }
            (slots(verdict))
            (cards(app, verdict, SHOWN))
            @if !verdict.evidence.is_empty() {
                p class="onward" { a href={"/lineage?of=" (super::asked::encoded(name))} { "Where " (name) " comes from" } }
            }
            (coverage(verdict))
        }
    }
}

/// The verdicts on an article as one row, as they are found.
pub(super) async fn rows(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiRefusal> {
    let sent = sent(request).await?;
    let id = app.work(move |app| shelved(app, sent)).await?;
    let answer = streamed(&app, "application/json", None, move |app, sink| {
        let article = kept(app, &id)?;
        let verifier = Verifier::new(&app.index)?;
        sink.begin();
        sink.push(&format!("{{\"schema\":\"paydirt.check/1\",\"id\":\"{id}\",\"verdicts\":["));
        for number in 0..article.figures.len() {
            let Some(checked) = article.checked(number, &verifier)? else { break };
            let comma = if number > 0 { "," } else { "" };
            if !sink.push(comma) || !sink.push(export::Row::of(checked)?.text()) {
                return Ok(());
            }
        }
        sink.push("]}");
        Ok(())
    });
    Ok(answer.await?)
}

/// The rows of `paydirt check --format jsonl`.
pub(super) async fn lines(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let answer = streamed(&app, LINES, Some("paydirt-check.jsonl"), move |app, sink| {
        let article = kept(app, &id)?;
        let verifier = Verifier::new(&app.index)?;
        sink.begin();
        for number in 0..article.figures.len() {
            let Some(checked) = article.checked(number, &verifier)? else { break };
            if !sink.push(export::Row::of(checked)?.text()) || !sink.push("\n") {
                break;
            }
        }
        Ok(())
    });
    Ok(answer.await?)
}

/// The file of `paydirt check --format html`.
pub(super) async fn report(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
) -> Result<Response, ApiRefusal> {
    let answer = streamed(&app, "text/html; charset=utf-8", Some("paydirt-check.html"), move |app, sink| {
        let article = kept(app, &id)?;
        let verifier = Verifier::new(&app.index)?;
        sink.begin();
        let figures = article.all(&verifier)?;
        let picture = |evidence: &Evidence| pictures::strip(app, evidence);
        sink.push(&report::article(&article.document, &figures, verifier.coverage(), picture));
        Ok(())
    });
    Ok(answer.await?)
}
