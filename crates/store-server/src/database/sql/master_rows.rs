//! The relational tables of master data: which columns each has, and how a row is written or deleted.

use holdfast_profile::TableId;
use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;

use super::{Connection, Db};
use crate::database::{DatabaseError, MasterRow};

/// Where a table's rows are kept.
struct Layout {
    table: &'static str,
    key: &'static str,
    /// The columns after `store_id`, the key first.
    columns: &'static [&'static str],
}

/// Writes rows of one table, new or changed; no key twice.
pub async fn upsert_rows(
    writing: &mut Connection,
    store_id: &str,
    table: TableId,
    rows: &[&MasterRow],
) -> Result<(), DatabaseError> {
    let layout = layout(table)?;
    let mut insert = QueryBuilder::<Db>::new("INSERT INTO ");
    insert.push(layout.table).push(" (store_id, ").push(layout.columns.join(", ")).push(") ");
    insert.push_values(rows, |mut tuple, row| {
        tuple.push_bind(store_id);
        push_columns(&mut tuple, row);
    });
    insert.push(" ON CONFLICT (store_id");
    // The store's key is its id.
    if layout.key != "store_id" {
        insert.push(", ").push(layout.key);
    }
    insert.push(") DO UPDATE SET ");
    let mut changes = insert.separated(", ");
    for column in layout.columns.iter().filter(|column| **column != layout.key) {
        changes.push(format_args!("{column} = excluded.{column}"));
    }
    insert.build().persistent(false).execute(&mut *writing).await?;
    Ok(())
}

/// Deletes rows of one table.
pub async fn delete_rows(
    writing: &mut Connection,
    store_id: &str,
    table: TableId,
    keys: &[String],
) -> Result<(), DatabaseError> {
    let layout = layout(table)?;
    let mut delete = QueryBuilder::<Db>::new("DELETE FROM ");
    delete.push(layout.table).push(" WHERE store_id = ").push_bind(store_id);
    delete.push(" AND ").push(layout.key).push(" IN (");
    let mut list = delete.separated(", ");
    for key in keys {
        // The feed's keys are text; a register's number is one in its table.
        if table == TableId::Register {
            list.push_bind(key.parse::<i64>().ok());
        } else {
            list.push_bind(key);
        }
    }
    list.push_unseparated(")");
    delete.build().persistent(false).execute(&mut *writing).await?;
    Ok(())
}

fn layout(table: TableId) -> Result<Layout, DatabaseError> {
    let (table, key, columns): (_, _, &'static [&'static str]) = match table {
        TableId::Store => (
            "stores",
            "store_id",
            &["name", "address", "tax_number", "currency", "prices_include_tax", "receipt_footer"],
        ),
        TableId::Register => ("registers", "number", &["number", "name"]),
        TableId::Staff => {
            ("staff", "id", &["id", "name", "is_manager", "pin_salt", "pin_rounds", "pin_verifier"])
        }
        TableId::TaxRate => ("tax_rates", "code", &["code", "name", "rate_ppm"]),
        TableId::Currency => ("currencies", "code", &["code", "sign", "cash_increment_minor"]),
        TableId::TenderType => ("tender_types", "code", &["code", "name", "offline_limit_minor"]),
        TableId::Category => ("categories", "code", &["code", "name", "position", "hue"]),
        TableId::Product => {
            ("products", "sku", &["sku", "sku_folded", "name", "category", "unit", "tax_code", "rank"])
        }
        TableId::Barcode => ("barcodes", "gtin", &["gtin", "sku"]),
        TableId::Price => ("prices", "sku", &["sku", "price_minor"]),
        TableId::Customer => ("customers", "id", &["id", "name", "country", "phone", "email"]),
        TableId::Hardware | TableId::Discount | TableId::Sale | TableId::Shift | TableId::SuspendedSale => {
            return Err(DatabaseError::Damaged(format!("rows of table {table} are not written here")));
        }
    };
    Ok(Layout { table, key, columns })
}

/// Binds a row's columns in the order of its [`Layout`].
fn push_columns(tuple: &mut Separated<'_, Db, &'static str>, row: &MasterRow) {
    match row {
        MasterRow::Store(row) => {
            tuple
                .push_bind(&row.name)
                .push_bind(row.address.join("\n"))
                .push_bind(&row.tax_number)
                .push_bind(&row.currency)
                .push_bind(row.prices_include_tax)
                .push_bind(&row.receipt_footer);
        }
        MasterRow::Register(row) => {
            // The key in the feed is text; a number is deleted by the same text, which SQLite converts.
            tuple.push_bind(i64::from(row.number)).push_bind(&row.name);
        }
        MasterRow::Staff(row) => {
            tuple
                .push_bind(&row.id)
                .push_bind(&row.name)
                .push_bind(row.is_manager)
                .push_bind(row.pin_salt.as_slice())
                .push_bind(i64::from(row.pin_rounds))
                .push_bind(row.pin_verifier.as_slice());
        }
        MasterRow::TaxRate(row) => {
            tuple.push_bind(&row.code).push_bind(&row.name).push_bind(i64::from(row.rate_ppm));
        }
        MasterRow::Currency(row) => {
            tuple.push_bind(&row.code).push_bind(&row.sign).push_bind(i64::from(row.cash_increment_minor));
        }
        MasterRow::TenderType(row) => {
            tuple.push_bind(&row.code).push_bind(&row.name).push_bind(row.offline_limit_minor);
        }
        MasterRow::Category(row) => {
            tuple
                .push_bind(&row.code)
                .push_bind(&row.name)
                .push_bind(i64::from(row.position))
                .push_bind(i64::from(row.hue));
        }
        MasterRow::Product(row) => {
            let category = (!row.category.is_empty()).then_some(&row.category);
            tuple
                .push_bind(&row.sku)
                .push_bind(row.sku.to_lowercase())
                .push_bind(&row.name)
                .push_bind(category)
                .push_bind(&row.unit)
                .push_bind(&row.tax_code)
                .push_bind(i64::from(row.rank));
        }
        MasterRow::Barcode(row) => {
            tuple.push_bind(&row.gtin).push_bind(&row.sku);
        }
        MasterRow::Price(row) => {
            tuple.push_bind(&row.sku).push_bind(row.price_minor);
        }
        MasterRow::Customer(row) => {
            tuple
                .push_bind(&row.id)
                .push_bind(&row.name)
                .push_bind(&row.country)
                .push_bind(&row.phone)
                .push_bind(&row.email);
        }
    }
}
