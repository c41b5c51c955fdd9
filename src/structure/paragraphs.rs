//! Lines to paragraphs, over lines, columns and pages; headings, list items, captions, contents.
//!
//! A paragraph ends where the room, the type, a printed number, an indent or a line left short
//! says so. Hyphens at line ends are undone where the document itself spells the word without one.

use crate::document::ParagraphKind;
use crate::structure::draft::{CellDraft, Content, Draft, Piece, Stretch, TableDraft};
use crate::structure::lines::TextLine;
use crate::structure::numbers::{self, NumberKind};
use crate::structure::tables::Grid;
use std::collections::{BTreeMap, HashMap};

/// What a region of a page was read as.
#[derive(Debug)]
pub(super) enum Block {
    Prose(Prose),
    Table(Grid),
    Note { mark: Option<String>, lines: Vec<TextLine> },
}

/// Lines that are one paragraph of their region.
#[derive(Debug)]
pub(super) struct Prose {
    pub lines: Vec<TextLine>,
    pub contents: bool,
    /// Turned against the page, or otherwise on its own.
    pub alone: bool,
    /// Edges of the region.
    pub left: f32,
    pub right: f32,
}

/// What is usual in the document.
#[derive(Debug)]
pub(super) struct Usual {
    pub size: f32,
    pub words: Vocabulary,
}

/// The words of the document as they stand inside lines, to undo hyphens by.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: HashMap<String, u32>,
    /// Line ends whose word the document also spells in one, less those it spells with a hyphen.
    breaks: i32,
}

fn is_word_part(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '\'' || c == '\u{2019}'
}

impl Vocabulary {
    pub fn add(&mut self, line: &str) {
        let mut words = line.split(|c: char| !is_word_part(c)).filter(|w| !w.is_empty()).peekable();
        while let Some(word) = words.next() {
            // The last word may be broken.
            if line.ends_with('-') && words.peek().is_none() {
                break;
            }
            // Most words are known already, and of small letters.
            let is_lower = word.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase());
            if is_lower && let Some(count) = self.words.get_mut(word) {
                *count += 1;
            } else {
                *self.words.entry(word.to_lowercase()).or_default() += 1;
            }
        }
    }

    /// Counts the line ends that tell whether the document breaks words.
    pub fn learn(&mut self, line: &str, next: &str) {
        let Some((head, tail)) = broken_word(line, next) else { return };
        let joined = format!("{head}{tail}").to_lowercase();
        let hyphened = format!("{head}-{tail}").to_lowercase();
        if self.words.contains_key(&joined) {
            self.breaks += 1;
        } else if self.words.contains_key(&hyphened) {
            self.breaks -= 1;
        } else {
            let has = |part: &str| self.words.contains_key(&part.to_lowercase());
            let compound = PREFIXES.contains(&head.to_lowercase().as_str()) || has(head) && has(tail);
            self.breaks += i32::from(!compound);
        }
    }

    fn joins(&self, head: &str, tail: &str) -> bool {
        let lower_head = head.to_lowercase();
        let part = lower_head.rsplit('-').next().unwrap_or("");
        let joined = self.words.get(&format!("{lower_head}{}", tail.to_lowercase())).copied().unwrap_or(0);
        let hyphened = self.words.get(&format!("{lower_head}-{}", tail.to_lowercase())).copied().unwrap_or(0);
        if joined != hyphened {
            return joined > hyphened;
        }
        // `Port-au-`, `know-how-`: a word with hyphens goes on with them.
        if lower_head.contains('-') || PREFIXES.contains(&part) {
            return false;
        }
        let both = self.words.contains_key(part) && self.words.contains_key(&tail.to_lowercase());
        if both && part.len() > 2 && tail.len() > 2 {
            return false;
        }
        // `government-` / `backed`: a whole word before what is mostly a second part.
        if part.len() > 3
            && self.words.contains_key(part)
            && SECOND_PARTS.contains(&tail.to_lowercase().as_str())
        {
            return false;
        }
        self.breaks > 0
    }
}

/// First parts that keep their hyphen more often than not.
const PREFIXES: &[&str] = &[
    "co", "non", "anti", "self", "well", "ex", "vice", "mid", "pre", "post", "multi", "cross", "counter",
    "inter", "socio", "short", "long", "high", "low", "full", "half", "two", "three", "four", "five", "six",
    "ten", "one", "all", "so", "part", "off", "on", "in", "up", "e", "re", "sub", "semi", "quasi", "pro",
    "under", "over", "cyber", "north", "south", "east", "west", "risk", "crypto", "third", "first", "second",
    "follow", "state", "year", "day",
];

/// Second parts of compounds that are no ends of words written in one.
const SECOND_PARTS: &[&str] = &[
    "affiliated",
    "aided",
    "aligned",
    "approved",
    "backed",
    "based",
    "bearing",
    "born",
    "bound",
    "building",
    "built",
    "centred",
    "centered",
    "certain",
    "controlled",
    "denominated",
    "dependent",
    "derived",
    "directed",
    "dominated",
    "driven",
    "earning",
    "enabled",
    "facing",
    "financed",
    "flagged",
    "focused",
    "free",
    "funded",
    "generated",
    "generating",
    "held",
    "hosted",
    "intensive",
    "issued",
    "laden",
    "language",
    "launched",
    "level",
    "linked",
    "listed",
    "made",
    "making",
    "managed",
    "operated",
    "oriented",
    "owned",
    "producing",
    "raising",
    "registered",
    "related",
    "rich",
    "run",
    "scale",
    "sector",
    "sharing",
    "specific",
    "sponsored",
    "style",
    "supplied",
    "supported",
    "term",
    "themed",
    "trained",
    "type",
];

/// The word a hyphen at a line's end may break: its part before, and the part on the next line.
fn broken_word<'a>(line: &'a str, next: &'a str) -> Option<(&'a str, &'a str)> {
    let before = line.strip_suffix('-')?;
    let from = before
        .rfind(|c: char| !is_word_part(c))
        .map_or(0, |i| i + before.get(i..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
    let head = before.get(from..)?;
    let to = next.find(|c: char| !c.is_alphanumeric()).unwrap_or(next.len());
    let tail = next.get(..to)?;
    let letters = head.ends_with(char::is_alphabetic) && tail.starts_with(char::is_lowercase);
    (letters && tail.chars().all(char::is_alphabetic)).then_some((head, tail))
}

/// Whether a word is part of an address of the web or of a file.
fn is_address(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '[', '<', '"', '\u{201c}']);
    word.contains("://")
        || word.starts_with("www.")
        || word.starts_with("hxxp")
        || word.contains("[.]")
        || (word.contains('@') && word.contains('.'))
}

/// Letters and digits mixed, as in hashes and wallet addresses.
fn is_code_like(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let letters = word.bytes().filter(u8::is_ascii_alphabetic).count();
    word.len() == digits + letters && digits > 0 && letters > 0
}

/// Letters that change case again and again, as a piece of an address without digits may.
fn is_case_mixed(word: &str) -> bool {
    let rises = word.as_bytes().windows(2);
    word.bytes().all(|b| b.is_ascii_alphabetic())
        && rises.filter(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase()).count() >= 2
}

/// As long as hashes and addresses are when nothing is missing.
fn is_whole_code(word: &str) -> bool {
    if word.starts_with("0x") {
        return matches!(word.len(), 42 | 66);
    }
    matches!(word.len(), 25..=36 | 40 | 42 | 62 | 64 | 66 | 95 | 96 | 128)
}

/// How a line is joined with the next: what stands between, and whether the hyphen goes.
fn joint(line: &str, next: &str, words: &Vocabulary) -> (&'static str, bool) {
    if let Some((head, tail)) = broken_word(line, next) {
        return ("", words.joins(head, tail));
    }
    let last = line.split_whitespace().next_back().unwrap_or("");
    let first = next.split_whitespace().next().unwrap_or("");
    if line.ends_with('-') {
        let before = line.trim_end_matches('-');
        // `Port-au-` / `Prince`, `2020-` / `2021`; a dash between words stays apart.
        let tight = before.ends_with(|c: char| c.is_alphanumeric())
            && next.starts_with(|c: char| c.is_alphanumeric());
        let hanging = matches!(first, "and" | "or" | "to");
        return (if tight && !hanging { "" } else { " " }, false);
    }
    if is_address(last) {
        let open =
            last.ends_with(['/', '_', '=', '&', '?', '%', '.', '#', '~', ':', ',']) && !last.ends_with("...");
        let goes_on = first.starts_with(['/', '_', '=', '&', '?', '%', '.', '#', '~'])
            || (first.contains(['/', '=', '_', '%'])
                && !first.starts_with(char::is_uppercase)
                && !is_address(first))
            || first.contains(".htm")
            || first.contains(".pdf")
            || first.contains(".asp")
            || (first.contains('-') && first.bytes().filter(|b| *b == b'-').count() >= 2);
        let ends = last.ends_with(['.', ',', ':']);
        let code = is_code_like(first.trim_end_matches(['.', ',', ')', ';']));
        if open && !ends && first.starts_with(|c: char| c.is_ascii_alphanumeric() || "/_-%?=&#~.".contains(c))
            || goes_on
            || ends && (code && first.len() > 4)
            || (!ends && code && first.len() > 4)
        {
            return ("", false);
        }
        return (" ", false);
    }
    let tail = first.trim_end_matches(['.', ',', ')', ';', ']', '"', '\u{201d}']);
    if last.len() >= 16
        && is_code_like(last)
        && (last.starts_with("0x") && last.len() < 42 || !is_whole_code(last))
        && tail.len() >= 3
        && tail.len() < last.len()
        && (is_code_like(tail) || is_case_mixed(tail))
    {
        return ("", false);
    }
    if last.ends_with('\u{2013}')
        && last.len() > 3
        && last.trim_end_matches('\u{2013}').ends_with(|c: char| c.is_ascii_digit())
        && next.starts_with(|c: char| c.is_ascii_digit())
    {
        return ("", false);
    }
    // Scripts without spaces.
    let wide =
        |c: char| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}');
    if line.ends_with(wide) && next.starts_with(wide) {
        return ("", false);
    }
    (" ", false)
}

/// Joins lines to one stretch.
pub(super) fn join(lines: impl IntoIterator<Item = Stretch>, words: &Vocabulary) -> Stretch {
    let mut whole = Stretch::default();
    for line in lines {
        if whole.text.is_empty() {
            whole = line;
            continue;
        }
        if line.text.is_empty() {
            continue;
        }
        let (between, drop) = joint(&whole.text, &line.text, words);
        if drop {
            whole.pop();
        }
        whole.append(between, line);
    }
    whole
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '\u{201d}', '\u{2019}', ')', ']'])
        .ends_with(['.', '?', '!', ':', ';', '\u{3002}'])
}

fn starts_lower(text: &str) -> bool {
    text.chars().find(|c| c.is_alphanumeric()).is_some_and(char::is_lowercase)
}

/// A dot leader to a page number, as in a table of contents.
pub(super) fn is_contents_line(text: &str) -> bool {
    let bare = text.trim_end();
    let number = bare.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let tail = bare.get(number.len()..).unwrap_or("");
    let is_number = tail.len() <= 7 && tail.bytes().all(|b| b.is_ascii_digit() || b"ivxlc-".contains(&b));
    let dots = |t: &str| {
        let run: String =
            t.chars().rev().take_while(|c| matches!(c, '.' | ' ' | '\u{2026}' | '_' | '\u{b7}')).collect();
        run.chars().filter(|c| *c != ' ').map(|c| if c == '\u{2026}' { 3 } else { 1 }).sum::<i32>() >= 4
    };
    (is_number && !tail.is_empty() && dots(number)) || (tail.is_empty() && bare.ends_with("....."))
}

/// Splits the lines of a region into paragraphs.
pub(super) fn split(lines: Vec<TextLine>) -> Vec<Prose> {
    let left = lines.iter().map(|l| l.x0).fold(f32::MAX, f32::min);
    let right = lines.iter().map(|l| l.x1).fold(f32::MIN, f32::max);
    // The usual leading, by size of type in half points.
    let mut gaps: BTreeMap<i32, Vec<f32>> = BTreeMap::new();
    let step = |size: f32| (size * 2.0).round() as i32;
    for pair in lines.windows(2) {
        let [a, b] = pair else { continue };
        let gap = b.base - a.base;
        if (a.size - b.size).abs() < 0.3 && gap > 0.5 * a.size && gap < 3.0 * a.size {
            gaps.entry(step(a.size)).or_default().push(gap);
        }
    }
    let usual: BTreeMap<i32, f32> = gaps
        .into_iter()
        .map(|(size, mut gaps)| {
            gaps.sort_by(f32::total_cmp);
            // Gaps between lines are fewer kinds than gaps between paragraphs: a low quantile.
            let low = gaps.get(gaps.len() * 2 / 5).copied().unwrap_or(0.0);
            (size, low)
        })
        .collect();
    let mut found: Vec<Prose> = Vec::new();
    let mut open: Vec<TextLine> = Vec::new();
    let mut rest = lines.into_iter().peekable();
    while let Some(line) = rest.next() {
        let contents = is_contents_line(&line.text.text);
        let begins = match open.last() {
            None => false,
            Some(_) if contents => true,
            Some(last) => {
                is_contents_line(&last.text.text)
                    || breaks(&open, last, &line, rest.peek(), right, usual.get(&step(line.size)).copied())
            }
        };
        if begins {
            found.push(prose(std::mem::take(&mut open), left, right));
        }
        open.push(line);
    }
    if !open.is_empty() {
        found.push(prose(open, left, right));
    }
    found
}

fn prose(lines: Vec<TextLine>, left: f32, right: f32) -> Prose {
    let contents = lines.first().is_some_and(|l| is_contents_line(&l.text.text));
    Prose { lines, contents, alone: false, left, right }
}

/// Whether a paragraph ends between `last` and `line`.
fn breaks(
    open: &[TextLine],
    last: &TextLine,
    line: &TextLine,
    next: Option<&TextLine>,
    right: f32,
    usual: Option<f32>,
) -> bool {
    let em = line.size.max(1.0);
    let gap = line.base - last.base;
    if gap < -0.5 * em {
        return true;
    }
    // Lists of hashes and addresses: each line is one.
    let alone =
        |l: &TextLine| !l.text.text.contains(' ') && l.text.text.len() >= 16 && is_code_like(&l.text.text);
    if alone(last)
        && (is_whole_code(&last.text.text) || alone(line) && line.text.text.len() == last.text.text.len())
    {
        return true;
    }
    let ratio = line.size / last.size.max(0.1);
    if !(0.9..=1.11).contains(&ratio) {
        // A line of mostly small type may be part of the paragraph where room and margin agree.
        return !(0.8..=1.25).contains(&ratio) || gap > 1.4 * em.max(last.size) || line.bold != last.bold;
    }
    let leading = usual.unwrap_or(1.25 * em).clamp(0.8 * em, 2.6 * em);
    if gap > 1.25 * leading + 0.12 * em {
        return true;
    }
    if line.fixed != last.fixed {
        return true;
    }
    // Code keeps its lines; a hyphen at the end goes on.
    if line.fixed || last.text.text.ends_with(['-', '\u{2013}']) && (line.x0 - last.x0).abs() < 4.0 * em {
        return false;
    }
    let text = line.text.text.as_str();
    let above = last.text.text.as_str();
    let ends = ends_sentence(above);
    // Would the first word have had room above?
    let room = right - last.x1;
    let short = room > line.first_word + 0.6 * em;
    if line.bold != last.bold && (line.bold || short || ends || open.iter().all(|l| l.bold)) {
        // A bold run that fills its line and goes on in plain type is part of a sentence.
        let run_in = !line.bold && !short && starts_lower(text);
        if !run_in {
            return true;
        }
    }
    let first = open.first().unwrap_or(last);
    let body_left = open.get(1).map_or(first.x0, |l| l.x0);
    if let Some(number) = numbers::paragraph_number(text) {
        let moved = (line.x0 - last.x0).abs() > 0.5 * em;
        let apart = line.gap_after_first;
        let sure = match number.kind {
            NumberKind::Bullet => true,
            NumberKind::Plain | NumberKind::Dotted => apart || ends || short,
            NumberKind::Bracketed => apart || ends || short || moved,
            NumberKind::Lettered => apart || short || (ends && moved),
        };
        if sure {
            return true;
        }
    }
    // A list item hangs: lines go on at its text.
    let hangs = first.gap_after_first && (line.x0 - first.hang).abs() < 0.6 * em;
    if hangs {
        return false;
    }
    // First-line indent: further in than the lines before and after.
    let indent = line.x0 - body_left;
    if indent > 0.8 * em && open.len() > 1 && indent < 8.0 * em {
        let back = next.is_none_or(|n| n.x0 < line.x0 - 0.5 * em || n.base - line.base > 1.4 * leading);
        if back && (ends || short) && !starts_lower(text) {
            return true;
        }
    }
    // Further out than a block whose lines stood in.
    if open.len() >= 2 && body_left - line.x0 > 0.8 * em && (ends || short) {
        return true;
    }
    if short && ends && !starts_lower(text) {
        return true;
    }
    // A line left half empty that begins no lower-case words: titles, names, addresses.
    let half = room > 0.45 * (right - first.x0).max(1.0);
    half && short
        && !starts_lower(text)
        && !above.ends_with([',', '-'])
        && !text.starts_with('(')
        && open.len() == 1
        && !(line.bold && last.bold)
}

/// Whether a paragraph goes on in another, on the next column or page.
fn goes_on(last: &Prose, next: &Prose) -> bool {
    let (Some(a), Some(b)) = (last.lines.last(), next.lines.first()) else { return false };
    if last.contents || next.contents || last.alone || next.alone {
        return false;
    }
    if !(0.94..=1.06).contains(&(a.size / b.size.max(0.1)))
        || a.bold != b.bold
        || a.fixed != b.fixed
        || a.fixed
    {
        return false;
    }
    let above = a.text.text.trim_end();
    if numbers::paragraph_number(&b.text.text)
        .is_some_and(|n| b.gap_after_first || n.kind == NumberKind::Bullet)
    {
        return false;
    }
    if is_caption(&b.text.text) || is_caption(&last.lines[0].text.text) {
        return false;
    }
    if starts_lower(&b.text.text) {
        return !ends_sentence(above);
    }
    let full = last.right - a.x1 < 0.12 * (last.right - last.left) + 2.0 * a.size;
    full && !ends_sentence(above) && last.lines.len() >= 2
}

/// `Figure 3`, `Table II`, `Chart 1.2`: a caption's first words.
pub(super) fn is_caption(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or("").to_lowercase();
    let kinds = [
        "figure", "fig.", "table", "chart", "map", "photo", "exhibit", "image", "graph", "diagram", "picture",
    ];
    if !kinds.contains(&first.as_str()) {
        return false;
    }
    let Some(number) = words.next() else { return false };
    let number = number.trim_end_matches([':', '.', ',', '\u{2013}', '\u{2014}', '-']);
    let numbered = number.starts_with(|c: char| c.is_ascii_digit())
        || (!number.is_empty() && number.chars().all(|c| "IVXL".contains(c)))
        || (number.len() == 1 && number.chars().all(char::is_uppercase));
    // `Table 2 shows that ...` is a sentence.
    let verb = words.next().is_some_and(|w| {
        [
            "shows",
            "show",
            "below",
            "above",
            "and",
            "presents",
            "gives",
            "provides",
            "lists",
            "summarizes",
            "illustrates",
            "summarises",
            "contains",
            "in",
            "of",
            "is",
            "depicts",
            "sets",
            "outlines",
            "to",
            "indicates",
            "details",
            "describes",
        ]
        .contains(&w)
    });
    numbered && !verb && text.chars().count() < 300
}

/// A line that gives the unit of a table's figures; the bytes of the unit in it.
pub(super) fn unit_phrase(text: &str) -> Option<(usize, usize)> {
    let bare = text.trim();
    if bare.is_empty() || bare.chars().count() > 110 {
        return None;
    }
    let lower = bare.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| lower.contains(w));
    let scale = has(&["million", "thousand", "billion", "000s", "000)", "\u{2019}000", "'000"]);
    let money = has(&[
        "dollar", "us$", "usd", "$", "euro", "\u{20ac}", "eur", "\u{a3}", "pound", "franc", "yen", "yuan",
        "rupee", "gourde", "ruble", "rouble", "krone", "krona", "naira", "dinar", "peso", "shilling",
    ]);
    if !money {
        return None;
    }
    let starts = [
        "in ",
        "(in ",
        "million",
        "(million",
        "thousand",
        "(thousand",
        "billion",
        "(billion",
        "united states dollar",
        "(united states dollar",
        "us dollar",
        "(us dollar",
        "us$",
        "(us$",
        "usd",
        "(usd",
        "$",
        "($",
        "euro",
        "(euro",
        "amounts in",
        "(amounts in",
        "expressed in",
        "(expressed in",
        "figures in",
        "(figures in",
        "all figures in",
        "all amounts in",
        "[in ",
        "\u{20ac}",
        "(\u{20ac}",
        "values in",
    ];
    let digits = bare.bytes().filter(u8::is_ascii_digit).count() - lower.matches("000").count() * 3;
    let whole =
        starts.iter().any(|s| lower.starts_with(s)) && digits == 0 && bare.split_whitespace().count() <= 12;
    if whole && (scale || has(&["in ", "dollars", "us$", "usd"])) && !bare.ends_with('.') {
        let lead = text.len() - text.trim_start().len();
        return Some((lead, lead + bare.len()));
    }
    // In brackets at the end of a caption.
    let open = text.rfind(['(', '['])?;
    let inner = text.get(open..)?.trim_end();
    let lower = inner.to_lowercase();
    let money =
        ["dollar", "us$", "usd", "$", "euro", "\u{20ac}", "eur", "\u{a3}"].iter().any(|w| lower.contains(w));
    let scale = ["million", "thousand", "billion", "000"].iter().any(|w| lower.contains(w));
    (money && (scale || lower.contains("in ")) && inner.ends_with([')', ']']) && inner.len() < 60)
        .then_some((open, open + inner.len()))
}

/// A paragraph being put together, with the region it began in.
enum Made {
    Prose { prose: Prose, kind: ParagraphKind },
    Table(Grid),
    Note { mark: Option<String>, lines: Vec<TextLine> },
}

/// Puts the blocks of all pages together: paragraphs and notes over pages, kinds, tables.
pub(super) fn assemble(pages: Vec<Vec<Block>>, usual: &Usual, draft: &mut Draft) {
    let mut made: Vec<Made> = Vec::new();
    // The last paragraph that may go on.
    let mut open: Option<usize> = None;
    let mut last_note: Option<usize> = None;
    for blocks in pages {
        for block in blocks {
            match block {
                Block::Prose(prose) => {
                    let joined = match open.and_then(|i| made.get_mut(i)) {
                        Some(Made::Prose { prose: last, .. }) if goes_on(last, &prose) => {
                            last.right = prose.right;
                            last.left = prose.left;
                            last.lines.extend(prose.lines.iter().cloned());
                            true
                        }
                        _ => false,
                    };
                    if joined {
                        continue;
                    }
                    let kind = kind_of(&prose, usual);
                    if matches!(kind, ParagraphKind::Body | ParagraphKind::ListItem) {
                        open = Some(made.len());
                    } else if kind == ParagraphKind::Heading {
                        open = None;
                    }
                    made.push(Made::Prose { prose, kind });
                }
                Block::Table(grid) => made.push(Made::Table(grid)),
                Block::Note { mark: None, lines } => match last_note.and_then(|i| made.get_mut(i)) {
                    Some(Made::Note { lines: last, .. }) => last.extend(lines),
                    _ => {
                        last_note = Some(made.len());
                        made.push(Made::Note { mark: None, lines });
                    }
                },
                Block::Note { mark, lines } => {
                    last_note = Some(made.len());
                    made.push(Made::Note { mark, lines });
                }
            }
        }
    }
    let levels = levels(&made, usual);
    for item in made {
        match item {
            Made::Prose { prose, kind } => {
                let piece = piece(prose, kind, &levels, usual);
                let blank = matches!(&piece.body, Content::Text(text) if text.is_blank());
                if !blank {
                    draft.pieces.push(piece);
                }
            }
            Made::Note { mark, lines } => {
                let text = join(lines.into_iter().map(|l| l.text), &usual.words);
                let mut piece = Piece::text(ParagraphKind::Footnote, text);
                piece.number = mark;
                draft.pieces.push(piece);
            }
            Made::Table(grid) => table(grid, usual, draft),
        }
    }
}

fn kind_of(prose: &Prose, usual: &Usual) -> ParagraphKind {
    let Some(first) = prose.lines.first() else { return ParagraphKind::Body };
    if prose.contents {
        return ParagraphKind::Contents;
    }
    let text = first.text.text.as_str();
    if prose.lines.len() >= 2 && prose.lines.iter().all(|l| l.fixed) {
        return ParagraphKind::Code;
    }
    if is_caption(text) && prose.lines.len() <= 4 {
        return ParagraphKind::Caption;
    }
    let chars: usize = prose.lines.iter().map(|l| l.text.text.chars().count()).sum();
    let end = prose.lines.last().map_or("", |l| l.text.text.as_str());
    let letters = prose.lines.iter().flat_map(|l| l.text.text.chars()).filter(|c| c.is_alphabetic()).count();
    let bold = prose.lines.iter().all(|l| l.bold);
    let large = prose.lines.iter().all(|l| l.size > 1.12 * usual.size);
    let capitals = letters >= 4
        && !prose.lines.iter().flat_map(|l| l.text.text.chars()).any(char::is_lowercase)
        && first.size >= 0.95 * usual.size;
    let ends = end.ends_with(['.', ';', ',']) && !end.ends_with("etc.");
    let short = chars <= 220 && prose.lines.len() <= 5;
    if short
        && letters >= 2
        && !ends
        && (bold && first.size >= 0.9 * usual.size || large || capitals && chars <= 120)
        && !starts_lower_word(text)
        && !prose.alone
    {
        return ParagraphKind::Heading;
    }
    // `Annex II` centred and plain.
    if short && prose.lines.len() == 1 && chars <= 40 && is_annex_title(text) {
        return ParagraphKind::Heading;
    }
    match numbers::paragraph_number(text).map(|n| n.kind) {
        Some(NumberKind::Bullet | NumberKind::Bracketed) => ParagraphKind::ListItem,
        _ => ParagraphKind::Body,
    }
}

fn starts_lower_word(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

fn is_annex_title(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or("").trim_end_matches([':', '.']);
    let second = words.next();
    ["Annex", "ANNEX", "Appendix", "APPENDIX", "Enclosure", "ENCLOSURE"].contains(&first)
        && words.next().is_none()
        && second.is_none_or(|w| {
            let w = w.trim_end_matches([':', '.', '*']);
            w.starts_with(|c: char| c.is_ascii_digit())
                || w.chars().all(|c| "IVXL".contains(c))
                || w.chars().count() == 1
        })
}

/// Levels of headings by size and weight of type: the largest is 1.
fn levels(made: &[Made], usual: &Usual) -> BTreeMap<(i32, bool), u8> {
    let mut styles: Vec<(i32, bool)> = made
        .iter()
        .filter_map(|m| match m {
            Made::Prose { prose, kind: ParagraphKind::Heading } => prose.lines.first().map(style),
            _ => None,
        })
        .collect();
    styles.sort_by(|a, b| b.cmp(a));
    styles.dedup();
    let _ = usual;
    styles.into_iter().enumerate().map(|(i, s)| (s, u8::try_from(i + 1).unwrap_or(6).min(6))).collect()
}

fn style(line: &TextLine) -> (i32, bool) {
    (line.size.round() as i32, line.bold)
}

fn piece(prose: Prose, kind: ParagraphKind, levels: &BTreeMap<(i32, bool), u8>, usual: &Usual) -> Piece {
    let level = match kind {
        ParagraphKind::Heading => {
            prose.lines.first().and_then(|l| levels.get(&style(l))).copied().unwrap_or(6)
        }
        _ => 0,
    };
    let text = if kind == ParagraphKind::Code {
        let mut whole = Stretch::default();
        for line in prose.lines {
            let between = if whole.text.is_empty() { "" } else { "\n" };
            whole.append(between, line.text);
        }
        whole
    } else {
        join(prose.lines.into_iter().map(|l| l.text), &usual.words)
    };
    let number = match kind {
        ParagraphKind::Heading => numbers::heading_number(&text.text).map(str::to_string),
        ParagraphKind::Body | ParagraphKind::ListItem => {
            numbers::paragraph_number(&text.text).filter(|n| !n.label.is_empty()).map(|n| n.label.to_string())
        }
        _ => None,
    };
    Piece { kind, number, level, body: Content::Text(text) }
}

fn table(grid: Grid, usual: &Usual, draft: &mut Draft) {
    let mut made = TableDraft::default();
    // Caption and unit stand just above.
    let count = draft.pieces.len();
    for i in (count.saturating_sub(4)..count).rev() {
        let Some(Piece { kind, body: Content::Text(text), .. }) = draft.pieces.get(i) else { break };
        if matches!(kind, ParagraphKind::Footnote) {
            continue;
        }
        if made.unit.is_none()
            && let Some(part) = unit_phrase(&text.text)
        {
            made.unit = Some(i);
            made.unit_part = Some(part);
        }
        if is_caption(&text.text) || (*kind == ParagraphKind::Heading && made.caption.is_none()) {
            made.caption = Some(i);
            break;
        }
        if text.text.chars().count() > 220 {
            break;
        }
    }
    if let Some(i) = made.caption.or(made.unit)
        && made.caption.is_some()
        && let Some(piece) = draft.pieces.get_mut(i)
        && piece.kind == ParagraphKind::Body
    {
        piece.kind = ParagraphKind::Caption;
    }
    // A line that is nothing but the unit belongs to the table.
    if let (Some(i), Some(part)) = (made.unit, made.unit_part)
        && let Some(Piece { kind, body: Content::Text(text), .. }) = draft.pieces.get_mut(i)
        && *kind == ParagraphKind::Body
        && part == (0, text.text.trim_end().len())
    {
        *kind = ParagraphKind::Caption;
    }
    let table = draft.tables.len();
    for row in grid.rows {
        let cells: Vec<CellDraft> = row
            .cells
            .into_iter()
            .map(|cell| CellDraft {
                text: join(cell.lines.into_iter().map(|l| l.text), &usual.words),
                column: cell.column,
                columns: cell.columns,
            })
            .collect();
        // A unit told in the head.
        if made.unit.is_none() && row.is_head {
            let with_unit = cells.iter().find(|c| unit_phrase(&c.text.text).is_some());
            if let Some(cell) = with_unit {
                let mut at = 0;
                for c in &cells {
                    if std::ptr::eq(c, cell) {
                        break;
                    }
                    at += c.text.text.len() + 3;
                }
                made.unit = Some(draft.pieces.len());
                made.unit_part = unit_phrase(&cell.text.text).map(|(from, to)| (at + from, at + to));
            }
        }
        draft.pieces.push(Piece {
            kind: ParagraphKind::TableRow,
            number: None,
            level: 0,
            body: Content::Row { table, is_head: row.is_head, cells },
        });
    }
    draft.tables.push(made);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str], words: &Vocabulary) -> String {
        join(lines.iter().map(|l| Stretch { text: (*l).to_string(), ..Stretch::default() }), words).text
    }

    #[test]
    fn hyphens_go_where_the_document_spells_the_word_in_one() {
        let mut words = Vocabulary::default();
        words.add("the investigation of co-operation went on");
        assert_eq!(joined(&["an investi-", "gation"], &words), "an investigation");
        assert_eq!(joined(&["the co-", "operation of"], &words), "the co-operation of");
        assert_eq!(joined(&["Port-au-", "Prince"], &words), "Port-au-Prince");
        assert_eq!(joined(&["in 2020-", "2021"], &words), "in 2020-2021");
        assert_eq!(joined(&["short- and", "long-term"], &words), "short- and long-term");
        words.add("a ferry and its government");
        words.breaks = 1;
        assert_eq!(joined(&["the ferry-", "related cost"], &words), "the ferry-related cost");
        assert_eq!(joined(&["the ferri-", "ment of"], &words), "the ferriment of");
        assert_eq!(joined(&["the govern-", "ment"], &words), "the government");
    }

    #[test]
    fn addresses_and_hashes_are_joined_and_words_are_not() {
        let words = Vocabulary::default();
        assert_eq!(
            joined(&["see https://example.org/a/", "b.pdf for"], &words),
            "see https://example.org/a/b.pdf for"
        );
        assert_eq!(joined(&["see www.example.org.", "The next"], &words), "see www.example.org. The next");
        assert_eq!(joined(&["0x52908400098527886E0F7030", "069857D2E4169EE7"], &words).len(), 42);
        assert_eq!(joined(&["the year 2003", "was"], &words), "the year 2003 was");
    }

    #[test]
    fn units_of_tables_are_recognised() {
        for text in [
            "Millions of United States dollars",
            "(in thousands of US dollars)",
            "(Thousands of United States dollars)",
            "$ millions",
            "Table 3: Spending (in millions of dollars)",
        ] {
            assert!(unit_phrase(text).is_some(), "{text}");
        }
        for text in
            ["Some $3 million were paid.", "The dollar fell in thousands of shops", "Table 3: Staff", ""]
        {
            assert!(unit_phrase(text).is_none(), "{text}");
        }
    }

    #[test]
    fn contents_lines_have_leaders() {
        assert!(is_contents_line("I. Introduction ........ 3") && is_contents_line("Annex . . . . . . . 12"));
        assert!(!is_contents_line("It ended in 2023") && !is_contents_line("and so on... 3"));
    }
}
