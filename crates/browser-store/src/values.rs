//! Between Rust and what IndexedDB keeps: small records as objects, bytes as byte arrays.

use js_sys::Uint8Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

use crate::error::{BrowserStoreError, Outcome};

/// A small record as an object.
pub(crate) fn from_record<T: Serialize>(record: &T) -> Outcome<JsValue> {
    serde_wasm_bindgen::to_value(record)
        .map_err(|error| BrowserStoreError::Failed { doing: "writing a record", reason: error.to_string() })
}

/// The small record that an object is.
pub(crate) fn to_record<T: DeserializeOwned>(what: &str, value: JsValue) -> Outcome<T> {
    serde_wasm_bindgen::from_value(value).map_err(|error| BrowserStoreError::damaged(what, error))
}

/// The small record that an object is, where there is one.
pub(crate) fn to_record_if_any<T: DeserializeOwned>(
    what: &str,
    value: Option<JsValue>,
) -> Outcome<Option<T>> {
    value.map(|value| to_record(what, value)).transpose()
}

/// Bytes as a byte array of their own.
pub(crate) fn from_bytes(bytes: &[u8]) -> JsValue {
    Uint8Array::from(bytes).into()
}

/// The bytes in a byte array.
pub(crate) fn to_bytes(what: &str, value: &JsValue) -> Outcome<Vec<u8>> {
    match value.dyn_ref::<Uint8Array>() {
        Some(array) => Ok(array.to_vec()),
        None => Err(BrowserStoreError::damaged(what, "it is no byte array")),
    }
}

/// A whole number as a JavaScript number; exact up to 2^53, which no sequence reaches.
#[expect(clippy::cast_precision_loss, reason = "sequences and times stay far below 2^53")]
pub(crate) fn from_whole(number: u64) -> JsValue {
    JsValue::from_f64(number as f64)
}

/// Bytes in a record, as a byte array and not as a list of numbers.
pub(crate) mod as_bytes {
    use std::marker::PhantomData;

    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    /// Writes the bytes.
    pub(crate) fn serialize<T: AsRef<[u8]>, S: Serializer>(
        bytes: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes.as_ref())
    }

    /// Reads the bytes; a length that does not fit is an error.
    pub(crate) fn deserialize<'de, T: TryFrom<Vec<u8>>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        deserializer.deserialize_byte_buf(Bytes(PhantomData))
    }

    struct Bytes<T>(PhantomData<T>);

    impl<T: TryFrom<Vec<u8>>> Visitor<'_> for Bytes<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("bytes")
        }

        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<T, E> {
            let length = bytes.len();
            T::try_from(bytes).map_err(|_| E::invalid_length(length, &self))
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<T, E> {
            self.visit_byte_buf(bytes.to_vec())
        }
    }
}
