//! Damage to valid samples, as networks, disks and enemies do it: flipped bits, cuts, splices, and lengths and
//! numbers that lie.

use crate::random::Random;

/// Longest input that mutation makes, bytes.
const INPUT_BYTES_MAX: usize = 64 * 1024;
/// Numbers at which code breaks, if it does.
const EDGES: [u64; 12] =
    [0, 1, 23, 24, 255, 256, 65_535, 65_536, 0x7FFF_FFFF, 0xFFFF_FFFF, i64::MAX as u64, u64::MAX];

/// An input for one round: a sample, damaged once or some times; sometimes nothing but noise.
pub fn input(random: &mut Random, samples: &[Vec<u8>]) -> Vec<u8> {
    if random.below(50) == 0 || samples.is_empty() {
        let length = random.below(300);
        return (0..length).map(|_| random.byte()).collect();
    }
    let mut bytes = samples[random.below(samples.len())].clone();
    // Mostly little damage, which gets furthest into a decoder.
    let times = 1 + random.below(3) + if random.below(8) == 0 { random.below(20) } else { 0 };
    for _ in 0..times {
        damage(random, &mut bytes, samples);
    }
    bytes.truncate(INPUT_BYTES_MAX);
    bytes
}

fn damage(random: &mut Random, bytes: &mut Vec<u8>, samples: &[Vec<u8>]) {
    let at = random.below(bytes.len());
    match random.below(11) {
        0 | 1 => change(bytes, at, |byte| *byte ^= 1 << (random.next() % 8)),
        2 => change(bytes, at, |byte| *byte = random.byte()),
        3 => bytes.truncate(at),
        4 => drop(bytes.drain(at..(at + 1 + random.below(8)).min(bytes.len()))),
        5 => insert(bytes, at, &[random.byte()]),
        6 => {
            // Something stands twice.
            let end = (at + 1 + random.below(40)).min(bytes.len());
            let twice = bytes.get(at..end).unwrap_or_default().to_vec();
            insert(bytes, at, &twice);
        }
        7 => splice(random, bytes, at, samples),
        8 => lie(random, bytes, at),
        9 => {
            // A run of openings: arrays, maps, tags, strings in strings.
            let opening = [0x81, 0x9F, 0xA1, 0xBF, 0xC1, 0x5F, 0x7F, b'[', b'{', b'"'][random.below(10)];
            let depth_max = if random.below(20) == 0 { 20_000 } else { 60 };
            let depth = 1 + random.below(depth_max);
            insert(bytes, at, &vec![opening; depth]);
        }
        _ => change(bytes, at, |byte| *byte = byte.wrapping_add(if random.below(2) == 0 { 1 } else { 255 })),
    }
}

fn change(bytes: &mut [u8], at: usize, how: impl FnOnce(&mut u8)) {
    if let Some(byte) = bytes.get_mut(at) {
        how(byte);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, what: &[u8]) {
    let at = at.min(bytes.len());
    bytes.splice(at..at, what.iter().copied());
}

/// A piece of another sample in the place of what was here.
fn splice(random: &mut Random, bytes: &mut Vec<u8>, at: usize, samples: &[Vec<u8>]) {
    let other = &samples[random.below(samples.len())];
    let from = random.below(other.len());
    let to = (from + 1 + random.below(80)).min(other.len());
    let end = (at + random.below(80)).min(bytes.len());
    bytes.splice(at.min(end)..end, other.get(from..to).unwrap_or_default().iter().copied());
}

/// The head of a CBOR item says another number or length; in text, a number becomes another.
fn lie(random: &mut Random, bytes: &mut Vec<u8>, at: usize) {
    let edge = EDGES[random.below(EDGES.len())];
    let Some(head) = bytes.get(at).copied() else { return };
    if head.is_ascii_digit() && random.below(2) == 0 {
        let text = if random.below(2) == 0 { format!("-{edge}") } else { edge.to_string() };
        bytes.splice(at..=at, text.into_bytes());
        return;
    }
    // Major type stays, the argument follows in 1, 2, 4 or 8 bytes, or there is no end.
    let (width, follows) = match random.below(5) {
        0 => (24, edge.to_be_bytes()[7..].to_vec()),
        1 => (25, edge.to_be_bytes()[6..].to_vec()),
        2 => (26, edge.to_be_bytes()[4..].to_vec()),
        3 => (27, edge.to_be_bytes().to_vec()),
        _ => (31, Vec::new()),
    };
    let old_follows = match head & 0x1F {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => 0,
    };
    let end = (at + 1 + old_follows).min(bytes.len());
    bytes.splice(at..end, std::iter::once((head & 0xE0) | width).chain(follows));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_round_gives_the_same_input_and_another_one_another() {
        let samples = vec![b"\xa2\x00\x01\x01\x65hello".to_vec()];
        let made = |round| input(&mut Random::of_round(1, "x", round), &samples);
        assert_eq!(made(7), made(7));
        let different: std::collections::BTreeSet<Vec<u8>> = (0..1_000).map(made).collect();
        assert!(different.len() > 700, "{}", different.len());
    }

    #[test]
    fn nothing_is_too_short_to_be_damaged() {
        for samples in [vec![], vec![vec![]], vec![vec![0]], vec![vec![0xbb]]] {
            for round in 0..2_000 {
                input(&mut Random::of_round(2, "y", round), &samples);
            }
        }
    }
}
