//! The native programs: the store server and what talks to it, from the dev build, for measuring from a release build.

use std::path::PathBuf;

use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::workspace;

/// Builds programs of the workspace; gives their paths in the same order.
///
/// The whole workspace is named so that features are those of the tests' build, and nothing is compiled
/// twice; only what the programs need is compiled.
pub fn build(programs: &[&str]) -> Outcome<Vec<PathBuf>> {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--locked", "--workspace"]);
    programs.iter().for_each(|program| {
        cargo.args(["--bin", program]);
    });
    let what = format!("building {}", programs.join(", "));
    Step::new(&what, "2 min at first, then some seconds").run(&mut cargo)?;
    Ok(programs.iter().map(|program| workspace::target().join("debug").join(program)).collect())
}

/// Builds one program as a shop runs it, for benches; gives its path.
pub fn build_release(program: &str) -> Outcome<PathBuf> {
    build_release_of(program, program)
}

/// Builds one program of a package in the same way; gives its path.
pub fn build_release_of(package: &str, program: &str) -> Outcome<PathBuf> {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--locked", "--release", "--package", package, "--bin", program]);
    let what = format!("building {program} as a shop runs it");
    Step::new(&what, "5 min at first, then some seconds").run(&mut cargo)?;
    Ok(workspace::target().join("release").join(program))
}

/// The store server's name.
pub const STORE_SERVER: &str = "holdfast-store-server";
