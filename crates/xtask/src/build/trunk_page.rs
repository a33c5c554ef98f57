//! One page by Trunk: cargo, wasm-bindgen, HTML and styles. Trunk.toml has its settings.

use super::bundle::Bundle;
use super::{Mode, styles};
use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::tools::{trunk, wasm_bindgen};
use crate::{files, workspace};

/// Builds the page `name` of `web/HTML` for the address `at`.
pub fn build(name: &str, html: &str, at: &str, mode: Mode, toolchain: &WasmToolchain) -> Outcome<Bundle> {
    styles::write(name)?;
    let out = workspace::web_target().join("trunk").join(name);
    files::remove_folder(&out)?;
    files::create_folder(&out)?;
    let mut command = process::command(trunk::tool().bin().join("trunk"));
    command
        .args(["build", "--skip-version-check", "--color", "never", "--config", "Trunk.toml"])
        .args(["--cargo-profile", mode.profile(), "--public-url", at, "--dist"])
        .arg(&out)
        .arg(workspace::root().join("web").join(html))
        .env("PATH", path_with_wasm_bindgen()?)
        // Trunk takes NO_COLOR=1 for a misspelt switch of its own.
        .env_remove("NO_COLOR");
    toolchain.apply(&mut command);
    let what = format!("bundling the page {name} ({})", mode.profile());
    Step::new(&what, "less than a minute").run(&mut command)?;
    Bundle::read_from(&out)
}

/// `PATH` with the right wasm-bindgen first: Trunk looks for it there.
fn path_with_wasm_bindgen() -> Outcome<std::ffi::OsString> {
    let version = wasm_bindgen::locked_version()?;
    let mut folders = vec![wasm_bindgen::tool(&version).bin()];
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    std::env::join_paths(folders).map_err(|error| crate::failure::Failure::new(format!("PATH: {error}")))
}
