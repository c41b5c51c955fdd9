//! The currencies and coins of the data files, and one automaton over every way they are printed.
//!
//! A [`Marker`] says what a spelling can mean; which currency a `$` or a "dinar" is on this page
//! is decided from the page elsewhere.

use crate::extract::spellings::{Begin, Finder};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// How much a spelling must be helped by the figure or the page to be money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Care {
    /// Clear by itself.
    None,
    /// Needs a figure that looks like a sum.
    Figure,
    /// Needs words of crypto-assets in the paragraph.
    Context,
    /// Needs grouped thousands or a magnitude; a coin also the words.
    Strict,
    /// Needs also the currency's name in the document.
    Named,
}

#[derive(Debug)]
pub(super) struct Currency {
    pub code: &'static str,
    /// Whose money it is: "Libyan", "Libya".
    pub of: Vec<&'static str>,
    /// Decimals of its minor unit.
    pub digits: u32,
    pub units: Vec<&'static str>,
}

/// What a spelling is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    /// `$`, `Rs`, `HK$`: before or after the figure. The flag tells letters from signs.
    Symbol { currency: usize, care: Care },
    /// `USD`, `RMB`. `millions` for `MUSD`.
    Code { currency: usize, care: Care, millions: bool },
    /// `dollars`; the currencies that are called so.
    Unit { word: usize },
    /// `cents`
    Minor { currency: usize },
    /// `BTC`
    Ticker { coin: &'static str, care: Care },
    /// `₿`
    CoinSymbol { coin: &'static str },
    /// `bitcoin`, `ether`
    CoinName { coin: &'static str, care: Care, singular: bool },
    /// `satoshis`
    Satoshi,
}

/// A word that names the unit of one or more currencies.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct UnitWord {
    pub word: String,
    /// Indices of the currencies, with whether the word needs "Libyan" or the like before it.
    pub of: Vec<(usize, bool)>,
    /// What it is where the page does not say.
    pub usual: Option<usize>,
    /// `dollar`, not `dollars`.
    pub singular: bool,
}

#[derive(Debug)]
pub(super) struct Money {
    pub currencies: Vec<Currency>,
    pub units: Vec<UnitWord>,
    pub markers: Vec<Marker>,
    pub automaton: Option<Finder>,
    /// A spelling to its place in `markers`.
    pub spellings: HashMap<String, usize>,
    /// "libyan" to the currencies of that adjective.
    pub adjectives: HashMap<String, Vec<usize>>,
}

impl Money {
    pub fn code(&self, currency: usize) -> &'static str {
        self.currencies.get(currency).map_or("", |c| c.code)
    }

    pub fn named(&self, code: &str) -> Option<usize> {
        self.currencies.iter().position(|c| c.code == code)
    }
}

pub(super) static MONEY: LazyLock<Money> = LazyLock::new(load);

fn list(cell: Option<&'static str>) -> impl Iterator<Item = &'static str> {
    cell.unwrap_or("").split('|').filter(|s| !s.is_empty())
}

fn load() -> Money {
    let mut currencies = Vec::new();
    let mut units: Vec<UnitWord> = Vec::new();
    let mut by_word: BTreeMap<String, usize> = BTreeMap::new();
    let mut spellings: BTreeMap<String, Marker> = BTreeMap::new();
    let mut adjectives: HashMap<String, Vec<usize>> = HashMap::new();
    for row in include_str!("../currencies.tsv").lines().skip(1) {
        let mut cells = row.split('\t');
        let (Some(code), Some(_name)) = (cells.next(), cells.next()) else { continue };
        let of: Vec<&str> = list(cells.next()).collect();
        let unit_words: Vec<&str> = list(cells.next()).collect();
        let symbols: Vec<&str> = list(cells.next()).collect();
        let minor: Vec<&str> = list(cells.next()).collect();
        let digits = cells.next().and_then(|d| d.parse().ok()).unwrap_or(2);
        let care = match cells.next().unwrap_or("") {
            "figure" => Care::Figure,
            "strict" => Care::Strict,
            "name" | "historic" => Care::Named,
            _ => Care::None,
        };
        let me = currencies.len();
        spellings.insert(code.to_string(), Marker::Code { currency: me, care, millions: false });
        if matches!(code, "USD" | "EUR" | "GBP" | "AUD" | "CAD" | "CHF" | "SEK" | "NOK" | "DKK") {
            spellings
                .insert(format!("M{code}"), Marker::Code { currency: me, care: Care::None, millions: true });
        }
        if matches!(code, "USD" | "EUR" | "GBP" | "JPY" | "CHF") {
            spellings.insert(
                code.to_lowercase(),
                Marker::Code { currency: me, care: Care::None, millions: false },
            );
        }
        for symbol in symbols {
            let (symbol, safe) = symbol.strip_prefix('+').map_or((symbol, false), |s| (s, true));
            let letters = symbol.chars().all(|c| c.is_ascii_alphabetic() || c == '.');
            let care = if letters && !safe { Care::Strict } else { Care::None };
            let marker = Marker::Symbol { currency: me, care };
            if let Some(head) = symbol.strip_suffix('$').filter(|h| h.len() >= 2 && !h.ends_with([' ', '-']))
            {
                spellings.insert(format!("{head} $"), marker);
                spellings.insert(format!("${head}"), marker);
                if head.chars().all(|c| c.is_ascii_uppercase()) {
                    spellings.insert(format!("{} $", head.to_lowercase()), marker);
                }
            }
            spellings.insert(symbol.to_string(), marker);
        }
        let mut words = Vec::new();
        for word in unit_words {
            let mark = word.chars().next();
            let word = word.trim_start_matches(['*', '!']);
            words.push(word);
            let next = by_word.len();
            let at = *by_word.entry(word.to_lowercase()).or_insert(next);
            if at == units.len() {
                units.push(UnitWord { word: word.to_lowercase(), ..UnitWord::default() });
            }
            if let Some(unit) = units.get_mut(at) {
                unit.of.push((me, mark == Some('!')));
                if mark == Some('*') {
                    unit.usual = Some(me);
                }
                unit.singular = !word.ends_with('s');
            }
        }
        for word in minor {
            for spelling in cased(word) {
                spellings.entry(spelling).or_insert(Marker::Minor { currency: me });
            }
        }
        for adjective in &of {
            adjectives.entry(adjective.to_lowercase()).or_default().push(me);
        }
        currencies.push(Currency { code, of, digits, units: words });
    }
    for (word, &at) in &by_word {
        for spelling in cased(word) {
            spellings.insert(spelling, Marker::Unit { word: at });
        }
    }
    spellings.insert(
        "RMB".to_string(),
        Marker::Code { currency: position(&currencies, "CNY"), care: Care::None, millions: false },
    );
    spellings.insert(
        "rmb".to_string(),
        Marker::Code { currency: position(&currencies, "CNY"), care: Care::None, millions: false },
    );
    for row in include_str!("../coins.tsv").lines().skip(1) {
        let mut cells = row.split('\t');
        let (Some(ticker), Some(_name)) = (cells.next(), cells.next()) else { continue };
        let words: Vec<&str> = list(cells.next()).collect();
        let others: Vec<&str> = list(cells.next()).collect();
        let care = match cells.next().unwrap_or("") {
            "context" => Care::Context,
            "strict" => Care::Strict,
            _ => Care::None,
        };
        let marker = Marker::Ticker { coin: ticker, care };
        // SOL in capitals is the coin, not Peru's money.
        match spellings.get(ticker) {
            Some(Marker::Unit { .. }) | None => {
                spellings.insert(ticker.to_string(), marker);
            }
            Some(_) => {}
        }
        for other in others {
            if other.chars().all(|c| c.is_ascii_alphanumeric()) {
                spellings.insert(other.to_string(), marker);
            } else {
                spellings.insert(other.to_string(), Marker::CoinSymbol { coin: ticker });
            }
        }
        if matches!(ticker, "BTC" | "ETH" | "XMR" | "USDT" | "USDC" | "LTC") {
            spellings
                .entry(ticker.to_lowercase())
                .or_insert(Marker::Ticker { coin: ticker, care: Care::Context });
        }
        for word in words {
            for spelling in cased(word) {
                let singular = !word.ends_with('s');
                spellings.entry(spelling).or_insert(Marker::CoinName { coin: ticker, care, singular });
            }
        }
    }
    for word in ["satoshi", "satoshis"] {
        for spelling in cased(word) {
            spellings.insert(spelling, Marker::Satoshi);
        }
    }
    let automaton =
        Finder::new(spellings.keys().cloned().collect(), false, Begin::AtWordsSignsAndDigits).ok();
    let lookup = spellings.keys().cloned().zip(0..).collect();
    let markers = spellings.into_values().collect();
    Money { currencies, units, markers, automaton, spellings: lookup, adjectives }
}

fn position(currencies: &[Currency], code: &str) -> usize {
    currencies.iter().position(|c| c.code == code).unwrap_or(0)
}

/// The ways a word is capitalised in print.
fn cased(word: &str) -> Vec<String> {
    let lower = word.to_lowercase();
    let upper = word.to_uppercase();
    let title = lower
        .split(' ')
        .map(|w| {
            let mut letters = w.chars();
            letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect())
        })
        .collect::<Vec<String>>()
        .join(" ");
    let mut first = lower.chars();
    let sentence = first.next().map_or(String::new(), |c| c.to_uppercase().chain(first).collect());
    let mut spellings = vec![lower, word.to_string(), upper, title, sentence];
    spellings.sort();
    spellings.dedup();
    spellings
}
