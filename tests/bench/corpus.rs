//! Synthetic reports for benchmarks: the same ones for the same seed, of any number.
//!
//! The sentences are our own, the words fall off in frequency as words do, figures are spread over
//! decades, and addresses carry valid checksums. Nothing in them is true.

use paydirt::corpus::sha256_hex;
use paydirt::document::{Format, Source};
use paydirt::extract::Kind;
use paydirt::mine::{self, Mined};
use paydirt::read::Options;
use sha2::{Digest, Sha256};
use sha3::Keccak256;

/// Paragraphs of a report, on average; as panel reports have.
pub const PARAGRAPHS: usize = 200;

const EXCHANGES: &str = include_str!("../../src/extract/exchanges.tsv");

const SENTENCES: &[&str] = &[
    "{Actor} {took} {amount} from {exchange} in {date}, and moved most of it through {exchange} within {n} days.",
    "According to {source}, {actor} {took} {amount} in {noun} from a {adj} firm in {place} on {date}.",
    "The {adj} {noun} of {name} was registered in {place}, and its {noun} was paid for by a {adj} {noun}.",
    "{Source} told the {noun} that the {noun} had been {verbed} by {name}, a {adj} {noun} of {name}.",
    "In {date}, {n} {nouns} were {verbed} to {place} by way of {place}, where {name} holds a {adj} {noun}.",
    "A {noun} of {amount} was {verbed} to the address {wallet} on {date}.",
    "The {noun} denied that any {noun} or {noun} had been {verbed}, and gave no {adj} {noun} for {name}.",
    "{Name} and {name} share a {noun} with {name}, and both were {verbed} by {source} after the {adj} {noun}.",
    "The {nouns} came from {exchange} and {exchange}, which {source} had {verbed} since {date}.",
    "No {noun} was given for the {adj} {nouns}, although {source} {verbed} them in its {noun} of {date}.",
    "Its {adj} {noun} is worth {amount}, of which {amount} is held as {adj} {nouns}.",
    "Between {nouns} and {nouns} there is a {adj} {noun}, which the {noun} has {verbed} without a {noun}.",
    "The vessel {name} called at {place} with {n} tons of {noun} and left for {place} under the {noun} of {name}.",
    "{Actor} wrote to {n} {nouns} of {name} with a {adj} {noun}, and {verbed} the {nouns} of those who opened it.",
    "It was {verbed} that the {noun} had {n} {nouns}, most of them {verbed} in {place}.",
    "The {adj} {nouns} were {verbed} through {exchange} into {noun}, then {verbed} as {noun} in {place}.",
];

const ACTORS: &[&str] = &[
    "the Copper Heron group",
    "the Slate Finch group",
    "the group called Tin Marten",
    "a group of unknown name",
    "operators of Pale Otter",
    "the Granite Wren group",
    "actors of the Third Office",
];
const TAKING: &[&str] = &["stole", "took", "extorted", "diverted", "withdrew", "drained", "seized"];
const SOURCES: &[&str] = &[
    "a Member State",
    "a firm of blockchain analysts",
    "the Ministry of Finance",
    "one Member State",
    "the company",
    "an expert of the panel",
    "a newspaper",
    "two Member States",
    "the police",
    "the firm",
];
const PLACES: &[&str] = &[
    "Port Ansel",
    "Velmar",
    "Kestrel Bay",
    "Orsk Minor",
    "Tarn",
    "Halden Free Zone",
    "Sollum",
    "the Ister delta",
    "New Carrow",
    "Bremstad",
    "Lower Quay",
    "Mirador",
    "Anstruther Roads",
    "Calder",
    "Vantry",
    "the Eastern Province",
];
const NOUNS: &[&str] = &[
    "account",
    "theft",
    "transaction",
    "wallet",
    "exchange",
    "bank",
    "transfer",
    "panel",
    "report",
    "network",
    "asset",
    "fund",
    "payment",
    "company",
    "sanction",
    "vessel",
    "investigation",
    "cargo",
    "resolution",
    "platform",
    "token",
    "intermediary",
    "passport",
    "trade",
    "office",
    "server",
    "malware",
    "contract",
    "designation",
    "shipment",
    "broker",
    "freezing",
    "invoice",
    "laundering",
    "ransom",
    "custodian",
    "ledger",
    "mixer",
    "bridge",
    "proceeds",
    "consignment",
    "registry",
    "facilitator",
    "subsidiary",
    "domain",
    "employee",
    "interview",
    "credential",
    "letter",
    "petroleum",
    "coal",
    "refinery",
    "shareholder",
    "signatory",
    "insurer",
    "correspondent",
    "remittance",
    "voucher",
    "embassy",
    "attaché",
    "freight",
    "manifest",
    "terminal",
    "warehouse",
    "chandler",
    "tanker",
    "barge",
    "charter",
    "beneficiary",
    "nominee",
    "trustee",
    "escrow",
    "collateral",
    "liquidity",
    "derivative",
    "auction",
    "tender",
    "subpoena",
    "indictment",
    "forfeiture",
    "exemption",
    "waiver",
    "annex",
    "footnote",
    "corrigendum",
    "addendum",
    "photograph",
    "transponder",
    "beacon",
    "coordinate",
    "satellite",
    "spectrometer",
    "lathe",
    "centrifuge",
    "alloy",
    "gyroscope",
    "turbine",
    "valve",
    "compressor",
    "reagent",
    "catalyst",
    "fertilizer",
    "textile",
    "garment",
    "seafood",
];
const ADJECTIVES: &[&str] = &[
    "new",
    "foreign",
    "financial",
    "large",
    "virtual",
    "further",
    "joint",
    "false",
    "recent",
    "unknown",
    "private",
    "frozen",
    "illicit",
    "maritime",
    "corporate",
    "digital",
    "stolen",
    "regional",
    "forged",
    "dormant",
    "anonymous",
    "encrypted",
    "offshore",
    "decentralized",
    "consular",
    "bilateral",
    "clandestine",
    "compromised",
    "prohibited",
    "unregistered",
    "humanitarian",
    "fraudulent",
    "transnational",
    "defunct",
    "nominal",
    "undeclared",
    "contested",
];
const VERBS: &[&str] = &[
    "reported",
    "moved",
    "sent",
    "named",
    "frozen",
    "traced",
    "sold",
    "listed",
    "confirmed",
    "laundered",
    "converted",
    "exchanged",
    "recovered",
    "seized",
    "routed",
    "attributed",
    "designated",
    "disclosed",
    "encrypted",
    "inspected",
    "repatriated",
    "chartered",
    "falsified",
    "transshipped",
    "intercepted",
    "reflagged",
    "embezzled",
    "liquidated",
];
const SYLLABLES: &[&str] = &[
    "al", "an", "ar", "bel", "bor", "cas", "dan", "del", "dor", "el", "en", "far", "gal", "hal", "il", "jor",
    "kal", "lam", "lin", "mar", "mel", "nor", "or", "pel", "quen", "ral", "sel", "tan", "tor", "ul", "van",
    "wen", "yor", "zel",
];
const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const HEDGES: &[&str] = &["nearly ", "more than ", "at least ", "about ", "up to ", "over "];

/// Kinds of names and addresses there are.
const NAMES: u64 = 40_000;
const WALLETS: u64 = 20_000;

/// A stream of numbers that looks random and is the same everywhere (splitmix64).
#[derive(Debug, Clone)]
pub struct Numbers(u64);

impl Numbers {
    pub fn of(seed: u64) -> Self {
        Numbers(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// In `0..n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// In `0.0..1.0`.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// In `0..n`, small numbers as much likelier as frequent words are.
    pub fn rank(&mut self, n: u64) -> u64 {
        (((n + 1) as f64).powf(self.share()) as u64 - 1).min(n - 1)
    }

    fn any<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }

    /// A frequent one of a list more often than a rare one.
    pub fn word<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.rank(list.len() as u64) as usize]
    }
}

pub fn noun(numbers: &mut Numbers) -> &'static str {
    numbers.word(NOUNS)
}

/// A name that nobody has, by its number.
fn name(number: u64) -> String {
    let mut numbers = Numbers::of(number ^ 0x006e_616d_6573);
    let mut made = String::new();
    for _ in 0..2 + numbers.below(2) {
        made += numbers.any(SYLLABLES);
    }
    made[..1].to_uppercase() + &made[1..]
}

fn checked(version: u8, bytes: &[u8]) -> String {
    let mut whole = vec![version];
    whole.extend(bytes);
    let sum = Sha256::digest(Sha256::digest(&whole));
    whole.extend(&sum[..4]);
    bs58::encode(whole).into_string()
}

/// The address of that number: bitcoin in two forms, ethereum, tron.
fn address(number: u64) -> String {
    let hash = Sha256::digest(number.to_le_bytes());
    let bytes = &hash[..20];
    match number % 4 {
        0 => checked(0, bytes),
        1 => bech32::segwit::encode_v0(bech32::hrp::BC, bytes).unwrap(),
        2 => checked(0x41, bytes),
        _ => {
            let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            let sum = Keccak256::digest(hex.as_bytes());
            let cased = hex.chars().enumerate().map(|(i, c)| {
                let half = sum[i / 2] >> (4 * (1 - i % 2)) & 0xf;
                if half >= 8 { c.to_ascii_uppercase() } else { c }
            });
            "0x".chars().chain(cased).collect()
        }
    }
}

/// Every report holds some of these addresses, a few of them often.
pub fn wallet(numbers: &mut Numbers) -> String {
    let number = numbers.rank(WALLETS);
    address(number)
}

/// A sum between a thousand and some billions of whole units, any decade as likely.
pub fn sum(numbers: &mut Numbers) -> f64 {
    10_f64.powf(3.0 + 6.5 * numbers.share())
}

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn amount(numbers: &mut Numbers) -> String {
    let sum = sum(numbers);
    let sign = numbers.word(&["$", "US$", "$", "€", "£"]);
    let scaled = |of: f64| match of {
        of if of >= 1e9 => format!("{sign}{:.1} billion", of / 1e9),
        of if of >= 1e6 => format!("{sign}{:.1} million", of / 1e6),
        of => format!("{sign}{}", thousands(of as u64)),
    };
    match numbers.below(10) {
        0 => format!("{} {}", thousands((sum / 1e3) as u64 + 2), numbers.any(&["BTC", "ETH", "XRP", "USDT"])),
        1 => format!("between {} and {}", scaled(sum), scaled(sum * 1.5)),
        2..=4 => format!("{}{}", numbers.any(HEDGES), scaled(sum)),
        _ => scaled(sum),
    }
}

fn date(numbers: &mut Numbers) -> String {
    let (year, month) = (2012 + numbers.below(14), numbers.any(MONTHS));
    match numbers.below(6) {
        0 => format!("{year}"),
        1 => format!("{month} {year}"),
        2 => format!("late {year}"),
        3 => format!("{year}-{:02}-{:02}", 1 + numbers.below(12), 1 + numbers.below(28)),
        _ => format!("{} {month} {year}", 1 + numbers.below(28)),
    }
}

fn exchange(numbers: &mut Numbers) -> &'static str {
    static NAMES: std::sync::LazyLock<Vec<&str>> =
        std::sync::LazyLock::new(|| EXCHANGES.lines().skip(1).filter_map(|l| l.split('\t').next()).collect());
    numbers.word(&NAMES)
}

fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

fn sentence(numbers: &mut Numbers) -> String {
    let mut out = String::new();
    for (i, part) in numbers.any(SENTENCES).split(['{', '}']).enumerate() {
        if i % 2 == 0 {
            out += part;
            continue;
        }
        out += &match part {
            "Actor" => upper(numbers.word(ACTORS)),
            "actor" => numbers.word(ACTORS).to_string(),
            "took" => numbers.word(TAKING).to_string(),
            "amount" => amount(numbers),
            "exchange" => exchange(numbers).to_string(),
            "date" => date(numbers),
            "n" => (2 + numbers.below(60)).to_string(),
            "source" => numbers.word(SOURCES).to_string(),
            "Source" => upper(numbers.word(SOURCES)),
            "noun" => noun(numbers).to_string(),
            "nouns" => format!("{}s", noun(numbers)),
            "adj" => numbers.word(ADJECTIVES).to_string(),
            "verbed" => numbers.word(VERBS).to_string(),
            "place" => numbers.word(PLACES).to_string(),
            "name" | "Name" => {
                let number = numbers.rank(NAMES);
                format!("{} {}", name(number), name(number.wrapping_mul(31) % NAMES))
            }
            "wallet" => wallet(numbers),
            slot => panic!("no such slot: {slot}"),
        };
    }
    out
}

/// Publishers there are.
const PUBLISHERS: &[&str] = &[
    "Panel of the Copper Committee",
    "Blockchain firm Aster",
    "Ministry of Tarn",
    "Panel of the Salt Committee",
    "Firm Borealis",
    "Harbour Gazette",
    "Office of Public Notices",
    "Firm Corvid",
    "Institute of Velmar",
    "Firm Dunlin",
];

pub fn publisher(numbers: &mut Numbers) -> &'static str {
    numbers.word(PUBLISHERS)
}

const ROMAN: &[&str] =
    &["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV"];

/// The text of the report of that number: numbered paragraphs under headings, 16 to a page.
pub fn text(number: u64) -> String {
    let mut numbers = Numbers::of(number.wrapping_mul(0x0100_0000_01b3) ^ 0x7265_706f_7274);
    let length = PARAGRAPHS / 2 + numbers.below(PARAGRAPHS as u64) as usize;
    let mut text = String::new();
    for paragraph in 0..length {
        if paragraph % 16 == 0 {
            let page = if paragraph > 0 { "\u{c}" } else { "" };
            let roman = ROMAN[paragraph / 16 % ROMAN.len()];
            text += &format!("{page}{roman}. The {} of {}s\n\n", noun(&mut numbers), noun(&mut numbers));
        }
        text += &format!("{}.", paragraph + 1);
        for _ in 0..1 + numbers.below(5) {
            text.push(' ');
            text += &sentence(&mut numbers);
        }
        text += "\n\n";
    }
    text
}

/// The report of that number, read and mined as a file would be.
pub fn report(number: u64) -> Mined {
    let text = text(number);
    let source = Source {
        path: format!("report-{number:06}.txt"),
        sha256: sha256_hex(text.as_bytes()),
        format: Format::Text,
        bytes: text.len() as u64,
    };
    let mut mined = mine::mine(source, None, text.as_bytes(), &Options::default(), &Kind::ALL).unwrap();
    let mut numbers = Numbers::of(number ^ 0x6d65_7461);
    let meta = &mut mined.document.meta;
    meta.id = format!("R/{}/{number}", 2090 + number % 10);
    meta.title =
        Some(format!("The {} {} of {}s", numbers.word(ADJECTIVES), noun(&mut numbers), noun(&mut numbers)));
    meta.publisher = Some(publisher(&mut numbers).to_string());
    meta.published = Some(format!(
        "{}-{:02}-{:02}",
        2012 + numbers.below(14),
        1 + numbers.below(12),
        1 + numbers.below(28)
    ));
    mined
}
