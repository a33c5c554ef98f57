//! When fields of rows that go both ways were entered, for the rule by which the later change wins.

use holdfast_profile::{Direction, TableId};
use holdfast_protocol::row_edit::RowEdit;
use sqlx::QueryBuilder;

use super::write::push_list;
use super::{Connection, Db};
use crate::database::DatabaseError;
use crate::upload::RowKey;

/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 500;

/// A field of a row by its column's number, and when its value was entered, ms since 1970.
pub type EnteredField = (RowKey, u32, i64);

/// The fields in which two bodies of a row differ; none of a table that registers don't edit.
pub fn entered_fields(
    table: TableId,
    key: String,
    old: &[u8],
    new: &[u8],
    now_ms: i64,
) -> Result<Vec<EnteredField>, DatabaseError> {
    if !is_edited(table) {
        return Ok(Vec::new());
    }
    let fields = RowEdit::fields_between(table, Some(old), new)
        .map_err(|error| DatabaseError::Damaged(error.to_string()))?;
    Ok(fields.into_iter().map(|field| ((table, key.clone()), field.column, now_ms)).collect())
}

fn is_edited(table: TableId) -> bool {
    table.allows(Direction::Bidirectional)
}

/// Notes when fields were entered.
pub async fn put_field_times(
    writing: &mut Connection,
    store_id: &str,
    times: &[EnteredField],
) -> Result<(), DatabaseError> {
    for chunk in times.chunks(STATEMENT_ROWS_MAX) {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO field_times (store_id, table_no, key, column_no, changed_at_ms) ",
        );
        insert.push_values(chunk, |mut tuple, ((table, key), column, changed_at_ms)| {
            tuple
                .push_bind(store_id)
                .push_bind(i64::from(table.number()))
                .push_bind(key)
                .push_bind(i64::from(*column))
                .push_bind(*changed_at_ms);
        });
        insert.push(
            " ON CONFLICT (store_id, table_no, key, column_no) \
             DO UPDATE SET changed_at_ms = excluded.changed_at_ms",
        );
        insert.build().persistent(false).execute(&mut *writing).await?;
    }
    Ok(())
}

/// Forgets when fields of rows were entered that are gone.
pub async fn forget_field_times(
    writing: &mut Connection,
    store_id: &str,
    table: TableId,
    keys: &[String],
) -> Result<(), DatabaseError> {
    if !is_edited(table) {
        return Ok(());
    }
    for chunk in keys.chunks(STATEMENT_ROWS_MAX) {
        let mut delete = QueryBuilder::<Db>::new("DELETE FROM field_times WHERE store_id = ");
        delete.push_bind(store_id).push(" AND table_no = ").push_bind(i64::from(table.number()));
        delete.push(" AND key IN (");
        push_list(&mut delete, chunk);
        delete.build().persistent(false).execute(&mut *writing).await?;
    }
    Ok(())
}
