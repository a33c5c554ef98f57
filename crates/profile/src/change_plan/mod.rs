//! What moving from one version of a profile to another takes: the same plan shows an administrator what a
//! publish will do and tells a register what to build, drop and keep.
//!
//! Data only; [`ChangePlan::english`] words it for logs, files and tests. Empty exactly when nothing differs.

mod english;
mod scopes;
mod tables;

use crate::field_value::settings;
use crate::{
    ConflictRule, Direction, FieldValue, Frequency, Need, Profile, RowFilter, TableId, TillOperation,
};

/// What changes from one version of a profile to another.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ChangePlan {
    /// Tables that change, in the new order; those that go come last.
    pub tables: Vec<TableChange>,
    /// Scopes that change themselves, in the new order; those that go come last.
    pub scopes: Vec<ScopeChange>,
    /// The new order, where scopes or tables that stay are synchronised in another one.
    pub order: Option<OrderChange>,
    /// Settings that change, in the order of the editor.
    pub settings: Vec<SettingChange>,
    /// What a till can't do offline any more.
    pub stops_offline: Vec<StoppedOperation>,
    /// What a till can do offline from now on.
    pub starts_offline: Vec<TillOperation>,
}

/// How one table changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TableChange {
    /// Which table.
    pub table: TableId,
    /// What a register does with the rows that it keeps.
    pub step: TableStep,
    /// Whether entries of this table that wait on the register must be acknowledged before they may go: it is
    /// not uploaded any more.
    pub waits_for_upload: bool,
    /// What differs, at least one thing.
    pub differences: Vec<TableDifference>,
}

/// What a register does with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableStep {
    /// Nothing: the rows stay as they are.
    Keep,
    /// Its rows come down for the first time.
    Build,
    /// All its rows come down again as a new generation, those older than the cursor too, while the old
    /// generation serves.
    Rebuild,
    /// Its rows go.
    Drop,
}

/// One thing that differs about a table.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum TableDifference {
    /// It is new in the profile.
    Added {
        /// Name of its scope.
        scope: String,
        /// Which way its rows move.
        direction: Direction,
    },
    /// It is not in the profile any more.
    Removed {
        /// Name of the scope that it stood in.
        scope: String,
        /// Which way its rows moved.
        direction: Direction,
    },
    /// It stands in another scope.
    Moved {
        /// Name of its scope before.
        before: String,
        /// Name of its scope from now on.
        after: String,
    },
    /// Its rows move another way.
    Direction {
        /// Before.
        before: Direction,
        /// From now on.
        after: Direction,
    },
    /// Its row filter is another.
    Filter {
        /// Before; `None` is all rows.
        before: Option<RowFilter>,
        /// From now on; `None` is all rows.
        after: Option<RowFilter>,
    },
    /// Its field list is another.
    Fields {
        /// Before; `None` is all columns.
        before: Option<Vec<String>>,
        /// From now on; `None` is all columns.
        after: Option<Vec<String>>,
        /// Columns that come.
        added: Vec<String>,
        /// Columns that go.
        removed: Vec<String>,
    },
    /// Another side wins where both changed a field.
    ConflictRule {
        /// Before; `None` is the table's default.
        before: Option<ConflictRule>,
        /// From now on; `None` is the table's default.
        after: Option<ConflictRule>,
    },
    /// The choice of offline products or customers is another.
    Choice,
    /// Which rows are kept depends on another table, whose rows change.
    Related {
        /// The other table.
        of: TableId,
    },
}

/// How one scope changes itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ScopeChange {
    /// Its name from now on; the last one for a scope that goes.
    pub name: String,
    /// What differs.
    pub difference: ScopeDifference,
}

/// One thing that differs about a scope.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum ScopeDifference {
    /// It is new in the profile.
    Added,
    /// It is not in the profile any more.
    Removed,
    /// It has another name.
    Renamed {
        /// Name before.
        before: String,
    },
    /// It is described in other words.
    Described,
    /// Its rows move another way.
    Direction {
        /// Before.
        before: Direction,
        /// From now on.
        after: Direction,
    },
    /// It is synchronised at other times.
    Frequency {
        /// Before.
        before: Frequency,
        /// From now on.
        after: Frequency,
    },
}

/// The order of synchronisation from now on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OrderChange {
    /// Names of the scopes.
    pub scopes: Vec<String>,
    /// The tables.
    pub tables: Vec<TableId>,
}

/// A setting that changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SettingChange {
    /// Path of the field, such as `device.offline_timeout_s`.
    pub field: String,
    /// Value before.
    pub before: FieldValue,
    /// Value from now on.
    pub after: FieldValue,
}

/// An operation that stops working offline.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct StoppedOperation {
    /// Which one.
    pub operation: TillOperation,
    /// What the new profile lacks for it, at least one thing.
    pub lacks: Vec<Need>,
}

impl ChangePlan {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        let ChangePlan { tables, scopes, order, settings, stops_offline, starts_offline } = self;
        tables.is_empty()
            && scopes.is_empty()
            && order.is_none()
            && settings.is_empty()
            && stops_offline.is_empty()
            && starts_offline.is_empty()
    }

    /// What stops, without what follows from another that stops: where nobody can sign in, not everybody can.
    pub fn stops_to_say(&self) -> impl Iterator<Item = &StoppedOperation> {
        let stops = |operation| self.stops_offline.iter().any(|stopped| stopped.operation == operation);
        self.stops_offline.iter().filter(move |stopped| !stopped.operation.whole_of().is_some_and(stops))
    }

    /// The change of one table, if it changes.
    pub fn table(&self, table: TableId) -> Option<&TableChange> {
        self.tables.iter().find(|change| change.table == table)
    }
}

/// What changes when registers move from `old` to `new`.
pub fn change_plan(old: &Profile, new: &Profile) -> ChangePlan {
    let mut stops_offline = Vec::new();
    let mut starts_offline = Vec::new();
    for operation in TillOperation::ALL {
        let lacks = operation.lacks(new);
        match (operation.lacks(old).is_empty(), lacks.is_empty()) {
            (true, false) => stops_offline.push(StoppedOperation { operation, lacks }),
            (false, true) => starts_offline.push(operation),
            (true, true) | (false, false) => {}
        }
    }
    ChangePlan {
        tables: tables::changes(old, new),
        scopes: scopes::changes(old, new),
        order: scopes::order_change(old, new),
        settings: setting_changes(old, new),
        stops_offline,
        starts_offline,
    }
}

fn setting_changes(old: &Profile, new: &Profile) -> Vec<SettingChange> {
    settings(old)
        .into_iter()
        .zip(settings(new))
        .filter(|((_, before), (_, after))| before != after)
        .map(|((field, before), (_, after))| SettingChange { field: field.to_owned(), before, after })
        .collect()
}
