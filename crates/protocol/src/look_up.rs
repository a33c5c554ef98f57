//! Looking up at the store server what a register does not keep (DESIGN section 3: "the rest stays reachable while
//! online").

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use crate::rows::{PriceRow, ProductRow, TaxRateRow};

/// Most products, and most customers, in one reply.
pub const LOOK_UP_HITS_MAX: usize = 30;
/// Longest text that is looked for, characters; the store server refuses a longer one.
pub const LOOK_UP_CHARS_MAX: usize = 100;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Wanted {
    /// The one product with exactly this sku or barcode, and the one customer with exactly this number.
    #[n(0)]
    Code,
    /// Products that somebody may mean who types this.
    #[n(1)]
    Products,
    /// Customers that somebody may mean who types this.
    #[n(2)]
    Customers,
}

/// `POST /api/v1/look-up`: products or customers of the register's own store, whatever its profile keeps of them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LookUpRequest {
    /// What.
    #[n(0)]
    pub wanted: Wanted,
    /// A code, or what somebody types; at most [`LOOK_UP_CHARS_MAX`] characters.
    #[n(1)]
    pub text: String,
}

/// Reply to [`LookUpRequest`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LookUpReply {
    /// Products, the likeliest first; at most [`LOOK_UP_HITS_MAX`].
    #[n(0)]
    pub products: Vec<FoundProduct>,
    /// Customers, by name; at most [`LOOK_UP_HITS_MAX`].
    #[n(1)]
    pub customers: Vec<FoundCustomer>,
    /// Whether there are more than these.
    #[n(2)]
    pub more: bool,
}

/// A product with what it takes to sell it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FoundProduct {
    /// It.
    #[n(0)]
    pub product: ProductRow,
    /// Its price, where it has one.
    #[n(1)]
    pub price: Option<PriceRow>,
    /// The rate of its tax code, where there is one.
    #[n(2)]
    pub tax_rate: Option<TaxRateRow>,
}

/// A customer as a register would keep it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FoundCustomer {
    /// A [`crate::rows::CustomerRow`] in CBOR, without the columns that the register's profile leaves out.
    #[n(0)]
    pub body: ByteVec,
    /// The row's version: what an edit of it is based on.
    #[n(1)]
    pub version: u64,
}
