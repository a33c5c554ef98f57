//! A store whose prices don't hold their tax, from its row to the store server's sums.

use holdfast_domain::{Money, Quantity, TaxMode};
use holdfast_headless_register::baskets::{Invoice, InvoiceLine};
use holdfast_headless_register::catalogue::Catalogue;
use holdfast_headless_register::clock::Clock;
use holdfast_store_server::database::MasterRow;

use crate::in_process::InProcess;
use crate::setting::{AT_MOST, wait_until_all_is_sent};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_of_a_store_without_tax_in_its_prices_arrives_with_the_tax_on_top() {
    let server = InProcess::start().await;
    let store = server.database().store().await.expect("it answers").expect("there is one");
    let mut writing = server.database().begin_write(&store.row.id, 0).await.expect("it is free");
    let mut row = store.row.clone();
    row.prices_include_tax = false;
    writing.put(&[MasterRow::Store(row)]).await.expect("it is written");
    writing.commit().await.expect("it lasts");

    let mut register = server.register(1, Clock::start(20)).await;
    assert!(register.driver().wait_until(AT_MOST, |status| status.ready_to_sell).await);
    let catalogue = Catalogue::read(register.store()).expect("a catalogue");
    assert_eq!(catalogue.tax_mode, TaxMode::Exclusive);
    let line = |line_no: &str, sku: &str, milli, minor| InvoiceLine {
        line_no: line_no.into(),
        // Not in the catalogue: the highest rate, 20 %.
        sku: sku.into(),
        description: sku.into(),
        quantity: Quantity::from_milli(milli),
        unit_price: Money::from_minor(minor),
    };
    let invoice = Invoice {
        invoice_no: "I1".into(),
        invoiced_at_ms: None,
        customer_id: String::new(),
        lines: vec![line("1", "X1", 3_000, 199), line("2", "X2", 1_000, 1_000)],
    };
    let sold = register.sell(&invoice, &catalogue).expect("the journal takes it");
    // 5.97 and 10.00 are 15.97; 20 % of it is 3.19.
    assert_eq!(sold.sale.expect("a sale").record.total_minor, 1_597 + 319);
    wait_until_all_is_sent(&register).await;
    assert_eq!(register.store().counts().rejected, 0);
    let audit = server.database().audit(&store.row.id).await.expect("it answers");
    assert_eq!((audit[0].receipts_count, audit[0].lines_count), (1, 2));
    assert_eq!((audit[0].total_minor, audit[0].sales_total_minor), (1_916, 1_916));
}
