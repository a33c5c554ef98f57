//! Rows that registers would keep no more with another profile: not how many fewer, but which go, as other rows may come
//! in their place.

use std::collections::BTreeMap;

use holdfast_profile::{Members, Profile, TableId, View};

use super::refresh::{damaged, decide};
use super::sizes::{CountKey, Counting, READ_ROWS_MAX, Sizes};
use crate::database::{Database, DatabaseError};

impl Sizes {
    /// Of the tables that both profiles download, how many rows registers keep with the first and not with the second.
    /// Counted once while the tables are what they are, as sizes are.
    ///
    /// # Errors
    /// [`DatabaseError`] when the tables can't be read.
    pub async fn leaving(
        &self,
        database: &Database,
        store_id: &str,
        (before, after): (&Profile, &Profile),
        now_ms: i64,
    ) -> Result<BTreeMap<TableId, u64>, DatabaseError> {
        let heads = database.feed_heads(store_id).await?;
        let mut counting = Counting { sizes: self, database, store_id, heads, now_ms, reader: None };
        let (before_views, after_views) = (View::all_of(before), View::all_of(after));
        let after_tables = after.download_tables();
        let mut pairs: Vec<Pair<'_>> = Vec::new();
        let mut leaving = BTreeMap::new();
        for table in before.download_tables() {
            // All that is there goes, or all of the table is kept.
            let Some(after) = view_of(&after_views, table).filter(|_| after_tables.contains(&table)) else {
                continue;
            };
            let count = match view_of(&before_views, table) {
                None => {
                    let (all, _, _) = counting.whole(table).await?;
                    let place = after.tables().position(|of_view| of_view == table);
                    let kept = counting.view(after).await?;
                    all.saturating_sub(place.and_then(|place| kept.get(place)).map_or(0, |count| count.0))
                }
                Some(before) if before == after => 0,
                Some(before) => counting.left_out(table, before, after, &mut pairs).await?,
            };
            leaving.insert(table, count);
        }
        Ok(leaving)
    }
}

/// Two views whose rows were decided.
struct Pair<'a> {
    views: (&'a View, &'a View),
    members: (Members<'a>, Members<'a>),
}

fn view_of(views: &[View], table: TableId) -> Option<&View> {
    views.iter().find(|view| view.tables().any(|of_view| of_view == table))
}

impl Counting<'_> {
    /// Rows of a table that one view keeps and the other does not.
    async fn left_out<'v>(
        &mut self,
        table: TableId,
        before: &'v View,
        after: &'v View,
        pairs: &mut Vec<Pair<'v>>,
    ) -> Result<u64, DatabaseError> {
        let before_key = self.key(before, table);
        let after_key = self.key(after, table);
        let key = CountKey {
            besides: before_key.view,
            head: before_key.head.max(after_key.head),
            day: before_key.day.max(after_key.day),
            ..after_key
        };
        if let Some((count, _, _)) = self.sizes.kept(&key) {
            return Ok(count);
        }
        let now_ms = self.now_ms;
        let reader = self.reader().await?;
        let place = match pairs.iter().position(|pair| pair.views == (before, after)) {
            Some(place) => place,
            None => {
                let members = (decide(reader, before, now_ms).await?, decide(reader, after, now_ms).await?);
                pairs.push(Pair { views: (before, after), members });
                pairs.len() - 1
            }
        };
        let Some(Pair { members: (before, after), .. }) = pairs.get(place) else { return Ok(0) };
        let (mut count, mut last_key) = (0, String::new());
        loop {
            let rows = reader.base_rows(table, &last_key, READ_ROWS_MAX).await?;
            let Some((last, _)) = rows.last() else { break };
            last_key.clone_from(last);
            for (key, body) in &rows {
                let goes = before.keep(table, key, body).map_err(damaged)?.is_some()
                    && after.keep(table, key, body).map_err(damaged)?.is_none();
                count += u64::from(goes);
            }
        }
        self.sizes.keep(key, (count, 0, 0));
        Ok(count)
    }
}
