//! Names of crypto-asset platforms and services: exchanges, DeFi protocols, bridges, mixers,
//! wallets, payment firms, and the firms robbed of coins.
//!
//! The names are data, `exchanges.tsv`. One pass of a single automaton proposes every spelling;
//! functions decide. A spelling that nothing else bears stands alone. One that something else bears
//! too (Kraken, Gemini, Euler) needs a word of the trade in its sentence, or to be known already
//! from elsewhere in the document. One that is an ordinary word (Liquid, Rain, Curve) needs such a
//! word beside it. Words against it ("malware", "Google", "degrees") turn it down. Names inside
//! file names, hosts and addresses of web pages are parts of those and not mentions.
//!
//! A coin, a chain or a company in another role (a bank, a vendor of antivirus) is not looked for.

use super::spellings::{Begin, Finder};
use super::{Exchange, Extractor, Findings, Kind, Rule, ServiceKind, Value, head, tail};
use crate::document::{Document, Paragraph, ParagraphKind, Span};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One row a service, in order of the name without regard to case. Lists in a column are joined
/// by `;`: `spellings` that stand alone besides the name, `shared` and `words` that need context
/// (the name itself may be among them), `former` names, `years` of operation, `needs` (words of
/// its own that speak for it), `never` (words that speak against it; a phrase with the name in it
/// is another thing), an `example`.
pub const TSV: &str = include_str!("exchanges.tsv");

pub static NAME: Rule = crate::rule! {
    name: "exchange-name",
    finds: "names of services that nothing else bears, in any usual case",
    leaves_out: "parts of hosts, file names and e-mail addresses; phrases that name another thing (Binance Smart Chain)",
    example: "Part of it was sent to KuCoin.",
    source: "exchanges.tsv, columns name, spellings and former",
};

pub static IN_CONTEXT: Rule = crate::rule! {
    name: "exchange-name-in-context",
    finds: "names that something else bears too, or that are ordinary words, where words of the trade stand near, or a list of services goes on",
    leaves_out: "the same words without such company, with an article of their own (a balancer), in small letters, or beside words that speak against it",
    example: "Bahrain-based exchange Rain lost $14.8 million.",
    source: "exchanges.tsv, columns shared, words, needs and never",
};

pub static KNOWN: Rule = crate::rule! {
    name: "exchange-name-known-in-document",
    finds: "a name that something else bears too, without words of the trade near, in a document that has made it plain elsewhere",
    leaves_out: "the first word of a sentence, where it is an ordinary word; names beside words that speak against them",
    example: "The Ronin bridge was robbed. Ronin has since reopened.",
    source: "one sense in a document",
};

pub static EXTRACTOR: Extractor = Extractor {
    name: "exchanges",
    kind: Kind::Exchange,
    rules: &[&NAME, &IN_CONTEXT, &KNOWN],
    cases: include_str!("exchanges.cases.md"),
    find,
};

/// What else a spelling may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Nothing else.
    Sure,
    /// Another name.
    Shared,
    /// An ordinary word.
    Word,
    /// A phrase that holds the name and is another thing.
    Other,
}

struct Service {
    name: &'static str,
    kind: ServiceKind,
    /// In lower case.
    needs: Vec<String>,
    never: Vec<String>,
}

/// The spellings that differ in case only.
type Spellings = Vec<(&'static str, usize, Class)>;

struct Gazetteer {
    services: Vec<Service>,
    names: Finder,
    /// By their lower case, in the order of the automaton's patterns.
    spelt: Vec<(String, Spellings)>,
    cues: Finder,
}

static GAZETTEER: LazyLock<Option<Gazetteer>> = LazyLock::new(gazetteer);

/// Words of the trade, in lower case.
const CUES: &[&str] = &[
    "exchange",
    "exchanges",
    "crypto",
    "cryptocurrency",
    "cryptocurrencies",
    "crypto-asset",
    "crypto-assets",
    "cryptoasset",
    "cryptoassets",
    "crypto-currency",
    "bitcoin",
    "bitcoins",
    "btc",
    "ether",
    "ethereum",
    "eth",
    "usdt",
    "usdc",
    "stablecoin",
    "stablecoins",
    "litecoin",
    "monero",
    "xrp",
    "solana",
    "altcoin",
    "altcoins",
    "blockchain",
    "blockchains",
    "on-chain",
    "cross-chain",
    "defi",
    "dex",
    "cex",
    "decentralized finance",
    "decentralised finance",
    "wallet",
    "wallets",
    "mixer",
    "mixers",
    "mixing service",
    "mixing services",
    "tumbler",
    "virtual asset",
    "virtual assets",
    "virtual currency",
    "virtual currencies",
    "digital asset",
    "digital assets",
    "digital currency",
    "vasp",
    "vasps",
    "smart contract",
    "smart contracts",
    "liquidity",
    "staking",
    "airdrop",
    "nft",
    "nfts",
    "private keys",
    "seed phrase",
    "seed phrases",
    "trading platform",
    "lending platform",
    "bridge",
    "bridges",
    "coins",
    "dexs",
    "dexes",
    "unhosted",
    "hot wallet",
];

/// Phrases that hold a cue and are none.
const NOT_CUES: &[&str] = &[
    "stock exchange",
    "stock exchanges",
    "foreign exchange",
    "exchange rate",
    "exchange rates",
    "microsoft exchange",
    "exchange server",
    "exchange servers",
    "exchange online",
    "key exchange",
    "data exchange",
    "information exchange",
    "exchange of",
    "in exchange",
    "exchange for",
    "exchange student",
    "ms exchange",
    "currency exchange",
    "telephone exchange",
    "securities and exchange",
    "securities exchange",
    "commodity exchange",
    "cambridge",
    "land bridge",
    "road bridge",
    "railway bridge",
    "bridge over",
    "bridge the gap",
    "bridge loan",
    "conference bridge",
    "audio mixer",
    "concrete mixer",
    "mining coins",
];

/// What happened to a service, with a sum in the sentence.
const LOSSES: &[&str] = &[
    "lost",
    "loses",
    "losing",
    "stole",
    "stolen",
    "steal",
    "hacked",
    "hack",
    "hackers",
    "heist",
    "theft",
    "drained",
    "exploit",
    "exploited",
    "breach",
    "breached",
    "siphoned",
    "robbed",
    "laundered",
    "launder",
];

/// Words that name or follow a service directly: `the exchange Rain`, `Curve pools`.
const BESIDE: &[&str] = &[
    "exchange",
    "exchanges",
    "bridge",
    "wallet",
    "wallets",
    "mixer",
    "mixers",
    "protocol",
    "pool",
    "pools",
    "tumbler",
    "dex",
    "casino",
    "validator",
    "validators",
    "hack",
    "heist",
    "platform",
    "hackers",
    "customers",
    "users",
    "defi",
    "lender",
    "marketplace",
    "hot",
    "token",
    "tokens",
    "finance",
    "attacker",
    "exploiter",
    "theft",
    "deposit",
];

/// What a service calls itself.
const KINDS: &[&str] = &[
    "exchange",
    "bridge",
    "wallet",
    "mixer",
    "tumbler",
    "protocol",
    "finance",
    "network",
    "markets",
    "marketplace",
    "lender",
    "dex",
];

/// What services do that weather and shapes do not, right after the name.
const DEEDS: &[&str] = &[
    "lost",
    "suspended",
    "halted",
    "froze",
    "paused",
    "resumed",
    "announced",
    "confirmed",
    "disclosed",
    "reimbursed",
    "said",
    "reported",
    "collapsed",
    "filed",
    "users",
    "customers",
    "was hacked",
    "was breached",
    "was exploited",
    "was drained",
    "was robbed",
];

/// Of every service what it is called besides its usual name: spellings and former names.
static OTHER_NAMES: LazyLock<BTreeMap<&'static str, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = TSV.lines().skip(1);
    rows.filter_map(|row| {
        let columns: Vec<&'static str> = row.split('\t').collect();
        let (name, spellings, former) = (columns.first()?, columns.get(2)?, columns.get(5)?);
        let others = spellings.split(';').chain(former.split(';')).filter(|s| !s.is_empty());
        Some((*name, others.collect()))
    })
    .collect()
});

/// What a service is called besides its usual name; empty where the list has none.
pub fn spellings(name: &str) -> Vec<&'static str> {
    OTHER_NAMES.get(name).cloned().unwrap_or_default()
}

fn gazetteer() -> Option<Gazetteer> {
    let mut services = Vec::new();
    let mut groups: BTreeMap<String, Spellings> = BTreeMap::new();
    for row in TSV.lines().skip(1) {
        let columns: Vec<&'static str> = row.split('\t').collect();
        let &[name, kind, spellings, shared, words, former, _years, needs, never, _example] =
            columns.as_slice()
        else {
            continue;
        };
        let list = |column: &'static str| column.split(';').filter(|s| !s.is_empty());
        let Some(kind) = ServiceKind::ALL.into_iter().find(|k| k.name() == kind) else { continue };
        let own = services.len();
        let mut spell = |spelling: &'static str, class: Class| {
            let group = groups.entry(spelling.to_lowercase()).or_default();
            if !group.iter().any(|(s, _, _)| *s == spelling) {
                group.push((spelling, own, class));
            }
        };
        list(shared).for_each(|s| spell(s, Class::Shared));
        list(words).for_each(|s| spell(s, Class::Word));
        if !list(shared).chain(list(words)).any(|s| s == name) {
            spell(name, Class::Sure);
        }
        list(spellings).chain(list(former)).for_each(|s| spell(s, Class::Sure));
        let mut against = Vec::new();
        for phrase in list(never) {
            let holds = [name].into_iter().chain(list(spellings)).chain(list(shared)).chain(list(words));
            if holds.into_iter().any(|s| phrase.len() > s.len() && phrase.contains(s)) {
                spell(phrase, Class::Other);
            } else {
                against.push(phrase.to_lowercase());
            }
        }
        let needs = list(needs).map(str::to_lowercase).collect();
        services.push(Service { name, kind, needs, never: against });
    }
    let build = |list: Vec<String>| Finder::new(list, true, Begin::AtWords).ok();
    let names = build(groups.keys().cloned().collect())?;
    let cues = build([CUES, NOT_CUES].concat().into_iter().map(str::to_string).collect())?;
    Some(Gazetteer { services, names, spelt: groups.into_iter().collect(), cues })
}

/// A spelling found in the text, not yet decided on.
struct Candidate<'d> {
    span: Span,
    service: usize,
    class: Class,
    paragraph: &'d Paragraph,
    sentence: Span,
    verdict: Verdict,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Open,
    Found(&'static Rule),
    /// Nothing speaks for it.
    Silent,
    /// A word speaks against it.
    Against(String),
    LongerName,
}

fn find(document: &Document, findings: &mut Findings) {
    let Some(gazetteer) = GAZETTEER.as_ref() else { return };
    let mut candidates = propose(gazetteer, document, findings);
    // Names that stand alone first: they speak for their neighbours.
    for candidate in &mut candidates {
        if candidate.class == Class::Sure {
            // `Wasabi Wallet` says what it is, whatever stands near.
            let says = last_word(candidate.span.of(&document.text));
            let whole = candidate.span.of(&document.text).contains(' ') && KINDS.contains(&says.as_str());
            let against = gazetteer.against(document, candidate).filter(|_| !whole);
            candidate.verdict = match against {
                Some(word) => Verdict::Against(word),
                None => Verdict::Found(&NAME),
            };
        }
    }
    for i in 0..candidates.len() {
        if candidates[i].verdict == Verdict::Open {
            candidates[i].verdict = gazetteer.decide(document, &candidates, i);
        }
    }
    // One sense in a document: what was made plain once is meant again.
    let mut plain = vec![(false, false); gazetteer.services.len()];
    for candidate in &candidates {
        match candidate.verdict {
            Verdict::Found(_) => plain[candidate.service].0 = true,
            Verdict::Against(_) => plain[candidate.service].1 = true,
            _ => {}
        }
    }
    for candidate in &mut candidates {
        if candidate.verdict == Verdict::Silent
            && plain[candidate.service] == (true, false)
            && (candidate.class == Class::Shared && !is_one_of_many(document, candidate)
                || is_name_in_sentence(document, candidate))
        {
            candidate.verdict = Verdict::Found(&KNOWN);
        }
    }
    for candidate in candidates {
        let Some(service) = gazetteer.services.get(candidate.service) else { continue };
        match candidate.verdict {
            Verdict::Found(rule) => {
                let value = Exchange { name: service.name.to_string(), kind: service.kind };
                findings.mention(rule, candidate.span, Value::Exchange(value));
            }
            Verdict::Against(why) => {
                findings.reject(&IN_CONTEXT, Kind::Exchange, candidate.span, why);
            }
            Verdict::LongerName => {
                findings.reject(&IN_CONTEXT, Kind::Exchange, candidate.span, "part of a longer name");
            }
            Verdict::Open | Verdict::Silent => {
                let why = match candidate.class {
                    Class::Word => "an ordinary word, and no word of the trade beside it",
                    _ => "a name of other things too, and no word of the trade near",
                };
                findings.reject(&IN_CONTEXT, Kind::Exchange, candidate.span, why);
            }
        }
    }
}

/// Every spelling of the text with the right case and whole.
fn propose<'d>(gazetteer: &Gazetteer, document: &'d Document, findings: &mut Findings) -> Vec<Candidate<'d>> {
    let text = &document.text;
    let mut candidates = Vec::new();
    for found in gazetteer.names.find_iter(text) {
        let Some((_, longest)) = gazetteer.spelt.get(found.pattern().as_usize()) else { continue };
        let mut reading = Some((Span::new(found.start(), found.end()), longest));
        let proposed = loop {
            let Some((span, spellings)) = reading else { break None };
            if let Some(place) = place(document, span)
                && let Some((service, class)) = cased(text, span, spellings, place.0, place.1)
            {
                break Some((span, place, service, class));
            }
            // `Nomad bridge` is no spelling as it stands, `Nomad` may be.
            reading = gazetteer.shorter(text, span);
        };
        let Some((span, (paragraph, sentence), service, class)) = proposed else { continue };
        if class == Class::Other {
            findings.reject(&NAME, Kind::Exchange, span, "a phrase that names another thing");
            continue;
        }
        match whole_token(text, span) {
            Token::Name => {}
            Token::Domain(end) if class == Class::Sure => {
                let span = Span::new(span.start, end);
                candidates.push(Candidate {
                    span,
                    service,
                    class,
                    paragraph,
                    sentence,
                    verdict: Verdict::Open,
                });
                continue;
            }
            Token::Domain(_) | Token::Part => {
                findings.reject(&NAME, Kind::Exchange, span, "a part of a host, path or file name");
                continue;
            }
        }
        candidates.push(Candidate { span, service, class, paragraph, sentence, verdict: Verdict::Open });
    }
    candidates
}

/// The paragraph and sentence of a whole word or phrase that crosses no cell.
fn place(document: &Document, span: Span) -> Option<(&Paragraph, Span)> {
    if !is_whole(&document.text, span) {
        return None;
    }
    let paragraph = document.paragraphs.get(document.paragraph_at(span.start)?)?;
    let sentence = document.sentence_at(span.start).unwrap_or(paragraph.span);
    (paragraph.span.contains(span) && !crosses_a_cell(paragraph, span)).then_some((paragraph, sentence))
}

fn is_whole(text: &str, span: Span) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    let before = text.get(..span.start).and_then(|t| t.chars().next_back());
    let after = text.get(span.end..).and_then(|t| t.chars().next());
    !before.is_some_and(inside) && !after.is_some_and(inside)
}

fn crosses_a_cell(paragraph: &Paragraph, span: Span) -> bool {
    paragraph.row.as_ref().is_some_and(|row| !row.cells.iter().any(|cell| cell.span.contains(span)))
}

/// The service meant by a spelling of this case, if any.
fn cased(
    text: &str,
    span: Span,
    spellings: &Spellings,
    paragraph: &Paragraph,
    sentence: Span,
) -> Option<(usize, Class)> {
    let found = span.of(text);
    if let Some(&(_, service, class)) = spellings.iter().find(|(s, _, _)| *s == found) {
        return Some((service, class));
    }
    let &(_, service, class) = spellings.iter().min_by_key(|(_, _, class)| *class)?;
    let upper = !found.bytes().any(|b| b.is_ascii_lowercase());
    let shouted = paragraph.kind == ParagraphKind::Heading || mostly_capitals(clip(text, sentence, span));
    let fits = match class {
        Class::Sure | Class::Other if upper => found.len() >= 6 || shouted,
        Class::Sure if found.starts_with(|c: char| c.is_ascii_uppercase()) => {
            found.len() >= 6 && !found.split(' ').any(|w| w.starts_with(|c: char| c.is_ascii_lowercase()))
        }
        Class::Sure => found.len() >= 6 && !found.contains(' '),
        Class::Other => found.bytes().any(|b| b.is_ascii_uppercase()),
        Class::Shared | Class::Word => upper && shouted && found.len() >= 4,
    };
    fits.then_some((service, class))
}

fn mostly_capitals(text: &str) -> bool {
    let upper = text.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = text.bytes().filter(u8::is_ascii_lowercase).count();
    upper >= 8 && upper > 4 * lower
}

enum Token {
    /// A word of the sentence.
    Name,
    /// The name and a top-level domain, up to this byte: `Binance.com`.
    Domain(usize),
    /// A part of something with dots, slashes or an at sign in it.
    Part,
}

/// What the stretch without blanks around a name makes of it.
fn whole_token(text: &str, span: Span) -> Token {
    const REACH: usize = 160;
    let edge = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|' | '"' | '“' | '”' | '<' | '>');
    let before = tail(text.get(..span.start).unwrap_or(""), REACH);
    let after = head(text.get(span.end..).unwrap_or(""), REACH);
    let before =
        before.rfind(edge).map_or(before, |i| before.get(i..).unwrap_or("").trim_start_matches(edge));
    let after = after.find(edge).map_or(after, |i| after.get(..i).unwrap_or(""));
    let after = after.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let before =
        before.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '@' | '/' | '\\' | '.'));
    let dotted = |s: &str| {
        s.char_indices().any(|(i, c)| {
            let next = s.get(i + 1..).and_then(|r| r.chars().next());
            c == '.' && next.is_some_and(|n| n.is_alphanumeric() || n == ']')
        })
    };
    let marks = ["://", "www.", "[.]", "\\", "@", "%", "=", "_"];
    let spoilt = |s: &str| marks.iter().any(|m| s.contains(m));
    if spoilt(before)
        || spoilt(after)
        || dotted(before)
        || before.ends_with(['.', '@', '\\'])
        || before.ends_with("./")
    {
        return Token::Part;
    }
    if before.is_empty() && after.starts_with('.') {
        const DOMAINS: [&str; 14] = [
            ".com",
            ".io",
            ".net",
            ".org",
            ".us",
            ".jp",
            ".kr",
            ".co.kr",
            ".cc",
            ".co",
            ".exchange",
            ".ai",
            ".com's",
            ".com’s",
        ];
        if let Some(domain) = DOMAINS.iter().find(|d| after.eq_ignore_ascii_case(d)) {
            let domain = domain.trim_end_matches("'s").trim_end_matches("’s");
            return Token::Domain(span.end + domain.len());
        }
    }
    if dotted(after) || after.contains("/") && after.contains('.') {
        return Token::Part;
    }
    // `/Binance/wallet.dat` and `binance/path`, but `Youbit/Yapizon/Coinbin` are names.
    match before.starts_with('/') {
        true => Token::Part,
        false => Token::Name,
    }
}

/// The part of a sentence within 300 bytes of a name.
fn clip(text: &str, sentence: Span, span: Span) -> &str {
    let mut from = sentence.start.max(span.start.saturating_sub(300)).min(span.start);
    let mut to = sentence.end.min(span.end + 300).max(span.end);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    text.get(from..to).unwrap_or("")
}

/// Whether a name that is an ordinary word is used as a name: capital inside a sentence that is
/// not in title case, no article and no other capital beside it.
fn is_name_in_sentence(document: &Document, candidate: &Candidate) -> bool {
    let text = &document.text;
    let from = candidate.sentence.start.min(candidate.span.start);
    let before = text.get(from..candidate.span.start).unwrap_or("").trim_end();
    let after = text.get(candidate.span.end..candidate.sentence.end.max(candidate.span.end)).unwrap_or("");
    let last = before.rsplit(char::is_whitespace).next().unwrap_or("");
    let next = after.split_whitespace().next().unwrap_or("");
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    !last.is_empty()
        && candidate.paragraph.kind != ParagraphKind::Heading
        && !capital(last)
        && !capital(next)
        && !["a", "an", "the", "of", "no"].contains(&last)
        && last.starts_with(char::is_lowercase)
}

impl Gazetteer {
    /// The next shorter spelling that begins at the same byte.
    fn shorter(&self, text: &str, span: Span) -> Option<(Span, &Spellings)> {
        let found = span.of(text).to_lowercase();
        let mut cut = found.as_str();
        while let Some((shorter, _)) = cut.rsplit_once(' ') {
            cut = shorter;
            if let Ok(i) = self.spelt.binary_search_by(|(key, _)| key.as_str().cmp(cut)) {
                // Lower case may have another length outside ASCII; names are ASCII.
                let end = span.start + cut.len();
                return text.is_char_boundary(end).then(|| (Span::new(span.start, end), &self.spelt[i].1));
            }
        }
        None
    }

    /// The word that speaks against a name, where one stands in its sentence.
    fn against(&self, document: &Document, candidate: &Candidate) -> Option<String> {
        let never = &self.services.get(candidate.service)?.never;
        if never.is_empty() {
            return None;
        }
        let near = clip(&document.text, candidate.sentence, candidate.span).to_lowercase();
        never.iter().find(|word| has_word(&near, word)).map(|word| speaks_against(word))
    }

    fn decide(&self, document: &Document, candidates: &[Candidate], i: usize) -> Verdict {
        let (Some(candidate), text) = (candidates.get(i), &document.text) else { return Verdict::Silent };
        let Some(service) = self.services.get(candidate.service) else { return Verdict::Silent };
        let found = Verdict::Found(&IN_CONTEXT);
        let before =
            text.get(candidate.sentence.start.min(candidate.span.start)..candidate.span.start).unwrap_or("");
        let after =
            text.get(candidate.span.end..candidate.sentence.end.max(candidate.span.end)).unwrap_or("");
        if listed(text, candidates, i) {
            return found;
        }
        let beside = beside(tail(before, 80), head(after, 60));
        // `Kraken malware`: what follows at once says what it is, whatever else is near.
        let next = first_word(after);
        if service.never.contains(&next) {
            return Verdict::Against(speaks_against(&next));
        }
        let named = tail(before, 40).trim_end().to_lowercase();
        let named = ["exchange", "exchanges", "mixer", "bridge", "lender", "exchange called", "mixer called"]
            .iter()
            .chain(&[
                "nft marketplace",
                "defi protocol",
                "lending protocol",
                "crypto platform",
                "defi platform",
            ])
            .any(|w| named.ends_with(w) && (named.len() == w.len() || !named.ends_with("stock exchange")))
            || in_apposition(after);
        if let Some(word) = self.against(document, candidate)
            && !named
        {
            return Verdict::Against(word);
        }
        if candidate.class == Class::Word && !named && part_of_a_longer_name(candidate, before, after) {
            return Verdict::LongerName;
        }
        if beside || named {
            return found;
        }
        let near = clip(text, candidate.sentence, candidate.span);
        let lower = near.to_lowercase();
        let sure = candidates[i.saturating_sub(8)..].iter().take(17).any(|c| {
            c.sentence == candidate.sentence
                && c.service != candidate.service
                && c.verdict == Verdict::Found(&NAME)
        });
        let needed = service
            .needs
            .iter()
            .any(|w| has_word(&lower, w) && !w.eq_ignore_ascii_case(candidate.span.of(text)));
        match candidate.class {
            Class::Word => {
                let close = clip_near(text, candidate, 80);
                let deed = DEEDS.iter().any(|d| head(after, 40).trim_start().starts_with(d));
                let opens = before.trim().is_empty() && candidate.paragraph.row.is_none();
                let cue = self.cue(close) || sure || needed || loss(&lower, near);
                let articled = ["a", "an", "the"].contains(&last_word(before).as_str());
                match cue && (!articled || needed) && (!opens || deed || needed) {
                    true => found,
                    false => self.around(document, candidate, found),
                }
            }
            _ if is_one_of_many(document, candidate) => Verdict::Silent,
            _ => {
                if self.cue(near) || sure || needed || loss(&lower, near) {
                    return found;
                }
                // The sentences before and after, inside the paragraph.
                let paragraph = clip(text, candidate.paragraph.span, candidate.span);
                match self.cue(paragraph) {
                    true => found,
                    false => self.around(document, candidate, found),
                }
            }
        }
    }

    /// A table's head or caption that speaks of services makes its cells names.
    fn around(&self, document: &Document, candidate: &Candidate, found: Verdict) -> Verdict {
        let Some(row) = &candidate.paragraph.row else { return Verdict::Silent };
        let Some(cell) = row.cells.iter().find(|c| c.span.contains(candidate.span)) else {
            return Verdict::Silent;
        };
        // The cell must hold little else.
        if cell.span.len() > candidate.span.len() + 24 {
            return Verdict::Silent;
        }
        let Some(table) = document.tables.get(row.table) else { return Verdict::Silent };
        let heads = table.heads.get(cell.column).into_iter().flatten().chain(&table.caption);
        match heads.into_iter().any(|span| self.cue(head(span.of(&document.text), 200))) {
            true => found,
            false => Verdict::Silent,
        }
    }

    /// Whether a text has a word of the trade.
    fn cue(&self, text: &str) -> bool {
        self.cues
            .find_iter(text)
            .any(|m| m.pattern().as_usize() < CUES.len() && is_whole(text, Span::new(m.start(), m.end())))
    }
}

/// A name stands in a list with one that stands alone: `Rain and Indodax`, `A, Gate, B`.
fn listed(text: &str, candidates: &[Candidate], i: usize) -> bool {
    let joins = |a: usize, b: usize| {
        let between = text.get(a..b).map(str::trim);
        between.is_some_and(|b| {
            matches!(
                b,
                "," | "and"
                    | ", and"
                    | "/"
                    | "or"
                    | ", or"
                    | "&"
                    | ";"
                    | "(formerly"
                    | "(now"
                    | ") and"
                    | "),"
            )
        })
    };
    let sure = |c: &Candidate| c.verdict == Verdict::Found(&NAME) || c.verdict == Verdict::Found(&IN_CONTEXT);
    let (Some(own), previous, next) =
        (candidates.get(i), i.checked_sub(1).and_then(|p| candidates.get(p)), candidates.get(i + 1))
    else {
        return false;
    };
    previous.is_some_and(|p| sure(p) && p.span.end <= own.span.start && joins(p.span.end, own.span.start))
        || next.is_some_and(|n| sure(n) && own.span.end <= n.span.start && joins(own.span.end, n.span.start))
}

/// `Rain, an exchange in Bahrain,` and `Gemini, the crypto exchange`: what it is follows the comma.
fn in_apposition(after: &str) -> bool {
    let Some(rest) = after.strip_prefix(", ") else { return false };
    let mut words = rest.split(' ').take(7).map(|w| (w.trim_matches(|c: char| !c.is_alphanumeric()), w));
    if !words.next().is_some_and(|(word, _)| matches!(word, "a" | "an" | "the" | "another" | "then" | "once"))
    {
        return false;
    }
    let mut before = "";
    for (word, printed) in words {
        if KINDS.contains(&word) {
            return !matches!(
                before,
                "stock" | "foreign" | "securities" | "commodity" | "telephone" | "data"
            );
        }
        if printed.ends_with([',', '.', ';', ')']) || matches!(word, "of" | "in" | "from" | "for" | "with") {
            return false;
        }
        before = word;
    }
    false
}

/// `A balancer was fitted`: an article that makes a thing of the name, and a verb after it.
fn is_one_of_many(document: &Document, candidate: &Candidate) -> bool {
    let from = candidate.sentence.start.min(candidate.span.start);
    let before = document.text.get(from..candidate.span.start).unwrap_or("");
    let after = document.text.get(candidate.span.end..).unwrap_or("");
    let verb =
        matches!(first_word(head(after, 40)).as_str(), "is" | "was" | "has" | "had" | "can" | "will" | "may");
    matches!(last_word(before).as_str(), "a" | "an") && (verb || after.starts_with(['.', ',', ';']))
}

/// A sum and a word of loss in one sentence.
fn loss(lower: &str, near: &str) -> bool {
    (near.contains('$') || near.contains("USD")) && LOSSES.iter().any(|w| has_word(lower, w))
}

/// Whether the word before or after is one that services go by.
fn beside(before: &str, after: &str) -> bool {
    let next = first_word(after);
    let second = after.split_whitespace().nth(1).unwrap_or("").trim_matches(|c: char| !c.is_alphanumeric());
    let possessive = after.starts_with("'s") || after.starts_with("’s");
    let next = if possessive { second.to_lowercase() } else { next };
    let gap = after.chars().next().is_some_and(|c| matches!(c, ' ' | '-' | '\'' | '’'));
    let kit = second.eq_ignore_ascii_case("kit");
    gap && BESIDE.contains(&next.as_str()) && !kit
        || before.ends_with(' ')
            && ["exchange", "mixer", "bridge", "wallet", "protocol", "lender"]
                .contains(&last_word(before).as_str())
}

fn speaks_against(word: &str) -> String {
    format!("{word:?} stands near, which speaks of something else")
}

/// Whether a capitalised word stands next to an ordinary one, so that both are one name: Titan Rain,
/// Horizon Scan. Words that open a sentence and words of the trade do not count.
fn part_of_a_longer_name(candidate: &Candidate, before: &str, after: &str) -> bool {
    const OPENERS: [&str; 33] = [
        "the", "a", "at", "in", "on", "from", "by", "to", "of", "and", "when", "after", "since", "while",
        "both", "then", "or", "for", "with", "between", "against", "but", "as", "before", "your", "our",
        "their", "its", "this", "these", "any", "fake", "genuine",
    ];
    if candidate.paragraph.kind == ParagraphKind::Heading || candidate.paragraph.row.is_some() {
        return false;
    }
    let capital = |word: &str| {
        let lower = word.to_lowercase();
        word.starts_with(char::is_uppercase)
            && !OPENERS.contains(&lower.as_str())
            && !CUES.contains(&lower.as_str())
            && !BESIDE.contains(&lower.as_str())
    };
    let word = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
    // `Fake Ledger Wallet`: what it is stands beside it.
    let kind = [
        "exchange", "bridge", "wallet", "wallets", "mixer", "protocol", "pool", "pools", "dex", "casino",
        "finance",
    ];
    if kind.contains(&first_word(after).as_str()) {
        return false;
    }
    let last = before.strip_suffix(' ').and_then(|b| b.rsplit(' ').next()).unwrap_or("");
    let next = after.strip_prefix(' ').and_then(|a| a.split(' ').next()).unwrap_or("");
    last.ends_with(char::is_alphanumeric) && capital(&word(last)) || capital(&word(next))
}

fn first_word(text: &str) -> String {
    let word = text.trim_start_matches([' ', '-']).split(|c: char| !c.is_alphanumeric()).next();
    word.unwrap_or("").to_lowercase()
}

fn last_word(text: &str) -> String {
    let word = text.trim_end().rsplit(|c: char| !c.is_alphanumeric()).next();
    word.unwrap_or("").to_lowercase()
}

/// Whether a text in lower case has a word or phrase, whole.
fn has_word(lower: &str, word: &str) -> bool {
    lower.match_indices(word).any(|(at, _)| {
        let symbol = !word.starts_with(char::is_alphanumeric);
        symbol || is_whole(lower, Span::new(at, at + word.len()))
    })
}

fn clip_near<'t>(text: &'t str, candidate: &Candidate, reach: usize) -> &'t str {
    let narrow = Span::new(
        candidate.sentence.start.max(candidate.span.start.saturating_sub(reach)).min(candidate.span.start),
        candidate.sentence.end.min(candidate.span.end + reach).max(candidate.span.end),
    );
    clip(text, narrow, candidate.span)
}
