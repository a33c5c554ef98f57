//! Turning an activation code into a register. The service worker asks the store server; the identity comes
//! back through the journal.

pub mod screen;

use std::time::Duration;

use holdfast_protocol::problem::code as problem;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::start;
use crate::till::{Stage, Till};

/// How long the store server may take, before the till says that there was no answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// What the activation screen holds.
#[derive(Debug, Clone, Copy)]
pub struct Activation {
    /// The code as typed.
    pub code: RwSignal<String>,
    /// Why it was not taken.
    pub error: RwSignal<Option<String>>,
    /// Whether an answer is awaited.
    pub is_asking: RwSignal<bool>,
    /// Whether somebody wants a register that is one already activated again: the store server knows it no longer.
    pub is_wanted: RwSignal<bool>,
    // Counts the tries, so that the end of an earlier one's time is not taken for a later one's.
    tries: StoredValue<u32>,
}

impl Activation {
    /// With the code of the page's address (`?code=`), if there is one.
    pub fn new() -> Activation {
        Activation {
            code: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            is_asking: RwSignal::new(false),
            is_wanted: RwSignal::new(false),
            tries: StoredValue::new(0),
        }
    }
}

impl Default for Activation {
    fn default() -> Self {
        Activation::new()
    }
}

/// Asks the store server for this register's identity.
pub fn activate(till: Till) {
    let activation = till.activation;
    let code = activation.code.get_untracked().trim().to_owned();
    if code.is_empty() {
        activation.error.set(Some(text::activation_code_missing().to_owned()));
        return;
    }
    if activation.is_asking.get_untracked() {
        return;
    }
    activation.is_asking.set(true);
    activation.error.set(None);
    activation.tries.update_value(|tries| *tries += 1);
    let asked = activation.tries.get_value();
    let message = ToWorker::Activate { code, device_name: device_name() };
    spawn_local(async move {
        if let Some(link) = till.link() {
            match link.register().await {
                Ok(()) => link.send(&message),
                Err(error) => failed(till, "", text::activation_worker_failed(&error)),
            }
        }
    });
    set_timeout(
        move || {
            if activation.is_asking.get_untracked() && activation.tries.get_value() == asked {
                failed(till, NO_ANSWER, String::new());
            }
        },
        ANSWER_WITHIN,
    );
}

/// The code of the worker's message where the store server did not answer.
const NO_ANSWER: &str = "no_answer";

/// The code of the worker's message where what waits here belongs to another register than the code.
const ENTRIES_WAIT: &str = "entries_wait";

/// The code was not taken.
pub fn failed(till: Till, code: &str, message: String) {
    if !till.activation.is_asking.get_untracked() {
        return;
    }
    let said = match code {
        NO_ANSWER => text::activation_no_answer().to_owned(),
        problem::ACTIVATION_CODE_UNKNOWN => text::activation_code_unknown().to_owned(),
        // It would become another register, whose store server has not what waits here.
        ENTRIES_WAIT => text::activation_entries_wait().to_owned(),
        problem::TOO_MANY_ATTEMPTS => text::activation_too_many_attempts().to_owned(),
        // The store server says more than this page knows: by whom and when a code was used.
        _ => text::activation_refused(&message),
    };
    till.activation.is_asking.set(false);
    till.activation.error.set(Some(said));
}

/// The register has an identity now. Asks the browser to protect what will be kept, and forgets the code in
/// the address, so that a reload or a bookmark does not offer it again.
pub fn activated(till: Till) {
    till.activation.is_asking.set(false);
    till.activation.code.set(String::new());
    if let Ok(history) = window().history()
        && history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some("/")).is_err()
    {
        leptos::logging::warn!("the code stays in the page's address");
    }
    if till.stage.with_untracked(|stage| *stage == Stage::Activation) {
        start::open_register(till);
    } else {
        // What is sold goes on meanwhile; only its name and number may be others.
        till.activation.is_wanted.set(false);
        start::read_identity(till);
    }
    spawn_local(async move {
        if !holdfast_browser_store::storage::ask_to_persist().await {
            leptos::logging::log!("the browser does not protect the till's data from being cleared");
        }
    });
}

/// The code of the page's address.
pub fn code_of_address() -> Option<String> {
    let query = window().location().search().ok()?;
    let parameters = web_sys::UrlSearchParams::new_with_str(&query).ok()?;
    parameters.get("code")
}

/// What the device calls itself, for the administrator: the browser and the system, as far as it says.
fn device_name() -> String {
    let agent = window().navigator().user_agent().unwrap_or_default();
    let known = |names: &[(&'static str, &'static str)]| {
        names.iter().find(|(sign, _)| agent.contains(sign)).map(|(_, name)| *name)
    };
    let system = known(&[
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Android", "Android"),
        ("CrOS", "ChromeOS"),
        ("Windows", "Windows"),
        ("Macintosh", "Mac"),
        ("Linux", "Linux"),
    ]);
    let browser =
        known(&[("Firefox/", "Firefox"), ("Edg/", "Edge"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
    [browser, system].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
