//! The web face: the router in this process, and the pages in a real browser where there is one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what it did not expect")]

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use paydirt::index::Index;
use paydirt::web::{App, Manners, router};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;

mod api;
mod browser;
mod pages;
mod security;

/// A report that would run as a program if it were not escaped.
const HOSTILE: &str = "<!doctype html><title>Report &lt;script&gt;alert(1)&lt;/script&gt;</title>\
    <h1>Figures &lt;img src=x onerror=alert(2)&gt;</h1>\
    <p>The hostile group &lt;script&gt;alert('stolen')&lt;/script&gt; took $123,456,789 from KuCoin in May 2021.</p>";

/// The sample corpus, a hostile report and a copy, indexed once for all tests.
pub fn folder() -> &'static Path {
    static FOLDER: OnceLock<tempfile::TempDir> = OnceLock::new();
    FOLDER
        .get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let corpus = folder.path().join("corpus");
            std::fs::create_dir(&corpus).unwrap();
            for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")).unwrap() {
                let entry = entry.unwrap();
                if entry.path().is_file() {
                    std::fs::copy(entry.path(), corpus.join(entry.file_name())).unwrap();
                }
            }
            std::fs::write(corpus.join("hostile.html"), HOSTILE).unwrap();
            std::fs::copy(corpus.join("digest-2019.txt"), corpus.join("digest-2019-copy.txt")).unwrap();
            let built = Command::new(program())
                .args(["build", "corpus", "--ocr", "never"])
                .current_dir(folder.path())
                .output()
                .unwrap();
            assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
            folder
        })
        .path()
}

pub fn program() -> PathBuf {
    env!("CARGO_BIN_EXE_paydirt").into()
}

/// The web face without a network.
pub fn site(token: Option<&str>) -> Router {
    let index = Index::open(&folder().join("index")).unwrap();
    let manners = Manners::new(token.map(str::to_string), &["reports.test".to_string()]);
    let app = App::new(index, Some(&folder().join("corpus")), manners).unwrap().with_program(program());
    router(Arc::new(app))
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

pub fn ask(site: &Router, request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let response = site.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: head.status, headers: head.headers, bytes }
    })
}

pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "reports.test");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

pub fn get(path: &str) -> Answer {
    ask(&site(None), request("GET", path, &[], Body::empty()))
}

/// The fingerprint of a source of the corpus by the end of its path.
pub fn sha256(file: &str) -> String {
    let account = get("/api/v1/documents").json();
    let rows = account["account"].as_array().unwrap();
    let row = rows.iter().find(|row| row["source"].as_str().unwrap().ends_with(file)).unwrap();
    row["sha256"].as_str().unwrap().to_string()
}
