//! What `show` is asked for: a locator, or a target in JSON.
#![no_main]

mod answers;
mod whole;

use libfuzzer_sys::fuzz_target;
use paydirt::search::{locate, target};

fuzz_target!(|text: &str| {
    let (_, index) = answers::index();
    let _ = locate::parse(text);
    // The document first, so that its parts are reached.
    for asked in [text.to_string(), format!("S/2099/7 {text}")] {
        if let Ok(mut located) = locate::locate(index, &asked) {
            let _ = located.texts();
            located.widen(index, 2).unwrap();
            let _ = target::of(index, &located);
        }
    }
    if let Ok(target) = target::parse(text) {
        let _ = target::resolve(index, &target);
    }
});
