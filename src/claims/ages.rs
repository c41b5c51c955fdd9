//! Age groups: people over or under so many years, or between two ages. The number of years is no count of
//! anything.

use super::counts::in_words;
use crate::document::Span;
use regex::Regex;
use std::sync::LazyLock;

static AGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let years = r"\d\d|twenty|thirty|forty|fifty|sixty|seventy|eighty";
    let who =
        "victims?|people|persons?|those|adults|seniors|users|customers|citizens|americans|men|women|aged?";
    Regex::new(&format!(
        concat!(
            r"(?i)\b(?:(?:{who}) (?:who (?:are|were) )?(?P<side>over|under|above|below|past|older than|younger than)",
            r" (?:the age of )?(?P<years>{years})",
            r"|(?P<side2>over|under|above|below|past) (?:the age of (?P<years2>{years})|(?P<years3>\d\d) years of age)",
            r"|(?P<plus>\d\d)\+ \d{{1,3}},\d{{3}}",
            r"|(?P<from>\d\d)[-–](?P<to>\d\d) \d{{1,3}},\d{{3}}",
            r"|aged (?P<from2>\d\d) to (?P<to2>\d\d)",
            r"|in their (?P<decade>twenties|thirties|forties|fifties|sixties|seventies|eighties)",
            r"|(?P<somethings>twenty|thirty|forty|fifty)-?somethings?",
            r"|(?P<years4>{years}) (?:and|or) (?P<side3>over|older|younger))\b"
        ),
        who = who,
        years = years
    ))
    .ok()
});

/// People of an age: from one year to another, both of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    pub from: u32,
    pub to: u32,
}

/// Years nobody is older than.
const OLDEST: u32 = 150;

/// The first age group a text speaks of, with the bytes it stands at.
pub fn find(text: &str) -> Option<(Ages, Span)> {
    all(text).next()
}

/// The age group that a figure at a place is of: the last one before it, else the first.
pub fn at(text: &str, figure: usize) -> Option<Ages> {
    let before = all(text).take_while(|(_, span)| span.start < figure).last();
    before.or_else(|| find(text)).map(|(ages, _)| ages)
}

/// What every age group has, told on bytes: [`AGE`] is slow, and most sentences speak of none.
static MAY_BE_AGE: LazyLock<Option<regex::bytes::Regex>> = LazyLock::new(|| {
    regex::bytes::Regex::new(concat!(
        r"(?i-u)(?:over|under|above|below|past|than) ",
        r"(?:the age of |[0-9]{2}|twenty|thirty|forty|fifty|sixty|seventy|eighty)",
        r"|[0-9]{2}\+ [0-9]|[0-9]{2}(?:-|\xe2\x80\x93)[0-9]{2} [0-9]|aged [0-9]|in their |something",
        r"|(?:and|or) (?:over|older|younger)"
    ))
    .ok()
});

fn may_have_ages(text: &str) -> bool {
    // Figures of other scripts, and letters that are another case of `s` and `k`.
    let is_rare = |c: char| !c.is_ascii() && (c.is_numeric() || matches!(c, '\u{17f}' | '\u{212a}'));
    MAY_BE_AGE.as_ref().is_none_or(|pattern| pattern.is_match(text.as_bytes())) || text.contains(is_rare)
}

/// Every age group of a text, from the left.
pub fn all(text: &str) -> impl Iterator<Item = (Ages, Span)> {
    AGE.iter().filter(|_| may_have_ages(text)).flat_map(move |age| age.captures_iter(text)).filter_map(
        |hit| {
            let part =
                |names: &[&str]| names.iter().find_map(|n| hit.name(n)).map(|m| m.as_str().to_lowercase());
            let number = |text: &str| text.parse().ok().or_else(|| u32::try_from(in_words(text)?).ok());
            let read = |names: &[&str]| number(&part(names)?);
            let decade = || {
                let name =
                    part(&["decade"]).map(|d| d.replace("ies", "y")).or_else(|| part(&["somethings"]))?;
                number(&name)
            };
            let ages = if let (Some(from), Some(to)) = (read(&["from", "from2"]), read(&["to", "to2"])) {
                Ages { from, to }
            } else if let Some(from) = decade() {
                Ages { from, to: from + 9 }
            } else if let Some(from) = read(&["plus"]) {
                Ages { from, to: OLDEST }
            } else {
                let side = part(&["side", "side2", "side3"])?;
                let years = read(&["years", "years2", "years3", "years4"])?;
                match ["over", "above", "past", "older", "older than"].contains(&side.as_str()) {
                    true => Ages { from: years, to: OLDEST },
                    false => Ages { from: 0, to: years },
                }
            };
            let whole = hit.get(0)?;
            Some((ages, Span::new(whole.start(), whole.end())))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_an_age_are_told_from_numbers_of_things() {
        let over = |years| Some(Ages { from: years, to: OLDEST });
        let fifties = Some(Ages { from: 50, to: 59 });
        for (text, wanted) in [
            ("Victims over 60 lost $1 million.", over(60)),
            ("complaints from victims over the age of 60", over(60)),
            ("they report to be over 60 years of age", over(60)),
            ("users aged 65 and older", over(65)),
            ("people under 20", Some(Ages { from: 0, to: 20 })),
            ("complaints from people over sixty", over(60)),
            ("victims younger than twenty", Some(Ages { from: 0, to: 20 })),
            ("60+ 12,345 victims", over(60)),
            ("50-59 12,345 victims", fifties),
            ("people in their fifties", fifties),
            ("in their SEVENTIES", Some(Ages { from: 70, to: 79 })),
            ("thirty-somethings", Some(Ages { from: 30, to: 39 })),
            ("those over eighty", over(80)),
            ("users aged 20 to 29", Some(Ages { from: 20, to: 29 })),
            ("over 60 victims", None),
            ("over 25 crews in 60 countries", None),
        ] {
            assert_eq!(find(text).map(|(ages, _)| ages), wanted, "{text}");
        }
    }

    #[test]
    fn a_figure_is_of_the_group_before_it() {
        let text = "40-49 11,111 victims $2 million; 50-59 12,345 victims $3 million";
        let of = |figure: &str| text.find(figure).and_then(|place| at(text, place));
        assert_eq!(of("$2"), Some(Ages { from: 40, to: 49 }));
        assert_eq!(of("$3"), Some(Ages { from: 50, to: 59 }));
    }
}
