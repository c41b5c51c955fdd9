//! `paydirt eval`: the scorecard of the extractors on hand-labelled pages.

use super::Answer;
use super::mining::Mining;
use super::output::Out;
use paydirt::corpus;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::eval::{self, Class};
use paydirt::extract::{Kind, row};
use std::path::PathBuf;

/// Score the extractors against hand-labelled pages: precision, recall, F1, and the misses.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt eval\n  \
    paydirt eval --gold labels/ --sources reports/ --misses 20 --min-f1 amount=0.95,date=0.9")]
pub struct Args {
    /// A folder of labels, one file a page, named REPORT.pdf.p007.jsonl.
    #[arg(long, value_name = "FOLDER", default_value = "tests/gold")]
    gold: PathBuf,
    /// The folders that hold the labelled files, found by their names.
    #[arg(long, value_name = "PATH", default_value = "corpus")]
    sources: Vec<PathBuf>,
    /// Print up to N misses and N false finds of each class.
    #[arg(long, value_name = "N", default_value_t = 0)]
    misses: usize,
    /// Bars to hold, such as amount=0.95,year=0.9; one missed is exit status 1.
    #[arg(long, value_name = "BARS", value_delimiter = ',')]
    min_f1: Vec<String>,
    /// Print the card as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    mining: Mining,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let bars = args.min_f1.iter().map(|bar| parse_bar(bar)).collect::<Result<Vec<_>>>()?;
    let labels = eval::labels(&args.gold)?;
    let wanted = |name: &str| labels.keys().any(|(file, _)| file == name);
    let mut walk = corpus::walk(&args.sources)?;
    walk.files.retain(|found| wanted(found.source.rsplit('/').next().unwrap_or(&found.source)));
    let mut rows = Vec::new();
    let account = args.mining.each(walk, &Kind::ALL, |_, _, mined| {
        let Some(mined) = mined else { return Ok(()) };
        rows.extend(row::rows(&mined.document, &mined.findings.mentions));
        Ok(())
    })?;
    args.mining.tell(&account)?;
    let card = eval::score(&labels, &rows);
    if args.json {
        out.line(&serde_json::to_string(&card).unwrap_or_default())?;
    } else {
        out.print(&card.text(args.misses))?;
    }
    let held = bars.iter().all(|(class, bar)| card.counts.get(class).is_some_and(|c| c.f1() >= *bar));
    Ok(if held { Answer::Found } else { Answer::Nothing })
}

fn parse_bar(bar: &str) -> Result<(Class, f64)> {
    let parsed = bar.split_once('=').and_then(|(name, least)| {
        let class = Class::ALL.into_iter().find(|c| c.name() == name.trim())?;
        Some((class, least.trim().parse().ok()?))
    });
    parsed.ok_or_else(|| {
        Error::new(ErrorKind::Usage, "this is no bar")
            .at(bar)
            .hint("write it like --min-f1 amount=0.95,date=0.9")
    })
}
