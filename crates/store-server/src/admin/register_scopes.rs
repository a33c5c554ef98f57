//! `GET /api/admin/registers/{number}/scopes`: what a register keeps, by the scopes of the profile that it goes by.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use holdfast_profile::{Profile, TableId};

use super::json::Json;
use super::store::the_store;
use crate::address::AddressParts;
use crate::app::App;
use crate::database::RegisterOverview;
use crate::error::{AdminError, ApiError};
use crate::profiles::register_scopes::{RegisterScopes, register_scopes};
use crate::views::Feeds;

/// Tells how each scope and each of its tables stands. Of a register that has no profile yet: of the one that it will have.
pub async fn look(
    State(app): State<App>,
    address: AddressParts<u16>,
) -> Result<Json<RegisterScopes>, AdminError> {
    let Path(number) = address?;
    let store = the_store(&app).await?;
    let mut found = app.database().registers(&store.row.id, Some(number)).await?;
    let bodies = compare_with_views(&app, &store.row.id, &mut found).await?;
    let register = found.first().ok_or(ApiError::NotFound)?;
    let version = register.profile_version.unwrap_or(register.published_version);
    let known = match bodies.get(&version) {
        Some(profile) => Some(profile.clone()),
        None => app.database().published_bodies(&store.row.id, &[version]).await?.remove(&version),
    };
    Ok(Json(register_scopes(register, known.as_ref().map(|profile| (version, profile)))))
}

/// Compares registers that keep a part of a table with the copies that they download: what changes beyond that part never
/// comes to them. Gives the versions of profiles that they have.
pub async fn compare_with_views(
    app: &App,
    store_id: &str,
    registers: &mut [RegisterOverview],
) -> Result<BTreeMap<u64, Profile>, AdminError> {
    let database = app.database();
    let versions: BTreeSet<u64> = registers.iter().filter_map(|register| register.profile_version).collect();
    let versions: Vec<u64> = versions.into_iter().collect();
    let bodies = database.published_bodies(store_id, &versions).await?;
    let heads = database.feed_heads(store_id).await?;
    let mut feeds = BTreeMap::new();
    for (version, profile) in &bodies {
        feeds.insert(*version, Feeds::as_they_are(database, store_id, profile).await?);
    }
    for register in registers {
        let Some(feeds) = register.profile_version.and_then(|version| feeds.get(&version)) else { continue };
        for progress in &mut register.tables {
            if let Some(table) = TableId::from_name(&progress.table) {
                progress.head = feeds.head(&heads, table).head;
            }
        }
    }
    Ok(bodies)
}
