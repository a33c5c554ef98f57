//! From a tap, a scan or a typed code to a line of the basket. Reads memory only, so nothing here waits.

use holdfast_domain::barcode::GtinError;
use holdfast_domain::{BasketError, Gtin, ItemToSell, Quantity};
use holdfast_ui::time::now_ms;
use leptos::prelude::*;

use crate::catalogue::products::ProductNo;
use crate::notice::{Notice, UNDO_MS};
use crate::pad::{PadRequest, Purpose};
use crate::till::{Place, Till};

/// Takes a code from a scanner, wherever the cashier is: the products are shown, and a finished sale makes
/// room for the next customer.
pub fn scan(till: Till, code: &str) {
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
        None => till.notice.set(Some(not_found(till, code.trim()))),
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
        (None, []) => {
            till.notice.set(Some(not_found(till, typed)));
            till.clear_search();
        }
        (None, [_, ..]) => till.notice.set(Some(Notice::SeveralFit)),
    }
}

/// Adds a product: one of it, or what the number pad says where it is weighed or measured.
pub fn add(till: Till, product: ProductNo) {
    let item = till.catalogue.with_untracked(|catalogue| {
        catalogue
            .item(product)
            .map_err(|why| Notice::NotForSale { name: catalogue.products.name(product).to_owned(), why })
    });
    match item {
        Ok(item) if item.unit.is_divisible() => {
            till.pad.set(Some(PadRequest::new(Purpose::Weigh(Box::new(item)))));
        }
        Ok(item) => put(till, item, Quantity::ONE),
        Err(notice) => till.notice.set(Some(notice)),
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

/// Why nothing was found: a code that a scanner misread has another way out than one that is not here.
fn not_found(till: Till, code: &str) -> Notice {
    let code = code.to_owned();
    match Gtin::parse(&code) {
        Err(GtinError::CheckDigit { .. }) => Notice::Misread { code },
        Ok(_) | Err(GtinError::NotDigits(_) | GtinError::Length { .. }) => {
            if till.keeps_all_products.get_untracked() {
                Notice::UnknownCode { code }
            } else {
                Notice::CodeNotKept { code }
            }
        }
    }
}
