//! Runs every `src/extract/*.cases.md`, and the cases of claims (`src/claims/claims.cases.md`).
//!
//! A quote (`> `) is a text. `[[...]]` in it marks what must be found; the list that follows gives
//! the values in order, in the short form of `Value`'s `Display`. A quote without marks must give
//! nothing. Only the extractor whose file it is runs. A line `published: 2021-03-04` gives the next
//! quote's document a publication date; a note after a value, `(inherited: ...)`, asks for what the
//! value rests on, and `(tied: ...)` for the surface it is tied to. Lines of a quote that begin
//! with `|` are table rows.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use paydirt::extract::{self, EXTRACTORS, Extractor, Findings};
use paydirt::structure;
use std::collections::BTreeSet;

/// One quote with what it should give.
#[derive(Default)]
struct Case {
    line: usize,
    published: Option<String>,
    quote: String,
    values: Vec<String>,
}

fn parse(cases: &str) -> Vec<Case> {
    let mut found: Vec<Case> = Vec::new();
    let mut published = None;
    let mut in_quote = false;
    for (i, line) in cases.lines().enumerate() {
        if let Some(text) = line.strip_prefix('>') {
            if !in_quote {
                found.push(Case { line: i + 1, published: published.take(), ..Case::default() });
                in_quote = true;
            }
            let case = found.last_mut().unwrap();
            if !case.quote.is_empty() {
                case.quote.push('\n');
            }
            case.quote.push_str(text.strip_prefix(' ').unwrap_or(text));
            continue;
        }
        in_quote = false;
        if let Some(date) = line.strip_prefix("published: ") {
            published = Some(date.trim().to_string());
        } else if let (Some(value), Some(case)) = (line.strip_prefix("- "), found.last_mut()) {
            case.values.push(value.trim().to_string());
        }
    }
    found
}

/// The quote without its marks, and the marked stretches in bytes of it.
fn unmark(quote: &str) -> (String, Vec<(usize, usize)>) {
    let (mut text, mut spans, mut rest) = (String::new(), Vec::new(), quote);
    while let Some(open) = rest.find("[[") {
        text.push_str(&rest[..open]);
        let close = rest[open..].find("]]").expect("a mark that opens must close") + open;
        let start = text.len();
        text.push_str(&rest[open + 2..close]);
        spans.push((start, text.len()));
        rest = &rest[close + 2..];
    }
    text.push_str(rest);
    (text, spans)
}

fn run(extractor: &Extractor, case: &Case, fired: &mut BTreeSet<String>) -> Result<(), String> {
    let (text, spans) = unmark(&case.quote);
    let mut document = structure::plain(&text);
    document.meta.published.clone_from(&case.published);
    let mut findings = Findings::default();
    (extractor.find)(&document, &mut findings);
    findings.mentions.sort_by_key(|m| m.span);
    fired.extend(findings.mentions.iter().map(|m| m.rule.clone()));
    fired.extend(findings.rejected.iter().map(|r| r.rule.clone()));
    let got: Vec<String> = findings
        .mentions
        .iter()
        .enumerate()
        .map(|(i, m)| {
            let wanted = case.values.get(i).map_or("", String::as_str);
            let mut shown = format!("{} | {}", m.span.of(&text).replace('\n', " "), m.value);
            if let (Some(from), true) = (&m.inherited, wanted.contains("(inherited")) {
                shown += &format!(" (inherited: {from})");
            }
            if let (Some(to), true) = (m.tied_to, wanted.contains("(tied")) {
                shown += &format!(" (tied: {})", to.of(&text));
            }
            shown
        })
        .collect();
    let wanted: Vec<String> = spans
        .iter()
        .enumerate()
        .map(|(i, &(s, e))| {
            format!(
                "{} | {}",
                text[s..e].replace('\n', " "),
                case.values.get(i).map_or("(no value given)", String::as_str)
            )
        })
        .collect();
    if case.values.len() > spans.len() {
        return Err(format!("{} values for {} marks", case.values.len(), spans.len()));
    }
    if got == wanted {
        return Ok(());
    }
    Err(format!("wanted\n      {}\n    got\n      {}", wanted.join("\n      "), got.join("\n      ")))
}

#[test]
fn every_case_beside_a_rule_holds_and_every_rule_fires() {
    let (mut count, mut failures) = (0, Vec::new());
    for extractor in EXTRACTORS {
        let mut fired = BTreeSet::new();
        for case in parse(extractor.cases) {
            count += 1;
            if let Err(why) = run(extractor, &case, &mut fired) {
                failures.push(format!(
                    "src/extract/{}.cases.md:{}: {}\n    {why}",
                    extractor.name, case.line, case.quote
                ));
            }
        }
        for rule in extractor.rules {
            if !fired.contains(rule.name) {
                failures.push(format!(
                    "rule {} fires in no case of {}.cases.md; help: add one",
                    rule.name, extractor.name
                ));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} cases fail:\n\n{}", failures.len(), failures.join("\n\n"));
    assert!(count > 0 || EXTRACTORS.is_empty(), "no cases found");
}

#[test]
fn every_case_of_claims_holds() {
    let mut failures = Vec::new();
    for case in parse(include_str!("../src/claims/claims.cases.md")) {
        let document = structure::plain(&case.quote);
        let findings = extract::extract(&document, &extract::Kind::ALL);
        let got: Vec<String> =
            paydirt::claims::claims(&document, &findings).iter().map(ToString::to_string).collect();
        if got != case.values {
            failures.push(format!(
                "src/claims/claims.cases.md:{}: {}\n  got\n- {}",
                case.line,
                case.quote,
                got.join("\n- ")
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn rule_names_are_unique_and_documented() {
    let mut names = BTreeSet::new();
    for rule in EXTRACTORS.iter().flat_map(|x| x.rules.iter()) {
        assert!(names.insert(rule.name), "two rules are called {}", rule.name);
        assert!(!rule.finds.is_empty() && !rule.example.is_empty(), "{} lacks a heading", rule.name);
    }
    let _ = extract::Kind::ALL;
}
