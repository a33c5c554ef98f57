//! A scan while the dialog is open: a card with a customer's number chooses the customer, everything else is goods for
//! the basket. It is nobody's name, so the fields are put back as they were before it.

use holdfast_protocol::rows::CustomerRow;
use leptos::prelude::*;

use super::form::Texts;
use super::{Customers, Step, choose, close};
use crate::keyboard;
use crate::sale::adding;
use crate::till::Till;

/// Everything that can be typed in the dialog.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    query: String,
    texts: Texts,
}

/// Remembers what is typed so far: the key that is pressed now may be the first of a scan.
pub fn remember_typed(customers: Customers) {
    let typed = Typed { query: customers.query.get_untracked(), texts: customers.typed() };
    customers.before_scan.set_value(typed);
}

/// Takes a code that was scanned. Goods are sold as everywhere: the scanner has beeped, so nobody scans them again. The
/// search makes room for them; a form that is being filled in stays.
pub fn scan(till: Till, code: &str) {
    let customers = till.customers;
    put_back(customers);
    let may_come = is_finding(customers) && customers.is_reading.get_value();
    if may_come && customer_of(customers, code).is_none() {
        customers.scanned_early.update_value(|codes| codes.push(code.to_owned()));
    } else {
        take(till, code);
    }
}

/// Takes what was scanned before the customers were read, if a scan is a sale still.
pub(super) fn take_early(till: Till) {
    let mut codes = Vec::new();
    till.customers.scanned_early.update_value(|early| codes = std::mem::take(early));
    if keyboard::sells(till) {
        codes.iter().for_each(|code| take(till, code));
    }
}

fn take(till: Till, code: &str) {
    if is_finding(till.customers) {
        if let Some(row) = customer_of(till.customers, code) {
            choose(till, &row);
            return;
        }
        close(till);
        // One that is not kept here is somebody's card all the same.
        return adding::scan_goods_or_card(till, code);
    }
    adding::scan(till, code);
}

fn is_finding(customers: Customers) -> bool {
    customers.is_open.get_untracked() && customers.step.with_untracked(|step| *step == Step::Find)
}

fn customer_of(customers: Customers, code: &str) -> Option<CustomerRow> {
    let list = customers.list.get_untracked()?;
    list.get(code.trim()).map(|shown| shown.row.clone())
}

/// Puts back what was typed before the scan.
fn put_back(customers: Customers) {
    let Typed { query, texts } = customers.before_scan.get_value();
    customers.query.set(query);
    customers.name.set(texts.name);
    customers.phone.set(texts.phone);
    customers.email.set(texts.email);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_before_a_scan_is_put_back() {
        let owner = Owner::new();
        owner.set();
        let customers = Customers::new();
        customers.name.set("Ada".to_owned());
        remember_typed(customers);
        customers.name.set("Ada5012345678900".to_owned());
        customers.query.set("5012345678900".to_owned());
        put_back(customers);
        let fields = (customers.query.get_untracked(), customers.typed().name);
        assert_eq!(fields, (String::new(), "Ada".to_owned()));
    }
}
