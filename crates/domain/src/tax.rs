//! Tax: by code and rate, on the whole sale's amount at that rate.
//!
//! Rounding once a rate and not once a line keeps the receipt's tax equal to the tax return's.

use std::collections::BTreeMap;

use crate::money::Money;
use crate::rounding::{Rounding, mul_div};

const PPM: i64 = 1_000_000;

/// Whether prices hold their tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TaxMode {
    /// Prices hold their tax.
    Inclusive,
    /// Tax is added to the prices.
    Exclusive,
}

/// Tax of a sale at one rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxTotal {
    /// Tax code.
    pub code: String,
    /// Rate, parts per million.
    pub rate_ppm: u32,
    /// Amount without tax.
    pub net: Money,
    /// Tax, halves rounded away from zero.
    pub tax: Money,
    /// Amount with tax.
    pub gross: Money,
}

/// An amount that is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxable<'a> {
    /// Tax code.
    pub code: &'a str,
    /// Rate, parts per million.
    pub rate_ppm: u32,
    /// As priced.
    pub amount: Money,
}

/// Tax by code and rate, ordered by them; `None` when an amount does not fit.
pub fn tax_totals<'a>(
    taxables: impl IntoIterator<Item = Taxable<'a>>,
    mode: TaxMode,
) -> Option<Vec<TaxTotal>> {
    let mut priced: BTreeMap<(&str, u32), Money> = BTreeMap::new();
    for Taxable { code, rate_ppm, amount } in taxables {
        let sum = priced.entry((code, rate_ppm)).or_default();
        *sum = sum.checked_add(amount)?;
    }
    priced.into_iter().map(|((code, rate_ppm), amount)| tax_total(code, rate_ppm, amount, mode)).collect()
}

fn tax_total(code: &str, rate_ppm: u32, priced: Money, mode: TaxMode) -> Option<TaxTotal> {
    let rate = i64::from(rate_ppm);
    let divisor = match mode {
        TaxMode::Inclusive => PPM + rate,
        TaxMode::Exclusive => PPM,
    };
    let tax = Money::from_minor(mul_div(priced.minor(), rate, divisor, Rounding::HalfUp)?);
    let (net, gross) = match mode {
        TaxMode::Inclusive => (priced.checked_sub(tax)?, priced),
        TaxMode::Exclusive => (priced, priced.checked_add(tax)?),
    };
    Some(TaxTotal { code: code.to_owned(), rate_ppm, net, tax, gross })
}
