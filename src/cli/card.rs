//! `paydirt card`: one place of a report as evidence to hand on: the words, where they stand, the
//! source's fingerprint and the page with the figure boxed.

use super::Answer;
use super::output::Out;
use super::show::located;
use clap::ValueEnum;
use paydirt::corpus;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::Index;
use paydirt::picture::{Limits, Request, draw};
use paydirt::search::card::{Card, card};
use paydirt::web;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Make an evidence card of a passage: one file, readable without paydirt and without a network.
///
/// The source must still be the file that was indexed; if it has changed there is no card. HTML, DOCX
/// and text have no page to draw, so their cards are without a picture.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt card S/2022/132 para 106 -o card.html\n  \
    paydirt card S/2022/132 p 14 --figure '$400 million' -o card.png\n  \
    paydirt card report.pdf table 2 row 5 --corpus reports > card.html\n  \
    paydirt card @cited.json -o card.html      what `search` or `show --target` cited")]
pub struct Args {
    /// A document (id, symbol or file) and a place in it, as `paydirt show` takes it.
    #[arg(required = true, value_name = "LOCATOR")]
    locator: Vec<String>,
    /// The figure to box, as printed or by its value; without it every amount of the passage.
    #[arg(long, value_name = "FIGURE", allow_hyphen_values = true)]
    figure: Option<String>,
    /// html, png or jsonl [default: by the ending of the file, else html]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Form>,
    /// Write to a file, which appears when it is whole, instead of standard output.
    #[arg(long, short, visible_alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,
    /// Give N passages before and after, in html and jsonl.
    #[arg(long, short = 'C', value_name = "N", default_value_t = 1)]
    context: usize,
    /// Width of the page in pixels.
    #[arg(long, value_name = "PIXELS", default_value_t = 1200, value_parser = clap::value_parser!(u32).range(300..=2400))]
    width: u32,
    /// The folder of reports [default: the one the index was built from].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Html,
    Png,
    Jsonl,
}

pub fn run(args: &Args, stdout: &mut Out) -> Result<Answer> {
    let form = args.format.unwrap_or_else(|| by_ending(args.output.as_deref()));
    let index = Index::open(&args.index)?;
    let located = located(&index, &args.locator.join(" "), None)?;
    let card = card(&index, &located, args.figure.as_deref(), args.context)?;
    let folder = args.corpus.clone().unwrap_or_else(|| index.head.sources());
    let bytes = corpus::original(&folder, &located.document.source).map_err(|e| match e.hint {
        None => e.hint("name the folder the index was built from with --corpus, or build the index anew"),
        Some(_) => e,
    })?;
    let drawn = |request: Option<Request>| request.map(|r| draw(&bytes, &r, &Limits::default())).transpose();
    let made = match form {
        Form::Png => {
            let whole = card.whole_page(args.width).map(|r| Request { caption: card.caption(), ..r });
            drawn(whole)?.ok_or_else(|| no_picture(&card))?
        }
        Form::Html => {
            let (strip, whole) = (drawn(card.strip(args.width))?, drawn(card.whole_page(args.width))?);
            web::card::card(&card, strip.as_deref(), whole.as_deref()).into_bytes()
        }
        Form::Jsonl => {
            let json = serde_json::to_string(&card)
                .map_err(|e| Error::new(ErrorKind::Output, "cannot print a card").because(e))?;
            (json + "\n").into_bytes()
        }
    };
    let mut file = args.output.as_deref().map(Out::file).transpose()?;
    let out = file.as_mut().unwrap_or(stdout);
    if form == Form::Png && out.is_terminal() {
        return Err(Error::new(ErrorKind::Usage, "cannot write png here")
            .because("a terminal cannot show it")
            .hint("name a file: --output card.png"));
    }
    let written = out.write_all(&made).and_then(|()| out.flush());
    if let Err(e) = written {
        return Err(out
            .failure()
            .unwrap_or(Error::new(ErrorKind::Output, "cannot write the card").because(e)));
    }
    file.map_or(Ok(()), Out::finish)?;
    Ok(Answer::Found)
}

fn by_ending(file: Option<&Path>) -> Form {
    let ending = file.and_then(|f| f.extension()).and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    match ending.as_str() {
        "png" => Form::Png,
        "json" | "jsonl" => Form::Jsonl,
        _ => Form::Html,
    }
}

fn no_picture(card: &Card) -> Error {
    Error::new(ErrorKind::Usage, "there is no page to draw")
        .at(&card.source)
        .because("only a PDF has pages")
        .hint("paydirt card ... --format html makes a card without a picture")
}
