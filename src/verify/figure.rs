//! Two figures side by side: equal, rounded, with another hedge, slipped in scale or unit, or
//! different.

use crate::claims::{Figure, FigureKind};
use crate::extract::Hedge;
use rust_decimal::Decimal;

/// How a claim's figure stands to a source's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    Same,
    Rounds,
    /// The same number under a qualifier that says something else.
    HedgeShift,
    /// The same digits a thousand times more or less.
    Scale,
    /// The same number in another currency or coin.
    Unit,
    Differs,
    /// Not the same sort of figure: nothing to compare.
    Other,
}

impl Agreement {
    /// Whether the source carries the claim's number.
    pub fn carries(self) -> bool {
        matches!(self, Agreement::Same | Agreement::Rounds | Agreement::HedgeShift)
    }
}

/// Units in which things are measured, each by its names.
const MEASURED: [&[&str]; 12] = [
    &["second"],
    &["minute"],
    &["hour"],
    &["day"],
    &["week"],
    &["month"],
    &["year"],
    &["barrel"],
    &["ton", "tonne"],
    &["litre", "liter"],
    &["gallon"],
    &["kilogram", "kilogramme", "kg"],
];

/// Hundredths of the larger by which two figures of one case are apart at most.
const NEAR: i64 = 10;

/// Whether two figures are near enough to be of one case.
pub fn is_near(a: Decimal, b: Decimal) -> bool {
    (a - b).abs() * Decimal::ONE_HUNDRED <= a.max(b) * Decimal::from(NEAR)
}

/// Compares a claim's figure with a source's of the same or a near kind.
pub fn compare(claim: &Figure, source: &Figure) -> Agreement {
    if claim.kind != source.kind {
        return Agreement::Other;
    }
    if claim.kind == FigureKind::Date {
        // A claim may leave out the day its source gives; one that is finer than its source says more.
        let within = |a: &Figure, b: &Figure| a.low >= b.low && a.high <= b.high;
        return match (within(source, claim), within(claim, source)) {
            (true, _) => Agreement::Same,
            (false, true) => Agreement::Rounds,
            (false, false) => Agreement::Differs,
        };
    }
    let nil = |f: &Figure| f.unit.is_empty() && f.low.is_zero();
    let same_unit =
        claim.unit == source.unit || claim.kind != FigureKind::Amount || nil(claim) || nil(source);
    let number = numbers(claim, source);
    // `Tonnes` for `barrels`
    let measured = |f: &Figure| {
        let first = f.unit.split_whitespace().next().unwrap_or("").trim_end_matches('s').to_string();
        MEASURED.iter().position(|names| names.contains(&first.as_str()))
    };
    let swapped = claim.kind == FigureKind::Count
        && matches!((measured(claim), measured(source)), (Some(a), Some(b)) if a != b);
    if !same_unit || swapped {
        return if number == Agreement::Same || number == Agreement::HedgeShift {
            Agreement::Unit
        } else {
            Agreement::Other
        };
    }
    number
}

fn numbers(claim: &Figure, source: &Figure) -> Agreement {
    if claim.low == source.low && claim.high == source.high {
        return match same_hedge(claim.hedge, source.hedge) {
            true => Agreement::Same,
            false => Agreement::HedgeShift,
        };
    }
    if claim.low != claim.high || source.low != source.high {
        return ranges(claim, source);
    }
    let (c, s) = (claim.low, source.low);
    if c.is_zero() || s.is_zero() {
        return Agreement::Differs;
    }
    for slip in [Decimal::from(1_000), Decimal::from(1_000_000)] {
        if c.checked_mul(slip) == Some(s) || s.checked_mul(slip) == Some(c) {
            return Agreement::Scale;
        }
    }
    if claim.kind == FigureKind::Count && c < Decimal::from(100) {
        // Small counts are not rounded; a hedge may still hold them.
        return match (claim.hedge, source.hedge) {
            (Hedge::Exact | Hedge::About, Hedge::Exact | Hedge::About) => Agreement::Differs,
            _ if hedged_holds(claim, source) => Agreement::Rounds,
            _ => Agreement::Differs,
        };
    }
    if !consistent(claim, source) {
        return Agreement::Differs;
    }
    match contradicts(claim, source) {
        true => Agreement::HedgeShift,
        false => Agreement::Rounds,
    }
}

/// Whether one number is the other rounded, or lies just where its hedge says.
fn consistent(claim: &Figure, source: &Figure) -> bool {
    let (c, s) = (claim.low, source.low);
    let off = (c - s).abs() / s.abs().max(c.abs());
    let coarse = if claim.hedge == Hedge::Exact { 3 } else { 6 };
    if (rounds_to(s, c) || rounds_to(c, s)) && off < Decimal::new(coarse, 2) {
        return true;
    }
    // A hedge reaches as far as the number is coarse: `nearly 400` to 390, `over 429` not to 433.
    let within =
        |of: Decimal, hundredths: i64| off <= Decimal::new(hundredths, 2) && (c - s).abs() <= last_place(of);
    match claim.hedge {
        Hedge::Nearly | Hedge::Under | Hedge::AtMost => s < c && within(c, 8),
        Hedge::Over | Hedge::AtLeast => s > c && within(c, 10),
        Hedge::About => within(c, 3),
        Hedge::Exact => match source.hedge {
            Hedge::Nearly | Hedge::Under => c < s && within(s, 5),
            Hedge::About => within(s, 2),
            _ => false,
        },
    }
}

/// What one more in its last significant digit adds to a number: of 350 10, of 400 100.
fn last_place(value: Decimal) -> Decimal {
    let value = value.normalize();
    // A third and two thirds, told in words.
    if value == Decimal::new(333, 1) || value == Decimal::new(667, 1) {
        return Decimal::from(3);
    }
    let (mut digits, mut place) = (value.mantissa(), 1);
    while digits != 0 && digits % 10 == 0 {
        digits /= 10;
        place *= 10;
    }
    Decimal::from_i128_with_scale(place, value.scale())
}

/// Whether a number rounded to the other's significant digits is the other.
fn rounds_to(fine: Decimal, coarse: Decimal) -> bool {
    let digits = significant(coarse);
    significant(fine) > digits && fine.round_sf(digits).is_some_and(|r| r == coarse)
}

fn significant(value: Decimal) -> u32 {
    let digits: String = value.normalize().to_string().chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0').trim_end_matches('0').len();
    u32::try_from(digits).unwrap_or(u32::MAX).max(1)
}

/// A hedge of the claim that its own rounding goes against: `over 350` for 347.
fn contradicts(claim: &Figure, source: &Figure) -> bool {
    let (c, s) = (claim.low, source.low);
    match claim.hedge {
        Hedge::Over | Hedge::AtLeast => {
            s < c || matches!(source.hedge, Hedge::Nearly | Hedge::Under | Hedge::AtMost)
        }
        Hedge::Nearly | Hedge::Under | Hedge::AtMost => s > c,
        Hedge::About | Hedge::Exact => false,
    }
}

fn hedged_holds(claim: &Figure, source: &Figure) -> bool {
    // Two hedges that point the same way from two numbers are two figures.
    let reach = |a: Decimal, b: Decimal| a * Decimal::new(9, 1) <= b;
    claim.hedge != Hedge::Exact
        && matches!(source.hedge, Hedge::Exact | Hedge::About)
        && claim.interval().holds(source.low)
        && reach(source.low, claim.low)
        && reach(claim.low, source.low)
}

fn ranges(claim: &Figure, source: &Figure) -> Agreement {
    let close = |a: Decimal, b: Decimal| a == b || rounds_to(a, b) || rounds_to(b, a);
    if close(claim.low, source.low) && close(claim.high, source.high) {
        return Agreement::Rounds;
    }
    if claim.low != claim.high && source.low == source.high {
        // A point inside the claim's range.
        return if source.low >= claim.low && source.low <= claim.high {
            Agreement::Rounds
        } else {
            Agreement::Differs
        };
    }
    if claim.low == claim.high && (claim.low == source.low || claim.low == source.high) {
        return Agreement::HedgeShift;
    }
    Agreement::Differs
}

/// Hedges that say the same: over is more than, about is exact for a sum already rounded.
fn same_hedge(claim: Hedge, source: Hedge) -> bool {
    use Hedge::{About, AtLeast, AtMost, Exact, Nearly, Over, Under};
    matches!(
        (claim, source),
        (Exact, Exact)
            | (About, About | Exact)
            | (Exact, About)
            | (Nearly | Under, Nearly | Under)
            | (Over | AtLeast, Over | AtLeast)
            | (AtMost, AtMost)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(low: i64, hedge: Hedge) -> Figure {
        let low = Decimal::from(low);
        Figure { kind: FigureKind::Amount, unit: "USD".to_string(), low, high: low, hedge }
    }

    #[test]
    fn a_hedge_reaches_as_far_as_its_number_is_coarse() {
        for (claim, source, wanted) in [
            (usd(400, Hedge::Nearly), usd(387, Hedge::Exact), Agreement::Rounds),
            (usd(950, Hedge::Over), usd(956, Hedge::Over), Agreement::Rounds),
            (usd(429, Hedge::Over), usd(433, Hedge::Exact), Agreement::Differs),
            (usd(281, Hedge::About), usd(275, Hedge::Exact), Agreement::Differs),
            (usd(280, Hedge::About), usd(275, Hedge::Exact), Agreement::Rounds),
            (usd(395, Hedge::Exact), usd(400, Hedge::Nearly), Agreement::Rounds),
            (usd(350, Hedge::Over), usd(347, Hedge::Exact), Agreement::HedgeShift),
        ] {
            assert_eq!(compare(&claim, &source), wanted, "{claim} {source}");
        }
    }

    #[test]
    fn a_small_count_is_hedged_only_near_an_exact_one() {
        let count = |low: i64, hedge| Figure {
            kind: FigureKind::Count,
            unit: "missiles".to_string(),
            ..usd(low, hedge)
        };
        let at_least = count(37, Hedge::AtLeast);
        assert_eq!(compare(&at_least, &count(38, Hedge::Exact)), Agreement::Rounds);
        assert_eq!(compare(&at_least, &count(73, Hedge::AtLeast)), Agreement::Differs);
        assert_eq!(compare(&at_least, &count(73, Hedge::Exact)), Agreement::Differs);
    }

    #[test]
    fn a_date_holds_what_lies_in_it() {
        let date = |low: i64, high: i64| Figure {
            kind: FigureKind::Date,
            high: Decimal::from(high),
            ..usd(low, Hedge::Exact)
        };
        let (year, month, day) =
            (date(20180101, 20181231), date(20181001, 20181031), date(20181002, 20181002));
        assert_eq!(compare(&month, &day), Agreement::Same);
        assert_eq!(compare(&day, &month), Agreement::Rounds);
        assert_eq!(compare(&year, &month), Agreement::Same);
        assert_eq!(compare(&day, &date(20181008, 20181008)), Agreement::Differs);
    }

    #[test]
    fn the_last_place_of_a_number() {
        for (number, place) in [("350", "10"), ("400", "100"), ("429", "1"), ("1.35", "0.01"), ("0.5", "0.1")]
        {
            let read = |text: &str| text.parse::<Decimal>().unwrap();
            assert_eq!(last_place(read(number)), read(place), "{number}");
        }
    }
}
