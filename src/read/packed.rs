//! Glyphs on the pipe between processes: a page has thousands, so they go as one block of bytes,
//! every record of the same length, instead of value by value. Nothing here is kept on disk.

use super::{Glyph, Style};
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};
use std::fmt;

/// Bytes of one glyph.
const RECORD: usize = 34;
const BOLD: u8 = 1;
const ITALIC: u8 = 2;
const FIXED_WIDTH: u8 = 4;
const INVISIBLE: u8 = 8;

pub(super) fn serialize<S: Serializer>(glyphs: &[Glyph], to: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(glyphs.len() * RECORD);
    for glyph in glyphs {
        bytes.extend_from_slice(&record(glyph));
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
        write!(f, "records of {RECORD} bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<Glyph>, E> {
        let (records, rest) = bytes.as_chunks::<RECORD>();
        if !rest.is_empty() {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        records.iter().map(|record| glyph(record).ok_or_else(|| E::custom("no such character"))).collect()
    }
}

fn record(glyph: &Glyph) -> [u8; RECORD] {
    let Glyph { c, x0, x1, y0, y1, baseline, size, angle, font, style, confidence } = *glyph;
    let mut record = [0; RECORD];
    let (words, rest) = record.as_chunks_mut::<4>();
    let values = [c as u32, x0.to_bits(), x1.to_bits(), y0.to_bits(), y1.to_bits()];
    let values = values.into_iter().chain([
        baseline.to_bits(),
        size.to_bits(),
        u32::from(angle) | u32::from(font) << 16,
    ]);
    for (word, value) in words.iter_mut().zip(values) {
        *word = value.to_le_bytes();
    }
    let flags = [
        (style.bold, BOLD),
        (style.italic, ITALIC),
        (style.fixed_width, FIXED_WIDTH),
        (style.invisible, INVISIBLE),
    ];
    let flags = flags.iter().filter(|(is_set, _)| *is_set).fold(0, |all, (_, flag)| all | flag);
    rest.copy_from_slice(&[flags, confidence]);
    record
}

fn glyph(record: &[u8; RECORD]) -> Option<Glyph> {
    let (words, rest) = record.as_chunks::<4>();
    let &[c, x0, x1, y0, y1, baseline, size, turn] = words else { return None };
    let &[flags, confidence] = rest else { return None };
    let number = f32::from_le_bytes;
    let turn = u32::from_le_bytes(turn);
    Some(Glyph {
        c: char::from_u32(u32::from_le_bytes(c))?,
        x0: number(x0),
        x1: number(x1),
        y0: number(y0),
        y1: number(y1),
        baseline: number(baseline),
        size: number(size),
        angle: (turn & 0xffff) as u16,
        font: (turn >> 16) as u16,
        style: Style {
            bold: flags & BOLD != 0,
            italic: flags & ITALIC != 0,
            fixed_width: flags & FIXED_WIDTH != 0,
            invisible: flags & INVISIBLE != 0,
        },
        confidence,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyphs_come_back_as_they_went() {
        let style = |n: u8| Style {
            bold: n & 1 != 0,
            italic: n & 2 != 0,
            fixed_width: n & 4 != 0,
            invisible: n & 8 != 0,
        };
        for (n, c) in (0..16).zip("$320 \u{1f4b0}\u{fffd}l\u{e9}\u{5186}987654\u{20ac}".chars()) {
            let given = Glyph {
                c,
                x0: 1.5 + f32::from(n),
                x1: 7.25,
                y0: -3.0,
                y1: 1e4,
                baseline: 0.1,
                size: 12.0,
                angle: 359,
                font: u16::MAX - u16::from(n),
                style: style(n),
                confidence: 100 - n,
            };
            assert_eq!(glyph(&record(&given)), Some(given));
        }
    }

    #[test]
    fn what_is_no_character_is_no_glyph() {
        assert_eq!(glyph(&[0xff; RECORD]), None);
    }
}
