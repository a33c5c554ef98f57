//! PIN verifiers: what a register needs to check a PIN offline.

use std::num::NonZeroU32;

use holdfast_protocol::rows::StaffRow;

use crate::secrets::{self, NoRandomness};

/// Rounds of PBKDF2 for a new PIN.
pub const ROUNDS: NonZeroU32 = NonZeroU32::new(100_000).expect("it is above zero");

/// PBKDF2-HMAC-SHA256 of a PIN.
pub fn verifier(pin: &str, salt: &[u8], rounds: NonZeroU32) -> [u8; 32] {
    let mut verifier = [0; 32];
    ring::pbkdf2::derive(ring::pbkdf2::PBKDF2_HMAC_SHA256, rounds, salt, pin.as_bytes(), &mut verifier);
    verifier
}

/// Whether a PIN may be given to somebody: 4 to 8 digits.
pub fn is_pin(text: &str) -> bool {
    (4..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Somebody who may sign in, with a verifier of the PIN under a salt of its own.
///
/// # Errors
/// [`NoRandomness`] when there is no salt to be had.
pub fn staff_row(id: &str, name: &str, is_manager: bool, pin: &str) -> Result<StaffRow, NoRandomness> {
    let salt: [u8; 16] = secrets::random()?;
    Ok(StaffRow {
        id: id.to_owned(),
        name: name.to_owned(),
        is_manager,
        pin_salt: salt.to_vec().into(),
        pin_rounds: ROUNDS.get(),
        pin_verifier: verifier(pin, &salt, ROUNDS).to_vec().into(),
    })
}

/// A random PIN of four digits.
///
/// # Errors
/// [`NoRandomness`] when there is none to be had.
pub fn random_pin() -> Result<String, NoRandomness> {
    let mut pin = String::with_capacity(4);
    while pin.len() < 4 {
        let [byte] = secrets::random::<1>()?;
        // 250 is the highest multiple of 10 in a byte.
        if byte < 250 {
            pin.push(char::from(b'0' + byte % 10));
        }
    }
    Ok(pin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_is_that_of_the_standard() {
        // PBKDF2-HMAC-SHA256 test vector of RFC 7914, section 11, first 32 bytes.
        let verifier = verifier("passwd", b"salt", NonZeroU32::MIN);
        assert_eq!(
            crate::secrets::hex(&verifier),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
        );
    }

    #[test]
    fn equal_pins_have_different_verifiers() {
        let one = staff_row("1", "A", false, "1111").unwrap();
        let other = staff_row("2", "B", false, "1111").unwrap();
        assert_ne!(one.pin_verifier, other.pin_verifier);
        assert_eq!(one.pin_rounds, 100_000);
    }

    #[test]
    fn a_pin_is_four_to_eight_digits() {
        assert!(is_pin("0000") && is_pin("12345678"));
        assert!(!is_pin("123") && !is_pin("123456789") && !is_pin("12a4") && !is_pin("١٢٣٤"));
        assert!(is_pin(&random_pin().unwrap()));
    }
}
