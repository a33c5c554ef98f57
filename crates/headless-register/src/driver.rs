//! The driver of a native register: gives the engine events and a clock, and does what it answers.
//!
//! Holds no decision. Storage calls are carried out at once, requests beside the loop, each given up after
//! its time.

use std::time::Duration;

use holdfast_sync::memory_store::MemoryStore;
use holdfast_sync::{CallError, Effect, Engine, EngineConfig, Event, Status};
use tokio::sync::{mpsc, watch};

use crate::clock::Clock;
use crate::register_api::RegisterApi;

/// Longest time without a tick, milliseconds of the engine's clock: less than what it takes for a sleep.
const TICK_EVERY_MS: i64 = 1_000;

/// What a driver needs.
#[derive(Debug)]
pub struct Driver {
    engine: Engine,
    store: MemoryStore,
    api: RegisterApi,
    clock: Clock,
    events: mpsc::UnboundedReceiver<Event>,
    /// Ends of requests come in where outside events do.
    results: mpsc::WeakUnboundedSender<Event>,
    status: watch::Sender<Option<Status>>,
}

/// How the rest of the program reaches a driver. The driver ends when all handles are gone.
#[derive(Debug, Clone)]
pub struct DriverHandle {
    events: mpsc::UnboundedSender<Event>,
    status: watch::Receiver<Option<Status>>,
}

impl DriverHandle {
    /// Tells the engine what has happened.
    pub fn tell(&self, event: Event) {
        // A driver that has ended hears nothing more; nobody waits for it then.
        self.events.send(event).ok();
    }

    /// Waits until the register's state is as wanted; `false` when that takes longer than `at_most`.
    pub async fn wait_until(&self, at_most: Duration, wanted: impl Fn(&Status) -> bool) -> bool {
        let mut status = self.status.clone();
        let reached = status.wait_for(|status| status.as_ref().is_some_and(&wanted));
        matches!(tokio::time::timeout(at_most, reached).await, Ok(Ok(_)))
    }

    /// The register's state, once there is one.
    pub fn status(&self) -> Option<Status> {
        self.status.borrow().clone()
    }
}

impl Driver {
    /// A driver of a new engine, and the handle to it.
    pub fn new(
        config: EngineConfig,
        store: MemoryStore,
        api: RegisterApi,
        clock: Clock,
    ) -> (Driver, DriverHandle) {
        let (events_in, events) = mpsc::unbounded_channel();
        let (status, status_out) = watch::channel(None);
        let results = events_in.downgrade();
        let handle = DriverHandle { events: events_in, status: status_out };
        let engine = Engine::speaking(config, api.versions());
        (Driver { engine, store, api, clock, events, results, status }, handle)
    }

    /// Runs until all handles are gone.
    pub async fn run(mut self) {
        let mut event = Event::Tick;
        loop {
            self.engine.handle(event, self.clock.now_ms());
            self.do_effects();
            let wait_ms = self
                .engine
                .next_deadline_ms()
                .map_or(TICK_EVERY_MS, |at_ms| at_ms - self.clock.now_ms())
                .clamp(1, TICK_EVERY_MS);
            event = match tokio::time::timeout(self.clock.real(wait_ms), self.events.recv()).await {
                Ok(Some(event)) => event,
                Ok(None) => return,
                Err(_) => Event::Tick,
            };
        }
    }

    fn do_effects(&mut self) {
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Request { id, call, timeout_ms } => {
                    let (api, timeout) = (self.api.clone(), self.clock.real(timeout_ms));
                    let (results, clock) = (self.results.clone(), self.clock);
                    tokio::spawn(async move {
                        let result = api.call(&call, timeout).await.map_err(|error| in_time_of(clock, error));
                        // Without handles there is no engine any more that waits for it.
                        if let Some(results) = results.upgrade() {
                            results.send(Event::Answered { id, result }).ok();
                        }
                    });
                }
                Effect::Store { id, call } => {
                    let result = self.store.execute_now(call);
                    self.engine.handle(Event::Stored { id, result }, self.clock.now_ms());
                }
                Effect::StatusChanged => {
                    self.status.send_replace(Some(self.engine.status()));
                }
                // The register reads its rows when it needs them.
                Effect::TablesChanged(_) => {}
                // It looks nothing up.
                Effect::LookedUp { .. } => {}
            }
        }
    }
}

/// A store server's pause is in real seconds.
fn in_time_of(clock: Clock, error: CallError) -> CallError {
    match error {
        CallError::Busy { retry_after_ms } => {
            let real = Duration::from_millis(u64::try_from(retry_after_ms).unwrap_or(0));
            CallError::Busy { retry_after_ms: clock.ms_in(real) }
        }
        error @ (CallError::NoAnswer(_) | CallError::Refused(_)) => error,
    }
}
