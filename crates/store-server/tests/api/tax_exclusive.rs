//! A store whose prices don't hold their tax: sales are taken, and every sum has the tax in it.

use holdfast_domain::{
    Basket, Currency, ItemToSell, Money, Quantity, ReceiptNumber, Sale, SaleContext, TaxMode, Tender,
    TenderKind, Unit,
};
use holdfast_protocol::messages::EntryOutcome;
use holdfast_protocol::sale::SaleRecord;

use crate::support::{NOON_MS, TestRegister, TestServer};

/// Sku, price, rate in ppm, quantity in thousandths.
type Line = (&'static str, i64, u32, i64);

fn sale(register: &mut TestRegister<'_>, lines: &[Line]) -> SaleRecord {
    let mut basket = Basket::new(Currency::GBP, TaxMode::Exclusive);
    for &(sku, price_minor, tax_rate_ppm, quantity_milli) in lines {
        let item = ItemToSell {
            sku: sku.to_owned(),
            name: sku.to_owned(),
            unit: Unit::Kilogram,
            unit_price: Money::from_minor(price_minor),
            tax_code: format!("T{tax_rate_ppm}"),
            tax_rate_ppm,
        };
        basket.add(item, Quantity::from_milli(quantity_milli), NOON_MS).unwrap();
    }
    let due = basket.totals().unwrap().due;
    register.last_receipt_counter += 1;
    let counter = register.last_receipt_counter;
    let context = SaleContext {
        id: [u8::try_from(counter).unwrap(); 16],
        receipt: ReceiptNumber { register: register.identity.register_number, counter },
        store_id: register.identity.store_id.clone(),
        cashier_id: "1".to_owned(),
        cashier_name: "Ann".to_owned(),
        finished_at_ms: NOON_MS,
        utc_offset_min: 0,
        external_ref: None,
    };
    let tenders = vec![Tender { kind: TenderKind::Card, amount: due }];
    SaleRecord::from_sale(&Sale::finish(&basket, tenders, 1, context).unwrap())
}

#[tokio::test]
async fn sales_without_tax_in_their_prices_are_taken_and_their_sums_have_it() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    // 2 × 10.00 and 1.5 × 3.33 (4.995, so 5.00) at 20 %, 1 × 1.01 at 5 %, 4 × 0.25 at none.
    let first = sale(
        &mut register,
        &[
            ("A", 1_000, 200_000, 2_000),
            ("B", 333, 200_000, 1_500),
            ("C", 101, 50_000, 1_000),
            ("D", 25, 0, 4_000),
        ],
    );
    // 20 % of 25.00 is 5.00, 5 % of 1.01 is 0.05: 27.01 and 5.05.
    assert_eq!(first.total_minor, 2_701 + 505);
    let mut tax: Vec<(i64, i64, i64)> =
        first.tax.iter().map(|tax| (tax.net_minor, tax.tax_minor, tax.gross_minor)).collect();
    tax.sort_unstable();
    assert_eq!(tax, [(100, 0, 100), (101, 5, 106), (2_500, 500, 3_000)]);
    // One is brought back.
    let second = sale(&mut register, &[("A", 1_000, 200_000, -1_000)]);
    assert_eq!(second.total_minor, -1_200);
    let mut tampered = sale(&mut register, &[("A", 1_000, 200_000, 1_000)]);
    tampered.total_minor = 1_000;
    // As if the price held its tax: then the tax does not follow.
    let mut of_other_mode = sale(&mut register, &[("A", 1_000, 200_000, 1_000)]);
    of_other_mode.tax_inclusive = true;
    let entries = [&first, &second, &tampered, &of_other_mode].map(|record| register.seal_sale(record));
    let reply = register.upload(&entries).await;
    let taken: Vec<bool> =
        reply.results.iter().map(|result| result.outcome == EntryOutcome::Accepted).collect();
    assert_eq!(taken, [true, true, false, false]);

    let administrator = server.administrator().await;
    let audit = administrator.get("/api/admin/audit").await.json()["registers"][0].clone();
    assert_eq!((audit["receipts_count"].as_u64(), audit["lines_count"].as_u64()), (Some(2), Some(5)));
    assert_eq!(audit["total_minor"], 3_206 - 1_200);
    assert_eq!(audit["sales_total_minor"], 3_206 - 1_200);
    let overview = administrator.get("/api/admin/registers").await.json();
    assert_eq!(overview["registers"][0]["total_minor"], 3_206 - 1_200);
    let detail = administrator.get("/api/admin/sales/1/1").await.json();
    let tax = detail["tax"].as_array().unwrap();
    let total = |field: &str| tax.iter().map(|tax| tax[field].as_i64().unwrap()).sum::<i64>();
    assert_eq!((total("net_minor"), total("tax_minor"), total("gross_minor")), (2_701, 505, 3_206));
}
