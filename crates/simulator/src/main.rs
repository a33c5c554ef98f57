//! `simulate`: runs seeds of the simulator until one breaks a rule; `cargo xtask simulate` calls it.
//!
//! Owns the command line and the sum of what was run. Knows no rule itself.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;
use holdfast_sync::simulator::{
    Mutation, Report, crash_at_each_step, simulate, simulate_and_trace, simulate_many,
};

/// Runs registers and a store server on one virtual clock, with faults, from seeds.
#[derive(Debug, Parser)]
#[command(name = "simulate")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 1_000)]
    seeds: u64,
    /// The first one.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// So many registers in each run instead of the few that its seed means.
    #[arg(long)]
    registers: Option<usize>,
    /// A deliberate bug that the rules are to find.
    #[arg(long, value_name = "NAME", value_parser = mutation_named)]
    mutation: Option<Mutation>,
    /// Only prints the names of the deliberate bugs, one a line.
    #[arg(long)]
    mutations: bool,
    /// Runs only the first seed and prints all that happens in it.
    #[arg(long)]
    trace: bool,
    /// Instead of seeds, one scenario, in which either side is killed at each of its steps.
    #[arg(long)]
    exhaustive: bool,
}

fn mutation_named(name: &str) -> Result<Mutation, String> {
    Mutation::from_name(name).ok_or_else(|| "there is none of this name; --mutations lists them".to_owned())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if arguments.mutations {
        Mutation::ALL.iter().for_each(|mutation| println!("{}", mutation.name()));
        return ExitCode::SUCCESS;
    }
    if arguments.trace {
        return trace(&arguments);
    }
    if arguments.exhaustive { exhaustive() } else { seeds(&arguments) }
}

fn trace(arguments: &Arguments) -> ExitCode {
    let (report, lines) = simulate_and_trace(arguments.from, arguments.mutation);
    lines.iter().for_each(|line| println!("{line}"));
    println!("{report}");
    if report.violation.is_none() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn exhaustive() -> ExitCode {
    let report = crash_at_each_step();
    match report.violation {
        None => {
            println!(
                "the register killed before and after each of {} storage calls, the store server at each of {} \
                 requests ({} entries accepted, {} rejected, {} edits merged): no rule broken",
                report.store_calls_count,
                report.requests_count,
                report.accepted_count,
                report.rejected_count,
                report.merged_count
            );
            ExitCode::SUCCESS
        }
        Some(violation) => {
            println!("{violation}");
            ExitCode::FAILURE
        }
    }
}

/// What all runs so far came to.
#[derive(Debug, Default)]
struct Sum {
    runs_count: u64,
    events_count: u64,
    simulated_ms: i64,
    sales_count: u64,
    requests_count: u64,
    look_ups: BTreeMap<&'static str, u64>,
    faults: BTreeMap<&'static str, u64>,
    /// The one with the lowest seed.
    violation: Option<Report>,
}

impl Sum {
    fn add(&mut self, report: Report) {
        self.runs_count += 1;
        self.events_count += report.events_count;
        self.simulated_ms += report.simulated_ms;
        self.sales_count += report.sales_count;
        self.requests_count += report.requests_count;
        for (kind, count) in &report.look_ups {
            *self.look_ups.entry(kind).or_insert(0) += count;
        }
        for (kind, count) in &report.faults {
            *self.faults.entry(kind).or_insert(0) += count;
        }
        let is_first = self.violation.as_ref().is_none_or(|first| report.seed < first.seed);
        if report.violation.is_some() && is_first {
            self.violation = Some(report);
        }
    }
}

fn seeds(arguments: &Arguments) -> ExitCode {
    let began = Instant::now();
    let end = arguments.from.saturating_add(arguments.seeds);
    let next = AtomicU64::new(arguments.from);
    let stop_at = AtomicU64::new(end);
    let sum = Mutex::new(Sum::default());
    let threads_count = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads_count {
            scope.spawn(|| {
                loop {
                    // Each run is on one thread; which thread takes which seed changes nothing in it.
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= stop_at.load(Ordering::Relaxed) {
                        break;
                    }
                    let report = match arguments.registers {
                        Some(count) => simulate_many(seed, count, arguments.mutation),
                        None => simulate(seed, arguments.mutation),
                    };
                    if report.violation.is_some() {
                        stop_at.fetch_min(seed, Ordering::Relaxed);
                    }
                    sum.lock().unwrap_or_else(PoisonError::into_inner).add(report);
                }
            });
        }
    });
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    say(&sum, began.elapsed().as_secs_f64());
    match sum.violation {
        None => ExitCode::SUCCESS,
        Some(report) => {
            println!("{report}");
            ExitCode::FAILURE
        }
    }
}

fn say(sum: &Sum, seconds: f64) {
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = sum.events_count as f64 / seconds.max(0.001);
    println!(
        "{} runs in {seconds:.1} s: {} events ({rate:.0}/s), {} h simulated, {} sales, {} requests",
        sum.runs_count,
        sum.events_count,
        sum.simulated_ms / 3_600_000,
        sum.sales_count,
        sum.requests_count,
    );
    println!("look-ups: {}", listed(&sum.look_ups));
    println!("faults: {}", listed(&sum.faults));
}

fn listed(counts: &BTreeMap<&'static str, u64>) -> String {
    counts.iter().map(|(kind, count)| format!("{kind} {count}")).collect::<Vec<_>>().join(", ")
}
