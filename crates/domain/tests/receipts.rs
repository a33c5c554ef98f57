//! Receipts, as the customer reads them.

use holdfast_domain::receipt::{
    ReceiptHead, ReceiptRow, ReceiptWords, local_time, percent, receipt, to_text,
};
use holdfast_domain::*;
use proptest::prelude::*;

use crate::builders::*;

fn head() -> ReceiptHead {
    ReceiptHead {
        store_name: "Marlow & Daughters".into(),
        address: vec!["3 Harbour Street".into(), "Whitby YO21 3PR".into()],
        tax_number: "GB 123 4567 89".into(),
        footer: "Thank you. Goods may be brought back within 28 days.".into(),
    }
}

fn words() -> ReceiptWords {
    ReceiptWords {
        receipt: "Receipt".into(),
        date: "Date".into(),
        cashier: "Served by".into(),
        customer: "Customer".into(),
        tax_number: "VAT no.".into(),
        subtotal: "Subtotal".into(),
        total: "Total".into(),
        rounding: "Rounding".into(),
        cash: "Cash".into(),
        card: "Card".into(),
        cash_paid_out: "Paid out in cash".into(),
        card_paid_out: "Paid out to card".into(),
        change: "Change".into(),
        tax: "VAT".into(),
        tax_on: "on".into(),
        reference: "Reference".into(),
    }
}

fn check(sale: &Sale, expected: &str) {
    let text = to_text(&receipt(sale, &head(), &words()), 40);
    assert_eq!(text.trim_matches('\n'), expected.trim_matches('\n'), "\n{text}");
}

fn named(name: &str, item: ItemToSell) -> ItemToSell {
    ItemToSell { name: name.into(), ..item }
}

#[test]
fn a_sale_with_weighed_goods_paid_in_cash() {
    let apples = ItemToSell { unit: Unit::Kilogram, tax_code: "Z".into(), tax_rate_ppm: 0, ..item("2", 240) };
    let mut basket = basket(&[
        (named("Enamel mug, harbour blue", item("1", 850)), Quantity::units(2)),
        (named("Apples, Cox", apples), Quantity::from_milli(1_240)),
        (
            named("A lantern with a name that is much longer than the paper is wide", item("3", 123_400)),
            Quantity::ONE,
        ),
        (named("  ", item("85123A", 255)), Quantity::ONE),
    ]);
    basket.set_customer(Some(CustomerRef { id: "12347".into(), name: "Ms Ito".into() }));
    let sale = Sale::finish(&basket, vec![cash(130_000)], 5, context()).expect("a sale");
    check(
        &sale,
        "
           Marlow & Daughters
            3 Harbour Street
            Whitby YO21 3PR
         VAT no. GB 123 4567 89

Receipt                      0002-001843
Date                    2026-11-18 12:03
Served by                     Ada Marlow
Customer                          Ms Ito
----------------------------------------
Enamel mug, harbour blue           17.00
  2 × 8.50
Apples, Cox                         2.98
  1.240 kg × 2.40/kg
A lantern with a name that is
much longer than the paper is
wide                            1,234.00
85123A                              2.55
----------------------------------------
Total GBP                       1,256.53
Rounding                            0.02
Cash                            1,300.00
Change                             43.45

VAT 20% on 1,044.62               208.93
VAT 0% on 2.98                      0.00

  Thank you. Goods may be brought back
            within 28 days.
",
    );
}

#[test]
fn a_return_is_paid_out_and_prices_without_tax_show_the_subtotal() {
    let mut basket = Basket::new(Currency::GBP, TaxMode::Exclusive);
    let mug = named("Enamel mug", item("1", 850));
    basket.add(mug, Quantity::units(-1), NOON_MS).expect("a line");
    let context = SaleContext { external_ref: Some("C536379".into()), utc_offset_min: -330, ..context() };
    let sale = Sale::finish(&basket, vec![card(-1_020)], 1, context).expect("a sale");
    check(
        &sale,
        "
           Marlow & Daughters
            3 Harbour Street
            Whitby YO21 3PR
         VAT no. GB 123 4567 89

Receipt                      0002-001843
Date                    2026-11-18 06:33
Served by                     Ada Marlow
Reference                        C536379
----------------------------------------
Enamel mug                         -8.50
  -1 × 8.50
----------------------------------------
Subtotal                           -8.50
VAT 20% on -8.50                   -1.70
Total GBP                         -10.20
Paid out to card                   10.20

  Thank you. Goods may be brought back
            within 28 days.
",
    );
}

#[test]
fn rates_are_written_with_the_decimals_they_have() {
    let written: Vec<String> = [0, 200_000, 55_000, 77_500, 1].into_iter().map(percent).collect();
    assert_eq!(written, ["0%", "20%", "5.5%", "7.75%", "0.0001%"]);
}

#[test]
fn times_are_the_register_s_wall_clock() {
    assert_eq!(local_time(0, 0), "1970-01-01 00:00");
    assert_eq!(local_time(-1, 0), "1969-12-31 23:59");
    assert_eq!(local_time(951_782_400_000, 0), "2000-02-29 00:00");
    assert_eq!(local_time(951_782_400_000, -60), "2000-02-28 23:00");
    assert_eq!(local_time(1_291_190_760_000, 0), "2010-12-01 08:06");
    assert_eq!(local_time(4_107_542_399_999, 0), "2100-02-28 23:59");
    assert_eq!(local_time(4_107_542_400_000, 0), "2100-03-01 00:00");
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_paper_and_no_amount_is_lost(sale in any_sale(), width in 20usize..60) {
        let rows = receipt(&sale, &head(), &words());
        let text = to_text(&rows, width);
        for line in text.lines() {
            prop_assert!(line.chars().count() <= width, "{}", line);
        }
        for row in rows {
            match row {
                ReceiptRow::Pair { right, .. } | ReceiptRow::Strong { right, .. } => {
                    prop_assert!(text.lines().any(|line| line.ends_with(right.split(' ').next_back().unwrap_or_default())));
                }
                ReceiptRow::Title(_) | ReceiptRow::Centred(_) | ReceiptRow::Rule | ReceiptRow::Blank => {}
            }
        }
    }

    #[test]
    fn any_text_can_be_printed(left in "\\PC{0,60}", right in "\\PC{0,60}", width in 0usize..50) {
        let rows = [ReceiptRow::Title(left.clone()), ReceiptRow::Pair { left, right }];
        for line in to_text(&rows, width).lines() {
            prop_assert!(line.chars().count() <= width.max(16), "{}", line);
        }
    }

    #[test]
    fn any_time_can_be_written(at_ms in any::<i64>(), offset in any::<i16>()) {
        prop_assert!(!local_time(at_ms, offset).is_empty());
    }
}
