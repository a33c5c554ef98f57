//! What the registers of a load run sell.

use holdfast_domain::{Money, Quantity};

use super::shop;
use crate::baskets::{Invoice, InvoiceLine};

/// Lines of a sale: one to five, three on average.
const LINES_MAX: usize = 5;

/// So many invoices of a register, each of its own number and its own products.
pub fn invoices(register: u16, count: usize, products_count: usize) -> impl Iterator<Item = Invoice> {
    (0..count).map(move |place| {
        let first = usize::from(register) * 7_919 + place * 31;
        let lines = (0..1 + place % LINES_MAX).map(|at| {
            let product = (first + at * 1_009) % products_count.max(1);
            InvoiceLine {
                line_no: (at + 1).to_string(),
                sku: shop::sku(product),
                description: String::new(),
                quantity: Quantity::units(1 + i64::from(at == 0)),
                unit_price: Money::from_minor(
                    i64::try_from(shop::price_minor(product, 0)).unwrap_or_default(),
                ),
            }
        });
        Invoice {
            invoice_no: format!("L{register}-{place}"),
            invoiced_at_ms: None,
            customer_id: String::new(),
            lines: lines.collect(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invoices_have_three_lines_on_average_and_are_all_different() {
        let all: Vec<Invoice> = invoices(3, 500, 100_000).collect();
        assert_eq!(all.iter().map(|invoice| invoice.lines.len()).sum::<usize>(), 1_500);
        let numbers: std::collections::BTreeSet<&str> =
            all.iter().map(|invoice| invoice.invoice_no.as_str()).collect();
        assert_eq!(numbers.len(), 500);
        assert!(all.iter().flat_map(|invoice| &invoice.lines).all(|line| line.sku.len() == 7));
    }
}
