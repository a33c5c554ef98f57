//! Node.js: runs wasm-opt and compresses. Nothing of it is shipped.

use super::apt;
use crate::failure::Outcome;
use crate::process;

/// Gets node and npm where they are missing.
pub fn ensure() -> Outcome {
    if process::find("node").is_none() {
        apt::install(&["nodejs"], "Node.js runs wasm-opt and compresses the pages")?;
    }
    Ok(())
}

/// Gets npm where it is missing.
pub fn ensure_npm() -> Outcome {
    if process::find("npm").is_none() {
        apt::install(&["npm"], "npm fetches wasm-opt, which makes the pages smaller")?;
    }
    Ok(())
}
