//! Names in full and by their initials: the Munitions Industry Department is the MID.

use super::terms::{Sense, Term};

/// Small words of which a name's initials leave no letter.
const SMALL: [&str; 6] = ["and", "of", "the", "for", "on", "in"];

/// The letters and the words of a text that may stand for another's initials.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// Whether a word is letters alone, all of them capitals: `MID`.
fn is_initials(word: &str) -> bool {
    (3..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase())
}

/// Whether a text has, in any case, words one after the other that begin with these letters.
fn spells_out(text: &str, initials: &str) -> bool {
    let letters: Vec<char> =
        words(text).filter(|w| !SMALL.contains(w)).filter_map(|w| w.chars().next()).map(upper).collect();
    let wanted: Vec<char> = initials.chars().collect();
    letters.windows(wanted.len()).any(|run| run == wanted)
}

fn upper(letter: char) -> char {
    letter.to_ascii_uppercase()
}

/// Whether a text has a claim's name in its other form: its initials spelt out, or the initials of the
/// names it stands among.
pub fn stands_in(text: &str, claim: &str, term: &Term, terms: &[(Term, f64)]) -> bool {
    let word = term.span.of(claim);
    if is_initials(word) {
        return spells_out(text, word);
    }
    // The run of names the term is one of, in the claim's order.
    let mut names: Vec<&Term> = terms.iter().map(|(t, _)| t).filter(|t| t.sense == Sense::Name).collect();
    names.sort_by_key(|t| t.span);
    let joined = |a: &Term, b: &Term| {
        let between = claim.get(a.span.end..b.span.start).unwrap_or(".");
        between.trim().is_empty() || SMALL.contains(&between.trim())
    };
    let Some(at) = names.iter().position(|t| t.key == term.key) else { return false };
    let (mut from, mut to) = (at, at);
    while from > 0 && names.get(from - 1).zip(names.get(from)).is_some_and(|(a, b)| joined(a, b)) {
        from -= 1;
    }
    while names.get(to).zip(names.get(to + 1)).is_some_and(|(a, b)| joined(a, b)) {
        to += 1;
    }
    let first = |t: &&Term| t.span.of(claim).chars().next().map(upper);
    let initials: String = names.get(from..=to).unwrap_or(&[]).iter().filter_map(first).collect();
    is_initials(&initials) && words(text).any(|w| w == initials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_spelt_out_over_small_words_and_in_any_case() {
        assert!(spells_out("students of information and communications technology", "ICT"));
        assert!(spells_out("the Munitions Industry Department", "MID"));
        assert!(!spells_out("information technology", "ICT"));
        assert!(!is_initials("Mid") && !is_initials("US") && is_initials("MID"));
    }
}
