//! Files and folders as given to the sources in them, in one fixed order.

use super::Outcome;
use super::manifest::MANIFEST_NAMES;
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file that may be a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where to open it.
    pub path: PathBuf,
    /// What rows and the account call it: relative to the corpus or as given, `/` between folders,
    /// U+FFFD for what is not UTF-8.
    pub source: String,
}

/// What a walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walk {
    /// In byte order of the path below the folder given; paths given follow one another as given.
    pub files: Vec<Found>,
    /// Manifests in the folders walked and beside the files given, outer folders first.
    pub manifests: Vec<PathBuf>,
    /// Manifests in the folder that holds the corpus: used only where they name a file of it.
    pub outer_manifests: Vec<PathBuf>,
    /// What stands in the way of a whole account: folders that cannot be listed, links that lead
    /// nowhere, pipes and devices. For the account, by name.
    pub passed_over: Vec<(String, Outcome)>,
}

/// The sources of a corpus, named relative to it.
///
/// # Errors
/// `Input` where there is no such folder or it cannot be listed.
pub fn walk_corpus(root: &Path) -> Result<Walk> {
    let about = fs::metadata(root).map_err(|why| cannot_find(root, &why))?;
    if !about.is_dir() {
        return Err(Error::new(ErrorKind::Input, "not a folder")
            .at(root.display())
            .hint("a corpus is a folder of reports; for single files use: paydirt extract FILE"));
    }
    fs::read_dir(root)
        .map_err(|why| Error::new(ErrorKind::Input, "cannot list folder").at(root.display()).because(why))?;
    let mut walk = Walk::default();
    let mut seen = BTreeSet::new();
    folder(root, b"", &mut seen, &mut walk);
    // A manifest is often kept beside the folder of files and not in it.
    if let Some(parent) = root.canonicalize().ok().and_then(|whole| whole.parent().map(Path::to_path_buf)) {
        walk.outer_manifests =
            MANIFEST_NAMES.iter().map(|name| parent.join(name)).filter(|path| path.is_file()).collect();
    }
    tell_apart(&mut walk.files);
    Ok(walk)
}

/// The sources in files and folders given, named as given: a file by its path, a file found in a
/// folder by the folder's path and its own below it. A file given twice is taken once.
///
/// # Errors
/// `Input` where one of them does not exist.
pub fn walk(paths: &[PathBuf]) -> Result<Walk> {
    let mut walk = Walk::default();
    let mut given = BTreeSet::new();
    let mut seen = BTreeSet::new();
    for path in paths {
        let about = fs::metadata(path).map_err(|why| cannot_find(path, &why))?;
        let from = walk.files.len();
        if about.is_dir() {
            let mut prefix = slashed(path);
            if !prefix.is_empty() && !prefix.ends_with(b"/") {
                prefix.push(b'/');
            }
            folder(path, &prefix, &mut seen, &mut walk);
        } else if about.is_file() {
            let beside = path.parent().unwrap_or(Path::new(""));
            for name in MANIFEST_NAMES {
                let manifest = beside.join(name);
                if manifest.is_file() && !walk.manifests.contains(&manifest) {
                    walk.manifests.push(manifest);
                }
            }
            walk.files.push(Found { path: path.clone(), source: lossy(&slashed(path)) });
        } else {
            walk.passed_over.push((lossy(&slashed(path)), not_a_file()));
        }
        let new = walk.files.split_off(from);
        walk.files.extend(new.into_iter().filter(|file| given.insert(file.path.clone())));
    }
    tell_apart(&mut walk.files);
    Ok(walk)
}

fn cannot_find(path: &Path, why: &std::io::Error) -> Error {
    if why.kind() == std::io::ErrorKind::NotFound {
        return Error::new(ErrorKind::Input, "no such file or folder").at(path.display());
    }
    Error::new(ErrorKind::Input, "cannot open").at(path.display()).because(why)
}

fn not_a_file() -> Outcome {
    Outcome::Skipped { why: "not a file: a pipe, socket or device".to_string() }
}

/// One folder with all below it. Each real folder is walked once: by its own path where it has one
/// below `root`, else by the first link to it, so that links in a circle end.
fn folder(root: &Path, prefix: &[u8], seen: &mut BTreeSet<PathBuf>, walk: &mut Walk) {
    let mut files: Vec<(Vec<u8>, Found)> = Vec::new();
    let mut manifests: Vec<(Vec<u8>, PathBuf)> = Vec::new();
    let mut open = vec![(root.to_path_buf(), prefix.to_vec())];
    let mut links: Vec<(Vec<u8>, PathBuf)> = Vec::new();
    // Real folders first; a linked one only when these are done.
    while let Some((dir, below)) = open.pop().or_else(|| first_link(&mut links)) {
        if let Ok(whole) = dir.canonicalize()
            && !seen.insert(whole)
        {
            continue;
        }
        let name_of = |below: &[u8]| {
            if below.is_empty() { ".".to_string() } else { lossy(below.trim_ascii_end()) }
        };
        let listing = match fs::read_dir(&dir) {
            Ok(listing) => listing,
            Err(why) => {
                let why = format!("cannot list folder: {why}");
                walk.passed_over.push((name_of(&below), Outcome::Failed { why }));
                continue;
            }
        };
        for item in listing {
            let item = match item {
                Ok(item) => item,
                Err(why) => {
                    let why = format!("cannot list folder to its end: {why}");
                    walk.passed_over.push((name_of(&below), Outcome::Failed { why }));
                    break;
                }
            };
            let name = item.file_name();
            let bytes = name.as_encoded_bytes();
            if bytes.starts_with(b".") {
                continue;
            }
            let mut key = below.clone();
            key.extend_from_slice(bytes);
            let path = item.path();
            let is_link = item.file_type().is_ok_and(|kind| kind.is_symlink());
            match fs::metadata(&path) {
                Ok(about) if about.is_dir() => {
                    key.push(b'/');
                    if is_link {
                        links.push((key, path));
                    } else {
                        open.push((path, key));
                    }
                }
                Ok(about) if about.is_file() => {
                    if MANIFEST_NAMES.iter().any(|known| bytes == known.as_bytes()) {
                        manifests.push((key, path));
                    } else {
                        let source = lossy(&key);
                        files.push((key, Found { path, source }));
                    }
                }
                Ok(_) => walk.passed_over.push((lossy(&key), not_a_file())),
                Err(why) => {
                    let why = if is_link && why.kind() == std::io::ErrorKind::NotFound {
                        "a link that leads nowhere".to_string()
                    } else {
                        format!("cannot open: {why}")
                    };
                    walk.passed_over.push((lossy(&key), Outcome::Failed { why }));
                }
            }
        }
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    walk.files.extend(files.into_iter().map(|(_, file)| file));
    let depth = |key: &[u8]| key.iter().filter(|&&b| b == b'/').count();
    manifests.sort_by_cached_key(|(key, _)| (depth(key), key.clone()));
    for (_, path) in manifests {
        if !walk.manifests.contains(&path) {
            walk.manifests.push(path);
        }
    }
    walk.passed_over.sort_by(|a, b| a.0.cmp(&b.0));
}

fn first_link(links: &mut Vec<(Vec<u8>, PathBuf)>) -> Option<(PathBuf, Vec<u8>)> {
    links.sort();
    (!links.is_empty()).then(|| links.remove(0)).map(|(below, path)| (path, below))
}

/// The path's bytes with `/` between folders, without a leading `./`.
fn slashed(path: &Path) -> Vec<u8> {
    let mut bytes = path.as_os_str().as_encoded_bytes().to_vec();
    if std::path::MAIN_SEPARATOR != '/' {
        for b in &mut bytes {
            if *b == b'\\' {
                *b = b'/';
            }
        }
    }
    while bytes.starts_with(b"./") {
        bytes.drain(..2);
    }
    if bytes == b"." { Vec::new() } else { bytes }
}

fn lossy(name: &[u8]) -> String {
    String::from_utf8_lossy(name).into_owned()
}

/// Two names that differ only in bytes that are not UTF-8 look the same: the later get a number.
fn tell_apart(files: &mut [Found]) {
    let mut names = BTreeSet::new();
    for file in files {
        let shown = file.source.clone();
        let mut n = 2;
        while !names.insert(file.source.clone()) {
            file.source = format!("{shown} ({n})");
            n += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(walk: &Walk) -> Vec<&str> {
        walk.files.iter().map(|file| file.source.as_str()).collect()
    }

    fn a_corpus() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in
            ["b.txt", "a/z.txt", "a.txt", "a-b.txt", ".hidden", ".git/config", "manifest.tsv", "a/y.md"]
        {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        dir
    }

    #[test]
    fn sources_come_in_byte_order_of_the_path_without_hidden_files_and_manifest() {
        let dir = a_corpus();
        let walk = walk_corpus(dir.path()).unwrap();
        assert_eq!(sources(&walk), ["a-b.txt", "a.txt", "a/y.md", "a/z.txt", "b.txt"]);
        assert_eq!(walk.manifests, [dir.path().join("manifest.tsv")]);
    }

    #[test]
    fn a_file_given_twice_is_taken_once_and_keeps_its_given_name() {
        let dir = a_corpus();
        let b = dir.path().join("b.txt");
        let found = walk(&[b.clone(), dir.path().to_path_buf(), b.clone()]).unwrap();
        assert_eq!(found.files.len(), 5);
        assert_eq!(found.files[0].source, b.to_string_lossy());
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let error = walk_corpus(Path::new("no/such/corpus")).unwrap_err();
        assert_eq!(error.to_string(), "no such file or folder: no/such/corpus");
        let dir = a_corpus();
        let error = walk_corpus(&dir.path().join("a.txt")).unwrap_err();
        assert!(error.to_string().starts_with("not a folder"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_end_and_dead_links_are_told() {
        use std::os::unix::fs::symlink;
        let dir = a_corpus();
        symlink(dir.path(), dir.path().join("a/loop")).unwrap();
        symlink(dir.path().join("a"), dir.path().join("0-link-to-a")).unwrap();
        symlink("nowhere", dir.path().join("dead.pdf")).unwrap();
        let walk = walk_corpus(dir.path()).unwrap();
        assert_eq!(sources(&walk), ["a-b.txt", "a.txt", "a/y.md", "a/z.txt", "b.txt"]);
        let why = Outcome::Failed { why: "a link that leads nowhere".to_string() };
        assert_eq!(walk.passed_over, [("dead.pdf".to_string(), why)]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf8_are_found_and_told_apart() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let dir = tempfile::tempdir().unwrap();
        for name in [&b"caf\xe9.txt"[..], &b"caf\xe8.txt"[..]] {
            fs::write(dir.path().join(OsStr::from_bytes(name)), "text").unwrap();
        }
        let walk = walk_corpus(dir.path()).unwrap();
        assert_eq!(sources(&walk), ["caf\u{fffd}.txt", "caf\u{fffd}.txt (2)"]);
        assert!(walk.files.iter().all(|file| fs::read(&file.path).is_ok()));
    }
}
