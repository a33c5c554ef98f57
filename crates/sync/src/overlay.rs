//! A register's own edits over what it downloads: a row shows what was entered here until the store server's
//! merged row has arrived, and a download never overwrites what waits.
//!
//! Pure: whoever shows rows (till, headless register, simulator) gives the edits that the journal keeps, the
//! downloaded row and the version up to which its table is whole. An edit lies over the row while it waits, and after
//! the store server merged it until the merged row or a later state of it is here: the row says so itself, or the table
//! is whole up to that version. A rejected edit lies over nothing. Where the profile keeps only some rows and the merged
//! one is not among them, the edit stays on show where it was entered until the table's next change.

mod customer;

use std::collections::BTreeMap;

use holdfast_profile::{RowError, TableId};
use holdfast_protocol::checked_edit::CheckedEdit;
use holdfast_protocol::decode;
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};

pub use customer::{CustomerEditError, edit_customer};

use crate::memory_store::Custody;

/// What became of an edit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditState {
    /// It is only on the register.
    Waiting,
    /// The store server merged it.
    Merged {
        /// Version of the merged row; 0 where the store server did not say it.
        version: u64,
    },
    /// The store server keeps it for the administrator.
    Rejected {
        /// Why.
        reason: String,
    },
}

/// An edit that the journal keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptEdit {
    /// Its entry's sequence.
    pub seq: u64,
    /// The edit.
    pub edit: CheckedEdit,
    /// What became of it.
    pub state: EditState,
}

impl KeptEdit {
    /// The edit in an entry's payload; none where the payload is not an edit that this build can show.
    pub fn read(seq: u64, payload: &[u8], custody: &Custody, version: Option<u64>) -> Option<KeptEdit> {
        let edit: RowEdit = decode(payload).ok()?;
        let edit = CheckedEdit::check(&edit).ok()?;
        let state = match custody {
            Custody::Waiting => EditState::Waiting,
            Custody::Accepted { .. } => EditState::Merged { version: version.unwrap_or(0) },
            Custody::Rejected { reason } => EditState::Rejected { reason: reason.clone() },
        };
        Some(KeptEdit { seq, edit, state })
    }

    /// Whether it lies over a downloaded row of this version (0 for none), of a table that is whole up to
    /// `whole_up_to` ([`TableRecord::whole_up_to`]).
    ///
    /// [`TableRecord::whole_up_to`]: crate::store::TableRecord::whole_up_to
    pub fn lies_over(&self, row_version: u64, whole_up_to: u64) -> bool {
        match self.state {
            EditState::Waiting => true,
            EditState::Merged { version } => version > whole_up_to && version > row_version,
            EditState::Rejected { .. } => false,
        }
    }

    /// Whether nobody needs it any more: the table, whole up to this version, has the merged row.
    pub fn is_done(&self, whole_up_to: u64) -> bool {
        match self.state {
            EditState::Merged { version } => version <= whole_up_to,
            EditState::Waiting | EditState::Rejected { .. } => false,
        }
    }
}

/// A row as it is shown, and what the next edit of it is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownRow {
    /// The row in CBOR; `None` where there is none.
    pub body: Option<Vec<u8>>,
    /// Version of the downloaded row; 0 where none was downloaded.
    pub base_version: u64,
    /// The newest edit that lies over it.
    pub follows_seq: Option<u64>,
}

impl ShownRow {
    /// The edit that makes `after` of the row; none where nothing differs.
    ///
    /// # Errors
    /// [`RowError`] when one of the two can't be read as a row of the table.
    pub fn edit(
        &self,
        table: TableId,
        key: &str,
        after: &[u8],
        edited_at_ms: i64,
    ) -> Result<Option<RowEdit>, RowError> {
        let fields: Vec<FieldEdit> = RowEdit::fields_between(table, self.body.as_deref(), after)?;
        let edit = RowEdit {
            table: table.number(),
            key: key.to_owned(),
            base_version: self.base_version,
            edited_at_ms,
            fields,
            follows_seq: self.follows_seq,
        };
        Ok((!edit.fields.is_empty()).then_some(edit))
    }
}

/// The row of a key as it is shown: `row` as it was downloaded, and over it the edits that lie over it, oldest first.
/// `edits` are in the order of their sequence.
///
/// # Errors
/// [`RowError`] when the downloaded row can't be read.
pub fn shown_row<'e>(
    edits: impl IntoIterator<Item = &'e KeptEdit>,
    table: TableId,
    key: &str,
    row: Option<&RowChange>,
    whole_up_to: u64,
) -> Result<ShownRow, RowError> {
    let downloaded = row.filter(|row| row.body.is_some());
    let row_version = downloaded.map_or(0, |row| row.version);
    let mut shown = ShownRow {
        body: downloaded.and_then(|row| row.body.as_ref()).map(|body| body.to_vec()),
        base_version: row_version,
        follows_seq: None,
    };
    for kept in edits {
        if kept.edit.table != table || kept.edit.key != key || !kept.lies_over(row_version, whole_up_to) {
            continue;
        }
        // An edit of a row that is not there any more, or never came to be, makes no row of its few fields.
        if shown.body.is_none() && !makes_a_row(&kept.edit) {
            continue;
        }
        shown.body = Some(kept.edit.lay_over(shown.body.as_deref())?);
        shown.follows_seq = Some(kept.seq);
    }
    Ok(shown)
}

/// The downloaded rows of a table with the edits that lie over them.
///
/// # Errors
/// [`RowError`] when a row that was edited can't be read.
pub fn shown_rows(
    edits: &[KeptEdit],
    table: TableId,
    rows: &BTreeMap<String, RowChange>,
    whole_up_to: u64,
) -> Result<BTreeMap<String, RowChange>, RowError> {
    let mut shown = rows.clone();
    let mut edited: Vec<&str> =
        edits.iter().filter(|kept| kept.edit.table == table).map(|kept| kept.edit.key.as_str()).collect();
    edited.sort_unstable();
    edited.dedup();
    for key in edited {
        let row = shown_row(edits, table, key, rows.get(key), whole_up_to)?;
        if let Some(body) = row.body {
            let change =
                RowChange { key: key.to_owned(), version: row.base_version, body: Some(body.into()) };
            shown.insert(key.to_owned(), change);
        }
    }
    Ok(shown)
}

fn makes_a_row(edit: &CheckedEdit) -> bool {
    edit.base_version == 0 && edit.follows_seq.is_none() && edit.check_new_row().is_ok()
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::encode;
    use holdfast_protocol::rows::CustomerRow;

    use super::*;

    const TABLE: TableId = TableId::Customer;

    fn customer(name: &str, phone: &str) -> Vec<u8> {
        let (id, name, phone) = ("7".into(), name.into(), phone.into());
        encode(&CustomerRow { id, name, country: String::new(), phone, email: String::new() })
    }

    fn row(version: u64, name: &str, phone: &str) -> RowChange {
        RowChange { key: "7".into(), version, body: Some(customer(name, phone).into()) }
    }

    fn kept(seq: u64, before: &ShownRow, after: &[u8], state: EditState) -> KeptEdit {
        let edit = before.edit(TABLE, "7", after, 5).expect("rows").expect("something differs");
        KeptEdit { seq, edit: CheckedEdit::check(&edit).expect("valid"), state }
    }

    fn shown(edits: &[KeptEdit], row: Option<&RowChange>, whole_up_to: u64) -> ShownRow {
        shown_row(edits, TABLE, "7", row, whole_up_to).expect("rows")
    }

    #[test]
    fn what_waits_lies_over_whatever_is_downloaded() {
        let old = row(3, "Ito", "1");
        let edit = kept(1, &shown(&[], Some(&old), 3), &customer("Ito", "2"), EditState::Waiting);
        let edits = [edit];
        assert_eq!(shown(&edits, Some(&old), 3).body, Some(customer("Ito", "2")));
        let newer = row(8, "Itō", "3");
        let seen = shown(&edits, Some(&newer), 9);
        assert_eq!(
            seen,
            ShownRow { body: Some(customer("Itō", "2")), base_version: 8, follows_seq: Some(1) }
        );
    }

    #[test]
    fn a_merged_edit_lies_over_the_row_until_the_merged_row_is_here() {
        let old = row(3, "Ito", "1");
        let base = shown(&[], Some(&old), 3);
        let edits = [kept(1, &base, &customer("Ito", "2"), EditState::Merged { version: 8 })];
        assert_eq!(shown(&edits, Some(&old), 7).body, Some(customer("Ito", "2")));
        assert!(!edits[0].is_done(7) && edits[0].is_done(8));
        let merged = row(8, "Ito", "4");
        let seen = shown(&edits, Some(&merged), 8);
        assert_eq!(seen, ShownRow { body: Some(customer("Ito", "4")), base_version: 8, follows_seq: None });
    }

    #[test]
    fn a_merged_edit_ends_at_its_row_where_the_table_is_here_in_part() {
        let base = shown(&[], Some(&row(3, "Ito", "1")), 3);
        let edits = [kept(1, &base, &customer("Ito", "2"), EditState::Merged { version: 8 })];
        let later = row(20, "Ito", "4");
        let seen = shown(&edits, Some(&later), 3);
        assert_eq!(seen, ShownRow { body: Some(customer("Ito", "4")), base_version: 20, follows_seq: None });
        assert!(!edits[0].is_done(3), "other rows may still be shown without it");
    }

    #[test]
    fn a_rejected_edit_lies_over_nothing_and_stays_listed() {
        let old = row(3, "Ito", "1");
        let base = shown(&[], Some(&old), 3);
        let rejected = EditState::Rejected { reason: "No.".into() };
        let edits = [kept(1, &base, &customer("Ito", "2"), rejected)];
        assert_eq!(shown(&edits, Some(&old), 3), base);
        assert!(!edits[0].is_done(99));
    }

    #[test]
    fn later_edits_lie_over_earlier_ones_and_name_them() {
        let created = kept(4, &shown(&[], None, 0), &customer("Ito", ""), EditState::Waiting);
        let edits = [created];
        let between = shown(&edits, None, 0);
        assert_eq!((between.base_version, between.follows_seq), (0, Some(4)));
        let edits = [edits[0].clone(), kept(5, &between, &customer("Ito", "2"), EditState::Waiting)];
        assert_eq!(edits[1].edit.follows_seq, Some(4));
        let rows = shown_rows(&edits, TABLE, &BTreeMap::new(), 0).expect("rows");
        let expected = RowChange { key: "7".into(), version: 0, body: Some(customer("Ito", "2").into()) };
        assert_eq!(rows, BTreeMap::from([("7".to_owned(), expected)]));
    }

    #[test]
    fn an_edit_of_a_row_that_is_gone_makes_no_row() {
        let base = shown(&[], Some(&row(3, "Ito", "1")), 3);
        let edits = [kept(1, &base, &customer("Ada", "2"), EditState::Waiting)];
        assert_eq!(shown(&edits, None, 9).body, None);
        assert_eq!(shown_rows(&edits, TABLE, &BTreeMap::new(), 9), Ok(BTreeMap::new()));
    }

    #[test]
    fn a_change_of_a_row_whose_creation_was_rejected_makes_no_row() {
        let rejected = EditState::Rejected { reason: "No.".into() };
        let created = kept(1, &shown(&[], None, 0), &customer("Ito", ""), EditState::Waiting);
        let between = shown(std::slice::from_ref(&created), None, 0);
        let renamed = kept(2, &between, &customer("Ada", ""), EditState::Waiting);
        let edits = [KeptEdit { state: rejected, ..created }, renamed];
        assert_eq!(shown(&edits, None, 0).body, None);
    }

    #[test]
    fn what_is_not_an_edit_of_this_version_is_not_shown() {
        assert_eq!(KeptEdit::read(1, &[0xff], &Custody::Waiting, None), None);
        let unknown = RowEdit {
            table: 99,
            key: "7".into(),
            base_version: 0,
            edited_at_ms: 0,
            fields: vec![],
            follows_seq: None,
        };
        assert_eq!(KeptEdit::read(1, &encode(&unknown), &Custody::Waiting, None), None);
    }
}
