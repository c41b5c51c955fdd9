//! Answers without end in sight, such as all hits: sent as they come, from a thread of their own.
//!
//! Before the first row an answer can still be refused; after it a failure breaks the connection
//! off, so that a short answer is never taken for a whole one.

use super::html::Refusal;
use super::state::App;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tokio_stream::Stream;

/// Rows are sent in pieces of about so many bytes.
const PIECE: usize = 32 * 1024;
/// A client that takes no piece for so long is given up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the pieces of an answer go.
pub(super) struct Sink {
    /// `None` ends the answer.
    send: Sender<Option<Bytes>>,
    piece: String,
    runtime: Handle,
    begun: Option<oneshot::Sender<Result<(), Refusal>>>,
}

impl Sink {
    /// The question is understood: from here on nothing is refused.
    pub fn begin(&mut self) {
        if let Some(begun) = self.begun.take() {
            drop(begun.send(Ok(())));
        }
    }

    /// `false` where nobody takes it any more.
    pub fn push(&mut self, text: &str) -> bool {
        self.piece.push_str(text);
        self.piece.len() < PIECE || self.flush()
    }

    fn flush(&mut self) -> bool {
        let piece = Bytes::from(std::mem::take(&mut self.piece));
        self.send(Some(piece))
    }

    fn send(&self, piece: Option<Bytes>) -> bool {
        let sent = self.runtime.block_on(tokio::time::timeout(PATIENCE, self.send.send(piece)));
        matches!(sent, Ok(Ok(())))
    }
}

/// The pieces on their way out; an answer that is not ended is an error.
struct Pieces {
    receive: Receiver<Option<Bytes>>,
    is_whole: bool,
}

impl Stream for Pieces {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_whole {
            return Poll::Ready(None);
        }
        self.receive.poll_recv(cx).map(|piece| match piece {
            Some(Some(piece)) => Some(Ok(piece)),
            Some(None) => {
                self.is_whole = true;
                None
            }
            None => Some(Err(io::Error::other("the answer was broken off"))),
        })
    }
}

/// An answer whose body `job` gives; `file` is the name it is saved under.
///
/// # Errors
/// What `job` refuses before it begins.
pub(super) async fn streamed(
    app: &Arc<App>,
    kind: &str,
    file: Option<&str>,
    job: impl FnOnce(&App, &mut Sink) -> Result<(), Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    let (send, receive) = channel::<Option<Bytes>>(4);
    let (told, begun) = oneshot::channel();
    let mut sink = Sink { send, piece: String::new(), runtime: Handle::current(), begun: Some(told) };
    let sharing = Arc::clone(app);
    tokio::spawn(async move {
        sharing
            .stream(move |app| {
                let done = job(app, &mut sink);
                match (done, sink.begun.take()) {
                    (Err(refusal), Some(begun)) => drop(begun.send(Err(refusal))),
                    (Ok(()), begun) => {
                        drop(begun.map(|begun| begun.send(Ok(()))));
                        if sink.flush() {
                            sink.send(None);
                        }
                    }
                    (Err(_), None) => {}
                }
            })
            .await;
    });
    match begun.await {
        Ok(Ok(())) => {}
        Ok(Err(refusal)) => return Err(refusal),
        // It never came to its turn.
        Err(_) => return Err(Refusal::busy()),
    }
    let mut response = Body::from_stream(Pieces { receive, is_whole: false }).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = kind.parse() {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Some(saved) = file.and_then(|f| format!("attachment; filename=\"{f}\"").parse().ok()) {
        headers.insert(header::CONTENT_DISPOSITION, saved);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio_stream::StreamExt;

    #[test]
    fn an_answer_that_is_not_ended_is_broken_off() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for end in [true, false] {
            let (send, receive) = channel(4);
            send.try_send(Some(Bytes::from("row"))).unwrap();
            if end {
                send.try_send(None).unwrap();
            }
            drop(send);
            let pieces: Vec<_> = runtime.block_on(Pieces { receive, is_whole: false }.take(3).collect());
            assert!(pieces[0].as_ref().is_ok_and(|piece| piece == "row"));
            assert_eq!(pieces.get(1).is_some_and(io::Result::is_err), !end);
        }
    }
}
