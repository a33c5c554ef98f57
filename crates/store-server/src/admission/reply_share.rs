//! Memory for replies that registers are slow to take.
//!
//! A reply's bytes stay in memory until its register has taken them, long after its request is done. A share of
//! a bounded number of bytes goes with each, and the connection ends where it is not taken in time ([`Untaken`]).

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::Response;
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::attempts::Wait;

/// Bytes of one permit of the semaphore.
const UNIT_BYTES: usize = 1_024;
/// Bytes that are handed to the connection at once: what it has may stay behind when the share is given back.
const FRAME_BYTES: usize = 64 * 1024;
/// How long a register may take over a reply: it would not wait longer for it itself.
const TAKEN_WITHIN: Duration = Duration::from_secs(30);

/// The bytes there are.
#[derive(Debug)]
pub(super) struct ReplyShares {
    units: Arc<Semaphore>,
    units_max: usize,
    wait_max: Duration,
    refused: AtomicU32,
}

/// A reply on its way, among the response's extensions: whoever sends it must give up in time.
#[derive(Debug, Clone)]
pub struct Untaken(watch::Receiver<()>);

impl Untaken {
    /// Ends when the reply was taken or dropped; false when that took too long.
    pub async fn taken_in_time(mut self) -> bool {
        // Nothing is ever sent: this waits for the body to be gone.
        tokio::time::timeout(TAKEN_WITHIN, self.0.changed()).await.is_ok()
    }
}

/// A body with its share.
struct SharedBody {
    bytes: Bytes,
    _share: OwnedSemaphorePermit,
    _untaken: watch::Sender<()>,
}

impl ReplyShares {
    pub(super) fn new(bytes_max: usize, wait_max: Duration) -> ReplyShares {
        let units_max = (bytes_max / UNIT_BYTES).clamp(1, Semaphore::MAX_PERMITS);
        let units = Arc::new(Semaphore::new(units_max));
        ReplyShares { units, units_max, wait_max, refused: AtomicU32::new(0) }
    }

    pub(super) async fn take(&self, response: Response<Vec<u8>>) -> Result<axum::response::Response, Wait> {
        let units = response.body().len().div_ceil(UNIT_BYTES).min(self.units_max);
        let share = Arc::clone(&self.units).acquire_many_owned(u32::try_from(units).unwrap_or(u32::MAX));
        // It is never closed.
        let Ok(Ok(share)) = tokio::time::timeout(self.wait_max, share).await else {
            return Err(Wait { seconds: 2 + self.refused.fetch_add(1, Ordering::Relaxed) % 8 });
        };
        let (untaken, taken) = watch::channel(());
        let mut response = response
            .map(|bytes| Body::new(SharedBody { bytes: bytes.into(), _share: share, _untaken: untaken }));
        response.extensions_mut().insert(Untaken(taken));
        Ok(response)
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

    const WAIT: Duration = Duration::from_secs(2);

    #[tokio::test]
    async fn a_reply_waits_for_memory_until_another_was_taken() {
        let shares = ReplyShares::new(100 * 1_024, WAIT);
        let reply = |bytes| shares.take(Response::new(vec![7; bytes]));
        let first = reply(80 * 1_024).await.unwrap();
        let mut second = Box::pin(reply(30 * 1_024));
        let mut polled = std::future::poll_fn(|cx| Poll::Ready(second.as_mut().poll(cx).is_ready()));
        assert!(!(&mut polled).await);
        let taken = axum::body::to_bytes(first.into_body(), usize::MAX).await.unwrap();
        assert_eq!(taken.len(), 80 * 1_024);
        second.await.unwrap();
    }

    #[tokio::test]
    async fn a_reply_larger_than_all_there_is_goes_alone() {
        let shares = ReplyShares::new(1_024, WAIT);
        let reply = shares.take(Response::new(vec![1; 100_000])).await.unwrap();
        assert_eq!(axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap().len(), 100_000);
        assert_eq!(shares.units.available_permits(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_reply_waits_for_memory_so_long_and_no_longer() {
        let shares = ReplyShares::new(1_024, WAIT);
        let _untaken = shares.take(Response::new(vec![1; 1_024])).await.unwrap();
        let began = tokio::time::Instant::now();
        assert!(shares.take(Response::new(vec![1; 1])).await.is_err());
        assert_eq!(began.elapsed(), WAIT);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_known_whether_a_reply_is_taken_in_time() {
        let shares = ReplyShares::new(1_024, WAIT);
        let reply = shares.take(Response::new(vec![1; 1_024])).await.unwrap();
        let untaken = reply.extensions().get::<Untaken>().unwrap().clone();
        assert!(!untaken.clone().taken_in_time().await);
        axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
        assert!(untaken.taken_in_time().await);
    }
}
