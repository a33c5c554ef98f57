//! Look-ups: what a till asks the store server for because it is not kept here (DESIGN section 4).
//!
//! Each is answered once: by the store server, or at the latest when the offline timeout is over; one that came before
//! the databases were read waits a moment for them besides. Offline, nothing is sent for them.

use holdfast_protocol::look_up::{LookUpReply, LookUpRequest};

use super::requests::Purpose;
use super::wait::Wait;
use super::{Engine, REQUEST_TIMEOUT_MS, wait};
use crate::connectivity::{Mode, Timeouts};
use crate::effect::{Call, Effect};
use crate::messages::LookUpFailure;

/// Most look-ups on their way; a scanner is not faster than that with a store server that answers.
const LOOK_UPS_MAX: usize = 8;
/// How long a look-up waits for the databases to be read, milliseconds.
const EARLY_MS_MAX: i64 = Timeouts::INITIAL.offline_ms;
/// How long one that has waited for them waits for the store server at most, milliseconds: whoever asked gives up by
/// itself soon after [`REQUEST_TIMEOUT_MS`].
const AFTER_EARLY_MS_MAX: i64 = REQUEST_TIMEOUT_MS - EARLY_MS_MAX;

/// Look-ups of a worker that was just started: whether anything may be sent stands in the databases.
#[derive(Debug, Default)]
pub(super) struct EarlyLookUps {
    /// At most [`LOOK_UPS_MAX`], in the order in which they were asked.
    waiting: Vec<EarlyLookUp>,
}

#[derive(Debug)]
struct EarlyLookUp {
    asked: u32,
    request: LookUpRequest,
    wait: Wait,
}

impl EarlyLookUps {
    pub(super) fn deadline_ms(&self) -> Option<i64> {
        self.waiting.iter().map(|early| early.wait.until_ms()).min()
    }

    pub(super) fn clamp_to_clock(&mut self, now_ms: i64) {
        self.waiting.iter_mut().for_each(|early| early.wait.clamp_to_clock(now_ms));
    }
}

impl Engine {
    /// Asks the store server, as soon as it is known whether that is possible.
    pub(super) fn look_up(&mut self, asked: u32, request: LookUpRequest) {
        if self.loaded_once {
            return self.ask_store_server(asked, request, REQUEST_TIMEOUT_MS);
        }
        if self.early_look_ups.waiting.len() >= LOOK_UPS_MAX {
            return self.looked_up(asked, Err(LookUpFailure::Busy));
        }
        let wait = Wait::begin(self.now_ms, EARLY_MS_MAX);
        self.early_look_ups.waiting.push(EarlyLookUp { asked, request, wait });
    }

    /// The databases are read: asks what has waited for that.
    pub(super) fn look_up_early_ones(&mut self) {
        for EarlyLookUp { asked, request, .. } in std::mem::take(&mut self.early_look_ups.waiting) {
            self.ask_store_server(asked, request, AFTER_EARLY_MS_MAX);
        }
    }

    /// The databases hang or fail for so long that nobody is to wait for them.
    pub(super) fn give_up_early_look_ups(&mut self) {
        let now_ms = self.now_ms;
        let given_up = self.early_look_ups.waiting.extract_if(.., |early| early.wait.is_over(now_ms));
        let given_up: Vec<u32> = given_up.map(|early| early.asked).collect();
        for asked in given_up {
            self.looked_up(asked, Err(LookUpFailure::NoAnswer));
        }
    }

    /// Asks, if that is possible now, and waits no longer than the offline timeout and `longest_ms`.
    fn ask_store_server(&mut self, asked: u32, request: LookUpRequest, longest_ms: i64) {
        let wait_ms = match self.connectivity.mode() {
            Mode::Online => self.timeouts().offline_ms,
            Mode::Waiting { offline_at_ms, .. } => offline_at_ms - self.now_ms,
            Mode::Offline { .. } | Mode::Reconnecting { .. } => {
                return self.looked_up(asked, Err(LookUpFailure::Offline));
            }
        };
        if self.deactivated.is_some() {
            return self.looked_up(asked, Err(LookUpFailure::Refused));
        }
        let on_their_way = self.requests.count(|purpose| matches!(purpose, Purpose::LookUp { .. }));
        if !wait::is_over(self.pause.as_ref(), self.now_ms) || on_their_way >= LOOK_UPS_MAX {
            return self.looked_up(asked, Err(LookUpFailure::Busy));
        }
        self.send(Purpose::LookUp { asked }, Call::LookUp(request), wait_ms.clamp(1, longest_ms));
    }

    /// Tells who asked.
    pub(super) fn looked_up(&mut self, asked: u32, result: Result<LookUpReply, LookUpFailure>) {
        self.effects.push_back(Effect::LookedUp { asked, result });
    }

    /// Nothing comes of a request: tells who asked for it, if it is a look-up.
    pub(super) fn look_up_failed(&mut self, purpose: &Purpose, why: LookUpFailure) {
        if let Purpose::LookUp { asked } = *purpose {
            self.looked_up(asked, Err(why));
        }
    }

    /// Awaits no request any more; who asked for one is told.
    pub(super) fn forget_requests(&mut self, why: LookUpFailure) {
        let forgotten = self.requests.take_all();
        for request in forgotten {
            self.look_up_failed(&request.purpose, why);
        }
    }
}
