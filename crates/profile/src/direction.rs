//! The way data moves between the store database and a register's offline database.

use minicbor::{Decode, Encode};

/// Synchronisation direction of an offline scope, as in AX 2012's offline scope form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(index_only)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Store server to register only; the register can't change the rows.
    #[n(0)]
    Download,
    /// Register to store server only; the register never receives others' rows.
    #[n(1)]
    Upload,
    /// Both ways, with conflict rules.
    #[n(2)]
    Bidirectional,
}

impl Direction {
    /// Whether rows come from the store server.
    pub fn downloads(self) -> bool {
        match self {
            Direction::Download | Direction::Bidirectional => true,
            Direction::Upload => false,
        }
    }

    /// Whether rows leave the register.
    pub fn uploads(self) -> bool {
        match self {
            Direction::Upload | Direction::Bidirectional => true,
            Direction::Download => false,
        }
    }
}
