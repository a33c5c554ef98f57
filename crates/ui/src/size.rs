//! Sizes of files and storage: `38 MB`, `2.1 GB`.

use crate::messages::common;

/// The message of a unit.
type WithUnit = fn(&str) -> String;

/// Bytes for people, in thousands.
pub fn bytes(count: u64) -> String {
    const UNITS: [(u64, WithUnit); 3] =
        [(1_000_000_000, common::size_gb), (1_000_000, common::size_mb), (1_000, common::size_kb)];
    match UNITS.into_iter().find(|(unit, _)| count >= *unit) {
        None => common::size_b(&count.to_string()),
        // One decimal below ten, where it says something.
        Some((unit, with_unit)) if count / unit < 10 => {
            let tenths = count / (unit / 10);
            with_unit(&format!("{}.{}", tenths / 10, tenths % 10))
        }
        Some((unit, with_unit)) => with_unit(&(count / unit).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn small_numbers_keep_a_decimal() {
        assert_eq!(bytes(0), "0\u{a0}B");
        assert_eq!(bytes(11_500), "11\u{a0}kB");
        assert_eq!(bytes(2_100_000_000), "2.1\u{a0}GB");
        assert_eq!(bytes(9_999_999), "9.9\u{a0}MB");
    }
}
