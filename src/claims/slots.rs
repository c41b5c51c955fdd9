//! The slots of a claim: from its sentence, else from what stands above it, with where from.

use super::vocabulary::{self, Found, Sort};
use super::{Claim, Figure, FigureKind, How, Slot, cells};
use crate::document::{Document, Paragraph, ParagraphKind, Span};
use crate::extract::{DateRange, Findings, Precision, Value};
use regex::Regex;
use std::sync::LazyLock;

/// What stands in one stretch of text.
#[derive(Debug, Clone, Default)]
struct Said {
    actions: Vec<(String, Span)>,
    actors: Vec<(String, Span)>,
    places: Vec<(String, Span)>,
    sources: Vec<(String, Span)>,
    victims: Vec<(String, Span)>,
    periods: Vec<(DateRange, Span)>,
}

/// Words that make the name near them one who says so.
const SAYS: [&str; 44] = [
    "according to",
    "said",
    "says",
    "say",
    "told",
    "tells",
    "reported",
    "reports",
    "report",
    "reckons",
    "warned",
    "warns",
    "estimates",
    "estimated",
    "estimate",
    "announced",
    "assesses",
    "assessed",
    "stated",
    "calculated",
    "wrote",
    "writes",
    "counted",
    "lists",
    "put",
    "puts",
    "values",
    "valued",
    "found",
    "came from",
    "by the",
    "claims",
    "noted",
    "shows",
    "concluded",
    "think",
    "thinks",
    "advisory",
    "logged",
    "police",
    "prosecutors",
    "believes",
    "identified",
    "in the view of",
];

impl Said {
    fn read(document: &Document, findings: &Findings, span: Span) -> Said {
        let text = span.of(&document.text);
        let mut said = Said::default();
        let found = vocabulary::find(text);
        for Found { span: at, entry } in &found {
            let place = Span::new(span.start + at.start, span.start + at.end);
            let named = (entry.name.to_string(), place);
            match entry.sort {
                Sort::Word => said.actions.push(named),
                Sort::Source => said.sources.push(named),
                Sort::Actor | Sort::Place => {
                    if entry.sort == Sort::Place && says(text, *at) {
                        said.sources.push(named.clone());
                    }
                    match entry.sort {
                        Sort::Actor => said.actors.push(named),
                        _ => said.places.push(named),
                    }
                }
            }
        }
        let from = findings.mentions.partition_point(|m| m.span.start < span.start);
        for mention in findings.mentions.iter().skip(from).take_while(|m| m.span.start < span.end) {
            match &mention.value {
                Value::Exchange(x) => said.victims.push((x.name.clone(), mention.span)),
                Value::Date(d) => said.periods.push((d.clone(), mention.span)),
                Value::Amount(_) | Value::Wallet(_) => {}
            }
        }
        said.periods = listed(&document.text, said.periods, text);
        said
    }
}

/// Years or months one after the other, `in 2020 and 2021`, as the stretch they make, unless each has
/// its own figure.
fn listed(text: &str, periods: Vec<(DateRange, Span)>, sentence: &str) -> Vec<(DateRange, Span)> {
    if sentence.to_ascii_lowercase().contains("respectively") {
        return periods;
    }
    let mut found: Vec<(DateRange, Span)> = Vec::with_capacity(periods.len());
    for (period, at) in periods {
        let whole =
            |p: &DateRange| matches!(p.precision, Precision::Year | Precision::Month | Precision::Span);
        let joins = |(last, before): &(DateRange, Span)| {
            let between = text.get(before.end..at.start).unwrap_or(".").trim();
            matches!(between, "and" | "," | ", and" | "&" | "/")
                && period.precision != Precision::Span
                && whole(last)
                && whole(&period)
                && !(last.approx || period.approx)
                && last.end.tomorrow().is_ok_and(|next| next == period.start)
        };
        match found.last_mut() {
            Some(last) if joins(last) => {
                last.0.end = period.end;
                last.0.precision = Precision::Span;
                last.1.end = at.end;
            }
            _ => found.push((period, at)),
        }
    }
    found
}

/// Whether a word of saying stands within a few words of a name.
fn says(text: &str, at: Span) -> bool {
    let before = text.get(..at.start).unwrap_or("");
    let after = text.get(at.end..).unwrap_or("");
    let near_before: Vec<&str> = before.split_whitespace().rev().take(3).collect();
    let near_after: Vec<&str> = after.split_whitespace().take(4).collect();
    let before = near_before.into_iter().rev().collect::<Vec<_>>().join(" ").to_lowercase();
    let after = near_after.join(" ").to_lowercase();
    let has = |text: &str, cue: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != ' ')
            .any(|part| format!(" {part} ").contains(&format!(" {cue} ")))
    };
    SAYS.iter().any(|cue| match *cue {
        "according to" | "came from" | "by the" | "in the view of" | "told" => {
            !before.contains(',') && has(&before, cue)
        }
        _ => has(&after, cue),
    }) || has(&after, "told")
}

/// What a date follows where it is only compared with: `a 7% increase from 2020`, `than in 2019`.
static BASELINE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)\b(?:increase[ds]?|decrease[ds]?|rise|rose|drop(?:ped)?|growth|grew|up|down|compared|higher|lower|more|fewer|less)\b",
        r"[^.;,]{0,50}\b(?:from|to|with|than|over)(?: in| the| that of)*\s*$"
    ))
    .ok()
});

/// Whether a date is what the figure is compared with and not its own.
fn is_baseline(document: &Document, sentence: Span, date: Span) -> bool {
    // `from 2020's reported amount of $246 million` gives the figure of that year.
    let after = document.text.get(date.end..).unwrap_or("");
    if after.starts_with("'s ") || after.starts_with("’s ") {
        return false;
    }
    // As far as the pattern reaches.
    let from = document.text.floor_char_boundary(date.start.saturating_sub(200));
    let before = Span::new(from.max(sentence.start).min(date.start), date.start).of(&document.text);
    BASELINE.as_ref().is_some_and(|b| b.is_match(before))
}

fn slots<T: Clone + PartialEq>(own: &[(T, Span)], others: &[(How, &[(T, Span)])]) -> Vec<Slot<T>> {
    let mut found: Vec<Slot<T>> = Vec::new();
    let own = [(How::Said, own)];
    for (how, list) in own.iter().chain(others) {
        for (value, span) in *list {
            if !found.iter().any(|s| s.value == *value) {
                found.push(Slot { value: value.clone(), span: Some(*span), how: *how });
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found
}

/// A sentence with more counts is a list, of which no figure has them all.
const MOST_COUNTS: usize = 32;
/// A sentence further back in bytes is not what a sentence leaves out.
const LOOK_BACK: usize = 6000;

/// Makes the claims of the figures, which are in the order of the text.
pub fn fill(document: &Document, findings: &Findings, figures: &[(Span, Figure)]) -> Vec<Claim> {
    let mut claims = Vec::with_capacity(figures.len());
    let mut at: Option<(usize, Above)> = None;
    // What a sentence says, and what stands before it that it may leave out.
    let mut sentence: Option<(Span, Said, Said)> = None;
    for (span, figure) in figures {
        let Some(index) = document.paragraph_at(span.start) else { continue };
        let Some(paragraph) = document.paragraphs.get(index) else { continue };
        let here = match paragraph.row {
            Some(_) => paragraph.span,
            None => document.sentence_at(span.start).unwrap_or(paragraph.span),
        };
        if at.as_ref().is_none_or(|(i, _)| *i != index) {
            at = Some((index, Above::read(document, findings, paragraph)));
        }
        let Some((_, above)) = &at else { continue };
        if sentence.as_ref().is_none_or(|(s, ..)| *s != here) {
            let earlier = above.earlier(document, findings, here);
            sentence = Some((here, Said::read(document, findings, here), earlier));
        }
        let Some((_, said, earlier)) = &sentence else { continue };
        let first = figures.partition_point(|(other, _)| other.start < here.start);
        let own = own_period(document, here, (*span, figure), figures.get(first..).unwrap_or_default(), said);
        let counts = figures
            .iter()
            .skip(first)
            .take_while(|(other, _)| other.start < here.end)
            .filter(|(other, f)| here.contains(*other) && other != span && f.kind == FigureKind::Count)
            .map(|(other, f)| Slot::said(f.clone(), *other))
            .take(MOST_COUNTS)
            .collect();
        let mut claim = above.claim(document, *span, here, figure, (said, earlier), counts);
        if let Some((period, at)) = own {
            claim.periods = vec![Slot::said(period, at)];
        }
        claims.push(claim);
    }
    claims
}

/// The period that is a figure's own among several figures of its kind: by `respectively` that of its place
/// in the list, else the one that stands behind (or before) it where one stands behind (or before) each.
fn own_period(
    document: &Document,
    sentence: Span,
    (span, figure): (Span, &Figure),
    figures: &[(Span, Figure)],
    said: &Said,
) -> Option<(DateRange, Span)> {
    let here = figures.iter().take_while(|(other, _)| other.start < sentence.end);
    let list: Vec<Span> =
        here.filter(|(_, f)| f.kind == figure.kind && f.unit == figure.unit).map(|(s, _)| *s).collect();
    let own = list.iter().position(|s| *s == span).filter(|_| list.len() >= 2)?;
    if sentence.of(&document.text).to_ascii_lowercase().contains("respectively") {
        // Those of one sort: a month's two hacks, and not the day of the hearing.
        let sorts = [Precision::Day, Precision::Month, Precision::Year, Precision::Quarter, Precision::Half];
        let of = |sort: Precision| said.periods.iter().filter(move |(p, _)| p.precision == sort);
        let sort = sorts.into_iter().find(|sort| of(*sort).count() >= 2)?;
        // What stands before them all is of what else the sentence tells.
        let more = of(sort).count().checked_sub(list.len())?;
        return of(sort).nth(more + own).cloned();
    }
    let inside =
        |from: usize, to: usize| said.periods.iter().filter(move |(_, at)| at.start >= from && at.end <= to);
    let edge = |i: Option<usize>| i.and_then(|i| list.get(i));
    let behind = |i: usize| {
        let to = edge(Some(i + 1)).map_or(sentence.end, |s| s.start);
        edge(Some(i)).and_then(|s| inside(s.end, to).next())
    };
    let before = |i: usize| {
        let from = edge(i.checked_sub(1)).map_or(sentence.start, |s| s.end);
        edge(Some(i)).and_then(|s| inside(from, s.start).next_back())
    };
    let all = |of: &dyn Fn(usize) -> bool| (0..list.len()).all(of);
    match (all(&|i| behind(i).is_some()), all(&|i| before(i).is_some())) {
        (true, false) => behind(own).cloned(),
        (false, true) => before(own).cloned(),
        _ => None,
    }
}

/// A sentence that speaks of what the one before it named.
fn refers_back(sentence: &str) -> bool {
    let lower = sentence.trim_start().to_lowercase();
    [
        "the losses",
        "the loss",
        "this ",
        "these ",
        "they ",
        "it ",
        "of this",
        "of these",
        "of those",
        "among them",
        "that ",
    ]
    .iter()
    .any(|w| lower.starts_with(w))
}

/// What a paragraph's figures inherit.
struct Above {
    start: usize,
    /// Where the paragraph of running text before it begins.
    before: usize,
    /// The day of a table row that gives it in two cells.
    day: Option<(DateRange, Span)>,
    headings: Said,
    table: Said,
}

impl Above {
    fn read(document: &Document, findings: &Findings, paragraph: &Paragraph) -> Above {
        let mut headings = Said::default();
        let mut at = paragraph.heading;
        let mut level = u8::MAX;
        while let Some(heading) = at.and_then(|i| document.paragraphs.get(i)).filter(|h| h.level < level) {
            level = heading.level;
            let said = Said::read(document, findings, heading.span);
            headings.actions.extend(said.actions);
            headings.actors.extend(said.actors);
            headings.places.extend(said.places);
            headings.victims.extend(said.victims);
            headings.periods.extend(said.periods);
            at = heading.heading;
        }
        let mut table = Said::default();
        if let Some(row) = &paragraph.row
            && let Some(t) = document.tables.get(row.table)
            && let Some(caption) = t.caption
        {
            table = Said::read(document, findings, caption);
        }
        let day = cells::day_of_row(document, paragraph);
        let previous = document.paragraph_at(paragraph.span.start.saturating_sub(1));
        let before = previous
            .and_then(|i| document.paragraphs.get(i))
            .filter(|p| p.kind == ParagraphKind::Body && paragraph.kind == ParagraphKind::Body)
            .map_or(paragraph.span.start, |p| p.span.start);
        Above { start: paragraph.span.start, before, day, headings, table }
    }

    /// What stands before a sentence of the paragraph.
    fn earlier(&self, document: &Document, findings: &Findings, sentence: Span) -> Said {
        let mut start = self.start;
        if sentence.start <= self.start + 1 && refers_back(sentence.of(&document.text)) {
            start = self.before;
        }
        let back = sentence.start.saturating_sub(LOOK_BACK);
        if start < back {
            start = document.sentence_at(back).map_or(start, |s| s.start.max(start));
        }
        Said::read(document, findings, Span::new(start, sentence.start.max(start)))
    }

    /// `says` is what the sentence says, and what stands before it.
    fn claim(
        &self,
        document: &Document,
        span: Span,
        sentence: Span,
        figure: &Figure,
        says: (&Said, &Said),
        counts: Vec<Slot<Figure>>,
    ) -> Claim {
        let (said, earlier) = says;
        let others = |pick: fn(&Said) -> &Vec<(String, Span)>| {
            slots(
                pick(said),
                &[
                    (How::Sentence, pick(earlier).as_slice()),
                    (How::Table, pick(&self.table).as_slice()),
                    (How::Heading, pick(&self.headings).as_slice()),
                ],
            )
        };
        let mut periods = said.periods.clone();
        periods.retain(|(_, at)| !is_baseline(document, sentence, *at));
        // The nearest first: what stands in the figure's own clause is more likely its own.
        let distance = |at: &Span| {
            if at.start >= span.end { at.start - span.end } else { span.start.saturating_sub(at.end) }
        };
        periods.sort_by_key(|(_, at)| distance(at));
        if let Some(day) = &self.day {
            periods = vec![day.clone()];
        }
        let last: Vec<(DateRange, Span)> = earlier.periods.last().cloned().into_iter().collect();
        let periods = slots(
            &periods,
            &[
                (How::Sentence, last.as_slice()),
                (How::Table, self.table.periods.as_slice()),
                (How::Heading, self.headings.periods.as_slice()),
            ],
        );
        let mut attribution: Vec<Slot<String>> =
            said.sources.iter().map(|(s, at)| Slot::said(s.clone(), *at)).collect();
        for (how, text) in [(How::Document, &document.meta.publisher), (How::Document, &document.meta.title)]
        {
            for found in vocabulary::find(text.as_deref().unwrap_or("")) {
                if found.entry.sort != Sort::Word {
                    attribution.push(Slot { value: found.entry.name.to_string(), span: None, how });
                }
            }
        }
        attribution.dedup_by(|a, b| a.value == b.value);
        Claim {
            span,
            sentence,
            figure: figure.clone(),
            actions: slots(&said.actions, &[]),
            actors: others(|s| &s.actors),
            victims: others(|s| &s.victims),
            counts,
            places: others(|s| &s.places),
            periods,
            attribution,
        }
    }
}
