//! The synchronisation engine inside the service worker.
//!
//! Owns the loop around [`holdfast_sync::Engine`]: an event in, its effects carried out. Requests go by gloo-net,
//! storage by `holdfast-browser-store`, waits by the browser's timers. Holds no decision of its own, and nothing that
//! is not in the databases: the browser may end the worker at any instant. `web/sw.js` calls what is exported here.

mod activation;
mod answer;
mod export;
mod http;
mod pages;
mod pictures;
mod register;
mod worker;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Once;

use holdfast_sync::messages::ToWorker;
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use pages::Pages;
use worker::Worker;

thread_local! {
    static WORKER: RefCell<Option<Rc<Worker>>> = const { RefCell::new(None) };
    static FAILED: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Starts the worker: `post` hands a message to all pages, `failed` is told when Rust has panicked and this
/// instance is of no more use.
#[wasm_bindgen]
pub fn start(post: Function, failed: Function) {
    static HOOK: Once = Once::new();
    FAILED.set(Some(failed));
    HOOK.call_once(|| std::panic::set_hook(Box::new(panicked)));
    WORKER.set(Some(Rc::new(Worker::new(Pages::new(post)))));
}

/// Takes a page's message; the promise ends when nothing is on its way any more.
///
/// # Errors
/// When the message is none that this build knows.
#[wasm_bindgen]
pub async fn on_message(message: JsValue) -> Result<(), JsValue> {
    let message: ToWorker = serde_wasm_bindgen::from_value(message)?;
    worker()?.take(message).await;
    Ok(())
}

/// The browser wakes the worker because a network is there; the promise ends when nothing is on its way any more.
///
/// # Errors
/// When entries still wait: the browser then calls again later.
#[wasm_bindgen]
pub async fn on_background_sync(a_page_is_open: bool) -> Result<(), JsValue> {
    if worker()?.send_what_waits(a_page_is_open).await {
        Ok(())
    } else {
        Err(js_sys::Error::new("entries still wait for the store server").into())
    }
}

/// Has the next call run in a fresh instance of this module, with nothing left of this one.
#[wasm_bindgen]
pub fn discard() {
    wasm_bindgen::handler::schedule_reinit();
}

fn worker() -> Result<Rc<Worker>, JsValue> {
    WORKER.with_borrow(Clone::clone).ok_or_else(|| js_sys::Error::new("start was not called").into())
}

fn panicked(info: &std::panic::PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    let failed = FAILED.with_borrow(Clone::clone);
    if let Some(failed) = failed {
        // There is nobody left to tell that telling has failed.
        failed.call1(&JsValue::NULL, &JsValue::from_str(&info.to_string())).ok();
    }
}
