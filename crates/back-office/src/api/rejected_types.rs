//! Rejected entries as the admin API has them, and what it takes to mend one.

use serde::{Deserialize, Serialize};

use super::types::{SaleLine, SaleTender};

/// Answer with the entries that were not applied.
#[derive(Deserialize)]
pub struct RejectedList {
    /// Newest first.
    pub rejected: Vec<Rejected>,
}

/// An entry that was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Rejected {
    /// Register's number.
    pub register: u16,
    /// Place in its journal.
    pub seq: u64,
    /// `sale`, `shift`, `row_edit`, or the number of an unknown kind.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// When it came.
    pub received_at_ms: i64,
    /// Whether an administrator decided that it is never applied.
    pub is_set_aside: bool,
}

/// A rejected entry, readable.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RejectedDetail {
    /// `sale`, `shift`, `row_edit`, or the number of an unknown kind.
    pub kind: String,
    /// `open`, `set_aside` or `applied`.
    pub state: String,
    /// Why it is rejected.
    pub reason: Option<String>,
    /// What is wrong with it today.
    pub objections: Vec<Objection>,
    /// What can be done.
    pub actions: Vec<String>,
    /// What it says, where it is a sale.
    pub sale: Option<RejectedSale>,
    /// What it says, where it is a shift.
    pub shift: Option<RejectedShift>,
    /// What it says, where it is a change of a row.
    pub edit: Option<RejectedEdit>,
    /// What was done with it, oldest first.
    pub mends: Vec<MendRecord>,
}

/// Something that is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Objection {
    /// A sentence.
    pub text: String,
}

/// A sale that was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RejectedSale {
    /// Receipt number as printed.
    pub receipt: String,
    /// Time of payment.
    pub finished_at_ms: i64,
    /// Cashier's name.
    pub cashier: String,
    /// Cashier's id.
    pub cashier_id: String,
    /// Customer's name or id.
    pub customer: Option<String>,
    /// Customer's id.
    pub customer_id: Option<String>,
    /// The number another system knows it by.
    pub external_ref: Option<String>,
    /// Currency.
    pub currency: String,
    /// What it says was due.
    pub total_minor: i64,
    /// What was given back.
    pub change_minor: i64,
    /// Its lines.
    pub lines: Vec<SaleLine>,
    /// Payments.
    pub tenders: Vec<SaleTender>,
    /// How it would be taken, where it does not add up.
    pub restated: Option<RestatedSums>,
}

/// The sums of a sale stated anew from its lines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RestatedSums {
    /// What the goods come to.
    pub total_minor: i64,
    /// What was paid beyond that.
    pub difference_minor: i64,
}

/// A shift that was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RejectedShift {
    /// Its number on the register.
    pub number: u32,
    /// When it was opened.
    pub opened_at_ms: i64,
    /// Number of who opened it.
    pub opened_by: String,
    /// Cash in the drawer at the start.
    pub float_minor: i64,
    /// When it was closed.
    pub closed_at_ms: Option<i64>,
    /// Cash that was counted at the end.
    pub counted_minor: Option<i64>,
}

/// A change of a row that was not applied.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RejectedEdit {
    /// The table's name.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// Whether the register made the row.
    pub is_new: bool,
    /// When it was entered.
    pub edited_at_ms: i64,
    /// The fields that it changes.
    pub fields: Vec<EditedField>,
}

/// A field of a row that was changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EditedField {
    /// The column's name.
    pub column: String,
    /// What the register had seen.
    pub before: Option<String>,
    /// What was entered.
    pub after: String,
}

/// Something that was done with a rejected entry.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MendRecord {
    /// When.
    pub at_ms: i64,
    /// Who; empty where it was applied with the entry that it waited for.
    pub administrator: String,
    /// What.
    pub action: String,
    /// Why.
    pub note: String,
    /// Why the entry was rejected until then.
    pub reason_before: String,
}

/// What is to be done with a rejected entry.
#[derive(Debug, Clone, Serialize)]
pub struct MendOrder {
    /// Stays the same when the same request is sent again.
    pub request_id: String,
    /// What.
    pub action: String,
    /// Why.
    pub note: String,
    /// Fields of a sale that are taken otherwise than they were sent.
    pub corrections: Corrections,
}

/// Corrected fields of a sale: what is absent stays as it is, an empty text means that there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Corrections {
    /// Customer's id; the name goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Customer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// Cashier's id; the name goes with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cashier_id: Option<String>,
    /// Cashier's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cashier_name: Option<String>,
    /// The number another system knows the sale by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_ref: Option<String>,
}
