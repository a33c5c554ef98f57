//! What is typed into dialogs and not yet sent, kept in this tab's storage at every change: a reload takes none of it.

use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::browser_storage;

/// What was kept under a name, if this version of the page can read it.
pub fn kept<T: DeserializeOwned>(entry: &str) -> Option<T> {
    serde_json::from_str(&browser_storage::of_tab()?.get_item(entry).ok().flatten()?).ok()
}

/// Keeps what `typed` gives, now and whenever that changes, and forgets it where it gives nothing. Ends with its owner;
/// what is kept stays.
pub fn keep_typed<T: Serialize + 'static>(entry: String, typed: impl Fn() -> Option<T> + 'static) {
    Effect::new(move |_| keep(&entry, typed().as_ref()));
}

/// Keeps something under a name, or forgets what was kept there. Where the browser keeps nothing, a reload takes it.
pub fn keep<T: Serialize>(entry: &str, typed: Option<&T>) {
    let Some(storage) = browser_storage::of_tab() else { return };
    let is_done = match typed.map(serde_json::to_string) {
        None => storage.remove_item(entry).is_ok(),
        Some(Ok(text)) => storage.set_item(entry, &text).is_ok(),
        Some(Err(_)) => false,
    };
    if !is_done {
        leptos::logging::warn!("this browser does not keep what is typed: {entry}");
    }
}
