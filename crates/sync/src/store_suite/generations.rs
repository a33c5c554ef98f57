//! Tables: generations that nobody sees until they are whole, and deltas with their cursor.

use holdfast_profile::TableId;
use holdfast_protocol::page;

use super::{
    Outcome, Subject, TABLE, begin, damaged, done, ensure, execute, expect_visible, load, put, record,
    refused, row, show_first, switch, tombstone, two_pages,
};
use crate::store::{StoreCall, StoreReply};

/// Not while it is built, not when it is whole: only by the switch.
pub async fn a_generation_is_not_visible_before_its_switch<S: Subject>(subject: &mut S) -> Outcome {
    let pages = two_pages();
    begin(subject, 1, &pages).await?;
    for (page_no, bytes) in (0..).zip(&pages) {
        done(subject, put(1, page_no, bytes)).await?;
        expect_visible(subject, &[]).await?;
    }
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE).is_none_or(|record| record.generation == 0), "{:?}", state.tables);
    done(subject, switch(1, Vec::new(), 3)).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE) == Some(&record(1, 3)), "{:?}", state.tables);
    Ok(())
}

/// A download goes on where it was killed.
pub async fn pages_are_found_again_after_a_kill<S: Subject>(subject: &mut S) -> Outcome {
    let pages = two_pages();
    let present = begin(subject, 1, &pages).await?;
    ensure!(present.is_empty(), "nothing was put, but {present:?} are there");
    done(subject, put(1, 1, &pages[1])).await?;
    subject.reopen().await?;
    let present = begin(subject, 1, &pages).await?;
    ensure!(present == [1], "page 1 was put, but {present:?} are there");
    done(subject, put(1, 0, &pages[0])).await?;
    done(subject, switch(1, Vec::new(), 3)).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await
}

/// The store server made a newer snapshot in the middle of a download.
pub async fn another_snapshot_takes_over_the_pages_that_both_have<S: Subject>(subject: &mut S) -> Outcome {
    let pages = two_pages();
    begin(subject, 1, &pages).await?;
    for (page_no, bytes) in (0..).zip(&pages) {
        done(subject, put(1, page_no, bytes)).await?;
    }
    let others = vec![page::pack(&[row("x", 9)]), page::pack(&[row("y", 9)]), pages[1].clone()];
    let present = begin(subject, 1, &others).await?;
    ensure!(present == [2], "of another snapshot {present:?} are there, not only what both have");
    refused(subject, switch(1, Vec::new(), 9)).await?;
    for (page_no, bytes) in (0..2).zip(&others) {
        done(subject, put(1, page_no, bytes)).await?;
    }
    done(subject, switch(1, Vec::new(), 9)).await?;
    expect_visible(subject, &[("c", 3), ("x", 9), ("y", 9)]).await
}

/// So that only pages that differ are fetched.
pub async fn a_generation_takes_over_the_pages_of_the_visible_one<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let changes = vec![tombstone("a", 4)];
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes, record: record(1, 4) }).await?;
    let pages = two_pages();
    // At other places than before; a page that differs comes first.
    let next = vec![page::pack(&[row("Z", 5)]), pages[0].clone(), pages[1].clone()];
    let present = begin(subject, 2, &next).await?;
    ensure!(present == [1, 2], "{present:?} are there, not what is visible");
    subject.reopen().await?;
    let present = begin(subject, 2, &next).await?;
    ensure!(present == [1, 2], "after a kill {present:?} are there");
    expect_visible(subject, &[("b", 2), ("c", 3)]).await?;
    done(subject, put(2, 0, &next[0])).await?;
    done(subject, switch(2, Vec::new(), 5)).await?;
    expect_visible(subject, &[("Z", 5), ("a", 1), ("b", 2), ("c", 3)]).await
}

/// Nor is one with other rows under the same address.
pub async fn a_damaged_page_is_not_taken_over<S: Subject>(subject: &mut S) -> Outcome {
    let pages = two_pages();
    begin(subject, 1, &pages).await?;
    done(subject, put(1, 0, &damaged(pages[0].clone()))).await?;
    done(subject, put(1, 1, &page::pack(&[row("c", 2)]))).await?;
    done(subject, switch(1, Vec::new(), 3)).await?;
    let present = begin(subject, 2, &pages).await?;
    ensure!(present.is_empty(), "{present:?} are taken over, but none is what its address says");
    for (page_no, bytes) in (0..).zip(&pages) {
        done(subject, put(2, page_no, bytes)).await?;
    }
    done(subject, switch(2, Vec::new(), 3)).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await
}

/// However it came to that.
pub async fn an_incomplete_generation_is_not_shown<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let pages = vec![page::pack(&[row("a", 4)]), page::pack(&[row("b", 5)])];
    begin(subject, 2, &pages).await?;
    done(subject, put(2, 0, &pages[0])).await?;
    refused(subject, switch(2, Vec::new(), 5)).await?;
    refused(subject, switch(3, Vec::new(), 5)).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE) == Some(&record(1, 3)), "{:?}", state.tables);
    let present = begin(subject, 2, &pages).await?;
    ensure!(present == [0], "the refusal cost pages: {present:?}");
    Ok(())
}

/// A late page of a build that is no more.
pub async fn a_page_of_no_generation_is_refused<S: Subject>(subject: &mut S) -> Outcome {
    let pages = two_pages();
    refused(subject, put(1, 0, &pages[0])).await?;
    begin(subject, 1, &pages).await?;
    refused(subject, put(2, 0, &pages[0])).await?;
    refused(subject, put(1, 2, &pages[0])).await
}

/// Rows and deltas of the generation before are gone.
pub async fn a_switch_replaces_all_rows<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let changes = vec![row("d", 4)];
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes, record: record(1, 4) }).await?;
    let pages = vec![page::pack(&[row("c", 3), row("e", 5)])];
    begin(subject, 2, &pages).await?;
    done(subject, put(2, 0, &pages[0])).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3), ("d", 4)]).await?;
    done(subject, switch(2, Vec::new(), 5)).await?;
    expect_visible(subject, &[("c", 3), ("e", 5)]).await?;
    subject.reopen().await?;
    expect_visible(subject, &[("c", 3), ("e", 5)]).await
}

/// In the same transaction.
pub async fn a_switch_takes_changes_along<S: Subject>(subject: &mut S) -> Outcome {
    let pages = two_pages();
    begin(subject, 1, &pages).await?;
    for (page_no, bytes) in (0..).zip(&pages) {
        done(subject, put(1, page_no, bytes)).await?;
    }
    done(subject, switch(1, vec![tombstone("a", 4), row("c", 5), row("d", 6)], 6)).await?;
    expect_visible(subject, &[("b", 2), ("c", 5), ("d", 6)]).await
}

/// A table may have no rows.
pub async fn an_empty_snapshot_can_be_shown<S: Subject>(subject: &mut S) -> Outcome {
    begin(subject, 1, &[]).await?;
    done(subject, switch(1, Vec::new(), 3)).await?;
    expect_visible(subject, &[]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE) == Some(&record(1, 3)), "{:?}", state.tables);
    Ok(())
}

/// And both are there after a kill.
pub async fn changes_and_cursor_are_stored_together<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let changes = vec![tombstone("b", 4), row("a", 5), row("d", 6)];
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes, record: record(1, 6) }).await?;
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes: vec![row("b", 7)], record: record(1, 7) })
        .await?;
    subject.reopen().await?;
    expect_visible(subject, &[("a", 5), ("b", 7), ("c", 3), ("d", 6)]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE) == Some(&record(1, 7)), "{:?}", state.tables);
    Ok(())
}

/// Such as the time at which the table was last known to be the same.
pub async fn an_empty_delta_moves_only_the_record<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let call = StoreCall::ApplyDelta { table: TABLE, changes: Vec::new(), record: record(1, 50) };
    done(subject, call).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE) == Some(&record(1, 50)), "{:?}", state.tables);
    Ok(())
}

/// A late delta of a generation that is not visible, or of a table that is not there.
pub async fn a_delta_of_another_generation_is_refused<S: Subject>(subject: &mut S) -> Outcome {
    let changes = vec![row("z", 9)];
    let nowhere = StoreCall::ApplyDelta { table: TABLE, changes: changes.clone(), record: record(1, 9) };
    refused(subject, nowhere).await?;
    show_first(subject).await?;
    refused(subject, StoreCall::ApplyDelta { table: TABLE, changes, record: record(2, 9) }).await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.get(&TABLE) == Some(&record(1, 3)), "{:?}", state.tables);
    Ok(())
}

/// Whatever order the pages were stored in.
pub async fn the_highest_version_of_a_row_counts<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let newer = vec![row("a", 8), tombstone("b", 9)];
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes: newer, record: record(1, 9) }).await?;
    let older = vec![row("a", 4), row("b", 5)];
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes: older, record: record(1, 9) }).await?;
    expect_visible(subject, &[("a", 8), ("c", 3)]).await
}

/// The outbox belongs to the journal, which no profile touches.
pub async fn dropped_tables_are_gone_and_the_outbox_is_not<S: Subject>(subject: &mut S) -> Outcome {
    subject.append(vec![1, 2, 3]).await?;
    show_first(subject).await?;
    done(subject, StoreCall::DropTables(TableId::ALL.to_vec())).await?;
    expect_visible(subject, &[]).await?;
    let state = load(subject).await?;
    ensure!(state.tables.is_empty(), "{:?} are left", state.tables);
    ensure!(state.waiting == 1, "{} entries wait, not 1", state.waiting);
    let reply = execute(subject, StoreCall::ReadOutbox { entries_max: 9, bytes_max: 999_999 }).await?;
    let StoreReply::Outbox(entries) = reply else { return Err(format!("reading the outbox gave {reply:?}")) };
    ensure!(entries.len() == 1, "{} entries are left", entries.len());
    Ok(())
}

/// With nothing of before.
pub async fn a_dropped_table_can_come_again<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    begin(subject, 2, &two_pages()).await?;
    done(subject, StoreCall::DropTables(vec![TABLE])).await?;
    refused(subject, put(2, 0, &two_pages()[0])).await?;
    let pages = vec![page::pack(&[row("n", 9)])];
    let present = begin(subject, 1, &pages).await?;
    ensure!(present.is_empty(), "{present:?} are there of before");
    done(subject, put(1, 0, &pages[0])).await?;
    done(subject, switch(1, Vec::new(), 9)).await?;
    expect_visible(subject, &[("n", 9)]).await
}
