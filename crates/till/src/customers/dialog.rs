//! The dialog: a search with what it found, or the fields of one customer.

use holdfast_protocol::rows::CustomerRow;
use holdfast_ui::messages::{common, till as text};
use holdfast_ui::{Button, ButtonKind, Dialog, Field, Icon};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{FIELD_CHARS_MAX, Step, begin_edit, begin_new, choose, save};
use crate::live;
use crate::till::use_till;

/// Customers that are listed at a time; a search finds the others.
const HITS_MAX: usize = 30;

/// The dialog; open while a customer is looked for.
#[component]
pub fn CustomerDialog() -> impl IntoView {
    let till = use_till();
    let customers = till.customers;
    let title = move || {
        customers.step.with(|step| match step {
            Step::Find => text::customers_find(),
            Step::Add => text::customer_add(),
            Step::Edit(_) => text::customer_edit(),
        })
    };
    view! {
        <Dialog
            open=customers.is_open
            title
            on_close=move || customers.is_open.set(false)
            test_id="customers"
            class="customer-dialog"
        >
            {live::part(move || {
                if customers.step.with(|step| *step == Step::Find) {
                    view! { <Find /> }.into_any()
                } else {
                    view! { <Fields /> }.into_any()
                }
            })}
            <p class="trouble" role="alert">
                {live::words(move || customers.trouble.get().unwrap_or_default())}
            </p>
        </Dialog>
    }
}

#[component]
fn Find() -> impl IntoView {
    let till = use_till();
    let customers = till.customers;
    let hits = Memo::new(move |_| {
        let query = customers.query.get();
        customers.list.with(|list| list.find(&query, HITS_MAX))
    });
    // Enter takes the only one that fits.
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let [only] = hits.get_untracked().as_slice() {
            choose(till, only);
        }
    };
    view! {
        <form on:submit=submit>
            <Field
                label=text::customers_search()
                value=customers.query
                focused=true
                test_id="customer-search"
            />
        </form>
        <ul class="customer-hits" data-testid="customer-hits">
            <For each=move || hits.get() key=|row| (row.id.clone(), row.name.clone(), row.phone.clone()) let:row>
                <Hit row />
            </For>
        </ul>
        {live::maybe(move || hits.with(Vec::is_empty).then(|| view! {
            <p class="muted">{text::customers_nobody()}</p>
        }.into_any()))}
        {live::maybe(move || customers.may_edit.get().then(|| view! {
            <div class="dialog-actions">
                <Button
                    label=text::customer_add()
                    icon=Icon::Plus
                    on_press=move || begin_new(till)
                    test_id="customer-add"
                />
            </div>
        }.into_any()))}
    }
}

#[component]
fn Hit(row: CustomerRow) -> impl IntoView {
    let till = use_till();
    let id = row.id.clone();
    let (name, phone) = (row.name.clone(), row.phone.clone());
    view! {
        <li>
            <button
                type="button"
                class="button quiet"
                data-testid="customer-hit"
                on:click=live::press(move || choose(till, &row))
            >
                <strong dir="auto">{name}</strong>
                <span class="muted" dir="ltr">{phone}</span>
            </button>
            {live::maybe(move || {
                let id = id.clone();
                till.customers.may_edit.get().then(|| view! {
                    <Button
                        label=text::customer_change()
                        kind=ButtonKind::Quiet
                        on_press=move || begin_edit(till, &id)
                        test_id="customer-change"
                    />
                }.into_any())
            })}
        </li>
    }
    .into_any()
}

#[component]
fn Fields() -> impl IntoView {
    let till = use_till();
    let customers = till.customers;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        save(till);
    };
    view! {
        <form on:submit=submit>
            <Field
                label=text::customer_name()
                value=customers.name
                error=customers.name_error
                length_max=FIELD_CHARS_MAX
                focused=true
                test_id="customer-name"
            />
            <Field label=text::customer_phone() value=customers.phone length_max=FIELD_CHARS_MAX test_id="customer-phone" />
            <Field label=text::customer_email() value=customers.email length_max=FIELD_CHARS_MAX test_id="customer-email" />
            <div class="dialog-actions">
                <Button
                    label=common::back()
                    on_press=move || customers.step.set(Step::Find)
                    test_id="customer-back"
                />
                <Button
                    label=text::customer_save()
                    kind=ButtonKind::Primary
                    submit=true
                    disabled=customers.is_saving
                    on_press=|| ()
                    test_id="customer-save"
                />
            </div>
        </form>
    }
}
