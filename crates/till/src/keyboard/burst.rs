//! Telling a scanner from a person: a scanner types faster than anybody, and ends with Enter.

/// Longest time between two keys of a scanner, milliseconds. Quick typists need 60 and more.
pub const BETWEEN_KEYS_MS_MAX: f64 = 50.0;
/// Shortest code that counts as scanned; three quick keys can be a person's.
const CODE_LENGTH_MIN: usize = 6;
/// Longest code kept.
const CODE_LENGTH_MAX: usize = 128;

/// The keys of late, as far as they may be a scanner's.
#[derive(Debug, Default)]
pub struct Burst {
    keys: String,
    last_at_ms: f64,
    has_begun: bool,
}

impl Burst {
    /// Whether the last key may be the first of a scan.
    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// Whether the keys so far may be a scanner's: quicker than anybody types, or a digit where nothing was typed yet.
    pub fn may_be_scan(&self, is_first: bool) -> bool {
        let mut characters = self.keys.chars();
        match (characters.next(), characters.next()) {
            (Some(only), None) => is_first && only.is_ascii_digit(),
            (first, _) => first.is_some(),
        }
    }

    /// Takes a key that was pressed; gives a code when it ends one.
    pub fn key(&mut self, key: &str, at_ms: f64) -> Option<String> {
        let quick = at_ms - self.last_at_ms <= BETWEEN_KEYS_MS_MAX;
        self.has_begun = false;
        let mut characters = key.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => {
                self.has_begun = !quick || self.keys.is_empty();
                if !quick || self.keys.len() >= CODE_LENGTH_MAX {
                    self.keys.clear();
                }
                self.keys.push(character);
                self.last_at_ms = at_ms;
                None
            }
            _ if key == "Enter" => {
                let code = std::mem::take(&mut self.keys);
                (quick && code.chars().count() >= CODE_LENGTH_MIN).then_some(code)
            }
            // A scanner presses Shift for capital letters.
            _ if key == "Shift" => None,
            _ => {
                self.keys.clear();
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_scanner_types_begins_once_however_long_it_is() {
        let mut burst = Burst::default();
        let begins = (0..300).map(|number| {
            burst.key("7", 1_000.0 + 8.0 * f64::from(number));
            burst.has_begun()
        });
        assert_eq!(begins.filter(|begins| *begins).count(), 1);
    }

    fn typed(keys: &[&str], between_ms: f64) -> Option<String> {
        let mut burst = Burst::default();
        let mut code = None;
        for (number, key) in keys.iter().enumerate() {
            code = burst.key(key, 1_000.0 + between_ms * number as f64);
        }
        code
    }

    #[test]
    fn a_digit_where_nothing_is_typed_may_be_a_scan_and_so_may_quick_keys() {
        let mut burst = Burst::default();
        assert!(!burst.may_be_scan(true));
        burst.key("5", 1_000.0);
        assert!(burst.may_be_scan(true) && !burst.may_be_scan(false));
        burst.key("m", 1_090.0);
        assert!(!burst.may_be_scan(true));
        burst.key("i", 1_098.0);
        assert!(burst.may_be_scan(false));
        burst.key("l", 1_180.0);
        assert!(!burst.may_be_scan(false));
        burst.key("Enter", 1_190.0);
        assert!(!burst.may_be_scan(true));
    }

    #[test]
    fn a_scanner_is_told_from_a_person_by_its_speed() {
        let keys = ["5", "0", "1", "2", "3", "4", "5", "Enter"];
        assert_eq!(typed(&keys, 8.0).as_deref(), Some("5012345"));
        assert_eq!(typed(&keys, 90.0), None);
    }

    #[test]
    fn a_scanner_s_shift_key_does_not_end_its_code() {
        assert_eq!(typed(&["8", "5", "1", "2", "3", "Shift", "A", "Enter"], 8.0).as_deref(), Some("85123A"));
    }

    #[test]
    fn few_keys_or_others_are_no_scan() {
        assert_eq!(typed(&["1", "2", "Enter"], 8.0), None);
        assert_eq!(typed(&["1", "2", "3", "4", "5", "6", "Tab", "Enter"], 8.0), None);
    }

    #[test]
    fn what_was_typed_before_the_scan_is_not_part_of_it() {
        let mut burst = Burst::default();
        assert_eq!((burst.key("m", 0.0), burst.has_begun()), (None, true));
        assert_eq!((burst.key("9", 499.0), burst.has_begun()), (None, true));
        assert_eq!((burst.key("Shift", 499.0), burst.has_begun()), (None, false));
        for (number, key) in ["6", "3", "8", "5", "0", "7", "4"].into_iter().enumerate() {
            assert_eq!((burst.key(key, 500.0 + number as f64), burst.has_begun()), (None, false));
        }
        assert_eq!(burst.key("Enter", 510.0).as_deref(), Some("96385074"));
    }
}
