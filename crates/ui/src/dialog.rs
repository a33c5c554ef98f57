//! A dialog: the browser's own `<dialog>`, so focus stays inside, Esc closes and the rest is inert.

use leptos::prelude::*;

use crate::button::{ButtonKind, IconButton};
use crate::element_id;
use crate::icon::Icon;
use crate::messages;

/// A dialog with a heading and a way out. What is inside is made anew each time it opens.
#[component]
pub fn Dialog(
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Its heading.
    #[prop(into)]
    title: TextProp,
    /// It was closed: by Esc or by its button.
    #[prop(into)]
    on_close: UnsyncCallback<()>,
    /// What is inside.
    children: ChildrenFn,
    /// For tests.
    #[prop(optional, into)]
    test_id: Option<String>,
    /// More classes.
    #[prop(optional, into)]
    class: Option<&'static str>,
) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let heading = element_id::next("dialog");
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            if dialog.show_modal().is_err() {
                leptos::logging::warn!("a dialog did not open");
            }
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let close = move || {
        on_close.try_run(());
    };
    view! {
        <dialog
            node_ref=dialog
            class=class.map_or_else(|| "dialog".to_owned(), |class| format!("dialog {class}"))
            aria-labelledby=heading
            data-testid=test_id
            on:cancel=move |event: leptos::ev::Event| {
                // Whoever opened it closes it; the effect above follows.
                event.prevent_default();
                close();
            }
        >
            <header class="dialog-head">
                <h2 id=heading.clone()>{move || title.get()}</h2>
                <IconButton
                    icon=Icon::Cross
                    kind=ButtonKind::Quiet
                    label=messages::common::close()
                    on_press=close
                />
            </header>
            {move || open.get().then(|| children())}
        </dialog>
    }
    .into_any()
}
