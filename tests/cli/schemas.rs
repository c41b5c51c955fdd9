//! What scripts can rely on: a schema's columns stay, with what they hold, as long as it has its number.

use super::Sandbox;
use std::path::Path;

/// Name and kind of each column, as `--schema` prints them.
fn columns(text: &str) -> Vec<(String, String)> {
    let words = |line: &str| -> Option<(String, String)> {
        let mut words = line.split_whitespace();
        Some((words.next()?.to_string(), words.next()?.to_string()))
    };
    text.lines().skip(1).filter_map(words).collect()
}

#[test]
fn no_column_of_a_schema_goes_away_or_holds_something_else() {
    let sandbox = Sandbox::in_a_new_folder();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/schemas");
    for rows in ["mentions", "hits", "documents"] {
        let now = sandbox.run(&["export", rows, "--format", "csv", "--schema"]);
        assert_eq!(now.status, 0, "{}", now.stderr);
        let name = now.stdout.split(':').next().unwrap().replace('/', "-");
        let path = folder.join(format!("{name}.txt"));
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, &now.stdout).unwrap();
        }
        let then = std::fs::read_to_string(&path).unwrap_or_else(|_| {
            panic!(
                "{name} is a new schema; help: tell of it in CHANGELOG.md, then UPDATE_SCHEMAS=1 cargo test --test cli schemas"
            )
        });
        let (now, then) = (columns(&now.stdout), columns(&then));
        for column in &then {
            assert!(
                now.contains(column),
                "{name} had the column {column:?}; help: give the changed rows a new schema number"
            );
        }
        for column in &now {
            assert!(
                then.contains(column),
                "{name} has a new column {column:?}; help: tell of it in CHANGELOG.md, then UPDATE_SCHEMAS=1 cargo test \
                 --test cli schemas"
            );
        }
    }
}

#[test]
fn the_changelog_names_every_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let changelog = std::fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
    let name = regex::Regex::new(r#""(paydirt\.[a-z]+/\d+)""#).unwrap();
    let mut open = vec![root.join("src")];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                for found in name.captures_iter(&text) {
                    assert!(
                        changelog.contains(&found[1]),
                        "{} is not in CHANGELOG.md ({})",
                        &found[1],
                        path.display()
                    );
                }
            }
        }
    }
}
