//! Plain text: lines to paragraphs, headings, footnotes and tables, as people type them.
//!
//! Form feeds are page breaks. Lines that were broken to fit a width are joined again; a line that
//! ends short of it ends its paragraph. Columns drawn with spaces are not told from prose.

use super::decode::decode;
use super::{Block, Hints, Inline, PageRead, Reading};
use crate::corpus::{iso_date, language_code};
use regex::Regex;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Reads a plain text in whatever encoding.
pub(super) fn read(bytes: &[u8]) -> Reading {
    let decoded = decode(bytes, None);
    let mut reading = Reading { hints: header_hints(&decoded.text), ..Reading::default() };
    reading.warnings.extend(decoded.warning.map(|what| crate::document::Warning { page: None, what }));
    let mut pages: Vec<&str> = decoded.text.split('\u{c}').collect();
    if pages.len() > 1 && pages.last().is_some_and(|last| last.trim().is_empty()) {
        pages.pop();
    }
    let words = Words::of(&decoded.text);
    for (number, page) in (1u32..).zip(pages) {
        let blocks = blocks(page, &words);
        reading.pages.push(PageRead { number, ..PageRead::of_blocks(blocks) });
    }
    reading
}

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        #[allow(clippy::expect_used, reason = "a pattern of our own, compiled by every test")]
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("pattern"));
    };
}

// `Symbol: S/2019/691`
pattern!(HEADER_LINE, r"^\p{Lu}[\p{L} -]{1,30}: \S");
// `106. The Panel`, not `3.5 million`, not `2. 5 million`
pattern!(NUMBERED, r"^(\d{1,4})\.[\t ]+[\p{L}\x22\x27(\[“‘«]");
// `(a) the first`, `a) the first`, `(iv)`
pattern!(LETTERED, r"^(\(?(?:[a-z]|[ivx]{1,5}|[0-9]{1,2})\))[\t ]+\S");
pattern!(BULLET, r"^[-*•·–—▪●◦‣][\t ]+\S");
// `Footnote 94. Text`, `Fn. 94: Text`
pattern!(FOOTNOTE, r"^(?i:foot-?note|endnote|fn\.?)[\t ]+(\d{1,4}|[a-z*])[.:)]?[\t ]+");
// `[7] Text`
pattern!(BRACKETED_NOTE, r"^\[(\d{1,3})\][\t ]*\S");
// `94 Text`, `94/ Text`
pattern!(BARE_NOTE, r"^(\d{1,4})/?[\t ]+[\p{Lu}\x22“‘«(]");
// `Annex 22, para. 2. Text`, `Annex XI`
pattern!(ANNEX, r"^(?i:annex|appendix|enclosure)[\t ]+(\d{1,3}|[IVXL]{1,6}|[A-Z])(?:[.:,)]|[\t ]|$)");
pattern!(ANNEX_PARAGRAPH, r"^(?i:annex|appendix)[\t ]+\S{1,6},[\t ]+para(?:graph)?s?\.?[\t ]*\d{1,4}");
pattern!(CAPTION, r"^(?i:table)[\t ]+(?:\d{1,3}|[IVXL]{1,6}|[A-Z](?:\.?\d+)?)(?:[.:]|[\t ]|$)");
pattern!(
    UNIT,
    r"^\(?(?i:(?:in )?(?:thousands|millions|billions) of|all (?:figures|amounts) in|in (?:thousands|millions|billions)\b)"
);
pattern!(SECTION_NUMBER, r"^(?:(\d{1,2}(?:\.\d{1,2}){1,3})\.?|([IVX]{1,5})\.|([A-Z])\.)[\t ]+\p{L}");

fn blocks(page: &str, words: &Words) -> Vec<Block> {
    let lines: Vec<&str> = page.lines().collect();
    let mut groups: Vec<Vec<&str>> = vec![Vec::new()];
    for line in &lines {
        if line.trim().is_empty() {
            groups.push(Vec::new());
        } else if let Some(group) = groups.last_mut() {
            group.push(line);
        }
    }
    groups.retain(|group| !group.is_empty());
    let width = wrap_width(&groups);
    let mut blocks = Vec::new();
    for group in &groups {
        add_group(group, width, words, &mut blocks);
    }
    notes_at_the_end(&mut blocks);
    set_captions(&mut blocks);
    blocks
}

/// The width lines were broken at: what the longer lines of paragraphs of several lines come near
/// to; `None` where lines were not broken.
fn wrap_width(groups: &[Vec<&str>]) -> Option<usize> {
    let mut lengths: Vec<usize> = groups
        .iter()
        .filter(|group| group.len() > 1)
        .flat_map(|group| group.iter().take(group.len() - 1))
        .filter(|line| !line.contains('\t') && !line.trim_start().starts_with('|'))
        .map(|line| line.trim_end().chars().count())
        .collect();
    lengths.sort_unstable();
    // Not the longest: one long address must not make every other line look short.
    let width = *lengths.get(lengths.len().checked_sub(1)? * 9 / 10)?;
    (30..=160).contains(&width).then_some(width)
}

fn add_group(group: &[&str], width: Option<usize>, words: &Words, found: &mut Vec<Block>) {
    // Rows of a table are taken out of the group, what stands before and after is read by itself.
    let mut i = 0;
    let mut prose: Vec<&str> = Vec::new();
    while let Some(line) = group.get(i) {
        let run = |is: &dyn Fn(&str) -> bool| {
            group.get(i..).unwrap_or_default().iter().take_while(|line| is(line)).count()
        };
        let piped = run(&|line| line.trim_start().starts_with('|'));
        let tabs = line.trim().matches('\t').count();
        let tabbed = if tabs > 0 { run(&|line| line.trim().matches('\t').count() == tabs) } else { 0 };
        let (rows, split) = if piped > 0 { (piped, '|') } else { (tabbed, '\t') };
        if piped > 0 || tabbed > 1 {
            add_prose(&prose, width, words, found);
            prose.clear();
            if let Some(table) = table(group.get(i..i + rows).unwrap_or_default(), split) {
                found.push(table);
            }
            i += rows;
        } else {
            prose.push(line);
            i += 1;
        }
    }
    add_prose(&prose, width, words, found);
}

fn table(lines: &[&str], split: char) -> Option<Block> {
    let is_rule = |line: &str| {
        line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | '+' | '=' | ' ' | '\t'))
    };
    let ruled_under_the_first = split == '|' && lines.get(1).is_some_and(|line| is_rule(line.trim()));
    let mut rows: Vec<Vec<(Inline, usize)>> = Vec::new();
    for line in lines.iter().filter(|line| !is_rule(line.trim())) {
        let mut line = line.trim();
        if split == '|' {
            line = line.strip_prefix('|').unwrap_or(line);
            line = line.strip_suffix('|').unwrap_or(line);
        }
        rows.push(line.split(split).map(|cell| (Inline::plain(cell.trim()), 1)).collect());
    }
    if rows.is_empty() {
        return None;
    }
    let heads = ruled_under_the_first || super::names_columns(&rows);
    Some(Block::Table { caption: None, unit: None, heads: usize::from(heads), rows })
}

fn add_prose(lines: &[&str], width: Option<usize>, words: &Words, found: &mut Vec<Block>) {
    let alone = lines.len() == 1;
    let mut open: Option<String> = None;
    let mut before: &str = "";
    let mut last_number: Option<u32> = None;
    for (i, &line) in lines.iter().enumerate() {
        let text = line.trim();
        if is_rule(text) {
            // The line over it is a heading.
            if let Some(above) = open.take() {
                let heading = i == 1 && above.chars().count() <= 120;
                found.push(if heading { heading_of(&above) } else { block_of(&above, false) });
            }
            continue;
        }
        let number = number_of(text);
        let follows = match (last_number, number) {
            (Some(last), Some(n)) => n == last + 1,
            // Inside a paragraph a line may begin with a number by chance: `in` / `2019. The`.
            _ => false,
        };
        let begins = i == 0
            || follows
            || LETTERED.is_match(text)
            || BULLET.is_match(text)
            || FOOTNOTE.is_match(text)
            || BRACKETED_NOTE.is_match(text) && !before.ends_with(',')
            || HEADER_LINE.is_match(text) && HEADER_LINE.is_match(before);
        if begins || !continues(before, text, width) {
            if let Some(done) = open.take() {
                found.push(block_of(&done, alone));
            }
            open = Some(text.to_string());
            if i == 0 || follows {
                last_number = number.or(last_number);
            }
        } else if let Some(open) = &mut open {
            words.join(open, text);
        }
        before = line.trim_end();
    }
    if let Some(done) = open {
        found.push(block_of(&done, alone));
    }
}

fn is_rule(line: &str) -> bool {
    line.chars().count() >= 3
        && line.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '~' | '─' | '═' | ' '))
}

fn number_of(line: &str) -> Option<u32> {
    let number = NUMBERED.captures(line)?.get(1)?.as_str().parse().ok()?;
    // More likely the year a sentence ends with.
    (!(1900..2100).contains(&number)).then_some(number)
}

/// Whether a line goes on where the line before it was broken.
fn continues(before: &str, line: &str, width: Option<usize>) -> bool {
    let Some(width) = width else {
        return false;
    };
    let long = before.chars().count();
    let next = line.split_whitespace().next().unwrap_or("").chars().count();
    if long + 1 + next >= width * 17 / 20 {
        return true;
    }
    // Ragged lines: a sentence that is not at its end goes on in lower case or with a figure.
    long * 3 >= width
        && line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit())
        && before.ends_with(|c: char| c.is_lowercase() || matches!(c, ',' | '-'))
}

fn block_of(text: &str, alone: bool) -> Block {
    let capture = |pattern: &Regex| Some(pattern.captures(text)?.get(1)?.as_str().to_string());
    if let Some(found) = FOOTNOTE.captures(text) {
        let mark = found.get(1).map_or("", |mark| mark.as_str()).to_string();
        let rest = found.get(0).and_then(|whole| text.get(whole.end()..)).unwrap_or("");
        return Block::Footnote { mark, text: Inline::plain(rest) };
    }
    if let Some(whole) = ANNEX_PARAGRAPH.find(text) {
        return Block::Paragraph { number: Some(whole.as_str().to_string()), text: Inline::plain(text) };
    }
    if let Some(whole) = ANNEX.find(text) {
        if is_title(text) {
            return Block::Heading { level: 1, text: Inline::plain(text) };
        }
        let number = whole.as_str().trim_end_matches(['.', ':', ',', ')', ' ', '\t']).to_string();
        return Block::Paragraph { number: Some(number), text: Inline::plain(text) };
    }
    if let Some(number) = number_of(text).map(|n| n.to_string()) {
        return Block::Paragraph { number: Some(number), text: Inline::plain(text) };
    }
    if let Some(number) = capture(&LETTERED) {
        return Block::ListItem { number: Some(number), text: Inline::plain(text) };
    }
    if BULLET.is_match(text) {
        return Block::ListItem { number: None, text: Inline::plain(text) };
    }
    if alone && is_heading(text) {
        return heading_of(text);
    }
    Block::Paragraph { number: None, text: Inline::plain(text) }
}

fn heading_of(text: &str) -> Block {
    let level = match SECTION_NUMBER.captures(text) {
        Some(found) if found.get(1).is_some() => {
            found.get(1).map_or(2, |m| m.as_str().matches('.').count() + 1)
        }
        Some(found) if found.get(2).is_some() => 1,
        _ => 2,
    };
    Block::Heading { level: u8::try_from(level).unwrap_or(6), text: Inline::plain(text) }
}

/// The words after `Annex 95.` name it and tell nothing: no sentence ends in them.
fn is_title(text: &str) -> bool {
    text.chars().count() <= 250 && !text.trim_end().ends_with(['.', ';', ',']) && !text.contains(". . .")
}

/// A short line alone that reads as a heading: capitals, or a number and capitals, and no end of a
/// sentence.
fn is_heading(text: &str) -> bool {
    if text.chars().count() > 100 || text.ends_with(['.', ',', ';', ':', '?', '!', '-', '…']) {
        return false;
    }
    if HEADER_LINE.is_match(text) || text.contains("://") || text.contains('@') {
        return false;
    }
    if SECTION_NUMBER.is_match(text) {
        return true;
    }
    let long: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 3)
        .collect();
    let capital = |word: &&&str| {
        word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase)
            && !word.contains(|c: char| c.is_ascii_digit())
    };
    let capitals = long.iter().filter(capital).count();
    !long.is_empty() && capitals * 10 >= long.len() * 6 && text.starts_with(|c: char| c.is_uppercase())
}

/// Notes as they stand at the foot of a page, `94 Text` or `[7] Text`: taken for notes where they
/// end the page in counting order and the text above carries their marks, which are taken out of
/// it.
fn notes_at_the_end(found: &mut [Block]) {
    let note_of = |block: &Block| -> Option<(u32, usize)> {
        let (Block::Paragraph { text, .. } | Block::ListItem { text, .. }) = block else { return None };
        for pattern in [&*BRACKETED_NOTE, &*BARE_NOTE] {
            if let Some(mark) = pattern.captures(&text.text).and_then(|c| c.get(1)) {
                let after = text.text.get(mark.end()..)?;
                let lead = after.len() - after.trim_start_matches([']', '/', ' ', '\t']).len();
                return Some((mark.as_str().parse().ok()?, mark.end() + lead));
            }
        }
        None
    };
    let mut notes: Vec<(usize, u32, usize)> = Vec::new();
    for (i, one) in found.iter().enumerate().rev() {
        match note_of(one) {
            Some((number, at)) if notes.last().is_none_or(|&(_, next, _)| number + 1 == next) => {
                notes.push((i, number, at));
            }
            _ => break,
        }
    }
    notes.reverse();
    let first = notes.first().map_or(found.len(), |&(i, _, _)| i);
    let (above, below) = found.split_at_mut(first);
    for (i, number, at) in notes {
        let mut carried = false;
        for one in above.iter_mut() {
            if let Block::Paragraph { text, .. } | Block::ListItem { text, .. } = one {
                carried |= take_mark(text, number);
            }
        }
        let Some(one) = i.checked_sub(first).and_then(|k| below.get_mut(k)) else { continue };
        if carried && let Block::Paragraph { text, .. } | Block::ListItem { text, .. } = one {
            let text = Inline::plain(text.text.get(at..).unwrap_or("").trim());
            *one = Block::Footnote { mark: number.to_string(), text };
        }
    }
}

/// Takes `[7]`, `⁷` or a 7 that clings to a word or to the end of a sentence out of a text.
fn take_mark(text: &mut Inline, number: u32) -> bool {
    let digits = number.to_string();
    let raised: String =
        digits.chars().filter_map(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c.to_digit(10)? as usize)).collect();
    for mark in [format!("[{digits}]"), raised, digits.clone()] {
        let places: Vec<usize> = text.text.match_indices(&mark).map(|(at, _)| at).collect();
        for at in places {
            let before = text.text.get(..at).unwrap_or("");
            let after = text.text.get(at + mark.len()..).unwrap_or("");
            if mark == digits {
                // Plain digits: only where no figure can stand.
                let clings = before.ends_with(['.', ',', ';', '”', '"', ')'])
                    && before
                        .chars()
                        .rev()
                        .nth(1)
                        .is_some_and(|c| c.is_alphabetic() || matches!(c, '”' | '"' | ')' | '.'));
                if !clings || !(after.is_empty() || after.starts_with(char::is_whitespace)) {
                    continue;
                }
            }
            if before.trim().is_empty() {
                continue;
            }
            let shift = mark.len();
            let rest = after.to_string();
            text.text.truncate(at);
            text.text.push_str(&rest);
            for (place, _) in &mut text.marks {
                if *place > at {
                    *place = place.saturating_sub(shift);
                }
            }
            text.marks.push((at, digits));
            text.marks.sort();
            return true;
        }
    }
    false
}

/// A line `Table 2. Thefts` before a table is its caption, a line that gives a unit its unit.
fn set_captions(found: &mut Vec<Block>) {
    let line_of = |one: &Block| match one {
        Block::Paragraph { text, .. } | Block::Heading { text, .. } => Some(text.text.clone()),
        _ => None,
    };
    let mut i = 0;
    while i < found.len() {
        if matches!(found.get(i), Some(Block::Table { .. })) {
            let mut lines = [None, None];
            for (slot, pattern) in [(1, &*UNIT), (0, &*CAPTION)] {
                let above = i.checked_sub(1).and_then(|above| found.get(above));
                if let Some(line) = above.and_then(line_of).filter(|line| pattern.is_match(line)) {
                    lines[slot] = Some(line);
                    i -= 1;
                    found.remove(i);
                }
            }
            let [above, below] = lines;
            if let Some(Block::Table { caption, unit, .. }) = found.get_mut(i) {
                (*caption, *unit) = (above, below);
            }
        }
        i += 1;
    }
}

/// The words of a text, to know where a hyphen at the end of a line belongs to the word.
struct Words(BTreeSet<String>);

impl Words {
    fn of(text: &str) -> Self {
        if !text.lines().any(|line| line.trim_end().ends_with('-')) {
            return Words(BTreeSet::new());
        }
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
        Words(words.filter(|word| !word.ends_with('-')).map(str::to_lowercase).collect())
    }

    /// Sets a broken line to the line before it. A hyphen goes where the text has the word without
    /// it elsewhere and not with it.
    fn join(&self, before: &mut String, line: &str) {
        let end = before.rsplit(char::is_whitespace).next().unwrap_or("");
        let start = line.split(char::is_whitespace).next().unwrap_or("");
        let broken = end.len() > 1
            && end.ends_with('-')
            && !end.ends_with("--")
            && start.starts_with(|c: char| c.is_alphanumeric());
        if !broken {
            before.push(' ');
            before.push_str(line);
            return;
        }
        let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').to_lowercase();
        let whole = bare(&format!("{}{start}", end.trim_end_matches('-')));
        let hyphenated = bare(&format!("{end}{start}"));
        if self.0.contains(&whole) && !self.0.contains(&hyphenated) {
            before.pop();
        }
        before.push_str(line);
    }
}

/// What lines such as `Title: ...` at the head of a text say of it.
fn header_hints(text: &str) -> Hints {
    let mut hints = Hints::default();
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty()).take(20);
    for line in lines.take_while(|line| HEADER_LINE.is_match(line)) {
        let Some((key, value)) = line.split_once(": ") else { continue };
        let value = value.trim().to_string();
        match key.to_lowercase().as_str() {
            "title" => hints.title = Some(value),
            "author" | "authors" | "by" => hints.author = Some(value),
            "publisher" | "published by" | "issued by" => hints.publisher = Some(value),
            "date" | "published" | "date of publication" | "publication date" => {
                hints.published = iso_date(&value)
            }
            "language" => hints.language = language_code(&value),
            "address" | "url" | "source" if value.starts_with("http") => hints.address = Some(value),
            _ => {}
        }
    }
    hints
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn page(text: &str) -> Vec<Block> {
        let reading = read(text.as_bytes());
        match reading.pages.into_iter().next().unwrap().body {
            super::super::Body::Blocks(blocks) => blocks,
            _ => panic!(),
        }
    }

    /// One line a block.
    fn outline(text: &str) -> Vec<String> {
        page(text)
            .into_iter()
            .map(|block| match block {
                Block::Heading { level, text } => format!("h{level} {}", text.text),
                Block::Paragraph { number, text } => {
                    format!("p {number:?} {}", text.text).replace("Some", "")
                }
                Block::ListItem { number, text } => {
                    format!("li {number:?} {}", text.text).replace("Some", "")
                }
                Block::Footnote { mark, text } => format!("fn {mark} {}", text.text),
                Block::Table { caption, unit, heads, rows } => {
                    let rows: Vec<String> = rows
                        .iter()
                        .map(|row| {
                            row.iter().map(|(cell, _)| cell.text.as_str()).collect::<Vec<_>>().join("/")
                        })
                        .collect();
                    format!("table {caption:?} {unit:?} {heads} {}", rows.join(" ; "))
                }
                Block::Code { text } => format!("code {text}"),
            })
            .collect()
    }

    #[test]
    fn numbered_paragraphs_footnotes_and_annexes_are_told_as_they_are_written() {
        let text = "Title: A report (extract)\nSymbol: S/2031/9\nDate of publication: 2031-02-03\n\n---\n\n\
            12. The thieves sold the coins in June. They kept 3. Nothing was found.\n\n\
            Footnote 7. See the letter.\n\nAnnex 4. Thefts from exchanges (2029-2030)\n\n\
            | row | victim |\n|---|---|\n| 1 | Exchange A |\n\n\
            Annex 5. The bank lost it all. It said so.\n\nAnnex 6, para. 8. One worker was paid.\n";
        assert_eq!(
            outline(text),
            [
                "p None Title: A report (extract)",
                "p None Symbol: S/2031/9",
                "p None Date of publication: 2031-02-03",
                "p (\"12\") 12. The thieves sold the coins in June. They kept 3. Nothing was found.",
                "fn 7 See the letter.",
                "h1 Annex 4. Thefts from exchanges (2029-2030)",
                "table None None 1 row/victim ; 1/Exchange A",
                "p (\"Annex 5\") Annex 5. The bank lost it all. It said so.",
                "p (\"Annex 6, para. 8\") Annex 6, para. 8. One worker was paid.",
            ]
        );
        let hints = read(text.as_bytes()).hints;
        assert_eq!(hints.title.as_deref(), Some("A report (extract)"));
        assert_eq!(hints.published.as_deref(), Some("2031-02-03"));
    }

    #[test]
    fn broken_lines_are_joined_and_short_lines_end_a_paragraph() {
        let text = "The exchange said on Monday that the thieves had taken about\n\
                    30 million dollars in co-operation with others, and that cus-\n\
                    tomers would be paid back in \n\
                    2031. The customers were glad of co-\noperation.\n\
                    A second paragraph begins here without a blank line between, as\nletters have it.\n\n\
                    All customers wrote letters.\n";
        assert_eq!(
            outline(text),
            [
                "p None The exchange said on Monday that the thieves had taken about 30 million dollars in \
                 co-operation with others, and that customers would be paid back in 2031. The customers were \
                 glad of co-operation.",
                "p None A second paragraph begins here without a blank line between, as letters have it.",
                "p None All customers wrote letters.",
            ]
        );
    }

    #[test]
    fn unbroken_lines_are_paragraphs_of_their_own() {
        let long = "word ".repeat(60);
        assert_eq!(outline(&format!("{long}\n{long}\n")).len(), 2);
    }

    #[test]
    fn a_list_counts_on_and_a_number_by_chance_does_not() {
        let text = "1. First we looked at all the wallets that the thieves had used, and\n\
                    then at the others, which came to number 4 in the year of\n\
                    2019. Nothing more was found at any of the exchanges asked.\n\
                    2. Second.\n3. Third.\n(a) an item\n- a bullet\n";
        let outline = outline(text);
        assert_eq!(outline.len(), 5, "{outline:#?}");
        assert!(outline[0].ends_with("asked.") && outline[1] == "p (\"2\") 2. Second.");
        assert_eq!(outline[3..], ["li (\"(a)\") (a) an item", "li None - a bullet"]);
    }

    #[test]
    fn headings_are_short_and_in_capitals() {
        assert_eq!(
            outline(
                "II. SUMMARY\n\nMain Findings\n=====\n\nThe Stolen Funds\n\nThis is a sentence of words\n\n4.2 Moving on\n"
            ),
            [
                "h1 II. SUMMARY",
                "h2 Main Findings",
                "h2 The Stolen Funds",
                "p None This is a sentence of words",
                "h2 4.2 Moving on"
            ]
        );
    }

    #[test]
    fn notes_at_the_foot_are_tied_to_marks_above_and_figures_are_left_alone() {
        let text = "The coins were sold.8 The price was $320, said the bank [9].\n\n8 Records of the bank.\n9 Letter.\n";
        let blocks = page(text);
        let Block::Paragraph { text: inline, .. } = &blocks[0] else { panic!() };
        assert_eq!(inline.text, "The coins were sold. The price was $320, said the bank .");
        assert_eq!(inline.marks, [(20, "8".to_string()), (55, "9".to_string())]);
        assert_eq!(outline(text)[1..], ["fn 8 Records of the bank.", "fn 9 Letter."]);
        // No mark in the text: a sentence that begins with a number.
        assert_eq!(outline("It was seen in June.\n\n35 People wrote.\n")[1], "p None 35 People wrote.");
    }

    #[test]
    fn tables_of_tabs_have_heads_captions_and_units() {
        let text = "Table 2. Thefts\n\n(Millions of United States dollars)\n\nDate\tVictim\tLoss\n2031\tA\t3\n2032\tB\t4\n";
        assert_eq!(
            outline(text),
            ["table Some(\"Table 2. Thefts\") Some(\"(Millions of United States dollars)\") 1 \
              Date/Victim/Loss ; 2031/A/3 ; 2032/B/4"]
        );
    }

    #[test]
    fn form_feeds_are_page_breaks() {
        let reading = read(b"one\x0ctwo\x0c\x0cfour\x0c\n");
        assert_eq!(reading.pages.iter().map(|page| page.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(read(b"").pages.len(), 1);
    }

    proptest! {
        #[test]
        fn no_letter_or_digit_is_lost(text in "([A-Za-z0-9 .,|\\[\\]()-]{0,30}\n{1,2}){0,12}") {
            let letters = |text: &str| {
                let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
                letters.sort_unstable();
                letters
            };
            let mut kept = String::new();
            for block in page(&text) {
                match block {
                    Block::Heading { text, .. } | Block::Paragraph { text, .. } | Block::ListItem { text, .. } => {
                        kept += &text.text;
                        kept.extend(text.marks.into_iter().map(|(_, mark)| mark));
                    }
                    Block::Footnote { mark, text } => kept += &format!("{mark}{}", text.text),
                    Block::Table { caption, unit, rows, .. } => {
                        kept += &caption.unwrap_or_default();
                        kept += &unit.unwrap_or_default();
                        kept.extend(rows.into_iter().flatten().map(|(cell, _)| cell.text));
                    }
                    Block::Code { text } => kept += &text,
                }
            }
            prop_assert_eq!(letters(&kept), letters(&text));
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(!read(&bytes).pages.is_empty());
        }
    }
}
