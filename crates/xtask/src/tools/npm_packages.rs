//! Libraries from npm that tests and benches load into a browser. Fetched when they are wanted, never shipped.

use std::path::PathBuf;

use super::node;
use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::{files, workspace};

/// Packages that are wanted together; their names and versions are committed.
#[derive(Debug, Clone, Copy)]
pub struct NpmPackages {
    /// The folder of the workspace with `package.json` and `package-lock.json`.
    pub listed_in: &'static str,
    /// The folder of the cache that they are put into.
    pub kept_in: &'static str,
    /// What the step is called.
    pub doing: &'static str,
    /// What to do where they can't be had.
    pub advice: &'static str,
}

/// The libraries that benches measure Holdfast beside.
pub const BENCH_PEERS: NpmPackages = NpmPackages {
    listed_in: "tests/browser/src/bin/bench/peers",
    kept_in: "bench-peers",
    doing: "fetching the peers of the benches (npm)",
    advice: "Is npm's registry within reach? Then try again; the other benches work without it.",
};

/// axe, which looks for what keeps people with disabilities from using a page.
pub const AXE: NpmPackages = NpmPackages {
    listed_in: "tests/browser/axe",
    kept_in: "axe",
    doing: "fetching axe, which looks for barriers on the pages (npm)",
    advice: "Is npm's registry within reach? Then try again.",
};

impl NpmPackages {
    /// npm's folder, once they were got.
    pub fn packages(self) -> PathBuf {
        self.folder().join("node_modules")
    }

    fn folder(self) -> PathBuf {
        workspace::cache().join(self.kept_in)
    }

    /// Gets them where they are missing or of other versions; gives npm's folder.
    pub fn ensure(self) -> Outcome<PathBuf> {
        let listed = workspace::root().join(self.listed_in);
        let packages = self.packages();
        let folder = self.folder();
        let (manifest, lock) =
            (files::read(&listed.join("package.json"))?, files::read(&listed.join("package-lock.json"))?);
        let kept_lock = folder.join("package-lock.json");
        if packages.is_dir() && kept_lock.is_file() && files::read(&kept_lock)? == lock {
            return Ok(packages);
        }
        node::ensure()?;
        node::ensure_npm()?;
        let partial = folder.with_extension("partial");
        files::remove_folder(&partial)?;
        files::create_folder(&partial)?;
        files::write(&partial.join("package.json"), &manifest)?;
        files::write(&partial.join("package-lock.json"), &lock)?;
        let mut install = process::command("npm");
        install.current_dir(&partial).args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        Step::new(self.doing, "10 s").advice(self.advice).log_in_cache().run(&mut install)?;
        files::remove_folder(&folder)?;
        files::rename(&partial, &folder)?;
        Ok(packages)
    }
}
