//! `cargo xtask build`: the pages, from sources to `dist/`, ready to be served.
//!
//! Owns the order of the steps. Between them a page is a [`Bundle`] in memory; `dist/` changes only at the
//! end, all at once.

mod bundle;
mod compile;
mod compress;
mod content_names;
mod fingerprint;
mod help;
mod optimise;
mod precache;
mod short_names;
mod sizes;
mod styles;
mod trunk_page;

use std::path::Path;
use std::time::Instant;

use crate::args::Arguments;
use crate::failure::{Failure, Outcome};
use crate::process::in_words;
use crate::setup::{self, Purpose};
use crate::tools::wasm_toolchain::WasmToolchain;
use crate::{files, workspace};

use bundle::Bundle;
pub use precache::first_load_bytes;

/// How much time goes into making the pages small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Quick to build.
    Dev,
    /// Quick to load.
    Release,
}

impl Mode {
    /// The cargo profile of it.
    pub fn profile(self) -> &'static str {
        match self {
            Mode::Dev => "wasm-dev",
            Mode::Release => "wasm-release",
        }
    }

    /// What must be there to build so.
    pub fn purpose(self) -> Purpose {
        match self {
            Mode::Dev => Purpose::BuildDev,
            Mode::Release => Purpose::Build,
        }
    }
}

/// Files of the till that keep their names: the service worker's own address can't change, and what it loads
/// by name must be there under that name.
const STABLE_NAMES: [&str; 4] = ["index.html", "sw.js", "strict-journal.js", "manifest.webmanifest"];

/// `build [--dev]`.
pub fn command(arguments: &mut Arguments) -> Outcome {
    let mode = if arguments.flag("--dev") { Mode::Dev } else { Mode::Release };
    arguments.done()?;
    let toolchain = setup::ensure(mode.purpose())?;
    ensure(mode, &toolchain)?;
    sizes::print(&workspace::dist())
}

/// Builds the pages unless `dist/` holds what these sources give.
pub fn ensure(mode: Mode, toolchain: &WasmToolchain) -> Outcome {
    let _held = files::hold(&workspace::web_target().join("build.lock"), "building the pages")?;
    let dist = workspace::dist();
    let stamp = dist.join(".stamp");
    let fingerprint = fingerprint::of_sources(mode, &toolchain.version()?)?;
    if stamp.exists() && files::read_text(&stamp)? == fingerprint {
        return Ok(());
    }
    let started = Instant::now();
    let next = workspace::web_target().join("dist");
    files::remove_folder(&next)?;
    compile::all(mode, toolchain)?;
    let till = trunk_page::build("till", "index.html", "/", mode, toolchain)?;
    let back_office = trunk_page::build("back-office", "back-office.html", "/back-office/", mode, toolchain)?;

    let till = finish_till(till, mode)?;
    let back_office = content_names::apply(made_small(back_office, mode)?, &STABLE_NAMES)?;
    for (name, bundle) in [("till", till), ("back-office", back_office), ("help", help::bundle()?)] {
        bundle.write_to(&next.join(name))?;
    }
    compress::all_below(&next, mode)?;
    files::write(&next.join(".stamp"), fingerprint.as_bytes())?;
    replace(&dist, &next)?;
    eprintln!("pages are built into {} ({})", workspace::shown(&dist), in_words(started.elapsed()));
    Ok(())
}

fn made_small(page: Bundle, mode: Mode) -> Outcome<Bundle> {
    short_names::apply(optimise::apply(page, mode)?, mode)
}

/// Adds what only the till has: the service worker, with the names of what it loads and the list of what it keeps.
fn finish_till(mut till: Bundle, mode: Mode) -> Outcome<Bundle> {
    for name in ["sw.js", "strict-journal.js", "manifest.webmanifest"] {
        till.insert(name, files::read(&workspace::root().join("web").join(name))?);
    }
    let mut till = content_names::apply(made_small(till, mode)?, &STABLE_NAMES)?;
    let service_worker = till.remove("sw.js").unwrap_or_default();
    let service_worker =
        String::from_utf8(service_worker).map_err(|error| Failure::new(format!("web/sw.js: {error}")))?;
    let service_worker = precache::fill_in(&service_worker, &till)?;
    till.insert("sw.js", service_worker.into_bytes());
    Ok(till)
}

/// Puts the new folder in the place of the old one.
fn replace(old: &Path, new: &Path) -> Outcome {
    let aside = new.with_extension("old");
    files::remove_folder(&aside)?;
    if old.exists() {
        files::rename(old, &aside)?;
    }
    files::rename(new, old)?;
    files::remove_folder(&aside)
}
