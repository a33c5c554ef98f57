//! Look-ups: what a till asks the store server for because it is not kept here (DESIGN section 4).
//!
//! Each is answered once: by the store server, or at the latest when the offline timeout is over. Offline, nothing is
//! sent for them.

use holdfast_protocol::look_up::{LookUpReply, LookUpRequest};

use super::requests::Purpose;
use super::{Engine, REQUEST_TIMEOUT_MS, wait};
use crate::connectivity::Mode;
use crate::effect::{Call, Effect};
use crate::messages::LookUpFailure;

/// Most look-ups on their way; a scanner is not faster than that with a store server that answers.
const LOOK_UPS_MAX: usize = 8;

impl Engine {
    /// Asks the store server, if that is possible now.
    pub(super) fn look_up(&mut self, asked: u32, request: LookUpRequest) {
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
        self.send(Purpose::LookUp { asked }, Call::LookUp(request), wait_ms.clamp(1, REQUEST_TIMEOUT_MS));
    }

    /// Tells who asked.
    pub(super) fn looked_up(&mut self, asked: u32, result: Result<LookUpReply, LookUpFailure>) {
        self.effects.push_back(Effect::LookedUp { asked, result });
    }

    /// Awaits no request any more; who asked for one is told.
    pub(super) fn forget_requests(&mut self, why: LookUpFailure) {
        let forgotten = self.requests.take_all();
        for request in forgotten {
            if let Purpose::LookUp { asked } = request.purpose {
                self.looked_up(asked, Err(why));
            }
        }
    }
}
