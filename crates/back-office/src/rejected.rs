//! Entries of registers' journals that were not applied, each with its reason. They are kept on both sides.

use holdfast_ui::messages::{back_office as text, number};
use holdfast_ui::{Badge, Cell, Column, DataTable, EmptyState, Icon, Tone, time};
use leptos::prelude::*;

use crate::api::Rejected;
use crate::page::{Loaded, Page};
use crate::section::rejected_href;
use crate::state::app_state;

/// The page.
#[component]
pub fn RejectedPage() -> impl IntoView {
    let state = app_state();
    let ask = move || state.rejected.ask(state.api.rejected());
    let is_empty = Memo::new(move |_| state.rejected.with(|all| all.is_none_or(Vec::is_empty)));
    view! {
        <Page title=text::rejected()>
            <Loaded live=state.rejected ask=ask>
                {move || {
                    if is_empty.get() {
                        view! {
                            <div class="card">
                                <EmptyState
                                    icon=Icon::Tick
                                    title=text::no_rejected()
                                    detail=TextProp::from(text::no_rejected_detail())
                                    test_id="no-rejected"
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
        Column::text(text::register()),
        Column::number(text::entry()),
        Column::text(text::kind()),
        Column::text(text::reason()),
        Column::text(text::received_at()),
    ];
    view! {
        <p class="muted lead">{text::rejected_lead()}</p>
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
    let register = entry.register;
    let kind = kind_label(&entry.kind);
    let tone = if entry.is_set_aside { Tone::Neutral } else { Tone::Bad };
    view! {
        <tr role="row">
            <Cell>
                <a class="row-link" href=rejected_href(register, entry.seq)>
                    <strong>{move || state.register_name(register)}</strong>
                </a>
            </Cell>
            <Cell label=text::entry() numeric=true>{number(entry.seq)}</Cell>
            <Cell label=text::kind()>
                <Badge text=kind tone=tone icon=Some(Icon::Refused) />
            </Cell>
            <Cell label=text::reason()>
                <span class="prose">{entry.reason}</span>
            </Cell>
            <Cell label=text::received_at()>{time::clock_or_date(entry.received_at_ms, time::now_ms())}</Cell>
        </tr>
    }
    .into_any()
}

/// An entry's kind in words.
pub fn kind_label(kind: &str) -> String {
    match kind {
        "sale" => text::kind_sale().to_owned(),
        "shift" => text::kind_shift().to_owned(),
        "row_edit" => text::kind_row_edit().to_owned(),
        other => text::kind_unknown(other),
    }
}
