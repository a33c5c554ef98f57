//! The list of what was not applied, each with its reason.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Badge, Cell, Column, DataTable, Icon, time};
use leptos::prelude::*;

use super::words;
use crate::api::Rejected;
use crate::list_page::{ListPage, Nothing};
use crate::section::rejected_href;
use crate::state::app_state;

/// The page.
#[component]
pub fn RejectedPage() -> impl IntoView {
    let state = app_state();
    let nothing = Nothing {
        icon: Icon::Tick,
        title: text::no_rejected(),
        detail: text::no_rejected_detail(),
        test_id: "no-rejected",
    };
    view! {
        <ListPage
            title=text::rejected()
            lead=text::rejected_lead()
            live=state.rejected
            ask=move || state.rejected.ask(state.api.rejected())
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
        Column::text(text::register()),
        Column::text(text::kind()),
        Column::text(text::reason()),
        Column::text(text::received_at()),
        Column::text(text::state()),
    ];
    view! {
        <DataTable label=text::rejected() columns=columns test_id="rejected">
            <For
                each=move || state.rejected.get().unwrap_or_default()
                key=|entry| (entry.register, entry.seq, entry.is_set_aside)
                children=|entry| view! { <Row entry /> }
            />
        </DataTable>
    }
}

#[component]
fn Row(entry: Rejected) -> impl IntoView {
    let state = app_state();
    let Rejected { register, seq, .. } = entry;
    let (word, tone, icon) = words::state(if entry.is_set_aside { "set_aside" } else { "open" });
    view! {
        <tr role="row" data-testid=format!("rejected-{register}-{seq}")>
            <Cell>
                <a class="row-link" href=rejected_href(register, seq)>
                    <strong>{move || state.register_name(register)}</strong>
                    <span class="small muted">{text::entry_of(&common::number_sign(&seq.to_string()))}</span>
                </a>
            </Cell>
            <Cell label=text::kind()>{words::kind(&entry.kind)}</Cell>
            <Cell label=text::reason()>
                // The store server says it, and in no other language.
                <span class="prose" lang="en">{entry.reason}</span>
            </Cell>
            <Cell label=text::received_at()>{time::clock_or_date(entry.received_at_ms, time::now_ms())}</Cell>
            <Cell label=text::state()>
                <Badge text=word tone=tone icon=Some(icon) />
            </Cell>
        </tr>
    }
    .into_any()
}
