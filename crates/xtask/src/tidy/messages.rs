//! Every message of `crates/ui/messages` is used: one that no page shows is translated and loaded for nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::SourceFile;

const MESSAGES: &str = "crates/ui/messages/en/";

/// The messages that no source names as `till::pay`, or as `text::pay` where `till` is called `text`.
pub fn check(files: &[SourceFile]) -> Vec<String> {
    let messages: Vec<(&SourceFile, &str)> =
        files.iter().filter_map(|file| Some((file, module_of(&file.path)?))).collect();
    let modules: Vec<&str> = messages.iter().map(|(_, module)| *module).collect();
    let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
    for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
        let names = names_of(&file.text, &modules);
        used.extend(
            paths(&file.text).flat_map(|(name, key)| {
                names.get(name).into_iter().flatten().map(move |module| (*module, key))
            }),
        );
    }
    let mut problems = Vec::new();
    for (file, module) in messages {
        let mut before = "";
        for (at, line) in file.text.lines().enumerate() {
            // The two forms of a message that counts follow each other.
            let Some(key) = key_of(line).filter(|key| *key != before) else { continue };
            before = key;
            if !used.contains(&(module, key)) {
                problems.push(format!("{}:{}: no page shows `{key}`; take it out", file.path, at + 1));
            }
        }
    }
    problems
}

fn module_of(path: &str) -> Option<&str> {
    path.strip_prefix(MESSAGES)?.strip_suffix(".toml")
}

/// `sales` of `sales.one = "1 sale"`.
fn key_of(line: &str) -> Option<&str> {
    let key = line.split_once('=')?.0.trim();
    let key = key.split('.').next()?;
    (!key.is_empty() && key.chars().all(is_of_a_name)).then_some(key)
}

/// What a source calls the modules: by their own names, and as it says with `as`.
fn names_of<'text>(text: &'text str, modules: &[&'text str]) -> BTreeMap<&'text str, Vec<&'text str>> {
    let mut names: BTreeMap<&str, Vec<&str>> =
        modules.iter().map(|module| (*module, vec![*module])).collect();
    for (at, _) in text.match_indices(" as ") {
        let module = last_name(&text[..at]);
        if let Some(module) = modules.iter().find(|known| **known == module) {
            names.entry(first_name(&text[at + 4..])).or_default().push(module);
        }
    }
    names
}

/// All pairs of names with `::` between them.
fn paths(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices("::").map(|(at, _)| (last_name(&text[..at]), first_name(&text[at + 2..])))
}

fn last_name(text: &str) -> &str {
    text.rsplit(|c: char| !is_of_a_name(c)).next().unwrap_or("")
}

fn first_name(text: &str) -> &str {
    text.split(|c: char| !is_of_a_name(c)).next().unwrap_or("")
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_no_page_shows_is_found() {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
        let files = [
            file(
                "crates/ui/messages/en/till.toml",
                "# pay = \"\"\npay = \"Pay\"\nwaiting.one = \"{#n} sale\"\nwaiting.other = \"{#n} sales\"\npay_all = \"Pay all\"\n",
            ),
            file("crates/ui/messages/en/common.toml", "open = \"Open\"\nclose = \"Close = shut\"\n"),
            file(
                "crates/till/src/a.rs",
                "use messages::{common, till as text};\ntext::pay(); common::close()",
            ),
            file(
                "crates/till/src/b.rs",
                "use crate::till;\ntext::pay_all(); till::waiting_for(); other::open()",
            ),
        ];
        assert_eq!(
            check(&files),
            [
                "crates/ui/messages/en/till.toml:3: no page shows `waiting`; take it out",
                "crates/ui/messages/en/till.toml:5: no page shows `pay_all`; take it out",
                "crates/ui/messages/en/common.toml:1: no page shows `open`; take it out",
            ]
        );
    }
}
