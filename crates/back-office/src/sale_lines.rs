//! The lines of a sale, whether it is in the books or not.

use holdfast_domain::Quantity;
use holdfast_ui::messages::back_office as text;
use holdfast_ui::{Cell, Column, DataTable};
use leptos::prelude::*;

use crate::amounts;
use crate::api::SaleLine;

/// A table of them.
#[component]
pub fn SaleLines(
    /// In their order.
    lines: Vec<SaleLine>,
    /// Of the amounts.
    currency: String,
) -> impl IntoView {
    let columns = vec![
        Column::text("#"),
        Column::text(text::product()),
        Column::number(text::quantity()),
        Column::number(text::price()),
        Column::number(text::amount()),
    ];
    let rows = lines.into_iter().map(|line| row(line, &currency)).collect_view();
    view! {
        <DataTable label=text::lines() columns=columns test_id="sale-lines">
            {rows}
        </DataTable>
    }
}

fn row(line: SaleLine, currency: &str) -> AnyView {
    let quantity = Quantity::from_milli(line.quantity_milli).to_string();
    let quantity = if line.unit == "ea" { quantity } else { format!("{quantity}\u{a0}{}", line.unit) };
    let price = amounts::digits(line.unit_price_minor, currency);
    let amount = amounts::digits(line.amount_minor, currency);
    view! {
        <tr role="row">
            <Cell label="#">
                <span class="muted">{line.line_no}</span>
            </Cell>
            <Cell label=text::product()>
                <span class="two-lines">
                    <strong>{line.name}</strong>
                    <span class="small muted">{line.sku}</span>
                </span>
            </Cell>
            <Cell label=text::quantity() numeric=true>{quantity}</Cell>
            <Cell label=text::price() numeric=true>{price}</Cell>
            <Cell label=text::amount() numeric=true>
                <strong>{amount}</strong>
            </Cell>
        </tr>
    }
    .into_any()
}
