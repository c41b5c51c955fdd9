//! Which fonts both readers are known to read alike, told from what the file says of them, so that
//! the second reader need not be asked about a page.
//!
//! The second opinion is there for fonts that say two things of a code: a map to Unicode against
//! itself, against the encoding, or against the font's own program. Most fonts can only say one: an
//! encoding that is a table in both readers (WinAnsi, Mac Roman), or a plain map that the first
//! reader took as it stands and no encoding contradicts. In doubt a font is not alike, and the two
//! readings are compared glyph by glyph as ever. Only digits count, as they do there.

use super::unicode_map;
use hayro_interpret::hayro_cmap::{BfString, CMap};
use hayro_syntax::object::dict::keys::{
    BASE_ENCODING, BASE_FONT, DIFFERENCES, ENCODING, FONT_DESC, FONT_FILE3, RESOURCES, SUBTYPE, TO_UNICODE,
};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Resources;
use std::collections::BTreeMap;

/// Fonts and forms looked at in one document.
const MOST_LOOKED_AT: usize = 20_000;
const DEEPEST_FORM: usize = 24;

/// A set of codes of one byte.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Codes([u64; 4]);

impl Codes {
    const ALL: Codes = Codes([u64::MAX; 4]);

    /// Takes in a code; longer ones are not of a simple font.
    pub(super) fn add(&mut self, code: u32) {
        if let Some(word) = self.0.get_mut(code as usize / 64) {
            *word |= 1 << (code % 64);
        }
    }

    fn contains(&self, others: &Codes) -> bool {
        self.0.iter().zip(&others.0).all(|(word, other)| other & !word == 0)
    }

    fn both(&self, other: &Codes) -> Codes {
        Codes(std::array::from_fn(|i| {
            self.0.get(i).copied().unwrap_or(0) & other.0.get(i).copied().unwrap_or(0)
        }))
    }
}

/// What is known of a font, or of all fonts that something draws with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// These codes of simple fonts, and all of composite ones.
    Alike(Codes),
    Doubtful,
}

impl Known {
    const ALL_ALIKE: Known = Known::Alike(Codes::ALL);

    fn and(self, other: Known) -> Known {
        match (self, other) {
            (Known::Alike(codes), Known::Alike(others)) => Known::Alike(codes.both(&others)),
            _ => Known::Doubtful,
        }
    }
}

/// Number and generation of an object.
type Id = (u32, i32);

/// The fonts of a document, and of its forms, that were looked at.
#[derive(Debug, Default)]
pub(super) struct Fonts {
    fonts: BTreeMap<Id, Known>,
    forms: BTreeMap<Id, Known>,
}

impl Fonts {
    /// Whether both readers read every digit alike on a page that draws with these resources, and
    /// these codes with its simple fonts.
    pub(super) fn are_alike(&mut self, resources: &Resources<'_>, codes: &Codes) -> bool {
        matches!(self.of(resources, 0), Known::Alike(alike) if alike.contains(codes))
    }

    fn of(&mut self, resources: &Resources<'_>, depth: usize) -> Known {
        let mut known = Known::ALL_ALIKE;
        let fonts = &resources.fonts;
        for name in fonts.keys() {
            let look = || fonts.get::<Dict<'_>>(name.as_ref()).map_or(Known::Doubtful, |font| of_font(&font));
            known = known.and(match fonts.get_ref(name.as_ref()) {
                Some(_) if self.fonts.len() >= MOST_LOOKED_AT => Known::Doubtful,
                Some(id) => *self.fonts.entry((id.obj_number, id.gen_number)).or_insert_with(look),
                None => look(),
            });
        }
        let forms = &resources.x_objects;
        for name in forms.keys() {
            let Some(id) = forms.get_ref(name.as_ref()) else { continue };
            let id = (id.obj_number, id.gen_number);
            if let Some(of_form) = self.forms.get(&id) {
                known = known.and(*of_form);
                continue;
            }
            if depth >= DEEPEST_FORM || self.forms.len() >= MOST_LOOKED_AT {
                return Known::Doubtful;
            }
            // For a form that draws itself.
            self.forms.insert(id, Known::Doubtful);
            let form = forms.get::<Stream<'_>>(name.as_ref());
            // Without resources of its own a form draws with those of the page.
            let own = form.and_then(|form| form.dict().get::<Dict<'_>>(RESOURCES));
            let of_form = own.map_or(Known::ALL_ALIKE, |own| self.of(&Resources::new(own), depth + 1));
            self.forms.insert(id, of_form);
            known = known.and(of_form);
        }
        known
    }
}

/// What a font's map to Unicode says.
#[derive(Debug)]
enum Map {
    None,
    /// Of each code, and whether the first reader took it so.
    Plain(Vec<(u32, BfString, bool)>),
    Doubtful,
}

impl Map {
    fn of(font: &Dict<'_>) -> Map {
        match font.get::<Stream<'_>>(TO_UNICODE) {
            Some(map) => map.decoded_data().map_or(Map::Doubtful, |map| Map::read(&map)),
            None if font.contains_key(TO_UNICODE) => Map::Doubtful,
            None => Map::None,
        }
    }

    fn read(map: &[u8]) -> Map {
        let (Some(plain), Some(first)) =
            (unicode_map::plain(map), CMap::parse(map, |_| None::<&'static [u8]>))
        else {
            return Map::Doubtful;
        };
        let taken = plain.into_iter().map(|(code, text)| {
            let other = first.lookup_bf_string(code);
            let is_taken =
                other.is_some_and(|other| other == text || !(has_digit(&other) || has_digit(&text)));
            (code, text, is_taken)
        });
        Map::Plain(taken.collect())
    }
}

fn has_digit(text: &BfString) -> bool {
    match text {
        BfString::Char(c) => c.is_ascii_digit(),
        BfString::String(text) => text.contains(|c: char| c.is_ascii_digit()),
    }
}

fn of_font(font: &Dict<'_>) -> Known {
    let kind = font.get::<Name<'_>>(SUBTYPE);
    match kind.as_ref().map(|kind| kind.as_ref()) {
        Some(b"Type0") => composite(font, &Map::of(font)),
        Some(b"TrueType" | b"Type1" | b"MMType1" | b"Type3") => simple(font, &Map::of(font)),
        _ => Known::Doubtful,
    }
}

/// Of a font of two bytes a code only the map says what they read.
fn composite(font: &Dict<'_>, map: &Map) -> Known {
    let encoding = font.get::<Name<'_>>(ENCODING);
    let is_identity = encoding.is_some_and(|name| matches!(name.as_ref(), b"Identity-H" | b"Identity-V"));
    match map {
        Map::None if is_identity => Known::ALL_ALIKE,
        Map::Plain(said) if is_identity && said.iter().all(|(.., is_taken)| *is_taken) => Known::ALL_ALIKE,
        _ => Known::Doubtful,
    }
}

fn simple(font: &Dict<'_>, map: &Map) -> Known {
    let said = match map {
        Map::None => &[][..],
        Map::Plain(said) => said,
        Map::Doubtful => return Known::Doubtful,
    };
    let descriptor = font.get::<Dict<'_>>(FONT_DESC);
    // The second reader goes by the encoding of such a program before that of the file.
    let has_own_encoding = descriptor.is_some_and(|descriptor| descriptor.contains_key(FONT_FILE3));
    let name = font.get::<Name<'_>>(BASE_FONT).map(|name| name.as_str().to_ascii_lowercase());
    // Dingbats have tables of their own.
    let is_of_signs = name.is_some_and(|name| name.contains("dingbat"));
    if has_own_encoding || is_of_signs {
        return Known::Doubtful;
    }
    let encoding = Encoding::of(font);
    let has_encoding = font.contains_key(ENCODING);
    let mut mapped: [Option<&(u32, BfString, bool)>; 256] = [None; 256];
    for entry in said {
        if let Some(place) = mapped.get_mut(entry.0 as usize) {
            *place = Some(entry);
        }
    }
    let mut alike = Codes::default();
    for (code, mapped) in (0..=u8::MAX).zip(mapped) {
        let named = encoding.says(code);
        let is_alike = match mapped {
            // The readers fall back on the encoding in different ways.
            Some((_, BfString::Char('\0'), _)) => false,
            Some((_, text, is_taken)) => {
                let agrees = match named {
                    Named::Digit(digit) => *text == BfString::Char(digit),
                    Named::Other => !has_digit(text),
                    Named::Unknown => false,
                };
                *is_taken && (agrees || !has_encoding)
            }
            None => named != Named::Unknown,
        };
        if is_alike {
            alike.add(code.into());
        }
    }
    Known::Alike(alike)
}

/// What an encoding says of a code, as far as digits go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Digit(char),
    Other,
    Unknown,
}

/// Codes to names of glyphs: a table that both readers have, and what a file says otherwise.
struct Encoding {
    is_standard: bool,
    differences: BTreeMap<u8, Named>,
}

impl Encoding {
    fn of(font: &Dict<'_>) -> Encoding {
        let is_true_type = font.get::<Name<'_>>(SUBTYPE).is_some_and(|kind| kind.as_ref() == b"TrueType");
        let is_known = |name: &Name<'_>| matches!(name.as_ref(), b"WinAnsiEncoding" | b"MacRomanEncoding");
        let mut differences = BTreeMap::new();
        let is_standard = match font.get::<Object<'_>>(ENCODING) {
            None => is_true_type && !font.contains_key(ENCODING),
            Some(Object::Name(name)) => is_known(&name),
            Some(Object::Dict(encoding)) => {
                let mut code = 0;
                for entry in encoding.get::<Array<'_>>(DIFFERENCES).iter().flat_map(Array::iter::<Object<'_>>)
                {
                    match entry {
                        Object::Number(first) => code = first.as_i64(),
                        Object::Name(name) => {
                            if let Ok(code) = u8::try_from(code) {
                                differences.insert(code, named(code, name.as_ref()));
                            }
                            code += 1;
                        }
                        _ => {}
                    }
                }
                match encoding.get::<Name<'_>>(BASE_ENCODING) {
                    Some(name) => is_known(&name),
                    None => is_true_type && !encoding.contains_key(BASE_ENCODING),
                }
            }
            Some(_) => false,
        };
        Encoding { is_standard, differences }
    }

    fn says(&self, code: u8) -> Named {
        match self.differences.get(&code) {
            Some(named) => *named,
            None if !self.is_standard => Named::Unknown,
            None if code.is_ascii_digit() => Named::Digit(code.into()),
            None => Named::Other,
        }
    }
}

/// Names of the digits, from 0 on.
const DIGITS: [&str; 10] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];

/// What the name of a glyph says that stands for a code.
fn named(code: u8, name: &[u8]) -> Named {
    let Ok(name) = std::str::from_utf8(name) else { return Named::Unknown };
    if let Some(digit) = (b'0'..=b'9').zip(DIGITS).find(|(_, digit)| *digit == name) {
        return Named::Digit(digit.0.into());
    }
    // A name that a reader does not know leaves the code with what the table says.
    let is_known =
        !code.is_ascii_digit() && !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    // Old-style figures and the like have names made of these.
    if is_known && !DIGITS.iter().any(|digit| name.contains(digit)) { Named::Other } else { Named::Unknown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro_syntax::object::FromBytes;

    /// What is known of the codes of a text.
    fn known(font: &str, map: Map, text: &str) -> bool {
        let font = format!("<< {font} >>");
        let font = Dict::from_bytes(font.as_bytes()).unwrap();
        let mut codes = Codes::default();
        text.bytes().for_each(|code| codes.add(code.into()));
        let is_composite = font.get::<Name<'_>>(SUBTYPE).unwrap().as_ref() == b"Type0";
        let known = if is_composite { composite(&font, &map) } else { simple(&font, &map) };
        matches!(known, Known::Alike(alike) if alike.contains(&codes))
    }

    fn map(body: &str) -> Map {
        Map::read(format!("begincmap {body} endcmap").as_bytes())
    }

    const TRUE_TYPE: &str = "/Subtype /TrueType /BaseFont /Arial /Encoding /WinAnsiEncoding";
    const AS_CODED: &str = "1 beginbfrange <20> <7e> <0020> endbfrange";

    #[test]
    fn tables_that_both_readers_have_need_no_second_opinion() {
        assert!(known(TRUE_TYPE, Map::None, "lost $831"));
        assert!(known("/Subtype /Type1 /BaseFont /Helvetica /Encoding /MacRomanEncoding", Map::None, "831"));
        assert!(known("/Subtype /TrueType", Map::None, "831"));
        assert!(!known("/Subtype /Type1 /BaseFont /Helvetica", Map::None, "831"));
        assert!(!known(
            "/Subtype /Type1 /BaseFont /ZapfDingbats /Encoding /WinAnsiEncoding",
            Map::None,
            "831"
        ));
        assert!(!known("/Subtype /TrueType /Encoding /MacExpertEncoding", Map::None, "831"));
        let program = "/Subtype /Type1 /Encoding /WinAnsiEncoding /FontDescriptor << /FontFile3 null >>";
        assert!(!known(program, Map::None, "831"));
    }

    #[test]
    fn names_of_digits_are_known_and_names_made_of_them_are_not() {
        let font = |names: &str| {
            format!(
                "/Subtype /TrueType /Encoding << /BaseEncoding /WinAnsiEncoding /Differences [{names}] >>"
            )
        };
        assert!(known(&font("1 /three /A /fi"), Map::None, "\u{1}\u{2}\u{3}83"));
        assert!(!known(&font("51 /A"), Map::None, "3"));
        assert!(known(&font("51 /A"), Map::None, "8"));
        for name in ["/threeoldstyle", "/three.alt", "/uni0033", "/g20", "/C3"] {
            assert!(!known(&font(&format!("65 {name}")), Map::None, "A"), "{name}");
        }
    }

    #[test]
    fn a_plain_map_that_nothing_contradicts_needs_no_second_opinion() {
        let composite = "/Subtype /Type0 /Encoding /Identity-H";
        assert!(known(composite, map(AS_CODED), ""));
        assert!(known(composite, Map::None, ""));
        assert!(!known("/Subtype /Type0 /Encoding /90ms-RKSJ-H", map(AS_CODED), ""));
        assert!(!known(composite, Map::Doubtful, ""));
        assert!(known(TRUE_TYPE, map(AS_CODED), "lost $831"));
        assert!(known("/Subtype /Type1", map(AS_CODED), "831"));
        assert!(!known("/Subtype /Type1", map(AS_CODED), "\u{80}"));
    }

    #[test]
    fn a_map_that_says_another_digit_than_the_encoding_is_in_doubt() {
        let eight_for_three = "1 beginbfrange <30> <32> <0030> endbfrange 1 beginbfchar <33> <0038> endbfchar \
                               1 beginbfrange <34> <39> <0034> endbfrange";
        assert!(!known(TRUE_TYPE, map(eight_for_three), "3"));
        assert!(known(TRUE_TYPE, map(eight_for_three), "124"));
        assert!(!known(TRUE_TYPE, map("1 beginbfchar <41> <0033> endbfchar"), "A"));
        assert!(!known(TRUE_TYPE, map("1 beginbfchar <33> <0041> endbfchar"), "3"));
        assert!(known("/Subtype /TrueType", map(eight_for_three), "3"));
        let twice = format!("{AS_CODED} 1 beginbfchar <33> <0038> endbfchar");
        assert!(!known("/Subtype /TrueType", map(&twice), "3"));
    }
}
