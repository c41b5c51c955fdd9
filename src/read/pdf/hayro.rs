//! The primary reader of PDF: a [`Device`] of our own on hayro's interpreter, which collects the
//! glyphs a page draws with their place, and the lines and pictures around them.
//!
//! It joins nothing and drops nothing: glyphs that cannot be seen are marked, not left out. The
//! interpreter keeps to the page's rotation and crop box and leaves out hidden layers.

use super::alike;
use super::fonts::{Fonts, Stand};
use super::place::{Place, along_scale, push_letters, upright_scale};
use super::quiet::catch;
use super::{Drawn, Failure};
use crate::document::{Reader, Rect};
use crate::read::Raster;
use crate::read::ocr::Picture;
use crate::read::{Body, Glyph, Hints, PageRead, Ruling, Style};
use hayro_interpret::font::{Glyph as FontGlyph, GlyphRun, OutlineGlyph, PositionedGlyph};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::kurbo::{self, Affine, BezPath, PathEl, Point, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, Paint, SoftMask, TransformExt, interpret_page,
};
use hayro_syntax::object::dict::keys::{ACTUAL_TEXT, CONTENTS, KIDS, LANG, NUMS, PAGE_LABELS};
use hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use std::panic::resume_unwind;

/// The densest page of the corpora measured has 31,000 glyphs.
const MOST_GLYPHS: usize = 400_000;
/// Paths, runs and pictures drawn; maps have tens of thousands.
const MOST_DRAWN: usize = 2_000_000;
/// Lines kept; a drawing has more, a table never.
const MOST_RULINGS: usize = 20_000;
const MOST_IMAGES: usize = 5_000;
/// Bytes of operators on one page.
const LONGEST_CONTENT: usize = 128 << 20;
/// A filled shape up to this many points thick is a line.
const THIN: f64 = 3.0;
/// A line shorter than this many points belongs to a drawing or a letter.
const SHORTEST_RULING: f64 = 4.0;
/// Coloured areas remembered of a page, to tell white text on a dark ground.
const MOST_AREAS: usize = 4_000;

/// Thrown through the interpreter, which has no other way to be stopped.
struct Stop(&'static str);

/// An opened PDF.
pub(super) struct Document {
    pdf: Pdf,
}

impl Document {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Failure> {
        let opened = catch(|| Pdf::new(bytes.to_vec())).map_err(|_| Failure::Panicked)?;
        let pdf = opened.map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Failure::Locked,
            LoadPdfError::Decryption(_) => Failure::Broken("its encryption is damaged or unknown"),
            LoadPdfError::Invalid => Failure::Broken("no page tree can be found in it"),
        })?;
        Ok(Document { pdf })
    }

    pub(super) fn page_count(&self) -> usize {
        self.pdf.pages().len()
    }

    pub(super) fn hints(&self) -> Hints {
        let metadata = self.pdf.metadata();
        let text = |bytes: &Option<Box<[u8]>>| bytes.as_deref().and_then(super::metadata::text);
        let catalog = self.catalog();
        Hints {
            title: text(&metadata.title).and_then(super::metadata::title),
            author: text(&metadata.author),
            publisher: None,
            published: metadata
                .creation_date
                .filter(|date| (1970..=2100).contains(&date.year))
                .map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)),
            language: catalog
                .and_then(|catalog| catalog.get::<hayro_syntax::object::String<'_>>(LANG))
                .and_then(|language| super::metadata::text(language.as_bytes()))
                .and_then(super::metadata::language),
            address: None,
            links: Vec::new(),
        }
    }

    fn catalog(&self) -> Option<Dict<'_>> {
        self.pdf.xref().get::<Dict<'_>>(self.pdf.xref().root_id())
    }

    /// The file's label of each page; empty where it gives none.
    pub(super) fn labels(&self) -> Vec<Option<String>> {
        let Some(tree) = self.catalog().and_then(|catalog| catalog.get::<Dict<'_>>(PAGE_LABELS)) else {
            return Vec::new();
        };
        let mut ranges = Vec::new();
        collect_label_ranges(&tree, 0, &mut ranges);
        super::metadata::labels(ranges, self.page_count())
    }

    /// The page as a picture in grey, for recognition.
    /// `None` where it cannot be drawn.
    pub(super) fn picture(&self, index: usize, resolution: f32, most_pixels: f32) -> Option<Picture> {
        let Raster { width, height, scale, pixels } = self.drawn(index, resolution / 72.0, most_pixels)?;
        let grey = pixels
            .chunks_exact(4)
            .map(|pixel| match pixel {
                [red, green, blue, ..] => {
                    ((u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114) / 1000) as u8
                }
                _ => u8::MAX,
            })
            .collect();
        Some(Picture { width: width as usize, height: height as usize, scale, grey })
    }

    /// Width and height of a page in points, as shown.
    pub(super) fn size(&self, index: usize) -> Option<(f32, f32)> {
        self.pdf.pages().get(index).map(|page| page.render_dimensions())
    }

    /// The page drawn on white with so many pixels a point, or fewer where that would be more than
    /// `most_pixels`. `None` where it cannot be drawn.
    pub(super) fn drawn(&self, index: usize, scale: f32, most_pixels: f32) -> Option<Raster> {
        let page = self.pdf.pages().get(index)?;
        let (width, height) = page.render_dimensions();
        let scale = (most_pixels / (width * height).max(1.0)).sqrt().min(scale);
        let pixels = ::hayro::PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: ::hayro::vello_cpu::color::palette::css::WHITE,
        };
        let cache = ::hayro::RenderCache::new();
        let drawn = catch(|| {
            let settings = InterpreterSettings::default();
            ::hayro::render(page, &cache, &settings, &::hayro::RenderSettings::default(), &pixels)
        })
        .ok()?;
        Some(Raster {
            width: drawn.width().into(),
            height: drawn.height().into(),
            scale,
            pixels: drawn.data_as_u8_slice().to_vec(),
        })
    }

    /// Reads pages one after the other, so that fonts are parsed once.
    pub(super) fn session(&self) -> Session<'_> {
        Session {
            document: self,
            cache: InterpreterCache::new(),
            fonts: Fonts::default(),
            alike: alike::Fonts::default(),
        }
    }
}

fn collect_label_ranges(node: &Dict<'_>, depth: usize, ranges: &mut Vec<super::metadata::LabelRange>) {
    if depth > 16 || ranges.len() > 10_000 {
        return;
    }
    if let Some(pairs) = node.get::<Array<'_>>(NUMS) {
        let mut pairs = pairs.iter::<Object<'_>>();
        while let (Some(first), Some(label)) = (pairs.next(), pairs.next()) {
            let (Object::Number(first), Object::Dict(label)) = (first, label) else { continue };
            ranges.push(super::metadata::LabelRange {
                first: first.as_i64(),
                style: label.get::<Name<'_>>(b"S".as_slice()).and_then(|name| name.as_ref().first().copied()),
                prefix: label
                    .get::<hayro_syntax::object::String<'_>>(b"P".as_slice())
                    .and_then(|prefix| super::metadata::text(prefix.as_bytes()))
                    .unwrap_or_default(),
                start: label.get::<i32>(b"St".as_slice()).unwrap_or(1),
            });
        }
    }
    if let Some(kids) = node.get::<Array<'_>>(KIDS) {
        for kid in kids.iter::<Dict<'_>>() {
            collect_label_ranges(&kid, depth + 1, ranges);
        }
    }
}

/// What is kept between the pages of a document.
pub(super) struct Session<'a> {
    document: &'a Document,
    cache: InterpreterCache<'a>,
    fonts: Fonts<'a>,
    alike: alike::Fonts,
}

impl<'a> Session<'a> {
    /// Whether a page, 0-based, drew with fonts only that both readers read alike, these codes of
    /// the simple ones.
    pub(super) fn is_read_alike(&mut self, index: usize, codes: &alike::Codes) -> bool {
        let pages = self.document.pdf.pages();
        let alike = &mut self.alike;
        let look = || pages.get(index).is_some_and(|page| alike.are_alike(page.resources(), codes));
        catch(look).unwrap_or(false)
    }

    /// Reads one page, 0-based. The page is whole or an error says why it is not.
    pub(super) fn page(&mut self, index: usize) -> Result<Drawn, Failure> {
        let pages = self.document.pdf.pages();
        let page = pages.get(index).ok_or(Failure::Broken("it has fewer pages than it says"))?;
        let (width, height) = page.render_dimensions();
        let mut collector = Collector::new(f64::from(width), f64::from(height), &mut self.fonts);
        let document = self.document;
        let cache = &self.cache;
        let stopped = catch(|| {
            if page.page_stream().is_some_and(|content| content.len() > LONGEST_CONTENT) {
                resume_unwind(Box::new(Stop("it holds too much to draw")));
            }
            collector.page_fonts(page);
            let transform = page.initial_transform(true).to_kurbo();
            let bounds = kurbo::Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
            let settings = InterpreterSettings::default();
            let mut context = Context::new(transform, bounds, cache, document.pdf.xref(), settings);
            interpret_page(page, &mut context, &mut collector);
        });
        if let Err(thrown) = stopped {
            return Err(match thrown.downcast::<Stop>() {
                Ok(stop) => Failure::TooMuch(stop.0),
                Err(_) => Failure::Panicked,
            });
        }
        let Collector { glyphs, rulings, images, shapes, drawn, codes, .. } = collector;
        if drawn == 0 && !unpacks(page) {
            return Err(Failure::Broken("its content cannot be unpacked"));
        }
        let page = PageRead {
            number: u32::try_from(index + 1).unwrap_or(u32::MAX),
            label: None,
            width,
            height,
            reader: Reader::Hayro,
            unread: None,
            body: Body::Glyphs { glyphs, rulings, images, disputes: Vec::new() },
        };
        Ok(Drawn { page, shapes, codes })
    }
}

/// Whether a page's operators can be got at. The interpreter takes those that cannot for none.
fn unpacks(page: &Page<'_>) -> bool {
    let unpacked = catch(|| {
        if let Some(content) = page.raw().get::<Stream<'_>>(CONTENTS) {
            return content.decoded_data().is_ok();
        }
        let parts = page.raw().get::<Array<'_>>(CONTENTS);
        parts.is_none_or(|parts| parts.iter::<Stream<'_>>().all(|part| part.decoded_data().is_ok()))
    });
    unpacked.unwrap_or(false)
}

/// How a paint shows on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tone {
    Clear,
    White,
    /// Anything that can be seen on white.
    Dark,
}

impl Tone {
    fn of(paint: &Paint<'_>) -> Tone {
        let Paint::Color(color) = paint else { return Tone::Dark };
        let [red, green, blue, alpha] = color.to_rgba().components();
        match (alpha <= 0.01, red.min(green).min(blue) < 0.98) {
            (true, _) => Tone::Clear,
            (false, true) => Tone::Dark,
            (false, false) => Tone::White,
        }
    }
}

/// Part of the page something was painted on.
struct Area {
    place: kurbo::Rect,
    is_white: bool,
}

struct Collector<'f, 'a> {
    page: kurbo::Rect,
    fonts: &'f mut Fonts<'a>,
    /// Numbers of the page's fonts as they appear: the document's number of each.
    numbers: Vec<usize>,
    glyphs: Vec<Glyph>,
    /// Of simple fonts.
    codes: alike::Codes,
    drawn_codes: DrawnCodes,
    rulings: Vec<Ruling>,
    images: Vec<Rect>,
    clips: Vec<kurbo::Rect>,
    areas: Vec<Area>,
    drawn: usize,
    /// Filled, of any form.
    shapes: usize,
    /// First glyph and number of glyphs of the run before, and whether it was filled.
    last_run: Option<(usize, usize, bool)>,
    /// Marked sequences that are open: first glyph, and what the file says they read.
    marked: Vec<Option<(usize, String)>>,
}

/// What the glyphs of a run have in common.
struct Common {
    font: usize,
    style: Style,
    /// Outlines are stretched to fit the width, so the way to the page does not scale the advance.
    is_stretched: bool,
}

/// What a code of a run draws.
#[derive(Default)]
struct DrawnCode {
    /// Of the run it was looked up for.
    run: usize,
    code: u32,
    /// In thousandths of the font size.
    advance: f64,
    letters: Vec<char>,
    /// Of a digit the font draws raised or lowered.
    stand: Option<Stand>,
}

/// Codes of a run that were looked up already, by their low byte: a line of text comes to each a few
/// times.
#[derive(Default)]
struct DrawnCodes {
    run: usize,
    codes: Vec<DrawnCode>,
}

impl DrawnCodes {
    fn begin(&mut self) {
        self.run += 1;
        self.codes.resize_with(256, DrawnCode::default);
    }

    fn of(
        &mut self,
        glyph: &FontGlyph<'_>,
        stand: impl FnOnce(&OutlineGlyph) -> Option<Stand>,
    ) -> &DrawnCode {
        let code = glyph.char_code();
        let place = &mut self.codes[(code & 0xff) as usize];
        if place.run != self.run || place.code != code {
            let text = glyph.as_unicode();
            (place.advance, place.stand) = match glyph {
                FontGlyph::Outline(outline) => {
                    let is_digit = matches!(text, Some(BfString::Char('0'..='9')));
                    let advance = outline.advance_width().unwrap_or(500.0);
                    (f64::from(advance), is_digit.then(|| stand(outline)).flatten())
                }
                FontGlyph::Type3(drawn) => (f64::from(drawn.advance_width().unwrap_or(500.0)), None),
            };
            place.letters.clear();
            push_text(text.as_ref(), &mut place.letters);
            (place.run, place.code) = (self.run, code);
        }
        place
    }
}

impl<'f, 'a> Collector<'f, 'a> {
    fn new(width: f64, height: f64, fonts: &'f mut Fonts<'a>) -> Self {
        Collector {
            page: kurbo::Rect::new(0.0, 0.0, width, height),
            fonts,
            numbers: Vec::new(),
            glyphs: Vec::new(),
            codes: alike::Codes::default(),
            drawn_codes: DrawnCodes::default(),
            rulings: Vec::new(),
            images: Vec::new(),
            clips: Vec::new(),
            areas: Vec::new(),
            drawn: 0,
            shapes: 0,
            last_run: None,
            marked: Vec::new(),
        }
    }

    /// Names of fonts whose program the interpreter does not describe.
    fn page_fonts(&mut self, page: &Page<'a>) {
        self.fonts.learn(page.resources());
    }

    fn count(&mut self) {
        self.drawn += 1;
        if self.drawn > MOST_DRAWN {
            resume_unwind(Box::new(Stop("it holds too much to draw")));
        }
    }

    fn clip(&self) -> kurbo::Rect {
        self.clips.last().copied().unwrap_or(self.page)
    }

    fn push_clip(&mut self, bounds: kurbo::Rect) {
        self.clips.push(self.clip().intersect(bounds));
    }

    /// Whether a glyph of this tone at this place can be told from its ground.
    fn stands_out(&self, tone: Tone, at: Point) -> bool {
        match tone {
            Tone::Clear => false,
            Tone::Dark => true,
            // White text is seen wherever anything but white was painted below it.
            Tone::White => self.areas.iter().any(|area| !area.is_white && area.place.contains(at)),
        }
    }

    fn paint_area(&mut self, place: kurbo::Rect, paint: Option<&Paint<'_>>) {
        if self.areas.len() >= MOST_AREAS || place.width() < 2.0 || place.height() < 2.0 {
            return;
        }
        let is_white = paint.is_some_and(|paint| Tone::of(paint) != Tone::Dark);
        self.areas.push(Area { place, is_white });
    }

    fn rule(&mut self, place: kurbo::Rect) {
        let place = place.intersect(self.clip()).intersect(self.page);
        let horizontal = place.width() >= place.height();
        let (long, thick) =
            if horizontal { (place.width(), place.height()) } else { (place.height(), place.width()) };
        if long >= SHORTEST_RULING
            && thick <= THIN
            && long >= 2.0 * thick
            && self.rulings.len() < MOST_RULINGS
            && place.is_finite()
        {
            self.rulings.push(Ruling { place: to_rect(place), horizontal });
        }
    }

    fn rule_edges(&mut self, box_: kurbo::Rect, thick: f64) {
        let half = thick / 2.0;
        for (x0, y0, x1, y1) in [
            (box_.x0, box_.y0 - half, box_.x1, box_.y0 + half),
            (box_.x0, box_.y1 - half, box_.x1, box_.y1 + half),
            (box_.x0 - half, box_.y0, box_.x0 + half, box_.y1),
            (box_.x1 - half, box_.y0, box_.x1 + half, box_.y1),
        ] {
            self.rule(kurbo::Rect::new(x0, y0, x1, y1));
        }
    }

    /// A filled part of a path: a line, or a box with edges, or a ground to write on.
    fn filled(&mut self, place: kurbo::Rect, is_box: bool, paint: &Paint<'_>) {
        self.shapes += 1;
        if place.width() <= THIN || place.height() <= THIN {
            if is_visible(paint) {
                self.rule(place);
            }
            return;
        }
        self.paint_area(place, Some(paint));
        let covers_page = place.intersect(self.page).area() > 0.8 * self.page.area();
        let is_white = self.areas.last().is_some_and(|area| area.is_white);
        if is_box && !covers_page && !is_white {
            self.rule_edges(place, 0.0);
        }
    }

    fn stroked(&mut self, path: &BezPath, transform: Affine, line_width: f64) {
        let mut start = Point::ZERO;
        let mut last = Point::ZERO;
        for element in path.elements() {
            let next = match *element {
                PathEl::MoveTo(p) => {
                    start = transform * p;
                    last = start;
                    continue;
                }
                PathEl::LineTo(p) => transform * p,
                PathEl::QuadTo(_, p) | PathEl::CurveTo(_, _, p) => {
                    last = transform * p;
                    continue;
                }
                PathEl::ClosePath => start,
            };
            let (from, to) = (last, next);
            last = next;
            let (dx, dy) = ((to.x - from.x).abs(), (to.y - from.y).abs());
            if dx.min(dy) > 0.5 {
                continue;
            }
            let half = line_width.min(THIN) / 2.0;
            let (across_x, across_y) = if dx >= dy { (0.0, half) } else { (half, 0.0) };
            self.rule(kurbo::Rect::new(
                from.x.min(to.x) - across_x,
                from.y.min(to.y) - across_y,
                from.x.max(to.x) + across_x,
                from.y.max(to.y) + across_y,
            ));
        }
    }

    fn push_glyph(&mut self, glyph: Glyph) {
        if self.glyphs.len() >= MOST_GLYPHS {
            resume_unwind(Box::new(Stop("it holds too many characters")));
        }
        self.glyphs.push(glyph);
    }

    /// The number a font has on this page.
    fn number(&mut self, font: usize) -> u16 {
        let known = self.numbers.iter().position(|&known| known == font);
        let number = known.unwrap_or_else(|| {
            self.numbers.push(font);
            self.numbers.len() - 1
        });
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    /// What the glyphs of a run have in common: they are of one font.
    fn common(&mut self, run: &GlyphRun<'_, 'a>, mode: &DrawMode) -> Option<Common> {
        let (font, is_stretched) = match &**run.glyphs().first()? {
            FontGlyph::Outline(outline) => {
                let font = self.fonts.number(super::fonts::program_of(outline), outline);
                (font, self.fonts.is_stand_in(font))
            }
            FontGlyph::Type3(_) => (self.fonts.drawn(), false),
        };
        let mut style = self.fonts.style(font);
        style.invisible = matches!(mode, DrawMode::Invisible);
        Some(Common { font, style, is_stretched })
    }

    fn draw_run(&mut self, run: &GlyphRun<'_, 'a>, props: &DrawProps<'_>, mode: &DrawMode) {
        let first = self.glyphs.len();
        if let Some(common) = self.common(run, mode) {
            // A code says the same all over a run; of the next, the font may be another.
            let mut codes = std::mem::take(&mut self.drawn_codes);
            codes.begin();
            self.draw_glyphs(run, props, &common, &mut codes);
            self.drawn_codes = codes;
        }
        self.merge_stroke_over_fill(first, mode);
    }

    fn draw_glyphs(
        &mut self,
        run: &GlyphRun<'_, 'a>,
        props: &DrawProps<'_>,
        common: &Common,
        codes: &mut DrawnCodes,
    ) {
        let is_vertical = run.writing_mode() == WritingMode::Vertical;
        let widening = if common.is_stretched { widening(run, props.transform) } else { 1.0 };
        let tone = Tone::of(&props.paint);
        let ground = self.clip().inflate(1.0, 1.0);
        let mut number = None;
        // Most glyphs of a run are drawn alike, but at another place.
        let mut last: Option<([f64; 4], Place)> = None;
        for (i, glyph) in run.glyphs().iter().enumerate() {
            self.codes.add(glyph.char_code());
            let code = codes.of(glyph, |outline| self.fonts.stand(common.font, outline));
            // The digits of a fraction are no marks.
            let is_fraction = code.stand.is_some() && is_numerator(run.glyphs().get(i..).unwrap_or_default());
            let drawn_to_page = props.transform * glyph.transform();
            let to_page = match code.stand {
                Some(Stand { rise, scale }) if !is_fraction => {
                    drawn_to_page * Affine::translate((0.0, rise)) * Affine::scale(scale)
                }
                _ => drawn_to_page,
            };
            let [a, b, c, d, ..] = to_page.as_coeffs();
            let form = [a, b, c, d];
            let (_, place) = match &mut last {
                Some(last) if last.0 == form => last,
                other => other.insert((form, Place::new(to_page))),
            };
            let scale = if common.is_stretched {
                upright_scale(drawn_to_page) * widening
            } else if code.stand.is_some() {
                along_scale(drawn_to_page)
            } else {
                place.along()
            };
            let width = if is_vertical { place.size() } else { scale * code.advance };
            place.move_to(to_page.translation(), width);
            if !place.is_finite() {
                continue;
            }
            let font = *number.get_or_insert_with(|| self.number(common.font));
            let mut style = common.style;
            let middle = place.middle();
            if !style.invisible {
                style.invisible =
                    !ground.contains(middle) || !self.page.contains(middle) || !self.stands_out(tone, middle);
            }
            for (i, &c) in code.letters.iter().enumerate() {
                self.push_glyph(place.share(i, code.letters.len(), c, font, style));
            }
        }
    }

    /// Text filled and then stroked comes as two runs: it is one, and bold.
    fn merge_stroke_over_fill(&mut self, first: usize, mode: &DrawMode) {
        let count = self.glyphs.len() - first;
        let was = self.last_run.replace((first, count, matches!(mode, DrawMode::Fill(_))));
        let (DrawMode::Stroke(_), Some((before, same, true))) = (mode, was) else { return };
        if same != count || before + same != first {
            return;
        }
        let (earlier, later) = self.glyphs.split_at_mut(first);
        let Some(earlier) = earlier.get_mut(before..) else { return };
        if earlier.iter().zip(later.iter()).all(|(a, b)| a.c == b.c && a.x0 == b.x0 && a.y0 == b.y0) {
            for glyph in earlier {
                glyph.style.bold = true;
            }
            self.glyphs.truncate(first);
            self.last_run = None;
        }
    }
}

impl<'a> Device<'a> for Collector<'_, 'a> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        match mode {
            DrawMode::Invisible => {}
            DrawMode::Stroke(stroke) => {
                if is_visible(&props.paint) {
                    let scale = props.transform.determinant().abs().sqrt();
                    self.stroked(path, props.transform, f64::from(stroke.line_width) * scale);
                }
            }
            DrawMode::Fill(_) | DrawMode::FillAndStroke(..) => {
                for (part, is_box) in parts(path) {
                    let place = props.transform.transform_rect_bbox(part);
                    self.filled(place, is_box, &props.paint);
                }
            }
        }
    }

    fn draw_rect(&mut self, rect: &kurbo::Rect, props: DrawProps<'a>, mode: &DrawMode) {
        if let DrawMode::Fill(_) = mode {
            self.count();
            self.filled(props.transform.transform_rect_bbox(*rect), true, &props.paint);
        } else {
            self.draw_path(&rect.to_path(0.1), props, mode);
        }
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.count();
        self.push_clip(clip.path.bounding_box());
    }

    fn push_clip_rect(&mut self, rect: &kurbo::Rect) {
        self.count();
        self.push_clip(*rect);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.count();
        self.draw_run(run, &props, mode);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.count();
        let unit = kurbo::Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let place = props.transform.transform_rect_bbox(unit).intersect(self.clip()).intersect(self.page);
        self.paint_area(place, None);
        if place.area() <= 0.0 || !place.is_finite() {
            return;
        }
        // A thin picture is how some programs draw a line.
        if place.width() <= THIN || place.height() <= THIN {
            self.rule(place);
        } else if self.images.len() < MOST_IMAGES {
            self.images.push(to_rect(place));
        }
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        self.count();
        let text = properties
            .and_then(|properties| properties.get::<hayro_syntax::object::String<'_>>(ACTUAL_TEXT))
            .and_then(|text| super::metadata::text(text.as_bytes()));
        self.marked.push(text.map(|text| (self.glyphs.len(), text)));
    }

    fn end_marked_content(&mut self) {
        let Some(Some((first, text))) = self.marked.pop() else { return };
        if let Some(glyphs) = self.glyphs.get_mut(first..) {
            take_actual_text(glyphs, &text);
        }
    }

    fn pop_transparency_group(&mut self) {}
}

/// Takes over what the file says a sequence reads, where that is the glyphs' own letters in another
/// case: small capitals are often drawn with the glyphs of capitals. A digit is never taken over.
fn take_actual_text(glyphs: &mut [Glyph], text: &str) {
    let is_case = |glyph: &Glyph, c: char| glyph.c == c || glyph.c.to_lowercase().eq(c.to_lowercase());
    if glyphs.len() == text.chars().count() && glyphs.iter().zip(text.chars()).all(|(g, c)| is_case(g, c)) {
        for (glyph, c) in glyphs.iter_mut().zip(text.chars()) {
            glyph.c = c;
        }
    }
}

/// Whether digits end in a fraction stroke.
fn is_numerator(glyphs: &[PositionedGlyph<'_>]) -> bool {
    let mut chars = glyphs.iter().map(|glyph| match glyph.as_unicode() {
        Some(BfString::Char(c)) => c,
        _ => char::REPLACEMENT_CHARACTER,
    });
    chars.find(|c| !c.is_ascii_digit()) == Some('\u{2044}')
}

fn to_rect(place: kurbo::Rect) -> Rect {
    Rect { x0: place.x0 as f32, y0: place.y0 as f32, x1: place.x1 as f32, y1: place.y1 as f32 }
}

fn is_visible(paint: &Paint<'_>) -> bool {
    Tone::of(paint) == Tone::Dark
}

/// The bounds of each sub-path, and whether it is an upright box.
fn parts(path: &BezPath) -> Vec<(kurbo::Rect, bool)> {
    let mut parts = Vec::new();
    let mut points: Vec<Point> = Vec::new();
    let mut is_straight = true;
    let mut finish = |points: &mut Vec<Point>, is_straight: &mut bool| {
        if let Some(&first) = points.first() {
            let bounds = points.iter().fold(kurbo::Rect::from_points(first, first), |r, &p| r.union_pt(p));
            let near = |a: f64, b: f64| (a - b).abs() < 0.01;
            let is_box = *is_straight
                && (4..=5).contains(&points.len())
                && points.iter().all(|p| {
                    (near(p.x, bounds.x0) || near(p.x, bounds.x1))
                        && (near(p.y, bounds.y0) || near(p.y, bounds.y1))
                });
            parts.push((bounds, is_box));
        }
        points.clear();
        *is_straight = true;
    };
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(p) => {
                finish(&mut points, &mut is_straight);
                points.push(p);
            }
            PathEl::LineTo(p) => points.push(p),
            PathEl::QuadTo(p1, p2) => {
                is_straight = false;
                points.extend([p1, p2]);
            }
            PathEl::CurveTo(p1, p2, p3) => {
                is_straight = false;
                points.extend([p1, p2, p3]);
            }
            PathEl::ClosePath => {}
        }
    }
    finish(&mut points, &mut is_straight);
    parts
}

/// Horizontal scaling of a run whose outlines are stretched: the interpreter does not tell it, the
/// distance between the glyphs does.
fn widening(run: &GlyphRun<'_, '_>, transform: Affine) -> f64 {
    let mut before: Option<(Affine, f64)> = None;
    let mut ratios = Vec::new();
    let mut of_first = 1.0;
    for glyph in run.glyphs() {
        let to_page = transform * glyph.transform();
        let advance = match &**glyph {
            FontGlyph::Outline(outline) => outline.advance_width(),
            FontGlyph::Type3(drawn) => drawn.advance_width(),
        };
        match before.replace((to_page, f64::from(advance.unwrap_or(500.0)))) {
            None => {
                let ratio = along_scale(to_page) / upright_scale(to_page).max(f64::MIN_POSITIVE);
                if ratio.is_finite() {
                    of_first = ratio;
                }
            }
            Some((earlier, advance)) => {
                let unit = upright_scale(earlier) * advance;
                let distance = (to_page.translation() - earlier.translation()).hypot();
                let ratio = distance / unit;
                if unit > 0.0 && (0.3..3.0).contains(&ratio) {
                    ratios.push(ratio);
                }
            }
        }
    }
    if ratios.is_empty() {
        return of_first;
    }
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(1.0)
}

/// Adds the letters of a glyph to none, ligatures taken apart; U+FFFD where the font does not tell.
fn push_text(text: Option<&BfString>, letters: &mut Vec<char>) {
    match text {
        Some(BfString::Char(c)) => push_letters(*c, letters),
        Some(BfString::String(s)) => s.chars().for_each(|c| push_letters(c, letters)),
        None => {}
    }
    if letters.is_empty() {
        letters.push(char::REPLACEMENT_CHARACTER);
    }
}
