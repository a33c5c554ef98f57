//! Views: copies of tables as the registers of a profile keep them, made and refreshed when registers ask.
//!
//! Owns when a refresh is due and who does it. A register with a view reads the copies and nothing else, so that it
//! costs what one without costs; a contact of a view whose tables have not changed, nor those that its filters ask of
//! related rows, compares two numbers.

mod leaving;
mod refresh;
mod sizes;

use std::time::Duration;

use holdfast_profile::{Profile, TableId, View};
use holdfast_protocol::view;
use tokio::time::Instant;

pub use sizes::{Sizes, TableSize};

use crate::database::{Database, DatabaseError, FeedHead, FeedHeads, FeedId, ViewRecord};
use crate::long_work::{LongWork, Turn};
use refresh::refresh;

/// Between two refreshes of a view lies at least this, milliseconds,
const REFRESH_EVERY_MS: i64 = 2_000;
/// and so many times what the last one took, so that an import into a large catalogue does not keep the server busy
/// with views of what is half there.
const REST_FACTOR: i64 = 5;
/// How long a contact waits for a refresh; what it misses comes with the next one.
const CONTACT_WAIT: Duration = Duration::from_millis(500);
/// How long a register that must have views waits for their first copies, all of them,
const FIRST_WAIT: Duration = Duration::from_secs(10);
/// and while another's are made: it comes again, and takes no place until then.
const OTHERS_WAIT: Duration = Duration::from_millis(500);
/// How old the note of a view's use may be, milliseconds.
const USE_NOTED_EVERY_MS: i64 = 60 * 60 * 1000;
/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Refreshes views, one at a time in this process; of several processes one is the first to write and the others
/// notice.
#[derive(Debug, Default)]
pub struct Views {
    work: LongWork,
}

/// Where the registers of a profile find their tables.
#[derive(Debug, Clone)]
pub struct Feeds {
    in_use: Vec<ViewRecord>,
}

/// Where registers find one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// The feed.
    pub feed: FeedId,
    /// The view's number as registers are told it; none for the table itself.
    pub view: Option<u64>,
    /// Whether it is complete; the first copies take a while.
    pub is_ready: bool,
}

impl Feeds {
    /// The feeds of a profile as they are, for who only looks: none is made or refreshed.
    ///
    /// # Errors
    /// [`DatabaseError`] when they can't be read.
    pub async fn as_they_are(
        database: &Database,
        store_id: &str,
        profile: &Profile,
    ) -> Result<Feeds, DatabaseError> {
        Ok(Feeds { in_use: find(database, store_id, &View::all_of(profile)).await? })
    }

    /// Where a table stands. Where its view is not made yet, the table itself is as good as what is known.
    pub fn head(&self, heads: &FeedHeads, table: TableId) -> FeedHead {
        let source = self.source(table);
        let feed = if source.is_ready { source.feed } else { table.into() };
        heads.get(&feed).copied().unwrap_or_default()
    }

    /// Where a table is found.
    pub fn source(&self, table: TableId) -> Source {
        match self.in_use.iter().find(|record| record.view.entry(table).is_some()) {
            None => Source { feed: table.into(), view: None, is_ready: true },
            Some(record) => Source {
                feed: FeedId { table, view_no: record.view_no },
                view: Some(record.number),
                is_ready: record.base_head.is_some(),
            },
        }
    }
}

impl Views {
    /// The feeds of a profile for a contact, refreshed where that is due and does not take long, and where all feeds
    /// of the store stand.
    ///
    /// # Errors
    /// [`DatabaseError`] when they can be neither found nor made.
    pub async fn for_contact(
        &self,
        database: &Database,
        store_id: &str,
        profile: &Profile,
        now_ms: i64,
    ) -> Result<(Feeds, FeedHeads), DatabaseError> {
        let views = View::all_of(profile);
        let in_use = find_or_add(database, store_id, &views, now_ms).await?;
        // After the views: a view that is complete has its feeds among them.
        let heads = database.feed_heads(store_id).await?;
        let mut refreshed = false;
        for record in &in_use {
            if now_ms - record.used_at_ms > USE_NOTED_EVERY_MS {
                database.view_used(store_id, record.view_no, now_ms).await?;
            }
            if is_due(record, &heads, now_ms) {
                // While another refreshes, a thousand contacts must not stand in line for it.
                let Some(turn) = self.work.turn(Duration::ZERO).await else { continue };
                let done = refresh_in_turn(turn, database, store_id, record, now_ms, CONTACT_WAIT).await;
                // The register is told what is there; a view that can't be made must not take it offline.
                if let Err(error) = done {
                    tracing::error!(%error, view = record.view_no, "a view was not refreshed");
                }
                refreshed = true;
            }
        }
        if !refreshed {
            return Ok((Feeds { in_use }, heads));
        }
        let in_use = find(database, store_id, &views).await?;
        Ok((Feeds { in_use }, database.feed_heads(store_id).await?))
    }

    /// The feeds of a profile for what follows a contact: as they are, but all there.
    ///
    /// # Errors
    /// [`DatabaseError`] when they can be neither found nor made.
    pub async fn for_download(
        &self,
        database: &Database,
        store_id: &str,
        profile: &Profile,
        now_ms: i64,
    ) -> Result<Feeds, DatabaseError> {
        let views = View::all_of(profile);
        let in_use = find_or_add(database, store_id, &views, now_ms).await?;
        if in_use.iter().all(|record| record.base_head.is_some()) {
            return Ok(Feeds { in_use });
        }
        let until = Instant::now() + FIRST_WAIT;
        for record in in_use.iter().filter(|record| record.base_head.is_none() && !rests(record, now_ms)) {
            let Some(turn) = self.work.turn(OTHERS_WAIT).await else { break };
            let wait = until.saturating_duration_since(Instant::now());
            refresh_in_turn(turn, database, store_id, record, now_ms, wait).await?;
        }
        Ok(Feeds { in_use: find(database, store_id, &views).await? })
    }
}

/// Waits for a refresh for so long; it goes on without whoever waits.
async fn refresh_in_turn(
    turn: Turn,
    database: &Database,
    store_id: &str,
    record: &ViewRecord,
    now_ms: i64,
    wait: Duration,
) -> Result<(), DatabaseError> {
    let (database, store_id, view_no) = (database.clone(), store_id.to_owned(), record.view_no);
    let refreshing = async move { refresh(&database, &store_id, view_no, now_ms).await };
    turn.work(format!("view {view_no}"), wait, refreshing).await.map(|_| ())
}

async fn find_or_add(
    database: &Database,
    store_id: &str,
    views: &[View],
    now_ms: i64,
) -> Result<Vec<ViewRecord>, DatabaseError> {
    if views.is_empty() {
        return Ok(Vec::new());
    }
    let found = find(database, store_id, views).await?;
    if found.len() == views.len() {
        return Ok(found);
    }
    for view in views.iter().filter(|view| found.iter().all(|record| record.view != **view)) {
        database.add_view(store_id, view, now_ms).await?;
    }
    find(database, store_id, views).await
}

async fn find(database: &Database, store_id: &str, views: &[View]) -> Result<Vec<ViewRecord>, DatabaseError> {
    let numbers: Vec<u64> = views.iter().map(view::number).collect();
    if numbers.is_empty() { Ok(Vec::new()) } else { database.views(store_id, &numbers).await }
}

/// Whether the copies lack something that is in the tables, and it is time to look.
fn is_due(record: &ViewRecord, heads: &FeedHeads, now_ms: i64) -> bool {
    if rests(record, now_ms) {
        return false;
    }
    let Some(copied_head) = record.base_head else { return true };
    let head = |table: TableId| heads.get(&table.into()).map_or(0, |head| head.head);
    let newest = record.view.read_tables().into_iter().map(head).max().unwrap_or(0);
    let another_day = record.view.changes_with_sales() && day_of(now_ms) != record.day;
    newest != copied_head || another_day
}

/// Whether it is too soon after the last refresh, also after one that failed.
fn rests(record: &ViewRecord, now_ms: i64) -> bool {
    let rest_ms = REFRESH_EVERY_MS.max(record.took_ms.saturating_mul(REST_FACTOR));
    // A clock that was set back must not keep a view from being refreshed for long.
    (0..rest_ms).contains(&(now_ms - record.refreshed_at_ms))
}

fn day_of(now_ms: i64) -> i64 {
    now_ms.div_euclid(DAY_MS)
}

#[cfg(test)]
mod tests {
    use holdfast_profile::{OfflineProducts, RowFilter, Test, default_profile};

    use super::*;
    use crate::database::FeedHead;

    const NOON_MS: i64 = 1_795_521_600_000;

    fn record(offline_products: OfflineProducts) -> ViewRecord {
        let view = View::all_of(&Profile { offline_products, ..default_profile() }).remove(0);
        ViewRecord {
            view_no: 1,
            number: view::number(&view),
            view,
            writes_count: 1,
            base_head: Some(10),
            day: day_of(NOON_MS),
            refreshed_at_ms: NOON_MS,
            took_ms: 0,
            used_at_ms: NOON_MS,
        }
    }

    fn heads(of: &[(TableId, u64)]) -> FeedHeads {
        let head = |head| FeedHead { head, ..FeedHead::default() };
        of.iter().map(|(table, version)| ((*table).into(), head(*version))).collect()
    }

    fn of_toys() -> ViewRecord {
        record(OfflineProducts::Categories { codes: vec!["toys".into()] })
    }

    #[test]
    fn a_view_of_what_has_not_changed_rests_for_ever() {
        let unchanged = heads(&[(TableId::Product, 10), (TableId::Customer, 99)]);
        assert!(!is_due(&of_toys(), &unchanged, NOON_MS + 400 * DAY_MS));
    }

    #[test]
    fn a_change_is_copied_after_a_rest() {
        let changed = heads(&[(TableId::Product, 10), (TableId::Price, 11)]);
        assert!(!is_due(&of_toys(), &changed, NOON_MS + REFRESH_EVERY_MS - 1));
        assert!(is_due(&of_toys(), &changed, NOON_MS + REFRESH_EVERY_MS));
        let slow = ViewRecord { took_ms: 1_000, ..of_toys() };
        assert!(!is_due(&slow, &changed, NOON_MS + 4_999));
        assert!(is_due(&slow, &changed, NOON_MS + 5_000));
        assert!(is_due(&slow, &changed, NOON_MS - 1), "the clock was set back");
    }

    #[test]
    fn a_change_of_a_related_row_that_a_filter_asks_is_looked_at() {
        let mut profile = default_profile();
        for entry in profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables) {
            if entry.table == TableId::Product {
                entry.filter = Some(RowFilter::of("category.name", Test::Contains { text: "toy".into() }));
            }
        }
        let view = View::all_of(&profile).remove(0);
        assert!(view.entry(TableId::Category).is_none());
        let of_toys = ViewRecord { number: view::number(&view), view, ..of_toys() };
        let renamed = heads(&[(TableId::Product, 10), (TableId::Category, 11)]);
        assert!(is_due(&of_toys, &renamed, NOON_MS + REFRESH_EVERY_MS));
        let elsewhere = heads(&[(TableId::Product, 10), (TableId::TaxRate, 11)]);
        assert!(!is_due(&of_toys, &elsewhere, NOON_MS + REFRESH_EVERY_MS));
    }

    #[test]
    fn what_sales_decide_is_looked_at_each_day() {
        let unchanged = heads(&[(TableId::Product, 10)]);
        let best = record(OfflineProducts::TopBySales { count: 100 });
        assert!(!is_due(&best, &unchanged, NOON_MS + DAY_MS / 3));
        assert!(is_due(&best, &unchanged, NOON_MS + DAY_MS));
        assert!(!is_due(&of_toys(), &unchanged, NOON_MS + DAY_MS));
    }

    #[test]
    fn first_copies_wait_for_nothing() {
        let new = ViewRecord { base_head: None, refreshed_at_ms: 0, ..of_toys() };
        assert!(is_due(&new, &heads(&[]), NOON_MS));
    }

    #[test]
    fn first_copies_that_could_not_be_made_rest_like_others() {
        let failed = ViewRecord { base_head: None, took_ms: 1_000, ..of_toys() };
        assert!(!is_due(&failed, &heads(&[]), NOON_MS + 4_999));
        assert!(is_due(&failed, &heads(&[]), NOON_MS + 5_000));
    }
}
