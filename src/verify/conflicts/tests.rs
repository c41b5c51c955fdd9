//! One event with different figures is found with its cause; two events, and figures that can both be
//! right, are not.

use super::*;
use crate::structure;
use crate::verify::tests::index_of;

/// Publisher, day and text of a report.
type Report<'a> = (&'a str, &'a str, &'a str);

fn found(reports: &[Report<'_>], options: &Options) -> Vec<Conflict> {
    let documents = reports.iter().enumerate().map(|(n, (publisher, day, text))| {
        let mut document = structure::plain(text);
        document.meta.id = format!("report-{n}");
        document.meta.publisher = Some(publisher.to_string());
        document.meta.published = Some(day.to_string());
        document.source.path = format!("report-{n}.txt");
        document.source.sha256 = format!("{n:064}");
        document
    });
    let folder = tempfile::tempdir().unwrap();
    let index = index_of(folder.path(), documents);
    conflicts(&index, options).unwrap()
}

/// The figures of each conflict, with the causes from the second on.
fn told(reports: &[Report<'_>]) -> Vec<String> {
    let line = |c: &Conflict| {
        let figure = |s: &Stated| match s.cause {
            Some(cause) => format!("{} ({})", s.printed, cause.name()),
            None => s.printed.clone(),
        };
        c.figures.iter().map(figure).collect::<Vec<_>>().join(" | ")
    };
    found(reports, &Options::default()).iter().map(line).collect()
}

/// What two reports make of one theft.
fn pair(one: &str, other: &str) -> Vec<String> {
    told(&[("The Gull", "2019-01-01", one), ("The Tern", "2019-02-01", other)])
}

#[test]
fn one_theft_with_two_sums_is_a_conflict_and_two_thefts_are_none() {
    let one = "Hackers stole $31.5 million from Bithumb in June 2018.";
    assert_eq!(
        pair(one, "In June 2018 Bithumb lost $37 million to hackers."),
        ["$31.5 million | $37 million (unexplained)"]
    );
    for other in [
        "In June 2018 Coinrail lost $37 million to hackers.",
        "In March 2019 Bithumb lost $20 million to hackers.",
        "Bithumb earned fees of $37 million.",
        "In June 2018 thieves laundered $7 million taken from Bithumb.",
        "In June 2018 Bithumb lost $37 million to hackers and got back $14 million.",
    ] {
        assert_eq!(pair(one, other), [""; 0], "{other}");
    }
    // Names alone join nothing: of the same places and bodies there is much to count.
    let votes = |chapter: &str, against: &str| {
        format!(
            "On 13 October 1998 the Fourth Committee on Gibraltar and Tokelau adopted the draft in Chapter {chapter} with {against} abstentions."
        )
    };
    assert_eq!(pair(&votes("VIII", "5"), &votes("VII", "41")), [""; 0]);
}

#[test]
fn a_sum_with_its_parts_stands_for_the_case_and_two_units_of_one_sentence_are_one_side() {
    let one = "In March 2019 Bithumb lost $20 million to hackers (coins worth $13.4 million and $6 million).";
    let other = "Hackers stole $16 million from Bithumb in March 2019.";
    assert_eq!(pair(one, other), ["$20 million | $16 million (unexplained)"]);
    let coins = "In March 2019 Bithumb lost $20 million to hackers, in all 20 million XRP.";
    assert_eq!(pair(coins, other), ["$20 million | $16 million (unexplained)"]);
    let two = "In March 2019 Bithumb lost $20 million to hackers and $6 million to a clerk.";
    assert_eq!(pair(two, other), [""; 0]);
}

#[test]
fn near_sums_of_one_month_are_one_case_where_one_text_leaves_out_the_name() {
    let named = "On 26 September 2020 KuCoin was hacked and lost $275 million.";
    let unnamed =
        |sum: &str, month: &str| format!("In {month} 2020 an exchange was hacked and {sum} was stolen.");
    assert_eq!(
        pair(&unnamed("about $281 million", "September"), named),
        ["about $281 million | $275 million (unexplained)"]
    );
    for (sum, month) in
        [("$281 million", "October"), ("$23 million", "September"), ("$275 million", "September")]
    {
        assert_eq!(pair(&unnamed(sum, month), named), [""; 0], "{sum} {month}");
    }
    // Two that are both named are two cases.
    let other = "On 20 September 2020 Eterbase was hacked and lost $281 million.";
    assert_eq!(pair(other, named), [""; 0]);
}

#[test]
fn figures_that_can_both_be_right_are_left_out_until_they_are_asked_for() {
    let reports = |other| {
        [
            ("The Gull", "2019-01-01", "Hackers stole $31.5 million from Bithumb in June 2018."),
            ("The Tern", "2019-02-01", other),
        ]
    };
    for other in [
        "In June 2018 Bithumb lost about $32 million to hackers.",
        "In June 2018 Bithumb lost more than $30 million to hackers.",
    ] {
        assert_eq!(told(&reports(other)), [""; 0]);
        let all = Options { rounded: true, ..Options::default() };
        let rows = found(&reports(other), &all);
        assert_eq!(rows.iter().map(|r| r.causes.clone()).collect::<Vec<_>>(), [[Cause::Rounding]], "{other}");
    }
}

#[test]
fn the_likely_cause_is_told() {
    let theft = |sum: &str| format!("Hackers stole {sum} from Bithumb in June 2018.");
    for (one, other, cause) in [
        ("$31.5 million", "$35.1 million", "typo"),
        ("$31.5 million", "$31.5 billion", "scale"),
        ("$31.5 million", "€31.5 million", "currency"),
        ("more than $31 million", "nearly $31 million", "hedge"),
        ("11,000 ETH, worth $5 million,", "11,000 ETH, worth $7.7 million,", "valuation"),
    ] {
        let rows = pair(&theft(one), &theft(other));
        assert!(rows.len() == 1 && rows[0].ends_with(&format!("({cause})")), "{one}, {other}: {rows:?}");
    }
    let attempted = pair(
        "Hackers stole $81 million from Bithumb in June 2018.",
        "Hackers attempted to steal $951 million from Bithumb in June 2018.",
    );
    assert_eq!(attempted, ["$81 million | $951 million (measure)"]);
    let windows = told(&[
        (
            "A",
            "2022-03-01",
            "North Korean hackers stole $50 million from at least three exchanges from 2020 to mid-2021, a Member State said.",
        ),
        (
            "B",
            "2022-04-01",
            "From 2020 to October 2021 North Korean hackers stole $70 million from at least three exchanges, said a Member State.",
        ),
    ]);
    assert_eq!(windows, ["$50 million | $70 million (window)"]);
    let later = told(&[
        ("The Panel", "2018-08-01", &theft("$31 million")),
        ("The Panel", "2019-03-01", &theft("$37 million")),
    ]);
    assert_eq!(later, ["$31 million | $37 million (revision)"]);
}

#[test]
fn the_figure_of_most_documents_leads_and_who_has_both_contradicts_nobody() {
    let (a, b) = (
        "Hackers stole $31 million from Bithumb in June 2018.",
        "Hackers stole $37 million from Bithumb in June 2018.",
    );
    let three = told(&[("A", "2018-07-01", b), ("B", "2018-08-01", a), ("C", "2018-09-01", a)]);
    assert_eq!(three, ["$31 million | $37 million (unexplained)"]);
    let both = format!("{a}\n\n{b}\n");
    assert_eq!(told(&[("A", "2018-07-01", &both), ("B", "2018-08-01", a)]), [""; 0]);
}

#[test]
fn a_query_a_kind_and_a_cause_choose() {
    let reports = [
        ("A", "2018-07-01", "Hackers stole $31 million from Bithumb in June 2018."),
        ("B", "2018-08-01", "Hackers stole $37 million from Bithumb in June 2018."),
    ];
    let count = |options: Options| found(&reports, &options).len();
    let of = |query: &str| Options { query: query.to_string(), ..Options::default() };
    assert_eq!((count(of("Bithumb")), count(of("Coinrail"))), (1, 0));
    assert_eq!(count(Options { kinds: vec![FigureKind::Count], ..Options::default() }), 0);
    assert_eq!(count(Options { causes: vec![Cause::Scale], ..Options::default() }), 0);
    assert_eq!(count(Options { causes: vec![Cause::Unexplained], ..Options::default() }), 1);
}
