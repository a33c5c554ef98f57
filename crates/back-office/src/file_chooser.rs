//! A button that chooses a file of this device.

use leptos::prelude::*;

/// The button. Closing the browser's dialog without a choice changes nothing; the same file can be chosen again.
#[component]
pub fn FileChooser(
    /// What is chosen.
    label: &'static str,
    /// Which files the browser offers.
    accept: &'static str,
    /// For tests; on the input.
    test_id: &'static str,
    /// The file that was chosen.
    #[prop(into)]
    on_choose: UnsyncCallback<web_sys::File>,
) -> impl IntoView {
    view! {
        <label class="button file-button">
            <input
                type="file"
                class="unseen"
                accept=accept
                data-testid=test_id
                on:change:target=move |event| {
                    let input = event.target();
                    if let Some(chosen) = input.files().and_then(|files| files.get(0)) {
                        input.set_value("");
                        on_choose.try_run(chosen);
                    }
                }
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}
