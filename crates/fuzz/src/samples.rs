//! Valid inputs that mutation begins with: the frozen messages of the wire protocol, by name.

/// Lines of a name and hex digits, as the protocol's tests freeze them.
const FROZEN: &str = include_str!("../../protocol/tests/samples/v1.txt");

/// The names of all frozen messages.
pub fn frozen_names() -> impl Iterator<Item = &'static str> {
    lines().map(|(name, _)| name)
}

/// The frozen messages of a kind: the one of this name, and those of later fields, such as `manifest_of_view`.
pub fn frozen_of_kind(kind: &str) -> impl Iterator<Item = Vec<u8>> {
    lines().filter(move |(name, _)| is_of_kind(name, kind)).map(|(_, digits)| from_hex(digits))
}

/// Whether a frozen message is of a kind.
pub fn is_of_kind(name: &str, kind: &str) -> bool {
    name.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// The frozen message of this name.
pub fn frozen(wanted: &str) -> Option<Vec<u8>> {
    lines().find(|(name, _)| *name == wanted).map(|(_, digits)| from_hex(digits))
}

fn lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    FROZEN.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(' '))
}

fn from_hex(digits: &str) -> Vec<u8> {
    let digit =
        |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
    digits.as_bytes().chunks_exact(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
