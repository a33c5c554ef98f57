//! Digests: of what is visible, and only where all of it can be read.

use holdfast_protocol::messages::RowChange;
use holdfast_protocol::{TableDigest, page};

use super::{
    Outcome, Subject, TABLE, begin, damaged, done, ensure, execute, put, record, row, show_first, switch,
    tombstone, two_pages,
};
use crate::store::{StoreCall, StoreReply};

async fn digest<S: Subject>(subject: &S) -> Result<Result<TableDigest, String>, String> {
    let reply = execute(subject, StoreCall::DigestTable { table: TABLE }).await?;
    let StoreReply::Digest(digest) = reply else { return Err(format!("a digest was {reply:?}")) };
    Ok(digest)
}

async fn expect_digest<S: Subject>(subject: &S, rows: &[RowChange]) -> Outcome {
    let seen = digest(subject).await?;
    ensure!(seen == Ok(TableDigest::of(rows)), "the digest is {seen:?}, not that of {rows:?}");
    Ok(())
}

/// Deltas folded in, tombstones left out.
pub async fn a_digest_is_of_the_live_rows<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    expect_digest(subject, &[row("a", 1), row("b", 2), row("c", 3)]).await?;
    let deltas = [vec![tombstone("b", 4), row("a", 6), row("d", 7)], vec![row("a", 5), row("e", 8)]];
    for changes in deltas {
        let call = StoreCall::ApplyDelta { table: TABLE, changes, record: record(1, 8) };
        done(subject, call).await?;
    }
    expect_digest(subject, &[row("a", 6), row("c", 3), row("d", 7), row("e", 8)]).await?;
    // What nobody sees does not count.
    begin(subject, 2, &[page::pack(&[row("x", 9)])]).await?;
    done(subject, put(2, 0, &page::pack(&[row("x", 9)]))).await?;
    expect_digest(subject, &[row("a", 6), row("c", 3), row("d", 7), row("e", 8)]).await
}

/// However the rows lie in pages.
pub async fn a_digest_stays_the_same_over_a_kill_and_a_new_snapshot<S: Subject>(subject: &mut S) -> Outcome {
    show_first(subject).await?;
    let changes = vec![row("d", 4)];
    done(subject, StoreCall::ApplyDelta { table: TABLE, changes, record: record(1, 4) }).await?;
    let before = digest(subject).await?;
    subject.reopen().await?;
    let after = digest(subject).await?;
    ensure!(before.is_ok() && after == before, "a kill made {after:?} of {before:?}");
    let pages = vec![page::pack(&[row("d", 4), row("c", 3), row("b", 2), row("a", 1)])];
    begin(subject, 2, &pages).await?;
    done(subject, put(2, 0, &pages[0])).await?;
    done(subject, switch(2, Vec::new(), 4)).await?;
    let after = digest(subject).await?;
    ensure!(after == before, "the same rows in one page made {after:?} of {before:?}");
    Ok(())
}

/// It is said, and not taken for a failure of the databases.
pub async fn a_table_that_can_not_be_read_has_no_digest<S: Subject>(subject: &mut S) -> Outcome {
    let seen = digest(subject).await?;
    ensure!(seen.is_err(), "a table that is not here has {seen:?}");
    let pages = two_pages();
    begin(subject, 1, &pages).await?;
    done(subject, put(1, 0, &pages[0])).await?;
    done(subject, put(1, 1, &damaged(pages[1].clone()))).await?;
    done(subject, switch(1, Vec::new(), 3)).await?;
    let seen = digest(subject).await?;
    ensure!(seen.is_err(), "a damaged page has {seen:?}");
    begin(subject, 2, &[]).await?;
    done(subject, switch(2, Vec::new(), 3)).await?;
    expect_digest(subject, &[]).await
}
