//! Finding a few bytes in many (Horspool's way): the till's search runs this at every key over all names.

/// A text to be found, prepared.
pub struct Finder<'text> {
    wanted: &'text [u8],
    // How far to move on when the byte under the end of `wanted` is this one; at least 1.
    steps: [u8; 256],
}

impl<'text> Finder<'text> {
    /// Prepares a text; an empty one is never found.
    pub fn new(wanted: &'text str) -> Finder<'text> {
        let wanted = wanted.as_bytes();
        let longest = u8::try_from(wanted.len().max(1)).unwrap_or(u8::MAX);
        let mut steps = [longest; 256];
        for (from_end, byte) in wanted.iter().rev().enumerate().skip(1).rev() {
            steps[usize::from(*byte)] = u8::try_from(from_end).unwrap_or(u8::MAX).max(1);
        }
        Finder { wanted, steps }
    }

    /// Where the text occurs first at or behind `from`.
    pub fn find(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let last = self.wanted.len().checked_sub(1)?;
        let mut start = from;
        while let Some(end_byte) = bytes.get(start + last) {
            if *end_byte == self.wanted[last] && bytes[start..start + last] == self.wanted[..last] {
                return Some(start);
            }
            start += usize::from(self.steps[usize::from(*end_byte)]);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_longer_than_a_step_is_found() {
        let wanted = "ab".repeat(300);
        let bytes = format!("{}{wanted}", "ab".repeat(7) + "b");
        assert_eq!(Finder::new(&wanted).find(bytes.as_bytes(), 0), Some(15));
        assert_eq!(Finder::new("").find(b"abc", 0), None);
    }

    proptest! {
        #[test]
        fn finds_what_the_standard_library_finds(bytes in "[abc]{0,60}", wanted in "[abc]{1,5}", from in 0usize..70) {
            let expected = bytes.get(from..).and_then(|rest| rest.find(&wanted)).map(|at| at + from);
            prop_assert_eq!(Finder::new(&wanted).find(bytes.as_bytes(), from), expected);
        }
    }
}
