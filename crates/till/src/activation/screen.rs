//! The activation screen.

use holdfast_ui::messages::{common, till as text};
use holdfast_ui::{Button, ButtonKind, Field, FieldKind, Icon, IconView};
use leptos::prelude::*;

use super::activate;
use crate::live;
use crate::till::use_till;

/// Most characters of a code that are taken, blanks and dashes included.
const CODE_LENGTH_MAX: u32 = 40;

/// The screen.
#[component]
pub fn ActivationScreen() -> impl IntoView {
    let till = use_till();
    let activation = till.activation;
    let label = move || {
        if activation.is_asking.get() { text::activation_asking() } else { text::activation_activate() }
    };
    view! {
        <main class="centred">
            <form
                class="panel narrow"
                on:submit=move |event| event.prevent_default()
            >
                <p class="brand"><span class="brand-mark"><IconView icon=Icon::Register /></span>{common::product_name()}</p>
                <h1 tabindex="-1">{text::activation_title()}</h1>
                {live::maybe(move || activation.is_wanted.get().then(|| {
                    let waiting = till.connection.waiting.get_untracked();
                    view! { <p data-testid="activation-waiting">{text::activation_again_detail(waiting)}</p> }.into_any()
                }))}
                <p class="muted">{text::activation_detail()}</p>
                <Field
                    label=text::activation_code_label()
                    value=activation.code
                    help=text::activation_code_help()
                    kind=FieldKind::Code
                    length_max=CODE_LENGTH_MAX
                    focused=true
                    test_id="activation-code"
                    class="code"
                />
                <div class="message-slot" aria-live="assertive">
                    {live::maybe(move || activation.error.get().map(|error| view! {
                        <p class="problem" data-testid="activation-error"><IconView icon=Icon::Warn />{error}</p>
                    }.into_any()))}
                </div>
                <Button
                    label
                    kind=ButtonKind::Primary
                    submit=true
                    on_press=move || activate(till)
                    disabled=Signal::derive(move || activation.is_asking.get())
                    test_id="activate"
                    class="large"
                />
                {live::maybe(move || activation.is_wanted.get().then(|| view! {
                    <Button
                        label=text::activation_back()
                        kind=ButtonKind::Quiet
                        on_press=move || activation.is_wanted.set(false)
                        test_id="activation-back"
                    />
                }.into_any()))}
            </form>
        </main>
    }
}
