//! The customers as this register shows them, read from both databases.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{Direction, TableId};
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{CodecError, decode};
use holdfast_sync::overlay::{KeptEdit, ShownRow, edit_customer, shown_row};
use holdfast_sync::store::TableRecord;

use super::list::{CustomerList, ListBuilder, Shown};
use crate::browser::turns::Turns;
use crate::each_row::each_row;
use crate::till::Till;

pub(super) const TABLE: TableId = TableId::Customer;

/// The customers, and whether the profile lets this register change them.
pub struct Read {
    /// All of them; a row that this version can't read is passed over.
    pub list: CustomerList,
    /// Whether they may be changed here.
    pub may_edit: bool,
}

/// Reads them. The table's record comes before its rows: an edit that is shown once too often changes nothing, one
/// that is missing would show an older value.
pub async fn read(till: Till) -> Result<Read, String> {
    let scopes = till.scopes().ok_or("the offline database is closed")?;
    let (edits, whole_up_to) = edits(till).await?;
    let mut gathering = Gathering::new(&edits, whole_up_to);
    let asked = scopes.ask_for_rows(TABLE);
    each_row(asked, &mut |row, body| gathering.take(row.key, row.version, body)).await?;
    let mut turns = Turns::begin();
    let mut sorting = gathering.finish()?.sort();
    while !sorting.step() {
        turns.give().await;
    }
    let list = sorting.finish();
    let profile = scopes.profile().await.map_err(|error| error.to_string())?;
    let may_edit = profile.is_some_and(|(_, profile)| {
        profile.entry(TABLE).is_some_and(|(scope, _)| scope.direction == Direction::Bidirectional)
    });
    Ok(Read { list, may_edit })
}

/// Keeps in the journal what `change` makes of the customer that was `seen`, and gives the customer as it is then;
/// nothing is kept where nothing differs. Gives also whether something was.
pub async fn keep(
    till: Till,
    id: &str,
    seen: ShownRow,
    change: impl FnOnce(&mut CustomerRow),
    at_ms: i64,
) -> Result<(CustomerRow, bool), String> {
    let (edits, whole_up_to) = edits(till).await?;
    let seen = seen.following(&edits, TABLE, id, whole_up_to);
    let (row, edit) = edit_customer(&seen, id, change, at_ms).map_err(|error| error.to_string())?;
    if let Some(edit) = &edit {
        append(till, edit, &edits, whole_up_to).await?;
    }
    Ok((row, edit.is_some()))
}

async fn append(till: Till, edit: &RowEdit, edits: &[KeptEdit], whole_up_to: u64) -> Result<(), String> {
    let journal = till.journal().ok_or("the journal is closed")?;
    // Nobody needs them any more: their rows have come.
    let done: Vec<u64> = edits.iter().filter(|kept| kept.is_done(whole_up_to)).map(|kept| kept.seq).collect();
    journal.append_edit(edit, &done).await.map_err(|error| error.to_string())?;
    Ok(())
}

/// This register's own edits that the journal keeps.
pub async fn kept_edits(till: Till) -> Result<Vec<KeptEdit>, String> {
    let journal = till.journal().ok_or("the journal is closed")?;
    journal.edits().await.map_err(|error| error.to_string())
}

/// The edits that are kept, and the version up to which all customers are here; as if all edits had been merged and
/// had arrived where the table is not here.
async fn edits(till: Till) -> Result<(Vec<KeptEdit>, u64), String> {
    let scopes = till.scopes().ok_or("the offline database is closed")?;
    let tables = scopes.tables().await.map_err(|error| error.to_string())?;
    let whole_up_to = tables.get(&TABLE).map_or(u64::MAX, TableRecord::whole_up_to);
    Ok((kept_edits(till).await?, whole_up_to))
}

/// Customers on their way into the list: only those that were edited here are held with their bytes.
struct Gathering<'edits> {
    edits: &'edits [KeptEdit],
    whole_up_to: u64,
    edited_keys: BTreeSet<&'edits str>,
    edited: BTreeMap<String, RowChange>,
    list: ListBuilder,
}

impl<'edits> Gathering<'edits> {
    fn new(edits: &'edits [KeptEdit], whole_up_to: u64) -> Gathering<'edits> {
        let here = edits.iter().filter(|kept| kept.edit.table == TABLE);
        let edited_keys = here.map(|kept| kept.edit.key.as_str()).collect();
        Gathering { edits, whole_up_to, edited_keys, edited: BTreeMap::new(), list: ListBuilder::default() }
    }

    /// Takes a downloaded row.
    fn take(&mut self, key: &str, version: u64, body: &[u8]) -> Result<(), CodecError> {
        if self.edited_keys.contains(key) {
            let change = RowChange { key: key.to_owned(), version, body: Some(body.to_vec().into()) };
            self.edited.insert(key.to_owned(), change);
        } else {
            self.list.push(Shown { row: decode(body)?, base_version: version, follows_seq: None });
        }
        Ok(())
    }

    /// All of them, with the edits over the rows.
    fn finish(mut self) -> Result<ListBuilder, String> {
        for key in self.edited_keys {
            let shown = shown_row(self.edits, TABLE, key, self.edited.get(key), self.whole_up_to);
            let shown = shown.map_err(|error| error.to_string())?;
            let Some(body) = shown.body else { continue };
            let ShownRow { base_version, follows_seq, .. } = shown;
            match decode(&body) {
                Ok(row) => self.list.push(Shown { row, base_version, follows_seq }),
                Err(error) => leptos::logging::warn!("{TABLE} {key}: {error}"),
            }
        }
        Ok(self.list)
    }
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::checked_edit::CheckedEdit;
    use holdfast_protocol::encode;
    use holdfast_sync::overlay::EditState;

    use super::*;

    fn row(id: &str, name: &str) -> CustomerRow {
        let (id, name) = (id.into(), name.into());
        CustomerRow { id, name, country: String::new(), phone: String::new(), email: String::new() }
    }

    fn kept(seq: u64, base: &ShownRow, id: &str, name: &str) -> KeptEdit {
        let (_, edit) = edit_customer(base, id, |row| row.name = name.into(), 5).expect("a customer");
        let edit = CheckedEdit::check(&edit.expect("something differs")).expect("valid");
        KeptEdit { seq, edit, state: EditState::Waiting }
    }

    #[test]
    fn the_list_shows_what_was_entered_here_and_what_the_next_edit_is_based_on() {
        let base = Shown { row: row("2", "Ada"), base_version: 3, follows_seq: None }.base();
        let edits = [kept(1, &base, "2", "Adah"), kept(2, &ShownRow::NOTHING, "9", "Zoe")];
        let mut gathering = Gathering::new(&edits, 8);
        for (version, row) in [(3, row("2", "Ada")), (4, row("3", "Åke"))] {
            gathering.take(&row.id, version, &encode(&row)).expect("a customer");
        }
        assert!(gathering.take("4", 5, &[0xff]).is_err());
        let mut sorting = gathering.finish().expect("rows").sort();
        while !sorting.step() {}
        let list = sorting.finish();
        let shown: Vec<(String, u64, Option<u64>)> = ["2", "3", "9"]
            .into_iter()
            .filter_map(|id| list.get(id))
            .map(|one| (one.row.name.clone(), one.base_version, one.follows_seq))
            .collect();
        let expected = [("Adah", 3, Some(1)), ("Åke", 4, None), ("Zoe", 0, Some(2))];
        assert_eq!(shown, expected.map(|(name, version, seq)| (name.to_owned(), version, seq)));
        assert_eq!(list.find("", 10).len(), 3);
    }
}
