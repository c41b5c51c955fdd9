//! Guards the sample corpus: every file is in the manifest with its sha256, and nothing else lies
//! there.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use paydirt::corpus::{Entry, Manifest, sha256_hex, walk_corpus};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The manifest's entries: those of our own files, and those of originals that are fetched on
/// request.
fn entries() -> (Vec<Entry>, Vec<Entry>) {
    let manifest = Manifest::of(&walk_corpus(&corpus()).unwrap());
    assert_eq!(manifest.warnings(), [] as [String; 0]);
    manifest.entries().cloned().partition(|entry| !entry.file.starts_with("fetched/"))
}

#[test]
fn every_file_of_the_corpus_is_in_the_manifest_with_its_sha256_and_nothing_else_lies_there() {
    let (ours, _) = entries();
    let listed: BTreeSet<String> = ours.iter().map(|entry| entry.file.clone()).collect();
    let lying: BTreeSet<String> = std::fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "manifest.tsv" && name != "fetched")
        .collect();
    assert_eq!(listed, lying, "corpus/manifest.tsv and corpus/ differ");
    for entry in &ours {
        let bytes = std::fs::read(corpus().join(&entry.file)).unwrap();
        assert_eq!(
            entry.sha256.as_deref(),
            Some(sha256_hex(&bytes).as_str()),
            "{} is not what the manifest says; help: run scripts/typeset/make",
            entry.file
        );
        assert!(bytes.len() < 200_000, "{} is {} bytes long", entry.file, bytes.len());
        assert!(entry.title.is_some() && entry.publisher.is_some() && entry.published.is_some(), "{entry:?}");
    }
}

#[test]
fn an_original_is_named_once_with_an_address_and_is_not_in_the_repository() {
    let (ours, originals) = entries();
    assert!(ours.len() >= 8 && originals.len() >= 11);
    let (mut files, mut addresses) = (BTreeSet::new(), BTreeSet::new());
    for entry in &originals {
        assert!(files.insert(&entry.file), "{} twice", entry.file);
        let address = entry.address.as_deref().unwrap_or("");
        assert!(address.starts_with("https://"), "{} has no address", entry.file);
        assert!(addresses.insert(address), "{address} twice");
    }
    let ignored = std::fs::read_to_string(corpus().join("../.gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/corpus/fetched/"));
}

/// A symbol of ours must never be one that the organization could give to a document.
#[test]
fn our_documents_say_that_they_are_examples_and_carry_symbols_of_no_real_year() {
    let (ours, originals) = entries();
    for entry in &ours {
        if let Some(symbol) = &entry.symbol {
            assert!(symbol.starts_with("S/2099/"), "{symbol}");
        }
        if !entry.file.ends_with(".pdf") && !entry.file.ends_with(".docx") {
            let text = std::fs::read_to_string(corpus().join(&entry.file)).unwrap();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.contains("made for paydirt after public reporting"), "{}", entry.file);
        }
    }
    assert!(originals.iter().filter_map(|entry| entry.symbol.as_ref()).all(|s| !s.contains("/2099/")));
}

#[test]
fn every_gold_page_is_a_page_of_the_corpus_and_its_labels_parse() {
    let gold = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/gold");
    let labels = paydirt::eval::labels(&gold).unwrap();
    assert!(labels.len() >= 8);
    for (file, page) in labels.keys() {
        assert!(corpus().join(file).is_file(), "{file} p {page} is labelled but not in corpus/");
    }
    let named = std::fs::read_dir(&gold).unwrap().count();
    assert_eq!(labels.len(), named, "a file in tests/gold is not named FILE.pNNN.jsonl");
}
