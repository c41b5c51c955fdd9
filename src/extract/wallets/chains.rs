//! The chains by name: the words that name them in a text, the prefixes of their bech32
//! addresses, which of them have Ethereum's addresses. The list is `chains.tsv`.

use aho_corasick::{AhoCorasick, MatchKind};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Rows in order of the chain; lists inside a column are joined by `;`.
pub(super) const TSV: &str = include_str!("chains.tsv");

/// How the addresses under a prefix are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Variant {
    /// BIP-173 and BIP-350: a witness version and program.
    Segwit,
    /// Bech32 of 20 or 32 bytes.
    Bech32,
    Bech32m,
    /// Bech32 or bech32m of any length.
    Any,
}

struct Chains {
    words: AhoCorasick,
    /// Of each pattern of `words`: its chain, and whether it is a ticker (upper case only).
    named: Vec<(&'static str, bool)>,
    prefixes: BTreeMap<&'static str, (&'static str, Variant)>,
    /// `ethereum` first.
    evm: Vec<&'static str>,
    alone: BTreeMap<&'static str, [&'static str; 1]>,
}

static CHAINS: LazyLock<Option<Chains>> = LazyLock::new(|| {
    let (mut patterns, mut named) = (Vec::new(), Vec::new());
    let (mut prefixes, mut evm, mut alone) = (BTreeMap::new(), vec!["ethereum"], BTreeMap::new());
    for row in TSV.lines().skip(1) {
        let mut columns = row.split('\t');
        let mut next = || columns.next().unwrap_or("");
        let (chain, names, tickers, has_evm, prefixes_of) = (next(), next(), next(), next(), next());
        alone.insert(chain, [chain]);
        for (list, ticker) in [(names, false), (tickers, true)] {
            for word in list.split(';').filter(|w| !w.is_empty()) {
                patterns.push(word);
                named.push((chain, ticker));
            }
        }
        if has_evm == "yes" && chain != "ethereum" {
            evm.push(chain);
        }
        for (prefix, variant) in prefixes_of.split(';').filter_map(|p| p.split_once(':')) {
            let variant = match variant {
                "segwit" => Variant::Segwit,
                "bech32m" => Variant::Bech32m,
                "any" => Variant::Any,
                _ => Variant::Bech32,
            };
            prefixes.insert(prefix, (chain, variant));
        }
    }
    let words = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostLongest)
        .build(&patterns)
        .ok()?;
    Some(Chains { words, named, prefixes, evm, alone })
});

/// The chain and encoding of a bech32 prefix, in either case.
pub(super) fn prefix(prefix: &str) -> Option<&'static (&'static str, Variant)> {
    let chains = CHAINS.as_ref()?;
    if prefix.bytes().any(|b| b.is_ascii_uppercase()) {
        return chains.prefixes.get(prefix.to_ascii_lowercase().as_str());
    }
    chains.prefixes.get(prefix)
}

/// The chains with Ethereum's addresses, itself first.
pub(super) fn evm() -> &'static [&'static str] {
    CHAINS.as_ref().map_or(&["ethereum"], |c| &c.evm)
}

/// The chain as a list of one.
pub(super) fn alone(chain: &str) -> Option<&'static [&'static str]> {
    Some(CHAINS.as_ref()?.alone.get(chain)?)
}

/// The chains a text names, with the bytes of each name, in order.
pub(super) fn named(text: &str) -> Vec<(usize, usize, &'static str)> {
    let Some(chains) = CHAINS.as_ref() else { return Vec::new() };
    let edge = |b: Option<&u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric());
    chains
        .words
        .find_iter(text)
        .filter_map(|m| {
            let (chain, ticker) = *chains.named.get(m.pattern().as_usize())?;
            let found = text.get(m.start()..m.end())?;
            let before = m.start().checked_sub(1).and_then(|i| text.as_bytes().get(i));
            let whole = edge(before) && edge(text.as_bytes().get(m.end()));
            let cased = !ticker || !found.bytes().any(|b| b.is_ascii_lowercase());
            (whole && cased).then_some((m.start(), m.end(), chain))
        })
        .collect()
}
