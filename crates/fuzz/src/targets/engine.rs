//! The register's engine: whatever a store server, or who passes for one, answers to its requests.

use std::collections::{BTreeSet, VecDeque};

use holdfast_protocol::decode;
use holdfast_protocol::look_up::{LookUpReply, LookUpRequest, Wanted};
use holdfast_protocol::messages::{ContactReply, Manifest, ProfileReply, PullReply, UploadReply};
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::problem::Problem;
use holdfast_sync::memory_store::{JournalIdentity, MemoryStore};
use holdfast_sync::{Call, CallError, CallReply, Effect, Engine, EngineConfig, Event, RequestId};

use super::{Target, Verdict};

pub(super) const TARGETS: &[Target] = &[Target {
    name: "engine_answers",
    frozen: &[
        "contact_reply",
        "profile_reply",
        "manifest",
        "page",
        "pull_reply",
        "upload_reply",
        "look_up_reply",
        "problem",
    ],
    texts: &["<html><title>Sign in to the network</title></html>"],
    made: None,
    repair: None,
    run: answers,
}];

/// Requests that are answered with the input.
const ANSWERS_MAX: usize = 12;
/// Effects after one event: more is work without end.
const EFFECTS_MAX: usize = 400;
/// Longer than any look-up is awaited, milliseconds.
const TOLD_AFTER_MS: i64 = 3_700_000;
const BEGIN_MS: i64 = 1_795_003_380_000;

struct Register {
    engine: Engine,
    store: MemoryStore,
    requests: VecDeque<(RequestId, Call)>,
    /// Look-ups that were asked for, and those of them that nobody has answered.
    asked_count: u32,
    unanswered: BTreeSet<u32>,
    now_ms: i64,
}

impl Register {
    fn tell(&mut self, event: Event) {
        self.engine.handle(event, self.now_ms);
        let mut effects_count = 0;
        while let Some(effect) = self.engine.poll_effect() {
            effects_count += 1;
            assert!(effects_count < EFFECTS_MAX, "work without end");
            match effect {
                Effect::Request { id, call, timeout_ms } => {
                    assert!(timeout_ms > 0);
                    self.requests.push_back((id, call));
                }
                Effect::Store { id, call } => {
                    let result = self.store.execute_now(call);
                    self.engine.handle(Event::Stored { id, result }, self.now_ms);
                }
                Effect::LookedUp { asked, .. } => {
                    assert!(self.unanswered.remove(&asked), "look-up {asked} is answered twice");
                }
                Effect::StatusChanged | Effect::TablesChanged(_) => {}
            }
        }
    }

    fn look_up(&mut self) {
        self.asked_count += 1;
        self.unanswered.insert(self.asked_count);
        let request = LookUpRequest { wanted: Wanted::Products, text: "mug".into() };
        self.tell(Event::LookUp { asked: self.asked_count, request });
    }
}

fn answers(bytes: &[u8]) -> Verdict {
    let store = MemoryStore::new();
    let identity =
        JournalIdentity { register_number: 2, last_receipt_counter: 0, last_seq: 6, last_hash: [3; 32] };
    store.activate(identity).expect("nothing waits");
    store.append(EntryKind::Sale, BEGIN_MS, vec![1, 2, 3]).expect("it is activated");
    let engine = Engine::new(EngineConfig { app_version: "1".into(), nonce_seed: 1 });
    let mut register = Register {
        engine,
        store,
        requests: VecDeque::new(),
        asked_count: 0,
        unanswered: BTreeSet::new(),
        now_ms: BEGIN_MS,
    };
    register.tell(Event::Tick);
    let mut verdict = Verdict::Refused;
    for _ in 0..ANSWERS_MAX {
        register.look_up();
        let Some((id, call)) = register.requests.pop_front() else { break };
        let result = reply_to(&call, bytes);
        if result.is_ok() {
            verdict = Verdict::Taken;
        }
        register.tell(Event::Answered { id, result });
        let deadline_ms = register.engine.next_deadline_ms().expect("a state with a deadline");
        assert!(deadline_ms > register.now_ms);
        register.now_ms = deadline_ms;
        register.tell(Event::Tick);
    }
    // Whoever asked is told in the end, whatever was answered.
    register.now_ms += TOLD_AFTER_MS;
    register.tell(Event::Tick);
    assert_eq!(register.unanswered, BTreeSet::new());
    // What it has sold is there, whatever was answered.
    assert_eq!(register.store.entries().len(), 1);
    verdict
}

/// The input as the answer, or as a page of the answer before it.
fn reply_to(call: &Call, bytes: &[u8]) -> Result<CallReply, CallError> {
    let reply = match call {
        // A captive portal knows no nonce; this one is a store server that does.
        Call::Contact(request) => decode::<ContactReply>(bytes)
            .map(|reply| CallReply::Contact(ContactReply { nonce: request.nonce, ..reply })),
        Call::Profile => decode::<ProfileReply>(bytes).map(CallReply::Profile),
        Call::Manifest(request) => decode::<Manifest>(bytes)
            .map(|reply| CallReply::Manifest(Manifest { table: request.table, ..reply })),
        Call::Page(_) => return Ok(CallReply::Page(bytes.to_vec())),
        Call::Pull(request) => decode::<PullReply>(bytes)
            .map(|reply| CallReply::Pull(PullReply { table: request.table, since: request.since, ..reply })),
        Call::Upload(_) => decode::<UploadReply>(bytes).map(CallReply::Upload),
        Call::LookUp(_) => decode::<LookUpReply>(bytes).map(CallReply::LookUp),
    };
    reply.map_err(|error| match Problem::decode(bytes) {
        Ok(problem) => CallError::Refused(problem),
        Err(_) => CallError::NoAnswer(error.to_string()),
    })
}
