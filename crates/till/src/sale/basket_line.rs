//! One line of the basket, and the stepper of the chosen one.

use holdfast_domain::{BasketLine, Money};
use holdfast_ui::messages::till as text;
use holdfast_ui::{Badge, Button, Icon, IconButton, Tone};
use leptos::prelude::*;

use super::adding;
use crate::live;
use crate::money_text::MoneyText;
use crate::till::use_till;
use crate::unit_text::{per_unit, unit};

/// A line by its place, from 0.
#[component]
pub fn LineView(
    /// Its place.
    index: usize,
    /// Whether it can be changed here.
    is_editable: bool,
) -> impl IntoView {
    let till = use_till();
    let line = Memo::new(move |_| till.basket.read(|basket| basket.lines().get(index).cloned()));
    let number = index + 1;
    let is_chosen = Memo::new(move |_| is_editable && till.basket.chosen() == Some(index));
    let name = live::words(move || {
        line.with(|line| line.as_ref().map(|line| line.item.name.clone()).unwrap_or_default())
    });
    let how_much = live::words(move || {
        line.with(|line| line.as_ref().map(|line| how_much(line, &till.money())).unwrap_or_default())
    });
    let amount = live::words(move || {
        let amount = line.with(|line| line.as_ref().and_then(BasketLine::amount)).unwrap_or(Money::ZERO);
        till.money().digits(amount)
    });
    let is_return = move || line.with(|line| line.as_ref().is_some_and(|line| line.quantity.is_negative()));
    // A product that has gone from the catalogue stays as it was sold; the cashier is told.
    let is_gone = Memo::new(move |_| {
        line.with(|line| {
            let sku = line.as_ref().map(|line| line.item.sku.as_str()).unwrap_or_default();
            till.catalogue
                .with(|catalogue| !catalogue.products.is_empty() && catalogue.products.by_sku(sku).is_none())
        })
    });
    let badges = live::parts(move || {
        let returned = is_return().then(|| {
            view! { <Badge text=text::line_return() tone=Tone::Wait icon=Icon::Return /> }.into_any()
        });
        // Where only some products are kept it may never have been here.
        let why = if till.keeps_all_products.get() { text::line_gone() } else { text::line_not_kept() };
        let gone = is_gone.get().then(|| view! { <Badge text=why icon=Icon::Info /> }.into_any());
        returned.into_iter().chain(gone).collect()
    });
    view! {
        <li class="line" class:chosen=live::flag(move || is_chosen.get()) data-testid=format!("basket-line-{number}") id=line_id(index)>
            <button
                type="button"
                class="line-main"
                disabled=!is_editable
                aria-expanded=live::words(move || is_chosen.get().to_string())
                on:click=live::press(move || till.basket.choose((!is_chosen.get_untracked()).then_some(index)))
            >
                <span class="line-name">{name}</span>
                <span class="line-amount amount" dir="ltr">{amount}</span>
                <span class="line-detail">
                    <span class="amount" dir="ltr">{how_much}</span>
                    {badges}
                </span>
            </button>
            {live::maybe(move || is_chosen.get().then(|| view! { <Stepper index line /> }.into_any()))}
        </li>
    }
    .into_any()
}

/// The id of a line in the page.
pub fn line_id(index: usize) -> String {
    format!("line-{index}")
}

#[component]
fn Stepper(index: usize, line: Memo<Option<BasketLine>>) -> impl IntoView {
    let till = use_till();
    let number = index + 1;
    let is_whole = Memo::new(move |_| {
        line.with(|line| line.as_ref().is_some_and(|line| !line.item.unit.is_divisible()))
    });
    let quantity = move || line.with(|line| line.as_ref().map(quantity_text).unwrap_or_default());
    let is_one = Signal::derive(move || {
        line.with(|line| line.as_ref().is_some_and(|line| line.quantity.milli().abs() <= 1_000))
    });
    let step = move |units| adding::step(till, index, units);
    view! {
        <div class="stepper">
            {live::maybe(move || is_whole.get().then(|| view! {
                <IconButton
                    icon=Icon::Minus
                    label=text::line_less()
                    disabled=is_one
                    on_press=move || step(-1)
                    test_id=format!("line-minus-{number}")
                />
            }.into_any()))}
            <button
                type="button"
                class="button quantity"
                aria-label=live::words(move || text::line_change_quantity(&quantity()))
                data-testid=format!("line-quantity-{number}")
                on:click=live::press(move || adding::ask_amount(till, index))
            >
                <span class="amount" dir="ltr">{live::words(quantity)}</span>
            </button>
            {live::maybe(move || is_whole.get().then(|| view! {
                <IconButton
                    icon=Icon::Plus
                    label=text::line_more()
                    on_press=move || step(1)
                    test_id=format!("line-plus-{number}")
                />
            }.into_any()))}
            <span class="grow"></span>
            <Button
                label=text::line_remove()
                on_press=move || adding::remove(till, index)
                test_id=format!("line-remove-{number}")
            />
        </div>
    }
    .into_any()
}

/// `3`, `1.240 kg`; without its sign, which the line shows in words.
fn quantity_text(line: &BasketLine) -> String {
    let quantity = holdfast_domain::Quantity::from_milli(line.quantity.milli().abs());
    if line.item.unit.is_divisible() {
        format!("{quantity}\u{a0}{}", unit(line.item.unit))
    } else {
        quantity.to_string()
    }
}

/// `3 × 1.20`, `1.240 kg × 2.40 / kg`.
fn how_much(line: &BasketLine, money: &MoneyText) -> String {
    let price = money.digits(line.item.unit_price);
    if line.item.unit.is_divisible() {
        format!("{} × {price} {}", quantity_text(line), per_unit(line.item.unit))
    } else {
        format!("{} × {price}", quantity_text(line))
    }
}

/// Brings a line into view.
pub fn show(index: usize) {
    if let Some(line) = document().get_element_by_id(&line_id(index)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        line.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
