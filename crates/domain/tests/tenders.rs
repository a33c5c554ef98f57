//! Paying: rounding, change, what is missing.

use holdfast_domain::tender::{
    Settlement, TENDERS_MAX, TenderError, cash_rounding, check_settlement, quick_amounts, settle,
};
use holdfast_domain::*;
use proptest::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::builders::*;

fn settled(due: i64, tenders: &[Tender], increment: u32) -> Result<(i64, i64), TenderError> {
    settle(money(due), tenders, increment)
        .map(|Settlement { rounding, change }| (rounding.minor(), change.minor()))
}

#[test]
fn change_comes_from_cash() {
    assert_eq!(settled(2_593, &[cash(3_000)], 1), Ok((0, 407)));
    assert_eq!(settled(2_593, &[card(2_000), cash(1_000)], 1), Ok((0, 407)));
    assert_eq!(settled(2_593, &[card(2_593)], 1), Ok((0, 0)));
    assert_eq!(settled(2_593, &[card(2_600)], 1), Err(TenderError::CardAboveDue));
    assert_eq!(settled(2_593, &[card(2_593), cash(500)], 1), Err(TenderError::CashNotDue));
}

#[test]
fn what_is_missing_is_named() {
    assert_eq!(settled(2_593, &[], 1), Err(TenderError::NotEnough { missing: money(2_593) }));
    assert_eq!(settled(2_593, &[card(2_000)], 5), Err(TenderError::NotEnough { missing: money(593) }));
    assert_eq!(settled(2_593, &[cash(2_000)], 5), Err(TenderError::NotEnough { missing: money(595) }));
}

#[test]
fn only_the_cash_part_is_rounded_to_the_smallest_coin() {
    assert_eq!(settled(2_593, &[cash(2_595)], 5), Ok((2, 0)));
    assert_eq!(settled(2_592, &[cash(2_590)], 5), Ok((-2, 0)));
    assert_eq!(settled(2_593, &[card(2_593)], 5), Ok((0, 0)));
    assert_eq!(settled(2_593, &[card(1_001), cash(1_600)], 5), Ok((-2, 10)));
    assert_eq!(settled(2, &[cash(0)], 5), Ok((-2, 0)));
}

#[test]
fn what_is_due_to_the_customer_is_paid_out_exactly() {
    assert_eq!(settled(-2_593, &[cash(-2_593)], 1), Ok((0, 0)));
    assert_eq!(settled(-2_593, &[cash(-2_595)], 5), Ok((-2, 0)));
    assert_eq!(settled(-2_593, &[card(-2_593)], 5), Ok((0, 0)));
    assert_eq!(settled(-2_593, &[cash(-2_600)], 1), Err(TenderError::NotExact));
    assert_eq!(settled(-2_593, &[cash(-2_000)], 1), Err(TenderError::NotExact));
    assert_eq!(settled(-2_593, &[], 1), Err(TenderError::NotExact));
    assert_eq!(settled(-2_593, &[card(-3_000)], 1), Err(TenderError::CardAboveDue));
    assert_eq!(settled(-2_593, &[cash(2_593)], 1), Err(TenderError::WrongSign));
}

#[test]
fn nothing_due_needs_no_payment() {
    assert_eq!(settled(0, &[], 1), Ok((0, 0)));
    assert_eq!(settled(0, &[cash(0)], 1), Ok((0, 0)));
    assert_eq!(settled(0, &[cash(1)], 1), Err(TenderError::WrongSign));
    assert_eq!(settled(0, &[card(0)], 1), Err(TenderError::Zero));
}

#[test]
fn payments_that_make_no_sense_are_refused() {
    assert_eq!(settled(100, &[cash(-100), cash(200)], 1), Err(TenderError::WrongSign));
    assert_eq!(settled(100, &[cash(0), cash(100)], 1), Err(TenderError::Zero));
    assert_eq!(settled(100, &[cash(i64::MAX), cash(i64::MAX)], 1), Err(TenderError::TooLarge));
    assert_eq!(settled(100, &[cash(10); TENDERS_MAX + 1], 1), Err(TenderError::TooManyTenders));
}

#[test]
fn the_quick_amounts_are_the_exact_one_and_what_notes_come_to() {
    let quick = |due: i64, currency: &str, increment: u32| -> Vec<i64> {
        let currency = Currency::from_code(currency).expect("listed");
        quick_amounts(money(due), currency, increment).into_iter().map(Money::minor).collect()
    };
    assert_eq!(quick(2_593, "GBP", 1), [2_593, 2_600, 3_000, 4_000]);
    assert_eq!(quick(2_000, "GBP", 1), [2_000, 5_000]);
    assert_eq!(quick(50, "GBP", 1), [50, 100, 500, 1_000]);
    assert_eq!(quick(2_593, "CHF", 5), [2_595, 3_000, 4_000, 5_000]);
    assert_eq!(quick(12_340, "JPY", 1), [12_340, 13_000, 14_000, 15_000]);
    assert_eq!(quick(-500, "GBP", 1), [-500]);
    assert_eq!(quick(0, "GBP", 1), [0]);
    assert_eq!(quick(i64::MAX, "GBP", 5), [i64::MAX - 2]);
}

#[test]
fn a_stated_settlement_must_explain_itself() {
    let check = |due: i64, tenders: &[Tender], rounding: i64, change: i64| {
        let stated = Settlement { rounding: money(rounding), change: money(change) };
        check_settlement(money(due), tenders, stated, Currency::GBP)
    };
    assert_eq!(check(2_593, &[cash(3_000)], 0, 407), Ok(()));
    assert_eq!(check(2_593, &[cash(2_595)], 2, 0), Ok(()));
    assert_eq!(check(2_593, &[cash(2_655)], 62, 0), Err(TenderError::Rounding));
    assert_eq!(check(2_593, &[card(2_590)], -3, 0), Err(TenderError::Rounding));
    assert_eq!(check(2_593, &[cash(3_000)], 0, 406), Err(TenderError::Change));
    assert_eq!(check(2_593, &[cash(2_500)], 0, -93), Err(TenderError::Change));
    assert_eq!(check(2_593, &[cash(2_500)], 0, 0), Err(TenderError::NotEnough { missing: money(93) }));
    assert_eq!(check(-2_593, &[cash(-2_500)], 0, 0), Err(TenderError::NotExact));
    assert_eq!(check(i64::MIN, &[card(i64::MIN)], 0, 0), Ok(()));
}

proptest! {
    #[test]
    fn what_is_kept_is_what_was_due_and_its_rounding(due in -50_000i64..50_000, share in 0i64..=1_000, extra in 0i64..9_000, increment in 1u32..=100) {
        let tenders = payments(money(due), share, extra, increment);
        let settlement = settle(money(due), &tenders, increment).expect("the payments settle it");
        let given: i64 = tenders.iter().map(|tender| tender.amount.minor()).sum();
        prop_assert_eq!(given - settlement.change.minor(), due + settlement.rounding.minor());
        prop_assert!(!settlement.change.is_negative());
        prop_assert!(settlement.rounding.minor().abs() * 2 <= i64::from(increment));
        let has_cash = tenders.iter().any(|tender| tender.kind == TenderKind::Cash);
        prop_assert!(has_cash || settlement == Settlement::default());
        let in_cash: i64 = tenders.iter().filter(|t| t.kind == TenderKind::Cash).map(|t| t.amount.minor()).sum();
        prop_assert!(settlement.change == Money::ZERO || settlement.change.minor() <= in_cash);
        prop_assert_eq!(check_settlement(money(due), &tenders, settlement, Currency::GBP), Ok(()));
    }

    #[test]
    fn cash_rounding_agrees_with_an_independent_decimal_library(due in -10_000_000i64..10_000_000, increment in 1u32..1_000) {
        let coins = (Decimal::from(due) / Decimal::from(increment)).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
        let rounded = due + cash_rounding(money(due), increment).minor();
        prop_assert_eq!(Decimal::from(rounded), coins * Decimal::from(increment));
    }

    #[test]
    fn every_quick_amount_settles(due in 1i64..1_000_000, increment in 1u32..=100, code in prop::sample::select(vec!["GBP", "EUR", "CHF", "JPY", "BHD", "NOK"])) {
        let currency = Currency::from_code(code).expect("listed");
        let amounts = quick_amounts(money(due), currency, increment);
        prop_assert!((1..=4).contains(&amounts.len()));
        prop_assert!(amounts.windows(2).all(|pair| pair[0] < pair[1]));
        for (place, amount) in amounts.into_iter().enumerate() {
            let settlement = settle(money(due), &[cash(amount.minor())], increment);
            prop_assert_eq!(settlement.map(|settlement| settlement.change == Money::ZERO), Ok(place == 0));
        }
    }

    #[test]
    fn no_payment_makes_settling_panic(
        due in any::<i64>(),
        tenders in proptest::collection::vec((any::<bool>(), any::<i64>()), 0..4),
        increment in any::<u32>(),
        rounding in any::<i64>(),
        change in any::<i64>(),
    ) {
        let tenders: Vec<Tender> = tenders.into_iter().map(|(is_cash, amount)| if is_cash { cash(amount) } else { card(amount) }).collect();
        if let Ok(settlement) = settle(money(due), &tenders, increment) {
            prop_assert!(!settlement.change.is_negative());
        }
        let stated = Settlement { rounding: money(rounding), change: money(change) };
        prop_assert!(check_settlement(money(due), &tenders, stated, Currency::GBP).is_err() || rounding.abs() <= 50);
        prop_assert!(!quick_amounts(money(due), Currency::GBP, increment).is_empty());
    }
}
