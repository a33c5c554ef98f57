//! The wasm of the pages in one go, before the bundler.

use super::Mode;
use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::workspace::WASM_TARGET;

/// Compiles for the browser in one go: the crates share what they have in common, and the slow ends of them
/// run side by side. The bundler finds its part done.
pub fn all(mode: Mode, toolchain: &WasmToolchain) -> Outcome {
    let mut cargo = process::command("cargo");
    cargo.args(["build", "--locked", "--offline", "--target", WASM_TARGET, "--profile", mode.profile()]);
    cargo.args(["-p", "holdfast-register"]);
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
