//! Rows to stdout or a file, for every command that prints rows.

use super::output::Out;
use clap::ValueEnum;
use paydirt::error::{Error, ErrorKind, Result};
use paydirt::export::{self, About, Format, Place, Rows, Writer};
use std::path::Path;

/// Formats of rows as they come, of `extract`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RowFormat {
    Jsonl,
    Csv,
    Table,
    Parquet,
}

/// Formats of a whole file, of `export`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileFormat {
    Jsonl,
    Csv,
    Table,
    Parquet,
    Sqlite,
    Stix,
    Ftm,
}

impl RowFormat {
    pub fn format(self) -> Format {
        match self {
            RowFormat::Jsonl => Format::Jsonl,
            RowFormat::Csv => Format::Csv,
            RowFormat::Table => Format::Table,
            RowFormat::Parquet => Format::Parquet,
        }
    }
}

impl FileFormat {
    pub fn format(self) -> Format {
        match self {
            FileFormat::Jsonl => Format::Jsonl,
            FileFormat::Csv => Format::Csv,
            FileFormat::Table => Format::Table,
            FileFormat::Parquet => Format::Parquet,
            FileFormat::Sqlite => Format::Sqlite,
            FileFormat::Stix => Format::Stix,
            FileFormat::Ftm => Format::Ftm,
        }
    }
}

/// Opens the place of the rows, lets them be written, and ends it: a file appears under its name
/// only when it is whole.
///
/// # Errors
/// `Usage` where the format cannot go to that place, `Output` where it cannot be written, and what
/// `fill` answers.
pub fn write<T>(
    format: Format,
    rows: &'static Rows,
    about: About,
    file: Option<&Path>,
    stdout: &mut Out,
    fill: impl FnOnce(&mut dyn Writer) -> Result<T>,
) -> Result<T> {
    let mut made = file.map(Out::file).transpose()?;
    let out = made.as_mut().unwrap_or(stdout);
    let refused = |why: &str| {
        let hint = format!("name a file: --format {0} --output rows.{0}", format.name());
        Err(Error::new(ErrorKind::Usage, format!("cannot write {} here", format.name()))
            .because(why)
            .hint(hint))
    };
    if format.is_binary() && out.is_terminal() {
        return refused("a terminal cannot show it");
    }
    let place = out.new_file().map(Path::to_path_buf);
    let place = match (&place, format.needs_a_file()) {
        (Some(path), true) => Place::File(path),
        (None, true) => return refused("it needs a file of its own"),
        (_, false) => Place::Stream(out),
    };
    let filled = export::writer(format, rows, about, place).and_then(|mut writer| {
        let filled = fill(writer.as_mut())?;
        writer.finish()?;
        Ok(filled)
    });
    let filled = match (filled, made.as_mut()) {
        (Ok(filled), _) => filled,
        // The place knows more of what went wrong than the format.
        (Err(error), Some(file)) => return Err(file.failure().unwrap_or(error)),
        (Err(error), None) => return Err(stdout.failure().unwrap_or(error)),
    };
    if let Some(file) = made {
        file.finish()?;
    }
    Ok(filled)
}
