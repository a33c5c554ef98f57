//! The scope database: profile, downloaded tables as packed pages, where the connectivity machine stands.
//!
//! Relaxed durability is enough: all of it can be fetched again, so what can't be read counts as absent. Never
//! holds anything that this register has produced.

mod generations;
mod profile_moves;
mod records;
mod rows;

use std::collections::BTreeMap;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::{decode, encode};
use holdfast_sync::Connectivity;
use holdfast_sync::store::{TableRecord, UploadTimes};
use wasm_bindgen::JsValue;

use crate::database::Database;
use crate::error::Outcome;
use crate::schema::{SCOPES, STATE, TABLES};
use crate::transaction::{Reads, Writes};
use crate::values::{from_bytes, to_bytes, to_record};
use records::{CONNECTIVITY, KeptProfile, KeptTable, NEXT_PROFILE, PROFILE, UPLOADS};

pub use rows::{AskedRows, TablePages};

/// The scope database; clones share one connection.
#[derive(Clone)]
pub struct ScopeDatabase {
    database: Database,
}

/// All that the engine reads of it when it starts.
pub(crate) struct ScopeState {
    /// The profile and its version.
    pub profile: Option<(u64, Profile)>,
    /// The version that is moved to.
    pub next_profile: Option<(u64, Profile)>,
    /// Tables with a visible generation.
    pub tables: BTreeMap<TableId, TableRecord>,
    /// Where the connectivity machine stood.
    pub connectivity: Option<Connectivity>,
    /// How far the upload's schedule has come.
    pub uploads: Option<UploadTimes>,
}

impl ScopeDatabase {
    /// Opens the scope database, or makes it.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when it can't be opened.
    pub async fn open() -> Outcome<ScopeDatabase> {
        Ok(ScopeDatabase { database: Database::open(&SCOPES).await? })
    }

    /// The profile this register has, with its published version.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when it can't be read.
    pub async fn profile(&self) -> Outcome<Option<(u64, Profile)>> {
        self.database.read(&[STATE], async |reads| profile(reads, PROFILE).await).await
    }

    /// Tables with a visible generation, and what is known of each.
    ///
    /// # Errors
    /// [`crate::BrowserStoreError`] when they can't be read.
    pub async fn tables(&self) -> Outcome<BTreeMap<TableId, TableRecord>> {
        self.database.read(&[TABLES], tables).await
    }

    pub(crate) async fn state(&self) -> Outcome<ScopeState> {
        self.database
            .read(&[STATE, TABLES], async |reads| {
                let connectivity = reads.get(STATE, CONNECTIVITY.into()).await?;
                let uploads = reads.get(STATE, UPLOADS.into()).await?;
                Ok(ScopeState {
                    profile: profile(reads, PROFILE).await?,
                    next_profile: profile(reads, NEXT_PROFILE).await?,
                    tables: tables(reads).await?,
                    connectivity: connectivity.and_then(|value| decoded(&value)),
                    uploads: uploads.and_then(|value| decoded(&value)),
                })
            })
            .await
    }

    /// Kept here and not in the journal: it changes often, and no sale shall wait for it.
    pub(crate) async fn save_connectivity(&self, connectivity: &Connectivity) -> Outcome {
        let bytes = encode(connectivity);
        self.save(CONNECTIVITY, || Ok(from_bytes(&bytes))).await
    }

    /// Kept here as well: an upload that comes too often is no loss.
    pub(crate) async fn save_uploads(&self, uploads: &UploadTimes) -> Outcome {
        let bytes = encode(uploads);
        self.save(UPLOADS, || Ok(from_bytes(&bytes))).await
    }

    async fn save(&self, key: &str, value: impl Fn() -> Outcome<JsValue>) -> Outcome {
        self.database
            .write(&[STATE], async |_| {
                let mut writes = Writes::default();
                writes.put(STATE, key.into(), value()?);
                Ok(((), writes))
            })
            .await
    }
}

async fn profile(reads: &Reads, key: &str) -> Outcome<Option<(u64, Profile)>> {
    let Some(value) = reads.get(STATE, key.into()).await? else { return Ok(None) };
    let kept: Option<KeptProfile> = to_record("the profile", value).ok();
    Ok(kept.and_then(|kept| Some((kept.version, decode(&kept.profile).ok()?))))
}

async fn tables(reads: &Reads) -> Outcome<BTreeMap<TableId, TableRecord>> {
    let record = |value: JsValue| {
        let kept: KeptTable = to_record("a table's record", value).ok()?;
        if kept.damaged {
            return None;
        }
        Some((TableId::from_number(kept.table)?, decode(&kept.record).ok()?))
    };
    Ok(reads.get_all(TABLES, None, None).await?.into_iter().filter_map(record).collect())
}

/// What a value's bytes stand for; none where they can't be read.
fn decoded<T>(value: &JsValue) -> Option<T>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    decode(&to_bytes("a state", value).ok()?).ok()
}
