//! gzip by the browser: bytes go in piece by piece, a file comes out. `CompressionStream` is reached by its name, since
//! web-sys would have it with a feature that nothing else here needs.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, Response, WritableStream, WritableStreamDefaultWriter};

use crate::error::{BrowserStoreError, Outcome};

/// Bytes that are handed over together.
const PIECE_BYTES: usize = 64 * 1024;

/// A file that is being packed.
pub(super) struct Packer {
    writer: WritableStreamDefaultWriter,
    packed: JsFuture,
    piece: Vec<u8>,
}

impl Packer {
    /// An empty file.
    pub(super) fn begin() -> Outcome<Packer> {
        begin().map_err(|error| failed(&error))
    }

    /// The next bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Outcome {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() < PIECE_BYTES { Ok(()) } else { self.hand_over().await }
    }

    /// The whole file.
    pub(super) async fn finish(mut self) -> Outcome<Blob> {
        self.hand_over().await?;
        JsFuture::from(self.writer.close()).await.map_err(|error| failed(&error))?;
        let file = self.packed.await.map_err(|error| failed(&error))?;
        file.dyn_into().map_err(|other| failed(&other))
    }

    async fn hand_over(&mut self) -> Outcome {
        let piece = Uint8Array::from(self.piece.as_slice());
        self.piece.clear();
        JsFuture::from(self.writer.write_with_chunk(&piece)).await.map_err(|error| failed(&error))?;
        Ok(())
    }
}

fn begin() -> Result<Packer, JsValue> {
    let class: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into())?.dyn_into()?;
    let stream = Reflect::construct(&class, &Array::of1(&"gzip".into()))?;
    let readable: ReadableStream = Reflect::get(&stream, &"readable".into())?.dyn_into()?;
    let writable: WritableStream = Reflect::get(&stream, &"writable".into())?.dyn_into()?;
    let writer = writable.get_writer()?;
    // Begins to read at once, so that what is written finds somebody who takes it.
    let packed = JsFuture::from(Response::new_with_opt_readable_stream(Some(&readable))?.blob()?);
    Ok(Packer { writer, packed, piece: Vec::with_capacity(PIECE_BYTES) })
}

fn failed(error: &JsValue) -> BrowserStoreError {
    let message = Reflect::get(error, &"message".into()).ok().and_then(|message| message.as_string());
    let reason = message.unwrap_or_else(|| format!("{error:?}"));
    BrowserStoreError::Failed { doing: "packing the export", reason }
}
