//! What a shift came to: its sales counted and their payments summed up by means of payment.

use std::collections::BTreeMap;

use holdfast_domain::TenderKind;

use crate::sale::{SaleRecord, TenderRecord};

/// The sales of a shift so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShiftTotals {
    /// How many.
    pub sales_count: u32,
    /// When the first was finished, ms since 1970; 0 where there is none.
    pub opened_at_ms: i64,
    /// Who made the first: the cashier's identifier.
    pub opened_by: String,
    /// What was taken, by means of payment, less change; saturating at what a number holds.
    takings_minor: BTreeMap<String, i64>,
}

impl ShiftTotals {
    /// One more sale; they come in their order.
    pub fn add(&mut self, sale: &SaleRecord) {
        if self.sales_count == 0 {
            self.opened_at_ms = sale.finished_at_ms;
            self.opened_by.clone_from(&sale.cashier_id);
        }
        self.sales_count = self.sales_count.saturating_add(1);
        let change = (TenderKind::Cash.code(), sale.change_minor.saturating_neg());
        let tenders = sale.tenders.iter().map(|tender| (tender.code.as_str(), tender.amount_minor));
        for (code, amount_minor) in tenders.chain(Some(change).filter(|(_, minor)| *minor != 0)) {
            let taken = self.takings_minor.entry(code.to_owned()).or_default();
            *taken = taken.saturating_add(amount_minor);
        }
    }

    /// What was taken, by the codes of the means of payment.
    pub fn takings(&self) -> Vec<TenderRecord> {
        let record = |(code, amount_minor): (&String, &i64)| TenderRecord {
            code: code.clone(),
            amount_minor: *amount_minor,
        };
        self.takings_minor.iter().map(record).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use minicbor::bytes::ByteArray;

    fn sale(cashier: &str, at_ms: i64, tenders: &[(&str, i64)], change_minor: i64) -> SaleRecord {
        let tenders = tenders
            .iter()
            .map(|(code, amount_minor)| TenderRecord {
                code: (*code).to_owned(),
                amount_minor: *amount_minor,
            })
            .collect();
        SaleRecord {
            id: ByteArray::from([1; 16]),
            register_number: 1,
            receipt_counter: 1,
            store_id: "S".into(),
            cashier_id: cashier.into(),
            cashier_name: cashier.into(),
            customer_id: None,
            started_at_ms: at_ms,
            finished_at_ms: at_ms,
            utc_offset_min: 0,
            currency: "GBP".into(),
            tax_inclusive: true,
            lines: Vec::new(),
            tax: Vec::new(),
            total_minor: 0,
            rounding_minor: 0,
            tenders,
            change_minor,
            external_ref: None,
            customer_name: None,
        }
    }

    #[test]
    fn change_is_not_taken_and_the_first_sale_opens_the_shift() {
        let mut totals = ShiftTotals::default();
        totals.add(&sale("ada", 5, &[("cash", 1_000)], 250));
        totals.add(&sale("bob", 6, &[("card", 500)], 0));
        totals.add(&sale("bob", 7, &[("cash", -100)], 0));
        let takings: Vec<(String, i64)> =
            totals.takings().into_iter().map(|tender| (tender.code, tender.amount_minor)).collect();
        assert_eq!(takings, [("card".to_owned(), 500), ("cash".to_owned(), 650)]);
        assert_eq!((totals.sales_count, totals.opened_at_ms, totals.opened_by.as_str()), (3, 5, "ada"));
    }

    #[test]
    fn amounts_that_no_number_holds_do_not_wrap() {
        let mut totals = ShiftTotals::default();
        totals.add(&sale("ada", 1, &[("card", i64::MAX)], 0));
        totals.add(&sale("ada", 2, &[("card", i64::MAX)], i64::MIN));
        assert_eq!(totals.takings().iter().map(|tender| tender.amount_minor).max(), Some(i64::MAX));
    }
}
