//! Reads a request's body with a bound on its bytes and on its time.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};

use crate::error::ApiError;

/// Longest body of a request but an upload or an import: nobody fills the memory without a token.
pub const SMALL_BODY_BYTES_MAX: usize = 64 * 1024;
/// How much of a too large body is read and thrown away, so that the peer is done sending and sees the answer.
const DRAIN_BYTES_MAX: usize = 16 * 1024 * 1024;
/// How long a peer may say nothing in the middle of a body.
const SILENCE_MAX: Duration = Duration::from_secs(10);
/// How long a body of some kilobytes may take to arrive, and one of a bulk request: no longer than a register
/// waits for the answer, and no longer than others should wait for its turn.
pub const ARRIVES_WITHIN: Duration = Duration::from_secs(25);
/// How long an export may take to arrive: its register waits a minute for the answer, some of it for its turn.
pub const EXPORT_ARRIVES_WITHIN: Duration = Duration::from_secs(50);
/// How long a file may take to arrive.
pub const FILE_ARRIVES_WITHIN: Duration = Duration::from_secs(120);

/// The whole body, unless it is longer than `bytes_max` or does not arrive within the time.
pub async fn read_body(body: Body, bytes_max: usize, within: Duration) -> Result<Vec<u8>, ApiError> {
    match tokio::time::timeout(within, collect(body, bytes_max)).await {
        Ok(collected) => collected,
        Err(_) => Err(ApiError::TooSlow),
    }
}

/// Reads a body that nobody wants and keeps nothing of it: a peer that is not done sending may never see the
/// answer.
pub async fn drain(mut body: Body) {
    let rest = async {
        let mut drained = 0;
        while let Ok(Some(data)) = next_data(&mut body).await {
            drained += data.len();
            if drained > DRAIN_BYTES_MAX {
                break;
            }
        }
    };
    // Whoever is that slow is told nothing.
    tokio::time::timeout(ARRIVES_WITHIN, rest).await.ok();
}

async fn collect(mut body: Body, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if expected > bytes_max {
        drain(body).await;
        return Err(too_large(bytes_max));
    }
    let mut bytes = Vec::with_capacity(expected);
    while let Some(data) = next_data(&mut body).await? {
        if bytes.len() + data.len() > bytes_max {
            drop(bytes);
            drain(body).await;
            return Err(too_large(bytes_max));
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

async fn next_data(body: &mut Body) -> Result<Option<Bytes>, ApiError> {
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
        match tokio::time::timeout(SILENCE_MAX, frame).await {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => {
                // Trailers say nothing that is of use here.
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
            Ok(Some(Err(error))) => {
                return Err(ApiError::Malformed(format!("The body did not arrive whole: {error}.")));
            }
            Err(_) => return Err(ApiError::TooSlow),
        }
    }
}

fn too_large(bytes_max: usize) -> ApiError {
    ApiError::TooLarge(format!("It may have {bytes_max} bytes at most."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::{Context, Poll};

    use http_body::Frame;
    use tokio::time::{Instant, Interval};

    /// A peer that sends so many bytes every so often, for ever.
    struct Drip {
        interval: Interval,
        bytes: usize,
    }

    impl Drip {
        fn every(seconds: u64, bytes: usize) -> Body {
            Body::new(Drip { interval: tokio::time::interval(Duration::from_secs(seconds)), bytes })
        }
    }

    impl HttpBody for Drip {
        type Data = Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
            let bytes = Bytes::from(vec![0; self.bytes]);
            self.interval.poll_tick(cx).map(|_| Some(Ok(Frame::data(bytes))))
        }
    }

    async fn check(body: Body, takes: Duration) {
        let began = Instant::now();
        let read = read_body(body, 1_000_000, ARRIVES_WITHIN).await;
        assert!(matches!(read, Err(ApiError::TooSlow)), "{read:?}");
        assert_eq!(began.elapsed(), takes);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_falls_silent_is_given_up_soon() {
        check(Drip::every(3_600, 10), SILENCE_MAX).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_sends_a_byte_now_and_then_is_given_up_too() {
        check(Drip::every(1, 1), ARRIVES_WITHIN).await;
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_without_end_is_too_large_and_is_not_read_for_ever() {
        let read = read_body(Drip::every(1, 600_000), 1_000_000, ARRIVES_WITHIN).await;
        assert!(matches!(read, Err(ApiError::TooSlow | ApiError::TooLarge(_))), "{read:?}");
        let began = Instant::now();
        drain(Drip::every(1, 600_000)).await;
        assert!(began.elapsed() <= ARRIVES_WITHIN);
    }
}
