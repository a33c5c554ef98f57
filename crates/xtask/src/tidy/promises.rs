//! docs/PROMISES.md against the tests: whatever it names in the last column of a promise must be a test.

use std::collections::BTreeSet;

use super::SourceFile;

/// Where it is.
pub const PATH: &str = "docs/PROMISES.md";

/// The names of tests that don't exist.
pub fn check(document: &str, files: &[SourceFile]) -> Vec<String> {
    let functions: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.path.ends_with(".rs"))
        .flat_map(|file| file.text.lines().filter_map(function_name))
        .collect();
    let mut problems = Vec::new();
    for (at, line) in document.lines().enumerate() {
        let named = shown_by(line).split('`').skip(1).step_by(2);
        for name in named.filter(|name| !functions.contains(name)) {
            problems.push(format!("{PATH}:{}: there is no test {name}", at + 1));
        }
    }
    problems
}

/// The last column of a row of a table; nothing of other lines.
fn shown_by(line: &str) -> &str {
    let row = line.strip_prefix('|').and_then(|line| line.trim_end().strip_suffix('|'));
    row.and_then(|row| row.rsplit('|').next()).unwrap_or_default()
}

/// The name of the function that begins on this line, if one does.
fn function_name(line: &str) -> Option<&str> {
    let words = line.trim_start();
    let words = words.strip_prefix("pub ").or_else(|| words.strip_prefix("pub(crate) ")).unwrap_or(words);
    let words = words.strip_prefix("async ").unwrap_or(words);
    let name = words.strip_prefix("fn ")?;
    let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
    Some(&name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_named_and_does_not_exist_is_found() {
        let text =
            "//! x\n#[test]\nfn a_kill() {}\n#[tokio::test]\npub async fn a_cut() {}\n// fn not_one() {}\n";
        let files = [SourceFile { path: "a.rs".into(), text: text.into() }];
        let document = "Run `cargo`.\n| promise | `word` | `a_kill`, `a_cut`, `a_fire`, `not_one` |\n";
        let found = check(document, &files);
        assert_eq!(
            found,
            ["docs/PROMISES.md:2: there is no test a_fire", "docs/PROMISES.md:2: there is no test not_one"]
        );
    }
}
