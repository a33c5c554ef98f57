//! The list of sales. New ones join at the top; while somebody reads further down they wait behind a
//! button, so that nothing moves.

use holdfast_ui::messages::{back_office as text, common, number};
use holdfast_ui::{Button, ButtonKind, Cell, Column, DataTable, EmptyState, Icon, LiveRegion, time};
use leptos::prelude::*;

use crate::amounts;
use crate::api::Sale;
use crate::live::keep_fresh;
use crate::page::{CONTENT_ID, Loaded, Page};
use crate::section::{Section, sale_href};
use crate::state::app_state;

/// Further down than this, somebody reads.
const READING_BELOW_PX: i32 = 60;

/// The page.
#[component]
pub fn SalesPage() -> impl IntoView {
    let state = app_state();
    let list = state.sales;
    let is_reading = || {
        document()
            .get_element_by_id(CONTENT_ID)
            .is_some_and(|content| content.scroll_top() > READING_BELOW_PX)
    };
    let ask = move || list.refresh(state.api, is_reading);
    keep_fresh(ask);
    let to_top = move || {
        list.show_arrived();
        if let Some(content) = document().get_element_by_id(CONTENT_ID) {
            content.set_scroll_top(0);
        }
    };
    let is_empty = Memo::new(move |_| list.sales.read().is_empty());
    let arrived_count = Memo::new(move |_| list.arrived.read().len() as u64);
    view! {
        <Page title=text::sales() actions=view! { <RegisterFilter ask /> }.into_any()>
            <LiveRegion text=move || arrived_text(arrived_count.get()) />
            <div class="arrived">
                {move || {
                    (arrived_count.get() > 0).then(|| {
                        view! {
                            <Button
                                label=move || arrived_text(arrived_count.get())
                                icon=Icon::Up
                                kind=ButtonKind::Primary
                                on_press=to_top
                            />
                        }
                    })
                }}
            </div>
            <Loaded live=list.first ask=ask>
                {move || if is_empty.get() { view! { <Nothing /> }.into_any() } else { view! { <List /> }.into_any() }}
            </Loaded>
        </Page>
    }
}

fn arrived_text(count: u64) -> String {
    if count == 0 { String::new() } else { text::sales_arrived(count) }
}

/// A choice of one register or all.
#[component]
fn RegisterFilter(#[prop(into)] ask: UnsyncCallback<()>) -> impl IntoView {
    let state = app_state();
    let choose = move |event: leptos::ev::Event| {
        state.sales.filter(event_target_value(&event).parse().ok());
        ask.try_run(());
    };
    // Only another name makes the choices anew: while somebody chooses, nothing moves.
    let names = Memo::new(move |_| {
        state.registers.with(|all| {
            let all = all.map(Vec::as_slice).unwrap_or_default();
            all.iter().map(|one| (one.number, one.name.clone())).collect::<Vec<_>>()
        })
    });
    let options = move || {
        names
            .get()
            .into_iter()
            .map(|(number, name)| {
                view! {
                    <option
                        value=number.to_string()
                        selected=move || state.sales.register.get() == Some(number)
                    >
                        {name}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <div class="field inline">
            <label for="sales-register">{text::register()}</label>
            <select id="sales-register" data-testid="sales-register" on:change=choose>
                <option value="" selected=move || state.sales.register.get().is_none()>
                    {text::all_registers()}
                </option>
                {options}
            </select>
        </div>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    view! {
        <div class="card">
            <EmptyState
                icon=Icon::Receipt
                title=text::no_sales()
                detail=TextProp::from(text::no_sales_detail())
                test_id="no-sales"
            >
                <a class="button" href=Section::Registers.href()>
                    {text::to_registers()}
                </a>
            </EmptyState>
        </div>
    }
}

#[component]
fn List() -> impl IntoView {
    let state = app_state();
    let list = state.sales;
    let columns = vec![
        Column::text(text::receipt()),
        Column::text(text::time()),
        Column::text(text::register()),
        Column::text(text::cashier()),
        Column::text(text::customer()),
        Column::number(text::lines()),
        Column::number(text::total()),
    ];
    view! {
        <DataTable label=text::sales() columns=columns test_id="sales">
            <For
                each=move || list.sales.get()
                key=|sale| sale.seq
                children=|sale| view! { <Row sale /> }
            />
        </DataTable>
        <div class="list-end">
            {move || {
                list.more_error.get().map(|error| {
                    view! { <p class="form-error" role="alert">{error.title()} " " {error.detail()}</p> }
                })
            }}
            <Show
                when=move || list.has_more.get()
                fallback=move || {
                    view! {
                        <p class="muted small">
                            {move || text::sales_shown(list.sales.read().len() as u64)}
                        </p>
                    }
                }
            >
                <Button
                    label=move || {
                        if list.is_loading_more.get() { common::loading() } else { text::load_more() }
                    }
                    on_press=move || list.load_more(state.api)
                    disabled=list.is_loading_more
                    test_id="load-more"
                />
            </Show>
        </div>
    }
}

#[component]
fn Row(sale: Sale) -> impl IntoView {
    let state = app_state();
    let register = sale.register;
    let test_id = format!("sale-{}", sale.receipt);
    let customer = sale.customer.unwrap_or_else(|| text::walk_in().to_owned());
    view! {
        <tr role="row" class="sale-row" data-testid=test_id>
            <Cell class="sale-receipt">
                <a class="row-link mono" href=sale_href(sale.register, sale.counter)>
                    <strong>{sale.receipt}</strong>
                </a>
            </Cell>
            <Cell label=text::time() class="sale-time">{time::clock_or_date(sale.finished_at_ms, time::now_ms())}</Cell>
            <Cell label=text::register() class="sale-register">{move || state.register_name(register)}</Cell>
            <Cell label=text::cashier() class="less">{sale.cashier}</Cell>
            <Cell label=text::customer() class="less">
                <span class="muted">{customer}</span>
            </Cell>
            <Cell label=text::lines() numeric=true class="less">{number(sale.lines)}</Cell>
            <Cell label=text::total() numeric=true class="sale-total">
                <strong class="amount" dir="ltr">{amounts::with_sign(sale.total_minor, &sale.currency)}</strong>
            </Cell>
        </tr>
    }
    .into_any()
}
