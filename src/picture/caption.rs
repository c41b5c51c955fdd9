//! Lines of text as a picture: a page of our own in a font every reader of PDF has, drawn like any
//! other page.
//!
//! The font has the letters of Western Europe. Another letter is shown as `?`: the picture above the
//! caption has it as it was printed.

use super::Written;
use crate::error::Result;
use crate::read::{self, Raster};
use std::fmt::Write as _;

/// Of the page in points.
const WIDTH: f32 = 612.0;
const MARGIN: f32 = 24.0;
const SIZE: f32 = 9.0;
const LEADING: f32 = 13.0;
/// Longer captions are cut, with a sign that they are.
const MOST_LINES: usize = 60;

/// The lines drawn so many pixels wide.
pub fn drawn(written: &[Written], width: u32, most_pixels: f32) -> Result<Raster> {
    read::draw(&page(written), 1, width, most_pixels)
}

/// A PDF of one page, as high as its lines.
fn page(written: &[Written]) -> Vec<u8> {
    let mut lines: Vec<(String, bool)> = Vec::new();
    for w in written {
        lines.extend(wrapped(&w.text).into_iter().map(|line| (line, w.is_strong)));
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES - 1);
        lines.push(("\u{2026}".to_string(), false));
    }
    let height = 2.0 * MARGIN + LEADING * lines.len() as f32;
    let mut text =
        format!("0.6 G 0 {height} m {WIDTH} {height} l S\nBT {LEADING} TL {MARGIN} {} Td\n", height - MARGIN);
    for (line, is_strong) in &lines {
        let font = if *is_strong { "B" } else { "R" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "/{font} {SIZE} Tf <{}> Tj T*", hex(line));
    }
    text.push_str("ET\n");
    let font = |name: &str| {
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
    };
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_string(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {height}] /Contents 4 0 R \
             /Resources << /Font << /R 5 0 R /B 6 0 R >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{text}endstream", text.len()),
        font("Helvetica"),
        font("Helvetica-Bold"),
    ];
    let mut pdf = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        let _ = write!(pdf, "{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let table = pdf.len();
    let _ = write!(pdf, "xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for place in places {
        let _ = writeln!(pdf, "{place:010} 00000 n ");
    }
    let _ = write!(pdf, "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    pdf.into_bytes()
}

/// The bytes of a line in the font's encoding.
fn hex(line: &str) -> String {
    let mut text = String::new();
    for c in line.chars() {
        let one = c.to_string();
        let (bytes, _, is_lost) = encoding_rs::WINDOWS_1252.encode(&one);
        let byte = if is_lost { b'?' } else { bytes.first().copied().unwrap_or(b'?') };
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Lines that fit the page; a word longer than a line is broken.
fn wrapped(text: &str) -> Vec<String> {
    let most = WIDTH - 2.0 * MARGIN;
    let (mut lines, mut line, mut length) = (Vec::new(), String::new(), 0.0_f32);
    for word in text.split_whitespace() {
        let mut wide: f32 = word.chars().map(wide).sum();
        if !line.is_empty() && length + self::wide(' ') + wide > most {
            lines.push(std::mem::take(&mut line));
            length = 0.0;
        }
        if !line.is_empty() {
            line.push(' ');
            length += self::wide(' ');
        }
        if wide > most {
            for c in word.chars() {
                if length + self::wide(c) > most {
                    lines.push(std::mem::take(&mut line));
                    length = 0.0;
                }
                line.push(c);
                length += self::wide(c);
            }
            wide = 0.0;
        } else {
            line.push_str(word);
        }
        length += wide;
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// How wide a letter is at most, in points.
fn wide(c: char) -> f32 {
    SIZE * match c {
        'i' | 'j' | 'l' | '\'' | '|' => 0.28,
        ' ' | '.' | ',' | ':' | ';' | '/' | '!' | 'f' | 't' | 'I' | '(' | ')' | '[' | ']' | '-' => 0.334,
        'm' | 'M' | 'W' | '@' | '%' | '\u{2026}' | '\u{2014}' => 1.0,
        'w' | 'C' | 'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'R' | 'U' => 0.78,
        'A'..='Z' | '&' => 0.73,
        _ => 0.611,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_drawn_and_long_ones_wrapped() {
        let written = vec![
            Written { text: "S/2022/132 para 106".to_string(), is_strong: true },
            Written { text: "hackers stole “nearly €400 million” ".repeat(12), is_strong: false },
        ];
        let drawn = drawn(&written, 612, 6e6).unwrap();
        assert!(drawn.height > 100, "{} x {}", drawn.width, drawn.height);
        let dark = drawn.pixels.chunks_exact(4).filter(|p| p[0] < 100).count();
        assert!(dark > 500, "{dark} dark pixels");
        // Nothing runs over the right margin.
        let margin = (WIDTH - MARGIN) as usize;
        let over = drawn
            .pixels
            .chunks_exact(4)
            .enumerate()
            .skip(612 * 4)
            .filter(|(i, p)| i % 612 > margin && p[0] < 200);
        assert_eq!(over.count(), 0);
    }

    #[test]
    fn a_word_without_end_is_broken_and_an_endless_caption_cut() {
        assert!(wrapped(&"f0".repeat(200)).len() > 2);
        let written = vec![Written { text: "word ".repeat(9_000), is_strong: false }];
        let pdf = String::from_utf8(page(&written)).unwrap();
        assert_eq!(pdf.matches(" Tj ").count(), MOST_LINES);
        assert!(hex("\u{4f60}").contains("3f"));
    }
}
