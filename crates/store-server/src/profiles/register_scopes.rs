//! What a register keeps, by the scopes of the profile that it goes by: rows, age and the last result of each.

use holdfast_profile::{Direction, Frequency, Profile, Scope};
use serde::Serialize;

use crate::database::{RegisterOverview, TableProgress};

/// How a scope or a table of it stood at the register's last contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptState {
    /// All that is here is there.
    Complete,
    /// Changes are to come.
    Behind,
    /// Nothing is there yet.
    Missing,
    /// All that it uploads has come.
    Sent,
    /// Some of that waits there.
    Waits,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegisterScopes {
    /// The version that the register goes by; none where there is none.
    version: Option<u64>,
    /// In profile order.
    scopes: Vec<RegisterScope>,
    /// Tables that it keeps and that are not in the profile.
    left: Vec<KeptTable>,
}

/// A scope of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct RegisterScope {
    name: String,
    direction: Direction,
    frequency: Frequency,
    /// Rows of all its tables; none where it only uploads.
    rows: Option<u64>,
    /// Entries that wait, where it only uploads: they are told of the register, not of each scope.
    waiting: Option<u64>,
    /// When the table that is furthest behind last equalled the one here; none where one never did.
    synced_at_ms: Option<i64>,
    state: KeptState,
    /// In scope order.
    tables: Vec<KeptTable>,
}

/// A table of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct KeptTable {
    table: String,
    /// None where it does not come down.
    rows: Option<u64>,
    /// Version up to which the register has all rows, and the highest one here.
    cursor: u64,
    head: u64,
    synced_at_ms: Option<i64>,
    state: KeptState,
}

/// Puts the tables that a register told of under the scopes of its profile.
pub fn register_scopes(register: &RegisterOverview, has: Option<(u64, &Profile)>) -> RegisterScopes {
    let all = || has.iter().flat_map(|(_, profile)| &profile.scopes);
    let downloads = |name: &str| {
        let mut tables = all().filter(|scope| scope.direction.downloads()).flat_map(|scope| &scope.tables);
        tables.any(|entry| entry.table.name() == name)
    };
    RegisterScopes {
        version: has.map(|(version, _)| version),
        scopes: all().map(|scope| of_scope(register, scope)).collect(),
        left: register.tables.iter().filter(|table| !downloads(&table.table)).map(downloaded).collect(),
    }
}

fn of_scope(register: &RegisterOverview, scope: &Scope) -> RegisterScope {
    let names = scope.tables.iter().map(|entry| entry.table.name());
    let only_uploads = scope.direction == Direction::Upload;
    let tables: Vec<KeptTable> = if only_uploads {
        let state = upload_state(register);
        names.map(|name| KeptTable { state, ..not_there(name) }).collect()
    } else {
        let told = |name: &str| register.tables.iter().find(|table| table.table == name).map(downloaded);
        names.map(|name| told(name).unwrap_or_else(|| not_there(name))).collect()
    };
    let synced: Option<Vec<i64>> = tables.iter().map(|table| table.synced_at_ms).collect();
    RegisterScope {
        name: scope.name.clone(),
        direction: scope.direction,
        frequency: scope.frequency,
        rows: (!only_uploads).then(|| tables.iter().filter_map(|table| table.rows).sum()),
        waiting: register.waiting.filter(|_| only_uploads),
        synced_at_ms: synced.and_then(|times| times.into_iter().min()),
        state: if only_uploads { upload_state(register) } else { state_of(&tables) },
        tables,
    }
}

/// A scope is as far as the table that is furthest behind.
fn state_of(tables: &[KeptTable]) -> KeptState {
    let all = |state| tables.iter().all(|table| table.state == state);
    if all(KeptState::Complete) {
        KeptState::Complete
    } else if all(KeptState::Missing) {
        KeptState::Missing
    } else {
        KeptState::Behind
    }
}

fn upload_state(register: &RegisterOverview) -> KeptState {
    match register.waiting {
        None => KeptState::Missing,
        Some(0) => KeptState::Sent,
        Some(_) => KeptState::Waits,
    }
}

fn downloaded(table: &TableProgress) -> KeptTable {
    KeptTable {
        table: table.table.clone(),
        rows: Some(table.rows),
        cursor: table.cursor,
        head: table.head,
        synced_at_ms: table.synced_at_ms,
        state: if table.cursor >= table.head { KeptState::Complete } else { KeptState::Behind },
    }
}

fn not_there(name: &str) -> KeptTable {
    KeptTable {
        table: name.to_owned(),
        rows: None,
        cursor: 0,
        head: 0,
        synced_at_ms: None,
        state: KeptState::Missing,
    }
}
