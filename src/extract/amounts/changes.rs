//! Whether two sums are a change from one to the other, which is two figures, or a range, which is one.

use super::hedges::{before, word_before};
use super::page::Page;

impl Page<'_> {
    /// Whether the words around two sums tell of a change from one to the other. `to`: the sums are
    /// joined by "to" and each is whole, so that "increased by $5 million to $20 million" can say
    /// by how much and to what.
    pub fn tells_change(&self, start: usize, end: usize, floor: usize, to: bool) -> bool {
        let text = self.text;
        let floor = floor.min(start);
        let hedge_start = before(text, start, floor).map_or(start, |h| h.1);
        let mut words: Vec<String> = Vec::new();
        let mut at = hedge_start;
        while words.len() < 24 {
            let Some(w) = word_before(text, at, floor) else { break };
            // A sentence's end closes the view, not the stop of "U.S." or "approx.".
            if w.word.ends_with(['.', ';', '?', '!']) && w.word.len() > 5 && !words.is_empty() {
                break;
            }
            words.push(w.word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
            at = w.start;
        }
        let lead = words.first().map_or("", String::as_str);
        if lead == "between" || words.get(1).is_some_and(|w| w == "between") {
            return false;
        }
        let told = |near: usize| words.iter().take(near).any(|w| is_change(w));
        let ranges = |w: &String| {
            matches!(
                w.as_str(),
                "range"
                    | "ranges"
                    | "ranged"
                    | "ranging"
                    | "vary"
                    | "varies"
                    | "varied"
                    | "varying"
                    | "anywhere"
            )
        };
        let after: String = text
            .get(end..)
            .unwrap_or("")
            .chars()
            .take(48)
            .take_while(|c| !matches!(c, '.' | ';' | '\n' | '|'))
            .collect();
        let after = after.to_lowercase();
        let year = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count() == 4;
        match lead {
            "from" => {
                if words.iter().take(5).any(ranges) {
                    return false;
                }
                // "from $5 million to $7 million in 2023", "..., up 20 per cent"
                let dated = ["in ", "by ", "in early ", "in late ", "(in "]
                    .iter()
                    .any(|p| after.trim_start().strip_prefix(p).is_some_and(year));
                told(16)
                    || dated
                    || after.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(4).any(|w| {
                        matches!(
                            w,
                            "increase"
                                | "decrease"
                                | "rise"
                                | "decline"
                                | "drop"
                                | "reduction"
                                | "fall"
                                | "up"
                                | "down"
                                | "growth"
                        )
                    })
            }
            "by" | "of" => to && (told(16) || after.trim_start().strip_prefix('(').is_some_and(year)),
            _ => told(4) && (to || lead != "up"),
        }
    }
}

fn is_change(word: &str) -> bool {
    const STEMS: &[&str] = &[
        "increas",
        "decreas",
        "declin",
        "reduc",
        "revis",
        "rais",
        "lower",
        "climb",
        "jump",
        "surg",
        "soar",
        "plung",
        "slump",
        "shrink",
        "expand",
        "doubl",
        "tripl",
        "quadrupl",
        "adjust",
        "upgrad",
        "downgrad",
        "improv",
        "swell",
        "halv",
        "slip",
        "tumbl",
        "balloon",
        "depreciat",
        "appreciat",
        "escalat",
        "rebound",
        "recover",
        "narrow",
        "widen",
        "contract",
        "dwindl",
        "skyrocket",
    ];
    const WORDS: &[&str] = &[
        "rose",
        "rise",
        "rises",
        "risen",
        "rising",
        "fell",
        "fall",
        "falls",
        "fallen",
        "falling",
        "grew",
        "grow",
        "grows",
        "grown",
        "growing",
        "growth",
        "drop",
        "drops",
        "dropped",
        "dropping",
        "cut",
        "cuts",
        "cutting",
        "went",
        "gone",
        "going",
        "go",
        "goes",
        "moved",
        "move",
        "moves",
        "moving",
        "changed",
        "change",
        "changes",
        "changing",
        "up",
        "down",
        "dipped",
        "dip",
        "shrank",
        "shrunk",
        "swollen",
        "upward",
        "upwards",
        "downward",
        "downwards",
        "amended",
        "corrected",
        "shifted",
        "shift",
        "jump",
        "brought",
        "taken",
        "scaled",
    ];
    WORDS.contains(&word)
        || STEMS.iter().any(|s| word.starts_with(s))
            && !matches!(word, "contractor" | "contractors" | "contract" | "contracts" | "reducer")
}
