//! `cargo xtask setup`: gets what is missing, and only that. A second run takes a moment.

use crate::args::Arguments;
use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::tools::npm_packages::AXE;
use crate::tools::wasm_toolchain::{self, WasmToolchain};
use crate::tools::{cargo_install, chromium, nextest, postgres, trunk, wasm_bindgen, wasm_opt};
use crate::{files, workspace};

/// What is to be done with the tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Build pages that are quick to build.
    BuildDev,
    /// Build pages that are quick to load.
    Build,
    /// Build and test.
    Test,
}

/// `setup [--browser] [--quiet]`.
pub fn command(arguments: &mut Arguments) -> Outcome {
    let purpose = if arguments.flag("--browser") { Purpose::Test } else { Purpose::Build };
    let quiet = arguments.flag("--quiet");
    arguments.done()?;
    ensure(purpose)?;
    if !quiet {
        println!("all tools are there ({})", workspace::cache().display());
    }
    Ok(())
}

/// Gets what `purpose` needs; gives the toolchain for the browser.
pub fn ensure(purpose: Purpose) -> Outcome<WasmToolchain> {
    // The tools belong to all clones, so two clones must not get the same one at once.
    let _held = files::hold(&workspace::cache().join("setup.lock"), "getting tools")?;
    if purpose == Purpose::Test {
        // Asks for a password, if at all, before the long steps.
        chromium::ensure()?;
        postgres::ensure()?;
    }
    let toolchain = wasm_toolchain::ensure()?;
    if purpose != Purpose::BuildDev {
        wasm_opt::ensure()?;
    }
    wasm_bindgen::tool(&wasm_bindgen::locked_version()?).ensure()?;
    trunk::tool().ensure()?;
    if purpose == Purpose::Test {
        nextest::ensure()?;
        AXE.ensure()?;
    }
    cargo_install::remove_build_output()?;
    fetch_packages()?;
    Ok(toolchain)
}

/// Fetches the packages that Cargo.lock names, since the bundler builds without a network.
fn fetch_packages() -> Outcome {
    let lock = files::read(&workspace::root().join("Cargo.lock"))?;
    let stamp = workspace::target().join("xtask/fetched-lock");
    if stamp.exists() && files::read(&stamp)? == lock {
        return Ok(());
    }
    Step::new("fetching the packages that Cargo.lock names", "30 s")
        .advice("Is the package registry within reach? Then try again.")
        .run(process::command("cargo").args(["fetch", "--locked"]))?;
    files::write(&stamp, &lock)
}
