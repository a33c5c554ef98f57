//! Changing profiles: one order at a time per store, each written whole or not at all.

use holdfast_profile::{Draft, Profile, ProfileVersion, Scope, name_key};

use super::admin_changes::note_change;
use super::profiles::{load_revision, load_shelf, load_version};
use super::values::wide;
use super::{Backend, Connection};
use crate::database::DatabaseError;
use crate::profiles::{Decision, Earlier, ProfileChange, ProfileDone, ProfileOrder, ProfileRefusal, decide};

/// Revisions of a draft that are kept: whoever began with an older one begins anew.
pub const REVISIONS_KEPT: i64 = 500;

impl Backend {
    pub(in crate::database) async fn change_profiles(
        &self,
        store_id: &str,
        order: &ProfileOrder,
    ) -> Result<Result<ProfileDone, ProfileRefusal>, DatabaseError> {
        let mut writing = self.begin().await?;
        lock_profiles(&mut writing, store_id).await?;
        let shelf = load_shelf(&mut writing, store_id).await?;
        let earlier = load_earlier(&mut writing, store_id, &order.change).await?;
        let decision = match decide(&shelf, order, earlier) {
            Ok(decision) => decision,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let done = decision.done.clone();
        write_decision(&mut writing, store_id, order, decision).await?;
        writing.commit().await?;
        Ok(Ok(done))
    }
}

/// Who changes a store's profiles waits here for whoever does so already.
pub async fn lock_profiles(writing: &mut Connection, store_id: &str) -> Result<(), DatabaseError> {
    sqlx::query(for_update!("SELECT last_profile_id FROM profile_counters WHERE store_id = $1"))
        .bind(store_id)
        .execute(&mut *writing)
        .await?;
    Ok(())
}

async fn load_earlier(
    reading: &mut Connection,
    store_id: &str,
    change: &ProfileChange,
) -> Result<Earlier, DatabaseError> {
    match change {
        ProfileChange::Save { id, base_revision, .. } => {
            let base = load_revision(reading, store_id, *id, *base_revision).await?;
            Ok(Earlier { base, version: None })
        }
        ProfileChange::RollBack { id, version, also_changes_others: _, drops_draft: _ } => {
            let version = load_version(reading, store_id, Some(*id), *version).await?;
            Ok(Earlier { base: None, version })
        }
        ProfileChange::Create { .. }
        | ProfileChange::Import { .. }
        | ProfileChange::SaveAndPublish { .. }
        | ProfileChange::Delete { .. }
        | ProfileChange::Publish { .. }
        | ProfileChange::RestoreDefault { .. }
        | ProfileChange::DeleteScope { .. }
        | ProfileChange::SetStoreProfile { .. }
        | ProfileChange::SetRegisterProfile { .. }
        | ProfileChange::AskRetry { .. } => Ok(Earlier::default()),
    }
}

async fn write_decision(
    writing: &mut Connection,
    store_id: &str,
    order: &ProfileOrder,
    decision: Decision,
) -> Result<(), DatabaseError> {
    let Decision {
        drafts,
        unused,
        deleted,
        published,
        store_profile,
        register_profile,
        retry,
        changes,
        done: _,
    } = decision;
    for Draft { id, profile } in &drafts {
        write_draft(writing, store_id, *id, profile, order.at_ms, &order.by).await?;
    }
    if let Some(unused) = unused {
        write_unused(writing, store_id, &unused).await?;
    }
    if let Some(id) = deleted {
        // Its revisions go with it.
        sqlx::query("DELETE FROM profiles WHERE store_id = $1 AND profile_id = $2")
            .bind(store_id)
            .bind(wide(id))
            .execute(&mut *writing)
            .await?;
    }
    if let Some((id, version)) = published {
        write_version(writing, store_id, id, &version).await?;
    }
    if let Some(id) = store_profile {
        sqlx::query("UPDATE stores SET profile_id = $2 WHERE store_id = $1")
            .bind(store_id)
            .bind(wide(id))
            .execute(&mut *writing)
            .await?;
    }
    if let Some((number, id)) = register_profile {
        sqlx::query("UPDATE registers SET profile_id = $3 WHERE store_id = $1 AND number = $2")
            .bind(store_id)
            .bind(i64::from(number))
            .bind(id.map(wide))
            .execute(&mut *writing)
            .await?;
    }
    if let Some(number) = retry {
        sqlx::query("UPDATE registers SET retry_asked_at_ms = $3 WHERE store_id = $1 AND number = $2")
            .bind(store_id)
            .bind(i64::from(number))
            .bind(order.at_ms)
            .execute(&mut *writing)
            .await?;
    }
    for change in &changes {
        note_change(writing, store_id, change).await?;
    }
    Ok(())
}

/// Writes a draft as its next revision, or as the first one of a new profile.
pub async fn write_draft(
    writing: &mut Connection,
    store_id: &str,
    id: u64,
    profile: &Profile,
    at_ms: i64,
    by: &str,
) -> Result<(), DatabaseError> {
    let next: Option<i64> = sqlx::query_scalar(
        "UPDATE profiles SET revision = revision + 1 WHERE store_id = $1 AND profile_id = $2 RETURNING revision",
    )
    .bind(store_id)
    .bind(wide(id))
    .fetch_optional(&mut *writing)
    .await?;
    if next.is_none() {
        sqlx::query("INSERT INTO profiles (store_id, profile_id, revision) VALUES ($1, $2, 1)")
            .bind(store_id)
            .bind(wide(id))
            .execute(&mut *writing)
            .await?;
        sqlx::query("UPDATE profile_counters SET last_profile_id = $2 WHERE store_id = $1")
            .bind(store_id)
            .bind(wide(id))
            .execute(&mut *writing)
            .await?;
    }
    let revision = next.unwrap_or(1);
    sqlx::query(
        "INSERT INTO profile_revisions (store_id, profile_id, revision, body, saved_at_ms, saved_by) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(store_id)
    .bind(wide(id))
    .bind(revision)
    .bind(holdfast_protocol::encode(profile))
    .bind(at_ms)
    .bind(by)
    .execute(&mut *writing)
    .await?;
    sqlx::query("DELETE FROM profile_revisions WHERE store_id = $1 AND profile_id = $2 AND revision <= $3")
        .bind(store_id)
        .bind(wide(id))
        .bind(revision - REVISIONS_KEPT)
        .execute(&mut *writing)
        .await?;
    Ok(())
}

/// Publishes a version of a profile.
pub async fn write_version(
    writing: &mut Connection,
    store_id: &str,
    id: u64,
    version: &ProfileVersion,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO profile_versions (store_id, version, profile_id, profile_name, body, published_at_ms, \
         published_by, restored_from) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(store_id)
    .bind(wide(version.number))
    .bind(wide(id))
    .bind(&version.profile.name)
    .bind(holdfast_protocol::encode(&version.profile))
    .bind(version.published_at_ms)
    .bind(&version.published_by)
    .bind(version.restored_from.map(wide))
    .execute(&mut *writing)
    .await?;
    sqlx::query("UPDATE profile_counters SET last_version = $2 WHERE store_id = $1")
        .bind(store_id)
        .bind(wide(version.number))
        .execute(&mut *writing)
        .await?;
    sqlx::query("UPDATE profiles SET published_version = $3 WHERE store_id = $1 AND profile_id = $2")
        .bind(store_id)
        .bind(wide(id))
        .bind(wide(version.number))
        .execute(&mut *writing)
        .await?;
    Ok(())
}

async fn write_unused(
    writing: &mut Connection,
    store_id: &str,
    unused: &[Scope],
) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM unused_scopes WHERE store_id = $1")
        .bind(store_id)
        .execute(&mut *writing)
        .await?;
    for scope in unused {
        sqlx::query("INSERT INTO unused_scopes (store_id, name_key, body) VALUES ($1, $2, $3)")
            .bind(store_id)
            .bind(name_key(&scope.name))
            .bind(holdfast_protocol::encode(scope))
            .execute(&mut *writing)
            .await?;
    }
    Ok(())
}

/// Publishes a profile as set-up does, unasked: the draft of that name and its next version. The first one of a store is
/// the store's. Gives the version's number.
pub async fn publish_unasked(
    writing: &mut Connection,
    store_id: &str,
    profile: &Profile,
    at_ms: i64,
    by: &str,
) -> Result<u64, DatabaseError> {
    lock_profiles(writing, store_id).await?;
    let shelf = load_shelf(writing, store_id).await?;
    let id = shelf.by_name(&profile.name).map_or(shelf.last_id + 1, |kept| kept.id);
    write_draft(writing, store_id, id, profile, at_ms, by).await?;
    let version = ProfileVersion {
        number: shelf.last_version + 1,
        profile: profile.clone(),
        published_at_ms: at_ms,
        published_by: by.to_owned(),
        restored_from: None,
    };
    write_version(writing, store_id, id, &version).await?;
    sqlx::query("UPDATE stores SET profile_id = $2 WHERE store_id = $1 AND profile_id IS NULL")
        .bind(store_id)
        .bind(wide(id))
        .execute(&mut *writing)
        .await?;
    Ok(version.number)
}
