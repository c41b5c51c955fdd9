//! Wallets and exchanges against the address and name vectors beside the repository, and on
//! arbitrary text.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use paydirt::document::Document;
use paydirt::extract::{self, Findings, Kind, Value, Wallet, WalletForm};
use paydirt::structure;
use serde_json::Value as Json;
use std::path::Path;

/// The rows of a file of vectors; nothing, and a line that says so, where it is absent.
fn vectors(name: &str) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: ../shared/vectors/{name} is not there");
        return Vec::new();
    };
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn find(text: &str, kind: Kind) -> (Document, Findings) {
    let document = structure::plain(text);
    let findings = extract::extract(&document, &[kind]);
    (document, findings)
}

fn wallets(text: &str) -> Vec<Wallet> {
    let wallet = |value| match value {
        Value::Wallet(wallet) => Some(wallet),
        _ => None,
    };
    find(text, Kind::Wallet).1.mentions.into_iter().filter_map(|m| wallet(m.value)).collect()
}

fn str<'j>(row: &'j Json, field: &str) -> &'j str {
    row[field].as_str().unwrap_or("")
}

/// The chain of a ticker or name the vectors use, and the words a sentence would name it by; `None`
/// where it is out of scope. A token is found on the chain its address has.
fn expected(coin: &str, address: &str) -> Option<(&'static str, &'static str)> {
    let token_on = |evm: &'static str| {
        if address.starts_with("0x") {
            evm
        } else if address.starts_with('T') {
            "tron"
        } else if address.len() >= 43 {
            "solana"
        } else {
            "bitcoin"
        }
    };
    let (coin, network) = coin.split_once('/').unwrap_or((coin, ""));
    Some(match (coin, network.to_ascii_lowercase().as_str()) {
        (_, "ethereum") => ("ethereum", "Ethereum"),
        (_, "tron") => ("tron", "Tron"),
        (_, "solana") => ("solana", "Solana"),
        (_, "omni") => ("bitcoin", "Bitcoin"),
        (_, "arbitrum") | ("ARB" | "ARBITRUM", _) => ("arbitrum", "Arbitrum"),
        (_, "berachain") | ("BERA" | "BERACHAIN", _) => ("berachain", "Berachain"),
        (_, "sonic") | ("S" | "SONIC", _) => ("sonic", "Sonic Labs"),
        (_, "binance" | "binancesmartchain") | ("BEP20", _) => ("bsc", "BNB Smart Chain"),
        ("BNB" | "BINANCE" | "TBINANCE", _) if address.starts_with("0x") => ("bsc", "BNB Smart Chain"),
        ("BNB" | "BINANCE" | "BEP2", _) if !address.starts_with("bva") => ("binance-chain", "Binance Chain"),
        ("BTC" | "XBT", _) if !address.starts_with('T') => ("bitcoin", "Bitcoin"),
        ("BCH", _) => ("bitcoin-cash", "Bitcoin Cash"),
        ("BSV", _) => ("bitcoin-sv", "Bitcoin SV"),
        ("LTC", _) => ("litecoin", "Litecoin"),
        ("DOGE", _) => ("dogecoin", "Dogecoin"),
        ("DASH", _) => ("dash", "Dash"),
        ("ZEC", _) => ("zcash", "Zcash"),
        ("BTG", _) => ("bitcoin-gold", "Bitcoin Gold"),
        ("DGB" | "DIGIBYTE", _) => ("digibyte", "DigiByte"),
        ("XVG", _) => ("verge", "Verge"),
        ("PIVX", _) => ("pivx", "PIVX"),
        ("DIVI", _) => ("divi", "Divi"),
        ("ETH", _) => ("ethereum", "Ethereum"),
        ("ETC" | "ETHEREUMCLASSIC", _) => ("ethereum-classic", "Ethereum Classic"),
        ("AVAX", _) => ("avalanche", "Avalanche"),
        ("CELO", _) => ("celo", "Celo"),
        ("OP", _) => ("optimism", "Optimism"),
        ("VET", _) => ("vechain", "VeChain"),
        ("XRP", _) => ("xrp", "XRP"),
        ("NEO" | "NEOGAS", _) => ("neo", "NEO"),
        ("ONT", _) => ("ontology", "Ontology"),
        ("QTUM", _) => ("qtum", "Qtum"),
        ("KMD" | "KOMODO", _) => ("komodo", "Komodo"),
        ("ADA", _) => ("cardano", "Cardano"),
        ("XMR", _) => ("monero", "Monero"),
        ("ETN", _) => ("electroneum", "Electroneum"),
        ("WAVES", _) => ("waves", "Waves"),
        ("NANO", _) => ("nano", "Nano"),
        ("SIACOIN", _) => ("siacoin", "Siacoin"),
        ("TRX", _) => ("tron", "Tron"),
        ("XLM", _) => ("stellar", "Stellar"),
        ("XTZ", _) => ("tezos", "Tezos"),
        ("ALGO", _) => ("algorand", "Algorand"),
        ("DOT", _) => ("polkadot", "Polkadot"),
        ("KUSAMA", _) => ("kusama", "Kusama"),
        ("CRO", _) => ("cronos", "Cronos"),
        ("SOL" | "BONK" | "SRM", _) => ("solana", "Solana"),
        ("APT", _) if address.len() == 66 => ("aptos", "Aptos"),
        ("SUI", _) => ("sui", "Sui"),
        ("ATOM", _) => ("cosmos", "Cosmos"),
        ("COSMOS", _) if address.starts_with("cosmos1") => ("cosmos", "Cosmos"),
        ("KAVA", _) => ("kava", "Kava"),
        ("LUNA", _) => ("terra", "Terra"),
        ("THORCHAIN", _) => ("thorchain", "THORChain"),
        ("NATIVEINJECTIVE", _) => ("injective", "Injective"),
        ("NATIVEEVMOS", _) => ("evmos", "Evmos"),
        ("NATIVEZETACHAIN", _) => ("zetachain", "ZetaChain"),
        ("TON", _) => ("ton", "TON"),
        ("FIL", _) => ("filecoin", "Filecoin"),
        ("HNT", _) => ("helium", "Helium"),
        ("IOTA", _) => ("iota", "IOTA"),
        ("IOTX", _) => ("iotex", "IoTeX"),
        ("IRIS", _) => ("iris", "IRISnet"),
        ("CKB", _) => ("nervos", "Nervos"),
        ("EGLD", _) => ("multiversx", "MultiversX"),
        ("GRIN", _) => ("grin", "Grin"),
        ("ONE", _) => ("harmony", "Harmony"),
        ("ZIL", _) => ("zilliqa", "Zilliqa"),
        ("SYS", _) if address.starts_with("sys1") => ("syscoin", "Syscoin"),
        ("VTC" | "VERTCOIN", _) if !address.starts_with('3') => ("vertcoin", "Vertcoin"),
        ("VIA", _) => ("viacoin", "Viacoin"),
        ("LCC", _) if address.starts_with("lcc1") => ("litecoin-cash", "Litecoin Cash"),
        ("BTM", _) => ("bytom", "Bytom"),
        ("ECASH", _) => ("ecash", "eCash"),
        ("GROESTLCOIN", _) if address.starts_with("grs1") => ("groestlcoin", "Groestlcoin"),
        ("INTERNETCOMPUTER", _) => ("icp", "Internet Computer"),
        ("XEM", _) => ("nem", "NEM"),
        ("ZEN", _) => ("horizen", "Horizen"),
        ("FLUX", _) => ("flux", "Flux"),
        ("MONA", _) => ("monacoin", "Monacoin"),
        ("GRLC" | "GARLICOIN", _) => ("garlicoin", "Garlicoin"),
        ("NMC" | "NAMECOIN", _) if !address.starts_with('T') => ("namecoin", "Namecoin"),
        ("PEERCOIN" | "PPC", _) if address.starts_with('P') => ("peercoin", "Peercoin"),
        ("USDT" | "USDC" | "TETHER" | "USDT0", "") if address.len() >= 34 => (token_on("ethereum"), "Tether"),
        ("EURC" | "YFI" | "MANA" | "KCS" | "GNO" | "EWT" | "NRG" | "BANKEX" | "BKX" | "XTP" | "POA", _) => {
            ("ethereum", "token")
        }
        ("IP" | "ETHEREUMPOW" | "ETHW" | "CLO" | "CALLISTO" | "ETZ" | "ETHERZERO" | "FLARE" | "FLR", _) => {
            ("ethereum", "token")
        }
        ("TOMO" | "TT", _) => ("ethereum", "token"),
        _ => return None,
    })
}

/// White space and the optional prefix aside, and in one case where case says nothing.
fn same(a: &str, b: &str) -> bool {
    let evm = |s: &str| s.starts_with("0x") || s.bytes().all(|b| b.is_ascii_hexdigit());
    a == b
        || (evm(a) || a.to_ascii_lowercase() == a || b.to_ascii_lowercase() == b) && a.eq_ignore_ascii_case(b)
}

#[test]
fn valid_addresses_are_found_with_their_chain() {
    // The rule: a sentence that names the coin, as a report would where the bytes leave a choice.
    let (mut in_scope, mut outside, mut failures) = (0, 0, Vec::new());
    for row in vectors("addresses_valid.jsonl") {
        let (coin, address) = (str(&row, "coin"), str(&row, "address"));
        let Some((chain, name)) = expected(coin, address).filter(|_| str(&row, "network") == "main") else {
            outside += 1;
            continue;
        };
        in_scope += 1;
        let found = wallets(&format!("The {name} address {address} received the funds."));
        match &found[..] {
            [w] if w.chain == chain && same(&w.address, address) && w.form == WalletForm::Address => {}
            _ => {
                failures.push(format!("{} {coin} {address}: wanted {chain}, got {found:?}", str(&row, "id")))
            }
        }
    }
    println!("addresses_valid: {in_scope} in scope, {outside} outside, {} fail", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn invalid_addresses_are_not_found() {
    let (mut count, mut failures) = (0, Vec::new());
    for row in vectors("addresses_invalid.jsonl") {
        let (coin, address) = (str(&row, "coin"), str(&row, "address"));
        count += 1;
        let chain = expected(coin, address).map(|e| e.0);
        let found = wallets(&format!("The address {address} received the funds."));
        // What is an address of another chain may be found as that; `bcash:` is a scheme that the
        // address behind it does without.
        let spoilt = str(&row, "note").starts_with("derived");
        let other = address.starts_with("bcash:");
        if found.iter().any(|w| spoilt || Some(w.chain.as_str()) == chain && !other) {
            failures.push(format!(
                "{} {coin} {address} ({}): got {found:?}",
                str(&row, "id"),
                str(&row, "note")
            ));
        }
    }
    println!("addresses_invalid: {count}, {} accepted", failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn addresses_are_found_in_their_surroundings() {
    let (mut right, mut count, mut failures) = (0, 0, Vec::new());
    for row in vectors("addresses_context.jsonl") {
        let text = str(&row, "text");
        let mut found = wallets(text);
        found.retain(|w| w.form == WalletForm::Address);
        for wanted in row["addresses"].as_array().into_iter().flatten() {
            count += 1;
            let (coin, address) = (str(wanted, "coin"), str(wanted, "address"));
            let chain = expected(coin, address).map(|e| e.0);
            match found.iter().position(|w| Some(w.chain.as_str()) == chain && same(&w.address, address)) {
                Some(i) => {
                    right += 1;
                    found.remove(i);
                }
                None => failures.push(format!("{}: {coin} {address} missed in {text:?}", str(&row, "id"))),
            }
        }
        for w in found {
            failures.push(format!("{}: {} {} is not there: {text:?}", str(&row, "id"), w.chain, w.address));
        }
    }
    println!("addresses_context: {right} of {count}, {} wrong", failures.len());
    assert!(failures.len() * 100 <= count, "{}", failures.join("\n"));
}

#[test]
fn look_alikes_give_nothing() {
    let mut failures = Vec::new();
    for row in vectors("negatives.jsonl") {
        let text = str(&row, "text");
        let must_not: Vec<&str> =
            row["must_not"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        for (words, kind) in [
            (&["address", "address_plain"][..], Kind::Wallet),
            (&["entity", "address", "money"], Kind::Exchange),
        ] {
            if must_not.iter().any(|m| words.contains(m)) {
                let (document, found) = find(text, kind);
                failures.extend(found.mentions.iter().map(|m| {
                    format!("{}: {} as {} in {text:?}", str(&row, "id"), m.span.of(&document.text), m.value)
                }));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
