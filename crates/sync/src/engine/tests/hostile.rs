//! Whatever comes in, the engine neither panics nor does endless work: answers that lie, storage replies of
//! another kind, ids that were never given, clocks that jump.

use holdfast_profile::{TableId, default_profile};
use holdfast_protocol::TableDigest;
use holdfast_protocol::look_up::{LookUpReply, LookUpRequest, Wanted};
use holdfast_protocol::messages::{
    ContactReply, EntryOutcome, EntryResult, LATER_OUTCOMES_MAX, LaterOutcomes, Manifest, NextHeads, PageRef,
    ProfileReply, PullReply, RowChange, TableHead, UploadReply,
};
use holdfast_protocol::problem::{Problem, code};

use super::bench::{BEGIN_MS, Bench};
use crate::connectivity::Connectivity;
use crate::effect::{Call, CallError, CallReply, Effect, Event, RequestId};
use crate::random::SplitMix;
use crate::store::JournalCounts;
use crate::store::{RegisterState, StoreCall, StoreError, StoreReply};

const SEEDS_COUNT: u64 = 1_000;
const STEPS_COUNT: u64 = 120;
const EFFECTS_MAX: usize = 300;

struct Chance(SplitMix);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0.next() % end
    }

    /// Mostly small, sometimes as large as it gets.
    fn number(&mut self) -> u64 {
        match self.below(6) {
            0 => u64::MAX,
            1 => self.0.next(),
            _ => self.below(8),
        }
    }

    fn time_ms(&mut self) -> i64 {
        match self.below(12) {
            // The ends of what a browser's clock can say.
            0 => 8_640_000_000_000_000,
            1 => -8_640_000_000_000_000,
            2 => 0,
            _ => BEGIN_MS + i64::try_from(self.below(10_000_000)).unwrap(),
        }
    }

    fn table(&mut self) -> TableId {
        TableId::ALL[usize::try_from(self.below(16)).unwrap()]
    }

    fn changes(&mut self) -> Vec<RowChange> {
        let count = self.below(3);
        (0..count).map(|_| RowChange { key: "k".into(), version: self.number(), body: None }).collect()
    }

    fn later_outcomes(&mut self) -> LaterOutcomes {
        let since = if self.below(2) == 0 { 0 } else { self.number() };
        let count = if self.below(5) == 0 { LATER_OUTCOMES_MAX + 1 } else { 2 };
        let results = (0..count).map(|_| EntryResult::new(self.number(), EntryOutcome::Accepted));
        let results = results.collect();
        LaterOutcomes { since, up_to: self.number(), results, more: self.below(2) == 0 }
    }

    fn heads(&mut self) -> Vec<TableHead> {
        let heads = (0..self.below(12)).map(|_| TableHead {
            table: self.table(),
            head: self.number(),
            oldest_cursor: self.number(),
            digest: (self.below(2) == 0).then(|| TableDigest { rows: self.number(), hash: [7; 32] }),
            view: (self.below(8) == 0).then(|| self.number()),
        });
        heads.collect()
    }

    fn contact(&mut self, nonce: u64, moving_to: Option<u64>) -> CallReply {
        let heads = self.heads();
        let next_version = moving_to.filter(|_| self.below(4) > 0);
        CallReply::Contact(ContactReply {
            nonce,
            server_time_ms: self.time_ms(),
            profile_version: self.number(),
            schema_version: u32::try_from(self.below(3)).unwrap(),
            heads,
            acknowledged_seq: self.number(),
            update_required: self.below(2) == 0,
            later_outcomes: (self.below(2) == 0).then(|| self.later_outcomes()),
            retry_asked_at_ms: (self.below(4) == 0).then(|| self.time_ms()),
            pictures: (self.below(2) == 0).then(|| self.number()),
            next_heads: next_version.map(|version| NextHeads { version, heads: self.heads() }),
        })
    }

    /// An answer of the right kind, or of another.
    fn reply(&mut self, call: &Call) -> CallReply {
        let (nonce, moving_to) = match call {
            Call::Contact(request) => (request.nonce, request.moving_to),
            Call::Profile
            | Call::Manifest(_)
            | Call::Page(_)
            | Call::Pull(_)
            | Call::Upload(_)
            | Call::LookUp(_) => (0, None),
        };
        let table = match call {
            Call::Manifest(request) => request.table,
            Call::Pull(request) => request.table,
            Call::Contact(_) | Call::Profile | Call::Page(_) | Call::Upload(_) | Call::LookUp(_) => {
                self.table()
            }
        };
        let since = match call {
            Call::Pull(request) => request.since,
            Call::Contact(_)
            | Call::Profile
            | Call::Manifest(_)
            | Call::Page(_)
            | Call::Upload(_)
            | Call::LookUp(_) => 0,
        };
        let kind = match (self.below(8), call) {
            (0, _) => self.below(7),
            (_, Call::Contact(_)) => 0,
            (_, Call::Profile) => 1,
            (_, Call::Manifest(_)) => 2,
            (_, Call::Page(_)) => 3,
            (_, Call::Pull(_)) => 4,
            (_, Call::LookUp(_)) => 5,
            (_, Call::Upload(_)) => 6,
        };
        match kind {
            0 => self.contact(nonce, moving_to),
            1 => CallReply::Profile(ProfileReply { version: self.number(), profile: default_profile() }),
            2 => {
                let pages = (0..self.below(3)).map(|_| PageRef {
                    hash: holdfast_protocol::page::address(&holdfast_protocol::page::pack(&[])).into(),
                    rows: u32::MAX,
                    bytes: u32::MAX,
                });
                let pages = pages.collect();
                CallReply::Manifest(Manifest { table, head: self.number(), pages, view: None })
            }
            3 if self.below(2) == 0 => CallReply::Page(holdfast_protocol::page::pack(&[])),
            3 => CallReply::Page(b"<html>".to_vec()),
            4 => CallReply::Pull(PullReply {
                table,
                since,
                up_to: self.number(),
                more: self.below(2) == 0,
                restart: self.below(6) == 0,
                changes: self.changes(),
                rows: Some(self.number()),
                view: (self.below(8) == 0).then(|| self.number()),
            }),
            5 => CallReply::LookUp(LookUpReply { more: self.below(2) == 0, ..LookUpReply::default() }),
            _ => {
                let results =
                    (0..self.below(3)).map(|_| EntryResult::new(self.number(), EntryOutcome::Accepted));
                let results = results.collect();
                CallReply::Upload(UploadReply { acknowledged_seq: self.number(), results })
            }
        }
    }

    fn error(&mut self) -> CallError {
        let codes = [code::SEQUENCE_GAP, code::TOO_LARGE, code::REGISTER_UNKNOWN, code::BUSY, "unheard of"];
        let code = codes[usize::try_from(self.below(5)).unwrap()];
        match self.below(3) {
            0 => CallError::NoAnswer("gone".into()),
            1 => CallError::Busy { retry_after_ms: i64::MAX },
            _ => CallError::Refused(Problem {
                status: 400,
                code: code.into(),
                title: String::new(),
                detail: String::new(),
            }),
        }
    }

    fn stored(&mut self) -> Result<StoreReply, StoreError> {
        match self.below(7) {
            0 => Ok(StoreReply::Done),
            1 => Ok(StoreReply::Outbox(Vec::new())),
            2 => Ok(StoreReply::Counts(JournalCounts {
                waiting: self.number(),
                rejected: self.number(),
                shift_waits: self.number().is_multiple_of(2),
            })),
            3 => Ok(StoreReply::Building { present: vec![u32::MAX, 0] }),
            4 => Ok(StoreReply::State(Box::new(RegisterState {
                connectivity: Some(Connectivity::default()),
                waiting: self.number(),
                acknowledged_seq: self.number(),
                ..RegisterState::default()
            }))),
            5 => Err(StoreError::ConnectionLost("gone".into())),
            _ => Err(StoreError::Damaged("torn".into())),
        }
    }

    fn event(&mut self) -> Event {
        match self.below(9) {
            0 => Event::JournalGrew,
            1 => Event::LookForNewDatabase,
            2 => Event::TryNow,
            3 => Event::SyncNow,
            4 => Event::GoOffline,
            5 => Event::GoOnline,
            6 => Event::BrowserOnline,
            7 => Event::LookUp {
                asked: u32::try_from(self.below(100)).unwrap(),
                request: LookUpRequest { wanted: Wanted::Code, text: "a".into() },
            },
            _ => Event::Tick,
        }
    }
}

/// What waits for an end: requests, storage calls.
#[derive(Default)]
struct Open {
    calls: Vec<(RequestId, Call)>,
    stores: Vec<(RequestId, StoreCall)>,
}

fn drain(bench: &mut Bench, open: &mut Open, seed: u64) {
    let mut effects_count = 0;
    while let Some(effect) = bench.engine.poll_effect() {
        effects_count += 1;
        assert!(effects_count < EFFECTS_MAX, "seed {seed}: endless work");
        match effect {
            Effect::Request { id, call, timeout_ms } => {
                assert!(timeout_ms > 0, "seed {seed}: a request without time");
                open.calls.push((id, call));
            }
            Effect::Store { id, call } => open.stores.push((id, call)),
            Effect::StatusChanged | Effect::TablesChanged(_) | Effect::LookedUp { .. } => {}
        }
    }
}

fn step(bench: &mut Bench, open: &mut Open, chance: &mut Chance) -> Event {
    match chance.below(10) {
        0..=3 if !open.stores.is_empty() => {
            let (id, call) = open.stores.remove(0);
            let lies = chance.below(10) == 0;
            let result = if lies { chance.stored() } else { bench.store.execute_now(call) };
            Event::Stored { id, result }
        }
        4..=6 if !open.calls.is_empty() => {
            let at = usize::try_from(chance.below(open.calls.len() as u64)).unwrap();
            let (id, call) = open.calls.remove(at);
            let fails = chance.below(5) == 0;
            let result = if fails { Err(chance.error()) } else { Ok(chance.reply(&call)) };
            Event::Answered { id, result }
        }
        7 => Event::Answered { id: RequestId(chance.number()), result: Err(chance.error()) },
        8 => Event::Stored { id: RequestId(chance.number()), result: chance.stored() },
        _ => chance.event(),
    }
}

#[test]
fn nothing_that_comes_in_makes_the_engine_panic_or_work_without_end() {
    for seed in 0..SEEDS_COUNT {
        let mut chance = Chance(SplitMix::new(seed));
        let mut bench = if chance.below(2) == 0 { Bench::new() } else { Bench::at_rest() };
        let mut open = Open { calls: std::mem::take(&mut bench.pending), stores: Vec::new() };
        bench.sell_silently();
        for _ in 0..STEPS_COUNT {
            let event = step(&mut bench, &mut open, &mut chance);
            let now_ms = chance.time_ms();
            bench.engine.handle(event, now_ms);
            drain(&mut bench, &mut open, seed);
            let deadline_ms = bench.engine.next_deadline_ms();
            assert!(deadline_ms.is_none_or(|at_ms| at_ms > now_ms), "seed {seed}: a deadline that is past");
        }
    }
}
