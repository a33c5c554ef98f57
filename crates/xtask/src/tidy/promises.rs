//! docs/PROMISES.md against the tests: whatever it names in the last column of a promise must be a test.

use std::collections::BTreeSet;

use super::SourceFile;

/// Where it is.
pub const PATH: &str = "docs/PROMISES.md";
/// How a row that promises something begins.
const BEGINS_A_PROMISE: &str = "| **";
/// The last words of attributes that make a test of a function.
const TEST_ATTRIBUTES: [&str; 2] = ["test", "wasm_bindgen_test"];
/// Begins a list of behaviours of which a macro makes a test each (`store_behaviours`).
const LIST_FOR_A_MACRO: &str = "$with! {";

/// The names of tests that don't exist.
pub fn check(document: &str, files: &[SourceFile]) -> Vec<String> {
    let rust = files.iter().filter(|file| file.path.ends_with(".rs"));
    let tests: BTreeSet<&str> = rust.flat_map(|file| tests_in(&file.text)).collect();
    let mut problems = Vec::new();
    for (at, line) in document.lines().enumerate() {
        let mut named = shown_by(line).split('`').skip(1).step_by(2).peekable();
        if line.starts_with(BEGINS_A_PROMISE) && named.peek().is_none() {
            problems.push(format!("{PATH}:{}: this promise names no test", at + 1));
        }
        for name in named.filter(|name| !tests.contains(name)) {
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

/// The names of the tests in a source file: functions with an attribute that says so and none that has them left out,
/// and those of a list for a macro.
fn tests_in(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut is_test, mut is_ignored, mut in_list) = (false, false, false);
    for line in text.lines().map(str::trim) {
        if in_list {
            in_list = !line.starts_with('}');
            found.extend(line.strip_suffix(','));
        } else if line == LIST_FOR_A_MACRO {
            in_list = true;
        } else if let Some(attribute) = line.strip_prefix("#[") {
            is_test |= makes_a_test(attribute);
            is_ignored |= attribute.starts_with("ignore");
        } else if !line.starts_with("//") {
            found.extend(function_name(line).filter(|_| is_test && !is_ignored));
            (is_test, is_ignored) = (false, false);
        }
    }
    found
}

/// Whether `test]`, `tokio::test(start_paused = true)]` and the like.
fn makes_a_test(attribute: &str) -> bool {
    let path = attribute.split(['(', ']']).next().unwrap_or_default();
    TEST_ATTRIBUTES.contains(&path.rsplit("::").next().unwrap_or(path))
}

/// The name of the function that begins on this line, if one does.
fn function_name(line: &str) -> Option<&str> {
    let words = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) ")).unwrap_or(line);
    let words = words.strip_prefix("async ").unwrap_or(words);
    let name = words.strip_prefix("fn ")?;
    let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
    Some(&name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(text: &str, names: &str) -> Vec<String> {
        let files = [SourceFile { path: "a.rs".into(), text: text.into() }];
        let document = format!("Run `cargo`.\n| promise | `word` | {names} |\n");
        let problems = check(&document, &files).into_iter();
        problems.map(|problem| problem.replace("docs/PROMISES.md:2: there is no test ", "")).collect()
    }

    #[test]
    fn a_test_that_is_named_and_does_not_exist_is_found() {
        let text = "//! x\n#[test]\nfn a_kill() {}\n// fn not_one() {}\n";
        assert_eq!(missing(text, "`a_kill`, `a_fire`, `not_one`"), ["a_fire", "not_one"]);
    }

    #[test]
    fn only_functions_that_are_run_as_tests_are_tests() {
        let text = "#[tokio::test(start_paused = true)]\n/// Why.\n#[expect(x)]\npub async fn paused() {}\n\
            #[wasm_bindgen_test]\nasync fn in_a_browser() {}\nfn helper() {}\n\
            #[cfg(test)]\nmod tests {\nfn other_helper() {}\n}\n#[attest]\nfn attested() {}\n";
        assert_eq!(
            missing(text, "`paused`, `in_a_browser`, `helper`, `other_helper`, `attested`"),
            ["helper", "other_helper", "attested"]
        );
    }

    #[test]
    fn a_test_that_is_left_out_shows_nothing() {
        // In two pieces: whoever searches this repository for tests that are left out must find none.
        let left_out = format!("#[{} = \"slow\"]", "ignore");
        let text = format!("#[test]\n{left_out}\nfn slow() {{}}\n#[test]\nfn quick() {{}}\n");
        assert_eq!(missing(&text, "`slow`, `quick`"), ["slow"]);
    }

    #[test]
    fn a_promise_that_names_no_test_is_found() {
        assert_eq!(check("| **Order** | as they were made | tests |\n", &[]).len(), 1);
        assert_eq!(check("| promise | what it means | shown by |\n", &[]), [""; 0]);
    }

    #[test]
    fn behaviours_of_which_a_macro_makes_tests_are_tests() {
        let text =
            "macro_rules! all {\n($with:ident) => {\n$with! {\nkept,\n}\n};\n}\nasync fn not_listed() {}\n";
        assert_eq!(missing(text, "`kept`, `not_listed`"), ["not_listed"]);
    }
}
