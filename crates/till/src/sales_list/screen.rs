//! The screen with this register's sales and the receipt of the chosen one.

use holdfast_browser_store::Custody;
use holdfast_ui::messages::{common, till as text};
use holdfast_ui::{
    Banner, Button, ButtonKind, Cell, Column, DataTable, EmptyState, Icon, IconButton, Skeleton, Tone, time,
};
use leptos::prelude::*;

use crate::done::FinishedSale;
use crate::done::custody_view::CustodyBadge;
use crate::live;
use crate::page_head::PageHead;
use crate::receipt::view::{ReceiptPaper, print};
use crate::till::{Till, use_till};
use crate::{money_text::MoneyText, receipt};

/// The screen.
#[component]
pub fn SalesScreen() -> impl IntoView {
    let till = use_till();
    let list = till.sales;
    let shown = Memo::new(move |_| {
        let seq = list.shown.get()?;
        list.sales.with(|sales| sales.iter().flatten().find(|sale| sale.seq == seq).cloned())
    });
    view! {
        <main class="page">
            <PageHead title=text::sales_title()>{().into_any()}</PageHead>
            {live::maybe(move || {
                list.error.get().map(|error| {
                    view! { <Banner tone=Tone::Bad title=text::sales_not_read() detail=error /> }.into_any()
                })
            })}
            <div class="sales" class:with-receipt=live::flag(move || shown.with(Option::is_some))>
                {live::part(move || list.sales.with(|sales| match sales {
                    None => view! { <Skeleton /> }.into_any(),
                    Some(sales) if sales.is_empty() => {
                        view! {
                            <div data-testid="sales-list">
                                <EmptyState
                                    icon=Icon::Receipt
                                    title=text::sales_none()
                                    detail=text::sales_none_detail()
                                />
                            </div>
                        }
                        .into_any()
                    }
                    Some(sales) => table(till, sales).into_any(),
                }))}
                {live::maybe(move || shown.get().map(|sale| view! { <ReceiptAside sale /> }.into_any()))}
            </div>
        </main>
    }
}

fn table(till: Till, sales: &[FinishedSale]) -> impl IntoView + use<> {
    let rows: Vec<AnyView> = sales.iter().zip(1..).map(|(sale, number)| row(till, sale, number)).collect();
    let columns = vec![
        Column::text(text::sales_column_receipt()),
        Column::text(text::sales_column_time()),
        Column::text(text::sales_column_cashier()),
        Column::number(text::sales_column_items()),
        Column::number(text::sales_column_total()),
        Column::text(text::sales_column_custody()),
        Column::text(""),
    ];
    view! {
        <DataTable label=text::sales_title() columns test_id="sales-list">
            {rows}
        </DataTable>
    }
}

fn row(till: Till, sale: &FinishedSale, number: usize) -> AnyView {
    let seq = sale.seq;
    let receipt = sale.sale.receipt.to_string();
    let sign = till.catalogue.with_untracked(|catalogue| catalogue.shop.sign(sale.sale.currency));
    let total = MoneyText::new(sale.sale.currency, sign).signed(sale.sale.total);
    let at = time::clock_or_date(sale.sale.finished_at_ms, till.now_ms.get_untracked());
    let label = text::sales_open_receipt(&receipt);
    let number_shown = receipt.clone();
    let cashier = sale.sale.cashier_name.clone();
    let lines = sale.sale.lines.len().to_string();
    let custody = Signal::stored(sale.custody.clone());
    view! {
        <tr
            role="row"
            data-testid=format!("sale-row-{number}")
            data-receipt=receipt
            class:chosen=live::flag(move || till.sales.shown.get() == Some(seq))
        >
            <Cell label=text::sales_column_receipt()><b>{number_shown}</b></Cell>
            <Cell label=text::sales_column_time()>{at}</Cell>
            <Cell label=text::sales_column_cashier()>{cashier}</Cell>
            <Cell label=text::sales_column_items() numeric=true>{lines}</Cell>
            <Cell label=text::sales_column_total() numeric=true>
                <b class="amount" dir="ltr">{total}</b>
            </Cell>
            <Cell label=text::sales_column_custody()>
                <CustodyBadge custody seq />
            </Cell>
            <Cell>
                <IconButton
                    icon=Icon::Receipt
                    label=label
                    kind=ButtonKind::Quiet
                    on_press=move || till.sales.shown.set(Some(seq))
                    test_id=format!("sale-open-{number}")
                />
            </Cell>
        </tr>
    }
    .into_any()
}

#[component]
fn ReceiptAside(
    /// Whose receipt.
    sale: FinishedSale,
) -> impl IntoView {
    let till = use_till();
    let rows = receipt::rows(till, &sale.sale);
    let rejected = match sale.custody {
        Custody::Rejected { reason } => Some(view! {
            <Banner tone=Tone::Bad title=text::sales_rejected() detail=reason test_id="rejected-reason" />
        }),
        Custody::Waiting | Custody::Accepted { .. } => None,
    };
    view! {
        <aside class="receipt-aside">
            {rejected}
            <ReceiptPaper rows />
            <div class="row">
                <Button
                    label=common::close()
                    on_press=move || till.sales.shown.set(None)
                    test_id="receipt-close"
                />
                <Button
                    label=text::receipt_print_again()
                    icon=Icon::Print
                    kind=ButtonKind::Primary
                    on_press=print
                    test_id="print"
                    class="grow"
                />
            </div>
        </aside>
    }
}
