//! The outbox as the engine sees it: what waits, what became of it, how much of each.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use holdfast_protocol::decode;
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_sync::JournalCounts;
use wasm_bindgen::JsValue;

use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{CUSTODY, EDITS, ENTRIES, HEAD, SETTLED};
use crate::transaction::{Reads, Writes};
use crate::values::{from_record, to_bytes};

use super::Journal;
use super::activation::{head, settled};
use super::records::{BATCH, CustodyRecord, Head, ONLY, Settled, entries_from, entry_key, entry_range};
use super::sales::custody_between;

/// How far the store server's answers are known.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Answers {
    /// Highest sequence that it has settled.
    pub acknowledged_seq: u64,
    /// Number of the last outcome of those that entries got after their upload.
    pub outcomes_seen: u64,
}

/// Where results come from.
#[derive(Debug, Clone, Copy)]
enum News {
    /// The reply to an upload.
    OfUpload { acknowledged_seq: u64 },
    /// The reply to a contact.
    Later { up_to: u64 },
}

impl Journal {
    /// How many entries wait and how many were rejected.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be counted.
    pub async fn counts(&self) -> Outcome<JournalCounts> {
        Ok(self.state().await?.0)
    }

    /// The counts, and how far the store server's answers are known.
    pub(crate) async fn state(&self) -> Outcome<(JournalCounts, Answers)> {
        let ends = self.ends().await?;
        Ok(ends.map_or_else(Default::default, |(head, settled)| {
            let counts = JournalCounts {
                waiting: waiting(&head, &settled),
                rejected: settled.rejected,
                shift_waits: head.shift_after_seq >= settled.first_waiting_seq,
            };
            let Settled { acknowledged_seq, outcomes_seen, .. } = settled;
            (counts, Answers { acknowledged_seq, outcomes_seen })
        }))
    }

    /// The entries that wait, from the lowest sequence: at most so many, at most so many bytes of payload, but
    /// at least one.
    pub(crate) async fn read_outbox(
        &self,
        entries_max: usize,
        bytes_max: usize,
    ) -> Outcome<Vec<OutboxEntry>> {
        self.database
            .read(&[HEAD, SETTLED, ENTRIES, CUSTODY], async |reads| {
                let mut taken = Vec::new();
                let (Some(head), Some(settled)) = (head(reads).await?, settled(reads).await?) else {
                    return Ok(taken);
                };
                let mut bytes = 0;
                let mut from_seq = settled.first_waiting_seq;
                while taken.len() < entries_max && from_seq <= head.last_seq {
                    let to_seq = head.last_seq.min(from_seq + entries_max as u64 - 1);
                    let range = entry_range(head.series, from_seq, to_seq)?;
                    let custody = custody_between(reads, head.series, from_seq, to_seq).await?;
                    for value in reads.get_all(ENTRIES, Some(range), None).await? {
                        let entry = decode_entry(&value)?;
                        if custody.contains_key(&entry.seq) || taken.len() == entries_max {
                            continue;
                        }
                        bytes += entry.payload.len();
                        if bytes > bytes_max && !taken.is_empty() {
                            return Ok(taken);
                        }
                        taken.push(entry);
                    }
                    from_seq = to_seq + 1;
                }
                Ok(taken)
            })
            .await
    }

    /// Notes what became of uploaded entries; the entries stay.
    pub(crate) async fn settle(
        &self,
        acknowledged_seq: u64,
        results: &[EntryResult],
        at_ms: i64,
    ) -> Outcome<JournalCounts> {
        self.note(results, at_ms, News::OfUpload { acknowledged_seq }).await
    }

    /// Notes outcomes that entries got after their upload, and their last number. An entry that waits is left alone.
    pub(crate) async fn settle_later(
        &self,
        up_to: u64,
        results: &[EntryResult],
        at_ms: i64,
    ) -> Outcome<JournalCounts> {
        self.note(results, at_ms, News::Later { up_to }).await
    }

    async fn note(&self, results: &[EntryResult], at_ms: i64, of: News) -> Outcome<JournalCounts> {
        // Read apart from the writing, so that no sale waits for it: the journal's end only moves up.
        let Some((head, _)) = self.ends().await? else { return Ok(JournalCounts::default()) };
        // Of an upload's entries none has left the list of edits.
        let edits = match of {
            News::OfUpload { .. } => BTreeMap::new(),
            News::Later { .. } => {
                self.edits_among(head.series, results.iter().filter_map(seq_of_rejected)).await?
            }
        };
        self.database
            .write(&[CUSTODY, SETTLED, EDITS], async |reads| {
                let mut settled = series_of(&head, settled(reads).await?)?;
                let own =
                    |result: &&EntryResult| result.seq > settled.base_seq && result.seq <= head.last_seq;
                let news: BTreeMap<u64, &EntryResult> =
                    results.iter().filter(own).map(|result| (result.seq, result)).collect();
                let mut known = custody_of(reads, head.series, news.keys().copied()).await?;
                let mut writes = Writes::default();
                for (seq, result) in news {
                    let before = known.get(&seq);
                    let later = matches!(of, News::Later { .. });
                    if later && before.is_none() {
                        continue;
                    }
                    let record = record_of(result, at_ms, before);
                    writes.put(CUSTODY, entry_key(head.series, seq), from_record(&record)?);
                    count(&mut settled, &record);
                    if let Some(before) = before {
                        discount(&mut settled, before);
                        // As an accepted one it may have left the list.
                        if before.rejected_because.is_none()
                            && record.rejected_because.is_some()
                            && let Some(edit) = edits.get(&seq)
                        {
                            writes.put(EDITS, entry_key(head.series, seq), edit.clone());
                        }
                    }
                    known.insert(seq, record);
                }
                settled.first_waiting_seq =
                    first_waiting(reads, &head, settled.first_waiting_seq, known).await?;
                match of {
                    News::OfUpload { acknowledged_seq } => {
                        settled.acknowledged_seq = settled.acknowledged_seq.max(acknowledged_seq);
                    }
                    News::Later { up_to } => settled.outcomes_seen = up_to,
                }
                writes.put(SETTLED, ONLY.into(), from_record(&settled)?);
                Ok(((), writes))
            })
            .await?;
        self.counts().await
    }

    /// Lets the entries after a sequence wait again: the store server has lost them. Edits among them lie over their
    /// rows again, those too that had left the list.
    pub(crate) async fn reopen(&self, after_seq: u64) -> Outcome<JournalCounts> {
        let Some((head, before)) = self.ends().await? else { return Ok(JournalCounts::default()) };
        let first_seq = after_seq.max(before.base_seq) + 1;
        let batch_from = |from_seq: u64| from_seq..=head.last_seq.min(from_seq + BATCH - 1);
        let batches: Vec<_> = (first_seq..=head.last_seq).step_by(BATCH as usize).map(batch_from).collect();
        let edits = self.edits_among(head.series, batches.iter().cloned()).await?;
        self.database
            .write(&[CUSTODY, SETTLED, EDITS], async |reads| {
                let mut settled = series_of(&head, settled(reads).await?)?;
                let mut writes = Writes::default();
                for batch in &batches {
                    let lost = custody_between(reads, head.series, *batch.start(), *batch.end()).await?;
                    lost.values().for_each(|record| discount(&mut settled, record));
                }
                for (seq, edit) in &edits {
                    writes.put(EDITS, entry_key(head.series, *seq), edit.clone());
                }
                settled.first_waiting_seq = settled.first_waiting_seq.min(first_seq);
                settled.acknowledged_seq = after_seq;
                writes.delete(CUSTODY, entries_from(head.series, first_seq)?);
                writes.put(SETTLED, ONLY.into(), from_record(&settled)?);
                Ok(((), writes))
            })
            .await?;
        self.counts().await
    }

    /// The edits among entries. Read apart from the writing: entries never change, and a sale waits for the reading of
    /// one range at most.
    async fn edits_among(
        &self,
        series: u32,
        ranges: impl IntoIterator<Item = RangeInclusive<u64>>,
    ) -> Outcome<BTreeMap<u64, JsValue>> {
        let mut edits = BTreeMap::new();
        for seqs in ranges {
            let read = self.database.read(&[ENTRIES], async |reads| {
                let range = entry_range(series, *seqs.start(), *seqs.end())?;
                reads.get_all(ENTRIES, Some(range), None).await
            });
            for value in read.await? {
                let entry = decode_entry(&value)?;
                if EntryKind::from_number(entry.kind) == Some(EntryKind::RowEdit) {
                    edits.insert(entry.seq, value);
                }
            }
        }
        Ok(edits)
    }

    async fn ends(&self) -> Outcome<Option<(Head, Settled)>> {
        self.database
            .read(&[HEAD, SETTLED], async |reads| Ok(head(reads).await?.zip(settled(reads).await?)))
            .await
    }
}

/// The sealed entry in a value.
pub(super) fn decode_entry(value: &JsValue) -> Outcome<OutboxEntry> {
    let what = "an entry of the outbox";
    decode(&to_bytes(what, value)?).map_err(|error| BrowserStoreError::damaged(what, error))
}

/// Entries of the series that nothing has become of.
pub(super) fn waiting(head: &Head, settled: &Settled) -> u64 {
    (head.last_seq - settled.base_seq).saturating_sub(settled.accepted + settled.rejected)
}

/// The count of the series that the journal's end is of.
fn series_of(head: &Head, settled: Option<Settled>) -> Outcome<Settled> {
    let same = settled.filter(|settled| settled.series == head.series);
    same.ok_or_else(|| BrowserStoreError::Refused("the register has become another one meanwhile".into()))
}

/// What became of these entries, in order, before the news of them: few are read at a time, however far apart they lie.
async fn custody_of(
    reads: &Reads,
    series: u32,
    seqs: impl Iterator<Item = u64>,
) -> Outcome<BTreeMap<u64, CustodyRecord>> {
    let mut known = BTreeMap::new();
    let mut read_to_seq = 0;
    for seq in seqs {
        if seq > read_to_seq {
            read_to_seq = seq + BATCH - 1;
            known.append(&mut custody_between(reads, series, seq, read_to_seq).await?);
        }
    }
    Ok(known)
}

/// The first entry from `seq` on of which neither `known` nor the journal says what became.
async fn first_waiting(
    reads: &Reads,
    head: &Head,
    mut seq: u64,
    mut known: BTreeMap<u64, CustodyRecord>,
) -> Outcome<u64> {
    while known.contains_key(&seq) {
        seq += 1;
        if !known.contains_key(&seq) {
            let to_seq = head.last_seq.min(seq + BATCH - 1);
            known.append(&mut custody_between(reads, head.series, seq, to_seq).await?);
        }
    }
    Ok(seq)
}

/// Where a rejected entry is; none of an accepted one.
fn seq_of_rejected(result: &EntryResult) -> Option<RangeInclusive<u64>> {
    match result.outcome {
        EntryOutcome::Accepted => None,
        EntryOutcome::Rejected { .. } => Some(result.seq..=result.seq),
    }
}

fn record_of(result: &EntryResult, at_ms: i64, before: Option<&CustodyRecord>) -> CustodyRecord {
    let rejected_because = match &result.outcome {
        EntryOutcome::Accepted => None,
        EntryOutcome::Rejected { reason } => Some(reason.clone()),
    };
    // A store server that does not say the version again has not merged it again.
    let version = result.version.or_else(|| before.and_then(|before| before.version));
    CustodyRecord { seq: result.seq, at_ms, rejected_because, version }
}

fn count(settled: &mut Settled, record: &CustodyRecord) {
    match record.rejected_because {
        None => settled.accepted += 1,
        Some(_) => settled.rejected += 1,
    }
}

fn discount(settled: &mut Settled, record: &CustodyRecord) {
    match record.rejected_because {
        None => settled.accepted = settled.accepted.saturating_sub(1),
        Some(_) => settled.rejected = settled.rejected.saturating_sub(1),
    }
}
