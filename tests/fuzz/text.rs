//! Bytes to a text and to Markdown, read and mined, and what format they are recognised as.
#![no_main]

mod whole;

use libfuzzer_sys::fuzz_target;
use paydirt::document::Format;

fuzz_target!(|bytes: &[u8]| {
    let _ = paydirt::corpus::recognise(bytes, "fuzzed");
    whole::mined(Format::Text, bytes);
    whole::mined(Format::Markdown, bytes);
});
