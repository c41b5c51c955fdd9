//! Documents and their mentions to a folder that can be searched, and back.
//!
//! ```text
//! index/
//!   paydirt-index.json   the head: format version, fingerprint of reader and rules, which data is current
//!   data-N/              what one build made: account.jsonl (what became of each source) and
//!                        passages/ (tantivy)
//!   .lock                held while a build runs
//! ```
//!
//! A build writes a new `data-N` and then replaces the head, so a failed or interrupted build
//! leaves the index before it as it was. tantivy has its home here and in [`crate::search`]; its
//! types go nowhere else. What is asked of an index, and how, is [`crate::search`]'s.

mod head;
pub mod language;
pub mod likeness;
pub mod passages;
mod reader;
pub mod record;
pub(crate) mod schema;
pub mod tokens;
pub mod values;
mod writer;

pub use head::Head;
pub use reader::Index;
pub use schema::Facet;
pub use writer::{Summary, Writer};
