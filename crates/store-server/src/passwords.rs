//! Administrators' passwords: made, hashed with argon2id, checked one at a time.

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};

use crate::secrets::{self, NoRandomness};

/// The one administrator that there is until roles come.
pub const ADMINISTRATOR: &str = "admin";

/// Letters of a password that the server makes, 79 bits.
const LETTERS: usize = 16;

/// Why a password could not be hashed or checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// No salt.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The hash can't be made, or the stored one can't be read.
    #[error("the password can't be hashed: {0}")]
    Hash(String),
}

/// A fresh password.
///
/// # Errors
/// [`NoRandomness`] when there is none to be had.
pub fn random_password() -> Result<String, NoRandomness> {
    secrets::random_code(LETTERS)
}

/// Hashes a password; slow by design.
///
/// # Errors
/// [`PasswordError`] when there is no salt or it can't be hashed.
pub fn hash(password: &str) -> Result<String, PasswordError> {
    let salt: [u8; 16] = secrets::random()?;
    let failed = |error: argon2::password_hash::Error| PasswordError::Hash(error.to_string());
    let salt = SaltString::encode_b64(&salt).map_err(failed)?;
    Ok(Argon2::default().hash_password(password.as_bytes(), &salt).map_err(failed)?.to_string())
}

/// Whether a password is the one that was hashed; slow by design.
///
/// # Errors
/// [`PasswordError`] when the stored hash can't be read.
pub fn is_right(password: &str, hash: &str) -> Result<bool, PasswordError> {
    let failed = |error: argon2::password_hash::Error| PasswordError::Hash(error.to_string());
    let hash = PasswordHash::new(hash).map_err(failed)?;
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(error) => Err(failed(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_is_right() {
        let password = random_password().unwrap();
        let hash = hash(&password).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert_eq!(is_right(&password, &hash), Ok(true));
        assert_eq!(is_right("wrong", &hash), Ok(false));
        assert!(is_right("wrong", "no hash").is_err());
    }
}
