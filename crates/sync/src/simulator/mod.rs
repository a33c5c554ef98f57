//! The simulator: registers and a store server on one thread, one clock and one seed.
//!
//! Runs the engine as it is shipped against [`crate::memory_store::MemoryStore`] and a model of the store
//! server, through a network, disks and people that do their worst until the faults end; then everything must
//! come right within a stated time. The rules are in `rules`, apart from what they watch. The same seed
//! gives the same run: nothing here reads a clock or iterates anything unordered.

mod customers;
mod edit_rules;
mod exhaustive;
mod look_up_rules;
mod look_ups;
pub(crate) mod model_server;
mod mutation;
mod network;
mod pace_rules;
mod plans;
mod profile_changes;
mod register;
mod rng;
mod rot;
mod rules;
mod scenario;
mod shop;
mod slow_rules;
mod storage;
#[cfg(test)]
mod tests;
mod version_rules;
mod world;

use std::collections::BTreeMap;
use std::fmt;

pub use exhaustive::{CrashReport, crash_at_each_step, crash_at_each_step_of_moves};
pub use model_server::ModelRow;
pub use mutation::Mutation;
pub use rules::Rule;

use scenario::Scenario;

/// What a run was and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The run's seed; it and the program's version give the run again.
    pub seed: u64,
    /// Registers.
    pub registers_count: usize,
    /// Things that happened.
    pub events_count: u64,
    /// Simulated time, milliseconds.
    pub simulated_ms: i64,
    /// Sales that tills showed as finished.
    pub sales_count: u64,
    /// Requests that engines sent.
    pub requests_count: u64,
    /// What tills asked the store server for, by what it came to.
    pub look_ups: BTreeMap<&'static str, u64>,
    /// Faults by kind.
    pub faults: BTreeMap<&'static str, u64>,
    /// The broken rule, if one was broken.
    pub violation: Option<Violation>,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub rule: Rule,
    /// What was seen.
    pub detail: String,
    /// Simulated time since the run's begin, milliseconds.
    pub at_ms: i64,
}

/// Runs one seed.
pub fn simulate(seed: u64, mutation: Option<Mutation>) -> Report {
    world::World::new(Scenario::from_seed(seed, None), mutation).run()
}

/// Runs one seed with so many registers instead of the few that it means.
pub fn simulate_many(seed: u64, registers_count: usize, mutation: Option<Mutation>) -> Report {
    world::World::new(Scenario::from_seed(seed, Some(registers_count)), mutation).run()
}

/// Runs one seed and gives what happened, a line each, for whoever looks for the cause.
pub fn simulate_and_trace(seed: u64, mutation: Option<Mutation>) -> (Report, Vec<String>) {
    let mut world = world::World::new(Scenario::from_seed(seed, None), mutation);
    world.trace = Some(Vec::new());
    let report = world.run();
    (report, world.trace.unwrap_or_default())
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "seed {}: {} registers, {} s simulated, {} events, {} sales, {} requests; look-ups:",
            self.seed,
            self.registers_count,
            self.simulated_ms / 1_000,
            self.events_count,
            self.sales_count,
            self.requests_count,
        )?;
        for (kind, count) in &self.look_ups {
            write!(f, " {kind} {count}")?;
        }
        write!(f, "; faults:")?;
        for (kind, count) in &self.faults {
            write!(f, " {kind} {count}")?;
        }
        if let Some(violation) = &self.violation {
            write!(
                f,
                "\nseed {} breaks the rule \"{}\" after {} ms: {}",
                self.seed, violation.rule, violation.at_ms, violation.detail
            )?;
        }
        Ok(())
    }
}
