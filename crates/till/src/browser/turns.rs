//! Long work in parts: between two parts the browser paints, hears keys and hands over messages.

use js_sys::{Date, Promise};
use leptos::logging::warn;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long one part may take, milliseconds: half a frame, so that the other half is there for the page. A slow
/// tablet takes the same time for less work.
const PART_MS: f64 = 8.0;

/// When the part that runs has begun.
pub struct Turns {
    began_ms: f64,
}

impl Turns {
    /// The first part begins.
    pub fn begin() -> Turns {
        Turns { began_ms: Date::now() }
    }

    /// Lets others have their turn, if this part took long enough; to be called often.
    pub async fn give(&mut self) {
        // A clock that was set back would let no one have a turn for hours.
        if (Date::now() - self.began_ms).abs() < PART_MS {
            return;
        }
        if let Err(error) = next_task().await {
            warn!("the browser gives no other turn: {}", super::error_text(&error));
        }
        self.began_ms = Date::now();
    }
}

/// Goes on in a task of its own. A timer would do so too, but not before 4 ms have passed for nothing.
async fn next_task() -> Result<(), JsValue> {
    let channel = MessageChannel::new()?;
    let heard = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
    channel.port2().post_message(&JsValue::NULL)?;
    JsFuture::from(heard).await?;
    channel.port1().close();
    Ok(())
}
