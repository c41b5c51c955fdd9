//! Age groups: people over or under so many years. The number of years is no count of anything.

use crate::document::Span;
use regex::Regex;
use std::sync::LazyLock;

static AGE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:(?:victims?|people|persons?|those|adults|seniors|users|customers|citizens|americans|men|women|aged?)",
        r" (?:who (?:are|were) )?(?P<a>over|under|above|below|older than|younger than) (?:the age of )?(?P<b>\d\d)",
        r"|(?P<c>over|under|above|below) (?:the age of (?P<d>\d\d)|(?P<e>\d\d) years of age)",
        r"|(?P<f>\d\d) (?:and|or) (?P<g>over|older|younger))\b"
    ))
    .ok()
});

/// People of an age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// Those above, not those below.
    pub over: bool,
    pub years: u32,
}

/// The first age group a text speaks of, with the bytes it stands at.
pub fn find(text: &str) -> Option<(Ages, Span)> {
    all(text).next()
}

/// Every age group of a text, from the left.
pub fn all(text: &str) -> impl Iterator<Item = (Ages, Span)> {
    AGE.iter().flat_map(move |age| age.captures_iter(text)).filter_map(|hit| {
        let part =
            |names: [&str; 4]| names.iter().find_map(|n| hit.name(n)).map(|m| m.as_str().to_lowercase());
        let side = part(["a", "c", "g", "g"])?;
        let years = part(["b", "d", "e", "f"])?.parse().ok()?;
        let over = ["over", "above", "older", "older than"].contains(&side.as_str());
        let whole = hit.get(0)?;
        Some((Ages { over, years }, Span::new(whole.start(), whole.end())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_an_age_are_told_from_numbers_of_things() {
        let over = |years| Some(Ages { over: true, years });
        for (text, wanted) in [
            ("Victims over 60 lost $1 million.", over(60)),
            ("complaints from victims over the age of 60", over(60)),
            ("they report to be over 60 years of age", over(60)),
            ("users aged 65 and older", over(65)),
            ("people under 20", Some(Ages { over: false, years: 20 })),
            ("over 60 victims", None),
            ("over 25 crews in 60 countries", None),
        ] {
            assert_eq!(find(text).map(|(ages, _)| ages), wanted, "{text}");
        }
    }
}
