//! Numbers that look random, from a seed: SplitMix64. Good for nonces, jitter and simulated faults, never for
//! secrets.

/// The generator.
#[derive(Debug, Clone)]
pub(crate) struct SplitMix {
    state: u64,
}

impl SplitMix {
    pub(crate) fn new(seed: u64) -> SplitMix {
        SplitMix { state: seed }
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0–999.
    pub(crate) fn thousandths(&mut self) -> i64 {
        i64::try_from(self.next() % 1_000).unwrap_or(0)
    }
}
