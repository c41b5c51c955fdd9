//! Small PDFs, one for each difficulty, beside what should be read of them.
//!
//! `x.typ` is the source, `x.pdf` what `scripts/make-documents` made of it, `x.txt` the layout that
//! `paydirt show x.pdf --layout` should print, page after page.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use paydirt::document::{Document, Format, ParagraphKind, Source};
use paydirt::read::{self, Body, Ocr, Options, PdfReaders, Reading};
use paydirt::structure::{self, layout};
use std::fs;
use std::path::{Path, PathBuf};

fn pdfs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "pdf"))
        .collect();
    found.sort();
    found
}

fn read_glyphs(path: &Path) -> (Source, Reading) {
    let bytes = fs::read(path).unwrap();
    let options = Options { pdf: PdfReaders::Hayro, ocr: Ocr::Never };
    let reading = read::read(&bytes, Format::Pdf, &options).unwrap();
    let source = Source {
        path: path.file_name().unwrap().to_string_lossy().into_owned(),
        sha256: String::new(),
        format: Format::Pdf,
        bytes: bytes.len() as u64,
    };
    (source, reading)
}

fn structured(path: &Path) -> Document {
    let (source, reading) = read_glyphs(path);
    structure::structure(source, None, reading)
}

#[test]
fn each_document_reads_as_the_text_beside_it() {
    let bless = std::env::var_os("PAYDIRT_BLESS").is_some();
    let mut failures = Vec::new();
    let pdfs = pdfs();
    assert!(pdfs.len() >= 30, "{} documents", pdfs.len());
    for path in pdfs {
        let document = structured(&path);
        let got: String = document.pages.iter().map(|p| layout::describe(&document, p.number)).collect();
        let beside = path.with_extension("txt");
        let wanted = fs::read_to_string(&beside).unwrap_or_default();
        if got != wanted {
            if bless {
                fs::write(&beside, &got).unwrap();
            }
            failures.push(format!("{}\n--- wanted\n{wanted}--- got\n{got}", beside.display()));
        }
    }
    assert!(
        failures.is_empty() || bless,
        "{} documents differ; help: look at each, then PAYDIRT_BLESS=1 writes them\n\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// Every character that prints, however often, and white space aside.
fn counted(text: impl Iterator<Item = char>) -> std::collections::BTreeMap<char, usize> {
    let mut counts = std::collections::BTreeMap::new();
    for c in text.filter(|c| !c.is_whitespace() && !c.is_control()) {
        *counts.entry(c).or_default() += 1;
    }
    counts
}

#[test]
fn no_glyph_is_lost() {
    for path in pdfs() {
        let (source, reading) = read_glyphs(&path);
        let glyphs: Vec<char> = reading
            .pages
            .iter()
            .flat_map(|p| match &p.body {
                Body::Glyphs { glyphs, .. } => glyphs.iter().map(|g| g.c).collect(),
                Body::Blocks(_) => Vec::new(),
            })
            .collect();
        let document = structure::structure(source, None, reading);
        let kept = counted(
            document
                .text
                .chars()
                .chain(document.marks.iter().flat_map(|m| m.mark.chars()))
                .chain(document.furniture.iter().flat_map(|f| f.text.chars())),
        );
        // Doubles are folded, hyphens undone and exponents written as such.
        let changes = ["overprinted.pdf", "exponents.pdf"];
        if changes.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for (c, count) in counted(glyphs.into_iter()) {
            let have = kept.get(&c).copied().unwrap_or(0);
            let is_hyphen = matches!(c, '-' | '\u{2010}' | '\u{2011}' | '\u{ad}');
            assert!(have >= count || is_hyphen, "{}: {count} of {c:?} drawn, {have} kept", path.display());
        }
    }
}

#[test]
fn spans_tile_and_lines_know_the_place_of_each_character() {
    for path in pdfs() {
        let document = structured(&path);
        let name = path.display();
        let mut at = 0;
        for paragraph in &document.paragraphs {
            assert_eq!(paragraph.span.start, at, "{name}: paragraphs tile the text");
            at = paragraph.span.end;
            let mut within = paragraph.span.start;
            for sentence in &document.sentences[paragraph.sentences.0..paragraph.sentences.1] {
                assert_eq!(sentence.start, within, "{name}: sentences tile their paragraph");
                within = sentence.end;
            }
            assert_eq!(within, paragraph.span.end, "{name}: sentences tile their paragraph");
            assert_eq!(paragraph.row.is_some(), paragraph.kind == ParagraphKind::TableRow);
        }
        assert_eq!(at, document.text.len(), "{name}");
        let mut last = 0;
        for line in &document.lines {
            let text = document.text.get(line.span.start..line.span.end).unwrap();
            assert!(line.span.start >= last, "{name}: lines in the order of the text");
            last = line.span.end;
            assert_eq!(text.chars().count(), line.edges.len(), "{name}: {text}");
        }
        for mark in &document.marks {
            assert!(document.text.is_char_boundary(mark.at), "{name}");
        }
    }
}

#[test]
fn the_same_bytes_give_the_same_document() {
    for path in pdfs() {
        assert_eq!(structured(&path), structured(&path), "{}", path.display());
    }
}
