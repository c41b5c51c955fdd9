//! Where a glyph stands on the page as it is shown, and the letters it is read as: the same for
//! both readers.

use crate::read::{Glyph, Style};
use hayro_interpret::kurbo::{self, Affine, Point};

/// Points across the line of writing for each thousandth of the font size.
pub(super) fn upright_scale(to_page: Affine) -> f64 {
    let along = along_scale(to_page);
    if along > 0.0 { to_page.determinant().abs() / along } else { 0.0 }
}

/// Points along the line of writing for each thousandth of the font size.
pub(super) fn along_scale(to_page: Affine) -> f64 {
    let [a, b, ..] = to_page.as_coeffs();
    a.hypot(b)
}

/// Where a glyph stands on the page.
pub(super) struct Place {
    origin: Point,
    direction: kurbo::Vec2,
    /// To the origin of the next glyph.
    advance: kurbo::Vec2,
    /// From the baseline to the top of the em box; its length is 0.8 of the size.
    up: kurbo::Vec2,
    /// Points along the line of writing for each thousandth of the font size.
    along: f64,
    size: f64,
    angle: u16,
}

impl Place {
    /// The place of a glyph without width. `to_page` takes thousandths of the font size, y up, to points
    /// of the page, y down.
    pub(super) fn new(to_page: Affine) -> Place {
        let [a, b, c, d, ..] = to_page.as_coeffs();
        let along = along_scale(to_page);
        let direction =
            if along > 0.0 { kurbo::Vec2::new(a / along, b / along) } else { kurbo::Vec2::new(1.0, 0.0) };
        let size = upright_scale(to_page) * 1000.0;
        // The page's y grows downwards, so plain text has a negative determinant; mirrored text
        // grows to the other side of its baseline.
        let side = if a * d - b * c < 0.0 { -1.0 } else { 1.0 };
        let up = kurbo::Vec2::new(-direction.y, direction.x) * side * (0.8 * size);
        let degrees = direction.y.atan2(direction.x).to_degrees().round();
        let mut angle = if degrees < 0.0 { degrees + 360.0 } else { degrees } as u16 % 360;
        for right in [0, 90, 180, 270, 360] {
            if angle.abs_diff(right) <= 1 {
                angle = right % 360;
            }
        }
        let (origin, advance) = (to_page.translation().to_point(), kurbo::Vec2::ZERO);
        Place { origin, direction, advance, up, along, size, angle }
    }

    /// As [`along_scale`] of what it was made of.
    pub(super) fn along(&self) -> f64 {
        self.along
    }

    /// Of the font, in points.
    pub(super) fn size(&self) -> f64 {
        self.size
    }

    /// Puts the place to another origin, for a glyph that is drawn the same way; `width` is the way to
    /// the next glyph in points.
    pub(super) fn move_to(&mut self, origin: kurbo::Vec2, width: f64) {
        self.origin = origin.to_point();
        self.advance = self.direction * width;
    }

    pub(super) fn is_finite(&self) -> bool {
        // Far outside every page, and beyond what an f32 keeps to a hundredth of a point.
        self.origin.x.abs() < 1e5
            && self.origin.y.abs() < 1e5
            && self.advance.hypot2() < 1e10
            && self.size < 1e5
    }

    pub(super) fn middle(&self) -> Point {
        self.origin + self.advance * 0.5 + self.up * 0.3
    }

    /// The glyph of one letter of those that share the place.
    pub(super) fn share(&self, i: usize, of: usize, c: char, font: u16, style: Style) -> Glyph {
        let step = self.advance * (1.0 / of as f64);
        let from = self.origin + step * i as f64;
        let to = from + step;
        let bounds = kurbo::Rect::from_points(from + self.up, to + self.up)
            .union_pt(from - self.up * 0.25)
            .union_pt(to - self.up * 0.25);
        let is_sideways = matches!(self.angle, 90 | 270);
        Glyph {
            c,
            x0: bounds.x0 as f32,
            x1: bounds.x1 as f32,
            y0: bounds.y0 as f32,
            y1: bounds.y1 as f32,
            baseline: if is_sideways { self.origin.x } else { self.origin.y } as f32,
            size: self.size as f32,
            angle: self.angle,
            font,
            style,
            confidence: 100,
        }
    }
}

/// Adds a character as the letters a person reads: ligatures taken apart, signs of common symbol
/// fonts by their Unicode, control characters as unknown.
pub(super) fn push_letters(c: char, letters: &mut Vec<char>) {
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
