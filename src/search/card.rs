//! Evidence for one place of a report, as it is shown to others: the words with what stands round
//! them, where that is, the source's fingerprint, and what to draw of the page.
//!
//! How a card looks is the faces' to say; whether the source is still the same, whoever reads it.

use super::Context;
use super::locate::{Located, Part, locator};
use crate::document::{Format, ParagraphKind};
use crate::error::{Error, ErrorKind, Result};
use crate::extract::row::{DocumentRow, Ends, MentionRow};
use crate::extract::{self, Kind, Value};
use crate::index::Index;
use crate::index::record::PassageRecord;
use crate::picture::{Marked, Request, Written};
use crate::structure;
use serde::Serialize;

/// The `schema` field of a card.
pub const SCHEMA: &str = "paydirt.card/1";

/// The colour of a figure's box.
pub const FIGURE: [u8; 3] = [200, 30, 30];
/// Of the passage it stands in.
const PASSAGE: [u8; 3] = [240, 200, 90];
/// How much of the page a strip shows above and below, in points.
pub const AROUND: f32 = 40.0;
/// Air round a passage's lines, in points.
const AIR: f32 = 3.0;
/// Characters of a passage that a caption gives.
const LONGEST_QUOTE: usize = 900;

/// A place of a report as evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Card {
    pub schema: String,
    /// What `paydirt show` takes.
    pub locator: String,
    pub source: String,
    /// Of the source's bytes.
    pub sha256: String,
    pub document: DocumentRow,
    /// A UN document symbol, where there is one.
    pub symbol: Option<String>,
    /// Where it was published on the web.
    pub address: Option<String>,
    /// 1-based page of the file the figure stands on, else the passage begins on.
    pub page: u32,
    /// As printed on that page.
    pub page_label: Option<String>,
    /// Pages of the file.
    pub pages: usize,
    pub paragraph: Option<String>,
    pub annex: Option<String>,
    /// The headings it stands under, the highest first.
    pub headings: Vec<String>,
    pub passages: Vec<Quoted>,
    /// Those that are boxed.
    pub figures: Vec<MentionRow>,
    pub context: Context,
    /// Of the passage on that page, in points: `[x0, y0, x1, y1]`; none where there are no pages.
    pub place: Option<[f32; 4]>,
    #[serde(skip)]
    size: (f32, f32),
    #[serde(skip)]
    format: Format,
}

/// A passage as printed, with what is marked in it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Quoted {
    pub kind: ParagraphKind,
    pub text: String,
    /// Of a table row: caption and heads of its table.
    pub table: Option<String>,
    /// Bytes of the text that the figures stand at.
    pub marks: Vec<Ends>,
}

/// The card of what a locator names; `figure` chooses one of its figures as it is printed or by its
/// value, and `around` passages are given before and after.
///
/// # Errors
/// `Usage` where the place is a whole document or has no such figure, `Index` where it is damaged.
pub fn card(index: &Index, located: &Located, figure: Option<&str>, around: usize) -> Result<Card> {
    let document = &located.document;
    if located.part == Part::Whole || located.passages.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "this names a document and no place in it")
            .hint("name a page, paragraph, footnote or row: paydirt card S/2022/132 para 106"));
    }
    let mut passages: Vec<&PassageRecord> = located.passages.iter().collect();
    let mut found: Vec<(u64, MentionRow)> = Vec::new();
    for passage in &passages {
        found.extend(passage.mentions(document)?.into_iter().map(|m| (passage.order, m)));
    }
    match figure {
        Some(wanted) => {
            let known = found.iter().map(|(_, m)| m.surface.clone()).collect::<Vec<_>>().join(", ");
            found = chosen(wanted, found);
            let Some(&(order, _)) = found.first() else {
                let error = Error::new(ErrorKind::Usage, format!("{wanted} does not stand there"));
                return Err(match known.is_empty() {
                    true => error.because("there are no figures at this place"),
                    false => error.because(format!("it has {known}")),
                });
            };
            passages.retain(|p| p.order == order);
            found.retain(|(o, _)| *o == order);
        }
        None if found.iter().any(|(_, m)| m.kind == Kind::Amount) => {
            found.retain(|(_, m)| m.kind == Kind::Amount);
        }
        None => {}
    }
    let quoted = passages.iter().map(|p| quoted(p, &found)).collect();
    let first = passages[0];
    let page = found.first().map_or(first.page, |(_, m)| m.page);
    let about = document.pages.iter().find(|p| p.number == page);
    let lines = passages.iter().flat_map(|p| &p.lines).filter(|(_, _, on, _)| *on == page);
    let place = lines
        .map(|(_, _, _, r)| r.map(|tenths| tenths as f32 / 10.0))
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]);
    Ok(Card {
        schema: SCHEMA.to_string(),
        locator: match (&located.part, passages.len()) {
            (Part::Page(number), 2..) => format!("{} p {number}", name(located)),
            _ => locator(document, first),
        },
        source: document.source.path.clone(),
        sha256: document.source.sha256.clone(),
        document: document.row(),
        symbol: document.meta.symbol.clone(),
        address: document.meta.address.clone(),
        page,
        page_label: about.and_then(|p| p.label.clone()),
        pages: document.pages.len(),
        paragraph: first
            .paragraph
            .clone()
            .filter(|_| passages.len() == 1 || !matches!(located.part, Part::Page(_))),
        annex: first.annex.clone(),
        headings: first.headings.clone(),
        passages: quoted,
        figures: found.into_iter().map(|(_, m)| m).collect(),
        context: context(index, located, &passages, around)?,
        place,
        size: about.map_or((0.0, 0.0), |p| (p.width, p.height)),
        format: document.source.format,
    })
}

fn name(located: &Located) -> &str {
    let document = &located.document;
    if document.meta.id.is_empty() { &document.source.path } else { &document.meta.id }
}

/// The mentions that are printed so, else those of the same value.
fn chosen(wanted: &str, found: Vec<(u64, MentionRow)>) -> Vec<(u64, MentionRow)> {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let printed = fold(wanted);
    let is_printed = |m: &MentionRow| !printed.is_empty() && fold(&m.surface).contains(&printed);
    if found.iter().any(|(_, m)| is_printed(m)) {
        return found.into_iter().filter(|(_, m)| is_printed(m)).collect();
    }
    let asked = extract::extract(&structure::plain(wanted), &Kind::ALL).mentions;
    let is_it = |m: &MentionRow| {
        asked.iter().any(|a| match (&a.value, &m.value) {
            // Whatever its hedge.
            (Value::Amount(x), Value::Amount(y)) => {
                (&x.currency, x.low, x.high) == (&y.currency, y.low, y.high)
            }
            (x, y) => x == y,
        })
    };
    found.into_iter().filter(|(_, m)| is_it(m)).collect()
}

fn quoted(passage: &PassageRecord, found: &[(u64, MentionRow)]) -> Quoted {
    let (text, _) = passage.printed();
    let here = found.iter().filter(|(order, _)| *order == passage.order);
    let spans = here.filter_map(|(_, m)| passage.within(m.span));
    Quoted {
        kind: passage.kind,
        text: text.to_string(),
        table: passage.table.clone(),
        marks: spans.map(|s| Ends { start: s.start, end: s.end }).collect(),
    }
}

fn context(index: &Index, located: &Located, passages: &[&PassageRecord], around: usize) -> Result<Context> {
    let mut context = Context::default();
    let (Some(first), Some(last)) = (passages.first(), passages.last()) else { return Ok(context) };
    let around = around as u64;
    for passage in index.each_passage_of(located.document.order)? {
        let passage = passage?;
        let text = passage.text.trim().to_string();
        // Headings are given as such.
        if passage.kind == ParagraphKind::Heading {
            continue;
        }
        if passage.order < first.order && passage.order + around >= first.order {
            context.before.push(text);
        } else if passage.order > last.order && passage.order <= last.order + around {
            context.after.push(text);
        }
    }
    Ok(context)
}

impl Card {
    /// What to draw: the page with the passage washed and its figures boxed; `None` where the source
    /// has no pages to draw.
    pub fn whole_page(&self, width: u32) -> Option<Request> {
        if self.format != Format::Pdf || self.size.0 <= 0.0 {
            return None;
        }
        let [x0, y0, x1, y1] = self.place.unwrap_or_default();
        let passage =
            self.place.map(|_| Marked { place: [x0 - AIR, y0 - AIR, x1 + AIR, y1 + AIR], colour: PASSAGE });
        let figures = self.figures.iter().filter(|m| m.page == self.page).filter_map(|m| m.boxes.as_ref());
        let figures = figures.flatten().map(|place| Marked { place: *place, colour: FIGURE });
        Some(Request { boxes: passage.into_iter().chain(figures).collect(), ..Request::of(self.page, width) })
    }

    /// The same of the strip of the page round the passage.
    pub fn strip(&self, width: u32) -> Option<Request> {
        let [_, y0, _, y1] = self.place?;
        let part = [0.0, (y0 - AROUND).max(0.0), self.size.0, (y1 + AROUND).min(self.size.1)];
        self.whole_page(width).map(|whole| Request { part: Some(part), ..whole })
    }

    /// `page 4 (printed 4/7) of 7, paragraph 106`
    pub fn place_in_words(&self) -> String {
        let mut words = format!("page {}", self.page);
        if let Some(label) = self.page_label.as_ref().filter(|l| **l != self.page.to_string()) {
            words += &format!(" (printed {label})");
        }
        words += &format!(" of {}", self.pages);
        if let Some(annex) = &self.annex {
            words += &format!(", {annex}");
        }
        match &self.paragraph {
            Some(p) if p.starts_with("table ") => words += &format!(", {p}"),
            Some(p) => match p.strip_prefix("fn ") {
                Some(note) => words += &format!(", footnote {note}"),
                None => words += &format!(", paragraph {p}"),
            },
            None => {}
        }
        words
    }

    /// Title, publisher and day, as far as known.
    pub fn publication(&self) -> String {
        let d = &self.document;
        let parts = [d.title.as_deref(), d.publisher.as_deref(), d.published.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" \u{b7} ")
    }

    /// The card in lines, to be set under the picture of its page.
    pub fn caption(&self) -> Vec<Written> {
        let strong = |text: String| Written { text, is_strong: true };
        let plain = |text: String| Written { text, is_strong: false };
        let mut lines = vec![strong(self.locator.clone())];
        lines.push(plain(self.publication()));
        lines.push(plain(self.place_in_words()));
        for figure in &self.figures {
            lines.push(plain(format!("boxed: {} = {} {}", figure.surface, figure.kind, figure.value)));
        }
        for quoted in &self.passages {
            let text = quoted.text.split_whitespace().collect::<Vec<_>>().join(" ");
            lines.push(plain(match text.char_indices().nth(LONGEST_QUOTE) {
                Some((at, _)) => format!("\u{201c}{}\u{2026}\u{201d}", &text[..at]),
                None => format!("\u{201c}{text}\u{201d}"),
            }));
        }
        lines.push(plain(self.source.clone()));
        lines.push(plain(format!("sha256 {}", self.sha256)));
        lines.retain(|line| !line.text.trim().is_empty());
        lines
    }
}
