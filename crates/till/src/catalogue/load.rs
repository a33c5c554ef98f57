//! From the offline database into memory: all of it at the start, later only what has changed.

use std::sync::Arc;

use holdfast_browser_store::{AskedRows, ScopeDatabase};
use holdfast_profile::TableId;
use holdfast_protocol::decode;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Catalogue;
use super::barcodes::BarcodesBuilder;
use super::products::{PricesBuilder, Products, ProductsBuilder};
use super::search::SearchIndex;
use super::shop::Shop;
use crate::browser::turns::Turns;
use crate::each_row::each_row;
use crate::till::{Stage, Till};

/// How long the worker is given to mend a table before it is asked again, milliseconds.
const MEND_WITHIN_MS: i64 = 15_000;

/// Which parts of the catalogue have to be read again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Parts {
    shop: bool,
    products: bool,
    prices: bool,
    barcodes: bool,
}

impl Parts {
    const ALL: Parts = Parts { shop: true, products: true, prices: true, barcodes: true };

    fn of(tables: &[TableId]) -> Parts {
        let mut parts = Parts::default();
        for table in tables {
            match table {
                TableId::Store
                | TableId::Staff
                | TableId::TaxRate
                | TableId::Currency
                | TableId::TenderType
                | TableId::Category => parts.shop = true,
                // Prices and barcodes point into the products' columns.
                TableId::Product => parts = Parts { shop: parts.shop, ..Parts::ALL },
                TableId::Price => parts.prices = true,
                TableId::Barcode => parts.barcodes = true,
                TableId::Register
                | TableId::Hardware
                | TableId::Discount
                | TableId::Customer
                | TableId::Sale
                | TableId::Shift
                | TableId::SuspendedSale => {}
            }
        }
        parts
    }

    fn joined(self, other: Parts) -> Parts {
        Parts {
            shop: self.shop || other.shop,
            products: self.products || other.products,
            prices: self.prices || other.prices,
            barcodes: self.barcodes || other.barcodes,
        }
    }
}

/// What is being read and what must be read after it.
#[derive(Debug, Clone, Copy)]
pub struct Loading {
    is_reading: StoredValue<bool>,
    pending: StoredValue<Parts>,
    asked_to_mend_at_ms: StoredValue<i64>,
    /// Whether all that the profile names was read, and is not enough to open the till.
    pub lacks: RwSignal<bool>,
}

impl Loading {
    /// Nothing.
    pub fn new() -> Loading {
        Loading {
            is_reading: StoredValue::new(false),
            pending: StoredValue::new(Parts::default()),
            asked_to_mend_at_ms: StoredValue::new(0),
            lacks: RwSignal::new(false),
        }
    }
}

impl Default for Loading {
    fn default() -> Self {
        Loading::new()
    }
}

/// Reads everything.
pub fn load_all(till: Till) {
    load(till, Parts::ALL);
}

/// Reads everything and waits for its end; where another reading is under way, that one reads all of it again, and
/// nobody waits for it here.
pub async fn load_first(till: Till) {
    if begin(till, Parts::ALL) {
        read_pending(till).await;
    }
}

/// Reads again what these tables are part of: of a till that is open, and where they change under a reading, which has
/// asked for all its tables at its start. Otherwise nothing is read: the tables that a till needs are not all there yet,
/// and all of them are read once they are.
pub fn tables_changed(till: Till, tables: &[TableId]) {
    let is_ready = till.stage.with_untracked(|stage| *stage == Stage::Ready);
    if is_ready || till.loading.is_reading.get_value() {
        load(till, Parts::of(tables));
    }
}

fn load(till: Till, parts: Parts) {
    if begin(till, parts) {
        spawn_local(read_pending(till));
    }
}

/// Notes what is to be read; whether the caller has to. One reading at a time: what changes meanwhile is read after it,
/// so that the newest is in memory at last.
fn begin(till: Till, parts: Parts) -> bool {
    let loading = till.loading;
    loading.pending.update_value(|pending| *pending = pending.joined(parts));
    let begins = !loading.is_reading.get_value();
    loading.is_reading.set_value(true);
    begins
}

async fn read_pending(till: Till) {
    let loading = till.loading;
    loop {
        let parts = loading.pending.get_value();
        if parts == Parts::default() {
            break;
        }
        loading.pending.set_value(Parts::default());
        read_into(till, parts).await;
    }
    loading.is_reading.set_value(false);
}

async fn read_into(till: Till, parts: Parts) {
    let Some(scopes) = till.scopes() else { return };
    let mut catalogue = till.catalogue.get_untracked();
    match read(&scopes, &mut catalogue, parts).await {
        Ok(()) => show(till, catalogue),
        // What is in memory stays; the worker fetches what is damaged and then says what has changed.
        Err(error) => {
            leptos::logging::warn!("the offline database can't be read: {error}");
            // A till that has nothing in memory yet shows what it waits for, and reads again once all is there.
            if till.stage.with_untracked(|stage| *stage == Stage::Starting) {
                till.stage.set(Stage::Download);
            }
            ask_to_mend(till);
        }
    }
}

/// Asks the worker to fetch what is damaged; not again while it may still be at it.
pub fn ask_to_mend(till: Till) {
    let now_ms = now_ms();
    let asked_at_ms = till.loading.asked_to_mend_at_ms;
    if (now_ms - asked_at_ms.get_value()).abs() < MEND_WITHIN_MS {
        return;
    }
    asked_at_ms.set_value(now_ms);
    if let Some(link) = till.link() {
        link.send(&ToWorker::ReadAgain);
    }
}

/// Puts the catalogue in its place and opens the till, if the catalogue is enough to sell with.
fn show(till: Till, catalogue: Catalogue) {
    if let Some((currency, tax_mode)) = catalogue.shop.terms() {
        till.basket.follow_store(currency, tax_mode);
    }
    let can_sign_in = catalogue.shop.store.is_some() && !catalogue.shop.staff.is_empty();
    let has_products = !catalogue.products.is_empty();
    till.catalogue.set(catalogue);
    let told = till.connection.status.with_untracked(|status| status.as_ref().map(|s| s.ready_to_sell));
    let ready = told.unwrap_or(has_products);
    till.loading.lacks.set(told == Some(true) && !can_sign_in);
    let opens = till.stage.with_untracked(|stage| match stage {
        Stage::Starting | Stage::Download => true,
        Stage::NoServiceWorker | Stage::OtherTab | Stage::Failed(_) | Stage::Activation | Stage::Ready => {
            false
        }
    });
    if opens {
        till.stage.set(if can_sign_in && ready { Stage::Ready } else { Stage::Download });
    }
}

async fn read(scopes: &ScopeDatabase, catalogue: &mut Catalogue, parts: Parts) -> Result<(), String> {
    // All are asked for at once: the browser fetches the next from its disk while one is read here.
    let ask = |is_wanted: bool, table| is_wanted.then(|| scopes.ask_for_rows(table));
    let shop = parts.shop.then(|| read_shop(scopes));
    let products = ask(parts.products, TableId::Product);
    let prices = ask(parts.prices, TableId::Price);
    let barcodes = ask(parts.barcodes, TableId::Barcode);
    if let Some(shop) = shop {
        catalogue.shop = Arc::new(shop.await?);
    }
    if let Some(asked) = products {
        let (products, search) = read_products(asked).await?;
        catalogue.products = Arc::new(products);
        catalogue.search = Arc::new(search);
    }
    if let Some(asked) = prices {
        let mut builder = PricesBuilder::new(&catalogue.products);
        each_row(asked, &mut |_, row| decode(row).map(|row| builder.push(&row))).await?;
        catalogue.prices = Arc::new(builder.finish());
    }
    if let Some(asked) = barcodes {
        let mut builder = BarcodesBuilder::new(&catalogue.products);
        each_row(asked, &mut |_, row| decode(row).map(|row| builder.push(&row))).await?;
        catalogue.barcodes = Arc::new(builder.finish());
    }
    Ok(())
}

/// The products, sorted and indexed, without ever holding up the page.
async fn read_products(asked: AskedRows) -> Result<(Products, SearchIndex), String> {
    let mut builder = ProductsBuilder::default();
    each_row(asked, &mut |_, row| decode(row).map(|row| builder.push(&row))).await?;
    let mut turns = Turns::begin();
    let mut sorting = builder.sort();
    while !sorting.step() {
        turns.give().await;
    }
    let products = sorting.finish();
    let mut search = SearchIndex::default();
    while !search.add_some(&products) {
        turns.give().await;
    }
    Ok((products, search))
}

/// Asks for the small tables now; what it gives reads them.
fn read_shop(scopes: &ScopeDatabase) -> impl Future<Output = Result<Shop, String>> + use<> {
    let store = scopes.ask_for_rows(TableId::Store);
    let currencies = scopes.ask_for_rows(TableId::Currency);
    let tax_rates = scopes.ask_for_rows(TableId::TaxRate);
    let tenders = scopes.ask_for_rows(TableId::TenderType);
    let staff = scopes.ask_for_rows(TableId::Staff);
    let categories = scopes.ask_for_rows(TableId::Category);
    async move {
        let mut shop = Shop {
            store: rows(store).await?.into_iter().next(),
            currencies: rows(currencies).await?,
            tax_rates: rows(tax_rates).await?,
            tenders: rows(tenders).await?,
            staff: rows(staff).await?,
            categories: rows(categories).await?,
        };
        shop.sort();
        Ok(shop)
    }
}

/// The rows of a small table.
async fn rows<T>(asked: AskedRows) -> Result<Vec<T>, String>
where
    T: for<'b> minicbor::Decode<'b, ()>,
{
    let mut rows = Vec::new();
    each_row(asked, &mut |_, row| decode(row).map(|row| rows.push(row))).await?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_product_table_brings_prices_and_barcodes_along() {
        let parts = Parts::of(&[TableId::Product, TableId::Sale]);
        assert_eq!(parts, Parts { shop: false, products: true, prices: true, barcodes: true });
        assert_eq!(Parts::of(&[TableId::Price]), Parts { prices: true, ..Parts::default() });
        assert_eq!(Parts::of(&[TableId::Staff, TableId::Product]), Parts::ALL);
        assert_eq!(Parts::of(&[TableId::Customer]), Parts::default());
    }
}
