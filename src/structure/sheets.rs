//! A page as rows of words in the frame in which most of its text stands upright, and text turned
//! otherwise beside it.

use crate::document::{Furniture, FurnitureKind, Rect};
use crate::read::{Glyph, PageRead, Ruling};
use crate::structure::words::{self, Segment};

/// Text turned against the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    Upright,
    Down,
    Over,
    Up,
    /// At an angle, in degrees clockwise.
    Askew(u16),
}

impl Turn {
    fn of(angle: u16) -> Turn {
        match angle % 360 {
            0..=10 | 350..=359 => Turn::Upright,
            80..=100 => Turn::Down,
            170..=190 => Turn::Over,
            260..=280 => Turn::Up,
            angle => Turn::Askew(angle),
        }
    }
}

/// One page in its frame.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    pub number: u32,
    /// Of the frame.
    pub height: f32,
    pub glyphs: &'a [Glyph],
    pub rows: Vec<Vec<Segment>>,
    pub rulings: Vec<Ruling>,
    /// Rows of text turned against the frame.
    pub aside: Vec<Vec<Segment>>,
    pub furniture: Vec<Furniture>,
    pub label: Option<String>,
}

/// Left, right and baseline of a glyph in a frame.
fn in_frame(glyph: &Glyph, turn: Turn, width: f32, height: f32) -> (f32, f32, f32) {
    match turn {
        Turn::Upright => (glyph.x0, glyph.x1, glyph.baseline),
        Turn::Down => (glyph.y0, glyph.y1, width - glyph.baseline),
        Turn::Over => (width - glyph.x1, width - glyph.x0, height - glyph.baseline),
        Turn::Up => (height - glyph.y1, height - glyph.y0, glyph.baseline),
        Turn::Askew(angle) => {
            let (sin, cos) = f32::from(angle).to_radians().sin_cos();
            let (x, y) = ((glyph.x0 + glyph.x1) / 2.0, (glyph.y0 + glyph.y1) / 2.0);
            let along = x * cos + y * sin;
            let half = 0.25 * glyph.size;
            (along - half, along + half, y * cos - x * sin)
        }
    }
}

fn rect_in_frame(r: Rect, turn: Turn, width: f32, height: f32) -> Rect {
    match turn {
        Turn::Down => Rect { x0: r.y0, x1: r.y1, y0: width - r.x1, y1: width - r.x0 },
        Turn::Over => Rect { x0: width - r.x1, x1: width - r.x0, y0: height - r.y1, y1: height - r.y0 },
        Turn::Up => Rect { x0: height - r.y1, x1: height - r.y0, y0: r.x0, y1: r.x1 },
        Turn::Upright | Turn::Askew(_) => r,
    }
}

impl<'a> Sheet<'a> {
    pub fn of(page: &PageRead, glyphs: &'a [Glyph], rulings: &[Ruling]) -> Sheet<'a> {
        let (mut seen, mut hidden) = (0, 0);
        for glyph in glyphs.iter().filter(|g| !words::is_blank(g.c)) {
            if glyph.style.invisible {
                hidden += 1;
            } else {
                seen += 1;
            }
        }
        // The text layer of a scan, beside at most a stamp or a page number.
        let is_layer = hidden > 0 && (seen == 0 || (hidden >= 200 && seen * 10 < hidden));
        // Most pages have text of one turn only.
        let mut upright: Vec<u32> = Vec::with_capacity(glyphs.len());
        let mut by_turn: std::collections::BTreeMap<Turn, Vec<u32>> = std::collections::BTreeMap::new();
        let mut unseen: Vec<u32> = Vec::new();
        for (i, glyph) in glyphs.iter().enumerate() {
            let i = u32::try_from(i).unwrap_or(u32::MAX);
            if glyph.style.invisible && !is_layer {
                unseen.push(i);
                continue;
            }
            match Turn::of(glyph.angle) {
                Turn::Upright => upright.push(i),
                turn => by_turn.entry(turn).or_default().push(i),
            }
        }
        if !upright.is_empty() {
            by_turn.insert(Turn::Upright, upright);
        }
        let turn = by_turn
            .iter()
            .filter(|(turn, _)| !matches!(turn, Turn::Askew(_)))
            .max_by_key(|(turn, of_turn)| (of_turn.len(), std::cmp::Reverse(**turn)))
            .map_or(Turn::Upright, |(turn, _)| *turn);
        let (width, height) = (page.width, page.height);
        let mut rows = Vec::new();
        let mut aside = Vec::new();
        for (this, of_turn) in by_turn {
            let placed =
                words::place(glyphs, of_turn.into_iter(), |glyph| in_frame(glyph, this, width, height));
            let made = words::rows(&placed);
            if this == turn {
                rows = made;
            } else {
                aside.extend(made);
            }
        }
        let sideways = matches!(turn, Turn::Down | Turn::Up);
        let mut sheet = Sheet {
            number: page.number,
            height: if sideways { width } else { height },
            glyphs,
            rows,
            rulings: rulings
                .iter()
                .map(|r| Ruling {
                    place: rect_in_frame(r.place, turn, width, height),
                    horizontal: r.horizontal != sideways,
                })
                .collect(),
            aside,
            furniture: Vec::new(),
            label: None,
        };
        sheet.put_unseen(unseen, width, height);
        sheet
    }

    /// Glyphs drawn to be unseen, kept a line at a time.
    fn put_unseen(&mut self, unseen: Vec<u32>, width: f32, height: f32) {
        if unseen.is_empty() {
            return;
        }
        let placed = words::place(self.glyphs, unseen.into_iter(), |glyph| {
            in_frame(glyph, Turn::of(glyph.angle), width, height)
        });
        for row in words::rows(&placed) {
            self.put_away(row, FurnitureKind::Invisible);
        }
    }

    /// Keeps segments as furniture.
    pub fn put_away(&mut self, segments: Vec<Segment>, why: FurnitureKind) {
        for segment in segments {
            let text = segment.text();
            let place = self.place(&segment);
            self.furniture.push(Furniture { page: self.number, text, place, why });
        }
    }

    /// Where a segment stands on the page as shown.
    pub fn place(&self, segment: &Segment) -> Rect {
        let mut place: Option<Rect> = None;
        for char in segment.words.iter().flat_map(|w| &w.chars) {
            let Some(g) = self.glyphs.get(char.glyph as usize) else { continue };
            let r = place.get_or_insert(Rect { x0: g.x0, y0: g.y0, x1: g.x1, y1: g.y1 });
            r.x0 = r.x0.min(g.x0);
            r.y0 = r.y0.min(g.y0);
            r.x1 = r.x1.max(g.x1);
            r.y1 = r.y1.max(g.y1);
        }
        place.unwrap_or_default()
    }
}
