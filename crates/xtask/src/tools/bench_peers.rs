//! The libraries that benches measure Holdfast beside. Fetched from npm when a bench wants them, never shipped.

use std::path::PathBuf;

use super::node;
use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::{files, workspace};

/// Where their names and versions are committed.
const LISTED_IN: &str = "tests/browser/src/bin/bench/peers";

fn folder() -> PathBuf {
    workspace::cache().join("bench-peers")
}

/// Gets them where they are missing or of other versions; gives npm's folder.
pub fn ensure() -> Outcome<PathBuf> {
    let listed = workspace::root().join(LISTED_IN);
    let (manifest, lock) =
        (files::read(&listed.join("package.json"))?, files::read(&listed.join("package-lock.json"))?);
    let packages = folder().join("node_modules");
    let kept_lock = folder().join("package-lock.json");
    if packages.is_dir() && kept_lock.is_file() && files::read(&kept_lock)? == lock {
        return Ok(packages);
    }
    node::ensure()?;
    node::ensure_npm()?;
    let partial = folder().with_extension("partial");
    files::remove_folder(&partial)?;
    files::create_folder(&partial)?;
    files::write(&partial.join("package.json"), &manifest)?;
    files::write(&partial.join("package-lock.json"), &lock)?;
    let mut install = process::command("npm");
    install.current_dir(&partial).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
    Step::new("fetching the peers of the benches (npm)", "10 s")
        .advice("Is npm's registry within reach? Then try again; the other benches work without it.")
        .log_in_cache()
        .run(&mut install)?;
    files::remove_folder(&folder())?;
    files::rename(&partial, &folder())?;
    Ok(packages)
}
