//! Pictures of products: which there are, told in parts by version like a table's rows. A picture itself travels as its
//! bytes, by its hash.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

/// Largest picture, bytes.
pub const PICTURE_BYTES_MAX: usize = 256 * 1024;
/// Most pictures in one [`PicturesReply`].
pub const PICTURES_MAX: usize = 2_000;

/// The picture of a product as it changed; without a hash there is none any more.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PictureRef {
    /// The product's stock keeping unit.
    #[n(0)]
    pub sku: String,
    /// SHA-256 of the picture's bytes, which is also its address; `None` where the picture was removed.
    #[n(1)]
    pub hash: Option<ByteArray<32>>,
    /// Bytes of it.
    #[n(2)]
    pub bytes: u32,
    /// Media type, such as `image/png`; empty where the picture was removed.
    #[n(3)]
    pub media_type: String,
}

/// Reply to `GET /api/v1/pictures?since=VERSION`: pictures that changed after a version, each in its latest state.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PicturesReply {
    /// The version that was asked with; 0 where the store server tells all anew, since it never gave that version
    /// (it was restored from a backup).
    #[n(0)]
    pub since: u64,
    /// The version to ask with next, once these are stored.
    #[n(1)]
    pub up_to: u64,
    /// Whether more wait behind `up_to`.
    #[n(2)]
    pub more: bool,
    /// The pictures, at most [`PICTURES_MAX`].
    #[n(3)]
    pub pictures: Vec<PictureRef>,
}
