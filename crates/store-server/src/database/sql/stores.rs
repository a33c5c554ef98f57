//! Stores and settings.

use holdfast_protocol::rows::StoreRow;
use sqlx::Row;

use super::feed::table_of;
use super::profiles::draft_name;
use super::values::{narrow, narrow_option};
use super::{Backend, DbRow};
use crate::database::{CategoryCount, DatabaseError, Store, StoreOverview, TableCount};

const COLUMNS: &str = "SELECT store_id, name, address, tax_number, currency, prices_include_tax, receipt_footer, \
    profile_id, default_tax_code FROM stores ORDER BY store_id LIMIT 1";

impl Backend {
    pub(in crate::database) async fn store(&self) -> Result<Option<Store>, DatabaseError> {
        let row = sqlx::query(COLUMNS).fetch_optional(&self.readers).await?;
        row.as_ref().map(read_store).transpose()
    }

    pub(in crate::database) async fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
        let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1").bind(name);
        Ok(value.fetch_optional(&self.readers).await?)
    }

    pub(in crate::database) async fn store_overview(
        &self,
        store_id: &str,
    ) -> Result<Option<StoreOverview>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let store = sqlx::query(COLUMNS).fetch_optional(&mut *reading).await?;
        let Some(row) = store else { return Ok(None) };
        let store = read_store(&row)?;
        let profile = match narrow_option(row.try_get("profile_id")?, "profile id")? {
            Some(id) => draft_name(&mut reading, store_id, id).await?,
            None => String::new(),
        };
        let counts: Vec<(i64, i64)> = sqlx::query_as(
            "SELECT table_no, rows_count FROM feed_tables \
             WHERE store_id = $1 AND table_no < 256 ORDER BY table_no",
        )
        .bind(store_id)
        .fetch_all(&mut *reading)
        .await?;
        let feed_version: Option<i64> =
            sqlx::query_scalar("SELECT version FROM feed_counters WHERE store_id = $1")
                .bind(store_id)
                .fetch_optional(&mut *reading)
                .await?;
        let rows = counts.into_iter().map(|(table, rows)| {
            Ok(TableCount { table: table_of(table)?.name().to_owned(), rows: narrow(rows, "rows")? })
        });
        Ok(Some(StoreOverview {
            rows: rows.collect::<Result<_, DatabaseError>>()?,
            feed_version: narrow(feed_version.unwrap_or_default(), "feed version")?,
            store_id: store.row.id,
            name: store.row.name,
            address: store.row.address,
            tax_number: store.row.tax_number,
            currency: store.row.currency,
            prices_include_tax: store.row.prices_include_tax,
            profile,
        }))
    }

    pub(in crate::database) async fn categories(
        &self,
        store_id: &str,
    ) -> Result<Vec<CategoryCount>, DatabaseError> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT c.code, c.name, COALESCE(p.products, 0) FROM categories c \
             LEFT JOIN (SELECT category, COUNT(*) AS products FROM products WHERE store_id = $1 GROUP BY category) p \
             ON p.category = c.code WHERE c.store_id = $1 ORDER BY c.position, c.name, c.code",
        )
        .bind(store_id)
        .fetch_all(&self.readers)
        .await?;
        let count = |(code, name, products)| {
            Ok(CategoryCount { code, name, products: narrow(products, "products")? })
        };
        rows.into_iter().map(count).collect()
    }
}

fn read_store(row: &DbRow) -> Result<Store, DatabaseError> {
    let address: String = row.try_get("address")?;
    Ok(Store {
        row: StoreRow {
            id: row.try_get("store_id")?,
            name: row.try_get("name")?,
            address: address.lines().map(str::to_owned).collect(),
            tax_number: row.try_get("tax_number")?,
            currency: row.try_get("currency")?,
            prices_include_tax: row.try_get("prices_include_tax")?,
            receipt_footer: row.try_get("receipt_footer")?,
        },
        default_tax_code: row.try_get("default_tax_code")?,
    })
}
