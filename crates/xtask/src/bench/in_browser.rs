//! The benches that `tests/browser` measures in a real browser against a real store server.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{figures, no_words};
use crate::build::{self, Mode};
use crate::failure::{Failure, Outcome};
use crate::setup::{self, Purpose};
use crate::tools::npm_packages::BENCH_PEERS;
use crate::{process, server, workspace};

/// The demo shop, downloaded by a till.
pub fn download_demo(words: &[String]) -> Outcome<Vec<Value>> {
    no_words(words)?;
    build::ensure(Mode::Release, &setup::ensure(Purpose::Test)?)?;
    let programs = server::build(&[server::STORE_SERVER, PROGRAM])?;
    let [store_server, program] = programs.as_slice() else { return Err(Failure::new("no bench was built")) };
    measure(prepared(program, store_server).arg("download-demo"))
}

/// A large catalogue, downloaded by a till, beside other ways to keep it in a browser.
pub fn download(words: &[String]) -> Outcome<Vec<Value>> {
    build::ensure(Mode::Release, &setup::ensure(Purpose::Test)?)?;
    let packages = BENCH_PEERS.ensure()?;
    let store_server = server::build_release(server::STORE_SERVER)?;
    let programs = server::build(&[PROGRAM])?;
    let [program] = programs.as_slice() else { return Err(Failure::new("no bench was built")) };
    let mut command = prepared(program, &store_server);
    measure(command.env("HOLDFAST_BENCH_PACKAGES", packages).arg("download").args(words))
}

/// The program of these benches.
const PROGRAM: &str = "bench";

fn prepared(program: &Path, store_server: &Path) -> Command {
    let mut command = process::command(program);
    command.env("HOLDFAST_SERVER_BIN", store_server).env("HOLDFAST_DIST", workspace::dist());
    command
}

/// Runs it; what it says meanwhile is shown, its last line holds the figures.
fn measure(command: &mut Command) -> Outcome<Vec<Value>> {
    let printed = process::output_while_it_speaks(command)?;
    figures::figures_in(&printed)
        .ok_or_else(|| Failure::new(format!("the bench gave no figures:\n{printed}")))
}
