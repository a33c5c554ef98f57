//! Encoding and decoding of whole messages; nothing may follow the message.

/// Bytes that are not the message they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// Not CBOR, or not of this message's shape.
    #[error("the message can't be read: {0}")]
    Malformed(String),
    /// A whole message, and then more bytes.
    #[error("{extra_bytes} bytes follow the end of the message")]
    TrailingBytes {
        /// How many.
        extra_bytes: usize,
    },
}

/// Encodes a message.
pub fn encode<T: minicbor::Encode<()>>(message: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    match minicbor::encode(message, &mut bytes) {
        Ok(()) => bytes,
        // Writing to a Vec can't fail, and the derived encoders of this crate raise no error themselves.
        Err(error) => unreachable!("encoding to memory failed: {error}"),
    }
}

/// Decodes a message that fills `bytes` to the end.
///
/// # Errors
/// [`CodecError`] when the bytes are not CBOR, not this message, or go on after it.
pub fn decode<'b, T: minicbor::Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, CodecError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let message = decoder.decode().map_err(|error| CodecError::Malformed(error.to_string()))?;
    let extra_bytes = bytes.len() - decoder.position();
    if extra_bytes > 0 {
        return Err(CodecError::TrailingBytes { extra_bytes });
    }
    Ok(message)
}
