//! The Rust toolchain that compiles for the browser: the active one, or the one made from Debian's packages.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::wasm_std;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::process::{self, Step};
use crate::workspace::{self, WASM_TARGET};

/// The name under which rustup knows the toolchain of Debian's packages.
pub const DEBIAN_NAME: &str = "web";

/// A toolchain that can compile for the browser.
#[derive(Debug, Clone)]
pub struct WasmToolchain {
    /// rustup's name for it; none for the one that is active anyway.
    name: Option<String>,
    /// The linker, where the toolchain doesn't find its own.
    linker: Option<PathBuf>,
}

impl WasmToolchain {
    /// The toolchain to use, if there is one; `HOLDFAST_WASM_TOOLCHAIN` names another.
    pub fn find() -> Option<WasmToolchain> {
        let wanted = std::env::var("HOLDFAST_WASM_TOOLCHAIN").ok().filter(|name| !name.is_empty());
        match wanted {
            Some(name) => WasmToolchain::named(Some(name)),
            None => WasmToolchain::named(None).or_else(|| WasmToolchain::named(Some(DEBIAN_NAME.to_owned()))),
        }
    }

    fn named(name: Option<String>) -> Option<WasmToolchain> {
        let mut toolchain = WasmToolchain { name, linker: None };
        if !toolchain.has_std() {
            return None;
        }
        toolchain.linker = toolchain.own_linker().is_none().then(wasm_std::foreign_linker).flatten();
        Some(toolchain)
    }

    /// Whether an empty library compiles: std is there and made by this very compiler.
    fn has_std(&self) -> bool {
        let folder = workspace::cache().join(format!("probe-{}", std::process::id()));
        let source = folder.join("probe.rs");
        if files::write(&source, b"").is_err() {
            return false;
        }
        let mut rustc = self.rustc();
        rustc.args(["--target", WASM_TARGET, "--crate-type", "lib", "--emit", "metadata", "--out-dir"]);
        let compiles = process::succeeds(rustc.arg(&folder).arg(&source));
        files::remove_folder(&folder).is_ok() && compiles
    }

    fn own_linker(&self) -> Option<PathBuf> {
        let host_libraries = process::output(self.rustc().args(["--print", "target-libdir"])).ok()?;
        let linker = PathBuf::from(host_libraries.trim()).parent()?.join("bin/rust-lld");
        linker.is_file().then_some(linker)
    }

    fn rustc(&self) -> Command {
        let mut command = process::command("rustc");
        if let Some(name) = &self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        command
    }

    /// Makes a command compile with this toolchain, for the browser, into the folder for that.
    pub fn apply(&self, command: &mut Command) {
        command.env("CARGO_TARGET_DIR", workspace::web_target());
        // Either would take the place of the target's flags in .cargo/config.toml.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
        if let Some(name) = &self.name {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
    }

    /// The compiler's version, in full.
    pub fn version(&self) -> Outcome<String> {
        process::output(self.rustc().arg("-vV"))
    }
}

/// Finds a toolchain or gets one: rustup's own target first, else Debian's packages.
pub fn ensure() -> Outcome<WasmToolchain> {
    if let Some(found) = WasmToolchain::find() {
        return Ok(found);
    }
    if process::find("rustup").is_none() {
        return Err(Failure::new(
            "rustup is missing. It comes from https://rustup.rs; install it, then run this again.",
        ));
    }
    let added = Step::new("adding the WebAssembly target to the Rust toolchain", "10 s")
        .at_most(Duration::from_secs(180))
        .log_in_cache()
        .run(process::command("rustup").args(["target", "add", WASM_TARGET]));
    if let Err(failure) = added {
        // Not the end yet, so the start of it will do.
        failure.to_string().lines().take(4).for_each(|line| eprintln!("  {line}"));
    }
    if let Some(found) = WasmToolchain::find() {
        return Ok(found);
    }
    eprintln!("rustup can't add the target here; Debian's packages are tried in its place");
    wasm_std::install_compiler()?;
    if WasmToolchain::find().is_none() {
        wasm_std::build()?;
    }
    WasmToolchain::find().ok_or_else(|| {
        Failure::new(format!(
            "no Rust toolchain here can compile for {WASM_TARGET}. `rustup target add {WASM_TARGET}` would do it; \
             see what it says."
        ))
    })
}
