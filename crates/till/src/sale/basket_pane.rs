//! The basket on the right: its lines, what it comes to, the way to pay.

use holdfast_domain::{Basket, Money, TaxMode, Totals};
use holdfast_ui::messages::till as text;
use holdfast_ui::{Button, EmptyState, Icon, IconView};
use leptos::prelude::*;

use super::adding;
use super::basket_line::{LineView, show};
use crate::customers::CustomerLine;
use crate::live;
use crate::pay;
use crate::till::use_till;

/// The basket; while paying it can only be read.
#[component]
pub fn BasketPane(
    /// Whether it can be changed here.
    is_editable: bool,
) -> impl IntoView {
    let till = use_till();
    let lines = Memo::new(move |_| till.basket.read(|basket| basket.lines().len()));
    // The line that was just added or changed is the one to look at.
    Effect::new(move |_| {
        till.basket.changes();
        if let Some(index) = till.basket.chosen() {
            request_animation_frame(move || show(index));
        }
    });
    view! {
        <aside class="side basket" aria-label=text::basket_label()>
            <BasketHead is_editable />
            {is_editable.then(|| view! { <CustomerLine /> })}
            <div class="lines-frame" tabindex="-1">
                <ol class="lines">
                    <For each=move || 0..lines.get() key=|index| *index let:index>
                        <LineView index is_editable />
                    </For>
                </ol>
                {live::maybe(move || (lines.get() == 0).then(|| view! {
                    <EmptyState icon=Icon::Basket title=text::basket_empty() detail=text::basket_empty_detail() />
                }.into_any()))}
            </div>
            <div class="sum">
                <TotalsView />
                {is_editable.then(|| view! { <PayButton /> })}
            </div>
        </aside>
    }
}

#[component]
fn BasketHead(is_editable: bool) -> impl IntoView {
    let till = use_till();
    let pieces = Memo::new(move |_| till.basket.read(pieces));
    let is_empty = Signal::derive(move || till.basket.read(Basket::is_empty));
    let title = live::words(move || match pieces.get() {
        0 => text::basket_new().to_owned(),
        pieces => text::basket_items(pieces),
    });
    let acts = is_editable.then(|| {
        view! {
            <button
                type="button"
                class="button toggle"
                data-testid="return"
                aria-pressed=live::words(move || till.basket.is_returning().to_string())
                on:click=live::press(move || till.basket.toggle_returning())
            >
                <IconView icon=Icon::Return />
                <span>{text::basket_return()}</span>
            </button>
            <Button
                label=text::basket_void()
                icon=Icon::Cross
                disabled=is_empty
                on_press=move || adding::void(till)
                test_id="void"
            />
        }
    });
    view! {
        <div class="basket-head">
            <IconView icon=Icon::Basket />
            <h2 class="grow">{title}</h2>
            {acts}
        </div>
    }
}

#[component]
fn TotalsView() -> impl IntoView {
    let till = use_till();
    let totals = Memo::new(move |_| till.basket.read(|basket| basket.totals().ok()));
    let amount = move |of: fn(&Totals) -> Money| {
        till.money().signed(totals.with(|totals| totals.as_ref().map(of).unwrap_or_default()))
    };
    let is_exclusive = Memo::new(move |_| till.basket.read(Basket::tax_mode) == TaxMode::Exclusive);
    view! {
        <dl class="totals">
            {live::maybe(move || is_exclusive.get().then(|| view! {
                <div class="muted">
                    <dt>{text::totals_goods()}</dt>
                    <dd class="amount" dir="ltr">{live::words(move || amount(|totals| totals.goods))}</dd>
                </div>
            }.into_any()))}
            <div class="muted">
                <dt>{live::word(move || if is_exclusive.get() { text::totals_tax() } else { text::totals_tax_included() })}</dt>
                <dd class="amount" dir="ltr">{live::words(move || amount(|totals| totals.tax_total))}</dd>
            </div>
            <div class="total">
                <dt>{text::totals_total()}</dt>
                <dd class="amount" dir="ltr" data-testid="basket-total">{live::words(move || amount(|totals| totals.due))}</dd>
            </div>
        </dl>
    }
}

#[component]
fn PayButton() -> impl IntoView {
    let till = use_till();
    let due = Memo::new(move |_| {
        till.basket.read(|basket| basket.totals().map_or(Money::ZERO, |totals| totals.due))
    });
    let label = live::word(move || if due.get().is_negative() { text::pay_out() } else { text::pay() });
    let amount = live::words(move || {
        let due = due.get();
        till.money().signed(if due.is_negative() { due.negated() } else { due })
    });
    view! {
        <button
            type="button"
            class="button primary pay"
            data-testid="pay"
            disabled=live::flag(move || till.basket.read(Basket::is_empty))
            on:click=live::press(move || pay::open(till))
        >
            <span>{label}</span>
            <span class="amount" dir="ltr">{amount}</span>
        </button>
    }
}

/// How many things are in it: pieces one by one, what is weighed as one.
fn pieces(basket: &Basket) -> u64 {
    let lines = basket.lines().iter();
    lines
        .map(
            |line| {
                if line.item.unit.is_divisible() { 1 } else { line.quantity.milli().unsigned_abs() / 1_000 }
            },
        )
        .sum()
}
