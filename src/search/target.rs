//! Where a passage stands, in the terms of the W3C Web Annotation Data Model: a source with its
//! sha256, a `TextQuoteSelector` and a `TextPositionSelector`; and back, failing closed.
//!
//! Positions are Unicode characters of the document's text as paydirt reads it. They hold for one
//! source, told by its hash: where the index has another version of the source, nothing is shown.

use super::Context;
use super::locate::{Located, Part};
use crate::document::Span;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::index::record::{DocumentRecord, PassageRecord};
use serde::{Deserialize, Serialize};

/// Characters of the text before and after that a quote carries along.
const AROUND: usize = 40;

/// A stretch of a source, as an annotation targets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// `SpecificResource`.
    #[serde(rename = "type")]
    pub sort: String,
    /// Path of the source in its corpus.
    pub source: String,
    /// Of the source's bytes.
    pub sha256: String,
    pub selector: Vec<Selector>,
}

/// How a stretch is found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Selector {
    TextQuoteSelector {
        exact: String,
        #[serde(default)]
        prefix: String,
        #[serde(default)]
        suffix: String,
    },
    /// Characters of the document's text, half-open.
    TextPositionSelector { start: usize, end: usize },
    /// The place on the page, for viewers of PDF; nothing is found again by it.
    FragmentSelector {
        #[serde(rename = "conformsTo")]
        conforms_to: String,
        value: String,
    },
}

/// A passage and those that stand round it in the same document.
#[derive(Debug)]
pub(super) struct Neighbours<'a> {
    index: &'a Index,
    passage: &'a PassageRecord,
}

impl<'a> Neighbours<'a> {
    pub fn of(index: &'a Index, passage: &'a PassageRecord) -> Self {
        Neighbours { index, passage }
    }

    /// The passage `steps` further on, where the document has one.
    fn at(&self, steps: i64) -> Result<Option<PassageRecord>> {
        let Some(order) = self.passage.order.checked_add_signed(steps) else { return Ok(None) };
        let next = self.index.passage_at(order)?;
        Ok(next.filter(|p| p.document == self.passage.document))
    }

    /// `n` passages before and after.
    ///
    /// # Errors
    /// `Index` where they cannot be read.
    pub fn context(&self, n: usize) -> Result<Context> {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let mut context = Context::default();
        for steps in 1..=n {
            let Some(passage) = self.at(-steps)? else { break };
            context.before.insert(0, passage.text.trim().to_string());
        }
        for steps in 1..=n {
            let Some(passage) = self.at(steps)? else { break };
            context.after.push(passage.text.trim().to_string());
        }
        Ok(context)
    }

    /// The printed text of the passage as a target.
    ///
    /// # Errors
    /// `Index` where a passage cannot be read.
    pub fn target(&self, document: &DocumentRecord) -> Result<Target> {
        let (text, lead) = self.passage.printed();
        let whole = &self.passage.text;
        let before = self.at(-1)?.map(|p| p.text).unwrap_or_default() + whole.get(..lead).unwrap_or("");
        let behind = whole.get(lead + text.len()..).unwrap_or("").to_string()
            + &self.at(1)?.map(|p| p.text).unwrap_or_default();
        let start = self.passage.chars + whole.get(..lead).map_or(0, |t| t.chars().count());
        Ok(target(document, text, start, &before, &behind))
    }
}

/// The target of what a locator names: from the first of its text to the last.
///
/// # Errors
/// `Index` where the passages cannot be read.
pub fn of(index: &Index, located: &Located) -> Result<Target> {
    let start = located.spans.iter().map(|s| s.start).min().unwrap_or(0);
    let end = located.spans.iter().map(|s| s.end).max().unwrap_or(0);
    let passages = index.passages_of(located.document.order)?;
    Ok(within(&located.document, &passages, Span::new(start, end)))
}

/// The target of a stretch of a document's text, without the white space round it; `passages` are
/// all of the document's.
pub fn within(document: &DocumentRecord, passages: &[PassageRecord], stretch: Span) -> Target {
    let text: String = passages.iter().map(|p| p.text.as_str()).collect();
    let whole = stretch.of(&text);
    let exact = whole.trim();
    let start = stretch.start + (whole.len() - whole.trim_start().len());
    let (before, behind) = (text.get(..start).unwrap_or(""), text.get(start + exact.len()..).unwrap_or(""));
    target(document, exact, before.chars().count(), before, behind)
}

fn target(document: &DocumentRecord, exact: &str, start: usize, before: &str, behind: &str) -> Target {
    let skip = before.chars().count().saturating_sub(AROUND);
    Target {
        sort: "SpecificResource".to_string(),
        source: document.source.path.clone(),
        sha256: document.source.sha256.clone(),
        selector: vec![
            Selector::TextQuoteSelector {
                exact: exact.to_string(),
                prefix: before.chars().skip(skip).collect(),
                suffix: behind.chars().take(AROUND).collect(),
            },
            Selector::TextPositionSelector { start, end: start + exact.chars().count() },
        ],
    }
}

/// Reads a target: an annotation, its target, or a row of `paydirt search`.
///
/// # Errors
/// `Usage` where it is none.
pub fn parse(json: &str) -> Result<Target> {
    let wrong = |cause: String| {
        Error::new(ErrorKind::Usage, "this is no target of an annotation")
            .because(cause)
            .hint("give the `target` of a row that `paydirt search --format jsonl` prints")
    };
    let value: serde_json::Value = serde_json::from_str(json).map_err(|e| wrong(e.to_string()))?;
    let value = value.get("target").cloned().unwrap_or(value);
    serde_json::from_value(value).map_err(|e| wrong(e.to_string()))
}

/// Finds a target in the index.
///
/// # Errors
/// `Input` where the index has no source of that hash or the text there is another; `Usage` where
/// the target has no selector.
pub fn resolve(index: &Index, target: &Target) -> Result<Located> {
    let mut documents = index.documents_named(&target.sha256)?;
    documents.retain(|d| d.source.sha256 == target.sha256);
    let at_path = documents.iter().position(|d| d.source.path == target.source).unwrap_or(0);
    if documents.is_empty() {
        let changed =
            index.documents_named(&target.source)?.into_iter().find(|d| d.source.path == target.source);
        return Err(match changed {
            Some(now) => Error::new(ErrorKind::Input, "the source has changed since it was cited")
                .at(&target.source)
                .because(format!("the citation is of sha256 {}, the index has {}", target.sha256, now.source.sha256))
                .hint(format!("search for the quoted words in the new version: paydirt search '{}'", words(target))),
            None => Error::new(ErrorKind::Input, "the source is not in the index")
                .at(&target.source)
                .because(format!("no source of sha256 {}", target.sha256))
                .hint("build the index from a corpus that holds it; `paydirt status --documents` lists what is there"),
        });
    }
    let document = documents.swap_remove(at_path);
    let passages = index.passages_of(document.order)?;
    let text: String = passages.iter().map(|p| p.text.as_str()).collect();
    let differs = || {
        Error::new(ErrorKind::Input, "the text of the source is not the one that was cited")
            .at(&target.source)
            .because("this paydirt reads the same file otherwise")
            .hint(format!("search for the quoted words: paydirt search '{}'", words(target)))
    };
    let position = target.selector.iter().find_map(|s| match s {
        Selector::TextPositionSelector { start, end } => Some((*start, *end)),
        _ => None,
    });
    let quote = target.selector.iter().find_map(|s| match s {
        Selector::TextQuoteSelector { exact, prefix, suffix } => Some((exact, prefix, suffix)),
        _ => None,
    });
    let byte = |chars: usize| text.char_indices().map(|(i, _)| i).chain([text.len()]).nth(chars);
    let found = match (position, quote) {
        (Some((start, end)), quote) => {
            let (start, end) = byte(start).zip(byte(end)).filter(|(a, b)| a <= b).ok_or_else(differs)?;
            let here = text.get(start..end).unwrap_or("");
            if quote.is_some_and(|(exact, ..)| exact != here) {
                return Err(differs());
            }
            (start, end)
        }
        (None, Some((exact, prefix, suffix))) => {
            let whole = format!("{prefix}{exact}{suffix}");
            let mut places = text.match_indices(&whole);
            let Some((at, _)) = places.next() else { return Err(differs()) };
            if places.next().is_some() {
                return Err(Error::new(ErrorKind::Usage, "the quoted text stands there more than once")
                    .at(&target.source)
                    .hint("give a longer prefix and suffix, or a TextPositionSelector"));
            }
            (at + prefix.len(), at + prefix.len() + exact.len())
        }
        (None, None) => {
            return Err(Error::new(ErrorKind::Usage, "the target has no selector")
                .hint("a TextPositionSelector or a TextQuoteSelector says where in the source"));
        }
    };
    let passages: Vec<PassageRecord> =
        passages.into_iter().filter(|p| p.span.start < found.1 && p.span.end > found.0).collect();
    if passages.is_empty() {
        return Err(differs());
    }
    let spans = vec![Span::new(found.0, found.1)];
    Ok(Located { document, part: Part::Passages, passages, spans, furniture: Vec::new() })
}

/// The first words of the quote, to search for.
fn words(target: &Target) -> String {
    let exact = target.selector.iter().find_map(|s| match s {
        Selector::TextQuoteSelector { exact, .. } => Some(exact.as_str()),
        _ => None,
    });
    let plain = exact.unwrap_or("").replace(['\'', '"', '\u{201c}', '\u{201d}'], " ");
    let words: Vec<&str> = plain.split_whitespace().take(8).collect();
    format!("\"{}\"", words.join(" "))
}
