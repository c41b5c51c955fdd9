//! `paydirt diff`: what changed between two indexes, and why.

use super::Answer;
use super::output::Out;
use super::page::clean;
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::extract::row::MentionRow;
use paydirt::index::Index;
use paydirt::index::difference::{Because, Change, Difference, differences};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Name what changed between two indexes and why: source, reader, rule or manifest.
///
/// The older one may have been built by another version of paydirt. Exit status 1 where anything
/// differs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt diff index-before index\n  \
    paydirt diff old new --format jsonl      a row for each source and each mention that differs")]
pub struct Args {
    /// The folder of the index before.
    #[arg(value_name = "INDEX_A")]
    before: PathBuf,
    /// The folder of the index after.
    #[arg(value_name = "INDEX_B")]
    after: PathBuf,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let before = Index::open_of_any_rules(&args.before)?;
    let after = Index::open_of_any_rules(&args.after)?;
    let mut by_cause: BTreeMap<&str, usize> = BTreeMap::new();
    let mut differ = 0;
    let sources = differences(&before, &after, |found| {
        differ += 1;
        *by_cause.entry(name(found.because)).or_default() += 1;
        match args.format {
            Form::Text => lines(&found).iter().try_for_each(|line| out.line(&clean(line))),
            Form::Jsonl => rows(&found, out),
        }
    })?;
    if args.format == Form::Text {
        let causes: Vec<String> = by_cause.iter().map(|(cause, n)| format!("{n} by {cause}")).collect();
        let causes = if causes.is_empty() { String::new() } else { format!(": {}", causes.join(", ")) };
        out.line(&format!("{sources} sources compared, {differ} differ{causes}"))?;
    }
    Ok(if differ == 0 { Answer::Found } else { Answer::Nothing })
}

fn name(because: Because) -> &'static str {
    match because {
        Because::Source => "source",
        Because::Reader => "reader",
        Because::Rule => "rule",
        Because::Manifest => "manifest",
    }
}

fn lines(found: &Difference) -> Vec<String> {
    let change = match &found.change {
        Change::Added => "added",
        Change::Removed => "removed",
        Change::Renamed { .. } => "renamed",
        Change::Changed => "changed",
    };
    let mut lines = vec![format!("{}: {change} ({}): {}", found.source, name(found.because), found.why)];
    // All mentions of a source that came or went need not be told one by one.
    if found.change == Change::Changed {
        let line = |sign: &str, row: &MentionRow| {
            format!(
                "  {sign} p {} {}: \"{}\" is {} ({})",
                row.page, row.kind, row.surface, row.value, row.rule
            )
        };
        lines.extend(found.lost.iter().map(|row| line("-", row)));
        lines.extend(found.gained.iter().map(|row| line("+", row)));
        lines.extend(
            found
                .revalued
                .iter()
                .map(|(old, new)| format!("{}, was {} ({})", line("~", new), old.value, old.rule)),
        );
    } else if !(found.gained.is_empty() && found.lost.is_empty()) {
        lines.push(format!("  mentions: {}", found.gained.len() + found.lost.len()));
    }
    lines
}

fn rows(found: &Difference, out: &mut Out) -> Result<()> {
    let mut row = |of: &str, before: Option<&MentionRow>, after: Option<&MentionRow>| {
        let row = json!({
            "schema": "paydirt.difference/1", "source": found.source, "of": of, "change": found.change,
            "because": found.because, "why": found.why, "before": before, "after": after,
        });
        let text = serde_json::to_string(&row)
            .map_err(|e| Error::new(ErrorKind::Output, "cannot write a difference").because(e))?;
        out.line(&text)
    };
    row("source", None, None)?;
    found.lost.iter().try_for_each(|old| row("mention", Some(old), None))?;
    found.gained.iter().try_for_each(|new| row("mention", None, Some(new)))?;
    found.revalued.iter().try_for_each(|(old, new)| row("mention", Some(old), Some(new)))
}
