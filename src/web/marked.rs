//! A text with its mentions by kind and what the query found, marked.

use crate::extract::Kind;
use crate::extract::row::MentionRow;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// A stretch of the text, in bytes.
pub(super) type Stretch = (usize, usize);

/// What is marked in a text; bytes are those of the text.
#[derive(Debug, Default)]
pub(super) struct Marks<'a> {
    pub mentions: Vec<(Stretch, &'a MentionRow)>,
    /// What the query found.
    pub found: Vec<Stretch>,
    /// Footnote marks, each with the byte it stands before.
    pub notes: Vec<(usize, Markup)>,
    /// Whether mentions can be linked to, by where they begin in the document.
    pub anchors: bool,
}

/// The text with its marks. Stretches that do not fit are passed over.
pub(super) fn marked(text: &str, marks: &Marks<'_>) -> Markup {
    let mut borders: BTreeSet<usize> = BTreeSet::from([0, text.len()]);
    for (start, end) in marks.mentions.iter().map(|(s, _)| *s).chain(marks.found.iter().copied()) {
        borders.extend([start, end].into_iter().filter(|at| text.is_char_boundary(*at)));
    }
    borders.extend(marks.notes.iter().map(|(at, _)| *at).filter(|at| text.is_char_boundary(*at)));
    let borders: Vec<usize> = borders.into_iter().collect();
    let inside = |(start, end): Stretch, at: usize| start <= at && at < end;
    html! {
        @for pair in borders.windows(2) {
            @let (start, end) = (pair[0], pair[1]);
            (notes(marks, start))
            @let piece = text.get(start..end).unwrap_or_default();
            @let mention = marks.mentions.iter().find(|(s, _)| inside(*s, start));
            @let is_found = marks.found.iter().any(|s| inside(*s, start));
            @match mention {
                None if is_found => { mark { (piece) } }
                None => { (piece) }
                Some((stretch, row)) => {
                    @let id = (marks.anchors && stretch.0 == start).then(|| anchor(row));
                    span id=[id] class={"m " (row.kind.name())} title=(title(row)) {
                        @if is_found { mark { (piece) } } @else { (piece) }
                    }
                }
            }
        }
        (notes(marks, text.len()))
    }
}

fn notes(marks: &Marks<'_>, at: usize) -> Markup {
    html! { @for (_, note) in marks.notes.iter().filter(|(place, _)| *place == at) { (note) } }
}

/// The id of a mention on its document's page.
pub(super) fn anchor(row: &MentionRow) -> String {
    format!("m{}", row.span.start)
}

/// The value as a person reads it: sums with their thousands apart.
pub(super) fn value(row: &MentionRow) -> String {
    let text = row.value.to_string();
    if row.kind != Kind::Amount {
        return text;
    }
    text.split(' ').map(grouped).collect::<Vec<_>>().join(" ")
}

/// Commas between the thousands of the whole numbers in a word: `40000000..60000000`.
pub(super) fn grouped(word: &str) -> String {
    let mut out = String::new();
    for part in word.split_inclusive("..") {
        let whole = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        for (i, digit) in part.char_indices() {
            if i > 0 && i < whole && (whole - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
    }
    out
}

/// The value, and what should be known of it.
pub(super) fn title(row: &MentionRow) -> String {
    let mut title = format!("{}: {}", row.kind, value(row));
    if let Some(other) = &row.disputed_digits {
        title += &format!("; the second reader of the page has {other}");
    }
    if row.reader == crate::document::Reader::Ocr {
        title += "; read by OCR, look at the picture";
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_have_their_thousands_apart() {
        assert_eq!(grouped("40000000..60000000.5"), "40,000,000..60,000,000.5");
        assert_eq!(grouped("999"), "999");
    }

    #[test]
    fn a_text_is_escaped_and_marked() {
        let marks = Marks { found: vec![(8, 12), (90, 99)], ..Marks::default() };
        assert_eq!(
            marked("<script>lost</script> & more", &marks).into_string(),
            "&lt;script&gt;<mark>lost</mark>&lt;/script&gt; &amp; more"
        );
    }
}
