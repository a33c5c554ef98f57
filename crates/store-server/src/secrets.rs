//! Random secrets and their hashes. What is stored is always the hash.

use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

/// Letters and digits that can't be taken for one another.
const CODE_LETTERS: &[u8; 31] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";
/// Letters of an activation code.
const CODE_LENGTH: usize = 8;

/// The operating system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoRandomness;

/// Random bytes.
///
/// # Errors
/// [`NoRandomness`] when the operating system has none.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// SHA-256 of a secret that is itself random, under a label that says what it is.
pub fn hash(label: &str, secret: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(label.as_bytes());
    hasher.update([0]);
    hasher.update(secret);
    hasher.finalize().into()
}

/// Random letters and digits in groups of four, such as `K7QM-2XRD`.
///
/// # Errors
/// [`NoRandomness`] when the operating system has none.
pub fn random_code(length: usize) -> Result<String, NoRandomness> {
    let mut code = String::with_capacity(length + length / 4);
    let mut letters = 0;
    while letters < length {
        let [byte] = random::<1>()?;
        // 248 is the highest multiple of 31 in a byte; what is above would favour the first letters.
        if byte >= 248 {
            continue;
        }
        if letters > 0 && letters.is_multiple_of(4) {
            code.push('-');
        }
        code.push(char::from(CODE_LETTERS[usize::from(byte) % CODE_LETTERS.len()]));
        letters += 1;
    }
    Ok(code)
}

/// A fresh activation code.
///
/// # Errors
/// [`NoRandomness`] when the operating system has none.
pub fn activation_code() -> Result<String, NoRandomness> {
    random_code(CODE_LENGTH)
}

/// Hash of an activation code as it was typed: case, blanks and dashes do not matter.
pub fn activation_code_hash(typed: &str) -> [u8; 32] {
    let letters: String =
        typed.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect();
    hash("activation-code", letters.as_bytes())
}

/// The token of a register that was activated by this code and attempt. The same attempt gets the same
/// token again, though the database keeps neither the attempt nor the token.
pub fn register_token(server_secret: &[u8], code_hash: &[u8; 32], attempt_id: &[u8; 16]) -> [u8; 32] {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, server_secret);
    let mut context = ring::hmac::Context::with_key(&key);
    context.update(b"register-token");
    context.update(code_hash);
    context.update(attempt_id);
    let mut token = [0; 32];
    token.copy_from_slice(context.sign().as_ref());
    token
}

/// Hash of a register's token.
pub fn register_token_hash(token: &[u8; 32]) -> [u8; 32] {
    hash("register-token", token)
}

/// Lower-case hex digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS[usize::from(value & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// An id of 16 bytes from 32 hex digits.
pub fn id_from_hex(text: &str) -> Option<[u8; 16]> {
    if text.len() != 32 {
        return None;
    }
    let padded = from_hex(&format!("{text}{}", "0".repeat(32)))?;
    padded.first_chunk().copied()
}

/// 32 bytes from 64 hex digits.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_shown_in_groups_and_typed_in_any_way() {
        let code = activation_code().unwrap();
        assert_eq!(code.len(), 9);
        assert_eq!(&code[4..5], "-");
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        assert_eq!(activation_code_hash(&typed), activation_code_hash(&code));
        assert_ne!(activation_code_hash("AAAA-AAAA"), activation_code_hash("AAAA-AAAB"));
    }

    #[test]
    fn hex_is_read_as_it_is_written() {
        let bytes = random::<32>().unwrap();
        assert_eq!(from_hex(&hex(&bytes)), Some(bytes));
        assert_eq!(from_hex(&"0".repeat(63)), None);
        assert_eq!(from_hex(&"+f".repeat(32)), None);
        assert_eq!(from_hex(&"é".repeat(32)), None);
    }

    #[test]
    fn a_token_belongs_to_its_attempt() {
        let token = register_token(b"secret", &[1; 32], &[2; 16]);
        assert_eq!(token, register_token(b"secret", &[1; 32], &[2; 16]));
        assert_ne!(token, register_token(b"secret", &[1; 32], &[3; 16]));
        assert_ne!(token, register_token(b"secret", &[2; 32], &[2; 16]));
        assert_ne!(token, register_token(b"other", &[1; 32], &[2; 16]));
    }
}
