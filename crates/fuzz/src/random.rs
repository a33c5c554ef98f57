//! Numbers that look random, from a seed: SplitMix64. The same seed gives the same inputs.

/// The generator.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The numbers of one round of one target.
    pub fn of_round(seed: u64, target: &str, round: u64) -> Random {
        // FNV-1a, so that no two targets see the same numbers.
        let named = target.bytes().fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
        });
        let mut random = Random { state: seed ^ named };
        random.state = random.next().wrapping_add(round.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        random
    }

    /// The next number.
    #[expect(clippy::should_implement_trait, reason = "numbers without end need no Option")]
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where `end` is.
    pub fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// Any byte.
    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[0]
    }
}
