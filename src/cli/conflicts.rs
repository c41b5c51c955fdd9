//! `paydirt conflicts`: where the reports do not agree with each other, and why that may be.

use super::Answer;
use super::output::Out;
use super::page::{Marks, clean, wrapped};
use clap::ValueEnum;
use paydirt::claims::FigureKind;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::export;
use paydirt::index::Index;
use paydirt::verify::conflicts::{Cause, Conflict, Options, Stated, conflicts};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// List events and scopes that different documents give different figures for, with the likely cause.
///
/// The figure that most documents have comes first, then the others, each with why it may differ.
/// What is listed is for a person to look at: figures that share a sentence with others of their kind
/// are not compared unless those are their parts, so a silent list is no proof that all agree.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Causes:
  currency     the same number of another money or coin
  scale        the same digits a thousand or a million times apart
  typo         two digits have changed places
  measure      one was attempted, demanded, laundered ..., the other was not
  window       the periods overlap and are not the same
  valuation    the same quantity of coins or other money, valued otherwise
  revision     a later edition, or a later document of the same publisher
  hedge        the same number, and the hedges allow none in common
  unexplained  nothing in the passages tells why
  rounding     both can be right; listed with --all only
Exit status: 0 some found, 1 none, 2 could not look.
Examples:
  paydirt conflicts
  paydirt conflicts Bithumb --kind amount
  paydirt conflicts --cause typo --cause scale --format jsonl")]
pub struct Args {
    /// Only where a passage answers this query, as `paydirt search` takes it.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Only figures of this kind; repeat it for several.
    #[arg(long, value_name = "KIND")]
    kind: Vec<Kind>,
    /// Only with this likely cause; repeat it for several.
    #[arg(long, value_name = "CAUSE", value_parser = cause)]
    cause: Vec<Cause>,
    /// Also figures that can both be right: rounded, or hedged so that the other fits.
    #[arg(long)]
    all: bool,
    /// Print at most N [default: all of them]
    #[arg(long, short = 'n', value_name = "N")]
    limit: Option<NonZeroUsize>,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Print what stands in a row of jsonl, as JSON Schema, and end.
    #[arg(long)]
    schema: bool,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Amount,
    Count,
    Share,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
}

fn cause(text: &str) -> std::result::Result<Cause, String> {
    let names: Vec<&str> = Cause::ALL.into_iter().map(Cause::name).collect();
    let found = Cause::ALL.into_iter().find(|c| c.name() == text.trim().to_lowercase());
    found.ok_or_else(|| format!("causes are {}", names.join(", ")))
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    if args.schema {
        out.print(&export::schema(export::Format::Jsonl, &export::CONFLICTS))?;
        return Ok(Answer::Found);
    }
    let kinds = args.kind.iter().map(|kind| match kind {
        Kind::Amount => FigureKind::Amount,
        Kind::Count => FigureKind::Count,
        Kind::Share => FigureKind::Share,
    });
    let options = Options {
        query: args.query.join(" "),
        kinds: kinds.collect(),
        causes: args.cause.clone(),
        rounded: args.all,
    };
    let index = Index::open(&args.index)?;
    let rows = conflicts(&index, &options)?;
    let limit = args.limit.map_or(usize::MAX, NonZeroUsize::get);
    for (i, row) in rows.iter().take(limit).enumerate() {
        match args.format {
            Form::Jsonl => {
                let json = serde_json::to_string(row)
                    .map_err(|e| Error::new(ErrorKind::Output, "cannot print a conflict").because(e))?;
                out.line(&json)?;
            }
            Form::Text => text(i + 1, row, out)?,
        }
    }
    if args.format == Form::Text {
        out.line(&told(rows.len(), limit))?;
    }
    Ok(if rows.is_empty() { Answer::Nothing } else { Answer::Found })
}

fn told(found: usize, limit: usize) -> String {
    let many = if found == 1 { "1 conflict".to_string() } else { format!("{found} conflicts") };
    if limit < found { format!("{many}, the first {limit} shown") } else { many }
}

fn text(number: usize, row: &Conflict, out: &mut Out) -> Result<()> {
    let marks = Marks::new(out.color());
    out.print(&wrapped(&format!("{number}. {}", clean(&row.scope)), "", "   "))?;
    out.print(&wrapped(&clean(&row.joined_by), "   joined by: ", "      "))?;
    for stated in &row.figures {
        figure(stated, &marks, out)?;
    }
    out.line("")
}

fn figure(stated: &Stated, marks: &Marks, out: &mut Out) -> Result<()> {
    let head = marks.strong(&clean(&stated.printed));
    match (stated.cause, &stated.why) {
        (Some(cause), Some(why)) => {
            out.print(&wrapped(
                &format!("{}: {}", cause.name(), clean(why)),
                &format!("   {head}  "),
                "      ",
            ))?;
        }
        _ => out.line(&format!("   {head}"))?,
    }
    for carrier in &stated.documents {
        let day = carrier.document.published.as_deref().unwrap_or("no date");
        out.line(&format!("     {}  ({day}, {})", clean(&carrier.locator), clean(&carrier.source)))?;
        out.print(&wrapped(&clean(&carrier.quote), "       ", "       "))?;
    }
    Ok(())
}
