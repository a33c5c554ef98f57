//! The lines of a profile: scopes in order; the chosen one is shown beside them.

use holdfast_profile::Scope;
use holdfast_ui::messages::{back_office as text, common, number};
use holdfast_ui::{Badge, IconView};
use leptos::prelude::*;

use super::words::{direction_icon, direction_label, direction_note, frequency_label, table_label};
use crate::state::{AppState, app_state};

/// The list and the chosen scope.
#[component]
pub fn Lines(scopes: Vec<Scope>) -> impl IntoView {
    let state = app_state();
    let chosen = RwSignal::new(0_usize);
    let items = scopes.iter().enumerate().map(|(at, scope)| {
        let tables: Vec<String> = scope.tables.iter().map(|entry| entry.table.name().to_owned()).collect();
        let tables_count = tables.len() as u64;
        let comes_down = scope.direction.downloads();
        view! {
            <li>
                <button
                    type="button"
                    class="line"
                    aria-pressed=move || (chosen.get() == at).to_string()
                    data-testid=format!("scope-{}", at + 1)
                    on:click=move |_| chosen.set(at)
                >
                    <span class="line-number muted">{at + 1}</span>
                    <strong class="line-name">{scope.name.clone()}</strong>
                    <span class="line-direction">
                        <IconView icon=direction_icon(scope.direction) />
                        {direction_label(scope.direction)}
                    </span>
                    <span class="line-tables muted">{text::tables_count(tables_count)}</span>
                    <span class="line-rows num">
                        {move || {
                            if comes_down {
                                rows_of(state, &tables).map(text::rows_count)
                            } else {
                                Some(common::none().to_owned())
                            }
                        }}
                    </span>
                </button>
            </li>
        }
    });
    let items = items.collect_view();
    view! {
        <div class="lines">
            <section class="stack">
                <p class="muted">{text::order_note()}</p>
                <ol class="card line-list">{items}</ol>
            </section>
            <section class="card padded scope" aria-live="polite">
                {move || scopes.get(chosen.get()).cloned().map(|scope| view! { <ScopeCard scope /> })}
            </section>
        </div>
    }
}

/// Rows that the store has in these tables; none until the store server said so.
fn rows_of(state: AppState, tables: &[String]) -> Option<u64> {
    state.store.with(|store| {
        let rows = &store?.rows;
        Some(rows.iter().filter(|count| tables.contains(&count.table)).map(|count| count.rows).sum())
    })
}

#[component]
fn ScopeCard(scope: Scope) -> impl IntoView {
    let state = app_state();
    let tables = scope.tables.iter().enumerate().map(|(at, entry)| {
        let comes_down = scope.direction.downloads();
        let name = vec![entry.table.name().to_owned()];
        view! {
            <li>
                <span class="muted line-number">{at + 1}</span>
                <strong class="grow">{table_label(entry.table)}</strong>
                <span class="muted">{move || comes_down.then(|| rows_of(state, &name).map(number))}</span>
            </li>
        }
    });
    let tables = tables.collect_view();
    view! {
        <h2>{scope.name}</h2>
        <p class="muted">{scope.description}</p>
        <h3>{text::direction()}</h3>
        <div class="direction">
            <IconView icon=direction_icon(scope.direction) />
            <span>
                <strong>{direction_label(scope.direction)}</strong>
                <br />
                <span class="small">{direction_note(scope.direction)}</span>
            </span>
        </div>
        <h3>{text::frequency()}</h3>
        <p>
            <Badge text=frequency_label(scope.frequency) />
        </p>
        <h3>{text::tables_in_order()}</h3>
        <ol class="scope-tables">{tables}</ol>
    }
}
