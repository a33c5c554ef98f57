//! Outcomes that entries got after their upload: what an administrator mended in the back office.

use holdfast_protocol::messages::{LATER_OUTCOMES_MAX, LaterOutcomes};

use super::Engine;
use super::storage::{Owner, Step};
use crate::store::StoreCall;

impl Engine {
    /// Has them stored, with the number up to which they go. A reply that was made before the last results of an
    /// upload were stored may be older than those: the next contact asks again. So it does while the store server has
    /// entries whose upload was never answered here. What it told of those would be passed over, as they wait, and
    /// a later mend would come with the upload's answer alone: unseen, where a backup lacks that mend again. And so
    /// it does while earlier ones are about to be stored: both go on from the same number, and a store server that
    /// was restored between them would not tell again what the first said and it no longer has.
    pub(super) fn take_later_outcomes(
        &mut self,
        later: Option<LaterOutcomes>,
        server_seq: u64,
        settled_count: u64,
    ) {
        let Some(LaterOutcomes { since, up_to, results, more }) = later else { return };
        if !self.uploads_rest_since(settled_count) || since != self.state.outcomes_seen {
            return;
        }
        let acknowledged_seq = self.state.acknowledged_seq;
        if server_seq > acknowledged_seq || results.iter().any(|result| result.seq > acknowledged_seq) {
            return;
        }
        if results.len() > LATER_OUTCOMES_MAX {
            self.faults.contact = Some("the store server told more outcomes than it may".into());
            return;
        }
        if !self.storage.settles_later() {
            let call = StoreCall::SettleLater { up_to, results, at_ms: self.now_ms };
            self.storage.enqueue(Owner::Engine, Step::SettleLater { up_to, more }, call);
        }
    }

    /// They are stored; the rest of them comes with the next contact.
    pub(super) fn later_outcomes_stored(&mut self, up_to: u64, more: bool) {
        let moved = std::mem::replace(&mut self.state.outcomes_seen, up_to) != up_to;
        if more && moved {
            self.contact.now();
        }
    }
}
