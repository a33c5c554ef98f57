//! Decides what becomes of a run of entries, given where the register's journal ends.
//!
//! A sale is taken whatever else was not: neither the profile keeps it away (what was sold before a scope was removed
//! still arrives) nor a customer whose creation was rejected. The money was taken; the sale keeps the customer's name
//! as it was sold. Only an edit of a row that never came to be is held, with the entry that it waits for.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_domain::ReceiptNumber;
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};

use super::edits::{EditEffect, EditState};
use super::mend::held_for_opening;
use super::reading::{Content, ReadEntry};

/// How far a receipt counter may run ahead and still be believed: one damaged number must not spoil the
/// register's series for ever.
const RECEIPT_JUMP_MAX: u32 = 10_000;

/// What the store database knows of a register before an upload.
#[derive(Debug, Clone)]
pub struct JournalState {
    /// The register's store.
    pub store_id: String,
    /// The store's currency.
    pub currency: String,
    /// The register's number.
    pub register_number: u16,
    /// Highest sequence that is settled; 0 for none.
    pub last_seq: u64,
    /// Hash of that entry; zeros for none.
    pub last_hash: [u8; 32],
    /// Highest receipt counter that came up, in accepted sales and in rejected ones.
    pub last_receipt_counter: u32,
    /// The entries of the upload that are settled already.
    pub known: BTreeMap<u64, KnownEntry>,
    /// Ids of the upload's sales that the store has already.
    pub known_sale_ids: BTreeSet<[u8; 16]>,
    /// Shifts whose opening was rejected, with its entry: their closing is held back.
    pub rejected_openings: BTreeMap<[u8; 16], u64>,
    /// The rows that the upload's edits are about.
    pub edits: EditState,
}

/// An entry that is settled already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownEntry {
    /// Its hash.
    pub hash: [u8; 32],
    /// What became of it.
    pub outcome: EntryOutcome,
    /// Version of the row that it was merged into, of an edit.
    pub version: Option<u64>,
}

/// Why nothing of an upload was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadRefusal {
    /// It does not go on where the journal ends.
    Gap {
        /// The sequence that should have come.
        expected: u64,
        /// The one that came.
        got: u64,
    },
    /// An entry is not the one that was sealed, or does not follow the one before.
    ChainBroken {
        /// Which entry.
        seq: u64,
        /// What is wrong with it.
        reason: &'static str,
    },
}

/// What becomes of an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadOutcome {
    /// Each entry is settled.
    Settled {
        /// One for each entry.
        results: Vec<EntryResult>,
        /// Highest sequence that is settled.
        acknowledged_seq: u64,
    },
    /// Nothing was taken.
    Refused(UploadRefusal),
}

/// What an addition changes beside the journal.
#[derive(Debug, Clone)]
pub enum Effect<'a> {
    /// A sale arrives.
    Sale(&'a SaleRecord),
    /// A shift was opened or closed.
    Shift(&'a ShiftRecord),
    /// A row is merged. Its version is known once it is written.
    Edit(EditEffect),
    /// Nothing: the entry is rejected.
    Nothing,
}

/// An entry that joins the journal.
#[derive(Debug, Clone)]
pub struct Addition<'a> {
    /// The entry.
    pub entry: &'a OutboxEntry,
    /// What becomes of it.
    pub outcome: EntryOutcome,
    /// What it changes.
    pub effect: Effect<'a>,
}

/// What is to be written for an upload.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// One result for each entry, in order.
    pub results: Vec<EntryResult>,
    /// The new entries, in order.
    pub additions: Vec<Addition<'a>>,
    /// Where the journal ends then.
    pub last_seq: u64,
    /// Hash of its last entry.
    pub last_hash: [u8; 32],
    /// Highest receipt counter that came up.
    pub last_receipt_counter: u32,
}

/// Decides what becomes of `entries`.
///
/// # Errors
/// [`UploadRefusal`] when they are not what follows in this register's journal; then nothing is written.
pub fn plan<'a>(state: &JournalState, entries: &'a [ReadEntry]) -> Result<Plan<'a>, UploadRefusal> {
    let mut plan = Plan {
        results: Vec::with_capacity(entries.len()),
        additions: Vec::new(),
        last_seq: state.last_seq,
        last_hash: state.last_hash,
        last_receipt_counter: state.last_receipt_counter,
    };
    let mut seen = Seen {
        sale_ids: state.known_sale_ids.clone(),
        rejected_openings: state.rejected_openings.clone(),
        edits: state.edits.clone(),
    };
    let mut previous_seq: Option<u64> = None;
    for read in entries {
        let entry = &read.entry;
        let expected = match previous_seq {
            Some(previous) => previous.saturating_add(1),
            // The first may be one that is settled already, but not one further on.
            None => entry.seq.clamp(1, plan.last_seq.saturating_add(1)),
        };
        if entry.seq != expected {
            return Err(UploadRefusal::Gap { expected, got: entry.seq });
        }
        previous_seq = Some(entry.seq);
        let result = if entry.seq <= state.last_seq {
            known_result(state, entry)?
        } else {
            check_chain(read, &plan.last_hash)?;
            let (outcome, effect) = settle(state, &mut plan.last_receipt_counter, &mut seen, read);
            if matches!(outcome, EntryOutcome::Rejected { .. }) {
                seen.edits.note_rejected(entry.seq);
                seen.note_rejected_opening(read);
            }
            plan.additions.push(Addition { entry, outcome: outcome.clone(), effect });
            plan.last_seq = entry.seq;
            plan.last_hash = *entry.hash;
            EntryResult::new(entry.seq, outcome)
        };
        plan.results.push(result);
    }
    Ok(plan)
}

/// What the entries before left behind.
struct Seen {
    sale_ids: BTreeSet<[u8; 16]>,
    rejected_openings: BTreeMap<[u8; 16], u64>,
    edits: EditState,
}

impl Seen {
    fn note_rejected_opening(&mut self, read: &ReadEntry) {
        if let Content::Shift(ShiftRecord { id, closed_at_ms: None, .. }) = &read.content {
            self.rejected_openings.insert(**id, read.entry.seq);
        }
    }

    /// The rejected opening of the shift that this record closes.
    fn opening_rejected(&self, record: &ShiftRecord) -> Option<u64> {
        record.closed_at_ms?;
        self.rejected_openings.get(&*record.id).copied()
    }
}

fn known_result(state: &JournalState, entry: &OutboxEntry) -> Result<EntryResult, UploadRefusal> {
    let broken = |reason| UploadRefusal::ChainBroken { seq: entry.seq, reason };
    let known = state
        .known
        .get(&entry.seq)
        .ok_or_else(|| broken("the store server no longer has the entry to compare it with"))?;
    if known.hash != *entry.hash {
        return Err(broken("the store server has another entry in this place"));
    }
    Ok(EntryResult { seq: entry.seq, outcome: known.outcome.clone(), version: known.version })
}

fn check_chain(read: &ReadEntry, last_hash: &[u8; 32]) -> Result<(), UploadRefusal> {
    let broken = |reason| UploadRefusal::ChainBroken { seq: read.entry.seq, reason };
    if !read.is_intact {
        return Err(broken("its content is not what was sealed"));
    }
    if *read.entry.previous_hash != *last_hash {
        return Err(broken("it does not follow the entry before it"));
    }
    Ok(())
}

fn settle<'a>(
    state: &JournalState,
    last_receipt_counter: &mut u32,
    seen: &mut Seen,
    read: &'a ReadEntry,
) -> (EntryOutcome, Effect<'a>) {
    // A reason may quote what came; U+0000 can't be kept.
    let rejected = |reason: String| {
        (EntryOutcome::Rejected { reason: reason.replace('\0', "\u{fffd}") }, Effect::Nothing)
    };
    match &read.content {
        Content::Edit(edit) => match seen.edits.apply(edit) {
            Ok(effect) => (EntryOutcome::Accepted, Effect::Edit(effect)),
            Err(reason) => rejected(reason),
        },
        Content::Unusable(reason) => rejected(reason.clone()),
        Content::Shift(record) => {
            let held = || seen.opening_rejected(record).map(held_for_opening);
            match foreign_register(state, record.register_number).or_else(held) {
                Some(reason) => rejected(reason),
                None => (EntryOutcome::Accepted, Effect::Shift(record)),
            }
        }
        Content::Sale { record, fault } => {
            // Of another register or store, it says nothing about this one's series.
            let elsewhere = foreign_register(state, record.register_number);
            if let Some(reason) = elsewhere.or_else(|| foreign_store(state, record)) {
                return rejected(reason);
            }
            // The number is taken even when the sale is not: the next one follows it on the register.
            let out_of_series = follow_series(last_receipt_counter, record);
            let foreign = foreign_currency(state, record);
            if let Some(reason) = foreign.or(out_of_series).or_else(|| fault.clone()) {
                return rejected(reason);
            }
            if !seen.sale_ids.insert(*record.id) {
                return rejected("The store server has this sale already, under another entry.".to_owned());
            }
            (EntryOutcome::Accepted, Effect::Sale(record))
        }
    }
}

fn foreign_register(state: &JournalState, register_number: u16) -> Option<String> {
    (register_number != state.register_number).then(|| {
        format!("It says register {register_number}, but register {} sent it.", state.register_number)
    })
}

fn foreign_store(state: &JournalState, record: &SaleRecord) -> Option<String> {
    (record.store_id != state.store_id)
        .then(|| format!("It was sold in store “{}”, not in this one.", shortened(&record.store_id)))
}

fn foreign_currency(state: &JournalState, record: &SaleRecord) -> Option<String> {
    (record.currency != state.currency).then(|| {
        format!("It is in “{}”, the store's currency is {}.", shortened(&record.currency), state.currency)
    })
}

/// Moves the series on to the sale's number; says what is wrong when it is not the next one.
fn follow_series(last_counter: &mut u32, record: &SaleRecord) -> Option<String> {
    let counter = record.receipt_counter;
    let receipt = |counter| ReceiptNumber { register: record.register_number, counter };
    let expected = last_counter.saturating_add(1);
    if counter == expected && counter > *last_counter {
        *last_counter = counter;
        return None;
    }
    if counter > expected {
        let reason = format!("Receipt {} came where {} was due.", receipt(counter), receipt(expected));
        if counter - expected <= RECEIPT_JUMP_MAX {
            *last_counter = counter;
        }
        return Some(reason);
    }
    Some(format!("Receipt {} was there before; {} was due.", receipt(counter), receipt(expected)))
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
