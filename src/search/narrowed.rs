//! Questions about values: terms narrow them to few passages, columns decide.
//!
//! A column alone would be asked for every passage of the index; the terms of a value (its step of
//! size, its years and months) name the passages that have it, and the few worth asking.

use super::values::{AmountTest, DateTest, MayBe};
use crate::extract::{Hedge, Kind};
use crate::index::schema::hedge_number;
use crate::index::values::{day, month_path, months, number, size_term, step, step_ends};
use crate::index::{Facet, Index};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Bound;
use tantivy::query::doc_predicate_query::{
    ConstOrVariableSegmentPredicate, DocPredicate, DocPredicateQuery, SegmentDocPredicate,
};
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, EnableScoring, InvertedIndexRangeQuery, Occur, Query as Asked, RangeQuery,
    TermQuery, TermSetQuery,
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

/// Passages of either query.
fn either(one: Box<dyn Asked>, other: Box<dyn Asked>) -> Box<dyn Asked> {
    Box::new(BooleanQuery::new(vec![(Occur::Should, one), (Occur::Should, other)]))
}

/// Passages in which one amount passes all: range, currency, hedge.
pub fn amounts(index: &Index, test: &AmountTest, hedge: Option<Hedge>) -> Box<dyn Asked> {
    let f = &index.fields;
    let currency = test.currency.as_deref();
    let (from, to) = (test.from.as_ref().map(|b| number(b.0)), test.to.as_ref().map(|b| number(b.0)));
    match (from, to, currency, hedge) {
        (None, None, None, None) => return with_terms(f.facet(Facet::Kind), [Kind::Amount.name()]),
        (None, None, Some(code), None) => return with_terms(f.facet(Facet::Currency), [code]),
        (None, None, None, Some(hedge)) => return with_terms(f.hedge, [hedge.name()]),
        _ => {}
    }
    // In a step of size that lies in the range as a whole, every amount passes.
    let from_with = test.from.as_ref().is_none_or(super::values::is_with);
    let is_inside = |step: &usize| {
        let (begin, end) = step_ends(*step);
        let above = from.is_none_or(|from| begin > from || from_with && begin == from);
        above && to.is_none_or(|to| end <= to)
    };
    let steps = step(from.unwrap_or(0.0))..=step(to.unwrap_or(f64::MAX));
    let (inside, border): (Vec<usize>, Vec<usize>) =
        steps.partition(|step| hedge.is_none() && is_inside(step));
    let of_sizes = |steps: &[usize]| with_terms(f.size, steps.iter().map(|step| size_term(currency, *step)));
    if border.is_empty() {
        return of_sizes(&inside);
    }
    let candidates = match (from, to, hedge) {
        (None, None, Some(hedge)) => with_terms(f.hedge, [hedge.name()]),
        _ => of_sizes(&border),
    };
    let (code, test) = (test.currency.clone(), test.clone());
    let hedge = hedge.map(hedge_number);
    let tested = one_amount(index, candidates, code, move |low, high, its| {
        test.passes(low, high) && hedge.is_none_or(|h| h == its)
    });
    if inside.is_empty() { tested } else { either(of_sizes(&inside), tested) }
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
    (step(from)..=step(to)).map(|step| size_term(currency, step)).collect()
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

/// Passages with a mentioned date that overlaps the period, or, where `exact`, is the period.
pub fn dates(index: &Index, test: &DateTest, exact: bool) -> Box<dyn Asked> {
    let f = &index.fields;
    let (from, to) = (test.from.map_or(i64::MIN, day), test.to.map_or(i64::MAX, day));
    let tested = |candidates| {
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
    };
    if exact {
        let months = with_terms(f.facet(Facet::Date), test.from.map(month_path));
        return tested(either(months, with_terms(f.long, test.from.map(|d| format!("{:04}", d.year())))));
    }
    if test.from.is_none() && test.to.is_none() {
        return with_terms(f.facet(Facet::Kind), [Kind::Date.name()]);
    }
    // A date that touches a year or month that lies in the period as a whole, overlaps the period.
    let first_year = test.from.map(|d| if d.day_of_year() == 1 { d.year() } else { d.year() + 1 });
    let last_year = test.to.map(|d| if d == d.last_of_year() { d.year() } else { d.year() - 1 });
    let mut any: Vec<Box<dyn Asked>> = Vec::new();
    if first_year.zip(last_year).is_none_or(|(first, last)| first <= last) {
        any.push(years(index, first_year, last_year));
    }
    // The months of the years that it begins and ends in.
    let is_whole =
        |year: i16| first_year.is_none_or(|first| first <= year) && last_year.is_none_or(|last| year <= last);
    let (mut edge, mut years_of_edge) = (BTreeSet::new(), BTreeSet::new());
    for end in [test.from, test.to].into_iter().flatten().filter(|d| !is_whole(d.year())) {
        years_of_edge.insert(format!("{:04}", end.year()));
        let begin = test.from.map_or(end.first_of_year(), |from| from.max(end.first_of_year()));
        edge.extend(months(begin, test.to.map_or(end.last_of_year(), |to| to.min(end.last_of_year()))));
    }
    if !edge.is_empty() {
        let (inside, border): (Vec<Date>, Vec<Date>) = edge.into_iter().partition(|month| {
            test.from.is_none_or(|from| from <= *month)
                && test.to.is_none_or(|to| month.last_of_month() <= to)
        });
        if !inside.is_empty() {
            any.push(with_terms(f.facet(Facet::Date), inside.into_iter().map(month_path)));
        }
        let long = with_terms(f.long, years_of_edge);
        any.push(tested(match border.is_empty() {
            true => long,
            false => either(with_terms(f.facet(Facet::Date), border.into_iter().map(month_path)), long),
        }));
    }
    match any.len() {
        1 => any.swap_remove(0),
        _ => Box::new(BooleanQuery::new(any.into_iter().map(|query| (Occur::Should, query)).collect())),
    }
}

/// More years than these are not listed one by one.
const YEARS: i16 = 100;

/// Passages with a mentioned date that touches one of the years.
fn years(index: &Index, first: Option<i16>, last: Option<i16>) -> Box<dyn Asked> {
    let field = index.fields.facet(Facet::Date);
    if let Some((first, last)) = first.zip(last).filter(|(first, last)| last - first < YEARS) {
        return with_terms(field, (first..=last).map(|year| format!("{year:04}")));
    }
    // Terms of months begin with their year, so they lie between.
    let term = |year: i16| Term::from_field_text(field, &format!("{year:04}"));
    let end = last.and_then(|last| last.checked_add(1)).filter(|end| *end < 10_000);
    let (begin, end) =
        (first.map_or(0, |y| y.max(0)), end.map_or(Bound::Unbounded, |y| Bound::Excluded(term(y))));
    Box::new(InvertedIndexRangeQuery::new(Bound::Included(term(begin)), end))
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
    let begins: Box<dyn Asked> = Box::new(RangeQuery::new(Bound::Unbounded, Bound::Included(begins)));
    let ends: Box<dyn Asked> = Box::new(RangeQuery::new(Bound::Included(ends), Bound::Unbounded));
    Box::new(BooleanQuery::new(vec![(Occur::Must, begins), (Occur::Must, ends)]))
}
