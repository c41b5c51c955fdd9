//! The frame of every page, the page of what went wrong, and the sheet of keys and query language.

use super::asked::Asked;
use super::state::App;
use crate::error::{Error, ErrorKind};
use crate::search::query::FIELDS;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use std::sync::Arc;

/// Why a request is not answered: the status of HTTP, and the error as the command line tells it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Refusal {
    status: u16,
    pub error: Error,
}

impl Refusal {
    pub fn of(status: u16, error: Error) -> Self {
        Refusal { status, error }
    }

    pub fn new(status: u16, what: &str, hint: &str) -> Self {
        Refusal::of(status, Error::new(ErrorKind::Usage, what).hint(hint))
    }

    pub fn missing(what: &str, hint: &str) -> Self {
        Refusal::new(404, what, hint)
    }

    pub fn busy() -> Self {
        Refusal::new(503, "too much is asked at once", "try again in a few seconds")
    }

    pub fn broken() -> Self {
        Refusal::new(500, "something in paydirt failed on this", "ask for something else; the others go on")
    }

    /// As rows for the API, as a page for people.
    pub fn into_answer(self, is_api: bool) -> Response {
        if is_api { self.row() } else { self.into_response() }
    }

    /// Whether what was asked is not understood.
    pub fn is_usage(&self) -> bool {
        self.status == 400
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn row(&self) -> Response {
        let Error { what, place, cause, hint, .. } = &self.error;
        let row = serde_json::json!({
            "schema": "paydirt.error/1", "what": what, "place": place, "cause": cause, "hint": hint,
        });
        self.with_headers((self.status(), axum::Json(row)).into_response())
    }

    fn with_headers(&self, mut response: Response) -> Response {
        if self.status == 503 {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("3"));
        }
        response
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match error.kind {
            ErrorKind::Usage => 400,
            ErrorKind::Input => 422,
            _ => 500,
        };
        Refusal { status, error }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let page = frame(&Frame { title: &self.error.what, here: "", asked: None }, &told(&self.error));
        self.with_headers((self.status(), page).into_response())
    }
}

/// What went wrong, where, why, and what to do.
pub(super) fn told(error: &Error) -> Markup {
    html! {
        div class="notice error" role="alert" {
            h1 { (error.what) }
            @if let Some(place) = &error.place { pre { (place) } }
            @if let Some(cause) = &error.cause { pre { (cause) } }
            @if let Some(hint) = &error.hint { p { strong { "What to do: " } (hint) } }
        }
    }
}

/// What the frame needs to know of a page.
pub(super) struct Frame<'a> {
    pub title: &'a str,
    /// The path of the part of the site it belongs to.
    pub here: &'a str,
    /// For the links back to the results.
    pub asked: Option<&'a Asked>,
}

const PARTS: &[(&str, &str)] = &[
    ("/", "Search"),
    ("/verify", "Verify"),
    ("/check", "Check an article"),
    ("/corpus", "Corpus"),
    ("/help", "Help"),
];

/// A page in its frame.
pub(super) fn frame(frame: &Frame<'_>, content: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (frame.title) " · paydirt" }
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/style.css";
                script src="/app.js" defer {}
            }
            body {
                a class="skip" href="#main" { "Skip to the content" }
                header class="top" {
                    a class="brand" href="/" { "paydirt" }
                    nav aria-label="Parts" {
                        @for (path, name) in PARTS {
                            @let to = match (frame.asked, *path) {
                                (Some(asked), "/") => asked.at("/"),
                                _ => path.to_string(),
                            };
                            a href=(to) aria-current=[(*path == frame.here).then_some("page")] { (name) }
                        }
                    }
                    button type="button" class="keys quiet" id="keys" hidden aria-label="Keyboard shortcuts" { kbd { "?" } }
                }
                main id="main" tabindex="-1" { (content) }
                dialog id="sheet" aria-label="Keyboard shortcuts" {
                    h2 { "Keyboard" }
                    (keys())
                    form method="dialog" { button { "Close" } }
                }
                div id="said" class="said" role="status" aria-live="polite" {}
            }
        }
    };
    Html(page.into_string())
}

fn keys() -> Markup {
    let rows = [
        ("/", "to the search box"),
        ("j, k", "next and previous result"),
        ("Enter", "open the result"),
        ("n, p", "next and previous hit on the page, in the document, then in the next document"),
        ("[, ]", "previous and next page"),
        ("c", "copy the citation"),
        ("u", "back to the results"),
        ("?", "this sheet"),
    ];
    html! {
        dl class="keys" {
            @for (key, what) in rows {
                div { dt { @for k in key.split(", ") { kbd { (k) } " " } } dd { (what) } }
            }
        }
    }
}

pub(super) async fn nowhere(request: Request) -> Response {
    let refusal = Refusal::missing("there is no such page", "start from the search page or the corpus page");
    refusal.into_answer(request.uri().path().starts_with("/api/"))
}

/// The query language and the keys.
pub(super) async fn help(State(app): State<Arc<App>>) -> Html<String> {
    let examples = [
        ("stolen virtual assets", "any of the words in any form, passages with more of them first"),
        ("\"virtual assets\"", "the exact phrase, signs and figures included"),
        ("\"theft exchange\"~5", "words that stand near each other"),
        ("launder*", "words that begin so; exchnge~ words one letter off"),
        ("+KuCoin -Upbit", "must stand in the passage; must not"),
        ("A AND (B OR C) NOT D", "operators are upper case"),
        ("$81 million", "an amount however it is printed: US$81m, 81,000,000 dollars"),
    ];
    let content = html! {
        div class="prose" {
            h1 { "Help" }
            p { "This index holds " (app.index.head.documents) " documents with " (app.index.head.mentions)
                " mentions of amounts, dates, names and addresses." }
            h2 { "Queries" }
            dl class="examples" {
                @for (query, what) in examples {
                    div {
                        dt { a href=(Asked { query: query.into(), ..Asked::default() }.at("/")) { code { (query) } } }
                        dd { (what) }
                    }
                }
            }
            h2 { "Fields" }
            ul class="fields" { @for (name, example) in FIELDS { li { strong { (name) } " " code { (example) } } } }
            h2 { "Marks" }
            p { "Kinds are told by colour and by the line under them: "
                @for (kind, word) in [("amount", "amount"), ("date", "date"), ("exchange", "name"), ("wallet", "address")] {
                    span class={"m " (kind)} { (word) } " "
                }
                "and what the query found has a " mark { "ground" } "." }
            h2 { "Keyboard" }
            (keys())
            h2 { "For programs" }
            p { "Every page shows what " a href="/api/v1" { "/api/v1" } " gives as rows; "
                a href="/api/v1/openapi.json" { "its description" } " is OpenAPI." }
        }
    };
    frame(&Frame { title: "Help", here: "/help", asked: None }, &content)
}
