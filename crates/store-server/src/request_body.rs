//! Reads a request's body with a bound.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};

use crate::error::ApiError;

/// How much of a too large body is read and thrown away, so that the peer is done sending and sees the answer.
const DRAIN_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How long a body may take to arrive.
const ARRIVES_WITHIN: Duration = Duration::from_secs(120);

/// The whole body, unless it is longer than `bytes_max` or does not arrive in time.
pub async fn read_body(body: Body, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    match tokio::time::timeout(ARRIVES_WITHIN, collect(body, bytes_max)).await {
        Ok(collected) => collected,
        Err(_) => Err(ApiError::Malformed("The body did not arrive in time.".to_owned())),
    }
}

async fn collect(mut body: Body, bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(expected.min(bytes_max));
    let mut drained = 0;
    let mut too_large = false;
    while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame =
            frame.map_err(|error| ApiError::Malformed(format!("The body did not arrive whole: {error}.")))?;
        // Trailers say nothing that is of use here.
        let Ok(data) = frame.into_data() else { continue };
        if too_large || bytes.len() + data.len() > bytes_max {
            too_large = true;
            bytes = Vec::new();
            drained += data.len();
            if drained > DRAIN_BYTES_MAX {
                break;
            }
            continue;
        }
        bytes.extend_from_slice(&data);
    }
    if too_large {
        return Err(ApiError::TooLarge(format!("It may have {bytes_max} bytes at most.")));
    }
    Ok(bytes)
}
