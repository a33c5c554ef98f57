//! The profile itself.

use minicbor::{Decode, Encode};

use crate::known::is_default;
use crate::{
    DeviceConfiguration, OfflineCustomers, OfflineProducts, Scope, ScopeTable, TableId,
    decode_known_or_default,
};

/// An offline profile: ordered scopes and a device configuration.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct Profile {
    /// Unique name.
    #[n(0)]
    pub name: String,
    /// What it is for.
    #[n(1)]
    pub description: String,
    /// The lines, in order: a later scope may refer to rows of an earlier one.
    #[n(2)]
    pub scopes: Vec<Scope>,
    /// Timeouts and schedules.
    #[n(3)]
    pub device: DeviceConfiguration,
    /// *Offline products*.
    #[n(4)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub offline_products: OfflineProducts,
    /// *Offline customers*.
    #[n(5)]
    #[cbor(skip_if = "is_default", decode_with = "decode_known_or_default")]
    #[serde(default)]
    pub offline_customers: OfflineCustomers,
}

impl Profile {
    /// Tables that come down, in the order in which they are synchronised.
    pub fn download_tables(&self) -> Vec<TableId> {
        self.tables_where(|scope| scope.direction.downloads())
    }

    /// Tables that go up, in the order in which they are synchronised.
    pub fn upload_tables(&self) -> Vec<TableId> {
        self.tables_where(|scope| scope.direction.uploads())
    }

    /// A table's entry and the scope it stands in; the first where a table stands twice.
    pub fn entry(&self, table: TableId) -> Option<(&Scope, &ScopeTable)> {
        self.scopes.iter().find_map(|scope| {
            scope.tables.iter().find(|entry| entry.table == table).map(|entry| (scope, entry))
        })
    }

    fn tables_where(&self, wanted: impl Fn(&Scope) -> bool) -> Vec<TableId> {
        self.scopes
            .iter()
            .filter(|scope| wanted(scope))
            .flat_map(|scope| scope.tables.iter().map(|entry| entry.table))
            .collect()
    }
}
