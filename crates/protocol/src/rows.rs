//! The rows that registers keep, one struct a table. Amounts are minor units, rates ppm,
//! quantities thousandths of a unit.

use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

/// The store. Key: its id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StoreRow {
    /// Identifier.
    #[n(0)]
    pub id: String,
    /// Name on receipts.
    #[n(1)]
    pub name: String,
    /// Address lines on receipts.
    #[n(2)]
    pub address: Vec<String>,
    /// Tax number on receipts.
    #[n(3)]
    pub tax_number: String,
    /// ISO 4217 code of the store's currency.
    #[n(4)]
    pub currency: String,
    /// Whether prices hold their tax.
    #[n(5)]
    pub prices_include_tax: bool,
    /// Last line of receipts.
    #[n(6)]
    pub receipt_footer: String,
}

/// A register of the store. Key: its number.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RegisterRow {
    /// Number, part of each receipt number.
    #[n(0)]
    pub number: u16,
    /// Name.
    #[n(1)]
    pub name: String,
}

/// Somebody who may sign in. Key: the id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StaffRow {
    /// Identifier, short, typed or tapped at sign-in.
    #[n(0)]
    pub id: String,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Whether the person may do what only managers may.
    #[n(2)]
    pub is_manager: bool,
    /// Salt of the PIN verifier.
    #[n(3)]
    pub pin_salt: ByteVec,
    /// Rounds of PBKDF2-HMAC-SHA256.
    #[n(4)]
    pub pin_rounds: u32,
    /// PBKDF2-HMAC-SHA256(PIN, salt, rounds), 32 bytes.
    #[n(5)]
    pub pin_verifier: ByteVec,
}

/// A tax rate. Key: the code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TaxRateRow {
    /// Code that products name.
    #[n(0)]
    pub code: String,
    /// Name on receipts.
    #[n(1)]
    pub name: String,
    /// Rate, parts per million.
    #[n(2)]
    pub rate_ppm: u32,
}

/// A currency that the store takes. Key: ISO 4217 code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CurrencyRow {
    /// ISO 4217 code.
    #[n(0)]
    pub code: String,
    /// Sign, such as £.
    #[n(1)]
    pub sign: String,
    /// Smallest coin, minor units; cash is rounded to it.
    #[n(2)]
    pub cash_increment_minor: u32,
}

/// A means of payment. Key: the code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TenderTypeRow {
    /// Code: `cash` or `card`.
    #[n(0)]
    pub code: String,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Highest amount taken while offline, minor units; `None` is no limit.
    #[n(2)]
    pub offline_limit_minor: Option<i64>,
}

/// A product category. Key: the code.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CategoryRow {
    /// Code that products name.
    #[n(0)]
    pub code: String,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Place among the categories.
    #[n(2)]
    pub position: u32,
    /// Colour of its tiles, 0–11.
    #[n(3)]
    pub hue: u8,
}

/// A product. Key: the sku.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProductRow {
    /// Stock keeping unit.
    #[n(0)]
    pub sku: String,
    /// Name on screen and receipt.
    #[n(1)]
    pub name: String,
    /// Category code; empty for none.
    #[n(2)]
    pub category: String,
    /// Unit code: `ea`, `kg`, `l`, `m`.
    #[n(3)]
    pub unit: String,
    /// Tax code.
    #[n(4)]
    pub tax_code: String,
    /// Place among the best sellers, from 1; 0 for none.
    #[n(5)]
    pub rank: u32,
}

/// A barcode. Key: the GTIN in 14 digits.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BarcodeRow {
    /// GTIN, zero-padded to 14 digits.
    #[n(0)]
    pub gtin: String,
    /// Product it stands for.
    #[n(1)]
    pub sku: String,
}

/// A price. Key: the sku.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PriceRow {
    /// Product.
    #[n(0)]
    pub sku: String,
    /// Price of one unit, minor units.
    #[n(1)]
    pub price_minor: i64,
}

/// A customer. Key: the id.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CustomerRow {
    /// Identifier.
    #[n(0)]
    pub id: String,
    /// Name; the id where none is known.
    #[n(1)]
    pub name: String,
    /// Country name, as it was imported.
    #[n(2)]
    pub country: String,
    /// Telephone.
    #[n(3)]
    pub phone: String,
    /// E-mail.
    #[n(4)]
    pub email: String,
}
