//! A text, as it is and with each paragraph as a table row, to mentions and claims.
#![no_main]

mod whole;

use libfuzzer_sys::fuzz_target;
use paydirt::document::Format;

fuzz_target!(|text: &str| {
    whole::mined(Format::Text, text.as_bytes());
    let cell = |cell: &str| format!("<td>{}</td>", cell.replace('&', "&amp;").replace('<', "&lt;"));
    let row = |line: &str| format!("<tr>{}</tr>", line.split('|').map(cell).collect::<String>());
    let rows: String = text.lines().map(row).collect();
    whole::mined(Format::Html, format!("<table>{rows}</table>").as_bytes());
});
