//! What holds for any text, and the public suites of date vectors where they are at hand.

use super::*;
use crate::extract::DateRange;
use crate::structure::plain;
use jiff::civil::Date;
use proptest::prelude::*;
use std::path::PathBuf;

fn found_in(text: &str, published: Option<&str>) -> (Document, Vec<Mention>) {
    let mut document = plain(text);
    document.meta.published = published.map(str::to_string);
    let mut findings = Findings::default();
    find(&document, &mut findings);
    findings.mentions.sort_by_key(|m| m.span);
    (document, findings.mentions)
}

fn date_of(mention: &Mention) -> &DateRange {
    match &mention.value {
        Value::Date(value) => value,
        other => panic!("not a date: {other}"),
    }
}

/// Pieces that dates are made of, and pieces that break them.
fn piece() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "5",
        "31",
        "2020",
        "1999",
        "20",
        "03",
        "12",
        "May",
        "Feb.",
        "september",
        "from",
        "to",
        "between",
        "and",
        "-",
        "–",
        "—",
        "/",
        ".",
        ",",
        "of",
        "the",
        "early",
        "mid",
        "mid-",
        "late",
        "end",
        "beginning",
        "Q1",
        "3Q21",
        "H2",
        "FY23",
        "fiscal",
        "year",
        "last",
        "first",
        "quarter",
        "half",
        "week",
        "months",
        "summer",
        "winter",
        "1990s",
        "Monday",
        "Fri,",
        "3rd",
        "'",
        "s",
        "(",
        ")",
        ":",
        "年",
        "月",
        "日",
        "é",
        "\u{a0}",
        "\n",
        "|",
        "\n\n",
        "2021-03-05",
        "05/03/2014",
        "same",
        "month",
        "past",
        "reporting period",
        "resolution",
        "Windows",
        "in",
        "$",
        "A/RES/77/12",
    ];
    prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(str::to_string),
        1 => "\\PC{0,6}",
        1 => "[0-9]{1,9}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_spans_in_order_that_do_not_overlap(
        pieces in proptest::collection::vec((piece(), "[ ]{0,2}"), 0..60),
        published in proptest::option::of(proptest::sample::select(&["2021-03-04", "2021-03", "2021", "x"][..])),
    ) {
        let text: String = pieces.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
        let (document, mentions) = found_in(&text, published);
        let mut end = 0;
        for mention in &mentions {
            prop_assert!(mention.span.start >= end, "{:?} overlaps in {text:?}", mention.span);
            prop_assert!(document.text.get(mention.span.start..mention.span.end).is_some_and(|s| !s.is_empty()));
            prop_assert!(date_of(mention).start <= date_of(mention).end);
            end = mention.span.end;
        }
    }

    #[test]
    fn a_surface_alone_gives_the_value_it_gave_in_its_text(
        pieces in proptest::collection::vec((piece(), "[ ]{1,2}"), 0..30),
    ) {
        let text: String = pieces.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
        let (document, mentions) = found_in(&text, None);
        // The order of figures and the reading of far years rest on what stands around them.
        let rests_on_context = |m: &Mention| {
            let v = date_of(m);
            m.inherited.is_some() || v.order_unknown || v.start.year() < 1900 || v.end.year() > 2100
                || m.span.of(&document.text).contains("05/03") || m.span.of(&document.text).contains("s")
        };
        for mention in mentions.iter().filter(|m| !rests_on_context(m)) {
            let surface = mention.span.of(&document.text);
            let (_, again) = found_in(surface, None);
            prop_assert!(again.first().is_some_and(|m| m.value == mention.value), "{surface:?} in {text:?} gave {again:?}");
        }
    }

    #[test]
    fn a_day_is_found_however_it_is_written(day in 0_i32..40_000, form in 0_usize..9) {
        use jiff::ToSpan;
        const MONTHS: [&str; 12] = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December",
        ];
        let date = Date::constant(1950, 1, 1).checked_add(day.days()).unwrap();
        let (y, m, d) = (date.year(), date.month(), date.day());
        let name = MONTHS[usize::try_from(m - 1).unwrap()];
        let short = if name.len() > 3 { format!("{}.", &name[..3]) } else { name.to_string() };
        let text = match form {
            0 => format!("{d} {name} {y}"),
            1 => format!("{name} {d}, {y}"),
            2 => format!("{y}-{m:02}-{d:02}"),
            3 => format!("{d:02}-{}-{y}", &name[..3]),
            4 => format!("{d}th of {name}, {y}"),
            5 => format!("{short} {d}, {y}"),
            6 => format!("{y}/{m:02}/{d:02}"),
            7 => format!("{d:02}.{m:02}.{y}"),
            _ => format!("{y}年{m:02}月{d:02}日"),
        };
        let (_, mentions) = found_in(&format!("Seen on {text} in the log."), None);
        prop_assert_eq!(mentions.len(), 1, "{}", &text);
        prop_assert_eq!((date_of(&mentions[0]).start, date_of(&mentions[0]).end), (date, date), "{}", &text);
    }
}

/// Ends where work grew faster than the text would not end in reasonable time.
#[test]
fn long_repetitions_are_read_to_the_end() {
    for piece in [
        "early ",
        "mid-",
        "end of the ",
        "5 March ",
        "5, ",
        "1:1:",
        "Jan 1 1:1",
        "2020/",
        "2020-",
        "from 5 to ",
        "Mon, ",
        "the same month ",
        "past ",
        "first ",
        "1 July to 30 June 2024/25 ",
        "resolution 1 (2020), ",
        "2019 and ",
        "period from May 2020 to June 2020 ",
        "2007 Office 2010, ",
        "a1",
        "年",
        "in 2020 5 May ",
    ] {
        let (document, mentions) = found_in(&piece.repeat(400_000 / piece.len()), Some("2021-03-04"));
        assert!(mentions.iter().all(|m| m.span.end <= document.text.len()));
    }
}

#[test]
fn data_files_are_in_order_and_without_doubles() {
    for (name, data) in [("words", include_str!("words.tsv")), ("lookalikes", include_str!("lookalikes.tsv"))]
    {
        let rows: Vec<Vec<&str>> = data.lines().skip(1).map(|row| row.split('\t').collect()).collect();
        let columns = data.lines().next().unwrap().split('\t').count();
        assert!(
            rows.iter().all(|row| row.len() == columns && row.iter().all(|f| !f.is_empty())),
            "{name}.tsv"
        );
        let mut words: Vec<_> = rows.iter().map(|row| row[if name == "words" { 2 } else { 1 }]).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count, "a word stands twice in {name}.tsv");
        if name == "lookalikes" {
            assert!(
                rows.is_sorted_by_key(|row| (row[0], row[1])),
                "lookalikes.tsv; help: sort it by role and word"
            );
        }
    }
}

/// The folder of shared measuring data beside the worktree, where there is one.
fn vectors(file: &str) -> Option<Vec<serde_json::Value>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(file);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {} is not there", path.display());
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn texts_without_a_date_give_none() {
    let Some(rows) = vectors("negatives.jsonl") else { return };
    let mut false_finds = Vec::new();
    for row in rows.iter().filter(|r| r["must_not"].as_array().unwrap().iter().any(|k| k == "date")) {
        let text = row["text"].as_str().unwrap();
        let (document, mentions) = found_in(text, None);
        false_finds.extend(mentions.iter().map(|m| format!("{} in {text}", m.span.of(&document.text))));
    }
    assert!(false_finds.is_empty(), "{}", false_finds.join("\n"));
}

/// Out of scope: holidays, times of day, fiscal years and seasons without agreed days (flagged by
/// the suites), dates reckoned from another one, years before Christ, names of files and versions.
const OUT_OF_SCOPE: &[&str] = &[
    "BC",
    "christmas",
    "weeks before",
    "in two weeks",
    "black friday",
    "easter",
    "saint patrick",
    "thanksgiving",
    "last Monday April",
    "this May",
    "report-2002",
    "2015.3",
];

#[test]
fn english_absolute_dates_of_the_public_suites_are_found() {
    let (mut right, mut all, mut missed) = (0, 0, Vec::new());
    for file in ["dates_duckling_en.jsonl", "dates_recognizers_en.jsonl"] {
        let Some(rows) = vectors(file) else { return };
        for row in &rows {
            let text = row["text"].as_str().unwrap();
            let published = row["ref_date"].as_str().and_then(|d| d.get(..10));
            let (document, mentions) = found_in(text, published);
            for date in row["dates"].as_array().unwrap() {
                let surface = date["surface"].as_str().unwrap();
                let flags = date["flags"].as_array().unwrap();
                let outside = OUT_OF_SCOPE.iter().any(|w| surface.contains(w) || text.contains(w));
                if date["absolute"] != true || !flags.is_empty() || outside {
                    continue;
                }
                let day = |field: &str| {
                    let given = date["alts"][0][field].as_str().or(date[field].as_str())?;
                    given.get(..10)?.parse::<Date>().ok()
                };
                // Of "before X" and "after X" the suites give the open side that X bounds, the guidelines
                // X itself.
                let Some(wanted) = day("first").or(day("end_excl")) else { continue };
                let open = ["before", "after", "than", "through"].iter().any(|w| surface.contains(w));
                let agrees = |value: &DateRange| {
                    value.start == wanted
                        || open && value.end.tomorrow().is_ok_and(|next| next == wanted)
                        // "the end of X": a third of the year or its last month.
                        || surface.contains("end of") && value.end.year() == wanted.year()
                };
                all += 1;
                if mentions.iter().any(|m| agrees(date_of(m))) {
                    right += 1;
                } else {
                    let got: Vec<_> = mentions.iter().map(|m| m.span.of(&document.text)).collect();
                    missed.push(format!("{surface} ({wanted}) in {text}: {got:?}"));
                }
            }
        }
    }
    println!("{right} of {all}\n{}", missed.join("\n"));
    assert!(f64::from(right) >= 0.95 * f64::from(all), "{right} of {all}:\n{}", missed.join("\n"));
}
