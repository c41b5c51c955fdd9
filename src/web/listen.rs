//! Connections: how many at once, how long a request's head may take, and how long a client may take
//! nothing of its answer. What is answered is not decided here.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{Sleep, sleep, timeout};

/// What a connection may use up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Connections at once; further ones wait.
    connections: usize,
    /// For the head of a request, from when the one before it was answered.
    head: Duration,
    /// In which nothing of an answer is taken.
    stall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { connections: 512, head: Duration::from_secs(10), stall: Duration::from_secs(30) }
    }
}

/// Headers of a request, and their bytes.
const HEADERS: usize = 64;
const HEAD_BYTES: usize = 64 << 10;
/// How long answers under way may take once the server is told to stop.
const LAST: Duration = Duration::from_secs(5);
/// After a connection could not be taken, as when no more files can be opened.
const PAUSE: Duration = Duration::from_millis(50);

/// Answers connections until `stop` comes.
pub(super) async fn listen(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let turns = Arc::new(Semaphore::new(limits.connections));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.head);
    http.max_headers(HEADERS).max_buf_size(HEAD_BYTES);
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let turn = Arc::clone(&turns).acquire_owned().await.ok();
            (turn, listener.accept().await)
        };
        let (turn, stream) = tokio::select! {
            (turn, accepted) = next => match accepted {
                Ok((stream, _)) => (turn, stream),
                Err(_) => {
                    sleep(PAUSE).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let io = TokioIo::new(Watched { stream, stall: limits.stall, waiting: None });
        let connection = open.watch(http.serve_connection(io, TowerToHyperService::new(router.clone())));
        tokio::spawn(async move {
            // A connection that broke, or was too slow, has nobody to be told.
            drop(connection.await);
            drop(turn);
        });
    }
    drop(listener);
    drop(timeout(LAST, open.shutdown()).await);
}

/// A connection that is given up where its client takes nothing for too long.
struct Watched {
    stream: TcpStream,
    stall: Duration,
    /// Set while a write waits.
    waiting: Option<Pin<Box<Sleep>>>,
}

impl Watched {
    /// The outcome of a write, or that it has waited too long.
    fn watched<T>(&mut self, cx: &mut Context<'_>, write: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if write.is_ready() {
            self.waiting = None;
            return write;
        }
        let stall = self.stall;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(stall)));
        waiting.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watched(cx, write)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let write = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watched(cx, write)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::io::{Read, Write};
    use std::net::SocketAddr;
    use std::time::Instant;

    /// A server whose limits are short, and its address.
    fn served() -> (tokio::runtime::Runtime, SocketAddr) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let long = "x".repeat(64 << 20);
        let router =
            Router::new().route("/", get(|| async { "here" })).route("/long", get(move || async { long }));
        let limits =
            Limits { connections: 2, head: Duration::from_millis(300), stall: Duration::from_millis(300) };
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(listen(listener, router, limits, std::future::pending()));
        (runtime, address)
    }

    fn connected(address: SocketAddr) -> std::net::TcpStream {
        let stream = std::net::TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream
    }

    #[test]
    fn a_head_that_comes_in_drops_is_given_up_and_others_are_answered() {
        let (_runtime, address) = served();
        let mut slow: Vec<_> = (0..2).map(|_| connected(address)).collect();
        let begun = Instant::now();
        for stream in &mut slow {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-a: ").unwrap();
        }
        // It waits for its turn, which comes when the slow ones are given up.
        let mut quick = connected(address);
        quick.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        quick.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("here"), "{answer}");
        for stream in &mut slow {
            let mut rest = Vec::new();
            // Closed, with or without a last word.
            drop(stream.read_to_end(&mut rest));
            assert!(!String::from_utf8_lossy(&rest).contains("here"));
        }
        assert!(begun.elapsed() < Duration::from_secs(8), "the slow heads were waited for");
    }

    #[test]
    fn a_client_that_takes_nothing_is_given_up() {
        let (_runtime, address) = served();
        let mut idle: Vec<_> = (0..2).map(|_| connected(address)).collect();
        for stream in &mut idle {
            stream.write_all(b"GET /long HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        }
        let mut quick = connected(address);
        quick.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        quick.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("here"), "{answer}");
    }
}
