//! The tools of the build, a file for each: where it is, whether it is there, how it gets there.

pub mod apt;
pub mod cargo_install;
pub mod chromium;
pub mod nextest;
pub mod node;
pub mod npm_packages;
pub mod postgres;
pub mod trunk;
pub mod wasm_bindgen;
pub mod wasm_opt;
pub mod wasm_std;
pub mod wasm_toolchain;
