//! Trunk, the bundler of the two pages.

use super::cargo_install::CargoTool;
use crate::workspace;

/// 0.22 wants a newer compiler than Debian 12 has.
pub const VERSION: &str = "0.21.14";

/// Trunk in the cache.
pub fn tool() -> CargoTool<'static> {
    CargoTool {
        package: "trunk",
        program: "trunk",
        version: VERSION,
        folder: workspace::tool(&format!("trunk-{VERSION}")),
        locked: true,
        usually: "3 min",
    }
}
