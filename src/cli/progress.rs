//! Progress on stderr: a bar on a terminal, one summary line elsewhere.

use super::output;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Counts documents and pages as they are done.
#[derive(Debug)]
pub struct Progress {
    bar: Option<ProgressBar>,
    begun: Instant,
    documents: u64,
    pages: u64,
    failures: u64,
}

impl Progress {
    /// Progress over so many documents.
    pub fn over(documents: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar =
                ProgressBar::with_draw_target(Some(documents as u64), ProgressDrawTarget::stderr_with_hz(5));
            let look = "{elapsed_precise} [{bar:30}] {pos}/{len} documents, {msg}, {eta} left";
            if let Ok(style) = ProgressStyle::with_template(look) {
                bar.set_style(style.progress_chars("=> "));
            }
            bar.set_message("0 pages");
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Progress { bar, begun: Instant::now(), documents: 0, pages: 0, failures: 0 }
    }

    /// One more document is done.
    pub fn done(&mut self, pages: u32, failed: bool) {
        self.documents += 1;
        self.pages += u64::from(pages);
        self.failures += u64::from(failed);
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} pages ({:.0}/s), {} failed", self.pages, self.rate(), self.failures));
            bar.inc(1);
        }
    }

    /// Prints a line of talk above the bar.
    pub fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => output::say(text),
        }
    }

    /// Ends the bar and gives the summary line.
    pub fn finish(self) -> String {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        format!(
            "{} documents, {} pages in {:.1} s ({:.0} pages/s)",
            self.documents,
            self.pages,
            self.begun.elapsed().as_secs_f64(),
            self.rate()
        )
    }

    fn rate(&self) -> f64 {
        self.pages as f64 / self.begun.elapsed().as_secs_f64().max(0.001)
    }
}

/// Counts rows as they are written, on a terminal only.
#[derive(Debug)]
pub struct Counted {
    bar: Option<ProgressBar>,
    rows: u64,
}

impl Counted {
    /// Of rows called so.
    pub fn begin(name: &str) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
            if let Ok(style) = ProgressStyle::with_template("{elapsed_precise} {pos} {msg} ({per_sec})") {
                bar.set_style(style);
            }
            bar.with_message(name.to_string())
        });
        Counted { bar, rows: 0 }
    }

    /// One more row is written.
    pub fn one(&mut self) {
        self.rows += 1;
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
    }

    /// What was written so far does not count: it stands beside the rows.
    pub fn restart(&mut self) {
        self.rows = 0;
        if let Some(bar) = &self.bar {
            bar.set_position(0);
        }
    }

    /// Ends it and gives the number.
    pub fn end(self) -> u64 {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.rows
    }
}
