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

/// The surfaces of the exchanges found, and their names.
fn exchanges(text: &str) -> Vec<(String, String)> {
    let (document, found) = find(text, Kind::Exchange);
    let name = |value: &Value| match value {
        Value::Exchange(exchange) => exchange.name.clone(),
        _ => String::new(),
    };
    found.mentions.iter().map(|m| (m.span.of(&document.text).to_string(), name(&m.value))).collect()
}

#[test]
fn names_and_their_look_alikes_are_told_apart() {
    let mut failures = Vec::new();
    for row in vectors("entities_context.jsonl") {
        let text = str(&row, "text");
        let found: Vec<String> = exchanges(text).into_iter().map(|f| f.0).collect();
        let wanted: Vec<&str> =
            row["entities"].as_array().into_iter().flatten().map(|e| str(e, "surface")).collect();
        // `Stake.com` and `Celsius Network` are what is printed of `Stake` and `Celsius`.
        let agree = found.len() == wanted.len() && found.iter().zip(&wanted).all(|(f, w)| f.contains(w));
        if !agree {
            failures.push(format!("{}: wanted {wanted:?}, got {found:?} in {text:?}", str(&row, "id")));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_curated_names_are_known() {
    let (mut count, mut missing) = (0, Vec::new());
    for row in vectors("exchanges.jsonl") {
        if row["curated"] != true {
            continue;
        }
        count += 1;
        let name = str(&row, "name");
        if exchanges(&format!("The stolen bitcoin was moved to the exchange {name} in March.")).is_empty() {
            missing.push(name.to_string());
        }
    }
    println!("exchanges: {} of {count} curated names known", count - missing.len());
    assert!(missing.len() * 33 <= count, "not known: {missing:?}");
}

#[test]
fn the_list_of_names_is_in_order_and_each_example_is_found() {
    use paydirt::extract::exchanges::TSV;
    let mut rows = TSV.lines();
    let head = rows.next().unwrap();
    assert_eq!(head, "name\tkind\tspellings\tshared\twords\tformer\tyears\tneeds\tnever\texample");
    let (mut before, mut count, mut failures) = (String::new(), 0, Vec::new());
    for row in rows {
        count += 1;
        let columns: Vec<&str> = row.split('\t').collect();
        let [name, kind, .., years, _, _, example] = columns[..] else {
            failures.push(format!("ten columns are due: {row:?}"));
            continue;
        };
        if columns.len() != 10 {
            failures.push(format!("{name}: {} columns, ten are due", columns.len()));
        }
        let key = name.to_lowercase();
        if key <= before {
            failures
                .push(format!("{name} stands after {before}; help: sort by the name without regard to case"));
        }
        before = key;
        let year = |y: &str| y.is_empty() || y.len() == 4 && y.bytes().all(|b| b.is_ascii_digit());
        if !years.is_empty() && !years.split_once('-').is_some_and(|(from, to)| year(from) && year(to)) {
            failures.push(format!("{name}: years {years:?}; help: write 2014-2019 or 2014-"));
        }
        let found = exchanges(example);
        if !found.iter().any(|f| f.1 == name) {
            failures.push(format!("{name} ({kind}) is not found in its example {example:?}, but {found:?}"));
        }
    }
    assert!(count >= 400, "{count} names");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_list_of_chains_is_in_order() {
    let chains = include_str!("../src/extract/wallets/chains.tsv");
    let names: Vec<&str> = chains.lines().skip(1).map(|row| row.split('\t').next().unwrap()).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(names, sorted, "help: sort chains.tsv by its first column");
    assert!(chains.lines().all(|row| row.split('\t').count() == 5), "five columns are due in chains.tsv");
}

/// Pieces that texts with addresses and names are made of, good and hostile.
fn pieces() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    let pool = vec![
        "1KimcfcNPjAqcuHbWpt1EpGedn9Hmxd9tp",
        "bc1qqmpsykh4jf3sceznckpk2rkllc5p2n03ey0k23",
        "bc1",
        "0x",
        "[.]",
        "[",
        "0x1950000338b83acf3868d6b9d1118B8a10a141E5",
        "0x80e69e8012d6fcfe7c1a6aea3fd52a551b6f3e48",
        "1Kimcfc",
        ")",
        "NPjAqcuHbWpt1EpGedn9Hmxd9tp",
        "wallet",
        "transaction",
        "Solana",
        "\u{ad}",
        "-",
        "\n",
        "\n\n",
        " ",
        "| ",
        ",",
        "EfUMwJ8Ds9xwjQyH7WJBK21Ct72v6rCFyh6yUnU6qEuG",
        "bitcoincash:",
        "qq4e4fshd2wx2lum3hfujwz7pauxj42q8gh00m4f6s",
        "EQA2_W0s0iBSDlVVJrhGgZJIFB2cZGaYVwPjXDs-wOb5aS02",
        "nano_",
        "é",
        "😀",
        "„",
        "Kraken",
        "malware",
        "Rain",
        "Binance",
        "KuCoin",
        "Ronin bridge",
        "exchange",
        "$5",
        ".com",
        "'s",
        "/",
        "@",
        "lost",
        "The",
        "Liquid",
        ". ",
        "d6c1656ddd028ecad602277efdd8a4548d51a07e0b292bd8933a3903b838e73d",
        "X-",
        "İ",
        "ß",
        "\u{2028}",
        "0:",
        "TON",
    ];
    let piece = prop_oneof![4 => proptest::sample::select(pool).prop_map(str::to_string), 1 => "\\PC{0,12}"];
    proptest::collection::vec((piece, any::<bool>()), 0..24).prop_map(|pieces| {
        pieces.into_iter().map(|(piece, blank)| if blank { piece + " " } else { piece }).collect()
    })
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 1500, ..Default::default() })]

    #[test]
    fn any_text_gives_whole_spans_that_do_not_overlap(text in pieces()) {
        let (document, findings) = find(&text, Kind::Wallet);
        let (other, names) = find(&text, Kind::Exchange);
        for (document, findings) in [(document, findings), (other, names)] {
            let mut end = 0;
            for mention in &findings.mentions {
                assert!(mention.span.start >= end && mention.span.end > mention.span.start);
                assert!(document.text.get(mention.span.start..mention.span.end).is_some());
                assert!(document.paragraphs.iter().any(|p| p.span.contains(mention.span)));
                end = mention.span.end;
            }
            for rejected in &findings.rejected {
                assert!(document.text.get(rejected.span.start..rejected.span.end).is_some());
            }
        }
    }

    #[test]
    fn what_was_found_is_found_again_in_its_own_words(text in pieces()) {
        let (document, findings) = find(&text, Kind::Wallet);
        for mention in findings.mentions {
            let Value::Wallet(wallet) = mention.value else { continue };
            if wallet.checked && !wallet.healed && !wallet.defanged {
                let again = wallets(mention.span.of(&document.text));
                assert!(again.iter().any(|w| w.address == wallet.address), "{again:?} in {:?}", wallet.address);
            }
        }
        for (surface, name) in exchanges(&text) {
            let again = exchanges(&format!("the exchanges Bitstamp, {surface} and Upbit"));
            assert!(again.iter().any(|a| a.1 == name), "{surface} as {name}, then {again:?}");
        }
    }
}

#[test]
fn long_hostile_runs_are_read_once() {
    // Quadratic work on these would not end in a test's patience.
    let base58 = "1KimcfcNPjAqcuHbWpt1EpGedn9Hmxd9tp";
    for text in [
        base58.repeat(60_000),
        format!("{base58}x ").repeat(30_000),
        "0x80e69e80 ".repeat(100_000),
        "f".repeat(2_000_000),
        "a1b2c3d4-".repeat(100_000),
        "bc1 ".repeat(100_000),
        "a1[.]".repeat(100_000),
        "Rain ".repeat(100_000),
        "Kraken Binance, ".repeat(30_000),
        "the Liquid exchange ".repeat(30_000),
    ] {
        find(&text, Kind::Wallet);
        find(&text, Kind::Exchange);
    }
}
