//! Ctrl-C: the first asks the run to stop at the next document, the second ends the process.

use paydirt::error::{Error, ErrorKind, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user has asked to stop.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens for Ctrl-C (and SIGTERM) from now on.
    ///
    /// # Errors
    /// `Usage` when the system refuses a handler.
    pub fn listen() -> Result<Self> {
        let interrupt = Interrupt::default();
        let asked = interrupt.clone();
        ctrlc::set_handler(move || {
            if asked.0.swap(true, Ordering::SeqCst) {
                std::process::exit(2);
            }
        })
        .map_err(|e| Error::new(ErrorKind::Usage, "cannot listen for Ctrl-C").because(e))?;
        Ok(interrupt)
    }

    pub fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
