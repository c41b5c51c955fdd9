//! `paydirt serve`: the index in a browser, on this machine.

use super::Answer;
use super::output::say;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::index::Index;
use paydirt::web::{App, Manners, serve};
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Shorter tokens can be guessed.
const SHORTEST_TOKEN: usize = 16;

/// Serve the index to a browser: search, the page with the figure boxed, verdicts, and an API.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt serve\n  \
    paydirt serve --index /data/reports-index --port 0\n  \
    paydirt serve --listen 0.0.0.0 --name reports.example --token-file token.txt")]
pub struct Args {
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
    /// The folder of reports: pages are drawn and originals given from it [default: the one the index
    /// was built from].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// A folder of labels as `paydirt eval` takes it: the corpus page tells how the index agrees with them.
    #[arg(long, value_name = "FOLDER")]
    gold: Option<PathBuf>,
    /// The address to listen on; one that others can reach needs a token.
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
    /// The port; 0 for any that is free.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    port: u16,
    /// A name, with its port or without, under which it is asked as well.
    #[arg(long, value_name = "HOST")]
    name: Vec<String>,
    /// A file with a token that every request must carry.
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Answer> {
    let token = token(args)?;
    if token.is_none() && !args.listen.is_loopback() {
        return Err(Error::new(ErrorKind::Usage, "others could reach this address, and there is no token")
            .at(args.listen)
            .hint("name a file with a long random text: --token-file FILE"));
    }
    let index = Index::open(&args.index)?;
    let corpus = args.corpus.clone().unwrap_or_else(|| index.head.sources());
    if !corpus.is_dir() {
        let what = match args.corpus {
            Some(_) => "is no folder",
            None => "which the index was built from, is gone",
        };
        let comma = if args.corpus.is_some() { "" } else { "," };
        say(&format!(
            "note: {}{comma} {what}, so pages have no pictures; name the corpus: --corpus DIR",
            corpus.display()
        ));
    }
    let mut app = App::new(index, Some(&corpus), Manners::new(token.clone(), &args.name))?;
    if let Some(gold) = &args.gold {
        app = app.with_gold(gold)?;
    }
    serve(app, SocketAddr::new(args.listen, args.port), |address| {
        let query = if token.is_some() { "?token=..." } else { "" };
        // The address is wanted at once, not when the run ends; nobody may be reading it.
        drop(writeln!(std::io::stdout(), "http://{address}/{query}"));
        say("serving; Ctrl-C stops it");
    })?;
    Ok(Answer::Found)
}

fn token(args: &Args) -> Result<Option<String>> {
    let Some(path) = &args.token_file else { return Ok(None) };
    let bad =
        |why: String| Error::new(ErrorKind::Usage, "cannot use the token").at(path.display()).because(why);
    let text = std::fs::read_to_string(path).map_err(|e| bad(e.to_string()))?;
    let token = text.trim().to_string();
    let is_plain = token.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if token.len() < SHORTEST_TOKEN || !is_plain {
        return Err(bad(format!("{SHORTEST_TOKEN} letters, digits, - and _ are needed at least")));
    }
    Ok(Some(token))
}
