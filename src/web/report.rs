//! Pages that stand on their own, to be handed on as one file: no script, nothing fetched, readable
//! on paper. What they say is decided elsewhere.

use super::card::inside;
use super::verdict::{slots, word};
use crate::document::{Document, ParagraphKind, Span};
use crate::verify::article::Checked;
use crate::verify::{Coverage, Evidence};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("assets/report.css");
/// Nothing is fetched and nothing runs, whatever stands in the text.
const NOTHING_OUTSIDE: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// A page in one file.
pub(super) fn page(title: &str, language: &str, content: &Markup) -> String {
    let whole = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(NOTHING_OUTSIDE);
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
        }
    };
    whole.into_string()
}

/// The report on an article: its text with the figures numbered, then a card for each. `picture`
/// gives the PNG of the part of a page that shows the figure, where it can be drawn; it is asked for
/// the first passage of each card.
pub fn article(
    article: &Document,
    figures: &[Checked],
    coverage: &Coverage,
    picture: impl Fn(&Evidence) -> Option<Vec<u8>>,
) -> String {
    let name = article.meta.title.as_deref().unwrap_or(&article.source.path);
    let agreeing = figures.iter().filter(|f| f.verdict.verdict.agrees()).count();
    let content = html! {
        header {
            h1 { "Figures of “" (name) "”" }
            p { (article.source.path)
                @if let Some(publisher) = &article.meta.publisher { " · " (publisher) }
                @if let Some(day) = &article.meta.published { " · " time { (day) } } }
            p { strong { (figures.len()) " figures, " (agreeing) " supported" } }
            (tally(figures))
            p class="coverage" { (covered(coverage)) }
        }
        section aria-labelledby="article" {
            h2 id="article" { "The article" }
            div class="article" { @for paragraph in &article.paragraphs { (in_text(article, paragraph, figures)) } }
        }
        section aria-labelledby="figures" {
            h2 id="figures" { "Its figures" }
            @for (i, checked) in figures.iter().enumerate() { (card(i + 1, checked, &picture)) }
        }
        footer { p { "sha256 of the article: " code { (article.source.sha256) } } }
    };
    page(&format!("Figures of {name}"), "en", &content)
}

/// How many there are of each verdict, the first first.
pub(super) fn tally(figures: &[Checked]) -> Markup {
    let mut counts: Vec<(&str, &str, usize)> = Vec::new();
    for figure in figures {
        let answer = figure.verdict.verdict;
        match counts.iter_mut().find(|(name, ..)| *name == answer.name()) {
            Some((.., n)) => *n += 1,
            None => counts.push((answer.name(), word(answer), 1)),
        }
    }
    html! {
        ul class="tally" { @for (name, word, n) in counts { li { span class={"answer " (name)} { (word) } " " (n) } } }
    }
}

pub(super) fn covered(coverage: &Coverage) -> String {
    let all = coverage.pages_read + coverage.pages_unread;
    match coverage.unread.is_empty() {
        true => format!("Rests on {} of {all} pages of the reports.", coverage.pages_read),
        false => format!(
            "Rests on {} of {all} pages of the reports; with unread pages: {}.",
            coverage.pages_read,
            coverage.unread.join(", ")
        ),
    }
}

pub(super) fn in_text(
    article: &Document,
    paragraph: &crate::document::Paragraph,
    figures: &[Checked],
) -> Markup {
    let marked = marked(article, paragraph.span, figures);
    html! {
        @match paragraph.kind {
            ParagraphKind::Heading => { h3 { (marked) } }
            ParagraphKind::Footnote => { p class="note" { (marked) } }
            ParagraphKind::TableRow => { p class="row" { (marked) } }
            _ => { p { (marked) } }
        }
    }
}

/// The text of a paragraph with its figures as links to their cards.
fn marked(article: &Document, span: Span, figures: &[Checked]) -> Markup {
    let mut at = span.start;
    let mut pieces: Vec<(&str, Option<(usize, &Checked)>)> = Vec::new();
    for (i, figure) in figures.iter().enumerate() {
        let Some(inside) = article.text.get(figure.span.start..figure.span.end) else { continue };
        if figure.span.start < at || figure.span.end > span.end {
            continue;
        }
        pieces.push((article.text.get(at..figure.span.start).unwrap_or(""), None));
        pieces.push((inside, Some((i + 1, figure))));
        at = figure.span.end;
    }
    pieces.push((article.text.get(at..span.end).unwrap_or("").trim_end(), None));
    html! {
        @for (text, figure) in pieces {
            @match figure {
                None => (text),
                Some((number, checked)) => {
                    a class={"figure " (checked.verdict.verdict.name())} id={"t" (number)} href={"#f" (number)} {
                        (text) sup { (number) } span class="unseen" { " (" (word(checked.verdict.verdict)) ")" }
                    }
                }
            }
        }
    }
}

fn card(number: usize, checked: &Checked, picture: impl Fn(&Evidence) -> Option<Vec<u8>>) -> Markup {
    let verdict = &checked.verdict;
    html! {
        article class="card" id={"f" (number)} aria-labelledby={"h" (number)} {
            h3 id={"h" (number)} {
                (number) ". " (verdict.figure.as_deref().unwrap_or("")) " "
                span class={"answer " (verdict.verdict.name())} { (word(verdict.verdict)) }
            }
            blockquote { (verdict.claim) }
            p { (verdict.why) }
            @for slot in &checked.inherited {
                p class="quiet" { (slot.slot) " " (slot.value) ", " (had(slot.how)) }
            }
            (slots(verdict))
            @for (i, evidence) in verdict.evidence.iter().enumerate() {
                (quoted(evidence, if i == 0 { picture(evidence) } else { None }))
            }
            p class="coverage" { (covered(&verdict.coverage)) " " a href={"#t" (number)} { "Back to the text" } }
        }
    }
}

/// Where a slot was had from.
pub(super) fn had(how: crate::claims::How) -> &'static str {
    use crate::claims::How;
    match how {
        How::Said => "from its sentence",
        How::Sentence => "from an earlier sentence",
        How::Heading => "from the heading above",
        How::Table => "from the table's head",
        How::Document => "by the article's day of publication",
    }
}

fn quoted(evidence: &Evidence, picture: Option<Vec<u8>>) -> Markup {
    html! {
        div class="evidence" {
            p class="from" {
                strong { (evidence.locator) } ", page " (evidence.page)
                @if let Some(title) = &evidence.document.title { " · " cite { (title) } }
                @if let Some(publisher) = &evidence.document.publisher { " · " (publisher) }
                @if let Some(day) = &evidence.document.published { " · " time { (day) } }
            }
            blockquote { (evidence.quote) }
            p class="quiet" { (evidence.why) }
            @if let Some(png) = picture {
                img src=(inside(&png)) alt={"The figure boxed on page " (evidence.page) " of " (evidence.source)};
            }
        }
    }
}
