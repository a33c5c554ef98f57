//! Customers at a headless register: shown with its own edits over them, changed or added without the store server.

use holdfast_profile::TableId;
use holdfast_protocol::rows::CustomerRow;
use holdfast_protocol::{CodecError, decode};
use holdfast_sync::memory_store::JournalError;
use holdfast_sync::overlay::{CustomerEditError, edit_customer};
use holdfast_sync::{Event, StoreError};

use crate::register::Register;

/// Why a customer was neither shown nor changed.
#[derive(Debug, thiserror::Error)]
pub enum CustomerError {
    /// The databases hold something unreadable.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The row is no customer.
    #[error("the customer can't be read: {0}")]
    Unreadable(#[from] CodecError),
    /// The row can't be edited.
    #[error(transparent)]
    Edit(#[from] CustomerEditError),
    /// The journal takes nothing.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Register {
    /// A customer as this register shows it.
    ///
    /// # Errors
    /// [`CustomerError`] when it can't be read.
    pub fn customer(&self, id: &str) -> Result<Option<CustomerRow>, CustomerError> {
        let shown = self.store().shown_row(TableId::Customer, id)?;
        Ok(shown.body.as_deref().map(decode).transpose()?)
    }

    /// Changes a customer, or adds one of this id; kept in the journal before this returns. Gives the entry's
    /// sequence, or nothing where nothing changed.
    ///
    /// # Errors
    /// [`CustomerError`] when nothing was kept.
    pub fn edit_customer(
        &self,
        id: &str,
        change: impl FnOnce(&mut CustomerRow),
    ) -> Result<Option<u64>, CustomerError> {
        let shown = self.store().shown_row(TableId::Customer, id)?;
        let (_, edit) = edit_customer(&shown, id, change, self.now_ms())?;
        let Some(edit) = edit else {
            return Ok(None);
        };
        let seq = self.store().append_edit(&edit)?;
        self.driver().tell(Event::JournalGrew);
        Ok(Some(seq))
    }
}
