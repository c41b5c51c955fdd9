//! `paydirt export`: mentions, hits and documents of an index to a file of rows, without a cap.

use super::Answer;
use super::chosen::Chosen;
use super::interrupt::Interrupt;
use super::mining::stopped;
use super::output::{Out, say};
use super::page::clean;
use super::progress::Counted;
use super::rows::{self, FileFormat};
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::export::{self, About, DOCUMENTS, HITS, MENTIONS, Row, Rows, Writer};
use paydirt::extract::Kind;
use paydirt::index::{Facet, Index};
use paydirt::search::{Filters, Options, Sort, search};
use std::path::PathBuf;

/// Write what the index holds as rows, all of it: every mention, every hit of a query, or every
/// document with what became of it.
///
/// Rows go out as they come, so memory does not grow with their number, and are the same bytes for
/// the same index.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Formats:
  jsonl    a JSON object a line
  csv      with a head of column names
  table    the columns that matter most, for people
  parquet  typed columns, for DuckDB, pandas, Polars
  sqlite   documents and rows with keys, indexes, views and full text, for Datasette
  stix     wallets and the reports that name them, a STIX 2.1 bundle
  ftm      documents, wallets and names of exchanges, FollowTheMoney entities for OpenAleph
Examples:
  paydirt export mentions -o mentions.jsonl
  paydirt export mentions --kind wallet --format csv
  paydirt export mentions 'laundering date:2022' --format parquet -o laundering.parquet
  paydirt export hits 'exchange:KuCoin' --format sqlite -o kucoin.db
  paydirt export documents --format table
  paydirt export mentions --format stix -o wallets.json
  paydirt export mentions --format parquet --schema")]
pub struct Args {
    /// What to write.
    #[arg(value_name = "WHAT")]
    what: What,
    /// Only passages that answer this query, as `paydirt search` takes it, or mentions in them.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// The form of the rows.
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    format: FileFormat,
    /// Write to a file, which appears when it is whole, instead of standard output.
    #[arg(long, short, visible_alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print what stands in such a file, in the format's own terms, and end.
    #[arg(long)]
    schema: bool,
    /// The order of hits; mentions and documents are in the order of the corpus.
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    sort: super::search::Order,
    /// Do not search other names for the same thing (DPRK for North Korea).
    #[arg(long)]
    no_synonyms: bool,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    #[command(flatten)]
    chosen: Chosen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    Mentions,
    Hits,
    Documents,
}

impl What {
    fn rows(self) -> &'static Rows {
        match self {
            What::Mentions => &MENTIONS,
            What::Hits => &HITS,
            What::Documents => &DOCUMENTS,
        }
    }
}

pub fn run(args: &Args, stdout: &mut Out) -> Result<Answer> {
    let format = args.format.format();
    if args.schema {
        stdout.print(&export::schema(format, args.what.rows()))?;
        return Ok(Answer::Found);
    }
    let asked = Asked::of(args)?;
    if args.what == What::Documents && !asked.is_everything() {
        return Err(Error::new(ErrorKind::Usage, "documents are written whole, without a query or filter")
            .hint("leave the query out, or export the hits: their rows name the document"));
    }
    let index = Index::open(&args.index)?;
    let interrupt = Interrupt::listen()?;
    let about = about(&index, args.what.rows(), &asked);
    let (written, left_out) =
        rows::write(format, args.what.rows(), about, args.output.as_deref(), stdout, |writer| {
            let mut sink =
                Sink { writer, interrupt: &interrupt, count: Counted::begin(args.what.rows().name) };
            if format.holds_several() && args.what != What::Documents {
                documents(&index, &mut sink)?;
                sink.count.restart();
            }
            sink.writer.table(args.what.rows())?;
            match args.what {
                What::Documents => documents(&index, &mut sink)?,
                What::Mentions => mentions(&index, &asked, &mut sink)?,
                What::Hits => hits(&index, &asked, args.sort.sort(), &mut sink)?,
            }
            let left_out = sink.writer.left_out();
            Ok((sink.count.end(), left_out))
        })?;
    let place = args.output.as_ref().map(|file| format!(" in {}", file.display())).unwrap_or_default();
    say(&format!("{written} {}{place}", args.what.rows().name));
    if left_out > 0 {
        say(&format!("{left_out} of what is in them have no form in {} and were left out", format.name()));
    }
    Ok(if written == 0 { Answer::Nothing } else { Answer::Found })
}

/// What is asked of the index.
struct Asked {
    query: String,
    filters: Filters,
    /// Of the mentions to write.
    kinds: Vec<Kind>,
    synonyms: bool,
}

impl Asked {
    fn of(args: &Args) -> Result<Self> {
        let filters = args.chosen.filters();
        let mut kinds = Vec::new();
        for name in filters.chosen.get(&Facet::Kind).into_iter().flatten() {
            let kind = Kind::ALL.into_iter().find(|k| k.name() == name.trim().to_lowercase());
            kinds.push(kind.ok_or_else(|| {
                Error::new(ErrorKind::Usage, format!("there is no kind of mention called {name}"))
                    .hint("kinds are amount, date, exchange, wallet")
            })?);
        }
        if kinds.is_empty() {
            kinds = Kind::ALL.to_vec();
        }
        Ok(Asked { query: args.query.join(" "), filters, kinds, synonyms: !args.no_synonyms })
    }

    fn is_everything(&self) -> bool {
        self.query.trim().is_empty() && self.filters.chosen.is_empty()
    }

    /// Whether every passage is asked for; kinds choose among the mentions.
    fn is_every_passage(&self) -> bool {
        self.query.trim().is_empty() && self.filters.chosen.keys().all(|facet| *facet == Facet::Kind)
    }

    fn options(&self, sort: Sort) -> Options {
        Options { synonyms: self.synonyms, sort, ..Options::default() }
    }
}

/// Where rows go, one by one, until the user asks to stop.
struct Sink<'a> {
    writer: &'a mut dyn Writer,
    interrupt: &'a Interrupt,
    count: Counted,
}

impl Sink<'_> {
    fn row(&mut self, rows: &'static Rows, row: &impl serde::Serialize) -> Result<()> {
        if self.interrupt.asked() {
            return Err(stopped());
        }
        self.writer.row(rows, &Row::of(row)?)?;
        self.count.one();
        Ok(())
    }
}

fn documents(index: &Index, sink: &mut Sink<'_>) -> Result<()> {
    export::documents(index)?.try_for_each(|row| sink.row(&DOCUMENTS, &row))
}

fn mentions(index: &Index, asked: &Asked, sink: &mut Sink<'_>) -> Result<()> {
    let wanted = |kind: Kind| asked.kinds.contains(&kind);
    if !asked.is_every_passage() {
        let found = search(index, &asked.query, &asked.filters, &asked.options(Sort::Place))?;
        tell(&found.read_as, &found.notes);
        for hit in found.hits(None) {
            for mention in hit?.mentions.iter().filter(|m| wanted(m.kind)) {
                sink.row(&MENTIONS, mention)?;
            }
        }
        return Ok(());
    }
    for order in 0..index.head.documents {
        let Some(document) = index.document(order)? else { continue };
        for passage in index.each_passage_of(order)? {
            for mention in passage?.mentions(&document)?.iter().filter(|m| wanted(m.kind)) {
                sink.row(&MENTIONS, mention)?;
            }
        }
    }
    Ok(())
}

fn hits(index: &Index, asked: &Asked, sort: Sort, sink: &mut Sink<'_>) -> Result<()> {
    let found = search(index, &asked.query, &asked.filters, &asked.options(sort))?;
    tell(&found.read_as, &found.notes);
    for hit in found.hits(None) {
        sink.row(&HITS, &hit?)?;
    }
    Ok(())
}

fn tell(read_as: &str, notes: &[String]) {
    say(&format!("read as: {}", clean(read_as)));
    for note in notes {
        say(&format!("note: {}", clean(note)));
    }
}

/// What a file says of itself.
fn about(index: &Index, rows: &Rows, asked: &Asked) -> About {
    let mut about = vec![
        ("schema", rows.schema.to_string()),
        ("version", env!("CARGO_PKG_VERSION").to_string()),
        ("index_rules", index.head.fingerprint.clone()),
    ];
    if !asked.query.trim().is_empty() {
        about.push(("query", asked.query.clone()));
    }
    for (facet, values) in &asked.filters.chosen {
        about.push((facet.name(), values.join(" or ")));
    }
    about
}
