//! Memory for replies that registers are slow to take.
//!
//! A reply's bytes stay in memory until its register has taken them, long after its request is done. A share of
//! a bounded number of bytes goes with each.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Response;
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bytes of one permit of the semaphore.
const UNIT_BYTES: usize = 1_024;
/// Bytes that are handed to the connection at once: what it has may stay behind when the share is given back.
const FRAME_BYTES: usize = 64 * 1024;

/// The bytes there are.
#[derive(Debug)]
pub(super) struct ReplyShares {
    units: Arc<Semaphore>,
    units_max: usize,
}

/// A body with its share.
struct SharedBody {
    bytes: Bytes,
    _share: Option<OwnedSemaphorePermit>,
}

impl ReplyShares {
    pub(super) fn new(bytes_max: usize) -> ReplyShares {
        let units_max = (bytes_max / UNIT_BYTES).clamp(1, Semaphore::MAX_PERMITS);
        ReplyShares { units: Arc::new(Semaphore::new(units_max)), units_max }
    }

    pub(super) async fn take(&self, response: Response<Vec<u8>>) -> axum::response::Response {
        let units = response.body().len().div_ceil(UNIT_BYTES).min(self.units_max);
        let share = Arc::clone(&self.units).acquire_many_owned(u32::try_from(units).unwrap_or(u32::MAX));
        // It is never closed.
        let share = share.await.ok();
        response.map(|bytes| Body::new(SharedBody { bytes: bytes.into(), _share: share }))
    }
}

impl HttpBody for SharedBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.bytes.is_empty() {
            return Poll::Ready(None);
        }
        let next = self.bytes.len().min(FRAME_BYTES);
        Poll::Ready(Some(Ok(Frame::data(self.bytes.split_to(next)))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reply_waits_for_memory_until_another_was_taken() {
        let shares = ReplyShares::new(100 * 1_024);
        let reply = |bytes| shares.take(Response::new(vec![7; bytes]));
        let first = reply(80 * 1_024).await;
        let mut second = Box::pin(reply(30 * 1_024));
        let mut polled = std::future::poll_fn(|cx| Poll::Ready(second.as_mut().poll(cx).is_ready()));
        assert!(!(&mut polled).await);
        let taken = axum::body::to_bytes(first.into_body(), usize::MAX).await.unwrap();
        assert_eq!(taken.len(), 80 * 1_024);
        second.await;
    }

    #[tokio::test]
    async fn a_reply_larger_than_all_there_is_goes_alone() {
        let shares = ReplyShares::new(1_024);
        let reply = shares.take(Response::new(vec![1; 100_000])).await;
        assert_eq!(axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap().len(), 100_000);
        assert_eq!(shares.units.available_permits(), 1);
    }
}
