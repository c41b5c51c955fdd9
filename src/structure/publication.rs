//! What a document is as a publication: symbol, title, publisher, date, language.
//!
//! The manifest wins, then what is printed on the first pages, then what the file says of itself.
//! A file's date on the disk and its name tell nothing but an id for want of a symbol.

use crate::corpus::{Entry, iso_date, written_date};
use crate::document::{Document, Format, Meta, ParagraphKind};
use crate::read::Hints;
use regex::Regex;
use std::sync::LazyLock;

/// As much of the text as the language is told by.
const SAMPLE: usize = 20_000;

macro_rules! pattern {
    ($name:ident, $pattern:literal) => {
        #[allow(clippy::expect_used, reason = "a pattern of our own, compiled by every test")]
        static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("pattern"));
    };
}

// A UN document symbol: an organ, then parts with a figure among them. `S/2022/132`,
// `A/HRC/59/L.17`, `E/CN.4/109`, `DP/FPA/2025/4 (Part I)`, `S/2025/10/Add.31`, `S/RES/2769 (2025)`.
pattern!(
    SYMBOL,
    r"\b(?:A|S|E|T|ST|DP|TD|CAT|CCPR|CED|CEDAW|CERD|CMW|CRC|CRPD|FCCC|CBD|HRI|HSP|HS|IDB|ISBA|JIU|NPT|PBC|SPLOS|UNEP|UNW|BWC|CCW|CD|CTOC|CAC|ECE|ESCAP|ICCD|LOS|SG|TRADE)(?:/[A-Z0-9][A-Za-z0-9.]*(?:-\d[A-Za-z0-9.]*)*(?:\([A-Za-z0-9.]+\))?){1,7}(?: ?\((?:Part [IVX]+(?:/Add\.\d+)?|(?:19|20)\d\d)\))?"
);
// Two organs' symbols of one document: `A/79/975-E/2025/82`, `A/60/640/Add.1-E/ICEF/2006/5`.
pattern!(JOINT, r"[-–—][A-Z]{1,5}/");
pattern!(LABELLED_SYMBOL, r"(?i)^(?:document )?symbol: *(\S+(?: \((?:Part [IVX]+|\d{4})\))?)\.?$");
pattern!(LABELLED_TITLE, r"(?i)^title: *(\S.*)$");
pattern!(LABELLED_PUBLISHER, r"(?i)^(?:publisher|published by|issued by): *(\S.*)$");
pattern!(
    LABELLED_DATE,
    r"(?i)^(?:date of (?:publication|issue|release)|(?:publication|release|issue|report) date|date|published(?: on)?|released(?: on)?|issued(?: on)?|posted(?: on)?)\s*:?\s+(\S.*)$"
);
pattern!(DISTRIBUTION, r"(?i)^(?:.*\s)?distr(?:ibution)?\s?[.:]");
pattern!(WEEKDAY, r"^(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d{1,2} \w+ \d{4}\b");
pattern!(
    PRINTED_AT,
    r"(?:New York|Geneva|Vienna|Nairobi)(?: and (?:New York|Geneva|Vienna))?, ((?:19|20)\d\d)\b"
);
pattern!(
    COPYRIGHT,
    r"(?i)(?:©|\(c\)|copyright)\s*(?:©|\(c\))?\s*(?:(?:19|20)\d\d(?:\s?[-–]\s?(?:19|20)?\d\d)?,?)?\s*(?:by )?([^.,;|©\d\n]{2,60})"
);
// Lines over a UN document's title that are not it.
pattern!(
    MASTHEAD,
    r"(?i)^(?:united|nations|united nations|general assembly|security council|economic and social council|economic|and social council|human rights council|.{0,40}\bdistr\b.{0,40}|nations unies|united nations nations unies|naciones unidas|организация объединенных наций|original\s?:.*|general|limited|restricted|english.*|french.*|.{0,60}\bsession\b.{0,60}|.{0,60}\byear|agenda items?.*|items? \d.*|provisional agenda.*|executive board.*|for (?:information|decision|action).*|.{0,30}official records.*|supplement no.*|\d{1,2}[^a-z]{1,3}\d{0,2} ?[a-z]+ \d{4}.*|please recycle.*|\*?\d{7}\*?|contents)$"
);

/// What is known of a document whose text is made.
pub(super) fn publication(entry: Option<&Entry>, hints: &Hints, document: &Document) -> Meta {
    let told = entry.cloned().unwrap_or_default();
    let first = FirstPages::of(document);
    let symbol = told.symbol.or_else(|| first.symbol());
    let of_the_un = symbol.as_deref().is_some_and(is_symbol);
    // A web page's own word on itself is better than what its first lines look like; of a PDF it
    // is the other way round: its properties tell of the program and the person that made it.
    let own = document.source.format != Format::Pdf;
    let own_title = || hints.title.clone().filter(|title| !is_junk(title, &document.source.path));
    let title = told
        .title
        .or_else(|| first.labelled(&LABELLED_TITLE))
        .or_else(|| own_title().filter(|_| own))
        .or_else(|| if of_the_un { first.title_of_the_un() } else { None })
        .or_else(own_title)
        .or_else(|| first.heading());
    let publisher = told
        .publisher
        .or_else(|| first.labelled(&LABELLED_PUBLISHER))
        .or_else(|| hints.publisher.clone())
        .or_else(|| of_the_un.then(|| "United Nations".to_string()))
        .or_else(|| first.copyright());
    let published = told
        .published
        .or_else(|| first.dated(of_the_un))
        .or_else(|| hints.published.clone().filter(|_| own))
        .or_else(|| first.date_alone())
        .or_else(|| hints.published.as_deref().and_then(iso_date));
    Meta {
        id: symbol.clone().unwrap_or_else(|| slug(&document.source.path)),
        title: title.map(|title| fold(&title, 300)),
        publisher: publisher.map(|publisher| fold(&publisher, 200)),
        published,
        language: told.language.or_else(|| language(&document.text)).or_else(|| hints.language.clone()),
        symbol,
        address: told.address.or_else(|| hints.address.clone()),
        links: hints.links.clone(),
    }
}

/// A line over the title: the organization, its organ, session, symbol.
fn is_masthead(text: &str) -> bool {
    // Symbols and the signs that join or star them stand beside the organization's name.
    let rest = if text.chars().count() < 120 { SYMBOL.replace_all(text, " ") } else { text.into() };
    let rest: Vec<&str> = rest
        .split_whitespace()
        .map(|word| word.trim_matches(['-', '–', '—', '*']))
        .filter(|word| !word.is_empty())
        .collect();
    let rest = rest.join(" ");
    rest.is_empty() || MASTHEAD.is_match(&rest)
}

fn is_symbol(text: &str) -> bool {
    SYMBOL.find(text).is_some_and(|found| found.start() == 0)
}

/// What is printed on the first pages.
struct FirstPages {
    /// Lines of the first three pages as printed, from top to bottom.
    lines: Vec<String>,
    /// Of the first two pages.
    paragraphs: Vec<(ParagraphKind, String)>,
}

impl FirstPages {
    fn of(document: &Document) -> Self {
        let mut placed: Vec<(u32, f32, String)> = Vec::new();
        for piece in document.furniture.iter().filter(|piece| piece.page <= 3) {
            placed.extend(piece.text.lines().map(|line| (piece.page, piece.place.y0, line.to_string())));
        }
        for line in document.lines.iter().take_while(|line| line.page <= 3) {
            placed.push((line.page, line.y0, line.span.of(&document.text).to_string()));
        }
        placed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let mut lines: Vec<String> = placed.into_iter().map(|(_, _, line)| line).collect();
        let mut paragraphs = Vec::new();
        let mut length = 0;
        for paragraph in &document.paragraphs {
            if document.page_at(paragraph.span.start) > 2 || length > 6000 {
                break;
            }
            let text = paragraph.span.of(&document.text).trim().to_string();
            length += text.len();
            if document.lines.is_empty() {
                lines.push(text.clone());
            }
            paragraphs.push((paragraph.kind, text));
        }
        for line in &mut lines {
            *line = fold(line, 400);
        }
        lines.retain(|line| !line.is_empty());
        FirstPages { lines, paragraphs }
    }

    fn labelled(&self, label: &Regex) -> Option<String> {
        self.lines
            .iter()
            .take(30)
            .find_map(|line| Some(label.captures(line)?.get(1)?.as_str().trim().to_string()))
    }

    /// The symbol where it stands as such: labelled, or alone on a line but for the name of the
    /// organization and a page number. A symbol in a sentence is another document's.
    fn symbol(&self) -> Option<String> {
        for line in self.lines.iter().take(80) {
            if let Some(label) = LABELLED_SYMBOL.captures(line).and_then(|found| found.get(1)) {
                let label = label.as_str();
                return SYMBOL
                    .find(label)
                    .filter(|found| found.start() == 0)
                    .map(|found| found.as_str().to_string());
            }
            // Letters set apart: `A /79/PV.64`.
            let line = line.replace(" /", "/").replace("/ ", "/");
            let Some(found) = SYMBOL.find(&line) else { continue };
            let symbol = found.as_str().trim_end_matches(['.', '-']);
            let (before, after) =
                (line.get(..found.start()).unwrap_or(""), line.get(found.end()..).unwrap_or(""));
            if before.trim_end().ends_with(['(', '[', '/', '.', ',']) && !before.trim().is_empty() {
                continue;
            }
            let after = match JOINT.find(after) {
                Some(joint) if joint.start() == 0 => "",
                _ => after,
            };
            let others = format!("{before} {after}");
            let is_head = others.split_whitespace().all(|word| {
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                bare.is_empty()
                    || matches!(
                        bare.to_lowercase().as_str(),
                        "united" | "nations" | "unies" | "nations-unies" | "page"
                    )
                    || bare.bytes().all(|b| b.is_ascii_digit())
                    || bare.len() <= 9
                        && bare.split(['/', '-']).all(|part| part.bytes().all(|b| b.is_ascii_digit()))
                    || SYMBOL.find(bare).is_some_and(|found| found.len() == bare.len())
            });
            if is_head && symbol.bytes().any(|b| b.is_ascii_digit()) && symbol.len() >= 5 {
                return Some(symbol.to_string());
            }
        }
        None
    }

    /// The date printed as that of the document: labelled, or under `Distr.`.
    fn dated(&self, of_the_un: bool) -> Option<String> {
        for line in self.lines.iter().take(40) {
            if let Some(date) = LABELLED_DATE.captures(line).and_then(|found| found.get(1)) {
                let date = iso_date(date.as_str()).or_else(|| written_date(date.as_str(), false));
                if date.is_some() {
                    return date;
                }
            }
        }
        if !of_the_un {
            return None;
        }
        if let Some(at) = self.lines.iter().take(40).position(|line| DISTRIBUTION.is_match(line)) {
            // The lines of the left column stand between.
            for line in self.lines.iter().skip(at).take(10).filter(|line| line.len() <= 80) {
                if let Some(date) = written_date(line, true) {
                    return Some(date);
                }
            }
        }
        // A verbatim record: the day of the meeting.
        let day = self.lines.iter().take(40).find(|line| WEEKDAY.is_match(line));
        if let Some(date) = day.and_then(|line| written_date(line, true)) {
            return Some(date);
        }
        self.lines.iter().find_map(|line| Some(PRINTED_AT.captures(line)?.get(1)?.as_str().to_string()))
    }

    /// A date that is a line of its own on the first page.
    fn date_alone(&self) -> Option<String> {
        self.lines.iter().take(40).filter(|line| line.chars().count() <= 60).find_map(|line| {
            let date = written_date(line, false).or_else(|| iso_date(line).filter(|date| date.len() > 4))?;
            let words =
                line.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 2);
            (words.count() <= 4).then_some(date)
        })
    }

    /// The first paragraph under the masthead.
    fn title_of_the_un(&self) -> Option<String> {
        let mut title: Option<String> = None;
        for (kind, text) in &self.paragraphs {
            let is_head = is_masthead(text);
            let is_text =
                matches!(kind, ParagraphKind::Body | ParagraphKind::Heading | ParagraphKind::Caption);
            match &mut title {
                None if is_head || !is_text || text.chars().count() < 8 => continue,
                // The text has begun without a title.
                None if text.starts_with(|c: char| c.is_ascii_digit()) => return None,
                None => title = Some(fold(text, 300)),
                Some(title) => {
                    // A title set in two: `Situation in Abyei` / `Report of the Secretary-General`.
                    let goes_on = text.chars().count() <= 120
                        && ["Report of", "Note by", "Letter", "Final report", "Midterm report"]
                            .iter()
                            .any(|s| text.starts_with(s));
                    if goes_on {
                        title.push_str(". ");
                        title.push_str(text);
                    }
                    break;
                }
            }
        }
        title
    }

    fn heading(&self) -> Option<String> {
        let headings = self.paragraphs.iter().filter(|(kind, _)| *kind == ParagraphKind::Heading);
        headings
            .map(|(_, text)| text.clone())
            .find(|text| text.split_whitespace().count() >= 2 && !is_masthead(text))
    }

    fn copyright(&self) -> Option<String> {
        self.lines.iter().find_map(|line| {
            let name = COPYRIGHT.captures(line)?.get(1)?.as_str();
            let name =
                name.split("All rights").next().unwrap_or(name).split("all rights").next().unwrap_or(name);
            let name = name.trim().trim_matches(|c: char| !c.is_alphanumeric() && c != ')').trim();
            (name.starts_with(|c: char| c.is_uppercase()) && name.split_whitespace().count() <= 6)
                .then(|| name.to_string())
        })
    }
}

/// Titles programs write by themselves, and names of files.
fn is_junk(title: &str, path: &str) -> bool {
    let title = title.trim();
    let lower = title.to_lowercase();
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    let ends = [
        ".doc", ".docx", ".wpf", ".wpd", ".indd", ".pdf", ".qxd", ".qxp", ".ppt", ".pptx", ".xls", ".xlsx",
        ".rtf", ".txt", ".ai", ".psd", ".pub", ".odt", ".tmp", ".eps", ".fm", ".htm", ".html",
    ];
    let starts = [
        "microsoft word",
        "microsoft powerpoint",
        "microsoft excel",
        "untitled",
        "document1",
        "doc1",
        "layout 1",
        "powerpoint presentation",
        "slide 1",
        "presentation1",
        "print",
        "no slide title",
        "(anonymous)",
        "full page",
        "http://",
        "https://",
        "file:",
        "about:blank",
        "template",
        "title",
    ];
    let stem = slug(path);
    letters < 4
        || title.contains('\u{fffd}')
        || ends.iter().any(|end| lower.ends_with(end))
        || starts.iter().any(|start| {
            lower == *start || lower.starts_with(start) && !matches!(*start, "title" | "print" | "template")
        })
        || (!title.contains(' ')
            && (title.contains('_') || letters * 2 < title.chars().count() || slug(title) == stem))
}

/// An id from a file's name: its letters and digits in lower case, `-` for the rest.
pub(crate) fn slug(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && end.len() <= 5 => stem,
        _ => name,
    };
    let mut slug = String::new();
    for c in stem.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() > 100 {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "document".to_string() } else { slug.to_string() }
}

/// ISO 639-1 of the language most of the text is in, where that is plain.
fn language(text: &str) -> Option<String> {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = text.get(..end)?;
    // Names, figures and addresses say nothing of the language.
    let words = sample.replace(|c: char| matches!(c, '0'..='9' | '/' | '|'), " ");
    let found = whatlang::detect(&words)?;
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 60 || (!found.is_reliable() && letters < 1000) {
        return None;
    }
    let code = match found.lang().code() {
        "eng" => "en",
        "fra" => "fr",
        "spa" => "es",
        "rus" => "ru",
        "ara" => "ar",
        "cmn" => "zh",
        "deu" => "de",
        "por" => "pt",
        "ita" => "it",
        "nld" => "nl",
        "kor" => "ko",
        "jpn" => "ja",
        "pol" => "pl",
        "tur" => "tr",
        "ukr" => "uk",
        "vie" => "vi",
        "swe" => "sv",
        "dan" => "da",
        "nob" => "no",
        "fin" => "fi",
        "ces" => "cs",
        "heb" => "he",
        "pes" => "fa",
        "ell" => "el",
        "hun" => "hu",
        "ron" => "ro",
        "bul" => "bg",
        "ind" => "id",
        "tha" => "th",
        "hin" => "hi",
        _ => return None,
    };
    Some(code.to_string())
}

/// White space folded, at most so many characters, cut at a word.
fn fold(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(most) {
        None => text,
        Some((at, _)) => {
            let cut = text.get(..at).unwrap_or(&text);
            cut.rsplit_once(' ').map_or(cut, |(head, _)| head).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Source;
    use crate::structure::plain;

    fn meta(path: &str, text: &str) -> Meta {
        let mut document = plain(text);
        document.source = Source { path: path.to_string(), format: Format::Pdf, ..document.source };
        publication(None, &Hints::default(), &document)
    }

    #[test]
    fn a_un_document_says_its_symbol_date_and_title() {
        let text = "United Nations S/2031/99\n\nSecurity Council\n\nDistr.: General\n\n7 March 2031\n\nOriginal: English\n\n\
            Eightieth session\n\nLetter dated 4 March 2031 from the Panel of Experts (see S/2030/17)\n\nWe have the honour.";
        let meta = meta("folder/file.pdf", text);
        assert_eq!(meta.id, "S/2031/99");
        assert_eq!(meta.published.as_deref(), Some("2031-03-07"));
        assert_eq!(meta.publisher.as_deref(), Some("United Nations"));
        assert_eq!(
            meta.title.as_deref(),
            Some("Letter dated 4 March 2031 from the Panel of Experts (see S/2030/17)")
        );
    }

    #[test]
    fn symbols_of_many_organs_are_read_and_those_of_others_are_not() {
        let symbol = |line: &str| meta("x.pdf", line).symbol;
        for known in [
            "A/79/907",
            "E/2025/57",
            "A/HRC/59/L.17",
            "E/CN.4/109",
            "A/AC.109/2025/L.13",
            "S/2025/10/Add.31",
            "A/79/PV.64",
            "DP/FPA/2025/4 (Part I)",
            "A/CONF.230/2025/INF/2",
            "E/ICEF/2025/AB/L.3",
            "S/RES/2769 (2025)",
        ] {
            assert_eq!(symbol(known).as_deref(), Some(known));
        }
        assert_eq!(symbol("A /79/PV.64").as_deref(), Some("A/79/PV.64"));
        assert_eq!(symbol("A/79/975-E/2025/82").as_deref(), Some("A/79/975"));
        assert_eq!(symbol("E/2031/34 (Part II)-E/ICEF/2031/7").as_deref(), Some("E/2031/34 (Part II)"));
        assert_eq!(symbol("25-10651 2/34 S/2025/518").as_deref(), Some("S/2025/518"));
        assert_eq!(symbol("Symbol: S/2031/9").as_deref(), Some("S/2031/9"));
        assert_eq!(symbol("Symbol: S/2031/9 (not the report itself)"), None);
        assert_eq!(symbol("as the Council said in S/2031/9"), None);
        assert_eq!(symbol("TCP/IP"), None);
        assert_eq!(symbol("A/B testing"), None);
    }

    #[test]
    fn the_manifest_wins_and_the_name_gives_an_id_for_want_of_a_symbol() {
        let document = plain("S/2031/99\n\nWords.");
        let entry = Entry {
            symbol: Some("S/2031/98".to_string()),
            published: Some("2031".to_string()),
            ..Entry::default()
        };
        let told = publication(Some(&entry), &Hints::default(), &document);
        assert_eq!((told.id.as_str(), told.published.as_deref()), ("S/2031/98", Some("2031")));
        assert_eq!(meta("a/b/The Report_v1.2 (final).pdf", "x").id, "the-report-v1-2-final");
        assert_eq!(meta("отчёт.txt", "x").id, "отчёт");
        assert_eq!(meta("...", "x").id, "document");
    }

    #[test]
    fn lines_of_the_masthead_read_together_are_no_title() {
        for line in [
            "United Nations S/2099/7*",
            "United Nations A/99/12-E/2099/8",
            "Security Council Distr.: General",
            "United Nations Nations Unies",
        ] {
            assert!(is_masthead(line), "{line}");
        }
        assert!(!is_masthead(
            "Distribution of aid in the region of the lakes: report of the Secretary-General"
        ));
        assert!(!is_masthead("Letter dated 3 May 2099 from the Chair of the Security Council Committee"));
    }

    #[test]
    fn junk_is_no_title() {
        for junk in [
            "Microsoft Word - x.doc",
            "untitled",
            "current.wpf",
            "N2205929",
            "Layout 1",
            "a_b_c",
            "\u{fffd}\u{fffd} abcd",
            "12",
        ] {
            assert!(is_junk(junk, "x.pdf"), "{junk}");
        }
        assert!(is_junk("Report2031", "report2031.pdf"));
        for title in ["The Thefts of 2031", "Title Insurance Fraud", "Printing money"] {
            assert!(!is_junk(title, "x.pdf"), "{title}");
        }
    }

    #[test]
    fn a_firm_s_report_says_its_date_and_owner() {
        let meta = meta(
            "x.pdf",
            "Thefts of coins\n\nJune 2031\n\nIn May 2030 the bank lost it all and more besides.\n\n© 2031 Example Labs. All rights reserved",
        );
        assert_eq!(meta.published.as_deref(), Some("2031-06"));
        assert_eq!(meta.publisher.as_deref(), Some("Example Labs"));
        assert_eq!(meta.symbol, None);
    }

    #[test]
    fn the_language_is_told_where_there_is_enough_text() {
        let english =
            "The thieves took the coins from the exchange and sold them to others within a week or two.";
        assert_eq!(language(english).as_deref(), Some("en"));
        assert_eq!(language("Похищенные монеты были проданы на других биржах в течение одной или двух недель, сообщил банк.").as_deref(), Some("ru"));
        assert_eq!(language("S/2031/99"), None);
    }
}
