//! Items, baskets and sales for tests: valid by default, a test sets only what it is about.

use holdfast_domain::tender::{cash_rounding, settle};
use holdfast_domain::*;
use proptest::prelude::*;

pub const NOON_MS: i64 = 1_795_003_380_000;

pub fn money(minor: i64) -> Money {
    Money::from_minor(minor)
}

pub fn item(sku: &str, price_minor: i64) -> ItemToSell {
    ItemToSell {
        sku: sku.to_owned(),
        name: format!("Product {sku}"),
        unit: Unit::Each,
        unit_price: money(price_minor),
        tax_code: "S".to_owned(),
        tax_rate_ppm: 200_000,
    }
}

pub fn basket(items: &[(ItemToSell, Quantity)]) -> Basket {
    let mut basket = Basket::new(Currency::GBP, TaxMode::Inclusive);
    for (item, quantity) in items {
        basket.add_line(item.clone(), *quantity, NOON_MS).expect("a valid line");
    }
    basket
}

pub fn cash(minor: i64) -> Tender {
    Tender { kind: TenderKind::Cash, amount: money(minor) }
}

pub fn card(minor: i64) -> Tender {
    Tender { kind: TenderKind::Card, amount: money(minor) }
}

pub fn context() -> SaleContext {
    SaleContext {
        id: [7; 16],
        receipt: ReceiptNumber { register: 2, counter: 1843 },
        store_id: "store".to_owned(),
        cashier_id: "1".to_owned(),
        cashier_name: "Ada Marlow".to_owned(),
        finished_at_ms: NOON_MS,
        utc_offset_min: 0,
        external_ref: None,
    }
}

/// Lines of all kinds: pieces and weights, sold and brought back, free, at several rates.
pub fn any_line() -> impl Strategy<Value = BasketLine> {
    let rate = prop_oneof![
        Just(("S", 200_000)),
        Just(("R", 50_000)),
        Just(("Z", 0)),
        (1u32..900_000).prop_map(|rate| ("X", rate)),
    ];
    let quantity = prop_oneof![
        (1i64..200).prop_map(|units| (Unit::Each, units * 1_000)),
        (1i64..20_000).prop_map(|milli| (Unit::Kilogram, milli)),
    ];
    let price = prop_oneof![1 => Just(0i64), 9 => 1i64..200_000];
    (quantity, any::<bool>(), price, rate, 0u32..5).prop_map(
        |((unit, milli), is_return, price, (tax_code, tax_rate_ppm), sku)| BasketLine {
            item: ItemToSell {
                unit,
                tax_code: tax_code.into(),
                tax_rate_ppm,
                ..item(&sku.to_string(), price)
            },
            quantity: Quantity::from_milli(if is_return { -milli } else { milli }),
        },
    )
}

pub fn any_tax_mode() -> impl Strategy<Value = TaxMode> {
    prop_oneof![Just(TaxMode::Inclusive), Just(TaxMode::Exclusive)]
}

pub fn any_basket() -> impl Strategy<Value = Basket> {
    (proptest::collection::vec(any_line(), 1..12), any_tax_mode()).prop_map(|(lines, mode)| {
        Basket::restore(Currency::GBP, mode, lines, None, Some(NOON_MS)).expect("lines in bounds")
    })
}

/// Payments that settle `due`: `card_share` per mille of it by card, the rest in cash with `extra` for change.
pub fn payments(due: Money, card_share: i64, extra: i64, increment_minor: u32) -> Vec<Tender> {
    let by_card = money(due.minor() * card_share / 1_000);
    let left = due.checked_sub(by_card).expect("fits");
    let mut tenders = Vec::new();
    if by_card != Money::ZERO {
        tenders.push(Tender { kind: TenderKind::Card, amount: by_card });
    }
    if left == Money::ZERO {
        return tenders;
    }
    let cash_due = left.minor() + cash_rounding(left, increment_minor).minor();
    let extra = if due.is_negative() { 0 } else { extra };
    match (cash_due + extra, tenders.is_empty()) {
        // Too little is left for a coin: all of it by card.
        (0, false) => vec![Tender { kind: TenderKind::Card, amount: due }],
        (amount, _) => {
            tenders.push(cash(amount));
            tenders
        }
    }
}

/// Finished sales of all kinds.
pub fn any_sale() -> impl Strategy<Value = Sale> {
    let increment = prop_oneof![Just(1u32), Just(5), Just(10), Just(100)];
    (any_basket(), 0i64..=1_000, 0i64..10_000, increment).prop_map(|(basket, share, extra, increment)| {
        let due = basket.totals().expect("in bounds").due;
        let tenders = payments(due, share, extra, increment);
        settle(due, &tenders, increment).expect("the payments settle it");
        Sale::finish(&basket, tenders, increment, context()).expect("a settled basket is a sale")
    })
}
