//! Columns read for many passages at once, which costs a fraction of asking passage by passage.

use tantivy::DocId;
use tantivy::columnar::Column;

/// Passages that are read at once.
pub const BLOCK: usize = 1024;

/// The first value of each of some passages.
#[derive(Debug, Default)]
pub struct Firsts {
    values: Vec<Option<u64>>,
}

impl Firsts {
    /// At most [`BLOCK`] passages, in order.
    pub fn read(&mut self, column: &Column<u64>, docs: &[DocId]) -> &[Option<u64>] {
        self.values.clear();
        self.values.resize(docs.len(), None);
        column.first_vals(docs, &mut self.values);
        &self.values
    }
}

/// Every value of each of some passages.
#[derive(Debug, Default)]
pub struct All {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
}

impl All {
    /// At most [`BLOCK`] passages, in order, each as often as it has values.
    pub fn read(&mut self, column: &Column<u64>, docs: &[DocId]) -> impl Iterator<Item = (DocId, u64)> + '_ {
        self.docs.clear();
        self.rows.clear();
        column.row_ids_for_docs(docs, &mut self.docs, &mut self.rows);
        self.values.clear();
        self.values.resize(self.rows.len(), 0);
        column.values.get_vals(&self.rows, &mut self.values);
        self.docs.iter().copied().zip(self.values.iter().copied())
    }
}
