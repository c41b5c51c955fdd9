//! `paydirt completions` and `paydirt man`: what a shell and a manual know of the commands.

use super::output::Out;
use super::{Answer, Cli};
use clap::CommandFactory;
use clap_complete::Shell;
use paydirt::error::{Error, ErrorKind, Result};
use std::path::PathBuf;

/// Print the completions of a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    paydirt completions bash > ~/.local/share/bash-completion/completions/paydirt\n  \
    paydirt completions zsh > ~/.zfunc/_paydirt\n  \
    paydirt completions fish > ~/.config/fish/completions/paydirt.fish")]
pub struct Args {
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub fn run(args: &Args, out: &mut Out) -> Result<Answer> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "paydirt", &mut script);
    out.print(&String::from_utf8_lossy(&script))?;
    Ok(Answer::Found)
}

/// Write the manual: a page for paydirt and one for each command.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  paydirt man ~/.local/share/man/man1 && man paydirt-search")]
pub struct ManArgs {
    /// The folder to write to, which is made where it is missing.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub fn man(args: &ManArgs, out: &mut Out) -> Result<Answer> {
    let mut command = Cli::command();
    command.build();
    let pages = command.get_subcommands().filter(|s| s.get_name() != "help").count() + 1;
    std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(command, &args.folder))
        .map_err(|e| {
            Error::new(ErrorKind::Output, "cannot write the manual").at(args.folder.display()).because(e)
        })?;
    out.line(&format!("{pages} pages of the manual: {}", args.folder.display()))?;
    Ok(Answer::Found)
}
