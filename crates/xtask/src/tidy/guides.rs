//! The guides of `web/help` against the pages that they speak of: what stands in bold is a text that a page shows or
//! begins one, and every picture that is shown is there.

use std::collections::BTreeSet;

use super::SourceFile;

const GUIDES: &str = "web/help/";
const MESSAGES: &str = "crates/ui/messages/en/";
/// What pages show that is no message: it is data.
const DATA: [&str; 1] = ["Default pr."];

/// The texts in bold that no page shows, and the pictures that are not among `paths`.
pub fn check(files: &[SourceFile], paths: &[String]) -> Vec<String> {
    let messages = files.iter().filter(|file| file.path.starts_with(MESSAGES));
    let mut shown: BTreeSet<&str> = messages.flat_map(|file| texts_of_messages(&file.text)).collect();
    shown.extend(DATA);
    let is_shown = |words: &&str| shown.iter().any(|text| begins(text, words));
    let mut problems = Vec::new();
    for guide in files.iter().filter(|file| file.path.starts_with(GUIDES) && file.path.ends_with(".html")) {
        for (at, line) in guide.text.lines().enumerate() {
            for words in between(line, "<b>", "</b>").filter(|words| !is_shown(words)) {
                problems.push(format!("{}:{}: no page shows “{words}”", guide.path, at + 1));
            }
            for picture in between(line, "src=\"", "\"") {
                let path = format!("{GUIDES}{picture}");
                if !paths.contains(&path) {
                    problems.push(format!("{}:{}: there is no {path}", guide.path, at + 1));
                }
            }
        }
    }
    problems
}

/// The texts of a file of messages; a line is `key = "text"`.
fn texts_of_messages(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = \"")?.1.strip_suffix('"'))
}

/// Whether a text is these words, or begins with them as whole words.
fn begins(text: &str, words: &str) -> bool {
    text.strip_prefix(words).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// What stands between two marks, wherever it does.
fn between<'a>(line: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    line.split(begin).skip(1).filter_map(move |rest| Some(rest.split_once(end)?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_guide_speaks_of_what_pages_show() {
        let files = [
            file(
                "crates/ui/messages/en/back_office.toml",
                "# save = \"Keep\"\nsave = \"Save\"\nfields = \"Field list of {name}\"\n",
            ),
            file(
                "web/help/a.html",
                "<b>Save</b> <b>Keep</b> <b>Field list</b> <b>Field li</b>\n<img src=\"pictures/a.png\"> <img src=\"pictures/b.png\">",
            ),
        ];
        let problems = check(&files, &["web/help/pictures/a.png".to_owned()]);
        assert_eq!(
            problems,
            [
                "web/help/a.html:1: no page shows “Keep”",
                "web/help/a.html:1: no page shows “Field li”",
                "web/help/a.html:2: there is no web/help/pictures/b.png"
            ]
        );
    }
}
