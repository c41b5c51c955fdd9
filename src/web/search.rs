//! The search page: the box, how the query was read, facets, charts, hits by document; and the page
//! of one facet with all its values.

use super::asked::{Asked, BYS, By, COPIES, SORTS, View, encoded, facet_named};
use super::html::{Frame, Refusal, frame, told};
use super::marked::{Marks, grouped, marked, value};
use super::state::App;
use super::{chart, document};
use crate::index::Facet;
use crate::search::{Count, Found, Hit};
use axum::extract::{Path, Query, State};
use axum::response::Html;
use maud::{Markup, html};
use std::sync::Arc;

/// Values of a facet shown beside the hits.
const VALUES: usize = 8;
/// And those that can be unfolded.
const MORE: usize = 40;
/// Mentions listed under a hit.
const MENTIONS: usize = 8;

type Pairs = Query<Vec<(String, String)>>;

/// The search page.
pub(super) async fn page(State(app): State<Arc<App>>, Query(pairs): Pairs) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let asked = Asked::of(&pairs)?;
        let title = if asked.query.is_empty() { "Search".to_string() } else { asked.query.clone() };
        let here = Frame { title: &title, here: "/", asked: None };
        // Where nothing is asked there is nothing to fold copies into.
        let view = asked.view(By::Document, !asked.is_empty());
        let found = match asked.search_as(&app.index, &Facet::ALL, view) {
            Ok(found) => found,
            // What is not understood is told where it was typed.
            Err(refusal) if refusal.is_usage() => {
                let content =
                    html! { div class="search lone" { (search_box(&asked)) (told(&refusal.error)) } };
                return Ok(frame(&here, &content));
            }
            Err(refusal) => return Err(refusal),
        };
        let groups = groups(&asked, &found, view)?;
        Ok(frame(&here, &results(app, &asked, view, &found, &groups)))
    })
    .await
}

/// Hits under one document.
struct Group {
    /// Passages of the document that were found, and are not folded into others.
    passages: usize,
    /// One at least.
    hits: Vec<Hit>,
}

/// What the page shows: documents in the rank of their best passage, or passages in their rank,
/// those of one document that follow each other under one head.
fn groups(asked: &Asked, found: &Found<'_>, view: View) -> Result<Vec<Group>, Refusal> {
    let shown = asked.shown(view.by);
    let mut groups: Vec<Group> = Vec::new();
    match view.by {
        By::Document => {
            for group in found.groups(asked.from, Some(shown), asked.each()) {
                let group = group?;
                groups.push(Group { passages: group.passages, hits: group.hits });
            }
        }
        By::Passage => {
            for hit in hits(found, asked.from, shown)? {
                let is_same = |g: &&mut Group| g.hits.last().is_some_and(|last| last.sha256 == hit.sha256);
                match groups.last_mut().filter(is_same) {
                    Some(group) => {
                        group.passages += 1;
                        group.hits.push(hit);
                    }
                    None => groups.push(Group { passages: 1, hits: vec![hit] }),
                }
            }
        }
    }
    groups.retain(|group| !group.hits.is_empty());
    Ok(groups)
}

/// The hits from one on, so many at most.
pub(super) fn hits(found: &Found<'_>, from: usize, limit: usize) -> Result<Vec<Hit>, Refusal> {
    let mut hits = Vec::new();
    for hit in found.page(from, Some(limit)) {
        hits.push(hit?);
    }
    Ok(hits)
}

fn search_box(asked: &Asked) -> Markup {
    html! {
        form id="search" class="box" action="/" method="get" role="search" {
            label for="q" class="unseen" { "Search the reports" }
            input id="q" name="q" type="search" value=(asked.query) autocomplete="off" spellcheck="false"
                autofocus[asked.is_empty()] placeholder="words, \"a phrase\", $81 million, exchange:KuCoin, amount:>=100M";
            @if let Some(dates) = &asked.dates { input type="hidden" name="dates" value=(dates); }
            @if asked.limit != 0 { input type="hidden" name="limit" value=(asked.limit); }
            @if asked.each != 0 { input type="hidden" name="each" value=(asked.each); }
            @for (name, by) in BYS { @if asked.by == Some(by) { input type="hidden" name="by" value=(name); } }
            @for (name, fold) in COPIES { @if asked.fold == Some(fold) { input type="hidden" name="copies" value=(name); } }
            label for="sort" class="unseen" { "Order" }
            select id="sort" name="sort" {
                @for (name, sort) in SORTS { option value=(name) selected[*sort == asked.sort] { (name) } }
            }
            button type="submit" { "Search" }
        }
    }
}

fn results(app: &App, asked: &Asked, view: View, found: &Found<'_>, groups: &[Group]) -> Markup {
    let total = found.total();
    // What is counted on pages of results.
    let all = match view.by {
        By::Document => found.documents(),
        By::Passage if view.fold => found.shown(),
        By::Passage => total,
    };
    let date = found.facets.iter().find(|(facet, _)| facet.name() == "date");
    let year = found.facets.iter().find(|(facet, _)| facet.name() == "year");
    html! {
        div class="search" {
            (search_box(asked))
            div class="receipt" {
                p { span class="label" { "Read as" } " " span class="read-as" { (found.read_as) } }
                @for note in &found.notes { p class="note" { (note) } }
                @if !asked.chosen.is_empty() || asked.dates.is_some() { (chosen(asked)) }
            }
            div class="columns" {
                aside class="facets" aria-label="Filters" {
                    details class="fold" open {
                        summary { "Filters" }
                        div class="charts" {
                            @for (facet, counts) in &found.facets {
                                @if *facet == Facet::Amount { (chart::amounts(asked, counts)) }
                            }
                            @if let Some((_, counts)) = date { (chart::years(asked, counts, "Dates mentioned")) }
                        }
                        @for (facet, counts) in &found.facets {
                            @if *facet != Facet::Amount && facet.name() != "date" { (facet_box(asked, *facet, counts, VALUES)) }
                        }
                        label class="option" {
                            input type="checkbox" name="literal" value="1" form="search" checked[asked.literal];
                            " Only the words typed"
                        }
                        button type="submit" form="search" class="apply" { "Apply" }
                        @if date.is_none() && year.is_none() { p class="quiet" { "No dates." } }
                    }
                }
                section class="hits" aria-label="Results" {
                    div class="bar" {
                        h1 data-total=(total) { (many(total, "passage"))
                            @if view.by == By::Document { " in " (many(all, "document")) } }
                        p class="export" {
                            "All of them: " a href=(asked.starting(0).at("/api/v1/search.csv")) download { "CSV" }
                            " · " a href=(asked.starting(0).at("/api/v1/search.jsonl")) download { "JSON Lines" }
                        }
                    }
                    @if total == 0 { (nothing(asked)) } @else { (layout(asked, view, total, found)) }
                    @for group in groups { (in_group(app, asked, group)) }
                    (pager(asked, asked.shown(view.by), all))
                }
            }
        }
    }
}

fn number(n: usize) -> String {
    grouped(&n.to_string())
}

fn many(n: usize, what: &str) -> String {
    format!("{} {what}{}", number(n), if n == 1 { "" } else { "s" })
}

fn near_copies(n: usize) -> String {
    format!("{} near {}", number(n), if n == 1 { "copy" } else { "copies" })
}

/// How the hits are laid out, and the other ways.
fn layout(asked: &Asked, view: View, total: usize, found: &Found<'_>) -> Markup {
    let folded = Asked { fold: Some(true), from: 0, ..asked.clone() };
    let apart = Asked { fold: Some(false), ..folded.clone() };
    let copies = if view.by == By::Document || view.fold { total.saturating_sub(found.shown()) } else { 0 };
    html! {
        p class="layout" {
            @for (name, by) in BYS {
                a href=(asked.by(by).at("/")) aria-current=[(by == view.by).then_some("true")] { "by " (name) }
            }
            @if view.fold && copies > 0 {
                span { (near_copies(copies)) " folded: " a id="unfold" href=(apart.at("/")) { "show them apart" } }
            } @else if !view.fold {
                a href=(folded.at("/")) { "fold near copies" }
            }
        }
    }
}

/// What is filtered by, each to be taken away.
fn chosen(asked: &Asked) -> Markup {
    html! {
        ul class="chosen" aria-label="Chosen filters" {
            @for (facet, values) in &asked.chosen {
                @for value in values {
                    li { a href=(asked.toggled(*facet, value).at("/")) {
                        span { (facet.name()) } " " (value) " " span class="x" aria-label="take away" { "×" }
                    } }
                }
            }
            @if let Some(dates) = &asked.dates {
                li { a href=(asked.with_dates(None).at("/")) { span { "dates" } " " (dates) " " span class="x" aria-label="take away" { "×" } } }
            }
            li { a class="all" href=(asked.unfiltered().at("/")) { "take all away" } }
        }
    }
}

fn check(asked: &Asked, facet: Facet, count: &Count) -> Markup {
    html! {
        li { label title=(count.value) {
            input type="checkbox" name=(facet.name()) value=(count.value) form="search"
                checked[count.chosen || asked.has(facet, &count.value)];
            span class="value" { (shown(count)) } " " span class="count" { (count.passages) }
        } }
    }
}

/// A value of two levels as a path people read.
fn shown(count: &Count) -> String {
    if count.above.is_some() { count.value.replacen('/', " › ", 1) } else { count.value.clone() }
}

fn facet_box(asked: &Asked, facet: Facet, counts: &[Count], shown: usize) -> Markup {
    // Chosen values stay in sight, also where nothing has them.
    let is_chosen = |count: &&Count| count.chosen || asked.has(facet, &count.value);
    let lost =
        asked.chosen.get(&facet).into_iter().flatten().filter(|v| !counts.iter().any(|c| c.value == **v));
    let first: Vec<&Count> =
        counts.iter().enumerate().filter(|(i, c)| *i < shown || is_chosen(c)).map(|(_, c)| c).collect();
    let rest: Vec<&Count> = counts.iter().skip(shown).filter(|c| !is_chosen(c)).take(MORE).collect();
    if counts.is_empty() && !asked.chosen.contains_key(&facet) {
        return html! {};
    }
    html! {
        fieldset class="facet" {
            legend { (name(facet)) }
            ul {
                @for value in lost {
                    (check(asked, facet, &Count { value: value.clone(), above: None, passages: 0, chosen: true }))
                }
                @for count in &first { (check(asked, facet, count)) }
            }
            @if !rest.is_empty() {
                details {
                    summary { (counts.len() - first.len()) " more" }
                    ul { @for count in &rest { (check(asked, facet, count)) } }
                    @if counts.len() > shown + MORE {
                        a href=(asked.at(&format!("/facet/{}", facet.name()))) { "all " (counts.len()) ", and search in them" }
                    }
                }
            }
        }
    }
}

fn name(facet: Facet) -> String {
    match facet.name() {
        "year" => "Published".to_string(),
        "kind" => "Mentions of".to_string(),
        "exchange" => "Names".to_string(),
        name => {
            let mut letters = name.chars();
            letters
                .next()
                .map(|c| c.to_uppercase().collect::<String>() + letters.as_str())
                .unwrap_or_default()
        }
    }
}

fn nothing(asked: &Asked) -> Markup {
    html! {
        div class="notice" {
            h2 { "Nothing was found" }
            ul {
                @if !asked.chosen.is_empty() || asked.dates.is_some() { li { "Take a filter away: they are named above." } }
                li { "Look at how the query was read: every word of a phrase must stand there as typed." }
                li { "Try fewer words, " code { "word*" } " for words that begin so, " code { "wrod~" } " for a letter off." }
                li { "A figure is found however it is printed: " code { "$81 million" } ", " code { "amount:>=80M" } "." }
                li { "Some pages may not have been read: see the " a href="/corpus" { "corpus" } "." }
            }
        }
    }
}

fn in_group(app: &App, asked: &Asked, group: &Group) -> Markup {
    let Some(first) = group.hits.first() else { return html! {} };
    let has_picture = app.has_corpus() && first.source.to_lowercase().ends_with(".pdf");
    let name = if first.document.id.is_empty() { &first.source } else { &first.document.id };
    let more = group.passages - group.hits.len();
    html! {
        article class={"group" @if has_picture { " pictured" }} {
            header {
                h2 { a href=(document::address(asked, first)) { (first.document.title.as_deref().unwrap_or(&first.source)) } }
                p class="from" {
                    span class="id" { (first.document.id) }
                    @if let Some(publisher) = &first.document.publisher { " · " (publisher) }
                    @if let Some(published) = &first.document.published { " · " time { (published) } }
                }
            }
            @if has_picture {
                a class="thumb" href=(document::address(asked, first)) tabindex="-1" aria-hidden="true" {
                    img loading="lazy" alt="" width="120" height="155"
                        src={"/api/v1/documents/" (first.sha256) "/pages/" (first.page) "/image?width=240"};
                }
            }
            div class="of-document" {
                ol { @for hit in &group.hits { (one(app, asked, hit)) } }
                @if more > 0 { p class="more" { a href=(asked.within(name).at("/")) { (many(more, "more passage")) " in this document" } } }
            }
        }
    }
}

fn one(app: &App, asked: &Asked, hit: &Hit) -> Markup {
    let marks = Marks {
        mentions: hit
            .mentions
            .iter()
            .filter_map(|m| {
                let start = m.span.start.checked_sub(hit.span.start)?;
                Some(((start, m.span.end.checked_sub(hit.span.start)?), m))
            })
            .collect(),
        found: hit.highlights.iter().map(|h| (h.start, h.end)).collect(),
        ..Marks::default()
    };
    html! {
        li class="hit" {
            p class="place" {
                a class="open" href=(document::address(asked, hit)) {
                    "page " (hit.page)
                    @if let Some(label) = hit.page_label.as_ref().filter(|l| **l != hit.page.to_string()) { " (printed " (label) ")" }
                    @if let Some(paragraph) = &hit.paragraph { ", " (document::place_name(paragraph)) }
                }
                @if let Some(annex) = &hit.annex { " · " (annex) }
                @if let Some(heading) = &hit.heading { span class="under" { " · " (heading.replace('\n', " / ")) } }
            }
            p class="text" { (marked(&hit.text, &marks)) }
            @if !hit.mentions.is_empty() {
                ul class="values" {
                    @for mention in hit.mentions.iter().take(MENTIONS) {
                        li class={"v " (mention.kind.name())} { (value(mention))
                            @if let Some(other) = &mention.disputed_digits { span class="warn" { " other reading: " (other) } } }
                    }
                    @if hit.mentions.len() > MENTIONS { li { "and " (hit.mentions.len() - MENTIONS) " more" } }
                }
            }
            @if !hit.copies.is_empty() {
                details class="copies" {
                    summary { (near_copies(hit.copies.len())) }
                    ul { @for copy in &hit.copies {
                        li {
                            @match app.sha256_of(&copy.source) {
                                Some(sha256) => a href=(asked.starting(0).at(&format!("/document/{sha256}/page/{}", copy.page))) { (copy.locator) },
                                None => (copy.locator),
                            }
                            ", page " (copy.page)
                        }
                    } }
                }
            }
        }
    }
}

/// To the other pages of results; `total` counts what a page shows `shown` of.
fn pager(asked: &Asked, shown: usize, total: usize) -> Markup {
    let last = total.saturating_sub(1) / shown * shown;
    if total <= shown && asked.from == 0 {
        return html! {};
    }
    let to = |from: usize| asked.starting(from).at("/");
    html! {
        nav class="pager" aria-label="Pages of results" {
            @if asked.from > 0 {
                a href=(to(0)) { "first" }
                a rel="prev" href=(to(asked.from.saturating_sub(shown))) { "previous" }
            }
            span { (number(asked.from.min(total) + 1)) "–" (number((asked.from + shown).min(total))) " of " (number(total)) }
            @if asked.from + shown < total {
                a rel="next" href=(to(asked.from + shown)) { "next" }
                a href=(to(last)) { "last" }
            }
        }
    }
}

/// Every value of a facet under the question, and those with a text in them.
pub(super) async fn facet(
    State(app): State<Arc<App>>,
    Path(named): Path<String>,
    Query(pairs): Pairs,
) -> Result<Html<String>, Refusal> {
    app.work(move |app| {
        let facet = facet_named(&named).ok_or_else(|| Refusal::missing("there is no such filter", "they stand beside the results"))?;
        let asked = Asked::of(&pairs)?;
        let wanted = pairs.iter().find(|(n, _)| n == "find").map(|(_, v)| v.trim().to_lowercase()).unwrap_or_default();
        let found = asked.search(&app.index, &[facet])?;
        let all = found.facets.first().map(|(_, counts)| counts.as_slice()).unwrap_or_default();
        let counts: Vec<&Count> = all.iter().filter(|c| c.value.to_lowercase().contains(&wanted)).collect();
        let content = html! {
            div class="prose" {
                p { a href=(asked.at("/")) { "← back to the results" } }
                h1 { (name(facet)) ": " (counts.len()) @if counts.len() != all.len() { " of " (all.len()) } " values" }
                form class="box" method="get" action={"/facet/" (encoded(facet.name()))} {
                    @for (name, value) in pairs.iter().filter(|(n, _)| n != "find" && n != "from") {
                        input type="hidden" name=(name) value=(value);
                    }
                    label class="unseen" for="q" { "Values with this in them" }
                    input id="q" type="search" name="find" value=(wanted) placeholder="values with this in them";
                    button { "Find" }
                }
                form id="search" method="get" action="/" {
                    @for (name, value) in pairs.iter().filter(|(n, _)| n != "find" && n != "from" && *n != facet.name()) {
                        input type="hidden" name=(name) value=(value);
                    }
                    p { button { "Show the passages of those chosen" } }
                }
                fieldset class="facet wide" { legend class="unseen" { (name(facet)) } ul { @for count in counts { (check(&asked, facet, count)) } } }
            }
        };
        Ok(frame(&Frame { title: &name(facet), here: "/", asked: Some(&asked) }, &content))
    })
    .await
}
