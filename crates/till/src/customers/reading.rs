//! The customers as this register shows them, read from both databases.

use std::collections::BTreeMap;

use holdfast_profile::{Direction, TableId};
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{decode, encode};
use holdfast_sync::overlay::{KeptEdit, shown_row, shown_rows};
use holdfast_sync::store::TableRecord;

use crate::till::Till;

/// What both databases hold of customers.
pub struct Read {
    downloaded: BTreeMap<String, RowChange>,
    shown: BTreeMap<String, RowChange>,
    edits: Vec<KeptEdit>,
    /// Version up to which all of them are here.
    whole_up_to: u64,
    /// Whether the profile lets this register change them.
    pub may_edit: bool,
}

/// Reads them. The table's record comes before its rows: an edit that is shown once too often changes nothing, one
/// that is missing would show an older value.
pub async fn read(till: Till) -> Result<Read, String> {
    let scopes = till.scopes().ok_or("the offline database is closed")?;
    let journal = till.journal().ok_or("the journal is closed")?;
    let said = |error: holdfast_browser_store::BrowserStoreError| error.to_string();
    let tables = scopes.tables().await.map_err(said)?;
    let whole_up_to = tables.get(&TableId::Customer).map_or(u64::MAX, TableRecord::whole_up_to);
    let rows = scopes.rows(TableId::Customer).await.map_err(said)?;
    let downloaded: BTreeMap<String, RowChange> =
        rows.into_iter().map(|row| (row.key.clone(), row)).collect();
    let edits = journal.edits().await.map_err(said)?;
    let shown =
        shown_rows(&edits, TableId::Customer, &downloaded, whole_up_to).map_err(|error| error.to_string())?;
    let profile = scopes.profile().await.map_err(said)?;
    let may_edit = profile.is_some_and(|(_, profile)| {
        profile.entry(TableId::Customer).is_some_and(|(scope, _)| scope.direction == Direction::Bidirectional)
    });
    Ok(Read { downloaded, shown, edits, whole_up_to, may_edit })
}

impl Read {
    /// All customers; a row that this version can't read is passed over.
    pub fn rows(&self) -> Vec<CustomerRow> {
        let bodies = self.shown.values().filter_map(|change| change.body.as_ref());
        bodies.filter_map(|body| decode(body).ok()).collect()
    }

    /// The edit that enters these values, and the customer as it is then; no edit where nothing differs.
    pub fn edit(
        &self,
        id: &str,
        entered: impl FnOnce(&mut CustomerRow),
        at_ms: i64,
    ) -> Result<(CustomerRow, Option<RowEdit>), String> {
        let table = TableId::Customer;
        let shown = shown_row(&self.edits, table, id, self.downloaded.get(id), self.whole_up_to)
            .map_err(|error| error.to_string())?;
        let mut row = match &shown.body {
            Some(body) => decode(body).map_err(|error| error.to_string())?,
            None => CustomerRow {
                id: id.to_owned(),
                name: String::new(),
                country: String::new(),
                phone: String::new(),
                email: String::new(),
            },
        };
        entered(&mut row);
        let edit = shown.edit(table, id, &encode(&row), at_ms).map_err(|error| error.to_string())?;
        Ok((row, edit))
    }

    /// Edits that nobody needs any more: their rows have come.
    pub fn done(&self) -> Vec<u64> {
        self.edits.iter().filter(|kept| kept.is_done(self.whole_up_to)).map(|kept| kept.seq).collect()
    }
}
