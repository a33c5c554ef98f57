//! What look-ups compare: written with each row, and made from the feed where an earlier version of the program wrote rows
//! without it.
//!
//! Such a version may run beside this one for a while. It knows nothing of `search_texts`, but all that it writes has a
//! version in the feed, and it leaves `feed_tables.texts_head` as that was. So the texts are those of the table's rows
//! exactly where that is the table's head: a search that finds it behind gives no answer, and what is missing is made from
//! the rows and deletions behind it. Nothing that is stale is ever compared.

use sqlx::QueryBuilder;

use super::values::{narrow, wide};
use super::write::{lock_feed, push_list};
use super::{Backend, Connection, Db};
use crate::database::{DatabaseError, FeedId, MasterRow};
use crate::look_up::{SearchText, Searched};

/// Rows of one transaction: others write after some hundredths of a second.
const ROWS_MAX: i64 = 1_000;
/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 500;

impl Backend {
    /// Makes the texts of the next rows that have none; whether those were the last.
    pub(in crate::database) async fn make_search_texts(
        &self,
        store_id: &str,
        searched: Searched,
    ) -> Result<bool, DatabaseError> {
        let mut writing = self.begin().await?;
        // Nobody writes rows before this is done.
        lock_feed(&mut writing, store_id).await?;
        let Some((head, texts_head)) = heads(&mut writing, store_id, searched).await? else {
            return Ok(true);
        };
        if texts_head == head {
            return Ok(true);
        }
        let rows: Vec<(String, i64, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT key, version, body FROM feed WHERE store_id = $1 AND table_no = $2 AND version > $3 \
             ORDER BY version LIMIT $4",
        )
        .bind(store_id)
        .bind(table_no(searched))
        .bind(wide(texts_head))
        .bind(ROWS_MAX)
        .fetch_all(&mut *writing)
        .await?;
        let last = rows.last().map(|(_, version, _)| *version);
        let next = last.filter(|_| i64::try_from(rows.len()).is_ok_and(|count| count == ROWS_MAX));
        let (mut texts, mut gone) = (Vec::new(), Vec::new());
        for (key, _, body) in rows {
            match body {
                Some(body) => texts.push(SearchText::read(searched, &body)?),
                None => gone.push(key),
            }
        }
        put_texts(&mut writing, store_id, searched, &texts).await?;
        drop_texts(&mut writing, store_id, searched, &gone).await?;
        if next.is_none() {
            drop_texts_without_rows(&mut writing, store_id, searched).await?;
        }
        sqlx::query("UPDATE feed_tables SET texts_head = $3 WHERE store_id = $1 AND table_no = $2")
            .bind(store_id)
            .bind(table_no(searched))
            .bind(next.unwrap_or(wide(head)))
            .execute(&mut *writing)
            .await?;
        writing.commit().await?;
        Ok(next.is_none())
    }
}

/// The number of a table in its texts.
pub fn table_no(searched: Searched) -> i64 {
    FeedId::from(searched.table()).number()
}

/// Whether the texts of a table are those of its rows as this transaction sees them.
pub async fn texts_are_whole(
    reading: &mut Connection,
    store_id: &str,
    searched: Searched,
) -> Result<bool, DatabaseError> {
    // A table that never had a row has all its texts.
    Ok(heads(reading, store_id, searched).await?.is_none_or(|(head, texts_head)| texts_head == head))
}

/// The table's head, and up to where its texts are made.
async fn heads(
    reading: &mut Connection,
    store_id: &str,
    searched: Searched,
) -> Result<Option<(u64, u64)>, DatabaseError> {
    let heads: Option<(i64, i64)> =
        sqlx::query_as("SELECT head, texts_head FROM feed_tables WHERE store_id = $1 AND table_no = $2")
            .bind(store_id)
            .bind(table_no(searched))
            .fetch_optional(&mut *reading)
            .await?;
    heads.map(|(head, texts)| Ok((narrow(head, "feed head")?, narrow(texts, "texts head")?))).transpose()
}

/// Writes the texts of rows that are written, all of one table.
pub async fn put_texts_of(
    writing: &mut Connection,
    store_id: &str,
    searched: Searched,
    rows: &[&MasterRow],
) -> Result<(), DatabaseError> {
    let texts: Vec<SearchText> = rows.iter().filter_map(|row| SearchText::of(row)).collect();
    put_texts(writing, store_id, searched, &texts).await
}

async fn put_texts(
    writing: &mut Connection,
    store_id: &str,
    searched: Searched,
    texts: &[SearchText],
) -> Result<(), DatabaseError> {
    for chunk in texts.chunks(STATEMENT_ROWS_MAX) {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO search_texts (store_id, table_no, code, key, name, digits, place) ",
        );
        insert.push_values(chunk, |mut tuple, text| {
            tuple
                .push_bind(store_id)
                .push_bind(table_no(searched))
                .push_bind(&text.code)
                .push_bind(&text.key)
                .push_bind(&text.name)
                .push_bind(&text.digits)
                .push_bind(i64::from(text.place));
        });
        insert.push(
            " ON CONFLICT (store_id, table_no, code, key) DO UPDATE SET name = excluded.name, \
             digits = excluded.digits, place = excluded.place",
        );
        insert.build().persistent(false).execute(&mut *writing).await?;
    }
    Ok(())
}

/// Drops the texts of rows that are deleted.
pub async fn drop_texts(
    writing: &mut Connection,
    store_id: &str,
    searched: Searched,
    keys: &[String],
) -> Result<(), DatabaseError> {
    for chunk in keys.chunks(STATEMENT_ROWS_MAX) {
        let codes: Vec<String> = chunk.iter().map(|key| searched.code(key)).collect();
        let mut delete = QueryBuilder::<Db>::new("DELETE FROM search_texts WHERE store_id = ");
        delete.push_bind(store_id).push(" AND table_no = ").push_bind(table_no(searched));
        // The code finds them, the key tells those apart that have the same one.
        delete.push(" AND code IN (");
        push_list(&mut delete, &codes);
        delete.push(" AND key IN (");
        push_list(&mut delete, chunk);
        delete.build().persistent(false).execute(&mut *writing).await?;
    }
    Ok(())
}

/// Drops the texts of rows whose deletion the feed has forgotten before it was seen here; that tells itself by their count.
async fn drop_texts_without_rows(
    writing: &mut Connection,
    store_id: &str,
    searched: Searched,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "DELETE FROM search_texts WHERE store_id = $1 AND table_no = $2 \
         AND (SELECT COUNT(*) FROM search_texts WHERE store_id = $1 AND table_no = $2) \
           > (SELECT rows_count FROM feed_tables WHERE store_id = $1 AND table_no = $2) \
         AND NOT EXISTS (SELECT 1 FROM feed f WHERE f.store_id = search_texts.store_id \
           AND f.table_no = search_texts.table_no AND f.key = search_texts.key AND f.body IS NOT NULL)",
    )
    .bind(store_id)
    .bind(table_no(searched))
    .execute(&mut *writing)
    .await?;
    Ok(())
}
