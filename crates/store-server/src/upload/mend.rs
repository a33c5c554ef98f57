//! What an administrator may do with a rejected entry, and what comes of it.
//!
//! The entry and its chain are never touched: it is read again under today's rules, and what is still wrong with it
//! is an [`Objection`]. Some a person may overrule; the others end with the cause or with the entry being set aside.

use std::fmt;

use holdfast_domain::ReceiptNumber;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};

use super::edits::{EditEffect, EditState};
use super::reading::{Content, ReadEntry, is_beyond_keeping, is_impossible_amount};

/// Longest note, characters.
pub const NOTE_CHARS_MAX: usize = 500;
/// Longest corrected field, characters.
pub const FIELD_CHARS_MAX: usize = 100;

/// What is done with a rejected entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mend {
    /// It is applied, as far as today's rules let it.
    Apply {
        /// Whether what a person may overrule is overruled; a note says why.
        although: bool,
        /// Fields that are taken otherwise than they were sent.
        corrections: Corrections,
    },
    /// It is never applied; a note says why.
    SetAside,
    /// It was set aside and is to be decided again.
    TakeBack,
}

impl Mend {
    /// Name in the audit trail and the API.
    pub fn name(&self) -> &'static str {
        match self {
            Mend::Apply { although: false, .. } => "apply",
            Mend::Apply { although: true, .. } => "apply_although",
            Mend::SetAside => "set_aside",
            Mend::TakeBack => "take_back",
        }
    }
}

/// Fields of a sale that a person may correct. `None` leaves a field as it is, an empty text means that it has none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corrections {
    /// Customer's id; the name goes with it.
    pub customer_id: Option<String>,
    /// Customer's name.
    pub customer_name: Option<String>,
    /// Cashier's id.
    pub cashier_id: Option<String>,
    /// Cashier's name.
    pub cashier_name: Option<String>,
    /// The number another system knows the sale by.
    pub external_ref: Option<String>,
}

/// Why a correction or a note can't be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidMend {
    /// Which field of the request.
    pub field: &'static str,
    /// A whole sentence.
    pub reason: String,
}

impl Mend {
    /// Checks what was typed.
    ///
    /// # Errors
    /// [`InvalidMend`] naming the field and the mend.
    pub fn check(&self, note: &str) -> Result<(), InvalidMend> {
        if note.chars().count() > NOTE_CHARS_MAX {
            let reason = format!("A note has {NOTE_CHARS_MAX} characters at most.");
            return Err(InvalidMend { field: "note", reason });
        }
        if note.contains(|letter: char| letter.is_control() && letter != '\n') {
            return Err(InvalidMend { field: "note", reason: "A note is plain text.".to_owned() });
        }
        let needs_note = match self {
            Mend::Apply { although, corrections } => *although || *corrections != Corrections::default(),
            Mend::SetAside => true,
            Mend::TakeBack => false,
        };
        if needs_note && note.trim().is_empty() {
            let reason = "Say why, for whoever reads it later.".to_owned();
            return Err(InvalidMend { field: "note", reason });
        }
        match self {
            Mend::Apply { corrections, .. } => corrections.check(),
            Mend::SetAside | Mend::TakeBack => Ok(()),
        }
    }
}

impl Corrections {
    fn check(&self) -> Result<(), InvalidMend> {
        let fields = [
            ("customer_id", &self.customer_id),
            ("customer_name", &self.customer_name),
            ("cashier_id", &self.cashier_id),
            ("cashier_name", &self.cashier_name),
            ("external_ref", &self.external_ref),
        ];
        for (field, name, id) in [
            ("customer_name", &self.customer_name, &self.customer_id),
            ("cashier_name", &self.cashier_name, &self.cashier_id),
        ] {
            if name.is_some() && id.is_none() {
                return Err(InvalidMend { field, reason: "A name goes with its id.".to_owned() });
            }
        }
        for (field, text) in fields {
            let Some(text) = text else { continue };
            if text.chars().count() > FIELD_CHARS_MAX || text.chars().any(char::is_control) {
                let reason = format!("It has {FIELD_CHARS_MAX} characters at most, on one line.");
                return Err(InvalidMend { field, reason });
            }
            if text.trim().is_empty() && field.starts_with("cashier") {
                return Err(InvalidMend { field, reason: "A sale has a cashier.".to_owned() });
            }
        }
        Ok(())
    }

    fn apply(&self, record: &mut SaleRecord) {
        let some = |text: &String| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        if let Some(id) = &self.customer_id {
            record.customer_id = some(id);
            record.customer_name = self.customer_name.as_ref().and_then(some).or_else(|| some(id));
        }
        if let Some(id) = self.cashier_id.as_ref().and_then(some) {
            record.cashier_name = self.cashier_name.as_ref().and_then(some).unwrap_or_else(|| id.clone());
            record.cashier_id = id;
        }
        if let Some(reference) = &self.external_ref {
            record.external_ref = some(reference);
        }
    }
}

/// What the store database knows that the decision depends on.
#[derive(Debug, Clone, Default)]
pub struct MendState {
    /// The register's store.
    pub store_id: String,
    /// The store's currency.
    pub currency: String,
    /// The register's number.
    pub register_number: u16,
    /// Highest receipt counter that came up.
    pub last_receipt_counter: u32,
    /// Whether a sale with the entry's receipt number is in the books.
    pub number_is_taken: bool,
    /// Whether one with the number before it is, or there is none before it.
    pub number_follows: bool,
    /// Whether the very sale is in the books, under another entry.
    pub sale_is_here: bool,
    /// The rejected entry that opened the shift which this one closes.
    pub opening_rejected: Option<u64>,
    /// What an edit needs.
    pub edits: EditState,
}

/// What is still wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// It can't be read, or this version does not know its kind.
    Unreadable(String),
    /// It names another register, store or currency.
    Foreign(String),
    /// A sale with its receipt number is in the books.
    NumberTaken(ReceiptNumber),
    /// Its receipt number is far ahead of the series.
    NumberAhead(ReceiptNumber),
    /// No sale with the number before its own is in the books.
    NumberOutOfSeries(ReceiptNumber),
    /// It does not add up; it can be stated anew.
    Sums(String),
    /// It does not add up, and what it says can't be a sale.
    Impossible(String),
    /// The very sale is in the books.
    SaleIsHere,
    /// It closes a shift whose opening, this entry, was rejected.
    WaitsForOpening(u64),
    /// The row is not as the edit needs it.
    Edit(String),
    /// Corrections were sent for what has no such fields.
    NothingToCorrect,
}

impl Objection {
    /// Whether a person may decide to apply the entry although.
    pub fn may_be_overruled(&self) -> bool {
        match self {
            Objection::NumberOutOfSeries(_) | Objection::Sums(_) | Objection::WaitsForOpening(_) => true,
            Objection::Unreadable(_)
            | Objection::Foreign(_)
            | Objection::NumberTaken(_)
            | Objection::NumberAhead(_)
            | Objection::Impossible(_)
            | Objection::SaleIsHere
            | Objection::Edit(_)
            | Objection::NothingToCorrect => false,
        }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Objection::Unreadable(reason)
            | Objection::Foreign(reason)
            | Objection::Sums(reason)
            | Objection::Impossible(reason)
            | Objection::Edit(reason) => f.write_str(reason),
            Objection::NumberTaken(receipt) => {
                write!(f, "A sale with receipt number {receipt} is in the books already.")
            }
            Objection::NumberAhead(receipt) => {
                write!(f, "Receipt number {receipt} is far ahead of the register's series.")
            }
            Objection::NumberOutOfSeries(receipt) => {
                write!(f, "The receipt before {receipt} is not in the books.")
            }
            Objection::SaleIsHere => {
                f.write_str("The store server has this sale already, under another entry.")
            }
            Objection::WaitsForOpening(seq) => waits_for_opening(f, *seq),
            Objection::NothingToCorrect => f.write_str("Only a sale's fields can be corrected."),
        }
    }
}

fn waits_for_opening(f: &mut impl fmt::Write, seq: u64) -> fmt::Result {
    write!(f, "It closes a shift whose opening, entry {seq}, was rejected; it waits for that entry.")
}

/// What a mended entry changes.
#[derive(Debug, Clone)]
pub enum MendEffect {
    /// A sale arrives, perhaps stated anew or corrected.
    Sale {
        /// The sale.
        record: Box<SaleRecord>,
        /// What was paid beyond what it comes to, minor units.
        difference_minor: i64,
    },
    /// A shift was opened or closed.
    Shift(ShiftRecord),
    /// A row is merged.
    Edit(EditEffect),
}

/// What is wrong with an entry under today's rules; nothing where it can be applied as it is.
pub fn objections(state: &MendState, read: &ReadEntry) -> Vec<Objection> {
    match &read.content {
        Content::Unusable(reason) => vec![Objection::Unreadable(reason.clone())],
        Content::Edit(edit) => match state.edits.clone().apply(edit) {
            Ok(_) => Vec::new(),
            Err(reason) => vec![Objection::Edit(reason)],
        },
        Content::Shift(record) => {
            let foreign = foreign_register(state, record.register_number);
            foreign.into_iter().chain(state.opening_rejected.map(Objection::WaitsForOpening)).collect()
        }
        Content::Sale { record, fault } => sale_objections(state, record, fault.as_ref()),
    }
}

fn sale_objections(state: &MendState, record: &SaleRecord, fault: Option<&String>) -> Vec<Objection> {
    let mut found: Vec<Objection> = foreign_register(state, record.register_number).into_iter().collect();
    if record.store_id != state.store_id {
        found.push(Objection::Foreign("It was sold in another store.".to_owned()));
    }
    if record.currency != state.currency {
        let reason = format!("It is not in the store's currency, {}.", state.currency);
        found.push(Objection::Foreign(reason));
    }
    if state.sale_is_here {
        found.push(Objection::SaleIsHere);
    }
    let receipt = record.receipt();
    if state.number_is_taken {
        found.push(Objection::NumberTaken(receipt));
    } else if record.receipt_counter > state.last_receipt_counter {
        found.push(Objection::NumberAhead(receipt));
    } else if !state.number_follows {
        found.push(Objection::NumberOutOfSeries(receipt));
    }
    if let Some(fault) = fault {
        let can_be_restated = restated(record).is_some();
        found.push(match can_be_restated {
            true => Objection::Sums(fault.clone()),
            false => Objection::Impossible(fault.clone()),
        });
    }
    found
}

fn foreign_register(state: &MendState, register_number: u16) -> Option<Objection> {
    (register_number != state.register_number).then(|| {
        let reason =
            format!("It says register {register_number}, but register {} sent it.", state.register_number);
        Objection::Foreign(reason)
    })
}

/// The sale stated anew, with the difference; none where its amounts are beyond a till's or its goods can't be sold.
pub fn restated(record: &SaleRecord) -> Option<(SaleRecord, i64)> {
    if is_beyond_keeping(record) {
        return None;
    }
    let restated = record.to_sale().ok()?.restated().ok()?;
    let (sale, difference_minor) = (SaleRecord::from_sale(&restated.sale), restated.difference.minor());
    // What follows from lines that look harmless may be large enough to spoil every sum that it is part of.
    let is_keepable = !is_beyond_keeping(&sale) && !is_impossible_amount(difference_minor);
    is_keepable.then_some((sale, difference_minor))
}

/// Applies an entry.
///
/// # Errors
/// What is still wrong with it and was not, or can't be, overruled.
pub fn apply(
    state: &MendState,
    read: &ReadEntry,
    although: bool,
    corrections: &Corrections,
) -> Result<MendEffect, Vec<Objection>> {
    let mut objections = objections(state, read);
    objections.retain(|objection| !(although && objection.may_be_overruled()));
    if !matches!(read.content, Content::Sale { .. }) && *corrections != Corrections::default() {
        objections.push(Objection::NothingToCorrect);
    }
    if !objections.is_empty() {
        return Err(objections);
    }
    match &read.content {
        Content::Unusable(reason) => Err(vec![Objection::Unreadable(reason.clone())]),
        Content::Shift(record) => Ok(MendEffect::Shift(record.clone())),
        Content::Edit(edit) => {
            let effect = state.edits.clone().apply(edit).map_err(|reason| vec![Objection::Edit(reason)])?;
            Ok(MendEffect::Edit(effect))
        }
        Content::Sale { record, fault } => {
            let (mut record, difference_minor) = match fault {
                None => (record.as_ref().clone(), 0),
                Some(fault) => restated(record).ok_or_else(|| vec![Objection::Impossible(fault.clone())])?,
            };
            corrections.apply(&mut record);
            Ok(MendEffect::Sale { record: Box::new(record), difference_minor })
        }
    }
}

/// The rejected entry that an entry waits for, given the rejected entries of its register that came before it.
pub fn opening_of<'r>(
    read: &ReadEntry,
    rejected_before: impl IntoIterator<Item = &'r ReadEntry>,
) -> Option<u64> {
    let Content::Shift(closing) = &read.content else { return None };
    closing.closed_at_ms?;
    let opens = |other: &&ReadEntry| {
        matches!(&other.content, Content::Shift(opening) if opening.id == closing.id
            && opening.closed_at_ms.is_none() && other.entry.seq < read.entry.seq)
    };
    rejected_before.into_iter().find(opens).map(|opening| opening.entry.seq)
}

/// Whether an entry was held back only until this one is applied.
pub fn waits_for(read: &ReadEntry, applied: &ReadEntry) -> bool {
    match &read.content {
        Content::Shift(_) => opening_of(read, [applied]).is_some(),
        Content::Edit(edit) => edit.follows_seq == Some(applied.entry.seq),
        Content::Sale { .. } | Content::Unusable(_) => false,
    }
}

/// Why a shift's closing is held back.
pub fn held_for_opening(seq: u64) -> String {
    Objection::WaitsForOpening(seq).to_string()
}
