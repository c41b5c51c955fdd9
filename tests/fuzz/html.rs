//! Bytes to a web page, read and mined.
#![no_main]

mod whole;

use libfuzzer_sys::fuzz_target;
use paydirt::document::Format;

fuzz_target!(|bytes: &[u8]| whole::mined(Format::Html, bytes));
