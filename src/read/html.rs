//! Web pages: the text of the article without menus, banners and scripts, as blocks.
//!
//! It prefers too much to too little: what is left out is what a page says is no text of it
//! (navigation, footers, hidden parts) and lists of links. Nothing is fetched and nothing runs.

use super::decode::decode;
use super::{Block, Hints, Inline, PageRead, Reading};
use crate::corpus::{iso_date, language_code, written_date};
use crate::document::Warning;
use regex::Regex;
use scraper::{ElementRef, Html, Node, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Elements nested deeper are read as flat text.
const DEPTH: usize = 200;

/// A table wider than this is damaged.
const COLUMNS: usize = 200;

/// Reads a web page: its article where one can be told, else its body.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let head = String::from_utf8_lossy(bytes.get(..4096).unwrap_or(bytes));
    let told = CHARSET.captures(&head).and_then(|found| found.get(1)).map(|label| label.as_str());
    let decoded = decode(bytes, told);
    let page = Html::parse_document(&decoded.text);
    let mut reading = Reading { hints: hints(&page), ..Reading::default() };
    reading.warnings.extend(decoded.warning.map(|what| Warning { page: None, what }));
    let mut blocks = Vec::new();
    if let Some(body) = first(&page, "body") {
        let furniture = furniture(body);
        blocks = Walk::of(article(body, &furniture), &furniture);
        if blocks.is_empty() {
            blocks = Walk::of(body, &BTreeSet::new());
        }
    }
    reading.pages.push(PageRead::of_blocks(blocks));
    reading
}

/// The blocks of a piece of HTML that is text throughout, such as Markdown makes.
pub(super) fn blocks_of(html: &str) -> Vec<Block> {
    Walk::of(Html::parse_fragment(html).root_element(), &BTreeSet::new())
}

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        #[allow(clippy::expect_used, reason = "a pattern of our own, compiled by every test")]
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("pattern"));
    };
}

pattern!(CHARSET, r#"(?i)<meta[^>]{0,200}charset\s*=\s*["']?([A-Za-z0-9_:-]{2,40})"#);
// Names of classes that are not the text of the page, by their parts.
pattern!(
    FURNITURE,
    r"(?i)(?:^|[\s_-])(?:cookies?|consent|gdpr|newsletter|subscribe|subscription|share|sharing|social|related|recommended|breadcrumbs?|menu|navbar|navigation|nav|sidebar|comments?|promo|advert|advertisement|ads|banner|popup|modal|masthead|pagination|pager|login|signup|toolbar|skip-link|site-header|site-footer|page-footer|footer|sr-only|visually-hidden|screen-reader-text|noprint|toc-mobile)(?:$|[\s_-])"
);
pattern!(
    NOTE_LINK,
    r"^#(?:_?ftn|_?edn|fn|note|footnote|endnote|cite_note|ref|user-content-fn)[\w:.-]*$|^#\d{1,3}$"
);
pattern!(
    NOTE_ID,
    r"^(?:_?ftn|_?edn|fn|note|footnote|endnote|cite_note|user-content-fn)[\w:.]*?[-_:.]?(\d{1,4})$|^(?:fn|footnote)[-:_]([\w]{1,12})$"
);
pattern!(MARK, r"^[\[(]?(\d{1,3}|[a-z]|[*†‡§]{1,3}|[ivx]{1,5})[\])]?$");
pattern!(HIDDEN, r"(?i)display\s*:\s*none|visibility\s*:\s*hidden");

fn selector(css: &str) -> Option<Selector> {
    Selector::parse(css).ok()
}

fn first<'a>(page: &'a Html, css: &str) -> Option<ElementRef<'a>> {
    page.select(&selector(css)?).next()
}

type NodeId = ego_tree::NodeId;

fn text_length(element: ElementRef<'_>, but: &BTreeSet<NodeId>) -> usize {
    let mut sum = 0;
    let mut open = vec![*element];
    while let Some(node) = open.pop() {
        if but.contains(&node.id()) || is_silent(node.value()) {
            continue;
        }
        if let Node::Text(text) = node.value() {
            sum += text.split_whitespace().map(|word| word.len() + 1).sum::<usize>();
        }
        open.extend(node.children());
    }
    sum
}

/// Elements that are never text.
fn is_silent(node: &Node) -> bool {
    node.as_element().is_some_and(|element| {
        matches!(
            element.name(),
            "script"
                | "style"
                | "noscript"
                | "template"
                | "iframe"
                | "svg"
                | "object"
                | "embed"
                | "canvas"
                | "head"
                | "title"
                | "audio"
                | "video"
                | "map"
                | "select"
                | "datalist"
                | "input"
                | "textarea"
                | "button"
                | "math"
        )
    })
}

/// How much text an element holds.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    text: usize,
    /// Of it, what stands in links.
    linked: usize,
    links: usize,
    in_article: bool,
}

impl Weight {
    /// How much of the text stands in links, 0 to 1.
    fn link_share(self) -> f64 {
        if self.text == 0 { 0.0 } else { self.linked as f64 / self.text as f64 }
    }
}

/// The weight of every element, in one pass: pages nest deep.
fn weights(body: ElementRef<'_>) -> BTreeMap<NodeId, Weight> {
    let mut weights: BTreeMap<NodeId, Weight> = BTreeMap::new();
    // Parents before children.
    let mut order = Vec::new();
    let mut open = vec![(*body, false, false)];
    while let Some((node, in_link, in_article)) = open.pop() {
        if is_silent(node.value()) {
            continue;
        }
        let name = node.value().as_element().map_or("", |element| element.name());
        let mut weight = Weight { in_article, links: usize::from(name == "a"), ..Weight::default() };
        if let Node::Text(text) = node.value() {
            weight.text = text.split_whitespace().map(|word| word.len() + 1).sum();
            weight.linked = if in_link { weight.text } else { 0 };
        }
        weights.insert(node.id(), weight);
        order.push(node);
        let (in_link, in_article) =
            (in_link || name == "a", in_article || matches!(name, "article" | "main"));
        open.extend(node.children().map(|child| (child, in_link, in_article)));
    }
    for node in order.into_iter().rev() {
        let Some(weight) = weights.get(&node.id()).copied() else { continue };
        if let Some(up) = node.parent().and_then(|up| weights.get_mut(&up.id())) {
            up.text += weight.text;
            up.linked += weight.linked;
            up.links += weight.links;
        }
    }
    weights
}

/// What of a page is not its text: menus, banners, footers, hidden parts, boxes of links.
fn furniture(body: ElementRef<'_>) -> BTreeSet<NodeId> {
    let weights = weights(body);
    let whole = weights.get(&body.id()).map_or(0, |weight| weight.text);
    let mut furniture = BTreeSet::new();
    for element in body.descendent_elements() {
        let value = element.value();
        let name = value.name();
        let Some(weight) = weights.get(&element.id()).copied() else { continue };
        if matches!(name, "body" | "html" | "main") {
            continue;
        }
        let attr = |key: &str| value.attr(key).unwrap_or("");
        let mut is = matches!(name, "nav" | "dialog" | "menu")
            || matches!(
                attr("role"),
                "navigation"
                    | "banner"
                    | "contentinfo"
                    | "search"
                    | "dialog"
                    | "alertdialog"
                    | "menu"
                    | "menubar"
            )
            || value.attr("hidden").is_some()
            || attr("aria-hidden") == "true"
            || HIDDEN.is_match(attr("style"))
            || (matches!(name, "footer" | "header") && !weight.in_article)
            || (matches!(name, "aside" | "form") && weight.link_share() > 0.3);
        let names = FURNITURE.is_match(attr("class")) || FURNITURE.is_match(attr("id"));
        if !is && names && name != "article" && !NOTE_ID.is_match(attr("id")) {
            // A class may be named after what the page has, not what the element is.
            is = weight.text * 3 < whole || weight.link_share() > 0.6;
        }
        if !is && matches!(name, "ul" | "ol" | "div" | "section") && !weight.in_article {
            is = weight.links >= 4 && weight.link_share() > 0.8;
        }
        if is {
            furniture.insert(element.id());
        }
    }
    furniture
}

/// The element with the article: one that says so and holds a good part of the page's text.
fn article<'a>(body: ElementRef<'a>, furniture: &BTreeSet<NodeId>) -> ElementRef<'a> {
    let whole = text_length(body, furniture);
    for css in ["article", "[itemprop=articleBody]", "main", "[role=main]"] {
        let Some(selector) = selector(css) else { continue };
        let sizes = body.select(&selector).map(|element| (text_length(element, furniture), element));
        // The first of the longest.
        let longest = sizes.fold(None, |best: Option<(usize, ElementRef<'a>)>, one| match best {
            Some(best) if best.0 >= one.0 => Some(best),
            _ => Some(one),
        });
        if let Some((size, element)) = longest
            && size * 2 >= whole
        {
            return element;
        }
    }
    body
}

/// Text on its way to be a block.
#[derive(Default)]
struct Run {
    text: String,
    marks: Vec<(usize, String)>,
    breaks: usize,
}

impl Run {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '\u{ad}' | '\u{200b}' => {}
                c if c.is_whitespace() => {
                    if !self.text.is_empty() && !self.text.ends_with(' ') {
                        self.text.push(' ');
                    }
                }
                c => {
                    self.breaks = 0;
                    self.text.push(c);
                }
            }
        }
    }

    fn take(&mut self) -> Option<Inline> {
        let run = std::mem::take(self);
        let text = run.text.trim_end().to_string();
        let end = text.len();
        let marks = run.marks.into_iter().map(|(at, mark)| (at.min(end), mark)).collect();
        (!text.is_empty()).then_some(Inline { text, marks })
    }
}

#[derive(Clone)]
enum Kind {
    Paragraph,
    Heading(u8),
    Item(Option<String>),
    Note(String),
    Caption,
}

struct Walk<'f> {
    furniture: &'f BTreeSet<NodeId>,
    blocks: Vec<Block>,
    run: Run,
    kind: Kind,
}

impl<'f> Walk<'f> {
    fn of(element: ElementRef<'_>, furniture: &'f BTreeSet<NodeId>) -> Vec<Block> {
        let mut walk = Walk { furniture, blocks: Vec::new(), run: Run::default(), kind: Kind::Paragraph };
        walk.children(element, 0);
        walk.flush();
        walk.blocks
    }

    fn flush(&mut self) {
        let Some(text) = self.run.take() else { return };
        self.blocks.push(match &self.kind {
            Kind::Paragraph | Kind::Caption => Block::Paragraph { number: None, text },
            Kind::Heading(level) => Block::Heading { level: *level, text },
            Kind::Item(number) => Block::ListItem { number: number.clone(), text },
            Kind::Note(mark) => Block::Footnote { mark: mark.clone(), text },
        });
        // A second paragraph of an item or note is not another item.
        match &self.kind {
            Kind::Item(_) => self.kind = Kind::Paragraph,
            Kind::Note(_) | Kind::Paragraph | Kind::Heading(_) | Kind::Caption => {}
        }
    }

    /// What stands in an element as a block of its own.
    fn block(&mut self, kind: Kind, element: ElementRef<'_>, depth: usize) {
        self.flush();
        let outer = std::mem::replace(&mut self.kind, kind);
        self.children(element, depth);
        self.flush();
        self.kind = match outer {
            // Text after a nested list goes on, but is no new item.
            Kind::Item(_) => Kind::Paragraph,
            other => other,
        };
    }

    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        if depth > DEPTH {
            for text in element.text() {
                self.run.push(text);
            }
            return;
        }
        for child in element.children() {
            if let Node::Text(text) = child.value() {
                self.run.push(text);
            } else if let Some(element) = ElementRef::wrap(child) {
                self.element(element, depth + 1);
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        if self.furniture.contains(&element.id()) || is_silent((*element).value()) {
            return;
        }
        let value = element.value();
        let name = value.name();
        if let Some(mark) = note_mark_of(element)
            && !matches!(self.kind, Kind::Note(_))
        {
            self.block(Kind::Note(mark), element, depth);
            return;
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let level = name.as_bytes().get(1).map_or(1, |b| b.saturating_sub(b'0'));
                self.block(Kind::Heading(level), element, depth);
            }
            "li" => {
                let number = item_number(element);
                self.block(Kind::Item(number), element, depth);
            }
            "table" => self.table(element, depth),
            "pre" => {
                self.flush();
                let text: String = element.text().collect();
                let text = text.trim_matches('\n').trim_end().to_string();
                if !text.is_empty() {
                    self.blocks.push(Block::Code { text });
                }
            }
            "br" => {
                self.run.push(" ");
                self.run.breaks += 1;
                if self.run.breaks >= 2 {
                    self.flush();
                }
            }
            "figcaption" => self.block(Kind::Caption, element, depth),
            "sup" => self.raised(element, depth),
            "a" => {
                let text = flat_text(element);
                let to_a_note = value.attr("href").is_some_and(|to| NOTE_LINK.is_match(to));
                let back = matches!(text.as_str(), "↩" | "↩︎" | "↑" | "^" | "⤴" | "⏎")
                    || value.classes().any(|class| class.contains("backref"));
                match MARK.captures(&text).and_then(|found| found.get(1)) {
                    Some(mark) if to_a_note => self.mark(mark.as_str()),
                    _ if back => {}
                    _ => self.children(element, depth),
                }
            }
            _ if is_inline(name) => self.children(element, depth),
            _ => {
                // A block inside an item, note or heading stays what it stands in.
                let kind = self.kind.clone();
                if self.run.text.is_empty() {
                    self.children(element, depth);
                    self.flush();
                    if !matches!(kind, Kind::Item(_)) {
                        self.kind = kind;
                    }
                } else {
                    self.block(kind, element, depth);
                }
            }
        }
    }

    fn mark(&mut self, mark: &str) {
        if matches!(self.kind, Kind::Note(_)) && self.run.text.is_empty() {
            return;
        }
        // The mark stands before what comes next, after the word it clings to.
        self.run.marks.push((self.run.text.len(), mark.to_string()));
    }

    /// A footnote mark, or a power or an ordinal's ending.
    fn raised(&mut self, element: ElementRef<'_>, depth: usize) {
        let text = flat_text(element);
        let has_link = element.descendent_elements().any(|e| e.value().name() == "a");
        let word = self.run.text.rsplit(char::is_whitespace).next().unwrap_or("");
        let bare = word.trim_start_matches(|c: char| !c.is_alphanumeric());
        let is_power = ["10", "m", "km", "cm", "mm", "ft", "mi", "x", "n"].contains(&bare) && !has_link
            || bare
                .strip_suffix("km")
                .or(bare.strip_suffix('m'))
                .is_some_and(|n| n.ends_with(|c: char| c.is_ascii_digit()));
        let marks: Vec<&str> = text.split([',', ' ', ';']).filter(|part| !part.is_empty()).collect();
        let all_marks = !marks.is_empty()
            && marks.iter().all(|part| {
                MARK.is_match(part)
                    && (has_link
                        || part.starts_with(['[', '('])
                        || !part.bytes().any(|b| b.is_ascii_alphabetic()))
            });
        if all_marks && !is_power {
            for part in marks {
                if let Some(mark) = MARK.captures(part).and_then(|found| found.get(1)) {
                    self.mark(mark.as_str());
                }
            }
        } else if is_power && text.chars().all(|c| c.is_ascii_digit() || c == '-') {
            let raised = text.chars().map(|c| match c.to_digit(10) {
                Some(d) => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(d as usize).unwrap_or(c),
                None => '⁻',
            });
            let raised: String = raised.collect();
            self.run.push(&raised);
        } else {
            self.children(element, depth);
        }
    }

    fn table(&mut self, table: ElementRef<'_>, depth: usize) {
        let own = |element: &ElementRef<'_>| {
            let up = element.ancestors().filter_map(ElementRef::wrap).find(|up| up.value().name() == "table");
            up.is_some_and(|up| up.id() == table.id())
        };
        let rows: Vec<ElementRef<'_>> =
            table.descendent_elements().filter(|e| e.value().name() == "tr").filter(own).collect();
        let nested = table.descendent_elements().skip(1).any(|e| e.value().name() == "table");
        let is_layout = matches!(table.value().attr("role"), Some("presentation" | "none"))
            || (nested && !table.descendent_elements().any(|e| e.value().name() == "th"))
            || rows.iter().all(|row| cells_of(*row).len() <= 1);
        self.flush();
        if is_layout {
            let outer = self.kind.clone();
            for part in table
                .descendent_elements()
                .filter(|e| matches!(e.value().name(), "td" | "th" | "caption"))
                .filter(own)
            {
                self.kind = Kind::Paragraph;
                self.children(part, depth + 1);
                self.flush();
            }
            self.kind = outer;
            return;
        }
        let caption = table
            .descendent_elements()
            .filter(|e| e.value().name() == "caption")
            .find(own)
            .map(flat_text)
            .filter(|text| !text.is_empty())
            .or_else(|| self.caption_before());
        let (mut made, mut heads, mut in_head) = (Vec::new(), 0, true);
        // Cells that reach down from rows above: column, rows left, columns.
        let mut reaching: Vec<(usize, usize, usize)> = Vec::new();
        for row in rows {
            let cells = cells_of(row);
            let in_thead =
                row.parent().and_then(ElementRef::wrap).is_some_and(|up| up.value().name() == "thead");
            let all_heads = !cells.is_empty() && cells.iter().all(|cell| cell.value().name() == "th");
            let mut line: Vec<(Inline, usize)> = Vec::new();
            let mut column = 0;
            let mut next = Vec::new();
            let mut reach = |column: &mut usize, line: &mut Vec<(Inline, usize)>| {
                while let Some(i) = reaching.iter().position(|&(at, _, _)| at == *column) {
                    let (at, left, wide) = reaching.remove(i);
                    line.push((Inline::default(), wide));
                    *column += wide;
                    if left > 1 {
                        next.push((at, left - 1, wide));
                    }
                }
            };
            let mut opened = Vec::new();
            for cell in cells {
                reach(&mut column, &mut line);
                let span = |key: &str| {
                    cell.value().attr(key).and_then(|n| n.trim().parse::<usize>().ok()).unwrap_or(1)
                };
                let wide = span("colspan").clamp(1, COLUMNS);
                let tall = span("rowspan").clamp(1, 10_000);
                if tall > 1 {
                    opened.push((column, tall - 1, wide));
                }
                line.push((self.cell(cell, depth), wide));
                column += wide;
                if column > COLUMNS {
                    break;
                }
            }
            reach(&mut column, &mut line);
            for (at, left, wide) in reaching {
                if left > 1 {
                    next.push((at, left - 1, wide));
                }
            }
            next.extend(opened);
            reaching = next;
            if line.iter().all(|(cell, _)| cell.text.is_empty()) {
                continue;
            }
            in_head &= in_thead || all_heads;
            heads += usize::from(in_head);
            made.push(line);
        }
        if heads == made.len() && heads > 1 {
            heads = 1;
        }
        if !made.is_empty() {
            self.blocks.push(Block::Table { caption, unit: None, heads, rows: made });
        }
    }

    /// A paragraph `Table 2. Thefts` right before a table without a caption of its own.
    fn caption_before(&mut self) -> Option<String> {
        let Some(Block::Paragraph { text, .. } | Block::Heading { text, .. }) = self.blocks.last() else {
            return None;
        };
        let rest = text.text.strip_prefix("Table ").or_else(|| text.text.strip_prefix("TABLE "))?;
        if !rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'I' | 'V' | 'X'))
            || text.text.len() > 200
        {
            return None;
        }
        let caption = text.text.clone();
        self.blocks.pop();
        Some(caption)
    }

    /// The text of a cell, blocks in it set to one line.
    fn cell(&self, cell: ElementRef<'_>, depth: usize) -> Inline {
        let mut inner = Walk {
            furniture: self.furniture,
            blocks: Vec::new(),
            run: Run::default(),
            kind: Kind::Paragraph,
        };
        inner.children(cell, depth + 1);
        inner.flush();
        let mut whole = Inline::default();
        for block in inner.blocks {
            let text = match block {
                Block::Heading { text, .. }
                | Block::Paragraph { text, .. }
                | Block::ListItem { text, .. }
                | Block::Footnote { text, .. } => text,
                Block::Code { text } => Inline::plain(text.replace('\n', " ")),
                Block::Table { rows, .. } => {
                    let texts = rows.into_iter().flatten().map(|(cell, _)| cell.text);
                    Inline::plain(texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" "))
                }
            };
            if !whole.text.is_empty() {
                whole.text.push(' ');
            }
            let by = whole.text.len();
            whole.text.push_str(&text.text);
            whole.marks.extend(text.marks.into_iter().map(|(at, mark)| (at + by, mark)));
        }
        whole
    }
}

fn cells_of(row: ElementRef<'_>) -> Vec<ElementRef<'_>> {
    row.child_elements().filter(|e| matches!(e.value().name(), "td" | "th")).collect()
}

fn flat_text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The mark of a footnote that an element is.
fn note_mark_of(element: ElementRef<'_>) -> Option<String> {
    let value = element.value();
    if !matches!(value.name(), "li" | "div" | "p" | "aside" | "section" | "dd") {
        return None;
    }
    if value.classes().any(|class| class == "footnote-definition") {
        let label = element
            .descendent_elements()
            .find(|e| e.value().classes().any(|c| c == "footnote-definition-label"));
        return label.map(flat_text);
    }
    let found = NOTE_ID.captures(value.attr("id")?)?;
    let mark = found.get(1).or(found.get(2))?;
    Some(mark.as_str().to_string())
}

/// `3.` of an item in a counted list.
fn item_number(item: ElementRef<'_>) -> Option<String> {
    let list = item.parent().and_then(ElementRef::wrap)?;
    if list.value().name() != "ol" {
        return None;
    }
    let number = |text: Option<&str>| text.and_then(|n| n.trim().parse::<i64>().ok());
    let mut at = number(list.value().attr("start")).unwrap_or(1);
    for sibling in list.child_elements().filter(|e| e.value().name() == "li") {
        at = number(sibling.value().attr("value")).unwrap_or(at);
        if sibling.id() == item.id() {
            break;
        }
        at = at.saturating_add(1);
    }
    let letter = |first: u8| {
        let i = u8::try_from(at.checked_sub(1)?).ok().filter(|i| *i < 26)?;
        Some(format!("{}.", char::from(first + i)))
    };
    match list.value().attr("type") {
        Some("a") => letter(b'a'),
        Some("A") => letter(b'A'),
        _ => Some(format!("{at}.")),
    }
}

fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "picture"
            | "source"
    )
}

/// What a page says of itself: JSON-LD, then OpenGraph and other meta tags, then its title.
fn hints(page: &Html) -> Hints {
    let mut hints = Hints::default();
    json_ld(page, &mut hints);
    let mut metas: Vec<(String, String)> = Vec::new();
    if let Some(selector) = selector("meta[content]") {
        for meta in page.select(&selector) {
            let key = ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| meta.attr(key));
            if let (Some(key), Some(value)) = (key, meta.attr("content")) {
                let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                if !value.is_empty() {
                    metas.push((key.to_lowercase(), value));
                }
            }
        }
    }
    let meta = |keys: &[&str]| {
        keys.iter().find_map(|key| metas.iter().find(|(k, _)| k == key).map(|(_, value)| value.clone()))
    };
    let site = meta(&["og:site_name", "application-name"]);
    let or = |slot: &mut Option<String>, value: Option<String>| {
        if slot.is_none() {
            *slot = value;
        }
    };
    or(&mut hints.title, meta(&["og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title"]));
    or(&mut hints.title, first(page, "title").map(flat_text).filter(|t| !t.is_empty()));
    or(&mut hints.title, first(page, "h1").map(flat_text).filter(|t| !t.is_empty()));
    hints.title = hints.title.map(|title| without_site(&title, site.as_deref()));
    let author = meta(&[
        "author",
        "article:author",
        "citation_author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
    ]);
    or(&mut hints.author, author.filter(|name| !name.contains("://")));
    let publisher = meta(&["citation_publisher", "dc.publisher", "dcterms.publisher", "publisher"]);
    or(&mut hints.publisher, publisher.filter(|name| !name.contains("://")).or(site));
    let dates = [
        "article:published_time",
        "datepublished",
        "citation_publication_date",
        "citation_date",
        "dcterms.issued",
        "dcterms.date",
        "dc.date.issued",
        "dc.date",
        "parsely-pub-date",
        "sailthru.date",
        "pubdate",
        "publishdate",
        "publish-date",
        "date",
    ];
    or(&mut hints.published, dates.iter().find_map(|key| day_of(&meta(&[key])?)));
    for css in
        ["time[itemprop=datePublished]", "time[pubdate]", "article time[datetime]", "main time[datetime]"]
    {
        let told = first(page, css);
        let day =
            told.and_then(|time| time.attr("datetime").and_then(day_of).or_else(|| day_of(&flat_text(time))));
        or(&mut hints.published, day);
    }
    let language = first(page, "html")
        .and_then(|html| html.attr("lang").or(html.attr("xml:lang")))
        .and_then(language_code);
    or(&mut hints.language, language);
    or(
        &mut hints.language,
        meta(&["og:locale", "content-language", "language", "dc.language"])
            .as_deref()
            .and_then(language_code),
    );
    let canonical = first(page, "link[rel=canonical]").and_then(|link| link.attr("href")).map(str::to_string);
    if let Some(address) =
        canonical.or(meta(&["og:url", "citation_public_url"])).filter(|to| to.starts_with("http"))
    {
        hints.address = Some(address);
    }
    hints.links = links(page);
    hints
}

/// Links to other sites that are kept of a page.
const MOST_LINKS: usize = 500;
const LONGEST_LINK: usize = 500;

/// The addresses a page's text links to; menus, heads, feet and side columns are not its text.
fn links(page: &Html) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let Some(selector) = selector("a[href]") else { return found };
    for link in page.select(&selector) {
        let address = link.attr("href").map(str::trim).filter(|to| to.starts_with("http")).unwrap_or("");
        let address = address.split('#').next().unwrap_or("");
        let outside = |name: &str| matches!(name, "nav" | "header" | "footer" | "aside");
        let is_text = !link.ancestors().filter_map(ElementRef::wrap).any(|e| outside(e.value().name()));
        if is_text
            && !address.is_empty()
            && address.len() <= LONGEST_LINK
            && found.len() < MOST_LINKS
            && !found.iter().any(|known| known == address)
        {
            found.push(address.to_string());
        }
    }
    found
}

fn day_of(text: &str) -> Option<String> {
    iso_date(text).or_else(|| written_date(text, true))
}

/// `A report | The Site` is `A report`.
fn without_site(title: &str, site: Option<&str>) -> String {
    for joint in [" | ", " - ", " – ", " — ", " :: ", " » "] {
        if let Some((head, tail)) = title.rsplit_once(joint) {
            let is_site = site.is_some_and(|site| tail.trim().eq_ignore_ascii_case(site.trim()));
            if !head.trim().is_empty()
                && (is_site || (joint == " | " && tail.split_whitespace().count() <= 4))
            {
                return head.trim().to_string();
            }
        }
    }
    title.to_string()
}

fn json_ld(page: &Html, hints: &mut Hints) {
    let Some(selector) = selector("script[type='application/ld+json']") else { return };
    let mut things = Vec::new();
    for script in page.select(&selector) {
        let text: String = script.text().collect();
        if let Ok(value) = serde_json::from_str::<serde_json::Value>(text.trim()) {
            things.push(value);
        }
    }
    let mut open: Vec<serde_json::Value> = things.into_iter().rev().collect();
    while let Some(thing) = open.pop() {
        match thing {
            serde_json::Value::Array(items) => open.extend(items.into_iter().rev()),
            serde_json::Value::Object(fields) => {
                let kinds = match fields.get("@type") {
                    Some(serde_json::Value::String(kind)) => vec![kind.as_str()],
                    Some(serde_json::Value::Array(kinds)) => {
                        kinds.iter().filter_map(|kind| kind.as_str()).collect()
                    }
                    _ => Vec::new(),
                };
                let is_text = kinds.iter().any(|kind| {
                    kind.ends_with("Article")
                        || kind.ends_with("Posting")
                        || matches!(*kind, "Report" | "PressRelease" | "TechReport")
                });
                if is_text {
                    let text = |key: &str| fields.get(key).and_then(name_in);
                    let take = |slot: &mut Option<String>, value: Option<String>| {
                        if slot.is_none() {
                            *slot = value;
                        }
                    };
                    take(&mut hints.title, text("headline").or_else(|| text("name")));
                    take(&mut hints.author, text("author"));
                    take(&mut hints.publisher, text("publisher"));
                    take(&mut hints.published, text("datePublished").as_deref().and_then(day_of));
                    take(&mut hints.language, text("inLanguage").as_deref().and_then(language_code));
                    take(&mut hints.address, text("url").filter(|to| to.starts_with("http")));
                }
                open.extend(fields.into_iter().filter(|(key, _)| key == "@graph").map(|(_, value)| value));
            }
            _ => {}
        }
    }
}

/// A text, or the name of a thing, or the names of several.
fn name_in(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::String(text) => {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            (!text.is_empty()).then_some(text)
        }
        serde_json::Value::Object(fields) => match fields.get("name")? {
            serde_json::Value::String(name) => Some(name.trim().to_string()),
            _ => None,
        },
        serde_json::Value::Array(items) => {
            let names: Vec<String> = items
                .iter()
                .filter_map(|item| match item {
                    serde_json::Value::Array(_) => None,
                    item => name_in(item),
                })
                .collect();
            (!names.is_empty()).then(|| names.join(", "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Body;
    use proptest::prelude::*;

    fn blocks(html: &str) -> Vec<Block> {
        match read(html.as_bytes()).pages.into_iter().next().unwrap().body {
            Body::Blocks(blocks) => blocks,
            _ => panic!(),
        }
    }

    fn outline(html: &str) -> Vec<String> {
        blocks(html).iter().map(super::super::outline_of).collect()
    }

    #[test]
    fn the_article_is_read_and_menus_banners_and_scripts_are_not() {
        let html = "<!doctype html><html><head><title>Thefts | News</title><script>var a = 'no';</script></head><body>\
            <header><a href=/>Home</a></header><nav><ul><li><a href=/a>Menu</a></ul></nav>\
            <div class='cookie-banner'>We use cookies.</div>\
            <main><article><h1>Thefts</h1><p>The thieves took <b>$3</b>&nbsp;million.<p>They wrote \
            <code>&lt;script&gt;alert(1)&lt;/script&gt;</code>.<ol start=4><li>One<li>Two</ol>\
            <aside class=related><a href=/b>Read this as well</a></aside></article></main>\
            <footer>All rights reserved</footer></body></html>";
        assert_eq!(
            outline(html),
            [
                "h1 Thefts",
                "p The thieves took $3 million.",
                "p They wrote <script>alert(1)</script>.",
                "li 4. One",
                "li 5. Two",
            ]
        );
    }

    #[test]
    fn a_page_of_furniture_only_is_read_whole() {
        assert_eq!(outline("<body><nav>Only a menu</nav>"), ["p Only a menu"]);
    }

    #[test]
    fn tables_keep_caption_heads_and_spans() {
        let html = "<table><caption>Losses</caption><thead><tr><th>Year<th colspan=2>Loss</thead>\
            <tr><td rowspan=2>2031<td>A<td>3</tr><tr><td>B<td>4<sup>1</sup></table>\
            <table role=presentation><tr><td><p>Just</p><td>layout</table>";
        assert_eq!(
            outline(html),
            ["table Losses heads 1: Year|Loss+2 ; 2031|A|3 ; |B|4{1}", "p Just", "p layout"]
        );
    }

    #[test]
    fn footnote_marks_leave_the_text_and_powers_stay() {
        let html = "<p>They took $320<sup><a href='#fn1'>1</a></sup> million, 5 km<sup>2</sup>, 10<sup>18</sup> units, \
            the 19<sup>th</sup> time.<sup>2,3</sup></p>\
            <ol><li id=fn1>Letter. <a href='#r'>↩</a></li><li id=fn2><p>Bank.</p></li></ol>";
        assert_eq!(
            outline(html),
            [
                "p They took $320{1} million, 5 km², 10¹⁸ units, the 19th time.{2}{3}",
                "fn 1 Letter.",
                "fn 2 Bank.",
            ]
        );
    }

    #[test]
    fn the_page_says_who_published_it_and_when() {
        let html = "<html lang=en-GB><head><title>x</title><link rel=canonical href='https://example.org/a'>\
            <meta property='og:title' content='A theft - The Site'><meta property='og:site_name' content='The Site'>\
            <script type='application/ld+json'>{\"@graph\":[{\"@type\":\"NewsArticle\",\"datePublished\":\
            \"2031-02-03T10:00:00Z\",\"author\":[{\"name\":\"A. Writer\"},{\"name\":\"B. Writer\"}]}]}</script></head>";
        let hints = read(html.as_bytes()).hints;
        assert_eq!(
            hints,
            Hints {
                title: Some("A theft".to_string()),
                author: Some("A. Writer, B. Writer".to_string()),
                publisher: Some("The Site".to_string()),
                published: Some("2031-02-03".to_string()),
                language: Some("en".to_string()),
                address: Some("https://example.org/a".to_string()),
                links: Vec::new(),
            }
        );
        let meta = "<meta name=date content='3 March 2031'><title>Just a title</title>";
        let hints = read(meta.as_bytes()).hints;
        assert_eq!(
            (hints.published.as_deref(), hints.title.as_deref()),
            (Some("2031-03-03"), Some("Just a title"))
        );
    }

    #[test]
    fn links_of_the_text_are_kept_and_those_of_menus_are_not() {
        let html = "<nav><a href='https://a.org/menu'>Menu</a></nav><article><p>See <a href='https://b.org/r#p4'>the \
            report</a>, <a href='/c'>c</a>, <a href='mailto:x@y.org'>x</a> and <a href='https://b.org/r'>again</a>.\
            <aside><a href='https://d.org'>more</a></aside></article>";
        assert_eq!(read(html.as_bytes()).hints.links, ["https://b.org/r"]);
    }

    #[test]
    fn the_encoding_may_be_told_in_the_page() {
        let page = b"<meta charset=windows-1251><p>\xcc\xe8\xeb\xeb\xe8\xee\xed</p>";
        let Body::Blocks(blocks) = read(page).pages.remove(0).body else { panic!() };
        assert_eq!(super::super::outline_of(&blocks[0]), "p Миллион");
    }

    #[test]
    fn deep_nesting_is_read_flat() {
        let html = format!("{}deep{}", "<div>".repeat(5000), "</div>".repeat(5000));
        assert_eq!(outline(&html), ["p deep"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(read(&bytes).pages.len(), 1);
        }

        #[test]
        fn any_tags_are_read(html in "(<(/?)(p|div|table|tr|td|th|ul|li|sup|a href=#fn1|h1|pre|br|article)( colspan=9| rowspan=3| id=fn2| class=menu)?>|[a-z1 ]){0,40}") {
            prop_assert_eq!(read(html.as_bytes()).pages.len(), 1);
        }
    }
}
