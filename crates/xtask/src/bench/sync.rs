//! The store server under load: many headless registers against a release build, beside a plain batch INSERT, on
//! SQLite and on a private PostgreSQL in one run.

use std::path::Path;

use serde_json::Value;

use super::figures;
use crate::args::Arguments;
use crate::failure::{Failure, Outcome};
use crate::postgres::Cluster;
use crate::tools::postgres;
use crate::{process, server, workspace};

/// `--database sqlite` or `postgres` measures only that; registers, sales and products go to the load program.
pub fn measure(words: &[String]) -> Outcome<Vec<Value>> {
    let mut arguments = Arguments::new(words.iter().cloned());
    let only = arguments.value("--database")?;
    let words = arguments.rest();
    let wants = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if !wants("sqlite") && !wants("postgres") {
        return Err(Failure::new("--database is sqlite or postgres"));
    }
    let store_server = server::build_release(server::STORE_SERVER)?;
    let load = server::build_release_of("holdfast-headless-register", "load")?;
    eprintln!("registers and store server share this machine's cores; compare within a run only");
    let mut all = Vec::new();
    if wants("sqlite") {
        all.extend(run(&load, &store_server, &words, None)?);
    }
    if wants("postgres") {
        postgres::ensure()?;
        let cluster = Cluster::start()?;
        all.extend(run(&load, &store_server, &words, Some(&cluster.address()))?);
    }
    Ok(all)
}

fn run(load: &Path, store_server: &Path, words: &[String], postgres: Option<&str>) -> Outcome<Vec<Value>> {
    let mut command = process::command(load);
    command.args(words).env("HOLDFAST_SERVER_BIN", store_server);
    if let Some(address) = postgres {
        command.args(["--postgres", address]);
    }
    if std::env::var_os("HOLDFAST_DATA").is_none() {
        command.env("HOLDFAST_DATA", workspace::root().join("../shared/data"));
    }
    let printed = process::output_while_it_speaks(&mut command)?;
    figures::figures_in(&printed).ok_or_else(|| Failure::new(format!("the load gave no figures:\n{printed}")))
}
