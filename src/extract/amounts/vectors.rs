//! The extractor against public test suites, and properties that hold on any text.

use crate::document::Span;
use crate::extract::{Amount, Findings, Value};
use crate::structure;
use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

fn findings(text: &str) -> Findings {
    let document = structure::plain(text);
    let mut findings = Findings::default();
    (super::EXTRACTOR.find)(&document, &mut findings);
    findings
}

fn amounts(text: &str) -> Vec<(Span, Amount)> {
    let found = findings(text).mentions.into_iter();
    found
        .filter_map(|m| match m.value {
            Value::Amount(amount) => Some((m.span, amount)),
            _ => None,
        })
        .collect()
}

fn rows(name: &str) -> Option<Vec<Json>> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    Some(text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).unwrap()).collect())
}

/// Rows whose suite reads them in a way the labelling guidelines do not, each with the reason.
const OUT_OF_SCOPE: &[(&str, &str)] = &[
    ("dk-cur-009", "pennies: the suite leaves open whose"),
    ("dk-cur-011", "a lone c is no mark of money in a report"),
    ("dk-cur-036", "the second number has no unit"),
    ("dk-cur-067", "LE has other meanings"),
    ("dk-cur-068", "LE has other meanings"),
    ("dk-cur-069", "LE has other meanings"),
    ("dk-cur-072", "Arabic words in Latin letters"),
    ("dk-cur-076", "two words glued together"),
    ("dk-cur-099", "the second number has no unit"),
    ("dk-cur-100", "the second number has no unit"),
    ("dk-cur-105", "the suite leaves open whose riyal"),
    ("dk-cur-125", "a dollar without a number"),
    ("dk-cur-129", "the suite reads 7-9 lakh as 7 to 900,000"),
    ("rt-cur-004", "c $ is an artefact of tokenised text"),
    ("rt-cur-059", "c $ is an artefact of tokenised text"),
    ("rt-cur-098", "the second number has no unit"),
    ("rt-cur-101", "c $ is an artefact of tokenised text"),
    ("rt-cur-102", "colloquial units"),
    ("rt-cur-103", "the second number has no unit"),
];

/// The suite's money as (currency, low, high) in whole units.
fn wanted(money: &Json) -> (String, Decimal, Decimal) {
    let unit = money["currency"].as_str().or(money["unit"].as_str()).unwrap_or("");
    let end = |name: &str| money[name].as_f64().and_then(Decimal::from_f64);
    // A suite's open interval has one end; the guidelines give that figure a hedge.
    let low = end("lo").or(end("hi")).unwrap_or_default();
    let high = end("hi").or(end("lo")).unwrap_or_default();
    let (unit, share) = match unit {
        "$" => ("USD", Decimal::ONE),
        "£" => ("GBP", Decimal::ONE),
        "cent" | "CENT" => ("USD", Decimal::new(1, 2)),
        "PENCE" => ("GBP", Decimal::new(1, 2)),
        "BTC_SAT" => ("BTC", Decimal::new(1, 8)),
        other => (other, Decimal::ONE),
    };
    (unit.to_string(), low * share, high * share)
}

#[test]
fn public_money_vectors_are_read_right() {
    for name in [
        "money_duckling_en.jsonl",
        "money_quantulum3_en.jsonl",
        "money_recognizers_en.jsonl",
        "prose_gold.jsonl",
    ] {
        let Some(rows) = rows(name) else { continue };
        let (mut all, mut right, mut extra, mut misses) = (0, 0, 0, Vec::new());
        for row in rows {
            let id = row["id"].as_str().unwrap();
            if OUT_OF_SCOPE.iter().any(|(out, _)| *out == id) {
                continue;
            }
            let text = row["text"].as_str().unwrap();
            let mut found = amounts(text);
            for money in row["money"].as_array().unwrap() {
                let optional = money["flags"].as_array().is_some_and(|f| f.iter().any(|f| f == "opt"));
                let (unit, low, high) = wanted(money);
                let hit =
                    found.iter().position(|(_, a)| a.currency == unit && a.low == low && a.high == high);
                if let Some(i) = hit {
                    found.remove(i);
                }
                if !optional {
                    all += 1;
                    right += usize::from(hit.is_some());
                    if hit.is_none() {
                        misses.push(format!("{id}: {} in {text}", money["surface"]));
                    }
                }
            }
            extra += found.len();
        }
        eprintln!("{name}: {right} of {all} in scope, {extra} more found");
        assert!(right * 100 >= all * 97 && extra * 100 <= all * 3, "{name}:\n{}", misses.join("\n"));
    }
}

#[test]
fn prices_of_web_shops_are_read_right() {
    let Some(rows) = rows("money_priceparser_strings.jsonl") else { return };
    let (mut all, mut right, mut misses) = (0, 0, Vec::new());
    for row in rows {
        let (Some(text), Some(currency)) = (row["text"].as_str(), row["gold"]["currency"].as_str()) else {
            continue;
        };
        let Some(amount) = row["gold"]["amount"].as_f64().and_then(Decimal::from_f64) else { continue };
        // In scope: the currency is printed beside a number, and is no letter of many meanings.
        let known = super::MONEY.spellings.get(currency).and_then(|i| super::MONEY.markers.get(*i));
        let clear = match known {
            Some(super::Marker::Symbol { care, .. } | super::Marker::Code { care, .. }) => {
                *care == super::money::Care::None
            }
            Some(super::Marker::Unit { .. }) => currency != "so'm" && currency != "francs",
            _ => false,
        };
        if !clear || !text.contains(currency) || !text.contains(|c: char| c.is_ascii_digit()) {
            continue;
        }
        all += 1;
        if amounts(text).iter().any(|(_, a)| a.low == amount) {
            right += 1;
        } else {
            misses.push(text.to_string());
        }
    }
    eprintln!("price-parser: {right} of {all} in scope");
    assert!(right * 100 >= all * 97, "{}", misses.join("\n"));
}

#[test]
fn look_alikes_give_no_amount() {
    let Some(rows) = rows("negatives.jsonl") else { return };
    let mut false_finds = Vec::new();
    for row in rows {
        let banned = row["must_not"].as_array().is_some_and(|b| b.iter().any(|b| b == "money"));
        let text = row["text"].as_str().unwrap();
        if banned {
            false_finds
                .extend(amounts(text).into_iter().map(|(s, a)| format!("{a}: {} in {text}", s.of(text))));
        }
    }
    assert!(false_finds.is_empty(), "{}", false_finds.join("\n"));
}

/// Spans are valid, in order and do not overlap.
fn sound(text: &str) -> Result<(), TestCaseError> {
    let document = structure::plain(text);
    let mut after = 0;
    for mention in findings(text).mentions {
        let span = mention.span;
        prop_assert!(span.start >= after && span.start < span.end, "{span:?} in {text:?}");
        prop_assert!(document.text.get(span.start..span.end).is_some());
        prop_assert!(!span.of(&document.text).contains('\n'), "{:?}", span.of(&document.text));
        after = span.end;
    }
    Ok(())
}

fn sum() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        (1u32..999).prop_map(|n| n.to_string()),
        (1u32..999, 0u32..1000).prop_map(|(a, b)| format!("{a},{b:03}")),
        (1u32..999, 0u32..1000, 0u32..1000).prop_map(|(a, b, c)| format!("{a},{b:03},{c:03}")),
        (1u32..999, 1u32..100).prop_map(|(a, b)| format!("{a}.{b}")),
        Just("half a".to_string()),
        Just("two and a half".to_string()),
    ];
    let magnitude = prop_oneof![Just(" million"), Just(" billion"), Just("")];
    let hedge = prop_oneof![
        Just(""),
        Just("about "),
        Just("more than "),
        Just("up to "),
        Just("nearly "),
        Just("an estimated ")
    ];
    let frame = prop_oneof![
        Just(("$", "")),
        Just(("US$ ", "")),
        Just(("EUR ", "")),
        Just(("", " Libyan dinars")),
        Just(("", " euros")),
        Just(("", " USDC")),
        Just(("", " BTC")),
        Just(("£", "")),
        Just(("", " €"))
    ];
    (number, magnitude, hedge, frame).prop_filter_map(
        "words need a magnitude",
        |(n, m, h, (before, after))| {
            let words = n.starts_with(char::is_alphabetic);
            (!words || !m.is_empty() && before.is_empty() && after.starts_with(" ") && after != " €")
                .then(|| format!("{h}{before}{n}{m}{after}"))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_text_gives_sound_spans(text in any::<String>()) {
        sound(&text)?;
    }

    #[test]
    fn text_of_figures_gives_sound_spans(
        text in "([$€£¥(),.\\-–|\n+0-9²½ ]|USD|EUR|BTC|ETH|dollars|euro|won|million|bn|k|cents|half|a|and|to|from|between|about|more than|or more|NEAR|Rs|M| ){0,60}"
    ) {
        sound(&text)?;
    }

    #[test]
    fn a_sum_is_found_whole_and_reads_the_same_alone(before in "(They paid |Losses of |It fell: |\\()", sum in sum(), after in "( in May\\.|\\.|, he said|\\) again)") {
        let text = format!("{before}{sum}{after}");
        let found = amounts(&text);
        prop_assert_eq!(found.len(), 1, "{}: {:?}", text, found);
        let (span, amount) = &found[0];
        prop_assert_eq!(span.of(&text), sum.as_str());
        let alone = amounts(&sum);
        prop_assert_eq!(alone.len(), 1, "{}", sum);
        prop_assert_eq!(&alone[0].1, amount);
    }
}

#[test]
fn hostile_strings_end_at_once() {
    for piece in [
        "1",
        "$",
        "$1-",
        "1,",
        "1 000 ",
        "one ",
        "hundred ",
        "€1–",
        "million ",
        "between $1 and ",
        "a half ",
        "BTC ",
        "United States ",
        "all in us dollars ",
        "(",
        "1.1.",
        "more than ",
    ] {
        let text = piece.repeat(60_000 / piece.len());
        let _ = amounts(&text);
        let _ = amounts(&format!("{text} dollars"));
    }
}

#[test]
fn data_files_are_in_order_and_whole() {
    for (name, file) in
        [("currencies.tsv", include_str!("../currencies.tsv")), ("coins.tsv", include_str!("../coins.tsv"))]
    {
        let keys: Vec<&str> = file.lines().skip(1).map(|l| l.split('\t').next().unwrap()).collect();
        assert!(keys.is_sorted_by(|a, b| a < b), "{name}: one row a key, in the order of the keys");
        let columns = file.lines().next().unwrap().split('\t').count();
        assert!(file.lines().all(|l| l.split('\t').count() == columns), "{name}: every row has every column");
    }
    for (name, file) in
        [("hedges.tsv", include_str!("../hedges.tsv")), ("magnitudes.tsv", include_str!("../magnitudes.tsv"))]
    {
        assert!(file.lines().all(|l| l.split('\t').count() == 3), "{name}: three columns");
    }
}
