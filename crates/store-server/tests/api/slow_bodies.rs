//! Bodies of requests whose peers take their time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::Frame;

/// A body that tells when it is first read.
pub struct Watched {
    bytes: Bytes,
    was_read: Arc<AtomicBool>,
}

impl Watched {
    /// A body of these bytes, and whether it was read by now.
    pub fn body(bytes: Vec<u8>) -> (Body, impl Fn() -> bool) {
        let was_read = Arc::new(AtomicBool::new(false));
        let body = Watched { bytes: bytes.into(), was_read: Arc::clone(&was_read) };
        (Body::new(body), move || was_read.load(Ordering::SeqCst))
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.was_read.store(true, Ordering::SeqCst);
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }
}

/// A body whose peer is slow to send it.
pub struct Unsent;

impl HttpBody for Unsent {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Pending
    }
}
