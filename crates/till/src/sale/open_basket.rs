//! The open basket: the domain's basket with what a screen adds to it, the chosen line and the way back.

use holdfast_domain::{
    Basket, BasketError, BasketLine, Currency, CustomerRef, ItemToSell, Quantity, TaxMode,
};
use leptos::prelude::*;

/// What can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Undo {
    /// A line that was removed, and its place.
    Line(usize, BasketLine),
    /// A whole basket that was voided.
    Whole(Box<Basket>),
}

/// The basket in memory. Every change goes through here, so that each is noticed by whoever keeps it.
#[derive(Debug, Clone, Copy)]
pub struct OpenBasket {
    basket: RwSignal<Basket>,
    chosen: RwSignal<Option<usize>>,
    returning: RwSignal<bool>,
    undo: RwSignal<Option<Undo>>,
    // Counts changes, so that a keeper need not compare baskets.
    changes: RwSignal<u64>,
    sale_number: StoredValue<u64>,
}

impl OpenBasket {
    /// Holds this basket.
    pub fn new(basket: Basket) -> OpenBasket {
        OpenBasket {
            basket: RwSignal::new(basket),
            chosen: RwSignal::new(None),
            returning: RwSignal::new(false),
            undo: RwSignal::new(None),
            changes: RwSignal::new(0),
            sale_number: StoredValue::new(0),
        }
    }

    /// Reads the basket, and follows it.
    pub fn read<T>(&self, read: impl FnOnce(&Basket) -> T) -> T {
        self.basket.with(read)
    }

    /// Reads the basket once.
    pub fn peek<T>(&self, read: impl FnOnce(&Basket) -> T) -> T {
        self.basket.with_untracked(read)
    }

    /// How often it has been changed; follows it.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// Another number is another sale; what was asked for one is not put into another.
    pub fn sale_number(&self) -> u64 {
        self.sale_number.get_value()
    }

    /// The chosen line, the one with the stepper.
    pub fn chosen(&self) -> Option<usize> {
        self.chosen.get()
    }

    /// Chooses a line.
    pub fn choose(&self, index: Option<usize>) {
        self.chosen.set(index);
    }

    /// Whether what is added now is brought back by the customer.
    pub fn is_returning(&self) -> bool {
        self.returning.get()
    }

    /// Switches between selling and taking back.
    pub fn set_returning(&self, returning: bool) {
        self.returning.set(returning);
    }

    /// The other of the two.
    pub fn toggle_returning(&self) {
        self.returning.update(|returning| *returning = !*returning);
    }

    /// Puts goods into the basket and chooses their line; taken back while returning.
    ///
    /// # Errors
    /// [`BasketError`] when the basket can't hold them; it is unchanged.
    pub fn add(&self, item: ItemToSell, quantity: Quantity, now_ms: i64) -> Result<(), BasketError> {
        let quantity = match self.returning.get_untracked() {
            true => Quantity::from_milli(-quantity.milli()),
            false => quantity,
        };
        let index = self.change(|basket| basket.add(item, quantity, now_ms))?;
        self.chosen.set(Some(index));
        Ok(())
    }

    /// Sets how much of a line is sold; its sign, sold or taken back, stays.
    ///
    /// # Errors
    /// [`BasketError`] when the basket can't hold it; it is unchanged.
    pub fn set_amount(&self, index: usize, milli: i64) -> Result<(), BasketError> {
        self.change(|basket| {
            let before = basket.lines().get(index).ok_or(BasketError::NoSuchLine)?.quantity;
            let milli = if before.is_negative() { -milli } else { milli };
            basket.set_quantity(index, Quantity::from_milli(milli))
        })?;
        self.chosen.set(Some(index));
        Ok(())
    }

    /// One more, or one less but never none: that is what removing is for.
    ///
    /// # Errors
    /// [`BasketError`] when the basket can't hold it; it is unchanged.
    pub fn step(&self, index: usize, units: i64) -> Result<(), BasketError> {
        let milli = self.peek(|basket| basket.lines().get(index).map(|line| line.quantity.milli().abs()));
        let stepped = milli.ok_or(BasketError::NoSuchLine)?.saturating_add(units.saturating_mul(1_000));
        if stepped > 0 { self.set_amount(index, stepped) } else { Ok(()) }
    }

    /// Removes a line; gives its name. It can be brought back.
    ///
    /// # Errors
    /// [`BasketError::NoSuchLine`].
    pub fn remove(&self, index: usize) -> Result<String, BasketError> {
        let line = self.change(|basket| basket.remove(index))?;
        let name = line.item.name.clone();
        self.undo.set(Some(Undo::Line(index, line)));
        self.chosen.set(None);
        Ok(name)
    }

    /// Voids the whole basket. It can be brought back.
    pub fn void(&self) {
        let before = self.peek(Basket::clone);
        self.clear();
        self.undo.set(Some(Undo::Whole(Box::new(before))));
    }

    /// Brings back what was removed or voided last, if it still fits.
    pub fn undo(&self) {
        match self.undo.try_update(Option::take).flatten() {
            Some(Undo::Line(index, line)) => {
                let index = index.min(self.peek(|basket| basket.lines().len()));
                if self.change(|basket| basket.insert(index, line)).is_ok() {
                    self.chosen.set(Some(index));
                }
            }
            // Something new has been begun since; the voided basket must not overwrite it.
            Some(Undo::Whole(basket)) if self.peek(Basket::is_empty) => self.replace(*basket),
            Some(Undo::Whole(_)) | None => {}
        }
    }

    /// Forgets what could be undone.
    pub fn forget_undo(&self) {
        self.undo.set(None);
    }

    /// Names the customer of the sale, or none.
    pub fn set_customer(&self, customer: Option<CustomerRef>) {
        self.basket.update(|basket| basket.set_customer(customer));
        self.changes.update(|changes| *changes += 1);
    }

    /// Empties it, for the next customer.
    pub fn clear(&self) {
        self.basket.update(Basket::clear);
        self.settle_anew();
    }

    /// Holds another basket from now on.
    pub fn replace(&self, basket: Basket) {
        self.basket.set(basket);
        self.settle_anew();
    }

    /// The store's currency and taxes; a basket with lines keeps those it was begun with.
    pub fn follow_store(&self, currency: Currency, tax_mode: TaxMode) {
        let same = |basket: &Basket| basket.currency() == currency && basket.tax_mode() == tax_mode;
        if self.peek(|basket| basket.is_empty() && !same(basket)) {
            self.replace(Basket::new(currency, tax_mode));
        }
    }

    fn settle_anew(&self) {
        self.chosen.set(None);
        self.returning.set(false);
        self.undo.set(None);
        self.sale_number.update_value(|number| *number += 1);
        self.changes.update(|changes| *changes += 1);
    }

    fn change<T>(
        &self,
        change: impl FnOnce(&mut Basket) -> Result<T, BasketError>,
    ) -> Result<T, BasketError> {
        let mut basket = self.peek(Basket::clone);
        let result = change(&mut basket)?;
        self.basket.set(basket);
        self.undo.set(None);
        self.changes.update(|changes| *changes += 1);
        Ok(result)
    }
}

#[cfg(test)]
mod tests {
    use holdfast_domain::{Money, Unit};

    use super::*;

    fn item(sku: &str) -> ItemToSell {
        ItemToSell {
            sku: sku.into(),
            name: format!("product {sku}"),
            unit: Unit::Each,
            unit_price: Money::from_minor(120),
            tax_code: "S".into(),
            tax_rate_ppm: 200_000,
        }
    }

    fn basket_with(skus: &[&str]) -> OpenBasket {
        let basket = OpenBasket::new(Basket::new(Currency::GBP, TaxMode::Inclusive));
        for sku in skus {
            basket.add(item(sku), Quantity::ONE, 1).expect("fits");
        }
        basket
    }

    fn lines(basket: &OpenBasket) -> Vec<(String, i64)> {
        basket.peek(|basket| {
            basket.lines().iter().map(|line| (line.item.sku.clone(), line.quantity.milli())).collect()
        })
    }

    #[test]
    fn a_removed_line_comes_back_to_its_place() {
        let basket = basket_with(&["1", "2", "3"]);
        assert_eq!(basket.remove(1).as_deref(), Ok("product 2"));
        basket.undo();
        assert_eq!(lines(&basket), [("1".into(), 1_000), ("2".into(), 1_000), ("3".into(), 1_000)]);
        basket.undo();
        assert_eq!(lines(&basket).len(), 3);
    }

    #[test]
    fn a_voided_basket_comes_back_unless_another_was_begun() {
        let basket = basket_with(&["1"]);
        basket.void();
        basket.undo();
        assert_eq!(lines(&basket).len(), 1);
        basket.void();
        basket.add(item("2"), Quantity::ONE, 2).expect("fits");
        basket.undo();
        assert_eq!(lines(&basket), [("2".into(), 1_000)]);
    }

    #[test]
    fn a_step_down_ends_at_one() {
        let basket = basket_with(&["1"]);
        basket.step(0, 1).expect("fits");
        basket.step(0, -1).expect("fits");
        basket.step(0, -1).expect("nothing to do");
        assert_eq!(lines(&basket), [("1".into(), 1_000)]);
    }

    #[test]
    fn what_is_brought_back_counts_downwards_and_keeps_its_sign() {
        let basket = basket_with(&["1"]);
        basket.set_returning(true);
        basket.add(item("1"), Quantity::ONE, 2).expect("fits");
        basket.step(1, 1).expect("fits");
        basket.set_amount(0, 3_000).expect("fits");
        assert_eq!(lines(&basket), [("1".into(), 3_000), ("1".into(), -2_000)]);
    }

    #[test]
    fn a_basket_with_lines_keeps_its_currency() {
        let euro = Currency::from_code("EUR").expect("listed");
        let basket = basket_with(&["1"]);
        basket.follow_store(euro, TaxMode::Exclusive);
        assert_eq!(basket.peek(Basket::currency), Currency::GBP);
        basket.clear();
        basket.follow_store(euro, TaxMode::Exclusive);
        assert_eq!(basket.peek(Basket::currency), euro);
    }

    #[test]
    fn every_change_is_counted_and_nothing_else() {
        let basket = basket_with(&["1"]);
        assert_eq!(basket.changes(), 1);
        basket.choose(Some(0));
        assert!(basket.set_amount(7, 1_000).is_err());
        assert_eq!(basket.changes(), 1);
    }
}
