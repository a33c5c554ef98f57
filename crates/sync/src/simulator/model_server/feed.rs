//! Master data with its versions: rows, tombstones, and which cursors are too old.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::TableId;
use holdfast_protocol::messages::{PullReply, RowChange};
use holdfast_protocol::{TableDigest, decode, encode};
use minicbor::{Decode, Encode};

use crate::simulator::customers;
use crate::simulator::mutation::Mutation;

/// A row of the simulated shop: some content and what it refers to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ModelRow {
    /// Something that changes.
    #[n(0)]
    pub content: u64,
    /// Rows of earlier tables that must be there.
    #[n(1)]
    pub refers_to: Vec<(TableId, String)>,
}

impl ModelRow {
    /// The row of a change, unless it deletes or can't be read.
    pub fn of(change: &RowChange) -> Option<ModelRow> {
        let body = change.body.as_ref()?;
        decode(body).ok().or_else(|| customers::model_row(body))
    }
}

/// Table and key.
pub(crate) type RowKey = (TableId, String);

/// Every row's newest change, and the counter that gave each its version.
#[derive(Debug)]
pub(crate) struct Feed {
    version: u64,
    rows: BTreeMap<RowKey, RowChange>,
    heads: BTreeMap<TableId, u64>,
    oldest_cursors: BTreeMap<TableId, u64>,
    /// Kept up to date change by change, as a store server does.
    digests: BTreeMap<TableId, TableDigest>,
    /// Only with [`Mutation::PlainSequence`]: changes that have their version and are not committed.
    uncommitted: Vec<(RowKey, RowChange)>,
    mutation: Option<Mutation>,
}

impl Feed {
    pub(super) fn new(mutation: Option<Mutation>) -> Feed {
        Feed {
            version: 0,
            rows: BTreeMap::new(),
            heads: BTreeMap::new(),
            oldest_cursors: BTreeMap::new(),
            digests: BTreeMap::new(),
            uncommitted: Vec::new(),
            mutation,
        }
    }

    /// A feed whose tables are empty as of a version: cursors from before it are too old.
    pub(super) fn beginning_at(
        version: u64,
        tables: impl Iterator<Item = TableId>,
        mutation: Option<Mutation>,
    ) -> Feed {
        let begin: BTreeMap<TableId, u64> = tables.map(|table| (table, version)).collect();
        Feed { version, heads: begin.clone(), oldest_cursors: begin, ..Feed::new(mutation) }
    }

    /// Writes rows (`None` deletes) in one transaction.
    pub(crate) fn write(&mut self, changes: Vec<(RowKey, Option<ModelRow>)>, late: bool) {
        for (key, row) in changes {
            self.version += 1;
            let is_customer = key.0 == TableId::Customer;
            let encoded = |row: ModelRow| {
                if is_customer { customers::body_of(&key.1, row.content) } else { encode(&row) }
            };
            let body = row.map(|row| encoded(row).into());
            let change = RowChange { key: key.1.clone(), version: self.version, body };
            if late && self.mutation == Some(Mutation::PlainSequence) {
                self.uncommitted.push((key, change));
            } else {
                self.commit(key, change);
            }
        }
    }

    /// Writes one row as it is encoded (`None` deletes).
    pub(crate) fn write_body(&mut self, key: RowKey, body: Option<Vec<u8>>) {
        self.version += 1;
        let change = RowChange { key: key.1.clone(), version: self.version, body: body.map(Into::into) };
        self.commit(key, change);
    }

    /// A row as it is encoded, if it lives.
    pub(crate) fn body(&self, key: &RowKey) -> Option<Vec<u8>> {
        self.rows.get(key).and_then(|row| row.body.as_ref()).map(|body| body.to_vec())
    }

    /// The version of a row's newest change; 0 where it never had one.
    pub(super) fn row_version(&self, key: &RowKey) -> u64 {
        self.rows.get(key).map_or(0, |row| row.version)
    }

    /// Commits what a slow writer had begun.
    pub(crate) fn commit_late(&mut self) {
        for (key, change) in std::mem::take(&mut self.uncommitted) {
            let newer = self.rows.get(&key).is_none_or(|row| row.version < change.version);
            if newer {
                self.commit(key, change);
            }
        }
    }

    pub(super) fn commit(&mut self, key: RowKey, change: RowChange) {
        let head = self.heads.entry(key.0).or_insert(0);
        *head = change.version.max(*head);
        let digest = self.digests.entry(key.0).or_default();
        let deletes = change.body.is_none();
        let come = TableDigest::of([&change]);
        let gone = TableDigest::of(self.rows.insert(key, change).as_ref());
        if !(deletes && self.mutation == Some(Mutation::DigestKeepsDeletedRows)) {
            *digest = digest.after(&come, &gone);
        }
    }

    pub(crate) fn digest(&self, table: TableId) -> TableDigest {
        self.digests.get(&table).copied().unwrap_or_default()
    }

    pub(crate) fn head(&self, table: TableId) -> u64 {
        self.heads.get(&table).copied().unwrap_or(0)
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Takes the next version, for a row that is kept elsewhere.
    pub(super) fn next_version(&mut self) -> u64 {
        self.version += 1;
        self.version
    }

    /// Says up to which version it is complete.
    pub(super) fn set_version(&mut self, version: u64) {
        self.version = version;
    }

    pub(super) fn oldest_cursor(&self, table: TableId) -> u64 {
        self.oldest_cursors.get(&table).copied().unwrap_or(0)
    }

    /// Forgets all tombstones; cursors from before them are too old.
    pub(crate) fn compact(&mut self) {
        let tombstones: BTreeSet<RowKey> =
            self.rows.iter().filter(|(_, row)| row.body.is_none()).map(|(key, _)| key.clone()).collect();
        for key in tombstones {
            if let Some(row) = self.rows.remove(&key)
                && self.mutation != Some(Mutation::OldestCursorForgotten)
            {
                let oldest = self.oldest_cursors.entry(key.0).or_insert(0);
                *oldest = row.version.max(*oldest);
            }
        }
    }

    /// Live rows of a table.
    pub(crate) fn live(&self, table: TableId) -> BTreeMap<String, RowChange> {
        let rows = self.table(table).filter(|row| row.body.is_some());
        rows.map(|row| (row.key.clone(), row.clone())).collect()
    }

    /// Whether a live row has this key.
    pub(crate) fn has(&self, key: &RowKey) -> bool {
        self.row(key).is_some()
    }

    /// The live row with this key.
    pub(super) fn row(&self, key: &RowKey) -> Option<&RowChange> {
        self.rows.get(key).filter(|row| row.body.is_some())
    }

    /// Keys of live rows, in order.
    pub(crate) fn keys(&self, table: TableId) -> Vec<String> {
        self.table(table).filter(|row| row.body.is_some()).map(|row| row.key.clone()).collect()
    }

    fn table(&self, table: TableId) -> impl Iterator<Item = &RowChange> {
        let from = (table, String::new());
        self.rows.range(from..).take_while(move |(key, _)| key.0 == table).map(|(_, row)| row)
    }

    pub(super) fn pull(&self, table: TableId, since: u64, rows_max: usize, by_feed: bool) -> PullReply {
        let oldest = self.oldest_cursor(table);
        if since < oldest {
            let changes = Vec::new();
            return PullReply {
                table,
                since,
                up_to: since,
                more: false,
                restart: true,
                changes,
                rows: None,
                view: None,
            };
        }
        let mut changes: Vec<RowChange> =
            self.table(table).filter(|row| row.version > since).cloned().collect();
        changes.sort_by_key(|change| change.version);
        let more = changes.len() > rows_max;
        changes.truncate(rows_max);
        let end = if by_feed { self.version } else { self.head(table).max(since) };
        let cut_short = more && self.mutation != Some(Mutation::CutPullLooksWhole);
        let up_to = if cut_short { changes.last().map_or(since, |change| change.version) } else { end };
        if self.mutation == Some(Mutation::TombstonesForgotten) {
            changes.retain(|change| change.body.is_some());
        }
        let rows = (!cut_short).then(|| self.live(table).len() as u64);
        PullReply { table, since, up_to, more: cut_short, restart: false, changes, rows, view: None }
    }
}
