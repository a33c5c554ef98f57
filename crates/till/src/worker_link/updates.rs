//! A newer version of the app waits until nobody would notice: no line in the basket, nobody paying.

use holdfast_domain::Basket;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::WorkerLink;
use crate::browser::{error_text, object};
use crate::till::{Place, Till};

/// Type of the message to the waiting worker; `web/sw.js` knows it.
const TAKE_OVER: &str = "take_over";

/// Reloads the page once when a newer worker has taken it over.
pub fn follow(link: &WorkerLink) {
    // The first worker of all takes the page over, too; there is nothing newer to load then.
    if !link.is_controlled() {
        return;
    }
    let reloaded = std::cell::Cell::new(false);
    link.on_controller_change(move || {
        if !reloaded.replace(true)
            && let Err(error) = window().location().reload()
        {
            leptos::logging::warn!("the page was not reloaded: {}", error_text(&error));
        }
    });
}

/// Lets a waiting version take over, if this is a moment for it.
pub fn take_over_when_idle(till: Till) {
    let Some(waiting) = till.link().and_then(|link| link.waiting_version()) else { return };
    let is_idle = till.basket.peek(Basket::is_empty)
        && till.search.with_untracked(String::is_empty)
        && till.pad.with_untracked(Option::is_none)
        && match till.place.get_untracked() {
            Place::Sale | Place::Sales | Place::OfflineDatabase => true,
            // What was just closed is still to be read.
            Place::Shift => false,
            Place::Pay | Place::Done => false,
        };
    let message = object(&[("type", JsValue::from_str(TAKE_OVER))]);
    if is_idle && let Err(error) = waiting.post_message(&message) {
        leptos::logging::warn!("the newer version was not asked to take over: {}", error_text(&error));
    }
}
