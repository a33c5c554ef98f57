//! The way between registers and the store server: loss, duplicates, delay, partitions, captive portals.

use super::mutation::Mutation;
use super::register::{Register, SentContact};
use super::world::{Happening, World};
use crate::effect::{Call, CallError, CallReply, RequestId};
use holdfast_protocol::messages::ContactReply;
use holdfast_protocol::page;

/// A request on its way.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) at: usize,
    pub(super) incarnation: u32,
    pub(super) id: RequestId,
    pub(super) call: Call,
    pub(super) reply: ReplyFate,
}

/// What will become of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReplyFate {
    Arrives { wait_ms: i64 },
    Lost,
}

fn register_is_slow(register: &Register, is_contact: bool, now_ms: i64) -> bool {
    let is_next = is_contact && register.contacts_count.is_multiple_of(2);
    register.slow_until_ms > now_ms || (register.unsteady_until_ms > now_ms && is_next)
}

impl World {
    /// Sends a register's request into the world.
    pub(super) fn send(&mut self, at: usize, id: RequestId, call: Call, timeout_ms: i64) {
        let register = &mut self.registers[at];
        let incarnation = register.incarnation;
        match &call {
            Call::Contact(request) => {
                register.nonces.insert(id, request.nonce);
                let (at_ms, others) = (self.now_ms, &register.others_awaited_until_ms);
                let is_alone = others.values().all(|&until_ms| until_ms <= at_ms);
                register.contacts_sent.insert(id, SentContact { at_ms, is_alone });
                register.contacts_count += 1;
            }
            Call::Upload(request) => {
                register.last_upload = request.entries.iter().map(|entry| entry.seq).collect();
            }
            Call::Profile | Call::Manifest(_) | Call::Page(_) | Call::Pull(_) | Call::LookUp(_) => {}
        }
        if !matches!(call, Call::Contact(_)) {
            register.contacts_sent.values_mut().for_each(|contact| contact.is_alone = false);
            register.others_awaited_until_ms.insert(id, self.now_ms + timeout_ms);
        }
        if register.portal_until_ms > self.now_ms {
            return self.answer_as_portal(at, id, &call);
        }
        if register.partitioned_until_ms > self.now_ms {
            return self.no_answer(at, id, timeout_ms);
        }
        if self.rng.chance(self.rates.request_lost) {
            self.count_fault("request lost");
            return self.no_answer(at, id, timeout_ms);
        }
        if self.rng.chance(self.rates.duplicate) {
            self.count_fault("duplicate");
            let wait_ms = self.rng.between(1, 20_000);
            let delivery = Delivery { at, incarnation, id, call: call.clone(), reply: ReplyFate::Lost };
            self.after(wait_ms, Happening::RequestArrives(delivery));
        }
        let is_contact = matches!(call, Call::Contact(_));
        let is_slow = register_is_slow(&self.registers[at], is_contact, self.now_ms);
        let mut reply = self.reply_fate();
        if let (true, ReplyFate::Arrives { wait_ms }) = (is_slow, &mut reply) {
            *wait_ms += self.rng.between(900, 1_800);
        }
        if reply == ReplyFate::Lost {
            self.no_answer(at, id, timeout_ms);
        }
        let wait_ms = self.latency_ms();
        self.after(wait_ms, Happening::RequestArrives(Delivery { at, incarnation, id, call, reply }));
    }

    /// A request reaches the store server, or the place where it should be.
    pub(super) fn arrive(&mut self, delivery: Delivery) {
        let Delivery { at, incarnation, id, call, reply } = delivery;
        let number = self.registers[at].number;
        self.requests_arrived_count += 1;
        if let Some((place, applied)) = self.crash_server_at_request
            && place == self.requests_arrived_count
        {
            return self.crash_server(number, &call, applied);
        }
        let result = if self.server_down_until_ms > self.now_ms {
            Err(CallError::NoAnswer("connection refused".into()))
        } else if self.rng.chance(self.rates.busy) {
            self.count_fault("busy");
            Err(CallError::Busy { retry_after_ms: self.rng.between(0, 20_000) })
        } else if self.rng.chance(self.rates.server_error) {
            self.count_fault("server error");
            Err(super::model_server::refusal(500, holdfast_protocol::problem::code::INTERNAL))
        } else {
            self.server.answer(number, &call, self.now_ms)
        };
        if let ReplyFate::Arrives { wait_ms } = reply {
            let result = self.on_the_way_back(result);
            self.after(wait_ms, Happening::ReplyArrives { at, incarnation, id, result });
        }
    }

    /// The store server dies with a request in hand, and nobody hears what became of it.
    fn crash_server(&mut self, number: u16, call: &Call, applied: bool) {
        if applied {
            drop(self.server.answer(number, call, self.now_ms));
        }
        self.count_fault("server crash");
        let for_ms = 3_000;
        self.server_down_until_ms = self.now_ms + for_ms;
        self.after(for_ms, Happening::ServerUp);
    }

    fn on_the_way_back(&mut self, result: Result<CallReply, CallError>) -> Result<CallReply, CallError> {
        match result {
            Ok(CallReply::Page(bytes)) if self.rng.chance(self.rates.page_damaged) => {
                self.count_fault("page damaged");
                Ok(CallReply::Page(self.damaged(bytes)))
            }
            other => other,
        }
    }

    /// Other bytes than those of the page: a flipped bit, or another page in its place.
    pub(super) fn damaged(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let place = usize::try_from(self.rng.below(bytes.len() as u64)).unwrap_or(0);
        if self.rng.chance(300) {
            return page::pack(&[]);
        }
        if let Some(byte) = bytes.get_mut(place) {
            *byte ^= 1;
        }
        bytes
    }

    /// Nothing comes back; the driver says so at once, in time, or never.
    fn no_answer(&mut self, at: usize, id: RequestId, timeout_ms: i64) {
        let incarnation = self.registers[at].incarnation;
        let wait_ms = match self.rng.below(3) {
            0 => self.rng.between(1, 50),
            1 => timeout_ms,
            _ => return,
        };
        let result = Err(CallError::NoAnswer("unreachable".into()));
        self.after(wait_ms, Happening::ReplyArrives { at, incarnation, id, result });
    }

    /// A portal answers everything with its own page; a shameless one even looks like a contact's answer.
    fn answer_as_portal(&mut self, at: usize, id: RequestId, call: &Call) {
        let register = &self.registers[at];
        let incarnation = register.incarnation;
        let known = register.nonces.get(&id).copied().unwrap_or(0);
        let nonce =
            if self.mutation == Some(Mutation::NonceUnchecked) { known } else { known.wrapping_add(1) };
        let result = match call {
            Call::Contact(request) => Ok(CallReply::Contact(ContactReply {
                nonce,
                server_time_ms: 0,
                profile_version: request.profile_version,
                schema_version: 1,
                heads: Vec::new(),
                acknowledged_seq: u64::MAX,
                update_required: false,
                later_outcomes: None,
                retry_asked_at_ms: None,
                pictures: None,
                next_heads: None,
            })),
            Call::Profile
            | Call::Manifest(_)
            | Call::Page(_)
            | Call::Pull(_)
            | Call::Upload(_)
            | Call::LookUp(_) => Err(CallError::NoAnswer("<html>".into())),
        };
        self.after(20, Happening::ReplyArrives { at, incarnation, id, result });
    }
}
