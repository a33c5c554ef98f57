//! Where the browser keeps texts for this page; none where it keeps nothing.

use web_sys::Storage;

/// For all tabs, until somebody clears it.
pub fn of_browser() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// For this tab, as long as it is open.
pub fn of_tab() -> Option<Storage> {
    web_sys::window()?.session_storage().ok().flatten()
}
