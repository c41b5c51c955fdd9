//! What a PDF says of itself: text strings, the title, the language, page labels.

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes a text string: UTF-16 or UTF-8 with its mark, else PDFDocEncoding, which is
/// Windows-1252 for what occurs. `None` for nothing but white space.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let text = if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        UTF_16BE.decode_without_bom_handling(rest).0
    } else if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        UTF_16LE.decode_without_bom_handling(rest).0
    } else {
        let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(rest) {
            Ok(text) => text.into(),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(rest).0,
        }
    };
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// A title somebody gave, not the name of the file it was made from.
pub(super) fn title(text: String) -> Option<String> {
    let title = text.strip_prefix("Microsoft Word - ").unwrap_or(&text).trim();
    let lower = title.to_ascii_lowercase();
    let is_file =
        [".doc", ".docx", ".pdf", ".indd", ".qxd", ".rtf", ".ppt", ".pptx", ".xls", ".xlsx", ".dot", ".tmp"]
            .iter()
            .any(|end| lower.ends_with(end));
    let is_filler = title.chars().count() < 3
        || !title.chars().any(char::is_alphabetic)
        || ["untitled", "unknown", "title", "document"].iter().any(|word| {
            lower.strip_prefix(word).is_some_and(|rest| rest.chars().all(|c| !c.is_alphabetic()))
        })
        || lower.contains("powerpoint presentation");
    (!is_file && !is_filler).then(|| title.to_string())
}

/// The two letters of a language tag such as `en-US`.
pub(super) fn language(tag: String) -> Option<String> {
    let primary = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    (primary.len() == 2 && primary.bytes().all(|b| b.is_ascii_lowercase())).then_some(primary)
}

/// From which page on labels are of one kind.
pub(super) struct LabelRange {
    /// 0-based.
    pub first: i64,
    /// `D`, `r`, `R`, `a`, `A` or none.
    pub style: Option<u8>,
    pub prefix: String,
    pub start: i32,
}

/// The label of each page.
pub(super) fn labels(mut ranges: Vec<LabelRange>, pages: usize) -> Vec<Option<String>> {
    ranges.sort_by_key(|range| range.first);
    (0..pages)
        .map(|page| {
            let page = i64::try_from(page).ok()?;
            let after = ranges.partition_point(|range| range.first <= page);
            let range = ranges.get(after.checked_sub(1)?)?;
            let number = u32::try_from(i64::from(range.start) + page - range.first).ok()?;
            let number = match range.style {
                Some(b'D') => number.to_string(),
                Some(b'r') => roman(number),
                Some(b'R') => roman(number).to_uppercase(),
                Some(b'a') => letters(number),
                Some(b'A') => letters(number).to_uppercase(),
                _ => String::new(),
            };
            let label = format!("{}{number}", range.prefix);
            (!label.is_empty()).then_some(label)
        })
        .collect()
}

fn roman(mut number: u32) -> String {
    if number >= 5_000 {
        return number.to_string();
    }
    let mut roman = String::new();
    for (value, sign) in [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ] {
        while number >= value {
            roman.push_str(sign);
            number -= value;
        }
    }
    roman
}

/// a to z, then aa to zz.
fn letters(number: u32) -> String {
    let Some(last) = number.checked_sub(1) else { return String::new() };
    let times = (last / 26 + 1).min(20);
    let letter = char::from(b'a' + (last % 26) as u8);
    std::iter::repeat_n(letter, times as usize).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings_come_in_three_encodings() {
        assert_eq!(text(b"\xfe\xff\0R\0\xe9\0s").as_deref(), Some("R\u{e9}s"));
        assert_eq!(text(b"\xef\xbb\xbfR\xc3\xa9s").as_deref(), Some("R\u{e9}s"));
        assert_eq!(text(b"R\xe9s\0").as_deref(), Some("R\u{e9}s"));
        assert_eq!(text(b" \0\r\n"), None);
    }

    #[test]
    fn a_file_name_is_no_title() {
        assert_eq!(title("Microsoft Word - Report of the Panel.docx".into()), None);
        assert_eq!(
            title("Microsoft Word - Report of the Panel".into()).as_deref(),
            Some("Report of the Panel")
        );
        assert_eq!(title("untitled 2".into()), None);
        assert_eq!(title("Untitled heist: a study".into()).as_deref(), Some("Untitled heist: a study"));
    }

    #[test]
    fn labels_count_from_their_start_in_their_style() {
        let ranges = vec![
            LabelRange { first: 2, style: Some(b'D'), prefix: "A-".into(), start: 7 },
            LabelRange { first: 0, style: Some(b'r'), prefix: String::new(), start: 4 },
        ];
        let given: Vec<_> = labels(ranges, 4).into_iter().flatten().collect();
        assert_eq!(given, ["iv", "v", "A-7", "A-8"]);
        assert_eq!(labels(Vec::new(), 1), [None]);
    }
}
