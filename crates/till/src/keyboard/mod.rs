//! The keyboard and the scanner, in one place: typing anywhere searches, a scan lands anywhere, Enter goes on, Esc goes
//! back.

pub mod burst;
mod scanning;

use burst::Burst;
use holdfast_ui::PadKey;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use scanning::Scanning;
use wasm_bindgen::JsCast;

use crate::sale::{adding, products_pane};
use crate::till::{Place, Stage, Till};
use crate::{customers, done, pad, pay, session};

/// Hears every key of the page.
pub fn listen(till: Till) {
    let burst = StoredValue::new(Burst::default());
    let scanning = Scanning::new(till.may_be_scanning);
    window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
            return;
        }
        let key = event.key();
        if till.activation.is_wanted.get_untracked() {
            // The code's field hears them itself; nothing is sold meanwhile.
            if key == "Escape" {
                till.activation.is_wanted.set(false);
            }
            return;
        }
        let code = burst.try_update_value(|burst| burst.key(&key, event.time_stamp())).flatten();
        let is_first = till.search.with_untracked(String::is_empty);
        scanning.follow(burst.with_value(|burst| burst.may_be_scan(is_first)));
        if till.customers.is_open.get_untracked() && till.pad.with_untracked(Option::is_none) {
            // Its fields and buttons hear the keys themselves; a scan is none of theirs, nor is its Enter.
            if let Some(code) = code {
                event.prevent_default();
                if sells(till) {
                    customers::scan(till, &code);
                }
            } else if burst.with_value(Burst::has_begun) {
                customers::remember_typed(till.customers);
            }
            return;
        }
        match code.filter(|_| sells(till)) {
            Some(code) => {
                event.prevent_default();
                adding::scan(till, &code);
            }
            None => {
                if take(till, &key, &event) {
                    event.prevent_default();
                }
            }
        }
    });
}

/// Gives the key to whoever has the screen; gives whether it was taken.
fn take(till: Till, key: &str, event: &KeyboardEvent) -> bool {
    // A focused button is pressed by these keys, as everywhere.
    if (key == "Enter" || key == " ") && is_at(event, "button, a, summary") {
        return false;
    }
    if till.pad.with_untracked(Option::is_some) {
        return pad::key(till, key);
    }
    if key == "Escape" && till.menu_is_open.get_untracked() {
        till.menu_is_open.set(false);
        return true;
    }
    if !sells(till) {
        return sign_in(till, key);
    }
    match till.place.get_untracked() {
        Place::Sale => sale(till, key, event),
        Place::Pay => pay::key(till, key),
        Place::Done => done::key(till, key),
        Place::Sales if key == "Escape" && till.sales.shown.get_untracked().is_some() => {
            till.sales.shown.set(None);
            true
        }
        Place::Sales | Place::OfflineDatabase | Place::Shift if key == "Escape" => {
            till.go_to(Place::Sale);
            true
        }
        Place::Sales | Place::OfflineDatabase | Place::Shift => false,
    }
}

fn sale(till: Till, key: &str, event: &KeyboardEvent) -> bool {
    match key {
        "Enter" if till.search.with_untracked(|typed| !typed.trim().is_empty()) => adding::enter(till),
        "Enter" => pay::open(till),
        "Escape" => {
            till.clear_search();
            till.notice.set(None);
        }
        _ if is_at(event, "input") || key.chars().count() != 1 => return false,
        " " if till.search.with_untracked(String::is_empty) => return false,
        _ => {
            till.search.update(|typed| typed.push_str(key));
            products_pane::focus_search();
        }
    }
    true
}

fn sign_in(till: Till, key: &str) -> bool {
    if till.stage.with_untracked(|stage| *stage != Stage::Ready) {
        return false;
    }
    let key = match key {
        "Enter" => PadKey::Ok,
        "Backspace" => PadKey::Backspace,
        "Escape" => PadKey::Clear,
        _ => match key.parse::<u8>() {
            Ok(digit) if key.len() == 1 => PadKey::Digit(digit),
            Ok(_) | Err(_) => return false,
        },
    };
    session::press(till, key);
    true
}

/// Whether somebody is signed in, so that a scan is a sale.
pub fn sells(till: Till) -> bool {
    till.stage.with_untracked(|stage| *stage == Stage::Ready) && till.cashier.with_untracked(Option::is_some)
}

fn is_at(event: &KeyboardEvent, selector: &str) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.matches(selector).unwrap_or(false))
}
