//! Why a line of a file is not sold.

use std::path::Path;

use holdfast_domain::BasketError;
use holdfast_domain::money::ParseMoneyError;

/// Why a sale can't hold a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// Fields are missing, or the text is not UTF-8.
    LineNotReadable,
    /// No invoice number.
    InvoiceNoMissing,
    /// No sku.
    SkuMissing,
    /// The quantity is not a number.
    QuantityNotANumber,
    /// The quantity has more than three decimals.
    QuantityTooManyDecimals,
    /// The quantity is zero.
    QuantityZero,
    /// The quantity is larger than a line holds.
    QuantityTooLarge,
    /// Part of something sold by the piece.
    QuantityNotWhole,
    /// The price is not a number.
    PriceNotANumber,
    /// The price has more decimals than the currency.
    PriceTooManyDecimals,
    /// The price is negative.
    PriceNegative,
    /// The price is larger than any till needs.
    PriceTooLarge,
    /// Quantity times price, or the sum of the invoice, does not fit.
    AmountTooLarge,
    /// The invoice has more lines than a sale.
    InvoiceTooLong,
    /// The rest of the invoice adds up to no sale.
    SaleNotPossible,
}

impl Reason {
    /// The reason in reports.
    pub fn code(self) -> &'static str {
        match self {
            Reason::LineNotReadable => "line_not_readable",
            Reason::InvoiceNoMissing => "invoice_no_missing",
            Reason::SkuMissing => "sku_missing",
            Reason::QuantityNotANumber => "quantity_not_a_number",
            Reason::QuantityTooManyDecimals => "quantity_has_too_many_decimals",
            Reason::QuantityZero => "quantity_zero",
            Reason::QuantityTooLarge => "quantity_too_large",
            Reason::QuantityNotWhole => "quantity_not_whole",
            Reason::PriceNotANumber => "price_not_a_number",
            Reason::PriceTooManyDecimals => "price_has_too_many_decimals",
            Reason::PriceNegative => "price_negative",
            Reason::PriceTooLarge => "price_too_large",
            Reason::AmountTooLarge => "amount_too_large",
            Reason::InvoiceTooLong => "invoice_too_long",
            Reason::SaleNotPossible => "sale_not_possible",
        }
    }

    /// The reason when a quantity can't be read.
    pub fn of_quantity(error: &ParseMoneyError) -> Reason {
        match error {
            ParseMoneyError::NotANumber(_) => Reason::QuantityNotANumber,
            ParseMoneyError::TooManyDecimals { .. } => Reason::QuantityTooManyDecimals,
            ParseMoneyError::TooLarge(_) => Reason::QuantityTooLarge,
        }
    }

    /// The reason when a price can't be read.
    pub fn of_price(error: &ParseMoneyError) -> Reason {
        match error {
            ParseMoneyError::NotANumber(_) => Reason::PriceNotANumber,
            ParseMoneyError::TooManyDecimals { .. } => Reason::PriceTooManyDecimals,
            ParseMoneyError::TooLarge(_) => Reason::PriceTooLarge,
        }
    }

    /// The reason when a basket refuses a line.
    pub fn of_basket(error: BasketError) -> Reason {
        match error {
            BasketError::QuantityZero => Reason::QuantityZero,
            BasketError::QuantityTooLarge => Reason::QuantityTooLarge,
            BasketError::QuantityNotWhole => Reason::QuantityNotWhole,
            BasketError::NegativePrice => Reason::PriceNegative,
            BasketError::AmountTooLarge => Reason::AmountTooLarge,
            BasketError::TooManyLines => Reason::InvoiceTooLong,
            BasketError::NoSuchLine => Reason::SaleNotPossible,
        }
    }
}

/// A line that is not sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedLine {
    /// As in the file.
    pub invoice_no: String,
    /// As in the file.
    pub line_no: String,
    /// Why.
    pub reason: Reason,
}

/// Writes the refused lines as `invoice_no,line_no,reason`.
///
/// # Errors
/// [`csv::Error`] when the file can't be written.
pub fn write_csv(path: &Path, refused: &[RefusedLine]) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(["invoice_no", "line_no", "reason"])?;
    for line in refused {
        writer.write_record([&line.invoice_no, &line.line_no, line.reason.code()])?;
    }
    writer.flush()?;
    Ok(())
}
