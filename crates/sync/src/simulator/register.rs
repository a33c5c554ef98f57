//! A register in a run: its databases, its engine while the worker lives, and what its till showed.

use std::collections::{BTreeMap, BTreeSet};

use holdfast_profile::TableId;
use holdfast_protocol::encode;
use holdfast_protocol::outbox::EntryKind;
use holdfast_protocol::sale::{SaleLineRecord, SaleRecord};

use super::look_up_rules::{self, Question};
use super::rng::Rng;
use super::rules::Broken;
use crate::effect::RequestId;
use crate::engine::{Engine, EngineConfig};
use crate::memory_store::{JournalError, JournalIdentity, MemoryStore};
use crate::store::StoreCall;

/// A sale that the till showed as finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) payload: Vec<u8>,
}

/// A contact on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct SentContact {
    pub(super) at_ms: i64,
    /// Whether nothing else of its register was on its way at the same time.
    pub(super) is_alone: bool,
}

/// A register.
#[derive(Debug)]
pub(super) struct Register {
    pub(super) number: u16,
    pub(super) store: MemoryStore,
    pub(super) engine: Option<Engine>,
    /// Counts the engine's lives; what belongs to an earlier one reaches nobody.
    pub(super) incarnation: u32,
    pub(super) clock_offset_ms: i64,
    /// Only the newest timer counts.
    pub(super) timer_serial: u64,
    /// By receipt counter.
    pub(super) finished: BTreeMap<u32, Finished>,
    pub(super) partitioned_until_ms: i64,
    pub(super) portal_until_ms: i64,
    pub(super) disk_full_until_ms: i64,
    pub(super) asleep_until_ms: i64,
    /// Answers take long, though not so long that they count as none.
    pub(super) slow_until_ms: i64,
    /// Every other answer to a contact takes long.
    pub(super) unsteady_until_ms: i64,
    pub(super) contacts_count: u64,
    /// Shifts that its till has closed.
    pub(super) shifts_count: usize,
    /// Contacts on their way.
    pub(super) contacts_sent: BTreeMap<RequestId, SentContact>,
    /// Other requests on their way, and until when their answers are awaited.
    pub(super) others_awaited_until_ms: BTreeMap<RequestId, i64>,
    /// Whether it ever had all tables of the version of its profile.
    pub(super) has_been_whole: bool,
    /// The version before, where the engine has not heard yet that the databases have another.
    pub(super) version_unheard: Option<u64>,
    /// How long the last answers to contacts took, the newest last.
    pub(super) latencies_ms: Vec<i64>,
    /// Since when all answers to contacts were slow by the register's profile.
    pub(super) slow_since_ms: Option<i64>,
    /// When its engine was last told anything.
    pub(super) told_at_ms: i64,
    /// When the last of those came that had the line for themselves.
    pub(super) slow_last_ms: i64,
    /// Since when all answers to contacts were slow without an outage between, whatever anybody wished.
    pub(super) slow_run_since_ms: Option<i64>,
    /// When the clock was last set, by the run's time.
    pub(super) clock_set_at_ms: i64,
    /// Whether the worker has not looked at the clock since.
    pub(super) clock_is_unseen: bool,
    /// When its page started, by its clock; none where the page died and the next one has not started.
    page_started_at_ms: Option<i64>,
    /// Whether a newer profile was looked for since, as far as the page was told.
    page_has_looked: bool,
    /// Tables that are shown though the profile does not bring the tables they refer to; until those have come.
    pub(super) orphaned: BTreeSet<(TableId, TableId)>,
    /// Nonces of contacts on their way.
    pub(super) nonces: BTreeMap<RequestId, u64>,
    /// The version of the profile that its engine last said it had.
    pub(super) version_seen: Option<u64>,
    /// The one before, where nothing was uploaded since.
    pub(super) batch_version_before: Option<u64>,
    /// Sequences of the last upload.
    pub(super) last_upload: Vec<u64>,
    /// A storage call that was begun and has not run.
    pub(super) storing: Option<StoreCall>,
    /// When the last call that was given to the databases runs.
    pub(super) disk_free_at_ms: i64,
    /// When the store server last really answered, or there was a reason for none.
    pub(super) last_genuine_ms: i64,
    pub(super) loaded: bool,
    /// Whether the engine has read its databases and said so.
    pub(super) has_read: bool,
    /// What its till has asked its worker, by number, and waits for.
    pub(super) questions: BTreeMap<u32, Question>,
    /// Numbers are never used again, not by the next page either.
    pub(super) last_asked: u32,
    /// Receipt numbers that a wrong till has lost.
    pub(super) numbers_lost: u32,
    /// Edits that its till has kept.
    pub(super) edits_count: usize,
    /// Requests other than contacts since the faults ended and things should be at rest.
    pub(super) requests_at_rest: u64,
    /// Contacts since then.
    pub(super) contacts_at_rest: i64,
    /// Tables and generations of them that the disk has damaged.
    pub(super) rotted: BTreeSet<(TableId, u64)>,
}

impl Register {
    pub(super) fn new(number: u16) -> Register {
        let store = MemoryStore::new();
        let identity = JournalIdentity {
            register_number: number,
            last_receipt_counter: 0,
            last_seq: 0,
            last_hash: [0; 32],
        };
        // An empty journal has nothing that could keep it from an identity.
        if let Err(error) = store.activate(identity) {
            unreachable!("activating an empty journal failed: {error}");
        }
        Register {
            number,
            store,
            engine: None,
            incarnation: 0,
            clock_offset_ms: 0,
            timer_serial: 0,
            finished: BTreeMap::new(),
            partitioned_until_ms: 0,
            portal_until_ms: 0,
            disk_full_until_ms: 0,
            asleep_until_ms: 0,
            slow_until_ms: 0,
            unsteady_until_ms: 0,
            contacts_count: 0,
            shifts_count: 0,
            has_been_whole: false,
            version_unheard: None,
            others_awaited_until_ms: BTreeMap::new(),
            orphaned: BTreeSet::new(),
            contacts_sent: BTreeMap::new(),
            latencies_ms: Vec::new(),
            slow_since_ms: None,
            slow_last_ms: 0,
            told_at_ms: 0,
            slow_run_since_ms: None,
            clock_set_at_ms: 0,
            clock_is_unseen: false,
            page_started_at_ms: None,
            page_has_looked: false,
            nonces: BTreeMap::new(),
            version_seen: None,
            batch_version_before: None,
            last_upload: Vec::new(),
            storing: None,
            disk_free_at_ms: 0,
            last_genuine_ms: 0,
            loaded: false,
            has_read: false,
            questions: BTreeMap::new(),
            last_asked: 0,
            numbers_lost: 0,
            edits_count: 0,
            requests_at_rest: 0,
            contacts_at_rest: 0,
            rotted: BTreeSet::new(),
        }
    }

    pub(super) fn start(&mut self, rng: &mut Rng) {
        self.incarnation += 1;
        self.loaded = false;
        self.has_read = false;
        self.nonces.clear();
        self.contacts_sent.clear();
        self.others_awaited_until_ms.clear();
        self.latencies_ms.clear();
        (self.slow_since_ms, self.slow_run_since_ms) = (None, None);
        let config = EngineConfig { app_version: "simulated".into(), nonce_seed: rng.next() };
        self.engine = Some(Engine::new(config));
    }

    /// The worker dies, and what it was asked with it.
    pub(super) fn end(&mut self, now_ms: i64) -> Result<(), Broken> {
        look_up_rules::check_none_is_overdue(self, now_ms)?;
        self.engine = None;
        self.questions.clear();
        Ok(())
    }

    /// Tables whose visible generation the disk has damaged.
    pub(super) fn rotten(&self) -> BTreeSet<TableId> {
        let visible = self.store.state().tables.into_iter().map(|(table, record)| (table, record.generation));
        visible.filter(|visible| self.rotted.contains(visible)).map(|(table, _)| table).collect()
    }

    /// The page dies, and what it was told with it.
    pub(super) fn end_page(&mut self) {
        (self.page_started_at_ms, self.page_has_looked) = (None, false);
    }

    /// Whether somebody may be at its till.
    pub(super) fn page_is_open(&self) -> bool {
        self.page_started_at_ms.is_some()
    }

    /// Whether the page says that it has started: a new one does, and one that has not heard that it was heard.
    pub(super) fn page_says_started(&mut self, local_ms: i64) -> bool {
        self.page_started_at_ms.get_or_insert(local_ms);
        !self.page_has_looked
    }

    /// What the page reads in a status.
    pub(super) fn page_sees(&mut self, looked_for_profile_at_ms: Option<f64>, local_ms: i64) {
        if let Some(started_at_ms) = self.page_started_at_ms {
            // A clock that was set back must not make it ask for ever.
            let since_ms = started_at_ms.min(local_ms) as f64;
            self.page_has_looked |= looked_for_profile_at_ms.is_some_and(|at_ms| at_ms >= since_ms);
        }
    }

    /// Notes which tables are shown without those that they refer to, because the profile does not bring these.
    pub(super) fn note_orphans(&mut self) {
        let state = self.store.state();
        let named = state.profile.map(|(_, profile)| profile.download_tables()).unwrap_or_default();
        for table in state.tables.keys() {
            for referred in table.refers_to() {
                if !named.contains(referred) {
                    // It stands still until it is dropped.
                    self.orphaned.insert((*table, *referred));
                } else if state.tables.contains_key(referred) {
                    self.orphaned.remove(&(*table, *referred));
                }
            }
        }
        self.orphaned.retain(|(table, _)| state.tables.contains_key(table));
    }

    /// How long the device slept, up to now; nobody says anything meanwhile.
    pub(super) fn slept_ms(&self, now_ms: i64) -> i64 {
        // The wake-up may bring the first event long after the sleep began.
        if now_ms - self.asleep_until_ms < 60_000 { i64::MAX / 4 } else { 0 }
    }

    /// Closes the shift in one transaction, as a till does.
    pub(super) fn close_shift(&mut self, at_ms: i64) {
        self.shifts_count += 1;
        let payload = self.shifts_count.to_be_bytes().to_vec();
        // An activated register can always close its shift.
        if let Err(error) = self.store.append(EntryKind::Shift, at_ms, payload) {
            unreachable!("a simulated till can't close its shift: {error}");
        }
    }

    /// Finishes a sale in one transaction, as a till does. The receipt counter it got.
    pub(super) fn sell(&mut self, at_ms: i64, rng: &mut Rng) -> Result<u32, JournalError> {
        let lost = self.numbers_lost;
        let kept = self.store.finish_sale(|number| {
            Ok::<_, JournalError>(sale_record(number.register, number.counter + lost, at_ms, rng.next()))
        })?;
        let counter = kept.record.receipt_counter;
        self.finished.insert(counter, Finished { payload: encode(&kept.record) });
        Ok(counter)
    }
}

fn sale_record(register_number: u16, receipt_counter: u32, at_ms: i64, chance: u64) -> SaleRecord {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&chance.to_be_bytes());
    id[8..10].copy_from_slice(&register_number.to_be_bytes());
    id[12..].copy_from_slice(&receipt_counter.to_be_bytes());
    SaleRecord {
        id: id.into(),
        register_number,
        receipt_counter,
        store_id: "S1".into(),
        cashier_id: "1".into(),
        cashier_name: "Ada".into(),
        customer_id: None,
        started_at_ms: at_ms,
        finished_at_ms: at_ms,
        utc_offset_min: 0,
        currency: "GBP".into(),
        tax_inclusive: true,
        lines: Vec::<SaleLineRecord>::new(),
        tax: Vec::new(),
        total_minor: 0,
        rounding_minor: 0,
        tenders: Vec::new(),
        change_minor: 0,
        external_ref: None,
        customer_name: None,
    }
}
