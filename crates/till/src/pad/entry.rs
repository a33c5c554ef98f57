//! What a person enters on the number pad: digits move in from the right, as on a till or a pair of scales.

/// Most digits that can be entered.
const DIGITS_MAX: usize = 9;

/// A number being entered, in units of its last decimal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    // Digits, and at most one point.
    typed: String,
    decimals: usize,
}

impl Entry {
    /// Nothing entered yet, of a number with this many decimals.
    pub fn new(decimals: u8) -> Entry {
        Entry { typed: String::new(), decimals: usize::from(decimals) }
    }

    /// Takes a key of the pad or the keyboard; gives whether it was one of the number's.
    pub fn key(&mut self, key: &str) -> bool {
        match key {
            "Backspace" => {
                self.typed.pop();
            }
            "Delete" => self.typed.clear(),
            "." | "," => self.point(),
            "00" => {
                self.digit('0');
                self.digit('0');
            }
            _ => match key.chars().next() {
                Some(digit) if key.len() == 1 && digit.is_ascii_digit() => self.digit(digit),
                Some(_) | None => return false,
            },
        }
        true
    }

    /// Whether nothing is entered.
    pub fn is_empty(&self) -> bool {
        self.typed.is_empty()
    }

    /// The number in units of its last decimal; `None` while nothing is entered.
    pub fn value(&self) -> Option<i64> {
        if self.typed.is_empty() {
            return None;
        }
        let digits: String = match self.typed.split_once('.') {
            None => self.typed.clone(),
            Some((whole, fraction)) => format!("{whole}{fraction:0<width$}", width = self.decimals),
        };
        digits.parse().ok()
    }

    /// Without a point digits count from the last decimal; with one they stand where they were typed.
    fn digit(&mut self, digit: char) {
        let full = match self.typed.split_once('.') {
            Some((_, fraction)) => fraction.len() >= self.decimals,
            None => self.typed.len() >= DIGITS_MAX,
        };
        if !full {
            self.typed.push(digit);
        }
    }

    fn point(&mut self) {
        let fits = self.typed.len() + self.decimals <= DIGITS_MAX;
        if self.decimals > 0 && fits && !self.typed.contains('.') {
            if self.typed.is_empty() {
                self.typed.push('0');
            }
            self.typed.push('.');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(decimals: u8, keys: &str) -> Option<i64> {
        let mut entry = Entry::new(decimals);
        for key in keys.split_whitespace() {
            entry.key(key);
        }
        entry.value()
    }

    #[test]
    fn digits_move_in_from_the_right() {
        assert_eq!(entered(2, ""), None);
        assert_eq!(entered(2, "3 0 00"), Some(3_000));
        assert_eq!(entered(0, "1 2"), Some(12));
        assert_eq!(entered(3, "1 2 4 0"), Some(1_240));
        assert_eq!(entered(2, "1 2 Backspace"), Some(1));
        assert_eq!(entered(2, "1 2 Delete"), None);
    }

    #[test]
    fn a_typed_point_puts_digits_where_they_belong() {
        assert_eq!(entered(2, "3 0 ."), Some(3_000));
        assert_eq!(entered(2, "3 0 . 5"), Some(3_050));
        assert_eq!(entered(2, ", 5 . 0 9"), Some(50));
        assert_eq!(entered(0, "3 . 5"), Some(35));
    }

    #[test]
    fn it_ends_where_numbers_get_too_long() {
        assert_eq!(entered(2, "1 2 3 4 5 6 7 8 9 0 1"), Some(123_456_789));
        assert_eq!(entered(2, "1 2 3 4 5 6 7 8 9 ."), Some(123_456_789));
    }

    #[test]
    fn other_keys_are_not_the_number_s() {
        let mut entry = Entry::new(2);
        assert!(!entry.key("Enter") && !entry.key("a") && !entry.key("-") && entry.is_empty());
    }
}
