//! Closing a shift. One opens by itself with the first sale; offline it closes as well.

pub mod screen;

use holdfast_browser_store::{BrowserStoreError, Journal, OpenShift};
use holdfast_protocol::sale::ShiftRecord;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser::crypto::random_id;
use crate::till::{Place, Till};

/// What the page of the shift shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownShift {
    /// It is being read.
    Reading,
    /// Nothing was sold since the last one was closed.
    Nothing,
    /// The open one.
    Open(OpenShift),
    /// It was just closed.
    Closed(ShiftRecord),
    /// Why it can't be read or closed.
    Failed(String),
}

/// The page's own.
#[derive(Debug, Clone, Copy)]
pub struct Shift {
    /// What it shows.
    pub shown: RwSignal<ShownShift>,
    /// Whether a shift is being closed.
    pub is_closing: RwSignal<bool>,
}

impl Shift {
    /// Nothing read yet.
    pub fn new() -> Shift {
        Shift { shown: RwSignal::new(ShownShift::Reading), is_closing: RwSignal::new(false) }
    }
}

impl Default for Shift {
    fn default() -> Self {
        Shift::new()
    }
}

/// Shows the open shift.
pub fn open(till: Till) {
    till.shift.shown.set(ShownShift::Reading);
    till.go_to(Place::Shift);
    let Some(journal) = till.journal() else { return };
    spawn_local(async move {
        till.shift.shown.set(match journal.open_shift().await {
            Ok(Some(shift)) => ShownShift::Open(shift),
            Ok(None) => ShownShift::Nothing,
            Err(error) => ShownShift::Failed(error.to_string()),
        });
    });
}

/// Closes it, once.
pub fn close(till: Till) {
    let Some(journal) = till.journal() else { return };
    if till.shift.is_closing.get_untracked() {
        return;
    }
    till.shift.is_closing.set(true);
    spawn_local(async move {
        let closed = match random_id() {
            Ok(id) => close_as(&journal, id).await.map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        till.shift.is_closing.set(false);
        till.shift.shown.set(match closed {
            Ok(Some(record)) => {
                closed_now(till);
                ShownShift::Closed(record)
            }
            Ok(None) => ShownShift::Nothing,
            Err(reason) => ShownShift::Failed(text::shift_not_closed(&reason)),
        });
    });
}

async fn close_as(journal: &Journal, id: [u8; 16]) -> Result<Option<ShiftRecord>, BrowserStoreError> {
    match journal.close_shift(id, now_ms()).await {
        // It may have been closed all the same; the journal knows.
        Err(BrowserStoreError::NoAnswer) => {
            let last = journal.last_shift().await.ok().flatten();
            last.filter(|record| *record.id == id).map(Some).ok_or(BrowserStoreError::NoAnswer)
        }
        closed => closed,
    }
}

/// What follows once a shift is in the journal as closed.
fn closed_now(till: Till) {
    crate::worker_link::incoming::count_journal(till);
    if let Some(link) = till.link() {
        link.send(&ToWorker::JournalGrew);
    }
    // An export may be due for it.
    crate::export::read_record(till);
}
