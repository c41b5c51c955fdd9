//! A document to its passages: the units that are searched and shown.
//!
//! A passage is one paragraph, heading, footnote or table row. A long paragraph is several
//! passages, split between sentences; a sentence without end is split between words. Passages tile
//! the document's text, so pages and paragraphs can be put together again from them.

use crate::document::{Document, Paragraph, ParagraphKind, Span};

/// A paragraph longer than this many bytes is split.
const SPLIT_ABOVE: usize = 1800;
/// The pieces it is split into are about this long,
const AIM: usize = 1200;
/// and never longer than this, unless one word or one mention is.
const AT_MOST: usize = 2400;

/// A stretch of one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passage {
    /// Index into [`Document::paragraphs`].
    pub paragraph: usize,
    pub span: Span,
}

/// The passages of a document, in order. `keep` are spans (of mentions) no border may cross, in
/// order.
pub fn passages(document: &Document, keep: &[Span]) -> Vec<Passage> {
    let mut found = Vec::with_capacity(document.paragraphs.len());
    for (i, paragraph) in document.paragraphs.iter().enumerate() {
        if paragraph.span.is_empty() {
            continue;
        }
        let splits = paragraph.span.len() > SPLIT_ABOVE && paragraph.row.is_none();
        if !splits {
            found.push(Passage { paragraph: i, span: paragraph.span });
            continue;
        }
        let mut start = paragraph.span.start;
        for end in borders(document, paragraph, keep) {
            found.push(Passage { paragraph: i, span: Span::new(start, end) });
            start = end;
        }
    }
    found
}

/// Where the pieces of a long paragraph end; the last is the paragraph's end.
fn borders(document: &Document, paragraph: &Paragraph, keep: &[Span]) -> Vec<usize> {
    let (first, last) = paragraph.sentences;
    let sentences = document.sentences.get(first..last).unwrap_or(&[]);
    let whole = paragraph.span;
    let free = |at: usize| {
        let next = keep.partition_point(|k| k.end <= at);
        keep.get(next).is_none_or(|k| k.start >= at)
    };
    // Sentence ends, and word ends in sentences that are too long by themselves.
    let mut candidates: Vec<usize> = Vec::new();
    let mut before = whole.start;
    for end in sentences.iter().map(|s| s.end).chain([whole.end]) {
        if end <= before || end > whole.end {
            continue;
        }
        if end - before > AT_MOST {
            let text = Span::new(before, end).of(&document.text);
            let mut since = 0;
            for (at, _) in text.match_indices([' ', '\n']) {
                if at + 1 - since >= AIM && free(before + at + 1) {
                    candidates.push(before + at + 1);
                    since = at + 1;
                }
            }
        }
        candidates.push(end);
        before = end;
    }
    let mut chosen: Vec<usize> = Vec::new();
    let mut start = whole.start;
    let mut fits: Option<usize> = None;
    for &end in candidates.iter().filter(|&&end| end == whole.end || free(end)) {
        if end - start > AIM
            && let Some(fit) = fits.filter(|fit| *fit > start)
        {
            chosen.push(fit);
            start = fit;
        }
        fits = Some(end);
    }
    if chosen.last() != Some(&whole.end) {
        chosen.push(whole.end);
    }
    chosen
}

/// The headings a paragraph stands under, the highest first.
pub fn headings<'a>(document: &'a Document, paragraph: &Paragraph) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut at = paragraph.heading;
    let mut level = u8::MAX;
    while let Some(heading) = at.and_then(|i| document.paragraphs.get(i)) {
        // Levels fall on the way up, so a damaged chain ends.
        if heading.kind != ParagraphKind::Heading || heading.level >= level {
            break;
        }
        level = heading.level;
        found.push(heading.span.of(&document.text).trim());
        at = heading.heading;
    }
    found.reverse();
    found
}

/// Caption, unit and heads of a table row's table, one line each, so that a row is found by them.
pub fn table_words(document: &Document, paragraph: &Paragraph) -> Option<String> {
    let row = paragraph.row.as_ref()?;
    let table = document.tables.get(row.table)?;
    let mut lines: Vec<String> = Vec::new();
    for span in [table.caption, table.unit].into_iter().flatten() {
        lines.push(span.of(&document.text).split_whitespace().collect::<Vec<_>>().join(" "));
    }
    if !row.is_head {
        let heads: Vec<String> = table
            .heads
            .iter()
            .map(|stack| stack.iter().map(|s| s.of(&document.text).trim()).collect::<Vec<_>>().join(" "))
            .collect();
        lines.push(heads.join(" | "));
    }
    lines.retain(|line| !line.is_empty());
    (!lines.is_empty()).then(|| lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::structure;

    fn check(text: &str, keep: &[Span]) -> Vec<usize> {
        let document = structure::plain(text);
        let passages = passages(&document, keep);
        let mut at = 0;
        for passage in &passages {
            assert_eq!(passage.span.start, at, "passages tile the text");
            assert!(document.text.get(passage.span.start..passage.span.end).is_some());
            at = passage.span.end;
        }
        assert_eq!(at, document.text.len());
        passages.iter().map(|p| p.span.len()).collect()
    }

    #[test]
    fn paragraphs_are_passages_and_long_ones_are_split_between_sentences() {
        assert_eq!(check("One paragraph.\n\nAnother one.\n", &[]).len(), 2);
        let sentence = "The Panel was told by a Member State that the funds had moved again. ";
        let lengths = check(&sentence.repeat(60), &[]);
        assert!(lengths.len() >= 3);
        assert!(lengths.iter().all(|n| *n <= AT_MOST), "{lengths:?}");
    }

    #[test]
    fn a_sentence_without_end_is_split_between_words_but_not_inside_a_mention() {
        let text = "word ".repeat(1000);
        let lengths = check(&text, &[]);
        assert!(lengths.iter().all(|n| *n <= AT_MOST), "{lengths:?}");
        let keep = [Span::new(1000, 2000)];
        let document = structure::plain(&text);
        for passage in passages(&document, &keep) {
            assert!(passage.span.end <= 1000 || passage.span.end >= 2000);
        }
    }

    #[test]
    fn a_word_of_a_megabyte_and_an_empty_text_are_survived() {
        check(&"a".repeat(1_000_000), &[]);
        check("", &[]);
        check("é".repeat(3000).as_str(), &[]);
    }
}
