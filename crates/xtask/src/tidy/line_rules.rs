//! Rules about one file's text.

use super::SourceFile;

/// More than this and a file has more than one subject.
const LINES_MAX: usize = 600;
/// Files that only grow with what they list.
const NOT_COUNTED: [&str; 4] = [".lock", ".csv", ".svg", "package-lock.json"];
/// Folders of the machines that this was written on.
const MACHINE_PATHS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];
/// Drops an error without a word.
const DROPPED: &str = concat!("let _", " =");
/// Where the packages of a lock file may come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// All problems of a file.
pub fn check(file: &SourceFile) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |line: usize, what: &str| problems.push(format!("{}:{line}: {what}", file.path));
    let is_rust = file.path.ends_with(".rs");
    if is_rust && !file.text.starts_with("//!") {
        say(1, "start with `//!`: what the file is for, what it owns, what it never does");
    }
    let lines_count = file.text.lines().count();
    if lines_count > LINES_MAX && !NOT_COUNTED.iter().any(|end| file.path.ends_with(end)) {
        say(LINES_MAX, &format!("{lines_count} lines; at most {LINES_MAX}: split it by subject"));
    }
    for (at, line) in file.text.lines().enumerate() {
        if MACHINE_PATHS.iter().any(|path| line.contains(path)) {
            say(at + 1, "a path of one machine; make it relative or take it from the environment");
        }
        if is_rust && line.contains(DROPPED) {
            say(at + 1, "a result is dropped without a word; handle it or say why it doesn't matter");
        }
        if names_a_registry(&file.path, line) {
            say(at + 1, "a lock file names a registry's host; make it again without");
        }
    }
    problems
}

fn names_a_registry(path: &str, line: &str) -> bool {
    let line = line.trim();
    if path.ends_with("Cargo.lock") {
        return line.starts_with("source = ") && line != format!("source = \"{REGISTRY}\"");
    }
    path.ends_with("package-lock.json") && line.starts_with("\"resolved\": \"http")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(path: &str, text: &str) -> Vec<String> {
        check(&SourceFile { path: path.to_owned(), text: text.to_owned() })
    }

    fn assert_one(path: &str, text: &str, part: &str) {
        let found = problems(path, text);
        assert!(found.len() == 1 && found[0].contains(part), "{found:?}");
    }

    #[test]
    fn a_tidy_file_has_no_problems() {
        assert_eq!(problems("a.rs", "//! One subject.\nfn main() {}\n"), Vec::<String>::new());
    }

    #[test]
    fn a_rust_file_without_an_opening_is_found() {
        assert_one("a.rs", "fn main() {}\n", "start with");
    }

    #[test]
    fn a_long_file_is_found_unless_it_is_data() {
        let text = format!("//! x\n{}", "\n".repeat(LINES_MAX));
        assert_one("a.rs", &text, "split it");
        assert_eq!(problems("a.csv", &text), Vec::<String>::new());
    }

    #[test]
    fn a_path_of_one_machine_is_found() {
        assert_one("a.md", &format!("see {}x\n", MACHINE_PATHS[0]), "one machine");
    }

    #[test]
    fn a_dropped_result_is_found() {
        assert_one("a.rs", &format!("//! x\n{DROPPED} f();\n"), "dropped");
    }

    #[test]
    fn a_registry_host_in_a_lock_file_is_found() {
        assert_one("Cargo.lock", "source = \"registry+https://mirror.example/index\"\n", "registry");
        assert_eq!(problems("Cargo.lock", &format!("source = \"{REGISTRY}\"\n")), Vec::<String>::new());
        assert_one("package-lock.json", "\"resolved\": \"https://mirror.example/x.tgz\",\n", "registry");
    }
}
