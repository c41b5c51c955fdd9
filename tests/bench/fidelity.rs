//! Whether pages are read whole, on real reports: words against those of `pdftotext`, and running
//! heads, feet and page numbers that were left in the text.
//!
//! `cargo bench --bench fidelity [-- FOLDER]`: FOLDER holds PDFs and defaults to
//! `../shared/data/reports`, else `corpus/`. Words are runs of letters and digits, compared page by
//! page without regard to order; what was put away as furniture is taken from both sides.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at what it did not expect")]

mod reports;

use paydirt::corpus::{self, Loaded};
use paydirt::document::{Document, Format};
use paydirt::read::{self, Ocr, Options, PdfReaders};
use paydirt::structure;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use unicode_normalization::UnicodeNormalization;

/// A page below this is named.
const LOW: f64 = 0.9;

type Words = BTreeMap<String, usize>;

fn words(text: &str) -> Words {
    let mut words = Words::new();
    let text: String = text.nfkc().filter(|c| *c != '\u{ad}').collect();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    words
}

/// The text of a page, its lines joined as they are in the document.
fn page_text(document: &Document, page: u32) -> String {
    let mut text = String::new();
    let mut end = None;
    for line in document.lines.iter().filter(|line| line.page == page) {
        if end != Some(line.span.start) {
            text.push(' ');
        }
        text.push_str(line.span.of(&document.text));
        end = Some(line.span.end);
    }
    for mark in document.marks.iter().filter(|mark| document.page_at(mark.at.saturating_sub(1)) == page) {
        text.push(' ');
        text.push_str(&mark.mark);
    }
    text
}

fn without(mut words: Words, others: &Words) -> Words {
    for (word, count) in others {
        if let Some(have) = words.get_mut(word) {
            *have = have.saturating_sub(*count);
        }
    }
    words.retain(|_, count| *count > 0);
    words
}

fn f1(ours: &Words, theirs: &Words) -> f64 {
    let shared: usize = ours.iter().map(|(word, n)| theirs.get(word).map_or(0, |m| *n.min(m))).sum();
    let all: usize = ours.values().chain(theirs.values()).sum();
    if all == 0 { 1.0 } else { 2.0 * shared as f64 / all as f64 }
}

/// The pages of a file as poppler reads them.
fn pdftotext(file: &Path) -> Option<Vec<String>> {
    let ran = Command::new("pdftotext").arg(file).arg("-").output().ok()?;
    let text = String::from_utf8_lossy(&ran.stdout).into_owned();
    ran.status.success().then(|| text.split('\u{c}').map(str::to_string).collect())
}

/// Digits as `#`, without spaces: what a running head says on every page.
fn masked(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).map(|c| if c.is_ascii_digit() { '#' } else { c }).collect()
}

fn is_short_form(text: &str, symbol: Option<&str>) -> bool {
    let text = text.trim();
    let is_page = text.split_once('/').is_some_and(|(page, of)| {
        let is_number = |t: &str| (1..=3).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        is_number(page) && is_number(of)
    });
    let is_job = masked(text).starts_with("##-#####") && text.len() < 30;
    let is_bar_code = text.len() > 6 && text.starts_with('*') && text.ends_with('*');
    is_page || is_job || is_bar_code || symbol.is_some_and(|symbol| text == symbol)
}

/// Pages on which a line of the text is furniture by its form, or by standing at the same place of
/// most pages. The head of a first page is text.
fn with_furniture_left(document: &Document) -> Vec<(u32, String)> {
    let mut often: BTreeMap<(String, i32), usize> = BTreeMap::new();
    let key = |text: &str, y: f32| (masked(text), (y / 4.0).round() as i32);
    for line in &document.lines {
        *often.entry(key(line.span.of(&document.text), line.y0)).or_default() += 1;
    }
    let mut found: Vec<(u32, String)> = Vec::new();
    for line in document.lines.iter().filter(|line| line.page > 1) {
        let text = line.span.of(&document.text);
        let height = document.page(line.page).map_or(0.0, |page| page.height);
        let is_at_edge = line.y0 < 0.12 * height || line.y1 > 0.9 * height;
        let count = often.get(&key(text, line.y0)).copied().unwrap_or(0);
        let is_repeated = count >= 4 && count * 2 > document.pages.len();
        let is_left = is_at_edge && (is_repeated || is_short_form(text, document.meta.symbol.as_deref()));
        if is_left && found.last().is_none_or(|(page, _)| *page != line.page) {
            found.push((line.page, text.trim().to_string()));
        }
    }
    found
}

fn main() {
    let folder = reports::folder();
    let options = Options { pdf: PdfReaders::Hayro, ocr: Ocr::Never };
    let (mut scores, mut low) = (Vec::new(), Vec::new());
    let (mut un_pages, mut left) = (0, Vec::new());
    for file in corpus::walk_corpus(&folder).unwrap().files {
        let Loaded::Source { source, bytes } = corpus::load(&file, corpus::SIZE_LIMIT) else { continue };
        if source.format != Format::Pdf {
            continue;
        }
        let name = source.path.clone();
        let theirs = pdftotext(&file.path);
        let Ok(reading) = read::read(&bytes, source.format, &options) else {
            if theirs.is_some() {
                println!("{name}: failed, and pdftotext reads it");
            }
            continue;
        };
        let document = structure::structure(source, None, reading);
        if document.meta.symbol.is_some() {
            un_pages += document.pages.len();
            left.extend(
                with_furniture_left(&document).into_iter().map(|(page, text)| (name.clone(), page, text)),
            );
        }
        let Some(theirs) = theirs else { continue };
        for page in document.pages.iter().filter(|page| page.unread.is_none()) {
            let furniture = document.furniture.iter().filter(|f| f.page == page.number);
            let furniture = words(&furniture.map(|f| f.text.as_str()).collect::<Vec<_>>().join(" "));
            let ours = words(&page_text(&document, page.number));
            let theirs = theirs.get(page.number as usize - 1).map(|text| words(text)).unwrap_or_default();
            let theirs = without(theirs, &furniture);
            if ours.is_empty() && theirs.is_empty() {
                continue;
            }
            let score = f1(&ours, &theirs);
            scores.push(score);
            if score < LOW {
                let count = |words: &Words| words.values().sum::<usize>();
                let told = |words: Words| words.into_keys().take(6).collect::<Vec<_>>().join(" ");
                low.push(format!(
                    "{score:.3} {name} p {}  ours {} theirs {}; only ours: {}; only theirs: {}",
                    page.number,
                    count(&ours),
                    count(&theirs),
                    told(without(ours.clone(), &theirs)),
                    told(without(theirs.clone(), &ours)),
                ));
            }
        }
    }
    let mean = scores.iter().sum::<f64>() / scores.len().max(1) as f64;
    println!("word F1 against pdftotext: {mean:.4} on {} pages, {} under {LOW}", scores.len(), low.len());
    low.iter().for_each(|line| println!("  {line}"));
    let pages: usize = left.len();
    println!(
        "furniture left in the text of UN documents: {pages} of {un_pages} pages, {:.2} %",
        100.0 * pages as f64 / un_pages.max(1) as f64
    );
    left.iter().for_each(|(name, page, text)| println!("  {name} p {page}: {text}"));
}
