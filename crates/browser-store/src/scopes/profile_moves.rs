//! Moving to another version of the profile: what is to come is kept beside what is in force, and one transaction
//! switches profile and tables.

use std::collections::BTreeSet;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::encode;
use holdfast_sync::ShownTable;
use wasm_bindgen::JsValue;

use crate::error::Outcome;
use crate::schema::{BUILDS, PAGES, STATE, TABLES};
use crate::transaction::{Reads, Writes};
use crate::values::from_record;

use super::generations::{build, kept, write_delta, write_switch};
use super::records::{KeptProfile, NEXT_PROFILE, PROFILE, slot_range, table_key};
use super::{ScopeDatabase, profile};

impl ScopeDatabase {
    /// Keeps to which version the register moves, or that it moves to none: then what was built for one goes.
    pub(crate) async fn save_next_profile(&self, next: Option<&(u64, Profile)>) -> Outcome {
        self.database
            .write(&[STATE, BUILDS, PAGES], async |reads| {
                let mut writes = Writes::default();
                match next {
                    Some((version, profile)) => {
                        writes.put(STATE, NEXT_PROFILE.into(), kept_profile(*version, profile)?);
                    }
                    None => {
                        writes.delete(STATE, JsValue::from_str(NEXT_PROFILE));
                        write_no_builds(reads, &mut writes, &BTreeSet::new()).await?;
                    }
                }
                Ok(((), writes))
            })
            .await
    }

    /// Puts a version in force, with the tables that change with it.
    pub(crate) async fn switch_profile(
        &self,
        version: u64,
        next: &Profile,
        tables: &[ShownTable],
    ) -> Outcome {
        let mut is_again = false;
        self.database
            .write(&[STATE, TABLES, BUILDS, PAGES], async |reads| {
                let mut writes = Writes::default();
                // Where the connection was lost, it may have been done all the same.
                let was_tried = std::mem::replace(&mut is_again, true);
                if was_tried && profile(reads, PROFILE).await?.is_some_and(|(here, _)| here == version) {
                    return Ok(((), writes));
                }
                let mut switched = BTreeSet::new();
                for ShownTable { table, changes, record } in tables {
                    let bytes = encode(record);
                    let visible = kept(reads, *table).await?;
                    match visible.filter(|kept| kept.generation() == record.generation) {
                        Some(visible) => write_delta(&mut writes, *table, visible, changes, &bytes)?,
                        None => {
                            switched.insert(*table);
                            write_switch(reads, &mut writes, *table, record.generation, changes, &bytes)
                                .await?;
                        }
                    }
                }
                if !tables.is_empty() {
                    write_no_builds(reads, &mut writes, &switched).await?;
                }
                writes.put(STATE, PROFILE.into(), kept_profile(version, next)?);
                writes.delete(STATE, JsValue::from_str(NEXT_PROFILE));
                Ok(((), writes))
            })
            .await
    }

    /// Drops all pages of generations that nobody sees.
    pub(crate) async fn drop_builds(&self) -> Outcome {
        self.database
            .write(&[BUILDS, PAGES], async |reads| {
                let mut writes = Writes::default();
                write_no_builds(reads, &mut writes, &BTreeSet::new()).await?;
                Ok(((), writes))
            })
            .await
    }
}

fn kept_profile(version: u64, profile: &Profile) -> Outcome<JsValue> {
    from_record(&KeptProfile { version, profile: encode(profile) })
}

/// What drops unfinished generations, those of some tables excepted.
async fn write_no_builds(reads: &Reads, writes: &mut Writes, except: &BTreeSet<TableId>) -> Outcome {
    for table in TableId::ALL.into_iter().filter(|table| !except.contains(table)) {
        if let Some(build) = build(reads, table).await? {
            writes.delete(BUILDS, table_key(table));
            writes.delete(PAGES, slot_range(table, build.slot)?);
        }
    }
    Ok(())
}
