//! Web Locks: a name that one tab of this browser holds at a time. Not in web-sys's stable part.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{call, error_text, object};

/// How to ask for a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Wait until no other tab holds it.
    Wait,
    /// Take it from the tab that holds it.
    Take,
}

/// Asks for the lock `name` and keeps it for as long as the page lives. `on_granted` is called when this tab
/// has it, `on_lost` when another has taken it. A browser without locks grants at once: it can't tell tabs apart.
pub fn hold(name: &str, ask: Ask, on_granted: impl FnOnce() + 'static, on_lost: impl FnOnce() + 'static) {
    let Some(navigator) = web_sys::window().map(|window| JsValue::from(window.navigator())) else { return };
    let locks = js_sys::Reflect::get(&navigator, &JsValue::from_str("locks")).unwrap_or(JsValue::UNDEFINED);
    let options = object(&[("steal", JsValue::from(ask == Ask::Take))]);
    // Granted at most once, by whichever comes: the browser, or the lack of locks.
    let granted = Rc::new(RefCell::new(Some(on_granted)));
    let grant = move || {
        if let Some(on_granted) = granted.borrow_mut().take() {
            on_granted();
        }
    };
    let when_held = grant.clone();
    let holding = Closure::once_into_js(move |_lock: JsValue| {
        when_held();
        // Never settles: the lock is held until the page goes.
        js_sys::Promise::new(&mut |_, _| {})
    });
    match call(&locks, "request", &[JsValue::from_str(name), options, holding]) {
        Some(Ok(request)) => spawn_local(async move {
            let request: js_sys::Promise = request.unchecked_into();
            if let Err(error) = JsFuture::from(request).await {
                leptos::logging::log!("another tab has the till now: {}", error_text(&error));
                on_lost();
            }
        }),
        Some(Err(error)) => {
            leptos::logging::warn!("no lock for this tab: {}", error_text(&error));
            grant();
        }
        None => grant(),
    }
}
