//! The screen after a sale: the change, large; where the sale is; its receipt.

use holdfast_browser_store::Custody;
use holdfast_domain::Money;
use holdfast_ui::messages::till as text;
use holdfast_ui::{Button, ButtonKind, Icon, IconView};
use leptos::prelude::*;

use super::custody_view::CustodyTrail;
use super::next_customer;
use crate::live;
use crate::money_text::MoneyText;
use crate::receipt;
use crate::receipt::view::{ReceiptPaper, print};
use crate::till::{Till, use_till};

/// The screen.
#[component]
pub fn DoneScreen() -> impl IntoView {
    let till = use_till();
    // Its custody changes while it is shown; the sale itself never does.
    let sale = Memo::new(move |_| {
        till.finished.with(|finished| finished.as_ref().map(|finished| (finished.seq, finished.sale.clone())))
    });
    let custody = Memo::new(move |_| {
        till.finished
            .with(|finished| finished.as_ref().map_or(Custody::Waiting, |finished| finished.custody.clone()))
    });
    live::maybe(move || {
        sale.get().map(|(seq, sale)| {
            let (label, amount) = headline(till, &sale);
            let rows = receipt::rows(till, &sale);
            view! {
                <main class="done">
                    <span class="done-tick"><IconView icon=Icon::Tick /></span>
                    <div>
                        <h1 class="done-label" tabindex="-1">{label}</h1>
                        <p class="due amount" dir="ltr" data-testid="change-due">{amount}</p>
                    </div>
                    <CustodyTrail custody seq />
                    <p class="muted">
                        {text::done_receipt()} " "
                        <span class="amount" dir="ltr" data-testid="receipt-number">
                            {sale.receipt.to_string()}
                        </span>
                    </p>
                    <div class="done-actions">
                        <Button label=text::receipt_print() icon=Icon::Print on_press=print test_id="print" />
                        <Button
                            label=text::done_next_customer()
                            kind=ButtonKind::Primary
                            on_press=move || next_customer(till)
                            test_id="next-customer"
                            class="next-customer"
                        />
                    </div>
                </main>
                <aside class="side">
                    <ReceiptPaper rows />
                </aside>
            }
            .into_any()
        })
    })
}

/// What the cashier says aloud: the change, what is paid out, or what was paid.
fn headline(till: Till, sale: &holdfast_domain::Sale) -> (&'static str, String) {
    let sign = till.catalogue.with_untracked(|catalogue| catalogue.shop.sign(sale.currency));
    let money = MoneyText::new(sale.currency, sign);
    let paid = sale.total.checked_add(sale.rounding).unwrap_or(sale.total);
    if paid.is_negative() {
        (text::done_paid_out(), money.signed(paid.negated()))
    } else if sale.change == Money::ZERO && sale.tenders.iter().all(|tender| tender.kind.code() == "card") {
        (text::done_paid_by_card(), money.signed(paid))
    } else {
        (text::done_change(), money.signed(sale.change))
    }
}
