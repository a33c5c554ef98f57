//! Shifts of a register, and whether all of their sales are here.

use holdfast_protocol::outbox::OutboxEntry;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};
use holdfast_protocol::shift_totals::ShiftTotals;
use serde_json::{Value, json};

use crate::support::{NOON_MS, TestRegister, TestServer};

/// The closing of a shift with these sales after an entry, as a register seals it.
fn closing(
    register: &mut TestRegister<'_>,
    number: u32,
    after_seq: u64,
    sales: &[SaleRecord],
) -> OutboxEntry {
    let record = ShiftRecord { after_seq: Some(after_seq), ..closed(register, number, sales) };
    register.seal_shift(&record)
}

/// What an app says of a shift that does not say after which entry its sales come.
fn closed(register: &TestRegister<'_>, number: u32, sales: &[SaleRecord]) -> ShiftRecord {
    let mut totals = ShiftTotals::default();
    sales.iter().for_each(|sale| totals.add(sale));
    ShiftRecord {
        opened_at_ms: totals.opened_at_ms,
        opened_by: totals.opened_by.clone(),
        closed_at_ms: Some(NOON_MS + 5_000),
        sales_count: Some(totals.sales_count),
        takings: Some(totals.takings()),
        ..register.open_shift(number)
    }
}

async fn shifts(server: &TestServer, register: u16) -> Vec<Value> {
    let admin = server.administrator().await;
    let answer = admin.get(&format!("/api/admin/registers/{register}/shifts")).await.json();
    answer["shifts"].as_array().unwrap().clone()
}

/// Number, sales and total that the register says, what arrived, and what was rejected.
fn figures(shift: &Value) -> Value {
    let arrived = &shift["arrived"];
    let (count, total) = (&arrived["sales_count"], &arrived["total_minor"]);
    let rejected = &arrived["rejected_count"];
    json!([shift["number"], shift["sales_count"], shift["total_minor"], count, total, rejected,])
}

#[tokio::test]
async fn each_shift_is_shown_with_what_arrived_of_its_sales() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    assert_eq!(shifts(&server, 1).await, Vec::<Value>::new());
    // Another register's sales are of no concern.
    let mut other = server.register(2).await;
    let sold = other.sell(77);
    other.upload(&[sold]).await;

    let first = [register.sale(&[(150, 2)]), register.sale(&[(99, 1)])];
    let mut entries: Vec<OutboxEntry> = first.iter().map(|sale| register.seal_sale(sale)).collect();
    entries.push(closing(&mut register, 1, 0, &first));
    let second = [register.sale(&[(1_000, 1)])];
    entries.push(register.seal_sale(&second[0]));
    entries.push(closing(&mut register, 2, 3, &second));
    // Sold since, and of no shift yet.
    entries.push(register.sell(5));
    register.upload(&entries).await;
    let listed = shifts(&server, 1).await;
    assert_eq!(
        listed.iter().map(figures).collect::<Vec<_>>(),
        [json!([2, 1, 1_000, 1, 1_000, 0]), json!([1, 2, 399, 2, 399, 0]),]
    );
    assert_eq!(listed[0]["closed_at_ms"], NOON_MS + 5_000);
    assert_eq!(listed[0]["opened_at_ms"], second[0].finished_at_ms);
    assert_eq!(shifts(&server, 2).await, Vec::<Value>::new());
    let admin = server.administrator().await;
    let nobody = admin.get("/api/admin/registers/77/shifts").await;
    assert_eq!(nobody.json_problem(), (404, "not_found".to_owned()));
}

#[tokio::test]
async fn what_is_missing_or_too_much_in_a_shift_is_a_difference() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    // One of its sales can't be: its total is not that of its lines.
    let sales = [register.sale(&[(150, 2)]), register.sale(&[(99, 1)])];
    let mut damaged = sales[1].clone();
    damaged.total_minor += 1;
    let mut entries = vec![register.seal_sale(&sales[0]), register.seal_sale(&damaged)];
    entries.push(closing(&mut register, 1, 0, &sales));
    // The second says less than it sold.
    let third = register.sale(&[(500, 1)]);
    entries.push(register.seal_sale(&third));
    entries.push(closing(&mut register, 2, 3, &[]));
    // The third lacks nothing, but does not say after which entry its sales come.
    let unbounded = closed(&register, 4, &[]);
    entries.push(register.seal_shift(&unbounded));
    register.upload(&entries).await;
    let listed = shifts(&server, 1).await;
    assert_eq!(
        listed.iter().map(figures).collect::<Vec<_>>(),
        [json!([4, 0, 0, null, null, null]), json!([2, 0, 0, 1, 500, 0]), json!([1, 2, 399, 1, 300, 1]),]
    );

    // What is set aside for good stays missing.
    let admin = server.administrator().await;
    let body =
        json!({ "request_id": "01".repeat(16), "action": "set_aside", "note": "Rung up twice." }).to_string();
    assert_eq!(admin.post("/api/admin/rejected/1/2/mend", &body).await.status, 200);
    assert_eq!(figures(&shifts(&server, 1).await[2]), json!([1, 2, 399, 1, 300, 1]));
}

/// The old device's shift was never closed: what it sold is of no shift that the new one closes.
#[tokio::test]
async fn a_shift_of_another_device_begins_where_that_was_activated() {
    let server = TestServer::start().await;
    let mut old = server.register(1).await;
    let sold: Vec<OutboxEntry> = (0..10).map(|_| old.sell(100)).collect();
    old.upload(&sold).await;
    let mut new = server.register(1).await;
    let after_seq = new.last_seq;
    assert_eq!(after_seq, 10);
    let sales = [new.sale(&[(150, 2)]), new.sale(&[(99, 1)])];
    let mut entries: Vec<OutboxEntry> = sales.iter().map(|sale| new.seal_sale(sale)).collect();
    entries.push(closing(&mut new, 1, after_seq, &sales));
    new.upload(&entries).await;
    let listed = shifts(&server, 1).await;
    assert_eq!(listed.iter().map(figures).collect::<Vec<_>>(), [json!([1, 2, 399, 2, 399, 0])]);
}

/// A bound beyond all that a database holds is as good as one that nothing comes after.
#[tokio::test]
async fn a_shift_with_a_bound_that_can_not_be_has_no_sales() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let sale = register.sale(&[(100, 1)]);
    let entries = [register.seal_sale(&sale), closing(&mut register, 1, u64::MAX, &[sale])];
    register.upload(&entries).await;
    let listed = shifts(&server, 1).await;
    assert_eq!(listed.iter().map(figures).collect::<Vec<_>>(), [json!([1, 1, 100, 0, 0, 0])]);
}

#[tokio::test]
async fn a_shift_that_is_open_has_nothing_to_compare() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let record = register.open_shift(1);
    let entries = [register.seal_shift(&record), register.sell(100)];
    register.upload(&entries).await;
    let listed = shifts(&server, 1).await;
    assert_eq!(figures(&listed[0]), json!([1, null, null, null, null, null]));
    assert_eq!(listed[0]["closed_at_ms"], Value::Null);
}
