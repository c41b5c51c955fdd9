//! A build on top of the one before: sources that have not changed are taken over, sources read
//! before are not read again, the rest is read and mined.

use super::interrupt::Interrupt;
use super::mining::{Mining, one, stopped, told};
use super::output;
use super::progress::Progress;
use clap::ValueEnum;
use paydirt::corpus::{self, Account, Found, Loaded, Manifest, Outcome, Stamp, Stamped, Walk, sha256_hex};
use paydirt::document::Source;
use paydirt::error::Result;
use paydirt::extract::Kind;
use paydirt::index::record::AccountRow;
use paydirt::index::{Anew, Store, Writer};
use paydirt::mine::{self, Mined};
use paydirt::read::Options;
use paydirt::read::worker::{Limits, Pool};

/// What to do again although it has not changed.
#[derive(Debug, clap::Args)]
pub struct Update {
    /// Read again what could not be read whole.
    #[arg(long, value_name = "WHICH")]
    rerun: Option<Rerun>,
    /// Do every stage from this one again; what is read is kept for `extract`.
    #[arg(long, value_name = "STAGE", conflicts_with = "rerun")]
    from_stage: Option<Stage>,
    /// Hash every file again, also those that by the file system's word have not changed.
    #[arg(long)]
    rehash: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rerun {
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    Read,
    Extract,
}

/// A source as it was found, before it is read.
struct Looked {
    found: Found,
    sha256: Option<String>,
    /// How its file was found, where it had settled.
    stamped: Option<Stamped>,
    /// Of all that decides what becomes of it.
    key: String,
}

enum Step {
    /// A source that is in the index as it is now.
    TakeOver { key: String, rows: Vec<AccountRow> },
    /// A source to be mined.
    Mine { looked: Looked },
}

enum Done {
    TakeOver(String, Vec<AccountRow>),
    /// With its key.
    Mined(String, Option<std::result::Result<Box<Mined>, Outcome>>, String),
}

impl Update {
    /// Brings an index up to date with the files of a walk; gives the account of all.
    ///
    /// # Errors
    /// `Output` where the index cannot be written; `Interrupted` when the user asked to stop.
    pub fn run(&self, mining: &Mining, walk: Walk, store: &Store, writer: &mut Writer) -> Result<Account> {
        let interrupt = Interrupt::listen()?;
        let manifest = Manifest::of(&walk);
        for warning in manifest.warnings() {
            output::say(&format!("warning: {warning}"));
        }
        let options = mining.reading.options();
        writer.note_options(options.clone());
        let mut account = Account::new();
        for (source, outcome) in &walk.passed_over {
            writer.add_without_document(source, outcome)?;
            account.enter(source, outcome.clone(), 0);
        }
        writer.end_run(None)?;
        let mut all = Vec::with_capacity(walk.files.len());
        let is_trusted = !self.rehash && self.from_stage != Some(Stage::Read);
        let before = writer.files_before();
        let looking = |found: Found| {
            let known = before.get(&found.source).filter(|_| is_trusted);
            (!interrupt.asked()).then(|| look(known, found, &manifest, &options))
        };
        mine::in_order(walk.files, mining.jobs.count(), looking, |looked| {
            all.push(looked.ok_or_else(stopped)?);
            Ok(())
        })?;
        let sources = all.len();
        writer.note_files(all.iter().filter_map(|looked| looked.stamped.clone()).collect());
        let steps = self.steps(all, store, &options, writer);
        let to_mine = steps.iter().filter(|s| matches!(s, Step::Mine { .. })).count();

        let mut progress = Progress::over(to_mine);
        let pool = Pool::new(Limits::default())?;
        let anew = self.anew();
        let read = |source: &Source, bytes: &[u8]| {
            store.reading(&source.sha256, &options, anew, || pool.read(bytes, source.format, &options))
        };
        let work = |step| match step {
            Step::TakeOver { key, rows } => Done::TakeOver(key, rows),
            Step::Mine { looked } if interrupt.asked() => Done::Mined(looked.found.source, None, looked.key),
            Step::Mine { looked } => {
                let mined = one(&looked.found, looked.stamped.as_ref(), &manifest, &read, &Kind::ALL);
                if let Ok(mined) = &mined
                    && looked.sha256.as_ref() != Some(&mined.document.source.sha256)
                {
                    let why = "the file changed while it was read; run the build again".to_string();
                    return Done::Mined(looked.found.source, Some(Err(Outcome::Failed { why })), looked.key);
                }
                Done::Mined(looked.found.source, Some(mined), looked.key)
            }
        };
        let ended = mine::in_order(steps, mining.jobs.count(), work, |done| match done {
            Done::TakeOver(key, rows) => {
                for row in rows {
                    let pages = u32::try_from(row.pages).unwrap_or(u32::MAX);
                    account.enter(row.source.clone(), row.outcome, pages);
                    account
                        .note_readers(&row.source, row.read_by.iter().map(|(page, by)| (*page, by.as_str())));
                }
                writer.take_over(&key)
            }
            Done::Mined(_, None, _) => Err(stopped()),
            Done::Mined(source, Some(mined), key) => {
                let (outcome, pages, mined) = told(&source, mined, &progress);
                progress.done(pages, matches!(outcome, Outcome::Failed { .. }));
                let read_by = mined.as_ref().map(|m| m.document.read_by()).unwrap_or_default();
                match mined {
                    Some(m) => writer.add(&m.document, &m.findings, &m.claims, &outcome)?,
                    None => writer.add_without_document(&source, &outcome)?,
                }
                account.enter(source.clone(), outcome, pages);
                account.note_readers(&source, read_by.iter().copied());
                // A run of its own, so that a source that changes costs no other.
                writer.end_run(Some(key))
            }
        });
        let summary = progress.finish();
        ended?;
        output::say(&summary);
        let (before, now) = store.counts();
        if to_mine < sources || before > 0 {
            output::say(&format!(
                "{} sources as they were, {before} read before, {now} read now",
                sources - to_mine
            ));
        }
        Ok(account)
    }

    fn anew(&self) -> Anew {
        match (self.rerun, self.from_stage) {
            (Some(Rerun::Failed), _) => Anew::Failed,
            (_, Some(Stage::Read)) => Anew::All,
            _ => Anew::Never,
        }
    }

    fn steps(&self, all: Vec<Looked>, store: &Store, options: &Options, writer: &Writer) -> Vec<Step> {
        let step = |looked: Looked| {
            if let Some(sha256) = &looked.sha256 {
                store.hold(sha256, options);
            }
            let known = if self.from_stage.is_some() { None } else { writer.known(&looked.key) };
            match known.filter(|rows| self.rerun.is_none() || rows.iter().all(is_whole)) {
                Some(rows) => Step::TakeOver { key: looked.key, rows },
                None => Step::Mine { looked },
            }
        };
        all.into_iter().map(step).collect()
    }
}

fn is_whole(row: &AccountRow) -> bool {
    row.warnings.is_empty() && matches!(row.outcome, Outcome::Read | Outcome::Skipped { .. })
}

/// Looks at a file, by its stamp where it is known by that, else by its bytes.
fn look(known: Option<&Stamped>, found: Found, manifest: &Manifest, options: &Options) -> Looked {
    let stamp = Stamp::of(&found.path);
    let source = match known.filter(|known| stamp.as_ref() == Some(&known.stamp)) {
        Some(known) => Ok((known.sha256.clone(), known.format)),
        None => match corpus::load(&found, corpus::SIZE_LIMIT) {
            Loaded::Source { source, .. } => Ok((source.sha256, source.format)),
            Loaded::Skipped(why) => Err(("skipped", why)),
            Loaded::Failed(why) => Err(("failed", why)),
        },
    };
    // A file that was written to meanwhile is hashed again the next time.
    let stamp = stamp.filter(|stamp| Stamp::of(&found.path).as_ref() == Some(stamp));
    let what = match &source {
        Ok((sha256, format)) => serde_json::json!([sha256, format, manifest.entry(&found)]),
        Err(why) => serde_json::json!(why),
    };
    let key = sha256_hex(format!("{} {options:?} {what}", found.source).as_bytes());
    let source = source.ok();
    let stamped = source.clone().zip(stamp).map(|((sha256, format), stamp)| Stamped {
        source: found.source.clone(),
        stamp,
        sha256,
        format,
    });
    Looked { found, sha256: source.map(|(sha256, _)| sha256), stamped, key }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_file_with_the_stamp_it_had_is_not_read_and_one_with_another_is() {
        // Written long before the test runs.
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        let walk = corpus::walk(std::slice::from_ref(&path)).unwrap();
        let found = walk.files.first().unwrap().clone();
        let (manifest, options) = (Manifest::of(&walk), Options::default());
        let read = look(None, found.clone(), &manifest, &options);
        let stamped = read.stamped.clone().unwrap();
        assert_eq!(read.sha256.as_ref(), Some(&stamped.sha256));
        // Had it been read, its sum would not be this one.
        let known = Stamped { sha256: "of before".to_string(), ..stamped };
        let looked = look(Some(&known), found.clone(), &manifest, &options);
        assert_eq!(looked.sha256.as_deref(), Some("of before"));
        let other = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let known = Stamped { stamp: Stamp::of(&other).unwrap(), ..known };
        assert_eq!(look(Some(&known), found, &manifest, &options).sha256, read.sha256);
    }
}
