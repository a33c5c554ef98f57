//! Whether a register is what a fresh one of the same profile is, row by row, and has kept all that it sold.

use std::collections::BTreeSet;

use holdfast_profile::TableId;
use holdfast_protocol::TableDigest;
use holdfast_sync::memory_store::{Custody, MemoryStore};

/// What differs between a register and a fresh one; nothing when they are equal. Each is a line for a person.
pub fn differences(number: u16, register: &MemoryStore, fresh: &MemoryStore) -> Vec<String> {
    let (here, there) = (register.state(), fresh.state());
    let mut found = Vec::new();
    let version = |state: &holdfast_sync::RegisterState| state.profile.as_ref().map(|(version, _)| *version);
    if here.profile != there.profile {
        let (here, there) = (version(&here), version(&there));
        found.push(format!("register {number} has profile version {here:?}, a fresh one {there:?}"));
    }
    let named: BTreeSet<TableId> =
        there.profile.iter().flat_map(|(_, profile)| profile.download_tables()).collect();
    let tables: BTreeSet<TableId> =
        here.tables.keys().chain(there.tables.keys()).copied().chain(named).collect();
    for table in tables {
        if here.tables.contains_key(&table) != there.tables.contains_key(&table) {
            let (here, there) = (here.tables.contains_key(&table), there.tables.contains_key(&table));
            found.push(format!("register {number}: {table} is here: {here}, at a fresh one: {there}"));
            continue;
        }
        let (rows, fresh_rows) = match (register.rows(table), fresh.rows(table)) {
            (Ok(rows), Ok(fresh_rows)) => (rows, fresh_rows),
            (Err(error), _) | (_, Err(error)) => {
                found.push(format!("register {number}: {table} can't be read: {error}"));
                continue;
            }
        };
        if rows != fresh_rows {
            let differing = rows.iter().filter(|(key, row)| fresh_rows.get(*key) != Some(row)).count();
            let missing = fresh_rows.keys().filter(|key| !rows.contains_key(*key)).count();
            found.push(format!(
                "register {number}: {table} has {} rows, {differing} of them others, and lacks {missing} of the {} \
                 of a fresh one",
                rows.len(),
                fresh_rows.len()
            ));
        } else if TableDigest::of(rows.values()) != TableDigest::of(fresh_rows.values()) {
            found.push(format!("register {number}: {table} has another digest than a fresh one"));
        }
        let record = |state: &holdfast_sync::RegisterState| {
            state.tables.get(&table).map(|record| (record.rows, record.view, record.schema_version))
        };
        if record(&here) != record(&there) {
            let (here, there) = (record(&here), record(&there));
            found
                .push(format!("register {number}: {table} is said to be {here:?}, of a fresh one {there:?}"));
        }
    }
    found
}

/// What a register's outbox has lost or not settled; nothing when the store server has all of it.
pub fn lost(number: u16, register: &MemoryStore) -> Vec<String> {
    let entries = register.entries();
    let gap = (1..).zip(&entries).find(|(seq, kept)| *seq != kept.entry.seq).map(|(seq, _)| seq);
    let unsettled = entries.iter().filter(|kept| !matches!(kept.custody, Custody::Accepted { .. })).count();
    let gap = gap.map(|seq| format!("register {number}: entry {seq} is gone"));
    let unsettled =
        (unsettled > 0).then(|| format!("register {number}: {unsettled} entries are not accepted"));
    gap.into_iter().chain(unsettled).collect()
}
