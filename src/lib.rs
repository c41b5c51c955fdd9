//! paydirt mines report corpora for checkable figures.
//!
//! ```text
//!   faces      cli
//!              web
//!   verdicts   verify
//!   answers    search  export  eval
//!   store      index
//!   story      mine
//!   pure       corpus  read  picture  structure  extract  claims   (in this order; nobody
//!              imports a later one)
//!   spine      document  error
//! ```
//!
//! A module imports from lower rows only, and inside the pure row from the left only; extract's
//! files do not import each other. `tests/tidy.rs` holds this drawing.
//!
//! The stages in reading order: [`corpus`] finds the sources, [`read`] turns bytes into glyphs and
//! blocks with their place ([`picture`] draws a page), [`structure`] makes one [`document::Document`]
//! of them, [`extract`] finds mentions in it, [`claims`] makes of them what they assert, [`mine`] is
//! the story of these five in one short function, [`index`] stores the result, [`search`] answers
//! from it, [`verify`] holds a figure against it, [`export`] writes rows; [`web`] shows it all in a
//! browser.
//!
//! Invariants: a document's text is final once made, everything later is a span into it; nothing is
//! lost (what is taken out of the text is kept as furniture); stages are pure (no clock, no hash
//! order, no thread order in any output); every source ends in the account as read, read in part,
//! skipped or failed; outside libraries stay in their one home.

pub mod document;
pub mod error;

pub mod claims;
pub mod corpus;
pub mod extract;
pub mod picture;
pub mod read;
pub mod structure;

pub mod mine;

pub mod eval;
pub mod export;
pub mod index;
pub mod search;

pub mod verify;

pub mod web;
