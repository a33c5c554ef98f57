//! What a register keeps: each scope of its profile with its tables below it, rows, age and the last result.

use holdfast_ui::messages::{back_office as text, common, number as number_text};
use holdfast_ui::{Badge, Cell, Column, DataTable, EmptyState, Icon, IconView, Tone, time};
use leptos::prelude::*;

use crate::api::{KeptTable, RegisterScope, RegisterScopes};
use crate::live::keep_fresh;
use crate::profiles::{direction_icon, direction_label, said_frequency};
use crate::row_words;
use crate::state::app_state;

/// The table.
#[component]
pub fn Scopes(
    /// The register's number.
    number: u16,
    /// Whether it has told of any table.
    #[prop(into)]
    has_tables: Signal<bool>,
) -> impl IntoView {
    let state = app_state();
    state.register_scopes.clear();
    keep_fresh(move || state.register_scopes.ask(state.api.register_scopes(number)));
    let columns = || {
        vec![
            Column::text(text::scope_and_tables()),
            Column::number(text::rows()),
            Column::text(text::as_of()),
            Column::text(text::last_result()),
        ]
    };
    view! {
        <section class="stack">
            <h2>{text::offline_database()}</h2>
            <Show
                when=move || has_tables.get()
                fallback=|| {
                    view! {
                        <div class="card">
                            <EmptyState
                                icon=Icon::Database
                                title=text::no_tables()
                                detail=TextProp::from(text::no_tables_detail())
                            />
                        </div>
                    }
                }
            >
                <DataTable label=text::offline_database() columns=columns() test_id="register-tables">
                    {move || {
                        let RegisterScopes { scopes, left } = state.register_scopes.get()?;
                        let scopes = scopes.into_iter().zip(1..).map(|(scope, place)| scope_rows(scope, place));
                        Some(view! {
                            {scopes.collect_view()}
                            {(!left.is_empty()).then(|| left_rows(left))}
                        })
                    }}
                </DataTable>
            </Show>
        </section>
    }
    .into_any()
}

fn scope_rows(scope: RegisterScope, place: usize) -> AnyView {
    let direction = direction_label(scope.direction);
    // What only goes up does so as the profile's upload of transactions says.
    let note = if scope.direction.downloads() {
        text::direction_and_frequency(direction, &said_frequency(scope.frequency))
    } else {
        direction.to_owned()
    };
    let rows = match (scope.rows, scope.waiting) {
        (Some(rows), _) => number_text(rows),
        (None, Some(waiting)) if waiting > 0 => text::entries_wait(waiting),
        (None, Some(_) | None) => common::none().to_owned(),
    };
    view! {
        <tr role="row" class="scope-row" data-testid=format!("register-scope-{place}")>
            <Cell>
                <span class="two-lines">
                    <strong dir="auto" class="breaks">
                        {text::scope_numbered(&place.to_string(), &scope.name)}
                    </strong>
                    <span class="small muted with-icon">
                        <IconView icon=direction_icon(scope.direction) />
                        <span>{note}</span>
                    </span>
                </span>
            </Cell>
            <Cell label=text::rows() numeric=true>{rows}</Cell>
            <Cell label=text::as_of()>{age(scope.synced_at_ms)}</Cell>
            <Cell label=text::last_result()>{result(&scope.state, true)}</Cell>
        </tr>
        {scope.tables.into_iter().map(table_row).collect_view()}
    }
    .into_any()
}

fn left_rows(left: Vec<KeptTable>) -> AnyView {
    let rows = number_text(left.iter().filter_map(|table| table.rows).sum());
    view! {
        <tr role="row" class="scope-row" data-testid="register-scope-left">
            <Cell>
                <span class="two-lines">
                    <strong>{text::left_tables()}</strong>
                    <span class="small muted">{text::left_tables_note()}</span>
                </span>
            </Cell>
            <Cell label=text::rows() numeric=true>{rows}</Cell>
            <Cell>""</Cell>
            <Cell>""</Cell>
        </tr>
        {left.into_iter().map(table_row).collect_view()}
    }
    .into_any()
}

fn table_row(table: KeptTable) -> AnyView {
    let is_behind = table.state == "behind";
    let changes = is_behind.then(|| text::change_of(table.cursor, table.head));
    let (label, test_id) = (row_words::table(&table.table), format!("register-table-{}", table.table));
    view! {
        <tr role="row" class="scope-table" data-testid=test_id>
            <Cell>{label}</Cell>
            <Cell label=text::rows() numeric=true>
                {table.rows.map_or_else(|| common::none().to_owned(), number_text)}
            </Cell>
            <Cell label=text::as_of()>{age(table.synced_at_ms)}</Cell>
            <Cell label=text::last_result()>
                <span class="two-lines">
                    {result(&table.state, is_behind)}
                    <span class="small muted">{changes}</span>
                </span>
            </Cell>
        </tr>
    }
    .into_any()
}

/// How long ago it was as it is here; that passes also while the register says nothing.
fn age(synced_at_ms: Option<i64>) -> impl IntoView {
    let now_ms = app_state().now_ms;
    move || synced_at_ms.map_or_else(|| common::none().to_owned(), |at_ms| time::ago(at_ms, now_ms.get()))
}

fn result(state: &str, with_badge: bool) -> AnyView {
    let (words, tone, icon) = match state {
        "complete" => (text::complete(), Tone::Ok, Icon::Tick),
        "sent" => (text::all_sent(), Tone::Ok, Icon::Tick),
        "waits" => (text::waiting(), Tone::Wait, Icon::Clock),
        "missing" => (text::not_there_yet(), Tone::Wait, Icon::Clock),
        // Also what a newer store server says.
        _ => (text::behind(), Tone::Wait, Icon::Clock),
    };
    if with_badge {
        view! { <Badge text=words tone=tone icon=Some(icon) /> }.into_any()
    } else {
        view! { <span class="small muted">{words}</span> }.into_any()
    }
}
