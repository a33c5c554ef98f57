//! wasm-bindgen's program; it must be of the very version that the crates are locked to.

use super::cargo_install::CargoTool;
use crate::failure::{Failure, Outcome};
use crate::{files, workspace};

/// The version in the workspace's lock file.
pub fn locked_version() -> Outcome<String> {
    let lock = files::read_text(&workspace::root().join("Cargo.lock"))?;
    version_in_lock(&lock, "wasm-bindgen").ok_or_else(|| {
        Failure::new("Cargo.lock names no wasm-bindgen. Is the file whole? Try `git checkout Cargo.lock`.")
    })
}

/// The version of the first package of that name in the text of a Cargo.lock.
pub fn version_in_lock(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == format!("name = \"{package}\""))?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

/// wasm-bindgen of `version` in the cache.
pub fn tool(version: &str) -> CargoTool<'_> {
    CargoTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version,
        folder: workspace::tool(&format!("wasm-bindgen-{version}")),
        // Its own lock file names packages that registries may not serve yet.
        locked: false,
        usually: "2 min",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";

    #[test]
    fn the_locked_version_is_that_of_the_package_of_this_very_name() {
        assert_eq!(version_in_lock(LOCK, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_in_lock(LOCK, "wasm"), None);
    }
}
