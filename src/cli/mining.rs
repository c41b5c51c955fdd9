//! What `build`, `extract` and `eval` share: from paths to mined documents in order, with progress,
//! Ctrl-C and the account.

use super::fault;
use super::interrupt::Interrupt;
use super::output;
use super::progress::Progress;
use clap::ValueEnum;
use paydirt::corpus::{self, Account, Found, Loaded, Manifest, Outcome, Stamped, Walk};
use paydirt::document::{Source, Warning};
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::extract::Kind;
use paydirt::mine::{self, Mined};
use paydirt::read::worker::{Limits, Pool};
use paydirt::read::{Ocr, Options, PdfReaders};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Duration;

/// For structure, mentions and claims of one document. The slowest report of some hundred megabytes needs a
/// small part of it.
const LONGEST: Duration = Duration::from_secs(20 * 60);
/// Layout and extraction recurse little, but reports are not ours to trust.
const STACK: usize = 16 << 20;

/// How to work through many sources and how to read them, for every command that does both.
#[derive(Debug, clap::Args)]
pub struct Mining {
    #[command(flatten)]
    pub(super) jobs: Jobs,
    #[command(flatten)]
    pub(super) reading: Reading,
    /// Exit with status 2 when a source could not be read whole.
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, clap::Args)]
pub struct Jobs {
    /// Documents worked on at once [default: the number of processors]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

/// How to read, for every command that reads sources.
#[derive(Debug, clap::Args)]
pub struct Reading {
    /// Which reader of PDF to use; `both` compares the digits of the two.
    #[arg(long, value_name = "READER", default_value = "both")]
    reader: PdfReader,
    /// Read pages without text by OCR, where tesseract is installed.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    ocr: OcrWhen,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PdfReader {
    Hayro,
    PdfExtract,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OcrWhen {
    Auto,
    Never,
    Always,
}

impl Reading {
    /// One file, mined.
    ///
    /// # Errors
    /// `Input` with what became of it instead.
    pub fn one(&self, path: &Path) -> Result<Mined> {
        let walk = corpus::walk(&[path.to_path_buf()])?;
        let manifest = Manifest::of(&walk);
        let pool = Pool::new(Limits::default())?;
        let not_a_file = || Error::new(ErrorKind::Input, "not a file").at(path.display());
        let found = walk.files.first().filter(|_| path.is_file()).ok_or_else(not_a_file)?;
        let options = self.options();
        let read = |source: &Source, bytes: &[u8]| pool.read(bytes, source.format, &options);
        match one(found, None, &manifest, &read, &Kind::ALL) {
            Ok(mined) => Ok(*mined),
            Err(Outcome::Skipped { why } | Outcome::Failed { why }) => {
                Err(Error::new(ErrorKind::Input, "cannot read").at(path.display()).because(why))
            }
            Err(_) => Err(not_a_file()),
        }
    }

    pub(super) fn options(&self) -> Options {
        Options {
            pdf: match self.reader {
                PdfReader::Hayro => PdfReaders::Hayro,
                PdfReader::PdfExtract => PdfReaders::PdfExtract,
                PdfReader::Both => PdfReaders::Both,
            },
            ocr: match self.ocr {
                OcrWhen::Auto => Ocr::Auto,
                OcrWhen::Never => Ocr::Never,
                OcrWhen::Always => Ocr::Always,
            },
        }
    }
}

impl Jobs {
    /// Reads and mines the files of a walk and hands each over in its order, with what became of it; gives
    /// the account of all.
    ///
    /// # Errors
    /// What `take` answers; `Interrupted` when the user asked to stop.
    pub fn each(
        &self,
        options: &Options,
        walk: Walk,
        kinds: &[Kind],
        mut take: impl FnMut(&str, &Outcome, Option<Mined>) -> Result<()>,
    ) -> Result<Account> {
        let interrupt = Interrupt::listen()?;
        let manifest = Manifest::of(&walk);
        for warning in manifest.warnings() {
            output::say(&format!("warning: {warning}"));
        }
        let jobs = self.count();
        let mut account = Account::new();
        for (source, outcome) in &walk.passed_over {
            take(source, outcome, None)?;
            account.enter(source, outcome.clone(), 0);
        }
        let mut progress = Progress::over(walk.files.len());
        let pool = Pool::new(Limits::default())?;
        let read = |source: &Source, bytes: &[u8]| pool.read(bytes, source.format, options);
        let work = |found: Found| {
            let mined =
                if interrupt.asked() { None } else { Some(one(&found, None, &manifest, &read, kinds)) };
            (found.source, mined)
        };
        let ended = mine::in_order(walk.files, jobs, work, |(source, mined)| {
            let Some(mined) = mined else { return Err(stopped()) };
            let (outcome, pages, mined) = told(&source, mined, &progress);
            let read_by = mined.as_ref().map(|m| m.document.read_by()).unwrap_or_default();
            progress.done(pages, matches!(outcome, Outcome::Failed { .. }));
            take(&source, &outcome, mined)?;
            account.enter(source.clone(), outcome, pages);
            account.note_readers(&source, read_by.iter().copied());
            Ok(())
        });
        let summary = progress.finish();
        ended?;
        output::say(&summary);
        Ok(account)
    }

    pub(super) fn count(&self) -> usize {
        self.jobs.or_else(|| std::thread::available_parallelism().ok()).map_or(1, NonZeroUsize::get)
    }
}

impl Mining {
    /// [`Jobs::each`], read as the arguments say.
    ///
    /// # Errors
    /// As [`Jobs::each`].
    pub fn each(
        &self,
        walk: Walk,
        kinds: &[Kind],
        take: impl FnMut(&str, &Outcome, Option<Mined>) -> Result<()>,
    ) -> Result<Account> {
        self.jobs.each(&self.reading.options(), walk, kinds, take)
    }

    /// Tells the account on stderr.
    ///
    /// # Errors
    /// As [`Mining::hold_to`].
    pub fn tell(&self, account: &Account) -> Result<()> {
        for line in account.lines() {
            output::say(&line);
        }
        self.hold_to(account)
    }

    /// Holds the run to `--strict`.
    ///
    /// # Errors
    /// `Input` under `--strict` when something that should have been read was not.
    pub fn hold_to(&self, account: &Account) -> Result<()> {
        if self.strict && !account.is_whole() {
            return Err(Error::new(ErrorKind::Input, "some sources were not read whole")
                .hint("they are named above; leave --strict out to go on without them"));
        }
        Ok(())
    }
}

/// What became of a source, and its pages; its warnings are told.
pub(super) fn told(
    source: &str,
    mined: std::result::Result<Box<Mined>, Outcome>,
    progress: &Progress,
) -> (Outcome, u32, Option<Mined>) {
    let mined = match mined {
        Ok(mined) => mined,
        Err(outcome) => return (outcome, 0, None),
    };
    let pages = &mined.document.pages;
    let unread = pages.iter().filter_map(|p| Some((p.number, p.unread.clone()?))).collect();
    for warning in &mined.document.warnings {
        let page = warning.page.map(|p| format!(" p {p}")).unwrap_or_default();
        progress.say(&format!("warning: {source}{page}: {}", warning.what));
    }
    let count = pages.len() as u32;
    (Outcome::of_pages(count, unread), count, Some(*mined))
}

pub(super) fn stopped() -> Error {
    Error::new(ErrorKind::Interrupted, "stopped by Ctrl-C")
}

/// One file, known by its stamp where it was hashed before, to its document and mentions, or what became
/// of it instead.
pub(super) fn one(
    found: &Found,
    known: Option<&Stamped>,
    manifest: &Manifest,
    read: &impl Fn(&Source, &[u8]) -> Result<paydirt::read::Reading>,
    kinds: &[Kind],
) -> std::result::Result<Box<Mined>, Outcome> {
    match corpus::load_known(found, corpus::SIZE_LIMIT, known) {
        Loaded::Skipped(why) => Err(Outcome::Skipped { why }),
        Loaded::Failed(why) => Err(Outcome::Failed { why }),
        Loaded::Source { source, bytes } => {
            let entry = manifest.entry(found);
            let mismatch = entry.as_ref().and_then(|entry| entry.mismatch(&source.sha256));
            let failed = |why: String| Outcome::Failed { why };
            let reading = fault::caught(|| read(&source, &bytes)).map_err(failed)?;
            let reading = reading.map_err(|error| failed(error.in_one_line()))?;
            drop(bytes);
            let kinds = kinds.to_vec();
            let mining =
                move || fault::caught(|| mine::mine_reading(source, entry.as_ref(), reading, &kinds));
            let mut mined = in_time(LONGEST, mining).map_err(failed)?.map_err(failed)?;
            mined.document.warnings.extend(mismatch.map(|what| Warning { page: None, what }));
            Ok(Box::new(mined))
        }
    }
}

/// What work gives that ends in time. Work that does not is left to itself, on a thread that ends with
/// the program: nothing can stop it, and the other documents do not wait for it.
///
/// # Errors
/// One line, where it ran out of time.
fn in_time<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> std::result::Result<T, String> {
    let (give, take) = std::sync::mpsc::sync_channel(1);
    let thread = std::thread::Builder::new().name("mine".to_string()).stack_size(STACK);
    let begun = thread.spawn(move || drop(give.send(work())));
    begun.map_err(|e| format!("cannot start a thread to extract from it: {e}"))?;
    take.recv_timeout(limit).map_err(|_| {
        format!("extracting from it took longer than {} minutes and was given up", limit.as_secs() / 60)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_never_ends_is_given_up_and_told_in_one_line() {
        assert_eq!(in_time(Duration::from_secs(60), || 7), Ok(7));
        let (_held, never) = std::sync::mpsc::channel::<()>();
        let why = in_time(Duration::from_millis(20), move || never.recv().is_ok()).unwrap_err();
        assert!(why.contains("took longer than"), "{why}");
    }
}
