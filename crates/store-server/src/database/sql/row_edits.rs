//! Edits of rows by registers: what the decision needs to know, and what comes of it, in the upload's transaction.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::row_merge::{FieldConflict, Winner};
use sqlx::{QueryBuilder, Row};

use super::feed::table_of;
use super::field_times::{EnteredField, put_field_times};
use super::values::{narrow, wide};
use super::write::{SqlWriteTransaction, push_list};
use super::{Backend, Connection, Db, DbRow};
use crate::database::edit_conflict::{EditConflict, column_name, row_name, value_text};
use crate::database::{DatabaseError, MasterRow, RegisterKey};
use crate::upload::{Content, CurrentRow, EditEffect, EditState, ReadEntry, RowKey, rules_of};

/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 500;

/// Whether the upload has an edit, so that the feed must be locked before anything is read.
pub fn has_edits(entries: &[ReadEntry]) -> bool {
    entries.iter().any(|read| matches!(read.content, Content::Edit(_)))
}

/// What the decision about the upload's edits needs. The feed is locked: what is read here stays true.
pub async fn load_edits(
    writing: &mut Connection,
    key: &RegisterKey,
    entries: &[ReadEntry],
    now_ms: i64,
) -> Result<EditState, DatabaseError> {
    let mut keys: BTreeMap<TableId, BTreeSet<String>> = BTreeMap::new();
    let mut followed: Vec<u64> = Vec::new();
    for read in entries {
        if let Content::Edit(edit) = &read.content {
            keys.entry(edit.table).or_default().insert(edit.key.clone());
            followed.extend(edit.follows_seq);
        }
    }
    let mut state = EditState { now_ms, ..EditState::default() };
    if keys.is_empty() {
        return Ok(state);
    }
    state.rules = rules_of(&profiles(writing, key).await?);
    for (table, keys) in keys {
        let keys: Vec<String> = keys.into_iter().collect();
        load_rows(writing, &key.store_id, table, &keys, &mut state.rows).await?;
    }
    state.rejected = rejected_of(writing, key, &followed).await?;
    Ok(state)
}

/// The register's published profile, and behind it the version that it last said it has, of whatever profile.
async fn profiles(writing: &mut Connection, key: &RegisterKey) -> Result<Vec<Profile>, DatabaseError> {
    let bodies: Vec<Vec<u8>> = sqlx::query_scalar(
        "SELECT v.body FROM registers r \
         JOIN stores s ON s.store_id = r.store_id \
         JOIN profiles p ON p.store_id = r.store_id AND p.profile_id = COALESCE(r.profile_id, s.profile_id) \
         JOIN profile_versions v ON v.store_id = p.store_id \
         AND (v.version = p.published_version OR v.version = r.profile_version) \
         WHERE r.store_id = $1 AND r.number = $2 \
         ORDER BY CASE WHEN v.version = p.published_version THEN 0 ELSE 1 END",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .fetch_all(&mut *writing)
    .await?;
    let read = |body: Vec<u8>| {
        holdfast_protocol::decode(&body)
            .map_err(|error| DatabaseError::Damaged(format!("a profile: {error}")))
    };
    bodies.into_iter().map(read).collect()
}

async fn load_rows(
    writing: &mut Connection,
    store_id: &str,
    table: TableId,
    keys: &[String],
    rows: &mut BTreeMap<RowKey, CurrentRow>,
) -> Result<(), DatabaseError> {
    let table_no = i64::from(table.number());
    for chunk in keys.chunks(STATEMENT_ROWS_MAX) {
        let mut query = QueryBuilder::<Db>::new("SELECT key, body FROM feed WHERE store_id = ");
        query.push_bind(store_id).push(" AND table_no = ").push_bind(table_no).push(" AND key IN (");
        push_list(&mut query, chunk);
        let found: Vec<(String, Option<Vec<u8>>)> =
            query.build_query_as().persistent(false).fetch_all(&mut *writing).await?;
        rows.extend(
            found
                .into_iter()
                .map(|(key, body)| ((table, key), CurrentRow { body, changed_at_ms: BTreeMap::new() })),
        );
        let mut query = QueryBuilder::<Db>::new(
            "SELECT key, column_no, changed_at_ms FROM field_times WHERE store_id = ",
        );
        query.push_bind(store_id).push(" AND table_no = ").push_bind(table_no).push(" AND key IN (");
        push_list(&mut query, chunk);
        let times: Vec<(String, i64, i64)> =
            query.build_query_as().persistent(false).fetch_all(&mut *writing).await?;
        for (key, column, changed_at_ms) in times {
            if let Some(row) = rows.get_mut(&(table, key)) {
                row.changed_at_ms.insert(narrow(column, "column number")?, changed_at_ms);
            }
        }
    }
    Ok(())
}

/// Of these entries of a register, those that were rejected.
async fn rejected_of(
    writing: &mut Connection,
    key: &RegisterKey,
    seqs: &[u64],
) -> Result<BTreeSet<u64>, DatabaseError> {
    if seqs.is_empty() {
        return Ok(BTreeSet::new());
    }
    let mut query =
        QueryBuilder::<Db>::new("SELECT seq FROM journal WHERE rejected_reason IS NOT NULL AND store_id = ");
    query.push_bind(&key.store_id).push(" AND register_number = ").push_bind(i64::from(key.number));
    query.push(" AND seq IN (");
    let mut list = query.separated(", ");
    for seq in seqs {
        list.push_bind(wide(*seq));
    }
    list.push_unseparated(")");
    let found: Vec<i64> = query.build_query_scalar().persistent(false).fetch_all(&mut *writing).await?;
    found.into_iter().map(|seq| narrow(seq, "journal sequence")).collect()
}

/// Writes what comes of edits, by the sequences of their entries: rows and feed, when fields were entered, what
/// overlapped. Says which version each entry's row has now. The entries are in the journal already.
pub async fn write_edits(
    writing: &mut SqlWriteTransaction,
    key: &RegisterKey,
    edits: &[(u64, &EditEffect)],
    now_ms: i64,
) -> Result<BTreeMap<u64, u64>, DatabaseError> {
    if edits.is_empty() {
        return Ok(BTreeMap::new());
    }
    // Of a row that is edited more than once the last state counts: each merge went on from the one before.
    let last: BTreeMap<&RowKey, &EditEffect> = edits.iter().map(|(_, edit)| (&edit.row, *edit)).collect();
    let rows: Vec<MasterRow> = last
        .values()
        .map(|edit| MasterRow::decode(edit.row.0, &edit.body))
        .collect::<Result<_, DatabaseError>>()?;
    writing.put(&rows).await?;
    let times: BTreeMap<(&RowKey, u32), i64> = edits
        .iter()
        .flat_map(|(_, edit)| edit.changed.iter().map(|column| ((&edit.row, *column), edit.edited_at_ms)))
        .collect();
    let times: Vec<EnteredField> =
        times.into_iter().map(|((row, column), at_ms)| (row.clone(), column, at_ms)).collect();
    put_field_times(writing.connection(), &key.store_id, &times).await?;
    let versions = versions_of(writing.connection(), &key.store_id, last.keys().copied()).await?;
    let version_of = |edit: &EditEffect| versions.get(&edit.row).copied().unwrap_or(0);
    let settled: BTreeMap<u64, u64> = edits.iter().map(|(seq, edit)| (*seq, version_of(edit))).collect();
    for chunk in edits.chunks(STATEMENT_ROWS_MAX) {
        insert_edits(writing.connection(), key, chunk, &settled).await?;
    }
    let conflicts: Vec<(u64, &EditEffect, &FieldConflict)> = edits
        .iter()
        .flat_map(|(seq, edit)| edit.conflicts.iter().map(move |conflict| (*seq, *edit, conflict)))
        .collect();
    for chunk in conflicts.chunks(STATEMENT_ROWS_MAX) {
        insert_conflicts(writing.connection(), key, chunk, now_ms).await?;
    }
    Ok(settled)
}

async fn versions_of<'r>(
    writing: &mut Connection,
    store_id: &str,
    rows: impl Iterator<Item = &'r RowKey>,
) -> Result<BTreeMap<RowKey, u64>, DatabaseError> {
    let mut keys: BTreeMap<TableId, Vec<String>> = BTreeMap::new();
    for (table, key) in rows {
        keys.entry(*table).or_default().push(key.clone());
    }
    let mut versions = BTreeMap::new();
    for (table, keys) in keys {
        for chunk in keys.chunks(STATEMENT_ROWS_MAX) {
            let mut query = QueryBuilder::<Db>::new("SELECT key, version FROM feed WHERE store_id = ");
            query.push_bind(store_id).push(" AND table_no = ").push_bind(i64::from(table.number()));
            query.push(" AND key IN (");
            push_list(&mut query, chunk);
            let found: Vec<(String, i64)> =
                query.build_query_as().persistent(false).fetch_all(&mut *writing).await?;
            for (key, version) in found {
                versions.insert((table, key), narrow(version, "row version")?);
            }
        }
    }
    Ok(versions)
}

async fn insert_edits(
    writing: &mut Connection,
    register: &RegisterKey,
    edits: &[(u64, &EditEffect)],
    versions: &BTreeMap<u64, u64>,
) -> Result<(), DatabaseError> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO row_edits (store_id, register_number, seq, table_no, key, version) ",
    );
    insert.push_values(edits, |mut tuple, (seq, edit)| {
        let (table, key) = &edit.row;
        tuple
            .push_bind(&register.store_id)
            .push_bind(i64::from(register.number))
            .push_bind(wide(*seq))
            .push_bind(i64::from(table.number()))
            .push_bind(key)
            .push_bind(wide(versions.get(seq).copied().unwrap_or(0)));
    });
    insert.build().persistent(false).execute(&mut *writing).await?;
    Ok(())
}

async fn insert_conflicts(
    writing: &mut Connection,
    register: &RegisterKey,
    conflicts: &[(u64, &EditEffect, &FieldConflict)],
    now_ms: i64,
) -> Result<(), DatabaseError> {
    let mut insert = QueryBuilder::<Db>::new(
        "INSERT INTO edit_conflicts (store_id, register_number, seq, table_no, key, column_no, base_value, \
         server_value, register_value, register_won, edited_at_ms, merged_at_ms) ",
    );
    insert.push_values(conflicts, |mut tuple, (seq, edit, conflict)| {
        let (table, key) = &edit.row;
        let FieldConflict { column, base, server, register: entered, won } = conflict;
        let register_won = match won {
            Winner::Register => true,
            Winner::Server => false,
        };
        tuple
            .push_bind(&register.store_id)
            .push_bind(i64::from(register.number))
            .push_bind(wide(*seq))
            .push_bind(i64::from(table.number()))
            .push_bind(key)
            .push_bind(i64::from(*column))
            .push_bind(base.as_deref())
            .push_bind(server.as_deref())
            .push_bind(entered.as_slice())
            .push_bind(register_won)
            .push_bind(edit.edited_at_ms)
            .push_bind(now_ms);
    });
    insert.build().persistent(false).execute(&mut *writing).await?;
    Ok(())
}

impl Backend {
    pub(in crate::database) async fn edit_conflicts(
        &self,
        store_id: &str,
        limit: u32,
    ) -> Result<Vec<EditConflict>, DatabaseError> {
        let rows = sqlx::query(
            "SELECT c.register_number, c.seq, c.table_no, c.key, c.column_no, c.base_value, c.server_value, \
             c.register_value, c.register_won, c.edited_at_ms, c.merged_at_ms, f.body FROM edit_conflicts c \
             LEFT JOIN feed f ON f.store_id = c.store_id AND f.table_no = c.table_no AND f.key = c.key \
             WHERE c.store_id = $1 \
             ORDER BY c.merged_at_ms DESC, c.register_number, c.seq DESC, c.column_no LIMIT $2",
        )
        .bind(store_id)
        .bind(i64::from(limit))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(shown).collect()
    }
}

fn shown(row: &DbRow) -> Result<EditConflict, DatabaseError> {
    let table = table_of(row.try_get("table_no")?)?;
    let column = narrow(row.try_get("column_no")?, "column number")?;
    let text = |bytes: &[u8]| value_text(table, column, bytes);
    let base: Option<Vec<u8>> = row.try_get("base_value")?;
    let server: Option<Vec<u8>> = row.try_get("server_value")?;
    let entered: Vec<u8> = row.try_get("register_value")?;
    let body: Option<Vec<u8>> = row.try_get("body")?;
    Ok(EditConflict {
        register: narrow(row.try_get("register_number")?, "register number")?,
        seq: narrow(row.try_get("seq")?, "journal sequence")?,
        table: table.name().to_owned(),
        key: row.try_get("key")?,
        row_name: body.and_then(|body| row_name(table, &body)),
        column: column_name(table, column),
        base: base.as_deref().map(text),
        server: server.as_deref().map(text),
        entered: text(&entered),
        register_won: row.try_get("register_won")?,
        edited_at_ms: row.try_get("edited_at_ms")?,
        merged_at_ms: row.try_get("merged_at_ms")?,
    })
}
