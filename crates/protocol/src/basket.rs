//! The open basket, as a register keeps it over a reload. It never travels.
//!
//! Amounts are minor units, rates ppm, quantities thousandths of a unit, times ms since 1970.

use holdfast_domain::money::UnknownCurrency;
use holdfast_domain::{
    Basket, BasketError, BasketLine, Currency, ItemToSell, Money, Quantity, TaxMode, Unit,
};
use minicbor::{Decode, Encode};

use crate::sale::{customer, tax_mode};

/// An open basket.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BasketRecord {
    /// ISO 4217 code.
    #[n(0)]
    pub currency: String,
    /// Whether unit prices hold their tax.
    #[n(1)]
    pub tax_inclusive: bool,
    /// The lines.
    #[n(2)]
    pub lines: Vec<BasketLineRecord>,
    /// Customer, if one was named.
    #[n(3)]
    pub customer_id: Option<String>,
    /// Customer's name.
    #[n(4)]
    pub customer_name: Option<String>,
    /// First line.
    #[n(5)]
    pub started_at_ms: Option<i64>,
}

/// A line of an open basket.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BasketLineRecord {
    /// Product.
    #[n(0)]
    pub sku: String,
    /// Name.
    #[n(1)]
    pub name: String,
    /// Unit code.
    #[n(2)]
    pub unit: String,
    /// Quantity, thousandths; negative is a return.
    #[n(3)]
    pub quantity_milli: i64,
    /// Price of one unit.
    #[n(4)]
    pub unit_price_minor: i64,
    /// Tax code.
    #[n(5)]
    pub tax_code: String,
    /// Tax rate.
    #[n(6)]
    pub tax_rate_ppm: u32,
}

/// Why a record is not a basket that this build knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BasketRecordError {
    /// The currency is not one of ISO 4217.
    #[error(transparent)]
    Currency(#[from] UnknownCurrency),
    /// A line counts in a unit that this build does not know.
    #[error("“{0}” is not a unit")]
    Unit(String),
    /// A basket can't hold these lines.
    #[error(transparent)]
    Basket(#[from] BasketError),
}

impl BasketRecord {
    /// The record of a basket.
    pub fn from_basket(basket: &Basket) -> BasketRecord {
        BasketRecord {
            currency: basket.currency().code().to_owned(),
            tax_inclusive: basket.tax_mode() == TaxMode::Inclusive,
            lines: basket.lines().iter().map(BasketLineRecord::from_line).collect(),
            customer_id: basket.customer().map(|customer| customer.id.clone()),
            customer_name: basket.customer().map(|customer| customer.name.clone()),
            started_at_ms: basket.started_at_ms(),
        }
    }

    /// The basket as recorded.
    ///
    /// # Errors
    /// [`BasketRecordError`] when it is no basket that this build knows.
    pub fn to_basket(&self) -> Result<Basket, BasketRecordError> {
        let currency = Currency::from_code(&self.currency)?;
        let lines = self.lines.iter().map(BasketLineRecord::to_line).collect::<Result<_, _>>()?;
        let customer = customer(self.customer_id.as_ref(), self.customer_name.as_ref());
        let tax_mode = tax_mode(self.tax_inclusive);
        Ok(Basket::restore(currency, tax_mode, lines, customer, self.started_at_ms)?)
    }
}

impl BasketLineRecord {
    fn from_line(line: &BasketLine) -> BasketLineRecord {
        BasketLineRecord {
            sku: line.item.sku.clone(),
            name: line.item.name.clone(),
            unit: line.item.unit.code().to_owned(),
            quantity_milli: line.quantity.milli(),
            unit_price_minor: line.item.unit_price.minor(),
            tax_code: line.item.tax_code.clone(),
            tax_rate_ppm: line.item.tax_rate_ppm,
        }
    }

    fn to_line(&self) -> Result<BasketLine, BasketRecordError> {
        let unit = Unit::from_code(&self.unit).ok_or_else(|| BasketRecordError::Unit(self.unit.clone()))?;
        let item = ItemToSell {
            sku: self.sku.clone(),
            name: self.name.clone(),
            unit,
            unit_price: Money::from_minor(self.unit_price_minor),
            tax_code: self.tax_code.clone(),
            tax_rate_ppm: self.tax_rate_ppm,
        };
        Ok(BasketLine { item, quantity: Quantity::from_milli(self.quantity_milli) })
    }
}
