//! What the signs, tickers and names of crypto-assets make of the numbers beside them, and what
//! only looks like a sum of coins: counts of addresses, years, words that are coins' names too.

use super::markers::{closes, enough, figure_after, follows_unit, suffix_figure};
use super::money::Care;
use super::numbers::{Figure, first, last};
use super::page::Page;
use super::{COIN, NUMBER_WORDS, Proposal, Refusal, Unit, refuse, unread};
use rust_decimal::Decimal;

pub(super) fn coin_symbol(
    page: &Page<'_>,
    coin: &'static str,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    if let Ok((figure, negative)) = figure_after(page, end, true) {
        closes(text, &figure).map_err(|why| refuse(start, figure.end, &COIN, why))?;
        let stop = figure.end;
        return Ok(Proposal {
            start,
            end: stop,
            figure,
            unit: Unit::Coin(coin),
            rule: &COIN,
            inherited: None,
            leads: true,
            negative,
        });
    }
    let figure = suffix_figure(page, start, floor, true).map_err(|why| unread(start, end, &COIN, why))?;
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit: Unit::Coin(coin),
        rule: &COIN,
        inherited: None,
        leads: false,
        negative: false,
    })
}

/// Turns down a number before a coin's name that counts what follows, or is a year.
fn counts_coins(
    page: &Page<'_>,
    figure: &Figure,
    end: usize,
    singular: bool,
    floor: usize,
) -> Result<(), Refusal> {
    if page.counts_things(end, figure, singular) {
        return Err(refuse(figure.start, end, &COIN, "a count of things, not of coins"));
    }
    if figure.looks_like_year() && page.dated(figure, floor) {
        return Err(refuse(figure.start, end, &COIN, "the number is a year"));
    }
    Ok(())
}

/// Turns down a coin's name that is an ordinary word where nothing near speaks of crypto-assets.
fn speaks_of_coins(
    page: &Page<'_>,
    care: Care,
    figure: &Figure,
    at: usize,
    span: (usize, usize),
) -> Result<(), Refusal> {
    if enough(page, care, figure, None, at) {
        return Ok(());
    }
    Err(refuse(span.0, span.1, &COIN, "the coin's name is a word and nothing near speaks of crypto-assets"))
}

pub(super) fn ticker(
    page: &Page<'_>,
    coin: &'static str,
    care: Care,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let text = page.text;
    if first(text, end).is_some_and(|c| matches!(c, '/' | '_'))
        && text[end + 1..].chars().next().is_some_and(char::is_alphanumeric)
        || last(text, start).is_some_and(|c| matches!(c, '/' | '.' | '-'))
            && last(text, start - 1).is_some_and(char::is_alphabetic)
    {
        return Err(None);
    }
    let before = suffix_figure(page, start, floor, false);
    let (figure, leads, negative) = match before {
        Ok(figure) => (figure, false, false),
        Err(why) => {
            let (figure, negative) =
                figure_after(page, end, false).map_err(|_| unread(start, end, &COIN, why))?;
            if closes(text, &figure).is_err() || figure.in_words || follows_unit(text, figure.end) {
                return Err(None);
            }
            let strong = figure.grouped || figure.magnitude.is_some() || figure.decimals > 0;
            // `ETH 2.0` is a network, `BTC 2021` a year.
            if care != Care::None
                || figure.looks_like_year()
                || (coin == "ETH" && matches!(&text[figure.start..figure.end], "2.0" | "2" | "1.0" | "1.x"))
                || !(strong || figure.value >= Decimal::TEN)
            {
                return Err(refuse(start, figure.end, &COIN, "a ticker before a plain number"));
            }
            (figure, true, negative)
        }
    };
    let span = (figure.start.min(start), figure.end.max(end));
    if !leads {
        if first(text, end).is_some_and(|c| c.is_ascii_digit()) {
            return Err(None);
        }
        counts_coins(page, &figure, end, true, floor)?;
    }
    speaks_of_coins(page, care, &figure, start, span)?;
    Ok(Proposal {
        start: span.0,
        end: span.1,
        figure,
        unit: Unit::Coin(coin),
        rule: &COIN,
        inherited: None,
        leads,
        negative,
    })
}

pub(super) fn coin_name(
    page: &Page<'_>,
    coin: &'static str,
    care: Care,
    singular: bool,
    start: usize,
    end: usize,
    floor: usize,
) -> Result<Proposal, Refusal> {
    let figure = suffix_figure(page, start, floor, false).map_err(|why| unread(start, end, &COIN, why))?;
    let span = (figure.start, end);
    counts_coins(page, &figure, end, singular, floor)?;
    speaks_of_coins(page, care, &figure, start, span)?;
    let rule = if figure.in_words { &NUMBER_WORDS } else { &COIN };
    Ok(Proposal {
        start: span.0,
        end,
        figure,
        unit: Unit::Coin(coin),
        rule,
        inherited: None,
        leads: false,
        negative: false,
    })
}

pub(super) fn satoshi(page: &Page<'_>, start: usize, end: usize, floor: usize) -> Result<Proposal, Refusal> {
    let mut figure =
        suffix_figure(page, start, floor, false).map_err(|why| unread(start, end, &COIN, why))?;
    figure.value = figure.value.checked_mul(Decimal::new(1, 8)).ok_or(None)?;
    Ok(Proposal {
        start: figure.start,
        end,
        figure,
        unit: Unit::Coin("BTC"),
        rule: &COIN,
        inherited: None,
        leads: false,
        negative: false,
    })
}
