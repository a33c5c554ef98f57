//! What a seed means: how many registers, which faults how often, and what is planned when.

use holdfast_profile::{
    ConflictRule, Direction, Frequency, OfflineCustomers, OfflineProducts, Profile, RowFilter, TableId, Test,
    UploadTransactions, default_profile,
};
use holdfast_protocol::messages::LATER_OUTCOMES_MAX;

use super::model_server::Habits;
use super::rng::Rng;

/// How often chance strikes, in thousandths, while faults last.
#[derive(Debug, Clone, Default)]
pub(super) struct Rates {
    pub(super) request_lost: u64,
    pub(super) reply_lost: u64,
    pub(super) duplicate: u64,
    pub(super) slow: u64,
    pub(super) busy: u64,
    pub(super) server_error: u64,
    pub(super) page_damaged: u64,
    pub(super) store_fails: u64,
    pub(super) store_connection_lost: u64,
    pub(super) store_silent: u64,
    pub(super) store_slow: u64,
    pub(super) kill_at_effect: u64,
    pub(super) message_lost: u64,
    /// Where tills ask for what they do not keep: whether one does right when its worker has started.
    pub(super) asks_at_start: u64,
}

/// Something planned.
#[derive(Debug, Clone)]
pub(super) enum Plan {
    Sale {
        register: usize,
    },
    Edit,
    /// Somebody at a till changes a customer.
    EditCustomer {
        register: usize,
    },
    /// Somebody in the shop does.
    ShopEditsCustomer,
    /// Somebody at a till asks for a customer that is not kept there.
    LookUp {
        register: usize,
    },
    CommitLate,
    Compact,
    RebuildSnapshots,
    Publish(Box<Profile>),
    RaiseSchema,
    /// The store server is restored from a backup that lacks the newest entries and mends of a register.
    SetBack {
        register: usize,
        entries_count: usize,
        mends_count: usize,
    },
    ServerDown {
        for_ms: i64,
    },
    Partition {
        register: usize,
        for_ms: i64,
    },
    Portal {
        register: usize,
        for_ms: i64,
    },
    Kill {
        register: usize,
        for_ms: i64,
    },
    /// The disk turns a bit of a page.
    PageRots {
        register: usize,
    },
    /// The disk loses a row, and the page looks whole.
    RowRots {
        register: usize,
    },
    Sleep {
        register: usize,
        for_ms: i64,
    },
    ClockJump {
        register: usize,
        by_ms: i64,
    },
    GoOffline {
        register: usize,
        for_ms: i64,
    },
    /// The store server does not know the register for a while.
    Lock {
        register: usize,
        for_ms: i64,
    },
    /// Answers are slow.
    Slow {
        register: usize,
        for_ms: i64,
    },
    /// Some answers are slow, others fast.
    Unsteady {
        register: usize,
        for_ms: i64,
    },
    /// Somebody at a till closes the shift; the message of it may be lost.
    CloseShift {
        register: usize,
        is_heard: bool,
    },
    /// It is measured that the browser lets the register keep no more.
    NoRoom {
        register: usize,
        for_ms: i64,
    },
    /// It is measured that it may keep all it wants.
    Room {
        register: usize,
    },
    /// Somebody at a till wants a newer profile now, where the profile in force does not look by itself.
    LookIfNobodyDoes {
        register: usize,
    },
    /// Nothing more than what the journal needs fits on the register's disk.
    DiskFull {
        register: usize,
        for_ms: i64,
    },
    TryNow {
        register: usize,
    },
    SyncNow {
        register: usize,
    },
    /// An administrator mends a rejected entry, sets it aside or takes that back.
    Mend {
        register: usize,
    },
    BrowserOnline {
        register: usize,
    },
}

impl Plan {
    /// Whether a disk damages what it keeps.
    pub(super) fn is_rot(&self) -> bool {
        matches!(self, Plan::PageRots { .. } | Plan::RowRots { .. })
    }
}

/// A run's script.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) seed: u64,
    pub(super) registers_count: usize,
    pub(super) profile: Profile,
    pub(super) schema_version: u32,
    pub(super) habits: Habits,
    pub(super) rates: Rates,
    pub(super) faults_end_at_ms: i64,
    pub(super) plans: Vec<(i64, Plan)>,
}

pub(super) const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long the faults of a run last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// Minutes, and everything at once.
    Minutes,
    /// Hours or days, in which little happens but absence.
    Days,
    /// A register that is away for months, while the shop goes on.
    Months,
}

impl Length {
    fn of(rng: &mut Rng) -> Length {
        match rng.below(100) {
            0..=6 => Length::Days,
            7..=8 => Length::Months,
            _ => Length::Minutes,
        }
    }

    fn faults_end_at_ms(self, rng: &mut Rng) -> i64 {
        match self {
            Length::Minutes => rng.between(1, 6) * MINUTE_MS,
            Length::Days => rng.between(2, 40) * HOUR_MS,
            Length::Months => rng.between(30, 200) * DAY_MS,
        }
    }

    fn absence_ms(self, rng: &mut Rng) -> i64 {
        match self {
            Length::Minutes if rng.chance(500) => rng.between(200, 4_000),
            Length::Minutes => rng.between(4_000, 3 * MINUTE_MS),
            Length::Days | Length::Months => rng.between(HOUR_MS, 30 * HOUR_MS),
        }
    }
}

impl Scenario {
    /// What a seed means, perhaps with another number of registers.
    pub(super) fn from_seed(seed: u64, registers_count: Option<usize>) -> Scenario {
        let mut rng = Rng::new(seed ^ 0x5EED_5EED_5EED_5EED);
        let length = Length::of(&mut rng);
        let lasting = length != Length::Minutes;
        let few = if lasting { 1 } else { usize::try_from(rng.between(1, 4)).unwrap_or(1) };
        let registers_count = registers_count.unwrap_or(few);
        let faults_end_at_ms = length.faults_end_at_ms(&mut rng);
        let mut scenario = Scenario {
            seed,
            registers_count,
            profile: some_profile(&mut rng),
            schema_version: if rng.chance(150) { 0 } else { 1 },
            habits: some_habits(&mut rng),
            rates: if lasting { Rates::default() } else { some_rates(&mut rng) },
            faults_end_at_ms,
            plans: Vec::new(),
        };
        scenario.plan_work(&mut rng, lasting);
        if length == Length::Months {
            scenario.plan_long_absence(&mut rng);
        } else {
            scenario.plan_faults(&mut rng, length);
        }
        scenario.plan_profile_changes(lasting);
        scenario.plan_paces();
        scenario.plan_look_ups(lasting);
        scenario
    }

    /// One register, no chance of faults, nothing planned.
    pub(super) fn quiet() -> Scenario {
        Scenario {
            seed: 1,
            registers_count: 1,
            profile: default_profile(),
            schema_version: 1,
            habits: Habits {
                page_rows: 3,
                pull_rows: 4,
                upload_entries: 1_000,
                settled_at_once: 1,
                rejected_one_in: 3,
                outcomes_told_at_once: 1,
                cursor_is_feed_version: false,
                refresh_every_ms: 0,
                knows_no_moves: false,
            },
            rates: Rates::default(),
            faults_end_at_ms: MINUTE_MS,
            plans: Vec::new(),
        }
    }

    fn at(&mut self, rng: &mut Rng, plan: Plan) {
        let at_ms = rng.between(0, self.faults_end_at_ms);
        self.plans.push((at_ms, plan));
    }

    fn some_register(&self, rng: &mut Rng) -> usize {
        usize::try_from(rng.below(self.registers_count as u64)).unwrap_or(0)
    }

    fn plan_work(&mut self, rng: &mut Rng, lasting: bool) {
        let minutes = if lasting { 20 } else { self.faults_end_at_ms / MINUTE_MS };
        for _ in 0..minutes * rng.between(0, 12) {
            let register = self.some_register(rng);
            self.at(rng, Plan::Sale { register });
        }
        for _ in 0..minutes * rng.between(0, 10) {
            self.at(rng, Plan::Edit);
            self.at(rng, Plan::CommitLate);
        }
        for _ in 0..rng.between(0, 6) {
            let register = self.some_register(rng);
            self.at(rng, Plan::Mend { register });
        }
        for _ in 0..minutes * rng.between(0, 6) {
            let register = self.some_register(rng);
            self.at(rng, Plan::EditCustomer { register });
            self.at(rng, Plan::ShopEditsCustomer);
        }
        for _ in 0..rng.between(0, 3) {
            self.at(rng, Plan::Compact);
            self.at(rng, Plan::RebuildSnapshots);
        }
        for _ in 0..rng.between(-2, 3) {
            let profile = some_profile(rng);
            self.at(rng, Plan::Publish(Box::new(profile)));
        }
        if self.schema_version == 0 {
            self.at(rng, Plan::RaiseSchema);
        }
    }

    /// Nearly all the time nobody is there; tills may sell, the shop changes, deletions are forgotten.
    fn plan_long_absence(&mut self, rng: &mut Rng) {
        for register in 0..self.registers_count {
            let from_ms = rng.between(0, 3 * MINUTE_MS);
            let for_ms = self.faults_end_at_ms - from_ms - rng.between(0, 2 * MINUTE_MS);
            self.plans.push((from_ms, Plan::Kill { register, for_ms }));
        }
    }

    fn plan_faults(&mut self, rng: &mut Rng, length: Length) {
        for _ in 0..rng.between(-1, 3) {
            let register = self.some_register(rng);
            let for_ms = length.absence_ms(rng);
            let plan = match rng.below(5) {
                0 => Plan::Kill { register, for_ms },
                1 => Plan::Portal { register, for_ms },
                2 => Plan::Lock { register, for_ms },
                3 => Plan::DiskFull { register, for_ms },
                _ => Plan::Partition { register, for_ms },
            };
            self.at(rng, plan);
        }
        for _ in 0..rng.between(-1, 2) {
            let for_ms = Length::Minutes.absence_ms(rng);
            self.at(rng, Plan::ServerDown { for_ms });
        }
        for _ in 0..rng.between(0, 4) {
            let register = self.some_register(rng);
            let plan = match rng.below(9) {
                0 => Plan::Sleep { register, for_ms: rng.between(1_000, 5 * MINUTE_MS) },
                1 => Plan::ClockJump { register, by_ms: rng.between(-26 * HOUR_MS, 26 * HOUR_MS) },
                2 => Plan::ClockJump { register, by_ms: rng.between(-10_000, 10_000) },
                3 => Plan::GoOffline { register, for_ms: rng.between(1_000, 3 * MINUTE_MS) },
                4 => Plan::TryNow { register },
                5 => Plan::SyncNow { register },
                6 => Plan::BrowserOnline { register },
                7 => Plan::Kill { register, for_ms: rng.between(100, 2_000) },
                _ => {
                    let count = usize::try_from(rng.between(1, 4)).unwrap_or(1);
                    Plan::SetBack { register, entries_count: count, mends_count: count }
                }
            };
            self.at(rng, plan);
        }
        if rng.chance(200) {
            self.plan_mends_that_are_lost(rng);
        }
        for _ in 0..rng.between(-1, 4) {
            let register = self.some_register(rng);
            let plan = if rng.chance(500) { Plan::PageRots { register } } else { Plan::RowRots { register } };
            self.at(rng, plan);
        }
    }

    /// The backup is from just before them: all entries are in it.
    fn plan_mends_that_are_lost(&mut self, rng: &mut Rng) {
        let register = self.some_register(rng);
        let lost_at_ms = rng.between(0, self.faults_end_at_ms);
        let mended_at_ms = (lost_at_ms - rng.between(0, 30_000)).max(0);
        let mends_count = usize::try_from(rng.between(1, 3)).unwrap_or(1);
        for _ in 0..mends_count {
            self.plans.push((mended_at_ms, Plan::Mend { register }));
        }
        self.plans.push((lost_at_ms, Plan::SetBack { register, entries_count: 0, mends_count }));
    }
}

/// Each kind of fault is absent, rare or frequent.
fn some_rates(rng: &mut Rng) -> Rates {
    let mut rate = |frequent: u64| match rng.below(3) {
        0 => 0,
        1 => frequent / 10 + 1,
        _ => frequent,
    };
    Rates {
        request_lost: rate(150),
        reply_lost: rate(150),
        duplicate: rate(150),
        slow: rate(150),
        busy: rate(40),
        server_error: rate(60),
        page_damaged: rate(200),
        store_fails: rate(60),
        store_connection_lost: rate(30),
        store_silent: rate(8),
        store_slow: rate(40),
        kill_at_effect: rate(15),
        message_lost: rate(500),
        asks_at_start: 0,
    }
}

fn some_habits(rng: &mut Rng) -> Habits {
    let few = |rng: &mut Rng| match rng.below(3) {
        0 => usize::try_from(rng.between(1, 4)).unwrap_or(1),
        _ => 1_000,
    };
    Habits {
        page_rows: usize::try_from(rng.between(1, 8)).unwrap_or(1),
        pull_rows: few(rng),
        upload_entries: few(rng),
        settled_at_once: few(rng),
        rejected_one_in: if rng.chance(300) { 3 } else { 16 },
        outcomes_told_at_once: few(rng).min(LATER_OUTCOMES_MAX),
        cursor_is_feed_version: rng.chance(500),
        refresh_every_ms: if rng.chance(300) { rng.between(0, 20_000) } else { 0 },
        knows_no_moves: false,
    }
}

/// A profile that a run can end with: nothing in it waits for a person.
fn some_profile(rng: &mut Rng) -> Profile {
    let mut profile = default_profile();
    profile.device.offline_timeout_s = u32::try_from(rng.between(1, 10)).unwrap_or(5);
    if rng.chance(200) {
        profile.device.upload_transactions = UploadTransactions::EveryMinutes { minutes: 1 };
    }
    for scope in &mut profile.scopes {
        if rng.chance(100) {
            scope.frequency = Frequency::EveryMinutes { minutes: 1 };
        }
        if let Some(entry) = scope.tables.iter_mut().find(|entry| entry.table == TableId::Customer) {
            if rng.chance(250) {
                scope.direction = Direction::Download;
            } else {
                entry.conflict_rule = rng.pick(&ConflictRule::ALL).copied();
            }
        }
    }
    if rng.chance(400) {
        // So many in a thousand. Few different numbers, so that a profile comes back to a view that was there before.
        let count = u32::try_from(rng.between(1, 3) * 250).unwrap_or(1);
        profile.offline_products = OfflineProducts::TopBySales { count };
    }
    if rng.chance(200) {
        let entries = profile.scopes.iter_mut().flat_map(|scope| &mut scope.tables);
        for entry in entries.filter(|entry| entry.table == TableId::Category) {
            entry.filter = Some(RowFilter::of("position", Test::Over { number: 1 }));
        }
    }
    if rng.chance(300) {
        profile.scopes.retain(|scope| !scope.tables.iter().any(|entry| entry.table == TableId::Customer));
    } else if rng.chance(200) {
        profile.offline_customers = OfflineCustomers::None;
    }
    profile
}
