//! Becoming a register: the identity, where its series of entries and receipts go on, and the attempt before.

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{ENTRIES, HEAD, REGISTER, SETTLED};
use crate::transaction::{Reads, Writes};
use crate::values::{from_record, to_record_if_any};

use super::Journal;
use super::outbox::{decode_entry, waiting};
use super::records::{
    ACTIVATION_ATTEMPT, ActivationAttempt, Head, IDENTITY, ONLY, RegisterIdentity, Settled, entry_key,
};

impl Journal {
    /// Who this register is, once it was activated.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when it can't be read.
    pub async fn identity(&self) -> Outcome<Option<RegisterIdentity>> {
        self.database.read(&[REGISTER], identity).await
    }

    /// The identifier of the attempt to activate with this code: the one that is kept, so that a second try is
    /// the same attempt, or else `fresh`, which is kept now.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn activation_attempt(&self, code: &str, fresh: [u8; 16]) -> Outcome<[u8; 16]> {
        self.database
            .write(&[REGISTER], async |reads| {
                let kept = reads.get(REGISTER, ACTIVATION_ATTEMPT.into()).await?;
                let kept: Option<ActivationAttempt> = to_record_if_any("the activation attempt", kept)?;
                let mut writes = Writes::default();
                if let Some(kept) = kept.filter(|kept| kept.code == code) {
                    return Ok((kept.attempt_id, writes));
                }
                let attempt = ActivationAttempt { code: code.to_owned(), attempt_id: fresh };
                writes.put(REGISTER, ACTIVATION_ATTEMPT.into(), from_record(&attempt)?);
                Ok((fresh, writes))
            })
            .await
    }

    /// Keeps an identity. Its receipts go on after `last_receipt_counter`, its shifts after `last_shift_number`, its
    /// entries after the one with `last_seq` and `last_hash`: the last that the store server has of this register.
    ///
    /// A register that is activated again as itself, on the chain it has, keeps what waits. One that becomes
    /// another begins a series of its own; what the one before has produced stays.
    ///
    /// # Errors
    /// [`BrowserStoreError::EntriesWait`] when it would become another while entries wait.
    pub async fn save_identity(
        &self,
        identity: RegisterIdentity,
        last_receipt_counter: u32,
        last_shift_number: u32,
        last_seq: u64,
        last_hash: [u8; 32],
    ) -> Outcome {
        self.database
            .write(&[REGISTER, HEAD, SETTLED, ENTRIES], async |reads| {
                let mut writes = Writes::default();
                writes.put(REGISTER, IDENTITY.into(), from_record(&identity)?);
                writes.delete(REGISTER, ACTIVATION_ATTEMPT);
                let was = self::identity(reads).await?;
                let is_itself = was.as_ref().is_some_and(|was| {
                    was.store_id == identity.store_id && was.register_number == identity.register_number
                });
                let mut series = 1;
                let (mut receipt_counter, mut shift_number) = (last_receipt_counter, last_shift_number);
                if let (Some(mut head), Some(settled)) = (head(reads).await?, settled(reads).await?) {
                    if is_itself {
                        receipt_counter = receipt_counter.max(head.receipt_counter);
                        shift_number = shift_number.max(head.shift_number);
                    }
                    if is_itself && is_on_chain(reads, &head, &settled, last_seq, last_hash).await? {
                        (head.receipt_counter, head.shift_number) = (receipt_counter, shift_number);
                        writes.put(HEAD, ONLY.into(), from_record(&head)?);
                        return Ok(((), writes));
                    }
                    let waiting = waiting(&head, &settled);
                    if waiting > 0 {
                        return Err(BrowserStoreError::EntriesWait { waiting });
                    }
                    series = head.series + 1;
                }
                let register_number = identity.register_number;
                let head = Head {
                    series,
                    register_number,
                    receipt_counter,
                    last_seq,
                    last_hash,
                    shift_number,
                    shift_after_seq: last_seq,
                };
                writes.put(HEAD, ONLY.into(), from_record(&head)?);
                let settled = Settled {
                    series,
                    base_seq: last_seq,
                    base_hash: last_hash,
                    acknowledged_seq: last_seq,
                    first_waiting_seq: last_seq + 1,
                    accepted: 0,
                    rejected: 0,
                    outcomes_seen: 0,
                };
                writes.put(SETTLED, ONLY.into(), from_record(&settled)?);
                Ok(((), writes))
            })
            .await
    }
}

/// Whether this entry is one of the series' own, or the one that the series begins after.
async fn is_on_chain(
    reads: &Reads,
    head: &Head,
    settled: &Settled,
    seq: u64,
    hash: [u8; 32],
) -> Outcome<bool> {
    if seq == settled.base_seq {
        return Ok(hash == settled.base_hash);
    }
    match reads.get(ENTRIES, entry_key(head.series, seq)).await? {
        Some(kept) => Ok(*decode_entry(&kept)?.hash == hash),
        None => Ok(false),
    }
}

async fn identity(reads: &Reads) -> Outcome<Option<RegisterIdentity>> {
    to_record_if_any("the register's identity", reads.get(REGISTER, IDENTITY.into()).await?)
}

/// Where the journal ends; none before activation.
pub(super) async fn head(reads: &Reads) -> Outcome<Option<Head>> {
    to_record_if_any("the end of the journal", reads.get(HEAD, ONLY.into()).await?)
}

/// How far the journal is settled; none before activation.
pub(super) async fn settled(reads: &Reads) -> Outcome<Option<Settled>> {
    to_record_if_any("the count of settled entries", reads.get(SETTLED, ONLY.into()).await?)
}
