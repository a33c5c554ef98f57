//! Copies of tables as the registers of a profile keep them: rows enter and leave them as the feed changes.
//!
//! Which tables are copied is what the real store server goes by ([`View`]); which rows are kept is said plainly
//! here, for rows of the model.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{OfflineCustomers, OfflineProducts, Relation, TableId, View};
use holdfast_protocol::messages::RowChange;

use super::feed::{Feed, ModelRow, RowKey};
use super::snapshots::Snapshots;
use crate::simulator::mutation::Mutation;

/// A view's copy of its tables.
#[derive(Debug)]
pub(super) struct Copy {
    view: View,
    pub(super) feed: Feed,
    pub(super) snapshots: Snapshots,
    refreshed_at_ms: i64,
    /// Newest version of its tables when it was refreshed.
    copied_head: Option<u64>,
}

impl Copy {
    pub(super) fn new(view: View, feed: &Feed, mutation: Option<Mutation>) -> Copy {
        Copy {
            feed: Feed::beginning_at(feed.version(), view.tables(), mutation),
            view,
            snapshots: Snapshots::default(),
            refreshed_at_ms: 0,
            copied_head: None,
        }
    }

    pub(super) fn is_due(&self, every_ms: i64, now_ms: i64) -> bool {
        !(0..every_ms).contains(&(now_ms - self.refreshed_at_ms))
    }

    /// Makes it what it should be. Versions are the feed's, so that those of all tables can be compared; rows come
    /// after what they refer to, and go before it.
    pub(super) fn refresh(&mut self, feed: &mut Feed, now_ms: i64, mutation: Option<Mutation>) {
        self.refreshed_at_ms = now_ms;
        let head = self.view.tables().map(|table| feed.head(table)).max();
        if mutation == Some(Mutation::RelatedRowsUnwatched) && self.copied_head == head {
            return self.feed.set_version(feed.version());
        }
        self.copied_head = head;
        let should_be = rows_of(&self.view, feed);
        for table in self.view.tables() {
            let here = self.feed.live(table);
            for (key, body) in should_be.get(&table).into_iter().flatten() {
                if here.get(key).and_then(|row| row.body.as_ref()) != Some(body) {
                    let change = RowChange {
                        key: key.clone(),
                        version: feed.next_version(),
                        body: Some(body.clone()),
                    };
                    self.feed.commit((table, key.clone()), change);
                }
            }
        }
        for table in self.view.tables().rev() {
            let stays = |key: &String| should_be.get(&table).is_some_and(|rows| rows.contains_key(key));
            for key in self.feed.keys(table).into_iter().filter(|key| !stays(key)) {
                if mutation != Some(Mutation::RowsNeverLeaveView) {
                    let change = RowChange { key: key.clone(), version: feed.next_version(), body: None };
                    self.feed.commit((table, key), change);
                }
            }
        }
        self.feed.set_version(feed.version());
    }
}

type Bodies = BTreeMap<String, minicbor::bytes::ByteVec>;

/// The rows of a view, by table and key.
pub(crate) fn rows_of(view: &View, feed: &Feed) -> BTreeMap<TableId, Bodies> {
    let mut kept: BTreeSet<RowKey> = BTreeSet::new();
    let rows = |table: TableId| {
        let rows = feed.live(table).into_values();
        rows.filter_map(move |change| ModelRow::of(&change).map(|row| ((table, change.key), row)))
    };
    for table in view.tables() {
        for (key, row) in rows(table) {
            if passes(view, feed, &key, &row)
                && chooses(view, table, &row)
                && row.refers_to.iter().all(|named| {
                    table.follows() != Some(named.0) || !copied(view, named.0) || kept.contains(named)
                })
            {
                kept.insert(key);
            }
        }
    }
    let named: Vec<RowKey> = view
        .tables()
        .flat_map(&rows)
        .filter(|(key, _)| kept.contains(key))
        .flat_map(|(_, row)| row.refers_to)
        .filter(|named| copied(view, named.0) && feed.has(named))
        .collect();
    kept.extend(named);
    let bodies = |table: TableId| {
        let rows = feed.live(table).into_iter();
        let rows = rows.filter(|(key, _)| kept.contains(&(table, key.clone())));
        rows.filter_map(|(key, change)| Some((key, change.body?))).collect()
    };
    view.tables().map(|table| (table, bodies(table))).collect()
}

fn copied(view: &View, table: TableId) -> bool {
    view.entry(table).is_some()
}

/// Whether a row of the model passes its table's filter: every other row does for what is asked of itself, and for
/// what is asked of a related row those of which that one would.
fn passes(view: &View, feed: &Feed, key: &RowKey, row: &ModelRow) -> bool {
    let Some(filter) = view.entry(key.0).and_then(|entry| entry.filter.as_ref()) else { return true };
    filter.conditions().all(|condition| {
        let relation = key.0.filter_column(&condition.column).and_then(|found| found.of);
        let content =
            relation.map_or(Some(row.content), |relation| related_content(feed, key, row, relation));
        content.is_some_and(|content| content.is_multiple_of(2))
    })
}

/// What the related row holds. Rows of the model have keys of their own: the one of the same key is the first that
/// refers to this one.
fn related_content(feed: &Feed, key: &RowKey, row: &ModelRow, relation: Relation) -> Option<u64> {
    let related = if relation.named_by.is_some() {
        let named = row.refers_to.iter().find(|named| named.0 == relation.table)?;
        feed.row(named).and_then(ModelRow::of)
    } else {
        let rows = feed.live(relation.table).into_values();
        rows.filter_map(|change| ModelRow::of(&change)).find(|other| other.refers_to.contains(key))
    };
    related.map(|related| related.content)
}

/// Whether a row of the model is one of the chosen products or customers: so many in a thousand.
fn chooses(view: &View, table: TableId, row: &ModelRow) -> bool {
    match (table, view.offline_products(), view.offline_customers()) {
        (TableId::Product, OfflineProducts::TopBySales { count }, _) => {
            row.content % 1_000 < u64::from(*count)
        }
        (TableId::Customer, _, OfflineCustomers::None) => false,
        (_, _, _) => true,
    }
}
