//! Customers at the till: found, chosen for the sale, mended or added, with or without the store server.
//!
//! What is entered is kept in the journal before the dialog closes, and lies over what is downloaded until the store
//! server's merged row has come.

mod dialog;
mod elsewhere;
mod form;
mod line;
mod list;
mod reading;
mod scanned;

use std::sync::Arc;

use holdfast_domain::CustomerRef;
use holdfast_profile::TableId;
use holdfast_protocol::rows::CustomerRow;
use holdfast_sync::messages::ToWorker;
use holdfast_sync::overlay::ShownRow;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use dialog::CustomerDialog;
pub use elsewhere::{answered as found_elsewhere, search as search_elsewhere};
pub use line::CustomerLine;
pub use scanned::{remember_typed, scan};

use crate::browser::crypto;
use crate::catalogue::load::ask_to_mend;
use crate::look_up::elsewhere::Elsewhere;
use crate::notice::Notice;
use crate::till::Till;
use form::Texts;
use list::{CustomerList, Shown};

/// What the dialog shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The search and what it found.
    Find,
    /// The fields of a new customer with this number: saved twice, it is the same customer.
    Add(String),
    /// The fields of this one, as it was when they were filled: what comes meanwhile was not seen by whoever types.
    Edit(String, ShownRow),
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// The list can't be read.
    Unreadable,
    /// What was entered was not kept.
    NotKept,
}

impl Trouble {
    fn text(self) -> &'static str {
        match self {
            Trouble::Unreadable => text::customers_unreadable(),
            Trouble::NotKept => text::customer_not_kept(),
        }
    }
}

/// The dialog's state; outlives it.
#[derive(Debug, Clone, Copy)]
pub struct Customers {
    /// Whether the dialog is open.
    pub is_open: RwSignal<bool>,
    step: RwSignal<Step>,
    query: RwSignal<String>,
    // Nothing until it was read for the first time.
    list: RwSignal<Option<Arc<CustomerList>>>,
    // What the search finds at the store server beside the list.
    pub(crate) elsewhere: RwSignal<Elsewhere<Shown>>,
    // Whether the profile lets this register change customers.
    may_edit: RwSignal<bool>,
    name: RwSignal<String>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    trouble: RwSignal<Option<Trouble>>,
    is_saving: RwSignal<bool>,
    // What the fields were filled with.
    filled: StoredValue<Texts>,
    // What was in the fields before the keys that may be a scanner's.
    before_scan: StoredValue<scanned::Typed>,
    // Codes that were scanned while the customers were being read: each may be a card of one that is not in the list.
    scanned_early: StoredValue<Vec<String>>,
    // Counts how often the dialog was opened and its step changed: an answer to something earlier is not acted on.
    visit: StoredValue<u32>,
    is_reading: StoredValue<bool>,
    // Whether something has changed since the reading under way began.
    reads_again: StoredValue<bool>,
}

impl Customers {
    /// Closed.
    pub fn new() -> Customers {
        Customers {
            is_open: RwSignal::new(false),
            step: RwSignal::new(Step::Find),
            query: RwSignal::new(String::new()),
            list: RwSignal::new(None),
            elsewhere: RwSignal::new(Elsewhere::NotAsked),
            may_edit: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            phone: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            name_error: RwSignal::new(None),
            trouble: RwSignal::new(None),
            is_saving: RwSignal::new(false),
            filled: StoredValue::new(Texts::default()),
            before_scan: StoredValue::new(scanned::Typed::default()),
            scanned_early: StoredValue::new(Vec::new()),
            visit: StoredValue::new(0),
            is_reading: StoredValue::new(false),
            reads_again: StoredValue::new(false),
        }
    }

    /// Shows a step; what was asked before it is not answered any more.
    fn go_to(&self, step: Step) {
        self.visit.update_value(|visit| *visit = visit.wrapping_add(1));
        self.name_error.set(None);
        self.trouble.set(None);
        self.step.set(step);
    }

    fn fill(&self, filled: Texts) {
        self.name.set(filled.name.clone());
        self.phone.set(filled.phone.clone());
        self.email.set(filled.email.clone());
        self.filled.set_value(filled);
    }

    fn typed(&self) -> Texts {
        let [name, phone, email] = [self.name, self.phone, self.email].map(|field| field.get_untracked());
        Texts { name, phone, email }
    }

    fn is_visit(&self, visit: u32) -> bool {
        self.is_open.get_untracked() && self.visit.get_value() == visit
    }
}

impl Default for Customers {
    fn default() -> Self {
        Customers::new()
    }
}

/// Opens the dialog at its search.
pub fn open(till: Till) {
    let customers = till.customers;
    customers.query.set(String::new());
    customers.go_to(Step::Find);
    customers.is_open.set(true);
    read_again(till);
}

/// Closes the dialog. What is being kept goes on, and only its failure is told.
pub fn close(till: Till) {
    till.customers.is_open.set(false);
}

/// Reads the customers again where the dialog shows them.
pub fn tables_changed(till: Till, tables: &[TableId]) {
    if till.customers.is_open.get_untracked() && tables.contains(&TableId::Customer) {
        read_again(till);
    }
}

/// Reads the customers, one time after the other: the last reading began after the last change.
fn read_again(till: Till) {
    let customers = till.customers;
    if customers.is_reading.get_value() {
        customers.reads_again.set_value(true);
        return;
    }
    customers.is_reading.set_value(true);
    spawn_local(async move {
        loop {
            customers.reads_again.set_value(false);
            let read = reading::read(till).await;
            show_read(till, read);
            if !customers.reads_again.get_value() {
                break;
            }
        }
        customers.is_reading.set_value(false);
        scanned::take_early(till);
    });
}

fn show_read(till: Till, read: Result<reading::Read, String>) {
    let customers = till.customers;
    match read {
        Ok(read) => {
            customers.may_edit.set(read.may_edit);
            customers.list.set(Some(Arc::new(read.list)));
            if customers.trouble.get_untracked() == Some(Trouble::Unreadable) {
                customers.trouble.set(None);
            }
        }
        Err(error) => {
            leptos::logging::warn!("the customers can't be read: {error}");
            customers.trouble.set(Some(Trouble::Unreadable));
            ask_to_mend(till);
        }
    }
}

/// The sale is this customer's.
fn choose(till: Till, row: &CustomerRow) {
    till.basket.set_customer(Some(CustomerRef { id: row.id.clone(), name: row.name.clone() }));
    close(till);
}

/// Shows the fields of a new customer, with the name that was looked for.
fn begin_new(till: Till) {
    let customers = till.customers;
    let id = match new_id(till) {
        Ok(id) => id,
        Err(error) => {
            leptos::logging::warn!("a new customer gets no number: {error}");
            customers.trouble.set(Some(Trouble::NotKept));
            return;
        }
    };
    customers.fill(Texts::default());
    let query = customers.query.get_untracked();
    if query.chars().any(char::is_alphabetic) {
        customers.name.set(query.trim().to_owned());
    } else {
        customers.phone.set(query.trim().to_owned());
    }
    customers.go_to(Step::Add(id));
}

fn begin_edit(till: Till, id: &str) {
    let customers = till.customers;
    let shown = customers.list.with_untracked(|list| list.as_ref().and_then(|list| list.get(id).cloned()));
    // Deleted between the list and the finger.
    let Some(shown) = shown.or_else(|| elsewhere::get(customers, id)) else { return };
    customers.fill(Texts::of(&shown.row));
    customers.go_to(Step::Edit(id.to_owned(), shown.base()));
}

/// Keeps what was entered in the journal, and the sale is that customer's.
fn save(till: Till) {
    let customers = till.customers;
    let (typed, filled) = (customers.typed(), customers.filled.get_value());
    if form::tidied(&typed.name).is_empty() {
        customers.name_error.set(Some(text::customer_name_missing().to_owned()));
        return;
    }
    if customers.is_saving.get_untracked() {
        return;
    }
    customers.is_saving.set(true);
    let (step, visit) = (customers.step.get_untracked(), customers.visit.get_value());
    spawn_local(async move {
        let kept = keep(till, step, |row| typed.set_typed(&filled, row)).await;
        customers.is_saving.set(false);
        let is_here = customers.is_visit(visit);
        match kept {
            Ok(row) if is_here => choose(till, &row),
            // Kept, and the sale that is on the screen by now may be somebody else's.
            Ok(_) => {}
            Err(error) => {
                leptos::logging::warn!("the customer was not kept: {error}");
                if is_here {
                    customers.trouble.set(Some(Trouble::NotKept));
                } else {
                    till.notice.set(Some(Notice::CustomerNotKept));
                }
            }
        }
    });
}

async fn keep(till: Till, step: Step, entered: impl FnOnce(&mut CustomerRow)) -> Result<CustomerRow, String> {
    let (id, seen) = match step {
        Step::Edit(id, seen) => (id, seen),
        Step::Add(id) => (id, ShownRow::NOTHING),
        Step::Find => return Err("no form is open".to_owned()),
    };
    let (row, has_grown) = reading::keep(till, &id, seen, entered, now_ms()).await?;
    if has_grown && let Some(link) = till.link() {
        link.send(&ToWorker::JournalGrew);
    }
    Ok(row)
}

/// A number that no other register gives: this one's, and chance.
fn new_id(till: Till) -> Result<String, String> {
    let register = till.register.with_untracked(|register| register.as_ref().map_or(0, |one| one.number));
    let [a, b, c, d, e, f, ..] = crypto::random_id()?;
    Ok(format!("{register}-{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}"))
}
