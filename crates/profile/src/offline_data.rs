//! Which products and customers a register keeps: the original's tabs *Offline products* and *Offline
//! customers*. What a register doesn't keep stays reachable while it is online.

use minicbor::{Decode, Encode};

/// Most days that a register may look back (ten years).
pub const LOOK_BACK_DAYS_MAX: u32 = 3660;
/// Most products that "top by sales" may name.
pub const TOP_PRODUCTS_MAX: u32 = 1_000_000;
/// Most categories that a profile may name.
pub const OFFLINE_CATEGORIES_MAX: usize = 500;

/// Which products a register keeps. A row filter on the table of products narrows this further.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OfflineProducts {
    /// All.
    #[n(0)]
    #[default]
    All,
    /// Those of some categories.
    #[n(1)]
    Categories {
        /// Codes of the categories, at least one.
        #[n(0)]
        codes: Vec<String>,
    },
    /// Those the store sold lately.
    #[n(2)]
    SoldInLastDays {
        /// How far back a sale counts, days.
        #[n(0)]
        days: u32,
    },
    /// The best sellers.
    #[n(3)]
    TopBySales {
        /// How many.
        #[n(0)]
        count: u32,
    },
}

/// Which customers a register keeps. A row filter on the table of customers narrows this further.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum OfflineCustomers {
    /// All of this store.
    #[n(0)]
    #[default]
    AllOfThisStore,
    /// Those the store saw lately.
    #[n(1)]
    SeenInLastDays {
        /// How far back a visit counts, days.
        #[n(0)]
        days: u32,
    },
    /// None.
    #[n(2)]
    None,
}
