//! Sizes of files and storage: `38 MB`, `2.1 GB`.

/// Bytes for people, in thousands.
pub fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    match UNITS.into_iter().find(|(unit, _)| count >= *unit) {
        None => format!("{count}\u{a0}B"),
        // One decimal below ten, where it says something.
        Some((unit, name)) if count / unit < 10 => {
            let tenths = count / (unit / 10);
            format!("{}.{}\u{a0}{name}", tenths / 10, tenths % 10)
        }
        Some((unit, name)) => format!("{}\u{a0}{name}", count / unit),
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
