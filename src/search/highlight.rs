//! Why a passage was found, as stretches of its text.

use super::values::{AmountTest, DateTest, MayBe};
use crate::document::Span;
use crate::extract::row::MentionRow;
use crate::extract::{Hedge, Kind, Value};
use crate::index::language::Language;
use crate::index::record::PassageRecord;
use crate::index::tokens::{Stems, Token, literals};
use crate::index::values::number;
use jiff::civil::Date;

/// Something to mark in a passage.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// Stems one after the other.
    Stems(Vec<String>),
    /// Literals one after the other.
    Literals(Vec<String>),
    /// The same, of which the last only begins so.
    Beginning(Vec<String>),
    /// A literal so many letters off.
    Near(String, u8),
    Amount(AmountTest, Option<Hedge>),
    /// An amount hedged so that it may be this one.
    MayBe(MayBe),
    Date(DateTest),
    /// A date that is this very period.
    Period(Date, Date),
    Exchange(String),
    /// An address that begins so, in any case of letters.
    Wallet(String),
    Kind(Kind),
}

impl Mark {
    /// What is marked: `word`, `phrase`, or the kind of a mention.
    pub fn name(&self) -> &'static str {
        match self {
            Mark::Stems(_) | Mark::Beginning(_) | Mark::Near(..) => "word",
            Mark::Literals(_) => "phrase",
            Mark::Amount(..) | Mark::MayBe(_) => Kind::Amount.name(),
            Mark::Date(_) | Mark::Period(..) => Kind::Date.name(),
            Mark::Exchange(_) => Kind::Exchange.name(),
            Mark::Wallet(_) => Kind::Wallet.name(),
            Mark::Kind(kind) => kind.name(),
        }
    }

    fn is_of(&self, mention: &MentionRow) -> bool {
        match (self, &mention.value) {
            (Mark::Kind(kind), value) => value.kind() == *kind,
            (Mark::Amount(test, hedge), Value::Amount(v)) => {
                test.passes_amount(v) && hedge.is_none_or(|h| h == v.hedge)
            }
            (Mark::MayBe(asked), Value::Amount(v)) => {
                v.currency == asked.currency && asked.passes(number(v.low), number(v.high), v.hedge)
            }
            (Mark::Date(test), Value::Date(v)) => test.passes(v.start, v.end),
            (Mark::Period(start, end), Value::Date(v)) => v.start == *start && v.end == *end,
            (Mark::Exchange(name), Value::Exchange(v)) => v.name == *name,
            (Mark::Wallet(begin), Value::Wallet(v)) => {
                v.address.to_lowercase().starts_with(&begin.to_lowercase())
            }
            _ => false,
        }
    }
}

/// The stretches of a passage's printed text to mark, with why, in order, none overlapping.
pub fn highlights(
    passage: &PassageRecord,
    mentions: &[MentionRow],
    marks: &[Mark],
) -> Vec<(Span, &'static str)> {
    let (text, _) = passage.printed();
    let language = Language::of_code(&passage.language).unwrap_or(Language::ENGLISH);
    let stems = Stems::new(language).of(text);
    let literals = literals(text);
    let mut named: Vec<(Span, &'static str)> = Vec::new();
    for mark in marks {
        let mut found: Vec<Span> = Vec::new();
        match mark {
            Mark::Stems(wanted) => {
                in_a_row(&stems, wanted.len(), &mut found, |n, t| wanted.get(n) == Some(&t.text))
            }
            Mark::Literals(wanted) => {
                in_a_row(&literals, wanted.len(), &mut found, |n, t| wanted.get(n) == Some(&t.text));
            }
            Mark::Beginning(wanted) => in_a_row(&literals, wanted.len(), &mut found, |n, t| {
                wanted
                    .get(n)
                    .is_some_and(|w| if n + 1 == wanted.len() { t.text.starts_with(w) } else { t.text == *w })
            }),
            Mark::Near(word, distance) => in_a_row(&literals, 1, &mut found, |_, t| {
                strsim::osa_distance(&t.text, word) <= usize::from(*distance)
            }),
            mark => {
                found
                    .extend(mentions.iter().filter(|m| mark.is_of(m)).filter_map(|m| passage.within(m.span)));
            }
        }
        named.extend(found.into_iter().map(|span| (span, mark.name())));
    }
    named.sort();
    let mut merged: Vec<(Span, &'static str)> = Vec::new();
    for (span, why) in named {
        match merged.last_mut() {
            // Words that stand next to each other keep their own marks.
            Some((last, whole)) if span.start < last.end => {
                // The longer one tells why.
                if span.len() > last.len() {
                    *whole = why;
                }
                last.end = last.end.max(span.end);
            }
            _ => merged.push((span, why)),
        }
    }
    merged
}

/// Runs of tokens that pass one by one.
fn in_a_row(tokens: &[Token], length: usize, found: &mut Vec<Span>, passes: impl Fn(usize, &Token) -> bool) {
    if length == 0 {
        return;
    }
    for run in tokens.windows(length) {
        if run.iter().enumerate().all(|(n, t)| passes(n, t))
            && let (Some(first), Some(last)) = (run.first(), run.last())
        {
            found.push(Span::new(first.start, last.end));
        }
    }
}
