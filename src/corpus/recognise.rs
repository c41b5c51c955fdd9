//! Which format bytes have, or why they have none that paydirt reads.
//!
//! Content first, the file's name second: names lie, and a name alone never makes a document of
//! binary data.

use crate::document::Format;
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

/// First bytes of what is surely no report in a format paydirt reads, at an offset.
const OTHER_KINDS: [(usize, &[u8], &str); 45] = [
    (0, b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (8, b"WEBP", "a WebP image"),
    (4, b"ftypheic", "a HEIC image"),
    (4, b"ftypavif", "an AVIF image"),
    (4, b"ftyp", "a video"),
    (0, b"\0\0\x01\0", "an icon"),
    (0, b"8BPS", "a Photoshop image"),
    (0, b"AT&TFORM", "a DjVu document: save it as PDF"),
    (0, b"{\\rtf", "an RTF document: save it as DOCX or PDF"),
    (0, b"%!PS", "a PostScript document: save it as PDF"),
    (0, b"\x1f\x8b", "a gzip archive: not opened"),
    (0, b"BZh", "a bzip2 archive: not opened"),
    (0, b"\xfd7zXZ\0", "an xz archive: not opened"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive: not opened"),
    (0, b"Rar!\x1a\x07", "a RAR archive: not opened"),
    (0, b"\x28\xb5\x2f\xfd", "a zstd archive: not opened"),
    (257, b"ustar", "a tar archive: not opened"),
    (0, b"MSCF", "a cabinet archive: not opened"),
    (0, b"ITSF", "a compiled help file"),
    (60, b"BOOKMOBI", "a Kindle book: save it as PDF"),
    (0, b"!BDN", "an Outlook mailbox"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"\x7fELF", "a program"),
    (0, b"MZ\x90\0", "a program"),
    (0, b"\xca\xfe\xba\xbe", "a program"),
    (0, b"\xcf\xfa\xed\xfe", "a program"),
    (0, b"\0asm", "a program"),
    (0, b"PAR1", "a Parquet table"),
    (0, b"ID3", "a sound file"),
    (0, b"\xff\xfb", "a sound file"),
    (8, b"WAVE", "a sound file"),
    (0, b"OggS", "a sound file"),
    (0, b"fLaC", "a sound file"),
    (8, b"AVI ", "a video"),
    (0, b"\x1a\x45\xdf\xa3", "a video"),
    (0, b"\0\0\x01\xba", "a video"),
    (0, b"wOFF", "a font"),
    (0, b"wOF2", "a font"),
    (0, b"OTTO", "a font"),
    (0, b"\0\x01\0\0\0", "a font"),
];

/// Formats that are ZIP archives, by a member they must have.
const ZIP_KINDS: [(&str, &str); 8] = [
    ("xl/workbook.xml", "an Excel workbook: save it as PDF"),
    ("xl/workbook.bin", "an Excel workbook: save it as PDF"),
    ("ppt/presentation.xml", "a PowerPoint presentation: save it as PDF"),
    ("META-INF/container.xml", "an EPUB book: save it as PDF"),
    ("META-INF/MANIFEST.MF", "a Java archive"),
    ("content.xml", "an OpenDocument file: save it as DOCX or PDF"),
    ("AndroidManifest.xml", "an Android program"),
    ("index.xml", "a Pages, Numbers or Keynote file: save it as DOCX or PDF"),
];

/// What the first bytes surely are, where that is not for paydirt. For a file too large to be
/// loaded whole: a video is skipped as a video and not for its size.
pub(super) fn other_kind(head: &[u8]) -> Option<&'static str> {
    // A text may begin with the same letters (`OTTO`, `ID3`, `WAVE` after eight others).
    let is_binary = head.iter().take(512).any(|&b| b < b'\t');
    OTHER_KINDS
        .iter()
        .find(|(at, magic, _)| {
            let fits = head.get(*at..).is_some_and(|rest| rest.starts_with(magic));
            let is_of_letters = magic.is_ascii() && !magic.iter().any(u8::is_ascii_control);
            fits && (is_binary || !is_of_letters || [&b"{\\rtf"[..], b"%!PS"].contains(magic))
        })
        .map(|(_, _, kind)| *kind)
        .or_else(|| is_bitmap(head).then_some("a BMP image"))
}

fn is_bitmap(head: &[u8]) -> bool {
    head.starts_with(b"BM") && head.get(6..10) == Some(&[0; 4])
}

/// The format of a source from its bytes and its name.
///
/// # Errors
/// Why it is none that paydirt reads, as the account prints it: `a PNG image`,
/// `a ZIP archive: not opened`, `empty file`, `binary data of unknown format`.
pub fn recognise(bytes: &[u8], name: &str) -> Result<Format, String> {
    let extension = extension(name);
    if bytes.is_empty() {
        return Err("empty file".to_string());
    }
    if is_pdf(bytes) {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") || bytes.starts_with(b"PK00PK") {
        return zip_kind(bytes, &extension);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let why = if contains(bytes, &locked) {
            "an Office file locked with a password"
        } else {
            "an old Office file (.doc, .xls, .ppt, .msg): save it as DOCX or PDF"
        };
        return Err(why.to_string());
    }
    if let Some(kind) = other_kind(bytes) {
        return Err(kind.to_string());
    }
    let Some(head) = text_head(bytes) else {
        // A PDF that lost its head is still for the PDF reader to try.
        if extension == "pdf" && contains(bytes, b"endobj") {
            return Ok(Format::Pdf);
        }
        return Err(match extension.as_str() {
            "pdf" | "docx" => format!("binary data of unknown format: named .{extension} and is none"),
            _ => "binary data of unknown format".to_string(),
        });
    };
    if extension == "pdf" && contains(bytes, b"endobj") {
        return Ok(Format::Pdf);
    }
    let is_markdown_name = matches!(extension.as_str(), "md" | "markdown" | "mdown" | "mkd" | "mkdn");
    match markup(&head) {
        Markup::Html => return Ok(Format::Html),
        Markup::Fragment if !is_markdown_name => {
            let closed = head.matches("</").count();
            if matches!(extension.as_str(), "html" | "htm" | "xhtml" | "shtml") || closed >= 3 {
                return Ok(Format::Html);
            }
        }
        Markup::Svg => return Err("an SVG image".to_string()),
        Markup::Xml if extension == "xml" || !is_markdown_name => {
            return Err("XML that is not a web page".to_string());
        }
        _ => {}
    }
    if matches!(extension.as_str(), "html" | "htm" | "xhtml" | "shtml") && has_tag(&head) {
        return Ok(Format::Html);
    }
    if is_markdown_name || is_clear_markdown(&head) {
        return Ok(Format::Markdown);
    }
    Ok(Format::Text)
}

fn extension(name: &str) -> String {
    match name.rsplit('/').next().and_then(|file| file.rsplit_once('.')) {
        Some((_, extension)) => extension.to_lowercase(),
        None => String::new(),
    }
}

/// A header among the first 1024 bytes. Where text stands before it, the rest must look like a PDF
/// too: a note on file formats may quote the header.
fn is_pdf(bytes: &[u8]) -> bool {
    let head = bytes.get(..1024).unwrap_or(bytes);
    let Some(at) = find(head, b"%PDF-") else { return false };
    let junk = head.get(..at).unwrap_or(&[]);
    let clean = junk.iter().all(|b| b.is_ascii_whitespace() || *b == 0 || *b >= 0x80);
    clean || contains(bytes, b"endobj") || contains(bytes, b"startxref")
}

/// What an archive holds by the names in its directory, which stands at its end.
fn zip_kind(bytes: &[u8], extension: &str) -> Result<Format, String> {
    let Some(names) = zip_names(bytes) else {
        // Cut off: the reader says so of a report; of others it is no matter.
        let head = bytes.get(..65536).unwrap_or(bytes);
        if matches!(extension, "docx" | "docm" | "dotx") || contains(head, b"word/document.xml") {
            return Ok(Format::Docx);
        }
        return Err("a ZIP archive: not opened".to_string());
    };
    if names.contains(&&b"word/document.xml"[..]) {
        return Ok(Format::Docx);
    }
    let kind = ZIP_KINDS.iter().find(|(member, _)| names.contains(&member.as_bytes()));
    Err(kind.map_or("a ZIP archive: not opened", |(_, kind)| kind).to_string())
}

/// Names of the members of a ZIP archive, of 10,000 at most; `None` where the directory is missing
/// or damaged.
fn zip_names(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let number = |at: usize, n: usize| -> Option<usize> {
        let field = bytes.get(at..at.checked_add(n)?)?;
        Some(field.iter().rev().fold(0usize, |sum, &b| sum << 8 | usize::from(b)))
    };
    let tail = bytes.len().saturating_sub(65_557);
    let end = tail + bytes.get(tail..)?.windows(4).rposition(|w| w == b"PK\x05\x06")?;
    let count = number(end + 10, 2)?.min(10_000);
    let mut at = number(end + 16, 4)?;
    // An archive with something put before it: the directory ends where the end record begins.
    if bytes.get(at..).is_none_or(|rest| !rest.starts_with(b"PK\x01\x02")) {
        at = end.checked_sub(number(end + 12, 4)?)?;
    }
    let mut names = Vec::new();
    for _ in 0..count {
        if !bytes.get(at..)?.starts_with(b"PK\x01\x02") {
            return None;
        }
        let (name, extra, comment) = (number(at + 28, 2)?, number(at + 30, 2)?, number(at + 32, 2)?);
        names.push(bytes.get(at + 46..at + 46 + name)?);
        at += 46 + name + extra + comment;
    }
    Some(names)
}

/// The beginning of the bytes as text, or `None` where they are not text in any encoding: control
/// characters stand in them. For looking at only; [`crate::read`] decodes.
fn text_head(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..65536).unwrap_or(bytes);
    let encoding = Encoding::for_bom(head).map(|(encoding, _)| encoding).or_else(|| utf16_by_zeros(head));
    let text = match encoding {
        Some(encoding) => encoding.decode(head).0.into_owned(),
        None => String::from_utf8_lossy(head).into_owned(),
    };
    let (mut characters, mut controls) = (0usize, 0usize);
    for c in text.chars() {
        characters += 1;
        match c {
            '\t' | '\n' | '\r' | '\u{c}' | '\u{1a}' | '\u{1b}' | '\u{8}' => {}
            '\0'..='\u{1f}' | '\u{7f}' => controls += 1,
            _ => {}
        }
    }
    // A few stray control characters stand in texts taken out of PDFs; in packed data every tenth
    // byte is one.
    (controls * 200 <= characters && !(encoding.is_none() && head.contains(&0))).then_some(text)
}

/// UTF-16 without a mark: nearly every other byte of Western text is zero.
fn utf16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = head.len() / 2;
    if half < 4 {
        return None;
    }
    if odd * 10 >= half * 7 && even * 20 <= half {
        return Some(UTF_16LE);
    }
    if even * 10 >= half * 7 && odd * 20 <= half {
        return Some(UTF_16BE);
    }
    None
}

#[derive(Debug, PartialEq, Eq)]
enum Markup {
    /// Says that it is a web page.
    Html,
    /// Begins with an element of HTML.
    Fragment,
    Svg,
    Xml,
    None,
}

/// What the first tag says, comments and declarations before it passed over.
fn markup(head: &str) -> Markup {
    let mut rest = head.trim_start_matches('\u{feff}').trim_start();
    let mut declared = false;
    loop {
        if let Some(after) = rest.strip_prefix("<!--") {
            let Some((_, after)) = after.split_once("-->") else { return Markup::None };
            rest = after.trim_start();
        } else if rest.starts_with("<?") {
            declared |= rest.starts_with("<?xml ");
            let Some((_, after)) = rest.split_once("?>") else { return Markup::None };
            rest = after.trim_start();
        } else {
            break;
        }
    }
    let Some(tag) = rest.strip_prefix('<') else { return Markup::None };
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '!').unwrap_or(tag.len());
    let name = tag.get(..end).unwrap_or("").to_ascii_lowercase();
    let after = tag.get(end..).unwrap_or("").chars().next();
    if !matches!(after, Some('>' | '/' | ' ' | '\t' | '\r' | '\n' | '\u{c}')) {
        return if declared { Markup::Xml } else { Markup::None };
    }
    match name.as_str() {
        "!doctype" => {
            let kind = tag.get(end..).unwrap_or("").trim_start();
            let is = |word: &str| kind.get(..word.len()).is_some_and(|k| k.eq_ignore_ascii_case(word));
            if is("html") {
                Markup::Html
            } else if is("svg") {
                Markup::Svg
            } else {
                Markup::Xml
            }
        }
        "html" | "head" | "body" => Markup::Html,
        "svg" => Markup::Svg,
        _ if declared => Markup::Xml,
        "title" | "meta" | "script" | "style" | "link" | "base" | "article" | "main" | "section"
        | "header" | "div" | "span" | "p" | "h1" | "h2" | "h3" | "table" | "ul" | "ol" | "a" | "b"
        | "font" | "center" | "iframe" | "br" | "img" | "pre" | "blockquote" | "form" | "nav" => {
            Markup::Fragment
        }
        "rss" | "feed" | "urlset" | "sitemapindex" | "plist" | "kml" | "gpx" => Markup::Xml,
        _ => Markup::None,
    }
}

fn has_tag(head: &str) -> bool {
    head.split('<').skip(1).any(|rest| {
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    })
}

/// Whether a text without a name that says so is plainly Markdown: several kinds of marks that
/// nobody writes in plain text, or many of one.
pub fn is_clear_markdown(text: &str) -> bool {
    let (mut headings, mut rules, mut fenced) = (0usize, 0usize, 0usize);
    for line in text.lines() {
        let hashes = line.len() - line.trim_start_matches('#').len();
        if (1..=6).contains(&hashes) && line.get(hashes..).is_some_and(|rest| rest.starts_with(' ')) {
            headings += 1;
        }
        if line.trim_start().starts_with("```") {
            fenced += 1;
        }
        let line = line.trim();
        if line.starts_with('|') && line.contains("---") && line.bytes().all(|b| b"|-: ".contains(&b)) {
            rules += 1;
        }
    }
    let links = text
        .match_indices("](")
        .filter(|(at, _)| {
            let target = text.get(at + 2..).unwrap_or("");
            ["http", "/", "#", "mailto:"].iter().any(|start| target.starts_with(start))
        })
        .count();
    let strong = text.matches("**").count() / 2;
    // A table's rule alone is no sign: plain texts draw tables so too.
    let kinds = [headings > 0, links > 0, fenced > 1, strong > 1].iter().filter(|&&is| is).count();
    links >= 3 || (kinds >= 2 && headings + links + fenced + strong + rules >= 3)
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    find(bytes, what).is_some()
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    let first = *what.first()?;
    let mut from = 0;
    while let Some(at) = bytes.get(from..)?.iter().position(|&b| b == first) {
        let at = from + at;
        if bytes.get(at..)?.starts_with(what) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Write;

    fn zip_of(names: &[&str]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(b"<xml/>").unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn is(bytes: &[u8], name: &str) -> String {
        match recognise(bytes, name) {
            Ok(format) => format!("{format:?}"),
            Err(why) => why,
        }
    }

    #[test]
    fn content_tells_the_format_before_the_name() {
        assert_eq!(is(b"%PDF-1.7\n1 0 obj", "report.txt"), "Pdf");
        assert_eq!(is(b"\xef\xbb\xbf\n%PDF-1.4", "x"), "Pdf");
        assert_eq!(is(b"HTTP/1.1 200 OK\n\n%PDF-1.4\n1 0 obj\nendobj", "x"), "Pdf");
        assert_eq!(is(b"A file that begins with %PDF-1.7 is a PDF.", "note.txt"), "Text");
        assert_eq!(is(b"1 0 obj\n<<>>\nendobj", "headless.pdf"), "Pdf");
        assert_eq!(is(b"<!DOCTYPE html><p>x", "page.txt"), "Html");
        assert_eq!(is(b"<!-- saved --><?xml version='1.0'?>\n<html xmlns='x'>", "page"), "Html");
        assert_eq!(is(b"<p>One</p><p>Two</p><p>Three</p>", "noname"), "Html");
        assert_eq!(is(b"<p>One</p>", "noname"), "Text");
        assert_eq!(is(b"<p>One</p>", "a.htm"), "Html");
        assert_eq!(is(b"<p align=center>One</p></a></b>\n# Two", "README.md"), "Markdown");
        assert_eq!(is(b"No tag in here, 3 < 4.", "a.html"), "Text");
        assert_eq!(is(&zip_of(&["[Content_Types].xml", "word/document.xml"]), "a.zip"), "Docx");
        assert_eq!(is("\u{feff}Ünïcode".as_bytes(), "a.bin"), "Text");
    }

    #[test]
    fn utf16_is_text_with_and_without_a_mark() {
        let utf16: Vec<u8> = "A plain note.".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(is(&utf16, "note"), "Text");
        let marked: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(is(&marked, "note"), "Html");
    }

    #[test]
    fn what_is_not_read_is_named() {
        assert_eq!(is(b"", "a.pdf"), "empty file");
        assert_eq!(is(b"\x89PNG\r\n\x1a\n....", "scan.pdf"), "a PNG image");
        assert_eq!(is(&zip_of(&["a.txt"]), "a.docx"), "a ZIP archive: not opened");
        assert_eq!(is(&zip_of(&["xl/workbook.xml"]), "a"), "an Excel workbook: save it as PDF");
        assert_eq!(is(b"PK\x03\x04 cut off", "a.docx"), "Docx");
        assert_eq!(is(b"PK\x03\x04 cut off", "a.zip"), "a ZIP archive: not opened");
        assert_eq!(is(b"\x01\x02\x03\x04text", "a.txt"), "binary data of unknown format");
        assert_eq!(is(&[0; 4096], "a.pdf"), "binary data of unknown format: named .pdf and is none");
        assert_eq!(is(b"{\\rtf1 x}", "a.doc"), "an RTF document: save it as DOCX or PDF");
        assert_eq!(is(b"<?xml version='1.0'?><rss/>", "feed"), "XML that is not a web page");
        assert_eq!(is(b"<svg xmlns='x'></svg>", "a.html"), "an SVG image");
        assert_eq!(is(b"The new WAVE of thefts", "a.txt"), "Text");
        assert_eq!(is(b"RIFF\0\x01\x02\x03WAVEfmt ", "a.txt"), "a sound file");
        assert_eq!(is(b"BM is a fine start of a text.", "a.txt"), "Text");
    }

    #[test]
    fn markdown_is_told_by_name_or_by_clear_marks() {
        assert_eq!(is(b"Plain words.", "a.MD"), "Markdown");
        assert_eq!(
            is(b"# Head\n\nSee [this](https://example.org) and **that** and **this**.", "a.txt"),
            "Markdown"
        );
        assert_eq!(is(b"# a comment\nkey = 1\n# another\n", "a.txt"), "Text");
        assert_eq!(is(b"| a | b |\n|---|---|\n| 1 | 2 |\n", "a.txt"), "Text");
        assert_eq!(is(b"[1] See f(x)](y) and 2 ** 3.", "a.txt"), "Text");
    }

    proptest! {
        #[test]
        fn any_bytes_get_a_format_or_a_reason(bytes in proptest::collection::vec(any::<u8>(), 0..300), name in ".{0,12}") {
            if let Err(why) = recognise(&bytes, &name) {
                prop_assert!(!why.is_empty());
            }
        }

        #[test]
        fn a_damaged_archive_never_panics(cut in 0usize..400, at in 0usize..400, byte in any::<u8>()) {
            let mut zip = zip_of(&["word/document.xml", "x"]);
            zip.truncate(zip.len().saturating_sub(cut));
            if let Some(b) = zip.get_mut(at) { *b = byte; }
            let _ = recognise(&zip, "a.docx");
        }
    }
}
