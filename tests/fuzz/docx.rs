//! The main text, the notes and the styles of a DOCX from bytes, read and mined. What comes first is the
//! archive itself where it does not begin with `<`.
#![no_main]

mod whole;

use libfuzzer_sys::fuzz_target;
use paydirt::document::Format;
use std::io::Write;

const PARTS: [&str; 4] =
    ["word/document.xml", "word/footnotes.xml", "word/styles.xml", "word/numbering.xml"];

fuzz_target!(|bytes: &[u8]| {
    if bytes.first() != Some(&b'<') {
        return whole::mined(Format::Docx, bytes);
    }
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in PARTS.iter().zip(bytes.split(|b| *b == 0)) {
        if archive.start_file(*name, stored).and_then(|()| Ok(archive.write_all(part)?)).is_err() {
            return;
        }
    }
    if let Ok(file) = archive.finish() {
        whole::mined(Format::Docx, file.get_ref());
    }
});
