//! `paydirt search`: a query to passages with their place, or to counts of facets.

use super::Answer;
use super::output::{Out, say};
use super::page::{Marks, clean, mentions_shown, wrapped};
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::{Facet, Index};
use paydirt::search::{Count, Filters, Found, Hit, Options, search};
use std::path::PathBuf;

/// Values of a facet shown where no facet is named.
const VALUES_SHOWN: usize = 10;

/// Search the index and print the passages found, best first.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A query:
  stolen virtual assets         any of the words in any form, passages with more of them first
  '\"virtual assets\"'            the exact phrase, signs and figures included
  '\"theft exchange\"~5'          words that stand near each other
  'launder*'  'exchnge~'        words that begin so; words one letter off
  '+KuCoin -Upbit'              must stand in the passage; must not
  'A AND (B OR C) NOT D'        operators are upper case
  '$81 million'                 an amount however it is printed: US$81m, 81,000,000 dollars
Fields:
  amount:>=100M  amount:USD 40M..60M  date:2020-01..2021-06  exchange:KuCoin  currency:ETH
  wallet:0x098B  chain:bitcoin  hedge:at_least  has:amount  has:table  kind:wallet
  publisher:\"Security Council\"  title:word  heading:word  symbol:S/2022/132  document:FILE
  page:14  paragraph:106  published:2022  language:fr
Examples:
  paydirt search 'stolen \"virtual assets\" amount:>=50M'
  paydirt search KuCoin --year 2022 --kind amount --facets
  paydirt search 'date:2021 exchange:Upbit' --format jsonl --limit 0")]
pub struct Args {
    /// What to search for; may be left out where filters or --facets are given.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Print how many passages have each value: of every facet, or with --facets=NAME,... all values of those.
    #[arg(long, value_name = "NAME", num_args = 0..=1, require_equals = true, default_missing_value = "", value_delimiter = ',')]
    facets: Option<Vec<String>>,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Print at most so many passages; 0 for all. The total is always told.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    /// Do not search other names for the same thing (DPRK for North Korea).
    #[arg(long)]
    no_synonyms: bool,
    #[command(flatten)]
    chosen: Chosen,
}

/// Filters; one that is given several times takes passages with any of its values.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Filters (repeat one for any of several values)")]
struct Chosen {
    /// Publisher, or words of its name.
    #[arg(long, value_name = "NAME")]
    publisher: Vec<String>,
    /// Id, symbol or file name of the document.
    #[arg(long, value_name = "ID")]
    document: Vec<String>,
    /// Year of publication.
    #[arg(long, value_name = "YEAR")]
    year: Vec<String>,
    /// Kind of mention: amount, date, exchange, wallet.
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    /// Exchange or service, by any of its names.
    #[arg(long, value_name = "NAME")]
    exchange: Vec<String>,
    /// Currency of an amount: USD, BTC.
    #[arg(long, value_name = "CODE")]
    currency: Vec<String>,
    /// Chain of an address: bitcoin, ethereum.
    #[arg(long, value_name = "NAME")]
    chain: Vec<String>,
    /// Size of an amount: a bucket as --facets prints it, or a range such as '>=100M'.
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true)]
    amount: Vec<String>,
    /// Language of the passage: en, fr.
    #[arg(long, value_name = "CODE")]
    language: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
}

impl Chosen {
    fn filters(&self) -> Filters {
        let mut filters = Filters::default();
        for (facet, values) in [
            (Facet::Publisher, &self.publisher),
            (Facet::Document, &self.document),
            (Facet::Year, &self.year),
            (Facet::Kind, &self.kind),
            (Facet::Exchange, &self.exchange),
            (Facet::Currency, &self.currency),
            (Facet::Chain, &self.chain),
            (Facet::Amount, &self.amount),
            (Facet::Language, &self.language),
        ] {
            if !values.is_empty() {
                filters.chosen.insert(facet, values.clone());
            }
        }
        filters
    }
}

/// The facets asked for, and whether by name.
fn facets(asked: Option<&[String]>) -> Result<(Vec<Facet>, bool)> {
    let Some(names) = asked else { return Ok((Vec::new(), false)) };
    let mut found = Vec::new();
    for name in names.iter().filter(|n| !n.is_empty()) {
        let Some(facet) = Facet::ALL.into_iter().find(|f| f.name() == name.trim().to_lowercase()) else {
            let known: Vec<&str> = Facet::ALL.iter().map(|f| f.name()).collect();
            return Err(Error::new(ErrorKind::Usage, format!("there is no facet {name}"))
                .hint(format!("facets are {}", known.join(", "))));
        };
        found.push(facet);
    }
    match found.is_empty() {
        true => Ok((Facet::ALL.to_vec(), false)),
        false => Ok((found, true)),
    }
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let query = args.query.join(" ");
    let filters = args.chosen.filters();
    let (facets, named) = facets(args.facets.as_deref())?;
    if query.trim().is_empty() && filters.chosen.is_empty() && facets.is_empty() {
        return Err(Error::new(ErrorKind::Usage, "there is nothing to search for")
            .hint("give words, as in `paydirt search stolen virtual assets`, a filter, or --facets"));
    }
    let index = Index::open(&args.index)?;
    let options = Options { facets, synonyms: !args.no_synonyms };
    let found = search(&index, &query, &filters, &options)?;
    say(&format!("read as: {}", clean(&found.read_as)));
    for note in &found.notes {
        say(&format!("note: {}", clean(note)));
    }
    let limit = (args.limit > 0).then_some(args.limit);
    match args.format {
        Form::Jsonl => rows(&found, limit, out)?,
        Form::Text if args.facets.is_some() => {
            out.line(&total(found.total()))?;
            counts(&found, named, out)?;
        }
        Form::Text => passages(&found, limit, out)?,
    }
    Ok(if found.total() == 0 { Answer::Nothing } else { Answer::Found })
}

fn total(n: usize) -> String {
    match n {
        0 => "no passage".to_string(),
        1 => "1 passage".to_string(),
        n => format!("{n} passages"),
    }
}

fn rows(found: &Found<'_>, limit: Option<usize>, out: &mut Out) -> Result<()> {
    let row = |value: serde_json::Result<String>| {
        value.map_err(|e| Error::new(ErrorKind::Output, "cannot write a row").because(e))
    };
    for hit in found.hits(limit) {
        out.line(&row(serde_json::to_string(&hit?))?)?;
    }
    if !found.facets.is_empty() {
        let facets: serde_json::Map<String, serde_json::Value> = found
            .facets
            .iter()
            .map(|(f, counts)| (f.name().to_string(), serde_json::json!(counts)))
            .collect();
        let facets = serde_json::json!({
            "schema": "paydirt.facets/1", "read_as": found.read_as, "total": found.total(), "facets": facets,
        });
        out.line(&row(serde_json::to_string(&facets))?)?;
    }
    let shown = limit.unwrap_or(usize::MAX).min(found.total());
    say(&match shown == found.total() {
        true => total(shown),
        false => format!("{}, the first {shown} printed; --limit 0 prints all", total(found.total())),
    });
    Ok(())
}

fn counts(found: &Found<'_>, named: bool, out: &mut Out) -> Result<()> {
    for (facet, counts) in &found.facets {
        if counts.is_empty() && !named {
            continue;
        }
        out.line(&format!("\n{}", facet.name()))?;
        let shown = if named { counts.len() } else { VALUES_SHOWN };
        let width = counts.iter().take(shown).map(|c| c.passages.to_string().len()).max().unwrap_or(1);
        for Count { value, passages, chosen } in counts.iter().take(shown) {
            let mark = if *chosen { '*' } else { ' ' };
            out.line(&format!("{mark} {passages:>width$}  {}", clean(value)))?;
        }
        if counts.len() > shown {
            out.line(&format!("  and {} more: --facets={} prints all", counts.len() - shown, facet.name()))?;
        }
    }
    Ok(())
}

fn passages(found: &Found<'_>, limit: Option<usize>, out: &mut Out) -> Result<()> {
    let shown = limit.unwrap_or(usize::MAX).min(found.total());
    out.line(&match shown == found.total() {
        true => total(shown),
        false => format!("{}, the best {shown} shown; --limit 0 shows all", total(found.total())),
    })?;
    let marks = Marks::new(out.color());
    for (n, hit) in found.hits(limit).enumerate() {
        let hit = hit?;
        out.line("")?;
        out.line(&head(n + 1, &hit, &marks))?;
        out.line(&format!("   {}", place(&hit)))?;
        if let Some(heading) = &hit.heading {
            out.print(&wrapped(&clean(&heading.replace('\n', " / ")), "   in: ", "       "))?;
        }
        let spans: Vec<(usize, usize)> = hit.highlights.iter().map(|h| (h.start, h.end)).collect();
        out.print(&marks.marked(&hit.text, &spans, "   "))?;
        for line in mentions_shown(&hit.mentions) {
            out.line(&format!("   - {line}"))?;
        }
    }
    Ok(())
}

fn head(n: usize, hit: &Hit, marks: &Marks) -> String {
    let document = &hit.document;
    let name = if document.id.is_empty() { &hit.source } else { &document.id };
    let mut line = format!("{n}. {}", marks.strong(&clean(name)));
    if let Some(title) = &document.title {
        line += &format!("  {}", clean(title));
    }
    let from: Vec<String> =
        [&document.publisher, &document.published].into_iter().flatten().map(|t| clean(t)).collect();
    if !from.is_empty() {
        line += &format!(" ({})", from.join(", "));
    }
    line
}

/// `page 14 (14/27), para 106  |  paydirt show S/2022/132 para 106`
fn place(hit: &Hit) -> String {
    let mut place = format!("page {}", hit.page);
    if let Some(label) = hit.page_label.as_ref().filter(|l| **l != hit.page.to_string()) {
        place += &format!(" (printed {})", clean(label));
    }
    if let Some(annex) = &hit.annex {
        place += &format!(", {}", clean(annex));
    }
    if let Some(paragraph) = &hit.paragraph {
        let named = paragraph.starts_with("fn ") || paragraph.starts_with("table ");
        place += &format!(", {}{}", if named { "" } else { "para " }, clean(paragraph));
    }
    format!("{place}  |  paydirt show {}", clean(&hit.locator))
}
