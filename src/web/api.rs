//! `/api/v1`: what the pages show, as the contract's rows. Described by [`super::openapi()`].

use super::asked::{Asked, By, facet_named};
use super::cite;
use super::corpus::account;
use super::document::{at, page_of, passages_on};
use super::html::Refusal;
use super::pictures::picture;
use super::search::hits;
use super::state::App;
use super::stream::streamed;
use super::{article, card, lineage, verdict};
use crate::document::Furniture;
use crate::export::{self, Format, HITS, MENTIONS};
use crate::extract::row::{DocumentRow, MentionRow};
use crate::index::Facet;
use crate::search::{Count, Group, Hit};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The type of rows, a line each.
pub(super) const LINES: &str = "application/jsonl";

type Pairs = Query<Vec<(String, String)>>;
type Answer = Result<Response, ApiRefusal>;

/// A refusal told as a row.
pub(super) struct ApiRefusal(Refusal);

impl<T: Into<Refusal>> From<T> for ApiRefusal {
    fn from(refusal: T) -> Self {
        ApiRefusal(refusal.into())
    }
}

impl IntoResponse for ApiRefusal {
    fn into_response(self) -> Response {
        self.0.into_answer(true)
    }
}

/// The calls, each of which [`super::openapi()`] describes.
pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/api/v1", get(index))
        .route("/api/v1/openapi.json", get(openapi))
        .route("/api/v1/search", get(search))
        .route("/api/v1/search.jsonl", get(|app, pairs| rows(app, pairs, Format::Jsonl)))
        .route("/api/v1/search.csv", get(|app, pairs| rows(app, pairs, Format::Csv)))
        .route("/api/v1/facets/{name}", get(facet))
        .route("/api/v1/status", get(status))
        .route("/api/v1/scorecard", get(scorecard))
        .route("/api/v1/works", get(works))
        .route("/api/v1/verify", get(verdict::verdict))
        .route("/api/v1/lineage", get(lineage::rows))
        .route("/api/v1/lineage.svg", get(lineage::svg))
        .route("/api/v1/lineage.dot", get(lineage::dot))
        .route("/api/v1/check", post(article::rows))
        .route("/api/v1/checks/{id}/verdicts.jsonl", get(article::lines))
        .route("/api/v1/checks/{id}/report.html", get(article::report))
        .route("/api/v1/documents", get(documents))
        .route("/api/v1/documents/{sha256}", get(document))
        .route("/api/v1/documents/{sha256}/mentions.jsonl", get(mentions))
        .route("/api/v1/documents/{sha256}/source", get(source))
        .route("/api/v1/documents/{sha256}/pages/{page}", get(page))
        .route("/api/v1/documents/{sha256}/pages/{page}/image", get(image))
        .route("/api/v1/documents/{sha256}/cite", get(citation))
        .route("/api/v1/documents/{sha256}/card", get(card::of_place))
}

pub(super) fn row(value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(text) => ([(header::CONTENT_TYPE, "application/json")], text).into_response(),
        Err(_) => Refusal::broken().into_answer(true),
    }
}

async fn index() -> Response {
    let paths: Vec<String> = super::openapi()
        .get("paths")
        .and_then(Value::as_object)
        .map(|paths| paths.keys().cloned().collect())
        .unwrap_or_default();
    row(
        &json!({"schema": "paydirt.api/1", "version": env!("CARGO_PKG_VERSION"), "openapi": "/api/v1/openapi.json", "paths": paths}),
    )
}

async fn openapi() -> Response {
    row(&super::openapi())
}

/// Numbers of a row are printed as the row prints them, so rows are never made into values first.
#[derive(Serialize)]
struct Page {
    schema: &'static str,
    query: String,
    read_as: String,
    notes: Vec<String>,
    /// Passages found, near copies included.
    total: usize,
    /// Of those found, the documents; only where they are asked for by document.
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<usize>,
    from: usize,
    /// Where the next hits are asked for; null at the end.
    next: Option<String>,
    facets: BTreeMap<&'static str, Vec<Count>>,
    #[serde(flatten)]
    rows: Rows,
}

/// The hits one by one, or under their documents.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Rows {
    Hits(Vec<Hit>),
    Groups(Vec<Group>),
}

async fn search(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Answer {
    let page = app
        .work(move |app| {
            let asked = Asked::of(&pairs)?;
            let view = asked.view(By::Passage, false);
            let found = asked.search_as(&app.index, &Facet::ALL, view)?;
            let shown = asked.shown(view.by);
            let next = asked.from + shown;
            let (rows, documents) = match view.by {
                By::Passage => (Rows::Hits(hits(&found, asked.from, shown)?), None),
                By::Document => {
                    let groups = found.groups(asked.from, Some(shown), asked.each());
                    (Rows::Groups(groups.collect::<Result<_, _>>()?), Some(found.documents()))
                }
            };
            let all = documents.unwrap_or_else(|| if view.fold { found.shown() } else { found.total() });
            Ok(Page {
                schema: "paydirt.search/1",
                read_as: found.read_as.clone(),
                notes: found.notes.clone(),
                total: found.total(),
                documents,
                from: asked.from,
                next: (next < all).then(|| asked.starting(next).at("/api/v1/search")),
                rows,
                facets: found.facets.into_iter().map(|(facet, counts)| (facet.name(), counts)).collect(),
                query: asked.query,
            })
        })
        .await?;
    Ok(row(&page))
}

/// Every value of one facet.
async fn facet(State(app): State<Arc<App>>, Path(name): Path<String>, Query(pairs): Pairs) -> Answer {
    let value = app
        .work(move |app| {
            let facet = facet_named(&name).ok_or_else(|| {
                let known: Vec<&str> = Facet::ALL.iter().map(|f| f.name()).collect();
                Refusal::missing("there is no such facet", &format!("facets are {}", known.join(", ")))
            })?;
            let asked = Asked::of(&pairs)?;
            let found = asked.search(&app.index, &[facet])?;
            let counts = found.facets.first().map(|(_, counts)| json!(counts));
            Ok(json!({"schema": "paydirt.facets/1", "read_as": found.read_as, "total": found.total(), "facets": {name: counts}}))
        })
        .await?;
    Ok(row(&value))
}

/// All hits as they come, however many; a client that goes away ends it.
async fn rows(State(app): State<Arc<App>>, Query(pairs): Pairs, format: Format) -> Answer {
    let asked = Asked::of(&pairs)?.starting(0);
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "paydirt-hits.csv"),
        _ => (LINES, "paydirt-hits.jsonl"),
    };
    let answer = streamed(&app, kind, Some(name), move |app, sink| {
        let found = asked.search(&app.index, &[])?;
        sink.begin();
        sink.push(&export::head(format, &HITS));
        for hit in found.hits(None) {
            if !sink.push(&export::line(format, &HITS, &hit?)) {
                break;
            }
        }
        Ok(())
    });
    Ok(answer.await?)
}

async fn status(State(app): State<Arc<App>>) -> Response {
    let counts = account(&app).counts();
    let head = &app.index.head;
    row(&json!({
        "schema": "paydirt.status/1", "format": head.format, "version": head.version, "fingerprint": head.fingerprint,
        "languages": head.languages, "documents": head.documents, "passages": head.passages, "mentions": head.mentions,
        "sources": {"total": counts.sources, "read": counts.read, "in_part": counts.in_part, "skipped": counts.skipped, "failed": counts.failed},
        "pages": {"total": counts.pages, "read": counts.pages_read, "unread": counts.pages_unread},
    }))
}

async fn scorecard(State(app): State<Arc<App>>) -> Answer {
    let scored = app.scorecard.as_ref();
    Ok(row(scored.ok_or_else(|| Refusal::missing("there is no scorecard", "paydirt serve --gold FOLDER"))?))
}

async fn works(State(app): State<Arc<App>>) -> Response {
    row(&json!({"schema": "paydirt.works/1", "works": app.works}))
}

async fn documents(State(app): State<Arc<App>>) -> Response {
    row(&json!({"schema": "paydirt.documents/1", "account": app.account}))
}

async fn document(State(app): State<Arc<App>>, Path(sha256): Path<String>) -> Answer {
    let opened = app.work(move |app| app.opened(&sha256)).await?;
    Ok(row(&opened.record))
}

async fn mentions(State(app): State<Arc<App>>, Path(sha256): Path<String>) -> Answer {
    let answer = streamed(&app, LINES, None, move |app, sink| {
        let opened = app.opened(&sha256)?;
        sink.begin();
        for passage in &opened.passages {
            for mention in passage.mentions(&opened.record)? {
                if !sink.push(&export::line(Format::Jsonl, &MENTIONS, &mention)) {
                    return Ok(());
                }
            }
        }
        Ok(())
    });
    Ok(answer.await?)
}

/// The file as it was when the index was built, to be saved and never to be shown in place.
async fn source(State(app): State<Arc<App>>, Path(sha256): Path<String>) -> Answer {
    let (name, bytes) = app
        .work(move |app| {
            let opened = app.opened(&sha256)?;
            let name = opened.record.source.path.rsplit('/').next().unwrap_or("source").to_string();
            Ok((name, app.source(&opened.record)?))
        })
        .await?;
    let safe: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{safe}\"")),
    ];
    Ok((headers, bytes).into_response())
}

/// A page with all that stands on it.
#[derive(Serialize)]
struct PageRow {
    schema: &'static str,
    source: String,
    sha256: String,
    document: DocumentRow,
    page: crate::document::Page,
    text: String,
    passages: Vec<Value>,
    mentions: Vec<MentionRow>,
    furniture: Vec<Furniture>,
}

async fn page(State(app): State<Arc<App>>, Path((sha256, number)): Path<(String, String)>) -> Answer {
    let page = app
        .work(move |app| {
            let opened = app.opened(&sha256)?;
            let page = page_of(&opened, &number)?;
            let passages = passages_on(&opened, page);
            let mut text = String::new();
            let mut mentions = Vec::new();
            for (passage, span) in &passages {
                let inside = span.start - passage.span.start..span.end - passage.span.start;
                text.push_str(passage.text.get(inside).unwrap_or_default());
                mentions.extend(passage.mentions(&opened.record)?.into_iter().filter(|m| m.page == page.number));
            }
            // Places of lines are whole tenths of a point.
            let passages = passages
                .iter()
                .map(|(p, _)| json!({"span": p.span, "kind": p.kind, "paragraph": p.paragraph, "lines": p.lines}))
                .collect();
            Ok(PageRow {
                schema: "paydirt.page/1",
                source: opened.record.source.path.clone(),
                sha256,
                document: opened.record.row(),
                page: page.clone(),
                text,
                passages,
                mentions,
                furniture: opened.record.furniture.iter().filter(|f| f.page == page.number).cloned().collect(),
            })
        })
        .await?;
    Ok(row(&page))
}

async fn image(
    State(app): State<Arc<App>>,
    Path((sha256, number)): Path<(String, String)>,
    Query(pairs): Pairs,
    headers: HeaderMap,
) -> Answer {
    let width = pairs.iter().find(|(n, _)| n == "width").map_or(Ok(900), |(_, w)| w.parse::<u32>());
    let width =
        width.map_err(|_| Refusal::new(400, "`width` must be a number of pixels", "for example 900"))?;
    let page: u32 = number
        .parse()
        .map_err(|_| Refusal::missing("the document has no such page", "pages are numbered from 1"))?;
    let tag = format!("\"{}-{page}-{width}\"", sha256.get(..16).unwrap_or("none"));
    let png = picture(&app, &sha256, page, width).await?;
    let about = [
        (header::ETAG, tag.clone()),
        // The address names the bytes it is drawn from.
        (header::CACHE_CONTROL, "private, max-age=86400".to_string()),
        (header::CONTENT_TYPE, "image/png".to_string()),
    ];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, png.as_ref().clone()).into_response())
}

async fn citation(State(app): State<Arc<App>>, Path(sha256): Path<String>, Query(pairs): Pairs) -> Answer {
    let text = app
        .work(move |app| {
            let opened = app.opened(&sha256)?;
            let wanted = pairs.iter().find(|(n, _)| n == "form").map_or("plain", |(_, v)| v.as_str());
            let form = cite::Form::ALL.into_iter().find(|form| form.name() == wanted).ok_or_else(|| {
                Refusal::new(
                    400,
                    "there is no such form of citation",
                    "forms are plain, markdown, bibtex, annotation",
                )
            })?;
            let span = at(&pairs).ok_or_else(|| {
                Refusal::new(400, "`at` is missing", "name the bytes of the text: at=1024-1100")
            })?;
            let passage = opened.passages.iter().find(|p| p.span.overlaps(span)).ok_or_else(|| {
                Refusal::missing(
                    "there is no passage at this place",
                    "hits and mentions have their place in `span`",
                )
            })?;
            Ok(cite::cite(&opened, passage, form))
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}
