//! The command line as its user sees it: arguments in; stdout, stderr and exit status out, in a
//! closed environment and a folder of its own.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

mod bad_input;
mod card;
mod check;
mod conflicts;
mod crash;
mod determinism;
mod diff;
mod export;
mod extract;
mod hostile;
mod lineage;
mod mutants;
mod official;
#[path = "../reading/writer.rs"]
#[allow(dead_code, reason = "the tests of reading use all of it")]
mod pdf;
mod readme;
mod reported;
mod schemas;
mod search;
mod update;
mod verdicts;
mod verify;

/// A folder that goes away with the test, and the program run in it.
#[derive(Debug)]
pub struct Sandbox {
    folder: tempfile::TempDir,
}

/// What a run of the program gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub stdout: String,
    pub stderr: String,
    /// -1 where a signal ended it.
    pub status: i32,
}

impl Sandbox {
    pub fn in_a_new_folder() -> Self {
        Sandbox { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    /// The program with nothing in its environment but what it needs to run.
    pub fn command(&self, args: &[&str]) -> Command {
        // A release build may be tried instead, which the long harnesses want.
        let other = std::env::var_os("PAYDIRT_PROGRAM");
        let mut command = Command::new(other.as_deref().unwrap_or(env!("CARGO_BIN_EXE_paydirt").as_ref()));
        command.args(args).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        let output = self.command(args).output().unwrap();
        Run {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code().unwrap_or(-1),
        }
    }
}

impl Run {
    /// stderr without the line that tells how long it took.
    pub fn talk(&self) -> String {
        self.stderr
            .lines()
            .filter(|line| !line.contains("pages/s)"))
            .fold(String::new(), |all, line| all + line + "\n")
    }
}
