//! Amounts in table cells whose unit stands in the head of the column, the unit line or the caption.

use super::Draft;
use super::page::Page;

pub(super) fn read(page: &Page<'_>, drafts: &mut Vec<Draft>) {
    let _ = (page, drafts);
}
