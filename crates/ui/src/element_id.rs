//! Ids that tie a label, a help text or a panel to its element: unique in the page, no meaning.

use std::cell::Cell;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// An id that no other element has.
pub fn next(prefix: &str) -> String {
    let number = LAST.get() + 1;
    LAST.set(number);
    format!("{prefix}-{number}")
}
