//! `paydirt extract`: mention rows of files and folders, without an index.

use super::Answer;
use super::mining::Mining;
use super::output::Out;
use super::rows::{self, RowFormat};
use clap::ValueEnum;
use paydirt::corpus;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::export::{self, Row};
use paydirt::extract::{Kind, row};
use paydirt::mine::Mined;
use std::path::PathBuf;

/// Print the mentions found in files and folders as rows, in document order.
///
/// The rows are the same bytes for the same files, whatever the number of jobs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt extract report.pdf\n  \
    paydirt extract reports/ --kind amount,wallet --format csv -o mentions.csv\n  \
    paydirt extract reports/ | jq -r 'select(.kind == \"amount\") | .surface'")]
pub struct Args {
    /// Files and folders to read.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only these kinds of mention.
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<KindName>,
    /// The form of the rows.
    #[arg(long, value_name = "FORMAT", default_value = "jsonl")]
    format: RowFormat,
    /// Write to a file, which appears when it is whole, instead of standard output.
    #[arg(long, short, visible_alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print what looked like a mention and was turned down, with the reason, instead of mentions.
    #[arg(long)]
    rejected: bool,
    #[command(flatten)]
    mining: Mining,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindName {
    Amount,
    Date,
    Exchange,
    Wallet,
}

pub fn run(args: &Args, stdout: &mut Out) -> Result<Answer> {
    let walk = corpus::walk(&args.paths)?;
    if walk.files.is_empty() && walk.passed_over.is_empty() {
        let places: Vec<String> = args.paths.iter().map(|p| p.display().to_string()).collect();
        return Err(Error::new(ErrorKind::Input, "there are no files here").at(places.join(", ")));
    }
    let kinds: Vec<Kind> = args.kind.iter().map(|kind| kind.kind()).collect();
    let kinds = if kinds.is_empty() { Kind::ALL.to_vec() } else { kinds };
    let rows = if args.rejected { &export::REJECTED } else { &export::MENTIONS };
    let about = vec![("schema", rows.schema.to_string()), ("version", env!("CARGO_PKG_VERSION").to_string())];
    let file = args.output.as_deref();
    let account = rows::write(args.format.format(), rows, about, file, stdout, |writer| {
        args.mining.each(walk, &kinds, |_, _, mined| {
            let Some(Mined { document, findings, .. }) = mined else { return Ok(()) };
            if args.rejected {
                let found = row::rejected_rows(&document, &findings.rejected);
                return found.iter().try_for_each(|found| writer.row(rows, &Row::of(found)?));
            }
            let found = row::rows(&document, &findings.mentions);
            found.iter().try_for_each(|found| writer.row(rows, &Row::of(found)?))
        })
    })?;
    args.mining.tell(&account)?;
    if account.counts().read + account.counts().in_part == 0 {
        return Err(Error::new(ErrorKind::Input, "nothing could be read"));
    }
    Ok(Answer::Found)
}

impl KindName {
    fn kind(self) -> Kind {
        match self {
            KindName::Amount => Kind::Amount,
            KindName::Date => Kind::Date,
            KindName::Exchange => Kind::Exchange,
            KindName::Wallet => Kind::Wallet,
        }
    }
}
