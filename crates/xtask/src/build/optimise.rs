//! Smaller wasm: wasm-opt over every wasm file of a bundle. What was optimised once is kept.

use std::path::{Path, PathBuf};

use super::bundle::Bundle;
use super::{Mode, fingerprint};
use crate::failure::Outcome;
use crate::process::Step;
use crate::tools::wasm_opt;
use crate::{files, workspace};

/// Optimises all wasm files of a bundle.
pub fn apply(mut bundle: Bundle, mode: Mode) -> Outcome<Bundle> {
    if mode == Mode::Dev {
        return Ok(bundle);
    }
    for (name, bytes) in bundle.iter_mut().filter(|(name, _)| name.ends_with(".wasm")) {
        *bytes = optimised(name, bytes)?;
    }
    Ok(bundle)
}

/// What distinguishes this step's output from another version's.
pub fn identity(mode: Mode) -> String {
    match mode {
        Mode::Dev => String::new(),
        Mode::Release => wasm_opt::identity(),
    }
}

fn optimised(name: &str, bytes: &[u8]) -> Outcome<Vec<u8>> {
    let key = fingerprint::short_digest(&[bytes, wasm_opt::identity().as_bytes()].concat());
    let kept = folder().join(format!("{key}.wasm"));
    if !kept.is_file() {
        let input = folder().join(format!("{key}.input"));
        let partial = folder().join(format!("{key}.partial"));
        files::write(&input, bytes)?;
        run(name, &input, &partial)?;
        files::rename(&partial, &kept)?;
    }
    files::read(&kept)
}

fn run(name: &str, from: &Path, to: &Path) -> Outcome {
    let what = format!("making {name} smaller with wasm-opt");
    Step::new(&what, "20 s").run(&mut wasm_opt::command(from, to))
}

fn folder() -> PathBuf {
    workspace::web_target().join("wasm-opt")
}
