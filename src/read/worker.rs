//! Reading in other processes, so that a file made to hurt costs its own remaining pages and
//! nothing else.
//!
//! A worker is this program, started anew with a hidden argument. It takes sources through a pipe
//! and gives back each step of reading as soon as it is done; what was read before a crash is
//! kept, the page it crashed on is tried once with the other reader, and the loss is one line.
//! Workers serve many sources and are begun anew after a crash. A worker whose parent is gone ends.
//!
//! What is read, and how, is not decided here: [`super::read`] gives the same without processes.

use super::confine::confine;
use super::{Event, Head, Ocr, Options, PageRead, PdfReaders, Reading, read, read_pages};
use crate::document::{Format, Warning};
use crate::error::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::io::{self, Read, Write};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The hidden argument; the worker's memory in MiB follows it.
const ARGUMENT: &str = "--read-worker";
/// A worker that served this many sources is replaced, for what it may not have given back.
const MOST_SOURCES: usize = 64;
/// Pages lost to crashes before the rest of a file is given up.
const MOST_LOST: usize = 3;
/// Comparisons or recognitions lost before no more are tried in a file.
const MOST_EXTRAS_LOST: usize = 2;
/// Longer frames are not a worker's.
const LONGEST_FRAME: usize = 1 << 30;
const OUT_OF_TIME: &str = "the reader ran out of time";
const TOO_MANY_PAGES: &str = "it stands beyond the pages that are read of one file";
const TOO_MUCH: &str = "the file gives more than is kept of one file";
/// Of a worker's last words, which tell why it ended.
const LAST_WORDS: usize = 4096;

/// What a source may use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Address space of a worker, in MiB.
    pub memory: u64,
    /// For opening a file, and for any one page.
    pub step: Duration,
    /// For a file, to begin with.
    pub file: Duration,
    /// And for each of its pages.
    pub page: Duration,
    /// For a file at most, what OCR takes not counted.
    pub longest: Duration,
    /// Pages of a file that are read.
    pub pages: usize,
    /// Bytes that a worker may say of a file. What is kept of them in memory is up to seven times that.
    pub output: usize,
}

impl Limits {
    /// Enough for what is published, on a slow machine.
    pub const USUAL: Limits = Limits {
        memory: 1024,
        step: Duration::from_secs(30),
        file: Duration::from_secs(60),
        page: Duration::from_secs(2),
        longest: Duration::from_secs(20 * 60),
        pages: 20_000,
        output: 64 << 20,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Limits::USUAL
    }
}

/// What a worker is asked; the bytes of the source follow it.
#[derive(Serialize, Deserialize)]
struct Job {
    length: u64,
    format: Format,
    options: Options,
    /// 0-based.
    pages: Range<usize>,
}

/// What a worker says.
#[derive(Serialize, Deserialize)]
enum Answer {
    Step(Event),
    Done,
    Refused { what: String, cause: Option<String>, hint: Option<String> },
}

// The worker's side.

/// Becomes a worker where the process was started as one, and does not return then. To be called
/// before anything else looks at the arguments.
pub fn main_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_none_or(|first| first != ARGUMENT) {
        return;
    }
    let memory = arguments.next().and_then(|mib| mib.to_str()?.parse().ok());
    confine(memory.unwrap_or(Limits::default().memory));
    // Ctrl-C reaches the whole group; the parent decides what is still finished.
    drop(ctrlc::set_handler(|| ()));
    let (give, jobs) = sync_channel::<(Job, Vec<u8>)>(1);
    let listening = std::thread::Builder::new().name("listen".to_string()).spawn(move || {
        let mut input = io::stdin().lock();
        while let Ok(job) = receive::<Job>(&mut input) {
            let mut bytes = Vec::with_capacity(job.length.min(LONGEST_FRAME as u64) as usize);
            let read = input.by_ref().take(job.length).read_to_end(&mut bytes);
            if read.is_err() || bytes.len() as u64 != job.length || give.send((job, bytes)).is_err() {
                break;
            }
        }
        // The parent is done or gone: there is nobody to read for.
        std::process::exit(0)
    });
    if listening.is_ok() {
        for (job, bytes) in jobs {
            serve(job, &bytes);
        }
    }
    std::process::exit(2)
}

fn serve(job: Job, bytes: &[u8]) {
    // Whole frames are written at once and nothing else may come between, so no lock is held while
    // reading: what a library prints by mistake is found by its missing mark.
    let say = |answer: &Answer| {
        let mut out = io::stdout().lock();
        if send(&mut out, answer).and_then(|()| out.flush()).is_err() {
            // Nobody listens.
            std::process::exit(0);
        }
    };
    let Job { format, options, pages, .. } = job;
    let done = match format {
        Format::Pdf => read_pages(bytes, &options, pages, &mut |step| say(&Answer::Step(step))),
        _ => read(bytes, format, &options).map(|reading| {
            let Reading { pages, hints, warnings } = reading;
            say(&Answer::Step(Event::Opened(Head { pages: pages.len(), hints, warnings })));
            for page in pages {
                say(&Answer::Step(Event::Page(Box::new(page))));
            }
        }),
    };
    say(&match done {
        Ok(()) => Answer::Done,
        Err(Error { what, cause, hint, .. }) => Answer::Refused { what, cause, hint },
    });
}

// The pipe.

/// Before each frame, so that stray bytes on the pipe are skipped.
const MARK: [u8; 8] = *b"\xffpaydirt";

fn send(out: &mut impl Write, message: &impl Serialize) -> io::Result<()> {
    let mut frame = MARK.to_vec();
    frame.extend_from_slice(&[0; 4]);
    let mut frame = postcard::to_extend(message, frame).map_err(io::Error::other)?;
    let start = MARK.len() + 4;
    let length = u32::try_from(frame.len() - start).map_err(io::Error::other)?;
    if let Some(place) = frame.get_mut(MARK.len()..start) {
        place.copy_from_slice(&length.to_le_bytes());
    }
    out.write_all(&frame)
}

fn receive<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<T> {
    receive_with_length(input).map(|(message, _)| message)
}

fn receive_with_length<T: DeserializeOwned>(input: &mut impl Read) -> io::Result<(T, usize)> {
    let mut seen = 0;
    while let Some(&expected) = MARK.get(seen) {
        let mut byte = [0];
        input.read_exact(&mut byte)?;
        let [byte] = byte;
        seen = if byte == expected { seen + 1 } else { usize::from(byte == MARK[0]) };
    }
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length) as usize;
    if length > LONGEST_FRAME {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut frame = Vec::new();
    input.take(length as u64).read_to_end(&mut frame)?;
    Ok((postcard::from_bytes(&frame).map_err(io::Error::other)?, length))
}

// The parent's side.

/// Workers that read sources; threads share it and each read takes a worker of its own.
#[derive(Debug)]
pub struct Pool {
    program: PathBuf,
    limits: Limits,
    idle: Mutex<Vec<Worker>>,
}

#[derive(Debug)]
struct Worker {
    process: Child,
    input: Option<ChildStdin>,
    /// With the length of each.
    answers: Receiver<(Answer, usize)>,
    last_words: Arc<Mutex<Vec<u8>>>,
    served: usize,
}

/// Why a worker gave no more answers.
enum End {
    Done,
    Refused(Error),
    /// In words that follow the name of a page.
    Lost(&'static str),
}

impl Pool {
    /// Workers of this very program, which must call [`main_if_asked`] first thing.
    ///
    /// # Errors
    /// `Input` where the program's own file is not known.
    pub fn new(limits: Limits) -> Result<Self> {
        let program = std::env::current_exe()
            .map_err(|error| Error::new(ErrorKind::Input, "cannot start a reading process").because(error))?;
        Ok(Pool::of(program, limits))
    }

    /// Workers of another program that calls [`main_if_asked`] first thing.
    pub fn of(program: impl Into<PathBuf>, limits: Limits) -> Self {
        Pool { program: program.into(), limits, idle: Mutex::new(Vec::new()) }
    }

    /// Reads a source of a known format in a worker.
    ///
    /// # Errors
    /// `Input` when nothing at all can be read; pages that are lost are in the reading with the
    /// reason.
    pub fn read(&self, bytes: &[u8], format: Format, options: &Options) -> Result<Reading> {
        Task::new(self, bytes, format, options).run()
    }

    fn worker(&self) -> Result<Worker> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.program, self.limits).map_err(|error| {
                // Not the source's fault.
                Error::new(ErrorKind::Usage, "cannot start a reading process").because(error)
            }),
        }
    }

    fn give_back(&self, worker: Worker) {
        if worker.served < MOST_SOURCES {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(worker);
        }
    }
}

impl Worker {
    fn start(program: &PathBuf, limits: Limits) -> io::Result<Self> {
        let mut process = Command::new(program)
            .arg(ARGUMENT)
            .arg(limits.memory.to_string())
            // A trace of the stack would drown its last words.
            .env("RUST_BACKTRACE", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (give, answers) = sync_channel(64);
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let input = process.stdin.take();
        let output = process.stdout.take();
        let words = process.stderr.take();
        let worker = Worker { process, input, answers, last_words: Arc::clone(&last_words), served: 0 };
        // Both end when the worker does; should one not start, the worker is dropped and waited for.
        std::thread::Builder::new().name("hear".to_string()).spawn(move || hear(output, &give))?;
        std::thread::Builder::new().name("hear-end".to_string()).spawn(move || {
            let Some(mut words) = words else { return };
            let mut some = [0; 1024];
            while let Ok(count @ 1..) = words.read(&mut some) {
                let mut kept = last_words.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(some.get(..count).unwrap_or_default());
                let too_many = kept.len().saturating_sub(LAST_WORDS);
                kept.drain(..too_many);
            }
        })?;
        Ok(worker)
    }

    fn ask(&mut self, job: &Job, bytes: &[u8]) -> io::Result<()> {
        self.served += 1;
        let input = self.input.as_mut().ok_or_else(|| io::Error::other("the worker is closed"))?;
        send(input, job)?;
        input.write_all(bytes)?;
        input.flush()
    }

    /// Ends the worker at once and waits for it.
    fn kill(&mut self) {
        drop(self.input.take());
        // It may have ended by itself already.
        drop(self.process.kill());
        drop(self.process.wait());
    }

    /// Why the worker ended by itself.
    fn why_ended(&mut self) -> &'static str {
        drop(self.input.take());
        let status = self.process.wait();
        // What it said last is heard by another thread, a moment after it ended.
        for _ in 0..50 {
            if Arc::strong_count(&self.last_words) == 1 {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let words = String::from_utf8_lossy(&words);
        if words.contains("memory allocation of") || words.contains("Cannot allocate memory") {
            "the reader ran out of memory"
        } else if words.contains("overflowed its stack") {
            "the reader ran out of stack"
        } else if status.is_ok_and(is_killed) {
            "the reader was killed, which the system does when memory is short"
        } else {
            "the reader crashed"
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Closing its input lets an idle worker end; one that does not is ended.
        drop(self.input.take());
        for _ in 0..20 {
            if let Ok(Some(_)) = self.process.try_wait() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        self.kill();
    }
}

#[cfg(unix)]
fn is_killed(status: std::process::ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(9)
}

#[cfg(not(unix))]
fn is_killed(_: std::process::ExitStatus) -> bool {
    false
}

fn hear(output: Option<impl Read>, give: &SyncSender<(Answer, usize)>) {
    let Some(output) = output else { return };
    let mut output = io::BufReader::with_capacity(1 << 16, output);
    while let Ok(answer) = receive_with_length(&mut output) {
        if give.send(answer).is_err() {
            return;
        }
    }
}

/// A stretch of pages to be read in one way.
struct Stretch {
    pages: Range<usize>,
    pdf: PdfReaders,
    /// The page was lost before; why.
    lost: Option<&'static str>,
}

/// One source on its way through workers.
struct Task<'a> {
    pool: &'a Pool,
    bytes: &'a [u8],
    job: Job,
    options: &'a Options,
    begun: Instant,
    reading: Reading,
    /// Once the file is opened.
    pages: Option<usize>,
    todo: VecDeque<Stretch>,
    /// Pages given up, 0-based, and why.
    given_up: Vec<(usize, &'static str)>,
    /// Bytes that workers said of it.
    output: usize,
    compares: bool,
    lost_extras: usize,
    ocr: Ocr,
}

/// What a worker was doing last.
#[derive(Clone, Copy)]
enum Doing {
    Opening,
    /// The next page, 0-based.
    Reading(usize),
    Comparing(usize),
    Recognising(usize),
}

impl<'a> Task<'a> {
    fn new(pool: &'a Pool, bytes: &'a [u8], format: Format, options: &'a Options) -> Self {
        let whole = Stretch { pages: 0..pool.limits.pages, pdf: options.pdf, lost: None };
        Task {
            pool,
            bytes,
            job: Job { length: bytes.len() as u64, format, options: options.clone(), pages: 0..usize::MAX },
            options,
            begun: Instant::now(),
            reading: Reading::default(),
            pages: None,
            todo: VecDeque::from([whole]),
            given_up: Vec::new(),
            output: 0,
            compares: true,
            lost_extras: 0,
            ocr: options.ocr,
        }
    }

    fn run(mut self) -> Result<Reading> {
        while let Some(stretch) = self.todo.pop_front() {
            let mut worker = self.pool.worker()?;
            let (end, doing) = self.attempt(&mut worker, &stretch);
            match end {
                End::Done => self.pool.give_back(worker),
                End::Refused(error) => {
                    self.pool.give_back(worker);
                    // Some pages are known where another reader opened the file before.
                    match (self.pages, stretch.lost) {
                        (None, None) => return Err(error),
                        (None, Some(why)) => return Err(lost(why)),
                        (Some(_), why) => {
                            self.give_up(stretch.pages, why.unwrap_or("the reader failed on it"))
                        }
                    }
                }
                End::Lost(why) => {
                    worker.kill();
                    self.after_loss(stretch, doing, why)?;
                }
            }
        }
        Ok(self.whole())
    }

    /// Lets a worker read a stretch and takes in what it says.
    fn attempt(&mut self, worker: &mut Worker, stretch: &Stretch) -> (End, Doing) {
        let mut doing = Doing::Opening;
        self.job.pages = stretch.pages.clone();
        self.job.options.pdf = match stretch.pdf {
            PdfReaders::Both if !self.compares => PdfReaders::Hayro,
            pdf => pdf,
        };
        self.job.options.ocr = self.ocr;
        if worker.ask(&self.job, self.bytes).is_err() {
            return (End::Lost(worker.why_ended()), doing);
        }
        loop {
            let answer = match worker.answers.recv_timeout(self.patience(doing)) {
                Ok((answer, length)) => {
                    self.output += length;
                    answer
                }
                Err(RecvTimeoutError::Timeout) => return (End::Lost(OUT_OF_TIME), doing),
                Err(RecvTimeoutError::Disconnected) => return (End::Lost(worker.why_ended()), doing),
            };
            match answer {
                Answer::Done => return (End::Done, doing),
                Answer::Refused { what, cause, hint } => {
                    let error = Error { cause, hint, ..Error::new(ErrorKind::Input, what) };
                    return (End::Refused(error), doing);
                }
                Answer::Step(_) if self.output > self.pool.limits.output => {
                    return (End::Lost(TOO_MUCH), doing);
                }
                Answer::Step(step) => {
                    doing = match &step {
                        Event::Opened(_) => Doing::Reading(stretch.pages.start),
                        Event::Page(page) => Doing::Reading(page.number as usize),
                        Event::Comparing(page) => Doing::Comparing(before(*page)),
                        Event::Recognising(page) => Doing::Recognising(before(*page)),
                        Event::Compared(page, _) => Doing::Reading(*page as usize),
                        Event::Warned(_) => doing,
                    };
                    match step {
                        Event::Opened(head) if self.pages.is_some() => drop(head),
                        Event::Opened(head) => {
                            self.pages = Some(head.pages);
                            self.reading.take(Event::Opened(head));
                        }
                        // After a crash, nothing seen by the other reader is not an empty page.
                        Event::Page(page) if stretch.lost.is_some() && !page.has_glyphs() => {
                            let index = before(page.number);
                            self.give_up(index..index + 1, stretch.lost.unwrap_or("the reader crashed"));
                        }
                        step => self.reading.take(step),
                    }
                }
            }
        }
    }

    /// How long the next step may take.
    fn patience(&self, doing: Doing) -> Duration {
        let limits = self.pool.limits;
        let pages = u32::try_from(self.pages.unwrap_or(0)).unwrap_or(u32::MAX);
        let whole = limits.file.saturating_add(limits.page.saturating_mul(pages));
        let mut whole = whole.min(limits.longest);
        let mut step = limits.step;
        if self.ocr != Ocr::Never {
            // The engine has a limit of its own.
            whole = whole.saturating_add(limits.step.saturating_mul(pages));
        }
        if let Doing::Recognising(_) = doing {
            step = step.saturating_mul(4);
        }
        step.min(whole.saturating_sub(self.begun.elapsed()))
    }

    fn after_loss(&mut self, stretch: Stretch, doing: Doing, why: &'static str) -> Result<()> {
        let Stretch { pages, pdf, lost: lost_before } = stretch;
        let is_late = why == OUT_OF_TIME && self.patience(Doing::Opening).is_zero();
        let no_more = (is_late || why == TOO_MUCH).then_some(why);
        let may_change = self.options.pdf == PdfReaders::Both && self.job.format == Format::Pdf;
        match doing {
            Doing::Opening => {
                if may_change && pdf != PdfReaders::PdfExtract && no_more.is_none() {
                    let pdf = PdfReaders::PdfExtract;
                    self.todo.push_front(Stretch { pages, pdf, lost: Some(why) });
                } else if self.pages.is_some() {
                    self.give_up(pages, lost_before.unwrap_or(why));
                } else {
                    return Err(lost(lost_before.unwrap_or(why)));
                }
            }
            Doing::Comparing(page) => {
                self.warn(page, format!("the digits of the page were not compared: {why}"));
                self.lost_extras += 1;
                self.compares &= self.lost_extras < MOST_EXTRAS_LOST;
                self.go_on(page + 1..pages.end, pdf, no_more);
            }
            Doing::Recognising(page) => {
                self.warn(page, format!("OCR failed: {why}"));
                self.lost_extras += 1;
                if self.lost_extras >= MOST_EXTRAS_LOST {
                    self.ocr = Ocr::Never;
                }
                self.go_on(page + 1..pages.end, pdf, no_more);
            }
            Doing::Reading(page) => {
                if let Some(first) = lost_before {
                    self.give_up(page..page + 1, first);
                    self.go_on(page + 1..pages.end, pdf, no_more);
                    return Ok(());
                }
                self.go_on(page + 1..pages.end, pdf, no_more);
                if may_change && pdf != PdfReaders::PdfExtract && no_more.is_none() {
                    let pdf = PdfReaders::PdfExtract;
                    self.todo.push_front(Stretch { pages: page..page + 1, pdf, lost: Some(why) });
                } else {
                    self.give_up(page..page + 1, why);
                }
            }
        }
        Ok(())
    }

    /// Reads on after a page that was lost, unless too much was.
    fn go_on(&mut self, pages: Range<usize>, pdf: PdfReaders, no_more: Option<&'static str>) {
        let pages = pages.start..pages.end.min(self.pages.unwrap_or(0));
        if pages.is_empty() {
            return;
        }
        if let Some(why) = no_more {
            self.give_up(pages, why);
        } else if self.given_up.len() >= MOST_LOST {
            self.give_up(pages, "given up after other pages of the file were lost");
        } else {
            self.todo.push_front(Stretch { pages, pdf, lost: None });
        }
    }

    fn give_up(&mut self, pages: Range<usize>, why: &'static str) {
        let end = pages.end.min(self.pages.unwrap_or(0));
        self.given_up.extend((pages.start..end).map(|page| (page, why)));
    }

    fn warn(&mut self, page: usize, what: String) {
        let page = u32::try_from(page + 1).ok();
        self.reading.warnings.push(Warning { page, what });
    }

    /// The reading with every page of the file in its place.
    fn whole(mut self) -> Reading {
        let beyond = self.pool.limits.pages..self.pages.unwrap_or(0);
        self.given_up.extend(beyond.map(|page| (page, TOO_MANY_PAGES)));
        let mut there: BTreeSet<u32> = self.reading.pages.iter().map(|page| page.number).collect();
        for (page, why) in self.given_up {
            let number = u32::try_from(page + 1).unwrap_or(u32::MAX);
            if there.insert(number) {
                self.reading.pages.push(PageRead::unread_pdf(number, why));
            }
        }
        self.reading.pages.sort_by_key(|page| page.number);
        self.reading
    }
}

/// 0-based.
fn before(page: u32) -> usize {
    (page as usize).saturating_sub(1)
}

fn lost(why: &str) -> Error {
    Error::new(ErrorKind::Input, "the file cannot be read").because(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_among_stray_bytes() {
        let mut pipe = b"something printed \xff\xffpay ".to_vec();
        send(&mut pipe, &Answer::Done).unwrap();
        pipe.extend_from_slice(b"more");
        send(&mut pipe, &Answer::Step(Event::Comparing(7))).unwrap();
        let mut pipe = pipe.as_slice();
        assert!(matches!(receive(&mut pipe), Ok(Answer::Done)));
        assert!(matches!(receive(&mut pipe), Ok(Answer::Step(Event::Comparing(7)))));
        assert!(receive::<Answer>(&mut pipe).is_err());
    }

    #[test]
    fn a_program_that_cannot_be_started_is_an_error() {
        let pool = Pool::of("/no/such/program", Limits::default());
        let refused = pool.read(b"%PDF-", Format::Pdf, &Options::default()).unwrap_err();
        assert_eq!(refused.what, "cannot start a reading process");
    }
}
