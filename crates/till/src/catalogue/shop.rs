//! The small tables: the store, its money, taxes, means of payment, staff and categories.

use holdfast_domain::{Currency, TaxMode, TenderKind};
use holdfast_protocol::rows::{CategoryRow, CurrencyRow, StaffRow, StoreRow, TaxRateRow, TenderTypeRow};

/// What a till knows of its shop besides the products.
#[derive(Debug, Clone, Default)]
pub struct Shop {
    /// The store; `None` until it was downloaded.
    pub store: Option<StoreRow>,
    /// Currencies the store takes.
    pub currencies: Vec<CurrencyRow>,
    /// Tax rates.
    pub tax_rates: Vec<TaxRateRow>,
    /// Means of payment.
    pub tenders: Vec<TenderTypeRow>,
    /// Who may sign in, by id.
    pub staff: Vec<StaffRow>,
    /// Categories, by position.
    pub categories: Vec<CategoryRow>,
}

impl Shop {
    /// Puts staff and categories in the order in which they are shown.
    pub fn sort(&mut self) {
        self.categories.sort_by(|a, b| (a.position, &a.name).cmp(&(b.position, &b.name)));
        // Ids that are numbers by number: 2 before 10.
        self.staff.sort_by(|a, b| (a.id.len(), &a.id).cmp(&(b.id.len(), &b.id)));
    }

    /// The currency of its prices, and whether they hold their tax. Neither is guessed: without the store, or where its
    /// currency is unknown, there are none.
    pub fn terms(&self) -> Option<(Currency, TaxMode)> {
        let store = self.store.as_ref()?;
        let currency = Currency::from_code(&store.currency).ok()?;
        Some((currency, if store.prices_include_tax { TaxMode::Inclusive } else { TaxMode::Exclusive }))
    }

    /// The sign before amounts of a currency; its code where none is known.
    pub fn sign(&self, currency: Currency) -> String {
        let row = self.currencies.iter().find(|row| row.code == currency.code());
        row.map_or_else(|| currency.code().to_owned(), |row| row.sign.clone())
    }

    /// The smallest coin of a currency, minor units.
    pub fn cash_increment_minor(&self, currency: Currency) -> u32 {
        let row = self.currencies.iter().find(|row| row.code == currency.code());
        row.map_or(1, |row| row.cash_increment_minor.max(1))
    }

    /// The rate of a tax code, ppm.
    pub fn tax_rate_ppm(&self, code: &str) -> Option<u32> {
        self.tax_rates.iter().find(|row| row.code == code).map(|row| row.rate_ppm)
    }

    /// A means of payment, if the store takes it.
    pub fn tender(&self, kind: TenderKind) -> Option<&TenderTypeRow> {
        self.tenders.iter().find(|row| row.code == kind.code())
    }

    /// Somebody who may sign in.
    pub fn staff_member(&self, id: &str) -> Option<&StaffRow> {
        self.staff.iter().find(|row| row.id == id)
    }

    /// The colour of a category's tiles, 0–11.
    pub fn hue(&self, category: &str) -> Option<u8> {
        self.categories.iter().find(|row| row.code == category).map(|row| row.hue % 12)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A shop whose prices are in euros and without their tax.
    pub(crate) fn shop() -> Shop {
        let store = StoreRow {
            id: "1".into(),
            name: "Corner".into(),
            address: Vec::new(),
            tax_number: String::new(),
            currency: "EUR".into(),
            prices_include_tax: false,
            receipt_footer: String::new(),
        };
        Shop { store: Some(store), ..Shop::default() }
    }

    #[test]
    fn currency_and_taxes_are_the_stores_and_never_guessed() {
        let euro = Currency::from_code("EUR").expect("known");
        assert_eq!(shop().terms(), Some((euro, TaxMode::Exclusive)));
        assert_eq!(Shop::default().terms(), None);
        let mut of_nowhere = shop();
        if let Some(store) = &mut of_nowhere.store {
            store.currency = "???".into();
        }
        assert_eq!(of_nowhere.terms(), None);
    }
}
