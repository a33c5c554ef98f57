//! WebCrypto: random bytes, and the slow hash that PIN verifiers are made with.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::SubtleCrypto;

use super::{error_text, object};

/// Bytes of a PIN verifier.
pub const VERIFIER_BYTES: usize = 32;

/// 16 random bytes.
///
/// # Errors
/// What the browser says, where it has no source of randomness.
pub fn random_id() -> Result<[u8; 16], String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let mut bytes = [0; 16];
    let crypto = window.crypto().map_err(|error| error_text(&error))?;
    crypto.get_random_values_with_u8_array(&mut bytes).map_err(|error| error_text(&error))?;
    Ok(bytes)
}

/// PBKDF2-HMAC-SHA256 of a secret, by the browser and off the page's thread.
///
/// # Errors
/// What the browser says.
pub async fn pbkdf2_sha256(secret: &[u8], salt: &[u8], rounds: u32) -> Result<[u8; VERIFIER_BYTES], String> {
    derive(secret, salt, rounds).await.map_err(|error| error_text(&error))
}

async fn derive(secret: &[u8], salt: &[u8], rounds: u32) -> Result<[u8; VERIFIER_BYTES], JsValue> {
    let subtle = subtle()?;
    let secret = js_sys::Uint8Array::from(secret);
    let uses = js_sys::Array::of1(&JsValue::from_str("deriveBits"));
    let key = JsFuture::from(subtle.import_key_with_str("raw", &secret, "PBKDF2", false, &uses)?).await?;
    let algorithm = object(&[
        ("name", JsValue::from_str("PBKDF2")),
        ("hash", JsValue::from_str("SHA-256")),
        ("salt", js_sys::Uint8Array::from(salt).into()),
        ("iterations", JsValue::from(rounds)),
    ]);
    let bits = (VERIFIER_BYTES * 8) as u32;
    let derived = subtle.derive_bits_with_object(&algorithm.unchecked_into(), &key.unchecked_into(), bits)?;
    let derived = js_sys::Uint8Array::new(&JsFuture::from(derived).await?);
    let mut bytes = [0; VERIFIER_BYTES];
    if derived.length() as usize != VERIFIER_BYTES {
        return Err(JsValue::from_str("the browser derived another number of bits than asked for"));
    }
    derived.copy_to(&mut bytes);
    Ok(bytes)
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    let window = web_sys::window().ok_or_else(|| JsValue::from_str("there is no window"))?;
    Ok(window.crypto()?.subtle())
}
