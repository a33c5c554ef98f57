//! Administrators' passwords: made, hashed with argon2id, checked one at a time.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::{Output, PasswordHash, PasswordHasher, SaltString};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::secrets::{self, NoRandomness};

/// No password has this hash. What is typed for a name that nobody has is checked against it, so that the answer takes
/// as long as for everybody else.
pub const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Letters of a password that the server makes, 79 bits.
const LETTERS: usize = 16;
/// Longest salt of a stored hash, bytes.
const SALT_BYTES_MAX: usize = 64;

/// What a check works in, 19 MB, kept: given back after each check, the allocator would keep as much for every
/// thread that ever did one.
static MEMORY: Mutex<Vec<Block>> = Mutex::new(Vec::new());

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
    let (Some(salt), Some(expected)) = (hash.salt, hash.hash) else {
        return Err(PasswordError::Hash("the stored hash is cut".to_owned()));
    };
    let algorithm = Algorithm::try_from(hash.algorithm).map_err(failed)?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from);
    let params = Params::try_from(&hash).map_err(failed)?;
    let mut salt_bytes = [0; SALT_BYTES_MAX];
    let salt = salt.decode_b64(&mut salt_bytes).map_err(failed)?;
    let mut computed = vec![0; expected.len()];
    let checked = version.and_then(|version| {
        // What a panic left in it is overwritten.
        let mut memory = MEMORY.lock().unwrap_or_else(PoisonError::into_inner);
        memory.resize(params.block_count(), Block::default());
        let argon2 = Argon2::new(algorithm, version, params);
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut computed, memory.as_mut_slice())
    });
    checked.map_err(|error| PasswordError::Hash(error.to_string()))?;
    // Compares in constant time.
    Ok(Output::new(&computed).map_err(failed)? == expected)
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

    #[test]
    fn nobodys_password_takes_as_long_as_anybodys() {
        let hash = hash("x").unwrap();
        let cost = |hash: &str| hash.splitn(5, '$').take(4).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!((cost(NOBODYS_HASH), NOBODYS_HASH.len()), (cost(&hash), hash.len()));
        assert_eq!(is_right("x", NOBODYS_HASH), Ok(false));
    }
}
