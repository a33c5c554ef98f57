//! Signing in with the administrator's password. The address stays, so that signing in again leads back.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Button, ButtonKind, Field, FieldKind, Icon, IconView};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::api::{ApiError, Session};
use crate::link_banner::LinkBanner;
use crate::state::app_state;

/// The form. A wrong password stays in its field, to be mended.
#[component]
pub fn SignIn() -> impl IntoView {
    let state = app_state();
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
            match state.api.sign_in(&password.get_untracked()).await {
                // This form goes, and its signals with it.
                Ok(()) => state.api.session.set(Session::SignedIn),
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
                // For password managers, which keep a password by its name.
                <input type="text" autocomplete="username" value="administrator" readonly hidden />
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
