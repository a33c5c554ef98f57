//! `cargo xtask tidy`: the repository's own rules, as a program.
//!
//! Owns the reading of files; each rule is a pure function from text to problems, with a test that fails it.

mod architecture;
mod guides;
mod line_rules;
mod manifests;
mod messages;
mod promises;
mod test_files;
mod versions;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::args::Arguments;
use crate::failure::Outcome;
use crate::process;
use crate::{files, workspace};

/// A file of the repository.
pub struct SourceFile {
    /// Its path below the workspace.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// `tidy`.
pub fn command(arguments: &mut Arguments) -> Outcome<ExitCode> {
    arguments.done()?;
    let problems = problems()?;
    problems.iter().for_each(|problem| println!("{problem}"));
    if problems.is_empty() {
        println!("tidy");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} problems", problems.len());
    Ok(ExitCode::FAILURE)
}

/// Everything that breaks a rule; each says where and what to do.
pub fn problems() -> Outcome<Vec<String>> {
    let paths = tracked_paths()?;
    let files = text_files(&paths)?;
    let mut problems: Vec<String> = files.iter().flat_map(line_rules::check).collect();
    let text = |path: &str| files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str());

    let described = architecture::described_crates(text("ARCHITECTURE.md"));
    let manifests: Vec<manifests::Manifest> = files.iter().filter_map(manifests::of_crate).collect();
    problems.extend(architecture::compare(&described, &manifests));
    problems.extend(versions::check(text("Cargo.lock"), text("Cargo.toml"), text("Trunk.toml")));
    problems.extend(test_files::check(&files));
    problems.extend(promises::check(text(promises::PATH), &files));
    problems.extend(guides::check(&files, &paths));
    problems.extend(messages::check(&files));
    Ok(problems)
}

/// The files that git tracks or would track.
fn tracked_paths() -> Outcome<Vec<String>> {
    let mut list = process::command("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let paths = process::output(&mut list)?;
    Ok(paths.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

/// Those that are text.
fn text_files(paths: &[String]) -> Outcome<Vec<SourceFile>> {
    let mut found = Vec::new();
    for path in paths {
        let full: PathBuf = workspace::root().join(path);
        if !full.is_file() {
            continue;
        }
        if let Ok(text) = String::from_utf8(files::read(&full)?) {
            found.push(SourceFile { path: path.clone(), text });
        }
    }
    Ok(found)
}
