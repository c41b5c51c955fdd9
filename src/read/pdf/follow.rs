//! The second reading of a page at speed: what each code of a font reads, and how wide it is, is
//! pdf-extract's to say, once a font; the content is followed here.
//!
//! pdf-extract makes each font anew on each page and takes most of its time to cut content into
//! operators, so that a page costs three times what the first reader takes. Its fonts are what a
//! second opinion on digits is wanted of. Forms stand where they are drawn and use fonts of their
//! own, which pdf-extract gets wrong.

use super::Failure;
use super::content::{Content, Operand};
use super::extract::{DEEPEST_FORM, MOST_FORMS, MOST_GLYPHS};
use super::place::{Place, push_letters};
use super::quiet::quietly;
use crate::read::{Glyph, Style};
use hayro_interpret::kurbo::{Affine, Vec2};
use pdf_extract::{
    Dictionary, Document, MediaBox, Object, ObjectId, OutputDev, OutputError, Stream, Transform,
    output_doc_page,
};
use std::collections::BTreeMap;

/// Bytes of operators followed on one page, those of forms each time they are drawn.
const LONGEST_CONTENT: usize = 64 << 20;
/// Codes of a composite font asked for at once.
const BLOCK: usize = 4096;
/// Codes of a font asked for one by one, where asking for all failed.
const MOST_ASKED: usize = 512;
/// Objects a font may be made of.
const MOST_PARTS: usize = 200;

/// The fonts of a document as the second reader reads them, by the place of their dictionary.
#[derive(Default)]
pub(super) struct Fonts(BTreeMap<usize, Font>);

/// Follows a page's content. `to_page` takes user space to the page as shown.
///
/// # Errors
/// Where the page holds too much, or a font that cuts strings into codes in a way of its own.
pub(super) fn glyphs(
    pdf: &Document,
    fonts: &mut Fonts,
    content: &[u8],
    resources: Option<&Dictionary>,
    to_page: Affine,
) -> Result<Vec<Glyph>, Failure> {
    let mut follower = Follower { pdf, fonts, glyphs: Vec::new(), forms: 0, bytes: 0 };
    follower.follow(content, resources, &State::at(to_page), 0)?;
    Ok(follower.glyphs)
}

/// What a string is drawn with.
#[derive(Clone)]
struct State {
    to_page: Affine,
    /// Key of [`Fonts`].
    font: Option<usize>,
    size: f64,
    spacing: f64,
    word_spacing: f64,
    scale: f64,
    leading: f64,
    rise: f64,
}

impl State {
    fn at(to_page: Affine) -> Self {
        State {
            to_page,
            font: None,
            size: 0.0,
            spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

struct Follower<'a> {
    pdf: &'a Document,
    fonts: &'a mut Fonts,
    glyphs: Vec<Glyph>,
    forms: u64,
    bytes: usize,
}

impl<'a> Follower<'a> {
    fn follow(
        &mut self,
        bytes: &[u8],
        resources: Option<&'a Dictionary>,
        begun: &State,
        depth: usize,
    ) -> Result<(), Failure> {
        self.bytes += bytes.len();
        if self.bytes > LONGEST_CONTENT {
            return Err(Failure::TooMuch("it holds too much to draw"));
        }
        let mut content = Content::new(bytes);
        let mut state = begun.clone();
        let mut saved: Vec<State> = Vec::new();
        let (mut line, mut text) = (Affine::IDENTITY, Affine::IDENTITY);
        while let Some(operator) = content.next() {
            let mut feed = |state: &State, x: f64, y: f64| {
                line *= Affine::translate((x, y));
                (line, state.leading)
            };
            match operator {
                b"q" if saved.len() < 1024 => saved.push(state.clone()),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"cm" => state.to_page *= matrix(&content),
                b"BT" => (line, text) = (Affine::IDENTITY, Affine::IDENTITY),
                b"Tf" => {
                    state.size = content.number(1);
                    state.font = content.name(0).and_then(|name| self.font(resources, name));
                }
                b"Tc" => state.spacing = content.number(0),
                b"Tw" => state.word_spacing = content.number(0),
                b"Tz" => state.scale = content.number(0) / 100.0,
                b"TL" => state.leading = content.number(0),
                b"Ts" => state.rise = content.number(0),
                b"Tm" => {
                    line = matrix(&content);
                    text = line;
                }
                b"Td" => text = feed(&state, content.number(0), content.number(1)).0,
                b"TD" => {
                    state.leading = -content.number(1);
                    text = feed(&state, content.number(0), content.number(1)).0;
                }
                b"T*" => text = feed(&state, 0.0, -state.leading).0,
                b"Tj" | b"TJ" => self.show(&content, &state, &mut text)?,
                b"'" => {
                    text = feed(&state, 0.0, -state.leading).0;
                    self.show(&content, &state, &mut text)?;
                }
                b"\"" => {
                    (state.word_spacing, state.spacing) = (content.number(0), content.number(1));
                    text = feed(&state, 0.0, -state.leading).0;
                    let shown = content.operands().get(2).copied();
                    self.show_only(&content, shown, &state, &mut text)?;
                }
                b"Do" => {
                    if let Some(name) = content.name(0) {
                        self.draw(resources, name, &state, depth)?;
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Draws a form; pictures are passed over.
    fn draw(
        &mut self,
        resources: Option<&'a Dictionary>,
        name: &[u8],
        state: &State,
        depth: usize,
    ) -> Result<(), Failure> {
        let found = resources.and_then(|resources| self.pdf.get_dict_in_dict(resources, b"XObject").ok());
        let form = found.and_then(|forms| self.pdf.dereference(forms.get(name).ok()?).ok());
        let Some((_, Object::Stream(form))) = form else { return Ok(()) };
        if form.dict.get(b"Subtype").and_then(Object::as_name).ok() != Some(b"Form") {
            return Ok(());
        }
        self.forms += 1;
        if depth >= DEEPEST_FORM || self.forms > MOST_FORMS {
            return Err(Failure::TooMuch("its forms draw themselves"));
        }
        let Ok(bytes) = form.get_plain_content() else { return Ok(()) };
        let own = self.pdf.get_dict_in_dict(&form.dict, b"Resources").ok();
        let mut inner = state.clone();
        inner.to_page *= self.form_matrix(form).unwrap_or(Affine::IDENTITY);
        self.follow(&bytes, own.or(resources), &inner, depth + 1)
    }

    fn form_matrix(&self, form: &Stream) -> Option<Affine> {
        let (_, matrix) = self.pdf.dereference(form.dict.get(b"Matrix").ok()?).ok()?;
        let number = |value: &Object| self.pdf.dereference(value).ok()?.1.as_float().ok().map(f64::from);
        let numbers: Vec<f64> = matrix.as_array().ok()?.iter().filter_map(number).collect();
        Some(Affine::new(numbers.try_into().ok()?))
    }

    /// The font of a name, made when it is first asked for.
    fn font(&mut self, resources: Option<&'a Dictionary>, name: &[u8]) -> Option<usize> {
        let fonts = self.pdf.get_dict_in_dict(resources?, b"Font").ok()?;
        let (_, font) = self.pdf.dereference(fonts.get(name).ok()?).ok()?;
        let font = font.as_dict().ok()?;
        // The document is not changed, so what it holds keeps its place.
        let key = std::ptr::from_ref(font).addr();
        self.fonts.0.entry(key).or_insert_with(|| Font::new(self.pdf, font));
        Some(key)
    }

    fn show(&mut self, content: &Content<'_>, state: &State, text: &mut Affine) -> Result<(), Failure> {
        for &operand in content.operands() {
            self.show_only(content, Some(operand), state, text)?;
        }
        Ok(())
    }

    fn show_only(
        &mut self,
        content: &Content<'_>,
        operand: Option<Operand>,
        state: &State,
        text: &mut Affine,
    ) -> Result<(), Failure> {
        match operand {
            Some(Operand::Number(back)) => {
                *text *= Affine::translate((-back / 1000.0 * state.size * state.scale, 0.0));
                Ok(())
            }
            Some(shown @ Operand::Text(..)) => self.draw_string(content.bytes_of(shown), state, text),
            _ => Ok(()),
        }
    }

    fn draw_string(&mut self, bytes: &[u8], state: &State, text: &mut Affine) -> Result<(), Failure> {
        let Some(font) = state.font.and_then(|key| self.fonts.0.get_mut(&key)) else { return Ok(()) };
        let length = match font.kind {
            Kind::Simple => 1,
            Kind::Composite => 2,
            Kind::Other => return Err(Failure::Broken("its fonts cannot be followed")),
        };
        let to_text = Affine::new([state.scale, 0.0, 0.0, 1.0, 0.0, state.rise]);
        let of_run = state.to_page * *text * to_text * Affine::scale(state.size / 1000.0);
        // All glyphs of a string are drawn alike; only their origin moves.
        let mut place = Place::new(of_run);
        let along = place.along();
        let [c0, c1, ..] = (state.to_page * *text).as_coeffs();
        let step = Vec2::new(c0, c1);
        let mut moved = 0.0;
        for code in bytes.chunks_exact(length) {
            let value = code.iter().fold(0, |value, &byte| value << 8 | u32::from(byte));
            let (width, letters) = font.code(value);
            place.move_to(of_run.translation() + step * moved, along * width);
            if self.glyphs.len() + letters.len() > MOST_GLYPHS {
                return Err(Failure::TooMuch("it holds too many characters"));
            }
            if place.is_finite() {
                let glyphs = letters.iter().enumerate();
                self.glyphs
                    .extend(glyphs.map(|(i, &c)| place.share(i, letters.len(), c, 0, Style::default())));
            }
            let is_space = length == 1 && value == 32;
            let spacing = state.spacing + if is_space { state.word_spacing } else { 0.0 };
            moved += state.scale * (width / 1000.0 * state.size + spacing);
        }
        *text *= Affine::translate((moved, 0.0));
        Ok(())
    }
}

fn matrix(content: &Content<'_>) -> Affine {
    Affine::new(std::array::from_fn(|i| content.number(i)))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One byte a code.
    Simple,
    /// Two bytes a code.
    Composite,
    /// Codes of the file's own making.
    Other,
}

#[derive(Clone, Copy, Default)]
struct Code {
    is_asked: bool,
    /// In thousandths of the font size.
    width: f64,
    /// Of [`Font::letters`].
    letters: (usize, usize),
}

/// A font, and what pdf-extract said of its codes so far.
struct Font {
    kind: Kind,
    /// The font in a document of its own, with one page that shows the codes asked for.
    alone: Document,
    page: ObjectId,
    codes: Vec<Code>,
    letters: Vec<char>,
    /// Asking for many codes at once failed.
    is_shy: bool,
    asked: usize,
    /// The font without its map to Unicode, where its encoding says what its codes read as well.
    encoded: Option<Box<Font>>,
}

impl Font {
    fn new(pdf: &Document, font: &Dictionary) -> Self {
        let name = |key: &[u8]| {
            let (_, value) = pdf.dereference(font.get(key).ok()?).ok()?;
            value.as_name().ok()
        };
        let kind = match (name(b"Subtype"), name(b"Encoding")) {
            (Some(b"Type0"), Some(b"Identity-H" | b"Identity-V")) => Kind::Composite,
            (Some(b"Type0"), _) => Kind::Other,
            _ => Kind::Simple,
        };
        let says_both = kind == Kind::Simple && font.has(b"ToUnicode") && font.has(b"Encoding");
        let encoded = says_both.then(|| {
            let mut bare = font.clone();
            bare.remove(b"ToUnicode");
            Box::new(Font::new(pdf, &bare))
        });
        let mut alone = Document::new();
        copy_parts(pdf, font, &mut alone);
        alone.max_id = pdf.max_id;
        let mut fonts = Dictionary::new();
        fonts.set("F", Object::Dictionary(font.clone()));
        let mut resources = Dictionary::new();
        resources.set("Font", Object::Dictionary(fonts));
        let page = alone.new_object_id();
        let content = alone.new_object_id();
        let mut entries = Dictionary::new();
        entries.set("Type", Object::Name(b"Page".to_vec()));
        entries.set("MediaBox", Object::Array([0, 0, 612, 792].map(Object::Integer).to_vec()));
        entries.set("Resources", Object::Dictionary(resources));
        entries.set("Contents", Object::Reference(content));
        alone.objects.insert(page, Object::Dictionary(entries));
        let mut pages = Dictionary::new();
        pages.set("Type", Object::Name(b"Pages".to_vec()));
        pages.set("Kids", Object::Array(vec![Object::Reference(page)]));
        pages.set("Count", Object::Integer(1));
        let pages = alone.add_object(pages);
        let mut catalog = Dictionary::new();
        catalog.set("Pages", Object::Reference(pages));
        let catalog = alone.add_object(catalog);
        alone.trailer.set("Root", Object::Reference(catalog));
        Font {
            kind,
            alone,
            page: content,
            codes: Vec::new(),
            letters: Vec::new(),
            is_shy: false,
            asked: 0,
            encoded,
        }
    }

    /// Width and letters of a code; no letters where pdf-extract fails on it.
    fn code(&mut self, code: u32) -> (f64, &[char]) {
        let index = code as usize;
        if !self.codes.get(index).is_some_and(|code| code.is_asked) {
            self.ask_about(index);
        }
        let Code { width, letters: (start, end), .. } = self.codes.get(index).copied().unwrap_or_default();
        (width, self.letters.get(start..end).unwrap_or_default())
    }

    fn ask_about(&mut self, index: usize) {
        let block = if self.kind == Kind::Simple {
            0..256
        } else {
            index / BLOCK * BLOCK..index / BLOCK * BLOCK + BLOCK
        };
        if self.codes.len() < block.end {
            self.codes.resize(block.end, Code::default());
        }
        if !self.is_shy {
            // A code that says nothing of itself must not keep back the others.
            self.is_shy = !self.ask(block.start, block.len());
            self.hold_to_encoding();
        }
        if self.is_shy && self.asked < MOST_ASKED && !self.codes.get(index).is_some_and(|code| code.is_asked)
        {
            self.asked += 1;
            self.ask(index, 1);
        }
        if let Some(code) = self.codes.get_mut(index) {
            code.is_asked = true;
        }
    }

    /// Takes the encoding's word for a digit where the map to Unicode says something else, in a
    /// font in which the two agree on the rest: the first reader goes by the map.
    fn hold_to_encoding(&mut self) {
        let Some(mut encoded) = self.encoded.take() else { return };
        let mut differing = Vec::new();
        let (mut seen, mut same) = (0, 0);
        for code in 0..self.codes.len() {
            let (width, &[mapped]) = self.code(code as u32) else { continue };
            let (_, &[named]) = encoded.code(code as u32) else { continue };
            if width <= 0.0 || !mapped.is_alphanumeric() || !named.is_alphanumeric() {
                continue;
            }
            seen += 1;
            if mapped == named {
                same += 1;
            } else if mapped.is_ascii_digit() || named.is_ascii_digit() {
                differing.push((code, named));
            }
        }
        // A font of few glyphs is often coded anew, and its encoding then says nothing.
        if same < 3 || same * 4 < seen * 3 {
            return;
        }
        for (code, named) in differing {
            if let Some(code) = self.codes.get_mut(code) {
                code.letters = (self.letters.len(), self.letters.len() + 1);
                self.letters.push(named);
            }
        }
    }

    /// Lets pdf-extract draw codes, and notes what it says; whether it said something of each.
    fn ask(&mut self, first: usize, count: usize) -> bool {
        let digits = if self.kind == Kind::Simple { 2 } else { 4 };
        let mut content = String::from("BT /F 1000 Tf <");
        for code in first..first + count {
            content.push_str(&format!("{code:0digits$x}"));
        }
        content.push_str("> Tj ET");
        let content = Stream::new(Dictionary::new(), content.into_bytes());
        self.alone.objects.insert(self.page, Object::Stream(content));
        let mut answers = Answers::default();
        let ended = quietly(|| output_doc_page(&self.alone, &mut answers, 1).is_ok());
        for (code, (width, text)) in self.codes.iter_mut().skip(first).zip(&answers.0) {
            if code.is_asked {
                continue;
            }
            let start = self.letters.len();
            text.chars().for_each(|c| push_letters(c, &mut self.letters));
            if self.letters.len() == start {
                self.letters.push(char::REPLACEMENT_CHARACTER);
            }
            *code = Code { is_asked: true, width: width * 1000.0, letters: (start, self.letters.len()) };
        }
        ended == Some(true) && answers.0.len() == count
    }
}

/// Copies what a font refers to, but what draws its glyphs.
fn copy_parts(pdf: &Document, font: &Dictionary, to: &mut Document) {
    let mut todo: Vec<ObjectId> = Vec::new();
    let note = |dictionary: &Dictionary, todo: &mut Vec<ObjectId>| {
        let drawing: [&[u8]; 4] = [b"CharProcs", b"Resources", b"Parent", b"FontFile2"];
        dictionary
            .iter()
            .filter(|(key, _)| !drawing.contains(&key.as_slice()))
            .for_each(|(_, value)| refer(value, todo, 0));
    };
    note(font, &mut todo);
    while let Some(id) = todo.pop() {
        if to.objects.len() >= MOST_PARTS || to.objects.contains_key(&id) {
            continue;
        }
        let Ok(object) = pdf.get_object(id) else { continue };
        match object {
            Object::Dictionary(dictionary) => note(dictionary, &mut todo),
            Object::Stream(stream) => note(&stream.dict, &mut todo),
            object => refer(object, &mut todo, 0),
        }
        to.objects.insert(id, object.clone());
    }
}

fn refer(object: &Object, todo: &mut Vec<ObjectId>, depth: usize) {
    match object {
        Object::Reference(id) => todo.push(*id),
        Object::Array(elements) if depth < 4 => elements.iter().for_each(|e| refer(e, todo, depth + 1)),
        Object::Dictionary(entries) if depth < 4 => {
            entries.iter().for_each(|(_, e)| refer(e, todo, depth + 1))
        }
        _ => {}
    }
}

/// Width, as a share of the font size, and text of each code drawn.
#[derive(Default)]
struct Answers(Vec<(f64, String)>);

impl OutputDev for Answers {
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
        _: &Transform,
        width: f64,
        _: f64,
        _: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.0.push((width, text.to_string()));
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
