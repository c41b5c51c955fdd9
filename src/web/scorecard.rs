//! How well the extractors agree with hand labels: those of the project, measured when it was made,
//! or those of a folder the server is given, measured on the index itself.
//!
//! What agrees is [`crate::eval`]'s to say.

use crate::error::Result;
use crate::eval::{self, Class, Scorecard};
use crate::index::Index;
use crate::index::record::AccountRow;
use maud::{Markup, html};
use serde::Serialize;
use std::path::Path;

/// What `paydirt eval` gives on the project's own labels; a test keeps it so.
const OF_THE_PROJECT: &str = include_str!("assets/scorecard.json");

/// A scorecard with what it was measured on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Scored {
    schema: &'static str,
    /// In words.
    measured_on: String,
    /// Whether it is of the index that is served.
    of_this_index: bool,
    card: Scorecard,
}

const SCHEMA: &str = "paydirt.scorecard/1";

impl Scored {
    /// Of the project's labels.
    pub fn of_the_project() -> Option<Scored> {
        Some(Scored {
            schema: SCHEMA,
            measured_on: format!(
                "the hand-labelled pages of paydirt's own sample corpus (tests/gold), by paydirt {}",
                env!("CARGO_PKG_VERSION")
            ),
            of_this_index: false,
            card: serde_json::from_str(OF_THE_PROJECT).ok()?,
        })
    }

    /// Of the index, on the labels of a folder, whose files are found by their names.
    ///
    /// # Errors
    /// `Input` where the labels cannot be read, `Index` where the index is damaged.
    pub fn of(index: &Index, account: &[AccountRow], gold: &Path) -> Result<Scored> {
        let labels = eval::labels(gold)?;
        let mut rows = Vec::new();
        for row in account {
            let name = row.source.rsplit('/').next().unwrap_or(&row.source);
            let (true, Some(sha256)) = (labels.keys().any(|(file, _)| file == name), &row.sha256) else {
                continue;
            };
            for document in index.documents_named(sha256)?.into_iter().filter(|d| d.source.path == row.source)
            {
                rows.extend(index.mentions_of(&document)?);
            }
        }
        Ok(Scored {
            schema: SCHEMA,
            measured_on: format!("this index, against the labels in {}", gold.display()),
            of_this_index: true,
            card: eval::score(&labels, &rows),
        })
    }

    pub fn markup(&self) -> Markup {
        let card = &self.card;
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        html! {
            section class="scorecard" aria-labelledby="scorecard" {
                h2 id="scorecard" { "How far the figures hold" }
                p class="quiet" { "Measured on " (self.measured_on) ": " (card.pages) " pages."
                    @if !self.of_this_index { " How it is for these reports, labels of your own tell: " code { "paydirt serve --gold FOLDER" } "." } }
                div class="scroll" tabindex="0" role="region" aria-label="Scorecard" {
                    table {
                        caption class="unseen" { "Precision and recall by kind" }
                        thead { tr { th scope="col" { "Kind" } th scope="col" class="n" { "Labels" } th scope="col" class="n" { "Right of what is found" }
                            th scope="col" class="n" { "Found of what is there" } th scope="col" class="n" { "F1" } } }
                        tbody { @for class in Class::ALL { @if let Some(count) = card.counts.get(&class) { tr {
                            th scope="row" { (class.name()) }
                            td class="n" { (count.right + count.missed) }
                            td class="n" { (percent(count.precision())) }
                            td class="n" { (percent(count.recall())) }
                            td class="n" { (format!("{:.3}", count.f1())) }
                        } } } }
                    }
                }
                @if !card.misses.is_empty() {
                    details class="why" {
                        summary { (card.misses.len()) " misses and false finds" }
                        ul { @for miss in &card.misses { li {
                            @if miss.false_find { "false " } @else { "missed " } (miss.class.name()) ": " (miss.surface)
                            @if let Some(value) = &miss.read_as { ", read as " (value) }
                            " (" (miss.file) " p " (miss.page) ")"
                        } } }
                    }
                }
            }
        }
    }
}
