//! The second reader of PDF, on pdf-extract: its own parser, fonts and encodings, so that what
//! both read alike is read right.
//!
//! It sees no pictures and no lines, does not tell hidden text, and puts what stands in a form at
//! the form's own place: its glyphs are good for their characters and their order.

use super::place::{Place, push_letters};
use super::quiet::quietly;
use super::{Failure, follow};
use crate::document::Reader;
use crate::read::{Body, Glyph, Hints, PageRead, Style};
use hayro_interpret::kurbo::{Affine, Rect};
use pdf_extract::{
    Dictionary, MediaBox, Object, ObjectId, OutputDev, OutputError, Transform, output_doc_page,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const MOST_GLYPHS: usize = 400_000;
/// How deep forms may draw forms, and how many drawings of forms a page may come to.
pub(super) const DEEPEST_FORM: usize = 24;
pub(super) const MOST_FORMS: u64 = 20_000;
/// How far up attributes of a page are looked for.
const HIGHEST_PARENT: usize = 64;

/// An opened PDF.
pub(super) struct Document {
    pdf: pdf_extract::Document,
    pages: BTreeMap<u32, ObjectId>,
    /// How many drawings of forms each form comes to, of those looked into.
    forms: RefCell<BTreeMap<ObjectId, u64>>,
    fonts: RefCell<follow::Fonts>,
}

impl Document {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, Failure> {
        let opened = quietly(|| {
            let mut pdf = pdf_extract::Document::load_mem(bytes)
                .map_err(|_| Failure::Broken("its structure cannot be followed"))?;
            if pdf.is_encrypted() {
                pdf.decrypt("").map_err(|_| Failure::Locked)?;
            }
            let pages = pdf.get_pages();
            lighten(&mut pdf);
            Ok(Document { pdf, pages, forms: RefCell::default(), fonts: RefCell::default() })
        });
        opened.unwrap_or(Err(Failure::Panicked))
    }

    pub(super) fn page_count(&self) -> usize {
        self.pages.len()
    }

    pub(super) fn hints(&self) -> Hints {
        let info = self.pdf.trailer.get(b"Info").and_then(|info| self.pdf.dereference(info));
        let text = |key: &[u8]| {
            let info = info.as_ref().ok()?.1.as_dict().ok()?;
            let (_, value) = self.pdf.dereference(info.get(key).ok()?).ok()?;
            super::metadata::text(value.as_str().ok()?)
        };
        Hints {
            title: text(b"Title").and_then(super::metadata::title),
            author: text(b"Author"),
            ..Hints::default()
        }
    }

    /// Reads one page, 0-based.
    pub(super) fn page(&self, index: usize) -> Result<PageRead, Failure> {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let id = *self.pages.get(&number).ok_or(Failure::Broken("it has fewer pages than it says"))?;
        let mut device = Device::default();
        let read = quietly(|| {
            let page = self.pdf.get_dictionary(id).map_err(|_| Failure::Broken("its page is damaged"))?;
            device.place_on(self.media_box(page), self.rectangle(page, b"CropBox"), self.rotation(page));
            let known = self.forms.take();
            let mut expansion = Expansion { document: &self.pdf, known, path: Vec::new() };
            let looked_into = expansion.of_page(page, id);
            self.forms.replace(expansion.known);
            looked_into?;
            output_doc_page(&self.pdf, &mut device, number).map_err(|_| match device.is_full {
                true => Failure::TooMuch("it holds too many characters"),
                false => Failure::Broken("its content cannot be followed"),
            })
        });
        read.unwrap_or(Err(Failure::Panicked))?;
        Ok(PageRead {
            number,
            label: None,
            width: device.width as f32,
            height: device.height as f32,
            reader: Reader::PdfExtract,
            unread: None,
            body: Body::Glyphs {
                glyphs: device.glyphs,
                rulings: Vec::new(),
                images: Vec::new(),
                disputes: Vec::new(),
            },
        })
    }

    /// The glyphs of one page, 0-based, to compare digits with: see [`follow`].
    pub(super) fn glyphs(&self, index: usize) -> Result<Vec<Glyph>, Failure> {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let id = *self.pages.get(&number).ok_or(Failure::Broken("it has fewer pages than it says"))?;
        let followed = quietly(|| {
            let page = self.pdf.get_dictionary(id).map_err(|_| Failure::Broken("its page is damaged"))?;
            let mut device = Device::default();
            device.place_on(self.media_box(page), self.rectangle(page, b"CropBox"), self.rotation(page));
            let content = self.pdf.get_page_content(id);
            let content = content.map_err(|_| Failure::Broken("its content cannot be unpacked"))?;
            let resources = self.inherited(page, b"Resources").and_then(|found| found.as_dict().ok());
            let mut fonts = self.fonts.take();
            let glyphs = follow::glyphs(&self.pdf, &mut fonts, &content, resources, device.to_page);
            self.fonts.replace(fonts);
            glyphs
        });
        match followed.unwrap_or(Err(Failure::Panicked)) {
            Ok(glyphs) => Ok(glyphs),
            Err(_) => match self.page(index)?.body {
                Body::Glyphs { glyphs, .. } => Ok(glyphs),
                Body::Blocks(_) => Ok(Vec::new()),
            },
        }
    }

    fn inherited<'a>(&'a self, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
        let mut node = page;
        for _ in 0..HIGHEST_PARENT {
            if let Ok((_, value)) = node.get(key).and_then(|value| self.pdf.dereference(value)) {
                return Some(value);
            }
            node = self.pdf.get_dict_in_dict(node, b"Parent").ok()?;
        }
        None
    }

    fn rectangle(&self, page: &Dictionary, key: &[u8]) -> Option<Rect> {
        let corners: Vec<f64> = self
            .inherited(page, key)?
            .as_array()
            .ok()?
            .iter()
            .filter_map(|value| self.pdf.dereference(value).ok()?.1.as_float().ok().map(f64::from))
            .collect();
        let [x0, y0, x1, y1] = corners[..] else { return None };
        Some(Rect::new(x0.min(x1), y0.min(y1), x0.max(x1), y0.max(y1)))
    }

    fn media_box(&self, page: &Dictionary) -> Rect {
        self.rectangle(page, b"MediaBox").unwrap_or(Rect::new(0.0, 0.0, 595.28, 841.89))
    }

    fn rotation(&self, page: &Dictionary) -> i64 {
        let turned = self.inherited(page, b"Rotate").and_then(|turned| turned.as_i64().ok());
        turned.unwrap_or(0).rem_euclid(360)
    }
}

/// Takes out what pdf-extract unpacks anew for each page and has no use for: pictures, whose bytes
/// it follows as if they were operators, and font programs that say nothing of characters.
fn lighten(pdf: &mut pdf_extract::Document) {
    let mut programs = BTreeSet::new();
    let mut needed = BTreeSet::new();
    for object in pdf.objects.values() {
        let Ok(dictionary) = object.as_dict() else { continue };
        let programs_of = |descriptor: &Dictionary| {
            [b"FontFile".as_slice(), b"FontFile2"]
                .map(|key| descriptor.get(key).and_then(Object::as_reference))
        };
        programs.extend(programs_of(dictionary).into_iter().flatten());
        // The program's own encoding counts where the file gives none.
        let is_type1 =
            dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Type1");
        if is_type1
            && !dictionary.has(b"Encoding")
            && let Ok(descriptor) = pdf.get_dict_in_dict(dictionary, b"FontDescriptor")
        {
            needed.extend(programs_of(descriptor).into_iter().flatten());
        }
    }
    for (id, object) in &mut pdf.objects {
        if programs.contains(id) && !needed.contains(id) {
            *object = Object::Null;
        } else if let Ok(stream) = object.as_stream_mut()
            && stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image")
        {
            stream.content = Vec::new();
        }
    }
}

/// Counts the forms a page comes to, since pdf-extract follows a form that draws itself until the
/// stack is used up, which nothing can catch.
struct Expansion<'a> {
    document: &'a pdf_extract::Document,
    /// How many drawings of forms each comes to.
    known: BTreeMap<ObjectId, u64>,
    path: Vec<ObjectId>,
}

impl Expansion<'_> {
    fn of_page(&mut self, page: &Dictionary, id: ObjectId) -> Result<(), Failure> {
        let mut node = page;
        let mut drawn = 0;
        self.path.push(id);
        for _ in 0..HIGHEST_PARENT {
            if let Ok(resources) = self.document.get_dict_in_dict(node, b"Resources") {
                drawn = self.of_resources(resources)?;
                break;
            }
            let Ok(parent) = self.document.get_dict_in_dict(node, b"Parent") else { break };
            node = parent;
        }
        if drawn > MOST_FORMS {
            return Err(Failure::TooMuch("it holds too much to draw"));
        }
        Ok(())
    }

    fn of_resources(&mut self, resources: &Dictionary) -> Result<u64, Failure> {
        let Ok(forms) = self.document.get_dict_in_dict(resources, b"XObject") else { return Ok(0) };
        let mut drawn: u64 = 0;
        for (_, form) in forms.iter() {
            let Ok(id) = form.as_reference() else { continue };
            drawn = drawn.saturating_add(self.of_form(id)?);
        }
        Ok(drawn)
    }

    fn of_form(&mut self, id: ObjectId) -> Result<u64, Failure> {
        if let Some(&known) = self.known.get(&id) {
            return Ok(known);
        }
        if self.path.contains(&id) || self.path.len() > DEEPEST_FORM {
            return Err(Failure::TooMuch("its forms draw themselves"));
        }
        let Ok(form) = self.document.get_object(id).and_then(Object::as_stream) else { return Ok(0) };
        self.path.push(id);
        let inner = match self.document.get_dict_in_dict(&form.dict, b"Resources") {
            Ok(resources) => self.of_resources(resources)?,
            // It draws with the resources of whatever draws it, itself too.
            Err(_) if form.get_plain_content().is_ok_and(|content| draws_forms(&content)) => {
                return Err(Failure::TooMuch("its forms draw themselves"));
            }
            Err(_) => 0,
        };
        self.path.pop();
        let drawn = inner.saturating_add(1);
        self.known.insert(id, drawn);
        Ok(drawn)
    }
}

fn draws_forms(content: &[u8]) -> bool {
    content.split(u8::is_ascii_whitespace).any(|word| word == b"Do")
}

#[derive(Default)]
struct Device {
    glyphs: Vec<Glyph>,
    to_page: Affine,
    width: f64,
    height: f64,
    is_full: bool,
}

impl Device {
    /// From user space to the page as shown.
    fn place_on(&mut self, media: Rect, crop: Option<Rect>, turned: i64) {
        let shown = crop.map_or(media, |crop| crop.intersect(media));
        let shown = if shown.area() > 1.0 { shown } else { Rect::new(0.0, 0.0, 595.28, 841.89) };
        let (width, height) = (shown.width(), shown.height());
        let upright = Affine::new([1.0, 0.0, 0.0, -1.0, -shown.x0, shown.y1]);
        let turn = match turned {
            90 => Affine::new([0.0, 1.0, -1.0, 0.0, height, 0.0]),
            180 => Affine::new([-1.0, 0.0, 0.0, -1.0, width, height]),
            270 => Affine::new([0.0, -1.0, 1.0, 0.0, 0.0, width]),
            _ => Affine::IDENTITY,
        };
        self.to_page = turn * upright;
        (self.width, self.height) =
            if matches!(turned, 90 | 270) { (height, width) } else { (width, height) };
    }
}

impl OutputDev for Device {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _: f64,
        font_size: f64,
        char: &str,
    ) -> Result<(), OutputError> {
        if self.glyphs.len() >= MOST_GLYPHS {
            self.is_full = true;
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        let text = Affine::new([trm.m11, trm.m12, trm.m21, trm.m22, trm.m31, trm.m32]);
        let to_page = self.to_page * text * Affine::scale(font_size / 1000.0);
        let mut place = Place::new(to_page);
        place.move_to(to_page.translation(), place.along() * width * 1000.0);
        if !place.is_finite() {
            return Ok(());
        }
        let mut letters = Vec::new();
        char.chars().for_each(|c| push_letters(c, &mut letters));
        if letters.is_empty() {
            letters.push(char::REPLACEMENT_CHARACTER);
        }
        let shares = letters.len();
        for (i, c) in letters.into_iter().enumerate() {
            self.glyphs.push(place.share(i, shares, c, 0, Style::default()));
        }
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
