//! One input through one target, and what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::MEMORY;
use crate::mutate;
use crate::random::Random;
use crate::targets::{Target, Verdict};

/// Memory that any input may cost, bytes.
const MEMORY_BYTES_MIN: usize = 4 * 1024 * 1024;
/// Memory for each byte of the input beyond that: small items become large values in lists that grow by half.
const MEMORY_BYTES_PER_BYTE: usize = 512;
/// Longest time for an input, on a machine that does much else.
const TIME_MAX: Duration = Duration::from_secs(3);

/// What is wrong with a decoder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// It panicked, or a rule of the target does not hold.
    Panic(String),
    /// It took more memory than the input explains.
    Memory {
        /// So many bytes.
        bytes: usize,
    },
    /// It took too long.
    Time(Duration),
}

/// The input of a round.
pub fn input_of(target: &Target, samples: &[Vec<u8>], seed: u64, round: u64) -> Vec<u8> {
    let mut random = Random::of_round(seed, target.name, round);
    let mut input = mutate::input(&mut random, samples);
    // Else nothing damaged would come past a checksum.
    if let Some(repair) = target.repair
        && random.below(4) > 0
    {
        repair(&mut input);
    }
    input
}

/// Lets a target make ready what it makes once, such as a database, so that no input is blamed for it.
pub fn warm_up(target: &Target, samples: &[Vec<u8>]) {
    if let Some(sample) = samples.first() {
        // What it is worth is told by the rounds.
        run(target, sample).ok();
    }
}

/// Runs a target once.
///
/// # Errors
/// What is wrong.
pub fn run(target: &Target, input: &[u8]) -> Result<Verdict, Finding> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let began = Instant::now();
    let verdict = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let took = began.elapsed();
    let bytes = MEMORY.peak_usage().saturating_sub(before);
    let verdict = verdict.map_err(|payload| Finding::Panic(words(payload.as_ref())))?;
    if bytes > MEMORY_BYTES_MIN + input.len() * MEMORY_BYTES_PER_BYTE {
        return Err(Finding::Memory { bytes });
    }
    if took > TIME_MAX {
        return Err(Finding::Time(took));
    }
    Ok(verdict)
}

fn words(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without words").to_owned()
}
