//! `paydirt search`: a query to passages with their place, or to counts of facets.

use super::Answer;
use super::chosen::Chosen;
use super::output::{Out, say};
use super::page::{Marks, clean, mentions_shown, wrapped};
use super::queries::{self, Asked};
use super::rows;
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::export::{ANSWERS, Format, HITS, Row, Writer};
use paydirt::extract::row::DocumentRow;
use paydirt::index::{Facet, Index};
use paydirt::search::{Count, Filters, Found, Hit, Options, Sort, search};
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
  paydirt search 'date:2021 exchange:Upbit' --format jsonl --limit 0
  paydirt search 'exchange:Ronin' --facets date
  paydirt search laundering --date 2021 --date 2022 --amount USD/10M-100M --sort amount
  paydirt search 'Tornado Cash' --group document --context 1
  paydirt search --queries queries.csv --format jsonl
  paydirt search 'exchange:KuCoin' --limit 0 --format parquet -o kucoin.parquet")]
pub struct Args {
    /// What to search for; may be left out where filters or --facets are given.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Print how many passages have each value: of every facet, or all values of those named.
    #[arg(long, value_name = "NAME,...", num_args = 0..=1, default_missing_value = "", value_delimiter = ',')]
    facets: Option<Vec<String>>,
    /// Run every query of a file: a line each, or CSV (column `query`, perhaps `id`), or JSONL.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["query", "facets"])]
    queries: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Write to a file, which appears when it is whole, instead of standard output.
    #[arg(long, short, visible_alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print at most so many passages; 0 for all. The total is always told.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 10)]
    limit: usize,
    /// Leave out so many passages from the first on.
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: usize,
    /// What comes first: the best, the latest published, the largest amount (of the currency asked
    /// for, else in dollars), the first place in the corpus.
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: Order,
    /// Print the documents, each with its best passages.
    #[arg(long, value_name = "WHAT")]
    group: Option<Groups>,
    /// With --group: passages of each document; 0 for all.
    #[arg(long, value_name = "N", default_value_t = 3, requires = "group")]
    each: usize,
    /// Print N passages before and after each.
    #[arg(long, short = 'C', value_name = "N", default_value_t = 0)]
    context: usize,
    /// Whether near copies of a passage are folded into it [default: yes in text, no in rows].
    #[arg(long, value_name = "WHETHER", num_args = 0..=1, default_missing_value = "yes")]
    fold: Option<Fold>,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    /// Do not search other names for the same thing (DPRK for North Korea).
    #[arg(long)]
    no_synonyms: bool,
    #[command(flatten)]
    chosen: Chosen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
    Csv,
    Table,
    Parquet,
}

impl Form {
    /// The format of rows, where it is one.
    fn of_rows(self) -> Option<Format> {
        match self {
            Form::Text => None,
            Form::Jsonl => Some(Format::Jsonl),
            Form::Csv => Some(Format::Csv),
            Form::Table => Some(Format::Table),
            Form::Parquet => Some(Format::Parquet),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    Relevance,
    Date,
    Amount,
    Place,
}

impl Order {
    pub fn sort(self) -> Sort {
        match self {
            Order::Relevance => Sort::Relevance,
            Order::Date => Sort::Date,
            Order::Amount => Sort::Amount,
            Order::Place => Sort::Place,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Groups {
    Document,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Fold {
    Yes,
    No,
}

/// The facets asked for, and whether by name.
fn facets(asked: Option<&[String]>) -> Result<(Vec<Facet>, bool)> {
    let Some(names) = asked else { return Ok((Vec::new(), false)) };
    let mut found = Vec::new();
    for name in names.iter().filter(|n| !n.is_empty()) {
        let Some(facet) = Facet::of_name(&name.trim().to_lowercase()) else {
            let known: Vec<&str> = Facet::ALL.iter().map(|f| f.name()).collect();
            return Err(Error::new(ErrorKind::Usage, format!("there is no facet {name}"))
                .hint(format!("facets are {}; a query goes before --facets", known.join(", "))));
        };
        found.push(facet);
    }
    match found.is_empty() {
        true => Ok((Facet::ALL.to_vec(), false)),
        false => Ok((found, true)),
    }
}

impl Args {
    fn limit(&self) -> Option<usize> {
        (self.limit > 0).then_some(self.limit)
    }

    fn options(&self, facets: Vec<Facet>) -> Options {
        Options {
            facets,
            synonyms: !self.no_synonyms,
            sort: self.sort.sort(),
            fold: self.fold.map_or(self.format == Form::Text, |fold| fold == Fold::Yes),
            wanted: match self.group {
                Some(_) => None,
                None => self.limit().map(|n| n.saturating_add(self.offset)),
            },
            context: self.context,
        }
    }
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let query = args.query.join(" ");
    let filters = args.chosen.filters();
    let (facets, named) = facets(args.facets.as_deref())?;
    if query.trim().is_empty() && filters.chosen.is_empty() && facets.is_empty() && args.queries.is_none() {
        return Err(Error::new(ErrorKind::Usage, "there is nothing to search for")
            .hint("give words, as in `paydirt search stolen virtual assets`, a filter, or --facets"));
    }
    let format = args.format.of_rows();
    let flat = format.is_some_and(|format| format != Format::Jsonl);
    if flat && (args.facets.is_some() || args.group.is_some()) {
        let what = if args.facets.is_some() { "counts of facets" } else { "groups" };
        return Err(Error::new(ErrorKind::Usage, format!("{what} have no columns"))
            .hint("print them with --format text or jsonl"));
    }
    let index = Index::open(&args.index)?;
    if let Some(file) = &args.queries {
        let asked = queries::read(file)?;
        return match format {
            None => batch(&index, &asked, args, &filters, |given| given.print(args, out)),
            Some(format) => {
                rows::write(format, &ANSWERS, Vec::new(), args.output.as_deref(), out, |writer| {
                    batch(&index, &asked, args, &filters, |given| given.rows(args, writer))
                })
            }
        };
    }
    let found = search(&index, &query, &filters, &args.options(facets))?;
    say(&format!("read as: {}", clean(&found.read_as)));
    for note in &found.notes {
        say(&format!("note: {}", clean(note)));
    }
    match format {
        Some(format) => {
            let about = vec![("schema", HITS.schema.to_string()), ("query", query)];
            let file = args.output.as_deref();
            rows::write(format, &HITS, about, file, out, |writer| hit_rows(&found, args, writer))?;
        }
        None => shown(&found, args, named, out)?,
    }
    Ok(if found.total() == 0 { Answer::Nothing } else { Answer::Found })
}

/// What was found, for people.
fn shown(found: &Found<'_>, args: &Args, named: bool, stdout: &mut Out) -> Result<()> {
    let mut file = args.output.as_deref().map(Out::file).transpose()?;
    let out = file.as_mut().unwrap_or(stdout);
    if args.facets.is_some() {
        out.line(&total(found.total()))?;
        counts(found, named, out)?;
    } else if args.group.is_some() {
        documents(found, args, out)?;
    } else {
        passages(found, args, out)?;
    }
    file.map_or(Ok(()), Out::finish)
}

/// What a query of a file is answered.
enum Given<'a> {
    Found(&'a Asked, &'a Found<'a>),
    Refused(&'a Asked, &'a Error),
}

impl Given<'_> {
    fn print(&self, args: &Args, out: &mut Out) -> Result<()> {
        let (asked, found) = match self {
            Given::Refused(asked, error) => {
                return out.line(&format!("# {}\n{}\n", clean(&asked.name()), error));
            }
            Given::Found(asked, found) => (asked, found),
        };
        out.line(&format!("# {}\nread as: {}", clean(&asked.name()), clean(&found.read_as)))?;
        match args.group {
            Some(_) => documents(found, args, out)?,
            None => passages(found, args, out)?,
        }
        out.line("")
    }

    fn rows(&self, args: &Args, writer: &mut dyn Writer) -> Result<()> {
        let (asked, found) = match self {
            Given::Refused(asked, error) => return writer.row(&ANSWERS, &Row::of(&asked.refused(error))?),
            Given::Found(asked, found) => (asked, found),
        };
        for hit in found.page(args.offset, args.limit()) {
            writer.row(&ANSWERS, &Row::of(&asked.hit(&hit?)?)?)?;
        }
        match found.total() {
            0 => writer.row(&ANSWERS, &Row::of(&asked.nothing(&found.read_as))?),
            _ => Ok(()),
        }
    }
}

/// Runs the queries of a file one by one; one that is not understood is told as such.
fn batch(
    index: &Index,
    asked: &[Asked],
    args: &Args,
    filters: &Filters,
    mut give: impl FnMut(Given<'_>) -> Result<()>,
) -> Result<Answer> {
    let (mut with_hits, mut refused) = (0, 0);
    for asked in asked {
        let answered = match &asked.query {
            Ok(query) => search(index, query, filters, &args.options(Vec::new())),
            Err(error) => Err(error.clone()),
        };
        match &answered {
            Ok(found) => {
                with_hits += usize::from(found.total() > 0);
                give(Given::Found(asked, found))?;
            }
            Err(error) if error.kind == ErrorKind::Index => return Err(error.clone()),
            Err(error) => {
                refused += 1;
                give(Given::Refused(asked, error))?;
            }
        }
    }
    say(&format!(
        "{} queries: {with_hits} found something, {} nothing, {refused} could not be read",
        asked.len(),
        asked.len() - with_hits - refused
    ));
    Ok(if with_hits == 0 { Answer::Nothing } else { Answer::Found })
}

fn total(n: usize) -> String {
    match n {
        0 => "no passage".to_string(),
        1 => "1 passage".to_string(),
        n => format!("{n} passages"),
    }
}

fn hit_rows(found: &Found<'_>, args: &Args, writer: &mut dyn Writer) -> Result<()> {
    if args.group.is_some() {
        let each = if args.each == 0 { usize::MAX } else { args.each };
        for group in found.groups(args.offset, args.limit(), each) {
            writer.row(&HITS, &Row::of(&group?)?)?;
        }
    } else {
        for hit in found.page(args.offset, args.limit()) {
            writer.row(&HITS, &Row::of(&hit?)?)?;
        }
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
        writer.row(&HITS, &Row::of(&facets)?)?;
    }
    say(&match args.group {
        Some(_) => format!("{}, in {} documents", total(found.total()), found.documents()),
        None => told(found, args, "printed", "prints"),
    });
    Ok(())
}

/// `12 passages, the best 10 shown; --limit 0 shows all`
fn told(found: &Found<'_>, args: &Args, done: &str, does: &str) -> String {
    let all = found.total();
    let end = args.offset.saturating_add(args.limit().unwrap_or(usize::MAX));
    let shown = found.shown().min(end).saturating_sub(args.offset);
    let folded = if args.options(Vec::new()).fold { " (copies of a passage count as one)" } else { "" };
    let first = if args.sort == Order::Relevance && done == "shown" { "best" } else { "first" };
    let is_all = args.limit().is_none() || found.shown() < end && args.offset == 0;
    match (is_all || shown == all, args.offset) {
        (true, 0) if shown == all => total(all),
        (true, 0) => format!("{}, {shown} {done}{folded}", total(all)),
        (_, 0) => format!("{}, the {first} {shown} {done}; --limit 0 {does} all", total(all)),
        (_, n) => format!("{}, numbers {} to {} {done}", total(all), n + 1, n + shown),
    }
}

fn counts(found: &Found<'_>, named: bool, out: &mut Out) -> Result<()> {
    for (facet, counts) in &found.facets {
        if counts.is_empty() && !named {
            continue;
        }
        out.line(&format!("\n{}", facet.name()))?;
        // Where no facet is named, the level above is enough, and what is chosen.
        let shown: Vec<&Count> = match named {
            true => counts.iter().collect(),
            false => {
                let upper = counts.iter().filter(|c| c.above.is_none()).take(VALUES_SHOWN);
                upper.chain(counts.iter().filter(|c| c.chosen && c.above.is_some())).collect()
            }
        };
        let width = shown.iter().map(|c| c.passages.to_string().len()).max().unwrap_or(1);
        for Count { value, passages, chosen, above } in &shown {
            let mark = if *chosen { '*' } else { ' ' };
            let indent = if above.is_some() { "  " } else { "" };
            out.line(&format!("{mark} {passages:>width$}  {indent}{}", clean(value)))?;
        }
        if counts.len() > shown.len() {
            out.line(&format!(
                "  and {} more: --facets {} prints all",
                counts.len() - shown.len(),
                facet.name()
            ))?;
        }
    }
    Ok(())
}

fn passages(found: &Found<'_>, args: &Args, out: &mut Out) -> Result<()> {
    out.line(&told(found, args, "shown", "shows"))?;
    for (n, hit) in found.page(args.offset, args.limit()).enumerate() {
        let hit = hit?;
        let marks = Marks::new(out.color());
        out.line("")?;
        out.line(&head(&format!("{}. ", args.offset + n + 1), &hit.document, &hit.source, &marks))?;
        passage(&hit, &marks, out)?;
    }
    Ok(())
}

/// The documents found, each with its best passages.
fn documents(found: &Found<'_>, args: &Args, out: &mut Out) -> Result<()> {
    let all = found.documents();
    let documents = if all == 1 { "1 document".to_string() } else { format!("{all} documents") };
    out.line(&format!("{} in {documents}", total(found.total())))?;
    let each = if args.each == 0 { usize::MAX } else { args.each };
    for (n, group) in found.groups(args.offset, args.limit(), each).enumerate() {
        let group = group?;
        let marks = Marks::new(out.color());
        out.line("")?;
        out.line(&head(&format!("{}. ", args.offset + n + 1), &group.document, &group.source, &marks))?;
        for hit in &group.hits {
            passage(hit, &marks, out)?;
        }
        if group.passages > group.hits.len() {
            let more = group.passages - group.hits.len();
            out.line(&format!("   and {more} more: --each 0 shows all"))?;
        }
    }
    Ok(())
}

fn passage(hit: &Hit, marks: &Marks, out: &mut Out) -> Result<()> {
    out.line(&format!("   {}", place(hit)))?;
    if let Some(heading) = &hit.heading {
        out.print(&wrapped(&clean(&heading.replace('\n', " / ")), "   in: ", "       "))?;
    }
    let around =
        |texts: &[String]| texts.iter().map(|t| wrapped(&clean(t), "   | ", "   | ")).collect::<String>();
    if let Some(context) = &hit.context {
        out.print(&around(&context.before))?;
    }
    let spans: Vec<(usize, usize)> = hit.highlights.iter().map(|h| (h.start, h.end)).collect();
    out.print(&marks.marked(&hit.text, &spans, "   "))?;
    if let Some(context) = &hit.context {
        out.print(&around(&context.after))?;
    }
    for line in mentions_shown(&hit.mentions) {
        out.line(&format!("   - {line}"))?;
    }
    if !hit.copies.is_empty() {
        let copies: Vec<String> = hit.copies.iter().map(|c| clean(&c.locator)).collect();
        out.print(&wrapped(&copies.join("; "), "   also: ", "         "))?;
    }
    Ok(())
}

fn head(number: &str, document: &DocumentRow, source: &str, marks: &Marks) -> String {
    let name = if document.id.is_empty() { source } else { &document.id };
    let mut line = format!("{number}{}", marks.strong(&clean(name)));
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
