//! Faults of paydirt itself: caught where one document is worked on, told as one line, never a
//! panic message on the user's screen.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// From now on a panic says nothing by itself; [`caught`] tells what it was.
pub fn quiet() {
    panic::set_hook(Box::new(|fault| {
        let place = fault.location().map(|at| format!("{}:{}", at.file(), at.line()));
        PLACE.with_borrow_mut(|p| *p = place);
    }));
}

/// Runs work that may hold a fault.
///
/// # Errors
/// One line that names the fault and where it is.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let what = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_string())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        let place = PLACE.with_borrow_mut(Option::take).unwrap_or_default();
        format!("a fault in paydirt at {place}: {what}; please report it with the file")
    })
}
