//! `paydirt explain`: what is found in a text and why, or the cases of an extractor, or a rule.

use super::Answer;
use super::output::Out;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::extract::{self, EXTRACTORS, Extractor, Kind, Rule};
use paydirt::structure;

/// Show what is found in a text, by which rule, and what was considered and turned down.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt explain 'nearly $400 million in at least seven attacks in 2021'\n  \
    paydirt explain wallets        the cases of an extractor\n  \
    paydirt explain amount-range   a rule")]
pub struct Args {
    /// A text, the name of an extractor (amounts, dates, exchanges, wallets) or of a rule.
    #[arg(required = true, value_name = "TEXT")]
    words: Vec<String>,
    /// The day the text was published (YYYY-MM-DD), for "last year" and dates without a year.
    #[arg(long, value_name = "DAY")]
    published: Option<String>,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let text = args.words.join(" ");
    if let Some(extractor) = EXTRACTORS.iter().find(|x| x.name == text.trim()) {
        return extractor_cases(extractor, out);
    }
    if let Some(rule) = every_rule().find(|rule| rule.name == text.trim()) {
        return one_rule(rule, out);
    }
    if text.trim().is_empty() {
        return Err(Error::new(ErrorKind::Usage, "there is no text to explain")
            .hint("paydirt explain 'more than $50 million in 2021'"));
    }
    found_in(&text, args.published.as_deref(), out)
}

fn every_rule() -> impl Iterator<Item = &'static Rule> {
    EXTRACTORS.iter().flat_map(|x| x.rules.iter().copied())
}

fn extractor_cases(extractor: &Extractor, out: &mut Out) -> Result<Answer> {
    out.line(&format!("Rules of {}:", extractor.name))?;
    for rule in extractor.rules {
        out.line(&format!("  {:28} {}", rule.name, rule.finds))?;
    }
    out.line(&format!("\nCases (src/extract/{}.cases.md):\n", extractor.name))?;
    out.print(extractor.cases)?;
    Ok(Answer::Found)
}

fn one_rule(rule: &Rule, out: &mut Out) -> Result<Answer> {
    out.line(&format!("{}  ({}:{})", rule.name, rule.file, rule.line))?;
    for (head, text) in [
        ("finds", rule.finds),
        ("leaves out", rule.leaves_out),
        ("example", rule.example),
        ("source", rule.source),
    ] {
        if !text.is_empty() {
            out.line(&format!("  {head:11} {text}"))?;
        }
    }
    Ok(Answer::Found)
}

fn found_in(text: &str, published: Option<&str>, out: &mut Out) -> Result<Answer> {
    let mut document = structure::plain(text);
    document.meta.published = published.map(str::to_string);
    let findings = extract::extract(&document, &Kind::ALL);
    for mention in &findings.mentions {
        out.line(&format!("{}  {}", mention.value.kind(), mention.span.of(&document.text)))?;
        out.line(&format!("  value       {}", mention.value))?;
        if let Some(from) = &mention.inherited {
            out.line(&format!("  rests on    {from}"))?;
        }
        if let Some(tied) = mention.tied_to {
            out.line(&format!("  same sum as {}", tied.of(&document.text)))?;
        }
        why(&mention.rule, out)?;
    }
    for rejected in &findings.rejected {
        out.line(&format!("not a {}  {}", rejected.kind, rejected.span.of(&document.text)))?;
        out.line(&format!("  because     {}", rejected.why))?;
        why(&rejected.rule, out)?;
    }
    if findings.mentions.is_empty() && findings.rejected.is_empty() {
        out.line("nothing found: no amount, date, exchange name or wallet address stands in this text")?;
    }
    Ok(if findings.mentions.is_empty() { Answer::Nothing } else { Answer::Found })
}

fn why(name: &str, out: &mut Out) -> Result<()> {
    match every_rule().find(|rule| rule.name == name) {
        Some(rule) => {
            out.line(&format!("  rule        {name} ({}:{}): {}", rule.file, rule.line, rule.finds))
        }
        None => out.line(&format!("  rule        {name}")),
    }
}
