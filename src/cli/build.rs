//! `paydirt build`: a corpus folder to a searchable index.

use super::Answer;
use super::mining::Mining;
use super::output::Out;
use super::update::Update;
use paydirt::corpus;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::{Store, Writer};
use std::path::{Path, PathBuf};

/// Read a folder of reports and build the index that `search` answers from.
///
/// The index before it stays current until the new one is whole: a build that fails or is stopped
/// changes nothing, and the next one goes on where it was. What has not changed is not done again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt build\n  \
    paydirt build reports/ --index /data/reports-index --jobs 4")]
pub struct Args {
    /// The folder of reports; a manifest.tsv or manifest.toml in it names their titles and dates.
    #[arg(value_name = "CORPUS", default_value = "corpus")]
    corpus: PathBuf,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    #[command(flatten)]
    mining: Mining,
    #[command(flatten)]
    update: Update,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let mut walk = corpus::walk_corpus(&args.corpus)?;
    if let (Ok(corpus), Ok(index)) = (args.corpus.canonicalize(), args.index.canonicalize())
        && index.starts_with(&corpus)
    {
        // An index inside its corpus is not read as part of it.
        walk.files.retain(|found| !inside(&found.path, &index));
    }
    if walk.files.is_empty() && walk.passed_over.is_empty() {
        return Err(Error::new(ErrorKind::Input, "there are no files here")
            .at(args.corpus.display())
            .hint("put reports (PDF, HTML, DOCX, Markdown, text) into the folder, or name another: paydirt build FOLDER"));
    }
    let mut writer = Writer::create(&args.index)?;
    writer.note_corpus(&args.corpus.canonicalize().unwrap_or_else(|_| args.corpus.clone()));
    let store = Store::of(&args.index)?;
    let built = args.update.run(&args.mining, walk, &store, &mut writer);
    let account = built.map_err(|error| match error.kind {
        ErrorKind::Interrupted => {
            error.hint("the index is as it was before; the next build goes on where this one stopped")
        }
        _ => error,
    })?;
    if account.counts().read + account.counts().in_part == 0 {
        args.mining.tell(&account)?;
        return Err(Error::new(ErrorKind::Input, "nothing could be read, so the index is as it was")
            .at(args.corpus.display()));
    }
    let summary = writer.finish()?;
    store.tidy();
    for line in account.lines() {
        out.line(&line)?;
    }
    out.line(&format!(
        "index: {}, {} documents, {} passages, {} mentions, {}",
        args.index.display(),
        summary.documents,
        summary.passages,
        summary.mentions,
        corpus::size_in_words(summary.bytes)
    ))?;
    args.mining.hold_to(&account)?;
    Ok(Answer::Found)
}

fn inside(path: &Path, folder: &Path) -> bool {
    path.canonicalize().is_ok_and(|whole| whole.starts_with(folder))
}
