//! The exports that a register sent to the store server, each to be downloaded.

use holdfast_ui::messages::{back_office as text, number as number_text};
use holdfast_ui::{Badge, Cell, Column, DataTable, Icon, IconView, Tone, size, time};
use leptos::prelude::*;

use crate::api::Export;
use crate::live::keep_fresh;
use crate::state::app_state;

/// The list; nothing where there is none.
#[component]
pub fn Exports(
    /// The register's number.
    number: u16,
) -> impl IntoView {
    let state = app_state();
    state.exports.clear();
    keep_fresh(move || state.exports.ask(state.api.exports(number)));
    let exports = Memo::new(move |_| state.exports.get().unwrap_or_default());
    let columns = || {
        vec![
            Column::text(text::export_made()),
            Column::number(text::export_entries()),
            Column::number(text::rows()),
            Column::number(text::export_size()),
            Column::text(text::export_journal()),
            Column::actions(text::export_download()),
        ]
    };
    view! {
        <Show when=move || !exports.read().is_empty()>
            <section class="stack">
                <h2>{text::exports()}</h2>
                <DataTable label=text::exports() columns=columns() test_id="register-exports">
                    {move || exports.get().into_iter().map(|export| row(number, &export)).collect_view()}
                </DataTable>
            </section>
        </Show>
    }
}

fn row(number: u16, export: &Export) -> AnyView {
    let (state, tone, icon) = if export.is_chain_whole {
        (text::export_whole(), Tone::Ok, Icon::Tick)
    } else {
        (text::export_broken(), Tone::Bad, Icon::Warn)
    };
    let &Export { made_at_ms, entries, rows, bytes, .. } = export;
    let address = format!("/api/admin/registers/{number}/exports/{}", export.export);
    view! {
        <tr role="row">
            <Cell label=text::export_made()>{time::full(made_at_ms)}</Cell>
            <Cell label=text::export_entries() numeric=true>{number_text(entries)}</Cell>
            <Cell label=text::rows() numeric=true>{number_text(rows)}</Cell>
            <Cell label=text::export_size() numeric=true>{size::bytes(bytes)}</Cell>
            <Cell label=text::export_journal()>
                <Badge text=state tone=tone icon=Some(icon) />
            </Cell>
            <Cell>
                <a class="button quiet" href=address download="" rel="external">
                    <IconView icon=Icon::Down />
                    <span>{text::export_download()}</span>
                </a>
            </Cell>
        </tr>
    }
    .into_any()
}
