//! Word documents: paragraphs with the numbers Word prints before them, headings, footnotes,
//! tables.
//!
//! Deleted text of tracked changes is left out, inserted text is read. Running heads and feet are
//! left out. Members of the archive are read up to a size that no report reaches.

use super::{Block, Hints, Inline, PageRead, Reading};
use crate::corpus::{iso_date, language_code};
use crate::document::Warning;
use crate::error::{Error, ErrorKind, Result};
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

/// More of a member than this is not read: its text would not fit in memory many times over.
const LARGEST_MEMBER: u64 = 48 << 20;

/// Elements nested deeper are kept at this depth.
const DEPTH: usize = 120;

/// Reads a Word document.
///
/// # Errors
/// `Input` where the archive or its text is damaged.
pub(super) fn read(bytes: &[u8]) -> Result<Reading> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|why| Error::new(ErrorKind::Input, "damaged Word document").because(why))?;
    let mut warnings = Vec::new();
    let mut part = |name: &str| match member(&mut archive, name) {
        Ok(text) => text.map(|text| tree(&text)),
        Err(why) => {
            warnings.push(Warning { page: None, what: format!("{name}: {why}") });
            None
        }
    };
    let document = part("word/document.xml");
    let styles = Styles::of(part("word/styles.xml").as_ref());
    let numbering = Numbering::of(part("word/numbering.xml").as_ref());
    let footnotes = part("word/footnotes.xml");
    let endnotes = part("word/endnotes.xml");
    let core = part("docProps/core.xml");
    let Some(document) = document else {
        let why = warnings.pop().map_or("it has no word/document.xml".to_string(), |warning| warning.what);
        return Err(Error::new(ErrorKind::Input, "damaged Word document").because(why));
    };
    let mut reader = Walk {
        styles,
        numbering,
        counters: BTreeMap::new(),
        notes: Vec::new(),
        blocks: Vec::new(),
        boxes: Vec::new(),
    };
    if let Some(body) = document.find("body") {
        reader.blocks_in(body, 0);
    }
    let notes = std::mem::take(&mut reader.notes);
    for (kind, id, mark) in notes {
        let (part, name) = match kind {
            NoteKind::Foot => (&footnotes, "footnote"),
            NoteKind::End => (&endnotes, "endnote"),
        };
        let note = part
            .iter()
            .flat_map(|root| root.children.iter())
            .flat_map(|notes| notes.every(name))
            .find(|note| note.attr("id") == Some(&id));
        if let Some(note) = note {
            let text = reader.flat(note);
            reader.blocks.push(Block::Footnote { mark, text });
        }
    }
    let blocks = reader.blocks;
    Ok(Reading {
        pages: vec![PageRead::of_blocks(blocks)],
        hints: core.as_ref().map(hints).unwrap_or_default(),
        warnings,
    })
}

fn member(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    name: &str,
) -> std::result::Result<Option<String>, String> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(zip::result::ZipError::FileNotFound) => return Ok(None),
        Err(why) => return Err(why.to_string()),
    };
    let mut bytes = Vec::new();
    file.take(LARGEST_MEMBER + 1).read_to_end(&mut bytes).map_err(|why| why.to_string())?;
    if bytes.len() as u64 > LARGEST_MEMBER {
        return Err("larger than 48 MiB unpacked, not read".to_string());
    }
    Ok(Some(super::decode::decode(&bytes, None).text))
}

/// An element with what stands in it; names without prefix.
#[derive(Debug, Default)]
struct Element {
    name: String,
    attrs: Vec<(String, String)>,
    children: Vec<Element>,
    /// Of an element that holds text.
    text: String,
}

impl Element {
    fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    fn every<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element of that name at any depth.
    fn find(&self, name: &str) -> Option<&Element> {
        let mut open = vec![self];
        while let Some(element) = open.pop() {
            if element.name == name {
                return Some(element);
            }
            open.extend(element.children.iter().rev());
        }
        None
    }

    /// `val` of a child: `<w:ilvl w:val="2"/>`.
    fn value(&self, name: &str) -> Option<&str> {
        self.child(name)?.attr("val")
    }

    /// A switch: there and not turned off.
    fn is_on(&self, name: &str) -> bool {
        self.child(name)
            .is_some_and(|child| !matches!(child.attr("val"), Some("0" | "false" | "off" | "none")))
    }
}

/// The elements of an XML text; of a damaged one what stands before the damage.
fn tree(xml: &str) -> Element {
    let mut reader = quick_xml::Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    let mut open = vec![Element::default()];
    let close = |open: &mut Vec<Element>| {
        if open.len() > 1
            && let Some(done) = open.pop()
            && let Some(parent) = open.last_mut()
        {
            parent.children.push(done);
        }
    };
    let start = |tag: &quick_xml::events::BytesStart<'_>| {
        let mut element = Element { name: local(tag.name().into_inner()), ..Element::default() };
        for attribute in tag.attributes().with_checks(false).flatten() {
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::default())
                .map(|value| value.into_owned())
                .unwrap_or_default();
            element.attrs.push((local(attribute.key.into_inner()), value));
        }
        element
    };
    // Elements too deep to be kept as they are: how many of them are open.
    let mut too_deep = 0usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                if open.len() < DEPTH {
                    open.push(start(&tag));
                } else {
                    too_deep += 1;
                }
            }
            Ok(Event::Empty(tag)) => {
                let element = start(&tag);
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Ok(Event::End(_)) => {
                if too_deep > 0 {
                    too_deep -= 1;
                } else {
                    close(&mut open);
                }
            }
            Ok(Event::Text(text)) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Ok(Event::CData(text)) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text.xml10_content());
                }
            }
            Ok(Event::GeneralRef(reference)) => {
                let c = match reference.resolve_char_ref() {
                    Ok(Some(c)) => Some(c),
                    _ => match reference.xml10_content().as_ref() {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                if let Some(element) = open.last_mut() {
                    element.text.extend(c);
                }
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_string()
}

/// What styles say of paragraphs.
#[derive(Debug, Default)]
struct Styles {
    /// By id: name, the style it is based on, outline level, numbering.
    known: BTreeMap<String, Style>,
}

#[derive(Debug, Default, Clone)]
struct Style {
    name: String,
    base: Option<String>,
    outline: Option<u8>,
    numbering: (Option<String>, Option<usize>),
}

impl Styles {
    fn of(root: Option<&Element>) -> Self {
        let mut styles = Styles::default();
        for style in
            root.and_then(|root| root.child("styles")).iter().flat_map(|styles| styles.every("style"))
        {
            let Some(id) = style.attr("styleId") else { continue };
            let properties = style.child("pPr");
            styles.known.insert(
                id.to_string(),
                Style {
                    name: style.value("name").unwrap_or(id).to_lowercase(),
                    base: style.value("basedOn").map(str::to_string),
                    outline: properties.and_then(|p| p.value("outlineLvl")).and_then(|n| n.parse().ok()),
                    numbering: properties.map(numbering_of).unwrap_or_default(),
                },
            );
        }
        styles
    }

    /// The style and those it is based on, nearest first.
    fn chain(&self, id: &str) -> Vec<&Style> {
        let mut chain = Vec::new();
        let mut next = Some(id);
        while let Some(style) = next.and_then(|id| self.known.get(id)) {
            chain.push(style);
            next = style.base.as_deref();
            if chain.len() > 20 {
                break;
            }
        }
        chain
    }
}

/// `numId` and `ilvl` of paragraph properties.
fn numbering_of(properties: &Element) -> (Option<String>, Option<usize>) {
    let Some(numbering) = properties.child("numPr") else { return (None, None) };
    let level = numbering.value("ilvl").and_then(|n| n.parse().ok());
    (numbering.value("numId").map(str::to_string), level)
}

/// How Word counts.
#[derive(Debug, Default)]
struct Numbering {
    /// By `numId`: the list it counts in, and starts of its own by level.
    lists: BTreeMap<String, (String, BTreeMap<usize, u32>)>,
    /// By list and level.
    levels: BTreeMap<(String, usize), Level>,
}

#[derive(Debug, Clone)]
struct Level {
    start: u32,
    format: String,
    /// `%1.%2`
    text: String,
}

impl Numbering {
    fn of(root: Option<&Element>) -> Self {
        let mut numbering = Numbering::default();
        let Some(root) = root.and_then(|root| root.child("numbering")) else { return numbering };
        for list in root.every("abstractNum") {
            let Some(id) = list.attr("abstractNumId") else { continue };
            for level in list.every("lvl") {
                let Some(at) = level.attr("ilvl").and_then(|n| n.parse().ok()) else { continue };
                numbering.levels.insert((id.to_string(), at), Level::of(level));
            }
        }
        for num in root.every("num") {
            let (Some(id), Some(list)) = (num.attr("numId"), num.value("abstractNumId")) else { continue };
            let mut starts = BTreeMap::new();
            for change in num.every("lvlOverride") {
                let Some(at) = change.attr("ilvl").and_then(|n| n.parse::<usize>().ok()) else { continue };
                if let Some(start) = change.value("startOverride").and_then(|n| n.parse().ok()) {
                    starts.insert(at, start);
                }
            }
            numbering.lists.insert(id.to_string(), (list.to_string(), starts));
        }
        numbering
    }
}

impl Level {
    fn of(level: &Element) -> Self {
        Level {
            start: level.value("start").and_then(|n| n.parse().ok()).unwrap_or(1),
            format: level.value("numFmt").unwrap_or("decimal").to_string(),
            text: level.value("lvlText").unwrap_or("").to_string(),
        }
    }
}

/// A number as Word prints it in a format; `None` for bullets and formats of other scripts.
fn printed(n: u32, format: &str) -> Option<String> {
    let letters = |first: u8| {
        // a, b, ... z, aa, bb
        let n = n.checked_sub(1)?;
        let letter = char::from(first + u8::try_from(n % 26).ok()?);
        Some(letter.to_string().repeat(usize::try_from(n / 26 + 1).ok()?.min(20)))
    };
    match format {
        "decimal" => Some(n.to_string()),
        "decimalZero" => Some(format!("{n:02}")),
        "lowerLetter" => letters(b'a'),
        "upperLetter" => letters(b'A'),
        "lowerRoman" => Some(roman(n).to_lowercase()),
        "upperRoman" => Some(roman(n)),
        "ordinal" => Some(format!("{n}.")),
        "none" => Some(String::new()),
        _ => None,
    }
}

fn roman(mut n: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    n = n.min(3999);
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while n >= value {
            text.push_str(sign);
            n -= value;
        }
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NoteKind {
    Foot,
    End,
}

struct Walk {
    styles: Styles,
    numbering: Numbering,
    /// Where each level of each list stands: by list, by `numId` that last began it.
    counters: BTreeMap<String, BTreeMap<usize, u32>>,
    /// Notes in the order of their marks.
    notes: Vec<(NoteKind, String, String)>,
    blocks: Vec<Block>,
    /// Blocks of text boxes, set after the paragraph they hang on.
    boxes: Vec<Block>,
}

impl Walk {
    fn blocks_in(&mut self, parent: &Element, depth: usize) {
        for child in &parent.children {
            match child.name.as_str() {
                "p" => self.paragraph(child),
                "tbl" => self.table(child),
                "sdt" | "sdtContent" | "ins" | "moveTo" | "customXml" | "smartTag" | "body"
                | "txbxContent"
                    if depth < DEPTH =>
                {
                    self.blocks_in(child, depth + 1);
                }
                _ => {}
            }
        }
    }

    fn paragraph(&mut self, paragraph: &Element) {
        let mut text = Inline::default();
        self.inline(paragraph, &mut text);
        let properties = paragraph.child("pPr");
        let style_id = properties.and_then(|p| p.value("pStyle")).unwrap_or("");
        let chain: Vec<Style> = self.styles.chain(style_id).into_iter().cloned().collect();
        // Counted even where the paragraph is blank to us: Word counts it too.
        let number = self.number(properties, &chain);
        let text = trimmed(text);
        if !text.text.is_empty() {
            let block = self.block(text, number, properties, &chain);
            self.blocks.push(block);
        }
        let mut boxes = std::mem::take(&mut self.boxes);
        self.blocks.append(&mut boxes);
    }

    fn block(
        &self,
        text: Inline,
        number: Option<Counted>,
        properties: Option<&Element>,
        chain: &[Style],
    ) -> Block {
        if let Some(level) = heading_level(properties, chain) {
            let label = number.and_then(|counted| counted.label);
            return Block::Heading { level, text: with_label(label, text) };
        }
        match number {
            Some(Counted { label: Some(label), level: 0, .. })
                if label.starts_with(|c: char| c.is_ascii_digit()) =>
            {
                Block::Paragraph { number: Some(label), text }
            }
            Some(Counted { label, .. }) => Block::ListItem { number: label, text },
            None => Block::Paragraph { number: None, text },
        }
    }

    /// The number Word prints before a paragraph, counting it.
    fn number(&mut self, properties: Option<&Element>, chain: &[Style]) -> Option<Counted> {
        let (mut id, mut level) = properties.map(numbering_of).unwrap_or_default();
        for style in chain {
            id = id.or_else(|| style.numbering.0.clone());
            level = level.or(style.numbering.1);
        }
        let (id, level) = (id?, level.unwrap_or(0).min(8));
        // 0 takes a number away that the style would give.
        let (list, starts) = self.numbering.lists.get(&id)?;
        let about = self.numbering.levels.get(&(list.clone(), level))?.clone();
        // A list with starts of its own counts for itself.
        let key = if starts.is_empty() { list.clone() } else { format!("{list}/{id}") };
        let counters = self.counters.entry(key).or_default();
        let start = starts.get(&level).copied().unwrap_or(about.start);
        let n = counters.get(&level).map_or(start, |n| n.saturating_add(1));
        counters.insert(level, n);
        counters.retain(|&at, _| at <= level);
        if about.format == "bullet" {
            return Some(Counted { label: None, level });
        }
        let mut label = about.text.clone();
        for at in 0..=level {
            let slot = format!("%{}", at + 1);
            if !label.contains(&slot) {
                continue;
            }
            let known = self.numbering.levels.get(&(list.clone(), at));
            let n = counters.get(&at).copied().or(known.map(|level| level.start)).unwrap_or(1);
            let told = printed(n, known.map_or("decimal", |level| &level.format))?;
            label = label.replace(&slot, &told);
        }
        let label = label.trim().to_string();
        Some(Counted { label: (!label.is_empty()).then_some(label), level })
    }

    /// The text of runs in an element.
    fn inline(&mut self, parent: &Element, into: &mut Inline) {
        for child in &parent.children {
            match child.name.as_str() {
                "r" => self.run(child, into),
                // Not printed, or read elsewhere.
                "pPr" | "rPr" | "del" | "moveFrom" | "Fallback" | "instrText" | "sdtPr" => {}
                _ => self.inline(child, into),
            }
        }
    }

    fn run(&mut self, run: &Element, into: &mut Inline) {
        let properties = run.child("rPr");
        if properties.is_some_and(|p| p.is_on("vanish")) {
            return;
        }
        let raised = properties.and_then(|p| p.value("vertAlign")) == Some("superscript");
        for child in &run.children {
            match child.name.as_str() {
                "t" if raised => push_raised(&child.text, into),
                "t" => into.text.push_str(&child.text),
                "tab" | "br" | "cr" | "ptab" => into.text.push(' '),
                "noBreakHyphen" => into.text.push('-'),
                "sym" => into.text.extend(symbol(child)),
                "footnoteReference" | "endnoteReference" => {
                    let kind = if child.name.starts_with('f') { NoteKind::Foot } else { NoteKind::End };
                    let Some(id) = child.attr("id") else { continue };
                    let count = self.notes.iter().filter(|(known, _, _)| *known == kind).count() + 1;
                    let mark = match kind {
                        NoteKind::Foot => count.to_string(),
                        NoteKind::End => roman(u32::try_from(count).unwrap_or(u32::MAX)).to_lowercase(),
                    };
                    into.marks.push((into.text.len(), mark.clone()));
                    self.notes.push((kind, id.to_string(), mark));
                }
                "AlternateContent" | "drawing" | "pict" | "object" => self.text_boxes(child),
                _ => {}
            }
        }
    }

    /// Text boxes in a drawing; of the two forms Word writes of one, the first.
    fn text_boxes(&mut self, drawing: &Element) {
        let mut open = vec![drawing];
        while let Some(element) = open.pop() {
            if element.name == "txbxContent" {
                let outer = std::mem::take(&mut self.blocks);
                let earlier = std::mem::take(&mut self.boxes);
                self.blocks_in(element, 0);
                let found = std::mem::replace(&mut self.blocks, outer);
                self.boxes = earlier;
                self.boxes.extend(found);
                continue;
            }
            let choice = element.child("Choice").is_some();
            open.extend(element.children.iter().rev().filter(|child| !(choice && child.name == "Fallback")));
        }
    }

    /// All text in an element as one line: a note, a cell.
    fn flat(&mut self, parent: &Element) -> Inline {
        let mut whole = Inline::default();
        let mut open: Vec<&Element> = parent.children.iter().rev().collect();
        while let Some(element) = open.pop() {
            if element.name != "p" {
                open.extend(element.children.iter().rev());
                continue;
            }
            let mut text = Inline::default();
            self.inline(element, &mut text);
            let text = trimmed(text);
            if !whole.text.is_empty() && !text.text.is_empty() {
                whole.text.push(' ');
            }
            let by = whole.text.len();
            whole.text.push_str(&text.text);
            whole.marks.extend(text.marks.into_iter().map(|(at, mark)| (at + by, mark)));
            for found in std::mem::take(&mut self.boxes) {
                if let Block::Paragraph { text, .. }
                | Block::ListItem { text, .. }
                | Block::Heading { text, .. } = found
                {
                    whole.text.push(' ');
                    whole.text.push_str(&text.text);
                }
            }
        }
        whole
    }

    fn table(&mut self, table: &Element) {
        let (mut rows, mut heads, mut in_head) = (Vec::new(), 0, true);
        let mut open: Vec<&Element> = table.children.iter().rev().collect();
        while let Some(row) = open.pop() {
            if row.name != "tr" {
                if matches!(row.name.as_str(), "sdt" | "sdtContent" | "ins" | "customXml") {
                    open.extend(row.children.iter().rev());
                }
                continue;
            }
            let properties = row.child("trPr");
            if properties.is_some_and(|p| p.child("del").is_some()) {
                continue;
            }
            let mut line: Vec<(Inline, usize)> = Vec::new();
            let before = properties.and_then(|p| p.value("gridBefore")).and_then(|n| n.parse::<usize>().ok());
            if let Some(before) = before.filter(|n| (1..200).contains(n)) {
                line.push((Inline::default(), before));
            }
            let mut cells: Vec<&Element> = row.children.iter().rev().collect();
            while let Some(cell) = cells.pop() {
                if cell.name != "tc" {
                    if matches!(cell.name.as_str(), "sdt" | "sdtContent" | "customXml") {
                        cells.extend(cell.children.iter().rev());
                    }
                    continue;
                }
                let properties = cell.child("tcPr");
                let wide = properties
                    .and_then(|p| p.value("gridSpan"))
                    .and_then(|n| n.parse::<usize>().ok())
                    .unwrap_or(1);
                line.push((self.flat(cell), wide.clamp(1, 200)));
            }
            if line.iter().all(|(cell, _)| cell.text.is_empty()) {
                continue;
            }
            in_head &= properties.is_some_and(|p| p.is_on("tblHeader"));
            heads += usize::from(in_head);
            rows.push(line);
        }
        if rows.iter().all(|row| row.len() <= 1) {
            // A frame around text.
            let cells = rows.into_iter().flatten().map(|(text, _)| Block::Paragraph { number: None, text });
            self.blocks.extend(cells);
            return;
        }
        if heads == 0 && super::names_columns(&rows) {
            heads = 1;
        }
        let caption = match self.blocks.last() {
            Some(Block::Paragraph { text, .. } | Block::Heading { text, .. }) if is_caption(&text.text) => {
                let caption = text.text.clone();
                self.blocks.pop();
                Some(caption)
            }
            _ => None,
        };
        self.blocks.push(Block::Table { caption, unit: None, heads, rows });
    }
}

struct Counted {
    label: Option<String>,
    level: usize,
}

fn is_caption(text: &str) -> bool {
    let rest = text.strip_prefix("Table ").or_else(|| text.strip_prefix("TABLE "));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X')))
        && text.chars().count() <= 200
}

fn with_label(label: Option<String>, text: Inline) -> Inline {
    let Some(label) = label else { return text };
    let by = label.len() + 1;
    let marks = text.marks.into_iter().map(|(at, mark)| (at + by, mark)).collect();
    Inline { text: format!("{label} {}", text.text), marks }
}

fn heading_level(properties: Option<&Element>, chain: &[Style]) -> Option<u8> {
    let outline = properties.and_then(|p| p.value("outlineLvl")).and_then(|n| n.parse::<u8>().ok());
    if let Some(level) = outline.or(chain.iter().find_map(|style| style.outline)) {
        // 9 means body text.
        return (level < 9).then_some(level + 1);
    }
    chain.iter().find_map(|style| {
        if style.name == "title" {
            return Some(1);
        }
        let level = style.name.strip_prefix("heading ")?.trim().parse::<u8>().ok()?;
        (1..=9).contains(&level).then_some(level)
    })
}

/// Digits raised by hand are footnote marks like those of Word's own.
fn push_raised(text: &str, into: &mut Inline) {
    let mark = text.trim().trim_matches(['[', ']', '(', ')']);
    let is_mark = !mark.is_empty()
        && (mark.len() <= 3 && mark.bytes().all(|b| b.is_ascii_digit())
            || matches!(mark, "*" | "**" | "†" | "‡"));
    let word = into.text.rsplit(char::is_whitespace).next().unwrap_or("");
    let is_power = word == "10" || word.ends_with("km") || matches!(word, "m" | "cm");
    if is_mark && !is_power && !into.text.trim().is_empty() {
        into.marks.push((into.text.len(), mark.to_string()));
    } else {
        into.text.push_str(text);
    }
}

/// A character of a symbol font, where it is one of Unicode.
fn symbol(element: &Element) -> Option<char> {
    let code = u32::from_str_radix(element.attr("char")?, 16).ok()?;
    // Fonts of symbols stand in the private area: what it shows is not known.
    char::from_u32(code)
        .filter(|c| !c.is_control())
        .map(|c| if (0xf000..0xf100).contains(&code) { '\u{fffd}' } else { c })
}

/// White space folded, the marks moved along.
fn trimmed(inline: Inline) -> Inline {
    let mut folded = Inline::default();
    let mut marks = inline.marks.into_iter().peekable();
    for (at, c) in inline.text.char_indices() {
        while let Some((_, mark)) = marks.next_if(|(place, _)| *place <= at) {
            folded.marks.push((folded.text.len(), mark));
        }
        match c {
            '\u{ad}' | '\u{200b}' => {}
            c if c.is_whitespace() => {
                if !folded.text.is_empty() && !folded.text.ends_with(' ') {
                    folded.text.push(' ');
                }
            }
            c => folded.text.push(c),
        }
    }
    folded.text.truncate(folded.text.trim_end().len());
    let end = folded.text.len();
    folded.marks.extend(marks.map(|(_, mark)| (end, mark)));
    for (at, _) in &mut folded.marks {
        *at = (*at).min(end);
    }
    folded
}

fn hints(core: &Element) -> Hints {
    let told = |name: &str| {
        let text = core.find(name)?.text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    Hints {
        title: told("title"),
        author: told("creator"),
        publisher: told("publisher"),
        published: told("issued").or_else(|| told("created")).as_deref().and_then(iso_date),
        language: told("language").as_deref().and_then(language_code),
        address: None,
        links: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Body, outline_of};
    use proptest::prelude::*;
    use std::io::Write;

    fn docx(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn outline(parts: &[(&str, &str)]) -> Vec<String> {
        let reading = read(&docx(parts)).unwrap();
        let Body::Blocks(blocks) = &reading.pages[0].body else { panic!() };
        blocks.iter().map(outline_of).collect()
    }

    const NUMBERING: &str = r#"<w:numbering><w:abstractNum w:abstractNumId="0">
        <w:lvl w:ilvl="0"><w:start w:val="106"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
        <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
        </w:abstractNum><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>"#;

    fn counted(list: u32, level: u32, text: &str) -> String {
        format!(
            r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
        )
    }

    #[test]
    fn paragraphs_have_the_numbers_word_prints() {
        let body = [
            counted(1, 0, "One"),
            counted(1, 1, "x"),
            counted(1, 1, "y"),
            counted(2, 0, "bullet"),
            counted(1, 0, "Two"),
            counted(1, 1, "z"),
            counted(0, 0, "none"),
        ];
        let document = format!("<w:document><w:body>{}</w:body></w:document>", body.concat());
        assert_eq!(
            outline(&[("word/document.xml", &document), ("word/numbering.xml", NUMBERING)]),
            ["p 106. One", "li (a) x", "li (b) y", "li bullet", "p 107. Two", "li (a) z", "p none"]
        );
    }

    #[test]
    fn headings_notes_changes_and_boxes_are_read() {
        let document = r#"<w:document><w:body>
            <w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Thefts &amp; losses</w:t></w:r></w:p>
            <w:p><w:r><w:t xml:space="preserve">They took </w:t></w:r><w:del><w:r><w:delText>$2</w:delText></w:r></w:del>
            <w:ins><w:r><w:t>$3</w:t></w:r></w:ins><w:r><w:footnoteReference w:id="7"/></w:r><w:r><w:t xml:space="preserve"> million.</w:t>
            <w:tab/><w:t>Then</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t></w:r>
            <w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></mc:Choice>
            <mc:Fallback><w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>
            </w:body></w:document>"#;
        let styles = r#"<w:styles><w:style w:styleId="H"><w:name w:val="My head"/><w:basedOn w:val="B"/></w:style>
            <w:style w:styleId="B"><w:name w:val="Heading 2"/></w:style></w:styles>"#;
        let notes = r#"<w:footnotes><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>
            <w:footnote w:id="7"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> A letter.</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
        assert_eq!(
            outline(&[
                ("word/document.xml", document),
                ("word/styles.xml", styles),
                ("word/footnotes.xml", notes)
            ]),
            ["h2 Thefts & losses", "p They took $3{1} million. Then{12}", "p Box", "fn 1 A letter."]
        );
    }

    #[test]
    fn tables_have_spans_and_heads() {
        let cell = |text: &str, properties: &str| {
            format!("<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>")
        };
        let document = format!(
            "<w:document><w:body><w:p><w:r><w:t>Table 1. Thefts</w:t></w:r></w:p><w:tbl>\
             <w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl></w:body></w:document>",
            cell("Year", ""),
            cell("Loss", "<w:gridSpan w:val='2'/>"),
            cell("2031", ""),
            cell("A", ""),
            cell("3", ""),
        );
        assert_eq!(
            outline(&[("word/document.xml", &document)]),
            ["table Table 1. Thefts heads 1: Year|Loss+2 ; 2031|A|3"]
        );
    }

    #[test]
    fn damage_is_told() {
        let told = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
        assert!(told(b"PK\x03\x04 no archive").starts_with("damaged Word document: "));
        assert_eq!(told(&docx(&[("x", "y")])), "damaged Word document: it has no word/document.xml");
        // Cut off in the middle of its text: what stands before is read.
        assert_eq!(outline(&[("word/document.xml", "<w:document><w:body><w:p><w:r><w:t>Half")]), ["p Half"]);
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let bomb = docx(&[("word/document.xml", &" ".repeat((LARGEST_MEMBER + 1) as usize))]);
        assert!(bomb.len() < 1 << 20);
        assert!(read(&bomb).unwrap_err().to_string().contains("larger than 48 MiB"));
    }

    #[test]
    fn numbers_are_printed_in_their_format() {
        let all = |n| {
            ["decimal", "lowerLetter", "upperRoman", "bullet"]
                .map(|f| printed(n, f).unwrap_or("-".to_string()))
        };
        assert_eq!(all(4), ["4", "d", "IV", "-"]);
        assert_eq!(all(28), ["28", "bb", "XXVIII", "-"]);
    }

    proptest! {
        #[test]
        fn any_xml_is_read(xml in "(<(/?)w:(p|r|t|tbl|tr|tc|pPr|numPr|body|sdt)( w:val=\"[0-9]\")?(/?)>|[a-z&; ]){0,40}") {
            let parts = [("word/document.xml", xml.as_str()), ("word/numbering.xml", NUMBERING)];
            prop_assert!(read(&docx(&parts)).is_ok());
        }

        #[test]
        fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }
    }
}
