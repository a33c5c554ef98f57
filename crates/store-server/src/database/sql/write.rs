//! Writing master data: relational rows and feed together, in one transaction.

use std::collections::BTreeMap;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::RowChange;
use sqlx::{QueryBuilder, Transaction};

use super::admin_changes::note_change;
use super::administrators::insert_administrator;
use super::feed::{head_of, row_change};
use super::field_times::{entered_fields, forget_field_times, put_field_times};
use super::master_rows::{delete_rows, upsert_rows};
use super::profile_changes::publish_unasked;
use super::search_texts::{drop_texts, put_texts_of};
use super::values::{narrow, wide};
use super::{Backend, Connection, Db};
use crate::admin_change::NewChange;
use crate::administrators::AdministratorName;
use crate::database::{DatabaseError, FeedId, MasterRow, Refreshed, Store};
use crate::look_up::Searched;
use crate::profiles::SET_UP;

/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 500;
/// Setting that only the first store's transaction can insert.
const FIRST_STORE: &str = "first_store";

/// A transaction that writes master data of one store.
#[derive(Debug)]
pub struct SqlWriteTransaction {
    writing: Transaction<'static, Db>,
    store_id: String,
    now_ms: i64,
    /// Whether bytes of pictures may be unused since.
    pub(super) has_changed_pictures: bool,
}

impl Backend {
    pub(in crate::database) async fn begin_write(
        &self,
        store_id: &str,
        now_ms: i64,
    ) -> Result<SqlWriteTransaction, DatabaseError> {
        let mut writing = self.begin().await?;
        lock_feed(&mut writing, store_id).await?;
        Ok(SqlWriteTransaction::new(writing, store_id, now_ms))
    }
}

impl SqlWriteTransaction {
    /// A transaction that writes no master data and so leaves the feed unlocked.
    pub(super) fn without_feed(
        writing: Transaction<'static, Db>,
        store_id: &str,
        now_ms: i64,
    ) -> SqlWriteTransaction {
        SqlWriteTransaction::new(writing, store_id, now_ms)
    }

    fn new(writing: Transaction<'static, Db>, store_id: &str, now_ms: i64) -> SqlWriteTransaction {
        SqlWriteTransaction { writing, store_id: store_id.to_owned(), now_ms, has_changed_pictures: false }
    }

    /// For what else is written in the same transaction.
    pub(super) fn connection(&mut self) -> &mut Connection {
        &mut self.writing
    }

    /// The store.
    pub(super) fn store_id(&self) -> &str {
        &self.store_id
    }

    /// When it was begun, ms since 1970.
    pub(super) fn now_ms(&self) -> i64 {
        self.now_ms
    }

    pub(in crate::database) async fn commit(mut self) -> Result<(), DatabaseError> {
        if self.has_changed_pictures {
            self.drop_unused_picture_bytes().await?;
        }
        Ok(self.writing.commit().await?)
    }

    pub(in crate::database) async fn add_store(&mut self, store: &Store) -> Result<bool, DatabaseError> {
        let stores: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM stores").fetch_one(&mut *self.writing).await?;
        if stores > 0 {
            return Ok(false);
        }
        // Of two processes that start at once the second waits here until the first has committed, and finds the name
        // taken.
        let first =
            sqlx::query("INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING")
                .bind(FIRST_STORE)
                .bind(store.row.id.as_bytes())
                .execute(&mut *self.writing)
                .await?;
        if first.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO stores (store_id, name, address, tax_number, currency, prices_include_tax, \
             receipt_footer, default_tax_code) VALUES ($1, $2, '', '', $3, $4, '', $5)",
        )
        .bind(&store.row.id)
        .bind(&store.row.name)
        .bind(&store.row.currency)
        .bind(store.row.prices_include_tax)
        .bind(&store.default_tax_code)
        .execute(&mut *self.writing)
        .await?;
        sqlx::query("INSERT INTO feed_counters (store_id, version) VALUES ($1, 0)")
            .bind(&store.row.id)
            .execute(&mut *self.writing)
            .await?;
        sqlx::query(
            "INSERT INTO profile_counters (store_id, last_profile_id, last_version) VALUES ($1, 0, 0)",
        )
        .bind(&store.row.id)
        .execute(&mut *self.writing)
        .await?;
        self.put(&[MasterRow::Store(store.row.clone())]).await?;
        Ok(true)
    }

    pub(in crate::database) async fn set_setting(
        &mut self,
        name: &str,
        value: &[u8],
    ) -> Result<(), DatabaseError> {
        sqlx::query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .bind(name)
        .bind(value)
        .execute(&mut *self.writing)
        .await?;
        Ok(())
    }

    pub(in crate::database) async fn add_administrator(
        &mut self,
        name: &AdministratorName,
        password_hash: &str,
    ) -> Result<(), DatabaseError> {
        insert_administrator(&mut self.writing, name, password_hash).await
    }

    pub(in crate::database) async fn publish_profile(
        &mut self,
        profile: &Profile,
        now_ms: i64,
    ) -> Result<u64, DatabaseError> {
        publish_unasked(&mut self.writing, &self.store_id, profile, now_ms, SET_UP).await
    }

    pub(in crate::database) async fn note_change(&mut self, change: &NewChange) -> Result<(), DatabaseError> {
        note_change(&mut self.writing, &self.store_id, change).await
    }

    pub(in crate::database) async fn put(&mut self, rows: &[MasterRow]) -> Result<u64, DatabaseError> {
        let mut changed = 0;
        for run in rows.chunk_by(|one, next| one.table() == next.table()) {
            for chunk in run.chunks(STATEMENT_ROWS_MAX) {
                changed += self.put_chunk(chunk).await?;
            }
        }
        Ok(changed)
    }

    async fn put_chunk(&mut self, rows: &[MasterRow]) -> Result<u64, DatabaseError> {
        let Some(table) = rows.first().map(MasterRow::table) else { return Ok(0) };
        // Of a key that comes twice the last row counts.
        let mut bodies: BTreeMap<String, (&MasterRow, Vec<u8>)> =
            rows.iter().map(|row| (row.key(), (row, row.body()))).collect();
        let keys: Vec<String> = bodies.keys().cloned().collect();
        let mut gone = TableDigest::EMPTY;
        let mut entered = Vec::new();
        for (key, version, body) in self.live(table.into(), &keys).await? {
            let Some((_, new)) = bodies.get(&key) else { continue };
            if *new == body {
                bodies.remove(&key);
            } else {
                gone.add(&key, version, &body);
                entered.extend(entered_fields(table, key, &body, new, self.now_ms)?);
            }
        }
        if bodies.is_empty() {
            return Ok(0);
        }
        let changed: Vec<&MasterRow> = bodies.values().map(|(row, _)| *row).collect();
        upsert_rows(&mut self.writing, &self.store_id, table, &changed).await?;
        if let Some(searched) = Searched::of(table) {
            put_texts_of(&mut self.writing, &self.store_id, searched, &changed).await?;
        }
        put_field_times(&mut self.writing, &self.store_id, &entered).await?;
        let feed_rows: Vec<(String, Option<Vec<u8>>)> =
            bodies.into_iter().map(|(key, (_, body))| (key, Some(body))).collect();
        self.write_feed(table.into(), feed_rows, gone).await
    }

    pub(in crate::database) async fn remove(
        &mut self,
        table: TableId,
        keys: &[String],
    ) -> Result<u64, DatabaseError> {
        let mut removed = 0;
        for chunk in keys.chunks(STATEMENT_ROWS_MAX) {
            let mut gone = TableDigest::EMPTY;
            let mut here = Vec::new();
            for (key, version, body) in self.live(table.into(), chunk).await? {
                gone.add(&key, version, &body);
                here.push(key);
            }
            if here.is_empty() {
                continue;
            }
            delete_rows(&mut self.writing, &self.store_id, table, &here).await?;
            if let Some(searched) = Searched::of(table) {
                drop_texts(&mut self.writing, &self.store_id, searched, &here).await?;
            }
            forget_field_times(&mut self.writing, &self.store_id, table, &here).await?;
            let tombstones = here.into_iter().map(|key| (key, None)).collect();
            removed += self.write_feed(table.into(), tombstones, gone).await?;
        }
        Ok(removed)
    }

    /// Gives each row a version of its own and writes it to the feed. `gone` sums up those that had a body before, as
    /// they were.
    async fn write_feed(
        &mut self,
        feed: FeedId,
        rows: Vec<(String, Option<Vec<u8>>)>,
        gone: TableDigest,
    ) -> Result<u64, DatabaseError> {
        let count = rows.len() as u64;
        let head: i64 = sqlx::query_scalar(
            "UPDATE feed_counters SET version = version + $2 WHERE store_id = $1 RETURNING version",
        )
        .bind(&self.store_id)
        .bind(wide(count))
        .fetch_one(&mut *self.writing)
        .await?;
        let first = head - wide(count) + 1;
        let table_no = feed.number();
        let mut come = TableDigest::EMPTY;
        for (version, (key, body)) in (first..).zip(&rows) {
            if let Some(body) = body {
                come.add(key, narrow(version, "row version")?, body);
            }
        }
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO feed (store_id, table_no, key, version, body, changed_at_ms) ",
        );
        insert.push_values((first..).zip(rows), |mut tuple, (version, (key, body))| {
            tuple
                .push_bind(&self.store_id)
                .push_bind(table_no)
                .push_bind(key)
                .push_bind(version)
                .push_bind(body)
                .push_bind(self.now_ms);
        });
        insert.push(
            " ON CONFLICT (store_id, table_no, key) DO UPDATE SET version = excluded.version, \
             body = excluded.body, changed_at_ms = excluded.changed_at_ms",
        );
        insert.build().persistent(false).execute(&mut *self.writing).await?;
        self.write_table_head(feed, head, come, gone).await?;
        Ok(count)
    }

    async fn write_table_head(
        &mut self,
        feed: FeedId,
        head: i64,
        come: TableDigest,
        gone: TableDigest,
    ) -> Result<(), DatabaseError> {
        let before = head_of(&mut self.writing, &self.store_id, feed).await?;
        // One that was never summed up stays so until somebody wants it.
        let digest = before.digest.map(|digest| digest.after(&come, &gone).hash.to_vec());
        // Whoever comes here has written the rows' search texts too. Where some of earlier rows are missing, they still are.
        sqlx::query(
            "INSERT INTO feed_tables (store_id, table_no, head, rows_count, digest, texts_head) \
             VALUES ($1, $2, $3, $4, $5, $3) \
             ON CONFLICT (store_id, table_no) DO UPDATE SET head = excluded.head, \
             rows_count = feed_tables.rows_count + excluded.rows_count, digest = excluded.digest, \
             texts_head = CASE WHEN feed_tables.texts_head = feed_tables.head THEN excluded.texts_head \
             ELSE feed_tables.texts_head END",
        )
        .bind(&self.store_id)
        .bind(feed.number())
        .bind(head)
        .bind(wide(come.rows) - wide(gone.rows))
        .bind(digest)
        .execute(&mut *self.writing)
        .await?;
        Ok(())
    }

    /// Whether the copies of a view are still those of that count; then they are the caller's to write.
    pub(in crate::database) async fn claim_view(
        &mut self,
        view_no: u32,
        writes_count: u64,
    ) -> Result<bool, DatabaseError> {
        let claimed = sqlx::query(
            "UPDATE views SET writes_count = writes_count + 1 \
             WHERE store_id = $1 AND view_no = $2 AND writes_count = $3",
        )
        .bind(&self.store_id)
        .bind(i64::from(view_no))
        .bind(wide(writes_count))
        .execute(&mut *self.writing)
        .await?;
        Ok(claimed.rows_affected() == 1)
    }

    pub(in crate::database) async fn write_copies(
        &mut self,
        feed: FeedId,
        rows: Vec<(String, Option<Vec<u8>>)>,
    ) -> Result<u64, DatabaseError> {
        if rows.is_empty() {
            return Ok(0);
        }
        let keys: Vec<String> = rows.iter().map(|(key, _)| key.clone()).collect();
        let mut gone = TableDigest::EMPTY;
        for (key, version, body) in self.live(feed, &keys).await? {
            gone.add(&key, version, &body);
        }
        self.write_feed(feed, rows, gone).await
    }

    pub(in crate::database) async fn view_refreshed(
        &mut self,
        view_no: u32,
        refreshed: Refreshed,
    ) -> Result<(), DatabaseError> {
        sqlx::query(
            "UPDATE views SET base_head = $3, day = $4, refreshed_at_ms = $5, took_ms = $6 \
             WHERE store_id = $1 AND view_no = $2",
        )
        .bind(&self.store_id)
        .bind(i64::from(view_no))
        .bind(wide(refreshed.base_head))
        .bind(refreshed.day)
        .bind(refreshed.at_ms)
        .bind(refreshed.took_ms)
        .execute(&mut *self.writing)
        .await?;
        Ok(())
    }

    pub(in crate::database) async fn bodies(
        &mut self,
        table: TableId,
        keys: &[String],
    ) -> Result<Vec<(String, Vec<u8>)>, DatabaseError> {
        let live = self.live(table.into(), keys).await?;
        Ok(live.into_iter().map(|(key, _, body)| (key, body)).collect())
    }

    /// Those of these keys that are here, with version and body.
    async fn live(
        &mut self,
        feed: FeedId,
        keys: &[String],
    ) -> Result<Vec<(String, u64, Vec<u8>)>, DatabaseError> {
        let mut live = Vec::new();
        for chunk in keys.chunks(STATEMENT_ROWS_MAX) {
            let mut query = QueryBuilder::<Db>::new("SELECT key, version, body FROM feed WHERE store_id = ");
            query.push_bind(&self.store_id).push(" AND table_no = ").push_bind(feed.number());
            query.push(" AND body IS NOT NULL AND key IN (");
            push_list(&mut query, chunk);
            let found: Vec<(String, i64, Vec<u8>)> =
                query.build_query_as().persistent(false).fetch_all(&mut *self.writing).await?;
            for (key, version, body) in found {
                live.push((key, narrow(version, "row version")?, body));
            }
        }
        Ok(live)
    }

    pub(in crate::database) async fn skus_by_folded(
        &mut self,
        folded: &[String],
    ) -> Result<Vec<String>, DatabaseError> {
        let mut skus = Vec::new();
        for chunk in folded.chunks(STATEMENT_ROWS_MAX) {
            let mut query = QueryBuilder::<Db>::new("SELECT sku FROM products WHERE store_id = ");
            query.push_bind(&self.store_id).push(" AND sku_folded IN (");
            push_list(&mut query, chunk);
            let found: Vec<String> =
                query.build_query_scalar().persistent(false).fetch_all(&mut *self.writing).await?;
            skus.extend(found);
        }
        Ok(skus)
    }

    pub(in crate::database) async fn rows(
        &mut self,
        table: TableId,
    ) -> Result<Vec<RowChange>, DatabaseError> {
        let rows: Vec<(String, i64, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT key, version, body FROM feed \
             WHERE store_id = $1 AND table_no = $2 AND body IS NOT NULL ORDER BY key",
        )
        .bind(&self.store_id)
        .bind(i64::from(table.number()))
        .fetch_all(&mut *self.writing)
        .await?;
        rows.into_iter().map(|(key, version, body)| row_change(key, version, body)).collect()
    }

    pub(in crate::database) async fn barcodes(
        &mut self,
        gtins: &[String],
    ) -> Result<Vec<(String, String)>, DatabaseError> {
        let mut barcodes = Vec::new();
        for chunk in gtins.chunks(STATEMENT_ROWS_MAX) {
            let mut query = QueryBuilder::<Db>::new("SELECT gtin, sku FROM barcodes WHERE store_id = ");
            query.push_bind(&self.store_id).push(" AND gtin IN (");
            push_list(&mut query, chunk);
            let found: Vec<(String, String)> =
                query.build_query_as().persistent(false).fetch_all(&mut *self.writing).await?;
            barcodes.extend(found);
        }
        Ok(barcodes)
    }
}

/// Who changes a store's feed waits here for whoever does so already: what is read afterwards stays true.
pub async fn lock_feed(writing: &mut Connection, store_id: &str) -> Result<(), DatabaseError> {
    sqlx::query(for_update!("SELECT version FROM feed_counters WHERE store_id = $1"))
        .bind(store_id)
        .execute(&mut *writing)
        .await?;
    Ok(())
}

/// Ends an `IN (` with values.
pub(super) fn push_list(query: &mut QueryBuilder<Db>, values: &[String]) {
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    list.push_unseparated(")");
}
