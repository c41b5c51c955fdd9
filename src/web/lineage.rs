//! Where a figure comes from: the documents that carry it down their days, as a picture and as a list
//! that says the same. Who rests on whom is [`crate::verify::lineage`]'s to say.

use super::api::{ApiRefusal, row};
use super::asked::encoded;
use super::html::{Frame, Refusal, frame, told};
use super::state::App;
use super::verdict;
use crate::error::ErrorKind;
use crate::verify::lineage::{Carrier, Lineage, draw, lineage};
use crate::verify::{Answer, Evidence, Verdict};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use maud::{Markup, PreEscaped, html};
use std::sync::Arc;

type Pairs = Query<Vec<(String, String)>>;

/// Longer texts name neither a figure nor a place.
const LONGEST: usize = 300;
/// Scopes of a figure whose lineage is drawn; the others are named with what they are of.
const DRAWN: usize = 6;

/// The page of a figure: its lineage in every scope it stands in.
pub(super) async fn page(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let of = given(&pairs, "of").unwrap_or_default();
        let found = match of.is_empty() {
            true => Ok(Vec::new()),
            false => lineages(app, &pairs),
        };
        let shown = match found {
            Ok(rows) if rows.is_empty() && !of.is_empty() => html! {
                div class="notice" { h2 { "No document carries this figure" }
                    p { "Or the passages that do are not of one scope with others. " a href={"/?q=" (encoded(&of))} { "Search for it" } "." } }
            },
            Ok(rows) => html! { @for (i, one) in rows.iter().enumerate() { (section(one, i, i < DRAWN)) } },
            Err(refusal) if refusal.is_usage() => told(&refusal.error),
            Err(refusal) => return Err(refusal),
        };
        let content = html! {
            div class="verify" {
                h1 { "Where a figure comes from" }
                form class="box" method="get" action="/lineage" {
                    label class="unseen" for="q" { "A figure, or a place in a document" }
                    input id="q" type="search" name="of" value=(of) required maxlength=(LONGEST) placeholder="$400 million, or S/2099/101 para 4";
                    button { "Trace" }
                }
                (shown)
                @if !of.is_empty() { p class="export" { "As rows: " a href={"/api/v1/lineage?of=" (encoded(&of))} { "JSON" }
                    " · " a href={"/api/v1/lineage.svg?of=" (encoded(&of))} { "SVG" } " · " a href={"/api/v1/lineage.dot?of=" (encoded(&of))} { "Graphviz" } } }
            }
        };
        Ok(frame(&Frame { title: "Lineage", here: "/verify", asked: None }, &content))
    })
    .await
}

fn given(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(n, _)| n == name).map(|(_, v)| v.trim().to_string()).filter(|v| !v.is_empty())
}

/// What is asked for: of a figure or a place every scope, of a claim the one its verdict rests on.
fn lineages(app: &App, pairs: &[(String, String)]) -> Result<Vec<Lineage>, Refusal> {
    if let Some(of) = given(pairs, "of") {
        if of.len() > LONGEST {
            return Err(Refusal::new(400, "this is too long for a figure", "for example of=$400 million"));
        }
        return Ok(lineage(&app.index, &of)?);
    }
    let verdict = verdict::asked(app, pairs)?.ok_or_else(|| {
        Refusal::new(400, "`of` or `claim` is missing", "a figure or a place, or a sentence")
    })?;
    Ok(of_verdict(app, &verdict)?.into_iter().collect())
}

/// The lineage of the figure a verdict found: the claim's own, or where the reports have another, theirs.
///
/// `None` where nothing carries it.
pub(super) fn of_verdict(app: &App, verdict: &Verdict) -> Result<Option<Lineage>, Refusal> {
    let Some(first) = verdict.evidence.first() else { return Ok(None) };
    if matches!(verdict.verdict, Answer::NotFound | Answer::CannotSay) {
        return Ok(None);
    }
    let found = verdict.compared.iter().find(|c| c.slot == "figure").and_then(|c| c.found.as_deref());
    let Some(figure) = found.or(verdict.figure.as_deref()) else { return Ok(None) };
    let rows = match lineage(&app.index, figure) {
        Ok(rows) => rows,
        // A figure that is none by itself, such as `seven`, has no lineage.
        Err(error) if error.kind == ErrorKind::Usage => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // Of several scopes, the one that holds the best evidence, by its words if they are there.
    let holds = |row: &Lineage, evidence: &Evidence| {
        let of_it = row.documents.iter().filter(|c| c.sha256 == evidence.sha256);
        of_it.map(|c| 1 + usize::from(c.page == evidence.page) + usize::from(c.quote == evidence.quote)).max()
    };
    let best = rows.into_iter().filter_map(|row| Some((holds(&row, first)?, row)));
    // The first of those equal is the one with most documents.
    Ok(best
        .fold(None, |best: Option<(usize, Lineage)>, next| match best {
            Some(best) if best.0 >= next.0 => Some(best),
            _ => Some(next),
        })
        .map(|(_, row)| row))
}

/// The page of a document opened where it carries the figure.
fn to(carrier: &Carrier) -> String {
    super::document::opened_at(&carrier.sha256, carrier.page, carrier.span)
}

/// A lineage as a picture and a list. `number` tells those of one page apart.
pub(super) fn section(lineage: &Lineage, number: usize, is_drawn: bool) -> Markup {
    let name = format!("lineage-{number}");
    html! {
        section class="lineage" aria-labelledby={(name) "-h"} {
            h2 id={(name) "-h"} { "Where " (lineage.figure) " comes from" }
            p { strong { (lineage.in_words()) } " · " span class="quiet" { (lineage.scope) } }
            div class="two" {
                @if is_drawn {
                    div class="scroll picture-of-lineage" tabindex="0" role="region" aria-label={"Picture: where " (lineage.figure) " comes from"} {
                        (PreEscaped(draw::picture(lineage, &name, to)))
                    }
                }
                (listed(lineage))
            }
        }
    }
}

/// Each document with what it rests on and what changed on the way.
fn listed(lineage: &Lineage) -> Markup {
    let name = |i: usize| lineage.documents.get(i).map_or("", |c| c.document.id.as_str());
    html! {
        ol class="carriers" {
            @for (i, carrier) in lineage.documents.iter().enumerate() {
                li {
                    p {
                        time { (carrier.document.published.as_deref().unwrap_or("no date")) } " "
                        a href=(to(carrier)) { strong { (carrier.locator) } }
                        " has " span class="m amount" { (carrier.printed) }
                        @if carrier.claims > 1 { ", " (carrier.claims) " times" }
                    }
                    @for edge in lineage.edges.iter().filter(|e| e.to == i) {
                        p class="rests" { "rests on " (name(edge.from)) ": " (edge.reason) " " (edge.by) }
                        @for change in &edge.changes { p class="changed" { (change) } }
                    }
                    @for origin in lineage.origins.iter().filter(|o| o.unseen && o.documents.first() == Some(&i)) {
                        p class="rests" { "names " (origin.name) ", of which no document here carries it" }
                    }
                    p class="quiet" { (carrier.quote) }
                }
            }
        }
    }
}

/// `/api/v1/lineage`
#[derive(serde::Serialize)]
struct Lineages {
    schema: &'static str,
    lineages: Vec<Lineage>,
}

pub(super) async fn rows(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Result<Response, ApiRefusal> {
    let lineages = app.work(move |app| lineages(app, &pairs)).await?;
    Ok(row(&Lineages { schema: "paydirt.lineages/1", lineages }))
}

pub(super) async fn svg(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Result<Response, ApiRefusal> {
    drawn(app, pairs, "image/svg+xml", draw::svg).await
}

pub(super) async fn dot(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Result<Response, ApiRefusal> {
    drawn(app, pairs, "text/vnd.graphviz", draw::dot).await
}

/// The scope with most documents as a picture.
async fn drawn(
    app: Arc<App>,
    pairs: Vec<(String, String)>,
    kind: &'static str,
    draw: fn(&Lineage) -> String,
) -> Result<Response, ApiRefusal> {
    let found = app.work(move |app| lineages(app, &pairs)).await?;
    let first = found.first().ok_or_else(|| {
        Refusal::missing("no document carries this figure", "search for it: /api/v1/search?q=...")
    })?;
    Ok(([(header::CONTENT_TYPE, kind)], draw(first)).into_response())
}
