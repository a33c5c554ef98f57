//! One scenario, crashed at each of its storage calls in turn: what chance might miss.

use super::rules::Broken;
use super::scenario::{Plan, Scenario};
use super::world::World;

/// What the exhaustive run found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrashReport {
    /// Storage calls of the scenario, each of which was crashed at twice: before and after it was written.
    pub store_calls_count: u64,
    /// The first broken rule and where.
    pub violation: Option<String>,
}

/// First download, sales, changes, an outage and a new profile, killed at each storage call in turn.
pub fn crash_at_each_storage_call() -> CrashReport {
    let mut undisturbed = world();
    if let Err((rule, detail)) = undisturbed.run_to_end() {
        return CrashReport {
            store_calls_count: 0,
            violation: Some(format!("undisturbed: {rule}: {detail}")),
        };
    }
    let store_calls_count = undisturbed.store_calls_count;
    for place in 1..=store_calls_count {
        for written in [false, true] {
            let mut world = world();
            world.crash_at_store_call = Some((place, written));
            let outcome: Result<(), Broken> = world.run_to_end();
            if let Err((rule, detail)) = outcome {
                let place = format!("storage call {place}, written: {written}");
                return CrashReport {
                    store_calls_count,
                    violation: Some(format!("{place}: {rule}: {detail}")),
                };
            }
        }
    }
    CrashReport { store_calls_count, violation: None }
}

fn world() -> World {
    let mut scenario = Scenario::quiet();
    let for_ms = 20_000;
    for (at_ms, plan) in [
        (2_000, Plan::Sale { register: 0 }),
        (2_100, Plan::Sale { register: 0 }),
        (4_000, Plan::Edit),
        (9_000, Plan::Edit),
        (12_000, Plan::Partition { register: 0, for_ms }),
        (15_000, Plan::Sale { register: 0 }),
        (16_000, Plan::Edit),
        (17_000, Plan::Sale { register: 0 }),
        (40_000, Plan::TryNow { register: 0 }),
        (42_000, Plan::Publish(Box::new(scenario.profile.clone()))),
        (43_000, Plan::Compact),
        (44_000, Plan::Edit),
    ] {
        scenario.plans.push((at_ms, plan));
    }
    World::new(scenario, None)
}
