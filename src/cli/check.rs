//! `paydirt check`: every figure of an article held against the index.

use super::Answer;
use super::mining::Reading;
use super::output::{Out, say};
use super::page::{Marks, clean, wrapped};
use clap::ValueEnum;
use paydirt::corpus::{self, sha256_hex};
use paydirt::document::{Format, Source};
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::extract::Kind;
use paydirt::index::Index;
use paydirt::mine::{self, Mined};
use paydirt::picture::{self, Request, draw};
use paydirt::read::worker::{Limits, Pool};
use paydirt::search::card;
use paydirt::verify::article::{Checked, asserted};
use paydirt::verify::{Evidence, Verifier};
use paydirt::web::report;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Width of a page whose strip stands in a report, in pixels.
const PICTURE: u32 = 1000;

/// Check every figure of an article: amounts, shares, counts of attacks and victims, in its order.
///
/// Each is verified in its sentence; what the sentence leaves out is taken from the sentences before
/// it and from the article's day of publication. The article itself is no evidence.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit status: 0 all figures are supported or rounded, 1 some are not, 2 could not check.
Examples:
  paydirt check article.html
  paydirt check draft.docx --format html > report.html
  pbpaste | paydirt check - --format jsonl")]
pub struct Args {
    /// An article: HTML, PDF, DOCX, Markdown or text; - for text from standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How to print: text, rows, or one HTML file to hand on.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// With html: the folder of reports, for pictures of where the best evidence stands [default: the one
    /// the index was built from, where it is still there].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    #[command(flatten)]
    reading: Reading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Jsonl,
    Html,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let index = Index::open(&args.index)?;
    let Mined { document, claims, .. } = match args.file.as_os_str() == "-" {
        true => of_stdin(&args.reading)?,
        false => args.reading.one(&args.file)?,
    };
    for page in document.pages.iter().filter(|p| p.unread.is_some()) {
        let why = page.unread.as_deref().unwrap_or_default();
        say(&format!("page {} of the article could not be read: {}", page.number, clean(why)));
    }
    let verifier = Verifier::new(&index)?;
    let mut figures = Vec::new();
    for claim in asserted(&document, &claims) {
        let checked = verifier.check(&document, claim)?;
        match args.format {
            Form::Jsonl => out.line(&json(&checked)?)?,
            Form::Text => text(figures.len() + 1, &checked, out)?,
            Form::Html => {}
        }
        figures.push(checked);
    }
    let agreeing = figures.iter().filter(|f| f.verdict.verdict.agrees()).count();
    match args.format {
        Form::Html => {
            let pictures = Pictures::of(args, &index);
            let picture = |evidence: &Evidence| pictures.as_ref()?.picture(evidence);
            out.print(&report::article(&document, &figures, verifier.coverage(), picture))?;
        }
        Form::Text => {
            let coverage = verifier.coverage();
            let all = coverage.pages_read + coverage.pages_unread;
            out.line(&format!(
                "{} checked, {agreeing} supported; {} of {all} pages read",
                figures.len(),
                coverage.pages_read
            ))?;
        }
        Form::Jsonl => {}
    }
    Ok(if agreeing == figures.len() { Answer::Found } else { Answer::Nothing })
}

/// Pictures of where evidence stands on its page. A source that has changed has none.
struct Pictures<'a> {
    index: &'a Index,
    folder: PathBuf,
    /// Those read, by sha256; nothing where one is not at hand.
    sources: RefCell<BTreeMap<String, Option<Vec<u8>>>>,
}

impl<'a> Pictures<'a> {
    /// None at all where no folder of reports is named and that of the index is gone.
    fn of(args: &Args, index: &'a Index) -> Option<Self> {
        let folder = args.corpus.clone().unwrap_or_else(|| index.head.sources());
        let is_there = args.corpus.is_some() || folder.is_dir();
        is_there.then(|| Pictures { index, folder, sources: RefCell::default() })
    }

    fn picture(&self, evidence: &Evidence) -> Option<Vec<u8>> {
        let boxes = evidence.boxes.as_ref().filter(|b| !b.is_empty())?;
        let mut sources = self.sources.borrow_mut();
        let bytes = sources
            .entry(evidence.sha256.clone())
            .or_insert_with(|| self.told(evidence, self.read(evidence)));
        let drawn = draw(
            bytes.as_ref()?,
            &Request::strip(evidence.page, PICTURE, boxes, card::AROUND, card::FIGURE),
            &picture::Limits::default(),
        );
        self.told(evidence, drawn)
    }

    fn read(&self, evidence: &Evidence) -> Result<Vec<u8>> {
        let named = self.index.documents_named(&evidence.sha256)?;
        let found = named.into_iter().find(|d| d.source.sha256 == evidence.sha256);
        let gone = || Error::new(ErrorKind::Index, "its source is not in the index");
        corpus::original(&self.folder, &found.ok_or_else(gone)?.source)
    }

    /// What there is; else why not is said.
    fn told(&self, evidence: &Evidence, made: Result<Vec<u8>>) -> Option<Vec<u8>> {
        let why = match made {
            Ok(bytes) => return Some(bytes),
            Err(error) => error.in_one_line(),
        };
        say(&format!("no picture of {}: {}", clean(&evidence.source), clean(&why)));
        None
    }
}

/// The text of standard input, read as a source is.
fn of_stdin(reading: &Reading) -> Result<Mined> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map_err(|e| {
        Error::new(ErrorKind::Input, "cannot read the article").at("standard input").because(e)
    })?;
    let length = bytes.len() as u64;
    let source =
        Source { path: "-".to_string(), sha256: sha256_hex(&bytes), format: Format::Text, bytes: length };
    let read = Pool::new(Limits::default())?.read(&bytes, Format::Text, &reading.options())?;
    Ok(mine::mine_reading(source, None, read, &Kind::ALL))
}

fn json(checked: &Checked) -> Result<String> {
    serde_json::to_string(checked)
        .map_err(|e| Error::new(ErrorKind::Output, "cannot print a verdict").because(e))
}

fn text(number: usize, checked: &Checked, out: &mut Out) -> Result<()> {
    let marks = Marks::new(out.color());
    let verdict = &checked.verdict;
    let figure = clean(verdict.figure.as_deref().unwrap_or(""));
    let paragraph = checked.paragraph.as_ref().map(|p| format!(", {}", clean(p))).unwrap_or_default();
    out.line(&format!(
        "{number}. {figure}  {}  (page {}{paragraph})",
        marks.strong(verdict.verdict.name()),
        checked.page
    ))?;
    out.print(&wrapped(&clean(&verdict.claim), "   in: ", "       "))?;
    for slot in &checked.inherited {
        let from = format!("{} {} ({})", slot.slot, clean(&slot.value), slot.how.name());
        out.print(&wrapped(&from, "   taken: ", "          "))?;
    }
    out.print(&wrapped(&clean(&verdict.why), "   ", "   "))?;
    if let Some(best) = verdict.evidence.first() {
        let day = best.document.published.as_deref().unwrap_or("no date");
        out.line(&format!(
            "   {}, page {}  ({day}, {})",
            clean(&best.locator),
            best.page,
            clean(&best.source)
        ))?;
        out.print(&wrapped(&clean(&best.quote), "     ", "     "))?;
    }
    out.line("")
}
