//! Sales and baskets become records and back without loss.

use holdfast_domain::*;
use holdfast_protocol::basket::{BasketRecord, BasketRecordError};
use holdfast_protocol::sale::{SaleRecord, SaleRecordError};
use holdfast_protocol::{decode, encode};
use proptest::prelude::*;

use crate::builders;

#[test]
fn a_sale_survives_its_record() {
    let sale = builders::sale();
    let record: SaleRecord = decode(&encode(&SaleRecord::from_sale(&sale))).expect("readable");
    assert_eq!(record.to_sale(), Ok(sale));
    assert_eq!(record.receipt().to_string(), "0002-001843");
}

#[test]
fn a_basket_survives_its_record() {
    let basket = builders::basket();
    let record: BasketRecord = decode(&encode(&BasketRecord::from_basket(&basket))).expect("readable");
    assert_eq!(record.to_basket(), Ok(basket));
    let empty = Basket::new(Currency::GBP, TaxMode::Exclusive);
    assert_eq!(BasketRecord::from_basket(&empty).to_basket(), Ok(empty));
}

#[test]
fn what_this_build_does_not_know_is_named() {
    let changed = |change: fn(&mut SaleRecord)| {
        let mut record = builders::sale_record();
        change(&mut record);
        record.to_sale().map(drop)
    };
    let unknown = holdfast_domain::money::UnknownCurrency("XXX".into());
    assert_eq!(changed(|sale| sale.currency = "XXX".into()), Err(SaleRecordError::Currency(unknown)));
    let unit = SaleRecordError::Unit { line_no: 2, unit: "furlong".into() };
    assert_eq!(changed(|sale| sale.lines[1].unit = "furlong".into()), Err(unit));
    assert_eq!(
        changed(|sale| sale.tenders[0].code = "gold".into()),
        Err(SaleRecordError::Tender("gold".into()))
    );

    let mut basket = builders::basket_record();
    basket.lines[0].quantity_milli = 0;
    assert_eq!(basket.to_basket(), Err(BasketRecordError::Basket(BasketError::QuantityZero)));
    basket.lines[0].unit = "furlong".into();
    assert_eq!(basket.to_basket(), Err(BasketRecordError::Unit("furlong".into())));
}

proptest! {
    #[test]
    fn any_basket_survives_its_record(
        lines in proptest::collection::vec(("\\PC{0,20}", 1i64..1_000_000, 0i64..1_000_000, 0u32..1_000_000, any::<bool>()), 0..20),
        customer in proptest::option::of(("\\PC{0,10}", "\\PC{0,10}")),
        is_inclusive in any::<bool>(),
    ) {
        let mode = if is_inclusive { TaxMode::Inclusive } else { TaxMode::Exclusive };
        let mut basket = Basket::new(Currency::GBP, mode);
        for (name, milli, price, tax_rate_ppm, is_return) in lines {
            let item = ItemToSell {
                sku: name.clone(),
                name,
                unit: Unit::Litre,
                unit_price: Money::from_minor(price),
                tax_code: "S".into(),
                tax_rate_ppm,
            };
            let quantity = Quantity::from_milli(if is_return { -milli } else { milli });
            basket.add(item, quantity, builders::AT_MS).expect("in bounds");
        }
        basket.set_customer(customer.map(|(id, name)| CustomerRef { id, name }));
        let record: BasketRecord = decode(&encode(&BasketRecord::from_basket(&basket))).expect("readable");
        prop_assert_eq!(record.to_basket(), Ok(basket));
    }
}
