//! What every request shares: the index, the corpus it was built from, what was read of it lately,
//! and how much may be under way at once.

use super::article::{self, Shelf};
use super::guard::Manners;
use super::html::Refusal;
use super::pictures::Pictures;
use super::scorecard::Scored;
use crate::corpus::{self, Work};
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::index::record::{AccountRow, DocumentRecord, PassageRecord};
use crate::read::worker::Pool;
use lru::LruCache;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// Documents kept read.
const KEPT: NonZeroUsize = NonZeroUsize::new(24).unwrap();
/// Searches and readings under way at once; the others wait their turn.
const WORKING: usize = 8;
/// Answers streamed at once; their pace is the client's.
const STREAMING: usize = 16;
/// How long one waits for its turn.
const TURN: Duration = Duration::from_secs(20);

/// One index, served.
pub struct App {
    pub(super) index: Index,
    pub(super) account: Vec<AccountRow>,
    /// Works with more than one document.
    pub(super) works: Vec<Work>,
    pub(super) scorecard: Option<Scored>,
    pub(super) manners: Manners,
    pub(super) pictures: Pictures,
    /// Canonical; `None` where the corpus is not at hand.
    corpus: Option<PathBuf>,
    /// Workers that read uploads.
    pub(super) readers: Pool,
    /// The program whose workers read and draw.
    pub(super) program: PathBuf,
    documents: Mutex<LruCache<u64, Arc<Opened>>>,
    working: Semaphore,
    streaming: Semaphore,
    /// Articles checked lately.
    pub(super) articles: Shelf,
    /// The fingerprint of each source by its path.
    sha256: HashMap<String, String>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App")
            .field("index", &self.index)
            .field("corpus", &self.corpus)
            .finish_non_exhaustive()
    }
}

/// A document with its passages.
#[derive(Debug)]
pub(super) struct Opened {
    pub record: DocumentRecord,
    pub passages: Vec<PassageRecord>,
}

impl Opened {
    /// Id, or the path where it has none.
    pub fn name(&self) -> &str {
        name_of(&self.record)
    }
}

pub(super) fn name_of(record: &DocumentRecord) -> &str {
    if record.meta.id.is_empty() { &record.source.path } else { &record.meta.id }
}

impl App {
    /// An index and, where it is at hand, the folder of the sources it was built from; without it
    /// there are no pictures of pages and no downloads.
    ///
    /// # Errors
    /// `Index` where the account cannot be read.
    pub fn new(index: Index, corpus: Option<&Path>, manners: Manners) -> Result<App> {
        let program = std::env::current_exe()
            .map_err(|e| Error::new(ErrorKind::Input, "this program's file is not known").because(e))?;
        let account = index.account()?;
        let sha256 =
            account.iter().filter_map(|row| Some((row.source.clone(), row.sha256.clone()?))).collect();
        Ok(App {
            readers: Pool::of(&program, article::READING),
            program,
            account,
            works: index.works()?,
            scorecard: Scored::of_the_project(),
            sha256,
            index,
            manners,
            pictures: Pictures::default(),
            corpus: corpus.and_then(|c| c.canonicalize().ok()).filter(|c| c.is_dir()),
            documents: Mutex::new(LruCache::new(KEPT)),
            working: Semaphore::new(WORKING),
            streaming: Semaphore::new(STREAMING),
            articles: Shelf::default(),
        })
    }

    /// Scores the index itself on the labels of a folder.
    ///
    /// # Errors
    /// `Input` where the labels cannot be read, `Index` where the index is damaged.
    pub fn with_gold(mut self, gold: &Path) -> Result<App> {
        self.scorecard = Some(Scored::of(&self.index, &self.account, gold)?);
        Ok(self)
    }

    /// The work a source is one of several documents of.
    pub(super) fn work_of(&self, source: &str) -> Option<&Work> {
        self.works.iter().find(|work| work.documents.iter().any(|d| d.source == source))
    }

    /// With another program's workers, which must become workers first thing when asked.
    pub fn with_program(mut self, program: PathBuf) -> App {
        self.readers = Pool::of(&program, article::READING);
        self.program = program;
        self
    }

    /// Takes the address it is served at as one of its names.
    pub fn listening_on(mut self, address: SocketAddr) -> App {
        self.manners.listening_on(address);
        self
    }

    pub(super) fn has_corpus(&self) -> bool {
        self.corpus.is_some()
    }

    /// The fingerprint of the source of that path.
    pub(super) fn sha256_of(&self, source: &str) -> Option<&str> {
        self.sha256.get(source).map(String::as_str)
    }

    /// The document whose bytes have that fingerprint.
    pub(super) fn opened(&self, sha256: &str) -> std::result::Result<Arc<Opened>, Refusal> {
        let none =
            || Refusal::missing("there is no such document in the index", "the corpus page lists them all");
        if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(none());
        }
        let found = self.index.documents_named(sha256)?.into_iter().find(|d| d.source.sha256 == sha256);
        let record = found.ok_or_else(none)?;
        let mut kept = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = kept.get(&record.order) {
            return Ok(Arc::clone(opened));
        }
        drop(kept);
        let passages = self.index.passages_of(record.order)?;
        let opened = Arc::new(Opened { record, passages });
        kept = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(opened.record.order, Arc::clone(&opened));
        Ok(opened)
    }

    /// The bytes of a source as they were when the index was built. The path comes from the index;
    /// what leads out of the corpus or has changed since is refused.
    pub(super) fn source(&self, record: &DocumentRecord) -> std::result::Result<Vec<u8>, Refusal> {
        let gone = |why: &str| {
            let error = Error::new(ErrorKind::Input, "the source is not at hand").because(why);
            Refusal::of(404, error.hint("name the folder of the corpus: paydirt serve --corpus FOLDER"))
        };
        let Some(corpus) = &self.corpus else { return Err(gone("the corpus is not known")) };
        // The folder's own path is not for everybody's eyes.
        corpus::original(corpus, &record.source)
            .map_err(|error| gone(error.cause.as_deref().unwrap_or(&error.what)))
    }

    /// Runs work whose pace is the client's; `job` is not run where its turn does not come.
    pub(super) async fn stream(self: &Arc<Self>, job: impl FnOnce(&App) + Send + 'static) {
        let Ok(Ok(turn)) = tokio::time::timeout(TURN, self.streaming.acquire()).await else { return };
        let app = Arc::clone(self);
        // A panic in it drops its end of the stream, which breaks the answer off.
        drop(tokio::task::spawn_blocking(move || job(&app)).await);
        drop(turn);
    }

    /// Runs work that may take long on a thread of its own, once it is its turn.
    pub(super) async fn work<T: Send + 'static>(
        self: &Arc<Self>,
        job: impl FnOnce(&App) -> std::result::Result<T, Refusal> + Send + 'static,
    ) -> std::result::Result<T, Refusal> {
        let Ok(Ok(turn)) = tokio::time::timeout(TURN, self.working.acquire()).await else {
            return Err(Refusal::busy());
        };
        let app = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || job(&app)).await;
        drop(turn);
        done.unwrap_or_else(|_| Err(Refusal::broken()))
    }
}
