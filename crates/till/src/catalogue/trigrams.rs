//! Which names can't have a word in them: the sequences of three bytes that occur in each block of names. A search for
//! a rare word reads a few blocks instead of all names.

/// Names of one block.
pub const BLOCK_NAMES: usize = 256;
/// Bits of a block: its names have about three thousand different sequences, so that a third of the bits is set.
const BITS: usize = 8_192;
const WORDS: usize = BITS / 64;

/// The sequences of all blocks.
#[derive(Debug, Clone, Default)]
pub struct Trigrams {
    blocks: Vec<[u64; WORDS]>,
    names: usize,
}

impl Trigrams {
    /// Adds the next name.
    pub fn add(&mut self, name: &str) {
        if self.names.is_multiple_of(BLOCK_NAMES) {
            self.blocks.push([0; WORDS]);
        }
        self.names += 1;
        if let Some(block) = self.blocks.last_mut() {
            for place in places(name) {
                block[place / 64] |= 1 << (place % 64);
            }
        }
    }

    /// The blocks that may have a name with all of these words, in order; those left out have none.
    pub fn blocks_with<'t>(&'t self, words: &[&str]) -> impl Iterator<Item = usize> + use<'t> {
        let wanted: Vec<usize> = words.iter().flat_map(|word| places(word)).collect();
        let has_all = move |block: &[u64; WORDS]| {
            wanted.iter().all(|place| block[place / 64] & (1 << (place % 64)) != 0)
        };
        self.blocks.iter().enumerate().filter(move |(_, block)| has_all(block)).map(|(number, _)| number)
    }
}

/// The bits of a text's sequences; none of a text of one or two bytes.
fn places(text: &str) -> impl Iterator<Item = usize> + use<'_> {
    text.as_bytes().windows(3).map(|three| {
        let number = three.iter().fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
        // Knuth's multiplicative hashing: the high bits depend on all three bytes.
        (number.wrapping_mul(2_654_435_769) >> 19) as usize % BITS
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_word_that_is_nowhere_is_looked_for_in_few_blocks() {
        let mut trigrams = Trigrams::default();
        for number in 0..100 * BLOCK_NAMES {
            trigrams.add(&format!("\nproduct {number}"));
        }
        assert!(trigrams.blocks_with(&["zzqxv"]).count() < 5);
        assert_eq!(trigrams.blocks_with(&["product", "25599"]).last(), Some(99));
        assert_eq!(trigrams.blocks_with(&["p"]).count(), 100);
    }

    proptest! {
        #[test]
        fn no_block_that_has_the_words_is_left_out(
            names in prop::collection::vec("[a-dé ]{0,12}", 1..600),
            words in prop::collection::vec("[a-dé]{1,4}", 1..3),
        ) {
            let mut trigrams = Trigrams::default();
            names.iter().for_each(|name| trigrams.add(name));
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let found: Vec<usize> = trigrams.blocks_with(&words).collect();
            for (block, names) in names.chunks(BLOCK_NAMES).enumerate() {
                if names.iter().any(|name| words.iter().all(|word| name.contains(word))) {
                    prop_assert!(found.contains(&block), "{block} of {found:?}");
                }
            }
        }
    }
}
