//! The benches that `tests/browser` measures in a real browser against a real store server.

use serde_json::Value;

use super::{figures, no_words};
use crate::build::{self, Mode};
use crate::failure::{Failure, Outcome};
use crate::setup::{self, Purpose};
use crate::{process, server, workspace};

/// The demo shop, downloaded by a till.
pub fn download_demo(words: &[String]) -> Outcome<Vec<Value>> {
    no_words(words)?;
    measure("download-demo", &[])
}

fn measure(name: &str, words: &[String]) -> Outcome<Vec<Value>> {
    build::ensure(Mode::Release, &setup::ensure(Purpose::Test)?)?;
    let programs = server::build(&[server::STORE_SERVER, "bench"])?;
    let [store_server, bench] = programs.as_slice() else { return Err(Failure::new("no bench was built")) };
    let mut command = process::command(bench);
    command
        .arg(name)
        .args(words)
        .env("HOLDFAST_SERVER_BIN", store_server)
        .env("HOLDFAST_DIST", workspace::dist());
    let printed = process::output(&mut command)?;
    figures::figures_in(&printed)
        .ok_or_else(|| Failure::new(format!("the bench {name} gave no figures:\n{printed}")))
}
