//! A toolchain for the browser where rustup can't download one: Debian's compiler, with std built from its
//! own source package.

use std::path::PathBuf;

use super::apt;
use super::wasm_toolchain::DEBIAN_NAME;
use crate::failure::{Failure, Outcome};
use crate::process::{self, Step};
use crate::workspace::WASM_TARGET;
use crate::{files, workspace};

const PACKAGES: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy", "lld-22"];

/// Installs the packages and makes rustup know the compiler.
pub fn install_compiler() -> Outcome {
    apt::install(
        &PACKAGES,
        "Debian's Rust compiler can target the browser; rustup could not fetch that here",
    )?;
    if !linked() {
        let mut link = process::command("rustup");
        link.args(["toolchain", "link", DEBIAN_NAME, "/usr"]);
        process::output(&mut link)?;
    }
    Ok(())
}

fn linked() -> bool {
    process::succeeds(process::command("rustc").env("RUSTUP_TOOLCHAIN", DEBIAN_NAME).arg("--version"))
}

/// Builds std in an empty crate and copies what it leaves to where the compiler looks for it.
pub fn build() -> Outcome {
    let folder = workspace::cache().join("wasm-std");
    files::remove_folder(&folder)?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n";
    files::write(&folder.join("Cargo.toml"), manifest.as_bytes())?;
    files::write(&folder.join("src/lib.rs"), b"#![no_std]\n")?;
    let mut build = process::command("/usr/bin/cargo");
    build
        .current_dir(&folder)
        .args(["build", "--release", "--target", WASM_TARGET, "-Z", "build-std=std,panic_abort,proc_macro"])
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTC", "/usr/bin/rustc")
        // build-std is unstable; Debian's compiler is a stable one.
        .env("RUSTC_BOOTSTRAP", "1")
        // Without bitcode every link-time optimised build fails.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env_remove("RUSTUP_TOOLCHAIN");
    Step::new("building Rust's standard library for the browser", "35 s")
        .advice("Is the package registry within reach? std needs a few packages from it.")
        .log_in_cache()
        .run(&mut build)?;
    let built = folder.join("target").join(WASM_TARGET).join("release/deps");
    let libraries: Vec<PathBuf> =
        files::files_below(&built)?.into_iter().filter(|path| is_std_library(path)).collect();
    if libraries.is_empty() {
        return Err(Failure::new(format!("no libraries were found in {}", built.display())));
    }
    let sysroot = process::output(process::command("/usr/bin/rustc").args(["--print", "sysroot"]))?;
    let to = PathBuf::from(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib");
    let how = format!("Copy {}/*.rlib (less libempty) to {} yourself.", built.display(), to.display());
    apt::allow_root(&how)?;
    // An older std beside the new one would be ambiguous.
    process::output(apt::as_root("rm").arg("-rf").arg(&to))?;
    process::output(apt::as_root("mkdir").arg("-p").arg(&to))?;
    process::output(apt::as_root("cp").args(&libraries).arg(&to))?;
    files::remove_folder(&folder)
}

fn is_std_library(path: &std::path::Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".rlib") && !name.starts_with("libempty")
}

/// A linker for the browser outside the toolchain: Debian's own `rust-lld` may dangle.
pub fn foreign_linker() -> Option<PathBuf> {
    let active = process::output(process::command("rustc").args(["--print", "target-libdir"])).ok();
    let of_active =
        active.and_then(|folder| Some(PathBuf::from(folder.trim()).parent()?.join("bin/rust-lld")));
    let candidates = of_active.into_iter().chain(["/usr/bin/rust-lld".into(), "/usr/bin/wasm-ld-22".into()]);
    candidates.into_iter().find(|path| path.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn only_the_libraries_of_std_are_copied() {
        assert!(is_std_library(Path::new("deps/libcore-1234.rlib")));
        assert!(!is_std_library(Path::new("deps/libempty-1234.rlib")));
        assert!(!is_std_library(Path::new("deps/core-1234.d")));
    }
}
