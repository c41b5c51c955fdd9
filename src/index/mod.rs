//! Documents and their mentions to a folder that can be searched, and back.
//!
//! ```text
//! index/
//!   paydirt-index.json   the head: format version, fingerprint of reader and rules, which data is current
//!   data-N/              what one build made: account.jsonl (what became of each source),
//!                        runs.jsonl and segments.jsonl (which sources lie where), files.jsonl (how the
//!                        files of the corpus were found) and passages/ (tantivy)
//!   readings/            what was read of each source, by its sha256 and the reader's fingerprint
//!   .lock                held while a build runs
//! ```
//!
//! A build writes a new `data-N` and then replaces the head, so a failed or interrupted build
//! leaves the index before it as it was. Runs of sources that have not changed are taken over from
//! the data before, and a source once read is not read again. tantivy has its home here and in [`crate::search`]; its
//! types go nowhere else. What is asked of an index, and how, is [`crate::search`]'s.

pub mod audit;
pub mod difference;
mod entry;
mod head;
pub mod language;
mod layout;
pub mod likeness;
pub mod packed;
pub mod passages;
mod reader;
pub mod record;
mod runs;
pub(crate) mod schema;
mod segments;
mod store;
mod stored;
mod sum;
pub mod tokens;
pub mod values;
mod writer;

pub(crate) use entry::{DOCUMENT, path_term};
pub use head::Head;
pub use reader::Index;
pub use schema::Facet;
pub use store::{Anew, Store};
pub use writer::{Summary, Writer};
