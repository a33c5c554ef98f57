//! The rows of a table of the offline database, one by one, without ever holding up the page.

use holdfast_browser_store::AskedRows;
use holdfast_protocol::CodecError;
use holdfast_protocol::borrowed_rows::BorrowedChange;

use crate::browser::turns::Turns;

/// How many rows are read before somebody else may have a turn: a millisecond or two on a slow tablet.
const ROWS_AT_ONCE: usize = 512;

/// What is done with a row and its bytes. Not the type of one closure: the reading would be compiled for each of ten.
pub type Take<'t> = dyn FnMut(&BorrowedChange<'_>, &[u8]) -> Result<(), CodecError> + 't;

/// Gives each row of a table with its bytes, and others their turn now and then. A row that this version can't read
/// is passed over, not the whole table.
pub async fn each_row(asked: AskedRows, take: &mut Take<'_>) -> Result<(), String> {
    let table = asked.table();
    let mut turns = Turns::begin();
    let read = asked.read(async |part| {
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
