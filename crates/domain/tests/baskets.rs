//! Baskets: lines, totals and tax.

use std::collections::BTreeMap;

use holdfast_domain::basket::LINES_MAX;
use holdfast_domain::*;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::builders::*;

#[test]
fn an_equal_piece_joins_its_line_and_a_weighed_one_does_not() {
    let mut basket = basket(&[(item("1", 250), Quantity::ONE), (item("2", 100), Quantity::ONE)]);
    assert_eq!(basket.add(item("1", 250), Quantity::units(2), NOON_MS), Ok(0));
    assert_eq!(basket.lines()[0].quantity, Quantity::units(3));
    // Another price, or brought back: a line of its own.
    assert_eq!(basket.add(item("1", 199), Quantity::ONE, NOON_MS), Ok(2));
    assert_eq!(basket.add(item("1", 250), Quantity::units(-1), NOON_MS), Ok(3));
    let apples = ItemToSell { unit: Unit::Kilogram, ..item("3", 240) };
    assert_eq!(basket.add(apples.clone(), Quantity::from_milli(1_240), NOON_MS), Ok(4));
    assert_eq!(basket.add(apples, Quantity::from_milli(1_240), NOON_MS), Ok(5));
}

#[test]
fn what_a_basket_can_t_hold_is_refused_and_changes_nothing() {
    let mut basket = basket(&[(item("1", 250), Quantity::ONE)]);
    let before = basket.clone();
    let huge = item("4", i64::MAX);
    for (item, quantity, error) in [
        (item("1", 250), Quantity::units(0), BasketError::QuantityZero),
        (item("1", 250), Quantity::units(1_000_000), BasketError::QuantityTooLarge),
        (item("2", 250), Quantity::units(1_000_001), BasketError::QuantityTooLarge),
        (item("2", 250), Quantity::from_milli(i64::MIN), BasketError::QuantityTooLarge),
        (item("1", 250), Quantity::from_milli(500), BasketError::QuantityNotWhole),
        (item("1", -1), Quantity::ONE, BasketError::NegativePrice),
        (huge.clone(), Quantity::units(2), BasketError::AmountTooLarge),
        (huge, Quantity::ONE, BasketError::AmountTooLarge),
    ] {
        assert_eq!(basket.add(item, quantity, NOON_MS), Err(error));
    }
    assert_eq!(basket.set_quantity(0, Quantity::units(0)), Err(BasketError::QuantityZero));
    assert_eq!(basket.set_quantity(1, Quantity::ONE), Err(BasketError::NoSuchLine));
    assert_eq!(basket.remove(1), Err(BasketError::NoSuchLine));
    assert_eq!(basket.insert(2, before.lines()[0].clone()), Err(BasketError::NoSuchLine));
    assert_eq!(basket, before);
}

#[test]
fn a_full_basket_takes_no_more_lines() {
    let line = BasketLine { item: item("1", 1), quantity: Quantity::ONE };
    let lines = vec![line.clone(); LINES_MAX];
    let full = Basket::restore(Currency::GBP, TaxMode::Inclusive, lines.clone(), None, None);
    assert_eq!(full.expect("full").insert(0, line.clone()), Err(BasketError::TooManyLines));
    let lines = [lines, vec![line]].concat();
    let over = Basket::restore(Currency::GBP, TaxMode::Inclusive, lines, None, None);
    assert_eq!(over, Err(BasketError::TooManyLines));
}

#[test]
fn a_removed_line_can_be_put_back_where_it_was() {
    let mut basket = basket(&[(item("1", 1), Quantity::ONE), (item("2", 2), Quantity::ONE)]);
    let before = basket.clone();
    let line = basket.remove(0).expect("the line");
    assert_eq!(basket.lines().len(), 1);
    basket.insert(0, line).expect("it goes back");
    assert_eq!(basket, before);
}

#[test]
fn a_basket_starts_with_its_first_line_and_ends_with_the_customer() {
    let mut basket = Basket::new(Currency::GBP, TaxMode::Inclusive);
    assert_eq!(basket.started_at_ms(), None);
    basket.add(item("1", 1), Quantity::ONE, 10).expect("a line");
    basket.add(item("2", 1), Quantity::ONE, 20).expect("a line");
    assert_eq!(basket.started_at_ms(), Some(10));
    basket.set_customer(Some(CustomerRef { id: "12347".into(), name: "Ms Ito".into() }));
    basket.clear();
    assert_eq!(basket, Basket::new(Currency::GBP, TaxMode::Inclusive));
}

#[test]
fn tax_is_taken_once_a_rate_and_not_once_a_line() {
    // Three lines of 0.04 hold 0.0067 of tax each: 0.02 together, 0.03 if each were rounded.
    let pennies =
        [(item("1", 4), Quantity::ONE), (item("2", 4), Quantity::ONE), (item("3", 4), Quantity::ONE)];
    let totals = basket(&pennies).totals().expect("in bounds");
    assert_eq!((totals.due, totals.tax_total), (money(12), money(2)));
}

#[test]
fn a_return_turns_the_sign_of_goods_and_tax() {
    let sold = basket(&[(item("1", 1_235), Quantity::units(3))]).totals().expect("in bounds");
    let back = basket(&[(item("1", 1_235), Quantity::units(-3))]).totals().expect("in bounds");
    assert_eq!((sold.due, sold.tax_total), (money(3_705), money(618)));
    assert_eq!((back.due, back.tax_total), (money(-3_705), money(-618)));
}

/// Amount as priced and tax, by code and rate.
type ByRate = BTreeMap<(String, u32), (Decimal, Decimal)>;

/// All goods and the tax on them, by the decimal library.
fn oracle(lines: &[BasketLine], mode: TaxMode) -> (Decimal, ByRate) {
    let round = |value: Decimal| value.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let mut amounts: BTreeMap<(String, u32), Decimal> = BTreeMap::new();
    for line in lines {
        let exact = Decimal::new(line.quantity.milli(), 3) * Decimal::from(line.item.unit_price.minor());
        *amounts.entry((line.item.tax_code.clone(), line.item.tax_rate_ppm)).or_default() += round(exact);
    }
    let goods = amounts.values().sum();
    let with_tax = amounts.into_iter().map(|((code, rate), amount)| {
        let share = Decimal::new(i64::from(rate), 6);
        let tax = match mode {
            TaxMode::Inclusive => round(amount * share / (Decimal::ONE + share)),
            TaxMode::Exclusive => round(amount * share),
        };
        ((code, rate), (amount, tax))
    });
    (goods, with_tax.collect())
}

proptest! {
    #[test]
    fn totals_agree_with_an_independent_decimal_library(basket in any_basket()) {
        let (goods, by_rate) = oracle(basket.lines(), basket.tax_mode());
        let totals = basket.totals().expect("in bounds");
        let tax: Decimal = by_rate.values().map(|(_, tax)| tax).sum();
        prop_assert_eq!(Decimal::from(totals.goods.minor()), goods);
        prop_assert_eq!(Decimal::from(totals.tax_total.minor()), tax);
        let due = match basket.tax_mode() {
            TaxMode::Inclusive => goods,
            TaxMode::Exclusive => goods + tax,
        };
        prop_assert_eq!(Decimal::from(totals.due.minor()), due);
        let stated: BTreeMap<_, _> = totals.tax.iter().map(|total| {
            let priced = match basket.tax_mode() {
                TaxMode::Inclusive => total.gross,
                TaxMode::Exclusive => total.net,
            };
            ((total.code.clone(), total.rate_ppm), (priced.minor().into(), total.tax.minor().into()))
        }).collect();
        prop_assert_eq!(stated, by_rate);
        for total in &totals.tax {
            prop_assert_eq!(total.net.checked_add(total.tax), Some(total.gross));
        }
    }

    #[test]
    fn whatever_is_done_to_a_basket_it_can_be_summed_and_sold(
        steps in proptest::collection::vec((0u8..5, any_line(), any::<prop::sample::Index>()), 1..40),
    ) {
        let mut basket = Basket::new(Currency::GBP, TaxMode::Inclusive);
        let mut expected: Vec<BasketLine> = Vec::new();
        for (step, line, place) in steps {
            let index = if expected.is_empty() { 0 } else { place.index(expected.len()) };
            match step {
                0 | 1 => {
                    let at = basket.add(line.item.clone(), line.quantity, NOON_MS).expect("in bounds");
                    if at == expected.len() {
                        expected.push(line);
                    } else {
                        let milli = expected[at].quantity.milli() + line.quantity.milli();
                        prop_assert_eq!(&expected[at].item, &line.item);
                        expected[at].quantity = Quantity::from_milli(milli);
                    }
                }
                2 => {
                    let unit = expected.get(index).map(|line| line.item.unit);
                    let done = basket.set_quantity(index, line.quantity);
                    let fits = unit.is_some_and(|unit| unit.is_divisible() || line.quantity.milli() % 1_000 == 0);
                    prop_assert_eq!(done.is_ok(), fits);
                    if fits {
                        expected[index].quantity = line.quantity;
                    }
                }
                3 if !expected.is_empty() => {
                    prop_assert_eq!(basket.remove(index), Ok(expected.remove(index)));
                }
                _ => {
                    basket.insert(index, line.clone()).expect("in bounds");
                    expected.insert(index, line);
                }
            }
            prop_assert_eq!(basket.lines(), expected.as_slice());
            let (goods, _) = oracle(&expected, TaxMode::Inclusive);
            prop_assert_eq!(Decimal::from(basket.totals().expect("in bounds").goods.minor()), goods);
        }
    }

    #[test]
    fn no_numbers_make_a_basket_panic(milli in any::<i64>(), price in any::<i64>(), rate in any::<u32>(), mode in any_tax_mode()) {
        let mut basket = Basket::new(Currency::GBP, mode);
        let wild = ItemToSell { unit: Unit::Metre, tax_rate_ppm: rate, ..item("1", price) };
        for _ in 0..3 {
            if basket.add(wild.clone(), Quantity::from_milli(milli), NOON_MS).is_ok() {
                prop_assert!(basket.totals().is_ok());
            }
        }
    }
}
