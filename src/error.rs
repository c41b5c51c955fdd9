//! What went wrong, where, why, and what to type next.
//!
//! One error type for the whole program: errors are part of the interface. It is not a place for
//! control flow, and a bad document is not an error of the run: it becomes a line of the account.

use std::fmt;

/// What a failure means for the run; the faces turn it into an exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request cannot be understood: a bad argument, query or locator.
    Usage,
    /// A source cannot be read: missing, damaged, locked with a password, of no known format.
    Input,
    /// The index is missing, of another version, locked or damaged.
    Index,
    /// A result cannot be written: disk full, folder read-only.
    Output,
    /// Whoever read the output has gone; not an error to the user.
    ClosedPipe,
    /// The user stopped the run.
    Interrupted,
}

/// An error told in four parts: what, where, why, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    /// What could not be done, as a sentence without a full stop.
    pub what: String,
    /// The file, folder or text it is about.
    pub place: Option<String>,
    /// The cause as the system or a library told it.
    pub cause: Option<String>,
    /// What to type or change next.
    pub hint: Option<String>,
}

/// The result of whatever can fail in this program.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Error { kind, what: what.into(), place: None, cause: None, hint: None }
    }

    /// Names the file, folder or text the error is about.
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.place = Some(place.to_string());
        self
    }

    /// Adds the cause as told by the system or a library.
    pub fn because(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// What, where and why on one line, without the hint: for the account.
    pub fn in_one_line(&self) -> String {
        Error { hint: None, ..self.clone() }.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Adds what to type or change next.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Error {
    /// `what: place: cause`, and the hint on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for part in [&self.place, &self.cause].into_iter().flatten() {
            write!(f, ": {part}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
