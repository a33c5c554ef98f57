//! Finding products and customers for registers that don't keep them. Nothing here writes or locks: a search reads the
//! narrow rows of `search_texts` from one end to the other, and then the few rows that it found.

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_protocol::rows::ProductRow;
use sqlx::QueryBuilder;

use super::search_texts::{table_no, texts_are_whole};
use super::values::narrow;
use super::write::push_list;
use super::{Backend, Connection, Db};
use crate::database::{CodeHits, DatabaseError, FeedId, Hits, ProductHit, RowHit};
use crate::look_up::{LookedFor, Searched};

/// Behind every text that begins with what is before it.
const LAST: char = '\u{10ffff}';

impl Backend {
    pub(in crate::database) async fn look_up_code(
        &self,
        store_id: &str,
        wanted: &LookedFor,
    ) -> Result<CodeHits, DatabaseError> {
        let mut reading = self.begin_read().await?;
        let sku = match sku_of(&mut reading, store_id, wanted).await? {
            Some(sku) => Some(sku),
            None => sku_of_barcode(&mut reading, store_id, wanted).await?,
        };
        let product = products(&mut reading, store_id, sku.as_slice()).await?.pop();
        let number = [wanted.text().to_owned()];
        let customer = live_rows(&mut reading, store_id, TableId::Customer, &number).await?.pop_first();
        Ok(CodeHits { product, customer: customer.map(|(_, row)| row) })
    }

    pub(in crate::database) async fn search_products(
        &self,
        store_id: &str,
        wanted: &LookedFor,
        hits_max: usize,
    ) -> Result<Option<Hits<ProductHit>>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        if !texts_are_whole(&mut reading, store_id, Searched::Products).await? {
            return Ok(None);
        }
        // Tills show them in this order.
        let mut skus: Vec<String> = Vec::new();
        skus.extend(sku_of_barcode(&mut reading, store_id, wanted).await?);
        add_new(&mut skus, skus_beginning(&mut reading, store_id, wanted, hits_max + 1).await?);
        if skus.len() <= hits_max {
            add_new(&mut skus, skus_by_name(&mut reading, store_id, wanted, hits_max + 1).await?);
        }
        let more = skus.len() > hits_max;
        skus.truncate(hits_max);
        let found = products(&mut reading, store_id, &skus).await?;
        Ok(Some(Hits { found, more }))
    }

    pub(in crate::database) async fn search_customers(
        &self,
        store_id: &str,
        wanted: &LookedFor,
        hits_max: usize,
    ) -> Result<Option<Hits<RowHit>>, DatabaseError> {
        let mut reading = self.begin_read().await?;
        if !texts_are_whole(&mut reading, store_id, Searched::Customers).await? {
            return Ok(None);
        }
        let mut numbers = numbers_of_customers(&mut reading, store_id, wanted, hits_max + 1).await?;
        let more = numbers.len() > hits_max;
        numbers.truncate(hits_max);
        let mut rows = live_rows(&mut reading, store_id, TableId::Customer, &numbers).await?;
        Ok(Some(Hits { found: numbers.iter().filter_map(|number| rows.remove(number)).collect(), more }))
    }
}

fn add_new(skus: &mut Vec<String>, found: Vec<String>) {
    for sku in found {
        if !skus.contains(&sku) {
            skus.push(sku);
        }
    }
}

/// The product with this sku. No two skus differ in case only, so there is one at most.
async fn sku_of(
    reading: &mut Connection,
    store_id: &str,
    wanted: &LookedFor,
) -> Result<Option<String>, DatabaseError> {
    let sku: Option<String> =
        sqlx::query_scalar("SELECT sku FROM products WHERE store_id = $1 AND sku_folded = $2")
            .bind(store_id)
            .bind(wanted.text().to_lowercase())
            .fetch_optional(&mut *reading)
            .await?;
    Ok(sku.filter(|sku| wanted.is_sku(sku)))
}

async fn sku_of_barcode(
    reading: &mut Connection,
    store_id: &str,
    wanted: &LookedFor,
) -> Result<Option<String>, DatabaseError> {
    let Some(gtin) = wanted.barcode_key() else { return Ok(None) };
    Ok(sqlx::query_scalar("SELECT sku FROM barcodes WHERE store_id = $1 AND gtin = $2")
        .bind(store_id)
        .bind(gtin)
        .fetch_optional(&mut *reading)
        .await?)
}

/// Skus that begin with the text, in their order.
async fn skus_beginning(
    reading: &mut Connection,
    store_id: &str,
    wanted: &LookedFor,
    hits_max: usize,
) -> Result<Vec<String>, DatabaseError> {
    let code = Searched::Products.code(wanted.text());
    Ok(sqlx::query_scalar(
        "SELECT key FROM search_texts WHERE store_id = $1 AND table_no = $2 AND code >= $3 AND code < $4 \
         ORDER BY code, key LIMIT $5",
    )
    .bind(store_id)
    .bind(table_no(Searched::Products))
    .bind(&code)
    .bind(format!("{code}{LAST}"))
    .bind(limit(hits_max))
    .fetch_all(&mut *reading)
    .await?)
}

/// Products whose names hold all words: first those where each is the beginning of a word, best sellers first in both,
/// and by their folded names behind these.
async fn skus_by_name(
    reading: &mut Connection,
    store_id: &str,
    wanted: &LookedFor,
    hits_max: usize,
) -> Result<Vec<String>, DatabaseError> {
    if wanted.words().is_empty() {
        return Ok(Vec::new());
    }
    let mut select = select_texts(store_id, Searched::Products);
    push_words(&mut select, wanted, "%");
    select.push(" ORDER BY CASE WHEN ");
    push_words(&mut select, wanted, "% ");
    select.push(" THEN 0 ELSE 1 END, place, name, key LIMIT ").push_bind(limit(hits_max));
    Ok(select.build_query_scalar().persistent(false).fetch_all(&mut *reading).await?)
}

/// Customers by all words of the name, by digits of the telephone number, or by the beginning of their number; by name.
async fn numbers_of_customers(
    reading: &mut Connection,
    store_id: &str,
    wanted: &LookedFor,
    hits_max: usize,
) -> Result<Vec<String>, DatabaseError> {
    let mut select = select_texts(store_id, Searched::Customers);
    select.push("(code >= ").push_bind(wanted.text()).push(" AND code < ");
    select.push_bind(format!("{}{LAST}", wanted.text()));
    if !wanted.words().is_empty() {
        select.push(" OR ");
        push_words(&mut select, wanted, "%");
    }
    if let Some(digits) = wanted.phone_digits() {
        select.push(" OR digits LIKE ").push_bind(format!("%{digits}%"));
    }
    select.push(") ORDER BY name, key LIMIT ").push_bind(limit(hits_max));
    Ok(select.build_query_scalar().persistent(false).fetch_all(&mut *reading).await?)
}

/// Begins to choose keys of a table by what follows.
fn select_texts(store_id: &str, searched: Searched) -> QueryBuilder<Db> {
    let mut select = QueryBuilder::<Db>::new("SELECT key FROM search_texts WHERE store_id = ");
    select.push_bind(store_id).push(" AND table_no = ").push_bind(table_no(searched));
    select.push(" AND ");
    select
}

/// That a name has all words behind `before`; a folded text has nothing that means something else in a pattern.
fn push_words(select: &mut QueryBuilder<Db>, wanted: &LookedFor, before: &str) {
    let mut words = select.separated(" AND ");
    for word in wanted.words() {
        words.push("name LIKE ").push_bind_unseparated(format!("{before}{word}%"));
    }
}

fn limit(hits_max: usize) -> i64 {
    i64::try_from(hits_max).unwrap_or(i64::MAX)
}

/// These products in this order, with their prices and the rates of their tax codes.
async fn products(
    reading: &mut Connection,
    store_id: &str,
    skus: &[String],
) -> Result<Vec<ProductHit>, DatabaseError> {
    let mut rows = live_rows(reading, store_id, TableId::Product, skus).await?;
    let mut prices = live_rows(reading, store_id, TableId::Price, skus).await?;
    let mut tax_codes = BTreeMap::new();
    for (sku, row) in &rows {
        let product: ProductRow = holdfast_protocol::decode(&row.body)
            .map_err(|error| DatabaseError::Damaged(format!("product {sku}: {error}")))?;
        tax_codes.insert(sku.clone(), product.tax_code);
    }
    let mut codes: Vec<String> = tax_codes.values().cloned().collect();
    codes.sort();
    codes.dedup();
    let rates = live_rows(reading, store_id, TableId::TaxRate, &codes).await?;
    let hit = |sku: &String| {
        let rate = tax_codes.get(sku).and_then(|code| rates.get(code));
        Some(ProductHit {
            product: rows.remove(sku)?.body,
            price: prices.remove(sku).map(|row| row.body),
            tax_rate: rate.map(|row| row.body.clone()),
        })
    };
    Ok(skus.iter().filter_map(hit).collect())
}

/// Those of these rows that are there, as registers get them.
async fn live_rows(
    reading: &mut Connection,
    store_id: &str,
    table: TableId,
    keys: &[String],
) -> Result<BTreeMap<String, RowHit>, DatabaseError> {
    if keys.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut query = QueryBuilder::<Db>::new("SELECT key, version, body FROM feed WHERE store_id = ");
    query.push_bind(store_id).push(" AND table_no = ").push_bind(FeedId::from(table).number());
    query.push(" AND body IS NOT NULL AND key IN (");
    push_list(&mut query, keys);
    let found: Vec<(String, i64, Vec<u8>)> =
        query.build_query_as().persistent(false).fetch_all(&mut *reading).await?;
    let row = |(key, version, body)| Ok((key, RowHit { version: narrow(version, "row version")?, body }));
    found.into_iter().map(row).collect()
}
