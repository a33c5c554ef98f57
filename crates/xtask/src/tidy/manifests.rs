//! What the crates' manifests say about each other.

use std::collections::BTreeSet;

use super::SourceFile;

/// A crate in `crates/` and the crates of Holdfast that it is built from.
#[derive(Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The folder's name.
    pub name: String,
    /// Folder names of the crates under `[dependencies]` (those of tests are not counted).
    pub uses: BTreeSet<String>,
}

/// Reads a manifest; none for files that are not the manifest of a crate in `crates/`.
pub fn of_crate(file: &SourceFile) -> Option<Manifest> {
    let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
    let mut uses = BTreeSet::new();
    let mut counted = false;
    for line in file.text.lines().map(str::trim) {
        if line.starts_with('[') {
            let section = line.trim_matches(['[', ']']);
            counted = section.ends_with("dependencies") && !section.ends_with("dev-dependencies");
        } else if counted && let Some(dependency) = line.strip_prefix("holdfast-") {
            let end = dependency.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(dependency.len());
            uses.insert(dependency[..end].to_owned());
        }
    }
    Some(Manifest { name: name.to_owned(), uses })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_read_and_those_of_tests_are_not() {
        let text = "[package]\nname = \"holdfast-till\"\n[dependencies]\nholdfast-ui.workspace = true\n\
                    holdfast-sync = { path = \"x\" }\nleptos = \"1\"\n[dev-dependencies]\nholdfast-domain = \"1\"\n";
        let file = SourceFile { path: "crates/till/Cargo.toml".into(), text: text.into() };
        let manifest = of_crate(&file).unwrap();
        assert_eq!(manifest.name, "till");
        assert_eq!(manifest.uses, ["sync".to_owned(), "ui".to_owned()].into());
        assert_eq!(of_crate(&SourceFile { path: "Cargo.toml".into(), text: String::new() }), None);
    }
}
