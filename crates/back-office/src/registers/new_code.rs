//! The activation code that was made last, shown large until it is closed, whatever page is looked at.

use std::time::Duration;

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Banner, Button, ButtonKind, Icon, IconButton, IconView, Tone, time};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{ActivationCode, Api, ApiError};
use crate::state::app_state;

/// What came of asking for a code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Made {
    register: u16,
    /// When, by the server's clock.
    at_ms: i64,
    outcome: Result<ActivationCode, ApiError>,
}

/// The code that was made last; belongs to the app's root.
#[derive(Debug, Clone, Copy)]
pub struct NewCode {
    made: RwSignal<Option<Made>>,
}

impl NewCode {
    /// None yet.
    pub fn new() -> NewCode {
        NewCode { made: RwSignal::new(None) }
    }

    /// Forgets it; it keeps working where it was written down.
    pub fn clear(self) {
        self.made.set(None);
    }

    /// Asks the store server for a code; the one before it stops counting there.
    pub fn make(self, api: Api, register: u16) {
        spawn_local(async move {
            let at_ms = api.server_now_ms();
            let outcome = api.new_activation_code(register).await;
            self.made.set(Some(Made { register, at_ms, outcome }));
        });
    }
}

/// The code, large, with the time it has left.
#[component]
pub fn NewCodePanel() -> impl IntoView {
    let state = app_state();
    let new_code = state.new_code;
    move || {
        new_code.made.get().map(|made| match made.outcome {
            Ok(code) => view! { <Code register=made.register made_at_ms=made.at_ms code /> }.into_any(),
            Err(error) => view! {
                <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail())>
                    <Button label=common::retry() on_press=move || new_code.make(state.api, made.register) />
                    <Button label=common::close() on_press=move || new_code.clear() />
                </Banner>
            }
            .into_any(),
        })
    }
}

#[component]
fn Code(register: u16, made_at_ms: i64, code: ActivationCode) -> impl IntoView {
    let state = app_state();
    let now = time::use_now(Duration::from_secs(1));
    let expires_at_ms = code.expires_at_ms;
    // The countdown follows this clock; how it differs from the server's is in `server_now_ms`.
    let left_ms = move || {
        now.track();
        expires_at_ms - state.api.server_now_ms()
    };
    // The device that is this register, and whether it became that by this code.
    let there = Memo::new(move |_| {
        state.registers.with(|all| {
            let register = all?.iter().find(|one| one.number == register && one.activated)?;
            let is_by_code = register.activated_at_ms.is_some_and(|at_ms| at_ms >= made_at_ms);
            let name = register.device_name.clone().unwrap_or_else(|| common::none().to_owned());
            Some((name, is_by_code))
        })
    });
    let is_used = move || there.with(|there| there.as_ref().is_some_and(|(_, is_by_code)| *is_by_code));
    let title = move || {
        let name = state.register_name(register);
        if is_used() { text::code_used(&name) } else { text::code_for(&name) }
    };
    let note = move || match (there.get(), left_ms()) {
        (Some((device, true)), _) => text::code_used_note(&device),
        (there, left_ms) if left_ms > 0 => {
            let note = text::code_note(&time::clock(expires_at_ms), &time::countdown(left_ms));
            match there {
                Some((device, _)) => format!("{note} {}", text::code_replaces(&device)),
                None => note,
            }
        }
        (Some(_) | None, _) => text::code_expired().to_owned(),
    };
    let link = format!("/?code={}", code.code);
    view! {
        <section class="card panel" aria-label=text::activation_code()>
            <span class="panel-icon" class:done=is_used>
                {move || view! { <IconView icon=if is_used() { Icon::Tick } else { Icon::Key } /> }}
            </span>
            <div class="grow">
                <h2>{title}</h2>
                <p class="muted">{note}</p>
            </div>
            <output class="code" data-testid="new-code" role="status" class:gone=move || left_ms() <= 0 hidden=is_used>
                {code.code}
            </output>
            <a class="button" href=link target="_blank" hidden=is_used>
                {text::open_till_with_code()}
            </a>
            <IconButton
                icon=Icon::Cross
                label=common::close()
                kind=ButtonKind::Quiet
                class="panel-close"
                on_press=move || state.new_code.clear()
                test_id="close-new-code"
            />
        </section>
    }
}
