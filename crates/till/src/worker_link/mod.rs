//! The page's end of the line to the service worker. All that needs the store server goes through here.

pub mod incoming;
pub mod updates;

use std::cell::RefCell;
use std::rc::Rc;

use holdfast_sync::messages::{ToPage, ToWorker};
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration};

use crate::browser::error_text;

/// Address of the service worker's script.
const SCRIPT: &str = "/sw.js";

/// The line to the worker of this page's address.
#[derive(Clone)]
pub struct WorkerLink {
    container: ServiceWorkerContainer,
    registration: Rc<RefCell<Option<ServiceWorkerRegistration>>>,
}

impl WorkerLink {
    /// The line, where the browser has service workers for this address.
    pub fn new() -> Option<WorkerLink> {
        let navigator = window().navigator();
        let has_workers =
            js_sys::Reflect::has(&navigator, &JsValue::from_str("serviceWorker")).unwrap_or(false);
        has_workers.then(|| WorkerLink { container: navigator.service_worker(), registration: Rc::default() })
    }

    /// Registers the worker and waits until one is active.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn register(&self) -> Result<(), String> {
        let registered = JsFuture::from(self.container.register(SCRIPT)).await;
        if let Err(error) = &registered {
            // Without a network the script can't be compared; the worker of the last visit is still there.
            leptos::logging::warn!("the service worker was not registered: {}", error_text(error));
        }
        let ready = self.container.ready().map_err(|error| error_text(&error))?;
        match registered {
            Ok(registration) => {
                *self.registration.borrow_mut() = Some(registration.unchecked_into());
                JsFuture::from(ready).await.map_err(|error| error_text(&error))?;
            }
            Err(error) => {
                let known = JsFuture::from(self.container.get_registration()).await;
                let known: Option<ServiceWorkerRegistration> =
                    known.ok().and_then(|known| known.dyn_into().ok());
                if known.is_none() {
                    return Err(error_text(&error));
                }
                *self.registration.borrow_mut() = known;
            }
        }
        Ok(())
    }

    /// Sends a message; without an active worker it is lost, and the next tick brings it up to date.
    pub fn send(&self, message: &ToWorker) {
        let active = self.registration.borrow().as_ref().and_then(ServiceWorkerRegistration::active);
        let Some(worker) = active.or_else(|| self.container.controller()) else { return };
        let sent = serde_wasm_bindgen::to_value(message)
            .map_err(JsValue::from)
            .and_then(|message| worker.post_message(&message));
        if let Err(error) = sent {
            leptos::logging::warn!("a message to the service worker was not sent: {}", error_text(&error));
        }
    }

    /// Calls `take` with every message of the worker.
    pub fn listen(&self, take: impl Fn(ToPage) + 'static) {
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            match serde_wasm_bindgen::from_value::<ToPage>(event.data()) {
                Ok(message) => take(message),
                // A worker of another version may say what this page doesn't know.
                Err(error) => leptos::logging::warn!("a message of the service worker is unknown: {error}"),
            }
        });
        self.container.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // Listens for as long as the page lives.
        on_message.forget();
    }

    /// Calls `changed` when another worker takes this page over.
    pub fn on_controller_change(&self, changed: impl Fn() + 'static) {
        let on_change = Closure::<dyn Fn()>::new(changed);
        self.container.set_oncontrollerchange(Some(on_change.as_ref().unchecked_ref()));
        on_change.forget();
    }

    /// Whether a worker already answers for this page.
    pub fn is_controlled(&self) -> bool {
        self.container.controller().is_some()
    }

    /// The worker of a newer version that waits for its turn.
    pub fn waiting_version(&self) -> Option<web_sys::ServiceWorker> {
        self.registration.borrow().as_ref().and_then(ServiceWorkerRegistration::waiting)
    }
}
