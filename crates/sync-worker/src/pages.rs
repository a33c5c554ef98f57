//! Messages to the pages.

use holdfast_sync::messages::ToPage;
use js_sys::Function;
use wasm_bindgen::JsValue;

/// All open pages of the till.
#[derive(Clone)]
pub(crate) struct Pages {
    post: Function,
}

impl Pages {
    /// Pages that `post` reaches.
    pub fn new(post: Function) -> Pages {
        Pages { post }
    }

    /// Hands a message to all pages. None may be open, so nothing depends on it.
    pub fn post(&self, message: &ToPage) {
        let posted = serde_wasm_bindgen::to_value(message)
            .map_err(JsValue::from)
            .and_then(|value| self.post.call1(&JsValue::NULL, &value));
        if let Err(error) = posted {
            web_sys::console::error_2(&JsValue::from_str("a message to the pages was lost"), &error);
        }
    }
}
