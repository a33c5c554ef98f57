//! What registers with a profile would keep: rows and bytes of each table, for whoever drafts the profile.

use holdfast_profile::{Members, Profile, TableId, View};

use super::refresh::{damaged, decide};
use crate::database::{Database, DatabaseError, ViewReader};

/// Rows read at once.
const READ_ROWS_MAX: u32 = 2_000;

/// How much a register keeps of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct TableSize {
    /// The table.
    pub table: TableId,
    /// Rows that a register keeps.
    pub rows: u64,
    /// Bytes of these rows, before compression.
    pub bytes: u64,
    /// Rows that the store server has.
    pub all_rows: u64,
    /// Bytes of those, before compression.
    pub all_bytes: u64,
}

/// How much registers with a profile would keep of each table that they download, in profile order. Nothing is
/// written; the profile needs not be valid.
///
/// # Errors
/// [`DatabaseError`] when the tables can't be read.
pub async fn sizes(
    database: &Database,
    store_id: &str,
    profile: &Profile,
    now_ms: i64,
) -> Result<Vec<TableSize>, DatabaseError> {
    let mut reader = database.begin_view(store_id, 0).await?;
    let views = View::all_of(profile);
    let mut members = Vec::with_capacity(views.len());
    for view in &views {
        members.push((view, decide(&mut reader, view, now_ms).await?));
    }
    let mut tables = profile.download_tables();
    // A draft may hold a table twice.
    let mut seen = Vec::new();
    tables.retain(|table| {
        !seen.contains(table) && {
            seen.push(*table);
            true
        }
    });
    let mut sizes = Vec::with_capacity(tables.len());
    for table in tables {
        let (all_rows, all_bytes) = reader.table_size(table).await?;
        let copied = members.iter().find(|(view, _)| view.entry(table).is_some());
        let (rows, bytes) = match copied {
            Some((_, members)) => kept_size(&mut reader, members, table).await?,
            None => (all_rows, all_bytes),
        };
        sizes.push(TableSize { table, rows, bytes, all_rows, all_bytes });
    }
    Ok(sizes)
}

async fn kept_size(
    reader: &mut ViewReader,
    members: &Members<'_>,
    table: TableId,
) -> Result<(u64, u64), DatabaseError> {
    let (mut rows_count, mut bytes_count, mut after) = (0, 0, String::new());
    loop {
        let rows = reader.base_rows(table, &after, READ_ROWS_MAX).await?;
        let Some((last, _)) = rows.last() else { break };
        after.clone_from(last);
        for (key, body) in &rows {
            if let Some(kept) = members.keep(table, key, body).map_err(damaged)? {
                rows_count += 1;
                bytes_count += kept.len() as u64;
            }
        }
    }
    Ok((rows_count, bytes_count))
}
