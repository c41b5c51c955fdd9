//! PDF: glyphs with their place from two independent readers, page by page.
//!
//! The home of the PDF crates. [`hayro`] reads; [`extract`] takes over where it fails and is asked
//! for a second opinion on digits, unless the fonts of the page leave no room for one ([`alike`]).
//! What a page's glyphs say is not decided here, only whether they say anything.

mod alike;
mod content;
mod digits;
mod extract;
mod follow;
mod fonts;
mod hayro;
mod metadata;
mod place;
mod quiet;
mod unicode_map;

use super::{Body, Event, Glyph, Head, Ocr, Options, PageRead, PdfReaders, Raster};
use crate::document::{Reader, Rect, Warning};
use crate::error::{Error, ErrorKind, Result};
use crate::read::ocr;
use std::ops::Range;

/// Forms draw forms, and each level takes its share of the stack.
const STACK: usize = 64 << 20;
/// A picture that covers less of the page than this is a logo or a rule.
const SMALLEST_PICTURE: f32 = 0.01;
/// A page under a picture of this size, with fewer glyphs than that, is a scan with a stamp on it.
const WHOLE_PICTURE: f32 = 0.5;
const STAMP: usize = 60;
/// Shapes filled on a page without text from which on they may be letters drawn as outlines.
const OUTLINED_TEXT: usize = 200;

pub(super) const PICTURE: &str = "a picture without text";
const BAD_LAYER: &str = "text layer without Unicode";

/// Why a reader gave nothing of a file or a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    Locked,
    /// What of the file does not hold together.
    Broken(&'static str),
    /// More than a page can sensibly have.
    TooMuch(&'static str),
    Panicked,
}

impl Failure {
    /// As the reason a page is unread.
    fn of_page(self) -> &'static str {
        match self {
            Failure::Locked => "locked with a password",
            Failure::Broken(what) | Failure::TooMuch(what) => what,
            Failure::Panicked => "the reader failed on it",
        }
    }
}

/// Reads pages, 0-based, and hands each on as soon as it is read. Nothing a file does to the
/// readers comes out as a panic.
pub(super) fn read(
    bytes: &[u8],
    options: &Options,
    pages: Range<usize>,
    hand_on: &mut (dyn FnMut(Event) + Send),
) -> Result<()> {
    if bytes.is_empty() {
        return Err(Error::new(ErrorKind::Input, "the file is empty: it has 0 bytes"));
    }
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("read-pdf".to_string())
            .stack_size(STACK)
            .spawn_scoped(scope, || quiet::quietly(|| read_here(bytes, options, pages, hand_on)))
            .map_err(|error| Error::new(ErrorKind::Input, "no thread to read with").because(error))?
            .join()
            .ok()
            .flatten()
            .unwrap_or_else(|| Err(cannot_open(bytes, Failure::Panicked)))
    })
}

/// One of the readers with the file open, or why it cannot be.
enum Opening<T> {
    NotYet,
    Failed(Failure),
    Open(T),
}

impl Opening<extract::Document> {
    /// The second reader opens a file only when it is asked.
    fn open(&mut self, bytes: &[u8]) -> std::result::Result<&extract::Document, Failure> {
        if let Opening::NotYet = self {
            *self = match extract::Document::open(bytes) {
                Ok(document) => Opening::Open(document),
                Err(failure) => Opening::Failed(failure),
            };
        }
        match self {
            Opening::Open(document) => Ok(document),
            Opening::Failed(failure) => Err(*failure),
            Opening::NotYet => Err(Failure::Panicked),
        }
    }
}

/// Draws a page, 1-based, `width` pixels wide, of at most `most_pixels`.
pub(super) fn draw(bytes: &[u8], page: u32, width: u32, most_pixels: f32) -> Result<Raster> {
    let cannot =
        |why: &str| Error::new(ErrorKind::Input, format!("page {page} cannot be drawn")).because(why);
    let draw_here = || {
        let document = hayro::Document::open(bytes).map_err(|failure| cannot_open(bytes, failure))?;
        let index = (page as usize).checked_sub(1);
        let Some((index, (points, _))) = index.and_then(|i| Some((i, document.size(i)?))) else {
            return Err(Error::new(ErrorKind::Usage, format!("there is no page {page}"))
                .hint(format!("it has pages 1 to {}", document.page_count())));
        };
        let scale = width as f32 / points.max(1.0);
        document.drawn(index, scale, most_pixels).ok_or_else(|| cannot("the reader failed on it"))
    };
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .name("draw-pdf".to_string())
            .stack_size(STACK)
            .spawn_scoped(scope, || quiet::quietly(draw_here))
            .map_err(|error| cannot("no thread to draw with").because(error))?
            .join()
            .ok()
            .flatten()
            .unwrap_or_else(|| Err(cannot_open(bytes, Failure::Panicked)))
    })
}

fn read_here(
    bytes: &[u8],
    options: &Options,
    pages: Range<usize>,
    hand_on: &mut (dyn FnMut(Event) + Send),
) -> Result<()> {
    let first = match options.pdf {
        PdfReaders::PdfExtract => Err(Failure::Panicked),
        PdfReaders::Hayro | PdfReaders::Both => hayro::Document::open(bytes),
    };
    let mut second = Opening::NotYet;
    let may_fall_back = options.pdf != PdfReaders::Hayro && !matches!(first, Err(Failure::Locked));
    let (count, hints, labels) = match &first {
        Ok(document) => (document.page_count(), document.hints(), document.labels()),
        Err(_) if may_fall_back => match second.open(bytes) {
            Ok(document) => (document.page_count(), document.hints(), Vec::new()),
            Err(failure) => return Err(cannot_open(bytes, failure)),
        },
        Err(failure) => return Err(cannot_open(bytes, *failure)),
    };
    if count == 0 {
        return Err(match is_cut_off(bytes) {
            true => cannot_open(bytes, Failure::Broken("no page of it is left")),
            false => Error::new(ErrorKind::Input, "the PDF has no pages"),
        });
    }
    let mut warnings = Vec::new();
    if is_cut_off(bytes) {
        warnings.push(Warning { page: None, what: "the file is cut off: its end is missing".to_string() });
    }
    hand_on(Event::Opened(Head { pages: count, hints, warnings }));

    let mut session = first.as_ref().ok().map(hayro::Document::session);
    for index in pages.start..pages.end.min(count) {
        let read = match &mut session {
            Some(session) => session.page(index),
            None => second.open(bytes).and_then(|document| document.page(index).map(Drawn::from)),
        };
        let mut drawn = match read {
            Ok(drawn) => drawn,
            Err(failure) if may_fall_back && session.is_some() => {
                match second.open(bytes).and_then(|document| document.page(index)) {
                    Ok(page) if page.has_glyphs() => Drawn::from(page),
                    _ => Drawn::from(unread(index, failure)),
                }
            }
            Err(failure) => Drawn::from(unread(index, failure)),
        };
        drawn.page.label = labels.get(index).cloned().flatten();
        if drawn.page.unread.is_none() {
            drawn.page.unread = drawn.why_unread().map(str::to_string);
        }
        let is_first_reading = drawn.page.reader == Reader::Hayro;
        if drawn.page.unread.as_deref() == Some(BAD_LAYER) && may_fall_back && is_first_reading {
            let other = second.open(bytes).and_then(|document| document.page(index));
            if let Ok(other) = other.map(Drawn::from)
                && other.why_unread().is_none()
            {
                drawn.take_glyphs(other);
            }
        }
        let wants_check = options.pdf == PdfReaders::Both
            && drawn.page.reader == Reader::Hayro
            && drawn.page.unread.is_none()
            && digits::worth_comparing(drawn.glyphs(), drawn.page.height)
            && !session.as_mut().is_some_and(|session| session.is_read_alike(index, &drawn.codes));
        let wants_ocr = drawn.wants_ocr(options.ocr);
        if !wants_check && !wants_ocr {
            hand_on(Event::Page(Box::new(drawn.page)));
            continue;
        }
        // Handed on before anything more is tried: what is read is kept.
        hand_on(Event::Page(Box::new(drawn.page.clone())));
        if wants_check {
            hand_on(Event::Comparing(drawn.page.number));
            let disputes = match second.open(bytes).and_then(|document| document.glyphs(index)) {
                Ok(other) => digits::disputes(drawn.glyphs(), &other),
                Err(_) => Vec::new(),
            };
            hand_on(Event::Compared(drawn.page.number, disputes));
        }
        if wants_ocr && let Some(document) = first.as_ref().ok() {
            hand_on(Event::Recognising(drawn.page.number));
            recognise(document, index, drawn, options.ocr, hand_on);
        }
    }
    Ok(())
}

/// Reads a page's picture by OCR and hands the page on anew where that gave more.
fn recognise(
    document: &hayro::Document,
    index: usize,
    drawn: Drawn,
    wanted: Ocr,
    hand_on: &mut (dyn FnMut(Event) + Send),
) {
    let number = drawn.page.number;
    let printed = drawn.glyphs().iter().filter(|glyph| !glyph.c.is_whitespace()).count();
    let recognised = match document.picture(index, ocr::RESOLUTION, ocr::MOST_PIXELS) {
        Some(picture) => ocr::recognise(&picture),
        None => Err("its picture could not be drawn".to_string()),
    };
    match recognised {
        Ok(glyphs) => {
            let is_better = wanted == Ocr::Always || glyphs.len() > 2 * printed;
            let is_unread = drawn.page.unread.is_some();
            let mut page = drawn.page;
            if glyphs.is_empty() {
                return;
            }
            if is_better || is_unread {
                page.reader = Reader::Ocr;
                page.unread = None;
                if let Body::Glyphs { glyphs: place, disputes, .. } = &mut page.body {
                    *place = glyphs;
                    disputes.clear();
                }
                hand_on(Event::Page(Box::new(page)));
            }
        }
        Err(what) => {
            hand_on(Event::Warned(Warning { page: Some(number), what: format!("OCR failed: {what}") }));
        }
    }
}

/// A page as read, with what the spine does not keep.
struct Drawn {
    page: PageRead,
    /// Shapes filled.
    shapes: usize,
    /// Drawn with simple fonts.
    codes: alike::Codes,
}

impl From<PageRead> for Drawn {
    fn from(page: PageRead) -> Self {
        Drawn { page, shapes: 0, codes: alike::Codes::default() }
    }
}

impl Drawn {
    fn glyphs(&self) -> &[Glyph] {
        match &self.page.body {
            Body::Glyphs { glyphs, .. } => glyphs,
            Body::Blocks(_) => &[],
        }
    }

    fn images(&self) -> &[Rect] {
        match &self.page.body {
            Body::Glyphs { images, .. } => images,
            Body::Blocks(_) => &[],
        }
    }

    /// The part of the page the largest picture covers.
    fn picture_share(&self) -> f32 {
        let page = self.page.width * self.page.height;
        let largest = self.images().iter().map(|r| (r.x1 - r.x0) * (r.y1 - r.y0)).fold(0.0, f32::max);
        if page > 0.0 { largest / page } else { 0.0 }
    }

    /// Scans are often cut into strips, so all pictures count together.
    fn pictures_share(&self) -> f32 {
        let page = self.page.width * self.page.height;
        let all: f32 = self.images().iter().map(|r| (r.x1 - r.x0) * (r.y1 - r.y0)).sum();
        if page > 0.0 { (all / page).min(1.0) } else { 0.0 }
    }

    /// Nothing to read where something is drawn, or glyphs that say nothing. An empty page is read.
    fn why_unread(&self) -> Option<&'static str> {
        let (mut printed, mut bad) = (0, 0);
        for glyph in self.glyphs().iter().filter(|glyph| !glyph.c.is_whitespace()) {
            printed += 1;
            bad += usize::from(says_nothing(glyph.c));
        }
        if printed == 0 {
            let is_picture = self.pictures_share() >= SMALLEST_PICTURE || self.shapes >= OUTLINED_TEXT;
            return is_picture.then_some(PICTURE);
        }
        (bad * 2 > printed && bad >= 8).then_some(BAD_LAYER)
    }

    fn wants_ocr(&self, wanted: Ocr) -> bool {
        let can = wanted != Ocr::Never && ocr::is_installed();
        can && match wanted {
            Ocr::Always => true,
            _ => matches!(self.page.unread.as_deref(), Some(PICTURE | BAD_LAYER)) || self.is_stamped_scan(),
        }
    }

    /// A picture of a page under a few printed words, such as a symbol and a page number.
    fn is_stamped_scan(&self) -> bool {
        let printed = self.glyphs().iter().filter(|glyph| !glyph.c.is_whitespace()).count();
        printed <= STAMP && self.picture_share() >= WHOLE_PICTURE
    }

    /// Takes the glyphs of the other reader's page and keeps lines and pictures.
    fn take_glyphs(&mut self, other: Drawn) {
        let Body::Glyphs { glyphs: taken, .. } = other.page.body else { return };
        if let Body::Glyphs { glyphs, .. } = &mut self.page.body {
            *glyphs = taken;
            self.page.reader = other.page.reader;
            self.page.unread = None;
        }
    }
}

/// A character that a text layer without a proper encoding gives.
fn says_nothing(c: char) -> bool {
    matches!(c, char::REPLACEMENT_CHARACTER | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
        || c.is_control()
}

fn unread(index: usize, failure: Failure) -> PageRead {
    PageRead::unread_pdf(u32::try_from(index + 1).unwrap_or(u32::MAX), failure.of_page())
}

/// No end mark in what may follow the last cross-reference table.
fn is_cut_off(bytes: &[u8]) -> bool {
    let tail = bytes.get(bytes.len().saturating_sub(2048)..).unwrap_or_default();
    !contains(tail, b"%%EOF") && !contains(tail, b"startxref")
}

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// The error of a file of which nothing can be read.
fn cannot_open(bytes: &[u8], failure: Failure) -> Error {
    let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    if failure == Failure::Locked {
        return Error::new(ErrorKind::Input, "the PDF is locked with a password")
            .hint("save a copy without the password, for example: qpdf --password=... --decrypt IN OUT");
    }
    if !contains(head, b"%PDF-") {
        return Error::new(ErrorKind::Input, "the file is not a PDF");
    }
    if is_cut_off(bytes) {
        return Error::new(ErrorKind::Input, "the PDF is cut off: its end is missing")
            .because(failure.of_page())
            .hint("fetch the file again");
    }
    Error::new(ErrorKind::Input, "the PDF is damaged").because(failure.of_page())
}
