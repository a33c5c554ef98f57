//! `GET /api/admin/sales`: the sales that arrived, and each of them whole.

use axum::extract::{Path, Query, State};
use serde::{Deserialize, Serialize};

use super::json::Json;
use super::store::the_store;
use crate::address::{AddressParts, AddressQuery};
use crate::app::App;
use crate::database::{RegisterKey, SaleDetail, SaleOverview, SalesQuery};
use crate::error::{AdminError, ApiError};

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 500;

/// What is asked for; empty fields, as a form sends them, ask for nothing.
#[derive(Deserialize)]
pub struct Asked {
    register: Option<String>,
    before_seq: Option<String>,
    limit: Option<String>,
}

/// A page of sales.
#[derive(Serialize)]
pub struct Sales {
    sales: Vec<SaleOverview>,
    more: bool,
}

/// Lists sales, the last that arrived first.
pub async fn list(State(app): State<App>, query: AddressQuery<Asked>) -> Result<Json<Sales>, AdminError> {
    let Query(asked) = query?;
    let store = the_store(&app).await?;
    let limit = number(asked.limit, "limit")?.unwrap_or(LIMIT).clamp(1, LIMIT_MAX);
    let query = SalesQuery {
        register: number(asked.register, "register")?,
        before_seq: number(asked.before_seq, "before_seq")?,
        limit: limit + 1,
    };
    let mut sales = app.database().sales(&store.row.id, query).await?;
    let more = sales.len() > limit as usize;
    sales.truncate(limit as usize);
    Ok(Json(Sales { sales, more }))
}

fn number<T: std::str::FromStr>(text: Option<String>, field: &'static str) -> Result<Option<T>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let number = text.parse().map_err(|_| ApiError::Malformed(format!("{field} is not a number.")))?;
    Ok(Some(number))
}

/// Gives a whole sale.
pub async fn one(
    State(app): State<App>,
    address: AddressParts<(u16, u32)>,
) -> Result<Json<SaleDetail>, AdminError> {
    let Path((register, counter)) = address?;
    let store = the_store(&app).await?;
    let key = RegisterKey { store_id: store.row.id, number: register };
    let sale = app.database().sale(&key, counter).await?;
    Ok(Json(sale.ok_or(ApiError::NotFound)?))
}
