//! The picture database: pictures of products, to be shown without a network.
//!
//! Disposable and the first to go: all of it can be fetched again, and nothing else of the register is in it. Decides
//! nothing about what is kept; [`holdfast_sync::pictures`] does.

use std::collections::BTreeMap;

use holdfast_protocol::pictures::{PictureRef, PicturesReply};
use holdfast_sync::pictures::{Kept, LastUse, Offered, to_the_hour};
use js_sys::{Array, Uint8Array};
use rexie::KeyRange;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use crate::database::{Database, database_names};
use crate::error::{BrowserStoreError, Outcome};
use crate::schema::{KEPT, OFFERED, PICTURE_DATABASE, PICTURE_STATE, PICTURES, USES};
use crate::transaction::Writes;
use crate::values::{as_bytes, from_record, to_record, to_record_if_any};

/// Key of the only record of [`PICTURE_STATE`].
const VERSION: &str = "version";

/// The picture database; clones share one connection.
#[derive(Clone)]
pub struct PictureDatabase {
    database: Database,
}

/// Up to which version the store's pictures are known.
#[derive(Serialize, Deserialize)]
struct Version {
    up_to: u64,
}

/// A picture that there is.
#[derive(Serialize, Deserialize)]
struct OfferedRecord {
    sku: String,
    #[serde(with = "as_bytes")]
    hash: [u8; 32],
    bytes: u32,
    media_type: String,
}

/// A picture that is kept.
#[derive(Serialize, Deserialize)]
struct KeptRecord {
    sku: String,
    #[serde(with = "as_bytes")]
    hash: [u8; 32],
}

/// When a product was last sold and shown.
#[derive(Serialize, Deserialize)]
struct UseRecord {
    sku: String,
    sold_at_ms: i64,
    shown_at_ms: i64,
}

impl PictureDatabase {
    /// Opens the picture database, or makes it.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when it can't be opened.
    pub async fn open() -> Outcome<PictureDatabase> {
        Ok(PictureDatabase { database: Database::open(&PICTURE_DATABASE).await? })
    }

    /// Opens the picture database where there is one, and makes none. Where the browser does not say what there is, as
    /// [`Self::open`].
    ///
    /// # Errors
    /// [`BrowserStoreError`] when it can't be opened.
    pub async fn open_if_any() -> Outcome<Option<PictureDatabase>> {
        match database_names().await {
            Some(names) if !names.iter().any(|name| name == PICTURE_DATABASE.name) => Ok(None),
            Some(_) | None => PictureDatabase::open().await.map(Some),
        }
    }

    /// Up to which version the store's pictures are known; 0 for none.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when it can't be read.
    pub async fn version(&self) -> Outcome<u64> {
        let read = self.database.read(&[PICTURE_STATE], async |reads| {
            to_record_if_any("the pictures' version", reads.get(PICTURE_STATE, VERSION.into()).await?)
        });
        let version: Option<Version> = read.await?;
        Ok(version.map_or(0, |version| version.up_to))
    }

    /// Takes in which pictures there are.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn take_changes(&self, reply: &PicturesReply) -> Outcome {
        self.database
            .write(&[PICTURE_STATE, OFFERED], async |_| {
                let mut writes = Writes::default();
                if reply.since == 0 {
                    writes.delete(OFFERED, all()?);
                }
                for PictureRef { sku, hash, bytes, media_type } in &reply.pictures {
                    match hash {
                        None => writes.delete(OFFERED, sku.as_str()),
                        Some(hash) => {
                            let record = OfferedRecord {
                                sku: sku.clone(),
                                hash: **hash,
                                bytes: *bytes,
                                media_type: media_type.clone(),
                            };
                            writes.put(OFFERED, sku.into(), from_record(&record)?);
                        }
                    }
                }
                writes.put(PICTURE_STATE, VERSION.into(), from_record(&Version { up_to: reply.up_to })?);
                Ok(((), writes))
            })
            .await
    }

    /// The pictures that there are, with their media types; products have no rank here.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn offered(&self) -> Outcome<Vec<(Offered, String)>> {
        let read = async |reads: &crate::transaction::Reads| reads.get_all(OFFERED, None, None).await;
        let values = self.database.read(&[OFFERED], read).await?;
        let record = |value: JsValue| {
            let OfferedRecord { sku, hash, bytes, media_type } =
                to_record("a picture's record", value).ok()?;
            Some((Offered { sku, hash, bytes: u64::from(bytes), rank: 0 }, media_type))
        };
        Ok(values.into_iter().filter_map(record).collect())
    }

    /// The pictures that are kept.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn kept(&self) -> Outcome<Vec<Kept>> {
        let read = async |reads: &crate::transaction::Reads| reads.get_all(KEPT, None, None).await;
        let values = self.database.read(&[KEPT], read).await?;
        let record = |value: JsValue| {
            let KeptRecord { sku, hash } = to_record("a picture's record", value).ok()?;
            Some(Kept { sku, hash })
        };
        Ok(values.into_iter().filter_map(record).collect())
    }

    /// When products were last sold and shown.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when it can't be read.
    pub async fn uses(&self) -> Outcome<BTreeMap<String, LastUse>> {
        let read = async |reads: &crate::transaction::Reads| reads.get_all(USES, None, None).await;
        let values = self.database.read(&[USES], read).await?;
        let record = |value: JsValue| {
            let UseRecord { sku, sold_at_ms, shown_at_ms } = to_record("a product's last use", value).ok()?;
            Some((sku, LastUse { sold_at_ms, shown_at_ms }))
        };
        Ok(values.into_iter().filter_map(record).collect())
    }

    /// Keeps pictures, each with its media type and bytes.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written; [`BrowserStoreError::Full`] where there is no room for them.
    pub async fn put(&self, pictures: &[(Offered, String, Vec<u8>)]) -> Outcome {
        let blobs: Vec<Blob> =
            pictures.iter().map(|(_, media_type, bytes)| blob(bytes, media_type)).collect::<Outcome<_>>()?;
        self.database
            .write(&[KEPT, PICTURES], async |_| {
                let mut writes = Writes::default();
                for ((offered, ..), blob) in pictures.iter().zip(&blobs) {
                    let record = KeptRecord { sku: offered.sku.clone(), hash: offered.hash };
                    let key = JsValue::from_str(&offered.sku);
                    writes.put(KEPT, key.clone(), from_record(&record)?);
                    writes.put(PICTURES, key, blob.into());
                }
                Ok(((), writes))
            })
            .await
    }

    /// Drops pictures.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn drop_pictures(&self, skus: &[String]) -> Outcome {
        self.database
            .write(&[KEPT, PICTURES], async |_| {
                let mut writes = Writes::default();
                for sku in skus {
                    writes.delete(KEPT, sku.as_str());
                    writes.delete(PICTURES, sku.as_str());
                }
                Ok(((), writes))
            })
            .await
    }

    /// Drops all pictures and what is known of them; says whether there was any.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn clear(&self) -> Outcome<bool> {
        self.database
            .write(&[PICTURE_STATE, OFFERED, KEPT, PICTURES, USES], async |reads| {
                let is_empty = reads.count(KEPT, all()?).await? == 0
                    && reads.count(OFFERED, all()?).await? == 0
                    && reads.count(PICTURE_STATE, all()?).await? == 0;
                let mut writes = Writes::default();
                if !is_empty {
                    for store in [PICTURE_STATE, OFFERED, KEPT, PICTURES, USES] {
                        writes.delete(store, all()?);
                    }
                }
                Ok((!is_empty, writes))
            })
            .await
    }

    /// The pictures of some products, of those that have one here.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when they can't be read.
    pub async fn pictures(&self, skus: &[String]) -> Outcome<Vec<(String, Blob)>> {
        self.database
            .read(&[PICTURES], async |reads| {
                let mut pictures = Vec::with_capacity(skus.len());
                for sku in skus {
                    let value = reads.get(PICTURES, sku.into()).await?;
                    if let Some(blob) = value.and_then(|value| value.dyn_into::<Blob>().ok()) {
                        pictures.push((sku.clone(), blob));
                    }
                }
                Ok(pictures)
            })
            .await
    }

    /// Notes that products were sold.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn sold(&self, skus: &[String], at_ms: i64) -> Outcome {
        self.used(skus, |last| LastUse { sold_at_ms: last.sold_at_ms.max(at_ms), ..last }).await
    }

    /// Notes that products were shown; to the hour, so that it is seldom written.
    ///
    /// # Errors
    /// [`BrowserStoreError`] when nothing was written.
    pub async fn shown(&self, skus: &[String], at_ms: i64) -> Outcome {
        let at_ms = to_the_hour(at_ms);
        self.used(skus, |last| LastUse { shown_at_ms: last.shown_at_ms.max(at_ms), ..last }).await
    }

    async fn used(&self, skus: &[String], change: impl Fn(LastUse) -> LastUse) -> Outcome {
        self.database
            .write(&[USES], async |reads| {
                let mut writes = Writes::default();
                for sku in skus {
                    let kept = reads.get(USES, sku.into()).await?;
                    let kept: Option<UseRecord> =
                        to_record_if_any("a product's last use", kept).unwrap_or(None);
                    let last = kept.map_or(LastUse::default(), |kept| LastUse {
                        sold_at_ms: kept.sold_at_ms,
                        shown_at_ms: kept.shown_at_ms,
                    });
                    let next = change(last);
                    if next != last {
                        let LastUse { sold_at_ms, shown_at_ms } = next;
                        let record = UseRecord { sku: sku.clone(), sold_at_ms, shown_at_ms };
                        writes.put(USES, sku.into(), from_record(&record)?);
                    }
                }
                Ok(((), writes))
            })
            .await
    }
}

/// All keys that are texts.
fn all() -> Outcome<KeyRange> {
    KeyRange::lower_bound(&JsValue::from_str(""), None).map_err(|error| BrowserStoreError::Failed {
        doing: "making a range of keys",
        reason: error.to_string(),
    })
}

/// Bytes as a picture, which the browser may keep beside its database.
fn blob(bytes: &[u8], media_type: &str) -> Outcome<Blob> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let typed = Blob::new_with_u8_array_sequence(&parts)
        .and_then(|blob| blob.slice_with_f64_and_f64_and_content_type(0.0, blob.size(), media_type));
    typed.map_err(|error| BrowserStoreError::Failed {
        doing: "making a picture",
        reason: format!("{error:?}"),
    })
}
