//! One test program per crate, with no file forgotten: a file that `tests/main.rs` doesn't name never runs.

use super::SourceFile;

/// The files beside a `tests/main.rs` that it has no `mod` for.
pub fn check(files: &[SourceFile]) -> Vec<String> {
    let mut problems = Vec::new();
    for main in files.iter().filter(|file| file.path.ends_with("/tests/main.rs")) {
        let folder = main.path.trim_end_matches("main.rs");
        let beside = files.iter().filter_map(|file| file.path.strip_prefix(folder)?.strip_suffix(".rs"));
        for name in beside.filter(|name| *name != "main" && !name.contains('/')) {
            if !main.text.lines().any(|line| line.trim().trim_start_matches("pub ") == format!("mod {name};"))
            {
                problems.push(format!("{folder}{name}.rs: never runs; add `mod {name};` to {}", main.path));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_file_that_is_not_named_is_found() {
        let file = |path: &str, text: &str| SourceFile { path: path.into(), text: text.into() };
        let files = [
            file("crates/a/tests/main.rs", "mod named;\n"),
            file("crates/a/tests/named.rs", ""),
            file("crates/a/tests/forgotten.rs", ""),
            file("crates/b/tests/alone.rs", ""),
        ];
        let found = check(&files);
        assert!(found.len() == 1 && found[0].starts_with("crates/a/tests/forgotten.rs"), "{found:?}");
    }
}
