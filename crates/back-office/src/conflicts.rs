//! Fields that a register and the store changed both: what the register had seen, both values, and which stands.
//! Nothing was lost; whoever reads this can enter the other value again.

use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Badge, Cell, Column, DataTable, Icon, Tone, time};
use leptos::prelude::*;

use crate::api::Conflict;
use crate::list_page::{ListPage, Nothing};
use crate::row_words::{self, Value};
use crate::section::register_href;
use crate::state::app_state;

/// The page.
#[component]
pub fn ConflictsPage() -> impl IntoView {
    let state = app_state();
    let nothing = Nothing {
        icon: Icon::Tick,
        title: text::no_conflicts(),
        detail: text::no_conflicts_detail(),
        test_id: "no-conflicts",
    };
    view! {
        <ListPage
            title=text::conflicts()
            lead=text::conflicts_lead()
            live=state.conflicts
            ask=move || state.conflicts.ask(state.api.conflicts())
            nothing
        >
            <List />
        </ListPage>
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
    let of = row_words::row(&conflict.table, &conflict.key);
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
                <span class="two-lines">
                    <span dir="auto">{row}</span>
                    <span class="small muted">{of}</span>
                </span>
            </Cell>
            <Cell label=text::conflict_field()>{row_words::column(&conflict.column)}</Cell>
            <Cell label=text::conflict_base()>
                <Value value=conflict.base />
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
