//! Text that a database does not keep, or that it would put into another order.

use holdfast_profile::TableId;
use holdfast_protocol::messages::EntryOutcome;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::rows::TaxRateRow;
use holdfast_protocol::sale::{SaleRecord, ShiftRecord};
use holdfast_store_server::database::MasterRow;
use holdfast_store_server::import::ImportKind;

use crate::support::{NOON_MS, TestServer};

fn reason(outcome: &EntryOutcome) -> &str {
    match outcome {
        EntryOutcome::Accepted => "",
        EntryOutcome::Rejected { reason } => reason,
    }
}

/// PostgreSQL refuses U+0000: without a check a register could never get past such an entry.
#[tokio::test]
async fn an_entry_with_a_nul_is_set_aside_and_blocks_nothing() {
    let server = TestServer::start().await;
    let mut register = server.register(1).await;
    let changes: [fn(&mut SaleRecord); 6] = [
        |sale| sale.cashier_name.push('\0'),
        |sale| sale.customer_name = Some("Bo\0".to_owned()),
        |sale| sale.external_ref = Some("\0".to_owned()),
        |sale| sale.lines[0].name.push('\0'),
        |sale| sale.tenders[0].code.push('\0'),
        |sale| sale.tax[0].code.push('\0'),
    ];
    let mut entries = Vec::new();
    for change in changes {
        let mut sale = register.sale(&[(100, 1)]);
        change(&mut sale);
        entries.push(register.seal_sale(&sale));
    }
    // One of another store takes no receipt number, one in another currency does.
    let mut foreign = register.sale(&[(100, 1)]);
    register.last_receipt_counter -= 1;
    foreign.store_id.push('\0');
    entries.push(register.seal_sale(&foreign));
    foreign.store_id.pop();
    foreign.currency = "G\0P".to_owned();
    entries.push(register.seal_sale(&foreign));
    register.last_receipt_counter += 1;
    let shift = ShiftRecord { opened_by: "Ann\0".to_owned(), ..register.open_shift(1) };
    entries.push(register.seal_shift(&shift));
    for (key, name) in [("C1\0", "Bo"), ("C1", "Bo\0")] {
        let after = holdfast_protocol::encode(&name.to_owned()).into();
        let edit = RowEdit {
            table: TableId::Customer.number(),
            key: key.to_owned(),
            base_version: 0,
            edited_at_ms: NOON_MS,
            fields: vec![FieldEdit { column: 1, before: None, after }],
            follows_seq: None,
        };
        entries.push(register.seal(EntryKind::RowEdit, holdfast_protocol::encode(&edit)));
    }
    let set_aside = entries.len();
    entries.push(register.sell(100));
    let reply = register.upload(&entries).await;
    assert_eq!(reply.acknowledged_seq, entries.len() as u64);
    for result in &reply.results[..set_aside] {
        let reason = reason(&result.outcome);
        assert!(!reason.is_empty() && !reason.contains('\0'), "{}: {reason:?}", result.seq);
    }
    assert_eq!(reason(&reply.results[set_aside].outcome), "");
    assert_eq!(register.upload(&entries).await, reply, "the same is said again");
}

#[tokio::test]
async fn a_nul_in_a_file_is_refused_with_its_line() {
    let server = TestServer::start().await;
    // A zero byte in a file is no text; one that is spelled out is found in its line.
    let file = "sku,name,price\nB,Pear&#0;,1.00\nC,Fig,1.00\n";
    let report = server.import(ImportKind::Products, file).await;
    assert_eq!((report.taken, report.refused_count), (1, 1));
}

#[tokio::test]
async fn what_a_device_says_of_itself_and_what_an_administrator_types_may_hold_anything() {
    let server = TestServer::start().await;
    let register = server.register(1).await;
    let mut contact = register.contact_request();
    contact.app_version = "1\0.0".to_owned();
    assert_eq!(register.post("contact", &contact).await.status, 200);
    let administrator = server.administrator().await;
    let body = serde_json::json!({ "number": 7, "name": "Till\u{0}" }).to_string();
    let answer = administrator.post("/api/admin/registers", &body).await;
    assert_eq!(answer.json_problem(), (422, "field_invalid".to_owned()));
}

/// A database sorts by its language unless it is told otherwise; pages and their readers go by bytes.
#[tokio::test]
async fn keys_are_read_in_the_order_of_their_bytes_and_none_is_missed() {
    let server = TestServer::start().await;
    let store = server.store().await;
    let mut keys = ["Z", "a", "B", "é", "e", "_", "10", "9", "z z", "zz", "ß", "ss", "\u{1f600}", "\u{ffee}"];
    let rows = keys.map(|code| {
        MasterRow::TaxRate(TaxRateRow { code: code.to_owned(), name: code.to_owned(), rate_ppm: 0 })
    });
    let mut writing = server.database.begin_write(&store.row.id, NOON_MS).await.unwrap();
    let shipped: Vec<String> =
        writing.rows(TableId::TaxRate).await.unwrap().into_iter().map(|row| row.key).collect();
    writing.remove(TableId::TaxRate, &shipped).await.unwrap();
    writing.put(&rows).await.unwrap();
    writing.commit().await.unwrap();
    keys.sort_unstable();
    for rows_max in [1, 3] {
        let mut reader =
            server.database.begin_snapshot(&store.row.id, TableId::TaxRate.into()).await.unwrap();
        let mut read = Vec::new();
        loop {
            let rows = reader.next_rows(rows_max, usize::MAX).await.unwrap();
            if rows.is_empty() {
                break;
            }
            read.extend(rows.into_iter().map(|row| row.key));
        }
        assert_eq!(read, keys);
    }
}
