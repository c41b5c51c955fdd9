//! Face two: the program in a browser, on one machine. Pages are made by the server and work
//! without JavaScript; `/api/v1` gives all that they show as rows.
//!
//! The only place with an async runtime. A request names documents by the fingerprint of their
//! bytes, never by a path; searching, reading and drawing run on threads of their own, bounded in
//! number and time. What is found, and what it means, is not decided here.

mod api;
mod article;
mod asked;
pub mod card;
mod chart;
mod cite;
mod corpus;
mod document;
mod guard;
mod html;
mod lineage;
mod listen;
mod marked;
mod openapi;
mod pictures;
pub mod report;
mod scorecard;
mod search;
mod state;
mod stream;
mod verdict;

pub use guard::Manners;
pub use openapi::document as openapi;
pub use state::App;

use crate::error::{Error, ErrorKind, Result};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

const STYLE: &str = include_str!("assets/style.css");
const SCRIPT: &str = include_str!("assets/app.js");
const ICON: &str = include_str!("assets/icon.svg");

/// Every page and every call, behind the guard.
pub fn router(app: Arc<App>) -> Router {
    let asset = |kind: &'static str, text: &'static str| {
        get(move || async move {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=3600")], text).into_response()
        })
    };
    Router::new()
        .route("/", get(search::page))
        .route("/facet/{name}", get(search::facet))
        .route("/document/{sha256}", get(document::first))
        .route("/document/{sha256}/page/{page}", get(document::page))
        .route("/corpus", get(corpus::page))
        .route("/verify", get(verdict::page))
        .route("/lineage", get(lineage::page))
        .route("/check", get(article::empty).post(article::take))
        .route("/check/{id}", get(article::page))
        .route("/help", get(html::help))
        .route("/style.css", asset("text/css; charset=utf-8", STYLE))
        .route("/app.js", asset("text/javascript; charset=utf-8", SCRIPT))
        .route("/icon.svg", asset("image/svg+xml", ICON))
        .merge(api::routes())
        .fallback(html::nowhere)
        .layer(DefaultBodyLimit::max(article::MOST_BYTES))
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

/// Serves until the process is told to stop. `ready` is told the address, once it listens.
///
/// # Errors
/// `Usage` where the address cannot be listened on.
pub fn serve(app: App, address: SocketAddr, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let cannot = |cause: std::io::Error| {
        Error::new(ErrorKind::Usage, "cannot listen").at(address).because(cause).hint(
            "another program may use the port: name another with `paydirt serve --port 8090`, or 0 for any",
        )
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(64)
        .build()
        .map_err(cannot)?;
    runtime.block_on(async move {
        let listener = TcpListener::bind(address).await.map_err(cannot)?;
        let bound = listener.local_addr().map_err(cannot)?;
        let app = Arc::new(app.listening_on(bound));
        ready(bound);
        let stop = async {
            // Where the signal cannot be listened for, the process is ended by it.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        listen::listen(listener, router(app), listen::Limits::default(), stop).await;
        Ok(())
    })
}
