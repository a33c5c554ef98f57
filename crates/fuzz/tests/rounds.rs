//! Rounds with a fixed seed. `cargo xtask fuzz` runs others, for as long as one likes.

use std::collections::BTreeSet;

use holdfast_fuzz::round::{input_of, run, warm_up};
use holdfast_fuzz::samples::{frozen_names, is_of_kind};
use holdfast_fuzz::targets::{Target, Verdict, all};

/// Rounds of each target; those that open a transaction each have fewer.
fn rounds_of(target: &Target) -> u64 {
    if target.name.starts_with("import_") { 300 } else { 3_000 }
}

#[test]
fn no_input_makes_a_decoder_panic_lie_or_grow() {
    for target in all() {
        let samples = target.samples();
        warm_up(target, &samples);
        let mut taken = 0;
        for round in 0..rounds_of(target) {
            let input = input_of(target, &samples, 1, round);
            match run(target, &input) {
                Ok(Verdict::Taken) => taken += 1,
                Ok(Verdict::Refused) => {}
                Err(finding) => {
                    panic!("cargo xtask fuzz {} --seed 1 --from {round} --rounds 1\n{finding:?}", target.name)
                }
            }
        }
        // Neither a decoder that takes everything nor damage that is always too much.
        assert!(taken > 0, "{}: nothing was taken", target.name);
    }
}

#[test]
fn samples_are_taken() {
    for target in all() {
        let samples = target.samples();
        assert!(!samples.is_empty(), "{} has no sample", target.name);
        warm_up(target, &samples);
        if target.name != "engine_answers" {
            let verdicts: Vec<_> = samples.iter().map(|sample| run(target, sample)).collect();
            // Samples of texts are also such that are refused on purpose.
            let taken = verdicts.iter().filter(|verdict| **verdict == Ok(Verdict::Taken)).count();
            let enough = if target.texts.is_empty() { samples.len() } else { 1 };
            assert!(taken >= enough, "{}: {verdicts:?}", target.name);
        }
    }
}

#[test]
fn every_frozen_message_has_a_target() {
    let attacked: BTreeSet<&str> = all().iter().flat_map(|target| target.frozen).copied().collect();
    let is_attacked = |name: &&str| attacked.iter().any(|kind| is_of_kind(name, kind));
    let forgotten: Vec<&str> = frozen_names().filter(|name| !is_attacked(name)).collect();
    assert_eq!(forgotten, Vec::<&str>::new(), "add a line to src/targets/messages.rs");
}

#[test]
fn names_are_told_apart() {
    let names: BTreeSet<&str> = all().iter().map(|target| target.name).collect();
    assert_eq!(names.len(), all().len());
}
