//! Adding a line: a scope that the store has already, or a new one.

use holdfast_profile::{Direction, Frequency, Scope, name_key};
use holdfast_ui::messages::profiles as text;
use holdfast_ui::{Button, ButtonKind, Dialog, Entry, Icon, IconView};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::focusing::focus_later;
use super::scope_editor::SCOPE_HEADING;
use super::state::Editor;
use crate::kept_typing::{keep_typed, kept};
use crate::profiles::words::{direction_icon, direction_label, table_label};
use crate::state::app_state;

/// What a reload must not take.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Typed {
    is_open: bool,
    name: String,
}

/// The names of the profile's scopes, as they are compared.
fn names_here(editor: Editor) -> Vec<String> {
    editor.read(|copy| copy.profile.scopes.iter().map(|scope| name_key(&scope.name)).collect())
}

/// The button and its dialog.
#[component]
pub fn AddScope(editor: Editor) -> impl IntoView {
    let state = app_state();
    let entry = format!("holdfast-new-scope:{}", editor.id().unwrap_or_default());
    let typed: Typed = kept(&entry).unwrap_or_default();
    let is_open = RwSignal::new(typed.is_open);
    let name = RwSignal::new(typed.name);
    keep_typed(entry, move || {
        let typed = Typed { is_open: is_open.get(), name: name.get() };
        (typed != Typed::default()).then_some(typed)
    });
    Effect::new(move |_| {
        if is_open.get() {
            state.scopes.ask_anew(state.api.scopes());
        }
    });
    let add = move |scope: Scope, known: bool| {
        editor.edit(|copy| {
            let key = copy.add_scope(scope, known);
            editor.line.set(Some(key));
        });
        name.set(String::new());
        is_open.set(false);
        focus_later(SCOPE_HEADING.to_owned(), "scope-add".to_owned());
    };
    let others = Memo::new(move |_| {
        let here = names_here(editor);
        let all = state.scopes.get().unwrap_or_default();
        all.into_iter()
            .map(|one| one.scope)
            .filter(|scope| !here.contains(&name_key(&scope.name)))
            .collect::<Vec<Scope>>()
    });
    // A scope is the same in every profile that has it: a new one under a name that is taken would be written over it.
    let taken = Memo::new(move |_| {
        let key = name.with(|name| name_key(name.trim()));
        let is_in_store = others.with(|others| others.iter().any(|scope| name_key(&scope.name) == key));
        if names_here(editor).contains(&key) {
            Some(text::scope_is_here().to_owned())
        } else {
            is_in_store.then(|| text::scope_is_in_store().to_owned())
        }
    });
    let add_new = move |event: SubmitEvent| {
        event.prevent_default();
        let name = name.get_untracked().trim().to_owned();
        if name.is_empty() || taken.get_untracked().is_some() {
            return;
        }
        let scope = Scope {
            name,
            description: String::new(),
            direction: Direction::Download,
            frequency: Frequency::WithEverySync,
            tables: Vec::new(),
        };
        add(scope, false);
    };
    let list = move || {
        let scope = |(at, scope): (usize, Scope)| {
            let tables: Vec<&str> = scope.tables.iter().map(|entry| table_label(entry.table)).collect();
            let tables = tables.join(", ");
            let added = scope.clone();
            view! {
                <li>
                    <button
                        type="button"
                        class="pick"
                        data-testid=format!("scope-existing-{}", at + 1)
                        on:click=move |_| add(added.clone(), true)
                    >
                        <strong dir="auto">{scope.name.clone()}</strong>
                        <span class="line-direction">
                            <IconView icon=direction_icon(scope.direction) />
                            {direction_label(scope.direction)}
                        </span>
                        <span class="small muted">{tables}</span>
                    </button>
                </li>
            }
        };
        others.get().into_iter().enumerate().map(scope).collect_view()
    };
    view! {
        <button type="button" class="button" id="scope-add" data-testid="scope-add" on:click=move |_| is_open.set(true)>
            <IconView icon=Icon::Plus />
            <span>{text::add_scope()}</span>
        </button>
        <Dialog
            open=is_open
            title=text::add_scope()
            on_close=move || is_open.set(false)
            test_id="scope-add-dialog"
        >
            <p class="muted">{text::add_scope_detail()}</p>
            <form class="stack add-new" on:submit=add_new>
                <Entry
                    label=text::new_scope_name()
                    value=name
                    on_input=move |typed| name.set(typed)
                    error=taken
                    focused=true
                    test_id="scope-new-name"
                />
                <Button
                    label=text::add_new_scope()
                    icon=Icon::Plus
                    kind=ButtonKind::Primary
                    submit=true
                    disabled=Signal::derive(move || name.with(|name| name.trim().is_empty()) || taken.read().is_some())
                    on_press=|| {}
                    test_id="scope-new"
                />
            </form>
            <h3>{text::existing_scopes()}</h3>
            {move || others.with(Vec::is_empty).then(|| view! { <p class="muted">{text::no_existing_scopes()}</p> })}
            <ul class="pick-list">{list}</ul>
        </Dialog>
    }
    .into_any()
}
