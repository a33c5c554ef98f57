//! Connections: accepts them up to a number, gives each its time-outs, and ends them when the server stops.
//!
//! A peer that sends its headers a byte at a time, or never takes its answer, costs a connection for a bounded
//! time and nothing else. One that takes a large reply too slowly ([`Untaken`]) is given up, and the memory is free.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Sleep;

use crate::admission::Untaken;

/// Connections at once; further ones wait to be accepted.
const CONNECTIONS_MAX: usize = 8_192;
/// How long the next request's headers may take, an idle connection's rest included.
const HEADERS_WITHIN: Duration = Duration::from_secs(60);
/// How long a peer may take nothing of its answer.
const TAKES_NOTHING_MAX: Duration = Duration::from_secs(30);
/// Bytes that a connection buffers, each way, and the longest head of a request: thousands of them are open.
const BUFFER_BYTES_MAX: usize = 16 * 1024;
/// Pause after a connection could not be accepted, as when there are no file descriptors left.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Serves until `stop` turns true; then ends when all requests that are under way are answered.
pub async fn serve(listener: TcpListener, router: Router, mut stop: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    // Closed when the last connection has dropped its half.
    let (alive, ended) = watch::channel(());
    while !*stop.borrow() {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            _ = stop.changed() => continue,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => continue,
        };
        match accepted {
            Ok((stream, peer)) => {
                let (router, stop, ended) = (router.clone(), stop.clone(), ended.clone());
                tokio::spawn(async move {
                    // Answers are small and written whole: nothing is gained by waiting for more.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "a connection keeps its delay");
                    }
                    serve_connection(stream, peer, router, stop).await;
                    drop((place, ended));
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
    drop((listener, ended));
    alive.closed().await;
}

async fn serve_connection<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let (on_its_way, replies) = mpsc::unbounded_channel();
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let (reply, on_its_way) = (router.call(request), on_its_way.clone());
        async move {
            let reply = reply.await?;
            if let Some(untaken) = reply.extensions().get::<Untaken>() {
                // Once nobody watches, the connection has ended.
                on_its_way.send(untaken.clone()).ok();
            }
            Ok::<_, Infallible>(reply)
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .max_buf_size(BUFFER_BYTES_MAX)
        .serve_connection(TokioIo::new(Impatient::new(stream, TAKES_NOTHING_MAX)), service);
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = untaken(replies) => {
            tracing::debug!(%peer, "a reply was not taken in time");
            return;
        }
        () = async { stop.wait_for(|stop| *stop).await.map_or((), drop) } => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, %peer, "a connection failed");
    }
}

/// Ends when a reply was not taken in time; replies of a connection go one after the other.
async fn untaken(mut replies: mpsc::UnboundedReceiver<Untaken>) {
    while let Some(untaken) = replies.recv().await {
        if !untaken.taken_in_time().await {
            return;
        }
    }
    std::future::pending().await
}

/// A stream that fails when its peer takes nothing for too long.
#[derive(Debug)]
struct Impatient<S> {
    stream: S,
    patience: Duration,
    /// Runs while something could not be written.
    stuck: Option<Pin<Box<Sleep>>>,
}

impl<S> Impatient<S> {
    fn new(stream: S, patience: Duration) -> Impatient<S> {
        Impatient { stream, patience, stuck: None }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stuck = None;
            return written;
        }
        let patience = self.patience;
        let stuck = self.stuck.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        match stuck.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.watch(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.watch(cx, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.watch(cx, shut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admission::{Admission, AdmissionLimits};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_nothing_is_given_up() {
        let (ours, _theirs) = tokio::io::duplex(4);
        let mut ours = Impatient::new(ours, Duration::from_secs(30));
        let began = Instant::now();
        let failed = ours.write_all(b"more than four").await.unwrap_err();
        assert_eq!(failed.kind(), io::ErrorKind::TimedOut);
        assert_eq!(began.elapsed(), Duration::from_secs(30));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_peer_that_takes_a_little_now_and_then_is_served() {
        let (ours, mut theirs) = tokio::io::duplex(4);
        let mut ours = Impatient::new(ours, Duration::from_secs(30));
        let taking = tokio::spawn(async move {
            let mut bytes = [0; 20];
            for place in 0..bytes.len() {
                tokio::time::sleep(Duration::from_secs(20)).await;
                theirs.read_exact(&mut bytes[place..=place]).await.unwrap();
            }
            bytes
        });
        ours.write_all(&[5; 20]).await.unwrap();
        assert_eq!(taking.await.unwrap(), [5; 20]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_takes_a_large_reply_too_slowly_is_given_up() {
        let limits = AdmissionLimits::new(1, 8);
        let admission = Arc::new(Admission::new(limits));
        let reply = {
            let admission = Arc::clone(&admission);
            async move || {
                admission.reply(axum::http::Response::new(vec![7; limits.reply_bytes_max])).await.unwrap()
            }
        };
        let router = Router::new().route("/", axum::routing::get(reply));
        let (ours, mut theirs) = tokio::io::duplex(16);
        let (_stop, stopped) = watch::channel(false);
        let peer = SocketAddr::from(([127, 0, 0, 1], 1));
        let serving = tokio::spawn(serve_connection(ours, peer, router, stopped));
        theirs.write_all(b"GET / HTTP/1.1\r\nhost: till\r\n\r\n").await.unwrap();
        let mut taken = [0; 8];
        for _ in 0..3 {
            theirs.read_exact(&mut taken).await.unwrap();
            tokio::time::sleep(Duration::from_secs(20)).await;
        }
        assert!(serving.is_finished());
        // The memory is free.
        admission.reply(axum::http::Response::new(vec![7; limits.reply_bytes_max])).await.unwrap();
    }
}
