//! Face one: the command line, a file per command.
//!
//! Results go to stdout, talk and progress to stderr. Exit status: 0 found or all went well, 1 ran
//! well and found nothing, 2 could not do what was asked. A closed pipe is not an error.

mod audit;
mod build;
mod card;
mod check;
mod chosen;
mod completions;
mod config;
mod conflicts;
mod diff;
mod eval;
mod explain;
mod export;
mod extract;
mod fault;
mod interrupt;
mod lineage;
mod mining;
mod output;
mod page;
mod progress;
mod queries;
mod rows;
mod search;
mod serve;
mod show;
mod status;
mod update;
mod verify;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use paydirt::error::{Error, ErrorKind};
use std::process::ExitCode;

/// Mines report corpora for checkable figures: amounts, dates, exchange names, wallet addresses,
/// each with the page it stands on.
#[derive(Debug, Parser)]
#[command(
    name = "paydirt",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    after_help = "Start with `paydirt build FOLDER`, then `paydirt search WORDS`.\n\
                  Exit status: 0 found, 1 nothing found, 2 could not do what was asked."
)]
struct Cli {
    /// When to mark matches with colour; NO_COLOR in the environment means never.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorWhen,
    /// The file of settings [default: paydirt/config.toml where settings are kept]; keys: index,
    /// jobs, limit, color.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<std::path::PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ColorWhen {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Build(build::Args),
    Search(Box<search::Args>),
    Verify(verify::Args),
    Check(check::Args),
    Lineage(lineage::Args),
    Conflicts(conflicts::Args),
    Show(show::Args),
    Card(card::Args),
    Status(status::Args),
    Audit(audit::Args),
    Diff(diff::Args),
    Extract(extract::Args),
    Export(Box<export::Args>),
    Explain(explain::Args),
    Eval(eval::Args),
    Completions(completions::Args),
    Man(completions::ManArgs),
    Serve(serve::Args),
}

/// What a command that ran well found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Found,
    Nothing,
}

/// Runs the command of the process's arguments and tells its exit status.
pub fn main() -> ExitCode {
    fault::quiet();
    let args: Vec<std::ffi::OsString> = std::env::args_os().collect();
    let command = match config::Config::of(&args) {
        Ok(config) => config.applied(Cli::command()),
        Err(error) => {
            output::complain(&error);
            return ExitCode::from(2);
        }
    };
    let parsed = command.try_get_matches_from(args).and_then(|found| Cli::from_arg_matches(&found));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(refusal) => {
            let status = if refusal.use_stderr() { 2 } else { 0 };
            // A pipe closed while help is printed is no error.
            drop(refusal.print());
            return ExitCode::from(status);
        }
    };
    let mut out = output::Out::stdout(cli.color);
    let answer = fault::caught(|| match &cli.command {
        Command::Build(args) => build::run(args, &mut out),
        Command::Search(args) => search::run(args, &mut out),
        Command::Verify(args) => verify::run(args, &mut out),
        Command::Check(args) => check::run(args, &mut out),
        Command::Lineage(args) => lineage::run(args, &mut out),
        Command::Conflicts(args) => conflicts::run(args, &mut out),
        Command::Show(args) => show::run(args, &mut out),
        Command::Card(args) => card::run(args, &mut out),
        Command::Audit(args) => audit::run(args, &mut out),
        Command::Diff(args) => diff::run(args, &mut out),
        Command::Status(args) => status::run(args, &mut out),
        Command::Extract(args) => extract::run(args, &mut out),
        Command::Export(args) => export::run(args, &mut out),
        Command::Explain(args) => explain::run(args, &mut out),
        Command::Eval(args) => eval::run(args, &mut out),
        Command::Completions(args) => completions::run(args, &mut out),
        Command::Man(args) => completions::man(args, &mut out),
        Command::Serve(args) => serve::run(args),
    })
    .unwrap_or_else(|fault| Err(Error::new(ErrorKind::Input, fault)));
    match answer.and_then(|answer| out.finish().map(|()| answer)) {
        Ok(Answer::Found) => ExitCode::SUCCESS,
        Ok(Answer::Nothing) => ExitCode::from(1),
        Err(error) if error.kind == ErrorKind::ClosedPipe => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::from(2)
        }
    }
}
