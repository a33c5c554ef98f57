//! Who goes next: the fair waiting room as plain data.
//!
//! Callers take turns, one request at work each; who waits is served before anybody is served twice. Knows
//! no clock, no task and no request: whoever holds it tells what happened.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Mean work of a request before any was seen, microseconds.
const FIRST_GUESS_US: u64 = 10_000;
/// Longest work that counts as that much: one slow peer must not make everybody look slow, microseconds.
const WORK_US_MAX: u64 = 1_000_000;
/// Weight of the mean against one more request.
const MEAN_WEIGHT: u64 = 8;
/// Shortest time after which to come again, milliseconds.
const RETRY_AFTER_MS_MIN: u64 = 1_000;
/// Longest time after which to come again, milliseconds.
const RETRY_AFTER_MS_MAX: u64 = 45_000;

/// A place in the waiting room.
pub type Ticket = u64;

/// How much is let in.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests at work at once.
    pub at_work_max: usize,
    /// Requests that wait, all callers together.
    pub waiting_max: usize,
    /// Requests of one caller that wait.
    pub waiting_each_max: usize,
    /// Longest time that a request is expected to wait, milliseconds.
    pub wait_ms_max: u64,
}

/// What becomes of a request that arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It is at work.
    Admitted,
    /// It waits for [`Scheduler::admit`] to name its ticket.
    Waits(Ticket),
    /// There is no room.
    Refused {
        /// When to come again; spread, so that those refused together do not come together.
        retry_after_ms: u64,
    },
}

/// The waiting room.
#[derive(Debug)]
pub struct Scheduler<C> {
    limits: Limits,
    /// Callers with a request at work.
    at_work: BTreeSet<C>,
    /// Waiting tickets by caller, oldest first; no caller without one.
    waiting: BTreeMap<C, VecDeque<Ticket>>,
    /// Callers that wait and have nothing at work, each once. Empty while there is room at work.
    turns: VecDeque<C>,
    owners: BTreeMap<Ticket, C>,
    next_ticket: Ticket,
    mean_work_us: u64,
    /// When the last of those that were sent away is due, on the caller's clock in microseconds.
    promised_until_us: u64,
}

impl<C: Ord + Clone> Scheduler<C> {
    /// An empty room. There is room at work for one at least.
    pub fn new(limits: Limits) -> Scheduler<C> {
        Scheduler {
            limits: Limits { at_work_max: limits.at_work_max.max(1), ..limits },
            at_work: BTreeSet::new(),
            waiting: BTreeMap::new(),
            turns: VecDeque::new(),
            owners: BTreeMap::new(),
            next_ticket: 1,
            mean_work_us: FIRST_GUESS_US,
            promised_until_us: 0,
        }
    }

    /// A request comes.
    pub fn arrive(&mut self, caller: C, now_ms: u64) -> Arrival {
        let is_free = self.at_work.len() < self.limits.at_work_max && self.turns.is_empty();
        if is_free && !self.at_work.contains(&caller) {
            self.at_work.insert(caller);
            return Arrival::Admitted;
        }
        let own = self.waiting.get(&caller).map_or(0, VecDeque::len);
        if self.owners.len() >= self.limits.waiting_max
            || own >= self.limits.waiting_each_max
            || self.expected_wait_us() > self.limits.wait_ms_max * 1_000
        {
            return Arrival::Refused { retry_after_ms: self.promise(now_ms) };
        }
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        if own == 0 && !self.at_work.contains(&caller) {
            self.turns.push_back(caller.clone());
        }
        self.owners.insert(ticket, caller.clone());
        self.waiting.entry(caller).or_default().push_back(ticket);
        Arrival::Waits(ticket)
    }

    /// A request's work is over. Its time tells how soon the next are done, if it is told. Call
    /// [`Scheduler::admit`] afterwards.
    pub fn finish(&mut self, caller: &C, worked_us: Option<u64>) {
        if !self.at_work.remove(caller) {
            return;
        }
        if let Some(worked_us) = worked_us {
            let worked_us = worked_us.min(WORK_US_MAX);
            self.mean_work_us = (self.mean_work_us * (MEAN_WEIGHT - 1) + worked_us) / MEAN_WEIGHT;
        }
        if self.waiting.contains_key(caller) {
            self.turns.push_back(caller.clone());
        }
    }

    /// The next request to work, until `None`.
    pub fn admit(&mut self) -> Option<(Ticket, C)> {
        if self.at_work.len() >= self.limits.at_work_max {
            return None;
        }
        let caller = self.turns.pop_front()?;
        let ticket = self.take_oldest(&caller)?;
        self.at_work.insert(caller.clone());
        Some((ticket, caller))
    }

    /// A request no longer wants to wait; false when it does not wait, being at work or gone.
    pub fn leave(&mut self, ticket: Ticket) -> bool {
        let Some(caller) = self.owners.remove(&ticket) else { return false };
        if let Some(tickets) = self.waiting.get_mut(&caller) {
            tickets.retain(|&other| other != ticket);
            if tickets.is_empty() {
                self.waiting.remove(&caller);
                self.turns.retain(|other| *other != caller);
            }
        }
        true
    }

    /// When a request that did not wait to the end should come again.
    pub fn promise(&mut self, now_ms: u64) -> u64 {
        let now_us = now_ms * 1_000;
        let every_us = self.one_done_every_us();
        let earliest_us = now_us + (RETRY_AFTER_MS_MIN * 1_000).max(self.expected_wait_us());
        self.promised_until_us = self.promised_until_us.max(earliest_us) + every_us;
        if self.promised_until_us > now_us + RETRY_AFTER_MS_MAX * 1_000 {
            // More than can be served until then: begin again from the middle, so that they stay spread.
            self.promised_until_us = now_us + RETRY_AFTER_MS_MAX * 1_000 / 2;
        }
        (self.promised_until_us - now_us).div_ceil(1_000)
    }

    fn take_oldest(&mut self, caller: &C) -> Option<Ticket> {
        let tickets = self.waiting.get_mut(caller)?;
        let ticket = tickets.pop_front()?;
        if tickets.is_empty() {
            self.waiting.remove(caller);
        }
        self.owners.remove(&ticket);
        Some(ticket)
    }

    fn one_done_every_us(&self) -> u64 {
        (self.mean_work_us / self.limits.at_work_max as u64).max(1)
    }

    fn expected_wait_us(&self) -> u64 {
        self.one_done_every_us() * self.owners.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMITS: Limits = Limits { at_work_max: 2, waiting_max: 6, waiting_each_max: 3, wait_ms_max: 5_000 };

    fn waits(arrival: Arrival) -> Ticket {
        match arrival {
            Arrival::Waits(ticket) => ticket,
            Arrival::Admitted | Arrival::Refused { .. } => panic!("{arrival:?} does not wait"),
        }
    }

    fn retry_after_ms(arrival: Arrival) -> u64 {
        match arrival {
            Arrival::Refused { retry_after_ms } => retry_after_ms,
            Arrival::Admitted | Arrival::Waits(_) => panic!("{arrival:?} is no refusal"),
        }
    }

    #[test]
    fn a_register_with_many_requests_does_not_hold_up_the_others() {
        let mut room = Scheduler::new(Limits { at_work_max: 1, ..LIMITS });
        assert_eq!(room.arrive('a', 0), Arrival::Admitted);
        let second = waits(room.arrive('a', 0));
        let third = waits(room.arrive('a', 0));
        let other = waits(room.arrive('b', 0));
        assert_eq!(room.admit(), None, "one is at work");
        room.finish(&'a', Some(1_000));
        assert_eq!(room.admit(), Some((other, 'b')));
        room.finish(&'b', Some(1_000));
        assert_eq!(room.admit(), Some((second, 'a')));
        room.finish(&'a', Some(1_000));
        assert_eq!(room.admit(), Some((third, 'a')));
    }

    #[test]
    fn one_register_has_one_request_at_work_though_there_is_room() {
        let mut room = Scheduler::new(LIMITS);
        assert_eq!(room.arrive('a', 0), Arrival::Admitted);
        let second = waits(room.arrive('a', 0));
        assert_eq!(room.admit(), None);
        assert_eq!(room.arrive('b', 0), Arrival::Admitted);
        room.finish(&'a', Some(1_000));
        assert_eq!(room.admit(), Some((second, 'a')));
    }

    #[test]
    fn the_room_is_bounded_for_each_and_for_all() {
        let mut room = Scheduler::new(LIMITS);
        for _ in 0..4 {
            room.arrive('a', 0);
        }
        assert!(retry_after_ms(room.arrive('a', 0)) >= 1_000, "three of one register wait");
        assert_eq!(room.arrive('b', 0), Arrival::Admitted);
        for caller in ['c', 'd', 'e'] {
            waits(room.arrive(caller, 0));
        }
        retry_after_ms(room.arrive('f', 0));
    }

    #[test]
    fn nobody_waits_longer_than_it_is_worth() {
        let mut room = Scheduler::new(Limits { at_work_max: 1, waiting_max: 1_000, ..LIMITS });
        for caller in 0..40 {
            assert_eq!(room.arrive(caller, 0), Arrival::Admitted);
            room.finish(&caller, Some(u64::MAX));
        }
        // A second each, so that the seventh would wait for more than five.
        let waiting = (0..100).filter(|&caller| matches!(room.arrive(caller, 0), Arrival::Waits(_)));
        assert_eq!(waiting.count(), 6);
    }

    #[test]
    fn those_that_are_refused_together_are_asked_to_come_one_after_the_other() {
        let mut room = Scheduler::new(Limits { waiting_max: 0, ..LIMITS });
        room.arrive(0, 0);
        room.arrive(1, 0);
        let times: Vec<u64> = (2..1_002).map(|caller| retry_after_ms(room.arrive(caller, 0))).collect();
        assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
        // 10 ms of work, two at a time.
        assert_eq!((times[0], times[999]), (1_005, 6_000));
        let later = retry_after_ms(room.arrive(2, 5_500));
        assert_eq!(later, 1_005, "what was promised for then is over");
    }

    #[test]
    fn a_refusal_is_bounded_and_stays_spread_beyond() {
        let mut room = Scheduler::new(Limits { at_work_max: 1, waiting_max: 0, ..LIMITS });
        room.arrive(0, 0);
        let times: Vec<u64> = (1..20_000).map(|caller| retry_after_ms(room.arrive(caller, 0))).collect();
        assert!(times.iter().all(|time| (1_000..=45_000).contains(time)));
        let late = times.iter().filter(|&&time| time > 40_000).count();
        assert!((1_000..6_000).contains(&late), "{late} of 20,000 in the last five seconds");
    }

    #[test]
    fn who_leaves_is_not_called() {
        let mut room = Scheduler::new(Limits { at_work_max: 1, ..LIMITS });
        room.arrive('a', 0);
        let (b, c) = (waits(room.arrive('b', 0)), waits(room.arrive('c', 0)));
        assert!(room.leave(b));
        assert!(!room.leave(b));
        room.finish(&'a', Some(1_000));
        assert_eq!(room.admit(), Some((c, 'c')));
        assert!(!room.leave(c), "who is at work does not leave the waiting room");
        room.finish(&'c', Some(1_000));
        assert_eq!(room.admit(), None);
        assert!(room.owners.is_empty() && room.waiting.is_empty() && room.turns.is_empty());
    }

    /// What may happen to a room.
    #[derive(Debug, Clone)]
    enum Step {
        Arrive(u8),
        Finish(usize),
        Leave(usize),
    }

    fn some_steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            3 => (0..6_u8).prop_map(Step::Arrive),
            2 => any::<prop::sample::Index>().prop_map(|at| Step::Finish(at.index(64))),
            1 => any::<prop::sample::Index>().prop_map(|at| Step::Leave(at.index(64))),
        ];
        prop::collection::vec(step, 0..200)
    }

    proptest! {
        #[test]
        fn capacity_is_kept_and_no_register_waits_while_another_is_served_twice(steps in some_steps()) {
            let mut room = Scheduler::new(LIMITS);
            let mut at_work: Vec<u8> = Vec::new();
            let mut waiting: Vec<(Ticket, u8)> = Vec::new();
            // For each register that could be served and is not: how often each other one was meanwhile.
            let mut passed_over: BTreeMap<u8, BTreeMap<u8, u32>> = BTreeMap::new();
            for step in steps {
                let mut served = Vec::new();
                match step {
                    Step::Arrive(caller) => match room.arrive(caller, 0) {
                        Arrival::Admitted => served.push(caller),
                        Arrival::Waits(ticket) => waiting.push((ticket, caller)),
                        Arrival::Refused { .. } => {
                            let own = waiting.iter().filter(|(_, other)| *other == caller).count();
                            prop_assert!(waiting.len() == LIMITS.waiting_max || own == LIMITS.waiting_each_max);
                        }
                    },
                    Step::Finish(at) if !at_work.is_empty() => {
                        let caller = at_work.remove(at % at_work.len());
                        room.finish(&caller, Some(1_000));
                    }
                    Step::Leave(at) if !waiting.is_empty() => {
                        let (ticket, _) = waiting.remove(at % waiting.len());
                        prop_assert!(room.leave(ticket));
                    }
                    Step::Finish(_) | Step::Leave(_) => {}
                }
                while let Some((ticket, caller)) = room.admit() {
                    prop_assert!(waiting.contains(&(ticket, caller)), "who left or was served is not called");
                    let oldest = waiting.iter().find(|(_, other)| *other == caller).map(|(ticket, _)| *ticket);
                    prop_assert_eq!(oldest, Some(ticket), "each register's requests in their order");
                    waiting.retain(|(other, _)| *other != ticket);
                    served.push(caller);
                }
                at_work.extend(&served);
                prop_assert!(at_work.len() <= LIMITS.at_work_max);
                prop_assert!(waiting.len() <= LIMITS.waiting_max);
                let distinct: BTreeSet<u8> = at_work.iter().copied().collect();
                prop_assert_eq!(distinct.len(), at_work.len(), "one each");
                let could_be: BTreeSet<u8> =
                    waiting.iter().map(|(_, caller)| *caller).filter(|caller| !distinct.contains(caller)).collect();
                prop_assert!(could_be.is_empty() || at_work.len() == LIMITS.at_work_max, "nobody waits in vain");
                passed_over.retain(|caller, _| could_be.contains(caller));
                for &caller in &could_be {
                    let Some(others) = passed_over.get_mut(&caller) else {
                        passed_over.insert(caller, BTreeMap::new());
                        continue;
                    };
                    for &other in &served {
                        let times = others.entry(other).or_default();
                        *times += 1;
                        prop_assert!(*times < 2, "{other} was served twice while {caller} waited");
                    }
                }
            }
        }
    }
}
