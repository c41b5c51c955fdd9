//! A request: path and query on the first line, headers on the next ones, then an empty line and a body,
//! with which it is a POST. Every answer is one; none is an error of the server.
#![no_main]

mod answers;
mod whole;

use axum::body::Body;
use axum::http::Request;
use libfuzzer_sys::fuzz_target;
use paydirt::index::Index;
use paydirt::web::{App, Manners, router};
use std::sync::{Arc, OnceLock};
use tower::ServiceExt;

fuzz_target!(
    init: {
        // The readers of what is posted are processes of this program.
        paydirt::read::worker::main_if_asked();
    },
    |bytes: &[u8]| ask(bytes)
);

fn ask(bytes: &[u8]) {
    static SITE: OnceLock<(axum::Router, tokio::runtime::Runtime)> = OnceLock::new();
    let (site, runtime) = SITE.get_or_init(|| {
        let index = Index::open(&answers::index().0).unwrap();
        let app = App::new(index, None, Manners::new(None, &["fuzz".to_string()])).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        (router(Arc::new(app)), runtime)
    });
    let end = bytes.windows(2).position(|two| two == b"\n\n").unwrap_or(bytes.len());
    let (head, body) = bytes.split_at(end);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let mut request = Request::builder()
        .uri(lines.next().unwrap_or("/"))
        .method(if body.len() > 2 { "POST" } else { "GET" })
        .header("host", "fuzz");
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        request = request.header(name, value);
    }
    let Ok(request) = request.body(Body::from(body.get(2..).unwrap_or_default().to_vec())) else { return };
    let answer = runtime.block_on(site.clone().oneshot(request)).unwrap();
    assert!(!answer.status().is_server_error() || answer.status() == 503, "{}", answer.status());
}
