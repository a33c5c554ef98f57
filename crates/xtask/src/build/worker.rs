//! All wasm in one go, and of it the sync worker: a classic script and a wasm file that the service worker
//! loads by name.

use super::Mode;
use super::bundle::Bundle;
use crate::failure::Outcome;
use crate::files;
use crate::process::{self, Step};
use crate::tools::wasm_bindgen;
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::workspace::{self, WASM_TARGET};

/// Compiles for the browser in one go: the crates share what they have in common, and the slow ends of them
/// run side by side. The bundler finds its part done.
pub fn compile_all(mode: Mode, toolchain: &WasmToolchain) -> Outcome {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--locked", "--offline", "--target", WASM_TARGET, "--profile", mode.profile()]);
    cargo.args(["-p", "holdfast-sync-worker", "-p", "holdfast-till"]);
    if mode == Mode::Dev {
        // With link-time optimisation the back office can't share: rexie, which it doesn't have, is also a
        // cdylib, and what is below one is compiled otherwise.
        cargo.args(["-p", "holdfast-back-office"]);
    }
    toolchain.apply(&mut cargo);
    let what = format!("compiling for the browser ({})", mode.profile());
    let usually = match mode {
        Mode::Dev => "2 min at first, then 10 s",
        Mode::Release => "3 min at first, then 1 min",
    };
    Step::new(&what, usually).run(&mut cargo)
}

/// Makes `sync-worker.js` and `sync-worker_bg.wasm` of what was compiled.
pub fn bind(mode: Mode) -> Outcome<Bundle> {
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
