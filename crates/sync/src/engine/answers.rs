//! Ends of requests: what each means for the connection, and which part goes on with it.

use holdfast_protocol::problem::{Problem, code};

use super::requests::{InFlight, Purpose};
use super::wait::Wait;
use super::{Engine, PAUSE_MS_MAX};
use crate::connectivity::Mode;
use crate::effect::{CallError, CallReply, RequestId};
use crate::messages::LookUpFailure;

/// Shortest pause that a busy store server gets, milliseconds.
const PAUSE_MS_MIN: i64 = 1_000;
/// Part of a pause by which it is longer at most.
const PAUSE_SPREAD_DIVISOR: i64 = 2;
/// Longest time by which a pause is longer, milliseconds.
const PAUSE_SPREAD_MS_MAX: i64 = 2_000;
/// Why an answer of another kind than the request counts for nothing.
const OTHER_KIND: &str = "the answer is not one to this request";

impl Engine {
    pub(super) fn answered(&mut self, id: RequestId, result: Result<CallReply, CallError>) {
        // What is not awaited any more came too late: the store server may have done it, or may not.
        let Some(request) = self.requests.take(id) else { return };
        match result {
            Ok(reply) => self.replied(request, reply),
            Err(CallError::NoAnswer(reason)) => self.request_failed(request, &reason),
            Err(CallError::Refused(problem)) => {
                self.exchange_succeeded();
                self.refused(&request.purpose, &problem);
            }
            Err(CallError::Busy { retry_after_ms }) => {
                self.exchange_succeeded();
                self.pause(&request.purpose, retry_after_ms);
            }
        }
    }

    fn replied(&mut self, request: InFlight, reply: CallReply) {
        match request.purpose {
            Purpose::Contact(at_sending) => {
                let CallReply::Contact(reply) = reply else {
                    return self.request_failed(request, OTHER_KIND);
                };
                if reply.nonce != at_sending.nonce {
                    // A captive portal, a cache or another request's answer: nothing was reached.
                    return self.request_failed(request, "the answer does not hold this contact's nonce");
                }
                self.last_exchange_at_ms = Some(self.now_ms);
                let timeouts = self.timeouts();
                if request.is_alone {
                    self.connectivity.answered(request.started_at_ms, self.now_ms, &timeouts);
                } else {
                    self.connectivity.answered_beside_others(request.started_at_ms, self.now_ms, &timeouts);
                }
                if matches!(self.connectivity.mode(), Mode::Offline { .. } | Mode::Reconnecting { .. }) {
                    // Too slow to work with, or not yet known to be fast again.
                    return;
                }
                self.contact_answered(reply, at_sending);
            }
            Purpose::Profile => {
                let CallReply::Profile(reply) = reply else {
                    return self.request_failed(request, OTHER_KIND);
                };
                self.exchange_succeeded();
                self.profile_answered(reply);
            }
            Purpose::Manifest(table) => {
                let CallReply::Manifest(manifest) = reply else {
                    return self.request_failed(request, OTHER_KIND);
                };
                if manifest.table != table {
                    return self.request_failed(request, OTHER_KIND);
                }
                self.exchange_succeeded();
                self.manifest_answered(manifest);
            }
            Purpose::Page { table, page_no } => {
                let CallReply::Page(bytes) = reply else { return self.request_failed(request, OTHER_KIND) };
                self.exchange_succeeded();
                self.page_answered(table, page_no, bytes);
            }
            Purpose::Pull { table, since } => {
                let CallReply::Pull(reply) = reply else { return self.request_failed(request, OTHER_KIND) };
                if reply.table != table || reply.since != since {
                    return self.request_failed(request, OTHER_KIND);
                }
                self.exchange_succeeded();
                self.pull_answered(reply);
            }
            Purpose::Upload => {
                let CallReply::Upload(reply) = reply else { return self.request_failed(request, OTHER_KIND) };
                self.exchange_succeeded();
                self.upload_answered(&reply);
            }
            Purpose::LookUp { asked } => {
                let CallReply::LookUp(reply) = reply else { return self.request_failed(request, OTHER_KIND) };
                self.exchange_succeeded();
                self.looked_up(asked, Ok(reply));
            }
        }
    }

    fn exchange_succeeded(&mut self) {
        self.last_exchange_at_ms = Some(self.now_ms);
        self.connectivity.succeeded();
    }

    pub(super) fn exchange_failed(&mut self, started_at_ms: i64) {
        // What succeeded meanwhile counts: the timeout runs from the last success at the earliest.
        let since_ms = self.last_exchange_at_ms.map_or(started_at_ms, |at_ms| at_ms.max(started_at_ms));
        self.connectivity.failed(since_ms, self.now_ms, &self.timeouts());
    }

    /// No answer: it failed as an exchange, and the part that wanted it tries again later.
    pub(super) fn request_failed(&mut self, request: InFlight, reason: &str) {
        self.exchange_failed(request.started_at_ms);
        match request.purpose {
            Purpose::Contact(_) => {}
            Purpose::Profile => self.profile_check.back_off.failed(self.now_ms),
            Purpose::Manifest(_) | Purpose::Page { .. } | Purpose::Pull { .. } => {
                self.fail_round(format!("downloading failed: {reason}"));
            }
            Purpose::Upload => self.upload_unanswered(reason),
            Purpose::LookUp { .. } => self.look_up_failed(&request.purpose, LookUpFailure::NoAnswer),
        }
    }

    fn refused(&mut self, purpose: &Purpose, problem: &Problem) {
        if problem.code == code::REGISTER_UNKNOWN {
            self.look_up_failed(purpose, LookUpFailure::Refused);
            self.deactivated = Some(Wait::begin(self.now_ms, self.timeouts().reconnect_ms));
            self.forget_requests(LookUpFailure::Refused);
            self.abandon_upload();
            self.abandon_download();
            return;
        }
        if problem.code == code::BUSY {
            self.pause(purpose, PAUSE_MS_MIN);
            return;
        }
        match purpose {
            // It took this version's contact: what comes down is for newer apps. A contact or an upload that is
            // not understood is of an older store server.
            Purpose::Profile | Purpose::Manifest(_) | Purpose::Page { .. } | Purpose::Pull { .. }
                if problem.code == code::VERSION_UNKNOWN =>
            {
                self.only_upload();
                // A store server of before may answer the next contact, where several are being updated.
                self.download.refused(self.now_ms);
            }
            Purpose::Contact(_) => self.faults.contact = Some(problem.to_string()),
            Purpose::Profile => {
                self.profile_check.back_off.failed(self.now_ms);
                self.faults.profile = Some(problem.to_string());
            }
            Purpose::Manifest(_) | Purpose::Page { .. } | Purpose::Pull { .. } => {
                self.fail_round(problem.to_string());
            }
            Purpose::Upload => self.upload_refused(problem),
            // What is wrong with it is no fault of the synchronisation.
            Purpose::LookUp { .. } => self.look_up_failed(purpose, LookUpFailure::Refused),
        }
    }

    /// Leaves a busy store server alone, and has what it did not do tried again afterwards.
    fn pause(&mut self, purpose: &Purpose, retry_after_ms: i64) {
        let asked_ms = retry_after_ms.clamp(PAUSE_MS_MIN, PAUSE_MS_MAX - PAUSE_SPREAD_MS_MAX);
        // Seconds are coarse: registers that were given the same one come one after the other.
        let most_ms = (asked_ms / PAUSE_SPREAD_DIVISOR).min(PAUSE_SPREAD_MS_MAX);
        let pause_ms = asked_ms + most_ms * self.random.thousandths() / 1_000;
        self.pause = Some(Wait::begin(self.now_ms, pause_ms));
        match purpose {
            Purpose::Contact(_) => self.contact.now(),
            Purpose::Profile => {}
            Purpose::Manifest(_) | Purpose::Page { .. } | Purpose::Pull { .. } => self.abandon_download(),
            Purpose::Upload => self.abandon_upload(),
            Purpose::LookUp { .. } => self.look_up_failed(purpose, LookUpFailure::Busy),
        }
    }
}
