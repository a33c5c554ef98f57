//! This register's own sales, from its journal: where each is, and its receipt once more.

pub mod screen;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::done::FinishedSale;
use crate::till::{Place, Till};

/// Most sales that are listed.
const LISTED_MAX: usize = 200;

/// What the list holds.
#[derive(Debug, Clone, Copy)]
pub struct SalesList {
    /// The newest first; `None` until they were read.
    pub sales: RwSignal<Option<Vec<FinishedSale>>>,
    /// The sale whose receipt is shown, by its place in the journal.
    pub shown: RwSignal<Option<u64>>,
    /// Why the journal could not be read.
    pub error: RwSignal<Option<String>>,
}

impl SalesList {
    /// Not read yet.
    pub fn new() -> SalesList {
        SalesList { sales: RwSignal::new(None), shown: RwSignal::new(None), error: RwSignal::new(None) }
    }
}

impl Default for SalesList {
    fn default() -> Self {
        SalesList::new()
    }
}

/// Shows the list.
pub fn open(till: Till) {
    till.sales.sales.set(None);
    till.sales.shown.set(None);
    till.go_to(Place::Sales);
    read(till);
}

/// Reads the list again, if it is on the screen.
pub fn refresh(till: Till) {
    if till.place.get_untracked() == Place::Sales {
        read(till);
    }
}

fn read(till: Till) {
    let Some(journal) = till.journal() else { return };
    spawn_local(async move {
        match journal.sales(LISTED_MAX).await {
            Ok(kept) => {
                let sales = kept.iter().filter_map(|kept| match FinishedSale::from_kept(kept) {
                    Ok(sale) => Some(sale),
                    Err(error) => {
                        leptos::logging::warn!("sale {} can't be shown: {error}", kept.seq);
                        None
                    }
                });
                till.sales.sales.set(Some(sales.collect()));
                till.sales.error.set(None);
            }
            Err(error) => till.sales.error.set(Some(error.to_string())),
        }
    });
}
