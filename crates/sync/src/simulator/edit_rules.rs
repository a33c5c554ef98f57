//! What must hold of edits: none lost unrecorded, none against a direction, and what a register entered is what it
//! shows until the store server's row has come. Told plainly, without the code that merges or overlays.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{Direction, EncodedRow, TableId};
use holdfast_protocol::messages::{EntryOutcome, RowChange};
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::{decode, encode};

use super::model_server::{ModelServer, SeenMerge, is_edit};
use super::register::Register;
use super::rules::{Broken, Rule};
use crate::memory_store::Custody;

/// The table that registers edit.
pub(super) const TABLE: TableId = TableId::Customer;

fn value(row: Option<&[u8]>, column: u32) -> Option<Vec<u8>> {
    let row = EncodedRow::read(TABLE, row?).ok()?;
    row.encoded(column).map(<[u8]>::to_vec)
}

/// A value that says nothing is as good as none.
fn said(value: Option<Vec<u8>>) -> Vec<u8> {
    value.unwrap_or_else(|| encode(&""))
}

/// What the store server just merged.
pub(super) fn check_merge(seen: &SeenMerge) -> Result<(), Broken> {
    let SeenMerge { register, edit, before, after, recorded, profiles } = seen;
    let lost = |what: String| {
        let detail = format!("register {register}, {} {}: {what}", edit.table, edit.key);
        Err((Rule::EditsAccountedFor, detail))
    };
    let goes_up = profiles.iter().any(|profile| {
        profile.entry(edit.table).is_some_and(|(scope, _)| scope.direction == Direction::Bidirectional)
    });
    if !goes_up {
        let detail = format!("register {register}: {} {} was merged", edit.table, edit.key);
        return Err((Rule::NothingAgainstDirection, detail));
    }
    for column in edit.table.columns().iter().filter(|column| !column.names_the_row()) {
        let was = value(before.as_deref(), column.number);
        let is = value(after.as_deref(), column.number);
        let Some(field) = edit.fields.iter().find(|field| field.column.number == column.number) else {
            if before.is_some() && is != was {
                return lost(format!("{} was changed, and nobody edited it", column.name));
            }
            continue;
        };
        let is_recorded = recorded.iter().any(|conflict| {
            conflict.column == column.number
                && conflict.base == field.before
                && conflict.server == was
                && conflict.register == field.after
        });
        let register_stands = is.as_ref() == Some(&field.after);
        if !register_stands && is != was {
            return lost(format!("{} has a value of nobody", column.name));
        }
        if !register_stands && !is_recorded {
            return lost(format!("{} of the register went unrecorded", column.name));
        }
        let was_seen = said(was.clone()) == said(field.before.clone());
        if before.is_some() && is != was && !was_seen && !is_recorded {
            return lost(format!("{} of the store went unrecorded", column.name));
        }
    }
    Ok(())
}

/// What a register shows has each field that was entered there last: of an edit that waits always, of one that the
/// store server merged as long as the row that was downloaded is older than the merged one and the register is still to
/// have it. Goes by rows and versions alone, not by how far the register believes its table to be.
pub(super) fn check_shown(
    register: &Register,
    server: &ModelServer,
    shown: &BTreeMap<String, RowChange>,
) -> Result<(), Broken> {
    let downloaded = register.store.rows(TABLE).map_err(|error| (Rule::Readable, error.to_string()))?;
    let mut entered: BTreeMap<(String, u32), (Vec<u8>, bool)> = BTreeMap::new();
    // What a register can show of a row: one that is here, or that it has made itself.
    let mut rows_here: BTreeSet<String> = downloaded.keys().cloned().collect();
    for kept in register.store.entries().iter().filter(|kept| is_edit(&kept.entry)) {
        let read: Result<RowEdit, _> = decode(&kept.entry.payload);
        let edit = read.map_err(|error| (Rule::Readable, format!("edit {}: {error}", kept.entry.seq)))?;
        let makes_the_row = edit.base_version == 0 && edit.follows_seq.is_none();
        if makes_the_row && !matches!(kept.custody, Custody::Rejected { .. }) {
            rows_here.insert(edit.key.clone());
        }
        // A register that was not told the version has to show it all the same.
        let merged = kept.version.or_else(|| merged_version(register, server, kept.entry.seq));
        let is_merged = match (&kept.custody, merged) {
            (Custody::Waiting, _) => false,
            (Custody::Accepted { .. }, Some(merged)) => {
                let here = downloaded.get(&edit.key).map_or(0, |row| row.version);
                if here >= merged || !is_to_have(register, server, &edit.key) {
                    continue;
                }
                true
            }
            (Custody::Accepted { .. }, None) | (Custody::Rejected { .. }, _) => continue,
        };
        for field in edit.fields {
            entered.insert((edit.key.clone(), field.column), (field.after.to_vec(), is_merged));
        }
    }
    for ((key, column), (value_entered, is_merged)) in entered {
        let row = shown.get(&key).and_then(|row| row.body.as_ref()).map(|body| body.as_slice());
        // A row that was deleted in the store, or whose creation was rejected, is not shown, unless the store server has
        // merged what was entered and there is a row to show it in.
        if row.is_none() && !(is_merged && rows_here.contains(&key)) {
            continue;
        }
        if value(row, column) != Some(value_entered) {
            let detail = format!(
                "register {} shows another value of column {column} of {key} than was entered there",
                register.number
            );
            return Err((Rule::EditsStayVisible, detail));
        }
    }
    Ok(())
}

/// Version of the row that the store server merged an entry into, if it did.
fn merged_version(register: &Register, server: &ModelServer, seq: u64) -> Option<u64> {
    let applied = server.journals.get(&register.number)?.entries.get(&seq)?;
    applied.version.filter(|_| applied.outcome == EntryOutcome::Accepted)
}

/// Whether the store server has the row in the view of the table that the register keeps.
fn is_to_have(register: &Register, server: &ModelServer, key: &str) -> bool {
    let tables = register.store.state().tables;
    tables.get(&TABLE).is_some_and(|record| server.row_in(record.view, &(TABLE, key.to_owned())).is_some())
}

/// At rest each accepted edit was merged, and nothing lies over the rows any more.
pub(super) fn check_at_rest(register: &Register, server: &ModelServer) -> Result<(), Broken> {
    let journal = server.journals.get(&register.number);
    for (seq, applied) in journal.into_iter().flat_map(|journal| &journal.entries) {
        let accepted = applied.outcome == EntryOutcome::Accepted && is_edit(&applied.entry);
        if accepted && !server.edits.merged.contains(&(register.number, *seq)) {
            let detail = format!("register {}: edit {seq} was accepted and never merged", register.number);
            return Err((Rule::EditsAccountedFor, detail));
        }
    }
    let unreadable = |error: crate::store::StoreError| (Rule::Readable, error.to_string());
    let shown = register.store.shown_rows(TABLE).map_err(unreadable)?;
    let rows = register.store.rows(TABLE).map_err(unreadable)?;
    // A view may not hold the merged row, and then its copy of the table needs not come to that version: the edit stays
    // on show where it was entered until the copy changes again.
    if shown != rows && server.view_of(TABLE) == 0 {
        let detail = format!("register {} still shows edits over its rows", register.number);
        return Err((Rule::Converged, detail));
    }
    Ok(())
}
