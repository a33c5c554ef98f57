//! A store server in memory, as simple as it can be and still right: the measure of what registers end up with.
//!
//! Owns the truth of a run: the feed of master data and what each register's journal has become. Applies each
//! entry once; deliberate bugs are asked for by name ([`Mutation`]).

mod edits;
mod feed;
mod journal;
mod outcomes;
mod snapshots;
mod views;

use std::collections::BTreeMap;

use holdfast_profile::{Profile, TableId, View};
use holdfast_protocol::look_up::{FoundCustomer, LookUpReply, LookUpRequest};
use holdfast_protocol::messages::{
    ContactReply, ContactRequest, Manifest, NextHeads, ProfileReply, PullReply, RowChange, TableHead,
};
use holdfast_protocol::problem::{Problem, code};
use holdfast_protocol::{TableDigest, view};

use edits::Edits;
pub(crate) use edits::{SeenMerge, is_edit};
pub use feed::ModelRow;
pub(crate) use feed::{Feed, RowKey};
pub(crate) use journal::Journal;
use snapshots::Snapshots;
use views::Copy;
pub(crate) use views::rows_of;

use super::mutation::Mutation;
use crate::effect::{Call, CallError, CallReply, ManifestRequest};

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
    /// One entry in so many is rejected.
    pub(crate) rejected_one_in: u8,
    /// Later outcomes in a reply to a contact, at most.
    pub(crate) outcomes_told_at_once: usize,
    /// Whether a pull's cursor is the whole feed's version or only the table's.
    pub(crate) cursor_is_feed_version: bool,
    /// At least so long lies between two refreshes of a view, milliseconds.
    pub(crate) refresh_every_ms: i64,
    /// It is of before registers moved as a whole.
    pub(crate) knows_no_moves: bool,
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
    /// When somebody last asked registers to synchronise all.
    pub(crate) retry_asked_at_ms: Option<i64>,
    /// Oldest protocol that it does more for than take uploads.
    pub(crate) protocol_min: u16,
    /// What each register said it speaks.
    stated_versions: BTreeMap<u16, u16>,
    pub(crate) habits: Habits,
    snapshots: Snapshots,
    /// By the view's number.
    copies: BTreeMap<u64, Copy>,
    pub(crate) edits: Edits,
    /// Only with [`Mutation::LookUpCached`]: the first answer to each text.
    looked_up: BTreeMap<String, LookUpReply>,
    mutation: Option<Mutation>,
}

impl ModelServer {
    pub(crate) fn new(profile: Profile, habits: Habits, mutation: Option<Mutation>) -> ModelServer {
        let mut edits = Edits::default();
        edits.published(1, profile.clone());
        ModelServer {
            feed: Feed::new(mutation),
            journals: BTreeMap::new(),
            locked_until_ms: BTreeMap::new(),
            profile: (1, profile),
            schema_version: 1,
            retry_asked_at_ms: None,
            protocol_min: 1,
            stated_versions: BTreeMap::new(),
            habits,
            snapshots: Snapshots::default(),
            copies: BTreeMap::new(),
            edits,
            looked_up: BTreeMap::new(),
            mutation,
        }
    }

    /// Answers a register, as if in one transaction.
    pub(crate) fn answer(&mut self, register: u16, call: &Call, now_ms: i64) -> Result<CallReply, CallError> {
        if self.locked_until_ms.get(&register).is_some_and(|&until_ms| until_ms > now_ms) {
            return Err(refusal(401, code::REGISTER_UNKNOWN));
        }
        self.check_version(register, call)?;
        match call {
            Call::Contact(request) => Ok(CallReply::Contact(self.contact(register, request, now_ms))),
            Call::Profile => {
                let (version, profile) = self.profile.clone();
                Ok(CallReply::Profile(ProfileReply { version, profile }))
            }
            Call::Manifest(ManifestRequest { table, profile_version }) => {
                let kept = self.profile_asked_for(register, *profile_version)?;
                check_table(&kept, *table)?;
                self.refresh_views(&kept, now_ms);
                let view = view_in(&kept, *table);
                let page_rows = self.habits.page_rows;
                let manifest = match self.copies.get_mut(&view) {
                    Some(copy) => copy.snapshots.manifest(*table, &copy.feed, page_rows),
                    None => self.snapshots.manifest(*table, &self.feed, page_rows),
                };
                Ok(CallReply::Manifest(Manifest { view: self.said(view), ..manifest }))
            }
            Call::Page(hash) => match self.page(hash) {
                Some(bytes) => Ok(CallReply::Page(bytes)),
                None => Err(refusal(404, code::NOT_FOUND)),
            },
            Call::Pull(request) => {
                let kept = self.profile_asked_for(register, request.profile_version)?;
                check_table(&kept, request.table)?;
                let rows_max = self.habits.pull_rows.min(request.rows_max as usize);
                let by_feed = self.habits.cursor_is_feed_version;
                self.refresh_views(&kept, now_ms);
                let view = view_in(&kept, request.table);
                let feed = self.copies.get(&view).map_or(&self.feed, |copy| &copy.feed);
                let reply = feed.pull(request.table, request.since, rows_max, by_feed);
                Ok(CallReply::Pull(PullReply { view: self.said(view), ..reply }))
            }
            Call::Upload(request) => {
                if request.entries.len() > self.habits.upload_entries {
                    return Err(refusal(413, code::TOO_LARGE));
                }
                let ModelServer { journals, feed, edits, mutation, habits, .. } = self;
                let journal = journals.entry(register).or_default();
                let reply =
                    journal.upload(&request.entries, habits, *mutation, now_ms, |entry, rejected| {
                        edits.settle(feed, register, entry, rejected, now_ms, *mutation)
                    })?;
                Ok(CallReply::Upload(reply))
            }
            Call::LookUp(request) => Ok(CallReply::LookUp(self.look_up(request))),
        }
    }

    /// The customer with a number, whatever registers keep; nothing else is looked for in the simulator.
    fn look_up(&mut self, request: &LookUpRequest) -> LookUpReply {
        let row = self.feed.row(&(TableId::Customer, request.text.clone()));
        let found = row.and_then(|row| Some(FoundCustomer { body: row.body.clone()?, version: row.version }));
        let reply = LookUpReply { customers: found.into_iter().collect(), ..LookUpReply::default() };
        if self.mutation == Some(Mutation::LookUpCached) {
            return self.looked_up.entry(request.text.clone()).or_insert(reply).clone();
        }
        reply
    }

    /// An administrator decides about a rejected entry of a register.
    pub(crate) fn mend(&mut self, register: u16, chance: u64, now_ms: i64) {
        let ModelServer { journals, feed, edits, mutation, .. } = self;
        let journal = journals.entry(register).or_default();
        journal.mend(chance, *mutation, now_ms, |entry, rejected| {
            edits.settle(feed, register, entry, rejected, now_ms, *mutation)
        });
    }

    /// Has none any more, such as after a restore.
    #[cfg(test)]
    pub(crate) fn forget_snapshots(&mut self) {
        self.snapshots = Snapshots::default();
    }

    /// Makes snapshots anew where the feed has moved; pages of the ones before go.
    pub(crate) fn rebuild_snapshots(&mut self) {
        self.snapshots.rebuild(&self.feed, self.habits.page_rows);
        for copy in self.copies.values_mut() {
            copy.snapshots.rebuild(&copy.feed, self.habits.page_rows);
        }
    }

    /// Forgets all tombstones, those of the copies, too.
    pub(crate) fn compact(&mut self) {
        self.feed.compact();
        for copy in self.copies.values_mut() {
            copy.feed.compact();
        }
    }

    /// The number of the view of a table that registers have by the profile; 0 where they have all of it.
    pub(crate) fn view_of(&self, table: TableId) -> u64 {
        view_in(&self.profile.1, table)
    }

    /// The row as a view has it now, if it does; that of no view is the feed's.
    pub(crate) fn row_in(&self, view: u64, key: &RowKey) -> Option<&RowChange> {
        let feed = self.copies.get(&view).map_or(&self.feed, |copy| &copy.feed);
        feed.row(key)
    }

    /// Live rows of a table as a view has it; that of no view is the feed's.
    pub(crate) fn live_in(&self, view: u64, table: TableId) -> BTreeMap<String, RowChange> {
        self.copies.get(&view).map_or(&self.feed, |copy| &copy.feed).live(table)
    }

    /// The digest that is told of a table in a view; that of no view is the feed's.
    pub(crate) fn digest_in(&self, view: u64, table: TableId) -> TableDigest {
        self.copies.get(&view).map_or(&self.feed, |copy| &copy.feed).digest(table)
    }

    fn page(&self, hash: &[u8; 32]) -> Option<Vec<u8>> {
        let copies = self.copies.values().map(|copy| &copy.snapshots);
        std::iter::once(&self.snapshots).chain(copies).find_map(|snapshots| snapshots.page(hash))
    }

    /// Makes the copies that the profile needs, and brings up to date those that are due.
    fn refresh_views(&mut self, profile: &Profile, now_ms: i64) {
        for one in View::all_of(profile) {
            let number = view::number(&one);
            let is_new = !self.copies.contains_key(&number);
            let copy = self.copies.entry(number).or_insert_with(|| Copy::new(one, &self.feed, self.mutation));
            if is_new || copy.is_due(self.habits.refresh_every_ms, now_ms) {
                copy.refresh(&mut self.feed, now_ms, self.mutation);
            }
        }
    }

    /// By which profile a register is given its rows.
    fn profile_served(&self, register: u16) -> Profile {
        match self.mutation {
            Some(Mutation::PublishedServedAtOnce) => self.profile.1.clone(),
            Some(_) | None => self.edits.profile_kept(register, &self.profile.1),
        }
    }

    /// By which profile rows are wanted.
    fn profile_asked_for(&self, register: u16, version: Option<u64>) -> Result<Profile, CallError> {
        let Some(version) = version else { return Ok(self.profile_served(register)) };
        self.edits.version(version).cloned().ok_or_else(|| refusal(404, code::NOT_FOUND))
    }

    /// The numbers of the views of tables by a profile; 0 where that keeps all of one.
    pub(crate) fn views_by(&self, profile: &Profile) -> impl Fn(TableId) -> u64 + use<> {
        let views: Vec<(View, u64)> =
            View::all_of(profile).into_iter().map(|one| (one.clone(), view::number(&one))).collect();
        let are_named = self.mutation != Some(Mutation::ViewUnnamed);
        move |table| {
            let of_table = views.iter().find(|(one, _)| one.entry(table).is_some());
            of_table.filter(|_| are_named).map_or(0, |(_, number)| *number)
        }
    }

    /// A view's number as it is told.
    fn said(&self, view: u64) -> Option<u64> {
        (view > 0 && self.mutation != Some(Mutation::ViewUnnamed)).then_some(view)
    }

    pub(crate) fn publish(&mut self, profile: Profile) {
        self.profile = (self.profile.0 + 1, profile);
        self.edits.published(self.profile.0, self.profile.1.clone());
    }

    /// The process dies and comes back: what was not committed is gone.
    pub(crate) fn restart(&mut self) {
        for journal in self.journals.values_mut() {
            journal.lose_uncommitted();
        }
    }

    fn contact(&mut self, register: u16, request: &ContactRequest, now_ms: i64) -> ContactReply {
        self.edits.said(register, request.profile_version);
        let kept = self.profile_served(register);
        self.refresh_views(&kept, now_ms);
        let (outcomes_max, mutation) = (self.habits.outcomes_told_at_once, self.mutation);
        let journal = self.journals.entry(register).or_default();
        let acknowledged_seq = journal.last_seq();
        let later_outcomes =
            request.outcomes_seen.and_then(|seen| journal.later_outcomes(seen, outcomes_max, mutation));
        let next = request.moving_to.filter(|_| !self.habits.knows_no_moves);
        let next = next.and_then(|version| Some((version, self.edits.version(version)?.clone())));
        let next_heads = next.map(|(version, profile)| {
            self.refresh_views(&profile, now_ms);
            NextHeads { version, heads: self.heads(&profile) }
        });
        ContactReply {
            nonce: request.nonce,
            server_time_ms: now_ms,
            profile_version: self.profile.0,
            schema_version: self.schema_version,
            heads: self.heads(&kept),
            acknowledged_seq,
            update_required: request.protocol_version < self.protocol_min,
            later_outcomes,
            retry_asked_at_ms: self
                .retry_asked_at_ms
                .filter(|&asked_at_ms| request.retry_heeded_at_ms != Some(asked_at_ms)),
            pictures: None,
            next_heads,
        }
    }

    fn heads(&self, profile: &Profile) -> Vec<TableHead> {
        let head = |table: TableId| {
            let view = view_in(profile, table);
            let feed = self.copies.get(&view).map_or(&self.feed, |copy| &copy.feed);
            let digest = (self.mutation != Some(Mutation::DigestIgnored)).then(|| feed.digest(table));
            let (head, oldest_cursor) = (feed.head(table), feed.oldest_cursor(table));
            TableHead { table, head, oldest_cursor, view: self.said(view), digest }
        };
        profile.download_tables().into_iter().map(head).collect()
    }

    /// A register says its version at contact; the requests for what comes down state it in a header.
    fn check_version(&mut self, register: u16, call: &Call) -> Result<(), CallError> {
        match call {
            Call::Contact(request) => {
                self.stated_versions.insert(register, request.protocol_version);
                Ok(())
            }
            Call::Upload(_) => Ok(()),
            Call::Profile | Call::Manifest(_) | Call::Page(_) | Call::Pull(_) | Call::LookUp(_) => {
                let stated = self.stated_versions.get(&register).copied().unwrap_or(self.protocol_min);
                if stated < self.protocol_min { Err(refusal(400, code::VERSION_UNKNOWN)) } else { Ok(()) }
            }
        }
    }
}

fn check_table(profile: &Profile, table: TableId) -> Result<(), CallError> {
    if profile.download_tables().contains(&table) {
        Ok(())
    } else {
        Err(refusal(403, code::TABLE_NOT_IN_PROFILE))
    }
}

/// The number of the view of a table that registers have by a profile; 0 where they have all of it.
fn view_in(profile: &Profile, table: TableId) -> u64 {
    let views = View::all_of(profile);
    views.iter().find(|one| one.entry(table).is_some()).map_or(0, view::number)
}

pub(crate) fn refusal(status: u16, code: &str) -> CallError {
    CallError::Refused(Problem {
        status,
        code: code.to_owned(),
        title: format!("The store server refuses: {code}."),
        detail: String::new(),
    })
}
