//! What an export takes from the journal, and when and where the last one was made.

use holdfast_protocol::export::{ExportedEntry, ExportedJournal, ExportedOutcome};
use js_sys::Object;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

use crate::error::Outcome;
use crate::schema::{BASKET, CUSTODY, ENTRIES, HEAD, REGISTER, SETTLED};
use crate::transaction::Writes;
use crate::values::{from_record, to_bytes, to_record_if_any};

use super::Journal;
use super::activation::{head, settled};
use super::outbox::decode_entry;
use super::records::{BATCH, ONLY, entries_from};
use super::sales::custody_between;

/// Key of [`ExportRecord`].
const EXPORTS: &str = "exports";
/// Key of the folder that somebody granted.
const EXPORT_FOLDER: &str = "export_folder";

/// Where an export was put.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportPlace {
    /// A folder that somebody granted.
    Folder,
    /// The browser's downloads.
    Download,
    /// The store server.
    StoreServer,
}

/// An export that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeExport {
    /// When, ms since 1970.
    pub at_ms: i64,
    /// Where it is.
    pub place: ExportPlace,
    /// Bytes of the file.
    pub bytes: u64,
    /// Series of the journal's last entry in it.
    pub series: u32,
    /// Sequence of the last entry in it; 0 for none.
    pub up_to_seq: u64,
}

/// An export that was not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedExport {
    /// When it was tried, ms since 1970.
    pub at_ms: i64,
    /// Why it was not made.
    pub reason: String,
}

/// What is known of this register's exports.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ExportRecord {
    /// The last one that was made.
    pub made: Option<MadeExport>,
    /// The last try, where it failed after that.
    pub failed: Option<FailedExport>,
    /// Why nothing was written into the granted folder when an export by itself was to go there last; it went elsewhere,
    /// or failed. None once one is in the folder.
    #[serde(default)]
    pub folder_failed: Option<FailedExport>,
    /// Whether a shift was closed that is in no export; not kept, but read off the journal.
    #[serde(skip)]
    pub lacks_shift: bool,
}

impl Journal {
    /// What is known of this register's exports. One that was made before this device became another register holds none
    /// of its entries.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when it can't be read.
    pub async fn exports(&self) -> Outcome<ExportRecord> {
        self.database
            .read(&[REGISTER, HEAD, SETTLED], async |reads| {
                let kept = reads.get(REGISTER, EXPORTS.into()).await?;
                let kept: Option<ExportRecord> = to_record_if_any("the last export", kept)?;
                let mut record = kept.unwrap_or_default();
                let head = head(reads).await?;
                let series = head.as_ref().map(|head| head.series);
                if let Some(made) = record.made.as_mut().filter(|made| Some(made.series) != series) {
                    made.up_to_seq = 0;
                }
                if let (Some(head), Some(settled)) = (head, settled(reads).await?) {
                    // Up to where the series begins, no shift was closed here.
                    let held_seq = record.made.as_ref().map_or(0, |made| made.up_to_seq);
                    record.lacks_shift = head.shift_after_seq > held_seq.max(settled.base_seq);
                }
                Ok(record)
            })
            .await
    }

    /// Notes that an export was made or failed; a failure does not touch what is known of the last one.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when nothing was written.
    pub async fn note_export(&self, result: &Result<MadeExport, FailedExport>) -> Outcome {
        self.database
            .write(&[REGISTER], async |reads| {
                let kept = reads.get(REGISTER, EXPORTS.into()).await?;
                let kept: Option<ExportRecord> =
                    to_record_if_any("the last export", kept).unwrap_or_default();
                let mut record = kept.unwrap_or_default();
                match result {
                    Ok(made) => {
                        // What stands in the folder's way is told until one is in the folder.
                        let folder_failed = match made.place {
                            ExportPlace::Folder => None,
                            ExportPlace::Download | ExportPlace::StoreServer => record.folder_failed,
                        };
                        record = ExportRecord {
                            made: Some(made.clone()),
                            folder_failed,
                            ..ExportRecord::default()
                        };
                    }
                    Err(failed) => record.failed = Some(failed.clone()),
                }
                let mut writes = Writes::default();
                writes.put(REGISTER, EXPORTS.into(), from_record(&record)?);
                Ok(((), writes))
            })
            .await
    }

    /// Notes that nothing could be written into the granted folder, and why; the export itself goes on elsewhere.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when nothing was written.
    pub async fn note_export_folder(&self, failed: &FailedExport) -> Outcome {
        self.database
            .write(&[REGISTER], async |reads| {
                let kept = reads.get(REGISTER, EXPORTS.into()).await?;
                let kept: Option<ExportRecord> =
                    to_record_if_any("the last export", kept).unwrap_or_default();
                let record = ExportRecord { folder_failed: Some(failed.clone()), ..kept.unwrap_or_default() };
                let mut writes = Writes::default();
                writes.put(REGISTER, EXPORTS.into(), from_record(&record)?);
                Ok(((), writes))
            })
            .await
    }

    /// The folder that somebody granted, as the browser gave it.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when it can't be read.
    pub async fn export_folder(&self) -> Outcome<Option<Object>> {
        let read =
            self.database.read(&[REGISTER], async |reads| reads.get(REGISTER, EXPORT_FOLDER.into()).await);
        Ok(read.await?.and_then(|folder| folder.dyn_into().ok()))
    }

    /// Keeps the folder that somebody granted.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when nothing was written.
    pub async fn save_export_folder(&self, folder: &Object) -> Outcome {
        self.database
            .write(&[REGISTER], async |_| {
                let mut writes = Writes::default();
                writes.put(REGISTER, EXPORT_FOLDER.into(), JsValue::from(folder));
                Ok(((), writes))
            })
            .await
    }

    /// Where the journal stands, for an export; none before activation.
    pub(crate) async fn exported_state(&self) -> Outcome<Option<ExportedJournal>> {
        self.database
            .read(&[HEAD, SETTLED, BASKET], async |reads| {
                let (Some(head), Some(settled)) = (head(reads).await?, settled(reads).await?) else {
                    return Ok(None);
                };
                let basket = reads.get(BASKET, ONLY.into()).await?;
                let basket = basket.and_then(|value| to_bytes("the open basket", &value).ok());
                Ok(Some(ExportedJournal {
                    series: head.series,
                    base_seq: settled.base_seq,
                    base_hash: settled.base_hash.into(),
                    last_seq: head.last_seq,
                    last_hash: head.last_hash.into(),
                    receipt_counter: head.receipt_counter,
                    acknowledged_seq: settled.acknowledged_seq,
                    basket: basket.map(Into::into),
                }))
            })
            .await
    }

    /// Some entries of a series after a sequence, each with its own; empty at the end. Bytes that are no entry are given
    /// as they are: whoever saves a damaged journal wants all of it.
    pub(crate) async fn exported_entries(
        &self,
        series: u32,
        after_seq: u64,
    ) -> Outcome<Vec<(u64, ExportedEntry)>> {
        self.database
            .read(&[ENTRIES, CUSTODY], async |reads| {
                let range = entries_from(series, after_seq + 1)?;
                let limit = u32::try_from(BATCH).unwrap_or(u32::MAX);
                let values = reads.get_all(ENTRIES, Some(range), Some(limit)).await?;
                let mut seq = after_seq;
                let mut entries = Vec::with_capacity(values.len());
                for value in values {
                    seq = decode_entry(&value).map_or(seq + 1, |entry| entry.seq.max(seq + 1));
                    let envelope = to_bytes("an entry", &value).unwrap_or_default().into();
                    entries.push((seq, ExportedEntry { series, envelope, outcome: None }));
                }
                let Some(((first, _), (last, _))) = entries.first().zip(entries.last()) else {
                    return Ok(entries);
                };
                let custody = custody_between(reads, series, *first, *last).await?;
                for (seq, entry) in &mut entries {
                    entry.outcome = custody.get(seq).map(|record| ExportedOutcome {
                        at_ms: record.at_ms,
                        rejected_because: record.rejected_because.clone(),
                    });
                }
                Ok(entries)
            })
            .await
    }
}
