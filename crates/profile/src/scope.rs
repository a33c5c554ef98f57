//! An offline scope: some tables, in order, that are synchronised together.

use minicbor::{Decode, Encode};

use crate::{Column, ConflictRule, Direction, RowFilter, TableId, decode_known, decode_known_or_default};

/// How often a scope is synchronised. The original shows the field and ignores it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Frequency {
    /// At every synchronisation.
    #[n(0)]
    WithEverySync,
    /// At most once in this many minutes.
    #[n(1)]
    EveryMinutes {
        /// Minutes between two synchronisations, at least 1.
        #[n(0)]
        minutes: u32,
    },
    /// Once a day.
    #[n(2)]
    DailyAt {
        /// Minute of the store's day, 0–1439.
        #[n(0)]
        minute_of_day: u16,
    },
    /// Only when somebody asks for it.
    #[n(3)]
    ByHand,
}

/// One table of a scope.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct ScopeTable {
    /// Which table.
    #[n(0)]
    pub table: TableId,
    /// *Field list*: names of the columns that a register keeps; `None` is all, those of later versions too.
    #[n(1)]
    #[cbor(default, decode_with = "decode_known_or_default")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    /// Which rows a register keeps; `None` is all.
    #[n(2)]
    #[cbor(default, decode_with = "decode_known_or_default")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<RowFilter>,
    /// Of a bidirectional scope: whose value a field takes that was changed on both sides; `None` is the table's
    /// default.
    #[n(3)]
    #[cbor(default, decode_with = "decode_known_or_default")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict_rule: Option<ConflictRule>,
}

impl ScopeTable {
    /// A table with all its columns and rows.
    pub fn whole(table: TableId) -> ScopeTable {
        ScopeTable { table, fields: None, filter: None, conflict_rule: None }
    }

    /// The rule for fields that were changed on both sides.
    pub fn rule_for_conflicts(&self) -> ConflictRule {
        self.conflict_rule.unwrap_or_else(|| self.table.default_conflict_rule())
    }

    /// Whether a register keeps this column.
    pub fn keeps_column(&self, name: &str) -> bool {
        self.fields.as_ref().is_none_or(|fields| fields.iter().any(|field| field == name))
    }

    /// The columns that a register keeps, in the table's order.
    pub fn kept_columns(&self) -> Vec<&'static Column> {
        self.table.columns().iter().filter(|column| self.keeps_column(column.name)).collect()
    }
}

/// A reusable set of tables with one direction and frequency.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct Scope {
    /// The scope's identifier, unique among scopes.
    #[n(0)]
    pub name: String,
    /// What it is for, in the administrator's words.
    #[n(1)]
    pub description: String,
    /// Which way its rows move.
    #[n(2)]
    pub direction: Direction,
    /// How often it is synchronised.
    #[n(3)]
    pub frequency: Frequency,
    /// Its tables, in the order they are synchronised.
    #[n(4)]
    #[cbor(decode_with = "decode_known")]
    pub tables: Vec<ScopeTable>,
}
