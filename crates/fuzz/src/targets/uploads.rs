//! Uploads as the store server takes them: read, checked and planned, without a database.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::{ConflictRule, TableId};
use holdfast_protocol::messages::{EntryOutcome, UploadRequest};
use holdfast_protocol::outbox::{OutboxEntry, entry_hash};
use holdfast_protocol::{decode, encode};
use holdfast_store_server::upload::{EditState, JournalState, plan, read};

use super::{Target, Verdict};

pub(super) const TARGETS: &[Target] = &[Target {
    name: "upload",
    frozen: &["upload_request"],
    texts: &[],
    made: None,
    repair: Some(seal_again),
    run: planned,
}];

fn journal() -> JournalState {
    JournalState {
        rejected_openings: BTreeMap::new(),
        store_id: "store-1".to_owned(),
        currency: "GBP".to_owned(),
        register_number: 2,
        last_seq: 6,
        last_hash: [3; 32],
        last_receipt_counter: 1_842,
        known: BTreeMap::new(),
        known_sale_ids: BTreeSet::new(),
        edits: EditState {
            rules: BTreeMap::from([(TableId::Customer, ConflictRule::Latest)]),
            rows: BTreeMap::new(),
            rejected: BTreeSet::new(),
            now_ms: 1_795_003_380_000,
        },
    }
}

fn planned(bytes: &[u8]) -> Verdict {
    let Ok(request) = decode::<UploadRequest>(bytes) else { return Verdict::Refused };
    let entries_count = request.entries.len();
    let entries = read(request);
    let state = journal();
    match plan(&state, &entries) {
        Ok(plan) => {
            assert_eq!((plan.results.len(), plan.additions.len()), (entries_count, entries_count));
            assert_eq!(plan.last_seq, state.last_seq + entries_count as u64);
            assert!(plan.last_receipt_counter >= state.last_receipt_counter);
            for result in &plan.results {
                if let EntryOutcome::Rejected { reason } = &result.outcome {
                    assert!(!reason.is_empty() && reason.len() < 2_000, "{reason}");
                }
            }
            Verdict::Taken
        }
        Err(_) => Verdict::Refused,
    }
}

/// The chain holds, whatever its entries say: what is behind the check is reached.
fn seal_again(bytes: &mut Vec<u8>) {
    let Ok(mut request) = decode::<UploadRequest>(bytes) else { return };
    let (mut seq, mut hash) = (journal().last_seq, journal().last_hash);
    for entry in &mut request.entries {
        seq += 1;
        let sealed = entry_hash(seq, entry.kind, entry.created_at_ms, &hash, entry.payload.as_slice());
        *entry = OutboxEntry { seq, previous_hash: hash.into(), hash: sealed.into(), ..entry.clone() };
        hash = sealed;
    }
    *bytes = encode(&request);
}
