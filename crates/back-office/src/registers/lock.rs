//! Locking a register: it can be undone for five seconds, then the store server is told.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Banner, Button, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{Api, ApiError};
use crate::state::{AppState, app_state};

/// How long it can be undone.
const UNDO_FOR_S: u64 = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Lock {
    Pending { register: u16, left_s: u64 },
    Failed { register: u16, error: ApiError },
}

/// The register that is about to be locked; belongs to the app's root.
#[derive(Debug, Clone, Copy)]
pub struct LockState {
    lock: RwSignal<Option<Lock>>,
    /// Counts the attempts, so that an undone one does not go on when another begins.
    attempt: StoredValue<u32>,
}

impl LockState {
    /// None.
    pub fn new() -> LockState {
        LockState { lock: RwSignal::new(None), attempt: StoredValue::new(0) }
    }

    /// Begins; nothing has happened yet.
    pub fn begin(self, state: AppState, register: u16) {
        let attempt = self.attempt.get_value() + 1;
        self.attempt.set_value(attempt);
        spawn_local(async move {
            for left_s in (1..=UNDO_FOR_S).rev() {
                self.lock.set(Some(Lock::Pending { register, left_s }));
                gloo_timers::future::TimeoutFuture::new(1_000).await;
                if self.attempt.get_value() != attempt {
                    return;
                }
            }
            self.lock.set(self.tell(state.api, register).await);
            state.registers.ask(state.api.registers());
        });
    }

    /// Undoes it, or puts the failure away.
    fn put_away(self) {
        self.attempt.update_value(|attempt| *attempt += 1);
        self.lock.set(None);
    }

    async fn tell(self, api: Api, register: u16) -> Option<Lock> {
        api.lock_register(register).await.err().map(|error| Lock::Failed { register, error })
    }
}

/// What is about to happen, with the way to undo it.
#[component]
pub fn LockPanel() -> impl IntoView {
    let state = app_state();
    let lock = state.lock;
    move || {
        lock.lock.get().map(|what| match what {
            Lock::Pending { register, left_s } => view! {
                <Banner
                    tone=Tone::Wait
                    title=text::locking(&state.register_name(register), left_s)
                    detail=TextProp::from(text::locking_detail())
                >
                    <Button label=text::undo() on_press=move || lock.put_away() test_id="undo-lock" />
                </Banner>
            }
            .into_any(),
            Lock::Failed { register, error } => view! {
                <Banner
                    tone=Tone::Bad
                    title=text::not_locked(&state.register_name(register), &error.title())
                    detail=TextProp::from(error.detail())
                >
                    <Button label=common::retry() on_press=move || lock.begin(state, register) />
                    <Button label=common::close() on_press=move || lock.put_away() />
                </Banner>
            }
            .into_any(),
        })
    }
}
