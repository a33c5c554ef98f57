//! Whose value a field takes that a register and the store changed both, each in another way.

use minicbor::{Decode, Encode};

use crate::TableId;

/// The rule for fields of a bidirectional table that were changed on both sides. Whatever it says, both values are
/// recorded for the administrator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum ConflictRule {
    /// The store server keeps its value.
    #[n(0)]
    ServerWins,
    /// The register's value replaces it.
    #[n(1)]
    RegisterWins,
    /// The value that was entered last, by the clocks of both; the store server's where they are equal.
    #[n(2)]
    Latest,
}

impl ConflictRule {
    /// Every rule, in the order of the editor.
    pub const ALL: [ConflictRule; 3] =
        [ConflictRule::ServerWins, ConflictRule::RegisterWins, ConflictRule::Latest];
}

impl TableId {
    /// The rule where a profile names none. Of a customer's address the newer one is right more often; a suspended
    /// sale that was recalled elsewhere must not come back.
    pub fn default_conflict_rule(self) -> ConflictRule {
        match self {
            TableId::Customer => ConflictRule::Latest,
            TableId::Store
            | TableId::Register
            | TableId::Hardware
            | TableId::Staff
            | TableId::TaxRate
            | TableId::Currency
            | TableId::TenderType
            | TableId::Category
            | TableId::Product
            | TableId::Barcode
            | TableId::Price
            | TableId::Discount
            | TableId::Sale
            | TableId::Shift
            | TableId::SuspendedSale => ConflictRule::ServerWins,
        }
    }
}
