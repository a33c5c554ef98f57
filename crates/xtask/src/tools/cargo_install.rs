//! Tools that cargo builds from source, into folders of the cache named by their version.

use std::path::PathBuf;

use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::{files, workspace};

/// One tool.
pub struct CargoTool<'text> {
    /// The package's name.
    pub package: &'text str,
    /// The program that it installs.
    pub program: &'text str,
    /// The version, exactly.
    pub version: &'text str,
    /// The cache's folder for it.
    pub folder: PathBuf,
    /// Whether the package's own lock file is to be used.
    pub locked: bool,
    /// How long it usually takes.
    pub usually: &'text str,
}

impl CargoTool<'_> {
    /// The folder with the program, to be put on `PATH`.
    pub fn bin(&self) -> PathBuf {
        self.folder.join("bin")
    }

    /// Whether it is there.
    pub fn is_there(&self) -> bool {
        self.bin().join(self.program).is_file()
    }

    /// Builds it where it is missing. It appears in its folder only when it is whole.
    pub fn ensure(&self) -> Outcome {
        if self.is_there() {
            return Ok(());
        }
        let partial = self.folder.with_extension("partial");
        files::remove_folder(&partial)?;
        files::create_folder(&partial)?;
        let mut install = process::command("cargo");
        install
            .current_dir(&partial)
            .args(["install", self.package, "--version", &format!("={}", self.version), "--root"])
            .arg(&partial)
            // Built to be built soon: none of these tools is what takes the time.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
            .env("CARGO_PROFILE_RELEASE_DEBUG", "0")
            .env("CARGO_TARGET_DIR", build_folder())
            .env_remove("RUSTFLAGS");
        if self.locked {
            install.arg("--locked");
        }
        let what = format!("building {} {}", self.package, self.version);
        let advice = format!(
            "Is the package registry within reach? Then try again, or install {} {} yourself into {}.",
            self.package,
            self.version,
            self.folder.display()
        );
        Step::new(&what, self.usually).advice(&advice).log_in_cache().run(&mut install)?;
        files::remove_folder(&self.folder)?;
        files::rename(&partial, &self.folder)
    }
}

/// Build output of the tools; they share what they have in common.
fn build_folder() -> PathBuf {
    workspace::cache().join("build")
}

/// Frees the space that building the tools took.
pub fn remove_build_output() -> Outcome {
    files::remove_folder(&build_folder())
}
