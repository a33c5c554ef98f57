//! The journal database: what this register has produced, and who it is.
//!
//! Every write is strict: it counts once it is on the disk. Nothing here is ever dropped by an upgrade, a
//! profile change or a new identity.

mod activation;
mod edits;
mod exports;
mod outbox;
mod records;
mod sales;
mod shifts;

use holdfast_domain::pin::PinAttempts;
use holdfast_protocol::basket::BasketRecord;
use holdfast_protocol::{decode, encode};
use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::database::Database;
use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{BASKET, JOURNAL, REGISTER};
use crate::transaction::Writes;
use crate::values::{from_bytes, from_record, to_bytes, to_record_if_any};
use records::{ONLY, PinAttemptsRecord};

pub use exports::{ExportPlace, ExportRecord, FailedExport, MadeExport};
pub use records::RegisterIdentity;
pub use shifts::OpenShift;

/// The journal; clones share one connection.
#[derive(Clone)]
pub struct Journal {
    database: Database,
}

impl Journal {
    /// Opens the journal, or makes it.
    ///
    /// # Errors
    /// [`BrowserStoreError::NotStrict`] where its transactions would not be strict, and all that opening a
    /// database may raise.
    pub async fn open() -> Outcome<Journal> {
        if !is_strict() {
            return Err(BrowserStoreError::NotStrict);
        }
        Ok(Journal { database: Database::open(&JOURNAL).await? })
    }

    /// Keeps the open basket, or that there is none.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn save_basket(&self, basket: Option<&BasketRecord>) -> Outcome {
        let bytes = basket.map(encode);
        self.database
            .write(&[BASKET], async |_| {
                let mut writes = Writes::default();
                match &bytes {
                    Some(bytes) => writes.put(BASKET, ONLY.into(), from_bytes(bytes)),
                    None => writes.delete(BASKET, ONLY),
                }
                Ok(((), writes))
            })
            .await
    }

    /// The open basket, if there is one.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when it can't be read.
    pub async fn basket(&self) -> Outcome<Option<BasketRecord>> {
        let kept = self.database.read(&[BASKET], async |reads| reads.get(BASKET, ONLY.into()).await).await?;
        let what = "the open basket";
        let Some(kept) = kept else { return Ok(None) };
        let basket =
            decode(&to_bytes(what, &kept)?).map_err(|error| BrowserStoreError::damaged(what, error))?;
        Ok(Some(basket))
    }

    /// Wrong PINs of a person.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn pin_attempts(&self, staff_id: &str) -> Outcome<PinAttempts> {
        let key = pin_key(staff_id);
        let kept =
            self.database.read(&[REGISTER], async |reads| reads.get(REGISTER, key.clone()).await).await?;
        let record: Option<PinAttemptsRecord> = to_record_if_any("the PIN attempts", kept)?;
        Ok(record.map_or_else(PinAttempts::default, |record| PinAttempts {
            failed: record.failed,
            last_failed_at_ms: record.last_failed_at_ms,
        }))
    }

    /// Keeps a person's wrong PINs, so that a reload does not forgive them.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn save_pin_attempts(&self, staff_id: &str, attempts: PinAttempts) -> Outcome {
        let PinAttempts { failed, last_failed_at_ms } = attempts;
        self.database
            .write(&[REGISTER], async |_| {
                let mut writes = Writes::default();
                let record = from_record(&PinAttemptsRecord { failed, last_failed_at_ms })?;
                writes.put(REGISTER, pin_key(staff_id), record);
                Ok(((), writes))
            })
            .await
    }
}

fn pin_key(staff_id: &str) -> JsValue {
    JsValue::from_str(&format!("pin:{staff_id}"))
}

/// Whether the function that opens transactions is the one of `web/strict-journal.js`, made for this database.
fn is_strict() -> bool {
    let property = |value: JsValue, name: &str| Reflect::get(&value, &JsValue::from_str(name)).ok();
    let strict_for = property(js_sys::global().into(), "IDBDatabase")
        .and_then(|class| property(class, "prototype"))
        .and_then(|prototype| property(prototype, "transaction"))
        .and_then(|function| property(function, "strictFor"))
        .and_then(|name| name.as_string());
    strict_for.as_deref() == Some(JOURNAL.name)
}
