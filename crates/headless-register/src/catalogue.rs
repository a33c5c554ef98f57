//! What a register sells from: the rows of its own offline database.

use std::collections::BTreeMap;

use holdfast_domain::money::UnknownCurrency;
use holdfast_domain::{Currency, CustomerRef, ItemToSell, TaxMode, Unit};
use holdfast_profile::TableId;
use holdfast_protocol::rows::{CurrencyRow, CustomerRow, ProductRow, StaffRow, StoreRow, TaxRateRow};
use holdfast_protocol::{CodecError, decode};
use holdfast_sync::StoreError;
use holdfast_sync::memory_store::MemoryStore;

use crate::baskets::InvoiceLine;

/// Why a register can't sell.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The offline database can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A row can't be read.
    #[error("a row of {table} can't be read: {source}")]
    Row {
        /// Of which table.
        table: TableId,
        /// Why.
        source: CodecError,
    },
    /// A table without which nothing can be sold is empty.
    #[error("the offline database has no {0}")]
    Missing(TableId),
    /// The store's currency is none.
    #[error(transparent)]
    Currency(#[from] UnknownCurrency),
}

/// The offline database, decoded.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The store's currency.
    pub currency: Currency,
    /// Whether its prices hold their tax.
    pub tax_mode: TaxMode,
    /// Smallest coin, minor units.
    pub cash_increment_minor: u32,
    /// Who sells.
    pub cashier: StaffRow,
    products: BTreeMap<String, ProductRow>,
    customers: BTreeMap<String, CustomerRow>,
    tax_rates: BTreeMap<String, TaxRateRow>,
    /// For what is not in the catalogue: the highest rate.
    default_tax: TaxRateRow,
}

impl Catalogue {
    /// Reads a register's offline database.
    ///
    /// # Errors
    /// [`CatalogueError`] when something is missing or damaged.
    pub fn read(store: &MemoryStore) -> Result<Catalogue, CatalogueError> {
        let shop: StoreRow = first(store, TableId::Store)?;
        let currency = Currency::from_code(&shop.currency)?;
        let currencies: BTreeMap<String, CurrencyRow> = rows(store, TableId::Currency)?;
        let tax_rates: BTreeMap<String, TaxRateRow> = rows(store, TableId::TaxRate)?;
        let highest = tax_rates.values().max_by_key(|rate| rate.rate_ppm).cloned();
        Ok(Catalogue {
            currency,
            tax_mode: if shop.prices_include_tax { TaxMode::Inclusive } else { TaxMode::Exclusive },
            cash_increment_minor: currencies.get(currency.code()).map_or(1, |row| row.cash_increment_minor),
            cashier: first(store, TableId::Staff)?,
            products: rows(store, TableId::Product)?,
            customers: rows(store, TableId::Customer)?,
            default_tax: highest.ok_or(CatalogueError::Missing(TableId::TaxRate))?,
            tax_rates,
        })
    }

    /// How many products it has.
    pub fn products_count(&self) -> usize {
        self.products.len()
    }

    /// The line's product at the line's price. What the catalogue lacks is sold as the line names it.
    pub fn item(&self, line: &InvoiceLine) -> ItemToSell {
        let product = self.products.get(&line.sku);
        let tax = product.and_then(|product| self.tax_rates.get(&product.tax_code));
        let tax = tax.unwrap_or(&self.default_tax);
        let name = match product {
            Some(product) if line.description.is_empty() => &product.name,
            Some(_) | None => &line.description,
        };
        ItemToSell {
            sku: line.sku.clone(),
            name: name.clone(),
            unit: product.and_then(|product| Unit::from_code(&product.unit)).unwrap_or(Unit::Each),
            unit_price: line.unit_price,
            tax_code: tax.code.clone(),
            tax_rate_ppm: tax.rate_ppm,
        }
    }

    /// The customer with this id; one that the offline database lacks is named by the id.
    pub fn customer(&self, id: &str) -> Option<CustomerRef> {
        let name = self.customers.get(id).map_or(id, |row| &row.name);
        (!id.is_empty()).then(|| CustomerRef { id: id.to_owned(), name: name.to_owned() })
    }
}

fn rows<T>(store: &MemoryStore, table: TableId) -> Result<BTreeMap<String, T>, CatalogueError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    let changes = store.rows(table)?;
    let rows = changes.into_iter().filter_map(|(key, change)| Some((key, change.body?)));
    rows.map(|(key, body)| match decode(&body) {
        Ok(row) => Ok((key, row)),
        Err(source) => Err(CatalogueError::Row { table, source }),
    })
    .collect()
}

fn first<T>(store: &MemoryStore, table: TableId) -> Result<T, CatalogueError>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    rows(store, table)?.into_values().next().ok_or(CatalogueError::Missing(table))
}
