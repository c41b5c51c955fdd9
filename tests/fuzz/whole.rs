//! What holds for every document, whatever bytes it was made of.

use paydirt::document::{Document, Format, Source};
use paydirt::extract::{Kind, row};
use paydirt::mine::{self, Mined};
use paydirt::read::{self, Ocr, Options, PdfReaders};

pub fn source(format: Format, bytes: &[u8]) -> Source {
    Source { path: "fuzzed".to_string(), sha256: "0".repeat(64), format, bytes: bytes.len() as u64 }
}

/// Reads and mines bytes, and holds the result to the invariants.
pub fn mined(format: Format, bytes: &[u8]) {
    let options = Options { pdf: PdfReaders::Both, ocr: Ocr::Never };
    let Ok(reading) = read::read(bytes, format, &options) else { return };
    let Mined { document, findings, claims } =
        mine::mine_reading(source(format, bytes), None, reading, &Kind::ALL);
    tiles(&document);
    for rows in findings.mentions.windows(2) {
        assert!(rows[0].span.start <= rows[1].span.start, "mentions are in the order of the text");
    }
    for row in row::rows(&document, &findings.mentions) {
        assert!(!row.surface.is_empty(), "{row:?}");
        assert!(document.text.get(row.span.start..row.span.end).is_some(), "{row:?}");
    }
    for claim in &claims {
        assert!(document.text.get(claim.span.start..claim.span.end).is_some(), "{claim:?}");
    }
}

/// Paragraphs tile the text, sentences tile the paragraphs.
fn tiles(document: &Document) {
    let mut at = 0;
    for paragraph in &document.paragraphs {
        assert_eq!(paragraph.span.start, at, "paragraphs tile the text");
        assert!(document.text.is_char_boundary(paragraph.span.end));
        let (first, last) = paragraph.sentences;
        let mut inside = at;
        for sentence in &document.sentences[first..last] {
            assert_eq!(sentence.start, inside, "sentences tile the paragraph");
            inside = sentence.end;
        }
        assert!(first == last || inside == paragraph.span.end, "sentences reach the paragraph's end");
        at = paragraph.span.end;
    }
    assert_eq!(at, document.text.len(), "paragraphs reach the end of the text");
}
