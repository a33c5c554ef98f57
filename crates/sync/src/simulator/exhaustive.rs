//! One scenario, crashed at each of its steps in turn: what chance might miss.

use holdfast_profile::{Direction, OfflineProducts, Profile, UploadTransactions};
use holdfast_protocol::messages::EntryOutcome;

use super::scenario::{Plan, Scenario};
use super::world::World;

/// What the exhaustive runs found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrashReport {
    /// Storage calls of the scenario, at each of which the register was killed twice: before and after it was written.
    pub store_calls_count: u64,
    /// Requests of the scenario, at each of which the store server was killed twice: before and after it was applied.
    pub requests_count: u64,
    /// Entries of the undisturbed scenario that are accepted at its end.
    pub accepted_count: usize,
    /// Those that are rejected.
    pub rejected_count: usize,
    /// Edits that were merged in it.
    pub merged_count: usize,
    /// The first broken rule and where.
    pub violation: Option<String>,
}

/// Changes of the profile one after the other; the register is killed at each storage call in turn, the store server at
/// each request. How many of each, or the first broken rule.
pub fn crash_at_each_step_of_moves() -> (u64, u64, Option<String>) {
    let mut undisturbed = moving_world();
    let mut violation = outcome(&mut undisturbed, "undisturbed");
    let (calls, requests) = (undisturbed.store_calls_count, undisturbed.requests_arrived_count);
    let steps = (1..=calls).map(Step::StoreCall).chain((1..=requests).map(Step::Request));
    for (step, done) in steps.flat_map(|step| [(step, false), (step, true)]) {
        if violation.is_none() {
            violation = crash_at(moving_world(), step, done);
        }
    }
    (calls, requests, violation)
}

/// First download, sales, look-ups, edits of both sides, mends, an outage and a new profile; the register is killed at
/// each storage call in turn, the store server at each request.
pub fn crash_at_each_step() -> CrashReport {
    let mut undisturbed = world();
    let mut violation = outcome(&mut undisturbed, "undisturbed");
    let store_calls_count = undisturbed.store_calls_count;
    let requests_count = undisturbed.requests_arrived_count;
    let merged_count = undisturbed.server.edits.merged.len();
    let journals = undisturbed.server.journals.values();
    let (accepted, rejected): (Vec<_>, Vec<_>) = journals
        .flat_map(|journal| journal.entries.values())
        .partition(|applied| applied.outcome == EntryOutcome::Accepted);
    let (accepted_count, rejected_count) = (accepted.len(), rejected.len());
    let steps = (1..=store_calls_count).map(Step::StoreCall).chain((1..=requests_count).map(Step::Request));
    for step in steps {
        for done in [false, true] {
            if violation.is_none() {
                violation = crash_at(world(), step, done);
            }
        }
    }
    CrashReport { store_calls_count, requests_count, accepted_count, rejected_count, merged_count, violation }
}

/// Where a run is crashed, counted from 1.
#[derive(Debug, Clone, Copy)]
enum Step {
    StoreCall(u64),
    Request(u64),
}

fn crash_at(mut world: World, step: Step, done: bool) -> Option<String> {
    match step {
        Step::StoreCall(place) => world.crash_at_store_call = Some((place, done)),
        Step::Request(place) => world.crash_server_at_request = Some((place, done)),
    }
    outcome(&mut world, &format!("{step:?}, done: {done}"))
}

/// The broken rule, if one is broken.
fn outcome(world: &mut World, place: &str) -> Option<String> {
    world.run_to_end().err().map(|(rule, detail)| format!("{place}: {rule}: {detail}"))
}

/// Profiles that take a scope away with edits waiting in it, turn a direction, change an order and a filter, and give
/// it all back.
fn moving_world() -> World {
    let mut scenario = Scenario::quiet();
    scenario.rates.asks_at_start = 1_000;
    let mut by_hand = scenario.profile.clone();
    by_hand.device.upload_transactions = UploadTransactions::ByHand;
    let mut without_customers = by_hand.clone();
    without_customers.scopes.retain(|scope| scope.direction != Direction::Bidirectional);
    without_customers.offline_products = OfflineProducts::TopBySales { count: 500 };
    let mut other_way = scenario.profile.clone();
    for scope in other_way.scopes.iter_mut().filter(|scope| scope.direction == Direction::Bidirectional) {
        scope.direction = Direction::Download;
    }
    other_way.scopes.swap(0, 2);
    other_way.device.upload_transactions = UploadTransactions::AtOnce;
    let publish = |profile: &Profile| Plan::Publish(Box::new(profile.clone()));
    for (at_ms, plan) in [
        (2_000, Plan::Sale { register: 0 }),
        (2_500, Plan::LookUp { register: 0 }),
        (3_000, publish(&by_hand)),
        (9_000, Plan::EditCustomer { register: 0 }),
        (9_500, Plan::EditCustomer { register: 0 }),
        (10_000, Plan::Sale { register: 0 }),
        (11_000, publish(&without_customers)),
        (14_000, Plan::LookUp { register: 0 }),
        (18_000, Plan::Sale { register: 0 }),
        (19_000, Plan::Edit),
        (20_000, publish(&other_way)),
        (27_000, Plan::Edit),
        (28_000, publish(&scenario.profile)),
        (34_000, Plan::EditCustomer { register: 0 }),
        (36_000, Plan::Sale { register: 0 }),
    ] {
        scenario.plans.push((at_ms, plan));
    }
    World::new(scenario, None)
}

fn world() -> World {
    let mut scenario = Scenario::quiet();
    scenario.rates.asks_at_start = 1_000;
    let for_ms = 20_000;
    for (at_ms, plan) in [
        (2_000, Plan::Sale { register: 0 }),
        (2_100, Plan::Sale { register: 0 }),
        (4_000, Plan::Edit),
        (4_500, Plan::LookUp { register: 0 }),
        (5_000, Plan::EditCustomer { register: 0 }),
        (5_500, Plan::EditCustomer { register: 0 }),
        (6_000, Plan::EditCustomer { register: 0 }),
        (9_000, Plan::Edit),
        (10_000, Plan::Mend { register: 0 }),
        (10_500, Plan::Mend { register: 0 }),
        (9_500, Plan::ShopEditsCustomer),
        (11_990, Plan::LookUp { register: 0 }),
        (12_000, Plan::Partition { register: 0, for_ms }),
        (14_500, Plan::LookUp { register: 0 }),
        (15_000, Plan::Sale { register: 0 }),
        (16_000, Plan::Edit),
        (16_500, Plan::EditCustomer { register: 0 }),
        (16_600, Plan::ShopEditsCustomer),
        (17_000, Plan::Sale { register: 0 }),
        (18_000, Plan::EditCustomer { register: 0 }),
        (30_000, Plan::LookUp { register: 0 }),
        (40_000, Plan::TryNow { register: 0 }),
        (42_000, Plan::Publish(Box::new(scenario.profile.clone()))),
        (43_000, Plan::Compact),
        (44_000, Plan::Edit),
        (44_500, Plan::LookUp { register: 0 }),
        (45_000, Plan::Mend { register: 0 }),
    ] {
        scenario.plans.push((at_ms, plan));
    }
    World::new(scenario, None)
}
