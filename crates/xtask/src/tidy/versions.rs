//! wasm-bindgen is of one version everywhere: the crates, the lock file, the bundler's settings.

use crate::tools::{trunk, wasm_bindgen};

/// Where the three files differ.
pub fn check(lock: &str, manifest: &str, bundler: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let Some(locked) = wasm_bindgen::version_in_lock(lock, "wasm-bindgen") else {
        return vec!["Cargo.lock: names no wasm-bindgen".to_owned()];
    };
    if !manifest.lines().any(|line| line.trim() == format!("wasm-bindgen = \"={locked}\"")) {
        problems.push(format!("Cargo.toml: pin wasm-bindgen to \"={locked}\", as Cargo.lock has it"));
    }
    if !bundler.lines().any(|line| line.trim() == format!("wasm_bindgen = \"{locked}\"")) {
        problems.push(format!("Trunk.toml: set wasm_bindgen = \"{locked}\", as Cargo.lock has it"));
    }
    let wanted = trunk::VERSION;
    if !bundler.lines().any(|line| line.trim() == format!("trunk-version = \"={wanted}\"")) {
        problems.push(format!(
            "Trunk.toml: set trunk-version = \"={wanted}\", which `cargo xtask setup` installs"
        ));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "name = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";

    #[test]
    fn one_version_everywhere_is_fine() {
        let bundler = format!("trunk-version = \"={}\"\nwasm_bindgen = \"0.2.130\"\n", trunk::VERSION);
        assert_eq!(check(LOCK, "wasm-bindgen = \"=0.2.130\"\n", &bundler), Vec::<String>::new());
    }

    #[test]
    fn each_other_version_is_found() {
        let found = check(LOCK, "wasm-bindgen = \"0.2\"\n", "wasm_bindgen = \"0.2.129\"\n").join("\n");
        assert!(
            found.contains("Cargo.toml")
                && found.contains("wasm_bindgen =")
                && found.contains("trunk-version")
        );
    }
}
