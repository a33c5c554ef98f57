//! Bulk requests wait here for their turn.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::scheduler::{Arrival, Limits, Scheduler, Ticket};
use crate::attempts::Wait;
use crate::database::RegisterKey;

/// The room. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct BulkRoom {
    state: Arc<Mutex<State>>,
    wait_max: Duration,
    since: Instant,
}

#[derive(Debug)]
struct State {
    scheduler: Scheduler<RegisterKey>,
    waiting: BTreeMap<Ticket, oneshot::Sender<BulkPermit>>,
}

/// A bulk request is at work while this lives.
#[derive(Debug)]
pub struct BulkPermit {
    room: BulkRoom,
    key: RegisterKey,
    began: Instant,
    is_usual: bool,
}

impl BulkPermit {
    /// Its time says nothing of that of others, as where it may make what all others only take.
    #[must_use]
    pub fn unusual(mut self) -> BulkPermit {
        self.is_usual = false;
        self
    }
}

/// A place in the room; it is given up when the request is dropped, as when its peer is gone.
struct Place<'r> {
    room: &'r BulkRoom,
    ticket: Ticket,
}

impl BulkRoom {
    pub(super) fn new(limits: Limits, wait_max: Duration) -> BulkRoom {
        let state = State { scheduler: Scheduler::new(limits), waiting: BTreeMap::new() };
        BulkRoom { state: Arc::new(Mutex::new(state)), wait_max, since: Instant::now() }
    }

    pub(super) async fn enter(&self, key: RegisterKey) -> Result<BulkPermit, Wait> {
        let (place, called) = {
            let mut state = self.lock();
            match state.scheduler.arrive(key.clone(), self.now_ms()) {
                Arrival::Admitted => return Ok(self.permit(key)),
                Arrival::Refused { retry_after_ms } => return Err(in_seconds(retry_after_ms)),
                Arrival::Waits(ticket) => {
                    let (call, called) = oneshot::channel();
                    state.waiting.insert(ticket, call);
                    (Place { room: self, ticket }, called)
                }
            }
        };
        let called = tokio::time::timeout(self.wait_max, called).await;
        drop(place);
        match called {
            Ok(Ok(permit)) => Ok(permit),
            // Nobody drops a call without having made it; were it so, coming again is right, too.
            Ok(Err(_)) | Err(_) => Err(in_seconds(self.lock().scheduler.promise(self.now_ms()))),
        }
    }

    pub(super) fn waiting_count(&self) -> usize {
        self.lock().waiting.len()
    }

    fn permit(&self, key: RegisterKey) -> BulkPermit {
        BulkPermit { room: self.clone(), key, began: Instant::now(), is_usual: true }
    }

    fn finish(&self, key: &RegisterKey, worked: Option<Duration>) {
        let mut calls = Vec::new();
        {
            let mut state = self.lock();
            let worked_us = worked.map(|worked| u64::try_from(worked.as_micros()).unwrap_or(u64::MAX));
            state.scheduler.finish(key, worked_us);
            while let Some((ticket, key)) = state.scheduler.admit() {
                calls.push((state.waiting.remove(&ticket), key));
            }
        }
        for (call, key) in calls {
            let permit = self.permit(key);
            // A permit that reaches nobody is given back as it is dropped, and the next one is called.
            if let Some(call) = call {
                call.send(permit).ok();
            }
        }
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The scheduler panics nowhere between two of its fields.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for BulkPermit {
    fn drop(&mut self) {
        self.room.finish(&self.key, self.is_usual.then(|| self.began.elapsed()));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.room.lock();
        if state.scheduler.leave(self.ticket) {
            state.waiting.remove(&self.ticket);
        }
    }
}

fn in_seconds(ms: u64) -> Wait {
    Wait { seconds: u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits =
        Limits { at_work_max: 1, waiting_max: 2, waiting_each_max: 2, wait_ms_max: 60_000 };

    fn room() -> BulkRoom {
        BulkRoom::new(LIMITS, Duration::from_secs(10))
    }

    fn register(number: u16) -> RegisterKey {
        RegisterKey { store_id: "S1".to_owned(), number }
    }

    /// Lets all tasks run as far as they get.
    async fn settle() {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_let_in_when_another_is_done() {
        let room = room();
        let first = room.enter(register(1)).await.unwrap();
        let waiting = tokio::spawn({
            let room = room.clone();
            async move { room.enter(register(2)).await }
        });
        settle().await;
        assert!(!waiting.is_finished());
        drop(first);
        assert!(waiting.await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn beyond_the_room_comes_a_refusal_at_once() {
        let room = room();
        let _first = room.enter(register(1)).await.unwrap();
        for number in [2, 3] {
            let room = room.clone();
            tokio::spawn(async move { room.enter(register(number)).await });
        }
        settle().await;
        assert_eq!(room.enter(register(4)).await.unwrap_err(), Wait { seconds: 2 });
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_is_gone_gives_up_its_place() {
        let room = room();
        let first = room.enter(register(1)).await.unwrap();
        let gone = tokio::spawn({
            let room = room.clone();
            async move { room.enter(register(2)).await }
        });
        settle().await;
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        assert!(room.lock().waiting.is_empty());
        drop(first);
        assert!(room.enter(register(3)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_permit_that_reaches_nobody_goes_to_the_next() {
        let room = room();
        let first = room.enter(register(1)).await.unwrap();
        let enter = |number| {
            let room = room.clone();
            tokio::spawn(async move { room.enter(register(number)).await })
        };
        let gone = enter(2);
        settle().await;
        let next = enter(3);
        settle().await;
        // Called, but not there any more to hear it.
        drop(first);
        gone.abort();
        assert!(next.await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_has_an_end() {
        let room = room();
        let _first = room.enter(register(1)).await.unwrap();
        let began = Instant::now();
        assert!(room.enter(register(2)).await.is_err());
        assert_eq!(began.elapsed(), Duration::from_secs(10));
        assert!(room.lock().waiting.is_empty());
    }
}
