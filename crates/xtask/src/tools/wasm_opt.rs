//! wasm-opt, from npm's binaryen: Debian's is too old for what today's compiler emits.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::node;
use crate::failure::Outcome;
use crate::process::{self, Step};
use crate::{files, workspace};

const VERSION: &str = "132.0.0";

/// What the compiler may have used, and the wish for little to download. That is not the same as little wasm: `-Oz`
/// makes 5 % less of it, but 2 % more after brotli, and putting a function where its only caller is makes the caller's
/// numbers longer.
const FLAGS: [&str; 8] = [
    "-O2",
    "--one-caller-inline-max-function-size=0",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

fn folder() -> PathBuf {
    workspace::tool("binaryen-132")
}

fn script() -> PathBuf {
    folder().join("node_modules/binaryen/bin/wasm-opt")
}

/// The command that optimises `from` into `to`.
pub fn command(from: &Path, to: &Path) -> Command {
    let mut command = process::command("node");
    command.arg(script()).args(FLAGS).arg(from).arg("-o").arg(to);
    command
}

/// What distinguishes the output of this tool from another's.
pub fn identity() -> String {
    format!("binaryen {VERSION} {}", FLAGS.join(" "))
}

/// Gets it where it is missing. It appears in its folder only when it is whole.
pub fn ensure() -> Outcome {
    node::ensure()?;
    if script().is_file() {
        return Ok(());
    }
    node::ensure_npm()?;
    let partial = folder().with_extension("partial");
    files::remove_folder(&partial)?;
    files::create_folder(&partial)?;
    files::write(&partial.join("package.json"), b"{\"private\":true}\n")?;
    let mut install = process::command("npm");
    install.current_dir(&partial).args(["install", &format!("binaryen@{VERSION}")]).args([
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--omit-lockfile-registry-resolved",
    ]);
    Step::new("fetching wasm-opt (npm's binaryen)", "20 s")
        .advice("Is npm's registry within reach? Then try again. `cargo xtask build --dev` works without it.")
        .log_in_cache()
        .run(&mut install)?;
    files::remove_folder(&folder())?;
    files::rename(&partial, &folder())
}
