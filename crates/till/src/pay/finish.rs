//! From "Finish sale" to a sale in the journal. The sale is shown as finished only after the journal has it.

use holdfast_browser_store::{BrowserStoreError, Journal, KeptSale};
use holdfast_domain::{ReceiptNumber, Sale, SaleContext, SaleError, Tender};
use holdfast_protocol::sale::SaleRecord;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::{now_ms, utc_offset_min};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{card_refusal, cash_increment_minor, due};
use crate::browser::crypto::random_id;
use crate::done::FinishedSale;
use crate::pictures;
use crate::till::{Place, Stage, Till};

/// Why no sale can be shown as finished.
enum NotFinished {
    /// Nothing was written; the basket is still open.
    NotWritten(String),
    /// The journal did not say; a reload shows the truth.
    Unknown,
}

/// Finishes the sale with the payment that was entered, once; where the journal can't take it, the basket
/// stays and the cashier is told.
pub fn finish(till: Till) {
    let payment = till.payment;
    let due = due(till);
    let (Some(amount), Some(_)) = (due.given, due.change) else { return };
    let kind = payment.kind.get_untracked();
    let refused = kind == holdfast_domain::TenderKind::Card && card_refusal(till).is_some();
    let Some(journal) = till.journal() else { return };
    if refused || payment.is_finishing.get_untracked() {
        return;
    }
    let increment_minor = cash_increment_minor(till);
    payment.is_finishing.set(true);
    payment.error.set(None);
    spawn_local(async move {
        if let Some(keeper) = till.keeper() {
            keeper.pause().await;
        }
        match write(till, &journal, Tender { kind, amount }, increment_minor).await {
            Ok(finished) => show(till, finished),
            Err(NotFinished::NotWritten(reason)) => payment.error.set(Some(reason)),
            Err(NotFinished::Unknown) => {
                // Neither a second try nor the basket may be written: the sale may be in the journal.
                till.stage.set(Stage::Failed(text::pay_unknown().to_owned()));
                return;
            }
        }
        payment.is_finishing.set(false);
        if let Some(keeper) = till.keeper() {
            keeper.resume();
        }
    });
}

async fn write(
    till: Till,
    journal: &Journal,
    tender: Tender,
    increment_minor: u32,
) -> Result<FinishedSale, NotFinished> {
    let id = random_id().map_err(|error| NotFinished::NotWritten(text::pay_not_written(&error)))?;
    let basket = till.basket.peek(holdfast_domain::Basket::clone);
    let nobody = || NotFinished::NotWritten(text::pay_nobody_signed_in().to_owned());
    let cashier = till.cashier.get_untracked().ok_or_else(nobody)?;
    let store_id = till.register.with_untracked(|register| {
        register.as_ref().map(|register| register.store_id.clone()).unwrap_or_default()
    });
    let finished_at_ms = now_ms();
    let make = move |receipt: ReceiptNumber| -> Result<SaleRecord, SaleError> {
        let context = SaleContext {
            id,
            receipt,
            store_id,
            cashier_id: cashier.id,
            cashier_name: cashier.name,
            finished_at_ms,
            utc_offset_min: utc_offset_min(finished_at_ms),
            external_ref: None,
        };
        let sale = Sale::finish(&basket, vec![tender], increment_minor, context)?;
        Ok(SaleRecord::from_sale(&sale))
    };
    let kept = match journal.finish_sale(make).await {
        Ok(kept) => kept,
        Err(BrowserStoreError::NoAnswer) => {
            last_sale(journal).await.filter(|kept| *kept.record.id == id).ok_or(NotFinished::Unknown)?
        }
        Err(BrowserStoreError::Full) => {
            pictures::give_way(till);
            return Err(NotFinished::NotWritten(text::pay_storage_full().to_owned()));
        }
        Err(error) => return Err(NotFinished::NotWritten(text::pay_not_written(&error.to_string()))),
    };
    // It is in the journal; that this version can't read it back does not make it unfinished.
    FinishedSale::from_kept(&kept).map_err(|_| NotFinished::Unknown)
}

async fn last_sale(journal: &Journal) -> Option<KeptSale> {
    journal.sales(1).await.ok()?.into_iter().next()
}

fn show(till: Till, finished: FinishedSale) {
    pictures::sold(till, finished.sale.lines.iter().map(|line| line.item.sku.clone()).collect());
    till.basket.clear();
    till.finished.set(Some(finished));
    till.connection.waiting.update(|waiting| *waiting += 1);
    till.go_to(Place::Done);
    if let Some(link) = till.link() {
        link.send(&ToWorker::JournalGrew);
    }
}
