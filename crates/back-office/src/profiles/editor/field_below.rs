//! A choice that may have a field below it, of the same path: then that one says what is wrong, and findings lead to it.

use leptos::prelude::*;

/// The field of a choice, unless one below has it.
pub fn field_unless_below(has_field_below: Signal<bool>, path: Signal<String>) -> Signal<String> {
    Signal::derive(move || if has_field_below.get() { String::new() } else { path.get() })
}

/// What is wrong with a choice, unless a field below says it.
pub fn error_unless_below(
    has_field_below: Signal<bool>,
    error: Signal<Option<String>>,
) -> Signal<Option<String>> {
    Signal::derive(move || error.get().filter(|_| !has_field_below.get()))
}
