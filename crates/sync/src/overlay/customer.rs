//! Entering something of a customer: the edit that comes of a form, whatever was downloaded while it was open.

use holdfast_profile::{RowError, TableId};
use holdfast_protocol::row_edit::RowEdit;
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{CodecError, decode, encode};

use super::{KeptEdit, ShownRow};

/// Why a customer can't be edited.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CustomerEditError {
    /// The row is no customer.
    #[error("the customer can't be read: {0}")]
    Unreadable(#[from] CodecError),
    /// The row can't be compared.
    #[error(transparent)]
    Row(#[from] RowError),
}

/// The customer with `change` made of it, and the edit that says so; no edit where nothing differs. A new customer
/// of that id where none is shown.
///
/// `shown` is what whoever enters the change has seen. It is not read again: what came meanwhile was not seen, and
/// an edit based on it would replace it without a trace.
///
/// # Errors
/// [`CustomerEditError`] when the row is no customer.
pub fn edit_customer(
    shown: &ShownRow,
    id: &str,
    change: impl FnOnce(&mut CustomerRow),
    at_ms: i64,
) -> Result<(CustomerRow, Option<RowEdit>), CustomerEditError> {
    let mut row = match &shown.body {
        Some(body) => decode(body)?,
        None => CustomerRow {
            id: id.to_owned(),
            name: String::new(),
            country: String::new(),
            phone: String::new(),
            email: String::new(),
        },
    };
    change(&mut row);
    let edit = shown.edit(TableId::Customer, id, &encode(&row), at_ms)?;
    Ok((row, edit))
}

impl ShownRow {
    /// No row: what a new one is based on.
    pub const NOTHING: ShownRow = ShownRow { body: None, base_version: 0, follows_seq: None };

    /// The same base, as what is entered now follows it: the newest edit that lies over the row by now. Where none does
    /// any more, what was seen came from the edit that it followed before.
    #[must_use]
    pub fn following(self, edits: &[KeptEdit], table: TableId, key: &str, whole_up_to: u64) -> ShownRow {
        let over = |kept: &&KeptEdit| {
            kept.edit.table == table && kept.edit.key == key && kept.lies_over(self.base_version, whole_up_to)
        };
        let newest = edits.iter().filter(over).map(|kept| kept.seq).max();
        ShownRow { follows_seq: newest.or(self.follows_seq), ..self }
    }
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::checked_edit::CheckedEdit;
    use holdfast_protocol::messages::RowChange;

    use super::*;
    use crate::overlay::{EditState, shown_row};

    fn row(version: u64, name: &str, phone: &str) -> RowChange {
        let (id, name, phone) = ("7".into(), name.into(), phone.into());
        let row = CustomerRow { id, name, country: String::new(), phone, email: String::new() };
        RowChange { key: "7".into(), version, body: Some(encode(&row).into()) }
    }

    fn shown(edits: &[KeptEdit], row: Option<&RowChange>, whole_up_to: u64) -> ShownRow {
        shown_row(edits, TableId::Customer, "7", row, whole_up_to).expect("rows")
    }

    fn kept(seq: u64, edit: &RowEdit, state: EditState) -> KeptEdit {
        KeptEdit { seq, edit: CheckedEdit::check(edit).expect("valid"), state }
    }

    fn renamed(base: &ShownRow, name: &str) -> RowEdit {
        let change = |row: &mut CustomerRow| row.name = name.to_owned();
        edit_customer(base, "7", change, 5).expect("a customer").1.expect("something differs")
    }

    #[test]
    fn what_came_while_the_form_was_open_is_not_overwritten() {
        let filled = shown(&[], Some(&row(3, "Ito", "A")), 3);
        // A download brings another telephone number; then the name that was typed is saved.
        let edit = renamed(&filled, "Itō");
        assert_eq!((edit.base_version, edit.fields.len()), (3, 1));
        let edits = [kept(1, &edit, EditState::Waiting)];
        let seen = shown(&edits, Some(&row(8, "Ito", "B")), 9);
        assert_eq!(seen.body.as_deref(), row(8, "Itō", "B").body.as_deref().map(|body| &body[..]));
        // A name that came is what the edit had not seen: the store server tells the two apart.
        let before = edit.fields[0].before.as_ref().map(|bytes| decode::<String>(bytes));
        assert_eq!(before, Some(Ok("Ito".to_owned())));
    }

    #[test]
    fn a_row_that_was_deleted_while_the_form_was_open_is_not_made_anew() {
        let edit = renamed(&shown(&[], Some(&row(3, "Ito", "A")), 3), "Itō");
        assert_eq!(shown(&[kept(1, &edit, EditState::Waiting)], None, 9).body, None);
    }

    #[test]
    fn an_edit_follows_the_newest_one_that_still_lies_over_the_row() {
        let created = renamed(&shown(&[], None, 0), "Ito");
        let edits = [kept(4, &created, EditState::Waiting)];
        let filled = shown(&edits, None, 0);
        // Another one was saved while the form was open.
        let edits = [edits[0].clone(), kept(6, &renamed(&filled, "Ada"), EditState::Waiting)];
        let following = |edits: &[KeptEdit], whole_up_to| {
            filled.clone().following(edits, TableId::Customer, "7", whole_up_to).follows_seq
        };
        assert_eq!(following(&edits, 0), Some(6));
        // Merged and arrived, or rejected: what was filled in came from it all the same.
        for state in [EditState::Merged { version: 2 }, EditState::Rejected { reason: "No.".into() }] {
            let edits = [KeptEdit { state, ..edits[0].clone() }];
            assert_eq!(following(&edits, 2), Some(4));
        }
    }

    #[test]
    fn nothing_that_differs_is_no_edit_and_a_new_customer_has_its_id() {
        let base = shown(&[], Some(&row(3, "Ito", "A")), 3);
        assert_eq!(edit_customer(&base, "7", |_| (), 5).map(|(_, edit)| edit), Ok(None));
        let (new, edit) =
            edit_customer(&ShownRow::NOTHING, "9", |row| row.name = "Ada".into(), 5).expect("fine");
        assert_eq!((new.id.as_str(), edit.map(|edit| edit.base_version)), ("9", Some(0)));
    }
}
