//! Signing in with a name and a password. The address stays, so that signing in again leads back.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Button, ButtonKind, Field, FieldKind, Icon, IconView};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{ApiError, Credentials, Session};
use crate::last_name;
use crate::link_banner::LinkBanner;
use crate::state::app_state;

/// The administrator that a new store begins with.
const FIRST: &str = "admin";

/// The form, with the name of whoever was signed in last. A wrong password stays in its field, to be mended.
#[component]
pub fn SignIn() -> impl IntoView {
    let state = app_state();
    let was = Some(state.api.who.get_untracked()).filter(|who| !who.is_empty());
    let name = RwSignal::new(was.or_else(last_name::last_name).unwrap_or_else(|| FIRST.to_owned()));
    let password = RwSignal::new(String::new());
    let error = RwSignal::new(None::<ApiError>);
    let is_busy = RwSignal::new(false);
    state.page_title.set(text::sign_in().to_owned());

    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        spawn_local(async move {
            let credentials = Credentials { name: name.get_untracked(), password: password.get_untracked() };
            match state.api.sign_in(&credentials).await {
                // This form goes, and its signals with it.
                Ok(()) => {
                    last_name::keep(&state.api.who.get_untracked());
                    state.api.has_ended.set(false);
                    state.api.session.set(Session::SignedIn);
                }
                Err(problem) => {
                    error.set(Some(problem));
                    is_busy.set(false);
                }
            }
        });
    };
    view! {
        <main class="sign-in">
            <form class="card sign-in-card" on:submit=submit>
                <div class="brand">
                    <span class="brand-mark"><IconView icon=Icon::Register /></span>
                    <span>{common::product_name()}</span>
                </div>
                <h1>{text::sign_in_heading()}</h1>
                {move || state.api.has_ended.get().then(|| view! {
                    <p class="note" role="status" data-testid="session-ended">{text::session_ended()}</p>
                })}
                <Field
                    label=text::administrator_name()
                    value=name
                    kind=FieldKind::Code
                    autocomplete="username"
                    test_id="admin-name"
                />
                <Field
                    label=text::password()
                    value=password
                    kind=FieldKind::Password
                    autocomplete="current-password"
                    help=TextProp::from(text::password_help())
                    focused=true
                    test_id="admin-password"
                />
                <div class="form-error" role="alert">
                    {move || {
                        error.get().map(|error| {
                            view! {
                                <p data-testid="sign-in-error">
                                    <strong>{error.title()}</strong>
                                    " "
                                    {error.detail()}
                                </p>
                            }
                        })
                    }}
                </div>
                <Button
                    label=text::sign_in()
                    kind=ButtonKind::Primary
                    submit=true
                    disabled=is_busy
                    on_press=|| {}
                    test_id="sign-in"
                />
            </form>
            <LinkBanner />
        </main>
    }
}
