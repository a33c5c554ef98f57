//! From an empty page to a till: this tab's turn, the databases, the service worker, the catalogue.

use std::cell::Cell;
use std::time::Duration;

use holdfast_browser_store::{RegisterIdentity, open_both};
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::notice::Notice;
use crate::sale::elsewhere;
use crate::sale::keeper::{Keeper, kept_basket};
use crate::till::{Register, Stage, Till};
use crate::worker_link::{WorkerLink, incoming, updates};
use crate::{activation, catalogue, customers, export, look_up, other_tab, pictures, profile};

/// The till's heartbeat: it lets time pass in the worker and moves the countdowns.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// Begins.
pub fn start(till: Till) {
    if let Some(code) = activation::code_of_address() {
        till.activation.code.set(code);
    }
    let Some(link) = WorkerLink::new() else {
        till.stage.set(Stage::NoServiceWorker);
        return;
    };
    updates::follow(&link);
    link.listen(move |message| incoming::take(till, message));
    till.set_link(link.clone());
    spawn_local(async move {
        match link.register().await {
            // A till that still starts needs the processor itself: its worker wakes when the catalogue is there.
            Ok(()) if till.stage.with_untracked(|stage| *stage == Stage::Starting) => {}
            Ok(()) => link.send(&ToWorker::Wake),
            Err(error) => leptos::logging::warn!("there is no service worker: {error}"),
        }
    });
    profile::follow(till);
    elsewhere::search(till);
    customers::search_elsewhere(till);
    beat(till);
    hear_the_network(till);
    other_tab::wait_for_turn(till);
}

/// Opens the databases; this tab has the till.
pub fn open_databases(till: Till) {
    spawn_local(async move {
        match open(till).await {
            Ok(()) => open_register(till),
            Err(reason) => till.stage.set(Stage::Failed(reason)),
        }
    });
}

/// Goes on with what the journal knows of this register: a till, or an activation.
pub fn open_register(till: Till) {
    spawn_local(async move {
        let Some(journal) = till.journal() else { return };
        let identity = match journal.identity().await {
            Ok(Some(identity)) => identity,
            Ok(None) => return till.stage.set(Stage::Activation),
            Err(error) => return till.stage.set(Stage::Failed(error.to_string())),
        };
        till.register.set(Some(register_of(identity)));
        if till.stage.with_untracked(|stage| *stage == Stage::Activation) {
            till.stage.set(Stage::Download);
        }
        incoming::count_journal(till);
        catalogue::load::load_first(till).await;
        if let Some(link) = till.link() {
            link.send(&ToWorker::Wake);
        }
        // Whatever became of it. A cashier waits for the catalogue; nobody waits for these.
        profile::read(till);
        export::read_record(till);
        pictures::read(till);
    });
}

/// Reads anew whose till this is: it was activated again.
pub fn read_identity(till: Till) {
    spawn_local(async move {
        let Some(journal) = till.journal() else { return };
        match journal.identity().await {
            Ok(Some(identity)) => till.register.set(Some(register_of(identity))),
            Ok(None) => {}
            Err(error) => leptos::logging::warn!("the register's identity can't be read: {error}"),
        }
    });
}

fn register_of(identity: RegisterIdentity) -> Register {
    Register {
        store_id: identity.store_id,
        store_name: identity.store_name,
        number: identity.register_number,
        name: identity.register_name,
    }
}

async fn open(till: Till) -> Result<(), String> {
    let (journal, scopes) = open_both().await.map_err(|error| error.to_string())?;
    match kept_basket(&journal).await {
        Ok(Some(basket)) => {
            till.basket.replace(basket);
            till.notice.set(Some(Notice::BasketRestored));
        }
        Ok(None) => till.basket.clear(),
        Err(error) => leptos::logging::warn!("the basket that was kept can't be opened: {error}"),
    }
    if till.keeper().is_none() {
        let keeper = Keeper::new(till, journal.clone());
        keeper.follow();
        till.set_keeper(keeper);
    }
    till.set_journal(journal);
    till.set_scopes(scopes);
    Ok(())
}

fn beat(till: Till) {
    let started_at_ms = now_ms();
    // Whether a newer profile was looked for since this page started.
    let has_looked = Cell::new(false);
    set_interval(
        move || {
            till.now_ms.set(now_ms());
            // A till that still starts lets its worker sleep.
            let has_started = till.stage.with_untracked(|stage| *stage != Stage::Starting);
            if let Some(link) = till.link().filter(|_| has_started) {
                if !has_looked.get() {
                    has_looked.set(looked_since(till, started_at_ms));
                }
                link.send(&if has_looked.get() { ToWorker::Wake } else { ToWorker::TillStarted });
            }
            updates::take_over_when_idle(till);
            export::tick(till);
            look_up::tick(till);
        },
        HEARTBEAT,
    );
}

/// Whether the worker has looked for a newer profile since then; one that was killed meanwhile does not know.
fn looked_since(till: Till, at_ms: i64) -> bool {
    // A clock that was set back must not make this ask for ever.
    let at_ms = at_ms.min(now_ms()) as f64;
    let looked_at_ms = till
        .connection
        .status
        .with_untracked(|status| status.as_ref().and_then(|status| status.looked_for_profile_at_ms));
    looked_at_ms.is_some_and(|looked_at_ms| looked_at_ms >= at_ms)
}

fn hear_the_network(till: Till) {
    window_event_listener(leptos::ev::online, move |_| {
        if let Some(link) = till.link() {
            link.send(&ToWorker::BrowserOnline);
        }
    });
    document().set_title(text::page_title());
}
