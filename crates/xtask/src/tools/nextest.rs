//! cargo-nextest, the runner of all tests.

use super::cargo_install::CargoTool;
use crate::failure::Outcome;
use crate::{process, workspace};

const VERSION: &str = "0.9.143";

fn tool() -> CargoTool<'static> {
    CargoTool {
        package: "cargo-nextest",
        program: "cargo-nextest",
        version: VERSION,
        folder: workspace::tool(&format!("cargo-nextest-{VERSION}")),
        locked: true,
        usually: "4 min",
    }
}

/// The program: the one on `PATH`, else the cache's.
pub fn program() -> std::path::PathBuf {
    process::find("cargo-nextest").unwrap_or_else(|| tool().bin().join("cargo-nextest"))
}

/// Gets it where there is none.
pub fn ensure() -> Outcome {
    if process::find("cargo-nextest").is_some() { Ok(()) } else { tool().ensure() }
}
