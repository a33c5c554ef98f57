//! The one suite that every [`RegisterStore`] passes, in memory and in a browser alike.
//!
//! A behaviour gets an empty, activated register and gives what it missed as text; nothing here panics, so that a
//! browser can show what failed. [`crate::store_behaviours`] is the only list of them.

mod digests;
mod edits;
mod generations;
mod moves;
mod outbox;
mod state;

use std::collections::BTreeMap;

use holdfast_profile::{Profile, TableId};
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::page;
use holdfast_protocol::row_edit::RowEdit;

pub use digests::*;
pub use edits::*;
pub use generations::*;
pub use moves::*;
pub use outbox::*;
pub use state::*;

use crate::overlay::KeptEdit;
use crate::store::{RegisterState, RegisterStore, ShownTable, StoreCall, StoreReply, TableRecord};

/// A register whose databases are put to the test.
#[allow(async_fn_in_trait, reason = "a suite awaits one call at a time")]
pub trait Subject {
    /// Its databases.
    type Store: RegisterStore;

    /// The databases, as an engine has them.
    fn store(&self) -> &Self::Store;

    /// Puts an entry with this payload into the outbox, as a till does; gives its sequence.
    async fn append(&self, payload: Vec<u8>) -> Result<u64, String>;

    /// Finishes a sale; gives its entry's sequence.
    async fn sell(&self) -> Result<u64, String>;

    /// Finishes a sale and closes the shift that it is in; gives the sequence of the closing.
    async fn sell_and_close_shift(&self) -> Result<u64, String>;

    /// Keeps an edit of a row, as a till does, and says which edits nobody needs any more: a backend may list them no
    /// longer. Gives its sequence.
    async fn append_edit(&self, edit: &RowEdit, done: &[u64]) -> Result<u64, String>;

    /// The edits that are kept, by sequence.
    async fn edits(&self) -> Result<Vec<KeptEdit>, String>;

    /// A table's live rows, as a till reads them.
    async fn rows(&self, table: TableId) -> Result<BTreeMap<String, RowChange>, String>;

    /// Opens the databases anew, as after a kill.
    async fn reopen(&mut self) -> Result<(), String>;
}

/// What a behaviour missed.
pub type Outcome = Result<(), String>;

/// Hands the names of all behaviours to a macro, which makes a test of each.
///
/// `holdfast_sync::store_behaviours!(my_tests)` calls `my_tests! { name, name, ... }`; each is an
/// `async fn name<S: Subject>(subject: &mut S) -> Outcome` in [`crate::store_suite`].
#[macro_export]
macro_rules! store_behaviours {
    ($with:ident) => {
        $with! {
            an_empty_register_loads_as_empty,
            a_profile_to_move_to_is_found_again_after_a_kill,
            a_profile_comes_into_force_with_its_tables,
            a_profile_whose_tables_are_not_all_there_changes_nothing,
            a_profile_that_comes_without_tables_leaves_what_is_built,
            builds_are_dropped_and_what_is_visible_is_not,
            mode_and_profile_are_found_again_after_a_kill,
            the_outbox_is_read_in_order_and_within_its_bounds,
            only_settled_entries_leave_the_outbox,
            results_of_unknown_entries_change_nothing,
            rejected_entries_are_kept_and_not_sent_again,
            entries_that_the_store_server_lost_wait_again,
            later_outcomes_settle_what_does_not_wait,
            entries_far_apart_are_settled_together,
            what_waits_is_found_again_after_a_kill,
            a_closed_shift_waits_until_it_is_settled,
            an_edit_waits_like_any_entry,
            what_became_of_edits_is_found_again_after_a_kill,
            edits_that_the_store_server_lost_wait_again,
            edits_that_nobody_needed_wait_again_once_lost,
            a_later_outcome_says_the_version_of_an_edit,
            an_edit_that_nobody_needed_is_listed_again_once_rejected,
            a_download_leaves_edits_alone,
            a_generation_is_not_visible_before_its_switch,
            pages_are_found_again_after_a_kill,
            another_snapshot_takes_over_the_pages_that_both_have,
            a_generation_takes_over_the_pages_of_the_visible_one,
            a_damaged_page_is_not_taken_over,
            an_incomplete_generation_is_not_shown,
            a_page_of_no_generation_is_refused,
            a_switch_replaces_all_rows,
            a_switch_takes_changes_along,
            an_empty_snapshot_can_be_shown,
            changes_and_cursor_are_stored_together,
            an_empty_delta_moves_only_the_record,
            a_delta_of_another_generation_is_refused,
            the_highest_version_of_a_row_counts,
            a_digest_is_of_the_live_rows,
            a_digest_stays_the_same_over_a_kill_and_a_new_snapshot,
            a_table_that_can_not_be_read_has_no_digest,
            dropped_tables_are_gone_and_the_outbox_is_not,
            a_dropped_table_can_come_again,
        }
    };
}

/// Fails a behaviour with what was seen.
macro_rules! ensure {
    ($holds:expr, $($seen:tt)+) => {
        if !$holds {
            return Err(format!($($seen)+));
        }
    };
}
use ensure;

/// The table that the suite fills.
const TABLE: TableId = TableId::Product;

async fn execute<S: Subject>(subject: &S, call: StoreCall) -> Result<StoreReply, String> {
    let what = format!("{call:?}");
    subject.store().execute(call).await.map_err(|error| format!("{what}: {error}"))
}

async fn done<S: Subject>(subject: &S, call: StoreCall) -> Outcome {
    let what = format!("{call:?}");
    let reply = execute(subject, call).await?;
    ensure!(reply == StoreReply::Done, "{what} gave {reply:?}");
    Ok(())
}

async fn refused<S: Subject>(subject: &S, call: StoreCall) -> Outcome {
    let what = format!("{call:?}");
    match subject.store().execute(call).await {
        Ok(reply) => Err(format!("{what} was not refused, but gave {reply:?}")),
        Err(_) => Ok(()),
    }
}

async fn load<S: Subject>(subject: &S) -> Result<RegisterState, String> {
    let reply = execute(subject, StoreCall::Load).await?;
    let StoreReply::State(state) = reply else { return Err(format!("loading gave {reply:?}")) };
    Ok(*state)
}

fn row(key: &str, version: u64) -> RowChange {
    RowChange { key: key.into(), version, body: Some(version.to_be_bytes().to_vec().into()) }
}

fn tombstone(key: &str, version: u64) -> RowChange {
    RowChange { key: key.into(), version, body: None }
}

fn record(generation: u64, cursor: u64) -> TableRecord {
    TableRecord { generation, cursor, synced_at_ms: Some(7), ..TableRecord::default() }
}

/// Keys and versions of the live rows.
async fn visible<S: Subject>(subject: &S) -> Result<Vec<(String, u64)>, String> {
    let rows = subject.rows(TABLE).await?;
    Ok(rows.into_values().map(|row| (row.key, row.version)).collect())
}

async fn expect_visible<S: Subject>(subject: &S, expected: &[(&str, u64)]) -> Outcome {
    let seen = visible(subject).await?;
    let expected: Vec<(String, u64)> =
        expected.iter().map(|(key, version)| ((*key).to_owned(), *version)).collect();
    ensure!(seen == expected, "visible are {seen:?}, not {expected:?}");
    Ok(())
}

/// Begins a generation of these pages; gives the numbers of those that are there.
async fn begin<S: Subject>(subject: &S, generation: u64, pages: &[Vec<u8>]) -> Result<Vec<u32>, String> {
    let pages = pages.iter().map(|bytes| page::address(bytes)).collect();
    let reply = execute(subject, StoreCall::BeginGeneration { table: TABLE, generation, pages }).await?;
    let StoreReply::Building { mut present } = reply else { return Err(format!("beginning gave {reply:?}")) };
    present.sort_unstable();
    Ok(present)
}

fn put(generation: u64, page_no: u32, bytes: &[u8]) -> StoreCall {
    StoreCall::PutPage { table: TABLE, generation, page_no, bytes: bytes.to_vec() }
}

fn switch(generation: u64, changes: Vec<RowChange>, cursor: u64) -> StoreCall {
    let record = record(generation, cursor);
    StoreCall::SwitchGeneration { table: TABLE, generation, changes, record }
}

fn switch_profile(version: u64, profile: &Profile, tables: Vec<ShownTable>) -> StoreCall {
    StoreCall::SwitchProfile { version, profile: profile.clone(), tables }
}

/// Two pages: `a` and `b`, then `c`.
fn two_pages() -> Vec<Vec<u8>> {
    vec![page::pack(&[row("a", 1), row("b", 2)]), page::pack(&[row("c", 3)])]
}

/// As after a failing disk: the checksum no longer holds.
fn damaged(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes
}

/// A visible first generation of [`two_pages`] at version 3.
async fn show_first<S: Subject>(subject: &S) -> Outcome {
    let pages = two_pages();
    begin(subject, 1, &pages).await?;
    for (page_no, bytes) in (0..).zip(&pages) {
        done(subject, put(1, page_no, bytes)).await?;
    }
    done(subject, switch(1, Vec::new(), 3)).await
}
