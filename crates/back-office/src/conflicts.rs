//! Fields that a register and the store changed both: what the register had seen, both values, and which stands.
//! Nothing was lost; whoever reads this can enter the other value again.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Badge, Cell, Column, DataTable, EmptyState, Icon, Tone, time};
use leptos::prelude::*;

use crate::api::Conflict;
use crate::live::keep_fresh;
use crate::page::{Loaded, Page};
use crate::section::register_href;
use crate::state::app_state;

/// The page.
#[component]
pub fn ConflictsPage() -> impl IntoView {
    let state = app_state();
    let ask = move || state.conflicts.ask(state.api.conflicts());
    keep_fresh(ask);
    let is_empty = Memo::new(move |_| state.conflicts.with(|all| all.is_none_or(Vec::is_empty)));
    view! {
        <Page title=text::conflicts()>
            <Loaded live=state.conflicts ask=ask>
                {move || {
                    if is_empty.get() {
                        view! {
                            <div class="card">
                                <EmptyState
                                    icon=Icon::Tick
                                    title=text::no_conflicts()
                                    detail=TextProp::from(text::no_conflicts_detail())
                                    test_id="no-conflicts"
                                />
                            </div>
                        }
                        .into_any()
                    } else {
                        view! { <List /> }.into_any()
                    }
                }}
            </Loaded>
        </Page>
    }
}

#[component]
fn List() -> impl IntoView {
    let state = app_state();
    let columns = vec![
        Column::text(text::conflict_merged_at()),
        Column::text(text::register()),
        Column::text(text::conflict_row()),
        Column::text(text::conflict_field()),
        Column::text(text::conflict_base()),
        Column::text(text::conflict_server()),
        Column::text(text::conflict_entered()),
        Column::text(text::conflict_stands()),
    ];
    view! {
        <p class="muted lead">{text::conflicts_lead()}</p>
        <DataTable label=text::conflicts() columns=columns early=true test_id="conflicts">
            <For
                each=move || state.conflicts.get().unwrap_or_default()
                key=|conflict| (conflict.register, conflict.seq, conflict.column.clone())
                children=|conflict| view! { <Row conflict /> }
            />
        </DataTable>
    }
}

#[component]
fn Row(conflict: Conflict) -> impl IntoView {
    let state = app_state();
    let register = conflict.register;
    let (stands, tone) = if conflict.register_won {
        (text::conflict_register_won(), Tone::Accent)
    } else {
        (text::conflict_server_won(), Tone::Neutral)
    };
    let table = table_word(&conflict.table);
    let row = conflict.row_name.unwrap_or_else(|| conflict.key.clone());
    view! {
        <tr role="row">
            <Cell label=text::conflict_merged_at()>
                {time::clock_or_date(conflict.merged_at_ms, time::now_ms())}
            </Cell>
            <Cell label=text::register()>
                <a class="row-link" href=register_href(register)>
                    <strong>{move || state.register_name(register)}</strong>
                </a>
            </Cell>
            <Cell label=text::conflict_row()>
                <span class="prose">{row}</span>
                <span class="muted small">{text::conflict_table_key(&table, &conflict.key)}</span>
            </Cell>
            <Cell label=text::conflict_field()>{column_word(&conflict.column)}</Cell>
            <Cell label=text::conflict_base()>
                <Value value=conflict.base stands=false />
            </Cell>
            <Cell label=text::conflict_server()>
                <Value value=conflict.server stands=!conflict.register_won />
            </Cell>
            <Cell label=text::conflict_entered()>
                <Value value=Some(conflict.entered) stands=conflict.register_won />
            </Cell>
            <Cell label=text::conflict_stands()>
                <Badge text=stands.to_owned() tone=tone />
            </Cell>
        </tr>
    }
    .into_any()
}

/// A value as text that is never read as markup or as nothing; the one that stands is strong.
#[component]
fn Value(value: Option<String>, stands: bool) -> impl IntoView {
    match value.filter(|value| !value.is_empty()) {
        None => view! { <span class="muted">{text::conflict_nothing()}</span> }.into_any(),
        Some(value) if stands => view! { <strong class="prose">{value}</strong> }.into_any(),
        Some(value) => view! { <span class="prose">{value}</span> }.into_any(),
    }
}

/// A table in words; one that this page does not know yet by its name.
fn table_word(table: &str) -> String {
    match table {
        "customer" => text::conflict_table_customer().to_owned(),
        other => other.to_owned(),
    }
}

/// A column in words; one that this page does not know yet by its name.
fn column_word(column: &str) -> String {
    match column {
        "name" => text::conflict_column_name().to_owned(),
        "country" => text::conflict_column_country().to_owned(),
        "phone" => text::conflict_column_phone().to_owned(),
        "email" => text::conflict_column_email().to_owned(),
        other => other.to_owned(),
    }
}
