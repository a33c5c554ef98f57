//! Tests that run as wasm in a real browser: the same program in a page and in a service worker.
//!
//! Owns how they are built and started; `wasm-bindgen-test-runner` serves them to a browser and prints the
//! counts.

use std::process::{Command, Stdio};

use crate::build::Mode;
use crate::failure::{Doing, Failure, Outcome};
use crate::process::{self, Step};
use crate::test_command::Tally;
use crate::tools::wasm_bindgen;
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::workspace::WASM_TARGET;

/// The package whose tests these are.
pub const PACKAGE: &str = "holdfast-browser-store";
/// Where they run, and the variable by which the runner is told.
const PLACES: [(&str, &str); 2] =
    [("in a page", "WASM_BINDGEN_USE_BROWSER"), ("in a service worker", "WASM_BINDGEN_USE_SERVICE_WORKER")];
/// How long all tests together may take in one place.
const WITHIN_S: &str = "180";

/// Checks the tests with clippy.
pub fn clippy(toolchain: &WasmToolchain) -> Outcome {
    let mut cargo = process::command("cargo");
    cargo.args(["clippy", "--locked", "--target", WASM_TARGET, "--package", PACKAGE, "--test", "main"]);
    cargo.args(["--", "--deny", "warnings"]);
    toolchain.apply(&mut cargo);
    Step::new("checking the browser's tests with clippy", "").run(&mut cargo)
}

/// Builds the tests.
pub fn build(toolchain: &WasmToolchain) -> Outcome {
    let mut build = cargo_test(toolchain)?;
    build.arg("--no-run");
    let what = format!("compiling the tests of {PACKAGE}");
    Step::new(&what, "1 min at first").run(&mut build)
}

/// Runs the tests with `filter` in their names; they are built.
pub fn run(toolchain: &WasmToolchain, filter: Option<&str>) -> Outcome<Tally> {
    let mut tally = Tally::default();
    for (place, variable) in PLACES {
        let mut test = cargo_test(toolchain)?;
        test.arg("--").args(filter).env(variable, "1").env("WASM_BINDGEN_TEST_TIMEOUT", WITHIN_S);
        let counted = counted(&mut test, place)?;
        tally.passed += counted.passed;
        tally.failed += counted.failed;
    }
    Ok(tally)
}

fn cargo_test(toolchain: &WasmToolchain) -> Outcome<Command> {
    let version = wasm_bindgen::locked_version()?;
    let runner = wasm_bindgen::tool(&version).bin().join("wasm-bindgen-test-runner");
    let chromedriver = process::find("chromedriver")
        .ok_or_else(|| Failure::new("chromedriver is missing; `cargo xtask setup --browser` installs it"))?;
    let mut cargo = process::command("cargo");
    // The profile of the quick pages: what both need is compiled once.
    cargo.args(["test", "--locked", "--target", WASM_TARGET, "--profile", Mode::Dev.profile()]);
    cargo.args(["--package", PACKAGE, "--test", "main"]);
    toolchain.apply(&mut cargo);
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner).env("CHROMEDRIVER", chromedriver);
    Ok(cargo)
}

/// Runs the tests in one place; shows all that was said when one of them fails.
fn counted(test: &mut Command, place: &str) -> Outcome<Tally> {
    let output = test.stdin(Stdio::null()).output().doing(|| format!("starting the tests {place}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let Some(tally) = said.lines().find_map(tally_of) else {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("the tests {place} gave no result\n{said}\n{}", errors.trim())));
    };
    if tally.failed > 0 || !output.status.success() {
        eprintln!("{said}");
    }
    eprintln!("{PACKAGE} {place}: {} passed, {} failed", tally.passed, tally.failed);
    // A runner that fails with all tests passed has met something that no count shows.
    let unseen = u64::from(tally.failed == 0 && !output.status.success());
    Ok(Tally { failed: tally.failed + unseen, ..tally })
}

/// The counts in the runner's last line; none in any other line.
fn tally_of(line: &str) -> Option<Tally> {
    if line.trim() == "no tests to run!" {
        return Some(Tally::default());
    }
    let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
    let count = |what: &str| {
        let part = counts.split(';').find_map(|part| part.trim().strip_suffix(what))?;
        part.trim().parse().ok()
    };
    Some(Tally { passed: count(" passed")?, failed: count(" failed")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_gives_the_counts() {
        let line = "test result: FAILED. 27 passed; 2 failed; 0 ignored; 0 filtered out; finished in 5.51s";
        assert_eq!(tally_of(line), Some(Tally { passed: 27, failed: 2 }));
        assert_eq!(tally_of("no tests to run!"), Some(Tally::default()));
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(tally_of("test scopes::a_table_is_read ... ok"), None);
        assert_eq!(tally_of("running 29 tests"), None);
    }
}
