//! Registers: activation, token, lock, what they said at their last contact.

use std::collections::BTreeMap;

use holdfast_protocol::messages::{ContactMode, ContactRequest, FaultPart, RegisterFault};
use sqlx::{QueryBuilder, Row};

use super::admin_changes::note_change;
use super::sale_rows::{STATEMENT_ROWS_MAX, is_full};
use super::values::{fixed, narrow, narrow_option, wide};
use super::{Backend, Connection, Db, DbRow};
use crate::admin_change::NewChange;
use crate::database::{Activation, ActivationAttempt, Contact, DatabaseError, Register, RegisterKey};
use crate::printable::shown;

/// A last contact further ahead than this came from a clock that was wrong, and is no reason to drop a newer one.
const CLOCKS_APART_MS_MAX: i64 = 60_000;

impl Backend {
    pub(in crate::database) async fn register_by_token(
        &self,
        token_hash: [u8; 32],
    ) -> Result<Option<Register>, DatabaseError> {
        by_token(&mut *self.readers.acquire().await?, token_hash).await
    }

    pub(in crate::database) async fn has_register(&self, key: &RegisterKey) -> Result<bool, DatabaseError> {
        let found: Option<i64> =
            sqlx::query_scalar("SELECT CAST(1 AS BIGINT) FROM registers WHERE store_id = $1 AND number = $2")
                .bind(&key.store_id)
                .bind(i64::from(key.number))
                .fetch_optional(&self.readers)
                .await?;
        Ok(found.is_some())
    }

    pub(in crate::database) async fn add_activation_code(
        &self,
        key: &RegisterKey,
        code_hash: [u8; 32],
        expires_at_ms: i64,
        change: &NewChange,
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        hold_register(&mut writing, key).await?;
        // A fresh code replaces those before it.
        drop_unused_codes(&mut writing, key).await?;
        sqlx::query(
            "INSERT INTO activation_codes (code_hash, store_id, number, expires_at_ms) VALUES ($1, $2, $3, $4)",
        )
        .bind(code_hash.as_slice())
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .bind(expires_at_ms)
        .execute(&mut *writing)
        .await?;
        note_change(&mut writing, &key.store_id, change).await?;
        Ok(writing.commit().await?)
    }

    pub(in crate::database) async fn activate(
        &self,
        attempt: ActivationAttempt<'_>,
    ) -> Result<Activation, DatabaseError> {
        let mut writing = self.begin().await?;
        let Some(key) = register_of_code(&mut writing, attempt.code_hash).await? else {
            return Ok(Activation::UnknownCode);
        };
        hold_register(&mut writing, &key).await?;
        let code = sqlx::query(for_update!(
            "SELECT expires_at_ms, used_at_ms, used_by_device, used_by_attempt FROM activation_codes \
             WHERE code_hash = $1"
        ))
        .bind(attempt.code_hash.as_slice())
        .fetch_optional(&mut *writing)
        .await?;
        // A newer one or a lock may have taken it away meanwhile.
        let Some(code) = code else { return Ok(Activation::UnknownCode) };
        if let Some(at_ms) = code.try_get::<Option<i64>, _>("used_at_ms")? {
            // The same attempt again: its reply was lost. It counts only while nothing newer took its place.
            let used_by: Option<Vec<u8>> = code.try_get("used_by_attempt")?;
            if used_by.as_deref() == Some(attempt.attempt_hash.as_slice())
                && let Some(register) = by_token(&mut writing, attempt.token_hash).await?
            {
                return Ok(Activation::Activated(register));
            }
            let device_name: Option<String> = code.try_get("used_by_device")?;
            return Ok(Activation::UsedCode { at_ms, device_name: device_name.unwrap_or_default() });
        }
        if code.try_get::<i64, _>("expires_at_ms")? <= attempt.now_ms {
            return Ok(Activation::ExpiredCode);
        }
        let register = use_code(&mut writing, &key, &attempt).await?;
        writing.commit().await?;
        Ok(Activation::Activated(register))
    }

    pub(in crate::database) async fn lock_register(
        &self,
        key: &RegisterKey,
        change: &NewChange,
    ) -> Result<bool, DatabaseError> {
        let mut writing = self.begin().await?;
        let locked = sqlx::query(
            "UPDATE registers SET is_locked = TRUE, token_hash = NULL WHERE store_id = $1 AND number = $2",
        )
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .execute(&mut *writing)
        .await?;
        if locked.rows_affected() == 0 {
            return Ok(false);
        }
        drop_unused_codes(&mut writing, key).await?;
        note_change(&mut writing, &key.store_id, change).await?;
        writing.commit().await?;
        Ok(true)
    }

    pub(in crate::database) async fn record_contacts(
        &self,
        contacts: &[(RegisterKey, Contact)],
    ) -> Result<(), DatabaseError> {
        let mut writing = self.begin().await?;
        let mut written = Vec::with_capacity(contacts.len());
        for contact in contacts {
            if record_contact(&mut writing, &contact.0, &contact.1).await? {
                written.push(contact);
            }
        }
        forget_tables(&mut writing, &written).await?;
        Ok(writing.commit().await?)
    }
}

/// Writes what a register said; says whether it did, for a contact may come too late.
async fn record_contact(
    writing: &mut Connection,
    key: &RegisterKey,
    contact: &Contact,
) -> Result<bool, DatabaseError> {
    let request = &contact.request;
    let mut faults = request.faults.iter().flatten();
    let fault = faults.next();
    let others: Vec<String> = faults.map(|fault| shown(&fault.text)).collect();
    // Another process may have written a later contact, or the register may be another device by now.
    let updated = sqlx::query(
        "UPDATE registers SET last_contact_ms = \
         CASE WHEN last_contact_ms > $3 AND last_contact_ms <= $12 THEN last_contact_ms ELSE $3 END, \
         app_version = $4, profile_version = $5, \
         schema_version = $6, waiting = $7, rejected = $8, storage_used_bytes = $9, \
         storage_quota_bytes = $10, \
         was_offline_since_ms = CASE WHEN $27 THEN was_offline_since_ms WHEN $11 IS NOT NULL THEN $11 \
         WHEN mode_no = $28 THEN mode_since_ms ELSE was_offline_since_ms END, \
         was_offline_until_ms = CASE WHEN $27 THEN was_offline_until_ms \
         WHEN $11 IS NOT NULL OR mode_no = $28 THEN $3 ELSE was_offline_until_ms END, \
         mode_no = $25, mode_since_ms = $26, \
         waiting_after_seq = $13, last_error_text = COALESCE($15, last_error_text), \
         last_error_at_ms = COALESCE($16, last_error_at_ms), has_error = $17, building_version = $18, \
         building_rows_have = $19, building_rows_wanted = $20, \
         other_errors_text = CASE WHEN $17 THEN $22 ELSE other_errors_text END, \
         profile_error_text = $23, app_is_too_old = $24, \
         retry_asked_at_ms = CASE WHEN retry_asked_at_ms = $21 THEN NULL ELSE retry_asked_at_ms END \
         WHERE store_id = $1 AND number = $2 AND COALESCE(activated_at_ms, 0) <= $3 \
         AND (last_contact_ms IS NULL OR last_contact_ms <= $3 OR last_contact_ms > $12 OR $14)",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(contact.at_ms)
    .bind(&request.app_version)
    .bind(wide(request.profile_version))
    .bind(i64::from(request.schema_version))
    .bind(wide(request.waiting))
    .bind(wide(request.rejected))
    .bind(request.storage_bytes.map(|(used, _)| wide(used)))
    .bind(request.storage_bytes.map(|(_, quota)| wide(quota)))
    .bind(request.was_offline_since_ms)
    .bind(contact.at_ms.saturating_add(CLOCKS_APART_MS_MAX))
    .bind(wide(contact.last_seq))
    .bind(contact.has_moved)
    .bind(fault.map(|fault| shown(&fault.text)))
    .bind(fault.map(|fault| fault.since_ms))
    .bind(fault.is_some())
    .bind(request.building.map(|building| wide(building.version)))
    .bind(request.building.map(|building| wide(building.rows_have)))
    .bind(request.building.map(|building| wide(building.rows_wanted)))
    .bind(request.retry_heeded_at_ms)
    .bind((!others.is_empty()).then(|| others.join("\n")))
    .bind(profile_fault(request).map(|fault| shown(&fault.text)))
    .bind(contact.app_is_too_old)
    .bind(request.mode.map(|told| i64::from(told.mode)))
    .bind(request.mode.and_then(|told| told.since_ms))
    .bind(is_slow(request))
    .bind(i64::from(ContactMode::OfflineForSlowness.number()))
    .execute(&mut *writing)
    .await?;
    if updated.rows_affected() == 0 {
        keep_outage(writing, key, contact).await?;
        return Ok(false);
    }
    if !request.tables.is_empty() {
        let mut insert = QueryBuilder::<Db>::new(
            "INSERT INTO register_tables (store_id, number, table_no, cursor, rows_count, synced_at_ms) ",
        );
        insert.push_values(&request.tables, |mut tuple, state| {
            tuple
                .push_bind(&key.store_id)
                .push_bind(i64::from(key.number))
                .push_bind(i64::from(state.table.number()))
                .push_bind(wide(state.cursor))
                .push_bind(wide(state.rows))
                .push_bind(state.synced_at_ms);
        });
        insert.push(
            " ON CONFLICT (store_id, number, table_no) DO UPDATE SET cursor = excluded.cursor, \
                 rows_count = excluded.rows_count, synced_at_ms = excluded.synced_at_ms",
        );
        insert.build().execute(&mut *writing).await?;
    }
    Ok(true)
}

/// Whether the register stays offline although it speaks: the outage that it tells is not over.
fn is_slow(request: &ContactRequest) -> bool {
    request.mode.is_some_and(|told| told.mode == ContactMode::OfflineForSlowness.number())
}

/// What keeps the register from having the rows of its profile. Others say nothing about that, and neither does what a
/// later app tells of a part that is not known here.
fn profile_fault(request: &ContactRequest) -> Option<&RegisterFault> {
    let concerns =
        |fault: &&RegisterFault| FaultPart::of_number(fault.part).is_some_and(FaultPart::concerns_profile);
    request.faults.iter().flatten().find(concerns)
}

/// A contact tells of all tables that the register keeps: the others went with an earlier profile. They are looked for at
/// once for all registers whose contacts were written, for they are few.
async fn forget_tables(
    writing: &mut Connection,
    written: &[&(RegisterKey, Contact)],
) -> Result<(), DatabaseError> {
    // Of a register that spoke twice the last contact holds.
    let mut told: BTreeMap<(&str, i64), &Contact> = written
        .iter()
        .map(|(key, contact)| ((key.store_id.as_str(), i64::from(key.number)), contact))
        .collect();
    told.retain(|_, contact| !contact.request.tables.is_empty());
    let registers: Vec<(&str, i64)> = told.keys().copied().collect();
    for registers in registers.chunks(STATEMENT_ROWS_MAX) {
        let mut look = QueryBuilder::<Db>::new(
            "SELECT store_id, number, table_no FROM register_tables WHERE (store_id, number) IN (",
        );
        look.push_values(registers, |mut tuple, (store_id, number)| {
            tuple.push_bind(*store_id).push_bind(*number);
        });
        let look = look.push(")").build_query_as().persistent(is_full(registers.len()));
        let there: Vec<(String, i64, i64)> = look.fetch_all(&mut *writing).await?;
        let is_left = |(store_id, number, table): &(String, i64, i64)| {
            told.get(&(store_id.as_str(), *number)).is_some_and(|contact| {
                contact.request.tables.iter().all(|state| i64::from(state.table.number()) != *table)
            })
        };
        let left: Vec<(String, i64, i64)> = there.into_iter().filter(is_left).collect();
        for rows in left.chunks(STATEMENT_ROWS_MAX) {
            let mut forget = QueryBuilder::<Db>::new(
                "DELETE FROM register_tables WHERE (store_id, number, table_no) IN (",
            );
            forget.push_values(rows, |mut tuple, (store_id, number, table)| {
                tuple.push_bind(store_id).push_bind(*number).push_bind(*table);
            });
            let forget = forget.push(")").build().persistent(is_full(rows.len()));
            forget.execute(&mut *writing).await?;
        }
    }
    Ok(())
}

/// Of a contact that comes too late an outage that it told stays told.
async fn keep_outage(
    writing: &mut Connection,
    key: &RegisterKey,
    contact: &Contact,
) -> Result<(), DatabaseError> {
    let Some(was_offline_since_ms) = contact.request.was_offline_since_ms else { return Ok(()) };
    if is_slow(&contact.request) {
        return Ok(());
    }
    sqlx::query(
        "UPDATE registers SET was_offline_since_ms = $3, was_offline_until_ms = $4 \
         WHERE store_id = $1 AND number = $2 AND COALESCE(activated_at_ms, 0) <= $4",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(was_offline_since_ms)
    .bind(contact.at_ms)
    .execute(&mut *writing)
    .await?;
    Ok(())
}

async fn by_token(reading: &mut Connection, token_hash: [u8; 32]) -> Result<Option<Register>, DatabaseError> {
    let row = sqlx::query(
        "SELECT store_id, number, name, last_seq, last_hash, last_receipt_counter, profile_version, \
         retry_asked_at_ms FROM registers WHERE token_hash = $1 AND NOT is_locked",
    )
    .bind(token_hash.as_slice())
    .fetch_optional(reading)
    .await?;
    row.as_ref().map(read_register).transpose()
}

/// The register that a code was made for.
async fn register_of_code(
    reading: &mut Connection,
    code_hash: [u8; 32],
) -> Result<Option<RegisterKey>, DatabaseError> {
    let row: Option<(String, i64)> =
        sqlx::query_as("SELECT store_id, number FROM activation_codes WHERE code_hash = $1")
            .bind(code_hash.as_slice())
            .fetch_optional(&mut *reading)
            .await?;
    let key = |(store_id, number)| Ok(RegisterKey { store_id, number: narrow(number, "register number")? });
    row.map(key).transpose()
}

/// Whoever changes a register, its codes or its journal waits here for whoever does so already.
pub async fn hold_register(writing: &mut Connection, key: &RegisterKey) -> Result<(), DatabaseError> {
    sqlx::query(for_update!("SELECT number FROM registers WHERE store_id = $1 AND number = $2"))
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .execute(&mut *writing)
        .await?;
    Ok(())
}

/// Codes that nobody used open nothing any more; a used one stays to be told from an unknown one.
async fn drop_unused_codes(writing: &mut Connection, key: &RegisterKey) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM activation_codes WHERE store_id = $1 AND number = $2 AND used_at_ms IS NULL")
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .execute(writing)
        .await?;
    Ok(())
}

async fn use_code(
    writing: &mut Connection,
    key: &RegisterKey,
    attempt: &ActivationAttempt<'_>,
) -> Result<Register, DatabaseError> {
    sqlx::query(
        "UPDATE activation_codes SET used_at_ms = $2, used_by_device = $3, used_by_attempt = $4 \
         WHERE code_hash = $1",
    )
    .bind(attempt.code_hash.as_slice())
    .bind(attempt.now_ms)
    .bind(attempt.device_name)
    .bind(attempt.attempt_hash.as_slice())
    .execute(&mut *writing)
    .await?;
    // The old device's token ends here.
    let row = sqlx::query(
        "UPDATE registers SET token_hash = $3, activated_at_ms = $4, device_name = $5, app_version = $6, \
         is_locked = FALSE, waiting = NULL, rejected = NULL, profile_version = NULL, last_error_text = NULL, \
         last_error_at_ms = NULL, other_errors_text = NULL, has_error = FALSE, profile_error_text = NULL, \
         building_version = NULL, app_is_too_old = FALSE, \
         mode_no = NULL, mode_since_ms = NULL, was_offline_since_ms = NULL, was_offline_until_ms = NULL \
         WHERE store_id = $1 AND number = $2 \
         RETURNING store_id, number, name, last_seq, last_hash, last_receipt_counter, profile_version, \
         retry_asked_at_ms",
    )
    .bind(&key.store_id)
    .bind(i64::from(key.number))
    .bind(attempt.token_hash.as_slice())
    .bind(attempt.now_ms)
    .bind(attempt.device_name)
    .bind(attempt.app_version)
    .fetch_one(&mut *writing)
    .await?;
    // What the old device had says nothing about the new one.
    sqlx::query("DELETE FROM register_tables WHERE store_id = $1 AND number = $2")
        .bind(&key.store_id)
        .bind(i64::from(key.number))
        .execute(&mut *writing)
        .await?;
    read_register(&row)
}

fn read_register(row: &DbRow) -> Result<Register, DatabaseError> {
    Ok(Register {
        key: RegisterKey {
            store_id: row.try_get("store_id")?,
            number: narrow(row.try_get("number")?, "register number")?,
        },
        name: row.try_get("name")?,
        last_seq: narrow(row.try_get("last_seq")?, "journal sequence")?,
        last_hash: fixed(row.try_get("last_hash")?, "journal hash")?,
        last_receipt_counter: narrow(row.try_get("last_receipt_counter")?, "receipt counter")?,
        profile_version: narrow_option(row.try_get("profile_version")?, "profile version")?,
        retry_asked_at_ms: row.try_get("retry_asked_at_ms")?,
    })
}
