//! How much the browser lets this site keep.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// Bytes used and allowed, where the browser says so.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes are positive and finite")]
pub async fn estimate() -> Option<(u64, u64)> {
    let estimate = JsFuture::from(manager()?.estimate().ok()?).await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &JsValue::from_str(name)).ok()?.as_f64();
    Some((number("usage")? as u64, number("quota")? as u64))
}

/// Asks the browser to keep this site's data when space runs low; whether it will. In a page only.
pub async fn ask_to_persist() -> bool {
    let Some(asked) = manager().and_then(|manager| manager.persist().ok()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|granted| granted.is_truthy())
}

/// Whether the browser already keeps this site's data when space runs low.
pub async fn is_persisted() -> bool {
    let Some(asked) = manager().and_then(|manager| manager.persisted().ok()) else { return false };
    JsFuture::from(asked).await.is_ok_and(|granted| granted.is_truthy())
}

/// Whether so much is used that a write that was taken back without a reason has this one.
pub(crate) async fn is_nearly_full() -> bool {
    match estimate().await {
        Some((used, allowed)) => used >= allowed - allowed / 50,
        None => false,
    }
}

fn manager() -> Option<StorageManager> {
    let navigator = Reflect::get(&js_sys::global(), &JsValue::from_str("navigator")).ok()?;
    Reflect::get(&navigator, &JsValue::from_str("storage")).ok()?.dyn_into().ok()
}
