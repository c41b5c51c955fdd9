//! Where results and talk go: stdout or a file for rows, stderr for the rest.
//!
//! Write errors are told with their place; a pipe closed by the reader ends the run quietly.

use super::ColorWhen;
use paydirt::error::{Error, ErrorKind, Result};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// A destination of results.
#[derive(Debug)]
pub struct Out {
    sink: Sink,
    /// Whether to mark with colour.
    color: bool,
    /// The first failure of a writer that knows [`io::Write`] only; see [`Out::finish`].
    failure: Option<Error>,
}

#[derive(Debug)]
enum Sink {
    Stdout(BufWriter<io::Stdout>),
    /// Written beside its place and moved there when whole, so that a failed run leaves no half
    /// file.
    File {
        writer: BufWriter<tempfile::NamedTempFile>,
        path: PathBuf,
    },
    /// A pipe, device or terminal named as a file: written in place.
    Device {
        writer: BufWriter<std::fs::File>,
        path: PathBuf,
    },
}

impl Out {
    pub fn stdout(when: ColorWhen) -> Self {
        let color = match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => {
                std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && io::stdout().is_terminal()
            }
        };
        Out { sink: Sink::Stdout(BufWriter::with_capacity(1 << 16, io::stdout())), color, failure: None }
    }

    /// A file that appears under its name only when [`Out::finish`] succeeds.
    ///
    /// # Errors
    /// `Output` when its folder cannot be written.
    pub fn file(path: &Path) -> Result<Self> {
        let sink = match std::fs::metadata(path) {
            Ok(there) if there.is_dir() => {
                return Err(Error::new(ErrorKind::Output, "cannot write")
                    .at(path.display())
                    .because("it is a folder")
                    .hint("name a file"));
            }
            Ok(there) if !there.is_file() => {
                let device = std::fs::File::options().write(true).open(path);
                let device = device.map_err(|e| cannot_write(path.display(), &e))?;
                Sink::Device { writer: BufWriter::with_capacity(1 << 16, device), path: path.into() }
            }
            _ => {
                let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new("."));
                // Asked first: an error of the temporary file would name a file nobody has heard of.
                let writer = std::fs::metadata(folder).and_then(|_| new_file(folder)).map_err(|e| {
                    cannot_write(path.display(), &e)
                        .hint("name a file in a folder that exists and can be written")
                })?;
                Sink::File { writer: BufWriter::with_capacity(1 << 16, writer), path: path.into() }
            }
        };
        Ok(Out { sink, color: false, failure: None })
    }

    /// Whether matches should be marked with colour.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Whether what is written shows on a terminal.
    pub fn is_terminal(&self) -> bool {
        match &self.sink {
            Sink::Stdout(_) => io::stdout().is_terminal(),
            Sink::File { .. } => false,
            Sink::Device { writer, .. } => writer.get_ref().is_terminal(),
        }
    }

    /// The file that is written now and moves to its name when whole.
    pub fn new_file(&self) -> Option<&Path> {
        match &self.sink {
            Sink::File { writer, .. } => Some(writer.get_ref().path()),
            _ => None,
        }
    }

    /// Writes text as it is.
    ///
    /// # Errors
    /// `Output`, or `ClosedPipe` when the reader of stdout has gone.
    pub fn print(&mut self, text: &str) -> Result<()> {
        self.writer().write_all(text.as_bytes()).map_err(|e| self.failed(&e))
    }

    fn writer(&mut self) -> &mut dyn Write {
        match &mut self.sink {
            Sink::Stdout(writer) => writer,
            Sink::File { writer, .. } => writer,
            Sink::Device { writer, .. } => writer,
        }
    }

    /// Writes a line.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub fn line(&mut self, text: &str) -> Result<()> {
        self.print(text)?;
        self.print("\n")
    }

    /// The first failure of writing through [`io::Write`], told with its place.
    pub fn failure(&mut self) -> Option<Error> {
        self.failure.take()
    }

    /// Flushes; a file moves to its name.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub fn finish(mut self) -> Result<()> {
        self.writer().flush().map_err(|e| self.failed(&e))?;
        if let Sink::File { writer, path } = self.sink {
            let file = writer.into_inner().map_err(|e| cannot_write(path.display(), e.error()))?;
            file.persist(&path).map_err(|e| cannot_write(path.display(), &e.error))?;
        }
        Ok(())
    }

    fn failed(&self, error: &io::Error) -> Error {
        match &self.sink {
            Sink::File { path, .. } | Sink::Device { path, .. } => cannot_write(path.display(), error),
            Sink::Stdout(_) if error.kind() == io::ErrorKind::BrokenPipe => {
                Error::new(ErrorKind::ClosedPipe, "the reader of the output has gone")
            }
            Sink::Stdout(_) => cannot_write("standard output", error),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.writer().write(bytes);
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failure = self.failure.take().or_else(|| Some(self.failed(error)));
        }
        written
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer().flush().inspect_err(|error| {
            self.failure = self.failure.take().or_else(|| Some(self.failed(error)));
        })
    }
}

fn cannot_write(place: impl std::fmt::Display, error: &io::Error) -> Error {
    let refusal = Error::new(ErrorKind::Output, "cannot write").at(place).because(error);
    match error.kind() {
        io::ErrorKind::StorageFull => refusal.hint("free some space, or write to another disk"),
        _ => refusal,
    }
}

/// A temporary file with the permissions of a new file.
fn new_file(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".paydirt-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Prints an error to stderr in the form every command uses.
pub fn complain(error: &Error) {
    say(&format!("paydirt: {error}"));
}

/// Prints a line of talk to stderr. A stderr that cannot be written leaves nobody to tell.
pub fn say(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}
