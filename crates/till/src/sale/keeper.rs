//! Keeps the open basket in the journal: after each change, in order, several quick changes as one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use holdfast_browser_store::Journal;
use holdfast_domain::Basket;
use holdfast_protocol::basket::BasketRecord;
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::notice::Notice;
use crate::till::{Stage, Till};

/// Writes baskets, one at a time; only the newest is of interest.
#[derive(Clone)]
pub struct Keeper {
    till: Till,
    journal: Journal,
    wanted: Rc<RefCell<Option<BasketRecord>>>,
    writing: Rc<RefCell<Option<js_sys::Promise>>>,
    // While a sale is being finished the basket is the sale's business: a late write would bring it back.
    paused: Rc<Cell<bool>>,
}

impl Keeper {
    /// Writes into this journal.
    pub fn new(till: Till, journal: Journal) -> Keeper {
        let (wanted, writing, paused) = Default::default();
        Keeper { till, journal, wanted, writing, paused }
    }

    /// Follows the basket from now on.
    pub fn follow(&self) {
        let keeper = self.clone();
        let till = self.till;
        Effect::new(move |earlier: Option<u64>| {
            let changes = till.basket.changes();
            // The basket that was there at the start has just been read from the journal.
            if earlier.is_some_and(|earlier| earlier != changes) {
                keeper.keep(till.basket.peek(BasketRecord::from_basket));
            }
            changes
        });
    }

    /// Waits until nothing is being written and lets nothing new begin until [`Self::resume`].
    pub async fn pause(&self) {
        self.paused.set(true);
        self.wanted.take();
        let writing = self.writing.borrow().clone();
        if let Some(writing) = writing
            && let Err(error) = JsFuture::from(writing).await
        {
            leptos::logging::warn!("keeping the basket ended with {error:?}");
        }
    }

    /// Goes on, with the basket as it is now.
    pub fn resume(&self) {
        self.paused.set(false);
        self.keep(self.till.basket.peek(BasketRecord::from_basket));
    }

    fn keep(&self, record: BasketRecord) {
        // Another tab that has taken the till over also writes its basket.
        if self.paused.get() || self.till.stage.get_untracked() == Stage::OtherTab {
            return;
        }
        *self.wanted.borrow_mut() = Some(record);
        if self.writing.borrow().is_none() {
            let keeper = self.clone();
            let writing = future_to_promise(async move {
                keeper.write_all().await;
                Ok(JsValue::UNDEFINED)
            });
            *self.writing.borrow_mut() = Some(writing);
        }
    }

    async fn write_all(&self) {
        loop {
            let next = self.wanted.take();
            let Some(record) = next else { break };
            let open = (!record.lines.is_empty()).then_some(&record);
            match self.journal.save_basket(open).await {
                Ok(()) => {
                    if self.till.notice.with_untracked(|notice| *notice == Some(Notice::BasketNotKept)) {
                        self.till.notice.set(None);
                    }
                }
                Err(error) => {
                    leptos::logging::warn!("the open basket was not kept: {error}");
                    self.till.notice.set(Some(Notice::BasketNotKept));
                }
            }
        }
        *self.writing.borrow_mut() = None;
    }
}

/// The basket that was open when the till was closed.
///
/// # Errors
/// Why it can't be read; the journal keeps it.
pub async fn kept_basket(journal: &Journal) -> Result<Option<Basket>, String> {
    let record = journal.basket().await.map_err(|error| error.to_string())?;
    let basket = record.map(|record| record.to_basket()).transpose().map_err(|error| error.to_string())?;
    Ok(basket.filter(|basket| !basket.is_empty()))
}
