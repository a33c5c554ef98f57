//! The field list of a table: which columns registers keep. Those that the till can't do without are locked, with
//! the reason.

use holdfast_profile::{Column, ScopeTable};
use holdfast_ui::messages::{common, profiles as text};
use holdfast_ui::{Button, ButtonKind, CheckEntry, Dialog};
use leptos::prelude::*;

use super::counts::{NotCounted, TableCount};
use super::state::Editor;
use super::tables::TableSpot;
use super::working_copy::error_at;
use crate::profiles::words::{column_label, lock_label, table_label};

/// The dialog; open while it is about a table.
#[component]
pub fn FieldListDialog(editor: Editor, spot: RwSignal<Option<TableSpot>>) -> impl IntoView {
    let title = move || spot.get().map(|spot| text::field_list(table_label(spot.table))).unwrap_or_default();
    view! {
        <Dialog
            open=Signal::derive(move || spot.with(Option::is_some))
            title=title
            on_close=move || spot.set(None)
            test_id="field-list"
        >
            {move || spot.get().map(|of| view! {
                <Fields editor spot=of />
                <div class="dialog-actions">
                    <Button
                        label=common::done()
                        kind=ButtonKind::Primary
                        on_press=move || spot.set(None)
                        test_id="field-list-done"
                    />
                </div>
            })}
        </Dialog>
    }
    .into_any()
}

#[component]
fn Fields(editor: Editor, spot: TableSpot) -> impl IntoView {
    let keeps_all = editor.part(move |copy| spot.entry(copy).is_none_or(|entry| entry.fields.is_none()));
    let set_all = move |all: bool| {
        editor.edit(|copy| {
            spot.change(copy, |entry| {
                entry.fields = (!all)
                    .then(|| spot.table.columns().iter().map(|column| column.name.to_owned()).collect());
            });
        });
    };
    let error = move || {
        let path = editor.read(|copy| format!("{}.fields", spot.path(copy)));
        editor.findings.with(|findings| error_at(findings, &path, true))
    };
    let boxes = spot.table.columns().iter().map(|column| {
        let kept =
            editor.part(move |copy| spot.entry(copy).is_some_and(|entry| entry.keeps_column(column.name)));
        let set = move |keep: bool| {
            editor.edit(|copy| {
                spot.change(copy, |entry| entry.fields = Some(with_column(entry, column, keep)))
            });
        };
        view! {
            <CheckEntry
                label=column_label(column.name)
                help=TextProp::from(column.locked.map_or("", lock_label))
                value=kept
                on_change=set
                // A locked column that a draft lacks can be put back.
                disabled=Signal::derive(move || column.locked.is_some() && kept.get())
                test_id=format!("field-{}", column.name)
            />
        }
    });
    view! {
        <p class="muted">{text::field_list_detail()}</p>
        <p><TableCount editor spot test_id="field-list-count" /></p>
        <NotCounted editor />
        <CheckEntry
            label=text::keep_all_fields()
            value=keeps_all
            on_change=set_all
            test_id="field-all"
        />
        <fieldset class="check-list">
            <legend class="unseen">{text::field_list(table_label(spot.table))}</legend>
            {boxes.collect_view()}
        </fieldset>
        <p class="field-error small" lang="en" aria-live="polite">{error}</p>
    }
    .into_any()
}

/// The field list with a column or without it, in the order of the table.
fn with_column(entry: &ScopeTable, column: &Column, keep: bool) -> Vec<String> {
    let columns = entry.table.columns().iter();
    let wanted =
        columns.filter(|other| if other.name == column.name { keep } else { entry.keeps_column(other.name) });
    wanted.map(|column| column.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_profile::TableId;

    #[test]
    fn a_column_goes_and_comes_back_to_its_place() {
        let column = TableId::Product.column("category").unwrap();
        let mut entry = ScopeTable::whole(TableId::Product);
        entry.fields = Some(with_column(&entry, column, false));
        assert!(!entry.keeps_column("category") && entry.keeps_column("rank"));
        entry.fields = Some(with_column(&entry, column, true));
        let names: Vec<&str> = TableId::Product.columns().iter().map(|column| column.name).collect();
        assert_eq!(entry.fields.unwrap(), names);
    }
}
