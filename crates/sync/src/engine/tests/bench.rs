//! The bench: an engine on databases in memory and a clock that the test moves; requests wait until the test
//! answers them, by hand or by the model of the store server.

use holdfast_profile::{Profile, TableId, default_profile};
use holdfast_protocol::Versions;
use holdfast_protocol::look_up::LookUpReply;
use holdfast_protocol::messages::{ContactReply, ContactRequest};
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::problem::Problem;

use crate::connectivity::Mode;
use crate::effect::{Call, CallError, CallReply, Effect, Event, ManifestRequest, RequestId};
use crate::engine::{Engine, EngineConfig};
use crate::memory_store::{JournalIdentity, MemoryStore};
use crate::messages::LookUpFailure;
use crate::simulator::Mutation;
use crate::simulator::model_server::{Habits, ModelRow, ModelServer};
use crate::store::{StoreCall, StoreError};

/// When a bench begins, ms since 1970.
pub(super) const BEGIN_MS: i64 = 1_790_000_000_000;
/// The register's number.
pub(super) const REGISTER: u16 = 1;

pub(super) struct Bench {
    pub(super) engine: Engine,
    pub(super) store: MemoryStore,
    pub(super) server: ModelServer,
    pub(super) now_ms: i64,
    /// Requests that nobody has answered yet.
    pub(super) pending: Vec<(RequestId, Call)>,
    /// Every request since the begin, by kind.
    pub(super) sent: Vec<&'static str>,
    pub(super) changed: Vec<TableId>,
    /// What look-ups came to, in the order in which that was told.
    pub(super) looked_up: Vec<(u32, Result<LookUpReply, LookUpFailure>)>,
    /// Tables that were read to be compared.
    pub(super) digested: Vec<TableId>,
    /// Whether a storage call fails.
    pub(super) store_fails: fn(&StoreCall) -> bool,
    /// How it fails.
    pub(super) store_error: StoreError,
}

impl Bench {
    /// A register that was just started, its databases read.
    pub(super) fn new() -> Bench {
        Bench::with_profile(default_profile())
    }

    pub(super) fn with_profile(profile: Profile) -> Bench {
        Bench::of(profile, None)
    }

    /// With a store server that has this bug.
    pub(super) fn with_mutation(mutation: Mutation) -> Bench {
        Bench::of(default_profile(), Some(mutation))
    }

    pub(super) fn of(profile: Profile, mutation: Option<Mutation>) -> Bench {
        let store = MemoryStore::new();
        let identity = JournalIdentity {
            register_number: REGISTER,
            last_receipt_counter: 0,
            last_seq: 0,
            last_hash: [0; 32],
        };
        store.activate(identity).unwrap();
        let habits = Habits {
            rejected_one_in: 16,
            outcomes_told_at_once: 2,
            page_rows: 2,
            pull_rows: 1_000,
            upload_entries: 1_000,
            settled_at_once: 1_000,
            cursor_is_feed_version: false,
            refresh_every_ms: 0,
            knows_no_moves: false,
        };
        let mut server = ModelServer::new(profile, habits, mutation);
        let row = || Some(ModelRow { content: 1, refers_to: Vec::new() });
        let keys = ["a", "b", "c"].map(|key| ((TableId::Product, key.to_owned()), row()));
        server.feed.write(keys.to_vec(), false);
        let mut bench = Bench {
            engine: engine(1),
            store,
            server,
            now_ms: BEGIN_MS,
            pending: Vec::new(),
            sent: Vec::new(),
            changed: Vec::new(),
            looked_up: Vec::new(),
            digested: Vec::new(),
            store_fails: |_| false,
            store_error: StoreError::Full,
        };
        bench.tell(Event::Tick);
        bench
    }

    /// Downloaded, nothing to do.
    pub(super) fn at_rest() -> Bench {
        let mut bench = Bench::new();
        bench.serve();
        bench.clear();
        bench
    }

    /// Forgets what was sent and seen so far.
    pub(super) fn clear(&mut self) {
        self.sent.clear();
        self.changed.clear();
        self.digested.clear();
    }

    /// The worker is killed and started again on what was kept.
    pub(super) fn restart(&mut self) {
        self.engine = engine(2);
        self.pending.clear();
        self.tell(Event::Tick);
    }

    /// The page was reloaded, and with it came an app that speaks other versions.
    pub(super) fn restart_speaking(&mut self, versions: Versions) {
        self.engine = Engine::speaking(EngineConfig { app_version: "2".into(), nonce_seed: 3 }, versions);
        self.pending.clear();
        self.tell(Event::Tick);
    }

    /// Hands the engine an event; storage calls it leads to are carried out at once.
    pub(super) fn tell(&mut self, event: Event) {
        self.engine.handle(event, self.now_ms);
        while let Some(effect) = self.engine.poll_effect() {
            match effect {
                Effect::Request { id, call, .. } => {
                    self.sent.push(kind(&call));
                    self.pending.push((id, call));
                }
                Effect::Store { id, call } => {
                    if let StoreCall::DigestTable { table } = call {
                        self.digested.push(table);
                    }
                    let result = if (self.store_fails)(&call) {
                        Err(self.store_error.clone())
                    } else {
                        self.store.execute_now(call)
                    };
                    self.engine.handle(Event::Stored { id, result }, self.now_ms);
                }
                Effect::StatusChanged => {}
                Effect::TablesChanged(tables) => self.changed.extend(tables),
                Effect::LookedUp { asked, result } => self.looked_up.push((asked, result)),
            }
        }
    }

    /// Lets time pass, ticking the engine at its deadlines and nowhere else.
    pub(super) fn pass(&mut self, wait_ms: i64) {
        let end_ms = self.now_ms + wait_ms;
        while let Some(deadline_ms) = self.engine.next_deadline_ms().filter(|&at_ms| at_ms <= end_ms) {
            assert!(deadline_ms > self.now_ms, "a deadline that never ends");
            self.now_ms = deadline_ms;
            self.tell(Event::Tick);
        }
        self.now_ms = end_ms;
    }

    /// Takes the oldest request on its way.
    pub(super) fn take(&mut self) -> (RequestId, Call) {
        assert!(!self.pending.is_empty(), "nothing is on its way");
        self.pending.remove(0)
    }

    pub(super) fn answer(&mut self, id: RequestId, result: Result<CallReply, CallError>) {
        self.tell(Event::Answered { id, result });
    }

    /// Has the model answer the oldest request.
    pub(super) fn serve_one(&mut self) {
        let (id, call) = self.take();
        let result = self.server.answer(REGISTER, &call, self.now_ms);
        self.answer(id, result);
    }

    /// Has the model answer until nothing is on its way.
    pub(super) fn serve(&mut self) {
        while !self.pending.is_empty() {
            self.serve_one();
        }
    }

    /// Lets time pass with a store server that answers at once.
    pub(super) fn pass_serving(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.pass(1_000);
            self.serve();
        }
    }

    /// What the next contact says.
    pub(super) fn next_contact(&mut self) -> ContactRequest {
        loop {
            self.pass(1_000);
            let said = self.pending.iter().find_map(|(_, call)| match call {
                Call::Contact(request) => Some(request.clone()),
                Call::Profile
                | Call::Manifest(_)
                | Call::Page(_)
                | Call::Pull(_)
                | Call::Upload(_)
                | Call::LookUp(_) => None,
            });
            self.serve();
            if let Some(request) = said {
                return request;
            }
        }
    }

    /// Fails whatever is on its way.
    pub(super) fn cut(&mut self) {
        for (id, _) in std::mem::take(&mut self.pending) {
            self.answer(id, no_answer());
        }
    }

    /// Lets time pass with nobody there: each request fails at once.
    pub(super) fn pass_cut(&mut self, seconds: i64) {
        for _ in 0..seconds {
            self.cut();
            self.pass(1_000);
        }
        self.cut();
    }

    /// Refuses the oldest request.
    pub(super) fn refuse(&mut self, status: u16, code: &str) {
        let (id, _) = self.take();
        let problem =
            Problem { status, code: code.into(), title: format!("Refused: {code}."), detail: String::new() };
        self.answer(id, Err(CallError::Refused(problem)));
    }

    /// A sale, and the message that it was made.
    pub(super) fn sell(&mut self) {
        self.sell_silently();
        self.tell(Event::JournalGrew);
    }

    pub(super) fn sell_silently(&mut self) {
        let count = self.store.entries().len();
        self.store.append(EntryKind::Sale, self.now_ms, vec![u8::try_from(count).unwrap(); 4]).unwrap();
    }

    /// A shift is closed, and the message of it is lost.
    pub(super) fn close_shift_silently(&mut self) {
        self.store.append(EntryKind::Shift, self.now_ms, vec![7; 4]).unwrap();
    }

    /// A change in the store database.
    pub(super) fn change(&mut self, table: TableId, key: &str, refers_to: &[(TableId, &str)]) {
        let refers_to = refers_to.iter().map(|(table, key)| (*table, (*key).to_owned())).collect();
        let row = ModelRow { content: 2, refers_to };
        self.server.feed.write(vec![((table, key.to_owned()), Some(row))], false);
    }

    /// Addresses of the pages that the store server would give of a table now, to whoever has the published profile.
    pub(super) fn server_pages(&mut self, table: TableId) -> Vec<[u8; 32]> {
        let profile_version = Some(self.server.profile.0);
        let call = Call::Manifest(ManifestRequest { table, profile_version });
        match self.server.answer(REGISTER, &call, self.now_ms) {
            Ok(CallReply::Manifest(manifest)) => manifest.pages.iter().map(|page| *page.hash).collect(),
            other => panic!("{other:?}"),
        }
    }

    pub(super) fn keys(&self, table: TableId) -> Vec<String> {
        self.store.rows(table).unwrap().into_keys().collect()
    }

    pub(super) fn mode(&self) -> Mode {
        self.engine.status().mode
    }

    pub(super) fn is_offline(&self) -> bool {
        matches!(self.mode(), Mode::Offline { .. })
    }

    pub(super) fn waiting(&self) -> u64 {
        self.store.counts().waiting
    }

    /// How often a kind of request was sent since the last look, in all.
    pub(super) fn sent_count(&self, kind: &str) -> usize {
        self.sent.iter().filter(|sent| **sent == kind).count()
    }
}

pub(super) fn engine(nonce_seed: u64) -> Engine {
    Engine::new(EngineConfig { app_version: "1".into(), nonce_seed })
}

pub(super) fn no_answer() -> Result<CallReply, CallError> {
    Err(CallError::NoAnswer("unplugged".into()))
}

pub(super) fn contact_reply(nonce: u64) -> ContactReply {
    ContactReply {
        nonce,
        server_time_ms: BEGIN_MS,
        profile_version: 0,
        schema_version: 1,
        heads: Vec::new(),
        acknowledged_seq: 0,
        update_required: false,
        later_outcomes: None,
        retry_asked_at_ms: None,
        pictures: None,
        next_heads: None,
    }
}

pub(super) fn kind(call: &Call) -> &'static str {
    match call {
        Call::Contact(_) => "contact",
        Call::Profile => "profile",
        Call::Manifest(_) => "manifest",
        Call::Page(_) => "page",
        Call::Pull(_) => "pull",
        Call::Upload(_) => "upload",
        Call::LookUp(_) => "look-up",
    }
}
