//! Moving to another version of the profile: profile and tables in one transaction.

use holdfast_profile::{Profile, TableId, default_profile};
use holdfast_protocol::page;

use super::{
    Outcome, Subject, TABLE, begin, done, ensure, execute, expect_visible, load, put, record, refused, row,
    show_first, switch_profile, tombstone, two_pages,
};
use crate::store::{ShownTable, StoreCall, StoreReply};

/// Another table than the suite's.
const OTHER: TableId = TableId::Category;

fn another_profile() -> Profile {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = 9;
    profile
}

fn shown(table: TableId, generation: u64, cursor: u64) -> ShownTable {
    ShownTable { table, changes: Vec::new(), record: record(generation, cursor) }
}

/// A register on version 4 with a table, that was to move to version 5 and has built another page for it.
async fn half_moved<S: Subject>(subject: &S) -> Outcome {
    done(subject, switch_profile(4, &default_profile(), Vec::new())).await?;
    show_first(subject).await?;
    done(subject, StoreCall::SaveNextProfile(Some((5, another_profile())))).await?;
    begin(subject, 2, &[page::pack(&[row("x", 5)])]).await?;
    done(subject, put(2, 0, &page::pack(&[row("x", 5)]))).await
}

/// The worker may be killed at any time; and a move may take days, for want of room.
pub async fn a_profile_to_move_to_is_found_again_after_a_kill<S: Subject>(subject: &mut S) -> Outcome {
    half_moved(subject).await?;
    subject.reopen().await?;
    let state = load(subject).await?;
    ensure!(state.profile == Some((4, default_profile())), "in force is {:?}", state.profile);
    ensure!(state.next_profile == Some((5, another_profile())), "to come is {:?}", state.next_profile);
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    done(subject, StoreCall::SaveNextProfile(None)).await?;
    let state = load(subject).await?;
    ensure!(state.profile == Some((4, default_profile())), "in force is {:?}", state.profile);
    ensure!(state.next_profile.is_none(), "to come is {:?}", state.next_profile);
    // What was built for it went with it.
    refused(subject, put(2, 0, &page::pack(&[row("x", 5)]))).await
}

/// A table that was built, one that only gets changes, and the profile: all at once.
pub async fn a_profile_comes_into_force_with_its_tables<S: Subject>(subject: &mut S) -> Outcome {
    half_moved(subject).await?;
    let other = page::pack(&[row("o", 4)]);
    {
        let table = OTHER;
        let pages = vec![page::address(&other)];
        let begun = execute(subject, StoreCall::BeginGeneration { table, generation: 1, pages }).await?;
        ensure!(begun == StoreReply::Building { present: Vec::new() }, "{begun:?}");
        let bytes = other.clone();
        done(subject, StoreCall::PutPage { table, generation: 1, page_no: 0, bytes }).await?;
    }
    let changed = ShownTable { changes: vec![row("y", 6)], ..shown(TABLE, 2, 6) };
    done(subject, switch_profile(5, &another_profile(), vec![changed, shown(OTHER, 1, 4)])).await?;
    subject.reopen().await?;
    expect_visible(subject, &[("x", 5), ("y", 6)]).await?;
    let others: Vec<String> = subject.rows(OTHER).await?.into_keys().collect();
    ensure!(others == ["o"], "of the other table {others:?} are there");
    let state = load(subject).await?;
    ensure!(state.profile == Some((5, another_profile())), "in force is {:?}", state.profile);
    ensure!(state.next_profile.is_none(), "to come is {:?}", state.next_profile);
    ensure!(state.tables.get(&TABLE) == Some(&record(2, 6)), "{:?}", state.tables);
    // Next a version that builds nothing.
    let changed = ShownTable { changes: vec![tombstone("x", 7)], ..shown(TABLE, 2, 7) };
    done(subject, switch_profile(6, &default_profile(), vec![changed])).await?;
    expect_visible(subject, &[("y", 6)]).await
}

/// Not the profile, and not the table that would be there.
pub async fn a_profile_whose_tables_are_not_all_there_changes_nothing<S: Subject>(
    subject: &mut S,
) -> Outcome {
    half_moved(subject).await?;
    for lacking in [shown(OTHER, 1, 4), shown(TABLE, 3, 9)] {
        let tables = if lacking.table == TABLE { vec![lacking] } else { vec![shown(TABLE, 2, 6), lacking] };
        refused(subject, switch_profile(5, &another_profile(), tables)).await?;
        let state = load(subject).await?;
        ensure!(state.profile == Some((4, default_profile())), "in force is {:?}", state.profile);
        ensure!(state.next_profile == Some((5, another_profile())), "to come is {:?}", state.next_profile);
        expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    }
    let present = begin(subject, 2, &[page::pack(&[row("x", 5)])]).await?;
    ensure!(present == [0], "the refusal cost pages: {present:?}");
    Ok(())
}

/// A register that can't sell yet takes what comes, and has built a part of it already.
pub async fn a_profile_that_comes_without_tables_leaves_what_is_built<S: Subject>(
    subject: &mut S,
) -> Outcome {
    half_moved(subject).await?;
    done(subject, switch_profile(5, &another_profile(), Vec::new())).await?;
    subject.reopen().await?;
    let present = begin(subject, 2, &[page::pack(&[row("x", 5)])]).await?;
    ensure!(present == [0], "the switch cost pages: {present:?}");
    Ok(())
}

/// To have room for sales.
pub async fn builds_are_dropped_and_what_is_visible_is_not<S: Subject>(subject: &mut S) -> Outcome {
    half_moved(subject).await?;
    done(subject, StoreCall::DropBuilds).await?;
    subject.reopen().await?;
    expect_visible(subject, &[("a", 1), ("b", 2), ("c", 3)]).await?;
    let state = load(subject).await?;
    ensure!(state.next_profile == Some((5, another_profile())), "to come is {:?}", state.next_profile);
    refused(subject, put(2, 0, &page::pack(&[row("x", 5)]))).await?;
    let present = begin(subject, 2, &[two_pages().remove(0), page::pack(&[row("x", 5)])]).await?;
    ensure!(present == [0], "{present:?} are there, not only what is visible");
    Ok(())
}
