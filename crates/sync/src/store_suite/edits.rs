//! Edits of rows: entries of the outbox like any other, and found with what became of them as long as they lie over
//! a row or were rejected.

use holdfast_profile::TableId;
use holdfast_protocol::messages::{EntryOutcome, EntryResult};
use holdfast_protocol::outbox::{EntryKind, OutboxEntry};
use holdfast_protocol::row_edit::{FieldEdit, RowEdit};
use holdfast_protocol::{decode, encode};

use super::{Outcome, Subject, begin, done, ensure, execute, switch};
use crate::overlay::EditState;
use crate::store::{StoreCall, StoreReply};

fn edit(key: &str, name: &str) -> RowEdit {
    let name = FieldEdit { column: 1, before: None, after: encode(&name).into() };
    RowEdit {
        table: TableId::Customer.number(),
        key: key.into(),
        base_version: 0,
        edited_at_ms: 1_700_000_000_000,
        fields: vec![name],
        follows_seq: None,
    }
}

async fn outbox<S: Subject>(subject: &S) -> Result<Vec<OutboxEntry>, String> {
    let call = StoreCall::ReadOutbox { entries_max: 100, bytes_max: 1_000_000 };
    let reply = execute(subject, call).await?;
    let StoreReply::Outbox(entries) = reply else { return Err(format!("reading the outbox gave {reply:?}")) };
    Ok(entries)
}

async fn expect<S: Subject>(subject: &S, expected: &[(u64, &str, EditState)]) -> Outcome {
    let seen: Vec<(u64, String, EditState)> = subject
        .edits()
        .await?
        .into_iter()
        .map(|kept| (kept.seq, kept.edit.key.clone(), kept.state.clone()))
        .collect();
    let expected: Vec<(u64, String, EditState)> =
        expected.iter().map(|(seq, key, state)| (*seq, (*key).to_owned(), state.clone())).collect();
    ensure!(seen == expected, "the edits are {seen:?}, not {expected:?}");
    Ok(())
}

/// Three edits: one merged at version 9, one rejected, one that waits.
async fn three<S: Subject>(subject: &S) -> Outcome {
    for (seq, key) in (1..).zip(["a", "b", "c"]) {
        let appended = subject.append_edit(&edit(key, "Ito"), &[]).await?;
        ensure!(appended == seq, "edit {key} has sequence {appended}, not {seq}");
    }
    let merged = EntryResult { seq: 1, outcome: EntryOutcome::Accepted, version: Some(9) };
    let rejected = EntryResult::new(2, EntryOutcome::Rejected { reason: "No.".into() });
    let call = StoreCall::SettleOutbox { acknowledged_seq: 2, results: vec![merged, rejected], at_ms: 99 };
    execute(subject, call).await.map(|_| ())
}

fn states() -> [(u64, &'static str, EditState); 3] {
    let rejected = EditState::Rejected { reason: "No.".into() };
    [(1, "a", EditState::Merged { version: 9 }), (2, "b", rejected), (3, "c", EditState::Waiting)]
}

/// Sealed, in order, with its own kind, between other entries.
pub async fn an_edit_waits_like_any_entry<S: Subject>(subject: &mut S) -> Outcome {
    subject.append(vec![1; 10]).await?;
    let seq = subject.append_edit(&edit("a", "Ito"), &[]).await?;
    subject.append(vec![3; 10]).await?;
    ensure!(seq == 2, "the edit has sequence {seq}");
    let entries = outbox(subject).await?;
    let [first, second, third] = entries.as_slice() else { return Err(format!("waiting are {entries:?}")) };
    ensure!(EntryKind::from_number(second.kind) == Some(EntryKind::RowEdit), "its kind is {}", second.kind);
    ensure!(decode::<RowEdit>(&second.payload) == Ok(edit("a", "Ito")), "it is another edit: {second:?}");
    ensure!(
        second.previous_hash == first.hash && third.previous_hash == second.hash,
        "the chain is broken: {entries:?}"
    );
    expect(subject, &[(2, "a", EditState::Waiting)]).await
}

/// Version, reason, or that it waits.
pub async fn what_became_of_edits_is_found_again_after_a_kill<S: Subject>(subject: &mut S) -> Outcome {
    three(subject).await?;
    expect(subject, &states()).await?;
    subject.reopen().await?;
    expect(subject, &states()).await
}

/// As any entry, and they lie over their rows again.
pub async fn edits_that_the_store_server_lost_wait_again<S: Subject>(subject: &mut S) -> Outcome {
    three(subject).await?;
    execute(subject, StoreCall::ReopenOutbox { after_seq: 0 }).await?;
    let waiting = EditState::Waiting;
    expect(subject, &[(1, "a", waiting.clone()), (2, "b", waiting.clone()), (3, "c", waiting)]).await
}

/// Those too whose rows had come.
pub async fn edits_that_nobody_needed_wait_again_once_lost<S: Subject>(subject: &mut S) -> Outcome {
    three(subject).await?;
    subject.append(vec![4; 10]).await?;
    subject.append_edit(&edit("d", "Ito"), &[1]).await?;
    execute(subject, StoreCall::ReopenOutbox { after_seq: 0 }).await?;
    let all = [1, 2, 3, 5].into_iter().zip(["a", "b", "c", "d"]);
    let waiting: Vec<(u64, &str, EditState)> = all.map(|(seq, key)| (seq, key, EditState::Waiting)).collect();
    expect(subject, &waiting).await?;
    subject.reopen().await?;
    expect(subject, &waiting).await
}

fn later(up_to: u64, results: Vec<EntryResult>) -> StoreCall {
    StoreCall::SettleLater { up_to, results, at_ms: 120 }
}

/// An administrator mended it; where the version is not said, it is the one that was.
pub async fn a_later_outcome_says_the_version_of_an_edit<S: Subject>(subject: &mut S) -> Outcome {
    three(subject).await?;
    let accepted = EntryOutcome::Accepted;
    let mended = EntryResult { seq: 2, outcome: accepted.clone(), version: Some(11) };
    execute(subject, later(70, vec![EntryResult::new(1, accepted), mended])).await?;
    let [first, _, third] = states();
    let mended = [first, (2, "b", EditState::Merged { version: 11 }), third];
    expect(subject, &mended).await?;
    subject.reopen().await?;
    expect(subject, &mended).await
}

/// By a store server that was restored from a backup.
pub async fn an_edit_that_nobody_needed_is_listed_again_once_rejected<S: Subject>(
    subject: &mut S,
) -> Outcome {
    three(subject).await?;
    subject.append_edit(&edit("d", "Ito"), &[1]).await?;
    let outcome = EntryOutcome::Rejected { reason: "Again.".into() };
    execute(subject, later(70, vec![EntryResult::new(1, outcome)])).await?;
    let [_, second, third] = states();
    let rejected = EditState::Rejected { reason: "Again.".into() };
    expect(subject, &[(1, "a", rejected), second, third, (4, "d", EditState::Waiting)]).await
}

/// New rows, a new generation, dropped tables: the edits stay as they are.
pub async fn a_download_leaves_edits_alone<S: Subject>(subject: &mut S) -> Outcome {
    three(subject).await?;
    begin(subject, 1, &[]).await?;
    done(subject, switch(1, Vec::new(), 50)).await?;
    done(subject, StoreCall::DropTables(vec![TableId::Customer, TableId::Product])).await?;
    expect(subject, &states()).await
}
