//! Live requests: many at once, in the order in which they come, and never behind bulk.
//!
//! A request is at work once its body is there: peers that are slow to send it, by chance or on purpose, wait in a room
//! of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::App;
use crate::attempts::Wait;
use crate::error::ApiError;
use crate::request_body::{ARRIVES_WITHIN, SMALL_BODY_BYTES_MAX, read_body};

/// The room. The semaphore is fair: first come, first served.
#[derive(Debug)]
pub(super) struct LiveRoom {
    at_work: Arc<Semaphore>,
    waiting: AtomicUsize,
    refused: AtomicUsize,
    waiting_max: usize,
    wait_max: Duration,
}

/// Counts one that waits.
struct Waiting<'r>(&'r AtomicUsize);

impl LiveRoom {
    pub(super) fn new(at_work_max: usize, waiting_max: usize, wait_max: Duration) -> LiveRoom {
        let at_work = Arc::new(Semaphore::new(at_work_max.max(1)));
        LiveRoom {
            at_work,
            waiting: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            waiting_max,
            wait_max,
        }
    }

    /// The permit is nobody's: what goes on after its request is gone may take it along.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Wait> {
        if let Ok(permit) = Arc::clone(&self.at_work).try_acquire_owned() {
            return Ok(permit);
        }
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        if before >= self.waiting_max {
            return Err(self.come_again());
        }
        match tokio::time::timeout(self.wait_max, Arc::clone(&self.at_work).acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            // It is never closed.
            Ok(Err(_)) | Err(_) => Err(self.come_again()),
        }
    }

    /// After one to four seconds, in turn.
    fn come_again(&self) -> Wait {
        let refused = self.refused.fetch_add(1, Ordering::Relaxed);
        Wait { seconds: 1 + u32::try_from(refused % 4).unwrap_or(0) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Lets a live request of a register in.
pub async fn live_for_registers(State(app): State<App>, request: Request, next: Next) -> Response {
    run(&app, request, next).await.unwrap_or_else(|error| error.to_register())
}

/// Lets a live request of an administrator in.
pub async fn live_for_administrators(State(app): State<App>, request: Request, next: Next) -> Response {
    run(&app, request, next).await.unwrap_or_else(|error| error.to_administrator())
}

async fn run(app: &App, request: Request, next: Next) -> Result<Response, ApiError> {
    let admission = app.admission();
    let request = if request.body().is_end_stream() {
        request
    } else {
        let _place = admission.arriving.enter().await.map_err(ApiError::Busy)?;
        let (parts, body) = request.into_parts();
        let bytes = read_body(body, SMALL_BODY_BYTES_MAX, ARRIVES_WITHIN).await?;
        Request::from_parts(parts, Body::from(bytes))
    };
    let _permit = admission.live.enter().await.map_err(ApiError::Busy)?;
    Ok(next.run(request).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn beyond_the_room_the_seconds_to_wait_differ() {
        let room = LiveRoom::new(1, 0, Duration::from_secs(5));
        let _at_work = room.enter().await.unwrap();
        let mut seconds = Vec::new();
        for _ in 0..5 {
            seconds.push(room.enter().await.unwrap_err().seconds);
        }
        assert_eq!(seconds, [1, 2, 3, 4, 1]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_let_in_or_told_in_time() {
        let room = Arc::new(LiveRoom::new(1, 1, Duration::from_secs(5)));
        let at_work = room.enter().await.unwrap();
        let waiting = tokio::spawn({
            let room = Arc::clone(&room);
            async move { room.enter().await.is_ok() }
        });
        tokio::task::yield_now().await;
        drop(at_work);
        assert!(waiting.await.unwrap());
        let _at_work = room.enter().await.unwrap();
        assert!(room.enter().await.is_err());
        assert_eq!(room.waiting.load(Ordering::Relaxed), 0);
    }
}
