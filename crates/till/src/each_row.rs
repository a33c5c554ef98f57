//! The rows of a table of the offline database, one by one, without ever holding up the page.

use holdfast_browser_store::ScopeDatabase;
use holdfast_profile::TableId;
use holdfast_protocol::CodecError;
use holdfast_protocol::borrowed_rows::BorrowedChange;

use crate::browser::turns::Turns;

/// How many rows are read before somebody else may have a turn: a millisecond or two on a slow tablet.
const ROWS_AT_ONCE: usize = 512;

/// Gives each row of a table with its bytes, and others their turn now and then. A row that this version can't read
/// is passed over, not the whole table.
pub async fn each_row(
    scopes: &ScopeDatabase,
    table: TableId,
    mut take: impl FnMut(&BorrowedChange<'_>, &[u8]) -> Result<(), CodecError>,
) -> Result<(), String> {
    let mut turns = Turns::begin();
    let read = scopes.read_rows(table, async |part| {
        // Whatever came before this part took its time, too.
        turns.give().await;
        for rows in part.chunks(ROWS_AT_ONCE) {
            for row in rows {
                if let Some(Err(error)) = row.body.map(|body| take(row, body)) {
                    leptos::logging::warn!("{table} {}: {error}", row.key);
                }
            }
            turns.give().await;
        }
    });
    read.await.map_err(|error| error.to_string())
}
