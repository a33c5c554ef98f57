//! Views: the list of them, and the reading of tables beside their copies.

use std::collections::HashSet;

use holdfast_profile::{ChosenBySales, OfflineCustomers, OfflineProducts, TableId, View};
use holdfast_protocol::{TableDigest, view};
use sqlx::{QueryBuilder, Transaction};

use super::values::{narrow, narrow_option};
use super::write::lock_feed;
use super::{Backend, Connection, Db};
use crate::database::{ComparedRow, DatabaseError, FeedId, ViewRecord};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

type ViewRow = (i64, i64, Vec<u8>, i64, Option<i64>, i64, i64, i64, i64);

impl Backend {
    pub(in crate::database) async fn views(
        &self,
        store_id: &str,
        numbers: &[u64],
    ) -> Result<Vec<ViewRecord>, DatabaseError> {
        let mut select = QueryBuilder::<Db>::new(
            "SELECT view_no, number, body, writes_count, base_head, day, refreshed_at_ms, took_ms, used_at_ms \
             FROM views WHERE store_id = ",
        );
        select.push_bind(store_id).push(" AND number IN (");
        let mut list = select.separated(", ");
        for number in numbers {
            list.push_bind(number.cast_signed());
        }
        list.push_unseparated(") ORDER BY view_no");
        let rows: Vec<ViewRow> = select.build_query_as().fetch_all(&self.readers).await?;
        rows.into_iter().map(read_view).collect()
    }

    pub(in crate::database) async fn add_view(
        &self,
        store_id: &str,
        view: &View,
        now_ms: i64,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        lock_feed(&mut writing, store_id).await?;
        let number = view::number(view).cast_signed();
        let view_no: Option<i64> = sqlx::query_scalar(
            "UPDATE feed_counters SET last_view_no = last_view_no + 1 WHERE store_id = $1 \
             AND NOT EXISTS (SELECT 1 FROM views WHERE store_id = $1 AND number = $2) RETURNING last_view_no",
        )
        .bind(store_id)
        .bind(number)
        .fetch_optional(&mut *writing)
        .await?;
        // Somebody else was faster.
        let Some(view_no) = view_no else { return Ok(()) };
        let view_no: u32 = narrow(view_no, "view")?;
        sqlx::query(
            "INSERT INTO views (store_id, view_no, number, body, writes_count, day, refreshed_at_ms, took_ms, \
             used_at_ms) VALUES ($1, $2, $3, $4, 0, 0, 0, 0, $5)",
        )
        .bind(store_id)
        .bind(i64::from(view_no))
        .bind(number)
        .bind(holdfast_protocol::encode(view))
        .bind(now_ms)
        .execute(&mut *writing)
        .await?;
        for table in view.tables() {
            // Deletions from before the copy began are not in it: a cursor from before is too old.
            sqlx::query(
                "INSERT INTO feed_tables (store_id, table_no, head, oldest_cursor, rows_count, digest) \
                 SELECT store_id, $2, version, version, 0, $3 FROM feed_counters WHERE store_id = $1",
            )
            .bind(store_id)
            .bind(FeedId { table, view_no }.number())
            .bind(TableDigest::EMPTY.hash.as_slice())
            .execute(&mut *writing)
            .await?;
        }
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn view_not_refreshed(
        &self,
        store_id: &str,
        view_no: u32,
        at_ms: i64,
        took_ms: i64,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query(
            // Not where another process has refreshed it meanwhile.
            "UPDATE views SET refreshed_at_ms = $3, took_ms = $4 \
             WHERE store_id = $1 AND view_no = $2 AND refreshed_at_ms < $3",
        )
        .bind(store_id)
        .bind(i64::from(view_no))
        .bind(at_ms)
        .bind(took_ms)
        .execute(&mut *writing)
        .await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn view_used(
        &self,
        store_id: &str,
        view_no: u32,
        now_ms: i64,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        sqlx::query("UPDATE views SET used_at_ms = $3 WHERE store_id = $1 AND view_no = $2")
            .bind(store_id)
            .bind(i64::from(view_no))
            .bind(now_ms)
            .execute(&mut *writing)
            .await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn drop_views(
        &self,
        store_id: &str,
        unused_since_ms: i64,
    ) -> Result<u64, DatabaseError> {
        let mut writing = self.begin().await?;
        lock_feed(&mut writing, store_id).await?;
        let unused: Vec<i64> =
            sqlx::query_scalar("DELETE FROM views WHERE store_id = $1 AND used_at_ms < $2 RETURNING view_no")
                .bind(store_id)
                .bind(unused_since_ms)
                .fetch_all(&mut *writing)
                .await?;
        for &view_no in &unused {
            let view_no = narrow(view_no, "view")?;
            for table in TableId::ALL {
                drop_feed(&mut writing, store_id, FeedId { table, view_no }).await?;
            }
        }
        writing.commit().await?;
        Ok(unused.len() as u64)
    }

    pub(in crate::database) async fn begin_view(
        &self,
        store_id: &str,
        view_no: u32,
    ) -> Result<SqlViewReader, DatabaseError> {
        Ok(SqlViewReader { reading: self.begin_read().await?, store_id: store_id.to_owned(), view_no })
    }
}

async fn drop_feed(writing: &mut Connection, store_id: &str, feed: FeedId) -> Result<(), DatabaseError> {
    for statement in [
        "DELETE FROM feed WHERE store_id = $1 AND table_no = $2",
        "DELETE FROM feed_tables WHERE store_id = $1 AND table_no = $2",
        "DELETE FROM snapshots WHERE store_id = $1 AND table_no = $2",
        "DELETE FROM snapshot_manifests WHERE store_id = $1 AND table_no = $2",
        "DELETE FROM snapshot_pages WHERE store_id = $1 AND table_no = $2",
    ] {
        sqlx::query(statement).bind(store_id).bind(feed.number()).execute(&mut *writing).await?;
    }
    Ok(())
}

fn read_view(row: ViewRow) -> Result<ViewRecord, DatabaseError> {
    let (view_no, number, body, writes_count, base_head, day, refreshed_at_ms, took_ms, used_at_ms) = row;
    let view: View = holdfast_protocol::decode(&body)
        .map_err(|error| DatabaseError::Damaged(format!("view {view_no}: {error}")))?;
    Ok(ViewRecord {
        view_no: narrow(view_no, "view")?,
        number: number.cast_unsigned(),
        view,
        writes_count: narrow(writes_count, "writes of a view")?,
        base_head: narrow_option(base_head, "base head")?,
        day,
        refreshed_at_ms,
        took_ms,
        used_at_ms,
    })
}

/// Reads tables and a view's copies of them as they stood at the first reading, in the order of their keys.
#[derive(Debug)]
pub struct SqlViewReader {
    reading: Transaction<'static, Db>,
    store_id: String,
    view_no: u32,
}

impl SqlViewReader {
    pub(in crate::database) async fn record(&mut self) -> Result<Option<ViewRecord>, DatabaseError> {
        let row: Option<ViewRow> = sqlx::query_as(
            "SELECT view_no, number, body, writes_count, base_head, day, refreshed_at_ms, took_ms, used_at_ms \
             FROM views WHERE store_id = $1 AND view_no = $2",
        )
        .bind(&self.store_id)
        .bind(i64::from(self.view_no))
        .fetch_optional(&mut *self.reading)
        .await?;
        row.map(read_view).transpose()
    }

    pub(in crate::database) async fn base_head(&mut self, view: &View) -> Result<u64, DatabaseError> {
        let heads: Vec<(i64, i64)> =
            sqlx::query_as("SELECT table_no, head FROM feed_tables WHERE store_id = $1 AND table_no < 256")
                .bind(&self.store_id)
                .fetch_all(&mut *self.reading)
                .await?;
        let read: Vec<i64> = view.read_tables().into_iter().map(|table| i64::from(table.number())).collect();
        let newest = heads.into_iter().filter(|(table_no, _)| read.contains(table_no));
        let newest = newest.map(|(_, head)| head).max();
        narrow(newest.unwrap_or(0), "feed head")
    }

    pub(in crate::database) async fn base_rows(
        &mut self,
        table: TableId,
        after: &str,
        rows_max: u32,
    ) -> Result<Vec<(String, Vec<u8>)>, DatabaseError> {
        Ok(sqlx::query_as(
            "SELECT key, body FROM feed \
             WHERE store_id = $1 AND table_no = $2 AND key > $3 AND body IS NOT NULL ORDER BY key LIMIT $4",
        )
        .bind(&self.store_id)
        .bind(FeedId::from(table).number())
        .bind(after)
        .bind(i64::from(rows_max))
        .fetch_all(&mut *self.reading)
        .await?)
    }

    pub(in crate::database) async fn compared_rows(
        &mut self,
        table: TableId,
        after: &str,
        rows_max: u32,
    ) -> Result<Vec<ComparedRow>, DatabaseError> {
        let rows: Vec<(String, Vec<u8>, Option<Vec<u8>>)> = sqlx::query_as(
            "SELECT b.key, b.body, v.body FROM feed b \
             LEFT JOIN feed v ON v.store_id = b.store_id AND v.table_no = $3 AND v.key = b.key \
             WHERE b.store_id = $1 AND b.table_no = $2 AND b.key > $4 AND b.body IS NOT NULL \
             ORDER BY b.key LIMIT $5",
        )
        .bind(&self.store_id)
        .bind(FeedId::from(table).number())
        .bind(FeedId { table, view_no: self.view_no }.number())
        .bind(after)
        .bind(i64::from(rows_max))
        .fetch_all(&mut *self.reading)
        .await?;
        Ok(rows.into_iter().map(|(key, base, copy)| ComparedRow { key, base, copy }).collect())
    }

    pub(in crate::database) async fn copies_without_base(
        &mut self,
        table: TableId,
    ) -> Result<Vec<String>, DatabaseError> {
        Ok(sqlx::query_scalar(
            "SELECT v.key FROM feed v WHERE v.store_id = $1 AND v.table_no = $3 AND v.body IS NOT NULL \
             AND NOT EXISTS (SELECT 1 FROM feed b WHERE b.store_id = v.store_id AND b.table_no = $2 \
             AND b.key = v.key AND b.body IS NOT NULL) ORDER BY v.key",
        )
        .bind(&self.store_id)
        .bind(FeedId::from(table).number())
        .bind(FeedId { table, view_no: self.view_no }.number())
        .fetch_all(&mut *self.reading)
        .await?)
    }

    pub(in crate::database) async fn table_size(
        &mut self,
        table: TableId,
    ) -> Result<(u64, u64), DatabaseError> {
        let (rows, bytes): (i64, i64) = sqlx::query_as(
            "SELECT CAST(COUNT(*) AS BIGINT), CAST(COALESCE(SUM(LENGTH(body)), 0) AS BIGINT) FROM feed \
             WHERE store_id = $1 AND table_no = $2 AND body IS NOT NULL",
        )
        .bind(&self.store_id)
        .bind(FeedId::from(table).number())
        .fetch_one(&mut *self.reading)
        .await?;
        Ok((narrow(rows, "rows")?, narrow(bytes, "bytes")?))
    }

    pub(in crate::database) async fn chosen_by_sales(
        &mut self,
        view: &View,
        now_ms: i64,
    ) -> Result<ChosenBySales, DatabaseError> {
        let since_ms = |days: u32| (now_ms.div_euclid(DAY_MS) - i64::from(days)) * DAY_MS;
        let products = match *view.offline_products() {
            OfflineProducts::All | OfflineProducts::Categories { .. } => HashSet::new(),
            OfflineProducts::SoldInLastDays { days } => self.sold_since(since_ms(days)).await?,
            OfflineProducts::TopBySales { count } => self.best_sellers(count).await?,
        };
        let customers = match view.offline_customers() {
            OfflineCustomers::AllOfThisStore | OfflineCustomers::None => HashSet::new(),
            OfflineCustomers::SeenInLastDays { days } => self.seen_since(since_ms(days)).await?,
        };
        Ok(ChosenBySales { products, customers })
    }

    async fn sold_since(&mut self, since_ms: i64) -> Result<HashSet<String>, DatabaseError> {
        let skus: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT l.sku FROM sales s JOIN sale_lines l ON l.sale_no = s.sale_no \
             WHERE s.store_id = $1 AND s.finished_at_ms >= $2 AND l.quantity_milli > 0",
        )
        .bind(&self.store_id)
        .bind(since_ms)
        .fetch_all(&mut *self.reading)
        .await?;
        Ok(skus.into_iter().collect())
    }

    /// By how many lines of sales they are on; what was sold as often, by the rank that came with the catalogue.
    async fn best_sellers(&mut self, count: u32) -> Result<HashSet<String>, DatabaseError> {
        let skus: Vec<String> = sqlx::query_scalar(
            "SELECT p.sku FROM products p LEFT JOIN \
             (SELECT l.sku AS sku, COUNT(*) AS times FROM sales s JOIN sale_lines l ON l.sale_no = s.sale_no \
              WHERE s.store_id = $1 AND l.quantity_milli > 0 GROUP BY l.sku) t ON t.sku = p.sku \
             WHERE p.store_id = $1 ORDER BY COALESCE(t.times, 0) DESC, \
             CASE WHEN p.rank = 0 THEN 1 ELSE 0 END, p.rank, p.sku LIMIT $2",
        )
        .bind(&self.store_id)
        .bind(i64::from(count))
        .fetch_all(&mut *self.reading)
        .await?;
        Ok(skus.into_iter().collect())
    }

    async fn seen_since(&mut self, since_ms: i64) -> Result<HashSet<String>, DatabaseError> {
        let customers: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT customer_id FROM sales \
             WHERE store_id = $1 AND finished_at_ms >= $2 AND customer_id IS NOT NULL",
        )
        .bind(&self.store_id)
        .bind(since_ms)
        .fetch_all(&mut *self.reading)
        .await?;
        Ok(customers.into_iter().collect())
    }
}
