//! The style sheet of a page: the shared parts of `ui`, then the page's own, each folder in order of name.

use std::path::PathBuf;

use crate::failure::Outcome;
use crate::{files, workspace};

/// Writes the style sheet of a page to where its HTML takes it from.
pub fn write(page: &str) -> Outcome<PathBuf> {
    let mut all = String::new();
    for owner in ["ui", page] {
        let folder = workspace::root().join("crates").join(owner).join("styles");
        for path in
            files::files_below(&folder)?.iter().filter(|path| path.extension().is_some_and(|e| e == "css"))
        {
            all.push_str(&squeeze(&files::read_text(path)?));
            all.push('\n');
        }
    }
    let to = workspace::web_target().join("styles").join(format!("{page}.css"));
    files::write(&to, all.as_bytes())?;
    Ok(to)
}

/// Leaves out comments and indentation; everything else stays as it was written.
fn squeeze(css: &str) -> String {
    let mut kept = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..].find("*/").map_or("", |end| &rest[start + end + 2..]);
    }
    kept.push_str(rest);
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_indentation_go_and_rules_stay() {
        let css = "/* why */\n.key {\n  color: red; /* not blue */\n\n}\n";
        assert_eq!(squeeze(css), ".key {\ncolor: red;\n}");
        assert_eq!(squeeze("a{}/* never ends"), "a{}");
    }
}
