//! Finished sales add up, and a changed one does not.

use holdfast_domain::basket::LINES_MAX;
use holdfast_domain::tender::TenderError;
use holdfast_domain::*;
use proptest::prelude::*;

use crate::builders::*;

#[test]
fn a_sale_keeps_what_the_basket_and_the_payment_say() {
    let mut basket = basket(&[(item("1", 250), Quantity::units(2)), (item("2", 99), Quantity::ONE)]);
    let customer = CustomerRef { id: "12347".into(), name: "Ms Ito".into() };
    basket.set_customer(Some(customer.clone()));
    let context = SaleContext { external_ref: Some("536365".into()), ..context() };
    let sale = Sale::finish(&basket, vec![cash(1_000)], 1, context).expect("a sale");
    assert_eq!((sale.total, sale.change, sale.rounding), (money(599), money(401), Money::ZERO));
    assert_eq!(sale.customer, Some(customer));
    assert_eq!(sale.external_ref.as_deref(), Some("536365"));
    let lines: Vec<_> = sale.lines.iter().map(|line| (line.line_no, line.amount.minor())).collect();
    assert_eq!(lines, [(1, 500), (2, 99)]);
}

#[test]
fn no_sale_is_made_of_an_empty_basket_or_too_little_money() {
    let empty = Basket::new(Currency::GBP, TaxMode::Inclusive);
    assert_eq!(Sale::finish(&empty, vec![], 1, context()), Err(SaleError::Empty));
    let basket = basket(&[(item("1", 250), Quantity::ONE)]);
    let missing = SaleError::Payment(TenderError::NotEnough { missing: money(50) });
    assert_eq!(Sale::finish(&basket, vec![cash(200)], 1, context()), Err(missing));
    let unnumbered = SaleContext { receipt: ReceiptNumber { register: 1, counter: 0 }, ..context() };
    assert_eq!(Sale::finish(&basket, vec![cash(250)], 1, unnumbered), Err(SaleError::ReceiptNumberZero));
    // A smallest coin that the currency doesn't have can't be explained by the store server's check.
    let odd = Sale::finish(&basket, vec![cash(1_000)], 1_000, context());
    assert_eq!(odd, Err(SaleError::Payment(TenderError::Rounding)));
}

#[test]
fn a_return_alone_is_a_sale_that_pays_out() {
    let basket = basket(&[(item("1", 250), Quantity::units(-3))]);
    let sale = Sale::finish(&basket, vec![cash(-750)], 1, context()).expect("a sale");
    assert_eq!((sale.total, sale.change), (money(-750), Money::ZERO));
}

#[test]
fn an_exchange_may_come_to_nothing() {
    let basket = basket(&[(item("1", 250), Quantity::units(-1)), (item("2", 250), Quantity::ONE)]);
    let sale = Sale::finish(&basket, vec![], 1, context()).expect("a sale");
    assert_eq!(sale.total, Money::ZERO);
}

#[test]
fn the_check_says_what_does_not_add_up() {
    let basket = basket(&[(item("1", 250), Quantity::ONE), (item("2", 99), Quantity::ONE)]);
    let sale = Sale::finish(&basket, vec![cash(400)], 1, context()).expect("a sale");
    let changed = |change: fn(&mut Sale)| {
        let mut sale = sale.clone();
        change(&mut sale);
        sale.check()
    };
    assert_eq!(changed(|sale| sale.lines.clear()), Err(SaleError::Empty));
    assert_eq!(
        changed(|sale| sale.lines = vec![sale.lines[0].clone(); LINES_MAX + 1]),
        Err(SaleError::TooManyLines)
    );
    assert_eq!(changed(|sale| sale.lines[1].line_no = 3), Err(SaleError::LineNumber { line_no: 3 }));
    assert_eq!(changed(|sale| sale.lines[1].amount = money(98)), Err(SaleError::LineAmount { line_no: 2 }));
    assert_eq!(
        changed(|sale| sale.lines[1].item.unit_price = money(-99)),
        Err(SaleError::Lines(BasketError::NegativePrice))
    );
    assert_eq!(changed(|sale| sale.tax[0].tax = money(0)), Err(SaleError::Tax));
    assert_eq!(changed(|sale| sale.total = money(350)), Err(SaleError::Total));
    assert_eq!(changed(|sale| sale.change = money(50)), Err(SaleError::Payment(TenderError::Change)));
}

/// The sale with one field changed at a time, each named. Changes that amounts can't show (a product that
/// costs nothing) are left out.
fn changed_in_one_field(sale: &Sale) -> Vec<(String, Sale)> {
    let mut changed = Vec::new();
    let mut with = |name: &str, change: &dyn Fn(&mut Sale)| {
        let mut other = sale.clone();
        change(&mut other);
        changed.push((name.to_owned(), other));
    };
    let one = |amount: &mut Money| *amount = money(amount.minor() + 1);
    for (place, line) in sale.lines.iter().enumerate() {
        with("line number", &|sale| sale.lines[place].line_no += 1);
        with("line amount", &|sale| one(&mut sale.lines[place].amount));
        with("price", &|sale| {
            sale.lines[place].item.unit_price = money(line.item.unit_price.minor() + 1_000_000)
        });
        with("tax code", &|sale| sale.lines[place].item.tax_code.push('?'));
        with("tax rate", &|sale| sale.lines[place].item.tax_rate_ppm += 1);
        with("quantity zero", &|sale| sale.lines[place].quantity = Quantity::units(0));
        with("line twice", &|sale| sale.lines.insert(place, line.clone()));
        if line.item.unit_price != Money::ZERO {
            with("quantity", &|sale| {
                sale.lines[place].quantity = Quantity::from_milli(line.quantity.milli() + 1_000_000);
            });
        }
        if line.amount != Money::ZERO {
            with("line gone", &|sale| drop(sale.lines.remove(place)));
        }
    }
    for place in 0..sale.tax.len() {
        with("code of tax", &|sale| sale.tax[place].code.push('?'));
        with("rate of tax", &|sale| sale.tax[place].rate_ppm += 1);
        with("net", &|sale| one(&mut sale.tax[place].net));
        with("tax", &|sale| one(&mut sale.tax[place].tax));
        with("gross", &|sale| one(&mut sale.tax[place].gross));
        with("tax gone", &|sale| drop(sale.tax.remove(place)));
        with("tax twice", &|sale| sale.tax.insert(place, sale.tax[place].clone()));
    }
    for (place, tender) in sale.tenders.iter().enumerate() {
        with("payment", &|sale| one(&mut sale.tenders[place].amount));
        if tender.amount != Money::ZERO {
            with("payment gone", &|sale| {
                sale.tenders.remove(place);
            });
            with("payment twice", &|sale| sale.tenders.push(*tender));
        }
    }
    if sale.tenders.len() == 1 && (sale.change != Money::ZERO || sale.rounding != Money::ZERO) {
        with("cash made a card", &|sale| sale.tenders[0].kind = TenderKind::Card);
    }
    with("payment more", &|sale| sale.tenders.push(cash(1)));
    with("total", &|sale| one(&mut sale.total));
    with("rounding", &|sale| one(&mut sale.rounding));
    with("change", &|sale| one(&mut sale.change));
    with("receipt number", &|sale| sale.receipt.counter = 0);
    changed
}

proptest! {
    #[test]
    fn a_finished_sale_adds_up_and_no_changed_one_does(sale in any_sale()) {
        prop_assert_eq!(sale.check(), Ok(()));
        for (name, changed) in changed_in_one_field(&sale) {
            prop_assert!(changed.check().is_err(), "{} changed, and still it adds up: {:?}", name, changed);
        }
    }
}
