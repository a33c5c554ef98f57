//! The few things of a browser that web-sys or ui don't have ready, each behind one small function.

pub mod crypto;
pub mod locks;
pub mod turns;

use wasm_bindgen::JsValue;

/// What a JavaScript error says, in one line.
pub fn error_text(error: &JsValue) -> String {
    let message = js_sys::Reflect::get(error, &JsValue::from_str("message")).ok();
    message.and_then(|message| message.as_string()).unwrap_or_else(|| format!("{error:?}"))
}

/// Calls a method that web-sys has no binding for; `None` where the object doesn't have it.
///
/// # Errors
/// What the method throws.
pub fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<Result<JsValue, JsValue>> {
    let function = js_sys::Reflect::get(object, &JsValue::from_str(method)).ok()?;
    let function: js_sys::Function = wasm_bindgen::JsCast::dyn_into(function).ok()?;
    Some(function.apply(object, &arguments.iter().collect::<js_sys::Array>()))
}

/// A plain object with these properties.
pub fn object(properties: &[(&str, JsValue)]) -> JsValue {
    let entries = properties.iter().map(|(name, value)| js_sys::Array::of2(&JsValue::from_str(name), value));
    js_sys::Object::from_entries(&entries.collect::<js_sys::Array>())
        .map_or(JsValue::UNDEFINED, JsValue::from)
}
