//! Finishing a sale: number, seal, entry and the cleared basket in one strict transaction; and the sales so far.

use std::collections::BTreeMap;

use holdfast_domain::{ReceiptNumber, SaleError};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::sale::SaleRecord;
use holdfast_protocol::{decode, encode};
use holdfast_sync::memory_store::{Custody, KeptSale};
use wasm_bindgen::JsValue;

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{BASKET, CUSTODY, ENTRIES, HEAD};
use crate::transaction::{Reads, Writes};
use crate::values::{from_bytes, from_record, to_record};

use super::Journal;
use super::activation::head;
use super::outbox::decode_entry;
use super::records::{BATCH, CustodyRecord, Head, ONLY, entry_key, entry_range};

impl Journal {
    /// Finishes a sale: `make` gets the next receipt number and gives the sale, which is sealed into the
    /// outbox while the open basket is cleared. All of it in one strict transaction: when this gives a sale, it
    /// is on the disk; when it gives an error, there is no sale and the number is still free.
    ///
    /// # Errors
    /// [`BrowserStoreError::Sale`] when `make` refuses, [`BrowserStoreError::NotActivated`], and all that writing
    /// may raise. Only after [`BrowserStoreError::NoAnswer`] it is not known whether the sale was kept.
    pub async fn finish_sale(
        &self,
        make: impl FnOnce(ReceiptNumber) -> Result<SaleRecord, SaleError>,
    ) -> Outcome<KeptSale> {
        let mut make = Some(make);
        // What was made and sealed before the connection was lost, if it was.
        let mut made: Option<SaleRecord> = None;
        let mut sealed: Option<(u32, OutboxEntry)> = None;
        self.database
            .write(&[HEAD, ENTRIES, BASKET], async |reads| {
                let mut head = head(reads).await?.ok_or(BrowserStoreError::NotActivated)?;
                if let (Some(record), Some((series, entry))) = (&made, &sealed)
                    && is_kept(reads, *series, entry).await?
                {
                    return Ok((kept(entry, record.clone()), Writes::default()));
                }
                let receipt = head.next_receipt()?;
                let record = match (made.take(), make.take()) {
                    (Some(record), _) => renumbered(record, receipt),
                    (None, Some(make)) => make(receipt)?,
                    (None, None) => return Err(BrowserStoreError::Refused("the sale was not made".into())),
                };
                if (record.register_number, record.receipt_counter) != (receipt.register, receipt.counter) {
                    return Err(BrowserStoreError::Refused("the sale bears another receipt number".into()));
                }
                head.receipt_counter = receipt.counter;
                let entry = head.seal(EntryKind::Sale, record.finished_at_ms, encode(&record));
                let mut writes = append(&head, &entry)?;
                writes.delete(BASKET, ONLY);
                let sale = kept(&entry, record.clone());
                made = Some(record);
                sealed = Some((head.series, entry));
                Ok((sale, writes))
            })
            .await
    }

    /// Seals any other entry into the outbox.
    ///
    /// # Errors
    /// [`BrowserStoreError::NotActivated`], and all that writing may raise.
    pub async fn append(
        &self,
        kind: EntryKind,
        created_at_ms: i64,
        payload: Vec<u8>,
    ) -> Outcome<OutboxEntry> {
        let mut sealed: Option<(u32, OutboxEntry)> = None;
        self.database
            .write(&[HEAD, ENTRIES], async |reads| {
                let mut head = head(reads).await?.ok_or(BrowserStoreError::NotActivated)?;
                if let Some((series, entry)) = &sealed
                    && is_kept(reads, *series, entry).await?
                {
                    return Ok((entry.clone(), Writes::default()));
                }
                let entry = head.seal(kind, created_at_ms, payload.clone());
                let writes = append(&head, &entry)?;
                sealed = Some((head.series, entry.clone()));
                Ok((entry, writes))
            })
            .await
    }

    /// The newest sales of this register, newest first.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn sales(&self, newest: usize) -> Outcome<Vec<KeptSale>> {
        self.database
            .read(&[HEAD, ENTRIES, CUSTODY], async |reads| {
                let mut sales = Vec::new();
                let Some(head) = head(reads).await? else { return Ok(sales) };
                let mut to_seq = head.last_seq;
                while sales.len() < newest && to_seq > 0 {
                    let from_seq = to_seq.saturating_sub(BATCH - 1).max(1);
                    let found = sales_between(reads, head.series, from_seq, to_seq).await?;
                    if found.is_none() {
                        break;
                    }
                    sales.extend(found.into_iter().flatten().rev());
                    to_seq = from_seq - 1;
                }
                sales.truncate(newest);
                Ok(sales)
            })
            .await
    }
}

/// The sales among some entries, oldest first; `None` where there are no entries.
async fn sales_between(
    reads: &Reads,
    series: u32,
    from_seq: u64,
    to_seq: u64,
) -> Outcome<Option<Vec<KeptSale>>> {
    let entries = reads.get_all(ENTRIES, Some(entry_range(series, from_seq, to_seq)?), None).await?;
    let custody = custody_between(reads, series, from_seq, to_seq).await?;
    let mut sales = Vec::with_capacity(entries.len());
    for value in &entries {
        let entry = decode_entry(value)?;
        if EntryKind::from_number(entry.kind) != Some(EntryKind::Sale) {
            continue;
        }
        let record = decode(&entry.payload)
            .map_err(|error| BrowserStoreError::damaged(format!("the sale in entry {}", entry.seq), error))?;
        let custody = custody.get(&entry.seq).cloned().map_or(Custody::Waiting, CustodyRecord::into_custody);
        sales.push(KeptSale { seq: entry.seq, record, custody });
    }
    Ok((!entries.is_empty()).then_some(sales))
}

/// What became of some entries, by sequence.
pub(super) async fn custody_between(
    reads: &Reads,
    series: u32,
    from_seq: u64,
    to_seq: u64,
) -> Outcome<BTreeMap<u64, CustodyRecord>> {
    if from_seq > to_seq {
        return Ok(BTreeMap::new());
    }
    let values = reads.get_all(CUSTODY, Some(entry_range(series, from_seq, to_seq)?), None).await?;
    let record = |value: JsValue| {
        let record: CustodyRecord = to_record("what became of an entry", value)?;
        Ok((record.seq, record))
    };
    values.into_iter().map(record).collect()
}

/// The writes of one more entry.
pub(super) fn append(head: &Head, entry: &OutboxEntry) -> Outcome<Writes> {
    let mut writes = Writes::default();
    writes.put(ENTRIES, entry_key(head.series, entry.seq), from_bytes(&encode(entry)));
    writes.put(HEAD, ONLY.into(), from_record(head)?);
    Ok(writes)
}

/// Whether this very entry is in the journal.
pub(super) async fn is_kept(reads: &Reads, series: u32, entry: &OutboxEntry) -> Outcome<bool> {
    match reads.get(ENTRIES, entry_key(series, entry.seq)).await? {
        Some(value) => Ok(decode_entry(&value)?.hash == entry.hash),
        None => Ok(false),
    }
}

fn kept(entry: &OutboxEntry, record: SaleRecord) -> KeptSale {
    KeptSale { seq: entry.seq, record, custody: Custody::Waiting }
}

fn renumbered(mut record: SaleRecord, receipt: ReceiptNumber) -> SaleRecord {
    record.register_number = receipt.register;
    record.receipt_counter = receipt.counter;
    record
}
