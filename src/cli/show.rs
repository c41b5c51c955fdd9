//! `paydirt show`: a page or a paragraph of a document, whole, from the index.

use super::Answer;
use super::mining::Reading;
use super::output::{Out, say};
use super::page::{clean, wrapped};
use paydirt::corpus;
use paydirt::document::ParagraphKind;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::Index;
use paydirt::index::record::DocumentRecord;
use paydirt::search::locate::{Located, Part, locate};
use paydirt::search::target::{self, Target};
use paydirt::structure::layout;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};

/// Print a page, a paragraph, a footnote or a table row as it stands in the report.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt show S/2022/132 para 106\n  \
    paydirt show S/2022/132 p 14       a page, by its number in the file or the printed one\n  \
    paydirt show S/2022/132 fn 34      a footnote\n  \
    paydirt show report.pdf table 2 row 5\n  \
    paydirt show S/2022/132 annex 39\n  \
    paydirt show report.pdf            the whole text\n  \
    paydirt show S/2022/132 para 106 --context 2\n  \
    paydirt show S/2022/132 para 106 --target > cited.json\n  \
    paydirt show @cited.json           what was cited, if the source is still the same\n  \
    paydirt show reports/report.pdf p 3 --layout   a page as it was read")]
pub struct Args {
    /// A document (id, symbol or file) and a place in it; or the target of an annotation, as JSON,
    /// `@FILE` or `-` for standard input.
    #[arg(required = true, value_name = "LOCATOR")]
    locator: Vec<String>,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    /// Print N passages before and after.
    #[arg(long, short = 'C', value_name = "N", default_value_t = 0)]
    context: usize,
    /// Print where it stands instead, as the target of a W3C Web Annotation: source, sha256, quote
    /// and position.
    #[arg(long)]
    target: bool,
    /// With a target: the folder of reports, whose file must be the one that was cited.
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Read the page of a file anew and print how it was understood: blocks, tables, footnotes,
    /// what was taken out of the text.
    #[arg(long, conflicts_with = "boxes")]
    layout: bool,
    /// The same with the place of every block in points, as JSON.
    #[arg(long)]
    boxes: bool,
    /// With --layout and --boxes: which reader of PDF to use.
    #[command(flatten)]
    reading: Reading,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    if args.layout || args.boxes {
        return as_read(args, out);
    }
    let index = Index::open(&args.index)?;
    let words = args.locator.join(" ");
    let mut located = located(&index, &words, args.corpus.as_deref())?;
    if args.target {
        let target = target::of(&index, &located)?;
        let json = serde_json::to_string(&target)
            .map_err(|e| Error::new(ErrorKind::Output, "cannot write the target").because(e))?;
        out.line(&json)?;
        return Ok(Answer::Found);
    }
    located.widen(&index, args.context)?;
    let document = &located.document;
    let name = if document.meta.id.is_empty() { &document.source.path } else { &document.meta.id };
    let mut head = clean(name);
    if let Some(title) = &document.meta.title {
        head += &format!("  {}", clean(title));
    }
    out.line(&head)?;
    out.line(&format!("{}, {}", clean(&document.source.path), place(&located)))?;
    for also in others(&index, document)? {
        out.line(&format!("({})", clean(&also)))?;
    }
    for (why, text) in &located.furniture {
        out.line(&format!("({}: {})", furniture(*why), clean(text)))?;
    }
    if let Part::Page(number) = &located.part
        && let Some(page) = document.pages.iter().find(|p| p.number.to_string() == *number)
        && let Some(why) = &page.unread
    {
        say(&format!("page {number} could not be read: {}", clean(why)));
        if located.spans.is_empty() {
            return Ok(Answer::Nothing);
        }
    }
    text(&located, out)?;
    Ok(Answer::Found)
}

/// The other documents of the same work, a line each.
fn others(index: &Index, document: &DocumentRecord) -> Result<Vec<String>> {
    let is_it = |member: &corpus::Member| member.source == document.source.path;
    let Some(work) = index.works()?.into_iter().find(|work| work.documents.iter().any(is_it)) else {
        return Ok(Vec::new());
    };
    let (_, edition) = corpus::edition(&document.meta.id);
    let line = |member: &corpus::Member| {
        let what = match member.edition.cmp(&edition) {
            _ if member.sha256 == document.source.sha256 => "the same file",
            Ordering::Less => "an earlier edition",
            Ordering::Greater => "a later edition",
            Ordering::Equal => "the same edition",
        };
        format!("{what}: {}, {}", member.id, member.source)
    };
    Ok(work.documents.iter().filter(|member| !is_it(member)).map(line).collect())
}

/// What a locator or a target names; the file in the folder of reports must then be the one that was
/// cited.
///
/// # Errors
/// `Usage` where there is no such place, `Input` where the source has changed.
pub(super) fn located(index: &Index, words: &str, corpus: Option<&Path>) -> Result<Located> {
    match cited(words)? {
        Some(target) => resolved(index, &target, corpus),
        None => locate(index, words),
    }
}

/// The target that is given in place of a locator.
fn cited(words: &str) -> Result<Option<Target>> {
    let unread = |at: &str, e: std::io::Error| {
        Error::new(ErrorKind::Input, "cannot read the target").at(at).because(e)
    };
    let words = words.trim();
    let json = match (words, words.strip_prefix('@')) {
        ("-", _) => std::io::read_to_string(std::io::stdin()).map_err(|e| unread("standard input", e))?,
        (_, Some(file)) => std::fs::read_to_string(file).map_err(|e| unread(file, e))?,
        _ if words.starts_with('{') => words.to_string(),
        _ => return Ok(None),
    };
    target::parse(&json).map(Some)
}

/// What a target names, unless the source has changed since.
fn resolved(index: &Index, target: &Target, corpus: Option<&Path>) -> Result<Located> {
    let located = target::resolve(index, target)?;
    if let Some(corpus) = corpus {
        let file = corpus.join(&located.document.source.path);
        let bytes = std::fs::read(&file).map_err(|e| {
            Error::new(ErrorKind::Input, "cannot read the source that is cited").at(file.display()).because(e)
        })?;
        let now = corpus::sha256_hex(&bytes);
        if now != target.sha256 {
            return Err(Error::new(ErrorKind::Input, "the source has changed since it was cited")
                .at(file.display())
                .because(format!("the citation is of sha256 {}, the file has {now}", target.sha256))
                .hint("build the index anew and search for the quoted words"));
        }
    }
    Ok(located)
}

/// The page of a file as the readers and the layout understood it, without the index.
fn as_read(args: &Args, out: &mut Out) -> Result<Answer> {
    let words = args.locator.join(" ");
    let how = "name a file and a page: paydirt show reports/report.pdf p 3 --layout";
    let parsed = words.rsplit_once(" p ").or_else(|| words.rsplit_once(" page "));
    let (file, number) = match parsed.map(|(file, number)| (file.trim(), number.trim().parse::<u32>())) {
        Some((file, Ok(number))) => (file, number),
        _ => return Err(Error::new(ErrorKind::Usage, "this names no page of a file").at(words).hint(how)),
    };
    let mined = args.reading.one(Path::new(file))?;
    let Some(page) = mined.document.page(number) else {
        return Err(Error::new(ErrorKind::Usage, format!("there is no page {number}"))
            .at(file)
            .hint(format!("it has pages 1 to {}", mined.document.pages.len())));
    };
    if args.boxes {
        let placed = layout::boxes(&mined.document, page.number);
        out.line(&serde_json::to_string_pretty(&placed).unwrap_or_default())?;
    } else {
        out.print(
            &layout::describe(&mined.document, page.number)
                .lines()
                .fold(String::new(), |all, line| all + &clean(line) + "\n"),
        )?;
    }
    Ok(Answer::Found)
}

/// `page 14 of 27 (printed 14/27)`
fn place(located: &Located) -> String {
    let document = &located.document;
    let pages = document.pages.len();
    let numbers: Vec<u32> = match &located.part {
        Part::Page(number) => number.parse().into_iter().collect(),
        Part::Whole => Vec::new(),
        _ => located.passages.iter().map(|p| p.page).collect(),
    };
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(last)) => {
            let label = document.pages.iter().find(|p| p.number == *first).and_then(|p| p.label.clone());
            let printed = match label.filter(|l| *l != first.to_string()) {
                Some(label) => format!(" (printed {})", clean(&label)),
                None => String::new(),
            };
            match first == last {
                true => format!("page {first} of {pages}{printed}"),
                false => format!("pages {first} to {last} of {pages}"),
            }
        }
        _ if pages == 1 => "1 page".to_string(),
        _ => format!("{pages} pages"),
    }
}

fn furniture(why: paydirt::document::FurnitureKind) -> &'static str {
    use paydirt::document::FurnitureKind as F;
    match why {
        F::RunningHead => "running head",
        F::RunningFoot => "running foot",
        F::PageNumber => "page number",
        F::JobNumber => "job number",
        F::BarCode => "bar code",
        F::Invisible => "invisible",
    }
}

/// The text asked for, a blank line between paragraphs and none between rows of a table.
fn text(located: &Located, out: &mut Out) -> Result<()> {
    let mut paragraph = String::new();
    let mut before = None;
    let mut first = String::new();
    for span in &located.spans {
        for passage in &located.passages {
            let start = span.start.max(passage.span.start);
            let end = span.end.min(passage.span.end);
            if start >= end {
                continue;
            }
            let piece = passage.text.get(start - passage.span.start..end - passage.span.start).unwrap_or("");
            paragraph.push_str(piece);
            // A piece of a long paragraph goes on in the next passage.
            if !piece.ends_with('\n') && end == passage.span.end && end != span.end {
                continue;
            }
            if paragraph.trim().is_empty() {
                paragraph.clear();
                continue;
            }
            if !(passage.kind == ParagraphKind::TableRow && before == Some(ParagraphKind::TableRow)) {
                out.line("")?;
            }
            before = Some(passage.kind);
            if passage.kind == ParagraphKind::Footnote
                && let Some(note) = &passage.paragraph
            {
                first = format!("[{}] ", clean(note));
            }
            out.print(&wrapped(&clean(&paragraph), &first, ""))?;
            first.clear();
            paragraph.clear();
        }
    }
    if !paragraph.trim().is_empty() {
        out.line("")?;
        out.print(&wrapped(&clean(&paragraph), "", ""))?;
    }
    Ok(())
}
