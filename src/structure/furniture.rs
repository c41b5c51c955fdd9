//! Running heads and feet, page numbers, job numbers and bar-code text: taken out of the rows of a
//! page and kept.
//!
//! What tells them from text is that they come again on the next pages at the same height (the
//! sides may alternate, digits may differ), stand at the edge of the page, and stand apart. United
//! Nations job numbers and bar codes are known by their form as well, as they stand on first pages
//! that no other page is like.

use crate::document::FurnitureKind;
use crate::structure::sheets::Sheet;
use crate::structure::words::Segment;

/// Rows looked at from each edge.
const DEEPEST: usize = 5;

/// A row near an edge as other pages are compared with it.
#[derive(Debug)]
struct Edge {
    /// Text with digits as `#`, of each segment, sorted.
    keys: Vec<String>,
    numbers: Vec<Option<u32>>,
    /// From the edge of the page.
    depth: f32,
    /// Index of the row.
    row: usize,
}

fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_digit() {
            if !key.ends_with('#') {
                key.push('#');
            }
        } else if c.is_ascii() {
            if !c.is_ascii_whitespace() && c != '\u{b}' {
                key.push(c.to_ascii_lowercase());
            }
        } else if !c.is_whitespace() {
            key.extend(c.to_lowercase());
        }
    }
    key
}

/// The page a bare page number says: `14`, `14/27`, `Page 14 of 27`, `- 14 -`, `xiv`.
fn page_number(text: &str) -> Option<(u32, String)> {
    let bare = text
        .trim()
        .trim_matches(|c: char| matches!(c, '-' | '\u{2013}' | '\u{2014}' | '|' | '[' | ']' | ' '));
    let lower = bare.to_lowercase();
    let bare = lower.strip_prefix("page").map_or(lower.as_str(), str::trim);
    let bare = bare.strip_prefix("p.").map_or(bare, str::trim);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let rest = bare.get(digits..)?.trim();
    if (1..=4).contains(&digits) {
        let number = bare.get(..digits)?.parse().ok()?;
        if rest.is_empty() {
            return Some((number, bare.get(..digits)?.to_string()));
        }
        let of = rest.strip_prefix('/').or_else(|| rest.strip_prefix("of ")).map(str::trim)?;
        return (!of.is_empty() && of.len() <= 4 && of.bytes().all(|b| b.is_ascii_digit()))
            .then(|| (number, format!("{number}/{of}")));
    }
    let roman = !bare.is_empty() && bare.len() <= 7 && bare.chars().all(|c| "ivxlc".contains(c));
    roman.then(|| roman_value(bare).map(|n| (n, bare.to_string()))).flatten()
}

fn roman(number: u32) -> String {
    let mut rest = number;
    let mut text = String::new();
    for (value, letters) in
        [(100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")]
    {
        while rest >= value {
            text.push_str(letters);
            rest -= value;
        }
    }
    text
}

fn roman_value(text: &str) -> Option<u32> {
    let value = |c| match c {
        'i' => 1,
        'v' => 5,
        'x' => 10,
        'l' => 50,
        'c' => 100,
        _ => 0,
    };
    let mut total = 0;
    let mut last = 0;
    for c in text.chars().rev() {
        let v = value(c);
        if v < last {
            total -= v;
        } else {
            total += v;
            last = v;
        }
    }
    let number = u32::try_from(total).ok()?;
    (roman(number) == text).then_some(number)
}

/// `25-03498`, `25-03498 (E)`, `GE.25-01234`, with a date or bar code after it.
fn is_job_number(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix("GE.").unwrap_or(text);
    let Some((year, rest)) = text.split_once('-') else { return false };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if year.len() != 2 || !year.bytes().all(|b| b.is_ascii_digit()) || digits != 5 {
        return false;
    }
    let tail: String = rest.get(digits..).unwrap_or("").chars().filter(|c| !c.is_whitespace()).collect();
    let tail = tail.strip_prefix("(E)").or(tail.strip_prefix('E')).unwrap_or(&tail);
    tail.chars().all(|c| c.is_ascii_digit() || "()*CFRSAE".contains(c)) && tail.len() <= 30
}

/// `*2503498*`
fn is_bar_code(text: &str) -> bool {
    if !text.trim_start().starts_with('*') {
        return false;
    }
    let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let inner = bare.strip_prefix('*').and_then(|t| t.strip_suffix('*'));
    inner.is_some_and(|t| {
        t.len() >= 6 && t.bytes().all(|b| b.is_ascii_alphanumeric()) && t.bytes().any(|b| b.is_ascii_digit())
    })
}

/// `/...` at the end of a page: the text goes on overleaf.
fn is_overleaf(text: &str) -> bool {
    let mut rest = text.chars().filter(|c| !c.is_whitespace());
    let rest: String = if rest.next() == Some('/') { rest.collect() } else { return false };
    rest == "..." || rest == "\u{2026}"
}

/// `S/2025/356`, `A/79/907`, `A/AC.109/2025/L.13`, `E/ICEF/2025/19`
fn is_symbol(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('/').collect();
    parts.len() >= 2
        && text.len() <= 40
        && !text.contains(' ')
        && parts
            .first()
            .is_some_and(|p| !p.is_empty() && p.len() <= 6 && p.bytes().all(|b| b.is_ascii_uppercase()))
        && text.bytes().any(|b| b.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.-()*".contains(&b))
}

fn edges(sheet: &Sheet<'_>, top: bool) -> Vec<Edge> {
    let count = sheet.rows.len();
    let take = DEEPEST.min(count);
    let indices: Vec<usize> =
        if top { (0..take).collect() } else { (0..take).map(|i| count - 1 - i).collect() };
    let mut found = Vec::new();
    for row in indices {
        let Some(segments) = sheet.rows.get(row) else { continue };
        let Some(base) = segments.first().map(|s| s.base) else { continue };
        let depth = if top { base } else { sheet.height - base };
        if depth > 0.2 * sheet.height {
            break;
        }
        let mut parts: Vec<(String, Option<u32>)> = segments
            .iter()
            .map(|s| {
                let text = s.text();
                let number = page_number(&text).map(|(n, _)| n);
                let roman = number.is_some() && !text.bytes().any(|b| b.is_ascii_digit());
                (if roman { "#".to_string() } else { key(&text) }, number)
            })
            .collect();
        parts.sort();
        let (keys, numbers) = parts.into_iter().unzip();
        found.push(Edge { keys, numbers, depth, row });
    }
    found
}

/// Whether two rows of different pages say the same but for digits; page numbers must go on.
fn alike(a: &Edge, on_a: u32, b: &Edge, on_b: u32) -> bool {
    if (a.depth - b.depth).abs() > 4.0 || a.keys != b.keys {
        return false;
    }
    let shared: usize = a.keys.iter().map(String::len).sum();
    if shared == 0 {
        return false;
    }
    // Only a number: it must count the pages.
    let only_numbers = a.keys.iter().all(|k| k.chars().all(|c| !c.is_alphabetic()));
    if only_numbers {
        return a.numbers.iter().zip(&b.numbers).any(|(m, n)| match (m, n) {
            (Some(m), Some(n)) => i64::from(*m) - i64::from(*n) == i64::from(on_a) - i64::from(on_b),
            _ => false,
        }) || a.keys.iter().any(|k| k.contains("#-#") || k.contains("#/#") || k.contains("##"));
    }
    true
}

/// Takes the furniture out of the pages' rows.
pub(super) fn take(sheets: &mut [Sheet<'_>]) {
    for top in [true, false] {
        let all: Vec<Vec<Edge>> = sheets.iter().map(|s| edges(s, top)).collect();
        // How often each row's text stands at an edge over the whole document.
        let mut often: std::collections::HashMap<&[String], usize> = std::collections::HashMap::new();
        for edge in all.iter().flatten() {
            *often.entry(edge.keys.as_slice()).or_default() += 1;
        }
        let mut chosen: Vec<Vec<usize>> = Vec::with_capacity(sheets.len());
        for (i, sheet) in sheets.iter().enumerate() {
            let mut out = Vec::new();
            for (k, edge) in all[i].iter().enumerate() {
                let neighbours = (i.saturating_sub(2)..=(i + 2).min(sheets.len() - 1)).filter(|&j| j != i);
                let twins = neighbours
                    .filter(|&j| all[j].iter().any(|e| alike(edge, sheet.number, e, sheets[j].number)))
                    .count();
                let everywhere =
                    often.get(edge.keys.as_slice()).is_some_and(|&n| n >= 3 && n * 2 > sheets.len());
                let by_form = known_form(sheet, edge, top);
                if !(by_form || twins > 0 && (k == out.len() || everywhere)) {
                    continue;
                }
                if by_form
                    || everywhere
                    || stands_apart(sheet, edge.row, top)
                    || all_edges_out(&all[i], k, &out)
                {
                    out.push(edge.row);
                }
            }
            chosen.push(out);
        }
        for (sheet, out) in sheets.iter_mut().zip(chosen) {
            remove(sheet, out, top);
        }
    }
    for sheet in sheets {
        take_bar_codes(sheet);
    }
}

/// Whether every row nearer to the edge has been taken out, and this is the outermost one left.
fn all_edges_out(edges: &[Edge], k: usize, out: &[usize]) -> bool {
    k == 0
        && out.is_empty()
        && edges.first().is_some_and(|e| e.keys.iter().map(String::len).sum::<usize>() <= 12)
}

/// Rows that are furniture on a single page as well.
fn known_form(sheet: &Sheet<'_>, edge: &Edge, top: bool) -> bool {
    let Some(row) = sheet.rows.get(edge.row) else { return false };
    let texts: Vec<String> = row.iter().map(Segment::text).collect();
    if edge.depth > 0.16 * sheet.height {
        return false;
    }
    if top {
        return sheet.number > 1 && texts.iter().all(|t| is_symbol(t));
    }
    texts.iter().any(|t| is_job_number(t))
        && texts.iter().all(|t| {
            is_job_number(t)
                || is_bar_code(t)
                || page_number(t).is_some()
                || t.chars().filter(|c| c.is_alphabetic()).count() <= 1
        })
}

/// Whether more room than between lines is between a row and the text.
fn stands_apart(sheet: &Sheet<'_>, row: usize, top: bool) -> bool {
    let next = if top { row + 1 } else { row.wrapping_sub(1) };
    let (Some(a), Some(b)) =
        (sheet.rows.get(row).and_then(|r| r.first()), sheet.rows.get(next).and_then(|r| r.first()))
    else {
        return true;
    };
    (a.base - b.base).abs() > 1.7 * a.size.max(b.size)
}

fn remove(sheet: &mut Sheet<'_>, mut out: Vec<usize>, top: bool) {
    out.sort_unstable();
    for row in out.into_iter().rev() {
        if row >= sheet.rows.len() {
            continue;
        }
        let segments = sheet.rows.remove(row);
        for segment in segments {
            let text = segment.text();
            let why = if is_job_number(&text) || text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit()) {
                FurnitureKind::JobNumber
            } else if is_bar_code(&text) {
                FurnitureKind::BarCode
            } else if let Some((_, label)) = page_number(&text) {
                sheet.label.get_or_insert(label);
                FurnitureKind::PageNumber
            } else {
                if sheet.label.is_none() {
                    sheet.label = label_in(&text, sheet.number);
                }
                if top { FurnitureKind::RunningHead } else { FurnitureKind::RunningFoot }
            };
            sheet.put_away(vec![segment], why);
        }
    }
}

/// A page number at either end of a running head: `12 Annual report`, `Report | Page 12`.
fn label_in(text: &str, page: u32) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.last().and_then(|w| page_number(w));
    let first = words.first().and_then(|w| page_number(w));
    let near = |n: u32| n.abs_diff(page) <= 40;
    [last, first].into_iter().flatten().find(|(n, _)| near(*n)).map(|(_, label)| label)
}

/// Bar codes and job numbers of first pages, which stand among other things at the foot.
fn take_bar_codes(sheet: &mut Sheet<'_>) {
    let height = sheet.height;
    let mut out = Vec::new();
    for row in &mut sheet.rows {
        let low = row.first().is_some_and(|s| s.base > 0.8 * height);
        let mut kept = Vec::with_capacity(row.len());
        let has_job = low && row.iter().any(|s| is_job_number(&s.text()));
        for segment in row.drain(..) {
            let first = segment.words.first().and_then(|word| word.chars.first()).map(|first| first.c);
            if !low && !matches!(first, Some('*' | '/')) {
                kept.push(segment);
                continue;
            }
            let text = segment.text();
            if is_bar_code(&text) && text.len() >= 8 {
                out.push((segment, FurnitureKind::BarCode));
            } else if low && is_job_number(&text)
                || has_job && text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit())
            {
                out.push((segment, FurnitureKind::JobNumber));
            } else if is_overleaf(&text) {
                out.push((segment, FurnitureKind::RunningFoot));
            } else {
                kept.push(segment);
            }
        }
        *row = kept;
    }
    sheet.rows.retain(|row| !row.is_empty());
    // Heads and feet of a page whose text is turned against them.
    let aside = std::mem::take(&mut sheet.aside);
    for row in aside {
        let texts: Vec<String> = row.iter().map(Segment::text).collect();
        let numbered =
            |t: &String| page_number(t).is_some_and(|(n, label)| n == sheet.number && label.contains('/'));
        if texts.iter().all(|t| is_symbol(t) || is_job_number(t) || numbered(t)) {
            for (segment, text) in row.into_iter().zip(texts) {
                let why = if is_job_number(&text) {
                    FurnitureKind::JobNumber
                } else if is_symbol(&text) {
                    FurnitureKind::RunningHead
                } else {
                    let label = page_number(&text).map(|(_, label)| label);
                    sheet.label = sheet.label.take().or(label);
                    FurnitureKind::PageNumber
                };
                out.push((segment, why));
            }
        } else {
            sheet.aside.push(row);
        }
    }
    for (segment, why) in out {
        sheet.put_away(vec![segment], why);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_numbers_are_read_in_their_usual_forms() {
        for (text, label) in
            [("14/27", "14/27"), ("Page 3 of 12", "3/12"), ("- 7 -", "7"), ("xii", "xii"), ("9", "9")]
        {
            assert_eq!(page_number(text).map(|(_, l)| l).as_deref(), Some(label), "{text}");
        }
        for text in ["14 May", "$14", "12.3", "civil", "Page", ""] {
            assert_eq!(page_number(text), None, "{text}");
        }
    }

    #[test]
    fn job_numbers_and_bar_codes_are_known_by_form() {
        assert!(
            is_job_number("25-03498")
                && is_job_number("25-03498 (E)")
                && is_job_number("25-03498 (E)  170625")
        );
        assert!(
            !is_job_number("25-0349") && !is_job_number("2025-03498") && !is_job_number("25-03498 people")
        );
        assert!(
            is_overleaf("/...") && is_overleaf("/ \u{2026}") && !is_overleaf("...") && !is_overleaf("/a")
        );
        assert!(is_bar_code("*2503498*") && !is_bar_code("* 12 *") && !is_bar_code("*note*"));
        assert!(
            is_symbol("S/2025/356")
                && is_symbol("A/AC.109/2025/L.13")
                && !is_symbol("and/or")
                && !is_symbol("A/B")
        );
    }
}
