//! A sale whose sums do not add up, stated anew from its lines and from what was paid.

use crate::basket::{BasketLine, LINES_MAX, totals};
use crate::money::Money;
use crate::sale::{Sale, SaleError};
use crate::tender::{Settlement, check_settlement};

/// A sale stated anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// The sale: the same goods, prices and payments; amounts, tax and total follow from them.
    pub sale: Sale,
    /// What was paid beyond what the goods come to; negative is what was paid too little. Given − change = total +
    /// rounding + difference.
    pub difference: Money,
}

impl Sale {
    /// States the sale anew: quantities, prices, tax rates and payments count as they stand, all sums follow from
    /// them. What the customer paid is never changed; what it differs by from the total is named. A rounding that
    /// explains nothing is part of the difference.
    ///
    /// # Errors
    /// [`SaleError`] when the goods themselves can't be sold, or the amounts do not fit.
    pub fn restated(&self) -> Result<Restated, SaleError> {
        if self.lines.is_empty() {
            return Err(SaleError::Empty);
        }
        if self.lines.len() > LINES_MAX {
            return Err(SaleError::TooManyLines);
        }
        if self.receipt.counter == 0 {
            return Err(SaleError::ReceiptNumberZero);
        }
        let mut sale = self.clone();
        let mut goods = Vec::with_capacity(sale.lines.len());
        for (place, line) in (1..).zip(&mut sale.lines) {
            let sold = BasketLine { item: line.item.clone(), quantity: line.quantity };
            (line.line_no, line.amount) = (place, sold.check()?);
            goods.push(sold);
        }
        let totals = totals(&goods, sale.tax_mode)?;
        (sale.tax, sale.total) = (totals.tax, totals.due);
        let stated = Settlement { rounding: sale.rounding, change: sale.change };
        if check_settlement(sale.total, &sale.tenders, stated, sale.currency).is_ok() {
            return Ok(Restated { sale, difference: Money::ZERO });
        }
        sale.rounding = Money::ZERO;
        let too_large = SaleError::Payment(crate::tender::TenderError::TooLarge);
        let given = sale
            .tenders
            .iter()
            .try_fold(Money::ZERO, |sum, tender| sum.checked_add(tender.amount))
            .ok_or(too_large)?;
        let paid = given.checked_sub(sale.change).ok_or(too_large)?;
        let difference = paid.checked_sub(sale.total).ok_or(too_large)?;
        Ok(Restated { sale, difference })
    }
}
