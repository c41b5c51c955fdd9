//! `paydirt verify`: a figure, a phrase or a sentence held against the index.

use super::Answer;
use super::output::{Out, complain, say};
use super::page::{Marks, clean, wrapped};
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::Index;
use paydirt::verify::{Comparison, Question, Verdict, Verifier, questions};
use std::path::{Path, PathBuf};

/// Check a claim with a figure against the index: which passages carry the figure, and whether it means the same there.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Verdicts:
  supported    same figure, same scope
  rounded      consistent after rounding
  hedge_shift  same figure and scope, a qualifier changed, dropped or turned round
  scope_shift  the figure is there, of another period, victim, source or measure
  conflict     the corpus has another figure for this
  disputed     sources of the corpus disagree
  not_found    no figure for this
  cannot_say   none found, but pages that could hold it are unread
Exit status: 0 supported or rounded, 1 some claim is not, 2 could not check.
Examples:
  paydirt verify 'hackers stole more than $50 million between 2020 and mid-2021'
  paydirt verify '$400 million' --first
  paydirt verify --claims claims.csv --format jsonl")]
pub struct Args {
    /// A sentence, a phrase or a bare figure.
    #[arg(value_name = "TEXT", required_unless_present = "claims", conflicts_with = "claims")]
    text: Vec<String>,
    /// Which figure of the text is meant, as it stands there; else its first amount, share or count.
    #[arg(long, value_name = "FIGURE", conflicts_with = "claims")]
    figure: Option<String>,
    /// A file of claims: JSON Lines or CSV with claim, and where given id and figure. - reads standard input.
    #[arg(long, value_name = "FILE")]
    claims: Option<PathBuf>,
    /// Tell the first document, by day of publication, to carry the figure.
    #[arg(long)]
    first: bool,
    /// How to print.
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
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let rows = match &args.claims {
        Some(path) => questions::questions(&read(path)?)?,
        None => vec![Ok(Question { id: None, claim: args.text.join(" "), figure: args.figure.clone() })],
    };
    let index = Index::open(&args.index)?;
    let verifier = Verifier::new(&index)?;
    let (mut all_agree, mut unread) = (true, 0_u64);
    for (i, row) in rows.iter().enumerate() {
        let mut verdict = match row {
            Ok(question) => match verifier.verify(question) {
                Ok(verdict) => verdict,
                // One claim without a figure does not stop a batch.
                Err(e) if args.claims.is_some() && e.kind == ErrorKind::Usage => {
                    verifier.unread(question.id.clone(), &question.claim, &e.in_one_line())
                }
                Err(e) => return Err(e),
            },
            Err((id, why)) => {
                unread += 1;
                verifier.unread(id.clone(), "", why)
            }
        };
        all_agree &= verdict.verdict.agrees();
        if !args.first {
            verdict.first = None;
        }
        match args.format {
            Form::Jsonl => out.line(&json(&verdict)?)?,
            Form::Text => {
                if i > 0 {
                    out.line("")?;
                }
                text(&verdict, out)?;
            }
        }
    }
    if unread > 0 {
        say(&format!("{unread} of {} rows could not be read", rows.len()));
    }
    Ok(if all_agree { Answer::Found } else { Answer::Nothing })
}

fn read(path: &Path) -> Result<String> {
    let bytes = match path.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
        }
        false => std::fs::read(path),
    };
    let refused = |cause: String| {
        Error::new(ErrorKind::Input, "cannot read the claims").at(path.display()).because(cause)
    };
    let bytes = bytes.map_err(|e| refused(e.to_string()))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(e) => {
            complain(&refused("some bytes are no UTF-8; they are replaced".to_string()));
            Ok(String::from_utf8_lossy(e.as_bytes()).into_owned())
        }
    }
}

fn json(verdict: &Verdict) -> Result<String> {
    serde_json::to_string(verdict)
        .map_err(|e| Error::new(ErrorKind::Output, "cannot print a verdict").because(e))
}

fn text(verdict: &Verdict, out: &mut Out) -> Result<()> {
    let marks = Marks::new(out.color());
    let id = verdict.id.as_ref().map_or(String::new(), |id| format!("{}: ", clean(id)));
    out.print(&wrapped(&format!("{id}{}", clean(&verdict.claim)), "", "  "))?;
    out.line("")?;
    out.line(&format!("{}  {}", marks.strong(verdict.verdict.name()), figure(verdict)))?;
    out.print(&wrapped(&clean(&verdict.why), "  ", "  "))?;
    let rows: Vec<[String; 4]> = verdict
        .compared
        .iter()
        .filter(|c| c.comparison != Comparison::Absent)
        .map(|c| {
            let cell = |text: &Option<String>| clean(text.as_deref().unwrap_or("-"));
            [c.slot.clone(), cell(&c.claimed), cell(&c.found), c.comparison.name().to_string()]
        })
        .collect();
    if !rows.is_empty() {
        out.line("")?;
        table(&rows, out)?;
    }
    for evidence in &verdict.evidence {
        out.line("")?;
        let published = evidence.document.published.as_deref().unwrap_or("no date");
        out.line(&format!("  {}  ({published}, {})", clean(&evidence.locator), clean(&evidence.source)))?;
        out.print(&wrapped(&clean(&evidence.quote), "    ", "    "))?;
        out.print(&wrapped(&clean(&evidence.why), "    - ", "      "))?;
    }
    if let Some(first) = &verdict.first {
        out.line("")?;
        let published = first.document.published.as_deref().unwrap_or("no date");
        out.line(&format!("  first to carry it: {} ({published})", clean(&first.locator)))?;
    }
    let coverage = &verdict.coverage;
    let all = coverage.pages_read + coverage.pages_unread;
    let mut line = format!("  {} of {all} pages read", coverage.pages_read);
    if !coverage.unread.is_empty() {
        line += &format!("; unread: {}", clean(&coverage.unread.join(", ")));
    }
    out.line("")?;
    out.line(&line)
}

fn figure(verdict: &Verdict) -> String {
    clean(verdict.figure.as_deref().unwrap_or(""))
}

/// Claimed and found side by side, as wide as they need.
fn table(rows: &[[String; 4]], out: &mut Out) -> Result<()> {
    let heads = ["slot", "claimed", "found", ""].map(str::to_string);
    let width = |i: usize| {
        rows.iter()
            .chain([&heads])
            .filter_map(|r| r.get(i))
            .map(|t| t.chars().count())
            .max()
            .unwrap_or(0)
            .min(44)
    };
    let widths = [width(0), width(1), width(2)];
    for row in [&heads].into_iter().chain(rows) {
        let mut line = String::from(" ");
        for (text, width) in row.iter().zip(widths) {
            line += &format!(" {text:width$} ");
        }
        line += &format!(" {}", row[3]);
        out.line(line.trim_end())?;
    }
    Ok(())
}
