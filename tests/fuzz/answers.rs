//! A small index to ask.

use crate::whole;
use paydirt::corpus::Outcome;
use paydirt::document::Format;
use paydirt::extract::Kind;
use paydirt::index::{Index, Writer};
use paydirt::mine::mine;
use paydirt::read::Options;
use std::path::PathBuf;
use std::sync::OnceLock;

const TEXT: &str = "S/2099/7\n\n# Thefts\n\n1. In May 2021 thieves took more than $281 million from KuCoin.\n\n\
                    2. The address 0x098B716B8Aaf21512996dC57EB0615e2383E2f96 holds 173,600 ETH.\n\n\
                    | Date | Amount |\n|---|---|\n| 3 March 2022 | $620 million |\n";

/// The folder of the index, and the index.
pub fn index() -> &'static (PathBuf, Index) {
    static INDEX: OnceLock<(PathBuf, Index)> = OnceLock::new();
    INDEX.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap().keep();
        let mut writer = Writer::create(&folder).unwrap();
        let source = whole::source(Format::Markdown, TEXT.as_bytes());
        let mined = mine(source, None, TEXT.as_bytes(), &Options::default(), &Kind::ALL).unwrap();
        writer.add(&mined.document, &mined.findings, &mined.claims, &Outcome::Read).unwrap();
        writer.finish().unwrap();
        let index = Index::open(&folder).unwrap();
        (folder, index)
    })
}
