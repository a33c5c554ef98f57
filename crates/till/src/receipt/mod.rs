//! Receipts on screen and paper: the domain's rows with this language's words and the store's head.

pub mod view;

use holdfast_domain::Sale;
use holdfast_domain::receipt::{ReceiptHead, ReceiptRow, ReceiptWords, receipt};
use holdfast_ui::messages::receipt as text;
use leptos::prelude::*;

use crate::till::Till;

/// The rows of a sale's receipt; the same at the sale and at each reprint.
pub fn rows(till: Till, sale: &Sale) -> Vec<ReceiptRow> {
    receipt(sale, &head(till), &words())
}

fn head(till: Till) -> ReceiptHead {
    let store = till.catalogue.with_untracked(|catalogue| catalogue.shop.store.clone());
    match store {
        Some(store) => ReceiptHead {
            store_name: store.name,
            address: store.address,
            tax_number: store.tax_number,
            footer: store.receipt_footer,
        },
        None => {
            let register = till.register.get_untracked();
            let store_name = register.map(|register| register.store_name).unwrap_or_default();
            ReceiptHead { store_name, ..ReceiptHead::default() }
        }
    }
}

fn words() -> ReceiptWords {
    ReceiptWords {
        receipt: text::receipt().into(),
        date: text::date().into(),
        cashier: text::cashier().into(),
        customer: text::customer().into(),
        tax_number: text::tax_number().into(),
        subtotal: text::subtotal().into(),
        total: text::total().into(),
        rounding: text::rounding().into(),
        cash: text::cash().into(),
        card: text::card().into(),
        cash_paid_out: text::cash_paid_out().into(),
        card_paid_out: text::card_paid_out().into(),
        change: text::change().into(),
        tax: text::tax().into(),
        tax_on: text::tax_on().into(),
        reference: text::reference().into(),
    }
}
