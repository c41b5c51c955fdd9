//! `scripts/fetch-corpus` against a server of our own on this machine.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};
use std::thread;

const TEXT: &[u8] = b"0123456789abcdefghij";
/// Of [`TEXT`].
const SHA256: &str = "6bc14bdc4517a7a682c6910de2e2946eb8e1ecd04090728fef6d092a7ceb62c5";

/// The requests a server got: path and `Range`, in order.
type Log = Arc<Mutex<Vec<(String, Option<String>)>>>;

fn serve() -> (String, Log) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let log: Log = Arc::default();
    let seen = Arc::clone(&log);
    thread::spawn(move || {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for stream in listener.incoming().flatten() {
            answer(stream, &mut times, &seen);
        }
    });
    (address, log)
}

fn answer(mut stream: TcpStream, times: &mut BTreeMap<String, usize>, log: &Log) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(request)) = lines.next() else { return };
    let path = request.split(' ').nth(1).unwrap().to_string();
    let mut range = None;
    for line in lines.map_while(Result::ok).take_while(|line| !line.is_empty()) {
        if let Some(value) = line.strip_prefix("Range: ") {
            range = Some(value.to_string());
        }
    }
    log.lock().unwrap().push((path.clone(), range.clone()));
    let time = times.entry(path.clone()).and_modify(|n| *n += 1).or_insert(1);
    let from = range.and_then(|r| r.strip_prefix("bytes=")?.strip_suffix('-')?.parse::<usize>().ok());
    let (status, extra, body) = match (path.as_str(), *time) {
        ("/missing", _) => ("404 Not Found", String::new(), &b"no"[..]),
        ("/busy", 1) => ("503 Service Unavailable", "Retry-After: 0\r\n".to_string(), &b""[..]),
        ("/broken", 1) => {
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", TEXT.len());
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&TEXT[..7]).unwrap();
            return;
        }
        ("/page", _) => ("200 OK", String::new(), &b"<html>are you a robot?"[..]),
        _ => match from {
            Some(from) if from < TEXT.len() => {
                let range = format!("Content-Range: bytes {from}-{}/{}\r\n", TEXT.len() - 1, TEXT.len());
                ("206 Partial Content", range, &TEXT[from..])
            }
            Some(_) => {
                ("416 Range Not Satisfiable", format!("Content-Range: bytes */{}\r\n", TEXT.len()), &b""[..])
            }
            None => ("200 OK", String::new(), TEXT),
        },
    };
    let head =
        format!("HTTP/1.1 {status}\r\n{extra}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/fetch-corpus");
    Command::new("python3")
        .arg(script)
        .args(["--delay", "0", "--manifest"])
        .arg(folder.join("manifest.tsv"))
        .args(arguments)
        .env("no_proxy", "*")
        .output()
        .unwrap()
}

fn has_python() -> bool {
    let has = Command::new("python3").arg("--version").output().is_ok_and(|out| out.status.success());
    if !has {
        println!("skipped: no python3 here to run scripts/fetch-corpus");
    }
    has
}

#[test]
fn what_is_listed_is_fetched_whole_and_what_cannot_be_had_is_told() {
    if !has_python() {
        return;
    }
    let (server, log) = serve();
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let zeros = "0".repeat(64);
    let manifest = format!(
        "file\ttitle\taddress\tsha256\n\
         sub/whole.txt\tA \"title\t{server}/whole\t{SHA256}\n\
         resumed.txt\t\t{server}/resumed\t{SHA256}\n\
         complete.txt\t\t{server}/complete\t{SHA256}\n\
         busy.txt\t\t{server}/busy\t\n\
         broken.txt\t\t{server}/broken\t{SHA256}\n\
         there.txt\t\t{server}/there\t\n\
         ours.txt\tno address\t\t\n\
         wrong.txt\t\t{server}/wrong\t{zeros}\n\
         missing.txt\t\t{server}/missing\t\n\
         page.pdf\t\t{server}/page\t\n\
         ../outside.txt\t\t{server}/outside\t\n"
    );
    fs::write(at("manifest.tsv"), manifest).unwrap();
    fs::write(at("resumed.txt.part"), &TEXT[..5]).unwrap();
    fs::write(at("complete.txt.part"), TEXT).unwrap();
    fs::write(at("there.txt"), "old").unwrap();

    let out = run(dir.path(), &[]);
    let told = String::from_utf8(out.stderr).unwrap();
    assert_eq!(out.status.code(), Some(1), "{told}");
    for name in ["sub/whole.txt", "resumed.txt", "complete.txt", "busy.txt", "broken.txt"] {
        assert_eq!(fs::read(at(name)).unwrap_or_default(), TEXT, "{name}\n{told}");
        assert!(!at(&format!("{name}.part")).exists(), "{name}");
    }
    assert_eq!(fs::read(at("there.txt")).unwrap(), b"old");
    for name in ["wrong.txt", "missing.txt", "page.pdf", "wrong.txt.part", "page.pdf.part", "../outside.txt"]
    {
        assert!(!at(name).exists(), "{name}");
    }
    assert!(told.contains("10 listed: 1 were there, 5 fetched, 4 failed"), "{told}");
    assert!(told.contains("missing.txt: HTTP 404 Not Found"), "{told}");
    assert!(
        told.contains(&format!("wrong.txt: its sha256 is {SHA256}, the manifest says {zeros}")),
        "{told}"
    );
    assert!(told.contains("page.pdf: what was sent is no PDF"), "{told}");
    assert!(told.contains("../outside.txt: its name leads out of the corpus"), "{told}");

    let log = log.lock().unwrap().clone();
    let asked = |path: &str| -> Vec<Option<&str>> {
        log.iter().filter(|(p, _)| p == path).map(|(_, range)| range.as_deref()).collect()
    };
    assert_eq!(asked("/resumed"), [Some("bytes=5-")]);
    assert_eq!(asked("/broken"), [None, Some("bytes=7-")]);
    assert_eq!(asked("/busy"), [None, None]);
    assert_eq!(asked("/missing"), [None]);
    assert_eq!(asked("/there").len() + asked("/outside").len(), 0);
}

#[test]
fn a_second_run_has_nothing_to_do_and_a_name_picks_a_row() {
    if !has_python() {
        return;
    }
    let (server, log) = serve();
    let dir = tempfile::tempdir().unwrap();
    let manifest =
        format!("file\tsymbol\taddress\na.txt\tS/2031/1\t{server}/a\nb.txt\tS/2031/2\t{server}/b\n");
    fs::write(dir.path().join("manifest.tsv"), manifest).unwrap();
    assert_eq!(run(dir.path(), &["S/2031/2"]).status.code(), Some(0));
    assert!(dir.path().join("b.txt").exists() && !dir.path().join("a.txt").exists());
    assert_eq!(run(dir.path(), &[]).status.code(), Some(0));
    assert_eq!(run(dir.path(), &[]).status.code(), Some(0));
    assert_eq!(log.lock().unwrap().len(), 2);
    fs::write(dir.path().join("manifest.tsv"), "title\nx\n").unwrap();
    assert_eq!(run(dir.path(), &[]).status.code(), Some(2));
}
