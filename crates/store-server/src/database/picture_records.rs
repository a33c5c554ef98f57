//! Pictures and exports as the store database gives and takes them.

use holdfast_protocol::pictures::PictureRef;
use serde::Serialize;

/// A picture of a product to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPicture {
    /// The product.
    pub sku: String,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// Media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A run of changes of pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureChanges {
    /// The pictures, by version.
    pub pictures: Vec<PictureRef>,
    /// Version of the last of them; of the question where there is none.
    pub up_to: u64,
    /// Whether more wait behind.
    pub more: bool,
}

/// A picture as it is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPicture {
    /// Media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An export that came from a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExport {
    /// When it was made, by the register's clock, ms since 1970.
    pub made_at_ms: i64,
    /// When it came, ms since 1970.
    pub received_at_ms: i64,
    /// Entries of the journal in it.
    pub entries_count: u64,
    /// Rows of tables in it.
    pub rows_count: u64,
    /// Whether the journal's chain holds.
    pub is_chain_whole: bool,
    /// The file, packed.
    pub bytes: Vec<u8>,
}

/// An export in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportOverview {
    /// Its number, of this register.
    pub export: u64,
    /// When it was made, by the register's clock, ms since 1970.
    pub made_at_ms: i64,
    /// When it came, ms since 1970.
    pub received_at_ms: i64,
    /// Entries of the journal in it.
    pub entries: u64,
    /// Rows of tables in it.
    pub rows: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// Whether the journal's chain holds.
    pub is_chain_whole: bool,
}
