//! Rows to Parquet: a column each, typed, in row groups that go out when they are full.
//!
//! Text is `STRING`, JSON `JSON`, whole numbers `INT64`, days `DATE`. Sums of money stay decimal
//! text, as the contract prints them: they are of any size and scale. A publication date stays text
//! too, for it may be a year alone.

use super::columns::{Column, Holds, Rows};
use super::{About, Row, at, failed, text};
use crate::error::{Error, ErrorKind, Result};
use jiff::civil::{Date, date};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use serde_json::Value as Json;
use std::io::Write;
use std::sync::Arc;

/// A row group holds so many rows,
const GROUP_ROWS: usize = 65_536;
/// or about so many bytes of text, whichever comes first.
const GROUP_BYTES: usize = 24 << 20;

type Sink<'a> = &'a mut (dyn Write + Send);

pub(super) struct Writer<'a> {
    columns: Vec<Held>,
    file: SerializedFileWriter<Sink<'a>>,
    rows: usize,
    bytes: usize,
}

/// The fields of a column that are not written yet.
struct Held {
    column: &'static Column,
    /// 1 for a field that is there, 0 for one that is empty.
    levels: Vec<i16>,
    values: Values,
}

enum Values {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>),
    Real(Vec<f64>),
    YesNo(Vec<bool>),
    /// Days since 1970-01-01.
    Day(Vec<i32>),
}

impl<'a> Writer<'a> {
    pub fn new(rows: &'static Rows, about: About, sink: Sink<'a>) -> Result<Self> {
        let schema = Arc::new(schema(rows).map_err(told)?);
        let about = about.into_iter().map(|(name, value)| KeyValue::new(format!("paydirt.{name}"), value));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("paydirt version {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(about.collect()))
            .build();
        let file = SerializedFileWriter::new(sink, schema, Arc::new(properties)).map_err(told)?;
        Ok(Writer { columns: rows.columns.iter().map(Held::new).collect(), file, rows: 0, bytes: 0 })
    }

    fn flush(&mut self) -> Result<()> {
        let mut group = self.file.next_row_group().map_err(told)?;
        for held in &mut self.columns {
            held.write(&mut group).map_err(told)?;
        }
        group.close().map_err(told)?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl super::Writer for Writer<'_> {
    fn row(&mut self, _: &'static Rows, row: &Row) -> Result<()> {
        let json = row.json();
        for held in &mut self.columns {
            held.take(&json)?;
        }
        self.rows += 1;
        self.bytes += row.text().len();
        if self.rows >= GROUP_ROWS || self.bytes >= GROUP_BYTES { self.flush() } else { Ok(()) }
    }

    fn finish(mut self: Box<Self>) -> Result<()> {
        if self.rows > 0 {
            self.flush()?;
        }
        self.file.close().map(drop).map_err(told)
    }
}

impl Held {
    fn new(column: &'static Column) -> Self {
        let values = match column.holds {
            Holds::Text | Holds::Json => Values::Text(Vec::new()),
            Holds::Whole => Values::Whole(Vec::new()),
            Holds::Real => Values::Real(Vec::new()),
            Holds::YesNo => Values::YesNo(Vec::new()),
            Holds::Day => Values::Day(Vec::new()),
        };
        Held { column, levels: Vec::new(), values }
    }

    /// Takes the column's field of a row. One that is not of the column's type is an error: a file
    /// of other figures than the rows' would be worse than none.
    fn take(&mut self, row: &Json) -> Result<()> {
        let field = at(row, self.column.path);
        let Some(field) = field else {
            self.levels.push(0);
            return Ok(());
        };
        let fits = match &mut self.values {
            Values::Text(values) => {
                let text =
                    if self.column.holds == Holds::Json { field.to_string() } else { text(Some(field)) };
                values.push(ByteArray::from(text.into_bytes()));
                true
            }
            Values::Whole(values) => pushed(values, field.as_i64()),
            Values::Real(values) => pushed(values, field.as_f64()),
            Values::YesNo(values) => pushed(values, field.as_bool()),
            Values::Day(values) => pushed(values, field.as_str().and_then(days)),
        };
        self.levels.push(1);
        if fits {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Output, "a row does not fit its columns")
            .at(self.column.path)
            .because(format!("{field} is no {:?}", self.column.holds)))
    }

    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> std::result::Result<(), ParquetError> {
        fn put<T: DataType, W: Write + Send>(
            group: &mut SerializedRowGroupWriter<'_, W>,
            values: &mut Vec<T::T>,
            levels: &[i16],
        ) -> std::result::Result<(), ParquetError> {
            let missing = || ParquetError::General("there are more columns than in the schema".to_string());
            let mut column = group.next_column()?.ok_or_else(missing)?;
            column.typed::<T>().write_batch(values, Some(levels), None)?;
            values.clear();
            column.close()
        }
        match &mut self.values {
            Values::Text(values) => put::<ByteArrayType, W>(group, values, &self.levels)?,
            Values::Whole(values) => put::<Int64Type, W>(group, values, &self.levels)?,
            Values::Real(values) => put::<DoubleType, W>(group, values, &self.levels)?,
            Values::YesNo(values) => put::<BoolType, W>(group, values, &self.levels)?,
            Values::Day(values) => put::<Int32Type, W>(group, values, &self.levels)?,
        }
        self.levels.clear();
        Ok(())
    }
}

fn pushed<T>(values: &mut Vec<T>, value: Option<T>) -> bool {
    let fits = value.is_some();
    values.extend(value);
    fits
}

fn days(day: &str) -> Option<i32> {
    let day: Date = day.parse().ok()?;
    date(1970, 1, 1).until(day).ok().map(|span| span.get_days())
}

/// The schema of the rows: every column may be empty.
pub(super) fn schema(rows: &Rows) -> std::result::Result<Type, ParquetError> {
    let fields = rows.columns.iter().map(|column| {
        let (physical, logical) = match column.holds {
            Holds::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Holds::Json => (Physical::BYTE_ARRAY, Some(LogicalType::Json)),
            Holds::Whole => (Physical::INT64, None),
            Holds::Real => (Physical::DOUBLE, None),
            Holds::YesNo => (Physical::BOOLEAN, None),
            Holds::Day => (Physical::INT32, Some(LogicalType::Date)),
        };
        Type::primitive_type_builder(&column.name(), physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    });
    Type::group_type_builder(rows.name).with_fields(fields.collect::<std::result::Result<_, _>>()?).build()
}

/// An error of the library; where it only hands on one of the sink, that one.
fn told(error: ParquetError) -> Error {
    match error {
        ParquetError::External(inner) => match inner.downcast_ref::<std::io::Error>() {
            Some(error) => failed(error),
            None => Error::new(ErrorKind::Output, "cannot write Parquet").because(inner),
        },
        error => Error::new(ErrorKind::Output, "cannot write Parquet").because(error),
    }
}
