//! What an entry says: a sale, a shift or a changed row.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Cell, Column, DataTable, time};
use leptos::prelude::*;

use crate::amounts;
use crate::api::{EditedField, RejectedDetail, RejectedEdit, RejectedSale, RejectedShift};
use crate::facts::{FactsCard, fact};
use crate::row_words::{self, Value};
use crate::sale_lines::SaleLines;
use crate::state::app_state;

/// Names and values of what it says; nothing where it can't be read.
pub fn facts(entry: &RejectedDetail) -> Option<AnyView> {
    let rows = match (&entry.sale, &entry.shift, &entry.edit) {
        (Some(sale), ..) => of_sale(sale),
        (None, Some(shift), _) => of_shift(shift),
        (None, None, Some(edit)) => of_edit(edit),
        (None, None, None) => return None,
    };
    Some(view! { <FactsCard title=text::entry_says() test_id="entry-says">{rows}</FactsCard> }.into_any())
}

/// The lines of a sale or the fields of a row.
pub fn table(entry: &RejectedDetail) -> Option<AnyView> {
    match (&entry.sale, &entry.edit) {
        (Some(sale), _) => {
            let (lines, currency) = (sale.lines.clone(), sale.currency.clone());
            Some(view! { <SaleLines lines currency /> }.into_any())
        }
        (None, Some(edit)) => Some(fields(edit)),
        (None, None) => None,
    }
}

/// What the sale says of itself, and what it comes to where that differs.
fn of_sale(sale: &RejectedSale) -> Vec<AnyView> {
    let amount = |minor: i64| amounts::with_sign(minor, &sale.currency);
    let given: i64 = sale.tenders.iter().fold(0, |sum, tender| sum.saturating_add(tender.amount_minor));
    let mut facts = vec![
        fact(text::receipt(), sale.receipt.clone()),
        fact(text::cashier(), sale.cashier.clone()),
        fact(text::customer(), sale.customer.clone().unwrap_or_else(|| text::walk_in().to_owned())),
        fact(text::paid_at(), time::full(sale.finished_at_ms)),
        fact(text::total(), amount(sale.total_minor)),
        fact(text::entry_paid(), amount(given.saturating_sub(sale.change_minor))),
    ];
    if let Some(reference) = &sale.external_ref {
        facts.push(fact(text::correct_external_ref(), reference.clone()));
    }
    if let Some(restated) = &sale.restated {
        facts.push(fact(text::entry_restated(), amount(restated.total_minor)));
        facts.push(fact(text::entry_difference(), amount(restated.difference_minor)));
    }
    facts
}

fn of_shift(shift: &RejectedShift) -> Vec<AnyView> {
    let state = app_state();
    let amount = move |minor: i64| {
        move || {
            let currency = state.store.with(|store| store.map(|store| store.currency.clone()));
            amounts::with_sign(minor, &currency.unwrap_or_default())
        }
    };
    let mut facts = vec![
        fact(text::shift_number(), common::number_sign(&shift.number.to_string())),
        fact(text::shift_opened_at(), time::full(shift.opened_at_ms)),
        fact(text::shift_opened_by(), shift.opened_by.clone()),
        fact(text::shift_float(), amount(shift.float_minor)),
    ];
    if let Some(closed_at_ms) = shift.closed_at_ms {
        facts.push(fact(text::shift_closed_at(), time::full(closed_at_ms)));
    }
    if let Some(counted_minor) = shift.counted_minor {
        facts.push(fact(text::shift_counted(), amount(counted_minor)));
    }
    facts
}

fn of_edit(edit: &RejectedEdit) -> Vec<AnyView> {
    let made = if edit.is_new { text::edit_makes() } else { text::edit_changes() };
    vec![
        fact(text::conflict_row(), row_words::row(&edit.table, &edit.key)),
        fact(text::edit_does(), made),
        fact(text::edit_entered_at(), time::full(edit.edited_at_ms)),
    ]
}

fn fields(edit: &RejectedEdit) -> AnyView {
    let columns = vec![
        Column::text(text::conflict_field()),
        Column::text(text::conflict_base()),
        Column::text(text::edit_after()),
    ];
    let row = |field: EditedField| {
        view! {
            <tr role="row">
                <Cell label=text::conflict_field()>{row_words::column(&field.column)}</Cell>
                <Cell label=text::conflict_base()>
                    <Value value=field.before />
                </Cell>
                <Cell label=text::edit_after()>
                    <Value value=Some(field.after) stands=true />
                </Cell>
            </tr>
        }
        .into_any()
    };
    let rows = edit.fields.iter().cloned().map(row).collect_view();
    view! {
        <DataTable label=text::entry_says() columns=columns test_id="entry-fields">
            {rows}
        </DataTable>
    }
    .into_any()
}
