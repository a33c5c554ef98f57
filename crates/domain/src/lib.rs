//! What a shop does with money: amounts, quantities, tax, a basket, its payment and its receipt.
//!
//! Owns every rule about amounts, so that the till that makes a sale and the server that checks it share
//! one definition. Never reads a clock, touches I/O or a browser, and never uses floating point: amounts are
//! whole minor units, quantities whole thousandths, rates parts per million.

#![forbid(unsafe_code)]
#![deny(clippy::float_arithmetic)]

pub mod barcode;
pub mod basket;
pub mod money;
pub mod pin;
pub mod quantity;
pub mod receipt;
pub mod receipt_number;
pub mod restated;
pub mod rounding;
pub mod sale;
pub mod tax;
pub mod tender;

pub use barcode::Gtin;
pub use basket::{Basket, BasketError, BasketLine, CustomerRef, ItemToSell, Totals};
pub use money::{Currency, Money};
pub use quantity::{Quantity, Unit};
pub use receipt_number::ReceiptNumber;
pub use restated::Restated;
pub use sale::{Sale, SaleContext, SaleError, SaleLine};
pub use tax::{TaxMode, TaxTotal};
pub use tender::{Tender, TenderKind};
