//! Payloads of outbox entries: a finished sale and a shift, as they travel and are kept.
//!
//! Amounts are minor units, rates ppm, quantities thousandths of a unit, times ms since 1970.

use holdfast_domain::money::UnknownCurrency;
use holdfast_domain::{
    Currency, CustomerRef, ItemToSell, Money, Quantity, ReceiptNumber, Sale, SaleLine, TaxMode, TaxTotal,
    Tender, TenderKind, Unit,
};
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
    /// Customer's name as it was printed; a record without one has its id for a name.
    #[n(19)]
    pub customer_name: Option<String>,
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
    /// Sales of the shift, once it is closed.
    #[n(8)]
    pub sales_count: Option<u32>,
    /// What was taken in the shift by means of payment, less change, once it is closed.
    #[n(9)]
    pub takings: Option<Vec<TenderRecord>>,
    /// The shift's sales come after this sequence and before its closing, once it is closed.
    #[n(10)]
    pub after_seq: Option<u64>,
}

/// Why a sale's record is not a sale that this build knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SaleRecordError {
    /// The currency is not one of ISO 4217.
    #[error(transparent)]
    Currency(#[from] UnknownCurrency),
    /// A line counts in a unit that this build does not know.
    #[error("line {line_no} counts in “{unit}”, which is not a unit")]
    Unit {
        /// Which line, from 1.
        line_no: u32,
        /// As given.
        unit: String,
    },
    /// A means of payment that this build does not know.
    #[error("“{0}” is not a means of payment")]
    Tender(String),
}

impl SaleRecord {
    /// The record of a sale.
    pub fn from_sale(sale: &Sale) -> SaleRecord {
        SaleRecord {
            id: sale.id.into(),
            register_number: sale.receipt.register,
            receipt_counter: sale.receipt.counter,
            store_id: sale.store_id.clone(),
            cashier_id: sale.cashier_id.clone(),
            cashier_name: sale.cashier_name.clone(),
            customer_id: sale.customer.as_ref().map(|customer| customer.id.clone()),
            started_at_ms: sale.started_at_ms,
            finished_at_ms: sale.finished_at_ms,
            utc_offset_min: sale.utc_offset_min,
            currency: sale.currency.code().to_owned(),
            tax_inclusive: sale.tax_mode == TaxMode::Inclusive,
            lines: sale.lines.iter().map(SaleLineRecord::from_line).collect(),
            tax: sale.tax.iter().map(TaxRecord::from_total).collect(),
            total_minor: sale.total.minor(),
            rounding_minor: sale.rounding.minor(),
            tenders: sale.tenders.iter().map(TenderRecord::from_tender).collect(),
            change_minor: sale.change.minor(),
            external_ref: sale.external_ref.clone(),
            customer_name: sale.customer.as_ref().map(|customer| customer.name.clone()),
        }
    }

    /// The sale as recorded. It is not checked: [`Sale::check`] says whether it adds up.
    ///
    /// # Errors
    /// [`SaleRecordError`] when it names something this build does not know.
    pub fn to_sale(&self) -> Result<Sale, SaleRecordError> {
        Ok(Sale {
            id: *self.id,
            receipt: self.receipt(),
            store_id: self.store_id.clone(),
            cashier_id: self.cashier_id.clone(),
            cashier_name: self.cashier_name.clone(),
            customer: customer(self.customer_id.as_ref(), self.customer_name.as_ref()),
            started_at_ms: self.started_at_ms,
            finished_at_ms: self.finished_at_ms,
            utc_offset_min: self.utc_offset_min,
            currency: Currency::from_code(&self.currency)?,
            tax_mode: tax_mode(self.tax_inclusive),
            lines: self.lines.iter().map(SaleLineRecord::to_line).collect::<Result<_, _>>()?,
            tax: self.tax.iter().map(TaxRecord::to_total).collect(),
            total: Money::from_minor(self.total_minor),
            rounding: Money::from_minor(self.rounding_minor),
            tenders: self.tenders.iter().map(TenderRecord::to_tender).collect::<Result<_, _>>()?,
            change: Money::from_minor(self.change_minor),
            external_ref: self.external_ref.clone(),
        })
    }

    /// The receipt number.
    pub fn receipt(&self) -> ReceiptNumber {
        ReceiptNumber { register: self.register_number, counter: self.receipt_counter }
    }
}

impl SaleLineRecord {
    fn from_line(line: &SaleLine) -> SaleLineRecord {
        SaleLineRecord {
            line_no: line.line_no,
            sku: line.item.sku.clone(),
            name: line.item.name.clone(),
            unit: line.item.unit.code().to_owned(),
            quantity_milli: line.quantity.milli(),
            unit_price_minor: line.item.unit_price.minor(),
            amount_minor: line.amount.minor(),
            tax_code: line.item.tax_code.clone(),
            tax_rate_ppm: line.item.tax_rate_ppm,
        }
    }

    fn to_line(&self) -> Result<SaleLine, SaleRecordError> {
        let unit = Unit::from_code(&self.unit)
            .ok_or_else(|| SaleRecordError::Unit { line_no: self.line_no, unit: self.unit.clone() })?;
        Ok(SaleLine {
            line_no: self.line_no,
            item: ItemToSell {
                sku: self.sku.clone(),
                name: self.name.clone(),
                unit,
                unit_price: Money::from_minor(self.unit_price_minor),
                tax_code: self.tax_code.clone(),
                tax_rate_ppm: self.tax_rate_ppm,
            },
            quantity: Quantity::from_milli(self.quantity_milli),
            amount: Money::from_minor(self.amount_minor),
        })
    }
}

impl TaxRecord {
    fn from_total(total: &TaxTotal) -> TaxRecord {
        TaxRecord {
            code: total.code.clone(),
            rate_ppm: total.rate_ppm,
            net_minor: total.net.minor(),
            tax_minor: total.tax.minor(),
            gross_minor: total.gross.minor(),
        }
    }

    fn to_total(&self) -> TaxTotal {
        TaxTotal {
            code: self.code.clone(),
            rate_ppm: self.rate_ppm,
            net: Money::from_minor(self.net_minor),
            tax: Money::from_minor(self.tax_minor),
            gross: Money::from_minor(self.gross_minor),
        }
    }
}

impl TenderRecord {
    fn from_tender(tender: &Tender) -> TenderRecord {
        TenderRecord { code: tender.kind.code().to_owned(), amount_minor: tender.amount.minor() }
    }

    fn to_tender(&self) -> Result<Tender, SaleRecordError> {
        let kind =
            TenderKind::from_code(&self.code).ok_or_else(|| SaleRecordError::Tender(self.code.clone()))?;
        Ok(Tender { kind, amount: Money::from_minor(self.amount_minor) })
    }
}

pub(crate) fn tax_mode(inclusive: bool) -> TaxMode {
    if inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive }
}

/// Versions that wrote no name knew the customer by the id alone.
pub(crate) fn customer(id: Option<&String>, name: Option<&String>) -> Option<CustomerRef> {
    let id = id?;
    Some(CustomerRef { id: id.clone(), name: name.unwrap_or(id).clone() })
}
