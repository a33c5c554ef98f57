//! Scopes of the library that no profile has: they can be deleted.

use holdfast_profile::Scope;
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Banner, Button, ButtonKind, Cell, Column, DataTable, Dialog, Tone};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::words::table_label;
use crate::api::ApiError;
use crate::live::keep_fresh;
use crate::state::app_state;

/// The list; nothing where there is none.
#[component]
pub fn UnusedScopes() -> impl IntoView {
    let state = app_state();
    keep_fresh(move || state.scopes.ask(state.api.scopes()));
    let unused = Memo::new(move |_| {
        let all = state.scopes.get().unwrap_or_default();
        all.into_iter().filter(|one| one.used_by.is_empty()).map(|one| one.scope).collect::<Vec<Scope>>()
    });
    let deleting = RwSignal::new(None::<String>);
    let columns = || {
        vec![Column::text(text::scope()), Column::text(text::tables()), Column::actions(text::delete_scope())]
    };
    view! {
        <Show when=move || !unused.read().is_empty()>
            <section class="stack">
                <h2>{text::unused_scopes()}</h2>
                <p class="muted">{text::unused_scopes_lead()}</p>
                <DataTable label=text::unused_scopes() columns=columns() test_id="unused-scopes">
                    {move || unused.get().into_iter().map(|scope| row(scope, deleting)).collect_view()}
                </DataTable>
            </section>
        </Show>
        <DeleteDialog deleting />
    }
    .into_any()
}

fn row(scope: Scope, deleting: RwSignal<Option<String>>) -> AnyView {
    let tables: Vec<&str> = scope.tables.iter().map(|entry| table_label(entry.table)).collect();
    let (shown, spoken) = (scope.name.clone(), text::delete_scope_named(&scope.name));
    let name = scope.name;
    view! {
        <tr role="row">
            <Cell>
                <strong dir="auto" class="breaks">{shown}</strong>
            </Cell>
            <Cell label=text::tables()>{tables.join(", ")}</Cell>
            <Cell class="wide">
                <span class="row-actions">
                    <Button
                        label=text::delete_scope()
                        spoken=spoken
                        kind=ButtonKind::Quiet
                        on_press=move || deleting.set(Some(name.clone()))
                        test_id="delete-scope"
                    />
                </span>
            </Cell>
        </tr>
    }
    .into_any()
}

#[component]
fn DeleteDialog(deleting: RwSignal<Option<String>>) -> impl IntoView {
    let state = app_state();
    let is_busy = RwSignal::new(false);
    let refusal = RwSignal::new(None::<ApiError>);
    let close = move || {
        deleting.set(None);
        refusal.set(None);
    };
    // Its dialog may be closed by the time an answer comes, and another scope's open.
    let is_asked = move |name: &String| {
        deleting.try_with_untracked(|asked| asked.as_ref() == Some(name)).unwrap_or(false)
    };
    let go = move || {
        let Some(name) = deleting.get_untracked().filter(|_| !is_busy.get_untracked()) else { return };
        is_busy.set(true);
        spawn_local(async move {
            let outcome = state.api.delete_scope(&name).await;
            state.scopes.ask_anew(state.api.scopes());
            is_busy.try_set(false);
            match outcome {
                Ok(()) if is_asked(&name) => close(),
                // That it is gone is in the list.
                Ok(()) => {}
                Err(error) if is_asked(&name) => refusal.set(Some(error)),
                Err(error) => leptos::logging::warn!("a scope was not deleted: {error}"),
            }
        });
    };
    let title = move || deleting.get().map(|name| text::delete_scope_title(&name)).unwrap_or_default();
    view! {
        <Dialog
            open=Signal::derive(move || deleting.with(Option::is_some))
            title=title
            on_close=close
            test_id="delete-scope-dialog"
        >
            <p>{text::delete_scope_detail()}</p>
            {move || refusal.get().map(|error| view! {
                <Banner tone=Tone::Bad title=error.title() detail=TextProp::from(error.detail()) />
            })}
            <div class="dialog-actions">
                <Button label=common::cancel() on_press=close />
                <Button
                    label=text::delete_scope()
                    kind=ButtonKind::Danger
                    disabled=is_busy
                    on_press=go
                    test_id="delete-scope-confirm"
                />
            </div>
        </Dialog>
    }
    .into_any()
}
