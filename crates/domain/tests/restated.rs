//! Sales stated anew: the goods and the money stay, the sums follow.

use holdfast_domain::*;
use proptest::prelude::*;

use crate::builders::*;

fn sale() -> Sale {
    let basket = basket(&[(item("1", 250), Quantity::units(2)), (item("2", 99), Quantity::ONE)]);
    Sale::finish(&basket, vec![cash(1_000)], 1, context()).expect("a sale")
}

#[test]
fn wrong_sums_follow_from_the_lines_again() {
    let right = sale();
    let mut wrong = right.clone();
    wrong.lines[0].amount = money(1);
    wrong.lines[1].line_no = 9;
    wrong.tax.clear();
    wrong.total = money(5);
    assert_eq!(wrong.restated(), Ok(Restated { sale: right, difference: Money::ZERO }));
}

#[test]
fn what_the_customer_paid_stays_and_the_difference_is_named() {
    let mut short = sale();
    (short.tenders[0].amount, short.change) = (money(500), Money::ZERO);
    let restated = short.restated().expect("stated anew");
    assert_eq!((restated.sale.total, restated.difference), (money(599), money(-99)));
    assert_eq!(restated.sale.tenders, short.tenders);
    let mut rounded = sale();
    rounded.rounding = money(4_000);
    let restated = rounded.restated().expect("stated anew");
    assert_eq!((restated.sale.rounding, restated.difference), (Money::ZERO, Money::ZERO));
}

#[test]
fn goods_that_cannot_be_sold_stay_refused() {
    let mut empty = sale();
    empty.lines.clear();
    assert_eq!(empty.restated(), Err(SaleError::Empty));
    let mut unnumbered = sale();
    unnumbered.receipt.counter = 0;
    assert_eq!(unnumbered.restated(), Err(SaleError::ReceiptNumberZero));
    let mut nothing = sale();
    nothing.lines[0].quantity = Quantity::from_milli(0);
    assert!(nothing.restated().is_err());
}

proptest! {
    #[test]
    fn a_restated_sale_adds_up_to_what_was_paid(
        basket in any_basket(), total in any::<i32>(), amount in any::<i32>(), given in any::<i32>(), change in any::<i32>(),
    ) {
        let due = basket.totals().expect("totals").due;
        prop_assume!(due != Money::ZERO);
        let mut sale = Sale::finish(&basket, payments(due, 400, 0, 1), 1, context()).expect("a sale");
        prop_assert_eq!(sale.restated(), Ok(Restated { sale: sale.clone(), difference: Money::ZERO }));
        let right = sale.clone();
        (sale.total, sale.lines[0].amount) = (money(total.into()), money(amount.into()));
        sale.tenders.push(cash(given.into()));
        sale.change = money(change.into());
        let restated = sale.restated().expect("the goods can be sold");
        prop_assert_eq!(&restated.sale.lines, &right.lines);
        prop_assert_eq!((&restated.sale.tax, restated.sale.total), (&right.tax, right.total));
        prop_assert_eq!((&restated.sale.tenders, restated.sale.change), (&sale.tenders, sale.change));
        let paid: i64 = sale.tenders.iter().map(|tender| tender.amount.minor()).sum::<i64>() - i64::from(change);
        let booked = restated.sale.total.minor() + restated.sale.rounding.minor() + restated.difference.minor();
        prop_assert_eq!(booked, paid);
    }
}
