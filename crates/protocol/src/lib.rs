//! What a register and the store server say to each other: wire types, the CBOR codec, the page
//! format and digests.
//!
//! Owns every byte that crosses the network or is kept by one version of Holdfast and read by
//! another. Maps with numbered fields: an unknown field is ignored, a missing optional one is
//! `None`, and a number is never used again for something else. Knows no clock, no I/O, no browser.

#![forbid(unsafe_code)]

pub mod basket;
pub mod borrowed_rows;
pub mod checked_edit;
pub mod codec;
pub mod digest;
pub mod export;
pub mod look_up;
pub mod messages;
pub mod outbox;
pub mod page;
pub mod pictures;
pub mod problem;
pub mod row_edit;
pub mod row_merge;
pub mod rows;
pub mod sale;
pub mod search_text;
pub mod shift_totals;
pub mod versions;
pub mod view;

pub use codec::{CodecError, decode, encode};
pub use digest::TableDigest;
pub use versions::{PROTOCOL_VERSION_HEADER, Versions};

/// Version of the wire protocol that this build speaks.
///
/// Raised only when a peer of the version before could not understand a message any more; new
/// optional fields do not raise it.
pub const PROTOCOL_VERSION: u16 = 2;

/// Oldest version of the wire protocol that this build still understands.
pub const PROTOCOL_VERSION_MIN: u16 = 2;

/// Version of the rows' schema: raised when a register must rebuild its offline database.
pub const SCHEMA_VERSION: u32 = 1;

/// Content type of all bodies between register and store server.
pub const CONTENT_TYPE: &str = "application/cbor";
