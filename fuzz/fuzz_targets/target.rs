//! libFuzzer's entry: the target that `HOLDFAST_FUZZ_TARGET` names (`cargo xtask fuzz --list`).

#![no_main]

use std::sync::LazyLock;

use holdfast_fuzz::targets::Target;

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("HOLDFAST_FUZZ_TARGET").unwrap_or_default();
    Target::named(&name).unwrap_or_else(|| panic!("HOLDFAST_FUZZ_TARGET: there is no target {name:?}"))
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    (TARGET.run)(bytes);
});
