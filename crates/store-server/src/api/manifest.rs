//! `GET /api/v1/manifest/{table}`: the pages that together are a table.

use axum::extract::{Path, Query, State};
use holdfast_profile::TableId;
use holdfast_protocol::messages::Manifest;

use super::message::Message;
use super::registered::Admitted;
use crate::address::{AddressParts, AddressQuery};
use crate::app::App;
use crate::error::{ApiError, RegisterError};
use crate::views::Source;

/// Which manifest.
#[derive(Debug, serde::Deserialize)]
pub struct ManifestQuery {
    /// By which version of the profile, where that is not the one that the register has.
    profile_version: Option<u64>,
}

/// Gives the manifest of a snapshot that is new enough; makes one where there is none.
pub async fn manifest(
    State(app): State<App>,
    Admitted { registered, permit }: Admitted,
    address: AddressParts<String>,
    query: AddressQuery<ManifestQuery>,
) -> Result<Message<Manifest>, RegisterError> {
    // The first one makes the snapshot, which takes long once.
    let _permit = permit.unusual();
    let (Path(name), Query(ManifestQuery { profile_version })) = (address?, query?);
    let table = TableId::from_name(&name).ok_or(ApiError::NotFound)?;
    let Source { feed, view, .. } = registered.source(&app, table, profile_version).await?;
    let snapshot =
        app.snapshots().current(app.database(), &registered.0.key.store_id, feed, app.now_ms()).await?;
    Ok(Message(Manifest { table, head: snapshot.head, pages: snapshot.pages, view }))
}
