//! Feeds by number: each table has one, and each view one more of each of its tables.

use holdfast_profile::TableId;

use super::DatabaseError;

/// Tables have numbers below this; those of a view's feeds go on from its multiples.
const VIEW_STEP: i64 = 256;

/// A feed: the rows of a table as all registers may have them, or as those of a view do.
///
/// In the database it is one number (`table_no`), so that whatever is done with rows, heads and snapshots of a table
/// is done with those of a view by the same statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FeedId {
    /// The table.
    pub table: TableId,
    /// The view's number in its store; 0 is the table itself.
    pub view_no: u32,
}

impl FeedId {
    /// The number that stands in the database.
    pub(super) fn number(self) -> i64 {
        i64::from(self.view_no) * VIEW_STEP + i64::from(self.table.number())
    }

    /// The feed of a number in the database.
    pub(super) fn from_number(number: i64) -> Result<FeedId, DatabaseError> {
        let table = u8::try_from(number.rem_euclid(VIEW_STEP)).ok().and_then(TableId::from_number);
        let view_no = u32::try_from(number.div_euclid(VIEW_STEP)).ok();
        match (table, view_no) {
            (Some(table), Some(view_no)) => Ok(FeedId { table, view_no }),
            (Some(_) | None, _) => Err(DatabaseError::Damaged(format!("feed {number}"))),
        }
    }
}

impl From<TableId> for FeedId {
    fn from(table: TableId) -> Self {
        FeedId { table, view_no: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_apart_and_those_of_tables_are_the_tables() {
        for table in TableId::ALL {
            assert_eq!(FeedId::from(table).number(), i64::from(table.number()));
            for view_no in [0, 1, 77, u32::MAX] {
                let feed = FeedId { table, view_no };
                assert_eq!(FeedId::from_number(feed.number()).unwrap(), feed);
            }
        }
        for number in [-1, 0, 255, 256, i64::MAX] {
            assert!(FeedId::from_number(number).is_err(), "{number}");
        }
    }
}
