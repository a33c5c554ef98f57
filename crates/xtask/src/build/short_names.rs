//! Shorter names between a page's script and its wasm: wasm-bindgen ends each with a hash of 16 digits, which nothing
//! compresses. A number of as many digits does as well, since the two only have to agree.

use std::collections::BTreeMap;

use super::Mode;
use super::bundle::Bundle;
use crate::failure::{Failure, Outcome};

/// Digits of a hash.
const DIGITS: usize = 16;

/// Gives the hashes in the names of every wasm file and of the script beside it numbers in their place.
pub fn apply(mut bundle: Bundle, mode: Mode) -> Outcome<Bundle> {
    if mode == Mode::Dev {
        return Ok(bundle);
    }
    let wasm_files: Vec<String> =
        bundle.iter().map(|(name, _)| name.clone()).filter(|name| name.ends_with("_bg.wasm")).collect();
    for wasm_file in wasm_files {
        let script_file = wasm_file.replace("_bg.wasm", ".js");
        let (Some(mut wasm), Some(mut script)) = (bundle.remove(&wasm_file), bundle.remove(&script_file))
        else {
            return Err(Failure::new(format!("{wasm_file} has no {script_file} beside it")));
        };
        shorten(&mut script, &mut wasm);
        bundle.insert(&wasm_file, wasm);
        bundle.insert(&script_file, script);
    }
    Ok(bundle)
}

/// The same length, so that nothing in the wasm moves.
fn shorten(script: &mut [u8], wasm: &mut [u8]) {
    let mut numbers: BTreeMap<[u8; DIGITS], [u8; DIGITS]> = BTreeMap::new();
    for hash in hashes(script).map(|(_, hash)| hash) {
        let next = format!("{:0DIGITS$}", numbers.len());
        numbers.entry(hash).or_insert_with(|| next.as_bytes().try_into().unwrap_or(hash));
    }
    for text in [script, wasm] {
        let found: Vec<_> = hashes(text).collect();
        for (at, hash) in found {
            if let Some(number) = numbers.get(&hash) {
                text[at..at + DIGITS].copy_from_slice(number);
            }
        }
    }
}

/// Where hashes are, and which: digits that follow what wasm-bindgen puts before them, and no more of them.
fn hashes(text: &[u8]) -> impl Iterator<Item = (usize, [u8; DIGITS])> + '_ {
    let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.windows(DIGITS + 1).enumerate().filter_map(move |(at, window)| {
        let (before, digits) = window.split_first()?;
        let is_hash = matches!(before, b'_' | b'h')
            && digits.iter().all(is_digit)
            && !text.get(at + 1 + DIGITS).is_some_and(is_digit);
        Some((at + 1, digits.try_into().ok()?)).filter(|_| is_hash)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortened(script: &str, wasm: &str) -> (String, String) {
        let mut bundle = Bundle::default();
        bundle.insert("till.js", script.as_bytes().to_vec());
        bundle.insert("till_bg.wasm", wasm.as_bytes().to_vec());
        let mut bundle = apply(bundle, Mode::Release).unwrap();
        let mut text = |name: &str| String::from_utf8(bundle.remove(name).unwrap()).unwrap();
        (text("till.js"), text("till_bg.wasm"))
    }

    #[test]
    fn both_sides_get_the_same_numbers() {
        let script =
            "imports.__wbg_get_00112233aabbccdd; wasm.invoke__hdeadbeef00000000; __wbg_cast_0000000000000000";
        let wasm =
            "\0__wbg_get_00112233aabbccdd\0invoke__hdeadbeef00000000\u{1}__wbg_cast_0000000000000000\0";
        let (script, wasm) = shortened(script, wasm);
        assert_eq!(
            script,
            "imports.__wbg_get_0000000000000000; wasm.invoke__h0000000000000001; __wbg_cast_0000000000000002"
        );
        assert_eq!(
            wasm,
            "\0__wbg_get_0000000000000000\0invoke__h0000000000000001\u{1}__wbg_cast_0000000000000002\0"
        );
    }

    #[test]
    fn what_the_script_does_not_name_and_longer_numbers_stay() {
        let (script, wasm) =
            shortened("x_00112233aabbccddee _0123", "\0_ffffffffffffffff\0_00112233aabbccdd\0");
        assert_eq!(script, "x_00112233aabbccddee _0123");
        assert_eq!(wasm, "\0_ffffffffffffffff\0_00112233aabbccdd\0");
    }
}
