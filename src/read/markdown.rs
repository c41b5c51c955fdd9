//! Markdown: set to HTML and read as such, so that HTML inside it (raised marks, tables) is read
//! the same way. Front matter gives hints.

use super::decode::decode;
use super::{Hints, PageRead, Reading, html};
use crate::corpus::{iso_date, language_code, written_date};
use crate::document::Warning;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Reads a Markdown text.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let decoded = decode(bytes, None);
    let text = decoded.text.replace('\u{c}', "\n");
    let (hints, body) = front_matter(&text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    let mut reading = Reading { hints, ..Reading::default() };
    reading.warnings.extend(decoded.warning.map(|what| Warning { page: None, what }));
    // A picture's description is no text of the document.
    let mut in_picture = 0usize;
    let events = Parser::new_ext(body, options).filter(|event| match event {
        Event::Start(Tag::Image { .. }) => {
            in_picture += 1;
            false
        }
        Event::End(TagEnd::Image) => {
            in_picture = in_picture.saturating_sub(1);
            false
        }
        _ => in_picture == 0,
    });
    let mut page = String::new();
    pulldown_cmark::html::push_html(&mut page, events);
    reading.pages.push(PageRead::of_blocks(html::blocks_of(&page)));
    reading
}

/// Hints from `key: value` lines between two `---` at the head, and the rest. A line that holds
/// just an address may stand before them.
fn front_matter(text: &str) -> (Hints, &str) {
    let mut hints = Hints::default();
    let mut rest = text.trim_start();
    if let Some((line, after)) = rest.split_once('\n')
        && line.starts_with("http")
        && !line.trim().contains(char::is_whitespace)
    {
        hints.address = Some(line.trim().to_string());
        if after.trim_start().starts_with("---") {
            rest = after.trim_start();
        }
    }
    let Some(matter) = rest.strip_prefix("---\n") else {
        return (hints, text);
    };
    let Some((matter, body)) = matter.split_once("\n---") else {
        return (hints, text);
    };
    for line in matter.lines() {
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim().trim_matches(['"', '\'']).trim();
        if value.is_empty() || key.starts_with([' ', '-']) {
            continue;
        }
        let told = Some(value.to_string());
        match key.trim().to_lowercase().as_str() {
            "title" => hints.title = told,
            "author" | "authors" => hints.author = told,
            "publisher" | "organization" | "organisation" => hints.publisher = told,
            "date" | "published" | "pubdate" => {
                hints.published = iso_date(value).or_else(|| written_date(value, false));
            }
            "lang" | "language" => hints.language = language_code(value),
            "url" | "address" | "canonical_url" | "source" if value.starts_with("http") => {
                hints.address = told
            }
            _ => {}
        }
    }
    (hints, body.trim_start_matches('-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Body, outline_of};
    use proptest::prelude::*;

    #[test]
    fn markdown_with_html_in_it_is_read_as_one() {
        let text = "---\ntitle: \"A report\"\ndate: 2031-02-03\n---\n<style>\n.a { b: c }\n</style>\n\n\
            # Losses\n\nThe bank lost [$3 million](https://example.org)[^1] in June.<sup>2</sup> ![no text](a.png)\n\n\
            3. third\n4. fourth\n\n| Year | Loss |\n|---|---|\n| 2031 | 3 |\n\n```\ncode here\n```\n\n[^1]: A letter.\n";
        let reading = read(text.as_bytes());
        assert_eq!(reading.hints.title.as_deref(), Some("A report"));
        assert_eq!(reading.hints.published.as_deref(), Some("2031-02-03"));
        let Body::Blocks(blocks) = &reading.pages[0].body else { panic!() };
        assert_eq!(
            blocks.iter().map(outline_of).collect::<Vec<_>>(),
            [
                "h1 Losses",
                "p The bank lost $3 million{1} in June.{2}",
                "li 3. third",
                "li 4. fourth",
                "table heads 1: Year|Loss ; 2031|3",
                "code code here",
                "fn 1 A letter.",
            ]
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(read(&bytes).pages.len(), 1);
        }
    }
}
