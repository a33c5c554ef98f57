//! `cargo xtask test`: everything that must hold, and the count of it.
//!
//! Owns the order of the checks and the last line, `N passed, N failed`. A failed check doesn't stop the next.

use std::io::{BufRead, BufReader, IsTerminal};
use std::panic::resume_unwind;
use std::process::{Command, ExitCode, Stdio};
use std::thread;

use crate::args::Arguments;
use crate::build::{self, Mode};
use crate::failure::{Doing, Outcome};
use crate::postgres::{self, Cluster};
use crate::process::{self, Step};
use crate::setup::{self, Purpose};
use crate::tools::nextest;
use crate::tools::npm_packages::AXE;
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::workspace::{self, BROWSER_CRATES, WASM_TARGET};
use crate::{server, tidy, wasm_tests};

const BROWSER_TESTS: &str = "holdfast-browser-tests";

/// What passed and what failed so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Tests and checks that passed.
    pub passed: u64,
    /// Those that failed.
    pub failed: u64,
}

impl Tally {
    /// Counts one check and shows why it failed.
    fn check(&mut self, name: &str, outcome: Outcome) -> bool {
        match outcome {
            Ok(()) => self.passed += 1,
            Err(failure) => {
                eprintln!("FAILED {name}\n{failure}\n");
                self.failed += 1;
                return false;
            }
        }
        true
    }

    /// Counts checks that were made beside others; whether all of them passed.
    fn take(&mut self, checks: Vec<(&str, Outcome)>) -> bool {
        checks.into_iter().fold(true, |all, (name, outcome)| self.check(name, outcome) && all)
    }
}

/// `test [FILTER]`; a filter leaves only the tests with it in their names.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    let filter = arguments.next_word();
    arguments.done()?;
    let toolchain = setup::ensure(Purpose::Test)?;
    let mut tally = Tally::default();
    let is_whole = filter.is_none();
    if is_whole {
        tally.check("fmt", fmt());
        tally.check("tidy", tidy());
    }
    // Most of what is compiled last is one crate on one processor: native code and the browser's have folders of their
    // own and are compiled side by side.
    let (native, browser) = thread::scope(|scope| {
        let native = scope.spawn(|| prepare_native(is_whole));
        let browser = prepare_browser(is_whole, &toolchain);
        (native.join().unwrap_or_else(|panic| resume_unwind(panic)), browser)
    });
    tally.take(native.checks);
    tally.take(browser.checks);
    let programs = tally.take(native.built);
    let pages = tally.take(browser.built);
    let postgres = TestPostgres::get(&mut tally);
    count_tests(&mut tally, &format!("not package({BROWSER_TESTS})"), filter.as_deref(), &postgres);
    count(&mut tally, wasm_tests::PACKAGE, wasm_tests::run(&toolchain, filter.as_deref()).map(Some));
    if pages && programs {
        count_tests(&mut tally, &format!("package({BROWSER_TESTS})"), filter.as_deref(), &postgres);
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is done before tests run.
struct Prepared {
    /// What is only looked at.
    checks: Vec<(&'static str, Outcome)>,
    /// What the browser tests need.
    built: Vec<(&'static str, Outcome)>,
}

fn prepare_native(is_whole: bool) -> Prepared {
    let checks = if is_whole { vec![("clippy", clippy())] } else { Vec::new() };
    let programs = server::build(&[server::STORE_SERVER]).map(drop);
    let tests = build_tests();
    Prepared { checks, built: vec![("programs", programs), ("native tests", tests)] }
}

fn prepare_browser(is_whole: bool, toolchain: &WasmToolchain) -> Prepared {
    let mut checks = Vec::new();
    if is_whole {
        checks.push(("clippy for the browser", browser_clippy(toolchain)));
        checks.push(("clippy for the browser's tests", wasm_tests::clippy(toolchain)));
    }
    checks.push(("tests in the browser", wasm_tests::build(toolchain)));
    Prepared { checks, built: vec![("pages", build::ensure(Mode::Release, toolchain))] }
}

fn build_tests() -> Outcome {
    let mut command = process::command(nextest::program());
    command.args(["nextest", "run", "--locked", "--workspace", "--no-run", "--color", "never"]);
    Step::new("compiling the native tests", "10 min at first").run(&mut command)
}

/// The PostgreSQL that tests use: the one they are told of, else one of our own while this lives.
struct TestPostgres {
    address: String,
    _own: Option<Cluster>,
}

impl TestPostgres {
    fn get(tally: &mut Tally) -> TestPostgres {
        if let Ok(address) = std::env::var(postgres::VARIABLE) {
            return TestPostgres { address, _own: None };
        }
        let started = Cluster::start().map(|cluster| (cluster.address(), cluster));
        let (address, own, outcome) = match started {
            Ok((address, cluster)) => (address, Some(cluster), Ok(())),
            // The tests that need it fail, each by its name: nothing answers at this address.
            Err(failure) => ("postgres://127.0.0.1:9/none".to_owned(), None, Err(failure)),
        };
        tally.check("PostgreSQL", outcome);
        TestPostgres { address, _own: own }
    }
}

fn fmt() -> Outcome {
    let mut cargo = process::command("cargo");
    cargo.args(["fmt", "--all", "--", "--check", "--color", "never"]);
    Step::new("checking the format", "").advice("`cargo fmt --all` puts it right.").run(&mut cargo)
}

fn tidy() -> Outcome {
    let problems = tidy::problems()?;
    if problems.is_empty() { Ok(()) } else { Err(crate::failure::Failure::new(problems.join("\n"))) }
}

fn clippy() -> Outcome {
    let mut cargo = process::command("cargo");
    cargo.args(["clippy", "--locked", "--workspace", "--all-targets"]);
    BROWSER_CRATES.iter().for_each(|name| {
        cargo.args(["--exclude", name]);
    });
    cargo.args(["--", "--deny", "warnings"]);
    Step::new("checking native code with clippy", "5 min at first").run(&mut cargo)
}

fn browser_clippy(toolchain: &WasmToolchain) -> Outcome {
    let mut cargo = process::command("cargo");
    cargo.args(["clippy", "--locked", "--target", WASM_TARGET]);
    BROWSER_CRATES.iter().for_each(|name| {
        cargo.args(["--package", name]);
    });
    cargo.args(["--", "--deny", "warnings"]);
    toolchain.apply(&mut cargo);
    Step::new("checking browser code with clippy", "4 min at first").run(&mut cargo)
}

/// Runs the tests of a set of packages, shows what the runner says, and adds its counts.
fn count_tests(tally: &mut Tally, set: &str, filter: Option<&str>, postgres: &TestPostgres) {
    count(tally, set, run_tests(set, filter, postgres));
}

/// Adds counts; where there are none, that is a failure of its own.
fn count(tally: &mut Tally, set: &str, counted: Outcome<Option<Tally>>) {
    match counted {
        Ok(Some(counted)) => {
            tally.passed += counted.passed;
            tally.failed += counted.failed;
        }
        Ok(None) => {
            tally.check(set, Err(crate::failure::Failure::new("the tests could not be built or started")));
        }
        Err(failure) => {
            tally.check(set, Err(failure));
        }
    }
}

fn run_tests(set: &str, filter: Option<&str>, postgres: &TestPostgres) -> Outcome<Option<Tally>> {
    let mut command = nextest_command(set, filter);
    // A store database that somebody has in use is no place for tests.
    command.env(postgres::VARIABLE, &postgres.address).env_remove("DATABASE_URL");
    let mut child = command.spawn().doing(|| "starting cargo nextest".to_owned())?;
    let mut counted = None;
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            eprintln!("{line}");
            counted = tally_of(&line).or(counted);
        }
    }
    let status = child.wait().doing(|| "waiting for cargo nextest".to_owned())?;
    // A runner that fails with all tests passed has met something that no count shows.
    Ok(match counted {
        Some(tally) if tally.failed == 0 && !status.success() => Some(Tally { failed: 1, ..tally }),
        Some(tally) => Some(tally),
        None if status.success() => Some(Tally::default()),
        None => None,
    })
}

fn nextest_command(set: &str, filter: Option<&str>) -> Command {
    let expression = match filter {
        Some(text) => format!("{set} and test(~{text})"),
        None => set.to_owned(),
    };
    let mut command = process::command(nextest::program());
    command
        .args(["nextest", "run", "--locked", "--workspace", "--no-tests", "pass", "--filterset", &expression])
        .args(["--color", if std::io::stderr().is_terminal() { "always" } else { "never" }])
        .env("HOLDFAST_SERVER_BIN", workspace::target().join("debug").join(server::STORE_SERVER))
        .env("HOLDFAST_DIST", workspace::dist())
        .env("HOLDFAST_AXE", AXE.packages().join("axe-core/axe.min.js"))
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// The counts in the runner's summary line; none in any other line.
fn tally_of(line: &str) -> Option<Tally> {
    let plain = without_colours(line);
    let (_, counts) = plain.trim_start().strip_prefix("Summary")?.split_once(']')?;
    let (run, rest) = counts.split_once(" run:")?;
    let run = run.split_whitespace().next()?;
    // "3/10 tests run" when the run was cut short.
    let run: u64 = run.split('/').next_back()?.parse().ok()?;
    let passed =
        rest.split(',').find_map(|part| part.trim().split_once(" passed")).map_or("0", |(count, _)| count);
    let passed: u64 = passed.parse().ok()?;
    Some(Tally { passed, failed: run.saturating_sub(passed) })
}

fn without_colours(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            // A colour ends with its letter.
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            kept.push(character);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(line: &str) -> Option<(u64, u64)> {
        tally_of(line).map(|tally| (tally.passed, tally.failed))
    }

    #[test]
    fn the_summary_gives_the_counts() {
        assert_eq!(tally("     Summary [   0.010s] 3 tests run: 3 passed, 0 skipped"), Some((3, 0)));
        assert_eq!(tally(" Summary [ 1.2s] 1 test run: 1 passed (1 slow), 2 skipped"), Some((1, 0)));
        assert_eq!(
            tally(" Summary [ 9s] 5 tests run: 2 passed, 2 failed, 1 timed out, 0 skipped"),
            Some((2, 3))
        );
        assert_eq!(tally(" Summary [ 9s] 2/5 tests run: 2 passed, 0 skipped"), Some((2, 3)));
        assert_eq!(tally(" Summary [ 9s] 1 test run: 0 passed, 1 failed, 0 skipped"), Some((0, 1)));
        assert_eq!(
            tally("\u{1b}[32m Summary\u{1b}[0m [ 1s] \u{1b}[1m2\u{1b}[0m tests run: 2 passed"),
            Some((2, 0))
        );
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(tally("        PASS [   0.005s] holdfast-domain money::tests::adds"), None);
        assert_eq!(tally("Summary of changes"), None);
    }
}
