//! Customers of the store that this register does not keep: found while one is looked for, chosen and changed like the
//! others.

use std::collections::BTreeSet;

use holdfast_protocol::decode;
use holdfast_protocol::look_up::{FoundCustomer, LookUpReply, Wanted};
use holdfast_protocol::messages::RowChange;
use holdfast_protocol::rows::CustomerRow;
use holdfast_sync::messages::LookUpFailure;
use holdfast_sync::overlay::{KeptEdit, shown_row};
use holdfast_ui::messages::till as text;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::list::Shown;
use super::reading::{self, TABLE};
use super::{Customers, Step};
use crate::look_up::AskedBy;
use crate::look_up::elsewhere::{self, Elsewhere, Hits};
use crate::till::Till;

/// Asks for what is typed into the dialog's search, where this register keeps only some customers.
pub fn search(till: Till) {
    let customers = till.customers;
    let typed = move || {
        let is_finding = customers.is_open.get() && customers.step.with(|step| *step == Step::Find);
        (is_finding && !till.keeps_all_customers.get()).then(|| customers.query.get())
    };
    elsewhere::follow(till, typed, Wanted::Customers, AskedBy::Customers, customers.elsewhere);
}

/// Takes what the store server found, with this register's own edits over it: one of a moment ago may not be there yet.
pub fn answered(till: Till, number: u32, result: &Result<LookUpReply, LookUpFailure>) {
    let customers = till.customers;
    let reply = match result {
        Ok(reply) => reply.clone(),
        Err(why) => return elsewhere::answered(customers.elsewhere, number, Err(*why)),
    };
    spawn_local(async move {
        let edits = match reading::kept_edits(till).await {
            Ok(edits) => edits,
            Err(error) => {
                leptos::logging::warn!("this register's own edits can't be read: {error}");
                return elsewhere::answered(customers.elsewhere, number, Err(LookUpFailure::Refused));
            }
        };
        let hits = Hits { found: shown(&reply.customers, &edits), more: reply.more };
        elsewhere::answered(customers.elsewhere, number, Ok(hits));
    });
}

/// Those that can be read, as they are shown.
fn shown(found: &[FoundCustomer], edits: &[KeptEdit]) -> Vec<Shown> {
    let read = found.iter().map(|found| show(found, edits));
    read.filter_map(|shown| match shown {
        Ok(shown) => Some(shown),
        Err(error) => {
            leptos::logging::warn!("a customer can't be read: {error}");
            None
        }
    })
    .collect()
}

fn show(found: &FoundCustomer, edits: &[KeptEdit]) -> Result<Shown, String> {
    let row: CustomerRow = decode(&found.body).map_err(|error| error.to_string())?;
    let change = RowChange { key: row.id.clone(), version: found.version, body: Some(found.body.clone()) };
    // Nothing of them is here, so that only the row's own version says which edits it has.
    let over = shown_row(edits, TABLE, &row.id, Some(&change), 0).map_err(|error| error.to_string())?;
    let row = match &over.body {
        Some(body) => decode(body).map_err(|error| error.to_string())?,
        None => row,
    };
    Ok(Shown { row, base_version: over.base_version, follows_seq: over.follows_seq })
}

/// What was found that is not in the list already.
pub fn not_listed(customers: Customers) -> Vec<CustomerRow> {
    customers.elsewhere.with(|elsewhere| {
        let found: Vec<_> = elsewhere.found().iter().map(|shown| &shown.row).collect();
        let listed = customers.list.with(|list| {
            list.as_ref()
                .map_or_else(BTreeSet::new, |list| list.listed_of(found.iter().map(|row| row.id.as_str())))
        });
        found.into_iter().filter(|row| !listed.contains(row.id.as_str())).cloned().collect()
    })
}

/// The one with this number.
pub fn get(customers: Customers, id: &str) -> Option<Shown> {
    customers
        .elsewhere
        .with_untracked(|elsewhere| elsewhere.found().iter().find(|shown| shown.row.id == id).cloned())
}

/// What there is to say of the search; nothing where nothing is looked for elsewhere. `has_some`: whether
/// [`not_listed`] has.
pub fn said(customers: Customers, has_some: bool) -> Option<&'static str> {
    customers.elsewhere.with(|elsewhere| match elsewhere {
        Elsewhere::NotAsked => None,
        Elsewhere::Pausing | Elsewhere::Asking(_) => Some(text::elsewhere_asking()),
        Elsewhere::Found(hits) if hits.more => Some(text::elsewhere_customers_more()),
        Elsewhere::Found(_) => has_some.then(text::elsewhere_customers),
        Elsewhere::Failed(LookUpFailure::Offline) => Some(text::elsewhere_customers_offline()),
        Elsewhere::Failed(LookUpFailure::NoAnswer | LookUpFailure::Busy | LookUpFailure::Refused) => {
            Some(text::elsewhere_customers_failed())
        }
    })
}

#[cfg(test)]
mod tests {
    use holdfast_protocol::checked_edit::CheckedEdit;
    use holdfast_protocol::encode;
    use holdfast_sync::overlay::{EditState, edit_customer};

    use super::*;

    fn row(name: &str) -> CustomerRow {
        let (id, name) = ("7".into(), name.into());
        CustomerRow { id, name, country: String::new(), phone: String::new(), email: String::new() }
    }

    fn found(version: u64, name: &str) -> FoundCustomer {
        FoundCustomer { body: encode(&row(name)).into(), version }
    }

    #[test]
    fn what_was_entered_here_lies_over_what_the_store_server_found_until_it_is_in_it() {
        let seen = Shown { row: row("Ada"), base_version: 3, follows_seq: None }.base();
        let (_, edit) = edit_customer(&seen, "7", |row| row.name = "Adah".into(), 5).expect("a customer");
        let edit = CheckedEdit::check(&edit.expect("something differs")).expect("valid");
        let kept = |state| [KeptEdit { seq: 4, edit: edit.clone(), state }];
        let name = |version, state| {
            let mut shown = shown(&[found(version, "Ada")], &kept(state));
            shown.pop().map(|shown| (shown.row.name, shown.base_version, shown.follows_seq))
        };
        let over = Some(("Adah".to_owned(), 3, Some(4)));
        assert_eq!(name(3, EditState::Waiting), over);
        assert_eq!(name(3, EditState::Merged { version: 9 }), over);
        assert_eq!(name(9, EditState::Merged { version: 9 }), Some(("Ada".to_owned(), 9, None)));
        assert_eq!(name(3, EditState::Rejected { reason: "no".into() }), Some(("Ada".to_owned(), 3, None)));
    }

    #[test]
    fn what_is_no_customer_is_passed_over() {
        let broken = FoundCustomer { body: vec![0xff].into(), version: 1 };
        assert_eq!(shown(&[broken, found(1, "Ada")], &[]).len(), 1);
    }
}
