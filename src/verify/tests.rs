//! Edits that change nothing of what is claimed never change a verdict, and what decides one.

use super::*;
use crate::corpus::Outcome;
use crate::document::Document;
use crate::index::Writer;
use crate::{claims, extract, structure};

const REPORT: &str = "\
One Member State told the Panel that hackers of the DPRK had taken more than $50 million, from 2020 to mid-2021, \
out of at least three cryptocurrency exchanges.

In August 2018, about $13.5 million was withdrawn from Cosmos Bank in India in more than 14,000 withdrawals.

The FBI counted 19,954 complaints of business email compromise in 2021 with losses of nearly $2.4 billion.

Bithumb lost $31.5 million in June 2018.
";

/// Another report, which has another figure for one case of the first.
const LATER: &str = "\
Bithumb lost $35 million in June 2018, the later review found.

The intruders ran 326 detour servers in 26 countries to hide where they came from.

The port took in 500,000 barrels of fuel oil in the first quarter of 2020.
";

fn index(folder: &std::path::Path, reports: &[&str]) -> Index {
    let documents = reports.iter().enumerate().map(|(n, report)| {
        let mut document = structure::plain(report);
        document.meta.id = format!("report-{n}");
        document.source.path = format!("report-{n}.txt");
        document
    });
    index_of(folder, documents)
}

/// An index of documents, mined.
pub(super) fn index_of(folder: &std::path::Path, documents: impl Iterator<Item = Document>) -> Index {
    let mut writer = Writer::create(folder).unwrap();
    for document in documents {
        let findings = extract::extract(&document, &extract::Kind::ALL);
        let claims = claims::claims(&document, &findings);
        writer.add(&document, &findings, &claims, &Outcome::Read).unwrap();
    }
    writer.finish().unwrap();
    Index::open(folder).unwrap()
}

/// Every way to write a claim with any of these edits made, and each edit of a kind in its turn.
fn written(claim: &str) -> Vec<String> {
    let short = [(" million", "m"), (" billion", "bn"), (" ", "  "), ("14,000", "14000"), ("$", "US$")];
    let other =
        [(" million", " mn"), (" billion", "\u{a0}billion"), (" ", "\n"), ("14,000", "14000"), ("$", "US$ ")];
    [short, other].iter().flat_map(|edits| edited(claim, edits)).collect()
}

fn edited(claim: &str, edits: &[(&str, &str); 5]) -> Vec<String> {
    (0..1_u32 << (edits.len() + 1))
        .map(|set| {
            let mut text = claim.to_string();
            for (i, (from, to)) in edits.iter().enumerate() {
                if set & (1 << i) != 0 {
                    text = text.replace(from, to);
                }
            }
            match set & (1 << edits.len()) != 0 {
                true if text.contains('\n') => format!("\"{text}\""),
                true => format!("\u{201C}{text}\u{201D}"),
                false => text,
            }
        })
        .collect()
}

#[test]
fn quotes_white_space_grouping_and_short_magnitudes_never_change_a_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path(), &[REPORT]);
    let verifier = Verifier::new(&index).unwrap();
    let answer = |claim: &str| {
        let question = Question { id: None, claim: claim.to_string(), figure: None };
        verifier.verify(&question).unwrap().verdict
    };
    for (claim, wanted) in [
        (
            "A member state said North Korean hackers stole more than $50 million from at least three crypto exchanges between 2020 and mid-2021.",
            Answer::Supported,
        ),
        (
            "A member state said North Korean hackers stole $50 million from at least three crypto exchanges between 2020 and mid-2021.",
            Answer::HedgeShift,
        ),
        ("Thieves made fewer than 14,000 withdrawals from Cosmos Bank in August 2018.", Answer::HedgeShift),
        ("Business email compromise cost nearly $2.4 billion in 2021, the FBI says.", Answer::Supported),
        ("Bithumb lost $23.5 million in June 2018.", Answer::Conflict),
        ("Bybit lost $1.5 billion in February 2025.", Answer::NotFound),
    ] {
        for text in written(claim) {
            assert_eq!(answer(&text), wanted, "{text}");
        }
    }
}

#[test]
fn a_figure_counts_in_other_words_against_its_own_scope_and_against_another_report() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path(), &[REPORT, LATER]);
    let verifier = Verifier::new(&index).unwrap();
    for (claim, wanted) in [
        // Few words are shared, and nothing differs.
        (
            "To cover their tracks the intruders bounced traffic off 326 servers in 26 countries.",
            Answer::Supported,
        ),
        // The same but for the figure.
        ("The intruders ran 362 detour servers to hide where they came from.", Answer::Conflict),
        // No figure carries the claim's, and the one there is is of its own scope.
        ("The port took in 50,000 barrels of fuel oil in the first quarter of 2020.", Answer::Conflict),
        // Two reports name the case, each with a figure of its own.
        ("Bithumb lost $31.5 million in June 2018.", Answer::Disputed),
        // A small number is of many things.
        ("The mayor opened 26 schools.", Answer::NotFound),
    ] {
        let question = Question { id: None, claim: claim.to_string(), figure: None };
        let verdict = verifier.verify(&question).unwrap();
        assert_eq!(verdict.verdict, wanted, "{claim} {}", verdict.why);
    }
}

/// A third report: figures side by side, of others, of part of a period.
const BESIDE: &str = "\
By value ether made up 58 per cent of what was taken in 2021, bitcoin 20 per cent and tokens 22 per cent.

According to a report of December 2013 the CryptoLocker gang collected 27 million dollars from its victims within three months. CryptoWall came later and works in the same way.

From January to August 2019 the traders moved 2.8 million tonnes of coal to the river barges.

The wallet firm Alphapo lost $113.5 million on 22 July 2023. The payment firm CoinsPaid lost $44 million on 22 July 2023.

In 2021 companies lost $26.2 billion to business email compromise.
";

/// The same month and nearly the same sum as a named case elsewhere, without its name.
const UNNAMED: &str = "In September 2020 an exchange was hacked and approximately $281 million was stolen.\n";
const NAMED: &str = "KuCoin lost $275 million when it was hacked in September 2020.\n";

#[test]
fn names_periods_and_sums_decide_what_a_figure_is_of() {
    let folder = tempfile::tempdir().unwrap();
    let index = index(folder.path(), &[BESIDE, UNNAMED, NAMED]);
    let verifier = Verifier::new(&index).unwrap();
    for (claim, figure, wanted) in [
        (
            "By value bitcoin made up 20 per cent of what was taken in 2021 and ether 58 per cent.",
            "20 per cent",
            Answer::Supported,
        ),
        // The shares of two coins changed places.
        (
            "By value bitcoin made up 58 per cent of what was taken in 2021 and ether 20 per cent.",
            "58 per cent",
            Answer::Conflict,
        ),
        (
            "The CryptoLocker gang collected 27 million dollars from its victims within three months.",
            "",
            Answer::Supported,
        ),
        // Another gang.
        (
            "The CryptoWall gang collected 27 million dollars from its victims within three months.",
            "",
            Answer::ScopeShift,
        ),
        (
            "From January to August 2019 the traders moved 2.8 million tonnes of coal to the river barges.",
            "",
            Answer::Supported,
        ),
        // Eight months are not the whole of a year.
        (
            "Over the whole of 2019 the traders moved 2.8 million tonnes of coal to the river barges.",
            "",
            Answer::ScopeShift,
        ),
        // Two figures of one source added up, each of one of the names.
        ("Alphapo and CoinsPaid lost $157.5 million between them on 22 July 2023.", "", Answer::Supported),
        ("Alphapo and CoinsPaid lost nearly $160 million between them on 22 July 2023.", "", Answer::Rounded),
        // Another sort of crime.
        ("In 2021 companies lost $26.2 billion to ransomware.", "", Answer::ScopeShift),
        // Another document tells of the case without its name.
        ("KuCoin lost $275 million when it was hacked in September 2020.", "", Answer::Disputed),
    ] {
        let figure = Some(figure.to_string()).filter(|f| !f.is_empty());
        let verdict = verifier.verify(&Question { id: None, claim: claim.to_string(), figure }).unwrap();
        assert_eq!(verdict.verdict, wanted, "{claim} {}", verdict.why);
    }
}

/// Reports with the verdicts wanted on claims held against them.
#[derive(Default)]
struct Case {
    line: usize,
    reports: Vec<String>,
    claims: Vec<(String, String)>,
}

/// The groups of `verdicts.cases.md`.
fn cases(text: &str) -> Vec<Case> {
    let mut groups: Vec<Case> = Vec::new();
    let mut quoting = false;
    for (at, line) in text.lines().enumerate() {
        if let Some(quote) = line.strip_prefix("> ") {
            if groups.last().is_none_or(|g| !g.claims.is_empty()) {
                groups.push(Case { line: at + 1, ..Case::default() });
            }
            let reports = &mut groups.last_mut().unwrap().reports;
            match reports.last_mut().filter(|_| quoting) {
                Some(report) => report.extend(["\n", quote]),
                None => reports.push(quote.to_string()),
            }
        } else if let Some((verdict, claim)) = line.strip_prefix("- ").and_then(|l| l.split_once(" | ")) {
            groups.last_mut().unwrap().claims.push((verdict.to_string(), claim.to_string()));
        }
        quoting = line.starts_with("> ");
    }
    groups
}

#[test]
fn every_case_of_verdicts_holds_however_the_claim_is_quoted() {
    let (mut count, mut failures) = (0, Vec::new());
    for Case { line, reports, claims } in cases(include_str!("verdicts.cases.md")) {
        let folder = tempfile::tempdir().unwrap();
        let index = index(folder.path(), &reports.iter().map(String::as_str).collect::<Vec<_>>());
        let verifier = Verifier::new(&index).unwrap();
        for (wanted, claim) in claims {
            count += 1;
            for text in [claim.clone(), format!("\u{201C}{claim}\u{201D}"), claim.replace(' ', "  ")] {
                let verdict = verifier.verify(&Question { claim: text, ..Question::default() }).unwrap();
                if verdict.verdict.name() != wanted {
                    failures.push(format!(
                        "src/verify/verdicts.cases.md:{line}: wanted {wanted}, got {}\n  {}\n  {}",
                        verdict.verdict.name(),
                        verdict.claim,
                        verdict.why
                    ));
                }
            }
        }
    }
    assert!(count > 25, "the cases are read");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
