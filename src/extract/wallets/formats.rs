//! The address formats: a string without blanks to the chain it belongs to, its checksum verified.
//!
//! Nothing here looks at the text around a string; what only context can tell (which of several
//! chains with one version byte, whether 32 bytes in base58 are a Solana account) is
//! [`super`]'s to decide.

use super::chains;
use crate::extract::Rule;
use bech32::primitives::decode::{CheckedHrpstring, UncheckedHrpstring};
use bech32::{Bech32, Bech32m};
use blake2::digest::consts::{U4, U5, U32};
use blake2::{Blake2b, Blake2b512};
use crc::{CRC_16_XMODEM, CRC_32_ISO_HDLC, Crc};
use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD, Encoding, HEXLOWER_PERMISSIVE, Specification};
use sha2::{Digest, Sha256, Sha512_256};
use sha3::Keccak256;
use std::sync::LazyLock;

/// What a string was read as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    Is(Reading),
    /// It has the shape of the rule's format and is none, with the reason.
    Not(&'static Rule, &'static str),
    Unknown,
}

/// An address with its checksum verified, or one of a format that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    pub rule: &'static Rule,
    /// The chains that use this format and version, the commonest first.
    pub chains: &'static [&'static str],
    /// As the chain's own tools print it.
    pub address: String,
    pub checked: bool,
}

pub(super) static BITCOIN_BASE58: Rule = crate::rule! {
    name: "wallet-bitcoin-base58",
    finds: "Bitcoin addresses that begin with 1 or 3 (P2PKH, P2SH); the same bytes are Bitcoin Cash, Bitcoin SV or old Litecoin where such a coin is named beside them",
    leaves_out: "strings whose checksum does not match; private keys (WIF) and extended keys, which are also base58 with a good checksum",
    example: "1KimcfcNPjAqcuHbWpt1EpGedn9Hmxd9tp",
    source: "Bitcoin base58check: version byte, 20-byte hash, first 4 bytes of SHA-256d",
};

pub(super) static BASE58: Rule = crate::rule! {
    name: "wallet-base58check",
    finds: "addresses of other chains in base58check: Litecoin, Dogecoin, Dash, Zcash (t), Bitcoin Gold, Neo, Tezos, DigiByte, Verge, Qtum, Vertcoin, Horizen, Helium and others, told by version bytes",
    leaves_out: "Decred and Groestlcoin's old form, whose checksums are of other hashes; test networks",
    example: "LfX1itbKWqkoCD6Ne72A9XjZnVMCBPcaKU",
    source: "each chain's chainparams.cpp; SLIP-0173 for the names",
};

pub(super) static TRON: Rule = crate::rule! {
    name: "wallet-tron",
    finds: "Tron accounts and contracts, TRC-20 deposits among them",
    leaves_out: "the hex form that begins with 41",
    example: "TABF1FrgB2ZZV3xyNWSD9ZjbRg3Dyv5Liq",
    source: "Tron developer documentation: base58check, version 0x41",
};

pub(super) static SEGWIT: Rule = crate::rule! {
    name: "wallet-segwit",
    finds: "segregated witness addresses (bc1, ltc1, btg1, dgb1, vtc1 ...), version 0 in bech32 and version 1 and above in bech32m",
    leaves_out: "version 1 in bech32 and version 0 in bech32m; mixed case; programs of a wrong length",
    example: "bc1qqmpsykh4jf3sceznckpk2rkllc5p2n03ey0k23",
    source: "BIP-173, BIP-350",
};

pub(super) static BECH32: Rule = crate::rule! {
    name: "wallet-bech32",
    finds: "accounts in bech32 or bech32m under a known prefix: Cosmos and its family, Cardano, Zcash (zs, u, tex), MultiversX, Harmony, Injective, IOTA, Avalanche X and P, Litecoin MWEB",
    leaves_out: "validator operators and public keys (valoper, valoperpub), Lightning invoices, Nostr keys, prefixes not listed in chains.tsv",
    example: "cosmos1mp77faj4cxlgmh0frw0yjzzz4ruhwxyszy7yuh",
    source: "BIP-173, BIP-350, SLIP-0173",
};

pub(super) static EVM: Rule = crate::rule! {
    name: "wallet-evm",
    finds: "Ethereum addresses and those of chains like it; mixed case is checked (EIP-55), one case is taken as unchecked",
    leaves_out: "mixed case that does not match; 40 hex digits without 0x (a SHA-1); longer runs of hex; what is called a hash",
    example: "0x1950000338b83acf3868d6b9d1118B8a10a141E5",
    source: "EIP-55",
};

pub(super) static XRP: Rule = crate::rule! {
    name: "wallet-xrp",
    finds: "XRP Ledger classic addresses (r) and X-addresses with a destination tag (X)",
    leaves_out: "test X-addresses (T), 64-bit tags",
    example: "rh3n7fgnQABrVXMyy37HkpSuuKJrhcpAcT",
    source: "XRPL base58 encodings; XLS-5",
};

pub(super) static MONERO: Rule = crate::rule! {
    name: "wallet-monero",
    finds: "Monero standard, integrated and subaddresses",
    leaves_out: "payment IDs (64 hex digits), test and stage networks",
    example: "4Ac2V9zphqTHUa6CYmEqTR4NaYXPBMT1mDUtgwURZL6JZ5CmdcbcLK8XGMxf48XKyjXD1Wo3TAbUrQsLH6i1QnJPU3B8eaz",
    source: "CryptoNote base58 in blocks, Keccak-256",
};

pub(super) static CASHADDR: Rule = crate::rule! {
    name: "wallet-cashaddr",
    finds: "Bitcoin Cash and eCash addresses in CashAddr, with or without their prefix",
    leaves_out: "test and regression networks; a payload whose size bits do not agree",
    example: "bitcoincash:qq4e4fshd2wx2lum3hfujwz7pauxj42q8gh00m4f6s",
    source: "CashAddr specification",
};

pub(super) static BYRON: Rule = crate::rule! {
    name: "wallet-cardano-byron",
    finds: "Cardano addresses of the Byron era (Ae2, DdzFF)",
    leaves_out: "test networks",
    example: "Ae2tdPwUPEZCzRyj2v7wRvWBjXYKvfyvH2GUWFyg7UtaofyyRw1pEAnrtsP",
    source: "CIP-19: base58 of CBOR with a CRC-32",
};

pub(super) static STELLAR: Rule = crate::rule! {
    name: "wallet-stellar",
    finds: "Stellar accounts (G), muxed accounts (M) and contracts (C)",
    leaves_out: "secret seeds (S)",
    example: "GCO7YYVNAEZVOHO2FRU7PNYUCBZIGA4T4LTIQS77ZUQKOVDMUQ4EX3DX",
    source: "SEP-23 strkey: base32, CRC-16 XModem",
};

pub(super) static ALGORAND: Rule = crate::rule! {
    name: "wallet-algorand",
    finds: "Algorand accounts",
    leaves_out: "base32 of other lengths (onion names)",
    example: "ZWMYGYVXOQB5C3QS5U7MWM2ZKZST3QZQU62ZTKRYCIXOEP3ACV3LUDBSNE",
    source: "Algorand developer documentation: base32, last 4 bytes of SHA-512/256",
};

pub(super) static SS58: Rule = crate::rule! {
    name: "wallet-ss58",
    finds: "Polkadot, Kusama and generic Substrate accounts",
    leaves_out: "the prefixes of single parachains",
    example: "15bUsy6zWdDppmeHv6pABtoMaPgKqSxee1hQaqwtWxPR5XLe",
    source: "SS58: BLAKE2b-512 of SS58PRE, prefix and key",
};

pub(super) static TON: Rule = crate::rule! {
    name: "wallet-ton",
    finds: "TON addresses in their user-friendly form (EQ, UQ)",
    leaves_out: "test-only addresses; the raw form (0: and 64 hex digits) where TON is not named",
    example: "EQA2_W0s0iBSDlVVJrhGgZJIFB2cZGaYVwPjXDs-wOb5aS02",
    source: "TON documentation: 36 bytes, CRC-16 XModem",
};

pub(super) static NANO: Rule = crate::rule! {
    name: "wallet-nano",
    finds: "Nano accounts (nano_, xrb_)",
    leaves_out: "other coins of the family (ban_)",
    example: "nano_13zgoaw9kdq8uadrjwx7r9twk1c7nu7z4a6ba381q4w3rxbytpifapj47kok",
    source: "Nano documentation: base32 of its own alphabet, BLAKE2b-40",
};

pub(super) static OTHER: Rule = crate::rule! {
    name: "wallet-other-checked",
    finds: "addresses of further chains with a checksum: Waves, NEM, Filecoin, Siacoin, Internet Computer",
    leaves_out: "chains whose accounts have no checksum: EOS, Hedera, NEAR names",
    example: "3PGroZ3L41ArdKiHNmMhiXbWyjPfNUmwNhF",
    source: "each chain's documentation",
};

/// Every rule of this file.
pub(super) const RULES: [&Rule; 16] = [
    &BITCOIN_BASE58,
    &BASE58,
    &TRON,
    &SEGWIT,
    &BECH32,
    &EVM,
    &XRP,
    &MONERO,
    &CASHADDR,
    &BYRON,
    &STELLAR,
    &ALGORAND,
    &SS58,
    &TON,
    &NANO,
    &OTHER,
];

const BAD_CHECKSUM: &str = "the checksum does not match";
const TEST_NETWORK: &str = "an address of a test network";
const PRIVATE_KEY: &str = "a private key, not an address";

/// Version bytes, length of the payload after them, chains (the commonest first), rule.
type Version = (&'static [u8], usize, &'static [&'static str], &'static Rule);

const VERSIONS: &[Version] = &[
    (&[0x00], 20, &["bitcoin", "bitcoin-cash", "bitcoin-sv"], &BITCOIN_BASE58),
    (&[0x05], 20, &["bitcoin", "bitcoin-cash", "bitcoin-sv", "litecoin"], &BITCOIN_BASE58),
    (&[0x30], 20, &["litecoin"], &BASE58),
    (&[0x32], 20, &["litecoin", "monacoin", "qtum"], &BASE58),
    (&[0x1e], 20, &["dogecoin", "verge", "digibyte", "pivx", "divi"], &BASE58),
    (&[0x16], 20, &["dogecoin"], &BASE58),
    (&[0x4c], 20, &["dash"], &BASE58),
    (&[0x10], 20, &["dash"], &BASE58),
    (&[0x1c, 0xb8], 20, &["zcash", "flux"], &BASE58),
    (&[0x1c, 0xbd], 20, &["zcash", "flux"], &BASE58),
    (&[0x16, 0x9a], 64, &["zcash"], &BASE58),
    (&[0x26], 20, &["bitcoin-gold", "garlicoin"], &BASE58),
    (&[0x17], 20, &["neo", "bitcoin-gold", "ontology"], &BASE58),
    (&[0x35], 20, &["neo"], &BASE58),
    (&[0x34], 20, &["namecoin"], &BASE58),
    (&[0x41], 20, &["tron"], &TRON),
    (&[0x3f], 20, &["digibyte", "stratis", "syscoin"], &BASE58),
    (&[0x21], 20, &["verge", "viacoin"], &BASE58),
    (&[0x47], 20, &["vertcoin", "viacoin"], &BASE58),
    (&[0x37], 20, &["peercoin"], &BASE58),
    (&[0x3c], 20, &["ravencoin", "komodo"], &BASE58),
    (&[0x3a], 20, &["qtum"], &BASE58),
    (&[0x20, 0x89], 20, &["horizen"], &BASE58),
    (&[0x20, 0x96], 20, &["horizen"], &BASE58),
    (&[0x06, 0xa1, 0x9f], 20, &["tezos"], &BASE58),
    (&[0x06, 0xa1, 0xa1], 20, &["tezos"], &BASE58),
    (&[0x06, 0xa1, 0xa4], 20, &["tezos"], &BASE58),
    (&[0x06, 0xa1, 0xa6], 20, &["tezos"], &BASE58),
    (&[0x02, 0x5a, 0x79], 20, &["tezos"], &BASE58),
    (&[0x00], 33, &["helium"], &BASE58),
];

/// Version bytes of what is no address, with what it is.
const OTHERS: &[(&[u8], usize, &str)] = &[
    (&[0x80], 32, PRIVATE_KEY),
    (&[0x80], 33, PRIVATE_KEY),
    (&[0xb0], 33, PRIVATE_KEY),
    (&[0xcc], 33, PRIVATE_KEY),
    (&[0x9e], 33, PRIVATE_KEY),
    (&[0x6f], 20, TEST_NETWORK),
    (&[0xc4], 20, TEST_NETWORK),
    (&[0x3b], 20, TEST_NETWORK),
    (&[0x8c], 20, TEST_NETWORK),
    (&[0x1d, 0x25], 20, TEST_NETWORK),
    (&[0x1c, 0xba], 20, TEST_NETWORK),
    (&[0x04, 0x88], 76, "an extended key, not an address"),
];

/// The longest string that can be an address; zcash unified addresses with every receiver.
pub(super) const LONGEST: usize = 640;

/// Reads one unbroken string.
pub(super) fn read(s: &str) -> Verdict {
    let b = s.as_bytes();
    let (Some(&first), len) = (b.first(), b.len()) else { return Verdict::Unknown };
    if len > LONGEST || !s.is_ascii() {
        return Verdict::Unknown;
    }
    if let Some((scheme, payload)) = s.split_once(':') {
        return if scheme.eq_ignore_ascii_case("ronin") {
            ronin(payload)
        } else {
            cashaddr(payload, Some(scheme))
        };
    }
    if first == b'0' && (b[1..].starts_with(b"x") || b[1..].starts_with(b"X")) {
        return evm(s);
    }
    if b.contains(&b'_') || b.contains(&b'-') || b.contains(&b'+') || b.contains(&b'/') {
        return match first {
            b'n' | b'x' => nano(s),
            _ => ton(s),
        };
    }
    if len == 48 && matches!(b.get(1), Some(b'Q' | b'f')) {
        let verdict = ton(s);
        if matches!(verdict, Verdict::Is(_)) {
            return verdict;
        }
    }
    if b.iter().all(u8::is_ascii_hexdigit) {
        return if len == 76 || len == 64 { hex_checked(s) } else { Verdict::Unknown };
    }
    let verdict = bech32_address(s);
    if verdict != Verdict::Unknown {
        return verdict;
    }
    if matches!(first | 0x20, b'q' | b'p') && (42..=112).contains(&len) {
        let verdict = cashaddr(s, None);
        if matches!(verdict, Verdict::Is(_)) {
            return verdict;
        }
    }
    match len {
        25..=36 => {
            if first == b'r' {
                return xrp(s);
            }
            if len == 35 && s.starts_with("3P") {
                let verdict = waves(s);
                if verdict != Verdict::Unknown {
                    return verdict;
                }
            }
            base58check(s)
        }
        40 if first == b'N' => nem(s),
        41 | 44 | 86 if first == b'f' => filecoin(s),
        46..=48 => match (first, len) {
            (b'X' | b'T', 47) => match xrp_x(s) {
                Verdict::Is(reading) => Verdict::Is(reading),
                other => match ss58(s) {
                    Verdict::Is(reading) => Verdict::Is(reading),
                    _ => other,
                },
            },
            _ => ss58(s),
        },
        51..=55 => base58check(s),
        56 | 69 if matches!(first, b'G' | b'M' | b'C' | b'S') => stellar(s),
        58 if b.iter().all(|b| matches!(b, b'A'..=b'Z' | b'2'..=b'7')) => algorand(s),
        59 | 104 if s.starts_with("Ae2") || s.starts_with("Ddz") => byron(s),
        95 if s.starts_with("zc") => base58check(s),
        95 | 106 => monero(s),
        111 => base58check(s),
        _ => Verdict::Unknown,
    }
}

/// Whether a string that begins so and is this long could be read as an address with a checksum:
/// the cheap question before a join of broken pieces is tried.
pub(super) fn could_be(s: &str) -> bool {
    let b = s.as_bytes();
    let at = |i: usize| b.get(i).copied().unwrap_or(0);
    match (at(0), b.len()) {
        (b'0', 42) => at(1) == b'x',
        (b'f', 41) => matches!(at(1), b'1' | b'2'),
        (b'1' | b'3', 26..=34) => true,
        (b'L' | b'M' | b'D' | b'A' | b'9' | b'X' | b'7' | b'G' | b'N' | b'S' | b'T' | b'R', 34) => true,
        (b'r', 25..=35) => true,
        (b't', 35) => matches!(at(1), b'1' | b'3'),
        (b't' | b'K', 36) => matches!(at(1), b'z' | b'T'),
        (b'X', 47) => true,
        (b'4' | b'8', 95) | (b'4', 106) => true,
        (b'G', 56) => true,
        (b'E' | b'U', 48) => at(1) == b'Q',
        (b'A', 59) | (b'D', 104) => true,
        (b'q' | b'p', 42) => true,
        (first, 39..=140) if first.is_ascii_alphabetic() => s
            .find('1')
            .and_then(|i| s.get(..i))
            .is_some_and(|prefix| (2..=10).contains(&prefix.len()) && chains::prefix(prefix).is_some()),
        _ => false,
    }
}

fn is(rule: &'static Rule, chains: &'static [&'static str], address: &str) -> Verdict {
    Verdict::Is(Reading { rule, chains, address: address.to_string(), checked: true })
}

fn sha256d(bytes: &[u8]) -> [u8; 4] {
    first4(&Sha256::digest(Sha256::digest(bytes)))
}

fn first4(bytes: &[u8]) -> [u8; 4] {
    let mut four = [0; 4];
    for (to, from) in four.iter_mut().zip(bytes) {
        *to = *from;
    }
    four
}

/// Decoded base58 in a buffer large enough for every format here.
fn base58<'b>(s: &str, alphabet: &bs58::Alphabet, buffer: &'b mut [u8; 112]) -> Option<&'b [u8]> {
    let length = bs58::decode(s).with_alphabet(alphabet).onto(&mut buffer[..]).ok()?;
    buffer.get(..length)
}

/// Letters of both cases and a digit: what a random base58 string of an address's length has.
pub(super) fn looks_random(s: &str) -> bool {
    let has = |f: fn(&u8) -> bool| s.as_bytes().iter().any(f);
    has(u8::is_ascii_digit) && has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase)
}

fn base58check(s: &str) -> Verdict {
    let mut buffer = [0; 112];
    let Some(bytes) = base58(s, bs58::Alphabet::BITCOIN, &mut buffer) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    let known = VERSIONS.iter().find(|v| body.starts_with(v.0) && body.len() == v.0.len() + v.1);
    let other = OTHERS.iter().find(|o| body.starts_with(o.0) && body.len() == o.0.len() + o.1);
    if known.is_none() && other.is_none() {
        // A character lost or gained moves the version byte: still worth a word where the string
        // begins as Bitcoin's do.
        let like_bitcoin = matches!(s.as_bytes().first(), Some(b'1' | b'3')) && s.len() <= 36;
        return match like_bitcoin && looks_random(s) {
            true => Verdict::Not(&BITCOIN_BASE58, "it does not decode to a version and 20 bytes"),
            false => Verdict::Unknown,
        };
    }
    let good = sha256d(body) == *sum;
    match (known, other) {
        (Some(&(_, _, chains, rule)), _) if good => is(rule, chains, s),
        (_, Some(&(_, _, why))) if good => Verdict::Not(&BASE58, why),
        (Some(&(_, _, _, rule)), _) if looks_random(s) => Verdict::Not(rule, BAD_CHECKSUM),
        _ => Verdict::Unknown,
    }
}

fn xrp(s: &str) -> Verdict {
    let mut buffer = [0; 112];
    let Some(bytes) = base58(s, bs58::Alphabet::RIPPLE, &mut buffer) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    match (body.first(), body.len()) {
        (Some(0), 21) if sha256d(body) == *sum => is(&XRP, &["xrp"], s),
        (Some(0), 21) if looks_random(s) => Verdict::Not(&XRP, BAD_CHECKSUM),
        _ => Verdict::Unknown,
    }
}

fn xrp_x(s: &str) -> Verdict {
    let mut buffer = [0; 112];
    let Some(bytes) = base58(s, bs58::Alphabet::RIPPLE, &mut buffer) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    let (Some(version), Some(&flag), Some(tag)) = (body.get(..2), body.get(22), body.get(23..31)) else {
        return Verdict::Unknown;
    };
    if body.len() != 31 || !matches!(version, [0x05, 0x44] | [0x04, 0x93]) {
        return Verdict::Unknown;
    }
    if sha256d(body) != *sum {
        return Verdict::Not(&XRP, BAD_CHECKSUM);
    }
    if version == [0x04, 0x93] {
        return Verdict::Not(&XRP, TEST_NETWORK);
    }
    let used = match flag {
        0 => 0,
        1 => 4,
        _ => return Verdict::Not(&XRP, "a tag of 64 bits"),
    };
    match tag.iter().skip(used).all(|&b| b == 0) {
        true => is(&XRP, &["xrp"], s),
        false => Verdict::Not(&XRP, "the destination tag is malformed"),
    }
}

/// Lower-case hex of an EVM address (40 digits) in the case EIP-55 gives it.
pub(super) fn eip55(lower: &str) -> String {
    let hash = Keccak256::digest(lower.as_bytes());
    let nibble = |i: usize| hash.get(i / 2).map_or(0, |b| if i.is_multiple_of(2) { b >> 4 } else { b & 15 });
    lower
        .char_indices()
        .map(|(i, c)| if c.is_ascii_alphabetic() && nibble(i) >= 8 { c.to_ascii_uppercase() } else { c })
        .collect()
}

/// The chains of the same addresses as Ethereum, itself first.
fn evm(s: &str) -> Verdict {
    let Some(hex) = s.strip_prefix("0x") else {
        return match s.len() == 42 && s.as_bytes()[2..].iter().all(u8::is_ascii_hexdigit) {
            true => Verdict::Not(&EVM, "the prefix is 0X, not 0x"),
            false => Verdict::Unknown,
        };
    };
    if hex.len() != 40 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Verdict::Unknown;
    }
    let proper = eip55(&hex.to_ascii_lowercase());
    let one_case =
        !hex.bytes().any(|b| b.is_ascii_uppercase()) || !hex.bytes().any(|b| b.is_ascii_lowercase());
    let checked = proper == hex && !one_case;
    if !checked && !one_case {
        return Verdict::Not(&EVM, "the case of its letters does not match EIP-55");
    }
    Verdict::Is(Reading { rule: &EVM, chains: chains::evm(), address: format!("0x{proper}"), checked })
}

/// `ronin:` and 40 hex digits: the `0x` address rewritten.
fn ronin(hex: &str) -> Verdict {
    match evm(&format!("0x{hex}")) {
        Verdict::Is(reading) => Verdict::Is(Reading { chains: &["ronin"], ..reading }),
        other => other,
    }
}

fn bech32_address(s: &str) -> Verdict {
    let Some(at) = s.rfind('1') else { return Verdict::Unknown };
    let (Some(prefix), Some(data)) = (s.get(..at), s.get(at + 1..)) else { return Verdict::Unknown };
    if data.len() < 6 || prefix.len() < 2 && !prefix.eq_ignore_ascii_case("u") {
        // A character outside bech32 (1 among them) may hide the prefix of a miscopied address.
        return near_segwit(s);
    }
    let Some(&(chain, variant)) = chains::prefix(prefix) else { return near_segwit(s) };
    let mixed = s.bytes().any(|b| b.is_ascii_uppercase()) && s.bytes().any(|b| b.is_ascii_lowercase());
    let rule = if variant == chains::Variant::Segwit { &SEGWIT } else { &BECH32 };
    if mixed {
        return match data.len() >= 38 && data.bytes().all(|b| in_charset(b.to_ascii_lowercase())) {
            true => Verdict::Not(rule, "upper and lower case are mixed"),
            false => Verdict::Unknown,
        };
    }
    let lower = s.to_ascii_lowercase();
    let Some(chains) = chains::alone(chain) else { return Verdict::Unknown };
    if variant == chains::Variant::Segwit {
        return match bech32::segwit::decode(&lower) {
            Ok(_) => is(rule, chains, &lower),
            Err(_) => near_segwit(s),
        };
    }
    if !lower.bytes().skip(at + 1).all(in_charset) {
        return Verdict::Unknown;
    }
    let length = |s: &str| {
        let bech32 = CheckedHrpstring::new::<Bech32>(s).map(|d| d.byte_iter().count());
        match variant {
            chains::Variant::Bech32m => {
                CheckedHrpstring::new::<Bech32m>(s).map(|d| d.byte_iter().count()).ok()
            }
            chains::Variant::Any => {
                bech32.or_else(|_| CheckedHrpstring::new::<Bech32m>(s).map(|d| d.byte_iter().count())).ok()
            }
            _ => bech32.ok().filter(|n| matches!(n, 20 | 32)),
        }
    };
    match length(&lower) {
        Some(_) => is(rule, chains, &lower),
        None if data.len() >= 38 => Verdict::Not(rule, BAD_CHECKSUM),
        None => Verdict::Unknown,
    }
}

fn in_charset(lower: u8) -> bool {
    b"qpzry9x8gf2tvdw0s3jn54khce6mua7l".contains(&lower)
}

/// Why a string that begins as a segregated witness address is none.
fn near_segwit(s: &str) -> Verdict {
    let Some(prefix) = s.get(..s.find('1').unwrap_or(0)) else { return Verdict::Unknown };
    let test = ["tb", "bcrt", "tltc"].iter().any(|t| prefix.eq_ignore_ascii_case(t));
    let known = matches!(chains::prefix(prefix), Some((_, chains::Variant::Segwit)));
    if !(known || test) || s.len() < prefix.len() + 30 {
        return Verdict::Unknown;
    }
    let lower = s.to_ascii_lowercase();
    let Ok(unchecked) = UncheckedHrpstring::new(&lower) else {
        return Verdict::Not(&SEGWIT, "it has a character that bech32 does not have");
    };
    let (old, new) = (unchecked.has_valid_checksum::<Bech32>(), unchecked.has_valid_checksum::<Bech32m>());
    Verdict::Not(
        &SEGWIT,
        match (old, new, test) {
            (false, false, _) => BAD_CHECKSUM,
            (_, _, true) => TEST_NETWORK,
            (true, _, _) if !matches!(lower.as_bytes().get(prefix.len() + 1), Some(b'q')) => {
                "a witness version above 0 in bech32, where bech32m is due"
            }
            (_, true, _) if matches!(lower.as_bytes().get(prefix.len() + 1), Some(b'q')) => {
                "witness version 0 in bech32m, where bech32 is due"
            }
            _ => "the witness program is malformed",
        },
    )
}

/// The BCH code of CashAddr over the prefix and the payload; 0 where it is right.
fn cashaddr_residue(prefix: &str, payload: &[u8]) -> u64 {
    const GENERATORS: [u64; 5] =
        [0x98_f2bc_8e61, 0x79_b76d_99e2, 0xf3_3e5f_b3c4, 0xae_2eab_e2a8, 0x1e_4f43_e470];
    let mut c: u64 = 1;
    let values = prefix.bytes().map(|b| b & 31).chain([0]).chain(payload.iter().copied());
    for value in values {
        let top = c >> 35;
        c = ((c & 0x07_ffff_ffff) << 5) ^ u64::from(value);
        for (i, generator) in GENERATORS.iter().enumerate() {
            if top >> i & 1 == 1 {
                c ^= generator;
            }
        }
    }
    c ^ 1
}

fn cashaddr(payload: &str, scheme: Option<&str>) -> Verdict {
    const SCHEMES: [(&str, &[&str]); 3] = [
        ("bitcoincash", &["bitcoin-cash", "bitcoin-sv"]),
        ("ecash", &["ecash"]),
        ("simpleledger", &["bitcoin-cash"]),
    ];
    let mixed =
        payload.bytes().any(|b| b.is_ascii_uppercase()) && payload.bytes().any(|b| b.is_ascii_lowercase());
    let lower = payload.to_ascii_lowercase();
    let values: Option<Vec<u8>> = lower
        .bytes()
        .map(|b| {
            let at = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l".iter().position(|&c| c == b);
            at.and_then(|at| u8::try_from(at).ok())
        })
        .collect();
    let Some(values) = values.filter(|v| v.len() >= 40) else {
        return match scheme {
            Some(scheme)
                if payload.len() >= 40 && SCHEMES.iter().any(|s| s.0.eq_ignore_ascii_case(scheme)) =>
            {
                Verdict::Not(&CASHADDR, "it has a character that CashAddr does not have")
            }
            _ => Verdict::Unknown,
        };
    };
    if mixed {
        return Verdict::Not(&CASHADDR, "upper and lower case are mixed");
    }
    for (prefix, chains) in SCHEMES {
        let given = match scheme {
            Some(scheme) if !scheme.eq_ignore_ascii_case(prefix) => continue,
            Some(_) => true,
            None if prefix == "simpleledger" => continue,
            None => false,
        };
        if cashaddr_residue(prefix, &values) != 0 {
            continue;
        }
        // 5-bit values to bytes; the rest must be fewer than 5 bits of zero.
        let body = values.get(..values.len() - 8).unwrap_or_default();
        let (mut bits, mut have, mut bytes) = (0_u32, 0, Vec::with_capacity(40));
        for &value in body {
            bits = bits << 5 | u32::from(value);
            have += 5;
            if have >= 8 {
                have -= 8;
                bytes.push((bits >> have & 0xff) as u8);
                bits &= (1 << have) - 1;
            }
        }
        let Some(&version) = bytes.first() else { return Verdict::Unknown };
        let sizes = [20, 24, 28, 32, 40, 48, 56, 64];
        let size = sizes.get(usize::from(version & 7)).copied().unwrap_or(0);
        if bits != 0 || have >= 5 || version & 0x80 != 0 || version >> 3 > 3 || bytes.len() != size + 1 {
            return Verdict::Not(&CASHADDR, "the checksum matches, the payload is malformed");
        }
        let address = if given { format!("{prefix}:{lower}") } else { lower };
        return is(&CASHADDR, chains, &address);
    }
    let known = scheme.is_none_or(|s| SCHEMES.iter().any(|(p, _)| s.eq_ignore_ascii_case(p)));
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    match known && values.len() == 42 && digits >= 2 {
        true => Verdict::Not(&CASHADDR, BAD_CHECKSUM),
        false => Verdict::Unknown,
    }
}

/// CryptoNote's base58: blocks of 8 bytes in 11 characters.
fn cryptonote(s: &str) -> Option<Vec<u8>> {
    const SIZES: [Option<usize>; 12] =
        [Some(0), None, Some(1), Some(2), None, Some(3), Some(4), Some(5), None, Some(6), Some(7), Some(8)];
    const ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let mut bytes = Vec::with_capacity(80);
    for block in s.as_bytes().chunks(11) {
        let size = SIZES.get(block.len()).copied().flatten()?;
        let mut value: u128 = 0;
        for b in block {
            value = value * 58 + ALPHABET.iter().position(|c| c == b)? as u128;
        }
        if value >> (8 * size) != 0 {
            return None;
        }
        bytes.extend(value.to_be_bytes().get(16 - size..)?);
    }
    Some(bytes)
}

fn monero(s: &str) -> Verdict {
    let Some(bytes) = cryptonote(s) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    let tag = body.first().copied().unwrap_or(0);
    let known = matches!((tag, body.len()), (0x12 | 0x2a, 65) | (0x13, 73));
    let test = matches!((tag, body.len()), (53 | 63 | 24 | 36, 65) | (54 | 25, 73));
    if !known && !test {
        return Verdict::Unknown;
    }
    match first4(&Keccak256::digest(body)) == *sum {
        true if known => is(&MONERO, &["monero", "electroneum"], s),
        true => Verdict::Not(&MONERO, TEST_NETWORK),
        false => Verdict::Not(&MONERO, BAD_CHECKSUM),
    }
}

fn byron(s: &str) -> Verdict {
    let mut buffer = [0; 112];
    let Some(bytes) = base58(s, bs58::Alphabet::BITCOIN, &mut buffer) else { return Verdict::Unknown };
    // CBOR: an array of two, tag 24 over a byte string, and its CRC-32 as an unsigned integer.
    let (Some([0x82, 0xd8, 0x18, 0x58, length]), Some(rest)) = (bytes.get(..5), bytes.get(5..)) else {
        return Verdict::Unknown;
    };
    let (Some(payload), Some(after)) = (rest.get(..usize::from(*length)), rest.get(usize::from(*length)..))
    else {
        return Verdict::Unknown;
    };
    let sum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(payload);
    match after {
        [0x1a, sum_printed @ ..] if sum_printed == sum.to_be_bytes() => is(&BYRON, &["cardano"], s),
        _ => Verdict::Not(&BYRON, BAD_CHECKSUM),
    }
}

fn stellar(s: &str) -> Verdict {
    let Ok(bytes) = BASE32_NOPAD.decode(s.as_bytes()) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<2>() else { return Verdict::Unknown };
    let kind = match (body.first(), body.len()) {
        (Some(0x30 | 0x10), 33) | (Some(0x60), 41) => Ok(()),
        (Some(0x90), 33) => Err(PRIVATE_KEY),
        _ => return Verdict::Unknown,
    };
    let good = Crc::<u16>::new(&CRC_16_XMODEM).checksum(body).to_le_bytes() == *sum;
    match (kind, good) {
        (Ok(()), true) => is(&STELLAR, &["stellar"], s),
        (Err(why), true) => Verdict::Not(&STELLAR, why),
        (_, false) if s.bytes().any(|b| b.is_ascii_digit()) => Verdict::Not(&STELLAR, BAD_CHECKSUM),
        _ => Verdict::Unknown,
    }
}

fn algorand(s: &str) -> Verdict {
    let Ok(bytes) = BASE32_NOPAD.decode(s.as_bytes()) else { return Verdict::Unknown };
    let Some((key, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    let digest = Sha512_256::digest(key);
    match digest.get(28..) == Some(&sum[..]) {
        true => is(&ALGORAND, &["algorand"], s),
        false if s.bytes().any(|b| b.is_ascii_digit()) => Verdict::Not(&ALGORAND, BAD_CHECKSUM),
        false => Verdict::Unknown,
    }
}

fn ss58(s: &str) -> Verdict {
    let mut buffer = [0; 112];
    let Some(bytes) = base58(s, bs58::Alphabet::BITCOIN, &mut buffer) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<2>() else { return Verdict::Unknown };
    let chains: &[&str] = match (body.first(), body.len()) {
        (Some(0), 33) => &["polkadot"],
        (Some(2), 33) => &["kusama"],
        (Some(42), 33) => &["substrate", "polkadot", "kusama"],
        _ => return Verdict::Unknown,
    };
    let digest = Blake2b512::new().chain_update(b"SS58PRE").chain_update(body).finalize();
    match digest.get(..2) == Some(&sum[..]) {
        true => is(&SS58, chains, s),
        false if looks_random(s) => Verdict::Not(&SS58, BAD_CHECKSUM),
        false => Verdict::Unknown,
    }
}

fn ton(s: &str) -> Verdict {
    let standard = s.contains(['+', '/']);
    if s.len() != 48 || standard && s.contains(['-', '_']) {
        return Verdict::Unknown;
    }
    let url = if standard { s.replace('+', "-").replace('/', "_") } else { s.to_string() };
    let Ok(bytes) = BASE64URL_NOPAD.decode(url.as_bytes()) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<2>() else { return Verdict::Unknown };
    let (Some(&tag), Some(&workchain)) = (body.first(), body.get(1)) else { return Verdict::Unknown };
    if !matches!(tag & 0x7f, 0x11 | 0x51) || !matches!(workchain, 0 | 0xff) {
        return Verdict::Unknown;
    }
    match Crc::<u16>::new(&CRC_16_XMODEM).checksum(body).to_be_bytes() == *sum {
        true if tag & 0x80 == 0 => is(&TON, &["ton"], s),
        true => Verdict::Not(&TON, TEST_NETWORK),
        false => Verdict::Not(&TON, BAD_CHECKSUM),
    }
}

static NANO_BASE32: LazyLock<Option<Encoding>> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("13456789abcdefghijkmnopqrstuwxyz");
    specification.encoding().ok()
});

fn nano(s: &str) -> Verdict {
    let Some((prefix, body)) = s.split_once('_') else { return Verdict::Unknown };
    let (Some(key), Some(sum), Some(base32)) = (body.get(..52), body.get(52..), NANO_BASE32.as_ref()) else {
        return Verdict::Unknown;
    };
    if !matches!(prefix, "nano" | "xrb") || sum.len() != 8 || !matches!(key.as_bytes()[0], b'1' | b'3') {
        return Verdict::Unknown;
    }
    // 256 bits in 52 characters: four bits of zero before them. Four more make whole bytes.
    let (Ok(key), Ok(sum)) = (base32.decode(format!("1111{key}").as_bytes()), base32.decode(sum.as_bytes()))
    else {
        return Verdict::Unknown;
    };
    let mut digest = Blake2b::<U5>::digest(key.get(3..).unwrap_or_default()).to_vec();
    digest.reverse();
    match digest == sum {
        true => is(&NANO, &["nano"], s),
        false => Verdict::Not(&NANO, BAD_CHECKSUM),
    }
}

fn waves(s: &str) -> Verdict {
    let mut buffer = [0; 112];
    let Some(bytes) = base58(s, bs58::Alphabet::BITCOIN, &mut buffer) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    if body.len() != 22 || !body.starts_with(&[1, b'W']) {
        return Verdict::Unknown;
    }
    match first4(&Keccak256::digest(Blake2b::<U32>::digest(body))) == *sum {
        true => is(&OTHER, &["waves"], s),
        false => Verdict::Not(&OTHER, BAD_CHECKSUM),
    }
}

fn nem(s: &str) -> Verdict {
    let Ok(bytes) = BASE32_NOPAD.decode(s.as_bytes()) else { return Verdict::Unknown };
    let Some((body, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    match body.first() == Some(&0x68) && first4(&Keccak256::digest(body)) == *sum {
        true => is(&OTHER, &["nem"], s),
        false => Verdict::Unknown,
    }
}

fn filecoin(s: &str) -> Verdict {
    let (kind, namespace, body) = match s.get(..2) {
        Some("f1") => (1, None, s.get(2..)),
        Some("f2") => (2, None, s.get(2..)),
        Some("f3") => (3, None, s.get(2..)),
        Some("f4") if s.starts_with("f410f") => (4, Some(10), s.get(5..)),
        _ => return Verdict::Unknown,
    };
    let Some(body) = body.map(str::to_ascii_uppercase) else { return Verdict::Unknown };
    let Ok(bytes) = BASE32_NOPAD.decode(body.as_bytes()) else { return Verdict::Unknown };
    let Some((payload, sum)) = bytes.split_last_chunk::<4>() else { return Verdict::Unknown };
    let mut hasher = Blake2b::<U4>::new();
    hasher.update([kind]);
    if let Some(namespace) = namespace {
        hasher.update([namespace]);
    }
    hasher.update(payload);
    match hasher.finalize()[..] == sum[..] {
        true => is(&OTHER, &["filecoin"], s),
        false => Verdict::Not(&OTHER, BAD_CHECKSUM),
    }
}

/// Siacoin (76 digits) and Internet Computer (64): hex that carries a checksum. A file's hash
/// passes the weaker of them once in four thousand million.
fn hex_checked(s: &str) -> Verdict {
    let Ok(bytes) = HEXLOWER_PERMISSIVE.decode(s.as_bytes()) else { return Verdict::Unknown };
    if let (Some((sum, account)), 32) = (bytes.split_first_chunk::<4>(), bytes.len()) {
        return match Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(account).to_be_bytes() == *sum {
            true => is(&OTHER, &["icp"], &s.to_ascii_lowercase()),
            false => Verdict::Unknown,
        };
    }
    let Some((body, sum)) = bytes.split_last_chunk::<6>() else { return Verdict::Unknown };
    match Blake2b::<U32>::digest(body).get(..6) == Some(&sum[..]) {
        true => is(&OTHER, &["siacoin"], &s.to_ascii_lowercase()),
        false => Verdict::Unknown,
    }
}

/// Whether a string is base58 of so many bytes.
pub(super) fn is_base58_of(s: &str, bytes: usize) -> bool {
    let mut buffer = [0; 112];
    base58(s, bs58::Alphabet::BITCOIN, &mut buffer).is_some_and(|b| b.len() == bytes)
}
