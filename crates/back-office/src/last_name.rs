//! Who signed in last in this browser: the name stands in the form, and only the password is to be typed. All tabs share
//! it, as they share the session.

use crate::browser_storage;

/// Its name in the browser's storage.
const ENTRY: &str = "holdfast-administrator";

/// The name, where one is kept.
pub fn last_name() -> Option<String> {
    browser_storage::of_browser()?.get_item(ENTRY).ok().flatten().filter(|name| !name.is_empty())
}

/// Keeps a name. Where the browser keeps nothing, it is typed again the next time.
pub fn keep(name: &str) {
    if browser_storage::of_browser().is_some_and(|storage| storage.set_item(ENTRY, name).is_err()) {
        leptos::logging::warn!("this browser does not keep who signed in");
    }
}

/// Whether the browser's storage calls it so.
pub fn is_kept_as(entry: &str) -> bool {
    entry == ENTRY
}
