//! Requests that are on their way: what each is for, since when, and when it counts as failed.

use std::collections::BTreeMap;

use holdfast_profile::TableId;

use crate::connectivity::UNANSWERED_AFTER_MS;
use crate::effect::RequestId;

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A contact.
    Contact(AtSending),
    /// The profile.
    Profile,
    /// The manifest of a table.
    Manifest(TableId),
    /// A page of a table's generation.
    Page {
        /// Which table.
        table: TableId,
        /// Which of its pages.
        page_no: u32,
    },
    /// Changes of a table.
    Pull {
        /// Which table.
        table: TableId,
        /// The cursor that was sent.
        since: u64,
    },
    /// Outbox entries.
    Upload,
    /// What a till looks up.
    LookUp {
        /// The till's number of it.
        asked: u32,
    },
}

/// What a contact's reply is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AtSending {
    /// The reply must hold it.
    pub(super) nonce: u64,
    /// How often the outbox had been settled when it was sent.
    pub(super) settled_count: u64,
    /// How often a table had been shown when it was sent.
    pub(super) shown_count: u64,
    /// The version of the profile that the register had; 0 for none.
    pub(super) profile_version: u64,
    /// The version of the profile to which the register moved when it was sent.
    pub(super) moving_to: Option<u64>,
}

/// A request on its way.
#[derive(Debug, Clone)]
pub(super) struct InFlight {
    pub(super) purpose: Purpose,
    pub(super) started_at_ms: i64,
    timeout_ms: i64,
    deadline_ms: i64,
    /// Whether the connectivity machine was told that it has gone unanswered for long.
    reported: bool,
    /// Whether nothing but contacts was on its way at the same time: else the line may have been busy with that.
    pub(super) is_alone: bool,
}

/// All requests on their way.
#[derive(Debug, Default)]
pub(super) struct Requests {
    in_flight: BTreeMap<RequestId, InFlight>,
    /// Whether the driver has something on its way that is not the engine's.
    others_are_busy: bool,
}

impl Requests {
    pub(super) fn add(&mut self, id: RequestId, purpose: Purpose, now_ms: i64, timeout_ms: i64) {
        let is_contact = |purpose: &Purpose| matches!(purpose, Purpose::Contact(_));
        let is_alone =
            !self.others_are_busy && self.in_flight.values().all(|request| is_contact(&request.purpose));
        if !is_contact(&purpose) {
            self.leave_none_alone();
        }
        let request = InFlight {
            purpose,
            started_at_ms: now_ms,
            timeout_ms,
            deadline_ms: now_ms + timeout_ms,
            reported: false,
            is_alone,
        };
        self.in_flight.insert(id, request);
    }

    /// Whether the driver has something on its way that is not the engine's.
    pub(super) fn set_others_busy(&mut self, are_busy: bool) {
        self.others_are_busy = are_busy;
        if are_busy {
            self.leave_none_alone();
        }
    }

    fn leave_none_alone(&mut self) {
        self.in_flight.values_mut().for_each(|request| request.is_alone = false);
    }

    /// The request with this id, if it is still awaited.
    pub(super) fn take(&mut self, id: RequestId) -> Option<InFlight> {
        self.in_flight.remove(&id)
    }

    /// Whether the answer to this request is still awaited.
    #[cfg(any(test, feature = "simulator"))]
    pub(super) fn are_awaiting(&self, id: RequestId) -> bool {
        self.in_flight.contains_key(&id)
    }

    /// Forgets requests; their answers will be ignored.
    pub(super) fn forget(&mut self, unwanted: impl Fn(&Purpose) -> bool) {
        self.in_flight.retain(|_, request| !unwanted(&request.purpose));
    }

    /// Takes all of them; their answers will be ignored.
    pub(super) fn take_all(&mut self) -> impl Iterator<Item = InFlight> + use<> {
        std::mem::take(&mut self.in_flight).into_values()
    }

    pub(super) fn count(&self, wanted: impl Fn(&Purpose) -> bool) -> usize {
        self.in_flight.values().filter(|request| wanted(&request.purpose)).count()
    }

    /// Whether a request is on its way of which it is of interest how the line is: a download, or anything that has gone
    /// unanswered for [`UNANSWERED_AFTER_MS`].
    pub(super) fn are_to_be_watched(&self) -> bool {
        self.in_flight.values().any(|request| match &request.purpose {
            Purpose::Contact(_) => false,
            Purpose::Profile | Purpose::Manifest(_) | Purpose::Page { .. } | Purpose::Pull { .. } => true,
            Purpose::Upload | Purpose::LookUp { .. } => request.reported,
        })
    }

    /// Takes a request whose deadline has passed.
    pub(super) fn take_expired(&mut self, now_ms: i64) -> Option<InFlight> {
        let id =
            self.in_flight.iter().find(|(_, request)| now_ms >= request.deadline_ms).map(|(&id, _)| id)?;
        self.in_flight.remove(&id)
    }

    /// Starts of requests that have now gone unanswered for [`UNANSWERED_AFTER_MS`]; each is told once.
    pub(super) fn newly_unanswered(&mut self, now_ms: i64) -> Vec<i64> {
        let mut starts = Vec::new();
        for request in self.in_flight.values_mut() {
            if !request.reported && now_ms >= request.started_at_ms + UNANSWERED_AFTER_MS {
                request.reported = true;
                starts.push(request.started_at_ms);
            }
        }
        starts
    }

    pub(super) fn next_deadline_ms(&self) -> Option<i64> {
        let deadlines = self.in_flight.values().map(|request| {
            let unanswered_at_ms = request.started_at_ms + UNANSWERED_AFTER_MS;
            if request.reported { request.deadline_ms } else { unanswered_at_ms.min(request.deadline_ms) }
        });
        deadlines.min()
    }

    /// A clock that was set back must not stretch a deadline.
    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        for request in self.in_flight.values_mut() {
            request.started_at_ms = request.started_at_ms.min(now_ms);
            request.deadline_ms = request.deadline_ms.min(now_ms + request.timeout_ms);
        }
    }

    /// The device slept: the time of it is not the store server's silence.
    pub(super) fn forgive_sleep(&mut self, now_ms: i64) {
        for request in self.in_flight.values_mut() {
            request.started_at_ms = request.started_at_ms.max(now_ms - UNANSWERED_AFTER_MS);
        }
    }
}
