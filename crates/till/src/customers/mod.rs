//! Customers at the till: found, chosen for the sale, mended or added, with or without the store server.
//!
//! What is entered is kept in the journal before the dialog closes, and lies over what is downloaded until the store
//! server's merged row has come.

mod dialog;
mod line;
mod list;
mod reading;

use std::sync::Arc;

use holdfast_domain::CustomerRef;
use holdfast_profile::TableId;
use holdfast_protocol::rows::CustomerRow;
use holdfast_sync::messages::ToWorker;
use holdfast_ui::messages::till as text;
use holdfast_ui::time::now_ms;
use leptos::prelude::*;
use leptos::task::spawn_local;

pub use dialog::CustomerDialog;
pub use line::CustomerLine;

use crate::browser::crypto;
use crate::till::Till;
use list::CustomerList;

/// Longest text of a field, characters; the store server takes no longer one.
const FIELD_CHARS_MAX: u32 = 200;

/// What the dialog shows.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// The search and what it found.
    Find,
    /// The fields of a new customer.
    Add,
    /// The fields of this one.
    Edit(String),
}

/// The dialog's state; outlives it.
#[derive(Debug, Clone, Copy)]
pub struct Customers {
    /// Whether the dialog is open.
    pub is_open: RwSignal<bool>,
    step: RwSignal<Step>,
    query: RwSignal<String>,
    list: RwSignal<Arc<CustomerList>>,
    // Whether the profile lets this register change customers.
    may_edit: RwSignal<bool>,
    name: RwSignal<String>,
    phone: RwSignal<String>,
    email: RwSignal<String>,
    name_error: RwSignal<Option<String>>,
    trouble: RwSignal<Option<String>>,
    is_saving: RwSignal<bool>,
}

impl Customers {
    /// Closed.
    pub fn new() -> Customers {
        Customers {
            is_open: RwSignal::new(false),
            step: RwSignal::new(Step::Find),
            query: RwSignal::new(String::new()),
            list: RwSignal::new(Arc::default()),
            may_edit: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            phone: RwSignal::new(String::new()),
            email: RwSignal::new(String::new()),
            name_error: RwSignal::new(None),
            trouble: RwSignal::new(None),
            is_saving: RwSignal::new(false),
        }
    }

    fn fill(&self, row: Option<&CustomerRow>) {
        let text = |field: fn(&CustomerRow) -> &String| row.map(field).cloned().unwrap_or_default();
        self.name.set(text(|row| &row.name));
        self.phone.set(text(|row| &row.phone));
        self.email.set(text(|row| &row.email));
        self.name_error.set(None);
        self.trouble.set(None);
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
    customers.step.set(Step::Find);
    customers.trouble.set(None);
    customers.is_open.set(true);
    read_again(till);
}

/// Reads the customers again where the dialog shows them.
pub fn tables_changed(till: Till, tables: &[TableId]) {
    if till.customers.is_open.get_untracked() && tables.contains(&TableId::Customer) {
        read_again(till);
    }
}

fn read_again(till: Till) {
    spawn_local(async move {
        match reading::read(till).await {
            Ok(read) => {
                till.customers.may_edit.set(read.may_edit);
                till.customers.list.set(Arc::new(CustomerList::new(read.rows())));
            }
            Err(error) => {
                leptos::logging::warn!("the customers can't be read: {error}");
                till.customers.trouble.set(Some(text::customers_unreadable().to_owned()));
            }
        }
    });
}

/// The sale is this customer's.
fn choose(till: Till, row: &CustomerRow) {
    till.basket.set_customer(Some(CustomerRef { id: row.id.clone(), name: row.name.clone() }));
    till.customers.is_open.set(false);
}

/// Shows the fields of a new customer, with the name that was looked for.
fn begin_new(till: Till) {
    let customers = till.customers;
    customers.fill(None);
    let query = customers.query.get_untracked();
    if query.chars().any(char::is_alphabetic) {
        customers.name.set(query.trim().to_owned());
    } else {
        customers.phone.set(query.trim().to_owned());
    }
    customers.step.set(Step::Add);
}

fn begin_edit(till: Till, id: &str) {
    let customers = till.customers;
    let row = customers.list.with_untracked(|list| list.get(id).cloned());
    customers.fill(row.as_ref());
    customers.step.set(Step::Edit(id.to_owned()));
}

/// Keeps what was entered in the journal, and the sale is that customer's.
fn save(till: Till) {
    let customers = till.customers;
    let [name, phone, email] = [customers.name, customers.phone, customers.email].map(tidied);
    if name.is_empty() {
        customers.name_error.set(Some(text::customer_name_missing().to_owned()));
        return;
    }
    if customers.is_saving.get_untracked() {
        return;
    }
    customers.is_saving.set(true);
    let step = customers.step.get_untracked();
    spawn_local(async move {
        let entered = |row: &mut CustomerRow| (row.name, row.phone, row.email) = (name, phone, email);
        let kept = keep(till, step, entered).await;
        customers.is_saving.set(false);
        match kept {
            Ok(row) => choose(till, &row),
            Err(error) => {
                leptos::logging::warn!("the customer was not kept: {error}");
                customers.trouble.set(Some(text::customer_not_kept().to_owned()));
            }
        }
    });
}

async fn keep(till: Till, step: Step, entered: impl FnOnce(&mut CustomerRow)) -> Result<CustomerRow, String> {
    let id = match step {
        Step::Edit(id) => id,
        Step::Find | Step::Add => new_id(till)?,
    };
    let read = reading::read(till).await?;
    let (row, edit) = read.edit(&id, entered, now_ms())?;
    if let Some(edit) = edit {
        let journal = till.journal().ok_or("the journal is closed")?;
        journal.append_edit(&edit, &read.done()).await.map_err(|error| error.to_string())?;
        if let Some(link) = till.link() {
            link.send(&ToWorker::JournalGrew);
        }
    }
    Ok(row)
}

/// A number that no other register gives: this one's, and chance.
fn new_id(till: Till) -> Result<String, String> {
    let register = till.register.with_untracked(|register| register.as_ref().map_or(0, |one| one.number));
    let [a, b, c, d, e, f, ..] = crypto::random_id()?;
    Ok(format!("{register}-{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}{f:02x}"))
}

/// What was typed, as the store server keeps it: blanks folded, none at the ends, not too long.
fn tidied(typed: RwSignal<String>) -> String {
    let typed = typed.get_untracked();
    let words: Vec<&str> = typed.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| !letter.is_control()).take(FIELD_CHARS_MAX as usize).collect()
}
