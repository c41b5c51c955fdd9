//! Holds the project to its own drawing: imports go down only, paths named in docs exist, nothing
//! is left over.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::path::{Path, PathBuf};

/// The rows of the drawing in `src/lib.rs`, lowest first; a module imports from lower rows only,
/// and in the row that is in order from the left only.
const ROWS: &[(&[&str], Order)] = &[
    (&["error", "document"], Order::FromTheLeft),
    (&["corpus", "read", "picture", "structure", "extract", "claims"], Order::FromTheLeft),
    (&["mine"], Order::None),
    (&["index"], Order::None),
    (&["search", "export", "eval"], Order::None),
    (&["verify"], Order::None),
    (&["web"], Order::None),
    (&["cli"], Order::None),
];

#[derive(PartialEq)]
enum Order {
    FromTheLeft,
    None,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
    let mut inside: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    inside.sort();
    for path in inside {
        if path.is_dir() {
            files(&path, ends, found);
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    files(&root().join("src"), &[".rs"], &mut found);
    found
}

/// The stage a file of `src/` belongs to.
fn stage(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_string()
}

fn place(stage: &str) -> Option<(usize, usize)> {
    ROWS.iter().enumerate().find_map(|(row, (names, _))| Some((row, names.iter().position(|n| *n == stage)?)))
}

fn may_import(from: &str, to: &str) -> bool {
    let (Some((row, at)), Some((other_row, other_at))) = (place(from), place(to)) else { return false };
    other_row < row
        || (from == to)
        || (other_row == row && ROWS[row].1 == Order::FromTheLeft && other_at < at)
}

#[test]
fn modules_import_from_lower_rows_only() {
    let name = regex::Regex::new(r"\b(?:crate|paydirt)::(?:\{([^}]*)\}|(\w+))").unwrap();
    let mut wrong = Vec::new();
    for path in sources() {
        let from = stage(&path);
        if from == "lib" || from == "main" {
            continue;
        }
        assert!(
            place(&from).is_some(),
            "src/{from} is not in the drawing; help: add it to ROWS and src/lib.rs"
        );
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for found in name.captures_iter(line) {
                let list = found.get(1).or(found.get(2)).unwrap().as_str();
                let several = found.get(1).is_some();
                for to in list.split(',') {
                    let to = to.trim().split("::").next().unwrap();
                    let known = place(to).is_some();
                    if (known && !may_import(&from, to))
                        || (several && !known && !to.is_empty() && to != "rule")
                    {
                        wrong.push(format!("{}: {from} imports {to}", path.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the drawing:\n{}", wrong.join("\n"));
}

#[test]
fn extractors_do_not_import_each_other() {
    let names = ["amounts", "dates", "exchanges", "wallets"];
    for path in sources().iter().filter(|p| stage(p) == "extract") {
        let own = path.to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        for name in names.iter().filter(|n| !own.contains(**n) && !own.ends_with("extract/mod.rs")) {
            for way in [format!("super::{name}::"), format!("extract::{name}::")] {
                assert!(!text.contains(&way), "{own} imports {name}");
            }
        }
    }
}

#[test]
fn outside_libraries_stay_in_their_home() {
    let homes: &[(&str, &[&str])] = &[
        ("hayro", &["read/pdf", "read/ocr.rs"]),
        ("pdf_extract", &["read/pdf"]),
        ("tantivy", &["index", "search"]),
        ("clap", &["cli"]),
        ("indicatif", &["cli"]),
        ("axum", &["web"]),
        ("maud", &["web"]),
    ];
    let src = root().join("src");
    for path in sources() {
        let inside = path.strip_prefix(&src).unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        for (library, home) in homes {
            let uses = text.lines().filter(|l| !l.trim_start().starts_with("//")).any(|l| {
                l.contains(&format!("{library}::")) || l.contains(&format!("{library}_interpret::"))
            });
            assert!(
                !uses || home.iter().any(|h| inside.starts_with(h)),
                "{inside} uses {library}, whose home is {home:?}"
            );
        }
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    for path in sources() {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} does not open with //!", path.display());
    }
}

#[test]
fn paths_named_in_the_readme_and_the_map_exist() {
    let path = regex::Regex::new(r"`((?:src|tests|scripts|corpus|index)/[\w./-]*)`").unwrap();
    for doc in ["README.md", "src/lib.rs"] {
        let Ok(text) = std::fs::read_to_string(root().join(doc)) else { continue };
        for found in path.captures_iter(&text) {
            let named = &found[1];
            // A pattern of the "to change X, open Y" table stands for any name.
            let named = named.split("/x.").next().unwrap();
            assert!(root().join(named).exists(), "{doc} names {named}, which does not exist");
        }
    }
}

#[test]
fn nothing_is_left_over() {
    let mut all = sources();
    files(&root().join("tests"), &[".rs"], &mut all);
    // Spelled apart so that this file does not find itself.
    let left = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("dbg", "!(")];
    for path in all {
        let text = std::fs::read_to_string(&path).unwrap();
        for word in left {
            assert!(!text.contains(word), "{} has a left-over {word}", path.display());
        }
    }
    for name in ["utils", "common", "helpers", "types"] {
        for path in sources() {
            assert!(
                path.file_stem().is_none_or(|stem| stem != name),
                "{} is a drawer for anything",
                path.display()
            );
        }
    }
}
