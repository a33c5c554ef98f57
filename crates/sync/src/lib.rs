//! The synchronisation engine and the connectivity machine, sans-IO.
//!
//! Contract: hand the engine one [`Event`] with the time it happened ([`Engine::handle`]), carry out
//! every [`Effect`] it then gives ([`Engine::poll_effect`] until `None`), and call again with
//! [`Event::Tick`] no later than [`Engine::next_deadline_ms`]. A driver holds no decision of its own, so
//! the service worker, a page, a headless register and the simulator all behave alike.
//!
//! Knows no clock, no network, no database: times come in as milliseconds, requests and storage
//! calls go out as values with an id, and their results come back as events with that id. A result
//! that never comes is a failure once its deadline has passed.

#![forbid(unsafe_code)]

pub mod connectivity;
pub mod effect;
pub mod engine;
pub mod export_schedule;
pub mod memory_store;
pub mod messages;
pub mod overlay;
pub mod page_fold;
pub mod pictures;
mod random;
#[cfg(any(test, feature = "simulator"))]
pub mod simulator;
pub mod status;
pub mod store;
#[cfg(any(test, feature = "test-util"))]
pub mod store_suite;

pub use connectivity::{Connectivity, Mode};
pub use effect::{Call, CallError, CallReply, Effect, Event, ManifestRequest, RequestId};
pub use engine::{Engine, EngineConfig};
pub use status::{MoveFailure, MoveStatus, NextUpload, ScopeStatus, Status, TableNeed, TableStatus};
pub use store::{JournalCounts, RegisterState, RegisterStore, ShownTable, StoreCall, StoreError, StoreReply};
