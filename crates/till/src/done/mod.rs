//! A finished sale: the change to hand out, and where the sale is now.

pub mod custody_view;
pub mod screen;

use holdfast_browser_store::{Custody, KeptSale};
use holdfast_domain::Sale;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::till::{Place, Till};

/// A sale of the journal, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinishedSale {
    /// Its place in the journal.
    pub seq: u64,
    /// The sale.
    pub sale: Sale,
    /// Where it is.
    pub custody: Custody,
}

impl FinishedSale {
    /// Opens a record of the journal.
    ///
    /// # Errors
    /// Why this version can't read it; the journal keeps it as it is.
    pub fn from_kept(kept: &KeptSale) -> Result<FinishedSale, String> {
        let sale = kept.record.to_sale().map_err(|error| error.to_string())?;
        Ok(FinishedSale { seq: kept.seq, sale, custody: kept.custody.clone() })
    }
}

/// Makes room for the next customer.
pub fn leave(till: Till) {
    till.finished.set(None);
    till.notice.set(None);
    till.clear_search();
    till.category.set(None);
}

/// The next customer.
pub fn next_customer(till: Till) {
    leave(till);
    till.go_to(Place::Sale);
}

/// Looks again where the shown sale is.
pub fn refresh_custody(till: Till) {
    let Some(journal) = till.journal() else { return };
    let shown = till.finished.with_untracked(|finished| finished.as_ref().map(|finished| finished.seq));
    let Some(seq) = shown else { return };
    spawn_local(async move {
        let sales = match journal.sales(1).await {
            Ok(sales) => sales,
            Err(error) => {
                leptos::logging::warn!("the last sale can't be read again: {error}");
                return;
            }
        };
        let Some(kept) = sales.into_iter().find(|kept| kept.seq == seq) else { return };
        till.finished.update(|finished| {
            if let Some(finished) = finished.as_mut().filter(|finished| finished.seq == seq) {
                finished.custody = kept.custody;
            }
        });
    });
}

/// A key of the keyboard.
pub fn key(till: Till, key: &str) -> bool {
    match key {
        "Enter" | "Escape" => next_customer(till),
        _ => return false,
    }
    true
}
