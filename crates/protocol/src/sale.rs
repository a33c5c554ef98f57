//! Payloads of outbox entries: a finished sale and a shift, as they travel and are kept.
//!
//! Amounts are minor units, rates ppm, quantities thousandths of a unit, times ms since 1970.

use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

/// A finished sale.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SaleRecord {
    /// Random identifier.
    #[n(0)]
    pub id: ByteArray<16>,
    /// Register's number, first part of the receipt number.
    #[n(1)]
    pub register_number: u16,
    /// Counter of the register, second part of the receipt number, gap-free.
    #[n(2)]
    pub receipt_counter: u32,
    /// Store.
    #[n(3)]
    pub store_id: String,
    /// Cashier's id.
    #[n(4)]
    pub cashier_id: String,
    /// Cashier's name, as it was printed.
    #[n(5)]
    pub cashier_name: String,
    /// Customer, if one was named.
    #[n(6)]
    pub customer_id: Option<String>,
    /// First line.
    #[n(7)]
    pub started_at_ms: i64,
    /// Payment.
    #[n(8)]
    pub finished_at_ms: i64,
    /// Minutes by which the register's wall clock was ahead of UTC.
    #[n(9)]
    pub utc_offset_min: i16,
    /// ISO 4217 code.
    #[n(10)]
    pub currency: String,
    /// Whether unit prices hold their tax.
    #[n(11)]
    pub tax_inclusive: bool,
    /// The lines.
    #[n(12)]
    pub lines: Vec<SaleLineRecord>,
    /// Tax by code.
    #[n(13)]
    pub tax: Vec<TaxRecord>,
    /// What was due before cash rounding.
    #[n(14)]
    pub total_minor: i64,
    /// Cash rounding, added to the total.
    #[n(15)]
    pub rounding_minor: i64,
    /// What was given.
    #[n(16)]
    pub tenders: Vec<TenderRecord>,
    /// What was given back.
    #[n(17)]
    pub change_minor: i64,
    /// The number another system knows the sale by, such as an invoice number.
    #[n(18)]
    pub external_ref: Option<String>,
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SaleLineRecord {
    /// Place, from 1.
    #[n(0)]
    pub line_no: u32,
    /// Product.
    #[n(1)]
    pub sku: String,
    /// Name as sold.
    #[n(2)]
    pub name: String,
    /// Unit code.
    #[n(3)]
    pub unit: String,
    /// Quantity, thousandths; negative is a return.
    #[n(4)]
    pub quantity_milli: i64,
    /// Price of one unit.
    #[n(5)]
    pub unit_price_minor: i64,
    /// Quantity × price, rounded.
    #[n(6)]
    pub amount_minor: i64,
    /// Tax code.
    #[n(7)]
    pub tax_code: String,
    /// Tax rate at the sale.
    #[n(8)]
    pub tax_rate_ppm: u32,
}

/// Tax of a sale at one rate.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TaxRecord {
    /// Tax code.
    #[n(0)]
    pub code: String,
    /// Rate.
    #[n(1)]
    pub rate_ppm: u32,
    /// Amount without tax.
    #[n(2)]
    pub net_minor: i64,
    /// Tax.
    #[n(3)]
    pub tax_minor: i64,
    /// Amount with tax.
    #[n(4)]
    pub gross_minor: i64,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TenderRecord {
    /// Tender type's code.
    #[n(0)]
    pub code: String,
    /// Amount; negative is paid out.
    #[n(1)]
    pub amount_minor: i64,
}

/// A shift that was opened or closed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShiftRecord {
    /// Random identifier; the same when it is closed.
    #[n(0)]
    pub id: ByteArray<16>,
    /// Register.
    #[n(1)]
    pub register_number: u16,
    /// Number of the shift on this register, from 1.
    #[n(2)]
    pub number: u32,
    /// When it was opened.
    #[n(3)]
    pub opened_at_ms: i64,
    /// Who opened it.
    #[n(4)]
    pub opened_by: String,
    /// Cash in the drawer at the start.
    #[n(5)]
    pub float_minor: i64,
    /// When it was closed; `None` while it is open.
    #[n(6)]
    pub closed_at_ms: Option<i64>,
    /// Cash counted at the end.
    #[n(7)]
    pub counted_minor: Option<i64>,
}
