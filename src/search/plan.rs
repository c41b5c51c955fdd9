//! A [`Query`] and the chosen facet values to tantivy's queries, and to the marks that show in a
//! passage why it was found.

use super::documents::{Name, Unit};
use super::highlight::Mark;
use super::narrowed::{self, amounts, with_terms};
use super::query::{Leaf, Query, Test};
use super::values::{AmountTest, DateTest, MayBe};
use super::{Filters, synonyms};
use crate::error::Result;
use crate::extract::{self, Kind, Value};
use crate::index::language::Language;
use crate::index::tokens::{Stems, folded, literals};
use crate::index::{Facet, Index, path_term};
use crate::structure;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, FuzzyTermQuery,
    InvertedIndexRangeQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as Asked, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

/// How much a word in the headings above counts, beside one in the passage itself; one in the title counts
/// for the document.
const HEADING: f32 = 0.2;
/// A word that stands in a table's heads or caption finds the row, and counts less.
const TABLE: f32 = 0.6;
/// What another name for the same thing counts.
const SYNONYM: f32 = 0.6;
/// What the words of a name count apart from each other.
const PART: f32 = 0.3;
/// What two words that stand next to each other in the query add where they stand so in the
/// passage, and where they stand within some words of each other.
const PAIR: f32 = 0.1;
const NEAR_PAIR: f32 = 0.06;
const NEAR_WORDS: u32 = 6;
/// The score of a value found in another spelling: about that of a rare phrase.
const VALUE: f32 = 6.0;
/// The score of an amount hedged so that it may be the one asked for.
const HEDGED: f32 = 2.0;

/// English function words; a list of words is not matched by these alone.
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "before", "by",
    "can", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if",
    "in", "into", "is", "it", "its", "many", "may", "me", "much", "my", "no", "not", "of", "on", "or", "our",
    "per", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "to", "was", "we", "were", "what", "when", "where", "which", "who",
    "whom", "whose", "why", "will", "with", "would", "you", "your",
];

/// A query ready to run.
pub struct Plan {
    /// Decides which passages are found, and scores them.
    pub passages: Box<dyn Asked>,
    /// Whether that is every passage of the index.
    pub all: bool,
    /// Whether it scores them; else they stand in the order of the corpus.
    pub scored: bool,
    /// The values chosen, facet by facet: a passage passes all.
    pub chosen: Vec<(Facet, Box<dyn Asked>)>,
    /// Scores whole documents; none where the query has no words.
    pub documents: Vec<Unit>,
    pub marks: Vec<Mark>,
    /// The currency the query asks for, where it does.
    pub currency: Option<String>,
    /// How many passages a term counts as, where it is one of several names.
    pub frequencies: BTreeMap<Term, u64>,
    /// The kind of value the words ask for.
    pub preferred: Option<Kind>,
    /// What the user should know of how the query was read.
    pub notes: Vec<String>,
}

struct Planner<'a> {
    index: &'a Index,
    stems: Vec<Stems>,
    synonyms: bool,
    notes: Vec<String>,
    marks: Vec<Mark>,
    frequencies: BTreeMap<Term, u64>,
}

/// Plans a query with its filters.
pub fn plan(index: &Index, query: Option<&Query>, filters: &Filters, synonyms: bool) -> Result<Plan> {
    let mut languages: Vec<Language> =
        index.head.languages.iter().filter_map(|l| Language::of_code(l)).collect();
    if languages.is_empty() {
        languages.push(Language::ENGLISH);
    }
    let stems = languages.into_iter().map(Stems::new).collect();
    let mut planner = Planner {
        index,
        stems,
        synonyms,
        notes: Vec::new(),
        marks: Vec::new(),
        frequencies: BTreeMap::new(),
    };
    let asked = match query {
        Some(query) => planner.query(query, true)?,
        None => planner.every_passage(),
    };
    let mut chosen: Vec<(Facet, Box<dyn Asked>)> = Vec::new();
    for (facet, values) in &filters.chosen {
        let mut any: Vec<Box<dyn Asked>> = Vec::new();
        for value in values {
            any.push(planner.facet(*facet, value)?);
        }
        chosen.push((*facet, unscored(union(any))));
    }
    let documents = query.map(|q| planner.documents(q)).unwrap_or_default();
    let currency = planner.marks.iter().find_map(|mark| match mark {
        Mark::Amount(test, _) => test.currency.clone(),
        _ => None,
    });
    let preferred = query.and_then(asked_for);
    if let Some(kind) = preferred {
        planner.notes.push(format!("the question is of {kind}s: passages with one count more"));
    }
    Ok(Plan {
        passages: asked,
        all: query.is_none(),
        scored: query.is_some_and(|q| q.positive().iter().any(|leaf| is_scored(&leaf.test))),
        chosen,
        documents,
        marks: planner.marks,
        currency,
        frequencies: planner.frequencies,
        preferred,
        notes: planner.notes,
    })
}

/// Words of money: who asks with them wants a figure.
const MONEY_WORDS: &[&str] = &[
    "amount", "cost", "costs", "earn", "earned", "earnings", "income", "loss", "losses", "money", "paid",
    "payment", "payments", "price", "proceeds", "profit", "profits", "revenue", "revenues", "spent", "sum",
    "value", "worth",
];

/// The kind of value the words of a query ask for: `how much`, `losses`; `when`.
fn asked_for(query: &Query) -> Option<Kind> {
    let Query::Ranked(leaves) = query else { return None };
    let words: Vec<String> = leaves
        .iter()
        .filter_map(|leaf| match &leaf.test {
            Test::Word(word) => Some(folded(word)),
            _ => None,
        })
        .collect();
    let how_much = words.windows(2).any(|w| matches!(w, [a, b] if a == "how" && b == "much"));
    if how_much || words.iter().any(|w| MONEY_WORDS.contains(&w.as_str())) {
        return Some(Kind::Amount);
    }
    words.first().is_some_and(|w| w == "when").then_some(Kind::Date)
}

/// The words of a list, each once: one that is typed twice asks for no more.
fn once(leaves: &[Leaf]) -> Vec<Leaf> {
    let mut kept: Vec<Leaf> = Vec::with_capacity(leaves.len());
    for leaf in leaves {
        let stands = kept.iter().any(|k| match (&k.test, &leaf.test) {
            (Test::Word(a), Test::Word(b)) => folded(a) == folded(b),
            (a, b) => a == b,
        });
        if !stands {
            kept.push(leaf.clone());
        }
    }
    kept
}

/// The printed words of leaves.
fn printed(leaves: &[Leaf]) -> String {
    let words = leaves.iter().filter_map(|l| match &l.test {
        Test::Word(w) | Test::Literal { text: w, .. } => Some(w.as_str()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether some of the passages that pass are better ones than others.
fn is_scored(test: &Test) -> bool {
    matches!(
        test,
        Test::Word(_)
            | Test::Literal { .. }
            | Test::Near { .. }
            | Test::Prefix(_)
            | Test::Fuzzy { .. }
            | Test::Title(_)
            | Test::Heading(_)
    )
}

fn unscored(query: Box<dyn Asked>) -> Box<dyn Asked> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn union(mut any: Vec<Box<dyn Asked>>) -> Box<dyn Asked> {
    match any.len() {
        0 => Box::new(EmptyQuery),
        1 => any.swap_remove(0),
        _ => Box::new(BooleanQuery::new(any.into_iter().map(|q| (Occur::Should, q)).collect())),
    }
}

/// The best of several ways to say the same.
fn best(mut any: Vec<Box<dyn Asked>>) -> Box<dyn Asked> {
    match any.len() {
        0 => Box::new(EmptyQuery),
        1 => any.swap_remove(0),
        _ => Box::new(DisjunctionMaxQuery::with_tie_breaker(any, 0.2)),
    }
}

fn boosted(query: Box<dyn Asked>, by: f32) -> Box<dyn Asked> {
    Box::new(BoostQuery::new(query, by))
}

/// The terms one after the other.
fn phrase(field: Field, terms: &[String], slop: u32) -> Box<dyn Asked> {
    let mut terms: Vec<Term> = terms.iter().map(|t| Term::from_field_text(field, t)).collect();
    match terms.len() {
        0 => Box::new(EmptyQuery),
        1 => Box::new(TermQuery::new(terms.swap_remove(0), IndexRecordOption::WithFreqs)),
        _ => Box::new(PhraseQuery::new_with_offset_and_slop(terms.into_iter().enumerate().collect(), slop)),
    }
}

/// Terms that begin so.
fn beginning(field: Field, prefix: &str) -> Box<dyn Asked> {
    let end = format!("{prefix}\u{10ffff}");
    Box::new(InvertedIndexRangeQuery::new(
        Bound::Included(Term::from_field_text(field, prefix)),
        Bound::Excluded(Term::from_field_text(field, &end)),
    ))
}

impl Planner<'_> {
    fn every_passage(&self) -> Box<dyn Asked> {
        let term = Term::from_field_text(self.index.fields.what, "passage");
        Box::new(ConstScoreQuery::new(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), 0.0))
    }

    fn query(&mut self, query: &Query, positive: bool) -> Result<Box<dyn Asked>> {
        Ok(match query {
            Query::Leaf(leaf) => self.ranked(std::slice::from_ref(leaf), positive)?,
            Query::Ranked(leaves) => self.ranked(leaves, positive)?,
            Query::Any(parts) => {
                let parts: Result<Vec<_>> = parts.iter().map(|p| self.query(p, positive)).collect();
                union(parts?)
            }
            Query::Not(part) => {
                let part = self.query(part, false)?;
                let parts = vec![(Occur::Must, self.every_passage()), (Occur::MustNot, part)];
                unscored(Box::new(BooleanQuery::new(parts)))
            }
            Query::All(parts) => {
                // What is asked of amounts is asked of one amount.
                let tests: Vec<&Test> = parts
                    .iter()
                    .filter_map(|p| match p {
                        Query::Leaf(leaf) => Some(&leaf.test),
                        _ => None,
                    })
                    .collect();
                let has_amount = tests.iter().any(|t| matches!(t, Test::Amount(_)));
                let currency = tests.iter().find_map(|t| match t {
                    Test::Currency(code) => Some(code.clone()),
                    _ => None,
                });
                let hedge = tests.iter().find_map(|t| match t {
                    Test::Hedge(hedge) => Some(*hedge),
                    _ => None,
                });
                let mut clauses = Vec::new();
                for part in parts {
                    match part {
                        Query::Not(part) => clauses.push((Occur::MustNot, self.query(part, false)?)),
                        Query::Leaf(Leaf { test: Test::Amount(test), .. }) => {
                            let mut test = test.clone();
                            test.currency = test.currency.or(currency.clone());
                            self.mark(positive, Mark::Amount(test.clone(), hedge));
                            clauses.push((Occur::Must, unscored(amounts(self.index, &test, hedge))));
                        }
                        Query::Leaf(Leaf { test: Test::Currency(_) | Test::Hedge(_), .. }) if has_amount => {}
                        part => clauses.push((Occur::Must, self.query(part, positive)?)),
                    }
                }
                if clauses.iter().all(|(o, _)| *o == Occur::MustNot) {
                    clauses.push((Occur::Must, self.every_passage()));
                }
                Box::new(BooleanQuery::new(clauses))
            }
        })
    }

    fn mark(&mut self, positive: bool, mark: Mark) {
        if positive && !self.marks.contains(&mark) {
            self.marks.push(mark);
        }
    }

    /// Words: at least one must stand in the passage; those in the headings count as well.
    fn ranked(&mut self, leaves: &[Leaf], positive: bool) -> Result<Box<dyn Asked>> {
        let leaves = &once(leaves)[..];
        let is_function_word =
            |leaf: &Leaf| matches!(&leaf.test, Test::Word(w) if FUNCTION_WORDS.contains(&folded(w).as_str()));
        let all_are = leaves.iter().all(is_function_word);
        let mut any: Vec<Box<dyn Asked>> = Vec::new();
        let mut beside: Vec<Box<dyn Asked>> = Vec::new();
        let sets = if self.synonyms { synonyms::found_in(leaves) } else { Vec::new() };
        let mut at = 0;
        while let Some(leaf) = leaves.get(at) {
            if let Some(set) = sets.iter().find(|s| s.from == at) {
                // One thing by any of its names; the words of the name apart count less.
                let words = leaves.get(set.from..set.to).unwrap_or(&[]);
                let mut ways = self.names(&printed(words), &set.others, positive);
                if words.len() > 1 {
                    let apart: Result<Vec<_>> = words.iter().map(|l| self.leaf(l, positive)).collect();
                    ways.push(boosted(union(apart?), PART));
                }
                self.notes.push(format!("also finds {}", set.others.join(", ")));
                any.push(best(ways));
                for word in words {
                    beside.extend(self.beside(&word.test));
                }
                for other in &set.others {
                    beside.extend(self.beside(&Test::Word(other.clone())).map(|q| boosted(q, SYNONYM)));
                }
                at = set.to;
                continue;
            }
            if !is_function_word(leaf) || all_are {
                any.push(self.leaf(leaf, positive)?);
                beside.extend(self.beside(&leaf.test));
            }
            at += 1;
        }
        // Words that stand next to each other in the query, next to each other in the passage.
        for pair in leaves.windows(2) {
            if let [Leaf { test: Test::Word(one), .. }, Leaf { test: Test::Word(two), .. }] = pair
                && !pair.iter().any(is_function_word)
            {
                let both = format!("{one} {two}");
                for (slop, by) in [(0, PAIR), (NEAR_WORDS, NEAR_PAIR)] {
                    let ways = self.stemmed(&both).into_iter();
                    let ways = ways.map(|way| phrase(self.index.fields.text, &way, slop)).collect();
                    beside.push(boosted(best(ways), by));
                }
            }
        }
        let found = union(any);
        if beside.is_empty() {
            return Ok(found);
        }
        let mut clauses = vec![(Occur::Must, found)];
        clauses.extend(beside.into_iter().map(|q| (Occur::Should, q)));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// One thing by any of its names, scored as one word that is as frequent as all of them.
    fn names(&mut self, own: &str, others: &[String], positive: bool) -> Vec<Box<dyn Asked>> {
        let length = self.length(own);
        self.pool(own, others);
        let mut ways = Vec::with_capacity(others.len() + 1);
        for (name, by) in [(own, 1.0)].into_iter().chain(others.iter().map(|o| (o.as_str(), SYNONYM))) {
            let of_a_word = length.sqrt() / self.length(name);
            ways.push(boosted(self.words_in_a_row(name, positive), by * of_a_word));
        }
        ways
    }

    /// How many words a name has.
    fn length(&self, name: &str) -> f32 {
        self.stemmed(name).iter().map(Vec::len).max().unwrap_or(1).max(1) as f32
    }

    /// Lets the words of every name count as frequent as the thing they name.
    fn pool(&mut self, own: &str, others: &[String]) {
        let (searcher, field) = (&self.index.searcher, self.index.fields.text);
        let mut terms: Vec<Term> = Vec::new();
        let mut all = 0;
        for name in [own].into_iter().chain(others.iter().map(String::as_str)) {
            // A name stands where the rarest of its words stands, at most.
            let mut stands = 0;
            for way in self.stemmed(name) {
                let way = way.iter().map(|t| Term::from_field_text(field, t));
                let counts = way.clone().map(|t| searcher.doc_freq(&t).unwrap_or(0));
                stands = stands.max(counts.min().unwrap_or(0));
                terms.extend(way);
            }
            all += stands;
        }
        for term in terms {
            self.frequencies.insert(term, all);
        }
    }

    /// Every way the languages of the index stem a text.
    fn stemmed(&self, text: &str) -> BTreeSet<Vec<String>> {
        let ways = self.stems.iter().map(|s| s.of(text).into_iter().map(|t| t.text).collect::<Vec<_>>());
        ways.filter(|way: &Vec<String>| !way.is_empty()).collect()
    }

    fn words_in_a_row(&mut self, text: &str, positive: bool) -> Box<dyn Asked> {
        let f = &self.index.fields;
        let (text_field, table) = (f.text, f.table);
        let ways = self.stemmed(text);
        let mut any = Vec::new();
        for way in &ways {
            any.push(phrase(text_field, way, 0));
            any.push(boosted(phrase(table, way, 0), TABLE));
        }
        for way in ways {
            self.mark(positive, Mark::Stems(way));
        }
        best(any)
    }

    /// What the headings add to a passage's score.
    fn beside(&self, test: &Test) -> Option<Box<dyn Asked>> {
        let text = match test {
            Test::Word(text) | Test::Literal { text, .. } => text,
            _ => return None,
        };
        let heading = self.index.fields.heading;
        let ways = self.stemmed(text).into_iter().map(|way| phrase(heading, &way, 0)).collect();
        Some(boosted(best(ways), HEADING))
    }

    fn leaf(&mut self, leaf: &Leaf, positive: bool) -> Result<Box<dyn Asked>> {
        let index = self.index;
        let f = &index.fields;
        Ok(match &leaf.test {
            Test::Word(word)
                if !word.is_ascii()
                    && literals(word).len() > 1
                    && self.stemmed(word).iter().any(|w| w.len() + 1 == literals(word).len()) =>
            {
                // Ideographs: any stretch of a run is found, literally.
                self.literal(word, &[], positive)
            }
            Test::Word(word) if word.chars().count() == 1 && !word.is_ascii() => {
                self.literal(word, &[], positive)
            }
            Test::Word(word) => self.words_in_a_row(word, positive),
            Test::Literal { text, values } => self.literal(text, values, positive),
            Test::Near { text, slop } => {
                let ways = self.stemmed(text);
                let any = ways.iter().map(|way| phrase(f.text, way, *slop)).collect();
                for stem in ways.into_iter().flatten() {
                    self.mark(positive, Mark::Stems(vec![stem]));
                }
                best(any)
            }
            Test::Prefix(word) => {
                let mut tokens: Vec<String> = literals(word).into_iter().map(|t| t.text).collect();
                self.mark(positive, Mark::Beginning(tokens.clone()));
                match tokens.pop() {
                    None => Box::new(EmptyQuery),
                    Some(last) if tokens.is_empty() => {
                        Box::new(ConstScoreQuery::new(beginning(f.exact, &last), VALUE / 2.0))
                    }
                    Some(last) => {
                        let terms =
                            tokens.iter().chain([&last]).map(|t| Term::from_field_text(f.exact, t)).collect();
                        let mut query = PhrasePrefixQuery::new(terms);
                        // All of them, and no more: tantivy makes room for so many at once.
                        query.set_max_expansions(self.words_that_begin(f.exact, &last)?);
                        Box::new(query)
                    }
                }
            }
            Test::Fuzzy { word, distance } => {
                let word = folded(word);
                self.mark(positive, Mark::Near(word.clone(), *distance));
                Box::new(FuzzyTermQuery::new(Term::from_field_text(f.exact, &word), *distance, true))
            }
            Test::Amount(test) => {
                self.mark(positive, Mark::Amount(test.clone(), None));
                unscored(amounts(index, test, None))
            }
            Test::Hedge(hedge) => {
                let any = AmountTest { currency: None, from: None, to: None };
                self.mark(positive, Mark::Amount(any.clone(), Some(*hedge)));
                unscored(amounts(index, &any, Some(*hedge)))
            }
            Test::Date(test) => {
                self.mark(positive, Mark::Date(test.clone()));
                unscored(narrowed::dates(index, test, false))
            }
            Test::Published(test) => unscored(narrowed::published(index, test)),
            Test::Page(from, to) => unscored(narrowed::pages(index, *from, *to)),
            Test::Paragraph(number) => {
                let number = folded(number);
                let number = number.trim_end_matches('.');
                unscored(phrase(f.paragraph, &[number.to_string()], 0))
            }
            Test::Title(text) => self.in_field(f.title, text),
            Test::Heading(text) => self.in_field(f.heading, text),
            Test::Publisher(name) => self.facet(Facet::Publisher, name)?,
            Test::Document(name, true) => unscored(beginning(f.symbol, &folded(name))),
            Test::Document(name, false) => self.facet(Facet::Document, name)?,
            Test::Kind(kind) => {
                self.mark(positive, Mark::Kind(*kind));
                self.facet(Facet::Kind, kind.name())?
            }
            Test::Part(part) => unscored(phrase(f.part, std::slice::from_ref(part), 0)),
            Test::Exchange(name) => {
                for name in self.exchanges(name)? {
                    self.mark(positive, Mark::Exchange(name));
                }
                self.facet(Facet::Exchange, name)?
            }
            Test::Currency(code) => {
                let test = AmountTest { currency: Some(code.clone()), from: None, to: None };
                self.mark(positive, Mark::Amount(test, None));
                self.facet(Facet::Currency, code)?
            }
            Test::Chain(chain) => {
                self.mark(positive, Mark::Kind(Kind::Wallet));
                self.facet(Facet::Chain, chain)?
            }
            Test::Wallet(address) => {
                self.mark(positive, Mark::Wallet(address.clone()));
                unscored(beginning(f.address, &address.to_lowercase()))
            }
            Test::Language(code) => self.facet(Facet::Language, code)?,
        })
    }

    /// A phrase as it is written, or what it is read as.
    fn literal(&mut self, text: &str, values: &[Value], positive: bool) -> Box<dyn Asked> {
        let f = &self.index.fields;
        let (exact, address, exchange, symbol) = (f.exact, f.address, f.facet(Facet::Exchange), f.symbol);
        let tokens: Vec<String> = literals(text).into_iter().map(|t| t.text).collect();
        let mut any = vec![phrase(exact, &tokens, 0)];
        self.mark(positive, Mark::Literals(tokens));
        // A symbol or id also stands for its document.
        let symbol = Term::from_field_text(symbol, &folded(text));
        if self.index.searcher.doc_freq(&symbol).unwrap_or(0) > 0 {
            any.push(Box::new(ConstScoreQuery::new(
                Box::new(TermQuery::new(symbol, IndexRecordOption::Basic)),
                1.0,
            )));
        }
        for value in values {
            let same: Box<dyn Asked> = match value {
                Value::Amount(amount) => {
                    let test = AmountTest::of(amount);
                    let hedged = MayBe::of(amount);
                    self.mark(positive, Mark::Amount(test.clone(), None));
                    self.mark(positive, Mark::MayBe(hedged.clone()));
                    let hedged = narrowed::may_be(self.index, &hedged);
                    any.push(Box::new(ConstScoreQuery::new(hedged, HEDGED)));
                    amounts(self.index, &test, None)
                }
                Value::Date(date) => {
                    // Only mentions of the very period, not years that hold it.
                    self.mark(positive, Mark::Period(date.start, date.end));
                    narrowed::dates(self.index, &DateTest::of(date), true)
                }
                Value::Exchange(found) => {
                    self.mark(positive, Mark::Exchange(found.name.clone()));
                    with_terms(exchange, [format!("{}/{}", found.kind.name(), found.name)])
                }
                Value::Wallet(wallet) => {
                    self.mark(positive, Mark::Wallet(wallet.address.clone()));
                    with_terms(address, [wallet.address.to_lowercase()])
                }
            };
            any.push(Box::new(ConstScoreQuery::new(same, VALUE)));
        }
        best(any)
    }

    /// How many words of a field begin so, at most in one segment; one where there is none.
    fn words_that_begin(&self, field: Field, beginning: &str) -> Result<u32> {
        let damaged = |e: &dyn std::fmt::Display| self.index.damaged(e);
        let mut most = 1;
        for segment in self.index.searcher.segment_readers() {
            let words = segment.inverted_index(field).map_err(|e| damaged(&e))?;
            let from = words.terms().range().ge(beginning.as_bytes()).into_stream();
            let mut from = from.map_err(|e| damaged(&e))?;
            let mut here = 0;
            while from.advance() && from.key().starts_with(beginning.as_bytes()) {
                here += 1;
            }
            most = most.max(here);
        }
        Ok(most)
    }

    fn in_field(&self, field: Field, text: &str) -> Box<dyn Asked> {
        best(self.stemmed(text).into_iter().map(|way| phrase(field, &way, 0)).collect())
    }

    /// The canonical names of an exchange by any of its names.
    fn exchanges(&self, name: &str) -> Result<BTreeSet<String>> {
        let document = structure::plain(name);
        let mut found: BTreeSet<String> = extract::extract(&document, &[Kind::Exchange])
            .mentions
            .into_iter()
            .filter_map(|m| match m.value {
                Value::Exchange(e) => Some(e.name),
                _ => None,
            })
            .collect();
        let wanted = folded(name);
        let known = self.index.facet_values(Facet::Exchange)?;
        let names = known.iter().filter_map(|v| v.split_once('/')).map(|(_, name)| name);
        found.extend(names.filter(|name| folded(name) == wanted).map(str::to_string));
        Ok(found)
    }

    /// Passages with a value of a facet, as a user names it.
    fn facet(&mut self, facet: Facet, wanted: &str) -> Result<Box<dyn Asked>> {
        let index = self.index;
        let field = index.fields.facet(facet);
        if index.searcher.doc_freq(&Term::from_field_text(field, wanted)).unwrap_or(0) > 0 {
            return Ok(unscored(with_terms(field, [wanted])));
        }
        let known = index.facet_values(facet)?;
        let name = folded(wanted);
        let mut values: BTreeSet<String> = known.iter().filter(|v| folded(v) == name).cloned().collect();
        match facet {
            Facet::Exchange => {
                let names = self.exchanges(wanted)?;
                let is_one = |v: &&String| v.split_once('/').is_some_and(|(_, name)| names.contains(name));
                values.extend(known.iter().filter(is_one).cloned());
            }
            Facet::Publisher if values.is_empty() => {
                let words: Vec<String> = literals(wanted).into_iter().map(|t| t.text).collect();
                let has = |v: &String| {
                    let tokens: Vec<String> = literals(v).into_iter().map(|t| t.text).collect();
                    !words.is_empty() && tokens.windows(words.len()).any(|w| w == words.as_slice())
                };
                values.extend(known.iter().filter(|v| has(v)).cloned());
            }
            Facet::Kind if values.is_empty() => {
                let singular = name.strip_suffix('s').unwrap_or(&name).to_string();
                values.extend(known.iter().filter(|v| **v == singular).cloned());
            }
            Facet::Amount if values.is_empty() => {
                // A bucket without its currency, or a range.
                let plain = name.replace(' ', "/");
                let is_it = |v: &&String| {
                    let value = folded(v);
                    value == plain || value.split_once('/').is_some_and(|(_, b)| b == name)
                };
                values.extend(known.iter().filter(is_it).cloned());
                if values.is_empty()
                    && let Some(test) = super::values::amount_test(wanted)
                {
                    self.mark(true, Mark::Amount(test.clone(), None));
                    return Ok(unscored(amounts(index, &test, None)));
                }
            }
            Facet::Date if values.is_empty() => {
                let path = name.replace('-', "/");
                values.extend(known.iter().filter(|v| **v == path).cloned());
                if values.is_empty()
                    && let Some(test) = super::values::date_test(wanted)
                {
                    self.mark(true, Mark::Date(test.clone()));
                    return Ok(unscored(narrowed::dates(index, &test, false)));
                }
            }
            Facet::Document if values.is_empty() => {
                let symbol = Term::from_field_text(index.fields.symbol, &name);
                let mut orders: Vec<Term> = index
                    .documents_named(wanted)?
                    .iter()
                    .map(|d| Term::from_field_text(index.fields.symbol, &path_term(&d.source.path)))
                    .collect();
                orders.push(symbol);
                if orders.len() > 1 || index.searcher.doc_freq(&orders[0]).unwrap_or(0) > 0 {
                    return Ok(unscored(Box::new(TermSetQuery::new(orders))));
                }
            }
            _ => {}
        }
        if values.is_empty() {
            let near = near(&known, &name);
            self.notes.push(match (known.is_empty(), near.is_empty()) {
                (true, _) => format!("no passage of this index has a value of {}", facet.name()),
                (false, true) => format!("this index has no {} \"{wanted}\"", facet.name()),
                (false, false) => {
                    format!("this index has no {} \"{wanted}\"; it has {}", facet.name(), near.join(", "))
                }
            });
            return Ok(Box::new(EmptyQuery));
        }
        let terms: Vec<Term> = values.iter().map(|v| Term::from_field_text(field, v)).collect();
        Ok(unscored(Box::new(TermSetQuery::new(terms))))
    }

    /// What scores documents: the words of the query.
    fn documents(&self, query: &Query) -> Vec<Unit> {
        let leaves: Vec<&Leaf> = query.positive();
        let owned: Vec<Leaf> = once(&leaves.into_iter().cloned().collect::<Vec<_>>());
        let sets = if self.synonyms { synonyms::found_in(&owned) } else { Vec::new() };
        let name = |text: &str, weight| Name { weight, ways: self.stemmed(text).into_iter().collect() };
        let mut units = Vec::new();
        let mut at = 0;
        while let Some(leaf) = owned.get(at) {
            if let Some(set) = sets.iter().find(|s| s.from == at) {
                let words = owned.get(set.from..set.to).unwrap_or(&[]);
                let own = name(&printed(words), 1.0);
                let others = set.others.iter().map(|other| name(other, SYNONYM));
                let names = [own].into_iter().chain(others).collect();
                units.push(Unit { weight: (words.len().max(1) as f32).sqrt(), names });
                at = set.to;
                continue;
            }
            if let Test::Word(text) | Test::Literal { text, .. } = &leaf.test
                && !FUNCTION_WORDS.contains(&folded(text).as_str())
            {
                units.push(Unit { weight: 1.0, names: vec![name(text, 1.0)] });
            }
            at += 1;
        }
        units
    }
}

/// Known values that are near to one asked for.
pub fn near(known: &BTreeSet<String>, wanted: &str) -> Vec<String> {
    let mut found: Vec<(usize, &String)> = known
        .iter()
        .filter_map(|value| {
            let name = folded(value);
            if !wanted.is_empty() && (name.contains(wanted) || wanted.contains(&name)) {
                return Some((0, value));
            }
            let distance = strsim::damerau_levenshtein(&name, wanted);
            (distance <= 2.max(wanted.chars().count() / 4)).then_some((distance, value))
        })
        .collect();
    found.sort();
    found.into_iter().take(5).map(|(_, v)| v.clone()).collect()
}

/// Whether a value of a facet is the one a user names.
pub fn names_value(facet: Facet, wanted: &str, value: &str) -> bool {
    let (wanted, value) = (folded(wanted), folded(value));
    let with_slash = [wanted.replace(' ', "/"), wanted.replace('-', "/")];
    value == wanted
        || facet == Facet::Publisher && value.contains(&wanted)
        || with_slash.contains(&value)
        || value.split_once('/').is_some_and(|(_, b)| b == wanted)
}
