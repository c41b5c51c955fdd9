//! `paydirt audit`: whether the index still holds what the sources say.

use super::Answer;
use super::mining::Jobs;
use super::output::Out;
use super::page::clean;
use paydirt::corpus::{self, Outcome, size_in_words};
use paydirt::document::{Document, Span};
use paydirt::error::Result;
use paydirt::extract::Kind;
use paydirt::extract::row::{self, MentionRow};
use paydirt::index::{Head, Index, audit};
use paydirt::mine::Mined;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Check the index against the files it was made of.
///
/// Every file of the index has its sum; every source its hash; every stored mention is read again
/// from its source, at its place, with its value. Exit status 1 where anything differs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt audit\n  \
    paydirt audit --files      the files of the index alone, without reading the sources")]
pub struct Args {
    /// The folder of reports [default: the one the index was built from].
    #[arg(value_name = "CORPUS")]
    corpus: Option<PathBuf>,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    /// Check the files of the index only.
    #[arg(long)]
    files: bool,
    #[command(flatten)]
    jobs: Jobs,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let files = audit::files(&args.index)?;
    let corpus = args.corpus.clone().map_or_else(|| Head::read(&args.index).map(|h| h.sources()), Ok)?;
    for line in &files.amiss {
        out.line(&clean(line))?;
    }
    let mut differ = files.amiss.len();
    out.line(&format!(
        "files: {} on disk, {} referenced, {} amiss",
        size_in_words(files.bytes),
        size_in_words(files.referenced),
        files.amiss.len()
    ))?;
    if differ > 0 {
        out.line(&format!(
            "  hint: what is amiss is made anew by paydirt build {} --index {}",
            corpus.display(),
            args.index.display()
        ))?;
        return Ok(Answer::Nothing);
    }
    if args.files {
        return Ok(Answer::Found);
    }
    let index = Index::open(&args.index)?;
    let mut left: BTreeSet<String> =
        index.account()?.into_iter().filter(|row| row.document.is_some()).map(|row| row.source).collect();
    let (mut sources, mut mentions) = (0, 0);
    let walk = corpus::walk_corpus(&corpus).map_err(|e| match e.hint {
        None => e.hint("name the folder of reports: paydirt audit FOLDER"),
        Some(_) => e,
    })?;
    args.jobs.each(&index.head.options, walk, &Kind::ALL, |source, _: &Outcome, mined| {
        let (Some(mined), true) = (mined, left.remove(source)) else { return Ok(()) };
        sources += 1;
        let (checked, amiss) = check(&index, source, &mined)?;
        mentions += checked;
        differ += amiss.len();
        amiss.iter().try_for_each(|line| out.line(&clean(line)))
    })?;
    for source in &left {
        out.line(&format!("{}: in the index, and cannot be read from the corpus", clean(source)))?;
    }
    differ += left.len();
    out.line(&format!("{sources} sources and {mentions} mentions checked, {differ} differ"))?;
    Ok(if differ == 0 { Answer::Found } else { Answer::Nothing })
}

/// How many mentions of a source are stored, and how they differ from those it has now.
fn check(index: &Index, source: &str, mined: &Mined) -> Result<(usize, Vec<String>)> {
    let document = &mined.document;
    let Some(record) = index.documents_named(source)?.into_iter().find(|d| d.source.path == source) else {
        return Ok((0, vec![format!("{source}: in the account, and not in the index")]));
    };
    if record.source.sha256 != document.source.sha256 {
        return Ok((0, vec![format!("{source}: the file has changed since it was indexed")]));
    }
    let stored = index.mentions_of(&record)?;
    let mut now = row::rows(document, &mined.findings.mentions);
    let mut amiss = Vec::new();
    for old in &stored {
        match now.iter().position(|new| new == old) {
            Some(i) => drop(now.remove(i)),
            None => amiss.push(format!("{source} p {}: {}", old.page, why(old, document, &now))),
        }
    }
    for new in now.iter().filter(|new| !stored.iter().any(|old| old.span == new.span)) {
        amiss.push(format!("{source} p {}: \"{}\" ({}) is not stored", new.page, new.surface, new.rule));
    }
    Ok((stored.len(), amiss))
}

fn why(old: &MentionRow, document: &Document, now: &[MentionRow]) -> String {
    let read = Span::new(old.span.start, old.span.end.max(old.span.start)).of(&document.text);
    let read = read.split_whitespace().collect::<Vec<_>>().join(" ");
    if read != old.surface {
        return format!("\"{}\" is stored, \"{read}\" is read at its place", old.surface);
    }
    match now.iter().find(|new| new.span == old.span && new.kind == old.kind) {
        Some(new) if new.value != old.value => {
            format!("\"{}\": rule {} gives another value than is stored", old.surface, new.rule)
        }
        Some(new) => format!("\"{}\": its row has changed (rule {})", old.surface, new.rule),
        None => format!("\"{}\": rule {} no longer finds it", old.surface, old.rule),
    }
}
