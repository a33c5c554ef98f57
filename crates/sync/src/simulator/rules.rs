//! What must hold: at each visible instant, at each answer, and once things are at rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use holdfast_profile::{TableId, View};
use holdfast_protocol::TableDigest;
use holdfast_protocol::messages::{EntryOutcome, RowChange};

use super::edit_rules;
use super::model_server::{ModelRow, ModelServer, RowKey, rows_of};
use super::register::Register;
use crate::connectivity::Mode;
use crate::effect::Call;
use crate::memory_store::Custody;
use crate::overlay::{EditState, KeptEdit};

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A sale that a till showed as finished is on its register or in the store server.
    NoFinishedSaleLost,
    /// Each entry has its effect once.
    AppliedOnce,
    /// Receipt numbers have no gap and no double.
    ReceiptNumbersGapFree,
    /// What a register calls accepted, the store server has.
    AcceptedMeansKept,
    /// What was rejected is kept on both sides.
    RejectedAccountedFor,
    /// The field that an accepted edit entered is in the row, or both values are in the conflict log.
    EditsAccountedFor,
    /// What was entered at a register is shown there until the store server's merged row has come.
    EditsStayVisible,
    /// No row flows against its table's direction.
    NothingAgainstDirection,
    /// No visible row refers to one that is not there yet.
    ScopeOrder,
    /// What is stored can be read.
    Readable,
    /// Registers equal the store server.
    Converged,
    /// Digests say the same as the rows, here and there.
    DigestsAgree,
    /// Only where a disk has damaged a table it differs from the store server's.
    NeedsNoRepair,
    /// The outbox is empty a bounded time after the faults end.
    OutboxEmptied,
    /// The register is online a bounded time after the faults end.
    BackOnline,
    /// Offline, nothing is sent but the attempts.
    SilentOffline,
    /// What a till asks for is answered once and in time, offline at once.
    LookUpAnsweredOnce,
    /// What a till hears of a row that it asked for is what the store server has of it, or had since.
    LookUpIsTrue,
    /// Who has reached nobody for long does not say online.
    HonestMode,
    /// Who gets slow answers for long is offline where the profile says so, and comes back by fast ones.
    SlowIsOffline,
    /// Settings, tables and the version that is told are of one version of the profile.
    OneVersion,
    /// What a shift closed with goes up, whoever heard that it was closed.
    ClosedShiftGoesUp,
    /// A table that the profile keeps stays visible while another generation of it is built.
    SellsOn,
    /// A table that leaves the profile stays as long as rows of it wait to be sent.
    RemovedScopeWaits,
    /// No upload has more entries than the profile's upload batch size.
    BatchSize,
    /// At rest, contacts come as often as the profile's health-check interval says.
    AsksAsOften,
    /// At rest, nothing is sent but contacts.
    Calm,
    /// One event does not lead to endless work.
    Bounded,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::NoFinishedSaleLost => "no finished sale is lost",
            Rule::AppliedOnce => "each entry is applied once",
            Rule::ReceiptNumbersGapFree => "receipt numbers have no gap",
            Rule::AcceptedMeansKept => "what is called accepted is kept",
            Rule::RejectedAccountedFor => "what is rejected is kept on both sides",
            Rule::EditsAccountedFor => "no edit is lost unrecorded",
            Rule::EditsStayVisible => "no download overwrites what waits",
            Rule::NothingAgainstDirection => "nothing flows against a direction",
            Rule::ScopeOrder => "scope order holds at each visible instant",
            Rule::Readable => "what is stored can be read",
            Rule::Converged => "registers equal the store server at rest",
            Rule::DigestsAgree => "digests agree with the rows on both sides",
            Rule::NeedsNoRepair => "only what a disk has damaged is repaired",
            Rule::OutboxEmptied => "the outbox empties once the faults end",
            Rule::BackOnline => "registers are online once the faults end",
            Rule::SilentOffline => "offline, nothing is sent but the attempts",
            Rule::LookUpAnsweredOnce => "each look-up is answered once and in time",
            Rule::LookUpIsTrue => "a look-up finds what the store server has",
            Rule::HonestMode => "who reaches nobody does not say online",
            Rule::SlowIsOffline => "slow is offline, and back once it is fast",
            Rule::OneVersion => "settings, scopes and the told version are of one version",
            Rule::ClosedShiftGoesUp => "a closed shift goes up with all before it",
            Rule::SellsOn => "tables stay visible while others are built",
            Rule::RemovedScopeWaits => "a removed scope goes once what waits is sent",
            Rule::BatchSize => "no upload is larger than the profile says",
            Rule::AsksAsOften => "at rest, contacts come as often as the profile says",
            Rule::Calm => "at rest, only contacts are sent",
            Rule::Bounded => "work is bounded",
        })
    }
}

/// A broken rule and what was seen.
pub(super) type Broken = (Rule, String);

fn broken<T>(rule: Rule, detail: String) -> Result<T, Broken> {
    Err((rule, detail))
}

/// Whether a request may leave in this mode.
pub(super) fn check_request(mode: Mode, call: &Call) -> Result<(), Broken> {
    match (mode, call) {
        (Mode::Online | Mode::Waiting { .. }, _) | (Mode::Reconnecting { .. }, Call::Contact(_)) => Ok(()),
        (Mode::Reconnecting { .. } | Mode::Offline { .. }, _) => {
            broken(Rule::SilentOffline, format!("{call:?} was sent while {mode:?}"))
        }
    }
}

/// Tables whose rows refer to others, or are referred to.
const REFERRING: [TableId; 5] =
    [TableId::TaxRate, TableId::Category, TableId::Product, TableId::Barcode, TableId::Price];

/// Every visible row's references, at this instant.
pub(super) fn check_visible(register: &Register, server: &ModelServer) -> Result<(), Broken> {
    let mut visible: BTreeMap<TableId, BTreeMap<String, RowChange>> = BTreeMap::new();
    // A disk's damage is nobody's doing; that it is found and mended is checked at rest.
    let rotten = register.rotten();
    for table in REFERRING.into_iter().filter(|table| !rotten.contains(table)) {
        let rows = register.store.rows(table);
        let rows =
            rows.map_err(|error| (Rule::Readable, format!("register {}: {error}", register.number)))?;
        visible.insert(table, rows);
    }
    for (table, rows) in &visible {
        for change in rows.values() {
            let Some(row) = ModelRow::of(change) else { continue };
            for referred in row.refers_to {
                let here = register.orphaned.contains(&(*table, referred.0))
                    || rotten.contains(&referred.0)
                    || visible.get(&referred.0).is_some_and(|rows| rows.contains_key(&referred.1));
                if !here && should_be_here(register, server, (*table, change), &referred) {
                    return broken(
                        Rule::ScopeOrder,
                        format!(
                            "register {} shows {table} {} (version {}) without {} {}",
                            register.number, change.key, change.version, referred.0, referred.1
                        ),
                    );
                }
            }
        }
    }
    Ok(())
}

/// Tables that were visible before a storage call and are gone after it had a reason to go. A call that a silent disk
/// carries out half a minute late knows nothing of what was entered meanwhile, and the outbox has that in any case.
pub(super) fn check_still_visible(
    register: &Register,
    before: &BTreeSet<TableId>,
    is_late: bool,
) -> Result<(), Broken> {
    let state = register.store.state();
    let kept = state.profile.map(|(_, profile)| profile.download_tables()).unwrap_or_default();
    let rotten = register.rotten();
    for table in before.iter().filter(|table| !state.tables.contains_key(table) && !rotten.contains(table)) {
        if kept.contains(table) {
            let detail = format!("register {} can't show {table} while it is built anew", register.number);
            return broken(Rule::SellsOn, detail);
        }
        let waits = |edit: &KeptEdit| edit.edit.table == *table && edit.state == EditState::Waiting;
        if !is_late && register.store.edits().iter().any(waits) {
            let detail = format!("register {} dropped {table} while rows of it wait", register.number);
            return broken(Rule::RemovedScopeWaits, detail);
        }
    }
    Ok(())
}

/// Whether a row that a visible one refers to has no reason to be missing.
fn should_be_here(
    register: &Register,
    server: &ModelServer,
    (table, change): (TableId, &RowChange),
    referred: &RowKey,
) -> bool {
    let tables = register.store.state().tables;
    let view_of = |table: TableId| tables.get(&table).map_or(0, |record| record.view);
    let (from, to) = (view_of(table), view_of(referred.0));
    // What was deleted or has left the view meanwhile may be gone first; then it may have come back since.
    let is_there = |view: u64| {
        let row = server.row_in(view, referred);
        row.is_some_and(|row| view == 0 || row.version < change.version)
    };
    // While one table after the other changes to another view, rows of the old one refer to what the new one lacks.
    (from == to || to == 0) && is_there(to)
}

/// What the register says it knows of the store server is so, or it is still to be told of what changed.
pub(super) fn check_custody(register: &Register, server: &ModelServer) -> Result<(), Broken> {
    let outcomes_seen = register.store.state().outcomes_seen;
    let journal = server.journals.get(&register.number);
    let set_back_from_seq = journal.map_or(0, |journal| journal.set_back_from_seq);
    for kept in register.store.entries() {
        let seq = kept.entry.seq;
        let on_server = journal.and_then(|journal| journal.entries.get(&seq));
        if on_server.is_none() && seq <= set_back_from_seq {
            continue;
        }
        let outcome = on_server.map(|applied| &applied.outcome);
        if on_server.is_some() && journal.is_some_and(|journal| journal.is_untold(seq, outcomes_seen)) {
            continue;
        }
        match (&kept.custody, outcome) {
            (Custody::Waiting, _)
            | (Custody::Accepted { .. }, Some(EntryOutcome::Accepted))
            | (Custody::Rejected { .. }, Some(EntryOutcome::Rejected { .. })) => {}
            (Custody::Accepted { .. }, _) => {
                let detail =
                    format!("register {} entry {seq} is accepted, but: {outcome:?}", register.number);
                return broken(Rule::AcceptedMeansKept, detail);
            }
            (Custody::Rejected { .. }, _) => {
                let detail =
                    format!("register {} entry {seq} is rejected, but: {outcome:?}", register.number);
                return broken(Rule::RejectedAccountedFor, detail);
            }
        }
    }
    Ok(())
}

/// Each entry that the store server has, it applied once.
pub(super) fn check_applied_once(register: &Register, server: &ModelServer) -> Result<(), Broken> {
    let entries = server.journals.get(&register.number).map(|journal| &journal.entries);
    match entries.into_iter().flatten().find(|(_, applied)| applied.effects != 1) {
        None => Ok(()),
        Some((seq, applied)) => broken(
            Rule::AppliedOnce,
            format!("register {} entry {seq} had its effect {} times", register.number, applied.effects),
        ),
    }
}

/// Every finished sale is on the register, unchanged.
pub(super) fn check_journal(register: &Register) -> Result<(), Broken> {
    let entries = register.store.entries();
    for (counter, finished) in &register.finished {
        let kept = entries.iter().any(|kept| kept.entry.payload.as_slice() == finished.payload.as_slice());
        if !kept {
            let detail = format!("register {}: sale {counter} was finished and is gone", register.number);
            return broken(Rule::NoFinishedSaleLost, detail);
        }
    }
    for (expected, counter) in (1..).zip(register.finished.keys()) {
        if *counter != expected {
            let detail = format!("register {}: {counter} where {expected} was to come", register.number);
            return broken(Rule::ReceiptNumbersGapFree, detail);
        }
    }
    Ok(())
}

/// Everything, once the faults have ended long ago.
pub(super) fn check_at_rest(register: &Register, server: &ModelServer) -> Result<(), Broken> {
    check_journal(register)?;
    let status = register.engine.as_ref().map(|engine| engine.status());
    let said = status.as_ref().and_then(|status| status.last_error.clone()).unwrap_or_default();
    match status.as_ref().map(|status| status.mode) {
        Some(Mode::Online) => {}
        other => return broken(Rule::BackOnline, format!("register {}: {other:?} {said}", register.number)),
    }
    let counts = register.store.counts();
    if counts.shift_waits {
        let detail = format!("register {}: a closed shift still waits; {said}", register.number);
        return broken(Rule::ClosedShiftGoesUp, detail);
    }
    if counts.waiting > 0 {
        let detail = format!("register {}: {} entries still wait; {said}", register.number, counts.waiting);
        return broken(Rule::OutboxEmptied, detail);
    }
    check_all_told(register, server)?;
    check_custody(register, server)?;
    check_applied_once(register, server)?;
    let on_server = server.journals.get(&register.number).map_or(0, |journal| journal.entries.len());
    if on_server != register.finished.len() + register.edits_count + register.shifts_count {
        let detail = format!(
            "register {} finished {} sales, closed {} shifts and made {} edits, the store server has {on_server}",
            register.number,
            register.finished.len(),
            register.shifts_count,
            register.edits_count
        );
        return broken(Rule::NoFinishedSaleLost, detail);
    }
    check_rows(register, server, &said)?;
    edit_rules::check_at_rest(register, server)?;
    if register.requests_at_rest > 2 {
        let detail = format!(
            "register {} sent {} requests at rest; {said}",
            register.number, register.requests_at_rest
        );
        return broken(Rule::Calm, detail);
    }
    Ok(())
}

/// What the store server gives of a table is what the profile says of what is there now.
fn check_view(
    server: &ModelServer,
    table: TableId,
    given: &BTreeMap<String, RowChange>,
) -> Result<(), Broken> {
    let views = View::all_of(&server.profile.1);
    let Some(view) = views.iter().find(|view| view.entry(table).is_some()) else { return Ok(()) };
    let kept = rows_of(view, &server.feed).remove(&table).unwrap_or_default();
    let given: BTreeMap<&String, _> = given.iter().map(|(key, row)| (key, row.body.as_ref())).collect();
    if given == kept.iter().map(|(key, body)| (key, Some(body))).collect() {
        return Ok(());
    }
    let (given, kept): (Vec<_>, Vec<_>) = (given.keys().collect(), kept.keys().collect());
    broken(Rule::Converged, format!("the store server gives {given:?} of {table} where the view is {kept:?}"))
}

/// No outcome is left to be told: then the rejected entries here are those of the store server that nobody mended.
fn check_all_told(register: &Register, server: &ModelServer) -> Result<(), Broken> {
    let outcomes_seen = register.store.state().outcomes_seen;
    let Some(journal) = server.journals.get(&register.number) else { return Ok(()) };
    match journal.entries.keys().find(|&&seq| journal.is_untold(seq, outcomes_seen)) {
        None => Ok(()),
        Some(seq) => {
            let detail = format!("register {} was not told what became of entry {seq}", register.number);
            broken(Rule::RejectedAccountedFor, detail)
        }
    }
}

fn check_rows(register: &Register, server: &ModelServer, said: &str) -> Result<(), Broken> {
    let state = register.store.state();
    if state.profile.as_ref() != Some(&server.profile) {
        return broken(Rule::Converged, format!("register {} has another profile; {said}", register.number));
    }
    let tables = server.profile.1.download_tables();
    if let Some(table) = state.tables.keys().find(|table| !tables.contains(table)) {
        return broken(Rule::Converged, format!("register {} keeps {table}; {said}", register.number));
    }
    for table in tables {
        let rows = register.store.rows(table);
        let rows =
            rows.map_err(|error| (Rule::Readable, format!("register {}: {error}", register.number)))?;
        let expected = server.live_in(server.view_of(table), table);
        check_view(server, table, &expected)?;
        if rows != expected {
            let detail = format!(
                "register {}: {table} has {} rows, the store server {}; {said}\nregister: {:?}\nserver: {:?}\nrecord: {:?}",
                register.number,
                rows.len(),
                expected.len(),
                rows.values().map(|row| (&row.key, row.version)).collect::<Vec<_>>(),
                expected.values().map(|row| (&row.key, row.version)).collect::<Vec<_>>(),
                state.tables.get(&table),
            );
            return broken(Rule::Converged, detail);
        }
        let counted = state.tables.get(&table).map_or(0, |record| record.rows);
        if counted != expected.len() as u64 {
            let detail = format!("register {} counts {counted} rows of {table}", register.number);
            return broken(Rule::Converged, detail);
        }
        check_digest(register, server, table, &TableDigest::of(rows.values()))?;
    }
    Ok(())
}

/// What the store server kept up to date is what its rows sum up to, and the register has found its own to be the same.
fn check_digest(
    register: &Register,
    server: &ModelServer,
    table: TableId,
    of_rows: &TableDigest,
) -> Result<(), Broken> {
    let kept = server.digest_in(server.view_of(table), table);
    let compared_at_ms = register.store.state().tables.get(&table).and_then(|record| record.compared_at_ms);
    if kept == *of_rows && compared_at_ms.is_some() {
        return Ok(());
    }
    let detail = format!(
        "register {}: {table} sums up to {of_rows:?}, the store server's digest is {kept:?}, compared at {compared_at_ms:?}",
        register.number
    );
    broken(Rule::DigestsAgree, detail)
}

/// What goes right differs nowhere, so that nothing would be mended that should have been right at once.
pub(super) fn check_differing(register: &Register) -> Result<(), Broken> {
    let differing = register.engine.as_ref().map(crate::Engine::differing_tables).unwrap_or_default();
    match differing.into_iter().find(|differing| !register.rotted.contains(differing)) {
        None => Ok(()),
        Some((table, generation)) => broken(
            Rule::NeedsNoRepair,
            format!("register {}: generation {generation} of {table} differs", register.number),
        ),
    }
}
