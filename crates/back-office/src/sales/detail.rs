//! One sale: its lines, tax and payments, and where its entry stands in the register's journal.

use holdfast_ui::messages::{back_office as text, common};
use holdfast_ui::{Badge, Icon, Tone, time};
use leptos::prelude::*;
use leptos_router::params::ParamsMap;

use crate::address_page::AddressPage;
use crate::amounts;
use crate::api::SaleDetail;
use crate::facts::{FactsCard, fact};
use crate::page::{Loaded, Page};
use crate::sale_lines::SaleLines;
use crate::section::{Section, register_href};
use crate::state::app_state;

/// The page of the sale in the address.
#[component]
pub fn SalePage() -> impl IntoView {
    view! { <AddressPage read=address page=|(register, counter)| view! { <Known register counter /> }.into_any() /> }
}

fn address(params: &ParamsMap) -> Option<(u16, u32)> {
    Some((params.get("register")?.parse().ok()?, params.get("counter")?.parse().ok()?))
}

#[component]
fn Known(register: u16, counter: u32) -> impl IntoView {
    let state = app_state();
    state.sale.clear();
    let ask = move || state.sale.ask(state.api.sale(register, counter));
    ask();
    let receipt = format!("{register:04}-{counter:06}");
    let accepted = move || {
        state.sale.with(|sale| sale.is_some()).then(|| {
            view! { <Badge text=text::accepted() tone=Tone::Ok icon=Some(Icon::Tick) /> }
        })
    };
    view! {
        <Page
            title=text::receipt_number(&receipt)
            below=Section::Sales
            beside=accepted.into_any()
        >
            <Loaded live=state.sale ask=ask>
                {move || state.sale.get().map(|sale| view! { <Content sale /> })}
            </Loaded>
        </Page>
    }
}

#[component]
fn Content(sale: SaleDetail) -> impl IntoView {
    let currency = sale.sale.currency.clone();
    let total = amounts::with_sign(sale.sale.total_minor, &currency);
    view! {
        <div class="sale">
            <SaleLines lines=sale.sale_lines.clone() currency />
            <div class="stack">
                <section class="card padded">
                    <h2>{text::total()}</h2>
                    <p class="big amount" dir="ltr">
                        {total}
                    </p>
                    <dl class="facts">{sums(&sale)}</dl>
                </section>
                <FactsCard title=text::custody()>{custody(&sale)}</FactsCard>
            </div>
        </div>
    }
}

/// Tax, rounding, payments and change.
fn sums(sale: &SaleDetail) -> Vec<AnyView> {
    let currency = &sale.sale.currency;
    let amount = |minor: i64| amounts::digits(minor, currency);
    let mut rows = Vec::new();
    for tax in &sale.tax {
        let rate = amounts::rate(tax.rate_ppm);
        let name = if sale.tax_inclusive { text::tax_included(&rate) } else { text::tax_added(&rate) };
        rows.push(fact(name, text::tax_of_net(&amount(tax.tax_minor), &amount(tax.net_minor))));
    }
    if sale.rounding_minor != 0 {
        rows.push(fact(text::rounding(), amount(sale.rounding_minor)));
    }
    for tender in &sale.tenders {
        rows.push(fact(tender_label(&tender.code), amount(tender.amount_minor)));
    }
    if sale.change_minor != 0 {
        rows.push(fact(text::change(), amount(sale.change_minor)));
    }
    rows
}

fn tender_label(code: &str) -> String {
    match code {
        "cash" => text::cash().to_owned(),
        "card" => text::card().to_owned(),
        other => other.to_owned(),
    }
}

/// Who sold it, where and when, and the entry that proves it.
fn custody(sale: &SaleDetail) -> Vec<AnyView> {
    let state = app_state();
    let register = sale.sale.register;
    let hash = sale.journal_hash.clone();
    let short: String = hash.chars().take(16).collect();
    vec![
        fact(
            text::register(),
            view! { <a href=register_href(register)>{move || state.register_name(register)}</a> },
        ),
        fact(text::cashier(), sale.sale.cashier.clone()),
        fact(text::customer(), sale.sale.customer.clone().unwrap_or_else(|| text::walk_in().to_owned())),
        fact(text::paid_at(), time::full(sale.sale.finished_at_ms)),
        fact(text::arrived_at(), time::full(sale.sale.received_at_ms)),
        fact(text::journal_entry(), common::number_sign(&sale.journal_seq.to_string())),
        fact(text::journal_hash(), view! { <code class="mono" title=hash>{short} "…"</code> }),
    ]
}
