//! A paragraph to its sentences, which tile it.
//!
//! Rules of how people punctuate, not a trained model: a full stop ends a sentence unless the word
//! before it is an abbreviation that wants something after it, and what follows begins like a
//! sentence. It knows English abbreviations; for other scripts the full stops are enough.

use crate::document::Span;

/// Titles and the like: a name follows.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "mx", "messrs", "mme", "dr", "prof", "gen", "col", "lt", "maj", "capt", "cmdr", "sgt",
    "hon", "rev", "st", "amb", "gov", "sen", "rep", "pres", "cf", "vs", "v", "e.g", "i.e", "eg", "ie", "viz",
    "approx", "ca", "al", "op", "cit", "ibid", "mt", "ft",
];

/// A number follows where they are abbreviations.
const NUMBERED: &[&str] = &[
    "no", "nos", "nr", "para", "paras", "par", "pp", "p", "art", "arts", "vol", "vols", "fig", "figs",
    "sect", "sec", "secs", "ch", "chap", "app", "tab", "eq", "ref", "refs", "res", "doc", "ser", "supp",
    "ver", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "rs", "us",
    "lit",
];

/// They end a sentence only where the next word is one that begins sentences.
const EITHER: &[&str] = &[
    "inc", "ltd", "co", "corp", "llc", "plc", "pty", "bros", "etc", "dept", "univ", "assn", "est", "jr",
    "sr", "esq", "ph.d", "m.d", "a.m", "p.m", "ed", "eds", "et al",
];

/// Words that begin a sentence far more often than a name.
const STARTERS: &[&str] = &[
    "the",
    "a",
    "an",
    "in",
    "on",
    "at",
    "it",
    "its",
    "this",
    "that",
    "these",
    "those",
    "he",
    "she",
    "they",
    "we",
    "i",
    "you",
    "there",
    "their",
    "his",
    "her",
    "our",
    "but",
    "and",
    "however",
    "as",
    "for",
    "from",
    "when",
    "while",
    "since",
    "after",
    "before",
    "according",
    "although",
    "if",
    "by",
    "with",
    "such",
    "many",
    "most",
    "some",
    "several",
    "both",
    "each",
    "moreover",
    "furthermore",
    "meanwhile",
    "during",
    "what",
    "who",
    "where",
    "why",
    "how",
    "no",
    "not",
    "so",
    "then",
    "to",
    "of",
    "all",
    "one",
    "two",
];

fn closes(c: char) -> bool {
    matches!(c, '"' | '\'' | '\u{201d}' | '\u{2019}' | '\u{bb}' | ')' | ']' | '}' | '\u{300d}' | '\u{300f}')
}

fn opens(c: char) -> bool {
    matches!(
        c,
        '"' | '\'' | '\u{201c}' | '\u{2018}' | '\u{ab}' | '(' | '[' | '\u{2022}' | '\u{bf}' | '\u{a1}'
    )
}

/// Full stops of scripts that put no space after them.
fn stops_alone(c: char) -> bool {
    matches!(c, '\u{3002}' | '\u{ff01}' | '\u{ff1f}' | '\u{ff0e}' | '\u{ff61}')
}

/// Full stops that are never part of an abbreviation or a number.
fn stops_surely(c: char) -> bool {
    matches!(c, '!' | '?' | '\u{61f}' | '\u{6d4}' | '\u{964}' | '\u{965}' | '\u{1362}')
}

/// A longer stretch in bytes without a full stop is no sentence but a list, a code or damage. It is cut
/// between words, so that what is done for each sentence stays small.
const LONGEST: usize = 4000;

/// Cuts what is longer than a sentence may be, between words where it has any.
pub fn of_bounded_length(text: &str, span: Span) -> Vec<Span> {
    let mut found = Vec::new();
    let mut rest = span;
    while rest.len() > LONGEST {
        let body = rest.of(text);
        let most = body.floor_char_boundary(LONGEST);
        let head = body.get(..most).unwrap_or("");
        let word = head.char_indices().rfind(|(_, c)| c.is_whitespace()).map(|(i, c)| i + c.len_utf8());
        let cut = word.unwrap_or(most);
        found.push(Span::new(rest.start, rest.start + cut));
        rest = Span::new(rest.start + cut, rest.end);
    }
    found.push(rest);
    found
}

/// Splits a paragraph into sentences that tile it.
pub fn sentences(text: &str, span: Span) -> Vec<Span> {
    let found = by_punctuation(text, span);
    if found.iter().all(|sentence| sentence.len() <= LONGEST) {
        return found;
    }
    found.into_iter().flat_map(|sentence| of_bounded_length(text, sentence)).collect()
}

fn by_punctuation(text: &str, span: Span) -> Vec<Span> {
    let body = span.of(text);
    let mut found = Vec::new();
    let mut start = 0;
    let mut chars = body.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let stop = c == '.' || c == '\u{2026}';
        if !(stop || stops_alone(c) || stops_surely(c)) {
            continue;
        }
        // All marks that stand together, then what closes.
        let mut end = at + c.len_utf8();
        let mut dots = usize::from(c == '.');
        while let Some(&(i, next)) = chars.peek() {
            let more = next == '.' || next == '\u{2026}' || stops_surely(next) || stops_alone(next);
            if !more && !closes(next) {
                break;
            }
            dots += usize::from(next == '.');
            end = i + next.len_utf8();
            chars.next();
        }
        let mut rest = body.get(end..).unwrap_or("");
        // A footnote mark printed at full size after the stop: `end.12 Next`.
        let mark = rest.bytes().take_while(u8::is_ascii_digit).count();
        let after_word = body.get(..at).and_then(|b| b.chars().next_back()).is_some_and(char::is_alphabetic);
        if (1..=3).contains(&mark) && after_word && rest.get(mark..).is_some_and(|r| r.starts_with(' ')) {
            end += mark;
            rest = rest.get(mark..).unwrap_or("");
        }
        let gap = rest.len() - rest.trim_start().len();
        if rest.len() == gap {
            break; // the rest is white space: it belongs to this sentence
        }
        if gap == 0 && !stops_alone(c) {
            continue;
        }
        let next = rest.trim_start();
        let before = body.get(start..at).unwrap_or("");
        let ends = if stops_alone(c) {
            true
        } else if stops_surely(c) {
            begins(next, false)
        } else if dots >= 3 || c == '\u{2026}' {
            begins(next, true)
        } else {
            stop_ends(before, next, start == 0)
        };
        if ends {
            let cut = end + gap;
            found.push(Span::new(span.start + start, span.start + cut));
            start = cut;
        }
    }
    if start < body.len() {
        found.push(Span::new(span.start + start, span.end));
    }
    found
}

/// Whether a text begins as a sentence may; `surely` leaves out figures.
fn begins(next: &str, surely: bool) -> bool {
    let Some(first) = next.chars().find(|c| !opens(*c)) else { return false };
    if first.is_alphabetic() {
        !first.is_lowercase()
    } else {
        !surely && (first.is_numeric() || is_sign(first))
    }
}

fn is_sign(c: char) -> bool {
    matches!(c, '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' | '#' | '*' | '\u{2013}' | '\u{2014}' | '-' | '[')
}

/// Whether a full stop after `before` ends the sentence when `next` follows.
fn stop_ends(before: &str, next: &str, opens_paragraph: bool) -> bool {
    if !begins(next, false) {
        return false;
    }
    let first = next.chars().find(|c| !opens(*c)).unwrap_or(' ');
    let follower: String = next
        .trim_start_matches(opens)
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '\u{2019}')
        .collect::<String>()
        .to_lowercase();
    let starter = STARTERS.contains(&follower.as_str());
    let word_start = before
        .rfind(|c: char| c.is_whitespace() || opens(c))
        .map_or(0, |i| i + before.get(i..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8));
    let word = before.get(word_start..).unwrap_or("");
    // `106. The Panel`, `A. Finance`, `IV. Findings`: the number of what follows.
    if opens_paragraph && before.trim_start().len() == word.len() && is_number(word) {
        return false;
    }
    let lower = word.trim_start_matches('-').to_lowercase();
    if TITLES.contains(&lower.as_str()) {
        return lower == "al" && starter;
    }
    if NUMBERED.contains(&lower.as_str()) {
        let roman = follower.len() <= 5 && follower.chars().all(|c| "ivxlc".contains(c)) && follower != "i";
        return !(first.is_ascii_digit() || roman || next.starts_with('['));
    }
    if EITHER.contains(&lower.as_str()) {
        return starter;
    }
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    // `U.S.`, `D.C.`, an initial.
    let dotted = word.contains('.') && word.split('.').all(|p| p.chars().count() <= 2) && letters > 1;
    let initial = letters == 1 && word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    if dotted || initial {
        return starter;
    }
    true
}

/// Whether a word alone is the number of a paragraph or heading.
fn is_number(word: &str) -> bool {
    let digits = word.chars().all(|c| c.is_ascii_digit() || c == '.') && word.len() <= 8;
    let roman = word.len() <= 6 && word.chars().all(|c| "IVXLCivxlc".contains(c));
    digits || roman || word.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &str) -> Vec<String> {
        let span = Span::new(0, text.len());
        sentences(text, span).into_iter().map(|s| s.of(text).trim_end().to_string()).collect()
    }

    #[test]
    fn what_is_too_long_for_a_sentence_is_cut_between_words() {
        for (part, ends) in [("$1 million ", ' '), ("word\u{a0}", '\u{a0}'), ("\u{2020}", '\u{2020}')] {
            let text = part.repeat(5000);
            let found = sentences(&text, Span::new(0, text.len()));
            assert!(found.iter().all(|s| s.len() <= LONGEST && s.of(&text).ends_with(ends)));
            assert_eq!(found.iter().map(|s| s.of(&text)).collect::<String>(), text);
            assert!(found.len() < text.len() / LONGEST + 3);
        }
    }

    fn check(sentences: &[&str]) {
        assert_eq!(split(&sentences.join(" ")), sentences);
    }

    #[test]
    fn abbreviations_do_not_end_a_sentence() {
        check(&["See resolution No. 5 of that year.", "It was adopted."]);
        check(&["Mr. Kim met Gen. Pak Jr. on 3 May.", "They spoke."]);
        check(&["The U.S. Treasury acted on Jan. 3 as planned.", "Then it stopped."]);
        check(&["See para. 12, pp. 3 to 4, and Smith et al. Others differ, e.g. Jones."]);
        check(&["He moved to the U.S.", "The funds followed."]);
        check(&["Acme Inc. Holdings paid.", "J. K. Rowe did not."]);
    }

    #[test]
    fn decimals_and_numbers_stay_whole() {
        check(&["It cost $2.35 million in 2003.", "The rest came later."]);
        check(&["106. The Panel found it.", "It said so."]);
        check(&["The answer was no.", "He left."]);
    }

    #[test]
    fn quotes_and_marks_close_with_their_sentence() {
        check(&["He said \u{201c}stop.\u{201d}", "She went on."]);
        check(&["It was seen.12", "It went on."]);
        check(&["Is it so?", "Yes!", "Good."]);
    }

    #[test]
    fn other_scripts_have_their_own_full_stops() {
        assert_eq!(split("\u{4ed6}\u{8d70}\u{4e86}\u{3002}\u{5979}\u{6765}\u{4e86}\u{3002}").len(), 2);
        assert_eq!(split("\u{647}\u{644} \u{643}\u{627}\u{646}\u{61f} \u{646}\u{639}\u{645}.").len(), 2);
    }

    proptest! {
        #[test]
        fn sentences_tile(text in "[A-Za-z0-9 .?!\"\u{2026}\u{3002}\u{201d}()\n\u{e9}]{0,80}") {
            let span = Span::new(0, text.len());
            let mut at = 0;
            for s in sentences(&text, span) {
                prop_assert_eq!(s.start, at);
                prop_assert!(!s.is_empty());
                prop_assert!(text.is_char_boundary(s.end));
                at = s.end;
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
