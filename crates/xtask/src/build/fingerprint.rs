//! Digests: of the sources, to know whether there is anything to do, and of contents, to name them.

use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Mode, optimise};
use crate::failure::Outcome;
use crate::{files, workspace};

/// What the pages are made from, besides the compiler.
const SOURCES: [&str; 16] = [
    ".cargo/config.toml",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "web",
    "crates/domain",
    "crates/profile",
    "crates/protocol",
    "crates/sync",
    "crates/browser-store",
    "crates/sync-worker",
    "crates/ui",
    "crates/till",
    "crates/register",
    "crates/back-office",
    "crates/xtask/src/build",
];

/// A digest of all that determines the pages.
pub fn of_sources(mode: Mode, compiler: &str) -> Outcome<String> {
    let mut digest = Sha256::new();
    digest.update(mode.profile());
    digest.update(compiler);
    digest.update(optimise::identity(mode));
    for path in source_files()? {
        let bytes = files::read(&path)?;
        digest.update(workspace::shown(&path));
        digest.update(bytes.len().to_le_bytes());
        digest.update(bytes);
    }
    Ok(hex(&digest.finalize()))
}

fn source_files() -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    for source in SOURCES {
        let path = workspace::root().join(source);
        if path.is_file() { found.push(path) } else { found.extend(files::files_below(&path)?) }
    }
    Ok(found)
}

/// 16 hex digits that stand for these bytes.
pub fn short_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
