//! ARCHITECTURE.md against the folders and manifests. The document is the one place that says which crate
//! may use which; it lists them lowest first.

use std::collections::BTreeSet;

use super::manifests::Manifest;

/// A crate as the document describes it.
#[derive(Debug, PartialEq, Eq)]
pub struct Described {
    /// The folder's name.
    pub name: String,
    /// The crates after "Uses".
    pub may_use: BTreeSet<String>,
}

/// The crates under headings `### crates/NAME`, in order.
pub fn described_crates(document: &str) -> Vec<Described> {
    let sections = document.split("\n### crates/").skip(1);
    let described = sections.map(|section| {
        let (name, text) = section.split_once('\n').unwrap_or((section, ""));
        let paragraph: String =
            text.lines().take_while(|line| !line.starts_with(['-', '#'])).collect::<Vec<_>>().join(" ");
        Described { name: name.trim().to_owned(), may_use: named_after_uses(&paragraph) }
    });
    described.collect()
}

fn named_after_uses(paragraph: &str) -> BTreeSet<String> {
    let Some((_, list)) = paragraph.split_once("Uses ") else { return BTreeSet::new() };
    let list = list.split('.').next().unwrap_or_default();
    list.split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty() && name != "nothing")
        .collect()
}

/// Where document, folders and manifests differ.
pub fn compare(described: &[Described], manifests: &[Manifest]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |text: String| problems.push(format!("ARCHITECTURE.md: {text}"));
    for (at, one) in described.iter().enumerate() {
        let lower: BTreeSet<&String> = described[..at].iter().map(|crate_| &crate_.name).collect();
        for name in one.may_use.iter().filter(|name| !lower.contains(name)) {
            say(format!("{} uses {name}, which is not listed above it; arrows point down only", one.name));
        }
        let Some(manifest) = manifests.iter().find(|manifest| manifest.name == one.name) else {
            say(format!("describes crates/{}, which has no Cargo.toml", one.name));
            continue;
        };
        for name in manifest.uses.difference(&one.may_use) {
            say(format!("crates/{} depends on {name}, which it may not use", one.name));
        }
        for name in one.may_use.difference(&manifest.uses) {
            say(format!("says that {} uses {name}; its Cargo.toml doesn't", one.name));
        }
    }
    for manifest in manifests {
        if !described.iter().any(|one| one.name == manifest.name) {
            say(format!(
                "does not describe crates/{}; add a heading `### crates/{}`",
                manifest.name, manifest.name
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "# A\n\n### crates/domain\nMoney. Uses nothing.\n- an invariant. Uses x.\n\n\
                            ### crates/sync\nThe engine, sans-IO. Uses\ndomain.\n";

    fn manifest(name: &str, uses: &[&str]) -> Manifest {
        Manifest { name: name.to_owned(), uses: uses.iter().map(|name| (*name).to_owned()).collect() }
    }

    fn problems(document: &str, manifests: &[Manifest]) -> String {
        compare(&described_crates(document), manifests).join("\n")
    }

    #[test]
    fn a_document_that_says_what_is_there_has_no_problems() {
        assert_eq!(problems(DOCUMENT, &[manifest("domain", &[]), manifest("sync", &["domain"])]), "");
    }

    #[test]
    fn crates_that_only_one_side_knows_are_found() {
        let found = problems(DOCUMENT, &[manifest("domain", &[]), manifest("till", &[])]);
        assert!(found.contains("crates/sync, which has no Cargo.toml"), "{found}");
        assert!(found.contains("does not describe crates/till"), "{found}");
    }

    #[test]
    fn dependencies_that_only_one_side_names_are_found() {
        let found = problems(DOCUMENT, &[manifest("domain", &["sync"]), manifest("sync", &[])]);
        assert!(found.contains("crates/domain depends on sync, which it may not use"), "{found}");
        assert!(found.contains("says that sync uses domain"), "{found}");
    }

    #[test]
    fn an_arrow_that_points_up_is_found() {
        let document = "\n### crates/domain\nUses sync.\n\n### crates/sync\nUses nothing.\n";
        let found = problems(document, &[manifest("domain", &["sync"]), manifest("sync", &[])]);
        assert!(found.contains("arrows point down only"), "{found}");
    }
}
