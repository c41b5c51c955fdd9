//! Glyphs on the pipe between processes and in kept readings: a page has thousands, so they go as one
//! block of bytes instead of value by value, and what a glyph has in common with the one before it is
//! not said again. Of printed text that leaves some eight bytes a glyph.

use super::{Glyph, Style};
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

/// Of a record's first byte: the glyph is drawn like the one before it, on the same baseline,
const LIKE: u8 = 1;
/// and begins where that one ends.
const BESIDE: u8 = 2;
const BOLD: u8 = 1;
const ITALIC: u8 = 2;
const FIXED_WIDTH: u8 = 4;
const INVISIBLE: u8 = 8;
/// Bytes of a usual record, to begin with.
const USUAL: usize = 9;

pub(super) fn serialize<S: Serializer>(glyphs: &[Glyph], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(glyphs.len() * USUAL);
    let mut before = None;
    for glyph in glyphs {
        put(glyph, before.replace(glyph), &mut bytes);
    }
    to.serialize_bytes(&bytes)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Glyph>, D::Error> {
    from.deserialize_bytes(Glyphs)
}

struct Glyphs;

impl Visitor<'_> for Glyphs {
    type Value = Vec<Glyph>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "records of glyphs")
    }

    fn visit_bytes<E: Error>(self, mut bytes: &[u8]) -> Result<Vec<Glyph>, E> {
        let mut glyphs: Vec<Glyph> = Vec::with_capacity(bytes.len() / USUAL);
        while !bytes.is_empty() {
            let glyph = take(&mut bytes, glyphs.last()).ok_or_else(|| E::custom("no glyph"))?;
            glyphs.push(glyph);
        }
        Ok(glyphs)
    }
}

/// What glyphs of one run share.
fn shared(glyph: &Glyph) -> [u32; 6] {
    let Glyph { y0, y1, baseline, size, angle, font, style, confidence, .. } = *glyph;
    let flags = [
        (style.bold, BOLD),
        (style.italic, ITALIC),
        (style.fixed_width, FIXED_WIDTH),
        (style.invisible, INVISIBLE),
    ];
    let flags = flags.iter().filter(|(is_set, _)| *is_set).fold(0, |all, (_, flag)| all | flag);
    [
        y0.to_bits(),
        y1.to_bits(),
        baseline.to_bits(),
        size.to_bits(),
        u32::from(angle) | u32::from(font) << 16,
        u32::from(flags) | u32::from(confidence) << 8,
    ]
}

fn put(glyph: &Glyph, before: Option<&Glyph>, bytes: &mut Vec<u8>) {
    let shares = shared(glyph);
    let is_like = before.is_some_and(|before| shared(before) == shares);
    let is_beside = before.is_some_and(|before| before.x1.to_bits() == glyph.x0.to_bits());
    bytes.push((u8::from(is_like) * LIKE) | (u8::from(is_beside) * BESIDE));
    let mut c = glyph.c as u32;
    while c >= 0x80 {
        bytes.push((c & 0x7f) as u8 | 0x80);
        c >>= 7;
    }
    bytes.push(c as u8);
    if !is_beside {
        bytes.extend_from_slice(&glyph.x0.to_le_bytes());
    }
    bytes.extend_from_slice(&glyph.x1.to_le_bytes());
    if !is_like {
        for word in shares {
            bytes.extend_from_slice(&word.to_le_bytes());
        }
    }
}

/// The next record, as [`put`] wrote it; `None` where there is none.
fn take(bytes: &mut &[u8], before: Option<&Glyph>) -> Option<Glyph> {
    let mut byte = || {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        Some(byte)
    };
    let how = byte()?;
    let mut c = 0;
    for shift in [0, 7, 14] {
        let byte = byte()?;
        c |= u32::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    let c = char::from_u32(c)?;
    let mut word = || {
        let (word, rest) = bytes.split_first_chunk::<4>()?;
        *bytes = rest;
        Some(u32::from_le_bytes(*word))
    };
    let x0 = if how & BESIDE == 0 { f32::from_bits(word()?) } else { before?.x1 };
    let x1 = f32::from_bits(word()?);
    if how & LIKE != 0 {
        return Some(Glyph { c, x0, x1, ..*before? });
    }
    let mut number = || word().map(f32::from_bits);
    let (y0, y1, baseline, size) = (number()?, number()?, number()?, number()?);
    let (turn, look) = (word()?, word()?);
    let [flags, confidence, ..] = look.to_le_bytes();
    Some(Glyph {
        c,
        x0,
        x1,
        y0,
        y1,
        baseline,
        size,
        angle: (turn & 0xffff) as u16,
        font: (turn >> 16) as u16,
        style: style(flags),
        confidence,
    })
}

fn style(flags: u8) -> Style {
    Style {
        bold: flags & BOLD != 0,
        italic: flags & ITALIC != 0,
        fixed_width: flags & FIXED_WIDTH != 0,
        invisible: flags & INVISIBLE != 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn there_and_back(glyphs: &[Glyph]) -> Option<Vec<Glyph>> {
        let (mut bytes, mut before) = (Vec::new(), None);
        for glyph in glyphs {
            put(glyph, before.replace(glyph), &mut bytes);
        }
        let (mut bytes, mut read) = (bytes.as_slice(), Vec::new());
        while !bytes.is_empty() {
            read.push(take(&mut bytes, read.last())?);
        }
        Some(read)
    }

    fn style_of([bold, italic, fixed_width, invisible]: [bool; 4]) -> Style {
        Style { bold, italic, fixed_width, invisible }
    }

    fn glyph() -> impl Strategy<Value = Glyph> {
        // Few values, so that glyphs in a row have some in common.
        let number = || prop::sample::select(vec![0.1_f32, 1.5, -3.0, 1e4]);
        let place = (number(), number(), number(), number(), number(), number());
        let c = prop_oneof![Just('$'), Just('\u{e9}'), Just('\u{5186}'), Just('\u{10ffff}'), any::<char>()];
        (c, place, 0..3_u16, 0..2_u16, any::<[bool; 4]>(), 99..=100_u8).prop_map(
            |(c, (x0, x1, y0, y1, baseline, size), turn, font, look, confidence)| Glyph {
                c,
                x0,
                x1,
                y0,
                y1,
                baseline,
                size,
                angle: turn * 179,
                font: u16::MAX - font,
                style: style_of(look),
                confidence,
            },
        )
    }

    proptest! {
        #[test]
        fn glyphs_come_back_as_they_went(glyphs in prop::collection::vec(glyph(), 0..40)) {
            prop_assert_eq!(there_and_back(&glyphs), Some(glyphs));
        }

        #[test]
        fn any_bytes_are_glyphs_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut bytes = bytes.as_slice();
            let mut last = None;
            while let Some(glyph) = take(&mut bytes, last.as_ref()) {
                last = Some(glyph);
            }
        }
    }

    #[test]
    fn a_line_of_text_takes_few_bytes() {
        let line = |i: u16| Glyph {
            c: 'a',
            x0: f32::from(i) * 6.0,
            x1: f32::from(i + 1) * 6.0,
            y0: 90.0,
            y1: 102.0,
            baseline: 100.0,
            size: 12.0,
            angle: 0,
            font: 1,
            style: Style::default(),
            confidence: 100,
        };
        let (mut bytes, mut before) = (Vec::new(), None);
        for glyph in (0..100).map(line) {
            put(&glyph, before.as_ref(), &mut bytes);
            before = Some(glyph);
        }
        assert!(bytes.len() < 700, "{}", bytes.len());
    }
}
