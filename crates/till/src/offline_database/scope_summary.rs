//! A scope's tables as one row: sums, the oldest time, the last result.

use holdfast_profile::Direction;
use holdfast_sync::ScopeStatus;

/// How a scope stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All its rows are here, or all was sent.
    Complete,
    /// Some tables are still on their way.
    Incomplete,
    /// So many sales wait to be sent.
    Waits(u64),
}

/// A scope in one row.
#[derive(Debug, Clone, PartialEq)]
pub struct ScopeSummary {
    /// Name.
    pub name: String,
    /// Direction.
    pub direction: Direction,
    /// Its tables.
    pub tables: usize,
    /// Rows of all of them; for an upload, entries that wait.
    pub rows: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// When the table that is furthest behind last equalled the store server, ms since 1970.
    pub as_of_ms: Option<i64>,
    /// How it stands.
    pub standing: Standing,
}

impl ScopeSummary {
    /// The row of a scope; `waiting` are the entries of this register that wait.
    pub fn new(scope: &ScopeStatus, waiting: u64) -> ScopeSummary {
        let all_synced = scope.tables.iter().map(|table| table.synced_at_ms).collect::<Option<Vec<f64>>>();
        let oldest_ms = all_synced.and_then(|times| times.into_iter().reduce(f64::min));
        let rows: u64 = scope.tables.iter().map(|table| table.rows).sum();
        let is_upload = scope.direction == Direction::Upload;
        let standing = if is_upload && waiting > 0 {
            Standing::Waits(waiting)
        } else if is_upload || scope.tables.iter().all(|table| table.complete) {
            Standing::Complete
        } else {
            Standing::Incomplete
        };
        ScopeSummary {
            name: scope.name.clone(),
            direction: scope.direction,
            tables: scope.tables.len(),
            rows: if is_upload { waiting } else { rows },
            bytes: scope.tables.iter().map(|table| table.bytes).sum(),
            as_of_ms: oldest_ms.map(|at_ms| at_ms as i64),
            standing,
        }
    }
}

#[cfg(test)]
mod tests {
    use holdfast_profile::TableId;
    use holdfast_sync::TableStatus;

    use super::*;

    fn table(rows: u64, synced_at_ms: Option<f64>, complete: bool) -> TableStatus {
        TableStatus { table: TableId::Product, rows, bytes: 10, synced_at_ms, complete }
    }

    fn summary(direction: Direction, tables: Vec<TableStatus>, waiting: u64) -> ScopeSummary {
        ScopeSummary::new(&ScopeStatus { name: "x".into(), direction, tables }, waiting)
    }

    #[test]
    fn a_scope_is_as_old_as_its_oldest_table() {
        let tables = vec![table(3, Some(2_000.0), true), table(4, Some(1_000.0), true)];
        let summary = summary(Direction::Download, tables, 9);
        assert_eq!((summary.rows, summary.bytes, summary.as_of_ms), (7, 20, Some(1_000)));
        assert_eq!(summary.standing, Standing::Complete);
    }

    #[test]
    fn a_scope_with_a_missing_table_is_incomplete_and_has_no_time() {
        let summary =
            summary(Direction::Download, vec![table(3, Some(2_000.0), true), table(0, None, false)], 0);
        assert_eq!((summary.as_of_ms, summary.standing), (None, Standing::Incomplete));
    }

    #[test]
    fn an_upload_shows_what_waits() {
        let waits = summary(Direction::Upload, vec![table(0, None, false)], 12);
        assert_eq!((waits.rows, waits.standing), (12, Standing::Waits(12)));
        assert_eq!(summary(Direction::Upload, vec![table(0, None, false)], 0).standing, Standing::Complete);
    }
}
