//! Questions about values: terms narrow them to few passages, columns decide.
//!
//! A column alone would be asked for every passage of the index; the terms of a value (its decade
//! of size, its years) name the passages worth asking.

use super::values::{AmountTest, DateTest, MayBe};
use crate::extract::{Hedge, Kind};
use crate::index::schema::hedge_number;
use crate::index::values::{DECADES, day, decade, number, size_term};
use crate::index::{Facet, Index};
use jiff::civil::Date;
use std::fmt;
use tantivy::query::doc_predicate_query::{
    ConstOrVariableSegmentPredicate, DocPredicate, DocPredicateQuery, SegmentDocPredicate,
};
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, EnableScoring, Occur, Query as Asked, RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption, Schema};
use tantivy::{DocId, Score, SegmentReader, Term};

/// A test of one passage in a segment.
struct Passes(Box<dyn Fn(DocId) -> bool + Send + Sync>);

impl SegmentDocPredicate for Passes {
    fn eval(&mut self, doc: DocId) -> bool {
        (self.0)(doc)
    }
}

/// Makes the test of a segment.
type Tests = Box<dyn Fn(&SegmentReader) -> tantivy::Result<Passes> + Send + Sync>;

/// Passages that a query finds and that pass a test.
struct Narrowed {
    candidates: Box<dyn Asked>,
    schema: Schema,
    tests: Tests,
}

impl fmt::Debug for Narrowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Narrowed").field(&self.candidates).finish()
    }
}

impl DocPredicate for Narrowed {
    type SegmentDocPredicate = Passes;

    fn doc_predicate(
        &self,
        segment: &SegmentReader,
    ) -> tantivy::Result<ConstOrVariableSegmentPredicate<Passes>> {
        let weight = self.candidates.weight(EnableScoring::disabled_from_schema(&self.schema))?;
        Ok(ConstOrVariableSegmentPredicate::Variable {
            predicate: (self.tests)(segment)?,
            necessary_condition: Box::new(weight.scorer(segment, 1.0 as Score)?),
        })
    }
}

fn narrowed<F>(index: &Index, candidates: Box<dyn Asked>, tests: F) -> Box<dyn Asked>
where
    F: Fn(&SegmentReader) -> tantivy::Result<Passes> + Send + Sync + 'static,
{
    let schema = index.searcher.schema().clone();
    Box::new(DocPredicateQuery::from(Narrowed { candidates, schema, tests: Box::new(tests) }))
}

/// Passages with one of the terms, not scored.
pub fn with_terms<T: AsRef<str>>(field: Field, terms: impl IntoIterator<Item = T>) -> Box<dyn Asked> {
    let mut terms: Vec<Term> = terms.into_iter().map(|t| Term::from_field_text(field, t.as_ref())).collect();
    match terms.len() {
        1 => {
            let one = TermQuery::new(terms.swap_remove(0), IndexRecordOption::Basic);
            Box::new(ConstScoreQuery::new(Box::new(one), 1.0))
        }
        _ => Box::new(TermSetQuery::new(terms)),
    }
}

/// Passages in which one amount passes all: range, currency, hedge.
pub fn amounts(index: &Index, test: &AmountTest, hedge: Option<Hedge>) -> Box<dyn Asked> {
    let f = &index.fields;
    let currency = test.currency.as_deref();
    let (from, to) = (test.from.as_ref().map(|b| number(b.0)), test.to.as_ref().map(|b| number(b.0)));
    let candidates = match (from, to, currency, hedge) {
        (None, None, None, None) => return with_terms(f.facet(Facet::Kind), [Kind::Amount.name()]),
        (None, None, Some(code), None) => return with_terms(f.facet(Facet::Currency), [code]),
        (None, None, None, Some(hedge)) => return with_terms(f.hedge, [hedge.name()]),
        (None, None, _, Some(hedge)) => with_terms(f.hedge, [hedge.name()]),
        _ => with_terms(f.size, sizes(currency, from.unwrap_or(0.0), to.unwrap_or(f64::MAX))),
    };
    // From the border of a decade on, the terms say all there is to say.
    let whole = hedge.is_none() && to.is_none() && test.from.as_ref().is_some_and(super::values::is_with);
    if whole && from.is_some_and(|from| DECADES.iter().any(|(_, begin)| *begin == from)) {
        return candidates;
    }
    let (currency, test) = (test.currency.clone(), test.clone());
    let hedge = hedge.map(hedge_number);
    one_amount(index, candidates, currency, move |low, high, its| {
        test.passes(low, high) && hedge.is_none_or(|h| h == its)
    })
}

/// Passages with an amount that is hedged so that it may be this one.
pub fn may_be(index: &Index, amount: &MayBe) -> Box<dyn Asked> {
    let (from, to) = amount.reach();
    let candidates = with_terms(index.fields.size, sizes(Some(&amount.currency), from, to));
    let asked = amount.clone();
    one_amount(index, candidates, Some(amount.currency.clone()), move |low, high, hedge| {
        let hedge = usize::try_from(hedge).ok().and_then(|n| Hedge::ALL.get(n));
        hedge.is_some_and(|hedge| asked.passes(low, high, *hedge))
    })
}

fn sizes(currency: Option<&str>, from: f64, to: f64) -> Vec<String> {
    (decade(from)..=decade(to)).map(|d| size_term(currency, d)).collect()
}

/// Passages in which one amount passes: low, high and number of the hedge are asked together.
fn one_amount<F>(
    index: &Index,
    candidates: Box<dyn Asked>,
    currency: Option<String>,
    passes: F,
) -> Box<dyn Asked>
where
    F: Fn(f64, f64, u64) -> bool + Clone + Send + Sync + 'static,
{
    narrowed(index, candidates, move |segment| {
        let columns = segment.fast_fields();
        let low = columns.f64("amount_low")?;
        let high = columns.f64("amount_high")?;
        let hedges = columns.u64("amount_hedge")?;
        let currencies = columns.str("currency")?;
        let wanted = match (&currency, &currencies) {
            (None, _) => None,
            (Some(code), Some(column)) => {
                // A currency the segment has not is one no amount has.
                Some(column.dictionary().term_ord(code.as_bytes())?.unwrap_or(u64::MAX))
            }
            (Some(_), None) => Some(u64::MAX),
        };
        let passes = passes.clone();
        Ok(Passes(Box::new(move |doc| {
            // Columns keep the order the values were added in: the n-th of each is one amount.
            let ends = low.values_for_doc(doc).zip(high.values_for_doc(doc));
            ends.zip(hedges.values_for_doc(doc)).enumerate().any(|(n, ((low, high), hedge))| {
                passes(low, high, hedge)
                    && wanted.is_none_or(|w| {
                        currencies.as_ref().and_then(|c| c.ords().values_for_doc(doc).nth(n)) == Some(w)
                    })
            })
        })))
    })
}

/// More years than these are not listed one by one.
const YEARS: i16 = 400;

/// Passages with a mentioned date that overlaps the period, or, where `exact`, is the period.
pub fn dates(index: &Index, test: &DateTest, exact: bool) -> Box<dyn Asked> {
    let f = &index.fields;
    let years = test.from.zip(test.to).map(|(a, b)| (a.year(), b.year())).filter(|(a, b)| b - a <= YEARS);
    let candidates = match years {
        Some((a, b)) => with_terms(f.facet(Facet::Date), (a..=b).map(|y| format!("{y:04}"))),
        None => with_terms(f.facet(Facet::Kind), [Kind::Date.name()]),
    };
    let is_whole_years =
        |(a, b): (Date, Date)| a.day_of_year() == 1 && b.tomorrow().is_ok_and(|d| d.day_of_year() == 1);
    if !exact && years.is_some() && test.from.zip(test.to).is_some_and(is_whole_years) {
        return candidates;
    }
    let (from, to) = (test.from.map_or(i64::MIN, day), test.to.map_or(i64::MAX, day));
    narrowed(index, candidates, move |segment| {
        let starts = segment.fast_fields().i64("date_start")?;
        let ends = segment.fast_fields().i64("date_end")?;
        Ok(Passes(Box::new(move |doc| {
            starts.values_for_doc(doc).zip(ends.values_for_doc(doc)).any(|(s, e)| match exact {
                true => s == from && e == to,
                false => e >= from && s <= to,
            })
        })))
    })
}

/// Passages of documents published in the period.
pub fn published(index: &Index, test: &DateTest) -> Box<dyn Asked> {
    let term = |field, date| Term::from_field_i64(field, day(date));
    let (from, to) = (test.from.unwrap_or(Date::MIN), test.to.unwrap_or(Date::MAX));
    let f = &index.fields;
    between(term(f.published_start, to), term(f.published_end, from))
}

/// Passages that stand, in part or whole, on these pages.
pub fn pages(index: &Index, first: u64, last: u64) -> Box<dyn Asked> {
    let f = &index.fields;
    between(Term::from_field_u64(f.page, last), Term::from_field_u64(f.page_end, first))
}

/// A stretch that begins at the latest here and ends at the earliest there.
fn between(begins: Term, ends: Term) -> Box<dyn Asked> {
    use std::ops::Bound::{Included, Unbounded};
    let begins: Box<dyn Asked> = Box::new(RangeQuery::new(Unbounded, Included(begins)));
    let ends: Box<dyn Asked> = Box::new(RangeQuery::new(Included(ends), Unbounded));
    Box::new(BooleanQuery::new(vec![(Occur::Must, begins), (Occur::Must, ends)]))
}
