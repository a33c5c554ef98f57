//! The import of files, by the rows that registers get of it.

mod barcodes;
mod customers;
mod demo;
mod products;
mod real_data;

use std::collections::BTreeMap;

use holdfast_profile::TableId;
use holdfast_store_server::import::{ImportKind, ImportReport};

use crate::support::TestServer;

/// Refused lines with their reasons.
fn refused(report: &ImportReport) -> Vec<(u64, &str)> {
    report.refused.iter().map(|refused| (refused.line, refused.reason.as_str())).collect()
}

/// The live rows of a table, decoded.
async fn rows<T: for<'b> minicbor::Decode<'b, ()>>(
    server: &TestServer,
    table: TableId,
) -> BTreeMap<String, T> {
    let store = server.store().await;
    let mut reader = server.database.begin_snapshot(&store.row.id, table.into()).await.unwrap();
    let mut rows = BTreeMap::new();
    loop {
        let next = reader.next_rows(5_000, usize::MAX).await.unwrap();
        if next.is_empty() {
            return rows;
        }
        for row in next {
            rows.insert(row.key, holdfast_protocol::decode(&row.body.unwrap()).unwrap());
        }
    }
}

/// Importing a file again changes nothing.
async fn check_idempotent(server: &TestServer, kind: ImportKind, csv: &str, first: &ImportReport) {
    let again = server.import(kind, csv).await;
    assert_eq!(again.changed, 0);
    assert_eq!((again.taken, &again.refused), (first.taken, &first.refused));
}
