//! `paydirt status`: what the index holds, and what became of every source.

use super::Answer;
use super::output::Out;
use super::page::clean;
use clap::ValueEnum;
use paydirt::corpus::Account;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::extract::Kind;
use paydirt::index::Index;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Print the account of the index: versions, documents, pages read and unread with reasons,
/// sources by outcome, mentions by kind.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// List the documents with their pages, passages and mentions.
    #[arg(long)]
    documents: bool,
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
    /// Where the index is kept.
    #[arg(long, value_name = "DIR", default_value = "index")]
    index: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Text,
    Json,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let index = Index::open(&args.index)?;
    let rows = index.account()?;
    let mut account = Account::new();
    let mut mentions: BTreeMap<&str, u64> = Kind::ALL.iter().map(|k| (k.name(), 0)).collect();
    for row in &rows {
        account.enter(row.source.clone(), row.outcome.clone(), u32::try_from(row.pages).unwrap_or(u32::MAX));
        for (kind, n) in &row.mentions {
            *mentions.entry(kind.as_str()).or_default() += n;
        }
    }
    let counts = account.counts();
    let head = &index.head;
    if args.format == Form::Json {
        let status = serde_json::json!({
            "schema": "paydirt.status/1",
            "index": args.index.display().to_string(),
            "format": head.format,
            "version": head.version,
            "fingerprint": head.fingerprint,
            "languages": head.languages,
            "documents": head.documents,
            "passages": head.passages,
            "mentions": mentions,
            "sources": {
                "total": counts.sources, "read": counts.read, "in_part": counts.in_part,
                "skipped": counts.skipped, "failed": counts.failed,
            },
            "pages": { "total": counts.pages, "read": counts.pages_read, "unread": counts.pages_unread },
            "works": index.works()?,
            "account": rows,
        });
        let text = serde_json::to_string(&status)
            .map_err(|e| Error::new(ErrorKind::Output, "cannot write the account").because(e))?;
        out.line(&text)?;
        return Ok(Answer::Found);
    }
    out.line(&format!("index      {}", args.index.display()))?;
    out.line(&format!(
        "built by   paydirt {} (index format {}, rules {})",
        head.version, head.format, head.fingerprint
    ))?;
    out.line(&format!("documents  {}", head.documents))?;
    out.line(&format!("passages   {} ({})", head.passages, head.languages.join(", ")))?;
    let by_kind: Vec<String> =
        Kind::ALL.iter().map(|k| format!("{k} {}", mentions.get(k.name()).unwrap_or(&0))).collect();
    out.line(&format!("mentions   {}: {}", head.mentions, by_kind.join(", ")))?;
    for line in account.lines() {
        out.line(&clean(&line))?;
    }
    let works = index.works()?;
    if !works.is_empty() {
        out.line("editions and copies:")?;
        for work in works {
            let documents: Vec<String> =
                work.documents.iter().map(|d| format!("{} ({})", d.id, d.source)).collect();
            out.line(&format!("  {}: {}", clean(&work.work), clean(&documents.join(", "))))?;
        }
    }
    let warned: Vec<_> = rows.iter().filter(|r| !r.warnings.is_empty()).collect();
    if !warned.is_empty() {
        out.line("warnings:")?;
        for row in warned {
            for warning in &row.warnings {
                let page = warning.page.map(|p| format!(", page {p}")).unwrap_or_default();
                out.line(&format!("  {}{page}: {}", clean(&row.source), clean(&warning.what)))?;
            }
        }
    }
    if args.documents {
        out.line("\ndocument: pages, passages, mentions, title, file")?;
        for row in &rows {
            let Some(document) = &row.document else { continue };
            let mentions: u64 = row.mentions.values().sum();
            let pages = if row.pages_read == row.pages {
                row.pages.to_string()
            } else {
                format!("{} of {}", row.pages_read, row.pages)
            };
            out.line(&format!(
                "{}: {pages}, {}, {mentions}, {}, {}",
                clean(&document.id),
                row.passages,
                clean(document.title.as_deref().unwrap_or("no title")),
                clean(&row.source)
            ))?;
        }
    }
    Ok(Answer::Found)
}
