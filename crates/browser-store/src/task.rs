//! Futures that outlive whoever waits for them, and waits that end.
//!
//! A request of IndexedDB calls back into Rust; a future that is dropped before would take the callback with
//! it, and the exception that follows would abort the transaction. So each runs in a task of its own.

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use wasm_bindgen_futures::spawn_local;

use crate::error::{BrowserStoreError, Outcome};

/// Runs a future to its end in a task of its own and gives what it gives.
pub(crate) async fn detached<T: 'static>(future: impl Future<Output = Outcome<T>> + 'static) -> Outcome<T> {
    begun(future).ended().await
}

/// Begins a future at once, in a task of its own, for somebody who waits for it later.
pub(crate) fn begun<T: 'static>(future: impl Future<Output = Outcome<T>> + 'static) -> Begun<T> {
    let (sender, receiver) = oneshot::channel();
    spawn_local(async move {
        // Where nobody waits any more, the result is dropped here.
        drop(sender.send(future.await));
    });
    Begun(receiver)
}

/// What was begun.
pub(crate) struct Begun<T>(oneshot::Receiver<Outcome<T>>);

impl<T> Begun<T> {
    pub(crate) async fn ended(self) -> Outcome<T> {
        match self.0.await {
            Ok(outcome) => outcome,
            Err(oneshot::Canceled) => Err(BrowserStoreError::NoAnswer),
        }
    }
}

/// Waits for a future, but not longer than this; `None` when it took longer.
pub(crate) async fn within<T>(limit_ms: u32, future: impl Future<Output = T>) -> Option<T> {
    match select(Box::pin(future), TimeoutFuture::new(limit_ms)).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(((), _)) => None,
    }
}
