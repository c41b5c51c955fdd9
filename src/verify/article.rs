//! An article's figures, each held against the index in its own sentence, with the slots the sentence
//! leaves out taken from the article's earlier sentences and its day of publication.
//!
//! Which figures assert something is decided here; what a verdict is, elsewhere. The article itself,
//! where the index holds the same bytes, is no evidence for what it says.

use super::asked::{self, Asked};
use super::terms::{Sense, Term};
use super::why::period_shown;
use super::{Question, Verdict, Verifier, judge};
use crate::claims::{Claim, FigureKind, How, Slot, vocabulary};
use crate::document::{Document, ParagraphKind, Span};
use crate::error::{ErrorKind, Result};
use crate::extract::DateRange;
use crate::extract::row::Ends;
use serde::{Deserialize, Serialize};

/// Classes of things whose number is a finding: what was attacked, who was hit, what was fired.
const COUNTED: [&str; 11] = [
    "attack",
    "bank",
    "business",
    "complaint",
    "exchange",
    "hacker",
    "launch",
    "missile",
    "person",
    "scam",
    "steal",
];

/// The verdict on one figure of an article: the contract's row with its place in the article.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Bytes of the article's text the figure stands at.
    pub span: Ends,
    /// 1-based page of the article's file.
    pub page: u32,
    /// The printed number of its paragraph, footnote or table row.
    pub paragraph: Option<String>,
    /// Slots its sentence leaves out, and where they were had from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inherited: Vec<Inherited>,
}

/// A slot that the figure's sentence does not fill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inherited {
    pub slot: String,
    pub value: String,
    pub how: How,
}

/// The figures of an article that assert something, in its order: amounts, shares, and numbers of
/// attacks, victims and missiles. Not page numbers, ordinals, dates, contents.
pub fn asserted<'a>(article: &Document, claims: &'a [Claim]) -> Vec<&'a Claim> {
    let is_text = |claim: &Claim| {
        let paragraph = article.paragraph_at(claim.span.start).and_then(|i| article.paragraphs.get(i));
        paragraph.is_some_and(|p| !matches!(p.kind, ParagraphKind::Contents | ParagraphKind::Code))
    };
    claims.iter().filter(|c| asserts(c) && is_text(c)).collect()
}

fn asserts(claim: &Claim) -> bool {
    let figure = &claim.figure;
    match figure.kind {
        FigureKind::Amount => !figure.unit.is_empty(),
        FigureKind::Share => true,
        FigureKind::Count => {
            vocabulary::find(&figure.unit).iter().any(|found| COUNTED.contains(&found.entry.name))
        }
        FigureKind::Date => false,
    }
}

impl Verifier<'_> {
    /// Holds one figure of an article against the index.
    ///
    /// # Errors
    /// `Index` where the index is damaged.
    pub fn check(&self, article: &Document, claim: &Claim) -> Result<Checked> {
        let fold = |span: Span| span.of(&article.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let question = Question { id: None, claim: fold(claim.sentence), figure: Some(fold(claim.span)) };
        let mut inherited = Vec::new();
        let verdict = match asked::read(&question, &self.weights) {
            Ok(mut asked) => {
                inherited = self.in_its_place(&mut asked, article, claim)?;
                let mut passages = self.passages(&asked)?;
                passages.retain(|p| p.document.source.sha256 != article.source.sha256);
                judge::judge(&asked, &passages, &self.coverage).row(&question, &asked, &self.coverage)
            }
            Err(error) if error.kind == ErrorKind::Usage => {
                let mut row = self.unread(None, &question.claim, &error.in_one_line());
                row.figure = question.figure;
                row
            }
            Err(error) => return Err(error),
        };
        let paragraph = article.paragraph_at(claim.span.start).and_then(|i| article.paragraphs.get(i));
        Ok(Checked {
            verdict,
            span: Ends { start: claim.span.start, end: claim.span.end },
            page: article.page_at(claim.span.start),
            paragraph: paragraph.and_then(|p| p.locator()),
            inherited,
        })
    }

    /// Puts the article's own claim in place of what the sentence alone gave, and says what it took
    /// from elsewhere in the article.
    fn in_its_place(&self, asked: &mut Asked, article: &Document, claim: &Claim) -> Result<Vec<Inherited>> {
        let mut own = claim.clone();
        // Of several names said before, none is known to be the one that is meant.
        if own.victims.len() > 1 {
            own.victims.retain(|v| v.how == How::Said);
        }
        // A heading names whom the text is about, and not who did all that is told under it.
        if !points_to_somebody(claim.sentence.of(&article.text)) {
            own.actors.retain(|a| a.how != How::Heading);
        }
        own.periods.retain(|p| is_of_what_happened(article, p));
        let mut inherited = Vec::new();
        let mut note = |slot: &str, value: String, how: How| {
            inherited.push(Inherited { slot: slot.to_string(), value, how });
        };
        let names = [
            ("victim", '#', Sense::Name, &own.victims),
            ("actor", '@', Sense::Actor, &own.actors),
            ("place", '@', Sense::Place, &own.places),
        ];
        for (slot, mark, sense, values) in names {
            for value in values.iter().filter(|v| v.how != How::Said) {
                note(slot, value.value.clone(), value.how);
                let key = format!("{mark}{}", value.value);
                // Places bind only in their slot: an article's earlier sentences name many.
                if sense != Sense::Place && !asked.terms.iter().any(|(t, _)| t.key == key) {
                    let span = value.span.unwrap_or(claim.span);
                    let entry = vocabulary::entry(&value.value).filter(|_| mark == '@');
                    let term = Term { key, sense, span, entry };
                    let weight = self.weights.of(&term)? / 2.0;
                    asked.terms.push((term, weight));
                }
            }
        }
        for period in &own.periods {
            let is_new = !asked.periods.contains(&period.value) && !asked.said_in.contains(&period.value);
            if period.how != How::Said {
                note("period", period_shown(&period.value), period.how);
            } else if is_new {
                // `Last Tuesday`: the day it means rests on the day of publication.
                note("period", period_shown(&period.value), How::Document);
            }
            if is_new {
                asked.periods.push(period.value.clone());
            }
        }
        asked.bare &= asked.periods.is_empty() && inherited.is_empty();
        asked.figure = own.figure.clone();
        asked.claim = own;
        Ok(inherited)
    }
}

/// Words that stand for an actor who was named before, beside those of the class `hacker`.
const POINTING: [&str; 6] = ["the country", "the regime", "the state", "the group", "the unit", "they"];

/// Whether a sentence speaks of somebody it does not name.
fn points_to_somebody(sentence: &str) -> bool {
    let words: Vec<String> = super::event::words(sentence);
    let text = format!(" {} ", words.join(" "));
    POINTING.iter().any(|p| text.contains(&format!(" {p} ")))
        || vocabulary::find(sentence).iter().any(|found| found.entry.name == "hacker")
}

/// Whether a period is one in which something happened, and not one in which somebody said so.
fn is_of_what_happened(article: &Document, period: &Slot<DateRange>) -> bool {
    let Some(span) = period.span else { return true };
    let sentence = article.sentence_at(span.start).filter(|s| s.contains(span)).unwrap_or(span);
    let inside = Span::new(span.start - sentence.start, span.end - sentence.start);
    !asked::is_saying(sentence.of(&article.text), inside)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{claims, extract, structure};

    fn figures(text: &str) -> Vec<String> {
        let document = structure::plain(text);
        let findings = extract::extract(&document, &extract::Kind::ALL);
        let claims = claims::claims(&document, &findings);
        let found = asserted(&document, &claims);
        found.into_iter().map(|c| c.span.of(&document.text).to_string()).collect()
    }

    #[test]
    fn what_asserts_something_is_found_and_numbers_of_things_are_not() {
        let text = "On page 14, the 3rd report of 5 May 2021 lists at least seven attacks on 14 exchanges; \
                    42% of $400 million was laundered. See annex 39, and take two aspirins.";
        assert_eq!(figures(text), ["at least seven attacks", "14 exchanges", "42%", "$400 million"]);
        assert!(figures("No losses were reported in chapter 3 of 2021.").is_empty());
    }

    #[test]
    fn only_a_sentence_that_speaks_of_somebody_takes_who_from_a_heading() {
        for sentence in
            ["The hackers took $4 million.", "In 2019 the country made “$4 million”.", "They took it."]
        {
            assert!(points_to_somebody(sentence), "{sentence}");
        }
        for sentence in ["$4 million was taken from their bridge.", "The country's exchange lost it."] {
            assert!(!points_to_somebody(sentence), "{sentence}");
        }
    }
}
