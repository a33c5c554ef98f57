//! The register's own edits of rows: each is an entry of the outbox and, in the same strict transaction, a record
//! that is found without looking through the journal.

use holdfast_protocol::encode;
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::RowEdit;
use holdfast_sync::memory_store::Custody;
use holdfast_sync::overlay::KeptEdit;

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{CUSTODY, EDITS, ENTRIES, HEAD};
use crate::transaction::Writes;
use crate::values::{from_bytes, to_record_if_any};

use super::Journal;
use super::activation::head;
use super::outbox::decode_entry;
use super::records::{CustodyRecord, entries_from, entry_key};
use super::sales::{append, is_kept};

impl Journal {
    /// Keeps an edit of a row: sealed into the outbox and listed among the edits, both in one strict transaction.
    /// `done` are edits that nobody needs any more ([`KeptEdit::is_done`]); they leave the list, and their entries
    /// stay. Gives the entry's sequence.
    ///
    /// # Errors
    /// [`BrowserStoreError::NotActivated`], and all that writing may raise.
    pub async fn append_edit(&self, edit: &RowEdit, done: &[u64]) -> Outcome<u64> {
        let payload = encode(edit);
        // What was sealed before the connection was lost, if it was.
        let mut sealed: Option<(u32, OutboxEntry)> = None;
        self.database
            .write(&[HEAD, ENTRIES, EDITS], async |reads| {
                let mut head = head(reads).await?.ok_or(BrowserStoreError::NotActivated)?;
                if let Some((series, entry)) = &sealed
                    && is_kept(reads, *series, entry).await?
                {
                    return Ok((entry.seq, Writes::default()));
                }
                let entry = head.seal(EntryKind::RowEdit, edit.edited_at_ms, payload.clone());
                let mut writes = append(&head, &entry)?;
                for seq in done {
                    writes.delete(EDITS, entry_key(head.series, *seq));
                }
                writes.put(EDITS, entry_key(head.series, entry.seq), from_bytes(&encode(&entry)));
                let seq = entry.seq;
                sealed = Some((head.series, entry));
                Ok((seq, writes))
            })
            .await
    }

    /// The edits that are listed, by sequence, with what became of each.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn edits(&self) -> Outcome<Vec<KeptEdit>> {
        self.database
            .read(&[HEAD, EDITS, CUSTODY], async |reads| {
                let Some(head) = head(reads).await? else { return Ok(Vec::new()) };
                let mut edits = Vec::new();
                for value in reads.get_all(EDITS, Some(entries_from(head.series, 0)?), None).await? {
                    let entry = decode_entry(&value)?;
                    let custody = reads.get(CUSTODY, entry_key(head.series, entry.seq)).await?;
                    let custody: Option<CustodyRecord> = to_record_if_any("what became of an edit", custody)?;
                    let version = custody.as_ref().and_then(|record| record.version);
                    let custody = custody.map_or(Custody::Waiting, CustodyRecord::into_custody);
                    edits.extend(KeptEdit::read(entry.seq, &entry.payload, &custody, version));
                }
                Ok(edits)
            })
            .await
    }
}
