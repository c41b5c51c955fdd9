//! What the manifests beside the files say of them.
//!
//! A manifest is `manifest.tsv` (a head row names the columns) or `manifest.toml` (a `[[file]]`
//! table for each file, or one table named after it). It may name files that are not there: public
//! originals not fetched yet. What it gets wrong is a warning, never the end of a run.

use super::day::iso_date;
use super::walk::{Found, Walk};
use super::{Entry, sha256_hex};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// Names a manifest may have, in the order they are asked.
pub const MANIFEST_NAMES: [&str; 2] = ["manifest.tsv", "manifest.toml"];

/// Larger manifests are not read.
const LARGEST: u64 = 64 << 20;

/// Heads that mean a field, in lower case with `_` for spaces and hyphens. Of two columns that
/// mean the same field the one named first here counts.
const FIELDS: [(Field, &[&str]); 8] = [
    (Field::File, &["file", "filename", "file_name", "path", "name"]),
    (Field::Title, &["title", "document_title"]),
    (Field::Publisher, &["publisher", "organisation", "organization", "issuer", "issued_by", "author"]),
    (
        Field::Published,
        &["published", "publication_date", "date_of_publication", "date_published", "date", "pub_date"],
    ),
    (Field::Symbol, &["symbol", "document_symbol", "doc_symbol"]),
    (Field::Language, &["language", "lang"]),
    (Field::Address, &["address", "url", "source_url", "link", "uri", "href", "source"]),
    (Field::Sha256, &["sha256", "sha_256", "sha256sum", "hash", "checksum"]),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    File,
    Title,
    Publisher,
    Published,
    Symbol,
    Language,
    Address,
    Sha256,
}

/// All manifests of a walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    parts: Vec<Part>,
    /// `manifest.tsv: line 7: ...`, in order.
    warnings: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Part {
    /// The folder the entries are relative to, as the system writes it.
    folder: PathBuf,
    /// As the manifest has them.
    entries: Vec<Entry>,
    by_path: BTreeMap<String, usize>,
    /// By the last part of the path; `None` where two entries share it.
    by_name: BTreeMap<String, Option<usize>>,
}

impl Manifest {
    /// Reads every manifest a walk found.
    pub fn of(walk: &Walk) -> Self {
        let mut manifest = Manifest::default();
        for (paths, outer) in [(&walk.manifests, false), (&walk.outer_manifests, true)] {
            for path in paths {
                let (part, warnings) = read_part(path);
                if !outer || walk.files.iter().any(|file| part.entry(file).is_some()) {
                    manifest.parts.push(part);
                    manifest.warnings.extend(warnings);
                }
            }
        }
        // The manifest nearest to a file knows best.
        manifest.parts.sort_by_key(|part| std::cmp::Reverse(part.folder.components().count()));
        manifest
    }

    /// What is said of a file: by the manifest nearest to it, fields it leaves out by the others.
    pub fn entry(&self, file: &Found) -> Option<Entry> {
        let mut known: Option<Entry> = None;
        for entry in self.parts.iter().filter_map(|part| part.entry(file)) {
            match &mut known {
                None => known = Some(entry.clone()),
                Some(known) => known.fill_from(entry),
            }
        }
        known
    }

    /// Every entry, those of absent files too, in the order of the manifests.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.parts.iter().flat_map(|part| part.entries.iter())
    }

    /// What could not be understood, each with the manifest's name and the line.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

impl Part {
    fn new(folder: &Path, entries: Vec<Entry>) -> Self {
        let mut part = Part { folder: folder.to_path_buf(), ..Part::default() };
        for (i, entry) in entries.iter().enumerate() {
            part.by_path.insert(entry.file.clone(), i);
            let name = entry.file.rsplit('/').next().unwrap_or(&entry.file);
            part.by_name.entry(name.to_string()).and_modify(|known| *known = None).or_insert(Some(i));
        }
        part.entries = entries;
        part
    }

    fn entry(&self, file: &Found) -> Option<&Entry> {
        let name = file.path.file_name()?;
        let parent = match file.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let below = parent.canonicalize().ok()?.join(name);
        let below = below.strip_prefix(&self.folder).ok()?;
        let parts: Vec<_> = below.components().map(|c| c.as_os_str().to_string_lossy()).collect();
        if let Some(&i) = self.by_path.get(&parts.join("/")) {
            return self.entries.get(i);
        }
        // A manifest kept beside the folder of the files names them without that folder.
        let i = (*self.by_name.get(name.to_string_lossy().as_ref())?)?;
        let entry = self.entries.get(i)?;
        (!self.folder.join(&entry.file).is_file()).then_some(entry)
    }
}

impl Entry {
    /// A warning where the bytes are not those the manifest means.
    pub fn mismatch(&self, sha256: &str) -> Option<String> {
        let wanted = self.sha256.as_deref()?;
        (wanted != sha256).then(|| {
            format!("not the file the manifest means: its sha256 is {sha256}, the manifest says {wanted}")
        })
    }

    /// Like [`Entry::mismatch`], for bytes at hand.
    pub fn mismatch_of(&self, bytes: &[u8]) -> Option<String> {
        self.sha256.is_some().then(|| self.mismatch(&sha256_hex(bytes))).flatten()
    }

    fn fill_from(&mut self, other: &Entry) {
        let pairs = [
            (&mut self.title, &other.title),
            (&mut self.publisher, &other.publisher),
            (&mut self.published, &other.published),
            (&mut self.symbol, &other.symbol),
            (&mut self.language, &other.language),
            (&mut self.address, &other.address),
            (&mut self.sha256, &other.sha256),
        ];
        for (mine, theirs) in pairs {
            if mine.is_none() {
                mine.clone_from(theirs);
            }
        }
    }

    /// Takes a value as written; what it cannot mean is told.
    fn set(&mut self, field: Field, head: &str, value: &str) -> Result<(), String> {
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        let text = Some(value.split_whitespace().collect::<Vec<_>>().join(" "));
        match field {
            Field::File => self.file = tidy_path(value),
            Field::Title => self.title = text,
            Field::Publisher => self.publisher = text,
            Field::Symbol => self.symbol = text,
            Field::Published => {
                self.published =
                    Some(iso_date(value).ok_or_else(|| format!("not a date as in 2022-03-01: {value}"))?);
            }
            Field::Language => {
                self.language = Some(language_code(value).ok_or_else(|| format!("no language: {value}"))?);
            }
            Field::Address => {
                // A column `source` often holds a note on where a file came from, not an address.
                let is_address = ["http://", "https://", "ftp://"]
                    .iter()
                    .any(|scheme| value.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme)));
                if is_address || head != "source" {
                    self.address = Some(value.to_string());
                }
            }
            Field::Sha256 => {
                let hex = value.strip_prefix("sha256:").unwrap_or(value).to_ascii_lowercase();
                if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                    return Err(format!("not a sha256 of 64 hex digits: {value}"));
                }
                self.sha256 = Some(hex);
            }
        }
        Ok(())
    }
}

fn read_part(path: &Path) -> (Part, Vec<String>) {
    let name = path.display().to_string();
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    let size = fs::metadata(path).map_or(0, |about| about.len());
    if size > LARGEST {
        return (Part::default(), vec![format!("{name}: larger than 64 MiB, not read")]);
    }
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(why) => return (Part::default(), vec![format!("{name}: cannot read: {why}")]),
    };
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let (entries, warnings) =
        if path.extension().is_some_and(|e| e == "toml") { parse_toml(text) } else { parse_tsv(text) };
    let warnings = warnings.into_iter().map(|what| format!("{name}: {what}")).collect();
    (Part::new(&folder, entries), warnings)
}

fn parse_tsv(text: &str) -> (Vec<Entry>, Vec<String>) {
    let (mut entries, mut warnings) = (Vec::new(), Vec::new());
    let mut files = BTreeMap::new();
    let mut columns: Option<Vec<Column>> = None;
    for (i, line) in text.lines().enumerate() {
        let number = i + 1;
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let cells: Vec<String> = line.split('\t').map(unquote).collect();
        let Some(columns) = &columns else {
            let heads = columns_of(&cells);
            if !heads.iter().any(|column| column.field == Field::File) {
                warnings.push(format!("line {number}: no column is called file"));
                return (entries, warnings);
            }
            columns = Some(heads);
            continue;
        };
        let mut entry = Entry::default();
        for column in columns {
            let value = cells.get(column.at).map_or("", String::as_str);
            if let Err(what) = entry.set(column.field, &column.head, value) {
                warnings.push(format!("line {number}: {what}"));
            }
        }
        if entry.file.is_empty() {
            warnings.push(format!("line {number}: no file is named"));
        } else if let Some(first) = files.get(&entry.file) {
            warnings.push(format!("line {number}: {} is on line {first} already", entry.file));
        } else {
            files.insert(entry.file.clone(), number);
            entries.push(entry);
        }
    }
    (entries, warnings)
}

struct Column {
    at: usize,
    field: Field,
    head: String,
}

/// The columns that mean something, the preferred of two for one field last, so that it is set
/// over the other.
fn columns_of(heads: &[String]) -> Vec<Column> {
    let mut columns = Vec::new();
    for (field, names) in FIELDS {
        for name in names.iter().rev() {
            let at = heads.iter().position(|head| tidy_head(head) == *name);
            columns.extend(at.map(|at| Column { at, field, head: (*name).to_string() }));
        }
    }
    columns
}

fn tidy_head(head: &str) -> String {
    head.trim().to_lowercase().replace([' ', '-'], "_")
}

/// A cell without the quotes a spreadsheet puts around it. Quotes inside a cell are text.
fn unquote(cell: &str) -> String {
    let cell = cell.trim();
    match cell.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) if !inner.replace("\"\"", "").contains('"') => inner.replace("\"\"", "\""),
        _ => cell.to_string(),
    }
}

fn parse_toml(text: &str) -> (Vec<Entry>, Vec<String>) {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(why) => {
            let line =
                why.span().map_or(1, |span| text.get(..span.start).unwrap_or("").matches('\n').count() + 1);
            return (Vec::new(), vec![format!("line {line}: {}", why.message().replace('\n', " "))]);
        }
    };
    let (mut entries, mut warnings) = (Vec::<Entry>::new(), Vec::new());
    let mut take = |name: Option<&str>, table: &toml::Table, place: String| {
        let mut entry = Entry { file: name.map(tidy_path).unwrap_or_default(), ..Entry::default() };
        for (field, heads) in FIELDS {
            for head in heads.iter().rev() {
                let value = table.iter().find(|(key, _)| tidy_head(key) == *head).map(|(_, value)| value);
                let told = match value {
                    None | Some(toml::Value::Table(_) | toml::Value::Array(_)) => continue,
                    Some(toml::Value::String(value)) => entry.set(field, head, value),
                    Some(value) => entry.set(field, head, &value.to_string()),
                };
                warnings.extend(told.err().map(|what| format!("{place}: {what}")));
            }
        }
        if entry.file.is_empty() {
            warnings.push(format!("{place}: no file is named"));
        } else if entries.iter().any(|known| known.file == entry.file) {
            warnings.push(format!("{place}: {} is named twice", entry.file));
        } else {
            entries.push(entry);
        }
    };
    for (key, value) in &table {
        match value {
            toml::Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    if let toml::Value::Table(item) = item {
                        take(None, item, format!("{key} {}", i + 1));
                    }
                }
            }
            // [files."a.pdf"] or ["a.pdf"]
            toml::Value::Table(item) if !item.is_empty() && item.values().all(toml::Value::is_table) => {
                for (name, inner) in item {
                    if let toml::Value::Table(inner) = inner {
                        take(Some(name), inner, name.clone());
                    }
                }
            }
            toml::Value::Table(item) => take(Some(key), item, key.clone()),
            _ => {}
        }
    }
    (entries, warnings)
}

/// `/` between folders, no `./`, `..` resolved where it can be.
fn tidy_path(path: &str) -> String {
    let path = if path.contains('/') { path.to_string() } else { path.replace('\\', "/") };
    let mut parts: Vec<String> = Vec::new();
    for component in Path::new(&path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::ParentDir if parts.last().is_some_and(|last| last != "..") => {
                parts.pop();
            }
            Component::ParentDir => parts.push("..".to_string()),
            _ => {}
        }
    }
    parts.join("/")
}

/// The ISO 639-1 code of a language given as `en`, `en-GB` or `English`.
pub fn language_code(text: &str) -> Option<String> {
    const NAMES: [(&str, &str); 20] = [
        ("arabic", "ar"),
        ("chinese", "zh"),
        ("czech", "cs"),
        ("dutch", "nl"),
        ("english", "en"),
        ("french", "fr"),
        ("german", "de"),
        ("hebrew", "he"),
        ("italian", "it"),
        ("japanese", "ja"),
        ("korean", "ko"),
        ("persian", "fa"),
        ("polish", "pl"),
        ("portuguese", "pt"),
        ("russian", "ru"),
        ("spanish", "es"),
        ("swedish", "sv"),
        ("turkish", "tr"),
        ("ukrainian", "uk"),
        ("vietnamese", "vi"),
    ];
    let text = text.trim().to_lowercase();
    if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == text) {
        return Some((*code).to_string());
    }
    let code = text.split(['-', '_']).next().unwrap_or("");
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then(|| code.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::walk_corpus;
    use super::*;

    #[test]
    fn a_table_with_other_heads_quotes_and_holes_is_understood() {
        let text = "Title\tFILE\tURL\tnote\tDate of publication\tLang\n\
                    \"The \"\"big\"\" one\"\ta.pdf\thttps://example.org/a\tx\t2022-03-01\tEnglish\n\
                    \"Half a quote\tsub\\b.pdf\n";
        let (entries, warnings) = parse_tsv(text);
        assert_eq!(warnings, [""; 0]);
        assert_eq!(entries[0].title.as_deref(), Some("The \"big\" one"));
        assert_eq!(entries[0].address.as_deref(), Some("https://example.org/a"));
        assert_eq!(entries[0].published.as_deref(), Some("2022-03-01"));
        assert_eq!(entries[0].language.as_deref(), Some("en"));
        assert_eq!(
            (entries[1].file.as_str(), entries[1].title.as_deref()),
            ("sub/b.pdf", Some("\"Half a quote"))
        );
    }

    #[test]
    fn a_column_called_source_is_an_address_only_where_it_holds_one() {
        let (entries, _) = parse_tsv("file\tsource\na\tlists/x.tsv\nb\thttps://example.org/b\n");
        assert_eq!(entries[0].address, None);
        assert_eq!(entries[1].address.as_deref(), Some("https://example.org/b"));
        let (entries, _) =
            parse_tsv("file\tsource\taddress\na\thttps://example.org/s\thttps://example.org/a\n");
        assert_eq!(entries[0].address.as_deref(), Some("https://example.org/a"));
    }

    #[test]
    fn bad_rows_are_told_by_line_and_the_rest_is_kept() {
        let text = "file\tpublished\tsha256\n\na.pdf\tlast year\tabc\n\t2022\t\na.pdf\t2021\t\nb.pdf\t2021-02-30\t\n";
        let (entries, warnings) = parse_tsv(text);
        assert_eq!(entries.iter().map(|e| e.file.as_str()).collect::<Vec<_>>(), ["a.pdf", "b.pdf"]);
        assert_eq!(
            warnings,
            [
                "line 3: not a date as in 2022-03-01: last year",
                "line 3: not a sha256 of 64 hex digits: abc",
                "line 4: no file is named",
                "line 5: a.pdf is on line 3 already",
                "line 6: not a date as in 2022-03-01: 2021-02-30",
            ]
        );
        assert_eq!(parse_tsv("title\tdate\nx\t2020\n").1, ["line 1: no column is called file"]);
    }

    #[test]
    fn toml_is_understood_in_its_usual_shapes() {
        let text = "[[file]]\nfile = \"a.pdf\"\ntitle = \"A\"\npublished = 2022-03-01\n\
                    [\"b.pdf\"]\nsymbol = \"S/2022/132\"\n[files.\"c.pdf\"]\nurl = \"https://example.org/c\"\n\
                    [[document]]\ntitle = \"nameless\"\n";
        let (entries, warnings) = parse_toml(text);
        let by_name = |name: &str| entries.iter().find(|e| e.file == name).unwrap();
        assert_eq!(by_name("a.pdf").published.as_deref(), Some("2022-03-01"));
        assert_eq!(by_name("b.pdf").symbol.as_deref(), Some("S/2022/132"));
        assert_eq!(by_name("c.pdf").address.as_deref(), Some("https://example.org/c"));
        assert_eq!(warnings, ["document 1: no file is named"]);
        assert!(parse_toml("a = 1\nb = [").1[0].starts_with("line 2: "));
    }

    #[test]
    fn the_nearest_manifest_wins_and_absent_files_are_fine() {
        let dir = tempfile::tempdir().unwrap();
        let corpus = dir.path().join("corpus");
        fs::create_dir_all(corpus.join("sub")).unwrap();
        fs::write(corpus.join("a.txt"), "x").unwrap();
        fs::write(corpus.join("sub/b.txt"), "x").unwrap();
        let sha = "0".repeat(64);
        let outer = format!("file\ttitle\tsha256\na.txt\tOuter A\t{sha}\nabsent.pdf\tNot fetched\t\n");
        fs::write(dir.path().join("manifest.tsv"), outer).unwrap();
        fs::write(corpus.join("manifest.tsv"), "file\ttitle\nsub/b.txt\tB\n").unwrap();
        fs::write(corpus.join("sub/manifest.toml"), "[\"b.txt\"]\npublisher = \"P\"\n").unwrap();
        let walk = walk_corpus(&corpus).unwrap();
        let manifest = Manifest::of(&walk);
        assert_eq!(manifest.warnings(), [""; 0]);
        let a = manifest.entry(&walk.files[0]).unwrap();
        assert_eq!(a.title.as_deref(), Some("Outer A"));
        assert!(a.mismatch_of(b"x").unwrap().starts_with("not the file the manifest means"));
        let b = manifest.entry(&walk.files[1]).unwrap();
        assert_eq!((b.publisher.as_deref(), b.title.as_deref()), (Some("P"), Some("B")));
        assert_eq!(manifest.entries().count(), 4);
    }

    #[test]
    fn a_manifest_of_another_thing_beside_the_corpus_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let corpus = dir.path().join("corpus");
        fs::create_dir_all(&corpus).unwrap();
        fs::write(corpus.join("a.txt"), "x").unwrap();
        fs::write(dir.path().join("manifest.toml"), "not toml at all").unwrap();
        let walk = walk_corpus(&corpus).unwrap();
        assert_eq!(Manifest::of(&walk), Manifest::default());
    }
}
