//! The sync worker: a classic script and a wasm file that the service worker loads by name.

use super::Mode;
use super::bundle::Bundle;
use crate::failure::Outcome;
use crate::files;
use crate::process::{self, Step};
use crate::tools::wasm_bindgen;
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::workspace::{self, WASM_TARGET};

/// Builds `sync-worker.js` and `sync-worker_bg.wasm`.
pub fn build(mode: Mode, toolchain: &WasmToolchain) -> Outcome<Bundle> {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--locked", "--offline", "--package", "holdfast-sync-worker", "--lib"]).args([
        "--target",
        WASM_TARGET,
        "--profile",
        mode.profile(),
    ]);
    toolchain.apply(&mut cargo);
    let what = format!("building the sync worker ({})", mode.profile());
    Step::new(&what, "1 min at first, then 15 s").run(&mut cargo)?;

    let out = workspace::web_target().join("worker");
    files::remove_folder(&out)?;
    let version = wasm_bindgen::locked_version()?;
    let mut bindgen = process::command(wasm_bindgen::tool(&version).bin().join("wasm-bindgen"));
    let profile_folder = workspace::web_target().join(WASM_TARGET).join(mode.profile());
    // A service worker is a classic script here: modules are not allowed in it everywhere.
    bindgen
        .args(["--target", "no-modules", "--no-typescript", "--out-name", "sync-worker", "--out-dir"])
        .arg(&out)
        .arg(profile_folder.join("holdfast_sync_worker.wasm"));
    Step::new("binding the sync worker to the browser", "").quiet(true).run(&mut bindgen)?;
    Bundle::read_from(&out)
}
