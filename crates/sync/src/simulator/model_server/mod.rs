//! A store server in memory, as simple as it can be and still right: the measure of what registers end up with.
//!
//! Owns the truth of a run: the feed of master data and what each register's journal has become. Applies each
//! entry once; deliberate bugs are asked for by name ([`Mutation`]).

mod feed;
mod journal;
mod snapshots;

use std::collections::BTreeMap;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::messages::{ContactReply, ContactRequest, ProfileReply, TableHead};
use holdfast_protocol::problem::{Problem, code};

pub use feed::ModelRow;
pub(crate) use feed::{Feed, RowKey};
pub(crate) use journal::Journal;
use snapshots::Snapshots;

use super::mutation::Mutation;
use crate::effect::{Call, CallError, CallReply};

/// How the model behaves where a store server may choose.
#[derive(Debug, Clone)]
pub(crate) struct Habits {
    /// Rows in a page of a snapshot.
    pub(crate) page_rows: usize,
    /// Rows in a reply to a pull, at most.
    pub(crate) pull_rows: usize,
    /// Entries in an upload, at most; more are too large.
    pub(crate) upload_entries: usize,
    /// Entries that an upload settles before it answers with what it has; the rest is for the next.
    pub(crate) settled_at_once: usize,
    /// Whether a pull's cursor is the whole feed's version or only the table's.
    pub(crate) cursor_is_feed_version: bool,
}

/// The model.
#[derive(Debug)]
pub(crate) struct ModelServer {
    pub(crate) feed: Feed,
    pub(crate) journals: BTreeMap<u16, Journal>,
    /// Registers that are locked, and until when.
    pub(crate) locked_until_ms: BTreeMap<u16, i64>,
    pub(crate) profile: (u64, Profile),
    pub(crate) schema_version: u32,
    pub(crate) habits: Habits,
    snapshots: Snapshots,
    mutation: Option<Mutation>,
}

impl ModelServer {
    pub(crate) fn new(profile: Profile, habits: Habits, mutation: Option<Mutation>) -> ModelServer {
        ModelServer {
            feed: Feed::new(mutation),
            journals: BTreeMap::new(),
            locked_until_ms: BTreeMap::new(),
            profile: (1, profile),
            schema_version: 1,
            habits,
            snapshots: Snapshots::default(),
            mutation,
        }
    }

    /// Answers a register, as if in one transaction.
    pub(crate) fn answer(&mut self, register: u16, call: &Call, now_ms: i64) -> Result<CallReply, CallError> {
        if self.locked_until_ms.get(&register).is_some_and(|&until_ms| until_ms > now_ms) {
            return Err(refusal(401, code::REGISTER_UNKNOWN));
        }
        match call {
            Call::Contact(request) => Ok(CallReply::Contact(self.contact(register, request, now_ms))),
            Call::Profile => {
                let (version, profile) = self.profile.clone();
                Ok(CallReply::Profile(ProfileReply { version, profile }))
            }
            Call::Manifest(table) => {
                self.check_table(*table)?;
                Ok(CallReply::Manifest(self.snapshots.manifest(*table, &self.feed, self.habits.page_rows)))
            }
            Call::Page(hash) => match self.snapshots.page(hash) {
                Some(bytes) => Ok(CallReply::Page(bytes)),
                None => Err(refusal(404, code::NOT_FOUND)),
            },
            Call::Pull(request) => {
                self.check_table(request.table)?;
                let rows_max = self.habits.pull_rows.min(request.rows_max as usize);
                let by_feed = self.habits.cursor_is_feed_version;
                Ok(CallReply::Pull(self.feed.pull(request.table, request.since, rows_max, by_feed)))
            }
            Call::Upload(request) => {
                if request.entries.len() > self.habits.upload_entries {
                    return Err(refusal(413, code::TOO_LARGE));
                }
                let journal = self.journals.entry(register).or_default();
                let reply =
                    journal.upload(&request.entries, self.habits.settled_at_once, self.mutation, now_ms)?;
                Ok(CallReply::Upload(reply))
            }
        }
    }

    /// Makes snapshots anew where the feed has moved; pages of the ones before go.
    pub(crate) fn rebuild_snapshots(&mut self) {
        self.snapshots.rebuild(&self.feed, self.habits.page_rows);
    }

    pub(crate) fn publish(&mut self, profile: Profile) {
        self.profile = (self.profile.0 + 1, profile);
    }

    /// The process dies and comes back: what was not committed is gone.
    pub(crate) fn restart(&mut self) {
        for journal in self.journals.values_mut() {
            journal.lose_uncommitted();
        }
    }

    fn contact(&mut self, register: u16, request: &ContactRequest, now_ms: i64) -> ContactReply {
        let heads = self.profile.1.download_tables().into_iter().map(|table| TableHead {
            table,
            head: self.feed.head(table),
            oldest_cursor: self.feed.oldest_cursor(table),
            digest: None,
        });
        ContactReply {
            nonce: request.nonce,
            server_time_ms: now_ms,
            profile_version: self.profile.0,
            schema_version: self.schema_version,
            heads: heads.collect(),
            acknowledged_seq: self.journals.entry(register).or_default().last_seq(),
            update_required: false,
        }
    }

    fn check_table(&self, table: TableId) -> Result<(), CallError> {
        if self.profile.1.download_tables().contains(&table) {
            Ok(())
        } else {
            Err(refusal(403, code::TABLE_NOT_IN_PROFILE))
        }
    }
}

pub(crate) fn refusal(status: u16, code: &str) -> CallError {
    CallError::Refused(Problem {
        status,
        code: code.to_owned(),
        title: format!("The store server refuses: {code}."),
        detail: String::new(),
    })
}
