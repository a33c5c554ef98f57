//! Line details: the scopes in their order, moved by keys, buttons and fingers; the chosen one is edited beside
//! them, or below where the screen is narrow.

use holdfast_ui::messages::profiles as text;
use holdfast_ui::{ButtonKind, EmptyState, Icon, IconButton, IconView, LiveRegion};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::add_scope::AddScope;
use super::drag::{Drag, DragHandle};
use super::focusing::focus_later;
use super::places::scope_of;
use super::scope_editor::{SCOPE_HEADING, ScopeEditor};
use super::state::Editor;
use crate::profiles::words::{direction_icon, direction_label};

/// The tab.
#[component]
pub fn Lines(editor: Editor) -> impl IntoView {
    let keys = editor.part(|copy| copy.lines.iter().map(|line| line.key).collect::<Vec<u32>>());
    let drag = RwSignal::new(None::<Drag>);
    let said = RwSignal::new(String::new());
    let shown = Memo::new(move |_| editor.line.get());
    let error = editor.error("scopes");
    view! {
        <div class="lines">
            <section class="stack" tabindex="-1" data-field="scopes" aria-label=text::lines()>
                <div class="row wrap">
                    <p class="muted grow">
                        {text::order_note()} " " <span class="for-keys">{text::keys_note()}</span>
                    </p>
                    <AddScope editor />
                </div>
                <p class="field-error" lang="en" aria-live="polite">{move || error.get()}</p>
                <ol class="card line-list" class:dragging=move || drag.get().is_some()>
                    <For each=move || keys.get() key=|key| *key children=move |key| view! { <LineRow editor key drag said /> } />
                </ol>
                {move || keys.with(Vec::is_empty).then(|| view! {
                    <div class="card">
                        <EmptyState icon=Icon::Layers title=text::no_lines() detail=TextProp::from(text::no_lines_detail()) />
                    </div>
                })}
                <LiveRegion text=said test_id="line-said" />
            </section>
            {move || shown.get().map(|key| view! { <ScopeEditor editor key /> })}
        </div>
    }
    .into_any()
}

#[component]
fn LineRow(editor: Editor, key: u32, drag: RwSignal<Option<Drag>>, said: RwSignal<String>) -> impl IntoView {
    let place = editor.part(move |copy| copy.place_of(key).unwrap_or_default());
    let total = editor.part(|copy| copy.lines.len());
    let name =
        editor.part(move |copy| {
            copy.scope(key)
                .map(|scope| {
                    if scope.name.trim().is_empty() { text::unnamed().to_owned() } else { scope.name.clone() }
                })
                .unwrap_or_default()
        });
    let direction = editor.part(move |copy| copy.scope(key).map(|scope| scope.direction));
    let tables = editor.part(move |copy| {
        copy.scope(key)
            .map(|scope| scope.tables.iter().map(|entry| entry.table).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let rows = move || {
        if !direction.get()?.downloads() {
            return None;
        }
        let tables = tables.get();
        editor.counting.preview.with(|preview| {
            let counted = preview.as_ref()?.tables.iter().filter(|counted| tables.contains(&counted.table));
            Some(text::rows_count(counted.map(|counted| counted.rows).sum()))
        })
    };
    let to_mend = Memo::new(move |_| {
        let place = place.get();
        editor.findings.with(|findings| {
            findings.iter().filter(|finding| scope_of(&finding.field) == Some(place)).count() as u64
        })
    });
    let go = move |to: usize, focused: &'static str| {
        let name = name.get_untracked();
        let total = total.get_untracked();
        editor.edit(|copy| copy.move_line(key, to));
        said.set(text::moved(&name, &(to + 1).to_string(), &total.to_string()));
        focus_later(format!("{focused}-{key}"), format!("line-{key}"));
    };
    let up = move |focused| {
        if let Some(to) = place.get_untracked().checked_sub(1) {
            go(to, focused);
        }
    };
    let down = move |focused| {
        let to = place.get_untracked() + 1;
        if to < total.get_untracked() {
            go(to, focused);
        }
    };
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "ArrowUp" if event.alt_key() => {
            event.prevent_default();
            up("line");
        }
        "ArrowDown" if event.alt_key() => {
            event.prevent_default();
            down("line");
        }
        "Delete" => {
            event.prevent_default();
            remove(editor, key);
        }
        _ => {}
    };
    let choose = move |_| {
        editor.line.set(Some(key));
        focus_later(SCOPE_HEADING.to_owned(), format!("line-{key}"));
    };
    let lands = move |below: bool| {
        drag.get().is_some_and(|drag| {
            drag.to == place.get() && drag.from != drag.to && (drag.from < drag.to) == below
        })
    };
    view! {
        <li
            class="line-row"
            class:chosen=move || editor.line.get() == Some(key)
            class:dragged=move || drag.get().is_some_and(|drag| drag.from == place.get())
            class:lands-above=move || lands(false)
            class:lands-below=move || lands(true)
            data-place=move || place.get().to_string()
        >
            <DragHandle place drag on_drop=move |to| go(to, "line") />
            <button
                type="button"
                class="line"
                id=format!("line-{key}")
                aria-current=move || (editor.line.get() == Some(key)).then_some("true")
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
                data-testid=move || format!("line-{}", place.get() + 1)
                on:click=choose
                on:keydown=on_key
            >
                <span class="line-number muted">{move || (place.get() + 1).to_string()}</span>
                <strong class="line-name" dir="auto">{move || name.get()}</strong>
                <span class="line-direction">
                    {move || direction.get().map(|direction| view! {
                        <IconView icon=direction_icon(direction) />
                        {direction_label(direction)}
                    })}
                </span>
                <span class="line-tables muted">{move || text::tables_count(tables.with(Vec::len) as u64)}</span>
                <span class="line-rows num">{rows}</span>
                {move || (to_mend.get() > 0).then(|| view! {
                    <span class="line-mend">
                        <IconView icon=Icon::Warn />
                        {text::to_mend(to_mend.get())}
                    </span>
                })}
            </button>
            <span class="line-moves">
                <MoveButton
                    icon=Icon::Up
                    id=format!("line-up-{key}")
                    label=Signal::derive(move || text::move_up(&name.get()))
                    disabled=Signal::derive(move || place.get() == 0)
                    on_press=move || up("line-up")
                    test_id=Signal::derive(move || format!("line-up-{}", place.get() + 1))
                />
                <MoveButton
                    icon=Icon::Down
                    id=format!("line-down-{key}")
                    label=Signal::derive(move || text::move_down(&name.get()))
                    disabled=Signal::derive(move || place.get() + 1 >= total.get())
                    on_press=move || down("line-down")
                    test_id=Signal::derive(move || format!("line-down-{}", place.get() + 1))
                />
            </span>
        </li>
    }
    .into_any()
}

/// Removes a line, so that it can be taken back; work goes on at the line that takes its place.
pub fn remove(editor: Editor, key: u32) {
    let (name, place) = editor.peek(|copy| {
        (copy.scope(key).map(|scope| scope.name.clone()).unwrap_or_default(), copy.place_of(key).unwrap_or(0))
    });
    editor.edit_undoable(text::removed_line(&name), |copy| copy.remove_line(key));
    let next = editor.peek(|copy| {
        let place = place.min(copy.lines.len().saturating_sub(1));
        copy.lines.get(place).map(|line| line.key)
    });
    editor.line.set(next);
    if let Some(next) = next {
        focus_later(format!("line-{next}"), "scope-add".to_owned());
    }
}

/// A button that moves something; it is found by its id after it has moved along.
#[component]
pub fn MoveButton(
    icon: Icon,
    id: String,
    label: Signal<String>,
    #[prop(into)] disabled: Signal<bool>,
    #[prop(into)] on_press: UnsyncCallback<()>,
    test_id: Signal<String>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button quiet icon-only"
            id=id
            aria-label=move || label.get()
            title=move || label.get()
            disabled=move || disabled.get()
            data-testid=move || test_id.get()
            on:click=move |_| {
                on_press.try_run(());
            }
        >
            <IconView icon />
        </button>
    }
    .into_any()
}

/// A small button with a picture, as in a row of them.
#[component]
pub fn SmallButton(
    icon: Icon,
    #[prop(into)] label: TextProp,
    #[prop(into)] on_press: UnsyncCallback<()>,
    #[prop(into)] test_id: String,
) -> impl IntoView {
    view! { <IconButton icon label on_press kind=ButtonKind::Quiet test_id=test_id /> }
}
