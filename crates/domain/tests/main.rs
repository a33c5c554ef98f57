//! Behaviour of the domain, with an independent decimal library as oracle.

mod barcodes;
mod baskets;
mod builders;
mod pins;
mod receipts;
mod restated;
mod sales;
mod tenders;
