//! A finished sale, and the check that it adds up.

use crate::basket::{Basket, BasketError, BasketLine, CustomerRef, ItemToSell, LINES_MAX, totals};
use crate::money::{Currency, Money};
use crate::quantity::Quantity;
use crate::receipt_number::ReceiptNumber;
use crate::tax::{TaxMode, TaxTotal};
use crate::tender::{Settlement, Tender, TenderError, check_settlement, settle};

/// What a sale needs to know beside its basket and its payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleContext {
    /// Random identifier.
    pub id: [u8; 16],
    /// The register's next receipt number.
    pub receipt: ReceiptNumber,
    /// Store.
    pub store_id: String,
    /// Cashier's id.
    pub cashier_id: String,
    /// Cashier's name, as it is printed.
    pub cashier_name: String,
    /// Time of payment, ms since 1970.
    pub finished_at_ms: i64,
    /// Minutes by which the register's wall clock is ahead of UTC.
    pub utc_offset_min: i16,
    /// The number another system knows the sale by, such as an invoice number.
    pub external_ref: Option<String>,
}

/// A line of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleLine {
    /// Place, from 1.
    pub line_no: u32,
    /// What was sold.
    pub item: ItemToSell,
    /// How much; negative was brought back.
    pub quantity: Quantity,
    /// Quantity × price.
    pub amount: Money,
}

/// A finished sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// Random identifier.
    pub id: [u8; 16],
    /// Receipt number, without gaps on its register.
    pub receipt: ReceiptNumber,
    /// Store.
    pub store_id: String,
    /// Cashier's id.
    pub cashier_id: String,
    /// Cashier's name.
    pub cashier_name: String,
    /// Customer, if one was named.
    pub customer: Option<CustomerRef>,
    /// First line, ms since 1970.
    pub started_at_ms: i64,
    /// Payment, ms since 1970.
    pub finished_at_ms: i64,
    /// Minutes by which the register's wall clock was ahead of UTC.
    pub utc_offset_min: i16,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Whether unit prices hold their tax.
    pub tax_mode: TaxMode,
    /// The lines.
    pub lines: Vec<SaleLine>,
    /// Tax by code and rate.
    pub tax: Vec<TaxTotal>,
    /// What was due, before cash rounding; negative was paid out.
    pub total: Money,
    /// Cash rounding, added to the total.
    pub rounding: Money,
    /// What was given.
    pub tenders: Vec<Tender>,
    /// What was given back.
    pub change: Money,
    /// The number another system knows the sale by.
    pub external_ref: Option<String>,
}

/// Why there is no sale, or why one does not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SaleError {
    /// No line.
    #[error("the sale has no lines")]
    Empty,
    /// More lines than a basket holds.
    #[error("the sale has too many lines")]
    TooManyLines,
    /// Receipt counters begin at 1.
    #[error("the receipt number is zero")]
    ReceiptNumberZero,
    /// A line is not numbered by its place.
    #[error("line {line_no} is out of order")]
    LineNumber {
        /// As stated.
        line_no: u32,
    },
    /// A line's amount is not quantity × price.
    #[error("the amount of line {line_no} is not its quantity times its price")]
    LineAmount {
        /// Which line.
        line_no: u32,
    },
    /// A line, or the sum of the lines, is not possible.
    #[error("the lines can't be sold: {0}")]
    Lines(#[from] BasketError),
    /// Tax by code does not follow from the lines.
    #[error("the tax does not follow from the lines")]
    Tax,
    /// The total does not follow from the lines.
    #[error("the total does not follow from the lines")]
    Total,
    /// The payment does not settle the total.
    #[error("the payment does not settle the total: {0}")]
    Payment(#[from] TenderError),
}

impl Sale {
    /// Makes a sale of a basket and its payment.
    ///
    /// # Errors
    /// [`SaleError`] when the basket is empty or the payment does not settle it.
    pub fn finish(
        basket: &Basket,
        tenders: Vec<Tender>,
        cash_increment_minor: u32,
        context: SaleContext,
    ) -> Result<Sale, SaleError> {
        let totals = basket.totals()?;
        let Settlement { rounding, change } = settle(totals.due, &tenders, cash_increment_minor)?;
        let lines = (1..)
            .zip(basket.lines())
            .map(|(line_no, line)| {
                let amount = line.check()?;
                Ok(SaleLine { line_no, item: line.item.clone(), quantity: line.quantity, amount })
            })
            .collect::<Result<Vec<SaleLine>, BasketError>>()?;
        let sale = Sale {
            id: context.id,
            receipt: context.receipt,
            store_id: context.store_id,
            cashier_id: context.cashier_id,
            cashier_name: context.cashier_name,
            customer: basket.customer().cloned(),
            started_at_ms: basket.started_at_ms().unwrap_or(context.finished_at_ms),
            finished_at_ms: context.finished_at_ms,
            utc_offset_min: context.utc_offset_min,
            currency: basket.currency(),
            tax_mode: basket.tax_mode(),
            lines,
            tax: totals.tax,
            total: totals.due,
            rounding,
            tenders,
            change,
            external_ref: context.external_ref,
        };
        // The register never seals what the store server would reject.
        sale.check()?;
        Ok(sale)
    }

    /// Checks that the sale adds up, by recomputing it from its lines and payments.
    ///
    /// # Errors
    /// [`SaleError`] naming the first thing that does not.
    pub fn check(&self) -> Result<(), SaleError> {
        if self.lines.is_empty() {
            return Err(SaleError::Empty);
        }
        if self.lines.len() > LINES_MAX {
            return Err(SaleError::TooManyLines);
        }
        if self.receipt.counter == 0 {
            return Err(SaleError::ReceiptNumberZero);
        }
        let mut lines = Vec::with_capacity(self.lines.len());
        for (place, SaleLine { line_no, item, quantity, amount }) in (1..).zip(&self.lines) {
            if *line_no != place {
                return Err(SaleError::LineNumber { line_no: *line_no });
            }
            let line = BasketLine { item: item.clone(), quantity: *quantity };
            if line.check()? != *amount {
                return Err(SaleError::LineAmount { line_no: *line_no });
            }
            lines.push(line);
        }
        let recomputed = totals(&lines, self.tax_mode)?;
        if recomputed.tax != self.tax {
            return Err(SaleError::Tax);
        }
        if recomputed.due != self.total {
            return Err(SaleError::Total);
        }
        let stated = Settlement { rounding: self.rounding, change: self.change };
        check_settlement(self.total, &self.tenders, stated, self.currency)?;
        Ok(())
    }
}
