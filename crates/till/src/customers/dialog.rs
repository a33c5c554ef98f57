//! The dialog: a search with what it found, or the fields of one customer.

use holdfast_protocol::checked_edit::FIELD_CHARS_MAX;
use holdfast_protocol::rows::CustomerRow;
use holdfast_ui::messages::{common, till as text};
use holdfast_ui::{Button, ButtonKind, Dialog, Field, Icon};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::{Customers, Step, begin_edit, begin_new, choose, close, elsewhere, save};
use crate::live;
use crate::look_up::elsewhere::Elsewhere;
use crate::till::use_till;

/// Customers that are listed at a time; a search finds the others.
const HITS_MAX: usize = 30;
/// Longest text of a field, characters; the store server takes no longer one.
const LENGTH_MAX: u32 = FIELD_CHARS_MAX as u32;

/// The dialog; open while a customer is looked for.
#[component]
pub fn CustomerDialog() -> impl IntoView {
    let till = use_till();
    let customers = till.customers;
    let title = move || {
        customers.step.with(|step| match step {
            Step::Find => text::customers_find(),
            Step::Add(_) => text::customer_add(),
            Step::Edit(..) => text::customer_edit(),
        })
    };
    view! {
        <Dialog
            open=customers.is_open
            title
            on_close=move || close(till)
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
                {live::words(move || customers.trouble.get().map_or_else(String::new, |trouble| trouble.text().to_owned()))}
            </p>
        </Dialog>
    }
}

#[component]
fn Find() -> impl IntoView {
    let till = use_till();
    let customers = till.customers;
    // Nothing while the customers are read for the first time: nobody can say yet that somebody is not there.
    let found = Memo::new(move |_| {
        let query = customers.query.get();
        customers.list.with(|list| list.as_ref().map(|list| list.find(&query, HITS_MAX)))
    });
    let hits = move || found.get().unwrap_or_default();
    let found_elsewhere = Memo::new(move |_| elsewhere::not_listed(customers));
    // Enter takes the only one that fits, once it is known that there is no other.
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let mut all = found.get_untracked().unwrap_or_default();
        all.extend(found_elsewhere.get_untracked());
        if let [only] = all.as_slice()
            && !customers.elsewhere.with_untracked(Elsewhere::is_awaited)
        {
            choose(till, only);
        }
    };
    let nobody = Memo::new(move |_| {
        let is_none_here = found.with(|found| found.as_ref().is_some_and(Vec::is_empty));
        is_none_here
            && found_elsewhere.with(Vec::is_empty)
            && !customers.elsewhere.with(Elsewhere::is_awaited)
    });
    view! {
        <form on:submit=submit>
            <Field
                label=text::customers_search()
                value=customers.query
                focused=true
                test_id="customer-search"
            />
        </form>
        <div class="customer-found">
            <ul class="customer-hits" data-testid="customer-hits">
                <For each=hits key=|row| (row.id.clone(), row.name.clone(), row.phone.clone()) let:row>
                    <Hit row />
                </For>
            </ul>
            {live::maybe(move || nobody.get().then(|| view! {
                <p class="muted" data-testid="customers-nobody">{nobody_text(customers)}</p>
            }.into_any()))}
            {live::maybe(move || elsewhere::said(customers, found_elsewhere.with(|found| !found.is_empty())).map(|said| view! {
                <p class="muted elsewhere-said" role="status" data-testid="customers-elsewhere">{said}</p>
            }.into_any()))}
            <ul class="customer-hits" data-testid="customer-hits-elsewhere">
                <For
                    each=move || found_elsewhere.get()
                    key=|row| (row.id.clone(), row.name.clone(), row.phone.clone())
                    let:row
                >
                    <Hit row />
                </For>
            </ul>
        </div>
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

/// Where nobody was found: here, or in the whole store.
fn nobody_text(customers: Customers) -> &'static str {
    customers.elsewhere.with(|elsewhere| match elsewhere {
        Elsewhere::Found(_) => text::customers_nobody_in_store(),
        Elsewhere::NotAsked | Elsewhere::Pausing | Elsewhere::Asking(_) | Elsewhere::Failed(_) => {
            text::customers_nobody()
        }
    })
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
                length_max=LENGTH_MAX
                focused=true
                test_id="customer-name"
            />
            <Field label=text::customer_phone() value=customers.phone length_max=LENGTH_MAX test_id="customer-phone" />
            <Field label=text::customer_email() value=customers.email length_max=LENGTH_MAX test_id="customer-email" />
            <div class="dialog-actions">
                <Button
                    label=common::back()
                    on_press=move || customers.go_to(Step::Find)
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
