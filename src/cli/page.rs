//! Text for people: cleaned of what would steer a terminal, wrapped, with matches marked.

use paydirt::extract::row::MentionRow;

/// Columns of text.
const WIDTH: usize = 100;

/// Characters that stand for the begin and end of a mark while text is wrapped; texts from outside
/// have none after [`clean`].
const BEGIN: char = '\u{1}';
const END: char = '\u{2}';

/// How matches are marked: in bold on a terminal, else between « and ».
#[derive(Debug, Clone, Copy)]
pub struct Marks {
    color: bool,
}

/// A text from outside without control characters, which could move the cursor or write colours.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
                ' '
            } else {
                c
            }
        })
        .collect()
}

impl Marks {
    pub fn new(color: bool) -> Self {
        Marks { color }
    }

    /// A text as a name, bold on a terminal.
    pub fn strong(&self, text: &str) -> String {
        if self.color { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_string() }
    }

    /// A passage with the stretches of bytes marked, wrapped and indented, with its line break.
    pub fn marked(&self, text: &str, spans: &[(usize, usize)], indent: &str) -> String {
        let mut with = String::new();
        let mut at = 0;
        for &(start, end) in spans {
            let (Some(before), Some(inside)) = (text.get(at..start), text.get(start..end)) else { continue };
            with.push_str(&clean(before));
            with.push(BEGIN);
            with.push_str(&clean(inside));
            with.push(END);
            at = end;
        }
        with.push_str(&clean(text.get(at..).unwrap_or("")));
        let (begin, end) = if self.color { ("\u{1b}[1;31m", "\u{1b}[0m") } else { ("«", "»") };
        wrapped(&with, indent, indent).replace(BEGIN, begin).replace(END, end)
    }
}

/// A text wrapped between words, each line with its indent and line break.
pub fn wrapped(text: &str, first: &str, rest: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_string();
    let mut width = line.chars().count();
    let mut empty = true;
    for word in text.split_whitespace() {
        let length = word.chars().filter(|c| !matches!(*c, BEGIN | END)).count();
        if !empty && width + 1 + length > WIDTH {
            lines.push_str(&line);
            lines.push('\n');
            line = rest.to_string();
            width = line.chars().count();
            empty = true;
        }
        if !empty {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += length;
        empty = false;
    }
    lines.push_str(&line);
    lines.push('\n');
    lines
}

/// A line for each mention: kind, as printed, value.
pub fn mentions_shown(mentions: &[MentionRow]) -> Vec<String> {
    mentions
        .iter()
        .map(|m| {
            let disputed = match &m.disputed_digits {
                Some(other) => format!("  (the second reader of the page has {})", clean(other)),
                None => String::new(),
            };
            let confidence = match m.confidence {
                Some(confidence) => format!("  (read by OCR, {confidence} % sure)"),
                None => String::new(),
            };
            format!(
                "{}: {} = {}{disputed}{confidence}",
                m.kind,
                clean(&m.surface),
                clean(&m.value.to_string())
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_survive_wrapping_and_nothing_steers_the_terminal() {
        let text = "A \u{1b}[31mred word, then one that is marked.";
        let start = text.find("marked").unwrap();
        let shown = Marks::new(false).marked(text, &[(start, start + 6)], "  ");
        assert_eq!(shown, "  A [31mred word, then one that is «marked».\n");
        assert!(wrapped(&"word ".repeat(60), "", "").lines().all(|l| l.chars().count() <= WIDTH));
        assert_eq!(wrapped("", "x", ""), "x\n");
    }
}
