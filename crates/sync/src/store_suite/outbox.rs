//! The outbox: order, bounds, and that nothing but a result takes an entry out of it.

use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::OutboxEntry;

use super::{Outcome, Subject, ensure, execute, load};
use crate::store::JournalCounts;
use crate::store::{StoreCall, StoreReply};

const PLENTY: usize = 1_000_000;

async fn append<S: Subject>(subject: &S, count: u8) -> Outcome {
    for number in 1..=count {
        subject.append(vec![number; 10]).await?;
    }
    Ok(())
}

async fn read<S: Subject>(
    subject: &S,
    entries_max: usize,
    bytes_max: usize,
) -> Result<Vec<OutboxEntry>, String> {
    let reply = execute(subject, StoreCall::ReadOutbox { entries_max, bytes_max }).await?;
    let StoreReply::Outbox(entries) = reply else { return Err(format!("reading the outbox gave {reply:?}")) };
    Ok(entries)
}

async fn waiting<S: Subject>(subject: &S) -> Result<Vec<u64>, String> {
    Ok(read(subject, PLENTY, PLENTY).await?.iter().map(|entry| entry.seq).collect())
}

async fn expect_waiting<S: Subject>(subject: &S, expected: &[u64]) -> Outcome {
    let seen = waiting(subject).await?;
    ensure!(seen == expected, "{seen:?} wait, not {expected:?}");
    let state = load(subject).await?;
    ensure!(state.waiting == expected.len() as u64, "{} are said to wait, not {expected:?}", state.waiting);
    Ok(())
}

/// Settles these entries; the counts of what waits and what is rejected.
async fn settle<S: Subject>(
    subject: &S,
    acknowledged_seq: u64,
    results: &[(u64, EntryOutcome)],
) -> Result<(u64, u64), String> {
    let results = results.iter().map(|(seq, outcome)| EntryResult::new(*seq, outcome.clone()));
    let call = StoreCall::SettleOutbox { acknowledged_seq, results: results.collect(), at_ms: 99 };
    counts(execute(subject, call).await?)
}

fn counts(reply: StoreReply) -> Result<(u64, u64), String> {
    let StoreReply::Counts(JournalCounts { waiting, rejected, .. }) = reply else {
        return Err(format!("counts were to come, not {reply:?}"));
    };
    Ok((waiting, rejected))
}

fn rejected() -> EntryOutcome {
    EntryOutcome::Rejected { reason: "the sums differ".into() }
}

/// From the lowest sequence, sealed, and never more than asked for, but at least one.
pub async fn the_outbox_is_read_in_order_and_within_its_bounds<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 4).await?;
    expect_waiting(subject, &[1, 2, 3, 4]).await?;
    let entries = read(subject, 2, PLENTY).await?;
    ensure!(entries.len() == 2 && entries[0].seq == 1, "two were asked for: {entries:?}");
    ensure!(entries.iter().all(OutboxEntry::is_intact), "an entry's hash is wrong: {entries:?}");
    ensure!(entries[1].previous_hash == entries[0].hash, "the chain is broken: {entries:?}");
    let payload_bytes = entries[0].payload.len();
    let bounded = read(subject, PLENTY, payload_bytes * 2 + 1).await?;
    ensure!(bounded.len() == 2, "bytes for two, but {} entries", bounded.len());
    let tiny = read(subject, PLENTY, 1).await?;
    ensure!(tiny.len() == 1, "always one, but {} entries", tiny.len());
    Ok(())
}

/// Whatever the server says of its highest sequence.
pub async fn only_settled_entries_leave_the_outbox<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 4).await?;
    let seen = settle(subject, 4, &[(1, EntryOutcome::Accepted), (2, EntryOutcome::Accepted)]).await?;
    ensure!(seen == (2, 0), "after two results the counts are {seen:?}");
    expect_waiting(subject, &[3, 4]).await?;
    let state = load(subject).await?;
    ensure!(state.acknowledged_seq == 4, "acknowledged is {}", state.acknowledged_seq);
    Ok(())
}

/// Late and double answers.
pub async fn results_of_unknown_entries_change_nothing<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 2).await?;
    let seen = settle(subject, 1, &[(1, EntryOutcome::Accepted), (77, EntryOutcome::Accepted)]).await?;
    ensure!(seen == (1, 0), "the counts are {seen:?}");
    let seen = settle(subject, 1, &[(1, EntryOutcome::Accepted)]).await?;
    ensure!(seen == (1, 0), "after the same result again the counts are {seen:?}");
    expect_waiting(subject, &[2]).await
}

/// They wait for the administrator, not for the network.
pub async fn rejected_entries_are_kept_and_not_sent_again<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 3).await?;
    let seen = settle(subject, 2, &[(1, EntryOutcome::Accepted), (2, rejected())]).await?;
    ensure!(seen == (1, 1), "the counts are {seen:?}");
    expect_waiting(subject, &[3]).await?;
    subject.reopen().await?;
    let seen = counts(execute(subject, StoreCall::CountOutbox).await?)?;
    ensure!(seen == (1, 1), "after a kill the counts are {seen:?}");
    let seen = settle(subject, 2, &[(2, EntryOutcome::Accepted)]).await?;
    ensure!(seen == (1, 0), "after it was mended the counts are {seen:?}");
    Ok(())
}

/// A store server that was restored from a backup gets them again, rejected ones too.
pub async fn entries_that_the_store_server_lost_wait_again<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 4).await?;
    let results = [(1, EntryOutcome::Accepted), (2, EntryOutcome::Accepted), (3, rejected())];
    settle(subject, 3, &results).await?;
    let seen = counts(execute(subject, StoreCall::ReopenOutbox { after_seq: 1 }).await?)?;
    ensure!(seen == (3, 0), "the counts are {seen:?}");
    expect_waiting(subject, &[2, 3, 4]).await?;
    let state = load(subject).await?;
    ensure!(state.acknowledged_seq == 1, "acknowledged is {}", state.acknowledged_seq);
    Ok(())
}

/// What an administrator mended, and how far the register was told; also back, by a restored store server.
pub async fn later_outcomes_settle_what_does_not_wait<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 4).await?;
    settle(subject, 3, &[(1, EntryOutcome::Accepted), (2, rejected()), (3, rejected())]).await?;
    let later = |up_to, results: &[(u64, EntryOutcome)]| StoreCall::SettleLater {
        up_to,
        results: results.iter().map(|(seq, outcome)| EntryResult::new(*seq, outcome.clone())).collect(),
        at_ms: 120,
    };
    let accepted = EntryOutcome::Accepted;
    let mended = later(70, &[(2, accepted.clone()), (4, accepted.clone()), (77, accepted.clone())]);
    let seen = counts(execute(subject, mended).await?)?;
    ensure!(seen == (1, 1), "after one was mended the counts are {seen:?}");
    subject.reopen().await?;
    expect_waiting(subject, &[4]).await?;
    let state = load(subject).await?;
    let seen = (state.outcomes_seen, state.acknowledged_seq, state.rejected);
    ensure!(seen == (70, 3, 1), "told, acknowledged and rejected are {seen:?}");
    let seen = counts(execute(subject, later(30, &[(2, rejected()), (3, accepted)])).await?)?;
    ensure!(seen == (1, 1), "after the store server was restored the counts are {seen:?}");
    let state = load(subject).await?;
    ensure!(state.outcomes_seen == 30, "told is {}", state.outcomes_seen);
    Ok(())
}

/// More entries than a backend reads at a time, and news of a few of them.
pub async fn entries_far_apart_are_settled_together<S: Subject>(subject: &mut S) -> Outcome {
    const COUNT: u64 = 450;
    for _ in 0..COUNT {
        subject.append(vec![7; 10]).await?;
    }
    let accepted = || EntryOutcome::Accepted;
    let results: Vec<_> = (2..COUNT).map(|seq| (seq, accepted())).collect();
    let seen = settle(subject, 1, &results).await?;
    ensure!(seen == (2, 0), "after all but the ends the counts are {seen:?}");
    expect_waiting(subject, &[1, COUNT]).await?;
    let seen = settle(subject, COUNT - 1, &[(1, accepted()), (440, rejected())]).await?;
    ensure!(seen == (1, 1), "after the first and one far behind the counts are {seen:?}");
    expect_waiting(subject, &[COUNT]).await?;
    let results = vec![EntryResult::new(3, rejected()), EntryResult::new(440, accepted())];
    let seen = counts(execute(subject, StoreCall::SettleLater { up_to: 70, results, at_ms: 120 }).await?)?;
    ensure!(seen == (1, 1), "after later outcomes the counts are {seen:?}");
    let seen = counts(execute(subject, StoreCall::ReopenOutbox { after_seq: 2 }).await?)?;
    ensure!(seen == (COUNT - 2, 0), "after all but two were lost the counts are {seen:?}");
    let waiting: Vec<u64> = (3..=COUNT).collect();
    expect_waiting(subject, &waiting).await
}

/// Until it has an outcome, and again once the store server has lost it; sales and edits behind it are no matter of it.
pub async fn a_closed_shift_waits_until_it_is_settled<S: Subject>(subject: &mut S) -> Outcome {
    let expect = async |subject: &S, expected: bool, when: &str| {
        let state = load(subject).await?;
        let reply = execute(subject, StoreCall::CountOutbox).await?;
        let StoreReply::Counts(counts) = reply else { return Err(format!("counting gave {reply:?}")) };
        let seen = (state.shift_waits, counts.shift_waits);
        ensure!(seen == (expected, expected), "{when}: {seen:?}");
        Ok(())
    };
    expect(subject, false, "nothing was sold").await?;
    let shift_seq = subject.sell_and_close_shift().await?;
    subject.reopen().await?;
    expect(subject, true, "it was closed").await?;
    for seq in 1..shift_seq {
        settle(subject, seq, &[(seq, EntryOutcome::Accepted)]).await?;
    }
    expect(subject, true, "only what came before it is settled").await?;
    settle(subject, shift_seq, &[(shift_seq, EntryOutcome::Accepted)]).await?;
    expect(subject, false, "it is settled").await?;
    subject.sell().await?;
    expect(subject, false, "a sale of the next shift waits").await?;
    execute(subject, StoreCall::ReopenOutbox { after_seq: shift_seq - 1 }).await?;
    expect(subject, true, "the store server has lost it").await
}

/// All of it, unchanged.
pub async fn what_waits_is_found_again_after_a_kill<S: Subject>(subject: &mut S) -> Outcome {
    append(subject, 3).await?;
    let before = read(subject, PLENTY, PLENTY).await?;
    subject.reopen().await?;
    let after = read(subject, PLENTY, PLENTY).await?;
    ensure!(before == after, "before {before:?}, after {after:?}");
    expect_waiting(subject, &[1, 2, 3]).await
}
