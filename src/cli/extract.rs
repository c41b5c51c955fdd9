//! `paydirt extract`: mention rows of files and folders, without an index.

use super::Answer;
use super::mining::Mining;
use super::output::Out;
use clap::ValueEnum;
use paydirt::corpus;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::export;
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
    #[arg(long, short, value_name = "FILE")]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RowFormat {
    Jsonl,
    Csv,
}

pub fn run(args: &Args, stdout: &mut Out) -> Result<Answer> {
    let walk = corpus::walk(&args.paths)?;
    if walk.files.is_empty() && walk.passed_over.is_empty() {
        let places: Vec<String> = args.paths.iter().map(|p| p.display().to_string()).collect();
        return Err(Error::new(ErrorKind::Input, "there are no files here").at(places.join(", ")));
    }
    let kinds: Vec<Kind> = args.kind.iter().map(|kind| kind.kind()).collect();
    let kinds = if kinds.is_empty() { Kind::ALL.to_vec() } else { kinds };
    let format = match args.format {
        RowFormat::Jsonl => export::Format::Jsonl,
        RowFormat::Csv => export::Format::Csv,
    };
    let mut file = args.output.as_deref().map(Out::file).transpose()?;
    let out = file.as_mut().unwrap_or(stdout);
    let columns = if args.rejected { export::REJECTED_COLUMNS } else { export::MENTION_COLUMNS };
    out.print(&export::head(format, columns))?;
    let account = args.mining.each(walk, &kinds, |_, _, mined| {
        let Some(Mined { document, findings, .. }) = mined else { return Ok(()) };
        if args.rejected {
            for row in row::rejected_rows(&document, &findings.rejected) {
                out.print(&export::line(format, columns, &row))?;
            }
            return Ok(());
        }
        for row in row::rows(&document, &findings.mentions) {
            out.print(&export::line(format, columns, &row))?;
        }
        Ok(())
    })?;
    if let Some(file) = file {
        file.finish()?;
    }
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
