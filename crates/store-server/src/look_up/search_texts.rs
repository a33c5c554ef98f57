//! Making the search texts that an earlier version of the program did not write.

use std::time::Duration;

use super::Searched;
use crate::database::{Database, DatabaseError};
use crate::long_work::LongWork;

/// How long whoever looks something up waits until they are made: some seconds for a hundred thousand rows, once.
const WAIT: Duration = Duration::from_secs(5);
/// And while they are made for somebody else: it comes again, and takes no place until then.
const OTHERS_WAIT: Duration = Duration::from_millis(500);

/// Makes search texts, of one table at a time in this process; of several processes each goes on where another was.
#[derive(Debug, Default)]
pub struct SearchTexts {
    work: LongWork,
}

impl SearchTexts {
    /// Makes those of a table that are missing, in short transactions: sales are taken meanwhile. Goes on without whoever
    /// waits for it.
    ///
    /// # Errors
    /// [`DatabaseError`] when they can't be made.
    pub async fn make(
        &self,
        database: &Database,
        store_id: &str,
        searched: Searched,
    ) -> Result<(), DatabaseError> {
        let Some(turn) = self.work.turn(OTHERS_WAIT).await else { return Ok(()) };
        let (database, store_id, table) = (database.clone(), store_id.to_owned(), searched.table());
        let making = async move {
            while !database.make_search_texts(&store_id, searched).await? {}
            tracing::info!(%table, "search texts were made of rows that an earlier version wrote");
            Ok(())
        };
        turn.work(format!("search texts of table {table}"), WAIT, making).await.map(|_| ())
    }
}
