//! `POST /api/v1/contact`: the heartbeat.

use std::collections::BTreeMap;

use axum::extract::State;
use holdfast_profile::{ImageFolder, Profile, TableId};
use holdfast_protocol::messages::{
    ContactReply, ContactRequest, FAULT_CHARS_MAX, FAULTS_MAX, NextHeads, TableHead,
};

use super::activate::shortened;
use super::message::Message;
use super::registered::Registered;
use crate::app::App;
use crate::database::{Contact, FeedHead, FeedHeads, PublishedProfile};
use crate::error::{ApiError, RegisterError};
use crate::views::Source;

/// Tells both sides where the other stands. A register that is too old is answered too: it may upload.
pub async fn contact(
    State(app): State<App>,
    registered: Registered,
    Message(request): Message<ContactRequest>,
) -> Result<Message<ContactReply>, RegisterError> {
    let versions = app.versions();
    if request.protocol_version > versions.protocol {
        return Err(ApiError::VersionUnknown { asked: request.protocol_version, versions }.into());
    }
    let mut request = tidied(request)?;
    let Registered(register) = &registered;
    let now_ms = app.now_ms();
    let published = registered.profile(&app).await?;
    // What is not the published version yet goes on as it is: a register moves as a whole, when it looks for it.
    let other = if request.profile_version == published.version {
        None
    } else {
        let other = registered.profile_kept(&app, request.profile_version).await?;
        if other.is_none() {
            // It goes by the published one until it has that.
            request.profile_version = 0;
        }
        other
    };
    let kept = other.as_ref().unwrap_or(&published.profile);
    let later_outcomes = match request.outcomes_seen {
        Some(seen) => app.database().later_outcomes(&register.key, seen).await?,
        // An app that can't be told.
        None => None,
    };
    let store_id = &register.key.store_id;
    let heads = heads_by(&app, store_id, kept).await?;
    let next_heads = match request.moving_to {
        Some(version) => next_heads(&app, &registered, &published, version).await?,
        None => None,
    };
    let pictures = match kept.device.image_folder {
        ImageFolder::On { .. } => Some(app.database().pictures_head(store_id).await?),
        ImageFolder::Off => None,
    };
    let reply = ContactReply {
        nonce: request.nonce,
        server_time_ms: now_ms,
        profile_version: published.version,
        schema_version: versions.schema,
        heads,
        acknowledged_seq: register.last_seq,
        update_required: versions.is_too_old(request.protocol_version),
        later_outcomes,
        // Another wish than the one that it heeded, whatever the clocks say: one may have been set back.
        retry_asked_at_ms: register
            .retry_asked_at_ms
            .filter(|&asked_at_ms| request.retry_heeded_at_ms != Some(asked_at_ms)),
        pictures,
        next_heads,
    };
    // By the same rule by which the register stops at this reply.
    let app_is_too_old = versions.is_too_old(request.protocol_version)
        || request.app_schema_version.is_some_and(|reads| reads < versions.schema);
    let has_moved = register.profile_version != Some(request.profile_version);
    app.contacts().keep(
        register.key.clone(),
        Contact { request, at_ms: now_ms, last_seq: register.last_seq, has_moved, app_is_too_old },
    );
    if has_moved {
        // Whichever process gets the register's next upload judges its edits by the profile that it works by.
        app.contacts().flush().await?;
    }
    Ok(Message(reply))
}

/// Where the tables of the version stand that the register moves to; none where it may not have that one.
async fn next_heads(
    app: &App,
    registered: &Registered,
    published: &PublishedProfile,
    version: u64,
) -> Result<Option<NextHeads>, RegisterError> {
    // Nearly always that is the published one, which is here already.
    let other = if version == published.version {
        None
    } else {
        match registered.profile_kept(app, version).await? {
            Some(other) => Some(other),
            None => return Ok(None),
        }
    };
    let profile = other.as_ref().unwrap_or(&published.profile);
    let heads = heads_by(app, &registered.0.key.store_id, profile).await?;
    Ok(Some(NextHeads { version, heads }))
}

/// Where the tables of a profile stand, in its order.
async fn heads_by(app: &App, store_id: &str, profile: &Profile) -> Result<Vec<TableHead>, RegisterError> {
    let (feeds, heads) = app.views().for_contact(app.database(), store_id, profile, app.now_ms()).await?;
    let heads = with_digests(app, store_id, heads).await?;
    let heads = profile.download_tables().into_iter().filter_map(|table| {
        let Source { feed, view, is_ready } = feeds.source(table);
        let FeedHead { head, oldest_cursor, digest, .. } = heads.get(&feed).copied().unwrap_or_default();
        // Nothing is to be had yet of a view that is being made.
        is_ready.then_some(TableHead { table, head, oldest_cursor, digest, view })
    });
    Ok(heads.collect())
}

/// A database of an earlier version has no digests: they are summed up when they are first wanted.
async fn with_digests(app: &App, store_id: &str, heads: FeedHeads) -> Result<FeedHeads, RegisterError> {
    if heads.values().all(|head| head.digest.is_some()) {
        return Ok(heads);
    }
    app.database().sum_up_digests(store_id).await?;
    Ok(app.database().feed_heads(store_id).await?)
}

/// Bounded, and each table once.
fn tidied(mut request: ContactRequest) -> Result<ContactRequest, ApiError> {
    if request.tables.len() > TableId::ALL.len() {
        return Err(ApiError::Malformed("More tables than there are.".to_owned()));
    }
    // What does not work is said all the same where it is said at length.
    if let Some(faults) = &mut request.faults {
        faults.truncate(FAULTS_MAX);
        for fault in faults {
            if let Some(no_room) = &mut fault.no_room {
                no_room.tables.truncate(TableId::ALL.len());
                fault.text = format!("stays on version {}, {}", request.profile_version, no_room.sentence());
            }
            fault.text = fault.text.chars().take(FAULT_CHARS_MAX).collect();
        }
    }
    request.app_version = shortened(&request.app_version);
    let tables: BTreeMap<TableId, _> = request.tables.into_iter().map(|state| (state.table, state)).collect();
    request.tables = tables.into_values().collect();
    Ok(request)
}
