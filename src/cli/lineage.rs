//! `paydirt lineage`: where a figure comes from, and how many sources there really are.

use super::Answer;
use super::output::Out;
use super::page::{Marks, clean, wrapped};
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::Index;
use paydirt::verify::lineage::{Lineage, draw, lineage};
use std::path::PathBuf;

/// Trace a figure: who printed it first, who took it from whom, how many independent sources are left.
///
/// Documents that carry the figure in the same scope are put in the order of their days and joined
/// where one cites, names, links to or reuses another. A body that is named and has no document here
/// is one source, however many cite it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt lineage '$400 million'\n  \
    paydirt lineage S/2022/132 para 106\n  \
    paydirt lineage '$400 million' --format svg > lineage.svg")]
pub struct Args {
    /// A figure, or a place as `paydirt show` takes it: then the scope of its first figure alone.
    #[arg(required = true, value_name = "FIGURE|LOCATOR")]
    text: Vec<String>,
    /// How to print; dot and svg draw the scope with most documents.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
    Dot,
    Svg,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let index = Index::open(&args.index)?;
    let rows = lineage(&index, &args.text.join(" "))?;
    match args.format {
        Form::Dot => rows.first().map_or(Ok(()), |row| out.print(&draw::dot(row)))?,
        Form::Svg => rows.first().map_or(Ok(()), |row| out.print(&draw::svg(row)))?,
        Form::Jsonl => {
            for row in &rows {
                let json = serde_json::to_string(row)
                    .map_err(|e| Error::new(ErrorKind::Output, "cannot print a lineage").because(e))?;
                out.line(&json)?;
            }
        }
        Form::Text => {
            for (i, row) in rows.iter().enumerate() {
                if i > 0 {
                    out.line("")?;
                }
                text(row, out)?;
            }
        }
    }
    Ok(if rows.is_empty() { Answer::Nothing } else { Answer::Found })
}

fn text(row: &Lineage, out: &mut Out) -> Result<()> {
    let marks = Marks::new(out.color());
    out.line(&format!("{}  ({})", clean(&row.figure), clean(&row.scope)))?;
    out.line(&marks.strong(&row.in_words()))?;
    for (i, carrier) in row.documents.iter().enumerate() {
        let day = carrier.document.published.as_deref().unwrap_or("no date");
        let more = if carrier.claims > 1 { format!(", {} times", carrier.claims) } else { String::new() };
        out.line(&format!("  {day}  {}  {}{more}", clean(&carrier.locator), clean(&carrier.printed)))?;
        for edge in row.edges.iter().filter(|e| e.to == i) {
            let from = row.documents.get(edge.from).map_or("", |c| c.document.id.as_str());
            let line = format!("rests on {}: {} {}", clean(from), edge.reason, clean(&edge.by));
            out.print(&wrapped(&line, "      ", "        "))?;
            for change in &edge.changes {
                out.print(&wrapped(&clean(change), "        ", "          "))?;
            }
        }
        for origin in row.origins.iter().filter(|o| o.unseen && o.documents.first() == Some(&i)) {
            out.line(&format!("      names {}, of which no document here carries it", clean(&origin.name)))?;
        }
        out.print(&wrapped(&clean(&carrier.quote), "      ", "      "))?;
    }
    let names: Vec<&str> = row.origins.iter().map(|o| o.name.as_str()).collect();
    out.print(&wrapped(&format!("origin: {}", clean(&names.join(", "))), "  ", "          "))
}
