//! From a tap, a scan or a typed code to a line of the basket. Reads memory only, so nothing here waits; what is not
//! kept here is asked for beside it.

use holdfast_domain::barcode::GtinError;
use holdfast_domain::{BasketError, Gtin, ItemToSell, Quantity};
use holdfast_protocol::look_up::FoundProduct;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;

use crate::catalogue::NotForSale;
use crate::catalogue::products::ProductNo;
use crate::look_up::{self, product};
use crate::notice::{Notice, UNDO_MS};
use crate::pad::{PadRequest, Purpose};
use crate::till::{Place, Till};

/// Takes a code from a scanner, wherever the cashier is: the products are shown, and a finished sale makes
/// room for the next customer.
pub fn scan(till: Till, code: &str) {
    take_code(till, code, false);
}

/// The same of a code that may be a customer's card: it was scanned while one was looked for.
pub fn scan_goods_or_card(till: Till, code: &str) {
    take_code(till, code, true);
}

fn take_code(till: Till, code: &str, may_be_card: bool) {
    if till.payment.is_finishing.get_untracked() {
        return;
    }
    if till.place.get_untracked() != Place::Sale {
        crate::done::leave(till);
        till.go_to(Place::Sale);
    }
    till.pad.set(None);
    till.clear_search();
    match till.catalogue.with_untracked(|catalogue| catalogue.find(code.trim())) {
        Some(product) => add(till, product),
        None => not_found(till, code.trim(), may_be_card),
    }
}

/// Takes what was typed into the search when Enter is pressed: an exact sku or barcode, or the only product
/// that fits.
pub fn enter(till: Till) {
    let typed = till.search.get_untracked();
    let typed = typed.trim();
    let (exact, hits) = till.catalogue.with_untracked(|catalogue| match catalogue.find(typed) {
        Some(product) => (Some(product), Vec::new()),
        None => (None, catalogue.search(typed, 2)),
    });
    match (exact, hits.as_slice()) {
        (Some(product), _) | (None, &[product]) => {
            till.clear_search();
            add(till, product);
        }
        (None, []) => enter_elsewhere(till, typed),
        (None, [_, ..]) => till.notice.set(Some(Notice::SeveralFit)),
    }
}

/// The only product that fits at the store server; else the text is a code.
fn enter_elsewhere(till: Till, typed: &str) {
    let (count, only) = till.products_elsewhere.with_untracked(|elsewhere| {
        let found = elsewhere.found();
        (found.len(), found.first().filter(|_| found.len() == 1).cloned())
    });
    match only {
        Some(only) => {
            till.clear_search();
            add_found(till, &only);
        }
        None if count > 1 => till.notice.set(Some(Notice::SeveralFit)),
        None => not_found(till, typed, false),
    }
}

/// Adds a product: one of it, or what the number pad says where it is weighed or measured.
pub fn add(till: Till, product: ProductNo) {
    let item = till.catalogue.with_untracked(|catalogue| {
        let kept = || look_up::code::Kept {
            sku: catalogue.products.sku(product).to_owned(),
            name: catalogue.products.name(product).to_owned(),
        };
        catalogue.item(product).map_err(|why| (kept(), why))
    });
    match item {
        Ok(item) => add_item(till, item),
        // The profile may keep the product and not what it costs.
        Err((kept, why @ (NotForSale::NoPrice | NotForSale::NoTaxRate))) => {
            look_up::code::look_up_rest(till, kept, why);
        }
        Err((kept, why @ (NotForSale::UnknownUnit | NotForSale::NoStore))) => {
            till.notice.set(Some(Notice::NotForSale { name: kept.name, why }));
        }
    }
}

/// The same of a product that only the store server has.
pub fn add_found(till: Till, found: &FoundProduct) {
    match till.catalogue.with_untracked(|catalogue| product::item(found, &catalogue.shop)) {
        Ok(item) => add_item(till, item),
        Err(why) => till.notice.set(Some(Notice::NotForSale { name: found.product.name.clone(), why })),
    }
}

/// One of it, or what the number pad says where it is weighed or measured.
pub fn add_item(till: Till, item: ItemToSell) {
    if item.unit.is_divisible() {
        till.pad.set(Some(PadRequest::new(Purpose::Weigh(Box::new(item)))));
    } else {
        put(till, item, Quantity::ONE);
    }
}

/// Puts goods into the basket.
pub fn put(till: Till, item: ItemToSell, quantity: Quantity) {
    say(till, till.basket.add(item, quantity, now_ms()));
}

/// Sets how much of a line is sold.
pub fn set_amount(till: Till, index: usize, milli: i64) {
    say(till, till.basket.set_amount(index, milli));
}

/// One more or one less of a line.
pub fn step(till: Till, index: usize, units: i64) {
    say(till, till.basket.step(index, units));
}

/// Asks how much of a line is sold.
pub fn ask_amount(till: Till, index: usize) {
    let purpose = till.basket.peek(|basket| {
        let line = basket.lines().get(index)?;
        Some(Purpose::Quantity { index, name: line.item.name.clone(), unit: line.item.unit })
    });
    if let Some(purpose) = purpose {
        till.pad.set(Some(PadRequest::new(purpose)));
    }
}

/// Removes a line; it can be brought back for a while.
pub fn remove(till: Till, index: usize) {
    if let Ok(name) = till.basket.remove(index) {
        till.notice.set(Some(Notice::Removed { name, until_ms: now_ms() + UNDO_MS }));
    }
}

/// Voids the basket; it can be brought back for a while.
pub fn void(till: Till) {
    till.basket.void();
    till.notice.set(Some(Notice::Voided { until_ms: now_ms() + UNDO_MS }));
}

/// Brings back what was removed or voided.
pub fn undo(till: Till) {
    till.basket.undo();
    till.notice.set(None);
}

fn say(till: Till, result: Result<(), BasketError>) {
    till.notice.set(result.err().map(|_| Notice::DoesNotFit));
}

/// Nothing here has the code: one that a scanner misread nobody has; else the store server may, be it that a product is
/// on its way here.
fn not_found(till: Till, code: &str, may_be_card: bool) {
    match Gtin::parse(code) {
        Err(GtinError::CheckDigit { .. }) if !may_be_card => {
            till.notice.set(Some(Notice::Misread { code: code.to_owned() }));
            till.clear_search();
        }
        Ok(_) | Err(GtinError::CheckDigit { .. } | GtinError::NotDigits(_) | GtinError::Length { .. }) => {
            look_up::code::look_up(till, code, may_be_card);
        }
    }
}
