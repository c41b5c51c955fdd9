//! What in a passage keeps its figure from being the claim's although it shares the words: the
//! figure is somebody else's, the sentence denies it, says it of a part only, or of two things at once.
//!
//! These are the questions an editor asks before a sentence is called supported. The words that
//! raise them are `cues.tsv`, the cases `verdicts.cases.md`. How well the slots fit is [`super::scope`]'s.

use super::asked::Asked;
use super::passage::{Prepared, keys};
use super::swapped;
use super::terms::{Sense, Term};
use crate::claims::counts::in_words;
use crate::claims::vocabulary::{self, Sort, related};
use crate::claims::{Claim, FigureKind};
use crate::document::Span;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Why a figure that agrees is not the claim's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Objection {
    /// The sentence says that it is not said.
    Denied,
    /// The claim's name stands there for comparison only.
    Compared,
    /// The figure is of a whole of which the claim's is a part.
    Partly,
    /// The figure is of two things counted together, the claim of one.
    Together,
    /// The claim has it confirmed, the passage claimed.
    Unconfirmed,
    /// Something else rose or fell by as much.
    OtherSubject,
    /// The figure stands with another name.
    OtherName,
    /// The claim has it earned by selling, the passage lost by victims.
    OtherEarnings,
    /// The passage says of the part something that the claim does not, and the reverse.
    OtherPart,
    /// The claim says it of a kind of what is counted, which another figure of the sentence is of.
    OtherKind,
    /// The claim says so of the world, the passage of a place.
    OnePlace,
    /// The claim blames somebody whom neither passage nor document names.
    NobodyNamed,
    /// The claim says it of other victims than the passage.
    OtherVictim,
    /// The claim says it of another place than the sentence.
    OtherPlace,
    /// The claim has it paid, the passage not paid.
    Undone,
    /// The passage says of one what the claim says of several.
    OneOfThem,
    /// The claim has it as a share of something else.
    OtherWhole,
    /// The claim counts things of another sort.
    OtherSort,
    /// The figure is of the case told before the claim's.
    OtherCase,
}

impl Objection {
    /// The slot that differs for it.
    pub fn slot(self) -> &'static str {
        match self {
            Objection::Denied | Objection::NobodyNamed => "actor",
            Objection::Compared
            | Objection::OtherName
            | Objection::OnePlace
            | Objection::OtherVictim
            | Objection::OtherCase
            | Objection::OtherPlace => "victim",
            Objection::Unconfirmed => "attribution",
            Objection::Partly
            | Objection::Together
            | Objection::OtherSubject
            | Objection::OtherPart
            | Objection::OtherKind
            | Objection::OtherEarnings
            | Objection::Undone
            | Objection::OneOfThem
            | Objection::OtherSort
            | Objection::OtherWhole => "measure",
        }
    }

    /// As a clause of the answer.
    pub fn why(self) -> &'static str {
        match self {
            Objection::Denied => "the passage says that this is not said",
            Objection::Compared => "the passage names it for comparison only",
            Objection::Partly => "the passage says so of a part only",
            Objection::Together => "the passage counts two things together",
            Objection::Unconfirmed => "the passage has it claimed, not confirmed",
            Objection::OtherPart => "the passage says something else of them",
            Objection::OtherKind => "the passage has another number of that kind",
            Objection::OnePlace => "the passage says so of one place only",
            Objection::OtherSubject => "the passage says so of something else",
            Objection::OtherName => "the figure stands with another name",
            Objection::OtherEarnings => "the passage has it lost, not earned",
            Objection::NobodyNamed => "the passage names nobody",
            Objection::OtherVictim => "the passage says so of other victims",
            Objection::OtherPlace => "the passage says so of another place",
            Objection::Undone => "the passage says that it was not paid",
            Objection::OneOfThem => "the passage says so of one of them",
            Objection::OtherWhole => "the passage has it as a share of something else",
            Objection::OtherSort => "the passage counts things of another sort",
            Objection::OtherCase => "the passage says so of another case",
        }
    }
}

static CUES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = include_str!("cues.tsv").lines().skip(1);
    rows.filter_map(|row| {
        let mut cells = row.split('\t');
        let (class, forms) = (cells.next()?, cells.next()?);
        Some((class, forms.split(';').collect()))
    })
    .collect()
});

/// Where the words of a class stand in a text, whole words in any case, from the left.
pub fn cues(text: &str, class: &str) -> Vec<Span> {
    let lower = text.to_ascii_lowercase();
    let mut found: Vec<Span> = Vec::new();
    for form in CUES.get(class).into_iter().flatten() {
        for (start, hit) in lower.match_indices(form) {
            let at = Span::new(start, start + hit.len());
            if vocabulary::is_whole(text, at) {
                found.push(at);
            }
        }
    }
    found.sort();
    found
}

/// A claim's sentence with where things stand in it.
pub struct Sentence<'a> {
    pub text: &'a str,
    /// In bytes of the sentence.
    pub figure: Span,
    /// Terms with their places in bytes of the sentence.
    pub terms: Vec<(&'a Term, Span)>,
}

impl<'a> Sentence<'a> {
    fn of(passage: &'a Prepared, claim: &Claim) -> Sentence<'a> {
        let span = passage.inside(claim.sentence);
        let moved = |s: Span| {
            let start = s.start.clamp(span.start, span.end) - span.start;
            Span::new(start, (s.end.clamp(span.start, span.end) - span.start).max(start))
        };
        Sentence {
            text: span.of(&passage.record.text),
            figure: moved(passage.inside(claim.span)),
            terms: passage
                .terms
                .iter()
                .filter(|t| span.contains(t.span))
                .map(|t| (t, moved(t.span)))
                .collect(),
        }
    }

    fn has(&self, key: &str) -> bool {
        self.terms.iter().any(|(t, _)| keys(t).iter().any(|k| k == key))
    }

    /// The places of a term.
    fn places(&self, key: &str) -> Vec<Span> {
        self.terms.iter().filter(|(t, _)| keys(t).iter().any(|k| k == key)).map(|(_, s)| *s).collect()
    }
}

/// What speaks against taking a figure that agrees for the claim's.
/// `named` is how many of the claim's names stand in the sentence.
pub fn objections(asked: &Asked, passage: &Prepared, claim: &Claim, named: usize) -> Vec<Objection> {
    let sentence = Sentence::of(passage, claim);
    let row = passage.record.is_row();
    let tests: [(Objection, bool); 19] = [
        (Objection::Denied, is_denied(asked, &sentence)),
        (Objection::Compared, is_compared(asked, passage, &sentence)),
        (Objection::Partly, is_partly(asked, &sentence) || is_of_some(asked, &sentence, claim)),
        (Objection::Together, is_together(asked, &sentence)),
        (Objection::Unconfirmed, is_unconfirmed(asked, &sentence)),
        (Objection::OtherSubject, is_other_subject(asked, &sentence, claim)),
        (Objection::OtherPart, is_other_part(asked, &sentence)),
        (Objection::OtherKind, is_other_kind(asked, &sentence, claim)),
        (Objection::OnePlace, !row && is_one_place(asked, passage, &sentence)),
        (Objection::OtherName, !row && is_other_name(asked, passage, &sentence, claim)),
        (Objection::OtherEarnings, is_other_earnings(asked, claim)),
        (Objection::NobodyNamed, is_nobody_named(asked, passage, claim)),
        (Objection::OtherVictim, !row && named == 0 && swapped::is_other_victim(asked, passage, &sentence)),
        (
            Objection::OtherPlace,
            !row && (swapped::is_other_place(asked, &sentence) || swapped::is_other_role(asked, &sentence)),
        ),
        (Objection::OtherSort, !row && swapped::is_other_sort(asked, passage, &sentence, claim)),
        (
            Objection::OtherCase,
            !row && (swapped::is_of_case_before(asked, passage, &sentence, claim)
                || is_of_nearer_service(asked, passage, claim)),
        ),
        (Objection::Undone, swapped::is_undone(asked, &sentence)),
        (Objection::OneOfThem, swapped::is_one_of_them(asked, &sentence)),
        (
            Objection::OtherWhole,
            swapped::is_other_whole(asked, &sentence, claim) || swapped::is_of_those(asked, &sentence, claim),
        ),
    ];
    tests.into_iter().filter(|(_, holds)| *holds).map(|(objection, _)| objection).collect()
}

fn is_name(term: &Term) -> bool {
    term.sense == Sense::Name
}

/// The claim's names, exchanges and words written like names.
fn names(asked: &Asked) -> Vec<&Term> {
    asked.terms.iter().map(|(t, _)| t).filter(|t| is_name(t)).collect()
}

/// Whether a sentence without a service is of the one last named before it, and the claim's was named earlier.
fn is_of_nearer_service(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let own = passage.inside(claim.sentence);
    let services: Vec<&Term> =
        passage.terms.iter().filter(|t| t.key.starts_with('#') && t.span.start < own.end).collect();
    let asks = |t: &Term| asked.terms.iter().any(|(a, _)| a.key == t.key);
    let wanted = asked.terms.iter().any(|(t, _)| t.key.starts_with('#'));
    wanted
        && !services.iter().any(|t| own.contains(t.span))
        && services.iter().any(|t| asks(t))
        && services.last().is_some_and(|last| {
            let wanted = services.iter().rfind(|t| asks(t)).map_or(0, |t| t.span.end);
            let between = passage.record.text.get(wanted..last.span.start).unwrap_or("");
            !asks(last) && between.contains(". ")
        })
}

fn is_denied(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let Some(cue) = cues(sentence.text, "denial").into_iter().find(|c| c.start >= sentence.figure.end) else {
        return false;
    };
    let rest = sentence.text.get(cue.end..).unwrap_or("");
    vocabulary::find(rest).iter().any(|hit| {
        hit.entry.sort == Sort::Actor && asked.claim.actors.iter().any(|a| related(&a.value, hit.entry.name))
    })
}

/// Bytes between a word of comparison and the name it brings in.
const COMPARED: usize = 90;

fn is_compared(asked: &Asked, passage: &Prepared, sentence: &Sentence<'_>) -> bool {
    let text = &passage.record.text;
    let compared = |at: Span| {
        let from = text.floor_char_boundary(at.start.saturating_sub(COMPARED));
        let before = text.get(from..at.start).unwrap_or("");
        let before = before.rsplit(['.', ';']).next().unwrap_or("");
        !cues(before, "compare").is_empty()
    };
    names(asked).into_iter().any(|name| {
        let places: Vec<Span> = passage.terms.iter().filter(|t| t.key == name.key).map(|t| t.span).collect();
        !sentence.has(&name.key)
            && !passage.above.contains(&name.key)
            && !passage.title.contains(&name.key)
            && !places.is_empty()
            && places.into_iter().all(compared)
    })
}

/// Bytes behind a share in which the clause begins that says of which it is.
const CLAUSE: usize = 30;

/// Whether a share is of those only of whom a clause says something that the claim leaves out: of victims `that paid`,
/// where the claim says of all.
fn is_of_some(asked: &Asked, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    let after = asked.text.get(asked.claim.span.end..).unwrap_or("").trim_start().to_lowercase();
    let all = ["of all", "of the", "of every"].iter().any(|w| after.starts_with(w));
    if claim.figure.kind != FigureKind::Share || !all {
        return false;
    }
    let rest = sentence.text.get(sentence.figure.end..).unwrap_or("");
    let clause =
        [" that ", " who ", " which "].iter().filter_map(|w| rest.find(w).map(|at| at + w.len())).min();
    let Some(from) = clause.filter(|at| *at <= CLAUSE).map(|at| sentence.figure.end + at) else {
        return false;
    };
    let first = sentence.terms.iter().find(|(_, at)| at.start >= from && at.start <= from + CLAUSE);
    first.is_some_and(|(t, _)| !asked.terms.iter().any(|(a, _)| keys(t).contains(&a.key)))
}

fn is_partly(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let Some(cue) = cues(sentence.text, "part").into_iter().find(|c| c.start >= sentence.figure.end) else {
        return false;
    };
    let doer = |t: &Term| match t.sense {
        Sense::Name | Sense::Actor => true,
        Sense::Class => t.entry.is_some_and(|e| !e.measure && !e.topic && e.kin.is_empty()),
        _ => false,
    };
    cues(&asked.text, "part").is_empty()
        && asked.terms.iter().filter(|(t, _)| doer(t)).any(|(t, _)| {
            let places = sentence.places(&t.key);
            !places.is_empty() && places.iter().all(|p| p.start >= cue.start)
        })
}

fn is_together(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let Some(cue) = cues(sentence.text, "together").into_iter().find(|c| c.start >= sentence.figure.end)
    else {
        return false;
    };
    if !cues(&asked.text, "together").is_empty() {
        return false;
    }
    let from = sentence.text.get(..cue.start).and_then(|t| t.rfind([',', ';', ':'])).map_or(0, |i| i + 1);
    let pair = sentence.text.get(from..cue.start).unwrap_or("");
    let Some(and) = pair.find(" and ") else { return false };
    let asks = |part: Span| {
        let inside = sentence.terms.iter().filter(|(_, at)| part.contains(*at));
        inside.into_iter().any(|(t, _)| asked.terms.iter().any(|(a, _)| a.key == t.key))
    };
    asks(Span::new(from, from + and)) != asks(Span::new(from + and, cue.start))
}

fn is_unconfirmed(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    !cues(&asked.text, "confirm").is_empty()
        && !cues(sentence.text, "unconfirmed").is_empty()
        && cues(sentence.text, "confirm").is_empty()
}

/// Bytes between a verb of change and by how much.
const CHANGE: usize = 40;

/// What rose or fell by a share: the term right before the verb.
fn changed<'t>(text: &str, figure: Span, terms: &[(&'t Term, Span)]) -> Option<&'t Term> {
    let verb = cues(text, "change")
        .into_iter()
        .rfind(|c| c.end <= figure.start && figure.start - c.end <= CHANGE)?;
    let before = terms.iter().filter(|(_, at)| at.end <= verb.start && verb.start - at.end <= 2);
    before.map(|(t, _)| *t).next_back()
}

/// Classes of those whose figure a sentence may give under `this company`.
const SUBJECTS: [&str; 5] = ["bank", "business", "exchange", "person", "website"];

/// Whether a sentence begins with one of a class that the claim does not name, `This company's revenue`, and has
/// none of the claim's names.
fn is_of_another_one(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let lead = sentence.text.trim_start();
    let points =
        lead.split_whitespace().next().is_some_and(|w| matches!(w, "This" | "That" | "These" | "Those"));
    let subject = sentence.terms.first().filter(|(_, at)| at.start <= SUBJECT).and_then(|(t, _)| t.entry);
    let wanted = names(asked);
    points
        && subject.is_some_and(|e| SUBJECTS.contains(&e.name))
        && !asked.terms.iter().any(|(t, _)| t.entry.is_some_and(|e| SUBJECTS.contains(&e.name)))
        && !wanted.is_empty()
        && !wanted.iter().any(|n| sentence.has(&n.key))
        && asked
            .terms
            .iter()
            .any(|(t, _)| t.sense == Sense::Actor || t.entry.is_some_and(|e| e.name == "hacker"))
}

/// Bytes in which the subject of a sentence that begins with `this` stands.
const SUBJECT: usize = 12;

fn is_other_subject(asked: &Asked, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    if is_of_another_one(asked, sentence) {
        return true;
    }
    if claim.figure.kind != FigureKind::Share {
        return false;
    }
    let own: Vec<(&Term, Span)> = asked.terms.iter().map(|(t, _)| (t, t.span)).collect();
    let wanted = changed(&asked.text, asked.claim.span, &own);
    let found = changed(sentence.text, sentence.figure, &sentence.terms);
    let (Some(wanted), Some(found)) = (wanted, found) else { return false };
    let asks = |key: &String| asked.terms.iter().any(|(t, _)| keys(t).contains(key));
    !keys(wanted).iter().any(|k| sentence.has(k)) && !keys(found).iter().any(asks)
}

/// Words after which it is said whose a figure is: `30% charged by CoinHive`.
const OWNER: [&str; 6] = ["by", "from", "for", "of", "at", "to"];

fn is_other_name(asked: &Asked, passage: &Prepared, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    let wanted = names(asked);
    let asks = |t: &Term| asked.terms.iter().any(|(a, _)| a.key == t.key);
    let places: Vec<Span> = wanted.iter().flat_map(|n| sentence.places(&n.key)).collect();
    let foreign: Vec<(&Term, Span)> =
        sentence.terms.iter().filter(|(t, _)| is_name(t) && !asks(t)).copied().collect();
    if wanted.is_empty() || foreign.is_empty() {
        return false;
    }
    let figure = sentence.figure;
    // Of two figures this one is given to another name.
    let listed = passage
        .record
        .claims
        .iter()
        .filter(|c| c.sentence == claim.sentence && c.figure.kind == claim.figure.kind);
    if listed.count() > 1 && !places.is_empty() {
        let owner_of = |end: usize| owner(sentence, end);
        let is_own = |owner: Option<usize>| owner.is_some_and(|at| places.iter().any(|p| p.start == at));
        let owner = owner_of(figure.end);
        if !is_own(owner) && owner.is_some_and(|at| foreign.iter().any(|(_, s)| s.start == at)) {
            return true;
        }
        // The one name asked for is given another figure.
        let start = passage.inside(claim.sentence).start;
        let others = passage.record.claims.iter().filter(|c| {
            c.sentence == claim.sentence && c.figure.kind == claim.figure.kind && c.span != claim.span
        });
        let given = others.map(|c| passage.inside(c.span).end - start).any(|end| is_own(owner_of(end)));
        if given && !is_own(owner) && wanted.len() == 1 && places.len() == 1 {
            return true;
        }
    }
    // The names asked for stand behind the figure, in another clause than its own.
    let before = foreign.iter().rfind(|(_, at)| at.end <= figure.start);
    let breaks = |from: usize, to: usize| {
        let between = sentence.text.get(from..to).unwrap_or("");
        between.contains(';') || !cues(between, "break").is_empty()
    };
    if let (Some((_, name)), Some(first)) = (before, places.iter().map(|p| p.start).min())
        && first >= figure.end
        && !breaks(name.end, figure.start)
        && breaks(figure.end, first)
    {
        return true;
    }
    // What the claim is about stands elsewhere, and a name of the same make here in its place.
    let lead = wanted.iter().min_by_key(|t| t.span);
    let proper = |at: Span| super::scope::is_proper(at.of(sentence.text));
    lead.is_some_and(|l| !sentence.has(&l.key))
        && foreign.iter().any(|(_, at)| at.end <= figure.start && proper(*at))
}

/// Where the name begins to which the words behind a figure give it.
fn owner(sentence: &Sentence<'_>, from: usize) -> Option<usize> {
    let after = sentence.text.get(from..)?;
    let mut at = from;
    let mut led = false;
    for (n, word) in after.split_inclusive(' ').enumerate() {
        if led && word.starts_with(char::is_uppercase) {
            return Some(at);
        }
        if n > 3 || (led && !matches!(word.trim(), "the" | "a" | "an")) {
            return None;
        }
        led = led || OWNER.contains(&word.trim());
        at += word.len();
    }
    None
}

/// Whether the sentence says of its part, `290 of which are in the United States`, nothing of what the
/// claim says of it.
fn is_other_part(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    if is_part_of_that(asked, sentence) {
        return true;
    }
    let after = sentence.text.get(sentence.figure.end..).unwrap_or("");
    let lead = after.trim_start().to_ascii_lowercase();
    if !["of which", "of whom", "of them"].iter().any(|w| lead.starts_with(w)) {
        return false;
    }
    let end = after.find([',', ';', ':']).map_or(sentence.text.len(), |i| sentence.figure.end + i);
    let said: Vec<&Term> = sentence
        .terms
        .iter()
        .filter(|(_, at)| at.start >= sentence.figure.end && at.end <= end)
        .map(|(t, _)| *t)
        .collect();
    let asks: Vec<&Term> =
        asked.terms.iter().map(|(t, _)| t).filter(|t| t.span.start >= asked.claim.span.start).collect();
    let shared = |t: &&&Term| said.iter().any(|s| keys(s).contains(&t.key));
    !said.is_empty() && !asks.is_empty() && !asks.iter().any(|t| shared(&t))
}

/// Words of a sentence that its part has to itself, for it to be another than the claim's.
const OWN_WORDS: usize = 2;

/// Whether a sentence is of a part of what was said before, `Of this, ...`, and the claim has nothing of what
/// it says of the part.
fn is_part_of_that(asked: &Asked, sentence: &Sentence<'_>) -> bool {
    let lead =
        sentence.text.trim_start().trim_start_matches(|c: char| !c.is_alphabetic()).to_ascii_lowercase();
    if !["of this", "of these", "of those", "of them"].iter().any(|w| lead.starts_with(w)) {
        return false;
    }
    let said: Vec<&Term> = sentence
        .terms
        .iter()
        .filter(|(t, at)| {
            at.start >= sentence.figure.end && matches!(t.sense, Sense::Name | Sense::Word | Sense::Class)
        })
        .map(|(t, _)| *t)
        .collect();
    let asks = |t: &&Term| asked.terms.iter().any(|(a, _)| keys(t).contains(&a.key));
    said.len() >= OWN_WORDS && !said.iter().any(asks)
}

/// Words before a kind in which the number that is of it stands: `eight of them intercontinental`.
const KIND: usize = 3;

/// Whether what the claim's count is of stands in the sentence at another number: of seven missiles, `one
/// intercontinental`.
fn is_other_kind(asked: &Asked, sentence: &Sentence<'_>, claim: &Claim) -> bool {
    if claim.figure.kind != FigureKind::Count {
        return false;
    }
    let own = sentence.figure;
    let number = |word: &str| {
        let plain = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        in_words(&plain).is_some() || plain.starts_with(|c: char| c.is_ascii_digit())
    };
    // The number itself ends before what it counts.
    let printed = own.of(sentence.text);
    let (mut end, mut told) = (own.start, false);
    for word in printed.split_inclusive(' ') {
        if told && !number(word.trim()) {
            break;
        }
        told = told || number(word.trim());
        end += word.len();
    }
    let end = end.min(own.end);
    let counted = |at: Span| {
        let between = sentence.text.get(end..at.start).unwrap_or("");
        between.split_whitespace().rev().take(KIND).any(number)
    };
    asked.terms.iter().filter(|(t, _)| asked.claim.span.contains(t.span)).any(|(t, _)| {
        let places = sentence.places(&t.key);
        !places.is_empty() && places.iter().all(|at| at.start >= end && counted(*at))
    })
}

/// Words that say something of the world.
const WORLD: [&str; 5] = ["worldwide", "globally", "in the world", "around the world", "across the world"];

/// Whether of claim and passage one says so of the world and the other of a place or one firm.
fn is_one_place(asked: &Asked, passage: &Prepared, sentence: &Sentence<'_>) -> bool {
    let says = |text: &str| {
        let lower = text.to_lowercase();
        WORLD.iter().any(|w| lower.contains(w))
    };
    let place = |t: &Term| t.sense == Sense::Place;
    let foreign = |t: &Term| place(t) && !asked.terms.iter().any(|(a, _)| a.key == t.key);
    let firm = ["the company", "the firm"].iter().any(|w| sentence.text.to_lowercase().contains(w));
    match (says(&asked.text), says(sentence.text)) {
        (true, false) => {
            !says(&passage.record.text) && (firm || sentence.terms.iter().any(|(t, _)| foreign(t)))
        }
        // Behind the figure, so that it is of what is counted.
        (false, true) => {
            let near = sentence.text.get(sentence.figure.start..).unwrap_or("");
            let end = near.len().min(sentence.figure.end - sentence.figure.start + NEAR_WORLD);
            says(near.get(..near.floor_char_boundary(end)).unwrap_or(""))
                && asked.terms.iter().any(|(t, _)| place(t) && !sentence.has(&t.key))
        }
        _ => false,
    }
}

/// Bytes behind a figure in which `worldwide` is of it.
const NEAR_WORLD: usize = 30;

fn is_other_earnings(asked: &Asked, claim: &Claim) -> bool {
    let asks = |class: &str| asked.terms.iter().any(|(t, _)| t.entry.is_some_and(|e| e.name == class));
    let says = |class: &str| claim.actions.iter().any(|a| a.value == class);
    asks("earn") && asks("export") && says("lose") && !says("earn") && !says("export")
}

/// Whether the claim blames somebody, and neither the source's claim nor its document names one.
pub fn is_nobody_named(asked: &Asked, passage: &Prepared, claim: &Claim) -> bool {
    let whole: BTreeSet<String> = passage.whole();
    let named = |name: &str| {
        let mut keys = vec![format!("@{name}")];
        let within = vocabulary::entry(name).map(|e| e.within.clone()).unwrap_or_default();
        keys.extend(
            within
                .into_iter()
                .filter(|w| vocabulary::entry(w).is_some_and(|e| e.sort == Sort::Actor))
                .map(|w| format!("@{w}")),
        );
        keys.iter().any(|k| whole.contains(k) || passage.above.contains(k) || passage.title.contains(k))
    };
    !asked.claim.actors.is_empty()
        && claim.actors.is_empty()
        && !asked.claim.actors.iter().any(|a| named(&a.value))
}
