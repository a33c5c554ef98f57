//! The limit: a plain batch INSERT of the same rows into the same kind of database, with the same schema and
//! durability and nothing else: no request, no check, no other reader or writer.
//!
//! Written without the store server's code, on a database that a store server has made and left.

use std::path::Path;
use std::time::{Duration, Instant};

use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::sale::SaleRecord;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

/// Rows of one statement.
const STATEMENT_ROWS_MAX: usize = 100;

/// Where the rows go.
#[derive(Debug, Clone)]
pub enum Target {
    /// A SQLite file.
    Sqlite(std::path::PathBuf),
    /// A PostgreSQL database.
    Postgres(String),
}

/// Rows that were written and how long that took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Rows of all tables.
    pub rows: u64,
    /// Time of the transactions alone.
    pub took: Duration,
}

/// What a register sold.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// The register.
    pub number: u16,
    /// Its sales with their entries.
    pub sales: Vec<(OutboxEntry, SaleRecord)>,
}

/// Rows that a sale has in the tables of the store database, its journal entry included.
pub fn rows_of(sale: &SaleRecord) -> u64 {
    (2 + sale.lines.len() + sale.tax.len() + sale.tenders.len()) as u64
}

/// Writes each batch in a transaction of its own; the registers are made before.
///
/// # Errors
/// [`sqlx::Error`] when the database takes nothing.
pub async fn write(target: &Target, batches: impl Iterator<Item = Batch>) -> Result<Written, sqlx::Error> {
    match target {
        Target::Sqlite(file) => {
            let mut connection = sqlite_options(file).connect().await?;
            let written = sqlite::write(&mut connection, batches).await;
            connection.close().await?;
            written
        }
        Target::Postgres(address) => {
            let mut connection = sqlx::PgConnection::connect(address).await?;
            let written = postgres::write(&mut connection, batches).await;
            connection.close().await?;
            written
        }
    }
}

/// Makes two empty databases in a PostgreSQL, the store server's and the limit's; gives their addresses.
///
/// # Errors
/// [`sqlx::Error`] when they can't be made.
pub async fn make_databases(address: &str) -> Result<[String; 2], sqlx::Error> {
    let mut connection = sqlx::PgConnection::connect(address).await?;
    let names = ["holdfast_load", "holdfast_load_limit"];
    for name in names {
        for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
            sqlx::query(sqlx::AssertSqlSafe(format!("{statement} {name}"))).execute(&mut connection).await?;
        }
    }
    connection.close().await?;
    Ok(names.map(|name| database_at(address, name)))
}

/// The address of another database in the same PostgreSQL.
fn database_at(address: &str, name: &str) -> String {
    let (place, options) = address.split_once('?').map_or((address, None), |(place, o)| (place, Some(o)));
    let server = match place.split_once("://").map(|(scheme, rest)| (scheme, rest.split('/').next())) {
        Some((scheme, Some(server))) => format!("{scheme}://{server}"),
        Some((_, None)) | None => place.to_owned(),
    };
    options.map_or_else(|| format!("{server}/{name}"), |options| format!("{server}/{name}?{options}"))
}

/// As the store server opens it.
fn sqlite_options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
}

/// The same statements for either database.
macro_rules! inserts {
    ($name:ident, $db:ty, $connection:ty) => {
        mod $name {
            use sqlx::{Connection as _, QueryBuilder, Row as _};

            use super::*;

            pub async fn write(
                connection: &mut $connection,
                batches: impl Iterator<Item = Batch>,
            ) -> Result<Written, sqlx::Error> {
                let store = sqlx::query("SELECT store_id FROM stores").fetch_one(&mut *connection).await?;
                let store_id: String = store.try_get("store_id")?;
                let mut written = Written::default();
                let mut sale_no = 0_i64;
                for batch in batches {
                    sqlx::query("INSERT INTO registers (store_id, number, name) VALUES ($1, $2, 'Limit')")
                        .bind(&store_id)
                        .bind(i64::from(batch.number))
                        .execute(&mut *connection)
                        .await?;
                    let began = Instant::now();
                    let mut writing = connection.begin().await?;
                    insert(&mut writing, &store_id, &batch, sale_no).await?;
                    writing.commit().await?;
                    written.took += began.elapsed();
                    sale_no += wide(batch.sales.len() as u64);
                    written.rows += batch.sales.iter().map(|(_, sale)| rows_of(sale)).sum::<u64>();
                }
                Ok(written)
            }

            async fn insert(
                writing: &mut $connection,
                store_id: &str,
                batch: &Batch,
                first_no: i64,
            ) -> Result<(), sqlx::Error> {
                let number = i64::from(batch.number);
                for chunk in batch.sales.chunks(STATEMENT_ROWS_MAX) {
                    let mut rows = QueryBuilder::<$db>::new(
                        "INSERT INTO journal (store_id, register_number, seq, kind, created_at_ms, previous_hash, \
                         hash, payload, received_at_ms) ",
                    );
                    rows.push_values(chunk, |mut tuple, (entry, _)| {
                        tuple
                            .push_bind(store_id)
                            .push_bind(number)
                            .push_bind(wide(entry.seq))
                            .push_bind(i64::from(entry.kind))
                            .push_bind(entry.created_at_ms)
                            .push_bind(entry.previous_hash.as_slice())
                            .push_bind(entry.hash.as_slice())
                            .push_bind(entry.payload.as_slice())
                            .push_bind(entry.created_at_ms);
                    });
                    rows.build().execute(&mut *writing).await?;
                }
                let numbered: Vec<(i64, &OutboxEntry, &SaleRecord)> = (first_no + 1..)
                    .zip(&batch.sales)
                    .map(|(sale_no, (entry, sale))| (sale_no, entry, sale))
                    .collect();
                for chunk in numbered.chunks(STATEMENT_ROWS_MAX) {
                    let mut rows = QueryBuilder::<$db>::new(
                        "INSERT INTO sales (sale_no, store_id, register_number, receipt_counter, seq, sale_id, \
                         cashier_id, cashier_name, customer_id, customer_name, started_at_ms, finished_at_ms, \
                         utc_offset_min, currency, tax_inclusive, lines_count, total_minor, rounding_minor, \
                         change_minor, external_ref, received_at_ms) ",
                    );
                    rows.push_values(chunk, |mut tuple, (sale_no, entry, sale)| {
                        tuple
                            .push_bind(*sale_no)
                            .push_bind(store_id)
                            .push_bind(number)
                            .push_bind(i64::from(sale.receipt_counter))
                            .push_bind(wide(entry.seq))
                            .push_bind(sale.id.as_slice())
                            .push_bind(&sale.cashier_id)
                            .push_bind(&sale.cashier_name)
                            .push_bind(&sale.customer_id)
                            .push_bind(&sale.customer_name)
                            .push_bind(sale.started_at_ms)
                            .push_bind(sale.finished_at_ms)
                            .push_bind(i64::from(sale.utc_offset_min))
                            .push_bind(&sale.currency)
                            .push_bind(sale.tax_inclusive)
                            .push_bind(wide(sale.lines.len() as u64))
                            .push_bind(sale.total_minor)
                            .push_bind(sale.rounding_minor)
                            .push_bind(sale.change_minor)
                            .push_bind(&sale.external_ref)
                            .push_bind(entry.created_at_ms);
                    });
                    rows.build().execute(&mut *writing).await?;
                }
                let lines: Vec<_> = numbered
                    .iter()
                    .flat_map(|(sale_no, _, sale)| sale.lines.iter().map(move |line| (*sale_no, line)))
                    .collect();
                for chunk in lines.chunks(STATEMENT_ROWS_MAX) {
                    let mut rows = QueryBuilder::<$db>::new(
                        "INSERT INTO sale_lines (sale_no, line_no, sku, name, unit, quantity_milli, \
                         unit_price_minor, amount_minor, tax_code, tax_rate_ppm) ",
                    );
                    rows.push_values(chunk, |mut tuple, (sale_no, line)| {
                        tuple
                            .push_bind(*sale_no)
                            .push_bind(i64::from(line.line_no))
                            .push_bind(&line.sku)
                            .push_bind(&line.name)
                            .push_bind(&line.unit)
                            .push_bind(line.quantity_milli)
                            .push_bind(line.unit_price_minor)
                            .push_bind(line.amount_minor)
                            .push_bind(&line.tax_code)
                            .push_bind(i64::from(line.tax_rate_ppm));
                    });
                    rows.build().execute(&mut *writing).await?;
                }
                let tax: Vec<_> = numbered
                    .iter()
                    .flat_map(|(sale_no, _, sale)| sale.tax.iter().map(move |tax| (*sale_no, tax)))
                    .collect();
                for chunk in tax.chunks(STATEMENT_ROWS_MAX) {
                    let mut rows = QueryBuilder::<$db>::new(
                        "INSERT INTO sale_tax (sale_no, code, rate_ppm, net_minor, tax_minor, gross_minor) ",
                    );
                    rows.push_values(chunk, |mut tuple, (sale_no, tax)| {
                        tuple
                            .push_bind(*sale_no)
                            .push_bind(&tax.code)
                            .push_bind(i64::from(tax.rate_ppm))
                            .push_bind(tax.net_minor)
                            .push_bind(tax.tax_minor)
                            .push_bind(tax.gross_minor);
                    });
                    rows.build().execute(&mut *writing).await?;
                }
                let tenders: Vec<_> = numbered
                    .iter()
                    .flat_map(|(sale_no, _, sale)| {
                        (1_i64..).zip(&sale.tenders).map(move |(no, tender)| (*sale_no, no, tender))
                    })
                    .collect();
                for chunk in tenders.chunks(STATEMENT_ROWS_MAX) {
                    let mut rows = QueryBuilder::<$db>::new(
                        "INSERT INTO sale_tenders (sale_no, tender_no, code, amount_minor) ",
                    );
                    rows.push_values(chunk, |mut tuple, (sale_no, tender_no, tender)| {
                        tuple
                            .push_bind(*sale_no)
                            .push_bind(*tender_no)
                            .push_bind(&tender.code)
                            .push_bind(tender.amount_minor);
                    });
                    rows.build().execute(&mut *writing).await?;
                }
                Ok(())
            }
        }
    };
}

inserts!(sqlite, sqlx::Sqlite, sqlx::SqliteConnection);
inserts!(postgres, sqlx::Postgres, sqlx::PgConnection);

fn wide(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_is_at_the_same_place() {
        let check = |address, expected| assert_eq!(database_at(address, "x"), expected);
        check("postgres://me@localhost/postgres?host=/tmp/a", "postgres://me@localhost/x?host=/tmp/a");
        check("postgres://me:secret@db:5432", "postgres://me:secret@db:5432/x");
    }
}
