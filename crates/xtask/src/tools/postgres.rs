//! PostgreSQL, for the tests of the store database on it.

use std::path::{Path, PathBuf};

use super::apt;
use crate::failure::{Failure, Outcome};
use crate::process;

/// Where Debian keeps its versions, a folder each; they are not on `PATH`.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Postgres {
    /// Their folder.
    pub folder: PathBuf,
    /// The version, where it is known.
    pub version: Option<u32>,
}

/// Gets it where there is none.
pub fn ensure() -> Outcome {
    if installed().is_some() {
        return Ok(());
    }
    apt::install(
        &["postgresql"],
        "the tests of the store database run on PostgreSQL, too, in a private cluster of their own",
    )
}

/// The programs: the newest of Debian's, else those on `PATH`.
pub fn programs() -> Outcome<Postgres> {
    installed().ok_or_else(|| Failure::new("there is no PostgreSQL (initdb and postgres) on this machine"))
}

fn installed() -> Option<Postgres> {
    let folders = std::fs::read_dir(VERSIONS).into_iter().flatten().filter_map(Result::ok);
    let debian = folders.filter_map(|entry| {
        let version = entry.file_name().to_str()?.parse().ok()?;
        Some(Postgres { folder: entry.path().join("bin"), version: Some(version) })
    });
    let newest = debian.filter(|found| is_whole(&found.folder)).max_by_key(|found| found.version);
    newest.or_else(|| {
        let folder = process::find("initdb")?.parent()?.to_owned();
        is_whole(&folder).then_some(Postgres { folder, version: None })
    })
}

fn is_whole(folder: &Path) -> bool {
    ["initdb", "postgres"].iter().all(|program| folder.join(program).is_file())
}
