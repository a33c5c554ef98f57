//! Names that change with the content: what has one may be cached for ever.

use super::bundle::{Bundle, is_text};
use super::fingerprint::short_digest;
use crate::failure::{Failure, Outcome};

/// Gives every script, style sheet and wasm file its content's name, and changes the names wherever they are
/// mentioned. `stable` files keep their names; so do pages, icons and the like.
pub fn apply(mut bundle: Bundle, stable: &[&str]) -> Outcome<Bundle> {
    let mut waiting: Vec<String> =
        bundle.iter().map(|(name, _)| name.clone()).filter(|name| is_renamed(name, stable)).collect();
    // A file is named after all that it mentions, so that its own content is final by then.
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|name| !mentions_any(&bundle, name, &waiting));
        let Some(ready) = ready else {
            return Err(Failure::new(format!(
                "these files mention each other in a circle: {}",
                waiting.join(", ")
            )));
        };
        let name = waiting.remove(ready);
        let Some(bytes) = bundle.remove(&name) else { continue };
        let new_name = with_digest(&name, &short_digest(&bytes));
        bundle.insert(&new_name, bytes);
        let (old_file, new_file) = (file_name(&name).to_owned(), file_name(&new_name).to_owned());
        for (other, bytes) in bundle.iter_mut().filter(|(other, _)| is_text(other)) {
            let text = std::str::from_utf8(bytes)
                .map_err(|error| Failure::new(format!("{other} is not UTF-8 text: {error}")))?;
            if mentions(text, &old_file) {
                *bytes = replace_mentions(text, &old_file, &new_file).into_bytes();
            }
        }
    }
    Ok(bundle)
}

fn is_renamed(name: &str, stable: &[&str]) -> bool {
    let kind = [".js", ".css", ".wasm"].iter().any(|end| name.ends_with(end));
    kind && !stable.contains(&name)
}

fn mentions_any(bundle: &Bundle, name: &str, others: &[String]) -> bool {
    let bytes = bundle.iter().find(|(candidate, _)| *candidate == name).map(|(_, bytes)| bytes);
    let text =
        bytes.filter(|_| is_text(name)).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default();
    others.iter().any(|other| other != name && mentions(text, file_name(other)))
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn with_digest(name: &str, digest: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{digest}.{extension}"),
        None => format!("{name}-{digest}"),
    }
}

fn mentions(text: &str, file: &str) -> bool {
    whole_names(text, file).next().is_some()
}

/// Where `file` stands as a whole file name, not as the end of a longer one.
fn whole_names<'text>(text: &'text str, file: &'text str) -> impl Iterator<Item = usize> + 'text {
    let part_of_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '.';
    text.match_indices(file).map(|(at, _)| at).filter(move |at| {
        let before = text[..*at].chars().next_back();
        let after = text[at + file.len()..].chars().next();
        !before.is_some_and(part_of_name)
            && !after.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_')
    })
}

fn replace_mentions(text: &str, old: &str, new: &str) -> String {
    let mut result = String::with_capacity(text.len() + 64);
    let mut done = 0;
    for at in whole_names(text, old) {
        result.push_str(&text[done..at]);
        result.push_str(new);
        done = at + old.len();
    }
    result.push_str(&text[done..]);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bundle(files: &[(&str, &str)]) -> Bundle {
        let mut bundle = Bundle::default();
        files.iter().for_each(|(name, text)| bundle.insert(name, text.as_bytes().to_vec()));
        bundle
    }

    fn names(bundle: &Bundle) -> Vec<String> {
        bundle.iter().map(|(name, _)| name.clone()).collect()
    }

    fn text(bundle: &Bundle, start: &str) -> String {
        let (_, bytes) = bundle.iter().find(|(name, _)| name.starts_with(start)).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    }

    #[test]
    fn names_follow_the_content_through_all_that_mention_it() {
        let build = |wasm: &str| {
            let files = [
                ("index.html", "<script src=\"/app.js\">"),
                ("app.js", "load('app_bg.wasm')"),
                ("app_bg.wasm", wasm),
            ];
            apply(bundle(&files), &["index.html"]).unwrap()
        };
        let (one, two) = (build("1"), build("2"));
        assert_ne!(names(&one), names(&two));
        let script = names(&one).into_iter().find(|name| name.ends_with(".js")).unwrap();
        assert_eq!(text(&one, "index.html"), format!("<script src=\"/{script}\">"));
        assert_ne!(text(&one, "index.html"), text(&two, "index.html"));
        assert_eq!(names(&one), names(&build("1")));
    }

    #[test]
    fn stable_files_and_longer_names_are_left_alone() {
        let files =
            [("worker.js", "1"), ("sync-worker.js", "2"), ("page.html", "sync-worker.js, ./worker.js")];
        let applied = apply(bundle(&files), &["sync-worker.js"]).unwrap();
        let page = text(&applied, "page.html");
        assert!(page.starts_with("sync-worker.js, ./worker-"), "{page}");
    }

    #[test]
    fn a_circle_is_refused() {
        assert!(apply(bundle(&[("a.js", "b.js"), ("b.js", "a.js")]), &[]).is_err());
    }
}
