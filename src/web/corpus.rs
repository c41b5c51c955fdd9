//! The corpus page: every source and what became of it, pages unread with the reasons, how well the
//! extractors agree with labels, editions and copies, and which paydirt built the index.

use super::html::{Frame, Refusal, frame};
use super::state::App;
use crate::corpus::{Account, Outcome, Work, size_in_words};
use crate::extract::Kind;
use crate::index::record::AccountRow;
use axum::extract::{Query, State};
use axum::response::Html;
use maud::{Markup, html};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The sums of the account.
pub(super) fn account(app: &App) -> Account {
    let mut account = Account::new();
    for row in &app.account {
        account.enter(row.source.clone(), row.outcome.clone(), u32::try_from(row.pages).unwrap_or(u32::MAX));
    }
    account
}

pub(super) async fn page(
    State(app): State<Arc<App>>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let find =
            pairs.iter().find(|(n, _)| n == "find").map(|(_, v)| v.trim().to_lowercase()).unwrap_or_default();
        let only_lost = pairs.iter().any(|(n, v)| n == "only" && v == "unread");
        Ok(frame(&Frame { title: "Corpus", here: "/corpus", asked: None }, &listed(app, &find, only_lost)))
    })
    .await
}

fn listed(app: &App, find: &str, only_lost: bool) -> Markup {
    let counts = account(app).counts();
    let head = &app.index.head;
    let rows: Vec<&AccountRow> = app
        .account
        .iter()
        .filter(|row| {
            let title = row.document.as_ref().map(|d| {
                format!(
                    "{} {} {}",
                    d.id,
                    d.title.as_deref().unwrap_or(""),
                    d.publisher.as_deref().unwrap_or("")
                )
            });
            format!("{} {}", row.source, title.unwrap_or_default()).to_lowercase().contains(find)
        })
        .filter(|row| !only_lost || row.outcome != Outcome::Read || !row.warnings.is_empty())
        .collect();
    let figures = [
        (counts.sources as u64, "sources"),
        (counts.read as u64, "read"),
        (counts.in_part as u64, "in part"),
        (counts.skipped as u64, "skipped"),
        (counts.failed as u64, "failed"),
        (counts.pages_read, "pages read"),
        (counts.pages_unread, "pages unread"),
        (head.passages, "passages"),
        (head.mentions, "mentions"),
    ];
    html! {
        div class="corpus" {
            h1 { "Corpus" }
            dl class="figures" { @for (n, what) in figures { div { dt { (what) } dd { (n) } } } }
            p class="quiet" { "Built by paydirt " (head.version) ", index format " (head.format) ", rules " code { (head.fingerprint) }
                ", languages " (head.languages.join(", ")) ". "
                @if !app.has_corpus() { strong { "The folder of the sources is not at hand, so pages have no pictures: " } code { "paydirt serve --corpus FOLDER" } } }
            (by_kind(app))
            p class="onpage" {
                a href="#sources" { "Sources" }
                @if !app.works.is_empty() { a href="#works" { "Editions and copies" } }
                @if app.scorecard.is_some() { a href="#scorecard" { "How far the figures hold" } }
            }
            h2 id="sources" { "Sources" }
            form class="box" method="get" action="/corpus" {
                label class="unseen" for="q" { "Find a source" }
                input id="q" type="search" name="find" value=(find) placeholder="title, publisher or file";
                label class="option" { input type="checkbox" name="only" value="unread" checked[only_lost]; " only those not read whole" }
                button { "Find" }
            }
            @if rows.is_empty() { div class="notice" { h2 { "No source is called so" } p { a href="/corpus" { "Show all of them" } } } }
            div class="scroll" tabindex="0" role="region" aria-label="Sources" {
                table class="sources" {
                    caption class="unseen" { "Sources and what became of them" }
                    thead { tr { th scope="col" { "Source" } th scope="col" { "Published" } th scope="col" { "Outcome" } th scope="col" class="n" { "Pages read" }
                        th scope="col" class="n" { "Passages" } th scope="col" class="n" { "Mentions" } } }
                    tbody { @for row in rows { (source(row)) } }
                }
            }
            (works(app))
            @if let Some(scored) = &app.scorecard { (scored.markup()) }
        }
    }
}

fn by_kind(app: &App) -> Markup {
    let of = |kind: Kind| app.account.iter().filter_map(|row| row.mentions.get(kind.name())).sum::<u64>();
    html! {
        p class="kinds" { @for kind in Kind::ALL { span class={"m " (kind.name())} { (kind.name()) } " " (of(kind)) " " } }
    }
}

/// Editions and copies of one work; all of them are searched.
fn works(app: &App) -> Markup {
    html! {
        @if !app.works.is_empty() {
            section aria-labelledby="works" {
                h2 id="works" { "Editions and copies" }
                p class="quiet" { "Documents of one work. All of them are searched." }
                ul class="works" { @for work in &app.works { li { strong { (work.work) } " " (members(work, None)) } } }
            }
        }
    }
}

/// The documents of a work, as links but for the one that is shown.
pub(super) fn members(work: &Work, here: Option<&str>) -> Markup {
    html! {
        @for (i, member) in work.documents.iter().enumerate() {
            @let before = i.checked_sub(1).and_then(|i| work.documents.get(i));
            @let is_copy = before.is_some_and(|b| b.sha256 == member.sha256);
            @if i > 0 { "; " }
            @if here == Some(member.source.as_str()) { span { (member.id) } }
            @else { a href={"/document/" (member.sha256) "/page/1"} { (member.id) } }
            " " span class="quiet" { @if is_copy { "copy, " } @else if member.edition > 0 { "revision " (member.edition) ", " } @else { "first edition, " } (member.source) }
        }
    }
}

fn source(row: &AccountRow) -> Markup {
    let (word, class) = match &row.outcome {
        Outcome::Read => ("read", "good"),
        Outcome::InPart { .. } => ("in part", "warn"),
        Outcome::Skipped { .. } => ("skipped", "quiet"),
        Outcome::Failed { .. } => ("failed", "bad"),
    };
    let title = row.document.as_ref().and_then(|d| d.title.as_deref()).unwrap_or(&row.source);
    html! {
        tr {
            th scope="row" {
                @match (&row.sha256, &row.document) {
                    (Some(sha256), Some(_)) => { a href={"/document/" (sha256) "/page/1"} { (title) } }
                    _ => { (title) }
                }
                div class="from" {
                    @if let Some(document) = &row.document { span class="id" { (document.id) } @if let Some(publisher) = &document.publisher { " · " (publisher) } " · " }
                    (row.source) @if let Some(bytes) = row.bytes { ", " (size_in_words(bytes)) }
                }
            }
            td { (row.document.as_ref().and_then(|d| d.published.as_deref()).unwrap_or("–")) }
            td { span class={"outcome " (class)} { (word) } (reasons(row)) }
            td class="n" { (row.pages_read) " / " (row.pages) }
            td class="n" { (row.passages) }
            td class="n" { (row.mentions.values().sum::<u64>()) }
        }
    }
}

fn reasons(row: &AccountRow) -> Markup {
    let mut readers: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (page, reader) in &row.read_by {
        readers.entry(reader).or_default().push(*page);
    }
    html! {
        @for (reader, pages) in readers {
            div class="why" { (pages.len()) @if pages.len() == 1 { " page" } @else { " pages" } " read by " (reader) }
        }
        @match &row.outcome {
            Outcome::Skipped { why } | Outcome::Failed { why } => { div class="why" { (why) } }
            Outcome::InPart { unread } => {
                details class="why" {
                    summary { (unread.len()) " unread" }
                    ul { @for (why, pages) in row.outcome.unread() { li {
                        (why) ": "
                        @for (i, page) in pages.iter().enumerate() {
                            @if i > 0 { ", " }
                            @match &row.sha256 {
                                Some(sha256) => a href={"/document/" (sha256) "/page/" (page)} { "p " (page) },
                                None => { "p " (page) }
                            }
                        }
                    } } }
                }
            }
            Outcome::Read => {}
        }
        @if !row.warnings.is_empty() {
            details class="why" {
                summary { (row.warnings.len()) @if row.warnings.len() == 1 { " warning" } @else { " warnings" } }
                ul { @for warning in &row.warnings { li { @if let Some(page) = warning.page { "p " (page) ": " } (warning.what) } } }
            }
        }
    }
}
