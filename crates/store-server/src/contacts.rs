//! Contacts on their way into the store database: those that come together are written together.
//!
//! A contact's reply does not wait for it. Of each register the latest is kept, so that no more wait than there
//! are registers. A crash may lose what was said in the last second; the next contact says it again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::database::{Contact, Database, DatabaseError, RegisterKey};

/// Between the end of one writing and the next.
const WRITE_EVERY: Duration = Duration::from_secs(1);

/// What registers said and is not written yet. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Contacts {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    database: Database,
    pending: Mutex<Pending>,
    // Held while contacts are written, so that an older one is never written after a newer one.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Pending {
    contacts: BTreeMap<RegisterKey, Contact>,
    /// Whether a task runs that will write them.
    has_writer: bool,
}

impl Contacts {
    /// None yet.
    pub fn new(database: Database) -> Contacts {
        let (pending, turn) = (Mutex::default(), tokio::sync::Mutex::default());
        Contacts { shared: Arc::new(Shared { database, pending, turn }) }
    }

    /// Keeps what a register said. The first is written at once, those that come meanwhile after it.
    pub fn keep(&self, key: RegisterKey, contact: Contact) {
        let mut pending = self.lock();
        pending.keep(key, contact);
        if !pending.has_writer {
            pending.has_writer = true;
            tokio::spawn(self.clone().write_until_none());
        }
    }

    /// Writes what is pending now.
    ///
    /// # Errors
    /// [`DatabaseError`], and then it is pending still.
    pub async fn flush(&self) -> Result<(), DatabaseError> {
        // A request that waits for this may be cut off; what was taken to be written must not go with it.
        let writing = tokio::spawn({
            let contacts = self.clone();
            async move { contacts.write_pending().await }
        });
        writing
            .await
            .map_err(|error| DatabaseError::Damaged(format!("contacts were not written: {error}")))?
    }

    async fn write_pending(&self) -> Result<(), DatabaseError> {
        let _turn = self.shared.turn.lock().await;
        let contacts: Vec<(RegisterKey, Contact)> =
            std::mem::take(&mut self.lock().contacts).into_iter().collect();
        if contacts.is_empty() {
            return Ok(());
        }
        let written = self.shared.database.record_contacts(&contacts).await;
        if written.is_err() {
            let mut pending = self.lock();
            for (key, contact) in contacts {
                pending.put_back(key, contact);
            }
        }
        written
    }

    async fn write_until_none(self) {
        loop {
            if let Err(error) = self.write_pending().await {
                tracing::warn!(%error, "contacts are written later");
            }
            tokio::time::sleep(WRITE_EVERY).await;
            let mut pending = self.lock();
            if pending.contacts.is_empty() {
                pending.has_writer = false;
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        // Each change is one call of the map's.
        self.shared.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pending {
    /// The latest wins; but an outage that was told stays told, and a move that is not written yet is one.
    fn keep(&mut self, key: RegisterKey, mut contact: Contact) {
        if let Some(before) = self.contacts.get(&key) {
            let told = before.request.was_offline_since_ms;
            contact.request.was_offline_since_ms = contact.request.was_offline_since_ms.or(told);
            contact.has_moved |= before.has_moved;
        }
        self.contacts.insert(key, contact);
    }

    /// What could not be written is older than what came meanwhile.
    fn put_back(&mut self, key: RegisterKey, contact: Contact) {
        let newer = self.contacts.remove(&key);
        self.keep(key.clone(), contact);
        if let Some(newer) = newer {
            self.keep(key, newer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use holdfast_protocol::messages::ContactRequest;

    fn key() -> RegisterKey {
        RegisterKey { store_id: "S1".to_owned(), number: 1 }
    }

    fn contact(at_ms: i64, was_offline_since_ms: Option<i64>) -> Contact {
        let request = ContactRequest {
            nonce: 0,
            protocol_version: 1,
            app_version: String::new(),
            profile_version: 0,
            schema_version: 0,
            waiting: 0,
            rejected: 0,
            tables: Vec::new(),
            was_offline_since_ms,
            storage_bytes: None,
            outcomes_seen: None,
            faults: None,
            building: None,
            retry_heeded_at_ms: None,
            moving_to: None,
            app_schema_version: None,
            mode: None,
        };
        Contact { request, at_ms, last_seq: 0, has_moved: false, app_is_too_old: false }
    }

    fn check(pending: &Pending, at_ms: i64, was_offline_since_ms: Option<i64>) {
        let kept: Vec<_> = pending.contacts.values().cloned().collect();
        assert_eq!(kept, [contact(at_ms, was_offline_since_ms)]);
    }

    #[test]
    fn the_latest_of_a_register_is_kept_and_an_outage_with_it() {
        let mut pending = Pending::default();
        pending.keep(key(), contact(1, Some(7)));
        pending.keep(key(), contact(2, None));
        check(&pending, 2, Some(7));
        pending.keep(key(), contact(3, Some(8)));
        check(&pending, 3, Some(8));
    }

    #[test]
    fn what_could_not_be_written_does_not_replace_what_came_meanwhile() {
        let mut pending = Pending::default();
        pending.keep(key(), contact(2, None));
        pending.put_back(key(), contact(1, Some(7)));
        check(&pending, 2, Some(7));
        let mut pending = Pending::default();
        pending.put_back(key(), contact(1, None));
        check(&pending, 1, None);
    }
}
