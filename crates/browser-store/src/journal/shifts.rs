//! Shifts: what the open one has come to, and closing it in one strict transaction with its number.
//!
//! A shift opens by itself with the first sale after the last one was closed; its entry is sealed when it closes.

use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};
use holdfast_protocol::shift_totals::ShiftTotals;
use holdfast_protocol::{decode, encode};
use wasm_bindgen::JsValue;

use super::Journal;
use super::activation::{head, settled};
use super::outbox::decode_entry;
use super::records::{BATCH, Head, entry_key, entry_range};
use super::sales::{append, is_kept};
use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{ENTRIES, HEAD, SETTLED};
use crate::transaction::{Reads, Writes};

/// A shift that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenShift {
    /// The number that it gets when it is closed.
    pub number: u32,
    /// Its sales so far.
    pub totals: ShiftTotals,
    /// Entries that can't be read any more, which may be sales: they are in no sum, and keep no shift open.
    pub unreadable_count: u32,
}

impl Journal {
    /// The open shift; none where nothing was sold since the last one was closed.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when the journal can't be read.
    pub async fn open_shift(&self) -> Outcome<Option<OpenShift>> {
        self.database
            .read(&[HEAD, ENTRIES], async |reads| {
                let Some(head) = head(reads).await? else { return Ok(None) };
                open_shift(reads, &head).await
            })
            .await
    }

    /// Closes the open shift: what it came to is sealed into the outbox under the next number, in one strict
    /// transaction. None where no shift is open.
    ///
    /// # Errors
    /// [`BrowserStoreError::NotActivated`], and all that writing may raise.
    pub async fn close_shift(&self, id: [u8; 16], closed_at_ms: i64) -> Outcome<Option<ShiftRecord>> {
        // What was sealed before the connection was lost, if it was.
        let mut sealed: Option<(u32, OutboxEntry, ShiftRecord)> = None;
        self.database
            .write(&[HEAD, SETTLED, ENTRIES], async |reads| {
                let mut head = head(reads).await?.ok_or(BrowserStoreError::NotActivated)?;
                if let Some((series, entry, record)) = &sealed
                    && is_kept(reads, *series, entry).await?
                {
                    return Ok((Some(record.clone()), Writes::default()));
                }
                let Some(OpenShift { number, totals, .. }) = open_shift(reads, &head).await? else {
                    return Ok((None, Writes::default()));
                };
                // Nothing before the series is here; a head of an app that knew no shifts says that they begin at 0.
                let base_seq = settled(reads).await?.map_or(0, |settled| settled.base_seq);
                let record = ShiftRecord {
                    id: id.into(),
                    register_number: head.register_number,
                    number,
                    opened_at_ms: totals.opened_at_ms,
                    opened_by: totals.opened_by.clone(),
                    float_minor: 0,
                    closed_at_ms: Some(closed_at_ms),
                    counted_minor: None,
                    sales_count: Some(totals.sales_count),
                    takings: Some(totals.takings()),
                    after_seq: Some(head.shift_after_seq.max(base_seq)),
                };
                let entry = head.seal(EntryKind::Shift, closed_at_ms, encode(&record));
                (head.shift_number, head.shift_after_seq) = (number, entry.seq);
                let writes = append(&head, &entry)?;
                sealed = Some((head.series, entry, record.clone()));
                Ok((Some(record), writes))
            })
            .await
    }

    /// The last shift that was closed here; none where none was since this register began its series of entries.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when the journal can't be read.
    pub async fn last_shift(&self) -> Outcome<Option<ShiftRecord>> {
        self.database
            .read(&[HEAD, ENTRIES], async |reads| {
                let Some(head) = head(reads).await? else { return Ok(None) };
                let kept = reads.get(ENTRIES, entry_key(head.series, head.shift_after_seq)).await?;
                let Some(kept) = kept else { return Ok(None) };
                let entry = decode_entry(&kept)?;
                if EntryKind::from_number(entry.kind) != Some(EntryKind::Shift) {
                    return Ok(None);
                }
                let what = || format!("the shift in entry {}", entry.seq);
                decode(&entry.payload).map(Some).map_err(|error| BrowserStoreError::damaged(what(), error))
            })
            .await
    }
}

async fn open_shift(reads: &Reads, head: &Head) -> Outcome<Option<OpenShift>> {
    let number = head
        .shift_number
        .checked_add(1)
        .ok_or_else(|| BrowserStoreError::Refused("this register has given all its shift numbers".into()))?;
    let mut totals = ShiftTotals::default();
    let mut unreadable_count = 0;
    let mut after_seq = head.shift_after_seq;
    while after_seq < head.last_seq {
        let to_seq = head.last_seq.min(after_seq + BATCH);
        let range = entry_range(head.series, after_seq + 1, to_seq)?;
        for value in reads.get_all(ENTRIES, Some(range), None).await? {
            match sale_of(&value) {
                Ok(Some(sale)) => totals.add(&sale),
                Ok(None) => {}
                Err(_) => unreadable_count += 1,
            }
        }
        after_seq = to_seq;
    }
    Ok((totals.sales_count > 0).then_some(OpenShift { number, totals, unreadable_count }))
}

/// The sale in an entry; none where it is another kind of entry.
fn sale_of(value: &JsValue) -> Outcome<Option<SaleRecord>> {
    let entry = decode_entry(value)?;
    if EntryKind::from_number(entry.kind) != Some(EntryKind::Sale) {
        return Ok(None);
    }
    let what = || format!("the sale in entry {}", entry.seq);
    decode(&entry.payload).map(Some).map_err(|error| BrowserStoreError::damaged(what(), error))
}
