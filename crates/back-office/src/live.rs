//! What the store server said last, kept at the app's root: a page shows it at once and asks again every
//! few seconds while it is on the screen.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::ApiError;

/// How often a page asks again.
pub const REFRESH_EVERY: Duration = Duration::from_secs(3);

/// A value from the store server and what came of asking for it last.
#[derive(Debug)]
pub struct Live<T: Send + Sync + 'static> {
    value: RwSignal<Option<T>>,
    error: RwSignal<Option<ApiError>>,
    /// How many answers came.
    answers: RwSignal<u32>,
    is_asking: StoredValue<bool>,
    /// Counts how often it was cleared or asked anew: an answer to a question from before is dropped.
    cleared: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Copy for Live<T> {}

impl<T: Send + Sync + 'static> Clone for Live<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Live<T> {
    /// Nothing yet.
    pub fn new() -> Live<T> {
        Live {
            value: RwSignal::new(None),
            error: RwSignal::new(None),
            answers: RwSignal::new(0),
            is_asking: StoredValue::new(false),
            cleared: StoredValue::new(0),
        }
    }

    /// The value, if one ever came.
    pub fn get(self) -> Option<T> {
        self.value.get()
    }

    /// A look at the value.
    pub fn with<R>(self, look: impl FnOnce(Option<&T>) -> R) -> R {
        self.value.with(|value| look(value.as_ref()))
    }

    /// A look at the value, for what is made of it once.
    pub fn peek<R>(self, look: impl FnOnce(Option<&T>) -> R) -> R {
        self.value.with_untracked(|value| look(value.as_ref()))
    }

    /// Whether a value ever came, asked outside of a view.
    pub fn is_known(self) -> bool {
        self.value.with_untracked(Option::is_some)
    }

    /// Why there is no value, while there is none.
    pub fn error(self) -> Option<ApiError> {
        self.error.get()
    }

    /// Whether there is neither a value nor an error.
    pub fn is_waiting(self) -> bool {
        self.value.with(Option::is_none) && self.error.with(Option::is_none)
    }

    /// Changes with each answer that has a value, the same as before or not.
    pub fn answers(self) -> u32 {
        self.answers.get()
    }

    /// Forgets what came and what is on its way, so that a page for something else starts empty.
    pub fn clear(self) {
        self.cleared.update_value(|cleared| *cleared += 1);
        self.is_asking.set_value(false);
        self.value.set(None);
        self.error.set(None);
    }

    /// Takes a value that came another way. An answer that is on its way may be older and is dropped.
    pub fn put(self, value: T) {
        self.cleared.update_value(|cleared| *cleared += 1);
        self.is_asking.set_value(false);
        self.set_value(value);
    }

    /// Asks after something was changed: an answer that is on its way already may not know of it.
    pub fn ask_anew(self, answer: impl Future<Output = Result<T, ApiError>> + 'static) {
        self.cleared.update_value(|cleared| *cleared += 1);
        self.is_asking.set_value(false);
        self.ask(answer);
    }

    /// Asks, unless an answer is on its way already. The screen changes only where the answer differs.
    pub fn ask(self, answer: impl Future<Output = Result<T, ApiError>> + 'static) {
        if self.is_asking.get_value() {
            return;
        }
        self.is_asking.set_value(true);
        let cleared = self.cleared.get_value();
        spawn_local(async move { self.take(cleared, answer.await) });
    }

    fn take(self, cleared: u32, answer: Result<T, ApiError>) {
        if self.cleared.get_value() != cleared {
            return;
        }
        match answer {
            Ok(value) => {
                self.set_value(value);
                self.answers.update(|answers| *answers = answers.wrapping_add(1));
            }
            Err(error) => self.set_error(Some(error)),
        }
        self.is_asking.set_value(false);
    }

    fn set_value(self, value: T) {
        if self.value.with_untracked(|known| known.as_ref() != Some(&value)) {
            self.value.set(Some(value));
        }
        self.set_error(None);
    }

    fn set_error(self, error: Option<ApiError>) {
        if self.error.with_untracked(|known| *known != error) {
            self.error.set(error);
        }
    }
}

/// Calls `ask` now and every few seconds while the component that said so is on the screen and the page is
/// looked at.
pub fn keep_fresh(ask: impl Fn() + Clone + 'static) {
    keep_fresh_every(REFRESH_EVERY, ask);
}

/// The same, so often: for what is much to count and seldom changes.
pub fn keep_fresh_every(every: Duration, ask: impl Fn() + Clone + 'static) {
    ask();
    let repeat = move || {
        if !document().hidden() {
            ask();
        }
    };
    match set_interval_with_handle(repeat, every) {
        Ok(handle) => on_cleanup(move || handle.clear()),
        Err(error) => leptos::logging::warn!("this page does not refresh itself: {error:?}"),
    }
}
