//! Where things are: the workspace, its build folders, the user's cache.

use std::path::{Path, PathBuf};

/// Rust's name of the browser's machine.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Crates that run in a browser; everything else is native.
pub const BROWSER_CRATES: [&str; 6] = [
    "holdfast-browser-store",
    "holdfast-sync-worker",
    "holdfast-ui",
    "holdfast-till",
    "holdfast-register",
    "holdfast-back-office",
];

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Native build output, as cargo has it.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// Build output for the browser: a folder of its own, so that the two builds never wait for each other.
pub fn web_target() -> PathBuf {
    root().join("target/web")
}

/// The built pages.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The user's cache of Holdfast: tools that were built, shared by all clones.
pub fn cache() -> PathBuf {
    let base = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache");
    base.unwrap_or_else(home).join("holdfast")
}

/// The folder of one tool, by name and version.
pub fn tool(name_and_version: &str) -> PathBuf {
    cache().join("tools").join(name_and_version)
}

/// A path as it reads best: relative to the workspace, where it is inside.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
