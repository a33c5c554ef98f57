//! `POST /api/v1/look-up`: what the register does not keep.

use axum::extract::State;
use holdfast_profile::{Profile, RowError, TableId};
use holdfast_protocol::look_up::{
    FoundCustomer, FoundProduct, LOOK_UP_HITS_MAX, LookUpReply, LookUpRequest, Wanted,
};

use super::message::Message;
use super::registered::Registered;
use crate::app::App;
use crate::database::{CodeHits, DatabaseError, Hits, ProductHit, RowHit};
use crate::error::{ApiError, RegisterError};
use crate::look_up::{LookedFor, Searched};

/// What one look-up found.
#[derive(Debug, Default)]
struct Found {
    products: Vec<ProductHit>,
    customers: Vec<RowHit>,
    more: bool,
}

impl Found {
    fn by_code(CodeHits { product, customer }: CodeHits) -> Found {
        let (products, customers) = (product.into_iter().collect(), customer.into_iter().collect());
        Found { products, customers, more: false }
    }

    fn products(Hits { found, more }: Hits<ProductHit>) -> Found {
        Found { products: found, customers: Vec::new(), more }
    }

    fn customers(Hits { found, more }: Hits<RowHit>) -> Found {
        Found { products: Vec::new(), customers: found, more }
    }
}

/// Gives products or customers of the register's own store, whatever its profile keeps of them.
pub async fn look_up(
    State(app): State<App>,
    registered: Registered,
    Message(request): Message<LookUpRequest>,
) -> Result<Message<LookUpReply>, RegisterError> {
    let wanted = LookedFor::read(&request.text)?;
    let _place = app.admission().look_up().await.map_err(ApiError::Busy)?;
    let store_id = &registered.0.key.store_id;
    let found = match request.wanted {
        Wanted::Code => Found::by_code(app.database().look_up_code(store_id, &wanted).await?),
        // As in a till: marks alone stand for no product.
        Wanted::Products if wanted.words().is_empty() => Found::default(),
        Wanted::Products => search(&app, store_id, Searched::Products, &wanted).await?,
        Wanted::Customers => search(&app, store_id, Searched::Customers, &wanted).await?,
    };
    let profile = registered.profile_in_use(&app).await?;
    let products: Result<_, DatabaseError> =
        found.products.into_iter().map(|hit| found_product(&profile, hit)).collect();
    let customers: Result<_, DatabaseError> =
        found.customers.into_iter().map(|hit| found_customer(&profile, hit)).collect();
    Ok(Message(LookUpReply { products: products?, customers: customers?, more: found.more }))
}

/// Searches a table; where search texts are missing, these are made first.
async fn search(
    app: &App,
    store_id: &str,
    searched: Searched,
    wanted: &LookedFor,
) -> Result<Found, DatabaseError> {
    if let Some(found) = search_texts(app, store_id, searched, wanted).await? {
        return Ok(found);
    }
    app.search_texts().make(app.database(), store_id, searched).await?;
    search_texts(app, store_id, searched, wanted).await?.ok_or(DatabaseError::Busy)
}

/// Searches a table; nothing is found, not even that there is nothing, while search texts are missing.
async fn search_texts(
    app: &App,
    store_id: &str,
    searched: Searched,
    wanted: &LookedFor,
) -> Result<Option<Found>, DatabaseError> {
    let database = app.database();
    Ok(match searched {
        Searched::Products => {
            database.search_products(store_id, wanted, LOOK_UP_HITS_MAX).await?.map(Found::products)
        }
        Searched::Customers => {
            database.search_customers(store_id, wanted, LOOK_UP_HITS_MAX).await?.map(Found::customers)
        }
    })
}

fn found_product(profile: &Profile, hit: ProductHit) -> Result<FoundProduct, DatabaseError> {
    let price = hit.price.map(|body| read(profile, TableId::Price, &body)).transpose()?;
    let tax_rate = hit.tax_rate.map(|body| read(profile, TableId::TaxRate, &body)).transpose()?;
    Ok(FoundProduct { product: read(profile, TableId::Product, &hit.product)?, price, tax_rate })
}

fn found_customer(profile: &Profile, hit: RowHit) -> Result<FoundCustomer, DatabaseError> {
    let body = kept(profile, TableId::Customer, &hit.body)?;
    Ok(FoundCustomer { body: body.into(), version: hit.version })
}

fn read<T: for<'b> minicbor::Decode<'b, ()>>(
    profile: &Profile,
    table: TableId,
    body: &[u8],
) -> Result<T, DatabaseError> {
    holdfast_protocol::decode(&kept(profile, table, body)?)
        .map_err(|error| DatabaseError::Damaged(format!("a row of table {table}: {error}")))
}

/// A row as the register would keep it: without the columns that its profile leaves out. What a till can't sell without
/// is in every field list, so that a product stays one that can be sold. Of a table that the profile does not have nothing
/// is left out.
fn kept(profile: &Profile, table: TableId, body: &[u8]) -> Result<Vec<u8>, DatabaseError> {
    let damaged = |error: RowError| DatabaseError::Damaged(error.to_string());
    match profile.entry(table) {
        Some((_, entry)) => entry.keep_columns(body).map_err(damaged),
        None => Ok(body.to_vec()),
    }
}
