//! Turns `messages/en/*.toml` into Rust: a module for each file, a function for each key.
//!
//! Owns the order of the steps only; reading is in `build/message_file.rs`, the pseudo-locale in
//! `build/pseudo.rs`, the Rust text in `build/generate.rs`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

#[path = "build/generate.rs"]
mod generate;
#[path = "build/message_file.rs"]
mod message_file;
#[path = "build/pseudo.rs"]
mod pseudo;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            println!("cargo::error={problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let folder = Path::new("messages/en");
    println!("cargo::rerun-if-changed=messages");
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=build.rs");
    let mut code = String::new();
    for path in message_files(folder)? {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let messages = message_file::read(&text)
            .map_err(|error| format!("{}:{}: {}", path.display(), error.line, error.problem))?;
        code.push_str(&generate::module(&name, &messages));
    }
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set; this is run by cargo")?;
    let to = PathBuf::from(out).join("messages.rs");
    fs::write(&to, code).map_err(|error| format!("{}: {error}", to.display()))
}

fn message_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
