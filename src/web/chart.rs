//! Counts as pictures in SVG: sizes of amounts by decade, dates mentioned by year. Every bar is a
//! link that filters; a script lets them be brushed.

use super::asked::Asked;
use crate::index::Facet;
use crate::index::values::DECADES;
use crate::search::Count;
use maud::{Markup, html};
use std::collections::BTreeMap;

const HEIGHT: f64 = 56.0;
const STEP: f64 = 24.0;

/// One bar.
struct Bar {
    /// What the axis says under it, where there is room.
    label: String,
    title: String,
    count: u64,
    to: String,
    chosen: bool,
    /// What the script chooses when it is brushed.
    value: String,
}

/// How often sizes of amounts occur, for the currency that occurs most or is chosen.
pub(super) fn amounts(asked: &Asked, counts: &[Count]) -> Markup {
    // A value is `USD 10M-100M` or a path `USD/10M-100M`; a currency alone is the level above.
    let split = |value: &str| -> Option<(String, usize)> {
        let (currency, size) = value.split_once(['/', ' '])?;
        Some((currency.to_string(), DECADES.iter().position(|(name, _)| *name == size)?))
    };
    let mut currencies: BTreeMap<String, u64> = BTreeMap::new();
    for count in counts {
        if let Some((currency, _)) = split(&count.value) {
            // A chosen currency stays the one shown.
            let weight = if count.chosen { 1 << 40 } else { 0 };
            *currencies.entry(currency).or_default() += count.passages + weight;
        }
    }
    let Some((currency, _)) =
        currencies.into_iter().max_by_key(|(name, n)| (*n, std::cmp::Reverse(name.clone())))
    else {
        return html! {};
    };
    let held: BTreeMap<usize, &Count> = counts
        .iter()
        .filter_map(|c| split(&c.value).filter(|(name, _)| *name == currency).map(|(_, size)| (size, c)))
        .collect();
    let (Some(first), Some(last)) = (held.keys().next().copied(), held.keys().next_back().copied()) else {
        return html! {};
    };
    let bars: Vec<Bar> = (first..=last)
        .map(|size| {
            let name = DECADES.get(size).map_or("", |(name, _)| *name);
            let from =
                name.split('-').next().unwrap_or(name).trim_start_matches("under ").replace(" and more", "");
            match held.get(&size) {
                Some(count) => Bar {
                    label: if name.starts_with("under") { "0".into() } else { from },
                    title: format!("{currency} {name}: {}", passages(count.passages)),
                    count: count.passages,
                    to: asked.toggled(Facet::Amount, &count.value).at("/"),
                    chosen: asked.has(Facet::Amount, &count.value),
                    value: count.value.clone(),
                },
                None => Bar {
                    label: from,
                    title: format!("{currency} {name}: none"),
                    count: 0,
                    to: String::new(),
                    chosen: false,
                    value: String::new(),
                },
            }
        })
        .collect();
    figure(&format!("Amounts in {currency}"), "each bar ten times the one before", "amount", &bars)
}

/// How often years are mentioned; `counts` may hold months too, which are passed over.
pub(super) fn years(asked: &Asked, counts: &[Count], what: &str) -> Markup {
    let held: BTreeMap<i32, u64> = counts
        .iter()
        .filter(|c| c.value.len() == 4)
        .filter_map(|c| Some((c.value.parse().ok()?, c.passages)))
        .filter(|(year, _)| (1900..2100).contains(year))
        .collect();
    let Some(last) = held.keys().next_back().copied() else { return html! {} };
    // Thirty years before the last mentioned are enough to see; what is older is one bar's worth of text.
    let first = held.keys().next().copied().unwrap_or(last).max(last - 29);
    let chosen = asked.dates.as_deref().and_then(|dates| {
        let (from, to) = dates.split_once("..").unwrap_or((dates, dates));
        Some((from.get(..4)?.parse::<i32>().ok()?, to.get(..4)?.parse::<i32>().ok()?))
    });
    let bars: Vec<Bar> = (first..=last)
        .map(|year| {
            let count = held.get(&year).copied().unwrap_or(0);
            let is_chosen = chosen.is_some_and(|(from, to)| (from..=to).contains(&year));
            let only = chosen == Some((year, year));
            Bar {
                label: format!("’{:02}", year % 100),
                title: format!("{year}: {}", passages(count)),
                count,
                to: asked.with_dates((!only).then(|| year.to_string())).at("/"),
                chosen: is_chosen,
                value: year.to_string(),
            }
        })
        .collect();
    figure(what, "by year", "dates", &bars)
}

fn passages(n: u64) -> String {
    match n {
        1 => "1 passage".to_string(),
        n => format!("{n} passages"),
    }
}

fn figure(what: &str, how: &str, name: &str, bars: &[Bar]) -> Markup {
    let most = bars.iter().map(|b| b.count).max().unwrap_or(1).max(1) as f64;
    let width = STEP * bars.len().max(9) as f64;
    let every = bars.len().div_ceil(14).max(1);
    html! {
        figure class="chart" data-brush=(name) {
            figcaption { strong { (what) } " " span { (how) } }
            svg viewBox={"0 0 " (width) " " (HEIGHT + 16.0)} role="group" aria-label={(what) " " (how)} {
                @for (i, bar) in bars.iter().enumerate() {
                    @let x = STEP * i as f64;
                    // Logarithmic in height too, so that a bar of one can be seen beside one of a thousand.
                    @let tall = if bar.count == 0 { 0.0 } else { 4.0 + (HEIGHT - 6.0) * ((bar.count as f64).ln_1p() / most.ln_1p()) };
                    @let tall = (tall * 10.0).round() / 10.0;
                    @let class = if bar.chosen { "bar chosen" } else { "bar" };
                    @if bar.count > 0 {
                        a href=(bar.to) class=(class) data-value=(bar.value) aria-label={(bar.title) @if bar.chosen { ", chosen" }} {
                            title { (bar.title) }
                            rect class="room" x=(x) y="0" width=(STEP) height=(HEIGHT) {}
                            rect class="full" x=(x + 2.0) y=(HEIGHT - tall) width=(STEP - 4.0) height=(tall) rx="1.5" {}
                        }
                    }
                    @if i % every == 0 { text x=(x + STEP / 2.0) y=(HEIGHT + 12.0) { (bar.label) } }
                }
                line x1="0" x2=(width) y1=(HEIGHT) y2=(HEIGHT) {}
            }
        }
    }
}
