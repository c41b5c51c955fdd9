//! Which font a glyph is of, and how that font looks: bold, italic, fixed width.
//!
//! The interpreter describes embedded TrueType and CFF programs. Of the 14 standard fonts and of
//! Type 1 programs it gives only the program's identity, so their look is told by their name here.

use crate::read::Style;
use hayro_font::{FontCache, FontData, FontGlyph, FontQuery, GlyphId, OutlineGlyph, StandardFont};
use hayro_interpret::InterpreterSettings;
use hayro_interpret::kurbo::Shape;
use hayro_syntax::object::dict::keys::{BASE_FONT, FLAGS, FONT, FONT_DESC, RESOURCES, SUBTYPE};
use hayro_syntax::object::{Dict, Name, Stream};
use hayro_syntax::page::Resources;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::sync::{Arc, OnceLock};

/// Fonts looked at in one document for their names.
const MOST_FONTS: usize = 2_000;

/// The fonts of a document, numbered as they appear.
#[derive(Default)]
pub(super) struct Fonts<'a> {
    by_program: BTreeMap<u128, usize>,
    looks: Vec<Look>,
    drawn: Option<usize>,
    /// Type 1 font dictionaries not yet looked into, and all ever seen.
    unnamed: Vec<Dict<'a>>,
    seen: BTreeSet<(u32, i32)>,
    named: BTreeMap<u128, Style>,
    /// Digits looked at by font and glyph.
    stands: BTreeMap<(usize, u32), Option<Stand>>,
}

/// How a digit stands that the font draws smaller and off the baseline, in thousandths of the size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stand {
    /// Of its foot above the baseline.
    pub rise: f64,
    /// Its height, as a share of a usual digit's.
    pub scale: f64,
}

/// Height of a usual digit.
const DIGIT: f64 = 680.0;

#[derive(Clone, Copy, Default)]
struct Look {
    style: Style,
    is_stand_in: bool,
}

impl<'a> Fonts<'a> {
    /// Notes the Type 1 fonts of a page and of the forms it may draw.
    pub(super) fn learn(&mut self, resources: &Resources<'a>) {
        self.learn_at(resources, 0);
    }

    fn learn_at(&mut self, resources: &Resources<'a>, depth: usize) {
        for name in resources.fonts.keys() {
            let Some(id) = resources.fonts.get_ref(name.as_ref()) else { continue };
            if self.seen.len() >= MOST_FONTS || !self.seen.insert((id.obj_number, id.gen_number)) {
                continue;
            }
            let Some(font) = resources.fonts.get::<Dict<'a>>(name.as_ref()) else { continue };
            if font.get::<Name<'_>>(SUBTYPE).is_some_and(|kind| kind.as_ref().ends_with(b"Type1")) {
                self.unnamed.push(font);
            }
        }
        if depth > 2 {
            return;
        }
        for name in resources.x_objects.keys() {
            let Some(id) = resources.x_objects.get_ref(name.as_ref()) else { continue };
            if self.seen.len() >= MOST_FONTS || !self.seen.insert((id.obj_number, id.gen_number)) {
                continue;
            }
            let form = resources.x_objects.get::<Stream<'a>>(name.as_ref());
            let inner = form.and_then(|form| form.dict().get::<Dict<'a>>(RESOURCES));
            if let Some(inner) = inner.filter(|inner| inner.contains_key(FONT)) {
                self.learn_at(&Resources::new(inner), depth + 1);
            }
        }
    }

    /// The number of the font of a glyph, by the identity of its program.
    pub(super) fn number(&mut self, program: u128, glyph: &OutlineGlyph) -> usize {
        if let Some(&number) = self.by_program.get(&program) {
            return number;
        }
        let look = self.look(program, glyph);
        self.looks.push(look);
        let number = self.looks.len() - 1;
        self.by_program.insert(program, number);
        number
    }

    /// The one number of fonts whose glyphs are drawings (Type 3).
    pub(super) fn drawn(&mut self) -> usize {
        *self.drawn.get_or_insert_with(|| {
            self.looks.push(Look::default());
            self.looks.len() - 1
        })
    }

    pub(super) fn style(&self, number: usize) -> Style {
        self.looks.get(number).map(|look| look.style).unwrap_or_default()
    }

    /// Whether the font stands in for one that is not in the file: its outlines are stretched to
    /// the widths the file gives.
    pub(super) fn is_stand_in(&self, number: usize) -> bool {
        self.looks.get(number).is_some_and(|look| look.is_stand_in)
    }

    /// Whether a font draws a digit raised or lowered: typographic superiors and inferiors have the
    /// size, the baseline and the Unicode of usual digits, and only their ink tells them.
    pub(super) fn stand(&mut self, number: usize, glyph: &OutlineGlyph) -> Option<Stand> {
        if self.is_stand_in(number) {
            return None;
        }
        let key = (number, glyph.glyph_id().to_u32());
        *self.stands.entry(key).or_insert_with(|| {
            let ink = glyph.outline().bounding_box();
            stand_of(ink.y0, ink.y1)
        })
    }

    fn look(&mut self, program: u128, glyph: &OutlineGlyph) -> Look {
        if let Some(&style) = standard_programs().get(&program) {
            return Look { style, is_stand_in: true };
        }
        let style = match glyph.font_data() {
            Some(font) => {
                let named = font.postscript_name.as_deref().map(style_of_name).unwrap_or_default();
                Style {
                    bold: named.bold || font.weight.is_some_and(|weight| (600..=1000).contains(&weight)),
                    italic: named.italic || font.is_italic,
                    fixed_width: named.fixed_width || font.is_monospace,
                    invisible: false,
                }
            }
            None => {
                self.name_fonts();
                self.named.get(&program).copied().unwrap_or_default()
            }
        };
        Look { style, is_stand_in: false }
    }

    fn name_fonts(&mut self) {
        let settings = InterpreterSettings::default();
        let cache = FontCache::new();
        for dict in self.unnamed.drain(..) {
            let Some(font) = cache.font(&dict, &settings.font_resolver, &settings.cmap_resolver) else {
                continue;
            };
            if let FontGlyph::Outline(glyph) = font.glyph(GlyphId::NOTDEF, 0) {
                let name = dict.get::<Name<'_>>(BASE_FONT);
                let mut style = name.map(|name| style_of_name(name.as_str())).unwrap_or_default();
                let flags = dict.get::<Dict<'_>>(FONT_DESC).and_then(|d| d.get::<u32>(FLAGS)).unwrap_or(0);
                // PDF 32000, table 123: fixed pitch, italic, force bold.
                style.fixed_width |= flags & 1 != 0;
                style.italic |= flags & (1 << 6) != 0;
                style.bold |= flags & (1 << 18) != 0;
                self.named.insert(program_of(&glyph), style);
            }
        }
    }
}

fn stand_of(foot: f64, top: f64) -> Option<Stand> {
    let height = top - foot;
    let is_raised = foot >= 180.0 && (150.0..=540.0).contains(&height);
    // Old-style figures hang below the baseline too, and are taller.
    let is_lowered = foot <= -60.0 && top <= 380.0 && (150.0..=480.0).contains(&height);
    (is_raised || is_lowered).then_some(Stand { rise: foot, scale: height / DIGIT })
}

/// The identity of the font program a glyph is of.
pub(super) fn program_of(glyph: &OutlineGlyph) -> u128 {
    // The library names a glyph by program and number and hides both; what it hashes first is the
    // program's own hash.
    let mut first = FirstWritten(0, false);
    glyph.identifier().hash(&mut first);
    first.0
}

struct FirstWritten(u128, bool);

impl Hasher for FirstWritten {
    fn write_u128(&mut self, value: u128) {
        if !self.1 {
            *self = FirstWritten(value, true);
        }
    }

    fn write(&mut self, _: &[u8]) {}

    fn finish(&self) -> u64 {
        self.0 as u64
    }
}

/// The look of each of the 14 standard fonts, by program.
fn standard_programs() -> &'static BTreeMap<u128, Style> {
    static PROGRAMS: OnceLock<BTreeMap<u128, Style>> = OnceLock::new();
    PROGRAMS.get_or_init(|| {
        use StandardFont::*;
        let resolver: hayro_font::FontResolverFn = Arc::new(|query| -> Option<(FontData, u32)> {
            match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
            }
        });
        [
            Helvetica,
            HelveticaBold,
            HelveticaOblique,
            HelveticaBoldOblique,
            Courier,
            CourierBold,
            CourierOblique,
            CourierBoldOblique,
            TimesRoman,
            TimesBold,
            TimesItalic,
            TimesBoldItalic,
            ZapfDingBats,
            Symbol,
        ]
        .into_iter()
        .filter_map(|standard| {
            let font = FontCache::new().standard_font(standard, &resolver)?;
            let FontGlyph::Outline(glyph) = font.glyph(GlyphId::NOTDEF, 0) else { return None };
            Some((program_of(&glyph), style_of_name(standard.postscript_name())))
        })
        .collect()
    })
}

/// What a font's name tells of its look.
fn style_of_name(name: &str) -> Style {
    let name = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    Style {
        bold: has(&["bold", "black", "heavy", "demi"]),
        italic: has(&["italic", "oblique"]),
        fixed_width: has(&["courier", "mono", "consolas", "typewriter"]),
        invisible: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_fonts_are_told_apart() {
        let looks = standard_programs();
        assert!(looks.len() >= 12, "only {} of the 14 fonts have an identity of their own", looks.len());
        assert_eq!(looks.values().filter(|style| style.bold).count(), 6);
        assert_eq!(looks.values().filter(|style| style.italic).count(), 6);
        assert_eq!(looks.values().filter(|style| style.fixed_width).count(), 4);
    }

    #[test]
    fn ink_tells_superiors_and_inferiors_from_digits() {
        assert!(stand_of(281.0, 689.0).is_some_and(|stand| stand.rise > 0.0 && stand.scale < 0.7));
        assert!(stand_of(-137.0, 271.0).is_some_and(|stand| stand.rise < 0.0));
        for (foot, top) in [(0.0, 676.0), (-14.0, 688.0), (0.0, 450.0), (-215.0, 450.0), (-8.0, 400.0)] {
            assert_eq!(stand_of(foot, top), None, "{foot} {top}");
        }
    }

    #[test]
    fn a_name_tells_the_look() {
        assert!(style_of_name("ABCDEF+Calibri-Bold").bold);
        assert!(style_of_name("TimesNewRomanPS-BoldItalicMT").italic);
        assert_eq!(style_of_name("TimesNewRomanPSMT"), Style::default());
    }
}
