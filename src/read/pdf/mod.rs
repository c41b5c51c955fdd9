//! PDF: glyphs with their place from two independent readers, page by page.
//!
//! The home of the PDF crates. [`hayro`] reads; [`extract`] takes over where it fails and is asked
//! for a second opinion on digits.

mod fonts;
mod hayro;
mod metadata;

use super::{Options, PageRead, Reading};
use crate::error::{Error, ErrorKind, Result};

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
    fn of_page(self) -> String {
        match self {
            Failure::Locked => "locked with a password".to_string(),
            Failure::Broken(what) | Failure::TooMuch(what) => what.to_string(),
            Failure::Panicked => "the reader failed on it".to_string(),
        }
    }
}

/// Reads all pages.
pub(super) fn read(bytes: &[u8], options: &Options) -> Result<Reading> {
    let _ = options;
    let document = hayro::Document::open(bytes).map_err(|failure| {
        Error::new(ErrorKind::Input, "cannot be read as PDF").because(failure.of_page())
    })?;
    let labels = document.labels();
    let mut reading = Reading { hints: document.hints(), ..Reading::default() };
    let mut session = document.session();
    for index in 0..document.page_count() {
        let mut page = session.page(index).unwrap_or_else(|failure| unread(index, failure));
        page.label = labels.get(index).cloned().flatten();
        reading.pages.push(page);
    }
    Ok(reading)
}

fn unread(index: usize, failure: Failure) -> PageRead {
    PageRead {
        number: u32::try_from(index + 1).unwrap_or(u32::MAX),
        label: None,
        width: 0.0,
        height: 0.0,
        reader: crate::document::Reader::Hayro,
        unread: Some(failure.of_page()),
        body: super::Body::Glyphs {
            glyphs: Vec::new(),
            rulings: Vec::new(),
            images: Vec::new(),
            disputes: Vec::new(),
        },
    }
}

/// Adds a character as the letters a person reads: ligatures taken apart, signs of common symbol
/// fonts by their Unicode, control characters as unknown.
fn push_letters(c: char, letters: &mut Vec<char>) {
    match c {
        '\u{fb00}' => letters.extend("ff".chars()),
        '\u{fb01}' => letters.extend("fi".chars()),
        '\u{fb02}' => letters.extend("fl".chars()),
        '\u{fb03}' => letters.extend("ffi".chars()),
        '\u{fb04}' => letters.extend("ffl".chars()),
        '\u{fb05}' | '\u{fb06}' => letters.extend("st".chars()),
        // Word's bullets: Symbol and Wingdings in the private-use area.
        '\u{f0b7}' => letters.push('\u{2022}'),
        '\u{f0a7}' => letters.push('\u{25aa}'),
        '\u{f0d8}' => letters.push('\u{27a2}'),
        '\u{f0fc}' => letters.push('\u{2713}'),
        '\t' | '\n' | '\r' => letters.push(' '),
        // Marks of direction and byte order, which print nothing.
        '\u{200e}' | '\u{200f}' | '\u{feff}' => {}
        c if c.is_control() => letters.push(char::REPLACEMENT_CHARACTER),
        c => letters.push(c),
    }
}
