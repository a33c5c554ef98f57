//! The basket: what a customer is about to buy or bring back, and what it comes to.

use crate::money::{Currency, Money};
use crate::quantity::{Quantity, Unit};
use crate::tax::{TaxMode, TaxTotal, Taxable, tax_totals};

/// Most lines of one basket.
pub const LINES_MAX: usize = 5_000;

/// A product as it is sold: what a line keeps even if the catalogue changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemToSell {
    /// Stock keeping unit.
    pub sku: String,
    /// Name on screen and receipt.
    pub name: String,
    /// What the quantity counts.
    pub unit: Unit,
    /// Price of one unit; with or without tax as the basket's [`TaxMode`] says.
    pub unit_price: Money,
    /// Tax code.
    pub tax_code: String,
    /// Tax rate, parts per million.
    pub tax_rate_ppm: u32,
}

/// A line of a basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasketLine {
    /// What.
    pub item: ItemToSell,
    /// How much; negative is brought back.
    pub quantity: Quantity,
}

impl BasketLine {
    /// Quantity × price; `None` when it does not fit.
    pub fn amount(&self) -> Option<Money> {
        self.quantity.price(self.item.unit_price)
    }

    /// Checks that a basket can hold the line, and gives its amount.
    ///
    /// # Errors
    /// [`BasketError`] naming what is wrong.
    pub fn check(&self) -> Result<Money, BasketError> {
        let milli = self.quantity.milli();
        if milli == 0 {
            return Err(BasketError::QuantityZero);
        }
        if !(-Quantity::MILLI_MAX..=Quantity::MILLI_MAX).contains(&milli) {
            return Err(BasketError::QuantityTooLarge);
        }
        if !self.item.unit.is_divisible() && milli % Quantity::ONE.milli() != 0 {
            return Err(BasketError::QuantityNotWhole);
        }
        if self.item.unit_price.is_negative() {
            return Err(BasketError::NegativePrice);
        }
        self.amount().ok_or(BasketError::AmountTooLarge)
    }
}

/// The customer of a basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRef {
    /// Identifier.
    pub id: String,
    /// Name.
    pub name: String,
}

/// What a basket comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Totals {
    /// Sum of the lines, as priced.
    pub goods: Money,
    /// Tax by code and rate.
    pub tax: Vec<TaxTotal>,
    /// All tax.
    pub tax_total: Money,
    /// What the customer pays, before cash rounding; negative is paid out.
    pub due: Money,
}

/// Why a basket did not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BasketError {
    /// A line of nothing.
    #[error("the quantity is zero")]
    QuantityZero,
    /// More than [`Quantity::MILLI_MAX`].
    #[error("the quantity is too large")]
    QuantityTooLarge,
    /// Part of something sold by the piece.
    #[error("the product is sold by the piece")]
    QuantityNotWhole,
    /// A price below nothing.
    #[error("the price is negative")]
    NegativePrice,
    /// The amount does not fit.
    #[error("the amount is too large")]
    AmountTooLarge,
    /// The basket has [`LINES_MAX`] lines.
    #[error("the basket is full")]
    TooManyLines,
    /// No line has this index.
    #[error("the basket has no such line")]
    NoSuchLine,
}

/// Lines, customer, and when the first line was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basket {
    currency: Currency,
    tax_mode: TaxMode,
    // Each passes `BasketLine::check`, their sum and tax fit, and there are at most LINES_MAX.
    lines: Vec<BasketLine>,
    customer: Option<CustomerRef>,
    started_at_ms: Option<i64>,
}

impl Basket {
    /// An empty basket.
    pub fn new(currency: Currency, tax_mode: TaxMode) -> Basket {
        Basket { currency, tax_mode, lines: Vec::new(), customer: None, started_at_ms: None }
    }

    /// A basket as it was kept.
    ///
    /// # Errors
    /// [`BasketError`] when a basket can't hold these lines.
    pub fn restore(
        currency: Currency,
        tax_mode: TaxMode,
        lines: Vec<BasketLine>,
        customer: Option<CustomerRef>,
        started_at_ms: Option<i64>,
    ) -> Result<Basket, BasketError> {
        if lines.len() > LINES_MAX {
            return Err(BasketError::TooManyLines);
        }
        let basket = Basket { currency, tax_mode, lines, customer, started_at_ms };
        basket.totals()?;
        Ok(basket)
    }

    /// Adds an item, joined to an equal line where it is sold by the piece; gives the line's index.
    ///
    /// # Errors
    /// [`BasketError`] when the basket can't hold it; nothing has changed then.
    pub fn add(&mut self, item: ItemToSell, quantity: Quantity, now_ms: i64) -> Result<usize, BasketError> {
        let joins = |line: &BasketLine| {
            !item.unit.is_divisible()
                && line.item == item
                && line.quantity.is_negative() == quantity.is_negative()
        };
        let Some(index) = self.lines.iter().position(joins) else {
            return self.add_line(item, quantity, now_ms);
        };
        BasketLine { item, quantity }.check()?;
        let milli = self.lines[index].quantity.milli().saturating_add(quantity.milli());
        self.set_quantity(index, Quantity::from_milli(milli))?;
        Ok(index)
    }

    /// Adds an item as a line of its own; gives the line's index.
    ///
    /// # Errors
    /// [`BasketError`] when the basket can't hold it; nothing has changed then.
    pub fn add_line(
        &mut self,
        item: ItemToSell,
        quantity: Quantity,
        now_ms: i64,
    ) -> Result<usize, BasketError> {
        let index = self.lines.len();
        self.insert(index, BasketLine { item, quantity })?;
        if index == 0 {
            self.started_at_ms = Some(now_ms);
        }
        Ok(index)
    }

    /// Changes a line's quantity.
    ///
    /// # Errors
    /// [`BasketError`] when there is no such line or it can't have that quantity; nothing has changed then.
    pub fn set_quantity(&mut self, index: usize, quantity: Quantity) -> Result<(), BasketError> {
        let line = self.lines.get_mut(index).ok_or(BasketError::NoSuchLine)?;
        let before = std::mem::replace(&mut line.quantity, quantity);
        self.totals().map(drop).inspect_err(|_| self.lines[index].quantity = before)
    }

    /// Takes a line out.
    ///
    /// # Errors
    /// [`BasketError::NoSuchLine`], or [`BasketError::AmountTooLarge`] where only this line's opposite sign
    /// kept the sum in bounds.
    pub fn remove(&mut self, index: usize) -> Result<BasketLine, BasketError> {
        if index >= self.lines.len() {
            return Err(BasketError::NoSuchLine);
        }
        let line = self.lines.remove(index);
        match self.totals() {
            Ok(_) => Ok(line),
            Err(error) => {
                self.lines.insert(index, line);
                Err(error)
            }
        }
    }

    /// Puts a line in at a place: what undoes [`Basket::remove`].
    ///
    /// # Errors
    /// [`BasketError`] when the basket can't hold it there; nothing has changed then.
    pub fn insert(&mut self, index: usize, line: BasketLine) -> Result<(), BasketError> {
        if index > self.lines.len() {
            return Err(BasketError::NoSuchLine);
        }
        if self.lines.len() >= LINES_MAX {
            return Err(BasketError::TooManyLines);
        }
        self.lines.insert(index, line);
        let totals = self.totals();
        if totals.is_err() {
            self.lines.remove(index);
        }
        totals.map(drop)
    }

    /// Makes it a new basket: no lines, no customer.
    pub fn clear(&mut self) {
        *self = Basket::new(self.currency, self.tax_mode);
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The lines, in the order they were added.
    pub fn lines(&self) -> &[BasketLine] {
        &self.lines
    }

    /// The customer, if one was named.
    pub fn customer(&self) -> Option<&CustomerRef> {
        self.customer.as_ref()
    }

    /// Names the customer, or none.
    pub fn set_customer(&mut self, customer: Option<CustomerRef>) {
        self.customer = customer;
    }

    /// When its first line was added, ms since 1970.
    pub fn started_at_ms(&self) -> Option<i64> {
        self.started_at_ms
    }

    /// The currency of its prices.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// Whether its prices hold their tax.
    pub fn tax_mode(&self) -> TaxMode {
        self.tax_mode
    }

    /// What it comes to.
    ///
    /// # Errors
    /// [`BasketError`] of the first line that is wrong, or when the sum does not fit.
    pub fn totals(&self) -> Result<Totals, BasketError> {
        totals(&self.lines, self.tax_mode)
    }
}

/// What lines come to: the one definition that basket, sale and the store server's check share.
///
/// # Errors
/// [`BasketError`] of the first line that is wrong, or when the sum does not fit.
pub fn totals(lines: &[BasketLine], tax_mode: TaxMode) -> Result<Totals, BasketError> {
    let amounts = lines.iter().map(BasketLine::check).collect::<Result<Vec<Money>, BasketError>>()?;
    let taxables = lines.iter().zip(&amounts).map(|(line, amount)| Taxable {
        code: &line.item.tax_code,
        rate_ppm: line.item.tax_rate_ppm,
        amount: *amount,
    });
    let too_large = BasketError::AmountTooLarge;
    let tax = tax_totals(taxables, tax_mode).ok_or(too_large)?;
    let goods = Money::checked_sum(amounts).ok_or(too_large)?;
    let tax_total = Money::checked_sum(tax.iter().map(|total| total.tax)).ok_or(too_large)?;
    let due = match tax_mode {
        TaxMode::Inclusive => goods,
        TaxMode::Exclusive => goods.checked_add(tax_total).ok_or(too_large)?,
    };
    Ok(Totals { goods, tax, tax_total, due })
}
