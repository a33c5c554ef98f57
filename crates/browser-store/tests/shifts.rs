//! Closing shifts: their numbers, what is in each, and what is known of them afterwards.

use holdfast_browser_store::{ExportPlace, Journal, MadeExport};
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::sale::ShiftRecord;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{accept_all, clean, fresh_journal, outbox, register, sale};

const CLOSED_AT_MS: i64 = 1_700_000_009_000;

async fn sell(journal: &Journal, count: u32) {
    for _ in 0..count {
        journal.finish_sale(|receipt| Ok(sale(receipt))).await.unwrap();
    }
}

async fn close(journal: &Journal, id: u8) -> Option<ShiftRecord> {
    journal.close_shift([id; 16], CLOSED_AT_MS).await.unwrap()
}

/// Number and sales of the open shift.
async fn open(journal: &Journal) -> Option<(u32, u32)> {
    journal.open_shift().await.unwrap().map(|shift| (shift.number, shift.totals.sales_count))
}

fn facts(record: Option<ShiftRecord>) -> Option<(u8, u32, Option<u32>)> {
    record.map(|record| (record.id[0], record.number, record.sales_count))
}

#[wasm_bindgen_test]
async fn each_shift_has_its_own_sales_and_number() {
    let journal = fresh_journal().await;
    assert_eq!((open(&journal).await, close(&journal, 1).await), (None, None));
    assert_eq!(journal.last_shift().await, Ok(None));
    sell(&journal, 2).await;
    journal.append(EntryKind::RowEdit, 1, vec![1]).await.unwrap();
    assert_eq!(open(&journal).await, Some((1, 2)));
    assert_eq!(facts(close(&journal, 1).await), Some((1, 1, Some(2))));
    assert_eq!((open(&journal).await, close(&journal, 2).await), (None, None));
    // An edit opens none.
    journal.append(EntryKind::RowEdit, 1, vec![2]).await.unwrap();
    assert_eq!(open(&journal).await, None);
    sell(&journal, 1).await;
    let journal = Journal::open().await.unwrap();
    assert_eq!(facts(journal.last_shift().await.unwrap()), Some((1, 1, Some(2))));
    assert_eq!(open(&journal).await, Some((2, 1)));
    assert_eq!(facts(close(&journal, 2).await), Some((2, 2, Some(1))));
    let last = journal.last_shift().await.unwrap();
    assert_eq!(last.as_ref().map(|record| record.closed_at_ms), Some(Some(CLOSED_AT_MS)));
    // The entry that closed the first: two sales, an edit, itself.
    assert_eq!(last.as_ref().and_then(|record| record.after_seq), Some(4));
    assert_eq!(facts(last), Some((2, 2, Some(1))));
    assert_eq!(outbox(&journal).await.len(), 7);
}

#[wasm_bindgen_test]
async fn a_shift_of_more_sales_than_are_read_at_a_time_is_whole() {
    let journal = fresh_journal().await;
    sell(&journal, 1).await;
    close(&journal, 1).await;
    sell(&journal, 201).await;
    assert_eq!(open(&journal).await, Some((2, 201)));
    assert_eq!(facts(close(&journal, 2).await), Some((2, 2, Some(201))));
}

#[wasm_bindgen_test]
async fn a_register_that_is_activated_again_gives_no_shift_number_twice() {
    let journal = fresh_journal().await;
    sell(&journal, 1).await;
    close(&journal, 1).await;
    let last = outbox(&journal).await.last().cloned().unwrap();
    accept_all(&journal).await;
    // On the chain that it has; the store server knows a shift more or one less.
    journal.save_identity(register(2), 1, 0, last.seq, *last.hash).await.unwrap();
    sell(&journal, 1).await;
    assert_eq!(open(&journal).await, Some((2, 1)));
    journal.save_identity(register(2), 1, 4, last.seq, *last.hash).await.unwrap();
    assert_eq!(open(&journal).await, Some((5, 1)));
    close(&journal, 5).await;
    accept_all(&journal).await;
    // A restored store server: a series of its own.
    journal.save_identity(register(2), 1, 1, 1, [6; 32]).await.unwrap();
    assert_eq!(open(&journal).await, None);
    sell(&journal, 1).await;
    assert_eq!(open(&journal).await, Some((6, 1)));
}

#[wasm_bindgen_test]
async fn another_device_goes_on_after_the_shifts_that_the_store_server_knows() {
    clean().await;
    let journal = Journal::open().await.unwrap();
    journal.save_identity(register(2), 41, 7, 77, [5; 32]).await.unwrap();
    assert_eq!(journal.last_shift().await, Ok(None));
    let counts = journal.counts().await.unwrap();
    assert!(!counts.shift_waits && !journal.exports().await.unwrap().lacks_shift, "none was closed here");
    sell(&journal, 1).await;
    let closed = close(&journal, 1).await;
    assert_eq!(
        closed.as_ref().and_then(|record| record.after_seq),
        Some(77),
        "what was sold before is not of it"
    );
    assert_eq!(facts(closed), Some((1, 8, Some(1))));
    // And another register begins where it is.
    accept_all(&journal).await;
    journal.save_identity(register(3), 0, 2, 0, [0; 32]).await.unwrap();
    assert_eq!(journal.last_shift().await, Ok(None));
    assert!(!journal.exports().await.unwrap().lacks_shift, "it was another register's");
    sell(&journal, 1).await;
    assert_eq!(open(&journal).await, Some((3, 1)));
}

#[wasm_bindgen_test]
async fn a_closed_shift_is_lacking_until_an_export_holds_it() {
    let lacks_shift = async || Journal::open().await.unwrap().exports().await.unwrap().lacks_shift;
    let journal = fresh_journal().await;
    sell(&journal, 1).await;
    assert!(!lacks_shift().await);
    let made = |up_to_seq| {
        let place = ExportPlace::Download;
        Ok(MadeExport { at_ms: CLOSED_AT_MS, place, bytes: 9, series: 1, up_to_seq })
    };
    close(&journal, 1).await;
    assert!(lacks_shift().await);
    // One that was begun before.
    journal.note_export(&made(1)).await.unwrap();
    assert!(lacks_shift().await);
    journal.note_export(&made(2)).await.unwrap();
    assert!(!lacks_shift().await);
    sell(&journal, 1).await;
    assert!(!lacks_shift().await);
}

#[wasm_bindgen_test]
async fn a_sale_that_can_not_be_read_keeps_no_shift_open() {
    let journal = fresh_journal().await;
    journal.append(EntryKind::Sale, 1, vec![0xff]).await.unwrap();
    assert_eq!(open(&journal).await, None);
    sell(&journal, 2).await;
    let shift = journal.open_shift().await.unwrap().unwrap();
    assert_eq!((shift.totals.sales_count, shift.unreadable_count), (2, 1));
    assert_eq!(facts(close(&journal, 1).await), Some((1, 1, Some(2))));
    assert_eq!(open(&journal).await, None);
}
