//! What this register keeps and has sent: one row for each scope of its profile, in order.

pub mod profile_move;
pub mod scope_summary;
pub mod screen;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::till::{Place, Till};

/// What the browser says of its storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageUse {
    /// Bytes used and allowed, where the browser says so.
    pub bytes: Option<(u64, u64)>,
    /// Whether the data is protected from being cleared to make room.
    pub is_protected: bool,
}

/// Shows the page.
pub fn open(till: Till) {
    till.go_to(Place::OfflineDatabase);
    read_storage(till);
}

fn read_storage(till: Till) {
    spawn_local(async move {
        let bytes = holdfast_browser_store::storage::estimate().await;
        let is_protected = holdfast_browser_store::storage::is_persisted().await;
        till.storage.set(Some(StorageUse { bytes, is_protected }));
    });
}
