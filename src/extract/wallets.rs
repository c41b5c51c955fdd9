//! Wallet addresses and transaction hashes, with the chain they belong to.
//!
//! The text is walked once for long runs of letters and digits; [`formats`] says what a run is
//! and verifies its checksum, and this file decides what only the surroundings can tell: which of
//! several chains with one version byte, whether 32 bytes in base58 are an account, whether 64 hex
//! digits are a transaction, whether pieces belong together. A run is taken whole or not at all,
//! never cut. Keys are not addresses and are turned down.
//!
//! Chains. Where bytes alone leave a choice, the nearest name or ticker of one of the chains in
//! question decides (the same sentence, the row's other cells, the column's head, the lead of a
//! list), else the commonest chain. An address of the Ethereum kind is `ethereum` unless another
//! such chain labels it: `BSC 0x...`, `0x... on Polygon`, `the Avalanche address 0x...`; the name
//! of a service elsewhere in the sentence (Ronin, Harmony) is no label.
//!
//! Values. `address` is in the case its chain's tools print: EIP-55 for Ethereum, lower case for
//! bech32 and CashAddr; CashAddr's optional prefix is kept where printed.

mod chains;
mod formats;

use super::{Extractor, Findings, Kind, Rule, Value, Wallet, WalletForm, head, tail};
use crate::document::{Document, Paragraph, ParagraphKind, Span};
use formats::{Reading, Verdict};

pub static SOLANA: Rule = crate::rule! {
    name: "wallet-solana-in-context",
    finds: "Solana accounts: 32 bytes in base58, where the sentence, the table's head or the address of a web page speaks of wallets",
    leaves_out: "the same shape without such words; CIDs, session and object identifiers, keys to software",
    example: "the wallet EfUMwJ8Ds9xwjQyH7WJBK21Ct72v6rCFyh6yUnU6qEuG",
    source: "Solana documentation; the format has no checksum",
};

pub static TRANSACTION: Rule = crate::rule! {
    name: "wallet-transaction-in-context",
    finds: "transaction hashes: 64 hex digits, with 0x or without, or 64 bytes in base58, where the words before them say transaction or tx",
    leaves_out: "digests of files, keys, blocks and topics",
    example: "in transaction 0xd6c1656ddd028ecad602277efdd8a4548d51a07e0b292bd8933a3903b838e73d",
    source: "the shape is shared by many hashes; words decide",
};

pub static HEX_ACCOUNT: Rule = crate::rule! {
    name: "wallet-hex-account-in-context",
    finds: "accounts of 64 hex digits where their chain is named: Aptos and Sui (0x), NEAR, the raw form of TON (0: or -1:)",
    leaves_out: "the same digits without the chain's name",
    example: "the Sui address 0xd4ed1fa3b82013f235dc10de71b1d379b1a7a751a2342896c18071902549551d",
    source: "each chain's documentation; no checksum",
};

static RULES: [&Rule; 19] = {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = formats::RULES;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, &SOLANA, &TRANSACTION, &HEX_ACCOUNT]
};

pub static EXTRACTOR: Extractor = Extractor {
    name: "wallets",
    kind: Kind::Wallet,
    rules: &RULES,
    cases: include_str!("wallets.cases.md"),
    find,
};

/// The shortest run of letters and digits that is looked at.
const SHORTEST: usize = 8;
/// A run this long is looked at even without a digit.
const LONG: usize = 24;

fn find(document: &Document, findings: &mut Findings) {
    for paragraph in &document.paragraphs {
        match &paragraph.row {
            Some(row) => {
                for (i, cell) in row.cells.iter().enumerate() {
                    Segment { document, paragraph, cell: Some(i), span: cell.span }.find(findings);
                }
            }
            None => Segment { document, paragraph, cell: None, span: paragraph.span }.find(findings),
        }
    }
}

/// A stretch of text that no address crosses: a paragraph or a table cell.
struct Segment<'d> {
    document: &'d Document,
    paragraph: &'d Paragraph,
    cell: Option<usize>,
    span: Span,
}

/// Why two pieces of an address stand apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// A line's end, with or without a hyphen; a blank; characters that are not seen.
    Broken,
    /// Brackets put in so that nobody follows or pays it.
    Defanged,
}

impl Segment<'_> {
    fn find(&self, findings: &mut Findings) {
        let bytes = self.document.text.as_bytes();
        let mut at = self.span.start;
        let mut free = self.span.start;
        while let Some(run) = next_run(bytes, at, self.span.end) {
            at = run.end;
            if run.start < free {
                continue;
            }
            let body = bytes.get(run.start..run.end).unwrap_or_default();
            let digit = body.iter().take(LONG * 4).any(u8::is_ascii_digit);
            let letter = body.iter().take(LONG * 4).any(u8::is_ascii_alphabetic);
            if run.len() > formats::LONGEST || !letter || !(digit || run.len() >= LONG) {
                continue;
            }
            if let Some(end) = self.consider(run, free, findings) {
                free = end;
                at = at.max(end);
            }
        }
    }

    fn text(&self, span: Span) -> &str {
        span.of(&self.document.text)
    }

    /// Decides about one run; the end of what was found.
    fn consider(&self, run: Span, free: usize, findings: &mut Findings) -> Option<usize> {
        let whole = self.with_prefix(run);
        let mut span = whole;
        let avalanche = self.text(whole).get(1..2) == Some("-");
        let mut verdict = formats::read(self.text(if avalanche { run } else { whole }));
        if !matches!(verdict, Verdict::Is(_)) {
            for wide in self.base64_around(run) {
                let other = formats::read(self.text(wide));
                if matches!(other, Verdict::Is(_)) && wide.start >= free {
                    (verdict, span) = (other, wide);
                    break;
                }
            }
        }
        if let Verdict::Is(reading) = verdict {
            return self.accept(reading, span, None, findings);
        }
        if let Some(end) = self.transaction_or_account(run, findings) {
            return Some(end);
        }
        if let Some(end) = self.rejoin(whole, free, findings) {
            return Some(end);
        }
        if let Some(end) = self.solana(run, findings) {
            return Some(end);
        }
        if let Verdict::Not(rule, why) = verdict {
            findings.reject(rule, Kind::Wallet, whole, why);
        }
        None
    }

    /// The run with the prefix that belongs to the address: `bitcoincash:`, `nano_`, `X-`.
    fn with_prefix(&self, run: Span) -> Span {
        let before = self.text(Span::new(self.span.start.max(run.start.saturating_sub(13)), run.start));
        let before = if before.is_empty() {
            tail(self.text(Span::new(self.span.start, run.start)), 13)
        } else {
            before
        };
        for prefix in ["bitcoincash:", "ecash:", "simpleledger:", "ronin:", "nano_", "xrb_", "X-", "P-", "C-"]
        {
            let Some(cut) = before.len().checked_sub(prefix.len()) else { continue };
            let fits = before.get(cut..).is_some_and(|b| b.eq_ignore_ascii_case(prefix));
            let joined = before.get(..cut).is_some_and(|b| b.ends_with(|c: char| c.is_ascii_alphanumeric()));
            let avalanche = !prefix.ends_with('-') || self.text(run).starts_with("avax1");
            if fits && !joined && avalanche {
                return Span::new(run.start - prefix.len(), run.end);
            }
        }
        run
    }

    /// The stretches of base64 and of base64url around a run that are 48 characters long.
    fn base64_around(&self, run: Span) -> Vec<Span> {
        let bytes = self.document.text.as_bytes();
        let mut found = Vec::new();
        for marks in [b"-_", b"+/"] {
            let inside =
                |i: usize| bytes.get(i).is_some_and(|b| b.is_ascii_alphanumeric() || marks.contains(b));
            let (mut start, mut end) = (run.start, run.end);
            while start > self.span.start && end - start <= 48 && inside(start - 1) {
                start -= 1;
            }
            while end < self.span.end && end - start <= 48 && inside(end) {
                end += 1;
            }
            if end - start == 48 && (start, end) != (run.start, run.end) {
                found.push(Span::new(start, end));
            }
        }
        found
    }

    fn accept(
        &self,
        reading: Reading,
        span: Span,
        gap: Option<Gap>,
        findings: &mut Findings,
    ) -> Option<usize> {
        if !reading.checked
            && let Some(why) = self.says_hash(span)
        {
            findings.reject(reading.rule, Kind::Wallet, span, why);
            return Some(span.end);
        }
        let mut address = reading.address.clone();
        if self.text(span).get(1..2) == Some("-") && address.starts_with("avax1") {
            address.insert_str(0, &self.text(span)[..2].to_ascii_uppercase());
        }
        let wallet = Wallet {
            chain: self.chain(&reading, span).to_string(),
            address,
            form: WalletForm::Address,
            checked: reading.checked,
            defanged: gap == Some(Gap::Defanged),
            healed: gap == Some(Gap::Broken),
        };
        findings.mention(reading.rule, span, Value::Wallet(wallet));
        Some(span.end)
    }

    /// Why 40 hex digits after 0x are a digest and not an account, where the words before say so.
    fn says_hash(&self, span: Span) -> Option<&'static str> {
        let before = self.before(span, 48).to_ascii_lowercase();
        let hash = ["sha1", "sha-1", "hash", "digest", "fingerprint", "thumbprint", "checksum", "commit"];
        let wallet = ["address", "wallet", "account", "contract", "transaction", "sent", "deposit"];
        let last = |words: &[&str]| words.iter().filter_map(|w| before.rfind(w)).max();
        match (last(&hash), last(&wallet)) {
            (Some(h), Some(w)) if w > h => None,
            (Some(_), _) => Some("called a hash by the words before it"),
            _ => None,
        }
    }

    /// The text before, inside the sentence or cell, at most so many bytes of it.
    fn before(&self, span: Span, bytes: usize) -> &str {
        let sentence = self.document.sentence_at(span.start).map_or(self.span.start, |s| s.start);
        let from = sentence.max(self.span.start).min(span.start);
        tail(self.text(Span::new(from, span.start)), bytes)
    }

    fn after(&self, span: Span, bytes: usize) -> &str {
        let sentence = self.document.sentence_at(span.start).map_or(self.span.end, |s| s.end);
        let to = sentence.min(self.span.end).max(span.end);
        head(self.text(Span::new(span.end, to)), bytes)
    }

    /// The texts that describe a cell or list item from outside, the nearest first: the row's other
    /// cells, the column's heads, the table's caption; the lead of a list and its heading.
    fn around(&self) -> Vec<&str> {
        let document = self.document;
        let mut texts = Vec::new();
        if let (Some(row), Some(this)) = (&self.paragraph.row, self.cell) {
            let mut others: Vec<usize> = (0..row.cells.len()).filter(|&i| i != this).collect();
            others.sort_by_key(|&i| i.abs_diff(this));
            texts.extend(
                others.iter().filter_map(|&i| row.cells.get(i)).map(|c| head(self.text(c.span), 200)),
            );
            let table = document.tables.get(row.table);
            let column = row.cells.get(this).map_or(this, |c| c.column);
            if let Some(heads) = table.and_then(|t| t.heads.get(column)) {
                texts.extend(heads.iter().map(|h| head(self.text(*h), 200)));
            }
            texts.extend(table.and_then(|t| t.caption).map(|c| head(self.text(c), 200)));
            return texts;
        }
        let short = self.span.len() < 200 || self.paragraph.kind == ParagraphKind::ListItem;
        if short {
            // The lead stands before the first item: short paragraphs up to one that is not.
            let own = document.paragraph_at(self.span.start).unwrap_or(0);
            for paragraph in
                document.paragraphs.get(own.saturating_sub(8)..own).unwrap_or_default().iter().rev()
            {
                let text = paragraph.span.of(&document.text).trim_end();
                if text.ends_with(':') || paragraph.level > 0 {
                    texts.push(tail(text, 200));
                    break;
                }
                if text.len() > 200 {
                    break;
                }
            }
            if let Some(heading) = self.paragraph.heading.and_then(|h| document.paragraphs.get(h)) {
                texts.push(head(heading.span.of(&document.text), 200));
            }
        }
        texts
    }

    /// Which of the chains a reading leaves open.
    fn chain(&self, reading: &Reading, span: Span) -> &'static str {
        let chains = reading.chains;
        // Where every chain of a family has the same addresses, only a label tells.
        let labelled = [formats::EVM.name, formats::SS58.name].contains(&reading.rule.name);
        let default = chains.first().copied().unwrap_or("");
        if chains.len() < 2 {
            return default;
        }
        let open = |(_, _, chain): &(usize, usize, &'static str)| chains.contains(chain);
        let (before, after) = (self.before(span, 200), self.after(span, 40));
        let left = chains::named(before).into_iter().rfind(open);
        let right = chains::named(after).into_iter().find(open);
        let labels_left = left.filter(|&(start, end, _)| {
            !labelled
                || label(before.get(end..).unwrap_or(""))
                || on(before.get(..start).unwrap_or(""))
                || before.get(start..end).is_some_and(on)
        });
        let labels_right = right.filter(|&(start, end, _)| {
            let gap = after.get(..start).unwrap_or("");
            let name = after.get(start..end).unwrap_or("");
            !labelled || gap.trim() == "(" || gap.len() <= 12 && (on(gap) || on(name))
        });
        let near = match (labels_left, labels_right) {
            (Some(l), Some(r)) if before.len() - l.1 <= r.0 + 30 => Some(l.2),
            (_, Some(r)) => Some(r.2),
            (Some(l), None) => Some(l.2),
            (None, None) => None,
        };
        near.or_else(|| {
            self.around().into_iter().find_map(|text| {
                let named: Vec<_> = chains::named(text).into_iter().filter(open).collect();
                // A cell that speaks of a service names no chain: the name must be most of it.
                let short = text.trim().len() <= 40;
                named.first().filter(|_| !labelled || short).map(|n| n.2)
            })
        })
        .unwrap_or(default)
    }

    /// Joins the pieces of a broken or defanged address, where its checksum proves the join.
    fn rejoin(&self, run: Span, free: usize, findings: &mut Findings) -> Option<usize> {
        const LEFT: usize = 2;
        const RIGHT: usize = 7;
        let mut pieces = vec![(run, Gap::Broken)];
        let mut first = 0;
        for _ in 0..LEFT {
            let Some((piece, gap)) = self.piece_before(pieces[0].0.start.max(free), free) else { break };
            pieces[0].1 = gap;
            pieces.insert(0, (piece, Gap::Broken));
            first += 1;
        }
        for _ in 0..RIGHT {
            let end = pieces.last().map_or(run.end, |p| p.0.end);
            let Some((piece, gap)) = self.piece_after(end) else { break };
            pieces.push((piece, gap));
        }
        if pieces.len() == 1 {
            return None;
        }
        for start in (0..=first).rev() {
            let mut joined = String::new();
            let mut gap = Gap::Broken;
            for (i, &(piece, before)) in pieces.iter().enumerate().skip(start) {
                joined.push_str(self.text(piece));
                // Nobody breaks a line after `bc1` or `0x`.
                let bare = i == start + 1 && matches!(self.text(pieces[start].0), "0x" | "bc1" | "ltc1");
                if i > start && (before == Gap::Defanged || bare) {
                    gap = Gap::Defanged;
                }
                if joined.len() > 140 {
                    break;
                }
                if i < first || i == start || !formats::could_be(&joined) {
                    continue;
                }
                let Verdict::Is(reading) = formats::read(&joined) else { continue };
                let mut span = Span::new(pieces[start].0.start, piece.end);
                for (open, close) in [('[', "]"), ('(', ")"), ('{', "}")] {
                    let inside = self.text(span);
                    let unclosed = inside.matches(open).count() > inside.matches(close).count();
                    if unclosed && self.document.text.get(span.end..span.end + 1) == Some(close) {
                        span.end += 1;
                    }
                }
                if !reading.checked && (gap == Gap::Broken || !reading.address.starts_with("0x")) {
                    let why = "broken in pieces, and it has no checksum to prove the join";
                    findings.reject(reading.rule, Kind::Wallet, span, why);
                    return Some(span.end);
                }
                return self.accept(reading, span, Some(gap), findings);
            }
        }
        None
    }

    fn piece_after(&self, end: usize) -> Option<(Span, Gap)> {
        let rest = self.document.text.get(end..self.span.end)?;
        let length: usize = rest.chars().take(8).take_while(|&c| is_gap(c)).map(char::len_utf8).sum();
        let gap = gap(rest.get(..length)?)?;
        let from = end + length;
        let bytes = self.document.text.as_bytes();
        let to = (from..self.span.end.min(from + 128)).find(|&i| !bytes[i].is_ascii_alphanumeric());
        let to = to.unwrap_or(self.span.end.min(from + 128));
        (to > from).then(|| (Span::new(from, to), gap))
    }

    fn piece_before(&self, start: usize, free: usize) -> Option<(Span, Gap)> {
        let rest = self.document.text.get(free.max(self.span.start)..start)?;
        let length: usize = rest.chars().rev().take(8).take_while(|&c| is_gap(c)).map(char::len_utf8).sum();
        let gap = gap(rest.get(rest.len() - length..)?)?;
        let to = start - length;
        let bytes = self.document.text.as_bytes();
        let lowest = to.saturating_sub(128).max(free).max(self.span.start);
        let from = (lowest..to).rev().take_while(|&i| bytes[i].is_ascii_alphanumeric()).last()?;
        Some((Span::new(from, to), gap))
    }

    /// What the words around say of wallets: the sentence, and what describes it from outside.
    fn speaks_of_wallets(&self, span: Span) -> bool {
        let (before, after) = (self.before(span, 300), self.after(span, 120));
        let near = tail(before, 28).to_ascii_lowercase();
        const NOT: [&str; 22] = [
            "ipfs",
            "cid",
            "session",
            "object",
            "md5",
            "sha",
            "digest",
            "base64",
            "cookie",
            "password",
            "private key",
            "secret",
            "api key",
            "api_key",
            "token=",
            "ssh",
            "pgp",
            "nonce",
            "csrf",
            "guid",
            "uuid",
            "fingerprint",
        ];
        if NOT.iter().any(|word| near.contains(word)) {
            return false;
        }
        let speaks = |text: &str| {
            let lower = text.to_ascii_lowercase();
            WALLET_WORDS.iter().any(|word| lower.contains(word))
                || chains::named(text).iter().any(|n| n.2 == "solana")
        };
        speaks(before) || speaks(after) || self.around().into_iter().any(speaks)
    }

    fn solana(&self, run: Span, findings: &mut Findings) -> Option<usize> {
        let text = self.text(run);
        if !(32..=44).contains(&text.len()) || !formats::looks_random(text) || text.starts_with("Qm") {
            return None;
        }
        let bytes = self.document.text.as_bytes();
        let beside = |i: Option<usize>| i.and_then(|i| bytes.get(i)).copied().unwrap_or(b' ');
        let (left, right) = (beside(run.start.checked_sub(1)), beside(Some(run.end)));
        if matches!(left, b'+' | b'_' | b'-') || matches!(right, b'+' | b'_' | b'-') || right == b'=' {
            return None;
        }
        if right == b'/' && left != b'/' || !formats::is_base58_of(text, 32) {
            return None;
        }
        if !self.speaks_of_wallets(run) {
            let why = "32 bytes in base58, and nothing near speaks of a wallet";
            findings.reject(&SOLANA, Kind::Wallet, run, why);
            return None;
        }
        let wallet = Wallet {
            chain: "solana".to_string(),
            address: text.to_string(),
            form: WalletForm::Address,
            checked: false,
            defanged: false,
            healed: false,
        };
        findings.mention(&SOLANA, run, Value::Wallet(wallet));
        Some(run.end)
    }

    /// 64 hex digits or 64 bytes in base58: a transaction, or an account without a checksum.
    fn transaction_or_account(&self, run: Span, findings: &mut Findings) -> Option<usize> {
        let text = self.text(run);
        let hex = text.strip_prefix("0x").unwrap_or(text);
        let prefixed = hex.len() < text.len();
        let is_hex = hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        let is_base58 =
            (86..=88).contains(&text.len()) && formats::looks_random(text) && formats::is_base58_of(text, 64);
        if !is_hex && !is_base58 {
            return None;
        }
        let before = self.before(run, 120);
        let mut found = None;
        if is_hex {
            let named: Vec<_> = chains::named(before);
            let last = named.last().map(|n| n.2);
            let raw = ["-1:", "0:"].iter().find(|p| before.ends_with(**p));
            found = match (last, prefixed, raw) {
                (Some(chain @ ("aptos" | "sui")), true, _) => Some((chain, run, WalletForm::Address)),
                (Some(chain @ "near"), false, None) if before.ends_with(' ') => {
                    Some((chain, run, WalletForm::Address))
                }
                (Some(chain @ "ton"), false, Some(prefix)) => {
                    Some((chain, Span::new(run.start - prefix.len(), run.end), WalletForm::Address))
                }
                _ => None,
            };
        }
        if self.says_transaction(run) {
            found = Some((self.transaction_chain(run, prefixed, is_base58), run, WalletForm::Transaction));
        }
        let (chain, span, form) = found?;
        let rule = if form == WalletForm::Transaction { &TRANSACTION } else { &HEX_ACCOUNT };
        let printed = self.text(span);
        let address = if is_base58 {
            printed.to_string()
        } else if chain == "xrp" {
            printed.to_ascii_uppercase()
        } else {
            printed.to_ascii_lowercase()
        };
        let wallet = Wallet {
            chain: chain.to_string(),
            address,
            form,
            checked: false,
            defanged: false,
            healed: false,
        };
        findings.mention(rule, span, Value::Wallet(wallet));
        Some(span.end)
    }

    /// Whether the nearest word that says what a hash is of says transaction.
    fn says_transaction(&self, run: Span) -> bool {
        let before = self.before(run, 120).to_ascii_lowercase();
        let nearest = |words: &[&str]| {
            words
                .iter()
                .filter_map(|word| {
                    let at = before.rmatch_indices(word).map(|(i, _)| i).find(|&i| {
                        let outside = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
                        outside(before.get(..i).and_then(|b| b.chars().next_back()))
                            && outside(before.get(i + word.len()..).and_then(|b| b.chars().next()))
                    })?;
                    Some(at + word.len())
                })
                .max()
        };
        let transaction = nearest(&[
            "transaction",
            "transactions",
            "tx",
            "txs",
            "txid",
            "txids",
            "txn",
            "txhash",
            "tx_hash",
            "tx-hash",
            "transfer",
            "transfers",
        ]);
        let other = nearest(&[
            "sha256", "sha-256", "sha", "md5", "file", "files", "sample", "samples", "malware", "key",
            "private", "topic", "block", "merkle", "digest", "password", "token", "binary", "payload",
            "checksum", "seed",
        ]);
        match (transaction, other) {
            (Some(t), Some(o)) => t > o,
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (None, None) => self.around().iter().any(|text| {
                let lower = text.to_ascii_lowercase();
                self.cell.is_some()
                    && (lower.contains("transaction") || lower.contains("txid") || lower.starts_with("tx"))
            }),
        }
    }

    fn transaction_chain(&self, run: Span, prefixed: bool, is_base58: bool) -> &'static str {
        if is_base58 {
            return "solana";
        }
        const EXPLORERS: [(&str, &str); 8] = [
            ("etherscan", "ethereum"),
            ("bscscan", "bsc"),
            ("polygonscan", "polygon"),
            ("arbiscan", "arbitrum"),
            ("snowtrace", "avalanche"),
            ("tronscan", "tron"),
            ("mempool.space", "bitcoin"),
            ("xrpscan", "xrp"),
        ];
        let (before, after) = (self.before(run, 200), self.after(run, 60));
        let lower = before.to_ascii_lowercase();
        if let Some((_, chain)) = EXPLORERS.iter().find(|(site, _)| lower.contains(site)) {
            return chain;
        }
        let fits = |chain: &&'static str| !prefixed || chains::evm().contains(chain);
        let named =
            |text: &str| chains::named(text).into_iter().map(|n| n.2).filter(fits).collect::<Vec<_>>();
        if let Some(chain) = named(before).last().copied().or(named(after).first().copied()) {
            return chain;
        }
        if prefixed { "ethereum" } else { "bitcoin" }
    }
}

/// Words that speak of accounts and the movement of funds, in lower case.
const WALLET_WORDS: [&str; 40] = [
    "wallet",
    "address",
    "account",
    "deposit",
    "withdr",
    "sent to",
    "sent from",
    "transfer",
    "traced",
    "cluster",
    "funds",
    "swapped",
    "bridged",
    "launder",
    "stolen",
    "crypto",
    "blockchain",
    "on-chain",
    "exploiter",
    "attacker",
    "hacker",
    "listed as",
    "designated",
    "token mint",
    "mint address",
    "holder",
    "recipient",
    "beneficiary",
    "explorer",
    "solscan",
    "solana",
    "solflare",
    "addr=",
    "stablecoin",
    "ransom",
    "payment",
    "consolidat",
    "balance",
    "drain",
    "seized",
];

/// The next run of letters and digits of at least [`SHORTEST`] bytes; looks at every eighth byte.
fn next_run(bytes: &[u8], mut at: usize, end: usize) -> Option<Span> {
    let end = end.min(bytes.len());
    let alphanumeric = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_alphanumeric);
    while at + SHORTEST <= end {
        let probe = at + SHORTEST - 1;
        if !alphanumeric(probe) {
            at = probe + 1;
            continue;
        }
        let mut start = probe;
        while start > at && alphanumeric(start - 1) {
            start -= 1;
        }
        let mut stop = probe + 1;
        while stop < end && alphanumeric(stop) {
            stop += 1;
        }
        if stop - start >= SHORTEST {
            return Some(Span::new(start, stop));
        }
        at = stop;
    }
    None
}

/// Whether what stands between a chain's name and an address makes the name its label.
fn label(between: &str) -> bool {
    const WORDS: [&str; 20] = [
        "address",
        "addresses",
        "wallet",
        "wallets",
        "account",
        "accounts",
        "contract",
        "chain",
        "network",
        "smart",
        "deposit",
        "mainnet",
        "token",
        "is",
        "the",
        "was",
        "at",
        "of",
        "and",
        "one",
    ];
    between.len() <= 40
        && between
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|w| !w.is_empty())
            .all(|w| WORDS.contains(&w.to_ascii_lowercase().as_str()))
}

/// Whether a text ends in `on` or `on the`, or begins with it: `on Polygon`.
fn on(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let trimmed = lower.trim_end();
    ["on", "on the"].contains(&trimmed)
        || trimmed.ends_with(" on")
        || trimmed.ends_with(" on the")
        || lower.starts_with("on ")
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '-' | '[' | ']' | '(' | ')' | '{' | '}' | '.')
        || matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2009}' | '\u{202f}' | '\u{2010}')
        || matches!(c, '\u{2060}' | '\u{feff}' | '\u{2011}')
}

/// What a gap between two pieces is; `None` where they do not belong together.
fn gap(between: &str) -> Option<Gap> {
    let count = |f: fn(char) -> bool| between.chars().filter(|&c| f(c)).count();
    let brackets = count(|c| matches!(c, '[' | ']' | '(' | ')' | '{' | '}'));
    let hyphens = count(|c| matches!(c, '-' | '\u{2010}' | '\u{2011}'));
    let dots = count(|c| c == '.');
    if between.is_empty() || hyphens > 1 || dots > 1 || brackets > 2 {
        return None;
    }
    match (brackets, dots, hyphens) {
        (0, 0, _) if between.chars().count() <= 3 => Some(Gap::Broken),
        (1.., _, 0) => Some(Gap::Defanged),
        _ => None,
    }
}
