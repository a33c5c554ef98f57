//! What a message of the service worker changes in the till. Never the basket.

use holdfast_profile::TableId;
use holdfast_sync::Status;
use holdfast_sync::messages::ToPage;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::till::{Stage, Till};
use crate::{activation, catalogue, customers, done, export, look_up, pictures, sales_list};

/// Takes a message.
pub fn take(till: Till, message: ToPage) {
    match message {
        ToPage::Status { status } => take_status(till, status),
        ToPage::TablesChanged { tables } => {
            let tables = tables.into_iter().filter_map(TableId::from_number).collect::<Vec<_>>();
            catalogue::load::tables_changed(till, &tables);
            customers::tables_changed(till, &tables);
        }
        ToPage::LookedUp { asked, answer } => look_up::take(till, asked, &answer),
        ToPage::PicturesChanged => pictures::read(till),
        ToPage::Exported => export::ended(till),
        ToPage::FoundDamage => {
            // Each tab hears it, and the engine is to be started anew once.
            if till.has_turn.get_value() {
                catalogue::load::ask_to_mend(till);
            }
        }
        ToPage::Activated => activation::activated(till),
        ToPage::ActivationFailed { code, message } => activation::failed(till, &code, message),
        ToPage::WorkerFailed { message } => {
            leptos::logging::warn!("the service worker failed: {message}");
            activation::failed(till, "", text::activation_worker_failed(&message));
        }
    }
}

fn take_status(till: Till, status: Status) {
    let settled = till.connection.status.with_untracked(|before| {
        let numbers = |status: &Status| (status.waiting, status.rejected);
        before.as_ref().map(numbers) != Some(numbers(&status))
    });
    let ready = status.ready_to_sell;
    // Countdowns begin with a whole second.
    till.now_ms.set(now_ms());
    // The worker repeats itself at every heartbeat; what is on the screen then stays as it is.
    if till.connection.status.with_untracked(|before| before.as_ref() != Some(&status)) {
        till.connection.status.set(Some(status));
    }
    if settled {
        count_journal(till);
        done::refresh_custody(till);
        sales_list::refresh(till);
    }
    if ready && till.stage.with_untracked(|stage| *stage == Stage::Download) {
        catalogue::load::load_all(till);
    }
}

/// Counts what waits, in the journal itself.
pub fn count_journal(till: Till) {
    let Some(journal) = till.journal() else { return };
    spawn_local(async move {
        match journal.counts().await {
            Ok(counts) => {
                till.connection.waiting.set(counts.waiting);
                till.connection.rejected.set(counts.rejected);
            }
            Err(error) => leptos::logging::warn!("the journal can't be counted: {error}"),
        }
    });
}
