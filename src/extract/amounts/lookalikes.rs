//! Numbers beside a unit's word that are no money: weights, verbs, names, counts of things, years.

use super::hedges::word_before;
use super::money::UnitWord;
use super::numbers::{Figure, first, last, skip_spaces};
use super::page::{Page, is_month};
use rust_decimal::Decimal;

impl<'a> Page<'a> {
    /// Why a number with a unit's word is something else.
    pub fn false_friend(
        &self,
        unit: &UnitWord,
        figure: &Figure,
        start: usize,
        end: usize,
        named: bool,
    ) -> Option<&'static str> {
        let text = self.text;
        let printed = text.get(start..end).unwrap_or("");
        let next = self.next_word(end);
        let strong = figure.magnitude.is_some() || figure.grouped;
        if text
            .get(figure.start..figure.end)
            .is_some_and(|f| f.starts_with('0') && figure.digits > 1 && figure.decimals == 0)
        {
            return Some("the number is a designation");
        }
        match unit.word.as_str() {
            "won" if !named => {
                if !(strong || figure.value >= Decimal::ONE_THOUSAND && !figure.looks_like_year()) {
                    return Some("won is the verb here");
                }
                if matches!(
                    next,
                    "the"
                        | "a"
                        | "an"
                        | "their"
                        | "its"
                        | "his"
                        | "her"
                        | "seats"
                        | "medals"
                        | "election"
                        | "elections"
                        | "by"
                        | "re-election"
                        | "prizes"
                        | "awards"
                ) {
                    return Some("won is the verb here");
                }
            }
            "euro" | "euros"
                if matches!(
                    next,
                    "area"
                        | "zone"
                        | "bloc"
                        | "system"
                        | "countries"
                        | "country"
                        | "championship"
                        | "cup"
                        | "zone's"
                        | "members"
                ) =>
            {
                return Some("euro is part of another name");
            }
            "dollar" | "euro"
                if !strong
                    && matches!(
                        next,
                        "account"
                            | "accounts"
                            | "store"
                            | "stores"
                            | "index"
                            | "peg"
                            | "market"
                            | "markets"
                            | "zone"
                    ) =>
            {
                return Some("a count of things named after the currency");
            }
            "pound" | "pounds" if !named => return self.weight(figure, start, end, next),
            "rand" if printed != "rand" && !strong => return Some("Rand is a name here"),
            "crown" | "crowns" | "mark" | "marks" | "sol" | "real" | "sum" | "sums" | "som" if !named => {
                return Some("the word means other things and no country stands before it");
            }
            "dong" | "kina" | "tala" | "dram" | "drams" | "lev" | "lek" | "kip" | "pula" | "punt"
            | "punts" | "vatu" | "lira" | "lari" | "kuna" | "leone" | "soles" | "colon" | "colons"
                if printed.starts_with(char::is_uppercase) && !strong && !named =>
            {
                return Some("the word is a name here");
            }
            // "20 Lei Sun and others": a note's number and an author.
            "lei" | "leu"
                if !strong
                    && !named
                    && figure.decimals == 0
                    && matches!(printed, "Lei" | "Leu")
                    && next.starts_with(char::is_uppercase) =>
            {
                return Some("the word is a name here");
            }
            "drams" | "dram" | "colons" | "punts" | "punt" | "quid" | "bucks"
                if !strong && figure.value < Decimal::TEN && !named =>
            {
                return Some("the word means other things");
            }
            _ => {}
        }
        None
    }

    fn weight(&self, figure: &Figure, start: usize, end: usize, next: &str) -> Option<&'static str> {
        let after = self.text.get(end..).unwrap_or("");
        let why = Some("pounds of weight");
        if matches!(
            next,
            "per"
                | "of"
                | "lb"
                | "lbs"
                | "force"
                | "heavier"
                | "lighter"
                | "weight"
                | "foot-pounds"
                | "overweight"
        ) {
            // "5 million pounds of aid" is money; what is weighed is not.
            let thing = after.trim_start().trim_start_matches("of").trim_start();
            let word: String = thing.chars().take_while(|c| c.is_alphabetic()).collect();
            let money = matches!(
                word.as_str(),
                "aid"
                    | "debt"
                    | "losses"
                    | "damage"
                    | "funding"
                    | "investment"
                    | "savings"
                    | "cash"
                    | "taxpayers"
                    | "taxpayer"
                    | "public"
                    | "assets"
                    | "revenue"
                    | "income"
                    | "their"
                    | "his"
                    | "her"
                    | "its"
                    | "our"
            );
            if next == "per" {
                let unit: String = after
                    .trim_start()
                    .trim_start_matches("per")
                    .trim_start()
                    .chars()
                    .take_while(|c| c.is_alphabetic())
                    .collect();
                if matches!(
                    unit.as_str(),
                    "square" | "acre" | "cubic" | "hour" | "foot" | "bushel" | "gallon" | "hectare" | "inch"
                ) && unit != "hour"
                {
                    return why;
                }
                return None;
            }
            if !money {
                return why;
            }
        }
        if after.starts_with("-force")
            || after.starts_with(" (lb")
            || after.starts_with(" (kg")
            || after.trim_start().starts_with("(453")
        {
            return why;
        }
        let before = word_before(self.text, figure.start, 0).map_or(String::new(), |w| w.word.to_lowercase());
        if matches!(
            before.as_str(),
            "weighs" | "weigh" | "weighed" | "weighing" | "weight" | "kg" | "kilograms" | "lifted"
        ) {
            return why;
        }
        // A bracket after kilograms: "2.2 kilograms (5 pounds)".
        if last(self.text, figure.start) == Some('(') {
            let unit =
                word_before(self.text, figure.start - 1, 0).map_or(String::new(), |w| w.word.to_lowercase());
            if matches!(
                unit.as_str(),
                "kg" | "kilograms" | "kilogrammes" | "kilos" | "tons" | "tonnes" | "grams"
            ) {
                return why;
            }
        }
        let _ = start;
        None
    }

    /// The word after a place, without its punctuation.
    fn next_word(&self, at: usize) -> &'a str {
        let from = skip_spaces(self.text, at, 2);
        if from == at {
            return "";
        }
        let rest = self.text.get(from..).unwrap_or("");
        let n = rest.find(|c: char| !(c.is_alphabetic() || c == '-' || c == '\'')).unwrap_or(rest.len());
        rest.get(..n.min(32)).unwrap_or("")
    }

    /// "10 bitcoin addresses", "three Ethereum wallets": the number counts what follows.
    pub fn counts_things(&self, end: usize, figure: &Figure, singular: bool) -> bool {
        if !singular {
            return false;
        }
        let glued = first(self.text, end) == Some('-');
        let next = if glued { "-" } else { self.next_word(end) };
        if glued {
            let rest = self.text.get(end + 1..).unwrap_or("");
            return rest.starts_with("based")
                || rest.starts_with("related")
                || rest.starts_with("denominated")
                || rest.starts_with("linked")
                || rest.starts_with("compatible")
                || rest.starts_with("shaped");
        }
        let lower = next.to_lowercase();
        let stem = lower.strip_suffix('s').unwrap_or(&lower);
        let stem = stem.strip_suffix("e").filter(|s| s.ends_with("ss") || s.ends_with('x')).unwrap_or(stem);
        const THINGS: &[&str] = &[
            "addres",
            "address",
            "wallet",
            "exchange",
            "transaction",
            "atm",
            "miner",
            "account",
            "investor",
            "user",
            "trader",
            "node",
            "block",
            "client",
            "pair",
            "contract",
            "company",
            "companie",
            "mixer",
            "tumbler",
            "futures",
            "future",
            "etf",
            "scam",
            "platform",
            "bridge",
            "startup",
            "project",
            "whale",
            "holder",
            "key",
            "developer",
            "network",
            "blockchain",
            "chain",
            "service",
            "fork",
            "pool",
            "machine",
            "mine",
            "firm",
            "ransom",
            "ransomware",
            "ransomnote",
            "theft",
            "heist",
            "hack",
            "kiosk",
            "domain",
            "url",
            "validator",
            "faucet",
            "forum",
            "site",
            "website",
            "app",
            "donation",
            "payment",
            "deposit",
            "withdrawal",
            "transfer",
            "cluster",
            "brc",
        ];
        THINGS.contains(&stem) && !(figure.grouped || figure.decimals > 0 || figure.magnitude.is_some())
            || THINGS.contains(&stem)
                && matches!(
                    stem,
                    "addres"
                        | "address"
                        | "wallet"
                        | "transaction"
                        | "miner"
                        | "user"
                        | "account"
                        | "atm"
                        | "holder"
                        | "investor"
                        | "node"
                )
    }

    /// Whether words of time stand before a number that looks like a year.
    pub fn dated(&self, figure: &Figure, floor: usize) -> bool {
        if figure.value < Decimal::from(2009) || figure.value > Decimal::from(2060) {
            return false;
        }
        word_before(self.text, figure.start, floor).is_none_or(|w| {
            let word = w.word.to_lowercase();
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            is_month(bare)
                || matches!(
                    bare,
                    "in" | "since"
                        | "by"
                        | "of"
                        | "from"
                        | "until"
                        | "during"
                        | "early"
                        | "late"
                        | "mid"
                        | "the"
                        | "and"
                        | "to"
                )
                || word.ends_with('.')
                || word.ends_with(',')
        })
    }
}
